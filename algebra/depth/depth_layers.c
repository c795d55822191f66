/* Circuits that repeat a layer; see finite_depth.h. */

#include "algebra/base/ansatz_layers.h"
#include "algebra/depth/finite_depth.h"

void depth_profile_init(depth_profile_t out) {
  *out = (depth_profile_struct){0};
}

void depth_profile_clear(depth_profile_t out) {
  for (size_t l = 0; l < out->num_layers; l++) {
    depth_number_clear(out->variance + l);
    depth_number_clear(out->gradient + l);
  }
  flint_free(out->variance);
  flint_free(out->gradient);
  depth_profile_init(out);
}

/* One entry more. */
static status_t profile_layer(depth_profile_t out, uint64_t *work,
                              const ansatz_t ansatz, size_t length,
                              const pauli_sum_t observable, depth_state_t state,
                              const depth_limits_t *limits) {
  size_t l = out->num_layers;
  ansatz_t circuit;
  finite_depth_t r;
  ansatz_init(circuit, ANSATZ_CIRCUIT, ansatz->num_qubits);
  ansatz_repeat_layer(circuit, ansatz, length, l + 1);
  finite_depth_init(r);
  status_t status =
      finite_depth_exact(r, circuit, observable, state, NULL, limits);
  if (status == STATUS_OK && r->variance->kind == DEPTH_UNAVAILABLE)
    status = STATUS_LIMIT;
  if (status == STATUS_OK) {
    depth_number_init(out->variance + l);
    depth_number_init(out->gradient + l);
    depth_number_set(out->variance + l, r->variance);
    depth_number_set_median(out->gradient + l, r->gradient, r->num_parameters,
                            limits->prec_bits);
    out->num_layers = l + 1;
    /* the numbers grow by a bit for every gate that a string meets */
    *work += (uint64_t)r->num_strings * r->num_gates *
             (120 + r->num_gates) / 120 * (r->coupled ? 40 : 1);
  }
  finite_depth_clear(r);
  ansatz_clear(circuit);
  return status;
}

status_t finite_depth_profile(depth_profile_t out, const ansatz_t ansatz,
                              size_t length, const pauli_sum_t observable,
                              depth_state_t state, const fmpq *haar,
                              const fmpq_t tolerance, size_t max_layers,
                              const depth_limits_t *limits) {
  status_t status = STATUS_OK;
  uint64_t work = 0;
  size_t inside = 0; /* layers in a row within the tolerance */
  if (ansatz->kind != ANSATZ_CIRCUIT || length > ansatz->num_rotations)
    return STATUS_BAD_INPUT;
  depth_profile_clear(out);
  out->variance = flint_malloc((max_layers + 1) * sizeof *out->variance);
  out->gradient = flint_malloc((max_layers + 1) * sizeof *out->gradient);
  while (out->num_layers < max_layers && status == STATUS_OK && !out->settled) {
    if (limits->max_work && work > limits->max_work) {
      status = STATUS_LIMIT;
      break;
    }
    status = profile_layer(out, &work, ansatz, length, observable, state,
                           limits);
    if (status != STATUS_OK) break;
    inside = haar &&
                     depth_number_is_within(out->variance + out->num_layers - 1, haar,
                                            tolerance, limits->prec_bits)
                 ? inside + 1
                 : 0;
    size_t outside = out->num_layers - inside;
    out->settled = inside >= 4 && inside > outside;
  }
  out->layers_to_haar = inside ? out->num_layers - inside + 1 : 0;
  return status;
}
