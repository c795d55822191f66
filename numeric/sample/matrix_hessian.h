/* matrix_hessian.h - Hessians of several blocks of any spectrum and rank, as they are.

   On block b: Psi, N x s, uniform on the isometries F^s -> F^N, F the real, complex or
   quaternionic numbers (beta = 1, 2, 4); O diagonal;
     l = sum_b w_b/s_b tr(Psi* O Psi)  (blocks of their own; a projector of rank s > N/2
   is the identity less one of rank N - s, with -O for O). Gates exp(theta J_i/2) on all
   blocks of their group, independent unitaries between, J_i^2 = -1, J_i* = -J_i on every
   one of these and, for beta = 2, trace 0: what Pauli strings are. Each J_i, moved to the
   end, is an independent random conjugate. In the units of one block,
     gradient_i = w/s Re tr((O Psi)* J_i Psi),
     H_ij = w/(2 s) Re tr[ (J_j Psi)* O J_i Psi - (J_j O Psi)* J_i Psi ]   (i <= j, j the
   later gate). With O Psi = Psi L + Q T, Q of s orthonormal columns orthogonal to Psi, all
   of it depends on J at the 2 s columns of E = (Psi Q) only. Let X be a uniform isometry
   F^2s -> F^N and J_0 one fixed J; then, F uniform among the isometries into what is
   orthogonal to E,
     J E = E M + F R,  M = X* J_0 X,  R* R = 1 - M* M.

   A vanishing gradient, sum over the blocks of w/s Re tr(T* Q* J Psi) = 0: given J at all
   columns but one column q of one Q (where w/s times |row of T| is greatest), q is uniform
   on the unit sphere of what is orthogonal to the other columns, of d = beta (N - 2s + 1)
   real dimensions; it must meet J Psi T* at one height x, which has the density
   c_d (1 - x^2)^((d-3)/2), c_d = Gamma(d/2)/(sqrt(pi) Gamma((d-1)/2)). On C^2 the
   density is 1/2: J = i n.sigma, n uniform on the sphere.

   The density of the gradient grows without bounds where all columns of Psi on all blocks
   of a group of p gates come near one eigenspace each of O, as (distance)^-p. With Psi
   spanned by a Gaussian matrix, K half the number of its entries v outside these spaces, and
   G = |v|^2/2, it is drawn from a mixture: as it is, or G from Gamma(K - p/2) in place of
   Gamma(K), one such law rho for every choice of eigenspaces where a minimum can be. What
   is drawn has the weight 1/(mean of the densities Gamma(K)/Gamma(K - p/2) G^(-p/2)), which
   is part of the density of the gradient here.

   Not covered: d < 3 but on C^2 (weights without a variance); beta = 1, N <= 4 s, where
   the sign of the Pfaffian of J shows, which strings have one or the other of.

   Layer: numeric; above random. */
#ifndef LIESCAPE_NUMERIC_MATRIX_HESSIAN_H
#define LIESCAPE_NUMERIC_MATRIX_HESSIAN_H

#include <stdbool.h>
#include <stddef.h>

#include "numeric/sample/minima_model.h"

enum {
  MATRIX_HESSIAN_RANK = 4,
  MATRIX_HESSIAN_BLOCKS = 16,
  MATRIX_HESSIAN_SIZE = 1024,
  MATRIX_HESSIAN_TILTS = 32 /* of a group */
};

typedef struct {
  size_t beta, size, rank, group; /* N; s <= N/2 */
  size_t turned;                  /* columns of F: min(2s, N - 2s) */
  bool is_qubit;                  /* C^2 */
  double scale;                   /* w/s > 0 */
  double log_density;             /* log c_d */
  double *levels;                 /* N of them, the least is 0 */
  size_t num_levels, *ends; /* distinct ones; where they end among the N */
} matrix_block_t;

/* Of the blocks of a group: to which level they come near. */
typedef struct {
  size_t level[MATRIX_HESSIAN_BLOCKS]; /* of block b */
  double shape, log_ratio; /* K - p/2; log Gamma(K)/Gamma(K - p/2) */
} tilt_t;

typedef struct {
  size_t group, p; /* gates */
  size_t num_tilts;
  tilt_t *tilts;
} gate_group_t;

typedef struct {
  size_t p, num_blocks;
  matrix_block_t *blocks;
  size_t *groups; /* of each gate */
  size_t num_groups;
  gate_group_t *gates;
  bool is_free;
  double least, unit; /* least loss of all blocks, how far it is below the mean */
  size_t width;       /* of one gate's vectors */
} matrix_hessian_t;

/* False, and nothing to clear: see above; or too many or too large blocks; or a gate of
   a group that no block has; or the least loss is reached by states that no eigenspace
   holds, and half of its codimension is not more than the gates are. */
bool matrix_hessian_init(matrix_hessian_t *out, const minima_model_t *model, bool is_free);
void matrix_hessian_clear(matrix_hessian_t *s);
/* How many Gamma variates and normals a Hessian takes, and the shapes of the former;
   doubles of room; operations roughly. */
size_t matrix_hessian_gammas(const matrix_hessian_t *s);
size_t matrix_hessian_normals(const matrix_hessian_t *s);
void matrix_hessian_shapes(double *shapes, const matrix_hessian_t *s);
size_t matrix_hessian_room(const matrix_hessian_t *s);
double matrix_hessian_operations(const matrix_hessian_t *s);
/* Sets the lower triangle of h (p x p), with its second term times t, and the log of the
   density of a vanishing gradient (-infinity: it cannot vanish, h is not set then);
   returns the level (l - least)/unit. h and the gradient are in this unit. */
double matrix_hessian_make(double *h, double *log_density, double *room,
                           const double *gammas, const double *normals, double t,
                           const matrix_hessian_t *s);
/* Conditions that single out the least loss of a block: the codimension of its states. */
double matrix_hessian_freedom(const minima_matrix_t *m);

#endif
