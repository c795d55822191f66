/* The table of harnesses. */
#include "tests/fuzz/fuzz.h"

const fuzz_harness_t fuzz_harnesses[] = {
    {"ops", fuzz_ops, "file", NULL, NULL, 12000, 1000},
    {"qasm3", fuzz_qasm, "qasm3", NULL, NULL, 8000, 1000},
    {"qasm2", fuzz_qasm, "qasm2", NULL, NULL, 8000, 1000},
    {"pauli", fuzz_pauli, "sum", NULL, NULL, 20000, 120},
    {"labels", fuzz_labels, "labels", NULL, NULL, 20000, 160},
    {"state", fuzz_state, "state", NULL, NULL, 10000, 120},
    {"angles", fuzz_angles, "angles", NULL, NULL, 20000, 100},
    {"noise", fuzz_noise, "noise", NULL, NULL, 20000, 100},
    {"number", fuzz_number, "number", NULL, NULL, 20000, 60},
    {"edges", fuzz_edges, "edges", NULL, NULL, 4000, 300},
    {"data", fuzz_data, "data", NULL, NULL, 4000, 200},
    {"command", fuzz_command, "command", NULL, NULL, 20000, 300},
    {"certificate", fuzz_certificate, NULL, fuzz_alter_json, fuzz_seed_certificate,
     1000, 20000},
    {"check", fuzz_check, NULL, fuzz_alter_json, fuzz_seed_certificate,
     300, 20000},
    {"claims", fuzz_claims, NULL, fuzz_alter_json, fuzz_seed_certificate,
     1000, 20000},
    {"report", fuzz_report, NULL, fuzz_alter_json, fuzz_seed_certificate,
     1000, 20000},
    {"checkpoint", fuzz_checkpoint, NULL, fuzz_alter_checkpoint, fuzz_seed_checkpoint,
     4000, 4000},
};
const size_t fuzz_num_harnesses = sizeof fuzz_harnesses / sizeof *fuzz_harnesses;

const fuzz_harness_t *fuzz_find(const char *name) {
  for (size_t i = 0; i < fuzz_num_harnesses; i++)
    if (!strcmp(fuzz_harnesses[i].name, name)) return fuzz_harnesses + i;
  return NULL;
}
