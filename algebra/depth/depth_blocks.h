/* depth_blocks.h - the finest blocks of gates that can be averaged one after
   another. Private.

   Gates that share a parameter are averaged together; gates that commute may
   trade places. Contract the gates tied by parameters to one node each, draw
   an arrow from a gate to every later one that anticommutes with it: the
   strongly connected components are the blocks, in topological order, each
   with its gates in their old order. No finer partition exists.

   Layer: algebra, above f2_span. */
#ifndef LIESCAPE_ALGEBRA_DEPTH_BLOCKS_H
#define LIESCAPE_ALGEBRA_DEPTH_BLOCKS_H

#include "algebra/generators/f2_span.h"

typedef struct {
  size_t num_blocks;
  size_t *start; /* num_blocks + 1 */
  size_t *gates; /* the gates of block b at start[b] .. start[b+1] - 1 */
} depth_blocks_struct;
typedef depth_blocks_struct depth_blocks_t[1];

/* node[g]: gates with equal numbers (0 .. num_gates - 1) are tied. strings:
   rows of 2w words. O(num_gates^2). */
void depth_blocks_init(depth_blocks_t blocks, size_t num_qubits,
                       const uint64_t *strings, size_t num_gates,
                       const size_t *node);
void depth_blocks_clear(depth_blocks_t blocks);

#endif
