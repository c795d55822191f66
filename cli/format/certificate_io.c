#include "cli/format/certificate_io.h"

#include <stdlib.h>
#include <string.h>

#include <flint/flint.h>

#include "algebra/base/text.h"
#include "cli/format/certificate_format.h"

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
    diagnostic_set(diag, file_name, text, length, at < length ? at : length,
                   "not a certificate: %s", explain(&error));
    return STATUS_BAD_INPUT;
  }
  const char *format = json_string_value(json_object_get(json, "format"));
  if (format && !strcmp(format, CERTIFICATE_FORMAT)) {
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

bool certificate_write(const json_t *certificate, FILE *stream) {
  return json_dumpf(certificate, stream,
                    JSON_INDENT(1) | JSON_PRESERVE_ORDER) == 0 &&
         putc('\n', stream) != EOF;
}

char *certificate_text(const json_t *certificate) {
  char *text = NULL;
  size_t length = 0;
  FILE *stream = text_open(&text, &length);
  bool written = certificate_write(certificate, stream);
  text_close(stream);
  if (!written) flint_abort();
  return text;
}
