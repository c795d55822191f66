/* check_fermions.h - for `liescape check`: observables that lie in an algebra of
   strings, and the spectra of their law.

   A string of g is one that is listed, or said by a witness. Free fermions are found
   anew: in the list of a component the strings that anticommute pairwise, and are
   no triangle modulo T, are those that share one mode, h_0a; every member must then
   be h_0a t or h_ab t with h_ab = h_0a + h_0b, t in T. On the common eigenspace chi
   of T an operator is the matrix B_ab = sum over t of chi(t) times the coefficient of
   h_ab t, h_ab = i h_0a h_0b. Spectra are compared by their power sums, exact here.
   Where a component is none, those of the components that move the observable may be found in
   the defining representation (check_defining.h).

   Layer: algebra, above check_strings. */
#ifndef LIESCAPE_ALGEBRA_CHECK_FERMIONS_H
#define LIESCAPE_ALGEBRA_CHECK_FERMIONS_H

#include "algebra/base/flint_compat.h"
#include "algebra/check/check_defining.h"

/* One so(m): (1/2) tr (-B^2)^j for j = 1 .. m/2, of observable and state, and the sign
   of Pf(B) Pf(S). */
typedef struct {
  size_t modes, rank;
  fmpq *observable, *state;
  int orientation;
  bool matched; /* for the caller */
} check_orbit_law_struct;

typedef struct {
  answer_t applies;  /* undecided: something was not listed */
  bool has_law;      /* every component that is not central is of free fermions */
  size_t length;
  check_orbit_law_struct *list;
  /* No free fermions: */
  size_t num_defining;
  check_defining_struct *defining;
} check_adjoint_struct;
typedef check_adjoint_struct check_adjoint_t[1];

/* max_modes: larger matrices give no law. */
void check_adjoint_init(check_adjoint_t out, const check_components_t components,
                        const pauli_sum_t observable, const quantum_state_t state,
                        size_t max_modes, size_t max_elements);
/* Dimension of the orbit of a pure stabilizer state: over the syndromes other than
   that of the state, the strings of g commute or anticommute among each other, one
   direction or two. False: not all components are listed, or the state is mixed. */
bool check_orbit_dimension(size_t *dimension, const check_components_t components,
                           const stabilizer_state_t state, size_t max_elements);
void check_adjoint_clear(check_adjoint_t adjoint);

/* Is the observable, up to an identity, one product gamma_W of the modes of the only
   ideal, so(m) with even m >= 6, w = |W| of them, neither none nor all, and the state with
   numbers s = 1 alone? Then *codimension = w (m - w) / 2. Undecided: the modes were not
   found. */
answer_t check_gaussian_orbit(size_t *codimension, const check_components_t components,
                              const pauli_sum_t observable, const quantum_state_t state,
                              size_t max_modes, size_t max_elements);

#endif
