#include "numeric/sample/orbit_minima.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/memory.h"
#include "numeric/machine/order.h"
#include "numeric/machine/random.h"

enum { CHAINS = 8, MAX_MODES = 64, KEPT = 200, MIN_STEPS = 4000, TRIES = 4000 };
/* Multiplications of all chains; of one that is too dear. */
static const double all_operations = 3e9, most_operations = 4e9;

/* --- one point ------------------------------------------------------------------------ */

typedef struct {
  double *s;     /* m x m */
  double *u, *v; /* Gaussian: p x m each */
} point_t;

typedef struct {
  const orbit_minima_model_t *model;
  size_t m, p, rank;
  double least;
  double *b; /* m x m */
  point_t now, next;
  /* Of a point: unit vectors and their images, p x m each, in the order u, v, Bu, Bv,
     Su, Sv. */
  double *vectors[6], *c, *hessian;
  random_stream_t random;
  double log_weight, step2;
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
static void set_bracket(chain_t *c, const double *s) {
  size_t m = c->m;
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < m; j++) {
      double sum = 0;
      for (size_t k = 0; k < m; k++)
        sum += s[i * m + k] * c->b[k * m + j] - c->b[i * m + k] * s[k * m + j];
      c->c[i * m + j] = sum;
    }
}

/* Returns -sum log |C u_k|. */
static double set_vectors(chain_t *c, const point_t *point) {
  size_t m = c->m;
  double sum = 0, image[MAX_MODES];
  set_bracket(c, point->s);
  for (size_t k = 0; k < c->p; k++) {
    double *u = c->vectors[0] + k * m, *v = c->vectors[1] + k * m;
    memcpy(u, point->u + k * m, m * sizeof *u);
    memcpy(v, point->v + k * m, m * sizeof *v);
    normalise(u, m);
    apply(image, c->c, u, m);
    sum -= log(dot(image, image, m)) / 2;
    project_out(v, u, m);
    project_out(v, image, m); /* orthogonal to u */
    normalise(v, m);
    apply(c->vectors[2] + k * m, c->b, u, m);
    apply(c->vectors[3] + k * m, c->b, v, m);
    apply(c->vectors[4] + k * m, point->s, u, m);
    apply(c->vectors[5] + k * m, point->s, v, m);
  }
  return sum;
}

/* <x ^ y, p ^ q>, x ^ y = x y^T - y x^T */
static double wedge(const double *x, const double *y, const double *p, const double *q,
                    size_t m) {
  return dot(x, p, m) * dot(y, q, m) - dot(x, q, m) * dot(y, p, m);
}

/* [B, A_k] = Bu ^ v - Bv ^ u, [A_j, S] = Sv ^ u - Su ^ v */
static double second(const chain_t *c, size_t k, size_t j) {
  size_t m = c->m;
  const double *x[6], *y[6];
  for (int i = 0; i < 6; i++) {
    x[i] = c->vectors[i] + k * m;
    y[i] = c->vectors[i] + j * m;
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

static double weigh(chain_t *c, const point_t *point) {
  double density = set_vectors(c, point);
  for (size_t k = 0; k < c->p; k++)
    for (size_t j = 0; j <= k; j++) c->hessian[k * c->p + j] = second(c, k, j);
  return density + log_determinant(c->hessian, c->p);
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

/* m random planes; as likely as the turns back. */
static void turn_a_little(double *s, size_t m, double reach, random_stream_t *random) {
  for (size_t k = 0; k < m; k++) {
    size_t a = (size_t)(random_uniform(random) * (double)m) % m;
    size_t b = (a + 1 + (size_t)(random_uniform(random) * (double)(m - 1)) % (m - 1)) % m;
    turn(s, m, a, b, reach * random_normal(random));
  }
}

static void shake(double *out, const double *in, size_t count, double step2,
                  random_stream_t *random) {
  double keep = sqrt(1 - step2), add = sqrt(step2);
  for (size_t i = 0; i < count; i++) out[i] = keep * in[i] + add * random_normal(random);
}

/* Returns whether it was accepted. */
static bool move(chain_t *c) {
  size_t m = c->m, length = c->p * m;
  memcpy(c->next.s, c->now.s, m * m * sizeof(double));
  turn_a_little(c->next.s, m, sqrt(c->step2 / (double)m), &c->random);
  shake(c->next.u, c->now.u, length, c->step2, &c->random);
  shake(c->next.v, c->now.v, length, c->step2, &c->random);
  double weight = weigh(c, &c->next);
  if (!(log(random_uniform(&c->random)) < weight - c->log_weight)) return false;
  point_t swap = c->now;
  c->now = c->next;
  c->next = swap;
  c->log_weight = weight;
  return true;
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
  x->u = memory_get(p * m, sizeof *x->u);
  x->v = memory_get(p * m, sizeof *x->v);
}

static void point_clear(point_t *x) {
  free(x->s);
  free(x->u);
  free(x->v);
}

/* From near the global minimum; false when no minimum is found there. */
static bool chain_begin(chain_t *c) {
  size_t m = c->m;
  double *end = memory_get(m * m, sizeof *end);
  memcpy(end, c->now.s, m * m * sizeof *end);
  for (int i = 0; i < TRIES; i++) {
    memcpy(c->now.s, end, m * m * sizeof *end);
    turn_a_little(c->now.s, m, 0.2 * exp(-4.0 * i / TRIES), &c->random);
    for (size_t k = 0; k < c->p * m; k++) {
      c->now.u[k] = random_normal(&c->random);
      c->now.v[k] = random_normal(&c->random);
    }
    c->log_weight = weigh(c, &c->now);
    if (c->log_weight > -INFINITY) break;
  }
  free(end);
  return c->log_weight > -INFINITY;
}

static bool chain_init(chain_t *c, const orbit_minima_model_t *model, uint64_t seed,
                       size_t number) {
  size_t m = model->modes, p = model->num_parameters;
  *c = (chain_t){.model = model, .m = m, .p = p, .rank = m / 2, .step2 = 0.02};
  c->b = memory_get(m * m, sizeof *c->b);
  c->c = memory_get(m * m, sizeof *c->c);
  c->hessian = memory_get(p * p, sizeof *c->hessian);
  for (int i = 0; i < 6; i++) c->vectors[i] = memory_get(p * m, sizeof(double));
  point_init(&c->now, m, p);
  point_init(&c->next, m, p);
  random_stream_init(&c->random, seed, RANDOM_ORBIT_MINIMA, number);
  set_ends(c);
  return chain_begin(c);
}

static void chain_clear(chain_t *c) {
  free(c->b);
  free(c->c);
  free(c->hessian);
  for (int i = 0; i < 6; i++) free(c->vectors[i]);
  point_clear(&c->now);
  point_clear(&c->next);
}

static bool is_stopped(const minima_law_options_t *o) {
  return o->abort && o->abort(o->abort_data);
}

/* A fourth of the steps finds the stride, and is forgotten; KEPT levels of the rest. */
static bool chain_run(double *levels, chain_t *c, size_t steps,
                      const minima_law_options_t *options) {
  size_t first = steps / 4, kept = 0;
  for (size_t i = 0; i < steps; i++) {
    bool accepted = move(c);
    if (i % 512 == 0 && is_stopped(options)) return false;
    if (i < first) {
      c->step2 *= exp(0.1 * ((double)accepted - 0.3));
      c->step2 = fmin(0.5, fmax(1e-7, c->step2));
    } else if ((i + 1 - first) * KEPT / (steps - first) > kept) {
      levels[kept++] = level(c, c->now.s);
    }
  }
  return true;
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

/* levels: KEPT of each chain, in the order of time. */
static void summarise(minima_law_t *out, const double *levels) {
  size_t size = CHAINS * KEPT * sizeof *levels;
  double *halves = memory_get(CHAINS * KEPT, sizeof *halves);
  double *whole = memory_get(CHAINS * KEPT, sizeof *whole);
  *out = (minima_law_t){.log_number = {NAN, NAN}, .number = {NAN, NAN},
                        .num_samples = CHAINS * KEPT};
  memcpy(halves, levels, size);
  memcpy(whole, levels, size);
  for (int r = 0; r < CHAINS; r++) {
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

status_t orbit_minima_law(minima_law_t *out, const orbit_minima_model_t *model,
                          const minima_law_options_t *options) {
  double p = (double)model->num_parameters, m = (double)model->modes;
  double cost = 8 * p * p * m + 8 * p * m * m + 2 * m * m * m + p * p * p / 3;
  double steps = (options->max_operations > 0 ? options->max_operations : all_operations) /
                 CHAINS / cost;
  if (model->modes < 5 || model->modes > MAX_MODES || !model->num_parameters ||
      MIN_STEPS * cost * CHAINS > most_operations)
    return STATUS_LIMIT;
  if (steps < MIN_STEPS) steps = MIN_STEPS;
  double *levels = memory_get(CHAINS * KEPT, sizeof *levels);
  bool ok = true;
  int threads = options->num_threads > 0 ? options->num_threads : 1;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) if (threads > 1)
  for (size_t r = 0; r < CHAINS; r++) {
    chain_t chain;
    if (!chain_init(&chain, model, options->seed, r) ||
        !chain_run(levels + r * KEPT, &chain, (size_t)steps, options))
#pragma omp atomic write
      ok = false;
    chain_clear(&chain);
  }
  if (ok) summarise(out, levels);
  free(levels);
  return ok ? STATUS_OK : STATUS_LIMIT;
}
