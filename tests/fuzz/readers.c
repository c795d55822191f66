/* Harnesses of what reads texts. */
#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "algebra/base/text.h"
#include "cli/format/json_number.h"
#include "cli/read/angle_law.h"
#include "cli/read/edge_list.h"
#include "cli/read/noise_spec.h"
#include "cli/read/number.h"
#include "cli/read/observable_file.h"
#include "cli/read/pauli_expr.h"
#include "cli/request/options.h"
#include "cli/request/request.h"
#include "tests/fuzz/fuzz.h"

static void must(bool holds, const char *what) {
  if (holds) return;
  printf("# fuzz: %s\n", what);
  fflush(stdout);
  abort();
}

/* An error has a message, a limit too, and success none; with a place in a text. */
static void must_be_said(status_t status, const diagnostic_t diag, bool has_place) {
  bool said = diag->message && *diag->message;
  must(said == (status != STATUS_OK), "an error without a message, or the reverse");
  must(!said || !has_place || (diag->line > 0 && diag->column > 0),
       "an error without a place");
  char *text = said ? diagnostic_get_str(diag) : NULL;
  for (const char *c = text; c && *c; c++)
    must(!iscntrl((unsigned char)*c) || *c == '\n', "a control character in a message");
  free(text);
}

static void must_be_ansatz(const ansatz_t a) {
  size_t w = pauli_words(a->num_qubits);
  must(a->num_qubits > 0, "no qubits");
  for (size_t r = 0; r < a->num_rotations; r++) {
    must(!pauli_is_identity(a->rotations[r].string, w), "a rotation about the identity");
    for (size_t t = 0; t < a->rotations[r].angle->num_terms; t++)
      must(a->rotations[r].angle->terms[t].parameter < a->num_parameters,
           "an angle of an unknown parameter");
  }
}

static void read_program(const char *text, size_t length, reader_format_t format) {
  ansatz_t a;
  diagnostic_t diag;
  diagnostic_init(diag);
  status_t status = reader_read_text(a, diag, "input", text, length, format, NULL, 0);
  must_be_said(status, diag, true);
  if (status == STATUS_OK) {
    must_be_ansatz(a);
    ansatz_clear(a);
  }
  diagnostic_clear(diag);
}

void fuzz_ops(const char *text, size_t length) { read_program(text, length, FORMAT_OPS); }
void fuzz_qasm(const char *text, size_t length) {
  read_program(text, length, FORMAT_QASM);
}

void fuzz_pauli(const char *text, size_t length) {
  pauli_sum_t sum;
  diagnostic_t diag;
  (void)length;
  diagnostic_init(diag);
  pauli_sum_init(sum, 4);
  must_be_said(pauli_expr_parse(sum, diag, "--observable", text, 4), diag, true);
  pauli_sum_clear(sum);
  diagnostic_clear(diag);
}

void fuzz_labels(const char *text, size_t length) {
  char *copy = text_copy(text);
  observable_file_join(copy);
  must(strlen(copy) == strlen(text) && !strchr(copy, '\n'), "more than one line");
  fuzz_pauli(copy, length);
  free(copy);
}

void fuzz_state(const char *text, size_t length) {
  quantum_state_t state;
  diagnostic_t diag;
  (void)length;
  diagnostic_init(diag);
  quantum_state_init(state, 3);
  must_be_said(state_spec_parse(state, diag, "--state", text, 3), diag, true);
  quantum_state_clear(state);
  diagnostic_clear(diag);
}

/* --- what is about an ansatz -------------------------------------------------------- */

static const char circuit[] =
    "OPENQASM 3.0; input float a; input angle b; input array[float, 2] p;\n"
    "qubit[2] q; rx(a) q[0]; cx q[0], q[1]; rz(b) q[1]; ry(p[0] + p[1]) q[0];\n";

/* The circuit above, made once. */
static ansatz_struct *the_ansatz(void) {
  static ansatz_t a;
  static bool is_made;
  diagnostic_t diag;
  if (is_made) return a;
  diagnostic_init(diag);
  must(reader_read_text(a, diag, "", circuit, sizeof circuit - 1, FORMAT_QASM, NULL, 0) ==
           STATUS_OK, "the circuit is not read");
  diagnostic_clear(diag);
  is_made = true;
  return a;
}

typedef status_t read_part_t(ansatz_t, input_t *, size_t, size_t);

static status_t read_part(read_part_t *read, const char *text) {
  diagnostic_t diag;
  input_t input = {.diag = diag, .file = "option", .text = text, .length = strlen(text)};
  diagnostic_init(diag);
  status_t status = source_check(diag, input.file, text, input.length);
  if (status == STATUS_OK) status = read(the_ansatz(), &input, 0, input.length);
  must_be_said(status, diag, true);
  diagnostic_clear(diag);
  return status;
}

/* Read and written, the text stays as it was written. */
void fuzz_angles(const char *text, size_t length) {
  (void)length;
  if (read_part(angle_law_read, text) != STATUS_OK) return;
  for (size_t k = 0; k < the_ansatz()->num_parameters; k++) {
    char *law = angle_law_text(the_ansatz()->parameters + k), *again;
    must(read_part(angle_law_read, law) == STATUS_OK, "a law that is written is not read");
    again = angle_law_text(the_ansatz()->parameters + k);
    must(!strcmp(law, again), "a law is written otherwise when read again");
    free(law);
    free(again);
  }
}

void fuzz_noise(const char *text, size_t length) {
  (void)length;
  if (read_part(noise_spec_read, text) != STATUS_OK) return;
  char *spec = noise_spec_text(the_ansatz()->noise), *again;
  if (*spec) {
    must(read_part(noise_spec_read, spec) == STATUS_OK, "noise that is written is not read");
    again = noise_spec_text(the_ansatz()->noise);
    must(!strcmp(spec, again), "noise is written otherwise when read again");
    free(again);
  }
  free(spec);
}

void fuzz_data(const char *text, size_t length) {
  request_t request;
  ansatz_t a;
  diagnostic_t diag;
  (void)length;
  diagnostic_init(diag);
  request_init(request);
  request->name = text_copy("input");
  request->format = FORMAT_QASM;
  request->text = text_copy(circuit);
  request->length = strlen(circuit);
  request_add_data(request, "states", text);
  status_t status = request_read_ansatz(a, diag, request);
  must_be_said(status, diag, true);
  if (status == STATUS_OK) {
    must_be_ansatz(a);
    must(a->num_states > 0, "no state");
    ansatz_clear(a);
  }
  request_clear(request);
  diagnostic_clear(diag);
}

void fuzz_edges(const char *text, size_t length) {
  diagnostic_t diag;
  char *program = NULL;
  diagnostic_init(diag);
  status_t status = source_check(diag, "graph.edges", text, length);
  if (status == STATUS_OK)
    status = edge_list_to_qasm(&program, diag, "graph.edges", text, length);
  must_be_said(status, diag, false);
  if (status == STATUS_OK) {
    ansatz_t a;
    status = reader_read_text(a, diag, "graph", program, strlen(program), FORMAT_QASM,
                              NULL, 0);
    must(status != STATUS_BAD_INPUT, "a graph becomes a program that is not one");
    if (status == STATUS_OK) ansatz_clear(a);
  }
  free(program);
  diagnostic_clear(diag);
}

/* --- numbers, command lines --------------------------------------------------------- */

/* What has the canonical form is written so. */
static void must_be_canonical(const char *text) {
  fmpq_t number;
  fmpq_init(number);
  if (text_get_fmpq(number, text)) {
    json_t *json = cert_fmpq(number);
    must(!strcmp(json_string_value(json), text), "a number in a form that is not its own");
    json_decref(json);
  }
  fmpq_clear(number);
}

void fuzz_number(const char *text, size_t length) {
  fmpq_t rad, turns;
  arb_t ball;
  json_t *json = json_stringn(text, length);
  fmpq_init(rad);
  fmpq_init(turns);
  arb_init(ball);
  number_parse_override(rad, turns, text);
  must_be_canonical(text);
  text_is_decimal(text);
  free(cert_ball_last_place(text));
  if (json) {
    must(!cert_get_real(ball, json, 64) || arb_is_finite(ball), "a number without bounds");
    must(!cert_get_surd(ball, json, 64) || arb_is_finite(ball), "a surd without bounds");
    json_t *object = json_pack("{s:O, s:s}", "mid", json, "rad", "1e-19");
    cert_get_ball(ball, object, 64);
    json_decref(object);
  }
  fmpq_clear(rad);
  fmpq_clear(turns);
  arb_clear(ball);
  json_decref(json);
}

/* A word on a line. */
void fuzz_command(const char *text, size_t length) {
  enum { MOST = 40 };
  options_t options;
  char name[] = "liescape", *words[MOST + 2] = {name}, *copy = text_copy_part(text, length);
  int num = 1;
  for (char *word = copy; num <= MOST && word; num++) {
    char *end = strchr(word, '\n');
    if (!end && !*word) break;
    if (end) *end = 0;
    words[num] = word;
    word = end ? end + 1 : NULL;
  }
  words[num] = NULL;
  options_init(options);
  status_t status = options_parse(options, num, words);
  if (status == STATUS_OK && !options->help && !options->version && !options->manual) {
    must(options->command != COMMAND_NONE && options->file, "no command, or no file");
    options_time_limit_ns(options);
  }
  options_clear(options);
  free(copy);
}
