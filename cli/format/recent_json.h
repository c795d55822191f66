/* recent_json.h - entries of a long list that are one and the same object.

   A list of thousands of numbers is written with each different number made once
   (cert_fmpq_cached), so that its entries are few objects that come again and again:
   what was read of one of the last few need not be read again. */
#ifndef LIESCAPE_CLI_RECENT_JSON_H
#define LIESCAPE_CLI_RECENT_JSON_H

#include <jansson.h>
#include <stdbool.h>

enum { RECENT_JSON = 8 };

typedef struct {
  const json_t *seen[RECENT_JSON]; /* zero at first */
  size_t next;
} recent_json_t;

/* The place, below RECENT_JSON, of the object; *is_new: it has just got that place. */
size_t recent_json_place(recent_json_t *recent, const json_t *entry, bool *is_new);

#endif
