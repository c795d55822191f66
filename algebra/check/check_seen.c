#include "algebra/check/check_seen.h"

/* Fixed gates looked at, and strings reached from one of them. */
enum { MAX_FIXED = 256, MAX_REACHED = 1 << 12 };

/* --- order ------------------------------------------------------------------------------ */

void check_order_init(check_order_t *o, const check_atoms_t *list, const bool *split,
                      size_t num_parameters) {
  *o = (check_order_t){.node = flint_malloc((list->length + 1) * sizeof *o->node)};
  size_t *of = flint_malloc((num_parameters + 1) * sizeof *of);
  for (size_t k = 0; k < num_parameters; k++) of[k] = SIZE_MAX;
  for (size_t i = 0; i < list->length; i++) {
    size_t k = list->atoms[i].parameter;
    o->num_fixed += list->atoms[i].fixed;
    if (k == SIZE_MAX || split[k]) o->node[i] = o->num_nodes++;
    else if (of[k] == SIZE_MAX) o->node[i] = of[k] = o->num_nodes++;
    else o->node[i] = of[k];
  }
  flint_free(of);
}

void check_order_clear(check_order_t *o) {
  flint_free(o->node);
  flint_free(o->order);
  flint_free(o->before);
}

static size_t row_words(const check_order_t *o) { return (o->num_nodes + 63) / 64; }

/* Counts the nodes straight before each; false when one cannot come together. */
static bool relate(check_order_t *o, size_t *blocked, const check_atoms_t *list) {
  bool ok = true;
  for (size_t i = 0; i < list->length && ok; i++)
    for (size_t j = i + 1; j < list->length && ok; j++) {
      const check_atom_t *a = list->atoms + i, *b = list->atoms + j;
      size_t u = o->node[i], v = o->node[j];
      if (u == v && a->times_pi != b->times_pi) ok = false;
      if (!pauli_anticommute(a->string, b->string, list->num_words)) continue;
      if (u == v) ok = false;
      uint64_t bit = UINT64_C(1) << (v % 64);
      uint64_t *word = o->before + u * row_words(o) + v / 64;
      if (!(*word & bit)) blocked[v]++;
      *word |= bit;
    }
  return ok;
}

bool check_order_find(check_order_t *o, const check_atoms_t *list) {
  size_t n = o->num_nodes, done = 0, length = 0;
  size_t *blocked = flint_calloc(n + 1, sizeof *blocked);
  o->before = flint_calloc(n * row_words(o) + 1, sizeof *o->before);
  o->order = flint_malloc((n + 1) * sizeof *o->order);
  bool ok = relate(o, blocked, list);
  for (size_t u = 0; u < n; u++)
    if (!blocked[u]) o->order[length++] = u;
  for (; done < length; done++) {
    const uint64_t *row = o->before + o->order[done] * row_words(o);
    for (size_t i = 0; i < row_words(o); i++)
      for (uint64_t set = row[i]; set; set &= set - 1) {
        size_t v = 64 * i + (size_t)__builtin_ctzll(set);
        if (!--blocked[v]) o->order[length++] = v;
      }
  }
  flint_free(blocked);
  return ok && length == n;
}

/* --- what is left out -------------------------------------------------------------------- */

typedef struct {
  const check_order_t *o;
  const check_atoms_t *list;
  const check_atom_t **single; /* the one atom of each node; NULL: several, or none left */
  bool *out;                   /* of each node: left out */
} work_t;

static void work_init(work_t *w, const check_order_t *o, const check_atoms_t *list) {
  *w = (work_t){.o = o, .list = list,
                .single = flint_calloc(o->num_nodes + 1, sizeof *w->single),
                .out = flint_calloc(o->num_nodes + 1, sizeof *w->out)};
  bool *seen = flint_calloc(o->num_nodes + 1, sizeof *seen);
  for (size_t i = 0; i < list->length; i++) {
    size_t u = o->node[i];
    w->single[u] = seen[u] ? NULL : list->atoms + i;
    seen[u] = true;
  }
  flint_free(seen);
}

static void work_clear(work_t *w) {
  flint_free(w->single);
  flint_free(w->out);
}

static bool is_marked(const uint64_t *marks, size_t u) { return marks[u / 64] >> (u % 64) & 1; }

static void mark(uint64_t *marks, size_t u) { marks[u / 64] |= UINT64_C(1) << (u % 64); }

static bool is_fixed(const work_t *w, size_t u) {
  return w->single[u] && w->single[u]->fixed && !w->out[u];
}

/* Marks all that is later than what is marked, or earlier. */
static void mark_side(uint64_t *marks, const work_t *w, bool later) {
  const check_order_t *o = w->o;
  size_t n = o->num_nodes, words = row_words(o);
  for (size_t k = 0; k < n; k++) {
    size_t u = o->order[later ? k : n - 1 - k];
    const uint64_t *row = o->before + u * words;
    if (w->out[u]) continue; /* what is gone does not hold others back */
    for (size_t i = 0; i < words && later && is_marked(marks, u); i++) marks[i] |= row[i];
    bool earlier = false;
    for (size_t i = 0; i < words && !later; i++) earlier |= (marks[i] & row[i]) != 0;
    if (earlier) mark(marks, u);
  }
}

/* Is the string in the algebra that the strings generate: is one of them reached from it
   by steps P -> P + G, G one that anticommutes with P? */
static bool is_generated(const uint64_t *string, const uint64_t *const *strings,
                         size_t count, size_t num_words) {
  row_table_t reached;
  uint64_t *row = flint_malloc((2 * num_words + 1) * sizeof *row);
  bool found = false;
  row_table_init(reached, 2 * num_words);
  row_table_add(reached, string, NULL);
  for (size_t i = 0; i < reached->length && reached->length < MAX_REACHED && !found; i++)
    for (size_t j = 0; j < count && !found; j++) {
      memcpy(row, row_table_row(reached, i), 2 * num_words * sizeof *row);
      found = pauli_equal(row, strings[j], num_words);
      if (found || !pauli_anticommute(row, strings[j], num_words)) continue;
      pauli_xor(row, row, strings[j], num_words);
      row_table_add(reached, row, NULL);
    }
  row_table_clear(reached);
  flint_free(row);
  return found;
}

static bool commutes_with(const uint64_t *string, const uint64_t *const *list, size_t count,
                          size_t num_words) {
  for (size_t j = 0; j < count; j++)
    if (pauli_anticommute(string, list[j], num_words)) return false;
  return true;
}

/* Single strings outside of the marks that commute with every fixed gate there; 0 when u
   itself does not. */
static size_t list_strings(const uint64_t **strings, const work_t *w, size_t u,
                           const uint64_t *marks) {
  size_t n = w->o->num_nodes, count = 0, kept = 0, words = w->list->num_words;
  const uint64_t **fixed = flint_malloc((n + 1) * sizeof *fixed);
  for (size_t x = 0; x < n; x++)
    if (is_fixed(w, x) && !is_marked(marks, x)) fixed[kept++] = w->single[x]->string;
  bool meets = commutes_with(w->single[u]->string, fixed, kept, words);
  for (size_t v = 0; v < n && meets; v++) {
    const check_atom_t *a = w->single[v];
    if (a && !a->fixed && !is_marked(marks, v) &&
        commutes_with(a->string, fixed, kept, words))
      strings[count++] = a->string;
  }
  flint_free(fixed);
  return count;
}

/* Can u be left out for what is before it, or (backwards) after it? Fixed gates that need
   not be there are kept to the other side at first. */
static bool is_needless(const work_t *w, size_t u, bool backwards) {
  size_t n = w->o->num_nodes, words = row_words(w->o);
  uint64_t *marks = flint_calloc(2 * words + 1, sizeof *marks), *own = marks + words;
  const uint64_t **strings = flint_malloc((n + 1) * sizeof *strings);
  bool found = false;
  mark(own, u); /* and what has to be on this side */
  mark_side(own, w, backwards);
  for (int pass = 0; pass < 2 && !found; pass++) {
    memset(marks, 0, words * sizeof *marks);
    mark(marks, u);
    for (size_t x = 0; x < n && !pass; x++)
      if (is_fixed(w, x) && !is_marked(own, x)) mark(marks, x);
    mark_side(marks, w, !backwards);
    size_t count = list_strings(strings, w, u, marks);
    found = is_generated(w->single[u]->string, strings, count, w->list->num_words);
  }
  flint_free(marks);
  flint_free(strings);
  return found;
}

static void leave_out(work_t *w) {
  size_t n = w->o->num_nodes;
  for (int backwards = 0; backwards < 2; backwards++)
    for (size_t k = 0; k < n; k++) {
      size_t u = w->o->order[backwards ? n - 1 - k : k];
      if (is_fixed(w, u)) w->out[u] = is_needless(w, u, backwards);
    }
}

/* --- seen through the others -------------------------------------------------------------- */

bool check_seen(pauli_sum_struct *sums, unsigned *roots, check_turns_t *turns,
                const check_order_t *o, const check_atoms_t *list) {
  work_t w;
  bool ok = o->num_fixed <= MAX_FIXED;
  if (!ok) return false;
  work_init(&w, o, list);
  leave_out(&w);
  for (size_t i = 0; i < list->length; i++)
    if (!list->atoms[i].fixed)
      pauli_sum_push(sums + o->node[i], list->atoms[i].coeff, list->atoms[i].string);
  for (size_t k = 0; k < o->num_nodes && ok; k++) {
    size_t u = o->order[k];
    const check_atom_t *a = w.single[u];
    if (is_fixed(&w, u)) {
      check_turns_add(turns, a->string, a->turns, a->radians);
    } else if (!w.out[u]) {
      pauli_sum_canonicalise(sums + u);
      ok = check_turned_surd(sums + u, roots + u, turns);
    }
  }
  work_clear(&w);
  return ok;
}
