/* check_frame.h - strings seen through the Clifford gates before them.

   P -> C^dag P C, C the product of the gates so far, is known by the images of X_q and
   Z_q; those that no gate has changed are not kept. A further gate c changes those that
   anticommute with its string Q: with c = exp(-i a Q / 2), a a quarter turn,
   c^dag P c = i Q P, so that the image of P becomes i times that of Q times that of P.
   A gate costs 2 w words for each letter of Q, a string as much for each of its own.

   Layer: algebra, above base. */
#ifndef LIESCAPE_ALGEBRA_CHECK_FRAME_H
#define LIESCAPE_ALGEBRA_CHECK_FRAME_H

#include "algebra/base/pauli.h"

typedef struct {
  size_t num_qubits, w;
  uint64_t **images; /* of X_q at 2 q and of Z_q behind it; NULL: the letter itself */
  bool *negative;
  uint64_t *letter, *product; /* for multiplication */
} check_frame_struct;
typedef check_frame_struct check_frame_t[1];

void check_frame_init(check_frame_t frame, size_t num_qubits);
void check_frame_clear(check_frame_t frame);

/* string, negative := C^dag (+-string) C. */
void check_frame_pull(uint64_t *string, bool *negative, const check_frame_t frame);

/* One more gate exp(-i a Q / 2), a = quarter_turns pi / 2, 1 .. 3. */
void check_frame_push(check_frame_t frame, const uint64_t *q, unsigned quarter_turns);

#endif
