/* State vectors of either precision against dense matrices, every instruction set
   against the portable one, many threads against one; long sums in single
   precision against the same in double. */
#include <complex.h>
#include <float.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/vector/kernels.h"
#include "numeric/vector/statevector.h"
#include "tests/ref_dense.h"
#include "tests/tap.h"
#include "tests/vectors.h"

enum { MAX_QUBITS = 5 };

/* Masks biased to identity, diagonal and full-weight strings. */
static uint64_t mask(size_t n) {
  uint64_t all = (UINT64_C(1) << n) - 1;
  switch (tap_random_below(6)) {
    case 0: return 0;
    case 1: return all;
    default: return tap_random() & all;
  }
}

static double complex amp(const statevector_t *v, size_t i, size_t lane) {
  return statevector_get(v->any, 2 * i * v->lanes + lane, v->precision) +
         I * statevector_get(v->any, (2 * i + 1) * v->lanes + lane, v->precision);
}

static void get_lane(ref_entry_t *out, const statevector_t *v, size_t lane) {
  for (size_t i = 0; i < (size_t)1 << v->num_qubits; i++)
    out[i] = amp(v, i, lane);
}

static double distance(const ref_entry_t *a, const statevector_t *v,
                       size_t lane) {
  double worst = 0;
  for (size_t i = 0; i < (size_t)1 << v->num_qubits; i++)
    worst = fmax(worst, cabs(a[i] - amp(v, i, lane)));
  return worst;
}

/* Entries below 2 sqrt(dim), dim terms of a few roundings each, and the
   reference's own squarings: 1e5 units cover them at n <= 5. In single precision the
   reference has none: 4 strings with coefficients below 1, applied to entries
   below 2, dim terms of sizes up to 8 added up, for 4 roundings each. */
static double tolerance(precision_t p) {
  return p == PRECISION_SINGLE ? (1 << MAX_QUBITS) * 8 * 4 * 0x1p-24
                               : 1e5 * DBL_EPSILON;
}

static bool rotation_agrees(size_t n, size_t lanes, precision_t precision) {
  enum { LANES = STATEVECTOR_MAX_LANES };
  statevector_t v;
  double c[LANES], s[LANES], a[LANES];
  ref_entry_t before[LANES][1 << MAX_QUBITS], after[1 << MAX_QUBITS];
  bool ok = statevector_init_as(&v, n, lanes, precision);
  uint64_t x = mask(n), z = mask(n);
  ref_entry_t *p = ref_string(n, x, z);
  vectors_fill(&v, 1);
  for (size_t k = 0; k < lanes; k++) {
    a[k] = 7 * vectors_uniform();
    c[k] = cos(a[k] / 2);
    s[k] = sin(a[k] / 2);
    get_lane(before[k], &v, k);
  }
  statevector_rotate(&v, x, z, c, s);
  for (size_t k = 0; k < lanes; k++) {
    ref_entry_t *u = ref_exponential(p, a[k] / 2, n);
    ref_apply(after, u, before[k], n);
    ok = ok && distance(after, &v, k) < tolerance(precision);
    free(u);
  }
  if (!ok)
    tap_diag("rotation about x %llx z %llx, n = %zu, %zu lanes",
             (unsigned long long)x, (unsigned long long)z, n, lanes);
  free(p);
  statevector_clear(&v);
  return ok;
}

static bool bracket_agrees(size_t n, size_t lanes, precision_t precision) {
  statevector_t a, b;
  double re[STATEVECTOR_MAX_LANES], im[STATEVECTOR_MAX_LANES];
  ref_entry_t va[1 << MAX_QUBITS], vb[1 << MAX_QUBITS], pb[1 << MAX_QUBITS];
  bool ok = statevector_init_as(&a, n, lanes, precision) &&
            statevector_init_as(&b, n, lanes, precision);
  uint64_t x = mask(n), z = mask(n);
  ref_entry_t *p = ref_string(n, x, z);
  vectors_fill(&a, 1);
  vectors_fill(&b, 1);
  statevector_bracket(re, im, &a, x, z, &b);
  for (size_t k = 0; k < lanes; k++) {
    ref_entry_t sum = 0;
    get_lane(va, &a, k);
    get_lane(vb, &b, k);
    ref_apply(pb, p, vb, n);
    for (size_t i = 0; i < (size_t)1 << n; i++) sum += conj(va[i]) * pb[i];
    ok = ok && cabs(sum - re[k] - I * im[k]) < tolerance(precision);
  }
  free(p);
  statevector_clear(&a);
  statevector_clear(&b);
  return ok;
}

/* H v, <v|H|v> and, in double precision, exp(-i t H) v for a random sum. */
static bool sums_agree(size_t n, size_t lanes, precision_t precision) {
  enum { LANES = STATEVECTOR_MAX_LANES };
  statevector_t v, w, work[3];
  double_sum_t sum;
  double angles[LANES], energy[LANES];
  ref_entry_t in[LANES][1 << MAX_QUBITS], out[1 << MAX_QUBITS];
  bool ok = statevector_init_as(&v, n, lanes, precision) &&
            statevector_init_as(&w, n, lanes, precision);
  bool turns = precision == PRECISION_DOUBLE;
  double tol = tolerance(precision);
  for (int i = 0; i < 3; i++)
    ok = ok && statevector_init_as(work + i, n, lanes, precision);
  ref_entry_t *h = ref_zero(n);
  double_sum_init(&sum, 1 + tap_random_below(4));
  for (size_t j = 0; j < sum.length; j++) {
    sum.x[j] = mask(n);
    sum.z[j] = mask(n);
    sum.coeffs[j] = vectors_uniform();
    sum.norm1 += fabs(sum.coeffs[j]);
    ref_entry_t *p = ref_string(n, sum.x[j], sum.z[j]);
    ref_add(h, sum.coeffs[j], p, n);
    free(p);
  }
  vectors_fill(&v, 1);
  vectors_fill(&w, 1);
  for (size_t k = 0; k < lanes; k++) {
    get_lane(in[k], &v, k);
    angles[k] = k == 0 ? 0 : 12 * vectors_uniform();
  }
  statevector_apply_sum(&w, &sum, &v);
  statevector_expectation(energy, &v, &sum);
  if (turns) statevector_exponential(&v, &sum, angles, work);
  for (size_t k = 0; k < lanes; k++) {
    double complex e = 0;
    ref_entry_t *u = ref_exponential(h, angles[k], n);
    ref_apply(out, h, in[k], n);
    for (size_t i = 0; i < (size_t)1 << n; i++) e += conj(in[k][i]) * out[i];
    ok = ok && distance(out, &w, k) < tol && fabs(creal(e) - energy[k]) < tol;
    ref_apply(out, u, in[k], n);
    ok = ok && (!turns || distance(out, &v, k) < tol);
    free(u);
  }
  free(h);
  double_sum_clear(&sum);
  statevector_clear(&v);
  statevector_clear(&w);
  for (int i = 0; i < 3; i++) statevector_clear(work + i);
  return ok;
}

/* The reduced state is 2^-n prod_j (1 + s_j g_j), entry by entry. */
static bool state_agrees(size_t n, precision_t precision) {
  stabilizer_state_t state;
  stabilizer_state_init(state, n);
  size_t wanted = tap_random_below(n + 1), dim = (size_t)1 << n;
  for (int tries = 0; tries < 200 && state->rank < wanted; tries++) {
    uint64_t string[2] = {mask(n), mask(n)};
    if (string[0] | string[1])
      (void)stabilizer_state_add(state, string, tap_random() & 1);
  }
  ref_entry_t *rho = ref_stabilizer(state, n);
  statevector_t v;
  quantum_state_t any;
  quantum_state_init(any, n);
  quantum_state_set_stabilizer(any, state);
  size_t ancillas = statevector_ancillas(any);
  bool ok = statevector_init_as(&v, n + ancillas, 1, precision);
  vectors_fill(&v, 1);
  statevector_prepare(&v, any);
  quantum_state_clear(any);
  for (size_t r = 0; r < dim; r++)
    for (size_t c = 0; c < dim; c++) {
      ref_entry_t sum = 0;
      for (size_t k = 0; k < (size_t)1 << ancillas; k++)
        sum += amp(&v, r | k << n, 0) * conj(amp(&v, c | k << n, 0));
      ok = ok && cabs(sum - rho[r * dim + c]) < tolerance(precision);
    }
  free(rho);
  statevector_clear(&v);
  stabilizer_state_clear(state);
  return ok;
}

/* A random Bloch vector: generic and mixed, pure and rational, along an axis,
   or zero. */
static void random_bloch(product_state_t state, size_t qubit) {
  static const slong pure[4][4] = {{3, 0, 4, 5}, {2, 3, 6, 7}, {4, 8, 1, 9},
                                   {0, 0, 1, 1}};
  size_t kind = tap_random_below(4), row = tap_random_below(4);
  slong numbers[3] = {0, 0, 0}, den = 1;
  fmpq bloch[3];
  for (size_t c = 0; c < 3; c++) {
    if (kind == 0) numbers[c] = (slong)tap_random_below(11) - 5;
    if (kind == 1) numbers[(c + row) % 3] = pure[row][c];
    if (kind == 2 && c == row % 3) numbers[c] = 1;
    if (tap_random_below(2)) numbers[c] = -numbers[c];
  }
  if (kind == 0) den = 9;
  if (kind == 1) den = pure[row][3];
  for (size_t c = 0; c < 3; c++) {
    fmpq_init(bloch + c);
    fmpq_set_si(bloch + c, numbers[c], (ulong)den);
  }
  status_t status = product_state_set_bloch(state, qubit, bloch, bloch + 1,
                                            bloch + 2);
  if (status != STATUS_OK) abort(); /* all of them lie inside the ball */
  for (size_t c = 0; c < 3; c++) fmpq_clear(bloch + c);
}

/* The reduced state is the product of (1 + x X + y Y + z Z)/2; expectations
   are traces with it. */
static bool product_agrees(size_t n, precision_t precision) {
  size_t dim = (size_t)1 << n;
  product_state_t product;
  quantum_state_t any;
  statevector_t v;
  product_state_init(product, n);
  quantum_state_init(any, n);
  ref_entry_t *rho = ref_identity(n);
  for (size_t j = 0; j < n; j++) {
    uint64_t x = UINT64_C(1) << j;
    random_bloch(product, j);
    ref_entry_t *factor = ref_identity(n), *p;
    for (size_t c = 0; c < 3; c++) {
      p = ref_string(n, c < 2 ? x : 0, c > 0 ? x : 0);
      ref_add(factor, fmpq_get_d(product->bloch + 3 * j + c), p, n);
      free(p);
    }
    p = ref_product(rho, factor, n);
    free(rho);
    free(factor);
    rho = p;
  }
  quantum_state_set_product(any, product);
  size_t ancillas = statevector_ancillas(any);
  bool ok = statevector_init_as(&v, n + ancillas, 1, precision);
  vectors_fill(&v, 1);
  statevector_prepare(&v, any);
  for (size_t r = 0; r < dim; r++)
    for (size_t c = 0; c < dim; c++) {
      ref_entry_t sum = 0;
      for (size_t k = 0; k < (size_t)1 << ancillas; k++)
        sum += amp(&v, r | k << n, 0) * conj(amp(&v, c | k << n, 0));
      ok = ok && cabs(sum - rho[r * dim + c] / (double)dim) < tolerance(precision);
    }
  for (int t = 0; t < 5; t++) {
    uint64_t string[2] = {mask(n), mask(n)};
    fmpq_t value;
    fmpq_init(value);
    ref_entry_t *p = ref_string(n, string[0], string[1]);
    quantum_state_expectation(value, any, string);
    double trace = creal(ref_trace_product(rho, p, n)) / (double)dim;
    ok = ok && fabs(trace - fmpq_get_d(value)) < tolerance(PRECISION_DOUBLE);
    free(p);
    fmpq_clear(value);
  }
  free(rho);
  statevector_clear(&v);
  quantum_state_clear(any);
  product_state_clear(product);
  return ok;
}

static double difference(const double *a, const double *b, size_t size) {
  double worst = 0;
  for (size_t i = 0; i < size; i++) worst = fmax(worst, fabs(a[i] - b[i]));
  return worst;
}

/* One instruction set against the portable one, on a vector of a unit or more:
   ranges split at random, signs flipped or not. */
typedef struct {
  const kernels_t *kernel;
  kernel_turn_t turn, unit;
  size_t n, pairs, units; /* qubits; items of rotate and of bracket */
} side_t;

static void side_init(side_t *side, const kernels_t *kernel, size_t n,
                      size_t lanes, uint64_t x, uint64_t z, const double *rows) {
  unsigned phase = (unsigned)__builtin_popcountll(x & z);
  side->kernel = kernel;
  side->n = n;
  kernel->prepare(&side->turn, x, z, phase);
  kernel->prepare(&side->unit, x, z, phase);
  kernel->load(&side->turn, rows, rows + lanes, false);
  kernel->load(&side->unit, rows, rows + lanes, true);
  side->units = (size_t)1 << (n - kernel->unit_bits);
  side->pairs = side->units >> side->turn.paired;
}

static bool same_vectors(const statevector_t *a, const statevector_t *b) {
  return vectors_distance(a, b) < 128 * precision_unit(a->precision);
}

static double sum_of(const double *r) {
  double sum = 0;
  for (size_t k = 0; k < KERNEL_SUMS; k++) sum += r[k];
  return sum;
}

static bool sides_agree(const side_t *a, const side_t *b, statevector_t *u,
                        statevector_t *v, statevector_t *w, statevector_t *y,
                        const double *f) {
  unsigned p = (unsigned)tap_random_below(2);
  size_t cut = tap_random_below(b->pairs + 1), lanes = u->lanes;
  double r[2][2 * KERNEL_SUMS] __attribute__((aligned(64))) = {{0}};
  a->kernel->rotate(u->any, &a->turn, p, 0, a->pairs);
  b->kernel->rotate(v->any, &b->turn, p, 0, cut);
  b->kernel->rotate(v->any, &b->turn, p, cut, b->pairs);
  bool ok = same_vectors(u, v);
  a->kernel->back(u->any, w->any, r[0], &a->unit, p, 0, a->pairs);
  b->kernel->back(v->any, y->any, r[1], &b->unit, p, 0, cut);
  b->kernel->back(v->any, y->any, r[1], &b->unit, p, cut, b->pairs);
  ok = ok && same_vectors(u, v) && same_vectors(w, y);
  a->kernel->follow(u->any, w->any, r[0] + KERNEL_SUMS, &a->unit, p, 0, a->pairs);
  b->kernel->follow(v->any, y->any, r[1] + KERNEL_SUMS, &b->unit, p, 0, b->pairs);
  ok = ok && same_vectors(u, v) && same_vectors(w, y);
  double tolerance_sum =
      128 * ldexp(1, (int)u->num_qubits) * precision_unit(u->precision);
  for (size_t half = 0; half < 2 * KERNEL_SUMS; half += KERNEL_SUMS)
    ok = ok && (lanes == 1
                    ? fabs(sum_of(r[0] + half) - sum_of(r[1] + half))
                    : difference(r[0] + half, r[1] + half, lanes)) < tolerance_sum;
  cut = tap_random_below(b->units + 1);
  a->kernel->add(u->any, &a->unit, f, w->any, 0, a->units);
  b->kernel->add(v->any, &b->unit, f, w->any, 0, cut);
  b->kernel->add(v->any, &b->unit, f, w->any, cut, b->units);
  ok = ok && same_vectors(u, v);
  memset(r, 0, sizeof r);
  a->kernel->bracket(r[0], u->any, &a->unit, p, w->any, 0, a->units);
  b->kernel->bracket(r[1], u->any, &b->unit, p, w->any, 0, cut);
  b->kernel->bracket(r[1], u->any, &b->unit, p, w->any, cut, b->units);
  return ok && difference(r[0], r[1], 2 * lanes) < tolerance_sum;
}

/* Tables of phases and Hadamard transforms, against sums written out. */
static bool tables_agree(const kernels_t *kernel, size_t lanes,
                         precision_t precision) {
  size_t least = kernel->unit_bits ? kernel->unit_bits : 1;
  size_t n = least + tap_random_below(4), dim = (size_t)1 << n;
  size_t row = lanes == 1 ? 2 : lanes;
  statevector_t v, w, q;
  double f[2 * STATEVECTOR_MAX_LANES] __attribute__((aligned(64)));
  double unit = precision_unit(precision);
  bool ok = statevector_init_as(&v, n, lanes, precision) &&
            statevector_init_as(&w, n, lanes, precision) &&
            statevector_init_as(&q, n, lanes, precision);
  vectors_fill(&v, 1);
  vectors_fill(&w, 1);
  for (size_t k = 0; k < 2 * lanes; k++) f[k] = vectors_uniform();
  kernel->cross(q.any, v.any, w.any, dim);
  kernel->hadamard(q.any, (unsigned)n);
  for (size_t z = 0; z < dim; z++)
    for (size_t k = 0; k < lanes; k++) {
      double sum = 0;
      for (size_t i = 0; i < dim; i++)
        sum += (__builtin_parityll(z & i) ? -1 : 1) *
               cimag(conj(amp(&w, i, k)) * amp(&v, i, k));
      ok = ok && fabs(sum - statevector_get(q.any, z * row + k, precision)) <
                     16 * (double)dim * unit;
    }
  statevector_copy(&q, &v);
  for (size_t half = 1; half < dim; half *= 2)
    kernel->double_up(q.any, half, f);
  statevector_copy(&v, &w);
  kernel->multiply(w.any, q.any, dim);
  for (size_t i = 0; i < dim; i++)
    for (size_t k = 0; k < lanes; k++) {
      double complex t = amp(&q, 0, k), g = f[k] + I * f[lanes + k];
      for (int p = __builtin_popcountll(i); p > 0; p--) t *= g;
      ok = ok && cabs(amp(&q, i, k) - t) < 128 * unit * (1 + cabs(t));
      ok = ok && cabs(amp(&w, i, k) - t * amp(&v, i, k)) <
                     128 * unit * (1 + cabs(t));
    }
  statevector_clear(&v);
  statevector_clear(&w);
  statevector_clear(&q);
  return ok;
}

static bool kernels_agree(const kernels_t *a, const kernels_t *b, size_t lanes,
                          precision_t precision) {
  size_t least = a->unit_bits > b->unit_bits ? a->unit_bits : b->unit_bits;
  if (!least) least = 1;
  size_t n = least + tap_random_below(7);
  uint64_t x = mask(n), z = mask(n);
  statevector_t v[4];
  double rows[4 * STATEVECTOR_MAX_LANES] __attribute__((aligned(64)));
  side_t left, right;
  bool ok = true;
  for (int i = 0; i < 4; i++) {
    ok = ok && statevector_init_as(v + i, n, lanes, precision);
    if (i % 2 == 0)
      vectors_fill(v + i, 1);
    else
      statevector_copy(v + i, v + i - 1);
  }
  for (size_t k = 0; k < 4 * lanes; k++) rows[k] = vectors_uniform();
  side_init(&left, a, n, lanes, x, z, rows);
  side_init(&right, b, n, lanes, x, z, rows);
  ok = ok && sides_agree(&left, &right, v, v + 1, v + 2, v + 3,
                         rows + 2 * lanes);
  for (int i = 0; i < 4; i++) statevector_clear(v + i);
  return ok;
}

static void test_instructions(precision_t p) {
  static const char *const names[] = {"portable", "avx2", "avx512"};
  setenv("LIESCAPE_SIMD", "portable", 1);
  const kernel_family_t *portable = kernels_choose()->families[p];
  size_t lanes = statevector_lanes(p);
  for (int i = 0; i < 3; i++) {
    bool ok = true;
    setenv("LIESCAPE_SIMD", names[i], 1);
    const kernel_set_t *set = kernels_choose();
    const kernel_family_t *own = set->families[p];
    if (strcmp(set->name, names[i])) {
      tap_skip("this machine has no %s", names[i]);
      continue;
    }
    for (long t = 0; t < tap_iterations(300); t++)
      ok = ok && kernels_agree(&portable->tiny, &own->one, 1, p) &&
           kernels_agree(&portable->one, &own->one, 1, p) &&
           tables_agree(&own->tiny, 1, p) && tables_agree(&own->one, 1, p) &&
           tables_agree(&own->many, lanes, p) &&
           kernels_agree(&portable->many, &own->many, lanes, p);
    tap_ok(ok, "%s: %s agrees with portable", precision_name(p), names[i]);
  }
  unsetenv("LIESCAPE_SIMD");
}

/* Sums of 2^n terms: single against double on the same numbers, for every set.
   Terms below 1/2^n in size, of one sign, so that they would drown in a sum
   without parts; parts of KERNEL_PARTIAL terms, each rounded once when made. */
static bool long_sum_agrees(const kernel_set_t *set, size_t n, size_t lanes) {
  statevector_t a, b, d;
  kernel_turn_t turn;
  double none[STATEVECTOR_MAX_LANES] __attribute__((aligned(64))) = {0};
  double r[2 * KERNEL_SUMS] __attribute__((aligned(64))) = {0};
  double s[KERNEL_SUMS] __attribute__((aligned(64))) = {0};
  double want = 0, size = ldexp(1, (int)n), tol = 2 * KERNEL_PARTIAL * 0x1p-24;
  const kernel_family_t *family = set->families[PRECISION_SINGLE];
  const kernels_t *kernel = lanes > 1 ? &family->many : &family->one;
  bool ok = statevector_init_as(&a, n, lanes, PRECISION_SINGLE) &&
            statevector_init_as(&b, n, lanes, PRECISION_SINGLE) &&
            statevector_init_as(&d, n, lanes, PRECISION_SINGLE);
  for (size_t i = 0; ok && i < (size_t)1 << n; i++) {
    float x = (float)((1 + vectors_uniform()) / 2 / sqrt(size));
    statevector_set(&a, i, x, 0);
    statevector_set(&d, i, 0, x); /* i a */
    want += (double)x * (double)x;
  }
  statevector_copy(&b, &a);
  kernel->prepare(&turn, 0, 0, 0);
  kernel->load(&turn, none, none, true);
  kernel->bracket(r, a.any, &turn, 0, b.any, 0,
                  (size_t)1 << (n - kernel->unit_bits));
  kernel->back(d.any, a.any, s, &turn, 0, 0,
               (size_t)1 << (n - kernel->unit_bits));
  for (size_t k = 0; k < lanes; k++) {
    double slope = lanes == 1 ? sum_of(s) : s[k];
    ok = ok && fabs(r[k] - want) < tol * want && fabs(slope - want) < tol * want;
  }
  statevector_clear(&a);
  statevector_clear(&b);
  statevector_clear(&d);
  return ok;
}

static void test_long_sums(void) {
  static const char *const names[] = {"portable", "avx2", "avx512"};
  bool ok = true;
  for (int i = 0; i < 3; i++) {
    setenv("LIESCAPE_SIMD", names[i], 1);
    const kernel_set_t *set = kernels_choose();
    ok = ok && long_sum_agrees(set, 22, 1) &&
         long_sum_agrees(set, 18, STATEVECTOR_MAX_LANES);
  }
  unsetenv("LIESCAPE_SIMD");
  tap_ok(ok, "single: sums of millions of terms");
}

/* Quadrant boundaries, tiny and large angles. */
static void test_angles(void) {
  static const char *const names[] = {"portable", "avx2", "avx512"};
  double worst = 0;
  for (int i = 0; i < 3; i++) {
    setenv("LIESCAPE_SIMD", names[i], 1);
    const kernel_set_t *set = kernels_choose();
    for (long t = 0; t < tap_iterations(20000); t++) {
      double half[STATEVECTOR_LANES] __attribute__((aligned(64)));
      double c[STATEVECTOR_LANES] __attribute__((aligned(64)));
      double s[STATEVECTOR_LANES] __attribute__((aligned(64)));
      for (size_t k = 0; k < STATEVECTOR_LANES; k++) {
        half[k] = ldexp(vectors_uniform(), (int)tap_random_below(40) - 20);
        if (tap_random_below(3) == 0)
          half[k] = (double)((long)tap_random_below(4000) - 2000) * M_PI / 4;
      }
      set->angles(c, s, half);
      for (size_t k = 0; k < STATEVECTOR_LANES; k++) {
        worst = fmax(worst, fabs(c[k] - cos(half[k])));
        worst = fmax(worst, fabs(s[k] - sin(half[k])));
      }
    }
  }
  unsetenv("LIESCAPE_SIMD");
  tap_ok(worst <= 2 * DBL_EPSILON, "cosines and sines: error %.2g", worst);
}

/* Same bits with one thread and with two. */
static void test_threads(precision_t p) {
  enum { QUBITS = 18 };
  statevector_t v[2];
  double re[2], im[2], c = cos(0.3), s = sin(0.3);
  uint64_t seed = tap_random();
  for (int i = 0; i < 2; i++) {
    if (!statevector_init_as(v + i, QUBITS, 1, p)) return;
    omp_set_num_threads(i + 1);
    for (size_t k = 0; k < (size_t)2 << QUBITS; k++)
      statevector_put(
          v[i].any, k,
          (double)((seed ^ (k * UINT64_C(0x9e3779b97f4a7c15))) >> 40), p);
    statevector_rotate(v + i, 5, 3, &c, &s);
    statevector_rotate(v + i, UINT64_C(1) << 17, 7, &c, &s);
    statevector_rotate(v + i, 0, 77, &c, &s);
    statevector_bracket(re + i, im + i, v + i, 9, 1 << 17, v + i);
  }
  tap_ok(!memcmp(v[0].any, v[1].any, statevector_bytes(QUBITS, 1, p)) &&
             re[0] == re[1] && im[0] == im[1],
         "%s: the same bits with one and two threads at %d qubits",
         precision_name(p), QUBITS);
  statevector_clear(v);
  statevector_clear(v + 1);
}

static void test_operations(precision_t p, size_t lanes) {
  bool rotations = true, brackets = true, sums = true;
  const char *name = precision_name(p);
  for (long t = 0; t < tap_iterations(150); t++) {
    size_t n = 1 + tap_random_below(MAX_QUBITS);
    rotations = rotations && rotation_agrees(n, lanes, p);
    brackets = brackets && bracket_agrees(n, lanes, p);
    if (n <= 4) sums = sums && sums_agree(n, lanes, p);
  }
  tap_ok(rotations, "%s: rotations, %zu lane(s)", name, lanes);
  tap_ok(brackets, "%s: matrix elements, %zu lane(s)", name, lanes);
  tap_ok(sums, "%s: sums%s, %zu lane(s)", name,
         p == PRECISION_DOUBLE ? " and their exponentials" : "", lanes);
}

static void test_states(precision_t p) {
  bool states = true, products = true;
  for (long t = 0; t < tap_iterations(300); t++)
    states = states && state_agrees(1 + tap_random_below(4), p);
  tap_ok(states, "%s: stabilizer states, pure and mixed", precision_name(p));
  for (long t = 0; t < tap_iterations(300); t++)
    products = products && product_agrees(1 + tap_random_below(4), p);
  tap_ok(products, "%s: product states, pure and mixed", precision_name(p));
}

int main(void) {
  tap_begin("t-statevector");
  for (int i = 0; i < 2; i++) {
    precision_t p = i ? PRECISION_SINGLE : PRECISION_DOUBLE;
    test_operations(p, 1);
    test_operations(p, statevector_lanes(p));
    test_states(p);
    test_instructions(p);
    test_threads(p);
  }
  test_angles();
  test_long_sums();
  return tap_end();
}
