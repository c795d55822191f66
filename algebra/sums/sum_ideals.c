#include "algebra/sums/charpoly.h"
#include "algebra/sums/sum_ideals.h"

#include <flint/fmpq_poly.h>
#include <flint/ulong_extras.h>

#include "algebra/sums/cartan.h"

enum { MAX_DIMENSION = 2000, MAX_ATTEMPTS = 6, MAX_TRIES = 4000 };
/* --- an element of g' and its ad -------------------------------------------- */

static slong pair_coefficient(const recipe_struct *recipe, size_t pair) {
  return 1 + (slong)((pair * (size_t)(recipe->depth + 2) + pair * pair) % 11);
}
static slong step_factor(const recipe_struct *recipe, int step) {
  slong r = (step * step + 3 * step + recipe->depth) % 5 - 2;
  return r == 0 ? 3 : r;
}

static void recipe_init(recipe_struct *recipe, const span_struct *derived) {
  size_t maps = derived->num_maps;
  *recipe = (recipe_struct){.derived = derived};
  recipe->pairs = flint_malloc((maps * maps + 1) * sizeof *recipe->pairs);
  for (size_t j = 0; j < maps; j++)
    for (size_t k = 0; k < j; k++) {
      if (pauli_sum_commute(derived->ops + k, derived->ops + j)) continue;
      recipe->pairs[recipe->num_pairs][0] = j;
      recipe->pairs[recipe->num_pairs++][1] = k;
    }
}

static void recipe_vector(fmpq_mat_t v, const recipe_struct *recipe,
                          const module_struct *module) {
  const span_struct *derived = recipe->derived;
  slong dim = (slong)module->dim;
  fmpq_mat_t b;
  pauli_sum_t sum, total;
  fmpq_t c;
  fmpq_init(c);
  pauli_sum_init(sum, derived->num_qubits);
  pauli_sum_init(total, derived->num_qubits);
  fmpq_mat_init(b, 1, dim);
  for (size_t i = 0; i < recipe->num_pairs; i++) {
    closure_bracket(sum, derived->ops + recipe->pairs[i][1],
                    derived->ops + recipe->pairs[i][0]);
    fmpq_set_si(c, pair_coefficient(recipe, i), 2);
    pauli_sum_addmul(total, total, c, sum);
  }
  module_coordinates(v, module, derived, total);
  for (int d = 0; d < recipe->depth; d++) {
    fmpq_set_si(c, step_factor(recipe, d), 1);
    module_apply(b, v, module, (size_t)d % module->num_maps);
    for (slong i = 0; i < dim; i++)
      fmpq_addmul(fmpq_mat_entry(v, 0, i), c, fmpq_mat_entry(b, 0, i));
  }
  fmpq_mat_clear(b);
  fmpq_clear(c);
  pauli_sum_clear(sum);
  pauli_sum_clear(total);
}

/* out += c (ad of {H_j, A}), a = ad A; row k of a matrix is the image of b_k. */
static void add_bracket(nmod_mat_t out, const nmod_mat_t a, slong c,
                        const module_mod_struct *m, size_t j) {
  size_t dim = m->dim;
  mp_limb_t *x = flint_malloc(2 * (dim + 1) * sizeof *x), *y = x + dim;
  mp_limb_t f = c < 0 ? nmod_neg((mp_limb_t)-c, m->mod) : (mp_limb_t)c;
  for (size_t k = 0; k < dim; k++) {
    for (size_t i = 0; i < dim; i++)
      x[i] = nmod_mat_entry(a, (slong)k, (slong)i);
    module_mod_apply(y, x, m, j); /* {H_j, {A, b_k}} */
    size_t at = j * dim + k;      /* - {A, {H_j, b_k}} */
    for (uint32_t e = 0; e < m->length[at]; e++) {
      mp_limb_t g = nmod_neg(m->val[at][e], m->mod);
      for (size_t i = 0; i < dim; i++)
        NMOD_ADDMUL(y[i], g, nmod_mat_entry(a, (slong)m->idx[at][e], (slong)i),
                    m->mod);
    }
    for (size_t i = 0; i < dim; i++)
      NMOD_ADDMUL(nmod_mat_entry(out, (slong)k, (slong)i), f, y[i], m->mod);
  }
  flint_free(x);
}

/* out = ad v modulo a prime, v as it is after some steps. */
static void recipe_ad_steps(nmod_mat_t out, const module_mod_struct *m,
                            const recipe_struct *recipe, int steps) {
  slong dim = (slong)m->dim;
  nmod_mat_t h, copy;
  nmod_mat_init(h, dim, dim, m->mod.n);
  nmod_mat_init(copy, dim, dim, m->mod.n);
  nmod_mat_zero(out);
  for (size_t i = 0; i < recipe->num_pairs; i++) {
    size_t j = recipe->pairs[i][0];
    nmod_mat_zero(h);
    for (size_t k = 0; k < m->dim; k++)
      for (uint32_t e = 0; e < m->length[j * m->dim + k]; e++)
        nmod_mat_entry(h, (slong)k, (slong)m->idx[j * m->dim + k][e]) =
            m->val[j * m->dim + k][e];
    add_bracket(out, h, pair_coefficient(recipe, i), m, recipe->pairs[i][1]);
  }
  for (int d = 0; d < steps; d++) {
    nmod_mat_set(copy, out);
    add_bracket(out, copy, step_factor(recipe, d), m,
                (size_t)d % m->num_maps);
  }
  nmod_mat_clear(h);
  nmod_mat_clear(copy);
}

static void recipe_ad(nmod_mat_t out, const module_mod_struct *m,
                      const void *data) {
  const recipe_struct *recipe = data;
  recipe_ad_steps(out, m, recipe, recipe->depth);
}

/* --- splitting --------------------------------------------------------------- */


/* action, with w_i phi = sum_j action_ij w_j checked. */
static bool set_action(sum_ideals_struct *split, const fmpq_mat_t phi) {
  slong s = (slong)split->endo.num;
  fmpq_mat_t image, back;
  fmpq_mat_init(image, s, (slong)split->module.dim);
  fmpq_mat_init(back, s, (slong)split->module.dim);
  fmpq_mat_mul(image, split->endo.w, phi);
  for (slong i = 0; i < s; i++)
    for (slong j = 0; j < s; j++)
      fmpq_set(fmpq_mat_entry(split->action, i, j),
               fmpq_mat_entry(image, i, (slong)split->endo.pivots[j]));
  fmpq_mat_mul(back, split->action, split->endo.w);
  bool ok = fmpq_mat_equal(back, image);
  fmpq_mat_clear(image);
  fmpq_mat_clear(back);
  return ok;
}

/* A generator phi of the centroid: characteristic polynomial without square. */
static bool generate_centroid(sum_ideals_struct *split) {
  slong s = (slong)split->endo.num, dim = (slong)split->module.dim;
  fmpq_mat_t phi, w;
  fmpq_poly_t poly;
  bool ok = false;
  fmpq_mat_init(phi, dim, dim);
  fmpq_mat_init(w, 1, dim);
  fmpq_poly_init(poly);
  fmpq_t c;
  fmpq_init(c);
  /* Basis elements of the centroid first: their numbers are small. */
  for (slong attempt = 0; attempt < 12 && !ok; attempt++) {
    fmpq_mat_zero(w);
    for (slong i = 0; i < s; i++) {
      slong a = attempt - 4;
      if (a < 0) fmpq_set_si(c, i == (attempt + 1) % s || i == s - 1 - attempt, 1);
      else fmpq_set_si(c, (i * (a + 1) * 7 + i * i * (a + 2)) % (23 + 40 * a) -
                              11 * a % 5, 1);
      for (slong k = 0; k < dim; k++)
        fmpq_addmul(fmpq_mat_entry(w, 0, k), c,
                    fmpq_mat_entry(split->endo.w, i, k));
    }
    if (endo_matrix(phi, &split->module, split->v, w, split->limits) !=
        STATUS_OK)
      break;
    if (!set_action(split, phi)) break;
    if (!charpoly_rational(poly, split->action, split->limits)) break;
    fmpq_poly_get_numerator(split->charpoly, poly);
    fmpz_poly_primitive_part(split->charpoly, split->charpoly);
    ok = fmpq_poly_is_squarefree(poly);
  }
  if (ok) fmpz_poly_factor(split->factors, split->charpoly);
  fmpq_clear(c);
  fmpq_mat_clear(phi);
  fmpq_mat_clear(w);
  fmpq_poly_clear(poly);
  return ok;
}

/* --- types ---------------------------------------------------------------------- */

/* v (charpoly / f)(phi) modulo the prime, f a factor of charpoly there. */
static bool project(mp_limb_t *out, const sum_ideals_struct *split,
                    const nmod_poly_t f, nmod_t mod) {
  size_t s = split->endo.num, dim = split->module.dim;
  nmod_poly_t g;
  nmod_mat_t action, x, y;
  mp_limb_t *row = flint_malloc((dim + 1) * sizeof *row);
  bool ok = true;
  nmod_poly_init(g, mod.n);
  fmpz_poly_get_nmod_poly(g, split->charpoly);
  nmod_poly_div(g, g, f);
  nmod_mat_init(action, (slong)s, (slong)s, mod.n);
  nmod_mat_init(x, 1, (slong)s, mod.n);
  nmod_mat_init(y, 1, (slong)s, mod.n);
  for (size_t i = 0; i < s && ok; i++) {
    ok = module_row_mod(row, split->action, i, mod);
    for (size_t j = 0; j < s; j++)
      nmod_mat_entry(action, (slong)i, (slong)j) = row[j];
  }
  ok = ok && module_row_mod(row, split->v, 0, mod);
  for (slong d = nmod_poly_degree(g); d >= 0 && ok; d--) {
    nmod_mat_mul(y, x, action);
    for (size_t i = 0; i < s; i++)
      nmod_mat_entry(x, 0, (slong)i) =
          nmod_add(nmod_mat_entry(y, 0, (slong)i),
                   nmod_mul(nmod_poly_get_coeff_ui(g, d),
                            row[split->endo.pivots[i]], mod), mod);
  }
  memset(out, 0, dim * sizeof *out);
  for (size_t i = 0; i < s && ok; i++) {
    ok = module_row_mod(row, split->endo.w, i, mod);
    for (size_t k = 0; k < dim && ok; k++)
      out[k] = nmod_add(out[k], nmod_mul(nmod_mat_entry(x, 0, (slong)i),
                                         row[k], mod), mod);
  }
  flint_free(row);
  nmod_poly_clear(g);
  nmod_mat_clear(action);
  nmod_mat_clear(x);
  nmod_mat_clear(y);
  return ok;
}

/* small = x on the submodule that the words span; false when x leaves it. */
static bool restrict_to_words(nmod_mat_t small, const nmod_mat_t x,
                              const words_struct *words,
                              const module_mod_struct *m) {
  nmod_t mod = m->mod;
  size_t dim = m->dim, D = words->num;
  nmod_mat_t basis, image;
  mp_limb_t *row = flint_malloc((dim + 1) * sizeof *row);
  bool ok = true;
  nmod_mat_init(basis, (slong)D, (slong)dim, mod.n);
  nmod_mat_init(image, (slong)D, (slong)dim, mod.n);
  for (size_t k = 0; k < D; k++)
    for (size_t i = 0; i < dim; i++)
      nmod_mat_entry(basis, (slong)k, (slong)i) = words->echelon[k][i];
  nmod_mat_mul(image, basis, x);
  for (size_t k = 0; k < D && ok; k++) {
    for (size_t i = 0; i < dim; i++)
      row[i] = nmod_mat_entry(image, (slong)k, (slong)i);
    for (size_t l = 0; l < D; l++) {
      mp_limb_t c = row[words->lead[l]];
      nmod_mat_entry(small, (slong)k, (slong)l) = c;
      if (c) _nmod_vec_scalar_addmul_nmod(row, words->echelon[l], (slong)dim,
                                          nmod_neg(c, mod), mod);
    }
    ok = _nmod_vec_is_zero(row, (slong)dim);
  }
  flint_free(row);
  nmod_mat_clear(basis);
  nmod_mat_clear(image);
  return ok;
}

/* Characteristic polynomial of ad v on the submodule that the words span. */
static bool restricted_charpoly(nmod_poly_t out, const sum_ideals_struct *split,
                                const words_struct *words,
                                const module_mod_struct *m) {
  nmod_mat_t x, small;
  nmod_mat_init(x, (slong)m->dim, (slong)m->dim, m->mod.n);
  nmod_mat_init(small, (slong)words->num, (slong)words->num, m->mod.n);
  recipe_ad(x, m, &split->recipe);
  bool ok = restrict_to_words(small, x, words, m);
  if (ok) nmod_mat_charpoly(out, small);
  nmod_mat_clear(x);
  nmod_mat_clear(small);
  return ok;
}

/* The type of the ideals of factor f, each of dimension D. */
static bool find_type(char *letter, size_t *rank, const sum_ideals_struct *split,
                      const fmpz_poly_struct *f, size_t D, size_t space) {
  if (cartan_decide(letter, rank, D, space, NULL) == 1) return true;
  bool found = false;
  mp_limb_t p = (UINT64_C(1) << 58) + 1;
  for (int attempt = 0;
       attempt < MAX_TRIES && !found && !limits_abort(split->limits);
       attempt++) {
    do p--;
    while (!n_is_prime(p));
    nmod_poly_t fp, whole, charpoly; /* whole: t - root */
    nmod_poly_factor_t roots;
    module_mod_struct m;
    nmod_poly_init(fp, p);
    nmod_poly_init(whole, p);
    nmod_poly_init(charpoly, p);
    nmod_poly_factor_init(roots);
    fmpz_poly_get_nmod_poly(fp, f);
    bool good = nmod_poly_degree(fp) == fmpz_poly_degree(f);
    mp_limb_t root = 0;
    if (good) {
      /* gcd(t^p - t, f): its linear factors. */
      nmod_poly_t t, power, g;
      nmod_poly_init(t, p);
      nmod_poly_init(power, p);
      nmod_poly_init(g, p);
      nmod_poly_set_coeff_ui(t, 1, 1);
      if (nmod_poly_degree(fp) > 1) {
        nmod_poly_powmod_ui_binexp(power, t, p, fp);
        nmod_poly_sub(power, power, t);
        nmod_poly_gcd(g, power, fp);
      } else {
        nmod_poly_set(g, fp);
      }
      good = nmod_poly_degree(g) >= 1;
      if (good) {
        nmod_poly_factor_equal_deg(roots, g, 1);
        root = nmod_neg(nmod_poly_get_coeff_ui(roots->p, 0), fp->mod);
        mp_limb_t lead = nmod_poly_get_coeff_ui(roots->p, 1);
        root = nmod_mul(root, nmod_inv(lead, fp->mod), fp->mod);
      }
      nmod_poly_clear(t);
      nmod_poly_clear(power);
      nmod_poly_clear(g);
    }
    if (good) {
      mp_limb_t *seed =
          flint_malloc((split->module.dim + 1) * sizeof *seed);
      nmod_poly_set_coeff_ui(whole, 1, 1);
      nmod_poly_set_coeff_ui(whole, 0, nmod_neg(root, fp->mod));
      good = module_mod_init(&m, &split->module, p) &&
             project(seed, split, whole, m.mod);
      if (good) {
        words_struct words;
        words_init(&words, &m, &seed, 1, split->limits);
        found = words.num == D &&
                restricted_charpoly(charpoly, split, &words, &m) &&
                cartan_decide(letter, rank, D, space, charpoly) == 1;
        words_clear(&words);
        attempt += MAX_TRIES / 4; /* four real attempts at most */
      }
      module_mod_clear(&m);
      flint_free(seed);
    }
    nmod_poly_clear(fp);
    nmod_poly_clear(whole);
    nmod_poly_clear(charpoly);
    nmod_poly_factor_clear(roots);
  }
  return found;
}


/* Dimension modulo a prime of the ideal of factor f: a lower bound for that over
   Q. When the bounds add up to dim g' they are right. */
static size_t ideal_dimension(const sum_ideals_struct *split,
                              const module_mod_struct *m,
                              const fmpz_poly_struct *f) {
  mp_limb_t *seed = flint_malloc((m->dim + 1) * sizeof *seed);
  nmod_poly_t fp;
  size_t d = 0;
  nmod_poly_init(fp, m->mod.n);
  fmpz_poly_get_nmod_poly(fp, f);
  if (project(seed, split, fp, m->mod)) {
    words_struct words;
    words_init(&words, m, &seed, 1, split->limits);
    d = words.num;
    words_clear(&words);
  }
  nmod_poly_clear(fp);
  flint_free(seed);
  return d;
}

static reason_code_t find_ideals(sum_ideal_struct *found, size_t *num_found,
                                 sum_ideals_struct *split) {
  size_t n = split->derived->num_qubits, total = 0;
  size_t space = n < 60 ? (size_t)1 << n : SIZE_MAX;
  reason_code_t reason = REASON_NONE;
  module_mod_struct m;
  if (!module_mod_init(&m, &split->module, (UINT64_C(1) << 59) - 55))
    reason = REASON_PRIME_DIVIDES_DENOMINATOR;
  *num_found = 0;
  for (slong k = 0; k < split->factors->num && !reason; k++) {
    const fmpz_poly_struct *f = split->factors->p + k;
    size_t degree = (size_t)fmpz_poly_degree(f);
    size_t d = ideal_dimension(split, &m, f);
    sum_ideal_struct *out = found + (*num_found)++;
    total += d;
    if (limits_abort(split->limits)) {
      reason = REASON_TIME_LIMIT;
      break;
    }
    if (d % degree || d == 0) {
      reason = REASON_IDEALS_NOT_SEPARATED;
      break;
    }
    *out = (sum_ideal_struct){.dimension = d / degree, .count = degree};
    if (!find_type(&out->letter, &out->rank, split, f, d / degree, space))
      reason = limits_abort(split->limits)
                   ? REASON_TIME_LIMIT
                   : REASON_CARTAN_TYPE_UNDECIDED;
  }
  if (!reason && total != split->module.dim)
    reason = REASON_IDEALS_NOT_SEPARATED;
  module_mod_clear(&m);
  return reason;
}

static reason_code_t split_ideals(structure_t out, sum_ideals_struct *split) {
  split->found = flint_malloc((split->endo.num + 1) * sizeof *split->found);
  reason_code_t reason = REASON_CENTROID_NOT_FOUND;
  fmpq_mat_init(split->action, (slong)split->endo.num, (slong)split->endo.num);
  fmpz_poly_init(split->charpoly);
  fmpz_poly_factor_init(split->factors);
  if (generate_centroid(split))
    reason = find_ideals(split->found, &split->num_found, split);
  for (size_t k = 0; !reason && k < split->num_found; k++) {
    const sum_ideal_struct *found = split->found + k;
    fmpz_t rank, dimension, count;
    fmpz_init_set_ui(rank, found->rank);
    fmpz_init_set_ui(dimension, found->dimension);
    fmpz_init_set_ui(count, found->count);
    structure_add_ideal(out, found->letter, rank, dimension, count);
    fmpz_clear(rank);
    fmpz_clear(dimension);
    fmpz_clear(count);
  }
  return reason;
}

/* What belongs to one choice of v. */
static void forget_choice(sum_ideals_struct *split) {
  if (!split->has_endo) return;
  endo_clear(&split->endo);
  fmpq_mat_clear(split->action);
  fmpz_poly_clear(split->charpoly);
  fmpz_poly_factor_clear(split->factors);
  flint_free(split->found);
  split->found = NULL;
  split->num_found = 0;
  split->has_endo = false;
}

void sum_ideals_clear(sum_ideals_struct *ideals) {
  if (!ideals->derived) return;
  forget_choice(ideals);
  fmpq_mat_clear(ideals->v);
  flint_free(ideals->recipe.pairs);
  module_clear(&ideals->module);
}

slong sum_ideals_coefficient(const sum_ideals_struct *ideals, size_t pair) {
  return pair_coefficient(&ideals->recipe, pair);
}

bool sum_ideals_component(mp_limb_t *v, mp_limb_t *killing,
                          const sum_ideals_struct *ideals, size_t k,
                          mp_limb_t root, const module_mod_struct *m) {
  nmod_poly_t factor;
  nmod_poly_init(factor, m->mod.n);
  nmod_poly_set_coeff_ui(factor, 1, 1);
  nmod_poly_set_coeff_ui(factor, 0, nmod_neg(root, m->mod));
  bool ok = project(v, ideals, factor, m->mod);
  nmod_poly_t rest; /* project scales by (charpoly / factor)(root) */
  nmod_poly_init(rest, m->mod.n);
  fmpz_poly_get_nmod_poly(rest, ideals->charpoly);
  nmod_poly_div(rest, rest, factor);
  mp_limb_t scale = nmod_poly_evaluate_nmod(rest, root);
  nmod_poly_clear(rest);
  nmod_poly_clear(factor);
  if (!ok || scale == 0) return false;
  _nmod_vec_scalar_mul_nmod(v, v, (slong)m->dim, nmod_inv(scale, m->mod),
                            m->mod);
  words_struct words;
  words_init(&words, m, &v, 1, ideals->limits);
  ok = words.num == ideals->found[k].dimension;
  slong D = (slong)words.num, dim = (slong)m->dim;
  nmod_mat_t x, a, b;
  nmod_mat_init(x, dim, dim, m->mod.n);
  nmod_mat_init(a, D, D, m->mod.n);
  nmod_mat_init(b, D, D, m->mod.n);
  if (ok) {
    recipe_ad(x, m, &ideals->recipe);
    ok = restrict_to_words(a, x, &words, m);
    recipe_ad_steps(x, m, &ideals->recipe, 0);
    ok = ok && restrict_to_words(b, x, &words, m);
  }
  *killing = 0;
  for (slong i = 0; i < D && ok; i++)
    for (slong j = 0; j < D; j++)
      NMOD_ADDMUL(*killing, nmod_mat_entry(a, i, j), nmod_mat_entry(b, j, i),
                  m->mod);
  nmod_mat_clear(x);
  nmod_mat_clear(a);
  nmod_mat_clear(b);
  words_clear(&words);
  return ok;
}

reason_code_t sum_ideals_init(sum_ideals_struct *ideals, structure_t out,
                              const span_struct *derived,
                              const closure_limits_t *limits) {
  *ideals = (sum_ideals_struct){0};
  if (derived->dimension == 0) return REASON_NONE;
  if (derived->dimension > MAX_DIMENSION)
    return REASON_DERIVED_ALGEBRA_TOO_LARGE;
  ideals->derived = derived;
  ideals->limits = limits;
  reason_code_t reason = REASON_NO_GENERATING_ELEMENT;
  module_init(&ideals->module, derived);
  recipe_init(&ideals->recipe, derived);
  fmpq_mat_init(ideals->v, 1, (slong)derived->dimension);
  endo_killer_t killer = {recipe_ad, &ideals->recipe};
  for (int attempt = 0; attempt < MAX_ATTEMPTS && reason; attempt++) {
    forget_choice(ideals);
    ideals->recipe.depth =
        attempt == 0 ? 0 : attempt == 1 ? 2 : attempt * (int)derived->num_maps;
    recipe_vector(ideals->v, &ideals->recipe, &ideals->module);
    size_t dimension =
        module_submodule_dimension(&ideals->module, ideals->v, limits);
    if (limits_abort(limits)) break;
    if (dimension != derived->dimension) continue;
    if (endo_init(&ideals->endo, &ideals->module, ideals->v, &killer, limits) !=
        STATUS_OK) {
      reason = REASON_CENTROID_NOT_LIFTED;
      continue;
    }
    ideals->has_endo = true;
    reason = split_ideals(out, ideals);
  }
  if (reason && limits_abort(limits)) reason = REASON_TIME_LIMIT;
  return reason;
}
