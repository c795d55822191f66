/* growth.c - see growth.h. */
#include "algebra/analysis/growth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/flint_compat.h"
#include "algebra/analysis/growth_rational.h"

enum { MAX_DEGREE = 8, MAX_POWER = 4, SPARE = 2, TEXT = 64 };

/* The variable of the rational function: n, 2^n, 2^(n/2). */
typedef enum { BY_SIZE, BY_POWER, BY_ROOT } variable_t;

void growth_init(growth_t growth) {
  growth->kind = GROWTH_UNDECIDED;
  growth->basis = GROWTH_BASIS_NONE;
  growth->half_rate = growth->degree = 0;
  growth->formula = NULL;
}

void growth_clear(growth_t growth) { free(growth->formula); }

static void set_result(growth_struct *g, growth_kind_t kind,
                       growth_basis_t basis, slong half_rate, slong degree,
                       char *formula) {
  free(g->formula);
  g->kind = kind;
  g->basis = basis;
  g->half_rate = half_rate;
  g->degree = degree;
  g->formula = formula;
}

void growth_set_closed_form(growth_t growth, growth_kind_t kind,
                            slong half_rate, slong degree,
                            const char *formula) {
  set_result(growth, kind, GROWTH_BASIS_CLOSED_FORM, half_rate, degree,
             formula ? strdup(formula) : NULL);
}

const char *growth_kind_name(growth_kind_t kind) {
  switch (kind) {
    case GROWTH_UNDECIDED: return "undecided";
    case GROWTH_ZERO: return "zero";
    case GROWTH_EXP_DECAY: return "exponential decay";
    case GROWTH_POLY_DECAY: return "polynomial decay";
    case GROWTH_CONSTANT: return "constant";
    case GROWTH_POLYNOMIAL: return "polynomial";
    case GROWTH_EXPONENTIAL: return "exponential";
  }
  return "undecided";
}

const char *growth_basis_name(growth_basis_t basis) {
  switch (basis) {
    case GROWTH_BASIS_NONE: return "none";
    case GROWTH_BASIS_CLOSED_FORM: return "closed form";
    case GROWTH_BASIS_EXACT_VALUES: return "exact values";
    case GROWTH_BASIS_FIT: return "fit";
  }
  return "none";
}

answer_t growth_gaussian_limit(const growth_t g) {
  if (g->basis != GROWTH_BASIS_CLOSED_FORM &&
      g->basis != GROWTH_BASIS_EXACT_VALUES)
    return ANSWER_UNDECIDED;
  switch (g->kind) {
    case GROWTH_ZERO:
    case GROWTH_EXP_DECAY:
    case GROWTH_POLY_DECAY: return ANSWER_YES;
    case GROWTH_CONSTANT:
    case GROWTH_POLYNOMIAL:
    case GROWTH_EXPONENTIAL: return ANSWER_NO;
    default: return ANSWER_UNDECIDED;
  }
}

static growth_kind_t kind_of(slong half_rate, slong degree) {
  if (half_rate) return half_rate > 0 ? GROWTH_EXPONENTIAL : GROWTH_EXP_DECAY;
  if (degree) return degree > 0 ? GROWTH_POLYNOMIAL : GROWTH_POLY_DECAY;
  return GROWTH_CONSTANT;
}

/* --- text ---------------------------------- */

/* y^k; empty for k = 0. */
static void power_text(char *out, variable_t variable, slong k) {
  if (k == 0)
    out[0] = 0;
  else if (variable == BY_SIZE)
    snprintf(out, TEXT, k == 1 ? "n" : "n^%ld", (long)k);
  else if (variable == BY_POWER || k % 2 == 0)
    snprintf(out, TEXT, "%ld^n",
             1L << (variable == BY_POWER ? k : k / 2));
  else
    snprintf(out, TEXT, k == 1 ? "2^(n/2)" : "2^(%ld n/2)", (long)k);
}

static slong degree_of(const fmpz *polynomial, slong bound) {
  while (bound >= 0 && fmpz_is_zero(polynomial + bound)) bound--;
  return bound;
}

static void append(char **text, const char *more) {
  size_t old = *text ? strlen(*text) : 0;
  *text = realloc(*text, old + strlen(more) + 1);
  if (!*text) abort();
  strcpy(*text + old, more);
}

/* "3 4^n - 1"; in parentheses when asked and there is more than one term. */
static void append_polynomial(char **text, const fmpz *polynomial,
                              slong degree, variable_t variable,
                              bool parentheses) {
  slong terms = 0;
  for (slong k = 0; k <= degree; k++) terms += !fmpz_is_zero(polynomial + k);
  parentheses = parentheses && terms > 1;
  if (parentheses) append(text, "(");
  bool first = true;
  for (slong k = degree; k >= 0; k--) {
    if (fmpz_is_zero(polynomial + k)) continue;
    char power[TEXT];
    fmpz_t size;
    fmpz_init(size);
    fmpz_abs(size, polynomial + k);
    bool negative = fmpz_sgn(polynomial + k) < 0;
    append(text, first ? (negative ? "-" : "") : negative ? " - " : " + ");
    power_text(power, variable, k);
    if (!fmpz_is_one(size) || k == 0) {
      char *digits = fmpz_get_str(NULL, 10, size);
      append(text, digits);
      flint_free(digits);
      if (k) append(text, " ");
    }
    append(text, power);
    fmpz_clear(size);
    first = false;
  }
  if (first) append(text, "0");
  if (parentheses) append(text, ")");
}

static char *formula_text(const fmpz *a, slong deg_a, const fmpz *b,
                          slong deg_b, slong power, variable_t variable) {
  char *text = NULL;
  bool plain = deg_b == 0 && fmpz_is_one(b);
  if (power) {
    char factor[TEXT];
    snprintf(factor, TEXT, power == 1 ? "n " : "n^%ld ", (long)power);
    append(&text, factor);
  }
  append_polynomial(&text, a, deg_a, variable, power || !plain);
  if (!plain) {
    append(&text, "/");
    /* a product such as 3 n after the slash needs its parentheses too */
    bool product = deg_b > 0 && !fmpz_is_one(b + deg_b);
    slong terms = 0;
    for (slong k = 0; k <= deg_b; k++) terms += !fmpz_is_zero(b + k);
    if (product && terms == 1) append(&text, "(");
    append_polynomial(&text, b, deg_b, variable, true);
    if (product && terms == 1) append(&text, ")");
  }
  return text;
}

/* Denominators that counts of strings and dimensions bring along, as linear
   functions slope y + offset of the variable y. */
enum { NUM_HINTS = 3, MAX_HINT_POWER = 2, MAX_HINT_COST = 3 };
typedef struct {
  slong slope, offset;
} hint_t;
static const hint_t hints[2][NUM_HINTS] = {
    {{1, -1}, {1, 1}, {2, -1}}, /* of n */
    {{1, -1}, {1, 1}, {1, 2}}}; /* of 2^n and 2^(n/2) */

/* a/(h b): "(2 4^n)/((2^n - 1) (2^n + 1)^2)". */
static char *hinted_text(const fmpz *a, slong deg_a, const fmpz *b,
                         slong deg_b, slong power, variable_t variable,
                         const int *powers) {
  char *text = NULL, factor[TEXT];
  fmpz line[2];
  if (power) {
    snprintf(factor, TEXT, power == 1 ? "n " : "n^%ld ", (long)power);
    append(&text, factor);
  }
  append_polynomial(&text, a, deg_a, variable, true);
  append(&text, "/(");
  bool first = true;
  for (int k = 0; k < NUM_HINTS; k++) {
    const hint_t *h = hints[variable != BY_SIZE] + k;
    if (!powers[k]) continue;
    if (!first) append(&text, " ");
    fmpz_init_set_si(line, h->offset);
    fmpz_init_set_si(line + 1, h->slope);
    append_polynomial(&text, line, 1, variable, true);
    fmpz_clear(line);
    fmpz_clear(line + 1);
    if (powers[k] > 1) {
      snprintf(factor, TEXT, "^%d", powers[k]);
      append(&text, factor);
    }
    first = false;
  }
  if (deg_b > 0 || !fmpz_is_one(b)) {
    append(&text, " ");
    append_polynomial(&text, b, deg_b, variable, true);
  }
  append(&text, ")");
  return text;
}

/* --- search ---------------------------------- */

typedef struct {
  const slong *sizes;
  const fmpq *values;
  slong length;
  fmpz *points;
  fmpq *scaled; /* values / n^power */
} family_t;

static bool set_points(family_t *f, variable_t variable) {
  for (slong i = 0; i < f->length; i++) {
    slong n = f->sizes[i];
    if (variable == BY_SIZE) {
      fmpz_set_si(f->points + i, n);
      continue;
    }
    if (variable == BY_ROOT && (n - f->sizes[0]) % 2 != 0) return false;
    /* for odd n the variable is 2^((n-1)/2): a constant factor sqrt 2 */
    fmpz_one(f->points + i);
    fmpz_mul_2exp(f->points + i, f->points + i,
                  (ulong)(variable == BY_ROOT ? n / 2 : n));
  }
  return true;
}

/* values h(y) / n^power. */
static void scale_values(family_t *f, variable_t variable, slong power,
                         const int *hint_powers) {
  fmpq_t factor;
  fmpz_t line;
  fmpq_init(factor);
  fmpz_init(line);
  for (slong i = 0; i < f->length; i++) {
    fmpq_set_si(factor, f->sizes[i], 1);
    fmpq_pow_si(factor, factor, power);
    fmpq_div(f->scaled + i, f->values + i, factor);
    for (int k = 0; k < NUM_HINTS; k++) {
      const hint_t *h = hints[variable != BY_SIZE] + k;
      fmpz_mul_si(line, f->points + i, h->slope);
      fmpz_add_si(line, line, h->offset);
      for (int j = 0; j < hint_powers[k]; j++)
        fmpq_mul_fmpz(f->scaled + i, f->scaled + i, line);
    }
  }
  fmpq_clear(factor);
  fmpz_clear(line);
}

static bool try_form(growth_struct *g, family_t *f, variable_t variable,
                     slong power, slong total, const int *hint_powers) {
  fmpz *a = _fmpz_vec_init(MAX_DEGREE + 1), *b = _fmpz_vec_init(MAX_DEGREE + 1);
  bool found = false;
  slong hinted = 0;
  for (int k = 0; k < NUM_HINTS; k++) hinted += hint_powers[k];
  scale_values(f, variable, power, hint_powers);
  for (slong down = 0; down <= total && !found; down++) {
    slong up = total - down;
    _fmpz_vec_zero(a, MAX_DEGREE + 1);
    _fmpz_vec_zero(b, MAX_DEGREE + 1);
    if (!growth_rational_fit(a, b, up, down, f->points, f->scaled, f->length))
      continue;
    slong deg_a = degree_of(a, up), deg_b = degree_of(b, down);
    if (deg_a < 0) continue;
    found = true;
    slong rate = deg_a - deg_b - hinted, half_rate = 0, degree = power;
    if (variable == BY_SIZE) degree += rate;
    else half_rate = variable == BY_POWER ? 2 * rate : rate;
    char *text = hinted ? hinted_text(a, deg_a, b, deg_b, power, variable,
                                      hint_powers)
                        : formula_text(a, deg_a, b, deg_b, power, variable);
    if (variable == BY_ROOT && f->sizes[0] % 2 != 0) {
      free(text);
      text = NULL; /* the variable is 2^((n-1)/2): no plain text for it */
    }
    set_result(g, kind_of(half_rate, degree), GROWTH_BASIS_EXACT_VALUES,
               half_rate, degree, text);
  }
  _fmpz_vec_clear(a, MAX_DEGREE + 1);
  _fmpz_vec_clear(b, MAX_DEGREE + 1);
  return found;
}

/* Simplest first: by degrees together with the power of n. */
static bool search(growth_struct *g, family_t *f) {
  static const int none[NUM_HINTS] = {0};
  slong most = f->length - 1 - SPARE;
  if (most > MAX_DEGREE) most = MAX_DEGREE;
  for (slong cost = 0; cost <= most; cost++)
    for (variable_t v = BY_SIZE; v <= BY_ROOT; v++) {
      if (!set_points(f, v)) continue;
      slong powers = v == BY_SIZE ? 0 : cost < MAX_POWER ? cost : MAX_POWER;
      for (slong p = 0; p <= powers; p++)
        for (int sign = 1; sign >= (p ? -1 : 1); sign -= 2)
          if (try_form(g, f, v, sign * p, cost - p, none)) return true;
    }
  return false;
}

/* With few values: the same over one of the denominators above, which do not
   count as unknowns. */
static bool search_hinted(growth_struct *g, family_t *f) {
  enum { BASE = MAX_HINT_POWER + 1, COUNT = BASE * BASE * BASE };
  slong most = f->length - 1 - SPARE;
  if (most > MAX_HINT_COST) most = MAX_HINT_COST;
  for (slong cost = 0; cost <= most; cost++)
    for (variable_t v = BY_SIZE; v <= BY_ROOT; v++) {
      if (!set_points(f, v)) continue;
      for (int code = 1; code < COUNT; code++) {
        int powers[NUM_HINTS] = {code % BASE, code / BASE % BASE,
                                 code / BASE / BASE};
        if (try_form(g, f, v, 0, cost, powers)) return true;
      }
    }
  return false;
}

/* --- fit ---------------------------------- */

/* Least squares of y against x: slope and sum of squared residuals. */
static void line(arb_t slope, arb_t residual, arb_srcptr x, arb_srcptr y,
                 slong length, slong prec) {
  arb_t mean_x, mean_y, xx, xy, t;
  arb_init(mean_x);
  arb_init(mean_y);
  arb_init(xx);
  arb_init(xy);
  arb_init(t);
  for (slong i = 0; i < length; i++) {
    arb_add(mean_x, mean_x, x + i, prec);
    arb_add(mean_y, mean_y, y + i, prec);
  }
  arb_div_si(mean_x, mean_x, length, prec);
  arb_div_si(mean_y, mean_y, length, prec);
  for (slong i = 0; i < length; i++) {
    arb_sub(t, x + i, mean_x, prec);
    arb_addmul(xx, t, t, prec);
    arb_mul(t, t, y + i, prec);
    arb_add(xy, xy, t, prec);
  }
  arb_div(slope, xy, xx, prec);
  arb_zero(residual);
  for (slong i = 0; i < length; i++) {
    arb_sub(t, x + i, mean_x, prec);
    arb_mul(t, t, slope, prec);
    arb_add(t, t, mean_y, prec);
    arb_sub(t, y + i, t, prec);
    arb_addmul(residual, t, t, prec);
  }
  arb_clear(mean_x);
  arb_clear(mean_y);
  arb_clear(xx);
  arb_clear(xy);
  arb_clear(t);
}

/* The better line wins if its squared residual is less than a quarter of the
   other's. */
static void fit(growth_struct *g, const family_t *f) {
  enum { PREC = 128 };
  growth_kind_t kind = GROWTH_UNDECIDED;
  bool usable = f->length >= 4;
  for (slong i = 0; i < f->length; i++)
    usable = usable && !fmpq_is_zero(f->values + i);
  if (usable) {
    arb_ptr n = _arb_vec_init(f->length), log_n = _arb_vec_init(f->length);
    arb_ptr log_v = _arb_vec_init(f->length);
    arb_t slope[2], residual[2];
    for (int k = 0; k < 2; k++) {
      arb_init(slope[k]);
      arb_init(residual[k]);
    }
    for (slong i = 0; i < f->length; i++) {
      arb_set_si(n + i, f->sizes[i]);
      arb_log(log_n + i, n + i, PREC);
      arb_set_fmpq(log_v + i, f->values + i, PREC);
      arb_abs(log_v + i, log_v + i);
      arb_log(log_v + i, log_v + i, PREC);
    }
    line(slope[0], residual[0], n, log_v, f->length, PREC);
    line(slope[1], residual[1], log_n, log_v, f->length, PREC);
    arb_mul_2exp_si(residual[0], residual[0], 2);
    bool exponential = arb_lt(residual[0], residual[1]);
    arb_mul_2exp_si(residual[0], residual[0], -2);
    arb_mul_2exp_si(residual[1], residual[1], 2);
    bool power = arb_lt(residual[1], residual[0]);
    if (exponential && arb_is_nonzero(slope[0]))
      kind = arb_is_positive(slope[0]) ? GROWTH_EXPONENTIAL : GROWTH_EXP_DECAY;
    else if (power && arb_is_nonzero(slope[1]))
      kind = arb_is_positive(slope[1]) ? GROWTH_POLYNOMIAL : GROWTH_POLY_DECAY;
    for (int k = 0; k < 2; k++) {
      arb_clear(slope[k]);
      arb_clear(residual[k]);
    }
    _arb_vec_clear(n, f->length);
    _arb_vec_clear(log_n, f->length);
    _arb_vec_clear(log_v, f->length);
  }
  set_result(g, kind, GROWTH_BASIS_FIT, 0, 0, NULL);
}

status_t growth_decide(growth_t growth, const slong *sizes, const fmpq *values,
                       slong length) {
  bool zero = length > SPARE;
  if (length < 1) return STATUS_BAD_INPUT;
  for (slong i = 0; i < length; i++) {
    if (sizes[i] <= 0 || (i && sizes[i] <= sizes[i - 1]))
      return STATUS_BAD_INPUT;
    zero = zero && fmpq_is_zero(values + i);
  }
  if (zero) {
    set_result(growth, GROWTH_ZERO, GROWTH_BASIS_EXACT_VALUES, 0, 0,
               strdup("0"));
    return STATUS_OK;
  }
  family_t f = {sizes, values, length, _fmpz_vec_init(length),
                _fmpq_vec_init(length)};
  if (!search(growth, &f) && !search_hinted(growth, &f)) fit(growth, &f);
  _fmpz_vec_clear(f.points, length);
  _fmpq_vec_clear(f.scaled, length);
  return STATUS_OK;
}
