#include "algebra/sums/fermion_loss.h"

#include "algebra/sums/fermion_numbers.h"

enum { PREC_BITS = FERMION_PREC_BITS, MAX_LAW_MODES = 160 };

/* The matrices of an operator on all blocks, times a whole number. */
typedef struct {
  size_t num_blocks;
  fmpz_mat_struct *blocks;
  fmpz_t scale;
} matrices_t;

/* Takes the rational matrices. */
static void matrices_init(matrices_t *out, fmpq_mat_struct *in,
                          const fermion_frame_struct *f) {
  fmpz_t one;
  fmpz_init(one);
  fmpz_init_set_ui(out->scale, 1);
  out->num_blocks = f->num_blocks;
  out->blocks = flint_malloc((f->num_blocks + 1) * sizeof *out->blocks);
  for (size_t b = 0; b < f->num_blocks; b++) {
    fmpz_mat_init(out->blocks + b, (slong)f->modes[b], (slong)f->modes[b]);
    fmpq_mat_get_fmpz_mat_matwise(out->blocks + b, one, in + b);
    fmpz_lcm(out->scale, out->scale, one);
  }
  for (size_t b = 0; b < f->num_blocks; b++) {
    fmpq_mat_get_fmpz_mat_matwise(out->blocks + b, one, in + b);
    fmpz_divexact(one, out->scale, one);
    fmpz_mat_scalar_mul_fmpz(out->blocks + b, out->blocks + b, one);
  }
  fmpz_clear(one);
  fermion_matrices_free(in, f);
}

static void matrices_clear(matrices_t *m) {
  for (size_t b = 0; b < m->num_blocks; b++) fmpz_mat_clear(m->blocks + b);
  flint_free(m->blocks);
  fmpz_clear(m->scale);
}

/* What a loss is made of. */
typedef struct {
  const fermion_algebra_struct *algebra;
  matrices_t observable, state;
  fermion_loss_struct *loss;
} work_t;

/* --- numbers of K = Q[t]/f -------------------------------------------------------- */

/* The sum of q over the roots of f, by Newton's identities. */
static void field_trace(fmpq_t out, const fmpq_poly_t q, const fmpq_poly_t f) {
  slong d = fmpq_poly_degree(f);
  fmpq *power = _fmpq_vec_init(d + 1), *c = _fmpq_vec_init(d + 1);
  fmpq_t term;
  fmpq_init(term);
  for (slong i = 0; i <= d; i++) fmpq_poly_get_coeff_fmpq(c + i, f, i);
  fmpq_zero(out);
  for (slong k = 0; k < d; k++) { /* p_k = -k c_(d-k) - sum c_(d-i) p_(k-i) */
    if (k == 0) fmpq_set_si(power, d, 1);
    else {
      fmpq_set_si(term, -k, 1);
      fmpq_mul(power + k, c + d - k, term);
      for (slong i = 1; i < k; i++)
        fmpq_submul(power + k, c + d - i, power + k - i);
    }
    fmpq_poly_get_coeff_fmpq(term, q, k);
    fmpq_addmul(out, term, power + k);
  }
  _fmpq_vec_clear(power, d + 1);
  _fmpq_vec_clear(c, d + 1);
  fmpq_clear(term);
}

static void field_mul(fmpq_poly_t out, const fmpq_poly_t a, const fmpq_poly_t b,
                      const fmpq_poly_t f) {
  fmpq_poly_mul(out, a, b);
  fmpq_poly_rem(out, out, f);
}

static void field_inv(fmpq_poly_t out, const fmpq_poly_t a,
                      const fmpq_poly_t f) {
  fmpq_poly_t one, other;
  fmpq_poly_init(one);
  fmpq_poly_init(other);
  fmpq_poly_xgcd(one, out, other, a, f);
  fmpq_poly_clear(one);
  fmpq_poly_clear(other);
}

static void evaluate(arb_t out, const fmpq_poly_t q, const arb_t root) {
  fmpq_t c;
  arb_t ball;
  fmpq_init(c);
  arb_init(ball);
  arb_zero(out);
  for (slong i = fmpq_poly_degree(q); i >= 0; i--) {
    fmpq_poly_get_coeff_fmpq(c, q, i);
    arb_set_fmpq(ball, c, PREC_BITS);
    arb_mul(out, out, root, PREC_BITS);
    arb_add(out, out, ball, PREC_BITS);
  }
  fmpq_clear(c);
  arb_clear(ball);
}

/* --- su(2) ------------------------------------------------------------------------- */

/* One family: a basis on each of its pieces, and the inverse of its Gram matrix. */
typedef struct {
  const fermion_algebra_struct *algebra;
  size_t family;
  const fmpq_poly_struct *factor;
  const fermion_piece_struct *piece; /* the first of them */
  fmpz_mat_struct *basis;            /* [3 * piece + i], NULL for other pieces */
  fmpq_poly_struct inverse[9];
} su2_t;

static bool is_in(const su2_t *s, size_t piece) {
  return s->algebra->pieces[piece].family == s->family &&
         s->algebra->pieces[piece].kind == PIECE_SU2;
}

/* inverse = that of a symmetric 3 x 3 matrix over K, by cofactors. */
static void invert(su2_t *s, const fmpq_poly_struct *g) {
  fmpq_poly_t det, term;
  fmpq_poly_init(det);
  fmpq_poly_init(term);
  for (size_t i = 0; i < 3; i++)
    for (size_t j = 0; j < 3; j++) {
      size_t r = (i + 1) % 3, t = (i + 2) % 3, u = (j + 1) % 3, v = (j + 2) % 3;
      fmpq_poly_struct *out = s->inverse + 3 * j + i;
      field_mul(out, g + 3 * r + u, g + 3 * t + v, s->factor);
      field_mul(term, g + 3 * r + v, g + 3 * t + u, s->factor);
      fmpq_poly_sub(out, out, term);
    }
  for (size_t j = 0; j < 3; j++) {
    field_mul(term, g + j, s->inverse + 3 * j, s->factor);
    fmpq_poly_add(det, det, term);
  }
  field_inv(term, det, s->factor);
  for (size_t k = 0; k < 9; k++)
    field_mul(s->inverse + k, s->inverse + k, term, s->factor);
  fmpq_poly_clear(det);
  fmpq_poly_clear(term);
}

/* Adds tr(X e_i) over the pieces, i < 3; x: one matrix for each block. */
static void coordinates(fmpq_poly_struct *out, const su2_t *s,
                        const fmpz_mat_struct *x) {
  fmpq_poly_t q;
  fmpq_poly_init(q);
  for (size_t k = 0; k < s->algebra->num_pieces; k++) {
    const fermion_piece_struct *p = s->algebra->pieces + k;
    for (size_t i = 0; i < 3 && is_in(s, k); i++) {
      fermion_trace(q, s->algebra->traces + p->block, x + p->block,
                    s->basis + 3 * k + i);
      fmpq_poly_rem(q, q, s->factor);
      fmpq_poly_add(out + i, out + i, q);
    }
  }
  fmpq_poly_clear(q);
}

static void set_inverse(su2_t *s) {
  fmpq_poly_struct gram[9];
  fmpq_poly_t q;
  fmpq_poly_init(q);
  for (size_t k = 0; k < 9; k++) fmpq_poly_init(gram + k);
  for (size_t k = 0; k < s->algebra->num_pieces; k++)
    for (size_t i = 0; i < 9 && is_in(s, k); i++) {
      fermion_trace(q, s->algebra->traces + s->algebra->pieces[k].block,
                    s->basis + 3 * k + i / 3, s->basis + 3 * k + i % 3);
      fmpq_poly_rem(q, q, s->factor);
      fmpq_poly_add(gram + i, gram + i, q);
    }
  invert(s, gram);
  for (size_t k = 0; k < 9; k++) fmpq_poly_clear(gram + k);
  fmpq_poly_clear(q);
}

static void su2_init(su2_t *s, const fermion_algebra_struct *a, size_t family) {
  *s = (su2_t){.algebra = a, .family = family};
  s->basis = flint_calloc(3 * a->num_pieces + 3, sizeof *s->basis);
  for (size_t k = 0; k < a->num_pieces; k++) {
    if (!is_in(s, k)) continue;
    if (!s->piece) s->piece = a->pieces + k;
    s->factor = s->piece->factor;
    fermion_piece_basis(s->basis + 3 * k, a, a->pieces + k);
  }
  for (size_t k = 0; k < 9; k++) fmpq_poly_init(s->inverse + k);
  set_inverse(s);
}

static void su2_clear(su2_t *s) {
  for (size_t k = 0; k < 9; k++) fmpq_poly_clear(s->inverse + k);
  for (size_t k = 0; k < s->algebra->num_pieces; k++)
    for (size_t i = 0; i < 3 && is_in(s, k); i++)
      fmpz_mat_clear(s->basis + 3 * k + i);
  flint_free(s->basis);
}

/* out = u G^(-1) v */
static void pairing(fmpq_poly_t out, const su2_t *s, const fmpq_poly_struct *u,
                    const fmpq_poly_struct *v) {
  fmpq_poly_t term;
  fmpq_poly_init(term);
  fmpq_poly_zero(out);
  for (size_t i = 0; i < 9; i++) {
    field_mul(term, u + i / 3, s->inverse + i, s->factor);
    field_mul(term, term, v + i % 3, s->factor);
    fmpq_poly_add(out, out, term);
  }
  fmpq_poly_clear(term);
}

/* The dimension of all its pieces together, at one root. */
static ulong whole_dimension(const su2_t *s) {
  ulong sum = 0;
  for (size_t k = 0; k < s->algebra->num_pieces; k++)
    if (is_in(s, k)) sum += s->algebra->pieces[k].dimension;
  return sum;
}

/* q, the trace form of X / scale, to the square of a number: X has eigenvalues +-ih on D
   dimensions, q = -D h^2, and ad X those +-2i of the number b = 2h, b^2 = -4 q / D. Of the
   state s = D h / 4, s^2 = -D q / 16. */
static void set_square(fmpq_poly_t q, const fmpz_t scale, ulong dimension, bool is_state) {
  fmpz_t square;
  fmpz_init(square);
  fmpz_mul(square, scale, scale);
  fmpz_mul_si(square, square, is_state ? -16 : -1);
  fmpz_mul_ui(square, square, is_state ? 1 : dimension);
  fmpq_poly_scalar_mul_ui(q, q, is_state ? dimension : 4);
  fmpq_poly_scalar_div_fmpz(q, q, square);
  fmpz_clear(square);
}

/* b_k = sqrt(b^2) at the roots. */
static void fill_spectrum(arb_struct *out, const fmpq_poly_t square,
                          const arb_struct *roots, size_t count) {
  for (size_t k = 0; k < count && !fmpq_poly_is_zero(square); k++) {
    evaluate(out + k, square, roots + k);
    arb_nonnegative_part(out + k, out + k); /* not 0, a sum of squares */
    arb_sqrt(out + k, out + k, PREC_BITS);
  }
}

static void add_slopes(work_t *w, const su2_t *s, const fmpq_poly_t product) {
  fmpq_poly_t q;
  fmpq_t value, factor;
  fmpz_t square;
  fmpq_poly_init(q);
  fmpq_init(value);
  fmpq_init(factor);
  fmpz_init(square);
  for (size_t j = 0; j < w->loss->num_slopes; j++) {
    field_mul(q, product, s->piece->gram + j * (j + 1) / 2 + j, s->factor);
    field_trace(value, q, s->factor);
    fmpz_mul(square, w->algebra->scales + j, w->algebra->scales + j);
    fmpq_set_si(factor, -32, 9);
    fmpq_mul(value, value, factor);
    fmpq_div_fmpz(value, value, square);
    fmpq_add(w->loss->slopes + j, w->loss->slopes + j, value);
  }
  fmpq_poly_clear(q);
  fmpq_clear(value);
  fmpq_clear(factor);
  fmpz_clear(square);
}

/* 4 h on each ideal of the family: -A^2 = h^2 is -gram / scale^2. */
static void add_speeds(work_t *w, const su2_t *s, const arb_struct *roots, size_t count) {
  fermion_loss_struct *loss = w->loss;
  size_t from = loss->num_ideals;
  arb_struct *numbers = _arb_vec_init((slong)count);
  loss->num_ideals += count;
  loss->speeds = flint_realloc(
      loss->speeds, (loss->num_ideals * loss->num_slopes + 1) * sizeof *loss->speeds);
  for (size_t j = 0; j < loss->num_slopes; j++) {
    fmpq_poly_t q;
    fmpz_t square;
    fmpq_poly_init(q);
    fmpz_init(square);
    fmpz_mul(square, w->algebra->scales + j, w->algebra->scales + j);
    fmpq_poly_scalar_mul_si(q, s->piece->gram + j * (j + 1) / 2 + j, -16);
    fmpq_poly_scalar_div_fmpz(q, q, square);
    fill_spectrum(numbers, q, roots, count);
    for (size_t k = 0; k < count; k++) {
      arb_struct *speed = loss->speeds + (from + k) * loss->num_slopes + j;
      arb_init(speed);
      arb_swap(speed, numbers + k);
    }
    fmpq_poly_clear(q);
    fmpz_clear(square);
  }
  _arb_vec_clear(numbers, (slong)count);
}

/* Cumulants of the family from w^2 = b^2 s^2: w^2/3 and -2 w^4/15. */
static void set_cumulants(adjoint_family_struct *f, const fmpq_poly_t product,
                          const fmpq_poly_t factor) {
  fmpq_poly_t square;
  fmpq_t scale;
  fmpq_poly_init(square);
  fmpq_init(scale);
  fmpq_set_si(scale, 1, 3);
  field_trace(f->second, product, factor);
  fmpq_mul(f->second, f->second, scale);
  field_mul(square, product, product, factor);
  fmpq_set_si(scale, -2, 15);
  field_trace(f->fourth, square, factor);
  fmpq_mul(f->fourth, f->fourth, scale);
  fmpq_poly_clear(square);
  fmpq_clear(scale);
}

/* The law of one family; subtracts what it adds to Tr(rho O) from the constant. */
static void add_family(work_t *w, const su2_t *s) {
  fmpq_poly_struct o[3], r[3];
  fmpq_poly_t first, second, cross;
  fmpq_t value;
  fmpz_t scale;
  for (size_t i = 0; i < 3; i++) {
    fmpq_poly_init(o + i);
    fmpq_poly_init(r + i);
  }
  fmpq_poly_init(first);
  fmpq_poly_init(second);
  fmpq_poly_init(cross);
  fmpq_init(value);
  fmpz_init(scale);
  coordinates(o, s, w->observable.blocks);
  coordinates(r, s, w->state.blocks);
  pairing(first, s, o, o);
  pairing(second, s, r, r);
  pairing(cross, s, o, r);
  set_square(first, w->observable.scale, whole_dimension(s), false);
  set_square(second, w->state.scale, whole_dimension(s), true);
  field_trace(value, cross, s->factor); /* -1/2 of it is in Tr(rho O) */
  fmpz_mul(scale, w->observable.scale, w->state.scale);
  fmpz_mul_ui(scale, scale, 2);
  fmpq_div_fmpz(value, value, scale);
  fmpq_add(w->loss->law->constant, w->loss->law->constant, value);
  adjoint_family_struct *f =
      adjoint_law_append(w->loss->law, ORBIT_SO, 3, s->piece->degree);
  arb_struct *roots = fermion_real_roots(s->factor);
  fill_spectrum(f->observable, first, roots, f->count);
  fill_spectrum(f->state, second, roots, f->count);
  add_speeds(w, s, roots, f->count);
  _arb_vec_clear(roots, (slong)f->count);
  field_mul(first, first, second, s->factor);
  set_cumulants(f, first, s->factor);
  add_slopes(w, s, first);
  for (size_t i = 0; i < 3; i++) {
    fmpq_poly_clear(o + i);
    fmpq_poly_clear(r + i);
  }
  fmpq_poly_clear(first);
  fmpq_poly_clear(second);
  fmpq_poly_clear(cross);
  fmpq_clear(value);
  fmpz_clear(scale);
}

/* Adds the squared norm (as tr X^2) of the projection on the family. */
static void add_norm(fmpq_t norm, const su2_t *s, const fmpz_mat_struct *x) {
  fmpq_poly_struct c[3];
  fmpq_poly_t q;
  fmpq_t value;
  fmpq_poly_init(q);
  fmpq_init(value);
  for (size_t i = 0; i < 3; i++) fmpq_poly_init(c + i);
  coordinates(c, s, x);
  pairing(q, s, c, c);
  field_trace(value, q, s->factor);
  fmpq_add(norm, norm, value);
  for (size_t i = 0; i < 3; i++) fmpq_poly_clear(c + i);
  fmpq_poly_clear(q);
  fmpq_clear(value);
}

/* [B, A_j] on every block, and the trace of its square. */
static void set_bracket(fmpz_mat_struct *x, fmpz_t trace, const work_t *w,
                        size_t j) {
  size_t blocks = w->observable.num_blocks;
  fmpz_zero(trace);
  for (size_t b = 0; b < blocks; b++) {
    const fmpz_mat_struct *a = w->algebra->generators + j * blocks + b;
    const fmpz_mat_struct *o = w->observable.blocks + b;
    fmpz_mat_t other;
    fmpz_mat_init(other, fmpz_mat_nrows(a), fmpz_mat_ncols(a));
    fermion_product(x + b, a, o);
    fermion_product(other, o, a);
    fmpz_mat_sub(x + b, other, x + b);
    for (slong r = 0; r < fmpz_mat_nrows(a); r++)
      for (slong c = 0; c < fmpz_mat_ncols(a); c++)
        fmpz_addmul(trace, fmpz_mat_entry(x + b, r, c),
                    fmpz_mat_entry(x + b, c, r));
    fmpz_mat_clear(other);
  }
}

/* Do all [B, A_j] lie in [g, g]? */
static bool brackets_inside(const work_t *w, const su2_t *list, size_t length) {
  size_t blocks = w->observable.num_blocks;
  fmpz_mat_struct *x = flint_malloc((blocks + 1) * sizeof *x);
  fmpz_t trace;
  fmpq_t norm;
  bool inside = true;
  fmpz_init(trace);
  fmpq_init(norm);
  for (size_t b = 0; b < blocks; b++)
    fmpz_mat_init(x + b, fmpz_mat_nrows(w->observable.blocks + b),
                  fmpz_mat_ncols(w->observable.blocks + b));
  for (size_t j = 0; j < w->algebra->num_generators && inside; j++) {
    set_bracket(x, trace, w, j);
    fmpq_zero(norm);
    for (size_t i = 0; i < length; i++) add_norm(norm, list + i, x);
    fmpq_sub_fmpz(norm, norm, trace);
    inside = fmpq_is_zero(norm);
  }
  for (size_t b = 0; b < blocks; b++) fmpz_mat_clear(x + b);
  flint_free(x);
  fmpz_clear(trace);
  fmpq_clear(norm);
  return inside;
}

static void analyse_sums(work_t *w) {
  const fermion_algebra_struct *a = w->algebra;
  su2_t *list = flint_malloc((a->num_families + 1) * sizeof *list);
  for (size_t i = 0; i < a->num_families; i++) su2_init(list + i, a, i);
  if (!brackets_inside(w, list, a->num_families)) {
    w->loss->applies = false;
    w->loss->reason = REASON_ADJOINT_OUTSIDE;
  }
  w->loss->num_slopes = a->num_generators;
  w->loss->slopes = _fmpq_vec_init((slong)a->num_generators + 1);
  for (size_t i = 0; i < a->num_families; i++) {
    if (w->loss->applies) add_family(w, list + i);
    su2_clear(list + i);
  }
  flint_free(list);
  w->loss->has_law = w->loss->applies;
}

/* --- so(m) ------------------------------------------------------------------------- */

/* invariants: p2, p4 and, for even m, the Pfaffian; spectrum: floor(m/2) numbers,
   descending. x / scale is the antisymmetric matrix. */
static void set_invariants(fmpq *invariants, arb_struct *spectrum,
                           const fmpz_mat_t x, const fmpz_t scale) {
  slong m = fmpz_mat_nrows(x);
  size_t at = (size_t)m / 2;
  fmpz_mat_t z, one;
  fermion_trace_struct t;
  fmpz_poly_factor_t factors;
  fmpz_poly_t whole;
  fmpq_poly_t dimensions, f, d;
  fmpq_t value;
  fmpz_mat_init(z, m, m);
  fmpz_mat_init(one, m, m);
  fmpz_poly_factor_init(factors);
  fmpz_poly_init(whole);
  fmpq_poly_init(dimensions);
  fmpq_poly_init(f);
  fmpq_poly_init(d);
  fmpq_init(value);
  fermion_product(z, x, x);
  fmpz_mat_neg(z, z);
  fmpz_mat_one(one);
  fermion_trace_init(&t, z);
  fermion_trace(dimensions, &t, one, one);
  fmpq_poly_get_numerator(whole, t.minimal);
  fmpz_poly_factor(factors, whole);
  /* Ascending insertion from the end: the list is made descending. */
  size_t used = 0;
  for (slong k = 0; k < factors->num; k++) {
    fmpq_poly_set_fmpz_poly(f, factors->p + k);
    fmpq_poly_rem(d, dimensions, f);
    fmpq_poly_get_coeff_fmpq(value, d, 0);
    ulong copies = fmpz_get_ui(fmpq_numref(value)) / 2;
    arb_struct *roots = fermion_real_roots(f);
    for (slong i = 0; i < fmpq_poly_degree(f); i++)
      for (ulong c = 0; c < copies && used < at; c++) {
        size_t place = used++;
        arb_t b;
        arb_init(b);
        arb_nonnegative_part(b, roots + i);
        arb_sqrt(b, b, PREC_BITS);
        arb_div_fmpz(b, b, scale, PREC_BITS);
        for (; place && arb_gt(b, spectrum + place - 1); place--)
          arb_set(spectrum + place, spectrum + place - 1);
        arb_set(spectrum + place, b);
        arb_clear(b);
      }
    _arb_vec_clear(roots, fmpq_poly_degree(f));
  }
  /* p2 = tr z / (2 scale^2), p4 = tr z^2 / (2 scale^4) */
  fmpz_mat_trace(fmpq_numref(invariants), z);
  fmpz_mul(fmpq_denref(invariants), scale, scale);
  fmpz_mul_ui(fmpq_denref(invariants), fmpq_denref(invariants), 2);
  fmpq_canonicalise(invariants);
  fermion_product(one, z, z);
  fmpz_mat_trace(fmpq_numref(invariants + 1), one);
  fmpz_pow_ui(fmpq_denref(invariants + 1), scale, 4);
  fmpz_mul_ui(fmpq_denref(invariants + 1), fmpq_denref(invariants + 1), 2);
  fmpq_canonicalise(invariants + 1);
  if (m % 2 == 0) {
    fmpq_mat_t matrix;
    fmpq_mat_init(matrix, m, m);
    fmpq_mat_set_fmpz_mat_div_fmpz(matrix, x, scale);
    fermion_pfaffian(invariants + 2, matrix);
    fmpq_mat_clear(matrix);
  }
  fermion_trace_clear(&t);
  fmpz_mat_clear(z);
  fmpz_mat_clear(one);
  fmpz_poly_factor_clear(factors);
  fmpz_poly_clear(whole);
  fmpq_poly_clear(dimensions);
  fmpq_poly_clear(f);
  fmpq_poly_clear(d);
  fmpq_clear(value);
}

/* Subtracts sum_{a<b} B_ab S_ab from the constant. */
static void subtract_block(work_t *w, size_t block) {
  const fmpz_mat_struct *o = w->observable.blocks + block;
  const fmpz_mat_struct *s = w->state.blocks + block;
  fmpq_t value;
  fmpq_init(value);
  for (slong i = 0; i < fmpz_mat_nrows(o); i++)
    for (slong j = i + 1; j < fmpz_mat_ncols(o); j++)
      fmpz_addmul(fmpq_numref(value), fmpz_mat_entry(o, i, j),
                  fmpz_mat_entry(s, i, j));
  fmpz_mul(fmpq_denref(value), w->observable.scale, w->state.scale);
  fmpq_canonicalise(value);
  fmpq_sub(w->loss->law->constant, w->loss->law->constant, value);
  fmpq_clear(value);
}

static void add_block(work_t *w, const fermion_piece_struct *p) {
  fmpq *o = _fmpq_vec_init(3), *s = _fmpq_vec_init(3);
  adjoint_family_struct *f = adjoint_law_append(w->loss->law, ORBIT_SO, p->dimension, 1);
  subtract_block(w, p->block);
  set_invariants(o, f->observable, w->observable.blocks + p->block,
                 w->observable.scale);
  set_invariants(s, f->state, w->state.blocks + p->block, w->state.scale);
  adjoint_so_cumulants(f->second, f->fourth, p->dimension, o, s);
  if (p->dimension % 2 == 0) f->orientation = fmpq_sgn(o + 2) * fmpq_sgn(s + 2);
  _fmpq_vec_clear(o, 3);
  _fmpq_vec_clear(s, 3);
}

/* --- the whole ----------------------------------------------------------------------- */

static void analyse(work_t *w, const fermion_algebra_struct *a,
                    const pauli_sum_struct *o,
                    const quantum_state_struct *state) {
  size_t largest = 0;
  for (size_t b = 0; b < a->frame->num_blocks; b++)
    if (a->frame->modes[b] > largest) largest = a->frame->modes[b];
  if (!a->traces && largest > MAX_LAW_MODES) {
    w->loss->reason = REASON_ADJOINT_WITHOUT_LAW;
    return;
  }
  fmpq_mat_struct *s = fermion_matrices_new(a->frame);
  fermion_frame_state(s, a->frame, state);
  matrices_init(&w->state, s, a->frame);
  fermion_expectation(w->loss->law->constant, o, state);
  if (a->traces) {
    analyse_sums(w);
  } else {
    for (size_t i = 0; i < a->num_pieces; i++) add_block(w, a->pieces + i);
    w->loss->has_law = true;
  }
  matrices_clear(&w->state);
}

void fermion_loss_init(fermion_loss_t loss, const fermion_algebra_t a,
                       const pauli_sum_struct *generators,
                       size_t num_generators, const pauli_sum_t o,
                       const quantum_state_t state) {
  work_t w = {.algebra = a, .loss = loss};
  pauli_sum_t rest;
  *loss = (fermion_loss_struct){.applies = true};
  adjoint_law_init(loss->law);
  pauli_sum_init(rest, o->num_qubits);
  fmpq_mat_struct *matrices = fermion_matrices_new(a->frame);
  fermion_frame_read(matrices, NULL, rest, a->frame, o);
  matrices_init(&w.observable, matrices, a->frame);
  if (fermion_commutes(rest, generators, num_generators)) {
    analyse(&w, a, o, state);
  } else {
    loss->applies = false;
    loss->reason = REASON_ADJOINT_NOT_BILINEAR;
  }
  matrices_clear(&w.observable);
  pauli_sum_clear(rest);
}

void fermion_loss_clear(fermion_loss_t loss) {
  if (loss->slopes)
    _fmpq_vec_clear(loss->slopes, (slong)loss->num_slopes + 1);
  for (size_t i = 0; i < loss->num_ideals * loss->num_slopes; i++)
    arb_clear(loss->speeds + i);
  flint_free(loss->speeds);
  adjoint_law_clear(loss->law);
}
