/* haar_hessian.h - Hessians of one block at finite N, as they are.

   psi uniform on the sphere of F^N, F the real, complex or quaternionic numbers
   (beta = 1, 2, 4); O the projector on the first r coordinates, l = <psi|O|psi>; p gates
   exp(theta J_i/2) with independent Haar unitaries between, J_i^2 = -1, J_i* = -J_i and,
   for beta = 2, trace 0: what Pauli strings are. Each J_i, moved to the end, is an
   independent random conjugate. With e1, e0 the directions of psi's two parts, of
   weights q and 1 - q, all derivatives of second order depend on J_i at e1 and e0 only:
     a_i = J_i e1, b_i = J_i e0, y_i = sqrt(q) a_i + sqrt(1-q) b_i,
     gradient_i = sqrt(q(1-q)) Re <e1|b_i>,
     H_ij = 1/2 Re [ <y_i|O (sqrt(1-q) b_j)> - <y_i|(1-O) (sqrt(q) a_j)> ]   (i <= j,
   j the later gate). J at e1 is a e1 + sqrt(1-|a|^2) f, a imaginary with the density
   (1-|a|^2)^(beta (N-2)/4), f uniform on the sphere orthogonal to e1; that settles J on
   the span of e1 and f, and on what is orthogonal to it J is a random one of N - 2
   dimensions again, to be evaluated at one vector. N is even, at least 4.

   A vanishing gradient takes the real part of <e0|f>, nothing else.

   Layer: numeric; above random. */
#ifndef LIESCAPE_NUMERIC_HAAR_HESSIAN_H
#define LIESCAPE_NUMERIC_HAAR_HESSIAN_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
  size_t p, beta;
  double size;       /* N */
  size_t columns[2]; /* beside e1, and beside e0, that 2 p vectors are written in */
  double rooms[2];   /* r - 1, N - r - 1 */
  bool is_triangular[2]; /* M. S. Bartlett's factor: columns = 2 p <= rooms */
  bool is_free;
} haar_hessian_t;

/* False: N is odd or below 4, or no r. */
bool haar_hessian_init(haar_hessian_t *out, size_t p, size_t beta, double size,
                       double rank, bool is_free);
/* How many Gamma variates and normals a Hessian takes, and the shapes of the former. */
size_t haar_hessian_gammas(const haar_hessian_t *s);
size_t haar_hessian_normals(const haar_hessian_t *s);
void haar_hessian_shapes(double *shapes, const haar_hessian_t *s);
/* log of the density of Re <e1|b_i> at 0. */
double haar_hessian_log_density(const haar_hessian_t *s);
/* Doubles of room, and operations of one Hessian, roughly. */
size_t haar_hessian_room(const haar_hessian_t *s);
double haar_hessian_operations(const haar_hessian_t *s);
/* The inner product of vectors of length n. Four sums at a time: one would wait for each
   addition. */
static inline double haar_hessian_dot(const double *a, const double *b, size_t n) {
  double sum[4] = {0};
  size_t i = 0;
  for (; i + 4 <= n; i += 4)
    for (size_t k = 0; k < 4; k++) sum[k] += a[i + k] * b[i + k];
  for (; i < n; i++) sum[0] += a[i] * b[i];
  return (sum[0] + sum[2]) + (sum[1] + sum[3]);
}

/* Sets the lower triangle of h (p x p). */
void haar_hessian_make(double *h, double *room, const double *gammas,
                       const double *normals, double q, const haar_hessian_t *s);

#endif
