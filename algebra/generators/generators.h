/* generators.h - from the ansatz as written to generators of a Lie algebra.

   A circuit of Pauli rotations and Clifford gates equals
       C prod_k exp(-i angle_k P'_k / 2),
   C the product of the Cliffords and P'_k the strings seen through the
   Cliffords before them; observables become C^dag O C. A parameter theta that
   drives several gates which commute, and which can be brought next to each
   other by exchanging commuting gates, has the one generator
       H = sum_k (c_k / 2) P'_k ,   exp(-i theta H),
   c_k its coefficient in angle_k. Otherwise its gates are treated as
   independent ("split"), which gives an upper bound on the algebra.

   Fixed gates that are no Cliffords merge, cancel, shift angles, and go into the
   states and observables from the ends of the circuit. One in between whose
   generator lies in the algebra of gates before it, or after it, changes nothing
   (G is invariant, and so is its Haar measure): it is left out. Through the others
   the generators of later gates are seen as sums, F^dag H F. Where that fails (the
   angle is no multiple of pi/12, the coefficients are not rational up to a common
   root, the sums are long) the gate is treated as free ("freed"): an upper bound
   too. Both set upper_bound.

   Layer: above ansatz. */
#ifndef LIESCAPE_GENERATORS_H
#define LIESCAPE_GENERATORS_H

#include "algebra/base/ansatz.h"

/* exp(-i scale theta_parameter G), G = generators[generator]. `parameter` is
   GENERATOR_FIXED for a freed gate, which has no parameter. When times_pi is
   set the scale is pi * scale; it is times sqrt(root), too. */
typedef struct {
  size_t parameter;
  size_t generator;
  fmpq_t scale;
  bool times_pi;
  unsigned root; /* 1, 2, 3 or 6 */
} generator_use_struct;
#define GENERATOR_FIXED SIZE_MAX

/* exp(-i angle P / 2), P the string seen through the Cliffords before it, with its
   sign; a Clifford part of the angle is not in it. */
typedef struct {
  uint64_t *string;
  bool negative;
  bool independent; /* freed or split: its angle is drawn on its own */
  angle_t angle;
} generator_gate_struct;

/* An input state behind the leading fixed gates. When it is not known there, state
   is NULL. */
typedef struct {
  const quantum_state_struct *state;
  bool owned;   /* else it is that of the ansatz */
  fmpq_t error; /* of an approximation, in trace norm */
} generator_input_struct;

typedef enum {
  ROTATION_AS_WRITTEN = 0,
  ROTATION_FREED = 1, /* a fixed angle treated as a free one */
  ROTATION_SPLIT = 2  /* its parameters treated as independent here */
} rotation_treatment_t;

typedef struct {
  size_t num_qubits;
  size_t num_parameters;
  /* Distinct up to a factor, none zero; for a circuit no identity part. */
  size_t num_generators;
  pauli_sum_struct *generators;
  /* Sorted by parameter; a parameter that was not split has one use, or none
     when its generator vanishes. */
  size_t num_uses;
  generator_use_struct *uses;
  bool single_strings; /* every generator has exactly one term */
  bool upper_bound;
  /* Circuits: per rotation of the ansatz. NULL for operator files. */
  uint8_t *treatment;
  /* The gates in order of time, when a parameter is split; else none. */
  size_t num_gates;
  generator_gate_struct *gates;
  /* Observables moved through the Cliffords and other fixed gates, in the order of
     the ansatz; the error of an approximation in operator norm; is it known? */
  size_t num_observables;
  pauli_sum_struct *observables;
  fmpq *observable_errors;
  bool *observable_known;
  /* States moved through leading fixed gates, in the order of the ansatz. */
  size_t num_inputs;
  generator_input_struct *inputs;
  /* Sentences that explain upper_bound and other treatment. */
  size_t num_notes;
  char **notes;
} generator_set_struct;
typedef generator_set_struct generator_set_t[1];

/* Cost O(rotations * weight * w) for the Clifford frame; merging a shared
   parameter looks at the gates between its first and its last one. */
void generator_set_init(generator_set_t set, const ansatz_t ansatz);
void generator_set_clear(generator_set_t set);

/* Is the parameter counted in units of pi wherever it drives a gate? Then dl/dtheta is
   pi times what the scales without that factor give. in_pi, mixed: for every parameter;
   mixed: in units of pi in one gate, and in radians in another. */
void generator_set_units(bool *in_pi, bool *mixed, const generator_set_t set);

/* The generator of the only gate of each of these parameters, which ascend; false: one drives
   none, or several. */
bool generator_set_only_uses(size_t *generators, const generator_set_t set,
                             const size_t *parameters, size_t num_parameters);

/* When set->single_strings: the strings as distinct rows of 2w words, row j of
   generator j, for string_algebra_init. The caller frees it (flint_free). */
uint64_t *generator_set_strings(const generator_set_t set);

#endif
