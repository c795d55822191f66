/* check_decomposition.h - for `liescape check`: the structure of an algebra whose sectors
   are full, from the space itself; nothing is taken from the certificate, and no symmetry
   has to be known.

   On every block of check_sparse.h, eigenvectors of an element X that have an eigenvalue
   in the prime field generate modules (check_module.h). Modules of dimensions d_k, no two
   isomorphic, with m_k independent copies each, irreducible since what acts on each is
   recognised, and sum d_k m_k = 2^n, are all there is. Since the algebra of the generators
   is semisimple over Q and, but for finitely many primes, modulo p, these are the
   dimensions and multiplicities over the complex numbers.

   A module of another kind may be that of the pairs of one that is known
   (check_on_pairs.h): it has its ideal.

   Two modules carry the same ideal iff they are linked (check_module.h) or both small:
   su(2) = so(3), part of so(4); sp(2) = so(5); su(4) = so(6); an element whose eigenvalues
   do not fit tells them apart, else nothing is said. By Goursat's lemma [g, g] is the
   sum of the ideals. The centre has the dimension of the span of the vectors
   (Tr H_j on V_k)_k, the rank of as many random combinations of the H_j as have it.

   Layer: algebra, above check_module. */
#ifndef LIESCAPE_ALGEBRA_CHECK_DECOMPOSITION_H
#define LIESCAPE_ALGEBRA_CHECK_DECOMPOSITION_H

#include "algebra/check/sums/check_module.h"

typedef struct {
  check_module_t module;
  size_t multiplicity;
  size_t *per_block; /* copies in every block */
  nmod_poly_t base;  /* the characteristic polynomial of X number 0 there */
  size_t link;    /* the first with the same ideal, maybe itself */
  bool conjugate; /* by the dual of its representation there */
  bool traceless; /* Tr H_j = 0 for all j */
} check_found_t;

struct check_decomposition {
  check_prime_t *p;
  check_sparse_t space;
  check_choices_t choices;
  size_t length, covered;
  check_found_t *list;
  size_t centre;
  bool known; /* all of it */
  bool hopeless; /* something occurs too often to be counted: no choice would help */
  int64_t granted; /* what was added to p->work_left: large blocks take more */
};
typedef struct check_decomposition check_decomposition_struct;
typedef check_decomposition_struct check_decomposition_t[1];

/* p->work_left: steps that may be taken. */
void check_decomposition_init(check_decomposition_t out, check_prime_t *p);
void check_decomposition_clear(check_decomposition_t d);

/* Fills what a structure says of algebra, ideals, sectors, fields and actions. */
void check_decomposition_structure(check_sum_structure_t out,
                                   const check_decomposition_t d);

#endif
