#include "algebra/analysis/suggest_changes.h"

#include <stdlib.h>
#include <string.h>

#include "algebra/base/row_table.h"

enum { MAX_PAIRED = 24 };

static int compare_generators(const void *a, const void *b) {
  const pauli_sum_struct *x = *(const pauli_sum_struct *const *)a;
  const pauli_sum_struct *y = *(const pauli_sum_struct *const *)b;
  return pauli_cmp(x->strings, y->strings, x->num_words);
}

/* Adds the string with these letters unless it is a generator. */
static void list_string(suggest_changes_struct *c, const row_table_t generators,
                        size_t i, unsigned a, size_t j, unsigned b) {
  size_t w = c->width / 2, bytes = c->width * sizeof *c->added;
  uint64_t *row = flint_calloc(c->width + 1, sizeof *row);
  pauli_set(row, w, i, a);
  if (b) pauli_set(row, w, j, b);
  if (row_table_find(generators, row) == SIZE_MAX) {
    if (!(c->num_added & (c->num_added - 1)))
      c->added = flint_realloc(c->added, (2 * c->num_added + 1) * bytes);
    memcpy(c->added + c->num_added++ * c->width, row, bytes);
  }
  flint_free(row);
}

typedef struct {
  size_t i, j; /* i < j */
} edge_t;

static int compare_edges(const void *a, const void *b) {
  const edge_t *x = a, *y = b;
  if (x->i != y->i) return x->i < y->i ? -1 : 1;
  return (x->j > y->j) - (x->j < y->j);
}

/* Pairs of qubits that occur together in a generator of weight 2, else pairs
   of consecutive ones; each once. */
static edge_t *list_edges(size_t *count, const suggest_changes_struct *c) {
  size_t n = c->num_qubits, m = c->num_generators;
  edge_t *edges = flint_malloc((m + n + 1) * sizeof *edges);
  size_t found = 0;
  for (size_t k = 0; k < m; k++) {
    size_t qubits[2], weight = 0;
    for (size_t q = 0; q < n && weight < 3; q++)
      if (pauli_get(pauli_sum_string(c->generators[k], 0), c->width / 2, q)) {
        if (weight < 2) qubits[weight] = q;
        weight++;
      }
    if (weight == 2) edges[found++] = (edge_t){qubits[0], qubits[1]};
  }
  if (found == 0)
    for (size_t q = 0; q + 1 < n; q++) edges[found++] = (edge_t){q, q + 1};
  if (found) qsort(edges, found, sizeof *edges, compare_edges);
  *count = 0;
  for (size_t k = 0; k < found; k++)
    if (k == 0 || compare_edges(edges + k, edges + *count - 1))
      edges[(*count)++] = edges[k];
  return edges;
}

static void list_added(suggest_changes_struct *c) {
  size_t count;
  edge_t *edges = list_edges(&count, c);
  row_table_t generators;
  row_table_init(generators, c->width);
  for (size_t j = 0; j < c->num_generators; j++)
    row_table_add(generators, pauli_sum_string(c->generators[j], 0), NULL);
  for (size_t q = 0; q < c->num_qubits; q++)
    for (unsigned a = 1; a <= 3; a++) list_string(c, generators, q, a, q, 0);
  for (size_t k = 0; k < count; k++)
    for (unsigned a = 1; a <= 3; a++)
      for (unsigned b = 1; b <= 3; b++)
        list_string(c, generators, edges[k].i, a, edges[k].j, b);
  row_table_clear(generators);
  flint_free(edges);
}

static void list_changes(suggest_changes_struct *c) {
  size_t m = c->num_generators;
  size_t pairs = m <= MAX_PAIRED ? m * (m - 1) / 2 : 0;
  c->list = flint_malloc((m + c->num_added + pairs + 1) * sizeof *c->list);
  suggest_change_t *out = c->list;
  for (size_t i = 0; i < m && m > 1; i++)
    *out++ = (suggest_change_t){true, 1, {i, i}};
  for (size_t i = 0; i < c->num_added; i++)
    *out++ = (suggest_change_t){false, 1, {i, i}};
  for (size_t i = 0; i < m && pairs && m > 2; i++)
    for (size_t j = i + 1; j < m; j++)
      *out++ = (suggest_change_t){true, 2, {i, j}};
  c->length = (size_t)(out - c->list);
}

void suggest_changes_init(suggest_changes_t out, const ansatz_t ansatz,
                          const pauli_sum_struct *const *generators,
                          size_t num_generators) {
  size_t n = ansatz->num_qubits;
  *out = (suggest_changes_struct){.ansatz = ansatz, .num_qubits = n,
                                  .width = 2 * pauli_words(n),
                                  .num_generators = num_generators};
  out->generators = flint_malloc((num_generators + 1) * sizeof *out->generators);
  for (size_t j = 0; j < num_generators; j++) out->generators[j] = generators[j];
  if (ansatz->kind == ANSATZ_CIRCUIT && num_generators)
    qsort(out->generators, num_generators, sizeof *out->generators, compare_generators);
  list_added(out);
  list_changes(out);
}

void suggest_changes_clear(suggest_changes_t c) {
  flint_free(c->generators);
  flint_free(c->added);
  flint_free(c->list);
}

const uint64_t *suggest_changes_string(const suggest_changes_t c,
                                       const suggest_change_t *x, size_t i) {
  return x->drop ? pauli_sum_string(c->generators[x->index[i]], 0)
                 : c->added + x->index[i] * c->width;
}

char *suggest_changes_name(const suggest_changes_t c, const suggest_change_t *x,
                           size_t i) {
  pauli_sum_t one;
  fmpq_t coeff;
  fmpq_init(coeff);
  fmpq_one(coeff);
  pauli_sum_init(one, c->num_qubits);
  pauli_sum_push(one, coeff, suggest_changes_string(c, x, i));
  char *text = pauli_sum_get_str(one);
  pauli_sum_clear(one);
  fmpq_clear(coeff);
  return text;
}

/* --- the changed ansatz ------------------------------------------------------------- */

static bool is_dropped(const suggest_change_t *x, size_t j) {
  return x && x->drop && (x->index[0] == j || x->index[1] == j);
}

size_t suggest_count_parameters(const ansatz_t ansatz) {
  if (ansatz->kind == ANSATZ_OPERATORS) return ansatz->num_parameters;
  uint8_t *seen = flint_calloc(ansatz->num_parameters + 1, 1);
  size_t count = 0;
  for (size_t i = 0; i < ansatz->num_rotations; i++) {
    const angle_struct *angle = ansatz->rotations[i].angle;
    for (size_t t = 0; t < angle->num_terms; t++) {
      count += !seen[angle->terms[t].parameter];
      seen[angle->terms[t].parameter] = 1;
    }
  }
  flint_free(seen);
  return count;
}

void suggest_changes_apply(ansatz_t out, const suggest_changes_t c,
                           const suggest_change_t *x) {
  bool circuit = c->ansatz->kind == ANSATZ_CIRCUIT;
  size_t m = c->num_generators;
  fmpq_t coeff;
  fmpq_init(coeff);
  fmpq_set_si(coeff, 1, circuit ? 2 : 1);
  ansatz_init(out, ANSATZ_OPERATORS, c->num_qubits);
  for (size_t j = 0; j < m + (x && !x->drop); j++) {
    pauli_sum_t one;
    if (is_dropped(x, j)) continue;
    pauli_sum_init(one, c->num_qubits);
    if (j == m) pauli_sum_push(one, coeff, suggest_changes_string(c, x, 0));
    else if (circuit) pauli_sum_push(one, coeff, pauli_sum_string(c->generators[j], 0));
    else pauli_sum_set(one, c->generators[j]);
    ansatz_add_generator(out, one);
    pauli_sum_clear(one);
  }
  size_t p = suggest_count_parameters(c->ansatz);
  out->num_parameters = (p * out->num_generators + m - 1) / m;
  fmpq_clear(coeff);
}
