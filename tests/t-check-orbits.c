/* What `check` proves of orbits and laws of sums: dimensions against dense rational
   vectors, spheres against sphere_orbit.h, which shares no code with it, and known
   spectra of su(2) ideals, right and wrong. */
#include <stdlib.h>
#include <string.h>

#include "algebra/analysis/sphere_orbit.h"
#include "algebra/base/flint_compat.h"
#include "algebra/check/sums/check_orbits.h"
#include "algebra/check/sums/check_spheres.h"
#include "algebra/check/sums/check_su2.h"
#include "cli/request/reader.h"
#include "tests/ref_closure.h"
#include "tests/tap.h"

static const int64_t enough = 1000000000;

/* --- random sums and states ---------------------------------------------------------------- */

enum { MAX_GENERATORS = 3 };

static void random_sum(pauli_sum_t sum, size_t n, size_t terms) {
  fmpq_t c;
  fmpq_init(c);
  for (size_t t = 0; t < terms; t++) {
    uint64_t string[2] = {tap_random_below((size_t)1 << n), tap_random_below((size_t)1 << n)};
    fmpq_set_si(c, (slong)tap_random_below(7) - 3, 1 + tap_random_below(3));
    pauli_sum_push(sum, c, string);
  }
  pauli_sum_canonicalise(sum);
  fmpq_clear(c);
}

/* Random commuting strings with random signs. */
static void random_state(stabilizer_state_t state, size_t n) {
  stabilizer_state_init(state, n);
  while (state->rank < n) {
    uint64_t string[2] = {tap_random_below((size_t)1 << n), tap_random_below((size_t)1 << n)};
    if (string[0] | string[1]) stabilizer_state_add(state, string, tap_random_below(2));
  }
}

/* --- dense vectors ------------------------------------------------------------------------- */

/* out += c P x, P a string of letters I X Y Z = 0 1 2 3 for qubits 0, 1, ...; x and out:
   2^n real parts, then 2^n imaginary parts, bit q of the index qubit q. */
static void add_string(fmpq *out, size_t letters, const fmpq_t c, const fmpq *x, size_t n) {
  size_t size = (size_t)1 << n;
  fmpq_t term;
  fmpq_init(term);
  for (size_t a = 0; a < 2 * size; a++) {
    size_t to = a % size, turn = a / size; /* i^turn |to> */
    for (size_t q = 0; q < n; q++) {
      size_t letter = letters >> (2 * q) & 3, bit = to >> q & 1;
      if (letter == 3 && bit) turn += 2;
      if (letter == 2) turn += bit ? 3 : 1; /* Y|0> = i|1>, Y|1> = -i|0> */
      if (letter == 1 || letter == 2) to ^= (size_t)1 << q;
    }
    fmpq_mul(term, c, x + a);
    fmpq *at = out + to + turn % 2 * size;
    if (turn % 4 < 2) fmpq_add(at, at, term);
    else fmpq_sub(at, at, term);
  }
  fmpq_clear(term);
}

/* Letters of the reference. */
static size_t place(const uint64_t *string, size_t n) {
  static const size_t letters[4] = {0, 1, 3, 2}; /* I X Z Y */
  size_t out = 0;
  for (size_t j = n; j-- > 0;) out = 4 * out + letters[pauli_get(string, 1, j)];
  return out;
}

/* prod (1 + s g) on a random vector, which may give 0. */
static fmpq *projected_vector(const stabilizer_state_struct *state, size_t n) {
  slong length = (slong)2 << n;
  fmpq *x = _fmpq_vec_init(length), *y = _fmpq_vec_init(length);
  fmpq_t one;
  fmpq_init(one);
  for (slong i = 0; i < length; i++) fmpq_set_si(x + i, (slong)tap_random_below(19) - 9, 1);
  for (size_t j = 0; j < state->rank; j++) {
    for (slong i = 0; i < length; i++) fmpq_set(y + i, x + i);
    fmpq_set_si(one, state->signs[j] ? -1 : 1, 1);
    add_string(y, place(stabilizer_state_string(state, j), n), one, x, n);
    fmpq *t = x;
    x = y;
    y = t;
  }
  _fmpq_vec_clear(y, length);
  fmpq_clear(one);
  return x;
}

static bool is_zero(const fmpq *x, slong length) {
  for (slong i = 0; i < length; i++)
    if (!fmpq_is_zero(x + i)) return false;
  return true;
}

static fmpq *state_vector(const stabilizer_state_struct *state, size_t n) {
  fmpq *x = projected_vector(state, n);
  while (is_zero(x, (slong)2 << n)) {
    _fmpq_vec_clear(x, (slong)2 << n);
    x = projected_vector(state, n);
  }
  return x;
}

/* Rank of i X |psi> over a basis of g, and i|psi>, less 1. */
static size_t dense_dimension(const pauli_sum_struct *sums, size_t count, size_t n,
                              const stabilizer_state_struct *state) {
  size_t size = (size_t)1 << n;
  fmpq *generators[MAX_GENERATORS], *psi = state_vector(state, n);
  ref_space_struct g;
  fmpq_mat_t rows;
  fmpq_t one;
  fmpq_init(one);
  fmpq_one(one);
  for (size_t j = 0; j < count; j++) {
    generators[j] = ref_vector(n);
    for (size_t t = 0; t < sums[j].length; t++)
      fmpq_set(generators[j] + place(pauli_sum_string(sums + j, t), n), sums[j].coeffs + t);
  }
  ref_space_init(&g, n);
  ref_closure(&g, generators, count);
  fmpq_mat_init(rows, (slong)g.dimension + 1, (slong)(2 * size));
  for (size_t k = 0; k < g.dimension; k++) {
    fmpq *image = _fmpq_vec_init((slong)(2 * size));
    for (size_t s = 0; s < size * size; s++)
      if (!fmpq_is_zero(g.rows[k] + s)) add_string(image, s, g.rows[k] + s, psi, n);
    for (size_t a = 0; a < 2 * size; a++)
      fmpq_set(fmpq_mat_entry(rows, (slong)k, (slong)a), image + a);
    _fmpq_vec_clear(image, (slong)(2 * size));
  }
  for (size_t a = 0; a < 2 * size; a++) /* |psi> itself: the same rank without the i */
    fmpq_set(fmpq_mat_entry(rows, (slong)g.dimension, (slong)a), psi + a);
  size_t rank = (size_t)fmpq_mat_rref(rows, rows);
  fmpq_mat_clear(rows);
  ref_space_clear(&g);
  for (size_t j = 0; j < count; j++) ref_vector_clear(generators[j], n);
  _fmpq_vec_clear(psi, (slong)(2 * size));
  fmpq_clear(one);
  return rank - 1;
}

/* --- random cases --------------------------------------------------------------------------- */

typedef struct {
  size_t runs, spheres, several, minima;
} seen_t;

/* Both routes on a random observable, and on the projector less 1 of the state (least
   there). */
static bool spheres_agree(seen_t *seen, const check_generators_struct *g,
                          const pauli_sum_struct *sums, size_t count, size_t n,
                          const stabilizer_state_struct *state, size_t orbit) {
  bool agree = true;
  for (int kind = 0; kind < 2 && agree && orbit; kind++) {
    pauli_sum_t o;
    check_spheres_struct mine;
    fmpq_t minus;
    fmpq_init(minus);
    fmpq_set_si(minus, -1, 1);
    pauli_sum_init(o, n);
    if (kind) stabilizer_state_expand(o, state, 1 << 10);
    if (kind) pauli_sum_scalar_mul(o, o, minus);
    else random_sum(o, n, 1 + tap_random_below(3));
    sphere_orbit_t other = sphere_orbit_find(sums, count, state, orbit, o);
    bool fits = check_spheres_find(&mine, g, state, orbit, o);
    /* of three spheres it is real in more cases: where some basis of the classes is */
    agree = fits && (mine.holds == other.holds || (mine.holds && mine.spheres == 3));
    if (agree && other.holds)
      agree = mine.spheres == other.spheres && mine.codimension == other.codimension;
    seen->spheres += mine.holds;
    seen->several += mine.holds && mine.spheres > 1;
    seen->minima += mine.holds && mine.codimension != SIZE_MAX;
    if (!agree)
      tap_diag("spheres %d %zu %zu, %d %zu %zu", mine.holds, mine.spheres, mine.codimension,
               other.holds, other.spheres, other.codimension);
    pauli_sum_clear(o);
    fmpq_clear(minus);
  }
  return agree;
}

/* Sums of few kinds commute with something, so that there are sectors. */
static void random_generator(pauli_sum_t sum, size_t n) {
  static const char *const symmetric[] = {"XX+YY+ZZ", "XX+YY", "XI+IX", "ZI+IZ", "XX"};
  if (tap_random_below(2)) {
    random_sum(sum, n, 1 + tap_random_below(3));
    return;
  }
  const char *text = symmetric[tap_random_below(5)];
  fmpq_t one;
  fmpq_init(one);
  fmpq_one(one);
  size_t a = tap_random_below(n), b = (a + 1 + tap_random_below(n - 1)) % n;
  for (; *text; text += 2 + (text[2] == '+')) {
    uint64_t string[2] = {0, 0};
    for (size_t k = 0; k < 2; k++)
      pauli_set(string, 1, k ? b : a, text[k] == 'X' ? 1 : text[k] == 'Y' ? 3
                                      : text[k] == 'Z' ? 2 : 0);
    pauli_sum_push(sum, one, string);
  }
  pauli_sum_canonicalise(sum);
  fmpq_clear(one);
}

static bool one_case(seen_t *seen) {
  size_t n = 2 + tap_random_below(2), count = 1 + tap_random_below(MAX_GENERATORS);
  size_t found = SIZE_MAX;
  ansatz_t a;
  check_generators_t g;
  stabilizer_state_t state;
  pauli_sum_struct sums[MAX_GENERATORS];
  ansatz_init(a, ANSATZ_OPERATORS, n);
  for (size_t j = 0; j < count; j++) {
    pauli_sum_init(sums + j, n);
    while (!sums[j].length) random_generator(sums + j, n);
    ansatz_add_generator(a, sums + j);
  }
  a->num_parameters = count;
  random_state(state, n);
  check_generators_init(g, a, NULL);
  size_t expected = dense_dimension(sums, count, n, state);
  bool known = check_sums_orbit_dimension(&found, g, state, enough);
  bool ok = known && found == expected &&
            spheres_agree(seen, g, sums, count, n, state, found);
  if (!ok) tap_diag("dimension %zu, dense %zu", found, expected);
  for (size_t j = 0; j < count && !ok; j++) {
    char *text = pauli_sum_get_str(sums + j);
    tap_diag("qubits %zu, generator %s", n, text);
    free(text);
  }
  seen->runs++;
  for (size_t j = 0; j < count; j++) pauli_sum_clear(sums + j);
  stabilizer_state_clear(state);
  check_generators_clear(g);
  ansatz_clear(a);
  return ok;
}

static void test_random(void) {
  seen_t seen = {0};
  long runs = tap_iterations(100);
  bool ok = true;
  for (long i = 0; i < runs && ok; i++) ok = one_case(&seen);
  tap_ok(ok, "%zu orbits, %zu of them spheres (%zu several), %zu least at the state",
         seen.runs, seen.spheres, seen.several, seen.minima);
  tap_occurred(seen.spheres && seen.several && seen.minima, "all of these");
}

/* --- spectra ----------------------------------------------------------------------------------- */

static bool read_file(ansatz_t a, const char *text) {
  diagnostic_t diag;
  diagnostic_init(diag);
  bool ok = reader_read_text(a, diag, "test", text, strlen(text), FORMAT_OPS, NULL, 0) ==
            STATUS_OK;
  diagnostic_clear(diag);
  return ok;
}

/* su(2) on each of two qubits; b = 5, 2 and s = 1, 3/5. */
#define TWO_QUBITS "qubits 2\ngenerator X0 + 2 X1\ngenerator Z0 - Z1\n" \
  "generator Y0 + X1\nobservable 3 X0 + 4 Z0 + 2 Y1\n"
static const char two_qubits[] = TWO_QUBITS "state product 0,0,1 0,3/5,0\n";
static const char equal_lengths[] = TWO_QUBITS "state product 0,0,3/5 0,3/5,0\n";
/* su(2) of three spins together: strings X0 + X1 + X2, ... of length sqrt 3; [O, .] has the
   eigenvalues +-2, so b = 1, and s = 3. */
static const char three_spins[] =
    "qubits 3\ngenerator X0 + X1 + X2\ngenerator Z0 + Z1 + Z2\n"
    "observable Z0 + Z1 + Z2\nstate zero\n";

/* The numbers over 10. */
static answer_t spectra(const char *text, size_t length, const int b[2], const int s[2]) {
  ansatz_t a;
  check_generators_t g;
  arb_ptr x = _arb_vec_init(4);
  if (!read_file(a, text)) return ANSWER_UNDECIDED;
  check_generators_init(g, a, NULL);
  for (size_t k = 0; k < length; k++) {
    arb_set_si(x + k, b[k]);
    arb_set_si(x + 2 + k, s[k]);
    for (size_t i = k; i < 4; i += 2) {
      arb_div_si(x + i, x + i, 10, 256);
      arb_add_error_2exp_si(x + i, -66);
    }
  }
  answer_t answer = check_su2_spectra(x, x + 2, length, g, g->observables,
                                      a->states[0].state);
  check_generators_clear(g);
  ansatz_clear(a);
  _arb_vec_clear(x, 4);
  return answer;
}

static void test_spectra(void) {
  const int b[2] = {50, 20}, s[2] = {10, 6}, back[2] = {20, 50}, other[2] = {6, 10};
  const int wide[2] = {100, 40}, half[2] = {5, 3}, wrong[2] = {50, 21}, none[2] = {50, 0};
  const int one[2] = {10, 0}, two[2] = {20, 0}, three[2] = {30, 0}, rest[2] = {15, 0};
  const int thrice[2] = {150, 60}, third[2] = {2, 2}, equal[2] = {6, 6};
  tap_ok(spectra(two_qubits, 2, b, s) == ANSWER_YES &&
             spectra(two_qubits, 2, back, other) == ANSWER_YES,
         "two ideals, in any order");
  tap_ok(spectra(two_qubits, 2, wide, half) == ANSWER_NO &&
             spectra(equal_lengths, 2, b, equal) == ANSWER_YES &&
             spectra(equal_lengths, 2, thrice, third) == ANSWER_NO,
         "no factor may go from one side to the other");
  tap_ok(spectra(two_qubits, 2, b, other) == ANSWER_NO &&
             spectra(two_qubits, 2, wrong, s) == ANSWER_NO &&
             spectra(two_qubits, 2, none, s) == ANSWER_NO &&
             spectra(two_qubits, 1, b, s) == ANSWER_NO,
         "wrong pairs, numbers and lengths are refused");
  tap_ok(spectra(three_spins, 1, one, three) == ANSWER_YES &&
             spectra(three_spins, 1, two, three) == ANSWER_NO &&
             spectra(three_spins, 1, two, rest) == ANSWER_NO,
         "an ideal on three qubits");
}

int main(void) {
  tap_begin("t-check-orbits");
  test_random();
  test_spectra();
  return tap_end();
}
