#include "liescape/string_moments.h"

#include <assert.h>
#include <stdlib.h>

/* What is computed once per distinct set of active components. */
typedef struct {
  size_t num_active;
  size_t *active;
  string_section_t *section; /* NULL: too large */
} section_entry_t;

/* What is computed once per orbit that O meets. */
typedef struct {
  string_action_t action;
  size_t section;
  status_t status;
  fmpq_t ratio; /* N / |C| */
} orbit_entry_t;

typedef struct {
  const string_algebra_struct *g;
  const pauli_sum_struct *observable;
  const stabilizer_state_struct *state;
  stabilizer_echelon_t echelon;
  size_t num_sections;
  section_entry_t *sections;
  size_t num_orbits;
  orbit_entry_t *orbits;
  size_t *orbit_of; /* per term; SIZE_MAX: fixed */
  /* terms sorted by their commutation with V: only terms with the same can
     differ by a string that commutes with all generators */
  size_t key_words;
  uint64_t *keys;
  size_t *order;
} work_t;

static int compare_keys(const void *a, const void *b, void *context) {
  const work_t *work = context;
  size_t i = *(const size_t *)a, j = *(const size_t *)b;
  int order = memcmp(work->keys + i * work->key_words,
                     work->keys + j * work->key_words,
                     work->key_words * sizeof *work->keys);
  return order ? order : (i > j) - (i < j);
}

static void sort_terms(work_t *work) {
  const string_algebra_struct *g = work->g;
  size_t length = work->observable->length;
  commutation_table_t table;
  commutation_table_init(table, g->num_qubits);
  for (size_t i = 0; i < g->span->dim; i++)
    commutation_table_append(table, f2_span_row(g->span, i));
  work->key_words = commutation_table_words(table);
  work->keys =
      flint_calloc(length * work->key_words + 1, sizeof *work->keys);
  work->order = flint_malloc((length + 1) * sizeof *work->order);
  for (size_t i = 0; i < length; i++) {
    work->order[i] = i;
    if (work->key_words)
      commutation_table_query(work->keys + i * work->key_words, table,
                              pauli_sum_string(work->observable, i));
  }
  qsort_r(work->order, length, sizeof *work->order, compare_keys, work);
  commutation_table_clear(table);
}

static size_t find_section(work_t *work, const string_action_t action) {
  size_t n = action->num_active;
  size_t *active = flint_malloc((n + 1) * sizeof *active);
  for (size_t i = 0; i < n; i++) active[i] = action->active[i].component;
  for (size_t i = 0; i < work->num_sections; i++)
    if (work->sections[i].num_active == n &&
        !memcmp(work->sections[i].active, active, n * sizeof *active)) {
      flint_free(active);
      return i;
    }
  work->sections = flint_realloc(
      work->sections, (work->num_sections + 1) * sizeof *work->sections);
  section_entry_t *entry = work->sections + work->num_sections;
  entry->num_active = n;
  entry->active = active;
  entry->section = string_section_new(work->g, active, n, work->state);
  return work->num_sections++;
}

/* The orbit of a term that is not fixed. */
static size_t find_orbit(work_t *work, const uint64_t *string) {
  string_action_t action;
  string_action_init(action, work->g, string);
  if (!action->num_active) {
    string_action_clear(action);
    return SIZE_MAX;
  }
  size_t section = find_section(work, action);
  const string_section_t *s = work->sections[section].section;
  for (size_t i = 0; s && i < work->num_orbits; i++)
    if (work->orbits[i].section == section &&
        string_section_same_orbit(s, work->orbits[i].action, string)) {
      string_action_clear(action);
      return i;
    }
  if (!(work->num_orbits & (work->num_orbits - 1)))
    work->orbits = flint_realloc(
        work->orbits, (2 * work->num_orbits + 1) * sizeof *work->orbits);
  orbit_entry_t *entry = work->orbits + work->num_orbits;
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
  return work->num_orbits++;
}

/* weight = sum over the terms P' with P L = phi P' of o_P o_P' phi rho_L. */
static void term_weight(fmpq_t weight, work_t *work, size_t first, size_t last,
                        size_t term, uint64_t *row) {
  const pauli_sum_struct *o = work->observable;
  size_t w = o->num_words;
  const uint64_t *p = pauli_sum_string(o, term);
  fmpq_mul(weight, o->coeffs + term, o->coeffs + term);
  for (size_t i = first; i < last; i++) {
    size_t other = work->order[i];
    if (other == term) continue;
    const uint64_t *q = pauli_sum_string(o, other);
    /* P L = phi Q with L = [P + Q]; rho_L = 0 unless P, Q commute, else P and
       L would have to be in the stabilizer group together */
    if (pauli_anticommute(p, q, w)) continue;
    pauli_xor(row, p, q, w);
    int value = stabilizer_echelon_expectation(work->echelon, row);
    if (!value) continue;
    if (pauli_mul(row, p, row, w) == 2) value = -value;
    if (value > 0)
      fmpq_addmul(weight, o->coeffs + term, o->coeffs + other);
    else
      fmpq_submul(weight, o->coeffs + term, o->coeffs + other);
  }
}

static void work_init(work_t *work, const string_algebra_t g,
                      const pauli_sum_t observable,
                      const stabilizer_state_t state) {
  memset(work, 0, sizeof *work);
  work->g = g;
  work->observable = observable;
  work->state = state;
  stabilizer_echelon_init(work->echelon, state);
  sort_terms(work);
  work->orbit_of =
      flint_malloc((observable->length + 1) * sizeof *work->orbit_of);
  for (size_t i = 0; i < observable->length; i++)
    work->orbit_of[i] = find_orbit(work, pauli_sum_string(observable, i));
}

static void work_clear(work_t *work) {
  for (size_t i = 0; i < work->num_orbits; i++) {
    string_action_clear(work->orbits[i].action);
    fmpq_clear(work->orbits[i].ratio);
  }
  for (size_t i = 0; i < work->num_sections; i++) {
    string_section_free(work->sections[i].section);
    flint_free(work->sections[i].active);
  }
  flint_free(work->orbits);
  flint_free(work->sections);
  flint_free(work->orbit_of);
  flint_free(work->keys);
  flint_free(work->order);
  stabilizer_echelon_clear(work->echelon);
}

static void add_fixed(string_moments_t moments, work_t *work, size_t term) {
  const pauli_sum_struct *o = work->observable;
  int value = stabilizer_echelon_expectation(work->echelon,
                                             pauli_sum_string(o, term));
  if (value > 0)
    fmpq_add(moments->mean, moments->mean, o->coeffs + term);
  else if (value < 0)
    fmpq_sub(moments->mean, moments->mean, o->coeffs + term);
}

/* Adds the share of one term; false when its orbit could not be counted. */
static bool add_moving(string_moments_t moments, const orbit_entry_t *orbit,
                       const fmpq_t weight) {
  if (fmpq_is_zero(weight)) return true;
  if (orbit->status != STATUS_OK) return false;
  fmpq_t share;
  fmpq_init(share);
  fmpq_mul(share, weight, orbit->ratio);
  fmpq_add(moments->variance, moments->variance, share);
  for (size_t i = 0; i < orbit->action->num_active; i++)
    fmpq_addmul(moments->gradient + orbit->action->active[i].component, share,
                orbit->action->active[i].anticommuting);
  fmpq_clear(share);
  return true;
}

void string_moments_init(string_moments_t moments, const string_algebra_t g,
                         const pauli_sum_t observable,
                         const stabilizer_state_t state) {
  work_t work;
  fmpq_init(moments->mean);
  fmpq_init(moments->variance);
  moments->variance_known = true;
  moments->reason = NULL;
  moments->num_components = g->num_components;
  moments->gradient =
      flint_calloc(g->num_components + 1, sizeof *moments->gradient);
  for (size_t i = 0; i < g->num_components; i++)
    fmpq_init(moments->gradient + i);
  work_init(&work, g, observable, state);
  fmpq_t weight;
  fmpq_init(weight);
  uint64_t *row = flint_malloc(2 * g->num_words * sizeof *row);
  size_t length = observable->length, first = 0;
  while (first < length) {
    size_t last = first + 1;
    while (last < length &&
           !memcmp(work.keys + work.order[first] * work.key_words,
                   work.keys + work.order[last] * work.key_words,
                   work.key_words * sizeof *work.keys))
      last++;
    for (size_t i = first; i < last; i++) {
      size_t term = work.order[i], orbit = work.orbit_of[term];
      if (orbit == SIZE_MAX) {
        add_fixed(moments, &work, term);
        continue;
      }
      term_weight(weight, &work, first, last, term, row);
      if (!add_moving(moments, work.orbits + orbit, weight))
        moments->variance_known = false;
    }
    first = last;
  }
  if (!moments->variance_known)
    moments->reason =
        strdup("counting the stabilizer strings in an orbit of the observable "
               "takes an enumeration that is too large");
  fmpq_clear(weight);
  flint_free(row);
  work_clear(&work);
}

void string_moments_clear(string_moments_t moments) {
  for (size_t i = 0; i < moments->num_components; i++)
    fmpq_clear(moments->gradient + i);
  flint_free(moments->gradient);
  fmpq_clear(moments->mean);
  fmpq_clear(moments->variance);
  free(moments->reason);
}
