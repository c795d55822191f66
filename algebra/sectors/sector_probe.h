/* sector_probe.h - an element X of the Lie algebra on a block, its eigenvectors, and
   whether a sector is full, modulo a prime.

   Let V be an irreducible module of dimension d of a compact connected group G with
   complexified Lie algebra g, and let dim { (A v, f A) : A in g + C } = 2 d - 1 for
   some v in V, f in V*. The rank is lower semicontinuous, and the pairs
   (v, conjugate of v) are Zariski-dense in V x V*, so that the real orbit of some unit
   vector under G U(1) has dimension 2 d - 1: it is open in the sphere of C^d, compact,
   hence all of it. The groups that do this (Montgomery and Samelson 1943; Borel
   1949), irreducible with G U(1), are those with [G, G] = SU(d) and Sp(d/2). A rank modulo p
   is a lower bound, so the statement is proved by one prime (for the v and f
   there, which lift to characteristic 0 as any vectors do).

   v and f are taken as eigenvectors of X for one eigenvalue e. With
   A_k = (ad X)^k Y,
     A_k v = (X - e)^k Y v,     f A_k = f Y (e - X)^k,
   so the rank is at least the length of the recurrence of the sequence
     z (X - e)^k Y v + z' (e - X^T)^k Y^T f,    z, z' random,
   which Berlekamp and Massey's algorithm gives (a prefix gives a lower bound). It
   is 2 d - 1 iff the eigenvalues differ, no two of them add up to 2 e, and Y
   joins v and f to all others: 2 d conditions where distinct differences of
   eigenvalues would be d^2.

   On V with an invariant symmetric form take v alone: v is isotropic (e is not 0) and
     dim { A v : A in g } = d - 1
   makes the compact group transitive on the sphere of R^d. If V is irreducible, G is
   SO(d), G2 (d = 7), Spin(7) (8), Spin(9) (16) or Sp(d/4) Sp(1). The last two are
   excluded, since v is a weight vector: weights that differ from a given one
   by a root are fewer there. G2 and Spin(7) are told apart by their dimension.

   V is irreducible in all these cases: f generates V*, v generates V, and a
   submodule is a sum of eigenspaces of X, so it holds v or is killed by f.

   X = L + [M, [M, N]] (the latter on demand), L, M, N random combinations of the
   generators, and likewise Y. Where the generators are antisymmetric, X = L + [M, N]: sums
   of odd words could not tell a sector from one on which all generators have the opposite
   sign, since their eigenvalues come in pairs +-, and may have some of them twice. For the
   same reason the associative one is L + M N + 2 N M there. Layer: private to algebra, above sector_space. */
#ifndef LIESCAPE_ALGEBRA_SECTOR_PROBE_H
#define LIESCAPE_ALGEBRA_SECTOR_PROBE_H

#include "algebra/sectors/sector_space.h"

/* L (one part), L + [M, [M, N]] (`triple`), or L + a M N + b N M: b = -a in the Lie
   algebra, otherwise not, but in the associative one. */
typedef struct {
  size_t num_parts; /* 1 or 3 */
  bool triple;
  mp_limb_t mn, nm; /* a, b */
  sector_matrix_struct part[3];
} sector_element_struct;

typedef struct {
  const sector_space_struct *space;
  const sector_prime_struct *prime;
  const closure_limits_t *limits;
  size_t block, dim, attempt;
  bool associative; /* X is: its eigenvectors are good for lines only */
  bool symmetric; /* X and Y are symmetric matrices */
  sector_element_struct x, y, xt, yt; /* the last two unless symmetric */
  uint32_t *work[4];
} sector_probe_struct;

/* attempt: number of the choice of X and Y, the same on all blocks. */
void sector_probe_init(sector_probe_struct *probe,
                       const sector_space_struct *space, size_t block,
                       size_t attempt, const sector_prime_struct *prime,
                       const closure_limits_t *limits);
void sector_probe_clear(sector_probe_struct *probe);

void sector_probe_apply(uint32_t *out, sector_probe_struct *probe,
                        const sector_element_struct *a, const uint32_t *v);

/* out = Y (Y + c) v + c' v (transposed: with Y^T): a vector of the module of v. */
void sector_probe_generic(uint32_t *out, sector_probe_struct *probe,
                          bool transposed, const uint32_t *v);
/* The least polynomial with f(X - shift) u = 0, or a divisor of it. */
void sector_probe_polynomial(nmod_poly_t f, sector_probe_struct *probe,
                             const uint32_t *u, mp_limb_t shift);
/* out = f(X) u; distinct. */
void sector_probe_evaluate(uint32_t *out, sector_probe_struct *probe,
                           const nmod_poly_t f, const uint32_t *u);
/* Roots of f in the prime field, at most max of them. */
size_t sector_roots(mp_limb_t *roots, const nmod_poly_t f, size_t max,
                    uint64_t *seed);
/* v[i] (dim entries each): the part of u in the eigenspace of X (of X^T) for roots[i],
   f a multiple of the least polynomial of X at u. */
void sector_probe_eigenvectors(uint32_t *const *v, sector_probe_struct *probe,
                               bool transposed, const nmod_poly_t f,
                               const mp_limb_t *roots, size_t count,
                               const uint32_t *u);
bool sector_probe_is_eigenvector(sector_probe_struct *probe, bool transposed,
                                 const uint32_t *v, mp_limb_t root);

/* Ranks of the test above for eigenvectors v of X and f of X^T for root (f may
   be NULL when symmetric: v then): both = the rank on V x V*, single = on V. */
void sector_probe_ranks(size_t *both, size_t *single, sector_probe_struct *probe,
                        const uint32_t *v, const uint32_t *f, mp_limb_t root);

static inline bool probe_is_stopped(const sector_probe_struct *probe) {
  return probe->limits && probe->limits->abort &&
         probe->limits->abort(probe->limits->abort_data);
}

#endif
