/* sum_sectors.h - the sectors of an algebra of sums, between the files that find
   them; mathematics: sum_structure.h, sum_sectors.c. Layer: private to algebra. */
#ifndef LIESCAPE_ALGEBRA_SUM_SECTORS_H
#define LIESCAPE_ALGEBRA_SUM_SECTORS_H

#include <flint/fmpz_poly_factor.h>

#include "algebra/closure/module.h"
#include "algebra/sums/sum_ideals.h"

typedef struct sum_sectors {
  size_t n, count;
  const pauli_sum_struct *const *generators;
  /* Further operators, central and taken as real scalars (see quadratic.h). */
  const pauli_sum_struct *const *scalars;
  size_t num_scalars;
  const closure_limits_t *limits;
  bool ready;          /* what follows is set */
  span_struct span;    /* Hermitian part of the associative algebra; maps 2 j are
                          {H_j, .}, 2 j + 1 H_j o ., then those of the scalars */
  module_struct module;
  endo_struct centre;
  fmpq_mat_t one;       /* coordinates of 1 */
  fmpq *unit;           /* per central basis element: coefficient of 1 */
  fmpz *norm, *den;     /* norm >= den * its 1-norm, over all columns */
  fmpq_mat_t action;    /* of the generic central element */
  fmpz_poly_t charpoly; /* of it */
  fmpz_poly_factor_t factors;
  size_t even, total;   /* of the real algebra, exact */
  structure_t found;    /* one entry of sectors[] per factor */
} sum_sectors_struct;

/* Adds the sectors to out and returns REASON_NONE, or adds none and returns the reason.
   generators: not zero. */
reason_code_t sum_sectors_init(sum_sectors_struct *s, structure_t out,
                               size_t num_qubits,
                               const pauli_sum_struct *const *generators,
                               size_t count,
                               const pauli_sum_struct *const *scalars,
                               size_t num_scalars,
                               const closure_limits_t *limits);
void sum_sectors_clear(sum_sectors_struct *s);

/* Adds the actions of ideals that were found, or says in out why not. generators
   in the order of the maps of ideals->derived. */
void sum_sectors_actions(structure_t out, const sum_sectors_struct *s,
                         const sum_ideals_struct *ideals);

/* --- between the files ---------------------------------------------------------- */

enum { SUM_SECTORS_MAX_DIMENSION = 6000 }; /* of the associative algebra */

/* The span of one seed; gives up early when it grows far beyond the limits. */
status_t sum_sectors_span(span_struct *span, size_t num_qubits,
                          const span_map_t *maps, size_t num_maps,
                          const pauli_sum_struct *seed, size_t max_dimension,
                          const closure_limits_t *limits);

/* Fields: sum_fields.c. even and total of s, exact. */
status_t sum_fields_dimensions(sum_sectors_struct *s,
                               const pauli_sum_struct *one);
/* A prime modulo which words have the ranks that they have over Q. */
bool sum_fields_prime(module_mod_struct *m, const sum_sectors_struct *s);
/* Ranks of the even and the odd words applied to x, modulo the prime; all words
   in rank[0] when not graded. Stops when the ranks add up to `stop`. */
void sum_word_ranks(size_t rank[2], const sum_sectors_struct *s,
                    const module_mod_struct *m, const mp_limb_t *x, bool graded,
                    size_t stop);
typedef struct {
  const sum_sectors_struct *s;
  const module_mod_struct *m;
  mp_limb_t *weight; /* per column: 1 / length of its orbit */
  bool ok;
} sum_traces_struct;
void sum_traces_init(sum_traces_struct *t, const sum_sectors_struct *s,
                     const module_mod_struct *m);
void sum_traces_clear(sum_traces_struct *t);
/* e: coordinates of a projector on sectors conjugate over Q. True proves that they
   are complex; false says nothing. */
bool sum_traces_show_complex(const sum_traces_struct *t, const mp_limb_t *e);

/* A generic central element: s->action, charpoly, factors. */
reason_code_t sum_centre_init(sum_sectors_struct *s);
void sum_centre_clear(sum_sectors_struct *s);
/* x = the projector on the factor f, in terms of the central basis. */
void sum_centre_projector(fmpq_mat_t x, const sum_sectors_struct *s,
                          const fmpz_poly_struct *f);

/* Ideals and actions when the sectors alone decide them: dim [g, g] is the sum over
   the sectors of dim su(d), so(d) or sp(d/2), by the field. Then [g, g] is the sum
   of these. False when it is not (nothing is added then). */
bool sum_saturation(structure_t out, size_t derived_dimension);

#endif
