/* sector_hidden.h - maps between small modules that the symmetries known so far do not
   tell apart, exhibited over Q.

   Given lines e, e' of E_k (both eigenvectors of X for one eigenvalue), words w in the
   generators map w e to w e': an isomorphism of modules A e -> A e' modulo p. When
   the lines come from small integer eigenvalues of exhibited operators, the
   modules and the map are defined over Q more often than not. The rows of A e in
   reduced echelon form, and their images, are lifted to Q by rational reconstruction,
   and it is checked over the integers that the generators act on both by the same
   matrices. Since the generators are real symmetric (or i times real antisymmetric
   matrices, which are looked at then), the orthogonal complement of A e is a module too,
   and the map, 0 there, commutes with them.
   With e = e' it is the projector on A e.

   Layer: private to algebra, above sector_symmetry. */
#ifndef LIESCAPE_ALGEBRA_SECTOR_HIDDEN_H
#define LIESCAPE_ALGEBRA_SECTOR_HIDDEN_H

#include "algebra/sectors/sector_symmetry.h"

enum { HIDDEN_MAX_DIMENSION = 64, WORDS_MAX_DIMENSION = 400 };

/* Vectors of the whole space modulo the prime. The map takes w(h) e to w(sign h') e',
   h_j = H_j - shift[0][j], h'_j = H_j - shift[1][j]; with sign -1 and e' in A e, *form (if
   not NULL) tells the symmetry of the bilinear form <T x, y>: 1, -1, or 0 for neither.
   shift may be NULL for 0, entries are residues. False: not lifted, nothing set. */
bool sector_hidden_map(slong **left, slong **right, size_t *rank, int *form,
                       const sector_space_struct *space, const uint32_t *e,
                       const uint32_t *other, int sign,
                       const mp_limb_t *const shift[2],
                       const sector_prime_struct *prime);

/* The same for several e_i and e'_i: w(h) e_i -> w(sign h') e'_i. */
bool sector_hidden_maps(slong **left, slong **right, size_t *rank,
                        const sector_space_struct *space, const uint32_t *const *e,
                        const uint32_t *const *other, size_t count, int sign,
                        const mp_limb_t *const shift[2],
                        const sector_prime_struct *prime);

/* The same map between modules by rows that are there already: bases of both modulo the
   prime, side by side, in reduced echelon form in the first half. */
bool sector_hidden_lift(slong **left, slong **right, const sector_space_struct *space,
                        const nmod_mat_t rows, int sign, const mp_limb_t *const shift[2],
                        const sector_prime_struct *prime);

/* Matrices of the generators (of i times them, when these are antisymmetric) on the module
   with these rows, exactly: H x_i = sum_k out[j]_ik x_k. False: too large. */
bool sector_hidden_matrices(fmpq_mat_t *out, const slong *rows, size_t rank,
                            const sector_space_struct *space);

/* Words in the generators that map e to a basis of its module. */
typedef struct {
  const sector_space_struct *space;
  const sector_prime_struct *prime;
  sector_matrix_struct *h; /* generators on the whole space */
  size_t length;           /* dimension of the module */
  size_t parent[WORDS_MAX_DIMENSION], letter[WORDS_MAX_DIMENSION];
  nmod_mat_t *matrix;      /* of every generator: w_i -> sum_k matrix[i][k] w_k */
} sector_words_struct;

/* False: the dimension exceeds max, at most WORDS_MAX_DIMENSION (to be cleared all the
   same). */
bool sector_words_init(sector_words_struct *w, const sector_space_struct *space,
                       const uint32_t *e, size_t max, const sector_prime_struct *prime);
void sector_words_clear(sector_words_struct *w);
/* c with sum_i c_i w_i e an eigenvector of some generator for a small integer that is a
   simple eigenvalue. */
bool sector_words_integer_vector(mp_limb_t *c, const sector_words_struct *w);
/* out[i] = w_i e, e any vector of a copy of the module. */
void sector_words_list(uint32_t *const *out, const uint32_t *e,
                       const sector_words_struct *w);
/* e := sum_i c_i w_i e. */
void sector_words_combine(uint32_t *e, const sector_words_struct *w,
                          const mp_limb_t *c);

/* Square matrices of one size. */
bool matrices_commute(const fmpq_mat_t a, const fmpq_mat_t b);

#endif
