/* fermion_pieces.h - the algebra that sums of Majorana bilinears generate, in the
   picture of one particle.

   Private to algebra/. On each block R^m of fermion_frame.h a generator is an
   antisymmetric rational matrix A_j. If all {A_i, A_j} commute with all A_l, they
   are symmetric and central; with x a generic combination, z = -x^2 tells the
   real isotypic pieces of R^m apart by its eigenvalues. Over Q the pieces come in
   families: an irreducible factor f of the minimal polynomial of z stands for deg f
   conjugate pieces W_k, one for each root, of one real dimension D. On W_k the
   {A_i, A_j} must be numbers; then the A_j generate a Clifford algebra there, and
   with d = dim span {A_i, [A_i, A_j]} (the rank of a Gram matrix over K = Q[t]/f)
     d = 0: g acts as 0;
     d = 1: a circle: x^2 < 0 is a number, and g acts by multiples of x;
     d = 3: su(2), W_k a sum of D/4 copies of H (D/2 if W_k has that dimension).
   Other d are not covered. Two pieces of su(2) carry the same ideal iff the numbers
   {A_i, A_j} agree: they determine the A_j up to rotation. Ideals pairwise not the
   same are independent, by Goursat's lemma. The centre: rank of what the
   generators are on the circles, and of their central strings. So
     dim g = 3 (number of ideals) + that rank
   is proved without listing g.

   The K-valued trace form: the polynomial q with q(lambda_k) = tr_{W_k}(X Y) for
   all k, from the rational numbers tr(z^i X Y) by duality: with mu the minimal
   polynomial, sum_i s_i t^(-i-1) = N / mu, q = N / mu' mod mu.

   Generators that are single strings need none of this: every block is a full
   so(m), all independent (string_algebra.h).

   Layer: above fermion_frame. */
#ifndef LIESCAPE_FERMION_PIECES_H
#define LIESCAPE_FERMION_PIECES_H

#include "algebra/base/flint_compat.h"
#include "algebra/strings/fermion_frame.h"

/* What the traces on one block are taken with. */
typedef struct {
  slong num_modes, degree; /* of the minimal polynomial */
  fmpq_poly_t minimal, inverse; /* mu, and 1 / mu' modulo it */
  fmpz_mat_struct *powers;      /* z^i, i < degree */
} fermion_trace_struct;

typedef enum {
  PIECE_ZERO,
  PIECE_CIRCLE,
  PIECE_SU2,
  PIECE_SO /* R^m under the full so(m) */
} piece_kind_t;

typedef struct {
  piece_kind_t kind;
  size_t block;
  fmpq_poly_t factor; /* f, monic */
  size_t degree;      /* conjugate real pieces */
  size_t dimension;   /* D, of each */
  size_t family;      /* PIECE_SU2, PIECE_SO: the family of ideals; equal: linked */
  size_t basis[3];    /* PIECE_SU2: places of a basis in A_i, then [A_i, A_j], i < j */
  fmpq_poly_struct *gram; /* {A_i, A_j} / 2 as a number, i <= j, modulo f */
} fermion_piece_struct;

typedef struct {
  fermion_frame_t frame;
  size_t num_generators;
  fmpz_mat_struct *generators; /* [j * num_blocks + b]: generator j, times d_j */
  fmpz *scales;                /* d_j */
  fmpq *central;               /* [j * num_central + i], times d_j */
  fmpz_mat_struct *generic;    /* x on each block */
  fermion_trace_struct *traces; /* one for each block; NULL for single strings */
  size_t num_pieces;
  fermion_piece_struct *pieces; /* by block */
  size_t num_families;
  size_t center; /* dimension; single strings: not set */
} fermion_algebra_struct;
typedef fermion_algebra_struct fermion_algebra_t[1];

/* REASON_NONE, or why it is not of this kind; then there is nothing to
   clear. The generators are not zero. */
reason_code_t fermion_algebra_init(fermion_algebra_t algebra,
                                   const pauli_sum_struct *generators,
                                   size_t num_generators, size_t num_qubits);
void fermion_algebra_clear(fermion_algebra_t algebra);

/* out = a b, fast when a has few entries that are not 0. */
void fermion_product(fmpz_mat_t out, const fmpz_mat_t a, const fmpz_mat_t b);
/* Traces with the powers of a symmetric matrix. */
void fermion_trace_init(fermion_trace_struct *trace, const fmpz_mat_t z);
void fermion_trace_clear(fermion_trace_struct *trace);
/* out = the trace form of X, Y (m x m) as a polynomial modulo the minimal one. */
void fermion_trace(fmpq_poly_t out, const fermion_trace_struct *trace,
                   const fmpz_mat_t x, const fmpz_mat_t y);

/* span[0..2]: three independent elements of the su(2) of the piece, as matrices
   on its block; initialised here. */
void fermion_piece_basis(fmpz_mat_struct *span, const fermion_algebra_t algebra,
                         const fermion_piece_struct *piece);

#endif
