#include <assert.h>
#include <stdlib.h>

#include "algebra/check_strings.h"

/* --- lists -------------------------------------------------------------------------- */

void string_list_init(string_list_t list, size_t num_words) {
  *list = (string_list_struct){.width = 2 * num_words, .num_slots = 64};
  list->slots = flint_calloc(list->num_slots, sizeof *list->slots);
}

void string_list_clear(string_list_t list) {
  flint_free(list->rows);
  flint_free(list->slots);
}

static size_t slot_of(const string_list_t list, const uint64_t *string) {
  size_t mask = list->num_slots - 1;
  size_t at = (size_t)pauli_hash(string, list->width / 2) & mask;
  while (list->slots[at] &&
         !pauli_equal(string_list_row(list, list->slots[at] - 1), string,
                      list->width / 2))
    at = (at + 1) & mask;
  return at;
}

size_t string_list_find(const string_list_t list, const uint64_t *string) {
  return list->slots[slot_of(list, string)] - 1;
}

size_t string_list_add(string_list_t list, const uint64_t *string) {
  size_t at = slot_of(list, string);
  if (list->slots[at]) return list->slots[at] - 1;
  if (list->length == list->alloc) {
    list->alloc = list->alloc ? 2 * list->alloc : 16;
    list->rows = flint_realloc(
        list->rows, (list->alloc * list->width + 1) * sizeof *list->rows);
  }
  memcpy(list->rows + list->length * list->width, string,
         list->width * sizeof *string);
  list->slots[at] = ++list->length;
  if (2 * list->length > list->num_slots) {
    flint_free(list->slots);
    list->num_slots *= 2;
    list->slots = flint_calloc(list->num_slots, sizeof *list->slots);
    for (size_t i = 0; i < list->length; i++)
      list->slots[slot_of(list, string_list_row(list, i))] = i + 1;
  }
  return list->length - 1;
}

/* --- Clifford gates -------------------------------------------------------------------- */

typedef struct {
  const uint64_t *string;
  unsigned quarter_turns; /* 1..3 */
} clifford_t;

/* string, negative := c^dag (+-string) c  for c = exp(-i a Q / 2),
   a = quarter_turns pi / 2:  P -> (cos a + i sin a Q) P when they anticommute. */
static void conjugate(uint64_t *string, bool *negative, const clifford_t *c,
                      size_t w) {
  if (!pauli_anticommute(string, c->string, w)) return;
  if (c->quarter_turns == 2) {
    *negative = !*negative;
    return;
  }
  /* i Q P = i^(e + 1) [Q + P], e odd, so that the sign is i^(e+1) = +-1 */
  unsigned e = pauli_mul(string, c->string, string, w) + 1;
  if (c->quarter_turns == 3) e += 2;
  if (e & 2) *negative = !*negative;
}

/* Through all Clifford gates of the list, the latest first. */
static void pull_back(uint64_t *string, bool *negative, const clifford_t *list,
                      size_t length, size_t w) {
  for (size_t i = length; i-- > 0;) conjugate(string, negative, list + i, w);
}

static void pull_back_sum(pauli_sum_t out, const pauli_sum_t in,
                          const clifford_t *list, size_t length) {
  size_t bytes = 2 * in->num_words * sizeof(uint64_t);
  uint64_t *string = flint_malloc(bytes + 1);
  fmpq_t coeff;
  fmpq_init(coeff);
  for (size_t t = 0; t < in->length; t++) {
    bool negative = false;
    memcpy(string, pauli_sum_string(in, t), bytes);
    pull_back(string, &negative, list, length, in->num_words);
    fmpq_set(coeff, in->coeffs + t);
    if (negative) fmpq_neg(coeff, coeff);
    pauli_sum_push(out, coeff, string);
  }
  pauli_sum_canonicalise(out);
  fmpq_clear(coeff);
  flint_free(string);
}

/* --- generators --------------------------------------------------------------------------- */

static void refuse(check_generators_t out, const char *reason) {
  if (!out->reason) out->reason = strdup(reason);
}

static void read_operators(check_generators_t out, const ansatz_t ansatz) {
  size_t *index = flint_malloc((ansatz->num_generators + 1) * sizeof *index);
  for (size_t j = 0; j < ansatz->num_generators; j++) {
    const pauli_sum_struct *h = ansatz->generators + j;
    if (h->length > 1)
      refuse(out, "a generator is a sum of several strings");
    index[j] = h->length == 1 ? string_list_add(out->strings,
                                                pauli_sum_string(h, 0))
                              : SIZE_MAX;
  }
  for (size_t k = 0; k < out->num_parameters && ansatz->num_generators; k++) {
    size_t j = k % ansatz->num_generators;
    check_drive_struct *drive = out->drives + k;
    if (index[j] == SIZE_MAX) continue; /* H = 0: not simple */
    drive->simple = true;
    drive->generator = index[j];
    fmpq_set(drive->scale, ansatz->generators[j].coeffs);
  }
  flint_free(index);
}

/* Notes that a free rotation depends on the parameters of its angle. */
static void note_drives(check_generators_t out, size_t *uses,
                        const rotation_struct *rotation, size_t generator) {
  for (size_t t = 0; t < rotation->angle->num_terms; t++) {
    const angle_term_struct *term = rotation->angle->terms + t;
    check_drive_struct *drive = out->drives + term->parameter;
    drive->simple = uses[term->parameter]++ == 0 && !term->times_pi;
    drive->generator = generator;
    fmpq_div_2exp(drive->scale, term->coeff, 1);
  }
}

static void read_circuit(check_generators_t out, const ansatz_t ansatz,
                         const uint8_t *free_rotation) {
  size_t w = out->num_words, length = 0, bytes = 2 * w * sizeof(uint64_t);
  clifford_t *list =
      flint_malloc((ansatz->num_rotations + 1) * sizeof *list);
  size_t *uses = flint_calloc(out->num_parameters + 1, sizeof *uses);
  uint8_t *bound = flint_calloc(out->num_parameters + 1, 1);
  uint64_t *string = flint_malloc(bytes + 1);
  for (size_t i = 0; i < ansatz->num_rotations; i++) {
    const rotation_struct *rotation = ansatz->rotations + i;
    unsigned turns;
    bool negative = false;
    if (angle_is_clifford(&turns, rotation->angle)) {
      if (turns) list[length++] = (clifford_t){rotation->string, turns};
      continue;
    }
    if (angle_is_constant(rotation->angle) && !free_rotation[i])
      refuse(out, "a gate with a fixed angle that is no multiple of pi/2 is not "
                  "listed as freed");
    memcpy(string, rotation->string, bytes);
    pull_back(string, &negative, list, length, w);
    note_drives(out, uses, rotation, string_list_add(out->strings, string));
    for (size_t t = 0; t < rotation->angle->num_terms; t++)
      if (!free_rotation[i]) bound[rotation->angle->terms[t].parameter] = 1;
    if (rotation->angle->num_terms > 1 && !free_rotation[i])
      refuse(out, "a gate depends on several parameters");
  }
  for (size_t k = 0; k < out->num_parameters; k++)
    if (uses[k] > 1 && bound[k])
      refuse(out, "a parameter drives several gates");
  for (size_t j = 0; j < ansatz->num_observables; j++)
    pull_back_sum(out->observables + j, ansatz->observables[j].sum, list,
                  length);
  flint_free(list);
  flint_free(uses);
  flint_free(bound);
  flint_free(string);
}

void check_generators_init(check_generators_t out, const ansatz_t ansatz,
                           const uint8_t *free_rotation) {
  *out = (check_generators_struct){
      .num_qubits = ansatz->num_qubits,
      .num_words = pauli_words(ansatz->num_qubits),
      .num_parameters = ansatz->num_parameters,
      .num_observables = ansatz->num_observables};
  string_list_init(out->strings, out->num_words);
  out->drives =
      flint_calloc(out->num_parameters + 1, sizeof *out->drives);
  for (size_t k = 0; k < out->num_parameters; k++)
    fmpq_init(out->drives[k].scale);
  out->observables =
      flint_malloc((out->num_observables + 1) * sizeof *out->observables);
  for (size_t j = 0; j < out->num_observables; j++) {
    pauli_sum_init(out->observables + j, out->num_qubits);
    if (ansatz->kind == ANSATZ_OPERATORS)
      pauli_sum_set(out->observables + j, ansatz->observables[j].sum);
  }
  if (ansatz->kind == ANSATZ_OPERATORS) read_operators(out, ansatz);
  else read_circuit(out, ansatz, free_rotation);
}

void check_generators_clear(check_generators_t out) {
  string_list_clear(out->strings);
  for (size_t k = 0; k < out->num_parameters; k++)
    fmpq_clear(out->drives[k].scale);
  flint_free(out->drives);
  for (size_t j = 0; j < out->num_observables; j++)
    pauli_sum_clear(out->observables + j);
  flint_free(out->observables);
  free(out->reason);
}
