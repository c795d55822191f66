#include "algebra/sum_ideals.h"

#include <flint/fmpq_poly.h>
#include <flint/fmpz_poly_factor.h>
#include <flint/nmod_poly.h>
#include <flint/ulong_extras.h>
#include <stdlib.h>

#include "algebra/cartan.h"
#include "algebra/module.h"

enum { MAX_DIMENSION = 2000, MAX_ATTEMPTS = 6, MAX_TRIES = 4000 };
static const char TIME_IS_UP[] = "the time limit was reached";

/* --- an element of g' and its ad -------------------------------------------- */

/* v = sum c {H_k, H_j} over pairs, made generic by factors 1 + r {H_l, .} in turn.
   Its ad is known modulo any prime through ad_{H,A} = [ad_H, ad_A] (half
   brackets). */
typedef struct {
  const span_struct *derived;
  size_t num_pairs, (*pairs)[2]; /* j > k with a bracket that is not zero */
  int depth;
} recipe_struct;

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

/* out = ad v modulo a prime. */
static void recipe_ad(nmod_mat_t out, const module_mod_struct *m,
                      const void *data) {
  const recipe_struct *recipe = data;
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
  for (int d = 0; d < recipe->depth; d++) {
    nmod_mat_set(copy, out);
    add_bracket(out, copy, step_factor(recipe, d), m,
                (size_t)d % m->num_maps);
  }
  nmod_mat_clear(h);
  nmod_mat_clear(copy);
}

/* --- splitting --------------------------------------------------------------- */

typedef struct {
  const span_struct *derived;
  module_struct module;
  recipe_struct recipe; /* of the element */
  fmpq_mat_t v;         /* the element */
  const closure_limits_t *limits;
  endo_struct endo;
  fmpq_mat_t action; /* of phi on the rows of endo.w */
  fmpz_poly_t charpoly;
  fmpz_poly_factor_t factors;
} split_struct;

/* action, with w_i phi = sum_j action_ij w_j checked. */
static bool set_action(split_struct *split, const fmpq_mat_t phi) {
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
static bool generate_centroid(split_struct *split) {
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
    fmpq_mat_charpoly(poly, split->action);
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
static bool project(mp_limb_t *out, const split_struct *split,
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
    ok = fmpq_row_mod(row, split->action, i, mod);
    for (size_t j = 0; j < s; j++)
      nmod_mat_entry(action, (slong)i, (slong)j) = row[j];
  }
  ok = ok && fmpq_row_mod(row, split->v, 0, mod);
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
    ok = fmpq_row_mod(row, split->endo.w, i, mod);
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

/* Characteristic polynomial of ad v on the submodule that the words span. */
static bool restricted_charpoly(nmod_poly_t out, const split_struct *split,
                                const words_struct *words,
                                const module_mod_struct *m) {
  nmod_t mod = m->mod;
  size_t dim = split->module.dim, D = words->num;
  nmod_mat_t basis, x, image, small;
  mp_limb_t *row = flint_malloc((dim + 1) * sizeof *row);
  bool ok = true;
  nmod_mat_init(basis, (slong)D, (slong)dim, mod.n);
  nmod_mat_init(x, (slong)dim, (slong)dim, mod.n);
  nmod_mat_init(image, (slong)D, (slong)dim, mod.n);
  nmod_mat_init(small, (slong)D, (slong)D, mod.n);
  recipe_ad(x, m, &split->recipe);
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
  if (ok) nmod_mat_charpoly(out, small);
  flint_free(row);
  nmod_mat_clear(basis);
  nmod_mat_clear(x);
  nmod_mat_clear(image);
  nmod_mat_clear(small);
  return ok;
}

/* The type of the ideals of factor f, each of dimension D. */
static bool find_type(char *letter, size_t *rank, const split_struct *split,
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

typedef struct {
  char letter;
  size_t rank, dimension, count;
} found_struct;

/* Dimension modulo a prime of the ideal of factor f: a lower bound for that over
   Q. When the bounds add up to dim g' they are right. */
static size_t ideal_dimension(const split_struct *split,
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

static const char *find_ideals(found_struct *found, size_t *num_found,
                               split_struct *split) {
  size_t n = split->derived->num_qubits, total = 0;
  size_t space = n < 60 ? (size_t)1 << n : SIZE_MAX;
  const char *reason = NULL;
  module_mod_struct m;
  if (!module_mod_init(&m, &split->module, (UINT64_C(1) << 59) - 55))
    reason = "a denominator is a multiple of the prime that was used";
  *num_found = 0;
  for (slong k = 0; k < split->factors->num && !reason; k++) {
    const fmpz_poly_struct *f = split->factors->p + k;
    size_t degree = (size_t)fmpz_poly_degree(f);
    size_t d = ideal_dimension(split, &m, f);
    found_struct *out = found + (*num_found)++;
    total += d;
    if (limits_abort(split->limits)) {
      reason = TIME_IS_UP;
      break;
    }
    if (d % degree || d == 0) {
      reason = "the ideals were not separated";
      break;
    }
    *out = (found_struct){.dimension = d / degree, .count = degree};
    if (!find_type(&out->letter, &out->rank, split, f, d / degree, space))
      reason = limits_abort(split->limits)
                   ? TIME_IS_UP
                   : "the Cartan type of an ideal was not decided";
  }
  if (!reason && total != split->module.dim)
    reason = "the ideals were not separated";
  module_mod_clear(&m);
  return reason;
}

static const char *split_ideals(structure_t out, split_struct *split) {
  size_t num_found = 0;
  found_struct *found =
      flint_malloc((split->endo.num + 1) * sizeof *found);
  const char *reason = "the centroid was not found";
  fmpq_mat_init(split->action, (slong)split->endo.num, (slong)split->endo.num);
  fmpz_poly_init(split->charpoly);
  fmpz_poly_factor_init(split->factors);
  if (generate_centroid(split)) reason = find_ideals(found, &num_found, split);
  for (size_t k = 0; !reason && k < num_found; k++) {
    fmpz_t rank, dimension, count;
    fmpz_init_set_ui(rank, found[k].rank);
    fmpz_init_set_ui(dimension, found[k].dimension);
    fmpz_init_set_ui(count, found[k].count);
    structure_add_ideal(out, found[k].letter, rank, dimension, count);
    fmpz_clear(rank);
    fmpz_clear(dimension);
    fmpz_clear(count);
  }
  fmpq_mat_clear(split->action);
  fmpz_poly_clear(split->charpoly);
  fmpz_poly_factor_clear(split->factors);
  flint_free(found);
  return reason;
}

const char *sum_ideals(structure_t out, const span_struct *derived,
                       const closure_limits_t *limits) {
  if (derived->dimension == 0) return NULL;
  if (derived->dimension > MAX_DIMENSION)
    return "the derived algebra is too large to be split into ideals";
  split_struct split = {.derived = derived, .limits = limits};
  const char *reason = "no element generates the derived algebra";
  module_init(&split.module, derived);
  recipe_init(&split.recipe, derived);
  fmpq_mat_init(split.v, 1, (slong)derived->dimension);
  endo_killer_t killer = {recipe_ad, &split.recipe};
  for (int attempt = 0; attempt < MAX_ATTEMPTS && reason; attempt++) {
    split.recipe.depth =
        attempt == 0 ? 0 : attempt == 1 ? 2 : attempt * (int)derived->num_maps;
    recipe_vector(split.v, &split.recipe, &split.module);
    size_t dimension =
        module_submodule_dimension(&split.module, split.v, limits);
    if (limits_abort(limits)) {
      reason = TIME_IS_UP;
      break;
    }
    if (dimension != derived->dimension) continue;
    if (endo_init(&split.endo, &split.module, split.v, &killer, limits) !=
        STATUS_OK) {
      reason = limits_abort(limits)
                   ? TIME_IS_UP
                   : "the centroid was not lifted to the rationals";
      continue;
    }
    reason = split_ideals(out, &split);
    endo_clear(&split.endo);
  }
  if (reason && limits_abort(limits)) reason = TIME_IS_UP;
  fmpq_mat_clear(split.v);
  flint_free(split.recipe.pairs);
  module_clear(&split.module);
  return reason;
}
