#include "cli/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/certify/basis_file.h"
#include "cli/check/check.h"
#include "cli/format/certificate_io.h"
#include "cli/format/json_number.h"
#include "cli/verify/checkpoint.h"
#include "cli/read/edge_list.h"
#include "cli/read/observable_file.h"
#include "cli/terminal/interrupt.h"
#include "cli/terminal/output.h"
#include "cli/report/plot.h"
#include "cli/terminal/progress.h"
#include "cli/report/report.h"
#include "cli/verify/verify_certificate.h"
#include "liescape/liescape.h"

static void say(const char *text) {
  progress_end();
  source_say("%s", text);
}

static const char *file_name(const options_t options) {
  return strcmp(options->file, "-") ? options->file : "<stdin>";
}

/* Prints the diagnostic; returns the exit status that goes with it. */
static int fail(const diagnostic_t diag, status_t status) {
  char *text = diagnostic_get_str(diag);
  say(text);
  free(text);
  return status == STATUS_LIMIT || status == STATUS_UNDECIDED ? EXIT_LIMIT
                                                              : EXIT_USAGE;
}

/* NULL after a message. */
static char *read_checked(const char *path) {
  diagnostic_t diag;
  char *text = NULL;
  size_t length;
  diagnostic_init(diag);
  status_t status = source_read(&text, &length, diag, path, SOURCE_MAX_BYTES);
  if (status == STATUS_OK) status = source_check(diag, path, text, length);
  if (status != STATUS_OK) {
    fail(diag, status);
    free(text);
    text = NULL;
  }
  diagnostic_clear(diag);
  return text;
}

/* Input states of --data. False after a message. */
static bool add_data_files(liescape_input_t *input, const options_t options) {
  for (size_t i = 0; i < options->num_data_files; i++) {
    char *text = read_checked(options->data_files[i]);
    if (!text) return false;
    liescape_input_add_data(input, options->data_files[i], text);
    free(text);
  }
  return true;
}

/* Observables of --observable-file. False after a message. */
static bool add_observable_files(liescape_input_t *input, const options_t options) {
  for (size_t i = 0; i < options->num_observable_files; i++) {
    char *text = read_checked(options->observable_files[i]);
    if (!text) return false;
    observable_file_join(text); /* one Pauli sum over any number of lines */
    liescape_input_add_observable(input, text);
    free(text);
  }
  return true;
}

/* The source and what the command line adds. */
static liescape_input_t *make_input(const options_t options, const char *text,
                                    size_t length) {
  static const liescape_format_t formats[] = {
      [FORMAT_AUTO] = LIESCAPE_FORMAT_AUTO,
      [FORMAT_QASM] = LIESCAPE_FORMAT_QASM,
      [FORMAT_OPS] = LIESCAPE_FORMAT_OPS};
  liescape_input_t *input = liescape_input_new(file_name(options), text, length);
  liescape_input_set_format(input, formats[options->format]);
  for (size_t i = 0; i < options->num_overrides; i++)
    liescape_input_override(input, options->overrides[i].name,
                            options->overrides[i].value);
  for (size_t i = 0; i < options->num_observables; i++)
    liescape_input_add_observable(input, options->observables[i]);
  for (size_t i = 0; i < options->num_states; i++)
    liescape_input_add_state(input, options->states[i]);
  for (size_t i = 0; i < options->num_angles; i++)
    liescape_input_add_angles(input, options->angles[i]);
  if (options->noise) liescape_input_set_noise(input, options->noise);
  return input;
}

/* Is the text JSON? Neither programs nor operator files begin with a brace. */
static bool is_certificate(const char *text, size_t length) {
  size_t at = 0;
  while (at < length && strchr(" \t\r\n", text[at])) at++;
  return at < length && text[at] == '{';
}

/* Writes certificate and report where they belong. False after a message. */
static bool write_results(const options_t options, const json_t *certificate,
                          FILE *json_stream) {
  if (!options->quiet && !(options->json && !options->json_path))
    (options->sweep_name ? report_sweep : report_print)(stdout, certificate,
                                                        options->details);
  if (!options->json) return true;
  certificate_write(certificate, json_stream); /* commit sees a failure */
  return output_commit(json_stream);
}

static void show_progress(void *nothing, const char *stage, size_t done,
                          size_t total) {
  (void)nothing;
  if (total) progress_report(stage, done, total);
  else progress_stage(stage);
}

/* The caller frees max_shots and max_trap (flint_free). */
static liescape_limits_t get_limits(const options_t options) {
  liescape_limits_t limits;
  liescape_limits_init(&limits);
  limits.max_dimension = options->max_dimension;
  limits.max_strings = options->max_strings;
  limits.memory_bytes = options->memory_limit_bytes;
  limits.time_limit_s = options->time_limit_s;
  limits.num_threads = (unsigned)options->num_threads;
  limits.sample_paths = options->sample_paths;
  limits.num_paths = options->num_paths;
  limits.seed = options->seed;
  limits.max_shots = fmpq_get_str(NULL, 10, options->max_shots);
  limits.max_trap = fmpq_get_str(NULL, 10, options->max_trap);
  limits.suggest = options->suggest;
  limits.widths = options->widths;
  limits.expressibility = options->expressibility;
  limits.operators = options->operators;
  limits.progress = show_progress;
  return limits;
}

/* The text of a certificate that was just made. */
static json_t *load(const char *text) {
  json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
  if (!json) flint_abort();
  certificate_unpack(json);
  return json;
}

/* certify: the certificate, or NULL and an exit status. */
static json_t *certify(int *code, const options_t options, const char *text,
                       size_t length) {
  liescape_input_t *input = make_input(options, text, length);
  liescape_limits_t limits = get_limits(options);
  liescape_analysis_t *analysis = NULL;
  liescape_error_t error;
  json_t *certificate = NULL;
  liescape_error_init(&error);
  if (!add_observable_files(input, options) || !add_data_files(input, options)) {
    liescape_input_free(input);
    flint_free((char *)limits.max_shots);
    flint_free((char *)limits.max_trap);
    *code = EXIT_USAGE;
    return NULL;
  }
  liescape_status_t status =
      options->sweep_name
          ? liescape_sweep(&analysis, &error, input, options->sweep_name,
                           (const char *const *)options->sweep_values,
                           options->num_sweep_values, &limits)
          : liescape_analyze(&analysis, &error, input, &limits);
  if (status == LIESCAPE_OK) {
    certificate = load(liescape_certificate(analysis));
    *code = liescape_is_complete(analysis) ? EXIT_DONE : EXIT_LIMIT;
  } else {
    char *message = liescape_error_text(&error);
    say(message);
    free(message);
    *code = status == LIESCAPE_LIMIT ? EXIT_LIMIT : EXIT_USAGE;
  }
  liescape_error_clear(&error);
  liescape_analysis_free(analysis);
  liescape_input_free(input);
  flint_free((char *)limits.max_shots);
  flint_free((char *)limits.max_trap);
  return certificate;
}

/* Opens the folder for pictures, if one is asked for. */
static bool open_folder(plot_folder_t folder, const options_t options) {
  *folder = (plot_folder_struct){0};
  return !options->plot_path ||
         plot_folder_open(folder, options->plot_path);
}

static bool draw(plot_folder_t folder, const options_t options,
                 const json_t *certificate, const verify_report_t samples) {
  return !options->plot_path ||
         plot_write(folder, certificate, samples, options->seed);
}

/* Is a verdict among these landscapes one that --fail-on names? */
static bool has_failed(const json_t *certificate, fail_on_t fail_on) {
  const json_t *landscapes = json_object_get(certificate, "landscapes");
  for (size_t j = 0; j < json_array_size(landscapes); j++) {
    const char *answer = cert_text_at(json_array_get(landscapes, j),
                                      "verdict.trainable", "undecided");
    if (!strcmp(answer, "no") ||
        (fail_on == FAIL_ON_UNDECIDED && strcmp(answer, "yes")))
      return true;
  }
  const json_t *rows = json_object_get(certificate, "sweep");
  for (size_t i = 0; i < json_array_size(rows); i++)
    if (has_failed(json_array_get(rows, i), fail_on)) return true;
  return false;
}

static int command_certify(const options_t options, const char *text,
                           size_t length) {
  int code = EXIT_USAGE;
  FILE *stream = NULL;
  json_t *certificate = NULL;
  plot_folder_t folder = {{0}};
  if (is_certificate(text, length)) {
    source_say("%s: this is a certificate; use verify or check", file_name(options));
    goto cleanup;
  }
  if (options->json && !(stream = output_open(options->json_path)))
    goto cleanup;
  if (!open_folder(folder, options)) {
    output_discard();
    goto cleanup;
  }
  progress_begin(options->quiet, "exact analysis");
  certificate = certify(&code, options, text, length);
  progress_end();
  if (!certificate) {
    output_discard();
  } else {
    if (!draw(folder, options, certificate, NULL)) code = EXIT_LIMIT;
    if (!write_results(options, certificate, stream)) code = EXIT_LIMIT;
    status_t status = basis_file_write(certificate, options);
    if (status == STATUS_BAD_INPUT) code = EXIT_USAGE;
    else if (status != STATUS_OK) code = EXIT_LIMIT;
    else if (options->fail_on && has_failed(certificate, options->fail_on))
      code = EXIT_CLAIM_FALSE;
  }
cleanup:
  plot_folder_clear(folder);
  json_decref(certificate);
  return code;
}

/* The certificate that verify is about: read, or made here. */
static json_t *get_certificate(int *code, const options_t options,
                               const char *text, size_t length,
                               diagnostic_t diag) {
  json_t *certificate = NULL;
  if (is_certificate(text, length)) {
    *code = EXIT_DONE;
    status_t status =
        certificate_parse(&certificate, diag, options->file, text, length);
    if (status == STATUS_OK &&
        (options->num_observables || options->num_observable_files ||
         options->num_states || options->num_data_files ||
         options->num_angles || options->noise ||
         options->num_overrides)) {
      diagnostic_set(diag, options->file, NULL, 0, 0,
                     "a certificate fixes what it is about: -O, -s and -D do "
                     "not go with it");
      status = STATUS_BAD_INPUT;
      json_decref(certificate);
      certificate = NULL;
    }
    if (status != STATUS_OK) *code = fail(diag, status);
    return certificate;
  }
  return certify(code, options, text, length);
}

/* Interrupted: says so, and what is kept; the exit status. */
static int report_interruption(checkpoint_t kept) {
  bool is_kept = checkpoint_has_samples(kept) && checkpoint_write(kept);
  if (!is_kept && !kept->has_failed) checkpoint_remove(kept);
  progress_end();
  if (is_kept)
    source_say("interrupted; what was sampled is kept in %s, and the same command "
               "with --resume goes on from it", kept->path);
  else fprintf(stderr, "liescape: interrupted\n");
  return 128 + interrupt_noted();
}

/* Tests the certificate and writes everything; the exit status. */
static int verify_and_write(const options_t options, json_t *certificate,
                            checkpoint_t kept, plot_folder_t folder,
                            FILE *stream, int code, diagnostic_t diag) {
  answer_t consistent;
  verify_report_t samples;
  interrupt_soften(true);
  progress_stage("preparing to sample");
  status_t status = certificate_verify(&consistent, samples, certificate,
                                       &kept->keeper, diag, options);
  progress_end();
  if (status == STATUS_BAD_INPUT) {
    output_discard();
    checkpoint_remove(kept);
    return fail(diag, status);
  }
  if (interrupt_noted() && status != STATUS_OK) {
    output_discard();
    verify_report_clear(samples);
    return report_interruption(kept);
  }
  /* The same command would come to the same end: nothing is left to go on from. */
  if (status != STATUS_OK) code = fail(diag, status);
  /* A run long enough to have been kept is not lost to a full disk. */
  if (kept->is_written) checkpoint_write(kept);
  interrupt_soften(false);
  bool ok = draw(folder, options, certificate, samples);
  if (status == STATUS_OK && consistent == ANSWER_NO) code = EXIT_CLAIM_FALSE;
  ok = write_results(options, certificate, stream) && ok;
  if (!ok) code = EXIT_LIMIT;
  if (ok && output_finish_stdout()) checkpoint_remove(kept);
  verify_report_clear(samples);
  return code;
}

/* The certificate to be tested: that of the checkpoint, or a new one; what is
   missing is said. */
static json_t *begin_verify(checkpoint_t kept, int *code,
                            const options_t options, const char *text,
                            size_t length, diagnostic_t diag) {
  json_t *certificate = NULL;
  checkpoint_init(kept, options, text, length);
  status_t status = checkpoint_load(kept, diag, options);
  if (status != STATUS_OK) {
    *code = fail(diag, status);
    return NULL;
  }
  progress_begin(options->quiet, "exact analysis");
  if (kept->certificate) {
    certificate = json_loads(kept->certificate, JSON_REJECT_DUPLICATES, NULL);
    if (!certificate) flint_abort();
    *code = kept->code;
  } else {
    certificate = get_certificate(code, options, text, length, diag);
  }
  if (certificate &&
      (status = checkpoint_begin(kept, diag, certificate, *code)) != STATUS_OK) {
    *code = fail(diag, status);
    json_decref(certificate);
    certificate = NULL;
  }
  return certificate;
}

static int command_verify(const options_t options, const char *text,
                          size_t length, diagnostic_t diag) {
  int code = EXIT_USAGE;
  FILE *stream = NULL;
  plot_folder_t folder = {{0}};
  checkpoint_t kept;
  if ((options->json && !(stream = output_open(options->json_path))) ||
      !open_folder(folder, options)) {
    output_discard();
    plot_folder_clear(folder);
    return EXIT_USAGE;
  }
  json_t *certificate = begin_verify(kept, &code, options, text, length, diag);
  if (certificate)
    code = verify_and_write(options, certificate, kept, folder, stream, code,
                            diag);
  else
    output_discard();
  progress_end();
  checkpoint_clear(kept);
  plot_folder_clear(folder);
  json_decref(certificate);
  return code;
}

/* A script or a notebook is not what is read here. */
static bool is_python(const options_t options) {
  const char *dot = strrchr(options->file, '.');
  if (!dot || (strcmp(dot, ".py") && strcmp(dot, ".ipynb"))) return false;
  fprintf(stderr, "liescape: %s: circuits in Python go through the package liescape, "
                  "liescape.certify(circuit, observable); here OpenQASM and operator files "
                  "are read\n", options->file);
  return true;
}

static int command_check(const options_t options, const char *text,
                         size_t length, diagnostic_t diag) {
  json_t *certificate;
  check_result_t result = {.text = text, .length = length,
                           .quiet = options->quiet};
  int code = EXIT_DONE;
  status_t status =
      certificate_parse(&certificate, diag, options->file, text, length);
  if (status == STATUS_OK) {
    status = check_certificate(&result, diag, options->file, certificate);
    json_decref(certificate);
  }
  if (status != STATUS_OK) return fail(diag, status);
  if (result.num_open) code = EXIT_LIMIT;
  if (result.num_failed) code = EXIT_CLAIM_FALSE;
  if (!options->quiet)
    printf("%zu claims hold (%zu of them follow from others), %zu fail, %zu were not "
           "re-proved\n",
           result.num_held, result.num_following, result.num_failed, result.num_open);
  return code;
}

static bool is_named(const options_t options, const char *end) {
  size_t name = strlen(options->file), length = strlen(end);
  return options->format == FORMAT_AUTO && name > length &&
         !strcmp(options->file + name - length, end);
}

/* A graph, by its name or --format, becomes a program; one that an operator file names
   becomes part of it. */
static status_t read_graph(char **text, size_t *length, options_t options,
                           diagnostic_t diag) {
  char *program = NULL;
  bool graph = options->edges || is_named(options, ".edges");
  if (is_certificate(*text, *length) || options->format == FORMAT_QASM ||
      is_named(options, ".qasm"))
    return STATUS_OK;
  status_t status =
      (graph ? edge_list_to_qasm : edge_list_include)(&program, diag, file_name(options),
                                                      *text, *length);
  if (status != STATUS_OK || !program) return status;
  free(*text);
  *text = program;
  *length = strlen(program);
  if (graph) options->format = FORMAT_QASM;
  return STATUS_OK;
}

int command_run(options_t options) {
  diagnostic_t diag;
  char *text = NULL;
  size_t length;
  int code = EXIT_USAGE;
  if (options->command != COMMAND_CHECK && is_python(options)) return code;
  diagnostic_init(diag);
  status_t status =
      source_read(&text, &length, diag, options->file, SOURCE_MAX_BYTES);
  if (status == STATUS_OK)
    status = source_check(diag, options->file, text, length);
  if (status == STATUS_OK && options->command != COMMAND_CHECK)
    status = read_graph(&text, &length, options, diag);
  if (status != STATUS_OK)
    code = fail(diag, status);
  else if (options->command == COMMAND_CERTIFY)
    code = command_certify(options, text, length);
  else if (options->command == COMMAND_VERIFY)
    code = command_verify(options, text, length, diag);
  else
    code = command_check(options, text, length, diag);
  free(text);
  diagnostic_clear(diag);
  return code;
}
