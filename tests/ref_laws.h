/* ref_laws.h - samples of Tr(P U* O U)/s by Gram-Schmidt over the reals,
   complex numbers or quaternions: the reference of the laws. Floating point,
   shares no code with the library. */
#ifndef LIESCAPE_TESTS_REF_LAWS_H
#define LIESCAPE_TESTS_REF_LAWS_H

#include <stddef.h>

double ref_normal(void);
/* Gamma(shape, 1) with 2 shape a positive integer. */
double ref_gamma_half(long twice_shape);

/* out += conj(a) b for quaternions 1, i, j, k. */
void ref_conj_mul(double *out, const double *a, const double *b);

/* One sample; eigenvalues[n]; beta 1, 2 or 4. O(n s^2). */
double ref_haar_sample(int beta, size_t n, size_t s, const double *eigenvalues);

typedef struct {
  double mean, variance, third, fourth;         /* central */
  double mean_error, variance_error, third_error, fourth_error; /* one sigma */
} ref_moments_t;
void ref_sample_moments(ref_moments_t *m, const double *samples, size_t count);

#endif
