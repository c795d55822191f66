#include "cli/check/check_couplings.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "algebra/base/text.h"
#include "algebra/check/sums/check_sum_structure.h"
#include "cli/check/check_sum_claims.h"
#include "cli/format/json_number.h"
#include "cli/format/json_reason.h"
#include "cli/request/request.h"

/* The structure at one rational value of the symbol; false when the ansatz cannot
   be had there. out is to be cleared in any case. */
static bool count_at(check_sum_structure_t out, const json_t *source,
                     const char *symbol, const char *value) {
  request_t request;
  diagnostic_t diag;
  ansatz_t ansatz;
  request_init(request);
  diagnostic_init(diag);
  *out = (check_sum_structure_struct){0};
  bool read = request_from_json(request, diag, "source", source) == STATUS_OK;
  if (read) {
    request_add_override(request, symbol, value);
    read = request_read_ansatz(ansatz, diag, request) == STATUS_OK;
  }
  if (read) {
    check_generators_t g;
    uint8_t *split = flint_calloc(ansatz->num_rotations + 1, 1);
    check_generators_init(g, ansatz, split);
    check_sum_structure_init(out, g);
    check_generators_clear(g);
    flint_free(split);
    ansatz_clear(ansatz);
  }
  diagnostic_clear(diag);
  request_clear(request);
  return read;
}

static bool is_rational(const json_t *value) {
  fmpq_t x;
  fmpq_init(x);
  bool yes = cert_get_fmpq(x, value);
  fmpq_clear(x);
  return yes;
}

/* "sqrt(2)", "-3/2*sqrt(5)", "1 - sqrt(3)", "1/2 + 2*sqrt(7)" with rational
   numbers in lowest terms and a whole number under the root. */
static bool is_surd(const char *text) {
  bool ok = false;
  char *copy = text_copy(text), *root = strstr(copy, "sqrt("), *factor, *end;
  fmpq_t x;
  fmpq_init(x);
  if (root) {
    char *radicand = root + strlen("sqrt(");
    end = radicand + strspn(radicand, "0123456789");
    ok = end > radicand && *radicand != '0' && !strcmp(end, ")");
    *root = 0;
    factor = copy;
    for (char *at = copy; *at; at++) {
      if (ok && at > copy && (!strncmp(at, " + ", 3) || !strncmp(at, " - ", 3))) {
        *at = 0;
        ok = text_get_fmpq(x, copy) && !fmpq_is_zero(x) && at[3] != '-';
        factor = at + 3;
        break;
      }
    }
    if (ok && *factor == '-' && !factor[1]) factor++;
    if (ok && *factor) {
      char *star = root - 1;
      ok = *star == '*' && star > factor;
      if (ok) *star = 0;
      ok = ok && text_get_fmpq(x, factor) && !fmpq_is_zero(x);
    }
  }
  fmpq_clear(x);
  free(copy);
  return ok;
}

static void check_special(ledger_t *l, const json_t *source, const char *symbol,
                          const check_sum_structure_t generic) {
  check_sum_structure_t counted;
  const json_t *value = ledger_take(l, "value");
  if (!is_rational(value)) {
    if (json_is_string(value) && is_surd(json_string_value(value)))
      ledger_left_open(l, "value", "it is irrational");
    else
      ledger_fails(l, "value", "it is no number");
    ledger_open_rest(l, "its value is irrational");
    return;
  }
  bool known = count_at(counted, source, symbol, json_string_value(value));
  if (!known || !counted->algebra_known || !generic->algebra_known)
    ledger_left_open(l, "value", "it would take too long to count");
  else if (counted->dimension < generic->dimension)
    ledger_holds(l, "value");
  else
    ledger_fails(l, "value", "the algebra is no smaller there");
  check_sum_claims(l, counted);
  check_sum_structure_clear(counted);
}

static void check_list(ledger_t *parent, const json_t *source,
                       const char *symbol, const check_sum_structure_t generic) {
  const json_t *list = ledger_take(parent, "special");
  if (!json_is_array(list)) {
    ledger_fails(parent, "special", "it is no list");
    return;
  }
  for (size_t k = 0; k < json_array_size(list); k++) {
    ledger_t l;
    const json_t *item = json_array_get(list, k);
    ledger_begin(&l, parent->result, item, "%sspecial[%zu].", parent->where, k);
    if (k && json_equal(json_object_get(item, "value"),
                        json_object_get(json_array_get(list, k - 1), "value")))
      ledger_fails(&l, "value", "it is the one before");
    check_special(&l, source, symbol, generic);
    ledger_end(&l);
  }
}

/* Values at which a coefficient often vanishes, or two become equal or opposite: is one of
   them special, and not in the list? That the list has all of them stays open. */
static void check_absent_values(ledger_t *l, const json_t *list, const json_t *source,
                                const char *symbol,
                                const check_sum_structure_t generic) {
  static const char *const values[] = {"0", "1", "-1", "2", "-2"};
  for (size_t v = 0; v < sizeof values / sizeof *values && generic->algebra_known; v++) {
    check_sum_structure_t counted;
    bool listed = false;
    for (size_t k = 0; k < json_array_size(list); k++)
      listed = listed ||
               !strcmp(cert_text_at(json_array_get(list, k), "value", ""), values[v]);
    if (listed) continue;
    if (count_at(counted, source, symbol, values[v]) && counted->algebra_known &&
        counted->dimension < generic->dimension)
      ledger_fails(l, "special", "%s is missing: the algebra is smaller there", values[v]);
    check_sum_structure_clear(counted);
  }
}

static void check_sample(ledger_t *l, const json_t *source, const char *symbol,
                         const json_t *ideals,
                         const check_sum_structure_t generic) {
  check_sum_structure_t counted;
  bool unfinished = ledger_said(l, "reason");
  const json_t *sample = ledger_take(l, "sample");
  if (!is_rational(sample)) {
    if (json_is_null(sample) && unfinished)
      ledger_left_open(l, "sample", "there is none");
    else
      ledger_fails(l, "sample", "it is no rational number");
    ledger_open(l, "sectors_at_sample", "there is no sample");
    return;
  }
  count_at(counted, source, symbol, json_string_value(sample));
  if (!counted->algebra_known || !generic->algebra_known)
    ledger_left_open(l, "sample", "it would take too long to count");
  else if (counted->dimension == generic->dimension)
    ledger_holds(l, "sample"); /* any value that is not special serves */
  else
    ledger_fails(l, "sample", "the algebra is smaller there");
  check_sum_sector_claims(l, "sectors_at_sample", ideals, counted, !unfinished);
  check_sum_structure_clear(counted);
}

void check_couplings(ledger_t *parent, const json_t *source,
                     const char *symbol) {
  static const char *const rest[] = {"proved", "complete", "undecided"};
  check_sum_structure_t generic;
  ledger_t l;
  uint32_t random;
  char value[32];
  if (getrandom(&random, sizeof random, 0) != sizeof random) flint_abort();
  snprintf(value, sizeof value, "%lu", 1000 + (unsigned long)random);
  count_at(generic, source, symbol, value);
  bool unfinished =
      cert_get_code(json_object_get(parent->left, "couplings"), "reason");
  const json_t *ideals =
      json_object_get(json_object_get(parent->left, "algebra"), "ideals");
  check_sum_algebra_claims(parent, generic, unfinished);
  ledger_null(parent, "sectors");
  ledger_code(parent, "sectors_reason", REASON_SECTORS_DEPEND_ON_SYMBOL);
  ledger_begin_at(&l, parent, "couplings");
  ledger_text(&l, "symbol", symbol);
  check_sample(&l, source, symbol, ideals, generic);
  check_absent_values(&l, json_object_get(l.left, "special"), source, symbol, generic);
  check_list(&l, source, symbol, generic);
  if (unfinished) ledger_reason(&l, "reason");
  else ledger_code(&l, "reason", REASON_NONE);
  for (size_t k = 0; k < sizeof rest / sizeof *rest; k++)
    ledger_open(&l, rest[k], "that no other value is special is not re-proved");
  ledger_end(&l);
  check_sum_structure_clear(generic);
}
