#include "cli/read/number.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/read/limits.h"

/* out = value of the digits in the base; '_' between digits is skipped. */
static void set_digits(fmpz_t out, const char *text, size_t length, int base) {
  char *digits = flint_malloc(length + 2);
  size_t used = 0;
  for (size_t i = 0; i < length; i++)
    if (isxdigit((unsigned char)text[i])) digits[used++] = text[i];
  if (!used) digits[used++] = '0';
  digits[used] = 0;
  fmpz_set_str(out, digits, base);
  flint_free(digits);
}

static int prefix_base(const char *text, size_t length) {
  if (length < 3 || text[0] != '0') return 10;
  switch (text[1]) {
  case 'x': case 'X': return 16;
  case 'b': case 'B': return 2;
  case 'o': case 'O': return 8;
  default: return 10;
  }
}

/* Splits a decimal into digits (point taken out) and power of ten. False
   when the exponent is out of bounds. */
static bool split_decimal(char *digits, size_t *num_digits, long *power,
                          const char *text, size_t length) {
  size_t used = 0, i = 0;
  bool after_point = false;
  *power = 0;
  for (; i < length && text[i] != 'e' && text[i] != 'E'; i++)
    if (text[i] == '.') {
      after_point = true;
    } else if (text[i] != '_') {
      digits[used++] = text[i];
      if (after_point) (*power)--;
    }
  *num_digits = used;
  if (i >= length) return true;
  bool negative = text[++i] == '-';
  if (text[i] == '-' || text[i] == '+') i++;
  long exponent = 0;
  for (; i < length; i++) {
    if (text[i] == '_') continue;
    exponent = 10 * exponent + (text[i] - '0');
    if (exponent > LIMIT_DIGITS) return false;
  }
  *power += negative ? -exponent : exponent;
  return true;
}

void number_power_of_ten(fmpz_t out, ulong exponent) {
  fmpz_set_ui(out, 10);
  fmpz_pow_ui(out, out, exponent);
}

status_t number_parse(fmpq_t out, input_t *input, size_t offset,
                      const char *text, size_t length) {
  if (length > LIMIT_DIGITS)
    return input_fail(input, offset, "a number with more than %d digits",
                      LIMIT_DIGITS);
  int base = prefix_base(text, length);
  if (base != 10) {
    set_digits(fmpq_numref(out), text + 2, length - 2, base);
    fmpz_one(fmpq_denref(out));
    return STATUS_OK;
  }
  char *digits = flint_malloc(length + 1);
  size_t used;
  long power;
  /* What is read can be written as a fraction and read again. */
  if (!split_decimal(digits, &used, &power, text, length) || power <= -LIMIT_DIGITS ||
      power + (long)used > LIMIT_DIGITS) {
    flint_free(digits);
    return input_fail(input, offset, "the exponent of %.*s is too large",
                      length > 40 ? 40 : (int)length, text);
  }
  fmpz_t scale;
  fmpz_init(scale);
  set_digits(fmpq_numref(out), digits, used, 10);
  fmpz_one(fmpq_denref(out));
  number_power_of_ten(scale, (ulong)labs(power));
  if (power < 0)
    fmpz_set(fmpq_denref(out), scale);
  else
    fmpz_mul(fmpq_numref(out), fmpq_numref(out), scale);
  fmpq_canonicalise(out);
  fmpz_clear(scale);
  flint_free(digits);
  return STATUS_OK;
}

/* pi to 60 places. */
static const char PI_DIGITS[] =
    "3141592653589793238462643383279502884197169399375105820974944";

void number_pi(fmpq_t out) {
  fmpz_set_str(fmpq_numref(out), PI_DIGITS, 10);
  number_power_of_ten(fmpq_denref(out), sizeof PI_DIGITS - 2);
  fmpq_canonicalise(out);
}

bool number_is_pi_multiple(fmpq_t turns, const fmpq_t value, const char *text,
                           size_t length) {
  if (length > 40 || fmpq_is_zero(value) || prefix_base(text, length) != 10)
    return false;
  char digits[41];
  size_t used, first = 0;
  long power;
  if (!split_decimal(digits, &used, &power, text, length)) return false;
  while (first < used && digits[first] == '0') first++;
  if (used - first < 10 || power >= 0) return false;
  fmpq_t pi, t, error, tolerance;
  fmpz_t m;
  fmpq_init(pi);
  fmpq_init(t);
  fmpq_init(error);
  fmpq_init(tolerance);
  fmpz_init(m);
  number_pi(pi);
  fmpq_div(t, value, pi);
  /* nearest multiple of 1/64: floor(64 t + 1/2) */
  fmpz_mul_ui(m, fmpq_numref(t), 128);
  fmpz_add(m, m, fmpq_denref(t));
  fmpz_mul_ui(fmpq_denref(t), fmpq_denref(t), 2);
  fmpz_fdiv_q(m, m, fmpq_denref(t));
  fmpq_set_fmpz(turns, m);
  fmpz_set_ui(m, 64);
  fmpq_div_fmpz(turns, turns, m);
  fmpq_mul(error, turns, pi);
  fmpq_sub(error, error, value);
  fmpq_abs(error, error);
  /* half a unit of the last digit, plus one part in 2^52 of the value for
     what a double had already lost before it was printed */
  fmpq_set_si(tolerance, 1, 2);
  number_power_of_ten(m, (ulong)-power);
  fmpq_div_fmpz(tolerance, tolerance, m);
  fmpq_div_2exp(t, value, 52);
  fmpq_add(tolerance, tolerance, t);
  bool is = !fmpq_is_zero(turns) && fmpq_cmp(error, tolerance) <= 0;
  fmpq_clear(pi);
  fmpq_clear(t);
  fmpq_clear(error);
  fmpq_clear(tolerance);
  fmpz_clear(m);
  return is;
}

/* Length of the unsigned decimal at text, 0 when there is none. */
static size_t scan_decimal(const char *text) {
  size_t i = strspn(text, "0123456789"), digits = i;
  if (text[i] == '.') {
    size_t fraction = strspn(text + i + 1, "0123456789");
    digits += fraction;
    i += 1 + fraction;
  }
  if (digits == 0) return 0;
  if (text[i] == 'e' || text[i] == 'E') {
    size_t j = i + 1;
    if (text[j] == '+' || text[j] == '-') j++;
    size_t exponent = strspn(text + j, "0123456789");
    if (exponent) i = j + exponent;
  }
  return i;
}

bool number_parse_override(fmpq_t rad_part, fmpq_t pi_part, const char *text) {
  diagnostic_t diag;
  input_t input = {.diag = diag, .file = "", .text = text,
                   .length = strlen(text)};
  fmpq_t value, factor;
  bool ok = true, negative, times_pi = false, divide = false;
  diagnostic_init(diag);
  fmpq_init(value);
  fmpq_init(factor);
  fmpq_one(value);
  text += strspn(text, " \t");
  negative = *text == '-';
  if (*text == '-' || *text == '+') text++;
  for (;;) {
    text += strspn(text, " \t");
    size_t n = scan_decimal(text);
    if (!divide && !times_pi && (!strncmp(text, "pi", 2) ||
                                 !strncmp(text, "\xcf\x80", 2))) {
      times_pi = true;
      n = 2;
    } else if (n && number_parse(factor, &input, 0, text, n) == STATUS_OK &&
               !(divide && fmpq_is_zero(factor))) {
      if (divide)
        fmpq_div(value, value, factor);
      else
        fmpq_mul(value, value, factor);
    } else {
      ok = false;
      break;
    }
    text += n;
    text += strspn(text, " \t");
    if (*text == 0) break;
    if (*text != '*' && *text != '/') {
      ok = false;
      break;
    }
    divide = *text++ == '/';
  }
  if (ok) {
    if (negative) fmpq_neg(value, value);
    fmpq_zero(rad_part);
    fmpq_zero(pi_part);
    fmpq_set(times_pi ? pi_part : rad_part, value);
  }
  fmpq_clear(value);
  fmpq_clear(factor);
  diagnostic_clear(diag);
  return ok;
}

bool number_is_short(const fmpq_t value) {
  return fmpz_sizeinbase(fmpq_numref(value), 10) <= LIMIT_DIGITS &&
         fmpz_sizeinbase(fmpq_denref(value), 10) <= LIMIT_DIGITS;
}
