/* check_krylov.h - for `liescape check`: elements of the Lie algebra on one block, and
   vectors p(X) v, modulo the prime of check_prime.h.

   An element is L, or L + [M, [M, N]] = L + M M N - 2 M N M + N M M where all generators
   are symmetric matrices, else L + [M, N], with L, M, N random combinations of the
   generators, the same on all blocks. (Where generators change their sign an element of
   odd brackets alone does, too, and its spectrum tells nothing.) L + M N + N M, or
   L + M N + 2 N M where they are not symmetric, is not one, but in the associative algebra
   (M N + N M of antisymmetric matrices may have an eigenvalue twice where another has none
   twice).

   Layer: algebra, above check_sparse. */
#ifndef LIESCAPE_ALGEBRA_CHECK_KRYLOV_H
#define LIESCAPE_ALGEBRA_CHECK_KRYLOV_H

#include "algebra/check/sums/check_sparse.h"

enum { CHECK_ELEMENT_PARTS = 3 };

/* The numbers of the combinations: parts of num_sums each. */
typedef struct {
  size_t num_parts; /* 1 or 3 */
  bool associative;
  mp_limb_t *c;
} check_choice_of_element_t;

void check_element_choose(check_choice_of_element_t *c, size_t num_parts,
                          bool associative, check_prime_t *p);
void check_element_forget(check_choice_of_element_t *c);

/* a - shift, a the element on a block; its transpose where that is asked for. */
typedef struct {
  check_prime_t *p;
  size_t dim, num_parts;
  bool symmetric, associative;
  check_rows_t part[CHECK_ELEMENT_PARTS], turned[CHECK_ELEMENT_PARTS];
  mp_limb_t *work[3];
} check_element_t;

void check_element_init(check_element_t *e, const check_sparse_t s, size_t block,
                        const check_choice_of_element_t *c);
void check_element_clear(check_element_t *e);

/* +-(e - shift), or its transpose. */
typedef struct {
  check_element_t *e;
  bool transposed, negative;
  mp_limb_t shift;
} check_acting_t;

/* out = a v; distinct. */
void check_act(mp_limb_t *out, const check_acting_t *a, const mp_limb_t *v);
/* out = f(a) v; distinct. */
void check_evaluate(mp_limb_t *out, const check_acting_t *a, const nmod_poly_t f,
                    const mp_limb_t *v);

/* The vectors a^k v, kept if they fit into CHECK_POWERS_BYTES: polynomials of a at v are
   combinations of them then. Otherwise the last two, and polynomials by Horner's rule. */
enum { CHECK_POWERS_BYTES = 1 << 28 };
typedef struct {
  check_acting_t a;
  size_t last, max; /* the largest k that is there; of vectors: 2 when not all are kept */
  mp_limb_t **list;
  const mp_limb_t *start;
} check_powers_t;
/* v: not copied. keep: not only the last two, if possible. */
void check_powers_init(check_powers_t *x, const check_acting_t *a, const mp_limb_t *v,
                       bool keep);
void check_powers_clear(check_powers_t *x);
/* a^k v, until the next call but one. */
const mp_limb_t *check_powers_get(check_powers_t *x, size_t k);
/* out = f(a) v */
void check_powers_evaluate(mp_limb_t *out, check_powers_t *x, const nmod_poly_t f);

/* f: the least polynomial with f(a) v = 0, or a divisor of it (almost surely itself). When
   y is given, ratio is of a lower degree, and ratio(a) v = y if y = r(a) v for any r:
   to be verified. False: none (and work_left negative: the budget is spent). */
bool check_powers_polynomial(nmod_poly_t f, nmod_poly_t ratio, check_powers_t *x,
                             const mp_limb_t *y);
/* The same for once. */
bool check_minimal_polynomial(nmod_poly_t f, nmod_poly_t ratio,
                              const check_acting_t *a, const mp_limb_t *v,
                              const mp_limb_t *y);
/* Lower bounds, by one sequence of scalars each, of
     *both    dim span of (a^k v, w (-a)^k on the span of the a^k z), k = 0, 1, ...
     *single  dim span of a^k v.
   Of a symmetric a w and z are not looked at: both are v. */
void check_krylov_ranks(size_t *both, size_t *single, const check_acting_t *a,
                        const mp_limb_t *v, const mp_limb_t *w, const mp_limb_t *z);

/* At most max of the roots of f in the prime field: how many. */
size_t check_find_roots(mp_limb_t *roots, const nmod_poly_t f, size_t max);

/* --- vectors ------------------------------------------------------------------------- */

mp_limb_t *check_vector(size_t dim); /* of zeros */
void check_vector_random(mp_limb_t *v, size_t dim, check_prime_t *p);
bool check_vector_is_zero(const mp_limb_t *v, size_t dim);
/* y += c x */
void check_vector_addmul(mp_limb_t *y, const mp_limb_t *x, mp_limb_t c, size_t dim,
                         nmod_t mod);
mp_limb_t check_vector_dot(const mp_limb_t *x, const mp_limb_t *y, size_t dim,
                           nmod_t mod);

#endif
