#include "cli/qasm/qasm_circuit.h"

#include "cli/read/limits.h"

void qasm_circuit_init(qasm_circuit_t *circuit) {
  *circuit = (qasm_circuit_t){0};
  angle_init(circuit->phase);
}

void qasm_circuit_clear(qasm_circuit_t *circuit) {
  for (size_t i = 0; i < circuit->num_rotations; i++)
    angle_clear(circuit->rotations[i].angle);
  flint_free(circuit->rotations);
  flint_free(circuit->letters);
  flint_free(circuit->places);
  angle_clear(circuit->phase);
}

/* Room for `count` more letters and one more rotation. */
static qasm_rotation_t *grow(qasm_circuit_t *circuit, size_t count) {
  if (circuit->num_letters + count > circuit->alloc_letters) {
    circuit->alloc_letters = 2 * (circuit->num_letters + count) + 64;
    circuit->letters = flint_realloc(
        circuit->letters, circuit->alloc_letters * sizeof *circuit->letters);
  }
  if (circuit->num_rotations == circuit->alloc_rotations) {
    circuit->alloc_rotations = 2 * circuit->alloc_rotations + 64;
    circuit->rotations =
        flint_realloc(circuit->rotations,
                      circuit->alloc_rotations * sizeof *circuit->rotations);
  }
  return circuit->rotations + circuit->num_rotations;
}

void qasm_circuit_rotate(qasm_circuit_t *circuit, const qasm_letter_t *letters,
                         size_t count, const angle_t angle, bool conjugation,
                         long line) {
  if (angle_is_zero(angle)) return;
  qasm_rotation_t *r = grow(circuit, count);
  memcpy(circuit->letters + circuit->num_letters, letters,
         count * sizeof *letters);
  *r = (qasm_rotation_t){.first = circuit->num_letters, .count = count,
                         .conjugation = conjugation, .line = line};
  angle_init(r->angle);
  angle_set(r->angle, angle);
  circuit->num_letters += count;
  circuit->num_rotations++;
}

void qasm_circuit_gate(qasm_circuit_t *circuit, size_t mark, const size_t *qubits,
                       size_t count) {
  circuit->num_places = mark;
  if (mark + count > circuit->alloc_places) {
    circuit->alloc_places = 2 * (mark + count) + 64;
    circuit->places = flint_realloc(
        circuit->places, circuit->alloc_places * sizeof *circuit->places);
  }
  for (size_t j = 0; j < count; j++)
    circuit->places[circuit->num_places++] =
        (gate_place_struct){circuit->num_rotations, qubits[j]};
}

/* angle = c angle. */
static void scale_angle(angle_t angle, const fmpq_t c) {
  angle_t out;
  angle_init(out);
  angle_addmul(out, out, c, angle);
  angle_swap(out, angle);
  angle_clear(out);
}

bool qasm_circuit_control(qasm_circuit_t *circuit, size_t mark, size_t qubit,
                          bool negative, long line) {
  size_t count = circuit->num_rotations - mark;
  if (circuit->num_rotations + count >= (size_t)LIMIT_ROTATIONS ||
      2 * count > (size_t)LIMIT_GATE_ROTATIONS)
    return false;
  qasm_rotation_t *old = flint_malloc((count + 1) * sizeof *old);
  if (count) memcpy(old, circuit->rotations + mark, count * sizeof *old);
  circuit->num_rotations = mark;
  angle_t angle;
  fmpq_t half, sign;
  angle_init(angle);
  fmpq_init(half);
  fmpq_init(sign);
  fmpq_set_si(half, 1, 2);
  fmpq_set_si(sign, negative ? 1 : -1, 1);
  for (size_t i = 0; i < count; i++) {
    size_t n = old[i].count;
    if (!old[i].conjugation) scale_angle(old[i].angle, half);
    grow(circuit, 0);
    circuit->rotations[circuit->num_rotations++] = old[i];
    if (old[i].conjugation) continue;
    angle_set(angle, old[i].angle);
    scale_angle(angle, sign);
    qasm_rotation_t *r = grow(circuit, n + 1);
    qasm_letter_t *letters = circuit->letters + circuit->num_letters;
    memcpy(letters, circuit->letters + old[i].first, n * sizeof *letters);
    letters[n] = (qasm_letter_t){.qubit = (uint32_t)qubit, .letter = 2};
    *r = (qasm_rotation_t){.first = circuit->num_letters, .count = n + 1,
                           .line = old[i].line};
    angle_init(r->angle);
    angle_set(r->angle, angle);
    circuit->num_letters += n + 1;
    circuit->num_rotations++;
  }
  angle_set(angle, circuit->phase);
  if (negative) {
    fmpq_neg(sign, sign);
    scale_angle(angle, sign);
  }
  qasm_letter_t z = {.qubit = (uint32_t)qubit, .letter = 2};
  qasm_circuit_rotate(circuit, &z, 1, angle, false, line);
  scale_angle(circuit->phase, half);
  angle_clear(angle);
  fmpq_clear(half);
  fmpq_clear(sign);
  flint_free(old);
  return true;
}

void qasm_circuit_scale(qasm_circuit_t *circuit, size_t mark, const fmpq_t k) {
  for (size_t i = mark; i < circuit->num_rotations; i++)
    scale_angle(circuit->rotations[i].angle, k);
  scale_angle(circuit->phase, k);
}

void qasm_circuit_join_phase(qasm_circuit_t *circuit, angle_t outer) {
  fmpq_t one;
  if (!circuit->track_phase) {
    angle_swap(circuit->phase, outer);
    return;
  }
  fmpq_init(one);
  fmpq_one(one);
  angle_addmul(circuit->phase, outer, one, circuit->phase);
  fmpq_clear(one);
}

void qasm_circuit_invert(qasm_circuit_t *circuit, size_t mark) {
  fmpq_t minus;
  fmpq_init(minus);
  fmpq_set_si(minus, -1, 1);
  qasm_circuit_scale(circuit, mark, minus);
  fmpq_clear(minus);
  for (size_t i = mark, j = circuit->num_rotations; i + 1 < j; i++) {
    qasm_rotation_t t = circuit->rotations[i];
    circuit->rotations[i] = circuit->rotations[--j];
    circuit->rotations[j] = t;
  }
}

/* Letters of one rotation are on distinct qubits, few enough to compare all
   with all. */
static bool commute(const qasm_circuit_t *circuit, const qasm_rotation_t *a,
                    const qasm_rotation_t *b) {
  bool odd = false;
  for (size_t i = 0; i < a->count; i++)
    for (size_t j = 0; j < b->count; j++) {
      qasm_letter_t p = circuit->letters[a->first + i];
      qasm_letter_t q = circuit->letters[b->first + j];
      odd ^= p.qubit == q.qubit && p.letter != q.letter;
    }
  return !odd;
}

bool qasm_circuit_commutes(const qasm_circuit_t *circuit, size_t mark) {
  if (circuit->num_rotations - mark > 1000) return false;
  for (size_t i = mark; i < circuit->num_rotations; i++)
    for (size_t j = mark; j < i; j++)
      if (!commute(circuit, circuit->rotations + i, circuit->rotations + j))
        return false;
  return true;
}

bool qasm_circuit_repeat(qasm_circuit_t *circuit, size_t mark, ulong times) {
  size_t count = circuit->num_rotations - mark;
  fmpq_t factor;
  if (times == 0) {
    while (circuit->num_rotations > mark)
      angle_clear(circuit->rotations[--circuit->num_rotations].angle);
  } else if (count > 0 &&
             times > (size_t)LIMIT_ROTATIONS / (mark + count)) {
    return false;
  }
  for (ulong t = 1; t < times && count > 0; t++)
    for (size_t i = 0; i < count; i++) {
      qasm_rotation_t *r = grow(circuit, 0);
      *r = circuit->rotations[mark + i];
      angle_init(r->angle);
      angle_set(r->angle, circuit->rotations[mark + i].angle);
      circuit->num_rotations++;
    }
  fmpq_init(factor);
  fmpz_set_ui(fmpq_numref(factor), times);
  scale_angle(circuit->phase, factor);
  fmpq_clear(factor);
  return true;
}
