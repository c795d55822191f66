#include "algebra/strings/witness.h"

#include <stdlib.h>

#include "algebra/base/order.h"

static const uint64_t *string_at(const string_algebra_t g, size_t i) {
  return g->strings + i * 2 * g->num_words;
}

static int compare_members(const void *a, const void *b, void *context) {
  const string_algebra_struct *g = context;
  return pauli_cmp(string_at(g, *(const size_t *)a),
                   string_at(g, *(const size_t *)b), g->num_words);
}

/* --- labels ---------------------------------------------------------------------------- */

/* With k = 1 there are three modes, and a member is known by its commutation
   with e_0 and f_0. */
static void label_by_type(uint32_t *label, const string_component_struct *c,
                          const uint64_t *string) {
  size_t w = c->span->num_words;
  bool e = pauli_anticommute(string, string_component_row(c, 0), w);
  bool f = pauli_anticommute(string, string_component_row(c, 1), w);
  label[0] = e && !f ? 1 : 0;
  label[1] = f && !e ? 1 : 2;
}

static void find_labels(component_witness_t out, const string_algebra_t g,
                        const string_component_struct *c) {
  size_t *position = flint_malloc((g->num_strings + 1) * sizeof *position);
  for (size_t i = 0; i < c->num_members; i++) position[c->members[i]] = i;
  out->labels = flint_malloc((2 * out->num_members + 1) * sizeof *out->labels);
  for (size_t i = 0; i < out->num_members; i++) {
    const uint32_t *from = c->labels + 2 * position[out->members[i]];
    if (!c->labels)
      label_by_type(out->labels + 2 * i, c, string_at(g, out->members[i]));
    else
      memcpy(out->labels + 2 * i, from, 2 * sizeof *from);
  }
  for (size_t i = 0; i < out->num_members; i++) {
    uint32_t *label = out->labels + 2 * i, a = label[0];
    if (a < label[1]) continue;
    label[0] = label[1];
    label[1] = a;
  }
  flint_free(position);
}

/* --- seed ------------------------------------------------------------------------------- */

/* Do these strings form one component that is not of free-fermion type? */
static bool is_seed(const string_algebra_t g, const size_t *list,
                    size_t length) {
  size_t width = 2 * g->num_words;
  uint64_t *rows = flint_malloc((length * width + 1) * sizeof *rows);
  string_algebra_t sub;
  for (size_t i = 0; i < length; i++)
    memcpy(rows + i * width, string_at(g, list[i]), width * sizeof *rows);
  string_algebra_init(sub, rows, length, g->num_qubits);
  bool ok = sub->num_components == 1 &&
            sub->components[0].kind != COMPONENT_FREE_FERMION &&
            sub->components[0].kind != COMPONENT_CENTRAL;
  string_algebra_clear(sub);
  flint_free(rows);
  return ok;
}

/* Swaps the neighbours of list[at] to the front of what is left, from `end` on,
   in their order; returns the new end. place[i] is where the i-th string of the
   table is now, name[] the inverse. */
static size_t draw_neighbours(size_t *list, size_t *place, size_t *name,
                              const uint64_t *bits, size_t words, size_t end,
                              size_t *found) {
  size_t count = 0;
  for (size_t i = 0; i < words; i++)
    for (uint64_t left = bits[i]; left; left &= left - 1) {
      size_t j = place[64 * i + (size_t)__builtin_ctzll(left)];
      if (j >= end) found[count++] = j;
    }
  qsort(found, count, sizeof *found, order_sizes);
  for (size_t i = 0; i < count; i++, end++) {
    size_t j = found[i], t = list[end], u = name[end];
    list[end] = list[j];
    list[j] = t;
    name[end] = name[j];
    name[j] = u;
    place[name[end]] = end;
    place[u] = j;
  }
  return end;
}

/* Orders list breadth-first from its last string: every prefix is connected. */
static void order_from_last(size_t *list, size_t length,
                            const string_algebra_t g) {
  size_t t = list[0], words = (length + 63) / 64;
  list[0] = list[length - 1];
  list[length - 1] = t;
  size_t *place = flint_malloc(3 * (length + 1) * sizeof *place);
  size_t *name = place + length + 1, *found = name + length + 1;
  uint64_t *bits = flint_malloc((words + 1) * sizeof *bits);
  commutation_table_t table;
  commutation_table_init(table, g->num_qubits);
  for (size_t i = 0; i < length; i++) {
    place[i] = name[i] = i;
    commutation_table_append(table, string_at(g, list[i]));
  }
  for (size_t i = 0, end = 1; i < end && end < length; i++) {
    commutation_table_query(bits, table, string_at(g, list[i]));
    end = draw_neighbours(list, place, name, bits, words, end, found);
  }
  commutation_table_clear(table);
  flint_free(bits);
  flint_free(place);
}

/* Length of the shortest prefix that is a seed: sub-collections of Majorana
   bilinears are such, so that seeds stay seeds when strings are added. */
static size_t shortest_prefix(const string_algebra_t g, const size_t *list,
                              size_t length) {
  size_t low = 3, high = 8; /* low is too short */
  while (high < length && !is_seed(g, list, high)) {
    low = high;
    high *= 2;
  }
  if (high > length) high = length;
  while (high - low > 1) {
    size_t mid = low + (high - low) / 2;
    if (is_seed(g, list, mid)) high = mid;
    else low = mid;
  }
  return high;
}

/* Drops strings as long as a seed is left. */
static size_t drop_strings(const string_algebra_t g, size_t *list,
                           size_t length) {
  for (size_t i = length; i-- > 0;) {
    size_t kept = list[i];
    memmove(list + i, list + i + 1, (length - i - 1) * sizeof *list);
    if (is_seed(g, list, length - 1)) {
      length--;
      continue;
    }
    memmove(list + i + 1, list + i, (length - i - 1) * sizeof *list);
    list[i] = kept;
  }
  return length;
}

static void find_seed(component_witness_t out, const string_algebra_t g) {
  size_t length = out->num_members, before;
  size_t *list = flint_malloc((length + 1) * sizeof *list);
  memcpy(list, out->members, length * sizeof *list);
  do { /* the last string of a shortest prefix is indispensable: start there */
    before = length;
    order_from_last(list, length, g);
    length = shortest_prefix(g, list, length);
  } while (length < before);
  length = drop_strings(g, list, length);
  out->seed = flint_malloc((length + 1) * sizeof *out->seed);
  for (size_t i = 0; i < length; i++)
    for (size_t j = 0; j < out->num_members; j++)
      if (out->members[j] == list[i]) out->seed[out->num_seed++] = j;
  qsort(out->seed, out->num_seed, sizeof *out->seed, order_sizes);
  flint_free(list);
}

/* --- both --------------------------------------------------------------------------------- */

void component_witness_init(component_witness_t out, const string_algebra_t g,
                            size_t component) {
  const string_component_struct *c = g->components + component;
  *out = (component_witness_struct){.num_members = c->num_members};
  out->members = flint_malloc((c->num_members + 1) * sizeof *out->members);
  memcpy(out->members, c->members, c->num_members * sizeof *out->members);
  qsort_r(out->members, out->num_members, sizeof *out->members,
          compare_members, (void *)g);
  if (c->kind == COMPONENT_FREE_FERMION) find_labels(out, g, c);
  else if (c->kind != COMPONENT_CENTRAL) find_seed(out, g);
}

void component_witness_clear(component_witness_t witness) {
  flint_free(witness->members);
  flint_free(witness->labels);
  flint_free(witness->seed);
}

void component_witnesses_init(component_witnesses_t out, const string_algebra_t g) {
  *out = (component_witnesses_struct){.length = g->num_components};
  out->large = flint_calloc(out->length + 1, sizeof *out->large);
  out->list = flint_malloc((out->length + 1) * sizeof *out->list);
  for (size_t i = 0; i < out->length; i++) {
    if (g->components[i].span->dim <= WITNESS_MIN_SPAN) continue;
    out->any = out->large[i] = true;
    component_witness_init(out->list + i, g, i);
  }
}

void component_witnesses_clear(component_witnesses_t witnesses) {
  for (size_t i = 0; i < witnesses->length; i++)
    if (witnesses->large[i]) component_witness_clear(witnesses->list + i);
  flint_free(witnesses->large);
  flint_free(witnesses->list);
}
