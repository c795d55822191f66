/* sum_ideals.h, private: see sum_structure.h. */
#ifndef LIESCAPE_ALGEBRA_SUM_IDEALS_H
#define LIESCAPE_ALGEBRA_SUM_IDEALS_H

#include <flint/fmpz_poly_factor.h>
#include <flint/nmod_poly.h>

#include "algebra/closure/module.h"
#include "algebra/base/structure.h"

/* --- ideals ------------------------------------------------------------------- */

/* v = sum c {H_k, H_j} over pairs, made generic by factors 1 + r {H_l, .} in turn.
   Its ad is known modulo any prime through ad_{H,A} = [ad_H, ad_A] (half
   brackets). */
typedef struct {
  const span_struct *derived;
  size_t num_pairs, (*pairs)[2]; /* j > k with a bracket that is not zero */
  int depth;
} recipe_struct;

/* The ideals of one factor: count of them, conjugate over Q. */
typedef struct {
  char letter;
  size_t rank, dimension, count;
} sum_ideal_struct;

typedef struct {
  const span_struct *derived;
  module_struct module;
  recipe_struct recipe; /* of the element */
  fmpq_mat_t v;         /* the element */
  const closure_limits_t *limits;
  endo_struct endo;
  fmpq_mat_t action; /* of phi on the rows of endo.w */
  fmpz_poly_t charpoly;
  fmpz_poly_factor_t factors;
  bool has_endo;
  size_t num_found;
  sum_ideal_struct *found; /* one per factor */
} sum_ideals_struct;

/* derived: the proved span of g' under the generators (SPAN_LIE maps in the
   order of `generators`). Adds the simple ideals to out and returns NULL, or
   adds nothing and returns the reason. */
reason_code_t sum_ideals_init(sum_ideals_struct *ideals, structure_t out,
                              const span_struct *derived,
                              const closure_limits_t *limits);
void sum_ideals_clear(sum_ideals_struct *ideals);

/* Modulo a prime, root one of factor number k there: v_I = the component of v in
   that ideal I, and *killing = tr(ad v_I ad v') on I, v' the start of the recipe
   (without its steps), in half brackets. False for a bad prime. */
bool sum_ideals_component(mp_limb_t *v, mp_limb_t *killing,
                          const sum_ideals_struct *ideals, size_t k,
                          mp_limb_t root, const module_mod_struct *m);
slong sum_ideals_coefficient(const sum_ideals_struct *ideals, size_t pair);

/* --- actions --------------------------------------------------------------------- */

/* What sum_actions needs of the sectors: the span of the associative algebra (maps
   2 j + 1 are H_j o .), its centre, the action of a generic central element, and
   per factor of its characteristic polynomial d, m and the entry of sectors[]. */
typedef struct {
  const span_struct *span;
  const module_struct *module;
  const endo_struct *centre;
  const fmpq_mat_struct *one, *action;
  const fmpz_poly_struct *charpoly;
  const fmpz_poly_factor_struct *factors;
  const size_t *dimension, *multiplicity, *entry;
} sum_blocks_t;

/* Adds the actions and returns REASON_NONE, or adds none and returns the reason. */
reason_code_t sum_actions(structure_t out, const sum_blocks_t *blocks,
                          const sum_ideals_struct *ideals,
                          const closure_limits_t *limits);

#endif
