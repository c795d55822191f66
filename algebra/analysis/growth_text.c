#include "algebra/analysis/growth_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/flint_compat.h"
#include "algebra/base/text.h"

enum { TEXT = 64 };

static void append(char **text, const char *more) {
  size_t old = *text ? strlen(*text) : 0;
  *text = memory_must(realloc(*text, old + strlen(more) + 1));
  strcpy(*text + old, more);
}

/* y^k; empty for k = 0. */
static void power_text(char *out, growth_variable_t variable, slong k) {
  if (k == 0)
    out[0] = 0;
  else if (variable == GROWTH_BY_SIZE)
    snprintf(out, TEXT, k == 1 ? "n" : "n^%ld", (long)k);
  else if (variable == GROWTH_BY_POWER || k % 2 == 0)
    snprintf(out, TEXT, "%ld^n",
             1L << (variable == GROWTH_BY_POWER ? k : k / 2));
  else
    snprintf(out, TEXT, k == 1 ? "2^(n/2)" : "2^(%ld n/2)", (long)k);
}

/* "3 4^n - 1". */
static void append_polynomial(char **text, const fmpz_poly_t polynomial,
                              growth_variable_t variable) {
  bool first = true;
  fmpz_t size;
  fmpz_init(size);
  for (slong k = fmpz_poly_degree(polynomial); k >= 0; k--) {
    char power[TEXT];
    fmpz_poly_get_coeff_fmpz(size, polynomial, k);
    if (fmpz_is_zero(size)) continue;
    bool negative = fmpz_sgn(size) < 0;
    fmpz_abs(size, size);
    append(text, first ? (negative ? "-" : "") : negative ? " - " : " + ");
    power_text(power, variable, k);
    if (!fmpz_is_one(size) || k == 0) {
      char *digits = fmpz_get_str(NULL, 10, size);
      append(text, digits);
      flint_free(digits);
      if (k) append(text, " ");
    }
    append(text, power);
    first = false;
  }
  if (first) append(text, "0");
  fmpz_clear(size);
}

/* A product in the making: its text and how many factors it has. */
typedef struct {
  char *text;
  int length;
} product_t;

static void begin_factor(product_t *p) {
  if (p->length++) append(&p->text, " ");
}

static void add_power(product_t *p, growth_variable_t variable, slong k) {
  char text[TEXT];
  if (k == 0) return;
  begin_factor(p);
  power_text(text, variable, k);
  append(&p->text, text);
}

static void add_factor(product_t *p, const fmpz_poly_t factor, slong exponent,
                       growth_variable_t variable) {
  char text[TEXT];
  begin_factor(p);
  append(&p->text, "(");
  append_polynomial(&p->text, factor, variable);
  append(&p->text, ")");
  snprintf(text, TEXT, "^%ld", (long)exponent);
  if (exponent > 1) append(&p->text, text);
}

/* By leading coefficient, then from the highest coefficient down. */
static int compare_factors(const fmpz_poly_t a, const fmpz_poly_t b) {
  slong order = fmpz_poly_length(a) - fmpz_poly_length(b);
  fmpz_t x, y;
  fmpz_init(x);
  fmpz_init(y);
  for (slong k = fmpz_poly_degree(a); k >= 0 && !order; k--) {
    fmpz_poly_get_coeff_fmpz(x, a, k);
    fmpz_poly_get_coeff_fmpz(y, b, k);
    order = fmpz_cmp(x, y);
  }
  fmpz_clear(x);
  fmpz_clear(y);
  return order < 0 ? -1 : order > 0;
}

static bool is_variable(const fmpz_poly_struct *f) {
  return fmpz_poly_length(f) == 2 && fmpz_is_zero(f->coeffs) &&
         fmpz_is_one(f->coeffs + 1);
}

/* Content, power of the variable, other factors in order. */
static void add_factored(product_t *p, const fmpz_poly_factor_t parts,
                         growth_variable_t variable) {
  bool *done = flint_calloc((size_t)parts->num + 1, sizeof *done);
  if (!fmpz_is_one(&parts->c)) {
    char *digits = fmpz_get_str(NULL, 10, &parts->c);
    begin_factor(p);
    append(&p->text, digits);
    flint_free(digits);
  }
  for (slong i = 0; i < parts->num; i++) {
    if (!is_variable(parts->p + i)) continue;
    add_power(p, variable, parts->exp[i]);
    done[i] = true;
  }
  for (slong k = 0; k < parts->num; k++) {
    slong next = -1;
    for (slong i = 0; i < parts->num; i++)
      if (!done[i] &&
          (next < 0 || compare_factors(parts->p + i, parts->p + next) < 0))
        next = i;
    if (next < 0) break;
    add_factor(p, parts->p + next, parts->exp[next], variable);
    done[next] = true;
  }
  flint_free(done);
}

static bool is_monomial(const fmpz_poly_t polynomial) {
  slong terms = 0;
  for (slong k = 0; k <= fmpz_poly_degree(polynomial); k++)
    terms += !fmpz_is_zero(polynomial->coeffs + k);
  return terms <= 1;
}

/* Of degree 3 and more with several factors, or with a square other than y^2. */
static bool is_worth_factoring(const fmpz_poly_factor_t parts, slong degree) {
  slong factors = 0;
  bool square = false;
  for (slong i = 0; i < parts->num; i++) {
    factors += parts->exp[i];
    square = square || (parts->exp[i] > 1 && !is_variable(parts->p + i));
  }
  return (square || (degree >= 3 && factors > 1)) &&
         !fmpz_equal_si(&parts->c, -1);
}

/* Nothing for 1. alone: a sum needs no parentheses. */
static void add_polynomial(product_t *p, const fmpz_poly_t polynomial,
                           growth_variable_t variable, bool alone) {
  fmpz_poly_factor_t parts;
  slong degree = fmpz_poly_degree(polynomial);
  if (fmpz_poly_is_one(polynomial)) return;
  fmpz_poly_factor_init(parts);
  if (degree >= 2) fmpz_poly_factor(parts, polynomial);
  if (is_worth_factoring(parts, degree)) {
    add_factored(p, parts, variable);
  } else if (!alone && !is_monomial(polynomial)) {
    add_factor(p, polynomial, 1, variable);
  } else {
    begin_factor(p);
    append_polynomial(&p->text, polynomial, variable);
    /* a product such as 3 n */
    if (degree > 0 && !fmpz_is_one(fmpz_poly_lead(polynomial))) p->length++;
  }
  fmpz_poly_factor_clear(parts);
}

char *growth_text(const fmpz_poly_t up, const fmpz_poly_t down, slong power,
                  growth_variable_t variable) {
  product_t above = {0}, below = {0};
  char *text = NULL;
  bool alone = power == 0 && fmpz_poly_is_one(down);
  add_power(&above, GROWTH_BY_SIZE, power > 0 ? power : 0);
  add_power(&below, GROWTH_BY_SIZE, power < 0 ? -power : 0);
  add_polynomial(&above, up, variable, alone);
  add_polynomial(&below, down, variable, false);
  append(&text, above.length ? above.text : "1");
  if (below.length) {
    append(&text, below.length > 1 ? "/(" : "/");
    append(&text, below.text);
    if (below.length > 1) append(&text, ")");
  }
  free(above.text);
  free(below.text);
  return text;
}
