#include "cli/check/check_outlook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/check/check_sampled.h"
#include "cli/format/json_number.h"
#include "algebra/laws/laws.h"

enum { PREC_BITS = 192 };

static const char *const not_exact =
    "a degree of freedom is known as an interval only";

/* --- Gaussian limit ----------------------------------------------------------------------- */

/* sqrt(2 kappa / 3), 1 at most. */
static void tv_bound(arb_t out, const fmpq_t kurtosis) {
  arb_set_fmpq(out, kurtosis, PREC_BITS);
  arb_mul_2exp_si(out, out, 1);
  arb_div_ui(out, out, 3, PREC_BITS);
  arb_sqrt(out, out, PREC_BITS);
  if (arf_cmp_si(arb_midref(out), 1) > 0) arb_one(out);
}

static void check_wishart_kurtosis(ledger_t *l, const block_totals_struct *t,
                                   bool law) {
  fmpq_t square, kurtosis;
  arb_t bound;
  fmpq_init(square);
  fmpq_init(kurtosis);
  arb_init(bound);
  bool exact = t && t->exact;
  bool known = exact && !fmpq_is_zero(t->wishart_variance);
  if (known) {
    fmpq_mul(square, t->wishart_variance, t->wishart_variance);
    fmpq_div(kurtosis, t->wishart_fourth, square);
    tv_bound(bound, kurtosis);
    ledger_fmpq(l, "excess_kurtosis", kurtosis);
    ledger_real(l, "tv_bound", bound);
  } else {
    ledger_null(l, "excess_kurtosis");
    ledger_null(l, "tv_bound");
  }
  ledger_code(l, "reason",
              known || law ? REASON_LIMIT_NEEDS_FAMILY
              : exact      ? REASON_LOSS_IS_CONSTANT
                           : REASON_NEEDS_WISHART_BLOCKS);
  fmpq_clear(square);
  fmpq_clear(kurtosis);
  arb_clear(bound);
}

/* law_kurtosis: what is said of the law of an observable in the algebra. */
static void check_gaussian(ledger_t *parent, const block_totals_struct *t,
                           const json_t *law_kurtosis) {
  ledger_t l;
  bool law = !t && json_is_string(law_kurtosis);
  ledger_begin_at(&l, parent, "gaussian_process");
  check_wishart_kurtosis(&l, t, law);
  if (law) {
    ledger_json(&l, "excess_kurtosis_finite", json_copy((json_t *)law_kurtosis));
  } else if (t && !t->fourth_known) {
    ledger_open(&l, "excess_kurtosis_finite",
                "the reduced state has rank above 1");
  } else if (t && !fmpq_is_zero(t->variance)) {
    fmpq_t kurtosis;
    fmpq_init(kurtosis);
    fmpq_mul(kurtosis, t->variance, t->variance);
    fmpq_div(kurtosis, t->fourth, kurtosis);
    ledger_fmpq(&l, "excess_kurtosis_finite", kurtosis);
    fmpq_clear(kurtosis);
  } else {
    ledger_null(&l, "excess_kurtosis_finite");
  }
  ledger_text(&l, "verdict", "undecided"); /* one size says nothing */
  ledger_end(&l);
}

/* --- local minima ----------------------------------------------------------------------------- */

/* edge: where minima gather in the limit, 0 for gamma >= 1. */
typedef struct {
  bool known;
  arb_t edge;
  bool edge_is_exact;
  fmpq_t edge_exact, gamma;
  fmpz_t missing;
} minima_t;

static void minima_init(minima_t *m) {
  *m = (minima_t){.known = false};
  arb_init(m->edge);
  fmpq_init(m->edge_exact);
  fmpq_init(m->gamma);
  fmpz_init(m->missing);
}

static void minima_clear(minima_t *m) {
  arb_clear(m->edge);
  fmpq_clear(m->edge_exact);
  fmpq_clear(m->gamma);
  fmpz_clear(m->missing);
}

/* With t = sqrt(1 + 8/gamma), s = gamma (1 + t)/4: (1 - s)^2 (1 - gamma/s) =
   (1 - gamma (1 + t)/4)^2 (t - 3)/(t + 1), rational with t. */
static void set_edge(minima_t *m) {
  fmpq_t square, t, s;
  arb_t root, u;
  fmpq_init(square);
  fmpq_init(t);
  fmpq_init(s);
  arb_init(root);
  arb_init(u);
  fmpq_inv(square, m->gamma);
  fmpq_mul_si(square, square, 8);
  fmpq_add_si(square, square, 1);
  m->edge_is_exact = fmpz_is_square(fmpq_numref(square)) &&
                     fmpz_is_square(fmpq_denref(square));
  if (m->edge_is_exact) {
    fmpz_sqrt(fmpq_numref(t), fmpq_numref(square));
    fmpz_sqrt(fmpq_denref(t), fmpq_denref(square));
    fmpq_add_si(s, t, 1);
    fmpq_sub_si(m->edge_exact, t, 3);
    fmpq_div(m->edge_exact, m->edge_exact, s);
    fmpq_mul(s, s, m->gamma);
    fmpq_div_2exp(s, s, 2);
    fmpq_sub_si(s, s, 1);
    fmpq_mul(m->edge_exact, m->edge_exact, s);
    fmpq_mul(m->edge_exact, m->edge_exact, s);
    arb_set_fmpq(m->edge, m->edge_exact, PREC_BITS);
  } else {
    arb_set_fmpq(root, square, 2 * PREC_BITS);
    arb_sqrt(root, root, 2 * PREC_BITS);
    arb_add_ui(u, root, 1, 2 * PREC_BITS);
    arb_sub_ui(m->edge, root, 3, 2 * PREC_BITS);
    arb_div(m->edge, m->edge, u, 2 * PREC_BITS);
    arb_set_fmpq(root, m->gamma, 2 * PREC_BITS);
    arb_mul(u, u, root, 2 * PREC_BITS);
    arb_mul_2exp_si(u, u, -2);
    arb_sub_ui(u, u, 1, 2 * PREC_BITS);
    arb_mul(u, u, u, 2 * PREC_BITS);
    arb_mul(m->edge, m->edge, u, PREC_BITS);
  }
  fmpq_clear(square);
  fmpq_clear(t);
  fmpq_clear(s);
  arb_clear(root);
  arb_clear(u);
}

static void minima_set(minima_t *m, const fmpz_t threshold,
                       size_t num_parameters) {
  const fmpz *num = fmpq_numref(m->gamma), *den = fmpq_denref(m->gamma);
  m->known = true;
  fmpz_set_ui(m->missing, num_parameters);
  fmpq_set_fmpz_frac(m->gamma, m->missing, threshold);
  fmpz_sub(m->missing, threshold, m->missing);
  if (fmpz_sgn(m->missing) < 0) fmpz_zero(m->missing);
  bool above = fmpz_cmp(num, den) >= 0;
  m->edge_is_exact = above || fmpq_is_zero(m->gamma);
  if (fmpq_is_zero(m->gamma)) {
    arb_one(m->edge);
    fmpq_one(m->edge_exact);
    return;
  }
  if (above) return; /* 0 */
  set_edge(m);
}

/* The claim is a ball that meets the one given. */
static void check_ball(ledger_t *l, const char *key, const arb_t actual) {
  const json_t *claim = ledger_take(l, key);
  arb_t ball;
  arb_init(ball);
  if (json_get_ball(ball, claim, 256) && arb_overlaps(ball, actual))
    ledger_holds(l, key);
  else
    ledger_fails(l, key, "it is another number");
  arb_clear(ball);
}

static void check_minima(minima_t *m, ledger_t *parent,
                         const block_totals_struct *t, size_t num_parameters) {
  static const char *const keys[] = {"gamma", "threshold", "trap_level",
                                     "trap_level_relative",
                                     "parameters_missing", NULL};
  ledger_t l;
  ledger_begin_at(&l, parent, "minima");
  check_sampled_law(&l);
  if (t && !t->degrees_known) {
    /* Without a threshold there is nothing else to count from. */
    if (json_is_null(json_object_get(l.left, "threshold"))) {
      ledger_null(&l, "gamma");
      ledger_null(&l, "parameters_missing");
    } else if (!json_get_fmpz(m->missing, json_object_get(l.left, "threshold"))) {
      ledger_fails(&l, "threshold", "it is no whole number");
    }
    ledger_open_rest(&l, not_exact);
  } else if (!t || fmpz_is_zero(t->threshold)) {
    for (size_t i = 0; keys[i]; i++) ledger_null(&l, keys[i]);
    ledger_code(&l, "reason", REASON_NEEDS_WISHART_BLOCKS);
  } else {
    arb_t level;
    arb_init(level);
    minima_set(m, t->threshold, num_parameters);
    arb_mul(level, m->edge, t->height, PREC_BITS);
    ledger_fmpz(&l, "threshold", t->threshold);
    ledger_fmpq(&l, "gamma", m->gamma);
    ledger_fmpz(&l, "parameters_missing", m->missing);
    if (!t->height_known) ledger_null(&l, "trap_level");
    else if (t->exact) ledger_real(&l, "trap_level", level);
    else check_ball(&l, "trap_level", level);
    if (m->edge_is_exact)
      ledger_fmpq(&l, "trap_level_relative", m->edge_exact);
    else
      ledger_real(&l, "trap_level_relative", m->edge);
    ledger_text(&l, "assumption", laws_minima_assumption());
    if (!t->height_known) ledger_code(&l, "reason", REASON_LEAST_LOSS_UNKNOWN);
    arb_clear(level);
  }
  ledger_end(&l);
}

/* --- all of it ------------------------------------------------------------ */

void check_outlook(ledger_t *l, const check_subject_t *subject,
                   const block_totals_struct *totals, const json_t *law_kurtosis) {
  minima_t minima;
  minima_init(&minima);
  check_gaussian(l, totals, law_kurtosis);
  check_minima(&minima, l, totals, subject->ansatz->num_parameters);
  minima_clear(&minima);
}

void check_outlook_edge(arb_t edge, const fmpz_t threshold,
                        size_t num_parameters) {
  minima_t minima;
  minima_init(&minima);
  minima_set(&minima, threshold, num_parameters);
  arb_set(edge, minima.edge);
  minima_clear(&minima);
}
