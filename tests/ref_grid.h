/* ref_grid.h - moments of a loss by quadrature over the angles with dense
   density matrices. Slow and independent: of the library it reads data only.

   For angles uniform over a full period the grid is equidistant with more
   points than twice the degree of the loss in that parameter, so that the
   average of l^2 and of (dl/dtheta)^2 is exact up to rounding. */
#ifndef LIESCAPE_TESTS_REF_GRID_H
#define LIESCAPE_TESTS_REF_GRID_H

#include "algebra/depth/finite_depth.h"

typedef struct {
  double mean, second, *gradient; /* gradient: num_parameters entries */
  double points;                  /* size of the grid */
  double tolerance;               /* rounding, relative to |O|^2 slopes^2 */
  bool noisy; /* set by the caller: with the noise of the ansatz, by Kraus operators */
} ref_grid_t;

/* Number of grid points that would be used; laws as in finite_depth_exact. */
double ref_grid_points(const ansatz_t ansatz,
                       const depth_distribution_t *laws);
/* result->gradient is allocated by the caller. num_qubits <= 5. */
void ref_grid_moments(ref_grid_t *result, const ansatz_t ansatz,
                      const pauli_sum_t observable, depth_state_t state,
                      const depth_distribution_t *laws);

/* sum over k of E[d_k l d_k l'] for two states, on the same grid. */
double ref_grid_kernel(const ansatz_t ansatz, const pauli_sum_t observable,
                       depth_state_t a, depth_state_t b,
                       const depth_distribution_t *laws);

#endif
