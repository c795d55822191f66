/* check_profile.h - for `liescape check`: a layer carried out 1, 2, ... times over, every
   time with parameters of its own.

   The pairs of check_depth.h run through one layer after another, so what the observable
   has become after j layers is the same for every number of layers; and what a pair is
   worth m layers before the input state is the same wherever that is. With weights W_j and
   values V_m at every gate,
       E[l^2] of L layers = sum W_L V_0,
       E[(dl/dtheta)^2] of a parameter in the layer j from the end
                          = sum D W_j V_(L - 1 - j),
   D the gates of the parameter with -e e'. Nothing of finite_depth is used.

   Layer: algebra, above check_depth. */
#ifndef LIESCAPE_ALGEBRA_CHECK_PROFILE_H
#define LIESCAPE_ALGEBRA_CHECK_PROFILE_H

#include "algebra/check/check_depth.h"

/* layer[l]: of l + 1 layers, with moments and gradients; parameters count layer by layer. */
typedef struct {
  size_t num_layers;
  check_depth_struct *layer;
} check_profile_struct;
typedef check_profile_struct check_profile_t[1];

/* As many of the layers as fit: pairs made in all, rows kept at once. None where angles are
   fixed or have laws: what a pair is worth is then known at the end only. */
void check_profile_init(check_profile_t out, const ansatz_t layer,
                        const pauli_sum_t observable, const quantum_state_struct *state,
                        bool noisy, size_t num_layers, size_t max_pairs);
void check_profile_clear(check_profile_t profile);

#endif
