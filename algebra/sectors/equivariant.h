/* equivariant.h - generators that every permutation of the qubits fixes: the algebra from
   the modules of spin J, never in dimension 2^n.

   By permutation_average.h the generators act on C^(2^n) as on the sum of C^(f_m) (x)
   V_m, V_m = Sym^(n - 2m)(C^2). When Z^(x n) commutes with all of them (after a
   rotation of every qubit), V_m splits by the parity of q; when X^(x n) does so too
   and n is even, again, by v_q +- v_(N-q).

   What acts on such a part V, of dimension d > 1, modulo a prime: with X, Y random brackets of
   the generators and A_k = (ad X)^k Y,
     dim span of (v, f), (A_0 v, f A_0), (A_1 v, f A_1), ...  = 2 d - 1
   for random v, f makes the group transitive on the sphere of C^d (see sector_probe.h:
   ranks drop modulo a prime, and no irreducibility is needed, which transitivity implies),
   hence all of SU(d), or Sp(d/2). The latter is refuted by an X whose traceless
   part has a characteristic polynomial that is not even or odd. Two parts carry different
   ideals, and are different modules, when the traceless parts of X have other eigenvalues
   on one, and not the opposite ones. Then [g, g] = sum of su(d), and the centre is known from
   the traces of the generators, exactly.

   Layer: private to algebra, above permutation_average and full_sector. */
#ifndef LIESCAPE_ALGEBRA_EQUIVARIANT_H
#define LIESCAPE_ALGEBRA_EQUIVARIANT_H

#include "algebra/base/structure.h"
#include "algebra/closure/closure.h"
#include "algebra/sectors/permutation_average.h"

/* Basis: v_first[i] + sign v_second[i], of v_q = u^(N-q) v^q; sign 0: v_first[i]. */
typedef struct {
  size_t m, dimension;
  fmpz_t multiplicity; /* f_m */
  size_t *first, *second;
  int sign;
  fmpq *traces; /* of the generators */
} equivariant_sector_struct;

typedef struct {
  size_t num_qubits, num_generators;
  unsigned turns;       /* of type_table_rotate */
  type_table_t *tables; /* of the generators, rotated */
  krawtchouk_struct krawtchouk;
  size_t length;
  equivariant_sector_struct *list; /* by m, ascending */
  size_t centre;
} equivariant_struct;

/* False, with nothing to clear: a permutation changes a generator, the qubits are too many,
   or what acts was not recognised. generators: not zero. */
bool equivariant_init(equivariant_struct *e, const pauli_sum_struct *generators,
                      size_t count, size_t num_qubits,
                      const closure_limits_t *limits);
void equivariant_clear(equivariant_struct *e);
/* Fills an initialised structure. */
void equivariant_structure(structure_t out, const equivariant_struct *e);
/* out (dimensions of k, of l) = the part of a matrix on V_m from sector l to k. */
void equivariant_part(gauss_matrix_t out, const gauss_matrix_t whole,
                      const equivariant_sector_struct *k,
                      const equivariant_sector_struct *l);

#endif
