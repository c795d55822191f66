/* fermion_frame.h - sums of strings as matrices of one particle.

   Private to algebra/. Let every component of the algebra that all strings of
   the generators span together be central or of free-fermion type. With the
   modes and twists of free_fermion.h and Hermitian
       h_ab = i gamma_a gamma_b     (h_0a the string `potential a` with sign +),
   the strings of a component are +-h_ab t, t in T; [h_ab, h_bc] = 2i h_ac. On
   the common eigenspace chi of T (t = chi(t), 2^dim(T) of them) the sum
       sum c_abt h_ab t   is   sum over a < b of B_ab h_ab,   B_ab = sum_t chi(t) c_abt,
   and B -> sum B_ab h_ab maps so(m) to operators with
       [Op(B), Op(C)] = 2i Op([B, C])    (checked in tests/t-fermions.c).
   A *block* is a pair (component, chi): the algebra of sums lies in the direct
   sum of so(m) over the blocks and of one coordinate per central string. No
   matrix of dimension 2^n appears.

   A state is represented by the matrices S with
       Tr(rho Op(B)) = sum over blocks, a < b, of B_ab S_ab.

   Layer: above string_algebra, free_fermion and quantum_state. */
#ifndef LIESCAPE_FERMION_FRAME_H
#define LIESCAPE_FERMION_FRAME_H

#include <flint/fmpq_mat.h>

#include "algebra/base/pauli_sum.h"
#include "algebra/base/quantum_state.h"
#include "algebra/strings/string_algebra.h"

typedef struct {
  size_t component; /* of the string algebra */
  size_t num_modes, num_twists;
  size_t first_block; /* its blocks are first_block + chi, bit i of chi: the i-th
                         row of T has the value -1 */
} fermion_part_struct;

typedef struct {
  string_algebra_t strings; /* of all terms of the generators */
  size_t num_parts;
  fermion_part_struct *parts;
  size_t num_blocks;
  size_t *modes; /* of each block */
  size_t *part;  /* of each block */
  size_t num_central;
  size_t *central; /* indices of the central strings in strings->strings */
} fermion_frame_struct;
typedef fermion_frame_struct fermion_frame_t[1];

/* False, and nothing to clear: some component is of another kind, or the
   matrices would have more than max_modes rows together. */
bool fermion_frame_init(fermion_frame_t frame,
                        const pauli_sum_struct *sums, size_t num_sums,
                        size_t num_qubits, size_t max_modes);
void fermion_frame_clear(fermion_frame_t frame);

/* One antisymmetric matrix for each block, zero. */
fmpq_mat_struct *fermion_matrices_new(const fermion_frame_t frame);
void fermion_matrices_free(fmpq_mat_struct *matrices,
                           const fermion_frame_t frame);

/* The terms of the sum that are bilinear, as matrices (which must be zero);
   coefficients of central strings, when central is not NULL, into it; all other
   terms into rest (initialised). */
void fermion_frame_read(fmpq_mat_struct *matrices, fmpq *central,
                        pauli_sum_t rest, const fermion_frame_t frame,
                        const pauli_sum_t sum);

/* S as above. */
void fermion_frame_state(fmpq_mat_struct *matrices,
                         const fermion_frame_t frame,
                         const quantum_state_t state);

/* i gamma_0 gamma_1 i gamma_2 gamma_3 ... = sign [string], for an even number of
   modes; returns whether the sign is -1. string: 2w words. */
bool fermion_frame_parity(uint64_t *string, const fermion_frame_t frame,
                          size_t part);

#endif
