/* Gates of a shared parameter brought together, see circuit_gates.h. */
#include <string.h>

#include "algebra/base/row_table.h"
#include "algebra/generators/circuit_gates.h"

/* A sequence in the making. What was merged leaves holes, items without atoms, behind
   the last item of its span: nothing outside the span is touched. */
typedef struct {
  const gates_t *gates;
  sequence_t *seq;
  size_t *first, *last;           /* items of each parameter */
  size_t *atom_start, *atoms;     /* atoms of each parameter */
} merger_t;

static bool atoms_commute(const gates_t *gates, const item_t *a,
                          const item_t *b) {
  for (size_t i = 0; i < a->num_atoms; i++)
    for (size_t j = 0; j < b->num_atoms; j++)
      if (pauli_anticommute(gates->atoms[a->atoms[i]].string,
                            gates->atoms[b->atoms[j]].string,
                            gates->num_words))
        return false;
  return true;
}

static bool items_commute(const gates_t *gates, const item_t *a,
                          const item_t *b) {
  if (atoms_commute(gates, a, b)) return true;
  if (a->num_atoms == 1 && b->num_atoms == 1) return false;
  /* sums may commute where their terms do not */
  pauli_sum_t x, y;
  pauli_sum_init(x, gates->ansatz->num_qubits);
  pauli_sum_init(y, gates->ansatz->num_qubits);
  item_sum(x, gates, a);
  item_sum(y, gates, b);
  bool commute = pauli_sum_commute(x, y);
  pauli_sum_clear(x);
  pauli_sum_clear(y);
  return commute;
}

/* May the atoms of the parameter be one exponential at all? Strings that were there
   need no second look. */
static bool atoms_fit(const merger_t *m, size_t parameter) {
  const size_t *atoms = m->atoms + m->atom_start[parameter];
  size_t count = m->atom_start[parameter + 1] - m->atom_start[parameter];
  size_t w = m->gates->num_words;
  row_table_t met;
  bool fit = true;
  row_table_init(met, 2 * w);
  for (size_t i = 0; i < count && fit; i++) {
    const atom_t *atom = m->gates->atoms + atoms[i];
    bool is_new;
    fit = atom->times_pi == m->gates->atoms[atoms[0]].times_pi;
    row_table_add(met, atom->string, &is_new);
    for (size_t j = 0; is_new && j + 1 < met->length && fit; j++)
      fit = !pauli_anticommute(atom->string, row_table_row(met, j), w);
  }
  row_table_clear(met);
  return fit;
}

/* Items of other parameters between the first and the last of this one; "late" ones
   stay behind one of it. */
typedef struct {
  item_t *mine, *late, *early;
  size_t num_mine, num_late, num_early;
} span_t;

static bool blocked_by(const merger_t *m, const item_t *item, const item_t *list,
                       size_t count) {
  for (size_t j = 0; j < count; j++)
    if (!items_commute(m->gates, item, list + j)) return true;
  return false;
}

/* False when an item of the parameter must itself stay behind a late one. */
static bool span_sort(span_t *span, const merger_t *m, size_t parameter) {
  for (size_t i = m->first[parameter]; i <= m->last[parameter]; i++) {
    const item_t *item = m->seq->items + i;
    if (!item->num_atoms) continue;
    bool blocked = blocked_by(m, item, span->late, span->num_late);
    if (item->parameter == parameter) {
      if (blocked) return false;
      span->mine[span->num_mine++] = *item;
    } else if (blocked || blocked_by(m, item, span->mine, span->num_mine)) {
      span->late[span->num_late++] = *item;
    } else {
      span->early[span->num_early++] = *item;
    }
  }
  return true;
}

/* The items from first to last were put in another order. */
static void note_places(merger_t *m, size_t first, size_t last) {
  const item_t *items = m->seq->items;
  for (size_t i = first; i <= last; i++) {
    size_t p = items[i].parameter;
    if (!items[i].num_atoms || p == ATOM_FIXED) continue;
    if (m->first[p] >= first) m->first[p] = SIZE_MAX;
  }
  for (size_t i = first; i <= last; i++) {
    size_t p = items[i].parameter;
    if (!items[i].num_atoms || p == ATOM_FIXED) continue;
    if (m->first[p] == SIZE_MAX) m->first[p] = i;
    if (m->last[p] <= last) m->last[p] = i;
  }
}

static void span_put_back(merger_t *m, const span_t *span, size_t parameter) {
  size_t first = m->first[parameter], last = m->last[parameter];
  item_t *at = m->seq->items + first;
  item_t merged = {.parameter = parameter};
  merged.atoms = flint_malloc(span->num_mine * sizeof *merged.atoms);
  for (size_t j = 0; j < span->num_mine; j++) {
    merged.atoms[merged.num_atoms++] = span->mine[j].atoms[0];
    flint_free(span->mine[j].atoms);
  }
  memcpy(at, span->early, span->num_early * sizeof *at);
  at += span->num_early;
  *at++ = merged;
  memcpy(at, span->late, span->num_late * sizeof *at);
  at += span->num_late;
  while (at <= m->seq->items + last) *at++ = (item_t){.parameter = ATOM_FIXED};
  note_places(m, first, last);
}

static bool merge_parameter(merger_t *m, size_t parameter) {
  if (!atoms_fit(m, parameter)) return false;
  size_t length = m->last[parameter] - m->first[parameter] + 1;
  item_t *lists = flint_malloc(3 * length * sizeof *lists);
  span_t span = {.mine = lists, .late = lists + length, .early = lists + 2 * length};
  bool possible = span_sort(&span, m, parameter);
  if (possible) span_put_back(m, &span, parameter);
  flint_free(lists);
  return possible;
}

void sequence_clear(sequence_t *seq) {
  for (size_t i = 0; i < seq->num_items; i++) flint_free(seq->items[i].atoms);
  flint_free(seq->items);
}

static void merger_init(merger_t *m, sequence_t *seq, const gates_t *gates) {
  size_t p = gates->ansatz->num_parameters, n = gates->num_atoms;
  *m = (merger_t){.gates = gates, .seq = seq};
  m->first = flint_malloc((p + 1) * sizeof *m->first);
  m->last = flint_malloc((p + 1) * sizeof *m->last);
  m->atom_start = flint_calloc(p + 1, sizeof *m->atom_start);
  m->atoms = flint_malloc((n + 1) * sizeof *m->atoms);
  for (size_t k = 0; k < p; k++)
    m->atom_start[k + 1] = m->atom_start[k] + gates->num_of_parameter[k];
  /* last[] counts the atoms met, until it is the last of them */
  memset(m->last, 0, (p + 1) * sizeof *m->last);
  for (size_t i = 0; i < n; i++) {
    size_t k = gates->atoms[i].parameter;
    if (k == ATOM_FIXED) continue;
    if (!m->last[k]) m->first[k] = i;
    m->atoms[m->atom_start[k] + m->last[k]++] = i;
  }
  for (size_t k = 0; k < p; k++)
    if (m->last[k]) m->last[k] = m->atoms[m->atom_start[k + 1] - 1];
}

static void merger_clear(merger_t *m) {
  flint_free(m->first);
  flint_free(m->last);
  flint_free(m->atom_start);
  flint_free(m->atoms);
}

void sequence_init_merged(sequence_t *seq, gates_t *gates) {
  merger_t m;
  size_t kept = 0;
  seq->num_items = gates->num_atoms;
  seq->items = flint_malloc((gates->num_atoms + 1) * sizeof *seq->items);
  for (size_t i = 0; i < gates->num_atoms; i++) {
    size_t *atoms = flint_malloc(sizeof *atoms);
    *atoms = i;
    seq->items[i] = (item_t){1, atoms, gates->atoms[i].parameter};
  }
  merger_init(&m, seq, gates);
  for (size_t p = 0; p < gates->ansatz->num_parameters; p++)
    if (gates->num_of_parameter[p] > 1 && !gates->split[p] && !merge_parameter(&m, p))
      gates->split[p] = true;
  merger_clear(&m);
  for (size_t i = 0; i < seq->num_items; i++)
    if (seq->items[i].num_atoms) seq->items[kept++] = seq->items[i];
  seq->num_items = kept;
}
