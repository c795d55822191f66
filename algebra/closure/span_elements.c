#include <assert.h>

#include "algebra/closure/span.h"

/* Adds c times the average of the orbit of a column. */
static bool push_column(pauli_sum_struct *out, const span_struct *span,
                        uint32_t column, const fmpq_t c, size_t max_terms) {
  uint64_t *strings;
  size_t width = 2 * span->num_words;
  size_t most = max_terms ? max_terms - out->length : SIZE_MAX - 1;
  size_t length = symmetry_orbit(&strings, &span->symmetry,
                                 span->strings + column * width, most);
  if (length <= most) {
    fmpq_t share;
    fmpz_t size;
    fmpq_init(share);
    fmpz_init_set_ui(size, length);
    fmpq_div_fmpz(share, c, size);
    for (size_t k = 0; k < length; k++)
      pauli_sum_push(out, share, strings + k * width);
    fmpq_clear(share);
    fmpz_clear(size);
  }
  flint_free(strings);
  return length <= most;
}

status_t span_get_element(pauli_sum_struct *out, const span_struct *span,
                          size_t k, size_t max_terms) {
  assert(span->proved && k < span->dimension);
  fmpq_t one;
  pauli_sum_t sum;
  fmpq_init(one);
  fmpq_one(one);
  pauli_sum_init(sum, span->num_qubits);
  bool ok = true;
  if (span->proof == CLOSURE_FILLS_STRINGS) {
    ok = push_column(sum, span, (uint32_t)k, one, max_terms);
  } else {
    size_t b = 0;
    while (k >= span->blocks[b].num_exact) k -= span->blocks[b++].num_exact;
    const block_struct *block = span->blocks + b;
    const exact_row_struct *row = block->exact + k;
    ok = push_column(sum, span, block->columns[row->pivot], one, max_terms);
    for (uint32_t j = 0; j < row->length && ok; j++)
      ok = push_column(sum, span, block->columns[row->idx[j]], row->val + j,
                       max_terms);
  }
  if (ok) {
    pauli_sum_canonicalise(sum);
    pauli_sum_swap(out, sum);
  }
  pauli_sum_clear(sum);
  fmpq_clear(one);
  return ok ? STATUS_OK : STATUS_LIMIT;
}

bool span_contains(const span_struct *span, const pauli_sum_struct *a) {
  assert(span->proved);
  if (!symmetry_fixes(&span->symmetry, a)) return false;
  size_t width = 2 * span->num_words;
  uint64_t *scratch = flint_malloc((2 * width + 1) * sizeof *scratch);
  fmpq *x = flint_malloc((span->num_columns + 1) * sizeof *x);
  for (size_t c = 0; c < span->num_columns; c++) fmpq_init(x + c);
  bool ok = true;
  for (size_t t = 0; t < a->length && ok; t++) {
    uint32_t c = span_find_column(span, pauli_sum_string(a, t), scratch);
    ok = c != UINT32_MAX;
    if (ok) fmpq_add(x + c, x + c, a->coeffs + t);
  }
  if (ok && span->proof != CLOSURE_FILLS_STRINGS) {
    for (size_t b = 0; b < span->num_blocks; b++) {
      const block_struct *block = span->blocks + b;
      for (uint32_t k = 0; k < block->num_exact; k++) {
        const exact_row_struct *row = block->exact + k;
        fmpq *v = x + block->columns[row->pivot];
        for (uint32_t j = 0; j < row->length && !fmpq_is_zero(v); j++)
          fmpq_submul(x + block->columns[row->idx[j]], v, row->val + j);
        fmpq_zero(v);
      }
    }
    for (size_t c = 0; c < span->num_columns; c++)
      ok = ok && fmpq_is_zero(x + c);
  }
  for (size_t c = 0; c < span->num_columns; c++) fmpq_clear(x + c);
  flint_free(x);
  flint_free(scratch);
  return ok;
}
