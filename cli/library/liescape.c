/* The front door: text to certificate, behind opaque types. */
#include "liescape/liescape.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <flint/flint.h>

#include "algebra/base/text.h"
#include "cli/certify/certificate.h"
#include "cli/certify/certify.h"
#include "cli/certify/sweep.h"
#include "cli/format/certificate_io.h"
#include "cli/format/json_number.h"
#include "cli/read/number.h"
#include "config.h"

struct liescape_input {
  request_t request;
};

struct liescape_analysis {
  json_t *certificate;
  char *text;
  bool complete;
};

const char *liescape_version(void) { return LIESCAPE_VERSION; }

void liescape_thread_end(void) { flint_cleanup(); }

/* --- input --------------------------------------------------------------------- */

static void *allocate(size_t bytes) { return memory_must(calloc(1, bytes)); }

static char *copy_text(const char *text, size_t length) {
  char *copy = allocate(length + 1);
  if (length) memcpy(copy, text, length);
  return copy;
}

liescape_input_t *liescape_input_new(const char *name, const char *text,
                                     size_t length) {
  liescape_input_t *input = allocate(sizeof *input);
  request_init(input->request);
  input->request->name = text_copy(name);
  input->request->text = copy_text(text, length);
  input->request->length = length;
  return input;
}

liescape_input_t *liescape_input_new_generators(size_t num_qubits,
                                                const char *const *generators,
                                                size_t num_generators) {
  char *text = NULL;
  size_t length = 0;
  FILE *stream = text_open(&text, &length);
  fprintf(stream, "qubits %zu\n", num_qubits);
  for (size_t j = 0; j < num_generators; j++)
    fprintf(stream, "generator %s\n", generators[j]);
  text_close(stream, &text);
  liescape_input_t *input = liescape_input_new("<generators>", text, length);
  input->request->format = FORMAT_OPS;
  free(text);
  return input;
}

void liescape_input_free(liescape_input_t *input) {
  if (!input) return;
  request_clear(input->request);
  free(input);
}

void liescape_input_set_format(liescape_input_t *input,
                               liescape_format_t format) {
  static const reader_format_t formats[] = {
      [LIESCAPE_FORMAT_AUTO] = FORMAT_AUTO,
      [LIESCAPE_FORMAT_QASM] = FORMAT_QASM,
      [LIESCAPE_FORMAT_OPS] = FORMAT_OPS};
  input->request->format = formats[format];
}

void liescape_input_override(liescape_input_t *input, const char *name,
                             const char *value) {
  request_add_override(input->request, name, value);
}

void liescape_input_add_observable(liescape_input_t *input,
                                   const char *expression) {
  request_add_observable(input->request, expression);
}

void liescape_input_add_state(liescape_input_t *input, const char *state) {
  request_add_state(input->request, state);
}

void liescape_input_add_data(liescape_input_t *input, const char *file,
                             const char *text) {
  request_add_data(input->request, file, text);
}

void liescape_input_add_angles(liescape_input_t *input, const char *law) {
  request_add_angles(input->request, law);
}

void liescape_input_set_noise(liescape_input_t *input, const char *noise) {
  request_set_noise(input->request, noise);
}

/* --- errors --------------------------------------------------------------------- */

void liescape_error_init(liescape_error_t *error) {
  memset(error, 0, sizeof *error);
}

void liescape_error_clear(liescape_error_t *error) {
  if (!error) return;
  free(error->file);
  free(error->message);
  free(error->excerpt);
  liescape_error_init(error);
}

char *liescape_error_text(const liescape_error_t *error) {
  diagnostic_t diag = {{.file = error->file,
                        .line = error->line,
                        .column = error->column,
                        .message = error->message,
                        .excerpt = error->excerpt,
                        .excerpt_column = error->excerpt_column}};
  return error->message ? diagnostic_get_str(diag) : text_copy("");
}

/* Takes the texts of diag; error may be NULL. */
static void move_error(liescape_error_t *error, diagnostic_t diag) {
  if (error) {
    liescape_error_clear(error);
    *error = (liescape_error_t){.file = diag->file,
                                .message = diag->message,
                                .line = diag->line,
                                .column = diag->column,
                                .excerpt = diag->excerpt,
                                .excerpt_column = diag->excerpt_column};
    diagnostic_init(diag);
  }
  diagnostic_clear(diag);
}

static liescape_status_t status_of(status_t status) {
  switch (status) {
    case STATUS_OK: return LIESCAPE_OK;
    case STATUS_BAD_INPUT: return LIESCAPE_BAD_INPUT;
    case STATUS_LIMIT:
    case STATUS_UNDECIDED: break;
  }
  return LIESCAPE_LIMIT;
}

/* --- limits ------------------------------------------------------------------------ */

void liescape_limits_init(liescape_limits_t *limits) {
  *limits = (liescape_limits_t){.max_dimension = 4096,
                                .max_strings = (size_t)1 << 20,
                                .time_limit_s = 30,
                                .sample_paths = 1,
                                .seed = 1,
                                .max_shots = "1000000",
                                .max_trap = "1/10"};
}

/* What the rooms below call on behalf of the caller. */
typedef struct {
  const liescape_limits_t *caller;
  certify_limits_t inner;
  fmpq_t max_shots, max_trap;
} bridge_t;

static bool call_abort(void *data) {
  const liescape_limits_t *caller = data;
  return caller->abort(caller->data) != 0;
}

static void call_progress(void *data, const char *stage, size_t done,
                          size_t total) {
  const liescape_limits_t *caller = data;
  caller->progress(caller->data, stage, done, total);
}

static int64_t nanoseconds(double seconds) {
  if (!(seconds > 0)) return 0;
  return seconds < 1e9 ? (int64_t)(seconds * 1e9 + 0.5)
                       : 1000000000 * STOPWATCH_SECOND;
}

/* "1e6", "1/10" or "0.1". */
static status_t get_threshold(fmpq_t out, diagnostic_t diag, const char *name,
                              const char *text, bool zero_allowed) {
  fmpq_t turns;
  fmpq_init(turns);
  bool good = text && (text_get_fmpq(out, text) ||
                       (number_parse_override(out, turns, text) &&
                        fmpq_is_zero(turns)));
  good = good && fmpq_sgn(out) >= (zero_allowed ? 0 : 1);
  fmpq_clear(turns);
  if (good) return STATUS_OK;
  diagnostic_set(diag, name, NULL, 0, 0, "'%.60s' is no number %s 0",
                 text ? text : "", zero_allowed ? "not below" : "above");
  return STATUS_BAD_INPUT;
}

static void bridge_clear(bridge_t *b) {
  fmpq_clear(b->max_shots);
  fmpq_clear(b->max_trap);
}

/* Cleared unless STATUS_OK. */
static status_t bridge_init(bridge_t *b, diagnostic_t diag,
                            const liescape_limits_t *caller) {
  *b = (bridge_t){.caller = caller};
  fmpq_init(b->max_shots);
  fmpq_init(b->max_trap);
  b->inner = (certify_limits_t){
      .analysis = {.max_dimension = caller->max_dimension,
                   .max_bytes = (size_t)caller->memory_bytes,
                   .num_threads = caller->num_threads,
                   .time_limit_ns = nanoseconds(caller->time_limit_s),
                   .abort = caller->abort ? call_abort : NULL,
                   .abort_data = (void *)caller,
                   .progress = caller->progress ? call_progress : NULL,
                   .progress_data = (void *)caller,
                   .thresholds = {b->max_shots, b->max_trap}},
      .max_strings = caller->max_strings,
      .sample_paths = caller->sample_paths != 0,
      .num_paths = caller->num_paths,
      .seed = caller->seed};
  status_t status =
      get_threshold(b->max_shots, diag, "max_shots", caller->max_shots, false);
  if (status == STATUS_OK)
    status = get_threshold(b->max_trap, diag, "max_trap", caller->max_trap, true);
  if (status != STATUS_OK) bridge_clear(b);
  return status;
}

/* --- analysis ------------------------------------------------------------------------ */

/* Takes the certificate. */
static liescape_analysis_t *analysis_new(json_t *certificate, bool complete) {
  liescape_analysis_t *analysis = allocate(sizeof *analysis);
  analysis->certificate = certificate;
  analysis->complete = complete;
  analysis->text = certificate_text(certificate);
  return analysis;
}

static status_t analyze(liescape_analysis_t **out, diagnostic_t diag,
                        const liescape_input_t *input, const bridge_t *b) {
  certification_t result;
  certify_limits_t limits = b->inner;
  limits.laws_of_minima = true;
  limits.widths = b->caller->widths != 0;
  limits.operators = b->caller->operators != 0;
  limits.states = b->caller->expressibility != 0;
  limits.suggestions = b->caller->suggest != 0;
  status_t status = certification_init(result, diag, input->request, &limits);
  if (status != STATUS_OK) return status;
  json_t *certificate = certificate_make(result, input->request);
  *out = analysis_new(certificate, !result->limit_reached);
  certification_clear(result);
  return STATUS_OK;
}

typedef struct {
  const char *name; /* NULL: no sweep */
  const char *const *values;
  size_t num_values;
} family_values_t;

static status_t sweep(liescape_analysis_t **out, diagnostic_t diag,
                      const liescape_input_t *input,
                      const family_values_t *family, const bridge_t *b) {
  bool limit_reached;
  status_t status;
  json_t *certificate =
      sweep_make(&status, &limit_reached, diag, input->request, family->name,
                 family->values, family->num_values, &b->inner);
  if (certificate) *out = analysis_new(certificate, !limit_reached);
  return status;
}

static liescape_status_t run(liescape_analysis_t **out,
                             liescape_error_t *error,
                             const liescape_input_t *input,
                             const family_values_t *family,
                             const liescape_limits_t *limits) {
  liescape_limits_t usual;
  diagnostic_t diag;
  bridge_t b;
  liescape_limits_init(&usual);
  diagnostic_init(diag);
  status_t status = bridge_init(&b, diag, limits ? limits : &usual);
  if (status == STATUS_OK) {
    status = family->name ? sweep(out, diag, input, family, &b)
                          : analyze(out, diag, input, &b);
    bridge_clear(&b);
  }
  if (status == STATUS_OK) diagnostic_clear(diag);
  else move_error(error, diag);
  return status_of(status);
}

liescape_status_t liescape_analyze(liescape_analysis_t **out,
                                   liescape_error_t *error,
                                   const liescape_input_t *input,
                                   const liescape_limits_t *limits) {
  family_values_t none = {0};
  return run(out, error, input, &none, limits);
}

liescape_status_t liescape_sweep(liescape_analysis_t **out,
                                 liescape_error_t *error,
                                 const liescape_input_t *input,
                                 const char *name, const char *const *values,
                                 size_t num_values,
                                 const liescape_limits_t *limits) {
  family_values_t family = {name, values, num_values};
  return run(out, error, input, &family, limits);
}

void liescape_analysis_free(liescape_analysis_t *analysis) {
  if (!analysis) return;
  json_decref(analysis->certificate);
  free(analysis->text);
  free(analysis);
}

/* --- members --------------------------------------------------------------------------- */

int liescape_is_complete(const liescape_analysis_t *analysis) {
  return analysis->complete;
}

const char *liescape_certificate(const liescape_analysis_t *analysis) {
  return analysis->text;
}

/* A key of an object, or a place in a list. */
static const json_t *step(const json_t *json, const char *key, size_t length) {
  char copy[80];
  if (!json_is_array(json)) {
    if (length >= sizeof copy) return NULL;
    memcpy(copy, key, length);
    copy[length] = 0;
    return json_object_get(json, copy);
  }
  size_t index = 0;
  for (size_t i = 0; i < length; i++) {
    if (key[i] < '0' || key[i] > '9' || index > SIZE_MAX / 10 - 1) return NULL;
    index = 10 * index + (size_t)(key[i] - '0');
  }
  return length ? json_array_get(json, index) : NULL;
}

static const json_t *find(const liescape_analysis_t *analysis,
                          const char *path) {
  const json_t *json = analysis->certificate;
  while (json && *path) {
    size_t length = strcspn(path, ".");
    json = step(json, path, length);
    path += length + (path[length] == '.');
  }
  return json;
}

const char *liescape_get_text(const liescape_analysis_t *analysis,
                              const char *path) {
  return json_string_value(find(analysis, path));
}

int64_t liescape_get_integer(const liescape_analysis_t *analysis,
                             const char *path, int64_t otherwise) {
  const json_t *json = find(analysis, path);
  if (json_is_boolean(json)) return json_is_true(json);
  if (json_is_integer(json)) return json_integer_value(json);
  const char *text = json_string_value(json);
  fmpz_t value;
  fmpz_init(value);
  if (text && text_get_fmpz(value, text) && fmpz_cmp_si(value, WORD_MAX) <= 0 &&
      fmpz_cmp_si(value, WORD_MIN) >= 0)
    otherwise = fmpz_get_si(value);
  fmpz_clear(value);
  return otherwise;
}

size_t liescape_get_length(const liescape_analysis_t *analysis,
                           const char *path) {
  return json_array_size(find(analysis, path));
}
