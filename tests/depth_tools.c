#include "tests/depth_tools.h"

#include <math.h>
#include <stdlib.h>

#include "algebra/check/check_depth.h"

static void read_word(uint64_t *string, const char *word, size_t w) {
  memset(string, 0, 2 * w * sizeof *string);
  for (size_t j = 0; word[j]; j++)
    pauli_set(string, w, j, (unsigned)(strchr("IXZY", word[j]) - "IXZY"));
}

size_t tool_parameter(ansatz_t ansatz) {
  char name[32];
  snprintf(name, sizeof name, "t%zu", ansatz->num_parameters);
  return ansatz_add_parameter(ansatz, name, false);
}

void tool_rotation(ansatz_t ansatz, const char *word, size_t parameter,
                   slong num, ulong den) {
  uint64_t string[64];
  angle_t angle;
  fmpq_t c;
  angle_init(angle);
  fmpq_init(c);
  fmpq_set_si(c, num, den);
  angle_add_term(angle, parameter, false, c);
  read_word(string, word, pauli_words(ansatz->num_qubits));
  ansatz_add_rotation(ansatz, string, angle, 0);
  fmpq_clear(c);
  angle_clear(angle);
}

void tool_constant(ansatz_t ansatz, const char *word, slong num, ulong den) {
  uint64_t string[64];
  angle_t angle;
  angle_init(angle);
  fmpq_set_si(angle->pi_part, num, den);
  read_word(string, word, pauli_words(ansatz->num_qubits));
  ansatz_add_rotation(ansatz, string, angle, 0);
  angle_clear(angle);
}

void tool_observable(pauli_sum_t sum, size_t num_qubits, const char **words,
                     size_t num_words) {
  uint64_t string[64];
  fmpq_t one;
  fmpq_init(one);
  fmpq_one(one);
  pauli_sum_init(sum, num_qubits);
  for (size_t t = 0; t < num_words; t++) {
    read_word(string, words[t], pauli_words(num_qubits));
    pauli_sum_push(sum, one, string);
  }
  pauli_sum_canonicalise(sum);
  fmpq_clear(one);
}

bool tool_is(const depth_number_t x, slong num, ulong den) {
  fmpq_t want;
  fmpq_init(want);
  fmpq_set_si(want, num, den);
  bool ok = depth_number_is_rational(x) && fmpq_equal(x->rational, want);
  fmpq_clear(want);
  if (!ok) {
    char *text = depth_number_get_str(x, 20);
    tap_diag("found %s, expected %ld/%lu", text, (long)num, (unsigned long)den);
    free(text);
  }
  return ok;
}

/* --- random cases ------------------------------------------------------------- */

/* Biased to short strings; never the identity. */
static void random_string(uint64_t *string, size_t n) {
  do {
    size_t local = tap_random_below(2);
    for (size_t j = 0; j < n; j++)
      pauli_set(string, 1, j,
                local && tap_random_below(n) > 1
                    ? 0 : (unsigned)tap_random_below(4));
  } while (pauli_is_identity(string, 1));
}

static void random_fraction(fmpq_t c, bool integer) {
  static const slong nums[] = {1, 1, 1, -1, 2, -2, 3};
  fmpq_set_si(c, nums[tap_random_below(7)],
              integer || tap_random_below(3) ? 1 : 2);
}

static void random_constant(angle_t angle, tool_kind_t kind) {
  slong turns = (slong)tap_random_below(8);
  if (kind == TOOL_INDEPENDENT || kind == TOOL_SHARED)
    fmpq_set_si(angle->pi_part, turns, 2);
  else if (kind == TOOL_EIGHTH || tap_random_below(2))
    fmpq_set_si(angle->pi_part, turns, 4);
  else if (tap_random_below(2))
    fmpq_set_si(angle->pi_part, turns, 7);
  else if (turns > 4) /* decimals near multiples of pi/4 */
    fmpq_set_si(angle->pi_part, turns * 2500000000 + 1, 10000000000);
  else
    fmpq_set_si(angle->rad_part, turns - 3, 5);
}

static void random_gate(ansatz_t a, tool_kind_t kind, size_t p) {
  uint64_t string[2] = {0};
  angle_t angle;
  fmpq_t c;
  angle_init(angle);
  fmpq_init(c);
  random_string(string, a->num_qubits);
  while (kind != TOOL_INDEPENDENT && a->num_parameters < p) tool_parameter(a);
  if (tap_random_below(3) == 0 || p == 0) {
    random_constant(angle, kind);
  } else if (kind == TOOL_INDEPENDENT) {
    if (a->num_parameters < p) {
      bool times_pi = tap_random_below(8) == 0;
      random_fraction(c, false);
      angle_add_term(angle, tool_parameter(a), times_pi, c);
      random_constant(angle, TOOL_ANY);
    }
  } else {
    random_fraction(c, tap_random_below(2));
    size_t k = tap_random_below(p);
    /* parameter 0 is in units of pi in every fourth circuit size */
    bool times_pi = k == 0 && a->num_qubits == 2;
    angle_add_term(angle, k, times_pi, c);
    if (tap_random_below(4) == 0) {
      size_t l = tap_random_below(p);
      random_fraction(c, true);
      angle_add_term(angle, l, l == 0 && a->num_qubits == 2, c);
    }
    if (tap_random_below(3) == 0) random_constant(angle, kind);
  }
  ansatz_add_rotation(a, string, angle, 0);
  fmpq_clear(c);
  angle_clear(angle);
}

static void random_observable(pauli_sum_t sum, size_t n) {
  uint64_t string[2] = {0};
  fmpq_t c;
  fmpq_init(c);
  pauli_sum_init(sum, n);
  for (size_t t = 1 + tap_random_below(3); t-- > 0;) {
    random_string(string, n);
    if (tap_random_below(12) == 0) memset(string, 0, sizeof string);
    random_fraction(c, false);
    pauli_sum_push(sum, c, string);
  }
  pauli_sum_canonicalise(sum);
  fmpq_clear(c);
}

static void random_product(product_state_t state) {
  static const slong bloch[][4] = {{0, 0, 1, 1}, {3, 0, 4, 5}, {0, -1, 0, 1},
                                   {1, 1, -1, 2}, {2, -1, 2, 3}, {0, 0, 0, 1}};
  fmpq_t v[3];
  for (int i = 0; i < 3; i++) fmpq_init(v[i]);
  for (size_t j = 0; j < state->num_qubits; j++) {
    const slong *b = bloch[tap_random_below(6)];
    for (int i = 0; i < 3; i++) fmpq_set_si(v[i], b[i], (ulong)b[3]);
    (void)product_state_set_bloch(state, j, v[0], v[1], v[2]);
  }
  for (int i = 0; i < 3; i++) fmpq_clear(v[i]);
}

static void random_stabilizer(stabilizer_state_t state) {
  uint64_t string[2] = {0};
  size_t n = state->num_qubits;
  switch (tap_random_below(4)) {
  case 0: stabilizer_state_set_zero(state); break;
  case 1: stabilizer_state_set_ghz(state); break;
  default:
    for (size_t tries = tap_random_below(6 * n + 1); tries-- > 0;) {
      random_string(string, n);
      (void)stabilizer_state_add(state, string, tap_random_below(2));
    }
  }
}

void tool_random_case(tool_case_t *c, tool_kind_t kind) {
  size_t n = 1 + tap_random_below(4);
  for (;;) {
    ansatz_init(c->ansatz, ANSATZ_CIRCUIT, n);
    size_t p = tap_random_below(6), gates = tap_random_below(10);
    for (size_t g = 0; g < gates; g++) random_gate(c->ansatz, kind, p);
    if (ref_grid_points(c->ansatz, NULL) <= 1500) break;
    ansatz_clear(c->ansatz);
  }
  random_observable(c->observable, n);
  stabilizer_state_init(c->stabilizer, n);
  product_state_init(c->product, n);
  c->use_product = tap_random_below(3) == 0;
  c->noisy = false;
  random_stabilizer(c->stabilizer);
  random_product(c->product);
}

void tool_random_noise(tool_case_t *c) {
  static const slong channels[][4] = {{1, 1, 1, 300}, {1, 1, 1, 8}, {1, 0, 0, 10},
                                      {0, 0, 1, 2},   {1, 2, 0, 7}, {0, 3, 1, 50}};
  static const slong flips[][2] = {{0, 1}, {0, 1}, {1, 50}, {1, 2}, {1, 1}};
  pauli_noise_struct *noise = c->ansatz->noise;
  const slong *p = channels[tap_random_below(6)], *r = flips[tap_random_below(5)];
  size_t m = c->ansatz->num_rotations, after = 0;
  noise->given = c->noisy = true;
  for (int i = 0; i < 3; i++) fmpq_set_si(noise->probability[i], p[i], (ulong)p[3]);
  fmpq_set_si(noise->readout, r[0], (ulong)r[1]);
  for (size_t count = tap_random_below(13); count-- > 0;) {
    after += tap_random_below((m - after) / (count + 1) + 2);
    if (after > m) after = m;
    ansatz_add_place(c->ansatz, after, tap_random_below(c->ansatz->num_qubits));
  }
}

void tool_case_clear(tool_case_t *c) {
  ansatz_clear(c->ansatz);
  pauli_sum_clear(c->observable);
  stabilizer_state_clear(c->stabilizer);
  product_state_clear(c->product);
}

depth_state_t tool_state(const tool_case_t *c) {
  return c->use_product ? (depth_state_t){.product = c->product}
                        : (depth_state_t){.stabilizer = c->stabilizer};
}

void tool_case_print(const tool_case_t *c) {
  size_t n = c->ansatz->num_qubits;
  for (size_t g = 0; g < c->ansatz->num_rotations; g++) {
    const rotation_struct *r = c->ansatz->rotations + g;
    char *text = pauli_get_str(r->string, n);
    char *pi = fmpq_get_str(NULL, 10, r->angle->pi_part);
    char *rad = fmpq_get_str(NULL, 10, r->angle->rad_part);
    tap_diag("gate about %s: %s pi + %s", text, pi, rad);
    for (size_t t = 0; t < r->angle->num_terms; t++) {
      char *f = fmpq_get_str(NULL, 10, r->angle->terms[t].coeff);
      tap_diag("   + %s t%zu%s", f, r->angle->terms[t].parameter,
               r->angle->terms[t].times_pi ? " pi" : "");
      flint_free(f);
    }
    free(text);
    flint_free(pi);
    flint_free(rad);
  }
  char *text = pauli_sum_get_str(c->observable);
  tap_diag("%zu qubits, observable %s", n, text);
  free(text);
  for (size_t j = 0; !c->use_product && j < c->stabilizer->rank; j++) {
    text = pauli_get_str(stabilizer_state_string(c->stabilizer, j), n);
    tap_diag("stabilizer %c%s", c->stabilizer->signs[j] ? '-' : '+', text);
    free(text);
  }
  for (size_t j = 0; c->use_product && j < 3 * n; j++) {
    text = fmpq_get_str(NULL, 10, c->product->bloch + j);
    tap_diag("bloch %zu: %s", j, text);
    flint_free(text);
  }
}

static bool close_to(const depth_number_t x, double want, double tolerance,
                     const char *what, size_t k) {
  arb_t ball;
  arb_init(ball);
  bool ok = false;
  double got = NAN;
  if (depth_number_get_arb(ball, x, 128)) {
    got = arf_get_d(arb_midref(ball), ARF_RND_NEAR);
    ok = fabs(got - want) <= tolerance && mag_get_d(arb_radref(ball)) < 1e-20;
  }
  if (!ok) tap_diag("%s %zu: found %.17g, grid %.17g", what, k, got, want);
  arb_clear(ball);
  return ok;
}

typedef struct {
  const depth_number_struct *mean, *second, *variance, *gradient;
} moments_t;

static bool agrees(const moments_t *found, const ref_grid_t *grid, size_t p) {
  double variance = grid->second - grid->mean * grid->mean;
  bool ok = close_to(found->mean, grid->mean, grid->tolerance, "mean", 0) &&
            close_to(found->second, grid->second, grid->tolerance, "second", 0) &&
            close_to(found->variance, variance, grid->tolerance, "variance", 0);
  for (size_t k = 0; k < p && ok; k++)
    ok = close_to(found->gradient + k, grid->gradient[k], grid->tolerance, "gradient", k);
  return ok;
}

/* What check finds by its own recursion, unless it gives up: too many pairs, or laws that it
   does not take. */
static bool check_agrees(tool_case_t *c, const depth_distribution_t *laws,
                         const ref_grid_t *grid, tool_tally_t *tally) {
  size_t p = c->ansatz->num_parameters;
  quantum_state_t state;
  check_depth_t found;
  for (size_t k = 0; k < p && laws; k++)
    ansatz_set_law(c->ansatz, k, laws[k].law, laws[k].times_pi, laws[k].width);
  quantum_state_init(state, c->ansatz->num_qubits);
  if (c->use_product) quantum_state_set_product(state, c->product);
  else quantum_state_set_stabilizer(state, c->stabilizer);
  bool ok = true, known = false;
  /* the last budget is large, the first one that suffices has fixed angles rounded */
  for (size_t budget = 16; budget <= 1 << 18 && ok; budget *= known ? (1 << 18) / budget : 4) {
    check_depth_init(found, c->ansatz, c->observable, state, c->noisy, budget);
    moments_t moments = {found->mean, found->second_moment, found->variance, found->gradient};
    bool now = found->moments_known && found->gradients_known;
    ok = (now || !known) && (!now || agrees(&moments, grid, p));
    tally->checked += now && !known;
    check_depth_clear(found);
    if (!ok) tap_diag("that is what check finds with %zu pairs", budget);
    if (budget == 1 << 18) break;
    known = now;
  }
  quantum_state_clear(state);
  return ok;
}

bool tool_compare(tool_case_t *c, const depth_distribution_t *laws,
                  tool_tally_t *tally) {
  size_t p = c->ansatz->num_parameters;
  ref_grid_t grid = {.gradient = calloc(p + 1, sizeof(double))};
  finite_depth_t r;
  depth_limits_t limits;
  finite_depth_init(r);
  depth_limits_default(&limits);
  limits.noisy = grid.noisy = c->noisy;
  ref_grid_moments(&grid, c->ansatz, c->observable, tool_state(c), laws);
  bool ok = finite_depth_exact(r, c->ansatz, c->observable, tool_state(c), laws,
                               &limits) == STATUS_OK;
  moments_t moments = {r->mean, r->second_moment, r->variance, r->gradient};
  ok = ok && agrees(&moments, &grid, p) && check_agrees(c, laws, &grid, tally);
  tally->nonzero += grid.second - grid.mean * grid.mean > 1e-6;
  if (!ok) {
    if (r->reason) tap_diag("reason: %s", reason_code_word(r->reason));
    tool_case_print(c);
  }
  finite_depth_clear(r);
  free(grid.gradient);
  return ok;
}

double tool_value(const depth_number_t x) {
  arb_t ball;
  arb_init(ball);
  depth_number_get_arb(ball, x, 128);
  double value = arf_get_d(arb_midref(ball), ARF_RND_NEAR);
  arb_clear(ball);
  return value;
}
