#include "algebra/depth/depth_blocks.h"

#include <flint/flint.h>

/* Tarjan (1972) without recursion. */
typedef struct {
  size_t num, words;
  uint64_t *arrows; /* num rows of `words` words */
  size_t *index, *low, *component, *stack, *path;
  size_t num_indexed, stack_size, num_components;
} graph_t;

static size_t next_arrow(const graph_t *g, size_t from, size_t begin) {
  const uint64_t *row = g->arrows + from * g->words;
  for (size_t i = begin / 64; i < g->words; i++) {
    uint64_t bits = row[i];
    if (i == begin / 64) bits &= ~UINT64_C(0) << (begin % 64);
    if (bits) return 64 * i + (size_t)__builtin_ctzll(bits);
  }
  return SIZE_MAX;
}

static void open_node(graph_t *g, size_t v) {
  g->index[v] = g->low[v] = ++g->num_indexed;
  g->stack[g->stack_size++] = v;
}

static void close_node(graph_t *g, size_t v) {
  size_t u;
  if (g->low[v] != g->index[v]) return;
  do {
    u = g->stack[--g->stack_size];
    g->component[u] = g->num_components;
  } while (u != v);
  g->num_components++;
}

static void search(graph_t *g, size_t root, size_t *cursor) {
  size_t depth = 0;
  g->path[depth] = root;
  open_node(g, root);
  for (;;) {
    size_t v = g->path[depth], u = next_arrow(g, v, cursor[v]);
    if (u == SIZE_MAX) {
      close_node(g, v);
      if (depth-- == 0) return;
      size_t parent = g->path[depth];
      if (g->low[v] < g->low[parent]) g->low[parent] = g->low[v];
      continue;
    }
    cursor[v] = u + 1;
    if (!g->index[u]) {
      g->path[++depth] = u;
      open_node(g, u);
    } else if (g->component[u] == SIZE_MAX && g->index[u] < g->low[v]) {
      g->low[v] = g->index[u];
    }
  }
}

static void draw_arrows(graph_t *graph, size_t num_qubits,
                        const uint64_t *strings, size_t num_gates,
                        const size_t *node) {
  size_t w = pauli_words(num_qubits);
  commutation_table_t table;
  commutation_table_init(table, num_qubits);
  for (size_t g = 0; g < num_gates; g++)
    commutation_table_append(table, strings + g * 2 * w);
  size_t words = commutation_table_words(table);
  uint64_t *bits = flint_calloc(words + 1, sizeof *bits);
  for (size_t g = 0; g < num_gates; g++) {
    uint64_t *row = graph->arrows + node[g] * graph->words;
    commutation_table_query(bits, table, strings + g * 2 * w);
    for (size_t i = g / 64; i < words; i++)
      for (uint64_t set = bits[i]; set; set &= set - 1) {
        size_t h = 64 * i + (size_t)__builtin_ctzll(set);
        if (h > g) row[node[h] / 64] |= UINT64_C(1) << (node[h] % 64);
      }
  }
  flint_free(bits);
  commutation_table_clear(table);
}

void depth_blocks_init(depth_blocks_t blocks, size_t num_qubits,
                       const uint64_t *strings, size_t num_gates,
                       const size_t *node) {
  size_t m = num_gates, *cursor = flint_calloc(m + 1, sizeof *cursor);
  graph_t g = {.num = m, .words = (m + 63) / 64};
  g.arrows = flint_calloc(m * g.words + 1, sizeof *g.arrows);
  g.index = flint_calloc(m + 1, sizeof *g.index);
  g.low = flint_calloc(m + 1, sizeof *g.low);
  g.stack = flint_calloc(m + 1, sizeof *g.stack);
  g.path = flint_calloc(m + 1, sizeof *g.path);
  g.component = flint_malloc((m + 1) * sizeof *g.component);
  for (size_t v = 0; v < m; v++) g.component[v] = SIZE_MAX;
  draw_arrows(&g, num_qubits, strings, m, node);
  for (size_t i = 0; i < m; i++)
    if (!g.index[node[i]]) search(&g, node[i], cursor);

  /* Components come out last first; counting sort keeps the old order. */
  size_t num = g.num_components;
  blocks->num_blocks = num;
  blocks->start = flint_calloc(num + 2, sizeof *blocks->start);
  blocks->gates = flint_malloc((m + 1) * sizeof *blocks->gates);
  for (size_t i = 0; i < m; i++)
    blocks->start[num - g.component[node[i]]]++;
  for (size_t b = 0; b < num; b++) blocks->start[b + 1] += blocks->start[b];
  for (size_t i = m; i-- > 0;)
    blocks->gates[--blocks->start[num - g.component[node[i]]]] = i;
  for (size_t b = 0; b < num; b++) blocks->start[b] = blocks->start[b + 1];
  blocks->start[num] = m;
  flint_free(g.arrows);
  flint_free(g.index);
  flint_free(g.low);
  flint_free(g.stack);
  flint_free(g.path);
  flint_free(g.component);
  flint_free(cursor);
}

void depth_blocks_clear(depth_blocks_t blocks) {
  flint_free(blocks->start);
  flint_free(blocks->gates);
}
