#include "cli/certify/sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/certify/certificate.h"
#include "cli/certify/certify.h"
#include "cli/format/certificate_format.h"
#include "cli/format/growth_json.h"
#include "cli/format/json_number.h"
#include "config.h"

/* request with one more override, borrowing everything. */
static status_t one_value(json_t **row, bool *limit_reached, diagnostic_t diag, const request_t request,
                          const char *name, const char *value,
                          const certify_limits_t *limits) {
  size_t count = request->num_overrides;
  certification_t result;
  request_t here;
  *here = *request;
  here->overrides = flint_malloc((count + 1) * sizeof *here->overrides);
  if (count)
    memcpy(here->overrides, request->overrides,
           count * sizeof *here->overrides);
  here->overrides[count].name = name;
  here->overrides[count].value = value;
  here->num_overrides = count + 1;
  status_t status = certification_init(result, diag, here, limits);
  if (status == STATUS_OK) {
    *row = certificate_make(result, here);
    json_object_set_new(*row, "name", json_string(name));
    json_object_set_new(*row, "value", json_string(value));
    if (result->limit_reached) *limit_reached = true;
    certification_clear(result);
  }
  flint_free(here->overrides);
  return status;
}

/* --- further sizes ------------------------------------------------------------------ */

/* Enough for every formula that is looked for (growth.c). */
enum { MAX_SIZES = 14, MAX_QUBITS = 1 << 12 };

typedef struct {
  diagnostic_struct *diag;
  const request_struct *request;
  const char *name;
  const certify_limits_t *limits;
  json_t *rows, *added;
  stopwatch_t watch; /* for the added ones together */
} work_t;

static long positive_integer(const char *text) {
  char *end;
  long value = strtol(text, &end, 10);
  return *end || value <= 0 || value > MAX_QUBITS ? 0 : value;
}

static long greatest_divisor(long a, long b) {
  while (b) {
    long t = a % b;
    a = b;
    b = t;
  }
  return a;
}

static bool is_value(const json_t *list, long value) {
  for (size_t i = 0; i < json_array_size(list); i++)
    if (positive_integer(cert_text_at(json_array_get(list, i), "value", "")) ==
        value)
      return true;
  return false;
}

/* The least value above the first that is not there yet, in the steps of the values
   asked for: families often depend on n modulo something. 0 when these are not
   positive integers. */
static long next_value(const work_t *work) {
  long first = 0, step = 0;
  for (size_t i = 0; i < json_array_size(work->rows); i++) {
    const json_t *row = json_array_get(work->rows, i);
    long value = positive_integer(cert_text_at(row, "value", ""));
    if (value == 0) return 0;
    if (i == 0) first = value;
    step = greatest_divisor(labs(value - first), step);
  }
  for (size_t i = 0; i < json_array_size(work->rows); i++) {
    long value = positive_integer(
        cert_text_at(json_array_get(work->rows, i), "value", ""));
    if (value < first) first = value;
  }
  if (step == 0) return 0;
  long value = first + step;
  while (is_value(work->rows, value) || is_value(work->added, value))
    value += step;
  return value;
}

/* Certifies one more; false when it cannot be read, or there is no time. */
static bool add_size(work_t *work, long value) {
  certify_limits_t limits = *work->limits;
  json_t *row = NULL;
  char text[32];
  bool limit_reached = false;
  int64_t left = work->watch.limit_ns - stopwatch_elapsed(&work->watch);
  if (left <= 0 || stopwatch_is_up(&work->watch)) return false;
  if (left < limits.analysis.time_limit_ns) limits.analysis.time_limit_ns = left;
  snprintf(text, sizeof text, "%ld", value);
  if (one_value(&row, &limit_reached, work->diag, work->request, work->name,
                text, &limits) != STATUS_OK)
    return false;
  if (stopwatch_is_up(&work->watch)) {
    json_decref(row);
    return false;
  }
  json_array_append_new(work->added, row);
  return true;
}

/* Adds sizes until a formula reproduces what is known, or there are many of them, or
   as much time has gone by as was spent on those asked for. A size at which less is
   known is not taken. */
static json_t *find_growth(work_t *work) {
  size_t known, known_now;
  json_t *growth = growth_json(work->rows, work->added);
  while (growth_wants_sizes(&known, growth) &&
         json_array_size(work->rows) + json_array_size(work->added) < MAX_SIZES) {
    long value = next_value(work);
    if (value == 0 || !add_size(work, value)) break;
    json_t *better = growth_json(work->rows, work->added);
    growth_wants_sizes(&known_now, better);
    if (known_now < known) {
      json_decref(better);
      json_array_remove(work->added, json_array_size(work->added) - 1);
      break;
    }
    json_decref(growth);
    growth = better;
  }
  return growth;
}

/* --- all ------------------------------------------------------------------------------- */

json_t *sweep_make(status_t *status, bool *limit_reached, diagnostic_t diag,
                   const request_t request, const char *name,
                   const char *const *values, size_t num_values,
                   const certify_limits_t *limits) {
  work_t work = {diag, request, name, limits, json_array(), json_array(),
                 stopwatch_start(limits->analysis.time_limit_ns)};
  json_t *out = NULL;
  *limit_reached = false;
  *status = STATUS_OK;
  for (size_t i = 0; i < num_values && *status == STATUS_OK; i++) {
    json_t *row = NULL;
    *status = one_value(&row, limit_reached, diag, request, name, values[i],
                        limits);
    if (row) json_array_append_new(work.rows, row);
  }
  if (*status == STATUS_OK) {
    int64_t budget = stopwatch_elapsed(&work.watch);
    if (budget < STOPWATCH_SECOND) budget = STOPWATCH_SECOND;
    if (budget > limits->analysis.time_limit_ns)
      budget = limits->analysis.time_limit_ns;
    work.watch = stopwatch_start(budget);
    work.watch.abort = limits->analysis.abort;
    work.watch.abort_data = limits->analysis.abort_data;
    json_t *growth = find_growth(&work);
    out = json_pack("{s:s, s:s, s:O, s:O, s:o}", "format", CERTIFICATE_FORMAT,
                    "program", PACKAGE_STRING, "sweep", work.rows, "added",
                    work.added, "growth", growth);
  }
  json_decref(work.rows);
  json_decref(work.added);
  return out;
}
