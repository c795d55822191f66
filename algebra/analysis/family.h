/* family.h - how the numbers of a family of ansaetze grow with its size.

   The size n of a member is its number of qubits; when that is the same for
   all of them, the value swept, if it is a positive integer. Per observable and
   state, from exact values alone:
     degrees of freedom  p* = sum beta r s,
     gradient variance   E[(dl/dtheta)^2], the median over the parameters that
                         can move the loss,
     excess kurtosis     of the Wishart form and of the law at finite N.
   A formula reproduces every value with at least two to spare (growth.h). It
   is called a closed form when, besides, every member has the same simple
   ideals with one parameter each that is affine in n or 2 to such a number:
   orbits and sectors then have closed formulas in n, and the formula found is
   that one. Otherwise it rests on exact values, or is a fit, and a fit decides
   nothing.

   Gaussian process: yes when both kurtoses tend to 0, no when neither does.
   For s = 1 the traceless loss at finite N is a quadratic form in normal
   variables over an independent chi-square, so that both conditions agree as N
   grows. Trainable: E[(dl)^2] and p* must not be exponential.

   Layer: above analysis. */
#ifndef LIESCAPE_FAMILY_H
#define LIESCAPE_FAMILY_H

#include "algebra/analysis/analysis.h"
#include "algebra/analysis/growth.h"

typedef struct family family_t;

family_t *family_new(void);
void family_free(family_t *family);
/* value: of the name swept. Copies what it needs. */
void family_add(family_t *family, const analysis_t member, const char *value);

/* A sequence over the members in order of size, and how it grows. */
typedef struct {
  bool known;      /* of every member: growth is set */
  growth_t growth;
  bool *has_value; /* per member */
  fmpq *values;
} family_sequence_t;

/* Observable and state are borrowed from the family. */
typedef struct {
  const char *observable, *state;
  family_sequence_t degrees, gradient; /* p*, E[(dl/dtheta)^2] */
  family_sequence_t kurtosis, kurtosis_finite;
  answer_t gaussian, trainable;
  const char *gaussian_because, *because;
  growth_basis_t basis; /* the weaker of degrees and gradient */
} family_landscape_t;

typedef struct {
  reason_code_t reason; /* why the members are no family in a size; then
                           nothing below is set */
  const char *variable; /* "qubits" or "value" */
  slong length;
  slong *sizes;         /* strictly increasing */
  char *classification; /* of the ideals in n; NULL: not one closed family */
  family_sequence_t dimension;
  size_t num_landscapes;
  family_landscape_t *landscapes;
} family_growth_struct;
typedef family_growth_struct family_growth_t[1];

/* family must outlive the growth. */
void family_growth_init(family_growth_t out, const family_t *family);
void family_growth_clear(family_growth_t out);

#endif
