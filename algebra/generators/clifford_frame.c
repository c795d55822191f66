#include "algebra/generators/clifford_frame.h"

#include <assert.h>
#include <flint/flint.h>

void clifford_frame_init(clifford_frame_t frame, size_t num_qubits) {
  size_t w = pauli_words(num_qubits), width = 2 * w;
  frame->num_qubits = num_qubits;
  frame->num_words = w;
  frame->images = flint_calloc(2 * num_qubits * width + 1,
                               sizeof *frame->images);
  frame->signs = flint_calloc(2 * num_qubits + 1, 1);
  for (size_t j = 0; j < num_qubits; j++) {
    pauli_set(frame->images + 2 * j * width, w, j, 1);
    pauli_set(frame->images + (2 * j + 1) * width, w, j, 2);
  }
}

void clifford_frame_clear(clifford_frame_t frame) {
  flint_free(frame->images);
  flint_free(frame->signs);
}

bool clifford_frame_image(uint64_t *out, const clifford_frame_t frame,
                          const uint64_t *string) {
  size_t w = frame->num_words, width = 2 * w;
  unsigned phase = 0; /* the product so far is i^phase out */
  memset(out, 0, width * sizeof *out);
  for (size_t i = 0; i < w; i++)
    for (uint64_t left = string[i] | string[w + i]; left; left &= left - 1) {
      size_t j = 64 * i + (size_t)__builtin_ctzll(left);
      unsigned letter = pauli_get(string, w, j);
      if (letter == 3) phase++; /* Y = i X Z */
      for (unsigned half = 0; half < 2; half++)
        if (letter >> half & 1) {
          size_t row = 2 * j + half;
          phase += pauli_mul(out, out, frame->images + row * width, w) +
                   2u * frame->signs[row];
        }
    }
  assert(phase % 2 == 0);
  return phase / 2 % 2;
}

void clifford_frame_rotate(clifford_frame_t frame, const uint64_t *string,
                           unsigned quarter_turns) {
  size_t w = frame->num_words, width = 2 * w;
  quarter_turns %= 4;
  if (!quarter_turns) return;
  uint64_t *image = flint_malloc(width * sizeof *image);
  bool negative = clifford_frame_image(image, frame, string);
  for (size_t i = 0; i < w; i++)
    for (uint64_t left = string[i] | string[w + i]; left; left &= left - 1) {
      size_t j = 64 * i + (size_t)__builtin_ctzll(left);
      unsigned letter = pauli_get(string, w, j);
      for (unsigned half = 0; half < 2; half++) {
        /* X_j anticommutes with letters that contain Z, and vice versa. */
        if (!(letter >> (1 - half) & 1)) continue;
        size_t row = 2 * j + half;
        uint64_t *q = frame->images + row * width;
        /* Q -> cos a Q + sin a (i P Q),  a = quarter_turns pi/2 */
        if (quarter_turns == 2) {
          frame->signs[row] ^= 1;
          continue;
        }
        unsigned e = 1 + pauli_mul(q, image, q, w);
        assert(e % 2 == 0);
        frame->signs[row] ^=
            (uint8_t)((e / 2 + (quarter_turns == 3) + negative) & 1);
      }
    }
  flint_free(image);
}

void clifford_frame_invert(clifford_frame_t out, const clifford_frame_t frame) {
  size_t n = frame->num_qubits, w = frame->num_words, width = 2 * w;
  uint64_t *image = flint_malloc((width + 1) * sizeof *image);
  memset(out->images, 0, 2 * n * width * sizeof *out->images);
  /* S = C P C^dag has x at j iff it anticommutes with Z_j, that is iff P
     anticommutes with the image of Z_j. P itself is X_i or Z_i. */
  for (size_t r = 0; r < 2 * n; r++)
    for (size_t i = 0; i < n; i++) {
      unsigned letter = pauli_get(frame->images + r * width, w, i);
      size_t j = r / 2;
      unsigned bit = r % 2 ? 1u : 2u; /* row of Z_j gives x, of X_j gives z */
      for (unsigned half = 0; half < 2; half++)
        if (letter >> (1 - half) & 1) {
          uint64_t *s = out->images + (2 * i + half) * width;
          pauli_set(s, w, j, pauli_get(s, w, j) | bit);
        }
    }
  for (size_t r = 0; r < 2 * n; r++)
    out->signs[r] =
        clifford_frame_image(image, frame, out->images + r * width);
  flint_free(image);
}
