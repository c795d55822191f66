/* Planning sweeps: see sweep.h. */
#include <assert.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/memory.h"
#include "numeric/vector/passes_private.h"

enum {
  INNER_BYTES_BITS = 15, /* of all vectors of a first-level tile together */
  OUTER_BYTES_BITS = 20, /* second level */
  INNER_CHUNK_BITS = 6,  /* bytes: a cache line */
  OUTER_CHUNK_BITS = 9,
  MAX_SKIPPED = 64,
  LOOK_BACK = 256, /* slots, for one about the same string */
  DIRECT = 2,      /* groups of so few are not worth a copy */
  FUSED = 4,       /* so many diagonal ones are worth a table */
  PARALLEL_BITS = 14
};

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

/* Takes the diagonal rotations, or the others, that commute with those left. */
static size_t take_kind(local_t *taken, local_t *list, size_t *count,
                        bool diagonal) {
  size_t num = 0, left = 0, j = 0;
  for (; j < *count && left < MAX_SKIPPED; j++) {
    bool ok = (list[j].x == 0) == diagonal;
    for (size_t i = 0; ok && i < left; i++) ok = !anticommute(list + i, list + j);
    if (ok)
      taken[num++] = list[j];
    else
      list[left++] = list[j];
  }
  memmove(list + left, list + j, (*count - j) * sizeof *list);
  *count -= num;
  return num;
}

/* Diagonal rotations and others in turn. */
static void order_leaf(node_t *node) {
  node->ops = memory_get(node->count, sizeof *node->ops);
  local_t *list = memory_get(node->count, sizeof *list);
  size_t left = node->count, done = 0;
  bool diagonal = false;
  memcpy(list, node->locals, left * sizeof *list);
  for (; left; diagonal = !diagonal) {
    size_t num = take_kind(node->locals + done, list, &left, diagonal);
    if (!num) continue;
    node->ops[node->num_ops++] =
        (leaf_op_t){done, num, diagonal && num >= FUSED};
    done += num;
  }
  free(list);
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
    inner[j] = (local_t){taken[j].x & low, taken[j].z & low, z, taken[j].slot};
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
  if (node->level == 2) {
    order_leaf(node);
    return;
  }
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
  free(node->ops);
  free(node->locals);
}

/* The coordinates in which each rotation is carried out at last. */
static void prepare(sweep_t *sweep, const node_t *node, const unsigned *phases) {
  for (size_t g = 0; g < node->num_groups; g++)
    prepare(sweep, node->groups[g].child, phases);
  for (size_t j = 0; !node->num_groups && j < node->count; j++) {
    const local_t *l = node->locals + j;
    sweep->kernel->prepare(sweep->turns + l->slot, l->x, l->z, phases[l->slot]);
  }
  for (size_t o = 0; o < node->num_ops; o++)
    if (node->ops[o].fused) sweep_diagonal_prepare(sweep, node, node->ops + o);
}

static size_t most_parts(const sweep_t *sweep) {
  size_t most = sweep->num_slots;
  for (size_t g = 0; g < sweep->root->num_groups; g++) {
    const group_t *group = sweep->root->groups + g;
    size_t parts = group->num_tiles * group->child->count;
    if (parts > most) most = parts;
  }
  return most;
}

static bool threads_init(sweep_t *s) {
  size_t amp = (size_t)1 << s->amp_bits, leaf = s->tile_bits[1];
  if (s->num_qubits < leaf) leaf = s->num_qubits;
  bool team = s->num_qubits >= PARALLEL_BITS && !omp_in_parallel();
  s->num_threads = team ? omp_get_max_threads() : 1;
  s->threads = memory_get((size_t)s->num_threads, sizeof *s->threads);
  bool ok = true;
  for (int t = 0; t < s->num_threads; t++) {
    thread_t *own = s->threads + t;
    for (unsigned l = 0; l < 3; l++) own->signs[l] = memory_get(s->num_slots, 1);
    own->sums = memory_state((s->num_vectors * s->num_slots + 1) *
                             KERNEL_SUMS * sizeof(double));
    own->table = memory_state(amp << leaf);
    ok = ok && own->sums && own->table;
    for (unsigned l = 0; l < 2; l++) {
      if (s->num_qubits <= s->tile_bits[l]) continue;
      own->tiles[l] = memory_state((s->num_vectors * amp) << s->tile_bits[l]);
      ok = ok && own->tiles[l];
    }
  }
  return ok;
}

/* Numbers the slots; a rotation joins the last one about its string unless one
   in between anticommutes. */
static local_t *make_slots(sweep_t *s, const sweep_string_t *strings,
                           unsigned *phases) {
  local_t *locals = memory_get(s->num_gates, sizeof *locals);
  s->slot_of = memory_get(s->num_gates, sizeof *s->slot_of);
  for (size_t j = 0; j < s->num_gates; j++) {
    local_t new = {strings[j].x, strings[j].z, 0, s->num_slots};
    size_t first = s->num_slots > LOOK_BACK ? s->num_slots - LOOK_BACK : 0;
    size_t found = s->num_slots;
    for (size_t i = s->num_slots; i-- > first;) {
      if (locals[i].x == new.x && locals[i].z == new.z) found = i;
      if (found == i || anticommute(locals + i, &new)) break;
    }
    s->slot_of[j] = found;
    if (found < s->num_slots) continue;
    phases[found] = (unsigned)__builtin_popcountll(new.x & new.z);
    locals[s->num_slots++] = new;
  }
  return locals;
}

static bool allocate(sweep_t *s) {
  size_t row = s->lanes * sizeof(double), slots = s->num_slots;
  s->cosines = memory_state(slots * row);
  s->sines = memory_state(slots * row);
  s->turns = memory_state(slots * sizeof *s->turns);
  s->fused = memory_get(slots, 1);
  if (!threads_init(s) || !s->cosines || !s->sines || !s->turns)
    return false;
  if (s->num_vectors == 1) return true;
  s->slopes = memory_state(slots * (s->num_vectors - 1) * row);
  s->parts = memory_state(most_parts(s) * (s->num_vectors - 1) * row);
  return s->slopes && s->parts;
}

static void set_shape(sweep_t *s) {
  unsigned split = 0; /* vectors that share the cache */
  while ((size_t)1 << split < s->num_vectors && split < 4) split++;
  s->amp_bits = s->lanes > 1 ? 7 : s->precision == PRECISION_SINGLE ? 3 : 4;
  s->tile_bits[0] = OUTER_BYTES_BITS - s->amp_bits - split;
  s->tile_bits[1] = INNER_BYTES_BITS - s->amp_bits - split;
  s->min_chunk_bits[0] = OUTER_CHUNK_BITS - s->amp_bits;
  s->min_chunk_bits[1] =
      s->amp_bits < INNER_CHUNK_BITS ? INNER_CHUNK_BITS - s->amp_bits : 0;
}

sweep_t *sweep_init(const sweep_string_t *strings, size_t count,
                    size_t num_qubits, size_t lanes, precision_t precision,
                    size_t num_vectors) {
  sweep_t *s = memory_get(1, sizeof *s);
  *s = (sweep_t){.kernel = kernels_for(num_qubits, lanes, precision),
                 .tiny = kernels_for(0, lanes, precision),
                 .num_gates = count,
                 .num_qubits = num_qubits,
                 .lanes = lanes,
                 .precision = precision,
                 .num_vectors = num_vectors};
  set_shape(s);
  unsigned *phases = memory_get(count, sizeof *phases);
  local_t *locals = make_slots(s, strings, phases);
  s->root = memory_get(1, sizeof *s->root);
  node_init(s->root, s, (unsigned)num_qubits, 0, locals, s->num_slots);
  bool ok = allocate(s);
  if (ok) prepare(s, s->root, phases);
  free(locals);
  free(phases);
  if (ok) return s;
  sweep_clear(s);
  return NULL;
}

void sweep_clear(sweep_t *s) {
  if (!s) return;
  node_clear(s->root);
  free(s->root);
  for (int t = 0; t < s->num_threads; t++) {
    for (unsigned l = 0; l < 3; l++) free(s->threads[t].signs[l]);
    for (unsigned l = 0; l < 2; l++) free(s->threads[t].tiles[l]);
    free(s->threads[t].sums);
    free(s->threads[t].table);
  }
  free(s->threads);
  free(s->slot_of);
  free(s->cosines);
  free(s->sines);
  free(s->turns);
  free(s->fused);
  free(s->slopes);
  free(s->parts);
  free(s);
}

size_t sweep_num_passes(const sweep_t *s) {
  size_t passes = 0;
  for (size_t g = 0; g < s->root->num_groups; g++)
    passes += s->root->groups[g].direct ? s->root->groups[g].child->count : 1;
  return s->root->num_groups ? passes : s->root->num_ops;
}
