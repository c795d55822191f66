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
               that also commutes with all such Y has one, of multiplicity d m;
     fields    forms S with S H + H^T S = 0: there are as many more symmetric than
               antisymmetric ones as the multiplicities of real sectors exceed those
               of quaternionic ones.
   A wrong number passes with a probability of about 2^-40.

   Layer: algebra, above check_strings. */
#ifndef LIESCAPE_ALGEBRA_CHECK_SUM_STRUCTURE_H
#define LIESCAPE_ALGEBRA_CHECK_SUM_STRUCTURE_H

#include "algebra/check_strings.h"
#include "algebra/flint_compat.h"

/* a simple ideal: dimension and rank; a sector: dimension and multiplicity */
typedef struct {
  ulong first, second;
} check_pair_t;

typedef struct {
  bool algebra_known, ideals_known, sectors_known, fields_known;
  ulong dimension, center;
  size_t num_ideals, num_sectors;
  check_pair_t *ideals, *sectors; /* each one of them; sorted */
  slong field_balance; /* sum of m over real sectors less that over quaternionic */
} check_sum_structure_struct;
typedef check_sum_structure_struct check_sum_structure_t[1];

/* What would take more than some 10^9 operations stays unknown. */
void check_sum_structure_init(check_sum_structure_t out,
                              const check_generators_t generators);
void check_sum_structure_clear(check_sum_structure_t out);
int check_pair_compare(const void *a, const void *b);

#endif
