#include "liescape/quadratic.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_RADICAND = 1000000 };

/* m = sum of four squares (Lagrange), the first ones found. */
static bool four_squares(slong root[4], ulong m) {
  for (slong a = 0; (ulong)(a * a) <= m; a++)
    for (slong b = a; (ulong)(a * a + b * b) <= m; b++)
      for (slong c = b; (ulong)(a * a + b * b + c * c) <= m; c++) {
        ulong rest = m - (ulong)(a * a + b * b + c * c);
        slong d = (slong)n_sqrt(rest);
        if ((ulong)(d * d) != rest) continue;
        root[0] = d;
        root[1] = c;
        root[2] = b;
        root[3] = a;
        return true;
      }
  return false;
}

/* The string of letter k of G on qubits n, n + 1 added to p. */
static void put_letter(uint64_t *p, size_t words, size_t n, int k) {
  static const unsigned first[] = {1, 3, 2, 2}, second[] = {0, 0, 1, 3};
  pauli_set(p, words, n, first[k]);
  pauli_set(p, words, n + 1, second[k]);
}

/* out += factor * in (x) 1, or (x) G. */
static void add_extended(pauli_sum_struct *out, const pauli_sum_struct *in,
                         ulong factor, const slong *root, bool times_g) {
  size_t n = in->num_qubits, w = in->num_words, wide = out->num_words;
  uint64_t *p = flint_malloc((2 * wide + 1) * sizeof *p);
  fmpq_t c;
  fmpq_init(c);
  for (size_t t = 0; t < in->length; t++)
    for (int k = 0; k < (times_g ? 4 : 1); k++) {
      memset(p, 0, 2 * wide * sizeof *p);
      for (size_t q = 0; q < n; q++)
        pauli_set(p, wide, q, pauli_get(pauli_sum_string(in, t), w, q));
      if (times_g) put_letter(p, wide, n, k);
      fmpq_set_si(c, times_g ? root[k] : 1, 1);
      fmpq_mul(c, c, in->coeffs + t);
      fmpz_mul_ui(fmpq_numref(c), fmpq_numref(c), factor);
      fmpq_canonicalise(c);
      if (!fmpq_is_zero(c)) pauli_sum_push(out, c, p);
    }
  pauli_sum_canonicalise(out);
  fmpq_clear(c);
  flint_free(p);
}

/* out = half of the doubled structure; false when something is not even. */
static bool halve(structure_t out, const structure_t doubled) {
  fmpz_t count;
  bool even = fmpz_is_even(doubled->dimension) && fmpz_is_even(doubled->center);
  for (size_t k = 0; k < doubled->num_ideals; k++)
    even = even && fmpz_is_even(doubled->ideals[k].count);
  if (!even) return false;
  fmpz_init(count);
  fmpz_tdiv_q_2exp(out->dimension, doubled->dimension, 1);
  fmpz_tdiv_q_2exp(out->center, doubled->center, 1);
  out->proved = doubled->proved;
  out->center_known = doubled->center_known;
  out->ideals_known = doubled->ideals_known;
  for (size_t k = 0; k < doubled->num_ideals; k++) {
    const ideal_struct *ideal = doubled->ideals + k;
    fmpz_tdiv_q_2exp(count, ideal->count, 1);
    structure_add_ideal(out, ideal->letter, ideal->rank, ideal->dimension,
                        count);
  }
  fmpz_clear(count);
  return true;
}

status_t quadratic_structure(structure_t out, const pauli_sum_struct *a,
                             const pauli_sum_struct *b, size_t num_generators,
                             ulong m, const closure_limits_t *limits) {
  slong root[4];
  if (m > MAX_RADICAND || !four_squares(root, m) || num_generators == 0)
    return STATUS_LIMIT;
  size_t n = a->num_qubits, num = 2 * num_generators;
  pauli_sum_struct *list = flint_malloc(num * sizeof *list);
  for (size_t j = 0; j < num_generators; j++) {
    pauli_sum_init(list + 2 * j, n + 2);
    pauli_sum_init(list + 2 * j + 1, n + 2);
    add_extended(list + 2 * j, a + j, 1, root, false);
    add_extended(list + 2 * j, b + j, 1, root, true);
    add_extended(list + 2 * j + 1, a + j, 1, root, true);
    add_extended(list + 2 * j + 1, b + j, m, root, false);
  }
  closure_limits_t own = {0};
  if (limits) own = *limits;
  own.max_dimension *= 2;
  closure_t closure;
  structure_t doubled;
  closure_init(closure, n + 2);
  structure_init(doubled);
  status_t status = closure_compute(closure, list, num, &own);
  if (status == STATUS_OK) {
    sum_structure_algebra(doubled, closure, list, num, &own);
    if (!halve(out, doubled)) status = STATUS_UNDECIDED;
    structure_set_text(&out->method,
                       "exact closure over Q after restriction of scalars from "
                       "a quadratic field");
    structure_set_text(
        &out->reason,
        out->ideals_known ? "sectors are not found for irrational coefficients"
                          : doubled->reason);
  }
  if (status != STATUS_OK) {
    fmpz_set_ui(out->dimension, (closure->dimension + 1) / 2);
    structure_set_text(&out->reason, "the closure over a quadratic field was not "
                                     "completed; the dimension is a lower bound");
  }
  structure_clear(doubled);
  closure_clear(closure);
  for (size_t k = 0; k < num; k++) pauli_sum_clear(list + k);
  flint_free(list);
  return status;
}
