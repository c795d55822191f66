#include "algebra/depth/depth_cone.h"

void depth_cone_init(depth_cone_t cone, const depth_frame_t frame,
                     const uint64_t *strings, size_t num_strings) {
  size_t w = frame->num_words;
  uint64_t *mask = flint_calloc(w + 1, sizeof *mask);
  cone->full_words = w;
  cone->gates = flint_malloc((frame->num_gates + 1) * sizeof *cone->gates);
  cone->places = flint_malloc((frame->num_places + 1) * sizeof *cone->places);
  cone->before_place =
      flint_malloc((frame->num_places + 1) * sizeof *cone->before_place);
  depth_frame_cone(cone->gates, &cone->num_gates, cone->places,
                   cone->before_place, &cone->num_places, mask, frame, strings,
                   num_strings);
  cone->qubits = flint_malloc((frame->num_qubits + 1) * sizeof *cone->qubits);
  cone->num_qubits = 0;
  for (size_t j = 0; j < frame->num_qubits; j++)
    if (mask[j / 64] >> (j % 64) & 1)
      cone->qubits[cone->num_qubits++] = (uint32_t)j;
  cone->num_words = pauli_words(cone->num_qubits);
  cone->mask = mask;
  cone->before = flint_malloc((cone->full_words + 1) * sizeof *cone->before);
  for (size_t i = 0, sum = 0; i < cone->full_words; i++) {
    cone->before[i] = (uint32_t)sum;
    sum += (size_t)__builtin_popcountll(mask[i]);
  }
  cone->strings = flint_malloc((cone->num_gates * 2 * cone->num_words + 1) *
                               sizeof *cone->strings);
  for (size_t g = 0; g < cone->num_gates; g++)
    depth_cone_compress(cone->strings + g * 2 * cone->num_words, cone,
                        depth_frame_string(frame, cone->gates[g]));
  cone->images = flint_malloc((cone->num_places * 4 * cone->num_words + 1) *
                              sizeof *cone->images);
  for (size_t h = 0; h < cone->num_places; h++)
    for (int z = 0; z < 2; z++)
      depth_cone_compress(cone->images + (2 * h + (size_t)z) * 2 * cone->num_words,
                          cone, depth_frame_image(frame, cone->places[h], z));
}

void depth_cone_clear(depth_cone_t cone) {
  flint_free(cone->gates);
  flint_free(cone->qubits);
  flint_free(cone->strings);
  flint_free(cone->places);
  flint_free(cone->before_place);
  flint_free(cone->images);
  flint_free(cone->mask);
  flint_free(cone->before);
}

/* Letter by letter: most strings have few. */
void depth_cone_compress(uint64_t *out, const depth_cone_t cone,
                         const uint64_t *in) {
  size_t w = cone->full_words;
  memset(out, 0, 2 * cone->num_words * sizeof *out);
  for (size_t i = 0; i < w; i++)
    for (uint64_t left = (in[i] | in[w + i]) & cone->mask[i]; left;
         left &= left - 1) {
      uint64_t below = (left & -left) - 1;
      size_t j = cone->before[i] +
                 (size_t)__builtin_popcountll(cone->mask[i] & below);
      pauli_set(out, cone->num_words, j,
                pauli_get(in, w,
                          64 * i + (size_t)__builtin_popcountll(below)));
    }
}

void depth_cone_expand(uint64_t *out, const depth_cone_t cone,
                       const uint64_t *in) {
  size_t w = cone->num_words;
  memset(out, 0, 2 * cone->full_words * sizeof *out);
  for (size_t i = 0; i < w; i++)
    for (uint64_t left = in[i] | in[w + i]; left; left &= left - 1) {
      size_t j = 64 * i + (size_t)__builtin_ctzll(left);
      pauli_set(out, cone->full_words, cone->qubits[j], pauli_get(in, w, j));
    }
}
