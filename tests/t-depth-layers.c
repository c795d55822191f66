/* Repeated layers: finding the block, repeating it, the approach to Haar; the walk of
   `check` through layers against its recursion and against the analysis. */

#include "algebra/base/ansatz_layers.h"
#include "algebra/check/check_profile.h"
#include "tests/depth_tools.h"

static void layer(ansatz_t a) {
  size_t k = tool_parameter(a);
  tool_rotation(a, "XI", k, 1, 1);
  tool_rotation(a, "IX", k, 2, 1);
  tool_constant(a, "ZZ", 1, 2);
  tool_rotation(a, "YI", tool_parameter(a), 1, 2);
  tool_rotation(a, "IY", tool_parameter(a), 1, 1);
}

static void test_block(void) {
  ansatz_t a, b;
  size_t length, count;
  ansatz_init(a, ANSATZ_CIRCUIT, 2);
  layer(a);
  bool ok = !ansatz_find_layer(&length, &count, a) && length == 5 &&
            count == 1;
  layer(a);
  layer(a);
  ok = ok && ansatz_find_layer(&length, &count, a) && length == 5 &&
       count == 3;
  ansatz_init(b, ANSATZ_CIRCUIT, 2);
  ansatz_repeat_layer(b, a, 5, 3);
  ok = ok && b->num_rotations == 15 && b->num_parameters == 9 &&
       ansatz_find_layer(&length, &count, b) && count == 3;
  for (size_t g = 0; g < 15; g++)
    ok = ok && pauli_equal(a->rotations[g].string, b->rotations[g].string, 1) &&
         a->rotations[g].angle->num_terms == b->rotations[g].angle->num_terms;
  tap_ok(ok, "three layers are found and made again");
  /* the same parameters in the next layer: no repetition with its own ones */
  tool_rotation(a, "XI", 0, 1, 1);
  tool_rotation(a, "IX", 0, 2, 1);
  tool_constant(a, "ZZ", 1, 2);
  tool_rotation(a, "YI", 1, 1, 2);
  tool_rotation(a, "IY", 2, 1, 1);
  tap_ok(!ansatz_find_layer(&length, &count, a) && count == 1,
         "layers that share their parameters are no block");
  ansatz_clear(a);
  ansatz_clear(b);
}

/* Rotations about X and Z on one qubit: SO(3), Haar variance of Z is 1/3. The
   second moments follow v -> v/4 + 1/4 ... towards it; every layer is compared
   with the circuit written out. */
static void test_profile(void) {
  ansatz_t a;
  pauli_sum_t o;
  stabilizer_state_t zero;
  depth_profile_t profile;
  depth_limits_t limits;
  fmpq_t haar, tolerance;
  fmpq_init(haar);
  fmpq_init(tolerance);
  fmpq_set_si(haar, 1, 3);
  fmpq_set_si(tolerance, 1, 10);
  depth_limits_default(&limits);
  ansatz_init(a, ANSATZ_CIRCUIT, 1);
  tool_rotation(a, "X", tool_parameter(a), 1, 1);
  tool_rotation(a, "Z", tool_parameter(a), 1, 1);
  tool_observable(o, 1, (const char *[]){"Z"}, 1);
  stabilizer_state_init(zero, 1);
  stabilizer_state_set_zero(zero);
  depth_profile_init(profile);
  depth_state_t state = {.stabilizer = zero};
  bool ok = finite_depth_profile(profile, a, 2, o, state, haar, tolerance, 6,
                                 &limits) == STATUS_OK &&
            profile->num_layers == 6;
  /* z' = (z + y)/2, then x, y -> (x + y)/2: 1/2, 3/8, 11/32, 43/128, ... */
  static const slong num[6] = {1, 3, 11, 43, 171, 683};
  static const ulong den[6] = {2, 8, 32, 128, 512, 2048};
  for (size_t l = 0; ok && l < 6; l++)
    ok = tool_is(profile->variance + l, num[l], den[l]) &&
         depth_number_is_rational(profile->gradient + l);
  /* 3/8 is 12.5% above 1/3, 11/32 is 3.1% above */
  tap_ok(ok && profile->layers_to_haar == 3, "one qubit: 3 layers to Haar");
  limits.max_strings = 1;
  tap_ok(finite_depth_profile(profile, a, 2, o, state, haar, tolerance, 6,
                              &limits) == STATUS_LIMIT &&
             profile->num_layers == 0 && profile->layers_to_haar == 0,
         "a limit stops the profile");
  tap_ok(finite_depth_profile(profile, a, 3, o, state, haar, tolerance, 6,
                              &limits) == STATUS_BAD_INPUT,
         "a block longer than the circuit is bad input");
  depth_profile_clear(profile);
  stabilizer_state_clear(zero);
  pauli_sum_clear(o);
  ansatz_clear(a);
  fmpq_clear(haar);
  fmpq_clear(tolerance);
}

static bool same(const depth_number_t x, const depth_number_t y) {
  return x->kind == DEPTH_EXACT && y->kind == DEPTH_EXACT &&
         fmpq_equal(x->rational, y->rational) && fmpq_equal(x->sqrt2, y->sqrt2) &&
         (x->pi_power == y->pi_power || (fmpq_is_zero(x->rational) && fmpq_is_zero(x->sqrt2)));
}

/* d: of `layers` of the layer given. */
static bool is_right(const check_depth_struct *d, const ansatz_t layer,
                     const quantum_state_struct *state, const tool_case_t *c,
                     size_t layers) {
  ansatz_t circuit;
  check_depth_t plain;
  finite_depth_t exact;
  depth_limits_t limits;
  ansatz_init(circuit, ANSATZ_CIRCUIT, layer->num_qubits);
  ansatz_repeat_layer(circuit, layer, layer->num_rotations, layers);
  check_depth_init(plain, circuit, c->observable, state, c->noisy, 1 << 22);
  bool ok = plain->moments_known && d->num_parameters == circuit->num_parameters && same(d->mean, plain->mean) &&
            same(d->variance, plain->variance);
  for (size_t k = 0; ok && d->gradients_known && plain->gradients_known &&
                     k < circuit->num_parameters; k++)
    ok = same(d->gradient + k, plain->gradient + k);
  depth_limits_default(&limits);
  finite_depth_init(exact);
  if (!c->noisy)
    finite_depth_exact(exact, circuit, c->observable, tool_state(c), NULL, &limits);
  if (!ok) tap_diag("%zu layers: moments %d, known %d", layers,
                    same(d->variance, plain->variance), plain->moments_known);
  if (ok && !c->noisy && exact->variance->kind == DEPTH_EXACT) {
    ok = same(d->variance, exact->variance);
    for (size_t k = 0; ok && d->gradients_known && k < circuit->num_parameters; k++)
      ok = same(d->gradient + k, exact->gradient + k);
  }
  finite_depth_clear(exact);
  check_depth_clear(plain);
  ansatz_clear(circuit);
  return ok;
}

/* Random layers, noisy ones among them: 1, 2 and 3 of them. */
static void test_walk(tool_kind_t kind, long count, const char *what) {
  long walks = 0, wrong = 0, several = 0;
  for (long i = 0; i < tap_iterations(count); i++) {
    tool_case_t c;
    ansatz_t layer;
    quantum_state_t state;
    check_profile_t profile;
    tool_random_case(&c, kind);
    if (i % 3 == 0) tool_random_noise(&c);
    ansatz_init(layer, ANSATZ_CIRCUIT, c.ansatz->num_qubits);
    ansatz_repeat_layer(layer, c.ansatz, c.ansatz->num_rotations, 1);
    quantum_state_init(state, layer->num_qubits);
    if (c.use_product) quantum_state_set_product(state, c.product);
    else quantum_state_set_stabilizer(state, c.stabilizer);
    check_profile_init(profile, layer, c.observable, state, c.noisy, 3, 1 << 20);
    bool ok = true;
    for (size_t l = 0; l < profile->num_layers; l++)
      ok = ok && is_right(profile->layer + l, layer, state, &c, l + 1);
    walks += profile->num_layers > 0;
    several += profile->num_layers == 3 && profile->layer->gradients_known;
    if (!ok && !wrong++) tool_case_print(&c);
    check_profile_clear(profile);
    quantum_state_clear(state);
    ansatz_clear(layer);
    tool_case_clear(&c);
  }
  tap_ok(!wrong, "%s: %ld walks through layers, %ld with gradients", what, walks, several);
  tap_occurred(several > 0, "three layers");
}

int main(void) {
  tap_begin("t-depth-layers");
  test_block();
  test_profile();
  test_walk(TOOL_INDEPENDENT, 60, "parameters of their own");
  test_walk(TOOL_SHARED, 30, "shared parameters");
  return tap_end();
}
