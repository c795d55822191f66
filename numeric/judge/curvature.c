#include "numeric/judge/curvature.h"

#include <math.h>
#include <stdlib.h>

#include "algebra/base/text.h"
#include "numeric/circuit/hessian.h"
#include "numeric/judge/free_rotations.h"
#include "numeric/judge/minima_search.h"
#include "numeric/machine/memory.h"
#include "numeric/machine/random.h"

enum { MIN_SAMPLES = 100, MAX_SAMPLES = 1000, MAX_QUBITS = 8, MAX_PARAMETERS = 32 };
/* Amplitude updates: no more than these, nor about what the samples of losses and
   gradients take, one of which takes four to eight for each amplitude and gate. */
static const double most_operations = 2e8, most_share = 8;
/* Of shares: see the header. A density is about 1/(distance of the outer quantiles). */
static const double slack = 0.02, slack_of_dimension = 0.2, error_width = 3;

typedef struct {
  const checks_input_t *in;
  const verify_landscape_struct *claim;
  minima_circuit_t circuit;
  size_t p, spacing; /* free rotations, drives from one to the next */
  free_rotations_t good;
  size_t num_samples;
  double unit; /* mean offset */
  double slack;
  double *eigenvalues;
} curves_t;

static bool curves_init(curves_t *c, const checks_input_t *in, size_t at) {
  const verify_landscape_struct *claim = in->claims->landscapes + at;
  const program_t *program = in->sampler->program;
  const quantum_state_struct *state = in->ansatz->states[claim->state].state;
  size_t qubits = in->ansatz->num_qubits + statevector_ancillas(state);
  *c = (curves_t){.in = in, .claim = claim, .p = claim->curvature.parameters};
  c->unit = claim->mean - claim->least;
  bool finite;
  int beta;
  double dimension = free_rotations_dimension(&finite, &beta, claim);
  if (isnan(claim->curvature.negative) || !dimension || !(c->unit > 0) || !c->p ||
      c->p > MAX_PARAMETERS || qubits > MAX_QUBITS)
    return false;
  c->slack = slack + slack_of_dimension / dimension;
  free_rotations_init(&c->good, program, claim, in->claims->num_parameters);
  if (!c->good.count) return false;
  double layer = free_rotations_layer_cost(program, qubits) * (double)in->num_layers;
  double cost = (double)((4 * c->p + 2) * c->p) / 2 * layer;
  double most = fmin(most_operations, most_share * (double)in->num_samples * layer);
  if (most / cost < MIN_SAMPLES) return false;
  c->num_samples = (size_t)fmin(MAX_SAMPLES, most / cost);
  c->spacing = in->num_layers * program->num_drives;
  minima_circuit_deep(&c->circuit, program, in->num_layers * c->p, c->p);
  c->eigenvalues = memory_get(c->num_samples * c->p, sizeof(double));
  return true;
}

static void curves_clear(curves_t *c) {
  if (c->eigenvalues) minima_circuit_clear(&c->circuit);
  free(c->eigenvalues);
  free_rotations_clear(&c->good);
}

/* One matrix, at random angles, with one free rotation in each deep circuit. */
static bool draw(curves_t *c, hessian_work_t *work, const double_sum_t *sum,
                 const statevector_t *input, double *drives, double *hessian,
                 size_t sample) {
  random_stream_t stream;
  size_t chosen[MAX_PARAMETERS], p = c->p;
  double scales[MAX_PARAMETERS];
  random_stream_init(&stream, c->in->seed,
                     RANDOM_CURVATURE + ((uint64_t)(c->in->attempt + 1) << 8), sample);
  for (size_t d = 0; d < c->circuit.program.num_drives; d++)
    drives[d] = c->circuit.windows[d] * random_uniform(&stream);
  size_t layers = c->in->num_layers, per_layer = c->in->sampler->program->num_drives;
  for (size_t k = 0; k < p; k++) {
    size_t layer = (size_t)(random_uniform(&stream) * (double)layers) % layers;
    size_t g = (size_t)(random_uniform(&stream) * (double)c->good.count) % c->good.count;
    /* The same place in each: a whole deep circuit between any two. */
    if (k) layer = (chosen[0] / per_layer) % layers;
    chosen[k] = k * c->spacing + layer * per_layer + c->good.drives[g];
    scales[k] = c->good.scales[g];
  }
  hessian_compute(hessian, work, sum, input, drives, chosen, p);
  for (size_t i = 0; i < p; i++)
    for (size_t j = 0; j < p; j++)
      hessian[i * p + j] /= scales[i] * scales[j] * c->unit;
  return hessian_eigenvalues(c->eigenvalues + sample * p, hessian, p);
}

static bool draw_all(curves_t *c) {
  const checks_input_t *in = c->in;
  const quantum_state_struct *state = in->ansatz->states[c->claim->state].state;
  size_t qubits = in->ansatz->num_qubits + statevector_ancillas(state);
  hessian_work_t work;
  double_sum_t sum;
  statevector_t input;
  if (!statevector_init(&input, qubits, 1)) return false;
  bool ok =
      hessian_work_init(&work, &c->circuit.program, &c->circuit.list, qubits);
  if (ok) {
    double *drives = memory_get(c->circuit.program.num_drives, sizeof *drives);
    double *hessian = memory_get(c->p * c->p, sizeof *hessian);
    statevector_prepare(&input, state);
    program_sum(&sum, in->ansatz->observables[c->claim->observable].sum);
    for (size_t i = 0; i < c->num_samples && ok; i++)
      ok = draw(c, &work, &sum, &input, drives, hessian, i);
    double_sum_clear(&sum);
    hessian_work_clear(&work);
    free(drives);
    free(hessian);
  }
  statevector_clear(&input);
  return ok;
}

/* The share of eigenvalues below a level is claimed, to within tol. */
static void check_share(verify_report_t report, curves_t *c, size_t at, char *name,
                        double level, double claim, double tol) {
  double *shares = memory_get(c->num_samples, sizeof *shares);
  for (size_t i = 0; i < c->num_samples; i++) {
    double below = 0;
    for (size_t k = 0; k < c->p; k++) below += c->eigenvalues[i * c->p + k] < level;
    shares[i] = below / (double)c->p;
  }
  checks_moments_t y = checks_moments(shares, c->num_samples);
  /* Few may all be alike by chance; the eigenvalues of one Hessian keep apart, so that
     their number below a level varies by no less than that of one of them. */
  double least = claim * (1 - claim) / (double)(c->p * c->p);
  if (y.variance < least) y = (checks_moments_t){y.mean, least, 0};
  verify_check_t *check = checks_append(report, c->in, at, name);
  for (size_t i = 0; i < c->num_samples; i++) shares[i] -= claim;
  checks_judge_values(check, claim, &y, shares, c->num_samples, -claim, 1 - claim, tol);
  free(shares);
}

void curvature_checks(verify_report_t report, const checks_input_t *in) {
  for (size_t at = 0; at < in->claims->num_landscapes; at++) {
    curves_t c;
    const verify_curvature_struct *law = &in->claims->landscapes[at].curvature;
    double width = law->levels[VERIFY_QUANTILES - 1] - law->levels[0];
    if (!checks_left_out(in, at) && curves_init(&c, in, at)) {
      if (draw_all(&c)) {
        check_share(report, &c, at, text_print("curvature: negative share"), 0,
                    law->negative, c.slack + error_width * law->negative_error);
        for (size_t q = 0; q < VERIFY_QUANTILES; q++)
          if (!isnan(law->levels[q]) && width > 0)
            check_share(report, &c, at,
                        text_print("curvature: share below the %g-quantile",
                                   law->shares[q]),
                        law->levels[q], law->shares[q],
                        c.slack + error_width * law->errors[q] / width);
      }
      curves_clear(&c);
    } else if (!checks_left_out(in, at)) {
      curves_clear(&c);
    }
  }
}
