/* operator_hint.h - the right form of an operator that is written in one that is not
   understood. Layer: cli/read. */
#ifndef LIESCAPE_CLI_OPERATOR_HINT_H
#define LIESCAPE_CLI_OPERATOR_HINT_H

#include <stddef.h>

/* What the line around text[at] resembles and how that is written here, beginning with
   "; ", for the end of an error message; "" when it resembles nothing known. */
const char *operator_hint(const char *text, size_t length, size_t at);

#endif
