#include "cli/certify/certificate_states.h"

#include "cli/format/certificate_format.h"
#include "cli/format/json_number.h"
#include "cli/format/json_reason.h"

static void set_numbers(json_t *out, const fmpq *first, const fmpq *second) {
  json_object_set_new(out, "frame_potential_1", first ? cert_fmpq(first) : json_null());
  json_object_set_new(out, "frame_potential_2", second ? cert_fmpq(second) : json_null());
}

static json_t *locals_json(const reached_states_struct *r) {
  json_t *list = json_array();
  for (size_t k = 0; k < r->num_locals; k++)
    json_array_append_new(list, cert_fmpq(r->local_squares + k));
  return list;
}

static void set_reached(json_t *out, const reached_states_struct *r) {
  bool known = !r->entanglement_reason;
  if (r->reason) set_numbers(out, NULL, NULL);
  else set_numbers(out, r->first, r->second);
  cert_set_code(out, "reason", r->reason);
  json_object_set_new(out, "entanglement", known ? cert_fmpq(r->entanglement) : json_null());
  json_object_set_new(out, "local_squares", known ? locals_json(r) : json_null());
  cert_set_code(out, "entanglement_reason", r->entanglement_reason);
}

json_t *certificate_states(const states_analysis_t states, const ansatz_t ansatz) {
  json_t *list = json_array();
  for (size_t i = 0; i < states->num_states; i++) {
    json_t *out = json_pack("{s:s}", "state", ansatz->states[i].text);
    json_t *own = states->own ? json_object() : json_null();
    set_reached(out, states->deep + i);
    json_object_set_new(out, "haar", haar_json(ansatz->num_qubits));
    if (states->own) set_reached(own, states->own + i);
    json_object_set_new(out, "finite_depth", own);
    if (!states->own) cert_set_code(out, "finite_depth_reason", REASON_NO_DEPTH);
    json_array_append_new(list, out);
  }
  return list;
}
