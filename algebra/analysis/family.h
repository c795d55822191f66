/* family.h - how the numbers of a family of ansaetze grow with its size.

   The size n of a member is its number of qubits. When that is the same for all of
   them, the family is a sweep over something that is no size: n is then the value
   swept, if it is a positive integer, no closed form is claimed, and the verdict is
   that of the members.

   Per observable and state, from exact values alone:
     degrees of freedom  p* = sum beta r s,
     gradient variance   E[(dl/dtheta)^2], the median over the parameters that
                         can move the loss, of the deep circuit,
     own variance, own gradient variance   the same of the circuit as it is written,
     excess kurtosis     of the Wishart form and of the law at finite N.
   A formula reproduces every value with at least two to spare (growth.h). It
   is called a closed form when, besides, every member has the same simple
   ideals with one parameter each that is affine in n or 2 to such a number:
   orbits and sectors then have closed formulas in n, and the formula found is
   that one. Otherwise, and for circuits at their own depth, it rests on exact
   values, or is a fit, and a fit decides nothing. Circuits at their own depth have
   boundary effects at small sizes, such as a light cone that does not fit: for them
   a formula may hold from some size on, with four sizes at least, and says so.

   Gaussian process: yes when both kurtoses tend to 0, no when neither does.
   For s = 1 the traceless loss at finite N is a quadratic form in normal
   variables over an independent chi-square, so that both conditions agree as N
   grows.

   Trainable: no if the gradient variance (own, if the verdicts of all members rest on
   their circuits; deep, if none does) decays exponentially or is 0 by a formula, if
   the members of the two largest sizes are not trainable, or if p* grows
   exponentially and the deep circuit is what counts; yes if the gradient variance
   decays polynomially at most by a formula and every member is trainable. Upper
   bounds of the algebra are not judged.

   Layer: above verdict and growth. Words of a verdict are made here. */
#ifndef LIESCAPE_FAMILY_H
#define LIESCAPE_FAMILY_H

#include "algebra/analysis/growth.h"
#include "algebra/base/structure.h"

/* Quantities of one landscape whose growth is asked. */
typedef enum {
  FAMILY_DEGREES,
  FAMILY_GRADIENT,
  FAMILY_OWN_VARIANCE,
  FAMILY_OWN_GRADIENT,
  FAMILY_KURTOSIS, /* of the Wishart form */
  FAMILY_KURTOSIS_FINITE,
  FAMILY_QUANTITIES
} family_quantity_t;

typedef struct {
  bool known[FAMILY_QUANTITIES];
  fmpq value[FAMILY_QUANTITIES];
  bool constant;         /* no parameter moves the loss of the deep circuit */
  bool uniforms;         /* a sum of independent uniform variables (adjoint_law.h),
                            outside the Wishart class */
  bool rests_on_circuit; /* the verdict */
  answer_t verdict;
  char *observable, *state; /* owned, malloc */
} family_point_t;

typedef struct {
  char *value; /* as swept; owned, malloc */
  size_t qubits;
  bool upper_bound, dimension_known, ideals_known;
  fmpq_t dimension;
  size_t num_ideals;
  ideal_struct *ideals;
  size_t num_points;
  family_point_t *points;
  slong size; /* set by family_growth_init; 0: none */
} family_member_t;

typedef struct {
  size_t length;
  family_member_t *members;
} family_t;

void family_init(family_t *family);
void family_clear(family_t *family);
/* A member of which nothing is known yet, to be filled in before the next call:
   ideals and numbers are initialised, texts NULL. */
family_member_t *family_add(family_t *family, const char *value,
                            size_t num_ideals, size_t num_points);

/* A sequence over the members in order of size, and how it grows. */
typedef struct {
  bool known;      /* of every member: growth is set */
  growth_t growth;
  slong from;      /* own quantities: the formula holds from this size on; 0: all */
  bool *has_value; /* per member */
  fmpq *values;
} family_sequence_t;

/* Observable and state are borrowed from the family. */
typedef struct {
  const char *observable, *state;
  family_sequence_t quantities[FAMILY_QUANTITIES];
  answer_t gaussian, trainable;
  const char *gaussian_because, *because;
  growth_basis_t basis; /* the weaker of those of p* and gradient variance */
} family_landscape_t;

typedef struct {
  reason_code_t reason; /* why the members are no family in a size: sizes are not
                           set then, and no growth is known */
  bool judged;          /* else nothing below is set */
  const char *variable; /* "qubits" or "value" */
  slong length;
  slong *sizes;         /* strictly increasing */
  size_t *order;        /* the member of that size */
  char *classification; /* of the ideals in n; NULL: not one closed family */
  family_sequence_t dimension;
  size_t num_landscapes;
  family_landscape_t *landscapes;
} family_growth_struct;
typedef family_growth_struct family_growth_t[1];

/* family must outlive the growth. */
void family_growth_init(family_growth_t out, family_t *family);
void family_growth_clear(family_growth_t out);

#endif
