/* laws.h - probability laws of losses and gradients on Jordan blocks.

   A loss is  L = constant + sum over blocks, sum over the count independent
   copies of each block, of   weight * sqrt(radicand) * X,
       X = Tr(P U* O U) / s,
   where the block is a simple formally real Jordan algebra of rank N over
   beta real dimensions (1 real symmetric, 2 Hermitian, 4 quaternionic
   Hermitian; spin factor of m generators: N = 2, beta = m - 1), O has the N
   given eigenvalues, P is a projector of rank s, and U is Haar on the
   automorphisms. Tr is the reduced trace (for beta = 4 half the complex one).
   s is the rank of the *projection of the reduced state onto the Jordan
   algebra*, which must be weight * P / s there: a complex state vector in a
   real block whose real and imaginary parts are independent has s = 2 if they
   are orthogonal and of one length, and no such form otherwise.

   radicand (default 1) carries an irrational scale sqrt(R), as the sum of
   anticommuting strings has; levels, mean, least etc. of a block are in units
   of sqrt(R).

   Nothing here knows Pauli strings. Moments are exact rationals; distribution
   functions are Arb balls that contain the true value. Every cost is
   polynomial in the number of bits of N: N = 2^1000 is ordinary.

   Sources: Dirichlet law of quadratic forms on the sphere; Jack polynomials
   (Stanley 1989; Macdonald 1995, VI.10) for the moments of Tr(P U* O U);
   Wishart form: Anschuetz, arXiv:2408.11901.

   Layer: above status only. Exact; memory exhaustion aborts (as in FLINT). */
#ifndef LIESCAPE_LAWS_H
#define LIESCAPE_LAWS_H

#include <stdbool.h>

#include <flint/flint.h>
#include <flint/fmpq.h>
#if __FLINT_RELEASE >= 30000
#include <flint/arb.h>
#else
#include <arb.h>
#endif

#include "algebra/base/status.h"

/* --- the description ----------------------------------------------------- */

typedef enum {
  LAWS_LEAST_UNKNOWN = 0,
  LAWS_LEAST_EXACT, /* least is the least eigenvalue */
  LAWS_LEAST_BALL   /* least_ball contains it */
} laws_least_t;

typedef struct {
  ulong beta;      /* >= 1 */
  fmpz_t dimension; /* N >= 1 */
  fmpz_t rank;      /* s, 1 <= s <= N; default 1 */
  fmpz_t count;     /* independent copies, >= 1; default 1 */
  fmpq_t weight;    /* p; default 1 */
  fmpq_t radicand;  /* R > 0; default 1 */
  /* Of the eigenvalues o_i of O, in units of sqrt(R): */
  fmpq_t mean;        /* (1/N) sum o_i */
  fmpq_t central2, central3, central4; /* (1/N) sum (o_i - mean)^j */
  laws_least_t least_kind;
  fmpq_t least;
  arb_t least_ball;
  slong num_levels;   /* distinct eigenvalues, ascending; 0 if not listed */
  fmpq *levels;
  fmpz *multiplicities;
} laws_block_struct;
typedef laws_block_struct laws_block_t[1];

typedef struct {
  fmpq_t constant;
  slong length;
  slong alloc;
  laws_block_struct *blocks;
} laws_loss_struct;
typedef laws_loss_struct laws_loss_t[1];

/* beta = 2, N = s = count = 1, O = 0, weight 1. */
void laws_block_init(laws_block_t block);
void laws_block_clear(laws_block_t block);
void laws_block_set(laws_block_t out, const laws_block_t in);

/* Sets N, levels, moments and least from eigenvalues with multiplicities
   (any order, repetitions added up, zero multiplicities dropped).
   STATUS_BAD_INPUT: nothing left, or a negative multiplicity. */
status_t laws_block_set_spectrum(laws_block_t block, const fmpq *eigenvalues,
                                 const fmpz *multiplicities, slong length);
/* Sets N and the moments (1/N) sum o_i and (1/N) sum (o_i - mean)^j of a
   spectrum that is not listed; the least eigenvalue becomes unknown.
   STATUS_BAD_INPUT: N < 1, or moments no real spectrum has. */
status_t laws_block_set_moments(laws_block_t block, const fmpz_t dimension,
                                const fmpq_t mean, const fmpq_t central2,
                                const fmpq_t central3, const fmpq_t central4);
void laws_block_set_least(laws_block_t block, const fmpq_t least);
void laws_block_set_least_ball(laws_block_t block, const arb_t least);
/* Is X constant (O scalar, s = N, or weight 0)? */
bool laws_block_is_constant(const laws_block_t block);
/* height = sqrt(R) (mean - least X), X = Tr(P U* O U) / s over all U: the mean of
   the s least eigenvalues. STATUS_UNDECIDED: they are not known. */
status_t laws_block_height(arb_t height, const laws_block_t block,
                           slong prec_bits);
/* Preconditions of every function below: beta >= 1, 1 <= s <= N, count >= 1,
   R > 0, beta in {1, 2, 4} unless N <= 2. */
bool laws_block_is_valid(const laws_block_t block);

void laws_loss_init(laws_loss_t loss);
void laws_loss_clear(laws_loss_t loss);
/* Appends a copy. STATUS_BAD_INPUT if the block is not valid. */
status_t laws_loss_append(laws_loss_t loss, const laws_block_t block);

/* --- exact moments --------------------------------------------------------- */

/* Central moments; excess_kurtosis = fourth / variance^2 - 3 if variance is
   not zero. The mean and the third moment are odd in sqrt(R): false says that
   the value is irrational, and the rational is 0. */
typedef struct {
  fmpq_t mean, variance, third, fourth, excess_kurtosis;
  bool mean_is_rational, third_is_rational, has_kurtosis;
} laws_moments_struct;
typedef laws_moments_struct laws_moments_t[1];

void laws_moments_init(laws_moments_t moments);
void laws_moments_clear(laws_moments_t moments);

/* One copy of the block, weight * sqrt(R) * X, at finite N.
   E[(Tr A U B U*)^k] = sum over partitions of k of C(A) C(B) / C(I), C the
   Jack polynomials with alpha = 2/beta normalised to add up to Tr^k. */
void laws_block_moments(laws_moments_t moments, const laws_block_t block);
/* E[X^order], 0 <= order <= 4 (else STATUS_BAD_INPUT), not centred, without
   weight and sqrt(R). */
status_t laws_block_raw_moment(fmpq_t moment, const laws_block_t block,
                               int order);
/* The same for s = 1 by the Dirichlet law, any order:
   E[X^j] = j!/(beta N/2)_j [t^j] exp((beta/2) sum_k Tr(O^k) t^k / k).
   STATUS_BAD_INPUT: s > 1, or the spectrum is not listed. O(j^2 + j levels). */
status_t laws_block_dirichlet_moment(fmpq_t moment, const laws_block_t block,
                                     ulong order);
/* The whole loss. */
void laws_finite_moments(laws_moments_t moments, const laws_loss_t loss);

/* --- Wishart form ---------------------------------------------------------- */

/* With O shifted to least eigenvalue 0 and obar its mean:
     weight sqrt(R) X - l*  ~  weight sqrt(R) obar Gamma(k, scale 1/k),
     k = beta r s / 2,  r = ceil(r_exact),  r_exact = Tr(O)^2 / Tr(O^2).
   A scalar O has obar = 0 and r_exact = r = 0: no law, a constant. So is a block
   whose P is the identity (s = N), and the laws below leave it as that. */
typedef struct {
  bool is_exact;         /* mean_eigenvalue and r_exact are exact */
  bool r_is_known;       /* r is certain; else only r_low <= r <= r_high */
  fmpq_t mean_eigenvalue; /* obar in units of sqrt(R), if is_exact */
  fmpq_t r_exact;        /* if is_exact */
  fmpz_t r, r_low, r_high;
  arb_t mean_eigenvalue_ball; /* obar including sqrt(R) */
  arb_t r_ball;          /* encloses r_exact */
} laws_wishart_struct;
typedef laws_wishart_struct laws_wishart_t[1];

void laws_wishart_init(laws_wishart_t wishart);
void laws_wishart_clear(laws_wishart_t wishart);
/* STATUS_UNDECIDED: the least eigenvalue is unknown, or its ball is too wide
   to say anything. STATUS_BAD_INPUT: the least eigenvalue given is not below
   the mean. */
status_t laws_block_wishart(laws_wishart_t wishart, const laws_block_t block,
                            slong prec_bits);
/* Exact moments of the Wishart form of the whole loss; its mean is the finite
   one. STATUS_UNDECIDED: not every least eigenvalue is exact. */
status_t laws_wishart_moments(laws_moments_t moments, const laws_loss_t loss);
/* Wishart variance / finite-N variance. STATUS_UNDECIDED also if the latter
   is zero. */
status_t laws_variance_ratio(fmpq_t ratio, const laws_loss_t loss);

/* --- distribution functions ------------------------------------------------- */

/* P(sum_i scale_i G_i <= x), G_i independent Gamma(shape_i, scale 1), shapes
   positive, scales of any sign (zero scales contribute nothing), by the
   inversion of  prod (1 - z scale_i)^(-shape_i) exp(-z x) / z  along a vertical
   line, integrated with rigorous error and tail bounds (Gil-Pelaez 1951; Imhof
   1961). Cost grows with prec_bits and length, not with the shapes.
   STATUS_UNDECIDED: no ball narrower than 1/16 was found. */
status_t laws_gamma_sum_cdf(arb_t cdf, const arb_struct *scales,
                            const fmpq *shapes, slong length, const arb_t x,
                            slong prec_bits);

/* P(L <= x) and the quantile (the x with P(L <= x) = q, 0 < q < 1) of the
   finite-N law. Decided for one block (other blocks constant) of count 1 that
   has s = 1 or s = N - 1, or two levels one of which has multiplicity 1, with
   listed spectrum; and for constants. Else STATUS_UNDECIDED. The quantile is
   a ball of relative width about 2^-prec_bits of the spread of the law. */
status_t laws_finite_cdf(arb_t cdf, const laws_loss_t loss, const arb_t x,
                         slong prec_bits);
status_t laws_finite_quantile(arb_t quantile, const laws_loss_t loss,
                              const fmpq_t q, slong prec_bits);
/* The same of the Wishart form; any number of blocks and copies.
   STATUS_UNDECIDED: some r is not known. */
status_t laws_wishart_cdf(arb_t cdf, const laws_loss_t loss, const arb_t x,
                          slong prec_bits);
status_t laws_wishart_quantile(arb_t quantile, const laws_loss_t loss,
                               const fmpq_t q, slong prec_bits);

/* Encloses sup_x |P(L <= x) - P(L_Wishart <= x)|, both laws decided as above.
   Two levels and s = 1: the extrema are the points where the two densities
   agree (at most two, the log-ratio is concave or monotone), each enclosed.
   Else: subdivision, bounding each piece by the monotonicity of both
   functions, until the enclosure is narrower than 2^-tol_bits or
   max_evaluations is spent. STATUS_UNDECIDED: a law is not available. */
status_t laws_distance(arb_t distance, const laws_loss_t loss, slong tol_bits,
                       slong max_evaluations);
/* Rigorous upper bound on the total variation distance (hence on the above)
   for blocks of two levels, any s <= 4096 (or r <= 4096) and any N; adds up
   over blocks and copies, clipped at 1. About (beta r/2 + 1)/(beta N) for
   s = 1, r << N. It is 1 - exp(-max log density ratio) of the s x s matrix
   laws (matrix-variate Beta and Gamma, see Muirhead 1982).
   STATUS_UNDECIDED: nothing better than 1. */
status_t laws_distance_bound(arb_t bound, const laws_loss_t loss,
                             slong prec_bits);

/* --- gradient ---------------------------------------------------------------- */

/* A derivative at a random point, gate exp(-i theta P/2), P a balanced
   involution (P^2 = 1, equally many +1 and -1): asymptotically
     d l = sum over blocks and copies of (weight sqrt(R) obar / k) sum_{i<=k}
           x_i y_i,   k = beta r s, x_i, y_i independent normal,
   i.e. variance-gamma; variance (weight sqrt(R) obar)^2 / k, excess kurtosis
   6/k for one block. Same statuses as the Wishart functions. */
status_t laws_gradient_moments(laws_moments_t moments, const laws_loss_t loss);
status_t laws_gradient_cdf(arb_t cdf, const laws_loss_t loss, const arb_t x,
                           slong prec_bits);
/* One block of count 1 only (else STATUS_UNDECIDED):
   f(g) = |z|^nu K_nu(|z|) / (sqrt(pi) 2^nu Gamma(k/2) c), z = g/c,
   c = weight sqrt(R) obar / k, nu = (k-1)/2. Infinite at 0 if k = 1. */
status_t laws_gradient_density(arb_t density, const laws_loss_t loss,
                               const arb_t x, slong prec_bits);
/* Exact second moment at finite N when the circuits on both sides of the gate
   are independent Haar on the automorphisms of every block and P is balanced
   there:  p^2 R (1/s - 1/N) Tr(O'^2) A / D,  O' the traceless part, D the
   dimension of the traceless part of the Jordan algebra, A the mean of
   ad(P/2)^2 on it. STATUS_BAD_INPUT: no balanced P (N odd for beta = 1, 2). */
status_t laws_gradient_second_moment(fmpq_t moment, const laws_loss_t loss);

/* --- Gaussian process ----------------------------------------------------------- */

/* min(1, sqrt(2 kappa_4 / 3)), kappa_4 >= 0 the excess kurtosis of the
   *Wishart form*, a second Wiener chaos: bound on the total variation distance
   to the normal law (Nourdin and Peccati 2009, with q = 2 of
   2 sqrt((q-1) kappa_4 / (3q))). It does not apply to finite-N kurtoses.
   STATUS_BAD_INPUT: kappa_4 < 0. */
status_t laws_tv_bound(arb_t bound, const fmpq_t excess_kurtosis,
                       slong prec_bits);

/* --- local minima ------------------------------------------------------------------ */

typedef struct {
  fmpz_t threshold; /* p* = sum count beta r s over blocks that are not
                       constant */
  fmpz_t threshold_low, threshold_high; /* equal to it when every r is known */
  fmpq_t gamma;     /* parameters / p* */
  /* Where minima gather as sum beta r s grows, (level - least)/(mean - least): for
     gamma < 1 z = (1 - s)^2 (1 - gamma/s), s = (gamma + sqrt(gamma^2 + 8 gamma))/4: the
     lower edge of Marchenko and Pastur's law freely added to a semicircle of
     variance gamma z meets z there. 0 from gamma = 1 on. */
  arb_t edge;
  /* z * sum count |weight| sqrt(R) (mean - least X), above the least loss that the
     state reaches: least X is the mean of the s least eigenvalues. Not known where
     s > 1 and the eigenvalues are not listed. */
  bool level_is_known;
  arb_t trap_level;
  bool edge_is_exact;
  fmpq_t edge_exact; /* if gamma^2 + 8 gamma is a square, or gamma >= 1 */
} laws_minima_struct;
typedef laws_minima_struct laws_minima_t[1];

void laws_minima_init(laws_minima_t minima);
void laws_minima_clear(laws_minima_t minima);
/* STATUS_LIMIT: some r is known as an interval only; then threshold and gamma
   are not set, threshold_low..threshold_high, edge and trap_level enclose the
   truth. STATUS_UNDECIDED: nothing is known of some r. STATUS_BAD_INPUT: p* = 0.
   On the last two minima is unchanged. */
status_t laws_local_minima(laws_minima_t minima, const laws_loss_t loss,
                           const fmpz_t num_parameters, slong prec_bits);
/* The assumption that these figures rest on, one paragraph of plain text. */
const char *laws_minima_assumption(void);

#endif
