/* sector_powers.h - the spectrum of an observable on one sector: O = X (x) 1 there.

   Layer: private to algebra, above sector_moments. */
#ifndef LIESCAPE_ALGEBRA_SECTOR_POWERS_H
#define LIESCAPE_ALGEBRA_SECTOR_POWERS_H

#include "algebra/sectors/sector_moments.h"

/* For an O that is diagonal in the frame, or after Hadamard gates on all qubits: its values
   that occur on the sector, with multiplicities, ascending in no order; *length of them, in
   vectors of at least `room` entries. False when O is not diagonal, leaves the sector, or
   has more values. */
bool sector_levels(fmpq *levels, fmpz *counts, slong *length, slong room,
                   const sector_commutant_struct *c,
                   const sector_group_struct *group, const pauli_sum_struct *o);
/* power[j] = Tr X^j, 1 <= j <= most, X (x) 1 the part of O on the sector, which O may
   leave. False: it takes too long. */
bool sector_powers(fmpq *power, size_t most, const sector_commutant_struct *c,
                   const sector_group_struct *group, const pauli_sum_struct *o);
/* sector_polynomial.c: f = the characteristic polynomial of den X, with integer
   coefficients. False: O leaves the sector and S is made of orbits, or it takes too long. Krylov sequences modulo
   primes (D. Wiedemann 1986), or a dense matrix when an eigenvalue is repeated. */
bool sector_polynomial(fmpz_poly_t f, fmpz_t den, const sector_commutant_struct *c,
                       const sector_group_struct *group, const pauli_sum_struct *o);

#endif
