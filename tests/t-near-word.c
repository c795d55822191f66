/* t-near-word - slips of words against a plain recursion for the distance, and the
   answers that one would expect. */
#include <string.h>

#include "cli/read/near_word.h"
#include "tests/tap.h"

/* Optimal string alignment by its definition, from the ends. */
static size_t slow(const char *a, size_t m, const char *b, size_t n) {
  if (!m || !n) return m + n;
  size_t best = slow(a, m - 1, b, n - 1) + (a[m - 1] != b[n - 1]);
  size_t other = slow(a, m - 1, b, n) + 1;
  if (other < best) best = other;
  other = slow(a, m, b, n - 1) + 1;
  if (other < best) best = other;
  if (m > 1 && n > 1 && a[m - 1] == b[n - 2] && a[m - 2] == b[n - 1]) {
    other = slow(a, m - 2, b, n - 2) + 1;
    if (other < best) best = other;
  }
  return best;
}

static void random_word(char *word, size_t length) {
  for (size_t i = 0; i < length; i++) word[i] = (char)('a' + tap_random_below(3));
  word[length] = 0;
}

/* Words of six letters: found exactly when at most two steps away and alone there. */
static void test_random(void) {
  bool ok = true;
  long count = tap_iterations(200);
  for (long i = 0; i < count && ok; i++) {
    char word[8], list[3][8];
    const char *words[3];
    size_t nearest = 99, holders = 0;
    random_word(word, 6);
    for (size_t k = 0; k < 3; k++) {
      random_word(list[k], 4 + tap_random_below(3));
      words[k] = list[k];
    }
    const char *expected = NULL;
    for (size_t k = 0; k < 3; k++) {
      size_t d = slow(word, 6, words[k], strlen(words[k]));
      bool seen = false;
      for (size_t j = 0; j < k; j++) seen = seen || !strcmp(words[j], words[k]);
      if (seen || d > 2 || d > nearest) continue;
      holders = d < nearest ? 1 : holders + 1;
      nearest = d;
      expected = words[k];
    }
    if (holders != 1) expected = NULL;
    const char *found = near_word(word, 6, words, 3);
    ok = expected ? found && !strcmp(found, expected) : !found;
    if (!ok)
      tap_diag("%s among %s %s %s: %s, not %s", word, words[0], words[1], words[2],
               found ? found : "none", expected ? expected : "none");
  }
  tap_ok(ok, "the nearest word, when there is one");
}

static void test_words(void) {
  static const char *const list[] = {"samples", "seed", "sweep", "state", "observable",
                                     "observable-file", "max-strings", "max-shots"};
  static const struct { const char *word, *near; } cases[] = {
      {"smaples", "samples"}, {"SAMPLES", "samples"}, {"observabel", "observable"},
      {"max-string", "max-strings"}, {"sead", "seed"}, {"se", NULL}, {"frobnicate", NULL},
      {"sweeep", "sweep"}, {"", NULL}, {"observable-f", "observable-file"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *word = cases[i].word;
    const char *found = near_word(word, strlen(word), list, sizeof list / sizeof *list);
    tap_ok(cases[i].near ? found && !strcmp(found, cases[i].near) : !found, "%s: %s", word,
           found ? found : "nothing");
  }
}

int main(void) {
  tap_begin("t-near-word");
  test_words();
  test_random();
  return tap_end();
}
