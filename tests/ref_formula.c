#include "tests/ref_formula.h"

#include <ctype.h>
#include <string.h>

enum { MAX_DEPTH = 16, MAX_EXPONENT = 1 << 26 };

typedef struct {
  const char *at;
  slong n;
  int depth;
  bool ok;
} scanner_t;

static void read_sum(fmpq_t value, scanner_t *s);

static void skip_blanks(scanner_t *s) {
  while (*s->at == ' ') s->at++;
}

static void read_integer(fmpq_t value, scanner_t *s) {
  fmpz_t digit;
  fmpz_init(digit);
  fmpq_zero(value);
  while (isdigit((unsigned char)*s->at)) {
    fmpz_mul_ui(fmpq_numref(value), fmpq_numref(value), 10);
    fmpz_add_ui(fmpq_numref(value), fmpq_numref(value),
                (ulong)(*s->at++ - '0'));
  }
  fmpz_clear(digit);
}

/* An integer, n, or a sum in parentheses. */
static void read_atom(fmpq_t value, scanner_t *s) {
  skip_blanks(s);
  if (isdigit((unsigned char)*s->at)) {
    read_integer(value, s);
  } else if (*s->at == 'n') {
    s->at++;
    fmpq_set_si(value, s->n, 1);
  } else if (*s->at == '(' && s->depth < MAX_DEPTH) {
    s->at++;
    s->depth++;
    read_sum(value, s);
    s->depth--;
    skip_blanks(s);
    if (*s->at == ')') s->at++;
    else s->ok = false;
  } else {
    s->ok = false;
  }
}

/* An atom, perhaps to a power: an integer of either sign, n, or a sum in
   parentheses, of integer value. */
static void read_power(fmpq_t value, scanner_t *s) {
  fmpq_t exponent;
  read_atom(value, s);
  if (!s->ok || *s->at != '^') return;
  fmpq_init(exponent);
  bool negative = *++s->at == '-';
  if (negative) s->at++;
  read_atom(exponent, s);
  if (negative) fmpq_neg(exponent, exponent);
  if (!fmpz_is_one(fmpq_denref(exponent)) ||
      fmpz_cmpabs(fmpq_numref(exponent), (const fmpz[1]){MAX_EXPONENT}) > 0 ||
      fmpq_is_zero(value))
    s->ok = false;
  if (s->ok) fmpq_pow_si(value, value, fmpz_get_si(fmpq_numref(exponent)));
  fmpq_clear(exponent);
}

static void read_product(fmpq_t value, scanner_t *s) {
  fmpq_t factor;
  fmpq_init(factor);
  read_power(value, s);
  for (skip_blanks(s); s->ok && (isdigit((unsigned char)*s->at) ||
                                 *s->at == 'n' || *s->at == '(');
       skip_blanks(s)) {
    read_power(factor, s);
    if (s->ok) fmpq_mul(value, value, factor);
  }
  fmpq_clear(factor);
}

static void read_quotient(fmpq_t value, scanner_t *s) {
  fmpq_t divisor;
  read_product(value, s);
  if (!s->ok || *s->at != '/') return;
  s->at++;
  fmpq_init(divisor);
  read_product(divisor, s);
  if (s->ok && fmpq_is_zero(divisor)) s->ok = false;
  if (s->ok) fmpq_div(value, value, divisor);
  fmpq_clear(divisor);
}

static void read_sum(fmpq_t value, scanner_t *s) {
  fmpq_t term;
  fmpq_init(term);
  skip_blanks(s);
  bool negative = *s->at == '-';
  if (negative) s->at++;
  read_quotient(value, s);
  if (negative) fmpq_neg(value, value);
  for (skip_blanks(s); s->ok && (*s->at == '+' || *s->at == '-');
       skip_blanks(s)) {
    bool minus = *s->at++ == '-';
    read_quotient(term, s);
    if (!s->ok) break;
    if (minus) fmpq_sub(value, value, term);
    else fmpq_add(value, value, term);
  }
  fmpq_clear(term);
}

bool formula_evaluate(fmpq_t value, const char *formula, slong n) {
  scanner_t s = {.at = formula, .n = n, .ok = true};
  if (strlen(formula) > 4096) return false;
  read_sum(value, &s);
  skip_blanks(&s);
  return s.ok && !*s.at;
}
