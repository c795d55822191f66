/* fermion_structure.h - dimension, centre, ideals and sectors of an algebra of
   Majorana bilinears, from its pieces.

   Private to algebra/. The radical of the strings (dimension R over F_2) splits
   C^(2^n) into 2^R parts; on each, component c acts on the spin module of one of
   its blocks R^m, for even m on the half-spin module on which the parity
   Gamma = i gamma_0 gamma_1 i gamma_2 gamma_3 ... has the value that the part
   gives it. The module is the tensor product over the pieces of the block:
     su(2) on p copies of H (D = 4p):  for i = 0..p the irreducible of dimension
       p - i + 1 with multiplicity C(2p, i) - C(2p, i - 2) and Gamma = (-1)^i
       (skew Howe duality of sp(1) and sp(p); p = 1: a doublet and two singlets);
     a circle on C^p (D = 2p):  charges (p - 2i) lambda with multiplicity C(p, i)
       and Gamma = (-1)^i, lambda > 0 with x = lambda J;
     no action on R^w:  multiplicity 2^(w/2 - 1) for each sign of Gamma,
   in orientations of the pieces in which the Pfaffian of x is positive, so that
   the product of the signs is Gamma times the sign of Pf(x) on the block.
   Isotypic sectors are told apart by these irreducibles and by the charges, which
   must be rational here. The number of sectors grows exponentially; they are
   counted by kind, adding piece after piece.

   Layer: above fermion_pieces and structure. */
#ifndef LIESCAPE_FERMION_STRUCTURE_H
#define LIESCAPE_FERMION_STRUCTURE_H

#include "algebra/sums/fermion_pieces.h"
#include "algebra/base/structure.h"

/* Fills an initialised structure when the pieces are circles and su(2) (false: there
   is a full so(m), and nothing is done); sectors unknown get a reason. */
bool fermion_structure(structure_t out, const fermion_algebra_t algebra);

/* Adds the sectors, with the actions; REASON_NONE or a reason, and nothing added. */
reason_code_t fermion_sectors(structure_t out, const fermion_algebra_t algebra);

#endif
