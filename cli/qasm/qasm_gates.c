/* Every matrix is exp of the steps in time order times e^{i phase}:
     U(t,p,l) = e^{i(p+l)/2} Rz(p) Ry(t) Rz(l), entry (0,0) = cos(t/2), as in
     the OpenQASM 3 standard library (x = U(pi,0,pi)); u2 and u3 are without
     the phase, as there. H = i Ry(pi/2) Rz(pi); inside a control
     H = i Ry(pi/4) Rz(pi) Ry(-pi/4), of which only the middle is controlled.
     swap = e^{i pi/4} exp(-i pi/4 (XX+YY+ZZ)).
     iswap = exp(i pi/4 (XX+YY)),  ecr = (XI - YX)/sqrt 2.
   Braket: xy(t) = exp(i t/4 (XX+YY)), gpi(p) = Rz(p) X Rz(-p),
     ms(p,q,t) = Rz(p)Rz(q) Rxx(t) Rz(-p)Rz(-q). */
#include "cli/qasm/qasm_gates.h"

#include <string.h>

#define PI8(k) {.pi8 = (k)}
#define ARG(...) {.quarter = {__VA_ARGS__}}
/* One step: letters, multiple of pi/8, quarters of the parameters. */
#define STEP(word, turns, ...) {(word), {(turns), {__VA_ARGS__}}, false}
#define CONJ(word, turns, ...) {(word), {(turns), {__VA_ARGS__}}, true}

static const qasm_builtin_t TABLE[] = {
  /* one qubit, no parameter */
  {"id", 0, 1, 0, NULL, PI8(0), {{0}}},
  {"i", 0, 1, 0, NULL, PI8(0), {{0}}},
  {"u0", 0, 1, 1, NULL, PI8(0), {{0}}},
  {"x", 0, 1, 0, NULL, PI8(4), {STEP("X", 8, 0)}},
  {"y", 0, 1, 0, NULL, PI8(4), {STEP("Y", 8, 0)}},
  {"z", 0, 1, 0, NULL, PI8(4), {STEP("Z", 8, 0)}},
  {"h", 0, 1, 0, NULL, PI8(4), {STEP("Z", 8, 0), STEP("Y", 4, 0)}},
  {" controlled h", 0, 1, 0, NULL, PI8(4),
   {CONJ("Y", -2, 0), STEP("Z", 8, 0), CONJ("Y", 2, 0)}},
  {"s", 0, 1, 0, NULL, PI8(2), {STEP("Z", 4, 0)}},
  {"sdg", 0, 1, 0, NULL, PI8(-2), {STEP("Z", -4, 0)}},
  {"si", 0, 1, 0, "sdg", PI8(0), {{0}}},
  {"t", 0, 1, 0, NULL, PI8(1), {STEP("Z", 2, 0)}},
  {"tdg", 0, 1, 0, NULL, PI8(-1), {STEP("Z", -2, 0)}},
  {"ti", 0, 1, 0, "tdg", PI8(0), {{0}}},
  {"sx", 0, 1, 0, NULL, PI8(2), {STEP("X", 4, 0)}},
  {"sxdg", 0, 1, 0, NULL, PI8(-2), {STEP("X", -4, 0)}},
  {"v", 0, 1, 0, "sx", PI8(0), {{0}}},
  {"vi", 0, 1, 0, "sxdg", PI8(0), {{0}}},
  /* one qubit, parameters */
  {"rx", 0, 1, 1, NULL, PI8(0), {STEP("X", 0, 4)}},
  {"ry", 0, 1, 1, NULL, PI8(0), {STEP("Y", 0, 4)}},
  {"rz", 0, 1, 1, NULL, PI8(0), {STEP("Z", 0, 4)}},
  {"p", 0, 1, 1, NULL, ARG(2), {STEP("Z", 0, 4)}},
  {"phase", 0, 1, 1, "p", PI8(0), {{0}}},
  {"phaseshift", 0, 1, 1, "p", PI8(0), {{0}}},
  {"u1", 0, 1, 1, "p", PI8(0), {{0}}},
  {"u2", 0, 1, 2, NULL, PI8(0),
   {STEP("Z", 0, 0, 4), STEP("Y", 4, 0), STEP("Z", 0, 4)}},
  {"u3", 0, 1, 3, NULL, PI8(0),
   {STEP("Z", 0, 0, 0, 4), STEP("Y", 0, 4), STEP("Z", 0, 0, 4)}},
  {"U", 0, 1, 3, NULL, ARG(0, 2, 2),
   {STEP("Z", 0, 0, 0, 4), STEP("Y", 0, 4), STEP("Z", 0, 0, 4)}},
  {"u", 0, 1, 3, "U", PI8(0), {{0}}},
  {"r", 0, 1, 2, NULL, PI8(0),
   {CONJ("Z", 0, 0, -4), STEP("X", 0, 4), CONJ("Z", 0, 0, 4)}},
  {"prx", 0, 1, 2, "r", PI8(0), {{0}}},
  {"gpi", 0, 1, 1, NULL, PI8(4),
   {CONJ("Z", 0, -4), STEP("X", 8, 0), CONJ("Z", 0, 4)}},
  {"gpi2", 0, 1, 1, NULL, PI8(0),
   {CONJ("Z", 0, -4), STEP("X", 4, 0), CONJ("Z", 0, 4)}},
  /* controlled */
  {"cx", 1, 1, 0, "x", PI8(0), {{0}}},
  {"CX", 1, 1, 0, "x", PI8(0), {{0}}},
  {"cnot", 1, 1, 0, "x", PI8(0), {{0}}},
  {"cy", 1, 1, 0, "y", PI8(0), {{0}}},
  {"cz", 1, 1, 0, "z", PI8(0), {{0}}},
  {"ch", 1, 1, 0, " controlled h", PI8(0), {{0}}},
  {"cs", 1, 1, 0, "s", PI8(0), {{0}}},
  {"csdg", 1, 1, 0, "sdg", PI8(0), {{0}}},
  {"csx", 1, 1, 0, "sx", PI8(0), {{0}}},
  {"cv", 1, 1, 0, "sx", PI8(0), {{0}}},
  {"cp", 1, 1, 1, "p", PI8(0), {{0}}},
  {"cphase", 1, 1, 1, "p", PI8(0), {{0}}},
  {"cphaseshift", 1, 1, 1, "p", PI8(0), {{0}}},
  {"cu1", 1, 1, 1, "p", PI8(0), {{0}}},
  {"crx", 1, 1, 1, "rx", PI8(0), {{0}}},
  {"cry", 1, 1, 1, "ry", PI8(0), {{0}}},
  {"crz", 1, 1, 1, "rz", PI8(0), {{0}}},
  {"cu3", 1, 1, 3, "U", PI8(0), {{0}}},
  {"cu", 1, 1, 4, NULL, ARG(0, 2, 2, 4),
   {STEP("Z", 0, 0, 0, 4), STEP("Y", 0, 4), STEP("Z", 0, 0, 4)}},
  {"ccx", 2, 1, 0, "x", PI8(0), {{0}}},
  {"ccnot", 2, 1, 0, "x", PI8(0), {{0}}},
  {"ccz", 2, 1, 0, "z", PI8(0), {{0}}},
  {"c3x", 3, 1, 0, "x", PI8(0), {{0}}},
  {"c4x", 4, 1, 0, "x", PI8(0), {{0}}},
  {"c3sqrtx", 3, 1, 0, "sx", PI8(0), {{0}}},
  {"c3sx", 3, 1, 0, "sx", PI8(0), {{0}}},
  {"cswap", 1, 2, 0, "swap", PI8(0), {{0}}},
  /* relative-phase Toffoli gates of qelib1.inc: see BODIES */
  {"rccx", 0, 3, 0, NULL, PI8(0), {{0}}},
  {"rc3x", 0, 4, 0, NULL, PI8(0), {{0}}},
  {"rcccx", 0, 4, 0, "rc3x", PI8(0), {{0}}},
  /* hqslib1.inc */
  {"U1q", 0, 1, 2, "r", PI8(0), {{0}}},
  {"Rz", 0, 1, 1, "rz", PI8(0), {{0}}},
  {"ZZ", 0, 2, 0, NULL, PI8(0), {STEP("ZZ", 4, 0)}},
  {"RZZ", 0, 2, 1, "rzz", PI8(0), {{0}}},
  {"Rxxyyzz", 0, 2, 3, NULL, PI8(0),
   {STEP("XX", 0, 4), STEP("YY", 0, 0, 4), STEP("ZZ", 0, 0, 0, 4)}},
  /* two qubits */
  {"swap", 0, 2, 0, NULL, PI8(2),
   {STEP("XX", 4, 0), STEP("YY", 4, 0), STEP("ZZ", 4, 0)}},
  {"iswap", 0, 2, 0, NULL, PI8(0), {STEP("XX", -4, 0), STEP("YY", -4, 0)}},
  {"dcx", 0, 2, 0, NULL, PI8(4), /* cx a, b; cx b, a; */
   {STEP("ZX", -4, 0), STEP("IX", 4, 0), STEP("ZI", 4, 0), STEP("XZ", -4, 0),
    STEP("XI", 4, 0), STEP("IZ", 4, 0)}},
  {"ecr", 0, 2, 0, NULL, PI8(4), {STEP("ZX", 4, 0), STEP("XI", 8, 0)}},
  {"rxx", 0, 2, 1, NULL, PI8(0), {STEP("XX", 0, 4)}},
  {"ryy", 0, 2, 1, NULL, PI8(0), {STEP("YY", 0, 4)}},
  {"rzz", 0, 2, 1, NULL, PI8(0), {STEP("ZZ", 0, 4)}},
  {"rzx", 0, 2, 1, NULL, PI8(0), {STEP("ZX", 0, 4)}},
  {"xx", 0, 2, 1, "rxx", PI8(0), {{0}}},
  {"yy", 0, 2, 1, "ryy", PI8(0), {{0}}},
  {"zz", 0, 2, 1, "rzz", PI8(0), {{0}}},
  {"xy", 0, 2, 1, NULL, PI8(0), {STEP("XX", 0, -2), STEP("YY", 0, -2)}},
  {"pswap", 0, 2, 1, NULL, {2, {2}},
   {STEP("ZZ", 0, 4), STEP("XX", 4, 0), STEP("YY", 4, 0), STEP("ZZ", 4, 0)}},
  {"cphaseshift00", 0, 2, 1, NULL, ARG(1),
   {STEP("ZI", 0, -2), STEP("IZ", 0, -2), STEP("ZZ", 0, -2)}},
  {"cphaseshift01", 0, 2, 1, NULL, ARG(1),
   {STEP("ZI", 0, -2), STEP("IZ", 0, 2), STEP("ZZ", 0, 2)}},
  {"cphaseshift10", 0, 2, 1, NULL, ARG(1),
   {STEP("ZI", 0, 2), STEP("IZ", 0, -2), STEP("ZZ", 0, 2)}},
  {"ms", 0, 2, 3, NULL, PI8(0),
   {CONJ("ZI", 0, -4), CONJ("IZ", 0, 0, -4), STEP("XX", 0, 0, 0, 4),
    CONJ("IZ", 0, 0, 4), CONJ("ZI", 0, 4)}},
  /* none */
  {"gphase", 0, 0, 1, NULL, ARG(4), {{0}}},
};

/* Gates on more than two targets as others without parameters, in time order,
   each with the digits of its qubits (Maslov 2016, figures 3 and 4). */
static const struct {
  const char *name, *body;
} BODIES[] = {
  {"rccx", "h2 t2 cx12 tdg2 cx02 t2 cx12 tdg2 h2"},
  {"rc3x", "h3 t3 cx23 tdg3 h3 cx03 t3 cx13 tdg3 cx03 t3 cx13 tdg3 h3 t3 cx23 "
           "tdg3 h3"},
};

size_t qasm_builtin_count(void) { return sizeof TABLE / sizeof *TABLE; }

const qasm_builtin_t *qasm_builtin_at(size_t index) { return TABLE + index; }

const qasm_builtin_t *qasm_builtin_find(const char *name) {
  for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++)
    if (!strcmp(TABLE[i].name, name)) return TABLE + i;
  return NULL;
}

static void evaluate(angle_t out, const qasm_form_t *form,
                     const angle_struct *params, size_t num_params) {
  fmpq_t c;
  fmpq_init(c);
  fmpq_set_si(out->pi_part, form->pi8, 8);
  for (size_t j = 0; j < num_params; j++) {
    if (!form->quarter[j]) continue;
    fmpq_set_si(c, form->quarter[j], 4);
    angle_addmul(out, out, c, params + j);
  }
  fmpq_clear(c);
}

/* The gates of a body, on the target qubits. */
static bool apply_body(qasm_circuit_t *circuit, const char *body,
                       const size_t *targets, bool controlled, long line) {
  char name[8];
  size_t qubits[4];
  while (*body) {
    size_t length = strcspn(body, "0123456789"), count = 0;
    memcpy(name, body, length);
    name[length] = 0;
    for (body += length; *body && *body != ' '; body++)
      qubits[count++] = targets[*body - '0'];
    body += *body == ' ';
    if (!qasm_builtin_apply(circuit, qasm_builtin_find(name), NULL, qubits,
                            controlled, line))
      return false;
  }
  return true;
}

bool qasm_builtin_apply(qasm_circuit_t *circuit, const qasm_builtin_t *gate,
                        const angle_struct *params, const size_t *qubits,
                        bool controlled, long line) {
  const qasm_builtin_t *base = gate->like ? qasm_builtin_find(gate->like)
                                          : gate;
  if (controlled && !strcmp(base->name, "h"))
    base = qasm_builtin_find(" controlled h");
  size_t mark = circuit->num_rotations;
  const size_t *targets = qubits + gate->controls;
  angle_t angle, outer;
  bool ok = true;
  angle_init(outer);
  angle_swap(outer, circuit->phase);
  if (circuit->track_phase || gate->controls)
    evaluate(circuit->phase, &base->phase, params, gate->params);
  for (size_t i = 0; i < sizeof BODIES / sizeof *BODIES && ok; i++)
    if (base->targets > 2 && !strcmp(BODIES[i].name, base->name))
      ok = apply_body(circuit, BODIES[i].body, targets, controlled, line);
  for (const qasm_step_t *s = base->steps;
       s < base->steps + QASM_GATE_MAX_ROTATIONS && s->letters; s++) {
    qasm_letter_t letters[2];
    size_t count = 0;
    for (size_t j = 0; s->letters[j]; j++)
      if (s->letters[j] != 'I') {
        unsigned code = s->letters[j] == 'X' ? 1 : s->letters[j] == 'Z' ? 2 : 3;
        letters[count++] = (qasm_letter_t){.qubit = (uint32_t)targets[j],
                                           .letter = code};
      }
    angle_init(angle);
    evaluate(angle, &s->angle, params, gate->params);
    qasm_circuit_rotate(circuit, letters, count, angle, s->conjugation, line);
    angle_clear(angle);
  }
  for (size_t c = gate->controls; c-- > 0 && ok;)
    ok = qasm_circuit_control(circuit, mark, qubits[c], false, line);
  qasm_circuit_join_phase(circuit, outer);
  angle_clear(outer);
  return ok;
}
