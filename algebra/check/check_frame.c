#include "algebra/check/check_frame.h"

#include <flint/flint.h>
#include <string.h>

void check_frame_init(check_frame_t f, size_t num_qubits) {
  size_t w = pauli_words(num_qubits);
  *f = (check_frame_struct){.num_qubits = num_qubits, .w = w};
  f->images = flint_calloc(2 * num_qubits + 1, sizeof *f->images);
  f->negative = flint_calloc(2 * num_qubits + 1, sizeof *f->negative);
  f->letter = flint_calloc(2 * w + 1, sizeof *f->letter);
  f->product = flint_calloc(2 * w + 1, sizeof *f->product);
}

void check_frame_clear(check_frame_t f) {
  for (size_t k = 0; k < 2 * f->num_qubits; k++) flint_free(f->images[k]);
  flint_free(f->images);
  flint_free(f->negative);
  flint_free(f->letter);
  flint_free(f->product);
}

static uint64_t *letter_word(const check_frame_struct *f, size_t k) {
  return f->letter + k / 128 + k % 2 * f->w;
}

/* The product times the image k; returns the exponent of i. */
static unsigned multiply(const check_frame_struct *f, size_t k) {
  if (f->images[k])
    return pauli_mul(f->product, f->product, f->images[k], f->w) +
           2 * (unsigned)f->negative[k];
  *letter_word(f, k) = UINT64_C(1) << (k / 2 % 64);
  unsigned e = pauli_mul(f->product, f->product, f->letter, f->w);
  *letter_word(f, k) = 0;
  return e;
}

/* Letters of different qubits commute, Y = i X Z. */
void check_frame_pull(uint64_t *string, bool *negative, const check_frame_t f) {
  size_t w = f->w;
  unsigned e = 0;
  memset(f->product, 0, 2 * w * sizeof *f->product);
  for (size_t i = 0; i < w; i++)
    for (uint64_t left = string[i] | string[w + i]; left; left &= left - 1) {
      size_t bit = (size_t)__builtin_ctzll(left), q = 64 * i + bit;
      bool x = string[i] >> bit & 1, z = string[w + i] >> bit & 1;
      if (x) e += multiply(f, 2 * q);
      if (z) e += multiply(f, 2 * q + 1);
      e += x && z;
    }
  memcpy(string, f->product, 2 * w * sizeof *string);
  if (e & 2) *negative = !*negative;
}

/* image k := i (+-Q) (image k), Q pulled back, or with turns = 2 -(image k). */
static void turn(check_frame_struct *f, size_t k, const uint64_t *q, bool q_negative,
                 unsigned turns) {
  unsigned e = turns == 2 ? 2 : turns;
  if (!f->images[k]) {
    f->images[k] = flint_calloc(2 * f->w + 1, sizeof *f->letter);
    f->images[k][k / 128 + k % 2 * f->w] = UINT64_C(1) << (k / 2 % 64);
  }
  if (turns != 2) e += pauli_mul(f->images[k], q, f->images[k], f->w);
  if (((e & 2) != 0) != (turns != 2 && q_negative)) f->negative[k] = !f->negative[k];
}

void check_frame_push(check_frame_t f, const uint64_t *q, unsigned turns) {
  size_t w = f->w;
  bool negative = false;
  uint64_t *pulled = flint_malloc((2 * w + 1) * sizeof *pulled);
  memcpy(pulled, q, 2 * w * sizeof *pulled);
  check_frame_pull(pulled, &negative, f);
  for (size_t i = 0; i < 2 * w; i++) /* an x of Q anticommutes with Z, a z with X */
    for (uint64_t left = q[i]; left; left &= left - 1)
      turn(f, 2 * (64 * (i < w ? i : i - w) + (size_t)__builtin_ctzll(left)) + (i < w), pulled,
           negative, turns);
  flint_free(pulled);
}
