#include "algebra/generators/symmetry.h"

#include <stdlib.h>

#include "algebra/base/row_table.h"
#include "algebra/base/stream.h"

enum { MAX_TERMS = 100000, MAX_NODES = 400 };

/* --- the operators as a coloured hypergraph ------------------------------ */

typedef struct {
  const pauli_sum_struct *const *operators;
  size_t count;
  size_t n, w;
  size_t num_terms;
  uint64_t *kind;      /* per term: hash of (operator, coefficient) */
  size_t *start;       /* per term: offset into support */
  uint32_t *support;   /* qubits of each term */
  uint8_t *letter;     /* letter beside each */
  size_t *of_qubit;    /* n + 1 offsets into touching */
  size_t *touching;    /* the terms of each qubit */
  size_t *first;       /* count + 1: term number of the first of each operator */
  uint64_t *scratch;   /* n words */
  uint64_t *image;     /* 2w words */
} graph_struct;

static uint64_t mix(uint64_t a, uint64_t b) {
  return stream_mix(a ^ (b + STREAM_STEP + (a << 6) + (a >> 2)));
}

static uint64_t hash_fmpz(const fmpz_t x) {
  return mix((uint64_t)fmpz_fdiv_ui(x, UINT64_C(0xffffffffffffffc5)),
             (uint64_t)(fmpz_sgn(x) + 1));
}

/* The terms of each qubit, from the qubits of each term. */
static void list_touching(graph_struct *graph) {
  size_t total = graph->start[graph->num_terms];
  size_t *offset = flint_calloc(graph->n + 2, sizeof *offset);
  graph->touching = flint_malloc((total + 1) * sizeof *graph->touching);
  for (size_t a = 0; a < total; a++) offset[graph->support[a] + 2]++;
  for (size_t j = 2; j < graph->n + 2; j++) offset[j] += offset[j - 1];
  for (size_t t = 0; t < graph->num_terms; t++)
    for (size_t a = graph->start[t]; a < graph->start[t + 1]; a++)
      graph->touching[offset[graph->support[a] + 1]++] = t;
  graph->of_qubit = offset;
}

static void graph_init(graph_struct *graph,
                       const pauli_sum_struct *const *operators, size_t count,
                       size_t n) {
  *graph = (graph_struct){.operators = operators, .count = count, .n = n,
                          .w = pauli_words(n)};
  size_t incidences = 0;
  for (size_t k = 0; k < count; k++) {
    graph->num_terms += operators[k]->length;
    for (size_t t = 0; t < operators[k]->length; t++)
      incidences +=
          pauli_weight(pauli_sum_string(operators[k], t), graph->w);
  }
  graph->kind = flint_malloc((graph->num_terms + 1) * sizeof(uint64_t));
  graph->start = flint_malloc((graph->num_terms + 1) * sizeof(size_t));
  graph->support = flint_malloc((incidences + 1) * sizeof(uint32_t));
  graph->letter = flint_malloc(incidences + 1);
  graph->scratch = flint_malloc((n + 1) * sizeof(uint64_t));
  graph->image = flint_malloc((2 * graph->w + 1) * sizeof(uint64_t));
  graph->first = flint_malloc((count + 1) * sizeof(size_t));
  size_t term = 0, at = 0;
  for (size_t k = 0; k < count; k++) {
    graph->first[k] = term;
    for (size_t t = 0; t < operators[k]->length; t++, term++) {
      const uint64_t *p = pauli_sum_string(operators[k], t);
      graph->kind[term] =
          mix(mix(k, hash_fmpz(fmpq_numref(operators[k]->coeffs + t))),
              hash_fmpz(fmpq_denref(operators[k]->coeffs + t)));
      graph->start[term] = at;
      for (size_t i = 0; i < graph->w; i++)
        for (uint64_t m = p[i] | p[graph->w + i]; m; m &= m - 1) {
          size_t qubit = 64 * i + (size_t)__builtin_ctzll(m);
          graph->support[at] = (uint32_t)qubit;
          graph->letter[at++] = (uint8_t)pauli_get(p, graph->w, qubit);
        }
    }
  }
  graph->start[term] = at;
  graph->first[count] = term;
  list_touching(graph);
}

static void graph_clear(graph_struct *graph) {
  flint_free(graph->kind);
  flint_free(graph->start);
  flint_free(graph->support);
  flint_free(graph->letter);
  flint_free(graph->scratch);
  flint_free(graph->image);
  flint_free(graph->of_qubit);
  flint_free(graph->touching);
  flint_free(graph->first);
}

/* One round: each term hashes the colours of its qubits, each qubit the
   hashes of its terms; sums make both independent of the order. */
static void refine_once(const graph_struct *graph, uint64_t *colour) {
  uint64_t *sum = graph->scratch;
  memset(sum, 0, graph->n * sizeof *sum);
  for (size_t t = 0; t < graph->num_terms; t++) {
    uint64_t h = 0;
    for (size_t a = graph->start[t]; a < graph->start[t + 1]; a++)
      h += mix(colour[graph->support[a]], graph->letter[a]);
    h = mix(h, graph->kind[t]);
    for (size_t a = graph->start[t]; a < graph->start[t + 1]; a++)
      sum[graph->support[a]] += mix(h, graph->letter[a]);
  }
  for (size_t j = 0; j < graph->n; j++) colour[j] = mix(colour[j], sum[j]);
}

static int compare_words(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

static size_t count_colours(const uint64_t *colour, size_t n,
                            uint64_t *sorted) {
  memcpy(sorted, colour, n * sizeof *sorted);
  qsort(sorted, n, sizeof *sorted, compare_words);
  size_t count = n > 0;
  for (size_t j = 1; j < n; j++) count += sorted[j] != sorted[j - 1];
  return count;
}

/* Refines both colourings by the same number of rounds until the first is
   stable; false when their colours then differ. Returns the number of colours
   in *count. */
static bool refine_pair(size_t *count, const graph_struct *graph, uint64_t *a,
                        uint64_t *b) {
  size_t n = graph->n;
  uint64_t *sorted = flint_malloc(2 * (n + 1) * sizeof *sorted);
  *count = count_colours(a, n, sorted);
  bool same;
  for (;;) {
    refine_once(graph, a);
    refine_once(graph, b);
    size_t next = count_colours(a, n, sorted);
    count_colours(b, n, sorted + n);
    same = memcmp(sorted, sorted + n, n * sizeof *sorted) == 0;
    if (!same || next == *count || next == n) {
      *count = next;
      break;
    }
    *count = next;
  }
  flint_free(sorted);
  return same;
}

static void permute_string(uint64_t *out, const uint64_t *p, size_t w,
                           const uint32_t *perm) {
  memset(out, 0, 2 * w * sizeof *out);
  for (size_t i = 0; i < w; i++) {
    for (uint64_t m = p[i]; m; m &= m - 1) {
      uint32_t to = perm[64 * i + (size_t)__builtin_ctzll(m)];
      out[to / 64] |= UINT64_C(1) << to % 64;
    }
    for (uint64_t m = p[w + i]; m; m &= m - 1) {
      uint32_t to = perm[64 * i + (size_t)__builtin_ctzll(m)];
      out[w + to / 64] |= UINT64_C(1) << to % 64;
    }
  }
}

/* Is the image of term t of operator k one with the same coefficient? */
static bool fixes_term(const graph_struct *graph, size_t k, size_t t,
                       const uint32_t *perm) {
  const pauli_sum_struct *sum = graph->operators[k];
  permute_string(graph->image, pauli_sum_string(sum, t), graph->w, perm);
  size_t at = pauli_sum_find(sum, graph->image);
  return at != SIZE_MAX && fmpq_equal(sum->coeffs + at, sum->coeffs + t);
}

static bool fixes_operators(const graph_struct *graph, const uint32_t *perm) {
  bool ok = true;
  for (size_t k = 0; k < graph->count && ok; k++)
    for (size_t t = 0; t < graph->operators[k]->length && ok; t++)
      ok = fixes_term(graph, k, t, perm);
  return ok;
}

/* --- interchangeable qubits ----------------------------------------------- */

/* Only terms of the two are moved, and those of one onto those of the other: if each of i
   has its image, so has each of j when there are as many. */
static bool interchangeable(const graph_struct *graph, uint32_t *perm, uint32_t i,
                            uint32_t j) {
  const size_t *offset = graph->of_qubit;
  bool ok = offset[i + 1] - offset[i] == offset[j + 1] - offset[j];
  size_t k = 0;
  perm[i] = j;
  perm[j] = i;
  for (size_t a = offset[i]; a < offset[i + 1] && ok; a++) {
    size_t term = graph->touching[a];
    while (term >= graph->first[k + 1]) k++; /* terms ascend */
    ok = fixes_term(graph, k, term - graph->first[k], perm);
  }
  perm[i] = i;
  perm[j] = j;
  return ok;
}

/* first[j] = the least qubit that j can be exchanged with. */
static void find_classes(size_t *first, const graph_struct *graph,
                         const uint64_t *colour) {
  size_t n = graph->n;
  uint32_t *perm = flint_malloc((n + 1) * sizeof *perm);
  for (size_t j = 0; j < n; j++) perm[j] = (uint32_t)j;
  for (size_t j = 0; j < n; j++) {
    first[j] = j;
    for (size_t i = 0; i < j && first[j] == j; i++)
      if (first[i] == i && colour[i] == colour[j] &&
          interchangeable(graph, perm, (uint32_t)i, (uint32_t)j))
        first[j] = i;
  }
  flint_free(perm);
}

static void store_classes(symmetry_struct *symmetry, const size_t *first) {
  size_t n = symmetry->num_qubits, at = 0;
  for (int big = 1; big >= 0; big--)
    for (size_t j = 0; j < n; j++) {
      if (first[j] != j) continue;
      size_t size = 0;
      for (size_t i = j; i < n; i++) size += first[i] == j;
      if ((size > 1) != (big == 1)) continue;
      size_t c = symmetry->num_classes++;
      symmetry->num_big += big == 1;
      symmetry->class_start[c] = at;
      for (size_t i = j; i < n; i++)
        if (first[i] == j) {
          symmetry->class_of[i] = c;
          symmetry->members[at++] = i;
        }
    }
  symmetry->class_start[symmetry->num_classes] = at;
}

/* --- the rest of the group ------------------------------------------------ */

typedef struct {
  const graph_struct *graph;
  uint32_t *perm;
  size_t nodes;
  bool gave_up;
} search_struct;

static bool match_discrete(search_struct *search, const uint64_t *a,
                           const uint64_t *b) {
  size_t n = search->graph->n;
  uint64_t *order = flint_malloc(4 * (n + 1) * sizeof *order);
  for (size_t j = 0; j < n; j++) {
    order[2 * j] = b[j];
    order[2 * j + 1] = j;
  }
  qsort(order, n, 2 * sizeof *order, compare_words);
  bool ok = true;
  for (size_t j = 0; j < n && ok; j++) {
    uint64_t *hit =
        bsearch(a + j, order, n, 2 * sizeof *order, compare_words);
    ok = hit != NULL;
    if (ok) search->perm[j] = (uint32_t)hit[1];
  }
  flint_free(order);
  return ok && fixes_operators(search->graph, search->perm);
}

/* Looks for a permutation in search->perm that carries colouring a to b. */
static bool extend(search_struct *search, const uint64_t *a_in,
                   const uint64_t *b_in) {
  size_t n = search->graph->n, count;
  if (++search->nodes > MAX_NODES) {
    search->gave_up = true;
    return false;
  }
  uint64_t *a = flint_malloc(4 * (n + 1) * sizeof *a), *b = a + n;
  uint64_t *a_next = b + n, *b_next = a_next + n;
  memcpy(a, a_in, n * sizeof *a);
  memcpy(b, b_in, n * sizeof *b);
  bool found = false;
  if (!refine_pair(&count, search->graph, a, b)) goto cleanup;
  if (count == n) {
    found = match_discrete(search, a, b);
    goto cleanup;
  }
  size_t pick = n;
  for (size_t j = 0; j < n && pick == n; j++)
    for (size_t i = j + 1; i < n && pick == n; i++)
      if (a[i] == a[j]) pick = j;
  for (size_t to = 0; to < n && !found && !search->gave_up; to++) {
    if (b[to] != a[pick]) continue;
    memcpy(a_next, a, n * sizeof *a);
    memcpy(b_next, b, n * sizeof *b);
    a_next[pick] = b_next[to] = mix(a[pick], 77);
    found = extend(search, a_next, b_next);
  }
cleanup:
  flint_free(a);
  return found;
}

/* Grows the orbit of `base` under the generators; transversal[j] is a
   permutation base -> j, or NULL. */
static void grow_orbit(uint32_t **transversal, size_t n,
                       uint32_t **generators, size_t num_generators) {
  size_t *queue = flint_malloc((n + 1) * sizeof *queue), head = 0, tail = 0;
  for (size_t j = 0; j < n; j++)
    if (transversal[j]) queue[tail++] = j;
  while (head < tail) {
    size_t j = queue[head++];
    for (size_t g = 0; g < num_generators; g++) {
      size_t to = generators[g][j];
      if (transversal[to]) continue;
      transversal[to] = flint_malloc((n + 1) * sizeof(uint32_t));
      for (size_t i = 0; i < n; i++)
        transversal[to][i] = generators[g][transversal[j][i]];
      queue[tail++] = to;
    }
  }
  flint_free(queue);
}

/* All products t s, s in the present list, t in the transversal, unless they
   exceed the cap. */
static bool multiply_perms(symmetry_struct *symmetry, uint32_t **transversal,
                           size_t max_perms) {
  size_t n = symmetry->num_qubits, size = 0, at = 0;
  for (size_t j = 0; j < n; j++) size += transversal[j] != NULL;
  size_t old = symmetry->num_perms;
  if (size > max_perms / old) return false;
  uint32_t *perms = flint_malloc((size * old * n + 1) * sizeof *perms);
  /* transversal entries were grown from the base, whose own is the identity
     and first in no particular place: put it first. */
  for (int pass = 0; pass < 2; pass++)
    for (size_t j = 0; j < n; j++) {
      if (!transversal[j]) continue;
      bool identity = true;
      for (size_t i = 0; i < n && identity; i++)
        identity = transversal[j][i] == i;
      if (identity != (pass == 0)) continue;
      for (size_t s = 0; s < old; s++, at++)
        for (size_t i = 0; i < n; i++)
          perms[at * n + i] = transversal[j][symmetry->perms[s * n + i]];
    }
  flint_free(symmetry->perms);
  symmetry->perms = perms;
  symmetry->num_perms = at;
  return true;
}

/* One level of the stabilizer chain: the orbit of `base` in the group that
   fixes the earlier base points. False when the cap is hit or a search gave
   up: the levels below are then still a whole stabilizer, hence a group. */
static bool add_level(symmetry_struct *symmetry, const graph_struct *graph,
                      const uint64_t *colour, size_t base, size_t max_perms) {
  size_t n = symmetry->num_qubits, num_found = 0;
  uint32_t **transversal = flint_calloc(n, sizeof *transversal);
  uint32_t **found = flint_calloc(n + symmetry->num_perms, sizeof *found);
  uint64_t *a = flint_malloc(2 * (n + 1) * sizeof *a), *b = a + n;
  search_struct search = {.graph = graph,
                          .perm = flint_malloc((n + 1) * sizeof(uint32_t))};
  transversal[base] = flint_malloc((n + 1) * sizeof(uint32_t));
  for (size_t i = 0; i < n; i++) transversal[base][i] = (uint32_t)i;
  for (size_t to = 0; to < n && !search.gave_up; to++) {
    if (transversal[to] || colour[to] != colour[base]) continue;
    memcpy(a, colour, n * sizeof *a);
    memcpy(b, colour, n * sizeof *b);
    a[base] = b[to] = mix(colour[base], 77);
    search.nodes = 0;
    if (!extend(&search, a, b)) continue;
    found[num_found] = search.perm;
    search.perm = flint_malloc((n + 1) * sizeof(uint32_t));
    num_found++;
    grow_orbit(transversal, n, found, num_found);
  }
  bool fits =
      !search.gave_up && multiply_perms(symmetry, transversal, max_perms);
  for (size_t j = 0; j < n; j++) flint_free(transversal[j]);
  for (size_t j = 0; j < num_found; j++) flint_free(found[j]);
  flint_free(transversal);
  flint_free(found);
  flint_free(search.perm);
  flint_free(a);
  return fits;
}

/* Base points b_1, b_2, ... with the colourings in which the earlier ones are
   fixed, then the levels from the last to the first. */
static void find_group(symmetry_struct *symmetry, const graph_struct *graph,
                       uint64_t *colour, size_t max_perms) {
  size_t n = symmetry->num_qubits, levels = 0, count;
  size_t *base = flint_malloc((n + 1) * sizeof *base);
  uint64_t **stack = flint_malloc((n + 1) * sizeof *stack);
  uint64_t *twin = flint_malloc((n + 1) * sizeof *twin);
  for (;;) {
    memcpy(twin, colour, n * sizeof *twin);
    refine_pair(&count, graph, colour, twin);
    if (count == n || levels > 40) break;
    size_t pick = n;
    for (size_t j = 0; j < n && pick == n; j++)
      for (size_t i = j + 1; i < n && pick == n; i++)
        if (colour[i] == colour[j]) pick = j;
    stack[levels] = flint_malloc((n + 1) * sizeof **stack);
    memcpy(stack[levels], colour, n * sizeof *colour);
    base[levels++] = pick;
    colour[pick] = mix(colour[pick], 78 + levels);
  }
  bool fits = count == n; /* otherwise too deep: stay with what is sure */
  for (size_t level = levels; level-- > 0;) {
    if (fits)
      fits = add_level(symmetry, graph, stack[level], base[level], max_perms);
    flint_free(stack[level]);
  }
  flint_free(stack);
  flint_free(base);
  flint_free(twin);
}

void symmetry_init(symmetry_struct *symmetry, size_t num_qubits,
                   const pauli_sum_struct *const *operators, size_t count,
                   size_t max_perms) {
  size_t n = num_qubits, terms = 0, same;
  *symmetry = (symmetry_struct){.num_qubits = n, .num_words = pauli_words(n),
                                .num_perms = 1};
  symmetry->class_of = flint_malloc((n + 1) * sizeof(size_t));
  symmetry->class_start = flint_malloc((n + 2) * sizeof(size_t));
  symmetry->members = flint_malloc((n + 1) * sizeof(size_t));
  symmetry->perms = flint_malloc((n + 1) * sizeof(uint32_t));
  for (size_t j = 0; j < n; j++) symmetry->perms[j] = (uint32_t)j;
  size_t *first = flint_malloc((n + 1) * sizeof *first);
  for (size_t j = 0; j < n; j++) first[j] = j;
  for (size_t k = 0; k < count; k++) terms += operators[k]->length;
  if (terms <= MAX_TERMS && n > 1) {
    graph_struct graph;
    graph_init(&graph, operators, count, n);
    uint64_t *colour = flint_calloc(2 * (n + 1), sizeof *colour);
    refine_pair(&same, &graph, colour, colour + n);
    if (same < n) {
      find_classes(first, &graph, colour);
      store_classes(symmetry, first);
      /* Rank within the class: only order-preserving representatives. */
      for (size_t c = 0; c < symmetry->num_classes; c++)
        for (size_t a = symmetry->class_start[c];
             a < symmetry->class_start[c + 1]; a++)
          colour[symmetry->members[a]] = mix(
              colour[symmetry->members[a]], a - symmetry->class_start[c] + 1);
      find_group(symmetry, &graph, colour, max_perms);
    }
    flint_free(colour);
    graph_clear(&graph);
  }
  if (symmetry->num_classes == 0) store_classes(symmetry, first);
  symmetry->trivial = symmetry->num_big == 0 && symmetry->num_perms == 1;
  flint_free(first);
}

bool symmetry_fixes(const symmetry_struct *symmetry,
                    const pauli_sum_struct *sum) {
  size_t n = symmetry->num_qubits;
  graph_struct graph;
  const pauli_sum_struct *list[1] = {sum};
  if (symmetry->trivial) return true;
  graph_init(&graph, list, 1, n);
  uint32_t *perm = flint_malloc((n + 1) * sizeof *perm);
  bool ok = true;
  for (size_t s = 1; s < symmetry->num_perms && ok; s++)
    ok = fixes_operators(&graph, symmetry->perms + s * n);
  for (size_t j = 0; j < n; j++) perm[j] = (uint32_t)j;
  for (size_t c = 0; c < symmetry->num_big && ok; c++)
    for (size_t a = symmetry->class_start[c] + 1;
         a < symmetry->class_start[c + 1] && ok; a++)
      ok = interchangeable(&graph, perm, (uint32_t)symmetry->members[a - 1],
                           (uint32_t)symmetry->members[a]);
  flint_free(perm);
  graph_clear(&graph);
  return ok;
}

void symmetry_clear(symmetry_struct *symmetry) {
  flint_free(symmetry->class_of);
  flint_free(symmetry->class_start);
  flint_free(symmetry->members);
  flint_free(symmetry->perms);
  *symmetry = (symmetry_struct){0};
}

/* Sorts the letters within each class: X first, then Y, Z, I. */
static void sort_classes(uint64_t *p, const symmetry_struct *symmetry) {
  static const unsigned order[4] = {1, 3, 2, 0};
  size_t w = symmetry->num_words;
  for (size_t c = 0; c < symmetry->num_big; c++) {
    size_t count[4] = {0}, at = symmetry->class_start[c];
    for (size_t a = at; a < symmetry->class_start[c + 1]; a++)
      count[pauli_get(p, w, symmetry->members[a])]++;
    for (size_t l = 0; l < 4; l++)
      for (size_t i = 0; i < count[order[l]]; i++)
        pauli_set(p, w, symmetry->members[at++], order[l]);
  }
}

void symmetry_canonical(uint64_t *out, const symmetry_struct *symmetry,
                        const uint64_t *p, uint64_t *scratch) {
  size_t w = symmetry->num_words, n = symmetry->num_qubits;
  memcpy(out, p, 2 * w * sizeof *out);
  sort_classes(out, symmetry);
  for (size_t s = 1; s < symmetry->num_perms; s++) {
    permute_string(scratch, p, w, symmetry->perms + s * n);
    sort_classes(scratch, symmetry);
    if (memcmp(scratch, out, 2 * w * sizeof *out) < 0)
      memcpy(out, scratch, 2 * w * sizeof *out);
  }
}

size_t symmetry_order(const symmetry_struct *symmetry) {
  size_t order = symmetry->num_perms;
  for (size_t c = 0; c < symmetry->num_big; c++)
    for (size_t a = 2;
         a <= symmetry->class_start[c + 1] - symmetry->class_start[c]; a++) {
      if (order > SIZE_MAX / a) return SIZE_MAX;
      order *= a;
    }
  return order;
}

static size_t find_root(size_t *root, size_t j) {
  while (root[j] != j) j = root[j] = root[root[j]];
  return j;
}

void symmetry_qubit_orbits(size_t *root, const symmetry_struct *symmetry) {
  size_t n = symmetry->num_qubits;
  for (size_t j = 0; j < n; j++) root[j] = j;
  for (size_t c = 0; c < symmetry->num_big; c++)
    for (size_t a = symmetry->class_start[c] + 1;
         a < symmetry->class_start[c + 1]; a++)
      root[find_root(root, symmetry->members[a])] =
          find_root(root, symmetry->members[a - 1]);
  for (size_t s = 1; s < symmetry->num_perms; s++)
    for (size_t j = 0; j < n; j++)
      root[find_root(root, symmetry->perms[s * n + j])] = find_root(root, j);
  for (size_t j = 0; j < n; j++) root[j] = find_root(root, j);
}

static int compare_strings(const void *a, const void *b, void *width) {
  return memcmp(a, b, *(const size_t *)width);
}

void symmetry_orbit_length(fmpz_t out, const symmetry_struct *symmetry,
                           const uint64_t *p) {
  size_t w = symmetry->num_words, n = symmetry->num_qubits, distinct = 1;
  size_t perms = symmetry->num_perms ? symmetry->num_perms : 1;
  size_t width = 2 * w * sizeof *p;
  uint64_t *images = flint_malloc(perms * width + 1);
  fmpz_t t;
  fmpz_init(t);
  memcpy(images, p, width);
  for (size_t s = 1; s < perms; s++)
    permute_string(images + s * 2 * w, p, w, symmetry->perms + s * n);
  for (size_t s = 0; s < perms; s++) sort_classes(images + s * 2 * w, symmetry);
  qsort_r(images, perms, width, compare_strings, &width);
  for (size_t s = 1; s < perms; s++)
    distinct += memcmp(images + s * 2 * w, images + (s - 1) * 2 * w, width) != 0;
  fmpz_set_ui(out, distinct);
  for (size_t c = 0; c < symmetry->num_big; c++) { /* a multinomial each */
    size_t count[4] = {0}, first = symmetry->class_start[c];
    size_t end = symmetry->class_start[c + 1];
    for (size_t a = first; a < end; a++)
      count[pauli_get(p, w, symmetry->members[a])]++;
    fmpz_fac_ui(t, end - first);
    fmpz_mul(out, out, t);
    for (size_t l = 0; l < 4; l++) {
      fmpz_fac_ui(t, count[l]);
      fmpz_divexact(out, out, t);
    }
  }
  fmpz_clear(t);
  flint_free(images);
}

/* --- orbits ---------------------------------------------------------------- */

size_t symmetry_orbit(uint64_t **strings, const symmetry_struct *symmetry,
                      const uint64_t *p, size_t max_length) {
  size_t w = symmetry->num_words, n = symmetry->num_qubits;
  row_table_t orbit;
  bool is_new;
  uint64_t *image = flint_malloc((4 * w + 1) * sizeof *image);
  uint64_t *current = image + 2 * w;
  row_table_init(orbit, 2 * w);
  row_table_add(orbit, p, &is_new);
  for (size_t k = 0; k < orbit->length && orbit->length <= max_length; k++) {
    memcpy(current, row_table_row(orbit, k), 2 * w * sizeof *current);
    for (size_t s = 1; s < symmetry->num_perms; s++) {
      permute_string(image, current, w, symmetry->perms + s * n);
      row_table_add(orbit, image, &is_new);
    }
    for (size_t c = 0; c < symmetry->num_big; c++)
      for (size_t a = symmetry->class_start[c] + 1;
           a < symmetry->class_start[c + 1]; a++) {
        size_t i = symmetry->members[a - 1], j = symmetry->members[a];
        memcpy(image, current, 2 * w * sizeof *image);
        pauli_set(image, w, i, pauli_get(current, w, j));
        pauli_set(image, w, j, pauli_get(current, w, i));
        row_table_add(orbit, image, &is_new);
      }
  }
  flint_free(image);
  *strings = flint_malloc((orbit->length * 2 * w + 1) * sizeof **strings);
  memcpy(*strings, orbit->rows, orbit->length * 2 * w * sizeof **strings);
  size_t length = orbit->length;
  row_table_clear(orbit);
  return length;
}
