/* Moments when angles are shared, fixed or not uniform: cases worked by hand,
   and random circuits against quadrature (ref_grid). */
#include <stdlib.h>

#include "tests/depth_tools.h"

static void run(finite_depth_t r, const ansatz_t a, const pauli_sum_t o) {
  stabilizer_state_t zero;
  depth_limits_t limits;
  depth_limits_default(&limits);
  stabilizer_state_init(zero, a->num_qubits);
  stabilizer_state_set_zero(zero);
  finite_depth_exact(r, a, o, (depth_state_t){.stabilizer = zero}, NULL,
                     &limits);
  stabilizer_state_clear(zero);
}

/* l = cos^2 t for Z0 Z1 under rotations about X0 and X1 by one angle:
   E[l] = 1/2, E[l^2] = 3/8, l' = - sin 2t. Independent angles would give 0
   and 1/4. */
static void test_common_angle(void) {
  ansatz_t a;
  pauli_sum_t o;
  finite_depth_t r;
  ansatz_init(a, ANSATZ_CIRCUIT, 2);
  size_t k = tool_parameter(a);
  tool_rotation(a, "XI", k, 1, 1);
  tool_rotation(a, "IX", k, -1, 1);
  tool_observable(o, 2, (const char *[]){"ZZ"}, 1);
  finite_depth_init(r);
  run(r, a, o);
  tap_ok(tool_is(r->mean, 1, 2) && tool_is(r->second_moment, 3, 8) &&
             tool_is(r->variance, 1, 8) && tool_is(r->gradient, 1, 2),
         "one angle in two commuting gates");
  /* cos t cos 2t = (cos t + cos 3t)/2: slopes 1 and 2 */
  tool_rotation(a, "IX", k, 3, 1);
  run(r, a, o);
  tap_ok(tool_is(r->mean, 0, 1) && tool_is(r->second_moment, 1, 4) &&
             tool_is(r->gradient, 5, 4),
         "slopes 1 and 2: (cos t + cos 3t)/2");
  finite_depth_clear(r);
  pauli_sum_clear(o);
  ansatz_clear(a);
}

/* T then rx(t): <X> and <Y> of a fixed pi/4 rotation of |+>. */
static void test_eighth(void) {
  ansatz_t a;
  pauli_sum_t o;
  finite_depth_t r;
  ansatz_init(a, ANSATZ_CIRCUIT, 1);
  tool_constant(a, "Y", 1, 2); /* |0> -> |+> */
  tool_constant(a, "Z", 1, 4);
  tool_rotation(a, "X", tool_parameter(a), 1, 1);
  tool_observable(o, 1, (const char *[]){"X", "Y"}, 2);
  finite_depth_init(r);
  run(r, a, o);
  /* l = s + s cos t, s = sqrt(2)/2 */
  char *text = depth_number_get_str(r->mean, 10);
  tap_ok(!strcmp(text, "0 + 1/2*sqrt(2)") && tool_is(r->second_moment, 3, 4) &&
             tool_is(r->variance, 1, 4) && tool_is(r->gradient, 1, 4),
         "a T gate stays exact: mean %s", text);
  free(text);
  finite_depth_clear(r);
  pauli_sum_clear(o);
  ansatz_clear(a);
}

static void test_random(tool_kind_t kind, long count, const char *what) {
  bool ok = true;
  tool_tally_t tally = {0};
  for (long i = 0; i < tap_iterations(count) && ok; i++) {
    tool_case_t c;
    tool_random_case(&c, kind);
    ok = tool_compare(&c, NULL, &tally);
    if (!ok) tap_diag("iteration %ld", i);
    tool_case_clear(&c);
  }
  tap_ok(ok, "%s: random circuits agree with the grid", what);
  tap_occurred(tally.nonzero > 0 && tally.checked > 0,
               "%ld variances were not 0, %ld compared with check", tally.nonzero, tally.checked);
}

/* Angles around zero: then a walk of strings is enough (depth_laws.h). */
static void drop_constants(ansatz_t ansatz) {
  for (size_t r = 0; r < ansatz->num_rotations; r++) {
    angle_struct *angle = ansatz->rotations[r].angle;
    if (!angle->num_terms) continue;
    fmpq_zero(angle->pi_part);
    fmpq_zero(angle->rad_part);
  }
}

static void test_laws(void) {
  bool ok = true;
  tool_tally_t tally = {0};
  fmpq_t width[3];
  for (int i = 0; i < 3; i++) fmpq_init(width[i]);
  fmpq_set_si(width[0], 1, 3);
  fmpq_set_si(width[1], 2, 5);
  fmpq_set_si(width[2], 1, 1);
  for (long i = 0; i < tap_iterations(60) && ok; i++) {
    tool_case_t c;
    depth_distribution_t laws[8];
    tool_random_case(&c, i % 3 ? TOOL_INDEPENDENT : TOOL_SHARED);
    if (i % 3 == 1) drop_constants(c.ansatz);
    for (size_t k = 0; k < c.ansatz->num_parameters; k++)
      laws[k] = (depth_distribution_t){
          .law = (angle_law_t[]){ANGLE_FULL_PERIOD, ANGLE_INTERVAL,
                                 ANGLE_NORMAL}[tap_random_below(3)],
          .times_pi = tap_random_below(4) == 0,
          .width = width[tap_random_below(3)]};
    if (ref_grid_points(c.ansatz, laws) <= 20000)
      ok = tool_compare(&c, laws, &tally);
    if (!ok) tap_diag("iteration %ld", i);
    tool_case_clear(&c);
  }
  tap_ok(ok, "other laws agree with quadrature");
  tap_occurred(tally.nonzero > 0 && tally.checked > 0,
               "%ld variances were not 0, %ld compared with check", tally.nonzero, tally.checked);
  for (int i = 0; i < 3; i++) fmpq_clear(width[i]);
}

int main(void) {
  tap_begin("t-depth-pairs");
  test_common_angle();
  test_eighth();
  test_random(TOOL_SHARED, 100, "shared parameters");
  test_random(TOOL_EIGHTH, 70, "constants pi/4");
  test_random(TOOL_ANY, 40, "any constants");
  test_laws();
  return tap_end();
}
