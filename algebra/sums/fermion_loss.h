/* fermion_loss.h - the law of a loss whose observable is a sum of Majorana
   bilinears of the algebra, up to what commutes with it (the adjoint class).

   Private to algebra/. With O = Op(B) + rest and S the matrices of the state
   (fermion_frame.h), l is a constant plus sum_{a<b} B_ab (Ad_U S)_ab projected on
   the simple ideals:
     su(2), e_i a basis, G_ij = tr(e_i e_j), o_i = tr(B e_i), s_i likewise, all in
       K = Q[t]/f:   b^2 = -o G^(-1) o / 2,   s^2 = -s G^(-1) s / 2,   l = b s u;
       for a gate exp(-i theta Op(A)) between two Haar elements, -A^2 = h^2 on the
       piece, E[(dl/dtheta)^2] = (32/9) b^2 s^2 h^2;
     so(m) on a whole block: the spectra of B and S there.
   O lies in g + what commutes with g iff rest commutes with every generator and
   all [B, A_j] lie in [g, g]: their norms equal those of their projections.

   Layer: above fermion_pieces and adjoint_law. */
#ifndef LIESCAPE_FERMION_LOSS_H
#define LIESCAPE_FERMION_LOSS_H

#include "algebra/laws/adjoint_law.h"
#include "algebra/sums/fermion_pieces.h"

typedef struct {
  bool applies;       /* O lies in g + what commutes with it */
  reason_code_t reason; /* why not, or why there is no law */
  bool has_law;
  adjoint_law_t law;  /* its constant is the mean */
  /* Sums only, else NULL: E[(dl/dtheta)^2] for exp(-i theta G_j). */
  size_t num_slopes;
  fmpq *slopes;
  /* num_slopes balls for each ideal, families in their order, all su(2); else NULL: by
     4 h theta a gate exp(-i theta G_j) turns the sphere of the ideal. */
  size_t num_ideals;
  arb_struct *speeds;
} fermion_loss_struct;
typedef fermion_loss_struct fermion_loss_t[1];

/* generators: those of the algebra; observable: moved through the Cliffords. */
void fermion_loss_init(fermion_loss_t loss, const fermion_algebra_t algebra,
                       const pauli_sum_struct *generators,
                       size_t num_generators, const pauli_sum_t observable,
                       const quantum_state_t state);
void fermion_loss_clear(fermion_loss_t loss);

#endif
