#include "cli/verify/verify_certificate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "cli/verify/certificate_claims.h"
#include "cli/terminal/interrupt.h"
#include "cli/format/json_number.h"
#include "cli/format/json_reason.h"
#include "cli/verify/members_tested.h"
#include "cli/verify/minima_found.h"
#include "cli/terminal/progress.h"
#include "cli/request/request.h"
#include "numeric/machine/share.h"
#include "numeric/judge/checks.h"
#include "numeric/judge/verify.h"

/* The part of the whole that a run is, in thousandths: the search for minima comes
   after the samples. */
typedef struct {
  uint64_t first, last;
} part_t;

/* Goes on until somebody wants the program to end. */
static bool show_progress(void *context, const char *stage, uint64_t done,
                          uint64_t total) {
  const part_t *part = context;
  double share = total ? (double)done / (double)total : 0;
  double so_far = (double)part->first + share * (double)(part->last - part->first);
  progress_part(!strcmp(stage, "depth") ? "pilot run" : stage, (uint64_t)(1e3 * so_far),
                1000000);
  return !interrupt_noted();
}

/* Of the samples when minima are searched for as well. */
enum { SAMPLES_SHARE = 500, WHOLE = 1000 };

/* json has no NaN. */
static json_t *real_or_null(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

static json_t *check_json(const verify_check_t *check) {
  json_t *json = json_pack(
      "{s:s, s:i, s:i, s:o, s:o, s:o, s:o, s:o}", "name", check->name, "landscape",
      (int)check->landscape, "attempt", (int)check->attempt, "predicted",
      real_or_null(check->predicted), "measured", real_or_null(check->measured),
      "standard_error", real_or_null(check->standard_error), "p_value",
      real_or_null(check->p_value), "notices", real_or_null(check->notices));
  json_object_set_new(json, "holds",
                      check->unjudged ? json_null() : json_boolean(check->holds));
  if (check->unjudged)
    cert_set_code(json, "reason", REASON_NOT_KNOWN_TO_BE_DEEP);
  return json;
}

/* Of all tests together, and of it that of those of minima. */
static const double family_error = 1e-3, minima_error = 1e-4;

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
  json_object_set_new(about, "method", json_string(report->method));
  json_object_set_new(about, "precision",
                      json_string(precision_name(report->precision)));
  json_object_set_new(about, "layers_reason",
                      json_string(report->layers_reason ? report->layers_reason
                                                        : ""));
  json_object_set_new(about, "seed", json_sprintf("%llu", (unsigned long long)
                                                              options->seed));
  json_object_set_new(about, "family_error",
                      real_or_null(report->family_error +
                                   (options->num_minima ? minima_error : 0)));
  json_object_set_new(about, "notes", notes);
  if (json_array_size(earlier))
    json_object_set(about, "earlier_attempt", earlier);
  json_decref(earlier);
}

static status_t sample(answer_t *consistent, verify_report_t report,
                       json_t *checks, json_t *about, const ansatz_t ansatz,
                       const verify_claims_t claims,
                       const verify_keeper_t *keeper, diagnostic_t diag,
                       const options_t options) {
  char *message = NULL;
  part_t part = {0, options->num_minima ? SAMPLES_SHARE : WHOLE};
  verify_options_t how = {.num_samples = options->num_samples,
                          .num_layers = options->num_layers,
                          .effort = fmax(1e-6, fmin(1, options->time_limit_s / USUAL_TIME_LIMIT_S)),
                          .seed = options->seed,
                          .profile = options->plot_path != NULL,
                          .num_threads = options->num_threads,
                          .memory_bytes = options->memory_limit_bytes,
                          .precision = options->precision,
                          .family_error = family_error -
                                          (options->num_minima ? minima_error : 0),
                          .progress = show_progress,
                          .progress_context = &part,
                          .keeper = keeper};
  status_t status = verify_run(report, ansatz, claims, &how, &message);
  if (status != STATUS_OK) {
    diagnostic_set(diag, options->file, NULL, 0, 0, "%s",
                   message ? message : "the landscapes cannot be sampled");
    cert_set_code(about, "reason", REASON_SAMPLING_IMPOSSIBLE);
    json_object_set_new(about, "reason", json_string(diag->message));
    free(message);
    return status;
  }
  add_report(checks, about, report, options);
  if (!report->consistent) *consistent = ANSWER_NO;
  return STATUS_OK;
}

/* Searches for minima at the depth of the samples; sets minima_found and judges what
   was counted. */
static status_t search_minima(answer_t *consistent, json_t *certificate,
                              json_t *checks, const ansatz_t ansatz,
                              const verify_claims_t claims, size_t num_layers,
                              const verify_keeper_t *keeper, diagnostic_t diag,
                              const options_t options) {
  char *message = NULL;
  part_t part = {SAMPLES_SHARE, WHOLE};
  minima_report_t report;
  minima_options_t how = {.num_starts = options->num_minima,
                          .num_layers = num_layers,
                          .seed = options->seed,
                          .num_threads = options->num_threads,
                          .memory_bytes = options->memory_limit_bytes,
                          .progress = show_progress,
                          .progress_context = &part,
                          .keeper = keeper};
  status_t status = minima_run(report, ansatz, claims, &how, &message);
  if (status != STATUS_OK) {
    diagnostic_set(diag, options->file, NULL, 0, 0, "%s", message);
    free(message);
    return status;
  }
  if (share_rank() == 0)
    json_object_set_new(certificate, "minima_found", minima_found_json(report));
  if (report->tests->num_checks && !checks_judge(report->tests, 0, minima_error))
    *consistent = ANSWER_NO;
  for (size_t i = 0; i < report->tests->num_checks; i++)
    json_array_append_new(checks, check_json(report->tests->checks + i));
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
                        cert_at(certificate, "ansatz.source"));
  if (status == STATUS_OK) status = request_read_ansatz(ansatz, diag, request);
  request_clear(request);
  return status;
}

/* Tests the certificate: in all processes, from the same text and options. */
static status_t run(answer_t *consistent, verify_report_t samples,
                    json_t *certificate, const verify_keeper_t *keeper,
                    diagnostic_t diag, const options_t options) {
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
  json_t *tested = json_array();
  if (claims_check_arithmetic(checks, ansatz, certificate) +
      claims_check_members(checks, tested, ansatz, claims, certificate))
    *consistent = ANSWER_NO;
  if (claims->num_landscapes == 0)
    cert_set_code(about, "reason", REASON_NOTHING_TO_SAMPLE);
  else
    status = sample(consistent, samples, checks, about, ansatz, claims, keeper,
                    diag, options);
  if (status == STATUS_OK && options->num_minima && claims->num_landscapes)
    status = search_minima(consistent, certificate, checks, ansatz, claims, samples->plain_layers,
                           keeper, diag, options);
  /* Nothing is refuted, but not everything was tested. */
  if (status == STATUS_OK && samples->undecided && *consistent == ANSWER_YES) {
    *consistent = ANSWER_UNDECIDED;
    status = STATUS_LIMIT;
    diagnostic_set(diag, options->file, NULL, 0, 0,
                   "not every prediction could be tested within the limits");
  }
  members_tested_add(about, tested, checks, certificate);
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

/* --- several processes ------------------------------------------------------------ */

/* What process 0 asks the others to do: nothing more when there is no text. */
typedef struct {
  uint64_t length; /* of the text of the certificate */
  uint64_t seed, num_samples, num_layers, num_minima, memory_limit_bytes;
  int num_threads;
  precision_t precision;
} order_t;

/* All processes begin with the same text. */
static void summon(const json_t *certificate, const options_t options) {
  if (share_size() == 1) return;
  char *text = json_dumps(certificate, JSON_COMPACT | JSON_PRESERVE_ORDER);
  if (!text) flint_abort();
  order_t order = {.length = strlen(text),
                   .seed = options->seed,
                   .num_samples = options->num_samples,
                   .num_layers = options->num_layers,
                   .num_minima = options->num_minima,
                   .memory_limit_bytes = options->memory_limit_bytes,
                   .num_threads = options->num_threads,
                   .precision = options->precision};
  share_broadcast(&order, sizeof order);
  share_broadcast(text, order.length);
  free(text);
}

status_t certificate_verify(answer_t *consistent, verify_report_t samples,
                            json_t *certificate, const verify_keeper_t *keeper,
                            diagnostic_t diag, const options_t options) {
  summon(certificate, options);
  return run(consistent, samples, certificate, keeper, diag, options);
}

static void help_once(const order_t *order) {
  options_t options;
  diagnostic_t diag;
  answer_t consistent;
  verify_report_t samples;
  char *text = flint_malloc(order->length + 1);
  share_broadcast(text, order->length);
  text[order->length] = 0;
  json_t *certificate = json_loads(text, 0, NULL);
  flint_free(text);
  if (!certificate) flint_abort();
  options_init(options);
  diagnostic_init(diag);
  options->file = "certificate";
  options->seed = order->seed;
  options->num_samples = order->num_samples;
  options->num_layers = order->num_layers;
  options->num_minima = order->num_minima;
  options->memory_limit_bytes = order->memory_limit_bytes;
  options->num_threads = order->num_threads;
  options->precision = order->precision;
#ifdef _OPENMP
  if (order->num_threads) omp_set_num_threads(order->num_threads);
#endif
  interrupt_soften(true);
  if (run(&consistent, samples, certificate, NULL, diag, options) !=
      STATUS_BAD_INPUT)
    verify_report_clear(samples);
  diagnostic_clear(diag);
  options_clear(options);
  json_decref(certificate);
}

void verify_help(void) {
  order_t order;
  for (;;) {
    share_broadcast(&order, sizeof order);
    if (!order.length) return;
    help_once(&order);
  }
}

void verify_dismiss(void) {
  order_t order = {0};
  share_broadcast(&order, sizeof order);
}
