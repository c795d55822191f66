/* Exact moments where orbits are too long to be listed: closed forms for
   components proved by a witness (check_orbit.c), lists for the others.

   If p is moved by components A (by witness; of several such the greatest) and others,
   its orbit is the union over the strings x that the others reach from p of the orbits
   of x under A; two of these are equal or disjoint, and disjoint unless the two x differ
   by an element of V_A.

   Two lists. Where the others reach many x, and the spans of all components are
   independent, the orbit is x + y + p for x that the others and y that A reach from p, all
   of them different, since what moves p under the one commutes with the other. Such a
   string is in the stabilizer group only if x and y + p anticommute with the same of its
   generators: pairs are met by a linear fingerprint of these, and then looked at. */

#include "algebra/check/check_strings.h"

#include <stdlib.h>

enum {
  MAX_LISTED = 1 << 14,
  MAX_COMPARED = 1 << 8, /* beyond, two lists if these will do */
  MAX_CLOSED = 1 << 12,
  MAX_MET = 1 << 16 /* pairs looked at */
};

typedef struct {
  const check_components_struct *all;
  const pauli_sum_struct *o;
  const stabilizer_state_struct *state;
  stabilizer_echelon_t echelon;
  check_place_t **places;  /* per component, when it was needed */
  uint64_t *keys;          /* per term: how it commutes with all generators */
} large_t;

static void large_init(large_t *x, const check_components_t all,
                       const pauli_sum_t o, const stabilizer_state_t state) {
  *x = (large_t){.all = all, .o = o, .state = state};
  stabilizer_echelon_init(x->echelon, state);
  x->places = flint_calloc(all->length + 1, sizeof(check_place_t *));
  x->keys = flint_calloc(o->length + 1, sizeof *x->keys);
  for (size_t t = 0; t < o->length; t++)
    for (size_t i = 0; i < all->span->length; i++)
      if (pauli_anticommute(pauli_sum_string(o, t),
                            check_span_row(all->span, i), o->num_words))
        x->keys[t] ^= (uint64_t)(i + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

static void large_clear(large_t *x) {
  for (size_t i = 0; i < x->all->length; i++) check_place_free(x->places[i]);
  flint_free(x->places);
  flint_free(x->keys);
  stabilizer_echelon_clear(x->echelon);
}

static bool is_fixed(const large_t *x, const uint64_t *string) {
  for (size_t i = 0; i < x->all->span->length; i++)
    if (pauli_anticommute(string, check_span_row(x->all->span, i),
                          x->o->num_words))
      return false;
  return true;
}

/* sum over the terms P' = +-P L, L commuting with every generator, of
   o_P o_P' times the sign times Tr(rho L). */
static void term_weight(fmpq_t out, const large_t *x, size_t term) {
  const pauli_sum_struct *o = x->o;
  size_t w = o->num_words;
  uint64_t *l = flint_malloc((2 * w + 1) * sizeof *l);
  fmpq_t product;
  fmpq_init(product);
  fmpq_zero(out);
  for (size_t j = 0; j < o->length; j++) {
    if (x->keys[j] != x->keys[term]) continue;
    pauli_xor(l, pauli_sum_string(o, term), pauli_sum_string(o, j), w);
    if (!is_fixed(x, l)) continue;
    int value = stabilizer_echelon_expectation(x->echelon, l);
    unsigned e = pauli_mul(l, pauli_sum_string(o, term), l, w);
    if (!value || e & 1) continue;
    fmpq_mul(product, o->coeffs + term, o->coeffs + j);
    if ((value < 0) != (e == 2)) fmpq_neg(product, product);
    fmpq_add(out, out, product);
  }
  fmpq_clear(product);
  flint_free(l);
}

/* The components that move p: the greatest of those by witness (SIZE_MAX: none), and the
   generators of all others, whose strings are listed. */
static void find_movers(uint8_t *active, size_t *large, size_t **members,
                        size_t *num_members, const check_components_t all,
                        const uint64_t *p) {
  const check_generators_struct *g = all->g;
  const check_component_struct *list = all->list;
  *large = SIZE_MAX;
  *num_members = 0;
  *members = flint_malloc((g->strings->length + 1) * sizeof **members);
  for (size_t j = 0; j < g->strings->length; j++)
    if (!active[all->component[j]] &&
        pauli_anticommute(p, row_table_row(g->strings, j), g->num_words))
      active[all->component[j]] = 1;
  for (size_t c = 0; c < all->length; c++)
    if (active[c] && list[c].by_witness &&
        (*large == SIZE_MAX || list[c].span->length > list[*large].span->length))
      *large = c;
  for (size_t c = 0; c < all->length; c++)
    for (size_t i = 0; active[c] && c != *large && i < list[c].num_members; i++)
      (*members)[(*num_members)++] = list[c].members[i];
}

/* Drops strings whose orbit under A is that of an earlier one. False when that
   cannot be told. */
static bool drop_repeated(uint8_t *repeated, const check_place_t *place,
                          const row_table_t list, size_t w) {
  size_t *coset = flint_malloc((list->length + 1) * sizeof *coset);
  row_table_t seen;
  uint64_t *row = flint_malloc((2 * w + 1) * sizeof *row);
  bool ok = true;
  row_table_init(seen, 2 * w);
  for (size_t i = 0; i < list->length && ok; i++) {
    memcpy(row, row_table_row(list, i), 2 * w * sizeof *row);
    check_place_reduce(place, row);
    coset[i] = row_table_add(seen, row, NULL);
    if (coset[i] + 1 == seen->length && seen->length == i + 1) continue;
    for (size_t j = 0; j < i && !repeated[i]; j++)
      if (coset[j] == coset[i] &&
          check_place_same_orbit(place, row_table_row(list, j),
                                 row_table_row(list, i)))
        repeated[i] = 1;
    ok = i < MAX_COMPARED;
  }
  row_table_clear(seen);
  flint_free(coset);
  flint_free(row);
  return ok;
}

/* The whole orbit of p: in the state, and per component how many strings
   anticommute with one of its generators. */
typedef struct {
  fmpz_t size, in_state;
  fmpz *anticommuting;
} counts_t;

static bool add_counts(counts_t *n, large_t *x, size_t large,
                       const uint8_t *active, const uint64_t *string) {
  const check_generators_struct *g = x->all->g;
  fmpz_t size, in_state, anticommuting;
  bool ok = true;
  fmpz_init_set_ui(size, 1);
  fmpz_init(in_state);
  fmpz_init(anticommuting);
  if (large == SIZE_MAX)
    fmpz_set_ui(in_state,
                stabilizer_echelon_expectation(x->echelon, string) != 0);
  else
    ok = check_orbit(size, in_state, anticommuting, x->places[large], string,
                     row_table_row(g->strings,
                                   x->all->list[large].members[0]));
  fmpz_add(n->size, n->size, size);
  fmpz_add(n->in_state, n->in_state, in_state);
  for (size_t c = 0; c < x->all->length; c++) {
    if (!active[c]) continue;
    const uint64_t *h =
        row_table_row(g->strings, x->all->list[c].members[0]);
    if (c == large)
      fmpz_add(n->anticommuting + c, n->anticommuting + c, anticommuting);
    else if (pauli_anticommute(string, h, g->num_words))
      fmpz_add(n->anticommuting + c, n->anticommuting + c, size);
  }
  fmpz_clear(size);
  fmpz_clear(in_state);
  fmpz_clear(anticommuting);
  return ok;
}

/* --- two lists ------------------------------------------------------------------------- */

/* Of qubit q: what X and Z there change in the fingerprint, the sum of numbers drawn for
   the generators of the state that anticommute. Strings of different fingerprints
   anticommute with different ones. */
static uint64_t *fingerprints(const stabilizer_state_struct *state) {
  size_t n = state->num_qubits, w = state->num_words;
  uint64_t *marks = flint_calloc(2 * n + 1, sizeof *marks), number = 1;
  for (size_t j = 0; j < state->rank; j++) {
    const uint64_t *s = stabilizer_state_string(state, j);
    number = number * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    uint64_t drawn = number ^ number >> 29;
    for (size_t i = 0; i < 2 * w; i++)
      for (uint64_t left = s[i]; left; left &= left - 1) {
        size_t q = 64 * (i % w) + (size_t)__builtin_ctzll(left);
        marks[2 * q + (i < w)] ^= drawn; /* an X of s anticommutes with Z */
      }
  }
  return marks;
}

typedef struct {
  uint64_t mark;
  size_t index;
} marked_t;

static int compare_marked(const void *a, const void *b) {
  const marked_t *x = a, *y = b;
  return (x->mark > y->mark) - (x->mark < y->mark);
}

/* The fingerprint of string + p. */
static uint64_t mark_of(const uint64_t *marks, const uint64_t *string, const uint64_t *p,
                        size_t w) {
  uint64_t mark = 0;
  for (size_t i = 0; i < 2 * w; i++)
    for (uint64_t left = string[i] ^ (p ? p[i] : 0); left; left &= left - 1)
      mark ^= marks[2 * (64 * (i % w) + (size_t)__builtin_ctzll(left)) + (i >= w)];
  return mark;
}

static marked_t *mark_all(const uint64_t *marks, const row_table_t list, const uint64_t *p,
                          size_t w) {
  marked_t *out = flint_malloc((list->length + 1) * sizeof *out);
  for (size_t i = 0; i < list->length; i++)
    out[i] = (marked_t){mark_of(marks, row_table_row(list, i), p, w), i};
  if (list->length) qsort(out, list->length, sizeof *out, compare_marked);
  return out;
}

/* Pairs x in a, y in b with x + y + p in the stabilizer group, up to sign. False when too
   many look so. */
static bool count_met(size_t *count, const large_t *x, const row_table_t a,
                      const row_table_t b, const uint64_t *p) {
  size_t w = x->o->num_words, looked = 0;
  uint64_t *marks = fingerprints(x->state), *sum = flint_malloc((2 * w + 1) * sizeof *sum);
  marked_t *of_a = mark_all(marks, a, NULL, w), *of_b = mark_all(marks, b, p, w);
  *count = 0;
  for (size_t i = 0, j = 0; i < a->length && looked <= MAX_MET; i++) {
    while (j < b->length && of_b[j].mark < of_a[i].mark) j++;
    for (size_t k = j; k < b->length && of_b[k].mark == of_a[i].mark && looked <= MAX_MET;
         k++, looked++) {
      pauli_xor(sum, row_table_row(a, of_a[i].index), row_table_row(b, of_b[k].index), w);
      pauli_xor(sum, sum, p, w);
      *count += stabilizer_echelon_expectation(x->echelon, sum) != 0;
    }
  }
  flint_free(marks);
  flint_free(sum);
  flint_free(of_a);
  flint_free(of_b);
  return looked <= MAX_MET;
}

/* Strings of the list that anticommute with the first generator of component c. */
static size_t count_anticommuting(const check_components_struct *all, size_t c,
                                  const row_table_t list) {
  const uint64_t *h = row_table_row(all->g->strings, all->list[c].members[0]);
  size_t count = 0;
  for (size_t i = 0; i < list->length; i++)
    count += pauli_anticommute(row_table_row(list, i), h, all->g->num_words);
  return count;
}

static bool spans_are_independent(const check_components_struct *all) {
  size_t sum = 0;
  for (size_t c = 0; c < all->length; c++) sum += all->list[c].span->length;
  return sum == all->span->length;
}

/* others: what all components that move p but the large one reach. */
static bool count_two_lists(counts_t *n, const large_t *x, size_t large,
                            const uint8_t *active, const row_table_t others,
                            const uint64_t *p) {
  const check_components_struct *all = x->all;
  const check_component_struct *a = all->list + large;
  row_table_t list;
  size_t met;
  row_table_init(list, 2 * all->g->num_words);
  bool ok = spans_are_independent(all) &&
            check_list_reached(list, p, all->g, a->members, a->num_members, MAX_LISTED) &&
            count_met(&met, x, others, list, p);
  if (ok) {
    fmpz_set_ui(n->size, others->length);
    fmpz_mul_ui(n->size, n->size, list->length);
    fmpz_set_ui(n->in_state, met);
  }
  for (size_t c = 0; c < all->length && ok; c++) {
    if (!active[c]) continue;
    const row_table_struct *moved = c == large ? list : others;
    fmpz_set_ui(n->anticommuting + c, count_anticommuting(all, c, moved));
    fmpz_mul_ui(n->anticommuting + c, n->anticommuting + c,
                (c == large ? others : list)->length);
  }
  row_table_clear(list);
  return ok;
}

static bool count_orbit(counts_t *n, large_t *x, uint8_t *active,
                        const uint64_t *p) {
  const check_generators_struct *g = x->all->g;
  size_t large, *members, num_members;
  row_table_t list;
  uint8_t *repeated = flint_calloc(MAX_LISTED + 2, 1);
  row_table_init(list, 2 * g->num_words);
  find_movers(active, &large, &members, &num_members, x->all, p);
  bool ok = check_list_reached(list, p, g, members, num_members, MAX_LISTED);
  bool two = ok && large != SIZE_MAX && list->length > MAX_COMPARED &&
             count_two_lists(n, x, large, active, list, p);
  if (two) goto end;
  if (large != SIZE_MAX && list->length > MAX_CLOSED) ok = false;
  if (ok && large != SIZE_MAX) {
    if (!x->places[large])
      x->places[large] = check_place_new(x->all->list + large, x->state);
    ok = drop_repeated(repeated, x->places[large], list, g->num_words);
  }
  for (size_t i = 0; i < list->length && ok; i++)
    if (!repeated[i])
      ok = add_counts(n, x, large, active, row_table_row(list, i));
end:
  flint_free(repeated);
  row_table_clear(list);
  flint_free(members);
  return ok;
}

/* One term: its share of the variance, and of every gradient. */
static bool add_term(fmpq_t variance, fmpq *gradient, large_t *x, size_t term) {
  size_t num = x->all->length;
  counts_t n;
  fmpq_t weight, share;
  uint8_t *active = flint_calloc(num + 1, 1);
  fmpz_init(n.size);
  fmpz_init(n.in_state);
  fmpq_init(weight);
  fmpq_init(share);
  n.anticommuting = flint_calloc(num + 1, sizeof *n.anticommuting);
  term_weight(weight, x, term);
  bool ok = fmpq_is_zero(weight) ||
            count_orbit(&n, x, active, pauli_sum_string(x->o, term));
  if (ok && !fmpz_is_zero(n.size)) {
    fmpq_set_fmpz_frac(share, n.in_state, n.size);
    fmpq_mul(weight, weight, share);
    fmpq_add(variance, variance, weight);
    for (size_t c = 0; c < num; c++) {
      if (!active[c]) continue;
      fmpq_set_fmpz_frac(share, n.anticommuting + c, n.size);
      fmpq *first = gradient + x->all->list[c].members[0]; /* all members alike */
      fmpq_addmul(first, share, weight);
    }
  }
  for (size_t c = 0; c < num; c++) fmpz_clear(n.anticommuting + c);
  flint_free(n.anticommuting);
  flint_free(active);
  fmpz_clear(n.size);
  fmpz_clear(n.in_state);
  fmpq_clear(weight);
  fmpq_clear(share);
  return ok;
}

bool check_large_moments(fmpq_t mean, fmpq_t variance, fmpq *gradient,
                         const check_components_t all,
                         const pauli_sum_t observable,
                         const stabilizer_state_t state) {
  large_t x;
  bool ok = true;
  fmpq_t value;
  fmpq_init(value);
  large_init(&x, all, observable, state);
  fmpq_zero(mean);
  fmpq_zero(variance);
  for (size_t j = 0; j < all->g->strings->length; j++) fmpq_zero(gradient + j);
  for (size_t t = 0; t < observable->length && ok; t++) {
    const uint64_t *p = pauli_sum_string(observable, t);
    if (!is_fixed(&x, p)) {
      ok = add_term(variance, gradient, &x, t);
      continue;
    }
    fmpq_set_si(value, stabilizer_echelon_expectation(x.echelon, p), 1);
    fmpq_addmul(mean, value, observable->coeffs + t);
  }
  fmpq_clear(value);
  large_clear(&x);
  return ok;
}
