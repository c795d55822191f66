#include "algebra/strings/string_counts.h"

#include <stdlib.h>
#include <string.h>

static int compare_keys(const void *a, const void *b, void *context) {
  const string_keys_struct *keys = context;
  size_t i = *(const size_t *)a, j = *(const size_t *)b;
  int order = memcmp(keys->keys + i * keys->key_words,
                     keys->keys + j * keys->key_words,
                     keys->key_words * sizeof *keys->keys);
  return order ? order : (i > j) - (i < j);
}

void string_keys_init(string_keys_t keys, const string_algebra_t g,
                      const pauli_sum_t observable) {
  size_t length = observable->length;
  commutation_table_t table;
  commutation_table_init_strings(table, g->num_qubits, g->span->rows, g->span->dim);
  keys->observable = observable;
  keys->key_words = commutation_table_words(table);
  keys->keys = flint_calloc(length * keys->key_words + 1, sizeof *keys->keys);
  keys->order = flint_malloc((length + 1) * sizeof *keys->order);
  for (size_t i = 0; i < length; i++) {
    keys->order[i] = i;
    if (keys->key_words)
      commutation_table_query(keys->keys + i * keys->key_words, table,
                              pauli_sum_string(observable, i));
  }
  if (length)
    qsort_r(keys->order, length, sizeof *keys->order, compare_keys, keys);
  commutation_table_clear(table);
}

void string_keys_clear(string_keys_t keys) {
  flint_free(keys->keys);
  flint_free(keys->order);
}

size_t string_keys_end(const string_keys_t keys, size_t first) {
  size_t last = first + 1, words = keys->key_words;
  while (last < keys->observable->length &&
         !memcmp(keys->keys + keys->order[first] * words,
                 keys->keys + keys->order[last] * words,
                 words * sizeof *keys->keys))
    last++;
  return last;
}

static size_t find_section(string_counts_struct *counts,
                           const string_action_t action) {
  size_t n = action->num_active;
  size_t *active = flint_malloc((n + 1) * sizeof *active);
  for (size_t i = 0; i < n; i++) active[i] = action->active[i].component;
  for (size_t i = 0; i < counts->num_sections; i++)
    if (counts->sections[i].num_active == n &&
        !memcmp(counts->sections[i].active, active, n * sizeof *active)) {
      flint_free(active);
      return i;
    }
  counts->sections = flint_realloc(
      counts->sections, (counts->num_sections + 1) * sizeof *counts->sections);
  section_entry_t *entry = counts->sections + counts->num_sections;
  entry->num_active = n;
  entry->active = active;
  entry->section = string_section_new(counts->g, active, n, counts->state);
  return counts->num_sections++;
}

/* The orbit of a term that is not fixed. */
static size_t find_orbit(string_counts_struct *counts, const uint64_t *string) {
  string_action_t action;
  string_action_init(action, counts->g, string);
  if (!action->num_active) {
    string_action_clear(action);
    return SIZE_MAX;
  }
  size_t section = find_section(counts, action);
  string_section_t *s = counts->sections[section].section;
  for (size_t i = 0; s && i < counts->num_orbits; i++)
    if (counts->orbits[i].section == section &&
        string_section_same_orbit(s, counts->orbits[i].action, string)) {
      string_action_clear(action);
      return i;
    }
  if (!(counts->num_orbits & (counts->num_orbits - 1)))
    counts->orbits = flint_realloc(
        counts->orbits, (2 * counts->num_orbits + 1) * sizeof *counts->orbits);
  orbit_entry_t *entry = counts->orbits + counts->num_orbits;
  *entry->action = *action;
  entry->section = section;
  entry->status = STATUS_LIMIT;
  fmpq_init(entry->ratio);
  if (s) {
    fmpz_t size, count;
    fmpz_init(size);
    fmpz_init(count);
    entry->status = string_section_measure(size, count, s, action);
    if (entry->status == STATUS_OK)
      fmpq_set_fmpz_frac(entry->ratio, count, size);
    fmpz_clear(size);
    fmpz_clear(count);
  }
  return counts->num_orbits++;
}

void string_counts_init(string_counts_t counts, const string_algebra_t g,
                        const pauli_sum_t observable,
                        const stabilizer_state_t state) {
  memset(counts, 0, sizeof *counts);
  counts->g = g;
  counts->observable = observable;
  counts->state = state;
  counts->orbit_of =
      flint_malloc((observable->length + 1) * sizeof *counts->orbit_of);
  for (size_t i = 0; i < observable->length; i++)
    counts->orbit_of[i] = find_orbit(counts, pauli_sum_string(observable, i));
}

void string_counts_clear(string_counts_t counts) {
  for (size_t i = 0; i < counts->num_orbits; i++) {
    string_action_clear(counts->orbits[i].action);
    fmpq_clear(counts->orbits[i].ratio);
  }
  for (size_t i = 0; i < counts->num_sections; i++) {
    string_section_free(counts->sections[i].section);
    flint_free(counts->sections[i].active);
  }
  flint_free(counts->orbits);
  flint_free(counts->sections);
  flint_free(counts->orbit_of);
}
