/* check_sums.h - for `liescape check`: moments of losses when generators are sums
   of strings, by a path that shares nothing with sum_moments.

   S = the strings that the terms of O reach through terms of generators. On
   tensors over S (square matrices), A = -sum_j L_j^2, L_j X = K_j X + X K_j^T,
   K_j = i[H_j, .] string by string: A is symmetric and positive, its kernel are
   the invariant tensors. The projection X of o o^T on the kernel is found by
   conjugate gradients without rounding, modulo a prime: X = o o^T - A z, and
   L_j X = 0 is checked. No algebra, no permutations, no endomorphisms.

   The prime, of 60 bits, is drawn at random when a check begins: a wrong number
   of a thousand digits passes with a probability of about 2^-50.

   Layer: algebra, above check_strings. */
#ifndef LIESCAPE_ALGEBRA_CHECK_SUMS_H
#define LIESCAPE_ALGEBRA_CHECK_SUMS_H

#include "algebra/check/check_strings.h"
#include "algebra/base/flint_compat.h"

enum { CHECK_SUMS_PRIMES = 1 };

struct check_sums_state; /* one prime */

/* A basis of the kernel of A over the rational numbers, in reduced echelon form. */
typedef struct {
  size_t length, width; /* width: |S|^2 */
  fmpq *rows;
} check_tensors_t;

typedef struct {
  const check_generators_struct *generators;
  row_table_t strings;
  int64_t work_left;
  struct check_sums_state *per_prime[CHECK_SUMS_PRIMES];
} check_sums_struct;
typedef check_sums_struct check_sums_t[1];

/* False, with nothing to clear, when S is too large, more than `work` operations
   (10^9 take some seconds) would be needed, or a prime turned out to be of no
   use. work_left is then, and afterwards, what remains of them; negative: they
   were not enough. */
bool check_sums_init(check_sums_t sums, const check_generators_t generators,
                     const pauli_sum_struct *observable, int64_t work);
/* The same for check_sums_mean alone: vectors over S instead of tensors. */
bool check_sums_init_mean(check_sums_t sums, const check_generators_t generators,
                          const pauli_sum_struct *observable, int64_t work);
void check_sums_clear(check_sums_t sums);

/* The kernel from its projections of random tensors, for other primes: few of them are of
   any use only where it is small. False, with nothing to clear: it is too large, or has no
   entries of few digits, or takes more than `work` operations. That it is the kernel modulo
   another prime as well, be it not all of it, is seen there. */
bool check_sums_tensors(check_tensors_t *out, const check_sums_t sums, int64_t work);
void check_tensors_clear(check_tensors_t *tensors);
/* As check_sums_init, with the kernel known, which makes it fast. */
bool check_sums_init_known(check_sums_t sums, const check_generators_t generators,
                           const pauli_sum_struct *observable, const check_tensors_t *known,
                           int64_t work);

/* Is this E[l], E[l_a l_b] - E[l_a] E[l_b]? */
bool check_sums_mean(const check_sums_t sums, const quantum_state_t state,
                     const fmpq_t claimed);
/* E[l^2]? */
bool check_sums_second(const check_sums_t sums, const quantum_state_t state,
                       const fmpq_t claimed);
bool check_sums_covariance(const check_sums_t sums, const quantum_state_t a,
                           const quantum_state_t b, const fmpq_t claimed);

/* Are these E[(dl/dtheta_k)^2]? NO with the first k that is wrong; UNDECIDED when
   the work is too large. Several uses of one parameter: the pairs of check_shared.h,
   B(X, P) = <rho (x) rho, (K_X (x) K_P) average>; where these are too many, and for
   parameters in several units with a gradient that is not 0: not covered, *covered
   false. claimed: without pi^2 where all gates are in units of pi. */
answer_t check_sums_gradient(size_t *wrong, bool *covered, check_sums_t sums,
                             const quantum_state_t state,
                             const fmpq *claimed, size_t num_parameters);
/* Is this sum_k E[d_k l_a d_k l_b]? UNDECIDED: the work is too large, or a parameter is
   not covered, or in units of pi. */
answer_t check_sums_kernel(check_sums_t sums, const quantum_state_t a,
                           const quantum_state_t b, const fmpq_t claimed);

/* Modulo the prime: E[l], E[l^2], and E[(dl/dtheta_k)^2] of each parameter where these
   are covered; 2 + num_parameters residues. False: too large, or the prime of no use. */
bool check_sums_residues(mp_limb_t *out, mp_limb_t *prime, bool *covered,
                         check_sums_t sums, const quantum_state_t state,
                         size_t num_parameters);

#endif
