#include "algebra/generators/surd_sum.h"

static const unsigned RADICANDS[SURD_PARTS] = {1, 2, 3, 6};

/* sqrt of radicand i times that of j = PRODUCT_FACTOR sqrt of PRODUCT_PART. */
static const unsigned char PRODUCT_PART[SURD_PARTS][SURD_PARTS] = {
    {0, 1, 2, 3}, {1, 0, 3, 2}, {2, 3, 0, 1}, {3, 2, 1, 0}};
static const unsigned char PRODUCT_FACTOR[SURD_PARTS][SURD_PARTS] = {
    {1, 1, 1, 1}, {1, 2, 1, 2}, {1, 1, 3, 3}, {1, 2, 3, 6}};

/* 4 cos(k pi/12), k = 0..6. */
static const signed char COSINES[7][SURD_PARTS] = {
    {4, 0, 0, 0}, {0, 1, 0, 1}, {0, 0, 2, 0}, {0, 2, 0, 0},
    {2, 0, 0, 0}, {0, -1, 0, 1}, {0, 0, 0, 0}};

void surd_sum_init(surd_sum_t sum, size_t num_qubits) {
  *sum = (surd_sum_struct){.num_qubits = num_qubits,
                           .num_words = pauli_words(num_qubits)};
}

void surd_sum_clear(surd_sum_t sum) {
  for (size_t i = 0; i < SURD_PARTS * sum->alloc; i++)
    fmpq_clear(sum->coeffs + i);
  flint_free(sum->coeffs);
  flint_free(sum->strings);
}

static void grow(surd_sum_t sum) {
  size_t old = sum->alloc, width = 2 * sum->num_words;
  sum->alloc = 2 * old + 4;
  sum->strings = flint_realloc(sum->strings,
                               sum->alloc * width * sizeof *sum->strings);
  sum->coeffs = flint_realloc(sum->coeffs,
                              sum->alloc * SURD_PARTS * sizeof *sum->coeffs);
  for (size_t i = SURD_PARTS * old; i < SURD_PARTS * sum->alloc; i++)
    fmpq_init(sum->coeffs + i);
}

static void remove_term(surd_sum_t sum, size_t i) {
  size_t width = 2 * sum->num_words, last = --sum->length;
  memmove(sum->strings + i * width, sum->strings + last * width,
          width * sizeof *sum->strings);
  for (size_t k = 0; k < SURD_PARTS; k++)
    fmpq_swap(sum->coeffs + SURD_PARTS * i + k,
              sum->coeffs + SURD_PARTS * last + k);
}

static bool is_zero(const fmpq *coeff) {
  for (size_t k = 0; k < SURD_PARTS; k++)
    if (!fmpq_is_zero(coeff + k)) return false;
  return true;
}

static void add(surd_sum_t sum, const fmpq *coeff, const uint64_t *string) {
  size_t w = sum->num_words, i = 0;
  while (i < sum->length && !pauli_equal(sum->strings + 2 * w * i, string, w))
    i++;
  if (i == sum->length) {
    if (sum->length == sum->alloc) grow(sum);
    memcpy(sum->strings + 2 * w * i, string, 2 * w * sizeof *string);
    for (size_t k = 0; k < SURD_PARTS; k++)
      fmpq_zero(sum->coeffs + SURD_PARTS * i + k);
    sum->length++;
  }
  fmpq *own = sum->coeffs + SURD_PARTS * i;
  for (size_t k = 0; k < SURD_PARTS; k++) fmpq_add(own + k, own + k, coeff + k);
  if (is_zero(own)) remove_term(sum, i);
}

void surd_sum_add(surd_sum_t sum, const fmpq_t coeff, const uint64_t *string) {
  fmpq all[SURD_PARTS];
  for (size_t k = 0; k < SURD_PARTS; k++) fmpq_init(all + k);
  fmpq_set(all, coeff);
  add(sum, all, string);
  for (size_t k = 0; k < SURD_PARTS; k++) fmpq_clear(all + k);
}

/* out = in cos(k pi/12); no aliasing. */
static void times_cosine(fmpq *out, const fmpq *in, long k) {
  long turn = (k % 24 + 24) % 24;
  if (turn > 12) turn = 24 - turn;
  long sign = turn > 6 ? -1 : 1;
  const signed char *cosine = COSINES[turn > 6 ? 12 - turn : turn];
  fmpq_t t, c;
  fmpq_init(t);
  fmpq_init(c);
  for (size_t i = 0; i < SURD_PARTS; i++) fmpq_zero(out + i);
  for (size_t i = 0; i < SURD_PARTS; i++)
    for (size_t j = 0; j < SURD_PARTS; j++) {
      if (!cosine[j]) continue;
      fmpq_set_si(c, sign * cosine[j] * PRODUCT_FACTOR[i][j], 4);
      fmpq_mul(t, in + i, c);
      fmpq_add(out + PRODUCT_PART[i][j], out + PRODUCT_PART[i][j], t);
    }
  fmpq_clear(t);
  fmpq_clear(c);
}

void surd_sum_rotate(surd_sum_t sum, const uint64_t *string, long twelfths) {
  size_t w = sum->num_words;
  surd_sum_t out;
  fmpq part[SURD_PARTS];
  uint64_t *row = flint_malloc((2 * w + 1) * sizeof *row);
  surd_sum_init(out, sum->num_qubits);
  for (size_t k = 0; k < SURD_PARTS; k++) fmpq_init(part + k);
  for (size_t i = 0; i < sum->length; i++) {
    const uint64_t *q = sum->strings + 2 * w * i;
    const fmpq *coeff = sum->coeffs + SURD_PARTS * i;
    if (!pauli_anticommute(string, q, w)) {
      add(out, coeff, q);
      continue;
    }
    times_cosine(part, coeff, twelfths);
    if (!is_zero(part)) add(out, part, q);
    times_cosine(part, coeff, twelfths - 6); /* the sine */
    /* i P Q = i^(1 + e) [PQ], a sign since e is odd */
    unsigned e = 1 + pauli_mul(row, string, q, w);
    if (e & 2)
      for (size_t k = 0; k < SURD_PARTS; k++) fmpq_neg(part + k, part + k);
    if (!is_zero(part)) add(out, part, row);
  }
  for (size_t k = 0; k < SURD_PARTS; k++) fmpq_clear(part + k);
  flint_free(row);
  surd_sum_struct t = *sum;
  *sum = *out;
  *out = t;
  surd_sum_clear(out);
}

bool surd_sum_get_rational(pauli_sum_t out, unsigned *root,
                           const surd_sum_t sum) {
  for (size_t part = 0; part < SURD_PARTS; part++) {
    bool all = true;
    for (size_t i = 0; i < SURD_PARTS * sum->length && all; i++)
      all = i % SURD_PARTS == part || fmpq_is_zero(sum->coeffs + i);
    if (!all) continue;
    *root = RADICANDS[part];
    pauli_sum_zero(out);
    for (size_t i = 0; i < sum->length; i++)
      pauli_sum_push(out, sum->coeffs + SURD_PARTS * i + part,
                     sum->strings + 2 * sum->num_words * i);
    pauli_sum_canonicalise(out);
    return true;
  }
  return false;
}
