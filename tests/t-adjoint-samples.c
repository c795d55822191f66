/* t-adjoint-samples.c - laws of observables in the Lie algebra against circuits, sampled
   by code of their own: the energy of the transverse-field Ising ring as spins of its
   momenta, matchgates as rotations of Majorana modes. Kolmogorov and Smirnov at 10^5
   samples in the long mode (LIESCAPE_TEST_MULTIPLIER of 10 and more), at 10^4 else. */
#include <math.h>
#include <stdlib.h>

#include "algebra/sums/fermion_loss.h"
#include "tests/law_distance.h"
#include "tests/tap.h"

enum { POINTS = 400 };

static double uniform(void) {
  return ((double)(tap_random() >> 11) + 0.5) / 9007199254740992.0;
}

/* All comparisons together fail by chance once in 10,000 seeds. */
enum { COMPARISONS = 16 };
static void judge(const char *name, size_t size, double *x, size_t n,
                  const fermion_loss_struct *loss) {
  double t = loss->has_law ? law_distance(x, n, POINTS, loss->law) : INFINITY;
  double p = law_distance_p_value(t);
  tap_ok(p > 1e-4 / COMPARISONS, "%s %zu: %zu samples, sqrt(n) D = %.3f, p = %.3g", name, size,
         n, t, p);
}

static void push(pauli_sum_t sum, size_t a, char x, size_t b, char z, slong coeff) {
  size_t w = sum->num_words;
  uint64_t string[16] = {0};
  fmpq_t c;
  fmpq_init(c);
  fmpq_set_si(c, coeff, 1);
  pauli_set(string, w, a, x == 'X' ? 1u : x == 'Z' ? 2u : 3u);
  if (z) pauli_set(string, w, b, z == 'X' ? 1u : z == 'Z' ? 2u : 3u);
  pauli_sum_push(sum, c, string);
  fmpq_clear(c);
}

static void start(quantum_state_t out, size_t n, bool plus) {
  stabilizer_state_t state;
  stabilizer_state_init(state, n);
  if (plus) stabilizer_state_set_plus(state);
  else stabilizer_state_set_zero(state);
  quantum_state_set_stabilizer(out, state);
  stabilizer_state_clear(state);
}

/* --- the ring ------------------------------------------------------------------------ */

/* Momenta k = (2j + 1) pi/n of the sector of |+...+>, spins along z: sum X is
   2 sum z_k, sum ZZ is 2 sum (cos k z_k + sin k x_k). */
static double ring_energy(size_t n, size_t layers) {
  double spins[16][3] = {{0}}, axis[16][2], energy = 0;
  size_t pairs = n / 2;
  for (size_t j = 0; j < pairs; j++) {
    axis[j][0] = sin((2 * (double)j + 1) * M_PI / (double)n);
    axis[j][1] = cos((2 * (double)j + 1) * M_PI / (double)n);
    spins[j][2] = 1;
  }
  for (size_t l = 0; l < layers; l++) {
    double a = 2 * M_PI * uniform(), b = 2 * M_PI * uniform();
    double ca = cos(a), sa = sin(a), cb = cos(b), sb = sin(b);
    for (size_t j = 0; j < pairs; j++) {
      double *s = spins[j], x = axis[j][0], z = axis[j][1];
      double along = (1 - ca) * (x * s[0] + z * s[2]);
      double r0 = ca * s[0] - sa * z * s[1] + along * x;
      double r1 = ca * s[1] + sa * (z * s[0] - x * s[2]);
      s[2] = ca * s[2] + sa * x * s[1] + along * z;
      s[0] = cb * r0 - sb * r1;
      s[1] = sb * r0 + cb * r1;
    }
  }
  for (size_t j = 0; j < pairs; j++)
    energy += 2 * (1 + axis[j][1]) * spins[j][2] + 2 * axis[j][0] * spins[j][0];
  return energy;
}

static void check_ring(size_t n, size_t count) {
  pauli_sum_struct g[2];
  pauli_sum_t o;
  quantum_state_t rho;
  fermion_algebra_t fermions;
  fermion_loss_t loss;
  pauli_sum_init(g, n);
  pauli_sum_init(g + 1, n);
  pauli_sum_init(o, n);
  for (size_t i = 0; i < n; i++) {
    push(g, i, 'X', 0, 0, 1);
    push(g + 1, i, 'Z', (i + 1) % n, 'Z', 1);
    push(o, i, 'X', 0, 0, 1);
    push(o, i, 'Z', (i + 1) % n, 'Z', 1);
  }
  pauli_sum_canonicalise(g);
  pauli_sum_canonicalise(g + 1);
  pauli_sum_canonicalise(o);
  quantum_state_init(rho, n);
  start(rho, n, true);
  bool ok = fermion_algebra_init(fermions, g, 2, n) == REASON_NONE;
  if (ok) {
    fermion_loss_init(loss, fermions, g, 2, o, rho);
    double *x = malloc(count * sizeof *x);
    for (size_t i = 0; i < count; i++) x[i] = ring_energy(n, 40 + n * n);
    judge("Ising ring of", n, x, count, loss);
    free(x);
    fermion_loss_clear(loss);
    fermion_algebra_clear(fermions);
  } else {
    tap_ok(false, "Ising ring of %zu", n);
  }
  quantum_state_clear(rho);
  pauli_sum_clear(o);
  pauli_sum_clear(g);
  pauli_sum_clear(g + 1);
}

/* --- matchgates ------------------------------------------------------------------------ */

static void turn(double *v, size_t i, size_t j, double c, double s) {
  double x = v[i];
  v[i] = c * x - s * v[j];
  v[j] = s * x + c * v[j];
}

/* sum_j c_j Z_j on |0...0>: Z_j is the plane (2j, 2j + 1) of Majorana modes, XX and YY of
   neighbours the planes (2j + 1, 2j + 2) and (2j, 2j + 3). */
static double matchgate_loss(size_t n, const long *coeffs, size_t layers) {
  double v[8][2][16] = {{{0}}}, value = 0;
  for (size_t j = 0; j < n; j++) v[j][0][2 * j] = v[j][1][2 * j + 1] = 1;
  for (size_t l = 0; l < layers; l++)
    for (size_t g = 0; g < 3 * n - 2; g++) {
      size_t q = g % n, first = g < n ? 2 * q : g < 2 * n - 1 ? 2 * q + 1 : 0;
      size_t second = first + 1;
      if (g >= 2 * n - 1) first = 2 * (g - 2 * n + 1), second = first + 3;
      double a = 2 * M_PI * uniform(), c = cos(a), s = sin(a);
      for (size_t j = 0; j < n; j++)
        for (int k = 0; k < 2 && coeffs[j]; k++) turn(v[j][k], first, second, c, s);
    }
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < n && coeffs[j]; i++)
      value += (double)coeffs[j] * (v[j][0][2 * i] * v[j][1][2 * i + 1] -
                                    v[j][0][2 * i + 1] * v[j][1][2 * i]);
  return value;
}

static void check_matchgates(size_t n, const long *coeffs, size_t count) {
  pauli_sum_struct g[32];
  size_t num = 0;
  pauli_sum_t o;
  quantum_state_t rho;
  fermion_algebra_t fermions;
  fermion_loss_t loss;
  pauli_sum_init(o, n);
  for (size_t i = 0; i < n; i++) {
    pauli_sum_init(g + num, n);
    push(g + num++, i, 'Z', 0, 0, 1);
    if (coeffs[i]) push(o, i, 'Z', 0, 0, coeffs[i]);
    for (int k = 0; k < 2 && i + 1 < n; k++) {
      pauli_sum_init(g + num, n);
      push(g + num++, i, k ? 'Y' : 'X', i + 1, k ? 'Y' : 'X', 1);
    }
  }
  for (size_t j = 0; j < num; j++) pauli_sum_canonicalise(g + j);
  pauli_sum_canonicalise(o);
  quantum_state_init(rho, n);
  start(rho, n, false);
  bool ok = fermion_algebra_init(fermions, g, num, n) == REASON_NONE;
  if (ok) {
    fermion_loss_init(loss, fermions, g, num, o, rho);
    double *x = malloc(count * sizeof *x);
    for (size_t i = 0; i < count; i++) x[i] = matchgate_loss(n, coeffs, 30 + 10 * n);
    judge("matchgates on qubits:", n, x, count, loss);
    free(x);
    fermion_loss_clear(loss);
    fermion_algebra_clear(fermions);
  } else {
    tap_ok(false, "matchgates on %zu qubits", n);
  }
  quantum_state_clear(rho);
  pauli_sum_clear(o);
  for (size_t j = 0; j < num; j++) pauli_sum_clear(g + j);
}

int main(void) {
  static const size_t sizes[] = {6, 8, 10, 14, 20, 30};
  tap_begin("t-adjoint-samples");
  bool is_long = tap_iterations(1) >= 10;
  size_t count = is_long ? 100000 : 10000;
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
    if (is_long || sizes[i] < 14) check_ring(sizes[i], count);
  check_matchgates(4, (long[]){1, 0, 0, 0}, count);
  check_matchgates(4, (long[]){1, 2, 3, 5}, count);
  check_matchgates(6, (long[]){1, 0, 0, 0, 0, 0}, count);
  if (is_long) check_matchgates(6, (long[]){2, 1, 0, 0, 0, -1}, count);
  if (is_long) check_matchgates(8, (long[]){1, 0, 0, 1, 0, 0, 0, 0}, count);
  return tap_end();
}
