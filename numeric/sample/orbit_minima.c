#include "numeric/sample/orbit_minima.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/memory.h"
#include "numeric/machine/random.h"
#include "numeric/sample/minima_chains.h"

enum { MAX_MODES = 64 };

/* --- one point ------------------------------------------------------------------------ */

typedef struct {
  double *s;     /* m x m */
  double *u, *v; /* Gaussian: p x m each */
  double *c;     /* [S, B] */
  /* Unit vectors and their images, p x m each, in the order u, v, Bu, Bv, Su, Sv. */
  double *vectors[6];
  double *log_image; /* log |C u_k| */
  double *hessian;   /* its lower triangle */
} point_t;

typedef struct {
  minima_chain_t base;
  const orbit_minima_model_t *model;
  size_t m, p, rank;
  double least;
  double *b;     /* m x m */
  double *least_s; /* m x m: S at the global minimum */
  point_t now, next;
  double *factor; /* of Cholesky: p x p */
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

/* From the Hessian and log |C u_k|. */
static double log_weight(chain_t *c, const point_t *x) {
  memcpy(c->factor, x->hessian, c->p * c->p * sizeof *c->factor);
  double sum = minima_log_determinant(c->factor, c->p);
  for (size_t k = 0; k < c->p; k++) sum -= x->log_image[k];
  return sum;
}

/* From S, u and v. */
static double weigh(chain_t *c, point_t *x) {
  set_bracket(c, x);
  for (size_t k = 0; k < c->p; k++) set_vectors(c, x, k);
  for (size_t k = 0; k < c->p; k++)
    for (size_t j = 0; j <= k; j++) x->hessian[k * c->p + j] = second(x, k, j, c->m);
  return log_weight(c, x);
}

/* Where only pair k is another. */
static double weigh_pair(chain_t *c, point_t *x, size_t k) {
  set_vectors(c, x, k);
  for (size_t j = 0; j <= k; j++) x->hessian[k * c->p + j] = second(x, k, j, c->m);
  for (size_t i = k + 1; i < c->p; i++) x->hessian[i * c->p + k] = second(x, i, k, c->m);
  return log_weight(c, x);
}

static double level(const void *chain) {
  const chain_t *c = chain;
  const double *s = c->now.s;
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

/* In few planes by much, or in many; with the pairs, or without. */
static void move_state(void *chain, double step2) {
  chain_t *c = chain;
  size_t m = c->m, p = c->p;
  point_copy(&c->next, &c->now, m, p);
  size_t turns = 1 + (size_t)(random_uniform(&c->base.random) * (double)m) % m;
  size_t along = random_uniform(&c->base.random) < 0.5 ? p : 0;
  turn_a_little(&c->next, m, turns, along, sqrt(step2 / (double)turns), &c->base.random);
  c->base.log_moved = weigh(c, &c->next);
}

static void move_pair(void *chain, size_t k, double step2) {
  chain_t *c = chain;
  size_t m = c->m;
  point_copy(&c->next, &c->now, m, c->p);
  shake(c->next.u + k * m, c->now.u + k * m, m, step2, &c->base.random);
  shake(c->next.v + k * m, c->now.v + k * m, m, step2, &c->base.random);
  c->base.log_moved = weigh_pair(c, &c->next, k);
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
    c->least_s[i * m + j] = s;
    c->least_s[j * m + i] = -s;
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

static double put(void *chain, double reach) {
  chain_t *c = chain;
  size_t m = c->m;
  memcpy(c->now.s, c->least_s, m * m * sizeof *c->least_s);
  turn_a_little(&c->now, m, m, 0, 0.2 * reach, &c->base.random);
  for (size_t k = 0; k < c->p * m; k++) {
    c->now.u[k] = random_normal(&c->base.random);
    c->now.v[k] = random_normal(&c->base.random);
  }
  return weigh(c, &c->now);
}

static void begin(void *chain, const void *model) {
  chain_t *c = chain;
  c->model = model;
  size_t m = c->m = c->model->modes, p = c->p = c->model->num_parameters;
  c->rank = m / 2;
  c->b = memory_get(m * m, sizeof *c->b);
  c->least_s = memory_get(m * m, sizeof *c->least_s);
  c->factor = memory_get(p * p, sizeof *c->factor);
  point_init(&c->now, m, p);
  point_init(&c->next, m, p);
  set_ends(c);
}

static void clear(void *chain) {
  chain_t *c = chain;
  free(c->b);
  free(c->least_s);
  free(c->factor);
  point_clear(&c->now);
  point_clear(&c->next);
}

static const minima_walk_t walk = {sizeof(chain_t), sizeof(point_t), offsetof(chain_t, now),
                                   offsetof(chain_t, next), begin, clear, put,
                                   move_state, move_pair, level};

status_t orbit_minima_law(minima_law_t *out, const orbit_minima_model_t *model,
                          const minima_law_options_t *options) {
  double p = (double)model->num_parameters, m = (double)model->modes;
  double cost = 8 * p * p * m + 8 * p * m * m + 2 * m * m * m + p * p * p / 3;
  cost += (double)minima_chains_gates(model->num_parameters) *
          (16 * p * m + 7 * m * m + p * p * p / 6);
  if (model->modes < 5 || model->modes > MAX_MODES || !model->num_parameters)
    return STATUS_LIMIT;
  return minima_chains_law(out, &walk, model, model->num_parameters, cost,
                           RANDOM_ORBIT_MINIMA, options);
}
