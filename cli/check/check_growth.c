#include "cli/check/check_growth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/text.h"
#include "cli/check/check_formula.h"
#include "cli/format/growth_json.h"
#include "cli/format/json_number.h"

/* The rows in order of size. */
typedef struct {
  size_t length;
  const json_t **rows;
  json_int_t *sizes;
  bool by_value; /* every row has as many qubits */
} series_t;

static const json_t *row_at(const json_t *rows, const json_t *added, size_t i) {
  size_t length = json_array_size(rows);
  return i < length ? json_array_get(rows, i) : json_array_get(added, i - length);
}

static bool series_init(series_t *s, const json_t *rows, const json_t *added) {
  size_t length = json_array_size(rows) + json_array_size(added);
  json_int_t first = 0;
  bool good = length > 0;
  *s = (series_t){.length = length, .by_value = length > 1};
  s->rows = memory_must(calloc(length + 1, sizeof *s->rows));
  s->sizes = memory_must(calloc(length + 1, sizeof *s->sizes));
  for (size_t i = 0; i < length; i++) {
    const json_t *row = row_at(rows, added, i);
    json_int_t qubits = json_integer_value(cert_at(row, "ansatz.qubits"));
    if (i == 0) first = qubits;
    s->by_value = s->by_value && qubits == first;
  }
  for (size_t i = 0; i < length; i++) {
    const json_t *row = row_at(rows, added, i);
    json_int_t size =
        s->by_value ? atoll(cert_text_at(row, "value", "0"))
                    : json_integer_value(cert_at(row, "ansatz.qubits"));
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

typedef enum {
  DIMENSION,
  DEGREES,
  GRADIENT,
  OWN_GRADIENT,
  OWN_VARIANCE,
  WISHART,
  FINITE
} quantity_t;

static const json_t *landscape(const json_t *row, size_t j) {
  return json_array_get(json_object_get(row, "landscapes"), j);
}

static int compare_fmpq(const void *a, const void *b) {
  return fmpq_cmp(*(const fmpq *const *)a, *(const fmpq *const *)b);
}

/* The median (the smaller of two) of the gradient variances above 0, and how many of
   these there are; false when they are not all exact. */
static bool median_gradient(fmpq_t median, size_t *count, const json_t *list) {
  size_t length = json_array_size(list);
  bool ok = json_is_array(list);
  fmpq *values = flint_calloc(length + 1, sizeof *values);
  const fmpq **order = flint_malloc((length + 1) * sizeof *order);
  *count = 0;
  for (size_t k = 0; k < length; k++) {
    fmpq_init(values + k);
    ok = ok && cert_get_fmpq(values + k, json_array_get(list, k));
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
  bool constant =
      median_gradient(median, &count,
                      json_object_get(landscape, "gradient_variance")) &&
      count == 0;
  fmpq_clear(median);
  return constant;
}

/* False when row i does not know it. */
static bool row_value(fmpq_t value, const series_t *s, size_t i, size_t j,
                      quantity_t which) {
  static const char *const paths[] = {
      "algebra.dimension", "minima.threshold", "gradient_variance",
      "finite_depth.gradient_variance", "finite_depth.variance",
      "gaussian_process.excess_kurtosis",
      "gaussian_process.excess_kurtosis_finite"};
  const json_t *row = s->rows[i], *l = landscape(row, j);
  if (which == DIMENSION)
    return json_is_true(cert_at(row, "algebra.proved")) &&
           cert_get_fmpq(value, cert_at(row, paths[which]));
  if (which == GRADIENT || which == OWN_GRADIENT) {
    size_t count;
    fmpq_zero(value);
    return median_gradient(value, &count, cert_at(l, paths[which]));
  }
  if (which != OWN_VARIANCE && is_constant(l)) return false;
  return cert_get_fmpq(value, cert_at(l, paths[which]));
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

/* At every size, or from one on. */
static bool formula_holds(const series_t *s, size_t j, quantity_t which,
                          const char *formula, json_int_t from) {
  fmpq_t said, value;
  bool holds = true;
  fmpq_init(said);
  fmpq_init(value);
  for (size_t i = 0; i < s->length && holds; i++)
    holds = s->sizes[i] < from ||
            (row_value(value, s, i, j, which) &&
             formula_evaluate(said, formula, (slong)s->sizes[i]) &&
             fmpq_equal(said, value));
  fmpq_clear(said);
  fmpq_clear(value);
  return holds;
}

/* KEY_formula against KEY and the rows; nothing where there is none. */
static void check_quantity(ledger_t *l, const series_t *s, const json_t *growth,
                           size_t j, quantity_t which, const char *key) {
  char name[128];
  snprintf(name, sizeof name, "%s_formula", key);
  const char *formula = json_string_value(json_object_get(growth, name));
  if (!formula) return;
  const char *kind = kind_of(formula);
  snprintf(name, sizeof name, "%s_from", key);
  json_int_t from = json_integer_value(json_object_get(growth, name));
  const char *said = cert_text_at(growth, key, "");
  snprintf(name, sizeof name, "growth: %s_formula%s", key,
           j ? " of another landscape" : "");
  if (!formula_holds(s, j, which, formula, from))
    ledger_fails(l, name, "it does not reproduce the rows");
  else if (!kind || strcmp(kind, said))
    ledger_fails(l, name, "it is no %s", said);
  else ledger_holds(l, name);
}

static void check_formulas(ledger_t *l, const series_t *s, const json_t *growth) {
  static const struct {
    quantity_t which;
    const char *key;
  } quantities[] = {{DEGREES, "degrees_of_freedom"},
                    {GRADIENT, "gradient_variance"},
                    {OWN_GRADIENT, "own_gradient_variance"},
                    {OWN_VARIANCE, "own_variance"}};
  const json_t *list = json_object_get(growth, "landscapes");
  check_quantity(l, s, growth, 0, DIMENSION, "algebra_dimension");
  for (size_t j = 0; j < json_array_size(list); j++) {
    const json_t *here = json_array_get(list, j);
    const json_t *gaussian = json_object_get(here, "gaussian_process");
    for (size_t k = 0; k < sizeof quantities / sizeof *quantities; k++)
      check_quantity(l, s, here, j, quantities[k].which, quantities[k].key);
    check_quantity(l, s, gaussian, j, WISHART, "kurtosis");
    check_quantity(l, s, gaussian, j, FINITE, "kurtosis_finite");
  }
}

/* --- all of it ------------------------------------------------------------------------ */

/* Each member against that of the growth made again; objects and lists of them member
   by member, so that what differs is named. */
static void check_members(ledger_t *l, const json_t *again) {
  const char *key;
  json_t *item;
  json_object_foreach((json_t *)again, key, item) {
    const json_t *claim = json_object_get(l->left, key);
    if (json_is_object(item) && json_is_object(claim)) {
      ledger_t inner;
      ledger_begin_at(&inner, l, key);
      check_members(&inner, item);
      ledger_end(&inner);
    } else if (json_is_object(json_array_get(item, 0)) &&
               json_array_size(claim) == json_array_size(item)) {
      claim = ledger_take(l, key);
      for (size_t i = 0; i < json_array_size(item); i++) {
        ledger_t inner;
        ledger_begin(&inner, l->result, json_array_get(claim, i),
                     "%s%s[%zu].", l->where, key, i);
        check_members(&inner, json_array_get(item, i));
        ledger_end(&inner);
      }
    } else {
      ledger_follows(l, key, json_incref(item));
    }
  }
}

void check_growth(ledger_t *parent, const json_t *rows, const json_t *added) {
  series_t s;
  ledger_t l;
  json_t *again = growth_json(rows, added);
  const json_t *claim = json_object_get(parent->left, "growth");
  if (series_init(&s, rows, added)) check_formulas(parent, &s, claim);
  ledger_begin_at(&l, parent, "growth");
  check_members(&l, again);
  ledger_end(&l);
  json_decref(again);
  series_clear(&s);
}
