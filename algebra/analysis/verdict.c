#include "algebra/analysis/verdict.h"

#include <stdlib.h>

#include "algebra/base/order.h"

enum { PREC_BITS = 128 };

/* --- numbers ------------------------------------------------------------------- */

void verdict_number_init(verdict_number_t x) {
  x->known = x->is_exact = false;
  fmpq_init(x->exact);
  arb_init(x->ball);
}

void verdict_number_clear(verdict_number_t x) {
  fmpq_clear(x->exact);
  arb_clear(x->ball);
}

void verdict_number_set_fmpq(verdict_number_t x, const fmpq_t value) {
  x->known = x->is_exact = true;
  fmpq_set(x->exact, value);
  arb_set_fmpq(x->ball, value, PREC_BITS);
}

void verdict_number_set_arb(verdict_number_t x, const arb_t value) {
  x->known = true;
  x->is_exact = arb_is_zero(value); /* and so it is known to be */
  fmpq_zero(x->exact);
  arb_set(x->ball, value);
}

/* x <= bound? */
static answer_t at_most(const verdict_number_t x, const fmpq_t bound) {
  if (!x->known) return ANSWER_UNDECIDED;
  if (x->is_exact)
    return fmpq_cmp(x->exact, bound) <= 0 ? ANSWER_YES : ANSWER_NO;
  arb_t b;
  arb_init(b);
  arb_set_fmpq(b, bound, PREC_BITS);
  answer_t answer = arb_le(x->ball, b)   ? ANSWER_YES
                    : arb_gt(x->ball, b) ? ANSWER_NO
                                         : ANSWER_UNDECIDED;
  arb_clear(b);
  return answer;
}

static answer_t at_most_ui(const verdict_number_t x, size_t bound) {
  fmpq_t b;
  fmpq_init(b);
  fmpz_set_ui(fmpq_numref(b), bound);
  answer_t answer = at_most(x, b);
  fmpq_clear(b);
  return answer;
}

void verdict_ensemble_init(verdict_ensemble_t e, size_t num_parameters) {
  e->num_parameters = num_parameters;
  e->gradient = flint_malloc((num_parameters + 1) * sizeof *e->gradient);
  for (size_t k = 0; k < num_parameters; k++)
    verdict_number_init(e->gradient + k);
  e->gradient_at = flint_malloc((num_parameters + 1) * sizeof *e->gradient_at);
  for (size_t k = 0; k < num_parameters; k++) e->gradient_at[k] = k;
  verdict_number_init(e->mean);
  verdict_number_init(e->variance);
  verdict_number_init(e->mean_square);
  e->square_bounded = false;
}

void verdict_ensemble_clear(verdict_ensemble_t e) {
  for (size_t k = 0; k < e->num_parameters; k++)
    verdict_number_clear(e->gradient + k);
  flint_free(e->gradient);
  flint_free(e->gradient_at);
  verdict_number_clear(e->mean);
  verdict_number_clear(e->variance);
  verdict_number_clear(e->mean_square);
}

void verdict_input_init(verdict_input_t in, size_t num_parameters) {
  in->upper_bound = in->as_written = in->cosines = in->is_circuit = in->noisy = false;
  verdict_number_init(in->noiseless);
  verdict_ensemble_init(in->circuit, num_parameters);
  verdict_ensemble_init(in->deep, num_parameters);
  in->no_traps_on_group = ANSWER_UNDECIDED;
  verdict_number_init(in->orbit);
  verdict_number_init(in->codimension);
  verdict_number_init(in->threshold);
  verdict_number_init(in->edge);
  verdict_number_init(in->level);
  fmpq_init(in->max_shots);
  fmpq_init(in->max_trap);
}

void verdict_input_clear(verdict_input_t in) {
  verdict_ensemble_clear(in->circuit);
  verdict_ensemble_clear(in->deep);
  verdict_number_clear(in->noiseless);
  verdict_number_clear(in->orbit);
  verdict_number_clear(in->codimension);
  verdict_number_clear(in->threshold);
  verdict_number_clear(in->edge);
  verdict_number_clear(in->level);
  fmpq_clear(in->max_shots);
  fmpq_clear(in->max_trap);
}

static void set_if(verdict_number_t x, bool known, const fmpq_t value) {
  if (known) verdict_number_set_fmpq(x, value);
}

static void set_gradient(verdict_number_t x, const landscape_struct *l, size_t k) {
  if (!l->gradient_in_pi[k] || fmpq_is_zero(l->gradient_variance + k)) {
    verdict_number_set_fmpq(x, l->gradient_variance + k);
    return;
  }
  arb_t ball;
  arb_init(ball);
  arb_const_pi(ball, PREC_BITS);
  arb_sqr(ball, ball, PREC_BITS);
  arb_mul_fmpz(ball, ball, fmpq_numref(l->gradient_variance + k), PREC_BITS);
  arb_div_fmpz(ball, ball, fmpq_denref(l->gradient_variance + k), PREC_BITS);
  verdict_number_set_arb(x, ball);
  arb_clear(ball);
}

void verdict_input_set_deep(verdict_input_t in, const landscape_t l,
                            const outlook_t outlook,
                            const outlook_thresholds_t *thresholds) {
  verdict_ensemble_struct *e = in->deep;
  const laws_minima_struct *m = outlook->minima;
  fmpq_t q;
  arb_t ball;
  fmpq_init(q);
  arb_init(ball);
  set_if(e->mean, l->mean_known, l->mean);
  set_if(e->variance, l->variance_known, l->variance);
  verdict_number_set_fmpq(e->mean_square, l->mean_square);
  e->square_bounded = l->square_bounded;
  for (size_t k = 0; k < e->num_parameters; k++)
    if (l->gradient_at[k] < k) e->gradient_at[k] = l->gradient_at[k];
    else if (l->gradient_known) set_gradient(e->gradient + k, l, k);
  if (outlook->minima_known) {
    fmpz_set(fmpq_numref(q), m->threshold);
    verdict_number_set_fmpq(in->threshold, q);
  } else if (outlook->minima_bounded) {
    arb_set_fmpz(in->threshold->ball, m->threshold_low);
    arb_set_fmpz(ball, m->threshold_high);
    arb_union(ball, ball, in->threshold->ball, PREC_BITS);
    verdict_number_set_arb(in->threshold, ball);
  }
  if ((outlook->minima_known || outlook->minima_bounded) && m->edge_is_exact)
    verdict_number_set_fmpq(in->edge, m->edge_exact);
  else if (outlook->minima_known || outlook->minima_bounded)
    verdict_number_set_arb(in->edge, m->edge);
  fmpq_set(in->max_shots, thresholds->max_shots);
  fmpq_set(in->max_trap, thresholds->max_trap);
  fmpq_clear(q);
  arb_clear(ball);
}

/* --- gradients -------------------------------------------------------------------- */

static bool is_zero(const verdict_number_struct *x) {
  return x->known && x->is_exact && fmpq_is_zero(x->exact);
}

static bool gradients_are_known(const verdict_ensemble_struct *e) {
  bool known = e->mean->known && e->variance->known && e->mean_square->known;
  for (size_t k = 0; k < e->num_parameters && known; k++)
    known = verdict_ensemble_gradient(e, k)->known;
  return known;
}

static int compare_arf(const void *a, const void *b) {
  return arf_cmp(*(const arf_struct *const *)a, *(const arf_struct *const *)b);
}

/* V = E[O^2] - Var - E^2. */
static void shot_variance(verdict_number_t out,
                          const verdict_ensemble_struct *e) {
  if (e->mean->is_exact && e->variance->is_exact && e->mean_square->is_exact) {
    fmpq_t v;
    fmpq_init(v);
    fmpq_sub(v, e->mean_square->exact, e->variance->exact);
    fmpq_submul(v, e->mean->exact, e->mean->exact);
    verdict_number_set_fmpq(out, v);
    fmpq_clear(v);
    return;
  }
  arb_t v;
  arb_init(v);
  arb_sub(v, e->mean_square->ball, e->variance->ball, PREC_BITS);
  arb_submul(v, e->mean->ball, e->mean->ball, PREC_BITS);
  verdict_number_set_arb(out, v);
  arb_clear(v);
}

/* max(1, v/g); unknown if the ball of g holds 0. */
static void divide(verdict_number_t out, const verdict_number_t v,
                   const verdict_number_struct *g) {
  if (v->is_exact && g->is_exact) {
    fmpq_t q;
    fmpq_init(q);
    fmpq_div(q, v->exact, g->exact);
    if (fmpq_cmp_si(q, 1) < 0) fmpq_one(q);
    verdict_number_set_fmpq(out, q);
    fmpq_clear(q);
    return;
  }
  arb_t q, one;
  arb_init(q);
  arb_init(one);
  arb_one(one);
  arb_div(q, v->ball, g->ball, PREC_BITS);
  arb_max(q, q, one, PREC_BITS);
  if (arb_is_finite(q)) verdict_number_set_arb(out, q);
  arb_clear(q);
  arb_clear(one);
}

/* max(1, v/g) <= bound? Also where the ball of g holds 0. */
static answer_t quotient_at_most(const verdict_number_t v,
                                 const verdict_number_struct *g,
                                 const fmpq_t bound) {
  verdict_number_t product;
  verdict_number_init(product);
  if (g->is_exact) {
    fmpq_t q;
    fmpq_init(q);
    fmpq_mul(q, g->exact, bound);
    verdict_number_set_fmpq(product, q);
    fmpq_clear(q);
  } else {
    arb_t q;
    arb_init(q);
    arb_set_fmpq(q, bound, PREC_BITS);
    arb_mul(q, q, g->ball, PREC_BITS);
    verdict_number_set_arb(product, q);
    arb_clear(q);
  }
  answer_t answer;
  if (fmpq_cmp_si(bound, 1) < 0) answer = ANSWER_NO;
  else if (v->is_exact && product->is_exact)
    answer = fmpq_cmp(v->exact, product->exact) <= 0 ? ANSWER_YES : ANSWER_NO;
  else
    answer = arb_le(v->ball, product->ball)   ? ANSWER_YES
             : arb_gt(v->ball, product->ball) ? ANSWER_NO
                                              : ANSWER_UNDECIDED;
  verdict_number_clear(product);
  return answer;
}

/* The order statistic `at` (from below) of the live gradients: of exact ones the
   number itself, of balls what is between the order statistics of their ends. */
static void order_statistic(verdict_number_t out, const verdict_t v,
                            const verdict_ensemble_struct *e, size_t at) {
  size_t count = 0, n = e->num_parameters;
  bool exact = true;
  for (size_t k = 0; k < n; k++)
    if (v->is_live[k]) exact = exact && verdict_ensemble_gradient(e, k)->is_exact;
  if (exact) {
    const fmpq **list = flint_malloc((n + 1) * sizeof *list);
    for (size_t k = 0; k < n; k++)
      if (v->is_live[k]) list[count++] = verdict_ensemble_gradient(e, k)->exact;
    qsort(list, count, sizeof *list, order_rationals);
    verdict_number_set_fmpq(out, list[at]);
    flint_free(list);
    return;
  }
  arf_struct *ends = flint_malloc((n + 1) * sizeof *ends);
  const arf_struct **list = flint_malloc((n + 1) * sizeof *list);
  arb_t hull, other;
  arb_init(hull);
  arb_init(other);
  for (int upper = 0; upper < 2; upper++) {
    count = 0;
    for (size_t k = 0; k < n; k++) {
      if (!v->is_live[k]) continue;
      arf_init(ends + count);
      if (upper) arb_get_ubound_arf(ends + count, verdict_ensemble_gradient(e, k)->ball, PREC_BITS);
      else arb_get_lbound_arf(ends + count, verdict_ensemble_gradient(e, k)->ball, PREC_BITS);
      list[count] = ends + count;
      count++;
    }
    qsort(list, count, sizeof *list, compare_arf);
    arb_set_arf(upper ? other : hull, list[at]);
    for (size_t i = 0; i < count; i++) arf_clear(ends + i);
  }
  arb_union(hull, hull, other, PREC_BITS);
  verdict_number_set_arb(out, hull);
  arb_clear(hull);
  arb_clear(other);
  flint_free(list);
  flint_free(ends);
}

/* Known not to be 0? */
static bool is_positive(const verdict_number_struct *x) {
  return x->known && (x->is_exact ? fmpq_sgn(x->exact) > 0 : arb_is_positive(x->ball));
}

static void set_live(verdict_t out, const verdict_ensemble_struct *e) {
  out->live_known = e->num_parameters > 0 || gradients_are_known(e);
  for (size_t k = 0; k < e->num_parameters; k++) {
    const verdict_number_struct *g = verdict_ensemble_gradient(e, k);
    out->live_known = out->live_known && g->known;
    out->is_live[k] = !is_zero(g);
    out->num_live += out->is_live[k];
    out->num_unsettled += g->known && out->is_live[k] && !is_positive(g);
  }
}

/* Takes those out, or puts them back, of which it is not known that they are live. */
static void switch_unsettled(verdict_t out, const verdict_ensemble_struct *e) {
  for (size_t k = 0; k < e->num_parameters; k++) {
    const verdict_number_struct *g = verdict_ensemble_gradient(e, k);
    if (g->known && !is_zero(g) && !is_positive(g)) out->is_live[k] ^= true;
  }
}

/* Shots of the median and of the worst live component; are they few for the median? */
static answer_t set_shots(verdict_t out, const verdict_ensemble_struct *e,
                          const fmpq_t max_shots) {
  verdict_number_t variance, gradient;
  size_t sure = out->num_live - out->num_unsettled;
  verdict_number_init(variance);
  verdict_number_init(gradient);
  shot_variance(variance, e);
  out->shots_bounded = e->square_bounded;
  order_statistic(gradient, out, e, (out->num_live - 1) / 2);
  divide(out->typical, variance, gradient);
  answer_t answer = quotient_at_most(variance, gradient, max_shots);
  order_statistic(gradient, out, e, 0);
  divide(out->worst, variance, gradient);
  if (out->num_unsettled && sure) { /* the same without them? */
    switch_unsettled(out, e);
    order_statistic(gradient, out, e, (sure - 1) / 2);
    switch_unsettled(out, e);
    if (quotient_at_most(variance, gradient, max_shots) != answer)
      answer = ANSWER_UNDECIDED;
  }
  verdict_number_clear(variance);
  verdict_number_clear(gradient);
  return answer;
}

static void judge_gradients(verdict_t out, const verdict_input_t in,
                            const verdict_ensemble_struct *e) {
  out->gradients = ANSWER_UNDECIDED;
  if (!gradients_are_known(e)) {
    out->gradients_because = GRADIENTS_UNKNOWN;
  } else if (out->num_live == 0) {
    out->gradients_because = GRADIENTS_DEAD;
    out->gradients = ANSWER_NO;
  } else {
    out->gradients = set_shots(out, e, in->max_shots);
    /* An upper bound that is too high says nothing. */
    if (out->shots_bounded && out->gradients == ANSWER_NO)
      out->gradients = ANSWER_UNDECIDED;
    out->gradients_because = out->gradients == ANSWER_YES  ? GRADIENTS_FEW_SHOTS
                             : out->gradients == ANSWER_NO ? GRADIENTS_MANY_SHOTS
                                                           : GRADIENTS_OPEN;
  }
  if (in->upper_bound && !(in->as_written && out->rests_on_circuit)) {
    out->gradients = ANSWER_UNDECIDED;
    out->gradients_because = GRADIENTS_UPPER_BOUND;
  }
}

/* --- traps ------------------------------------------------------------------------- */

/* Surely |x - y| <= y/10? */
static bool is_near(const verdict_number_struct *x, const verdict_number_struct *y) {
  if (!x->known || !y->known) return false;
  arb_t off, most;
  arb_init(off);
  arb_init(most);
  arb_sub(off, x->ball, y->ball, PREC_BITS);
  arb_abs(off, off);
  arb_div_ui(most, y->ball, 10, PREC_BITS);
  bool near = arb_le(off, most);
  arb_clear(off);
  arb_clear(most);
  return near;
}

/* Are the median live gradients, of the same parameters, near one another? */
static bool gradients_are_near(const verdict_t out, const verdict_input_t in) {
  if (!out->num_live || !gradients_are_known(in->circuit) || !gradients_are_known(in->deep))
    return false;
  verdict_number_t own, deep;
  verdict_number_init(own);
  verdict_number_init(deep);
  order_statistic(own, out, in->circuit, (out->num_live - 1) / 2);
  order_statistic(deep, out, in->deep, (out->num_live - 1) / 2);
  bool near = is_near(own, deep);
  verdict_number_clear(own);
  verdict_number_clear(deep);
  return near;
}

/* Are the circuit's own variance and gradients (without noise) about those of the deep one? */
static bool is_deep(const verdict_t out, const verdict_input_t in) {
  if (!in->is_circuit) return true;
  if (in->noisy) return is_near(in->noiseless, in->deep->variance);
  return is_near(in->circuit->variance, in->deep->variance) && gradients_are_near(out, in);
}

/* As many live parameters as x? Those that may be dead make it undecided. */
static answer_t enough(const verdict_number_t x, const verdict_t out) {
  answer_t most = at_most_ui(x, out->num_live);
  answer_t least = at_most_ui(x, out->num_live - out->num_unsettled);
  return most == least ? most : ANSWER_UNDECIDED;
}

static traps_because_t by_level(const verdict_t out, const verdict_input_t in) {
  answer_t merged = enough(in->threshold, out);
  if (merged == ANSWER_YES) return TRAPS_MERGED;
  if (merged == ANSWER_UNDECIDED) return TRAPS_OPEN;
  if (!is_deep(out, in)) return TRAPS_SHALLOW;
  /* Finite landscapes have their minima above the limit. */
  answer_t low = at_most(in->level->known ? in->level : in->edge, in->max_trap);
  if (low == ANSWER_NO) return TRAPS_HIGH;
  return low == ANSWER_YES && in->level->known ? TRAPS_LOW : TRAPS_OPEN;
}

/* The same where a global minimum sets so many conditions that they are not met. */
static traps_because_t by_orbit_level(const verdict_t out, const verdict_input_t in) {
  if (!in->level->known) return TRAPS_ORBIT_SHORT;
  if (!is_deep(out, in)) return TRAPS_SHALLOW;
  answer_t low = at_most(in->level, in->max_trap);
  return low == ANSWER_YES  ? TRAPS_LOW
         : low == ANSWER_NO ? TRAPS_HIGH
                            : TRAPS_OPEN;
}

static traps_because_t find_traps(const verdict_t out,
                                  const verdict_input_t in) {
  if (in->cosines && out->num_live && (in->as_written || !in->upper_bound)) return TRAPS_COSINES;
  if (in->upper_bound) return TRAPS_UPPER_BOUND;
  if (out->live_known && out->num_live == 0) return TRAPS_DEAD;
  bool none = in->no_traps_on_group == ANSWER_YES;
  if (none && enough(in->orbit, out) == ANSWER_YES)
    return TRAPS_NONE;
  if (none && enough(in->codimension, out) == ANSWER_YES)
    return TRAPS_MET;
  if (in->threshold->known) {
    traps_because_t because = by_level(out, in);
    if (because != TRAPS_OPEN || !none) return because;
  }
  return none ? by_orbit_level(out, in) : TRAPS_UNKNOWN;
}

static answer_t traps_answer(traps_because_t because) {
  switch (because) {
    case TRAPS_COSINES:
    case TRAPS_NONE:
    case TRAPS_MET:
    case TRAPS_MERGED:
    case TRAPS_LOW: return ANSWER_YES;
    case TRAPS_HIGH: return ANSWER_NO;
    case TRAPS_UNKNOWN:
    case TRAPS_UPPER_BOUND:
    case TRAPS_DEAD:
    case TRAPS_ORBIT_SHORT:
    case TRAPS_SHALLOW:
    case TRAPS_OPEN: break;
  }
  return ANSWER_UNDECIDED;
}

/* --- the whole ---------------------------------------------------------------------- */

void verdict_init(verdict_t out, const verdict_input_t in) {
  *out = (verdict_struct){.num_parameters = in->deep->num_parameters};
  verdict_number_init(out->typical);
  verdict_number_init(out->worst);
  out->is_live = flint_calloc(out->num_parameters + 1, sizeof *out->is_live);
  out->rests_on_circuit = in->is_circuit && (in->noisy ||
                                             gradients_are_known(in->circuit) ||
                                             !gradients_are_known(in->deep));
  const verdict_ensemble_struct *e =
      out->rests_on_circuit ? in->circuit : in->deep;
  set_live(out, e);
  judge_gradients(out, in, e);
  out->traps_because = find_traps(out, in);
  out->traps = traps_answer(out->traps_because);
  out->trainable =
      out->gradients == ANSWER_NO || out->traps == ANSWER_NO ? ANSWER_NO
      : out->gradients == ANSWER_YES && out->traps == ANSWER_YES
          ? ANSWER_YES
          : ANSWER_UNDECIDED;
}

void verdict_clear(verdict_t out) {
  verdict_number_clear(out->typical);
  verdict_number_clear(out->worst);
  flint_free(out->is_live);
}
