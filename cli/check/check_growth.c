#include "cli/check/check_growth.h"

#include "cli/format/growth_json.h"

/* Each member against that of the growth made again; objects and lists of them member
   by member, so that what differs is named. */
static void check_members(ledger_t *l, const json_t *again) {
  const char *key;
  json_t *item;
  json_object_foreach((json_t *)again, key, item) {
    const json_t *claim = json_object_get(l->left, key);
    if (json_is_object(item) && json_is_object(claim)) {
      ledger_t inner;
      ledger_begin_at(&inner, l, key);
      check_members(&inner, item);
      ledger_end(&inner);
    } else if (json_is_object(json_array_get(item, 0)) &&
               json_array_size(claim) == json_array_size(item)) {
      claim = ledger_take(l, key);
      for (size_t i = 0; i < json_array_size(item); i++) {
        ledger_t inner;
        ledger_begin(&inner, l->result, json_array_get(claim, i),
                     "%s%s[%zu].", l->where, key, i);
        check_members(&inner, json_array_get(item, i));
        ledger_end(&inner);
      }
    } else {
      ledger_follows(l, key, json_incref(item));
    }
  }
}

void check_growth(ledger_t *parent, const json_t *rows, const json_t *added) {
  ledger_t l;
  json_t *again = growth_json(rows, added);
  ledger_begin_at(&l, parent, "growth");
  check_members(&l, again);
  ledger_end(&l);
  json_decref(again);
}
