#include "cli/read/edge_list.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <flint/flint.h>

#include "algebra/base/text.h"

enum { MOST_VERTICES = 100000 };

/* Where edges are read from, and to. */
typedef struct {
  edge_list_t *list;
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

/* Characters of a decimal or a fraction at p, with its sign; 0: none is there. */
static size_t weight_length(const char *p) {
  static const char digit[] = "0123456789";
  size_t sign = *p == '-' || *p == '+', digits = strspn(p + sign, digit);
  size_t used = sign + digits;
  if (!digits) return 0;
  if (p[used] == '.') return used + 1 + strspn(p + used + 1, digit);
  size_t below = p[used] == '/' ? strspn(p + used + 1, digit) : 0;
  bool zero = strspn(p + used + 1, "0") == below;
  return below && !zero ? used + 1 + below : used;
}

/* The weight at *at, "1" where there is none; *at moves behind it. */
static status_t read_weight(char *out, const graph_t *graph, const char **at) {
  static const char key[] = "'weight':";
  const char *p = *at;
  bool braces = *p == '{';
  if (braces) p = skip(p + 1);
  if (braces && !strncmp(p, key, sizeof key - 1)) p = skip(p + sizeof key - 1);
  size_t used = weight_length(p);
  bool bare = used && p[used - 1] == '.'; /* "2.", as numpy prints it */
  if (used + 2 > EDGE_WEIGHT_BYTES || (!used && *p && !strchr("})\n#", *p)))
    return wrong(graph, p, "the weight of an edge is a decimal or a fraction, such as "
                           "0.5 or 1/2");
  snprintf(out, EDGE_WEIGHT_BYTES, "%.*s%s", used ? (int)(used - (*p == '+')) : 1,
           used ? p + (*p == '+') : "1", bare ? "0" : "");
  p = skip(p + used);
  if (braces && *p++ != '}')
    return wrong(graph, p - 1, "of an edge only its weight is read");
  *at = skip(p);
  return STATUS_OK;
}

/* An edge at *at, which moves behind it. */
static status_t read_edge(const graph_t *graph, const char **at) {
  const char *begin = *at;
  edge_list_t *list = graph->list;
  edge_t edge;
  status_t status;
  if ((status = read_vertex(&edge.a, graph, at))) return status;
  if ((status = read_vertex(&edge.b, graph, at))) return status;
  if ((status = read_weight(edge.weight, graph, at))) return status;
  if (edge.a == edge.b) return wrong(graph, begin, "an edge from a vertex to itself");
  if (list->count == list->alloc) {
    list->alloc = 2 * list->alloc + 16;
    list->edges = flint_realloc(list->edges, list->alloc * sizeof *list->edges);
  }
  list->edges[list->count++] = edge;
  if (edge.a >= list->vertices) list->vertices = edge.a + 1;
  if (edge.b >= list->vertices) list->vertices = edge.b + 1;
  return STATUS_OK;
}

status_t edge_list_read(edge_list_t *out, diagnostic_t diag, const char *file,
                        const char *text, size_t length) {
  graph_t graph = {out, diag, file, text, length};
  *out = (edge_list_t){0};
  for (const char *line = text; *line; line += *line == '\n') {
    const char *at = skip(line);
    if (*at && !strchr("\n#", *at)) {
      status_t status = read_edge(&graph, &at);
      if (status) return status;
      if (*at && !strchr("\n#", *at))
        return wrong(&graph, at, "an edge has nothing behind its weight");
    }
    line = at + strcspn(at, "\n");
  }
  return out->count ? STATUS_OK : wrong(&graph, text, "the graph has no edges");
}

status_t edge_list_read_line(edge_list_t *out, diagnostic_t diag, const char *file,
                             const char *text, size_t length, size_t begin, size_t end) {
  static const char between[] = " \t\r,[]";
  graph_t graph = {out, diag, file, text, length};
  const char *at = text + begin + strspn(text + begin, between);
  *out = (edge_list_t){0};
  while (at < text + end) {
    if (*at != '(')
      return wrong(&graph, at, out->count ? "the next edge is expected: (0,1) or (0,1,0.5)"
                                          : "a graph is the name of a file of edges, or "
                                            "edges such as (0,1) (1,2,0.5)");
    at = skip(at + 1);
    status_t status = read_edge(&graph, &at);
    if (status) return status;
    if (*at != ')') return wrong(&graph, at, "an edge ends with ): (0,1) or (0,1,0.5)");
    at += 1 + strspn(at + 1, between);
  }
  return out->count ? STATUS_OK : wrong(&graph, text + begin, "the graph has no edges");
}

void edge_list_clear(edge_list_t *list) { flint_free(list->edges); }

/* Of w_ab / 2 times Z_a Z_b, or Z_a Z_b - 1. */
static char *write_sum(const edge_list_t *list, bool minus_one) {
  char *out = NULL;
  size_t size = 0;
  FILE *page = text_open(&out, &size);
  for (size_t i = 0; i < list->count; i++) {
    const edge_t *e = list->edges + i;
    fprintf(page, "%s0.5 * %s * (Z%lu Z%lu%s)", i ? " + " : "", e->weight, e->a, e->b,
            minus_one ? " - I" : "");
  }
  text_close(page, &out);
  return out;
}

char *edge_list_couplings(const edge_list_t *list) {
  return write_sum(list, false);
}

char *edge_list_minus_cut(const edge_list_t *list) {
  return write_sum(list, true);
}

static char *write_program(const edge_list_t *graph) {
  char *out = NULL, *observable = edge_list_minus_cut(graph);
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
                "#pragma liescape state plus\n#pragma liescape observable %s\n",
          graph->vertices - 1, observable);
  text_close(page, &out);
  free(observable);
  return out;
}

status_t edge_list_to_qasm(char **out, diagnostic_t diag, const char *file,
                           const char *text, size_t length) {
  edge_list_t graph;
  status_t status = edge_list_read(&graph, diag, file, text, length);
  if (!status) *out = write_program(&graph);
  edge_list_clear(&graph);
  return status;
}

/* --- in operator files -------------------------------------------------------- */

/* The path behind the word `edges` at the beginning of the line; its length is 0 when the
   line is something else, or has its edges itself. */
static const char *path_of(size_t *path_length, const char *line) {
  static const char word[] = "edges";
  const char *p = line + strspn(line, " \t"), *path;
  *path_length = 0;
  if (strncmp(p, word, sizeof word - 1) || !strchr(" \t", p[sizeof word - 1])) return line;
  path = p + sizeof word - 1;
  path += strspn(path, " \t");
  if (strchr("([", *path)) return line;
  *path_length = strcspn(path, "\n#");
  while (*path_length && strchr(" \t\r", path[*path_length - 1])) --*path_length;
  return path;
}

static char *seen_from(const char *file, const char *path, size_t path_length) {
  const char *slash = strrchr(file, '/');
  int folder = slash && *path != '/' ? (int)(slash + 1 - file) : 0;
  return text_print("%.*s%.*s", folder, file, (int)path_length, path);
}

static status_t write_edges(FILE *page, diagnostic_t diag, const char *path) {
  edge_list_t graph = {0};
  char *text = NULL;
  size_t length;
  status_t status = source_read(&text, &length, diag, path, SOURCE_MAX_BYTES);
  if (!status) status = source_check(diag, path, text, length);
  if (!status) status = edge_list_read(&graph, diag, path, text, length);
  for (size_t i = 0; i < graph.count && !status; i++)
    fprintf(page, "%s(%lu,%lu,%s)", i ? " " : "", graph.edges[i].a, graph.edges[i].b,
            graph.edges[i].weight);
  edge_list_clear(&graph);
  free(text);
  return status;
}

status_t edge_list_include(char **out, diagnostic_t diag, const char *file,
                           const char *text, size_t length) {
  char *whole = NULL;
  size_t size = 0, path_length;
  bool found = false;
  status_t status = STATUS_OK;
  FILE *page = text_open(&whole, &size);
  for (const char *line = text; *line && !status;) {
    const char *path = path_of(&path_length, line), *rest = path + path_length;
    const char *next = rest + strcspn(rest, "\n");
    if (*next) next++;
    if (path_length) {
      char *name = seen_from(file, path, path_length);
      found = true;
      fwrite(line, 1, (size_t)(path - line), page);
      status = write_edges(page, diag, name);
      if (status && !diag->line && path_length)
        diagnostic_set(diag, file, text, length, (size_t)(path - text), "%s: %s", name,
                       diag->message);
      free(name);
      line = rest;
    }
    fwrite(line, 1, (size_t)(next - line), page);
    line = next;
  }
  text_close(page, &whole);
  if (!status) *out = found ? whole : NULL;
  if (status || !found) free(whole);
  return status;
}
