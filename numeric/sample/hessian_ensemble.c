#include "numeric/sample/hessian_ensemble.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/machine/memory.h"

/* Above this many, more degrees of freedom change nothing that is told. */
static const double max_freedom = 1e9;

/* --- layout ---------------------------------------------------------------------- */

static bool is_triangular(const ensemble_t *e, size_t gram) {
  return e->gram_freedoms[gram] >= (double)e->num_parameters;
}

static size_t gram_normals(const ensemble_t *e, size_t gram) {
  size_t p = e->num_parameters;
  return is_triangular(e, gram) ? p * (p - 1) / 2
                                : p * (size_t)e->gram_freedoms[gram];
}

/* The density of the gradient at 0 has a power of the radius |x| in it, which is
   made part of the law that the radius is drawn by; log_scale is what that costs.
     Wishart: E[R^(-p/2) f(R)], R ~ Gamma(K), is Gamma(K - p/2)/Gamma(K) E[f(R')],
     R' ~ Gamma(K - p/2).
     Finite: likewise of q ~ Beta, and of 1 - q if there is enough of it. */
static void set_level_shapes(ensemble_t *e) {
  double half = e->is_free ? 0 : (double)e->num_parameters / 2, total = 0;
  for (size_t b = 0; b < e->num_blocks; b++) total += e->freedoms[b] / 2;
  e->shapes[0] = total - half;
  if (e->dimension > 0) {
    double rest = (e->dimension - e->freedoms[0]) / 2;
    e->shapes[1] = rest > half + 1 ? rest - half : rest;
    e->log_scale = lgamma(e->shapes[0]) + lgamma(e->shapes[1]) -
                   lgamma(e->shapes[0] + e->shapes[1]) - lgamma(total) -
                   lgamma(rest) + lgamma(total + rest);
    e->is_rest_tilted = e->shapes[1] < rest;
    return;
  }
  for (size_t b = 0; b < e->num_blocks; b++)
    e->shapes[1 + b] = e->freedoms[b] / 2;
  e->log_scale = lgamma(e->shapes[0]) - lgamma(total);
}

static void set_exact_layout(ensemble_t *e) {
  const haar_hessian_t *s = &e->haar;
  double p = (double)e->num_parameters;
  e->num_levels = 2;
  e->num_gammas = 2 + haar_hessian_gammas(s);
  e->num_normals = haar_hessian_normals(s);
  e->size = e->num_gammas + e->num_normals;
  e->operations = haar_hessian_operations(s) + p * p * p / 3 + 30 * (double)e->size;
  e->shapes = memory_get(e->num_gammas, sizeof(double));
  set_level_shapes(e);
  haar_hessian_shapes(e->shapes + 2, s);
  e->log_density = haar_hessian_log_density(s);
}

static void set_layout(ensemble_t *e) {
  size_t p = e->num_parameters;
  double work = 0;
  e->num_levels = e->dimension > 0 ? 2 : e->num_blocks + 1;
  e->num_gammas = e->num_levels;
  e->num_normals = p * (p - 1) / 2 + p * e->num_blocks;
  for (size_t g = 0; g < e->num_grams; g++) {
    if (is_triangular(e, g)) e->num_gammas += p;
    e->num_normals += gram_normals(e, g);
    work += (double)p * (double)gram_normals(e, g);
  }
  e->size = e->num_gammas + e->num_normals;
  e->operations = work + (double)(p * p * p) / 3 + 30 * (double)e->size;
  e->shapes = memory_get(e->num_gammas, sizeof(double));
  set_level_shapes(e);
  size_t at = e->num_levels;
  for (size_t g = 0; g < e->num_grams; g++)
    for (size_t i = 0; is_triangular(e, g) && i < p; i++)
      e->shapes[at++] = (e->gram_freedoms[g] - (double)i) / 2;
}

static bool set_matrices(ensemble_t *e, const minima_model_t *model, bool is_free) {
  double p = (double)model->num_parameters;
  *e = (ensemble_t){.num_parameters = model->num_parameters, .is_free = is_free,
                    .has_matrices = true};
  if (!matrix_hessian_init(&e->matrices, model, is_free)) return false;
  e->num_levels = e->num_gammas = matrix_hessian_gammas(&e->matrices);
  e->num_normals = matrix_hessian_normals(&e->matrices);
  e->size = e->num_gammas + e->num_normals;
  e->shapes = memory_get(e->num_gammas, sizeof(double));
  matrix_hessian_shapes(e->shapes, &e->matrices);
  e->operations = matrix_hessian_operations(&e->matrices) + p * p * p / 3 +
                  30 * (double)e->size;
  return true;
}

static bool set_model(ensemble_t *e, const minima_model_t *model,
                      bool is_free) {
  if (model->num_matrices) return set_matrices(e, model, is_free);
  bool is_finite = model->dimension > 0;
  size_t n = model->num_blocks;
  if (!model->num_parameters || !n) return false;
  for (size_t b = 0; b < n; b++)
    if (!(model->blocks[b].weight > 0) || !(model->blocks[b].freedom >= 1))
      return false;
  if (is_finite &&
      (n > 1 || !(model->blocks[0].freedom + 1 <= model->dimension)))
    return false;
  *e = (ensemble_t){.num_parameters = model->num_parameters,
                    .num_blocks = n,
                    .dimension = is_finite ? model->dimension : 0,
                    .is_free = is_free,
                    .num_grams = is_finite ? 2 : n};
  const double beta = (double)model->beta;
  e->is_exact = is_finite && model->beta > 0 && model->dimension <= ENSEMBLE_EXACT &&
                model->num_parameters <= ENSEMBLE_EXACT_PARAMETERS &&
                haar_hessian_init(&e->haar, model->num_parameters, (size_t)model->beta,
                                  model->dimension / beta,
                                  model->blocks->freedom / beta, is_free);
  e->weights = memory_get(n, sizeof(double));
  e->freedoms = memory_get(n, sizeof(double));
  e->gram_freedoms = memory_get(e->num_grams, sizeof(double));
  for (size_t b = 0; b < n; b++) {
    e->weights[b] = model->blocks[b].weight;
    e->freedoms[b] = fmin(model->blocks[b].freedom, max_freedom);
    e->gram_freedoms[b] = e->freedoms[b] - 1;
  }
  if (is_finite) {
    double scale = e->freedoms[0] / model->blocks[0].freedom;
    double d;
    e->dimension *= scale; /* m and D cut by one factor: z keeps its law */
    e->gram_freedoms[1] = e->dimension - e->freedoms[0] - 1;
    d = e->dimension - 1;
    e->log_density = lgamma(d / 2) - lgamma((d - 1) / 2) - log(M_PI) / 2;
  }
  if (e->is_exact) set_exact_layout(e);
  else set_layout(e);
  return true;
}

bool ensemble_init(ensemble_t *e, const minima_model_t *model) {
  return set_model(e, model, false);
}

bool ensemble_init_free(ensemble_t *e, const minima_model_t *model) {
  return set_model(e, model, true);
}

void ensemble_clear(ensemble_t *e) {
  if (e->has_matrices) matrix_hessian_clear(&e->matrices);
  free(e->weights);
  free(e->freedoms);
  free(e->gram_freedoms);
  free(e->shapes);
}

void ensemble_work_init(ensemble_work_t *work, const ensemble_t *e) {
  size_t p = e->num_parameters;
  work->hessian = memory_get(p * p, sizeof(double));
  work->radial = memory_get(e->has_matrices ? matrix_hessian_room(&e->matrices)
                            : e->is_exact   ? haar_hessian_room(&e->haar)
                                            : p * e->num_blocks, sizeof(double));
}

void ensemble_work_clear(ensemble_work_t *work) {
  free(work->hessian);
  free(work->radial);
}

/* --- states ------------------------------------------------------------------------ */

void ensemble_draw(double *state, const ensemble_t *e,
                   random_stream_t *random) {
  for (size_t i = 0; i < e->num_gammas; i++)
    state[i] = random_gamma(random, e->shapes[i]);
  for (size_t i = e->num_gammas; i < e->size; i++)
    state[i] = random_normal(random);
}

/* Of a Gamma(k) a part Beta(k (1 - s), k s) is kept and a Gamma(k s) added: again a
   Gamma(k), and the pair is exchangeable. */
void ensemble_move(double *out, const double *state, const ensemble_t *e,
                   double step2, random_stream_t *random) {
  double keep = sqrt(1 - step2), add = sqrt(step2);
  /* Gammas are dear: a fourth of the diagonals in turn, at random. */
  size_t turn = (size_t)(4 * random_uniform(random));
  for (size_t i = 0; i < e->num_gammas; i++) {
    out[i] = state[i];
    if (i >= e->num_levels && i % 4 != turn) continue;
    double kept = random_gamma(random, e->shapes[i] * (1 - step2));
    double lost = random_gamma(random, e->shapes[i] * step2);
    double total = kept + lost;
    out[i] = (total > 0 ? state[i] * kept / total : 0) +
             random_gamma(random, e->shapes[i] * step2);
  }
  for (size_t i = e->num_gammas; i < e->size; i++)
    out[i] = keep * state[i] + add * random_normal(random);
}

/* --- the Hessian ----------------------------------------------------------------------- */

/* h += scale * Gram matrix; the lengths^2 of its vectors are added to squares, if
   that is given. */
static void add_triangular(double *h, double *squares, const double *gammas,
                           const double *normals, size_t p, double scale) {
  /* Row i of the factor: i normals, then sqrt(2 gamma_i). */
  const double *row_i = normals;
  for (size_t i = 0; i < p; row_i += i, i++) {
    double diagonal = sqrt(2 * gammas[i]);
    const double *row_j = normals;
    for (size_t j = 0; j < i; row_j += j, j++)
      h[i * p + j] += scale * (haar_hessian_dot(row_i, row_j, j) +
                               row_i[j] * sqrt(2 * gammas[j]));
    double square = haar_hessian_dot(row_i, row_i, i) + diagonal * diagonal;
    h[i * p + i] += scale * square;
    if (squares) squares[i] += square;
  }
}

static void add_full(double *h, double *squares, const double *normals,
                     size_t p, size_t d, double scale) {
  for (size_t i = 0; i < p; i++)
    for (size_t j = 0; j <= i; j++) {
      double product = haar_hessian_dot(normals + i * d, normals + j * d, d);
      h[i * p + j] += scale * product;
      if (squares && i == j) squares[i] += product;
    }
}

typedef struct {
  const double *gammas, *normals; /* what comes next in the state */
} cursor_t;

static void add_gram(double *h, double *squares, const ensemble_t *e, size_t g,
                     double scale, cursor_t *at) {
  size_t p = e->num_parameters;
  if (is_triangular(e, g)) {
    add_triangular(h, squares, at->gammas, at->normals, p, scale);
    at->gammas += p;
  } else {
    add_full(h, squares, at->normals, p, (size_t)e->gram_freedoms[g], scale);
  }
  at->normals += gram_normals(e, g);
}

static void add_mixed(double *h, const double *normals, size_t p,
                      double scale) {
  for (size_t i = 0; i < p; i++)
    for (size_t j = 0; j < i; j++) h[i * p + j] += scale * *normals++;
}

/* The part of the derivatives along x_b, for every block: at a critical point
   without its component along (w_b sqrt(z_b/m_b))_b. */
static void add_radial(ensemble_work_t *work, const ensemble_t *e,
                       const double *levels, const double *normals,
                       double spread) {
  size_t p = e->num_parameters, n = e->num_blocks;
  double *h = work->hessian, *r = work->radial;
  memcpy(r, normals, p * n * sizeof *r);
  for (size_t i = 0; i < p && !e->is_free; i++) {
    double along = 0;
    for (size_t b = 0; b < n; b++)
      along += r[i * n + b] * e->weights[b] * sqrt(levels[b] / e->freedoms[b]);
    for (size_t b = 0; b < n; b++)
      r[i * n + b] -= along / spread * e->weights[b] *
                      sqrt(levels[b] / e->freedoms[b]);
  }
  for (size_t i = 0; i < p; i++)
    for (size_t j = 0; j <= i; j++)
      for (size_t b = 0; b < n; b++)
        h[i * p + j] += 0.5 * e->weights[b] / e->freedoms[b] * r[i * n + b] *
                        r[j * n + b];
}

/* S = sum w_b^2 z_b / m_b. */
static double wishart_spread(const ensemble_t *e, const double *levels) {
  double spread = 0;
  for (size_t b = 0; b < e->num_blocks; b++)
    spread += e->weights[b] * e->weights[b] * levels[b] / e->freedoms[b];
  return spread;
}

/* z_b; the state has the radius, then Gammas that make up the direction. */
static void get_levels(double *levels, const double *state,
                       const ensemble_t *e) {
  double total = 0;
  for (size_t b = 0; b < e->num_blocks; b++) total += state[1 + b];
  for (size_t b = 0; b < e->num_blocks; b++)
    levels[b] = 2 * state[0] * (total > 0 ? state[1 + b] / total : 1) /
                e->freedoms[b];
}

static double wishart_hessian(ensemble_work_t *work, const double *state,
                              const ensemble_t *e, double t) {
  size_t p = e->num_parameters, n = e->num_blocks;
  double *h = work->hessian, z = 0, levels[n];
  cursor_t at = {state + e->num_levels, state + e->num_gammas};
  get_levels(levels, state, e);
  for (size_t b = 0; b < n; b++) z += e->weights[b] * levels[b];
  double spread = wishart_spread(e, levels);
  add_mixed(h, at.normals, p, 0.5 * sqrt(t * spread));
  at.normals += p * (p - 1) / 2;
  if (n > 1 || e->is_free) add_radial(work, e, levels, at.normals, spread);
  at.normals += p * n;
  for (size_t g = 0; g < e->num_grams; g++)
    add_gram(h, NULL, e, g, 0.5 * e->weights[g] / e->freedoms[g], &at);
  for (size_t i = 0; i < p; i++) h[i * p + i] -= 0.5 * t * z;
  return z;
}

/* Rows (a_i, b_i, u_i) of normals, scaled to length 1/2: u_i along the gradient's
   direction, 0 where it vanishes. H is in units of the mean offset m/D. */
static double finite_hessian(ensemble_work_t *work, const double *state,
                             const ensemble_t *e, double t) {
  size_t p = e->num_parameters;
  double *h = work->hessian, squares[p], d = e->dimension;
  double q = state[0] / (state[0] + state[1]), unit = d / e->freedoms[0];
  cursor_t at = {state + 2, state + e->num_gammas};
  const double *mixed = at.normals, *along = mixed + p * (p - 1) / 2;
  at.normals = along + p;
  for (size_t i = 0; i < p; i++) squares[i] = e->is_free ? along[i] * along[i] : 0;
  add_gram(h, squares, e, 0, 2 * (1 - t * q), &at);
  add_gram(h, squares, e, 1, -2 * t * q, &at);
  for (size_t i = 0; i < p; i++)
    for (size_t j = 0; j <= i; j++) {
      double *entry = h + i * p + j;
      if (e->is_free) *entry += 2 * (1 - 2 * t * q) * along[i] * along[j];
      *entry /= 4 * sqrt(squares[i] * squares[j]);
    }
  add_mixed(h, mixed, p, 0.5 * sqrt(t * q * (1 - t * q) / d));
  for (size_t i = 0; i < p * p; i++) h[i] *= unit;
  return q * unit;
}

static double exact_hessian(ensemble_work_t *work, const double *state,
                            const ensemble_t *e, double t) {
  size_t p = e->num_parameters;
  double q = state[0] / (state[0] + state[1]), unit = e->dimension / e->freedoms[0];
  haar_hessian_make(work->hessian, work->radial, state + 2, state + e->num_gammas, t * q,
                    &e->haar);
  for (size_t i = 0; i < p * p; i++) work->hessian[i] *= unit;
  return q * unit;
}

double ensemble_hessian(ensemble_work_t *work, const double *state,
                        const ensemble_t *e, double t) {
  size_t p = e->num_parameters;
  if (e->has_matrices)
    return matrix_hessian_make(work->hessian, &work->log_gradient, work->radial, state,
                               state + e->num_gammas, t, &e->matrices);
  if (e->is_exact) return exact_hessian(work, state, e, t);
  memset(work->hessian, 0, p * p * sizeof(double));
  return e->dimension > 0 ? finite_hessian(work, state, e, t)
                          : wishart_hessian(work, state, e, t);
}

/* log det of a symmetric matrix by Cholesky's factor, in place. */
static double log_det(double *h, size_t p) {
  double sum = 0;
  for (size_t i = 0; i < p; i++) {
    for (size_t j = 0; j < i; j++)
      h[i * p + j] =
          (h[i * p + j] - haar_hessian_dot(h + i * p, h + j * p, j)) / h[j * p + j];
    double square = h[i * p + i] - haar_hessian_dot(h + i * p, h + i * p, i);
    if (!(square > 0)) return -INFINITY;
    h[i * p + i] = sqrt(square);
    sum += log(square);
  }
  return sum;
}

/* log of the gradient's density at 0, less the powers that the law of the radius
   has taken. */
static double log_gradient(const ensemble_t *e, const double *state) {
  double p = (double)e->num_parameters;
  if (e->dimension > 0) {
    double rest = state[1] / (state[0] + state[1]);
    /* In units of the offset the gradient is D/m times larger. */
    return p * (e->log_density - (e->is_rest_tilted ? 0 : log(rest) / 2) -
                log(e->dimension / e->freedoms[0]));
  }
  double levels[e->num_blocks];
  get_levels(levels, state, e);
  return -p / 2 * log(2 * M_PI * wishart_spread(e, levels) / state[0]);
}

ensemble_value_t ensemble_value(const ensemble_t *e, const double *state,
                                double t, ensemble_work_t *work) {
  ensemble_value_t v;
  v.level = ensemble_hessian(work, state, e, t);
  v.log_gradient = e->has_matrices ? work->log_gradient : log_gradient(e, state);
  v.log_det = v.log_gradient > -INFINITY ? log_det(work->hessian, e->num_parameters)
                                         : -INFINITY;
  return v;
}
