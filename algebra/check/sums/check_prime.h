/* check_prime.h - a random prime and operators modulo it, for the checks of sums
   of strings. Private. */
#ifndef LIESCAPE_ALGEBRA_CHECK_PRIME_H
#define LIESCAPE_ALGEBRA_CHECK_PRIME_H

#include "algebra/check/sums/check_sum_structure.h"

/* Operations that each half of the structure may take. */
#define CHECK_PRIME_WORK INT64_C(4000000000)
/* Beyond, operators are not written as matrices. */
enum { CHECK_PRIME_QUBITS = 6 };

/* Ideals, or sectors, told apart by the eigenvalues of an operator: T on [g, g],
   a central Z. Those with the roots of one factor are conjugate. */
typedef struct {
  bool known;
  size_t num_factors, length; /* length: of them all */
  nmod_poly_struct *factors;  /* irreducible */
  check_pair_t *pairs;        /* per factor */
  nmod_poly_t whole;          /* the product of the factors */
  nmod_mat_struct *operators; /* T^b e with an element e of [g, g]; Z^a */
  mp_limb_t *traces;          /* ideals: of T^b ad(e)^2, ad(e) x = i[e, x]/2 */
} check_split_struct;

struct check_prime {
  nmod_t mod;
  mp_limb_t i; /* a square root of -1 */
  uint64_t random;
  int64_t work_left;
  size_t num_sums, num_qubits;
  const pauli_sum_struct **sums; /* the distinct generators, none 0 */
  check_split_struct ideals, sectors;
  bool has_element; /* and what follows */
  nmod_mat_struct element; /* a random H with iH in g */
  row_table_t strings;   /* that g is made of */
  nmod_mat_struct elements; /* a basis of [g, g] on them, a row each */
};
typedef struct check_prime check_prime_t;

bool check_prime_init(check_prime_t *p, const check_generators_t generators);
/* A prime with roots of unity of every order up to 16, over which characters of most
   symmetries are defined: one of some 10^11. */
bool check_prime_init_cyclic(check_prime_t *p, const check_generators_t generators);
void check_prime_clear(check_prime_t *p);
mp_limb_t check_prime_random(check_prime_t *p);
/* The coefficient of a term; the denominator must not vanish. */
mp_limb_t check_prime_coeff(const check_prime_t *p, const pauli_sum_struct *h,
                            size_t term);
/* i^e */
mp_limb_t check_prime_phase(const check_prime_t *p, unsigned e);
/* A string as X^mask Z^z times i^ys; bit q of the index of a basis state is qubit
   q. <a| P |b> = i^ys (-1)^(z.b), b = a ^ mask. */
typedef struct {
  size_t mask, z;
  unsigned ys;
} check_mask_t;
check_mask_t check_prime_masks(const check_prime_t *p, const uint64_t *string);
/* out += c P, and a matrix to add to (2^n rows). */
void check_prime_add_string(nmod_mat_t out, const check_prime_t *p,
                            const uint64_t *string, mp_limb_t c);
void check_prime_matrix_init(nmod_mat_t out, const check_prime_t *p);
/* Tr(P x), Tr(x y) */
mp_limb_t check_prime_string_trace(const check_prime_t *p, const uint64_t *string,
                                   const nmod_mat_t x);
mp_limb_t check_prime_trace(const check_prime_t *p, const nmod_mat_t x,
                            const nmod_mat_t y);

/* Appends a factor; operators and traces when all are there. */
void check_split_add(check_split_struct *split, const nmod_poly_t factor,
                     check_pair_t pair);
/* The polynomial that is t^power at the roots of factor k and 0 at those of the
   others. */
void check_split_select(nmod_poly_t out, const check_split_struct *split, size_t k,
                        size_t power);

void check_pairs_append(check_pair_t **list, size_t *length, ulong first,
                        ulong second, size_t copies);

void check_sum_ideals(check_sum_structure_t out, check_prime_t *p,
                      const check_generators_t generators);
/* The same for one use: the rows of elements are a basis of [g, g] on the strings,
   centroid the random endomorphism T of [g, g] (rows of coordinates act), with the
   eigenvalues that p->ideals tells ideals apart by; element a random e of [g, g] (a row of
   coordinates), and ad the matrix of x -> i[x, e]/2. Initialised if true. */
typedef struct {
  nmod_mat_t centroid, elements, element, ad;
  row_table_t strings;
} check_centroid_t;
bool check_sum_centroid(check_centroid_t *out, check_prime_t *p,
                        const check_generators_t generators);
void check_sum_centroid_clear(check_centroid_t *c);
void check_sum_sectors(check_sum_structure_t out, check_prime_t *p);
void check_sum_fields(check_sum_structure_t out, check_prime_t *p);
void check_sum_complex(check_sum_structure_t out, check_prime_t *p);
void check_sum_actions(check_sum_structure_t out, check_prime_t *p);

#endif
