#include "depth_cone.h"

void depth_cone_init(depth_cone_t cone, const depth_frame_t frame,
                     const uint64_t *strings, size_t num_strings) {
  size_t w = frame->num_words;
  uint64_t *mask = flint_calloc(w + 1, sizeof *mask);
  cone->full_words = w;
  cone->gates = flint_malloc((frame->num_gates + 1) * sizeof *cone->gates);
  depth_frame_cone(cone->gates, &cone->num_gates, mask, frame, strings,
                   num_strings);
  cone->qubits = flint_malloc((frame->num_qubits + 1) * sizeof *cone->qubits);
  cone->num_qubits = 0;
  for (size_t j = 0; j < frame->num_qubits; j++)
    if (mask[j / 64] >> (j % 64) & 1)
      cone->qubits[cone->num_qubits++] = (uint32_t)j;
  cone->num_words = pauli_words(cone->num_qubits);
  cone->strings = flint_malloc((cone->num_gates * 2 * cone->num_words + 1) *
                               sizeof *cone->strings);
  for (size_t g = 0; g < cone->num_gates; g++)
    depth_cone_compress(cone->strings + g * 2 * cone->num_words, cone,
                        depth_frame_string(frame, cone->gates[g]));
  flint_free(mask);
}

void depth_cone_clear(depth_cone_t cone) {
  flint_free(cone->gates);
  flint_free(cone->qubits);
  flint_free(cone->strings);
}

void depth_cone_compress(uint64_t *out, const depth_cone_t cone,
                         const uint64_t *in) {
  memset(out, 0, 2 * cone->num_words * sizeof *out);
  for (size_t j = 0; j < cone->num_qubits; j++)
    pauli_set(out, cone->num_words, j,
              pauli_get(in, cone->full_words, cone->qubits[j]));
}

void depth_cone_expand(uint64_t *out, const depth_cone_t cone,
                       const uint64_t *in) {
  memset(out, 0, 2 * cone->full_words * sizeof *out);
  for (size_t j = 0; j < cone->num_qubits; j++)
    pauli_set(out, cone->full_words, cone->qubits[j],
              pauli_get(in, cone->num_words, j));
}
