#include "cli/check/check_outlook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static void check_wishart_kurtosis(ledger_t *l, const block_totals_struct *t) {
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
              known   ? REASON_LIMIT_NEEDS_FAMILY
              : exact ? REASON_LOSS_IS_CONSTANT
                      : REASON_NEEDS_WISHART_BLOCKS);
  fmpq_clear(square);
  fmpq_clear(kurtosis);
  arb_clear(bound);
}

static void check_gaussian(ledger_t *parent, const block_totals_struct *t) {
  ledger_t l;
  ledger_begin_at(&l, parent, "gaussian_process");
  check_wishart_kurtosis(&l, t);
  if (t && !t->fourth_known) {
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

/* edge = (1 - sqrt gamma)^2 for gamma < 1, else 0. */
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

static void minima_set(minima_t *m, const fmpz_t threshold,
                       size_t num_parameters) {
  const fmpz *num = fmpq_numref(m->gamma), *den = fmpq_denref(m->gamma);
  m->known = true;
  fmpz_set_ui(m->missing, num_parameters);
  fmpq_set_fmpz_frac(m->gamma, m->missing, threshold);
  fmpz_sub(m->missing, threshold, m->missing);
  if (fmpz_sgn(m->missing) < 0) fmpz_zero(m->missing);
  bool above = fmpz_cmp(num, den) >= 0;
  m->edge_is_exact = above || (fmpz_is_square(num) && fmpz_is_square(den));
  if (above) return; /* 0 */
  arb_set_fmpq(m->edge, m->gamma, PREC_BITS);
  arb_sqrt(m->edge, m->edge, PREC_BITS);
  arb_sub_ui(m->edge, m->edge, 1, PREC_BITS);
  arb_mul(m->edge, m->edge, m->edge, PREC_BITS);
  if (!m->edge_is_exact) return;
  fmpz_sqrt(fmpq_numref(m->edge_exact), num);
  fmpz_sqrt(fmpq_denref(m->edge_exact), den);
  fmpq_sub_si(m->edge_exact, m->edge_exact, 1);
  fmpq_mul(m->edge_exact, m->edge_exact, m->edge_exact);
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
  if (t && !t->degrees_known) {
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

/* --- verdict ------------------------------------------------------------------------------------- */

static int compare_fmpq(const void *a, const void *b) {
  return fmpq_cmp(*(const fmpq *const *)a, *(const fmpq *const *)b);
}

/* Reciprocals of the median (the smaller of two) and the least of the values
   above 0; their number. */
static long count_shots(fmpq_t typical, fmpq_t worst, const fmpq *values,
                        size_t length) {
  size_t count = 0;
  const fmpq **order = flint_malloc((length + 1) * sizeof *order);
  for (size_t k = 0; k < length; k++)
    if (!fmpq_is_zero(values + k)) order[count++] = values + k;
  if (count) {
    qsort(order, count, sizeof *order, compare_fmpq);
    fmpq_inv(typical, order[(count - 1) / 2]);
    fmpq_inv(worst, order[0]);
  }
  flint_free(order);
  return (long)count;
}

/* The same of a list of gradient variances; -1 when they are not all exact. */
static long read_shots(fmpq_t typical, fmpq_t worst, const json_t *list) {
  size_t length = json_array_size(list);
  bool ok = json_is_array(list);
  fmpq *values = flint_malloc((length + 1) * sizeof *values);
  for (size_t k = 0; k < length; k++) fmpq_init(values + k);
  for (size_t k = 0; k < length && ok; k++)
    ok = json_get_fmpq(values + k, json_array_get(list, k));
  long count = ok ? count_shots(typical, worst, values, length) : -1;
  for (size_t k = 0; k < length; k++) fmpq_clear(values + k);
  flint_free(values);
  return count;
}

static char *short_text(const fmpq_t value) {
  arb_t ball;
  arb_init(ball);
  arb_set_fmpq(ball, value, PREC_BITS);
  char *text = ball_get_short_text(ball, 3);
  arb_clear(ball);
  return text;
}

typedef struct {
  long moving; /* parameters that move the loss, -1 when not known */
  fmpq_t typical, worst;
  bool class_applies;
} shots_t;

static void shots_init(shots_t *s, const block_totals_struct *totals) {
  *s = (shots_t){.class_applies = totals != NULL};
  fmpq_init(s->typical);
  fmpq_init(s->worst);
}

static void shots_clear(shots_t *s) {
  fmpq_clear(s->typical);
  fmpq_clear(s->worst);
}

/* The sentence for the facts, and the answer. */
static char *explain(const char **answer, const shots_t *s, const minima_t *m,
                     const check_subject_t *subject) {
  char *text = NULL, *shots = short_text(s->typical);
  char *most = short_text(subject->max_shots);
  int n = 0;
  *answer = "undecided";
  if (subject->ansatz->upper_bound || subject->generators->num_freed ||
      subject->generators->num_split) {
    n = asprintf(&text, "the algebra is only an upper bound (see the notes), "
                        "which decides nothing");
  } else if (s->moving < 0) {
    n = asprintf(&text, "the gradient variances are not known");
  } else if (s->moving == 0) {
    *answer = "no";
    n = asprintf(&text, "no parameter moves the loss: its gradient vanishes "
                        "everywhere");
  } else if (fmpq_cmp(s->typical, subject->max_shots) > 0) {
    *answer = "no";
    n = asprintf(&text, "a typical gradient component takes about %s shots to "
                        "resolve, more than %s", shots, most);
  } else if (!m->known) {
    n = asprintf(&text, "a gradient component takes about %s shots, but nothing "
                        "is known of local minima%s", shots,
                 s->class_applies ? ": the degrees of freedom are not exact"
                                  : " outside the Wishart class");
  } else {
    arb_t trap;
    arb_init(trap);
    arb_set_fmpq(trap, subject->max_trap, PREC_BITS);
    *answer = arb_le(m->edge, trap) ? "yes" : arb_gt(m->edge, trap) ? "no"
                                                                   : "undecided";
    if (m->edge_is_exact)
      *answer = fmpq_cmp(m->edge_exact, subject->max_trap) <= 0 ? "yes" : "no";
    arb_clear(trap);
    if (fmpz_is_zero(m->missing)) {
      n = asprintf(&text, "a gradient component takes about %s shots, and there "
                          "are enough parameters (p >= p*) for local minima to "
                          "be as low as the global one", shots);
    } else {
      fmpq_t missing;
      fmpq_init(missing);
      fmpq_set_fmpz(missing, m->missing);
      char *short_missing = short_text(missing);
      char *edge = ball_get_short_text(m->edge, 3);
      n = asprintf(&text, "a gradient component takes about %s shots; local "
                          "minima gather %s of the mean loss above the global "
                          "one, %s parameters short of the threshold p* above "
                          "which they merge", shots, edge, short_missing);
      fmpq_clear(missing);
      free(short_missing);
      free(edge);
    }
  }
  if (n < 0) flint_abort();
  free(shots);
  free(most);
  return text;
}

static void check_verdict(ledger_t *parent, const check_subject_t *subject,
                          const shots_t *s, const minima_t *m, bool open) {
  const char *answer;
  char *text = explain(&answer, s, m, subject);
  ledger_t l;
  ledger_begin_at(&l, parent, "verdict");
  if (s->moving > 0) {
    ledger_fmpq(&l, "shots_per_gradient", s->typical);
    ledger_fmpq(&l, "shots_per_gradient_worst", s->worst);
  } else {
    ledger_null(&l, "shots_per_gradient");
    ledger_null(&l, "shots_per_gradient_worst");
  }
  if (s->moving >= 0)
    ledger_size(&l, "parameters_that_move_the_loss", (size_t)s->moving);
  else
    ledger_null(&l, "parameters_that_move_the_loss");
  if (open || !subject->thresholds_known) {
    ledger_open(&l, "trainable", not_exact);
    ledger_open(&l, "because", not_exact);
  } else {
    ledger_text(&l, "trainable", answer);
    ledger_text(&l, "because", text);
  }
  ledger_end(&l);
  free(text);
}

void check_outlook(ledger_t *l, const check_subject_t *subject,
                   const block_totals_struct *totals, const json_t *gradient) {
  minima_t minima;
  shots_t shots;
  minima_init(&minima);
  shots_init(&shots, totals);
  check_gaussian(l, totals);
  check_minima(&minima, l, totals, subject->ansatz->num_parameters);
  shots.moving = read_shots(shots.typical, shots.worst, gradient);
  check_verdict(l, subject, &shots, &minima, totals && !totals->degrees_known);
  minima_clear(&minima);
  shots_clear(&shots);
}

const char *check_outlook_verdict(fmpq_t gradient, const fmpq *gradients,
                                  const check_subject_t *subject,
                                  const block_totals_struct *totals) {
  const char *answer = NULL;
  minima_t minima;
  shots_t shots;
  minima_init(&minima);
  shots_init(&shots, totals);
  shots.moving = -1;
  if (gradients)
    shots.moving = count_shots(shots.typical, shots.worst, gradients,
                               subject->ansatz->num_parameters);
  if (shots.moving > 0) fmpq_inv(gradient, shots.typical);
  else fmpq_zero(gradient);
  if (subject->thresholds_known && (!totals || totals->degrees_known)) {
    if (totals && !fmpz_is_zero(totals->threshold))
      minima_set(&minima, totals->threshold, subject->ansatz->num_parameters);
    free(explain(&answer, &shots, &minima, subject));
  }
  minima_clear(&minima);
  shots_clear(&shots);
  return answer;
}
