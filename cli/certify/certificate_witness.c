#include "cli/certify/certificate_witness.h"

#include "algebra/strings/witness.h"

static json_t *one_witness_json(const component_witness_t witness) {
  json_t *list = json_array();
  for (size_t i = 0; i < witness->num_members && witness->labels; i++)
    json_array_append_new(
        list, json_pack("[i, i]", (int)witness->labels[2 * i],
                        (int)witness->labels[2 * i + 1]));
  for (size_t i = 0; i < witness->num_seed; i++)
    json_array_append_new(list, json_integer((json_int_t)witness->seed[i]));
  return json_pack("{s:o}", witness->labels ? "labels" : "seed", list);
}

json_t *certificate_witness(const string_algebra_t g) {
  json_t *list = json_array();
  bool any = false;
  for (size_t i = 0; i < g->num_components; i++) {
    if (g->components[i].span->dim <= WITNESS_MIN_SPAN) {
      json_array_append_new(list, json_null());
      continue;
    }
    component_witness_t witness;
    component_witness_init(witness, g, i);
    json_array_append_new(list, one_witness_json(witness));
    component_witness_clear(witness);
    any = true;
  }
  if (any) return list;
  json_decref(list);
  return NULL;
}
