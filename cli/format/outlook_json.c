#include "cli/format/outlook_json.h"

#include "cli/format/json_number.h"
#include "cli/format/json_reason.h"

static json_t *or_null(bool known, json_t *value) {
  if (known) return value;
  json_decref(value);
  return json_null();
}

json_t *outlook_wishart_json(const outlook_t o) {
  return json_pack("{s:o, s:o, s:o}", "variance",
                   or_null(o->wishart_known, cert_fmpq(o->wishart->variance)),
                   "variance_ratio",
                   or_null(o->ratio_known, cert_fmpq(o->variance_ratio)),
                   "distance_bound",
                   or_null(o->distance_known, cert_arb(o->distance_bound)));
}

json_t *outlook_gaussian_json(const outlook_t o, const fmpq *law_kurtosis) {
  json_t *out = json_object();
  bool kurtosis = o->wishart_known && o->wishart->has_kurtosis;
  bool finite = o->finite_known && o->finite->has_kurtosis;
  json_object_set_new(
      out, "excess_kurtosis",
      or_null(kurtosis, cert_fmpq(o->wishart->excess_kurtosis)));
  json_object_set_new(out, "excess_kurtosis_finite",
                      finite         ? cert_fmpq(o->finite->excess_kurtosis)
                      : law_kurtosis ? cert_fmpq(law_kurtosis)
                                     : json_null());
  json_object_set_new(out, "tv_bound",
                      or_null(o->tv_known, cert_arb(o->tv_bound)));
  json_object_set_new(out, "verdict", json_string("undecided")); /* of one size */
  cert_set_code(out, "reason",
                law_kurtosis || kurtosis ? REASON_LIMIT_NEEDS_FAMILY
                : o->wishart_known       ? REASON_LOSS_IS_CONSTANT
                                         : REASON_NEEDS_WISHART_BLOCKS);
  return out;
}

json_t *outlook_minima_json(const outlook_t o) {
  json_t *out = json_object();
  bool known = o->minima_known, bounded = o->minima_bounded;
  const laws_minima_struct *m = o->minima;
  json_object_set_new(out, "gamma", or_null(known, cert_fmpq(m->gamma)));
  json_object_set_new(out, "threshold", or_null(known, cert_fmpz(m->threshold)));
  if (bounded) {
    json_object_set_new(out, "threshold_lower", cert_fmpz(m->threshold_low));
    json_object_set_new(out, "threshold_upper", cert_fmpz(m->threshold_high));
  }
  json_object_set_new(out, "trap_level",
                      or_null((known || bounded) && m->level_is_known,
                              cert_arb(m->trap_level)));
  json_object_set_new(
      out, "trap_level_relative",
      or_null(known || bounded, m->edge_is_exact ? cert_fmpq(m->edge_exact)
                                                 : cert_arb(m->edge)));
  json_object_set_new(
      out, "parameters_missing",
      or_null(known, cert_fmpz(o->parameters_missing)));
  json_object_set_new(out, "law", json_null()); /* sampled elsewhere */
  if (known || bounded)
    json_object_set_new(out, "assumption",
                        json_string(laws_minima_assumption()));
  if (!known || !m->level_is_known)
    cert_set_code(out, "reason",
                  known     ? REASON_LEAST_LOSS_UNKNOWN
                  : bounded ? REASON_DEGREES_OF_FREEDOM_BOUNDED
                            : REASON_NEEDS_WISHART_BLOCKS);
  return out;
}
