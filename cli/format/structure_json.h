/* structure_json.h - what is known of an algebra, as certificates have it.

   Layer: cli. New references are returned. */
#ifndef LIESCAPE_CLI_STRUCTURE_JSON_H
#define LIESCAPE_CLI_STRUCTURE_JSON_H

#include <jansson.h>

#include "algebra/base/structure.h"

/* The object "algebra", and the list "sectors" or null. */
json_t *algebra_json(const structure_struct *s, bool dimension_known);
json_t *sectors_json(const structure_struct *s);
/* The actions on one kind of sectors, null when they are not known; ideals by index in
   the list of ideals. */
json_t *actions_json(const structure_struct *s, size_t sector);

#endif
