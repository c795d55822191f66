#include "cli/certify/certificate_family.h"

#include <stdio.h>

#include "cli/format/json_number.h"
#include "cli/format/json_reason.h"

static const char *const answers[] = {"no", "yes", "undecided"};

static json_t *text_or_null(bool known, const char *text) {
  return known && text ? json_string(text) : json_null();
}

static void add_growth(json_t *out, const char *key,
                       const family_sequence_t *s) {
  const growth_struct *g = s->growth;
  char name[64];
  json_object_set_new(out, key,
                      text_or_null(s->known, growth_kind_name(g->kind)));
  snprintf(name, sizeof name, "%s_formula", key);
  json_object_set_new(out, name, text_or_null(s->known, g->formula));
  snprintf(name, sizeof name, "%s_basis", key);
  json_object_set_new(out, name,
                      text_or_null(s->known, growth_basis_name(g->basis)));
}

static json_t *sequence_json(const family_sequence_t *s, slong length) {
  json_t *list = json_array();
  for (slong i = 0; i < length; i++)
    json_array_append_new(list, s->has_value[i] ? json_fmpq(s->values + i)
                                                : json_null());
  return list;
}

static json_t *gaussian_json(const family_landscape_t *l, slong length) {
  json_t *out = json_object();
  json_object_set_new(out, "verdict", json_string(answers[l->gaussian]));
  json_object_set_new(out, "because", json_string(l->gaussian_because));
  add_growth(out, "kurtosis", &l->kurtosis);
  add_growth(out, "kurtosis_finite", &l->kurtosis_finite);
  json_object_set_new(out, "sequence", sequence_json(&l->kurtosis, length));
  json_object_set_new(out, "sequence_finite",
                      sequence_json(&l->kurtosis_finite, length));
  return out;
}

static void add_landscape(json_t *out, const family_landscape_t *l,
                          slong length) {
  add_growth(out, "degrees_of_freedom", &l->degrees);
  add_growth(out, "gradient_variance", &l->gradient);
  json_object_set_new(out, "basis", json_string(growth_basis_name(l->basis)));
  json_object_set_new(out, "gaussian_process", gaussian_json(l, length));
  json_object_set_new(out, "trainable", json_string(answers[l->trainable]));
  json_object_set_new(out, "because", json_string(l->because));
}

static json_t *growth_json(const family_growth_t g) {
  json_t *out = json_object(), *sizes = json_array(), *list = json_array();
  for (slong i = 0; i < g->length; i++)
    json_array_append_new(sizes, json_integer(g->sizes[i]));
  json_object_set_new(out, "variable", json_string(g->variable));
  json_object_set_new(out, "sizes", sizes);
  json_object_set_new(out, "classification",
                      text_or_null(true, g->classification));
  add_growth(out, "algebra_dimension", &g->dimension);
  for (size_t j = 0; j < g->num_landscapes; j++) {
    const family_landscape_t *l = g->landscapes + j;
    json_t *entry = json_pack("{s:s, s:s}", "observable", l->observable,
                              "state", l->state);
    if (j == 0) add_landscape(out, l, g->length);
    add_landscape(entry, l, g->length);
    json_array_append_new(list, entry);
  }
  json_object_set_new(out, "landscapes", list);
  return out;
}

json_t *certificate_growth(const family_t *family) {
  family_growth_t growth;
  family_growth_init(growth, family);
  json_t *out = growth->reason
                    ? json_pack("{s:n, s:n, s:s}", "degrees_of_freedom",
                                "gradient_variance", "basis", "none")
                    : growth_json(growth);
  json_set_code(out, "reason", growth->reason);
  family_growth_clear(growth);
  return out;
}
