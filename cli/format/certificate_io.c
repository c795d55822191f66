#include "cli/format/certificate_io.h"

#include <stdlib.h>
#include <string.h>

#include <flint/flint.h>

#include "algebra/base/text.h"
#include "cli/format/certificate_format.h"
#include "cli/format/recent_json.h"

size_t certificate_find(const char *text, size_t length, const char *key,
                        const char *value) {
  char *name = text_print("\"%s\"", key);
  char *quoted = text_print("\"%s\"", value ? value : "");
  const char *at = memmem(text, length, name, strlen(name)), *found = NULL;
  while (at && !found) { /* the value before the key occurs again */
    const char *begin = at + strlen(name);
    size_t left = length - (size_t)(begin - text);
    const char *next = memmem(begin, left, name, strlen(name));
    if (!value) found = at;
    else
      found = memmem(begin, next ? (size_t)(next - begin) : left, quoted,
                     strlen(quoted));
    at = next;
  }
  free(name);
  free(quoted);
  return found ? (size_t)(found - text) : SIZE_MAX;
}

/* What the JSON library says, in the words of this program. */
static const char *explain(const json_error_t *error) {
  switch (json_error_code(error)) {
    case json_error_stack_overflow: return "it is nested too deeply";
    case json_error_null_character:
    case json_error_null_byte_in_key: return "a NUL character in a string";
    default: return error->text;
  }
}

status_t certificate_parse(json_t **out, diagnostic_t diag,
                           const char *file_name, const char *text,
                           size_t length) {
  json_error_t error;
  status_t status = source_check(diag, file_name, text, length);
  if (status != STATUS_OK) return status;
  json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
  if (!json) {
    size_t at = error.position > 0 ? (size_t)error.position - 1 : 0;
    bool json_like = length > 0 && strchr(" \t\r\n{[", *text);
    diagnostic_set(diag, file_name, text, length, at < length ? at : length,
                   json_like ? "not a certificate: %s"
                             : "not a certificate (certify FILE --json=c.json writes one): %s",
                   explain(&error));
    return STATUS_BAD_INPUT;
  }
  const char *format = json_string_value(json_object_get(json, "format"));
  if (format && !strcmp(format, CERTIFICATE_FORMAT)) {
    certificate_unpack(json);
    *out = json;
    return STATUS_OK;
  }
  size_t at = format ? certificate_find(text, length, "format", format) : 0;
  if (format)
    diagnostic_set(diag, file_name, text, length, at < length ? at : 0,
                   "a certificate of another format, '%.60s', made by another "
                   "version of the program; this one reads '%s': certify the "
                   "source again", format, CERTIFICATE_FORMAT);
  else
    diagnostic_set(diag, file_name, text, length, 0,
                   "not a certificate: there is no \"format\"");
  json_decref(json);
  return STATUS_BAD_INPUT;
}

/* --- long lists of gradients ------------------------------------------------------- */

static const char gradients[] = "gradient_variance";

static bool is_long(const json_t *list) {
  size_t bytes = 0, i;
  const json_t *entry;
  json_array_foreach(list, i, entry) {
    if (!json_is_string(entry)) return false;
    bytes += json_string_length(entry);
  }
  return bytes > CERTIFICATE_PACKED_BYTES;
}

/* Entries that are the same object were the same number. */
static json_t *pack(const json_t *list) {
  recent_json_t recent = {{NULL}, 0};
  size_t numbers[RECENT_JSON] = {0}, i;
  json_t *entry, *values = json_array(), *entries = json_array();
  json_array_foreach(list, i, entry) {
    bool is_new;
    size_t k = recent_json_place(&recent, entry, &is_new);
    if (is_new) {
      numbers[k] = json_array_size(values);
      json_array_append(values, entry);
    }
    json_array_append_new(entries, json_integer((json_int_t)numbers[k]));
  }
  return json_pack("{s:o, s:o}", "values", values, "entries", entries);
}

/* The list, or NULL when `packed` is none. */
static json_t *unpack(const json_t *packed) {
  const json_t *values = json_object_get(packed, "values"), *entry;
  const json_t *entries = json_object_get(packed, "entries");
  size_t i;
  if (!json_is_array(values) || !json_is_array(entries) ||
      json_object_size(packed) != 2)
    return NULL;
  json_t *list = json_array();
  json_array_foreach(entries, i, entry) {
    json_int_t at = json_is_integer(entry) ? json_integer_value(entry) : -1;
    json_t *value = at < 0 ? NULL : json_array_get(values, (size_t)at);
    if (!value) {
      json_decref(list);
      return NULL;
    }
    json_array_append(list, value);
  }
  return list;
}

void certificate_unpack(json_t *certificate) {
  size_t i;
  json_t *landscape;
  json_array_foreach(json_object_get(certificate, "landscapes"), i, landscape) {
    json_t *list = unpack(json_object_get(landscape, gradients));
    if (list) json_object_set_new(landscape, gradients, list);
  }
}

/* A new reference: the certificate with its long lists packed. */
static json_t *packed_certificate(const json_t *certificate) {
  size_t i;
  json_t *landscape, *out = json_copy((json_t *)(uintptr_t)certificate);
  json_t *landscapes = json_copy(json_object_get(certificate, "landscapes"));
  json_array_foreach(landscapes, i, landscape) {
    const json_t *list = json_object_get(landscape, gradients);
    if (!is_long(list)) continue;
    json_t *copy = json_copy(landscape);
    json_object_set_new(copy, gradients, pack(list));
    json_array_set_new(landscapes, i, copy);
  }
  if (landscapes) json_object_set_new(out, "landscapes", landscapes);
  return out;
}

bool certificate_write(const json_t *certificate, FILE *stream) {
  json_t *packed = packed_certificate(certificate);
  bool written = json_dumpf(packed, stream, JSON_INDENT(1) | JSON_PRESERVE_ORDER) == 0 &&
                 putc('\n', stream) != EOF;
  json_decref(packed);
  return written;
}

char *certificate_text(const json_t *certificate) {
  char *text = NULL;
  size_t length = 0;
  FILE *stream = text_open(&text, &length);
  bool written = certificate_write(certificate, stream);
  text_close(stream, &text);
  if (!written) flint_abort();
  return text;
}
