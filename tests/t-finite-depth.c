/* Exact moments at finite depth: cases worked by hand, and random circuits
   with angles of their own against quadrature (ref_grid). */

#include "tests/depth_tools.h"

/* One rotation about XX, O = Z0 + Z1, |00>: the two strings stay correlated,
   l = 2 cos theta, E[l^2] = 2 (the diagonal walk alone would give 1). */
static void test_correlated(void) {
  ansatz_t a;
  pauli_sum_t o;
  stabilizer_state_t zero;
  ansatz_init(a, ANSATZ_CIRCUIT, 2);
  tool_rotation(a, "XX", tool_parameter(a), 1, 1);
  tool_observable(o, 2, (const char *[]){"ZI", "IZ"}, 2);
  stabilizer_state_init(zero, 2);
  stabilizer_state_set_zero(zero);
  finite_depth_t r;
  finite_depth_init(r);
  depth_limits_t limits;
  depth_limits_default(&limits);
  tap_ok(finite_depth_exact(r, a, o, (depth_state_t){.stabilizer = zero}, NULL,
                            &limits) == STATUS_OK &&
             tool_is(r->mean, 0, 1) && tool_is(r->second_moment, 2, 1) &&
             tool_is(r->variance, 2, 1) && tool_is(r->gradient, 2, 1),
         "Z0 + Z1 under a rotation about X0 X1: correlated, E[l^2] = 2");
  /* a later-averaged rotation about Z0 X1 tells them apart */
  tool_rotation(a, "ZX", tool_parameter(a), 1, 1);
  finite_depth_exact(r, a, o, (depth_state_t){.stabilizer = zero}, NULL,
                     &limits);
  tap_ok(tool_is(r->second_moment, 3, 4), "decorrelated by Z0 X1: 3/4");
  finite_depth_clear(r);
  stabilizer_state_clear(zero);
  pauli_sum_clear(o);
  ansatz_clear(a);
}

/* Z and Y merge under rotations about X: l = cos t + sin t for Z0 + Y0. */
static void test_merge(void) {
  ansatz_t a;
  pauli_sum_t o;
  stabilizer_state_t zero;
  ansatz_init(a, ANSATZ_CIRCUIT, 1);
  tool_rotation(a, "X", tool_parameter(a), 3, 2);
  tool_observable(o, 1, (const char *[]){"Z", "Y"}, 2);
  stabilizer_state_init(zero, 1);
  stabilizer_state_set_zero(zero);
  finite_depth_t r;
  finite_depth_init(r);
  depth_limits_t limits;
  depth_limits_default(&limits);
  finite_depth_exact(r, a, o, (depth_state_t){.stabilizer = zero}, NULL,
                     &limits);
  tap_ok(tool_is(r->second_moment, 1, 1) && tool_is(r->gradient, 9, 4) &&
             r->num_strings == 2,
         "Z and Y merge; the slope 3/2 of the angle enters squared");
  finite_depth_clear(r);
  stabilizer_state_clear(zero);
  pauli_sum_clear(o);
  ansatz_clear(a);
}

static void test_bad_input(void) {
  ansatz_t a;
  pauli_sum_t o;
  stabilizer_state_t zero;
  finite_depth_t r;
  depth_limits_t limits;
  depth_limits_default(&limits);
  ansatz_init(a, ANSATZ_OPERATORS, 2);
  pauli_sum_init(o, 2);
  stabilizer_state_init(zero, 2);
  finite_depth_init(r);
  depth_state_t state = {.stabilizer = zero};
  bool ok = finite_depth_exact(r, a, o, state, NULL, &limits) ==
            STATUS_BAD_INPUT;
  a->kind = ANSATZ_CIRCUIT;
  ok = ok && finite_depth_exact(r, a, o, (depth_state_t){0}, NULL, &limits) ==
                 STATUS_BAD_INPUT;
  ok = ok && finite_depth_exact(r, a, o, state, NULL, &limits) == STATUS_OK &&
       tool_is(r->variance, 0, 1);
  a->num_qubits = 3;
  ok = ok && finite_depth_exact(r, a, o, state, NULL, &limits) ==
                 STATUS_BAD_INPUT;
  tap_ok(ok, "operators, no state, other sizes: bad input; zero operator: 0");
  finite_depth_clear(r);
  pauli_sum_clear(o);
  stabilizer_state_clear(zero);
  ansatz_clear(a);
}

/* A tiny limit: nothing but the mean, and the reason. */
static void test_limits(void) {
  ansatz_t a;
  pauli_sum_t o;
  stabilizer_state_t zero;
  finite_depth_t r;
  depth_limits_t limits;
  ansatz_init(a, ANSATZ_CIRCUIT, 3);
  for (int layer = 0; layer < 30; layer++) {
    tool_rotation(a, "XII", tool_parameter(a), 1, 1);
    tool_rotation(a, "ZZI", tool_parameter(a), 1, 1);
    tool_rotation(a, "IXX", tool_parameter(a), 1, 1);
    tool_rotation(a, "YIY", tool_parameter(a), 1, 1);
  }
  tool_observable(o, 3, (const char *[]){"ZII"}, 1);
  stabilizer_state_init(zero, 3);
  stabilizer_state_set_zero(zero);
  finite_depth_init(r);
  depth_limits_default(&limits);
  limits.max_strings = 3;
  depth_state_t state = {.stabilizer = zero};
  finite_depth_exact(r, a, o, state, NULL, &limits);
  bool ok = r->variance->kind == DEPTH_UNAVAILABLE && r->reason &&
            r->too_large && r->gradient[0].kind == DEPTH_UNAVAILABLE &&
            tool_is(r->mean, 0, 1);
  depth_limits_default(&limits);
  finite_depth_exact(r, a, o, state, NULL, &limits);
  fmpq_t full;
  fmpq_init(full);
  fmpq_set(full, r->variance->rational);
  ok = ok && !r->reason && depth_number_is_rational(r->gradient + 3);
  /* room for the strings but not for the record of the gradients */
  bool between = false;
  for (size_t bytes = 64; bytes < 100000; bytes += 64) {
    limits.max_bytes = bytes;
    finite_depth_exact(r, a, o, state, NULL, &limits);
    if (r->variance->kind == DEPTH_EXACT && r->reason) between = true;
    if (r->variance->kind == DEPTH_EXACT)
      ok = ok && fmpq_equal(r->variance->rational, full);
  }
  tap_ok(ok && between, "limits: unavailable with a reason, never a number");
  fmpq_clear(full);
  finite_depth_clear(r);
  pauli_sum_clear(o);
  stabilizer_state_clear(zero);
  ansatz_clear(a);
}

/* Circuits in which every gate has an angle of its own, Cliffords between. */
static void test_random(void) {
  bool ok = true;
  long runs = tap_iterations(250), correlated = 0;
  tool_tally_t tally = {0};
  for (long i = 0; i < runs && ok; i++) {
    tool_case_t c;
    tool_random_case(&c, TOOL_INDEPENDENT);
    ok = tool_compare(&c, NULL, &tally);
    if (c.observable->length > 1) correlated++;
    if (!ok) tap_diag("iteration %ld", i);
    tool_case_clear(&c);
  }
  tap_ok(ok, "random circuits agree with the grid");
  tap_occurred(12 * tally.nonzero > runs && 12 * correlated > runs && 2 * tally.checked > runs,
               "%ld have variance, %ld several terms, %ld compared with check", tally.nonzero,
               correlated, tally.checked);
}

/* Of the circuit on zero; r is initialised here. */
static void find_moments(finite_depth_t r, const ansatz_t a, const pauli_sum_t o) {
  stabilizer_state_t zero;
  depth_limits_t limits;
  depth_limits_default(&limits);
  stabilizer_state_init(zero, a->num_qubits);
  stabilizer_state_set_zero(zero);
  finite_depth_init(r);
  finite_depth_exact(r, a, o, (depth_state_t){.stabilizer = zero}, NULL, &limits);
  stabilizer_state_clear(zero);
}

/* A gate written several times, with angles of its own, is the gate of the sum of them:
   the same moments, and the derivative by each is that of the one. */
static void test_repeated(void) {
  static const char *const words[] = {"XI", "IX", "ZI", "IZ", "ZZ", "XY", "IY"};
  bool ok = true;
  long runs = tap_iterations(60), alive = 0;
  for (long i = 0; i < runs && ok; i++) {
    ansatz_t once, often;
    pauli_sum_t o;
    finite_depth_t r, s;
    size_t gate[64], p = 0;
    ansatz_init(once, ANSATZ_CIRCUIT, 2);
    ansatz_init(often, ANSATZ_CIRCUIT, 2);
    for (size_t g = 0; g < 12; g++) {
      const char *word = words[tap_random_below(7)];
      tool_rotation(once, word, tool_parameter(once), 1, 1);
      for (size_t k = 1 + tap_random_below(4); k > 0; k--) {
        tool_rotation(often, word, tool_parameter(often), 1, 1);
        gate[p++] = g;
      }
    }
    tool_observable(o, 2, (const char *[]){"ZI", "XZ"}, 1 + tap_random_below(2));
    find_moments(r, once, o);
    find_moments(s, often, o);
    ok = r->second_moment->kind == DEPTH_EXACT && s->second_moment->kind == DEPTH_EXACT &&
         fmpq_equal(r->second_moment->rational, s->second_moment->rational);
    for (size_t k = 0; k < p && ok; k++)
      ok = s->gradient[k].kind == DEPTH_EXACT &&
           fmpq_equal(s->gradient[k].rational, r->gradient[gate[k]].rational);
    alive += !fmpq_is_zero(r->second_moment->rational);
    if (!ok) tap_diag("iteration %ld", i);
    finite_depth_clear(r);
    finite_depth_clear(s);
    pauli_sum_clear(o);
    ansatz_clear(once);
    ansatz_clear(often);
  }
  tap_ok(ok && 4 * alive > runs, "gates that are repeated");
}

int main(void) {
  tap_begin("t-finite-depth");
  test_correlated();
  test_merge();
  test_bad_input();
  test_limits();
  test_random();
  test_repeated();
  return tap_end();
}
