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

   The work grows with the number of live strings, not with the number of
   qubits, and the number of sweeps does not depend on that of the parameters:
   one forward (weights of the strings), one backward (value of a string).

   Layer: algebra, above ansatz. */
#ifndef LIESCAPE_FINITE_DEPTH_H
#define LIESCAPE_FINITE_DEPTH_H

#include "liescape/ansatz.h"
#include "liescape/product_state.h"

#if __has_include(<flint/arb.h>)
#include <flint/arb.h>
#else
#include <arb.h>
#endif

/* --- one number, with what it is ---------------------------------------- */

typedef enum {
  DEPTH_UNAVAILABLE, /* see reason */
  DEPTH_EXACT,       /* (rational + sqrt2 * sqrt(2)) * pi^pi_power */
  DEPTH_BALL         /* the number lies in ball */
} depth_kind_t;

typedef struct {
  depth_kind_t kind;
  fmpq_t rational;
  fmpq_t sqrt2;      /* 0 unless the circuit has fixed rotations by pi/4 */
  unsigned pi_power; /* 0; 2 for the gradient of an angle written pi c theta */
  arb_t ball;        /* DEPTH_BALL only */
} depth_number_struct;
typedef depth_number_struct depth_number_t[1];

void depth_number_init(depth_number_t x);
void depth_number_clear(depth_number_t x);
void depth_number_set(depth_number_t out, const depth_number_t in);
/* Is x exact and rational? */
bool depth_number_is_rational(const depth_number_t x);
/* A ball around any available number. False when x is unavailable. */
bool depth_number_get_arb(arb_t ball, const depth_number_t x, slong prec_bits);
/* "-3/8", "1/2 + 1/4*sqrt(2)", "9*pi^2", "[0.25 +/- 1e-30]", "unavailable".
   The caller frees it with free(). */
char *depth_number_get_str(const depth_number_t x, slong digits);

typedef struct {
  depth_number_t mean, second_moment, variance;
  size_t num_parameters;
  depth_number_struct *gradient; /* E[(dl/dtheta_k)^2] */
  /* Why something is unavailable: a sentence, NULL when all is there. */
  char *reason;
  /* True when the reason is only size and sampling paths applies. */
  bool too_large;
  bool coupled;       /* angles are shared, fixed or not uniform */
  size_t num_strings; /* most strings (or pairs) held at once: the cost */
  size_t num_gates;   /* rotations that met a live string */
} finite_depth_struct;
typedef finite_depth_struct finite_depth_t[1];

void finite_depth_init(finite_depth_t out);
void finite_depth_clear(finite_depth_t out);

/* --- input --------------------------------------------------------------- */

/* Exactly one of them is not NULL; pauli is 2^n rho. */
typedef struct {
  const stabilizer_state_struct *stabilizer;
  const product_state_struct *product;
  const pauli_sum_struct *pauli;
} depth_state_t;

typedef struct {
  angle_law_t law;
  bool times_pi; /* width is in units of pi */
  const fmpq *width; /* positive; unused (NULL) for ANGLE_FULL_PERIOD */
} depth_distribution_t;

typedef struct {
  size_t max_strings; /* live strings or pairs */
  size_t max_bytes;   /* memory for strings, weights and the record of steps */
  slong prec_bits;    /* of balls */
  bool gradients;     /* compute them */
  /* finite_depth_profile: strings times gates, squared over the layers, before
     it stops; 0: no limit. About 10^8 a second. */
  uint64_t max_work;
  /* NULL, or called now and then while strings or pairs are followed, by the
     thread that called; true stops the work. */
  bool (*abort)(void *data);
  void *abort_data;
} depth_limits_t;

/* Is it time to stop? */
static inline bool depth_limits_stop(const depth_limits_t *limits) {
  return limits->abort && limits->abort(limits->abort_data);
}

/* 2^24 strings, 2 GiB, 128 bits, with gradients. */
void depth_limits_default(depth_limits_t *limits);

/* laws: NULL, or one per parameter. STATUS_BAD_INPUT (with out unchanged) for
   an ansatz that is no circuit, or sizes that differ. Otherwise STATUS_OK and
   every number of out says what it is. */
status_t finite_depth_exact(finite_depth_t out, const ansatz_t ansatz,
                            const pauli_sum_t observable, depth_state_t state,
                            const depth_distribution_t *laws,
                            const depth_limits_t *limits);

/* --- circuits that repeat a layer ---------------------------------------- */

/* The first *length rotations are the block if the circuit is that block
   repeated *count >= 2 times, equal up to the names of the parameters (those
   of one repetition are its own, or all constant). False when there is no
   such block; then *length = num_rotations, *count = 1. The least length is
   taken. */
bool finite_depth_find_block(size_t *length, size_t *count,
                             const ansatz_t ansatz);
/* out (initialised, empty circuit on the same qubits) = the first `length`
   rotations of in, repeated `layers` times, every repetition with parameters
   of its own. Observables and states are not copied. */
void finite_depth_repeat(ansatz_t out, const ansatz_t in, size_t length,
                         size_t layers);

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
   |Var - haar| <= tolerance * haar decides. */
status_t finite_depth_profile(depth_profile_t out, const ansatz_t ansatz,
                              size_t length, const pauli_sum_t observable,
                              depth_state_t state, const fmpq_t haar,
                              const fmpq_t tolerance, size_t max_layers,
                              const depth_limits_t *limits);

#endif
