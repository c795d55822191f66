#include "cli/check/check_number.h"
#include "cli/check/check.h"

#include <stdlib.h>
#include <string.h>

#include "algebra/base/ansatz_notes.h"
#include "algebra/check/check_strings.h"
#include "cli/format/certificate_format.h"
#include "cli/format/certificate_io.h"
#include "cli/format/structure_json.h"
#include "cli/check/check_couplings.h"
#include "cli/check/check_covariances.h"
#include "cli/check/check_growth.h"
#include "cli/check/check_kernel.h"
#include "cli/check/check_landscape.h"
#include "cli/check/check_members.h"
#include "cli/check/check_operators.h"
#include "cli/check/check_repeated.h"
#include "cli/check/check_sum_actions.h"
#include "cli/check/check_sum_claims.h"
#include "cli/check/check_sum_landscape.h"
#include "cli/check/ledger.h"
#include "cli/check/check_suggestions.h"
#include "cli/check/check_witnesses.h"
#include "cli/format/json_number.h"
#include "cli/request/request.h"

/* Strings that may be listed, of an algebra and of one orbit, by the work of
   finding their neighbours. */
static size_t element_budget(const check_generators_t g) {
  size_t work = (g->strings->length + 1) * g->num_words * 2;
  size_t budget = ((size_t)1 << 29) / work;
  return budget > (size_t)1 << 18 ? (size_t)1 << 18 : budget;
}

/* --- the ansatz ----------------------------------------------------------------------- */

static void take_note(json_t *notes, char *text) {
  json_array_append_new(notes, json_string(text));
  free(text);
}

/* The sentences that reader and reduction to generators must have left. */
static json_t *expected_notes(const ansatz_t ansatz,
                              const check_generators_t g) {
  json_t *notes = json_array();
  for (size_t i = 0; i < ansatz->num_notes; i++)
    json_array_append_new(notes, json_string(ansatz->notes[i]));
  if (g->num_freed) take_note(notes, ansatz_note_freed(g->first_freed_line));
  uint8_t *cancels = flint_calloc(ansatz->num_parameters + 1, 1);
  for (size_t i = 0; i < g->num_uses; i++)
    if (ansatz->kind == ANSATZ_CIRCUIT && !g->uses[i].sum->length)
      cancels[g->uses[i].parameter] = 1;
  for (size_t k = 0; k < ansatz->num_parameters; k++)
    if (cancels[k])
      take_note(notes, ansatz_note_cancels(ansatz->parameters[k].name));
  flint_free(cancels);
  if (g->num_split)
    take_note(notes, ansatz_note_split(g->num_split,
                                       ansatz->parameters[g->first_split].name));
  return notes;
}

static json_t *index_list(const uint8_t *flags, size_t length) {
  json_t *list = json_array();
  for (size_t i = 0; i < length; i++)
    if (flags[i]) json_array_append_new(list, json_integer((json_int_t)i));
  return list;
}

static void check_split(ledger_t *l, const ansatz_t ansatz,
                        const check_generators_t g, const uint8_t *split) {
  json_t *list = index_list(split, ansatz->num_rotations);
  bool sorted = json_equal(ledger_take(l, "split"), list);
  json_decref(list);
  ledger_judge(l, "split", sorted && g->split_is_whole,
               "it is not a sorted list of all gates of some parameters that drive several");
  bool upper = ansatz->upper_bound || g->num_freed || g->num_split;
  if (g->comes_together || upper)
    ledger_bool(l, "upper_bound", upper);
  else
    ledger_open(l, "upper_bound",
                "the gates of a parameter come together only by sums that "
                "commute while their terms do not, or are too many to compare");
}

static void check_ansatz(ledger_t *parent, const ansatz_t ansatz,
                         const check_generators_t g, const uint8_t *split) {
  bool circuit = ansatz->kind == ANSATZ_CIRCUIT;
  json_t *observables = json_array();
  ledger_t l;
  ledger_begin_at(&l, parent, "ansatz");
  for (size_t i = 0; i < ansatz->num_observables; i++)
    json_array_append_new(observables, observable_json(ansatz->observables[i].sum));
  ledger_text(&l, "kind", circuit ? "circuit" : "operators");
  ledger_size(&l, "qubits", ansatz->num_qubits);
  ledger_size(&l, "parameters", ansatz->num_parameters);
  ledger_json(&l, "parameter_names", parameter_names_json(ansatz));
  if (g->unseen) ledger_open(&l, "generators", g->unseen);
  else
    ledger_size(&l, "generators",
                circuit ? g->num_generators : ansatz->num_generators);
  if (circuit) ledger_size(&l, "rotations", ansatz->num_rotations);
  if (circuit) ledger_json(&l, "slopes", slopes_json(ansatz));
  ledger_bool(&l, "as_written", !ansatz->upper_bound);
  ledger_json(&l, "notes", expected_notes(ansatz, g));
  ledger_json(&l, "freed", index_list(g->freed, ansatz->num_rotations));
  check_split(&l, ansatz, g, split);
  ledger_json(&l, "observables", observables);
  ledger_json(&l, "states", states_json(ansatz));
  json_t *angles = angle_laws_json(ansatz);
  if (angles) ledger_json(&l, "angles", angles);
  ledger_take(&l, "source"); /* what everything else is about */
  ledger_end(&l);
}

/* --- algebra ------------------------------------------------------------------------ */

static void check_algebra(ledger_t *parent, const char *unknown,
                          const structure_t s, const check_subject_t *subject,
                          bool malformed_witness) {
  ledger_t l;
  ledger_begin_at(&l, parent, "algebra");
  if (unknown) {
    ledger_opens(&l, "dimension center proved ideals evidence method", unknown);
    if (ledger_said(&l, "reason")) ledger_reason(&l, "reason");
    else ledger_code(&l, "reason", REASON_NONE);
  } else {
    ledger_members(&l, algebra_json(s, true), false);
  }
  if (subject) {
    check_witness_member(&l, subject->components, malformed_witness);
    check_repeated_claim(&l, subject->ansatz, subject->generators,
                         subject->max_elements);
  }
  ledger_end(&l);
}

static void check_sectors(ledger_t *parent, const structure_t s) {
  const json_t *list = ledger_take(parent, "sectors");
  json_t *expected = sectors_json(s);
  if (json_array_size(list) != s->num_sectors)
    ledger_fails(parent, "sectors", "there are %zu kinds", s->num_sectors);
  for (size_t i = 0; i < s->num_sectors && i < json_array_size(list); i++) {
    ledger_t l;
    json_t *sector = json_incref(json_array_get(expected, i));
    ledger_begin(&l, parent->result, json_array_get(list, i), "%ssectors[%zu].",
                 parent->where, i);
    if (!s->actions_known) {
      ledger_open(&l, "actions", "the ideals were not counted");
      json_object_del(sector, "actions");
    }
    ledger_members(&l, sector, false);
    ledger_end(&l);
  }
  json_decref(expected);
}

/* --- the whole ------------------------------------------------------------------------- */

/* Rotations that the certificate splits, or frees. NULL, with a message, when an
   index is wrong. */
static uint8_t *listed_rotations(diagnostic_t diag, const char *file_name,
                                 const ansatz_t ansatz, const json_t *list,
                                 const char *name) {
  uint8_t *flags = flint_calloc(ansatz->num_rotations + 1, 1);
  for (size_t i = 0; i < json_array_size(list); i++) {
    const json_t *item = json_array_get(list, i);
    json_int_t at = json_integer_value(item);
    if (json_is_integer(item) && at >= 0 &&
        (uint64_t)at < ansatz->num_rotations) {
      flags[at] = 1;
      continue;
    }
    diagnostic_set(diag, file_name, NULL, 0, 0,
                   "ansatz.%s[%zu] is not the index of a rotation", name, i);
    flint_free(flags);
    return NULL;
  }
  return flags;
}

static void check_thresholds(ledger_t *parent, check_subject_t *subject) {
  ledger_t l;
  ledger_begin_at(&l, parent, "thresholds");
  subject->thresholds_known =
      cert_get_fmpq(subject->max_shots, ledger_take(&l, "max_shots")) &&
      cert_get_fmpq(subject->max_trap, ledger_take(&l, "max_trap"));
  if (!subject->thresholds_known)
    ledger_fails(parent, "thresholds", "they are missing");
  ledger_end(&l);
}

static void check_all(ledger_t *l, const ansatz_t ansatz, const uint8_t *split,
                      const uint8_t *freed, const json_t *certificate) {
  const json_t *witness = cert_at(certificate, "algebra.witness");
  const json_t *source = cert_at(certificate, "ansatz.source");
  check_generators_t g;
  check_components_t components;
  structure_t s;
  check_generators_init_fixed(g, ansatz, split, freed);
  structure_init(s);
  struct check_sums_cache sums = {0};
  check_subject_t subject = {.certificate = certificate, .ansatz = ansatz, .generators = g, .sums = &sums,
                             .max_elements = element_budget(g)};
  fmpq_init(subject.max_shots);
  fmpq_init(subject.max_trap);
  const json_t *sectors = json_object_get(l->left, "sectors");
  subject.as_strings =
      !strcmp(cert_text_at(json_object_get(l->left, "algebra"), "evidence", ""),
              evidence_get_word(EVIDENCE_CLOSURE_STRINGS));
  check_sum_structure_t counted;
  bool strings_counted = false;
  check_thresholds(l, &subject);
  check_ansatz(l, ansatz, g, split);
  if (g->unseen) {
    check_algebra(l, g->unseen, s, NULL, false);
    if (cert_at(certificate, "algebra.witness"))
      ledger_open(l, "algebra.witness", g->unseen);
    ledger_open(l, "sectors", g->unseen);
  } else if (g->reason && !ansatz->symbol) {
    check_sum_structure_init(counted, g);
    check_sum_claims(l, counted);
    subject.counted = counted;
  } else if (g->reason && ansatz->num_roots == 0) {
    check_couplings(l, source, ansatz->symbol);
  } else if (g->reason) {
    check_algebra(l, g->reason, s, NULL, false);
    ledger_open(l, "sectors", g->reason);
  } else {
    witnesses_t witnesses;
    witnesses_init(&witnesses, witness);
    check_components_init(components, g, witnesses.list, witnesses.length,
                          subject.max_elements);
    bool malformed = witnesses.malformed;
    witnesses_clear(&witnesses);
    subject.components = components;
    strings_counted = check_structure(s, components);
    if (strings_counted) check_actions(s, components);
    check_algebra(l, components->reason, s, &subject, malformed);
    check_sectors(l, s);
  }
  check_operators(l, &subject, strings_counted ? s : NULL);
  check_states(l, &subject, split, freed);
  check_landscapes(l, &subject, sectors);
  check_covariances(l, &subject);
  check_kernel(l, &subject);
  check_suggestions(l, &subject, certificate);
  check_pure_cache_clear(&sums);
  if (subject.counted) check_sum_structure_clear(counted);
  check_sums_cache_clear(&sums);
  if (subject.components) check_components_clear(components);
  structure_clear(s);
  check_generators_clear(g);
  fmpq_clear(subject.max_shots);
  fmpq_clear(subject.max_trap);
}

/* The line that says which program wrote it: "liescape" and a version. */
static void check_program(ledger_t *l) {
  const char *said = json_string_value(ledger_take(l, "program"));
  bool right = said && !strncmp(said, "liescape ", 9) && said[9] &&
               strspn(said + 9, "0123456789.") == strlen(said + 9);
  ledger_judge(l, "program", right, "it is not \"liescape\" and a version");
}

/* What other commands and options add; of what verify adds, all or nothing. */
static void open_additions(ledger_t *l) {
  static const char *const of_verify[] = {"verification", "checks", "consistent"};
  size_t there = 0;
  for (size_t i = 0; i < 3; i++) there += json_object_get(l->left, of_verify[i]) != NULL;
  for (size_t i = 0; i < 3; i++)
    if (there && !json_object_get(l->left, of_verify[i]))
      ledger_fails(l, of_verify[i], "it is missing");
  static const struct {
    const char *key, *reason;
  } additions[] = {
      {"verification", "it was sampled"},
      {"checks", "they were sampled"},
      {"consistent", "it was sampled"},
      {"minima_found", "they were sampled"},
      {"couplings", "there is no symbol, or square roots beside it"}};
  for (size_t i = 0; i < sizeof additions / sizeof *additions; i++)
    if (json_object_get(l->left, additions[i].key))
      ledger_open(l, additions[i].key, additions[i].reason);
}

/* One certificate, or one row of a family. */
static status_t check_one(ledger_t *l, diagnostic_t diag, const char *file_name,
                          const json_t *certificate) {
  ansatz_t ansatz;
  request_t request;
  request_init(request);
  status_t status = request_from_json(request, diag, file_name,
                                      cert_at(certificate, "ansatz.source"));
  if (status == STATUS_OK) status = request_read_ansatz(ansatz, diag, request);
  if (status != STATUS_OK) {
    request_clear(request);
    return STATUS_BAD_INPUT;
  }
  uint8_t *split = listed_rotations(
      diag, file_name, ansatz, cert_at(certificate, "ansatz.split"), "split");
  uint8_t *freed = listed_rotations(
      diag, file_name, ansatz, cert_at(certificate, "ansatz.freed"), "freed");
  bool ok = split && freed;
  if (ok) {
    ledger_text(l, "format", CERTIFICATE_FORMAT);
    check_members(l, certificate);
    check_program(l);
    ledger_json(l, "conventions", certificate_conventions());
    check_all(l, ansatz, split, freed, certificate);
    ledger_json(l, "additions", certificate_additions(certificate));
    ledger_json(l, "inputs_digest", certificate_inputs_digest(certificate));
    open_additions(l);
  }
  request_clear(request);
  ansatz_clear(ansatz);
  flint_free(split);
  flint_free(freed);
  return ok ? STATUS_OK : STATUS_BAD_INPUT;
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

/* A number that is no string in canonical form. */
typedef struct {
  const char *key;
  const char *value; /* NULL: not a string */
} bad_number_t;

static bool is_bad_number(const json_t *json, const char *key, bool depth) {
  if (!strcmp(key, "mid") || !strcmp(key, "rad"))
    return json_is_string(json) && !text_is_decimal(json_string_value(json));
  if (!is_number_key(key) || depth) return json_is_real(json);
  if (json_is_number(json)) return true;
  if (!json_is_string(json)) return false;
  fmpq_t value;
  fmpq_init(value);
  bool bad = !cert_get_rational_part(
      value, json, !strcmp(key, "gradient_variance") && cert_is_with_pi(json));
  fmpq_clear(value);
  return bad;
}

/* A number that was seen a little before in a list, as the same object, is not read again:
   lists of gradients are long, and so are their few different numbers. */
typedef struct {
  const json_t *seen[8];
  size_t next;
} recent_t;

static bool is_recent(recent_t *recent, const json_t *json) {
  for (size_t i = 0; i < 8; i++)
    if (recent->seen[i] == json) return true;
  if (json_is_string(json)) recent->seen[recent->next++ % 8] = json;
  return false;
}

/* finite_depth and noise may hold exact irrationals as text. */
static bool find_bad_number(bad_number_t *out, const json_t *json,
                            const char *key, bool depth) {
  size_t i;
  json_t *item;
  const char *name;
  bool found = is_bad_number(json, key, depth);
  if (found) *out = (bad_number_t){key, json_string_value(json)};
  if (json_is_array(json)) {
    recent_t recent = {.next = 0};
    for (i = 0; i < json_array_size(json) && !found; i++)
      found = !is_recent(&recent, json_array_get(json, i)) &&
              find_bad_number(out, json_array_get(json, i), key, depth);
  } else if (json_is_object(json)) {
    json_object_foreach((json_t *)json, name, item) {
      if (!strcmp(name, "source") || !strcmp(name, "conventions") ||
          !strcmp(name, "growth") || !strcmp(name, "verification") ||
          !strcmp(name, "checks") || !strcmp(name, "minima_found") ||
          !strcmp(name, "law") || !strcmp(name, "curvature") || found ||
          (depth && (!strcmp(name, "sampled") || !strcmp(name, "layers"))))
        continue; /* words of a growth have the names of numbers; what was
                     sampled is not exact */
      found = find_bad_number(out, item, name,
                              depth || !strcmp(name, "finite_depth") ||
                                  !strcmp(name, "noise"));
    }
  }
  return found;
}

/* The value of the family's name, as the row's source sets it: last, and in
   nothing else different from the other rows. */
static void check_row(ledger_t *l, const json_t *row, const json_t *first) {
  const char *name = cert_text_at(first, "name", "");
  const json_t *source = cert_at(row, "ansatz.source");
  const json_t *set = json_object_get(source, "set");
  const json_t *last = json_array_get(set, json_array_size(set) - 1);
  json_t *mine = json_deep_copy(source);
  json_t *other = json_deep_copy(cert_at(first, "ansatz.source"));
  json_object_del(mine, "set");
  json_object_del(other, "set");
  if (!json_equal(mine, other))
    ledger_fails(l, "ansatz.source", "it is not that of the first row");
  json_decref(mine);
  json_decref(other);
  const char *set_name = json_string_value(json_array_get(last, 0));
  const char *value = json_string_value(json_array_get(last, 1));
  ledger_text(l, "name", name);
  if (!set_name || strcmp(set_name, name) || !value)
    ledger_fails(l, "ansatz.source.set", "its last entry does not set %s", name);
  ledger_text(l, "value", value ? value : "");
}

static status_t check_family(check_result_t *result, diagnostic_t diag,
                             const char *file_name, const json_t *certificate) {
  ledger_t l;
  status_t status = STATUS_OK;
  ledger_begin(&l, result, certificate, "%s", "");
  const json_t *rows = ledger_take(&l, "sweep");
  const json_t *added = ledger_take(&l, "added");
  size_t length = json_array_size(rows);
  ledger_text(&l, "format", CERTIFICATE_FORMAT);
  check_program(&l);
  for (size_t i = 0; i < length + json_array_size(added) && status == STATUS_OK;
       i++) {
    const json_t *here = i < length ? json_array_get(rows, i)
                                    : json_array_get(added, i - length);
    ledger_t row;
    ledger_begin(&row, result, here, "%s[%zu].", i < length ? "sweep" : "added",
                 i < length ? i : i - length);
    check_row(&row, here, json_array_get(rows, 0));
    status = check_one(&row, diag, file_name, here);
    ledger_end(&row);
  }
  if (!length) ledger_fails(&l, "sweep", "it lists nothing");
  if (!json_is_array(added)) ledger_fails(&l, "added", "it is no list");
  if (!json_equal(json_object_get(certificate, "program"),
                  json_object_get(json_array_get(rows, 0), "program")))
    ledger_fails(&l, "program", "it is not that of the rows");
  if (status == STATUS_OK) check_growth(&l, rows, added);
  ledger_end(&l);
  return status;
}

status_t check_certificate(check_result_t *result, diagnostic_t diag,
                           const char *file_name, const json_t *certificate) {
  bad_number_t bad;
  result->num_held = result->num_failed = result->num_open = 0;
  result->num_following = 0;
  result->first_failed[0] = 0;
  if (find_bad_number(&bad, certificate, "", false)) {
    size_t at = !result->text ? SIZE_MAX
                              : certificate_find(result->text, result->length,
                                                 bad.key, bad.value);
    bool known = at != SIZE_MAX;
    diagnostic_set(diag, file_name, known ? result->text : NULL,
                   known ? result->length : 0, known ? at : 0,
                   "a number under \"%s\" is not in canonical form", bad.key);
    return STATUS_BAD_INPUT;
  }
  if (json_object_get(certificate, "sweep"))
    return check_family(result, diag, file_name, certificate);
  ledger_t l;
  ledger_begin(&l, result, certificate, "%s", "");
  status_t status = check_one(&l, diag, file_name, certificate);
  ledger_end(&l);
  return status;
}
