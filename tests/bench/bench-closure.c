/* The exact closure alone, with its proof:
     bench-closure < FILE.ops     prints: dimension proof orbits symmetries seconds
   CPU seconds of all threads; bench-peers.py runs it beside other packages. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "algebra/closure/closure.h"
#include "cli/request/reader.h"

int main(void) {
  static const char *const proofs[] = {"unproved", "fills", "checked"};
  ansatz_t ansatz;
  closure_t closure;
  diagnostic_t diag;
  diagnostic_init(diag);
  if (reader_read_file(ansatz, diag, "-", FORMAT_OPS, NULL, 0) != STATUS_OK) {
    char *text = diagnostic_get_str(diag);
    fputs(text, stderr);
    free(text);
    diagnostic_clear(diag);
    return 2;
  }
  diagnostic_clear(diag);
  closure_init(closure, ansatz->num_qubits);
  clock_t start = clock();
  closure_compute(closure, ansatz->generators, ansatz->num_generators, NULL);
  printf("%zu %s orbits %zu symmetries %zu %.4f\n", closure->dimension,
         proofs[closure->proof], closure->num_orbits, closure->num_symmetries,
         (double)(clock() - start) / CLOCKS_PER_SEC);
  closure_clear(closure);
  ansatz_clear(ansatz);
  return 0;
}
