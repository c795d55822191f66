#include "algebra/closure/closure.h"

#include "algebra/closure/span.h"

void closure_init(closure_t closure, size_t num_qubits) {
  *closure = (closure_struct){.num_qubits = num_qubits};
}

void closure_clear(closure_t closure) {
  if (closure->span) {
    span_clear(closure->span);
    flint_free(closure->span);
  }
  closure_init(closure, closure->num_qubits);
}

void closure_bracket(pauli_sum_t out, const pauli_sum_t a,
                     const pauli_sum_t b) {
  size_t w = a->num_words;
  pauli_sum_t sum;
  fmpq_t c;
  pauli_sum_init(sum, a->num_qubits);
  fmpq_init(c);
  uint64_t *r = flint_malloc((2 * w + 1) * sizeof *r);
  for (size_t s = 0; s < a->length; s++)
    for (size_t t = 0; t < b->length; t++) {
      /* i (PQ - QP) = 2 i i^e [P + Q], e odd. */
      unsigned e = pauli_mul(r, pauli_sum_string(a, s),
                             pauli_sum_string(b, t), w);
      if (!(e & 1)) continue;
      fmpq_mul(c, a->coeffs + s, b->coeffs + t);
      fmpz_mul_si(fmpq_numref(c), fmpq_numref(c), e == 1 ? -2 : 2);
      fmpq_canonicalise(c);
      pauli_sum_push(sum, c, r);
    }
  pauli_sum_canonicalise(sum);
  pauli_sum_swap(out, sum);
  pauli_sum_clear(sum);
  fmpq_clear(c);
  flint_free(r);
}

status_t closure_compute(closure_t closure, const pauli_sum_struct *generators,
                         size_t num_generators,
                         const closure_limits_t *limits) {
  size_t n = closure->num_qubits;
  span_map_t *maps = flint_malloc((num_generators + 1) * sizeof *maps);
  const pauli_sum_struct **seeds =
      flint_malloc((num_generators + 1) * sizeof *seeds);
  size_t count = 0;
  /* Zero and repeated generators add nothing. */
  for (size_t k = 0; k < num_generators; k++) {
    if (pauli_sum_is_zero(generators + k)) continue;
    bool repeated = false;
    for (size_t j = 0; j < count && !repeated; j++)
      repeated = pauli_sum_equal(seeds[j], generators + k);
    if (repeated) continue;
    maps[count] = (span_map_t){generators + k, SPAN_LIE};
    seeds[count++] = generators + k;
  }
  closure_clear(closure);
  span_struct *span = flint_malloc(sizeof *span);
  span_init(span, n, maps, count, seeds, count, limits);
  status_t status = span_run(span);
  closure->dimension = span->dimension;
  closure->proved = span->proved;
  closure->proof = span->proof;
  closure->num_orbits = span->num_columns;
  closure->num_symmetries = symmetry_order(&span->symmetry);
  closure->span = span;
  flint_free(maps);
  flint_free(seeds);
  return status;
}

status_t closure_get_basis_element(pauli_sum_t out, const closure_t closure,
                                   size_t k, size_t max_terms) {
  return span_get_element(out, closure->span, k, max_terms);
}

answer_t closure_contains(const closure_t closure, const pauli_sum_t a) {
  if (!closure->proved) return ANSWER_UNDECIDED;
  return span_contains(closure->span, a) ? ANSWER_YES : ANSWER_NO;
}

/* Do the permutations leave every string that was reached as it is? */
static bool fixes_strings(const span_struct *span) {
  bool fixes = true;
  fmpz_t length;
  if (span->symmetry.trivial) return true;
  fmpz_init(length);
  for (size_t c = 0; c < span->num_columns && fixes; c++) {
    symmetry_orbit_length(length, &span->symmetry,
                          span->strings + c * 2 * span->num_words);
    fixes = fmpz_is_one(length);
  }
  fmpz_clear(length);
  return fixes;
}

uint64_t *closure_get_strings(size_t *count, const closure_t closure) {
  const span_struct *span = closure->span;
  *count = 0;
  if (!closure->proved || closure->proof != CLOSURE_FILLS_STRINGS ||
      !fixes_strings(span))
    return NULL;
  size_t bytes = span->num_columns * 2 * span->num_words * sizeof(uint64_t);
  uint64_t *strings = flint_malloc(bytes + sizeof *strings);
  if (bytes) memcpy(strings, span->strings, bytes);
  *count = span->num_columns;
  return strings;
}
