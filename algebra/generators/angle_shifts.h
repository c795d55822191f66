/* angle_shifts.h - constants in the angles of a parameter that drives several gates.

   exp(-i (c theta + d) P / 2) with d/c alike in all gates of theta is the same circuit
   with theta shifted by d/c: deep and shallow moments, with theta uniform over a
   period, and the algebra do not change. Private to algebra/.
   Layer: above ansatz. */
#ifndef LIESCAPE_ALGEBRA_ANGLE_SHIFTS_H
#define LIESCAPE_ALGEBRA_ANGLE_SHIFTS_H

#include "algebra/base/ansatz.h"

/* pi_parts[r] pi + rad_parts[r] (initialised, one for each rotation): the constants of
   the angles, less the shifts that make all constants of a parameter multiples of
   pi/2. Of several such shifts the one that takes the first constant away. */
void angle_shifts(fmpq *pi_parts, fmpq *rad_parts, const ansatz_t ansatz);

#endif
