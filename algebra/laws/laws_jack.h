/* laws_jack.h - Jack polynomials of degree at most four, and what they give:
   the moments of Tr(P U* B U).

   J_lambda is Macdonald's integral form J_lambda(x; alpha) (coefficient of
   x_1 ... x_k equal to k!), in power sums, alpha = 2/beta. Layer: private to
   the laws. */
#ifndef LIESCAPE_ALGEBRA_LAWS_JACK_H
#define LIESCAPE_ALGEBRA_LAWS_JACK_H

#include "algebra/base/flint_compat.h"

enum { JACK_MAX_DEGREE = 4, JACK_MAX_PARTITIONS = 5 };

/* Partitions of degree k: number, and the rows of the index-th one, longest
   first, in reverse lexicographic order ((k) first, (1^k) last). */
int jack_num_partitions(int degree);
const int *jack_partition(int degree, int index); /* 0-terminated */

/* J_lambda at power sums p[1..degree] (p[0] is not read). */
void jack_eval(fmpq_t value, int degree, int index, const fmpq_t alpha,
               const fmpq *p);
/* J_lambda(1, ..., 1) with n ones = prod over boxes (i, j) from 0 of
   (n - i + alpha j). */
void jack_eval_ones(fmpq_t value, int degree, int index, const fmpq_t alpha,
                    const fmpz_t n);
/* <J_lambda, J_lambda> in the product <p_mu, p_nu> = delta z_mu alpha^len(mu):
   prod over boxes of (alpha a + l + 1)(alpha a + l + alpha). */
void jack_norm(fmpq_t norm, int degree, int index, const fmpq_t alpha);

/* E[(Tr(P U* B U) / s)^degree], P a projector of rank s among n dimensions, p
   the power sums of B (p[1..degree]); U Haar on the automorphisms of the
   Jordan algebra with this alpha. 0 <= degree <= 4, 1 <= s <= n. */
void jack_moment(fmpq_t moment, int degree, const fmpq_t alpha, const fmpz_t s,
                 const fmpz_t n, const fmpq *p);

#endif
