/* sector_moments.h - exact moments of the loss when every sector carries its own full
   su(d_k), so(d_k) or sp(d_k/2) (sector_transpose.h), U Haar on the group.

   O = sum O^ab on V_l (x) V_k*, a and b indices of E_k and E_l; likewise rho. With
   the matrix units of sector_commutant.h,
     Tr O^ba = Tr(e^k_ab O),   Tr(O^ja O^bi) = Tr(e_ij O e_ab O),
   and U = sum U_k (x) 1, U_k independent Haar unitaries up to phases. For inputs rho
   and rho' (l, l' the losses):
     E[l]    = sum_k (1/d_k) S_k,     S_k = sum Tr O^ab Tr rho^ba,
     Cov     = sum_(k != l) A2_kl / (d_k d_l)
             + sum_(d_k > 1) (d_k^2 A2_kk + A1_k - d_k (A3_k + A4_k))
                             / (d_k^2 (d_k^2 - 1)),
     A1_k  = S_k S'_k,
     A2_kl = sum Tr(O^ab O^cd) Tr(rho^ba rho'^dc),   a, d in E_k, b, c in E_l,
     A3_k  = sum Tr O^ab Tr O^cd Tr(rho^ba rho'^dc),
     A4_k  = sum Tr(O^ab O^cd) Tr rho^ba Tr rho'^dc
   (Collins and Sniady 2006 for U (x) U (x) U* (x) U*; for k != l the average of
   U_k (x) U_k* alone). Between two sectors of dimension at most two, or with forms, there
   can be other invariants (e.g. e_ab of SU(2), equal phases, O_kl with its transpose), unless
   phases exclude them (sector_joined.h): then nothing is said.
   A gate exp(-i theta H) between two Haar elements, h_k = H on V_k: the terms of Cov
   are multiplied by the mean of (ad H)^2 on the representation,
     (2 d_k Tr h_k^2 - 2 (Tr h_k)^2) / (d_k^2 - 1)                  (k, k),
     Tr h_k^2 / d_k + Tr h_l^2 / d_l - 2 Tr h_k Tr h_l / (d_k d_l)  (k, l).

   Layer: private to algebra, above sector_commutant. */
#ifndef LIESCAPE_ALGEBRA_SECTOR_MOMENTS_H
#define LIESCAPE_ALGEBRA_SECTOR_MOMENTS_H

#include "algebra/sectors/sector_local.h"

/* One observable of the original frame, one or two states; the moments of the
   losses. */
typedef struct {
  bool has_orbits;
  sector_orbits_struct orbits;
  sector_commutant_t commutant; /* on the blocks that the states populate, or what symmetries
                                   fix there */
  const pauli_sum_struct *observable;
  const quantum_state_struct *states[2]; /* the same twice for a variance */
  size_t num_generators; /* of gates, for gradients: 0 for none */
  const pauli_sum_struct *generators;
  /* Results: */
  fmpq *mean; /* of both; with gradients also E[Tr(rho U^dag O^2 U)] of the first: */
  bool square_known;
  fmpq *covariance; /* one */
  fmpq *gradient;      /* per generator, exp(-i theta H) */
  bool block_diagonal; /* O has no part between sectors that are populated */
  bool cubes;          /* the cubes of groups are known */
  size_t num_groups;
  struct sector_group *groups;
} sector_moments_struct;

/* Sectors that conjugation over Q may exchange, often one; sums over them. */
typedef struct sector_group {
  size_t dimension, count;
  size_t multiplicity; /* on the blocks */
  size_t full;         /* on the whole space; 0 when it is not known */
  bool populated;      /* by one of the states */
  slong *signature;
  sector_kind_t kind;  /* SECTOR_UNDECIDED: not the same on all */
  bool even;           /* there is a form, and O and the state (one, not two) are even */
  bool formless;       /* so(d) or sp(d/2), and the form is not at hand */
  bool *candidates;    /* sectors as recognised that it may consist of */
  bool tensor;    /* O is X_k (x) 1 there */
  bool stays;     /* 1_S O 1_S has no part between it and other sectors */
  fmpq_t weight;  /* Tr of the projection of states[0], rho_k */
  fmpq_t square;  /* Tr (Tr_E rho_k)^2 */
  fmpq_t cube;    /* Tr (Tr_E rho_k)^3, where m->cubes */
  fmpq_t trace;   /* Tr X_k */
  fmpq_t trace2;  /* Tr X_k^2, if tensor */
  fmpq_t variance; /* of the part of the loss there */
  size_t num_powers; /* 0, or */
  fmpq *power;       /* Tr X_k^j, j < num_powers */
} sector_group_struct;

/* All generators; with gradients: of their gates, too. With a reason why they are not known
   there is nothing to clear. */
reason_code_t sector_moments_init(sector_moments_struct *m,
                                const sectors_struct *sectors,
                                const closure_limits_t *limits,
                                const pauli_sum_struct *observable,
                                const quantum_state_struct *a,
                                const quantum_state_struct *b,
                                const pauli_sum_struct *generators,
                                size_t num_generators, bool gradients);
void sector_moments_clear(sector_moments_struct *m);

/* sector_groups.c: fills m->groups. */
void sector_groups_init(sector_moments_struct *m, const sector_units_struct *u);
void sector_groups_clear(sector_moments_struct *m);
/* Do the units have the same sectors? Their groups. */
bool sector_groups_fit(size_t *group_of, const sector_units_struct *u,
                       const sector_moments_struct *m);
/* Are they the sectors that were recognised, those on the blocks? */
bool sector_units_as_recognised(const sector_units_struct *u,
                                const sector_commutant_struct *c);

#endif
