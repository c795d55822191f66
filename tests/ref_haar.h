/* ref_haar.h - Haar averages of second moments by dense linear algebra in double
   precision, for at most 3 qubits: the tensor O (x) O over all 4^n strings is
   projected on the kernel of -sum_j L_j^2, L_j the action of i[H_j, .] on both
   factors, by conjugate gradients. Shares nothing with algebra/ but the text of
   the operators. */
#ifndef LIESCAPE_TESTS_REF_HAAR_H
#define LIESCAPE_TESTS_REF_HAAR_H

#include <stddef.h>

#include "algebra/base/pauli_sum.h"

typedef struct {
  size_t dim; /* 4^n */
  size_t count;
  double **k; /* dim x dim matrices of i[H_j, .] in the basis of strings */
} ref_haar_t;

void ref_haar_init(ref_haar_t *ref, const pauli_sum_struct *generators,
                   size_t count, size_t num_qubits);
void ref_haar_clear(ref_haar_t *ref);
/* x (dim x dim) becomes its projection on the invariant tensors. */
void ref_haar_project(double *x, const ref_haar_t *ref);
/* v (dim) becomes its projection on what commutes with every generator. */
void ref_haar_fix(double *v, const ref_haar_t *ref);
/* x = (a (x) b) x, NULL for the identity. */
void ref_haar_act(double *x, const ref_haar_t *ref, const double *a,
                  const double *b);
/* Coefficients over the strings, x bits low and z bits above. */
void ref_haar_vector(double *v, const pauli_sum_struct *sum);

#endif
