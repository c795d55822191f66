/* The verdict of a certificate and what belongs to its minima, from the other members,
   in floating point: what must follow, whatever the landscape. With the numbers of the
   circuit at its own depth where all are known, else of the deep one:
     V = E[Tr(rho U^dag O^2 U)] - Var l - E[l]^2,   shots_k = max(1, V/E[(d_k l)^2]),
   typical: of the median among the live parameters (the lower one), worst: of the least.
   The edge of the minima, gamma = p/p* < 1:
     s = (gamma + sqrt(gamma^2 + 8 gamma))/4,  edge = (1 - s)^2 (1 - gamma/s),
   by Newton's method on s: 2 s^2 - gamma s - gamma = 0. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/format/json_number.h"
#include "algebra/base/text.h"
#include "cli/verify/claims_private.h"
#include "numeric/machine/order.h"

/* Relative; beyond it a number is another one. */
static const double exactly = 1e-9, four_digits = 6e-4;

typedef struct {
  double mean, variance, square;
  double *gradient;
  size_t num_parameters;
  bool known; /* all of it */
} numbers_t;

typedef enum { NO, YES, UNDECIDED, UNTOLD } reply_t;

static const char *const words[] = {"no", "yes", "undecided"};

/* --- numbers ------------------------------------------------------------------------- */

static bool is_zero(const json_t *json) {
  return json_is_string(json) && !strcmp(json_string_value(json), "0");
}

/* An approximation that may be zero is not known. */
static double number(const json_t *json) {
  double x = NAN;
  if (!claims_get_number(&x, json) || !isfinite(x)) return NAN;
  return x == 0 && !is_zero(json) ? NAN : x;
}

static void numbers_init(numbers_t *n, const json_t *json, size_t num_parameters) {
  const json_t *list = json_object_get(json, "gradient_variance");
  n->mean = number(json_object_get(json, "mean"));
  n->variance = number(json_object_get(json, "variance"));
  n->square = number(json_object_get(json, "mean_square"));
  n->num_parameters = num_parameters;
  n->gradient = memory_must(calloc(num_parameters + 1, sizeof(double)));
  n->known = !isnan(n->mean + n->variance + n->square) &&
             json_array_size(list) == num_parameters;
  for (size_t k = 0; k < num_parameters && n->known; k++) {
    n->gradient[k] = number(json_array_get(list, k));
    n->known = !isnan(n->gradient[k]);
  }
}

static void numbers_clear(numbers_t *n) { free(n->gradient); }

static bool equal(double a, double b, double tolerance) {
  return fabs(a - b) <= tolerance * fmax(fabs(a), fabs(b));
}

static void must_equal(claims_members_t *m, const char *name, const json_t *json,
                       double is, double tolerance) {
  double said = NAN;
  if (json_is_number(json)) said = json_number_value(json);
  else if (!claims_get_number(&said, json)) return;
  if (!isfinite(said) || isnan(is)) return;
  claims_tell(m, name, equal(said, is, tolerance), said, is);
}

/* Is low .. high at most the bound? */
static reply_t at_most(double low, double high, double bound) {
  if (isnan(low) || isnan(high) || isnan(bound)) return UNTOLD;
  if (equal(low, bound, exactly) && low != bound) return UNTOLD;
  return high <= bound ? YES : low > bound ? NO : UNDECIDED;
}

static void must_answer(claims_members_t *m, const char *name, const json_t *verdict,
                        const char *key, reply_t is) {
  const char *said = cert_text_at(verdict, key, "");
  if (is == UNTOLD) return;
  reply_t reply = UNTOLD;
  for (int i = NO; i < UNTOLD; i++)
    if (!strcmp(said, words[i])) reply = (reply_t)i;
  claims_tell(m, name, reply == is, reply, is);
}

/* --- gradients ------------------------------------------------------------------------- */

/* The live ones in order; how many. */
static size_t sort_live(double *live, const numbers_t *n) {
  size_t count = 0;
  for (size_t k = 0; k < n->num_parameters; k++)
    if (n->gradient[k] != 0) live[count++] = n->gradient[k];
  qsort(live, count, sizeof *live, order_doubles);
  return count;
}

static bool names_dead(const json_t *list, const numbers_t *n, const json_t *names) {
  size_t at = 0;
  for (size_t k = 0; k < n->num_parameters; k++) {
    char text[32];
    if (n->gradient[k] != 0) continue;
    snprintf(text, sizeof text, "%zu", k);
    const char *name = json_string_value(json_array_get(names, k));
    const char *said = json_string_value(json_array_get(list, at++));
    if (!said || strcmp(said, name ? name : text)) return false;
  }
  return at == json_array_size(list);
}

static reply_t judge_gradients(claims_members_t *m, const json_t *verdict,
                               const numbers_t *n, bool bounded, double most) {
  const json_t *shots = json_object_get(verdict, "shots_per_gradient");
  double *live = memory_must(calloc(n->num_parameters + 1, sizeof *live));
  size_t count = sort_live(live, n);
  double each = n->square - n->variance - n->mean * n->mean, typical = NAN;
  if (fabs(each) <= 1e-12 * n->square) each = NAN; /* cancelled */
  if (count) typical = fmax(1, each / live[(count - 1) / 2]);
  if (count && !isnan(each)) {
    must_equal(m, "verdict.shots_per_gradient.typical",
               json_object_get(shots, "typical"), typical, exactly);
    must_equal(m, "verdict.shots_per_gradient.worst",
               json_object_get(shots, "worst"), fmax(1, each / live[0]), exactly);
    claims_tell(m, "verdict.shots_per_gradient.upper_bound",
                json_is_true(json_object_get(shots, "upper_bound")) == bounded,
                !bounded, bounded);
  }
  free(live);
  if (!count) return NO;
  if (isnan(each)) return UNTOLD;
  reply_t reply = at_most(typical, typical, most);
  return bounded && reply == NO ? UNDECIDED : reply;
}

/* --- traps ------------------------------------------------------------------------------- */

/* NaN: none, or one that is not known well enough. */
static double edge_of(double gamma) {
  double s = 1;
  if (!(gamma > 0)) return gamma == 0 ? 1 : NAN;
  if (gamma >= 1) return 0;
  for (int i = 0; i < 60; i++)
    s -= (2 * s * s - gamma * s - gamma) / (4 * s - gamma);
  return (1 - s) * (1 - s) * (1 - gamma / s);
}

typedef struct {
  double low, high;
} interval_t;

static interval_t threshold_of(const json_t *minima) {
  double x = number(json_object_get(minima, "threshold"));
  if (!isnan(x)) return (interval_t){x, x};
  return (interval_t){number(json_object_get(minima, "threshold_lower")),
                      number(json_object_get(minima, "threshold_upper"))};
}

/* Three standard errors around the median of the law. */
static interval_t level_of(const json_t *law) {
  const json_t *median = json_object_get(json_object_get(law, "quantiles"), "0.5");
  const json_t *error =
      json_object_get(json_object_get(law, "standard_error"), "0.5");
  if (strcmp(cert_text_at(law, "kind", ""), "sampled") || !json_is_number(median))
    return (interval_t){NAN, NAN};
  double at = json_number_value(median);
  double reach = json_is_number(error) ? 3 * json_number_value(error) : 0;
  return (interval_t){at - reach, at + reach};
}

/* The median of those whose own number is not 0; NaN: one is not known. */
static double median_live(const json_t *list, const json_t *own) {
  size_t length = json_array_size(own), count = 0;
  double *live = memory_must(calloc(length + 1, sizeof *live)), unknown = 0;
  for (size_t k = 0; k < length; k++) {
    if (is_zero(json_array_get(own, k))) continue;
    live[count] = number(json_array_get(list, k));
    unknown += live[count++];
  }
  qsort(live, count, sizeof *live, order_doubles);
  double median = count && !isnan(unknown) ? live[(count - 1) / 2] : NAN;
  free(live);
  return median;
}

/* Within a tenth? -1: not known, or too close to tell. */
static int is_near(double own, double deep) {
  double off = 10 * fabs(own - deep);
  return isnan(off) || equal(off, deep, exactly) ? -1 : off <= deep;
}

/* Own variance and median live gradient within a tenth of the deep ones; -1 if that is not
   known. */
static int is_deep(const json_t *landscape) {
  const json_t *depth = json_object_get(landscape, "finite_depth");
  if (!json_is_object(depth)) return 1;
  const json_t *own = json_object_get(depth, "gradient_variance");
  int near = is_near(number(json_object_get(depth, "variance")),
                     number(json_object_get(landscape, "variance")));
  if (near <= 0 || json_is_object(json_object_get(landscape, "noise"))) return near;
  return is_near(median_live(own, own),
                 median_live(json_object_get(landscape, "gradient_variance"), own));
}

static reply_t by_level(const json_t *landscape, size_t live, double most) {
  const json_t *minima = json_object_get(landscape, "minima");
  interval_t threshold = threshold_of(minima);
  interval_t level = level_of(json_object_get(minima, "law"));
  reply_t merged = at_most(threshold.low, threshold.high, (double)live);
  if (merged != NO) return merged;
  int deep = is_deep(landscape);
  if (deep <= 0) return deep ? UNTOLD : UNDECIDED;
  bool known = !isnan(level.low);
  double edge = number(json_object_get(minima, "trap_level_relative"));
  reply_t low = known ? at_most(level.low, level.high, most) : at_most(edge, edge, most);
  return low == YES && !known ? UNDECIDED : low;
}

/* No degrees of freedom are known: by the law of the minima on an orbit. */
static reply_t by_orbit_level(const json_t *landscape, double most) {
  interval_t level = level_of(cert_at(landscape, "minima.law"));
  int deep = is_deep(landscape);
  if (isnan(level.low)) return UNDECIDED;
  if (deep <= 0) return deep ? UNTOLD : UNDECIDED;
  return at_most(level.low, level.high, most);
}

static reply_t judge_traps(const json_t *landscape, size_t live, double most) {
  bool none = json_is_true(cert_at(landscape, "traps_on_group.none"));
  double orbit = number(cert_at(landscape, "traps_on_group.orbit_dimension"));
  if (!live) return UNDECIDED;
  double codimension = number(cert_at(landscape, "traps_on_group.codimension"));
  if (none && (orbit <= (double)live || codimension <= (double)live)) return YES;
  if (isnan(threshold_of(json_object_get(landscape, "minima")).low))
    return none ? by_orbit_level(landscape, most) : UNDECIDED;
  return by_level(landscape, live, most);
}

static bool is_rational(const json_t *json) {
  const char *text = json_string_value(json);
  return text && *text && strspn(text, "0123456789-/") == strlen(text);
}

/* Is the loss a sum of cosines of independent angles? One live parameter of one rotation of
   slope c, or, S_k = E[(d_k l)^2]/c_k^2: sum S_k = Var l, or two that both are Var l. */
static bool has_cosines(const json_t *certificate, const json_t *landscape) {
  const json_t *slopes = cert_at(certificate, "ansatz.slopes"), *g;
  const json_t *depth = json_object_get(landscape, "finite_depth");
  bool rational = is_rational(json_object_get(depth, "variance")) &&
                  !cert_at(certificate, "ansatz.angles");
  double variance = number(json_object_get(depth, "variance")), sum = 0, slope = 0;
  size_t live = 0, all = 0, k;
  json_array_foreach(json_object_get(depth, "gradient_variance"), k, g) {
    const json_t *c = json_is_string(slopes) ? slopes : json_array_get(slopes, k);
    if (is_zero(g)) continue;
    if (json_is_null(g) || !json_is_string(c)) return false;
    live++;
    rational = rational && is_rational(g) && is_rational(c) && claims_get_number(&slope, c);
    double share = rational ? number(g) / (slope * slope) : 0;
    sum += share;
    all += fabs(share - variance) <= exactly * variance;
  }
  if (live < 2) return live == 1;
  return rational && (fabs(sum - variance) <= exactly * variance || (live == 2 && all == 2));
}

/* Parameters of the circuit, or of the deep one of a list of operators, that move the
   loss; NaN: not known. */
static double count_live(const json_t *landscape) {
  const json_t *list = cert_at(landscape, "finite_depth.gradient_variance");
  double live = 0;
  if (!json_is_array(list)) list = json_object_get(landscape, "gradient_variance");
  for (size_t k = 0; k < json_array_size(list); k++) {
    double g = number(json_array_get(list, k));
    live += isnan(g) ? NAN : g != 0;
  }
  return json_is_array(list) ? live : NAN;
}

/* Edge, level and law of the minima; height: of the mean above the least loss. */
static void check_minima(claims_members_t *m, const json_t *landscape, double height) {
  const json_t *minima = json_object_get(landscape, "minima");
  const json_t *law = json_object_get(minima, "law"), *list;
  double threshold = number(json_object_get(minima, "threshold"));
  double gamma = number(json_object_get(minima, "gamma")), edge = edge_of(gamma);
  const char *key;
  json_t *value;
  if (isnan(threshold) || isnan(gamma)) return;
  must_equal(m, "minima.trap_level_relative",
             json_object_get(minima, "trap_level_relative"), edge, exactly);
  must_equal(m, "minima.trap_level", json_object_get(minima, "trap_level"),
             edge * height, exactly);
  must_equal(m, "minima.parameters_missing",
             json_object_get(minima, "parameters_missing"),
             fmax(0, round(threshold - gamma * threshold)), exactly);
  double live = count_live(landscape);
  if (!json_is_object(law) || isnan(live)) return;
  must_equal(m, "minima.law.parameters", json_object_get(law, "parameters"), live,
             exactly);
  edge = edge_of(live / threshold);
  must_equal(m, "minima.law.edge", json_object_get(law, "edge"), edge, four_digits);
  if (strcmp(cert_text_at(law, "kind", ""), "limit")) return;
  list = json_object_get(law, "quantiles");
  bool all = true;
  json_object_foreach((json_t *)list, key, value)
    all = all && equal(json_number_value(value), edge, four_digits);
  claims_tell(m, "minima.law.quantiles", all, NAN, edge);
}

/* --- the whole ----------------------------------------------------------------------------- */

static reply_t whole(reply_t gradients, reply_t traps) {
  if (gradients == NO || traps == NO) return NO;
  if (gradients == UNTOLD || traps == UNTOLD) return UNTOLD;
  return gradients == YES && traps == YES ? YES : UNDECIDED;
}

static void check_with(claims_members_t *m, const json_t *certificate,
                       const json_t *landscape, const numbers_t *n, bool bounded) {
  const json_t *verdict = json_object_get(landscape, "verdict");
  double most_shots = number(cert_at(certificate, "thresholds.max_shots"));
  double most_trap = number(cert_at(certificate, "thresholds.max_trap"));
  bool upper = json_is_true(cert_at(certificate, "ansatz.upper_bound"));
  size_t live = 0;
  for (size_t k = 0; k < n->num_parameters; k++) live += n->gradient[k] != 0;
  reply_t gradients = judge_gradients(m, verdict, n, bounded, most_shots);
  reply_t traps = judge_traps(landscape, live, most_trap);
  bool written = json_is_true(cert_at(certificate, "ansatz.as_written"));
  bool given = written && !strcmp(cert_text_at(verdict, "basis", ""), "this circuit");
  if (upper) traps = UNDECIDED;
  if (live && (written || !upper) && has_cosines(certificate, landscape)) traps = YES;
  if (upper && !given) gradients = UNDECIDED;
  must_answer(m, "verdict.gradients", verdict, "gradients", gradients);
  must_answer(m, "verdict.traps", verdict, "traps", traps);
  must_answer(m, "verdict.trainable", verdict, "trainable", whole(gradients, traps));
  must_equal(m, "verdict.parameters_that_move_the_loss",
             json_object_get(verdict, "parameters_that_move_the_loss"),
             (double)live, exactly);
  const json_t *dead = json_object_get(verdict, "dead_parameters");
  claims_tell(m, "verdict.dead_parameters",
              names_dead(dead, n, cert_at(certificate, "ansatz.parameter_names")),
              (double)json_array_size(dead), (double)(n->num_parameters - live));
}

void claims_check_verdict(claims_members_t *m, const json_t *certificate,
                          const json_t *landscape, size_t num_parameters,
                          double height) {
  const json_t *noise = json_object_get(landscape, "noise");
  const json_t *depth =
      json_is_object(noise) ? noise : json_object_get(landscape, "finite_depth");
  numbers_t own, deep;
  numbers_init(&own, depth, num_parameters);
  numbers_init(&deep, landscape, num_parameters);
  /* Estimates at its own depth are intervals, which are not told here. */
  const numbers_t *n = own.known ? &own : &deep;
  const json_t *verdict = json_object_get(landscape, "verdict");
  const json_t *from = own.known ? depth : landscape;
  bool on_deep = !strcmp(cert_text_at(verdict, "basis", ""), "deep circuit");
  if (n->known && json_is_object(verdict) && (own.known || on_deep)) {
    claims_tell(m, "verdict.basis", own.known != on_deep, on_deep, !own.known);
    check_with(m, certificate, landscape, n,
               json_is_true(json_object_get(from, "mean_square_bounded")));
  }
  check_minima(m, landscape, height);
  must_equal(m, "adjoint.variance", cert_at(landscape, "adjoint.variance"),
             deep.variance, exactly);
  must_equal(m, "adjoint.excess_kurtosis",
             cert_at(landscape, "adjoint.excess_kurtosis"),
             number(cert_at(landscape, "gaussian_process.excess_kurtosis_finite")),
             exactly);
  numbers_clear(&own);
  numbers_clear(&deep);
}
