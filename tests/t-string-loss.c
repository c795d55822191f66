/* t-string-loss.c - laws of observables in algebras of strings that are no free fermions
   against circuits, sampled by code of their own: the observable as a vector of 4^n numbers,
   turned by random rotations about the generators (Heisenberg picture). No representation is
   chosen there. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/sums/string_loss.h"
#include "tests/law_distance.h"
#include "tests/tap.h"

#define SO16 "YIII IYII IIYI IIIY YZII IYZI IIYZ ZYII IZYI IIZY"

enum { MAX_QUBITS = 5, POINTS = 100 };

typedef struct {
  const char *name;
  size_t num_qubits;
  const char *words; /* of the generators */
  orbit_group_t group;
  ulong modes;
  size_t ideals;
  bool has_cdf; /* quickly enough */
} case_t;

typedef struct {
  size_t n, size; /* 4^n: x bits, then z bits */
  string_algebra_t algebra;
  pauli_sum_t observable;
  quantum_state_t state;
  double start[1 << 2 * MAX_QUBITS], expectations[1 << 2 * MAX_QUBITS];
} input_t;

static double uniform(void) {
  return ((double)(tap_random() >> 11) + 0.5) / 9007199254740992.0;
}

static void set_string(uint64_t *out, const input_t *in, size_t index) {
  out[0] = index & (((size_t)1 << in->n) - 1);
  out[1] = index >> in->n;
}

static size_t read_words(uint64_t *out, const char *words) {
  size_t count = 0, qubit = 0;
  memset(out, 0, 2 * sizeof *out);
  for (const char *c = words; *c; c++) {
    if (*c == ' ') {
      count++;
      qubit = 0;
      memset(out + 2 * count, 0, 2 * sizeof *out);
    } else {
      pauli_set(out + 2 * count, 1, qubit++, *c == 'X' ? 1u : *c == 'Z' ? 2u : *c == 'Y' ? 3u : 0u);
    }
  }
  return count + 1;
}

/* --- random observables and states ------------------------------------------------------ */

static bool is_central(const input_t *in, const uint64_t *string) {
  for (size_t j = 0; j < in->algebra->num_strings; j++)
    if (pauli_anticommute(string, in->algebra->strings + 2 * j, 1)) return false;
  return true;
}

/* A few strings of the algebra, and perhaps one that commutes with it. */
static void random_observable(input_t *in) {
  size_t terms = 1 + tap_random_below(5), central = tap_random_below(2);
  fmpq_t c;
  fmpq_init(c);
  pauli_sum_init(in->observable, in->n);
  while (terms + central) {
    uint64_t s[2];
    set_string(s, in, tap_random_below(in->size));
    bool fixed = is_central(in, s);
    if (fixed ? !central : !terms || !string_algebra_contains(in->algebra, s)) continue;
    fmpq_set_si(c, (slong)tap_random_below(9) - 4, 1 + tap_random_below(3));
    pauli_sum_push(in->observable, c, s);
    if (fixed) central--;
    else terms--;
  }
  pauli_sum_canonicalise(in->observable);
  fmpq_clear(c);
}

/* Stabilizers from the algebra half of the time: what it sees of the state is more then. */
static void random_state(input_t *in) {
  stabilizer_state_t state;
  size_t rank = tap_random_below(3) ? in->n : 1 + tap_random_below(in->n);
  stabilizer_state_init(state, in->n);
  for (int tries = 0; state->rank < rank && tries < 2000; tries++) {
    uint64_t s[2];
    set_string(s, in, 1 + tap_random_below(in->size - 1));
    if (tries < 40 && !string_algebra_contains(in->algebra, s)) continue;
    stabilizer_state_add(state, s, tap_random_below(2));
  }
  quantum_state_init(in->state, in->n);
  quantum_state_set_stabilizer(in->state, state);
  stabilizer_state_clear(state);
}

static void input_init(input_t *in, size_t n, const uint64_t *strings, size_t count) {
  fmpq_t value;
  fmpq_init(value);
  in->n = n;
  in->size = (size_t)1 << 2 * n;
  string_algebra_init(in->algebra, strings, count, n);
  random_observable(in);
  random_state(in);
  for (size_t i = 0; i < in->size; i++) {
    uint64_t s[2];
    set_string(s, in, i);
    quantum_state_expectation(value, in->state, s);
    in->expectations[i] = fmpq_get_d(value);
    pauli_sum_coefficient(value, in->observable, s);
    in->start[i] = fmpq_get_d(value);
  }
  fmpq_clear(value);
}

static void input_clear(input_t *in) {
  string_algebra_clear(in->algebra);
  pauli_sum_clear(in->observable);
  quantum_state_clear(in->state);
}

/* --- samples ------------------------------------------------------------------------------ */

/* Q becomes cos(a) Q + sin(a) i G Q where it anticommutes with G, i G Q = +-[G + Q]. */
static void rotate(double *x, const input_t *in, size_t g, double a) {
  uint64_t p[2], q[2], product[2];
  double c = cos(a), s = sin(a);
  set_string(p, in, g);
  for (size_t i = 0; i < in->size; i++) {
    if (i > (i ^ g)) continue;
    set_string(q, in, i);
    if (!pauli_anticommute(p, q, 1)) continue;
    unsigned e = 1 + pauli_mul(product, p, q, 1);
    double t = e % 4 ? -s : s, first = x[i], second = x[i ^ g];
    x[i] = c * first - t * second;
    x[i ^ g] = t * first + c * second;
  }
}

static double sample(const input_t *in, const size_t *generators, size_t count) {
  double x[1 << 2 * MAX_QUBITS], value = 0;
  memcpy(x, in->start, in->size * sizeof *x);
  for (size_t k = 0; k < 60 * in->n; k++)
    rotate(x, in, generators[tap_random_below(count)], 2 * M_PI * uniform());
  for (size_t i = 0; i < in->size; i++) value += x[i] * in->expectations[i];
  return value;
}

/* Of some 150 comparisons one fails by chance in a million seeds. */
static bool judge(const case_t *c, const input_t *in, const adjoint_law_struct *law,
                  const size_t *generators, size_t count) {
  size_t n = (size_t)tap_iterations(in->n > 4 ? 300 : in->n > 3 ? 1000 : 3000);
  if (n < 300) n = 300;
  double *x = malloc(n * sizeof *x), far = 0;
  fmpq_t second, fourth;
  fmpq_init(second);
  fmpq_init(fourth);
  for (size_t i = 0; i < n; i++) x[i] = sample(in, generators, count);
  adjoint_law_cumulants(second, fourth, law);
  double mean = fmpq_get_d(law->constant), v = fmpq_get_d(second);
  double one = law_deviation(x, n, mean, 1, 0), two = law_deviation(x, n, mean, 2, v);
  double four = law_deviation(x, n, mean, 4, fmpq_get_d(fourth) + 3 * v * v);
  if (v > 0 && c->has_cdf) far = law_distance(x, n, POINTS, law);
  bool good = one < 6 && two < 6 && four < 6 && far < 3; /* NAN fails */
  if (v > 0 && c->has_cdf) good = law_points_fit(x, n, law) && good;
  if (!good)
    tap_diag("%s: %zu samples, variance %g: mean off by %.2f, squares %.2f, fourth powers "
             "%.2f, sqrt(n) D = %.2f", c->name, n, v, one, two, four, far);
  free(x);
  fmpq_clear(second);
  fmpq_clear(fourth);
  return good;
}

static bool run(const case_t *c) {
  uint64_t strings[2 * 16];
  size_t generators[16], count = read_words(strings, c->words);
  input_t *in = malloc(sizeof *in);
  fermion_loss_t loss;
  for (size_t j = 0; j < count; j++)
    generators[j] = strings[2 * j] | strings[2 * j + 1] << c->num_qubits;
  input_init(in, c->num_qubits, strings, count);
  string_loss_init(loss, in->algebra, in->observable, in->state);
  const adjoint_law_struct *law = loss->law;
  bool good = loss->applies && loss->has_law;
  bool moves = false;
  for (size_t i = 0; i < in->observable->length; i++)
    moves = moves || !is_central(in, pauli_sum_string(in->observable, i));
  good = good && law->num_families == (moves ? c->ideals : 0);
  for (size_t k = 0; k < law->num_families; k++) {
    const adjoint_family_struct *f = law->families + k;
    good = good && f->group == c->group && f->modes == c->modes && f->count == 1;
  }
  if (!good)
    tap_diag("%s: law %d, %zu families", c->name, loss->has_law, law->num_families);
  good = good && judge(c, in, law, generators, count);
  fermion_loss_clear(loss);
  input_clear(in);
  free(in);
  return good;
}

/* On Y0 the signs f of bits 1..3 make the observable Y0 f, whose numbers are those of f:
   Pfaffians of one sign for an even, of two for an odd number of -1 (eight numbers of the
   state turn together). */
static void test_orientation(void) {
  uint64_t strings[2 * 16], y[2];
  size_t count = read_words(strings, SO16);
  int good = 0, runs = (int)tap_iterations(20);
  string_algebra_t g;
  stabilizer_state_t state;
  quantum_state_t rho;
  string_algebra_init(g, strings, count, 4);
  stabilizer_state_init(state, 4);
  quantum_state_init(rho, 4);
  read_words(y, "YIII");
  stabilizer_state_add(state, y, tap_random_below(2));
  quantum_state_set_stabilizer(rho, state);
  for (int k = 0; k < runs; k++) {
    unsigned minus = (unsigned)tap_random_below(256);
    pauli_sum_t o;
    fermion_loss_t loss;
    fmpq_t c;
    fmpq_init(c);
    pauli_sum_init(o, 4);
    for (uint64_t z = 0; z < 8; z++) { /* f = sum of c_z Z^z */
      slong sum = 0;
      for (unsigned a = 0; a < 8; a++)
        sum += (minus >> a & 1) != (unsigned)__builtin_parityl(z & a) ? -1 : 1;
      uint64_t s[2] = {y[0], y[1] | z << 1};
      fmpq_set_si(c, sum, 8);
      if (sum) pauli_sum_push(o, c, s);
    }
    pauli_sum_canonicalise(o);
    string_loss_init(loss, g, o, rho);
    int expected = __builtin_popcount(minus) % 2 ? -1 : 1;
    good += loss->has_law && loss->law->num_families == 1 &&
            loss->law->families->orientation == expected;
    fermion_loss_clear(loss);
    pauli_sum_clear(o);
    fmpq_clear(c);
  }
  tap_ok(good == runs, "Pfaffians of both signs");
  quantum_state_clear(rho);
  stabilizer_state_clear(state);
  string_algebra_clear(g);
}

/* --- none ---------------------------------------------------------------------------------- */

/* A term in a component of free fermions, or matrices that are too large. */
static void test_none(void) {
  static const struct {
    const char *words, *term;
    size_t num_qubits;
  } cases[] = {{"XIII ZIII IXII IZII ZZII IIXI IIZI", "IIZI", 4},
               {"XIIIIII ZIIIIII IXIIIII IZIIIII IIXIIII IIZIIII IIIXIII IIIZIII IIIIXII "
                "IIIIZII IIIIIXI IIIIIZI IIIIIIX IIIIIIZ ZZIIIII IZZIIII IIZZIII IIIZZII "
                "IIIIZZI IIIIIZZ", "ZIIIIII", 7}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    uint64_t strings[2 * 24], term[2];
    size_t count = read_words(strings, cases[i].words);
    string_algebra_t g;
    pauli_sum_t o;
    quantum_state_t rho;
    fermion_loss_t loss;
    fmpq_t one;
    fmpq_init(one);
    fmpq_one(one);
    read_words(term, cases[i].term);
    string_algebra_init(g, strings, count, cases[i].num_qubits);
    pauli_sum_init(o, cases[i].num_qubits);
    pauli_sum_push(o, one, term);
    quantum_state_init(rho, cases[i].num_qubits);
    string_loss_init(loss, g, o, rho);
    tap_ok(loss->applies && !loss->has_law && loss->reason == REASON_ADJOINT_WITHOUT_LAW &&
               !loss->law->num_families,
           "no law: %s", i ? "128 dimensions" : "a term moved by free fermions");
    fermion_loss_clear(loss);
    string_algebra_clear(g);
    pauli_sum_clear(o);
    quantum_state_clear(rho);
    fmpq_clear(one);
  }
}

int main(void) {
  static const case_t cases[] = {
      {"so(16)", 4, SO16, ORBIT_SO, 16, 1, false},
      {"so(16) twice", 5, "YIIIZ YIIII IYIII IIYIZ IIIYI YZIII IYZII IIYZI ZYIII IZYII IIZYI",
       ORBIT_SO, 16, 2, false},
      {"sp(4)", 3, "IIZ XIY XXX XYZ YXX ZII ZZZ", ORBIT_SP, 9, 1, true},
      {"sp(4) twice", 4, "XIIZ ZIII IYII IIYI ZZII ZIZI XXII XIXZ IYZI", ORBIT_SP, 9, 2, true},
      {"sp(8)", 4, "IZYI IZYX XIIX XYZY XZZY YXXX YZII YZIX ZYIY", ORBIT_SP, 17, 1, false},
      {"su(8)", 3, "XII ZII IXI IZI IIX IIZ ZZI IZZ", ORBIT_SU, 8, 1, false},
      {"su(8) twice", 4, "XIIZ ZIII IXII IZIZ IIXI IIZI ZZII IZZI XIII", ORBIT_SU, 8, 2, false},
      {"su(8), linked", 4, "IXZY IZIZ XYXI XZXX YYYI YZXZ ZXXY", ORBIT_SU, 8, 1, false},
      {"su(8), linked, twice", 5, "IIIYX IXXXZ XXIZZ XYXYZ XZZXZ ZIZXZ ZXXYX ZYYZY", ORBIT_SU,
       8, 2, false},
  };
  tap_begin("t-string-loss");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    long good = 0, runs = tap_iterations(2);
    for (long k = 0; k < runs; k++) good += run(cases + i);
    tap_ok(good == runs, "%s: law and sampled circuits agree", cases[i].name);
  }
  test_orientation();
  test_none();
  return tap_end();
}
