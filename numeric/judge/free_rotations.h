/* free_rotations.h - rotations of the deep circuit that laws of its second derivatives
   are about, and the ensemble that they belong to.

   Such a law takes derivatives by the angle of exp(-i angle P/2), of a balanced P, as
   independent: rotations about one string, alone on their drive, whose derivative is
   as great as any.

   Layer: numeric; above program and the claims. */
#ifndef LIESCAPE_NUMERIC_FREE_ROTATIONS_H
#define LIESCAPE_NUMERIC_FREE_ROTATIONS_H

#include "numeric/circuit/program.h"
#include "numeric/judge/verify_types.h"

typedef struct {
  size_t count;
  size_t *drives; /* of a layer */
  double *scales; /* of them: derivative by the drive over that by the angle */
} free_rotations_t;

/* program: that of the claims, num_parameters theirs. */
void free_rotations_init(free_rotations_t *out, const program_t *program,
                         const verify_landscape_struct *claim,
                         size_t num_parameters);
void free_rotations_clear(free_rotations_t *rotations);

/* D = beta N of the only block that varies: one vector and two levels, for which the
   ensemble knows N (finite). Else of all blocks, where they turn together: the true
   matrices (beta = 0). Else of one whose Wishart variance is nearly the variance; else 0
   (what minima_law_covers leaves out, too). */
double free_rotations_dimension(bool *finite, int *beta,
                                const verify_landscape_struct *claim);

/* Amplitude updates of one layer. */
double free_rotations_layer_cost(const program_t *program, size_t num_qubits);

#endif
