#include "numeric/sample/paths.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/memory.h"
#include "numeric/sample/path_walk.h"

/* Batches between two additions to the totals, which are made in order. */
enum { BATCHES_PER_CHUNK = 16, DEFAULT_PATHS = 1 << 19, FEWEST_PATHS = 1 << 14 };
/* Gates met by a batch, in all, that the default number of paths may take, and that the
   fewest may. */
static const double default_work = 6e6, most_work = 4e7; /* about 0.3 s, 2 s */

void path_estimate_init(path_estimate_t out) {
  *out = (path_estimate_struct){0};
}

void path_estimate_clear(path_estimate_t out) {
  free(out->gradient);
  path_estimate_init(out);
}

/* --- does it apply --------------------------------------------------------------- */

/* Every random angle in the cone has parameters, all its own. */
static bool angles_are_independent(const ansatz_t ansatz,
                                   const path_circuit_t *circuit,
                                   const size_t *steps, size_t num_steps) {
  bool good = true;
  size_t *user = memory_get(ansatz->num_parameters, sizeof *user);
  for (size_t s = 0; s < num_steps && good; s++) {
    const path_step_t *step = circuit->steps + steps[s];
    if (step->quarter_turns) continue; /* a fixed gate or noise: no rotation */
    const angle_struct *angle = ansatz->rotations[step->rotation].angle;
    good = angle->num_terms > 0;
    for (size_t t = 0; t < angle->num_terms && good; t++) {
      size_t k = angle->terms[t].parameter;
      good = user[k] == 0 || user[k] == step->rotation + 1;
      user[k] = step->rotation + 1;
    }
  }
  free(user);
  return good;
}

static bool applies(const ansatz_t ansatz, const path_circuit_t *circuit,
                    const pauli_sum_t sum) {
  const uint64_t **rows = memory_get(sum->length, sizeof *rows);
  size_t *steps = memory_get(circuit->num_steps, sizeof *steps), num_steps;
  bool *used = memory_get(sum->num_qubits, sizeof *used);
  for (size_t t = 0; t < sum->length; t++) rows[t] = pauli_sum_string(sum, t);
  path_circuit_cone(steps, &num_steps, used, circuit, sum->num_qubits, rows,
                    sum->length);
  bool good = angles_are_independent(ansatz, circuit, steps, num_steps);
  free(rows);
  free(steps);
  free(used);
  return good;
}

/* --- sums ------------------------------------------------------------------------ */

/* Sum over paths of y and y^2, y = factor * X restricted to those that met a
   rotation; of all paths at index num_rotations. */
typedef struct {
  double sum, square;
} total_t;

/* Sums over any set of the lanes of one batch: eight lanes by a table of 256. */
typedef struct {
  total_t table[PATH_LANES / 8][256];
} subset_t;

static void subset_fill(subset_t *s, const double *value) {
  for (size_t k = 0; k < PATH_LANES / 8; k++) {
    total_t *t = s->table[k];
    t[0] = (total_t){0, 0};
    for (unsigned bit = 0; bit < 8; bit++) {
      double y = value[8 * k + bit];
      for (unsigned m = 0; m < 1u << bit; m++)
        t[m | 1u << bit] = (total_t){t[m].sum + y, t[m].square + y * y};
    }
  }
}

static total_t subset_sum(const subset_t *s, const path_mask_t *mask) {
  total_t out = {0, 0};
  for (size_t k = 0; k < PATH_LANES / 8; k++) {
    const total_t *t = s->table[k] + ((*mask)[k / 8] >> (8 * (k % 8)) & 255);
    out.sum += t->sum;
    out.square += t->square;
  }
  return out;
}

static void add(total_t *out, total_t x, double factor) {
  out->sum += factor * x.sum;
  out->square += factor * factor * x.square;
}

/* Adds batch b, with totals by position: walked random steps, then absorbed
   rotations, then all. */
/* For each qubit, by letter. */
static void fill_letters(total_t *by_letter, const path_batch_t *b,
                         const path_class_t *c, const subset_t *subset) {
  for (size_t q = 0; q < c->num_used && c->num_absorbed; q++) {
    path_mask_t x = b->x[q], z = b->z[q];
    const path_mask_t letters[4] = {~x & ~z, x & ~z, ~x & z, x & z};
    for (size_t l = 1; l < 4; l++)
      by_letter[4 * q + l] = subset_sum(subset, letters + l);
  }
}

static void collect(total_t *totals, const path_batch_t *b,
                    const path_class_t *c, subset_t *subset, total_t *by_letter,
                    double factor) {
  const path_mask_t all = ~(path_mask_t){0};
  subset_fill(subset, b->value);
  for (size_t s = 0; s < c->num_random; s++)
    add(totals + s, subset_sum(subset, b->met + s), factor);
  fill_letters(by_letter, b, c, subset);
  for (size_t k = 0; k < c->num_absorbed; k++) {
    const path_absorbed_t *a = c->absorbed + k;
    for (size_t l = 1; l < 4; l++) {
      double whole = c->values[4 * a->qubit + l];
      if (a->table[l] <= 0 || whole <= 0) continue;
      add(totals + c->num_random + k, by_letter[4 * a->qubit + l],
          factor * a->table[l] / whole);
    }
  }
  add(totals + c->num_random + c->num_absorbed, subset_sum(subset, &all),
      factor);
}

/* --- one class ------------------------------------------------------------------- */

typedef struct {
  const path_input_t *input;
  const path_options_t *options;
  int num_threads;
  total_t *totals; /* one per rotation of the ansatz, then that of all */
  size_t num_rotations;
} job_t;

static void scatter(const job_t *job, const path_class_t *c,
                    const total_t *totals) {
  size_t at = 0;
  for (size_t s = 0; s < c->num_steps; s++)
    if (c->steps[s].quarter_turns == 0)
      add(job->totals + c->steps[s].rotation, totals[at++], 1);
  for (size_t k = 0; k < c->num_absorbed; k++)
    add(job->totals + c->absorbed[k].rotation, totals[at++], 1);
  add(job->totals + job->num_rotations, totals[at], 1);
}

/* Batches first .. first + count - 1 walk this class. */
static void run_class(const job_t *job, const path_class_t *c, uint64_t first,
                      uint64_t count, double factor) {
  size_t length = c->num_random + c->num_absorbed + 1;
  total_t *totals = memory_get(length, sizeof *totals);
  uint64_t chunks = (count + BATCHES_PER_CHUNK - 1) / BATCHES_PER_CHUNK;
#pragma omp parallel num_threads(job->num_threads)
  {
    path_batch_t batch;
    total_t *own = memory_get(length, sizeof *own);
    subset_t *subset = memory_get(1, sizeof *subset);
    total_t *by_letter = memory_get(4 * c->num_used, sizeof *by_letter);
    path_batch_init(&batch, c);
#pragma omp for ordered schedule(static, 1)
    for (uint64_t k = 0; k < chunks; k++) {
      uint64_t end = (k + 1) * BATCHES_PER_CHUNK;
      memset(own, 0, length * sizeof *own);
      for (uint64_t i = k * BATCHES_PER_CHUNK; i < end && i < count; i++) {
        path_batch_run(&batch, c, job->input, job->options->seed, first + i,
                       job->options->spoil);
        collect(own, &batch, c, subset, by_letter, factor);
      }
#pragma omp ordered
      for (size_t j = 0; j < length; j++) add(totals + j, own[j], 1);
    }
    path_batch_clear(&batch);
    free(by_letter);
    free(subset);
    free(own);
  }
  scatter(job, c, totals);
  free(totals);
}

/* --- all of it --------------------------------------------------------------------- */

static void set_number(path_number_t *out, total_t t, double n, double range,
                       double confidence, double scale) {
  double mean = t.sum / n;
  double variance = fmax(0, t.square - t.sum * mean) / (n - 1);
  path_interval(out, mean, variance, n, range, confidence);
  out->estimate *= scale;
  out->standard_error *= scale;
  out->low *= scale;
  out->high *= scale;
}

static double slope(const angle_struct *angle, size_t parameter) {
  double sum = 0;
  for (size_t t = 0; t < angle->num_terms; t++)
    if (angle->terms[t].parameter == parameter)
      sum += fmpq_get_d(angle->terms[t].coeff) *
             (angle->terms[t].times_pi ? M_PI : 1);
  return sum;
}

/* in_cone: rotations that some class can meet; the others are 0 for certain. */
static void finish(path_estimate_t out, const job_t *job,
                   const ansatz_t ansatz, const bool *in_cone, double n,
                   double range) {
  set_number(&out->variance, job->totals[job->num_rotations], n, range,
             out->confidence, 1);
  for (size_t r = 0; r < ansatz->num_rotations; r++) {
    const angle_struct *angle = ansatz->rotations[r].angle;
    if (!in_cone[r]) continue;
    for (size_t t = 0; t < angle->num_terms; t++) {
      size_t k = angle->terms[t].parameter;
      double s = slope(angle, k);
      set_number(out->gradient + k, job->totals[r], n, range, out->confidence,
                 s * s);
    }
  }
}

typedef struct {
  size_t num_classes;
  path_class_t *classes;
  uint64_t *batches; /* of each class */
  uint64_t num_batches;
} plan_t;

/* Batches in proportion to the bounds, so that y = X * batches / share of the
   class has about the same range for all. False when even few would take too long. */
static bool plan_batches(plan_t *plan, uint64_t num_paths) {
  double bound = 0, work = 0;
  for (size_t c = 0; c < plan->num_classes; c++) bound += plan->classes[c].bound;
  for (size_t c = 0; c < plan->num_classes; c++)
    work += plan->classes[c].bound / bound *
            (double)((plan->classes[c].num_steps + plan->classes[c].num_used) *
                         plan->classes[c].num_terms +
                     64);
  if (num_paths == 0) {
    double most = default_work / work * PATH_LANES;
    if (FEWEST_PATHS * work > most_work * PATH_LANES) return false;
    num_paths = most > DEFAULT_PATHS  ? DEFAULT_PATHS
                : most < FEWEST_PATHS ? FEWEST_PATHS
                                      : (uint64_t)most;
  }
  double batches = ceil((double)num_paths / PATH_LANES);
  plan->batches = memory_get(plan->num_classes, sizeof *plan->batches);
  plan->num_batches = 0;
  for (size_t c = 0; c < plan->num_classes; c++) {
    plan->batches[c] =
        (uint64_t)ceil(batches * plan->classes[c].bound / bound * (1 - 1e-12));
    if (plan->batches[c] == 0) plan->batches[c] = 1;
    plan->num_batches += plan->batches[c];
  }
  return true;
}

static void mark_cone(bool *in_cone, const path_class_t *c) {
  for (size_t s = 0; s < c->num_steps; s++)
    if (c->steps[s].quarter_turns != PATH_NOISE) in_cone[c->steps[s].rotation] = true;
  for (size_t k = 0; k < c->num_absorbed; k++)
    in_cone[c->absorbed[k].rotation] = true;
}

static void run_plan(path_estimate_t out, const plan_t *plan, job_t *job,
                     const ansatz_t ansatz) {
  bool *in_cone = memory_get(ansatz->num_rotations, sizeof *in_cone);
  double range = 0;
  uint64_t first = 0;
  job->num_rotations = ansatz->num_rotations;
  job->totals = memory_get(ansatz->num_rotations + 1, sizeof *job->totals);
  for (size_t c = 0; c < plan->num_classes; c++) {
    double factor = (double)plan->num_batches / (double)plan->batches[c];
    range = fmax(range, factor * plan->classes[c].bound);
    mark_cone(in_cone, plan->classes + c);
    out->num_steps += plan->classes[c].num_steps + plan->classes[c].num_absorbed;
    run_class(job, plan->classes + c, first, plan->batches[c], factor);
    first += plan->batches[c];
  }
  out->num_paths = plan->num_batches * PATH_LANES;
  finish(out, job, ansatz, in_cone, (double)out->num_paths, range);
  free(job->totals);
  free(in_cone);
}

static status_t run(path_estimate_t out, const ansatz_t ansatz,
                const path_circuit_t *circuit, const pauli_sum_t sum,
                const size_t *class_of, size_t num_classes,
                const quantum_state_t state, const path_options_t *options) {
  path_input_t input;
  plan_t plan = {0};
  job_t job = {.input = &input, .options = options};
  job.num_threads =
      options->num_threads > 0 ? options->num_threads : omp_get_max_threads();
  path_input_init(&input, state);
  plan.classes = memory_get(num_classes, sizeof *plan.classes);
  for (size_t c = 0; c < num_classes; c++) {
    path_class_t *class = plan.classes + plan.num_classes;
    path_class_init(class, circuit, sum, class_of, c, &input);
    /* else that of the terms nothing moves, or flips of bits leave nothing of it */
    if (class->num_terms && class->bound > 0) plan.num_classes++;
    else path_class_clear(class);
  }
  bool fits = !plan.num_classes || plan_batches(&plan, options->num_paths);
  if (plan.num_classes && fits) run_plan(out, &plan, &job, ansatz);
  for (size_t c = 0; c < plan.num_classes; c++)
    path_class_clear(plan.classes + c);
  free(plan.classes);
  free(plan.batches);
  path_input_clear(&input);
  return fits ? STATUS_OK : STATUS_LIMIT;
}

status_t path_estimate(path_estimate_t out, const ansatz_t ansatz,
                       const pauli_sum_t sum, const quantum_state_t state,
                       const path_options_t *options) {
  path_circuit_t circuit;
  status_t status = STATUS_OK;
  if (ansatz->kind != ANSATZ_CIRCUIT || quantum_state_pauli(state))
    return STATUS_BAD_INPUT;
  path_circuit_init(&circuit, ansatz, options->noisy);
  if (!applies(ansatz, &circuit, sum)) status = STATUS_BAD_INPUT;
  size_t *class_of = memory_get(sum->length, sizeof *class_of), num_classes;
  if (status == STATUS_OK &&
      !path_circuit_classes(class_of, &num_classes, &circuit, sum))
    status = STATUS_LIMIT;
  if (status == STATUS_OK) {
    path_estimate_clear(out);
    out->confidence = options->confidence > 0 ? options->confidence : 0.99;
    out->num_parameters = ansatz->num_parameters;
    out->gradient = memory_get(ansatz->num_parameters, sizeof *out->gradient);
    status = run(out, ansatz, &circuit, sum, class_of, num_classes, state, options);
    if (status != STATUS_OK) path_estimate_clear(out);
  }
  free(class_of);
  path_circuit_clear(&circuit);
  return status;
}
