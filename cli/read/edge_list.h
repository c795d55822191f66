/* edge_list.h - graphs as lists of edges, to QAOA for MaxCut on them (E. Farhi, J.
   Goldstone, S. Gutmann, arXiv:1411.4028).

   In a file a line is an edge: two vertices, numbers from 0 on, and perhaps a weight (a
   decimal; 1 if there is none), apart by blanks or a comma; "#" begins a comment. What
   networkx writes behind the vertices, "{}" or "{'weight': 0.5}", is understood. On one
   line edges are "(0,1) (1,2,0.5)", with commas or not, in brackets or not, as Python
   prints them. Layer: cli/read. */
#ifndef LIESCAPE_CLI_EDGE_LIST_H
#define LIESCAPE_CLI_EDGE_LIST_H

#include "cli/read/source.h"

enum { EDGE_WEIGHT_BYTES = 32 };

typedef struct {
  unsigned long a, b;
  char weight[EDGE_WEIGHT_BYTES]; /* "1" if there is none */
} edge_t;

typedef struct {
  edge_t *edges;
  size_t count, alloc;
  unsigned long vertices; /* 1 + the largest */
} edge_list_t;

/* The edges of a file, or those on one line in the bytes [begin, end) of one. There is
   at least one; edge_list_clear is due in every case. */
status_t edge_list_read(edge_list_t *out, diagnostic_t diag, const char *file,
                        const char *text, size_t length);
status_t edge_list_read_line(edge_list_t *out, diagnostic_t diag, const char *file,
                             const char *text, size_t length, size_t begin, size_t end);
void edge_list_clear(edge_list_t *list);

/* sum w_ab Z_a Z_b / 2, and minus the cut, sum w_ab (Z_a Z_b - 1) / 2, as expressions of
   Pauli strings. To be freed with free(). */
char *edge_list_couplings(const edge_list_t *list);
char *edge_list_minus_cut(const edge_list_t *list);

/* A program in OpenQASM 3 on the state plus: layer l is exp(-i gamma[l] sum w_ab Z_a Z_b
   / 2), then exp(-i beta[l] sum X_a); the observable is minus the cut. `const int layers` (1) is there for -D and --sweep. *out: to be freed with
   free(). It stays as it is unless the status is STATUS_OK. */
status_t edge_list_to_qasm(char **out, diagnostic_t diag, const char *file,
                           const char *text, size_t length);

/* An operator file whose statements `edges PATH` (the path as seen from the folder of the
   file) have become `edges (0,1) ...` of what stands there, so that the text is whole by
   itself. NULL when there are none. Likewise to be freed. */
status_t edge_list_include(char **out, diagnostic_t diag, const char *file,
                           const char *text, size_t length);

#endif
