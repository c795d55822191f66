/* qasm_circuit.h - gates as exact Pauli rotations, while a program runs.

   The circuit is  e^{i phase} prod R_P(angle), R_P(a) = exp(-i a P / 2), in
   time order, P a short list of letters. A segment is what was appended since
   a mark; the modifiers transform a segment, with the phase it gathered:
     ctrl  R_P(a) -> R_P(a/2) R_{Z_c P}(-a/2),  e^{if} -> R_{Z_c}(f) e^{if/2}
     negctrl: the other sign on the parts with Z_c
     inv   reversed, angles and phase negated
     pow   commuting rotations scaled, else repeated.
   A rotation marked `conjugation` belongs to a pair A ... A^-1 around what it
   encloses; ctrl leaves such pairs alone (C(A B A^-1) = A C(B) A^-1).
   Private to the QASM reader. Layer: cli. */
#ifndef LIESCAPE_CLI_QASM_CIRCUIT_H
#define LIESCAPE_CLI_QASM_CIRCUIT_H

#include "cli/read/input.h"
#include "algebra/base/ansatz.h"

typedef struct {
  uint32_t qubit, letter; /* letter code of pauli.h, 1..3 */
} qasm_letter_t;

typedef struct {
  size_t first, count; /* in the pool of letters */
  bool conjugation;
  long line;
  angle_t angle;
} qasm_rotation_t;

typedef struct {
  qasm_letter_t *letters;
  size_t num_letters, alloc_letters;
  qasm_rotation_t *rotations;
  size_t num_rotations, alloc_rotations;
  size_t num_places, alloc_places; /* qubits of the gates called */
  gate_place_struct *places;
  angle_t phase;
  bool track_phase; /* inside a modifier; otherwise the phase is dropped */
} qasm_circuit_t;

void qasm_circuit_init(qasm_circuit_t *circuit);
void qasm_circuit_clear(qasm_circuit_t *circuit);

/* Appends a rotation; an angle that is zero is dropped. */
void qasm_circuit_rotate(qasm_circuit_t *circuit, const qasm_letter_t *letters,
                         size_t count, const angle_t angle, bool conjugation,
                         long line);

/* A gate on these qubits has been appended; it stands for what was noted from `mark`
   on. */
void qasm_circuit_gate(qasm_circuit_t *circuit, size_t mark, const size_t *qubits,
                       size_t count);

/* The modifiers, on the rotations from `mark` on and circuit->phase, which
   must be that of the segment alone. They return false when the circuit would
   have more than LIMIT_ROTATIONS rotations. */
bool qasm_circuit_control(qasm_circuit_t *circuit, size_t mark, size_t qubit,
                          bool negative, long line);
void qasm_circuit_invert(qasm_circuit_t *circuit, size_t mark);
/* What came has a phase of its own, before it there was `outer`: both together where the
   phase is followed, else outer, which is used up. */
void qasm_circuit_join_phase(qasm_circuit_t *circuit, angle_t outer);
/* Do all rotations of the segment commute? */
bool qasm_circuit_commutes(const qasm_circuit_t *circuit, size_t mark);
void qasm_circuit_scale(qasm_circuit_t *circuit, size_t mark, const fmpq_t k);
bool qasm_circuit_repeat(qasm_circuit_t *circuit, size_t mark, ulong times);

#endif
