/* Which ideal acts on which sector, by which representation.

   On a sector S (dimension d, multiplicity m, projector e) a simple ideal I acts by
   copies of one irreducible representation with Casimir eigenvalue C (weights.h), and
       Tr(e A A') = - (d m C / dim I) tr(ad iA ad iA'),   iA, iA' in I.
   A = v_I, and A' = v' = sum c (i/2)[H_k, H_j], of which only the component in I
   counts; then, e being central,
       Tr(e v_I (i/2)[H_k, H_j]) = - Tr((e o H_j) (i/2)[H_k, v_I]),
   which the two spans give. Everything modulo a prime at which every factor splits
   into linear ones. The representations of dimension at most d are listed; that
   which acts is among those with the right C and a dimension that divides d. It is
   proved when only one is left, up to an automorphism of the diagram, and the
   dimensions on a sector multiply to d. */
#include <flint/nmod_poly.h>
#include <flint/nmod_poly_factor.h>
#include <flint/ulong_extras.h>
#include <stdlib.h>

#include "algebra/sums/sum_ideals.h"
#include "algebra/base/text.h"
#include "algebra/sectors/weights.h"

enum { MAX_PRIMES = 4000, MAX_CANDIDATES = 8 };

/* A root of a factor modulo the prime. */
typedef struct {
  size_t factor;
  mp_limb_t root;
} place_struct;

typedef struct {
  const sum_blocks_t *blocks;
  const sum_ideals_struct *ideals;
  const closure_limits_t *limits;
  module_mod_struct derived, all; /* the two modules modulo the prime */
  size_t num_ideals, num_sectors; /* places */
  place_struct *ideal_at, *sector_at;
  mp_limb_t *killing;  /* per ideal */
  mp_limb_t **moved;   /* per ideal and map: G_k v_I on the columns of derived */
  mp_limb_t **smeared; /* per sector and map: e o H_j per string of those columns */
} actions_struct;

/* --- a prime ---------------------------------------------------------------------- */

/* The roots of all factors; false when one does not split. */
static bool split_all(place_struct *out, size_t *count,
                      const fmpz_poly_factor_struct *factors, mp_limb_t p) {
  bool ok = true;
  *count = 0;
  for (slong k = 0; k < factors->num && ok; k++) {
    nmod_poly_t f, t, power;
    nmod_poly_factor_t roots;
    slong degree = fmpz_poly_degree(factors->p + k);
    nmod_poly_init(f, p);
    nmod_poly_init(t, p);
    nmod_poly_init(power, p);
    nmod_poly_factor_init(roots);
    fmpz_poly_get_nmod_poly(f, factors->p + k);
    ok = nmod_poly_degree(f) == degree;
    if (ok && degree > 1) {
      nmod_poly_set_coeff_ui(t, 1, 1);
      nmod_poly_powmod_ui_binexp(power, t, p, f);
      ok = nmod_poly_equal(power, t);
    }
    if (ok) {
      nmod_poly_make_monic(f, f);
      nmod_poly_factor_equal_deg(roots, f, 1);
      for (slong i = 0; i < roots->num; i++)
        out[(*count)++] = (place_struct){
            (size_t)k,
            nmod_neg(nmod_poly_get_coeff_ui(roots->p + i, 0), f->mod)};
      ok = roots->num == degree;
    }
    nmod_poly_clear(f);
    nmod_poly_clear(t);
    nmod_poly_clear(power);
    nmod_poly_factor_clear(roots);
  }
  return ok;
}

static mp_limb_t find_prime(actions_struct *a) {
  mp_limb_t p = UINT64_C(1) << 57;
  for (int attempt = 0; attempt < MAX_PRIMES && !limits_abort(a->limits);
       attempt++) {
    do p--;
    while (!n_is_prime(p));
    if (split_all(a->ideal_at, &a->num_ideals, a->ideals->factors, p) &&
        split_all(a->sector_at, &a->num_sectors, a->blocks->factors, p))
      return p;
  }
  return 0;
}

/* --- vectors on columns --------------------------------------------------------------- */

/* e of a sector in the coordinates of the associative algebra. */
static bool set_projector(mp_limb_t *e, const actions_struct *a,
                          const place_struct *at) {
  const sum_blocks_t *b = a->blocks;
  nmod_t mod = a->all.mod;
  size_t num = b->centre->num, dim = b->module->dim;
  nmod_poly_t c, linear;
  nmod_mat_t action, x, y;
  mp_limb_t *row = flint_malloc((dim + num + 1) * sizeof *row);
  bool ok = true;
  nmod_poly_init(c, mod.n);
  nmod_poly_init(linear, mod.n);
  nmod_mat_init(action, (slong)num, (slong)num, mod.n);
  nmod_mat_init(x, 1, (slong)num, mod.n);
  nmod_mat_init(y, 1, (slong)num, mod.n);
  fmpz_poly_get_nmod_poly(c, b->charpoly);
  nmod_poly_set_coeff_ui(linear, 1, 1);
  nmod_poly_set_coeff_ui(linear, 0, nmod_neg(at->root, mod));
  nmod_poly_div(c, c, linear);
  mp_limb_t value = nmod_poly_evaluate_nmod(c, at->root);
  for (size_t i = 0; i < num && ok; i++) {
    ok = module_row_mod(row, b->action, i, mod);
    for (size_t j = 0; j < num; j++)
      nmod_mat_entry(action, (slong)i, (slong)j) = row[j];
  }
  ok = ok && value && module_row_mod(row, b->one, 0, mod);
  for (slong d = nmod_poly_degree(c); d >= 0 && ok; d--) {
    nmod_mat_mul(y, x, action);
    for (size_t j = 0; j < num; j++)
      nmod_mat_entry(x, 0, (slong)j) =
          nmod_add(nmod_mat_entry(y, 0, (slong)j),
                   nmod_mul(nmod_poly_get_coeff_ui(c, d),
                            row[b->centre->pivots[j]], mod), mod);
  }
  memset(e, 0, dim * sizeof *e);
  for (size_t i = 0; i < num && ok; i++) {
    mp_limb_t f = nmod_mul(nmod_mat_entry(x, 0, (slong)i),
                           nmod_inv(value, mod), mod);
    ok = module_row_mod(row, b->centre->w, i, mod);
    for (size_t k = 0; k < dim; k++) NMOD_ADDMUL(e[k], f, row[k], mod);
  }
  flint_free(row);
  nmod_poly_clear(c);
  nmod_poly_clear(linear);
  nmod_mat_clear(action);
  nmod_mat_clear(x);
  nmod_mat_clear(y);
  return ok;
}

/* For every column of derived: the column of the same string in the associative span
   (UINT32_MAX: none) and the length of its orbit there, modulo the prime. */
static bool match_columns(uint32_t *column, mp_limb_t *length,
                          const actions_struct *a) {
  const span_struct *derived = a->ideals->derived, *all = a->blocks->span;
  size_t width = 2 * derived->num_words;
  uint64_t *scratch = flint_malloc((4 * derived->num_words + 1) * sizeof *scratch);
  bool ok = true;
  fmpz_t exact;
  fmpz_init(exact);
  for (size_t c = 0; c < derived->num_columns && ok; c++) {
    const uint64_t *p = derived->strings + c * width;
    column[c] = span_find_column(all, p, scratch);
    symmetry_orbit_length(exact, &all->symmetry, p);
    length[c] = fmpz_fdiv_ui(exact, a->all.mod.n);
    ok = length[c] != 0 && !limits_abort(a->limits);
  }
  fmpz_clear(exact);
  flint_free(scratch);
  return ok;
}

static bool set_moved(actions_struct *a) {
  size_t maps = a->ideals->derived->num_maps, dim = a->derived.dim;
  size_t columns = a->ideals->derived->num_columns;
  mp_limb_t *v = flint_malloc(2 * (dim + 1) * sizeof *v), *y = v + dim + 1;
  bool ok = true;
  for (size_t i = 0; i < a->num_ideals && ok; i++) {
    ok = sum_ideals_component(v, a->killing + i, a->ideals,
                              a->ideal_at[i].factor, a->ideal_at[i].root,
                              &a->derived) &&
         a->killing[i] != 0;
    for (size_t k = 0; k < maps && ok; k++) {
      module_mod_apply(y, v, &a->derived, k);
      a->moved[i * maps + k] = flint_malloc((columns + 1) * sizeof *y);
      ok = span_on_columns(a->moved[i * maps + k], a->ideals->derived, y,
                      a->derived.mod);
    }
  }
  flint_free(v);
  return ok;
}

static bool set_smeared(actions_struct *a) {
  const span_struct *derived = a->ideals->derived, *all = a->blocks->span;
  size_t maps = derived->num_maps, dim = a->all.dim;
  nmod_t mod = a->all.mod;
  mp_limb_t *e = flint_malloc(2 * (dim + 1) * sizeof *e), *y = e + dim + 1;
  mp_limb_t *wide = flint_malloc((all->num_columns + 1) * sizeof *wide);
  mp_limb_t *length = flint_malloc((derived->num_columns + 1) * sizeof *length);
  uint32_t *column = flint_malloc((derived->num_columns + 1) * sizeof *column);
  bool ok = match_columns(column, length, a);
  for (size_t s = 0; s < a->num_sectors && ok; s++) {
    ok = set_projector(e, a, a->sector_at + s);
    for (size_t j = 0; j < maps && ok; j++) {
      module_mod_apply(y, e, &a->all, 2 * j + 1);
      ok = span_on_columns(wide, all, y, mod);
      mp_limb_t *out = flint_calloc(derived->num_columns + 1, sizeof *out);
      a->smeared[s * maps + j] = out;
      for (size_t c = 0; c < derived->num_columns && ok; c++)
        if (column[c] != UINT32_MAX)
          out[c] = nmod_mul(wide[column[c]], nmod_inv(length[c], mod), mod);
    }
  }
  flint_free(e);
  flint_free(wide);
  flint_free(length);
  flint_free(column);
  return ok;
}

/* C of ideal i on sector s. */
static mp_limb_t casimir_at(const actions_struct *a, size_t i, size_t s) {
  const recipe_struct *recipe = &a->ideals->recipe;
  const sum_ideal_struct *ideal = a->ideals->found + a->ideal_at[i].factor;
  size_t factor = a->sector_at[s].factor, maps = a->ideals->derived->num_maps;
  nmod_t mod = a->all.mod;
  mp_limb_t sum = 0, below = nmod_mul(4, a->killing[i], mod);
  for (size_t pair = 0; pair < recipe->num_pairs; pair++) {
    const mp_limb_t *x = a->smeared[s * maps + recipe->pairs[pair][0]];
    const mp_limb_t *y = a->moved[i * maps + recipe->pairs[pair][1]];
    mp_limb_t trace = 0;
    for (size_t c = 0; c < a->ideals->derived->num_columns; c++)
      NMOD_ADDMUL(trace, x[c], y[c], mod);
    NMOD_ADDMUL(sum, (mp_limb_t)sum_ideals_coefficient(a->ideals, pair), trace,
                mod);
  }
  sum = nmod_mul(sum, n_powmod2_preinv(2, (slong)a->blocks->span->num_qubits,
                                       mod.n, mod.ninv), mod);
  sum = nmod_mul(sum, ideal->dimension % mod.n, mod);
  below = nmod_mul(below, a->blocks->dimension[factor] % mod.n, mod);
  below = nmod_mul(below, a->blocks->multiplicity[factor] % mod.n, mod);
  return nmod_mul(sum, nmod_inv(below, mod), mod);
}

/* --- representations --------------------------------------------------------------------- */

typedef struct {
  const root_system_struct *system;
  size_t sector; /* its dimension */
  mp_limb_t casimir;
  nmod_t mod;
  size_t num, dimension;
  unsigned *labels[MAX_CANDIDATES];
  bool many; /* more than one dimension, or not related */
} search_struct;

static void consider(const unsigned *labels, size_t dimension, void *data) {
  search_struct *search = data;
  fmpq_t c;
  size_t rank = search->system->rank;
  if (search->sector % dimension) return;
  fmpq_init(c);
  weight_casimir(c, labels, search->system);
  mp_limb_t value =
      nmod_mul(fmpz_fdiv_ui(fmpq_numref(c), search->mod.n),
               nmod_inv(fmpz_fdiv_ui(fmpq_denref(c), search->mod.n),
                        search->mod), search->mod);
  fmpq_clear(c);
  if (value != search->casimir) return;
  if (search->num == MAX_CANDIDATES ||
      (search->num && (search->dimension != dimension ||
                       !weight_is_related(labels, search->labels[0],
                                          search->system)))) {
    search->many = true;
    return;
  }
  search->dimension = dimension;
  search->labels[search->num] = flint_malloc((rank + 1) * sizeof *labels);
  memcpy(search->labels[search->num++], labels, rank * sizeof *labels);
}

/* The candidate to name: w_r before w_(r-1) for D, else w_1 first. */
static const unsigned *preferred(const search_struct *search) {
  const unsigned *best = search->labels[0];
  size_t r = search->system->rank;
  for (size_t k = 1; k < search->num; k++) {
    const unsigned *other = search->labels[k];
    size_t i = 0;
    while (i < r && best[i] == other[i]) i++;
    if (i == r) continue;
    bool late = search->system->letter == 'D' && i + 2 == r;
    if (late ? other[i] < best[i] : other[i] > best[i]) best = other;
  }
  return best;
}

static void add_one(structure_t out, const actions_struct *a, size_t i,
                    size_t s, const search_struct *search, bool oriented) {
  const sum_ideal_struct *ideal = a->ideals->found + a->ideal_at[i].factor;
  const unsigned *labels = preferred(search);
  char *name = weight_get_name(labels, search->system), *weight = NULL;
  fmpz_t rank, pairs, dimension;
  if (oriented) {
    weight = weight_get_str(labels, search->system);
  } else {
    char *longer = text_print("%s, up to an outer automorphism", name);
    free(name);
    name = longer;
  }
  fmpz_init_set_ui(rank, ideal->rank);
  fmpz_init_set_ui(pairs, 1);
  fmpz_init_set_ui(dimension, search->dimension);
  structure_add_action(out, a->blocks->entry[a->sector_at[s].factor],
                       ideal->letter, rank, pairs, dimension, name, weight);
  fmpz_clear(rank);
  fmpz_clear(pairs);
  fmpz_clear(dimension);
}

/* All pairs: searches[i * num_sectors + s], num 0 where the ideal acts as 0. */
static reason_code_t search_all(search_struct *searches, const actions_struct *a,
                                root_system_struct *systems) {
  for (size_t i = 0; i < a->num_ideals; i++)
    for (size_t s = 0; s < a->num_sectors; s++) {
      search_struct *search = searches + i * a->num_sectors + s;
      size_t factor = a->sector_at[s].factor;
      *search = (search_struct){.system = systems + a->ideal_at[i].factor,
                                .sector = a->blocks->dimension[factor],
                                .casimir = casimir_at(a, i, s),
                                .mod = a->all.mod};
      if (limits_abort(a->limits)) return REASON_TIME_LIMIT;
      if (search->casimir == 0) continue;
      weight_enumerate(search->system, search->sector, consider, search);
      if (search->many)
        return REASON_REPRESENTATION_AMBIGUOUS;
      if (search->num == 0) return REASON_NO_REPRESENTATION_FITS;
    }
  for (size_t s = 0; s < a->num_sectors; s++) {
    size_t product = 1;
    for (size_t i = 0; i < a->num_ideals; i++) {
      const search_struct *search = searches + i * a->num_sectors + s;
      if (search->num) product *= search->dimension;
    }
    if (product != a->blocks->dimension[a->sector_at[s].factor])
      return REASON_REPRESENTATIONS_DO_NOT_MULTIPLY;
  }
  return REASON_NONE;
}

static reason_code_t name_actions(structure_t out, const actions_struct *a) {
  size_t factors = a->ideals->num_found, made = 0;
  reason_code_t reason = REASON_NONE;
  root_system_struct *systems = flint_malloc((factors + 1) * sizeof *systems);
  search_struct *searches = flint_calloc(
      a->num_ideals * a->num_sectors + 1, sizeof *searches);
  while (made < factors &&
         root_system_init(systems + made, a->ideals->found[made].letter,
                          a->ideals->found[made].rank))
    made++;
  if (made < factors) reason = REASON_IDEAL_RANK_TOO_LARGE;
  if (!reason) reason = search_all(searches, a, systems);
  for (size_t i = 0; i < a->num_ideals && !reason; i++) {
    size_t ambiguous = 0;
    for (size_t s = 0; s < a->num_sectors; s++)
      ambiguous += searches[i * a->num_sectors + s].num > 1;
    for (size_t s = 0; s < a->num_sectors; s++) {
      const search_struct *search = searches + i * a->num_sectors + s;
      if (search->num)
        add_one(out, a, i, s, search, search->num == 1 || ambiguous == 1);
    }
  }
  for (size_t k = 0; k < a->num_ideals * a->num_sectors; k++)
    for (size_t c = 0; c < searches[k].num; c++)
      flint_free(searches[k].labels[c]);
  for (size_t k = 0; k < made; k++) root_system_clear(systems + k);
  flint_free(systems);
  flint_free(searches);
  return reason;
}

reason_code_t sum_actions(structure_t out, const sum_blocks_t *blocks,
                          const sum_ideals_struct *ideals,
                          const closure_limits_t *limits) {
  if (!ideals->derived) return REASON_NONE; /* no ideals */
  actions_struct a = {.blocks = blocks, .ideals = ideals, .limits = limits};
  size_t maps = ideals->derived->num_maps;
  size_t most_ideals = ideals->endo.num, most_sectors = blocks->centre->num;
  reason_code_t reason = REASON_PRIME_NOT_SUITABLE;
  a.ideal_at = flint_malloc((most_ideals + 1) * sizeof *a.ideal_at);
  a.sector_at = flint_malloc((most_sectors + 1) * sizeof *a.sector_at);
  a.killing = flint_calloc(most_ideals + 1, sizeof *a.killing);
  a.moved = flint_calloc(most_ideals * maps + 1, sizeof *a.moved);
  a.smeared = flint_calloc(most_sectors * maps + 1, sizeof *a.smeared);
  mp_limb_t p = find_prime(&a);
  if (p == 0) {
    reason = limits_abort(limits)
                 ? REASON_TIME_LIMIT
                 : REASON_FIELDS_DO_NOT_SPLIT;
  } else {
    bool good = module_mod_init(&a.derived, &ideals->module, p);
    good = module_mod_init(&a.all, blocks->module, p) && good;
    if (good && set_moved(&a) && set_smeared(&a)) reason = name_actions(out, &a);
    module_mod_clear(&a.derived);
    module_mod_clear(&a.all);
  }
  for (size_t k = 0; k < most_ideals * maps; k++) flint_free(a.moved[k]);
  for (size_t k = 0; k < most_sectors * maps; k++) flint_free(a.smeared[k]);
  flint_free(a.ideal_at);
  flint_free(a.sector_at);
  flint_free(a.killing);
  flint_free(a.moved);
  flint_free(a.smeared);
  return reason;
}
