#include "cli/read/pauli_expr.h"

#include "cli/read/ops_eval.h"

status_t pauli_expr_parse(pauli_sum_t out, diagnostic_t diag,
                          const char *label, const char *text,
                          size_t num_qubits) {
  input_t input = {.diag = diag, .file = label, .text = text,
                   .length = strlen(text)};
  ops_env_t env;
  status_t status = source_check(diag, label, text, input.length);
  if (status) return status;
  ops_env_init(&env, &input, num_qubits);
  ops_env_push_si(&env, "qubits", 6, (long)num_qubits);
  status = ops_eval_text(out, &env, 0, input.length);
  ops_env_clear(&env);
  return status;
}
