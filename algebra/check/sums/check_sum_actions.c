#include "algebra/check/sums/check_prime.h"

#include <string.h>

enum { MAX_CLASS_PAIRS = 120, MAX_LETTERS = 3, MAX_WEIGHTS = 40 };

/* Conjugate ideals on conjugate sectors with one Casimir eigenvalue, not 0. */
typedef struct {
  size_t ideal, sector; /* factors */
  mp_limb_t casimir;
  ulong pairs;
} entry_t;

typedef struct {
  check_prime_t *p;
  nmod_mat_t traces; /* Tr(Z^a T^b e e), row a, column b */
  mp_limb_t *central; /* Tr(Z^a) */
  size_t length;
  entry_t *list;
} entries_t;

/* --- Casimir eigenvalues ----------------------------------------------------------- */

static mp_limb_t coefficient(const nmod_poly_t f, size_t k) {
  return nmod_poly_get_coeff_ui(f, (slong)k);
}

/* sum of t^power tr(ad e_I ad e_I) over the ideals I of factor k, in brackets
   i[e, x]/2 */
static mp_limb_t killing(const check_prime_t *p, size_t k, size_t power) {
  mp_limb_t sum = 0;
  nmod_poly_t f;
  nmod_poly_init(f, p->mod.n);
  check_split_select(f, &p->ideals, k, power);
  for (size_t b = 0; b < p->ideals.length; b++)
    NMOD_ADDMUL(sum, coefficient(f, b), p->ideals.traces[b], p->mod);
  nmod_poly_clear(f);
  return sum;
}

/* sum of z^power Tr_s(x) over the sectors s of factor k; list[a] = Tr(Z^a x) */
static mp_limb_t over_sectors(const check_prime_t *p, const mp_limb_t *list,
                              size_t k, size_t power) {
  mp_limb_t sum = 0;
  nmod_poly_t f;
  nmod_poly_init(f, p->mod.n);
  check_split_select(f, &p->sectors, k, power);
  for (size_t a = 0; a < p->sectors.length; a++)
    NMOD_ADDMUL(sum, coefficient(f, a), list[a], p->mod);
  nmod_poly_clear(f);
  return sum;
}

/* sum of t^power z^other Tr_s(e_I e_I) over the ideals and sectors of two factors */
static mp_limb_t over_pairs(const entries_t *e, size_t ideal, size_t power,
                            size_t sector, size_t other) {
  const check_prime_t *p = e->p;
  mp_limb_t sum = 0, *list = flint_calloc(p->sectors.length + 1, sizeof *list);
  nmod_poly_t f;
  nmod_poly_init(f, p->mod.n);
  check_split_select(f, &p->ideals, ideal, power);
  for (size_t a = 0; a < p->sectors.length; a++)
    for (size_t b = 0; b < p->ideals.length; b++)
      NMOD_ADDMUL(list[a], coefficient(f, b),
                  nmod_mat_entry(e->traces, (slong)a, (slong)b), p->mod);
  sum = over_sectors(p, list, sector, other);
  nmod_poly_clear(f);
  flint_free(list);
  return sum;
}

static void set_traces(entries_t *e) {
  const check_prime_t *p = e->p;
  nmod_mat_t square;
  check_prime_matrix_init(square, p);
  for (size_t b = 0; b < p->ideals.length; b++) {
    nmod_mat_mul(square, p->ideals.operators + b, p->ideals.operators);
    for (size_t a = 0; a < p->sectors.length; a++)
      nmod_mat_entry(e->traces, (slong)a, (slong)b) =
          check_prime_trace(p, p->sectors.operators + a, square);
  }
  for (size_t a = 0; a < p->sectors.length; a++)
    e->central[a] = nmod_mat_trace(p->sectors.operators + a);
  nmod_mat_clear(square);
}

/* The matrices A and B of check_sum_structure.h; rows t^b z^a, b first. */
static void set_forms(nmod_mat_t casimirs, nmod_mat_t plain, const entries_t *e,
                      size_t ideal, size_t sector) {
  const check_prime_t *p = e->p;
  nmod_t mod = p->mod;
  size_t rows = (size_t)nmod_poly_degree(p->ideals.factors + ideal);
  size_t columns = (size_t)nmod_poly_degree(p->sectors.factors + sector);
  check_pair_t space = p->sectors.pairs[sector];
  mp_limb_t size = nmod_mul(space.first % mod.n, space.second % mod.n, mod);
  mp_limb_t factor = nmod_neg(p->ideals.pairs[ideal].first % mod.n, mod);
  factor = nmod_mul(factor, nmod_inv(nmod_mul(4, size, mod), mod), mod);
  for (size_t b = 0; b + 1 < 2 * rows; b++)
    for (size_t a = 0; a + 1 < 2 * columns; a++) {
      mp_limb_t x = nmod_mul(over_pairs(e, ideal, b, sector, a), factor, mod);
      mp_limb_t y = nmod_mul(killing(p, ideal, b),
                             over_sectors(p, e->central, sector, a), mod);
      y = nmod_mul(y, nmod_inv(size, mod), mod);
      for (size_t i = b < rows ? 0 : b + 1 - rows; i < rows && i <= b; i++)
        for (size_t j = a < columns ? 0 : a + 1 - columns; j < columns && j <= a;
             j++) {
          slong row = (slong)(i * columns + j);
          slong column = (slong)((b - i) * columns + a - j);
          nmod_mat_entry(casimirs, row, column) = x;
          nmod_mat_entry(plain, row, column) = y;
        }
    }
}

static bool add_entries(entries_t *e, size_t ideal, size_t sector) {
  mp_limb_t n = e->p->mod.n;
  slong size = nmod_poly_degree(e->p->ideals.factors + ideal) *
               nmod_poly_degree(e->p->sectors.factors + sector);
  nmod_mat_t casimirs, plain;
  nmod_poly_t f;
  nmod_poly_factor_t roots;
  if (size > MAX_CLASS_PAIRS) return false;
  nmod_mat_init(casimirs, size, size, n);
  nmod_mat_init(plain, size, size, n);
  nmod_poly_init(f, n);
  nmod_poly_factor_init(roots);
  set_forms(casimirs, plain, e, ideal, sector);
  bool ok = nmod_mat_inv(plain, plain);
  if (ok) {
    nmod_mat_mul(casimirs, plain, casimirs);
    nmod_mat_charpoly(f, casimirs);
    nmod_poly_factor(roots, f);
  }
  for (slong k = 0; k < roots->num && ok; k++) {
    mp_limb_t c = nmod_neg(nmod_poly_get_coeff_ui(roots->p + k, 0), f->mod);
    ok = nmod_poly_degree(roots->p + k) == 1; /* rational numbers */
    if (c == 0) continue;
    e->list = flint_realloc(e->list, (e->length + 1) * sizeof *e->list);
    e->list[e->length++] = (entry_t){ideal, sector, c, (ulong)roots->exp[k]};
  }
  nmod_mat_clear(casimirs);
  nmod_mat_clear(plain);
  nmod_poly_clear(f);
  nmod_poly_factor_clear(roots);
  return ok;
}

static bool entries_init(entries_t *e, check_prime_t *p) {
  bool ok = true;
  *e = (entries_t){.p = p};
  e->central = flint_malloc((p->sectors.length + 1) * sizeof *e->central);
  nmod_mat_init(e->traces, (slong)p->sectors.length, (slong)p->ideals.length,
                p->mod.n);
  set_traces(e);
  for (size_t k = 0; k < p->ideals.num_factors; k++)
    for (size_t l = 0; l < p->sectors.num_factors && ok; l++)
      ok = add_entries(e, k, l);
  return ok;
}

static void entries_clear(entries_t *e) {
  nmod_mat_clear(e->traces);
  flint_free(e->central);
  flint_free(e->list);
}

/* --- representations ------------------------------------------------------------------ */

/* Weights with one Casimir eigenvalue and a dimension that divides that of the
   sector, one of those that automorphisms turn into each other. */
typedef struct {
  const check_roots_struct *roots;
  nmod_t mod;
  mp_limb_t casimir;
  ulong space;
  size_t length;
  bool many;
  check_action_struct list[MAX_WEIGHTS];
} weights_t;

static void add_weight(const unsigned *labels, size_t dimension, void *data) {
  weights_t *w = data;
  fmpq_t c;
  if (w->space % dimension) return;
  fmpq_init(c);
  check_weight_casimir(c, labels, w->roots);
  mp_limb_t value = nmod_mul(
      fmpz_fdiv_ui(fmpq_numref(c), w->mod.n),
      nmod_inv(fmpz_fdiv_ui(fmpq_denref(c), w->mod.n), w->mod), w->mod);
  fmpq_clear(c);
  bool fresh = value == w->casimir;
  for (size_t k = 0; k < w->length && fresh; k++)
    fresh = !check_weight_is_turned(labels, w->list[k].labels, w->roots);
  if (fresh && w->length == MAX_WEIGHTS) w->many = true;
  if (!fresh || w->many) return;
  check_action_struct *out = w->list + w->length++;
  *out = (check_action_struct){.dimension = dimension};
  memcpy(out->labels, labels, w->roots->rank * sizeof *labels);
}

static void find_weights(weights_t *out, const entries_t *e,
                         const entry_t *entry, const check_roots_struct *roots) {
  ulong space = e->p->sectors.pairs[entry->sector].first;
  *out = (weights_t){.roots = roots, .mod = e->p->mod,
                     .casimir = entry->casimir, .space = space};
  check_weights_list(roots, space, add_weight, out);
}

/* The one type with these numbers of which every action is a representation; false
   when there are several. */
static bool find_type(check_roots_t roots, const entries_t *e, size_t ideal) {
  check_pair_t pair = e->p->ideals.pairs[ideal];
  size_t count = 0;
  for (char letter = 'A'; letter <= 'G'; letter++) {
    check_roots_t mine;
    if (!check_roots_init(mine, letter, pair.second)) continue;
    bool fits = check_roots_dimension(mine) == pair.first;
    for (size_t i = 0; i < e->length && fits; i++) {
      weights_t weights;
      if (e->list[i].ideal != ideal) continue;
      find_weights(&weights, e, e->list + i, mine);
      fits = weights.length > 0;
    }
    if (fits && ++count == 1) *roots = *mine;
    else check_roots_clear(mine);
  }
  if (count > 1) check_roots_clear(roots);
  return count == 1;
}

/* --- sectors -------------------------------------------------------------------------- */

typedef struct {
  const entries_t *e;
  const check_roots_struct *roots; /* per factor of ideals */
  size_t sector, num, solutions;
  const entry_t **entries; /* of this sector */
  weights_t *weights;      /* of each */
  size_t *choice, *found;  /* of each: which weight */
} choice_t;

/* Tries all choices from entry i on, left the dimension that is to be made up. */
static void choose(choice_t *c, size_t i, ulong left) {
  if (i == c->num) {
    if (left == 1 && ++c->solutions == 1)
      memcpy(c->found, c->choice, c->num * sizeof *c->found);
    return;
  }
  const check_split_struct *sectors = &c->e->p->sectors;
  ulong copies = c->entries[i]->pairs /
                 (ulong)nmod_poly_degree(sectors->factors + c->sector);
  for (size_t k = 0; k < c->weights[i].length && c->solutions < 2; k++) {
    ulong rest = left;
    bool fits = true;
    c->choice[i] = k;
    for (ulong j = 0; j < copies && fits; j++) {
      fits = rest % c->weights[i].list[k].dimension == 0;
      rest /= c->weights[i].list[k].dimension;
    }
    if (fits) choose(c, i + 1, rest);
  }
}

static bool set_kind(check_sector_struct *out, choice_t *c) {
  const check_prime_t *p = c->e->p;
  ulong count = (ulong)nmod_poly_degree(p->sectors.factors + c->sector);
  bool ok = true;
  *out = (check_sector_struct){.pair = p->sectors.pairs[c->sector],
                               .count = count};
  c->num = c->solutions = 0;
  for (size_t i = 0; i < c->e->length; i++) {
    const entry_t *entry = c->e->list + i;
    if (entry->sector != c->sector) continue;
    find_weights(c->weights + c->num, c->e, entry, c->roots + entry->ideal);
    ok = ok && entry->pairs % count == 0 && !c->weights[c->num].many;
    c->entries[c->num++] = entry;
  }
  if (ok) choose(c, 0, out->pair.first);
  if (c->solutions != 1) return false;
  out->num_actions = c->num;
  out->actions = flint_malloc((c->num + 1) * sizeof *out->actions);
  for (size_t i = 0; i < c->num; i++) {
    out->actions[i] = c->weights[i].list[c->found[i]];
    out->actions[i].ideal = c->entries[i]->ideal;
    out->actions[i].pairs = c->entries[i]->pairs;
  }
  return true;
}

static bool set_kinds(check_sum_structure_t out, const entries_t *e,
                      const check_roots_struct *roots) {
  size_t most = e->length + 1;
  bool ok = true;
  choice_t c = {.e = e, .roots = roots};
  c.entries = flint_malloc(most * sizeof *c.entries);
  c.weights = flint_malloc(most * sizeof *c.weights);
  c.choice = flint_malloc(2 * most * sizeof *c.choice);
  c.found = c.choice + most;
  for (; c.sector < e->p->sectors.num_factors && ok; c.sector++)
    ok = set_kind(out->kinds + out->num_kinds++, &c);
  flint_free(c.entries);
  flint_free(c.weights);
  flint_free(c.choice);
  return ok;
}

/* How many pairs an ideal is in by weights that an automorphism moves. */
static void set_alone(check_sum_structure_t out,
                      const check_roots_struct *roots) {
  ulong *moved = flint_calloc(out->num_types + 1, sizeof *moved);
  for (int pass = 0; pass < 2; pass++)
    for (size_t l = 0; l < out->num_kinds; l++)
      for (size_t i = 0; i < out->kinds[l].num_actions; i++) {
        check_action_struct *a = out->kinds[l].actions + i;
        if (pass) a->alone = moved[a->ideal] <= out->types[a->ideal].copies;
        else if (check_weight_moves(a->labels, roots + a->ideal))
          moved[a->ideal] += a->pairs;
      }
  flint_free(moved);
}

/* --- fields --------------------------------------------------------------------------- */

/* complex[l]: an odd power of the element has a trace on the sectors of factor l. */
static void find_complex(bool *complex, const check_prime_t *p,
                         const nmod_mat_struct *element) {
  size_t sectors = p->sectors.length;
  ulong most = 0;
  nmod_mat_t square, power;
  mp_limb_t *list = flint_malloc((sectors + 1) * sizeof *list);
  check_prime_matrix_init(square, p);
  check_prime_matrix_init(power, p);
  for (size_t l = 0; l < p->sectors.num_factors; l++)
    if (p->sectors.pairs[l].first > most) most = p->sectors.pairs[l].first;
  nmod_mat_mul(square, element, element);
  nmod_mat_set(power, element);
  for (ulong j = 1; j <= most; j += 2) {
    for (size_t a = 0; a < sectors; a++)
      list[a] = check_prime_trace(p, p->sectors.operators + a, power);
    for (size_t l = 0; l < p->sectors.num_factors; l++) {
      size_t degree = (size_t)nmod_poly_degree(p->sectors.factors + l);
      for (size_t a = 0; a < degree && j <= p->sectors.pairs[l].first; a++)
        complex[l] = complex[l] || over_sectors(p, list, l, a) != 0;
    }
    nmod_mat_mul(power, power, square);
  }
  flint_free(list);
  nmod_mat_clear(square);
  nmod_mat_clear(power);
}

/* out = i (a b - b a) */
static void bracket(nmod_mat_t out, const check_prime_t *p, const nmod_mat_t a,
                    const nmod_mat_t b) {
  nmod_mat_t t;
  check_prime_matrix_init(t, p);
  nmod_mat_mul(t, b, a);
  nmod_mat_mul(out, a, b);
  nmod_mat_sub(out, out, t);
  nmod_mat_scalar_mul(out, out, p->i);
  nmod_mat_clear(t);
}

static void random_combination(nmod_mat_t out, check_prime_t *p) {
  for (size_t j = 0; j < p->num_sums; j++) {
    mp_limb_t c = check_prime_random(p);
    for (size_t t = 0; t < p->sums[j]->length; t++)
      check_prime_add_string(out, p, pauli_sum_string(p->sums[j], t),
                             nmod_mul(c, check_prime_coeff(p, p->sums[j], t),
                                      p->mod));
  }
}

/* A random a + b + [a, b] + ... + [a, [b, [a, b]]], i left out. */
static void random_brackets(nmod_mat_t out, check_prime_t *p) {
  nmod_mat_t a, b, c, d;
  check_prime_matrix_init(a, p);
  check_prime_matrix_init(b, p);
  check_prime_matrix_init(c, p);
  check_prime_matrix_init(d, p);
  random_combination(a, p);
  random_combination(b, p);
  nmod_mat_add(out, a, b);
  bracket(c, p, a, b);
  for (int depth = 0; depth < 4; depth++) {
    nmod_mat_scalar_mul(d, c, check_prime_random(p));
    nmod_mat_add(out, out, d);
    bracket(d, p, depth % 2 ? a : b, c);
    nmod_mat_swap(c, d);
  }
  nmod_mat_clear(a);
  nmod_mat_clear(b);
  nmod_mat_clear(c);
  nmod_mat_clear(d);
}

void check_sum_complex(check_sum_structure_t out, check_prime_t *p) {
  if (!p->sectors.known) return;
  bool *complex = flint_calloc(p->sectors.num_factors + 1, sizeof *complex);
  nmod_mat_t element;
  check_prime_matrix_init(element, p);
  if (p->has_element) nmod_mat_set(element, &p->element);
  else random_brackets(element, p);
  find_complex(complex, p, element);
  for (size_t l = 0; l < p->sectors.num_factors; l++)
    if (complex[l])
      check_pairs_append(&out->complex, &out->num_complex,
                         p->sectors.pairs[l].first, p->sectors.pairs[l].second,
                         (size_t)nmod_poly_degree(p->sectors.factors + l));
  out->complex_known = true;
  out->complex_all = p->has_element;
  nmod_mat_clear(element);
  flint_free(complex);
}

static void set_fields(check_sum_structure_t out, const check_prime_t *p,
                       const check_roots_struct *roots) {
  bool *complex = flint_calloc(out->num_kinds + 1, sizeof *complex);
  find_complex(complex, p, &p->element);
  for (size_t l = 0; l < out->num_kinds; l++) {
    check_sector_struct *kind = out->kinds + l;
    ulong odd = 0;
    for (size_t i = 0; i < kind->num_actions; i++)
      if (check_weight_is_odd(kind->actions[i].labels,
                              roots + kind->actions[i].ideal))
        odd += kind->actions[i].pairs / kind->count;
    kind->field = complex[l] ? FIELD_COMPLEX
                  : odd % 2  ? FIELD_QUATERNIONIC
                             : FIELD_REAL;
  }
  flint_free(complex);
}

/* --- all ---------------------------------------------------------------------------------- */

/* Every sector has an su(d) of its own: ideals as the sectors are. */
static void set_full(check_sum_structure_t out, const check_prime_t *p) {
  check_roots_t roots;
  bool *complex = flint_calloc(p->sectors.num_factors + 1, sizeof *complex);
  find_complex(complex, p, &p->element);
  out->actions_known = true;
  for (size_t l = 0; l < p->sectors.num_factors; l++) {
    check_sector_struct *kind = out->kinds + out->num_kinds++;
    check_pair_t pair = p->sectors.pairs[l];
    ulong d = pair.first, count = (ulong)nmod_poly_degree(p->sectors.factors + l);
    *kind = (check_sector_struct){.pair = pair, .count = count};
    kind->field = complex[l] ? FIELD_COMPLEX
                  : d == 2   ? FIELD_QUATERNIONIC
                             : FIELD_REAL;
    if (d == 1) continue;
    if (!check_roots_init(roots, 'A', d - 1)) {
      out->actions_known = false;
      continue;
    }
    check_roots_clear(roots);
    out->types[out->num_types] =
        (check_ideal_struct){{d * d - 1, d - 1}, count, 'A'};
    kind->actions = flint_malloc(sizeof *kind->actions);
    kind->num_actions = 1;
    *kind->actions = (check_action_struct){.ideal = out->num_types++,
                                           .pairs = count, .dimension = d,
                                           .labels = {1}, .alone = true};
  }
  flint_free(complex);
}

static void find_actions(check_sum_structure_t out, check_prime_t *p) {
  size_t num = p->ideals.num_factors, made = 0;
  check_roots_struct *roots = flint_malloc((num + 1) * sizeof *roots);
  entries_t e;
  bool ok = entries_init(&e, p);
  while (ok && made < num) {
    ok = find_type(roots + made, &e, made);
    if (!ok) break;
    out->types[out->num_types++] = (check_ideal_struct){
        p->ideals.pairs[made],
        (ulong)nmod_poly_degree(p->ideals.factors + made), roots[made].letter};
    made++;
  }
  ok = ok && set_kinds(out, &e, roots);
  if (ok) {
    set_alone(out, roots);
    set_fields(out, p, roots);
  }
  out->actions_known = ok;
  for (size_t k = 0; k < made; k++) check_roots_clear(roots + k);
  flint_free(roots);
  entries_clear(&e);
}

void check_sum_actions(check_sum_structure_t out, check_prime_t *p) {
  if (!out->ideals_known || !p->sectors.known || !p->has_element) return;
  out->types = flint_calloc(
      p->ideals.num_factors + p->sectors.num_factors + 1, sizeof *out->types);
  out->kinds =
      flint_calloc(p->sectors.num_factors + 1, sizeof *out->kinds);
  if (p->ideals.known) find_actions(out, p);
  else set_full(out, p);
}
