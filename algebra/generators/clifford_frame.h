/* clifford_frame.h - how Pauli strings look through a Clifford circuit C:
   Q -> C^dag Q C, as signed images of X_j and Z_j. Private to algebra/. */
#ifndef LIESCAPE_CLIFFORD_FRAME_H
#define LIESCAPE_CLIFFORD_FRAME_H

#include "algebra/base/pauli.h"

typedef struct {
  size_t num_qubits, num_words;
  uint64_t *images; /* row 2j: image of X_j, row 2j+1: of Z_j */
  uint8_t *signs;   /* 1: the image has the sign -1 */
} clifford_frame_struct;
typedef clifford_frame_struct clifford_frame_t[1];

/* C = 1. */
void clifford_frame_init(clifford_frame_t frame, size_t num_qubits);
void clifford_frame_clear(clifford_frame_t frame);

/* C^dag [string] C = -+ out (returns true for the minus sign). No aliasing.
   O(weight w). */
bool clifford_frame_image(uint64_t *out, const clifford_frame_t frame,
                          const uint64_t *string);

/* C := R C, R = exp(-i quarter_turns (pi/2) [string] / 2). O(weight w). */
void clifford_frame_rotate(clifford_frame_t frame, const uint64_t *string,
                           unsigned quarter_turns);

/* out (initialised) = the frame of C^dag. O(n^2 w). */
void clifford_frame_invert(clifford_frame_t out, const clifford_frame_t frame);

#endif
