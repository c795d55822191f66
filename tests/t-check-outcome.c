/* t-check-outcome - what `check` finds does not depend on the prime that it draws: where
   sectors share an eigenvalue of every element of the algebra, as all so(d) of odd d share 0,
   they are told apart all the same; and many small ideals are. */
#include <stdlib.h>
#include <string.h>

#include "algebra/check/sums/check_decomposition.h"
#include "algebra/check/sums/check_prime.h"
#include "cli/request/reader.h"
#include "tests/tap.h"

enum { QUBITS = 4, SIZE = 1 << QUBITS, ROOM = 1 << 16 };

/* --- generators ------------------------------------------------------------------------- */

/* An antisymmetric block a at the states from..from + d - 1. */
static void put_block(long m[SIZE][SIZE], const long *a, int from, int d) {
  for (int i = 0; i < d; i++)
    for (int j = 0; j < d; j++) m[from + i][from + j] += a[i * d + j];
}

static void random_block(long *a, int d) {
  for (int i = 0; i < d; i++)
    for (int j = 0; j <= i; j++) {
      a[i * d + j] = i == j ? 0 : (long)tap_random_below(9) - 4;
      a[j * d + i] = -a[i * d + j];
    }
}

/* m := 16 R m R, R = 1 - u u^T / 4 on the states 3..10, u_i = +-1: so(3) there and so(5)
   lie in one block of basis states. */
static void mix(long m[SIZE][SIZE], const long *u) {
  long r[SIZE][SIZE] = {{0}}, left[SIZE][SIZE] = {{0}};
  for (int i = 0; i < SIZE; i++)
    for (int j = 0; j < SIZE; j++) {
      bool inside = i >= 3 && i < 11 && j >= 3 && j < 11;
      r[i][j] = (i == j ? 4 : 0) - (inside ? u[i] * u[j] : 0);
    }
  for (int i = 0; i < SIZE; i++)
    for (int j = 0; j < SIZE; j++)
      for (int k = 0; k < SIZE; k++) left[i][j] += r[i][k] * m[k][j];
  memset(m, 0, sizeof(long) * SIZE * SIZE);
  for (int i = 0; i < SIZE; i++)
    for (int j = 0; j < SIZE; j++)
      for (int k = 0; k < SIZE; k++) m[i][j] += left[i][k] * r[k][j];
}

/* i m as a sum of strings with an odd number of Y, times 16: for X^x Z^z i^ys the entry in
   row a, column a ^ x is i^ys (-1)^(z.(a ^ x)). */
static size_t put_strings(char *out, long m[SIZE][SIZE]) {
  size_t length = (size_t)sprintf(out, "generator");
  bool first = true;
  for (int x = 0; x < SIZE; x++)
    for (int z = 0; z < SIZE; z++) {
      int ys = __builtin_popcount((unsigned)(x & z));
      long c = 0;
      if (ys % 2 == 0) continue;
      for (int a = 0; a < SIZE; a++)
        c += (__builtin_parity((unsigned)(z & (a ^ x))) ? -1 : 1) * m[a ^ x][a];
      if (ys % 4 == 1) c = -c;
      if (!c) continue;
      length += (size_t)sprintf(out + length, " %s%ld", c < 0 ? "- " : first ? "" : "+ ",
                                labs(c));
      for (int q = 0; q < QUBITS; q++)
        if ((x | z) >> q & 1)
          length += (size_t)sprintf(out + length, " %c%d",
                                    x >> q & 1 ? z >> q & 1 ? 'Y' : 'X' : 'Z', q);
      first = false;
    }
  return length + (size_t)sprintf(out + length, "\n");
}

/* so(3) on states 0..2, and with so(5) on 3..10, not in the basis there. */
static void write_mixed(char *out) {
  long u[SIZE];
  size_t length = (size_t)sprintf(out, "qubits %d\n", QUBITS);
  for (int i = 0; i < SIZE; i++) u[i] = tap_random_below(2) ? 1 : -1;
  for (int k = 0; k < 3; k++) {
    long three[9], five[25], m[SIZE][SIZE] = {{0}};
    random_block(three, 3);
    random_block(five, 5);
    put_block(m, three, 0, 3);
    put_block(m, three, 3, 3);
    put_block(m, five, 6, 5);
    mix(m, u);
    length += put_strings(out + length, m);
  }
  sprintf(out + length, "observable Z0\n");
}

/* --- the outcome ------------------------------------------------------------------------- */

static bool found_sectors(const check_generators_struct *g) {
  check_prime_t p;
  check_decomposition_t d;
  if (!check_prime_init_cyclic(&p, g)) abort();
  p.work_left = 1000000000;
  check_decomposition_init(d, &p);
  bool right = d->known && d->length == 3 && d->centre == 0;
  for (size_t i = 0; i < d->length && right; i++) {
    size_t dimension = d->list[i].module.dimension, copies = d->list[i].multiplicity;
    right = dimension == 1 ? copies == 5 : dimension == 3 ? copies == 2
                                                          : dimension == 5 && copies == 1;
  }
  check_decomposition_clear(d);
  check_prime_clear(&p);
  return right;
}

/* so(3) and so(5), each all of its sector. */
static bool found_full(const check_generators_struct *g) {
  check_sum_structure_t s = {{0}};
  check_prime_t p;
  if (!check_prime_init(&p, g)) abort();
  p.work_left = CHECK_PRIME_WORK;
  s->prime = &p;
  check_sum_ideals(s, &p, g);
  bool right = s->ideals_known && s->num_ideals == 2 && !check_sum_is_small(s);
  flint_free(s->ideals);
  check_prime_clear(&p);
  return right;
}

/* Of the Ising ring with two angles: one su(2) for each pair of momenta, two signs of the
   ring, and a centre of dimension 2; several act on one sector. */
static bool found_ideals(const check_generators_struct *g) {
  check_sum_structure_t s = {{0}};
  check_prime_t p;
  s->prime = &p;
  if (!check_prime_init(&p, g)) abort();
  p.work_left = CHECK_PRIME_WORK;
  check_sum_ideals(s, &p, g);
  size_t n = g->num_qubits;
  bool right = s->algebra_known && s->ideals_known && s->center == 2 &&
               s->dimension == 3 * n - 1 && s->num_ideals == n - 1;
  for (size_t i = 0; i < s->num_ideals && right; i++)
    right = s->ideals[i].first == 3 && s->ideals[i].second == 1;
  right = right && check_sum_is_small(s);
  flint_free(s->ideals);
  check_prime_clear(&p);
  return right;
}

/* One so(8) on two C^8, its half-spinors: never called known, which would be two ideals. */
static bool found_one(const check_generators_struct *g) {
  check_prime_t p;
  check_decomposition_t d;
  if (!check_prime_init_cyclic(&p, g)) abort();
  p.work_left = 1000000000;
  check_decomposition_init(d, &p);
  bool right = !d->known;
  check_decomposition_clear(d);
  check_prime_clear(&p);
  return right;
}

/* How many of the primes leave it unknown, or find something else. */
static size_t count_missed(const char *text, size_t primes,
                           bool (*found)(const check_generators_struct *g)) {
  ansatz_t ansatz;
  diagnostic_t diag;
  check_generators_t g;
  size_t missed = 0;
  diagnostic_init(diag);
  if (reader_read_text(ansatz, diag, "mixed.ops", text, strlen(text), FORMAT_OPS, NULL, 0) !=
      STATUS_OK) {
    tap_diag("not read:\n%s", text);
    diagnostic_clear(diag);
    return primes;
  }
  check_generators_init(g, ansatz, NULL);
  for (size_t k = 0; k < primes; k++) missed += !found(g);
  if (missed) tap_diag("%zu of %zu primes do not find all of\n%s", missed, primes, text);
  check_generators_clear(g);
  ansatz_clear(ansatz);
  diagnostic_clear(diag);
  return missed;
}

int main(void) {
  tap_begin("t-check-outcome");
  char *text = malloc(ROOM);
  size_t missed = 0, total = (size_t)tap_iterations(10);
  for (size_t k = 0; k < total; k++) {
    write_mixed(text);
    missed += count_missed(text, 4, found_sectors) + count_missed(text, 1, found_full);
  }
  tap_ok(!missed, "so(3) twice beside so(5), %zu choices, 4 primes each", total);
  missed = 0;
  for (int n = 8; n < 15; n += 3) {
    sprintf(text, "qubits %d\ngenerator sum(i in 0..%d: X{i})\n"
                  "generator sum(i in 0..%d: Z{i} Z{i+1}) + Z%d Z0\nobservable Z0\n",
            n, n - 1, n - 2, n - 1);
    missed += count_missed(text, 2, found_ideals);
  }
  tap_ok(!missed, "ideals of Ising rings, which are not full on sectors");
  sprintf(text, "qubits 4\ngenerator Z0 + Z1 + Z2\ngenerator sum(i in 0..2: Y{i} Y{i+1})\n"
                "generator sum(i in 0..2: X{i} X{i+1})\nobservable Z0\n");
  tap_ok(!count_missed(text, 4, found_one), "half-spinors of so(8) are of one ideal");
  free(text);
  return tap_end();
}
