/* check_weights.h - for `liescape check`: representations of simple Lie algebras,
   by a path that shares nothing with weights.

   Positive roots are the simple ones, written in Euclidean coordinates (Bourbaki,
   Lie groups and Lie algebras, plates I-IX), reflected until nothing new appears.
   With labels m_i, roots r = sum c_i a_i and s_i = (a_i, a_i):
     dimension   prod over r of (sum c_i s_i (m_i + 1)) / (sum c_i s_i)
     Casimir     (l, l + 2 rho) / (theta, theta + 2 rho), with (x, y) replaced by
                 the sum over r of (x, r)(y, r), a multiple of it
     oddness     of sum over r of 2 (l, r) / (r, r): a self-dual representation is
                 quaternionic when it is odd, else real.

   Layer: algebra, base. */
#ifndef LIESCAPE_ALGEBRA_CHECK_WEIGHTS_H
#define LIESCAPE_ALGEBRA_CHECK_WEIGHTS_H

#include <flint/fmpq.h>
#include <stdbool.h>
#include <stddef.h>

enum { CHECK_MAX_RANK = 20 };

typedef struct {
  char letter;
  size_t rank, num_roots; /* positive */
  int gram[CHECK_MAX_RANK][CHECK_MAX_RANK]; /* (a_i, a_j), times 4 */
  int *roots;             /* rank coefficients each */
  size_t highest;         /* which of them */
} check_roots_struct;
typedef check_roots_struct check_roots_t[1];

/* False, and nothing to clear, unless A_r, r >= 1, B_r, r >= 3, C_r, r >= 2, D_r,
   r >= 4, E, F or G, of rank up to CHECK_MAX_RANK. */
bool check_roots_init(check_roots_t out, char letter, size_t rank);
void check_roots_clear(check_roots_t roots);
static inline size_t check_roots_dimension(const check_roots_struct *roots) {
  return roots->rank + 2 * roots->num_roots;
}

void check_weight_dimension(fmpz_t out, const unsigned *labels,
                            const check_roots_t roots);
void check_weight_casimir(fmpq_t out, const unsigned *labels,
                          const check_roots_t roots);
bool check_weight_is_odd(const unsigned *labels, const check_roots_t roots);

/* Image under automorphism number k of the diagram, 0 the identity; false when there
   are not so many. */
bool check_weight_turn(unsigned *out, const unsigned *labels,
                       const check_roots_t roots, size_t k);
bool check_weight_is_turned(const unsigned *a, const unsigned *b,
                            const check_roots_t roots);
/* Does an automorphism move it? */
bool check_weight_moves(const unsigned *labels, const check_roots_t roots);

/* Every weight but 0 with a dimension of at most `most`. */
typedef void check_weight_visit_t(const unsigned *labels, size_t dimension,
                                  void *data);
void check_weights_list(const check_roots_t roots, size_t most,
                        check_weight_visit_t *visit, void *data);

/* As a certificate writes them: "2 w1 + w3", "symmetric power 2". To be freed with
   free(). */
char *check_weight_text(const unsigned *labels, const check_roots_t roots);
char *check_weight_word(const unsigned *labels, const check_roots_t roots);

#endif
