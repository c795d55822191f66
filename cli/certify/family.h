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

   Layer: cli, above certify. */
#ifndef LIESCAPE_CLI_FAMILY_H
#define LIESCAPE_CLI_FAMILY_H

#include <jansson.h>

#include "cli/certify/certify.h"

typedef struct family family_t;

family_t *family_new(void);
void family_free(family_t *family);
/* value: of the name swept. Copies what it needs. */
void family_add(family_t *family, const certification_t member,
                const char *value);
/* The object "growth" of a certificate: variable, classification, dimension,
   the growth of the first landscape, and landscapes[], one for each observable
   and state. Null with "reason" when the members are not a family in a size. */
json_t *family_growth(const family_t *family);

#endif
