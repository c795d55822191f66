/* The executed program -> ansatz: dense strings, parameters, notes. */
#include <stdio.h>

#include "cli/read/limits.h"
#include "cli/qasm/qasm_run.h"

/* Declared, and nothing depends on it: a parameter of gradient 0. */
static bool is_dead(const qasm_param_t *p) {
  return p->kind == QASM_PARAM_DECLARED && !p->in_function;
}

/* position[p] = index of parameter p in the ansatz, SIZE_MAX when it is none;
   occurs[p]: some gate has it. */
static void number_parameters(ansatz_t ansatz, const qasm_run_t *run,
                              size_t *position, bool *occurs) {
  for (size_t p = 0; p < run->num_params; p++)
    position[p] = is_dead(run->params + p) ? 0 : SIZE_MAX;
  for (size_t i = 0; i < run->circuit.num_rotations; i++) {
    const angle_struct *a = run->circuit.rotations[i].angle;
    for (size_t j = 0; j < a->num_terms; j++) {
      position[a->terms[j].parameter] = 0;
      occurs[a->terms[j].parameter] = true;
    }
  }
  for (int derived = 0; derived < 2; derived++)
    for (size_t p = 0; p < run->num_params; p++)
      if (position[p] != SIZE_MAX &&
          (run->params[p].kind != QASM_PARAM_DECLARED) == derived)
        position[p] = ansatz_add_parameter(ansatz, run->params[p].name, derived);
}

static void add_rotations(ansatz_t ansatz, qasm_run_t *run,
                          const size_t *position) {
  size_t w = pauli_words(run->num_qubits);
  uint64_t *row = flint_calloc(2 * w + 1, sizeof *row);
  angle_t angle;
  for (size_t i = 0; i < run->circuit.num_rotations; i++) {
    qasm_rotation_t *r = run->circuit.rotations + i;
    const qasm_letter_t *letters = run->circuit.letters + r->first;
    for (size_t j = 0; j < r->count; j++)
      pauli_set(row, w, letters[j].qubit, letters[j].letter);
    angle_init(angle);
    fmpq_set(angle->pi_part, r->angle->pi_part);
    fmpq_set(angle->rad_part, r->angle->rad_part);
    for (size_t j = 0; j < r->angle->num_terms; j++) {
      const angle_term_struct *t = r->angle->terms + j;
      angle_add_term(angle, position[t->parameter], t->times_pi, t->coeff);
    }
    ansatz_add_rotation(ansatz, row, angle, r->line);
    angle_clear(angle);
    for (size_t j = 0; j < r->count; j++)
      pauli_set(row, w, letters[j].qubit, 0);
  }
  for (size_t i = 0; i < run->circuit.num_places; i++)
    ansatz_add_place(ansatz, run->circuit.places[i].after,
                     run->circuit.places[i].qubit);
  flint_free(row);
}

/* One note for a kind of derived parameter: how many, and the first. */
static void note_derived(ansatz_t ansatz, const qasm_run_t *run,
                         const size_t *position, qasm_param_kind_t kind,
                         const char *what) {
  size_t count = 0, first = 0;
  for (size_t p = run->num_params; p-- > 0;)
    if (position[p] != SIZE_MAX && run->params[p].kind == kind) {
      count++;
      first = p;
    }
  if (!count) return;
  const qasm_param_t *p = run->params + first;
  if (count == 1)
    ansatz_add_note(ansatz, "line %ld: %s %s", p->place.line, p->name, what);
  else
    ansatz_add_note(ansatz, "%zu angles, the first %s in line %ld: each %s",
                    count, p->name, p->place.line, what);
  if (kind != QASM_PARAM_FREED) ansatz->upper_bound = true;
}

/* Names of the inputs that no gate has: those that nothing depends on (dead), or those
   within functions that are parameters of their own. */
static void note_unused_inputs(ansatz_t ansatz, const qasm_run_t *run,
                               const bool *occurs, bool dead) {
  enum { LISTED = 8 };
  size_t count = 0, used = 0;
  char list[LISTED * 64 + 8] = "";
  for (size_t p = 0; p < run->num_params; p++) {
    if (occurs[p] || run->params[p].kind != QASM_PARAM_DECLARED ||
        is_dead(run->params + p) != dead)
      continue;
    if (++count <= LISTED)
      used += (size_t)snprintf(list + used, sizeof list - used, "%s%.56s",
                               count > 1 ? ", " : "", run->params[p].name);
  }
  if (!count) return;
  const char *one = count == 1 ? " does" : "s do";
  if (dead)
    ansatz_add_note(ansatz, "%zu input%s not occur in the circuit and %s gradient "
                    "0: %s%s", count, one, count == 1 ? "has" : "have", list,
                    count > LISTED ? ", ..." : "");
  else
    ansatz_add_note(ansatz, "%zu input%s not occur in the circuit, except within "
                    "such functions, and %s not counted as parameter%s: %s%s",
                    count, one, count == 1 ? "is" : "are",
                    count == 1 ? "" : "s", list, count > LISTED ? ", ..." : "");
}

static void add_notes(ansatz_t ansatz, const qasm_run_t *run,
                      const size_t *position, const bool *occurs) {
  const qasm_parse_t *parse = run->parse;
  note_derived(ansatz, run, position, QASM_PARAM_NONAFFINE,
               "is not an affine function of the parameters: it is treated as "
               "a free angle of its own (upper bound)");
  note_derived(ansatz, run, position, QASM_PARAM_CONSTANT,
               "is a fixed angle outside of Q + Q pi: the fixed non-Clifford "
               "gate is treated as free (upper bound)");
  note_derived(ansatz, run, position, QASM_PARAM_FREED,
               "is a number of an OpenQASM 2 circuit and treated as a free "
               "parameter");
  qasm_note_numbers(ansatz, run);
  note_unused_inputs(ansatz, run, occurs, false);
  note_unused_inputs(ansatz, run, occurs, true);
  if (run->num_unused_params)
    ansatz_add_note(ansatz, "gate %.60s (line %ld) does not use its parameter "
                    "%.60s%s", run->unused_params_of->symbol->name,
                    run->unused_params_of->place.line,
                    run->unused_params->symbol->name,
                    run->num_unused_params > 1 ? "; other gates neither" : "");
  if (parse->num_snapped) {
    place_t p = parse->first_snapped;
    ansatz_add_note(ansatz, "%ld decimal%s that agree%s with a multiple of "
                    "pi/64 in all digits, the first %.*s in line %ld, %s read "
                    "as the multiple", parse->num_snapped,
                    parse->num_snapped == 1 ? "" : "s",
                    parse->num_snapped == 1 ? "s" : "", (int)(p.end - p.begin),
                    run->input->text + p.begin, p.line,
                    parse->num_snapped == 1 ? "is" : "are");
  }
  if (run->measure.count)
    ansatz_add_note(ansatz, "measurements at the end (from line %ld) are "
                    "ignored", run->measure.line);
  if (run->delay.count)
    ansatz_add_note(ansatz, "delays (from line %ld) are ignored",
                    run->delay.line);
  if (run->division.count)
    ansatz_add_note(ansatz, "line %ld: the division of integers gives the "
                    "integer part, as OpenQASM 3 has it", run->division.line);
  if (run->exact_quotient.count)
    ansatz_add_note(ansatz, "line %ld: a quotient of integers such as 1/2 is "
                    "read as the fraction; OpenQASM 3 has it as integer "
                    "division, and Qiskit reads 0 (write 1.0/2)",
                    run->exact_quotient.line);
  if (run->exchanged.count)
    ansatz_add_note(ansatz, "line %ld: gate %.60s is called with the names of "
                    "its own parameters in another order; the order of the call "
                    "counts", run->exchanged.line, run->exchanged_gate);
  if (run->reset.count)
    ansatz_add_note(ansatz, "the reset before any gate (line %ld) is the "
                    "preparation of the input state and is left out",
                    run->reset.line);
  if (run->branch.count)
    ansatz_add_note(ansatz, "line %ld: the fractional power scales the angles "
                    "of the gate, which is not the principal branch",
                    run->branch.line);
  if (run->controlled_u.count)
    ansatz_add_note(ansatz, "line %ld: a controlled U is read with the phase "
                    "of stdgates.inc, U(theta, phi, lambda) with cos(theta/2) "
                    "as its first entry", run->controlled_u.line);
  if (run->has_physical)
    ansatz_add_note(ansatz, "physical qubits: $k is qubit k of %zu",
                    run->num_qubits);
}

status_t qasm_finish(ansatz_t ansatz, qasm_run_t *run) {
  input_t *input = run->input;
  size_t row = 2 * pauli_words(run->num_qubits) * sizeof(uint64_t);
  if (run->num_qubits == 0)
    return input_fail(input, input->length, "the program declares no qubits");
  if (run->circuit.num_rotations > LIMIT_BYTES / row)
    return input_limit(input, input->length,
                       "%zu rotations of %zu qubits do not fit in the memory "
                       "budget", run->circuit.num_rotations, run->num_qubits);
  size_t *position = flint_malloc((run->num_params + 1) * sizeof *position);
  ansatz_t out;
  bool *occurs = flint_calloc(run->num_params + 1, sizeof *occurs);
  ansatz_init(out, ANSATZ_CIRCUIT, run->num_qubits);
  number_parameters(out, run, position, occurs);
  add_rotations(out, run, position);
  add_notes(out, run, position, occurs);
  if (qasm_read_pragmas(out, run))
    *ansatz = *out;
  else
    ansatz_clear(out);
  flint_free(position);
  flint_free(occurs);
  return input->status;
}
