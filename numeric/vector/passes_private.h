/* sweep_private.h - the plan behind sweep.h. Private to sweep*.c. */
#ifndef LIESCAPE_NUMERIC_SWEEP_PRIVATE_H
#define LIESCAPE_NUMERIC_SWEEP_PRIVATE_H

#include "numeric/vector/passes.h"

/* A rotation in the coordinates of a node. Rotations about the same string with
   nothing between them that anticommutes are one: a slot. */
typedef struct {
  uint64_t x, z;
  uint64_t outside; /* (-1)^(outside . base) for the chunk of the parent */
  size_t slot;
} local_t;

typedef struct node_struct node_t;

/* Rotations of a node done in one pass over its vector. */
typedef struct {
  bool direct; /* on the node's own vector */
  unsigned chunk_bits, num_pivots;
  uint64_t pivots; /* of S, as bits of chunk numbers */
  size_t *offsets; /* of the chunks of S, in bytes */
  size_t num_tiles;
  node_t *child;
} group_t;

/* Rotations first..first+count-1 of a leaf, diagonal ones together. */
typedef struct {
  size_t first, count;
  bool fused;
} leaf_op_t;

struct node_struct {
  unsigned bits, level;
  size_t count;
  local_t *locals;
  size_t num_groups; /* 0: a leaf */
  group_t *groups;
  size_t num_ops;
  leaf_op_t *ops;
};

/* What one thread holds. */
typedef struct {
  void *tiles[2]; /* by level, num_vectors each */
  void *table;    /* phases of a leaf */
  double *sums;   /* by slot, KERNEL_SUMS for each lambda */
  unsigned char *signs[3];
} thread_t;

struct sweep_struct {
  const kernels_t *kernel, *tiny;
  size_t num_gates, num_slots;
  size_t *slot_of; /* by gate */
  size_t num_qubits, lanes, num_vectors;
  precision_t precision;
  unsigned amp_bits; /* log2 of bytes of an amplitude */
  unsigned tile_bits[2], min_chunk_bits[2];
  node_t *root;
  double *cosines, *sines; /* by slot, rows */
  kernel_turn_t *turns;    /* by slot */
  /* By slot: 1 in a fused operation, 2 with its turn for the tiny kernel. */
  unsigned char *fused;
  double *slopes;          /* by slot, lambda, lane */
  int num_threads;
  thread_t *threads;
  double *parts; /* of the top level, by tile and rotation of the group */
};

/* Prepares the turns of a leaf's fused rotations. */
void sweep_diagonal_prepare(sweep_t *sweep, const node_t *leaf,
                            const leaf_op_t *op);
/* All rotations of a fused operation on a tile of each of the vectors. signs by
   slot. */
void sweep_diagonal_run(const sweep_t *sweep, thread_t *own, const node_t *leaf,
                        const leaf_op_t *op, void *const *amps,
                        size_t num_vectors, const unsigned char *signs);
/* sums[slot * stride ...] += Im <lambda|P|psi> for each of them. */
void sweep_diagonal_slopes(const sweep_t *sweep, thread_t *own,
                           const node_t *leaf, const leaf_op_t *op,
                           const void *psi, const void *lambda,
                           double *sums, size_t stride,
                           const unsigned char *signs);

#endif
