#include "cli/check/check_outlook.h"

#include "cli/check/check_sampled.h"
#include "cli/format/json_number.h"
#include "cli/format/outlook_json.h"

/* law_kurtosis: what is said of the law of an observable in the algebra. */
static void check_gaussian(ledger_t *parent, const block_totals_struct *t,
                           const outlook_struct *o, const json_t *law_kurtosis) {
  ledger_t l;
  fmpq_t kurtosis;
  fmpq_init(kurtosis);
  bool law = !t && cert_get_fmpq(kurtosis, law_kurtosis);
  ledger_begin_at(&l, parent, "gaussian_process");
  ledger_members(&l, outlook_gaussian_json(o, law ? kurtosis : NULL), true);
  ledger_end(&l);
  fmpq_clear(kurtosis);
}

/* --- local minima ----------------------------------------------------------------------------- */

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

static void check_known_minima(ledger_t *l, const outlook_struct *o) {
  json_t *expected = outlook_minima_json(o);
  json_object_del(expected, "law"); /* sampled */
  if (o->minima_known && o->minima->level_is_known && !o->wishart_known) {
    ledger_meets(l, "trap_level", o->minima->trap_level);
    json_object_del(expected, "trap_level");
  }
  ledger_members(l, expected, true);
}

/* Some r is not known here: null and bounded, or a number that is left open. */
static void open_minima(ledger_t *l, size_t num_parameters) {
  const json_t *claim = json_object_get(l->left, "threshold");
  bool bounded = json_object_get(l->left, "threshold_lower") != NULL;
  fmpz_t threshold;
  fmpz_init(threshold);
  if (json_is_null(claim)) {
    ledger_nulls(l, "gamma parameters_missing");
  } else if (!cert_get_fmpz(threshold, claim) || fmpz_sgn(threshold) <= 0 || bounded) {
    ledger_fails(l, "threshold", "it is no whole number, or bounded as well");
  } else {
    check_from_threshold(l, threshold, num_parameters);
  }
  ledger_open_rest(l, open_interval_only);
  fmpz_clear(threshold);
}

static void check_minima(ledger_t *parent, const block_totals_struct *t,
                         const outlook_struct *o, const json_t *wishart, bool of_strings) {
  ledger_t l;
  ledger_begin_at(&l, parent, "minima");
  check_sampled_law(&l, wishart, of_strings);
  if (t && !t->degrees_known) open_minima(&l, t->num_parameters);
  else check_known_minima(&l, o);
  ledger_end(&l);
}

/* --- all of it ------------------------------------------------------------ */

void check_outlook(ledger_t *l, const block_totals_struct *totals,
                   const json_t *landscape, bool of_strings) {
  outlook_t nothing;
  outlook_init_empty(nothing);
  const outlook_struct *o = totals ? totals->outlook : nothing;
  check_gaussian(l, totals, o, cert_at(landscape, "adjoint.excess_kurtosis"));
  check_minima(l, totals, o, json_object_get(landscape, "wishart"), of_strings);
  outlook_clear(nothing);
}
