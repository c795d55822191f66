/* json_number.h - exact numbers and balls in a certificate.

   An integer is the string of its decimal digits ("276", "-3"), a fraction is
   "-11/276" in lowest terms with a positive denominator other than 1, a ball is
   {"mid": "2.5e-1", "rad": "1e-30"} in decimal: the number lies within rad of
   mid. A number known well enough is written as its rounding to 20 digits,
   "1.4142135623730950488", with one unit of the last place, "1e-19", for rad.
   These are the canonical forms: readers refuse any other. What is not
   known is null.

   Names begin with cert_: json_ is Jansson's.

   Layer: cli. The json_t returned is a new reference; memory exhaustion
   aborts. */
#ifndef LIESCAPE_CLI_JSON_NUMBER_H
#define LIESCAPE_CLI_JSON_NUMBER_H

#include <jansson.h>
#include <stdbool.h>

#include "algebra/base/flint_compat.h"
#include "algebra/base/hash.h"

json_t *cert_fmpz(const fmpz_t value);
json_t *cert_fmpq(const fmpq_t value);
/* A ball that contains the one given, of about 20 significant digits. */
json_t *cert_arb(const arb_t value);
/* "1e-19" for "1.4142135623730950488": one unit of the last of 20 digits; "0"
   for "0"; NULL for anything else. The caller frees it with free(). */
char *cert_ball_last_place(const char *mid);

/* Writes rationals, converting each distinct value once: neighbours in a
   list are often equal. */
typedef struct {
  size_t length, alloc;
  fmpq *values;
  json_t **texts;
  hash_table_t numbers;
} cert_fmpq_cache_struct;
typedef cert_fmpq_cache_struct cert_fmpq_cache_t[1];
void cert_fmpq_cache_init(cert_fmpq_cache_t cache);
void cert_fmpq_cache_clear(cert_fmpq_cache_t cache);
json_t *cert_fmpq_cached(cert_fmpq_cache_t cache, const fmpq_t value);

/* False, and no change, unless json is a string in canonical form. */
bool cert_get_fmpz(fmpz_t value, const json_t *json);
bool cert_get_fmpq(fmpq_t value, const json_t *json);
/* The same for text. */
bool text_get_fmpz(fmpz_t value, const char *text);
bool text_get_fmpq(fmpq_t value, const char *text);
/* A decimal as balls have it, "-0.25", "1e-30"? */
bool text_is_decimal(const char *text);
/* False unless json is a ball. The result contains it. */
bool cert_get_ball(arb_t value, const json_t *json, slong prec_bits);
/* Either of the two; an exact number becomes a ball of radius about 2^-prec. */
bool cert_get_real(arb_t value, const json_t *json, slong prec_bits);
/* The same of what depth_number_get_str writes: "3/4 + 1/2*sqrt(2)", with a factor
   "*pi^2" behind it, or behind parentheses around it. */
bool cert_get_surd(arb_t value, const json_t *json, slong prec_bits);
/* The nearest double, or NaN unless json is an exact number or a ball. */
double cert_get_double(const json_t *json);

/* A member by a path of keys "a.b.c"; NULL when it is not there. */
const json_t *cert_at(const json_t *json, const char *path);
/* The string at path, or `otherwise`. */
const char *cert_text_at(const json_t *json, const char *path,
                         const char *otherwise);
/* About `digits` significant digits, "0.0398", "1.07e+602"; no radius. An
   integer below 10^9 is written in full. The caller frees it with free(). */
char *ball_get_short_text(const arb_t value, int digits);

#endif
