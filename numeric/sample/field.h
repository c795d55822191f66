/* field.h - real, complex and quaternionic numbers, and vectors of them.

   A number is a quaternion x0 + x1 i + x2 j + x3 k whatever beta = 1, 2, 4 is; the last
   4 - beta parts are 0. A vector of F^n is n times beta doubles. Numbers multiply vectors
   from the right, matrices from the left: <u|v c> = <u|v> c.

   Layer: numeric; private to the room. */
#ifndef LIESCAPE_NUMERIC_FIELD_H
#define LIESCAPE_NUMERIC_FIELD_H

#include <stddef.h>

typedef struct {
  double x[4];
} number_t;

static inline number_t times(number_t a, number_t b) {
  const double *x = a.x, *y = b.x;
  return (number_t){{x[0] * y[0] - x[1] * y[1] - x[2] * y[2] - x[3] * y[3],
                     x[0] * y[1] + x[1] * y[0] + x[2] * y[3] - x[3] * y[2],
                     x[0] * y[2] - x[1] * y[3] + x[2] * y[0] + x[3] * y[1],
                     x[0] * y[3] + x[1] * y[2] - x[2] * y[1] + x[3] * y[0]}};
}

static inline number_t conjugate(number_t a) {
  return (number_t){{a.x[0], -a.x[1], -a.x[2], -a.x[3]}};
}

/* a + c b */
static inline number_t add(number_t a, double c, number_t b) {
  for (size_t k = 0; k < 4; k++) a.x[k] += c * b.x[k];
  return a;
}

static inline number_t scaled(double c, number_t a) { return add((number_t){{0}}, c, a); }

static inline double norm2(number_t a) {
  double sum = 0;
  for (size_t k = 0; k < 4; k++) sum += a.x[k] * a.x[k];
  return sum;
}

static inline number_t get(const double *from, size_t beta) {
  number_t a = {{0}};
  for (size_t k = 0; k < beta; k++) a.x[k] = from[k];
  return a;
}

static inline void put(double *to, number_t a, size_t beta) {
  for (size_t k = 0; k < beta; k++) to[k] = a.x[k];
}

/* <u|v> */
static inline number_t field_dot(const double *u, const double *v, size_t n, size_t beta) {
  number_t sum = {{0}};
  double *s = sum.x;
  if (beta == 1) {
    for (size_t i = 0; i < n; i++) s[0] += u[i] * v[i];
  } else if (beta == 2) {
    for (size_t i = 0; i < 2 * n; i += 2) {
      s[0] += u[i] * v[i] + u[i + 1] * v[i + 1];
      s[1] += u[i] * v[i + 1] - u[i + 1] * v[i];
    }
  } else {
    for (size_t i = 0; i < 4 * n; i += 4)
      sum = add(sum, 1, times(conjugate(get(u + i, 4)), get(v + i, 4)));
  }
  return sum;
}

/* v += u c */
static inline void field_add(double *v, const double *u, number_t c, size_t n, size_t beta) {
  const double *x = c.x;
  if (beta == 1) {
    for (size_t i = 0; i < n; i++) v[i] += u[i] * x[0];
  } else if (beta == 2) {
    for (size_t i = 0; i < 2 * n; i += 2) {
      v[i] += u[i] * x[0] - u[i + 1] * x[1];
      v[i + 1] += u[i] * x[1] + u[i + 1] * x[0];
    }
  } else {
    for (size_t i = 0; i < 4 * n; i += 4)
      put(v + i, add(get(v + i, 4), 1, times(get(u + i, 4), c)), 4);
  }
}

#endif
