/* Repeated layers: finding the block, repeating it, the approach to Haar. */

#include "algebra/base/ansatz_layers.h"
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

int main(void) {
  tap_begin("t-depth-layers");
  test_block();
  test_profile();
  return tap_end();
}
