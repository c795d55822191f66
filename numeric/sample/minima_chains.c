#include "numeric/sample/minima_chains.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/memory.h"
#include "numeric/machine/order.h"

/* Levels of a chain; the first batch is a FEWER-th of all steps. */
enum { CHAINS = 8, MOST_GATES = 8, RECORDED = 1024, KEPT = RECORDED / 4 * 3, MIN_STRIDE = 2, FEWER = 256,
       TRIES = 4000 };
/* Multiplications of all chains; of one that is too dear. */
static const double all_operations = 3e9, most_operations = 4e9;
/* Of the quantiles, and relative to them: no more steps are made. */
static const double goal_error = 0.004, goal_relative = 0.04;

double minima_log_determinant(double *a, size_t n) {
  double sum = 0;
  for (size_t j = 0; j < n; j++) {
    double pivot = a[j * n + j];
    for (size_t k = 0; k < j; k++) pivot -= a[j * n + k] * a[j * n + k];
    if (!(pivot > 0)) return -INFINITY;
    pivot = sqrt(pivot);
    sum += 2 * log(pivot);
    a[j * n + j] = pivot;
    for (size_t i = j + 1; i < n; i++) {
      double x = a[i * n + j];
      for (size_t k = 0; k < j; k++) x -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = x / pivot;
    }
  }
  return sum;
}

/* --- a chain --------------------------------------------------------------------------- */

typedef struct {
  minima_chain_t *chain;
  const minima_walk_t *walk;
  double *levels; /* after every stride-th step so far, in the order of time */
  size_t recorded, stride, tuned; /* moves are fitted until `tuned` are recorded */
  bool stopped;
} record_t;

/* At once small and large: near the global minimum only small ones are accepted, and far from
   it they lead nowhere. Independent of where it is, so as likely as the way back. */
static double draw_step2(double reach, random_stream_t *random) {
  return fmin(1, reach * exp(10 * random_uniform(random) - 5));
}

static void fit_reach(double *reach, bool accepted) {
  *reach *= exp(0.1 * ((double)accepted - 0.3));
  *reach = fmin(1, fmax(1e-7, *reach));
}

/* Goes there: the points change places. */
static void accept(record_t *r) {
  char *now = (char *)r->chain + r->walk->now, *next = (char *)r->chain + r->walk->next;
  for (size_t i = 0; i < r->walk->point; i++) {
    char swap = now[i];
    now[i] = next[i];
    next[i] = swap;
  }
}

/* Metropolis: where it might go, or not. */
static bool decide(record_t *r) {
  minima_chain_t *c = r->chain;
  if (!(log(random_uniform(&c->random)) < c->log_moved - c->log_weight)) return false;
  accept(r);
  c->log_weight = c->log_moved;
  return true;
}

/* The state by itself, then some of the gates, each by itself. */
static void step(record_t *r) {
  minima_chain_t *c = r->chain;
  bool tune = r->recorded < r->tuned;
  r->walk->move_state(c, draw_step2(c->reach_of_state, &c->random));
  bool accepted = decide(r);
  if (tune) fit_reach(&c->reach_of_state, accepted);
  for (size_t i = minima_chains_gates(c->num_gates); i-- > 0;) {
    size_t k = (size_t)(random_uniform(&c->random) * (double)c->num_gates) % c->num_gates;
    r->walk->move_gate(c, k, draw_step2(c->reach_of_gate, &c->random));
    accepted = decide(r);
    if (tune) fit_reach(&c->reach_of_gate, accepted);
  }
}

static bool is_stopped(const minima_law_options_t *o) {
  return o->abort && o->abort(o->abort_data);
}

/* As many steps again, and half of the records. */
static void chain_thin(record_t *c) {
  c->recorded /= 2;
  c->stride *= 2;
  c->tuned = 0;
  for (size_t i = 0; i < c->recorded; i++) c->levels[i] = c->levels[2 * i + 1];
}

/* Until RECORDED levels are recorded. */
static void chain_run(record_t *c, const minima_law_options_t *options) {
  for (; c->recorded < RECORDED && !c->stopped; c->recorded++) {
    for (size_t i = 0; i < c->stride; i++) step(c);
    c->levels[c->recorded] = c->walk->level(c->chain);
    c->stopped = c->recorded % 64 == 0 && is_stopped(options);
  }
}

/* --- the law ---------------------------------------------------------------------------------- */

/* Of `count` levels, ascending. */
static double quantile(const double *levels, size_t count, double q) {
  double at = q * (double)count - 0.5;
  size_t i = (size_t)at;
  return levels[i] + (at - (double)i) * (levels[i + 1] - levels[i]);
}

static double share(const double *levels, size_t count, double below) {
  size_t i = 0;
  while (i < count && levels[i] < below) i++;
  return (double)i / (double)count;
}

typedef double statistic_t(const double *levels, size_t count, double at);

/* Of whole chains; the error from their spread, and from what is different on average
   between their halves: chains that still drift say so. */
static estimate_t estimate(const double *halves, const double *whole, statistic_t *of,
                           double at) {
  double sum = 0, squares = 0, drift = 0, values[CHAINS];
  for (int r = 0; r < CHAINS; r++) {
    values[r] = of(whole + r * KEPT, KEPT, at);
    sum += values[r] / CHAINS;
    drift += (of(halves + r * KEPT + KEPT / 2, KEPT / 2, at) -
              of(halves + r * KEPT, KEPT / 2, at)) / CHAINS;
  }
  for (int r = 0; r < CHAINS; r++) squares += (values[r] - sum) * (values[r] - sum);
  return (estimate_t){sum, hypot(sqrt(squares / (CHAINS - 1) / CHAINS), drift / 2)};
}

/* The last KEPT levels of each chain. */
static void summarise(minima_law_t *out, const record_t *chains) {
  double *halves = memory_get(CHAINS * KEPT, sizeof *halves);
  double *whole = memory_get(CHAINS * KEPT, sizeof *whole);
  *out = (minima_law_t){.log_number = {NAN, NAN}, .number = {NAN, NAN},
                        .num_samples = CHAINS * KEPT};
  for (int r = 0; r < CHAINS; r++) {
    const double *levels = chains[r].levels + RECORDED - KEPT;
    memcpy(halves + r * KEPT, levels, KEPT * sizeof *levels);
    memcpy(whole + r * KEPT, levels, KEPT * sizeof *levels);
    qsort(whole + r * KEPT, KEPT, sizeof *whole, order_doubles);
    qsort(halves + r * KEPT, KEPT / 2, sizeof *halves, order_doubles);
    qsort(halves + r * KEPT + KEPT / 2, KEPT / 2, sizeof *halves, order_doubles);
  }
  for (size_t j = 0; j < MINIMA_LAW_QUANTILES; j++)
    out->quantiles[j] = estimate(halves, whole, quantile, minima_law_quantiles[j]);
  for (size_t j = 0; j < MINIMA_LAW_SHARES; j++)
    out->shares[j] = estimate(halves, whole, share, minima_law_shares[j]);
  free(halves);
  free(whole);
}

static bool is_good_enough(const minima_law_t *law) {
  bool good = true;
  for (size_t j = 0; j < MINIMA_LAW_QUANTILES; j++)
    good = good && law->quantiles[j].error <=
                       goal_error + goal_relative * law->quantiles[j].value;
  return good;
}

/* Of every chain, as many steps again until the errors are small or `most` were made; false
   when stopped. */
static bool run_chains(minima_law_t *law, record_t *chains, double most,
                       const minima_law_options_t *options) {
  int threads = options->num_threads > 0 ? options->num_threads : 1;
  for (bool first = true;; first = false) {
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) if (threads > 1)
    for (size_t r = 0; r < CHAINS; r++) {
      if (!first) chain_thin(chains + r);
      chain_run(chains + r, options);
    }
    for (size_t r = 0; r < CHAINS; r++)
      if (chains[r].stopped) return false;
    summarise(law, chains);
    if (is_good_enough(law) || 2. * RECORDED * (double)chains->stride > most) return true;
  }
}

/* --- all of it -------------------------------------------------------------------------- */

size_t minima_chains_gates(size_t num_parameters) {
  return num_parameters < MOST_GATES ? num_parameters : MOST_GATES;
}

/* Where a minimum is, near the global one; false when none is found there. */
static bool find_minimum(minima_chain_t *c, const minima_walk_t *walk) {
  c->log_weight = -INFINITY;
  for (int i = 0; i < TRIES && !(c->log_weight > -INFINITY); i++)
    c->log_weight = walk->put(c, exp(-4.0 * i / TRIES));
  return c->log_weight > -INFINITY;
}

static bool record_init(record_t *r, const minima_walk_t *walk, const void *model, size_t p) {
  r->walk = walk;
  r->levels = memory_get(RECORDED, sizeof *r->levels);
  r->tuned = RECORDED / 4;
  r->chain->reach_of_state = 0.02;
  r->chain->reach_of_gate = 0.1;
  r->chain->num_gates = p;
  walk->begin(r->chain, model);
  return find_minimum(r->chain, walk);
}

status_t minima_chains_law(minima_law_t *out, const minima_walk_t *walk, const void *model,
                           size_t num_parameters, double cost, uint64_t purpose,
                           const minima_law_options_t *options) {
  record_t records[CHAINS] = {0};
  minima_law_t law;
  double all = options->max_operations > 0 ? options->max_operations : all_operations;
  double most = all / CHAINS / cost, stride = fmax(most / FEWER / RECORDED, MIN_STRIDE);
  if (MIN_STRIDE * RECORDED * cost * CHAINS > most_operations) return STATUS_LIMIT;
  bool ok = true;
  for (size_t r = 0; r < CHAINS; r++) {
    records[r].chain = memory_get(1, walk->size);
    records[r].stride = (size_t)stride;
    random_stream_init(&records[r].chain->random, options->seed, purpose, r);
    ok = record_init(records + r, walk, model, num_parameters) && ok;
  }
  ok = ok && run_chains(&law, records, most, options);
  for (size_t r = 0; r < CHAINS; r++) {
    walk->clear(records[r].chain);
    free(records[r].chain);
    free(records[r].levels);
  }
  if (ok) *out = law;
  return ok ? STATUS_OK : STATUS_LIMIT;
}
