#include "cli/check/block_totals.h"

void block_totals_init(block_totals_t t, size_t num_parameters) {
  *t = (block_totals_struct){.readable = true, .degrees_known = true,
                             .num_parameters = num_parameters};
  laws_loss_init(t->loss);
  outlook_init_empty(t->outlook);
}

void block_totals_clear(block_totals_t t) {
  laws_loss_clear(t->loss);
  outlook_clear(t->outlook);
}

bool block_totals_add(block_totals_t t, const block_t *b) {
  if (!b->least_exact && !b->degrees_known && !fmpz_equal(b->law->rank, b->law->dimension))
    t->degrees_known = false;
  return laws_loss_append(t->loss, b->law) == STATUS_OK;
}

void block_totals_finish(block_totals_t t) {
  outlook_set_loss(t->outlook, t->loss, t->num_parameters);
}
