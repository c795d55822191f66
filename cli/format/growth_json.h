/* growth_json.h - the member `growth` of a family's certificate, from its rows.

   Everything that growth and the family's verdict (algebra/analysis/family.h) rest on
   stands in the rows, exact; so that who proves those has the growth by the same
   rules.

   Layer: cli. */
#ifndef LIESCAPE_CLI_GROWTH_JSON_H
#define LIESCAPE_CLI_GROWTH_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* rows: certificates of the members asked for; added: of those certified besides to
   decide the growth, or NULL. New reference:
     variable, sizes, added (values), classification, dimension, the growth of the
     first landscape, and landscapes[], one for each observable and state, with
     circuits[]: of each row the circuit's own numbers. Null with "reason" when the
     members are not a family in a size. The growth of a quantity KEY is KEY, in
     words, KEY_formula, KEY_basis, and KEY_from when the formula holds from that size
     on. */
json_t *growth_json(const json_t *rows, const json_t *added);

/* Would further sizes help: is there a quantity that is known of every member and
   follows no formula? *num_known: quantities that are known. */
bool growth_wants_sizes(size_t *num_known, const json_t *growth);

#endif
