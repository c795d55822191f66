/* sector_commutant.h - a basis over Q of the commutant of the generators, and its
   irreducible representations modulo primes.

   The commutant is B (sectors.h), spanned over Q by words in the parts 1_a T 1_b of
   the exhibited operators T, 1_b the projector on block b: real integer matrices c_a,
   a < M = sum m_k^2, found to be independent by their matrices on the E_k.

   A state on some blocks of the space stays there, so that moments need of B only
   1_S B 1_S, 1_S the projector on the blocks S: again a *-algebra, with the multiplicity
   spaces 1_S E_k, of dimension `part[k]`, in the place of the E_k. Everything below is
   said of it (S: all blocks, for B itself). Words that begin in S may leave it on the way;
   c_a maps block from[a] to block to[a].

   Where symmetries fix the states, P their average, the same is done once more, with
   P 1_S B 1_S P on the P 1_S E_k, as matrices between orbits of basis states
   (sector_orbits.h): c_a then is an integer matrix in the basis of the u_o, and c_a^T below
   its adjoint W^-1 c_a^T W, by the choice of c_a an integer matrix, too.

   Modulo a prime p = 1 (mod 720720) below 2^62, chosen so that nothing degenerates, B is
   a sum of matrix algebras again, and the E_k are found as spans B v of eigenvectors v of
   a random element of B, with bases of vectors that lie in one block each.
   rho_k(c_a) is the matrix of c_a on E_k; e^k_ij = sum_a unit[(k,i,j)][a] c_a the element
   that is E_ij there and 0 elsewhere. d_k follows from Tr c_a = sum d_k tr rho_k(c_a).

   A number sum over k in K of f(k), K closed under conjugation, f a polynomial with
   rational coefficients in traces of products of e^k_ij that does not depend on the
   bases of the E_k, is rational. For the tensor sum_ij e^k_ij (x) e^k_ji the
   denominator is known:
     sum_ij e^k_ij (x) e^k_ji = d_k (P_k (x) 1) sum_ab G^-1_ab c_a (x) c_b^T,
     G_ab = Tr(c_a^T c_b),
   P_k = sum x_a c_a with G x = (d_k tr rho_k(c_b^T))_b, algebraic integers. So with
   `index` the least common denominator of G^-1, the tensor is 1 / index^2 times
   an algebraic integer combination of the c_a (x) c_b. Values are put together from
   several primes until their product exceeds twice what numerator and denominator can
   be: proved, not guessed.

   Layer: private to algebra, above sectors. */
#ifndef LIESCAPE_ALGEBRA_SECTOR_COMMUTANT_H
#define LIESCAPE_ALGEBRA_SECTOR_COMMUTANT_H

#include "algebra/sectors/sector_orbits.h"

enum { COMMUTANT_MAX_DIMENSION = 1000 };
#define SECTOR_NO_INTEGER WORD_MAX

typedef struct {
  const sectors_struct *sectors;
  const closure_limits_t *limits;
  const sector_orbits_struct *orbits; /* or NULL */
  const sector_space_struct *space;   /* that of the sectors, or of the orbits */
  bool *blocks;     /* S, blocks of `space` */
  size_t *part;     /* by sectors as recognised: dim 1_S E_k, or P 1_S E_k */
  size_t dimension; /* M */
  sector_sparse_struct *basis;
  size_t *from, *to;
  slong *norm;        /* at least |eigenvalues| of c_a */
  mp_limb_t *residue; /* tr rho_k(c_a) at k M + a, k as recognised, modulo its prime */
  fmpz_t index;       /* of G */
  reason_code_t reason; /* why it is not there */
  struct sector_units_cache *cache; /* units of the first primes, made on demand */
} sector_commutant_struct;
typedef sector_commutant_struct sector_commutant_t[1];

/* blocks: S, NULL for all; orbits: NULL, or those of these blocks, which must stay. */
void sector_commutant_init(sector_commutant_t c, const sectors_struct *s,
                           const bool *blocks, const sector_orbits_struct *orbits,
                           const closure_limits_t *limits);
void sector_commutant_clear(sector_commutant_t c);
/* An operator or a state as a matrix, or vectors, of c->space. */
void sector_commutant_operand(sector_operand_struct *out, const sector_source_struct *source,
                              const sector_commutant_struct *c, nmod_t mod, mp_limb_t root);
/* Of an operator: with entries that are integers by the denominator there. */
void sector_commutant_source(sector_source_struct *out, const pauli_sum_struct *a,
                             const sector_commutant_struct *c);
/* The elements from and to the same blocks as number a, ascending; 0 unless a is the first
   of them. */
size_t sector_commutant_alike(size_t *list, const sector_commutant_struct *c,
                              size_t a);

/* sector_lattice.c: makes it a basis in reduced echelon form (all but the norms). */
void sector_commutant_reduce(sector_commutant_t c);

/* Modulo one prime. */
typedef struct {
  nmod_t mod;
  mp_limb_t root; /* of -1 */
  size_t length;  /* number of sectors */
  size_t *dimension, *multiplicity;
  size_t *start;  /* of (k, 0, 0) among M indices: (k,i,j) = start + i m + j */
  nmod_mat_t unit; /* M x M */
  /* tr rho_k(c_a) at k M + a where it is an integer, else SECTOR_NO_INTEGER. The
     product over the sectors of one d and m of (x - tr rho_k(c_a)) has integer
     coefficients, read off modulo p where they are small; so sectors with one signature
     are a set closed under conjugation. */
  slong *signature;
} sector_units_struct;
typedef sector_units_struct sector_units_t[1];

/* NULL for a prime that does not do. index: number of the prime. To be released; the
   units of the first primes are kept with the commutant. */
const sector_units_struct *sector_units_take(const sector_commutant_struct *c, size_t index);
void sector_units_release(const sector_commutant_struct *c, const sector_units_struct *u);
/* Called by sector_commutant_init and _clear. */
struct sector_units_cache *sector_units_cache_new(void);
void sector_units_cache_free(struct sector_units_cache *cache);

#endif
