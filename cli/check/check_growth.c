#include "cli/check/check_growth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/format/json_number.h"

static const char *const is_fit = "a fit, or no formula in plain text";

/* The rows in order of size. */
typedef struct {
  size_t length;
  const json_t **rows;
  json_int_t *sizes;
  bool by_value; /* every row has as many qubits */
  bool uniform;  /* classification holds */
} series_t;

static bool series_init(series_t *s, const json_t *rows) {
  size_t length = json_array_size(rows);
  json_int_t first = 0;
  bool good = length > 0;
  *s = (series_t){.length = length, .by_value = length > 1};
  s->rows = calloc(length + 1, sizeof *s->rows);
  s->sizes = calloc(length + 1, sizeof *s->sizes);
  for (size_t i = 0; i < length; i++) {
    const json_t *row = json_array_get(rows, i);
    json_int_t qubits = json_integer_value(json_at(row, "ansatz.qubits"));
    if (i == 0) first = qubits;
    s->by_value = s->by_value && qubits == first;
  }
  for (size_t i = 0; i < length; i++) {
    const json_t *row = json_array_get(rows, i);
    json_int_t size =
        s->by_value ? atoll(json_text_at(row, "value", "0"))
                    : json_integer_value(json_at(row, "ansatz.qubits"));
    size_t at = i;
    for (; at > 0 && s->sizes[at - 1] > size; at--) {
      s->sizes[at] = s->sizes[at - 1];
      s->rows[at] = s->rows[at - 1];
    }
    s->sizes[at] = size;
    s->rows[at] = row;
  }
  for (size_t i = 0; i < length; i++)
    good = good && s->sizes[i] > 0 && (i == 0 || s->sizes[i] > s->sizes[i - 1]);
  return good;
}

static void series_clear(series_t *s) {
  free(s->rows);
  free(s->sizes);
}

/* --- what the rows say ------------------------------------------------------------ */

typedef enum { DIMENSION, DEGREES, GRADIENT, WISHART, FINITE } quantity_t;

static const json_t *landscape(const json_t *row, size_t j) {
  return json_array_get(json_object_get(row, "landscapes"), j);
}

static int compare_fmpq(const void *a, const void *b) {
  return fmpq_cmp(*(const fmpq *const *)a, *(const fmpq *const *)b);
}

/* The median (the smaller of two) of the gradient variances above 0, and how many of
   these there are; false when they are not all exact. */
static bool median_gradient(fmpq_t median, size_t *count,
                            const json_t *landscape) {
  const json_t *list = json_object_get(landscape, "gradient_variance");
  size_t length = json_array_size(list);
  bool ok = json_is_array(list);
  fmpq *values = flint_calloc(length + 1, sizeof *values);
  const fmpq **order = flint_malloc((length + 1) * sizeof *order);
  *count = 0;
  for (size_t k = 0; k < length; k++) {
    fmpq_init(values + k);
    ok = ok && json_get_fmpq(values + k, json_array_get(list, k));
    if (ok && !fmpq_is_zero(values + k)) order[(*count)++] = values + k;
  }
  if (ok && *count) {
    qsort(order, *count, sizeof *order, compare_fmpq);
    fmpq_set(median, order[(*count - 1) / 2]);
  }
  for (size_t k = 0; k < length; k++) fmpq_clear(values + k);
  flint_free(order);
  flint_free(values);
  return ok;
}

static bool is_constant(const json_t *landscape) {
  fmpq_t median;
  size_t count;
  fmpq_init(median);
  bool constant = median_gradient(median, &count, landscape) && count == 0;
  fmpq_clear(median);
  return constant;
}

/* False when row i does not know it. */
static bool row_value(fmpq_t value, const series_t *s, size_t i, size_t j,
                      quantity_t which) {
  static const char *const paths[] = {
      "algebra.dimension", "minima.threshold", "gradient_variance",
      "gaussian_process.excess_kurtosis",
      "gaussian_process.excess_kurtosis_finite"};
  const json_t *row = s->rows[i], *l = landscape(row, j);
  if (which == DIMENSION)
    return json_is_true(json_at(row, "algebra.proved")) &&
           json_get_fmpq(value, json_at(row, paths[which]));
  if (is_constant(l)) {
    fmpq_zero(value);
    return which == GRADIENT;
  }
  if (which == GRADIENT) {
    size_t count;
    return median_gradient(value, &count, l) && count > 0;
  }
  return json_get_fmpq(value, json_at(l, paths[which]));
}

/* --- formulas ------------------------------------------------------------------------ */

static slong bits_of(const fmpq_t x) {
  return (slong)fmpz_bits(fmpq_numref(x)) - (slong)fmpz_bits(fmpq_denref(x));
}

/* From the values at 2^10 and 2^20: a power of n changes by at least 2^10. */
static const char *kind_of(const char *formula) {
  fmpq_t small, large;
  const char *kind = NULL;
  fmpq_init(small);
  fmpq_init(large);
  if (formula_evaluate(small, formula, 1L << 10) &&
      formula_evaluate(large, formula, 1L << 20)) {
    slong change = bits_of(large) - bits_of(small);
    if (fmpq_is_zero(small) && fmpq_is_zero(large)) kind = "zero";
    else if (change > 1000) kind = "exponential";
    else if (change < -1000) kind = "exponential decay";
    else if (change > 5) kind = "polynomial";
    else if (change < -5) kind = "polynomial decay";
    else kind = "constant";
  }
  fmpq_clear(small);
  fmpq_clear(large);
  return kind;
}

static bool formula_holds(const series_t *s, size_t j, quantity_t which,
                          const char *formula) {
  fmpq_t said, value;
  bool holds = true;
  fmpq_init(said);
  fmpq_init(value);
  for (size_t i = 0; i < s->length && holds; i++)
    holds = row_value(value, s, i, j, which) &&
            formula_evaluate(said, formula, (slong)s->sizes[i]) &&
            fmpq_equal(said, value);
  fmpq_clear(said);
  fmpq_clear(value);
  return holds;
}

static bool all_known(const series_t *s, size_t j, quantity_t which) {
  fmpq_t value;
  bool known = true;
  fmpq_init(value);
  for (size_t i = 0; i < s->length && known; i++)
    known = row_value(value, s, i, j, which);
  fmpq_clear(value);
  return known;
}

/* KEY, KEY_formula, KEY_basis. Returns the kind when a formula proves it, "fit"
   when there is none, NULL when the rows do not know the quantity. */
static const char *check_quantity(ledger_t *l, const series_t *s, size_t j,
                                  quantity_t which, const char *key) {
  char formula_key[64], basis_key[64];
  snprintf(formula_key, sizeof formula_key, "%s_formula", key);
  snprintf(basis_key, sizeof basis_key, "%s_basis", key);
  const char *formula =
      json_string_value(json_object_get(l->left, formula_key));
  if (!all_known(s, j, which)) {
    ledger_null(l, key);
    ledger_null(l, formula_key);
    ledger_null(l, basis_key);
    return NULL;
  }
  if (!formula) {
    ledger_open(l, key, is_fit);
    ledger_open(l, formula_key, is_fit);
    ledger_open(l, basis_key, is_fit);
    return "fit";
  }
  ledger_take(l, formula_key);
  const char *kind = kind_of(formula);
  if (!kind || !formula_holds(s, j, which, formula)) {
    ledger_fails(l, formula_key, "it does not reproduce the rows");
    return "fit";
  }
  ledger_holds(l, formula_key);
  ledger_text(l, key, kind);
  ledger_text(l, basis_key, s->uniform ? "closed form" : "exact values");
  return kind;
}

/* --- classification ---------------------------------------------------------------- */

/* "2 x so(n)": count and argument at n; their dimension is added up. */
static bool add_ideals(fmpz_t sum, const char *text, slong n) {
  char count_text[128], argument_text[128];
  const char *times = strstr(text, " x "), *open, *close;
  if (!times || !(open = strchr(times, '(')) || !(close = strrchr(text, ')')) ||
      (size_t)(times - text) >= sizeof count_text || close <= open ||
      (size_t)(close - open) >= sizeof argument_text)
    return false;
  snprintf(count_text, sizeof count_text, "%.*s", (int)(times - text), text);
  snprintf(argument_text, sizeof argument_text, "%.*s", (int)(close - open - 1),
           open + 1);
  fmpq_t count, argument, square;
  fmpq_init(count);
  fmpq_init(argument);
  fmpq_init(square);
  bool ok = formula_evaluate(count, count_text, n) &&
            formula_evaluate(argument, argument_text, n);
  fmpq_mul(square, argument, argument);
  if (!strncmp(times, " x su", 5)) {
    fmpq_sub_si(square, square, 1);
  } else if (!strncmp(times, " x so", 5)) {
    fmpq_sub(square, square, argument);
    fmpq_div_2exp(square, square, 1);
  } else if (!strncmp(times, " x sp", 5)) {
    fmpq_mul_2exp(square, square, 1);
    fmpq_add(square, square, argument);
  } else {
    ok = false;
  }
  fmpq_mul(square, square, count);
  ok = ok && fmpz_is_one(fmpq_denref(square));
  if (ok) fmpz_add(sum, sum, fmpq_numref(square));
  fmpq_clear(count);
  fmpq_clear(argument);
  fmpq_clear(square);
  return ok;
}

/* The ideals add up to the dimension less the centre at every size. */
static bool classification_holds(const series_t *s, const char *text) {
  size_t length = strlen(text);
  bool ok = length && text[length - 1] == ')';
  fmpz_t sum, dimension, center;
  fmpz_init(sum);
  fmpz_init(dimension);
  fmpz_init(center);
  for (size_t i = 0; i < s->length && ok; i++) {
    char *copy = strdup(text);
    fmpz_zero(sum);
    /* split at " + " outside parentheses: every part has one " x " */
    for (char *part = copy; part && ok;) {
      char *next = strstr(part, ") + ");
      if (next) next[1] = 0;
      ok = add_ideals(sum, part, (slong)s->sizes[i]);
      part = next ? next + 4 : NULL;
    }
    ok = ok &&
         json_get_fmpz(dimension, json_at(s->rows[i], "algebra.dimension")) &&
         json_get_fmpz(center, json_at(s->rows[i], "algebra.center"));
    fmpz_sub(dimension, dimension, center);
    ok = ok && fmpz_equal(sum, dimension);
    free(copy);
  }
  fmpz_clear(sum);
  fmpz_clear(dimension);
  fmpz_clear(center);
  return ok;
}

static void check_classification(ledger_t *l, series_t *s) {
  const json_t *claim = ledger_take(l, "classification");
  s->uniform = json_is_string(claim);
  if (!s->uniform) {
    if (json_is_null(claim))
      ledger_no_claim(l, "classification");
    else
      ledger_fails(l, "classification", "it is no text");
    return;
  }
  if (classification_holds(s, json_string_value(claim)))
    ledger_holds(l, "classification");
  else
    ledger_fails(l, "classification",
                 "the dimensions do not add up to those of the rows");
}

/* --- verdicts --------------------------------------------------------------------------- */

static const char *limit(const char *kind) {
  if (!kind || !strcmp(kind, "fit")) return "undecided";
  return strstr(kind, "decay") || !strcmp(kind, "zero") ? "yes" : "no";
}

static void check_sequence(ledger_t *l, const series_t *s, size_t j,
                           quantity_t which, const char *key) {
  json_t *list = json_array();
  fmpq_t value;
  fmpq_init(value);
  for (size_t i = 0; i < s->length; i++)
    json_array_append_new(list, row_value(value, s, i, j, which)
                                    ? json_fmpq(value)
                                    : json_null());
  ledger_json(l, key, list);
  fmpq_clear(value);
}

/* A loss outside the Wishart class that is a sum of independent uniform variables:
   all that varies is su(2). */
static bool is_uniforms(const json_t *landscape) {
  const json_t *ideals = json_at(landscape, "adjoint.ideals");
  bool uniforms = json_is_true(json_at(landscape, "adjoint.applies")) &&
                  !json_is_true(json_at(landscape, "wishart.applies"));
  for (size_t i = 0; i < json_array_size(ideals) && uniforms; i++)
    uniforms = json_integer_value(json_at(json_array_get(ideals, i), "modes")) == 3;
  return uniforms && json_is_string(json_at(landscape, "adjoint.excess_kurtosis"));
}

static void check_gaussian(ledger_t *parent, const series_t *s, size_t j) {
  ledger_t l;
  bool constant = true, uniforms = true;
  ledger_begin_at(&l, parent, "gaussian_process");
  for (size_t i = 0; i < s->length; i++)
    uniforms = uniforms && is_uniforms(landscape(s->rows[i], j));
  for (size_t i = 0; i < s->length; i++)
    constant = constant && is_constant(landscape(s->rows[i], j));
  const char *wishart = limit(check_quantity(&l, s, j, WISHART, "kurtosis"));
  const char *finite =
      limit(check_quantity(&l, s, j, FINITE, "kurtosis_finite"));
  ledger_text(&l, "verdict",
              uniforms                  ? finite
              : constant                ? "no"
              : strcmp(wishart, finite) ? "undecided"
                                        : wishart);
  ledger_prose(&l, "because");
  check_sequence(&l, s, j, WISHART, "sequence");
  check_sequence(&l, s, j, FINITE, "sequence_finite");
  ledger_end(&l);
}

static const char *trainable(const char *gradient, const char *degrees) {
  if (!gradient || !strcmp(gradient, "fit")) return "undecided";
  if (!strcmp(gradient, "zero") || !strcmp(gradient, "exponential decay"))
    return "no";
  if (!degrees || !strcmp(degrees, "fit")) return "undecided";
  return strcmp(degrees, "exponential") ? "yes" : "no";
}

/* The members that a landscape and the whole have in common. */
static void check_landscape_growth(ledger_t *l, const series_t *s, size_t j) {
  const char *degrees = check_quantity(l, s, j, DEGREES, "degrees_of_freedom");
  const char *gradient = check_quantity(l, s, j, GRADIENT, "gradient_variance");
  bool fit = (degrees && !strcmp(degrees, "fit")) ||
             (gradient && !strcmp(gradient, "fit"));
  if (fit)
    ledger_open(l, "basis", is_fit);
  else
    ledger_text(l, "basis",
                !degrees && !gradient ? "none"
                : s->uniform          ? "closed form"
                                      : "exact values");
  check_gaussian(l, s, j);
  ledger_text(l, "trainable", trainable(gradient, degrees));
  ledger_prose(l, "because");
}

static void check_series(ledger_t *l, series_t *s) {
  json_t *sizes = json_array();
  size_t count = json_array_size(json_object_get(s->rows[0], "landscapes"));
  for (size_t i = 0; i < s->length; i++)
    json_array_append_new(sizes, json_integer(s->sizes[i]));
  ledger_text(l, "variable", s->by_value ? "value" : "qubits");
  ledger_json(l, "sizes", sizes);
  check_classification(l, s);
  check_quantity(l, s, 0, DIMENSION, "algebra_dimension");
  const json_t *list = ledger_take(l, "landscapes");
  if (json_array_size(list) != count)
    ledger_fails(l, "landscapes", "there are %zu", count);
  if (count) check_landscape_growth(l, s, 0);
  for (size_t j = 0; j < count; j++) {
    ledger_t one;
    const json_t *first = landscape(s->rows[0], j);
    ledger_begin(&one, l->result, json_array_get(list, j),
                 "%slandscapes[%zu].", l->where, j);
    ledger_text(&one, "observable", json_text_at(first, "observable", "?"));
    ledger_text(&one, "state", json_text_at(first, "state", "?"));
    check_landscape_growth(&one, s, j);
    ledger_end(&one);
  }
}

void check_growth(ledger_t *parent, const json_t *rows) {
  series_t s;
  ledger_t l;
  bool good = series_init(&s, rows);
  ledger_begin_at(&l, parent, "growth");
  if (ledger_said(&l, "reason")) {
    ledger_null(&l, "degrees_of_freedom");
    ledger_null(&l, "gradient_variance");
    ledger_text(&l, "basis", "none");
    ledger_reason(&l, "reason");
  } else if (!good) {
    ledger_fails(&l, "sizes", "the rows are no family in a size");
  } else {
    check_series(&l, &s);
  }
  ledger_end(&l);
  series_clear(&s);
}
