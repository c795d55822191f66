/* couplings.h - generators whose coefficients are polynomials in one symbol.

   H_j(x) = sum_k x^k H_jk, H_jk Hermitian with rational coefficients. g(x) is
   the Lie algebra that the i H_j(x) generate at a real value x; the generic
   dimension is that over Q(x), and dim g(x) is smaller at finitely many values
   only, the special ones.

   Generic dimension. At any x it is at least dim g(x). Words (left-normed brackets)
   have polynomial coordinates whose heights and degrees are bounded by the norms
   of generators; at an integer beyond the bound on the (d+1)-minors no
   minor that is not identically zero vanishes, so one exact closure there decides.

   Special values. Take d independent words; at a special value every d-minor of
   them vanishes. Two minors (combinations of columns with fixed integers, split
   by the gradings of the strings) are found exactly: values modulo primes,
   interpolation, Chinese remainders up to Hadamard's bound. The roots of their
   greatest common divisor are all candidates there are. Rational ones and those of
   degree two are decided by an exact closure each (quadratic.h); one of higher
   degree is dismissed when words have the generic rank at a root of its minimal
   polynomial modulo a prime, and otherwise listed without a proof.

   Away from special values the type is the same for all real x: the span is
   a continuous family of compact Lie algebras of one dimension, whose structure
   constants in a trace-orthonormal basis take values in finitely many orbits of a
   compact group. (Sectors can still merge at single values when the centre
   moves.)

   Layer: algebra, above sum_structure. */
#ifndef LIESCAPE_COUPLINGS_H
#define LIESCAPE_COUPLINGS_H

#include <flint/fmpz_poly.h>

#include "algebra/base/reason.h"
#include "algebra/couplings/couplings_input.h"
#include "algebra/sums/sum_structure.h"

/* The value rational + surd * sqrt(radicand); radicand 1 and surd 0 when it is
   rational, otherwise its conjugate is listed too. */
typedef struct {
  fmpq_t rational, surd;
  ulong radicand;
  structure_t structure;
} coupling_value_struct;

typedef struct {
  fmpz_poly_t polynomial; /* irreducible */
  size_t num_real;        /* its real roots, at least 1 */
} coupling_root_struct;

typedef struct {
  size_t dimension;  /* generic; a lower bound unless proved */
  bool proved;
  fmpq_t sample;     /* a value that is not special */
  structure_t generic; /* at sample; valid at every value that is not special */
  bool complete;     /* values (and roots) hold every special value */
  size_t num_values;
  coupling_value_struct *values; /* special ones, rational ones first, ascending */
  size_t num_roots;
  coupling_root_struct *roots; /* candidates that were not decided */
  reason_code_t reason;        /* why something is missing */
} couplings_struct;
typedef couplings_struct couplings_t[1];

/* An integer at which no coefficient and no difference of two coefficients
   vanishes unless it does so identically. */
void couplings_generic_value(fmpq_t out, const couplings_input_t *input);
/* The algebra at rational + surd * sqrt(radicand); see quadratic.h. */
status_t couplings_structure_at_surd(structure_t out,
                                     const couplings_input_t *input,
                                     const fmpq_t rational, const fmpq_t surd,
                                     ulong radicand,
                                     const closure_limits_t *limits);
/* Nothing is wrong with a budget that runs out: reason says so. */
void couplings_init(couplings_t out, const couplings_input_t *input,
                    const closure_limits_t *limits);
void couplings_clear(couplings_t couplings);

#endif
