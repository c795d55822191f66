/* adjoint_law.h - the law of a loss whose observable lies in the Lie algebra.

   l = constant + sum over simple ideals of independent <O_j, Ad_U rho_j>, U Haar.
     su(2):  l = w u, w = |O||rho|, u uniform on [-1, 1] (Archimedes);
     so(m), B and S antisymmetric m x m: l = sum_{a<b} B_ab (Q S Q^T)_ab, Q Haar on
       SO(m). With +-i b_k and +-i s_k the eigenvalues of B and S,
         p2 = sum b_k^2, p4 = sum b_k^4, Pf = +-prod b_k,
         E[l^2] = p2(B) p2(S) / D,  D = m(m-1)/2,
         E[l^4] = 24 I(B)^T G^(-1) I(S),  I = (p2^2, p4),
         G = [[8 D(D+2), 4m(m-1)(2m-1)], [., 2m(m-1)(m^2-m+4)]],
       for m = 8 plus 24 Pf(B) Pf(S) / 105; m >= 5;
     sp(N): with +-b_k the eigenvalues of B in C^(2N), and s_k such that l = sum b_k s_k at
       U = 1, the law of so(2N+1) (unitary_orbit.h);
     su(m): l = Tr(B U S U^dag) - Tr B Tr S / m; B and S are given up to multiples of 1.
       With p_j the power sums of traceless B and S, from the characters of u(m)
       (Harish-Chandra, Itzykson, Zuber; I. G. Macdonald, Symmetric functions, 1995, I.7):
         E[l^2] = p2(B) p2(S) / (m^2 - 1),
         E[l^4] = 24 sum over partitions of 4 of s(B) s(S) / prod (m + contents),
       s the Schur functions; m >= 3.
     G is the Gram matrix of the invariants under <p, q> = p(d) q: averaging
     <B, Ad S>^4 over S and applying p(d/dB) gives 24 p(S) for every invariant p of
     degree 4. G from Wick's theorem for B_ab independent and normal.

   Ideals conjugate over Q come in families: second and fourth cumulants are added
   up over a family and rational; spectra are balls.

   Layer: above status only. */
#ifndef LIESCAPE_ADJOINT_LAW_H
#define LIESCAPE_ADJOINT_LAW_H

#include "algebra/base/flint_compat.h"
#include <stdbool.h>

#include "algebra/base/status.h"

typedef enum { ORBIT_SO, ORBIT_SP, ORBIT_SU } orbit_group_t;

/* Conjugate ideals; su(2) is so(3), sp(N) has the law of so(2N+1). */
typedef struct {
  orbit_group_t group;
  ulong modes;            /* m; so: at least 5, or 3; sp: 2N + 1; su: at least 3 */
  size_t count;           /* of ideals */
  size_t rank;            /* of numbers: floor(m / 2); su: m */
  fmpq_t second, fourth;  /* cumulants, added up over the ideals */
  /* count * rank numbers b_k and s_k, but for su all >= 0, ideal by ideal, each in
     descending order; l = sum b_k s_k at Q = 1, Pfaffians apart. Equal numbers of su are
     the same ball. */
  arb_struct *observable, *state;
  int orientation; /* sign of Pf(B) Pf(S), even m; 0 when that is 0 */
} adjoint_family_struct;

typedef struct {
  fmpq_t constant;
  size_t num_families;
  adjoint_family_struct *families;
} adjoint_law_struct;
typedef adjoint_law_struct adjoint_law_t[1];

void adjoint_law_init(adjoint_law_t law);
void adjoint_law_clear(adjoint_law_t law);
/* A new family of `count` ideals, spectra and cumulants 0. */
adjoint_family_struct *adjoint_law_append(adjoint_law_t law, orbit_group_t group,
                                          ulong modes, size_t count);
/* Is it su(2), with a uniform loss? */
static inline bool adjoint_family_is_uniform(const adjoint_family_struct *f) {
  return f->modes == 3 && f->group != ORBIT_SU;
}

/* E[l^2] and the fourth cumulant of one so(m) from p2, p4 and the Pfaffian (used for
   m = 8 only) of B and S. m = 3 and m >= 5. */
void adjoint_so_cumulants(fmpq_t second, fmpq_t fourth, ulong modes,
                          const fmpq *observable, const fmpq *state);

/* The same of su(m), from p2 and p4 of traceless B and S. */
void adjoint_su_cumulants(fmpq_t second, fmpq_t fourth, ulong modes,
                          const fmpq *observable, const fmpq *state);

/* The same of so(m) from the floor(m/2) numbers b_k >= 0 and s_k >= 0 and the sign of
   Pf(B) Pf(S), as balls. */
void adjoint_so_cumulants_ball(arb_t second, arb_t fourth, ulong modes, int orientation,
                               const arb_struct *observable, const arb_struct *state,
                               slong prec_bits);
/* And of su(m) from m numbers each, in any order. */
void adjoint_su_cumulants_ball(arb_t second, arb_t fourth, ulong modes,
                               const arb_struct *observable, const arb_struct *state,
                               slong prec_bits);

/* Variance and fourth cumulant of the whole. */
void adjoint_law_cumulants(fmpq_t second, fmpq_t fourth,
                           const adjoint_law_t law);
/* fourth / second^2; false when the loss is constant. With su(2) alone, a constant
   plus independent uniform variables, losses tend to a normal law iff this,
   -(6/5) sum v_i^2 / (sum v_i)^2, v_i the variances, tends to 0: then no single one
   counts in the limit (Lindeberg); else one does, and a normal variable has no
   summand that is not normal (Cramer 1936). */
bool adjoint_law_kurtosis(fmpq_t kurtosis, const adjoint_law_t law);

/* How many equations a global minimum is: the codimension within the orbits of the set
   where l is least, twice the number of positive roots that vanish neither on the
   observable nor on the state, both dominant; an upper bound where eigenvalues cannot
   be told apart. From so many parameters of a generic family on it is met. */
size_t adjoint_law_codimension(const adjoint_law_t law);

#endif
