#include "cli/format/json_reason.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX_KEY = 100 };

void cert_set_reason(json_t *object, const char *key, reason_t reason) {
  char name[MAX_KEY];
  if (!reason_given(reason)) return;
  char *text = reason_text(reason);
  snprintf(name, sizeof name, "%s_code", key);
  json_object_set_new(object, key, json_string(text));
  json_object_set_new(object, name,
                      json_string(reason_code_word(reason.code)));
  free(text);
}

void cert_set_code(json_t *object, const char *key, reason_code_t code) {
  cert_set_reason(object, key, reason_of(code));
}

void cert_set_reason_or_null(json_t *object, const char *key, reason_t reason) {
  char name[MAX_KEY];
  cert_set_reason(object, key, reason);
  if (reason_given(reason)) return;
  snprintf(name, sizeof name, "%s_code", key);
  json_object_set_new(object, key, json_null());
  json_object_set_new(object, name, json_null());
}

reason_code_t cert_get_code(const json_t *object, const char *key) {
  char name[MAX_KEY];
  reason_code_t code = REASON_NONE;
  snprintf(name, sizeof name, "%s_code", key);
  const char *word = json_string_value(json_object_get(object, name));
  if (word) reason_code_from_word(&code, word);
  return code;
}
