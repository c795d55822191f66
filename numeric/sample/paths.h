/* paths.h - second moments of a circuit at its own depth, by sampling Pauli
   paths: for circuits whose live strings outgrow finite_depth.h.

   Setting as in finite_depth.h: rotations exp(-i angle P / 2) about strings,
   every angle that is not a multiple of pi/2 uniform over a period and
   independent of the others. In the Heisenberg picture from O to the state a
   path is a sequence of decisions: at a rotation about G that anticommutes with
   the string Q, with probability 1/2 each it stays Q or becomes iGQ. Two terms
   P, P' of O stay correlated iff PP' commutes with every rotation; then they
   take the same decisions. With the terms in classes C of that relation,
       Var l = sum_C E[ X_C ],   X_C = (sum_{P in C} o_P Tr(rho Q_P))^2,
       E[(dl/dtheta_k)^2] = slope_k^2 sum_C E[ X_C; Q anticommutes with G_k ],
   the class that commutes with everything left out: it adds E[l]^2 and no
   variance. 0 <= X_C <= (sum |o_P|)^2, whatever the path.

   With noise every term takes a factor by its letter at every place (Pauli channels
   are diagonal), and flips of measured bits the factor (1 - 2r)^weight at the start.

   Averaged exactly: the input-side rotations of one qubit, for a class of one
   term on a product state. Visited: the light cone of the class only. 512
   paths are walked at a time, a bit each; decisions are Philox bits of (seed,
   batch, step), so the result does not depend on the number of threads.

   Intervals hold at every sample size, for bounded independent variables: the
   intersection of the Chernoff bound in Kullback-Leibler form (W. Hoeffding
   1963, theorem 1) and the empirical Bernstein bound (A. Maurer and M. Pontil
   2009, theorems 4 and 11), each given half of the error. Each number holds
   with the confidence named by itself, not all of them together. Rounding of
   sums of doubles (relative 1e-12) is not part of them.

   Layer: numeric (floating point); reads ansatz, calls nothing of finite_depth. */
#ifndef LIESCAPE_PATHS_H
#define LIESCAPE_PATHS_H

#include "algebra/base/ansatz.h"

typedef struct {
  double estimate; /* unbiased */
  double standard_error;
  double low, high; /* contains the number with the confidence asked for */
} path_number_t;

typedef struct {
  path_number_t variance;
  size_t num_parameters;
  path_number_t *gradient; /* E[(dl/dtheta_k)^2]; high = 0: 0 for certain */
  uint64_t num_paths;
  size_t num_steps; /* gates in the light cones */
  double confidence;
} path_estimate_struct;
typedef path_estimate_struct path_estimate_t[1];

typedef struct {
  uint64_t num_paths; /* 0: 2^22, fewer when the light cone is large */
  uint64_t seed;
  int num_threads;   /* 0: what OpenMP offers */
  double confidence; /* 0: 0.99 */
  bool noisy;        /* with the noise of the ansatz */
  /* For tests, that they notice: the weight of a path is multiplied by this
     at every decision. 0: 1, the only right value. */
  double spoil;
} path_options_t;

void path_estimate_init(path_estimate_t out);
void path_estimate_clear(path_estimate_t out);

/* STATUS_BAD_INPUT for an ansatz that is no circuit, or in which an angle in a
   light cone is fixed, or shares a parameter with another; STATUS_LIMIT when
   the classes of the terms of O cannot be told apart in memory, or light cones are so large
   that the fewest paths worth it take more than some seconds. */
status_t path_estimate(path_estimate_t out, const ansatz_t ansatz,
                       const pauli_sum_t observable,
                       const quantum_state_t state,
                       const path_options_t *options);

/* The interval for the mean of n independent variables in [0, range], from
   their sample mean and variance. */
void path_interval(path_number_t *out, double mean, double sample_variance,
                   double n, double range, double confidence);

#endif
