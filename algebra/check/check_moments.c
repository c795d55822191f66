
#include "algebra/check/check_strings.h"

/* Tr(rho P); of stabilizer states most strings are told to be 0 by one that
   anticommutes. */
static void expectation(fmpq_t out, const quantum_state_t state,
                        const uint64_t *string) {
  const stabilizer_state_struct *s = quantum_state_stabilizer(state);
  for (size_t j = 0; s && j < s->rank; j++)
    if (pauli_anticommute(string, stabilizer_state_string(s, j),
                          s->num_words)) {
      fmpq_zero(out);
      return;
    }
  quantum_state_expectation(out, state, string);
}

bool check_is_fixed(const uint64_t *string, const check_generators_t g) {
  for (size_t j = 0; j < g->strings->length; j++)
    if (pauli_anticommute(string, row_table_row(g->strings, j),
                          g->num_words))
      return false;
  return true;
}

/* Adds value * i^phase to re + i im. */
static void add_phase(fmpq_t re, fmpq_t im, const fmpq_t value,
                      unsigned phase) {
  fmpq *part = phase & 1 ? im : re;
  if (phase & 2) fmpq_sub(part, part, value);
  else fmpq_add(part, part, value);
}

/* The contribution of one orbit C and one string L that commutes with every
   generator:  (1/|C|) (sum over P in C of o_P o_PL phi_P)
                       (sum over P in C of rho_P rho_PL conj(phi_P)),
   P L = phi_P [P + L]. Its real part, as the sum over L and L^dag is real. */
static void add_orbit(fmpq_t out, const row_table_t orbit,
                      const uint64_t *l, const pauli_sum_t observable,
                      const row_table_t terms,
                      const quantum_state_t state, size_t w) {
  fmpq_t o_re, o_im, s_re, s_im, value, other;
  uint64_t *moved = flint_malloc((2 * w + 1) * sizeof *moved);
  fmpq_init(o_re);
  fmpq_init(o_im);
  fmpq_init(s_re);
  fmpq_init(s_im);
  fmpq_init(value);
  fmpq_init(other);
  for (size_t i = 0; i < orbit->length; i++) {
    const uint64_t *p = row_table_row(orbit, i);
    unsigned phase = pauli_mul(moved, p, l, w);
    size_t a = row_table_find(terms, p), b = row_table_find(terms, moved);
    if (a != SIZE_MAX && b != SIZE_MAX) {
      fmpq_mul(value, observable->coeffs + a, observable->coeffs + b);
      add_phase(o_re, o_im, value, phase);
    }
    expectation(value, state, p);
    if (fmpq_is_zero(value)) continue;
    expectation(other, state, moved);
    fmpq_mul(value, value, other);
    add_phase(s_re, s_im, value, 4 - phase);
  }
  fmpq_mul(o_re, o_re, s_re);
  fmpq_mul(o_im, o_im, s_im);
  fmpq_sub(value, o_re, o_im);
  fmpq_set_si(o_re, 1, orbit->length);
  fmpq_mul(value, value, o_re);
  fmpq_add(out, out, value);
  fmpq_clear(o_re);
  fmpq_clear(o_im);
  fmpq_clear(s_re);
  fmpq_clear(s_im);
  fmpq_clear(value);
  fmpq_clear(other);
  flint_free(moved);
}

/* gradient[h] += value * (strings of the orbit that anticommute with h) / |C| */
static void add_gradient(fmpq *gradient, const fmpq_t value,
                         const row_table_t orbit,
                         const check_generators_t g) {
  fmpq_t share;
  fmpq_init(share);
  for (size_t j = 0; j < g->strings->length && !fmpq_is_zero(value); j++) {
    size_t count = 0;
    for (size_t i = 0; i < orbit->length; i++)
      count += pauli_anticommute(row_table_row(orbit, i),
                                 row_table_row(g->strings, j), g->num_words);
    fmpq_set_si(share, (slong)count, orbit->length);
    fmpq_mul(share, share, value);
    fmpq_add(gradient + j, gradient + j, share);
  }
  fmpq_clear(share);
}

/* All strings L = P + P' of two terms that commute with every generator. */
static void list_links(row_table_t out, const row_table_t terms,
                       const check_generators_t g) {
  uint64_t *l = flint_malloc((2 * g->num_words + 1) * sizeof *l);
  for (size_t a = 0; a < terms->length; a++)
    for (size_t b = 0; b < terms->length; b++) {
      pauli_xor(l, row_table_row(terms, a), row_table_row(terms, b),
                g->num_words);
      if (row_table_find(out, l) == SIZE_MAX && check_is_fixed(l, g))
        row_table_add(out, l, NULL);
    }
  flint_free(l);
}

static bool sum_orbits(fmpq_t second, fmpq *gradient,
                       const check_generators_t g,
                       const pauli_sum_t observable, const row_table_t terms,
                       const quantum_state_t state, size_t max_elements) {
  size_t w = g->num_words;
  bool ok = true;
  row_table_t links;
  fmpq_t value;
  uint8_t *seen = flint_calloc(terms->length + 1, 1);
  row_table_init(links, 2 * w);
  fmpq_init(value);
  list_links(links, terms, g);
  for (size_t t = 0; t < terms->length && ok; t++) {
    if (seen[t]) continue;
    row_table_t orbit;
    row_table_init(orbit, 2 * w);
    ok = check_list_orbit(orbit, row_table_row(terms, t), g, max_elements);
    for (size_t u = t; u < terms->length && ok; u++)
      if (row_table_find(orbit, row_table_row(terms, u)) != SIZE_MAX)
        seen[u] = 1;
    fmpq_zero(value);
    for (size_t l = 0; l < links->length && ok; l++)
      add_orbit(value, orbit, row_table_row(links, l), observable, terms,
                state, w);
    fmpq_add(second, second, value);
    if (ok) add_gradient(gradient, value, orbit, g);
    row_table_clear(orbit);
  }
  row_table_clear(links);
  fmpq_clear(value);
  flint_free(seen);
  return ok;
}

bool check_moments(fmpq_t mean, fmpq_t variance, fmpq *gradient,
                   const check_generators_t g, const pauli_sum_t observable,
                   const quantum_state_t state, size_t max_elements) {
  row_table_t terms; /* index = term, as terms are distinct */
  fmpq_t square, part;
  row_table_init(terms, 2 * g->num_words);
  fmpq_init(square);
  fmpq_init(part);
  fmpq_zero(mean);
  fmpq_zero(variance);
  for (size_t j = 0; j < g->strings->length; j++) fmpq_zero(gradient + j);
  for (size_t t = 0; t < observable->length; t++) {
    const uint64_t *p = pauli_sum_string(observable, t);
    row_table_add(terms, p, NULL);
    if (!check_is_fixed(p, g)) continue;
    expectation(part, state, p);
    fmpq_addmul(mean, observable->coeffs + t, part);
  }
  bool ok = sum_orbits(variance, gradient, g, observable, terms, state,
                       max_elements);
  fmpq_mul(square, mean, mean);
  fmpq_sub(variance, variance, square);
  fmpq_clear(square);
  fmpq_clear(part);
  row_table_clear(terms);
  return ok;
}
