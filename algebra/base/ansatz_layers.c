#include "algebra/base/ansatz_layers.h"

#include <assert.h>

static bool same_angle(const angle_struct *a, const angle_struct *b,
                       const size_t *rename) {
  if (a->num_terms != b->num_terms || !fmpq_equal(a->pi_part, b->pi_part) ||
      !fmpq_equal(a->rad_part, b->rad_part))
    return false;
  /* terms are sorted by parameter, so a renaming may reorder them */
  for (size_t t = 0; t < a->num_terms; t++) {
    bool found = false;
    for (size_t u = 0; u < b->num_terms && !found; u++)
      found = b->terms[u].parameter == rename[a->terms[t].parameter] &&
              b->terms[u].times_pi == a->terms[t].times_pi &&
              fmpq_equal(b->terms[u].coeff, a->terms[t].coeff);
    if (!found) return false;
  }
  return true;
}

/* Extends `rename` (first block -> this one) by the terms of two angles, in
   their order; owner[] is the repetition that uses a parameter. */
static bool rename_terms(size_t *rename, size_t *owner, size_t repetition,
                         const angle_struct *a, const angle_struct *b) {
  if (a->num_terms != b->num_terms) return false;
  for (size_t t = 0; t < a->num_terms; t++) {
    size_t from = a->terms[t].parameter, to = b->terms[t].parameter;
    if (rename[from] == SIZE_MAX && owner[to] == SIZE_MAX) {
      rename[from] = to;
      owner[to] = repetition;
    }
    if (owner[to] != repetition) return false;
  }
  return true;
}

/* No renaming of the parameters of the first `length` rotations. */
static void forget(size_t *rename, const ansatz_t ansatz, size_t length) {
  for (size_t g = 0; g < length; g++) {
    const angle_struct *angle = ansatz->rotations[g].angle;
    for (size_t t = 0; t < angle->num_terms; t++)
      rename[angle->terms[t].parameter] = SIZE_MAX;
  }
}

static bool repeats(const ansatz_t ansatz, size_t length, size_t *rename,
                    size_t *owner) {
  size_t w = pauli_words(ansatz->num_qubits), m = ansatz->num_rotations;
  for (size_t k = 0; k < ansatz->num_parameters; k++) owner[k] = SIZE_MAX;
  for (size_t begin = 0; begin < m; begin += length) {
    forget(rename, ansatz, length);
    for (size_t g = 0; g < length; g++) {
      const rotation_struct *a = ansatz->rotations + g, *b = a + begin;
      if (!pauli_equal(a->string, b->string, w) ||
          !rename_terms(rename, owner, begin, a->angle, b->angle) ||
          !same_angle(a->angle, b->angle, rename))
        return false;
    }
  }
  return true;
}

bool ansatz_find_layer(size_t *length, size_t *count, const ansatz_t ansatz) {
  size_t m = ansatz->num_rotations, p = ansatz->num_parameters;
  size_t *rename = flint_malloc((p + 1) * sizeof *rename);
  size_t *owner = flint_malloc((p + 1) * sizeof *owner);
  bool found = false;
  *length = m;
  *count = 1;
  for (size_t l = 1; 2 * l <= m && !found; l++)
    if (m % l == 0 && repeats(ansatz, l, rename, owner)) {
      *length = l;
      *count = m / l;
      found = true;
    }
  flint_free(rename);
  flint_free(owner);
  return found;
}

/* The places within (begin, begin + length] are places[*first] on. */
static size_t count_places(size_t *first, const ansatz_t ansatz, size_t begin,
                           size_t length) {
  size_t at = *first, count = 0;
  while (at < ansatz->num_places && ansatz->places[at].after <= begin) at++;
  *first = at;
  while (at + count < ansatz->num_places &&
         ansatz->places[at + count].after <= begin + length)
    count++;
  return count;
}

size_t ansatz_count_rotations(const ansatz_t ansatz, size_t length) {
  size_t count = 0;
  unsigned turns;
  for (size_t i = 0; i < length; i++)
    count += !angle_is_clifford(&turns, ansatz->rotations[i].angle);
  return count;
}

bool ansatz_noise_repeats(const ansatz_t ansatz, size_t length) {
  size_t first = 0, num = count_places(&first, ansatz, 0, length), at = first;
  if (first > 0) return false; /* before the first rotation */
  for (size_t begin = length; begin < ansatz->num_rotations; begin += length) {
    at += num;
    size_t from = at;
    if (count_places(&at, ansatz, begin, length) != num || at != from) return false;
    for (size_t i = 0; i < num; i++)
      if (ansatz->places[at + i].qubit != ansatz->places[i].qubit ||
          ansatz->places[at + i].after != ansatz->places[i].after + begin)
        return false;
  }
  return true;
}

void ansatz_repeat_layer(ansatz_t out, const ansatz_t in, size_t length,
                         size_t layers) {
  size_t *rename = flint_malloc((in->num_parameters + 1) * sizeof *rename);
  size_t first = 0, num_places = count_places(&first, in, 0, length);
  assert(length <= in->num_rotations && out->num_qubits == in->num_qubits);
  pauli_noise_set(out->noise, in->noise);
  for (size_t l = 0; l < layers; l++) {
    forget(rename, in, length);
    for (size_t g = 0; g < length; g++) {
      const rotation_struct *r = in->rotations + g;
      angle_t angle;
      angle_init(angle);
      fmpq_set(angle->pi_part, r->angle->pi_part);
      fmpq_set(angle->rad_part, r->angle->rad_part);
      for (size_t t = 0; t < r->angle->num_terms; t++) {
        const angle_term_struct *term = r->angle->terms + t;
        size_t *to = rename + term->parameter;
        if (*to == SIZE_MAX) {
          const parameter_struct *old = in->parameters + term->parameter;
          *to = ansatz_add_parameter(out, old->name, old->derived);
        }
        angle_add_term(angle, *to, term->times_pi, term->coeff);
      }
      ansatz_add_rotation(out, r->string, angle, r->line);
      angle_clear(angle);
    }
    for (size_t i = first; i < first + num_places; i++)
      ansatz_add_place(out, in->places[i].after + l * length, in->places[i].qubit);
  }
  flint_free(rename);
}
