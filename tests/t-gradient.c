/* Derivatives of random small circuits against dense matrices. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "numeric/circuit/gradient.h"
#include "tests/random_gates.h"
#include "tests/tap.h"

enum { MAX_QUBITS = 4, MAX_DIM = 1 << MAX_QUBITS, MAX_DRIVES = 6 };

static void fill(statevector_t *v) {
  size_t dim = (size_t)1 << v->num_qubits;
  for (size_t k = 0; k < v->lanes; k++) {
    double norm = 0;
    for (size_t i = 0; i < 2 * dim; i++) {
      double a = random_gates_uniform();
      statevector_put(v->any, i * v->lanes + k, a, v->precision);
      norm += a * a;
    }
    for (size_t i = 0; i < 2 * dim; i++) {
      size_t at = i * v->lanes + k;
      statevector_put(v->any, at,
                      statevector_get(v->any, at, v->precision) / sqrt(norm),
                      v->precision);
    }
  }
}

static ref_entry_t inner(const ref_entry_t *a, const ref_entry_t *m,
                         const ref_entry_t *b, size_t n) {
  ref_entry_t out[MAX_DIM], sum = 0;
  ref_apply(out, m, b, n);
  for (size_t i = 0; i < (size_t)1 << n; i++) sum += conj(a[i]) * out[i];
  return sum;
}

/* Norms: unit vectors, |O| <= 3, coefficients <= 2, at most 2 x 10 gates. The
   dense exponentials (angles up to 50 in norm) lose the most. In single precision
   there are none: 8 u for each of 20 gates, twice the norm of O, make 6e-5 at
   worst; roundings being independent, a sixth of that is many deviations. */
static double tolerance(precision_t p) {
  return p == PRECISION_SINGLE ? 1e-5 : 1e6 * DBL_EPSILON;
}

static bool gradient_agrees(size_t lanes, precision_t precision) {
  size_t n = 1 + tap_random_below(MAX_QUBITS), p = 1 + tap_random_below(MAX_DRIVES);
  program_t program;
  double_sum_t o;
  statevector_t in;
  gradient_work_t work;
  double drives[MAX_DRIVES * STATEVECTOR_MAX_LANES] __attribute__((aligned(64)));
  double gradient[MAX_DRIVES * STATEVECTOR_MAX_LANES], loss[STATEVECTOR_MAX_LANES];
  random_gates_init(&program, n, p, tap_random_below(11),
                    precision == PRECISION_SINGLE ? 0 : tap_random_below(3));
  random_gates_sum(&o, n, 1 + tap_random_below(3));
  for (size_t i = 0; i < MAX_DRIVES * STATEVECTOR_MAX_LANES; i++) {
    drives[i] = 4 * random_gates_uniform();
    gradient[i] = NAN;
  }
  double tol = tolerance(precision);
  bool ok = statevector_init_as(&in, n, lanes, precision) &&
            gradient_work_init(&work, &program, &program.circuit, n, lanes,
                               precision);
  fill(&in);
  for (int pass = 0; pass < 2; pass++) /* the second with used vectors */
    gradient_compute(pass ? gradient : NULL, loss, &work, &o, &in, drives);
  ref_entry_t *m = ref_double_sum(&o, n);
  for (size_t k = 0; k < lanes && ok; k++) {
    double t[MAX_DRIVES];
    ref_entry_t v[MAX_DIM], psi[MAX_DIM], d[MAX_DIM];
    for (size_t i = 0; i < p; i++) t[i] = drives[i * lanes + k];
    for (size_t i = 0; i < (size_t)1 << n; i++)
      v[i] = statevector_get(in.any, 2 * i * lanes + k, precision) +
             I * statevector_get(in.any, (2 * i + 1) * lanes + k, precision);
    ref_run(psi, &program, t, v, PROGRAM_NONE, PROGRAM_NONE);
    double l = creal(inner(psi, m, psi, n));
    ok = fabs(l - loss[k]) < tol;
    if (!ok) tap_diag("loss %.17g, dense %.17g", loss[k], l);
    for (size_t i = 0; i < p && ok; i++) {
      ref_derivative(d, &program, t, v, PROGRAM_NONE, i);
      double g = 2 * creal(inner(psi, m, d, n));
      ok = fabs(g - gradient[i * lanes + k]) < tol;
      if (!ok)
        tap_diag("drive %zu of %zu, %zu qubits, %zu gates: %.17g, dense %.17g",
                 i, p, n, program.circuit.num_gates, gradient[i * lanes + k], g);
    }
  }
  free(m);
  gradient_work_clear(&work);
  statevector_clear(&in);
  random_gates_clear(&program);
  free(o.x);
  free(o.z);
  free(o.coeffs);
  return ok;
}

int main(void) {
  tap_begin("t-gradient");
  for (int i = 0; i < 4; i++) {
    precision_t p = i < 2 ? PRECISION_DOUBLE : PRECISION_SINGLE;
    size_t lanes = i % 2 ? statevector_lanes(p) : 1;
    bool ok = true;
    long t = 0;
    for (; t < tap_iterations(60) && ok; t++) ok = gradient_agrees(lanes, p);
    tap_ok(ok, "%s: loss and gradient, %zu lane(s) (%ld)", precision_name(p),
           lanes, t);
  }
  return tap_end();
}
