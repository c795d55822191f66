/* depth_number.h - one number of a finite circuit, with what it is: exact, a
   ball, or unavailable.

   Layer: algebra/base. */
#ifndef LIESCAPE_DEPTH_NUMBER_H
#define LIESCAPE_DEPTH_NUMBER_H

#include <flint/flint.h>
#include <flint/fmpq.h>
#include <stdbool.h>

#if __has_include(<flint/arb.h>)
#include <flint/arb.h>
#else
#include <arb.h>
#endif

typedef enum {
  DEPTH_UNAVAILABLE, /* see reason */
  DEPTH_EXACT,       /* (rational + sqrt2 * sqrt(2)) * pi^pi_power */
  DEPTH_BALL         /* the number lies in ball */
} depth_kind_t;

typedef struct {
  depth_kind_t kind;
  fmpq_t rational;
  fmpq_t sqrt2;      /* 0 unless the circuit has fixed rotations by pi/4 */
  unsigned pi_power; /* 0; 2 for the gradient of an angle written pi c theta */
  arb_t ball;        /* DEPTH_BALL only */
} depth_number_struct;
typedef depth_number_struct depth_number_t[1];

void depth_number_init(depth_number_t x);
void depth_number_clear(depth_number_t x);
void depth_number_set(depth_number_t out, const depth_number_t in);
/* Is x exact and rational? */
bool depth_number_is_rational(const depth_number_t x);
/* A ball around any available number. False when x is unavailable. */
bool depth_number_get_arb(arb_t ball, const depth_number_t x, slong prec_bits);
/* "-3/8", "1/2 + 1/4*sqrt(2)", "9*pi^2", "[0.25 +/- 1e-30]", "unavailable".
   The caller frees it with free(). */
char *depth_number_get_str(const depth_number_t x, slong digits);

/* out = the lower median of those that are not 0; 0 when all are; unchanged when one is
   unavailable. */
void depth_number_set_median(depth_number_t out, const depth_number_struct *numbers,
                             size_t length, slong prec_bits);
/* |x - center| <= tolerance center, surely? center >= 0. */
bool depth_number_is_within(const depth_number_t x, const fmpq_t center,
                            const fmpq_t tolerance, slong prec_bits);

#endif
