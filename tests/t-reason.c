/* t-reason - the table of reasons: words, texts, numbers. TAP. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/reason.h"
#include "tap.h"

static bool is_word(const char *word) {
  bool ok = islower((unsigned char)*word);
  for (; *word; word++)
    ok = ok && (islower((unsigned char)*word) || *word == '_');
  return ok;
}

/* Every code has a word of its own and a text of its own, and is found by it. */
static void test_table(void) {
  bool words = true, texts = true, found = true;
  for (int a = REASON_NONE + 1; a < NUM_REASONS; a++) {
    const char *word = reason_code_word((reason_code_t)a);
    char *text = reason_text(reason_with((reason_code_t)a, 7));
    reason_code_t code = REASON_NONE;
    words = words && is_word(word);
    texts = texts && strlen(text) > 8 && !strchr(text, '#') && text[0] != ' ' &&
            !strstr(text, "  ") && text[strlen(text) - 1] != ' ' &&
            text[strlen(text) - 1] != '.';
    found = found && reason_code_from_word(&code, word) && (int)code == a;
    for (int b = a + 1; b < NUM_REASONS; b++) {
      char *other = reason_text(reason_with((reason_code_t)b, 7));
      words = words && strcmp(word, reason_code_word((reason_code_t)b));
      texts = texts && strcmp(text, other);
      if (!strcmp(text, other)) tap_diag("twice: %s", text);
      free(other);
    }
    free(text);
  }
  tap_ok(words, "every code is one word with underscores, and no other's");
  tap_ok(texts, "every text is a phrase, and no other's");
  tap_ok(found, "every code is found by its word");
}

static bool says(reason_t reason, const char *expected) {
  char *text = reason_text(reason);
  bool same = text && !strcmp(text, expected);
  if (!same) tap_diag("it says: %s", text ? text : "nothing");
  free(text);
  return same;
}

static void test_numbers(void) {
  tap_ok(says(reason_with(REASON_CLOSURE_TIME_LIMIT, 1500),
              "the time limit of 1.5 s was reached (--time-limit); the dimension "
              "is a lower bound") &&
             says(reason_with(REASON_CLOSURE_TIME_LIMIT, 60000),
                  "the time limit of 60 s was reached (--time-limit); the "
                  "dimension is a lower bound") &&
             says(reason_with(REASON_CLOSURE_TIME_LIMIT, 7),
                  "the time limit of 0.007 s was reached (--time-limit); the "
                  "dimension is a lower bound"),
         "thousandths are written as a decimal");
  tap_ok(says(reason_with(REASON_CLOSURE_DIMENSION_LIMIT, 4000),
              "the dimension exceeds 4000 (--max-dimension); what is given is a "
              "lower bound") &&
             says(reason_with(REASON_TOO_MANY_SECTOR_SIGNS, 10),
                  "the observable differs on more than 2^10 sectors"),
         "numbers stand where the text has room for them");
}

static void test_none(void) {
  reason_code_t code = REASON_TIME_LIMIT;
  bool kept = !reason_code_from_word(&code, "none") &&
              !reason_code_from_word(&code, "") &&
              !reason_code_from_word(&code, "the time limit was reached") &&
              code == REASON_TIME_LIMIT;
  tap_ok(kept, "no code is found by another word");
  tap_ok(!reason_given(reason_of(REASON_NONE)) &&
             !reason_text(reason_of(REASON_NONE)) &&
             reason_given(reason_of(REASON_TIME_LIMIT)),
         "nothing is said when no reason is given");
}

int main(void) {
  tap_begin("t-reason");
  test_table();
  test_numbers();
  test_none();
  return tap_end();
}
