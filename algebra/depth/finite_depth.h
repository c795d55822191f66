/* finite_depth.h - exact moments of the loss of one circuit at its own depth.

   Setting. A circuit U = R_m ... R_1 of rotations R = exp(-i angle P / 2)
   (R_1 acts first), loss l = Tr(rho U^dag O U). Every parameter is
   independent and uniform over a full period of everything it drives (or
   distributed as depth_distribution_t says). Computed here:
       E[l],  E[l^2],  Var l = E[l^2] - E[l]^2,  E[(dl/dtheta_k)^2] for all k,
   the derivative with respect to the parameter as declared (a gate with angle
   c theta brings c^2; an angle written pi c theta brings pi^2 c^2).

   Method. Heisenberg picture on ordered pairs of strings (Q, Q'), from O to
   the state. A rotation about G with an angle of its own keeps a pair whose
   strings both commute with G, kills a pair of which exactly one
   anticommutes, and averages (Q, Q') with (iGQ, iGQ') when both do. Hence
   L = QQ' never changes, a pair lives iff L commutes with every rotation, and
   in the basis [Q] (x) [Q]L there are no signs. A diagonal pair is a random
   walk. Angles that share parameters are averaged together, over the whole
   group of gates, through their finite Fourier sum. Fixed rotations by
   multiples of pi/2 are Cliffords and are moved through; by multiples of
   pi/4 they are done in Q(sqrt 2), by anything else as balls.

   Noise (limits->noisy, and a channel in the ansatz): a Pauli channel on a qubit
   multiplies Q by 1 - 2 (the probability of errors that anticommute with its letter
   there), so a pair takes two such factors at every place; a flip of the measured bits
   with probability r multiplies each string P of O by (1 - 2r)^weight(P), and so those
   of O^2. Exact as long as the denominators stay below DEPTH_NOISE_BITS bits, balls
   then. (S. Wang et al., arXiv:2007.14384.) Without noise the denominators are powers of
   two, and exact as long as those of all gates have DEPTH_EXACT_BITS bits.

   The work grows with the number of live strings, not with the number of
   qubits, and the number of sweeps does not depend on that of the parameters:
   one forward (weights of the strings), one backward (value of a string).

   Layer: algebra, above ansatz. */
#ifndef LIESCAPE_FINITE_DEPTH_H
#define LIESCAPE_FINITE_DEPTH_H

#include "algebra/base/reason.h"
#include "algebra/base/ansatz.h"
#include "algebra/depth/depth_limits.h"
#include "algebra/base/depth_number.h"

typedef struct {
  depth_number_t mean, second_moment, variance;
  /* E[Tr(rho U^dag O^2 U)], see algebra/generators/square_mean.h; square_bounded: an
     upper bound of it, (sum |o_P|)^2. */
  depth_number_t mean_square;
  bool square_bounded;
  size_t num_parameters;
  depth_number_struct *gradient; /* E[(dl/dtheta_k)^2] */
  /* Why something is unavailable: a sentence, NULL when all is there. */
  reason_code_t reason;
  /* True when the reason is only size and sampling paths applies. */
  bool too_large;
  bool never_fits; /* with any noise of the gates, by the strings that it reaches */
  bool coupled;       /* angles are shared, fixed or not uniform */
  size_t num_strings; /* most strings (or pairs) held at once: the cost */
  size_t num_gates;   /* rotations that met a live string */
} finite_depth_struct;
typedef finite_depth_struct finite_depth_t[1];

void finite_depth_init(finite_depth_t out);
void finite_depth_clear(finite_depth_t out);

/* laws: NULL, or one per parameter. STATUS_BAD_INPUT (with out unchanged) for
   an ansatz that is no circuit, or sizes that differ. Otherwise STATUS_OK and
   every number of out says what it is. */
status_t finite_depth_exact(finite_depth_t out, const ansatz_t ansatz,
                            const pauli_sum_t observable, depth_state_t state,
                            const depth_distribution_t *laws,
                            const depth_limits_t *limits);

/* out (initialised) = sum over the parameters of E[d_k l d_k l'], for the losses l, l' of
   the inputs a and b under one circuit: the mean neural tangent kernel. REASON_NONE, or
   why it is not known. */
reason_code_t finite_depth_kernel(depth_number_t out, const ansatz_t ansatz,
                                  const pauli_sum_t observable, depth_state_t a,
                                  depth_state_t b, const depth_distribution_t *laws,
                                  const depth_limits_t *limits);

/* --- circuits that repeat a layer ---------------------------------------- */

/* When a circuit of Cliffords and rotations about strings is carried out several times
   over, its Clifford gates carry the strings round and the algebra may grow: *dimension
   is what it grows to, from *repetitions on (1: it does not grow). Fixed gates before
   all others may belong to the input: the repeated part begins at the first gate with
   a parameter, at one of the last 8 lines of the program before it, or at the
   beginning, where the algebra grows least. False: not of this kind, or too large. */
bool finite_depth_repeated(size_t *repetitions, fmpz_t dimension, const ansatz_t ansatz);

/* The limit of the variance as the layer (the first `length` rotations, of which the
   circuit is a multiple) is repeated, parameters new each time. written: the
   variance over the group of the circuit as written, which it is when
   another layer adds no generator. The Clifford gates of a layer may move its
   strings: then the group grows with the number of layers, to a limit that is found
   for strings. NO: there is no limit, numbers of layers of different
   remainder have different ones. UNDECIDED: not known (generators that are sums,
   gates that are only bounded from above, long periods). */
answer_t finite_depth_limit(fmpq_t variance, const ansatz_t ansatz,
                            size_t length, size_t observable, size_t state,
                            const fmpq_t written);

typedef struct {
  size_t num_layers;             /* entries below: 1, ..., num_layers layers */
  depth_number_struct *variance; /* at l + 1 layers */
  /* Likewise: the median of the gradient second moments that are not 0. */
  depth_number_struct *gradient;
  /* Least number of layers from which on, up to num_layers, the variance is
     within the tolerance of the Haar value; 0 when not reached. */
  size_t layers_to_haar;
  bool settled; /* stopped since it stayed within the tolerance */
} depth_profile_struct;
typedef depth_profile_struct depth_profile_t[1];

void depth_profile_init(depth_profile_t out);
void depth_profile_clear(depth_profile_t out);
/* Variance for 1 .. max_layers repetitions of the block; stops early, with a
   shorter list, at the first count that exceeds the limits (STATUS_LIMIT, out
   filled as far as it went), and once the variance has stayed within the
   tolerance for as many layers as it took to get there, but four at least.
   |Var - haar| <= tolerance * haar decides; haar NULL: nothing does. */
status_t finite_depth_profile(depth_profile_t out, const ansatz_t ansatz,
                              size_t length, const pauli_sum_t observable,
                              depth_state_t state, const fmpq *haar,
                              const fmpq_t tolerance, size_t max_layers,
                              const depth_limits_t *limits);

#endif
