#include "cli/check/check_outlook.h"

#include "cli/check/check_sampled.h"
#include "cli/format/json_number.h"

enum { PREC_BITS = 128 };

static const char *const not_exact =
    "a degree of freedom is known as an interval only";

/* --- Gaussian limit ----------------------------------------------------------------------- */

static void check_wishart_kurtosis(ledger_t *l, const block_totals_struct *t,
                                   bool law) {
  arb_t bound;
  arb_init(bound);
  bool exact = t && t->wishart_known, known = exact && t->wishart->has_kurtosis;
  bool bounded = known && laws_tv_bound(bound, t->wishart->excess_kurtosis,
                                        PREC_BITS) == STATUS_OK;
  ledger_follows(l, "excess_kurtosis",
                 known ? cert_fmpq(t->wishart->excess_kurtosis) : json_null());
  ledger_follows(l, "tv_bound", bounded ? cert_arb(bound) : json_null());
  ledger_code(l, "reason",
              known || law ? REASON_LIMIT_NEEDS_FAMILY
              : exact      ? REASON_LOSS_IS_CONSTANT
                           : REASON_NEEDS_WISHART_BLOCKS);
  arb_clear(bound);
}

/* law_kurtosis: what is said of the law of an observable in the algebra. */
static void check_gaussian(ledger_t *parent, const block_totals_struct *t,
                           const json_t *law_kurtosis) {
  ledger_t l;
  bool law = !t && json_is_string(law_kurtosis);
  ledger_begin_at(&l, parent, "gaussian_process");
  check_wishart_kurtosis(&l, t, law);
  ledger_follows(&l, "excess_kurtosis_finite",
                 law ? json_copy((json_t *)law_kurtosis)
                 : t && t->finite->has_kurtosis ? cert_fmpq(t->finite->excess_kurtosis)
                                                : json_null());
  ledger_text(&l, "verdict", "undecided"); /* one size says nothing */
  ledger_end(&l);
}

/* --- local minima ----------------------------------------------------------------------------- */

/* The claim is a ball that meets the one given. */
static void check_ball(ledger_t *l, const char *key, const arb_t actual) {
  const json_t *claim = ledger_take(l, key);
  arb_t ball;
  arb_init(ball);
  if (cert_get_ball(ball, claim, 256) && arb_overlaps(ball, actual))
    ledger_holds(l, key);
  else
    ledger_fails(l, key, "it is another number");
  arb_clear(ball);
}

/* What follows from the threshold alone. */
static void check_from_threshold(ledger_t *l, const fmpz_t threshold,
                                 size_t num_parameters) {
  fmpz_t missing;
  fmpq_t gamma;
  fmpz_init_set_ui(missing, num_parameters);
  fmpq_init(gamma);
  fmpq_set_fmpz_frac(gamma, missing, threshold);
  fmpz_sub(missing, threshold, missing);
  if (fmpz_sgn(missing) < 0) fmpz_zero(missing);
  ledger_follows(l, "gamma", cert_fmpq(gamma));
  ledger_follows(l, "parameters_missing", cert_fmpz(missing));
  fmpz_clear(missing);
  fmpq_clear(gamma);
}

static void check_known_minima(ledger_t *l, const block_totals_struct *t,
                               size_t num_parameters) {
  laws_minima_t m;
  laws_minima_init(m);
  block_totals_minima(m, t, num_parameters);
  ledger_follows(l, "threshold", cert_fmpz(m->threshold));
  check_from_threshold(l, m->threshold, num_parameters);
  if (m->level_is_known && !t->wishart_known) check_ball(l, "trap_level", m->trap_level);
  else
    ledger_follows(l, "trap_level",
                   m->level_is_known ? cert_arb(m->trap_level) : json_null());
  ledger_follows(l, "trap_level_relative",
                 m->edge_is_exact ? cert_fmpq(m->edge_exact) : cert_arb(m->edge));
  ledger_text(l, "assumption", laws_minima_assumption());
  if (!m->level_is_known) ledger_code(l, "reason", REASON_LEAST_LOSS_UNKNOWN);
  laws_minima_clear(m);
}

/* Some r is not known here: null and bounded, or a number that is left open. */
static void open_minima(ledger_t *l, size_t num_parameters) {
  const json_t *claim = json_object_get(l->left, "threshold");
  bool bounded = json_object_get(l->left, "threshold_lower") != NULL;
  fmpz_t threshold;
  fmpz_init(threshold);
  if (json_is_null(claim)) {
    ledger_null(l, "gamma");
    ledger_null(l, "parameters_missing");
  } else if (!cert_get_fmpz(threshold, claim) || fmpz_sgn(threshold) <= 0 || bounded) {
    ledger_fails(l, "threshold", "it is no whole number, or bounded as well");
  } else {
    check_from_threshold(l, threshold, num_parameters);
  }
  ledger_open_rest(l, not_exact);
  fmpz_clear(threshold);
}

static void check_minima(ledger_t *parent, const block_totals_struct *t,
                         size_t num_parameters) {
  static const char *const keys[] = {"gamma", "threshold", "trap_level",
                                     "trap_level_relative",
                                     "parameters_missing", NULL};
  ledger_t l;
  ledger_begin_at(&l, parent, "minima");
  check_sampled_law(&l);
  if (t && !t->degrees_known) {
    open_minima(&l, num_parameters);
  } else if (!t || fmpz_is_zero(t->threshold)) {
    for (size_t i = 0; keys[i]; i++) ledger_null(&l, keys[i]);
    ledger_code(&l, "reason", REASON_NEEDS_WISHART_BLOCKS);
  } else {
    check_known_minima(&l, t, num_parameters);
  }
  ledger_end(&l);
}

/* --- all of it ------------------------------------------------------------ */

void check_outlook(ledger_t *l, const check_subject_t *subject,
                   const block_totals_struct *totals, const json_t *law_kurtosis) {
  check_gaussian(l, totals, law_kurtosis);
  check_minima(l, totals, subject->ansatz->num_parameters);
}
