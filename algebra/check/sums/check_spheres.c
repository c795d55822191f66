#include "algebra/check/sums/check_spheres.h"

#include <flint/fmpz_mat.h>
#include <flint/fmpz_poly.h>

#include "algebra/check/sums/check_orbits.h"
#include "algebra/check/sums/check_prime.h"

/* MAX_CLASSES: of basis states; MAX_FORM: real dimension of R where the form is taken. */
enum { MAX_CLASSES = 64, MAX_FORM = 128, MAX_PARTS = 3 };

/* Vectors are rows (real parts, imaginary parts), 2m numbers. */
typedef struct {
  check_prime_t *p;
  check_classes_t classes;
  slong m;
  fmpz_mat_struct *h; /* of each generator, times a number: real and imaginary matrix */
  fmpz_mat_t o[2];    /* of the observable, times a positive number */
  slong dimension;    /* of the words */
  fmpz_mat_t words;   /* rows, each without a common factor */
} space_t;

/* --- the matrices ------------------------------------------------------------------------- */

static bool reach(space_t *v) {
  unsigned phase;
  for (size_t c = 0; c < v->classes->first->length; c++)
    for (size_t j = 0; j < v->p->num_sums; j++)
      for (size_t t = 0; t < v->p->sums[j]->length; t++) {
        check_classes_act(&phase, v->classes, c, pauli_sum_string(v->p->sums[j], t));
        if (v->classes->first->length > MAX_CLASSES) return false;
      }
  v->m = (slong)v->classes->first->length;
  return true;
}

/* out[0] + i out[1], row c: den times the operator on |c>; what leaves is left out. */
static void set_operator(fmpz_mat_struct *out, space_t *v, const pauli_sum_struct *sum) {
  fmpz_t den, value;
  fmpz_init_set_ui(den, 1);
  fmpz_init(value);
  for (int part = 0; part < 2; part++) fmpz_mat_init(out + part, v->m, v->m);
  for (size_t t = 0; t < sum->length; t++) fmpz_lcm(den, den, fmpq_denref(sum->coeffs + t));
  for (slong c = 0; c < v->m; c++)
    for (size_t t = 0; t < sum->length; t++) {
      unsigned phase;
      size_t to = check_classes_act(&phase, v->classes, (size_t)c, pauli_sum_string(sum, t));
      if (to >= (size_t)v->m) continue;
      fmpz_divexact(value, den, fmpq_denref(sum->coeffs + t));
      fmpz_mul(value, value, fmpq_numref(sum->coeffs + t));
      fmpz *entry = fmpz_mat_entry(out + phase % 2, c, (slong)to);
      if (phase < 2) fmpz_add(entry, entry, value);
      else fmpz_sub(entry, entry, value);
    }
  fmpz_clear(den);
  fmpz_clear(value);
}

/* out = h x, or i h x, for one row; h NULL: the identity. */
static void apply(fmpz *out, const fmpz *x, const fmpz_mat_struct *h, bool times_i,
                  slong m) {
  fmpz *re = out, *im = out + m;
  _fmpz_vec_zero(out, 2 * m);
  for (slong c = 0; c < m && h; c++)
    for (slong d = 0; d < m; d++) {
      const fmpz *a = fmpz_mat_entry(h, c, d), *b = fmpz_mat_entry(h + 1, c, d);
      fmpz_addmul(re + d, x + c, a);
      fmpz_submul(re + d, x + m + c, b);
      fmpz_addmul(im + d, x + c, b);
      fmpz_addmul(im + d, x + m + c, a);
    }
  if (!h) _fmpz_vec_set(out, x, 2 * m);
  for (slong d = 0; d < m && times_i; d++) {
    fmpz_neg(im + d, im + d);
    fmpz_swap(re + d, im + d);
  }
}

/* --- R ---------------------------------------------------------------------------------------- */

/* Is the row new, modulo the prime? rows: reduced so far, `count` of them. */
static bool is_new(nmod_mat_t rows, slong *pivots, slong count, const fmpz *x, nmod_t mod) {
  slong n = nmod_mat_ncols(rows), at = 0;
  mp_limb_t *row = &nmod_mat_entry(rows, count, 0);
  for (slong i = 0; i < n; i++) row[i] = fmpz_fdiv_ui(x + i, mod.n);
  for (slong k = 0; k < count; k++)
    if (row[pivots[k]])
      _nmod_vec_scalar_addmul_nmod(row, &nmod_mat_entry(rows, k, 0), n,
                                   nmod_neg(row[pivots[k]], mod), mod);
  while (at < n && !row[at]) at++;
  if (at == n) return false;
  _nmod_vec_scalar_mul_nmod(row, row, n, nmod_inv(row[at], mod), mod);
  pivots[count] = at;
  return true;
}

/* The real span of the words in i H_j, and in i if so. */
static void spin(space_t *v, bool with_i) {
  slong n = 2 * v->m, count = 1;
  nmod_mat_t rows;
  fmpz_mat_t all;
  fmpz *x = _fmpz_vec_init(n);
  slong *pivots = flint_malloc((size_t)(n + 2) * sizeof *pivots);
  fmpz_t content;
  fmpz_init(content);
  nmod_mat_init(rows, n + 1, n, v->p->mod.n);
  fmpz_mat_init(all, n + 1, n);
  fmpz_one(fmpz_mat_entry(all, 0, 0));
  is_new(rows, pivots, 0, fmpz_mat_entry(all, 0, 0), v->p->mod);
  size_t maps = v->p->num_sums + with_i;
  for (slong k = 0; k < count; k++)
    for (size_t j = 0; j < maps && count <= n; j++) {
      const fmpz_mat_struct *h = j < v->p->num_sums ? v->h + 2 * j : NULL;
      apply(x, fmpz_mat_entry(all, k, 0), h, true, v->m);
      if (!is_new(rows, pivots, count, x, v->p->mod)) continue;
      _fmpz_vec_content(content, x, n);
      _fmpz_vec_scalar_divexact_fmpz(fmpz_mat_entry(all, count++, 0), x, n, content);
    }
  v->dimension = count;
  fmpz_mat_init(v->words, count, n);
  for (slong k = 0; k < count; k++)
    _fmpz_vec_set(fmpz_mat_entry(v->words, k, 0), fmpz_mat_entry(all, k, 0), n);
  nmod_mat_clear(rows);
  fmpz_mat_clear(all);
  _fmpz_vec_clear(x, n);
  flint_free(pivots);
  fmpz_clear(content);
}

/* --- what commutes ------------------------------------------------------------------------------ */

/* R as a complex space modulo the prime, i a square root of -1 there. Rows of words are
   w_k = H_map w_parent, w_0 = |psi>. */
typedef struct {
  slong dimension; /* N */
  nmod_mat_t words;    /* N x m */
  nmod_mat_struct *on; /* of each generator, N x N: row k is H_j w_k in words */
  nmod_mat_struct *power; /* N of them: the word k on any row in words */
  slong num;           /* k */
  nmod_mat_t images;   /* k x N: phi|psi> in words, phi a basis of what commutes */
} module_t;

static void set_residues(nmod_mat_t out, const space_t *v, const fmpz_mat_struct *h) {
  nmod_t mod = v->p->mod;
  for (slong i = 0; i < v->m; i++)
    for (slong j = 0; j < v->m; j++) {
      mp_limb_t re = fmpz_fdiv_ui(fmpz_mat_entry(h, i, j), mod.n);
      mp_limb_t im = fmpz_fdiv_ui(fmpz_mat_entry(h + 1, i, j), mod.n);
      nmod_mat_entry(out, i, j) = nmod_addmul(re, im, v->p->i, mod);
    }
}

/* The words, and for each of them parent and map. */
static void spin_complex(module_t *r, slong *parent, size_t *map, const space_t *v,
                         const nmod_mat_struct *h) {
  nmod_t mod = v->p->mod;
  slong m = v->m, count = 1;
  nmod_mat_t all, rows, row, from;
  slong *pivots = flint_malloc((size_t)(m + 1) * sizeof *pivots);
  fmpz *x = _fmpz_vec_init(m);
  nmod_mat_init(all, m, m, mod.n);
  nmod_mat_init(rows, m + 1, m, mod.n);
  nmod_mat_init(row, 1, m, mod.n);
  nmod_mat_entry(all, 0, 0) = 1;
  fmpz_one(x);
  is_new(rows, pivots, 0, x, mod);
  for (slong k = 0; k < count; k++)
    for (size_t j = 0; j < v->p->num_sums && count < m; j++) {
      nmod_mat_window_init(from, all, k, 0, k + 1, m);
      nmod_mat_mul(row, from, h + j);
      nmod_mat_window_clear(from);
      for (slong c = 0; c < m; c++) fmpz_set_ui(x + c, nmod_mat_entry(row, 0, c));
      if (!is_new(rows, pivots, count, x, mod)) continue;
      for (slong c = 0; c < m; c++)
        nmod_mat_entry(all, count, c) = nmod_mat_entry(row, 0, c);
      parent[count] = k;
      map[count++] = j;
    }
  r->dimension = count;
  nmod_mat_init(r->words, count, m, mod.n);
  for (slong k = 0; k < count; k++)
    for (slong c = 0; c < m; c++)
      nmod_mat_entry(r->words, k, c) = nmod_mat_entry(all, k, c);
  nmod_mat_clear(all);
  nmod_mat_clear(rows);
  nmod_mat_clear(row);
  flint_free(pivots);
  _fmpz_vec_clear(x, m);
}

/* on[j]: the solution of on words = words h. */
static bool set_actions(module_t *r, const space_t *v, const nmod_mat_struct *h) {
  slong n = r->dimension, m = v->m;
  nmod_mat_t turned, gram, image, right;
  nmod_mat_t random, seen; /* words times a random m x n matrix is invertible */
  bool ok = true;
  mp_limb_t mod = v->p->mod.n;
  nmod_mat_init(random, m, n, mod);
  nmod_mat_init(seen, n, n, mod);
  nmod_mat_init(gram, n, n, mod);
  nmod_mat_init(image, n, m, mod);
  nmod_mat_init(right, n, n, mod);
  nmod_mat_init(turned, n, m, mod);
  for (slong i = 0; i < m; i++)
    for (slong k = 0; k < n; k++) nmod_mat_entry(random, i, k) = check_prime_random(v->p);
  nmod_mat_mul(seen, r->words, random);
  ok = nmod_mat_inv(gram, seen);
  r->on = flint_malloc((v->p->num_sums + 1) * sizeof *r->on);
  for (size_t j = 0; j < v->p->num_sums; j++) {
    nmod_mat_init(r->on + j, n, n, mod);
    nmod_mat_mul(image, r->words, h + j);
    nmod_mat_mul(right, image, random);
    if (ok) nmod_mat_mul(r->on + j, right, gram);
    nmod_mat_mul(turned, r->on + j, r->words);
    ok = ok && nmod_mat_equal(turned, image);
  }
  nmod_mat_clear(random);
  nmod_mat_clear(seen);
  nmod_mat_clear(gram);
  nmod_mat_clear(image);
  nmod_mat_clear(right);
  nmod_mat_clear(turned);
  return ok;
}

/* left: power_k on_j - sum_l (on_j)_kl power_l; phi|psi> = y in words iff y left = 0 for
   all k and j. Columns of it are appended, as rows, to the echelon form. */
static void set_images(module_t *r, const space_t *v) {
  slong n = r->dimension, rank = 0;
  nmod_t mod = v->p->mod;
  nmod_mat_t left, term, equations, null;
  nmod_mat_init(left, n, n, mod.n);
  nmod_mat_init(term, n, n, mod.n);
  nmod_mat_init(equations, 2 * n, n, mod.n);
  nmod_mat_init(null, n, n, mod.n);
  for (slong k = 0; k < n; k++)
    for (size_t j = 0; j < v->p->num_sums; j++) {
      nmod_mat_mul(left, r->power + k, r->on + j);
      for (slong l = 0; l < n; l++) {
        mp_limb_t c = nmod_mat_entry(r->on + j, k, l);
        if (!c) continue;
        nmod_mat_scalar_mul(term, r->power + l, c);
        nmod_mat_sub(left, left, term);
      }
      if (nmod_mat_is_zero(left)) continue;
      for (slong a = 0; a < n; a++) /* rows beyond the rank are free */
        for (slong b = 0; b < n; b++)
          nmod_mat_entry(equations, rank + a, b) = nmod_mat_entry(left, b, a);
      rank = nmod_mat_rref(equations);
    }
  for (slong a = rank; a < 2 * n; a++)
    for (slong b = 0; b < n; b++) nmod_mat_entry(equations, a, b) = 0;
  r->num = nmod_mat_nullspace(null, equations);
  nmod_mat_init(r->images, r->num, n, mod.n);
  for (slong k = 0; k < r->num; k++)
    for (slong c = 0; c < n; c++)
      nmod_mat_entry(r->images, k, c) = nmod_mat_entry(null, c, k);
  nmod_mat_clear(left);
  nmod_mat_clear(term);
  nmod_mat_clear(equations);
  nmod_mat_clear(null);
}

static bool module_init(module_t *r, const space_t *v) {
  size_t num = v->p->num_sums;
  nmod_mat_struct *h = flint_malloc((num + 1) * sizeof *h);
  slong *parent = flint_malloc((size_t)(v->m + 1) * sizeof *parent);
  size_t *map = flint_malloc((size_t)(v->m + 1) * sizeof *map);
  for (size_t j = 0; j < num; j++) {
    nmod_mat_init(h + j, v->m, v->m, v->p->mod.n);
    set_residues(h + j, v, v->h + 2 * j);
  }
  spin_complex(r, parent, map, v, h);
  bool ok = set_actions(r, v, h);
  r->power = flint_malloc((size_t)(r->dimension + 1) * sizeof *r->power);
  for (slong k = 0; k < r->dimension; k++) {
    nmod_mat_init(r->power + k, r->dimension, r->dimension, v->p->mod.n);
    if (k) nmod_mat_mul(r->power + k, r->power + parent[k], r->on + map[k]);
    else nmod_mat_one(r->power);
  }
  set_images(r, v);
  for (size_t j = 0; j < num; j++) nmod_mat_clear(h + j);
  flint_free(h);
  flint_free(parent);
  flint_free(map);
  return ok;
}

static void module_clear(module_t *r, const space_t *v) {
  for (size_t j = 0; j < v->p->num_sums; j++) nmod_mat_clear(r->on + j);
  for (slong k = 0; k < r->dimension; k++) nmod_mat_clear(r->power + k);
  flint_free(r->on);
  flint_free(r->power);
  nmod_mat_clear(r->words);
  nmod_mat_clear(r->images);
}

/* --- reality ---------------------------------------------------------------------------------------- */

static bool is_all_real(const space_t *v) {
  bool real = fmpz_mat_is_zero(v->o[1]);
  for (size_t j = 0; j < v->p->num_sums && real; j++)
    real = fmpz_mat_is_zero(v->h + 2 * j + 1);
  return real;
}

/* Everything is real: is each phi symmetric, <phi w_k, w_l> = <w_k, phi w_l>? */
static bool parts_are_real(const module_t *r, const space_t *v) {
  slong n = r->dimension;
  mp_limb_t mod = v->p->mod.n;
  nmod_mat_t turned, gram, phi, product, row, from, again;
  bool real = true;
  nmod_mat_init(turned, v->m, n, mod);
  nmod_mat_init(gram, n, n, mod);
  nmod_mat_init(phi, n, n, mod);
  nmod_mat_init(product, n, n, mod);
  nmod_mat_init(again, n, n, mod);
  nmod_mat_init(row, 1, n, mod);
  nmod_mat_transpose(turned, r->words);
  nmod_mat_mul(gram, r->words, turned);
  for (slong a = 0; a < r->num && real; a++) {
    nmod_mat_window_init(from, r->images, a, 0, a + 1, n);
    for (slong k = 0; k < n; k++) {
      nmod_mat_mul(row, from, r->power + k);
      for (slong c = 0; c < n; c++) nmod_mat_entry(phi, k, c) = nmod_mat_entry(row, 0, c);
    }
    nmod_mat_window_clear(from);
    nmod_mat_mul(product, phi, gram);
    nmod_mat_transpose(again, product);
    real = nmod_mat_equal(product, again);
  }
  nmod_mat_clear(turned);
  nmod_mat_clear(gram);
  nmod_mat_clear(phi);
  nmod_mat_clear(product);
  nmod_mat_clear(again);
  nmod_mat_clear(row);
  return real;
}

/* --- global minima ------------------------------------------------------------------------------------ */

/* Re <w_k, (O - <O>) w_l> times a positive number. */
static void set_form(fmpz_mat_t form, const space_t *v) {
  slong n = 2 * v->m;
  fmpz_mat_t images, turned;
  fmpz_t value;
  fmpz_init(value);
  fmpz_mat_init(images, v->dimension, n);
  fmpz_mat_init(turned, n, v->dimension);
  fmpz_neg(value, fmpz_mat_entry(v->o[0], 0, 0));
  for (slong k = 0; k < v->dimension; k++) {
    fmpz *to = fmpz_mat_entry(images, k, 0);
    apply(to, fmpz_mat_entry(v->words, k, 0), v->o[0], false, v->m);
    _fmpz_vec_scalar_addmul_fmpz(to, fmpz_mat_entry(v->words, k, 0), n, value);
  }
  fmpz_mat_transpose(turned, v->words);
  fmpz_mat_mul(form, images, turned);
  fmpz_mat_clear(images);
  fmpz_mat_clear(turned);
  fmpz_clear(value);
}

/* The rank of a symmetric matrix without negative eigenvalues; SIZE_MAX: it has some. */
static size_t positive_rank(const fmpz_mat_t form) {
  slong n = fmpz_mat_nrows(form), nullity = 0;
  fmpz_poly_t f;
  bool positive = true;
  fmpz_poly_init(f);
  fmpz_mat_charpoly(f, form);
  for (slong k = 0; k <= n; k++) {
    int sign = fmpz_sgn(fmpz_poly_get_coeff_ptr(f, k));
    positive = positive && ((n - k) % 2 ? -sign : sign) >= 0;
  }
  while (nullity < n && fmpz_is_zero(fmpz_poly_get_coeff_ptr(f, nullity))) nullity++;
  fmpz_poly_clear(f);
  return positive ? (size_t)(n - nullity) : SIZE_MAX;
}

/* Rows: the kernel of the form as complex conjugates of vectors. Returns how many. */
static slong set_kernel(nmod_mat_t out, const fmpz_mat_t form, const space_t *v) {
  slong n = v->dimension;
  nmod_t mod = v->p->mod;
  nmod_mat_t residues, null;
  nmod_mat_init(residues, n, n, mod.n);
  nmod_mat_init(null, n, n, mod.n);
  fmpz_mat_get_nmod_mat(residues, form);
  slong count = nmod_mat_nullspace(null, residues);
  nmod_mat_init(out, count, v->m, mod.n);
  for (slong a = 0; a < count; a++)
    for (slong k = 0; k < n; k++)
      for (slong c = 0; c < v->m; c++) {
        mp_limb_t re = fmpz_fdiv_ui(fmpz_mat_entry(v->words, k, c), mod.n);
        mp_limb_t im = fmpz_fdiv_ui(fmpz_mat_entry(v->words, k, v->m + c), mod.n);
        re = nmod_sub(re, nmod_mul(im, v->p->i, mod), mod);
        mp_limb_t *to = &nmod_mat_entry(out, a, c);
        *to = nmod_addmul(*to, nmod_mat_entry(null, k, a), re, mod);
      }
  nmod_mat_clear(residues);
  nmod_mat_clear(null);
  return count;
}

/* Are the parts of |psi> independent as seen from the kernel? */
static bool parts_are_seen(const module_t *r, const fmpz_mat_t form, const space_t *v,
                           slong nullity) {
  nmod_mat_t kernel, parts, turned, inner;
  mp_limb_t mod = v->p->mod.n;
  bool seen = set_kernel(kernel, form, v) == nullity;
  nmod_mat_init(parts, r->num, v->m, mod);
  nmod_mat_init(turned, v->m, r->num, mod);
  nmod_mat_init(inner, nmod_mat_nrows(kernel), r->num, mod);
  nmod_mat_mul(parts, r->images, r->words);
  nmod_mat_transpose(turned, parts);
  nmod_mat_mul(inner, kernel, turned);
  seen = seen && nmod_mat_rank(inner) == r->num;
  nmod_mat_clear(kernel);
  nmod_mat_clear(parts);
  nmod_mat_clear(turned);
  nmod_mat_clear(inner);
  return seen;
}

/* r: NULL for one sphere. */
static size_t find_codimension(const module_t *r, const space_t *v) {
  fmpz_mat_t form;
  if (v->dimension > MAX_FORM) return SIZE_MAX;
  fmpz_mat_init(form, v->dimension, v->dimension);
  set_form(form, v);
  size_t rank = positive_rank(form);
  if (r && rank != SIZE_MAX &&
      !parts_are_seen(r, form, v, v->dimension - (slong)rank))
    rank = SIZE_MAX;
  fmpz_mat_clear(form);
  return rank;
}

/* --- the whole ------------------------------------------------------------------------------------------ */

static void find_several(check_spheres_struct *out, const space_t *v, size_t orbit) {
  module_t r;
  bool usable = module_init(&r, v);
  size_t k = (size_t)r.num;
  out->holds = usable && k >= 1 && k <= MAX_PARTS && 2 * r.dimension == v->dimension &&
               orbit + k + 1 == (size_t)v->dimension;
  if (out->holds && k == 3) out->holds = is_all_real(v) && parts_are_real(&r, v);
  out->spheres = k;
  if (out->holds) out->codimension = find_codimension(&r, v);
  module_clear(&r, v);
}

static void find_in_space(check_spheres_struct *out, space_t *v, size_t orbit) {
  spin(v, true);
  slong whole = v->dimension;
  fmpz_mat_clear(v->words);
  spin(v, false);
  bool is_real = v->dimension < whole;
  if (!is_real) {
    fmpz_mat_clear(v->words);
    spin(v, true);
  }
  if (orbit + (is_real ? 1 : 2) == (size_t)v->dimension) {
    out->holds = true;
    out->spheres = 1;
    out->codimension = find_codimension(NULL, v);
  } else if (!is_real) {
    find_several(out, v, orbit);
  }
  fmpz_mat_clear(v->words);
}

static void find(check_spheres_struct *out, space_t *v, size_t orbit,
                 const pauli_sum_struct *o) {
  v->h = flint_malloc((2 * v->p->num_sums + 1) * sizeof *v->h);
  for (size_t j = 0; j < v->p->num_sums; j++)
    set_operator(v->h + 2 * j, v, v->p->sums[j]);
  set_operator(v->o[0], v, o);
  find_in_space(out, v, orbit);
  for (size_t j = 0; j < 2 * v->p->num_sums; j++) fmpz_mat_clear(v->h + j);
  flint_free(v->h);
  fmpz_mat_clear(v->o[0]);
  fmpz_mat_clear(v->o[1]);
}

bool check_spheres_find(check_spheres_struct *out, const check_generators_t generators,
                        const stabilizer_state_t state, size_t orbit,
                        const pauli_sum_t observable) {
  check_prime_t p;
  space_t v = {.p = &p};
  *out = (check_spheres_struct){.codimension = SIZE_MAX};
  if (state->rank < state->num_qubits || !orbit) return false;
  bool fits = check_prime_init(&p, generators);
  if (fits) {
    check_classes_init(v.classes, state);
    fits = reach(&v);
    if (fits) find(out, &v, orbit, observable);
    check_classes_clear(v.classes);
  }
  check_prime_clear(&p);
  return fits;
}
