#include "cli/certify/depth_analysis.h"

#include <unistd.h>

/* Of the balls at finite depth. */
enum { MAX_PREC_BITS = 8192 };

/* Half of the machine's memory, or what it took when that is unknown. */
static size_t memory_budget(size_t otherwise) {
  long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  return pages > 0 && size > 0 ? (size_t)pages / 2 * (size_t)size : otherwise;
}

void depth_analysis_limits(depth_limits_t *out, const certify_limits_t *limits) {
  depth_limits_default(out);
  out->max_strings = limits->max_strings;
  out->max_bytes = limits->analysis.max_bytes ? limits->analysis.max_bytes
                                              : memory_budget(out->max_bytes);
}

depth_state_t depth_analysis_input(const quantum_state_t state) {
  return (depth_state_t){.stabilizer = quantum_state_stabilizer(state),
                         .pauli = quantum_state_pauli(state),
                         .product = quantum_state_product(state)};
}

depth_distribution_t *depth_analysis_laws(const ansatz_t ansatz) {
  if (!ansatz_has_laws(ansatz)) return NULL;
  depth_distribution_t *laws =
      flint_malloc((ansatz->num_parameters + 1) * sizeof *laws);
  for (size_t k = 0; k < ansatz->num_parameters; k++) {
    const parameter_struct *p = ansatz->parameters + k;
    laws[k] = (depth_distribution_t){p->law, p->width_times_pi,
                                     p->law == ANGLE_FULL_PERIOD ? NULL
                                                                 : p->width};
  }
  return laws;
}

/* A ball of fewer digits than a report shows. */
static bool is_wide(const depth_number_t x) {
  return x->kind == DEPTH_BALL &&
         mag_cmp_2exp_si(arb_radref(x->ball), -50) > 0;
}

static bool is_blurred(const finite_depth_t depth) {
  bool wide = is_wide(depth->mean) || is_wide(depth->variance);
  for (size_t k = 0; k < depth->num_parameters && !wide; k++)
    wide = is_wide(depth->gradient + k);
  return wide;
}

void depth_moments(finite_depth_t out, const ansatz_t ansatz, size_t observable,
                   size_t state, const certify_limits_t *limits, stopwatch_t *watch) {
  depth_limits_t own;
  depth_analysis_limits(&own, limits);
  own.gradients = false;
  own.abort = stopwatch_is_up;
  own.abort_data = watch;
  finite_depth_init(out);
  depth_distribution_t *laws = depth_analysis_laws(ansatz);
  finite_depth_exact(out, ansatz, ansatz->observables[observable].sum,
                     depth_analysis_input(ansatz->states[state].state), laws, &own);
  flint_free(laws);
}

void depth_analysis_init(depth_analysis_t out, const ansatz_t ansatz,
                         size_t observable, size_t state,
                         const fmpq *deep_variance,
                         const depth_analysis_struct *plain,
                         const certify_limits_t *limits, stopwatch_t *watch) {
  const pauli_sum_struct *sum = ansatz->observables[observable].sum;
  const quantum_state_struct *rho = ansatz->states[state].state;
  depth_limits_t own;
  depth_analysis_limits(&own, limits);
  own.abort = stopwatch_is_up;
  own.abort_data = watch;
  own.noisy = plain != NULL;
  /* errors of the readout may take terms of the observable away */
  own.never_fits =
      plain && plain->exact->never_fits && fmpq_is_zero(ansatz->noise->readout);
  out->sampled = false;
  out->seed = limits->seed;
  finite_depth_init(out->exact);
  path_estimate_init(out->paths);
  depth_distribution_t *laws = depth_analysis_laws(ansatz);
  finite_depth_exact(out->exact, ansatz, sum, depth_analysis_input(rho), laws, &own);
  /* many fixed rotations widen the balls: as precise as it takes */
  while (is_blurred(out->exact) && own.prec_bits < MAX_PREC_BITS && !watch->spent) {
    finite_depth_t sharper;
    own.prec_bits *= 4;
    finite_depth_init(sharper);
    if (finite_depth_exact(sharper, ansatz, sum, depth_analysis_input(rho), laws, &own) ==
            STATUS_OK &&
        !sharper->reason) {
      finite_depth_struct swap = *out->exact;
      *out->exact = *sharper;
      *sharper = swap;
    }
    finite_depth_clear(sharper);
  }
  if (plain)
    depth_layers_noisy(out->layers, plain->layers, ansatz, observable, state, limits,
                       watch);
  else
    depth_layers_init(out->layers, ansatz, observable, state,
                      laws ? NULL : deep_variance, limits, watch);
  flint_free(laws);
  if (!out->exact->too_large || !limits->sample_paths) return;
  /* Many landscapes, each of some tenths of a second, add up. */
  if (!limits->num_paths && stopwatch_elapsed(watch) / 2 > watch->limit_ns)
    return;
  path_options_t choice = {.num_paths = limits->num_paths,
                           .seed = limits->seed,
                           .num_threads = (int)limits->analysis.num_threads,
                           .noisy = plain != NULL};
  out->sampled =
      path_estimate(out->paths, ansatz, sum, rho, &choice) == STATUS_OK;
}

void depth_analysis_clear(depth_analysis_t out) {
  finite_depth_clear(out->exact);
  path_estimate_clear(out->paths);
  depth_layers_clear(out->layers);
}
