#include "cli/certify/certificate_operators.h"

#include <stdlib.h>

#include "algebra/analysis/named_operators.h"
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

void certificate_add_operators(json_t *certificate, const analysis_t analysis) {
  named_operators_t operators;
  bool products;
  json_t *out = json_object();
  named_centre_init(operators, analysis);
  json_object_set_new(out, "centre", list_json(operators));
  cert_set_code(out, "centre_reason", operators->reason);
  named_operators_clear(operators);
  named_commutant_init(operators, &products, analysis);
  json_object_set_new(out, "commutant", list_json(operators));
  json_object_set_new(out, "commutant_is", json_string(products ? "products" : "basis"));
  cert_set_code(out, "reason", operators->reason);
  named_operators_clear(operators);
  json_object_set_new(certificate, "operators", out);
}
