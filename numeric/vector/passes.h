/* sweep.h - many Pauli rotations in few passes over the memory.

   A rotation about P = (x,z) pairs index i with i^x. Cut an index into a chunk
   (its high bits) and a place inside the chunk of 2^b amplitudes. Rotations
   whose x, cut to the high bits, span a space S of dimension d over F_2 never
   leave the cosets of S: the 2^d chunks base + S are a closed vector of b + d
   qubits. In coordinates of that vector each rotation is again one about a
   Pauli string: x by its coordinates in a basis of S, z by its products with
   the basis (so <x,z> is kept), and a sign (-1)^(z.base). So a group of
   rotations is done in one sweep: gather a tile, rotate it while it is in the
   cache, put it back. Tiles of the second-level cache are cut again into
   tiles of the first-level cache by the same rule.

   Groups are taken greedily in the order given; a rotation may overtake those
   left behind that it commutes with, so products are what the order says. For
   gates on single qubits S is spanned by those qubits; for random strings every
   rotation adds a dimension.

   Rotations about one string with nothing between them that anticommutes are
   done as one, and so are the diagonal ones of a tile that stand together or may
   be brought together: one table of phases (sweep_diagonal.c).

   Tiles are shared out to OpenMP threads from PARALLEL_BITS qubits on, outside
   parallel regions; results do not depend on the number of threads.
   Layer: numeric; above statevector, below gates. */
#ifndef LIESCAPE_NUMERIC_SWEEP_H
#define LIESCAPE_NUMERIC_SWEEP_H

#include "numeric/vector/kernels.h"
#include "numeric/vector/statevector.h"

enum { SWEEP_MAX_LAMBDAS = 7 };

typedef struct {
  uint64_t x, z;
} sweep_string_t;

typedef struct sweep_struct sweep_t;

/* A plan for the rotations about strings[0] first, strings[count-1] last, of
   vectors of that shape and precision, num_vectors of them at once, and the work space to
   carry it out: one thread (with its team) at a time. Cost O(count^2) at
   worst. NULL when the memory is refused. */
sweep_t *sweep_init(const sweep_string_t *strings, size_t count,
                    size_t num_qubits, size_t lanes, precision_t precision,
                    size_t num_vectors);
void sweep_clear(sweep_t *sweep);

/* v <- exp(-i a_last P_last/2) ... exp(-i a_0 P_0/2) v. Row j of rows: cosines
   and sines of a_j/2, 2 lanes numbers, stride numbers from row to row (negative:
   rows points to the last one of an array); sines are multiplied by sign. */
void sweep_run(statevector_t *v, sweep_t *sweep, const double *rows,
               ptrdiff_t stride, double sign);

/* The same on psi and all lambdas; before rotation j is carried out,
       slopes[(j * num_lambdas + l) * lanes + k] = Im <lambda_l|P_j|psi>,
   j counted with slope_stride = +-num_lambdas lanes from slopes on. */
void sweep_adjoint(double *slopes, ptrdiff_t slope_stride, statevector_t *psi,
                   statevector_t *lambdas, size_t num_lambdas, sweep_t *sweep,
                   const double *rows, ptrdiff_t stride, double sign);

/* Passes over the whole vector that one run takes. */
size_t sweep_num_passes(const sweep_t *sweep);

#endif
