/* initialisation_json.h - what the widths of a certificate mean: shots for a typical
   gradient component, whether these are few, and the best width, from the other members
   of the object "initialisation" alone.

   Layer: cli, above verdict. */
#ifndef LIESCAPE_CLI_INITIALISATION_JSON_H
#define LIESCAPE_CLI_INITIALISATION_JSON_H

#include <jansson.h>

/* Sets in every row shots (of the median component that can move the loss;
   null when not known) and gradients ("yes", "no", "undecided": at most max_shots), and
   best: the width of fewest shots among those that say yes, the greatest of equals,
   or null. */
void initialisation_judge(json_t *initialisation, const json_t *certificate);

#endif
