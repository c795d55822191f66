/* check_prime.h - a random prime and operators modulo it, for the checks of sums
   of strings. Private. */
#ifndef LIESCAPE_ALGEBRA_CHECK_PRIME_H
#define LIESCAPE_ALGEBRA_CHECK_PRIME_H

#include "algebra/check_sum_structure.h"

/* Operations that each half of the structure may take. */
#define CHECK_PRIME_WORK INT64_C(4000000000)

typedef struct {
  nmod_t mod;
  mp_limb_t i; /* a square root of -1 */
  uint64_t random;
  int64_t work_left;
  size_t num_sums;
  const pauli_sum_struct **sums; /* the distinct generators, none 0 */
} check_prime_t;

bool check_prime_init(check_prime_t *p, const check_generators_t generators);
void check_prime_clear(check_prime_t *p);
mp_limb_t check_prime_random(check_prime_t *p);
/* The coefficient of a term; the denominator must not vanish. */
mp_limb_t check_prime_coeff(const check_prime_t *p, const pauli_sum_struct *h,
                            size_t term);
/* i^e */
mp_limb_t check_prime_phase(const check_prime_t *p, unsigned e);
void check_pairs_append(check_pair_t **list, size_t *length, ulong first,
                        ulong second, size_t copies);

void check_sum_ideals(check_sum_structure_t out, check_prime_t *p,
                      const check_generators_t generators);
void check_sum_sectors(check_sum_structure_t out, check_prime_t *p);
void check_sum_fields(check_sum_structure_t out, check_prime_t *p);

#endif
