/* Products of Majorana operators on Gaussian states: which are recognised, and that their
   losses, Pfaffians of parts of a complex structure, have no traps, by descents along
   planes, each to its exact minimum. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/analysis/gaussian_orbit.h"
#include "tests/tap.h"

/* --- descents ----------------------------------------------------------------------- */

enum { MOST = 12 };

/* By expansion along the first row; rows[0..count) of j. */
static double pfaffian(double (*j)[MOST], const size_t *rows, size_t count) {
  double sum = 0;
  size_t left[MOST];
  if (!count) return 1;
  for (size_t k = 1; k < count; k++) {
    size_t n = 0;
    for (size_t i = 1; i < count; i++)
      if (i != k) left[n++] = rows[i];
    sum += (k % 2 ? 1 : -1) * j[rows[0]][rows[k]] * pfaffian(j, left, n);
  }
  return sum;
}

/* j <- R j R^T, R a turn in the plane of a and b. */
static void turn(double (*j)[MOST], size_t m, size_t a, size_t b, double angle) {
  double c = cos(angle), s = sin(angle);
  for (size_t i = 0; i < m; i++) {
    double x = j[a][i], y = j[b][i];
    j[a][i] = c * x - s * y;
    j[b][i] = s * x + c * y;
  }
  for (size_t i = 0; i < m; i++) {
    double x = j[i][a], y = j[i][b];
    j[i][a] = c * x - s * y;
    j[i][b] = s * x + c * y;
  }
}

static double random_angle(void) {
  return 2 * M_PI * (double)(tap_random() >> 34) / (1u << 30);
}

/* Pf of the first w modes; it is c cos t + s sin t along a plane of one inside and one
   outside. */
static double descend(size_t m, size_t w) {
  double j[MOST][MOST] = {{0}};
  size_t all[MOST];
  for (size_t i = 0; i < m; i++) {
    all[i] = i;
    j[i][i ^ 1] = i % 2 ? -1 : 1;
  }
  for (int k = 0; k < 400; k++) {
    size_t a = tap_random_below(m), b = tap_random_below(m);
    if (a != b) turn(j, m, a, b, random_angle());
  }
  double before = 2, now = pfaffian(j, all, w);
  for (int round = 0; round < 2000 && now < before - 1e-13; round++) {
    before = now;
    for (size_t a = 0; a < w; a++)
      for (size_t b = w; b < m; b++) {
        double c = pfaffian(j, all, w);
        turn(j, m, a, b, M_PI / 2);
        double s = pfaffian(j, all, w);
        turn(j, m, a, b, atan2(s, c) + M_PI - M_PI / 2);
      }
    now = pfaffian(j, all, w);
  }
  return now;
}

static void check_descents(void) {
  static const size_t cases[][2] = {{6, 4}, {8, 4}, {8, 6}, {10, 4}, {12, 4}, {12, 6}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    size_t runs = (size_t)tap_iterations(12), good = 0;
    for (size_t r = 0; r < runs; r++) good += descend(cases[i][0], cases[i][1]) < -1 + 1e-6;
    tap_ok(good == runs, "a product of %zu of %zu modes: %zu descents end at the least",
           cases[i][1], cases[i][0], runs);
  }
}

/* --- recognition ---------------------------------------------------------------------- */

static void set_word(pauli_sum_t sum, const char *word) {
  uint64_t string[2] = {0, 0};
  fmpq_t one;
  fmpq_init(one);
  fmpq_one(one);
  for (size_t q = 0; word[q]; q++)
    pauli_set(string, 1, q,
              word[q] == 'X' ? 1 : word[q] == 'Z' ? 2 : word[q] == 'Y' ? 3 : 0);
  pauli_sum_push(sum, one, string);
  pauli_sum_canonicalise(sum);
  fmpq_clear(one);
}

/* Matchgates on n qubits: Z_q, X_q X_(q+1). */
static size_t matchgates(pauli_sum_struct *g, size_t n) {
  size_t count = 0;
  for (size_t q = 0; q < n; q++)
    for (int pair = 0; pair < 2 && q + (size_t)pair < n; pair++) {
      char word[16] = "IIIIIIIIIIIIIII";
      word[n] = 0;
      word[q] = pair ? 'X' : 'Z';
      if (pair) word[q + 1] = 'X';
      pauli_sum_init(g + count, n);
      set_word(g + count++, word);
    }
  return count;
}

static void check_one(size_t n, const char *word, bool plus, bool is, size_t codimension) {
  pauli_sum_struct g[32];
  size_t count = matchgates(g, n), found = 0;
  fermion_frame_t frame;
  pauli_sum_t o;
  quantum_state_t rho;
  stabilizer_state_t pure;
  pauli_sum_init(o, n);
  set_word(o, word);
  stabilizer_state_init(pure, n);
  if (plus) stabilizer_state_set_plus(pure);
  else stabilizer_state_set_zero(pure);
  quantum_state_init(rho, n);
  quantum_state_set_stabilizer(rho, pure);
  bool ok = fermion_frame_init(frame, g, count, n, 100);
  bool yes = ok && gaussian_orbit_find(&found, frame, o, rho);
  if (!tap_ok(ok && yes == is && (!is || found == codimension), "%s on %s, %zu qubits", word,
              plus ? "plus" : "zero", n))
    tap_diag("%d, codimension %zu", yes, found);
  if (ok) fermion_frame_clear(frame);
  quantum_state_clear(rho);
  stabilizer_state_clear(pure);
  pauli_sum_clear(o);
  for (size_t j = 0; j < count; j++) pauli_sum_clear(g + j);
}

int main(void) {
  tap_begin("t-gaussian-orbit");
  check_one(4, "ZZII", false, true, 8); /* 4 of 8 modes */
  check_one(6, "ZZIIII", false, true, 16);
  check_one(6, "ZIZIII", false, true, 16);
  check_one(6, "ZZZIII", false, true, 18);
  check_one(6, "ZIIIII", false, true, 10);
  check_one(4, "ZZZZ", false, false, 0); /* the parity: constant */
  check_one(4, "XIII", false, false, 0); /* odd: not in the algebra */
  check_one(4, "ZZII", true, false, 0);  /* plus is no Gaussian state of this frame */
  check_descents();
  return tap_end();
}
