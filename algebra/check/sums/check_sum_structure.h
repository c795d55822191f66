/* check_sum_structure.h - for `liescape check`: the structure of an algebra that
   sums of strings generate, by a path that shares nothing with closure, module
   and sum_structure.

   All of it is linear algebra modulo one prime of 60 bits, drawn at random when
   a check begins, with random elements:
     g         brackets of generators until nothing new appears (no symmetry, no
               lifting); its centre is what all generators kill, [g, g] = s the
               span of their images;
     ideals    s is a sum of simple ideals no two of which are isomorphic as
               modules, so that an endomorphism T of s is known by the image of
               one element; a random T has one eigenvalue for each ideal over
               the complex numbers, with its dimension as multiplicity, and on the
               centralizer of a random element, a Cartan subalgebra, with its
               rank;
     sectors   a random operator Y that commutes with the generators has, on a
               sector C^d (x) C^m, m eigenvalues of multiplicity d; a random one
               that also commutes with all such Y, a polynomial in one of them, has
               one, of multiplicity d m;
     fields    forms S with S H + H^T S = 0: there are as many more symmetric than
               antisymmetric ones as the multiplicities of real sectors exceed those
               of quaternionic ones. One by one: a sector is not complex iff all odd
               powers of a random element of g have the trace 0 there, and then
               quaternionic iff an odd number of ideals act by odd representations
               (check_weights.h). Where the actions are not known, the element is one of a
               few brackets: a trace still proves a sector complex;
     actions   e random in [g, g], e_I its part in the ideal I. On a sector s I acts
               by copies of an irreducible representation V of Casimir eigenvalue
                   C = - dim I Tr_s(e_I^2) / (d m tr(ad e_I ad e_I)),
               0 iff it acts as 0. With the functions t of ideals and z of sectors
               by which these are told apart, those of one factor each, C is the
               eigenvalue of B^-1 A, A_xy = sum x y C tr(ad e_I ad e_I) and B the
               same without C, over products x, y of powers of t and z: no
               field is extended. All V of the type with this C and a dimension that
               divides d are listed; the one, up to automorphisms, for which the
               dimensions multiply to d is taken if it is unique. The type is the
               one of this dimension and rank which has such V everywhere.
   A wrong number passes with a probability of about 2^-40.

   On more qubits, or when this is too large: the space first (check_decomposition.h).

   Layer: algebra, above check_strings. */
#ifndef LIESCAPE_ALGEBRA_CHECK_SUM_STRUCTURE_H
#define LIESCAPE_ALGEBRA_CHECK_SUM_STRUCTURE_H

#include "algebra/check/check_strings.h"
#include "algebra/check/sums/check_weights.h"
#include "algebra/base/flint_compat.h"

/* a simple ideal: dimension and rank; a sector: dimension and multiplicity */
typedef struct {
  ulong first, second;
} check_pair_t;

/* Ideals that look alike modulo the prime. */
typedef struct {
  check_pair_t pair;
  ulong copies;
  char letter;
} check_ideal_struct;

/* `pairs` pairs of such an ideal and a sector in which it acts, irreducibly up to
   multiplicity, by a weight or its image under an automorphism of the diagram. */
typedef struct {
  size_t ideal;
  ulong pairs, dimension;
  unsigned labels[CHECK_MAX_RANK];
  bool defining, dual; /* the defining representation of su(d), so(d), sp(d/2), or its
                          dual; labels are 0 when the rank is too large for them */
  bool alone; /* no ideal among these acts in two pairs by weights that an
                 automorphism moves: the weight itself is a choice */
} check_action_struct;

/* Sectors that look alike modulo the prime. */
typedef struct {
  check_pair_t pair;
  ulong count;
  field_t field;
  size_t num_actions;
  check_action_struct *actions;
} check_sector_struct;

typedef struct {
  bool algebra_known, ideals_known, sectors_known, fields_known;
  ulong dimension, center;
  size_t num_ideals, num_sectors;
  check_pair_t *ideals, *sectors; /* each one of them; sorted */
  slong field_balance; /* sum of m over real sectors less that over quaternionic */
  bool complex_known;  /* the following; no others are, if complex_all */
  bool complex_all;
  size_t num_complex;
  check_pair_t *complex; /* sectors that are complex, each one */
  bool actions_known; /* types, and fields one by one, as well */
  ulong particles; /* not 0: [g, g] is su(particles) on that many modes (check_particles.h),
                      where not all was counted otherwise */
  size_t num_types, num_kinds;
  check_ideal_struct *types;
  check_sector_struct *kinds;
  /* g is the span of strings, and this is what counting them one by one gives. */
  bool is_strings;
  check_generators_t strings; /* all of them; nothing else is set */
  check_components_t components;
  structure_t exact;
  struct check_prime *prime; /* check_prime.h, for what builds on that */
  bool by_sectors; /* by check_decomposition.h: nothing is built on prime then, but */
  struct check_decomposition *space; /* with a prime of its own */
} check_sum_structure_struct;
typedef check_sum_structure_struct check_sum_structure_t[1];

/* What would take more than some 10^9 operations stays unknown. generators are to
   live as long as out. */
void check_sum_structure_init(check_sum_structure_t out,
                              const check_generators_t generators);
/* By the space alone, whatever the size; false, with nothing to clear, when that does not
   settle all. */
bool check_sum_structure_by_sectors(check_sum_structure_t out,
                                    const check_generators_t generators);
void check_sum_structure_clear(check_sum_structure_t out);
/* Is [g, g] proved smaller than the full su(d), so(d), sp(d/2) of its sectors together,
   whatever these are? Were it these, every ideal would act on one sector, of at most d
   dimensions with d (d - 1)/2 that of the ideal: an element of [g, g] would have no more
   different eigenvalues than all these d, and 0. A few powers of one may show more. */
bool check_sum_is_small(const check_sum_structure_t s);
int check_pair_compare(const void *a, const void *b);

#endif
