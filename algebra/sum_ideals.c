#include "algebra/sum_ideals.h"

#include <flint/fmpq_poly.h>
#include <flint/fmpz_poly_factor.h>
#include <flint/nmod_poly.h>
#include <flint/ulong_extras.h>
#include <stdlib.h>

#include "algebra/cartan.h"
#include "algebra/module.h"

enum { MAX_DIMENSION = 520, MAX_ATTEMPTS = 5, MAX_TRIES = 4000 };

/* --- an element of g' and its ad -------------------------------------------- */

/* ad of {H_j, A} from that of A: ad_{H,A} = [ad_H, ad_A] for half brackets,
   row k of a matrix being the image of b_k. out distinct. */
static void bracket_matrix(fmpq_mat_t out, const fmpq_mat_t a,
                           const module_struct *module, size_t j) {
  slong dim = (slong)module->dim;
  fmpq_mat_t row, image;
  fmpq_mat_init(row, 1, dim);
  fmpq_mat_init(image, 1, dim);
  for (slong k = 0; k < dim; k++) {
    for (slong i = 0; i < dim; i++)
      fmpq_set(fmpq_mat_entry(row, 0, i), fmpq_mat_entry(a, k, i));
    module_apply(image, row, module, j); /* {H_j, {A, b_k}} */
    const sparse_vector_struct *b = module_image(module, j, (size_t)k);
    for (uint32_t e = 0; e < b->length; e++) /* - {A, {H_j, b_k}} */
      for (slong i = 0; i < dim; i++)
        if (!fmpq_is_zero(fmpq_mat_entry(a, (slong)b->idx[e], i)))
          fmpq_submul(fmpq_mat_entry(image, 0, i), b->val + e,
                      fmpq_mat_entry(a, (slong)b->idx[e], i));
    for (slong i = 0; i < dim; i++)
      fmpq_swap(fmpq_mat_entry(out, k, i), fmpq_mat_entry(image, 0, i));
  }
  fmpq_mat_clear(row);
  fmpq_mat_clear(image);
}

static void set_map_matrix(fmpq_mat_t out, const module_struct *module,
                           size_t j) {
  fmpq_mat_zero(out);
  for (size_t k = 0; k < module->dim; k++) {
    const sparse_vector_struct *b = module_image(module, j, k);
    for (uint32_t e = 0; e < b->length; e++)
      fmpq_set(fmpq_mat_entry(out, (slong)k, (slong)b->idx[e]), b->val + e);
  }
}

static void add_scaled(fmpq_mat_t a, const fmpq_mat_t b, slong c) {
  fmpq_mat_t t;
  fmpz_t f;
  fmpz_init_set_si(f, c);
  fmpq_mat_init(t, fmpq_mat_nrows(b), fmpq_mat_ncols(b));
  fmpq_mat_scalar_mul_fmpz(t, b, f);
  fmpq_mat_add(a, a, t);
  fmpq_mat_clear(t);
  fmpz_clear(f);
}

/* v = a small combination of the {H_j, H_k}, made generic by factors
   1 + r {H_j, .} in turn; x = ad v. */
static void choose_element(fmpq_mat_t v, fmpq_mat_t x,
                           const module_struct *module,
                           const span_struct *derived, int depth) {
  slong dim = (slong)module->dim;
  size_t maps = module->num_maps;
  fmpq_mat_t a, b, c, y;
  pauli_sum_t sum;
  fmpq_t half;
  fmpq_init(half);
  fmpq_set_si(half, 1, 2);
  pauli_sum_init(sum, derived->num_qubits);
  fmpq_mat_init(a, 1, dim);
  fmpq_mat_init(b, 1, dim);
  fmpq_mat_init(c, dim, dim);
  fmpq_mat_init(y, dim, dim);
  fmpq_mat_zero(v);
  fmpq_mat_zero(x);
  slong coefficient = 1;
  for (size_t j = 0; j < maps; j++) {
    set_map_matrix(c, module, j);
    for (size_t k = 0; k < j; k++) {
      closure_bracket(sum, derived->ops + k, derived->ops + j);
      if (pauli_sum_is_zero(sum)) continue;
      pauli_sum_scalar_mul(sum, sum, half);
      module_coordinates(a, module, derived, sum);
      bracket_matrix(y, c, module, k);
      add_scaled(v, a, coefficient);
      add_scaled(x, y, coefficient);
      coefficient = (coefficient + 2 + depth) % 11 + 1;
    }
  }
  for (int d = 0; d < depth; d++) {
    size_t j = (size_t)d % maps;
    slong r = (d * d + 3 * d + depth) % 5 - 2;
    if (r == 0) r = 3;
    module_apply(b, v, module, j);
    bracket_matrix(y, x, module, j);
    add_scaled(v, b, r);
    add_scaled(x, y, r);
  }
  fmpq_mat_clear(a);
  fmpq_mat_clear(b);
  fmpq_mat_clear(c);
  fmpq_mat_clear(y);
  fmpq_clear(half);
  pauli_sum_clear(sum);
}

/* --- splitting --------------------------------------------------------------- */

typedef struct {
  const span_struct *derived;
  module_struct module;
  fmpq_mat_t v, x;  /* the element and its ad */
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
  for (int attempt = 0; attempt < 6 && !ok; attempt++) {
    fmpq_mat_zero(w);
    for (slong i = 0; i < s; i++)
      for (slong k = 0; k < dim; k++) {
        fmpz_t c;
        fmpz_init_set_si(c, (i * (attempt + 1) * 7 + i * i) % 23 - 11 * attempt % 5);
        fmpq_t t;
        fmpq_init(t);
        fmpq_mul_fmpz(t, fmpq_mat_entry(split->endo.w, i, k), c);
        fmpq_add(fmpq_mat_entry(w, 0, k), fmpq_mat_entry(w, 0, k), t);
        fmpq_clear(t);
        fmpz_clear(c);
      }
    if (endo_matrix(phi, &split->module, split->v, w) != STATUS_OK) break;
    if (!set_action(split, phi)) break;
    fmpq_mat_charpoly(poly, split->action);
    fmpq_poly_get_numerator(split->charpoly, poly);
    fmpz_poly_primitive_part(split->charpoly, split->charpoly);
    ok = fmpq_poly_is_squarefree(poly);
  }
  if (ok) fmpz_poly_factor(split->factors, split->charpoly);
  fmpq_mat_clear(phi);
  fmpq_mat_clear(w);
  fmpq_poly_clear(poly);
  return ok;
}

/* v (charpoly / f)(phi), in the space of the module. */
static void project(fmpq_mat_t out, const split_struct *split,
                    const fmpz_poly_struct *f) {
  slong s = (slong)split->endo.num;
  fmpz_poly_t g;
  fmpq_mat_t x, y;
  fmpz_poly_init(g);
  fmpz_poly_div(g, split->charpoly, f);
  fmpq_mat_init(x, 1, s);
  fmpq_mat_init(y, 1, s);
  for (slong d = fmpz_poly_degree(g); d >= 0; d--) {
    fmpq_mat_mul(y, x, split->action);
    for (slong i = 0; i < s; i++) {
      fmpq_t t;
      fmpz_t c;
      fmpz_init(c);
      fmpq_init(t);
      fmpz_poly_get_coeff_fmpz(c, g, d);
      fmpq_mul_fmpz(t, fmpq_mat_entry(split->v, 0, (slong)split->endo.pivots[i]),
                    c);
      fmpq_add(fmpq_mat_entry(y, 0, i), fmpq_mat_entry(y, 0, i), t);
      fmpq_clear(t);
      fmpz_clear(c);
    }
    fmpq_mat_swap(x, y);
  }
  fmpq_mat_mul(out, x, split->endo.w);
  fmpq_mat_clear(x);
  fmpq_mat_clear(y);
  fmpz_poly_clear(g);
}

/* --- types ---------------------------------------------------------------------- */

/* v (charpoly / (t - root))(phi) modulo the prime. */
static bool project_root(mp_limb_t *out, const split_struct *split,
                         const nmod_poly_t charpoly, mp_limb_t root,
                         nmod_t mod) {
  size_t s = split->endo.num, dim = split->module.dim;
  nmod_poly_t g, linear;
  nmod_mat_t action, x, y;
  mp_limb_t *row = flint_malloc((dim + 1) * sizeof *row);
  bool ok = true;
  nmod_poly_init(g, mod.n);
  nmod_poly_init(linear, mod.n);
  nmod_poly_set_coeff_ui(linear, 1, 1);
  nmod_poly_set_coeff_ui(linear, 0, nmod_neg(root, mod));
  nmod_poly_div(g, charpoly, linear);
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
  nmod_poly_clear(linear);
  nmod_mat_clear(action);
  nmod_mat_clear(x);
  nmod_mat_clear(y);
  return ok;
}

/* Characteristic polynomial of ad v on the submodule that the words span. */
static bool restricted_charpoly(nmod_poly_t out, const split_struct *split,
                                const words_struct *words, nmod_t mod) {
  size_t dim = split->module.dim, D = words->num;
  nmod_mat_t basis, x, image, small;
  mp_limb_t *row = flint_malloc((dim + 1) * sizeof *row);
  bool ok = true;
  nmod_mat_init(basis, (slong)D, (slong)dim, mod.n);
  nmod_mat_init(x, (slong)dim, (slong)dim, mod.n);
  nmod_mat_init(image, (slong)D, (slong)dim, mod.n);
  nmod_mat_init(small, (slong)D, (slong)D, mod.n);
  for (size_t k = 0; k < dim && ok; k++) {
    ok = fmpq_row_mod(row, split->x, k, mod);
    for (size_t i = 0; i < dim; i++)
      nmod_mat_entry(x, (slong)k, (slong)i) = row[i];
  }
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
  for (int attempt = 0; attempt < MAX_TRIES && !found; attempt++) {
    do p--;
    while (!n_is_prime(p));
    nmod_poly_t fp, whole, charpoly;
    nmod_poly_factor_t roots;
    module_mod_struct m;
    nmod_poly_init(fp, p);
    nmod_poly_init(whole, p);
    nmod_poly_init(charpoly, p);
    nmod_poly_factor_init(roots);
    fmpz_poly_get_nmod_poly(fp, f);
    fmpz_poly_get_nmod_poly(whole, split->charpoly);
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
      good = module_mod_init(&m, &split->module, p) &&
             project_root(seed, split, whole, root, m.mod);
      if (good) {
        words_struct words;
        words_init(&words, &m, &seed, 1);
        found = words.num == D &&
                restricted_charpoly(charpoly, split, &words, m.mod) &&
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

static const char *find_ideals(found_struct *found, size_t *num_found,
                               split_struct *split) {
  size_t n = split->derived->num_qubits, total = 0;
  size_t space = n < 60 ? (size_t)1 << n : SIZE_MAX;
  fmpq_mat_t seed;
  const char *reason = NULL;
  fmpq_mat_init(seed, 1, (slong)split->module.dim);
  *num_found = 0;
  for (slong k = 0; k < split->factors->num && !reason; k++) {
    const fmpz_poly_struct *f = split->factors->p + k;
    size_t degree = (size_t)fmpz_poly_degree(f);
    project(seed, split, f);
    size_t d = module_submodule_dimension(&split->module, seed);
    found_struct *out = found + (*num_found)++;
    total += d;
    if (d % degree) {
      reason = "the ideals were not separated";
      break;
    }
    *out = (found_struct){.dimension = d / degree, .count = degree};
    if (!find_type(&out->letter, &out->rank, split, f, d / degree, space))
      reason = "the Cartan type of an ideal was not decided";
  }
  if (!reason && total != split->module.dim)
    reason = "the ideals were not separated";
  fmpq_mat_clear(seed);
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

const char *sum_ideals(structure_t out, const span_struct *derived) {
  if (derived->dimension == 0) return NULL;
  if (derived->dimension > MAX_DIMENSION)
    return "the derived algebra is too large to be split into ideals";
  split_struct split = {.derived = derived};
  const char *reason = "no element generates the derived algebra";
  slong dim = (slong)derived->dimension;
  module_init(&split.module, derived);
  fmpq_mat_init(split.v, 1, dim);
  fmpq_mat_init(split.x, dim, dim);
  for (int attempt = 0; attempt < MAX_ATTEMPTS && reason; attempt++) {
    int depth = attempt == 0 ? 2 : (attempt + 1) * (int)derived->num_maps;
    choose_element(split.v, split.x, &split.module, derived, depth);
    if (module_submodule_dimension(&split.module, split.v) !=
        derived->dimension)
      continue;
    if (endo_init(&split.endo, &split.module, split.v, split.x) != STATUS_OK) {
      reason = "the centroid was not lifted to the rationals";
      continue;
    }
    reason = split_ideals(out, &split);
    endo_clear(&split.endo);
  }
  fmpq_mat_clear(split.v);
  fmpq_mat_clear(split.x);
  module_clear(&split.module);
  return reason;
}
