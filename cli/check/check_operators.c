#include "cli/check/check_operators.h"

#include <stdlib.h>
#include <string.h>

#include "algebra/check/sums/check_commutant.h"
#include "cli/format/json_number.h"
#include "cli/read/pauli_expr.h"

static const char *const unseen = "the generators were not seen";

/* A list of operators, written as the program writes them. */
typedef struct {
  size_t length;
  pauli_sum_struct *list;
} operators_t;

static void operators_clear(operators_t *x) {
  for (size_t k = 0; k < x->length; k++) pauli_sum_clear(x->list + k);
  flint_free(x->list);
}

static bool read_operator(pauli_sum_t out, const json_t *json) {
  const char *text = json_string_value(json);
  diagnostic_t diag;
  diagnostic_init(diag);
  bool ok = text && pauli_expr_parse(out, diag, "operators", text,
                                     out->num_qubits) == STATUS_OK;
  diagnostic_clear(diag);
  if (!ok) return false;
  char *written = pauli_sum_get_str(out);
  ok = !strcmp(written, text);
  free(written);
  return ok;
}

/* Takes the member. False, with it settled, when it is null or no such list. */
static bool take_operators(operators_t *out, ledger_t *l, const char *key,
                           const char *reason, size_t num_qubits) {
  const json_t *list = ledger_take(l, key);
  *out = (operators_t){0};
  if (json_is_null(list) && ledger_said(l, reason)) {
    ledger_no_claim(l, key);
    ledger_reason(l, reason);
    return false;
  }
  bool ok = json_is_array(list);
  out->list = flint_malloc((json_array_size(list) + 1) * sizeof *out->list);
  for (; ok && out->length < json_array_size(list);) {
    pauli_sum_init(out->list + out->length, num_qubits);
    ok = read_operator(out->list + out->length, json_array_get(list, out->length));
    out->length++;
  }
  if (ok) return true;
  ledger_fails(l, key, "it is no list of operators");
  operators_clear(out);
  return false;
}

/* They commute, are independent, and as many as given; SIZE_MAX: not known. True unless
   the member was settled. */
static bool check_list(ledger_t *l, const char *key, const operators_t *x,
                       const check_subject_t *s, size_t expected) {
  size_t which = 0;
  if (!check_commutes(&which, x->list, x->length, s->generators))
    ledger_fails(l, key, "number %zu does not commute with a generator", which);
  else if (check_independent(x->list, x->length) != ANSWER_YES)
    ledger_fails(l, key, "they are not independent");
  else if (expected != SIZE_MAX && x->length != expected)
    ledger_fails(l, key, "there are %zu", expected);
  else if (expected == SIZE_MAX)
    ledger_left_open(l, key, "how many there are was not counted");
  else return true;
  return false;
}

/* sum of count m^2 over what was counted. */
static size_t commutant_dimension(const check_subject_t *s) {
  const check_sum_structure_struct *c = s->counted;
  size_t sum = 0;
  if (!c || (c->is_strings && !c->by_sectors) || !c->sectors_known) return SIZE_MAX;
  for (size_t k = 0; k < c->num_sectors; k++)
    sum += (size_t)c->sectors[k].second * (size_t)c->sectors[k].second;
  return sum;
}

/* Is every one a string, alone and with the coefficient 1? */
static bool all_strings(const operators_t *x) {
  for (size_t k = 0; k < x->length; k++)
    if (x->list[k].length != 1 || !fmpq_is_one(x->list[k].coeffs)) return false;
  return true;
}

/* Independent as strings, so that their products are. */
static bool independent_strings(const operators_t *x, size_t num_words) {
  check_span_t span;
  bool ok = true;
  check_span_init(span, num_words);
  for (size_t k = 0; k < x->length && ok; k++)
    ok = check_span_add(span, pauli_sum_string(x->list + k, 0), NULL);
  check_span_clear(span);
  return ok;
}

static bool check_commutant(ledger_t *l, const operators_t *x, bool products,
                            const check_subject_t *s) {
  static const char key[] = "commutant";
  size_t expected = products ? check_commuting_strings(s->generators)
                             : commutant_dimension(s);
  if (products && (!all_strings(x) || !independent_strings(x, s->generators->num_words))) {
    ledger_fails(l, key, "they are no independent strings");
    return false;
  }
  if (!check_list(l, key, x, s, expected)) return false;
  ledger_holds(l, key);
  return !products;
}

static void check_centre(ledger_t *l, const operators_t *x, const operators_t *commutant,
                         const check_subject_t *s, const structure_struct *counted) {
  static const char key[] = "centre";
  const check_sum_structure_struct *c = s->counted;
  size_t expected = SIZE_MAX;
  if (counted && fmpz_abs_fits_ui(counted->center)) expected = fmpz_get_ui(counted->center);
  else if (c && c->is_strings) expected = fmpz_get_ui(c->exact->center);
  else if (c && c->algebra_known) expected = c->center;
  if (!check_list(l, key, x, s, expected)) return;
  if (!x->length) {
    ledger_holds(l, key);
  } else if (counted) { /* strings of the generators that commute with them all */
    bool inside = all_strings(x);
    for (size_t k = 0; k < x->length && inside; k++)
      inside = row_table_find(s->generators->strings,
                              pauli_sum_string(x->list + k, 0)) != SIZE_MAX;
    ledger_judge(l, key, inside, "one is no generator");
  } else if (!commutant) {
    ledger_left_open(l, key, "the commutant was not proved, on which the centre is projected");
  } else if (check_centre_spanned(x->list, x->length, commutant->list, commutant->length,
                                  s->generators)) {
    ledger_holds(l, key);
  } else {
    ledger_fails(l, key, "it is not what the generators have in the commutant");
  }
}

void check_operators(ledger_t *parent, const check_subject_t *s,
                     const structure_struct *counted) {
  if (!json_object_get(parent->left, "operators")) return;
  ledger_t l;
  operators_t centre, commutant;
  size_t n = s->ansatz->num_qubits;
  ledger_begin_at(&l, parent, "operators");
  if (s->generators->unseen || s->ansatz->symbol) {
    ledger_open_rest(&l, s->generators->unseen ? unseen : "a generator holds a symbol");
    ledger_end(&l);
    return;
  }
  const char *is = cert_text_at(l.left, "commutant_is", "");
  bool products = !strcmp(is, "products"), proved = false;
  ledger_text(&l, "commutant_is", s->generators->reason ? "basis" : "products");
  bool has_commutant = take_operators(&commutant, &l, "commutant", "reason", n);
  if (has_commutant) proved = check_commutant(&l, &commutant, products, s);
  if (take_operators(&centre, &l, "centre", "centre_reason", n)) {
    check_centre(&l, &centre, proved ? &commutant : NULL, s, counted);
    operators_clear(&centre);
  }
  if (has_commutant) operators_clear(&commutant);
  ledger_end(&l);
}
