#include "algebra/analysis/sphere_orbit.h"

#include "algebra/base/flint_compat.h"

enum { MAX_STATES = 64, MAX_REAL = 40, MAX_GENERATORS = 64 };

/* Row vectors; coordinates 2 s and 2 s + 1 are Re and Im along P_s|psi>. */
typedef struct {
  state_action_t action;
  slong length;      /* of coordinates */
  size_t num_maps;   /* i H_j, and last i itself */
  fmpq_mat_t *maps;  /* length x length */
  slong dimension;   /* D of R */
  fmpq_mat_t words;  /* its basis u_k psi, u_0 = 1 */
  slong *parent;     /* u_k = u_parent followed by map[k] */
  size_t *map;
  fmpq_mat_t *on_words; /* maps on R in that basis, D x D */
  fmpq_mat_t gram;      /* Re <u_k psi, u_l psi> */
} space_t;

/* --- rational matrices -------------------------------------------------------------- */

/* Rows x with x a = 0; initialises kernel. */
static void left_kernel(fmpq_mat_t kernel, const fmpq_mat_t a) {
  fmpz_mat_t whole, null;
  fmpq_mat_t turned;
  slong rows = fmpq_mat_nrows(a);
  fmpq_mat_init(turned, fmpq_mat_ncols(a), rows);
  fmpq_mat_transpose(turned, a);
  fmpz_mat_init(whole, fmpq_mat_ncols(a), rows);
  fmpz_mat_init(null, rows, rows);
  fmpq_mat_get_fmpz_mat_rowwise(whole, NULL, turned);
  slong count = fmpz_mat_nullspace(null, whole);
  fmpq_mat_init(kernel, count, rows);
  for (slong i = 0; i < count; i++)
    for (slong j = 0; j < rows; j++)
      fmpq_set_fmpz(fmpq_mat_entry(kernel, i, j), fmpz_mat_entry(null, j, i));
  fmpz_mat_clear(whole);
  fmpz_mat_clear(null);
  fmpq_mat_clear(turned);
}

static void copy_row(fmpq_mat_t out, slong to, const fmpq_mat_t in, slong from) {
  for (slong j = 0; j < fmpq_mat_ncols(in); j++)
    fmpq_set(fmpq_mat_entry(out, to, j), fmpq_mat_entry(in, from, j));
}

/* Is a symmetric matrix >= 0? By pivots on the diagonal; spoils it. */
static bool is_semidefinite(fmpq_mat_t a) {
  slong n = fmpq_mat_nrows(a);
  fmpq_t factor;
  bool fine = true;
  fmpq_init(factor);
  for (slong k = 0; k < n && fine; k++) {
    fmpq *pivot = fmpq_mat_entry(a, k, k);
    fine = fmpq_sgn(pivot) >= 0;
    for (slong i = k + 1; i < n && fine; i++) {
      if (fmpq_is_zero(fmpq_mat_entry(a, i, k))) continue;
      fine = !fmpq_is_zero(pivot);
      if (!fine) break;
      fmpq_div(factor, fmpq_mat_entry(a, i, k), pivot);
      for (slong j = k; j < n; j++)
        fmpq_submul(fmpq_mat_entry(a, i, j), factor, fmpq_mat_entry(a, k, j));
    }
  }
  fmpq_clear(factor);
  return fine;
}

/* --- coordinates ----------------------------------------------------------------------- */

/* Everything that products of the strings make of the state. False: too much. */
static bool reach(state_action_t *action, const pauli_sum_struct *g, size_t count) {
  unsigned phase;
  for (size_t s = 0; s < action->table->length; s++) {
    if (action->table->length > MAX_STATES) return false;
    for (size_t j = 0; j < count; j++)
      for (size_t i = 0; i < g[j].length; i++)
        state_action_from(&phase, action, s, pauli_sum_string(g + j, i));
  }
  return true;
}

/* Adds i^turn times the operator; what leaves the coordinates is left out. */
static void add_operator(fmpq_mat_t out, state_action_t *action,
                         const pauli_sum_struct *h, unsigned turn) {
  size_t states = (size_t)fmpq_mat_nrows(out) / 2;
  for (size_t s = 0; s < states; s++)
    for (size_t i = 0; i < h->length; i++) {
      unsigned phase;
      size_t t = state_action_from(&phase, action, s, pauli_sum_string(h, i));
      if (t >= states) continue;
      for (unsigned part = 0; part < 2; part++) {
        unsigned p = (phase + turn + part) % 4;
        fmpq *to = fmpq_mat_entry(out, (slong)(2 * s + part), (slong)(2 * t + p % 2));
        if (p < 2) fmpq_add(to, to, h->coeffs + i);
        else fmpq_sub(to, to, h->coeffs + i);
      }
    }
}

static void set_maps(space_t *v, const pauli_sum_struct *g, size_t count) {
  v->num_maps = count + 1;
  v->length = 2 * (slong)v->action.table->length;
  v->maps = flint_malloc(v->num_maps * sizeof *v->maps);
  for (size_t j = 0; j <= count; j++) fmpq_mat_init(v->maps[j], v->length, v->length);
  for (size_t j = 0; j < count; j++) add_operator(v->maps[j], &v->action, g + j, 1);
  for (slong s = 0; s < v->length; s += 2) {
    fmpq_one(fmpq_mat_entry(v->maps[count], s, s + 1));
    fmpq_set_si(fmpq_mat_entry(v->maps[count], s + 1, s), -1, 1);
  }
}

/* --- the space R -------------------------------------------------------------------------- */

/* One row reduced against rows of an echelon form; its first entry, -1: none left. */
static slong reduce(fmpq_mat_t row, const fmpq_mat_t echelon, const slong *pivots,
                    slong count) {
  slong n = fmpq_mat_ncols(row);
  fmpq_t factor;
  fmpq_init(factor);
  for (slong k = 0; k < count; k++) {
    fmpq_set(factor, fmpq_mat_entry(row, 0, pivots[k]));
    if (fmpq_is_zero(factor)) continue;
    for (slong j = pivots[k]; j < n; j++)
      fmpq_submul(fmpq_mat_entry(row, 0, j), factor, fmpq_mat_entry(echelon, k, j));
  }
  slong at = 0;
  while (at < n && fmpq_is_zero(fmpq_mat_entry(row, 0, at))) at++;
  if (at < n) {
    fmpq_inv(factor, fmpq_mat_entry(row, 0, at));
    for (slong j = at; j < n; j++)
      fmpq_mul(fmpq_mat_entry(row, 0, j), fmpq_mat_entry(row, 0, j), factor);
  }
  fmpq_clear(factor);
  return at < n ? at : -1;
}

/* Coordinates of the rows of x, which lie in the span of words, in words; after
   set_gram. */
static void set_coordinates(fmpq_mat_t out, const space_t *v, const fmpq_mat_t x) {
  slong rows = fmpq_mat_nrows(x);
  fmpq_mat_t right, product, solved;
  fmpq_mat_init(right, v->length, rows);
  fmpq_mat_init(product, v->dimension, rows);
  fmpq_mat_init(solved, v->dimension, rows);
  fmpq_mat_transpose(right, x);
  fmpq_mat_mul(product, v->words, right);
  fmpq_mat_solve(solved, v->gram, product);
  fmpq_mat_transpose(out, solved);
  fmpq_mat_clear(right);
  fmpq_mat_clear(product);
  fmpq_mat_clear(solved);
}

/* Words until their span is closed under all maps but the last `left`. */
static void spin(space_t *v, size_t left) {
  slong n = v->length, count = 1, room = n;
  fmpq_mat_t echelon, row, all;
  slong *pivots = flint_malloc(((size_t)n + 1) * sizeof *pivots);
  fmpq_mat_init(echelon, room, n);
  fmpq_mat_init(all, room, n);
  fmpq_mat_init(row, 1, n);
  fmpq_one(fmpq_mat_entry(all, 0, 0));
  fmpq_one(fmpq_mat_entry(echelon, 0, 0));
  pivots[0] = 0;
  v->parent = flint_malloc(((size_t)n + 1) * sizeof *v->parent);
  v->map = flint_malloc(((size_t)n + 1) * sizeof *v->map);
  for (slong k = 0; k < count; k++)
    for (size_t j = 0; j + left < v->num_maps && count < room; j++) {
      fmpq_mat_t from;
      fmpq_mat_window_init(from, all, k, 0, k + 1, n);
      fmpq_mat_mul(row, from, v->maps[j]);
      fmpq_mat_window_clear(from);
      copy_row(all, count, row, 0);
      slong at = reduce(row, echelon, pivots, count);
      if (at < 0) continue;
      copy_row(echelon, count, row, 0);
      pivots[count] = at;
      v->parent[count] = k;
      v->map[count++] = j;
    }
  v->dimension = count;
  fmpq_mat_init(v->words, count, n);
  for (slong k = 0; k < count; k++) copy_row(v->words, k, all, k);
  /* echelon rows are not reduced upwards: spanning the same space is what counts */
  fmpq_mat_clear(echelon);
  fmpq_mat_clear(all);
  fmpq_mat_clear(row);
  flint_free(pivots);
}

static void clear_words(space_t *v) {
  fmpq_mat_clear(v->words);
  flint_free(v->parent);
  flint_free(v->map);
}

static void set_gram(space_t *v) {
  fmpq_mat_t turned;
  fmpq_mat_init(turned, v->length, v->dimension);
  fmpq_mat_init(v->gram, v->dimension, v->dimension);
  fmpq_mat_transpose(turned, v->words);
  fmpq_mat_mul(v->gram, v->words, turned);
  fmpq_mat_clear(turned);
}

/* --- what commutes --------------------------------------------------------------------------- */

typedef struct {
  slong num;        /* real dimension: 2k */
  fmpq_mat_t w;     /* rows phi(psi) in words */
  fmpq_mat_t *phi;  /* D x D */
  bool commutes;
  fmpq_mat_t self;  /* the self-adjoint ones: phi(psi), in words */
} commutant_t;

static void set_on_words(space_t *v) {
  v->on_words = flint_malloc(v->num_maps * sizeof *v->on_words);
  fmpq_mat_t image;
  fmpq_mat_init(image, v->dimension, v->length);
  for (size_t j = 0; j < v->num_maps; j++) {
    fmpq_mat_init(v->on_words[j], v->dimension, v->dimension);
    fmpq_mat_mul(image, v->words, v->maps[j]);
    set_coordinates(v->on_words[j], v, image);
  }
  fmpq_mat_clear(image);
}

/* Keeps of the rows of w those combinations x with x c = 0. */
static void restrict_rows(fmpq_mat_t w, const fmpq_mat_t c) {
  fmpq_mat_t product, kernel, less;
  fmpq_mat_init(product, fmpq_mat_nrows(w), fmpq_mat_ncols(c));
  fmpq_mat_mul(product, w, c);
  if (!fmpq_mat_is_zero(product)) {
    left_kernel(kernel, product);
    fmpq_mat_init(less, fmpq_mat_nrows(kernel), fmpq_mat_ncols(w));
    fmpq_mat_mul(less, kernel, w);
    fmpq_mat_swap(less, w);
    fmpq_mat_clear(less);
    fmpq_mat_clear(kernel);
  }
  fmpq_mat_clear(product);
}

/* All w = phi(psi): relations between words hold for them too. */
static void set_images(commutant_t *out, const space_t *v, fmpq_mat_t *power) {
  slong d = v->dimension;
  fmpq_mat_t left, term;
  fmpq_mat_init(out->w, d, d);
  fmpq_mat_one(out->w);
  fmpq_mat_init(left, d, d);
  fmpq_mat_init(term, d, d);
  for (slong k = 0; k < d; k++)
    for (size_t j = 0; j < v->num_maps; j++) {
      fmpq_mat_mul(left, power[k], v->on_words[j]);
      for (slong l = 0; l < d; l++) {
        const fmpq *c = fmpq_mat_entry(v->on_words[j], k, l);
        if (fmpq_is_zero(c)) continue;
        fmpq_mat_scalar_mul_fmpq(term, power[l], c);
        fmpq_mat_sub(left, left, term);
      }
      if (!fmpq_mat_is_zero(left)) restrict_rows(out->w, left);
    }
  fmpq_mat_clear(left);
  fmpq_mat_clear(term);
  out->num = fmpq_mat_nrows(out->w);
}

/* phi_a(phi_b(psi)) as a row. */
static void compose(fmpq_mat_t row, const commutant_t *c, slong a, slong b) {
  fmpq_mat_t from;
  fmpq_mat_window_init(from, c->w, b, 0, b + 1, fmpq_mat_ncols(c->w));
  fmpq_mat_mul(row, from, c->phi[a]);
  fmpq_mat_window_clear(from);
}

static bool compositions_agree(const commutant_t *c) {
  fmpq_mat_t one, other;
  bool agree = true;
  fmpq_mat_init(one, 1, fmpq_mat_ncols(c->w));
  fmpq_mat_init(other, 1, fmpq_mat_ncols(c->w));
  for (slong a = 0; a < c->num && agree; a++)
    for (slong b = 0; b < a && agree; b++) {
      compose(one, c, a, b);
      compose(other, c, b, a);
      agree = fmpq_mat_equal(one, other);
    }
  fmpq_mat_clear(one);
  fmpq_mat_clear(other);
  return agree;
}

/* phi = phi^+ iff <phi psi, phi_b psi> = <psi, phi phi_b psi> for all b. */
static void set_self(commutant_t *c, const space_t *v) {
  slong n = c->num, d = v->dimension;
  fmpq_mat_t defect, inner, kernel, half, turned, row;
  fmpq_mat_init(defect, n, n);
  fmpq_mat_init(inner, n, n);
  fmpq_mat_init(half, n, d);
  fmpq_mat_init(turned, d, n);
  fmpq_mat_init(row, 1, d);
  fmpq_mat_mul(half, c->w, v->gram);
  fmpq_mat_transpose(turned, c->w);
  fmpq_mat_mul(defect, half, turned);
  for (slong a = 0; a < n; a++)
    for (slong b = 0; b < n; b++) {
      compose(row, c, a, b);
      fmpq *entry = fmpq_mat_entry(inner, a, b);
      for (slong j = 0; j < d; j++)
        fmpq_addmul(entry, fmpq_mat_entry(v->gram, 0, j), fmpq_mat_entry(row, 0, j));
    }
  fmpq_mat_sub(defect, defect, inner);
  left_kernel(kernel, defect);
  fmpq_mat_init(c->self, fmpq_mat_nrows(kernel), d);
  fmpq_mat_mul(c->self, kernel, c->w);
  fmpq_mat_clear(defect);
  fmpq_mat_clear(inner);
  fmpq_mat_clear(kernel);
  fmpq_mat_clear(half);
  fmpq_mat_clear(turned);
  fmpq_mat_clear(row);
}

static void commutant_init(commutant_t *out, const space_t *v) {
  slong d = v->dimension;
  fmpq_mat_t *power = flint_malloc((size_t)d * sizeof *power);
  for (slong k = 0; k < d; k++) {
    fmpq_mat_init(power[k], d, d);
    if (k) fmpq_mat_mul(power[k], power[v->parent[k]], v->on_words[v->map[k]]);
    else fmpq_mat_one(power[k]);
  }
  set_images(out, v, power);
  out->phi = flint_malloc(((size_t)out->num + 1) * sizeof *out->phi);
  fmpq_mat_t image;
  fmpq_mat_init(image, out->num, d);
  for (slong a = 0; a < out->num; a++) fmpq_mat_init(out->phi[a], d, d);
  for (slong k = 0; k < d; k++) {
    fmpq_mat_mul(image, out->w, power[k]);
    for (slong a = 0; a < out->num; a++) copy_row(out->phi[a], k, image, a);
    fmpq_mat_clear(power[k]);
  }
  fmpq_mat_clear(image);
  flint_free(power);
  out->commutes = compositions_agree(out);
  set_self(out, v);
}

static void commutant_clear(commutant_t *c) {
  for (slong a = 0; a < c->num; a++) fmpq_mat_clear(c->phi[a]);
  flint_free(c->phi);
  fmpq_mat_clear(c->w);
  fmpq_mat_clear(c->self);
}

/* --- real operators ------------------------------------------------------------------------------ */

/* Of Y in the string: an odd number makes it imaginary. */
static bool is_imaginary(const uint64_t *string, size_t w) {
  unsigned count = 0;
  for (size_t i = 0; i < w; i++)
    count += (unsigned)__builtin_popcountll(string[i] & string[w + i]);
  return count % 2;
}

static bool sum_is_real(const pauli_sum_struct *a) {
  for (size_t i = 0; i < a->length; i++)
    if (is_imaginary(pauli_sum_string(a, i), a->num_words)) return false;
  return true;
}

static bool all_real(const pauli_sum_struct *g, size_t count,
                     const stabilizer_state_struct *state, const pauli_sum_struct *o) {
  bool real = sum_is_real(o);
  for (size_t j = 0; j < count && real; j++) real = sum_is_real(g + j);
  for (size_t j = 0; j < state->rank && real; j++)
    real = !is_imaginary(stabilizer_state_string(state, j), state->num_words);
  return real;
}

/* Are the parts of |psi> real when it is: does conjugation fix the self-adjoint ones? */
static bool parts_are_real(const space_t *v, const commutant_t *c) {
  size_t w = v->action.state->num_words;
  fmpq_mat_t rows;
  bool real = true;
  fmpq_mat_init(rows, fmpq_mat_nrows(c->self), v->length);
  fmpq_mat_mul(rows, c->self, v->words);
  for (slong s = 0; s < v->length; s += 2) {
    slong vanishes = is_imaginary(v->action.first + (size_t)s * w, w) ? s : s + 1;
    for (slong a = 0; a < fmpq_mat_nrows(rows); a++)
      real = real && fmpq_is_zero(fmpq_mat_entry(rows, a, vanishes));
  }
  fmpq_mat_clear(rows);
  return real;
}

/* --- global minima ---------------------------------------------------------------------------------- */

/* self: rows whose inner products with x are to be kept to first order. */
static size_t codimension(space_t *v, const pauli_sum_struct *o, const fmpq_mat_t self) {
  slong d = v->dimension;
  size_t found = SIZE_MAX;
  fmpq_mat_t all, half, form, turned, kernel;
  fmpq_mat_init(all, v->length, v->length);
  fmpq_mat_init(half, d, v->length);
  fmpq_mat_init(turned, v->length, d);
  fmpq_mat_init(form, d, d);
  add_operator(all, &v->action, o, 0);
  fmpq_t level;
  fmpq_init(level);
  fmpq_set(level, fmpq_mat_entry(all, 0, 0));
  for (slong i = 0; i < v->length; i++)
    fmpq_sub(fmpq_mat_entry(all, i, i), fmpq_mat_entry(all, i, i), level);
  fmpq_mat_mul(half, v->words, all);
  fmpq_mat_transpose(turned, v->words);
  fmpq_mat_mul(form, half, turned);
  left_kernel(kernel, form);
  if (is_semidefinite(form)) {
    fmpq_mat_t seen, right, product;
    fmpq_mat_init(right, d, fmpq_mat_nrows(self));
    fmpq_mat_transpose(right, self);
    fmpq_mat_init(seen, d, fmpq_mat_nrows(self));
    fmpq_mat_mul(seen, v->gram, right);
    fmpq_mat_init(product, fmpq_mat_nrows(kernel), fmpq_mat_nrows(self));
    fmpq_mat_mul(product, kernel, seen);
    if (fmpq_mat_rref(product, product) == fmpq_mat_nrows(self))
      found = (size_t)(d - fmpq_mat_nrows(kernel));
    fmpq_mat_clear(seen);
    fmpq_mat_clear(right);
    fmpq_mat_clear(product);
  }
  fmpq_clear(level);
  fmpq_mat_clear(all);
  fmpq_mat_clear(half);
  fmpq_mat_clear(turned);
  fmpq_mat_clear(form);
  fmpq_mat_clear(kernel);
  return found;
}

static size_t codimension_of_one(space_t *v, const pauli_sum_struct *o) {
  fmpq_mat_t self;
  fmpq_mat_init(self, 1, v->dimension);
  fmpq_one(fmpq_mat_entry(self, 0, 0));
  size_t found = codimension(v, o, self);
  fmpq_mat_clear(self);
  return found;
}

/* --- the whole ------------------------------------------------------------------------------------------ */

/* Several spheres, of a complex space. */
static void find_several(sphere_orbit_t *out, space_t *v, size_t orbit,
                         const pauli_sum_struct *g, size_t count,
                         const pauli_sum_struct *o) {
  commutant_t c;
  if (v->dimension > MAX_REAL) return;
  set_on_words(v);
  commutant_init(&c, v);
  size_t k = (size_t)c.num / 2;
  out->spheres = k;
  out->holds = c.commutes && k >= 1 && k <= 3 && (size_t)fmpq_mat_nrows(c.self) == k &&
               orbit + k + 1 == (size_t)v->dimension;
  if (out->holds && k == 3)
    out->holds = all_real(g, count, v->action.state, o) && parts_are_real(v, &c);
  if (out->holds) out->codimension = codimension(v, o, c.self);
  commutant_clear(&c);
  for (size_t j = 0; j < v->num_maps; j++) fmpq_mat_clear(v->on_words[j]);
  flint_free(v->on_words);
}

static void find_in_space(sphere_orbit_t *out, space_t *v, size_t orbit,
                          const pauli_sum_struct *g, size_t count,
                          const pauli_sum_struct *o) {
  spin(v, 1); /* without i */
  slong real = v->dimension;
  clear_words(v);
  spin(v, 0);
  out->is_real = real < v->dimension;
  if (out->is_real) {
    clear_words(v);
    spin(v, 1);
  }
  set_gram(v);
  out->dimension = (size_t)v->dimension;
  if (orbit + (out->is_real ? 1 : 2) == out->dimension) {
    out->holds = true;
    out->spheres = 1;
    out->codimension = codimension_of_one(v, o);
  } else if (!out->is_real) {
    find_several(out, v, orbit, g, count, o);
  }
  fmpq_mat_clear(v->gram);
  clear_words(v);
}

sphere_orbit_t sphere_orbit_find(const pauli_sum_struct *g, size_t count,
                                 const stabilizer_state_t state, size_t orbit,
                                 const pauli_sum_t o) {
  sphere_orbit_t out = {.codimension = SIZE_MAX};
  space_t v = {.length = 0};
  if (state->rank < state->num_qubits || !orbit || orbit > 2 * MAX_STATES ||
      count > MAX_GENERATORS)
    return out;
  state_action_init(&v.action, state);
  if (reach(&v.action, g, count)) {
    set_maps(&v, g, count);
    find_in_space(&out, &v, orbit, g, count, o);
    for (size_t j = 0; j < v.num_maps; j++) fmpq_mat_clear(v.maps[j]);
    flint_free(v.maps);
  }
  state_action_clear(&v.action);
  return out;
}
