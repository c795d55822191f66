/* weights.h - irreducible representations of simple Lie algebras by highest weight.

   Bourbaki numbering of simple roots; a weight is its Dynkin labels, w_i the
   fundamental weights. Dimension by Weyl's formula. Casimir eigenvalue
       C = (l, l + 2 rho) / (theta, theta + 2 rho),   1 on the adjoint,
   so that tr_V(X Y) = (dim V C / dim g) tr(ad X ad Y).

   Layer: algebra, base. */
#ifndef LIESCAPE_WEIGHTS_H
#define LIESCAPE_WEIGHTS_H

#include <flint/fmpq.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct {
  char letter;
  size_t rank;
  size_t num_roots; /* positive */
  unsigned *roots;  /* coefficients of simple roots, rank each */
  unsigned *half_norm; /* of simple roots: (a, a) / 2, shortest 1 */
  fmpq *inverse;    /* of the Cartan matrix, rank^2 */
  fmpq_t adjoint;   /* (theta, theta + 2 rho) */
} root_system_struct;
typedef root_system_struct root_system_t[1];

/* rank up to 64; A from 1, B and C from 2, D from 3, E6..E8, F4, G2. False (and
   nothing to clear) for anything else. */
bool root_system_init(root_system_t system, char letter, size_t rank);
void root_system_clear(root_system_t system);

/* labels: rank of them. */
void weight_dimension(fmpz_t out, const unsigned *labels,
                      const root_system_t system);
void weight_casimir(fmpq_t out, const unsigned *labels,
                    const root_system_t system);

/* Calls visit for every highest weight but 0 whose dimension is at most
   max_dimension. */
typedef void weight_visit_t(const unsigned *labels, size_t dimension, void *data);
void weight_enumerate(const root_system_t system, size_t max_dimension,
                      weight_visit_t *visit, void *data);

/* Are they equal up to an automorphism of the Dynkin diagram? */
bool weight_is_related(const unsigned *a, const unsigned *b,
                       const root_system_t system);

/* "2 w1 + w3"; and "defining", "conjugate", "symmetric power 3",
   "exterior power 2", "spin", "half-spin", "adjoint" or "other". The caller frees
   them with free(). */
char *weight_get_str(const unsigned *labels, const root_system_t system);
char *weight_get_name(const unsigned *labels, const root_system_t system);

#endif
