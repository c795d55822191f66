#include "cli/format/verdict_json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/analysis/verdict.h"
#include "algebra/base/text.h"
#include "cli/format/json_number.h"
#include "cli/format/recent_json.h"

enum { PREC_BITS = 128, DIGITS = 3 };

/* --- numbers in ------------------------------------------------------------------ */

/* [low, high]; unknown when these are not in order. */
static void set_interval(verdict_number_t x, double low, double high) {
  arf_t a, b;
  if (!(low <= high)) return;
  arb_t hull;
  arf_init(a);
  arf_init(b);
  arb_init(hull);
  arf_set_d(a, low);
  arf_set_d(b, high);
  arb_set_interval_arf(hull, a, b, PREC_BITS);
  verdict_number_set_arb(x, hull);
  arf_clear(a);
  arf_clear(b);
  arb_clear(hull);
}

/* Any number that a certificate writes; unknown for null and what is none. */
static void get_number(verdict_number_t x, const json_t *json) {
  fmpq_t q;
  arb_t ball;
  fmpq_init(q);
  arb_init(ball);
  if (cert_get_fmpq(q, json))
    verdict_number_set_fmpq(x, q);
  else if (cert_get_surd(ball, json, PREC_BITS))
    verdict_number_set_arb(x, ball);
  else if (json_is_number(json_object_get(json, "low")) &&
           json_is_number(json_object_get(json, "high")))
    set_interval(x, json_number_value(json_object_get(json, "low")),
                 json_number_value(json_object_get(json, "high")));
  fmpq_clear(q);
  arb_clear(ball);
}

/* --- the input ---------------------------------------------------------------------- */

/* Exact members of `moments`; what they lack from `sampled` (NULL: nothing). */
static void get_ensemble(verdict_ensemble_t e, const json_t *moments,
                         const json_t *sampled) {
  get_number(e->mean, json_object_get(moments, "mean"));
  get_number(e->variance, json_object_get(moments, "variance"));
  get_number(e->mean_square, json_object_get(moments, "mean_square"));
  e->square_bounded =
      json_is_true(json_object_get(moments, "mean_square_bounded"));
  if (!e->variance->known)
    get_number(e->variance, json_object_get(sampled, "variance"));
  const json_t *list = json_object_get(moments, "gradient_variance");
  const json_t *other = json_object_get(sampled, "gradient_variance");
  recent_json_t recent = {{NULL}, 0};
  size_t read_at[RECENT_JSON] = {0};
  for (size_t k = 0; k < e->num_parameters; k++) {
    const json_t *here = json_array_get(list, k);
    if (here && !json_is_null(here) && e->gradient_at[k] == k) { /* all nulls are one */
      bool is_new;
      size_t *at = read_at + recent_json_place(&recent, here, &is_new);
      if (is_new || !e->gradient[*at].known) *at = k;
      e->gradient_at[k] = *at; /* read once */
    }
    if (e->gradient_at[k] < k) continue;
    get_number(e->gradient + k, here);
    if (!e->gradient[k].known)
      get_number(e->gradient + k, json_array_get(other, k));
  }
}

/* Three standard errors around the median of the law of the minima. */
static void get_level(verdict_number_t x, const json_t *law) {
  const json_t *median = cert_at(law, "quantiles");
  const json_t *error = cert_at(law, "standard_error");
  median = json_object_get(median, "0.5");
  error = json_object_get(error, "0.5");
  /* Finite landscapes have their minima above the limit. */
  if (strcmp(cert_text_at(law, "kind", ""), "sampled")) return;
  if (!json_is_number(median)) return;
  double m = json_number_value(median);
  double e = json_is_number(error) ? json_number_value(error) : 0;
  set_interval(x, m - 3 * e, m + 3 * e);
}

static void get_threshold(verdict_number_t x, const json_t *minima) {
  get_number(x, json_object_get(minima, "threshold"));
  if (x->known) return;
  verdict_number_t high;
  verdict_number_init(high);
  get_number(x, json_object_get(minima, "threshold_lower"));
  get_number(high, json_object_get(minima, "threshold_upper"));
  if (x->known && high->known) {
    arb_union(x->ball, x->ball, high->ball, PREC_BITS);
    x->is_exact = false;
  } else {
    x->known = false;
  }
  verdict_number_clear(high);
}

/* E[(d_k l)^2]/c_k^2; false when one of both is not rational. */
static bool get_share(fmpq_t out, const json_t *gradient, const char *slope) {
  fmpq_t c;
  fmpq_init(c);
  bool rational = cert_get_fmpq(out, gradient) && !fmpq_set_str(c, slope, 10) &&
                  !fmpq_is_zero(c);
  if (rational) {
    fmpq_div(out, out, c);
    fmpq_div(out, out, c);
  }
  fmpq_clear(c);
  return rational;
}

/* Is the loss a sum of cosines of independent angles (verdict.h)? */
static bool get_cosines(const json_t *certificate, const json_t *depth) {
  const json_t *slopes = cert_at(certificate, "ansatz.slopes"), *gradient;
  fmpq_t variance, sum, share;
  size_t k, live = 0;
  bool single = true, rational, each = true;
  fmpq_init(variance);
  fmpq_init(sum);
  fmpq_init(share);
  rational = cert_get_fmpq(variance, json_object_get(depth, "variance")) &&
             !cert_at(certificate, "ansatz.angles");
  json_array_foreach(json_object_get(depth, "gradient_variance"), k, gradient) {
    const char *slope = json_string_value(
        json_is_string(slopes) ? slopes : json_array_get(slopes, k));
    if (json_is_string(gradient) && !strcmp(json_string_value(gradient), "0")) continue;
    live++;
    single = single && slope && !json_is_null(gradient);
    if (!single) break;
    rational = rational && get_share(share, gradient, slope);
    fmpq_add(sum, sum, share);
    each = each && rational && fmpq_equal(share, variance);
  }
  bool cosines = single && (live == 1 || (live > 1 && rational && fmpq_equal(sum, variance)) ||
                            (live == 2 && each));
  fmpq_clear(variance);
  fmpq_clear(sum);
  fmpq_clear(share);
  return cosines;
}

static void get_input(verdict_input_t in, const json_t *certificate,
                      const json_t *landscape) {
  const json_t *depth = json_object_get(landscape, "finite_depth");
  const json_t *minima = json_object_get(landscape, "minima");
  in->upper_bound = json_is_true(cert_at(certificate, "ansatz.upper_bound"));
  in->as_written = json_is_true(cert_at(certificate, "ansatz.as_written"));
  in->is_circuit = json_is_object(depth);
  get_ensemble(in->deep, landscape, NULL);
  in->cosines = in->is_circuit && get_cosines(certificate, depth);
  const json_t *noise = json_object_get(landscape, "noise");
  in->noisy = in->is_circuit && json_is_object(noise);
  if (in->noisy) {
    get_number(in->noiseless, json_object_get(depth, "variance"));
    depth = noise;
  }
  if (in->is_circuit)
    get_ensemble(in->circuit, depth, json_object_get(depth, "sampled"));
  const json_t *none = cert_at(landscape, "traps_on_group.none");
  if (none) in->no_traps_on_group = json_is_true(none)    ? ANSWER_YES
                                    : json_is_false(none) ? ANSWER_NO
                                                          : ANSWER_UNDECIDED;
  get_number(in->orbit, cert_at(landscape, "traps_on_group.orbit_dimension"));
  get_number(in->codimension, cert_at(landscape, "traps_on_group.codimension"));
  get_threshold(in->threshold, minima);
  get_number(in->edge, json_object_get(minima, "trap_level_relative"));
  get_level(in->level, json_object_get(minima, "law"));
  cert_get_fmpq(in->max_shots, cert_at(certificate, "thresholds.max_shots"));
  cert_get_fmpq(in->max_trap, cert_at(certificate, "thresholds.max_trap"));
}

/* --- words --------------------------------------------------------------------------- */

/* "21.7", "116", "1.23e+7". */
static char *number_text(const verdict_number_struct *x) {
  if (!x->known) return text_copy("many");
  double about = arf_get_d(arb_midref(x->ball), ARF_RND_NEAR);
  if (about >= 100 && about < 99999.5) return text_print("%.0f", about);
  return ball_get_short_text(x->ball, DIGITS);
}

static char *rational_text(const fmpq_t value) {
  arb_t ball;
  arb_init(ball);
  arb_set_fmpq(ball, value, PREC_BITS);
  char *text = ball_get_short_text(ball, DIGITS);
  arb_clear(ball);
  return text;
}

/* "1 shot", "21.7 shots". */
static char *counted(const verdict_number_struct *x, const char *noun) {
  char *number = number_text(x);
  char *text = text_print("%s %s%s", number, noun, strcmp(number, "1") ? "s" : "");
  free(number);
  return text;
}

static char *live_text(const verdict_t v) {
  return text_print("%zu live parameter%s", v->num_live, v->num_live == 1 ? "" : "s");
}

static char *gradients_text(const verdict_t v, const verdict_input_t in) {
  const char *where = in->noisy             ? "of this circuit with its noise"
                      : v->rests_on_circuit ? "of this circuit"
                                            : "of the deep circuit";
  char *shots = counted(v->typical, "shot"), *most = rational_text(in->max_shots);
  const char *about = v->shots_bounded ? "at most" : "about";
  char *text = NULL;
  switch (v->gradients_because) {
    case GRADIENTS_UNKNOWN:
      text = text_print("the gradient variances are not known");
      break;
    case GRADIENTS_UPPER_BOUND:
      text = text_print("the algebra is only an upper bound (see the notes), on "
                        "which nothing is judged");
      break;
    case GRADIENTS_DEAD:
      text = text_print("no parameter %s moves the loss: its gradient vanishes "
                        "everywhere", where);
      break;
    case GRADIENTS_FEW_SHOTS:
      text = text_print("a typical gradient component %s takes %s %s",
                        where, about, shots);
      break;
    case GRADIENTS_MANY_SHOTS:
      text = text_print("a typical gradient component %s takes about %s, "
                        "more than %s", where, shots, most);
      break;
    case GRADIENTS_OPEN:
      text = text_print("whether a typical gradient component %s takes more than "
                        "%s shots is not settled by what is known of it", where,
                        most);
      break;
  }
  free(shots);
  free(most);
  return text;
}

static bool number_is_ui(const verdict_number_struct *x, size_t number) {
  return x->known && x->is_exact && fmpz_is_one(fmpq_denref(x->exact)) &&
         fmpz_equal_ui(fmpq_numref(x->exact), number);
}

static char *traps_text(const verdict_t v, const verdict_input_t in) {
  char *degrees = counted(in->threshold, "degree"), *live = live_text(v);
  char *orbit = counted(in->orbit, "dimension");
  bool plural = v->num_live != 1;
  char *codimension = number_text(in->codimension);
  char *level = number_text(in->level->known ? in->level : in->edge);
  char *text = NULL;
  switch (v->traps_because) {
    case TRAPS_UNKNOWN:
      text = text_print("nothing is known of local minima");
      break;
    case TRAPS_UPPER_BOUND:
      if (v->gradients_because != GRADIENTS_UPPER_BOUND)
        text = text_print("the algebra is only an upper bound (see the notes), on "
                          "which traps are not judged");
      break;
    case TRAPS_DEAD: break;
    case TRAPS_COSINES:
      text = text_print("the loss of this circuit is a sum of cosines of independent "
                        "angles, which has no local minima but global ones");
      break;
    case TRAPS_NONE:
      text = text_print("the landscape on the group has no local minima but "
                        "global ones, and %s %s enough for the %s of the state's "
                        "orbit", live, plural ? "are" : "is", orbit);
      break;
    case TRAPS_MET:
      text = text_print("the landscape on the group has no local minima but "
                        "global ones, of codimension %s in the state's orbit, "
                        "which %s of a deep circuit meet%s", codimension, live,
                        plural ? "" : "s");
      break;
    case TRAPS_ORBIT_SHORT:
      text = in->orbit->known
                 ? text_print("the landscape on the group has no local minima but "
                              "global ones, but %s %s not reach every direction of "
                              "the state's orbit (%s)", live, plural ? "do" : "does",
                              orbit)
                 : text_print("the landscape on the group has no local minima but "
                              "global ones; whether %s %s every direction of the "
                              "state's orbit is not known: its dimension was not "
                              "found", live, plural ? "reach" : "reaches");
      break;
    case TRAPS_MERGED:
      text = text_print("%s %s the %s of freedom from which on local minima are "
                        "as low as the global one", live,
                        number_is_ui(in->threshold, v->num_live)
                            ? plural ? "reach" : "reaches"
                            : plural ? "exceed" : "exceeds", degrees);
      break;
    case TRAPS_LOW:
      text = text_print("local minima lie low: half of them below %s of the mean "
                        "offset", level);
      break;
    case TRAPS_HIGH:
      text = in->threshold->known
                 ? text_print("local minima gather at %s of the mean loss above the "
                              "global one: %s against %s of freedom", level, live, degrees)
                 : text_print("local minima gather at %s of the mean loss above the "
                              "global one, which sets %s conditions: %s", level,
                              codimension, live);
      break;
    case TRAPS_SHALLOW:
      text = text_print("the law of local minima is that of deep circuits, and "
                        "this circuit is far from deep");
      break;
    case TRAPS_OPEN:
      text = text_print("how high local minima lie is not settled by what is "
                        "known");
      break;
  }
  free(degrees);
  free(live);
  free(orbit);
  free(codimension);
  free(level);
  return text;
}

/* What makes an algebra that is bounded known. */
static const char *bound_text(const json_t *certificate) {
  bool split_alone = json_array_size(cert_at(certificate, "ansatz.split")) > 0 &&
                     json_array_size(cert_at(certificate, "ansatz.freed")) == 0 &&
                     json_is_true(cert_at(certificate, "ansatz.as_written"));
  if (split_alone)
    return "give gates that do not act as one exponential parameters of their own, and "
           "certify that larger circuit; the numbers of this circuit stand as they are";
  return "write fixed gates and shared parameters so that they are known "
         "(OpenQASM 3 with input parameters) and certify again";
}

/* What to do next, in one line. */
static const char *next_text(const verdict_t v, const verdict_input_t in,
                             const json_t *certificate, const json_t *landscape) {
  reason_code_t code = REASON_NONE;
  switch (v->gradients_because) {
    case GRADIENTS_UPPER_BOUND: return bound_text(certificate);
    case GRADIENTS_UNKNOWN:
      reason_code_from_word(&code, cert_text_at(landscape, "reason_code", ""));
      if (code == REASON_SYMBOL_WITHOUT_VALUE)
        return "give the symbol a value (-D NAME=VALUE), on which moments and gradients "
               "depend; the special values show where the algebra changes";
      return "raise the limits (--time-limit, --max-strings, --paths) or choose a "
             "smaller instance of the family";
    case GRADIENTS_DEAD:
      return "choose another observable or state, or gates that do not commute "
             "with the observable";
    case GRADIENTS_MANY_SHOTS:
      return in->noisy
                 ? "use fewer layers or less noise (certify without --noise tells "
                   "what the noise costs), or a more local observable"
             : v->rests_on_circuit
                 ? "use fewer layers, a more local observable or angles near zero "
                   "(--widths tells which), or generators that keep a symmetry "
                   "(--suggest)"
                 : "restrict the generators (--suggest), or certify the circuit "
                   "that you mean to run: at its own depth gradients may be larger";
    case GRADIENTS_OPEN:
      return v->num_unsettled
                 ? "leave out parameters whose gradient variance is 0 to within its "
                   "error, which may be dead, and certify again"
                 : "sample more paths (--paths) to narrow the interval";
    case GRADIENTS_FEW_SHOTS: break;
  }
  switch (v->traps_because) {
    case TRAPS_HIGH:
      return "add parameters (layers), or restrict the generators so that there "
             "are fewer degrees of freedom (--suggest)";
    case TRAPS_ORBIT_SHORT:
      return "add layers until the live parameters are as many as the orbit has "
             "dimensions, or as many as conditions single out its global minima";
    case TRAPS_SHALLOW:
    case TRAPS_UNKNOWN:
    case TRAPS_OPEN:
      return "search for local minima by descents (verify --minima 100)";
    case TRAPS_COSINES:
    case TRAPS_NONE:
    case TRAPS_MET:
    case TRAPS_MERGED:
    case TRAPS_LOW:
    case TRAPS_DEAD: break;
    case TRAPS_UPPER_BOUND: return bound_text(certificate);
  }
  return "train; cross-check with verify";
}

/* --- the object ------------------------------------------------------------------------ */

static json_t *answer_json(answer_t answer) {
  return json_string(answer == ANSWER_YES  ? "yes"
                     : answer == ANSWER_NO ? "no"
                                           : "undecided");
}

static json_t *number_json(const verdict_number_struct *x) {
  return !x->known      ? json_null()
         : x->is_exact ? cert_fmpq(x->exact)
                       : cert_arb(x->ball);
}

json_t *verdict_shots_json(const char **answer, const json_t *moments,
                           const json_t *certificate) {
  verdict_input_t in;
  verdict_t v;
  verdict_input_init(in, json_array_size(json_object_get(moments, "gradient_variance")));
  in->is_circuit = true;
  get_ensemble(in->circuit, moments, NULL);
  cert_get_fmpq(in->max_shots, cert_at(certificate, "thresholds.max_shots"));
  verdict_init(v, in);
  *answer = v->gradients == ANSWER_YES  ? "yes"
            : v->gradients == ANSWER_NO ? "no"
                                        : "undecided";
  json_t *out = number_json(v->typical);
  verdict_clear(v);
  verdict_input_clear(in);
  return out;
}

static json_t *shots_json(const verdict_t v) {
  if (!v->typical->known && !v->worst->known) return json_null();
  return json_pack("{s:o, s:o, s:b}", "typical", number_json(v->typical),
                   "worst", number_json(v->worst), "upper_bound",
                   v->shots_bounded);
}

static json_t *dead_json(const verdict_t v, const json_t *certificate) {
  const json_t *names = cert_at(certificate, "ansatz.parameter_names");
  json_t *list = json_array();
  for (size_t k = 0; k < v->num_parameters; k++) {
    if (v->is_live[k]) continue;
    const char *name = json_string_value(json_array_get(names, k));
    char number[32];
    snprintf(number, sizeof number, "%zu", k);
    json_array_append_new(list, json_string(name ? name : number));
  }
  return list;
}

/* Many shots with angles over a period, and few with angles near zero. */
static char *start_text(const verdict_t v, const json_t *landscape) {
  const char *width = cert_text_at(landscape, "initialisation.best", NULL);
  if (v->gradients_because != GRADIENTS_MANY_SHOTS || !width) return NULL;
  return text_print("start with angles near zero: drawn normal of width %s (--angles "
                    "normal:%s) they leave gradients that few shots resolve", width,
                    width);
}

json_t *verdict_json(const json_t *certificate, const json_t *landscape) {
  size_t deep = json_array_size(json_object_get(landscape, "gradient_variance"));
  size_t own =
      json_array_size(cert_at(landscape, "finite_depth.gradient_variance"));
  verdict_input_t in;
  verdict_t v;
  json_t *out = json_object();
  verdict_input_init(in, deep > own ? deep : own);
  get_input(in, certificate, landscape);
  verdict_init(v, in);
  char *gradients = gradients_text(v, in), *traps = traps_text(v, in), *all;
  all = traps ? text_print("%s; %s", gradients, traps) : text_copy(gradients);
  json_object_set_new(out, "trainable", answer_json(v->trainable));
  json_object_set_new(out, "gradients", answer_json(v->gradients));
  json_object_set_new(out, "traps", answer_json(v->traps));
  json_object_set_new(out, "basis", json_string(v->rests_on_circuit
                                                    ? "this circuit"
                                                    : "deep circuit"));
  json_object_set_new(out, "because", json_string(all));
  char *start = start_text(v, landscape);
  json_object_set_new(out, "next", json_string(start ? start : next_text(v, in, certificate, landscape)));
  free(start);
  json_object_set_new(out, "shots_per_gradient", shots_json(v));
  json_object_set_new(out, "parameters_that_move_the_loss",
                      v->live_known ? json_integer((json_int_t)v->num_live)
                                    : json_null());
  json_object_set_new(out, "dead_parameters", dead_json(v, certificate));
  free(gradients);
  free(traps);
  free(all);
  verdict_clear(v);
  verdict_input_clear(in);
  return out;
}
