/* grammar.h - random texts from grammars.

   A grammar is a text, a rule on each line:  name: words | words | ...  with words apart
   by blanks and nothing between them in the derived text. <rule> stands for a derivation
   of it; in other words ~ is a blank and ` the end of a line. Beyond a depth only the
   first way is taken, which therefore must end. Built in: <int>, a whole number, mostly
   small, sometimes at or beyond a limit, and <real>, a decimal. */
#ifndef LIESCAPE_TESTS_GRAMMAR_H
#define LIESCAPE_TESTS_GRAMMAR_H

#include "tests/fuzz/fuzz.h"

/* Appends a derivation of the rule. */
void grammar_derive(fuzz_text_t *text, fuzz_random_t *random, const char *rule);
/* Appends a random word of a random rule, or a derivation of a random rule: as a
   dictionary. The rules are those that the given one comes to. */
void grammar_derive_part(fuzz_text_t *text, fuzz_random_t *random, const char *rule);

/* All grammars (grammars.c). */
extern const char *const grammar_texts[];
extern const size_t grammar_num_texts;

#endif
