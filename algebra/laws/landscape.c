#include "algebra/laws/landscape.h"

#include <stdlib.h>
#include <string.h>

void landscape_init_empty(landscape_t l, size_t num_parameters,
                          size_t observable, size_t state) {
  memset(l, 0, sizeof *l);
  l->observable = observable;
  l->state = state;
  l->num_parameters = num_parameters;
  fmpq_init(l->mean);
  fmpq_init(l->variance);
  l->gradient_variance =
      flint_calloc(num_parameters + 1, sizeof *l->gradient_variance);
  for (size_t k = 0; k < num_parameters; k++)
    fmpq_init(l->gradient_variance + k);
  laws_loss_init(l->loss);
  l->wishart_applies = ANSWER_UNDECIDED;
}

void landscape_clear(landscape_t l) {
  for (size_t k = 0; k < l->num_parameters; k++)
    fmpq_clear(l->gradient_variance + k);
  flint_free(l->gradient_variance);
  for (size_t i = 0; i < l->num_blocks; i++) {
    fmpz_clear(l->blocks[i].index);
    laws_block_clear(l->blocks[i].law);
  }
  flint_free(l->blocks);
  laws_loss_clear(l->loss);
  fmpq_clear(l->mean);
  fmpq_clear(l->variance);
}

void landscape_init_unknown(landscape_t l, size_t num_parameters,
                            size_t observable, size_t state,
                            reason_code_t reason) {
  landscape_init_empty(l, num_parameters, observable, state);
  l->reason = reason;
  l->wishart_reason = reason_of(reason);
}
