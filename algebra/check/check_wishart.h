/* check_wishart.h - for `liescape check`: which losses lie in the Wishart class,
   and the blocks they are made of, from counted components.

   The test (Anschuetz, arXiv:2408.11901; conditions in jordan.h terms):
   one component D moves all terms of a part of O. With 2^k the dimension of
   the sectors it acts on (k pairs of a symplectic basis e_i, f_i of its span,
   read as X_i, Z_i on k qubits), D acts as the full su, so or sp there iff the
   dimension of one of its simple ideals is 4^k - 1, 2^(k-1) (2^k - 1) or
   2^(k-1) (2^k + 1). A spin factor is found by its orbit: strings any two
   of which anticommute, or commute and differ by a string that commutes with
   every generator, in m classes, D being copies of so(m).

   A block is one sector: a choice of signs of the centre R. rho populates,
   with equal weights, those that agree with its stabilizers.

   Layer: algebra, above check_strings. */
#ifndef LIESCAPE_ALGEBRA_CHECK_WISHART_H
#define LIESCAPE_ALGEBRA_CHECK_WISHART_H

#include "algebra/check/check_strings.h"
#include "algebra/base/reason.h"

/* Sectors on which O looks alike. */
typedef struct {
  size_t component;
  fmpz_t beta, N, index, rank, count;
  fmpq_t weight;   /* without the size of O */
  pauli_sum_t image; /* O on k qubits, every eigenvalue 2^k / N times too often;
                        k = 0: a spin factor, O has the eigenvalues +-sqrt(o2) */
  fmpq_t o2;
} check_block_struct;

typedef enum {
  CHECK_APPLIES,
  CHECK_DOES_NOT,
  CHECK_UNDECIDED, /* certify may be undecided too, see reason */
  CHECK_NOT_COUNTED /* too large for this proof */
} check_answer_t;

typedef struct {
  check_answer_t answer;
  reason_code_t reason;
  size_t length;
  check_block_struct *blocks;
} check_wishart_struct;
typedef check_wishart_struct check_wishart_t[1];

void check_wishart_init(check_wishart_t out, const check_components_t components,
                        const pauli_sum_t observable,
                        const stabilizer_state_t state, size_t max_elements);
void check_wishart_clear(check_wishart_t wishart);

#endif
