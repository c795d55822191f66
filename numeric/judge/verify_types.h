/* verify_types.h - tests claims about a loss landscape against sampled landscapes.

   The caller states what is claimed (whoever claims it); the engine samples
   the deep circuit and tests every claim. It uses the ansatz and the claims,
   nothing else: no algorithm of the exact module is called.

   What is sampled. Write U(theta) for the circuit, theta one value for each
   parameter. One layer is the circuit with its fixed gates undone,
       B(theta) = U(0)^-1 U(theta),
   and L layers with independent angles in each are
       V = U(theta_L) U(0)^-1 U(theta_(L-1)) ... U(0)^-1 U(theta_1)
         = U(0) B(theta_L) ... B(theta_1),
   the group that the certificate is about, with the fixed gates moved to the
   end. For a list of operators a layer is  exp(-i theta_j H_j)  for every
   generator in the order given. Angles are uniform over a full period of the
   parameter (over a long window where there is none).
   When the number of layers is not given, each may come after a random number
   of layers in which every angle is a fixed multiple of pi/2 (see layers_reason):
   elements of the group too, with which fewer random layers are deep.
   Loss: l = Tr(rho V^+ O V). Gradient of parameter k: the derivative of l with
   respect to the value of theta_k in the middle layer, summed over the gates
   that it drives there (angles of exp(-i angle P/2) are affine in theta).

   Layer: numeric (floating point); above ansatz, below the program. */
#ifndef LIESCAPE_VERIFY_TYPES_H
#define LIESCAPE_VERIFY_TYPES_H

#include "algebra/base/ansatz.h"
#include "numeric/machine/keeper.h"
#include "numeric/machine/precision.h"
#include "algebra/base/status.h"

/* One term of the loss law:  weight * Tr(Pi U^+ O U) / rank,  U Haar on the
   N x N real (beta = 1), complex (2) or quaternionic (4) unitary matrices, Pi
   a projector of the given rank (in units of the field, so that a pure state
   has rank 1), O Hermitian over the field with the eigenvalues below. For rank
   1 this is  weight * sum_i o_i w_i,  w ~ Dirichlet(beta/2, ..., beta/2) over
   the N eigenvalues, and then any beta > 0 is allowed: a spin factor of m
   gammas, l = |o||v| x, is beta = m - 1, N = 2, eigenvalues +-|o|, weight |v|. */
typedef struct {
  double beta;
  size_t dimension; /* N: the sum of the multiplicities */
  size_t rank;      /* 1..N */
  double weight;
  size_t num_eigenvalues; /* distinct ones, at least 1 */
  double *eigenvalues;
  size_t *multiplicities; /* each at least 1, in units of the field */
} verify_block_struct;

/* One term of the loss law:  sum_{a<b} B_ab (Q S Q^T)_ab,  Q Haar on SO(m), B and S
   antisymmetric with the eigenvalues +-i observable[k], +-i state[k], k < m/2; the
   sign of Pf(B) Pf(S) is that of orientation. m = 3 is su(2).
   unitary:  Tr(A U B U^+) - Tr A Tr B / m,  U Haar on U(m), observable[k] and state[k],
   k < m, the eigenvalues of the Hermitian A and B. */
typedef struct {
  bool unitary;
  size_t modes;               /* m: 3, or 5 and more; unitary: 2 and more */
  double *observable, *state; /* floor(m/2) numbers each; unitary: m */
  int orientation;            /* 0: a Pfaffian is 0, or m is odd */
} verify_orbit_struct;

/* Blocks as above with the ratio  r = Tr(O - least)^2 / Tr((O - least)^2).
   With M = E[l] - least (over all copies) and V = Var l,
       r = N / (1 + copies K V / M^2),  K = (N-1)(1 + beta N/2) / (N/rank - 1),
   for N -> infinity and rank 1 the  2 M^2 / (beta V)  of a Gamma law. */
typedef struct {
  double r; /* NaN: no claim */
  double beta, dimension, rank, copies;
  double offset; /* M; 0: E[l] - least of the landscape */
} verify_freedom_struct;

/* Eigenvalues of the Hessian at a random point of the deep circuit, by angles of
   exp(-i a P/2), over the mean offset E[l] - least, of that many parameters: shares of
   them below levels, with the errors of the levels. */
enum { VERIFY_QUANTILES = 3 };
typedef struct {
  size_t parameters;
  double negative, negative_error; /* share below 0; NaN: no claim */
  double shares[VERIFY_QUANTILES], levels[VERIFY_QUANTILES], errors[VERIFY_QUANTILES];
} verify_curvature_struct;

/* Local minima of the deep circuit with that many parameters: how many on average per
   period, and quantiles of their levels (l - least)/(mean - least). */
typedef struct {
  size_t parameters; /* 0: no claim */
  double number, number_error;
  double levels[VERIFY_QUANTILES], errors[VERIFY_QUANTILES]; /* 0.1, 0.5, 0.9 */
} verify_minima_struct;

/* The circuit as written, its angles normal around zero with this standard deviation. */
enum { VERIFY_WIDTHS = 3 };
typedef struct {
  double width, mean, variance;
} verify_width_struct;

/* What is claimed of one (observable, state). NaN means: no claim. */
typedef struct {
  size_t observable, state; /* indices into the ansatz */
  double mean;              /* E[l] */
  double variance;          /* E[l^2] - E[l]^2 */
  /* E[Tr(rho U^dag O^2 U)], and of the circuit as written. */
  double mean_square, depth_square;
  /* E[(dl/dtheta_k)^2], one for each parameter of the ansatz; NaN: no claim. */
  double *gradient_variance;
  /* Claimed law: l = law_constant + sum of independent blocks. */
  bool has_law;
  double law_constant;
  size_t num_blocks;
  verify_block_struct *blocks;
  /* Every parameter turns one string, and all that vary the loss act on every block. */
  bool blocks_turn_together;
  size_t num_orbits;
  verify_orbit_struct *orbits;
  /* For minima.h: the level that local minima are counted from, and p*. */
  double least, threshold;
  /* The circuit as written, once (L = 1, fixed angles and shared parameters as
     they stand): the same three, gradients NULL or one for each parameter. */
  double depth_mean, depth_variance;
  double *depth_gradient;
  /* The same with the noise of the ansatz; noise_square: of the squared observable. */
  double noise_mean, noise_variance, noise_square;
  double *noise_gradient;
  size_t num_widths;
  verify_width_struct widths[VERIFY_WIDTHS];
  double excess_kurtosis; /* of l */
  /* Bound on sup |P(l <= x) - P(G <= x)|, G normal with that mean (which must be
     claimed) and this variance. */
  double normal_distance, normal_variance;
  /* The same of the law of one block against its Wishart form. */
  double wishart_distance;
  /* All that varies is `copies` blocks alike, of which the degrees of freedom
     are claimed. */
  verify_freedom_struct freedom;
  verify_curvature_struct curvature;
  verify_minima_struct minima;
} verify_landscape_struct;

enum {
  /* What is fixed in the angle is a free uniform one, of its own. */
  VERIFY_FREED = 1,
  /* The parameters of this rotation are drawn independently of those of the
     same name in other rotations. */
  VERIFY_SPLIT = 2
};

typedef struct {
  size_t num_landscapes;
  verify_landscape_struct *landscapes;
  size_t num_observables, num_states, num_parameters; /* of the ansatz */
  size_t num_rotations;
  /* covariances[(o * num_states + i) * num_states + j]: of the losses of
     observable o on states i and j, the circuit being the same; NaN: no claim. */
  double *covariances;
  /* kernel[i * num_states + j] = sum_k E[d_k l_i d_k l_j] of the deep circuit, and of
     the circuit as written, for the first observable; NULL, or NaN: no claim. */
  double *kernel, *depth_kernel;
  /* Of the Lie algebra (global phases dropped where no generator has any), and
     of the orbit of each state under its group, up to phase; NaN: no claim. */
  double dimension;
  double *orbit_dimensions;
  /* Of the centre; of what commutes with all generators, sum of multiplicity^2 over
     the sectors; sum of the multiplicities of real sectors less that of quaternionic
     ones. */
  double center, commutant, forms;
  /* How the claims understand the circuit: flags of each rotation, 0 at first
     (as it is written). */
  uint8_t *rotation_flags;
} verify_claims_struct;
typedef verify_claims_struct verify_claims_t[1];

/* One landscape for every (observable, state) of the ansatz, observables
   slowest, nothing claimed. */
void verify_claims_init(verify_claims_t claims, const ansatz_t ansatz);
void verify_claims_clear(verify_claims_t claims);
/* Appends a block (copying the arrays) and sets has_law. */
void verify_landscape_add_block(verify_landscape_struct *landscape, double beta,
                                size_t rank, double weight,
                                size_t num_eigenvalues,
                                const double *eigenvalues,
                                const size_t *multiplicities);

/* The same for an orbit. */
void verify_landscape_add_orbit(verify_landscape_struct *landscape, bool unitary,
                                size_t modes, const double *observable,
                                const double *state, int orientation);
/* Nothing is claimed of the law any more. */
void verify_landscape_drop_law(verify_landscape_struct *landscape);

typedef struct {
  size_t num_samples; /* 0: chosen from the cost of one sample */
  size_t num_layers;  /* 0: chosen by a pilot run */
  double effort;      /* of what is planned by cost, this share; 0: all of it */
  uint64_t seed;
  int num_threads;         /* 0: what OpenMP offers */
  double family_error;     /* 0: 1e-3 */
  bool profile;            /* follow the loss layer by layer as well */
  uint64_t memory_bytes;   /* 0: three quarters of the machine's memory */
  /* Of the state vectors that are sampled with. Single takes half the memory and
     about half the time; what it cannot resolve is not decided (see undecided).
     Dimensions, and samples in the module of few strings or with exponentials of
     sums, are computed in double precision always. */
  precision_t precision;
  /* Called now and then from one thread at a time; stage is what is under way, done
     and total are of the whole run (total grows when something is repeated).
     Returning false stops the run
     (STATUS_LIMIT). May be NULL. */
  bool (*progress)(void *context, const char *stage, uint64_t done,
                   uint64_t total);
  void *progress_context;
  /* Of what determines the numbers only the program, the ansatz, the claims and
     the other options are not kept: they must be the same. May be NULL. */
  const verify_keeper_t *keeper;
} verify_options_t;

typedef struct {
  char *name;       /* e.g. "variance", "gradient variance theta[3]" */
  size_t landscape; /* which one, SIZE_MAX: none */
  size_t attempt;   /* 0: the first, 1, 2, ...: repetitions at more layers */
  double predicted;
  double measured;
  double standard_error; /* of measured; NaN for the law */
  double p_value;
  /* The change of the predicted number (or the distance of the laws) that would be
     noticed every second time; NaN: not known. */
  double notices;
  bool holds;
  /* Does not hold, and refutes nothing: it is about the deep circuit, and this one
     is not known to be deep. */
  bool unjudged;
} verify_check_t;

/* The loss after some number of layers. */
typedef struct {
  double mean, variance, standard_error; /* of the variance */
} verify_point_t;

typedef struct {
  size_t num_samples, num_points; /* 0: none */
  size_t *layers;         /* increasing; the last is num_layers */
  verify_point_t *points; /* [landscape * num_points + point] */
} verify_profile_t;

typedef struct {
  size_t num_samples;
  size_t num_layers;   /* of the attempt that decided */
  size_t num_attempts; /* each at four times the layers of the one before */
  char *layers_reason; /* a sentence */
  double family_error;
  /* Checks of the deciding attempt first; those of the attempts before it follow
     (attempt tells them apart). */
  size_t num_checks;
  size_t num_deciding; /* checks that decide: the leading ones */
  verify_check_t *checks;
  bool consistent; /* no deciding check refutes a claim */
  /* Sampled losses of the deciding attempt, num_samples for each landscape. */
  size_t num_landscapes;
  double **losses;
  /* Sampled derivatives with respect to one parameter of each landscape, that
     of the greatest claimed gradient variance; SIZE_MAX and NULL where no
     gradient is claimed. */
  size_t *kept_parameters;
  double **kept_gradients;
  /* About as many layers without quarter turns between them are as deep. */
  size_t plain_layers;
  char *method;         /* in words: state vectors, or which module */
  precision_t precision; /* single when any of the samples are */
  /* Something that is claimed could not be tested within the limits (see
     notes): losses of an observable that cannot be sampled, claims about the deep
     circuit that fail while it is not sure that the circuit is deep, or numbers
     that single precision does not tell from zero. */
  bool undecided;
  verify_profile_t profile; /* when asked for */
  size_t num_notes;
  char **notes; /* sentences: what could not be tested and why */
} verify_report_struct;
typedef verify_report_struct verify_report_t[1];

void verify_report_clear(verify_report_t report);

#endif
