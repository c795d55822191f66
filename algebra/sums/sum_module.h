/* sum_module.h, private: the module behind sum_moments.h.

   Coordinates are those of module.h (row vectors x stand for sum_k x_k b_k). End
   is kept by its basis phi_a, with w_a = O phi_a; an endomorphism is the vector of
   its coordinates in that basis, read off at the pivots of w. */
#ifndef LIESCAPE_ALGEBRA_SUM_MODULE_H
#define LIESCAPE_ALGEBRA_SUM_MODULE_H

#include "algebra/closure/endo_basis.h"
#include "algebra/closure/closure.h"
#include "algebra/generators/generators.h"

typedef struct sum_module {
  const generator_set_struct *set;
  closure_limits_t limits;
  span_struct span; /* map j is generator j of the set */
  bool has_span, has_module, has_endo;
  module_struct module;
  sparse_vector_struct *basis; /* b_k over the columns of the span */
  fmpq *weight;                /* per column: <e_c, e_c> = 1 / |orbit| */
  fmpq_mat_t v;                /* O */
  endo_struct endo;
  endo_basis_struct phi;
  fmpq *product; /* of phi_a, phi_b: num coordinates at (a * num + b) * num */
  fmpq_mat_t form;             /* tr(phi_a phi_b) */
  fmpq_mat_t inverse;          /* of it */
  fmpq_mat_t average;          /* 1 x num: M */
  fmpq_mat_t fixed;            /* 1 x dim, or 0 x dim: f <O, f> / <f, f> */
} sum_module_struct;

/* out (1 x num) = x y, products of endomorphisms; out distinct. */
void sum_module_multiply(fmpq_mat_t out, const sum_module_struct *m,
                         const fmpq_mat_t x, const fmpq_mat_t y);
/* out (1 x num) with tr(phi_a out) = traces[a]. */
void sum_module_from_traces(fmpq_mat_t out, const sum_module_struct *m,
                            const fmpq_mat_t traces);
/* out (1 x num): r(s phi_a). */
void sum_module_contract(fmpq_mat_t out, const sum_module_struct *m,
                         const fmpq_mat_t s, const fmpq_mat_t r);
void sum_module_dot(fmpq_t value, const fmpq_mat_t x, const fmpq_mat_t y);
/* y (1 x dim): y_k = <b_k, x>. */
void sum_module_metric(fmpq_mat_t y, const sum_module_struct *m,
                       const fmpq_mat_t x);
/* s with <s, w> = r(w). False when it takes too much. */
bool sum_module_represent(fmpq_mat_t s, const sum_module_struct *m,
                          const fmpq_mat_t r);

#endif
