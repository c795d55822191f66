/* growth.c - see growth.h. */
#include "algebra/analysis/growth.h"

#include <stdlib.h>

#include "algebra/base/flint_compat.h"
#include "algebra/analysis/growth_fit.h"
#include "algebra/analysis/growth_rational.h"
#include "algebra/analysis/growth_text.h"
#include "algebra/base/text.h"

enum { MAX_DEGREE = 8, MAX_POWER = 4, SPARE = 2 };

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
             formula ? text_copy(formula) : NULL);
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

/* Denominators that counts of strings and dimensions bring along, as linear
   functions slope y + offset of the variable y. */
enum { NUM_HINTS = 4, MAX_HINT_POWER = 2, MAX_HINT_COST = 4 };
typedef struct {
  slong slope, offset;
} hint_t;
static const hint_t hints[2][NUM_HINTS] = {
    {{1, 0}, {1, -1}, {1, 1}, {2, -1}},  /* of n */
    {{1, -1}, {1, 1}, {1, 2}, {2, -1}}}; /* of 2^n and 2^(n/2) */

/* --- search ---------------------------------- */

typedef struct {
  const slong *sizes;
  const fmpq *values;
  slong length;
  fmpz *points;
  fmpq *scaled; /* values / n^power */
} family_t;

static bool set_points(family_t *f, growth_variable_t variable) {
  for (slong i = 0; i < f->length; i++) {
    slong n = f->sizes[i];
    if (variable == GROWTH_BY_SIZE) {
      fmpz_set_si(f->points + i, n);
      continue;
    }
    if (variable == GROWTH_BY_ROOT && (n - f->sizes[0]) % 2 != 0) return false;
    /* for odd n the variable is 2^((n-1)/2): a constant factor sqrt 2 */
    fmpz_one(f->points + i);
    fmpz_mul_2exp(f->points + i, f->points + i,
                  (ulong)(variable == GROWTH_BY_ROOT ? n / 2 : n));
  }
  return true;
}

/* values h(y) / n^power; false where h has a zero among the points, as A/h is no
   formula for the value there. */
static bool scale_values(family_t *f, growth_variable_t variable, slong power,
                         const int *hint_powers) {
  fmpq_t factor;
  fmpz_t line;
  bool good = true;
  fmpq_init(factor);
  fmpz_init(line);
  for (slong i = 0; i < f->length; i++) {
    fmpq_set_si(factor, f->sizes[i], 1);
    fmpq_pow_si(factor, factor, power);
    fmpq_div(f->scaled + i, f->values + i, factor);
    for (int k = 0; k < NUM_HINTS; k++) {
      const hint_t *h = hints[variable != GROWTH_BY_SIZE] + k;
      fmpz_mul_si(line, f->points + i, h->slope);
      fmpz_add_si(line, line, h->offset);
      good = good && (hint_powers[k] == 0 || !fmpz_is_zero(line));
      for (int j = 0; j < hint_powers[k]; j++)
        fmpq_mul_fmpz(f->scaled + i, f->scaled + i, line);
    }
  }
  fmpq_clear(factor);
  fmpz_clear(line);
  return good;
}

/* h(y) b, of degree hinted more. */
static void multiply_hints(fmpz_poly_t out, const fmpz *b, slong deg_b,
                           growth_variable_t variable, const int *hint_powers) {
  fmpz_poly_t line;
  fmpz_poly_init(line);
  fmpz_poly_zero(out);
  for (slong k = 0; k <= deg_b; k++) fmpz_poly_set_coeff_fmpz(out, k, b + k);
  for (int k = 0; k < NUM_HINTS; k++) {
    const hint_t *h = hints[variable != GROWTH_BY_SIZE] + k;
    fmpz_poly_set_coeff_si(line, 0, h->offset);
    fmpz_poly_set_coeff_si(line, 1, h->slope);
    for (int j = 0; j < hint_powers[k]; j++) fmpz_poly_mul(out, out, line);
  }
  fmpz_poly_clear(line);
}

/* In plain text: n^power a/(h b); NULL where the variable is 2^((n-1)/2). */
static char *form_text(const family_t *f, growth_variable_t variable,
                       slong power, const fmpz *a, slong deg_a, const fmpz *b,
                       slong deg_b, const int *hint_powers) {
  static const int none[NUM_HINTS] = {0};
  fmpz_poly_t up, down;
  if (variable == GROWTH_BY_ROOT && f->sizes[0] % 2 != 0) return NULL;
  fmpz_poly_init(up);
  fmpz_poly_init(down);
  multiply_hints(up, a, deg_a, variable, none);
  multiply_hints(down, b, deg_b, variable, hint_powers);
  char *text = growth_text(up, down, power, variable);
  fmpz_poly_clear(up);
  fmpz_poly_clear(down);
  return text;
}

static slong degree_of(const fmpz *polynomial, slong bound) {
  while (bound >= 0 && fmpz_is_zero(polynomial + bound)) bound--;
  return bound;
}

static bool try_form(growth_struct *g, family_t *f, growth_variable_t variable,
                     slong power, slong total, const int *hint_powers) {
  fmpz *a = _fmpz_vec_init(MAX_DEGREE + 1), *b = _fmpz_vec_init(MAX_DEGREE + 1);
  bool found = false;
  slong hinted = 0;
  for (int k = 0; k < NUM_HINTS; k++) hinted += hint_powers[k];
  bool good = scale_values(f, variable, power, hint_powers);
  for (slong down = 0; down <= total && good && !found; down++) {
    slong up = total - down;
    _fmpz_vec_zero(a, MAX_DEGREE + 1);
    _fmpz_vec_zero(b, MAX_DEGREE + 1);
    if (!growth_rational_fit(a, b, up, down, f->points, f->scaled, f->length))
      continue;
    slong deg_a = degree_of(a, up), deg_b = degree_of(b, down);
    if (deg_a < 0) continue;
    found = true;
    slong rate = deg_a - deg_b - hinted, half_rate = 0, degree = power;
    if (variable == GROWTH_BY_SIZE) degree += rate;
    else half_rate = variable == GROWTH_BY_POWER ? 2 * rate : rate;
    char *text =
        form_text(f, variable, power, a, deg_a, b, deg_b, hint_powers);
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
    for (growth_variable_t v = GROWTH_BY_SIZE; v <= GROWTH_BY_ROOT; v++) {
      if (!set_points(f, v)) continue;
      slong powers = v == GROWTH_BY_SIZE ? 0 : cost < MAX_POWER ? cost : MAX_POWER;
      for (slong p = 0; p <= powers; p++)
        for (int sign = 1; sign >= (p ? -1 : 1); sign -= 2)
          if (try_form(g, f, v, sign * p, cost - p, none)) return true;
    }
  return false;
}

/* With few values: the same over one of the denominators above, which do not
   count as unknowns. */
static bool search_hinted(growth_struct *g, family_t *f) {
  enum { BASE = MAX_HINT_POWER + 1, COUNT = BASE * BASE * BASE * BASE };
  slong most = f->length - 1 - SPARE;
  if (most > MAX_HINT_COST) most = MAX_HINT_COST;
  for (slong cost = 0; cost <= most; cost++)
    for (growth_variable_t v = GROWTH_BY_SIZE; v <= GROWTH_BY_ROOT; v++) {
      if (!set_points(f, v)) continue;
      for (int code = 1; code < COUNT; code++) {
        int powers[NUM_HINTS] = {code % BASE, code / BASE % BASE,
                                 code / BASE / BASE % BASE,
                                 code / BASE / BASE / BASE};
        if (try_form(g, f, v, 0, cost, powers)) return true;
      }
    }
  return false;
}

static growth_kind_t guess_kind(const slong *sizes, const fmpq *values,
                                slong length) {
  bool exponential;
  int sign = growth_fit(&exponential, sizes, values, length);
  if (sign == 0) return GROWTH_UNDECIDED;
  if (sign > 0) return exponential ? GROWTH_EXPONENTIAL : GROWTH_POLYNOMIAL;
  return exponential ? GROWTH_EXP_DECAY : GROWTH_POLY_DECAY;
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
               text_copy("0"));
    return STATUS_OK;
  }
  family_t f = {sizes, values, length, _fmpz_vec_init(length),
                _fmpq_vec_init(length)};
  if (!search(growth, &f) && !search_hinted(growth, &f))
    set_result(growth, guess_kind(sizes, values, length), GROWTH_BASIS_FIT, 0, 0,
               NULL);
  _fmpz_vec_clear(f.points, length);
  _fmpq_vec_clear(f.scaled, length);
  return STATUS_OK;
}
