#include "algebra/check_prime.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static uint64_t random_bits(void) {
  uint64_t bits = 0;
  if (getrandom(&bits, sizeof bits, 0) != (ssize_t)sizeof bits) flint_abort();
  return bits;
}

/* 1 ... n - 1, by splitmix64 from a random seed */
mp_limb_t check_prime_random(check_prime_t *p) {
  uint64_t x = p->random += UINT64_C(0x9e3779b97f4a7c15);
  x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
  return 1 + (x ^ x >> 31) % (p->mod.n - 1);
}

bool check_prime_init(check_prime_t *p, const check_generators_t generators) {
  *p = (check_prime_t){.work_left = CHECK_PRIME_WORK};
  mp_limb_t n = (UINT64_C(1) << 60) + (random_bits() >> 5);
  do n = n_nextprime(n, 0);
  while (n % 4 != 1);
  nmod_init(&p->mod, n);
  p->random = random_bits();
  do p->i = n_powmod2(check_prime_random(p), (slong)((n - 1) / 4), n);
  while (nmod_mul(p->i, p->i, p->mod) != n - 1);
  p->sums = flint_calloc(generators->num_uses + 1, sizeof *p->sums);
  for (size_t u = 0; u < generators->num_uses; u++) {
    const pauli_sum_struct *h = generators->uses[u].sum;
    bool fresh = h->length > 0;
    for (size_t v = 0; v < p->num_sums && fresh; v++)
      fresh = !pauli_sum_equal(h, p->sums[v]);
    for (size_t t = 0; t < h->length && fresh; t++)
      if (!fmpz_fdiv_ui(fmpq_denref(h->coeffs + t), n)) return false;
    if (fresh) p->sums[p->num_sums++] = h;
  }
  return true;
}

void check_prime_clear(check_prime_t *p) {
  flint_free(p->sums);
}

mp_limb_t check_prime_coeff(const check_prime_t *p, const pauli_sum_struct *h,
                            size_t term) {
  const fmpq *x = h->coeffs + term;
  mp_limb_t den = fmpz_fdiv_ui(fmpq_denref(x), p->mod.n);
  return nmod_mul(fmpz_fdiv_ui(fmpq_numref(x), p->mod.n),
                  nmod_inv(den, p->mod), p->mod);
}

mp_limb_t check_prime_phase(const check_prime_t *p, unsigned e) {
  mp_limb_t x = e & 1 ? p->i : 1;
  return e & 2 ? nmod_neg(x, p->mod) : x;
}

int check_pair_compare(const void *a, const void *b) {
  const check_pair_t *x = a, *y = b;
  if (x->first != y->first) return x->first < y->first ? -1 : 1;
  return (x->second > y->second) - (x->second < y->second);
}

void check_pairs_append(check_pair_t **list, size_t *length, ulong first,
                        ulong second, size_t copies) {
  *list = flint_realloc(*list, (*length + copies + 1) * sizeof **list);
  for (size_t k = 0; k < copies; k++)
    (*list)[(*length)++] = (check_pair_t){first, second};
}

/* [g, g] lies in the sum of the su(d) over the sectors: is it all of it? */
static void find_full_ideals(check_sum_structure_t out) {
  ulong total = 0;
  for (size_t i = 0; i < out->num_sectors; i++)
    total += out->sectors[i].first * out->sectors[i].first - 1;
  if (out->ideals_known || !out->algebra_known || !out->sectors_known ||
      total != out->dimension - out->center)
    return;
  for (size_t i = 0; i < out->num_sectors; i++) {
    ulong d = out->sectors[i].first;
    check_pairs_append(&out->ideals, &out->num_ideals, d * d - 1, d - 1, d > 1);
  }
  out->ideals_known = true;
}

void check_sum_structure_init(check_sum_structure_t out,
                              const check_generators_t generators) {
  check_prime_t p;
  *out = (check_sum_structure_struct){0};
  if (check_prime_init(&p, generators)) {
    check_sum_ideals(out, &p, generators);
    p.work_left = CHECK_PRIME_WORK;
    check_sum_sectors(out, &p);
    check_sum_fields(out, &p);
    find_full_ideals(out);
  }
  check_prime_clear(&p);
  if (out->num_ideals)
    qsort(out->ideals, out->num_ideals, sizeof *out->ideals, check_pair_compare);
  if (out->num_sectors)
    qsort(out->sectors, out->num_sectors, sizeof *out->sectors,
          check_pair_compare);
}

void check_sum_structure_clear(check_sum_structure_t out) {
  flint_free(out->ideals);
  flint_free(out->sectors);
}
