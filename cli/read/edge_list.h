/* edge_list.h - graphs as lists of edges, to QAOA for MaxCut on them (E. Farhi, J.
   Goldstone, S. Gutmann, arXiv:1411.4028).

   A line is an edge: two vertices, numbers from 0 on, and perhaps a weight (a decimal; 1
   if there is none), apart by blanks or a comma; "#" begins a comment. What networkx
   writes behind the vertices, "{}" or "{'weight': 0.5}", is understood. The circuit is
   OpenQASM 3 on the state plus: layer l is exp(-i gamma[l] sum w_ab Z_a Z_b / 2), then
   exp(-i beta[l] sum X_a); the observable is minus the cut, sum w_ab (Z_a Z_b - 1) / 2.
   `const int layers` (1) is there for -D and --sweep. Layer: cli/read. */
#ifndef LIESCAPE_CLI_EDGE_LIST_H
#define LIESCAPE_CLI_EDGE_LIST_H

#include "cli/read/source.h"

/* *out: the program, to be freed with free(). It stays as it is unless the status is
   STATUS_OK. */
status_t edge_list_to_qasm(char **out, diagnostic_t diag, const char *file,
                           const char *text, size_t length);

#endif
