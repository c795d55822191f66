#include "cli/check/check_growth.h"

#include "cli/format/growth_json.h"

void check_growth(ledger_t *parent, const json_t *rows, const json_t *added) {
  ledger_t l;
  json_t *again = growth_json(rows, added);
  ledger_begin_at(&l, parent, "growth");
  ledger_members(&l, again, true);
  ledger_end(&l);
}
