#include "cli/certify/depth_table.h"

#include <stdlib.h>

#include "algebra/base/ansatz_layers.h"

/* Some tenths of a second each. MOST_STEPS: gates in light cones, of all
   circuits that are sampled together. */
enum { MAX_STRINGS = 1 << 16, MAX_WORK = 15000000, MAX_LAYERS = 200,
       FEW_LAYERS = 8, PATHS = 1 << 17, MOST_STEPS = 1 << 14, MOST_SECONDS = 5 };

typedef struct {
  stopwatch_t own;
  stopwatch_t *whole;
} patience_t;

static bool patience_is_over(void *data) {
  patience_t *p = data;
  return stopwatch_is_up(&p->own) || stopwatch_is_up(p->whole);
}

static void find_exact(depth_layers_t out, const ansatz_t ansatz,
                       const pauli_sum_t observable,
                       const quantum_state_t state, size_t most,
                       const certify_limits_t *limits, stopwatch_t *whole) {
  patience_t patience = {stopwatch_start(MOST_SECONDS * STOPWATCH_SECOND), whole};
  depth_limits_t own;
  fmpq_t tolerance;
  depth_limits_default(&own);
  own.max_work = MAX_WORK;
  own.noisy = out->noisy;
  own.abort = patience_is_over;
  own.abort_data = &patience;
  own.max_strings =
      limits->max_strings < MAX_STRINGS ? limits->max_strings : MAX_STRINGS;
  if (limits->analysis.max_bytes) own.max_bytes = limits->analysis.max_bytes;
  fmpq_init(tolerance);
  fmpq_set_si(tolerance, 1, 10);
  depth_state_t input = {.stabilizer = quantum_state_stabilizer(state),
                         .pauli = quantum_state_pauli(state),
                         .product = quantum_state_product(state)};
  finite_depth_profile(out->exact, ansatz, out->length, observable, input,
                       out->haar_known ? out->haar : NULL, tolerance, most, &own);
  fmpq_clear(tolerance);
}

static int compare_estimates(const void *a, const void *b) {
  const path_number_t *x = a, *y = b;
  return (x->estimate > y->estimate) - (x->estimate < y->estimate);
}

/* Of those in the light cone, by their estimates; sorts them. */
static path_number_t median(path_estimate_t p) {
  size_t count = 0;
  path_number_t out = {0};
  for (size_t k = 0; k < p->num_parameters; k++)
    if (p->gradient[k].high > 0) p->gradient[count++] = p->gradient[k];
  qsort(p->gradient, count, sizeof *p->gradient, compare_estimates);
  if (count) out = p->gradient[(count - 1) / 2];
  return out;
}

/* False when it cannot be sampled, or the paths do not resolve the variance;
   they will not do better with more layers. */
static bool sample_layer(depth_layers_t out, size_t *steps,
                         const ansatz_t ansatz, const pauli_sum_t observable,
                         const quantum_state_t state,
                         const certify_limits_t *limits) {
  ansatz_t circuit;
  path_estimate_t p;
  path_options_t choice = {.num_paths = PATHS, .seed = limits->seed,
                           .num_threads = (int)limits->analysis.num_threads,
                           .noisy = out->noisy};
  ansatz_init(circuit, ANSATZ_CIRCUIT, ansatz->num_qubits);
  ansatz_repeat_layer(circuit, ansatz, out->length,
                      out->exact->num_layers + out->num_sampled + 1);
  path_estimate_init(p);
  bool good = path_estimate(p, circuit, observable, state, &choice) == STATUS_OK;
  if (good) {
    out->variance[out->num_sampled] = p->variance;
    out->gradient[out->num_sampled++] = median(p);
    good = p->variance.low > 0;
    *steps += p->num_steps;
  }
  path_estimate_clear(p);
  ansatz_clear(circuit);
  return good;
}

static void find_sampled(depth_layers_t out, const ansatz_t ansatz,
                         const pauli_sum_t observable,
                         const quantum_state_t state, size_t most,
                         const certify_limits_t *limits, stopwatch_t *watch) {
  size_t steps = 0;
  out->variance = flint_malloc((most + 1) * sizeof *out->variance);
  out->gradient = flint_malloc((most + 1) * sizeof *out->gradient);
  while (out->exact->num_layers + out->num_sampled < most &&
         steps < MOST_STEPS && !stopwatch_is_up(watch) &&
         sample_layer(out, &steps, ansatz, observable, state, limits))
    ;
}

void depth_layers_init(depth_layers_t out, const ansatz_t ansatz,
                       size_t observable, size_t state, const fmpq *deep,
                       const certify_limits_t *limits, stopwatch_t *watch) {
  *out = (depth_layers_struct){0};
  fmpq_init(out->haar);
  depth_profile_init(out->exact);
  if (!deep || !ansatz_find_layer(&out->length, &out->count, ansatz))
    return;
  out->present = true;
  out->rotations = ansatz_count_rotations(ansatz, out->length);
  const pauli_sum_struct *o = ansatz->observables[observable].sum;
  const quantum_state_struct *rho = ansatz->states[state].state;
  answer_t limit = finite_depth_limit(out->haar, ansatz, out->length, observable,
                                      state, deep);
  out->haar_known = limit == ANSWER_YES;
  out->no_limit = limit == ANSWER_NO;
  size_t most = out->haar_known           ? MAX_LAYERS
                : out->count > FEW_LAYERS ? out->count
                                          : FEW_LAYERS;
  if (!stopwatch_is_up(watch))
    find_exact(out, ansatz, o, rho, most, limits, watch);
  if (!out->exact->settled && out->haar_known &&
      out->exact->num_layers < MAX_LAYERS && limits->sample_paths)
    find_sampled(out, ansatz, o, rho, 2 * out->count < 16 ? 16 : 2 * out->count, limits,
                 watch);
}

void depth_layers_noisy(depth_layers_t out, const depth_layers_t plain,
                        const ansatz_t ansatz, size_t observable, size_t state,
                        const certify_limits_t *limits, stopwatch_t *watch) {
  *out = (depth_layers_struct){.length = plain->length,
                               .rotations = plain->rotations, .count = plain->count,
                               .noisy = true};
  fmpq_init(out->haar);
  depth_profile_init(out->exact);
  out->present = plain->present && ansatz_noise_repeats(ansatz, plain->length);
  if (!out->present) return;
  const pauli_sum_struct *o = ansatz->observables[observable].sum;
  const quantum_state_struct *rho = ansatz->states[state].state;
  size_t most = plain->exact->num_layers + plain->num_sampled;
  if (!stopwatch_is_up(watch)) find_exact(out, ansatz, o, rho, most, limits, watch);
  if (out->exact->num_layers < most && limits->sample_paths)
    find_sampled(out, ansatz, o, rho, most, limits, watch);
}

void depth_layers_clear(depth_layers_t out) {
  fmpq_clear(out->haar);
  depth_profile_clear(out->exact);
  flint_free(out->variance);
  flint_free(out->gradient);
}
