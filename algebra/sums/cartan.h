/* cartan.h - the Cartan type of a compact simple Lie algebra by exclusion; the
   conditions are in sum_structure.h. Layer: private to algebra. */
#ifndef LIESCAPE_ALGEBRA_CARTAN_H
#define LIESCAPE_ALGEBRA_CARTAN_H

#include <flint/nmod_poly.h>
#include <stdbool.h>
#include <stddef.h>

/* dimension: of the algebra. most_space: dimension of the Hilbert space, on
   which it acts faithfully (SIZE_MAX when that does not fit a word). charpoly: the
   characteristic polynomial of ad x modulo a prime for some element x, or NULL.
   Returns the number of types left; when it is 1, that type. */
size_t cartan_decide(char *letter, size_t *rank, size_t dimension,
                     size_t most_space, const nmod_poly_struct *charpoly);

#endif
