#include "algebra/symmetric_loss.h"

#include <stdlib.h>

enum { MAX_PERMUTATIONS = 4096, MAX_TERMS = 20000 };

static void permute(uint64_t *out, const uint64_t *p, size_t n, size_t w,
                    const uint32_t *perm) {
  memset(out, 0, 2 * w * sizeof *out);
  for (size_t j = 0; j < n; j++)
    if (pauli_get(p, w, j)) pauli_set(out, w, perm[j], pauli_get(p, w, j));
}

/* Does this permutation map every signed stabilizer to one of the state? */
static bool permutation_fixes(const uint32_t *perm, size_t n,
                              const stabilizer_state_struct *state,
                              const stabilizer_echelon_t echelon) {
  size_t w = state->num_words;
  uint64_t *image = flint_malloc((2 * w + 1) * sizeof *image);
  bool fixes = true;
  for (size_t j = 0; j < state->rank && fixes; j++) {
    permute(image, stabilizer_state_string(state, j), n, w, perm);
    fixes = stabilizer_echelon_expectation(echelon, image) ==
            (state->signs[j] ? -1 : 1);
  }
  flint_free(image);
  return fixes;
}

bool symmetry_fixes_state(const symmetry_struct *symmetry,
                          const stabilizer_state_t state) {
  size_t n = symmetry->num_qubits;
  stabilizer_echelon_t echelon;
  stabilizer_echelon_init(echelon, state);
  uint32_t *swap = flint_malloc((n + 1) * sizeof *swap);
  bool fixes = true;
  for (size_t s = 1; s < symmetry->num_perms && fixes; s++)
    fixes = permutation_fixes(symmetry->perms + s * n, n, state, echelon);
  for (size_t j = 0; j < n; j++) swap[j] = (uint32_t)j;
  for (size_t c = 0; c < symmetry->num_big && fixes; c++)
    for (size_t a = symmetry->class_start[c] + 1;
         a < symmetry->class_start[c + 1] && fixes; a++) {
      size_t i = symmetry->members[a - 1], j = symmetry->members[a];
      swap[i] = (uint32_t)j;
      swap[j] = (uint32_t)i;
      fixes = permutation_fixes(swap, n, state, echelon);
      swap[i] = (uint32_t)i;
      swap[j] = (uint32_t)j;
    }
  flint_free(swap);
  stabilizer_echelon_clear(echelon);
  return fixes;
}

static int compare_rows(const void *a, const void *b, void *bytes) {
  return memcmp(a, b, *(size_t *)bytes);
}

/* The interchangeable classes alone are normal: the orbit splits into as many of
   their orbits, all of one size, as p has images in normal form. */
void symmetry_orbit_size(fmpz_t size, const symmetry_struct *symmetry,
                         const uint64_t *p) {
  size_t n = symmetry->num_qubits, w = symmetry->num_words;
  size_t bytes = 2 * w * sizeof(uint64_t), distinct = 1;
  symmetry_struct classes = *symmetry;
  classes.num_perms = 1;
  fmpz_t factor;
  fmpz_init(factor);
  fmpz_one(size);
  for (size_t c = 0; c < symmetry->num_big; c++) {
    size_t count[4] = {0}, at = symmetry->class_start[c];
    for (size_t a = at; a < symmetry->class_start[c + 1]; a++)
      count[pauli_get(p, w, symmetry->members[a])]++;
    size_t left = symmetry->class_start[c + 1] - at;
    for (int l = 0; l < 4; l++) {
      fmpz_bin_uiui(factor, left, count[l]);
      fmpz_mul(size, size, factor);
      left -= count[l];
    }
  }
  if (symmetry->num_perms > 1) {
    uint64_t *rows = flint_malloc((symmetry->num_perms + 3) * (bytes + 8));
    uint64_t *image = rows + symmetry->num_perms * 2 * w, *room = image + 2 * w;
    for (size_t s = 0; s < symmetry->num_perms; s++) {
      permute(image, p, n, w, symmetry->perms + s * n);
      symmetry_canonical(rows + s * 2 * w, &classes, image, room);
    }
    qsort_r(rows, symmetry->num_perms, bytes, compare_rows, &bytes);
    for (size_t s = 1; s < symmetry->num_perms; s++)
      distinct += memcmp(rows + s * 2 * w, rows + (s - 1) * 2 * w, bytes) != 0;
    flint_free(rows);
  }
  fmpz_mul_ui(size, size, distinct);
  fmpz_clear(factor);
}

bool symmetry_average(pauli_sum_struct *out, const symmetry_struct *symmetry,
                      const pauli_sum_struct *a, size_t max_terms) {
  size_t w = a->num_words;
  bool ok = true;
  pauli_sum_t sum;
  fmpq_t c;
  pauli_sum_init(sum, a->num_qubits);
  fmpq_init(c);
  for (size_t t = 0; t < a->length && ok; t++) {
    uint64_t *strings;
    size_t length = symmetry_orbit(&strings, symmetry, pauli_sum_string(a, t),
                                   max_terms);
    ok = length <= max_terms && sum->length + length <= 4 * max_terms;
    fmpq_div_fmpz(c, a->coeffs + t, (fmpz[]){(fmpz)length});
    for (size_t k = 0; k < length && ok; k++)
      pauli_sum_push(sum, c, strings + k * 2 * w);
    if (sum->length > max_terms) pauli_sum_canonicalise(sum);
    flint_free(strings);
  }
  pauli_sum_canonicalise(sum);
  ok = ok && sum->length <= max_terms;
  if (ok) pauli_sum_swap(out, sum);
  pauli_sum_clear(sum);
  fmpq_clear(c);
  return ok;
}

void symmetric_observable(pauli_sum_struct *out,
                          const pauli_sum_struct *const *generators,
                          size_t count, const pauli_sum_struct *observable,
                          const stabilizer_state_t state) {
  size_t n = observable->num_qubits;
  pauli_sum_set(out, observable);
  const pauli_sum_struct **all = flint_malloc((count + 1) * sizeof *all);
  pauli_sum_t stabilizers;
  fmpq_t c;
  pauli_sum_init(stabilizers, n);
  fmpq_init(c);
  for (size_t j = 0; j < count; j++) all[j] = generators[j];
  for (size_t j = 0; j < state->rank; j++) {
    fmpq_set_si(c, state->signs[j] ? -1 : 1, 1);
    pauli_sum_push(stabilizers, c, stabilizer_state_string(state, j));
  }
  pauli_sum_canonicalise(stabilizers);
  all[count] = stabilizers;
  /* First the whole group of the generators, then what fixes a sum that
     determines the state. */
  for (size_t extra = 0; extra < 2; extra++) {
    symmetry_struct symmetry;
    symmetry_init(&symmetry, n, all, count + extra, MAX_PERMUTATIONS);
    bool usable = !symmetry.trivial && symmetry_fixes_state(&symmetry, state);
    if (usable) symmetry_average(out, &symmetry, observable, MAX_TERMS);
    symmetry_clear(&symmetry);
    if (usable) break;
  }
  pauli_sum_clear(stabilizers);
  fmpq_clear(c);
  flint_free(all);
}
