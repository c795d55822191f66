#include "algebra/base/ansatz.h"

#include <stdarg.h>
#include <stdlib.h>

#include "algebra/base/text.h"

void angle_init(angle_t angle) {
  fmpq_init(angle->pi_part);
  fmpq_init(angle->rad_part);
  angle->num_terms = 0;
  angle->terms = NULL;
}

void angle_clear(angle_t angle) {
  fmpq_clear(angle->pi_part);
  fmpq_clear(angle->rad_part);
  for (size_t j = 0; j < angle->num_terms; j++)
    fmpq_clear(angle->terms[j].coeff);
  flint_free(angle->terms);
  angle->num_terms = 0;
  angle->terms = NULL;
}

void angle_swap(angle_t a, angle_t b) {
  angle_struct t = *a;
  *a = *b;
  *b = t;
}

void angle_set(angle_t out, const angle_t in) {
  if (out == in) return;
  angle_clear(out);
  angle_init(out);
  fmpq_set(out->pi_part, in->pi_part);
  fmpq_set(out->rad_part, in->rad_part);
  for (size_t j = 0; j < in->num_terms; j++)
    angle_add_term(out, in->terms[j].parameter, in->terms[j].times_pi,
                   in->terms[j].coeff);
}

void angle_add_term(angle_t angle, size_t parameter, bool times_pi,
                    const fmpq_t coeff) {
  size_t at = 0;
  if (fmpq_is_zero(coeff)) return;
  while (at < angle->num_terms &&
         (angle->terms[at].parameter < parameter ||
          (angle->terms[at].parameter == parameter &&
           angle->terms[at].times_pi < times_pi)))
    at++;
  angle_term_struct *t = angle->terms ? angle->terms + at : NULL;
  if (at < angle->num_terms && t->parameter == parameter &&
      t->times_pi == times_pi) {
    fmpq_add(t->coeff, t->coeff, coeff);
    if (fmpq_is_zero(t->coeff)) {
      fmpq_clear(t->coeff);
      angle->num_terms--;
      memmove(t, t + 1, (angle->num_terms - at) * sizeof *t);
    }
    return;
  }
  angle->terms = flint_realloc(angle->terms,
                               (angle->num_terms + 1) * sizeof *angle->terms);
  t = angle->terms + at;
  memmove(t + 1, t, (angle->num_terms - at) * sizeof *t);
  angle->num_terms++;
  t->parameter = parameter;
  t->times_pi = times_pi;
  fmpq_init(t->coeff);
  fmpq_set(t->coeff, coeff);
}

void angle_addmul(angle_t out, const angle_t a, const fmpq_t c,
                  const angle_t b) {
  angle_t r;
  fmpq_t t;
  angle_init(r);
  fmpq_init(t);
  angle_set(r, a);
  fmpq_addmul(r->pi_part, c, b->pi_part);
  fmpq_addmul(r->rad_part, c, b->rad_part);
  for (size_t j = 0; j < b->num_terms; j++) {
    fmpq_mul(t, c, b->terms[j].coeff);
    angle_add_term(r, b->terms[j].parameter, b->terms[j].times_pi, t);
  }
  angle_swap(out, r);
  angle_clear(r);
  fmpq_clear(t);
}

bool angle_is_zero(const angle_t angle) {
  return angle->num_terms == 0 && fmpq_is_zero(angle->pi_part) &&
         fmpq_is_zero(angle->rad_part);
}

bool angle_is_clifford(unsigned *quarter_turns, const angle_t angle) {
  if (angle->num_terms || !fmpq_is_zero(angle->rad_part)) return false;
  const fmpz *num = fmpq_numref(angle->pi_part);
  const fmpz *den = fmpq_denref(angle->pi_part);
  if (!fmpz_is_one(den) && !fmpz_equal_ui(den, 2)) return false;
  ulong turns = fmpz_fdiv_ui(num, 4);
  *quarter_turns = (unsigned)(fmpz_is_one(den) ? 2 * turns % 4 : turns);
  return true;
}

void pauli_noise_init(pauli_noise_t noise) {
  *noise = (pauli_noise_struct){0};
  for (int i = 0; i < 3; i++) fmpq_init(noise->probability[i]);
  fmpq_init(noise->readout);
}

void pauli_noise_clear(pauli_noise_t noise) {
  for (int i = 0; i < 3; i++) fmpq_clear(noise->probability[i]);
  fmpq_clear(noise->readout);
}

void pauli_noise_set(pauli_noise_t out, const pauli_noise_t in) {
  for (int i = 0; i < 3; i++) fmpq_set(out->probability[i], in->probability[i]);
  fmpq_set(out->readout, in->readout);
  out->given = in->given;
}

void pauli_noise_factors(fmpq *out, const pauli_noise_t noise) {
  const fmpq *x = noise->probability[0], *y = noise->probability[1];
  const fmpq *z = noise->probability[2];
  const fmpq *const errors[4][2] = {{NULL, NULL}, {y, z}, {x, y}, {x, z}};
  for (int letter = 0; letter < 4; letter++) {
    fmpq_one(out + letter);
    for (int i = 0; i < 2 && letter; i++) {
      fmpq_sub(out + letter, out + letter, errors[letter][i]);
      fmpq_sub(out + letter, out + letter, errors[letter][i]);
    }
  }
}

void ansatz_init(ansatz_t ansatz, ansatz_kind_t kind, size_t num_qubits) {
  *ansatz = (ansatz_struct){.kind = kind, .num_qubits = num_qubits};
  pauli_noise_init(ansatz->noise);
}

void ansatz_clear(ansatz_t ansatz) {
  if (ansatz->symbol)
    for (size_t k = 0;
         k < ansatz->num_generators * (ansatz->num_roots
                                           ? (size_t)1 << ansatz->num_roots
                                           : ansatz->symbol_degree + 1);
         k++)
      pauli_sum_clear(ansatz->symbol_parts + k);
  flint_free(ansatz->symbol_parts);
  flint_free(ansatz->root_radicands);
  free(ansatz->symbol);
  for (size_t j = 0; j < ansatz->num_parameters && ansatz->parameters; j++) {
    free(ansatz->parameters[j].name);
    fmpq_clear(ansatz->parameters[j].width);
  }
  for (size_t j = 0; j < ansatz->num_generators; j++)
    pauli_sum_clear(ansatz->generators + j);
  for (size_t j = 0; j < ansatz->num_rotations; j++) {
    flint_free(ansatz->rotations[j].string);
    angle_clear(ansatz->rotations[j].angle);
  }
  for (size_t j = 0; j < ansatz->num_observables; j++) {
    pauli_sum_clear(ansatz->observables[j].sum);
    free(ansatz->observables[j].text);
  }
  for (size_t j = 0; j < ansatz->num_states; j++) {
    quantum_state_clear(ansatz->states[j].state);
    free(ansatz->states[j].text);
  }
  for (size_t j = 0; j < ansatz->num_notes; j++) free(ansatz->notes[j]);
  flint_free(ansatz->parameters);
  flint_free(ansatz->generators);
  flint_free(ansatz->rotations);
  flint_free(ansatz->places);
  pauli_noise_clear(ansatz->noise);
  flint_free(ansatz->observables);
  flint_free(ansatz->states);
  flint_free(ansatz->notes);
  ansatz_init(ansatz, ansatz->kind, ansatz->num_qubits);
}

/* Grows an array to hold one more element: doubled at powers of two. */
static void *grow(void *array, size_t length, size_t size) {
  if (length & (length - 1)) return array;
  return flint_realloc(array, (length ? 2 * length : 1) * size);
}

#define GROW(array, length) \
  ((array) = grow((array), (length), sizeof *(array)), (array) + (length)++)

static char *copy_text(const char *text) {
  return text_copy(text ? text : "");
}

size_t ansatz_add_parameter(ansatz_t ansatz, const char *name, bool derived) {
  parameter_struct *p = GROW(ansatz->parameters, ansatz->num_parameters);
  *p = (parameter_struct){.name = copy_text(name), .derived = derived};
  fmpq_init(p->width);
  return ansatz->num_parameters - 1;
}

void ansatz_set_law(ansatz_t ansatz, size_t parameter, angle_law_t law,
                    bool width_times_pi, const fmpq_t width) {
  parameter_struct *p = ansatz->parameters + parameter;
  p->law = law;
  p->width_times_pi = law != ANGLE_FULL_PERIOD && width_times_pi;
  if (law == ANGLE_FULL_PERIOD) fmpq_zero(p->width);
  else fmpq_set(p->width, width);
}

bool ansatz_has_laws(const ansatz_t ansatz) {
  for (size_t k = 0; ansatz->parameters && k < ansatz->num_parameters; k++)
    if (ansatz->parameters[k].law != ANGLE_FULL_PERIOD) return true;
  return false;
}

void ansatz_add_generator(ansatz_t ansatz, const pauli_sum_t generator) {
  pauli_sum_struct *g = GROW(ansatz->generators, ansatz->num_generators);
  pauli_sum_init(g, ansatz->num_qubits);
  pauli_sum_set(g, generator);
}

void ansatz_add_rotation(ansatz_t ansatz, const uint64_t *string,
                         const angle_t angle, long line) {
  size_t bytes = 2 * pauli_words(ansatz->num_qubits) * sizeof *string;
  rotation_struct *r = GROW(ansatz->rotations, ansatz->num_rotations);
  r->string = flint_malloc(bytes);
  memcpy(r->string, string, bytes);
  angle_init(r->angle);
  angle_set(r->angle, angle);
  r->line = line;
}

void ansatz_add_place(ansatz_t ansatz, size_t after, size_t qubit) {
  *GROW(ansatz->places, ansatz->num_places) = (gate_place_struct){after, qubit};
}

void ansatz_add_observable(ansatz_t ansatz, const pauli_sum_t sum,
                           const char *text) {
  observable_struct *o = GROW(ansatz->observables, ansatz->num_observables);
  pauli_sum_init(o->sum, ansatz->num_qubits);
  pauli_sum_set(o->sum, sum);
  o->text = copy_text(text);
}

void ansatz_add_state(ansatz_t ansatz, const quantum_state_t state,
                      const char *text) {
  input_state_struct *s = GROW(ansatz->states, ansatz->num_states);
  quantum_state_init(s->state, state->num_qubits);
  quantum_state_set(s->state, state);
  s->text = copy_text(text);
}

void ansatz_add_stabilizer(ansatz_t ansatz, const stabilizer_state_t state,
                           const char *text) {
  input_state_struct *s = GROW(ansatz->states, ansatz->num_states);
  quantum_state_init(s->state, state->num_qubits);
  quantum_state_set_stabilizer(s->state, state);
  s->text = copy_text(text);
}

void ansatz_add_note(ansatz_t ansatz, const char *format, ...) {
  char *text = NULL;
  va_list args;
  va_start(args, format);
  text = text_vprint(format, args);
  va_end(args);
  for (size_t j = 0; j < ansatz->num_notes; j++)
    if (!strcmp(ansatz->notes[j], text)) {
      free(text);
      return;
    }
  *GROW(ansatz->notes, ansatz->num_notes) = text;
}

char *ansatz_parameter_name(const ansatz_t ansatz, size_t k) {
  char *name = NULL;
  size_t m = ansatz->num_generators;
  if (ansatz->parameters && ansatz->parameters[k].name)
    name = text_print("%s", ansatz->parameters[k].name);
  else if (k < m || m == 0)
    name = text_print("generator %zu", k + 1);
  else
    name = text_print("generator %zu in layer %zu", k % m + 1, k / m + 1);
  return name;
}
