#include "numeric/judge/slice.h"

#include <math.h>
#include <stdlib.h>

#include "numeric/judge/minima_search.h"
#include "numeric/machine/memory.h"
#include "numeric/machine/random.h"

enum { FEWEST_POINTS = 21, MOST_STEPS = 400, MOST_HALVINGS = 40 };
static const double most_work = 1e9;

typedef struct {
  program_t written;
  minima_circuit_t circuit;
  double_sum_t sum;
  statevector_t input;
  gradient_work_t work;
  size_t count;
} bench_t;

static double loss_at(bench_t *b, double *gradient, const double *x) {
  double loss;
  gradient_compute(gradient, &loss, &b->work, &b->sum, &b->input, x);
  return loss;
}

/* --- descent --------------------------------------------------------------------------- */

/* One step against the gradient; the length is doubled after a success and halved until
   the loss falls by a tenth of what the slope promises (L. Armijo, 1966). False when
   none does. */
static bool step_down(bench_t *b, double *x, double *loss, double *length,
                      double *gradient, double *trial) {
  double slope = 0;
  for (size_t k = 0; k < b->count; k++) slope += gradient[k] * gradient[k];
  for (int i = 0; i < MOST_HALVINGS && slope > 0; i++, *length /= 2) {
    for (size_t k = 0; k < b->count; k++) trial[k] = x[k] - *length * gradient[k];
    double there = loss_at(b, NULL, trial);
    if (there > *loss - 0.1 * *length * slope) continue;
    for (size_t k = 0; k < b->count; k++) x[k] = trial[k];
    *loss = loss_at(b, gradient, x);
    *length *= 2;
    return true;
  }
  return false;
}

static void descend(slice_t *out, bench_t *b, double *x) {
  double *gradient = memory_get(b->count, sizeof *gradient);
  double *trial = memory_get(b->count, sizeof *trial);
  double length = 1 / (1 + b->sum.norm1);
  double loss = out->start = loss_at(b, gradient, x);
  for (size_t still = 0; out->steps < MOST_STEPS && still < 3; out->steps++) {
    double before = loss;
    if (!step_down(b, x, &loss, &length, gradient, trial)) break;
    still = before - loss < 1e-9 * b->sum.norm1 ? still + 1 : 0;
  }
  out->end = loss;
  free(gradient);
  free(trial);
}

/* --- the plane --------------------------------------------------------------------------- */

/* u, v: orthogonal in units of the periods, mean square 1 there. With one parameter v
   is 0. */
static void directions(double *u, double *v, const bench_t *b, random_stream_t *stream) {
  size_t p = b->count;
  double uu = 0, uv = 0, vv = 0;
  for (size_t k = 0; k < p; k++) u[k] = random_normal(stream);
  for (size_t k = 0; k < p; k++) v[k] = random_normal(stream);
  for (size_t k = 0; k < p; k++) uu += u[k] * u[k];
  for (size_t k = 0; k < p; k++) uv += u[k] * v[k];
  for (size_t k = 0; k < p; k++) v[k] -= uv / uu * u[k];
  for (size_t k = 0; k < p; k++) vv += v[k] * v[k];
  for (size_t k = 0; k < p; k++) {
    double unit = fmin(b->circuit.windows[k], 4 * M_PI) / (2 * M_PI);
    u[k] *= unit * sqrt((double)p / uu);
    v[k] = p > 1 ? v[k] * unit * sqrt((double)p / vv) : 0;
  }
}

static void fill(slice_t *out, bench_t *b, const double *centre, const double *u,
                 const double *v) {
  double *x = memory_get(b->count, sizeof *x);
  for (size_t i = 0; i < out->points; i++)
    for (size_t j = 0; j < out->points; j++) {
      double half = (double)(out->points - 1) / 2;
      double s = out->reach * ((double)i / half - 1), t = out->reach * ((double)j / half - 1);
      for (size_t k = 0; k < b->count; k++) x[k] = centre[k] + s * u[k] + t * v[k];
      out->loss[i * out->points + j] = loss_at(b, NULL, x);
    }
  free(x);
}

static void bench_clear(bench_t *b) {
  minima_circuit_clear(&b->circuit);
  statevector_clear(&b->input);
  double_sum_clear(&b->sum);
  program_clear(&b->written);
}

/* False when it is too large; everything but the work space is there. */
static bool bench_init(bench_t *b, size_t *points, const ansatz_t ansatz,
                       size_t observable, size_t state) {
  const quantum_state_struct *rho = ansatz->states[state].state;
  size_t qubits = ansatz->num_qubits + statevector_ancillas(rho);
  double unit = ldexp((double)ansatz->observables[observable].sum->length, (int)qubits);
  program_init(&b->written, ansatz, NULL);
  program_sum(&b->sum, ansatz->observables[observable].sum);
  minima_circuit_written(&b->circuit, &b->written, ansatz);
  b->count = b->circuit.num_free;
  b->input = (statevector_t){0};
  unit += ldexp((double)b->circuit.list.num_gates, (int)qubits);
  *points = SLICE_MOST_POINTS;
  while (*points > FEWEST_POINTS && unit * (double)(*points * *points) > most_work)
    *points -= 10;
  return qubits <= 20 && b->count && b->written.num_drives &&
         unit * (double)(*points * *points) <= most_work &&
         statevector_init(&b->input, qubits, 1) &&
         gradient_work_init(&b->work, &b->circuit.program, &b->circuit.list, qubits, 1,
                            PRECISION_DOUBLE);
}

bool slice_init(slice_t *out, const ansatz_t ansatz, size_t observable, size_t state,
                uint64_t seed) {
  bench_t b;
  *out = (slice_t){.reach = M_PI};
  if (ansatz->num_qubits > 20) return false; /* programs beyond 64 have no masks */
  if (!bench_init(&b, &out->points, ansatz, observable, state)) {
    bench_clear(&b);
    return false;
  }
  random_stream_t stream;
  random_stream_init(&stream, seed, RANDOM_SLICE, observable << 16 | state);
  double *x = memory_get(3 * b.count, sizeof *x), *u = x + b.count, *v = u + b.count;
  statevector_prepare(&b.input, ansatz->states[state].state);
  out->loss = memory_get(out->points * out->points, sizeof *out->loss);
  for (size_t k = 0; k < b.count; k++)
    x[k] = fmin(b.circuit.windows[k], 4 * M_PI) * random_uniform(&stream);
  descend(out, &b, x);
  directions(u, v, &b, &stream);
  fill(out, &b, x, u, v);
  free(x);
  gradient_work_clear(&b.work);
  bench_clear(&b);
  return true;
}

void slice_clear(slice_t *slice) { free(slice->loss); }
