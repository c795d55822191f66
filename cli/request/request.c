#include "cli/request/request.h"

#include <stdlib.h>
#include <string.h>

#include <flint/flint.h>

#include "algebra/base/text.h"
#include "cli/read/angle_law.h"
#include "cli/read/noise_spec.h"
#include "cli/read/pauli_expr.h"

void request_init(request_t request) {
  *request = (request_struct){0};
}

void request_clear(request_t request) {
  free(request->name);
  free(request->text);
  free(request->noise);
  for (size_t i = 0; i < request->num_overrides; i++) {
    free((char *)request->overrides[i].name);
    free((char *)request->overrides[i].value);
  }
  for (size_t i = 0; i < request->num_observables; i++)
    free(request->observables[i]);
  for (size_t i = 0; i < request->num_states; i++) {
    free(request->states[i]);
    free(request->state_places[i].file);
  }
  flint_free(request->state_places);
  for (size_t i = 0; i < request->num_angles; i++) free(request->angles[i]);
  flint_free(request->angles);
  flint_free(request->overrides);
  flint_free(request->observables);
  flint_free(request->states);
  request_init(request);
}

void request_add_override(request_t request, const char *name,
                          const char *value) {
  size_t at = request->num_overrides++;
  request->overrides = flint_realloc(
      request->overrides, (at + 1) * sizeof *request->overrides);
  request->overrides[at].name = text_copy(name);
  request->overrides[at].value = text_copy(value);
}

static void append(char ***list, size_t *length, const char *text) {
  *list = flint_realloc(*list, (*length + 1) * sizeof **list);
  (*list)[(*length)++] = text_copy(text);
}

void request_add_observable(request_t request, const char *text) {
  append(&request->observables, &request->num_observables, text);
}

static void add_state_at(request_t request, const char *text, const char *file,
                         long line) {
  size_t at = request->num_states;
  append(&request->states, &request->num_states, text);
  request->state_places = flint_realloc(
      request->state_places, (at + 1) * sizeof *request->state_places);
  request->state_places[at] = (data_place_t){file ? text_copy(file) : NULL, line};
}

void request_add_state(request_t request, const char *text) {
  add_state_at(request, text, NULL, 0);
}

/* A comment becomes blanks, so that columns stay. */
void request_add_data(request_t request, const char *file, const char *text) {
  for (long line = 1; *text; line++) {
    size_t length = strcspn(text, "\n"), used = 0;
    char *copy = text_copy_part(text, length);
    copy[strcspn(copy, "#")] = 0;
    for (size_t i = 0; copy[i]; i++)
      if (!strchr(" \t\r", copy[i])) used = i + 1;
    copy[used] = 0;
    if (used) add_state_at(request, copy, file, line);
    free(copy);
    text += length + (text[length] == '\n');
  }
}

void request_add_angles(request_t request, const char *text) {
  append(&request->angles, &request->num_angles, text);
}

void request_set_noise(request_t request, const char *text) {
  free(request->noise);
  request->noise = text_copy(text);
}

static status_t add_observable(ansatz_t ansatz, diagnostic_t diag,
                               const char *text) {
  pauli_sum_t sum;
  pauli_sum_init(sum, ansatz->num_qubits);
  status_t status =
      pauli_expr_parse(sum, diag, "--observable", text, ansatz->num_qubits);
  if (status == STATUS_OK) ansatz_add_observable(ansatz, sum, text);
  pauli_sum_clear(sum);
  return status;
}

/* place: of the line, or NULL. */
static status_t add_state(ansatz_t ansatz, diagnostic_t diag, const char *text,
                          const data_place_t *place) {
  const char *label = place && place->file ? place->file : "--state";
  quantum_state_t state;
  quantum_state_init(state, ansatz->num_qubits);
  status_t status =
      state_spec_parse(state, diag, label, text, ansatz->num_qubits);
  if (status != STATUS_OK && place && place->file && diag->line)
    diag->line += place->line - 1;
  if (status == STATUS_OK)
    ansatz_add_state(ansatz, state, text + strspn(text, " \t"));
  quantum_state_clear(state);
  return status;
}

static status_t add_angles(ansatz_t ansatz, diagnostic_t diag,
                           const char *text) {
  input_t input = {.diag = diag, .file = "--angles", .text = text,
                   .length = strlen(text)};
  status_t status = source_check(diag, "--angles", text, input.length);
  return status ? status : angle_law_read(ansatz, &input, 0, input.length);
}

static status_t set_noise(ansatz_t ansatz, diagnostic_t diag, const char *text) {
  input_t input = {.diag = diag, .file = "--noise", .text = text,
                   .length = strlen(text)};
  status_t status = source_check(diag, "--noise", text, input.length);
  return status ? status : noise_spec_read(ansatz, &input, 0, input.length);
}

/* zero, which nobody asked for. */
static status_t add_default_state(ansatz_t ansatz, diagnostic_t diag) {
  char label[] = "default of --state";
  const data_place_t place = {.file = label, .line = 1};
  return add_state(ansatz, diag, "zero", &place);
}

status_t request_read_ansatz(ansatz_t ansatz, diagnostic_t diag,
                             const request_t request) {
  status_t status = reader_read_text(
      ansatz, diag, request->name, request->text, request->length,
      request->format, request->overrides, request->num_overrides);
  if (status != STATUS_OK) return status;
  for (size_t i = 0; i < request->num_observables && status == STATUS_OK; i++)
    status = add_observable(ansatz, diag, request->observables[i]);
  for (size_t i = 0; i < request->num_states && status == STATUS_OK; i++)
    status = add_state(ansatz, diag, request->states[i], request->state_places + i);
  if (status == STATUS_OK && ansatz->num_states == 0)
    status = add_default_state(ansatz, diag);
  for (size_t i = 0; i < request->num_angles && status == STATUS_OK; i++)
    status = add_angles(ansatz, diag, request->angles[i]);
  if (status == STATUS_OK && request->noise)
    status = set_noise(ansatz, diag, request->noise);
  if (status != STATUS_OK) ansatz_clear(ansatz);
  return status;
}

/* --- in a certificate -------------------------------------------------------- */

static const char *const format_names[] = {
    [FORMAT_AUTO] = "auto", [FORMAT_QASM] = "qasm", [FORMAT_OPS] = "ops"};

static json_t *text_list(char *const *list, size_t length) {
  json_t *json = json_array();
  for (size_t i = 0; i < length; i++)
    json_array_append_new(json, json_string(list[i]));
  return json;
}

json_t *request_to_json(const request_t request) {
  json_t *set = json_array();
  for (size_t i = 0; i < request->num_overrides; i++)
    json_array_append_new(set, json_pack("[s,s]", request->overrides[i].name,
                                         request->overrides[i].value));
  json_t *json = json_pack(
      "{s:s, s:s, s:o, s:o, s:o, s:o}", "name", request->name, "format",
      format_names[request->format], "set", set, "observables",
      text_list(request->observables, request->num_observables), "states",
      text_list(request->states, request->num_states), "text",
      json_stringn(request->text, request->length));
  if (request->num_angles)
    json_object_set_new(json, "angles",
                        text_list(request->angles, request->num_angles));
  if (request->noise)
    json_object_set_new(json, "noise", json_string(request->noise));
  return json;
}

static bool read_list(request_t request, const json_t *list,
                      void (*add)(request_t, const char *)) {
  size_t i;
  json_t *item;
  if (!json_is_array(list)) return false;
  json_array_foreach(list, i, item) {
    if (!json_is_string(item)) return false;
    add(request, json_string_value(item));
  }
  return true;
}

static bool read_overrides(request_t request, const json_t *list) {
  size_t i;
  json_t *item;
  if (!json_is_array(list)) return false;
  json_array_foreach(list, i, item) {
    const char *name = json_string_value(json_array_get(item, 0));
    const char *value = json_string_value(json_array_get(item, 1));
    if (!name || !value || json_array_size(item) != 2) return false;
    request_add_override(request, name, value);
  }
  return true;
}

status_t request_from_json(request_t request, diagnostic_t diag,
                           const char *file_name, const json_t *json) {
  const char *missing = NULL;
  const char *format = json_string_value(json_object_get(json, "format"));
  const json_t *text = json_object_get(json, "text");
  const char *name = json_string_value(json_object_get(json, "name"));
  size_t which = 0;
  while (format && which <= FORMAT_OPS && strcmp(format, format_names[which]))
    which++;
  if (!name) missing = "name";
  else if (!format || which > FORMAT_OPS) missing = "format";
  else if (!json_is_string(text)) missing = "text";
  else if (!read_overrides(request, json_object_get(json, "set")))
    missing = "set";
  else if (!read_list(request, json_object_get(json, "observables"),
                      request_add_observable))
    missing = "observables";
  else if (!read_list(request, json_object_get(json, "states"),
                      request_add_state))
    missing = "states";
  const json_t *angles = json_object_get(json, "angles"); /* may be absent */
  if (!missing && angles && !read_list(request, angles, request_add_angles))
    missing = "angles";
  const json_t *noise = json_object_get(json, "noise"); /* likewise */
  if (!missing && noise && !json_is_string(noise)) missing = "noise";
  if (!missing && noise) request_set_noise(request, json_string_value(noise));
  if (missing) {
    diagnostic_set(diag, file_name, NULL, 0, 0,
                   "ansatz.source.%s is missing or not what it should be",
                   missing);
    return STATUS_BAD_INPUT;
  }
  request->name = text_copy(name);
  request->format = (reader_format_t)which;
  request->text = text_copy(json_string_value(text));
  request->length = json_string_length(text);
  return STATUS_OK;
}
