#include "tests/symmetric_inputs.h"

#include "tests/tap.h"


pauli_sum_struct *symmetric_set_add(symmetric_set_struct *set) {
  pauli_sum_init(set->list + set->count, set->n);
  return set->list + set->count++;
}

void symmetric_set_clear(symmetric_set_struct *set) {
  for (size_t k = 0; k < set->count; k++) pauli_sum_clear(set->list + k);
}

static void push(pauli_sum_struct *sum, const uint64_t p[2], slong c) {
  fmpq_t q;
  fmpq_init(q);
  fmpq_set_si(q, c, 1);
  pauli_sum_push(sum, q, p);
  pauli_sum_canonicalise(sum);
  fmpq_clear(q);
}

void symmetric_push(pauli_sum_struct *sum, const char *word, size_t i, size_t j,
                slong c) {
  uint64_t p[8] = {0};
  for (size_t k = 0; word[k]; k++)
    pauli_set(p, sum->num_words, k ? j : i, word[k] == 'X' ? 1 : word[k] == 'Y' ? 3 : 2);
  push(sum, p, c);
}

void symmetric_push_excitation(pauli_sum_struct *sum, const size_t *up,
                               const size_t *down, size_t count) {
  for (size_t choice = 0; choice < (size_t)1 << (2 * count); choice++) {
    uint64_t p[2] = {0}, q[2];
    unsigned e = 0; /* T has the term i^e p */
    for (size_t k = 0; k < 2 * count; k++) {
      size_t mode = k < count ? up[k] : down[k - count];
      bool y = choice >> k & 1;
      q[0] = UINT64_C(1) << mode;
      q[1] = q[0] - 1 + (y ? q[0] : 0);
      e += pauli_mul(p, p, q, 1) + (y ? (k < count ? 3 : 1) : 0);
    }
    if (e & 1) push(sum, p, (e & 3) == 1 ? -1 : 1); /* i (i^e - conjugate) / 2 */
  }
}

static void random_modes(size_t *out, size_t count, size_t n) {
  for (size_t k = 0; k < count; k++) {
    bool again = true;
    while (again) {
      out[k] = tap_random_below(n);
      again = false;
      for (size_t l = 0; l < k; l++) again = again || out[l] == out[k];
    }
  }
}

void symmetric_set_excitations(symmetric_set_struct *set, size_t most) {
  *set = (symmetric_set_struct){.n = 3 + tap_random_below(most - 2)};
  size_t generators = 1 + tap_random_below(5);
  while (set->count < generators) {
    pauli_sum_struct *sum = symmetric_set_add(set);
    for (size_t t = tap_random_below(3) == 0 ? 2 : 1; t > 0; t--) {
      size_t modes[4], count = set->n > 3 && tap_random_below(2) ? 2 : 1;
      random_modes(modes, 2 * count, set->n);
      symmetric_push_excitation(sum, modes, modes + count, count);
    }
    if (!pauli_sum_is_zero(sum)) continue;
    pauli_sum_clear(sum);
    set->count--;
  }
}

void symmetric_set_transposed(symmetric_set_struct *set, size_t most) {
  *set = (symmetric_set_struct){.n = 3 + tap_random_below(most - 2)};
  size_t spectators = set->n - 3 + (tap_random_below(3) == 0 ? 1 : 0);
  size_t all = (size_t)1 << set->n, used = all >> spectators;
  uint64_t c[2] = {tap_random_below(all), tap_random_below(all)};
  size_t generators = 2 + tap_random_below(3);
  while (set->count < generators) {
    pauli_sum_struct *sum = symmetric_set_add(set);
    for (size_t t = 1 + tap_random_below(3); t > 0; t--) {
      uint64_t p[2] = {tap_random_below(used), tap_random_below(used)};
      bool odd = __builtin_parityll(p[0] & p[1]) ^ pauli_anticommute(c, p, 1);
      if (odd) push(sum, p, (slong)tap_random_below(3) + 1);
    }
    if (!pauli_sum_is_zero(sum)) continue;
    pauli_sum_clear(sum);
    set->count--;
  }
}

/* A sum over the translations by `step`, or over all pairs. */
static void add_orbit(pauli_sum_struct *sum, size_t n, size_t step, bool ring) {
  static const char *const words[] = {"X", "Z", "XX", "ZZ", "YY", "XY", "XZ", "Y"};
  const char *word = words[tap_random_below(8)];
  size_t gap = 1 + tap_random_below(n > 2 ? 2 : 1);
  slong c = (slong)tap_random_below(5) - 2;
  if (!c) c = 3;
  for (size_t i = 0; i < n; i += step) {
    if (word[1] && !ring && i + gap >= n) continue;
    if (word[1] && (i + gap) % n == i) continue;
    symmetric_push(sum, word, i, (i + gap) % n, c);
    if (word[1] && word[0] == 'X' && word[1] == 'X' && tap_random_below(2))
      symmetric_push(sum, "YY", i, (i + gap) % n, c);
  }
}

void symmetric_set_random(symmetric_set_struct *set, size_t most) {
  *set = (symmetric_set_struct){.n = 2 + tap_random_below(most - 1)};
  size_t count = 1 + tap_random_below(3), kind = tap_random_below(3);
  if (kind == 2) { /* bonds, and fields */
    for (size_t i = 0; i + 1 < set->n; i++) {
      pauli_sum_struct *bond = symmetric_set_add(set);
      symmetric_push(bond, "XX", i, i + 1, 1);
      symmetric_push(bond, "YY", i, i + 1, 1);
      if (count == 3) symmetric_push(bond, "ZZ", i, i + 1, 1);
      if (count == 2) symmetric_push(symmetric_set_add(set), "Z", i, 0, 1);
    }
    return;
  }
  while (set->count < count + 1) {
    pauli_sum_struct *sum = symmetric_set_add(set);
    size_t terms = 1 + tap_random_below(2);
    for (size_t t = 0; t < terms; t++)
      add_orbit(sum, set->n, kind && set->n % 2 == 0 ? 2 : 1,
                tap_random_below(4) > 0);
    if (pauli_sum_is_zero(sum)) {
      pauli_sum_clear(sum);
      set->count--;
    }
  }
}

void symmetric_set_hubbard(symmetric_set_struct *set, size_t sites) {
  *set = (symmetric_set_struct){.n = 2 * sites};
  pauli_sum_struct *hop = symmetric_set_add(set), *pairs = symmetric_set_add(set);
  for (size_t i = 0; i < 2 * sites; i++) {
    symmetric_push(pairs, "Z", i, 0, -1);
    if (i < sites) symmetric_push(pairs, "ZZ", i, i + sites, 1);
    if (i % sites + 1 == sites) continue;
    symmetric_push(hop, "XX", i, i + 1, 1);
    symmetric_push(hop, "YY", i, i + 1, 1);
  }
}
