#include "cli/verify.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/claims.h"
#include "cli/json_number.h"
#include "cli/minima.h"
#include "cli/request.h"
#include "liescape/verify.h"

/* One line on a terminal, rewritten. */
static bool show_progress(void *context, const char *stage, uint64_t done,
                          uint64_t total) {
  int *shown = context; /* percent, -1 at first */
  int percent = total ? (int)(100.0 * (double)done / (double)total) : 0;
  if (percent != *shown)
    fprintf(stderr, "\r\033[Kliescape: %s %d%%", stage, percent);
  *shown = percent;
  return true;
}

/* json has no NaN. */
static json_t *real_or_null(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

static json_t *check_json(const verify_check_t *check) {
  return json_pack("{s:s, s:i, s:i, s:o, s:o, s:o, s:o, s:b}", "name",
                   check->name, "landscape", (int)check->landscape, "attempt",
                   (int)check->attempt, "predicted",
                   real_or_null(check->predicted), "measured",
                   real_or_null(check->measured), "standard_error",
                   real_or_null(check->standard_error), "p_value",
                   real_or_null(check->p_value), "holds", (int)check->holds);
}

static void add_report(json_t *checks, json_t *about,
                       const verify_report_t report, const options_t options) {
  json_t *notes = json_array(), *earlier = json_array();
  for (size_t i = 0; i < report->num_checks; i++)
    json_array_append_new(i < report->num_deciding ? checks : earlier,
                          check_json(report->checks + i));
  for (size_t i = 0; i < report->num_notes; i++)
    json_array_append_new(notes, json_string(report->notes[i]));
  json_object_set_new(about, "samples",
                      json_integer((json_int_t)report->num_samples));
  json_object_set_new(about, "layers",
                      json_integer((json_int_t)report->num_layers));
  json_object_set_new(about, "layers_reason",
                      json_string(report->layers_reason ? report->layers_reason
                                                        : ""));
  json_object_set_new(about, "seed", json_sprintf("%llu", (unsigned long long)
                                                              options->seed));
  json_object_set_new(about, "family_error",
                      real_or_null(report->family_error));
  json_object_set_new(about, "notes", notes);
  if (json_array_size(earlier))
    json_object_set(about, "earlier_attempt", earlier);
  json_decref(earlier);
}

static status_t sample(answer_t *consistent, verify_report_t report,
                       json_t *checks, json_t *about, const ansatz_t ansatz,
                       const verify_claims_t claims, diagnostic_t diag,
                       const options_t options) {
  int shown = -1;
  char *message = NULL;
  bool terminal = isatty(STDERR_FILENO) && !options->quiet;
  verify_options_t how = {.num_samples = options->num_samples,
                          .num_layers = options->num_layers,
                          .seed = options->seed,
                          .num_threads = options->num_threads,
                          .memory_bytes = options->memory_limit_bytes,
                          .progress = terminal ? show_progress : NULL,
                          .progress_context = &shown};
  status_t status = verify_run(report, ansatz, claims, &how, &message);
  if (shown >= 0) fputs("\r\033[K", stderr);
  if (status != STATUS_OK) {
    diagnostic_set(diag, options->file, NULL, 0, 0, "%s",
                   message ? message : "the landscapes cannot be sampled");
    json_object_set_new(about, "reason", json_string(diag->message));
    free(message);
    return status;
  }
  add_report(checks, about, report, options);
  if (!report->consistent) *consistent = ANSWER_NO;
  return STATUS_OK;
}

/* Searches for minima at the depth of the samples; sets minima_found. */
static status_t search_minima(json_t *certificate, const ansatz_t ansatz,
                              const verify_claims_t claims, size_t num_layers,
                              diagnostic_t diag, const options_t options) {
  int shown = -1;
  char *message = NULL;
  minima_report_t report;
  bool terminal = isatty(STDERR_FILENO) && !options->quiet;
  minima_options_t how = {.num_starts = options->num_minima,
                          .num_layers = num_layers,
                          .seed = options->seed,
                          .num_threads = options->num_threads,
                          .memory_bytes = options->memory_limit_bytes,
                          .progress = terminal ? show_progress : NULL,
                          .progress_context = &shown};
  status_t status = minima_run(report, ansatz, claims, &how, &message);
  if (shown >= 0) fputs("\r\033[K", stderr);
  if (status != STATUS_OK) {
    diagnostic_set(diag, options->file, NULL, 0, 0, "%s", message);
    free(message);
    return status;
  }
  json_object_set_new(certificate, "minima_found", minima_found_json(report));
  minima_report_clear(report);
  return STATUS_OK;
}

/* The ansatz of the certificate, read again. */
static status_t read_ansatz(ansatz_t ansatz, diagnostic_t diag,
                            const json_t *certificate,
                            const options_t options) {
  request_t request;
  request_init(request);
  status_t status =
      request_from_json(request, diag, options->file,
                        json_at(certificate, "ansatz.source"));
  if (status == STATUS_OK) status = request_read_ansatz(ansatz, diag, request);
  request_clear(request);
  return status;
}

status_t certificate_verify(answer_t *consistent, verify_report_t samples,
                            json_t *certificate, diagnostic_t diag,
                            const options_t options) {
  ansatz_t ansatz;
  *samples = (verify_report_struct){0};
  verify_claims_t claims;
  status_t status = read_ansatz(ansatz, diag, certificate, options);
  if (status != STATUS_OK) return STATUS_BAD_INPUT;
  status = claims_read(claims, diag, options->file, ansatz, certificate);
  if (status != STATUS_OK) {
    ansatz_clear(ansatz);
    return status;
  }
  json_t *checks = json_array(), *about = json_object();
  *consistent = ANSWER_YES;
  if (claims_check_arithmetic(checks, ansatz, certificate))
    *consistent = ANSWER_NO;
  if (claims->num_landscapes == 0)
    json_object_set_new(about, "reason",
                        json_string("there is no observable, hence no loss to "
                                    "sample: nothing was verified; add one "
                                    "with -O"));
  else
    status = sample(consistent, samples, checks, about, ansatz, claims, diag,
                    options);
  if (status == STATUS_OK && options->num_minima && claims->num_landscapes)
    status = search_minima(certificate, ansatz, claims, samples->num_layers,
                           diag, options);
  if (status != STATUS_BAD_INPUT) {
    json_object_set(certificate, "verification", about);
    json_object_set(certificate, "checks", checks);
    json_object_set_new(certificate, "consistent",
                        status == STATUS_OK || *consistent == ANSWER_NO
                            ? json_boolean(*consistent == ANSWER_YES)
                            : json_null());
  }
  json_decref(checks);
  json_decref(about);
  verify_claims_clear(claims);
  ansatz_clear(ansatz);
  return status;
}
