#include "cli/read/edge_list.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <flint/flint.h>

#include "algebra/base/text.h"

enum { MOST_VERTICES = 100000, LONGEST = 32 };

typedef struct {
  unsigned long a, b;
  char weight[LONGEST];
} edge_t;

typedef struct {
  edge_t *edges;
  size_t count, alloc;
  unsigned long vertices;
  diagnostic_struct *diag;
  const char *file, *text;
  size_t length;
} graph_t;

static status_t wrong(const graph_t *graph, const char *at, const char *what) {
  diagnostic_set(graph->diag, graph->file, graph->text, graph->length,
                 (size_t)(at - graph->text), "%s", what);
  return STATUS_BAD_INPUT;
}

static const char *skip(const char *at) { return at + strspn(at, " \t\r,"); }

/* A vertex at *at, which moves behind it. */
static status_t read_vertex(unsigned long *out, const graph_t *graph,
                            const char **at) {
  size_t digits = strspn(*at, "0123456789");
  if (!digits || digits > 6 || (*out = strtoul(*at, NULL, 10)) >= MOST_VERTICES)
    return wrong(graph, *at, "an edge is two vertices, numbers from 0 to 99999, and "
                             "perhaps a weight: 0 1 0.5");
  *at = skip(*at + digits);
  return STATUS_OK;
}

/* The weight at *at, "1" where there is none; *at moves behind it. */
static status_t read_weight(char *out, const graph_t *graph, const char **at) {
  static const char key[] = "'weight':";
  const char *p = *at;
  bool braces = *p == '{';
  if (braces) p = skip(p + 1);
  if (braces && !strncmp(p, key, sizeof key - 1)) p = skip(p + sizeof key - 1);
  size_t sign = *p == '-' || *p == '+', digits = strspn(p + sign, "0123456789");
  size_t used = sign + digits;
  if (digits && p[used] == '.') used += 1 + strspn(p + used + 1, "0123456789");
  if (used + 1 > LONGEST || (!digits && *p && !strchr("}\n#", *p)))
    return wrong(graph, p, "the weight of an edge is a decimal, such as 0.5");
  snprintf(out, LONGEST, "%.*s", digits ? (int)(used - (*p == '+')) : 1,
           digits ? p + (*p == '+') : "1");
  p = skip(p + (digits ? used : 0));
  if (braces && *p++ != '}')
    return wrong(graph, p - 1, "of an edge only its weight is read");
  *at = skip(p);
  return **at && !strchr("\n#", **at)
             ? wrong(graph, *at, "an edge has nothing behind its weight")
             : STATUS_OK;
}

static status_t read_edge(graph_t *graph, const char *line) {
  const char *at = skip(line);
  edge_t edge;
  status_t status;
  if (!*at || *at == '\n' || *at == '#') return STATUS_OK;
  if ((status = read_vertex(&edge.a, graph, &at))) return status;
  if ((status = read_vertex(&edge.b, graph, &at))) return status;
  if ((status = read_weight(edge.weight, graph, &at))) return status;
  if (edge.a == edge.b) return wrong(graph, skip(line), "an edge from a vertex to itself");
  if (graph->count == graph->alloc) {
    graph->alloc = 2 * graph->alloc + 16;
    graph->edges = flint_realloc(graph->edges, graph->alloc * sizeof *graph->edges);
  }
  graph->edges[graph->count++] = edge;
  if (edge.a >= graph->vertices) graph->vertices = edge.a + 1;
  if (edge.b >= graph->vertices) graph->vertices = edge.b + 1;
  return STATUS_OK;
}

static char *write_program(const graph_t *graph) {
  char *out = NULL;
  size_t size = 0;
  FILE *page = text_open(&out, &size);
  fprintf(page, "OPENQASM 3.0;\n// QAOA for MaxCut on a graph of %zu edges\n"
                "include \"stdgates.inc\";\nconst int layers = 1;\n"
                "input array[float, layers] gamma;\n"
                "input array[float, layers] beta;\nqubit[%lu] q;\n"
                "for int l in [0:layers-1] {\n", graph->count, graph->vertices);
  for (size_t i = 0; i < graph->count; i++)
    fprintf(page, "  rzz(%s*gamma[l]) q[%lu], q[%lu];\n", graph->edges[i].weight,
            graph->edges[i].a, graph->edges[i].b);
  fprintf(page, "  for int i in [0:%lu] { rx(2*beta[l]) q[i]; }\n}\n"
                "#pragma liescape state plus\n#pragma liescape observable ",
          graph->vertices - 1);
  for (size_t i = 0; i < graph->count; i++)
    fprintf(page, "%s0.5 * %s * (Z%lu Z%lu - I)", i ? " + " : "",
            graph->edges[i].weight, graph->edges[i].a, graph->edges[i].b);
  fputs("\n", page);
  text_close(page);
  return out;
}

status_t edge_list_to_qasm(char **out, diagnostic_t diag, const char *file,
                           const char *text, size_t length) {
  graph_t graph = {.diag = diag, .file = file, .text = text, .length = length};
  status_t status = STATUS_OK;
  for (const char *line = text; !status && *line;) {
    status = read_edge(&graph, line);
    line += strcspn(line, "\n");
    if (*line) line++;
  }
  if (!status && !graph.count) status = wrong(&graph, text, "the graph has no edges");
  if (!status) *out = write_program(&graph);
  flint_free(graph.edges);
  return status;
}
