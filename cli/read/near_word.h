/* near_word.h - which of some words a misspelt one was meant to be. Layer: cli/read. */
#ifndef LIESCAPE_CLI_NEAR_WORD_H
#define LIESCAPE_CLI_NEAR_WORD_H

#include <stddef.h>

/* The word of the list that is nearest to word[0..length-1] by the number of characters
   to insert, delete, replace or swap with their neighbour (F. J. Damerau, 1964), small and
   capital letters alike. NULL when the nearest takes more than a third of the length
   (words below 6: more than one), or when two are as near. The beginning of a longer
   word, from 4 characters on, is at distance 1 of it. */
const char *near_word(const char *word, size_t length, const char *const *list,
                      size_t count);

#endif
