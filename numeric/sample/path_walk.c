#include "numeric/sample/path_walk.h"

#include <stdlib.h>
#include <string.h>

#include "algebra/base/text.h"
#include "numeric/machine/memory.h"
#include "numeric/machine/random.h"

static path_mask_t *masks(size_t count) {
  return memory_must(memory_state((count + 1) * sizeof(path_mask_t)));
}

/* One factor for all letters: places need only be counted. */
static void init_places(path_batch_t *b, const path_class_t *c) {
  size_t most = 0;
  b->num_bits = 0;
  b->places = NULL;
  b->powers = NULL;
  if (!c->noisy || c->factors[1] != c->factors[2] || c->factors[1] != c->factors[3])
    return;
  for (size_t s = 0; s < c->num_steps; s++)
    most += c->steps[s].quarter_turns == PATH_NOISE;
  while (most >> b->num_bits) b->num_bits++;
  b->places = masks(c->num_terms * b->num_bits);
  b->powers = memory_get(most + 1, sizeof *b->powers);
  b->powers[0] = 1;
  for (size_t k = 1; k <= most; k++) b->powers[k] = b->powers[k - 1] * c->factors[1];
}

void path_batch_init(path_batch_t *b, const path_class_t *c) {
  b->x = masks(c->num_terms * c->num_used);
  b->z = masks(c->num_terms * c->num_used);
  b->sign = masks(c->num_terms);
  b->met = masks(c->num_random);
  b->row = memory_get(PATH_LANES, sizeof *b->row);
  b->damp = c->noisy ? memory_get(c->num_terms * PATH_LANES, sizeof *b->damp) : NULL;
  init_places(b, c);
}

void path_batch_clear(path_batch_t *b) {
  free(b->x);
  free(b->z);
  free(b->sign);
  free(b->met);
  free(b->row);
  free(b->damp);
  free(b->places);
  free(b->powers);
}

/* row[l] *= table[letter of path l], 4 numbers by letter. */
static void multiply(double *row, const path_mask_t *x, const path_mask_t *z,
                     const double *table) {
  for (size_t k = 0; k < PATH_WORDS; k++) {
    uint64_t a = (*x)[k], b = (*z)[k];
    if (!(a | b)) continue;
    for (size_t l = 0; l < 64; l++)
      row[64 * k + l] *= table[(a >> l & 1) | (b >> l & 1) << 1];
  }
}

static void start(path_batch_t *b, const path_class_t *c) {
  size_t w = pauli_words(c->num_qubits);
  path_mask_t none = {0}, all = ~none;
  for (size_t t = 0; t < c->num_terms; t++) {
    b->sign[t] = none;
    for (size_t q = 0; q < c->num_used; q++) {
      unsigned letter = pauli_get(c->rows[t], w, c->used[q]);
      b->x[t * c->num_used + q] = letter & 1 ? all : none;
      b->z[t * c->num_used + q] = letter & 2 ? all : none;
    }
  }
}

/* Masks go by address: their size is no native one everywhere. */
static void anticommuting(path_mask_t *out, const path_mask_t *x,
                          const path_mask_t *z, const path_site_t *site,
                          size_t count) {
  path_mask_t hit = {0};
  for (size_t i = 0; i < count; i++) {
    if (site[i].letter & 2) hit ^= x[site[i].qubit];
    if (site[i].letter & 1) hit ^= z[site[i].qubit];
  }
  *out = hit;
}

/* Paths whose product G Q is i^e [G+Q] with e = 1 rather than 3 get iGQ =
   -[G+Q]: to be called before the strings are turned, for paths whose Q
   anticommutes with G. */
static void turns_negative(path_mask_t *out, const path_mask_t *x,
                           const path_mask_t *z, const path_site_t *site,
                           size_t count) {
  path_mask_t low = {0}, high = {0}; /* e = low + 2 high */
  for (size_t i = 0; i < count; i++) {
    path_mask_t a = x[site[i].qubit], b = z[site[i].qubit], plus, minus;
    switch (site[i].letter) {
      case 1: plus = a & b, minus = b & ~a; break;  /* XY = iZ, XZ = -iY */
      case 2: plus = a & ~b, minus = a & b; break;  /* ZX = iY, ZY = -iX */
      default: plus = b & ~a, minus = a & ~b;       /* YZ = iX, YX = -iZ */
    }
    high ^= (plus & low) | (minus & ~low);
    low ^= plus | minus;
  }
  *out = ~high;
}

/* Term t becomes iGQ where flips says so, -iGQ for three quarter turns. */
static void turn(path_batch_t *b, const path_class_t *c,
                 const path_step_t *step, size_t t, const path_mask_t *flips) {
  const path_site_t *site = c->sites + step->first_site;
  path_mask_t *x = b->x + t * c->num_used, *z = b->z + t * c->num_used;
  if (c->num_terms > 1) {
    path_mask_t negative;
    turns_negative(&negative, x, z, site, step->num_sites);
    b->sign[t] ^= *flips & (step->quarter_turns == 3 ? ~negative : negative);
  }
  for (size_t i = 0; i < step->num_sites; i++) {
    if (site[i].letter & 1) x[site[i].qubit] ^= *flips;
    if (site[i].letter & 2) z[site[i].qubit] ^= *flips;
  }
}

/* A fixed rotation: terms of one class may differ in whether they meet it. */
static void walk_fixed(path_batch_t *b, const path_class_t *c,
                       const path_step_t *step) {
  for (size_t t = 0; t < c->num_terms; t++) {
    path_mask_t hit;
    anticommuting(&hit, b->x + t * c->num_used, b->z + t * c->num_used,
                  c->sites + step->first_site, step->num_sites);
    if (step->quarter_turns == 2) b->sign[t] ^= hit;
    else turn(b, c, step, t, &hit);
  }
}

static void walk_noise(path_batch_t *b, const path_class_t *c,
                       const path_step_t *step) {
  size_t q = c->sites[step->first_site].qubit;
  for (size_t t = 0; t < c->num_terms; t++) {
    const path_mask_t *x = b->x + t * c->num_used + q, *z = b->z + t * c->num_used + q;
    if (b->places) {
      path_mask_t carry = *x | *z;
      for (size_t i = 0; i < b->num_bits; i++) {
        path_mask_t *bit = b->places + t * b->num_bits + i, sum = *bit ^ carry;
        carry &= *bit;
        *bit = sum;
      }
    } else {
      multiply(b->damp + t * PATH_LANES, x, z, c->factors);
    }
  }
}

static void start_noise(path_batch_t *b, const path_class_t *c) {
  path_mask_t none = {0};
  for (size_t i = 0; b->damp && i < c->num_terms * PATH_LANES; i++) b->damp[i] = 1;
  for (size_t i = 0; i < c->num_terms * b->num_bits; i++) b->places[i] = none;
}

/* The same product as factor by factor, to the last digit. */
static void end_noise(path_batch_t *b, const path_class_t *c) {
  for (size_t t = 0; b->places && t < c->num_terms; t++)
    for (size_t l = 0; l < PATH_LANES; l++) {
      size_t count = 0;
      for (size_t i = 0; i < b->num_bits; i++)
        count |= (size_t)(b->places[t * b->num_bits + i][l / 64] >> (l % 64) & 1) << i;
      b->damp[t * PATH_LANES + l] = b->powers[count];
    }
}

static void walk(path_batch_t *b, const path_class_t *c, uint64_t seed,
                 uint64_t index) {
  path_mask_t *met = b->met;
  start_noise(b, c);
  for (size_t s = 0; s < c->num_steps; s++) {
    const path_step_t *step = c->steps + s;
    uint64_t bits[PATH_WORDS];
    path_mask_t flips;
    if (step->quarter_turns) {
      if (step->quarter_turns == PATH_NOISE) walk_noise(b, c, step);
      else walk_fixed(b, c, step);
      continue;
    }
    anticommuting(met, b->x, b->z, c->sites + step->first_site,
                  step->num_sites);
    random_words(bits, PATH_WORDS, seed, RANDOM_PATHS, index, s);
    memcpy(&flips, bits, sizeof flips);
    flips &= *met++;
    for (size_t t = 0; t < c->num_terms; t++) turn(b, c, step, t, &flips);
  }
  end_noise(b, c);
}

/* --- values ------------------------------------------------------------------------- */

/* Paths whose string commutes with every stabilizer. */
static void stabilized(path_mask_t *out, const path_mask_t *x,
                       const path_mask_t *z, const path_class_t *c,
                       const stabilizer_state_struct *s) {
  path_mask_t none = {0}, alive = ~none;
  for (size_t j = 0; j < s->rank; j++) {
    const uint64_t *row = stabilizer_state_string(s, j);
    path_mask_t hit = none;
    for (size_t q = 0; q < c->num_used; q++) {
      unsigned letter = pauli_get(row, s->num_words, c->used[q]);
      if (letter & 2) hit ^= x[q];
      if (letter & 1) hit ^= z[q];
    }
    alive &= ~hit;
  }
  *out = alive;
}

static int expectation(const path_mask_t *x, const path_mask_t *z,
                       const path_class_t *c, const path_input_t *input,
                       uint64_t *string, size_t lane) {
  size_t w = pauli_words(c->num_qubits);
  memset(string, 0, 2 * w * sizeof *string);
  for (size_t q = 0; q < c->num_used; q++) {
    unsigned letter = (unsigned)(x[q][lane / 64] >> (lane % 64) & 1) |
                      (unsigned)(z[q][lane / 64] >> (lane % 64) & 1) << 1;
    pauli_set(string, w, c->used[q], letter);
  }
  return stabilizer_echelon_expectation(input->echelon, string);
}

/* row[l] = Tr(rho Q) of term t, up to its sign for a single term. */
static void traces(double *row, const path_batch_t *b, const path_class_t *c,
                   const path_input_t *input, size_t t) {
  const path_mask_t *x = b->x + t * c->num_used, *z = b->z + t * c->num_used;
  for (size_t l = 0; l < PATH_LANES; l++) row[l] = 1;
  if (input->kind == PATH_INPUT_PRODUCT) {
    for (size_t q = 0; q < c->num_used; q++)
      multiply(row, x + q, z + q, input->bloch + 4 * c->used[q]);
    return;
  }
  path_mask_t none = {0}, alive = ~none;
  if (input->kind == PATH_INPUT_PURE)
    stabilized(&alive, x, z, c, input->stabilizer);
  bool signs = c->num_terms > 1 || input->kind == PATH_INPUT_OTHER;
  uint64_t *string =
      memory_get(2 * pauli_words(c->num_qubits), sizeof *string);
  for (size_t l = 0; l < PATH_LANES; l++)
    row[l] = !(alive[l / 64] >> (l % 64) & 1) ? 0
             : signs ? expectation(x, z, c, input, string, l)
                     : 1;
  free(string);
}

static void evaluate(path_batch_t *b, const path_class_t *c,
                     const path_input_t *input) {
  double *out = b->value;
  if (c->values) {
    for (size_t l = 0; l < PATH_LANES; l++)
      out[l] = c->coeffs[0] * c->coeffs[0];
    for (size_t q = 0; q < c->num_used; q++)
      multiply(out, b->x + q, b->z + q, c->values + 4 * q);
    for (size_t l = 0; b->damp && l < PATH_LANES; l++)
      out[l] *= b->damp[l] * b->damp[l];
    return;
  }
  memset(out, 0, PATH_LANES * sizeof *out);
  for (size_t t = 0; t < c->num_terms; t++) {
    traces(b->row, b, c, input, t);
    for (size_t l = 0; b->damp && l < PATH_LANES; l++)
      b->row[l] *= b->damp[t * PATH_LANES + l];
    for (size_t l = 0; l < PATH_LANES; l++)
      out[l] += (b->sign[t][l / 64] >> (l % 64) & 1 ? -1 : 1) * c->coeffs[t] *
                b->row[l];
  }
  for (size_t l = 0; l < PATH_LANES; l++) out[l] *= out[l];
}

void path_batch_run(path_batch_t *b, const path_class_t *c,
                    const path_input_t *input, uint64_t seed, uint64_t index,
                    double spoil) {
  start(b, c);
  walk(b, c, seed, index);
  evaluate(b, c, input);
  if (spoil <= 0) return;
  for (size_t s = 0; s < c->num_random; s++)
    for (size_t l = 0; l < PATH_LANES; l++)
      if (b->met[s][l / 64] >> (l % 64) & 1) b->value[l] *= spoil;
}
