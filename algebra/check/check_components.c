/* The components of the anticommutation graph, and the ideals that they generate. */
#include <stdlib.h>

#include "algebra/check/check_strings.h"

/* To list what is reached from a string: words looked at if every generator is tried on
   every string; words kept. */
#define MAX_LISTING (UINT64_C(1) << 31)
#define MAX_LISTED_WORDS (UINT64_C(1) << 24)
/* Strings of one component. */
#define MAX_COMPONENT ((size_t)1 << 18)

/* Strings that are reached, and which of the members anticommute with each: omega is
   linear, so for P + G the bits of P and of G are added. */
typedef struct {
  row_table_struct *out;
  size_t words, alloc;
  uint64_t *bits; /* [string][words] */
  uint64_t *strings; /* the members, one after another */
  commutation_table_t table;
} listing_t;

static void listing_init(listing_t *l, row_table_t out, const check_generators_t g,
                         const size_t *members, size_t num_members) {
  size_t width = 2 * g->num_words;
  *l = (listing_t){.out = out, .words = (num_members + 63) / 64};
  l->strings = flint_malloc((num_members * width + 1) * sizeof *l->strings);
  for (size_t j = 0; j < num_members; j++)
    memcpy(l->strings + j * width, row_table_row(g->strings, members ? members[j] : j),
           width * sizeof *l->strings);
  commutation_table_init_strings(l->table, g->num_qubits, l->strings, num_members);
}

static void listing_clear(listing_t *l) {
  commutation_table_clear(l->table);
  flint_free(l->strings);
  flint_free(l->bits);
}

/* Adds string + member j, or the string itself (j = SIZE_MAX). */
static void listing_add(listing_t *l, size_t from, const uint64_t *string, size_t j) {
  size_t before = l->out->length;
  row_table_add(l->out, string, NULL);
  if (l->out->length == before) return;
  if (before == l->alloc) {
    l->alloc = 2 * l->alloc + 16;
    l->bits = flint_realloc(l->bits, (l->alloc * l->words + 1) * sizeof *l->bits);
  }
  uint64_t *bits = l->bits + before * l->words;
  size_t width = 2 * pauli_words(l->table->num_qubits);
  commutation_table_query(bits, l->table,
                          j == SIZE_MAX ? string : l->strings + j * width);
  for (size_t k = 0; k < l->words && j != SIZE_MAX; k++)
    bits[k] ^= l->bits[from * l->words + k];
}

bool check_list_reached(row_table_t out, const uint64_t *start,
                        const check_generators_t g, const size_t *members,
                        size_t num_members, size_t max_elements) {
  size_t w = g->num_words;
  listing_t l;
  listing_init(&l, out, g, members, num_members);
  size_t most = MAX_LISTING / (2 * w * num_members + 1) + 1;
  size_t kept = MAX_LISTED_WORDS / (2 * w + l.words);
  if (most < kept) most = kept;
  if (most < max_elements) max_elements = most;
  uint64_t *next = flint_malloc((2 * w + 1) * sizeof *next);
  listing_add(&l, 0, start, SIZE_MAX);
  for (size_t i = 0; i < out->length && out->length <= max_elements; i++)
    for (size_t k = 0; k < l.words; k++)
      for (uint64_t left = l.bits[i * l.words + k]; left; left &= left - 1) {
        size_t j = 64 * k + (size_t)__builtin_ctzll(left);
        pauli_xor(next, row_table_row(out, i), l.strings + j * 2 * w, w);
        listing_add(&l, i, next, j);
      }
  flint_free(next);
  listing_clear(&l);
  return out->length <= max_elements;
}

bool check_list_orbit(row_table_t out, const uint64_t *start,
                      const check_generators_t g, size_t max_elements) {
  return check_list_reached(out, start, g, NULL, g->strings->length, max_elements);
}

static bool commutes_with_all(const uint64_t *string, const row_table_t list,
                              size_t w) {
  for (size_t i = 0; i < list->length; i++)
    if (pauli_anticommute(string, row_table_row(list, i), w)) return false;
  return true;
}

/* The strings t with t + D = D that commute with D. */
static void find_twists(check_span_t out, const row_table_t list, size_t w) {
  uint64_t *t = flint_malloc((2 * w + 1) * sizeof *t);
  uint64_t *moved = flint_malloc((2 * w + 1) * sizeof *moved);
  for (size_t i = 1; i < list->length; i++) {
    uint8_t q = 0;
    pauli_xor(t, row_table_row(list, 0), row_table_row(list, i), w);
    if (check_span_contains(out, t)) continue;
    bool inside = commutes_with_all(t, list, w);
    for (size_t j = 0; j < list->length && inside; j++) {
      pauli_xor(moved, t, row_table_row(list, j), w);
      inside = row_table_find(list, moved) != SIZE_MAX;
    }
    if (inside) check_span_add(out, t, &q);
  }
  flint_free(t);
  flint_free(moved);
}

/* Size of a maximal set of commuting strings. */
static size_t count_torus(const row_table_t list, size_t w) {
  row_table_t torus;
  row_table_init(torus, 2 * w);
  for (size_t i = 0; i < list->length; i++)
    if (commutes_with_all(row_table_row(list, i), torus, w))
      row_table_add(torus, row_table_row(list, i), NULL);
  size_t size = torus->length;
  row_table_clear(torus);
  return size;
}

/* Cartan letter of a simple compact algebra by dimension, rank and the number
   of strings that anticommute with one; 0 when it is none of A, B, C, D. B2, D2
   and D3 are named C2, A1 A1, A3. */
static char cartan_letter(size_t dimension, size_t rank, size_t valency) {
  if (dimension == rank * (rank + 2)) return 'A';
  if (rank >= 4 && dimension == rank * (2 * rank - 1)) return 'D';
  if (rank < 2 || dimension != rank * (2 * rank + 1)) return 0;
  if (rank == 2 || valency == rank * (rank + 1)) return 'C';
  return valency == 4 * rank - 2 ? 'B' : 0;
}

/* False when the ideal is of no known kind. */
static bool count_listed(check_component_struct *c, const row_table_t list,
                         size_t w) {
  find_twists(c->twists, list, w);
  size_t copies = (size_t)1 << c->twists->length, valency = 0;
  for (size_t i = 0; i < list->length; i++)
    valency += pauli_anticommute(row_table_row(list, 0),
                                 row_table_row(list, i), w);
  size_t torus = count_torus(list, w);
  if (list->length % copies || torus % copies || valency % copies)
    return false;
  c->letter = cartan_letter(list->length / copies, torus / copies,
                            valency / copies);
  fmpz_set_ui(c->dimension, list->length / copies);
  fmpz_set_ui(c->rank, torus / copies);
  fmpz_set_ui(c->copies, copies);
  return c->letter != 0;
}

/* --- the components ---------------------------------------------------------------------- */

static void component_init(check_component_struct *c, size_t w) {
  memset(c, 0, sizeof *c);
  check_span_init(c->span, w);
  check_span_init(c->basis, w);
  check_span_init(c->twists, w);
  check_span_init(c->potentials, w);
  fmpz_init(c->dimension);
  fmpz_init(c->rank);
  fmpz_init(c->copies);
}

static void component_clear(check_component_struct *c) {
  check_span_clear(c->span);
  check_span_clear(c->basis);
  check_span_clear(c->twists);
  check_span_clear(c->potentials);
  fmpz_clear(c->dimension);
  fmpz_clear(c->rank);
  fmpz_clear(c->copies);
  flint_free(c->members);
  commutation_table_clear(c->tree);
  flint_free(c->tree_from);
  flint_free(c->tree_order);
}

int check_compare_strings(const void *a, const void *b, void *context) {
  const check_generators_struct *g = context;
  return pauli_cmp(row_table_row(g->strings, *(const size_t *)a),
                   row_table_row(g->strings, *(const size_t *)b),
                   g->num_words);
}

/* The strings in the order of pauli_cmp: order[i] is the number of the i-th. */
static void sort_strings(commutation_table_t table, size_t *order,
                         const check_generators_t g) {
  size_t count = g->strings->length, width = 2 * g->num_words;
  for (size_t i = 0; i < count; i++) order[i] = i;
  if (count) qsort_r(order, count, sizeof *order, check_compare_strings, (void *)g);
  uint64_t *rows = flint_malloc((count * width + 1) * sizeof *rows);
  for (size_t i = 0; i < count; i++)
    memcpy(rows + i * width, row_table_row(g->strings, order[i]),
           width * sizeof *rows);
  commutation_table_init_strings(table, g->num_qubits, rows, count);
  flint_free(rows);
}

/* Breadth-first from the least string that is left, again and again. members
   of a component are in that order: each but the first anticommutes with
   an earlier one. */
static void find_components(check_components_t out) {
  const check_generators_struct *g = out->g;
  size_t count = g->strings->length, w = g->num_words, words = count / 64 + 1;
  size_t *order = flint_malloc((count + 1) * sizeof *order);
  size_t *queue = flint_malloc((count + 1) * sizeof *queue);
  uint64_t *left = flint_calloc(words, sizeof *left);
  uint64_t *bits = flint_calloc(words, sizeof *bits);
  commutation_table_t table;
  sort_strings(table, order, g);
  for (size_t i = 0; i < count; i++) left[i / 64] |= UINT64_C(1) << (i % 64);
  out->list = flint_malloc((count + 1) * sizeof *out->list);
  for (size_t first = 0; first < count; first++) {
    if (!(left[first / 64] >> (first % 64) & 1)) continue;
    check_component_struct *c = out->list + out->length;
    size_t length = 1;
    queue[0] = first;
    left[first / 64] ^= UINT64_C(1) << (first % 64);
    for (size_t i = 0; i < length; i++) {
      commutation_table_query(bits, table,
                              row_table_row(g->strings, order[queue[i]]));
      for (size_t k = 0; k < words; k++) {
        uint64_t found = bits[k] & left[k];
        left[k] ^= found;
        for (; found; found &= found - 1)
          queue[length++] = 64 * k + (size_t)__builtin_ctzll(found);
      }
    }
    component_init(c, w);
    c->members = flint_malloc(length * sizeof *c->members);
    c->num_members = length;
    for (size_t i = 0; i < length; i++) {
      c->members[i] = order[queue[i]];
      out->component[c->members[i]] = out->length;
    }
    out->length++;
  }
  commutation_table_clear(table);
  flint_free(order);
  flint_free(queue);
  flint_free(left);
  flint_free(bits);
}

/* Adds a string with q = 1; false when that contradicts. */
static bool add_one(check_span_t span, const uint64_t *string) {
  uint8_t q = 1;
  return check_span_add(span, string, &q) || !q;
}

/* A symplectic basis of the span, which gets a short one when it is everything and
   there is no q on it. */
static void make_symplectic(check_span_t basis, size_t *pairs, check_span_t span,
                            bool q_consistent, size_t num_qubits) {
  if (span->length == 2 * num_qubits && !q_consistent) {
    check_span_set_whole(span, num_qubits);
    check_span_set_whole(basis, num_qubits);
    *pairs = num_qubits;
    return;
  }
  for (size_t i = 0; i < span->length; i++) {
    uint8_t q = span->q[i];
    check_span_add(basis, check_span_row(span, i), &q);
  }
  check_span_symplectic(basis, pairs);
}

static void set_basis(check_component_struct *c, const check_generators_t g) {
  size_t all = 2 * g->num_qubits;
  c->q_consistent = true;
  for (size_t i = 0; i < c->num_members; i++) {
    if (!c->q_consistent && c->span->length == all) break; /* nothing more to learn */
    if (!add_one(c->span, row_table_row(g->strings, c->members[i])))
      c->q_consistent = false;
  }
  make_symplectic(c->basis, &c->pairs, c->span, c->q_consistent, g->num_qubits);
}

/* budget: generators looked at, all strings listed together. */
static void count_component(check_components_t out, check_component_struct *c,
                            const check_witness_struct *witness,
                            size_t *budget) {
  const check_generators_struct *g = out->g;
  size_t most = *budget / (c->num_members + 1);
  if (most > MAX_COMPONENT) most = MAX_COMPONENT;
  c->central = c->num_members == 1;
  c->counted = c->central;
  if (c->central) return;
  if (witness && (witness->num_labels || witness->num_seed)) {
    c->counted = c->by_witness = check_witness(c, g, witness);
    if (!c->counted) out->reason = "a witness proves nothing";
    return;
  }
  row_table_t list;
  row_table_init(list, 2 * g->num_words);
  if (check_list_reached(list, row_table_row(g->strings, c->members[0]), g,
                         c->members, c->num_members, most)) {
    *budget -= list->length * (c->num_members + 1);
    c->counted = count_listed(c, list, g->num_words);
    if (!c->counted) out->reason = "a simple ideal is of no classical type";
  } else {
    out->reason = "the algebra has too many elements to be listed";
  }
  row_table_clear(list);
}

/* The span of all generators: that of the components together. */
static void set_span(check_components_t out) {
  const check_generators_struct *g = out->g;
  size_t all = 2 * g->num_qubits;
  for (size_t i = 0; i < g->strings->length; i++) {
    if (!out->q_consistent && out->span->length == all) break;
    if (!add_one(out->span, row_table_row(g->strings, i)))
      out->q_consistent = false;
  }
  make_symplectic(out->basis, &out->pairs, out->span, out->q_consistent,
                  g->num_qubits);
}

void check_components_init(check_components_t out, const check_generators_t g,
                           const check_witness_struct *witnesses,
                           size_t num_witnesses, size_t max_elements) {
  size_t count = g->strings->length;
  *out = (check_components_struct){.g = g, .q_consistent = true};
  out->component = flint_malloc((count + 1) * sizeof *out->component);
  check_span_init(out->span, g->num_words);
  check_span_init(out->basis, g->num_words);
  find_components(out);
  set_span(out);
  /* each string is tried with the generators of its component */
  size_t budget = max_elements * (count + 1);
  for (size_t i = 0; i < out->length; i++) {
    set_basis(out->list + i, g);
    count_component(out, out->list + i,
                    i < num_witnesses ? witnesses + i : NULL, &budget);
  }
}

void check_components_clear(check_components_t out) {
  for (size_t i = 0; i < out->length; i++) component_clear(out->list + i);
  flint_free(out->list);
  flint_free(out->component);
  check_span_clear(out->span);
  check_span_clear(out->basis);
}
