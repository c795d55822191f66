#include "algebra/check/sums/check_prime.h"

#include <stdlib.h>
#include <sys/random.h>

#include "algebra/base/stream.h"

static uint64_t random_bits(void) {
  uint64_t bits = 0;
  if (getrandom(&bits, sizeof bits, 0) != (ssize_t)sizeof bits) flint_abort();
  return bits;
}

/* 1 ... n - 1; the seed is random */
mp_limb_t check_prime_random(check_prime_t *p) {
  return 1 + stream_next(&p->random) % (p->mod.n - 1);
}

static bool init(check_prime_t *p, const check_generators_t generators, mp_limb_t step) {
  *p = (check_prime_t){.work_left = CHECK_PRIME_WORK};
  mp_limb_t n = (UINT64_C(1) << 60) + (random_bits() >> 5);
  n -= n % step;
  do n += step;
  while (!n_is_prime(n + 1));
  n++;
  nmod_init(&p->mod, n);
  p->random = random_bits();
  do p->i = n_powmod2(check_prime_random(p), (slong)((n - 1) / 4), n);
  while (nmod_mul(p->i, p->i, p->mod) != n - 1);
  p->num_qubits = generators->num_qubits;
  nmod_poly_init(p->ideals.whole, n);
  nmod_poly_one(p->ideals.whole);
  nmod_poly_init(p->sectors.whole, n);
  nmod_poly_one(p->sectors.whole);
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

bool check_prime_init(check_prime_t *p, const check_generators_t generators) {
  return init(p, generators, 4);
}

bool check_prime_init_cyclic(check_prime_t *p, const check_generators_t generators) {
  return init(p, generators, 720720);
}

static void split_clear(check_split_struct *split) {
  for (size_t k = 0; k < split->num_factors; k++)
    nmod_poly_clear(split->factors + k);
  for (size_t k = 0; k < split->length && split->known; k++)
    nmod_mat_clear(split->operators + k);
  nmod_poly_clear(split->whole);
  flint_free(split->factors);
  flint_free(split->pairs);
  flint_free(split->operators);
  flint_free(split->traces);
}

void check_prime_clear(check_prime_t *p) {
  if (p->has_element) {
    nmod_mat_clear(&p->element);
    nmod_mat_clear(&p->elements);
    row_table_clear(p->strings);
  }
  split_clear(&p->ideals);
  split_clear(&p->sectors);
  flint_free(p->sums);
}

/* --- operators -------------------------------------------------------------------- */

check_mask_t check_prime_masks(const check_prime_t *p, const uint64_t *string) {
  check_mask_t out = {0};
  for (size_t q = 0; q < p->num_qubits; q++) {
    unsigned code = pauli_get(string, pauli_words(p->num_qubits), q);
    out.mask |= (size_t)(code & 1) << q;
    out.z |= (size_t)(code >> 1) << q;
    out.ys += code == 3;
  }
  return out;
}

void check_prime_matrix_init(nmod_mat_t out, const check_prime_t *p) {
  slong size = (slong)1 << p->num_qubits;
  nmod_mat_init(out, size, size, p->mod.n);
}

void check_prime_add_string(nmod_mat_t out, const check_prime_t *p,
                            const uint64_t *string, mp_limb_t c) {
  check_mask_t m = check_prime_masks(p, string);
  c = nmod_mul(c, check_prime_phase(p, m.ys % 4), p->mod);
  mp_limb_t minus = nmod_neg(c, p->mod);
  for (size_t a = 0; a < (size_t)out->r; a++) {
    size_t b = a ^ m.mask;
    mp_limb_t *to = &nmod_mat_entry(out, (slong)a, (slong)b);
    *to = nmod_add(*to, __builtin_parityll(m.z & b) ? minus : c, p->mod);
  }
}

mp_limb_t check_prime_string_trace(const check_prime_t *p, const uint64_t *string,
                                   const nmod_mat_t x) {
  check_mask_t m = check_prime_masks(p, string);
  mp_limb_t sum = 0;
  for (size_t a = 0; a < (size_t)x->r; a++) {
    size_t b = a ^ m.mask;
    mp_limb_t c = nmod_mat_entry(x, (slong)b, (slong)a);
    sum = __builtin_parityll(m.z & b) ? nmod_sub(sum, c, p->mod)
                                      : nmod_add(sum, c, p->mod);
  }
  return nmod_mul(sum, check_prime_phase(p, m.ys % 4), p->mod);
}

mp_limb_t check_prime_trace(const check_prime_t *p, const nmod_mat_t x,
                            const nmod_mat_t y) {
  mp_limb_t sum = 0;
  for (slong i = 0; i < x->r; i++)
    for (slong k = 0; k < x->c; k++)
      NMOD_ADDMUL(sum, nmod_mat_entry(x, i, k), nmod_mat_entry(y, k, i), p->mod);
  return sum;
}

/* --- factors ------------------------------------------------------------------------ */

void check_split_add(check_split_struct *split, const nmod_poly_t factor,
                     check_pair_t pair) {
  size_t k = split->num_factors++;
  split->factors = flint_realloc(
      split->factors, split->num_factors * sizeof *split->factors);
  split->pairs =
      flint_realloc(split->pairs, split->num_factors * sizeof *split->pairs);
  nmod_poly_init(split->factors + k, split->whole->mod.n);
  nmod_poly_set(split->factors + k, factor);
  split->pairs[k] = pair;
  nmod_poly_mul(split->whole, split->whole, factor);
  split->length += (size_t)nmod_poly_degree(factor);
}

void check_split_select(nmod_poly_t out, const check_split_struct *split, size_t k,
                        size_t power) {
  const nmod_poly_struct *factor = split->factors + k;
  nmod_poly_t others, inverse;
  nmod_poly_init(others, out->mod.n);
  nmod_poly_init(inverse, out->mod.n);
  nmod_poly_div(others, split->whole, factor);
  nmod_poly_rem(inverse, others, factor);
  if (!nmod_poly_invmod(inverse, inverse, factor)) flint_abort(); /* distinct */
  nmod_poly_mul(out, others, inverse);
  nmod_poly_shift_left(out, out, (slong)power);
  nmod_poly_rem(out, out, split->whole);
  nmod_poly_clear(others);
  nmod_poly_clear(inverse);
}

/* --- pairs ---------------------------------------------------------------------------- */

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
