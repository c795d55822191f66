/* Times the finite-depth moments of three large circuits:
     bench-finite-depth brickwall [qubits layers]   Z Z in the middle, |0...0>
     bench-finite-depth matchgate [qubits layers]   Z0, |0...0>
     bench-finite-depth dense     [qubits layers]   the same, more bricks
   Brickwall: each layer is ry, rz on every qubit and CZ on alternating bonds
   (dense: on all bonds, so that the light cone grows twice as fast).
   Matchgate: each layer is rz on every qubit and rxx on every bond. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "algebra/depth/finite_depth.h"

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* A rotation about letter_a on qubit a and letter_b on qubit b (0: none), by a
   new parameter, or by quarter_turns quarter turns if that is not 0. */
static void gate(ansatz_t ansatz, size_t a, unsigned letter_a, size_t b,
                 unsigned letter_b, slong quarter_turns) {
  size_t w = pauli_words(ansatz->num_qubits);
  uint64_t *string = calloc(2 * w, sizeof *string);
  angle_t angle;
  fmpq_t one;
  angle_init(angle);
  fmpq_init(one);
  fmpq_one(one);
  pauli_set(string, w, a, letter_a);
  if (letter_b) pauli_set(string, w, b, letter_b);
  if (quarter_turns)
    fmpq_set_si(angle->pi_part, quarter_turns, 2);
  else
    angle_add_term(angle, ansatz_add_parameter(ansatz, "t", false), false, one);
  ansatz_add_rotation(ansatz, string, angle, 0);
  fmpq_clear(one);
  angle_clear(angle);
  free(string);
}

static void brickwall(ansatz_t ansatz, size_t n, size_t layers, bool dense) {
  for (size_t l = 0; l < layers; l++) {
    for (size_t j = 0; j < n; j++) gate(ansatz, j, 3, 0, 0, 0);
    for (size_t j = 0; j < n; j++) gate(ansatz, j, 2, 0, 0, 0);
    for (size_t j = dense ? 0 : l % 2; j + 1 < n; j += dense ? 1 : 2) {
      /* CZ = exp(-i pi/4 (1 - Z)(1 - Z)) */
      gate(ansatz, j, 2, j + 1, 2, -1);
      gate(ansatz, j, 2, 0, 0, 1);
      gate(ansatz, j + 1, 2, 0, 0, 1);
    }
  }
}

static void matchgate(ansatz_t ansatz, size_t n, size_t layers) {
  for (size_t l = 0; l < layers; l++) {
    for (size_t j = 0; j < n; j++) gate(ansatz, j, 2, 0, 0, 0);
    for (size_t j = 0; j + 1 < n; j++) gate(ansatz, j, 1, j + 1, 1, 0);
  }
}

static void report(const finite_depth_t r, const ansatz_t ansatz) {
  arb_t x;
  arb_init(x);
  size_t nonzero = 0;
  char *text = depth_number_get_str(r->variance, 20);
  printf("%zu rotations, %zu met, at most %zu strings\n",
         ansatz->num_rotations, r->num_gates, r->num_strings);
  printf("variance %.60s%s\n", text, strlen(text) > 60 ? "..." : "");
  if (depth_number_get_arb(x, r->variance, 64))
    printf("       = %s\n", arb_get_str(x, 15, ARB_STR_NO_RADIUS));
  if (r->reason) printf("%s\n", r->reason);
  for (size_t k = 0; k < r->num_parameters; k++)
    nonzero += r->gradient[k].kind == DEPTH_EXACT &&
               !fmpq_is_zero(r->gradient[k].rational);
  printf("%zu of %zu gradient variances are not zero\n", nonzero,
         r->num_parameters);
  free(text);
  arb_clear(x);
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "brickwall";
  bool bricks = strcmp(what, "matchgate") != 0;
  size_t n = argc > 2 ? strtoul(argv[2], NULL, 0) : bricks ? 1000 : 200;
  size_t layers = argc > 3 ? strtoul(argv[3], NULL, 0) : bricks ? 5 : 100;
  ansatz_t ansatz;
  pauli_sum_t o;
  stabilizer_state_t zero;
  finite_depth_t r;
  fmpq_t one;
  depth_limits_t limits;
  size_t w = pauli_words(n);
  uint64_t *string = calloc(2 * w, sizeof *string);
  ansatz_init(ansatz, ANSATZ_CIRCUIT, n);
  if (bricks)
    brickwall(ansatz, n, layers, !strcmp(what, "dense"));
  else
    matchgate(ansatz, n, layers);
  fmpq_init(one);
  fmpq_one(one);
  pauli_sum_init(o, n);
  /* the pair with the wider cone */
  size_t first = n / 2 + (layers + 1) % 2;
  pauli_set(string, w, bricks ? first : 0, 2);
  if (bricks) pauli_set(string, w, first + 1, 2);
  pauli_sum_push(o, one, string);
  stabilizer_state_init(zero, n);
  stabilizer_state_set_zero(zero);
  depth_limits_default(&limits);
  finite_depth_init(r);
  double start = seconds();
  finite_depth_exact(r, ansatz, o, (depth_state_t){.stabilizer = zero}, NULL,
                     &limits);
  printf("%s, %zu qubits, %zu layers: %.2f s\n", what, n, layers,
         seconds() - start);
  report(r, ansatz);
  finite_depth_clear(r);
  stabilizer_state_clear(zero);
  pauli_sum_clear(o);
  ansatz_clear(ansatz);
  fmpq_clear(one);
  free(string);
  return 0;
}
