#include "algebra/spectrum/spectrum.h"

/* --- commuting terms ---------------------------------------------------------- */

typedef struct {
  slong length;
  fmpq *levels; /* ascending */
  fmpz *counts;
} levels_t;

static void levels_init(levels_t *l, slong alloc) {
  l->length = 0;
  l->levels = flint_calloc((size_t)alloc, sizeof *l->levels);
  l->counts = flint_calloc((size_t)alloc, sizeof *l->counts);
  for (slong i = 0; i < alloc; i++) fmpq_init(l->levels + i);
}

static void levels_clear(levels_t *l, slong alloc) {
  for (slong i = 0; i < alloc; i++) {
    fmpq_clear(l->levels + i);
    fmpz_clear(l->counts + i);
  }
  flint_free(l->levels);
  flint_free(l->counts);
}

/* out = the multiset (in - c) union (in + c), c > 0; false beyond max levels. */
static bool levels_spread(levels_t *out, const levels_t *in, const fmpq_t c,
                          slong max_levels) {
  slong low = 0, high = 0;
  bool fits = true;
  fmpq_t a, b;
  fmpq_init(a);
  fmpq_init(b);
  out->length = 0;
  while (low < in->length || high < in->length) {
    int order = low == in->length ? 1 : high == in->length ? -1 : 0;
    if (low < in->length) fmpq_sub(a, in->levels + low, c);
    if (high < in->length) fmpq_add(b, in->levels + high, c);
    if (!order) order = fmpq_cmp(a, b);
    if (out->length == max_levels) {
      fits = false;
      break;
    }
    fmpq_set(out->levels + out->length, order <= 0 ? a : b);
    fmpz_zero(out->counts + out->length);
    if (order <= 0)
      fmpz_add(out->counts + out->length, out->counts + out->length,
               in->counts + low++);
    if (order >= 0)
      fmpz_add(out->counts + out->length, out->counts + out->length,
               in->counts + high++);
    out->length++;
  }
  fmpq_clear(a);
  fmpq_clear(b);
  return fits;
}

/* Moments of independent signs: m2 = S, m3 = 0, m4 = 3 S^2 - 2 sum c^4. */
static status_t sign_moments(laws_block_t block, const fmpz_t dimension,
                             const fmpq *coeffs, slong length) {
  fmpq_t zero, s, m4, square, least;
  fmpq_init(zero);
  fmpq_init(s);
  fmpq_init(m4);
  fmpq_init(square);
  fmpq_init(least);
  for (slong i = 0; i < length; i++) {
    fmpq_mul(square, coeffs + i, coeffs + i);
    fmpq_add(s, s, square);
    fmpq_submul(m4, square, square);
    fmpq_abs(square, coeffs + i);
    fmpq_sub(least, least, square);
  }
  fmpq_mul_2exp(m4, m4, 1);
  fmpq_mul(square, s, s);
  fmpq_mul_ui(square, square, 3);
  fmpq_add(m4, m4, square);
  status_t status =
      laws_block_set_moments(block, dimension, zero, s, zero, m4);
  if (status == STATUS_OK) laws_block_set_least(block, least);
  fmpq_clear(zero);
  fmpq_clear(s);
  fmpq_clear(m4);
  fmpq_clear(square);
  fmpq_clear(least);
  return status;
}

status_t spectrum_commuting(laws_block_t block, const fmpz_t dimension,
                            const fmpq *coeffs, slong length,
                            slong max_levels) {
  if (fmpz_sgn(dimension) <= 0 ||
      (length > 0 && fmpz_val2(dimension) < (flint_bitcnt_t)length))
    return STATUS_BAD_INPUT;
  if (max_levels < 1) max_levels = 1;
  levels_t a, b;
  fmpq_t c;
  levels_init(&a, max_levels);
  levels_init(&b, max_levels);
  fmpq_init(c);
  a.length = 1;
  fmpz_fdiv_q_2exp(a.counts, dimension, (ulong)length);
  bool listed = true;
  for (slong i = 0; i < length && listed; i++) {
    fmpq_abs(c, coeffs + i);
    listed = levels_spread(&b, &a, c, max_levels);
    levels_t t = a;
    a = b;
    b = t;
  }
  status_t status =
      listed ? laws_block_set_spectrum(block, a.levels, a.counts, a.length)
             : sign_moments(block, dimension, coeffs, length);
  fmpq_clear(c);
  levels_clear(&a, max_levels);
  levels_clear(&b, max_levels);
  return status;
}

/* --- two opposite levels --------------------------------------------------------- */

/* Levels +-value, half of N each. */
static status_t set_pair(laws_block_t block, const fmpz_t dimension,
                         const fmpq_t value) {
  fmpq levels[2];
  fmpz counts[2];
  for (int i = 0; i < 2; i++) {
    fmpq_init(levels + i);
    fmpz_init(counts + i);
    fmpz_fdiv_q_2exp(counts + i, dimension, 1);
  }
  fmpq_set(levels, value);
  fmpq_neg(levels + 1, value);
  status_t status = laws_block_set_spectrum(block, levels, counts, 2);
  for (int i = 0; i < 2; i++) {
    fmpq_clear(levels + i);
    fmpz_clear(counts + i);
  }
  return status;
}

/* root = sqrt(x) if that is rational. */
static bool rational_root(fmpq_t root, const fmpq_t x) {
  if (!fmpz_is_square(fmpq_numref(x)) || !fmpz_is_square(fmpq_denref(x)))
    return false;
  fmpz_sqrt(fmpq_numref(root), fmpq_numref(x));
  fmpz_sqrt(fmpq_denref(root), fmpq_denref(x));
  return true;
}

status_t spectrum_anticommuting(laws_block_t block, const fmpz_t dimension,
                                const fmpq *coeffs, slong length) {
  fmpq_t square, root;
  status_t status = STATUS_BAD_INPUT;
  fmpq_init(square);
  fmpq_init(root);
  for (slong i = 0; i < length; i++)
    fmpq_addmul(square, coeffs + i, coeffs + i);
  if (!fmpq_is_zero(square) && fmpz_sgn(dimension) > 0 &&
      fmpz_is_even(dimension)) {
    bool rational = rational_root(root, square);
    if (!rational) fmpq_one(root);
    status = set_pair(block, dimension, root);
    if (status == STATUS_OK) {
      if (rational)
        fmpq_one(block->radicand);
      else
        fmpq_set(block->radicand, square);
    }
  }
  fmpq_clear(square);
  fmpq_clear(root);
  return status;
}

status_t spectrum_spin_factor(laws_block_t block, ulong m, const fmpq_t o2,
                              const fmpq_t v2) {
  fmpq_t square, root, one;
  fmpz_t two;
  status_t status = STATUS_BAD_INPUT;
  fmpq_init(square);
  fmpq_init(root);
  fmpq_init(one);
  fmpz_init_set_ui(two, 2);
  fmpq_one(one);
  fmpq_mul(square, o2, v2);
  if (m >= 2 && fmpq_sgn(square) > 0) {
    bool rational = rational_root(root, square);
    status = set_pair(block, two, one);
    if (status == STATUS_OK) {
      block->beta = m - 1;
      fmpz_one(block->rank);
      if (rational) {
        fmpq_set(block->weight, root);
        fmpq_one(block->radicand);
      } else {
        fmpq_one(block->weight);
        fmpq_set(block->radicand, square);
      }
    }
  }
  fmpq_clear(square);
  fmpq_clear(root);
  fmpq_clear(one);
  fmpz_clear(two);
  return status;
}

/* --- moments of any sum ------------------------------------------------------------ */

/* out = the square of the traceless sum: only commuting pairs survive. */
static bool traceless_square(pauli_sum_t out, const pauli_sum_t sum,
                             size_t max_terms) {
  size_t w = sum->num_words;
  uint64_t *row = flint_malloc((2 * w + 1) * sizeof *row);
  bool fits = true;
  fmpq_t t;
  fmpq_init(t);
  for (size_t i = 0; i < sum->length && fits; i++)
    for (size_t j = 0; j <= i && fits; j++) {
      unsigned e = pauli_mul(row, pauli_sum_string(sum, i),
                             pauli_sum_string(sum, j), w);
      if (e & 1) continue;
      fmpq_mul(t, sum->coeffs + i, sum->coeffs + j);
      if (j < i) fmpq_mul_2exp(t, t, 1);
      if (e == 2) fmpq_neg(t, t);
      pauli_sum_push(out, t, row);
      if (out->length > 2 * max_terms + 64) {
        pauli_sum_canonicalise(out);
        fits = out->length <= max_terms;
      }
    }
  pauli_sum_canonicalise(out);
  fmpq_clear(t);
  flint_free(row);
  return fits && out->length <= max_terms;
}

/* sum over common strings of a_P b_P. */
static void dot(fmpq_t value, const pauli_sum_t a, const pauli_sum_t b) {
  size_t i = 0, j = 0;
  fmpq_zero(value);
  while (i < a->length && j < b->length) {
    int order = pauli_cmp(pauli_sum_string(a, i), pauli_sum_string(b, j),
                          a->num_words);
    if (order == 0)
      fmpq_addmul(value, a->coeffs + i, b->coeffs + j);
    i += order <= 0;
    j += order >= 0;
  }
}

status_t spectrum_moments(fmpq_t mean, fmpq_t central2, fmpq_t central3,
                          fmpq_t central4, const pauli_sum_t sum,
                          size_t max_terms) {
  pauli_sum_t rest, square;
  fmpq_t identity;
  fmpq_init(identity);
  pauli_sum_init(rest, sum->num_qubits);
  pauli_sum_init(square, sum->num_qubits);
  for (size_t i = 0; i < sum->length; i++)
    if (pauli_is_identity(pauli_sum_string(sum, i), sum->num_words))
      fmpq_set(identity, sum->coeffs + i);
    else
      pauli_sum_push(rest, sum->coeffs + i, pauli_sum_string(sum, i));
  status_t status = STATUS_LIMIT;
  if (traceless_square(square, rest, max_terms)) {
    status = STATUS_OK;
    fmpq_set(mean, identity);
    dot(central2, rest, rest);
    dot(central3, square, rest);
    dot(central4, square, square);
  }
  pauli_sum_clear(rest);
  pauli_sum_clear(square);
  fmpq_clear(identity);
  return status;
}
