#include "algebra/strings/free_fermion.h"

#include <assert.h>
#include <stdlib.h>

static size_t count_bits(const uint64_t *bits, size_t words) {
  size_t n = 0;
  for (size_t i = 0; i < words; i++)
    n += (size_t)__builtin_popcountll(bits[i]);
  return n;
}

static size_t first_bit(const uint64_t *bits) {
  size_t i = 0;
  while (!bits[i]) i++;
  return 64 * i + (size_t)__builtin_ctzll(bits[i]);
}

/* --- false twins --------------------------------------------------------------- */

typedef struct {
  uint64_t *keys; /* per member: commutation with e_0 f_0 e_1 ..., 2k bits */
  size_t key_words;
  size_t num_reps;
  size_t *reps;     /* one member (position in c->members) of each class */
  size_t *class_of; /* per member: position in reps */
} twins_t;

static int compare_keys(const void *a, const void *b, void *context) {
  const twins_t *t = context;
  size_t i = *(const size_t *)a, j = *(const size_t *)b;
  int order = memcmp(t->keys + i * t->key_words, t->keys + j * t->key_words,
                     t->key_words * sizeof *t->keys);
  return order ? order : (i > j) - (i < j);
}

/* Strings with the same commutation with all of V are false twins. */
static void find_twins(twins_t *t, const string_component_struct *c,
                       const string_algebra_t g) {
  size_t n = c->num_members, width = 2 * g->num_words;
  size_t query_words = commutation_table_words(c->basis_table);
  t->key_words = query_words;
  t->keys = flint_malloc((n * query_words + 1) * sizeof *t->keys);
  t->reps = flint_malloc((n + 1) * sizeof *t->reps);
  t->class_of = flint_malloc((n + 1) * sizeof *t->class_of);
  t->num_reps = 0;
  size_t *order = flint_malloc((n + 1) * sizeof *order);
  for (size_t i = 0; i < n; i++) {
    order[i] = i;
    /* members commute with the radical, so its bits are zero */
    commutation_table_query(t->keys + i * query_words, c->basis_table,
                            g->strings + c->members[i] * width);
  }
  qsort_r(order, n, sizeof *order, compare_keys, t);
  for (size_t i = 0; i < n; i++) {
    if (i == 0 || memcmp(t->keys + order[i - 1] * query_words,
                         t->keys + order[i] * query_words,
                         query_words * sizeof *t->keys))
      t->reps[t->num_reps++] = order[i];
    t->class_of[order[i]] = t->num_reps - 1;
  }
  flint_free(order);
}

static void clear_twins(twins_t *t) {
  flint_free(t->keys);
  flint_free(t->reps);
  flint_free(t->class_of);
}

/* --- labelling ------------------------------------------------------------------- */

/* A partial labelling: modes 0..num_modes-1 joined by a spanning tree of
   labelled strings; edge[c] joins mode c >= 1 to parent[c] < c. */
typedef struct {
  size_t max_modes;
  size_t num_modes;
  size_t *parent;
  commutation_table_t edges; /* string c-1 is the tree edge of mode c */
  uint64_t *edge_strings;    /* row c-1 likewise */
  uint64_t *bits, *modes;    /* scratch */
  uint32_t *labels;          /* two per class; the same number: unlabelled */
} labelling_t;

static void labelling_restart(labelling_t *l, const uint64_t *first,
                              size_t num_qubits) {
  size_t width = 2 * pauli_words(num_qubits);
  commutation_table_clear(l->edges);
  commutation_table_init(l->edges, num_qubits);
  commutation_table_append(l->edges, first);
  memcpy(l->edge_strings, first, width * sizeof *first);
  l->parent[1] = 0;
  l->num_modes = 2;
}

/* Bit c of modes becomes omega(v, gamma_0 gamma_c), summed along the tree, from bit
   c - 1 of `edges`, omega(v, the string of the tree that reaches mode c). */
static void add_along_tree(uint64_t *modes, const uint64_t *edges,
                           const size_t *parent, size_t num_modes) {
  memset(modes, 0, (num_modes + 63) / 64 * sizeof *modes);
  for (size_t c = 1; c < num_modes; c++) {
    size_t p = parent[c];
    uint64_t bit =
        (edges[(c - 1) / 64] >> ((c - 1) % 64)) ^ (modes[p / 64] >> (p % 64));
    modes[c / 64] |= (bit & 1) << (c % 64);
  }
}

/* Sets l->modes to the modes whose side of the cut v is on. Returns their number. */
static size_t cut_of(labelling_t *l, const uint64_t *v) {
  commutation_table_query(l->bits, l->edges, v);
  add_along_tree(l->modes, l->bits, l->parent, l->num_modes);
  return count_bits(l->modes, (l->num_modes + 63) / 64);
}

static void complement_modes(uint64_t *modes, size_t m) {
  for (size_t i = 0; i < (m + 63) / 64; i++) modes[i] = ~modes[i];
  if (m % 64) modes[m / 64] &= (UINT64_C(1) << (m % 64)) - 1;
}

typedef enum { LABEL_OK, LABEL_IMPOSSIBLE, LABEL_DETACHED } label_result_t;

/* Labels v, which may close a cycle {a,b} or reach a new mode {a,new}. Both
   are possible only with three or four modes; `choice` then picks, and
   *ambiguous says that there was a choice. */
static label_result_t label_string(labelling_t *l, uint32_t *label,
                                   const uint64_t *v, unsigned choice,
                                   bool *ambiguous, size_t width) {
  size_t m = l->num_modes, size = cut_of(l, v);
  *ambiguous = false;
  if (size == 0 || size == m) return LABEL_DETACHED;
  bool one = size == 1 || m - size == 1, two = size == 2 || m - size == 2;
  if (m == 4 && size == 2) { /* {a,b} or the other two */
    *ambiguous = true;
    if (choice) complement_modes(l->modes, m);
  } else if (one && two) { /* three modes: close the triangle or go on */
    *ambiguous = true;
    if (choice)
      one = false;
    else
      two = false;
  }
  if (two && !one) {
    if (count_bits(l->modes, (m + 63) / 64) != 2) complement_modes(l->modes, m);
    label[0] = (uint32_t)first_bit(l->modes);
    l->modes[label[0] / 64] &= ~(UINT64_C(1) << (label[0] % 64));
    label[1] = (uint32_t)first_bit(l->modes);
    return LABEL_OK;
  }
  if (!one || m == l->max_modes) return LABEL_IMPOSSIBLE;
  if (count_bits(l->modes, (m + 63) / 64) != 1) complement_modes(l->modes, m);
  label[0] = (uint32_t)first_bit(l->modes);
  label[1] = (uint32_t)m;
  l->parent[m] = label[0];
  memcpy(l->edge_strings + (m - 1) * width, v, width * sizeof *v);
  commutation_table_append(l->edges, v);
  l->num_modes++;
  return LABEL_OK;
}

/* Breadth-first order of the classes in the anticommutation graph, grown on
   demand so that a set that is no line graph fails before it is all visited. */
typedef struct {
  size_t *queue;
  size_t length, next;
  commutation_table_t table; /* of the classes */
  uint64_t *bits, *waiting;  /* scratch; the classes that are not in the queue */
} order_t;

static const uint64_t *rep_string(const string_component_struct *c,
                                  const string_algebra_t g, const twins_t *t,
                                  size_t class) {
  return g->strings + c->members[t->reps[class]] * 2 * g->num_words;
}

static void order_init(order_t *o, const string_component_struct *c,
                       const string_algebra_t g, const twins_t *t) {
  size_t n = t->num_reps, words = (n + 63) / 64;
  *o = (order_t){.length = 1};
  o->queue = flint_calloc(n + 1, sizeof *o->queue);
  o->bits = flint_malloc((words + 1) * sizeof *o->bits);
  o->waiting = flint_calloc(words + 1, sizeof *o->waiting);
  commutation_table_init(o->table, g->num_qubits);
  for (size_t i = 0; i < n; i++) {
    commutation_table_append(o->table, rep_string(c, g, t, i));
    if (i) o->waiting[i / 64] |= UINT64_C(1) << (i % 64);
  }
}

static void order_clear(order_t *o) {
  flint_free(o->queue);
  flint_free(o->bits);
  flint_free(o->waiting);
  commutation_table_clear(o->table);
}

static bool order_more(order_t *o, const string_component_struct *c,
                       const string_algebra_t g, const twins_t *t) {
  if (o->next == o->length) return false;
  commutation_table_query(o->bits, o->table,
                          rep_string(c, g, t, o->queue[o->next++]));
  for (size_t i = 0; i < commutation_table_words(o->table); i++) {
    uint64_t new = o->bits[i] & o->waiting[i];
    o->waiting[i] ^= new;
    for (; new; new &= new - 1)
      o->queue[o->length++] = 64 * i + (size_t)__builtin_ctzll(new);
  }
  return true;
}

enum { MAX_CHOICES = 16 };

/* Labels every class following the choices; *num_choices counts how many were
   met. Returns whether it worked. */
static bool label_all(labelling_t *l, order_t *o,
                      const string_component_struct *c,
                      const string_algebra_t g, const twins_t *t,
                      const uint8_t *choices, size_t *num_choices) {
  size_t width = 2 * g->num_words;
  *num_choices = 0;
  labelling_restart(l, rep_string(c, g, t, o->queue[0]), g->num_qubits);
  l->labels[2 * o->queue[0]] = 0;
  l->labels[2 * o->queue[0] + 1] = 1;
  for (size_t i = 1;; i++) {
    while (i == o->length)
      if (!order_more(o, c, g, t)) return true;
    bool ambiguous;
    size_t class = o->queue[i];
    unsigned choice = *num_choices < MAX_CHOICES ? choices[*num_choices] : 0;
    label_result_t result =
        label_string(l, l->labels + 2 * class, rep_string(c, g, t, class),
                     choice, &ambiguous, width);
    if (ambiguous && *num_choices < MAX_CHOICES) ++*num_choices;
    /* a detached string anticommutes with something labelled: contradiction */
    if (result != LABEL_OK) return false;
    /* no two classes share a label; checked while choices are still open */
    for (size_t j = 0; j < i && l->num_modes <= 4; j++)
      if (!memcmp(l->labels + 2 * o->queue[j], l->labels + 2 * class,
                  2 * sizeof *l->labels))
        return false;
  }
}

static void make_potentials(string_component_struct *c, const labelling_t *l) {
  size_t w = c->span->num_words, width = 2 * w;
  c->num_modes = l->num_modes;
  c->potentials = flint_calloc(l->num_modes * width, sizeof *c->potentials);
  c->tree_parents = flint_malloc(l->num_modes * sizeof *c->tree_parents);
  memcpy(c->tree_parents, l->parent, l->num_modes * sizeof *c->tree_parents);
  commutation_table_init_strings(c->tree, l->edges->num_qubits, l->edge_strings,
                                 l->num_modes - 1);
  for (size_t m = 1; m < l->num_modes; m++)
    pauli_xor(c->potentials + m * width, c->potentials + l->parent[m] * width,
              l->edge_strings + (m - 1) * width, w);
}

static void clear_potentials(string_component_struct *c) {
  flint_free(c->potentials);
  flint_free(c->labels);
  flint_free(c->tree_parents);
  commutation_table_clear(c->tree);
  c->potentials = NULL;
  c->labels = NULL;
  c->tree_parents = NULL;
  c->num_modes = 0;
  f2_span_clear(c->twists);
}

/* With the potentials fixed, every member must be gamma_a gamma_b times an
   element of R; those elements span T. */
static bool check_members(string_component_struct *c, const string_algebra_t g,
                          const twins_t *t, const labelling_t *l) {
  size_t w = g->num_words, width = 2 * w;
  uint64_t *row = flint_malloc(width * sizeof *row);
  uint64_t *bits = flint_malloc(
      (commutation_table_words(c->basis_table) + 1) * sizeof *bits);
  bool ok = true;
  c->labels = flint_malloc((2 * c->num_members + 1) * sizeof *c->labels);
  for (size_t i = 0; i < c->num_members && ok; i++) {
    uint32_t *label = c->labels + 2 * i;
    memcpy(label, l->labels + 2 * t->class_of[i], 2 * sizeof *label);
    pauli_xor(row, string_component_potential(c, label[0]),
              string_component_potential(c, label[1]), w);
    pauli_xor(row, row, g->strings + c->members[i] * width, w);
    /* in R: commutes with the basis, whose radical it could not move anyway */
    commutation_table_query(bits, c->basis_table, row);
    for (size_t j = 0; j < commutation_table_words(c->basis_table) && ok; j++)
      ok = !bits[j];
    if (ok) f2_span_insert(c->twists, row, 0);
  }
  flint_free(bits);
  flint_free(row);
  return ok;
}

/* The product of all gammas, as a string: sum of the potentials of an even
   number of modes. */
static void set_parity(string_component_struct *c) {
  size_t w = c->span->num_words;
  c->parity_in_twists = false;
  if (c->num_modes % 2) return;
  uint64_t *row = flint_calloc(2 * w, sizeof *row);
  for (size_t m = 1; m < c->num_modes; m++)
    pauli_xor(row, row, string_component_potential(c, m), w);
  c->parity_in_twists = f2_span_contains(c->twists, row);
  flint_free(row);
}

/* k = 1: V/R has the classes X, Y, Z only; three modes, and gamma_0 gamma_1,
   gamma_0 gamma_2 are members that anticommute. T is spanned by sums of members with
   the same commutation, and, when all three classes occur, the sum of one of each. */
static void recognise_pair(string_component_struct *c, const string_algebra_t g) {
  size_t w = g->num_words, width = 2 * w;
  const uint64_t *seen[4] = {NULL, NULL, NULL, NULL};
  uint64_t *row = flint_malloc(width * sizeof *row);
  for (size_t i = 0; i < c->num_members; i++) {
    const uint64_t *s = g->strings + c->members[i] * width;
    unsigned class =
        (unsigned)pauli_anticommute(s, string_component_row(c, 0), w) |
        (unsigned)pauli_anticommute(s, string_component_row(c, 1), w) << 1;
    if (!seen[class]) {
      seen[class] = s;
      continue;
    }
    pauli_xor(row, s, seen[class], w);
    f2_span_insert(c->twists, row, 0);
  }
  if (seen[1] && seen[2] && seen[3]) {
    pauli_xor(row, seen[1], seen[2], w);
    pauli_xor(row, row, seen[3], w);
    f2_span_insert(c->twists, row, 0);
  }
  c->num_modes = 3;
  c->potentials = flint_calloc(3 * width, sizeof *c->potentials);
  c->tree_parents = flint_calloc(3, sizeof *c->tree_parents);
  /* The potentials must be members up to T, not only up to R. */
  const uint64_t *a = seen[2] ? seen[2] : NULL, *b = seen[1];
  if (!a) a = seen[3];
  if (!b) b = seen[3];
  memcpy(c->potentials + width, a, width * sizeof *row);
  memcpy(c->potentials + 2 * width, b, width * sizeof *row);
  commutation_table_init_strings(c->tree, g->num_qubits, c->potentials + width, 2);
  flint_free(row);
}

bool free_fermion_recognise(string_component_struct *c,
                            const string_algebra_t g) {
  if (c->k == 1) {
    recognise_pair(c, g);
    return true;
  }
  size_t width = 2 * g->num_words, max_modes = 2 * c->k + 2;
  twins_t twins;
  find_twins(&twins, c, g);
  bool found = false;
  if (twins.num_reps <= max_modes * (max_modes - 1) / 2) {
    size_t n = twins.num_reps;
    labelling_t l = {.max_modes = max_modes};
    order_t o;
    l.parent = flint_calloc(max_modes + 1, sizeof *l.parent);
    l.edge_strings =
        flint_malloc(max_modes * width * sizeof *l.edge_strings);
    l.bits = flint_malloc((max_modes / 64 + 2) * sizeof *l.bits);
    l.modes = flint_malloc((max_modes / 64 + 2) * sizeof *l.modes);
    l.labels = flint_calloc(2 * n, sizeof *l.labels);
    commutation_table_init(l.edges, g->num_qubits);
    order_init(&o, c, g, &twins);

    /* Depth-first over the few choices made while there are 3 or 4 modes. */
    uint8_t choices[MAX_CHOICES] = {0};
    for (;;) {
      size_t met;
      if (label_all(&l, &o, c, g, &twins, choices, &met)) {
        make_potentials(c, &l);
        if ((found = check_members(c, g, &twins, &l))) break;
        clear_potentials(c);
        f2_span_init(c->twists, g->num_words);
      }
      while (met && choices[met - 1]) choices[--met] = 0;
      if (!met) break;
      choices[met - 1] = 1;
    }
    if (found) set_parity(c);
    commutation_table_clear(l.edges);
    flint_free(l.parent);
    flint_free(l.edge_strings);
    flint_free(l.bits);
    flint_free(l.modes);
    flint_free(l.labels);
    order_clear(&o);
  }
  clear_twins(&twins);
  return found;
}

/* --- reading strings as Majorana monomials ---------------------------------------- */

void free_fermion_signature(uint64_t *subset, const string_component_struct *c,
                            const uint64_t *p) {
  size_t words = (c->num_modes + 63) / 64;
  uint64_t *bits = flint_calloc(words + 1, sizeof *bits);
  commutation_table_query(bits, c->tree, p);
  add_along_tree(subset, bits, c->tree_parents, c->num_modes);
  flint_free(bits);
}

/* row = v times the product of the gammas in subset (even). */
static void strip(uint64_t *row, const string_component_struct *c,
                  const uint64_t *v, const uint64_t *subset) {
  size_t w = c->span->num_words;
  memcpy(row, v, 2 * w * sizeof *row);
  for (size_t a = 1; a < c->num_modes; a++)
    if (subset[a / 64] >> (a % 64) & 1)
      pauli_xor(row, row, string_component_potential(c, a), w);
}

void free_fermion_subset(uint64_t *subset, const string_component_struct *c,
                         const uint64_t *v) {
  size_t m = c->num_modes, words = (m + 63) / 64;
  /* gamma_S with S even anticommutes with gamma_0 gamma_a iff exactly one of
     0, a lies in S: the signature is S without 0, or its complement. */
  free_fermion_signature(subset, c, v);
  if (m % 2) {
    if (count_bits(subset, words) % 2) complement_modes(subset, m);
    return;
  }
  assert(count_bits(subset, words) % 2 == 0);
  if (c->parity_in_twists) return;
  uint64_t *row = flint_malloc(2 * c->span->num_words * sizeof *row);
  strip(row, c, v, subset);
  if (!f2_span_contains(c->twists, row)) complement_modes(subset, m);
  flint_free(row);
}

bool free_fermion_is_bilinear(const string_component_struct *c,
                              const uint64_t *v) {
  size_t m = c->num_modes, words = (m + 63) / 64;
  uint64_t *subset = flint_malloc((words + 1) * sizeof *subset);
  uint64_t *row = flint_malloc(2 * c->span->num_words * sizeof *row);
  free_fermion_subset(subset, c, v);
  size_t size = count_bits(subset, words);
  bool is = size == 2;
  if (m % 2 == 0 && c->parity_in_twists && m - size == 2) {
    complement_modes(subset, m);
    is = true;
  }
  if (is) {
    strip(row, c, v, subset);
    is = f2_span_contains(c->twists, row);
  }
  flint_free(subset);
  flint_free(row);
  return is;
}
