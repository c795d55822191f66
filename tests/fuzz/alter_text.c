/* Alterations of texts: by tokens, brackets and statements. */
#include <ctype.h>
#include <stdlib.h>

#include "algebra/base/stream.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/grammar.h"

uint64_t fuzz_random(fuzz_random_t *random) {
  return stream_next(&random->state);
}

size_t fuzz_below(fuzz_random_t *random, size_t n) {
  return (size_t)(fuzz_random(random) % n);
}

void fuzz_splice(fuzz_text_t *text, size_t at, size_t removed, const char *bytes,
                 size_t length) {
  if (text->length - removed + length > text->room) return;
  char few[256], *copy = length <= sizeof few ? few : malloc(length);
  char *to = text->bytes + at;
  if (!copy) abort();
  if (length) memcpy(copy, bytes, length);
  memmove(to + length, to + removed, text->length - at - removed);
  if (length) memcpy(to, copy, length);
  text->length += length - removed;
  if (copy != few) free(copy);
}

/* --- parts of a text ------------------------------------------------------------ */

typedef struct {
  size_t begin, end;
} part_t;

static bool is_word(char c) {
  return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* The token around a random place: a word, a number (with point), or one character. */
static part_t random_token(const fuzz_text_t *text, fuzz_random_t *random) {
  part_t p;
  if (!text->length) return (part_t){0, 0};
  p.begin = fuzz_below(random, text->length);
  p.end = p.begin + 1;
  if (!is_word(text->bytes[p.begin])) return p;
  while (p.begin && (is_word(text->bytes[p.begin - 1]) || text->bytes[p.begin - 1] == '.'))
    p.begin--;
  while (p.end < text->length &&
         (is_word(text->bytes[p.end]) || text->bytes[p.end] == '.'))
    p.end++;
  return p;
}

/* A random pair of brackets with what is between them, or an empty part. */
static part_t random_group(const fuzz_text_t *text, fuzz_random_t *random) {
  static const char open[] = "([{\"", closed[] = ")]}\"";
  size_t tries = 8;
  while (text->length && tries-- > 0) {
    part_t p = {fuzz_below(random, text->length), 0};
    while (p.begin && !strchr(open, text->bytes[p.begin])) p.begin--;
    const char *which = strchr(open, text->bytes[p.begin]);
    if (!which || !*which) continue;
    int depth = 1;
    for (p.end = p.begin + 1; p.end < text->length && depth > 0; p.end++)
      if (text->bytes[p.end] == closed[which - open]) depth--;
      else if (text->bytes[p.end] == *which) depth++;
    if (!depth) return p;
  }
  return (part_t){0, 0};
}

/* A random statement: to the end of the line, or behind the next semicolon. */
static part_t random_statement(const fuzz_text_t *text, fuzz_random_t *random) {
  part_t p = {0, 0};
  if (!text->length) return p;
  char end = memchr(text->bytes, ';', text->length) && fuzz_below(random, 2) ? ';' : '\n';
  p.begin = fuzz_below(random, text->length);
  while (p.begin && text->bytes[p.begin - 1] != end) p.begin--;
  p.end = p.begin;
  while (p.end < text->length && text->bytes[p.end++] != end) continue;
  return p;
}

/* --- alterations ------------------------------------------------------------------ */

static void put_copy(fuzz_text_t *text, part_t where, part_t from) {
  fuzz_splice(text, where.begin, where.end - where.begin, text->bytes + from.begin,
              from.end - from.begin);
}

/* The part gives way to a word or a derivation of the grammar. */
static void put_derived(const fuzz_harness_t *harness, fuzz_text_t *text,
                        fuzz_random_t *random, part_t where) {
  char bytes[601];
  fuzz_text_t part = {bytes, 0, 600};
  if (!harness->rule) return;
  grammar_derive_part(&part, random, harness->rule);
  fuzz_splice(text, where.begin, where.end - where.begin, bytes, part.length);
}

static void alter_byte(fuzz_text_t *text, fuzz_random_t *random) {
  static const char *const odd[] = {
      "\xff",     "\xce\xb8", "\r",     "\xe2\x80\xae", "\xef\xbb\xbf", "\t", "\x7f",
      "\"",       "\\",       "/*",     "//",           "#",            "$",  "(((((((("};
  size_t at = fuzz_below(random, text->length + 1);
  const char *bytes = odd[fuzz_below(random, sizeof odd / sizeof *odd)];
  switch (fuzz_below(random, 4)) {
  case 0:
    if (at < text->length) text->bytes[at] = (char)fuzz_random(random);
    return;
  case 1:
    if (at < text->length) text->bytes[at] ^= (char)(1 << fuzz_below(random, 8));
    return;
  case 2:
    if (!fuzz_below(random, 4)) text->length = at;
    return;
  default: fuzz_splice(text, at, 0, bytes, strlen(bytes));
  }
}

static void alter_statement(fuzz_text_t *text, fuzz_random_t *random) {
  part_t one = random_statement(text, random), other = random_statement(text, random);
  switch (fuzz_below(random, 3)) {
  case 0: fuzz_splice(text, one.begin, one.end - one.begin, "", 0); return;
  case 1: put_copy(text, one, other); return;
  default: one.end = one.begin; put_copy(text, one, other);
  }
}

static void alter_token(const fuzz_harness_t *harness, fuzz_text_t *text,
                        fuzz_random_t *random) {
  part_t one = random_token(text, random), other = random_token(text, random);
  size_t kind = fuzz_below(random, 4);
  if (kind == 0) put_copy(text, one, other);
  else if (kind == 1) fuzz_splice(text, one.begin, one.end - one.begin, "", 0);
  else {
    if (kind == 2) one.begin = one.end;
    put_derived(harness, text, random, one);
  }
}

static void alter_group(const fuzz_harness_t *harness, fuzz_text_t *text,
                        fuzz_random_t *random) {
  part_t one = random_group(text, random), other = random_group(text, random);
  if (fuzz_below(random, 2)) put_copy(text, one, other);
  else {
    if (one.end > one.begin + 1) one.begin++, one.end--;
    put_derived(harness, text, random, one);
  }
}

void fuzz_alter(const fuzz_harness_t *harness, fuzz_text_t *text,
                fuzz_random_t *random) {
  if (harness->alter && fuzz_below(random, 8) && harness->alter(text, random)) return;
  switch (fuzz_below(random, 8)) {
  case 0: alter_byte(text, random); return;
  case 1:
  case 2: alter_statement(text, random); return;
  case 3: alter_group(harness, text, random); return;
  default: alter_token(harness, text, random);
  }
}

void fuzz_derive(const fuzz_harness_t *harness, fuzz_text_t *text,
                 fuzz_random_t *random) {
  text->length = 0;
  if (harness->rule) grammar_derive(text, random, harness->rule);
}
