#include "numeric/judge/verify.h"
#include "tests/verify_cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

void case_parse(uint64_t *string, const char *word) {
  static const char letters[] = "IXZY";
  string[0] = string[1] = 0;
  for (size_t j = 0; word[j]; j++)
    pauli_set(string, 1, j, (unsigned)(strchr(letters, word[j]) - letters));
}

/* Rotation about the word by pi_num/pi_den pi (parameter = -1) or coeff theta. */
void case_gate(ansatz_t a, const char *word, long parameter, long num,
                 unsigned long den) {
  uint64_t string[2];
  fmpq_t c;
  angle_t angle;
  fmpq_init(c);
  angle_init(angle);
  case_parse(string, word);
  fmpq_set_si(c, num, den);
  if (parameter < 0)
    fmpq_set(angle->pi_part, c);
  else
    angle_add_term(angle, (size_t)parameter, false, c);
  ansatz_add_rotation(a, string, angle, 0);
  angle_clear(angle);
  fmpq_clear(c);
}

void case_cz(ansatz_t a, size_t n, size_t j, size_t k) {
  char word[32];
  memset(word, 'I', n);
  word[n] = 0;
  word[j] = 'Z';
  case_gate(a, word, -1, -1, 2);
  word[k] = 'Z';
  case_gate(a, word, -1, 1, 2);
  word[j] = 'I';
  case_gate(a, word, -1, -1, 2);
}

void case_observe(ansatz_t a, const char *word) {
  pauli_sum_t sum;
  uint64_t string[2];
  fmpq_t one;
  fmpq_init(one);
  fmpq_set_si(one, 1, 1);
  pauli_sum_init(sum, a->num_qubits);
  case_parse(string, word);
  pauli_sum_push(sum, one, string);
  pauli_sum_canonicalise(sum);
  ansatz_add_observable(a, sum, word);
  pauli_sum_clear(sum);
  fmpq_clear(one);
}

void case_start_zero(ansatz_t a, size_t num_stabilizers) {
  stabilizer_state_t state;
  stabilizer_state_init(state, a->num_qubits);
  for (size_t j = 0; j < num_stabilizers; j++) {
    uint64_t string[2] = {0, UINT64_C(1) << j};
    stabilizer_state_add(state, string, false);
  }
  ansatz_add_stabilizer(a, state, "bits");
  stabilizer_state_clear(state);
}

const char *case_letter(char *word, size_t n, size_t j, char letter) {
  memset(word, 'I', n);
  word[n] = 0;
  word[j] = letter;
  return word;
}

void case_parametrised(ansatz_t a, const char *word) {
  char name[40];
  size_t p = a->num_parameters;
  snprintf(name, sizeof name, "t[%zu]", p);
  ansatz_add_parameter(a, name, false);
  case_gate(a, word, (long)p, 1, 1);
}

/* beta 2: RY, RZ on every qubit, CZ along the chain, RY again: SU(2^n).
   beta 1: RY on every qubit, then exp of Y X, Y Z, X Y, Z Y on neighbours: the
   imaginary strings, SO(2^n), simple from n = 3 on. */
void case_sphere(ansatz_t a, size_t n, int beta) {
  char word[32];
  ansatz_init(a, ANSATZ_CIRCUIT, n);
  for (size_t j = 0; j < n; j++) case_parametrised(a, case_letter(word, n, j, 'Y'));
  if (beta == 2) {
    for (size_t j = 0; j < n; j++) case_parametrised(a, case_letter(word, n, j, 'Z'));
    for (size_t j = 0; j + 1 < n; j++) case_cz(a, n, j, j + 1);
    for (size_t j = 0; j < n; j++) case_parametrised(a, case_letter(word, n, j, 'Y'));
  } else {
    for (size_t j = 0; j + 1 < n; j++)
      for (int k = 0; k < 4; k++) {
        case_letter(word, n, j, "YYXZ"[k]);
        word[j + 1] = "XZYY"[k];
        case_parametrised(a, word);
      }
  }
  case_observe(a, case_letter(word, n, 0, 'Z'));
}

static void show(const verify_report_t report) {
  tap_diag("%s; %zu samples, %zu attempt(s)", report->layers_reason,
           report->num_samples, report->num_attempts);
  for (size_t i = 0; i < report->num_checks; i++) {
    const verify_check_t *c = report->checks + i;
    tap_diag("%d/%zu %-28s predicted %.6g measured %.6g +- %.2g p %.3g %s",
             (int)c->attempt, c->landscape, c->name, c->predicted, c->measured,
             c->standard_error, c->p_value, c->holds ? "" : "REFUTED");
  }
  for (size_t i = 0; i < report->num_notes; i++)
    tap_diag("note: %s", report->notes[i]);
}

bool case_stands(const ansatz_t a, const verify_claims_t claims,
                   const verify_options_t *options, bool verbose) {
  verify_report_t report;
  char *message;
  status_t status = verify_run(report, a, claims, options, &message);
  if (status != STATUS_OK) {
    tap_diag("status %d: %s", (int)status, message);
    free(message);
    return false;
  }
  bool consistent = report->consistent;
  if (verbose) show(report);
  verify_report_clear(report);
  return consistent;
}
