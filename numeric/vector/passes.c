/* Carrying sweeps out: see sweep.h. */
#include <assert.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/vector/passes_private.h"

enum { PAST_BYTES_BITS = 26 }; /* vectors that no cache holds */

typedef struct {
  const sweep_t *sweep;
  size_t num_lambdas; /* 0: forwards */
} run_t;

/* One rotation on a range of pairs of the vectors amps[0] (psi) and those
   after it (lambdas). */
static void turn(const run_t *run, thread_t *own, void *const *amps,
                 size_t slot, unsigned parity, size_t first, size_t last) {
  const kernels_t *kernel = run->sweep->kernel;
  const kernel_turn_t *t = run->sweep->turns + slot;
  if (!run->num_lambdas) {
    kernel->rotate(amps[0], t, parity, first, last);
    return;
  }
  double *sums = own->sums + slot * run->num_lambdas * KERNEL_SUMS;
  for (size_t l = run->num_lambdas; l-- > 1;)
    kernel->follow(amps[0], amps[1 + l], sums + KERNEL_SUMS * l, t, parity,
                   first, last);
  kernel->back(amps[0], amps[1], sums, t, parity, first, last);
}

static size_t num_items(const run_t *run, const node_t *node, size_t slot) {
  return (size_t)1 << (node->bits - run->sweep->kernel->unit_bits -
                       run->sweep->turns[slot].paired);
}

/* Number with the bits of t at the places that are not pivots. */
static uint64_t spread(uint64_t t, uint64_t pivots) {
  uint64_t out = 0;
  for (uint64_t bit = 1; t; bit <<= 1) {
    if (pivots & bit) continue;
    if (t & 1) out |= bit;
    t >>= 1;
  }
  return out;
}

static void run_node(const run_t *run, thread_t *own, const node_t *node,
                     void *const *amps, const unsigned char *signs);

static void run_tile(const run_t *run, thread_t *own, const node_t *node,
                     const group_t *g, size_t tile, void *const *amps,
                     const unsigned char *outer_signs) {
  const sweep_t *s = run->sweep;
  const node_t *child = g->child;
  uint64_t chunk = spread(tile, g->pivots);
  size_t base = (size_t)chunk << g->chunk_bits << s->amp_bits;
  size_t bytes = (size_t)1 << g->chunk_bits << s->amp_bits;
  size_t num_chunks = (size_t)1 << g->num_pivots;
  unsigned char *signs = own->signs[node->level + 1];
  void *tiles[1 + SWEEP_MAX_LAMBDAS];
  bool in_place = num_chunks == 1;
  for (size_t j = 0; j < child->count; j++) {
    const local_t *l = child->locals + j;
    signs[l->slot] = outer_signs[l->slot] ^
                      (unsigned char)__builtin_parityll(l->outside & chunk);
  }
  for (size_t v = 0; v <= run->num_lambdas; v++) {
    tiles[v] = in_place ? (char *)amps[v] + base
                        : (char *)own->tiles[node->level] + v * bytes * num_chunks;
    if (!in_place)
      s->kernel->gather(tiles[v], amps[v], base, g->offsets, num_chunks, bytes);
  }
  run_node(run, own, child, tiles, signs);
  for (size_t v = 0; !in_place && v <= run->num_lambdas; v++)
    s->kernel->scatter(amps[v], tiles[v], base, g->offsets, num_chunks, bytes,
                       s->num_qubits + s->amp_bits >= PAST_BYTES_BITS &&
                           node->level == 0);
}

static void run_op(const run_t *run, thread_t *own, const node_t *leaf,
                   const leaf_op_t *op, void *const *amps,
                   const unsigned char *signs) {
  if (op->fused) {
    for (size_t l = 0; l < run->num_lambdas; l++)
      sweep_diagonal_slopes(run->sweep, own, leaf, op, amps[0], amps[1 + l],
                            own->sums + KERNEL_SUMS * l,
                            KERNEL_SUMS * run->num_lambdas, signs);
    sweep_diagonal_run(run->sweep, own, leaf, op, amps, 1 + run->num_lambdas,
                       signs);
    return;
  }
  for (size_t j = op->first; j < op->first + op->count; j++) {
    size_t slot = leaf->locals[j].slot;
    turn(run, own, amps, slot, signs[slot], 0, num_items(run, leaf, slot));
  }
}

static void run_node(const run_t *run, thread_t *own, const node_t *node,
                     void *const *amps, const unsigned char *signs) {
  if (!node->num_groups) {
    for (size_t o = 0; o < node->num_ops; o++)
      run_op(run, own, node, node->ops + o, amps, signs);
    return;
  }
  for (size_t g = 0; g < node->num_groups; g++) {
    const group_t *group = node->groups + g;
    for (size_t j = 0; group->direct && j < group->child->count; j++) {
      size_t slot = group->child->locals[j].slot;
      turn(run, own, amps, slot, signs[slot], 0, num_items(run, node, slot));
    }
    for (size_t t = 0; !group->direct && t < group->num_tiles; t++)
      run_tile(run, own, node, group, t, amps, signs);
  }
}

/* Moves the sums of one rotation to their place among those of the tiles. */
static void keep(const run_t *run, thread_t *own, size_t slot, double *part) {
  size_t lanes = run->sweep->lanes;
  for (size_t l = 0; l < run->num_lambdas; l++) {
    double *sums = own->sums + (slot * run->num_lambdas + l) * KERNEL_SUMS;
    size_t count = lanes == 1 ? KERNEL_PARTS : lanes;
    for (size_t k = 0; k < lanes; k++) part[l * lanes + k] = 0;
    for (size_t k = 0; k < count; k++)
      part[l * lanes + (lanes == 1 ? 0 : k)] += sums[k];
    memset(sums, 0, count * sizeof *sums);
  }
}

/* Adds up the parts of the tiles in order. */
static void collect(const run_t *run, const local_t *locals, size_t count,
                    size_t num_tiles) {
  size_t row = run->num_lambdas * run->sweep->lanes;
  for (size_t j = 0; j < count; j++) {
    double *to = run->sweep->slopes + locals[j].slot * row;
    memset(to, 0, row * sizeof *to);
    for (size_t t = 0; t < num_tiles; t++)
      for (size_t k = 0; k < row; k++)
        to[k] += run->sweep->parts[(t * count + j) * row + k];
  }
}

static void run_group(const run_t *run, thread_t *own, const group_t *g,
                      void *const *amps) {
  const sweep_t *s = run->sweep;
  const node_t *root = s->root;
  const local_t *locals = g->child->locals;
  size_t count = g->child->count, row = run->num_lambdas * s->lanes;
  for (size_t j = 0; g->direct && j < count; j++) {
    size_t slot = locals[j].slot;
    size_t each = num_items(run, root, slot) / g->num_tiles;
#pragma omp for schedule(static)
    for (size_t t = 0; t < g->num_tiles; t++) {
      turn(run, own, amps, slot, 0, t * each, (t + 1) * each);
      if (row) keep(run, own, slot, s->parts + (t * count + j) * row);
    }
  }
  if (!g->direct) {
#pragma omp for schedule(dynamic)
    for (size_t t = 0; t < g->num_tiles; t++) {
      run_tile(run, own, root, g, t, amps, own->signs[0]);
      for (size_t j = 0; row && j < count; j++)
        keep(run, own, locals[j].slot, s->parts + (t * count + j) * row);
    }
  }
  if (row) {
#pragma omp single
    collect(run, locals, count, g->num_tiles);
  }
}

static void run_all(const run_t *run, void *const *amps) {
  const sweep_t *s = run->sweep;
  const node_t *root = s->root;
  size_t row = run->num_lambdas * s->lanes;
  if (!root->num_groups) {
    run_node(run, s->threads, root, amps, s->threads->signs[0]);
    for (size_t j = 0; row && j < root->count; j++)
      keep(run, s->threads, root->locals[j].slot, s->parts + j * row);
    if (row) collect(run, root->locals, root->count, 1);
    return;
  }
  int threads = omp_in_parallel() ? 1 : omp_get_max_threads();
  if (threads > s->num_threads) threads = s->num_threads;
#pragma omp parallel num_threads(threads) if (threads > 1)
  for (size_t g = 0; g < root->num_groups; g++)
    run_group(run, s->threads + omp_get_thread_num(), root->groups + g, amps);
}

/* Angles of the slots: those of their rotations added up. */
static void load(sweep_t *s, const double *rows, ptrdiff_t stride, double sign,
                 bool unit) {
  size_t lanes = s->lanes, next = 0;
  for (size_t j = 0; j < s->num_gates; j++, rows += stride) {
    double *c = s->cosines + s->slot_of[j] * lanes;
    double *d = s->sines + s->slot_of[j] * lanes;
    bool first = s->slot_of[j] == next; /* slots are numbered as they appear */
    next += first;
    for (size_t k = 0; k < lanes; k++) {
      double a = rows[k], b = sign * rows[lanes + k];
      double old = first ? 1 : c[k], turned = first ? 0 : d[k];
      c[k] = old * a - turned * b;
      d[k] = old * b + turned * a;
    }
  }
  for (size_t slot = 0; slot < s->num_slots; slot++)
    (s->fused[slot] == 2 ? s->tiny : s->kernel)
        ->load(s->turns + slot, s->cosines + slot * lanes,
               s->sines + slot * lanes, unit && !s->fused[slot]);
}

void sweep_run(statevector_t *v, sweep_t *s, const double *rows,
               ptrdiff_t stride, double sign) {
  assert(v->num_qubits == s->num_qubits && v->lanes == s->lanes);
  assert(v->precision == s->precision);
  assert(s->num_vectors == 1);
  load(s, rows, stride, sign, false);
  run_all(&(run_t){.sweep = s}, &v->any);
}

void sweep_adjoint(double *slopes, ptrdiff_t slope_stride, statevector_t *psi,
                   statevector_t *lambdas, size_t num_lambdas, sweep_t *s,
                   const double *rows, ptrdiff_t stride, double sign) {
  void *amps[1 + SWEEP_MAX_LAMBDAS] = {psi->any};
  size_t row = num_lambdas * s->lanes;
  assert(num_lambdas && num_lambdas + 1 == s->num_vectors);
  assert(psi->precision == s->precision);
  for (size_t l = 0; l < num_lambdas; l++) amps[1 + l] = lambdas[l].any;
  load(s, rows, stride, sign, true);
  run_all(&(run_t){s, num_lambdas}, amps);
  /* What a rotation does not change is the same for all of a slot. */
  for (size_t j = 0; j < s->num_gates; j++, slopes += slope_stride)
    memcpy(slopes, s->slopes + s->slot_of[j] * row, row * sizeof *slopes);
}
