#include "algebra/depth/depth_frame.h"

#include <assert.h>

static size_t row_words(const clifford_map_t map) {
  return 2 * map->num_words;
}

void clifford_map_init(clifford_map_t map, size_t num_qubits) {
  size_t w = pauli_words(num_qubits);
  map->num_qubits = num_qubits;
  map->num_words = w;
  map->rows = flint_calloc(4 * w * num_qubits + 1, sizeof *map->rows);
  map->signs = flint_calloc(2 * num_qubits + 1, 1);
  for (size_t j = 0; j < num_qubits; j++) {
    pauli_set(map->rows + 2 * j * 2 * w, w, j, 1);
    pauli_set(map->rows + (2 * j + 1) * 2 * w, w, j, 2);
  }
}

void clifford_map_clear(clifford_map_t map) {
  flint_free(map->rows);
  flint_free(map->signs);
  map->rows = NULL;
  map->signs = NULL;
}

void clifford_map_apply(uint64_t *image, bool *negative,
                        const clifford_map_t map, const uint64_t *string) {
  size_t w = map->num_words;
  unsigned phase = 0; /* image so far = i^phase [image] */
  memset(image, 0, 2 * w * sizeof *image);
  for (size_t i = 0; i < w; i++)
    for (uint64_t set = string[i] | string[w + i]; set; set &= set - 1) {
      size_t j = 64 * i + (size_t)__builtin_ctzll(set);
      unsigned letter = pauli_get(string, w, j);
      if (letter == 3) phase++; /* Y = i X Z */
      for (unsigned part = 0; part < 2; part++)
        if (letter >> part & 1) {
          size_t row = 2 * j + part;
          phase += pauli_mul(image, image, map->rows + row * 2 * w, w) +
                   2u * map->signs[row];
        }
    }
  assert((phase & 1) == 0);
  *negative = phase >> 1 & 1;
}

/* A row changes under conjugation by exp(-i k pi/4 G) iff its preimage
   anticommutes with G; then, with K = image of G, it becomes
   -i K row (k = 1), -row (k = 2), i K row (k = 3). */
void clifford_map_precompose(clifford_map_t map, const uint64_t *g,
                             unsigned quarter_turns) {
  size_t w = map->num_words, width = row_words(map);
  uint64_t *k = flint_malloc((width + 1) * sizeof *k);
  bool negative;
  clifford_map_apply(k, &negative, map, g);
  for (size_t i = 0; i < w; i++)
    for (uint64_t set = g[i] | g[w + i]; set; set &= set - 1) {
      size_t j = 64 * i + (size_t)__builtin_ctzll(set);
      unsigned letter = pauli_get(g, w, j);
      for (unsigned part = 0; part < 2; part++) {
        /* X_j anticommutes with Z and Y there, Z_j with X and Y */
        if (!(letter >> (1 - part) & 1)) continue;
        size_t row = 2 * j + part;
        uint64_t *r = map->rows + row * width;
        if (quarter_turns & 1) {
          unsigned e = pauli_mul(r, k, r, w) + 2u * negative +
                       (quarter_turns == 1 ? 3u : 1u);
          assert((e & 1) == 0);
          map->signs[row] ^= (uint8_t)(e >> 1 & 1);
        } else if (quarter_turns == 2) {
          map->signs[row] ^= 1;
        }
      }
    }
  flint_free(k);
}

void clifford_map_invert(clifford_map_t out, const clifford_map_t map) {
  size_t n = map->num_qubits, w = map->num_words, width = row_words(map);
  uint64_t *image = flint_malloc((width + 1) * sizeof *image);
  memset(out->rows, 0, 2 * n * width * sizeof *out->rows);
  /* S = C^dag P C has x at j iff it anticommutes with Z_j, that is iff P
     anticommutes with the image of Z_j. P itself is X_i or Z_i. */
  for (size_t r = 0; r < 2 * n; r++)
    for (size_t i = 0; i < n; i++) {
      unsigned letter = pauli_get(map->rows + r * width, w, i);
      size_t j = r / 2;
      unsigned bit = r % 2 ? 1u : 2u; /* row of Z_j gives x, of X_j gives z */
      for (unsigned part = 0; part < 2; part++)
        if (letter >> (1 - part) & 1) {
          uint64_t *s = out->rows + (2 * i + part) * width;
          pauli_set(s, w, j, pauli_get(s, w, j) | bit);
        }
    }
  for (size_t r = 0; r < 2 * n; r++) {
    bool negative;
    clifford_map_apply(image, &negative, map, out->rows + r * width);
    out->signs[r] = negative;
  }
  flint_free(image);
}

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
  clifford_map_init(frame->map, n);
  for (size_t k = m; k-- > 0;) {
    const rotation_struct *r = ansatz->rotations + k;
    unsigned quarter_turns;
    if (angle_is_clifford(&quarter_turns, r->angle)) {
      if (quarter_turns)
        clifford_map_precompose(frame->map, r->string, quarter_turns);
      continue;
    }
    size_t g = frame->num_gates++;
    bool negative;
    clifford_map_apply(frame->strings + g * 2 * w, &negative, frame->map,
                       r->string);
    frame->negative[g] = negative;
    frame->rotation[g] = k;
  }
}

void depth_frame_clear(depth_frame_t frame) {
  flint_free(frame->strings);
  flint_free(frame->negative);
  flint_free(frame->rotation);
  clifford_map_clear(frame->map);
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
