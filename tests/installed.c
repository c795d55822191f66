/* What a user of the library writes: (X0 + Z0)/2 commutes with itself, not
   with Z0. Compiled by `make installcheck` against the installed files. */
#include <flint/fmpq.h>
#include <liescape/pauli_sum.h>
#include <stdio.h>

int main(void) {
  uint64_t x[2] = {1, 0}, z[2] = {0, 1};
  pauli_sum_t a, b;
  fmpq_t half;
  fmpq_init(half);
  fmpq_set_si(half, 1, 2);
  pauli_sum_init(a, 1);
  pauli_sum_init(b, 1);
  pauli_sum_push(b, half, z);
  pauli_sum_set(a, b);
  pauli_sum_push(a, half, x);
  pauli_sum_canonicalise(a);
  int ok = pauli_sum_commute(a, a) && !pauli_sum_commute(a, b);
  pauli_sum_clear(a);
  pauli_sum_clear(b);
  fmpq_clear(half);
  puts(ok ? "installed library works" : "installed library is wrong");
  return !ok;
}
