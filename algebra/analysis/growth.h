/* growth.h - does a quantity of a family grow polynomially or exponentially?

   Given exact values v(n_1), ..., v(n_k), looks for a formula that reproduces
   every one of them with at least two points to spare:
       v(n) = n^j A(y)/B(y),  y = n or y = 2^n or y = 2^(n/2) (n of one parity),
   A, B polynomials of low degree over Q, |j| <= 4 (0 for y = n); when there is
   none, v(n) = A(y)/(h(y) B(y)), h a product of y (y = n), y - 1, y + 1, 2 y - 1 and
   y + 2 (else), each squared at most, the factors of dimensions and of numbers of
   strings, h without a zero among the points. A formula
   that is found fixes the behaviour if it goes on; it is evidence from exact
   values, not a proof. A caller that has a proof passes the verdict as a
   closed form with growth_set_closed_form.

   Layer: above status. Exact. */
#ifndef LIESCAPE_GROWTH_H
#define LIESCAPE_GROWTH_H

#include <flint/flint.h>
#include <flint/fmpq.h>

#include "algebra/base/status.h"

typedef enum {
  GROWTH_UNDECIDED = 0,
  GROWTH_ZERO,        /* identically zero */
  GROWTH_EXP_DECAY,   /* like 2^(-a n) up to powers of n, a > 0 */
  GROWTH_POLY_DECAY,  /* like n^(-d), d > 0 */
  GROWTH_CONSTANT,    /* tends to a non-zero constant */
  GROWTH_POLYNOMIAL,  /* like n^d, d > 0 */
  GROWTH_EXPONENTIAL  /* like 2^(a n) up to powers of n, a > 0 */
} growth_kind_t;

typedef enum {
  GROWTH_BASIS_NONE = 0,
  GROWTH_BASIS_CLOSED_FORM,
  GROWTH_BASIS_EXACT_VALUES,
  GROWTH_BASIS_FIT
} growth_basis_t;

typedef struct {
  growth_kind_t kind;
  growth_basis_t basis;
  slong half_rate; /* v ~ c n^degree 2^(half_rate n / 2), unless a fit */
  slong degree;
  char *formula; /* plain text in n, or NULL; owned */
} growth_struct;
typedef growth_struct growth_t[1];

void growth_init(growth_t growth);
void growth_clear(growth_t growth);

/* Sizes strictly increasing and positive (else STATUS_BAD_INPUT). The simplest
   formula wins. When none is found the basis is FIT and the kind a guess
   (growth_fit.h). */
status_t growth_decide(growth_t growth, const slong *sizes, const fmpq *values,
                       slong length);
void growth_set_closed_form(growth_t growth, growth_kind_t kind,
                            slong half_rate, slong degree,
                            const char *formula);

/* "polynomial", ...; "closed form", "exact values", "fit". */
const char *growth_kind_name(growth_kind_t kind);
const char *growth_basis_name(growth_basis_t basis);

/* Does a family of excess kurtoses kappa_4 tend to 0, i.e. is there a Gaussian
   process limit (Nualart and Peccati 2005)? From the growth of kappa_4; a fit
   decides nothing: undecided. */
answer_t growth_gaussian_limit(const growth_t kurtosis_growth);

#endif
