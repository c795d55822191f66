/* full_sector.h - how su(d), so(d) or sp(d/2) acts on its own sector C^d.

   Layer: private to algebra, above structure and weights. */
#ifndef LIESCAPE_ALGEBRA_FULL_SECTOR_H
#define LIESCAPE_ALGEBRA_FULL_SECTOR_H

#include "algebra/base/structure.h"

/* The kind by the invariant form of [g, g]: su(d), so(d) or sp(d/2). Adds the ideal
   (once) and its action on `count` sectors of the entry sectors[sector]. */
void full_sector_add_ideal(structure_t out, field_t kind, const fmpz_t d,
                           const fmpz_t count);
/* conjugate: by the dual of the defining representation. */
void full_sector_add_action(structure_t out, size_t sector, field_t kind,
                            const fmpz_t count, bool conjugate);
/* so(n), n = 5 or n > 6, on the exterior square of C^n, once. */
void full_sector_add_exterior(structure_t out, size_t sector, ulong n);
/* dim su(d), so(d) or sp(d/2). */
void full_sector_dimension(fmpz_t out, field_t kind, const fmpz_t d);

#endif
