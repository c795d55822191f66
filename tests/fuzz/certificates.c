/* Harnesses of what reads certificates, and certificates to begin with. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "algebra/base/text.h"
#include "cli/check/check.h"
#include "cli/format/certificate_io.h"
#include "cli/report/report.h"
#include "cli/request/request.h"
#include "cli/verify/certificate_claims.h"
#include "include/liescape/liescape.h"
#include "tests/fuzz/fuzz.h"

/* The certificate of a text, or NULL. */
static json_t *parse(diagnostic_t diag, const char *text, size_t length) {
  json_t *certificate = NULL;
  status_t status = source_check(diag, "input", text, length);
  if (status == STATUS_OK)
    status = certificate_parse(&certificate, diag, "input", text, length);
  if ((status == STATUS_OK) != !(diag->message && *diag->message)) abort();
  return status == STATUS_OK ? certificate : NULL;
}

void fuzz_certificate(const char *text, size_t length) {
  diagnostic_t diag;
  diagnostic_init(diag);
  json_t *certificate = parse(diag, text, length);
  if (certificate) {
    char *written = certificate_text(certificate);
    json_t *again = json_loads(written, 0, NULL);
    if (!again || !json_equal(again, certificate)) abort();
    certificate_find(text, length, "source", NULL);
    json_decref(again);
    free(written);
    json_decref(certificate);
  }
  diagnostic_clear(diag);
}

void fuzz_check(const char *text, size_t length) {
  check_result_t result = {
      .text = text, .length = length, .quiet = true, .silent = true};
  diagnostic_t diag;
  diagnostic_init(diag);
  json_t *certificate = parse(diag, text, length);
  if (certificate) check_certificate(&result, diag, "input", certificate);
  json_decref(certificate);
  diagnostic_clear(diag);
}

/* The ansatz that a certificate embeds, as verify reads it. */
static bool read_ansatz(ansatz_t a, diagnostic_t diag, const json_t *certificate) {
  request_t request;
  request_init(request);
  status_t status =
      request_from_json(request, diag, "input", json_object_get(certificate, "source"));
  if (status == STATUS_OK) status = request_read_ansatz(a, diag, request);
  request_clear(request);
  return status == STATUS_OK;
}

void fuzz_claims(const char *text, size_t length) {
  diagnostic_t diag;
  ansatz_t a;
  diagnostic_init(diag);
  json_t *certificate = parse(diag, text, length);
  if (certificate && read_ansatz(a, diag, certificate)) {
    verify_claims_t claims;
    json_t *checks = json_array(), *tested = json_array();
    if (claims_read(claims, diag, "input", a, certificate) == STATUS_OK) {
      claims_check_arithmetic(checks, a, certificate);
      claims_check_members(checks, tested, a, claims, certificate);
      verify_claims_clear(claims);
    }
    json_decref(checks);
    json_decref(tested);
    ansatz_clear(a);
  }
  json_decref(certificate);
  diagnostic_clear(diag);
}

void fuzz_report(const char *text, size_t length) {
  static FILE *nowhere;
  diagnostic_t diag;
  diagnostic_init(diag);
  if (!nowhere) nowhere = fopen("/dev/null", "w");
  json_t *certificate = parse(diag, text, length);
  if (certificate) {
    bool sweep = json_object_get(certificate, "sweep");
    (sweep ? report_sweep : report_print)(nowhere, certificate, length & 1);
  }
  json_decref(certificate);
  diagnostic_clear(diag);
}

/* --- certificates to begin with ------------------------------------------------------ */

/* One of each kind: strings, sums with symmetries, a circuit with noise and laws of
   angles, several states, a symbol, a family. */
static const struct {
  const char *text, *sweep;
} ansaetze[] = {
    {"qubits 2\ngenerator X0\ngenerator X1\ngenerator Z0 Z1\nobservable Z0 + X1\n", NULL},
    {"qubits 3\ngenerator X0 + X1 + X2\ngenerator Z0 Z1 + Z1 Z2\nobservable Z0 Z1\n"
     "state plus\n", NULL},
    {"OPENQASM 3.0;\ninput float a; input float b; qubit[2] q;\nrx(a) q[0]; ry(b) q[1];\n"
     "cx q[0], q[1]; rz(a) q[1];\n#pragma liescape observable Z0 Z1\n"
     "#pragma liescape angles a=normal:1/10\n"
     "#pragma liescape noise depolarizing=0.01\n", NULL},
    {"qubits 2\ngenerator X0 X1 + Y0 Y1\ngenerator Z0\nobservable Z0\nstate zero\n"
     "state product 3/5,0,4/5\n", NULL},
    {"qubits 2\nsymbol J\ngenerator X0 + X1\ngenerator Z0 Z1 + J Z0\nobservable Z0\n", NULL},
    {"qubits 2\nfor i in 0..qubits-1: generator X{i}\n"
     "for i in 0..qubits-2: generator Z{i} Z{i+1}\nobservable Z0\n", "qubits"},
};

char *fuzz_seed_certificate(size_t *length, size_t k) {
  static const char *const sizes[] = {"2", "3", "4"};
  if (k >= sizeof ansaetze / sizeof *ansaetze) return NULL;
  const char *text = ansaetze[k].text, *sweep = ansaetze[k].sweep;
  liescape_input_t *input = liescape_input_new("seed", text, strlen(text));
  liescape_analysis_t *analysis = NULL;
  liescape_limits_t limits;
  liescape_error_t error;
  liescape_limits_init(&limits);
  liescape_error_init(&error);
  limits.suggest = k == 1;
  limits.operators = limits.expressibility = k != 4 && k != 5;
  liescape_status_t status =
      sweep ? liescape_sweep(&analysis, &error, input, sweep, sizes, 3, &limits)
            : liescape_analyze(&analysis, &error, input, &limits);
  if (status != LIESCAPE_OK) {
    printf("# seed %zu: %s\n", k, liescape_error_text(&error));
    abort();
  }
  json_t *json = json_loads(liescape_certificate(analysis), 0, NULL);
  char *compact = json_dumps(json, JSON_COMPACT);
  *length = strlen(compact);
  json_decref(json);
  liescape_error_clear(&error);
  liescape_analysis_free(analysis);
  liescape_input_free(input);
  return compact;
}
