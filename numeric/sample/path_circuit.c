#include "numeric/sample/path_circuit.h"

#include <stdlib.h>
#include <string.h>

#include "numeric/machine/memory.h"

enum { MAX_CLASS_WORK = 1 << 29 };

static size_t add_sites(path_circuit_t *c, size_t *room, const uint64_t *string,
                        size_t w) {
  size_t count = 0;
  for (size_t i = 0; i < w; i++)
    for (uint64_t set = string[i] | string[w + i]; set; set &= set - 1) {
      size_t q = 64 * i + (size_t)__builtin_ctzll(set);
      if (c->num_sites == *room) {
        *room = 2 * *room + 64;
        c->sites = memory_resize(c->sites, *room, sizeof *c->sites);
      }
      c->sites[c->num_sites++] =
          (path_site_t){(uint32_t)q, pauli_get(string, w, q)};
      count++;
    }
  return count;
}

static void set_noise(path_circuit_t *c, const pauli_noise_struct *noise) {
  double p[3];
  for (int i = 0; i < 3; i++) p[i] = fmpq_get_d(noise->probability[i]);
  c->noisy = p[0] > 0 || p[1] > 0 || p[2] > 0;
  c->flip = 1 - 2 * fmpq_get_d(noise->readout);
  c->factors[1] = 1 - 2 * (p[1] + p[2]);
  c->factors[2] = 1 - 2 * (p[0] + p[1]);
  c->factors[3] = 1 - 2 * (p[0] + p[2]);
}

/* The places behind rotation number `rotations`, the last `*left` not done yet. */
static void add_noise(path_circuit_t *c, size_t *left, size_t *room,
                      const ansatz_t ansatz, size_t rotations) {
  for (; *left && ansatz->places[*left - 1].after >= rotations; (*left)--) {
    if (c->num_sites == *room) {
      *room = 2 * *room + 64;
      c->sites = memory_resize(c->sites, *room, sizeof *c->sites);
    }
    c->steps[c->num_steps++] = (path_step_t){.first_site = c->num_sites,
                                             .num_sites = 1,
                                             .quarter_turns = PATH_NOISE,
                                             .rotation = SIZE_MAX};
    c->sites[c->num_sites++] =
        (path_site_t){(uint32_t)ansatz->places[*left - 1].qubit, 1};
  }
}

void path_circuit_init(path_circuit_t *c, const ansatz_t ansatz, bool noisy) {
  size_t w = pauli_words(ansatz->num_qubits), room = 0, left = 0;
  *c = (path_circuit_t){.factors = {1, 1, 1, 1}, .flip = 1};
  if (noisy && ansatz->noise->given) set_noise(c, ansatz->noise);
  if (c->noisy) left = ansatz->num_places;
  c->steps = memory_get(ansatz->num_rotations + left, sizeof *c->steps);
  add_noise(c, &left, &room, ansatz, ansatz->num_rotations);
  for (size_t k = ansatz->num_rotations; k-- > 0;
       add_noise(c, &left, &room, ansatz, k)) {
    const rotation_struct *r = ansatz->rotations + k;
    path_step_t *step = c->steps + c->num_steps;
    *step = (path_step_t){.first_site = c->num_sites, .rotation = k};
    if (angle_is_clifford(&step->quarter_turns, r->angle) &&
        step->quarter_turns == 0)
      continue;
    step->num_sites = add_sites(c, &room, r->string, w);
    c->num_steps++;
  }
}

void path_circuit_clear(path_circuit_t *c) {
  free(c->steps);
  free(c->sites);
}

void path_circuit_cone(size_t *steps, size_t *num_steps, bool *used,
                       const path_circuit_t *c, size_t num_qubits,
                       const uint64_t *const *rows, size_t num_rows) {
  size_t w = pauli_words(num_qubits);
  uint8_t *live = memory_get(num_qubits, 1); /* letters that occur */
  for (size_t r = 0; r < num_rows; r++)
    for (size_t q = 0; q < num_qubits; q++)
      live[q] |= (uint8_t)pauli_get(rows[r], w, q);
  *num_steps = 0;
  for (size_t s = 0; s < c->num_steps; s++) {
    const path_step_t *step = c->steps + s;
    const path_site_t *site = c->sites + step->first_site;
    bool meets = false;
    for (size_t i = 0; i < step->num_sites; i++) {
      unsigned l = live[site[i].qubit], g = site[i].letter;
      meets = meets || (l & 1 & (g >> 1)) || (l >> 1 & g & 1);
    }
    if (step->quarter_turns == PATH_NOISE) meets = live[site->qubit];
    if (!meets) continue;
    steps[(*num_steps)++] = s;
    if (step->quarter_turns == PATH_NOISE) continue;
    for (size_t i = 0; i < step->num_sites; i++)
      live[site[i].qubit] |= (uint8_t)site[i].letter;
  }
  for (size_t q = 0; q < num_qubits; q++) used[q] = live[q] != 0;
  free(live);
}

/* --- classes of terms ------------------------------------------------------------ */

/* The terms as bits of words, 64 at a time: every term goes through the fixed
   steps alone, and at a random step the class of those that anticommute is
   told from that of those that do not. */
typedef struct {
  size_t num_terms, words;
  uint64_t *x, *z; /* x[qubit * words + word] */
  uint64_t *hit;   /* words */
} bundle_t;

static void bundle_init(bundle_t *b, const pauli_sum_t sum) {
  size_t n = sum->num_qubits, w = sum->num_words;
  b->num_terms = sum->length;
  b->words = (sum->length + 63) / 64;
  b->x = memory_get(n * b->words, sizeof *b->x);
  b->z = memory_get(n * b->words, sizeof *b->z);
  b->hit = memory_get(b->words, sizeof *b->hit);
  for (size_t t = 0; t < sum->length; t++)
    for (size_t q = 0; q < n; q++) {
      uint64_t letter = pauli_get(pauli_sum_string(sum, t), w, q);
      b->x[q * b->words + t / 64] |= (letter & 1) << (t % 64);
      b->z[q * b->words + t / 64] |= (letter >> 1) << (t % 64);
    }
}

static void bundle_clear(bundle_t *b) {
  free(b->x);
  free(b->z);
  free(b->hit);
}

static bool bundle_meet(bundle_t *b, const path_step_t *step,
                        const path_site_t *site) {
  uint64_t any = 0;
  memset(b->hit, 0, b->words * sizeof *b->hit);
  for (size_t i = 0; i < step->num_sites; i++) {
    const uint64_t *x = b->x + site[i].qubit * b->words;
    const uint64_t *z = b->z + site[i].qubit * b->words;
    for (size_t k = 0; k < b->words; k++)
      b->hit[k] ^= (site[i].letter & 2 ? x[k] : 0) ^
                   (site[i].letter & 1 ? z[k] : 0);
  }
  for (size_t k = 0; k < b->words; k++) any |= b->hit[k];
  return any != 0;
}

static void bundle_turn(bundle_t *b, const path_step_t *step,
                        const path_site_t *site) {
  for (size_t i = 0; i < step->num_sites; i++)
    for (size_t k = 0; k < b->words; k++) {
      size_t at = site[i].qubit * b->words + k;
      if (site[i].letter & 1) b->x[at] ^= b->hit[k];
      if (site[i].letter & 2) b->z[at] ^= b->hit[k];
    }
}

/* Splits every class into those that hit and those that do not; split[c] is the
   new number of the class of those of c that hit. */
static void refine(size_t *class_of, size_t *num_classes, size_t *split,
                   size_t *kept, const bundle_t *b) {
  size_t before = *num_classes;
  for (size_t c = 0; c < before; c++) {
    split[c] = SIZE_MAX;
    kept[c] = 0;
  }
  for (size_t t = 0; t < b->num_terms; t++)
    if (!(b->hit[t / 64] >> (t % 64) & 1)) kept[class_of[t]]++;
  for (size_t t = 0; t < b->num_terms; t++) {
    size_t c = class_of[t];
    if (!(b->hit[t / 64] >> (t % 64) & 1) || kept[c] == 0) continue;
    if (split[c] == SIZE_MAX) split[c] = (*num_classes)++;
    class_of[t] = split[c];
  }
}

bool path_circuit_classes(size_t *class_of, size_t *num_classes,
                          const path_circuit_t *c, const pauli_sum_t sum) {
  bundle_t b;
  size_t words = (sum->length + 63) / 64;
  if (words && (c->num_sites + sum->num_qubits + c->num_steps) >
                   MAX_CLASS_WORK / words)
    return false;
  bundle_init(&b, sum);
  size_t *split = memory_get(sum->length + 1, sizeof *split);
  size_t *kept = memory_get(sum->length + 1, sizeof *kept);
  bool *moved = memory_get(sum->length + 1, sizeof *moved);
  *num_classes = sum->length > 0;
  memset(class_of, 0, sum->length * sizeof *class_of);
  for (size_t s = 0; s < c->num_steps; s++) {
    const path_step_t *step = c->steps + s;
    const path_site_t *site = c->sites + step->first_site;
    if (step->quarter_turns == PATH_NOISE || !bundle_meet(&b, step, site)) continue;
    if (step->quarter_turns == 2) continue; /* signs only */
    if (step->quarter_turns) {
      bundle_turn(&b, step, site);
      continue;
    }
    for (size_t t = 0; t < sum->length; t++)
      if (b.hit[t / 64] >> (t % 64) & 1) moved[t] = true;
    refine(class_of, num_classes, split, kept, &b);
  }
  for (size_t t = 0; t < sum->length; t++)
    if (!moved[t]) class_of[t] = SIZE_MAX;
  free(split);
  free(kept);
  free(moved);
  bundle_clear(&b);
  return true;
}
