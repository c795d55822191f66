#include "numeric/sample/sphere_minima.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/memory.h"
#include "numeric/machine/random.h"
#include "numeric/sample/minima_chains.h"

/* --- one point ------------------------------------------------------------------------ */

typedef struct {
  double *state;             /* Gaussian, spheres x 3: v_b, u_b the third direction */
  double *axes;              /* Gaussian, p x spheres x 3: along v x u, u, the third */
  double *cosine, *sine;     /* of theta_b */
  double *along, *up, *side; /* x, c and t: p x spheres each */
  bool *fits;                /* |x_kB| <= 1, for each k */
  double *hessian;           /* its lower triangle */
} point_t;

typedef struct {
  minima_chain_t base;
  const sphere_minima_model_t *model;
  size_t p, spheres;
  size_t *settled; /* B of each parameter: the largest w_b s_kb */
  double total;    /* of the weights */
  point_t now, next;
  double *factor; /* of Cholesky: p x p */
} chain_t;

static double slope(const chain_t *c, const point_t *x, size_t k, size_t b) {
  return c->model->weights[b] * c->model->speeds[k * c->spheres + b] * x->sine[b];
}

static void set_angles(const chain_t *c, point_t *x) {
  for (size_t b = 0; b < c->spheres; b++) {
    const double *v = x->state + 3 * b;
    double flat = hypot(v[0], v[1]), size = hypot(flat, v[2]);
    x->cosine[b] = v[2] / size;
    x->sine[b] = flat / size;
  }
}

/* Directions of the axes of parameter k, then x_kB for a gradient of 0. */
static void set_axes(const chain_t *c, point_t *x, size_t k) {
  size_t from = k * c->spheres, at = c->settled[k];
  double sum = 0;
  for (size_t b = 0; b < c->spheres; b++) {
    const double *a = x->axes + 3 * (from + b);
    double size = sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
    x->along[from + b] = a[0] / size;
    x->up[from + b] = a[1] / size;
    x->side[from + b] = a[2] / size;
    if (b != at) sum += slope(c, x, k, b) * x->along[from + b];
  }
  double settled = -sum / slope(c, x, k, at);
  x->fits[k] = fabs(settled) <= 1;
  if (!x->fits[k]) return;
  const double *a = x->axes + 3 * (from + at);
  double flat = sqrt(1 - settled * settled), size = hypot(a[1], a[2]);
  x->along[from + at] = settled;
  x->up[from + at] = flat * a[1] / size;
  x->side[from + at] = flat * a[2] / size;
}

/* d_k d_j l, k >= j */
static double second(const chain_t *c, const point_t *x, size_t k, size_t j) {
  size_t n = c->spheres;
  const double *w = c->model->weights;
  const double *s = c->model->speeds + k * n, *other = c->model->speeds + j * n;
  const double *along = x->along + k * n, *side = x->side + k * n;
  const double *along_j = x->along + j * n, *side_j = x->side + j * n, *up_j = x->up + j * n;
  double sum = 0;
  for (size_t b = 0; b < n; b++)
    sum += w[b] * s[b] * other[b] *
           (up_j[b] * side[b] * x->sine[b] -
            (along[b] * along_j[b] + side[b] * side_j[b]) * x->cosine[b]);
  return sum;
}

static double log_weight(chain_t *c, const point_t *x) {
  size_t p = c->p;
  for (size_t k = 0; k < p; k++)
    if (!x->fits[k]) return -INFINITY;
  memcpy(c->factor, x->hessian, p * p * sizeof *c->factor);
  double sum = minima_log_determinant(c->factor, p);
  for (size_t k = 0; k < p; k++) sum -= log(slope(c, x, k, c->settled[k]));
  return sum;
}

/* From the Gaussian vectors. */
static double weigh(chain_t *c, point_t *x) {
  set_angles(c, x);
  for (size_t k = 0; k < c->p; k++) set_axes(c, x, k);
  for (size_t k = 0; k < c->p; k++)
    for (size_t j = 0; j <= k; j++) x->hessian[k * c->p + j] = second(c, x, k, j);
  return log_weight(c, x);
}

/* Where only the axes of parameter k are others. */
static double weigh_axes(chain_t *c, point_t *x, size_t k) {
  set_axes(c, x, k);
  for (size_t j = 0; j <= k; j++) x->hessian[k * c->p + j] = second(c, x, k, j);
  for (size_t i = k + 1; i < c->p; i++) x->hessian[i * c->p + k] = second(c, x, i, k);
  return log_weight(c, x);
}

static double level(const void *chain) {
  const chain_t *c = chain;
  double sum = 0;
  for (size_t b = 0; b < c->spheres; b++)
    sum += c->model->weights[b] * (1 + c->now.cosine[b]);
  return sum / c->total;
}

/* --- moves ------------------------------------------------------------------------------ */

static void point_copy(point_t *to, const point_t *from, size_t n, size_t p) {
  memcpy(to->state, from->state, 3 * n * sizeof(double));
  memcpy(to->axes, from->axes, 3 * p * n * sizeof(double));
  memcpy(to->cosine, from->cosine, n * sizeof(double));
  memcpy(to->sine, from->sine, n * sizeof(double));
  memcpy(to->along, from->along, p * n * sizeof(double));
  memcpy(to->up, from->up, p * n * sizeof(double));
  memcpy(to->side, from->side, p * n * sizeof(double));
  memcpy(to->fits, from->fits, p * sizeof(bool));
  memcpy(to->hessian, from->hessian, p * p * sizeof(double));
}

/* Some of the directions in x by themselves, each with the chance `share`. */
static void shake(double *x, size_t count, double share, double step2,
                  random_stream_t *random) {
  double keep = sqrt(1 - step2), add = sqrt(step2);
  for (size_t b = 0; b < count; b++) {
    if (random_uniform(random) > share) continue;
    for (size_t i = 3 * b; i < 3 * b + 3; i++)
      x[i] = keep * x[i] + add * random_normal(random);
  }
}

/* One direction, or some, or all, as likely from where it leads to. */
static double draw_share(size_t count, random_stream_t *random) {
  return pow((double)count, -random_uniform(random));
}

static void move_state(void *chain, double step2) {
  chain_t *c = chain;
  size_t n = c->spheres;
  point_copy(&c->next, &c->now, n, c->p);
  shake(c->next.state, n, draw_share(n, &c->base.random), step2, &c->base.random);
  c->base.log_moved = weigh(c, &c->next);
}

static void move_axes(void *chain, size_t k, double step2) {
  chain_t *c = chain;
  size_t n = c->spheres;
  point_copy(&c->next, &c->now, n, c->p);
  shake(c->next.axes + 3 * k * n, n, draw_share(n, &c->base.random), step2, &c->base.random);
  c->base.log_moved = weigh_axes(c, &c->next, k);
}

/* --- a chain -------------------------------------------------------------------------------- */

static void point_init(point_t *x, size_t n, size_t p) {
  x->state = memory_get(3 * n, sizeof *x->state);
  x->axes = memory_get(3 * p * n, sizeof *x->axes);
  x->cosine = memory_get(n, sizeof *x->cosine);
  x->sine = memory_get(n, sizeof *x->sine);
  x->along = memory_get(p * n, sizeof *x->along);
  x->up = memory_get(p * n, sizeof *x->up);
  x->side = memory_get(p * n, sizeof *x->side);
  x->fits = memory_get(p, sizeof *x->fits);
  x->hessian = memory_get(p * p, sizeof *x->hessian);
}

static void point_clear(point_t *x) {
  free(x->state);
  free(x->axes);
  free(x->cosine);
  free(x->sine);
  free(x->along);
  free(x->up);
  free(x->side);
  free(x->fits);
  free(x->hessian);
}

static double put(void *chain, double reach) {
  chain_t *c = chain;
  random_stream_t *random = &c->base.random;
  double width = 0.3 * reach;
  for (size_t b = 0; b < c->spheres; b++) {
    c->now.state[3 * b] = width * random_normal(random);
    c->now.state[3 * b + 1] = width * random_normal(random);
    c->now.state[3 * b + 2] = -1.6; /* the usual size of three normal numbers */
  }
  for (size_t k = 0; k < 3 * c->p * c->spheres; k++)
    c->now.axes[k] = random_normal(random);
  return weigh(c, &c->now);
}

static void settle(chain_t *c) {
  const double *weights = c->model->weights;
  for (size_t k = 0; k < c->p; k++) {
    const double *speeds = c->model->speeds + k * c->spheres;
    for (size_t b = 1; b < c->spheres; b++)
      if (weights[b] * speeds[b] > weights[c->settled[k]] * speeds[c->settled[k]])
        c->settled[k] = b;
  }
}

static void begin(void *chain, const void *model) {
  chain_t *c = chain;
  c->model = model;
  size_t n = c->spheres = c->model->num_spheres, p = c->p = c->model->num_parameters;
  c->settled = memory_get(p, sizeof *c->settled);
  c->factor = memory_get(p * p, sizeof *c->factor);
  point_init(&c->now, n, p);
  point_init(&c->next, n, p);
  for (size_t b = 0; b < n; b++) c->total += c->model->weights[b];
  settle(c);
}

static void clear(void *chain) {
  chain_t *c = chain;
  free(c->settled);
  free(c->factor);
  point_clear(&c->now);
  point_clear(&c->next);
}

static const minima_walk_t walk = {sizeof(chain_t), sizeof(point_t), offsetof(chain_t, now),
                                   offsetof(chain_t, next), begin, clear, put,
                                   move_state, move_axes, level};

status_t sphere_minima_law(minima_law_t *out, const sphere_minima_model_t *model,
                           const minima_law_options_t *options) {
  double p = (double)model->num_parameters, n = (double)model->num_spheres;
  double cost = 5 * p * p * n + 10 * p * n + p * p * p / 3;
  cost += (double)minima_chains_gates(model->num_parameters) * (30 * p * n + p * p * p / 6);
  if (!model->num_parameters || model->num_parameters >= 2 * model->num_spheres)
    return STATUS_LIMIT;
  return minima_chains_law(out, &walk, model, model->num_parameters, cost,
                           RANDOM_SPHERE_MINIMA, options);
}
