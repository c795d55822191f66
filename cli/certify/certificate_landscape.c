#include "cli/certify/certificate_landscape.h"

#include <stdlib.h>

#include "cli/certify/depth_analysis.h"
#include "cli/format/certificate_format.h"
#include "cli/format/json_number.h"
#include "cli/format/json_reason.h"
#include "cli/format/outlook_json.h"

enum { PREC_BITS = 128 };

static json_t *or_null(bool known, json_t *value) {
  if (known) return value;
  json_decref(value);
  return json_null();
}

static void set_ball(arb_t ball, const fmpq_t value, const fmpq_t error) {
  enum { BALL_BITS = 512 };
  mag_t radius;
  arb_t bound;
  mag_init(radius);
  arb_init(bound);
  arb_set_fmpq(ball, value, BALL_BITS);
  arb_set_fmpq(bound, error, BALL_BITS);
  arb_get_mag(radius, bound);
  mag_add(arb_radref(ball), arb_radref(ball), radius);
  arb_clear(bound);
  mag_clear(radius);
}

/* An exact number, or a ball. */
static json_t *number_json(const fmpq_t value, const fmpq_t error) {
  if (fmpq_is_zero(error)) return cert_fmpq(value);
  arb_t ball;
  arb_init(ball);
  set_ball(ball, value, error);
  json_t *json = cert_arb(ball);
  arb_clear(ball);
  return json;
}

/* coefficient pi^2. */
static json_t *pi_squared_json(const fmpq_t coefficient, const fmpq_t error) {
  json_t *json;
  if (fmpq_is_zero(error)) {
    depth_number_t x;
    depth_number_init(x);
    x->kind = DEPTH_EXACT;
    x->pi_power = 2;
    fmpq_set(x->rational, coefficient);
    json = depth_number_json(x);
    depth_number_clear(x);
    return json;
  }
  enum { BITS = 512 };
  arb_t ball, part;
  arb_init(ball);
  arb_init(part);
  fmpq_t nothing;
  fmpq_init(nothing);
  set_ball(ball, nothing, error);
  arb_const_pi(part, BITS);
  arb_sqr(part, part, BITS);
  arb_mul_fmpz(part, part, fmpq_numref(coefficient), BITS);
  arb_div_fmpz(part, part, fmpq_denref(coefficient), BITS);
  arb_add(ball, ball, part, BITS);
  json = cert_arb(ball);
  fmpq_clear(nothing);
  arb_clear(ball);
  arb_clear(part);
  return json;
}

static json_t *gradient_json(const landscape_t l) {
  cert_fmpq_cache_t cache;
  json_t *list = json_array();
  for (size_t k = 0; k < l->num_parameters && !landscape_is_exact(l); k++)
    json_array_append_new(
        list, l->gradient_in_pi[k]
                  ? pi_squared_json(landscape_gradient(l, k), l->gradient_error)
                  : number_json(landscape_gradient(l, k), l->gradient_error));
  if (!landscape_is_exact(l)) return list;
  cert_fmpq_cache_init(cache);
  for (size_t k = 0; k < l->num_parameters; k++) {
    size_t at = l->gradient_at[k];
    json_array_append_new(
        list, at < k ? json_incref(json_array_get(list, at))
              : l->gradient_in_pi[k] && !fmpq_is_zero(l->gradient_variance + k)
                  ? pi_squared_json(l->gradient_variance + k, l->gradient_error)
                  : cert_fmpq_cached(cache, l->gradient_variance + k));
  }
  cert_fmpq_cache_clear(cache);
  return list;
}

static json_t *spectrum_json(const laws_block_t law) {
  if (law->num_levels == 0) return json_null();
  json_t *list = json_array();
  for (slong i = 0; i < law->num_levels; i++)
    json_array_append_new(list, json_pack("{s:o, s:o}", "eigenvalue",
                                          cert_fmpq(law->levels + i),
                                          "multiplicity",
                                          cert_fmpz(law->multiplicities + i)));
  return list;
}

/* (1/N) sum o_i, then (1/N) sum (o_i - mean)^j. */
static json_t *moments_json(const laws_block_t law) {
  return json_pack("{s:o, s:o, s:o, s:o}", "mean", cert_fmpq(law->mean),
                   "central2", cert_fmpq(law->central2), "central3",
                   cert_fmpq(law->central3), "central4",
                   cert_fmpq(law->central4));
}

/* Least eigenvalue, mean eigenvalue above it and degrees of freedom. */
static void add_wishart(json_t *out, const laws_block_t law) {
  laws_wishart_t w;
  laws_wishart_init(w);
  bool known = laws_block_wishart(w, law, PREC_BITS) == STATUS_OK;
  bool exact = known && w->is_exact;
  json_object_set_new(out, "least_eigenvalue",
                      law->least_kind == LAWS_LEAST_EXACT
                          ? cert_fmpq(law->least)
                      : law->least_kind == LAWS_LEAST_BALL
                          ? cert_arb(law->least_ball)
                          : json_null());
  json_object_set_new(out, "mean_eigenvalue",
                      !known ? json_null()
                      : exact && fmpq_is_one(law->radicand)
                          ? cert_fmpq(w->mean_eigenvalue)
                          : cert_arb(w->mean_eigenvalue_ball));
  json_object_set_new(out, "r_exact", !known  ? json_null()
                                      : exact ? cert_fmpq(w->r_exact)
                                              : cert_arb(w->r_ball));
  json_object_set_new(out, "r",
                      or_null(known && w->r_is_known, cert_fmpz(w->r)));
  if (known && !w->r_is_known) {
    json_object_set_new(out, "r_lower", cert_fmpz(w->r_low));
    json_object_set_new(out, "r_upper", cert_fmpz(w->r_high));
  }
  laws_wishart_clear(w);
}

/* Eigenvalues, moments and least_eigenvalue are in units of sqrt(radicand);
   mean_eigenvalue is not. */
static json_t *block_json(const wishart_block_struct *b) {
  const laws_block_struct *law = b->law;
  fmpz_t beta;
  fmpz_init_set_ui(beta, law->beta);
  json_t *out = json_object();
  json_object_set_new(out, "sector", json_integer((json_int_t)b->sector));
  json_object_set_new(out, "component",
                      json_integer((json_int_t)b->component));
  json_object_set_new(out, "count", cert_fmpz(law->count));
  json_object_set_new(out, "beta", cert_fmpz(beta));
  json_object_set_new(out, "N", cert_fmpz(law->dimension));
  json_object_set_new(out, "index", cert_fmpz(b->index));
  json_object_set_new(out, "rank", cert_fmpz(law->rank));
  json_object_set_new(out, "weight", cert_fmpq(law->weight));
  json_object_set_new(out, "radicand", cert_fmpq(law->radicand));
  add_wishart(out, law);
  json_object_set_new(out, "moments", moments_json(law));
  json_object_set_new(out, "spectrum", spectrum_json(law));
  fmpz_clear(beta);
  return out;
}

json_t *certificate_wishart(const landscape_t l, const outlook_t o) {
  json_t *out = json_object(), *blocks = json_array();
  for (size_t i = 0; i < l->num_blocks; i++)
    json_array_append_new(blocks, block_json(l->blocks + i));
  json_object_set_new(
      out, "applies",
      json_boolean(l->wishart_applies == ANSWER_YES && !o->disagrees));
  json_object_set_new(
      out, "decided",
      json_boolean(l->wishart_applies != ANSWER_UNDECIDED && !o->disagrees));
  cert_set_reason(out, "reason",
                  o->disagrees ? reason_of(REASON_BLOCKS_DISAGREE)
                  : reason_given(l->wishart_reason)
                      ? l->wishart_reason
                      : reason_of(REASON_NOT_EXAMINED));
  json_t *numbers = outlook_wishart_json(o);
  json_object_update(out, numbers);
  json_decref(numbers);
  json_object_set_new(
      out, "constant",
      or_null(l->wishart_applies == ANSWER_YES && !o->disagrees,
              cert_fmpq(l->loss->constant)));
  json_object_set_new(out, "blocks", blocks);
  return out;
}

/* The kurtosis of the law in the algebra, where there are no blocks. */
static json_t *gaussian_json(const landscape_t l, const outlook_t o, const adjoint_t a) {
  fmpq_t kurtosis;
  fmpq_init(kurtosis);
  bool law = a->has_law && l->wishart_applies != ANSWER_YES &&
             adjoint_law_kurtosis(kurtosis, a->loss->law);
  json_t *out = outlook_gaussian_json(o, law ? kurtosis : NULL);
  fmpq_clear(kurtosis);
  return out;
}

static json_t *minima_json(const outlook_t o, const minima_analysis_t *sampled) {
  json_t *out = outlook_minima_json(o);
  json_object_set_new(out, "law", minima_law_json(sampled));
  return out;
}

json_t *certificate_landscape(const certification_t c, size_t index) {
  const analysis_struct *a = c->analysis;
  const landscape_struct *l = a->landscapes + index;
  const outlook_struct *o = a->outlooks + index;
  const minima_analysis_t *sampled = c->minima ? c->minima + index : NULL;
  json_t *out = json_object();
  char *observable =
      pauli_sum_get_str(a->ansatz->observables[l->observable].sum);
  json_object_set_new(out, "observable", json_string(observable));
  free(observable);
  json_object_set_new(out, "state",
                      json_string(a->ansatz->states[l->state].text));
  json_object_set_new(out, "mean",
                      l->mean_known ? number_json(l->mean, l->mean_error)
                                    : json_null());
  json_object_set_new(out, "variance",
                      l->variance_known ? number_json(l->variance, l->variance_error)
                                        : json_null());
  json_object_set_new(out, "gradient_variance",
                      l->gradient_known ? gradient_json(l) : json_null());
  json_object_set_new(out, "mean_square", number_json(l->mean_square, l->variance_error));
  json_object_set_new(out, "mean_square_bounded",
                      json_boolean(l->square_bounded));
  cert_set_code(out, "reason", l->reason);
  if (c->depths) {
    json_object_set_new(out, "finite_depth", depth_analysis_json(c->depths + index));
  } else {
    json_object_set_new(out, "finite_depth", json_null());
    cert_set_code(out, "finite_depth_reason", REASON_NO_DEPTH);
  }
  if (c->noisy)
    json_object_set_new(out, "noise",
                        depth_noise_json(c->noisy + index, a->ansatz));
  if (c->widths)
    json_object_set_new(out, "initialisation", width_analysis_json(c->widths + index));
  json_object_set_new(out, "wishart",
                      certificate_wishart(l, o));
  json_object_set_new(out, "gaussian_process",
                      gaussian_json(l, o, a->adjoints + index));
  json_object_set_new(out, "adjoint",
                      certificate_adjoint(a->adjoints + index));
  json_object_set_new(out, "traps_on_group",
                      certificate_traps_on_group(a->adjoints + index,
                                                 a->orbit_dimensions[l->state]));
  json_object_set_new(out, "minima", minima_json(o, sampled));
  json_object_set_new(out, "curvature", minima_curvature_json(sampled));
  return out;
}
