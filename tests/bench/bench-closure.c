/* Times of the exact closure on the families of the benchmark table.
     bench-closure FAMILY N     prints: family n dimension proof seconds
   Families: see the table below. tests/bench/bench-closure.py runs the same
   ones through other packages. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "algebra/closure/closure.h"

typedef struct {
  pauli_sum_struct *list;
  size_t count, n;
} set_struct;

static pauli_sum_struct *new_generator(set_struct *set) {
  set->list = realloc(set->list, (set->count + 1) * sizeof *set->list);
  if (!set->list) abort();
  pauli_sum_init(set->list + set->count, set->n);
  return set->list + set->count++;
}

/* Adds c * word on qubits i, j (j ignored when the word has one letter). */
static void add(pauli_sum_struct *sum, long c, const char *word, size_t i,
                size_t j) {
  size_t w = sum->num_words, at[2] = {i, j};
  uint64_t *p = calloc(2 * w + 1, sizeof *p);
  fmpq_t q;
  if (!p) abort();
  fmpq_init(q);
  fmpq_set_si(q, c, 1);
  for (size_t k = 0; word[k]; k++)
    pauli_set(p, w, at[k], word[k] == 'X' ? 1u : word[k] == 'Y' ? 3u : 2u);
  pauli_sum_push(sum, q, p);
  pauli_sum_canonicalise(sum);
  fmpq_clear(q);
  free(p);
}

static void sum_all(set_struct *set, const char *word) {
  pauli_sum_struct *g = new_generator(set);
  for (size_t i = 0; i < set->n; i++) add(g, 1, word, i, 0);
}

static void sum_bonds(set_struct *set, const char *const *words, size_t from,
                      size_t step, bool ring) {
  pauli_sum_struct *g = new_generator(set);
  for (size_t i = from; i + (ring ? 0 : 1) < set->n; i += step)
    for (size_t k = 0; words[k]; k++) add(g, 1, words[k], i, (i + 1) % set->n);
}

static const char *const ZZ[] = {"ZZ", NULL}, *const XXYY[] = {"XX", "YY", NULL};

static void tfim(set_struct *set) {
  sum_all(set, "X");
  sum_bonds(set, ZZ, 0, 1, true);
}
static void hea(set_struct *set) {
  for (size_t i = 0; i < set->n; i++) {
    add(new_generator(set), 1, "X", i, 0);
    add(new_generator(set), 1, "Y", i, 0);
  }
  sum_bonds(set, ZZ, 0, 1, false);
}
/* h_i = 1..., J_ij: fixed "random" integers 1..64. */
static void spin_glass(set_struct *set) {
  uint64_t seed = 12345;
  pauli_sum_struct *g = new_generator(set);
  for (size_t i = 0; i < set->n; i++) {
    for (size_t j = i; j < set->n; j++) {
      seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
      long c = (long)(seed >> 33) % 64 + 1;
      if (i == j) add(g, c, "Z", i, 0);
      else add(g, c, "ZZ", i, j);
    }
  }
  sum_all(set, "X");
}
static void xxz(set_struct *set) {
  sum_bonds(set, XXYY, 0, 2, false);
  sum_bonds(set, XXYY, 1, 2, false);
  sum_bonds(set, ZZ, 0, 2, false);
  sum_bonds(set, ZZ, 1, 2, false);
}
static void equivariant(set_struct *set) {
  sum_all(set, "X");
  sum_all(set, "Y");
  pauli_sum_struct *g = new_generator(set);
  for (size_t i = 0; i < set->n; i++)
    for (size_t j = i + 1; j < set->n; j++) add(g, 1, "ZZ", i, j);
}

int main(int argc, char **argv) {
  static const struct {
    const char *name;
    void (*make)(set_struct *);
  } families[] = {{"tfim", tfim}, {"hea", hea}, {"spinglass", spin_glass},
                  {"xxz", xxz}, {"sn", equivariant}};
  static const char *const proofs[] = {"unproved", "fills", "checked"};
  if (argc != 3) return 2;
  for (size_t k = 0; k < sizeof families / sizeof *families; k++) {
    if (strcmp(argv[1], families[k].name) != 0) continue;
    set_struct set = {.n = (size_t)atol(argv[2])};
    families[k].make(&set);
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    closure_t closure;
    closure_init(closure, set.n);
    closure_compute(closure, set.list, set.count, NULL);
    clock_gettime(CLOCK_MONOTONIC, &b);
    printf("%s %zu %zu %s %.4f orbits %zu symmetries %zu\n", argv[1], set.n,
           closure->dimension, proofs[closure->proof],
           (double)(b.tv_sec - a.tv_sec) + 1e-9 * (double)(b.tv_nsec - a.tv_nsec),
           closure->num_orbits, closure->num_symmetries);
    closure_clear(closure);
    for (size_t g = 0; g < set.count; g++) pauli_sum_clear(set.list + g);
    free(set.list);
    return 0;
  }
  return 2;
}
