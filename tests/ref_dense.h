/* ref_dense.h - slow reference: dense matrices built letter by letter, matrix
   exponentials by scaling and squaring a Taylor series. Shares nothing with the
   state vectors it is compared with. Qubit j is bit j of the index. */
#ifndef LIESCAPE_TESTS_REF_DENSE_H
#define LIESCAPE_TESTS_REF_DENSE_H

#include <complex.h>
#include <stddef.h>
#include <stdint.h>

#include "algebra/base/state.h"

typedef double complex ref_entry_t;

/* All matrices are N x N, N = 2^n, row by row; the caller frees them. */
ref_entry_t *ref_zero(size_t n);
ref_entry_t *ref_identity(size_t n);
/* The string with these masks (bit 0 of a letter: x, bit 1: z). */
ref_entry_t *ref_string(size_t n, uint64_t x, uint64_t z);
void ref_add(ref_entry_t *out, ref_entry_t factor, const ref_entry_t *in,
             size_t n);
ref_entry_t *ref_product(const ref_entry_t *a, const ref_entry_t *b, size_t n);
/* The state 2^-n prod_j (1 + s_j g_j). */
ref_entry_t *ref_stabilizer(const stabilizer_state_struct *state, size_t n);
/* exp(-i angle H). */
ref_entry_t *ref_exponential(const ref_entry_t *h, double angle, size_t n);
void ref_apply(ref_entry_t *out, const ref_entry_t *m, const ref_entry_t *in,
               size_t n);
/* m <- u m u^dagger. */
void ref_conjugate(ref_entry_t *m, const ref_entry_t *u, size_t n);
ref_entry_t ref_trace_product(const ref_entry_t *a, const ref_entry_t *b,
                              size_t n);

#endif
