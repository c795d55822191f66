#include "tests/laws_inputs.h"

#include <stdlib.h>

#include "algebra/base/flint_compat.h"

double laws_mid(const arb_t x) {
  return arf_get_d(arb_midref(x), ARF_RND_NEAR);
}

double laws_rational(const fmpq_t q) {
  arb_t ball;
  arb_init(ball);
  arb_set_fmpq(ball, q, 64);
  double d = laws_mid(ball);
  arb_clear(ball);
  return d;
}

/* A loss of one block: levels 0..length-1 as given, multiplicities. */
void laws_one_block(laws_loss_t loss, ulong beta, const long *levels,
                      const long *mult, slong length, long s, long weight) {
  laws_block_t block;
  fmpq *v = _fmpq_vec_init(length);
  fmpz *m = _fmpz_vec_init(length);
  for (slong i = 0; i < length; i++) {
    fmpq_set_si(v + i, levels[i], 1);
    fmpz_set_si(m + i, mult[i]);
  }
  laws_block_init(block);
  block->beta = beta;
  fmpq_set_si(block->weight, weight, 2);
  fmpq_canonicalise(block->weight);
  fmpz_set_si(block->rank, s);
  laws_block_set_spectrum(block, v, m, length);
  if (laws_loss_append(loss, block) != STATUS_OK) abort();
  laws_block_clear(block);
  _fmpq_vec_clear(v, length);
  _fmpz_vec_clear(m, length);
}
