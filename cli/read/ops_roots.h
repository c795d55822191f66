/* ops_roots.h - generators that are polynomials in square roots of primes, from their
   values at points of a grid, brought to a field of as few square roots as possible.
   Private to the readers. Layer: cli. */
#ifndef LIESCAPE_CLI_OPS_ROOTS_H
#define LIESCAPE_CLI_OPS_ROOTS_H

#include <flint/fmpq_mat.h>

#include "cli/read/ops_eval.h"
#include "algebra/base/ansatz.h"

/* parts[j << num_roots | S]: the coefficient of the roots of the primes in S. */
typedef struct {
  size_t num_generators, width; /* points 0..width - 1 for each root */
  const ops_roots_t *roots;
  fmpq_mat_t inverse; /* of the Vandermonde matrix of the points */
  pauli_sum_struct *parts;
} ops_grid_t;

void ops_grid_init(ops_grid_t *grid, size_t num_generators, size_t num_qubits,
                   size_t width, const ops_roots_t *roots);
void ops_grid_clear(ops_grid_t *grid);
/* Point number x < width^num_roots, and what the generators are there. */
void ops_grid_point(fmpq *values, const ops_grid_t *grid, size_t x);
void ops_grid_add(ops_grid_t *grid, size_t x, const pauli_sum_struct *generators);
/* The roots to that many bits behind the point. */
void ops_grid_approximate(fmpq *values, const ops_grid_t *grid, ulong bits);

/* The same over the smallest such field: see ansatz.h. */
typedef struct {
  size_t num_generators, num_roots;
  ulong *radicands;
  pauli_sum_struct *parts;
} ops_field_t;

void ops_field_init(ops_field_t *field, const ops_grid_t *grid);
void ops_field_clear(ops_field_t *field);
/* Do these hold the strings that the generators hold, and no others? */
bool ops_field_fits(const ops_field_t *field, const pauli_sum_struct *generators);
/* Hands parts and radicands over, when there are roots at all. */
void ops_field_move(ansatz_t ansatz, ops_field_t *field);

#endif
