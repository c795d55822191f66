/* check_result.h - what `check` found in all, and how it speaks of it. */
#ifndef LIESCAPE_CLI_CHECK_RESULT_H
#define LIESCAPE_CLI_CHECK_RESULT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct {
  const char *text; /* in: what was read, for places in messages, or NULL */
  size_t length;
  bool quiet;  /* in: print nothing but failures */
  bool silent; /* in: print nothing at all */
  size_t num_held, num_failed, num_open;
  size_t num_following; /* of those that hold: by arithmetic from others */
  char first_failed[160]; /* name of the first claim that fails, or "" */
  json_t *open; /* in: NULL, or an array that gets the names of what is not
                   re-proved */
} check_result_t;

#endif
