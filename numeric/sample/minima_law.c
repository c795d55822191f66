#include "numeric/sample/minima_law.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/order.h"
#include "numeric/machine/blas_threads.h"
#include "numeric/machine/memory.h"
#include "numeric/machine/random.h"
#include "numeric/sample/hessian_ensemble.h"

enum {
  MIN_PARTICLES = 48,
  MAX_PARTICLES = 400,
  MANY_RUNS = 8,
  FEW_RUNS = 4,   /* where a particle is dear */
  MAX_BATCHES = 8, /* of runs */
  MAX_SWEEPS = 60,
  MAX_LEVELS = 2000,
  MAX_TRIES = 8 /* of a level */
};
/* How far particles move after a level, and at the end. */
static const double level_reach = 0.7, last_reach = 2;
static const double default_operations = 15e9, matrix_operations = 3e9;
static const double particle_operations = 3e5; /* of a cloud, for one value */
static const double all_operations = 16e6;     /* of all clouds */
/* Matrices, plain averages: runs, draws of the pilot, effective number of what is drawn by
   all, levels kept of a run; least effective share, operations of all. */
enum {
  PLAIN_RUNS = 16,
  PILOT_DRAWS = 2000,
  LEAST_EFFECTIVE = 250,
  MOST_EFFECTIVE = 12000,
  MAX_KEPT = 2000
};
static const double least_effective_share = 0.002, plain_operations = 1.5e9;
/* Of the cloud this effective share is left by a level. */
static const double share_left = 0.5, least_share = 0.42, greatest_share = 0.62;
/* Errors at which no more runs are made: of the logarithm of the number, where that is
   small and relative to it, and of levels. */
static const double goal_number = 0.05, goal_logarithm = 0.02, goal_quantile = 0.006;

const double minima_law_quantiles[] = {0.1, 0.5, 0.9};
const double minima_law_shares[] = {0.01, 0.05, 0.1};

double minima_model_freedom(const minima_model_t *model) {
  double m = 0;
  for (size_t b = 0; b < model->num_matrices; b++)
    m += matrix_hessian_freedom(model->matrices + b);
  if (model->num_matrices) return m;
  for (size_t b = 0; b < model->num_blocks; b++) m += model->blocks[b].freedom;
  return m;
}

bool minima_law_is_exact(const minima_model_t *model) {
  ensemble_t e;
  if (!ensemble_init(&e, model)) return false;
  bool exact = e.is_exact || e.has_matrices;
  ensemble_clear(&e);
  return exact;
}

bool minima_law_needs_matrices(const minima_model_t *model) {
  return model->dimension > 0 && model->dimension <= ENSEMBLE_EXACT &&
         model->num_parameters <= ENSEMBLE_EXACT_PARAMETERS && !model->num_matrices &&
         !minima_law_is_exact(model);
}

/* p < m, on every group of gates. */
static bool is_isolated(const minima_model_t *model) {
  if (!model->num_matrices)
    return (double)model->num_parameters < minima_model_freedom(model);
  for (size_t j = 0; j < model->num_parameters; j++) {
    size_t group = model->groups ? model->groups[j] : 0, count = 0;
    double freedom = 0;
    for (size_t i = 0; i < model->num_parameters; i++)
      count += (model->groups ? model->groups[i] : 0) == group;
    for (size_t b = 0; b < model->num_matrices; b++)
      if (model->matrices[b].group == group)
        freedom += matrix_hessian_freedom(model->matrices + b);
    if (!((double)count < freedom)) return false;
  }
  return true;
}

double minima_law_edge(double gamma) {
  if (gamma >= 1) return 0;
  double s = (gamma + sqrt(gamma * gamma + 8 * gamma)) / 4;
  return gamma > 0 ? (1 - s) * (1 - s) * (1 - gamma / s) : 1;
}

/* --- one run: a cloud of particles ------------------------------------------- */

typedef struct {
  const ensemble_t *ensemble;
  size_t num_particles;
  double *states, *spare; /* num_particles x ensemble state */
  ensemble_value_t *values, *next; /* next: at the level that is tried */
  double *weights;
  ensemble_work_t work;
  random_stream_t random;
  double step2; /* 1 - rho^2 of the moves */
  double a, t;  /* what the cloud is distributed by */
  double stride; /* how far t went at the last level */
  double log_number;
} cloud_t;

static void cloud_init(cloud_t *c, const ensemble_t *e, size_t num_particles,
                       uint64_t seed, size_t run) {
  *c = (cloud_t){.ensemble = e, .num_particles = num_particles, .step2 = 0.5, .stride = 0.3};
  c->states = memory_get(num_particles * e->size, sizeof(double));
  c->spare = memory_get(num_particles * e->size, sizeof(double));
  c->values = memory_get(num_particles, sizeof *c->values);
  c->next = memory_get(num_particles, sizeof *c->next);
  c->weights = memory_get(num_particles, sizeof(double));
  ensemble_work_init(&c->work, e);
  random_stream_init(&c->random, seed, RANDOM_MINIMA_LAW, run);
  for (size_t i = 0; i < num_particles; i++) {
    ensemble_draw(c->states + i * e->size, e, &c->random);
    c->values[i] = ensemble_value(e, c->states + i * e->size, 0, &c->work);
  }
}

static void cloud_clear(cloud_t *c) {
  free(c->states);
  free(c->spare);
  free(c->values);
  free(c->next);
  free(c->weights);
  ensemble_work_clear(&c->work);
}

/* a times what the logarithm has grown by; of one that is dead, or was, nothing is left. */
static double growth(double a, double log_det, double before) {
  if (!(log_det > -INFINITY) || !(before > -INFINITY)) return -INFINITY;
  return a * (log_det - before);
}

/* Weights of the particles for the next level; returns the effective share. The
   greatest logarithm, taken out, is left in *shift. */
static double set_weights(cloud_t *c, double a, double t, double *shift) {
  double top = -INFINITY, sum = 0, squares = 0;
  for (size_t i = 0; i < c->num_particles; i++) {
    ensemble_value_t v = c->values[i];
    double log_weight;
    if (t == c->t) {
      c->next[i] = v;
      log_weight = growth(a - c->a, v.log_gradient + v.log_det, 0);
    } else {
      const double *state = c->states + i * c->ensemble->size;
      c->next[i] = ensemble_value(c->ensemble, state, t, &c->work);
      log_weight = growth(c->a, c->next[i].log_det, v.log_det);
    }
    c->weights[i] = log_weight;
    if (log_weight > top) top = log_weight;
  }
  *shift = top;
  if (!(top > -INFINITY)) return 0;
  for (size_t i = 0; i < c->num_particles; i++) {
    double w = c->weights[i] = exp(c->weights[i] - top);
    sum += w;
    squares += w * w;
  }
  return sum * sum / squares / (double)c->num_particles;
}

/* Systematic resampling (G. Kitagawa 1996). */
static void resample(cloud_t *c) {
  size_t size = c->ensemble->size, n = c->num_particles, from = 0;
  double sum = 0, at = 0;
  for (size_t i = 0; i < n; i++) sum += c->weights[i];
  double offset = random_uniform(&c->random);
  at = c->weights[0];
  for (size_t i = 0; i < n; i++) {
    double goal = ((double)i + offset) / (double)n * sum;
    while (at < goal && from + 1 < n) at += c->weights[++from];
    memcpy(c->spare + i * size, c->states + from * size, size * sizeof(double));
    c->values[i] = c->next[from];
  }
  double *states = c->states;
  c->states = c->spare;
  c->spare = states;
}

/* Moves every particle until it has forgotten about the share exp(-reach) of what
   it was; the step follows the share accepted. Returns the number of sweeps. */
static size_t move(cloud_t *c, double reach) {
  size_t size = c->ensemble->size, sweep = 0;
  double *proposal = c->spare;
  for (double moved = 0; moved < reach && sweep < MAX_SWEEPS; sweep++) {
    size_t accepted = 0;
    for (size_t i = 0; i < c->num_particles; i++) {
      double *state = c->states + i * size;
      ensemble_value_t old = c->values[i];
      ensemble_move(proposal, state, c->ensemble, c->step2, &c->random);
      ensemble_value_t new =
          ensemble_value(c->ensemble, proposal, c->t, &c->work);
      double gain = c->a * (new.log_gradient + new.log_det - old.log_gradient -
                            old.log_det);
      if (!(log(random_uniform(&c->random)) < gain)) continue;
      memcpy(state, proposal, size * sizeof(double));
      c->values[i] = new;
      accepted++;
    }
    double share = (double)accepted / (double)c->num_particles;
    moved += c->step2 * share;
    c->step2 *= exp(share - 0.3);
    if (c->step2 > 0.9) c->step2 = 0.9;
    if (c->step2 < 1e-6) c->step2 = 1e-6;
  }
  return sweep;
}

/* The power a of the next level, where no Hessian has to be made again. */
static double find_power(cloud_t *c, double *shift) {
  double low = c->a, high = 1;
  if (set_weights(c, 1, c->t, shift) >= share_left) return 1;
  for (int i = 0; i < 12; i++) {
    double middle = (low + high) / 2;
    if (set_weights(c, middle, c->t, shift) < share_left) high = middle;
    else low = middle;
  }
  if (low == c->a) low = high;
  set_weights(c, low, c->t, shift);
  return low;
}

/* The t of the next level, by few trials: the share falls about as exp(-(way)^2). */
static double find_level(cloud_t *c, double *shift) {
  double low = c->t, high = 1, at = fmin(1, c->t + c->stride);
  for (int i = 0; i < MAX_TRIES; i++) {
    double share = set_weights(c, c->a, at, shift);
    if (share >= least_share && (share <= greatest_share || at == 1)) return at;
    if (share < share_left) high = at;
    else low = at;
    double next = c->t + (at - c->t) * sqrt(log(share_left) /
                                            log(fmin(fmax(share, 1e-3), 0.98)));
    if (next >= 1 && high == 1) at = 1;
    else at = next > low && next < high ? next : (low + high) / 2;
  }
  if (low > c->t) at = low;
  set_weights(c, c->a, at, shift);
  return at;
}

/* The next level: a, then t, as far as about half of the cloud stays. */
static bool climb(cloud_t *c, size_t *num_sweeps) {
  double shift, sum = 0, a = c->a, t = c->t;
  bool by_power = c->ensemble->has_matrices ? t == 1 : a < 1;
  if (by_power) a = find_power(c, &shift);
  else t = find_level(c, &shift);
  if (!(shift > -INFINITY)) return false;
  for (size_t i = 0; i < c->num_particles; i++) sum += c->weights[i];
  c->log_number += shift + log(sum / (double)c->num_particles);
  if (t > c->t) c->stride = t - c->t;
  c->a = a;
  c->t = t;
  resample(c);
  *num_sweeps = move(c, level_reach);
  return true;
}

/* --- all runs -------------------------------------------------------------------- */

typedef struct {
  double log_number;
  double *levels; /* ascending */
} run_t;

static bool is_stopped(const minima_law_options_t *o) {
  return o->abort && o->abort(o->abort_data);
}

/* Plain averages: logarithms of weights, and levels, of random states. */
typedef struct {
  double *weights, *levels, top, sum, squares; /* of weights over the greatest */
} plain_t;

static bool plain_init(plain_t *plain, const ensemble_t *e, size_t draws,
                       const minima_law_options_t *o, uint64_t run) {
  ensemble_work_t work;
  random_stream_t random;
  bool ok = true;
  double *state = memory_get(e->size, sizeof *state);
  *plain = (plain_t){memory_get(draws, sizeof(double)), memory_get(draws, sizeof(double)),
                     -INFINITY, 0, 0};
  ensemble_work_init(&work, e);
  random_stream_init(&random, o->seed, RANDOM_MINIMA_LAW, run);
  for (size_t i = 0; i < draws && ok; i++) {
    ensemble_draw(state, e, &random);
    ensemble_value_t v = ensemble_value(e, state, 1, &work);
    plain->weights[i] = growth(1, v.log_gradient + v.log_det, 0);
    plain->levels[i] = v.level;
    plain->top = fmax(plain->top, plain->weights[i]);
    ok = i % 1024 || !is_stopped(o);
  }
  ensemble_work_clear(&work);
  free(state);
  for (size_t i = 0; i < draws && plain->top > -INFINITY; i++) {
    double w = plain->weights[i] = exp(plain->weights[i] - plain->top);
    plain->sum += w;
    plain->squares += w * w;
  }
  return ok;
}

static void plain_clear(plain_t *plain) {
  free(plain->weights);
  free(plain->levels);
}

static double number_scale(const ensemble_t *e) {
  return e->log_scale + (double)e->num_parameters * log(2 * M_PI);
}

/* A run of so many draws, of which num_particles levels are left. */
static bool run_plain(run_t *out, const ensemble_t *e, size_t draws, size_t num_particles,
                      const minima_law_options_t *o, size_t run) {
  plain_t plain;
  random_stream_t random;
  bool ok = plain_init(&plain, e, draws, o, run) && plain.sum > 0;
  random_stream_init(&random, o->seed, RANDOM_MINIMA_LAW, (UINT64_C(2) << 32) + run);
  out->log_number = plain.top + log(plain.sum / (double)draws) + number_scale(e);
  out->levels = memory_get(num_particles, sizeof(double));
  double offset = random_uniform(&random), at = plain.weights[0];
  for (size_t i = 0, from = 0; i < num_particles && ok; i++) {
    double goal = ((double)i + offset) / (double)num_particles * plain.sum;
    while (at < goal && from + 1 < draws) at += plain.weights[++from];
    out->levels[i] = plain.levels[from];
  }
  qsort(out->levels, num_particles, sizeof(double), order_doubles);
  plain_clear(&plain);
  return ok;
}

static bool run_once(run_t *out, const ensemble_t *e, size_t num_particles,
                     const minima_law_options_t *o, size_t run,
                     double *operations) {
  cloud_t c;
  bool ok = true;
  size_t levels = 0, sweeps = 0;
  cloud_init(&c, e, num_particles, o->seed, run);
  while (ok && (c.a < 1 || c.t < 1)) {
    ok = climb(&c, &sweeps) && ++levels < MAX_LEVELS && !is_stopped(o);
    *operations -= (double)num_particles * (double)(sweeps + 8) * e->operations;
    ok = ok && *operations > 0;
  }
  if (ok) move(&c, last_reach);
  out->log_number = c.log_number + number_scale(e);
  out->levels = memory_get(num_particles, sizeof(double));
  for (size_t i = 0; ok && i < num_particles; i++)
    out->levels[i] = c.values[i].level;
  qsort(out->levels, num_particles, sizeof(double), order_doubles);
  cloud_clear(&c);
  return ok;
}

/* Mean and standard error over runs of f, weighted by the number of minima that
   a run found (relative to the greatest): the ratio estimator. */
static estimate_t combine(const double *values, const double *weights,
                          size_t num_runs) {
  double sum = 0, total = 0, error = 0;
  for (size_t r = 0; r < num_runs; r++) {
    sum += weights[r] * values[r];
    total += weights[r];
  }
  double mean = sum / total;
  for (size_t r = 0; r < num_runs; r++) {
    double residual = weights[r] * (values[r] - mean) / total;
    error += residual * residual;
  }
  double n = (double)num_runs;
  return (estimate_t){mean, sqrt(error * n / (n - 1))};
}

static double run_quantile(const run_t *run, size_t n, double q) {
  double at = q * (double)n - 0.5;
  if (at <= 0) return run->levels[0];
  size_t i = (size_t)at;
  if (i + 1 >= n) return run->levels[n - 1];
  return run->levels[i] +
         (at - (double)i) * (run->levels[i + 1] - run->levels[i]);
}

static double run_share(const run_t *run, size_t n, double below) {
  size_t i = 0;
  while (i < n && run->levels[i] < below) i++;
  return (double)i / (double)n;
}

static void set_density(minima_law_t *out, const run_t *runs,
                        const double *weights, size_t num_runs, size_t n) {
  size_t bins = sizeof out->density / sizeof *out->density;
  double top = 0, total = 0;
  for (size_t r = 0; r < num_runs; r++) {
    if (runs[r].levels[n - 1] > top) top = runs[r].levels[n - 1];
    total += weights[r];
  }
  out->highest = top;
  out->num_levels = bins;
  for (size_t r = 0; r < num_runs; r++)
    for (size_t i = 0; i < n; i++) {
      size_t bin = (size_t)(runs[r].levels[i] / top * (double)bins);
      if (bin >= bins) bin = bins - 1;
      out->density[bin] +=
          weights[r] / total / (double)n * (double)bins / top;
    }
}

static void summarise(minima_law_t *out, const run_t *runs, size_t num_runs,
                      size_t n) {
  double *weights = memory_get(num_runs, sizeof *weights);
  double *values = memory_get(num_runs, sizeof *values);
  double top = -INFINITY, sum = 0, squares = 0, count = (double)num_runs;
  *out = (minima_law_t){.num_samples = num_runs * n};
  for (size_t r = 0; r < num_runs; r++) top = fmax(top, runs[r].log_number);
  for (size_t r = 0; r < num_runs; r++) {
    weights[r] = exp(runs[r].log_number - top);
    sum += weights[r];
  }
  double mean = sum / count;
  for (size_t r = 0; r < num_runs; r++)
    squares += (weights[r] - mean) * (weights[r] - mean);
  double relative = sqrt(squares / (count - 1) / count) / mean;
  out->log_number = (estimate_t){top + log(mean), relative};
  out->number.value = exp(out->log_number.value);
  out->number.error = out->number.value * relative;
  for (size_t j = 0; j < MINIMA_LAW_QUANTILES; j++) {
    for (size_t r = 0; r < num_runs; r++)
      values[r] = run_quantile(runs + r, n, minima_law_quantiles[j]);
    out->quantiles[j] = combine(values, weights, num_runs);
  }
  for (size_t j = 0; j < MINIMA_LAW_SHARES; j++) {
    for (size_t r = 0; r < num_runs; r++)
      values[r] = run_share(runs + r, n, minima_law_shares[j]);
    out->shares[j] = combine(values, weights, num_runs);
  }
  set_density(out, runs, weights, num_runs, n);
  free(weights);
  free(values);
}

/* --- as many runs as it takes --------------------------------------------------- */

typedef struct {
  const ensemble_t *ensemble;
  const minima_law_options_t *options;
  size_t num_particles, batch, num_batches; /* runs of a batch, batches at most */
  double operations;                        /* a run, at most */
  size_t draws; /* of a run that is a plain average; 0: sequential Monte Carlo */
} plan_t;

/* Particles and runs of an eighth of a second, unless the caller says; and as many
   batches of them as cost about a second. */
static void choose_size(plan_t *plan) {
  const minima_law_options_t *options = plan->options;
  double operations = plan->ensemble->operations, limit = default_operations;
  if (plan->ensemble->has_matrices) limit = matrix_operations;
  double n = particle_operations / operations;
  plan->batch = options->num_runs          ? options->num_runs
                : n < MIN_PARTICLES / 4. ? FEW_RUNS
                                         : MANY_RUNS;
  n = fmin(fmax(n, MIN_PARTICLES), MAX_PARTICLES);
  plan->num_particles = options->num_particles ? options->num_particles : (size_t)n;
  double batch = (double)plan->batch * (double)plan->num_particles * operations;
  plan->num_batches =
      options->num_runs || plan->ensemble->has_matrices ? 1 : (size_t)fmin(fmax(all_operations / batch, 1), MAX_BATCHES);
  if (options->max_operations > 0) limit = options->max_operations;
  plan->operations = limit / (double)plan->batch;
}

/* Plain averages where enough of what is drawn counts: a move is as dear as a draw. */
static void choose_draws(plan_t *plan) {
  const ensemble_t *e = plan->ensemble;
  plain_t plain;
  double share = 0, all = plain_operations / e->operations;
  if (!e->has_matrices || PILOT_DRAWS > all) return;
  if (plain_init(&plain, e, PILOT_DRAWS, plan->options, UINT64_C(1) << 32) && plain.sum > 0)
    share = plain.sum * plain.sum / plain.squares / PILOT_DRAWS;
  plain_clear(&plain);
  if (share < least_effective_share) return;
  if (plan->options->num_runs) {
    double draws = (double)plan->num_particles / share;
    if (draws * e->operations <= plan->operations) plan->draws = (size_t)draws + 1;
    return;
  }
  if (all * share < LEAST_EFFECTIVE) return;
  plan->batch = PLAIN_RUNS;
  plan->num_batches = 1;
  plan->draws = (size_t)(fmin(all, MOST_EFFECTIVE / share) / PLAIN_RUNS) + 1;
  double particles = 2 * share * (double)plan->draws;
  plan->num_particles = (size_t)fmin(fmax(particles, MIN_PARTICLES), MAX_KEPT);
}

/* Batch b of the runs; false when stopped, or too much. */
static bool run_batch(run_t *runs, const plan_t *plan, size_t b) {
  bool ok = true;
  int threads = plan->options->num_threads > 0 ? plan->options->num_threads : 1;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) if (threads > 1)
  for (size_t r = b * plan->batch; r < (b + 1) * plan->batch; r++) {
    double left = plan->operations;
    if (plan->draws ? !run_plain(runs + r, plan->ensemble, plan->draws, plan->num_particles,
                                 plan->options, r)
                    : !run_once(runs + r, plan->ensemble, plan->num_particles,
                                plan->options, r, &left))
#pragma omp atomic write
      ok = false;
  }
  return ok;
}

static bool is_good_enough(const minima_law_t *law) {
  bool good = law->log_number.error <=
              goal_number + goal_logarithm * fmax(law->log_number.value, 0);
  for (size_t j = 0; j < MINIMA_LAW_QUANTILES; j++)
    good = good && law->quantiles[j].error <= goal_quantile;
  return good;
}

static status_t run_plan(minima_law_t *out, const plan_t *plan) {
  minima_law_t law = {.num_samples = 0};
  bool ok = true, done = false;
  size_t all = plan->batch * plan->num_batches;
  run_t *runs = memory_get(all, sizeof *runs);
  for (size_t r = 0; r < all; r++) runs[r].levels = NULL;
  blas_single_begin();
  for (size_t b = 0; b < plan->num_batches && ok && !done; b++) {
    ok = run_batch(runs, plan, b);
    if (ok) summarise(&law, runs, (b + 1) * plan->batch, plan->num_particles);
    done = ok && is_good_enough(&law);
  }
  blas_single_end();
  for (size_t r = 0; r < all; r++) free(runs[r].levels);
  free(runs);
  if (ok) *out = law;
  return ok ? STATUS_OK : STATUS_LIMIT;
}

status_t minima_law(minima_law_t *out, const minima_model_t *model,
                    const minima_law_options_t *options) {
  ensemble_t e;
  plan_t plan = {.ensemble = &e, .options = options};
  status_t status = STATUS_LIMIT;
  if (options->num_runs == 1 || !is_isolated(model) || !ensemble_init(&e, model))
    return STATUS_BAD_INPUT;
  choose_size(&plan);
  choose_draws(&plan);
  /* Some levels at least; of matrices all of them, nearly. */
  double values = e.has_matrices ? 120 : 40;
  if (plan.draws || values * (double)plan.num_particles * e.operations <= plan.operations)
    status = run_plan(out, &plan);
  ensemble_clear(&e);
  return status;
}
