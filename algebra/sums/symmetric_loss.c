#include "algebra/sums/symmetric_loss.h"

enum { MAX_PERMUTATIONS = 4096, MAX_TERMS = 20000 };

static void permute(uint64_t *out, const uint64_t *p, size_t n, size_t w,
                    const uint32_t *perm) {
  memset(out, 0, 2 * w * sizeof *out);
  for (size_t j = 0; j < n; j++)
    if (pauli_get(p, w, j)) pauli_set(out, w, perm[j], pauli_get(p, w, j));
}

/* Does this permutation map every signed stabilizer to one of the state? */
static bool fixes_stabilizers(const uint32_t *perm,
                              const stabilizer_state_struct *state,
                              const stabilizer_echelon_t echelon) {
  size_t w = state->num_words;
  uint64_t *image = flint_malloc((2 * w + 1) * sizeof *image);
  bool fixes = true;
  for (size_t j = 0; j < state->rank && fixes; j++) {
    permute(image, stabilizer_state_string(state, j), state->num_qubits, w,
            perm);
    fixes = stabilizer_echelon_expectation(echelon, image) ==
            (state->signs[j] ? -1 : 1);
  }
  flint_free(image);
  return fixes;
}

static bool fixes_bloch(const uint32_t *perm, const product_state_struct *state) {
  for (size_t j = 0; j < state->num_qubits; j++)
    for (size_t k = 0; k < 3; k++)
      if (!fmpq_equal(state->bloch + 3 * j + k,
                      state->bloch + 3 * (size_t)perm[j] + k))
        return false;
  return true;
}

static bool fixes_terms(const uint32_t *perm, const pauli_sum_t sum) {
  size_t w = sum->num_words;
  uint64_t *image = flint_malloc((2 * w + 1) * sizeof *image);
  bool fixes = true;
  fmpq_t c;
  fmpq_init(c);
  for (size_t t = 0; t < sum->length && fixes; t++) {
    permute(image, pauli_sum_string(sum, t), sum->num_qubits, w, perm);
    pauli_sum_coefficient(c, sum, image);
    fixes = fmpq_equal(c, sum->coeffs + t);
  }
  fmpq_clear(c);
  flint_free(image);
  return fixes;
}

/* The state, prepared for many permutations. */
typedef struct {
  const stabilizer_state_struct *stabilizer; /* or NULL */
  const product_state_struct *product;       /* or NULL */
  const pauli_sum_struct *pauli;             /* or NULL */
  stabilizer_echelon_t echelon;
} prepared_t;

/* False for a kind that is not known here. */
static bool permutation_fixes(const prepared_t *state, const uint32_t *perm) {
  if (state->stabilizer)
    return fixes_stabilizers(perm, state->stabilizer, state->echelon);
  if (state->pauli) return fixes_terms(perm, state->pauli);
  return state->product && fixes_bloch(perm, state->product);
}

bool symmetry_fixes_state(const symmetry_struct *symmetry,
                          const quantum_state_t state) {
  size_t n = symmetry->num_qubits;
  prepared_t prepared = {.stabilizer = quantum_state_stabilizer(state),
                         .product = quantum_state_product(state),
                         .pauli = quantum_state_pauli(state)};
  if (prepared.stabilizer)
    stabilizer_echelon_init(prepared.echelon, prepared.stabilizer);
  uint32_t *swap = flint_malloc((n + 1) * sizeof *swap);
  bool fixes = true;
  for (size_t s = 1; s < symmetry->num_perms && fixes; s++)
    fixes = permutation_fixes(&prepared, symmetry->perms + s * n);
  for (size_t j = 0; j < n; j++) swap[j] = (uint32_t)j;
  for (size_t c = 0; c < symmetry->num_big && fixes; c++)
    for (size_t a = symmetry->class_start[c] + 1;
         a < symmetry->class_start[c + 1] && fixes; a++) {
      size_t i = symmetry->members[a - 1], j = symmetry->members[a];
      swap[i] = (uint32_t)j;
      swap[j] = (uint32_t)i;
      fixes = permutation_fixes(&prepared, swap);
      swap[i] = (uint32_t)i;
      swap[j] = (uint32_t)j;
    }
  flint_free(swap);
  if (prepared.stabilizer) stabilizer_echelon_clear(prepared.echelon);
  return fixes;
}

/* c = the sum of the coefficients of a on these strings; marks their terms. */
static void take_terms(fmpq_t c, uint8_t *taken, const pauli_sum_struct *a,
                       const uint64_t *strings, size_t count) {
  fmpq_zero(c);
  for (size_t k = 0; k < count; k++) {
    size_t t = pauli_sum_find(a, strings + k * 2 * a->num_words);
    if (t == SIZE_MAX) continue;
    fmpq_add(c, c, a->coeffs + t);
    taken[t] = 1;
  }
}

bool symmetry_average(pauli_sum_struct *out, const symmetry_struct *symmetry,
                      const pauli_sum_struct *a, size_t max_terms) {
  size_t w = a->num_words;
  bool ok = true;
  uint8_t *taken = flint_calloc(a->length + 1, 1);
  pauli_sum_t sum;
  fmpq_t c;
  pauli_sum_init(sum, a->num_qubits);
  fmpq_init(c);
  for (size_t t = 0; t < a->length && ok; t++) {
    uint64_t *strings;
    if (taken[t]) continue;
    size_t length = symmetry_orbit(&strings, symmetry, pauli_sum_string(a, t),
                                   max_terms);
    ok = length <= max_terms;
    if (ok) take_terms(c, taken, a, strings, length);
    if (ok && !fmpq_is_zero(c)) {
      ok = sum->length + length <= max_terms;
      fmpq_div_fmpz(c, c, (fmpz[]){(fmpz)length});
      for (size_t k = 0; k < length && ok; k++)
        pauli_sum_push(sum, c, strings + k * 2 * w);
    }
    flint_free(strings);
  }
  pauli_sum_canonicalise(sum);
  if (ok) pauli_sum_swap(out, sum);
  pauli_sum_clear(sum);
  fmpq_clear(c);
  flint_free(taken);
  return ok;
}

static bool fixes_all(const symmetry_struct *symmetry,
                      const quantum_state_struct *const *states,
                      size_t count) {
  for (size_t i = 0; i < count; i++)
    if (!symmetry_fixes_state(symmetry, states[i])) return false;
  return true;
}

/* The sum of the signed stabilizers, the Bloch vectors as an operator, or the
   state itself: what fixes it fixes the state. */
static void set_marker(pauli_sum_struct *out,
                       const quantum_state_struct *state) {
  const stabilizer_state_struct *stabilizer = quantum_state_stabilizer(state);
  const product_state_struct *product = quantum_state_product(state);
  static const unsigned letters[3] = {1, 3, 2};
  size_t n = state->num_qubits, w = pauli_words(n);
  uint64_t *string = flint_malloc((2 * w + 1) * sizeof *string);
  fmpq_t c;
  fmpq_init(c);
  pauli_sum_init(out, n);
  if (quantum_state_pauli(state))
    pauli_sum_set(out, quantum_state_pauli(state));
  for (size_t j = 0; stabilizer && j < stabilizer->rank; j++) {
    fmpq_set_si(c, stabilizer->signs[j] ? -1 : 1, 1);
    pauli_sum_push(out, c, stabilizer_state_string(stabilizer, j));
  }
  for (size_t i = 0; product && i < 3 * n; i++) {
    memset(string, 0, 2 * w * sizeof *string);
    pauli_set(string, w, i / 3, letters[i % 3]);
    pauli_sum_push(out, product->bloch + i, string);
  }
  pauli_sum_canonicalise(out);
  flint_free(string);
  fmpq_clear(c);
}

void symmetric_observable(pauli_sum_struct *out,
                          const pauli_sum_struct *const *generators,
                          size_t count, const pauli_sum_struct *observable,
                          const quantum_state_struct *const *states,
                          size_t num_states) {
  size_t n = observable->num_qubits;
  pauli_sum_set(out, observable);
  const pauli_sum_struct **all =
      flint_malloc((count + num_states + 1) * sizeof *all);
  pauli_sum_struct *sums = flint_malloc((num_states + 1) * sizeof *sums);
  for (size_t j = 0; j < count; j++) all[j] = generators[j];
  for (size_t i = 0; i < num_states; i++) {
    set_marker(sums + i, states[i]);
    all[count + i] = sums + i;
  }
  /* First the whole group of the generators, then a part that surely fixes the
     states. */
  for (int part = 0; part < 2; part++) {
    symmetry_struct symmetry;
    symmetry_init(&symmetry, n, all, count + (part ? num_states : 0),
                  MAX_PERMUTATIONS);
    bool usable = !symmetry.trivial && fixes_all(&symmetry, states, num_states);
    if (usable) symmetry_average(out, &symmetry, observable, MAX_TERMS);
    symmetry_clear(&symmetry);
    if (usable) break;
  }
  for (size_t i = 0; i < num_states; i++) pauli_sum_clear(sums + i);
  flint_free(sums);
  flint_free(all);
}
