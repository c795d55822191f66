#include "cli/verify/members_tested.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/flint_compat.h"
#include "algebra/base/text.h"
#include "cli/format/json_number.h"

/* Checks whose name begins so are about this member, of their landscape unless it is
   of the whole certificate. */
typedef struct {
  const char *check, *member, *by;
  bool is_global, is_list; /* list: relative change */
} subject_t;

static const subject_t subjects[] = {
    {"mean of the square", "mean_square", "samples", false, false},
    {"mean", "mean", "samples", false, false},
    {"variance", "variance", "samples", false, false},
    {"gradient variance", "gradient_variance", "samples", false, true},
    {"loss law", "wishart.blocks", "samples", false, false},
    {"gradient law", "wishart.blocks", "samples", false, false},
    {"excess kurtosis", "gaussian_process.excess_kurtosis_finite", "samples", false,
     false},
    {"degrees of freedom", "wishart.blocks", "samples", false, false},
    {"distance to normal", "gaussian_process.tv_bound", "samples", false, false},
    {"distance to the Wishart form", "wishart.distance_bound", "samples", false, false},
    {"own depth: mean of the square", "finite_depth.mean_square", "samples", false,
     false},
    {"own depth: width", "initialisation.widths", "samples", false, true},
    {"own depth: mean", "finite_depth.mean", "samples", false, false},
    {"own depth: variance", "finite_depth.variance", "samples", false, false},
    {"own depth: gradient variance", "finite_depth.gradient_variance", "samples",
     false, true},
    {"noise: mean of the square", "noise.mean_square", "samples", false, false},
    {"noise: mean", "noise.mean", "samples", false, false},
    {"noise: variance", "noise.variance", "samples", false, false},
    {"noise: gradient variance", "noise.gradient_variance", "samples", false, true},
    {"own depth: kernel with", "kernel.finite_depth", "samples", true, true},
    {"kernel with", "kernel.deep", "samples", true, true},
    {"covariance with", "covariance", "samples", true, true},
    {"curvature: negative share", "curvature.negative_share", "samples", false, false},
    {"curvature: share", "curvature.quantiles", "samples", false, false},
    {"number of minima", "minima.threshold", "samples", false, true},
    {"levels of minima", "minima.threshold", "samples", false, true},
    {"dimension by", "algebra.dimension", "ranks", true, false},
    {"dimension of the centre", "algebra.center", "linear algebra", true, false},
    {"sectors: ", "sectors", "linear algebra", true, false},
};

static const subject_t *subject_of(const char *name) {
  for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++)
    if (!strncmp(name, subjects[i].check, strlen(subjects[i].check)))
      return subjects + i;
  return NULL;
}

static json_t *find(json_t *tested, const char *member) {
  size_t i;
  json_t *entry;
  json_array_foreach(tested, i, entry)
    if (!strcmp(cert_text_at(entry, "member", ""), member)) return entry;
  return NULL;
}

/* The least of exact numbers, the worst of a list. */
static void note_power(json_t *entry, double notices, bool is_list) {
  const json_t *before = json_object_get(entry, "notices");
  if (!isfinite(notices)) return;
  if (json_is_number(before)) {
    double old = json_number_value(before);
    notices = is_list ? fmax(old, notices) : fmin(old, notices);
  }
  json_object_set_new(entry, "notices", json_real(notices));
}

/* Where there are no Wishart blocks the law is that of an observable in the algebra. */
static const char *member_of(const subject_t *s, const json_t *landscape) {
  if (json_is_true(cert_at(landscape, "wishart.applies"))) return s->member;
  if (!strcmp(s->check, "loss law")) return "adjoint.ideals";
  if (!strcmp(s->check, "excess kurtosis")) return "adjoint.excess_kurtosis";
  return s->member;
}

/* "orbit of STATE": that of all its landscapes. */
static void add_orbit(json_t *tested, const json_t *check, const json_t *landscapes) {
  static const char begin[] = "orbit of ";
  const char *name = cert_text_at(check, "name", "");
  size_t j;
  json_t *landscape;
  if (strncmp(name, begin, strlen(begin))) return;
  json_array_foreach((json_t *)landscapes, j, landscape)
    if (!strcmp(cert_text_at(landscape, "state", ""), name + strlen(begin)))
      json_array_append_new(
          tested, json_pack("{s:o, s:s}", "member",
                            json_sprintf("landscapes[%zu].traps_on_group."
                                         "orbit_dimension", j), "by", "ranks"));
}

static void add_check(json_t *tested, const json_t *check, const json_t *landscapes) {
  const subject_t *s = subject_of(cert_text_at(check, "name", ""));
  const json_t *at = json_object_get(check, "landscape");
  if (json_is_null(json_object_get(check, "holds"))) return;
  add_orbit(tested, check, landscapes);
  if (!s) return;
  char *member =
      s->is_global
          ? text_copy(s->member)
          : text_print("landscapes[%lld].%s", (long long)json_integer_value(at),
                       member_of(s, json_array_get(landscapes, (size_t)
                                     json_integer_value(at))));
  json_t *entry = find(tested, member);
  if (!entry) {
    entry = json_pack("{s:s, s:n}", "member", member, "notices");
    json_array_append_new(tested, entry);
  }
  json_object_set_new(entry, "by", json_string(s->by));
  const json_t *notices = json_object_get(check, "notices");
  double predicted = json_number_value(json_object_get(check, "predicted"));
  double power = json_is_number(notices) ? json_number_value(notices) : NAN;
  if (s->is_list) power = predicted != 0 ? power / fabs(predicted) : NAN;
  if (!strcmp(s->by, "samples")) note_power(entry, power, s->is_list);
  free(member);
}

/* --- what is left ------------------------------------------------------------------ */

static bool is_prose(const char *key) {
  static const char *const keys[] = {
      "observable", "state", "reason", "reason_code", "decided", "applies", "because",
      "assumption", "next", "basis", "method", "proved", "format", "program",
      "conventions", "thresholds", "ansatz", "checks", "consistent", "verification",
      "inputs_digest", "additions", "minima_found", "landscapes", "constant", "notes", "kind",
      "evidence"};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    if (!strcmp(key, keys[i])) return true;
  size_t length = strlen(key);
  return (length > 7 && !strcmp(key + length - 7, "_reason")) ||
         (length > 5 && !strcmp(key + length - 5, "_code"));
}

/* Is the member, or something within it, tested? */
static bool is_tested(const json_t *tested, const char *member) {
  size_t i, length = strlen(member);
  const json_t *entry;
  json_array_foreach(tested, i, entry) {
    const char *name = cert_text_at(entry, "member", "");
    char after = strncmp(name, member, length) ? 'x' : name[length];
    if (after == 0 || after == '.' || after == '[') return true;
  }
  return false;
}

/* Members of json, objects one level down too. */
static void list_untested(json_t *untested, const json_t *tested, const json_t *json,
                          const char *prefix, int levels) {
  void *at;
  for (at = json_object_iter((json_t *)json); at;
       at = json_object_iter_next((json_t *)json, at)) {
    const char *key = json_object_iter_key(at);
    const json_t *value = json_object_iter_value(at);
    if (json_is_null(value) || is_prose(key)) continue;
    if (json_is_array(value) && !json_array_size(value)) continue;
    char *member = text_print("%s%s", prefix, key);
    char *inner = text_print("%s.", member);
    if (json_is_object(value) && !json_object_get(value, "mid") && levels > 0)
      list_untested(untested, tested, value, inner, levels - 1);
    else if (!is_tested(tested, member))
      json_array_append_new(untested, json_string(member));
    free(member);
    free(inner);
  }
}

void members_tested_add(json_t *about, json_t *tested, const json_t *checks,
                        const json_t *certificate) {
  json_t *untested = json_array();
  const json_t *landscapes = json_object_get(certificate, "landscapes"), *check;
  char prefix[64];
  size_t i;
  json_array_foreach(checks, i, check) add_check(tested, check, landscapes);
  list_untested(untested, tested, certificate, "", 1);
  for (size_t j = 0; j < json_array_size(landscapes); j++) {
    snprintf(prefix, sizeof prefix, "landscapes[%zu].", j);
    list_untested(untested, tested, json_array_get(landscapes, j), prefix, 1);
  }
  json_object_set_new(about, "tested", tested);
  json_object_set_new(about, "untested", untested);
}
