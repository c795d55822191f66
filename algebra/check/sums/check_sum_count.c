#include "algebra/check/sums/check_sum_structure.h"

#include <stdlib.h>

#include "algebra/check/sums/check_decomposition.h"
#include "algebra/check/sums/check_particles.h"

enum { MAX_STRINGS = 1 << 16, MOST_MODES = 64, LEAST_PARTICLES = 3 };

/* [g, g] lies in the sum of the su(d) over the sectors: is it all of it? */
static void find_full_ideals(check_sum_structure_t out) {
  ulong total = 0;
  for (size_t i = 0; i < out->num_sectors; i++)
    total += out->sectors[i].first * out->sectors[i].first - 1;
  if (out->ideals_known || !out->algebra_known || !out->sectors_known ||
      total != out->dimension - out->center)
    return;
  for (size_t i = 0; i < out->num_sectors; i++) {
    ulong d = out->sectors[i].first;
    check_pairs_append(&out->ideals, &out->num_ideals, d * d - 1, d - 1, d > 1);
  }
  out->ideals_known = true;
}

/* The strings, and what they generate, counted one by one: no more than so many. False:
   they generate more. */
static bool count_strings(check_sum_structure_t out, size_t num_qubits, size_t most) {
  check_generators_struct *g = out->strings;
  g->num_qubits = num_qubits;
  g->num_words = pauli_words(num_qubits);
  g->num_generators = g->strings->length;
  check_components_init(out->components, g, NULL, 0, most);
  structure_init(out->exact);
  if (!check_structure(out->exact, out->components)) return false;
  check_actions(out->exact, out->components);
  return true;
}

static void forget_strings(check_sum_structure_t out) {
  structure_clear(out->exact);
  check_components_clear(out->components);
  check_generators_clear(out->strings);
}

/* The algebra lies in the one that all strings of the generators generate: is it that? */
static void find_strings(check_sum_structure_t out, const check_prime_t *p) {
  if (out->dimension > MAX_STRINGS) return;
  row_table_init(out->strings->strings, 2 * pauli_words(p->num_qubits));
  for (size_t j = 0; j < p->num_sums; j++)
    for (size_t t = 0; t < p->sums[j]->length; t++)
      row_table_add(out->strings->strings, pauli_sum_string(p->sums[j], t), NULL);
  out->is_strings = count_strings(out, p->num_qubits, out->dimension) &&
                    fmpz_equal_ui(out->exact->dimension, out->dimension);
  if (!out->is_strings) forget_strings(out);
}

/* Ideals first, by brackets. */
static void count_by_brackets(check_sum_structure_t out, check_prime_t *p,
                              const check_generators_t generators) {
  p->work_left = CHECK_PRIME_WORK;
  check_sum_ideals(out, p, generators);
  p->work_left = CHECK_PRIME_WORK;
  check_sum_sectors(out, p);
  check_sum_fields(out, p);
  check_sum_complex(out, p);
  find_full_ideals(out);
  check_sum_actions(out, p);
  if (out->is_strings) count_strings(out, generators->num_qubits, SIZE_MAX);
}

/* What commutes with the generators on the modes is 1 and J: [g, g] lies in su(d), and is
   that when it is as large. */
static void find_particles(check_sum_structure_t out, const check_generators_t generators) {
  size_t d;
  bool symplectic;
  if (!out->algebra_known || out->actions_known || out->is_strings ||
      !check_particles_act(&d, &symplectic, generators, MOST_MODES) || symplectic ||
      d < LEAST_PARTICLES || out->dimension - out->center != d * d - 1)
    return;
  out->particles = d;
  if (!out->ideals_known)
    check_pairs_append(&out->ideals, &out->num_ideals, d * d - 1, d - 1, 1);
  out->ideals_known = true;
}

static void forget(check_sum_structure_t out) {
  if (out->space) {
    check_prime_t *p = out->space->p;
    check_decomposition_clear(out->space);
    check_prime_clear(p);
    flint_free(p);
    flint_free(out->space);
  }
  for (size_t k = 0; k < out->num_kinds; k++) flint_free(out->kinds[k].actions);
  flint_free(out->complex);
  flint_free(out->types);
  flint_free(out->kinds);
  flint_free(out->ideals);
  flint_free(out->sectors);
}

/* Steps that the space may take: half a minute. When it fails after few of them, it is
   tried again: not every choice of elements has eigenvalues in the prime field. */
static const int64_t most_work = INT64_C(25000000000), few = INT64_C(1000000000);
enum { MOST_TRIES = 3 };

static bool try_sectors(check_sum_structure_t out, const check_generators_t generators,
                        bool *again) {
  check_prime_t *p = flint_malloc(sizeof *p), *prime = out->prime;
  bool usable = check_prime_init_cyclic(p, generators) && p->num_sums > 0, known = false;
  *again = false;
  if (usable) {
    check_decomposition_struct *d = flint_malloc(sizeof *d);
    p->work_left = most_work;
    check_decomposition_init(d, p);
    known = d->known;
    *again = most_work + d->granted - p->work_left < few && !d->hopeless;
    if (known) {
      forget(out);
      *out = (check_sum_structure_struct){.prime = prime, .by_sectors = true, .space = d};
      check_decomposition_structure(out, d);
      find_strings(out, p);
    } else {
      check_decomposition_clear(d);
      flint_free(d);
    }
  }
  if (!known) {
    check_prime_clear(p);
    flint_free(p);
  }
  return known;
}

/* The space first; false, and out as it was, when that does not settle all. */
static bool count_by_sectors(check_sum_structure_t out,
                             const check_generators_t generators) {
  bool known = false, again = true;
  if (out->is_strings || (generators->num_qubits > CHECK_SPARSE_QUBITS &&
                          !check_spins_are_fixed(out->prime)))
    return false;
  for (int k = 0; k < MOST_TRIES && !known && again; k++)
    known = try_sectors(out, generators, &again);
  return known;
}

bool check_sum_structure_by_sectors(check_sum_structure_t out,
                                    const check_generators_t generators) {
  *out = (check_sum_structure_struct){0};
  check_prime_t *p = out->prime = flint_malloc(sizeof *p);
  if (check_prime_init(p, generators) && count_by_sectors(out, generators)) return true;
  check_sum_structure_clear(out);
  return false;
}

void check_sum_structure_init(check_sum_structure_t out,
                              const check_generators_t generators) {
  *out = (check_sum_structure_struct){0};
  check_prime_t *p = out->prime = flint_malloc(sizeof *p);
  if (check_prime_init(p, generators)) {
    bool large = p->num_qubits > CHECK_PRIME_QUBITS;
    if (!large || !count_by_sectors(out, generators)) count_by_brackets(out, p, generators);
    if (!large && !(out->algebra_known && out->ideals_known && out->actions_known))
      count_by_sectors(out, generators);
    find_particles(out, generators);
  }
  if (out->num_ideals)
    qsort(out->ideals, out->num_ideals, sizeof *out->ideals, check_pair_compare);
  if (out->num_sectors)
    qsort(out->sectors, out->num_sectors, sizeof *out->sectors,
          check_pair_compare);
}

/* Eigenvalues that an element of [g, g] has at most when that is full on its sectors. */
static size_t most_eigenvalues(const check_sum_structure_struct *s) {
  size_t most = 1;
  for (size_t i = 0; i < s->num_ideals; i++) {
    size_t d = 1;
    while (d * (d - 1) / 2 < s->ideals[i].first) d++;
    most += d;
  }
  return most;
}

/* Has the element more than `most` different eigenvalues? By <u, e^k v>, k < 2 most + 4. */
static bool has_more(check_element_t *e, size_t most, check_prime_t *p) {
  check_acting_t a = {.e = e};
  mp_limb_t *u = check_vector(e->dim), *v = check_vector(e->dim), *next = check_vector(e->dim);
  nmod_berlekamp_massey_t b;
  nmod_berlekamp_massey_init(b, p->mod.n);
  check_vector_random(u, e->dim, p);
  check_vector_random(v, e->dim, p);
  for (size_t k = 0; k < 2 * most + 4; k++) {
    nmod_berlekamp_massey_add_point(b, check_vector_dot(u, v, e->dim, p->mod));
    check_act(next, &a, v);
    mp_limb_t *swap = v;
    v = next;
    next = swap;
  }
  nmod_berlekamp_massey_reduce(b);
  bool more = nmod_poly_degree(nmod_berlekamp_massey_V_poly(b)) > (slong)most;
  nmod_berlekamp_massey_clear(b);
  flint_free(u);
  flint_free(v);
  flint_free(next);
  return more;
}

enum { MOST_EIGENVALUES = 400 };

bool check_sum_is_small(const check_sum_structure_t s) {
  if (s->particles) return true;
  size_t most = most_eigenvalues(s);
  if (!s->algebra_known || !s->ideals_known || s->is_strings || most > MOST_EIGENVALUES ||
      !s->prime || s->prime->num_qubits > CHECK_SPARSE_QUBITS)
    return false;
  check_sparse_t space;
  check_choice_of_element_t choice;
  bool more = false;
  check_sparse_init(space, s->prime);
  check_element_choose(&choice, CHECK_ELEMENT_PARTS, false, s->prime);
  for (size_t j = 0; j < s->prime->num_sums; j++) choice.c[j] = 0; /* brackets alone */
  for (size_t b = 0; b < space->num_blocks && !more; b++) {
    if (space->start[b + 1] - space->start[b] <= most) continue;
    check_element_t e;
    check_element_init(&e, space, b, &choice);
    more = has_more(&e, most, s->prime);
    check_element_clear(&e);
  }
  check_element_forget(&choice);
  check_sparse_clear(space);
  return more;
}

void check_sum_structure_clear(check_sum_structure_t out) {
  if (out->prime) check_prime_clear(out->prime);
  flint_free(out->prime);
  if (out->is_strings) forget_strings(out);
  forget(out);
}
