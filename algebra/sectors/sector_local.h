/* sector_local.h - traces of an observable and states with the matrix units of the
   commutant, modulo one prime; formulas: sector_moments.h.

   Layer: private to algebra, between sector_commutant and sector_moments. */
#ifndef LIESCAPE_ALGEBRA_SECTOR_LOCAL_H
#define LIESCAPE_ALGEBRA_SECTOR_LOCAL_H

#include "algebra/sectors/sector_commutant.h"
#include "algebra/sectors/sector_operand.h"

/* Entries of all c_b by row: rows[r]..rows[r + 1] - 1. */
typedef struct {
  const sector_commutant_struct *c;
  size_t size, *start;
  uint32_t *which, *col;
  mp_limb_t *val;
} sector_rows_struct;

void sector_rows_init(sector_rows_struct *r, const sector_commutant_struct *c,
                      nmod_t mod);
void sector_rows_clear(sector_rows_struct *r);

/* t[a] = Tr(c_a A);  t[a] = Tr(c_a H^2);  out[a][b] = Tr(c_a A c_b B), by the matrix elements
   of the c_a, or (operands that are matrices) by the products c_a A as full matrices,
   whatever costs less. */
void sector_traces(mp_limb_t *t, const sector_operand_struct *a,
                   const sector_rows_struct *index, nmod_t mod);
void sector_square_traces(mp_limb_t *t, const sector_operand_struct *h,
                          const sector_rows_struct *index, nmod_t mod);
void sector_double_traces(nmod_mat_t out, const sector_operand_struct *a,
                          const sector_operand_struct *b,
                          const sector_rows_struct *index, nmod_t mod);
void sector_sparse_traces(nmod_mat_t out, const sector_operand_struct *a,
                          const sector_operand_struct *b,
                          const sector_rows_struct *index, nmod_t mod);
void sector_dense_traces(nmod_mat_t out, const sector_operand_struct *a,
                         const sector_operand_struct *b,
                         const sector_commutant_struct *c, nmod_t mod);
/* Products that sector_double_traces takes. */
uint64_t sector_double_cost(const sector_source_struct *a,
                            const sector_source_struct *b,
                            const sector_commutant_struct *c);
/* From traces with the c_a to those with the units. */
void sector_to_units(mp_limb_t *out, const mp_limb_t *t,
                     const sector_units_struct *u, size_t m);
void sector_to_units_twice(nmod_mat_t f, const sector_units_struct *u);

/* Everything modulo one prime. */
typedef struct {
  const sector_units_struct *u;
  nmod_t mod;
  mp_limb_t *o, *r[2]; /* traces of O and the states with the units */
  mp_limb_t *square;   /* the same of O^2, or NULL */
  nmod_mat_t oo, rr;   /* double traces of O, O and of rho, rho' */
  bool transposed;     /* by sector_transpose.h; then too: */
  nmod_mat_t os, rs;   /* of O, s(O) and of rho, s(rho') */
  nmod_mat_t tau;      /* s(e_cd) = sum_ef tau[cd][ef] e_ef on sectors that s maps to
                          themselves */
} sector_local_struct;

void sector_local_init(sector_local_struct *l, const sector_units_struct *u,
                       const sector_source_struct *observable,
                       const sector_source_struct *square, /* O^2, or NULL */
                       const sector_source_struct *states, /* two */
                       const sector_rows_struct *index);
void sector_local_clear(sector_local_struct *l);

/* Number of the unit e^k_ij. */
static inline slong sector_unit_at(const sector_units_struct *u, size_t k,
                                   size_t i, size_t j) {
  return (slong)(u->start[k] + i * u->multiplicity[k] + j);
}
/* S_k of one of the states; A2_kh; ||O_kh||^2; d^2 A2 + A1 - d (A3 + A4). */
mp_limb_t sector_single(const sector_local_struct *l, size_t k, int which);
/* S_k of the first state, O^2 in the place of O. */
mp_limb_t sector_square_single(const sector_local_struct *l, size_t k);
mp_limb_t sector_pair(const sector_local_struct *l, size_t k, size_t h);
mp_limb_t sector_between(const sector_local_struct *l, size_t k, size_t h);
mp_limb_t sector_diagonal(const sector_local_struct *l, size_t k);

#endif
