/* depth_frame.h - a circuit with its Cliffords moved to the input. Private.

   U = R_m ... R_1 = F_1 F_2 ... F_g C: C is the product of the fixed Clifford
   rotations, F_k = exp(-i (+-angle_k) P'_k / 2) are the others, F_1 the last
   in time, P'_k = C_k P_k C_k^dag with C_k the Cliffords later than gate k.
   So O stays as it is (and its light cone stays small), and rho becomes
   C rho C^dag. Gates are in Heisenberg order: gate 0 meets O first.

   Layer: algebra, above ansatz. */
#ifndef LIESCAPE_ALGEBRA_DEPTH_FRAME_H
#define LIESCAPE_ALGEBRA_DEPTH_FRAME_H

#include "algebra/generators/clifford_frame.h"
#include "algebra/base/ansatz.h"

typedef struct {
  const ansatz_struct *ansatz; /* must outlive the frame */
  size_t num_qubits, num_words;
  size_t num_gates;
  uint64_t *strings;   /* num_gates rows of 2w words */
  uint8_t *negative;   /* 1: the angle changes sign */
  size_t *rotation;    /* index in ansatz->rotations */
  clifford_frame_t cliffords; /* of C^dag: P -> C P C^dag */
  /* Noise, in Heisenberg order; none unless asked for. At a place on qubit q the
     letter of Q there is that of omega(Q, image of Z_q) (x bit) and omega(Q, image of
     X_q) (z bit), and Q takes the factor of its letter. */
  size_t num_places;
  uint64_t *images;  /* two rows for each place: of X_q and of Z_q */
  fmpq factors[4];   /* by letter code of pauli.h */
} depth_frame_struct;
typedef depth_frame_struct depth_frame_t[1];

/* Keeps the rotations that are no Cliffords; noisy: and the places of noise, if the
   ansatz has a channel. O(m w) for local gates. */
void depth_frame_init(depth_frame_t frame, const ansatz_t ansatz, bool noisy);
void depth_frame_clear(depth_frame_t frame);
static inline const uint64_t *
depth_frame_string(const depth_frame_struct *frame, size_t gate) {
  return frame->strings + gate * 2 * frame->num_words;
}

static inline const uint64_t *
depth_frame_image(const depth_frame_struct *frame, size_t place, bool of_z) {
  return frame->images + (2 * place + of_z) * 2 * frame->num_words;
}
/* The letter (code of pauli.h) that a string, which no gate moves, has there. */
unsigned depth_frame_letter(const depth_frame_t frame, size_t place,
                            const uint64_t *string);
/* The common denominator of the factors of the three letters. */
void depth_frame_denominator(fmpz_t den, const depth_frame_t frame);
/* out = the product of the factors that the string, which no gate moves, takes on its
   way to the input. */
void depth_frame_damp(fmpq_t out, const depth_frame_t frame,
                      const uint64_t *string);

/* Light cone: gates[] receives, in order, the *num_gates gates that can meet
   a string grown from the given ones (an upper bound by supports: the union
   of all strings reached so far), and mask (w words) the qubits involved. Likewise
   places[], where such a string can have a letter, and before[], the number of gates[]
   that come before each. */
void depth_frame_cone(size_t *gates, size_t *num_gates, size_t *places,
                      size_t *before, size_t *num_places, uint64_t *mask,
                      const depth_frame_t frame, const uint64_t *strings,
                      size_t num_strings);

#endif
