#include "numeric/judge/law.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>

#include "algebra/base/text.h"
#include "numeric/judge/law_orbit.h"
#include "numeric/machine/memory.h"
#include "numeric/machine/random.h"

status_t law_check(const verify_landscape_struct *l, char **message) {
  const char *wrong = NULL;
  for (size_t b = 0; b < l->num_blocks; b++) {
    const verify_block_struct *block = l->blocks + b;
    size_t total = 0;
    bool finite = isfinite(block->weight) && isfinite(block->beta);
    for (size_t i = 0; i < block->num_eigenvalues; i++) {
      total += block->multiplicities[i];
      finite = finite && isfinite(block->eigenvalues[i]);
      if (!block->multiplicities[i]) wrong = "a multiplicity of zero";
    }
    if (!finite || !isfinite(l->law_constant))
      wrong = "a number that is not finite";
    if (!(block->beta > 0)) wrong = "a field dimension beta that is not positive";
    if (!block->num_eigenvalues) wrong = "no eigenvalue";
    if (total != block->dimension)
      wrong = "multiplicities that do not add up to the dimension";
    if (!block->rank || block->rank > block->dimension)
      wrong = "a rank outside 1 .. dimension";
    if (block->rank > 1 && block->rank < block->dimension && block->beta != 1 &&
        block->beta != 2 && block->beta != 4)
      wrong = "a rank above 1 with beta other than 1, 2, 4";
  }
  for (size_t b = 0; b < l->num_orbits; b++)
    if (!law_orbit_is_valid(l->orbits + b))
      wrong = "an orbit of so(4), or a number that is not finite";
  if (!wrong) return STATUS_OK;
  *message = text_print("the claimed loss law has %s", wrong);
  return STATUS_BAD_INPUT;
}

static bool block_is_constant(double *value, const verify_block_struct *b) {
  bool equal = true;
  double mean = 0;
  for (size_t i = 0; i < b->num_eigenvalues; i++) {
    equal = equal && b->eigenvalues[i] == b->eigenvalues[0];
    mean += b->eigenvalues[i] * (double)b->multiplicities[i];
  }
  *value = b->weight * mean / (double)b->dimension;
  return equal || b->weight == 0 || b->rank == b->dimension;
}

bool law_is_constant(double *value, const verify_landscape_struct *l) {
  double part;
  *value = l->law_constant;
  for (size_t b = 0; b < l->num_blocks; b++) {
    if (!block_is_constant(&part, l->blocks + b)) return false;
    *value += part;
  }
  for (size_t b = 0; b < l->num_orbits; b++)
    if (!law_orbit_is_constant(l->orbits + b)) return false;
  return true;
}

bool law_is_beta(law_beta_t *law, const verify_landscape_struct *l) {
  const verify_block_struct *random = NULL;
  double shift = l->law_constant, part;
  if (l->num_orbits) return false;
  for (size_t b = 0; b < l->num_blocks; b++) {
    if (block_is_constant(&part, l->blocks + b)) {
      shift += part;
    } else {
      if (random) return false;
      random = l->blocks + b;
    }
  }
  if (!random || random->rank != 1 || random->num_eigenvalues != 2)
    return false;
  double first = random->weight * random->eigenvalues[0];
  double second = random->weight * random->eigenvalues[1];
  double shapes[2];
  for (int i = 0; i < 2; i++)
    shapes[i] = random->beta * (double)random->multiplicities[i] / 2;
  bool swap = second < first;
  law->low = shift + (swap ? second : first);
  law->high = shift + (swap ? first : second);
  law->alpha = shapes[swap ? 0 : 1]; /* of the weight on the high eigenvalue */
  law->beta = shapes[swap ? 1 : 0];
  return true;
}

/* --- samples ------------------------------------------------------------------- */

/* Rows of the reduced frame for one group. */
static size_t group_rows(size_t multiplicity, size_t rank) {
  return multiplicity < rank ? multiplicity : rank;
}

static size_t block_rows(const verify_block_struct *b) {
  size_t rows = 0;
  for (size_t i = 0; i < b->num_eigenvalues; i++)
    rows += group_rows(b->multiplicities[i], b->rank);
  return rows;
}

double law_cost(const verify_landscape_struct *l) {
  double cost = 0, value;
  for (size_t j = 0; j < l->num_blocks; j++) {
    const verify_block_struct *b = l->blocks + j;
    if (block_is_constant(&value, b)) continue;
    double s = (double)b->rank, rows = (double)block_rows(b);
    cost += b->rank == 1 ? 200 * rows : 200 * rows * s + 32 * rows * s * s;
  }
  for (size_t j = 0; j < l->num_orbits; j++)
    cost += law_orbit_cost(l->orbits + j);
  return cost;
}

static double sample_pure(const verify_block_struct *b, random_stream_t *r) {
  double total = 0, value = 0;
  for (size_t i = 0; i < b->num_eigenvalues; i++) {
    double g = random_gamma(r, b->beta * (double)b->multiplicities[i] / 2);
    total += g;
    value += b->eigenvalues[i] * g;
  }
  return b->weight * value / total;
}

/* A quaternion a + b j as the 2 x 2 block [[a, b], [-conj b, conj a]]; real and
   complex numbers are 1 x 1. cells: that side. */
static void put_gaussian(double complex *f, size_t ld, size_t row, size_t col,
                         double beta, random_stream_t *r) {
  double a = random_normal(r);
  if (beta == 1) {
    f[row * ld + col] = a;
    return;
  }
  double complex first = a + I * random_normal(r);
  if (beta == 2) {
    f[row * ld + col] = first;
    return;
  }
  double complex second = random_normal(r) + I * 0.0;
  second += I * random_normal(r);
  double complex *top = f + 2 * row * ld + 2 * col;
  top[0] = first;
  top[1] = second;
  top[ld] = -conj(second);
  top[ld + 1] = conj(first);
}

static void put_real(double complex *f, size_t ld, size_t row, size_t col,
                     double beta, double value) {
  size_t cells = beta == 4 ? 2 : 1;
  for (size_t i = 0; i < cells; i++)
    for (size_t j = 0; j < cells; j++)
      f[(cells * row + i) * ld + cells * col + j] = i == j ? value : 0;
}

/* Rows of one group of m equal eigenvalues, from row `at`: m Gaussian rows, or
   the triangle with the same Gram matrix in law: the Cholesky factor R of a
   Wishart matrix R^+ R has |R_ii|^2 ~ chi^2(beta (m - i)), Gaussians above. */
static size_t put_group(double complex *f, size_t ld, size_t at, size_t m,
                        size_t s, double beta, random_stream_t *r) {
  size_t rows = group_rows(m, s);
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < s; j++) {
      if (m < s || j > i)
        put_gaussian(f, ld, at + i, j, beta, r);
      else if (j < i)
        put_real(f, ld, at + i, j, beta, 0);
      else
        put_real(f, ld, at + i, j, beta,
                 sqrt(2 * random_gamma(r, beta * (double)(m - i) / 2)));
    }
  return rows;
}

/* Orthonormal columns by modified Gram-Schmidt, twice (for quaternions the
   column pairs u, J u are orthogonal of themselves). */
static void orthonormalise(double complex *f, size_t rows, size_t cols) {
  for (size_t j = 0; j < cols; j++) {
    for (int pass = 0; pass < 2; pass++)
      for (size_t k = 0; k < j; k++) {
        double complex dot = 0;
        for (size_t i = 0; i < rows; i++)
          dot += conj(f[i * cols + k]) * f[i * cols + j];
        for (size_t i = 0; i < rows; i++)
          f[i * cols + j] -= dot * f[i * cols + k];
      }
    double norm = 0;
    for (size_t i = 0; i < rows; i++) {
      double complex v = f[i * cols + j];
      norm += creal(v) * creal(v) + cimag(v) * cimag(v);
    }
    for (size_t i = 0; i < rows; i++) f[i * cols + j] /= sqrt(norm);
  }
}

static double sample_mixed(const verify_block_struct *b, random_stream_t *r,
                           double complex *f) {
  size_t cells = b->beta == 4 ? 2 : 1, s = b->rank, cols = cells * s, at = 0;
  for (size_t g = 0; g < b->num_eigenvalues; g++)
    at += put_group(f, cols, at, b->multiplicities[g], s, b->beta, r);
  orthonormalise(f, cells * at, cols);
  double value = 0;
  size_t row = 0;
  for (size_t g = 0; g < b->num_eigenvalues; g++) {
    size_t end = row + cells * group_rows(b->multiplicities[g], s);
    double mass = 0;
    for (; row < end; row++)
      for (size_t j = 0; j < cols; j++) {
        double complex v = f[row * cols + j];
        mass += creal(v) * creal(v) + cimag(v) * cimag(v);
      }
    value += b->eigenvalues[g] * mass;
  }
  return b->weight * value / (double)cols;
}

void law_sample(double *out, size_t count, const verify_landscape_struct *l,
                uint64_t seed, uint64_t purpose, int num_threads) {
  size_t room = 1;
  for (size_t j = 0; j < l->num_blocks; j++) {
    const verify_block_struct *b = l->blocks + j;
    size_t need = 4 * block_rows(b) * b->rank;
    if (b->rank > 1 && need > room) room = need;
  }
  for (size_t j = 0; j < l->num_orbits; j++)
    if (law_orbit_room(l->orbits + j) > room)
      room = law_orbit_room(l->orbits + j);
#pragma omp parallel num_threads(num_threads) if (num_threads > 1)
  {
    double complex *f = memory_get(room, sizeof *f);
#pragma omp for schedule(static)
    for (size_t i = 0; i < count; i++) {
      random_stream_t stream;
      double value, sum = l->law_constant;
      random_stream_init(&stream, seed, purpose, i);
      for (size_t j = 0; j < l->num_blocks; j++) {
        const verify_block_struct *b = l->blocks + j;
        if (!block_is_constant(&value, b))
          value = b->rank == 1 ? sample_pure(b, &stream)
                               : sample_mixed(b, &stream, f);
        sum += value;
      }
      for (size_t j = 0; j < l->num_orbits; j++)
        sum += law_orbit_sample(l->orbits + j, &stream, (double *)f);
      out[i] = sum;
    }
    free(f);
  }
}
