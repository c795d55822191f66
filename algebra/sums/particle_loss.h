/* particle_loss.h - the law of a loss whose observable lies in a full algebra of one
   particle, up to what commutes with it (the adjoint class).

   Private to algebra/. With O = Op(B) + rest and S the matrix of the state (fermion_frame.h),
   B_i and S_i their projections on the ideal of the piece W_i (particle_algebra.h):
     l = constant + sum over i of -(1/2) tr(B_i Ad_U S_i).
   O lies in g + what commutes with g iff rest and B - sum B_i commute with every generator.
   With mu copies of the defining space, numbers of B_i and S_i in l = sum b_k s_k at U = 1:
     so(d): +-i b_k, +-i sigma_k, b_k = b_k, s_k = mu sigma_k;
     su(d): J B_i and J S_i are symmetric with eigenvalues b_k, sigma_k; s_k = mu sigma_k / q;
     sp(d): +-i b_k, +-i sigma_k, s_k = 2 mu sigma_k.
   For a gate exp(-i theta Op(A_j)) between two Haar elements, A_ji the part on the ideal and
   K its Killing form,
     E[(dl/dtheta)^2] = 4 sum over i of Var_i (-K(A_ji, A_ji))/dim g_i,
   -K = c (-tr(A_ji^2)/2)/mu with c = 2(d-2), 2d, 2d+2 on so(d), su(d), sp(d); not given where
   so(4), no simple algebra, is among the ideals.
   Of su(d) the number that occurs most often, when one is repeated, is shifted to 0: b_k and
   s_k matter up to a common shift, and small spectra are exact so.

   Layer: above fermion_loss and particle_algebra. */
#ifndef LIESCAPE_PARTICLE_LOSS_H
#define LIESCAPE_PARTICLE_LOSS_H

#include "algebra/sums/fermion_loss.h"
#include "algebra/sums/particle_algebra.h"

/* loss: as fermion_loss.h has it. applies false, with its reason: O does not
   lie there. moments_only: of an approximated state, the spectra of which are those of no
   law and hard to tell apart; they are not set. */
void particle_loss_init(fermion_loss_t loss, const particle_algebra_t algebra,
                        const pauli_sum_struct *generators, size_t num_generators,
                        const pauli_sum_t observable, const quantum_state_t state,
                        bool moments_only);

#endif
