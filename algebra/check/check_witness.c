/* Components too large to be listed, proved by what the certificate says.

   Labels. Member i is said to be gamma_a gamma_b t_i, {a, b} its label. Let mu_a
   be the sum of the members along a path of labels from 0 to a, mu_0 = 0. If
   mu_a, mu_b anticommute for all 0 < a < b, the strings mu_a + mu_b multiply as
   Majorana bilinears do; if t_i = member + mu_a + mu_b commutes with all mu, and
   T is the span of the t_i, then the members generate all mu_a + mu_b + t, t in
   T, and no more: brackets of (a, b, t) and (b, c, t') give (a, c, t + t'), from
   (a, b, t) one reaches (c, d, t) along the paths with t = 0 when there are
   three modes, and (a, c, t), (c, b, t') give (a, b, t + t'). They are
   distinct unless there are four modes. So g = so(m), 2^dim T times.

   Seed. Some members whose algebra, listed, is full: all strings of their
   span W outside its radical, those with q = 1 if q exists on W, and W/rad W
   of dimension 2k >= 6. Then adding a generator h that anticommutes with one of
   W leaves it full: for h outside W every h + w with the right q is
   reached from h in at most three steps, as on affine subspaces of W/rad W of
   codimension 2 the form q, of rank >= 2 there, takes both values; likewise
   for h in W with q(h) = 0, and for the strings of rad W that h moves
   (Janssen 1983; Brown and Humphries 1986; arXiv:2408.00081). The component is
   connected, so all members are added one after the other. */
#include <stdlib.h>

#include "algebra/check/check_strings.h"

enum { MAX_SEED_ELEMENTS = 1 << 16 };

/* --- labels ----------------------------------------------------------------------------- */

/* Members in the order of pauli_cmp. */
static size_t *sorted_members(const check_component_struct *c,
                              const check_generators_t g) {
  size_t *sorted = flint_malloc((c->num_members + 1) * sizeof *sorted);
  memcpy(sorted, c->members, c->num_members * sizeof *sorted);
  qsort_r(sorted, c->num_members, sizeof *sorted, check_compare_strings, (void *)g);
  return sorted;
}

/* Follows labels from mode 0, round after round: the members that reach a mode first
   are a tree. False when a mode is not reached. mu: m rows of 2w words. */
static bool find_potentials(uint64_t *mu, check_component_struct *c, size_t m,
                            const size_t *members, const check_generators_t g,
                            const check_witness_struct *witness) {
  size_t w = g->num_words, width = 2 * w, reached = 1;
  size_t *first = flint_malloc((m + 1) * sizeof *first);
  size_t *next = flint_malloc((2 * witness->num_labels + 1) * sizeof *next);
  uint64_t *edges = flint_calloc(m * width + 1, sizeof *edges);
  c->tree_order = flint_calloc(m, sizeof *c->tree_order);
  c->tree_from = flint_malloc(m * sizeof *c->tree_from);
  /* ends of labels, as lists by mode: end e is mode labels[e] */
  for (size_t a = 0; a < m; a++) first[a] = c->tree_from[a] = SIZE_MAX;
  for (size_t e = 0; e < 2 * witness->num_labels; e++) {
    next[e] = first[witness->labels[e]];
    first[witness->labels[e]] = e;
  }
  memset(mu, 0, width * sizeof *mu);
  c->tree_from[0] = 0;
  for (size_t i = 0; i < reached; i++)
    for (size_t from = c->tree_order[i], e = first[from]; e != SIZE_MAX; e = next[e]) {
      size_t b = witness->labels[e ^ 1];
      if (c->tree_from[b] != SIZE_MAX) continue;
      c->tree_from[b] = from;
      c->tree_order[reached++] = b;
      memcpy(edges + (b - 1) * width, row_table_row(g->strings, members[e / 2]),
             width * sizeof *edges);
      pauli_xor(mu + b * width, mu + from * width, edges + (b - 1) * width, w);
    }
  commutation_table_init_strings(c->tree, g->num_qubits, edges, m - 1);
  flint_free(first);
  flint_free(next);
  flint_free(edges);
  return reached == m;
}

static bool edges_share_modes(const check_component_struct *c, size_t a, size_t b) {
  size_t x = c->tree_from[a], y = c->tree_from[b];
  return a != b && (a == y || b == x || x == y);
}

/* Do all mu_a, mu_b anticommute? They are sums along the tree, so that it is enough
   that two of its strings anticommute just when their labels share a mode: the form on
   labels, |{a, b} meet {c, d}| modulo 2, is then omega on all sums, and 1 on {0, a},
   {0, b}. */
static bool tree_anticommutes(const check_component_struct *c, size_t m,
                              const uint64_t *mu, size_t w) {
  size_t words = commutation_table_words(c->tree), width = 2 * w;
  uint64_t *bits = flint_malloc((words + 1) * sizeof *bits);
  uint64_t *edge = flint_malloc((width + 1) * sizeof *edge);
  size_t *degree = flint_calloc(m + 1, sizeof *degree);
  bool ok = true;
  for (size_t a = 1; a < m; a++) {
    degree[a]++;
    degree[c->tree_from[a]]++;
  }
  for (size_t a = 1; a < m && ok; a++) {
    size_t met = 0;
    pauli_xor(edge, mu + a * width, mu + c->tree_from[a] * width, w);
    commutation_table_query(bits, c->tree, edge);
    for (size_t i = 0; i < words && ok; i++)
      for (uint64_t left = bits[i]; left && ok; left &= left - 1, met++)
        ok = edges_share_modes(c, a, 64 * i + (size_t)__builtin_ctzll(left) + 1);
    ok = ok && met == degree[a] + degree[c->tree_from[a]] - 2;
  }
  flint_free(bits);
  flint_free(edge);
  flint_free(degree);
  return ok;
}

/* Commutes with the strings of the tree, and so with all mu. */
static bool commutes_with_tree(const check_component_struct *c, const uint64_t *string) {
  size_t words = commutation_table_words(c->tree);
  uint64_t *bits = flint_calloc(words + 1, sizeof *bits), any = 0;
  commutation_table_query(bits, c->tree, string);
  for (size_t i = 0; i < words; i++) any |= bits[i];
  flint_free(bits);
  return !any;
}

void check_signature(uint64_t *set, const check_component_struct *c,
                     const uint64_t *x) {
  size_t m = c->num_modes;
  uint64_t *bits = flint_calloc(m / 64 + 1, sizeof *bits);
  commutation_table_query(bits, c->tree, x);
  memset(set, 0, (m + 63) / 64 * sizeof *set);
  for (size_t i = 1; i < m; i++) {
    size_t a = c->tree_order[i], b = c->tree_from[a];
    uint64_t bit = bits[(a - 1) / 64] >> ((a - 1) % 64) ^ set[b / 64] >> (b % 64);
    set[a / 64] |= (bit & 1) << (a % 64);
  }
  flint_free(bits);
}

static void set_so(check_component_struct *c, size_t m) {
  fmpz_set_ui(c->dimension, m * (m - 1) / 2);
  fmpz_set_ui(c->rank, m == 6 ? 3 : m / 2);
  c->letter = m == 3 || m == 6 ? 'A' : m == 5 ? 'C' : m % 2 ? 'B' : 'D';
  fmpz_one(c->copies);
  fmpz_mul_2exp(c->copies, c->copies, c->twists->length);
}

static bool labels_prove(check_component_struct *c, const check_generators_t g,
                         const check_witness_struct *witness) {
  size_t w = g->num_words, width = 2 * w, m = 0;
  size_t *members = sorted_members(c, g);
  for (size_t e = 0; e < 2 * witness->num_labels; e++)
    if (witness->labels[e] >= m) m = witness->labels[e] + (size_t)1;
  bool ok = witness->num_labels == c->num_members && m >= 3 && m != 4 &&
            m <= c->num_members + 1;
  if (!ok) m = 1;
  uint64_t *mu = flint_malloc((m * width + 1) * sizeof *mu);
  uint64_t *t = flint_malloc((width + 1) * sizeof *t);
  ok = ok && find_potentials(mu, c, m, members, g, witness) &&
       tree_anticommutes(c, m, mu, w);
  for (size_t i = 0; i < witness->num_labels && ok; i++) {
    uint32_t a = witness->labels[2 * i], b = witness->labels[2 * i + 1];
    pauli_xor(t, row_table_row(g->strings, members[i]), mu + a * width, w);
    pauli_xor(t, t, mu + b * width, w);
    ok = a < b; /* one way to write a label */
    if (pauli_is_identity(t, w) || !check_span_add(c->twists, t, NULL))
      continue;
    ok = ok && commutes_with_tree(c, t);
  }
  if (ok) {
    set_so(c, m);
    c->num_modes = m;
    c->potentials->length = m - 1;
    c->potentials->rows =
        flint_malloc(((m - 1) * width + 1) * sizeof *c->potentials->rows);
    memcpy(c->potentials->rows, mu + width, (m - 1) * width * sizeof *mu);
  }
  flint_free(mu);
  flint_free(t);
  flint_free(members);
  return ok;
}

/* --- seed --------------------------------------------------------------------------------- */

/* sum over v in the span of (-1)^q(v), q given on the rows of a symplectic
   basis: a product over hyperbolic pairs and radical rows. */
static void gauss_sum(fmpz_t out, const check_span_t basis, size_t pairs) {
  fmpz_one(out);
  for (size_t i = 0; i < pairs; i++) {
    unsigned both = basis->q[2 * i] & basis->q[2 * i + 1];
    fmpz_mul_si(out, out, both ? -2 : 2);
  }
  for (size_t i = 2 * pairs; i < basis->length; i++)
    fmpz_mul_si(out, out, basis->q[i] ? 0 : 2);
}

/* Strings outside the radical, with q = 1 if q exists. */
static void full_size(fmpz_t out, const check_span_t basis, size_t pairs,
                      bool consistent) {
  fmpz_t sum;
  bool odd = false;
  size_t r = basis->length - 2 * pairs;
  fmpz_init(sum);
  fmpz_one(out);
  fmpz_mul_2exp(out, out, basis->length);
  if (!consistent) {
    fmpz_one(sum);
    fmpz_mul_2exp(sum, sum, r);
    fmpz_sub(out, out, sum);
  } else {
    gauss_sum(sum, basis, pairs);
    fmpz_sub(out, out, sum);
    fmpz_fdiv_q_2exp(out, out, 1); /* all with q = 1 */
    for (size_t i = 2 * pairs; i < basis->length; i++) odd |= basis->q[i];
    fmpz_one(sum);
    if (odd) fmpz_mul_2exp(sum, sum, r - 1);
    if (odd) fmpz_sub(out, out, sum); /* half of the radical */
  }
  fmpz_clear(sum);
}

static bool seed_is_full(const check_component_struct *c,
                         const check_generators_t g,
                         const check_witness_struct *witness) {
  size_t *members = sorted_members(c, g), pairs, n = witness->num_seed;
  size_t *seed = flint_malloc((n + 1) * sizeof *seed);
  bool ok = true, consistent = true;
  check_span_t span;
  row_table_t list;
  fmpz_t expected;
  fmpz_init(expected);
  check_span_init(span, g->num_words);
  row_table_init(list, 2 * g->num_words);
  for (size_t i = 0; i < n && ok; i++) {
    uint8_t q = 1;
    ok = witness->seed[i] < c->num_members;
    seed[i] = ok ? members[witness->seed[i]] : 0;
    if (ok && !check_span_add(span, row_table_row(g->strings, seed[i]), &q) &&
        q)
      consistent = false;
  }
  ok = ok && check_list_reached(list, row_table_row(g->strings, seed[0]), g,
                                seed, n, MAX_SEED_ELEMENTS);
  check_span_symplectic(span, &pairs);
  full_size(expected, span, pairs, consistent);
  ok = ok && pairs >= 3 && fmpz_equal_ui(expected, list->length);
  fmpz_clear(expected);
  check_span_clear(span);
  row_table_clear(list);
  flint_free(members);
  flint_free(seed);
  return ok;
}

/* su, so or sp of the sectors, one for each character of the twists. */
static void set_full(check_component_struct *c) {
  const check_span_struct *b = c->basis;
  size_t odd = SIZE_MAX;
  uint64_t *row = flint_malloc((2 * b->w + 1) * sizeof *row);
  unsigned arf = 0;
  fmpz_t n;
  fmpz_init(n);
  for (size_t i = 2 * c->pairs; i < b->length; i++) {
    memcpy(row, check_span_row(b, i), 2 * b->w * sizeof *row);
    if (c->q_consistent && b->q[i]) {
      if (odd != SIZE_MAX) pauli_xor(row, row, check_span_row(b, odd), b->w);
      if (odd == SIZE_MAX) {
        odd = i; /* the twists are the kernel of q on the radical */
        continue;
      }
    }
    check_span_add(c->twists, row, NULL);
  }
  for (size_t i = 0; i < c->pairs; i++) arf ^= b->q[2 * i] & b->q[2 * i + 1];
  fmpz_one(n);
  fmpz_mul_2exp(n, n, c->pairs);
  if (!c->q_consistent || odd != SIZE_MAX) {
    c->letter = 'A';
    fmpz_sub_ui(c->rank, n, 1);
    fmpz_mul(c->dimension, n, n);
    fmpz_sub_ui(c->dimension, c->dimension, 1);
  } else {
    c->letter = arf ? 'C' : 'D';
    fmpz_fdiv_q_2exp(c->rank, n, 1);
    fmpz_set(c->dimension, n);
    if (arf) fmpz_add_ui(c->dimension, c->dimension, 1);
    else fmpz_sub_ui(c->dimension, c->dimension, 1);
    fmpz_mul(c->dimension, c->dimension, n);
    fmpz_fdiv_q_2exp(c->dimension, c->dimension, 1);
  }
  fmpz_one(c->copies);
  fmpz_mul_2exp(c->copies, c->copies, c->twists->length);
  fmpz_clear(n);
  flint_free(row);
}

bool check_witness(check_component_struct *c, const check_generators_t g,
                   const check_witness_struct *witness) {
  if (witness->num_labels) return labels_prove(c, g, witness);
  if (!witness->num_seed || !seed_is_full(c, g, witness)) return false;
  set_full(c);
  return true;
}
