#include "cli/certify/certificate.h"

#include <stdlib.h>

#include "cli/certify/certificate_couplings.h"
#include "cli/certify/certificate_covariance.h"
#include "cli/certify/certificate_landscape.h"
#include "cli/certify/certificate_operators.h"
#include "cli/certify/certificate_states.h"
#include "cli/certify/certificate_suggest.h"
#include "cli/certify/certificate_witness.h"
#include "cli/format/certificate_format.h"
#include "cli/format/initialisation_json.h"
#include "cli/format/json_number.h"
#include "cli/format/json_reason.h"
#include "cli/format/structure_json.h"
#include "cli/format/verdict_json.h"
#include "config.h"

/* Rotations treated otherwise than written, by index. */
static json_t *treatment_list(const analysis_t c,
                              rotation_treatment_t which) {
  json_t *list = json_array();
  for (size_t i = 0; c->set->treatment && i < c->ansatz->num_rotations; i++)
    if (c->set->treatment[i] & which)
      json_array_append_new(list, json_integer((json_int_t)i));
  return list;
}

static json_t *ansatz_json(const analysis_t c, const request_t request) {
  const ansatz_struct *a = c->ansatz;
  bool circuit = a->kind == ANSATZ_CIRCUIT;
  json_t *out = json_object(), *notes = json_array();
  json_t *observables = json_array();
  for (size_t i = 0; i < a->num_notes; i++)
    json_array_append_new(notes, json_string(a->notes[i]));
  for (size_t i = 0; i < c->set->num_notes; i++)
    json_array_append_new(notes, json_string(c->set->notes[i]));
  for (size_t i = 0; i < a->num_observables; i++)
    json_array_append_new(observables, observable_json(a->observables[i].sum));
  json_object_set_new(out, "kind",
                      json_string(circuit ? "circuit" : "operators"));
  json_object_set_new(out, "qubits", json_integer((json_int_t)a->num_qubits));
  json_object_set_new(out, "parameters",
                      json_integer((json_int_t)a->num_parameters));
  json_object_set_new(out, "parameter_names", parameter_names_json(a));
  json_object_set_new(
      out, "generators",
      json_integer((json_int_t)(circuit ? c->set->num_generators
                                        : a->num_generators)));
  if (circuit)
    json_object_set_new(out, "rotations",
                        json_integer((json_int_t)a->num_rotations));
  json_object_set_new(out, "upper_bound",
                      json_boolean(a->upper_bound || c->set->upper_bound));
  json_object_set_new(out, "as_written", json_boolean(!a->upper_bound));
  if (circuit) json_object_set_new(out, "slopes", slopes_json(a));
  json_object_set_new(out, "notes", notes);
  json_object_set_new(out, "freed", treatment_list(c, ROTATION_FREED));
  json_object_set_new(out, "split", treatment_list(c, ROTATION_SPLIT));
  json_object_set_new(out, "observables", observables);
  json_object_set_new(out, "states", states_json(a));
  json_t *angles = angle_laws_json(a);
  if (angles) json_object_set_new(out, "angles", angles);
  json_object_set_new(out, "source", request_to_json(request));
  return out;
}

static void add_requests(json_t *out, const certification_t c) {
  if (c->centre)
    json_object_set_new(out, "operators", certificate_operators(c->centre, c->commutant));
  if (c->states)
    json_object_set_new(out, "expressibility", certificate_states(c->states, c->ansatz));
  if (c->suggestions) certificate_add_suggestions(out, c->suggestions, c->analysis);
}

json_t *certificate_make(const certification_t certification, const request_t request) {
  const analysis_struct *c = certification->analysis;
  json_t *out = json_object(), *landscapes = json_array();
  json_t *covariance = certificate_covariance(c->ansatz, certification->covariances);
  for (size_t j = 0; j < c->num_landscapes; j++)
    json_array_append_new(landscapes, certificate_landscape(certification, j));
  json_object_set_new(out, "format", json_string(CERTIFICATE_FORMAT));
  json_object_set_new(out, "program", json_string(PACKAGE_STRING));
  json_object_set_new(out, "conventions", certificate_conventions());
  json_object_set_new(out, "thresholds",
                      json_pack("{s:o, s:o}", "max_shots",
                                cert_fmpq(c->limits.thresholds.max_shots),
                                "max_trap",
                                cert_fmpq(c->limits.thresholds.max_trap)));
  json_object_set_new(out, "ansatz", ansatz_json(c, request));
  json_object_set_new(out, "algebra",
                      algebra_json(c->structure, c->dimension_known));
  json_t *witness = certificate_witness(certification->witnesses);
  if (witness)
    json_object_set_new(json_object_get(out, "algebra"), "witness", witness);
  if (c->repetitions > 1)
    json_object_set_new(json_object_get(out, "algebra"), "repeated",
                        json_pack("{s:I, s:o}", "repetitions",
                                  (json_int_t)c->repetitions, "dimension",
                                  cert_fmpz(c->repeated_dimension)));
  json_object_set_new(out, "sectors", sectors_json(c->structure));
  cert_set_reason(out, "sectors_reason",
                  structure_sectors_reason(c->structure));
  json_t *couplings = certificate_couplings(c);
  if (couplings) json_object_set_new(out, "couplings", couplings);
  for (size_t j = 0; j < json_array_size(landscapes); j++) {
    json_t *landscape = json_array_get(landscapes, j);
    json_t *widths = json_object_get(landscape, "initialisation");
    if (widths) initialisation_judge(widths, out);
    json_object_set_new(landscape, "verdict", verdict_json(out, landscape));
  }
  json_object_set_new(out, "landscapes", landscapes);
  if (covariance) json_object_set_new(out, "covariance", covariance);
  json_t *kernel = kernel_analysis_json(certification->kernel, c->ansatz);
  if (kernel) json_object_set_new(out, "kernel", kernel);
  add_requests(out, certification);
  certificate_close(out);
  return out;
}
