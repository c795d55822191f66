#include "algebra/depth/depth_frame.h"

void depth_frame_init(depth_frame_t frame, const ansatz_t ansatz) {
  size_t n = ansatz->num_qubits, w = pauli_words(n);
  size_t m = ansatz->num_rotations;
  frame->ansatz = ansatz;
  frame->num_qubits = n;
  frame->num_words = w;
  frame->num_gates = 0;
  frame->strings = flint_malloc((2 * w * m + 1) * sizeof *frame->strings);
  frame->negative = flint_malloc(m + 1);
  frame->rotation = flint_malloc((m + 1) * sizeof *frame->rotation);
  clifford_frame_init(frame->cliffords, n);
  for (size_t k = m; k-- > 0;) {
    const rotation_struct *r = ansatz->rotations + k;
    unsigned quarter_turns;
    if (angle_is_clifford(&quarter_turns, r->angle)) {
      if (quarter_turns)
        clifford_frame_rotate(frame->cliffords, r->string, 4 - quarter_turns);
      continue;
    }
    size_t g = frame->num_gates++;
    frame->negative[g] = clifford_frame_image(frame->strings + g * 2 * w,
                                              frame->cliffords, r->string);
    frame->rotation[g] = k;
  }
}

void depth_frame_clear(depth_frame_t frame) {
  flint_free(frame->strings);
  flint_free(frame->negative);
  flint_free(frame->rotation);
  clifford_frame_clear(frame->cliffords);
}

/* Adds the letters of p to live when some string with letters in live can
   anticommute with it. */
static bool grow(uint64_t *live, const uint64_t *p, size_t w) {
  uint64_t meets = 0;
  for (size_t i = 0; i < w; i++)
    meets |= (p[i] & live[w + i]) | (p[w + i] & live[i]);
  for (size_t i = 0; meets && i < 2 * w; i++) live[i] |= p[i];
  return meets != 0;
}

/* The cone is found in the circuit as written, where gates of one layer are
   local: moved through the Cliffords they overlap, and their union would sweep
   over the register. */
void depth_frame_cone(size_t *gates, size_t *num_gates, uint64_t *mask,
                      const depth_frame_t frame, const uint64_t *strings,
                      size_t num_strings) {
  size_t w = frame->num_words, g = 0;
  const ansatz_struct *ansatz = frame->ansatz;
  /* x and z bits that occur in some string */
  uint64_t *live = flint_calloc(2 * w + 1, sizeof *live);
  memset(mask, 0, w * sizeof *mask);
  for (size_t s = 0; s < num_strings; s++)
    for (size_t i = 0; i < 2 * w; i++) {
      live[i] |= strings[s * 2 * w + i];
      mask[i % w] |= strings[s * 2 * w + i];
    }
  *num_gates = 0;
  for (size_t k = ansatz->num_rotations; k-- > 0;) {
    bool kept = g < frame->num_gates && frame->rotation[g] == k;
    if (kept) g++;
    if (!grow(live, ansatz->rotations[k].string, w) || !kept) continue;
    gates[(*num_gates)++] = g - 1;
    const uint64_t *p = depth_frame_string(frame, g - 1);
    for (size_t i = 0; i < 2 * w; i++) mask[i % w] |= p[i];
  }
  flint_free(live);
}
