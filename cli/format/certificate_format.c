#include "cli/format/certificate_format.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/state_probes.h"
#include "algebra/base/hash.h"
#include "cli/format/json_number.h"
#include "cli/read/angle_law.h"

json_t *certificate_conventions(void) {
  return json_pack(
      "{s:s, s:s, s:s}", "ensemble",
      "deep circuit: U Haar-distributed on the group generated, before and "
      "after the gate that is differentiated",
      "variance", "E[l^2] - E[l]^2 of l = Tr(rho U^dag O U)",
      "gradient_variance",
      "E[(dl/dtheta_k)^2], theta_k as declared; a gate written rx(theta) is "
      "exp(-i theta X/2), a generator exp(-i theta H)");
}

json_t *certificate_additions(const json_t *certificate) {
  static const char *const keys[] = {"operators", "expressibility", "suggestions"};
  json_t *list = json_array(), *landscape;
  size_t i;
  bool widths = false;
  json_array_foreach(json_object_get(certificate, "landscapes"), i, landscape)
    widths = widths || json_object_get(landscape, "initialisation");
  if (widths) json_array_append_new(list, json_string("widths"));
  for (i = 0; i < sizeof keys / sizeof *keys; i++)
    if (json_object_get(certificate, keys[i]))
      json_array_append_new(list, json_string(keys[i]));
  return list;
}

json_t *certificate_inputs_digest(const json_t *certificate) {
  const json_t *source =
      json_object_get(json_object_get(certificate, "ansatz"), "source");
  json_t *inputs = json_pack(
      "[O?, O?, O?, O?]", json_object_get(certificate, "program"),
      json_object_get(certificate, "thresholds"), (json_t *)source,
      json_object_get(certificate, "additions"));
  char *text = json_dumps(inputs, JSON_COMPACT | JSON_SORT_KEYS);
  if (!text) flint_abort();
  uint64_t hash = hash_bytes(HASH_START, text, strlen(text));
  free(text);
  json_decref(inputs);
  return json_sprintf("fnv1a-64:%016" PRIx64, hash);
}

void certificate_close(json_t *certificate) {
  json_object_set_new(certificate, "additions", certificate_additions(certificate));
  json_object_set_new(certificate, "inputs_digest",
                      certificate_inputs_digest(certificate));
}

/* An exact rational is a string, as everywhere; an exact irrational is one too
   ("1/2 + 1/4*sqrt(2)", "9*pi^2"). */
json_t *depth_number_json(const depth_number_t x) {
  switch (x->kind) {
    case DEPTH_UNAVAILABLE: break;
    case DEPTH_BALL: return cert_arb(x->ball);
    case DEPTH_EXACT: {
      if (depth_number_is_rational(x)) return cert_fmpq(x->rational);
      char *text = depth_number_get_str(x, 20);
      json_t *json = json_string(text);
      free(text);
      return json;
    }
  }
  return json_null();
}

static bool is_ball(const json_t *x) { return json_is_object(x); }

const char *depth_json_kind(const json_t *depth) {
  const json_t *numbers[2] = {json_object_get(depth, "mean"),
                              json_object_get(depth, "variance")};
  const json_t *list = json_object_get(depth, "gradient_variance");
  bool missing = !json_is_array(list), ball = false;
  for (int i = 0; i < 2; i++) {
    missing = missing || !numbers[i] || json_is_null(numbers[i]);
    ball = ball || is_ball(numbers[i]);
  }
  for (size_t k = 0; k < json_array_size(list); k++) {
    missing = missing || json_is_null(json_array_get(list, k));
    ball = ball || is_ball(json_array_get(list, k));
  }
  if (missing) return json_object_get(depth, "sampled") ? "sampled" : "unknown";
  return ball ? "ball" : "exact";
}

json_t *observable_json(const pauli_sum_t observable) {
  char *text = pauli_sum_get_str(observable);
  json_t *json = json_string(text);
  free(text);
  return json;
}

json_t *states_json(const ansatz_t ansatz) {
  json_t *list = json_array();
  for (size_t i = 0; i < ansatz->num_states; i++)
    json_array_append_new(list, json_string(ansatz->states[i].text));
  return list;
}

json_t *haar_json(size_t num_qubits) {
  json_t *out = json_object();
  fmpq_t first, second, q;
  fmpq_init(first);
  fmpq_init(second);
  fmpq_init(q);
  state_haar_numbers(first, second, q, num_qubits);
  json_object_set_new(out, "frame_potential_1", cert_fmpq(first));
  json_object_set_new(out, "frame_potential_2", cert_fmpq(second));
  json_object_set_new(out, "entanglement", cert_fmpq(q));
  fmpq_clear(first);
  fmpq_clear(second);
  fmpq_clear(q);
  return out;
}

static json_t *slope_json(const angle_term_struct *term) {
  if (!term) return json_null();
  char *text = fmpq_get_str(NULL, 10, term->coeff);
  json_t *json = json_sprintf("%s%s", text, term->times_pi ? "*pi" : "");
  flint_free(text);
  return json;
}

json_t *slopes_json(const ansatz_t ansatz) {
  size_t n = ansatz->num_parameters, *uses = flint_calloc(n + 1, sizeof *uses);
  const angle_term_struct **term = flint_calloc(n + 1, sizeof *term);
  json_t *list = json_array();
  bool same = n > 0;
  for (size_t r = 0; r < ansatz->num_rotations; r++) {
    const angle_struct *angle = ansatz->rotations[r].angle;
    for (size_t t = 0; t < angle->num_terms; t++) {
      size_t k = angle->terms[t].parameter;
      term[k] = uses[k]++ ? NULL : angle->terms + t;
    }
  }
  for (size_t k = 0; k < n; k++) {
    json_array_append_new(list, slope_json(term[k]));
    same = same && term[k] && json_equal(json_array_get(list, k), json_array_get(list, 0));
  }
  json_t *out = same ? json_incref(json_array_get(list, 0)) : json_incref(list);
  json_decref(list);
  flint_free(uses);
  flint_free(term);
  return out;
}

json_t *parameter_names_json(const ansatz_t ansatz) {
  json_t *list = json_array();
  for (size_t k = 0; k < ansatz->num_parameters; k++) {
    char *name = ansatz_parameter_name(ansatz, k);
    json_array_append_new(list, json_string(name));
    free(name);
  }
  return list;
}

json_t *angle_laws_json(const ansatz_t ansatz) {
  if (!ansatz_has_laws(ansatz)) return NULL;
  json_t *list = json_array();
  for (size_t k = 0; k < ansatz->num_parameters; k++) {
    char *text = angle_law_text(ansatz->parameters + k);
    json_array_append_new(list, json_string(text));
    free(text);
  }
  return list;
}
