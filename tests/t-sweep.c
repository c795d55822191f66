/* Sweeps against one rotation after the other: products, slopes, one and many
   lanes, one and two threads, strings of all kinds. */
#include <float.h>
#include <math.h>
#include <omp.h>
#include <string.h>

#include "numeric/vector/passes.h"
#include "tests/tap.h"
#include "tests/vectors.h"

enum { MAX_GATES = 80, LANES = STATEVECTOR_MAX_LANES };

typedef struct {
  size_t n, lanes, count, lambdas;
  precision_t precision;
  sweep_string_t strings[MAX_GATES];
  double rows[MAX_GATES][2 * LANES];
} case_t;

/* kind 0: random strings; 1: local ones, as of a hardware-efficient circuit;
   2: diagonal ones mostly; 3: any of these. */
static sweep_string_t random_string(size_t n, size_t kind) {
  uint64_t all = (UINT64_C(1) << n) - 1, bit = UINT64_C(1) << tap_random_below(n);
  if (kind == 3) kind = tap_random_below(3);
  if (kind == 0) return (sweep_string_t){tap_random() & all, tap_random() & all};
  if (kind == 2 && tap_random_below(6))
    return (sweep_string_t){0, tap_random() & all};
  switch (tap_random_below(4)) {
    case 0: return (sweep_string_t){bit, bit};
    case 1: return (sweep_string_t){bit, 0};
    case 2: return (sweep_string_t){0, bit};
    default: return (sweep_string_t){0, (bit | bit << 1) & all};
  }
}

static void case_init(case_t *c, size_t n, size_t lanes, precision_t precision,
                      size_t count) {
  size_t kind = tap_random_below(4);
  c->n = n;
  c->lanes = lanes;
  c->precision = precision;
  c->count = count;
  c->lambdas = 1 + tap_random_below(3) / 2;
  for (size_t j = 0; j < count; j++) {
    c->strings[j] = random_string(n, kind);
    for (size_t k = 0; k < lanes; k++) {
      double angle = 4 * vectors_uniform();
      if (tap_random_below(8) == 0) angle = M_PI / 4 * (double)tap_random_below(5);
      c->rows[j][k] = cos(angle);
      c->rows[j][lanes + k] = sin(angle);
    }
  }
}

static void fill(statevector_t *v) {
  vectors_fill(v, sqrt(1.5 / ldexp(1, (int)v->num_qubits)));
}

/* Vectors of norm about 1, at most MAX_GATES rotations of a few roundings each;
   products of two of them summed over 2^n terms in blocks. */
static double tolerance(const case_t *c) {
  return 32 * ((double)c->count + 8) * precision_unit(c->precision);
}

/* Sums of 2^n terms, in double precision in one go. */
static double summing(const case_t *c) {
  return c->precision == PRECISION_SINGLE
             ? 2 * KERNEL_PARTIAL * precision_unit(c->precision)
             : ldexp(DBL_EPSILON, (int)c->n / 2);
}

/* From the last gate to the first when backwards, then with the sines turned. */
static void step(case_t *c, statevector_t *v, size_t j, double sign) {
  double s[LANES];
  for (size_t k = 0; k < c->lanes; k++) s[k] = sign * c->rows[j][c->lanes + k];
  statevector_rotate(v, c->strings[j].x, c->strings[j].z, c->rows[j], s);
}

static bool run_agrees(case_t *c) {
  statevector_t v[2];
  bool ok = statevector_init_as(v, c->n, c->lanes, c->precision) &&
            statevector_init_as(v + 1, c->n, c->lanes, c->precision);
  sweep_t *sweep =
      sweep_init(c->strings, c->count, c->n, c->lanes, c->precision, 1);
  fill(v);
  statevector_copy(v + 1, v);
  for (int pass = 0; pass < 2; pass++) { /* the second with used work space */
    double sign = pass ? -1 : 1;
    for (size_t j = 0; j < c->count; j++) step(c, v, j, sign);
    sweep_run(v + 1, sweep, c->rows[0], 2 * LANES, sign);
    ok = ok && vectors_distance(v, v + 1) < tolerance(c);
  }
  sweep_clear(sweep);
  statevector_clear(v);
  statevector_clear(v + 1);
  return ok;
}

static bool adjoint_agrees(case_t *c) {
  enum { MAX_VECTORS = 3 };
  statevector_t v[MAX_VECTORS], w[MAX_VECTORS];
  static double slopes[MAX_GATES * 2 * LANES];
  sweep_string_t reverse[MAX_GATES];
  double re[LANES], im[LANES];
  size_t row = c->lambdas * c->lanes;
  bool ok = true;
  for (size_t i = 0; i <= c->lambdas; i++) {
    ok = ok && statevector_init_as(v + i, c->n, c->lanes, c->precision) &&
         statevector_init_as(w + i, c->n, c->lanes, c->precision);
    fill(v + i);
    statevector_copy(w + i, v + i);
  }
  for (size_t j = 0; j < c->count; j++) reverse[j] = c->strings[c->count - 1 - j];
  sweep_t *sweep = sweep_init(reverse, c->count, c->n, c->lanes, c->precision,
                              1 + c->lambdas);
  sweep_adjoint(slopes + (c->count - 1) * row, -(ptrdiff_t)row, w, w + 1,
                c->lambdas, sweep, c->rows[c->count - 1], -2 * LANES, -1);
  for (size_t j = c->count; j-- > 0;) {
    for (size_t l = 0; l < c->lambdas; l++) {
      statevector_bracket(re, im, v + 1 + l, c->strings[j].x, c->strings[j].z, v);
      for (size_t k = 0; k < c->lanes; k++)
        ok = ok && fabs(im[k] - slopes[j * row + l * c->lanes + k]) <
                       2 * tolerance(c) + summing(c);
    }
    for (size_t i = 0; i <= c->lambdas; i++) step(c, v + i, j, -1);
  }
  for (size_t i = 0; i <= c->lambdas; i++) {
    ok = ok && vectors_distance(v + i, w + i) < tolerance(c);
    statevector_clear(v + i);
    statevector_clear(w + i);
  }
  sweep_clear(sweep);
  return ok;
}

static void test_agreement(size_t lanes, precision_t precision, size_t least,
                           size_t most, long runs) {
  bool products = true, slopes = true;
  long t = 0;
  for (; t < runs && products && slopes; t++) {
    static case_t c;
    size_t n = least + tap_random_below(most - least + 1);
    case_init(&c, n, lanes, precision, 1 + tap_random_below(MAX_GATES));
    products = run_agrees(&c);
    slopes = adjoint_agrees(&c);
    if (!products || !slopes)
      tap_diag("%zu qubits, %zu rotations, %zu lambdas", n, c.count, c.lambdas);
  }
  const char *name = precision_name(precision);
  tap_ok(products, "%s: products, %zu lane(s), %zu to %zu qubits (%ld)", name,
         lanes, least, most, t);
  tap_ok(slopes, "%s: slopes, %zu lane(s), %zu to %zu qubits (%ld)", name, lanes,
         least, most, t);
}

/* The same bits with one thread and with two. */
static void test_threads(precision_t p) {
  enum { QUBITS = 16 };
  static case_t c;
  static double slopes[2][MAX_GATES * 2];
  statevector_t v[4];
  case_init(&c, QUBITS, 1, p, MAX_GATES);
  c.lambdas = 1;
  bool ok = true;
  for (int i = 0; i < 4; i++)
    ok = ok && statevector_init_as(v + i, QUBITS, 1, p);
  fill(v);
  fill(v + 1);
  statevector_copy(v + 2, v);
  statevector_copy(v + 3, v + 1);
  for (int i = 0; i < 2; i++) {
    omp_set_num_threads(i + 1);
    sweep_t *run = sweep_init(c.strings, c.count, QUBITS, 1, p, 1);
    sweep_t *back = sweep_init(c.strings, c.count, QUBITS, 1, p, 2);
    sweep_run(v + 2 * i, run, c.rows[0], 2 * LANES, 1);
    sweep_adjoint(slopes[i], 1, v + 2 * i, v + 2 * i + 1, 1, back, c.rows[0],
                  2 * LANES, 1);
    sweep_clear(run);
    sweep_clear(back);
  }
  for (int i = 0; i < 2; i++)
    ok = ok && !memcmp(v[i].any, v[2 + i].any, statevector_bytes(QUBITS, 1, p));
  ok = ok && !memcmp(slopes[0], slopes[1], c.count * sizeof(double));
  tap_ok(ok, "%s: the same bits with one and two threads", precision_name(p));
  for (int i = 0; i < 4; i++) statevector_clear(v + i);
}

/* A layer on all qubits needs few passes over a vector larger than the caches. */
static void test_passes(void) {
  enum { QUBITS = 20 };
  sweep_string_t strings[2 * QUBITS];
  for (size_t q = 0; q < QUBITS; q++) {
    uint64_t bit = UINT64_C(1) << q;
    strings[q] = (sweep_string_t){bit, bit};
    strings[QUBITS + q] = (sweep_string_t){0, bit};
  }
  sweep_t *sweep = sweep_init(strings, 2 * QUBITS, QUBITS, 1,
                              PRECISION_DOUBLE, 1);
  size_t passes = sweep_num_passes(sweep);
  tap_ok(passes <= 3, "%d rotations of %d qubits in %zu passes", 2 * QUBITS,
         QUBITS, passes);
  sweep_clear(sweep);
}

int main(void) {
  tap_begin("t-sweep");
  for (int i = 0; i < 2; i++) {
    precision_t p = i ? PRECISION_SINGLE : PRECISION_DOUBLE;
    test_agreement(1, p, 1, 6, tap_iterations(60));
    test_agreement(1, p, 8, 15, tap_iterations(30));
    test_agreement(1, p, 16, 18, tap_iterations(4));
    test_agreement(statevector_lanes(p), p, 1, 7, tap_iterations(40));
    test_agreement(statevector_lanes(p), p, 8, 13, tap_iterations(12));
    test_threads(p);
  }
  test_passes();
  return tap_end();
}
