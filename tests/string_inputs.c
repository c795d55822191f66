#include "tests/string_inputs.h"

#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

static void fill_expectations(test_state_t *s) {
  int n = s->num_qubits;
  size_t total = (size_t)1 << (2 * n);
  s->expectation = calloc(total, 1);
  for (unsigned subset = 0; subset < 1u << s->rank; subset++) {
    unsigned p = 0, e = 0;
    for (int j = 0; j < s->rank; j++)
      if (subset >> j & 1) {
        e += ref_mul_phase(n, p, s->strings[j]) + (s->negative[j] ? 2 : 0);
        p ^= s->strings[j];
      }
    s->expectation[p] = e % 4 ? -1 : 1;
  }
}

/* Applies p -> p + omega(p,t) t to all. */
static void transvect(test_state_t *s, unsigned t) {
  for (int j = 0; j < s->num_qubits; j++)
    if (ref_anticommute(s->num_qubits, s->strings[j], t)) s->strings[j] ^= t;
}

static bool is_symmetry(int n, unsigned p, const unsigned *generators,
                        size_t count) {
  for (size_t i = 0; i < count; i++)
    if (ref_anticommute(n, p, generators[i])) return false;
  return true;
}

/* Makes the first stabilizer a string that commutes with the generators. */
static void add_symmetry(test_state_t *s, const unsigned *generators,
                         size_t count) {
  size_t total = (size_t)1 << (2 * s->num_qubits);
  unsigned l = (unsigned)tap_random_below(total);
  for (size_t tries = 0; tries < total; tries++, l = (l + 1) % (unsigned)total)
    if (l && is_symmetry(s->num_qubits, l, generators, count)) break;
  if (!l || !is_symmetry(s->num_qubits, l, generators, count)) return;
  while (s->strings[0] != l)
    if (ref_anticommute(s->num_qubits, s->strings[0], l))
      transvect(s, s->strings[0] ^ l);
    else
      transvect(s, (unsigned)tap_random_below(total));
}

void test_state_init_random(test_state_t *s, int n, const unsigned *generators,
                            size_t count) {
  memset(s, 0, sizeof *s);
  s->num_qubits = n;
  s->rank = n;
  size_t kind = tap_random_below(6);
  for (int j = 0; j < n; j++) {
    s->strings[j] = 1u << (n + j); /* zero */
    if (kind == 1 && j) s->strings[j] |= 1u << (n + j - 1); /* ghz */
  }
  if (kind == 1) s->strings[0] = (1u << n) - 1;
  if (kind >= 2) {
    for (int j = 0; j < n; j++) s->negative[j] = tap_random_below(2);
    for (int step = 0; step < (kind == 2 ? 1 : 3 * n); step++)
      transvect(s, (unsigned)tap_random_below((size_t)1 << (2 * n)));
    if (tap_random_below(2)) add_symmetry(s, generators, count);
  }
  if (kind >= 4) s->rank = (int)tap_random_below((size_t)n + 1);
  fill_expectations(s);
}

void test_state_clear(test_state_t *s) { free(s->expectation); }

void test_state_export(stabilizer_state_t state, const test_state_t *s) {
  stabilizer_state_init(state, (size_t)s->num_qubits);
  for (int j = 0; j < s->rank; j++) {
    uint64_t row[2] = {s->strings[j] & ((1u << s->num_qubits) - 1),
                       s->strings[j] >> s->num_qubits};
    if (stabilizer_state_add(state, row, s->negative[j]) != STATUS_OK) abort();
  }
}

static unsigned random_stabilizer(const test_state_t *s) {
  unsigned p = 0;
  for (int j = 0; j < s->rank; j++)
    if (tap_random_below(2)) p ^= s->strings[j];
  return p;
}

/* A random string that commutes with all generators; if possible, and mostly,
   one of the stabilizer group, or it adds nothing to a variance. */
static unsigned random_symmetry(int n, const test_state_t *s,
                                const unsigned *generators, size_t count) {
  for (int tries = 0; tries < 2000; tries++) {
    unsigned l = (unsigned)tap_random_below((size_t)1 << (2 * n));
    if (tries < 200) l = random_stabilizer(s);
    if (!l && tries < 1000) continue;
    if (is_symmetry(n, l, generators, count)) return l;
  }
  return 0;
}

/* A generator moved about by others: an element of the algebra. */
static unsigned random_element(int n, const unsigned *generators,
                               size_t count) {
  unsigned p = generators[tap_random_below(count)];
  for (size_t step = tap_random_below(8); step > 0; step--) {
    unsigned g = generators[tap_random_below(count)];
    if (ref_anticommute(n, p, g)) p ^= g;
  }
  return p;
}

/* A product of two commuting elements: an observable of Jordan type where the
   algebra is real or quaternionic. */
static unsigned random_product(int n, const unsigned *generators,
                               size_t count) {
  unsigned a = random_element(n, generators, count);
  for (int tries = 0; tries < 50; tries++) {
    unsigned b = random_element(n, generators, count);
    if (a != b && !ref_anticommute(n, a, b)) return a ^ b;
  }
  return a;
}

void test_sum_random(test_sum_t *sum, const test_state_t *state,
                     const unsigned *generators, size_t count) {
  int n = sum->num_qubits = state->num_qubits;
  int wanted = 1 + (int)tap_random_below(6);
  sum->num_terms = 0;
  bool jordan = tap_random_below(3) == 0;
  for (int i = 0; i < wanted; i++) {
    unsigned p = (unsigned)tap_random_below((size_t)1 << (2 * n));
    switch (tap_random_below(4)) {
      case 0: break;
      case 1: p = random_stabilizer(state); break;
      default:
        if (sum->num_terms)
          p = sum->strings[tap_random_below((size_t)sum->num_terms)];
    }
    if (jordan)
      p = random_product(n, generators, count);
    else if (tap_random_below(2))
      p ^= random_symmetry(n, state, generators, count);
    for (size_t step = tap_random_below(8); step > 0 && count; step--) {
      unsigned g = generators[tap_random_below(count)];
      if (ref_anticommute(n, p, g)) p ^= g;
    }
    bool fresh = true;
    for (int j = 0; j < sum->num_terms; j++)
      if (sum->strings[j] == p) fresh = false;
    if (!fresh) continue;
    sum->strings[sum->num_terms] = p;
    sum->num[sum->num_terms] = (long)tap_random_below(9) - 4;
    if (!sum->num[sum->num_terms]) sum->num[sum->num_terms] = 1;
    sum->den[sum->num_terms] = 1 + (long)tap_random_below(3);
    sum->num_terms++;
  }
}

void test_sum_export(pauli_sum_t out, const test_sum_t *sum) {
  fmpq_t c;
  fmpq_init(c);
  pauli_sum_init(out, (size_t)sum->num_qubits);
  for (int i = 0; i < sum->num_terms; i++) {
    uint64_t row[2] = {sum->strings[i] & ((1u << sum->num_qubits) - 1),
                       sum->strings[i] >> sum->num_qubits};
    fmpq_set_si(c, sum->num[i], (ulong)sum->den[i]);
    pauli_sum_push(out, c, row);
  }
  pauli_sum_canonicalise(out);
  fmpq_clear(c);
}

void test_print_inputs(const test_sum_t *sum, const test_state_t *state,
                       const unsigned *generators, size_t count) {
  pauli_sum_t exported;
  char line[256];
  int n = state->num_qubits, at = 0;
  ref_print_ops(n, generators, count);
  test_sum_export(exported, sum);
  char *text = pauli_sum_get_str(exported);
  tap_diag("observable %s", text);
  free(text);
  pauli_sum_clear(exported);
  for (int j = 0; j < state->rank; j++) {
    line[at++] = ' ';
    line[at++] = state->negative[j] ? '-' : '+';
    for (int q = 0; q < n; q++)
      line[at++] = "IXZY"[(state->strings[j] >> q & 1) |
                          (state->strings[j] >> (n + q) & 1) << 1];
  }
  line[at] = 0;
  tap_diag("state %s%s", state->rank ? "stabilizer" : "mixed", line);
}
