#include "cli/format/structure_json.h"

#include <stdlib.h>

#include "cli/format/json_number.h"
#include "cli/format/json_reason.h"

static json_t *text_or_null(const char *text) {
  return text ? json_string(text) : json_null();
}

static json_t *known(bool is_known, json_t *value) {
  if (is_known) return value;
  json_decref(value);
  return json_null();
}

static json_t *ideals_json(const structure_struct *s) {
  json_t *list = json_array();
  for (size_t i = 0; i < s->num_ideals; i++) {
    const ideal_struct *ideal = s->ideals + i;
    char *type = ideal_get_type(ideal), *name = ideal_get_name(ideal);
    json_array_append_new(
        list, json_pack("{s:s, s:s, s:o, s:o, s:o}", "type", type, "name", name,
                        "dimension", cert_fmpz(ideal->dimension), "rank",
                        cert_fmpz(ideal->rank), "count",
                        cert_fmpz(ideal->count)));
    free(type);
    free(name);
  }
  return list;
}

json_t *algebra_json(const structure_struct *s, bool dimension_known) {
  json_t *out = json_object();
  json_object_set_new(out, "dimension",
                      known(dimension_known, cert_fmpz(s->dimension)));
  json_object_set_new(out, "center",
                      known(s->center_known, cert_fmpz(s->center)));
  json_object_set_new(out, "proved", json_boolean(s->proved));
  json_object_set_new(out, "ideals", known(s->ideals_known, ideals_json(s)));
  json_object_set_new(out, "evidence",
                      text_or_null(evidence_get_word(s->evidence)));
  json_object_set_new(out, "method",
                      text_or_null(evidence_get_text(s->evidence)));
  cert_set_reason_or_null(out, "reason", s->reason);
  return out;
}

json_t *actions_json(const structure_struct *s, size_t sector) {
  if (!s->actions_known) return json_null();
  json_t *list = json_array();
  for (size_t k = 0; k < s->num_actions; k++) {
    const action_struct *a = s->actions + k;
    size_t i = 0;
    if (a->sector != sector) continue;
    while (i < s->num_ideals && (s->ideals[i].letter != a->letter ||
                                 !fmpz_equal(s->ideals[i].rank, a->rank)))
      i++;
    json_array_append_new(
        list, json_pack("{s:I, s:o, s:s, s:o, s:o}", "ideal", (json_int_t)i,
                        "pairs", cert_fmpz(a->pairs), "representation",
                        a->representation, "highest_weight",
                        text_or_null(a->highest_weight), "dimension",
                        cert_fmpz(a->dimension)));
  }
  return list;
}

json_t *sectors_json(const structure_struct *s) {
  if (!s->sectors_known) return json_null();
  json_t *list = json_array();
  for (size_t i = 0; i < s->num_sectors; i++) {
    const sector_struct *sector = s->sectors + i;
    json_t *entry = json_pack("{s:o, s:o, s:o, s:s, s:o}", "dimension",
                        cert_fmpz(sector->dimension), "multiplicity",
                        cert_fmpz(sector->multiplicity), "count",
                        cert_fmpz(sector->count), "field",
                        field_get_str(sector->field), "actions",
                        actions_json(s, i));
    cert_set_code(entry, "reason", s->actions_reason);
    json_array_append_new(list, entry);
  }
  return list;
}
