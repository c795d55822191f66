#include <mpfr.h> /* before FLINT, which then offers fmpq_get_mpfr */

#include "numeric/circuit/program.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/memory.h"

/* pi_part pi + rad_part, reduced to [0, 4 pi) before rounding to double: the
   rotations exp(-i angle P/2) have period 4 pi. */
static double fixed_angle(const fmpq_t pi_part, const fmpq_t rad_part) {
  mpfr_prec_t prec = 128 + (mpfr_prec_t)fmpz_bits(fmpq_numref(rad_part)) +
                     (mpfr_prec_t)fmpz_bits(fmpq_numref(pi_part));
  mpfr_t angle, turn, rad;
  mpfr_inits2(prec, angle, turn, rad, (mpfr_ptr)0);
  mpfr_const_pi(turn, MPFR_RNDN);
  fmpq_get_mpfr(angle, pi_part, MPFR_RNDN);
  fmpq_get_mpfr(rad, rad_part, MPFR_RNDN);
  mpfr_fma(angle, angle, turn, rad, MPFR_RNDN);
  mpfr_mul_2ui(turn, turn, 2, MPFR_RNDN);
  mpfr_fmod(angle, angle, turn, MPFR_RNDN);
  double value = mpfr_get_d(angle, MPFR_RNDN);
  mpfr_clears(angle, turn, rad, (mpfr_ptr)0);
  return value < 0 ? value + 4 * M_PI : value;
}

/* A row for a string; the rows move when they grow. */
static size_t keep_string(program_t *program, const uint64_t *string) {
  size_t row = 2 * program->num_words;
  if (program->num_strings == program->alloc_strings) {
    program->alloc_strings = 2 * program->alloc_strings + 16;
    program->strings = memory_resize(
        program->strings, program->alloc_strings * row, sizeof(uint64_t));
  }
  memcpy(program->strings + program->num_strings * row, string,
         row * sizeof *string);
  return program->num_strings++;
}

static program_gate_t *append(gate_list_t *list) {
  if (list->num_gates == list->alloc) {
    list->alloc = list->alloc ? 2 * list->alloc : 16;
    list->gates = memory_resize(list->gates, list->alloc, sizeof *list->gates);
  }
  list->gates[list->num_gates] = (program_gate_t){.sum = PROGRAM_NONE};
  return list->gates + list->num_gates++;
}

static void add_term(program_gate_t *gate, size_t drive, size_t parameter,
                     double coeff) {
  gate->terms =
      memory_resize(gate->terms, gate->num_terms + 1, sizeof *gate->terms);
  gate->terms[gate->num_terms++] = (program_term_t){drive, parameter, coeff};
}

static void set_string(program_gate_t *gate, program_t *program,
                       const uint64_t *string) {
  gate->x = string[0];
  gate->z = string[program->num_words];
  gate->string = keep_string(program, string);
}

/* A copy of the gate with its angle times scale. */
static program_gate_t *append_copy(gate_list_t *list, const program_gate_t *in,
                                   double scale) {
  program_gate_t *gate = append(list);
  gate->string = in->string;
  gate->x = in->x;
  gate->z = in->z;
  gate->sum = in->sum;
  gate->fixed = scale * in->fixed;
  for (size_t t = 0; t < in->num_terms; t++)
    add_term(gate, in->terms[t].drive, in->terms[t].parameter,
             scale * in->terms[t].coeff);
  return gate;
}

static void list_clear(gate_list_t *list) {
  for (size_t g = 0; g < list->num_gates; g++) free(list->gates[g].terms);
  free(list->gates);
}

/* --- periods of the drives ------------------------------------------------ */

/* What is known so far of the gates that a drive enters. Exactly: the common
   period in units of 2 pi (rad) or of 2 (times_pi), as a rational. */
typedef struct {
  bool used, times_pi, mixed;
  fmpq_t period;
  double shortest; /* shortest single period, as a number */
} period_t;

/* lcm(a/b, c/d) = lcm(a, c) / gcd(b, d) in lowest terms. */
static void period_meet(period_t *p, bool times_pi, const fmpq_t coeff) {
  fmpq_t one;
  fmpq_init(one);
  fmpq_inv(one, coeff);
  fmpq_abs(one, one);
  double length = fmpq_get_d(one) * (times_pi ? 2 : 2 * M_PI);
  if (!p->used) {
    fmpq_set(p->period, one);
    p->used = true;
    p->times_pi = times_pi;
    p->shortest = length;
  } else {
    fmpz_lcm(fmpq_numref(p->period), fmpq_numref(p->period), fmpq_numref(one));
    fmpz_gcd(fmpq_denref(p->period), fmpq_denref(p->period), fmpq_denref(one));
    p->mixed = p->mixed || p->times_pi != times_pi;
    p->shortest = fmin(p->shortest, length);
  }
  fmpq_clear(one);
}

static double period_window(const period_t *p, bool *is_long) {
  if (!p->used) return 2 * M_PI;
  double exact = fmpq_get_d(p->period) * (p->times_pi ? 2 : 2 * M_PI);
  if (!p->mixed && exact <= PROGRAM_LONG_WINDOW * p->shortest) return exact;
  *is_long = true;
  return PROGRAM_LONG_WINDOW * p->shortest;
}

typedef struct {
  program_t *program;
  size_t alloc;
  period_t *periods;
} builder_t;

static size_t new_drive(builder_t *b) {
  if (b->program->num_drives == b->alloc) {
    b->alloc = b->alloc ? 2 * b->alloc : 16;
    b->periods = memory_resize(b->periods, b->alloc, sizeof *b->periods);
  }
  period_t *p = b->periods + b->program->num_drives;
  *p = (period_t){0};
  fmpq_init(p->period);
  return b->program->num_drives++;
}

static void finish_drives(builder_t *b) {
  program_t *p = b->program;
  p->windows = memory_get(p->num_drives, sizeof *p->windows);
  for (size_t d = 0; d < p->num_drives; d++) {
    p->windows[d] = period_window(b->periods + d, &p->long_window);
    fmpq_clear(b->periods[d].period);
  }
  free(b->periods);
}

/* --- circuits ---------------------------------------------------------------- */

static double term_value(const angle_term_struct *t) {
  return fmpq_get_d(t->coeff) * (t->times_pi ? M_PI : 1);
}

static void add_rotation(builder_t *b, const rotation_struct *rotation,
                         unsigned flags) {
  program_gate_t *gate = append(&b->program->circuit);
  fmpq_t one;
  fmpq_init(one);
  fmpq_set_si(one, 1, 1);
  set_string(gate, b->program, rotation->string);
  gate->fixed =
      fixed_angle(rotation->angle->pi_part, rotation->angle->rad_part);
  if (flags & PROGRAM_FREED) {
    size_t drive = new_drive(b);
    gate->fixed = 0;
    add_term(gate, drive, PROGRAM_NONE, 1);
    period_meet(b->periods + drive, false, one);
  }
  size_t last_parameter = PROGRAM_NONE, split_drive = 0;
  for (size_t t = 0; t < rotation->angle->num_terms; t++) {
    const angle_term_struct *term = rotation->angle->terms + t;
    size_t drive = term->parameter;
    if (flags & PROGRAM_SPLIT) {
      /* One copy of each parameter; a parameter's terms stand together. */
      if (term->parameter != last_parameter) split_drive = new_drive(b);
      last_parameter = term->parameter;
      drive = split_drive;
    }
    add_term(gate, drive, term->parameter, term_value(term));
    period_meet(b->periods + drive, term->times_pi, term->coeff);
  }
  fmpq_clear(one);
}

void program_conjugate(uint64_t *p, bool *negative, const uint64_t *q, size_t w,
                       unsigned turns) {
  if (turns == 0 || !pauli_anticommute(p, q, w)) return;
  if (turns == 2) *negative = !*negative;
  if (turns % 2 == 0) return;
  unsigned e = 1 + pauli_mul(p, q, p, w); /* i Q P = i^e [q + p] */
  assert(e % 2 == 0);
  if ((e & 2) != (turns == 3 ? 2u : 0u)) *negative = !*negative;
}

/* turns[g]: quarter turns of the fixed part of gate g, or 4 when it is not a
   Clifford gate. */
static bool reduce_layer(program_t *program, const unsigned *turns) {
  const gate_list_t *circuit = &program->circuit;
  size_t last = circuit->num_gates;
  while (last && !circuit->gates[last - 1].num_terms) last--;
  for (size_t g = 0; g < last; g++)
    if (turns[g] == 4) return false;
  size_t w = program->num_words;
  uint64_t *string = memory_get(2 * w, sizeof *string);
  for (size_t g = 0; g < last; g++) {
    const program_gate_t *gate = circuit->gates + g;
    if (!gate->num_terms) continue;
    bool negative = false;
    memcpy(string, program_string(program, gate), 2 * w * sizeof *string);
    for (size_t k = g; k-- > 0;)
      program_conjugate(string, &negative,
                        program_string(program, circuit->gates + k), w,
                        turns[k]);
    program_gate_t *copy = append_copy(&program->layer, gate, negative ? -1 : 1);
    set_string(copy, program, string);
    copy->fixed = 0;
  }
  free(string);
  return true;
}

bool program_move(uint64_t *string, bool *negative, const program_t *program) {
  const gate_list_t *circuit = &program->circuit;
  for (size_t g = 0; program->turns && g < circuit->num_gates; g++)
    if (program->turns[g] == 4) return false;
  for (size_t g = circuit->num_gates; program->turns && g-- > 0;)
    program_conjugate(string, negative,
                      program_string(program, circuit->gates + g),
                      program->num_words, program->turns[g]);
  return true;
}

static void build_circuit(builder_t *b, const ansatz_t ansatz,
                          const uint8_t *rotation_flags) {
  program_t *program = b->program;
  unsigned *turns = memory_get(ansatz->num_rotations, sizeof *turns);
  for (size_t k = 0; k < ansatz->num_parameters; k++) new_drive(b);
  for (size_t r = 0; r < ansatz->num_rotations; r++) {
    const rotation_struct *rotation = ansatz->rotations + r;
    unsigned flags = rotation_flags ? rotation_flags[r] : 0;
    add_rotation(b, rotation, flags);
    const program_gate_t *gate = program->circuit.gates + r;
    /* The fixed part, whatever drives the gate besides. */
    angle_t fixed;
    angle_init(fixed);
    if (!(flags & PROGRAM_FREED)) {
      fmpq_set(fixed->pi_part, rotation->angle->pi_part);
      fmpq_set(fixed->rad_part, rotation->angle->rad_part);
    }
    if (!angle_is_clifford(turns + r, fixed)) turns[r] = 4;
    angle_clear(fixed);
    if (gate->fixed != 0) {
      program_gate_t *closing = append(&program->closing);
      closing->string = gate->string;
      closing->x = gate->x;
      closing->z = gate->z;
      closing->fixed = gate->fixed;
    }
  }
  program->turns = turns;
  program->reduced = reduce_layer(program, turns);
  if (!program->reduced) {
    for (size_t g = 0; g < program->circuit.num_gates; g++)
      append_copy(&program->layer, program->circuit.gates + g, 1);
    for (size_t g = program->closing.num_gates; g-- > 0;)
      append_copy(&program->layer, program->closing.gates + g, -1);
  }
}

/* --- lists of operators ------------------------------------------------------ */

static bool terms_commute(const pauli_sum_struct *h) {
  for (size_t i = 0; i < h->length; i++)
    for (size_t j = 0; j < i; j++)
      if (pauli_anticommute(pauli_sum_string(h, i), pauli_sum_string(h, j),
                            h->num_words))
        return false;
  return true;
}

static void add_exponential(builder_t *b, const pauli_sum_struct *h,
                            size_t drive, size_t parameter) {
  program_t *program = b->program;
  program->sums = memory_resize(program->sums, program->num_sums + 1,
                                sizeof *program->sums);
  program_sum(program->sums + program->num_sums, h);
  program_gate_t *gate = append(&program->circuit);
  gate->sum = program->num_sums++;
  add_term(gate, drive, parameter, 1);
}

static void build_operators(builder_t *b, const ansatz_t ansatz) {
  program_t *program = b->program;
  fmpq_t coeff;
  fmpq_init(coeff);
  for (size_t j = 0; j < ansatz->num_generators; j++) {
    const pauli_sum_struct *h = ansatz->generators + j;
    size_t drive = new_drive(b);
    if (!terms_commute(h)) {
      add_exponential(b, h, drive, j);
      continue;
    }
    for (size_t t = 0; t < h->length; t++) {
      const uint64_t *p = pauli_sum_string(h, t);
      if (pauli_is_identity(p, h->num_words)) continue;
      program_gate_t *gate = append(&program->circuit);
      set_string(gate, program, p);
      fmpq_add(coeff, h->coeffs + t, h->coeffs + t);
      add_term(gate, drive, j, fmpq_get_d(coeff));
      period_meet(b->periods + drive, false, coeff);
    }
  }
  fmpq_clear(coeff);
  for (size_t g = 0; g < program->circuit.num_gates; g++)
    append_copy(&program->layer, program->circuit.gates + g, 1);
  program->reduced = true;
}

void program_init(program_t *program, const ansatz_t ansatz,
                  const uint8_t *rotation_flags) {
  *program = (program_t){.num_qubits = ansatz->num_qubits,
                         .num_words = pauli_words(ansatz->num_qubits),
                         .num_parameters = ansatz->num_parameters};
  builder_t b = {.program = program};
  if (ansatz->kind == ANSATZ_CIRCUIT)
    build_circuit(&b, ansatz, rotation_flags);
  else
    build_operators(&b, ansatz);
  finish_drives(&b);
  for (size_t g = 0; g < program->layer.num_gates; g++) {
    const program_gate_t *gate = program->layer.gates + g;
    if (gate->sum == PROGRAM_NONE) continue;
    const double_sum_t *sum = program->sums + gate->sum;
    double square = 0;
    for (size_t t = 0; t < sum->length; t++)
      square += sum->coeffs[t] * sum->coeffs[t];
    program->windows[gate->terms[0].drive] = 4 * M_PI / sqrt(square);
    program->long_window = true;
  }
}

void program_use_laws(program_t *program, const ansatz_t ansatz) {
  if (!ansatz_has_laws(ansatz)) return;
  program->laws = memory_get(program->num_drives, sizeof *program->laws);
  const gate_list_t *lists[2] = {&program->circuit, &program->layer};
  for (int i = 0; i < 2; i++)
    for (size_t g = 0; g < lists[i]->num_gates; g++)
      for (size_t t = 0; t < lists[i]->gates[g].num_terms; t++) {
        const program_term_t *term = lists[i]->gates[g].terms + t;
        if (term->parameter >= ansatz->num_parameters) continue;
        const parameter_struct *p = ansatz->parameters + term->parameter;
        program->laws[term->drive] = (drive_law_t){
            p->law, fmpq_get_d(p->width) * (p->width_times_pi ? M_PI : 1)};
      }
}

void program_clear(program_t *program) {
  free(program->laws);
  list_clear(&program->circuit);
  list_clear(&program->closing);
  list_clear(&program->layer);
  free(program->strings);
  free(program->windows);
  free(program->turns);
  for (size_t s = 0; s < program->num_sums; s++)
    double_sum_clear(program->sums + s);
  free(program->sums);
}

void program_sum(double_sum_t *out, const pauli_sum_t in) {
  double_sum_init(out, in->length);
  for (size_t t = 0; t < in->length; t++) {
    const uint64_t *p = pauli_sum_string(in, t);
    out->x[t] = in->num_words == 1 ? p[0] : 0;
    out->z[t] = in->num_words == 1 ? p[1] : 0;
    out->coeffs[t] = fmpq_get_d(in->coeffs + t);
    out->norm1 += fabs(out->coeffs[t]);
  }
}

double program_angle(const program_gate_t *gate, const double *drives,
                     size_t stride) {
  double angle = gate->fixed;
  for (size_t t = 0; t < gate->num_terms; t++)
    angle += gate->terms[t].coeff * drives[gate->terms[t].drive * stride];
  return angle;
}
