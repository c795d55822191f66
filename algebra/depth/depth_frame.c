#include "algebra/depth/depth_frame.h"

/* Is there a channel that is not the identity? */
static bool has_channel(const ansatz_t ansatz) {
  const pauli_noise_struct *noise = ansatz->noise;
  return noise->given && (!fmpq_is_zero(noise->probability[0]) ||
                          !fmpq_is_zero(noise->probability[1]) ||
                          !fmpq_is_zero(noise->probability[2]));
}

/* The place of the ansatz that is place h in Heisenberg order. */
static const gate_place_struct *place_of(const ansatz_struct *ansatz, size_t h) {
  return ansatz->places + (ansatz->num_places - 1 - h);
}

/* Those behind rotation number `rotations`. */
static void add_places(depth_frame_t frame, size_t rotations, size_t num_places) {
  size_t w = frame->num_words;
  uint64_t *letter = flint_calloc(2 * w + 1, sizeof *letter);
  for (; frame->num_places < num_places; frame->num_places++) {
    const gate_place_struct *p = place_of(frame->ansatz, frame->num_places);
    uint64_t *row = frame->images + frame->num_places * 4 * w;
    if (p->after < rotations) break;
    for (unsigned code = 1; code <= 2; code++, row += 2 * w) {
      pauli_set(letter, w, p->qubit, code);
      (void)clifford_frame_image(row, frame->cliffords, letter);
      pauli_set(letter, w, p->qubit, 0);
    }
  }
  flint_free(letter);
}

void depth_frame_init(depth_frame_t frame, const ansatz_t ansatz, bool noisy) {
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
  size_t places = noisy && has_channel(ansatz) ? ansatz->num_places : 0;
  frame->num_places = 0;
  frame->images = flint_malloc((places * 4 * w + 1) * sizeof *frame->images);
  for (int letter = 0; letter < 4; letter++) fmpq_init(frame->factors + letter);
  pauli_noise_factors(frame->factors, ansatz->noise);
  add_places(frame, m, places);
  for (size_t k = m; k-- > 0; add_places(frame, k, places)) {
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
  flint_free(frame->images);
  for (int letter = 0; letter < 4; letter++) fmpq_clear(frame->factors + letter);
  clifford_frame_clear(frame->cliffords);
}

unsigned depth_frame_letter(const depth_frame_t frame, size_t place,
                            const uint64_t *string) {
  size_t w = frame->num_words;
  return (unsigned)pauli_anticommute(string, depth_frame_image(frame, place, true), w) |
         (unsigned)pauli_anticommute(string, depth_frame_image(frame, place, false), w)
             << 1;
}

void depth_frame_denominator(fmpz_t den, const depth_frame_t frame) {
  fmpz_one(den);
  for (int letter = 1; letter < 4; letter++)
    fmpz_lcm(den, den, fmpq_denref(frame->factors + letter));
}

void depth_frame_damp(fmpq_t out, const depth_frame_t frame,
                      const uint64_t *string) {
  ulong counts[4] = {0};
  fmpq_t power;
  for (size_t h = 0; h < frame->num_places; h++)
    counts[depth_frame_letter(frame, h, string)]++;
  fmpq_init(power);
  fmpq_one(out);
  for (int letter = 1; letter < 4; letter++) {
    fmpz_pow_ui(fmpq_numref(power), fmpq_numref(frame->factors + letter),
                counts[letter]);
    fmpz_pow_ui(fmpq_denref(power), fmpq_denref(frame->factors + letter),
                counts[letter]);
    fmpq_mul(out, out, power);
  }
  fmpq_clear(power);
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
void depth_frame_cone(size_t *gates, size_t *num_gates, size_t *places,
                      size_t *before, size_t *num_places, uint64_t *mask,
                      const depth_frame_t frame, const uint64_t *strings,
                      size_t num_strings) {
  size_t w = frame->num_words, g = 0, h = 0;
  const ansatz_struct *ansatz = frame->ansatz;
  /* x and z bits that occur in some string */
  uint64_t *live = flint_calloc(2 * w + 1, sizeof *live);
  memset(mask, 0, w * sizeof *mask);
  for (size_t s = 0; s < num_strings; s++)
    for (size_t i = 0; i < 2 * w; i++) {
      live[i] |= strings[s * 2 * w + i];
      mask[i % w] |= strings[s * 2 * w + i];
    }
  *num_gates = *num_places = 0;
  for (size_t k = ansatz->num_rotations;; k--) {
    for (; h < frame->num_places && place_of(ansatz, h)->after >= k; h++)
      if (pauli_get(live, w, place_of(ansatz, h)->qubit)) {
        places[*num_places] = h;
        before[(*num_places)++] = *num_gates;
      }
    if (k == 0) break;
    bool kept = g < frame->num_gates && frame->rotation[g] == k - 1;
    if (kept) g++;
    if (!grow(live, ansatz->rotations[k - 1].string, w) || !kept) continue;
    gates[(*num_gates)++] = g - 1;
    const uint64_t *p = depth_frame_string(frame, g - 1);
    for (size_t i = 0; i < 2 * w; i++) mask[i % w] |= p[i];
  }
  flint_free(live);
}
