/* depth_walk.h - exact random walk of strings under independent uniform
   rotations. Private.

   Each gate G averages the weights of Q and G + Q for every string Q that
   anticommutes with it: w(Q), w(G+Q) <- (w(Q) + w(G+Q))/2. The walk is first
   laid out once (which strings, which pairs meet at which gate); numbers are
   then run through it modulo primes near 2^60 and put together by the Chinese
   remainder theorem: a result times 2^D is an integer, D the length of the
   longest chain of averages, and is bounded by |weights|_1 max|values| 2^D. The average
   of a pair that was averaged last with one another changes nothing and is no link.

   Layer: algebra, above f2_span. */
#ifndef LIESCAPE_ALGEBRA_DEPTH_WALK_H
#define LIESCAPE_ALGEBRA_DEPTH_WALK_H

#include <flint/fmpq.h>

#include "algebra/generators/f2_span.h"
#include "algebra/depth/depth_limits.h"
#include "algebra/base/depth_number.h"
#include "algebra/base/status.h"
#include "algebra/base/row_table.h"

typedef struct {
  size_t num_words; /* w of a string */
  size_t num_strings, alloc_strings;
  row_table_t strings;
  uint32_t *chain; /* longest chain of averages that ends in the string */
  uint32_t *partner; /* it was averaged with last; itself: with none */
  commutation_table_t table;
  size_t num_gates;
  size_t *gate_start; /* num_gates + 1: averages of a gate */
  size_t num_ops, alloc_ops;
  uint32_t (*ops)[2];
} depth_walk_struct;
typedef depth_walk_struct depth_walk_t[1];

/* Lays the walk out from num_start distinct strings (ids 0, 1, ...) through
   the gates in order. On STATUS_LIMIT (more strings or averages than allowed)
   the walk is cleared; of limits only abort counts, for every gate.
   Cost: O(strings/64 weight(G) + averages w). */
status_t depth_walk_init(depth_walk_t walk, size_t num_qubits,
                         const uint64_t *gates, size_t num_gates,
                         const uint64_t *start, size_t num_start,
                         size_t max_strings, size_t max_ops,
                         const depth_limits_t *limits);
void depth_walk_clear(depth_walk_t walk);
static inline const uint64_t *
depth_walk_string(const depth_walk_struct *walk, size_t id) {
  return row_table_row(walk->strings, id);
}

/* The longest chain of averages. */
uint32_t depth_walk_chain(const depth_walk_t walk);

/* Id of a string, SIZE_MAX when the walk does not reach it. */
size_t depth_walk_find(const depth_walk_t walk, const uint64_t *string);

/* total = sum over final strings of weight * value, starting from weights[id]
   of the start strings (num_start of them); gradient[g], when not NULL, the
   same with only the strings that anticommute with gate g let through there.
   values[id] for every string of the walk. STATUS_LIMIT when more than
   limits->max_bytes would be needed, or abort said so. Threads: over the
   primes. */
status_t depth_walk_evaluate(fmpq_t total, fmpq *gradient,
                             const depth_walk_t walk, const fmpz *weights,
                             size_t num_start, const fmpz *values,
                             const depth_limits_t *limits);

#endif
