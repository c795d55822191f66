/* sector_project.h - one sector and an observable on the blocks S of the commutant,
   modulo a prime: the projector P = P_k 1_S and O = 1_S O 1_S as sparse matrices between
   the basis states of S.

   Layer: private to algebra, above sector_moments. */
#ifndef LIESCAPE_ALGEBRA_SECTOR_PROJECT_H
#define LIESCAPE_ALGEBRA_SECTOR_PROJECT_H

#include "algebra/sectors/sector_moments.h"

/* Rows start[i] .. start[i + 1] - 1; residues below 2^62. */
typedef struct {
  uint64_t *start;
  uint32_t *col;
  mp_limb_t *val;
} project_matrix_struct;

typedef struct {
  const sector_commutant_struct *c;
  nmod_t mod;
  size_t length;            /* of S */
  uint32_t *states, *local; /* local: UINT32_MAX outside S */
  project_matrix_struct p, o;
  project_matrix_struct one; /* e^k_00: V_k once */
} sector_project_struct;

/* group: of count 1; index: number of the prime. False, with nothing to clear, for a
   prime that does not do. source: times its denominator. */
bool sector_project_init(sector_project_struct *w, const sector_commutant_struct *c,
                         const sector_group_struct *group,
                         const sector_source_struct *source, size_t index);
/* The same with primes of its own, from the exact projector (`one` is not made); index is
   the number of the prime. */
typedef struct {
  const sector_commutant_struct *c;
  size_t length;    /* of S */
  uint64_t *start;  /* rows of index P, integers of at most index w */
  uint32_t *col;
  slong *val;
} sector_exact_struct;
/* In index P = sum X_a c_a the X_a are integers (count is 1, so that the traces of P with
   the c_a are). When every c_a has an entry where no other has one, |X_a| <= index w, since no
   entry of P is larger than w (1; the root of the largest orbit, for less than that w, where
   there are orbits): residues tell them. False when one has none, or for a large index. */
bool sector_exact_init(sector_exact_struct *e, const sector_commutant_struct *c,
                       const sector_group_struct *group);
void sector_exact_clear(sector_exact_struct *e);
bool sector_project_init_exact(sector_project_struct *w, const sector_exact_struct *e,
                               const sector_source_struct *source, size_t index);
void sector_project_clear(sector_project_struct *w);
/* out = m in; distinct. */
void sector_project_apply(mp_limb_t *out, const sector_project_struct *w,
                          const project_matrix_struct *m, const mp_limb_t *in);

#endif
