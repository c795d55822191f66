#include "numeric/judge/own_depth.h"

#include <math.h>
#include <stdlib.h>

#include "algebra/base/text.h"
#include "numeric/machine/memory.h"
#include "numeric/machine/random.h"

enum { MIN_SAMPLES = 400, MAX_SAMPLES = 20000 };
/* Amplitude updates, a small part of what verify spends on the deep circuit. */
static const double sampling_operations = 2.5e9;

/* Is anything claimed; of derivatives too? */
static bool any_claim(bool *gradients, const verify_claims_struct *claims) {
  bool any = false;
  *gradients = kernel_claimed(claims, claims->depth_kernel);
  for (size_t l = 0; l < claims->num_landscapes; l++) {
    const verify_landscape_struct *c = claims->landscapes + l;
    any = any || !isnan(c->depth_mean) || !isnan(c->depth_variance);
    for (size_t k = 0; c->depth_gradient && k < claims->num_parameters; k++)
      *gradients = *gradients || !isnan(c->depth_gradient[k]);
  }
  return any || *gradients;
}

static size_t plan_samples(const own_depth_t *own, const verify_options_t *options) {
  if (options->num_samples) return options->num_samples;
  double fit = sampling_operations * (options->effort > 0 ? options->effort : 1) /
               sampler_cost(&own->sampler, 1, own->gradients);
  if (fit > MAX_SAMPLES) return MAX_SAMPLES;
  if (fit < MIN_SAMPLES) return MIN_SAMPLES;
  return (size_t)fit / 8 * 8;
}

status_t own_depth_sampler(sampler_t *sampler, const program_t *program,
                           const ansatz_t ansatz, const verify_claims_struct *claims,
                           const verify_options_t *options, char **message) {
  sampler_pair_t *pairs = memory_get(claims->num_landscapes, sizeof *pairs);
  for (size_t l = 0; l < claims->num_landscapes; l++)
    pairs[l] = (sampler_pair_t){claims->landscapes[l].observable,
                                claims->landscapes[l].state};
  status_t status = sampler_init_way(
      sampler, program, ansatz, pairs, claims->num_landscapes, options->memory_bytes,
      options->num_threads, SAMPLER_EITHER, options->precision, message);
  free(pairs);
  return status;
}

status_t own_depth_init(own_depth_t *own, verify_report_t report,
                        const ansatz_t ansatz, const verify_claims_struct *claims,
                        const verify_options_t *options, char **message) {
  *own = (own_depth_t){.wanted = false};
  if (ansatz->kind != ANSATZ_CIRCUIT || !any_claim(&own->gradients, claims))
    return STATUS_OK;
  program_init(&own->program, ansatz, NULL);
  program_use_laws(&own->program, ansatz);
  kernel_products_init(&own->kernel, ansatz, claims, claims->depth_kernel);
  if (own->program.long_window) {
    checks_note(report, text_print("a parameter of the circuit drives angles "
                                   "without a common period: the circuit at "
                                   "its own depth is not sampled"));
    return STATUS_OK;
  }
  status_t status = own_depth_sampler(&own->sampler, &own->program, ansatz, claims, options,
                                      message);
  own->wanted = status == STATUS_OK;
  if (own->wanted) own->num_samples = plan_samples(own, options);
  if (status != STATUS_LIMIT) return status;
  checks_note(report, text_print("the circuit at its own depth is not sampled: "
                                 "%s", *message ? *message : "no memory"));
  free(*message);
  *message = NULL;
  return STATUS_OK;
}

double own_depth_cost(const own_depth_t *own) {
  if (!own->wanted) return 0;
  return (double)own->num_samples * sampler_cost(&own->sampler, 1, own->gradients);
}

void own_depth_clear(own_depth_t *own) {
  sampler_clear(&own->sampler);
  program_clear(&own->program);
  slope_products_clear(&own->kernel);
  *own = (own_depth_t){.wanted = false};
}

status_t own_depth_run(own_depth_t *own, verify_report_t report,
                       const ansatz_t ansatz, const verify_claims_struct *claims,
                       const verify_options_t *options, size_t attempt,
                       const kept_runs_t *how) {
  if (!own->wanted) return STATUS_OK;
  size_t pairs = own->sampler.num_pairs, n = own->num_samples;
  double **losses = memory_get(pairs, sizeof *losses);
  size_t row = own->gradients ? sampler_sums_row(&own->sampler) : 0;
  double *gradients = row ? memory_get(row, sizeof *gradients) : NULL;
  double *chunk_sums =
      row ? memory_get(row * sampler_chunks(&own->sampler, n), sizeof *chunk_sums)
          : NULL;
  for (size_t p = 0; p < pairs; p++) losses[p] = memory_get(n, sizeof(double));
  slope_products_room(&own->kernel, n);
  sampler_job_t job = {.seed = options->seed,
                       .purpose = RANDOM_OWN_DEPTH + ((uint64_t)attempt << 8),
                       .num_samples = n,
                       .num_layers = 1,
                       .losses = losses,
                       .gradients = gradients,
                       .chunk_sums = chunk_sums,
                       .products = &own->kernel};
  char *stage = text_print("own depth, attempt %zu", attempt);
  status_t status = kept_runs_samples(&job, &own->sampler, stage, how);
  free(stage);
  if (status == STATUS_OK) {
    checks_input_t input = {.sampler = &own->sampler,
                            .claims = claims,
                            .ansatz = ansatz,
                            .num_samples = n,
                            .num_layers = 1,
                            .attempt = attempt,
                            .seed = options->seed,
                            .losses = losses,
                            .gradients = gradients,
                            .chunk_sums = chunk_sums,
                            .products = &own->kernel,
                            .tolerance = sampler_tolerance(&own->sampler, 1)};
    checks_run_depth(report, &input);
    kernel_checks(report, &input, claims->depth_kernel, CHECKS_OWN_DEPTH);
  }
  for (size_t p = 0; p < pairs; p++) free(losses[p]);
  free(losses);
  free(gradients);
  free(chunk_sums);
  return status;
}
