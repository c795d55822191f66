/* One run of the engine: see verify.h. What fails is tried again at four times the
   layers, and refuted only when it fails there too and the two depths agree, or when
   the depth is known to be enough (deep_layers.h); as long as they do not agree the
   depth goes on growing. Each attempt has half the family-wise error: once the circuit
   is deep a refutation takes a failure in the first attempt that is. */
#include "numeric/judge/verify.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/text.h"
#include "numeric/machine/share.h"
#include "numeric/judge/checks.h"
#include "numeric/sample/deep_layers.h"
#include "numeric/judge/dimension.h"
#include "numeric/judge/law.h"
#include "numeric/machine/memory.h"
#include "numeric/judge/kernel_checks.h"
#include "numeric/judge/noisy.h"
#include "numeric/judge/own_depth.h"
#include "numeric/judge/widths.h"
#include "numeric/judge/profile.h"
#include "numeric/judge/squares.h"
#include "numeric/judge/commutant.h"
#include "numeric/judge/curvature.h"
#include "numeric/machine/random.h"
#include "numeric/sample/samples.h"
#include "numeric/machine/units.h"

enum { MIN_SAMPLES = 400, MAX_SAMPLES = 20000, MAX_ATTEMPTS = 4 };
/* Amplitude updates of one attempt, a few seconds on two cores. */
static const double sampling_operations = 2.5e10;
/* Times that, for an attempt when those before it do not agree. */
static const double deepest = 16;

/* One total for all stages, in units of sampler_cost: what is behind, the stage at hand
   and what is expected of the others. */
typedef struct {
  const verify_options_t *options;
  const char *stage;
  double behind, here, ahead;
} progress_t;

enum { PROGRESS_UNITS = 1000000 };

static bool forward_progress(void *context, uint64_t done, uint64_t total) {
  const progress_t *p = context;
  double share = total ? (double)done / (double)total : 0;
  double all = p->behind + p->here + p->ahead;
  double so_far = all > 0 ? (p->behind + share * p->here) / all : 0;
  return p->options->progress(p->options->progress_context, p->stage,
                              (uint64_t)(so_far * PROGRESS_UNITS), PROGRESS_UNITS);
}

/* The next stage, of that cost; what is ahead of it. */
static void next_stage(progress_t *p, const char *stage, double cost, double ahead) {
  p->stage = stage;
  p->behind += p->here;
  p->here = cost;
  p->ahead = ahead;
}

typedef struct {
  program_t program;
  sampler_t sampler;
  own_depth_t own;
  squares_t squares;
  depth_t depth;
  progress_t progress;
  size_t *kept_parameters; /* NULL: no gradients */
  slope_products_t kernel;
  double *gradient_sums;
  samples_t samples; /* of the attempt at hand */
  size_t num_samples, num_layers;
} run_t;

static sampler_progress_t callback(const run_t *run) {
  return run->progress.options->progress ? forward_progress : NULL;
}

/* For what one process does. */
static kept_runs_t keeping(run_t *run) {
  return (kept_runs_t){run->progress.options->keeper, callback(run), &run->progress};
}

/* What comes after the samples. */
static double rest_cost(const run_t *run) {
  double cost = own_depth_cost(&run->own) +
                squares_cost(&run->squares, run->progress.options, run->num_layers);
  if (run->progress.options->profile)
    cost += profile_cost(&run->sampler, run->num_layers, run->num_samples);
  return cost;
}

static double samples_cost(const run_t *run, size_t num_layers, size_t num_samples) {
  return (double)num_samples *
         sampler_cost(&run->sampler, num_layers, run->kept_parameters != NULL);
}

/* The parameter of the program that drives the same generator as parameter k of
   the ansatz. */
static size_t source_of(const ansatz_t ansatz, size_t k) {
  return ansatz->kind == ANSATZ_OPERATORS ? k % ansatz->num_generators : k;
}

/* For each landscape the parameter with the greatest claimed gradient variance,
   PROGRAM_NONE without one; NULL when nothing is claimed of any gradient. */
static size_t *choose_kept(const verify_claims_struct *claims) {
  size_t *kept = memory_get(claims->num_landscapes, sizeof *kept);
  bool any = false;
  for (size_t l = 0; l < claims->num_landscapes; l++) {
    const double *claim = claims->landscapes[l].gradient_variance;
    kept[l] = PROGRAM_NONE;
    for (size_t k = 0; k < claims->num_parameters; k++) {
      if (isnan(claim[k])) continue;
      if (kept[l] == PROGRAM_NONE || claim[k] > claim[kept[l]]) kept[l] = k;
      any = true;
    }
  }
  if (any) return kept;
  free(kept);
  return NULL;
}

static status_t check_claims(const ansatz_t ansatz,
                             const verify_claims_struct *claims,
                             char **message) {
  if (claims->num_parameters != ansatz->num_parameters ||
      claims->num_rotations != ansatz->num_rotations) {
    *message = text_print("the claims are about another ansatz");
    return STATUS_BAD_INPUT;
  }
  for (size_t l = 0; l < claims->num_landscapes; l++) {
    const verify_landscape_struct *claim = claims->landscapes + l;
    if (claim->observable >= ansatz->num_observables ||
        claim->state >= ansatz->num_states) {
      *message = text_print("the claims are about another ansatz");
      return STATUS_BAD_INPUT;
    }
    if (!claim->has_law) continue;
    status_t status = law_check(claim, message);
    if (status != STATUS_OK) return status;
  }
  return STATUS_OK;
}

static status_t self_check(run_t *run, uint64_t seed, char **message) {
  double difference;
  status_t status = sampler_self_check(&difference, &run->sampler, seed);
  if (status != STATUS_OK) return status;
  double tolerance = 4 * sampler_tolerance(&run->sampler, 1);
  tolerance += 64 * (double)run->program.circuit.num_gates *
               precision_unit(run->sampler.precision);
  if (difference <= tolerance) return STATUS_OK;
  *message = text_print("one layer of the circuit came out wrong by %.3g: "
                        "please report this", difference);
  return STATUS_UNDECIDED;
}

static status_t prepare(run_t *run, verify_report_t report,
                        const ansatz_t ansatz,
                        const verify_claims_struct *claims,
                        const verify_options_t *options, char **message) {
  program_init(&run->program, ansatz, claims->rotation_flags);
  status_t status = own_depth_sampler(&run->sampler, &run->program, ansatz, claims, options,
                                      message);
  if (status != STATUS_OK) return status;
  run->kept_parameters = choose_kept(claims);
  kernel_products_init(&run->kernel, ansatz, claims, claims->kernel);
  status = self_check(run, options->seed, message);
  if (status != STATUS_OK) return status;
  squares_init(&run->squares, ansatz, claims, options);
  return own_depth_init(&run->own, report, ansatz, claims, options, message);
}

/* The precision of the samples, with a word when another was asked for. */
static void tell_precision(verify_report_t report, const run_t *run) {
  precision_t asked = run->progress.options->precision;
  report->precision = run->sampler.precision;
  if (run->own.wanted && run->own.sampler.precision == PRECISION_SINGLE)
    report->precision = PRECISION_SINGLE;
  if (run->sampler.precision != asked)
    checks_note(report,
                text_print("the deep circuit is sampled in double precision: "
                           "%s are not to be had in single",
                           run->sampler.module
                               ? "samples in the module of strings"
                               : "exponentials of sums of strings"));
}

/* Counted, not timed: the same on any machine. */
static double planned_operations(const run_t *run) {
  double effort = run->progress.options->effort;
  return sampling_operations * (effort > 0 ? effort : 1);
}

static size_t plan_samples(const run_t *run, size_t num_layers) {
  double cost = sampler_cost(&run->sampler, num_layers, run->kept_parameters);
  double fit = planned_operations(run) / cost;
  if (fit > MAX_SAMPLES) return MAX_SAMPLES;
  if (fit < MIN_SAMPLES) return MIN_SAMPLES;
  return (size_t)fit / 8 * 8;
}

static status_t choose_layers(run_t *run) {
  const verify_options_t *options = run->progress.options;
  size_t guess = depth_guess(&run->depth, &run->sampler);
  run->sampler.shuffle_bits = run->depth.shuffle_bits;
  size_t samples = run->num_samples ? run->num_samples : plan_samples(run, guess);
  kept_runs_t how = keeping(run);
  run->num_layers = guess;
  next_stage(&run->progress, "depth",
             depth_cost(&run->sampler, guess, samples, run->kept_parameters != NULL),
             samples_cost(run, guess, samples) + rest_cost(run));
  status_t status = depth_choose(&run->depth, &run->sampler, samples,
                                 run->kept_parameters, options->seed, &how);
  if (status != STATUS_OK) return status;
  run->num_layers = run->depth.num_layers;
  if (!run->num_samples) run->num_samples = plan_samples(run, run->num_layers);
  return STATUS_OK;
}

/* The layers that were asked for; deep unless it is known that they are not. */
static void take_layers(run_t *run) {
  depth_guess(&run->depth, &run->sampler);
  size_t needed = run->depth.exact ? run->depth.chain : 0;
  run->depth.settled = run->num_layers >= needed && run->depth.hopeless == 0;
  run->depth.shuffle_bits = 0;
  run->depth.plain_layers = run->num_layers;
  run->depth.reason =
      run->depth.settled
          ? text_print("%zu layers: as asked for", run->num_layers)
          : text_print("%zu layers, as asked for; the second moments take more to "
                       "mix", run->num_layers);
}

/* What a pilot run found out: not found out twice. */
typedef struct {
  uint64_t num_samples, num_layers, settled, exact, shuffle_bits, in_module;
  uint64_t plain_layers;
  char reason[1000];
} found_t;

static const char pilot[] = "pilot";

static bool recall_plan(run_t *run, found_t *found) {
  const verify_keeper_t *keeper = run->progress.options->keeper;
  const void *kept =
      keeper ? keeper->find(keeper->context, pilot, 0, sizeof *found) : NULL;
  if (kept) memcpy(found, kept, sizeof *found);
  return kept != NULL;
}

static status_t make_plan(run_t *run, found_t *found) {
  const verify_options_t *options = run->progress.options;
  run->num_layers = options->num_layers;
  run->num_samples = options->num_samples;
  if (recall_plan(run, found)) return STATUS_OK;
  status_t status = STATUS_OK;
  if (!options->num_layers) {
    status = choose_layers(run);
  } else {
    if (!run->num_samples)
      run->num_samples = plan_samples(run, run->num_layers);
    take_layers(run);
  }
  if (status != STATUS_OK) return status;
  found->num_samples = run->num_samples;
  found->num_layers = run->num_layers;
  found->settled = run->depth.settled;
  found->exact = run->depth.exact;
  found->plain_layers = run->depth.plain_layers;
  found->shuffle_bits = run->sampler.shuffle_bits;
  found->in_module = run->sampler.module != NULL;
  snprintf(found->reason, sizeof found->reason, "%s", run->depth.reason);
  if (options->keeper)
    options->keeper->keep(options->keeper->context, pilot, 0, found,
                          sizeof *found);
  return STATUS_OK;
}

/* Before any of the memory is asked for. What a keeper keeps is a copy. */
static status_t check_memory(const run_t *run, const found_t *found,
                             char **message) {
  const verify_options_t *options = run->progress.options;
  double each = samples_bytes_each(&run->sampler, run->kept_parameters != NULL,
                                   run->kernel.count);
  double budget = (double)(options->memory_bytes ? options->memory_bytes
                                                 : share_default_memory());
  if (options->keeper) each *= 2;
  each += 2 * sizeof(double); /* sorted copies of one column, for the tests */
  if (each * (double)found->num_samples <= budget) return STATUS_OK;
  *message = text_print("%llu samples do not fit in %.3g GB of memory: up to "
                        "%.0f would",
                        (unsigned long long)found->num_samples, budget / 1e9,
                        floor(budget / each));
  return STATUS_LIMIT;
}

/* How many samples and layers: process 0 finds out, the others believe it. */
static status_t plan(run_t *run, verify_report_t report, char **message) {
  found_t found = {.num_samples = run->progress.options->num_samples};
  status_t status = STATUS_OK;
  if (share_rank() == 0) {
    status = check_memory(run, &found, message);
    if (status == STATUS_OK) status = make_plan(run, &found);
    if (status == STATUS_OK) status = check_memory(run, &found, message);
  }
  status = share_agree(status, message);
  if (status != STATUS_OK) return status;
  share_broadcast(&found, sizeof found);
  if (found.in_module != (run->sampler.module != NULL)) {
    status = STATUS_LIMIT;
    *message = text_print("one process has less memory than another and would "
                          "sample in another way");
  }
  status = share_agree(status, message);
  if (status != STATUS_OK) return status;
  run->sampler.shuffle_bits = (unsigned)found.shuffle_bits;
  run->depth.settled = found.settled;
  run->depth.exact = found.exact;
  run->depth.plain_layers = found.plain_layers;
  run->num_samples = found.num_samples;
  run->num_layers = found.num_layers;
  report->layers_reason = text_print("%s", found.reason);
  if (!found.settled)
    checks_note(report,
                text_print("the losses were not seen to settle: the deep limit "
                           "may not be reached at %zu layers", run->num_layers));
  return STATUS_OK;
}

/* Fresh samples for an attempt. */
static void samples_begin(run_t *run, const ansatz_t ansatz) {
  size_t pairs = run->sampler.num_pairs, *sources = NULL;
  if (run->kept_parameters) {
    sources = memory_get(pairs, sizeof *sources);
    for (size_t p = 0; p < pairs; p++)
      sources[p] = run->kept_parameters[p] == PROGRAM_NONE
                       ? PROGRAM_NONE
                       : source_of(ansatz, run->kept_parameters[p]);
  }
  samples_clear(&run->samples);
  slope_products_room(&run->kernel, run->num_samples);
  samples_init(&run->samples, &run->sampler, run->num_samples, sources, &run->kernel);
  free(sources);
}

/* Samples as units. */
typedef struct {
  samples_t *samples; /* first: what samples_pack gets */
  const sampler_t *sampler;
  sampler_job_t *job;
} sampling_t;

static void pack_chunk(void *out, const void *of, size_t chunk) {
  samples_pack(out, ((const sampling_t *)of)->samples, chunk);
}

static void unpack_chunk(void *of, const void *in, size_t chunk) {
  samples_unpack(((sampling_t *)of)->samples, in, chunk);
}

static bool tick(void *context, uint64_t done, uint64_t total) {
  (void)done;
  (void)total;
  return units_tick(context);
}

static bool run_chunks(void *of, units_t *units) {
  sampling_t *s = of;
  s->job->chunk_done = units->skip;
  s->job->progress = tick;
  s->job->context = units;
  return sampler_run(s->sampler, s->job) == STATUS_OK;
}

static status_t draw(run_t *run, const ansatz_t ansatz, size_t number) {
  const verify_options_t *options = run->progress.options;
  samples_begin(run, ansatz);
  static const char *const stages[MAX_ATTEMPTS] = {"samples", "repetition",
                                                   "repetition 2", "repetition 3"};
  next_stage(&run->progress, stages[number],
             samples_cost(run, run->num_layers, run->num_samples), rest_cost(run));
  sampler_job_t job = {.seed = options->seed,
                       .purpose = RANDOM_ANGLES + ((uint64_t)(number + 1) << 8),
                       .num_layers = run->num_layers,
                       .gradients = run->gradient_sums};
  samples_aim(&job, &run->samples);
  sampling_t sampling = {&run->samples, &run->sampler, &job};
  units_t units = {.stage = run->progress.stage,
                   .num = run->samples.num_chunks,
                   .bytes = samples_chunk_bytes(&run->samples),
                   .of = &sampling,
                   .pack = pack_chunk,
                   .unpack = unpack_chunk,
                   .run = run_chunks,
                   .keeper = options->keeper,
                   .progress = callback(run),
                   .context = &run->progress};
  status_t status = units_run(&units);
  if (status == STATUS_OK && run->gradient_sums)
    sampler_add_up(run->gradient_sums, run->samples.chunk_sums, &run->sampler,
                   run->num_samples);
  return status;
}

/* Appends the checks to the report, after sampling what needs little. */
static status_t judge(run_t *run, verify_report_t report, const ansatz_t ansatz,
                      const verify_claims_struct *claims, size_t number) {
  const verify_options_t *options = run->progress.options;
  checks_input_t input = {
      .sampler = &run->sampler,
      .claims = claims,
      .ansatz = ansatz,
      .num_samples = run->num_samples,
      .num_layers = run->num_layers,
      .attempt = number,
      .seed = options->seed,
      .losses = run->samples.losses,
      .gradients = run->gradient_sums,
      .chunk_sums = run->samples.chunk_sums,
      .kept_gradients = run->samples.kept_gradients,
      .kept_parameters = run->kept_parameters,
      .products = &run->kernel,
      .tolerance = sampler_tolerance(&run->sampler, run->num_layers)};
  checks_run(report, &input);
  kernel_checks(report, &input, claims->kernel, "");
  dimension_checks(report, &input, options->memory_bytes);
  commutant_checks(report, &input);
  curvature_checks(report, &input);
  noisy_checks(report, ansatz, claims, options, number);
  widths_checks(report, ansatz, claims, options, number);
  double squares = squares_cost(&run->squares, options, run->num_layers);
  double after = rest_cost(run) - squares;
  kept_runs_t how = keeping(run);
  next_stage(&run->progress, "squares", squares, after);
  status_t status =
      squares_run(&run->squares, report, claims, options, run->num_layers,
                  run->sampler.shuffle_bits, number, &how);
  if (status != STATUS_OK) return status;
  after -= own_depth_cost(&run->own);
  next_stage(&run->progress, "own depth", own_depth_cost(&run->own), after);
  return own_depth_run(&run->own, report, ansatz, claims, options, number, &how);
}

/* One attempt: samples, then (in process 0) checks appended to the report. */
static status_t attempt(run_t *run, verify_report_t report,
                        const ansatz_t ansatz,
                        const verify_claims_struct *claims, size_t number) {
  char *message = NULL;
  status_t status = draw(run, ansatz, number);
  if (status != STATUS_OK) return status;
  if (share_rank() == 0) status = judge(run, report, ansatz, claims, number);
  status = share_agree(status, &message);
  free(message);
  return status;
}

/* While the circuit may not be deep a claim about the deep one cannot be refuted;
   those about the circuit as written can. */
static void spare_deep_claims(verify_report_t report, size_t first) {
  report->consistent = true;
  for (size_t i = first; i < report->num_checks; i++) {
    verify_check_t *check = report->checks + i;
    if (check->holds) continue;
    check->unjudged = !checks_is_own_depth(check) && check->landscape != SIZE_MAX;
    if (check->unjudged) report->undecided = true;
    else report->consistent = false;
  }
  if (report->undecided)
    checks_note(report,
                text_print("predictions about the deep circuit that fail here "
                           "cannot be judged: this circuit may not be deep enough; "
                           "what holds at its own depth is tested all the same"));
}

/* Of a check that fails: is it as far off at a quarter of the layers? What has gone
   a good part of the way to the prediction since then may go on. */
static bool is_steady(const verify_check_t *now, const verify_check_t *before,
                      size_t num_samples) {
  double moved = fabs(now->measured - before->measured);
  double left = fabs(now->predicted - now->measured);
  if (now->landscape == SIZE_MAX || checks_is_own_depth(now)) return true;
  if (fabs(now->predicted - before->measured) > 1.25 * left) return false;
  /* A distance of distribution functions. */
  if (isnan(now->standard_error) || isnan(before->standard_error))
    return moved <= 1.5 * sqrt(2 / (double)num_samples);
  return moved <= 3 * hypot(now->standard_error, before->standard_error) +
                      1e-9 * fmax(fabs(now->measured), fabs(now->predicted));
}

static const verify_check_t *same_check(const verify_report_t report, size_t from,
                                        size_t to, const verify_check_t *check) {
  for (size_t i = from; i < to; i++)
    if (report->checks[i].landscape == check->landscape &&
        !strcmp(report->checks[i].name, check->name))
      return report->checks + i;
  return NULL;
}

/* Checks before .. first - 1 are of the attempt before. */
static bool depths_agree(const verify_report_t report, size_t before, size_t first,
                         size_t num_samples) {
  for (size_t i = first; i < report->num_checks; i++) {
    const verify_check_t *check = report->checks + i;
    const verify_check_t *old = same_check(report, before, first, check);
    if (!check->holds && old && !is_steady(check, old, num_samples)) return false;
  }
  return true;
}

/* Moves the checks of the last attempt before those of the others. */
static void deciding_first(verify_report_t report, size_t first_count) {
  size_t total = report->num_checks, second = total - first_count;
  verify_check_t *sorted = memory_get(total, sizeof *sorted);
  if (second)
    memcpy(sorted, report->checks + first_count, second * sizeof *sorted);
  if (first_count)
    memcpy(sorted + second, report->checks, first_count * sizeof *sorted);
  free(report->checks);
  report->checks = sorted;
  report->num_deciding = second;
}

/* May the next attempt be at four times the layers? */
static bool can_go_deeper(const run_t *run, size_t number) {
  double cost = sampler_cost(&run->sampler, 4 * run->num_layers,
                             run->kept_parameters != NULL);
  bool in_vain = run->depth.exact && !run->depth.settled;
  /* Layers that were asked for: once, to see whether the two depths agree. */
  if (run->progress.options->num_layers && (run->depth.exact || number)) return false;
  if (in_vain) return false;
  return number == 0 || (number + 1 < MAX_ATTEMPTS &&
                         cost * (double)run->num_samples <
                             deepest * planned_operations(run));
}

static status_t run_attempts(run_t *run, verify_report_t report,
                             const ansatz_t ansatz,
                             const verify_claims_struct *claims) {
  double alpha = report->family_error;
  if (!run->progress.options->num_layers || !run->depth.exact) alpha /= 2;
  size_t before = 0, first = 0, again = 1;
  bool steady = run->depth.exact && run->depth.settled;
  for (size_t number = 0; again; number++) {
    status_t status = attempt(run, report, ansatz, claims, number);
    if (status != STATUS_OK) return status;
    report->consistent = checks_judge(report, first, alpha);
    report->num_attempts = number + 1;
    if (!run->depth.exact)
      steady = number && depths_agree(report, before, first, run->num_samples);
    again = !report->consistent && can_go_deeper(run, number) &&
            (number == 0 || !steady);
    share_broadcast(&again, sizeof again);
    if (!again) break;
    before = first;
    first = report->num_checks;
    run->num_layers *= 4;
  }
  if (!report->consistent && !(run->depth.settled && steady))
    spare_deep_claims(report, first);
  deciding_first(report, first);
  return STATUS_OK;
}

/* Hands the samples of the deciding attempt over. */
static void give_samples(verify_report_t report, run_t *run) {
  report->num_samples = run->num_samples;
  report->num_layers = run->num_layers;
  report->plain_layers = run->depth.plain_layers;
  if (!run->sampler.shuffle_bits) report->plain_layers = run->num_layers;
  report->num_landscapes = run->sampler.num_pairs;
  for (size_t p = 0; p < run->sampler.num_pairs; p++)
    if (run->sampler.left_out[run->sampler.pairs[p].observable]) {
      free(run->samples.losses[p]);
      run->samples.losses[p] = NULL;
    }
  report->losses = run->samples.losses;
  report->kept_gradients = run->samples.kept_gradients;
  report->kept_parameters = run->kept_parameters;
  run->samples.losses = run->samples.kept_gradients = NULL;
  run->kept_parameters = NULL;
}

static void run_clear(run_t *run) {
  samples_clear(&run->samples);
  slope_products_clear(&run->kernel);
  free(run->kept_parameters);
  free(run->gradient_sums);
  free(run->depth.reason);
  own_depth_clear(&run->own);
  squares_clear(&run->squares);
  sampler_clear(&run->sampler);
  program_clear(&run->program);
}

status_t verify_run(verify_report_t out, const ansatz_t ansatz,
                    const verify_claims_t claims,
                    const verify_options_t *options, char **message) {
  static const verify_options_t defaults = {0};
  verify_report_t report = {{0}};
  if (!options) options = &defaults;
  run_t run = {.progress = {.options = options}};
  *message = NULL;
  status_t status = check_claims(ansatz, claims, message);
  if (status == STATUS_OK)
    status = prepare(&run, report, ansatz, claims, options, message);
  status = share_agree(status, message);
  if (status != STATUS_OK) goto done;
  report->family_error =
      options->family_error > 0 ? options->family_error : 1e-3;
  report->method = sampler_describe(&run.sampler);
  tell_precision(report, &run);
  for (size_t o = 0; o < ansatz->num_observables; o++)
    report->undecided |= run.sampler.left_out[o];
  status = plan(&run, report, message);
  if (status != STATUS_OK) goto done;
  if (run.kept_parameters)
    run.gradient_sums = memory_get(4 * run.sampler.num_pairs *
                                       run.program.num_parameters,
                                   sizeof(double));
  status = run_attempts(&run, report, ansatz, claims);
  if (status != STATUS_OK) goto done;
  if (options->profile && share_rank() == 0) {
    kept_runs_t how = keeping(&run);
    next_stage(&run.progress, "layers",
               profile_cost(&run.sampler, run.num_layers, run.num_samples), 0);
    status = profile_run(report, &run.sampler, run.num_layers, run.num_samples,
                         options->seed, &how);
  }
  status = share_agree(status, message);
  if (status != STATUS_OK) goto done;
  give_samples(report, &run);
  *out = *report;
  *report = (verify_report_struct){0};
done:
  if (status != STATUS_OK && !*message)
    *message = text_print("the run was stopped, or the machine refused the "
                          "memory for it");
  verify_report_clear(report);
  run_clear(&run);
  return status;
}
