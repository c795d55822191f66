/* check_module.h - for `liescape check`: irreducible modules of the generators on one
   block, modulo the prime of check_prime.h.

   X, Y are elements of the Lie algebra (check_krylov.h), H a random combination of the
   generators. v an eigenvector of X for the eigenvalue e, s = (Y + c) (Y + c') v, f of
   degree d the least polynomial with f(X) s = 0; S, the span of the X^k s, has dimension
   d.
     Invariant. If H q(X) s = r(X) s for a random polynomial q of degree d - 1 and some r,
   then almost surely H S lies in S for all H: S is a module of dimension d, on which X
   has d different eigenvalues.
     Copies. Another v' is one of the same module iff the same q and r satisfy the
   equation with s' = (Y + c) (Y + c') v' (f(X) s' = 0 follows): p(X) s -> p(X) s' is then a
   map of modules. Such maps are independent iff the s' are.
     Links. The same with X, Y, H less their means on S tells whether modules are the same
   for [g, g]; on S*, where an element a acts by -a^T, whether one is the dual of the
   other, or of itself. On S* equations are tested on a random vector of S.
     What acts. dim span of (A_k v, f A_k), A_k = (ad X)^k Y, f a functional with
   f X = e f on S, is 2 d - 1 only if the compact group is transitive on the sphere of
   C^d: [g, g] acts as su(d), or as sp(d/2) when S is self-dual (Montgomery and Samelson
   1943; Borel 1949). A self-dual S with a symmetric form, e not the mean, and
   dim span of A_k v = d - 1: so(d), but for d = 7, 8. S is irreducible in these cases.

   All this holds but for chances of about d / 2^60 each. Layer: algebra, above
   check_krylov. */
#ifndef LIESCAPE_ALGEBRA_CHECK_MODULE_H
#define LIESCAPE_ALGEBRA_CHECK_MODULE_H

#include "algebra/check/sums/check_krylov.h"

/* Eigenvalues of antisymmetric matrices come in pairs: in the field with a chance of 40%. */
enum { CHECK_ATTEMPTS = 30, CHECK_SYMMETRIC_ATTEMPTS = 16, CHECK_PLAIN_ATTEMPTS = 4 };
/* X is not in the Lie algebra then: for d = 1, where that is all the same, and modules that
   are recognised otherwise (check_on_pairs.h). */
static inline bool check_attempt_is_for_lines(size_t attempt) { return attempt % 5 == 4; }

/* Choices of X, Y and H, the same on all blocks. */
typedef struct {
  check_choice_of_element_t x[CHECK_ATTEMPTS], y[CHECK_ATTEMPTS], h;
  mp_limb_t c[2];
} check_choices_t;
void check_choices_init(check_choices_t *c, check_prime_t *p);
void check_choices_clear(check_choices_t *c);

/* They on one block, made when they are asked for. */
typedef struct {
  const check_sparse_struct *s;
  check_choices_t *choices;
  size_t block, dim;
  bool has_x[CHECK_ATTEMPTS], has_y[CHECK_ATTEMPTS], has_h;
  check_element_t x[CHECK_ATTEMPTS], y[CHECK_ATTEMPTS], h;
} check_part_t;
void check_part_init(check_part_t *part, const check_sparse_t s,
                     check_choices_t *choices, size_t block);
void check_part_clear(check_part_t *part);
check_acting_t check_part_x(check_part_t *part, size_t attempt);

typedef enum {
  CHECK_ACTS_UNKNOWN,
  CHECK_ACTS_LINEAR,     /* su(d); 0 for d = 1 */
  CHECK_ACTS_ORTHOGONAL, /* so(d) */
  CHECK_ACTS_SYMPLECTIC, /* sp(d/2) */
  CHECK_ACTS_ON_PAIRS    /* so(n) of another module, d = n (n - 1)/2 (check_on_pairs.h) */
} check_acts_t;

typedef struct {
  size_t dimension, block, attempt;
  mp_limb_t root;
  mp_limb_t *v, *s;
  nmod_poly_t spectrum; /* f */
  nmod_poly_t q, r;     /* r: once a relation is asked for */
  bool has_relation;
  check_acts_t acts;
} check_module_t;

/* v: an eigenvector of X number `attempt`. False, with nothing to clear: S is not
   invariant, or nothing can be said. */
bool check_module_init(check_module_t *m, check_part_t *part, size_t attempt,
                       mp_limb_t root, const mp_limb_t *v);
void check_module_clear(check_module_t *m);
/* Is the eigenvector v of X number m->attempt, for m->root, one of a copy? out: its s.
   part: of the block of v; own: of m. */
bool check_module_is_copy(mp_limb_t *out, check_module_t *m, check_part_t *own,
                          check_part_t *part, const mp_limb_t *v);
/* The same for any vector u of a copy: out is s of the copy, u = ratio(X) out. */
bool check_module_locate(mp_limb_t *out, nmod_poly_t ratio, check_module_t *m,
                         check_part_t *own, check_part_t *part, const mp_limb_t *u);
/* out = (Y + c) (Y + c') v, Y of this attempt, or its transpose. */
void check_part_generic(mp_limb_t *out, check_part_t *part, size_t attempt,
                        const mp_limb_t *v, bool transposed);
/* The characteristic polynomial of X number `attempt` on S. False: it is not found. */
bool check_module_spectrum(nmod_poly_t f, const check_module_t *m, check_part_t *own,
                           size_t attempt);
/* Of another element, or of any operator that maps S to itself. */
bool check_module_characteristic(nmod_poly_t f, const check_module_t *m, check_part_t *own,
                                 check_element_t *e);
bool check_module_trace(mp_limb_t *trace, const check_module_t *m, check_part_t *own,
                        check_element_t *e);
/* A basis s, X s, ... of S, with which matrices of operators are found by products with d
   random vectors. */
typedef struct {
  nmod_mat_t basis, random; /* d x dim; dim x d */
  nmod_mat_t inverse;       /* of basis random */
} check_basis_t;
/* False: the products are singular; to be cleared even so. */
bool check_basis_init(check_basis_t *basis, const check_module_t *m, check_part_t *own);
void check_basis_clear(check_basis_t *basis);
/* out (d x d) = the rows H x_i = sum_k out_ik x_k of the images H x_i, d x dim. */
void check_basis_matrix(nmod_mat_t out, const check_basis_t *basis, const nmod_mat_t images);
/* Sets m->acts if it can. */
void check_module_recognise(check_module_t *m, check_part_t *own);
/* sign 1: are a and b of one dimension the same for [g, g]? -1: is b the dual of a? */
answer_t check_module_is_linked(check_module_t *a, check_part_t *of_a,
                                const check_module_t *b, check_part_t *of_b, int sign);
/* Have both the same roots, or (sign -1) opposite ones, less their means? */
bool check_spectra_agree(const nmod_poly_t f, const nmod_poly_t g, int sign);
/* x -> x + mean of the roots. */
void check_centre_polynomial(nmod_poly_t out, const nmod_poly_t f);

#endif
