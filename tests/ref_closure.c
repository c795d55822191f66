#include "tests/ref_closure.h"

#include <stdlib.h>

static size_t power4(size_t n) { return (size_t)1 << (2 * n); }

fmpq *ref_vector(size_t n) {
  fmpq *v = malloc(power4(n) * sizeof *v);
  if (!v) abort();
  for (size_t i = 0; i < power4(n); i++) fmpq_init(v + i);
  return v;
}

void ref_vector_clear(fmpq *v, size_t n) {
  for (size_t i = 0; i < power4(n); i++) fmpq_clear(v + i);
  free(v);
}

void ref_space_init(ref_space_struct *space, size_t n) {
  *space = (ref_space_struct){.n = n, .length = power4(n)};
  space->rows = calloc(space->length, sizeof *space->rows);
  space->pivots = calloc(space->length, sizeof *space->pivots);
}

void ref_space_clear(ref_space_struct *space) {
  for (size_t k = 0; k < space->dimension; k++)
    ref_vector_clear(space->rows[k], space->n);
  free(space->rows);
  free(space->pivots);
}

int ref_space_add(ref_space_struct *space, fmpq *v) {
  for (size_t k = 0; k < space->dimension; k++) {
    fmpq *c = v + space->pivots[k];
    if (fmpq_is_zero(c)) continue;
    fmpq_t factor;
    fmpq_init(factor);
    fmpq_set(factor, c);
    for (size_t i = 0; i < space->length; i++)
      if (!fmpq_is_zero(space->rows[k] + i))
        fmpq_submul(v + i, factor, space->rows[k] + i);
    fmpq_clear(factor);
  }
  size_t pivot = 0;
  while (pivot < space->length && fmpq_is_zero(v + pivot)) pivot++;
  if (pivot == space->length) return 0;
  fmpq *row = ref_vector(space->n);
  for (size_t i = 0; i < space->length; i++)
    fmpq_div(row + i, v + i, v + pivot);
  space->rows[space->dimension] = row;
  space->pivots[space->dimension++] = pivot;
  return 1;
}

/* Product of letters a b = i^phase c. */
static size_t letter_product(size_t a, size_t b, unsigned *phase) {
  if (a == 0 || b == 0 || a == b) return a == b ? 0 : a + b;
  size_t c = 6 - a - b;
  *phase += (b == a % 3 + 1) ? 1u : 3u; /* XY = iZ, YZ = iX, ZX = iY */
  return c;
}

void ref_bracket(fmpq *out, const fmpq *a, const fmpq *b, size_t n) {
  fmpq_t c;
  fmpq_init(c);
  for (size_t i = 0; i < power4(n); i++) fmpq_zero(out + i);
  for (size_t i = 0; i < power4(n); i++)
    for (size_t j = 0; j < power4(n); j++) {
      if (fmpq_is_zero(a + i) || fmpq_is_zero(b + j)) continue;
      unsigned ab = 0, ba = 0;
      size_t k = 0;
      for (size_t q = 0; q < n; q++) {
        k += letter_product(i >> 2 * q & 3, j >> 2 * q & 3, &ab) << 2 * q;
        letter_product(j >> 2 * q & 3, i >> 2 * q & 3, &ba);
      }
      if (ab % 4 == ba % 4) continue;
      /* i (i^ab - i^ba): ab = 1: i (2 i) = -2; ab = 3: +2. */
      fmpq_mul(c, a + i, b + j);
      fmpq_add(c, c, c);
      if (ab % 4 == 1) fmpq_neg(c, c);
      fmpq_add(out + k, out + k, c);
    }
  fmpq_clear(c);
}

void ref_closure(ref_space_struct *space, fmpq *const *generators,
                 size_t count) {
  size_t n = space->n;
  fmpq *v = ref_vector(n);
  for (size_t k = 0; k < count; k++) {
    for (size_t i = 0; i < space->length; i++) fmpq_set(v + i, generators[k] + i);
    ref_space_add(space, v);
  }
  for (size_t b = 1; b < space->dimension; b++)
    for (size_t a = 0; a < b; a++) {
      ref_bracket(v, space->rows[a], space->rows[b], n);
      ref_space_add(space, v);
    }
  ref_vector_clear(v, n);
}
