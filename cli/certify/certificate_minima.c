/* The members minima.law and curvature of a certificate: see minima_analysis.h. */
#include <math.h>

#include "cli/certify/minima_analysis.h"

/* Four significant digits: what is sampled is not known better. */
static json_t *rounded(double x) {
  if (!isfinite(x)) return json_null();
  if (x == 0) return json_real(0);
  double unit = pow(10, floor(log10(fabs(x))) - 3);
  return json_real(unit >= 1e-300 ? round(x / unit) * unit : x);
}

static json_t *estimates(const estimate_t *list, const double *keys, size_t n,
                         bool errors) {
  json_t *out = json_object();
  for (size_t j = 0; j < n; j++) {
    char key[16];
    snprintf(key, sizeof key, "%g", keys[j]);
    json_object_set_new(out, key,
                        rounded(errors ? list[j].error : list[j].value));
  }
  return out;
}

static json_t *sampled_law(const minima_analysis_t *m) {
  const minima_law_t *law = &m->law;
  return json_pack(
      "{s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "kind", "sampled",
      "parameters", (json_int_t)m->live, "expected_number",
      rounded(law->number.value), "log10_number",
      rounded(law->log_number.value / log(10)), "number_relative_error",
      rounded(law->log_number.error), "quantiles",
      estimates(law->quantiles, minima_law_quantiles, MINIMA_LAW_QUANTILES,
                false),
      "standard_error",
      estimates(law->quantiles, minima_law_quantiles, MINIMA_LAW_QUANTILES,
                true),
      "share_below",
      estimates(law->shares, minima_law_shares, MINIMA_LAW_SHARES, false),
      "edge", rounded(m->edge));
}

static json_t *limit_law(const minima_analysis_t *m) {
  double edge = m->edge;
  return json_pack("{s:s, s:I, s:n, s:{s:o, s:o, s:o}, s:n, s:o}", "kind",
                   "limit", "parameters", (json_int_t)m->live, "expected_number",
                   "quantiles", "0.1", rounded(edge), "0.5", rounded(edge),
                   "0.9", rounded(edge), "standard_error", "edge",
                   rounded(edge));
}

json_t *minima_law_json(const minima_analysis_t *m) {
  if (!m || !m->known) return json_null();
  return m->sampled ? sampled_law(m) : limit_law(m);
}

json_t *minima_curvature_json(const minima_analysis_t *m) {
  if (!m || !m->has_curvature) return json_null();
  const curvature_law_t *law = &m->curvature;
  return json_pack(
      "{s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "kind", "sampled",
      "negative_share", rounded(law->negative_share.value),
      "negative_share_error", rounded(law->negative_share.error), "least",
      rounded(law->least.value), "greatest", rounded(law->greatest.value),
      "quantiles",
      estimates(law->quantiles, minima_law_quantiles, MINIMA_LAW_QUANTILES,
                false),
      "standard_error",
      estimates(law->quantiles, minima_law_quantiles, MINIMA_LAW_QUANTILES,
                true));
}
