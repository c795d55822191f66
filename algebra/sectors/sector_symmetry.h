/* sector_symmetry.h - operators that commute with every generator, exactly.

   Monomial matrices (strings of the commutant, qubit permutations; in the frame of
   the space; permutations of the fermionic modes of the Jordan-Wigner
   transformation), the block to which a basis state belongs, charges: sums of few
   strings (of weight one, or bilinear in Majorana operators)
   found as the kernel of all brackets, over Q; and maps between small
   modules that these do not tell apart (sector_hidden.c).

   Layer: private to algebra, above sector_space. */
#ifndef LIESCAPE_ALGEBRA_SECTOR_SYMMETRY_H
#define LIESCAPE_ALGEBRA_SECTOR_SYMMETRY_H

#include "algebra/sectors/sector_space.h"

typedef enum {
  SECTOR_MONOMIAL,
  SECTOR_BLOCK,
  SECTOR_CHARGE,
  SECTOR_MAP
} sector_operator_t;

typedef struct {
  sector_operator_t kind;
  uint32_t *image; /* monomial: |s> -> i^phase[s] |image[s]> */
  uint8_t *phase;
  pauli_sum_t charge;
  sector_matrix_struct matrix; /* of the charge, once a prime is chosen */
  bool has_matrix;
  /* A map: with G = left left^T,  v -> right^T G^-1 left v, rows of integers on the
     whole space; G^-1 modulo the prime. */
  size_t rank;
  slong *left, *right;
  size_t *start[2];    /* the same by entries that are not 0: of row i of left (right) from */
  uint32_t *column[2]; /* start[.][i] on */
  mp_limb_t *inverse, modulus;
} sector_operator_struct;

typedef struct {
  const sector_space_struct *space;
  size_t length;
  sector_operator_struct *list;
} sector_symmetry_struct;

/* generators: as they were given to sector_space_init. */
void sector_symmetry_init(sector_symmetry_struct *symmetry,
                          const sector_space_struct *space,
                          const pauli_sum_struct *const *generators,
                          size_t count);
/* The monomial ones of other operators, in the frame of the space. */
void sector_symmetry_init_monomial(sector_symmetry_struct *symmetry,
                                   const sector_space_struct *space,
                                   const pauli_sum_struct *const *framed,
                                   size_t count);
/* sector_charge.c: the charges. */
void sector_symmetry_add_charges(sector_symmetry_struct *symmetry,
                                 const pauli_sum_struct *const *generators,
                                 size_t count);
/* A map between rows of integers, which is known to commute; takes the rows. */
void sector_symmetry_add_map(sector_symmetry_struct *symmetry, slong *left,
                             slong *right, size_t rank);
void sector_symmetry_clear(sector_symmetry_struct *symmetry);
/* Call before sector_operator_apply. */
void sector_symmetry_set_prime(sector_symmetry_struct *symmetry,
                               const sector_prime_struct *prime);
/* out = op v on the whole space; distinct. False when it is a map and out = 0. */
bool sector_operator_apply(uint32_t *out, const sector_operator_struct *op,
                           const sector_space_struct *space,
                           const sector_prime_struct *prime, const uint32_t *v);

#endif
