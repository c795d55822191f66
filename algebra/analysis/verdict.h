/* verdict.h - is this circuit trainable? Three answers from exact or bounded numbers.

   Gradients: are they resolvable? With V = E[Tr(rho U^dag O^2 U)] - E[l^2] the variance
   of a single shot, a component d_k l = [l(+pi/2) - l(-pi/2)]/2 found by the
   parameter-shift rule from N shots at each of its two points has the variance
   V/(2 N); it equals E[(d_k l)^2] (one sigma) when both together take
     shots_k = max(1, V / E[(d_k l)^2]).
   Yes if that is at most max_shots for the median component among the live ones,
   those that can move the loss. (Components whose gate is exp(-i theta P/2); others
   need more evaluations, and as many shots up to a constant.)
   They rest on the circuit as it is written, at its own depth, where its gradients are
   known, exactly or within an interval; otherwise, and for lists of operators, on the
   deep circuit.

   Traps: are the local minima harmless? Yes if the loss of this circuit is a sum of cosines
   of independent angles: minima are those of every cosine. That is so for one live
   parameter that drives one rotation, exp(-i (c theta + d) P/2); for several of them, and
   independent angles, if the sum of E[(d_k l)^2]/c_k^2 is Var l, as the left side counts
   each part of the variance (Efron and Stein) as often as it has parameters; and for two if
   both are Var l, when only a cos(c_1 theta_1 + c_2 theta_2 + .) + b cos(c_1 theta_1
   - c_2 theta_2 + .) is left. Yes too if the landscape on the group has none but
   global ones and the live parameters are as many as the orbit of the state has
   dimensions, or as the set of the global minima has conditions (its codimension:
   what p* is to the Wishart description); or if they are as many as the degrees of freedom p* = sum beta r s of the
   Wishart description; or if the law of the minima (of blocks, or on an orbit) has its median at most max_trap of
   the mean offset above the global minimum. No if the median is higher. A circuit
   with fewer than p* live parameters is one that the law describes only if its own
   variance and its median live gradient are those of the deep circuit up to a tenth:
   otherwise undecided. (Shallow circuits are often products of cosines and have no traps.)

   With noise the gradients and shots are those of the noisy circuit; what is said of
   minima is about the landscape without it.

   A component known only as a ball around 0 may be dead or not: an answer that is not
   the same with and without such ones is undecided.

   The whole: no if one of them is no, yes if both are yes.

   Where the algebra is only bounded from above, nothing is said of the deep circuit, and so
   of traps. The circuit at its own depth keeps gates that do not act as one exponential,
   and fixed gates, as they are: its gradients are judged, unless a reader made parameters
   of what was none (numbers of OpenQASM 2, angles that are not affine).

   Sources: E. R. Anschuetz, arXiv:2408.11901; M. Schuld et al., arXiv:1811.11184
   (parameter shift).

   Layer: above laws. Numbers and codes; words are made in cli/format/verdict_json.h. */
#ifndef LIESCAPE_VERDICT_H
#define LIESCAPE_VERDICT_H

#include <stdbool.h>

#include "algebra/analysis/outlook.h"

/* Exact, or enclosed by a ball (which an exact one has too). */
typedef struct {
  bool known, is_exact;
  fmpq_t exact;
  arb_t ball;
} verdict_number_struct;
typedef verdict_number_struct verdict_number_t[1];

void verdict_number_init(verdict_number_t x); /* unknown */
void verdict_number_clear(verdict_number_t x);
void verdict_number_set_fmpq(verdict_number_t x, const fmpq_t value);
void verdict_number_set_arb(verdict_number_t x, const arb_t value);

typedef struct {
  size_t num_parameters;
  verdict_number_struct *gradient; /* E[(d_k l)^2] is gradient[gradient_at[k]] */
  size_t *gradient_at;             /* k at first; equal numbers may stand once */
  verdict_number_t mean, variance, mean_square;
  bool square_bounded; /* mean_square is an upper bound */
} verdict_ensemble_struct;
typedef verdict_ensemble_struct verdict_ensemble_t[1];

static inline verdict_number_struct *verdict_ensemble_gradient(
    const verdict_ensemble_struct *e, size_t k) {
  return e->gradient + e->gradient_at[k];
}
void verdict_ensemble_init(verdict_ensemble_t e, size_t num_parameters);
void verdict_ensemble_clear(verdict_ensemble_t e);

typedef struct {
  bool upper_bound; /* of the algebra */
  bool as_written;  /* nothing was freed by a reader: circuit is what was given */
  bool is_circuit;  /* circuit is there */
  verdict_ensemble_t circuit, deep;
  bool noisy;                   /* circuit is the one with noise; then: */
  verdict_number_t noiseless;   /* the variance of that without */
  bool cosines; /* the loss of the circuit is a sum of cosines of independent angles */
  answer_t no_traps_on_group;   /* yes: none but global ones */
  verdict_number_t orbit;       /* dimension of the orbit of the state */
  verdict_number_t codimension; /* of the global minima in it, at most */
  verdict_number_t threshold;   /* p*, exact or enclosed */
  verdict_number_t edge, level; /* limit of the minima's level; median of their law */
  fmpq_t max_shots, max_trap;
} verdict_input_struct;
typedef verdict_input_struct verdict_input_t[1];

void verdict_input_init(verdict_input_t in, size_t num_parameters);
void verdict_input_clear(verdict_input_t in);

/* Everything that is known of the deep circuit. */
void verdict_input_set_deep(verdict_input_t in, const landscape_t landscape,
                            const outlook_t outlook,
                            const outlook_thresholds_t *thresholds);

typedef enum {
  GRADIENTS_UNKNOWN,     /* their variances are not known */
  GRADIENTS_UPPER_BOUND, /* the algebra is an upper bound */
  GRADIENTS_DEAD,        /* no parameter moves the loss: no */
  GRADIENTS_FEW_SHOTS,   /* yes */
  GRADIENTS_MANY_SHOTS,  /* no */
  GRADIENTS_OPEN         /* the interval of shots holds the threshold */
} gradients_because_t;

typedef enum {
  TRAPS_UNKNOWN,     /* outside what is known */
  TRAPS_UPPER_BOUND,
  TRAPS_DEAD,        /* no parameter moves the loss */
  TRAPS_COSINES,     /* the loss of this circuit has none: yes */
  TRAPS_NONE,        /* none on the group, and enough parameters: yes */
  TRAPS_MET,         /* none on the group, and enough to meet the global minima: yes */
  TRAPS_ORBIT_SHORT, /* none on the group, but too few parameters to say so */
  TRAPS_MERGED,      /* live parameters >= p*: yes */
  TRAPS_LOW,         /* fewer, but the law puts the minima low: yes */
  TRAPS_HIGH,        /* no */
  TRAPS_SHALLOW,     /* the circuit is too shallow for the law */
  TRAPS_OPEN         /* p* or the level is known as an interval that decides nothing */
} traps_because_t;

typedef struct {
  answer_t trainable, gradients, traps;
  bool rests_on_circuit; /* else on the deep circuit */
  gradients_because_t gradients_because;
  traps_because_t traps_because;
  verdict_number_t typical, worst; /* shots; unknown if nothing is live */
  bool shots_bounded;              /* they are upper bounds */
  bool live_known;
  size_t num_live, num_parameters; /* live: not known to be 0; of these: */
  size_t num_unsettled;            /* known only to within a ball that holds 0 */
  bool *is_live;
} verdict_struct;
typedef verdict_struct verdict_t[1];

void verdict_init(verdict_t out, const verdict_input_t in);
void verdict_clear(verdict_t out);

#endif
