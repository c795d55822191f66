/* ref_matrix.h - dense 2^n x 2^n matrices for small references (n <= 5), built
   letter by letter from the strings of ref_strings.h. Row-major; qubit j is
   bit j of an index. Shares no code with the library. */
#ifndef LIESCAPE_TESTS_REF_MATRIX_H
#define LIESCAPE_TESTS_REF_MATRIX_H

#include <complex.h>
#include <stddef.h>

typedef double complex ref_entry_t;

/* out += c P. */
void ref_matrix_add_string(ref_entry_t *out, int num_qubits, ref_entry_t c,
                           unsigned p);
void ref_matrix_zero(ref_entry_t *out, int num_qubits);
void ref_matrix_identity(ref_entry_t *out, int num_qubits);
/* out = a b; no aliasing. */
void ref_matrix_mul(ref_entry_t *out, int num_qubits, const ref_entry_t *a,
                    const ref_entry_t *b);
/* out = a^dag; no aliasing. */
void ref_matrix_adjoint(ref_entry_t *out, int num_qubits, const ref_entry_t *a);
/* Largest modulus of an entry of a - b. */
double ref_matrix_distance(int num_qubits, const ref_entry_t *a,
                           const ref_entry_t *b);
ref_entry_t ref_matrix_trace(int num_qubits, const ref_entry_t *a);
/* u := exp(-i angle P) u, and u exp(-i angle P). */
void ref_matrix_rotate_left(ref_entry_t *u, int num_qubits, double angle,
                            unsigned p);
void ref_matrix_rotate_right(ref_entry_t *u, int num_qubits, double angle,
                             unsigned p);
/* Eigenvalues of a Hermitian matrix of the given dimension, ascending, by
   cyclic Jacobi rotations; a is destroyed. When vectors is not NULL its
   columns are the eigenvectors. */
void ref_matrix_eigenvalues(double *values, ref_entry_t *vectors,
                            ref_entry_t *a, size_t dimension);

/* Rank of a real matrix, row by row, by elimination with pivots of at least `least`; m is
   destroyed. */
size_t ref_matrix_rank(double *m, size_t rows, size_t columns, double least);

#endif
