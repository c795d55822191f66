/* Generators, states and observables seen through fixed gates. */
#include "algebra/generators/circuit_gates.h"

#include "algebra/generators/surd_sum.h"

void item_sum(pauli_sum_t sum, const gates_t *gates,
                     const item_t *item) {
  for (size_t i = 0; i < item->num_atoms; i++)
    pauli_sum_push(sum, gates->atoms[item->atoms[i]].coeff,
                   gates->atoms[item->atoms[i]].string);
  pauli_sum_canonicalise(sum);
}

/* --- fixed gates between ------------------------------------------------------------ */

/* More of them are not looked at; longest sum that a generator may become. */
enum { MAX_BETWEEN = 256, MAX_SEEN_TERMS = 256 };

/* Items of the sequence that are fixed gates, from one end: which of them lie in
   the algebra of the single strings passed before, and so change nothing. */
static void leave_out(bool *out, const sequence_t *seq, const gates_t *gates,
                      bool backwards) {
  size_t n = seq->num_items, w = gates->num_words, num_kept = 0, num_plain = 0;
  const uint64_t **kept = flint_malloc((n + 1) * sizeof *kept);
  const uint64_t **plain = flint_malloc((n + 1) * sizeof *plain);
  for (size_t k = 0; k < n; k++) {
    size_t i = backwards ? n - 1 - k : k;
    const atom_t *atom = gates->atoms + seq->items[i].atoms[0];
    bool commutes = true;
    for (size_t j = 0; j < num_kept && commutes; j++)
      commutes = !pauli_anticommute(atom->string, kept[j], w);
    if (atom->parameter != ATOM_FIXED) {
      if (commutes && seq->items[i].num_atoms == 1)
        plain[num_plain++] = atom->string;
    } else if (!out[i]) {
      out[i] = commutes &&
               fixed_gates_reaches(atom->string, plain, num_plain, w);
      if (!out[i]) kept[num_kept++] = atom->string;
    }
  }
  flint_free(kept);
  flint_free(plain);
}

/* sum = sqrt(*root) out, the sum of the item seen through the fixed gates before
   it, the latest first. False when that is not of this kind. */
static bool see_item(pauli_sum_t out, unsigned *root, const gates_t *gates,
                     const item_t *item, const size_t *before, size_t count) {
  surd_sum_t sum;
  long twelfths;
  bool ok = true;
  surd_sum_init(sum, gates->ansatz->num_qubits);
  for (size_t i = 0; i < item->num_atoms; i++)
    surd_sum_add(sum, gates->atoms[item->atoms[i]].coeff,
                 gates->atoms[item->atoms[i]].string);
  for (size_t k = count; k-- > 0 && ok;) {
    const uint64_t *string = fixed_gates_string(gates->fixed, before[k]);
    bool commutes = true;
    for (size_t t = 0; t < sum->length && commutes; t++)
      commutes = !pauli_anticommute(
          string, sum->strings + 2 * gates->num_words * t, gates->num_words);
    if (commutes) continue;
    ok = fixed_gates_twelfths(&twelfths, gates->fixed->entries + before[k]) &&
         sum->length <= MAX_SEEN_TERMS / 2;
    if (ok) surd_sum_rotate(sum, string, twelfths);
  }
  ok = ok && surd_sum_get_rational(out, root, sum);
  surd_sum_clear(sum);
  return ok;
}

void seen_clear(seen_t *seen, size_t num_items) {
  for (size_t i = 0; i < num_items; i++) pauli_sum_clear(seen->sums + i);
  flint_free(seen->sums);
  flint_free(seen->roots);
  flint_free(seen->before);
}

bool seen_init(seen_t *seen, const sequence_t *seq,
                      const gates_t *gates) {
  size_t n = seq->num_items, count = 0;
  bool *out = flint_calloc(n + 1, sizeof *out), ok = true;
  *seen = (seen_t){
      .sums = flint_malloc((n + 1) * sizeof *seen->sums),
      .roots = flint_malloc((n + 1) * sizeof *seen->roots),
      .before = flint_malloc((gates->fixed->num_fixed + 1) *
                             sizeof *seen->before)};
  for (size_t i = 0; i < n; i++) {
    pauli_sum_init(seen->sums + i, gates->ansatz->num_qubits);
    count += seq->items[i].parameter == ATOM_FIXED;
  }
  ok = count <= MAX_BETWEEN && !(gates->free_between && count);
  if (count && ok) {
    leave_out(out, seq, gates, false);
    leave_out(out, seq, gates, true);
  }
  for (size_t i = 0; i < n && ok; i++) {
    if (seq->items[i].parameter != ATOM_FIXED)
      ok = see_item(seen->sums + i, seen->roots + i, gates, seq->items + i,
                    seen->before, seen->num_before);
    else if (!out[i])
      seen->before[seen->num_before++] =
          gates->atoms[seq->items[i].atoms[0]].entry;
  }
  flint_free(out);
  if (ok) return true;
  /* as if the fixed gates were free */
  seen->num_before = 0;
  for (size_t i = 0; i < n; i++) {
    seen->roots[i] = 1;
    pauli_sum_zero(seen->sums + i);
    item_sum(seen->sums + i, gates, seq->items + i);
  }
  return false;
}
