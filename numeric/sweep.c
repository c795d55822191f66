#include "numeric/sweep.h"

#include <assert.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/memory.h"

enum {
  INNER_BYTES_BITS = 15, /* of all vectors of a first-level tile together */
  OUTER_BYTES_BITS = 20, /* second level */
  INNER_CHUNK_BITS = 6,  /* bytes: a cache line */
  OUTER_CHUNK_BITS = 9,
  MAX_SKIPPED = 64,
  DIRECT = 2, /* groups of so few are not worth a copy */
  PAST_BYTES_BITS = 26, /* vectors that no cache holds */
  PARALLEL_BITS = 14
};

/* A rotation in the coordinates of a node. */
typedef struct {
  uint64_t x, z;
  uint64_t outside; /* (-1)^(outside . base) for the chunk of the parent */
  size_t index;     /* among the rotations of the sweep */
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

struct node_struct {
  unsigned bits, level;
  size_t count;
  local_t *locals;
  size_t num_groups; /* 0: a leaf */
  group_t *groups;
};

/* What one thread holds. */
typedef struct {
  double *tiles[2]; /* by level, num_vectors each */
  double *sums;     /* by rotation, 8 numbers for each lambda */
  unsigned char *signs[3];
} thread_t;

struct sweep_struct {
  const kernels_t *kernel;
  size_t count, num_qubits, lanes, num_vectors;
  unsigned amp_bits; /* log2 of bytes of an amplitude */
  unsigned tile_bits[2], min_chunk_bits[2];
  node_t *root;
  kernel_turn_t *turns;
  int num_threads;
  thread_t *threads;
  double *parts; /* of the top level, by tile and rotation of the group */
};

/* --- planning ------------------------------------------------------------------ */

/* A subspace of F_2^64 in reduced echelon form: each pivot bit is in its own
   vector only. */
typedef struct {
  unsigned dim;
  uint64_t vectors[64], pivots[64];
} space_t;

static uint64_t space_reduce(const space_t *s, uint64_t v) {
  for (unsigned k = 0; k < s->dim; k++)
    if (v & s->pivots[k]) v ^= s->vectors[k];
  return v;
}

static void space_add(space_t *s, uint64_t v) {
  v = space_reduce(s, v);
  if (!v) return;
  uint64_t pivot = UINT64_C(1) << (63 - __builtin_clzll(v));
  for (unsigned k = 0; k < s->dim; k++)
    if (s->vectors[k] & pivot) s->vectors[k] ^= v;
  s->pivots[s->dim] = pivot;
  s->vectors[s->dim++] = v;
}

static bool anticommute(const local_t *a, const local_t *b) {
  return __builtin_parityll((a->x & b->z) ^ (a->z & b->x));
}

/* Takes out of the list what fits one group; taken and left keep their order. */
static size_t take(local_t *taken, local_t *list, size_t *count,
                   unsigned tile_bits, unsigned min_chunk_bits) {
  space_t space = {0};
  size_t num = 0, left = 0, j = 0;
  for (; j < *count && left < MAX_SKIPPED; j++) {
    bool ok = true;
    for (size_t i = 0; ok && i < left; i++) ok = !anticommute(list + i, list + j);
    uint64_t high = list[j].x >> min_chunk_bits;
    if (ok && space_reduce(&space, high))
      ok = space.dim < tile_bits - min_chunk_bits;
    if (ok) {
      space_add(&space, high);
      taken[num++] = list[j];
    } else {
      list[left++] = list[j];
    }
  }
  memmove(list + left, list + j, (*count - j) * sizeof *list);
  *count -= num;
  return num;
}

static void node_init(node_t *node, sweep_t *sweep, unsigned bits,
                      unsigned level, const local_t *locals, size_t count);

/* The largest chunks with which the group fits. */
static unsigned best_chunk(space_t *space, const local_t *taken, size_t num,
                           unsigned tile_bits, unsigned min_chunk_bits) {
  unsigned bits = tile_bits;
  for (;; bits--) {
    *space = (space_t){0};
    for (size_t j = 0; j < num; j++) space_add(space, taken[j].x >> bits);
    if (space->dim <= tile_bits - bits) break;
  }
  assert(bits >= min_chunk_bits);
  (void)min_chunk_bits;
  return bits;
}

static void group_init(group_t *g, sweep_t *sweep, const node_t *node,
                       const local_t *taken, size_t num) {
  unsigned tile_bits = sweep->tile_bits[node->level];
  space_t s;
  g->direct = num <= DIRECT;
  g->chunk_bits = best_chunk(&s, taken, num, tile_bits,
                             sweep->min_chunk_bits[node->level]);
  g->num_pivots = s.dim;
  g->num_tiles = (size_t)1 << (node->bits - g->chunk_bits - s.dim);
  g->offsets = memory_get((size_t)1 << s.dim, sizeof *g->offsets);
  for (size_t k = 0; k < (size_t)1 << s.dim; k++)
    for (unsigned i = 0; i < s.dim; i++)
      if (k >> i & 1)
        g->offsets[k] ^= s.vectors[i] << g->chunk_bits << sweep->amp_bits;
  local_t *inner = memory_get(num, sizeof *inner);
  uint64_t low = (UINT64_C(1) << g->chunk_bits) - 1;
  for (unsigned i = 0; i < s.dim; i++) g->pivots |= s.pivots[i];
  for (size_t j = 0; j < num; j++) {
    uint64_t x = taken[j].x >> g->chunk_bits, z = taken[j].z >> g->chunk_bits;
    inner[j] = (local_t){taken[j].x & low, taken[j].z & low, z, taken[j].index};
    for (unsigned i = 0; i < s.dim; i++) {
      unsigned at = g->chunk_bits + i;
      inner[j].x |= (uint64_t)!!(x & s.pivots[i]) << at;
      inner[j].z |= (uint64_t)__builtin_parityll(z & s.vectors[i]) << at;
    }
  }
  g->child = memory_get(1, sizeof *g->child);
  if (g->direct)
    *g->child = (node_t){.count = num};
  else
    node_init(g->child, sweep, g->chunk_bits + s.dim, node->level + 1, inner,
              num);
  if (g->direct) {
    g->child->locals = memory_get(num, sizeof *inner);
    memcpy(g->child->locals, taken, num * sizeof *taken);
  }
  free(inner);
}

static void node_init(node_t *node, sweep_t *sweep, unsigned bits,
                      unsigned level, const local_t *locals, size_t count) {
  *node = (node_t){.bits = bits, .level = level, .count = count};
  node->locals = memory_get(count, sizeof *locals);
  memcpy(node->locals, locals, count * sizeof *locals);
  while (node->level < 2 && bits <= sweep->tile_bits[node->level]) node->level++;
  if (node->level == 2) return;
  local_t *list = memory_get(count, sizeof *list);
  local_t *taken = memory_get(count, sizeof *taken);
  memcpy(list, locals, count * sizeof *list);
  while (count) {
    size_t num = take(taken, list, &count, sweep->tile_bits[node->level],
                      sweep->min_chunk_bits[node->level]);
    node->groups = memory_resize(node->groups, node->num_groups + 1,
                                 sizeof *node->groups);
    node->groups[node->num_groups] = (group_t){.direct = false};
    group_init(node->groups + node->num_groups++, sweep, node, taken, num);
  }
  free(list);
  free(taken);
}

static void node_clear(node_t *node) {
  for (size_t g = 0; g < node->num_groups; g++) {
    node_clear(node->groups[g].child);
    free(node->groups[g].child);
    free(node->groups[g].offsets);
  }
  free(node->groups);
  free(node->locals);
}

/* The coordinates in which each rotation is carried out at last. */
static void prepare(sweep_t *sweep, const node_t *node,
                    const sweep_string_t *strings) {
  for (size_t g = 0; g < node->num_groups; g++)
    prepare(sweep, node->groups[g].child, strings);
  for (size_t j = 0; !node->num_groups && j < node->count; j++) {
    const local_t *l = node->locals + j;
    const sweep_string_t *p = strings + l->index;
    sweep->kernel->prepare(sweep->turns + l->index, l->x, l->z,
                           (unsigned)__builtin_popcountll(p->x & p->z));
  }
}

static size_t most_parts(const sweep_t *sweep) {
  size_t most = sweep->count;
  for (size_t g = 0; g < sweep->root->num_groups; g++) {
    const group_t *group = sweep->root->groups + g;
    size_t parts = group->num_tiles * group->child->count;
    if (parts > most) most = parts;
  }
  return most;
}

static bool threads_init(sweep_t *s) {
  s->num_threads = s->num_qubits >= PARALLEL_BITS ? omp_get_max_threads() : 1;
  s->threads = memory_get((size_t)s->num_threads, sizeof *s->threads);
  bool ok = true;
  for (int t = 0; t < s->num_threads; t++) {
    thread_t *own = s->threads + t;
    for (unsigned l = 0; l < 3; l++) own->signs[l] = memory_get(s->count, 1);
    own->sums = memory_state((s->num_vectors * 8 * s->count + 8) *
                             sizeof(double));
    ok = ok && own->sums;
    for (unsigned l = 0; l < 2; l++) {
      if (s->num_qubits <= s->tile_bits[l]) continue;
      own->tiles[l] = memory_state(s->num_vectors << s->tile_bits[l]
                                                  << s->amp_bits);
      ok = ok && own->tiles[l];
    }
  }
  return ok;
}

sweep_t *sweep_init(const sweep_string_t *strings, size_t count,
                    size_t num_qubits, size_t lanes, size_t num_vectors) {
  sweep_t *s = memory_get(1, sizeof *s);
  *s = (sweep_t){.kernel = kernels_for(num_qubits, lanes),
                 .count = count,
                 .num_qubits = num_qubits,
                 .lanes = lanes,
                 .num_vectors = num_vectors,
                 .amp_bits = lanes == 1 ? 4 : 7};
  unsigned split = 0; /* vectors that share the cache */
  while ((size_t)1 << split < num_vectors && split < 4) split++;
  s->tile_bits[0] = OUTER_BYTES_BITS - s->amp_bits - split;
  s->tile_bits[1] = INNER_BYTES_BITS - s->amp_bits - split;
  s->min_chunk_bits[0] = OUTER_CHUNK_BITS - s->amp_bits;
  s->min_chunk_bits[1] =
      s->amp_bits < INNER_CHUNK_BITS ? INNER_CHUNK_BITS - s->amp_bits : 0;
  local_t *locals = memory_get(count, sizeof *locals);
  for (size_t j = 0; j < count; j++)
    locals[j] = (local_t){strings[j].x, strings[j].z, 0, j};
  s->root = memory_get(1, sizeof *s->root);
  node_init(s->root, s, (unsigned)num_qubits, 0, locals, count);
  free(locals);
  s->turns = memory_state(count * sizeof *s->turns);
  bool ok = s->turns && threads_init(s);
  if (ok && num_vectors > 1) {
    s->parts = memory_state(most_parts(s) * (num_vectors - 1) * lanes *
                            sizeof(double));
    ok = s->parts != NULL;
  }
  if (ok) {
    prepare(s, s->root, strings);
    return s;
  }
  sweep_clear(s);
  return NULL;
}

void sweep_clear(sweep_t *s) {
  if (!s) return;
  node_clear(s->root);
  free(s->root);
  free(s->turns);
  for (int t = 0; t < s->num_threads; t++) {
    for (unsigned l = 0; l < 3; l++) free(s->threads[t].signs[l]);
    for (unsigned l = 0; l < 2; l++) free(s->threads[t].tiles[l]);
    free(s->threads[t].sums);
  }
  free(s->threads);
  free(s->parts);
  free(s);
}

size_t sweep_num_passes(const sweep_t *s) {
  size_t passes = 0;
  for (size_t g = 0; g < s->root->num_groups; g++)
    passes += s->root->groups[g].direct ? s->root->groups[g].child->count : 1;
  return s->root->num_groups ? passes : s->count;
}

/* --- carrying it out ------------------------------------------------------------- */

typedef struct {
  const sweep_t *sweep;
  size_t num_lambdas; /* 0: forwards */
  double *slopes;
  ptrdiff_t slope_stride;
} run_t;

/* One rotation on a range of pairs of the vectors amps[0] (psi) and those
   after it (lambdas). */
static void turn(const run_t *run, thread_t *own, double *const *amps,
                 size_t index, unsigned parity, size_t first, size_t last) {
  const kernels_t *kernel = run->sweep->kernel;
  const kernel_turn_t *t = run->sweep->turns + index;
  if (!run->num_lambdas) {
    kernel->rotate(amps[0], t, parity, first, last);
    return;
  }
  double *sums = own->sums + index * run->num_lambdas * 8;
  for (size_t l = run->num_lambdas; l-- > 1;)
    kernel->follow(amps[0], amps[1 + l], sums + 8 * l, t, parity, first, last);
  kernel->back(amps[0], amps[1], sums, t, parity, first, last);
}

static size_t num_items(const run_t *run, const node_t *node, size_t index) {
  return (size_t)1 << (node->bits - run->sweep->kernel->unit_bits -
                       run->sweep->turns[index].paired);
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
                     double *const *amps, const unsigned char *signs);

static void run_tile(const run_t *run, thread_t *own, const node_t *node,
                     const group_t *g, size_t tile, double *const *amps,
                     const unsigned char *outer_signs) {
  const sweep_t *s = run->sweep;
  const node_t *child = g->child;
  uint64_t chunk = spread(tile, g->pivots);
  size_t base = (size_t)chunk << g->chunk_bits << s->amp_bits;
  size_t bytes = (size_t)1 << g->chunk_bits << s->amp_bits;
  size_t num_chunks = (size_t)1 << g->num_pivots;
  size_t size = bytes * num_chunks / sizeof(double);
  unsigned char *signs = own->signs[node->level + 1];
  double *tiles[1 + SWEEP_MAX_LAMBDAS];
  bool in_place = num_chunks == 1;
  for (size_t j = 0; j < child->count; j++) {
    const local_t *l = child->locals + j;
    signs[l->index] = outer_signs[l->index] ^
                      (unsigned char)__builtin_parityll(l->outside & chunk);
  }
  for (size_t v = 0; v <= run->num_lambdas; v++) {
    tiles[v] = in_place ? amps[v] + base / sizeof(double)
                        : own->tiles[node->level] + v * size;
    if (!in_place)
      s->kernel->gather(tiles[v], amps[v], base, g->offsets, num_chunks, bytes);
  }
  run_node(run, own, child, tiles, signs);
  for (size_t v = 0; !in_place && v <= run->num_lambdas; v++)
    s->kernel->scatter(amps[v], tiles[v], base, g->offsets, num_chunks, bytes,
                       s->num_qubits + s->amp_bits >= PAST_BYTES_BITS &&
                           node->level == 0);
}

static void run_node(const run_t *run, thread_t *own, const node_t *node,
                     double *const *amps, const unsigned char *signs) {
  if (!node->num_groups) {
    for (size_t j = 0; j < node->count; j++) {
      size_t index = node->locals[j].index;
      turn(run, own, amps, index, signs[index], 0, num_items(run, node, index));
    }
    return;
  }
  for (size_t g = 0; g < node->num_groups; g++) {
    const group_t *group = node->groups + g;
    for (size_t j = 0; group->direct && j < group->child->count; j++) {
      size_t index = group->child->locals[j].index;
      turn(run, own, amps, index, signs[index], 0, num_items(run, node, index));
    }
    for (size_t t = 0; !group->direct && t < group->num_tiles; t++)
      run_tile(run, own, node, group, t, amps, signs);
  }
}

/* Moves the sums of one rotation to their place among those of the tiles. */
static void keep(const run_t *run, thread_t *own, size_t index, double *part) {
  size_t lanes = run->sweep->lanes;
  for (size_t l = 0; l < run->num_lambdas; l++) {
    double *sums = own->sums + (index * run->num_lambdas + l) * 8;
    for (size_t k = 0; k < lanes; k++) part[l * lanes + k] = 0;
    for (size_t k = 0; k < 8; k++)
      part[l * lanes + (lanes == 1 ? 0 : k)] += sums[k];
    memset(sums, 0, 8 * sizeof *sums);
  }
}

/* Adds up the parts of the tiles in order. */
static void collect(const run_t *run, const local_t *locals, size_t count,
                    size_t num_tiles) {
  size_t row = run->num_lambdas * run->sweep->lanes;
  for (size_t j = 0; run->slopes && j < count; j++) {
    double *to = run->slopes + (ptrdiff_t)locals[j].index * run->slope_stride;
    memset(to, 0, row * sizeof *to);
    for (size_t t = 0; t < num_tiles; t++)
      for (size_t k = 0; k < row; k++)
        to[k] += run->sweep->parts[(t * count + j) * row + k];
  }
}

static void run_group(const run_t *run, thread_t *own, const group_t *g,
                      double *const *amps) {
  const sweep_t *s = run->sweep;
  const node_t *root = s->root;
  const local_t *locals = g->child->locals;
  size_t count = g->child->count, row = run->num_lambdas * s->lanes;
  for (size_t j = 0; g->direct && j < count; j++) {
    size_t index = locals[j].index;
    size_t each = num_items(run, root, index) / g->num_tiles;
#pragma omp for schedule(static)
    for (size_t t = 0; t < g->num_tiles; t++) {
      turn(run, own, amps, index, 0, t * each, (t + 1) * each);
      if (row) keep(run, own, index, s->parts + (t * count + j) * row);
    }
  }
  if (!g->direct) {
#pragma omp for schedule(dynamic)
    for (size_t t = 0; t < g->num_tiles; t++) {
      run_tile(run, own, root, g, t, amps, own->signs[0]);
      for (size_t j = 0; row && j < count; j++)
        keep(run, own, locals[j].index, s->parts + (t * count + j) * row);
    }
  }
  if (row) {
#pragma omp single
    collect(run, locals, count, g->num_tiles);
  }
}

static void run_all(const run_t *run, double *const *amps) {
  const sweep_t *s = run->sweep;
  const node_t *root = s->root;
  size_t row = run->num_lambdas * s->lanes;
  if (!root->num_groups) {
    run_node(run, s->threads, root, amps, s->threads->signs[0]);
    for (size_t j = 0; row && j < root->count; j++)
      keep(run, s->threads, root->locals[j].index, s->parts + j * row);
    if (row) collect(run, root->locals, root->count, 1);
    return;
  }
  int threads = omp_in_parallel() ? 1 : omp_get_max_threads();
  if (threads > s->num_threads) threads = s->num_threads;
#pragma omp parallel num_threads(threads) if (threads > 1)
  for (size_t g = 0; g < root->num_groups; g++)
    run_group(run, s->threads + omp_get_thread_num(), root->groups + g, amps);
}

static void load(sweep_t *s, const double *rows, ptrdiff_t stride, double sign,
                 bool unit) {
  double c[STATEVECTOR_LANES] __attribute__((aligned(64)));
  double sine[STATEVECTOR_LANES] __attribute__((aligned(64)));
  for (size_t j = 0; j < s->count; j++, rows += stride) {
    for (size_t k = 0; k < s->lanes; k++) {
      c[k] = rows[k];
      sine[k] = sign * rows[s->lanes + k];
    }
    s->kernel->load(s->turns + j, c, sine, unit);
  }
}

void sweep_run(statevector_t *v, sweep_t *s, const double *rows,
               ptrdiff_t stride, double sign) {
  assert(v->num_qubits == s->num_qubits && v->lanes == s->lanes);
  load(s, rows, stride, sign, false);
  run_all(&(run_t){.sweep = s}, &v->amps);
}

void sweep_adjoint(double *slopes, ptrdiff_t slope_stride, statevector_t *psi,
                   statevector_t *lambdas, size_t num_lambdas, sweep_t *s,
                   const double *rows, ptrdiff_t stride, double sign) {
  double *amps[1 + SWEEP_MAX_LAMBDAS] = {psi->amps};
  assert(num_lambdas + 1 == s->num_vectors);
  for (size_t l = 0; l < num_lambdas; l++) amps[1 + l] = lambdas[l].amps;
  load(s, rows, stride, sign, true);
  run_all(&(run_t){s, num_lambdas, slopes, slope_stride}, amps);
}
