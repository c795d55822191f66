/* depth_cone.h - the part of a circuit that some strings can meet, on its own
   qubits only. Private. Layer: algebra, above depth_frame. */
#ifndef LIESCAPE_ALGEBRA_DEPTH_CONE_H
#define LIESCAPE_ALGEBRA_DEPTH_CONE_H

#include "algebra/depth/depth_frame.h"

typedef struct {
  size_t full_words;    /* w of the whole register */
  size_t num_qubits, num_words;
  uint32_t *qubits;     /* qubit of the register */
  uint64_t *mask;       /* the qubits of the cone, full_words words */
  uint32_t *before;     /* qubits of the cone in the words before each */
  size_t num_gates;
  size_t *gates;        /* index in the frame, Heisenberg order */
  uint64_t *strings;    /* num_gates rows of 2 num_words words */
  /* Noise: index in the frame, number of gates before it, images of X and of Z. */
  size_t num_places;
  size_t *places, *before_place;
  uint64_t *images;
} depth_cone_struct;
typedef depth_cone_struct depth_cone_t[1];

/* The cone of num_strings strings of the register. */
void depth_cone_init(depth_cone_t cone, const depth_frame_t frame,
                     const uint64_t *strings, size_t num_strings);
void depth_cone_clear(depth_cone_t cone);
static inline const uint64_t *
depth_cone_image(const depth_cone_struct *cone, size_t place, bool of_z) {
  return cone->images + (2 * place + of_z) * 2 * cone->num_words;
}

/* Between strings of the register and of the cone. in must lie in the cone. */
void depth_cone_compress(uint64_t *out, const depth_cone_t cone,
                         const uint64_t *in);
void depth_cone_expand(uint64_t *out, const depth_cone_t cone,
                       const uint64_t *in);

#endif
