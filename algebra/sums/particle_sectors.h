/* particle_sectors.h - sectors of the Fock space under one full u(d) or su(d).

   d modes, as 2 d Majorana modes of one block (particle_algebra.h, one copy), have the Fock
   space C^(2^d) = sum of the exterior powers of C^d; 2^(n - d) copies of it are C^(2^n) when
   the parity of the modes is no number. With a centre the charges of all of them differ
   (k - d/2, up to a factor); without, those of dimension 1 are one sector. The middle
   one, k = d/2, is real when d is a multiple of 4, else quaternionic, all others with an
   action are complex.

   Private to algebra/. Layer: above particle_algebra. */
#ifndef LIESCAPE_PARTICLE_SECTORS_H
#define LIESCAPE_PARTICLE_SECTORS_H

#include "algebra/sums/particle_algebra.h"

/* Sets sectors and actions, which were not known; false, and no change, for another
   algebra. */
bool particle_sectors(structure_t structure, const particle_algebra_t algebra);

#endif
