#include "numeric/sample/curvature_law.h"

#include <math.h>
#include <stdlib.h>

#include "numeric/machine/order.h"
#include "numeric/circuit/hessian.h"
#include "numeric/machine/blas_threads.h"
#include "numeric/machine/memory.h"
#include "numeric/machine/random.h"
#include "numeric/sample/hessian_ensemble.h"

enum { MIN_SAMPLES = 64, MAX_SAMPLES = 2000 };
static const double total_operations = 3e8;

/* --- averages --------------------------------------------------------------------- */

typedef struct {
  double sum, squares;
  size_t count;
} average_t;

static void add(average_t *a, double value) {
  a->sum += value;
  a->squares += value * value;
  a->count++;
}

static estimate_t finish(const average_t *a) {
  double n = (double)a->count, mean = a->sum / n;
  double variance = (a->squares / n - mean * mean) * n / (n - 1);
  return (estimate_t){mean, sqrt(fmax(variance, 0) / n)};
}

/* --- the law ------------------------------------------------------------------------ */

typedef struct {
  average_t negative, mean, least, greatest;
} averages_t;

/* Adds the spectrum of one matrix (ascending). */
static void add_spectrum(averages_t *a, const double *eigenvalues, size_t p) {
  double sum = 0;
  size_t negative = 0;
  for (size_t i = 0; i < p; i++) {
    sum += eigenvalues[i];
    negative += eigenvalues[i] < 0;
  }
  add(&a->negative, (double)negative / (double)p);
  add(&a->mean, sum / (double)p);
  add(&a->least, eigenvalues[0]);
  add(&a->greatest, eigenvalues[p - 1]);
}

/* Quantiles of all eigenvalues together; errors from ten batches of matrices. */
static void set_quantiles(curvature_law_t *out, double *all, size_t p,
                          size_t num_samples) {
  enum { BATCHES = 10 };
  size_t batch = num_samples / BATCHES * p;
  average_t averages[MINIMA_LAW_QUANTILES] = {{0}};
  for (size_t b = 0; b < BATCHES; b++) {
    qsort(all + b * batch, batch, sizeof *all, order_doubles);
    for (size_t j = 0; j < MINIMA_LAW_QUANTILES; j++)
      add(averages + j,
          all[b * batch + (size_t)(minima_law_quantiles[j] *
                                   (double)(batch - 1) + 0.5)]);
  }
  for (size_t j = 0; j < MINIMA_LAW_QUANTILES; j++)
    out->quantiles[j] = finish(averages + j);
}

status_t curvature_law(curvature_law_t *out, const minima_model_t *model,
                       const minima_law_options_t *options) {
  ensemble_t e;
  size_t p = model->num_parameters;
  if (p > CURVATURE_MAX_PARAMETERS) return STATUS_LIMIT;
  if (!ensemble_init_free(&e, model)) return STATUS_BAD_INPUT;
  double n = total_operations /
             (e.operations + 10 * (double)p * (double)p * (double)p);
  size_t num_samples = n < MIN_SAMPLES   ? MIN_SAMPLES
                       : n > MAX_SAMPLES ? MAX_SAMPLES
                                         : (size_t)n;
  double *state = memory_get(e.size, sizeof *state);
  double *all = memory_get(num_samples * p, sizeof *all);
  averages_t averages = {0};
  ensemble_work_t work;
  random_stream_t random;
  status_t status = STATUS_OK;
  ensemble_work_init(&work, &e);
  blas_single_begin();
  for (size_t i = 0; i < num_samples && status == STATUS_OK; i++) {
    random_stream_init(&random, options->seed, RANDOM_CURVATURE, i);
    ensemble_draw(state, &e, &random);
    ensemble_hessian(&work, state, &e, 1);
    for (size_t j = 0; j < p; j++)
      for (size_t k = 0; k < j; k++)
        work.hessian[k * p + j] = work.hessian[j * p + k];
    if (!hessian_eigenvalues(all + i * p, work.hessian, p) ||
        (options->abort && options->abort(options->abort_data)))
      status = STATUS_LIMIT;
    else
      add_spectrum(&averages, all + i * p, p);
  }
  blas_single_end();
  if (status == STATUS_OK) {
    *out = (curvature_law_t){.negative_share = finish(&averages.negative),
                             .mean = finish(&averages.mean),
                             .least = finish(&averages.least),
                             .greatest = finish(&averages.greatest),
                             .num_samples = num_samples};
    set_quantiles(out, all, p, num_samples);
  }
  ensemble_work_clear(&work);
  free(state);
  free(all);
  ensemble_clear(&e);
  return status;
}
