#include "numeric/judge/minima.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/text.h"
#include "numeric/machine/order.h"
#include "numeric/machine/share.h"
#include "numeric/machine/memory.h"
#include "numeric/judge/minima_search.h"
#include "numeric/machine/random.h"
#include "numeric/machine/units.h"
#include "numeric/sample/minima_law.h"

/* From INSIDE_QUBITS on threads share one vector instead of starts. */
enum { INSIDE_QUBITS = 19, TYPICAL_EVALUATIONS = 300 };
/* Amplitude updates that one row may cost: some minutes. */
static const double max_operations = 1e12;
static const double fractions[] = {0.25, 0.5, 0.75, 1, 1.5};

typedef struct {
  const ansatz_struct *ansatz;
  const minima_options_t *options;
  minima_report_struct *report;
  program_t written, deep; /* without and with the claims */
  int num_threads;
  uint64_t budget;
  /* The landscape at hand. */
  double_sum_t sum;
  statevector_t input;
  double scale; /* of losses */
  const verify_landscape_struct *claim;
} search_t;

double minima_relative(const minima_landscape_t *l, double loss) {
  return (loss - l->least) / (l->mean - l->least);
}

double minima_quantile(const minima_row_t *row, double q) {
  double *sorted = memory_get(row->num_starts, sizeof *sorted);
  memcpy(sorted, row->losses, row->num_starts * sizeof *sorted);
  qsort(sorted, row->num_starts, sizeof *sorted, order_doubles);
  double at = q * (double)(row->num_starts - 1);
  size_t below = (size_t)at;
  double value = sorted[below];
  if (below + 1 < row->num_starts)
    value += (at - (double)below) * (sorted[below + 1] - value);
  free(sorted);
  return value;
}

void minima_median_interval(double *low, double *high,
                            const minima_row_t *row) {
  double n = (double)row->num_starts, reach = 0.98 / sqrt(n);
  *low = minima_quantile(row, fmax(0, 0.5 - reach));
  *high = minima_quantile(row, fmin(1, 0.5 + reach));
}

static void note(search_t *s, char *text) {
  minima_report_struct *r = s->report;
  r->notes = memory_resize(r->notes, r->num_notes + 1, sizeof *r->notes);
  r->notes[r->num_notes++] = text;
}

/* --- one row --------------------------------------------------------------------- */

static double row_cost(const search_t *s, const minima_circuit_t *c) {
  double gates = 0;
  for (size_t g = 0; g < c->list.num_gates; g++) {
    size_t sum = c->list.gates[g].sum;
    gates += sum == PROGRAM_NONE
                 ? 1
                 : 40 * (double)c->program.sums[sum].length;
  }
  return 3 * gates * ldexp(1, (int)s->input.num_qubits) *
         TYPICAL_EVALUATIONS * (double)s->options->num_starts;
}

static bool tell(void *context, uint64_t done, uint64_t total) {
  const minima_options_t *options = context;
  return options->progress(options->progress_context, "minima", done, total);
}

/* The starts of a row as units. */
typedef struct {
  const search_t *search;
  const minima_circuit_t *circuit;
  minima_row_t *row;
  uint64_t purpose;
  uint64_t *evaluations; /* of each start */
} starts_t;

typedef struct {
  double loss, slope, curvature;
  uint64_t evaluations;
} packed_t;

static void pack_start(void *out, const void *of, size_t i) {
  const starts_t *s = of;
  packed_t packed = {s->row->losses[i], s->row->slopes[i],
                     s->row->curvatures[i], s->evaluations[i]};
  memcpy(out, &packed, sizeof packed);
}

static void unpack_start(void *of, const void *in, size_t i) {
  starts_t *s = of;
  packed_t packed;
  memcpy(&packed, in, sizeof packed);
  s->row->losses[i] = packed.loss;
  s->row->slopes[i] = packed.slope;
  s->row->curvatures[i] = packed.curvature;
  s->evaluations[i] = packed.evaluations;
}

static void descend_from(starts_t *t, gradient_work_t *work, size_t i) {
  const search_t *s = t->search;
  minima_end_t end =
      minima_descend(t->circuit, work, &s->sum, &s->input, 1e-12 * s->scale,
                     s->options->seed, t->purpose, i);
  t->row->losses[i] = end.loss;
  t->row->slopes[i] = end.slope;
  t->row->curvatures[i] = end.curvature;
  t->evaluations[i] = end.num_evaluations;
}

static bool run_starts(void *of, units_t *units) {
  starts_t *t = of;
  const search_t *s = t->search;
  bool inside = s->input.num_qubits >= INSIDE_QUBITS, stop = false;
  int threads = inside ? 1 : s->num_threads;
  if (inside) omp_set_num_threads(s->num_threads);
#pragma omp parallel num_threads(threads) if (threads > 1)
  {
    gradient_work_t work;
    bool ok = gradient_work_init(&work, &t->circuit->program,
                                 &t->circuit->list, s->input.num_qubits, 1,
                                 PRECISION_DOUBLE);
#pragma omp for schedule(dynamic, 1)
    for (size_t i = 0; i < t->row->num_starts; i++) {
      bool stopped;
#pragma omp atomic read
      stopped = stop;
      if (stopped || units->skip[i]) continue;
      if (ok) descend_from(t, &work, i);
#pragma omp critical(minima_progress)
      {
        if (ok) units->skip[i] = 1;
        if (!ok || !units_tick(units))
#pragma omp atomic write
          stop = true;
      }
    }
    if (ok) gradient_work_clear(&work);
  }
  return !stop;
}

static status_t search_row(const search_t *s, const minima_circuit_t *c,
                           minima_row_t *row, uint64_t purpose) {
  starts_t starts = {s, c, row, purpose,
                     memory_get(row->num_starts, sizeof(uint64_t))};
  char *stage = text_print("minima %llx", (unsigned long long)purpose);
  units_t units = {.stage = stage,
                   .num = row->num_starts,
                   .bytes = sizeof(packed_t),
                   .of = &starts,
                   .pack = pack_start,
                   .unpack = unpack_start,
                   .run = run_starts,
                   .keeper = s->options->keeper,
                   .progress = s->options->progress ? tell : NULL,
                   .context = (void *)s->options};
  status_t status = units_run(&units);
  for (size_t i = 0; i < row->num_starts; i++)
    row->num_evaluations += starts.evaluations[i];
  free(starts.evaluations);
  free(stage);
  return status;
}

/* The law of all minima of so many parameters, from the claims; NaN: unknown. */
static void set_law(estimate_t *law, const search_t *s, size_t num_parameters) {
  minima_law_t of_all;
  minima_count_model_t m;
  minima_law_options_t how = {.seed = s->options->seed, .num_threads = s->num_threads};
  const verify_minima_struct *own = &s->claim->minima;
  for (size_t q = 0; q < MINIMA_LAW_QUANTILES; q++)
    law[q] = own->parameters == num_parameters && num_parameters
                 ? (estimate_t){own->levels[q], own->errors[q]}
                 : (estimate_t){NAN, NAN};
  if (!isnan(law->value) || !minima_count_model_init(&m, s->claim, num_parameters)) return;
  bool known = minima_law(&of_all, &m.model, &how) == STATUS_OK;
  for (size_t q = 0; q < MINIMA_LAW_QUANTILES && known; q++) law[q] = of_all.quantiles[q];
  minima_count_model_clear(&m);
}

static status_t add_row(search_t *s, minima_landscape_t *l,
                        minima_circuit_t *c, bool scrambled) {
  size_t starts = s->options->num_starts;
  if (row_cost(s, c) > max_operations) {
    note(s, text_print("landscape %zu: minima with %zu parameters are not "
                       "searched for: about %.1g amplitude updates",
                       l->landscape, c->num_free, row_cost(s, c)));
    return STATUS_OK;
  }
  l->rows = memory_resize(l->rows, l->num_rows + 1, sizeof *l->rows);
  minima_row_t *row = l->rows + l->num_rows;
  double gamma = (double)c->num_free / l->threshold;
  *row = (minima_row_t){.scrambled = scrambled,
                        .num_parameters = c->num_free,
                        .gamma = gamma,
                        .edge = isfinite(gamma) ? minima_law_edge(gamma) : NAN,
                        .num_starts = starts};
  set_law(row->law, s, c->num_free);
  row->losses = memory_get(starts, sizeof(double));
  row->slopes = memory_get(starts, sizeof(double));
  row->curvatures = memory_get(starts, sizeof(double));
  uint64_t purpose = RANDOM_MINIMA + ((uint64_t)(l->num_rows + 1) << 8) +
                     ((uint64_t)(l->landscape + 1) << 16);
  l->num_rows++;
  return search_row(s, c, row, purpose);
}

/* --- one landscape ------------------------------------------------------------------ */

static status_t deep_rows(search_t *s, minima_landscape_t *l) {
  size_t drives = s->deep.num_drives, last = 0;
  status_t status = STATUS_OK;
  /* Beyond this the cost alone would leave every row out. */
  if (!(l->threshold >= 1) || !drives) return STATUS_OK;
  if (l->threshold > 1e6) {
    note(s, text_print("landscape %zu: no minima around p* = %.3g are searched "
                       "for, it is too far", l->landscape, l->threshold));
    return STATUS_OK;
  }
  for (size_t f = 0; f < sizeof fractions / sizeof *fractions; f++) {
    minima_circuit_t c;
    size_t p = (size_t)(fractions[f] * l->threshold + 0.5);
    size_t layers = s->options->num_layers;
    if (p < 1) p = 1;
    if (p == last) continue;
    last = p;
    while (layers * drives < 2 * p) layers++;
    minima_circuit_deep(&c, &s->deep, layers, p);
    status = add_row(s, l, &c, true);
    minima_circuit_clear(&c);
    if (status != STATUS_OK) break;
  }
  return status;
}

static status_t count_minima(search_t *s, minima_landscape_t *l) {
  char *reason;
  minima_count_input_t in = {.ansatz = s->ansatz,
                             .program = &s->deep,
                             .claim = s->claim,
                             .landscape = l->landscape,
                             .num_claimed_parameters = s->ansatz->num_parameters,
                             .sum = &s->sum,
                             .input = &s->input,
                             .num_layers = s->options->num_layers,
                             .num_circuits = s->options->num_starts,
                             .seed = s->options->seed,
                             .num_threads = s->num_threads,
                             .keeper = s->options->keeper,
                             .progress = s->options->progress ? tell : NULL,
                             .context = (void *)s->options};
  size_t most = minima_count_most(&reason, &in);
  status_t status = STATUS_OK;
  if (reason) note(s, reason);
  l->counts = memory_get(most + 1, sizeof *l->counts);
  for (size_t p = 1; p <= most && status == STATUS_OK; p++) {
    status = minima_count_run(l->counts + l->num_counts, &in, p);
    l->num_counts += status == STATUS_OK;
    if (status != STATUS_UNDECIDED) continue;
    note(s, text_print("landscape %zu: minima of %zu parameters are not counted: their law "
                       "takes too long", l->landscape, p));
    status = STATUS_OK;
    break;
  }
  if (status == STATUS_OK)
    minima_count_checks(s->report->tests, l->counts, l->num_counts, s->claim,
                        l->landscape);
  return status;
}

static status_t one_landscape(search_t *s, const verify_landscape_struct *claim,
                              minima_landscape_t *l) {
  const quantum_state_struct *state = s->ansatz->states[claim->state].state;
  minima_circuit_t c;
  program_sum(&s->sum, s->ansatz->observables[claim->observable].sum);
  s->scale = s->sum.norm1;
  s->claim = claim;
  char *no_message = NULL;
  status_t status =
      statevector_init(&s->input,
                       s->ansatz->num_qubits + statevector_ancillas(state), 1)
          ? STATUS_OK
          : STATUS_LIMIT;
  status = share_agree(status, &no_message);
  if (status == STATUS_OK) {
    statevector_prepare(&s->input, state);
    minima_circuit_written(&c, &s->written, s->ansatz);
    status = c.num_free ? add_row(s, l, &c, false) : STATUS_OK;
    minima_circuit_clear(&c);
    if (status == STATUS_OK) status = deep_rows(s, l);
    if (status == STATUS_OK) status = count_minima(s, l);
  }
  statevector_clear(&s->input);
  double_sum_clear(&s->sum);
  return status;
}

/* --- the whole ------------------------------------------------------------------------ */

static status_t check_memory(const search_t *s, const verify_claims_t claims,
                             char **message) {
  size_t most = s->ansatz->num_qubits;
  for (size_t l = 0; l < claims->num_landscapes; l++) {
    size_t n = s->ansatz->num_qubits +
               statevector_ancillas(
                   s->ansatz->states[claims->landscapes[l].state].state);
    if (n > most) most = n;
  }
  size_t workers = most >= INSIDE_QUBITS ? 1 : (size_t)s->num_threads;
  double vectors = 1 + (double)(gradient_num_vectors(&s->deep) * workers);
  if (most <= STATEVECTOR_MAX_QUBITS &&
      vectors * ldexp(16, (int)most) <= (double)s->budget)
    return STATUS_OK;
  /* One worker is the least that would do. */
  double least = 1 + (double)gradient_num_vectors(&s->deep);
  int fit = 0, ancillas = (int)(most - s->ansatz->num_qubits);
  while (fit < STATEVECTOR_MAX_QUBITS &&
         least * ldexp(16, fit + 1) <= (double)s->budget)
    fit++;
  *message = text_print("%.0f state vectors of %zu qubits, to search for "
                        "minima with, do not fit in %.3g GB of memory: up to "
                        "%d qubits would", vectors, most,
                        (double)s->budget / 1e9,
                        fit > ancillas ? fit - ancillas : 0);
  return STATUS_LIMIT;
}

status_t minima_run(minima_report_t report, const ansatz_t ansatz,
                    const verify_claims_t claims,
                    const minima_options_t *options, char **message) {
  search_t s = {.ansatz = ansatz, .options = options, .report = report};
  *message = NULL;
  *report = (minima_report_struct){.num_starts = options->num_starts};
  s.num_threads =
      options->num_threads > 0 ? options->num_threads : share_default_threads();
  s.budget = options->memory_bytes ? options->memory_bytes
                                   : share_default_memory();
  program_init(&s.written, ansatz, NULL);
  program_init(&s.deep, ansatz, claims->rotation_flags);
  status_t status = share_agree(check_memory(&s, claims, message), message);
  report->landscapes =
      memory_get(claims->num_landscapes, sizeof *report->landscapes);
  for (size_t j = 0; j < claims->num_landscapes && status == STATUS_OK; j++) {
    const verify_landscape_struct *claim = claims->landscapes + j;
    minima_landscape_t *l = report->landscapes + report->num_landscapes++;
    *l = (minima_landscape_t){.landscape = j,
                              .least = claim->least,
                              .mean = claim->mean,
                              .threshold = claim->threshold};
    status = one_landscape(&s, claim, l);
  }
  program_clear(&s.written);
  program_clear(&s.deep);
  if (status == STATUS_OK) return STATUS_OK;
  minima_report_clear(report);
  if (!*message)
    *message = text_print("the search for minima was stopped, or the machine "
                          "refused the memory for it");
  return status;
}

void minima_report_clear(minima_report_t report) {
  for (size_t j = 0; j < report->num_landscapes; j++) {
    minima_landscape_t *l = report->landscapes + j;
    for (size_t i = 0; i < l->num_rows; i++) {
      free(l->rows[i].losses);
      free(l->rows[i].slopes);
      free(l->rows[i].curvatures);
    }
    free(l->rows);
    for (size_t i = 0; i < l->num_counts; i++) minima_count_clear(l->counts + i);
    free(l->counts);
  }
  verify_report_clear(report->tests);
  free(report->landscapes);
  for (size_t i = 0; i < report->num_notes; i++) free(report->notes[i]);
  free(report->notes);
  *report = (minima_report_struct){0};
}
