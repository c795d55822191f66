/* verdict_text.h - why an outlook says what it says, in a sentence. Layer: cli. */
#ifndef LIESCAPE_CLI_VERDICT_TEXT_H
#define LIESCAPE_CLI_VERDICT_TEXT_H

#include "algebra/analysis/outlook.h"

/* The caller frees it with free(). */
char *verdict_text(const outlook_t outlook);

#endif
