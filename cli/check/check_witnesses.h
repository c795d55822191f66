/* check_witnesses.h - what a certificate offers as proof of components too large
   to be listed. Private to check. */
#ifndef LIESCAPE_CLI_CHECK_WITNESSES_H
#define LIESCAPE_CLI_CHECK_WITNESSES_H

#include <jansson.h>

#include "algebra/check/check_strings.h"
#include "cli/check/ledger.h"

typedef struct {
  size_t length;
  check_witness_struct *list;
  bool malformed; /* an entry is; it is empty */
} witnesses_t;

/* json: the member witness, or NULL. */
void witnesses_init(witnesses_t *out, const json_t *json);
void witnesses_clear(witnesses_t *witnesses);
/* Takes the member "witness": an entry for each component, null where it is
   small, else one that proved it. */
void check_witness_member(ledger_t *l, const check_components_t components,
                          bool malformed);

#endif
