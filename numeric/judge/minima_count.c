#include "numeric/judge/minima_count.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/text.h"
#include "numeric/judge/checks.h"
#include "numeric/judge/free_rotations.h"
#include "numeric/judge/minima_search.h"
#include "numeric/machine/memory.h"
#include "numeric/machine/order.h"
#include "numeric/machine/units.h"

enum { MAX_QUBITS = 12, LAW_RUNS = 16, MIN_PARTICLES = 200, MAX_PARTICLES = 2000 };
/* Amplitude updates for one p: a minute or two. */
static const double most_operations = 5e10, law_operations = 1e11;
/* Of the header. */
static const double slack = 0.02, slack_of_dimension = 0.2, slack_of_number = 0.25,
                    slack_of_exact = 0.02, error_width = 3;
/* Of numbers of minima, over their mean less 1, which one circuit has at least: seen at
   p = 2, 3, 4 were 0.5, 0.4, 0.4. */
static const double least_spread = 0.25;

/* --- the prediction -------------------------------------------------------------------- */

static void add_matrices(minima_count_model_t *out, const verify_landscape_struct *claim) {
  out->matrices = memory_get(claim->num_blocks, sizeof *out->matrices);
  for (size_t i = 0; i < claim->num_blocks; i++) {
    const verify_block_struct *b = claim->blocks + i;
    if (b->num_eigenvalues < 2 || b->rank >= b->dimension) continue;
    out->matrices[out->model.num_matrices++] =
        (minima_matrix_t){.beta = (size_t)b->beta, .size = b->dimension, .rank = b->rank,
                          .weight = b->weight, .num_levels = b->num_eigenvalues,
                          .levels = b->eigenvalues, .multiplicities = b->multiplicities};
  }
  out->model.matrices = out->matrices;
}

bool minima_count_model_init(minima_count_model_t *out, const verify_landscape_struct *claim,
                             size_t num_parameters) {
  bool finite;
  int beta;
  double dimension = free_rotations_dimension(&finite, &beta, claim);
  *out = (minima_count_model_t){.block = {1, claim->threshold}};
  out->model = (minima_model_t){
      .num_parameters = num_parameters,
      .num_blocks = 1,
      .blocks = &out->block,
      .dimension = finite && out->block.freedom + 1 <= dimension ? dimension : 0,
      .beta = beta};
  if (dimension > 0 && (!beta || minima_law_needs_matrices(&out->model)))
    add_matrices(out, claim);
  bool ok = dimension > 0 && (out->matrices ? minima_law_is_exact(&out->model)
                                            : (double)num_parameters < claim->threshold);
  ok = ok && (double)num_parameters < minima_model_freedom(&out->model);
  if (!ok) minima_count_model_clear(out);
  return ok;
}

void minima_count_model_clear(minima_count_model_t *model) {
  free(model->matrices);
  model->matrices = NULL;
}

/* Of an error somewhat below that of what is counted. */
static status_t predict(minima_count_t *out, const minima_count_input_t *in) {
  minima_count_model_t m;
  if (!minima_count_model_init(&m, in->claim, out->num_parameters)) return STATUS_UNDECIDED;
  size_t least = m.matrices ? MIN_PARTICLES / 2 : MIN_PARTICLES;
  size_t particles = (m.matrices ? 1 : 10) * out->num_circuits;
  if (particles < least) particles = least;
  if (particles > MAX_PARTICLES) particles = MAX_PARTICLES;
  minima_law_options_t options = {.seed = in->seed,
                                  .num_threads = in->num_threads > 0
                                                     ? in->num_threads
                                                     : omp_get_max_threads(),
                                  .max_operations = law_operations,
                                  .num_particles = particles,
                                  .num_runs = LAW_RUNS};
  status_t status = minima_law(&out->law, &m.model, &options);
  minima_count_model_clear(&m);
  return status == STATUS_OK ? STATUS_OK : STATUS_UNDECIDED;
}

/* --- what can be enumerated --------------------------------------------------------- */

static double cost(const minima_count_input_t *in, size_t p) {
  return pow(3, (double)p) * (double)((p + 1) * in->num_layers * in->num_circuits) *
         free_rotations_layer_cost(in->program, in->input->num_qubits);
}

size_t minima_count_most(char **reason, const minima_count_input_t *in) {
  const verify_landscape_struct *claim = in->claim;
  bool finite;
  int beta;
  size_t most = TORUS_MAX;
  *reason = NULL;
  if (!(free_rotations_dimension(&finite, &beta, claim) > 0) || !(claim->threshold > 1)) {
    *reason = text_print("landscape %zu: minima are not counted: their law is known "
                         "for one block of two levels, for blocks that every string "
                         "turns together, or one of few degrees of freedom against its "
                         "dimension", in->landscape);
    return 0;
  }
  free_rotations_t good;
  free_rotations_init(&good, in->program, claim, in->num_claimed_parameters);
  size_t count = good.count;
  free_rotations_clear(&good);
  if (!count) {
    *reason = text_print("landscape %zu: minima are not counted: no parameter turns "
                         "one string alone", in->landscape);
    return 0;
  }
  minima_count_model_t model;
  while (most && (cost(in, most) > most_operations ||
                  !minima_count_model_init(&model, claim, most)))
    most--;
  if (most) minima_count_model_clear(&model);
  if (!most || in->input->num_qubits > MAX_QUBITS) {
    *reason = text_print("landscape %zu: minima are not counted: the circuits are "
                         "too large", in->landscape);
    return 0;
  }
  return most;
}

/* --- circuits ------------------------------------------------------------------------ */

typedef struct {
  const minima_count_input_t *in;
  minima_circuit_t circuit;
  free_rotations_t good;
  size_t p, spacing;
  torus_minima_t *found; /* of each circuit */
} counter_t;

/* One circuit: which rotations are free, the angles of all others, 3^p losses. */
static void count_one(counter_t *c, gradient_work_t *work, double *drives,
                      size_t index) {
  const minima_count_input_t *in = c->in;
  random_stream_t stream;
  size_t chosen[TORUS_MAX], terms = 1;
  double scales[TORUS_MAX], losses[TORUS_TERMS];
  torus_function_t f;
  random_stream_init(&stream, in->seed,
                     RANDOM_MINIMA_COUNT + ((uint64_t)c->p << 8) +
                         ((uint64_t)(in->landscape + 1) << 16),
                     index);
  for (size_t d = 0; d < c->circuit.program.num_drives; d++)
    drives[d] = c->circuit.windows[d] * random_uniform(&stream);
  for (size_t k = 0; k < c->p; k++) {
    size_t g = (size_t)(random_uniform(&stream) * (double)c->good.count) % c->good.count;
    chosen[k] = (k + 1) * c->spacing + c->good.drives[g];
    scales[k] = c->good.scales[g];
    terms *= 3;
  }
  for (size_t i = 0; i < terms; i++) {
    size_t rest = i;
    for (size_t k = c->p; k-- > 0; rest /= 3)
      drives[chosen[k]] = 2 * M_PI / 3 * (double)(rest % 3) / scales[k];
    gradient_compute(NULL, losses + i, work, in->sum, in->input, drives);
  }
  torus_interpolate(&f, c->p, losses);
  torus_find_minima(c->found + index, &f, &stream);
}

static void pack(void *out, const void *of, size_t i) {
  memcpy(out, ((const counter_t *)of)->found + i, sizeof(torus_minima_t));
}

static void unpack(void *of, const void *in, size_t i) {
  memcpy(((counter_t *)of)->found + i, in, sizeof(torus_minima_t));
}

static bool run_circuits(void *of, units_t *units) {
  counter_t *c = of;
  bool stop = false;
  int threads = c->in->num_threads > 0 ? c->in->num_threads : omp_get_max_threads();
#pragma omp parallel num_threads(threads) if (threads > 1)
  {
    gradient_work_t work;
    double *drives = memory_get(c->circuit.program.num_drives, sizeof *drives);
    bool ok = gradient_work_init(&work, &c->circuit.program, &c->circuit.list,
                                 c->in->input->num_qubits, 1, PRECISION_DOUBLE);
#pragma omp for schedule(dynamic, 1)
    for (size_t i = 0; i < units->num; i++) {
      bool stopped;
#pragma omp atomic read
      stopped = stop;
      if (stopped || units->skip[i]) continue;
      if (ok) count_one(c, &work, drives, i);
#pragma omp critical(minima_count_progress)
      {
        if (ok) units->skip[i] = 1;
        if (!ok || !units_tick(units))
#pragma omp atomic write
          stop = true;
      }
    }
    if (ok) gradient_work_clear(&work);
    free(drives);
  }
  return !stop;
}

/* --- one p ------------------------------------------------------------------------------ */

static void collect(minima_count_t *out, const counter_t *c) {
  double least = c->in->claim->least, unit = c->in->claim->mean - least;
  size_t total = 0;
  for (size_t i = 0; i < out->num_circuits; i++)
    if (c->found[i].complete) total += out->counts[i] = c->found[i].count;
    else out->num_left_out++;
  out->levels = memory_get(total, sizeof *out->levels);
  for (size_t i = 0; i < out->num_circuits; i++)
    for (size_t k = 0; k < out->counts[i]; k++)
      out->levels[out->num_levels++] = (c->found[i].values[k] - least) / unit;
}

status_t minima_count_run(minima_count_t *out, const minima_count_input_t *in,
                          size_t p) {
  counter_t c = {.in = in, .p = p};
  size_t n = in->num_circuits;
  *out = (minima_count_t){.num_parameters = p, .num_circuits = n};
  status_t status = predict(out, in);
  if (status != STATUS_OK) return status;
  out->counts = memory_get(n, sizeof *out->counts);
  memset(out->counts, 0, n * sizeof *out->counts);
  c.found = memory_get(n, sizeof *c.found);
  memset(c.found, 0, n * sizeof *c.found); /* what other processes find stays theirs */
  free_rotations_init(&c.good, in->program, in->claim, in->num_claimed_parameters);
  c.spacing = in->num_layers * in->program->num_drives;
  minima_circuit_deep(&c.circuit, in->program, (p + 1) * in->num_layers, p);
  char *stage = text_print("minima of %zu, %zu", p, in->landscape);
  units_t units = {.stage = stage,
                   .num = n,
                   .bytes = sizeof(torus_minima_t),
                   .of = &c,
                   .pack = pack,
                   .unpack = unpack,
                   .run = run_circuits,
                   .keeper = in->keeper,
                   .progress = in->progress,
                   .context = in->context};
  status = units_run(&units);
  if (status == STATUS_OK) collect(out, &c);
  else minima_count_clear(out);
  minima_circuit_clear(&c.circuit);
  free_rotations_clear(&c.good);
  free(c.found);
  free(stage);
  return status;
}

void minima_count_clear(minima_count_t *count) {
  free(count->counts);
  free(count->levels);
  *count = (minima_count_t){0};
}

estimate_t minima_count_number(const minima_count_t *count) {
  double sum = 0, squares = 0, n = (double)(count->num_circuits - count->num_left_out);
  for (size_t i = 0; i < count->num_circuits; i++) {
    double x = (double)count->counts[i];
    sum += x;
    squares += x * x;
  }
  return (estimate_t){sum / n, sqrt((squares / n - sum * sum / n / n) / (n - 1))};
}

double minima_count_quantile(const minima_count_t *count, double q) {
  if (!count->num_levels) return NAN;
  double *sorted = memory_get(count->num_levels, sizeof *sorted);
  memcpy(sorted, count->levels, count->num_levels * sizeof *sorted);
  qsort(sorted, count->num_levels, sizeof *sorted, order_doubles);
  double value = sorted[(size_t)(q * (double)(count->num_levels - 1) + 0.5)];
  free(sorted);
  return value;
}

/* --- checks ------------------------------------------------------------------------------ */

/* Few circuits may all be alike by chance: their values vary by no less than what is
   claimed of them makes certain, or nearly so. */
static void vary(checks_moments_t *y, double least) {
  if (y->variance >= least) return;
  y->variance = least;
  y->third = 0;
}

static void check_number(verify_report_t report, const minima_count_t *c,
                         estimate_t claim, double share_off, size_t landscape) {
  checks_input_t in = {.attempt = 0};
  double *x = memory_get(c->num_circuits, sizeof *x);
  size_t n = 0;
  for (size_t i = 0; i < c->num_circuits; i++)
    if (c->counts[i]) x[n++] = (double)c->counts[i];
  checks_moments_t y = checks_moments(x, n);
  vary(&y, least_spread * (claim.value - 1));
  double tol = claim.value * share_off + error_width * claim.error;
  verify_check_t *check = checks_append(
      report, &in, landscape, text_print("number of minima, p = %zu", c->num_parameters));
  for (size_t i = 0; i < n; i++) x[i] -= claim.value;
  checks_judge_values(check, claim.value, &y, x, n, 1 - claim.value,
                      TORUS_MINIMA - claim.value, tol);
  free(x);
}

/* Of the minima of circuit i, those below the level less the share that is claimed,
   over the mean number: its mean is 0. */
static void check_share(verify_report_t report, const minima_count_t *c, double share,
                        estimate_t level, double tol, size_t landscape) {
  checks_input_t in = {.attempt = 0};
  double *x = memory_get(c->num_circuits, sizeof *x);
  double mean = minima_count_number(c).value;
  size_t n = 0, at = 0;
  for (size_t i = 0; i < c->num_circuits; i++) {
    double below = 0;
    for (size_t k = 0; k < c->counts[i]; k++) below += c->levels[at++] < level.value;
    if (c->counts[i]) x[n++] = (below - share * (double)c->counts[i]) / mean + share;
  }
  checks_moments_t y = checks_moments(x, n);
  vary(&y, share * (1 - share) / mean);
  verify_check_t *check = checks_append(
      report, &in, landscape,
      text_print("levels of minima, p = %zu: share below the %g-quantile",
                 c->num_parameters, share));
  for (size_t i = 0; i < n; i++) x[i] -= share;
  checks_judge_values(check, share, &y, x, n, -share * TORUS_MINIMA / mean,
                      (1 - share) * TORUS_MINIMA / mean, tol);
  free(x);
}

/* How far off a number may be, relative to it. */
static double slack_of(const minima_count_t *c, const verify_landscape_struct *claim,
                       double dimension) {
  minima_count_model_t m;
  double p = (double)c->num_parameters;
  bool known = minima_count_model_init(&m, claim, c->num_parameters);
  bool exact = known && minima_law_is_exact(&m.model);
  if (known) minima_count_model_clear(&m);
  return exact ? slack_of_exact : slack_of_number * p * (p - 1) / dimension;
}

void minima_count_checks(verify_report_t report, const minima_count_t *counts,
                         size_t num_counts, const verify_landscape_struct *claim,
                         size_t landscape) {
  bool finite;
  int beta;
  double dimension = free_rotations_dimension(&finite, &beta, claim);
  for (size_t i = 0; i < num_counts; i++) {
    const minima_count_t *c = counts + i;
    const verify_minima_struct *own = &claim->minima;
    bool is_own = own->parameters == c->num_parameters;
    estimate_t number = is_own ? (estimate_t){own->number, own->number_error}
                               : c->law.number;
    double width = c->law.quantiles[2].value - c->law.quantiles[0].value;
    if (c->num_circuits < c->num_left_out + 2) continue;
    check_number(report, c, number, slack_of(c, claim, dimension), landscape);
    for (size_t q = 0; q < MINIMA_LAW_QUANTILES; q++) {
      estimate_t level = is_own ? (estimate_t){own->levels[q], own->errors[q]}
                                : c->law.quantiles[q];
      double tol = slack + slack_of_dimension / dimension +
                   error_width * level.error / width;
      check_share(report, c, minima_law_quantiles[q], level, tol, landscape);
    }
  }
}
