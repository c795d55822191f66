#include "cli/check_landscape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/check_blocks.h"
#include "cli/json_number.h"

enum { PREC_BITS = 192 };

static const char *budget_reason =
    "an orbit is too long to be listed string by string";

/* --- exact moments ------------------------------------------------------------------- */

/* All entries in one: the first that is wrong is named. */
static void check_gradient(ledger_t *l, const check_generators_t g,
                           const json_t *list, const fmpq *per_string) {
  size_t open = 0;
  if (!json_is_array(list)) return;
  if (json_array_size(list) != g->num_parameters) {
    ledger_fails(l, "gradient_variance", "it lists %zu parameters of %zu",
                 json_array_size(list), g->num_parameters);
    return;
  }
  fmpq_t actual, claimed;
  fmpq_init(actual);
  fmpq_init(claimed);
  size_t k = 0;
  for (; k < g->num_parameters; k++) {
    const check_drive_struct *drive = g->drives + k;
    if (!drive->simple) {
      open++;
      continue;
    }
    /* exp(-i scale theta h) against exp(-i theta h / 2): times (2 scale)^2 */
    fmpq_mul(actual, drive->scale, drive->scale);
    fmpq_mul_2exp(actual, actual, 2);
    fmpq_mul(actual, actual, per_string + drive->generator);
    if (!json_get_fmpq(claimed, json_array_get(list, k)) ||
        !fmpq_equal(claimed, actual))
      break;
  }
  if (k < g->num_parameters) {
    char name[64];
    snprintf(name, sizeof name, "gradient_variance[%zu]", k);
    ledger_fmpq(l, name, json_array_get(list, k), actual);
    if (json_is_null(json_array_get(list, k)))
      ledger_fails(l, name, "it is null");
  } else if (open < k || k == 0) {
    ledger_holds(l, "gradient_variance");
  }
  if (open)
    ledger_open(l, "gradient_variance", list,
                "entries of parameters that drive several gates, or none");
  fmpq_clear(actual);
  fmpq_clear(claimed);
}

static void check_exact(ledger_t *l, const ansatz_t ansatz,
                        const check_generators_t g, const json_t *json,
                        size_t index, size_t max_elements) {
  static const char *const keys[] = {"mean", "variance", "gradient_variance"};
  fmpq_t mean, variance;
  if (g->reason) {
    for (size_t i = 0; i < 3; i++)
      ledger_open(l, keys[i], json_object_get(json, keys[i]), g->reason);
    return;
  }
  fmpq *gradient = flint_malloc((g->strings->length + 1) * sizeof *gradient);
  for (size_t j = 0; j < g->strings->length; j++) fmpq_init(gradient + j);
  fmpq_init(mean);
  fmpq_init(variance);
  bool counted = check_moments(
      mean, variance, gradient, g,
      g->observables + index / ansatz->num_states,
      ansatz->states[index % ansatz->num_states].state, max_elements);
  ledger_fmpq(l, "mean", json_object_get(json, "mean"), mean);
  if (counted) {
    ledger_fmpq(l, "variance", json_object_get(json, "variance"), variance);
    check_gradient(l, g, json_object_get(json, "gradient_variance"), gradient);
  } else {
    for (size_t i = 1; i < 3; i++)
      ledger_open(l, keys[i], json_object_get(json, keys[i]), budget_reason);
  }
  for (size_t j = 0; j < g->strings->length; j++) fmpq_clear(gradient + j);
  flint_free(gradient);
  fmpq_clear(mean);
  fmpq_clear(variance);
}

/* --- what follows from the blocks ------------------------------------------------------- */

static void check_gaussian(ledger_t *l, const block_totals_t t,
                           const json_t *json) {
  fmpq_t square, kurtosis;
  arb_t bound;
  const json_t *finite = json_object_get(json, "excess_kurtosis_finite");
  fmpq_init(square);
  fmpq_init(kurtosis);
  arb_init(bound);
  if (t->exact && !fmpq_is_zero(t->wishart_variance)) {
    fmpq_mul(square, t->wishart_variance, t->wishart_variance);
    fmpq_div(kurtosis, t->wishart_fourth, square);
    ledger_fmpq(l, "gaussian_process.excess_kurtosis",
                json_object_get(json, "excess_kurtosis"), kurtosis);
    arb_set_fmpq(bound, kurtosis, PREC_BITS);
    arb_mul_2exp_si(bound, bound, 1);
    arb_div_ui(bound, bound, 3, PREC_BITS);
    arb_sqrt(bound, bound, PREC_BITS);
    if (arf_cmp_si(arb_midref(bound), 1) > 0) arb_one(bound);
    ledger_real(l, "gaussian_process.tv_bound",
                json_object_get(json, "tv_bound"), bound);
  } else {
    ledger_open(l, "gaussian_process.excess_kurtosis",
                json_object_get(json, "excess_kurtosis"),
                "a degree of freedom is not exact");
    ledger_open(l, "gaussian_process.tv_bound",
                json_object_get(json, "tv_bound"),
                "a degree of freedom is not exact");
  }
  if (t->fourth_known && !fmpq_is_zero(t->variance)) {
    fmpq_mul(square, t->variance, t->variance);
    fmpq_div(kurtosis, t->fourth, square);
    ledger_fmpq(l, "gaussian_process.excess_kurtosis_finite", finite, kurtosis);
  } else {
    ledger_open(l, "gaussian_process.excess_kurtosis_finite", finite,
                "the reduced state has rank above 1");
  }
  if (strcmp(json_text_at(json, "verdict", "undecided"), "undecided"))
    ledger_open(l, "gaussian_process.verdict", json_object_get(json, "verdict"),
                "one size says nothing about a limit");
  fmpq_clear(square);
  fmpq_clear(kurtosis);
  arb_clear(bound);
}

/* edge = (1 - sqrt gamma)^2 for gamma < 1, else 0. */
static void set_edge(arb_t edge, const fmpq_t gamma) {
  arb_zero(edge);
  if (fmpz_cmp(fmpq_numref(gamma), fmpq_denref(gamma)) >= 0) return;
  arb_set_fmpq(edge, gamma, PREC_BITS);
  arb_sqrt(edge, edge, PREC_BITS);
  arb_sub_ui(edge, edge, 1, PREC_BITS);
  arb_mul(edge, edge, edge, PREC_BITS);
}

/* Leaves the edge in `edge`; false when there is no threshold. */
static bool check_minima(arb_t edge, ledger_t *l, const block_totals_t t,
                         const json_t *json, size_t num_parameters) {
  fmpq_t gamma;
  fmpz_t missing;
  arb_t level;
  if (!t->exact || fmpz_is_zero(t->threshold)) {
    ledger_open(l, "minima.threshold", json_object_get(json, "threshold"),
                "a degree of freedom is not exact");
    return false;
  }
  fmpq_init(gamma);
  fmpz_init_set_ui(missing, num_parameters);
  arb_init(level);
  fmpq_set_fmpz_frac(gamma, missing, t->threshold);
  fmpz_sub(missing, t->threshold, missing);
  if (fmpz_sgn(missing) < 0) fmpz_zero(missing);
  set_edge(edge, gamma);
  arb_mul(level, edge, t->height, PREC_BITS);
  ledger_fmpz(l, "minima.threshold", json_object_get(json, "threshold"),
              t->threshold);
  ledger_fmpq(l, "minima.gamma", json_object_get(json, "gamma"), gamma);
  ledger_fmpz(l, "minima.parameters_missing",
              json_object_get(json, "parameters_missing"), missing);
  ledger_real(l, "minima.trap_level", json_object_get(json, "trap_level"),
              level);
  ledger_real(l, "minima.trap_level_relative",
              json_object_get(json, "trap_level_relative"), edge);
  fmpq_clear(gamma);
  fmpz_clear(missing);
  arb_clear(level);
  return true;
}

static void check_wishart(ledger_t *l, const block_totals_t t,
                          const json_t *landscape) {
  const json_t *wishart = json_object_get(landscape, "wishart");
  const json_t *ratio = json_object_get(wishart, "variance_ratio");
  fmpq_t value;
  fmpq_init(value);
  ledger_open(l, "wishart.applies", json_object_get(wishart, "applies"),
              "that these blocks and spectra describe the loss (their variance "
              "is compared with the exact one)");
  if (json_get_fmpq(value, json_object_get(landscape, "variance"))) {
    if (fmpq_equal(value, t->variance))
      ledger_holds(l, "wishart.blocks (they add up to the variance)");
    else
      ledger_fails(l, "wishart.blocks", "they do not add up to the variance");
  }
  if (json_get_fmpq(value, json_object_get(landscape, "mean")))
    ledger_fmpq(l, "wishart.constant", json_object_get(wishart, "constant"),
                value);
  if (t->exact) {
    ledger_fmpq(l, "wishart.variance", json_object_get(wishart, "variance"),
                t->wishart_variance);
    if (!fmpq_is_zero(t->variance)) {
      fmpq_div(value, t->wishart_variance, t->variance);
      ledger_fmpq(l, "wishart.variance_ratio", ratio, value);
    }
  }
  ledger_open(l, "wishart.distance_bound",
              json_object_get(wishart, "distance_bound"),
              "the distance of two distributions");
  fmpq_clear(value);
}

/* --- verdict ---------------------------------------------------------------------------- */

static int compare_fmpq(const void *a, const void *b) {
  return fmpq_cmp(*(fmpq *const *)a, *(fmpq *const *)b);
}

/* Reciprocals of the median (the smaller of two) and the least of the gradient
   variances above 0; their number, or -1 when the list is not all exact. */
static long read_shots(fmpq_t typical, fmpq_t worst, const json_t *list) {
  size_t length = json_array_size(list), count = 0;
  bool ok = json_is_array(list);
  fmpq *values = flint_malloc((length + 1) * sizeof *values);
  fmpq **order = flint_malloc((length + 1) * sizeof *order);
  for (size_t k = 0; k < length; k++) fmpq_init(values + k);
  for (size_t k = 0; k < length && ok; k++) {
    ok = json_get_fmpq(values + k, json_array_get(list, k));
    if (!fmpq_is_zero(values + k)) order[count++] = values + k;
  }
  qsort(order, count, sizeof *order, compare_fmpq);
  if (ok && count) {
    fmpq_inv(typical, order[(count - 1) / 2]);
    fmpq_inv(worst, order[0]);
  }
  for (size_t k = 0; k < length; k++) fmpq_clear(values + k);
  flint_free(values);
  flint_free(order);
  return ok ? (long)count : -1;
}

static const char *trainable(long moving, const fmpq_t shots,
                             const fmpq_t max_shots, bool has_edge,
                             const arb_t edge, const fmpq_t max_trap) {
  if (moving < 0) return "undecided";
  if (moving == 0 || fmpq_cmp(shots, max_shots) > 0) return "no";
  if (!has_edge) return "undecided";
  arb_t trap;
  arb_init(trap);
  arb_set_fmpq(trap, max_trap, PREC_BITS);
  /* a ball that touches the threshold: the certificate is given the benefit */
  const char *answer = arb_gt(edge, trap) ? "no" : "yes";
  arb_clear(trap);
  return answer;
}

static void check_verdict(ledger_t *l, const json_t *landscape,
                          const json_t *thresholds, bool has_edge,
                          const arb_t edge) {
  const json_t *verdict = json_object_get(landscape, "verdict");
  fmpq_t typical, worst, max_shots, max_trap;
  fmpq_init(typical);
  fmpq_init(worst);
  fmpq_init(max_shots);
  fmpq_init(max_trap);
  long moving = read_shots(typical, worst,
                           json_object_get(landscape, "gradient_variance"));
  if (moving > 0) {
    ledger_fmpq(l, "verdict.shots_per_gradient",
                json_object_get(verdict, "shots_per_gradient"), typical);
    ledger_fmpq(l, "verdict.shots_per_gradient_worst",
                json_object_get(verdict, "shots_per_gradient_worst"), worst);
  }
  if (moving >= 0)
    ledger_size(l, "verdict.parameters_that_move_the_loss",
                json_object_get(verdict, "parameters_that_move_the_loss"),
                (size_t)moving);
  if (json_get_fmpq(max_shots, json_object_get(thresholds, "max_shots")) &&
      json_get_fmpq(max_trap, json_object_get(thresholds, "max_trap")))
    ledger_text(l, "verdict.trainable", json_object_get(verdict, "trainable"),
                trainable(moving, typical, max_shots, has_edge, edge,
                          max_trap));
  else
    ledger_fails(l, "thresholds", "they are missing");
  fmpq_clear(typical);
  fmpq_clear(worst);
  fmpq_clear(max_shots);
  fmpq_clear(max_trap);
}

/* --- all of it --------------------------------------------------------------------------- */

static void check_one(ledger_t *l, const ansatz_t ansatz,
                      const check_generators_t g, const json_t *certificate,
                      size_t index, size_t max_elements) {
  const json_t *json = json_array_get(
      json_object_get(certificate, "landscapes"), index);
  const json_t *wishart = json_object_get(json, "wishart");
  char *observable = pauli_sum_get_str(
      ansatz->observables[index / ansatz->num_states].sum);
  ledger_text(l, "observable", json_object_get(json, "observable"), observable);
  ledger_text(l, "state", json_object_get(json, "state"),
              ansatz->states[index % ansatz->num_states].text);
  free(observable);
  check_exact(l, ansatz, g, json, index, max_elements);
  ledger_open(l, "wishart.blocks (index, sector, component)",
              json_is_true(json_object_get(wishart, "applies"))
                  ? json_object_get(wishart, "blocks") : NULL,
              "which part of the Hilbert space a block is");
  ledger_open(l, "finite_depth", json_object_get(json, "finite_depth"),
              "the moments of the circuit at its own depth");
  block_totals_t totals;
  arb_t edge;
  bool has_edge = false;
  block_totals_init(totals);
  arb_init(edge);
  if (json_is_true(json_object_get(wishart, "applies"))) {
    check_blocks(totals, l, json_object_get(wishart, "blocks"));
    if (totals->readable) {
      check_wishart(l, totals, json);
      check_gaussian(l, totals, json_object_get(json, "gaussian_process"));
      has_edge = check_minima(edge, l, totals, json_object_get(json, "minima"),
                              ansatz->num_parameters);
    }
  } else {
    ledger_open(l, "wishart.applies", json_object_get(wishart, "applies"),
                "that the loss lies outside the Wishart class");
  }
  check_verdict(l, json, json_object_get(certificate, "thresholds"), has_edge,
                edge);
  block_totals_clear(totals);
  arb_clear(edge);
}

void check_landscapes(check_result_t *result, const ansatz_t ansatz,
                      const check_generators_t g, const json_t *certificate,
                      size_t max_elements) {
  const json_t *list = json_object_get(certificate, "landscapes");
  size_t count = ansatz->num_observables * ansatz->num_states;
  ledger_t ledger = {.result = result};
  if (json_array_size(list) != count || !json_is_array(list)) {
    ledger_fails(&ledger, "landscapes",
                 "there are %zu, one for each observable and state", count);
    return;
  }
  for (size_t j = 0; j < count; j++) {
    snprintf(ledger.where, sizeof ledger.where, "landscapes[%zu].", j);
    check_one(&ledger, ansatz, g, certificate, j, max_elements);
  }
}
