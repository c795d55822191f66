#include "cli/format/growth_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/order.h"
#include "algebra/analysis/family.h"
#include "algebra/base/text.h"
#include "cli/format/json_number.h"
#include "cli/format/json_reason.h"

static const char *const answers[] = {"no", "yes", "undecided"};

static const char *const quantity_keys[FAMILY_QUANTITIES] = {
    "degrees_of_freedom", "gradient_variance", "own_variance",
    "own_gradient_variance", "kurtosis", "kurtosis_finite"};

/* --- the members from their certificates ------------------------------------------- */

/* The median (the smaller of two) of the gradient variances above 0, 0 if there is
   none, and how many of these there are; false when they are not all exact. */
static bool median_gradient(fmpq_t median, size_t *count, const json_t *list) {
  size_t length = json_array_size(list);
  bool ok = json_is_array(list);
  fmpq *values = flint_calloc(length + 1, sizeof *values);
  const fmpq **order = flint_malloc((length + 1) * sizeof *order);
  *count = 0;
  for (size_t k = 0; k < length; k++) {
    const json_t *item = json_array_get(list, k);
    fmpq_init(values + k);
    if (k && json_equal(item, json_array_get(list, k - 1)))
      fmpq_set(values + k, values + k - 1); /* often the case */
    else
      ok = ok && cert_get_fmpq(values + k, item);
    if (ok && !fmpq_is_zero(values + k)) order[(*count)++] = values + k;
  }
  fmpq_zero(median);
  if (ok && *count) {
    qsort(order, *count, sizeof *order, order_rationals);
    fmpq_set(median, order[(*count - 1) / 2]);
  }
  for (size_t k = 0; k < length; k++) fmpq_clear(values + k);
  flint_free(order);
  flint_free(values);
  return ok;
}

static void get_value(family_point_t *p, family_quantity_t which,
                      const json_t *json) {
  p->known[which] = cert_get_fmpq(p->value + which, json);
}

/* A loss outside the Wishart class that is a sum of independent uniform variables:
   all that varies is su(2). */
static bool is_uniforms(const json_t *landscape) {
  const json_t *ideals = cert_at(landscape, "adjoint.ideals");
  bool uniforms = json_is_true(cert_at(landscape, "adjoint.applies")) &&
                  !json_is_true(cert_at(landscape, "wishart.applies"));
  for (size_t i = 0; i < json_array_size(ideals) && uniforms; i++) {
    const json_t *ideal = json_array_get(ideals, i);
    uniforms = json_integer_value(cert_at(ideal, "modes")) == 3 &&
               strcmp(cert_text_at(ideal, "group", ""), "su");
  }
  return uniforms &&
         json_is_string(cert_at(landscape, "adjoint.excess_kurtosis"));
}

static void get_point(family_point_t *p, const json_t *landscape) {
  const json_t *depth = json_object_get(landscape, "finite_depth");
  const char *answer = cert_text_at(landscape, "verdict.trainable", "undecided");
  size_t moving;
  p->known[FAMILY_GRADIENT] =
      median_gradient(p->value + FAMILY_GRADIENT, &moving,
                      json_object_get(landscape, "gradient_variance"));
  p->constant = p->known[FAMILY_GRADIENT] && moving == 0;
  p->known[FAMILY_OWN_GRADIENT] =
      median_gradient(p->value + FAMILY_OWN_GRADIENT, &moving,
                      json_object_get(depth, "gradient_variance"));
  get_value(p, FAMILY_OWN_VARIANCE, json_object_get(depth, "variance"));
  if (!p->constant) {
    p->uniforms = is_uniforms(landscape);
    get_value(p, FAMILY_DEGREES, cert_at(landscape, "minima.threshold"));
    get_value(p, FAMILY_KURTOSIS,
              cert_at(landscape, "gaussian_process.excess_kurtosis"));
    get_value(p, FAMILY_KURTOSIS_FINITE,
              cert_at(landscape, "gaussian_process.excess_kurtosis_finite"));
  }
  p->verdict = !strcmp(answer, "yes")  ? ANSWER_YES
               : !strcmp(answer, "no") ? ANSWER_NO
                                       : ANSWER_UNDECIDED;
  p->rests_on_circuit =
      !strcmp(cert_text_at(landscape, "verdict.basis", ""), "this circuit");
  p->observable = text_copy(cert_text_at(landscape, "observable", "?"));
  p->state = text_copy(cert_text_at(landscape, "state", "?"));
}

static bool get_ideal(ideal_struct *ideal, const json_t *json) {
  ideal->letter = *cert_text_at(json, "type", "");
  return ideal->letter &&
         cert_get_fmpz(ideal->rank, json_object_get(json, "rank")) &&
         cert_get_fmpz(ideal->dimension, json_object_get(json, "dimension")) &&
         cert_get_fmpz(ideal->count, json_object_get(json, "count"));
}

static void add_member(family_t *family, const json_t *row) {
  const json_t *ideals = cert_at(row, "algebra.ideals");
  const json_t *landscapes = json_object_get(row, "landscapes");
  bool proved = json_is_true(cert_at(row, "algebra.proved"));
  family_member_t *m =
      family_add(family, cert_text_at(row, "value", ""),
                 json_array_size(ideals), json_array_size(landscapes));
  m->qubits = (size_t)json_integer_value(cert_at(row, "ansatz.qubits"));
  m->upper_bound = json_is_true(cert_at(row, "ansatz.upper_bound"));
  m->dimension_known =
      proved && cert_get_fmpq(m->dimension, cert_at(row, "algebra.dimension"));
  m->ideals_known = proved && json_is_array(ideals);
  for (size_t i = 0; i < m->num_ideals; i++)
    m->ideals_known =
        get_ideal(m->ideals + i, json_array_get(ideals, i)) && m->ideals_known;
  for (size_t j = 0; j < m->num_points; j++)
    get_point(m->points + j, json_array_get(landscapes, j));
}

/* --- the growth ----------------------------------------------------------------------- */

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
  snprintf(name, sizeof name, "%s_from", key);
  if (s->from) json_object_set_new(out, name, json_integer(s->from));
}

static json_t *sequence_json(const family_sequence_t *s, slong length) {
  json_t *list = json_array();
  for (slong i = 0; i < length; i++)
    json_array_append_new(list, s->has_value[i] ? cert_fmpq(s->values + i)
                                                : json_null());
  return list;
}

static json_t *gaussian_json(const family_landscape_t *l, slong length) {
  const family_sequence_t *wishart = l->quantities + FAMILY_KURTOSIS;
  const family_sequence_t *finite = l->quantities + FAMILY_KURTOSIS_FINITE;
  json_t *out = json_object();
  json_object_set_new(out, "verdict", json_string(answers[l->gaussian]));
  json_object_set_new(out, "because", json_string(l->gaussian_because));
  add_growth(out, quantity_keys[FAMILY_KURTOSIS], wishart);
  add_growth(out, quantity_keys[FAMILY_KURTOSIS_FINITE], finite);
  json_object_set_new(out, "sequence", sequence_json(wishart, length));
  json_object_set_new(out, "sequence_finite", sequence_json(finite, length));
  return out;
}

static void add_landscape(json_t *out, const family_landscape_t *l,
                          slong length) {
  for (int q = 0; q <= FAMILY_OWN_GRADIENT; q++)
    add_growth(out, quantity_keys[q], l->quantities + q);
  json_object_set_new(out, "basis",
                      text_or_null(l->basis != GROWTH_BASIS_NONE,
                                   growth_basis_name(l->basis)));
  json_object_set_new(out, "gaussian_process", gaussian_json(l, length));
  json_object_set_new(out, "trainable", json_string(answers[l->trainable]));
  json_object_set_new(out, "because", json_string(l->because));
}

static json_t *copy_or_null(const json_t *json) {
  return json ? json_deep_copy(json) : json_null();
}

static json_t *exact_or_null(bool known, const fmpq_t value) {
  return known ? cert_fmpq(value) : json_null();
}

/* The circuit's own numbers, one entry for each row. */
static json_t *circuits_json(const family_t *family, const json_t *rows,
                             size_t j) {
  json_t *list = json_array();
  for (size_t i = 0; i < json_array_size(rows); i++) {
    const json_t *row = json_array_get(rows, i);
    const json_t *l = json_array_get(json_object_get(row, "landscapes"), j);
    const family_point_t *p = family->members[i].points + j;
    const json_t *shots = cert_at(l, "verdict.shots_per_gradient.typical");
    json_t *entry = json_object();
    json_object_set_new(entry, "value", json_string(family->members[i].value));
    json_object_set_new(entry, "variance",
                        copy_or_null(cert_at(l, "finite_depth.variance")));
    json_object_set_new(entry, "median_gradient_variance",
                        exact_or_null(p->known[FAMILY_OWN_GRADIENT],
                                      p->value + FAMILY_OWN_GRADIENT));
    json_object_set_new(entry, "shots", copy_or_null(shots));
    json_object_set_new(
        entry, "live_parameters",
        copy_or_null(cert_at(l, "verdict.parameters_that_move_the_loss")));
    json_object_set_new(entry, "parameters",
                        copy_or_null(cert_at(row, "ansatz.parameters")));
    json_object_set_new(entry, "trainable", json_string(answers[p->verdict]));
    json_array_append_new(list, entry);
  }
  return list;
}

static json_t *sizes_json(const family_growth_t g) {
  json_t *sizes = json_array();
  if (g->reason) {
    json_decref(sizes);
    return json_null();
  }
  for (slong i = 0; i < g->length; i++)
    json_array_append_new(sizes, json_integer(g->sizes[i]));
  return sizes;
}

static json_t *values_json(const json_t *rows) {
  json_t *values = json_array();
  for (size_t i = 0; i < json_array_size(rows); i++)
    json_array_append_new(
        values,
        json_string(cert_text_at(json_array_get(rows, i), "value", "")));
  return values;
}

static json_t *judged_json(const family_growth_t g, const family_t *family,
                           const json_t *rows, const json_t *added) {
  json_t *out = json_object(), *list = json_array();
  json_object_set_new(out, "variable", json_string(g->variable));
  json_object_set_new(out, "sizes", sizes_json(g));
  json_object_set_new(out, "added", values_json(added));
  json_object_set_new(out, "classification",
                      text_or_null(true, g->classification));
  add_growth(out, "algebra_dimension", &g->dimension);
  for (size_t j = 0; j < g->num_landscapes; j++) {
    const family_landscape_t *l = g->landscapes + j;
    json_t *entry = json_pack("{s:s, s:s}", "observable", l->observable,
                              "state", l->state);
    if (j == 0) add_landscape(out, l, g->length);
    add_landscape(entry, l, g->length);
    json_object_set_new(entry, "circuits", circuits_json(family, rows, j));
    json_array_append_new(list, entry);
  }
  json_object_set_new(out, "landscapes", list);
  return out;
}

json_t *growth_json(const json_t *rows, const json_t *added) {
  family_t family;
  family_growth_t growth;
  family_init(&family);
  for (size_t i = 0; i < json_array_size(rows); i++)
    add_member(&family, json_array_get(rows, i));
  for (size_t i = 0; i < json_array_size(added); i++)
    add_member(&family, json_array_get(added, i));
  family_growth_init(growth, &family);
  json_t *out = growth->judged
                    ? judged_json(growth, &family, rows, added)
                    : json_pack("{s:n, s:n, s:n}", "degrees_of_freedom",
                                "gradient_variance", "basis");
  cert_set_code(out, "reason", growth->reason);
  family_growth_clear(growth);
  family_clear(&family);
  return out;
}

/* --- are further sizes wanted? --------------------------------------------------------- */

static void count_bases(size_t *known, size_t *fits, const json_t *json) {
  const char *key;
  json_t *item;
  size_t i;
  json_array_foreach(json, i, item) count_bases(known, fits, item);
  json_object_foreach((json_t *)json, key, item) {
    const char *end = strstr(key, "_basis");
    if (end && json_is_string(item)) {
      ++*known;
      *fits += !strcmp(json_string_value(item),
                       growth_basis_name(GROWTH_BASIS_FIT));
    } else {
      count_bases(known, fits, item);
    }
  }
}

bool growth_wants_sizes(size_t *num_known, const json_t *growth) {
  size_t fits = 0;
  *num_known = 0;
  count_bases(num_known, &fits, growth);
  return fits && json_is_array(json_object_get(growth, "sizes")) &&
         !strcmp(cert_text_at(growth, "variable", ""), "qubits");
}
