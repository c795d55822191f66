#include "cli/certify/certificate_witness.h"

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

json_t *certificate_witness(const component_witnesses_t witnesses) {
  if (!witnesses->any) return NULL;
  json_t *list = json_array();
  for (size_t i = 0; i < witnesses->length; i++)
    json_array_append_new(list, witnesses->large[i]
                                    ? one_witness_json(witnesses->list + i)
                                    : json_null());
  return list;
}
