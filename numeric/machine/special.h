/* special.h - distribution functions and test statistics.

   Layer: numeric; no state. */
#ifndef LIESCAPE_NUMERIC_SPECIAL_H
#define LIESCAPE_NUMERIC_SPECIAL_H

#include <stddef.h>

/* P(|N(0,1)| >= |t|). */
double special_normal_two_sided(double t);

/* Regularised incomplete beta function I_x(a,b), a, b > 0: the continued
   fraction of DLMF 8.17.22, evaluated by Lentz's method on the side where it
   converges fast. Relative error about 1e-13 for a, b up to 1e3, 1e-10 up to
   1e6. */
double special_beta_cdf(double x, double a, double b);

/* Regularised incomplete gamma function P(a, x), a > 0: the series of DLMF 8.7.1 below
   a + 1, else the continued fraction 8.9.2 by Lentz's method. Relative error of the
   smaller of P and 1 - P about 1e-12 for a up to 1e4. */
double special_gamma_cdf(double x, double a);

/* Kolmogorov-Smirnov, one sample: D = sup |F_n - F| for the sorted values of F
   at the sample. */
double special_ks_distance(const double *sorted_cdf, size_t count);
/* P(D_n >= d): 2 P(D+_n >= d), the one-sided probability from the exact
   finite sum of Z. W. Birnbaum and F. H. Tingey (1951). It exceeds the
   two-sided probability by P(both sides) only, which is below the square of
   it: an upper bound, exact to 1e-3 relative where p < 1e-3. Cost O(n). */
double special_ks_p_value(double d, size_t count);

/* Two samples, both sorted: D, the least that it can be when every value of a may be
   off by tol, and P(D >= d) from Kolmogorov's limit
   2 sum_k (-1)^(k-1) exp(-2 k^2 t^2) at t = (s + 0.12 + 0.11/s) d,
   s^2 = n m/(n + m) (M. A. Stephens 1970). */
double special_ks2_distance(const double *a, size_t n, const double *b,
                            size_t m, double tol);
double special_ks2_p_value(double d, size_t n, size_t m);

/* Two-sided p value of "the mean of Y is mu" from the sample's mean,
   variance and third central moment: Student's statistic with its skewness
   taken out by P. Hall's monotone transformation (1992), then a normal tail.
   Correct to order 1/n for skew Y such as squares of losses. */
double special_mean_p_value(double mean, double variance, double third,
                            size_t count, double mu);

/* holds[i] = p[i] is not rejected by Holm's step-down procedure (1979) at
   family-wise error alpha. */
void special_holm(_Bool *holds, const double *p, size_t count, double alpha);

#endif
