#include "numeric/sample/sphere_minima.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/memory.h"
#include "numeric/machine/random.h"
#include "numeric/sample/minima_chains.h"

enum { TRIES = 4000, MOST_AXES = 8 };

/* --- one point ------------------------------------------------------------------------ */

typedef struct {
  double *state;             /* Gaussian, spheres x 3: v_b, u_b the third direction */
  double *axes;              /* Gaussian, p x spheres x 3: along v x u, u, the third */
  double *cosine, *sine;     /* of theta_b */
  double *along, *up, *side; /* x, c and t: p x spheres each */
  bool *fits;                /* |x_kB| <= 1, for each k */
  double *hessian;           /* its lower triangle */
  double log_weight;
} point_t;

typedef struct {
  const sphere_minima_model_t *model;
  size_t p, spheres, moved; /* axes moved in a step */
  size_t *settled;          /* B of each parameter: the largest w_b s_kb */
  double total;             /* of the weights */
  point_t now, next;
  double *factor; /* of Cholesky: p x p */
  random_stream_t random;
  minima_reach_t of_state, of_axes;
  bool stopped; /* no minimum was found near the global one */
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

static void set_weight(chain_t *c, point_t *x) {
  size_t p = c->p;
  bool fits = true;
  for (size_t k = 0; k < p; k++) fits = fits && x->fits[k];
  x->log_weight = -INFINITY;
  if (!fits) return;
  memcpy(c->factor, x->hessian, p * p * sizeof *c->factor);
  x->log_weight = minima_log_determinant(c->factor, p);
  for (size_t k = 0; k < p; k++) x->log_weight -= log(slope(c, x, k, c->settled[k]));
}

/* From the Gaussian vectors. */
static void weigh(chain_t *c, point_t *x) {
  set_angles(c, x);
  for (size_t k = 0; k < c->p; k++) set_axes(c, x, k);
  for (size_t k = 0; k < c->p; k++)
    for (size_t j = 0; j <= k; j++) x->hessian[k * c->p + j] = second(c, x, k, j);
  set_weight(c, x);
}

/* Where only the axes of parameter k are others. */
static void weigh_axes(chain_t *c, point_t *x, size_t k) {
  set_axes(c, x, k);
  for (size_t j = 0; j <= k; j++) x->hessian[k * c->p + j] = second(c, x, k, j);
  for (size_t i = k + 1; i < c->p; i++) x->hessian[i * c->p + k] = second(c, x, i, k);
  set_weight(c, x);
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

/* Metropolis: from now to next, or not. */
static bool accept(chain_t *c) {
  double gain = c->next.log_weight - c->now.log_weight;
  if (!(log(random_uniform(&c->random)) < gain)) return false;
  point_t swap = c->now;
  c->now = c->next;
  c->next = swap;
  return true;
}

/* The state by itself, then axes of some of the parameters, each by itself. */
static void move(void *chain, bool tune) {
  chain_t *c = chain;
  size_t n = c->spheres, p = c->p;
  double step2 = minima_reach_draw(&c->of_state, &c->random);
  point_copy(&c->next, &c->now, n, p);
  shake(c->next.state, n, draw_share(n, &c->random), step2, &c->random);
  weigh(c, &c->next);
  bool accepted = accept(c);
  if (tune) minima_reach_fit(&c->of_state, accepted);
  for (size_t i = 0; i < c->moved; i++) {
    size_t k = (size_t)(random_uniform(&c->random) * (double)p) % p;
    step2 = minima_reach_draw(&c->of_axes, &c->random);
    point_copy(&c->next, &c->now, n, p);
    shake(c->next.axes + 3 * k * n, n, draw_share(n, &c->random), step2, &c->random);
    weigh_axes(c, &c->next, k);
    accepted = accept(c);
    if (tune) minima_reach_fit(&c->of_axes, accepted);
  }
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

/* From near the global minimum; false when no minimum is found there. */
static bool chain_begin(chain_t *c) {
  for (int i = 0; i < TRIES; i++) {
    double reach = 0.3 * exp(-4.0 * i / TRIES);
    for (size_t b = 0; b < c->spheres; b++) {
      c->now.state[3 * b] = reach * random_normal(&c->random);
      c->now.state[3 * b + 1] = reach * random_normal(&c->random);
      c->now.state[3 * b + 2] = -1.6; /* the usual size of three normal numbers */
    }
    for (size_t k = 0; k < 3 * c->p * c->spheres; k++)
      c->now.axes[k] = random_normal(&c->random);
    weigh(c, &c->now);
    if (c->now.log_weight > -INFINITY) return true;
  }
  return false;
}

static void chain_init(chain_t *c, const sphere_minima_model_t *model, uint64_t seed,
                       size_t number) {
  size_t n = model->num_spheres, p = model->num_parameters;
  *c = (chain_t){.model = model, .spheres = n, .p = p,
                 .moved = p < MOST_AXES ? p : MOST_AXES, .of_state = {0.02},
                 .of_axes = {0.1}, .settled = memory_get(p, sizeof *c->settled)};
  c->factor = memory_get(p * p, sizeof *c->factor);
  point_init(&c->now, n, p);
  point_init(&c->next, n, p);
  random_stream_init(&c->random, seed, RANDOM_SPHERE_MINIMA, number);
  for (size_t b = 0; b < n; b++) c->total += model->weights[b];
  for (size_t k = 0; k < p; k++)
    for (size_t b = 1; b < n; b++)
      if (model->weights[b] * model->speeds[k * n + b] >
          model->weights[c->settled[k]] * model->speeds[k * n + c->settled[k]])
        c->settled[k] = b;
  c->stopped = !chain_begin(c);
}

static void chain_clear(chain_t *c) {
  free(c->settled);
  free(c->factor);
  point_clear(&c->now);
  point_clear(&c->next);
}

static const minima_walk_t walk = {move, level};

status_t sphere_minima_law(minima_law_t *out, const sphere_minima_model_t *model,
                           const minima_law_options_t *options) {
  double p = (double)model->num_parameters, n = (double)model->num_spheres;
  double cost = 5 * p * p * n + 10 * p * n + p * p * p / 3;
  cost += fmin(p, MOST_AXES) * (30 * p * n + p * p * p / 6);
  double steps = minima_chains_steps(cost, options);
  if (!model->num_parameters || model->num_parameters >= 2 * model->num_spheres || steps < 1)
    return STATUS_LIMIT;
  chain_t *chains = memory_get(MINIMA_CHAINS, sizeof *chains);
  void *each[MINIMA_CHAINS];
  bool ok = true;
  for (size_t r = 0; r < MINIMA_CHAINS; r++) {
    chain_init(chains + r, model, options->seed, r);
    each[r] = chains + r;
    ok = ok && !chains[r].stopped;
  }
  ok = ok && minima_chains_law(out, each, &walk, steps, options) == STATUS_OK;
  for (size_t r = 0; r < MINIMA_CHAINS; r++) chain_clear(chains + r);
  free(chains);
  return ok ? STATUS_OK : STATUS_LIMIT;
}
