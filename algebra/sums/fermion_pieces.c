#include "algebra/sums/fermion_pieces.h"

#include <string.h>

enum { MAX_MODES = 1024, MAX_SUM_MODES = 512, MAX_SUMS = 6, ATTEMPTS = 4 };

/* --- the trace form over the centre ------------------------------------------------ */

/* s = tr(A B) */
static void trace_product(fmpz_t s, const fmpz_mat_t a, const fmpz_mat_t b) {
  fmpz_zero(s);
  for (slong i = 0; i < fmpz_mat_nrows(a); i++)
    for (slong j = 0; j < fmpz_mat_ncols(a); j++) {
      const fmpz *u = fmpz_mat_entry(a, i, j), *v = fmpz_mat_entry(b, j, i);
      if (!fmpz_is_zero(u) && !fmpz_is_zero(v)) fmpz_addmul(s, u, v);
    }
}

/* out = a b where a has few entries that are not zero. */
void fermion_product(fmpz_mat_t out, const fmpz_mat_t a, const fmpz_mat_t b) {
  fmpz_mat_zero(out);
  for (slong i = 0; i < fmpz_mat_nrows(a); i++)
    for (slong k = 0; k < fmpz_mat_ncols(a); k++) {
      const fmpz *u = fmpz_mat_entry(a, i, k);
      if (fmpz_is_zero(u)) continue;
      for (slong j = 0; j < fmpz_mat_ncols(b); j++) {
        const fmpz *v = fmpz_mat_entry(b, k, j);
        if (!fmpz_is_zero(v)) fmpz_addmul(fmpz_mat_entry(out, i, j), u, v);
      }
    }
}

void fermion_trace_init(fermion_trace_struct *t, const fmpz_mat_t z) {
  fmpz_poly_t minimal;
  fmpq_poly_t derivative, one, other;
  fmpz_poly_init(minimal);
  fmpq_poly_init(one);
  fmpq_poly_init(other);
  fmpq_poly_init(derivative);
  fmpq_poly_init(t->minimal);
  fmpq_poly_init(t->inverse);
  fmpz_mat_minpoly(minimal, z);
  fmpq_poly_set_fmpz_poly(t->minimal, minimal);
  t->num_modes = fmpz_mat_nrows(z);
  t->degree = fmpz_poly_degree(minimal);
  fmpq_poly_derivative(derivative, t->minimal);
  fmpq_poly_xgcd(one, t->inverse, other, derivative, t->minimal);
  t->powers = flint_malloc((size_t)(t->degree + 1) * sizeof *t->powers);
  for (slong i = 0; i < t->degree; i++) {
    fmpz_mat_init(t->powers + i, t->num_modes, t->num_modes);
    if (i) fermion_product(t->powers + i, z, t->powers + i - 1);
    else fmpz_mat_one(t->powers);
  }
  fmpz_poly_clear(minimal);
  fmpq_poly_clear(derivative);
  fmpq_poly_clear(one);
  fmpq_poly_clear(other);
}

void fermion_trace_clear(fermion_trace_struct *t) {
  for (slong i = 0; i < t->degree; i++) fmpz_mat_clear(t->powers + i);
  flint_free(t->powers);
  fmpq_poly_clear(t->minimal);
  fmpq_poly_clear(t->inverse);
}

/* The polynomial q modulo mu with sum_k q(lambda_k) lambda_k^i = s_i. */
static void dual_polynomial(fmpq_poly_t out, const fermion_trace_struct *t,
                            const fmpz *s) {
  fmpq_t sum, coeff;
  fmpq_init(sum);
  fmpq_init(coeff);
  fmpq_poly_zero(out);
  for (slong j = 0; j < t->degree; j++) {
    fmpq_zero(sum);
    for (slong i = 0; i + j + 1 <= t->degree; i++) {
      fmpq_poly_get_coeff_fmpq(coeff, t->minimal, i + j + 1);
      fmpq_mul_fmpz(coeff, coeff, s + i);
      fmpq_add(sum, sum, coeff);
    }
    fmpq_poly_set_coeff_fmpq(out, j, sum);
  }
  fmpq_poly_mul(out, out, t->inverse);
  fmpq_poly_rem(out, out, t->minimal);
  fmpq_clear(sum);
  fmpq_clear(coeff);
}

void fermion_trace(fmpq_poly_t out, const fermion_trace_struct *t,
                   const fmpz_mat_t x, const fmpz_mat_t y) {
  fmpz_mat_t product;
  fmpz *s = _fmpz_vec_init(t->degree);
  fmpz_mat_init(product, t->num_modes, t->num_modes);
  fermion_product(product, x, y);
  for (slong i = 0; i < t->degree; i++)
    trace_product(s + i, product, t->powers + i);
  dual_polynomial(out, t, s);
  fmpz_mat_clear(product);
  _fmpz_vec_clear(s, t->degree);
}

/* --- reading the generators --------------------------------------------------------- */

static fmpz_mat_struct *generator_at(const fermion_algebra_struct *a, size_t j,
                                     size_t block) {
  return a->generators + j * a->frame->num_blocks + block;
}

/* Makes all entries of one generator whole, by one factor. */
static void make_whole(fermion_algebra_struct *a, size_t j,
                       const fmpq_mat_struct *matrices) {
  fmpz_t common, one;
  fmpz_init_set_ui(common, 1);
  fmpz_init(one);
  for (size_t b = 0; b < a->frame->num_blocks; b++) {
    fmpz_mat_t whole;
    fmpz_mat_init(whole, (slong)a->frame->modes[b], (slong)a->frame->modes[b]);
    fmpq_mat_get_fmpz_mat_matwise(whole, one, matrices + b);
    fmpz_lcm(common, common, one);
    fmpz_mat_clear(whole);
  }
  for (size_t i = 0; i < a->frame->num_central; i++)
    fmpz_lcm(common, common,
             fmpq_denref(a->central + j * a->frame->num_central + i));
  for (size_t b = 0; b < a->frame->num_blocks; b++) {
    fmpz_mat_struct *m = generator_at(a, j, b);
    fmpq_mat_get_fmpz_mat_matwise(m, one, matrices + b);
    fmpz_divexact(one, common, one);
    fmpz_mat_scalar_mul_fmpz(m, m, one);
  }
  for (size_t i = 0; i < a->frame->num_central; i++) {
    fmpq *c = a->central + j * a->frame->num_central + i;
    fmpq_mul_fmpz(c, c, common);
  }
  fmpz_set(a->scales + j, common);
  fmpz_clear(common);
  fmpz_clear(one);
}

static void read_generators(fermion_algebra_struct *a,
                            const pauli_sum_struct *generators) {
  size_t blocks = a->frame->num_blocks, n = a->num_generators;
  size_t num_central = n * a->frame->num_central;
  pauli_sum_t rest;
  a->generators = flint_malloc((n * blocks + 1) * sizeof *a->generators);
  a->generic = flint_malloc((blocks + 1) * sizeof *a->generic);
  a->central = flint_malloc((num_central + 1) * sizeof *a->central);
  a->scales = _fmpz_vec_init((slong)n + 1);
  for (size_t i = 0; i < num_central; i++) fmpq_init(a->central + i);
  for (size_t i = 0; i < n * blocks; i++)
    fmpz_mat_init(a->generators + i, (slong)a->frame->modes[i % blocks],
                  (slong)a->frame->modes[i % blocks]);
  for (size_t b = 0; b < blocks; b++)
    fmpz_mat_init(a->generic + b, (slong)a->frame->modes[b],
                  (slong)a->frame->modes[b]);
  pauli_sum_init(rest, a->frame->strings->num_qubits);
  for (size_t j = 0; j < n; j++) {
    fmpq_mat_struct *matrices = fermion_matrices_new(a->frame);
    fermion_frame_read(matrices, a->central + j * a->frame->num_central, rest,
                       a->frame, generators + j);
    make_whole(a, j, matrices);
    fermion_matrices_free(matrices, a->frame);
  }
  pauli_sum_clear(rest);
}

static void piece_clear(fermion_piece_struct *p, size_t num_generators) {
  size_t pairs = num_generators * (num_generators + 1) / 2;
  fmpq_poly_clear(p->factor);
  for (size_t i = 0; i < pairs && p->gram; i++) fmpq_poly_clear(p->gram + i);
  flint_free(p->gram);
}

void fermion_algebra_clear(fermion_algebra_t a) {
  size_t blocks = a->frame->num_blocks, n = a->num_generators;
  for (size_t i = 0; i < n * blocks; i++) fmpz_mat_clear(a->generators + i);
  for (size_t i = 0; i < n * a->frame->num_central; i++)
    fmpq_clear(a->central + i);
  for (size_t b = 0; b < blocks; b++) {
    fmpz_mat_clear(a->generic + b);
    if (a->traces) fermion_trace_clear(a->traces + b);
  }
  for (size_t i = 0; i < a->num_pieces; i++) piece_clear(a->pieces + i, n);
  flint_free(a->generators);
  flint_free(a->central);
  _fmpz_vec_clear(a->scales, (slong)n + 1);
  flint_free(a->generic);
  flint_free(a->traces);
  flint_free(a->pieces);
  fermion_frame_clear(a->frame);
}

/* --- pieces --------------------------------------------------------------------------- */

/* out = a b + sign b a */
static void symmetrised(fmpz_mat_t out, const fmpz_mat_t a, const fmpz_mat_t b,
                        int sign) {
  fmpz_mat_t other;
  fmpz_mat_init(other, fmpz_mat_nrows(a), fmpz_mat_ncols(a));
  fermion_product(out, a, b);
  fermion_product(other, b, a);
  if (sign > 0) fmpz_mat_add(out, out, other);
  else fmpz_mat_sub(out, out, other);
  fmpz_mat_clear(other);
}

/* Do all {A_i, A_j} commute with all A_l on the block? */
static bool is_clifford(const fermion_algebra_struct *a, size_t block) {
  size_t n = a->num_generators, m = a->frame->modes[block];
  fmpz_mat_t square, bracket;
  bool is = true;
  fmpz_mat_init(square, (slong)m, (slong)m);
  fmpz_mat_init(bracket, (slong)m, (slong)m);
  for (size_t i = 0; i < n && is; i++)
    for (size_t j = i; j < n && is; j++) {
      symmetrised(square, generator_at(a, i, block), generator_at(a, j, block),
                  1);
      for (size_t l = 0; l < n && is; l++) {
        symmetrised(bracket, square, generator_at(a, l, block), -1);
        is = fmpz_mat_is_zero(bracket);
      }
    }
  fmpz_mat_clear(square);
  fmpz_mat_clear(bracket);
  return is;
}

/* x = sum r_j A_j and z = -x^2. */
static void set_generic(fmpz_mat_t z, fermion_algebra_struct *a, size_t block,
                        size_t attempt) {
  fmpz_mat_struct *x = a->generic + block;
  fmpz_mat_zero(x);
  for (size_t j = 0; j < a->num_generators; j++)
    fmpz_mat_scalar_addmul_ui(x, generator_at(a, j, block),
                              (ulong)(1 + (2 + attempt) * j * j));
  fermion_product(z, x, x);
  fmpz_mat_neg(z, z);
}

static size_t pair_index(size_t i, size_t j) { return j * (j + 1) / 2 + i; }

/* All A_i and [A_i, A_j] on the block. */
static fmpz_mat_struct *spanning_list(size_t *length,
                                      const fermion_algebra_struct *a,
                                      size_t block) {
  size_t n = a->num_generators, m = a->frame->modes[block];
  fmpz_mat_struct *list = flint_malloc((n * (n + 1) / 2 + 1) * sizeof *list);
  *length = 0;
  for (size_t i = 0; i < n; i++) {
    fmpz_mat_init(list + *length, (slong)m, (slong)m);
    fmpz_mat_set(list + (*length)++, generator_at(a, i, block));
  }
  for (size_t i = 0; i < n; i++)
    for (size_t j = i + 1; j < n; j++) {
      fmpz_mat_init(list + *length, (slong)m, (slong)m);
      symmetrised(list + (*length)++, generator_at(a, i, block),
                  generator_at(a, j, block), -1);
    }
  return list;
}

/* Traces of one block that every piece of it needs, modulo the minimal polynomial. */
typedef struct {
  size_t num_pairs, length;   /* i <= j; the spanning list */
  fmpq_poly_struct *first;    /* tr {A_i, A_j} */
  fmpq_poly_struct *second;   /* tr {A_i, A_j}^2 */
  fmpq_poly_struct *products; /* tr of products of the spanning list */
} block_traces_t;

static void set_pair_traces(block_traces_t *c, const fermion_algebra_struct *a,
                            size_t block) {
  size_t n = a->num_generators, m = a->frame->modes[block];
  const fermion_trace_struct *t = a->traces + block;
  fmpz_mat_t s, one;
  fmpz_mat_init(s, (slong)m, (slong)m);
  fmpz_mat_init(one, (slong)m, (slong)m);
  fmpz_mat_one(one);
  c->num_pairs = n * (n + 1) / 2;
  c->first = flint_malloc((c->num_pairs + 1) * sizeof *c->first);
  c->second = flint_malloc((c->num_pairs + 1) * sizeof *c->second);
  for (size_t i = 0; i < n; i++)
    for (size_t j = i; j < n; j++) {
      size_t at = pair_index(i, j);
      symmetrised(s, generator_at(a, i, block), generator_at(a, j, block), 1);
      fmpq_poly_init(c->first + at);
      fmpq_poly_init(c->second + at);
      fermion_trace(c->first + at, t, s, one);
      fermion_trace(c->second + at, t, s, s);
    }
  fmpz_mat_clear(s);
  fmpz_mat_clear(one);
}

static void block_traces_init(block_traces_t *c,
                              const fermion_algebra_struct *a, size_t block) {
  set_pair_traces(c, a, block);
  fmpz_mat_struct *list = spanning_list(&c->length, a, block);
  size_t n = c->length;
  c->products = flint_malloc((n * n + 1) * sizeof *c->products);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      fmpq_poly_init(c->products + i * n + j);
      if (j < i)
        fmpq_poly_set(c->products + i * n + j, c->products + j * n + i);
      else
        fermion_trace(c->products + i * n + j, a->traces + block, list + i,
                      list + j);
    }
  for (size_t i = 0; i < n; i++) fmpz_mat_clear(list + i);
  flint_free(list);
}

static void block_traces_clear(block_traces_t *c) {
  for (size_t i = 0; i < c->num_pairs; i++) {
    fmpq_poly_clear(c->first + i);
    fmpq_poly_clear(c->second + i);
  }
  for (size_t i = 0; i < c->length * c->length; i++)
    fmpq_poly_clear(c->products + i);
  flint_free(c->first);
  flint_free(c->second);
  flint_free(c->products);
}

/* The numbers {A_i, A_j} / 2 on the piece; false when they are not numbers there:
   D tr(S^2) >= tr(S)^2 with equality for those alone. */
static bool set_gram(fermion_piece_struct *p, const block_traces_t *c) {
  fmpq_poly_t square, norm;
  bool numbers = true;
  fmpq_poly_init(square);
  fmpq_poly_init(norm);
  p->gram = flint_malloc((c->num_pairs + 1) * sizeof *p->gram);
  for (size_t i = 0; i < c->num_pairs; i++) {
    fmpq_poly_struct *g = p->gram + i;
    fmpq_poly_init(g);
    fmpq_poly_rem(g, c->first + i, p->factor);
    fmpq_poly_rem(norm, c->second + i, p->factor);
    fmpq_poly_scalar_mul_ui(norm, norm, p->dimension);
    fmpq_poly_mul(square, g, g);
    fmpq_poly_sub(norm, norm, square);
    fmpq_poly_rem(norm, norm, p->factor);
    if (!fmpq_poly_is_zero(norm)) numbers = false;
    fmpq_poly_scalar_div_ui(g, g, 2 * p->dimension);
  }
  fmpq_poly_clear(square);
  fmpq_poly_clear(norm);
  return numbers;
}

/* Rank of a square matrix over Q[t]/f, destroyed. pivots: the rows that are
   independent of the earlier ones. */
static size_t rank_over(fmpq_poly_struct *matrix, size_t n,
                        const fmpq_poly_t factor, size_t *pivots) {
  size_t rank = 0;
  bool *used = flint_calloc(n + 1, sizeof *used);
  fmpq_poly_t one, inverse, other, times;
  fmpq_poly_init(one);
  fmpq_poly_init(inverse);
  fmpq_poly_init(other);
  fmpq_poly_init(times);
  for (size_t row = 0; row < n; row++) { /* row by row, by a free column */
    size_t col = 0;
    while (col < n && (used[col] || fmpq_poly_is_zero(matrix + row * n + col)))
      col++;
    if (col == n) continue;
    used[col] = true;
    pivots[rank] = row;
    rank++;
    fmpq_poly_xgcd(one, inverse, other, matrix + row * n + col, factor);
    for (size_t i = row + 1; i < n; i++) {
      fmpq_poly_mul(times, matrix + i * n + col, inverse);
      fmpq_poly_rem(times, times, factor);
      for (size_t k = 0; k < n; k++) {
        fmpq_poly_mul(other, times, matrix + row * n + k);
        fmpq_poly_sub(matrix + i * n + k, matrix + i * n + k, other);
        fmpq_poly_rem(matrix + i * n + k, matrix + i * n + k, factor);
      }
    }
  }
  fmpq_poly_clear(one);
  fmpq_poly_clear(inverse);
  fmpq_poly_clear(other);
  fmpq_poly_clear(times);
  flint_free(used);
  return rank;
}

/* dim span {A_i, [A_i, A_j]} on each of the conjugate pieces. */
static size_t local_rank(size_t *pivots, const block_traces_t *c,
                         const fermion_piece_struct *p) {
  size_t cells = c->length * c->length;
  fmpq_poly_struct *gram = flint_malloc((cells + 1) * sizeof *gram);
  for (size_t i = 0; i < cells; i++) {
    fmpq_poly_init(gram + i);
    fmpq_poly_rem(gram + i, c->products + i, p->factor);
  }
  size_t rank = rank_over(gram, c->length, p->factor, pivots);
  for (size_t i = 0; i < cells; i++) fmpq_poly_clear(gram + i);
  flint_free(gram);
  return rank;
}

void fermion_piece_basis(fmpz_mat_struct *span, const fermion_algebra_t a,
                         const fermion_piece_struct *p) {
  size_t length;
  fmpz_mat_struct *list = spanning_list(&length, a, p->block);
  for (size_t i = 0; i < 3; i++) {
    fmpz_mat_init(span + i, fmpz_mat_nrows(list), fmpz_mat_ncols(list));
    fmpz_mat_set(span + i, list + p->basis[i]);
  }
  for (size_t i = 0; i < length; i++) fmpz_mat_clear(list + i);
  flint_free(list);
}

static fermion_piece_struct *append_piece(fermion_algebra_struct *a,
                                          size_t block) {
  a->pieces =
      flint_realloc(a->pieces, (a->num_pieces + 1) * sizeof *a->pieces);
  fermion_piece_struct *p = a->pieces + a->num_pieces++;
  *p = (fermion_piece_struct){.kind = PIECE_ZERO, .block = block,
                              .family = SIZE_MAX};
  fmpq_poly_init(p->factor);
  return p;
}

/* The dimension D and the kind of one factor. */
static reason_code_t name_piece(fermion_piece_struct *p,
                                const fmpq_poly_t dimensions,
                                const block_traces_t *c) {
  fmpq_poly_t d;
  fmpq_t value;
  size_t pivots[MAX_SUMS * (MAX_SUMS + 1) / 2 + 1];
  fmpq_poly_init(d);
  fmpq_init(value);
  fmpq_poly_rem(d, dimensions, p->factor);
  fmpq_poly_get_coeff_fmpq(value, d, 0);
  p->dimension = fmpz_get_ui(fmpq_numref(value));
  fmpq_poly_clear(d);
  fmpq_clear(value);
  if (!set_gram(p, c)) return REASON_NO_CLIFFORD_ALGEBRA;
  bool kernel = p->degree == 1 &&
                fmpz_is_zero(fmpq_poly_numref(p->factor)); /* f = t: x = 0 */
  size_t rank = local_rank(pivots, c, p);
  for (size_t i = 0; i < 3 && i < rank; i++) p->basis[i] = pivots[i];
  switch (rank) {
    case 0: return REASON_NONE;
    case 1: p->kind = PIECE_CIRCLE; return kernel ? REASON_NO_GENERIC_COMBINATION : REASON_NONE;
    case 3: p->kind = PIECE_SU2; return kernel ? REASON_NO_GENERIC_COMBINATION : REASON_NONE;
    default: return REASON_NO_CLIFFORD_ALGEBRA;
  }
}

static reason_code_t split_block(fermion_algebra_struct *a, size_t block) {
  size_t m = a->frame->modes[block];
  const fermion_trace_struct *t = a->traces + block;
  fmpz_poly_t whole;
  fmpz_poly_factor_t factors;
  fmpz_mat_t one;
  fmpq_poly_t dimensions;
  reason_code_t reason = REASON_NONE;
  block_traces_t traces;
  block_traces_init(&traces, a, block);
  fmpz_poly_init(whole);
  fmpz_poly_factor_init(factors);
  fmpq_poly_init(dimensions);
  fmpz_mat_init(one, (slong)m, (slong)m);
  fmpz_mat_one(one);
  fermion_trace(dimensions, t, one, one);
  fmpq_poly_get_numerator(whole, t->minimal);
  fmpz_poly_factor(factors, whole);
  for (slong i = 0; i < factors->num && !reason; i++) {
    fermion_piece_struct *p = append_piece(a, block);
    fmpq_poly_set_fmpz_poly(p->factor, factors->p + i);
    p->degree = (size_t)fmpz_poly_degree(factors->p + i);
    reason = name_piece(p, dimensions, &traces);
  }
  block_traces_clear(&traces);
  fmpz_poly_clear(whole);
  fmpz_poly_factor_clear(factors);
  fmpq_poly_clear(dimensions);
  fmpz_mat_clear(one);
  return reason;
}

/* --- ideals and the centre ------------------------------------------------------------- */

static bool same_ideals(const fermion_piece_struct *a,
                        const fermion_piece_struct *b, size_t num_generators) {
  bool same = fmpq_poly_equal(a->factor, b->factor);
  for (size_t i = 0; i < num_generators * (num_generators + 1) / 2 && same; i++)
    same = fmpq_poly_equal(a->gram + i, b->gram + i);
  return same;
}

static void name_families(fermion_algebra_struct *a) {
  for (size_t i = 0; i < a->num_pieces; i++) {
    fermion_piece_struct *p = a->pieces + i;
    if (p->kind != PIECE_SU2) continue;
    for (size_t j = 0; j < i && p->family == SIZE_MAX; j++)
      if (a->pieces[j].kind == PIECE_SU2 &&
          same_ideals(a->pieces + j, p, a->num_generators))
        p->family = a->pieces[j].family;
    if (p->family == SIZE_MAX) p->family = a->num_families++;
  }
}

/* Column by column: A_j = c_j x on a circle, c_j in K by its coefficients; then the
   central strings. */
static void set_center(fermion_algebra_struct *a) {
  size_t n = a->num_generators, columns = a->frame->num_central, at = 0;
  for (size_t i = 0; i < a->num_pieces; i++)
    if (a->pieces[i].kind == PIECE_CIRCLE) columns += a->pieces[i].degree;
  fmpq_mat_t rows;
  fmpq_poly_t c, norm, inverse, other;
  fmpq_mat_init(rows, (slong)n, (slong)columns);
  fmpq_poly_init(c);
  fmpq_poly_init(norm);
  fmpq_poly_init(inverse);
  fmpq_poly_init(other);
  for (size_t i = 0; i < a->num_pieces; i++) {
    const fermion_piece_struct *p = a->pieces + i;
    if (p->kind != PIECE_CIRCLE) continue;
    const fermion_trace_struct *t = a->traces + p->block;
    const fmpz_mat_struct *x = a->generic + p->block;
    fermion_trace(norm, t, x, x);
    fmpq_poly_rem(norm, norm, p->factor);
    fmpq_poly_xgcd(other, inverse, c, norm, p->factor);
    for (size_t j = 0; j < n; j++) {
      fermion_trace(c, t, generator_at(a, j, p->block), x);
      fmpq_poly_mul(c, c, inverse);
      fmpq_poly_rem(c, c, p->factor);
      for (size_t k = 0; k < p->degree; k++)
        fmpq_poly_get_coeff_fmpq(
            fmpq_mat_entry(rows, (slong)j, (slong)(at + k)), c, (slong)k);
    }
    at += p->degree;
  }
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < a->frame->num_central; i++)
      fmpq_set(fmpq_mat_entry(rows, (slong)j, (slong)(at + i)),
               a->central + j * a->frame->num_central + i);
  a->center = (size_t)fmpq_mat_rref(rows, rows);
  fmpq_mat_clear(rows);
  fmpq_poly_clear(c);
  fmpq_poly_clear(norm);
  fmpq_poly_clear(inverse);
  fmpq_poly_clear(other);
}

/* --- the whole --------------------------------------------------------------------------- */

static void drop_pieces(fermion_algebra_struct *a) {
  for (size_t i = 0; i < a->num_pieces; i++)
    piece_clear(a->pieces + i, a->num_generators);
  for (size_t b = 0; b < a->frame->num_blocks && a->traces; b++)
    fermion_trace_clear(a->traces + b);
  flint_free(a->pieces);
  flint_free(a->traces);
  a->pieces = NULL;
  a->traces = NULL;
  a->num_pieces = 0;
}

static reason_code_t attempt_pieces(fermion_algebra_struct *a, size_t attempt) {
  reason_code_t reason = REASON_NONE;
  drop_pieces(a);
  a->traces =
      flint_malloc((a->frame->num_blocks + 1) * sizeof *a->traces);
  for (size_t b = 0; b < a->frame->num_blocks; b++) {
    fmpz_mat_t z;
    fmpz_mat_init(z, (slong)a->frame->modes[b], (slong)a->frame->modes[b]);
    set_generic(z, a, b, attempt);
    fermion_trace_init(a->traces + b, z);
    fmpz_mat_clear(z);
  }
  for (size_t b = 0; b < a->frame->num_blocks && !reason; b++)
    reason = split_block(a, b);
  return reason;
}

static void take_strings(fermion_algebra_struct *a) {
  for (size_t b = 0; b < a->frame->num_blocks; b++) {
    fermion_piece_struct *p = append_piece(a, b);
    p->kind = PIECE_SO;
    p->degree = 1;
    p->dimension = a->frame->modes[b];
    p->family = a->num_families++;
  }
}

reason_code_t fermion_algebra_init(fermion_algebra_t a,
                                   const pauli_sum_struct *generators,
                                   size_t num_generators, size_t num_qubits) {
  bool sums = false;
  for (size_t j = 0; j < num_generators; j++)
    if (generators[j].length > 1) sums = true;
  if (sums && num_generators > MAX_SUMS) return REASON_TOO_MANY_FOR_ONE_PARTICLE;
  memset(a, 0, sizeof *a);
  a->num_generators = sums ? num_generators : 0;
  if (!fermion_frame_init(a->frame, generators, num_generators, num_qubits,
                          sums ? MAX_SUM_MODES : MAX_MODES))
    return REASON_NOT_BILINEARS;
  read_generators(a, generators);
  if (!sums) {
    take_strings(a);
    return REASON_NONE;
  }
  reason_code_t reason = REASON_NONE;
  for (size_t b = 0; b < a->frame->num_blocks && !reason; b++)
    if (!is_clifford(a, b)) reason = REASON_NO_CLIFFORD_ALGEBRA;
  bool clifford = !reason;
  if (clifford) reason = REASON_NO_GENERIC_COMBINATION;
  for (size_t i = 0; i < ATTEMPTS && reason && clifford; i++)
    reason = attempt_pieces(a, i);
  if (reason) {
    fermion_algebra_clear(a);
    return reason;
  }
  name_families(a);
  set_center(a);
  return REASON_NONE;
}
