/* Circuits with Pauli noise: cases worked by hand, and random ones against density
   matrices with Kraus operators on a grid of angles (ref_grid). */
#include <math.h>

#include "tests/depth_tools.h"

/* RX(t), then the channel on its qubit, then the flip of the bit; O = Z on |0>:
   l = (1 - 2r)(1 - 2 px - 2 py) cos t. */
static void test_one_gate(void) {
  tool_case_t c = {.noisy = true};
  finite_depth_t r;
  depth_limits_t limits;
  pauli_noise_struct *noise = c.ansatz->noise;
  ansatz_init(c.ansatz, ANSATZ_CIRCUIT, 1);
  tool_rotation(c.ansatz, "X", tool_parameter(c.ansatz), 1, 1);
  ansatz_add_place(c.ansatz, 1, 0);
  noise->given = true;
  fmpq_set_si(noise->probability[0], 1, 10);
  fmpq_set_si(noise->probability[1], 1, 20);
  fmpq_set_si(noise->probability[2], 1, 3);
  fmpq_set_si(noise->readout, 1, 4);
  tool_observable(c.observable, 1, (const char *[]){"Z"}, 1);
  stabilizer_state_init(c.stabilizer, 1);
  stabilizer_state_set_zero(c.stabilizer);
  product_state_init(c.product, 1);
  finite_depth_init(r);
  depth_limits_default(&limits);
  finite_depth_exact(r, c.ansatz, c.observable, tool_state(&c), NULL, &limits);
  tap_ok(tool_is(r->variance, 1, 2) && tool_is(r->mean_square, 1, 1),
         "noise that is not asked for does nothing");
  limits.noisy = true;
  finite_depth_exact(r, c.ansatz, c.observable, tool_state(&c), NULL, &limits);
  /* (1/2 7/10)^2 / 2 */
  tap_ok(tool_is(r->mean, 0, 1) && tool_is(r->variance, 49, 800) &&
             tool_is(r->gradient, 49, 800) && tool_is(r->mean_square, 1, 1),
         "one gate: variance 49/800");
  finite_depth_clear(r);
  tool_case_clear(&c);
}

static void random_laws(depth_distribution_t *laws, fmpq *widths, size_t p) {
  for (size_t k = 0; k < p; k++) {
    static const angle_law_t kinds[] = {ANGLE_FULL_PERIOD, ANGLE_INTERVAL, ANGLE_NORMAL};
    fmpq_init(widths + k);
    fmpq_set_si(widths + k, 1 + (slong)tap_random_below(3), 1 + tap_random_below(3));
    laws[k] = (depth_distribution_t){.law = kinds[tap_random_below(3)], .width = widths + k};
  }
}

static void test_random(tool_kind_t kind, bool with_laws, long base, const char *what) {
  bool ok = true;
  long runs = tap_iterations(base);
  tool_tally_t tally = {0};
  for (long i = 0; i < runs && ok; i++) {
    tool_case_t c;
    depth_distribution_t laws[8];
    fmpq widths[8];
    tool_random_case(&c, kind);
    tool_random_noise(&c);
    size_t p = c.ansatz->num_parameters;
    if (with_laws) random_laws(laws, widths, p);
    if (!with_laws || ref_grid_points(c.ansatz, laws) <= 20000)
      ok = tool_compare(&c, with_laws ? laws : NULL, &tally);
    for (size_t k = 0; k < p && with_laws; k++) fmpq_clear(widths + k);
    if (!ok) {
      char *number = fmpq_get_str(NULL, 10, c.ansatz->noise->probability[0]);
      tap_diag("iteration %ld, %zu places, px %s", i, c.ansatz->num_places, number);
      flint_free(number);
      for (size_t k = 0; k < c.ansatz->num_places; k++)
        tap_diag("place after %zu on qubit %zu", c.ansatz->places[k].after,
                 c.ansatz->places[k].qubit);
    }
    tool_case_clear(&c);
  }
  tap_ok(ok, "%s: moments and gradients are those of density matrices", what);
  tap_occurred(20 * tally.nonzero > runs && tally.checked > 0,
               "%ld of %ld have variance, %ld compared with check", tally.nonzero, runs,
               tally.checked);
}

/* O^2 term by term; PQ + QP = 0 where they anticommute. */
static void square(pauli_sum_t out, const pauli_sum_t in) {
  uint64_t row[2];
  fmpq_t c;
  fmpq_init(c);
  pauli_sum_init(out, in->num_qubits);
  for (size_t a = 0; a < in->length; a++)
    for (size_t b = 0; b < in->length; b++) {
      unsigned e = pauli_mul(row, pauli_sum_string(in, a), pauli_sum_string(in, b), 1);
      fmpq_mul(c, in->coeffs + a, in->coeffs + b);
      if (e == 2) fmpq_neg(c, c);
      if (e % 2 == 0) pauli_sum_push(out, c, row);
    }
  pauli_sum_canonicalise(out);
  fmpq_clear(c);
}

/* E[Tr(rho' O^2)], which shots are counted with. */
static void test_squares(void) {
  bool ok = true;
  long runs = tap_iterations(40), compared = 0;
  for (long i = 0; i < runs && ok; i++) {
    tool_case_t c;
    pauli_sum_t x;
    finite_depth_t r;
    depth_limits_t limits;
    arb_t ball;
    double slopes[8];
    ref_grid_t grid = {.gradient = slopes, .noisy = true};
    tool_random_case(&c, i % 2 ? TOOL_INDEPENDENT : TOOL_ANY);
    tool_random_noise(&c);
    square(x, c.observable);
    ref_grid_moments(&grid, c.ansatz, x, tool_state(&c), NULL);
    finite_depth_init(r);
    depth_limits_default(&limits);
    limits.noisy = true;
    arb_init(ball);
    finite_depth_exact(r, c.ansatz, c.observable, tool_state(&c), NULL, &limits);
    ok = !r->square_bounded && depth_number_get_arb(ball, r->mean_square, 128);
    double found = arf_get_d(arb_midref(ball), ARF_RND_NEAR);
    ok = ok && fabs(found - grid.mean) <= grid.tolerance;
    compared += x->length > 1;
    if (!ok) {
      tap_diag("iteration %ld: found %.17g, grid %.17g", i, found, grid.mean);
      tool_case_print(&c);
    }
    arb_clear(ball);
    finite_depth_clear(r);
    pauli_sum_clear(x);
    tool_case_clear(&c);
  }
  tap_ok(ok, "means of the squared observable");
  tap_occurred(6 * compared > runs, "%ld of %ld squares are no scalars", compared, runs);
}

/* Long denominators: balls in the place of rationals, and they hold the same number. */
static void test_long(void) {
  tool_case_t c = {.noisy = true};
  finite_depth_t r, few;
  depth_limits_t limits;
  arb_t ball;
  fmpq_t lambda;
  ansatz_init(c.ansatz, ANSATZ_CIRCUIT, 1);
  tool_rotation(c.ansatz, "X", tool_parameter(c.ansatz), 1, 1);
  for (int i = 0; i < 400; i++) ansatz_add_place(c.ansatz, 1, 0);
  c.ansatz->noise->given = true;
  fmpq_set_si(c.ansatz->noise->probability[0], 1, 1000);
  tool_observable(c.observable, 1, (const char *[]){"Z"}, 1);
  stabilizer_state_init(c.stabilizer, 1);
  stabilizer_state_set_zero(c.stabilizer);
  product_state_init(c.product, 1);
  finite_depth_init(r);
  finite_depth_init(few);
  depth_limits_default(&limits);
  limits.noisy = true;
  finite_depth_exact(r, c.ansatz, c.observable, tool_state(&c), NULL, &limits);
  c.ansatz->num_places = 100;
  finite_depth_exact(few, c.ansatz, c.observable, tool_state(&c), NULL, &limits);
  arb_init(ball);
  fmpq_init(lambda);
  fmpq_set_si(lambda, 998, 1000);
  fmpz_pow_ui(fmpq_numref(lambda), fmpq_numref(lambda), 200);
  fmpz_pow_ui(fmpq_denref(lambda), fmpq_denref(lambda), 200);
  fmpq_div_2exp(lambda, lambda, 1);
  bool exact = few->variance->kind == DEPTH_EXACT &&
               fmpq_equal(few->variance->rational, lambda);
  fmpq_mul_2exp(lambda, lambda, 1);
  fmpq_mul(lambda, lambda, lambda);
  fmpq_mul(lambda, lambda, lambda);
  fmpq_div_2exp(lambda, lambda, 1);
  arb_set_fmpq(ball, lambda, 300);
  tap_ok(exact && r->variance->kind == DEPTH_BALL &&
             arb_contains(r->variance->ball, ball) &&
             mag_cmp_2exp_si(arb_radref(r->variance->ball), -100) < 0 &&
             arb_contains(r->gradient[0].ball, ball),
         "long denominators become balls");
  arb_clear(ball);
  fmpq_clear(lambda);
  finite_depth_clear(r);
  finite_depth_clear(few);
  tool_case_clear(&c);
}

/* Strings that do not fit without noise do not fit with it: the second walk may be left
   out, and nothing else changes. */
static void test_never_fits(void) {
  long runs = tap_iterations(200), seen = 0;
  bool ok = true;
  for (long i = 0; i < runs && ok; i++) {
    tool_case_t c;
    finite_depth_t plain, whole, brief;
    depth_limits_t limits;
    tool_random_case(&c, TOOL_INDEPENDENT);
    tool_random_noise(&c);
    fmpq_zero(c.ansatz->noise->readout);
    finite_depth_init(plain);
    finite_depth_init(whole);
    finite_depth_init(brief);
    depth_limits_default(&limits);
    limits.max_strings = 1 + tap_random_below(8);
    finite_depth_exact(plain, c.ansatz, c.observable, tool_state(&c), NULL, &limits);
    limits.noisy = true;
    finite_depth_exact(whole, c.ansatz, c.observable, tool_state(&c), NULL, &limits);
    limits.never_fits = plain->never_fits;
    finite_depth_exact(brief, c.ansatz, c.observable, tool_state(&c), NULL, &limits);
    seen += plain->never_fits;
    ok = (!plain->never_fits || whole->reason == REASON_DEPTH_STRINGS_LIMIT) &&
         whole->reason == brief->reason && whole->too_large == brief->too_large &&
         whole->num_strings == brief->num_strings &&
         whole->num_gates == brief->num_gates &&
         whole->mean->kind == brief->mean->kind &&
         fmpq_equal(whole->mean->rational, brief->mean->rational) &&
         whole->variance->kind == brief->variance->kind;
    for (size_t k = 0; k < whole->num_parameters && ok; k++)
      ok = whole->gradient[k].kind == brief->gradient[k].kind;
    if (!ok) {
      tap_diag("iteration %ld, at most %zu strings", i, limits.max_strings);
      tool_case_print(&c);
    }
    finite_depth_clear(plain);
    finite_depth_clear(whole);
    finite_depth_clear(brief);
    tool_case_clear(&c);
  }
  tap_ok(ok, "too many strings without noise, too many with it");
  tap_occurred(10 * seen > runs, "%ld of %ld circuits have too many", seen, runs);
}

int main(void) {
  tap_begin("t-noise");
  test_one_gate();
  test_random(TOOL_INDEPENDENT, false, 60, "angles of their own");
  test_random(TOOL_SHARED, false, 25, "shared angles");
  test_random(TOOL_EIGHTH, false, 25, "fixed multiples of pi/4");
  test_random(TOOL_ANY, false, 25, "any fixed angles");
  test_random(TOOL_INDEPENDENT, true, 12, "laws of angles of their own");
  test_random(TOOL_SHARED, true, 8, "laws of shared angles");
  test_squares();
  test_long();
  test_never_fits();
  return tap_end();
}
