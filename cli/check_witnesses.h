/* check_witnesses.h - what a certificate offers as proof of components too large
   to be listed. Private to check. */
#ifndef LIESCAPE_CLI_CHECK_WITNESSES_H
#define LIESCAPE_CLI_CHECK_WITNESSES_H

#include <jansson.h>

#include "algebra/check_strings.h"

typedef struct {
  size_t length;
  check_witness_struct *list;
  bool malformed; /* an entry is; it is empty */
} witnesses_t;

/* json: algebra.witness, or NULL. */
void witnesses_init(witnesses_t *out, const json_t *json);
void witnesses_clear(witnesses_t *witnesses);
/* Is json null where the component is small and else an object? */
bool witnesses_fit(const json_t *json, const check_components_t components);

#endif
