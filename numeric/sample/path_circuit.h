/* path_circuit.h - a circuit as steps of a walk of strings. Private.

   Steps in Heisenberg order: step 0 meets O first. A step is a rotation about
   a string, by a random angle or by quarter turns, or a place of noise.

   Layer: numeric, below paths. */
#ifndef LIESCAPE_NUMERIC_PATH_CIRCUIT_H
#define LIESCAPE_NUMERIC_PATH_CIRCUIT_H

#include "algebra/base/ansatz.h"

typedef struct {
  uint32_t qubit;
  uint32_t letter; /* code of pauli.h: bit 0 is x, bit 1 is z */
} path_site_t;

typedef struct {
  size_t first_site, num_sites;
  unsigned quarter_turns; /* 1, 2, 3; 0: a random angle; PATH_NOISE */
  size_t rotation;        /* index in the ansatz; SIZE_MAX for noise */
} path_step_t;

enum { PATH_NOISE = 4 }; /* one site; its letter means nothing */

typedef struct {
  size_t num_steps, num_sites;
  path_step_t *steps;
  path_site_t *sites;
  bool noisy;
  double factors[4]; /* of noise, by letter */
  double flip;       /* for each letter of a measured string */
} path_circuit_t;

void path_circuit_init(path_circuit_t *circuit, const ansatz_t ansatz, bool noisy);
void path_circuit_clear(path_circuit_t *circuit);

/* Do the strings with these site letters anticommute? */
static inline unsigned path_letters_anticommute(unsigned a, unsigned b) {
  return ((a & (b >> 1)) ^ ((a >> 1) & b)) & 1;
}

/* steps[] receives the *num_steps steps that can meet a string grown from the
   given rows, by supports; used[q] becomes true for the qubits involved. */
void path_circuit_cone(size_t *steps, size_t *num_steps, bool *used,
                       const path_circuit_t *circuit, size_t num_qubits,
                       const uint64_t *const *rows, size_t num_rows);

/* class_of[t]: equal for terms whose product commutes with every random step;
   SIZE_MAX for terms that all of them commute with. False when it takes too
   much memory or time. */
bool path_circuit_classes(size_t *class_of, size_t *num_classes,
                          const path_circuit_t *circuit,
                          const pauli_sum_t sum);

#endif
