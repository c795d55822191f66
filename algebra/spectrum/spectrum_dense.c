/* spectrum_dense.c - the least eigenvalue of a Pauli sum by real dense linear
   algebra, enclosed. See spectrum.h for the method. */

#include "algebra/base/flint_compat.h"
#include "algebra/spectrum/spectrum.h"
#include "algebra/base/stream.h"

enum { MAX_ROWS = 2048, KRYLOV = 28, MAX_RESTARTS = 60, MAX_SHIFTS = 12 };

/* O as a real symmetric matrix: term t sends e_b to value[t] (-1)^(z_t . b)
   e_(b ^ x_t); imaginary terms (an odd number of Y) couple the two halves of
   the doubled space as [[A, -B], [B, A]]. */
typedef struct {
  size_t length, half, rows;
  uint64_t *x, *z;
  bool *imaginary;
  arb_ptr value;
  slong prec;
} operator_t;

/* Letters of one string as bits, relabelled by `turn` steps of the cycle
   X -> Y -> Z -> X (a Clifford unitary does it, without signs). */
static void letters(uint64_t *x, uint64_t *z, unsigned *num_y,
                    const uint64_t *string, size_t w, size_t n, unsigned turn) {
  static const unsigned next[4] = {0, 3, 1, 2}; /* X=1 -> Y=3 -> Z=2 -> X */
  *x = *z = 0;
  *num_y = 0;
  for (size_t q = 0; q < n; q++) {
    unsigned letter = pauli_get(string, w, q);
    for (unsigned k = 0; k < turn; k++) letter = next[letter];
    *x |= (uint64_t)(letter & 1) << q;
    *z |= (uint64_t)(letter >> 1) << q;
    *num_y += letter == 3;
  }
}

static void operator_init(operator_t *h, const pauli_sum_struct *sum,
                          slong prec) {
  size_t n = sum->num_qubits, w = sum->num_words, odd = 1;
  unsigned turn, num_y;
  h->length = sum->length;
  h->prec = prec;
  h->x = flint_malloc((h->length + 1) * sizeof *h->x);
  h->z = flint_malloc((h->length + 1) * sizeof *h->z);
  h->imaginary = flint_calloc(h->length + 1, sizeof *h->imaginary);
  h->value = _arb_vec_init((slong)h->length + 1);
  for (turn = 0; turn < 3 && odd; turn++) {
    odd = 0;
    for (size_t t = 0; t < h->length; t++) {
      letters(h->x + t, h->z + t, &num_y, pauli_sum_string(sum, t), w, n,
              turn);
      h->imaginary[t] = num_y % 2;
      odd += h->imaginary[t];
      /* i^num_y, or its quotient by i */
      arb_set_fmpq(h->value + t, sum->coeffs + t, prec);
      if (num_y % 4 >= 2) arb_neg(h->value + t, h->value + t);
    }
  }
  h->half = (size_t)1 << n;
  h->rows = odd ? 2 * h->half : h->half;
}

static void operator_clear(operator_t *h) {
  flint_free(h->x);
  flint_free(h->z);
  flint_free(h->imaginary);
  _arb_vec_clear(h->value, (slong)h->length + 1);
}

/* Row that term t sends column b to, and whether the entry is -value. */
static size_t target(bool *negative, const operator_t *h, size_t t, size_t b) {
  size_t low = b & (h->half - 1), row = (low ^ h->x[t]);
  *negative = __builtin_parityll(h->z[t] & low);
  bool upper = b >= h->half;
  if (h->imaginary[t]) {
    *negative ^= upper;
    upper = !upper;
  }
  return upper ? row + h->half : row;
}

/* out = O v; exact vectors in, balls out. */
static void apply(arb_ptr out, const operator_t *h, arb_srcptr v) {
  _arb_vec_zero(out, (slong)h->rows);
  for (size_t t = 0; t < h->length; t++)
    for (size_t b = 0; b < h->rows; b++) {
      bool negative;
      size_t row = target(&negative, h, t, b);
      if (negative) arb_submul(out + row, h->value + t, v + b, h->prec);
      else arb_addmul(out + row, h->value + t, v + b, h->prec);
    }
}

static void drop_radii(arb_ptr v, size_t length) {
  for (size_t i = 0; i < length; i++) mag_zero(arb_radref(v + i));
}

static void dot(arb_t out, arb_srcptr u, arb_srcptr v, const operator_t *h) {
  arb_dot(out, NULL, 0, u, 1, v, 1, (slong)h->rows, h->prec);
}

/* v = v - c u, radii dropped. */
static void project(arb_ptr v, const arb_t c, arb_srcptr u, size_t rows,
                    slong prec) {
  for (size_t i = 0; i < rows; i++) arb_submul(v + i, c, u + i, prec);
  drop_radii(v, rows);
}

/* Scales v to length one; false if it is next to nothing. */
static bool normalise(arb_ptr v, const operator_t *h) {
  arb_t norm;
  arb_init(norm);
  dot(norm, v, v, h);
  bool large = mag_cmp_2exp_si(arb_radref(norm), 0) < 0 &&
               arf_cmpabs_2exp_si(arb_midref(norm), -h->prec) > 0;
  if (large) {
    arb_rsqrt(norm, norm, h->prec);
    _arb_vec_scalar_mul(v, v, (slong)h->rows, norm, h->prec);
    drop_radii(v, h->rows);
  }
  arb_clear(norm);
  return large;
}

/* The eigenvector of the least eigenvalue of the small symmetric matrix. */
static bool small_ground_state(arb_ptr y, const acb_mat_t t, slong prec) {
  slong m = acb_mat_nrows(t), least = 0;
  acb_ptr values = _acb_vec_init(m);
  acb_mat_t vectors;
  acb_mat_init(vectors, m, m);
  bool done = acb_mat_approx_eig_qr(values, NULL, vectors, t, NULL, 0, prec);
  for (slong i = 1; i < m; i++)
    if (arf_cmp(arb_midref(acb_realref(values + i)),
                arb_midref(acb_realref(values + least))) < 0)
      least = i;
  for (slong i = 0; i < m; i++)
    arb_set(y + i, acb_realref(acb_mat_entry(vectors, i, least)));
  drop_radii(y, (size_t)m);
  _acb_vec_clear(values, m);
  acb_mat_clear(vectors);
  return done;
}

/* One Krylov space from v (length one); v becomes its Ritz vector. false: the
   space is invariant, or nothing came of it. */
static bool lanczos(arb_ptr v, const operator_t *h) {
  slong rows = (slong)h->rows, m = rows < KRYLOV ? rows : KRYLOV;
  slong size = 0;
  arb_ptr basis = _arb_vec_init(m * rows), w = _arb_vec_init(rows);
  arb_ptr y = _arb_vec_init(m);
  acb_mat_t t;
  arb_t c;
  bool whole = true;
  arb_init(c);
  acb_mat_init(t, m, m);
  _arb_vec_set(basis, v, rows);
  for (slong at = 0; at < m; at++) {
    apply(w, h, basis + at * rows);
    drop_radii(w, h->rows);
    /* all coefficients, twice is enough (Kahan) */
    for (int pass = 0; pass < 2; pass++)
      for (slong k = 0; k <= at; k++) {
        dot(c, basis + k * rows, w, h);
        mag_zero(arb_radref(c));
        if (pass == 0) {
          arb_set(acb_realref(acb_mat_entry(t, k, at)), c);
          arb_set(acb_realref(acb_mat_entry(t, at, k)), c);
        }
        project(w, c, basis + k * rows, h->rows, h->prec);
      }
    size = at + 1;
    if (size == m) break;
    if (!normalise(w, h)) {
      whole = false;
      break;
    }
    _arb_vec_set(basis + (at + 1) * rows, w, rows);
  }
  acb_mat_t part;
  acb_mat_init(part, size, size);
  for (slong i = 0; i < size; i++)
    for (slong j = 0; j < size; j++)
      acb_set(acb_mat_entry(part, i, j), acb_mat_entry(t, i, j));
  bool solved = small_ground_state(y, part, h->prec);
  acb_mat_clear(part);
  if (solved) {
    _arb_vec_zero(v, rows);
    for (slong k = 0; k < size; k++)
      _arb_vec_scalar_addmul(v, basis + k * rows, rows, y + k, h->prec);
    drop_radii(v, h->rows);
    solved = normalise(v, h);
  }
  _arb_vec_clear(basis, m * rows);
  _arb_vec_clear(w, rows);
  _arb_vec_clear(y, m);
  acb_mat_clear(t);
  arb_clear(c);
  return solved && whole;
}

/* theta encloses v.Ov / v.v, an upper bound on the least eigenvalue. */
static void rayleigh(arb_t theta, const operator_t *h, arb_srcptr v) {
  arb_ptr w = _arb_vec_init((slong)h->rows);
  arb_t norm;
  arb_init(norm);
  apply(w, h, v);
  dot(theta, v, w, h);
  dot(norm, v, v, h);
  arb_div(theta, theta, norm, h->prec);
  arb_clear(norm);
  _arb_vec_clear(w, (slong)h->rows);
}

static void start_vector(arb_ptr v, const operator_t *h) {
  uint64_t state = 0;
  for (size_t i = 0; i < h->rows; i++) {
    arb_set_si(v + i, (slong)(stream_next(&state) >> 40) - (1L << 23));
  }
  normalise(v, h);
}

/* a = O - mu. */
static void shifted_matrix(arb_mat_t a, const operator_t *h, const arb_t mu) {
  arb_mat_zero(a);
  for (size_t t = 0; t < h->length; t++)
    for (size_t b = 0; b < h->rows; b++) {
      bool negative;
      size_t row = target(&negative, h, t, b);
      arb_struct *entry = arb_mat_entry(a, (slong)row, (slong)b);
      if (negative) arb_sub(entry, entry, h->value + t, h->prec);
      else arb_add(entry, entry, h->value + t, h->prec);
    }
  for (size_t b = 0; b < h->rows; b++) {
    arb_struct *entry = arb_mat_entry(a, (slong)b, (slong)b);
    arb_sub(entry, entry, mu, h->prec);
  }
}

/* l, lower triangular with exact entries, l l^T about a. false: a pivot was
   not positive. */
static bool approximate_cholesky(arb_mat_t l, const arb_mat_t a, slong prec) {
  slong n = arb_mat_nrows(a);
  arb_ptr inverse = _arb_vec_init(n);
  bool positive = true;
  arb_mat_zero(l);
  for (slong i = 0; i < n && positive; i++) {
    arb_ptr row = arb_mat_entry(l, i, 0);
    for (slong j = 0; j <= i; j++) {
      arb_approx_dot(row + j, arb_mat_entry(a, i, j), 1, row, 1,
                     arb_mat_entry(l, j, 0), 1, j, prec);
      if (j < i) {
        arf_mul(arb_midref(row + j), arb_midref(row + j),
                arb_midref(inverse + j), prec, ARF_RND_DOWN);
        mag_zero(arb_radref(row + j));
      }
    }
    mag_zero(arb_radref(row + i));
    positive = arb_is_positive(row + i);
    if (positive) {
      arb_sqrt(row + i, row + i, prec);
      mag_zero(arb_radref(row + i));
      arb_inv(inverse + i, row + i, prec);
      mag_zero(arb_radref(inverse + i));
    }
  }
  _arb_vec_clear(inverse, n);
  return positive;
}

/* Upper bound on the greatest row sum of |a - l l^T|. */
static void residual_norm(arf_t norm, arb_mat_t a, const arb_mat_t l,
                          slong prec) {
  slong n = arb_mat_nrows(a);
  arb_mat_t other, product;
  arb_t sum, size;
  arf_t bound;
  arb_mat_init(other, n, n);
  arb_mat_init(product, n, n);
  arb_init(sum);
  arb_init(size);
  arf_init(bound);
  arb_mat_transpose(other, l);
  arb_mat_mul(product, l, other, prec);
  arb_mat_sub(a, a, product, prec);
  arf_zero(norm);
  for (slong i = 0; i < n; i++) {
    arb_zero(sum);
    for (slong j = 0; j < n; j++) {
      arb_abs(size, arb_mat_entry(a, i, j));
      arb_add(sum, sum, size, prec);
    }
    arb_get_ubound_arf(bound, sum, prec);
    if (arf_cmp(bound, norm) > 0) arf_set(norm, bound);
  }
  arb_mat_clear(other);
  arb_mat_clear(product);
  arb_clear(sum);
  arb_clear(size);
  arf_clear(bound);
}

/* A certain lower bound: mu - |O - mu - l l^T| for mu = theta - step, the step
   growing until the factor exists. */
static bool lower_bound(arb_t low, const operator_t *h, const arb_t theta,
                        const arb_t step) {
  slong n = (slong)h->rows;
  arb_mat_t a, l;
  arb_t mu;
  arf_t norm;
  bool found = false;
  arb_mat_init(a, n, n);
  arb_mat_init(l, n, n);
  arb_init(mu);
  arf_init(norm);
  for (slong k = 0; k < MAX_SHIFTS && !found; k++) {
    arb_mul_2exp_si(mu, step, 4 * k);
    arb_sub(mu, theta, mu, h->prec);
    mag_zero(arb_radref(mu));
    shifted_matrix(a, h, mu);
    found = approximate_cholesky(l, a, h->prec);
    if (!found) continue;
    residual_norm(norm, a, l, h->prec);
    arb_set_arf(low, norm);
    arb_sub(low, mu, low, h->prec);
    found = arb_is_finite(low);
  }
  arb_mat_clear(a);
  arb_mat_clear(l);
  arb_clear(mu);
  arf_clear(norm);
  return found;
}

status_t spectrum_least_dense(arb_t least, const pauli_sum_t sum,
                              size_t max_qubits, slong tol_bits) {
  if (sum->num_qubits > max_qubits || sum->num_qubits > 11) return STATUS_LIMIT;
  operator_t h;
  status_t status = STATUS_UNDECIDED;
  operator_init(&h, sum, tol_bits + 3 * (slong)sum->num_qubits + 48);
  if (h.rows > MAX_ROWS) {
    operator_clear(&h);
    return STATUS_LIMIT;
  }
  arb_ptr v = _arb_vec_init((slong)h.rows);
  arb_t theta, before, step, low;
  arb_init(theta);
  arb_init(before);
  arb_init(step);
  arb_init(low);
  for (size_t t = 0; t < h.length; t++) {
    arb_abs(low, h.value + t);
    arb_add(step, step, low, h.prec);
  }
  arb_mul_2exp_si(step, step, -tol_bits - 1);
  mag_zero(arb_radref(step));
  if (arb_is_zero(step)) {
    arb_zero(least);
    status = STATUS_OK;
    goto done;
  }
  start_vector(v, &h);
  rayleigh(theta, &h, v);
  for (int k = 0; k < MAX_RESTARTS; k++) {
    arb_swap(before, theta);
    bool more = lanczos(v, &h);
    rayleigh(theta, &h, v);
    arb_sub(before, before, theta, h.prec);
    arb_mul_2exp_si(before, before, 3); /* steps shrink geometrically */
    if (!more || arb_le(before, step)) break;
  }
  if (lower_bound(low, &h, theta, step)) {
    arb_union(least, low, theta, h.prec);
    status = STATUS_OK;
  }
done:
  arb_clear(theta);
  arb_clear(before);
  arb_clear(step);
  arb_clear(low);
  _arb_vec_clear(v, (slong)h.rows);
  operator_clear(&h);
  return status;
}
