#include "cli/certify/certificate_suggest.h"

#include <stdlib.h>

#include "cli/certify/certificate_landscape.h"
#include "cli/certify/certificate_witness.h"
#include "cli/format/certificate_format.h"
#include "cli/format/json_number.h"
#include "cli/format/json_reason.h"

static json_t *numbers_json(const suggestion_struct *o) {
  static const char *const words[] = {"no", "yes", "undecided"};
  json_t *out = json_object();
  json_object_set_new(out, "dimension", cert_fmpz(o->dimension));
  json_object_set_new(out, "parameters",
                      json_integer((json_int_t)o->parameters));
  json_object_set_new(out, "gradient_variance",
                      o->gradient_known ? cert_fmpq(o->gradient)
                                        : json_null());
  json_object_set_new(out, "threshold", o->threshold_known
                                            ? cert_fmpz(o->threshold)
                                            : json_null());
  json_object_set_new(out, "verdict", json_string(words[o->verdict]));
  cert_set_code(out, "reason", o->reason);
  return out;
}

/* The parameters of the gates that have one of these generators. */
static json_t *gates_json(const suggestion_struct *o, const analysis_t c) {
  const generator_set_struct *set = c->set;
  size_t p = c->ansatz->num_parameters;
  bool *gone = flint_calloc(p + 1, sizeof *gone);
  json_t *names = json_array();
  for (size_t i = 0; i < set->num_uses; i++) {
    const generator_use_struct *use = set->uses + i;
    if (use->parameter < p &&
        (use->generator == o->generators[0] ||
         (o->count > 1 && use->generator == o->generators[1])))
      gone[use->parameter] = true;
  }
  for (size_t k = 0; k < p; k++)
    if (gone[k])
      json_array_append_new(names, json_string(c->ansatz->parameters[k].name));
  flint_free(gone);
  return names;
}

/* gates: what is meant are gates as written, analysed as a whole. */
static json_t *suggestion_json(const suggestion_struct *o, const analysis_t c,
                               bool gates) {
  const suggest_judgement_t *j = o->judgement;
  json_t *names = json_array(), *out = json_object();
  for (size_t i = 0; i < o->count; i++)
    json_array_append_new(names, json_string(o->strings[i]));
  json_object_set_new(out, "action", json_string(o->drop ? "drop" : o->split ? "split" : "add"));
  json_object_set_new(out, gates && !o->line ? "gates_of" : "generators", names);
  if (o->line) json_object_set_new(out, "gates_of_line", json_integer(o->line));
  if (o->judgement && o->drop && c->ansatz->kind == ANSATZ_CIRCUIT)
    json_object_set_new(out, "gates_of", gates_json(o, c));
  json_object_set_new(out, "alike", json_integer((json_int_t)o->alike));
  json_t *numbers = numbers_json(o);
  json_object_update(out, numbers);
  json_decref(numbers);
  if (!j) return out;
  json_t *witness = certificate_witness(j->witnesses);
  json_object_set_new(out, "wishart",
                      certificate_wishart(j->landscape, j->outlook));
  if (witness) json_object_set_new(out, "witness", witness);
  return out;
}

void certificate_add_suggestions(json_t *certificate, const suggestions_t found,
                                 const analysis_t c) {
  json_t *list = json_array(), *about = json_object();
  json_object_set_new(certificate, "suggestions", list);
  json_object_set_new(certificate, "suggest", about);
  if (found->reason) {
    cert_set_code(about, "reason", found->reason);
    return;
  }
  json_object_set_new(about, "candidates",
                      json_integer((json_int_t)found->num_candidates));
  json_object_set_new(about, "tried",
                      json_integer((json_int_t)found->num_tried));
  json_object_set_new(about, "observable",
                      observable_json(c->ansatz->observables[0].sum));
  json_object_set_new(about, "state", json_string(c->ansatz->states[0].text));
  json_object_set_new(about, "present", numbers_json(&found->present));
  bool gates = found->whole && c->ansatz->kind == ANSATZ_CIRCUIT;
  for (size_t i = 0; i < found->length; i++)
    json_array_append_new(list, suggestion_json(found->list + i, c, gates));
}
