#include "cli/certify/certify.h"

#include <flint/flint.h>

static const char *depth_stage = "exact moments at finite depth";

/* The circuit at its own depth. */
static void analyse_depth(certification_t out, const certify_limits_t *limits) {
  const analysis_struct *a = out->analysis;
  if (out->ansatz->kind != ANSATZ_CIRCUIT) return;
  stopwatch_t watch = stopwatch_stage(&a->whole);
  out->depths = flint_malloc((a->num_landscapes + 1) * sizeof *out->depths);
  bool noise = out->ansatz->noise->given;
  if (noise) out->noisy = flint_malloc((a->num_landscapes + 1) * sizeof *out->noisy);
  for (size_t j = 0; j < a->num_landscapes; j++) {
    const landscape_struct *l = a->landscapes + j;
    if (a->num_landscapes > 1)
      analysis_progress(a, depth_stage, j, a->num_landscapes);
    depth_analysis_init(out->depths + j, out->ansatz, l->observable, l->state,
                        l->variance_known && landscape_is_exact(l) ? l->variance
                                                                   : NULL, NULL, limits,
                        &watch);
    if (noise)
      depth_analysis_init(out->noisy + j, out->ansatz, l->observable, l->state, NULL,
                          out->depths + j, limits, &watch);
    if (watch.spent && out->depths[j].exact->reason) out->limit_reached = true;
  }
}

static void analyse_minima(certification_t out, const certify_limits_t *limits) {
  const analysis_struct *a = out->analysis;
  if (!limits->laws_of_minima) return;
  out->minima = flint_malloc((a->num_landscapes + 1) * sizeof *out->minima);
  minima_seen_t seen = {0};
  stopwatch_t watch = a->whole;
  for (size_t j = 0; j < a->num_landscapes; j++) {
    seen.is_late = j > 0 && stopwatch_is_up(&watch);
    minima_analysis_find(out->minima + j, a, j, out->depths ? out->depths + j : NULL,
                         &seen, limits);
  }
  minima_seen_clear(&seen);
}

static const char *width_stage = "widths of the first angles";

static void analyse_widths(certification_t out, const certify_limits_t *limits) {
  const analysis_struct *a = out->analysis;
  if (out->ansatz->kind != ANSATZ_CIRCUIT || !limits->widths) return;
  stopwatch_t watch = stopwatch_stage(&a->whole);
  out->widths = flint_malloc((a->num_landscapes + 1) * sizeof *out->widths);
  for (size_t j = 0; j < a->num_landscapes; j++) {
    const landscape_struct *l = a->landscapes + j;
    analysis_progress(a, width_stage, j, a->num_landscapes);
    width_analysis_init(out->widths + j, out->ansatz, l->observable, l->state, limits,
                        &watch);
  }
}

/* What is asked for besides. */
static void analyse_requests(certification_t out, const certify_limits_t *limits) {
  const analysis_struct *a = out->analysis;
  if (limits->operators) {
    out->centre = flint_malloc(sizeof *out->centre);
    out->commutant = flint_malloc(sizeof *out->commutant);
    named_centre_init(out->centre, a);
    named_commutant_init(out->commutant, a);
  }
  if (limits->states) {
    stopwatch_t watch = stopwatch_stage(&a->whole);
    out->states = flint_malloc(sizeof *out->states);
    states_analysis_init(out->states, a, limits, &watch);
  }
  if (limits->suggestions) {
    analysis_progress(a, "suggestions", 0, 0);
    out->suggestions = flint_malloc(sizeof *out->suggestions);
    suggestions_init(out->suggestions, a);
  }
}

static void clear_requests(certification_t out) {
  if (out->centre) named_operators_clear(out->centre);
  if (out->commutant) named_operators_clear(out->commutant);
  if (out->states) states_analysis_clear(out->states);
  if (out->suggestions) suggestions_clear(out->suggestions);
  flint_free(out->centre);
  flint_free(out->commutant);
  flint_free(out->states);
  flint_free(out->suggestions);
}

status_t certification_init(certification_t out, diagnostic_t diag,
                            const request_t request, const certify_limits_t *limits) {
  *out = (certification_struct){0};
  status_t status = request_read_ansatz(out->ansatz, diag, request);
  if (status != STATUS_OK) return status;
  analysis_init(out->analysis, out->ansatz, &limits->analysis);
  analysis_find_repeated(out->analysis);
  if (out->analysis->has_strings)
    component_witnesses_init(out->witnesses, out->analysis->strings);
  covariances_init(out->covariances, out->analysis);
  out->limit_reached = out->analysis->limit_reached;
  analysis_progress(out->analysis, depth_stage, 0, 0);
  analyse_depth(out, limits);
  analyse_widths(out, limits);
  stopwatch_t watch = stopwatch_stage(&out->analysis->whole);
  kernel_analysis_init(out->kernel, out->analysis, limits, &watch);
  analyse_minima(out, limits);
  analysis_begin_stage(out->analysis);
  analyse_requests(out, limits);
  return STATUS_OK;
}

void certification_clear(certification_t out) {
  clear_requests(out);
  for (size_t j = 0; out->depths && j < out->analysis->num_landscapes; j++)
    depth_analysis_clear(out->depths + j);
  for (size_t j = 0; out->noisy && j < out->analysis->num_landscapes; j++)
    depth_analysis_clear(out->noisy + j);
  flint_free(out->noisy);
  flint_free(out->minima);
  for (size_t j = 0; out->widths && j < out->analysis->num_landscapes; j++)
    width_analysis_clear(out->widths + j);
  flint_free(out->widths);
  kernel_analysis_clear(out->kernel);
  flint_free(out->depths);
  covariances_clear(out->covariances);
  component_witnesses_clear(out->witnesses);
  analysis_clear(out->analysis);
  ansatz_clear(out->ansatz);
}
