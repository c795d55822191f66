/* The part of claims.h about the circuit at its own depth, and covariances. */
#include "cli/verify/claims_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/text.h"
#include "cli/format/json_number.h"

/* A ball wider than this, relative to its middle, says too little to be tested
   as a number: the tests allow for twice that. */
static const double widest = 1e-12;

/* NaN for null and for what is not known well enough; false: no number. */
bool claims_get_number(double *out, const json_t *json) {
  *out = NAN;
  if (!json || json_is_null(json)) return true;
  arb_t ball;
  arb_init(ball);
  bool ok = cert_get_surd(ball, json, 128);
  if (ok && mag_get_d(arb_radref(ball)) <=
                widest * fabs(arf_get_d(arb_midref(ball), ARF_RND_NEAR)))
    *out = arf_get_d(arb_midref(ball), ARF_RND_NEAR);
  arb_clear(ball);
  /* other objects say that they are estimates */
  return ok || (json_is_object(json) && !json_object_get(json, "mid"));
}

/* What is claimed of a circuit at its own depth, without or with noise. */
typedef struct {
  double *mean, *variance, *square, **gradient;
} circuit_claims_t;

static bool get_circuit(circuit_claims_t to, const claims_reader_t *r, const json_t *json,
                        const char *member, size_t index, size_t length) {
  const json_t *circuit = json_object_get(json, member);
  const json_t *list = json_object_get(circuit, "gradient_variance");
  if (!json_is_object(circuit)) return true;
  if (!claims_get_number(to.mean, json_object_get(circuit, "mean")) ||
      !claims_get_number(to.variance, json_object_get(circuit, "variance")))
    return claims_bad(r, "landscapes[%zu].%s: the mean or the variance is not a number",
                      index, member);
  if (!json_is_true(json_object_get(circuit, "mean_square_bounded")) &&
      !claims_get_number(to.square, json_object_get(circuit, "mean_square")))
    return claims_bad(r, "landscapes[%zu].%s.mean_square is not a number", index, member);
  if (!list || json_is_null(list)) return true;
  if (!json_is_array(list) || json_array_size(list) != length)
    return claims_bad(r, "landscapes[%zu].%s.gradient_variance is not a list of %zu",
                      index, member, length);
  *to.gradient = memory_must(calloc(length ? length : 1, sizeof(double)));
  for (size_t k = 0; k < length; k++)
    if (!claims_get_number(*to.gradient + k, json_array_get(list, k)))
      return claims_bad(r, "landscapes[%zu].%s.gradient_variance[%zu] is not a number",
                        index, member, k);
  return true;
}

bool claims_get_depth(verify_landscape_struct *l, const claims_reader_t *r,
                      const json_t *json, size_t index, size_t length) {
  circuit_claims_t own = {&l->depth_mean, &l->depth_variance, &l->depth_square,
                          &l->depth_gradient};
  circuit_claims_t noisy = {&l->noise_mean, &l->noise_variance, &l->noise_square,
                            &l->noise_gradient};
  return get_circuit(own, r, json, "finite_depth", index, length) &&
         get_circuit(noisy, r, json, "noise", index, length);
}

bool claims_get_widths(verify_landscape_struct *l, const claims_reader_t *r,
                       const json_t *json, size_t index) {
  static const size_t tried[VERIFY_WIDTHS] = {3, 5, 7}; /* 1/8, 1/2, 2 */
  const json_t *rows = cert_at(json, "initialisation.widths");
  for (size_t i = 0; i < VERIFY_WIDTHS && json_is_array(rows); i++) {
    const json_t *row = json_array_get(rows, tried[i]);
    verify_width_struct w = {.width = cert_get_double(cert_at(row, "width"))};
    if (!claims_get_number(&w.mean, cert_at(row, "mean")) ||
        !claims_get_number(&w.variance, cert_at(row, "variance")))
      return claims_bad(r, "landscapes[%zu].initialisation.widths[%zu]: the mean or the "
                           "variance is not a number", index, tried[i]);
    if (w.width > 0 && !isnan(w.mean) && !isnan(w.variance))
      l->widths[l->num_widths++] = w;
  }
  return true;
}

/* The matrix at that place of the certificate, if it is there. */
static bool get_kernel(double **out, const claims_reader_t *r, const json_t *certificate,
                       const char *at, size_t n) {
  const json_t *matrix = cert_at(certificate, at);
  if (!json_is_array(matrix)) return true;
  if (json_array_size(matrix) != n) return claims_bad(r, "%s is not %zu by %zu", at, n, n);
  *out = memory_must(calloc(n * n + 1, sizeof(double)));
  for (size_t i = 0; i < n * n; i++)
    if (!claims_get_number(*out + i,
                           json_array_get(json_array_get(matrix, i / n), i % n)))
      return claims_bad(r, "%s[%zu][%zu] is not a number", at, i / n, i % n);
  return true;
}

bool claims_get_kernel(verify_claims_t claims, const claims_reader_t *r,
                       const json_t *certificate) {
  size_t n = claims->num_states;
  return get_kernel(&claims->kernel, r, certificate, "kernel.deep", n) &&
         get_kernel(&claims->depth_kernel, r, certificate, "kernel.finite_depth", n);
}

/* Upper end of a ball or number; NaN when there is none. */
static double upper_end(const json_t *json) {
  arb_t ball;
  arf_t end;
  double out = NAN;
  arb_init(ball);
  arf_init(end);
  if (cert_get_real(ball, json, 128)) {
    arb_get_ubound_arf(end, ball, 128);
    out = arf_get_d(end, ARF_RND_UP);
  }
  arf_clear(end);
  arb_clear(ball);
  return out;
}

void claims_get_shape(verify_landscape_struct *l, const json_t *json) {
  const json_t *blocks = cert_at(json, "wishart.blocks"), *only = NULL;
  if (!json_is_true(cert_at(json, "wishart.applies"))) {
    l->excess_kurtosis = cert_get_double(cert_at(json, "adjoint.excess_kurtosis"));
    return;
  }
  l->excess_kurtosis =
      cert_get_double(cert_at(json, "gaussian_process.excess_kurtosis_finite"));
  /* Normal against Wishart form, and that against the law at this size. */
  double form = upper_end(cert_at(json, "wishart.distance_bound"));
  double bound = upper_end(cert_at(json, "gaussian_process.tv_bound")) + form;
  if (bound < 1) l->normal_distance = bound;
  if (form < 1) l->wishart_distance = form;
  l->normal_variance = cert_get_double(cert_at(json, "wishart.variance"));
  size_t varying = 0;
  for (size_t b = 0; b < json_array_size(blocks); b++) {
    const json_t *block = json_array_get(blocks, b);
    if (cert_get_double(cert_at(block, "moments.central2")) == 0) continue;
    only = block;
    varying++;
  }
  if (varying != 1) return;
  l->freedom = (verify_freedom_struct){
      .r = cert_get_double(cert_at(only, "r_exact")),
      .beta = cert_get_double(cert_at(only, "beta")),
      .dimension = cert_get_double(cert_at(only, "N")),
      .rank = cert_get_double(cert_at(only, "rank")),
      .copies = cert_get_double(cert_at(only, "count"))};
  l->freedom.offset = l->freedom.copies * cert_get_double(cert_at(only, "weight")) *
                      cert_get_double(cert_at(only, "mean_eigenvalue"));
}

static double real(const json_t *json) {
  return json_is_number(json) ? json_number_value(json) : NAN;
}

void claims_get_curvature(verify_landscape_struct *l, const json_t *json) {
  static const char *const keys[VERIFY_QUANTILES] = {"0.1", "0.5", "0.9"};
  static const double shares[VERIFY_QUANTILES] = {0.1, 0.5, 0.9};
  const json_t *law = json_object_get(json, "curvature");
  const json_t *levels = json_object_get(law, "quantiles");
  const json_t *errors = json_object_get(law, "standard_error");
  verify_curvature_struct *c = &l->curvature;
  double parameters = real(cert_at(json, "minima.law.parameters"));
  c->negative = real(json_object_get(law, "negative_share"));
  c->negative_error = real(json_object_get(law, "negative_share_error"));
  c->parameters = parameters >= 1 && parameters < 1e6 ? (size_t)parameters : 0;
  for (size_t q = 0; q < VERIFY_QUANTILES; q++) {
    c->shares[q] = shares[q];
    c->levels[q] = real(json_object_get(levels, keys[q]));
    c->errors[q] = real(json_object_get(errors, keys[q]));
    if (!(c->errors[q] >= 0)) c->levels[q] = NAN;
  }
  if (!(c->negative_error >= 0)) c->negative = NAN;
}

void claims_get_minima_law(verify_landscape_struct *l, const json_t *json) {
  static const char *const keys[VERIFY_QUANTILES] = {"0.1", "0.5", "0.9"};
  const json_t *law = cert_at(json, "minima.law");
  verify_minima_struct *m = &l->minima;
  double parameters = real(json_object_get(law, "parameters"));
  m->number = real(json_object_get(law, "expected_number"));
  m->number_error = m->number * real(json_object_get(law, "number_relative_error"));
  bool ok = parameters >= 1 && parameters < 1e6 && m->number >= 0 &&
            m->number_error >= 0;
  for (size_t q = 0; q < VERIFY_QUANTILES; q++) {
    m->levels[q] = real(json_object_get(json_object_get(law, "quantiles"), keys[q]));
    m->errors[q] = real(json_object_get(json_object_get(law, "standard_error"), keys[q]));
    ok = ok && isfinite(m->levels[q]) && m->errors[q] >= 0;
  }
  m->parameters = ok ? (size_t)parameters : 0;
}

/* covariance[] has one entry for each observable, in their order. */
bool claims_get_covariance(verify_claims_t claims, const claims_reader_t *r,
                           const json_t *certificate) {
  const json_t *list = json_object_get(certificate, "covariance");
  size_t states = claims->num_states;
  if (!list || json_is_null(list)) return true;
  if (json_array_size(list) != claims->num_observables)
    return claims_bad(r, "covariance is not a list of %zu",
                      claims->num_observables);
  for (size_t o = 0; o < claims->num_observables; o++) {
    const json_t *matrix = cert_at(json_array_get(list, o), "matrix");
    if (!matrix || json_is_null(matrix)) continue;
    for (size_t i = 0; i < states; i++)
      for (size_t j = 0; j < states; j++) {
        const json_t *row = json_array_get(matrix, i);
        const json_t *value = json_array_get(row, j);
        double *to = claims->covariances + (o * states + i) * states + j;
        if (value && json_is_null(value)) continue;
        *to = cert_get_double(value);
        if (isnan(*to))
          return claims_bad(r, "covariance[%zu].matrix[%zu][%zu] is not a number",
                            o, i, j);
      }
  }
  return true;
}
