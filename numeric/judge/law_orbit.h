/* law_orbit.h - losses of observables in the Lie algebra: one inner product on an
   adjoint orbit for each simple ideal. See verify_orbit_struct for the law.

   m = 3 (su(2)): w u, w = |b s|, u uniform on [-1, 1]. m >= 5: with B the sum of
   b_k (x_2k y_2k+1 - y_2k x_2k+1) and random orthonormal vectors u_k, v_k of R^m,
       sum_k b_k u_k^T S v_k
   by Gram and Schmidt on Gaussian vectors; B is the one of the two with fewer
   numbers that are not 0. Unitary: the same with vectors u_k of C^m,
       sum_k (a_k - a) sum_j b_j |u_kj|^2,
   a the number that occurs most often, A the one of the two where it does so more.

   Layer: numeric. */
#ifndef LIESCAPE_NUMERIC_LAW_ORBIT_H
#define LIESCAPE_NUMERIC_LAW_ORBIT_H

#include <stdbool.h>

#include "numeric/judge/verify_types.h"
#include "numeric/machine/random.h"

bool law_orbit_is_valid(const verify_orbit_struct *orbit);
bool law_orbit_is_constant(const verify_orbit_struct *orbit);
/* Operations, and numbers of room, for one sample. */
double law_orbit_cost(const verify_orbit_struct *orbit);
size_t law_orbit_room(const verify_orbit_struct *orbit);
double law_orbit_sample(const verify_orbit_struct *orbit,
                        random_stream_t *stream, double *room);

/* A constant plus a sum of uniform variables: its distribution function, as the
   piecewise polynomial for few of them, else as a Fourier series over a period that
   the law fills. */
typedef struct {
  double centre, reach; /* the law lives on centre +- reach */
  size_t count;
  double *widths;
  size_t num_terms; /* of the series, 0: the polynomial */
  double *terms;
} law_uniforms_t;
/* False: another law, or one that the series does not resolve to 1e-10. */
bool law_uniforms_init(law_uniforms_t *law,
                       const verify_landscape_struct *landscape);
void law_uniforms_clear(law_uniforms_t *law);
double law_uniforms_cdf(const law_uniforms_t *law, double x);

#endif
