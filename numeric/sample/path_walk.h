/* path_walk.h - 512 paths of one class of terms at a time. Private.

   The strings of the class on the qubits of its light cone, bit-sliced: bit l
   of x[qubit] is the x bit of path l there. The terms of a class take the same
   decisions, since they anticommute with the same random steps.

   Layer: numeric, between path_circuit and paths. */
#ifndef LIESCAPE_NUMERIC_PATH_WALK_H
#define LIESCAPE_NUMERIC_PATH_WALK_H

#include "numeric/sample/path_circuit.h"

enum { PATH_LANES = 512, PATH_WORDS = PATH_LANES / 64 };

typedef uint64_t path_mask_t __attribute__((vector_size(8 * PATH_WORDS)));

/* One rotation of the input-side that is averaged, not walked: Tr^2 with the
   path restricted to those that anticommute with it is table[letter] in place
   of the value of its qubit. */
typedef struct {
  size_t rotation;
  uint32_t qubit; /* of the cone */
  double table[4];
} path_absorbed_t;

typedef enum {
  PATH_INPUT_PRODUCT, /* bloch is there */
  PATH_INPUT_PURE,    /* a pure stabilizer state */
  PATH_INPUT_OTHER
} path_input_kind_t;

typedef struct {
  path_input_kind_t kind;
  double *bloch; /* product: 4 per qubit of the register, by letter */
  const stabilizer_state_struct *stabilizer; /* the others */
  stabilizer_echelon_t echelon;              /* likewise */
} path_input_t;

void path_input_init(path_input_t *input, const quantum_state_t state);
void path_input_clear(path_input_t *input);

typedef struct {
  size_t num_qubits; /* of the register */
  size_t num_terms;
  const uint64_t **rows;
  double *coeffs;
  double bound; /* (sum |coeffs|)^2 */
  size_t num_used;
  uint32_t *used; /* qubit of the register of each qubit of the cone */
  size_t num_steps; /* walked */
  path_step_t *steps;
  path_site_t *sites; /* qubits are those of the cone */
  size_t num_random; /* random steps among them */
  bool noisy;        /* some steps are noise */
  double factors[4]; /* of a place, by letter */
  size_t num_absorbed;
  path_absorbed_t *absorbed;
  double *values; /* one term, product state: 4 for each qubit of the cone */
} path_class_t;

void path_class_init(path_class_t *c, const path_circuit_t *circuit,
                     const pauli_sum_t sum, const size_t *class_of,
                     size_t class_index, const path_input_t *input);
void path_class_clear(path_class_t *c);

typedef struct {
  path_mask_t *x, *z; /* x[term * num_used + qubit] */
  path_mask_t *sign;  /* per term */
  path_mask_t *met;   /* per random step: paths that anticommute with it */
  double *damp;       /* noise: PATH_LANES factors per term; else NULL */
  /* Noise of one factor for all letters: met places of each path, in binary, num_bits
     masks per term; powers[k] is the factor of k places. */
  size_t num_bits;
  path_mask_t *places;
  double *powers;
  double value[PATH_LANES]; /* X of each path */
  double *row;              /* PATH_LANES numbers, for sums of terms */
} path_batch_t;

void path_batch_init(path_batch_t *b, const path_class_t *c);
void path_batch_clear(path_batch_t *b);
/* Fills met and value for batch `index` of this seed. */
void path_batch_run(path_batch_t *b, const path_class_t *c,
                    const path_input_t *input, uint64_t seed, uint64_t index,
                    double spoil);

#endif
