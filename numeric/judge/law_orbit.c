#include "numeric/judge/law_orbit.h"

#include <math.h>
#include <stdlib.h>

#include "numeric/machine/memory.h"

enum { MOST_TERMS = 20000, MOST_SIGNS = 6 };

/* --- one orbit --------------------------------------------------------------------- */

static size_t orbit_rank(const verify_orbit_struct *o) {
  return o->unitary ? o->modes : o->modes / 2;
}

bool law_orbit_is_valid(const verify_orbit_struct *o) {
  bool valid = o->unitary ? o->modes > 1 : o->modes == 3 || o->modes >= 5;
  for (size_t k = 0; k < orbit_rank(o) && valid; k++)
    valid = isfinite(o->observable[k]) && isfinite(o->state[k]);
  return valid;
}

static size_t count_nonzero(const double *list, size_t length) {
  size_t count = 0;
  for (size_t k = 0; k < length; k++) count += list[k] != 0;
  return count;
}

/* How often the most frequent number occurs, and which it is. */
static size_t most_frequent(double *number, const double *list, size_t length) {
  size_t most = 0;
  for (size_t k = 0; k < length; k++) {
    size_t count = 0;
    for (size_t i = 0; i < length; i++) count += list[i] == list[k];
    if (count <= most) continue;
    most = count;
    *number = list[k];
  }
  return most;
}

bool law_orbit_is_constant(const verify_orbit_struct *o) {
  size_t rank = o->modes / 2;
  double any;
  if (o->unitary)
    return most_frequent(&any, o->observable, o->modes) == o->modes ||
           most_frequent(&any, o->state, o->modes) == o->modes;
  return !count_nonzero(o->observable, rank) || !count_nonzero(o->state, rank);
}

/* Vectors of C^m that a sample draws. */
static size_t num_vectors(const verify_orbit_struct *o) {
  double any;
  size_t a = most_frequent(&any, o->observable, o->modes);
  size_t b = most_frequent(&any, o->state, o->modes);
  return o->modes - (a > b ? a : b);
}

/* Pairs of vectors that a sample draws. */
static size_t num_pairs(const verify_orbit_struct *o) {
  size_t a = count_nonzero(o->observable, o->modes / 2);
  size_t b = count_nonzero(o->state, o->modes / 2);
  return a < b ? a : b;
}

double law_orbit_cost(const verify_orbit_struct *o) {
  double m = (double)o->modes, n = o->unitary ? 0 : 2 * (double)num_pairs(o);
  if (o->unitary) {
    n = (double)num_vectors(o);
    return n * m * (120 + 16 * n) + 4 * m * m;
  }
  if (o->modes == 3) return 10;
  return n * m * (60 + 4 * n) + (n == m ? m * m * m : 0);
}

size_t law_orbit_room(const verify_orbit_struct *o) {
  if (o->unitary) return 2 * o->modes * num_vectors(o);
  return o->modes * (2 * num_pairs(o) + o->modes);
}

static double dot(const double *u, const double *v, size_t m) {
  double sum = 0;
  for (size_t i = 0; i < m; i++) sum += u[i] * v[i];
  return sum;
}

/* Orthonormal rows from Gaussian ones, twice. */
static void orthonormal_rows(double *rows, size_t count, size_t m,
                             random_stream_t *stream) {
  for (size_t j = 0; j < count; j++) {
    double *row = rows + j * m;
    for (size_t i = 0; i < m; i++) row[i] = random_normal(stream);
    for (int pass = 0; pass < 2; pass++)
      for (size_t k = 0; k < j; k++) {
        double c = dot(row, rows + k * m, m);
        for (size_t i = 0; i < m; i++) row[i] -= c * rows[k * m + i];
      }
    double norm = sqrt(dot(row, row, m));
    for (size_t i = 0; i < m; i++) row[i] /= norm;
  }
}

/* Sign of the determinant of an orthogonal matrix; work: m x m numbers. */
static double orientation_of(const double *rows, size_t m, double *work) {
  double sign = 1;
  for (size_t i = 0; i < m * m; i++) work[i] = rows[i];
  for (size_t k = 0; k < m; k++) {
    size_t pivot = k;
    for (size_t i = k + 1; i < m; i++)
      if (fabs(work[i * m + k]) > fabs(work[pivot * m + k])) pivot = i;
    if (pivot != k) sign = -sign;
    for (size_t j = 0; j < m && pivot != k; j++) {
      double t = work[k * m + j];
      work[k * m + j] = work[pivot * m + j];
      work[pivot * m + j] = t;
    }
    if (work[k * m + k] < 0) sign = -sign;
    for (size_t i = k + 1; i < m; i++) {
      double factor = work[i * m + k] / work[k * m + k];
      for (size_t j = k; j < m; j++)
        work[i * m + j] -= factor * work[k * m + j];
    }
  }
  return sign;
}

/* u^T S v, S the blocks of s. */
static double pairing(const double *u, const double *v, const double *s,
                      size_t rank) {
  double sum = 0;
  for (size_t i = 0; i < rank; i++)
    sum += s[i] * (u[2 * i] * v[2 * i + 1] - u[2 * i + 1] * v[2 * i]);
  return sum;
}

/* Orthonormal rows of C^m, real and imaginary parts in turn. */
static void unitary_rows(double *rows, size_t count, size_t m, random_stream_t *stream) {
  for (size_t j = 0; j < count; j++) {
    double *row = rows + 2 * j * m;
    for (size_t i = 0; i < 2 * m; i++) row[i] = random_normal(stream);
    for (int pass = 0; pass < 2; pass++)
      for (size_t k = 0; k < j; k++) {
        const double *other = rows + 2 * k * m;
        double re = dot(other, row, 2 * m), im = 0;
        for (size_t i = 0; i < 2 * m; i += 2)
          im += other[i] * row[i + 1] - other[i + 1] * row[i];
        for (size_t i = 0; i < 2 * m; i += 2) {
          row[i] -= re * other[i] - im * other[i + 1];
          row[i + 1] -= re * other[i + 1] + im * other[i];
        }
      }
    double norm = sqrt(dot(row, row, 2 * m));
    for (size_t i = 0; i < 2 * m; i++) row[i] /= norm;
  }
}

static double sum_of(const double *list, size_t length) {
  double sum = 0;
  for (size_t k = 0; k < length; k++) sum += list[k];
  return sum;
}

static double sample_unitary(const verify_orbit_struct *o, random_stream_t *stream,
                             double *room) {
  size_t m = o->modes, at = 0;
  double common = 0, other = 0;
  bool swap = most_frequent(&other, o->state, m) > most_frequent(&common, o->observable, m);
  const double *a = swap ? o->state : o->observable;
  const double *b = swap ? o->observable : o->state;
  if (swap) common = other;
  double shift = common - sum_of(a, m) / (double)m, value = shift * sum_of(b, m);
  unitary_rows(room, num_vectors(o), m, stream);
  for (size_t k = 0; k < m; k++) {
    if (a[k] == common) continue;
    const double *row = room + 2 * m * at++;
    for (size_t i = 0; i < m; i++)
      value += (a[k] - common) * b[i] *
               (row[2 * i] * row[2 * i] + row[2 * i + 1] * row[2 * i + 1]);
  }
  return value;
}

double law_orbit_sample(const verify_orbit_struct *o, random_stream_t *stream,
                        double *room) {
  if (law_orbit_is_constant(o)) return 0;
  if (o->unitary) return sample_unitary(o, stream, room);
  size_t m = o->modes, rank = m / 2, pairs = num_pairs(o), at = 0;
  if (m == 3)
    return o->observable[0] * o->state[0] * (2 * random_uniform(stream) - 1);
  bool swap = count_nonzero(o->observable, rank) > pairs;
  const double *b = swap ? o->state : o->observable;
  const double *s = swap ? o->observable : o->state;
  orthonormal_rows(room, 2 * pairs, m, stream);
  double value = 0, sign = 1;
  if (2 * pairs == m && o->orientation)
    sign = o->orientation * orientation_of(room, m, room + 2 * pairs * m);
  for (size_t k = 0; k < rank; k++) {
    if (b[k] == 0) continue;
    /* A reflection of the last vector turns the frame round. */
    double turn = at + 1 == pairs ? sign : 1;
    value += turn * b[k] * pairing(room + 2 * at * m, room + (2 * at + 1) * m, s,
                                   rank);
    at++;
  }
  return value;
}

/* --- sums of uniforms ------------------------------------------------------------------ */

static double sinc(double x) { return x == 0 ? 1 : sin(x) / x; }

/* terms[k-1] = prod sinc(k pi w / reach) / (pi k), until what follows is small. */
static bool set_series(law_uniforms_t *law) {
  size_t room = 64;
  law->terms = memory_get(room, sizeof *law->terms);
  for (size_t k = 1; k <= MOST_TERMS; k++) {
    double term = 1 / (M_PI * (double)k), bound = 1;
    size_t below = 0;
    for (size_t i = 0; i < law->count; i++) {
      double t = (double)k * M_PI * law->widths[i] / law->reach;
      term *= sinc(t);
      if (t > 1) {
        bound /= t;
        below++;
      }
    }
    if (k > room) {
      room *= 2;
      law->terms = memory_resize(law->terms, room, sizeof *law->terms);
    }
    law->terms[k - 1] = term;
    law->num_terms = k;
    if (below && bound / (3 * (double)below) < 1e-10) return true;
  }
  return false;
}

bool law_uniforms_init(law_uniforms_t *law, const verify_landscape_struct *l) {
  double part;
  *law = (law_uniforms_t){.centre = l->law_constant};
  if (!l->num_orbits || l->num_blocks) return false;
  law->widths = memory_get(l->num_orbits, sizeof *law->widths);
  for (size_t i = 0; i < l->num_orbits; i++) {
    const verify_orbit_struct *o = l->orbits + i;
    if (law_orbit_is_constant(o)) continue;
    if (o->modes != 3 || o->unitary) {
      law_uniforms_clear(law);
      return false;
    }
    part = fabs(o->observable[0] * o->state[0]);
    law->widths[law->count++] = part;
    law->reach += part;
  }
  double least = INFINITY;
  for (size_t i = 0; i < law->count; i++) least = fmin(least, law->widths[i]);
  bool few = law->count && law->count <= MOST_SIGNS &&
             least > law->reach * (law->count > 2 ? 1e-2 : 1e-6);
  if (few || (law->count > 1 && set_series(law))) {
    if (few) law->num_terms = 0;
    return true;
  }
  law_uniforms_clear(law);
  return false;
}

void law_uniforms_clear(law_uniforms_t *law) {
  free(law->widths);
  free(law->terms);
  *law = (law_uniforms_t){0};
}

/* sum over signs of prod(e) (x + sum e_i w_i)_+^n / (2^n n! prod w). */
static double polynomial_cdf(const law_uniforms_t *law, double x) {
  double sum = 0, scale = 1;
  for (size_t signs = 0; signs >> law->count == 0; signs++) {
    double at = x;
    for (size_t i = 0; i < law->count; i++)
      at += signs >> i & 1 ? -law->widths[i] : law->widths[i];
    if (at > 0)
      sum += (__builtin_parityll(signs) ? -1 : 1) * pow(at, (double)law->count);
  }
  for (size_t i = 0; i < law->count; i++)
    scale *= 2 * (double)(i + 1) * law->widths[i];
  return fmin(1, fmax(0, sum / scale));
}

double law_uniforms_cdf(const law_uniforms_t *law, double x) {
  x -= law->centre;
  if (x <= -law->reach) return 0;
  if (x >= law->reach) return 1;
  if (!law->num_terms) return polynomial_cdf(law, x);
  double t = M_PI * x / law->reach, sum = 0.5 + x / (2 * law->reach);
  /* sin(k t) by Chebyshev's recurrence. */
  double before = 0, now = sin(t), twice = 2 * cos(t);
  for (size_t k = 0; k < law->num_terms; k++) {
    sum += law->terms[k] * now;
    double next = twice * now - before;
    before = now;
    now = next;
  }
  return fmin(1, fmax(0, sum));
}
