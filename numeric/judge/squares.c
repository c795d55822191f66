#include "numeric/judge/squares.h"

#include <math.h>
#include <stdlib.h>

#include "algebra/base/text.h"
#include "numeric/machine/memory.h"
#include "numeric/machine/random.h"

enum { MIN_SAMPLES = 400, MAX_SAMPLES = 4000, MAX_TERMS = 64, MAX_QUBITS = 16 };
/* Amplitude updates, a small part of what verify spends on the losses. */
static const double sampling_operations = 1e9;

/* Of P Q + Q P only what commutes is left, twice. */
void squares_multiply(pauli_sum_t out, const pauli_sum_t in) {
  size_t w = pauli_words(in->num_qubits);
  uint64_t *product = memory_get(2 * w + 1, sizeof *product);
  fmpq_t c;
  fmpq_init(c);
  for (size_t a = 0; a < in->length; a++)
    for (size_t b = 0; b <= a; b++) {
      unsigned phase =
          pauli_mul(product, pauli_sum_string(in, a), pauli_sum_string(in, b), w);
      if (phase % 2) continue;
      fmpq_mul(c, in->coeffs + a, in->coeffs + b);
      if (a != b) fmpq_add(c, c, c);
      if (phase == 2) fmpq_neg(c, c);
      pauli_sum_push(out, c, product);
    }
  pauli_sum_canonicalise(out);
  fmpq_clear(c);
  free(product);
}

static bool any_claim(const verify_claims_struct *claims, bool own) {
  bool any = false;
  for (size_t l = 0; l < claims->num_landscapes; l++) {
    const verify_landscape_struct *c = claims->landscapes + l;
    any = any || !isnan(own ? c->depth_square : c->mean_square);
  }
  return any;
}

static void try_sampler(squares_t *s, int kind, const verify_claims_struct *claims,
                        const verify_options_t *options) {
  char *message = NULL;
  sampler_pair_t *pairs = memory_get(claims->num_landscapes, sizeof *pairs);
  for (size_t l = 0; l < claims->num_landscapes; l++)
    pairs[l] = (sampler_pair_t){claims->landscapes[l].observable,
                                claims->landscapes[l].state};
  s->wanted[kind] =
      !s->programs[kind].long_window &&
      sampler_init_way(s->samplers + kind, s->programs + kind, &s->squared, pairs,
                       claims->num_landscapes, options->memory_bytes,
                       options->num_threads, SAMPLER_EITHER, PRECISION_DOUBLE,
                       &message) == STATUS_OK;
  free(message);
  free(pairs);
}

void squares_init(squares_t *s, const ansatz_t ansatz,
                  const verify_claims_struct *claims,
                  const verify_options_t *options) {
  bool deep = any_claim(claims, false), short_enough = true;
  bool own = ansatz->kind == ANSATZ_CIRCUIT && any_claim(claims, true);
  *s = (squares_t){.squared = *ansatz};
  s->squared.observables = NULL;
  for (size_t o = 0; o < ansatz->num_observables; o++)
    short_enough = short_enough && ansatz->observables[o].sum->length <= MAX_TERMS;
  if (!short_enough || ansatz->num_qubits > MAX_QUBITS || !(deep || own)) return;
  s->squared.observables =
      memory_get(ansatz->num_observables, sizeof *s->squared.observables);
  for (size_t o = 0; o < ansatz->num_observables; o++) {
    s->squared.observables[o] = ansatz->observables[o];
    pauli_sum_init(s->squared.observables[o].sum, ansatz->num_qubits);
    squares_multiply(s->squared.observables[o].sum, ansatz->observables[o].sum);
  }
  if (deep) {
    program_init(s->programs + SQUARES_DEEP, &s->squared, claims->rotation_flags);
    try_sampler(s, SQUARES_DEEP, claims, options);
  }
  if (own) {
    program_init(s->programs + SQUARES_OWN, &s->squared, NULL);
    program_use_laws(s->programs + SQUARES_OWN, &s->squared);
    try_sampler(s, SQUARES_OWN, claims, options);
  }
}

void squares_clear(squares_t *s) {
  for (int kind = 0; kind < SQUARES_KINDS; kind++) {
    if (s->wanted[kind]) sampler_clear(s->samplers + kind);
    program_clear(s->programs + kind);
  }
  for (size_t o = 0; s->squared.observables && o < s->squared.num_observables; o++)
    pauli_sum_clear(s->squared.observables[o].sum);
  free(s->squared.observables);
  *s = (squares_t){.wanted = {false}};
}

/* 0: not worth its cost. */
static size_t plan_samples(const squares_t *s, int kind, size_t asked,
                           size_t num_layers) {
  if (!s->wanted[kind]) return 0;
  double most = asked && asked < MAX_SAMPLES ? (double)asked : MAX_SAMPLES;
  double fit = sampling_operations / sampler_cost(s->samplers + kind, num_layers, false);
  if (fit < MIN_SAMPLES) return 0;
  return (size_t)fmin(most, fit);
}

double squares_cost(const squares_t *s, const verify_options_t *options,
                    size_t num_layers) {
  double cost = 0;
  for (int kind = 0; kind < SQUARES_KINDS; kind++) {
    size_t layers = kind == SQUARES_OWN ? 1 : num_layers;
    size_t n = plan_samples(s, kind, options->num_samples, layers);
    if (n) cost += (double)n * sampler_cost(s->samplers + kind, layers, false);
  }
  return cost;
}

static status_t run_kind(squares_t *s, int kind, size_t n, size_t layers,
                         verify_report_t report, const verify_claims_struct *claims,
                         const verify_options_t *options, size_t attempt,
                         const kept_runs_t *how) {
  const sampler_t *sampler = s->samplers + kind;
  double **losses = memory_get(sampler->num_pairs, sizeof *losses);
  for (size_t p = 0; p < sampler->num_pairs; p++)
    losses[p] = memory_get(n, sizeof(double));
  sampler_job_t job = {.seed = options->seed,
                       .purpose = RANDOM_SQUARES + ((uint64_t)attempt << 8) +
                                  ((uint64_t)kind << 16),
                       .num_samples = n,
                       .num_layers = layers,
                       .losses = losses};
  char *stage = text_print("squares %d, attempt %zu", kind, attempt);
  status_t status = kept_runs_samples(&job, sampler, stage, how);
  free(stage);
  if (status == STATUS_OK) {
    checks_input_t input = {.sampler = sampler,
                            .claims = claims,
                            .ansatz = &s->squared,
                            .num_samples = n,
                            .num_layers = layers,
                            .attempt = attempt,
                            .seed = options->seed,
                            .losses = losses,
                            .tolerance = sampler_tolerance(sampler, layers)};
    checks_run_squares(report, &input, kind == SQUARES_OWN);
  }
  for (size_t p = 0; p < sampler->num_pairs; p++) free(losses[p]);
  free(losses);
  return status;
}

status_t squares_run(squares_t *s, verify_report_t report,
                     const verify_claims_struct *claims,
                     const verify_options_t *options, size_t num_layers,
                     unsigned shuffle_bits, size_t attempt,
                     const kept_runs_t *how) {
  status_t status = STATUS_OK;
  for (int kind = 0; kind < SQUARES_KINDS && status == STATUS_OK; kind++) {
    size_t layers = kind == SQUARES_OWN ? 1 : num_layers;
    size_t n = plan_samples(s, kind, options->num_samples, layers);
    if (!n) continue;
    bool shuffles = kind == SQUARES_DEEP && sampler_can_shuffle(s->samplers + kind);
    /* As many layers are deep only if they are shuffled alike. */
    if (kind == SQUARES_DEEP && shuffle_bits && !shuffles) continue;
    s->samplers[kind].shuffle_bits = shuffles ? shuffle_bits : 0;
    status = run_kind(s, kind, n, layers, report, claims, options, attempt, how);
  }
  return status;
}
