#include "algebra/base/pauli_sum.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "algebra/base/text.h"

void pauli_sum_init(pauli_sum_t sum, size_t num_qubits) {
  *sum = (pauli_sum_struct){.num_qubits = num_qubits,
                            .num_words = pauli_words(num_qubits)};
}

void pauli_sum_clear(pauli_sum_t sum) {
  for (size_t j = 0; j < sum->alloc; j++) fmpq_clear(sum->coeffs + j);
  flint_free(sum->coeffs);
  flint_free(sum->strings);
  *sum = (pauli_sum_struct){.num_qubits = sum->num_qubits,
                            .num_words = sum->num_words};
}

void pauli_sum_swap(pauli_sum_t a, pauli_sum_t b) {
  pauli_sum_struct t = *a;
  *a = *b;
  *b = t;
}

void pauli_sum_zero(pauli_sum_t sum) { sum->length = 0; }

static void fit_length(pauli_sum_t sum, size_t length) {
  if (length <= sum->alloc) return;
  size_t alloc = sum->alloc * 2 > length ? sum->alloc * 2 : length;
  size_t row = 2 * sum->num_words * sizeof(uint64_t);
  sum->strings = flint_realloc(sum->strings, alloc * row + 1);
  sum->coeffs = flint_realloc(sum->coeffs, alloc * sizeof(fmpq));
  for (size_t j = sum->alloc; j < alloc; j++) fmpq_init(sum->coeffs + j);
  sum->alloc = alloc;
}

void pauli_sum_push(pauli_sum_t sum, const fmpq_t coeff,
                    const uint64_t *string) {
  size_t width = 2 * sum->num_words;
  fit_length(sum, sum->length + 1);
  memcpy(sum->strings + sum->length * width, string, width * sizeof *string);
  fmpq_set(sum->coeffs + sum->length, coeff);
  sum->length++;
}

void pauli_sum_set(pauli_sum_t out, const pauli_sum_t in) {
  if (out == in) return;
  assert(out->num_qubits == in->num_qubits);
  out->length = 0;
  fit_length(out, in->length);
  for (size_t j = 0; j < in->length; j++)
    pauli_sum_push(out, in->coeffs + j, pauli_sum_string(in, j));
}

static int compare_rows(const void *a, const void *b, void *context) {
  const pauli_sum_struct *sum = context;
  return pauli_cmp(pauli_sum_string(sum, *(const size_t *)a),
                   pauli_sum_string(sum, *(const size_t *)b), sum->num_words);
}

void pauli_sum_canonicalise(pauli_sum_t sum) {
  bool sorted = true;
  for (size_t j = 0; j < sum->length && sorted; j++)
    sorted = !fmpq_is_zero(sum->coeffs + j) &&
             (j == 0 || pauli_cmp(pauli_sum_string(sum, j - 1),
                                  pauli_sum_string(sum, j),
                                  sum->num_words) < 0);
  if (sorted) return;
  size_t *order = flint_malloc(sum->length * sizeof *order);
  for (size_t j = 0; j < sum->length; j++) order[j] = j;
  qsort_r(order, sum->length, sizeof *order, compare_rows, sum);
  pauli_sum_t out;
  pauli_sum_init(out, sum->num_qubits);
  fit_length(out, sum->length);
  for (size_t j = 0; j < sum->length; j++) {
    const uint64_t *row = pauli_sum_string(sum, order[j]);
    fmpq *coeff = sum->coeffs + order[j];
    size_t last = out->length - 1;
    if (out->length &&
        pauli_equal(pauli_sum_string(out, last), row, sum->num_words))
      fmpq_add(out->coeffs + last, out->coeffs + last, coeff);
    else {
      if (out->length && fmpq_is_zero(out->coeffs + last)) out->length--;
      pauli_sum_push(out, coeff, row);
    }
  }
  if (out->length && fmpq_is_zero(out->coeffs + out->length - 1)) out->length--;
  pauli_sum_swap(sum, out);
  pauli_sum_clear(out);
  flint_free(order);
}

void pauli_sum_addmul(pauli_sum_t out, const pauli_sum_t a, const fmpq_t c,
                      const pauli_sum_t b) {
  pauli_sum_t r;
  fmpq_t t;
  assert(a->num_qubits == b->num_qubits);
  pauli_sum_init(r, a->num_qubits);
  fmpq_init(t);
  fit_length(r, a->length + b->length);
  for (size_t j = 0; j < a->length; j++)
    pauli_sum_push(r, a->coeffs + j, pauli_sum_string(a, j));
  for (size_t j = 0; j < b->length; j++) {
    fmpq_mul(t, c, b->coeffs + j);
    pauli_sum_push(r, t, pauli_sum_string(b, j));
  }
  pauli_sum_canonicalise(r);
  pauli_sum_swap(out, r);
  pauli_sum_clear(r);
  fmpq_clear(t);
}

void pauli_sum_scalar_mul(pauli_sum_t out, const pauli_sum_t in,
                          const fmpq_t c) {
  pauli_sum_set(out, in);
  if (fmpq_is_zero(c)) pauli_sum_zero(out);
  for (size_t j = 0; j < out->length; j++)
    fmpq_mul(out->coeffs + j, out->coeffs + j, c);
}

size_t pauli_sum_find(const pauli_sum_t sum, const uint64_t *string) {
  size_t low = 0, high = sum->length;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = pauli_cmp(pauli_sum_string(sum, middle), string,
                          sum->num_words);
    if (order == 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return SIZE_MAX;
}

void pauli_sum_coefficient(fmpq_t coeff, const pauli_sum_t sum,
                           const uint64_t *string) {
  size_t at = pauli_sum_find(sum, string);
  if (at == SIZE_MAX) fmpq_zero(coeff);
  else fmpq_set(coeff, sum->coeffs + at);
}

bool pauli_sum_equal(const pauli_sum_t a, const pauli_sum_t b) {
  if (a->num_qubits != b->num_qubits || a->length != b->length) return false;
  for (size_t j = 0; j < a->length; j++)
    if (!fmpq_equal(a->coeffs + j, b->coeffs + j) ||
        !pauli_equal(pauli_sum_string(a, j), pauli_sum_string(b, j),
                     a->num_words))
      return false;
  return true;
}

bool pauli_sum_is_multiple(fmpq_t ratio, const pauli_sum_t a,
                           const pauli_sum_t b) {
  if (a->length != b->length || a->length == 0) return false;
  fmpq_t r, t;
  bool same = true;
  fmpq_init(r);
  fmpq_init(t);
  fmpq_div(r, a->coeffs, b->coeffs);
  for (size_t j = 0; j < a->length && same; j++) {
    fmpq_mul(t, r, b->coeffs + j);
    same = fmpq_equal(t, a->coeffs + j) &&
           pauli_equal(pauli_sum_string(a, j), pauli_sum_string(b, j),
                       a->num_words);
  }
  if (same) fmpq_set(ratio, r);
  fmpq_clear(r);
  fmpq_clear(t);
  return same;
}

bool pauli_sum_commute(const pauli_sum_t a, const pauli_sum_t b) {
  pauli_sum_t c;
  fmpq_t t;
  uint64_t *row = flint_malloc(2 * a->num_words * sizeof *row + 1);
  pauli_sum_init(c, a->num_qubits);
  fmpq_init(t);
  for (size_t j = 0; j < a->length; j++)
    for (size_t k = 0; k < b->length; k++) {
      unsigned e = pauli_mul(row, pauli_sum_string(a, j),
                             pauli_sum_string(b, k), a->num_words);
      if (!(e & 1)) continue;
      fmpq_mul(t, a->coeffs + j, b->coeffs + k);
      if (e == 3) fmpq_neg(t, t);
      pauli_sum_push(c, t, row);
    }
  pauli_sum_canonicalise(c);
  bool commute = pauli_sum_is_zero(c);
  pauli_sum_clear(c);
  fmpq_clear(t);
  flint_free(row);
  return commute;
}

char *pauli_sum_get_str(const pauli_sum_t sum) {
  char *text = NULL;
  size_t room = 0;
  FILE *stream = text_open(&text, &room);
  fmpq_t c;
  fmpq_init(c);
  if (!sum->length) fputs("0", stream);
  for (size_t j = 0; j < sum->length; j++) {
    const uint64_t *row = pauli_sum_string(sum, j);
    bool identity = pauli_is_identity(row, sum->num_words);
    fmpq_abs(c, sum->coeffs + j);
    if (fmpq_sgn(sum->coeffs + j) < 0)
      fputs(j ? " - " : "-", stream);
    else if (j)
      fputs(" + ", stream);
    if (!fmpq_is_one(c)) {
      char *number = fmpq_get_str(NULL, 10, c);
      fprintf(stream, "%s ", number);
      flint_free(number);
    }
    char *letters = identity ? NULL : pauli_get_str(row, sum->num_qubits);
    fputs(letters ? letters : "I", stream);
    free(letters);
  }
  fmpq_clear(c);
  text_close(stream, &text);
  return text;
}
