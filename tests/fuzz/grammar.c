#include "tests/fuzz/grammar.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX_RULES = 200, MAX_WORDS = 4000, MAX_WAYS = 2000, DEPTH = 24 };

/* A word: a literal, or a rule (rule >= 0). */
typedef struct {
  const char *bytes;
  size_t length;
  int rule;
} word_t;
typedef struct {
  int first, num; /* words */
} way_t;
typedef struct {
  const char *name;
  size_t length;
  int first, num; /* ways */
  int text;       /* the grammar it is from */
} rule_t;
enum { RULE_INT = MAX_RULES, RULE_REAL };

static struct {
  word_t words[MAX_WORDS];
  way_t ways[MAX_WAYS];
  rule_t rules[MAX_RULES];
  int num_words, num_ways, num_rules;
} g;

/* --- reading -------------------------------------------------------------------- */

static int find_rule(const char *name, size_t length, int text) {
  if (length == 3 && !memcmp(name, "int", 3)) return RULE_INT;
  if (length == 4 && !memcmp(name, "real", 4)) return RULE_REAL;
  for (int i = 0; i < g.num_rules; i++)
    if (g.rules[i].length == length && !memcmp(g.rules[i].name, name, length) &&
        (text < 0 || g.rules[i].text == text))
      return i;
  fprintf(stderr, "no rule %.*s\n", (int)length, name);
  abort();
}

static void add_word(const char *word, size_t length) {
  if (length == 1 && *word == '|') {
    g.ways[g.num_ways++] = (way_t){g.num_words, 0};
    g.rules[g.num_rules - 1].num++;
    return;
  }
  g.words[g.num_words++] = (word_t){word, length, -1};
  g.ways[g.num_ways - 1].num++;
}

static void add_rule(const char *line, size_t length, int text) {
  size_t colon = (size_t)((const char *)memchr(line, ':', length) - line);
  g.rules[g.num_rules++] = (rule_t){line, colon, g.num_ways, 1, text};
  g.ways[g.num_ways++] = (way_t){g.num_words, 0};
  for (size_t at = colon + 1; at < length;) {
    size_t end = at;
    while (end < length && line[end] != ' ') end++;
    if (end > at) add_word(line + at, end - at);
    at = end + 1;
  }
  if (g.num_rules > MAX_RULES - 2 || g.num_ways > MAX_WAYS - 50 ||
      g.num_words > MAX_WORDS - 200)
    abort();
}

static void read_grammars(void) {
  for (size_t t = 0; t < grammar_num_texts; t++) {
    int first = g.num_words;
    for (const char *line = grammar_texts[t]; *line;) {
      size_t length = strcspn(line, "\n");
      add_rule(line, length, (int)t);
      line += length + (line[length] != 0);
    }
    for (int i = first; i < g.num_words; i++) {
      word_t *word = g.words + i;
      if (word->length > 2 && word->bytes[0] == '<' &&
          word->bytes[word->length - 1] == '>')
        word->rule = find_rule(word->bytes + 1, word->length - 2, (int)t);
    }
  }
}

/* --- deriving ------------------------------------------------------------------- */

static void append(fuzz_text_t *text, const char *bytes, size_t length) {
  fuzz_splice(text, text->length, 0, bytes, length);
}

static void append_literal(fuzz_text_t *text, const char *bytes, size_t length) {
  size_t begin = text->length;
  append(text, bytes, length);
  for (size_t i = begin; i < text->length; i++)
    if (text->bytes[i] == '~') text->bytes[i] = ' ';
    else if (text->bytes[i] == '`') text->bytes[i] = '\n';
}

static void append_number(fuzz_text_t *text, fuzz_random_t *random, bool real) {
  static const char *const large[] = {
      "10",     "64",        "65",         "100",  "-2",    "1000", "10001", "90001",
      "100001", "500001",    "8000001",    "1_0",  "0x1f",  "0b11", "007",   "1e3",
      "1e-999", "2147483648", "18446744073709551616", "9223372036854775807"};
  char number[64];
  size_t kind = fuzz_below(random, 40);
  if (kind == 0)
    snprintf(number, sizeof number, "%s",
             large[fuzz_below(random, sizeof large / sizeof *large)]);
  else if (real && kind < 20)
    snprintf(number, sizeof number, "%zu.%zu%s", fuzz_below(random, 4),
             fuzz_below(random, 1000), kind < 3 ? "e-2" : "");
  else if (real && kind < 24)
    snprintf(number, sizeof number, "%.16g",
             0.04908738521234052 * (double)fuzz_below(random, 128));
  else snprintf(number, sizeof number, "%zu", fuzz_below(random, kind < 30 ? 3 : 6));
  append(text, number, strlen(number));
}

static void derive(fuzz_text_t *text, fuzz_random_t *random, int rule, int depth) {
  if (rule >= MAX_RULES) {
    append_number(text, random, rule == RULE_REAL);
    return;
  }
  const rule_t *r = g.rules + rule;
  size_t which = depth > DEPTH || text->length > text->room / 2
                     ? 0
                     : fuzz_below(random, (size_t)r->num);
  const way_t *way = g.ways + r->first + which;
  for (int i = way->first; i < way->first + way->num; i++) {
    const word_t *word = g.words + i;
    if (word->rule < 0) append_literal(text, word->bytes, word->length);
    else derive(text, random, word->rule, depth + 1);
  }
}

void grammar_derive(fuzz_text_t *text, fuzz_random_t *random, const char *rule) {
  if (!g.num_rules) read_grammars();
  derive(text, random, find_rule(rule, strlen(rule), -1), 0);
}

void grammar_derive_part(fuzz_text_t *text, fuzz_random_t *random, const char *rule) {
  if (!g.num_rules) read_grammars();
  int of = g.rules[find_rule(rule, strlen(rule), -1)].text, first = 0, num = 0;
  while (g.rules[first].text != of) first++;
  while (first + num < g.num_rules && g.rules[first + num].text == of) num++;
  const rule_t *r = g.rules + first + fuzz_below(random, (size_t)num);
  const way_t *way = g.ways + r->first + fuzz_below(random, (size_t)r->num);
  if (way->num && fuzz_below(random, 2)) {
    const word_t *word = g.words + way->first + fuzz_below(random, (size_t)way->num);
    if (word->rule < 0) append_literal(text, word->bytes, word->length);
    else derive(text, random, word->rule, DEPTH - 6);
  } else derive(text, random, (int)(r - g.rules), DEPTH - 6);
}
