#include "numeric/sample/orbit_minima.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/memory.h"
#include "numeric/machine/order.h"
#include "numeric/machine/random.h"

/* Of RECORDED levels of a chain the first fourth is forgotten. */
enum { CHAINS = 8, MAX_MODES = 64, RECORDED = 1024, KEPT = RECORDED / 4 * 3, TRIES = 4000 };
/* The first batch is a FEWER-th of all steps. */
enum { MOST_PAIRS = 8, MIN_STRIDE = 2, FEWER = 64 };
/* Multiplications of all chains; of one that is too dear. */
static const double all_operations = 3e9, most_operations = 4e9;
/* Of the quantiles, and relative to them: no more steps are made. */
static const double goal_error = 0.004, goal_relative = 0.04;

/* --- one point ------------------------------------------------------------------------ */

typedef struct {
  double *s;     /* m x m */
  double *u, *v; /* Gaussian: p x m each */
  double *c;     /* [S, B] */
  /* Unit vectors and their images, p x m each, in the order u, v, Bu, Bv, Su, Sv. */
  double *vectors[6];
  double *log_image; /* log |C u_k| */
  double *hessian;   /* its lower triangle */
  double log_weight;
} point_t;

/* How far moves go, squared, on average of the logarithm: fitted to the share accepted. */
typedef struct {
  double step2;
} reach_t;

typedef struct {
  const orbit_minima_model_t *model;
  size_t m, p, rank, pairs; /* pairs moved in a step */
  double least;
  double *b; /* m x m */
  point_t now, next;
  double *factor; /* of Cholesky: p x p */
  random_stream_t random;
  reach_t of_state, of_pair;
  double *levels; /* after every stride-th step so far, in the order of time */
  size_t recorded, stride, tuned; /* reaches are fitted until `tuned` are recorded */
  bool stopped;
} chain_t;

static double dot(const double *x, const double *y, size_t m) {
  double sum = 0;
  for (size_t i = 0; i < m; i++) sum += x[i] * y[i];
  return sum;
}

static void apply(double *out, const double *matrix, const double *x, size_t m) {
  for (size_t i = 0; i < m; i++) out[i] = dot(matrix + i * m, x, m);
}

/* x <- x - (x.y) y / |y|^2 */
static void project_out(double *x, const double *y, size_t m) {
  double c = dot(x, y, m) / dot(y, y, m);
  for (size_t i = 0; i < m; i++) x[i] -= c * y[i];
}

static void normalise(double *x, size_t m) {
  double norm = sqrt(dot(x, x, m));
  for (size_t i = 0; i < m; i++) x[i] /= norm;
}

/* C = S B - B S */
static void set_bracket(chain_t *c, point_t *x) {
  size_t m = c->m;
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < m; j++) {
      double sum = 0;
      for (size_t k = 0; k < m; k++)
        sum += x->s[i * m + k] * c->b[k * m + j] - c->b[i * m + k] * x->s[k * m + j];
      x->c[i * m + j] = sum;
    }
}

/* Those of pair k. */
static void set_vectors(const chain_t *c, point_t *x, size_t k) {
  size_t m = c->m;
  double *u = x->vectors[0] + k * m, *v = x->vectors[1] + k * m, image[MAX_MODES] = {0};
  memcpy(u, x->u + k * m, m * sizeof *u);
  memcpy(v, x->v + k * m, m * sizeof *v);
  normalise(u, m);
  apply(image, x->c, u, m);
  x->log_image[k] = log(dot(image, image, m)) / 2;
  project_out(v, u, m);
  project_out(v, image, m); /* orthogonal to u */
  normalise(v, m);
  apply(x->vectors[2] + k * m, c->b, u, m);
  apply(x->vectors[3] + k * m, c->b, v, m);
  apply(x->vectors[4] + k * m, x->s, u, m);
  apply(x->vectors[5] + k * m, x->s, v, m);
}

/* <x ^ y, p ^ q>, x ^ y = x y^T - y x^T */
static double wedge(const double *x, const double *y, const double *p, const double *q,
                    size_t m) {
  return dot(x, p, m) * dot(y, q, m) - dot(x, q, m) * dot(y, p, m);
}

/* [B, A_k] = Bu ^ v - Bv ^ u, [A_j, S] = Sv ^ u - Su ^ v */
static double second(const point_t *point, size_t k, size_t j, size_t m) {
  const double *x[6], *y[6];
  for (int i = 0; i < 6; i++) {
    x[i] = point->vectors[i] + k * m;
    y[i] = point->vectors[i] + j * m;
  }
  return wedge(x[2], x[1], y[5], y[0], m) - wedge(x[2], x[1], y[4], y[1], m) -
         wedge(x[3], x[0], y[5], y[0], m) + wedge(x[3], x[0], y[4], y[1], m);
}

/* log det of a symmetric matrix by its lower triangle, -infinity unless > 0. */
static double log_determinant(double *a, size_t n) {
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

/* From the Hessian and log |C u_k|. */
static void set_weight(chain_t *c, point_t *x) {
  memcpy(c->factor, x->hessian, c->p * c->p * sizeof *c->factor);
  x->log_weight = log_determinant(c->factor, c->p);
  for (size_t k = 0; k < c->p; k++) x->log_weight -= x->log_image[k];
}

/* From S, u and v. */
static void weigh(chain_t *c, point_t *x) {
  set_bracket(c, x);
  for (size_t k = 0; k < c->p; k++) set_vectors(c, x, k);
  for (size_t k = 0; k < c->p; k++)
    for (size_t j = 0; j <= k; j++) x->hessian[k * c->p + j] = second(x, k, j, c->m);
  set_weight(c, x);
}

/* Where only pair k is another. */
static void weigh_pair(chain_t *c, point_t *x, size_t k) {
  set_vectors(c, x, k);
  for (size_t j = 0; j <= k; j++) x->hessian[k * c->p + j] = second(x, k, j, c->m);
  for (size_t i = k + 1; i < c->p; i++) x->hessian[i * c->p + k] = second(x, i, k, c->m);
  set_weight(c, x);
}

static double level(const chain_t *c, const double *s) {
  double sum = 0;
  for (size_t i = 0; i < c->m; i++)
    for (size_t j = 0; j < i; j++) sum += c->b[i * c->m + j] * s[i * c->m + j];
  return (sum - c->least) / -c->least;
}

/* --- moves ------------------------------------------------------------------------------ */

static void turn(double *s, size_t m, size_t a, size_t b, double angle) {
  double cosine = cos(angle), sine = sin(angle);
  for (size_t i = 0; i < m; i++) {
    double x = s[a * m + i], y = s[b * m + i];
    s[a * m + i] = cosine * x - sine * y;
    s[b * m + i] = sine * x + cosine * y;
  }
  for (size_t i = 0; i < m; i++) {
    double x = s[i * m + a], y = s[i * m + b];
    s[i * m + a] = cosine * x - sine * y;
    s[i * m + b] = sine * x + cosine * y;
  }
}

static void turn_vectors(double *x, size_t count, size_t m, size_t a, size_t b, double angle) {
  double cosine = cos(angle), sine = sin(angle);
  for (size_t k = 0; k < count; k++, x += m) {
    double p = x[a], q = x[b];
    x[a] = cosine * p - sine * q;
    x[b] = sine * p + cosine * q;
  }
}

/* Random planes, `turns` of them; as likely as the turns back. The first p vectors u and v are
   turned along. */
static void turn_a_little(point_t *x, size_t m, size_t turns, size_t p, double reach,
                          random_stream_t *random) {
  for (size_t k = 0; k < turns; k++) {
    size_t a = (size_t)(random_uniform(random) * (double)m) % m;
    size_t b = (a + 1 + (size_t)(random_uniform(random) * (double)(m - 1)) % (m - 1)) % m;
    double angle = reach * random_normal(random);
    turn(x->s, m, a, b, angle);
    turn_vectors(x->u, p, m, a, b, angle);
    turn_vectors(x->v, p, m, a, b, angle);
  }
}

static void shake(double *out, const double *in, size_t count, double step2,
                  random_stream_t *random) {
  double keep = sqrt(1 - step2), add = sqrt(step2);
  for (size_t i = 0; i < count; i++) out[i] = keep * in[i] + add * random_normal(random);
}

/* At once small and large: near the global minimum only small ones are accepted, and far from
   it they lead nowhere. Independent of where it is, so as likely as the way back. */
static double draw_reach(const reach_t *reach, random_stream_t *random) {
  return fmin(1, reach->step2 * exp(10 * random_uniform(random) - 5));
}

static void fit_reach(reach_t *reach, bool accepted) {
  reach->step2 *= exp(0.1 * ((double)accepted - 0.3));
  reach->step2 = fmin(1, fmax(1e-7, reach->step2));
}

static void point_copy(point_t *to, const point_t *from, size_t m, size_t p) {
  memcpy(to->s, from->s, m * m * sizeof(double));
  memcpy(to->c, from->c, m * m * sizeof(double));
  memcpy(to->u, from->u, p * m * sizeof(double));
  memcpy(to->v, from->v, p * m * sizeof(double));
  for (int i = 0; i < 6; i++)
    memcpy(to->vectors[i], from->vectors[i], p * m * sizeof(double));
  memcpy(to->log_image, from->log_image, p * sizeof(double));
  memcpy(to->hessian, from->hessian, p * p * sizeof(double));
}

/* Metropolis: from now to next, or not. */
static bool accept(chain_t *c) {
  double gain = c->next.log_weight - c->now.log_weight;
  if (!(log(random_uniform(&c->random)) < gain)) return false;
  point_t swap = c->now;
  c->now = c->next;
  c->next = swap;
  return true;
}

/* S by itself, then some of the pairs, each by itself. */
static void move(chain_t *c, bool tune) {
  size_t m = c->m, p = c->p;
  double step2 = draw_reach(&c->of_state, &c->random);
  point_copy(&c->next, &c->now, m, p);
  /* In few planes by much, or in many; with the pairs, or without. */
  size_t turns = 1 + (size_t)(random_uniform(&c->random) * (double)m) % m;
  size_t along = random_uniform(&c->random) < 0.5 ? p : 0;
  turn_a_little(&c->next, m, turns, along, sqrt(step2 / (double)turns), &c->random);
  weigh(c, &c->next);
  bool accepted = accept(c);
  if (tune) fit_reach(&c->of_state, accepted);
  for (size_t i = 0; i < c->pairs; i++) {
    size_t k = (size_t)(random_uniform(&c->random) * (double)p) % p;
    step2 = draw_reach(&c->of_pair, &c->random);
    point_copy(&c->next, &c->now, m, p);
    shake(c->next.u + k * m, c->now.u + k * m, m, step2, &c->random);
    shake(c->next.v + k * m, c->now.v + k * m, m, step2, &c->random);
    weigh_pair(c, &c->next, k);
    accepted = accept(c);
    if (tune) fit_reach(&c->of_pair, accepted);
  }
}

/* --- a chain -------------------------------------------------------------------------------- */

/* Blocks b_k J and -s_k J, the last of which is turned where the orientation says so. */
static void set_ends(chain_t *c) {
  const orbit_minima_model_t *o = c->model;
  size_t m = c->m;
  bool flip = o->orientation && (o->orientation < 0) != (c->rank % 2 == 1);
  c->least = 0;
  for (size_t k = 0; k < c->rank; k++) {
    double s = k + 1 == c->rank && flip ? o->state[k] : -o->state[k];
    size_t i = 2 * k, j = 2 * k + 1;
    c->b[i * m + j] = o->observable[k];
    c->b[j * m + i] = -o->observable[k];
    c->now.s[i * m + j] = s;
    c->now.s[j * m + i] = -s;
    c->least += o->observable[k] * s;
  }
}

static void point_init(point_t *x, size_t m, size_t p) {
  x->s = memory_get(m * m, sizeof *x->s);
  x->c = memory_get(m * m, sizeof *x->c);
  x->u = memory_get(p * m, sizeof *x->u);
  x->v = memory_get(p * m, sizeof *x->v);
  for (int i = 0; i < 6; i++) x->vectors[i] = memory_get(p * m, sizeof(double));
  x->log_image = memory_get(p, sizeof *x->log_image);
  x->hessian = memory_get(p * p, sizeof *x->hessian);
}

static void point_clear(point_t *x) {
  free(x->s);
  free(x->c);
  free(x->u);
  free(x->v);
  for (int i = 0; i < 6; i++) free(x->vectors[i]);
  free(x->log_image);
  free(x->hessian);
}

/* From near the global minimum; false when no minimum is found there. */
static bool chain_begin(chain_t *c) {
  size_t m = c->m;
  double *end = memory_get(m * m, sizeof *end);
  memcpy(end, c->now.s, m * m * sizeof *end);
  for (int i = 0; i < TRIES; i++) {
    memcpy(c->now.s, end, m * m * sizeof *end);
    turn_a_little(&c->now, m, m, 0, 0.2 * exp(-4.0 * i / TRIES), &c->random);
    for (size_t k = 0; k < c->p * m; k++) {
      c->now.u[k] = random_normal(&c->random);
      c->now.v[k] = random_normal(&c->random);
    }
    weigh(c, &c->now);
    if (c->now.log_weight > -INFINITY) break;
  }
  free(end);
  return c->now.log_weight > -INFINITY;
}

static void chain_init(chain_t *c, const orbit_minima_model_t *model, uint64_t seed,
                       size_t number, size_t stride) {
  size_t m = model->modes, p = model->num_parameters;
  *c = (chain_t){.model = model, .m = m, .p = p, .rank = m / 2,
                 .pairs = p < MOST_PAIRS ? p : MOST_PAIRS, .of_state = {0.02},
                 .of_pair = {0.1}, .stride = stride, .tuned = RECORDED / 4};
  c->b = memory_get(m * m, sizeof *c->b);
  c->factor = memory_get(p * p, sizeof *c->factor);
  c->levels = memory_get(RECORDED, sizeof *c->levels);
  point_init(&c->now, m, p);
  point_init(&c->next, m, p);
  random_stream_init(&c->random, seed, RANDOM_ORBIT_MINIMA, number);
  set_ends(c);
  c->stopped = !chain_begin(c);
}

static void chain_clear(chain_t *c) {
  free(c->b);
  free(c->factor);
  free(c->levels);
  point_clear(&c->now);
  point_clear(&c->next);
}

static bool is_stopped(const minima_law_options_t *o) {
  return o->abort && o->abort(o->abort_data);
}

/* As many steps again, and half of the records. */
static void chain_thin(chain_t *c) {
  c->recorded /= 2;
  c->stride *= 2;
  c->tuned = 0;
  for (size_t i = 0; i < c->recorded; i++) c->levels[i] = c->levels[2 * i + 1];
}

/* Until RECORDED levels are recorded. */
static void chain_run(chain_t *c, const minima_law_options_t *options) {
  for (; c->recorded < RECORDED && !c->stopped; c->recorded++) {
    for (size_t i = 0; i < c->stride; i++) move(c, c->recorded < c->tuned);
    c->levels[c->recorded] = level(c, c->now.s);
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
static void summarise(minima_law_t *out, const chain_t *chains) {
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
static bool run_chains(minima_law_t *law, chain_t *chains, double most,
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

status_t orbit_minima_law(minima_law_t *out, const orbit_minima_model_t *model,
                          const minima_law_options_t *options) {
  double p = (double)model->num_parameters, m = (double)model->modes;
  double cost = 8 * p * p * m + 8 * p * m * m + 2 * m * m * m + p * p * p / 3;
  cost += fmin(p, MOST_PAIRS) * (16 * p * m + 7 * m * m + p * p * p / 6);
  double steps = (options->max_operations > 0 ? options->max_operations : all_operations) /
                 CHAINS / cost;
  double stride = fmax(steps / FEWER / RECORDED, MIN_STRIDE);
  minima_law_t law;
  if (model->modes < 5 || model->modes > MAX_MODES || !model->num_parameters ||
      MIN_STRIDE * RECORDED * cost * CHAINS > most_operations)
    return STATUS_LIMIT;
  chain_t *chains = memory_get(CHAINS, sizeof *chains);
  for (size_t r = 0; r < CHAINS; r++)
    chain_init(chains + r, model, options->seed, r, (size_t)stride);
  bool ok = run_chains(&law, chains, steps, options);
  for (size_t r = 0; r < CHAINS; r++) chain_clear(chains + r);
  free(chains);
  if (ok) *out = law;
  return ok ? STATUS_OK : STATUS_LIMIT;
}
