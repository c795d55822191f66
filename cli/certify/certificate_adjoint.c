/* The members "adjoint" and "traps_on_group" of a landscape. */
#include <stdio.h>
#include <stdlib.h>

#include "algebra/laws/adjoint_points.h"
#include "cli/certify/certificate_landscape.h"
#include "cli/format/json_number.h"
#include "cli/format/json_reason.h"

/* A small whole number is written exactly. */
static json_t *number_json(const arb_t value) {
  fmpz_t whole;
  fmpz_init(whole);
  bool exact = arb_is_exact(value) && arb_is_int(value) &&
               arf_cmpabs_2exp_si(arb_midref(value), 32) < 0;
  if (exact) exact = arb_get_unique_fmpz(whole, value);
  json_t *out = exact ? cert_fmpz(whole) : cert_arb(value);
  fmpz_clear(whole);
  return out;
}

static json_t *spectrum_json(const arb_struct *list, size_t length) {
  json_t *out = json_array();
  for (size_t i = 0; i < length; i++)
    json_array_append_new(out, number_json(list + i));
  return out;
}

/* "D6" of so(12), by the names of structure.h. */
static char *type_of(const adjoint_family_struct *f) {
  structure_t s;
  fmpz_t m, one;
  structure_init(s);
  fmpz_init_set_ui(m, f->group == ORBIT_SP ? f->modes / 2 : f->modes);
  fmpz_init_set_ui(one, 1);
  switch (f->group) {
  case ORBIT_SO: structure_add_so(s, m, one); break;
  case ORBIT_SU: structure_add_su(s, m, one); break;
  case ORBIT_SP: structure_add_sp(s, m, one); break;
  }
  char *type = ideal_get_type(s->ideals);
  fmpz_clear(m);
  fmpz_clear(one);
  structure_clear(s);
  return type;
}

static const char *group_of(const adjoint_family_struct *f) {
  static const char *const names[] = {
      [ORBIT_SO] = "so", [ORBIT_SP] = "sp", [ORBIT_SU] = "su"};
  return names[f->group];
}

static json_t *ideals_json(const adjoint_law_struct *law) {
  json_t *list = json_array();
  for (size_t i = 0; i < law->num_families; i++) {
    const adjoint_family_struct *f = law->families + i;
    char *type = type_of(f);
    for (size_t k = 0; k < f->count; k++) {
      json_t *ideal = json_pack(
          "{s:s, s:s, s:i, s:o, s:o}", "type", type, "group", group_of(f), "modes",
          (int)f->modes,
          "observable_spectrum",
          spectrum_json(f->observable + k * f->rank, f->rank), "state_spectrum",
          spectrum_json(f->state + k * f->rank, f->rank));
      if (f->group == ORBIT_SO && f->modes % 2 == 0)
        json_object_set_new(ideal, "orientation", json_integer(f->orientation));
      json_array_append_new(list, ideal);
    }
    free(type);
  }
  return list;
}

static void add_law(json_t *out, const adjoint_law_struct *law) {
  fmpq_t second, fourth;
  fmpq_init(second);
  fmpq_init(fourth);
  adjoint_law_cumulants(second, fourth, law);
  json_object_set_new(out, "constant", cert_fmpq(law->constant));
  json_object_set_new(out, "variance", cert_fmpq(second));
  json_object_set_new(out, "excess_kurtosis",
                      adjoint_law_kurtosis(fourth, law) ? cert_fmpq(fourth)
                                                        : json_null());
  fmpq_clear(second);
  fmpq_clear(fourth);
}

/* [{"level", "probability"}, ...], or null where there is none. */
static json_t *distribution_json(const adjoint_law_struct *law) {
  adjoint_point_t points[ADJOINT_POINTS];
  json_t *list = NULL;
  adjoint_points_init(points);
  if (adjoint_points(points, law) == STATUS_OK) {
    list = json_array();
    for (size_t k = 0; k < ADJOINT_POINTS; k++) {
      char text[32];
      snprintf(text, sizeof text, "0.%06ld", (long)points[k].units);
      json_array_append_new(
          list, json_pack("{s:o, s:{s:s, s:s}}", "level", cert_fmpq(points[k].level),
                          "probability", "mid", text, "rad", ADJOINT_POINT_RADIUS));
    }
  }
  adjoint_points_clear(points);
  return list ? list : json_null();
}

json_t *certificate_adjoint(const adjoint_t a) {
  json_t *out = json_object();
  json_object_set_new(out, "applies", json_boolean(a->applies == ANSWER_YES));
  json_object_set_new(out, "decided",
                      json_boolean(a->applies != ANSWER_UNDECIDED));
  cert_set_code(out, "reason", a->reason);
  json_object_set_new(out, "ideals",
                      a->has_law ? ideals_json(a->loss->law) : json_null());
  if (a->has_law) {
    add_law(out, a->loss->law);
    json_object_set_new(out, "distribution", distribution_json(a->loss->law));
  } else {
    json_object_set_new(out, "constant", json_null());
    json_object_set_new(out, "variance", json_null());
    json_object_set_new(out, "excess_kurtosis", json_null());
    json_object_set_new(out, "distribution", json_null());
  }
  return out;
}

json_t *certificate_traps_on_group(const adjoint_t a,
                                   size_t orbit_dimension) {
  json_t *out = json_object();
  json_object_set_new(out, "none",
                      a->traps == REASON_TRAPS_UNKNOWN ? json_null()
                                                       : json_true());
  cert_set_code(out, "because", a->traps);
  fmpz_t dimension;
  fmpz_init_set_ui(dimension, orbit_dimension);
  json_object_set_new(out, "orbit_dimension",
                      orbit_dimension == SIZE_MAX ? json_null()
                                                  : cert_fmpz(dimension));
  fmpz_set_ui(dimension, a->codimension);
  json_object_set_new(out, "codimension",
                      a->codimension == SIZE_MAX ? json_null()
                                                 : cert_fmpz(dimension));
  fmpz_clear(dimension);
  return out;
}
