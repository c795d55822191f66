#include "numeric/chain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/memory.h"

enum { MAX_STRINGS = 1 << 17, TABLE_SIZE = 1 << 19 };
static const double max_operations = 1.5e9;

typedef struct {
  uint64_t x, z;
} node_t;

typedef struct {
  size_t num_nodes, alloc;
  node_t *nodes;
  uint32_t *table; /* node number + 1 */
  size_t num_gates;
  uint32_t *next; /* next[gate * num_nodes + node] */
  uint32_t *root; /* connected class */
} graph_t;

static size_t hash(uint64_t x, uint64_t z) {
  uint64_t h = (x * UINT64_C(0x9e3779b97f4a7c15)) ^
               (z * UINT64_C(0xc2b2ae3d27d4eb4f));
  h ^= h >> 31;
  h *= UINT64_C(0xbf58476d1ce4e5b9);
  return (size_t)(h >> 40) % TABLE_SIZE;
}

/* The node's number; adds it when there is room, else MAX_STRINGS. */
static uint32_t find(graph_t *g, uint64_t x, uint64_t z) {
  size_t at = hash(x, z);
  for (; g->table[at]; at = (at + 1) % TABLE_SIZE) {
    const node_t *node = g->nodes + g->table[at] - 1;
    if (node->x == x && node->z == z) return g->table[at] - 1;
  }
  if (g->num_nodes == MAX_STRINGS) return MAX_STRINGS;
  if (g->num_nodes == g->alloc) {
    g->alloc = g->alloc ? 2 * g->alloc : 256;
    g->nodes = memory_resize(g->nodes, g->alloc, sizeof *g->nodes);
  }
  g->nodes[g->num_nodes] = (node_t){x, z};
  g->table[at] = (uint32_t)++g->num_nodes;
  return (uint32_t)g->num_nodes - 1;
}

static bool anticommute(const node_t *node, const program_gate_t *gate) {
  return __builtin_parityll((node->x & gate->z) ^ (node->z & gate->x));
}

static void graph_clear(graph_t *g) {
  free(g->nodes);
  free(g->table);
  free(g->next);
  free(g->root);
}

static uint32_t root_of(uint32_t *root, uint32_t i) {
  while (root[i] != i) i = root[i] = root[root[i]];
  return i;
}

/* All strings reachable from those of the observables. */
static bool graph_build(graph_t *g, const sampler_t *s) {
  const gate_list_t *layer = &s->program->layer;
  *g = (graph_t){.num_gates = layer->num_gates};
  g->table = memory_get(TABLE_SIZE, sizeof *g->table);
  for (size_t p = 0; p < s->num_pairs; p++) {
    const double_sum_t *o = s->observables + s->pairs[p].observable;
    for (size_t t = 0; t < o->length; t++) {
      uint64_t string[2] = {o->x[t], o->z[t]};
      bool negative = false;
      if (!program_move(string, &negative, s->program)) return false;
      if (find(g, string[0], string[1]) == MAX_STRINGS) return false;
    }
  }
  for (size_t i = 0; i < g->num_nodes; i++)
    for (size_t k = 0; k < g->num_gates; k++) {
      const program_gate_t *gate = layer->gates + k;
      node_t node = g->nodes[i];
      if (anticommute(&node, gate) &&
          find(g, node.x ^ gate->x, node.z ^ gate->z) == MAX_STRINGS)
        return false;
    }
  if ((double)g->num_nodes * (double)g->num_gates > 3e7) return false;
  g->next = memory_get(g->num_nodes * g->num_gates, sizeof *g->next);
  g->root = memory_get(g->num_nodes, sizeof *g->root);
  for (uint32_t i = 0; i < g->num_nodes; i++) g->root[i] = i;
  for (size_t k = 0; k < g->num_gates; k++)
    for (uint32_t i = 0; i < g->num_nodes; i++) {
      const program_gate_t *gate = layer->gates + k;
      node_t node = g->nodes[i];
      uint32_t to = i;
      if (anticommute(&node, gate)) to = find(g, node.x ^ gate->x, node.z ^ gate->z);
      g->next[k * g->num_nodes + i] = to;
      g->root[root_of(g->root, i)] = root_of(g->root, to);
    }
  for (uint32_t i = 0; i < g->num_nodes; i++) g->root[i] = root_of(g->root, i);
  return true;
}

/* One layer, last gate first: both ends of an edge get the average. */
static void graph_step(const graph_t *g, double *p) {
  for (size_t k = g->num_gates; k-- > 0;) {
    const uint32_t *next = g->next + k * g->num_nodes;
    for (uint32_t i = 0; i < g->num_nodes; i++)
      if (next[i] > i) p[i] = p[next[i]] = (p[i] + p[next[i]]) / 2;
  }
}

/* Tr(rho Q)^2 for every node. */
static void squares(const graph_t *g, const quantum_state_struct *state,
                    double *out) {
  fmpq_t value;
  fmpq_init(value);
  for (size_t i = 0; i < g->num_nodes; i++) {
    uint64_t string[2] = {g->nodes[i].x, g->nodes[i].z};
    quantum_state_expectation(value, state, string);
    out[i] = fmpq_get_d(value) * fmpq_get_d(value);
  }
  fmpq_clear(value);
}

static double dot(const double *a, const double *b, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += a[i] * b[i];
  return sum;
}

/* Mixing of the chain started from one observable, for one state. */
static size_t mix_pair(const graph_t *g, const sampler_t *s, sampler_pair_t pair,
                       double relative, double variation, double *operations) {
  size_t n = g->num_nodes, layers = 0;
  const double_sum_t *o = s->observables + pair.observable;
  double *p = memory_get(n, sizeof *p), *limit = memory_get(n, sizeof *p);
  double *mass = memory_get(n, sizeof *p), *count = memory_get(n, sizeof *p);
  double *square = memory_get(n, sizeof *p), total = 0;
  squares(g, s->ansatz->states[pair.state].state, square);
  for (size_t t = 0; t < o->length; t++) {
    uint64_t string[2] = {o->x[t], o->z[t]};
    bool negative = false;
    program_move(string, &negative, s->program);
    p[find((graph_t *)g, string[0], string[1])] += o->coeffs[t] * o->coeffs[t];
    total += o->coeffs[t] * o->coeffs[t];
  }
  for (size_t i = 0; i < n; i++) {
    mass[g->root[i]] += p[i];
    count[g->root[i]]++;
  }
  for (size_t i = 0; i < n; i++)
    limit[i] = mass[g->root[i]] / count[g->root[i]];
  double goal = dot(limit, square, n);
  for (layers = 1; *operations < max_operations; layers++) {
    double distance = 0;
    graph_step(g, p);
    *operations += (double)n * (double)(g->num_gates + 2);
    for (size_t i = 0; i < n; i++) distance += fabs(p[i] - limit[i]);
    if (distance <= 2 * variation * total &&
        fabs(dot(p, square, n) - goal) <= relative * goal + 1e-300)
      break;
  }
  if (*operations >= max_operations) layers = 0;
  free(p);
  free(limit);
  free(mass);
  free(count);
  free(square);
  return layers;
}

size_t chain_mixing_layers(const sampler_t *s, double relative,
                           double variation) {
  graph_t g;
  size_t worst = 1;
  double operations = 0;
  if (s->program->num_sums || !s->program->reduced) return 0;
  if (!graph_build(&g, s)) worst = 0;
  for (size_t p = 0; worst && p < s->num_pairs; p++) {
    size_t layers = mix_pair(&g, s, s->pairs[p], relative, variation,
                             &operations);
    worst = !layers ? 0 : layers > worst ? layers : worst;
  }
  graph_clear(&g);
  return worst;
}

bool chain_is_exact(const program_t *program) {
  size_t *uses = memory_get(program->num_drives, sizeof *uses);
  bool exact = program->num_sums == 0 && program->reduced;
  const gate_list_t *layer = &program->layer;
  for (size_t g = 0; g < layer->num_gates; g++)
    for (size_t t = 0; t < layer->gates[g].num_terms; t++)
      uses[layer->gates[g].terms[t].drive]++;
  for (size_t g = 0; exact && g < layer->num_gates; g++) {
    exact = false;
    for (size_t t = 0; t < layer->gates[g].num_terms; t++)
      exact = exact || uses[layer->gates[g].terms[t].drive] == 1;
  }
  free(uses);
  return exact;
}
