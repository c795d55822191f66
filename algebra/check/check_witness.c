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
static int compare_members(const void *a, const void *b, void *context) {
  const check_generators_struct *g = context;
  return pauli_cmp(string_list_row(g->strings, *(const size_t *)a),
                   string_list_row(g->strings, *(const size_t *)b),
                   g->num_words);
}

static size_t *sorted_members(const check_component_struct *c,
                              const check_generators_t g) {
  size_t *sorted = flint_malloc((c->num_members + 1) * sizeof *sorted);
  memcpy(sorted, c->members, c->num_members * sizeof *sorted);
  qsort_r(sorted, c->num_members, sizeof *sorted, compare_members, (void *)g);
  return sorted;
}

/* mu: m rows of 2w words. Follows labels from mode 0, round after round; false
   when a mode is not reached. */
static bool find_potentials(uint64_t *mu, size_t m, const size_t *members,
                            const check_generators_t g,
                            const check_witness_struct *witness) {
  size_t w = g->num_words, width = 2 * w, reached = 1;
  uint8_t *done = flint_calloc(m, 1);
  size_t *first = flint_malloc((m + 1) * sizeof *first);
  size_t *next = flint_malloc((2 * witness->num_labels + 1) * sizeof *next);
  size_t *queue = flint_malloc(m * sizeof *queue);
  /* ends of labels, as lists by mode: end e is mode labels[e] */
  for (size_t a = 0; a < m; a++) first[a] = SIZE_MAX;
  for (size_t e = 0; e < 2 * witness->num_labels; e++) {
    next[e] = first[witness->labels[e]];
    first[witness->labels[e]] = e;
  }
  memset(mu, 0, width * sizeof *mu);
  done[0] = 1;
  queue[0] = 0;
  for (size_t i = 0; i < reached; i++)
    for (size_t e = first[queue[i]]; e != SIZE_MAX; e = next[e]) {
      size_t b = witness->labels[e ^ 1];
      if (done[b]) continue;
      done[b] = 1;
      queue[reached++] = b;
      pauli_xor(mu + b * width, mu + queue[i] * width,
                string_list_row(g->strings, members[e / 2]), w);
    }
  flint_free(done);
  flint_free(first);
  flint_free(next);
  flint_free(queue);
  return reached == m;
}

static bool commutes_with_all(const uint64_t *string, const uint64_t *rows,
                              size_t count, size_t w) {
  for (size_t i = 0; i < count; i++)
    if (pauli_anticommute(string, rows + i * 2 * w, w)) return false;
  return true;
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
  ok = ok && find_potentials(mu, m, members, g, witness);
  for (size_t a = 1; a < m && ok; a++)
    for (size_t b = 1; b < a && ok; b++)
      ok = pauli_anticommute(mu + a * width, mu + b * width, w);
  for (size_t i = 0; i < witness->num_labels && ok; i++) {
    uint32_t a = witness->labels[2 * i], b = witness->labels[2 * i + 1];
    pauli_xor(t, string_list_row(g->strings, members[i]), mu + a * width, w);
    pauli_xor(t, t, mu + b * width, w);
    ok = a < b; /* one way to write a label */
    if (pauli_is_identity(t, w) || !check_span_add(c->twists, t, NULL))
      continue;
    ok = ok && commutes_with_all(t, mu, m, w);
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
  string_list_t list;
  fmpz_t expected;
  fmpz_init(expected);
  check_span_init(span, g->num_words);
  string_list_init(list, g->num_words);
  for (size_t i = 0; i < n && ok; i++) {
    uint8_t q = 1;
    ok = witness->seed[i] < c->num_members;
    seed[i] = ok ? members[witness->seed[i]] : 0;
    if (ok && !check_span_add(span, string_list_row(g->strings, seed[i]), &q) &&
        q)
      consistent = false;
  }
  ok = ok && check_list_reached(list, string_list_row(g->strings, seed[0]), g,
                                seed, n, MAX_SEED_ELEMENTS);
  check_span_symplectic(span, &pairs);
  full_size(expected, span, pairs, consistent);
  ok = ok && pairs >= 3 && fmpz_equal_ui(expected, list->length);
  fmpz_clear(expected);
  check_span_clear(span);
  string_list_clear(list);
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
