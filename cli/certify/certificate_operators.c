#include "cli/certify/certificate_operators.h"

#include <stdlib.h>

#include "cli/format/json_reason.h"

static json_t *list_json(const named_operators_t operators) {
  if (operators->reason) return json_null();
  json_t *list = json_array();
  for (size_t k = 0; k < operators->length; k++) {
    char *text = pauli_sum_get_str(operators->list + k);
    json_array_append_new(list, json_string(text));
    free(text);
  }
  return list;
}

json_t *certificate_operators(const named_operators_t centre,
                              const named_operators_t commutant) {
  json_t *out = json_object();
  json_object_set_new(out, "centre", list_json(centre));
  cert_set_code(out, "centre_reason", centre->reason);
  json_object_set_new(out, "commutant", list_json(commutant));
  json_object_set_new(out, "commutant_is",
                      json_string(commutant->products ? "products" : "basis"));
  cert_set_code(out, "reason", commutant->reason);
  return out;
}
