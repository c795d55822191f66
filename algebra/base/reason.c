#include "algebra/base/reason.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <flint/flint.h>

#include "algebra/base/text.h"

static const struct {
  const char *word, *text;
} reasons[NUM_REASONS] = {
#define ROW(NAME, word, text) {#word, text},
    LIESCAPE_REASON_TABLE(ROW)
#undef ROW
};

reason_t reason_of(reason_code_t code) { return (reason_t){code, 0}; }

reason_t reason_with(reason_code_t code, int64_t number) {
  return (reason_t){code, number};
}

bool reason_given(reason_t reason) { return reason.code != REASON_NONE; }

const char *reason_code_word(reason_code_t code) { return reasons[code].word; }

bool reason_code_from_word(reason_code_t *code, const char *word) {
  for (int k = REASON_NONE + 1; k < NUM_REASONS; k++)
    if (!strcmp(word, reasons[k].word)) {
      *code = (reason_code_t)k;
      return true;
    }
  return false;
}

/* "1500" and "0.25" for 1500000 and 250 thousandths. */
static void print_thousandths(char *text, size_t size, int64_t number) {
  int length = snprintf(text, size, "%" PRId64 ".%03d", number / 1000,
                        abs((int)(number % 1000)));
  while (text[length - 1] == '0') text[--length] = 0;
  if (text[length - 1] == '.') text[--length] = 0;
}

char *reason_text(reason_t reason) {
  const char *text = reasons[reason.code].text, *hole = strchr(text, '#');
  char number[40];
  if (!reason_given(reason)) return NULL;
  if (!hole) return text_copy(text);
  bool decimal = !strncmp(hole, "#ms", 3);
  if (decimal) print_thousandths(number, sizeof number, reason.number);
  else snprintf(number, sizeof number, "%" PRId64, reason.number);
  return text_print("%.*s%s%s", (int)(hole - text), text, number,
                    hole + (decimal ? 3 : 1));
}

bool reason_code_says(reason_code_t code, const char *text) {
  const char *own = reasons[code].text, *hole = strchr(own, '#');
  if (!hole) return !strcmp(own, text);
  const char *rest = hole + (strncmp(hole, "#ms", 3) ? 1 : 3);
  size_t before = (size_t)(hole - own), after = strlen(rest);
  size_t length = strlen(text);
  return length > before + after && !strncmp(own, text, before) &&
         !strcmp(text + length - after, rest) &&
         strspn(text + before, "0123456789.-") == length - before - after;
}
