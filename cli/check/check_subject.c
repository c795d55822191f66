#include "cli/check/check_subject.h"

#include "cli/format/certificate_format.h"

const char open_long_orbit[] = "an orbit is too long to be listed string by string";
const char open_no_claim[] = "it claims no more than not to know";
const char open_too_many_pairs[] =
    "there are too many pairs of strings for the plain recursion";
const char open_interval_only[] = "a degree of freedom is known as an interval only";

const char *subject_unknown(const check_subject_t *s, size_t observable) {
  const char *reason = s->generators->unseen;
  for (size_t i = 0; i < s->ansatz->num_states && !reason; i++)
    reason = check_generators_unknown(s->generators, observable, i);
  return reason;
}

void subject_take_inputs(ledger_t *l, const check_subject_t *s, size_t observable) {
  ledger_json(l, "observable", observable_json(s->ansatz->observables[observable].sum));
  ledger_json(l, "states", states_json(s->ansatz));
}

bool subject_is_square(const json_t *matrix, size_t n) {
  bool shaped = json_is_array(matrix) && json_array_size(matrix) == n;
  for (size_t i = 0; i < n && shaped; i++)
    shaped = json_array_size(json_array_get(matrix, i)) == n;
  return shaped;
}
