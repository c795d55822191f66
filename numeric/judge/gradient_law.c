#include "numeric/judge/gradient_law.h"

#include <math.h>

#include "numeric/machine/random.h"

/* Mean and variance of the eigenvalues, and the least. */
typedef struct {
  double mean, variance, least;
} eigen_t;

static eigen_t eigen(const verify_block_struct *b) {
  eigen_t e = {0, 0, b->eigenvalues[0]};
  double n = (double)b->dimension;
  for (size_t i = 0; i < b->num_eigenvalues; i++) {
    e.mean += b->eigenvalues[i] * (double)b->multiplicities[i] / n;
    e.least = fmin(e.least, b->eigenvalues[i]);
  }
  for (size_t i = 0; i < b->num_eigenvalues; i++) {
    double d = b->eigenvalues[i] - e.mean;
    e.variance += d * d * (double)b->multiplicities[i] / n;
  }
  return e;
}

static bool is_constant(const verify_block_struct *b) {
  return b->num_eigenvalues == 1 || b->weight == 0 || b->rank == b->dimension;
}

static bool is_spin(const verify_block_struct *b) { return b->dimension == 2; }

bool gradient_law_exists(double *variance, const verify_landscape_struct *l) {
  *variance = 0;
  if (!l->has_law || l->num_orbits) return false;
  for (size_t i = 0; i < l->num_blocks; i++) {
    const verify_block_struct *b = l->blocks + i;
    if (is_constant(b)) continue;
    double n = (double)b->dimension, rest = 1; /* E(1 - |q|^2) */
    bool field = b->beta == 1 || b->beta == 2 || b->beta == 4;
    if (b->rank != 1 || (!field && !is_spin(b))) return false;
    if (!is_spin(b) && b->beta == 2 && b->dimension % 2) return false;
    if (b->beta == 2) rest = n / (n + 1);
    if (b->beta == 4) rest = (2 * n - 2) / (2 * n + 1);
    double each = eigen(b).variance * b->weight * b->weight;
    if (is_spin(b)) /* E[R^2] = 2/m each, E[sin^2] = 1/2 */
      *variance += each * 2 / ((b->beta + 1) * (b->beta + 1));
    else
      *variance += each * rest * (n / 2) / ((1 + b->beta * n / 2) * (n - 1));
  }
  return *variance > 0;
}

double gradient_law_cost(const verify_landscape_struct *l) {
  double cost = 0;
  for (size_t i = 0; i < l->num_blocks; i++)
    cost += 150 * (double)(1 + l->blocks[i].num_eigenvalues);
  return cost;
}

/* 1 - |q|^2. */
static double draw_rest(random_stream_t *stream, const verify_block_struct *b) {
  double n = (double)b->dimension;
  if (b->beta == 2) {
    double up = random_gamma(stream, n / 2), down = random_gamma(stream, n / 2);
    return 4 * up * down / ((up + down) * (up + down));
  }
  if (b->beta != 4) return 1;
  /* Bartlett: T lower triangular, W = T T^+; |T_11|^2, |T_22|^2, |T_21|^2. */
  double first = random_gamma(stream, n), second = random_gamma(stream, n - 1),
         off = random_gamma(stream, 1), trace = first + second + off;
  return 4 * first * second / (trace * trace);
}

/* Re(psi^+ O chi): psi and chi from two Gaussian columns f, g by Gram and
   Schmidt, group by group of equal eigenvalues. In a group only |f|^2, the
   beta real numbers f^+ g/|f| and what else there is of |g|^2 matter. */
static double draw_bracket(random_stream_t *stream,
                           const verify_block_struct *b) {
  double norm_f = 0, norm_g = 0, overlap[4] = {0}, of = 0, real = 0;
  int beta = (int)b->beta;
  for (size_t i = 0; i < b->num_eigenvalues; i++) {
    double o = b->eigenvalues[i], m = (double)b->multiplicities[i];
    double f = 2 * random_gamma(stream, b->beta * m / 2);
    if (m > 1) norm_g += 2 * random_gamma(stream, b->beta * (m - 1) / 2);
    norm_f += f;
    of += o * f;
    for (int k = 0; k < beta; k++) {
      double g = random_normal(stream);
      norm_g += g * g;
      overlap[k] += sqrt(f) * g;
      if (k == 0) real += o * sqrt(f) * g;
    }
  }
  for (int k = 0; k < beta; k++) norm_g -= overlap[k] * overlap[k] / norm_f;
  return (real - of * overlap[0] / norm_f) / sqrt(norm_f * norm_g);
}

static double draw_radius(random_stream_t *stream, double m) {
  double rest = m > 2 ? random_gamma(stream, (m - 2) / 2) : 0;
  double pair = random_gamma(stream, 1);
  return sqrt(pair / (pair + rest));
}

static double draw_block(random_stream_t *stream, const verify_block_struct *b) {
  if (!is_spin(b))
    return b->weight * sqrt(draw_rest(stream, b)) * draw_bracket(stream, b);
  double m = b->beta + 1;
  double size = fabs(b->eigenvalues[1] - b->eigenvalues[0]) / 2;
  double radii = draw_radius(stream, m) * draw_radius(stream, m);
  return b->weight * size * radii * sin(2 * M_PI * random_uniform(stream));
}

/* sum_(i<=k) x_i y_i = sqrt(chi^2_k) times a normal variate. */
static double draw_asymptotic(random_stream_t *stream,
                              const verify_block_struct *b) {
  eigen_t e = eigen(b);
  double above = e.mean - e.least, n = (double)b->dimension;
  double r = n * above * above / (above * above + e.variance);
  double k = b->beta * ceil(r - 1e-9 * r);
  double normal = random_normal(stream);
  return b->weight * above / k * sqrt(2 * random_gamma(stream, k / 2)) * normal;
}

void gradient_law_sample(double *out, size_t count,
                         const verify_landscape_struct *l, bool asymptotic,
                         uint64_t seed, uint64_t purpose, int num_threads) {
#pragma omp parallel for schedule(static) num_threads(num_threads > 0 ? num_threads : 1)
  for (size_t i = 0; i < count; i++) {
    random_stream_t stream;
    random_stream_init(&stream, seed, purpose, i);
    out[i] = 0;
    for (size_t k = 0; k < l->num_blocks; k++) {
      const verify_block_struct *b = l->blocks + k;
      if (is_constant(b)) continue;
      out[i] += asymptotic ? draw_asymptotic(&stream, b) : draw_block(&stream, b);
    }
  }
}
