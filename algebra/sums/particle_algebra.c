#include "algebra/sums/particle_algebra.h"

#include "algebra/base/stream.h"
#include "algebra/sums/particle_commutant.h"

enum { MAX_MODES = 64, RANGE = 50 };

/* --- matrices -------------------------------------------------------------------------- */

void particle_trace(fmpq_t out, const fmpq_mat_t a, const fmpq_mat_t b) {
  fmpq_zero(out);
  for (slong i = 0; i < fmpq_mat_nrows(a); i++)
    for (slong j = 0; j < fmpq_mat_ncols(a); j++)
      if (!fmpq_is_zero(fmpq_mat_entry(a, i, j)))
        fmpq_addmul(out, fmpq_mat_entry(a, i, j), fmpq_mat_entry(b, j, i));
}

void particle_join(fmpq_mat_t out, const fmpq_mat_struct *blocks,
                   const fermion_frame_struct *f) {
  slong from = 0;
  fmpq_mat_zero(out);
  for (size_t b = 0; b < f->num_blocks; b++) {
    slong m = (slong)f->modes[b];
    for (slong i = 0; i < m; i++)
      for (slong j = 0; j < m; j++)
        fmpq_set(fmpq_mat_entry(out, from + i, from + j), fmpq_mat_entry(blocks + b, i, j));
    from += m;
  }
}

/* out += factor x */
static void add_multiple(fmpq_mat_t out, const fmpq_t factor, const fmpq_mat_t x) {
  for (slong i = 0; i < fmpq_mat_nrows(x); i++)
    for (slong j = 0; j < fmpq_mat_ncols(x); j++)
      if (!fmpq_is_zero(fmpq_mat_entry(x, i, j)))
        fmpq_addmul(fmpq_mat_entry(out, i, j), factor, fmpq_mat_entry(x, i, j));
}

/* x -= its part along j: tr(j x)/tr(j j) of it. */
static void remove_part(fmpq_mat_t x, const fmpq_mat_t j) {
  fmpq_t factor, norm;
  fmpq_init(factor);
  fmpq_init(norm);
  particle_trace(factor, j, x);
  particle_trace(norm, j, j);
  fmpq_div(factor, factor, norm);
  fmpq_neg(factor, factor);
  add_multiple(x, factor, j);
  fmpq_clear(factor);
  fmpq_clear(norm);
}

static fmpq_mat_struct *matrices_new(size_t count, slong n) {
  fmpq_mat_struct *list = flint_malloc((count + 1) * sizeof *list);
  for (size_t k = 0; k < count; k++) fmpq_mat_init(list + k, n, n);
  return list;
}

static void matrices_free(fmpq_mat_struct *list, size_t count) {
  for (size_t k = 0; k < count; k++) fmpq_mat_clear(list + k);
  flint_free(list);
}

/* --- pieces ------------------------------------------------------------------------------ */

static void piece_clear(particle_piece_struct *p) {
  fmpq_mat_clear(p->projector);
  matrices_free(p->commuting, p->num_commuting);
  fmpq_mat_clear(p->inverse);
  fmpq_mat_clear(p->j);
  fmpq_clear(p->j_square);
  if (p->norms) _fmpq_vec_clear(p->norms, (slong)p->num_norms);
}

/* The list restricted to the piece, a basis of what it spans there. */
static void add_commuting(particle_piece_struct *p, const fmpq_mat_struct *list,
                          size_t length) {
  slong n = fmpq_mat_nrows(p->projector);
  fmpq_mat_t rows, reduced, x;
  fmpq_mat_init(rows, (slong)length, n * n);
  fmpq_mat_init(reduced, (slong)length, n * n);
  fmpq_mat_init(x, n, n);
  for (size_t k = 0; k < length; k++) {
    fmpq_mat_mul(x, list + k, p->projector);
    for (slong i = 0; i < n * n; i++)
      fmpq_set(fmpq_mat_entry(rows, (slong)k, i), fmpq_mat_entry(x, i / n, i % n));
  }
  slong rank = fmpq_mat_rref(reduced, rows);
  p->commuting = flint_realloc(p->commuting, (p->num_commuting + (size_t)rank + 1) *
                                                 sizeof *p->commuting);
  for (slong k = 0; k < rank; k++) {
    fmpq_mat_struct *c = p->commuting + p->num_commuting++;
    fmpq_mat_init(c, n, n);
    for (slong i = 0; i < n * n; i++)
      fmpq_set(fmpq_mat_entry(c, i / n, i % n), fmpq_mat_entry(reduced, k, i));
  }
  fmpq_mat_clear(rows);
  fmpq_mat_clear(reduced);
  fmpq_mat_clear(x);
}

static bool set_inverse(particle_piece_struct *p) {
  slong c = (slong)p->num_commuting;
  fmpq_mat_t turned;
  fmpq_mat_init(p->inverse, c, c);
  for (slong a = 0; a < c; a++)
    for (slong b = 0; b < c; b++) {
      fmpq_mat_init(turned, fmpq_mat_nrows(p->projector), fmpq_mat_nrows(p->projector));
      fmpq_mat_transpose(turned, p->commuting + b);
      particle_trace(fmpq_mat_entry(p->inverse, a, b), p->commuting + a, turned);
      fmpq_mat_clear(turned);
    }
  return fmpq_mat_inv(p->inverse, p->inverse);
}

/* The field and mu from the numbers of symmetric and antisymmetric elements. */
static bool set_type(particle_piece_struct *p, size_t num_symmetric) {
  slong s = (slong)num_symmetric, a = (slong)p->num_commuting - s, mu, times;
  if (a < s) {
    mu = s - a;
    times = 1;
    p->group = ORBIT_SO;
  } else if (a == s) {
    for (mu = 1; mu * mu < s; mu++) continue;
    times = 2;
    p->group = ORBIT_SU;
  } else {
    mu = (a - s) / 2;
    times = 4;
    p->group = ORBIT_SP;
  }
  p->copies = mu;
  p->size = p->dimension / (mu * times);
  return mu && s + a == times * mu * mu && p->size * mu * times == p->dimension;
}

/* The one antisymmetric element of the centre of what commutes. */
static bool set_j(particle_piece_struct *p, size_t num_symmetric) {
  size_t count;
  fmpq_mat_struct *centre =
      commutant_centre(&count, p->commuting + num_symmetric, p->num_commuting - num_symmetric,
                       p->commuting, p->num_commuting);
  bool one = count == 1;
  if (one) {
    fmpq_mat_set(p->j, centre);
    particle_trace(p->j_square, p->j, p->j);
    fmpq_div_fmpz(p->j_square, p->j_square, (fmpz[]){-p->dimension});
  }
  matrices_free(centre, count);
  return one;
}

/* From its projector. */
static bool piece_init(particle_piece_struct *p, const fmpq_mat_t projector,
                       const commutant_struct *c) {
  slong n = fmpq_mat_nrows(projector);
  fmpq_t trace;
  *p = (particle_piece_struct){.num_commuting = 0};
  fmpq_mat_init(p->projector, n, n);
  fmpq_mat_init(p->j, n, n);
  fmpq_init(p->j_square);
  fmpq_init(trace);
  fmpq_mat_set(p->projector, projector);
  fmpq_mat_trace(trace, projector);
  p->dimension = fmpz_get_si(fmpq_numref(trace));
  fmpq_clear(trace);
  add_commuting(p, c->list, c->num_symmetric);
  size_t num_symmetric = p->num_commuting;
  add_commuting(p, c->list + c->num_symmetric, c->length - c->num_symmetric);
  bool fine = set_inverse(p) && set_type(p, num_symmetric);
  return fine && (p->group != ORBIT_SU || set_j(p, num_symmetric));
}

/* out = prod over the other roots s of (z - s)/(root - s) */
static void eigenprojector(fmpq_mat_t out, const fmpq_mat_t z, const fmpq *roots, slong count,
                           slong which) {
  slong n = fmpq_mat_nrows(z);
  fmpq_mat_t factor, product;
  fmpq_t difference;
  fmpq_mat_init(factor, n, n);
  fmpq_mat_init(product, n, n);
  fmpq_init(difference);
  fmpq_mat_one(out);
  for (slong k = 0; k < count; k++) {
    if (k == which) continue;
    fmpq_mat_set(factor, z);
    for (slong i = 0; i < n; i++)
      fmpq_sub(fmpq_mat_entry(factor, i, i), fmpq_mat_entry(factor, i, i), roots + k);
    fmpq_sub(difference, roots + which, roots + k);
    fmpq_inv(difference, difference);
    fmpq_mat_mul(product, out, factor);
    fmpq_mat_zero(out);
    add_multiple(out, difference, product);
  }
  fmpq_mat_clear(factor);
  fmpq_mat_clear(product);
  fmpq_clear(difference);
}

/* The roots of the minimal polynomial of z; 0: they are not all rational. */
static slong rational_roots(fmpq **roots, const fmpq_mat_t z) {
  slong n = fmpq_mat_nrows(z), count = 0;
  fmpz_mat_t whole;
  fmpz_poly_t minimal;
  fmpz_poly_factor_t factors;
  fmpz_t den;
  fmpz_mat_init(whole, n, n);
  fmpz_poly_init(minimal);
  fmpz_poly_factor_init(factors);
  fmpz_init(den);
  fmpq_mat_get_fmpz_mat_matwise(whole, den, z);
  fmpz_mat_minpoly(minimal, whole);
  fmpz_poly_factor(factors, minimal);
  *roots = _fmpq_vec_init(factors->num + 1);
  for (slong k = 0; k < factors->num; k++) {
    if (fmpz_poly_degree(factors->p + k) != 1) {
      count = 0;
      break;
    }
    fmpq *root = *roots + count++;
    fmpz_neg(fmpq_numref(root), factors->p[k].coeffs);
    fmpz_mul(fmpq_denref(root), factors->p[k].coeffs + 1, den);
    fmpq_canonicalise(root);
  }
  if (!count) _fmpq_vec_clear(*roots, factors->num + 1);
  fmpz_mat_clear(whole);
  fmpz_poly_clear(minimal);
  fmpz_poly_factor_clear(factors);
  fmpz_clear(den);
  return count;
}

typedef struct {
  size_t length;
  particle_piece_struct *list;
} pieces_t;

static void pieces_clear(pieces_t *p) {
  for (size_t i = 0; i < p->length; i++) piece_clear(p->list + i);
  flint_free(p->list);
}

/* A generic symmetric element of the centre. */
static void set_generic(fmpq_mat_t z, const commutant_struct *c) {
  size_t count;
  uint64_t state = 1;
  fmpq_t factor;
  fmpq_mat_struct *centre =
      commutant_centre(&count, c->list, c->num_symmetric, c->list, c->length);
  fmpq_init(factor);
  for (size_t k = 0; k < count; k++) {
    fmpq_set_si(factor, 1 + (slong)(stream_next(&state) % RANGE), 1);
    add_multiple(z, factor, centre + k);
  }
  fmpq_clear(factor);
  matrices_free(centre, count);
}

/* The isotypic pieces under these matrices. */
static bool find_pieces(pieces_t *out, const fmpq_mat_struct *matrices, size_t count) {
  slong n = fmpq_mat_nrows(matrices);
  commutant_struct c;
  *out = (pieces_t){.length = 0};
  if (!commutant_init(&c, matrices, count)) return false;
  fmpq_mat_t z, projector;
  fmpq *roots;
  fmpq_mat_init(z, n, n);
  fmpq_mat_init(projector, n, n);
  set_generic(z, &c);
  slong found = rational_roots(&roots, z);
  bool fine = found > 0;
  out->list = flint_malloc((size_t)(found + 1) * sizeof *out->list);
  for (slong k = 0; k < found && fine; k++) {
    eigenprojector(projector, z, roots, found, k);
    fine = piece_init(out->list + out->length++, projector, &c);
  }
  if (found) _fmpq_vec_clear(roots, found + 1);
  fmpq_mat_clear(z);
  fmpq_mat_clear(projector);
  commutant_clear(&c);
  return fine;
}

/* --- where g less its centre is 0 ------------------------------------------------------------ */

/* The projector on the common kernel of antisymmetric matrices. */
static void kernel_projector(fmpq_mat_t out, const fmpq_mat_struct *matrices, size_t count) {
  slong n = fmpq_mat_nrows(out);
  fmpq_mat_t stack;
  fmpz_mat_t whole, null;
  fmpq_mat_init(stack, (slong)count * n, n);
  fmpz_mat_init(whole, (slong)count * n, n);
  fmpz_mat_init(null, n, n);
  for (slong i = 0; i < (slong)count * n; i++)
    for (slong j = 0; j < n; j++)
      fmpq_set(fmpq_mat_entry(stack, i, j), fmpq_mat_entry(matrices + i / n, i % n, j));
  fmpq_mat_get_fmpz_mat_rowwise(whole, NULL, stack);
  slong k = fmpz_mat_nullspace(null, whole);
  fmpq_mat_t v, turned, gram, part;
  fmpq_mat_init(v, n, k);
  fmpq_mat_init(turned, k, n);
  fmpq_mat_init(gram, k, k);
  fmpq_mat_init(part, n, k);
  for (slong i = 0; i < n; i++)
    for (slong j = 0; j < k; j++) {
      fmpq_set_fmpz(fmpq_mat_entry(v, i, j), fmpz_mat_entry(null, i, j));
      fmpq_set_fmpz(fmpq_mat_entry(turned, j, i), fmpz_mat_entry(null, i, j));
    }
  fmpq_mat_zero(out);
  if (k) {
    fmpq_mat_mul(gram, turned, v);
    fmpq_mat_inv(gram, gram);
    fmpq_mat_mul(part, v, gram);
    fmpq_mat_mul(out, part, turned);
  }
  fmpq_mat_clear(v);
  fmpq_mat_clear(turned);
  fmpq_mat_clear(gram);
  fmpq_mat_clear(part);
  fmpq_mat_clear(stack);
  fmpz_mat_clear(whole);
  fmpz_mat_clear(null);
}

/* P R P of a random antisymmetric R: with two of them no more commutes on the kernel than
   numbers, or one rotation. */
static void fill_kernel(fmpq_mat_t out, const fmpq_mat_t kernel, uint64_t *state) {
  slong n = fmpq_mat_nrows(kernel);
  fmpq_mat_t r;
  fmpq_mat_init(r, n, n);
  for (slong i = 0; i < n; i++)
    for (slong j = 0; j < i; j++) {
      fmpq_set_si(fmpq_mat_entry(r, i, j), (slong)(stream_next(state) % RANGE), 1);
      fmpq_neg(fmpq_mat_entry(r, j, i), fmpq_mat_entry(r, i, j));
    }
  fmpq_mat_mul(out, kernel, r);
  fmpq_mat_mul(r, out, kernel);
  fmpq_mat_set(out, r);
  fmpq_mat_clear(r);
}

/* Drops the pieces inside the kernel; false when one is neither in nor out. */
static bool drop_kernel(pieces_t *p, const fmpq_mat_t kernel) {
  slong n = fmpq_mat_nrows(kernel);
  size_t kept = 0;
  bool fine = true;
  fmpq_mat_t product;
  fmpq_mat_init(product, n, n);
  for (size_t i = 0; i < p->length; i++) {
    fmpq_mat_mul(product, kernel, p->list[i].projector);
    if (fmpq_mat_is_zero(product)) {
      p->list[kept++] = p->list[i];
    } else {
      fine = fine && fmpq_mat_equal(product, p->list[i].projector);
      piece_clear(p->list + i);
    }
  }
  p->length = kept;
  fmpq_mat_clear(product);
  return fine;
}

/* The pieces where the matrices are not 0. */
static bool find_moving(pieces_t *out, const fmpq_mat_struct *matrices, size_t count) {
  slong n = fmpq_mat_nrows(matrices);
  uint64_t state = 0;
  fmpq_mat_struct *all = matrices_new(count + 2, n);
  fmpq_mat_t kernel;
  fmpq_mat_init(kernel, n, n);
  kernel_projector(kernel, matrices, count);
  for (size_t j = 0; j < count; j++) fmpq_mat_set(all + j, matrices + j);
  for (size_t j = count; j < count + 2; j++) fill_kernel(all + j, kernel, &state);
  bool fine = find_pieces(out, all, count + 2);
  if (fine) fine = drop_kernel(out, kernel);
  fmpq_mat_clear(kernel);
  matrices_free(all, count + 2);
  return fine;
}

/* --- the algebra ------------------------------------------------------------------------------ */

static void read_generators(particle_algebra_struct *a, const pauli_sum_struct *generators) {
  pauli_sum_t rest;
  a->generators = matrices_new(a->num_generators, a->num_modes);
  pauli_sum_init(rest, a->frame->strings->num_qubits);
  for (size_t j = 0; j < a->num_generators; j++) {
    fmpq_mat_struct *blocks = fermion_matrices_new(a->frame);
    fermion_frame_read(blocks, NULL, rest, a->frame, generators + j);
    particle_join(a->generators + j, blocks, a->frame);
    fermion_matrices_free(blocks, a->frame);
  }
  pauli_sum_clear(rest);
}

/* Takes what is central from the generators; did that change them? */
static bool remove_centre(fmpq_mat_struct *list, size_t count, const pieces_t *pieces) {
  bool any = false;
  for (size_t i = 0; i < pieces->length; i++) {
    if (pieces->list[i].group != ORBIT_SU) continue;
    any = true;
    for (size_t j = 0; j < count; j++) remove_part(list + j, pieces->list[i].j);
  }
  return any;
}

/* The dimension of all that the pieces allow. */
static slong full_dimension(const pieces_t *p) {
  slong sum = 0;
  for (size_t i = 0; i < p->length; i++) {
    slong d = p->list[i].size;
    switch (p->list[i].group) {
    case ORBIT_SO: sum += d * (d - 1) / 2; break;
    case ORBIT_SU: sum += d * d - 1; break;
    case ORBIT_SP: sum += d * (2 * d + 1); break;
    }
  }
  return sum;
}

static bool is_full(const pieces_t *p, const structure_struct *s) {
  fmpz_t derived;
  fmpz_init(derived);
  fmpz_sub(derived, s->dimension, s->center);
  bool full = fmpz_cmp_si(derived, full_dimension(p)) == 0;
  fmpz_clear(derived);
  return full;
}

static void set_norms(particle_algebra_struct *a) {
  fmpq_mat_t part;
  fmpq_mat_init(part, a->num_modes, a->num_modes);
  for (size_t i = 0; i < a->num_pieces; i++) {
    particle_piece_struct *p = a->pieces + i;
    p->num_norms = a->num_generators;
    p->norms = _fmpq_vec_init((slong)p->num_norms);
    for (size_t j = 0; j < p->num_norms; j++) {
      particle_project(part, p, a->generators + j);
      particle_trace(p->norms + j, part, part);
      fmpq_div_fmpz(p->norms + j, p->norms + j, (fmpz[]){-2});
    }
  }
  fmpq_mat_clear(part);
}

static bool recognise(particle_algebra_struct *a, const structure_struct *structure) {
  pieces_t pieces;
  size_t count = a->num_generators;
  fmpq_mat_struct *list = matrices_new(count, a->num_modes);
  for (size_t j = 0; j < count; j++) fmpq_mat_set(list + j, a->generators + j);
  bool fine = find_moving(&pieces, list, count);
  if (fine && remove_centre(list, count, &pieces)) {
    pieces_clear(&pieces);
    fine = find_moving(&pieces, list, count);
  }
  fine = fine && is_full(&pieces, structure);
  if (fine) {
    a->num_pieces = pieces.length;
    a->pieces = pieces.list;
    set_norms(a);
  } else {
    pieces_clear(&pieces);
  }
  matrices_free(list, count);
  return fine;
}

bool particle_algebra_init(particle_algebra_t a, const pauli_sum_struct *generators,
                           size_t num_generators, size_t num_qubits,
                           const structure_t structure) {
  *a = (particle_algebra_struct){.num_generators = num_generators};
  if (!structure->proved || !structure->center_known || !num_generators ||
      !fermion_frame_init(a->frame, generators, num_generators, num_qubits, MAX_MODES))
    return false;
  for (size_t b = 0; b < a->frame->num_blocks; b++)
    a->num_modes += (slong)a->frame->modes[b];
  read_generators(a, generators);
  if (a->num_modes && recognise(a, structure)) return true;
  particle_algebra_clear(a);
  return false;
}

void particle_algebra_clear(particle_algebra_t a) {
  for (size_t i = 0; i < a->num_pieces; i++) piece_clear(a->pieces + i);
  flint_free(a->pieces);
  matrices_free(a->generators, a->num_generators);
  fermion_frame_clear(a->frame);
}

void particle_project(fmpq_mat_t out, const particle_piece_struct *p, const fmpq_mat_t x) {
  slong n = fmpq_mat_nrows(x);
  fmpq_mat_t turned, left, both;
  fmpq_t factor;
  fmpq_mat_init(turned, n, n);
  fmpq_mat_init(left, n, n);
  fmpq_mat_init(both, n, n);
  fmpq_init(factor);
  fmpq_mat_zero(out);
  for (size_t a = 0; a < p->num_commuting; a++) {
    fmpq_mat_mul(left, p->commuting + a, x);
    for (size_t b = 0; b < p->num_commuting; b++) {
      const fmpq *g = fmpq_mat_entry(p->inverse, (slong)a, (slong)b);
      if (fmpq_is_zero(g)) continue;
      fmpq_mat_transpose(turned, p->commuting + b);
      fmpq_mat_mul(both, left, turned);
      fmpq_set_si(factor, p->dimension, p->num_commuting);
      fmpq_mul(factor, factor, g);
      add_multiple(out, factor, both);
    }
  }
  if (p->group == ORBIT_SU) remove_part(out, p->j);
  fmpq_mat_clear(turned);
  fmpq_mat_clear(left);
  fmpq_mat_clear(both);
  fmpq_clear(factor);
}
