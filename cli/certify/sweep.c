#include "cli/certify/sweep.h"

#include <stdlib.h>
#include <string.h>

#include "cli/certify/certificate.h"
#include "cli/certify/certify.h"
#include "cli/format/certificate_format.h"
#include "cli/certify/certificate_family.h"
#include "config.h"

/* request with one more override, borrowing everything. */
static status_t one_value(json_t **row, family_t *family, bool *limit_reached,
                          diagnostic_t diag, const request_t request,
                          const char *name, const char *value,
                          const certify_limits_t *limits) {
  size_t count = request->num_overrides;
  certification_t result;
  request_t here;
  *here = *request;
  here->overrides = flint_malloc((count + 1) * sizeof *here->overrides);
  if (count)
    memcpy(here->overrides, request->overrides,
           count * sizeof *here->overrides);
  here->overrides[count].name = name;
  here->overrides[count].value = value;
  here->num_overrides = count + 1;
  status_t status = certification_init(result, diag, here, limits);
  if (status == STATUS_OK) {
    *row = certificate_make(result, here);
    json_object_set_new(*row, "name", json_string(name));
    json_object_set_new(*row, "value", json_string(value));
    family_add(family, result->analysis, value);
    if (result->limit_reached) *limit_reached = true;
    certification_clear(result);
  }
  flint_free(here->overrides);
  return status;
}

json_t *sweep_make(status_t *status, bool *limit_reached, diagnostic_t diag,
                   const request_t request, const char *name,
                   const char *const *values, size_t num_values,
                   const certify_limits_t *limits) {
  json_t *rows = json_array();
  family_t *family = family_new();
  *limit_reached = false;
  *status = STATUS_OK;
  for (size_t i = 0; i < num_values; i++) {
    json_t *row = NULL;
    *status = one_value(&row, family, limit_reached, diag, request, name,
                        values[i], limits);
    if (*status != STATUS_OK) {
      family_free(family);
      json_decref(rows);
      return NULL;
    }
    json_array_append_new(rows, row);
  }
  json_t *growth = certificate_growth(family);
  family_free(family);
  return json_pack("{s:s, s:s, s:o, s:o}", "format", CERTIFICATE_FORMAT,
                   "program", PACKAGE_STRING, "sweep", rows, "growth", growth);
}
