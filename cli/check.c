#include "cli/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/check_strings.h"
#include "cli/check_covariances.h"
#include "cli/check_landscape.h"
#include "cli/check_page.h"
#include "cli/json_number.h"
#include "cli/request.h"

/* Strings that may be listed, of an algebra and of one orbit, by the work of
   finding their neighbours. */
static size_t element_budget(const check_generators_t g) {
  size_t work = (g->strings->length + 1) * g->num_words * 2;
  size_t budget = ((size_t)1 << 29) / work;
  return budget > (size_t)1 << 18 ? (size_t)1 << 18 : budget;
}

static void check_sizes(ledger_t *l, const ansatz_t ansatz,
                        const check_generators_t g, const json_t *json) {
  ledger_size(l, "ansatz.qubits", json_object_get(json, "qubits"),
              ansatz->num_qubits);
  ledger_size(l, "ansatz.parameters", json_object_get(json, "parameters"),
              ansatz->num_parameters);
  if (ansatz->kind == ANSATZ_OPERATORS)
    ledger_size(l, "ansatz.generators", json_object_get(json, "generators"),
                ansatz->num_generators);
  else if (!g->reason)
    ledger_size(l, "ansatz.generators", json_object_get(json, "generators"),
                g->strings->length);
  else
    ledger_open(l, "ansatz.generators", json_object_get(json, "generators"),
                g->reason);
  ledger_open(l, "ansatz.upper_bound", json_object_get(json, "upper_bound"),
              "that no gate had to be treated as independent, or had to");
}

/* --- algebra ------------------------------------------------------------------------ */

static bool ideal_is(const json_t *json, const ideal_struct *ideal) {
  char *type = ideal_get_type(ideal), *name = ideal_get_name(ideal);
  fmpz_t number;
  fmpz_init(number);
  bool same =
      !strcmp(json_text_at(json, "type", ""), type) &&
      !strcmp(json_text_at(json, "name", ""), name) &&
      json_get_fmpz(number, json_object_get(json, "dimension")) &&
      fmpz_equal(number, ideal->dimension) &&
      json_get_fmpz(number, json_object_get(json, "rank")) &&
      fmpz_equal(number, ideal->rank) &&
      json_get_fmpz(number, json_object_get(json, "count")) &&
      fmpz_equal(number, ideal->count);
  fmpz_clear(number);
  free(type);
  free(name);
  return same;
}

static void check_ideals(ledger_t *l, const json_t *list, const structure_t s) {
  if (!json_is_array(list)) return;
  if (json_array_size(list) != s->num_ideals) {
    ledger_fails(l, "algebra.ideals", "it lists %zu types, there are %zu",
                 json_array_size(list), s->num_ideals);
    return;
  }
  for (size_t i = 0; i < s->num_ideals; i++) {
    char name[64];
    snprintf(name, sizeof name, "algebra.ideals[%zu]", i);
    if (ideal_is(json_array_get(list, i), s->ideals + i))
      ledger_holds(l, name);
    else
      ledger_fails(l, name, "counting finds another ideal");
  }
}

static void check_algebra(ledger_t *l, const json_t *json,
                          const check_generators_t g, const structure_t s,
                          bool counted) {
  const json_t *dimension = json_object_get(json, "dimension");
  const json_t *center = json_object_get(json, "center");
  const json_t *ideals = json_object_get(json, "ideals");
  const json_t *proved = json_object_get(json, "proved");
  const char *reason = g->reason ? g->reason : s->reason;
  if (counted) {
    ledger_fmpz(l, "algebra.dimension", dimension, s->dimension);
    if (json_is_true(proved)) ledger_holds(l, "algebra.proved");
    else ledger_fails(l, "algebra.proved", "counting proves the dimension");
    ledger_fmpz(l, "algebra.center", center, s->center);
    check_ideals(l, ideals, s);
  } else {
    ledger_open(l, "algebra.dimension", dimension, reason);
    ledger_open(l, "algebra.proved", proved, reason);
    ledger_open(l, "algebra.center", center, reason);
    ledger_open(l, "algebra.ideals", ideals, reason);
  }
}

static void check_sectors(ledger_t *l, const json_t *list,
                          const check_generators_t g, const structure_t s) {
  if (g->reason || !json_is_array(list)) {
    ledger_open(l, "sectors", list, g->reason ? g->reason : "it is no list");
    return;
  }
  if (json_array_size(list) != s->num_sectors) {
    ledger_fails(l, "sectors", "it lists %zu kinds, there are %zu",
                 json_array_size(list), s->num_sectors);
    return;
  }
  for (size_t i = 0; i < s->num_sectors; i++) {
    const json_t *sector = json_array_get(list, i);
    char name[64];
    int n = snprintf(name, sizeof name, "sectors[%zu].", i);
    char *end = name + n;
    size_t room = sizeof name - (size_t)n;
    snprintf(end, room, "dimension");
    ledger_fmpz(l, name, json_object_get(sector, "dimension"),
                s->sectors[i].dimension);
    snprintf(end, room, "multiplicity");
    ledger_fmpz(l, name, json_object_get(sector, "multiplicity"),
                s->sectors[i].multiplicity);
    snprintf(end, room, "count");
    ledger_fmpz(l, name, json_object_get(sector, "count"),
                s->sectors[i].count);
    snprintf(end, room, "field");
    ledger_text(l, name, json_object_get(sector, "field"),
                field_get_str(s->sectors[i].field));
  }
}

/* --- the whole ------------------------------------------------------------------------- */

/* Rotations that the certificate treats as free. NULL, with a message, when an
   index is wrong. */
static uint8_t *free_rotations(diagnostic_t diag, const char *file_name,
                               const ansatz_t ansatz, const json_t *json) {
  static const char *const lists[] = {"freed", "split"};
  uint8_t *flags = flint_calloc(ansatz->num_rotations + 1, 1);
  for (size_t j = 0; j < 2; j++) {
    const json_t *list = json_object_get(json, lists[j]);
    for (size_t i = 0; i < json_array_size(list); i++) {
      const json_t *item = json_array_get(list, i);
      json_int_t at = json_integer_value(item);
      if (!json_is_integer(item) || at < 0 ||
          (uint64_t)at >= ansatz->num_rotations) {
        diagnostic_set(diag, file_name, NULL, 0, 0,
                       "ansatz.%s[%zu] is not the index of a rotation",
                       lists[j], i);
        flint_free(flags);
        return NULL;
      }
      flags[at] = 1;
    }
  }
  return flags;
}

static void check_all(ledger_t *l, const ansatz_t ansatz,
                      const check_generators_t g, const json_t *certificate) {
  structure_t s;
  structure_init(s);
  size_t budget = element_budget(g);
  bool counted = !g->reason && check_structure(s, g, budget);
  check_sizes(l, ansatz, g, json_object_get(certificate, "ansatz"));
  check_algebra(l, json_object_get(certificate, "algebra"), g, s, counted);
  check_sectors(l, json_object_get(certificate, "sectors"), g, s);
  check_landscapes(l->result, ansatz, g, certificate, budget);
  check_covariances(l->result, ansatz, g, certificate, budget);
  structure_clear(s);
}

static status_t check_one(check_result_t *result, diagnostic_t diag,
                          const char *file_name, const json_t *certificate) {
  ansatz_t ansatz;
  request_t request;
  request_init(request);
  status_t status = request_from_json(request, diag, file_name,
                                      json_at(certificate, "ansatz.source"));
  if (status == STATUS_OK) status = request_read_ansatz(ansatz, diag, request);
  request_clear(request);
  if (status != STATUS_OK) return STATUS_BAD_INPUT;
  uint8_t *flags = free_rotations(diag, file_name, ansatz,
                                  json_object_get(certificate, "ansatz"));
  if (flags) {
    ledger_t ledger = {.result = result};
    check_generators_t g;
    check_generators_init(g, ansatz, flags);
    check_all(&ledger, ansatz, g, certificate);
    check_generators_clear(g);
  }
  ansatz_clear(ansatz);
  flint_free(flags);
  return flags ? STATUS_OK : STATUS_BAD_INPUT;
}

/* Every string that looks like a number must be one in canonical form: these
   are the members that hold numbers. */
static const char *const number_keys[] = {
    "dimension", "center", "rank", "count", "multiplicity", "mean", "variance",
    "gradient_variance", "beta", "N", "index", "weight", "radicand", "r",
    "r_exact", "mean_eigenvalue", "least_eigenvalue", "eigenvalue", "central2",
    "central3", "central4", "constant", "variance_ratio", "matrix", "excess_kurtosis",
    "excess_kurtosis_finite", "gamma", "threshold", "trap_level",
    "parameters_missing", "shots_per_gradient", "shots_per_gradient_worst",
    "max_shots", "max_trap", "tv_bound", "distance_bound"};

static bool is_number_key(const char *key) {
  for (size_t i = 0; i < sizeof number_keys / sizeof *number_keys; i++)
    if (!strcmp(key, number_keys[i])) return true;
  return false;
}

/* finite_depth may hold exact irrationals as text. */
static const char *find_bad_number(const json_t *json, const char *key,
                                   bool depth) {
  size_t i;
  json_t *item;
  const char *name, *bad = NULL;
  if (json_is_string(json) && is_number_key(key) && !depth) {
    fmpq_t value;
    fmpq_init(value);
    if (!json_get_fmpq(value, json)) bad = key;
    fmpq_clear(value);
  } else if (json_is_array(json)) {
    for (i = 0; i < json_array_size(json) && !bad; i++)
      bad = find_bad_number(json_array_get(json, i), key, depth);
  } else if (json_is_object(json)) {
    json_object_foreach((json_t *)json, name, item) {
      if (!strcmp(name, "source") || !strcmp(name, "conventions") || bad)
        continue;
      bad = find_bad_number(item, name,
                            depth || !strcmp(name, "finite_depth"));
    }
  }
  return bad;
}

status_t check_certificate(check_result_t *result, diagnostic_t diag,
                           const char *file_name, const json_t *certificate) {
  const json_t *rows = json_object_get(certificate, "sweep");
  const char *bad = find_bad_number(certificate, "", false);
  result->num_held = result->num_failed = result->num_open = 0;
  if (bad) {
    diagnostic_set(diag, file_name, NULL, 0, 0,
                   "a number under \"%s\" is not in canonical form", bad);
    return STATUS_BAD_INPUT;
  }
  if (!rows) return check_one(result, diag, file_name, certificate);
  status_t status = STATUS_OK;
  for (size_t i = 0; i < json_array_size(rows) && status == STATUS_OK; i++) {
    if (!result->quiet) printf("sweep[%zu]\n", i);
    status = check_one(result, diag, file_name, json_array_get(rows, i));
  }
  ledger_t ledger = {.result = result};
  ledger_open(&ledger, "growth", json_object_get(certificate, "growth"),
              "formulas fitted to the rows");
  return status;
}
