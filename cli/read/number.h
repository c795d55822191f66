/* number.h - numbers read exactly.

   A decimal is the fraction it spells: 0.1 is 1/10. A float printed by
   another program (at least 10 significant digits) that agrees with a
   multiple of pi/64 to its last digit stands for that multiple. Layer: cli. */
#ifndef LIESCAPE_CLI_NUMBER_H
#define LIESCAPE_CLI_NUMBER_H

#include <flint/fmpq.h>
#include <stdbool.h>

#include "cli/read/input.h"

/* Reads digits, optional fraction and exponent ("12", "0.25", ".5", "1e-3",
   "1_000", "0x1f", "0b11", "0o17"); offset is that of text in the input.
   Errors: too many digits, too large an exponent. */
status_t number_parse(fmpq_t out, input_t *input, size_t offset,
                      const char *text, size_t length);

/* pi to 60 places. */
void number_pi(fmpq_t out);

/* out = 10^exponent. */
void number_power_of_ten(fmpz_t out, ulong exponent);

/* Is the (non-negative) decimal a printed multiple of pi/64, but not 0? Then
   turns = that multiple, in units of pi. */
bool number_is_pi_multiple(fmpq_t turns, const fmpq_t value, const char *text,
                           size_t length);

/* Reads all of text as a value rad + pi_part * pi, such as "3", "-1/2",
   "0.25", "pi", "3*pi/4", "-pi/2". False when it is nothing of the kind. */
bool number_parse_override(fmpq_t rad_part, fmpq_t pi_part, const char *text);

/* Can the fraction, once written, be read again? No where its numerator or denominator
   has more than LIMIT_DIGITS digits. */
bool number_is_short(const fmpq_t value);

#endif
