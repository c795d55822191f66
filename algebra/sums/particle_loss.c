#include "algebra/sums/particle_loss.h"

#include "algebra/sums/fermion_numbers.h"
#include "algebra/sums/loss_spectrum.h"

enum { PREC_BITS = FERMION_PREC_BITS };

typedef struct {
  const particle_algebra_struct *algebra;
  fmpq_mat_t observable, state; /* B and S */
  fermion_loss_struct *loss;
  bool moments_only;
} work_t;

/* --- one ideal ---------------------------------------------------------------------------- */

/* out = tr x, tr x^2 over `times` */
static void power_sums(fmpq *out, const fmpq_mat_t x, slong times) {
  particle_trace(out + 1, x, x);
  fmpq_mat_trace(out, x);
  for (int k = 0; k < 2; k++) fmpq_div_fmpz(out + k, out + k, (fmpz[]){times});
}

/* numbers and p2, p4 of J x. */
static void read_unitary(arb_struct *numbers, fmpq *sums, const work_t *w,
                         const particle_piece_struct *p, const fmpq_mat_t x) {
  slong n = fmpq_mat_nrows(x), times = 2 * p->copies;
  loss_spectrum_t s;
  fmpq_mat_t h, square;
  fmpq_mat_init(h, n, n);
  fmpq_mat_init(square, n, n);
  fmpq_mat_mul(h, p->j, x);
  fmpq_mat_mul(square, h, h);
  power_sums(sums, square, times);
  if (!w->moments_only) {
    loss_spectrum_init(&s, h, n - p->dimension);
    loss_spectrum_shift(&s, times);
    loss_spectrum_fill(numbers, (size_t)p->size, &s, times);
    loss_spectrum_clear(&s);
  }
  fmpq_mat_clear(h);
  fmpq_mat_clear(square);
}

static void add_unitary(work_t *w, const particle_piece_struct *p, const fmpq_mat_t b,
                        const fmpq_mat_t s) {
  fmpq *sums = _fmpq_vec_init(5), *factor = sums + 4;
  adjoint_family_struct *f =
      adjoint_law_append(w->loss->law, ORBIT_SU, (ulong)p->size, 1);
  read_unitary(f->observable, sums, w, p, b);
  read_unitary(f->state, sums + 2, w, p, s);
  fmpq_set_si(factor, p->copies, 1);
  fmpq_div(factor, factor, p->j_square);
  loss_scale_numbers(f->state, f->rank, factor);
  loss_scale_sums(sums + 2, factor);
  adjoint_su_cumulants(f->second, f->fourth, f->modes, sums, sums + 2);
  /* J is known up to a factor: numbers near those of J with the square -1 */
  slong half = ((slong)fmpz_bits(fmpq_numref(p->j_square)) -
                (slong)fmpz_bits(fmpq_denref(p->j_square))) / 2;
  _arb_vec_scalar_mul_2exp_si(f->observable, f->observable, (slong)f->rank, -half);
  _arb_vec_scalar_mul_2exp_si(f->state, f->state, (slong)f->rank, half);
  _fmpq_vec_clear(sums, 5);
}

/* numbers and p2, p4 of antisymmetric x, +-i of each `times` / 2 times. */
static void read_antisymmetric(arb_struct *numbers, size_t rank, fmpq *sums,
                               const work_t *w, const particle_piece_struct *p,
                               const fmpq_mat_t x, slong times) {
  slong n = fmpq_mat_nrows(x);
  loss_spectrum_t s;
  fmpq_mat_t square;
  fmpq_mat_init(square, n, n);
  fmpq_mat_mul(square, x, x);
  fmpq_mat_neg(square, square);
  power_sums(sums, square, times);
  bool signs = p->group == ORBIT_SO && p->size == 4; /* its second moment has Pfaffians */
  if (!w->moments_only || signs) {
    loss_spectrum_init(&s, square, n - p->dimension);
    for (slong k = 0; k < s.length; k++) {
      arb_nonnegative_part(s.values + k, s.values + k);
      arb_sqrt(s.values + k, s.values + k, PREC_BITS);
    }
    loss_spectrum_fill(numbers, rank, &s, times);
    loss_spectrum_clear(&s);
  }
  fmpq_mat_clear(square);
}

/* Columns that span a copy of R^d, the part of the piece in rows from .. to-1; initialises
   out. False: that part has another dimension. */
static bool find_copy(fmpq_mat_t out, const particle_piece_struct *p, slong from, slong to) {
  slong n = fmpq_mat_nrows(p->projector);
  fmpq_mat_t rows, reduced;
  fmpq_mat_init(rows, to - from, n);
  fmpq_mat_init(reduced, to - from, n);
  fmpq_mat_init(out, n, p->size);
  for (slong i = from; i < to; i++)
    for (slong j = from; j < to; j++)
      fmpq_set(fmpq_mat_entry(rows, i - from, j), fmpq_mat_entry(p->projector, i, j));
  bool fits = fmpq_mat_rref(reduced, rows) == p->size;
  for (slong i = 0; i < p->size && fits; i++)
    for (slong j = 0; j < n; j++)
      fmpq_set(fmpq_mat_entry(out, j, i), fmpq_mat_entry(reduced, i, j));
  fmpq_mat_clear(rows);
  fmpq_mat_clear(reduced);
  return fits;
}

/* Pf(Q^T x Q) */
static void restricted_pfaffian(fmpq_t out, const fmpq_mat_t q, const fmpq_mat_t x) {
  slong n = fmpq_mat_nrows(q), d = fmpq_mat_ncols(q);
  fmpq_mat_t turned, left, both;
  fmpq_mat_init(turned, d, n);
  fmpq_mat_init(left, d, n);
  fmpq_mat_init(both, d, d);
  fmpq_mat_transpose(turned, q);
  fmpq_mat_mul(left, turned, x);
  fmpq_mat_mul(both, left, q);
  fermion_pfaffian(out, both);
  fmpq_mat_clear(turned);
  fmpq_mat_clear(left);
  fmpq_mat_clear(both);
}

/* Pf(B) Pf(S) on one copy of R^d, d even; false when no copy is seen. */
static bool pfaffians(fmpq_t out, const work_t *w, const particle_piece_struct *p,
                      const fmpq_mat_t b, const fmpq_mat_t s) {
  const fermion_frame_struct *frame = w->algebra->frame;
  slong n = w->algebra->num_modes, from = 0;
  fmpq_mat_t q, turned, gram;
  fmpq_t factor;
  bool found = p->copies == 1 && find_copy(q, p, 0, n);
  if (p->copies == 1 && !found) fmpq_mat_clear(q);
  for (size_t k = 0; k < frame->num_blocks && !found; k++) {
    found = find_copy(q, p, from, from + (slong)frame->modes[k]);
    if (!found) fmpq_mat_clear(q);
    from += (slong)frame->modes[k];
  }
  if (!found) return false;
  fmpq_init(factor);
  fmpq_mat_init(turned, p->size, n);
  fmpq_mat_init(gram, p->size, p->size);
  fmpq_mat_transpose(turned, q);
  fmpq_mat_mul(gram, turned, q);
  fmpq_mat_det(factor, gram);
  restricted_pfaffian(out, q, b);
  fmpq_div(out, out, factor);
  restricted_pfaffian(factor, q, s);
  fmpq_mul(out, out, factor);
  fmpq_clear(factor);
  fmpq_mat_clear(q);
  fmpq_mat_clear(turned);
  fmpq_mat_clear(gram);
  return true;
}

/* numbers and sums (p2, p4) of B and of S, s_k = mu sigma_k, and in sums[2], sums[5] two
   numbers with the product Pf(B) Pf(S). False: that is not known. */
static bool read_orthogonal(arb_struct *numbers, fmpq *sums, const work_t *w,
                            const particle_piece_struct *p, const fmpq_mat_t b,
                            const fmpq_mat_t s) {
  size_t rank = (size_t)p->size / 2;
  bool known = true;
  fmpq_t factor;
  fmpq_init(factor);
  read_antisymmetric(numbers, rank, sums, w, p, b, 2 * p->copies);
  read_antisymmetric(numbers + rank, rank, sums + 3, w, p, s, 2 * p->copies);
  fmpq_set_si(factor, p->copies, 1);
  loss_scale_numbers(numbers + rank, rank, factor);
  loss_scale_sums(sums + 3, factor);
  if (p->size % 2 == 0 && !arb_is_zero(numbers + rank - 1) &&
      !arb_is_zero(numbers + 2 * rank - 1)) {
    known = pfaffians(sums + 2, w, p, b, s);
    fmpq_one(sums + 5);
    for (size_t k = 0; k < rank; k++) fmpq_mul(sums + 5, sums + 5, factor);
  }
  fmpq_clear(factor);
  return known;
}

/* b_1 + sign b_2; equal numbers are the same ball. */
static void add_numbers(arb_t out, const arb_struct *b, int sign) {
  if (sign > 0) arb_add(out, b, b + 1, PREC_BITS);
  else if (arb_equal(b, b + 1)) arb_zero(out);
  else arb_sub(out, b, b + 1, PREC_BITS);
}

/* With P = Pf(B) Pf(S), b = p2(B), s = p2(S), the half-widths of the two su(2) of so(4),
   w = (b_1 +- b_2)(s_1 +- o s_2)/2 for b_2, s_2 >= 0, have
     sum w^2 = (b s + 4 P)/2,   sum w^4 = (sum w^2)^2 / 2 + (b^2 Pf(S)^2 + s^2 Pf(B)^2 + 2 b s P)/2,
   Pf(B)^2 = (p2^2 - p4)/2; cumulants w^2/3 and -2 w^4/15. */
static void set_so4_cumulants(fmpq_t second, fmpq_t fourth, const fmpq *sums) {
  fmpq *x = _fmpq_vec_init(4), *product = x + 1, *term = x + 2, *scale = x + 3;
  const fmpq *b = sums, *s = sums + 3;
  fmpq_mul(product, sums + 2, sums + 5);
  fmpq_mul(x, b, s);
  fmpq_mul(fourth, x, product);
  fmpq_mul_si(fourth, fourth, 2);
  fmpq_mul_si(term, product, 4);
  fmpq_add(x, x, term); /* 2 sum w^2 */
  for (int k = 0; k < 2; k++) { /* b^2 (s^2 - p4(S))/2, and turned round */
    const fmpq *u = k ? s : b, *v = k ? b : s;
    fmpq_mul(term, v, v);
    fmpq_sub(term, term, v + 1);
    fmpq_mul(term, term, u);
    fmpq_mul(term, term, u);
    fmpq_set_si(scale, 1, 2);
    fmpq_addmul(fourth, term, scale);
  }
  fmpq_mul_si(fourth, fourth, 4);
  fmpq_addmul(fourth, x, x); /* 8 sum w^4 */
  fmpq_set_si(scale, 1, 6);
  fmpq_mul(second, x, scale);
  fmpq_set_si(scale, -1, 60);
  fmpq_mul(fourth, fourth, scale);
  _fmpq_vec_clear(x, 4);
}

static void add_so4(work_t *w, const arb_struct *numbers, const fmpq *sums) {
  adjoint_family_struct *f = adjoint_law_append(w->loss->law, ORBIT_SO, 3, 2);
  int turn = fmpq_sgn(sums + 2) < 0 ? -1 : 1;
  for (int k = 0; k < 2; k++) {
    add_numbers(f->observable + k, numbers, k ? -1 : 1);
    add_numbers(f->state + k, numbers + 2, k ? -turn : turn);
    arb_mul_2exp_si(f->state + k, f->state + k, -1);
  }
  set_so4_cumulants(f->second, f->fourth, sums);
}

/* False: its law is not known. */
static bool add_orthogonal(work_t *w, const particle_piece_struct *p, const fmpq_mat_t b,
                           const fmpq_mat_t s) {
  slong rank = p->size / 2;
  fmpq *sums = _fmpq_vec_init(6);
  arb_struct *numbers = _arb_vec_init(2 * rank);
  bool known = read_orthogonal(numbers, sums, w, p, b, s);
  if (p->size == 4) {
    if (known) add_so4(w, numbers, sums);
  } else {
    adjoint_family_struct *f =
        adjoint_law_append(w->loss->law, ORBIT_SO, (ulong)p->size, 1);
    _arb_vec_set(f->observable, numbers, rank);
    _arb_vec_set(f->state, numbers + rank, rank);
    f->orientation = fmpq_sgn(sums + 2);
    adjoint_so_cumulants(f->second, f->fourth, f->modes, sums, sums + 3);
  }
  _arb_vec_clear(numbers, 2 * rank);
  _fmpq_vec_clear(sums, 6);
  return known;
}

static void add_symplectic(work_t *w, const particle_piece_struct *p, const fmpq_mat_t b,
                           const fmpq_mat_t s) {
  fmpq *sums = _fmpq_vec_init(7), *factor = sums + 6;
  adjoint_family_struct *f =
      adjoint_law_append(w->loss->law, p->size == 1 ? ORBIT_SO : ORBIT_SP,
                         2 * (ulong)p->size + 1, 1);
  read_antisymmetric(f->observable, f->rank, sums, w, p, b, 4 * p->copies);
  read_antisymmetric(f->state, f->rank, sums + 3, w, p, s, 4 * p->copies);
  fmpq_set_si(factor, 2 * p->copies, 1);
  loss_scale_numbers(f->state, f->rank, factor);
  loss_scale_sums(sums + 3, factor);
  adjoint_so_cumulants(f->second, f->fourth, f->modes, sums, sums + 3);
  if (p->size == 1) { /* as so(3) half the eigenvalue of ad: twice that on the modes */
    arb_mul_2exp_si(f->observable, f->observable, 1);
    arb_mul_2exp_si(f->state, f->state, -1);
  }
  _fmpq_vec_clear(sums, 7);
}

/* Adds 4 second (-K)/dim for every generator, `from` the first family of the piece. */
static void add_slopes(work_t *w, const particle_piece_struct *p, size_t from) {
  const adjoint_law_struct *law = w->loss->law;
  slong d = p->size, dimension = 0, killing = 0;
  fmpq_t factor;
  fmpq_init(factor);
  switch (p->group) {
  case ORBIT_SO: dimension = d * (d - 1) / 2, killing = 2 * (d - 2); break;
  case ORBIT_SU: dimension = d * d - 1, killing = 2 * d; break;
  case ORBIT_SP: dimension = d * (2 * d + 1), killing = 2 * d + 2; break;
  }
  for (size_t i = from; i < law->num_families; i++)
    fmpq_add(factor, factor, law->families[i].second);
  fmpq_mul_si(factor, factor, 4 * killing);
  fmpq_div_fmpz(factor, factor, (fmpz[]){dimension * p->copies});
  for (size_t j = 0; j < w->loss->num_slopes; j++)
    fmpq_addmul(w->loss->slopes + j, factor, p->norms + j);
  fmpq_clear(factor);
}

/* --- the whole ----------------------------------------------------------------------------- */

/* Takes the parts of B and S on one ideal; its inner product from the constant. */
static bool add_piece(work_t *w, const particle_piece_struct *p, fmpq_mat_t left) {
  slong n = w->algebra->num_modes;
  fmpq_mat_t b, s;
  fmpq_t value, half;
  bool known = true;
  fmpq_mat_init(b, n, n);
  fmpq_mat_init(s, n, n);
  fmpq_init(value);
  fmpq_init(half);
  particle_project(b, p, w->observable);
  particle_project(s, p, w->state);
  fmpq_mat_sub(left, left, b);
  particle_trace(value, b, s);
  fmpq_set_si(half, 1, 2);
  fmpq_addmul(w->loss->law->constant, value, half);
  switch (p->group) {
  case ORBIT_SO: known = add_orthogonal(w, p, b, s); break;
  case ORBIT_SU: add_unitary(w, p, b, s); break;
  case ORBIT_SP: add_symplectic(w, p, b, s); break;
  }
  fmpq_mat_clear(b);
  fmpq_mat_clear(s);
  fmpq_clear(value);
  fmpq_clear(half);
  return known;
}

static bool commutes(const fmpq_mat_t x, const particle_algebra_struct *a) {
  slong n = a->num_modes;
  fmpq_mat_t u, v;
  bool same = true;
  fmpq_mat_init(u, n, n);
  fmpq_mat_init(v, n, n);
  for (size_t j = 0; j < a->num_generators && same; j++) {
    fmpq_mat_mul(u, x, a->generators + j);
    fmpq_mat_mul(v, a->generators + j, x);
    same = fmpq_mat_equal(u, v);
  }
  fmpq_mat_clear(u);
  fmpq_mat_clear(v);
  return same;
}

static void analyse(work_t *w) {
  fmpq_mat_t left;
  fmpq_mat_init(left, w->algebra->num_modes, w->algebra->num_modes);
  fmpq_mat_set(left, w->observable);
  const adjoint_law_struct *law = w->loss->law;
  bool simple = true;
  w->loss->has_law = true;
  w->loss->num_slopes = w->algebra->num_generators;
  w->loss->slopes = _fmpq_vec_init((slong)w->loss->num_slopes + 1);
  for (size_t i = 0; i < w->algebra->num_pieces; i++) {
    const particle_piece_struct *p = w->algebra->pieces + i;
    size_t from = law->num_families;
    if (!add_piece(w, p, left)) w->loss->has_law = false;
    else if (p->group == ORBIT_SO && p->size == 4) simple = false;
    else add_slopes(w, p, from);
  }
  if (!simple || !w->loss->has_law) {
    _fmpq_vec_clear(w->loss->slopes, (slong)w->loss->num_slopes + 1);
    w->loss->slopes = NULL;
  }
  if (!commutes(left, w->algebra)) {
    w->loss->applies = w->loss->has_law = false;
    w->loss->reason = REASON_ADJOINT_OUTSIDE;
  } else if (!w->loss->has_law) {
    w->loss->reason = REASON_ADJOINT_WITHOUT_LAW;
  }
  fmpq_mat_clear(left);
}

void particle_loss_init(fermion_loss_t loss, const particle_algebra_t a,
                        const pauli_sum_struct *generators, size_t num_generators,
                        const pauli_sum_t o, const quantum_state_t state, bool moments_only) {
  work_t w = {.algebra = a, .loss = loss, .moments_only = moments_only};
  pauli_sum_t rest;
  *loss = (fermion_loss_struct){.applies = true};
  adjoint_law_init(loss->law);
  pauli_sum_init(rest, o->num_qubits);
  fmpq_mat_init(w.observable, a->num_modes, a->num_modes);
  fmpq_mat_init(w.state, a->num_modes, a->num_modes);
  fmpq_mat_struct *blocks = fermion_matrices_new(a->frame);
  fermion_frame_read(blocks, NULL, rest, a->frame, o);
  particle_join(w.observable, blocks, a->frame);
  fermion_matrices_free(blocks, a->frame);
  if (fermion_commutes(rest, generators, num_generators)) {
    blocks = fermion_matrices_new(a->frame);
    fermion_frame_state(blocks, a->frame, state);
    particle_join(w.state, blocks, a->frame);
    fermion_matrices_free(blocks, a->frame);
    fermion_expectation(loss->law->constant, o, state);
    analyse(&w);
  } else {
    loss->applies = false;
    loss->reason = REASON_ADJOINT_NOT_BILINEAR;
  }
  fmpq_mat_clear(w.observable);
  fmpq_mat_clear(w.state);
  pauli_sum_clear(rest);
}
