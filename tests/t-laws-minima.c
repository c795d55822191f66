/* Local minima and the Gaussian bound of losses. */
#include <math.h>

#include "algebra/base/flint_compat.h"
#include "algebra/laws/laws.h"
#include "tests/laws_inputs.h"
#include "tests/tap.h"

static void test_minima(void) {
  static const struct { long p; double edge; } rows[] = {
      {4, 0.1361674426894}, {8, 0.0283501363906}, {12, 0.0027868999329}, {16, 0}, {24, 0}};
  laws_loss_t loss;
  laws_minima_t minima;
  fmpz_t p;
  laws_loss_init(loss);
  laws_minima_init(minima);
  fmpz_init(p);
  const long levels[2] = {1, 3}, mult[2] = {120, 8};
  laws_one_block(loss, 2, levels, mult, 2, 1, 2); /* obar = 1/8 above 1 */
  bool ok = true;
  for (size_t i = 0; i < 5; i++) {
    fmpz_set_si(p, rows[i].p);
    ok = ok && laws_local_minima(minima, loss, p, 60) == STATUS_OK &&
         fmpz_equal_si(minima->threshold, 16) &&
         fabs(laws_mid(minima->edge) - rows[i].edge) < 1e-12 &&
         fabs(laws_mid(minima->trap_level) - rows[i].edge / 8) < 1e-12 &&
         minima->edge_is_exact == (i > 2);
  }
  laws_block_t block;
  laws_block_init(block);
  fmpq_t one, three;
  fmpq_init(one);
  fmpq_init(three);
  fmpq_one(one);
  fmpq_set_si(three, 3, 1);
  laws_block_set_moments(block, p, one, one, one, three);
  laws_loss_append(loss, block);
  ok = ok && laws_local_minima(minima, loss, p, 60) == STATUS_UNDECIDED;
  tap_ok(ok, "local minima at gamma = 1/4, 1/2, 3/4, 1, 3/2");

  /* N = 101, mean 0, variance 1, least in [-3, -2]: r_exact between 80.8 and
     90.9, and p* = 2 r = 162..182; for p = 40 the edge between
     z_edge(40/162) = 0.13864 and z_edge(40/182) = 0.16241, mean
     offset 2..3 */
  laws_loss_t interval;
  arb_t least;
  laws_loss_init(interval);
  arb_init(least);
  fmpz_set_ui(p, 101);
  fmpq_zero(three);
  laws_block_set_moments(block, p, three, one, three, one);
  arb_set_si(least, -5);
  arb_mul_2exp_si(least, least, -1);
  arb_add_error_2exp_si(least, -1);
  laws_block_set_least_ball(block, least);
  laws_loss_append(interval, block);
  fmpz_set_ui(p, 40);
  ok = laws_local_minima(minima, interval, p, 60) == STATUS_LIMIT &&
       fmpz_equal_ui(minima->threshold_low, 162) &&
       fmpz_equal_ui(minima->threshold_high, 182) && !minima->edge_is_exact &&
       fabs(laws_mid(minima->edge) - (0.13864 + 0.16241) / 2) < 1e-4 &&
       fabs(laws_mid(minima->trap_level) - (2 * 0.13864 + 3 * 0.16241) / 2) <
           0.05 &&
       mag_get_d(arb_radref(minima->trap_level)) < 0.25;
  tap_ok(ok, "local minima for an interval of degrees of freedom");
  fmpz_set(block->rank, block->dimension);
  laws_loss_clear(interval);
  laws_loss_init(interval);
  laws_loss_append(interval, block);
  ok = laws_local_minima(minima, interval, p, 60) == STATUS_BAD_INPUT;
  tap_ok(ok, "a maximally mixed state has no local minima");
  laws_loss_clear(interval);
  arb_clear(least);
  laws_block_clear(block);

  arb_t bound;
  arb_init(bound);
  fmpq_set_si(one, 3, 200);
  ok = laws_tv_bound(bound, one, 60) == STATUS_OK && laws_mid(bound) == 0.1;
  fmpq_set_si(one, 3, 2);
  ok = ok && laws_tv_bound(bound, one, 60) == STATUS_OK && arb_is_one(bound);
  fmpq_set_si(one, -1, 2);
  ok = ok && laws_tv_bound(bound, one, 60) == STATUS_BAD_INPUT;
  tap_ok(ok, "total variation bound");
  arb_clear(bound);
  fmpq_clear(one);
  fmpq_clear(three);
  fmpz_clear(p);
  laws_minima_clear(minima);
  laws_loss_clear(loss);
}

/* A least eigenvalue known as a ball only. */
static void test_interval(void) {
  laws_block_t block;
  laws_wishart_t w;
  fmpq_t mean, m2, m3, m4;
  fmpz_t n;
  arb_t least;
  laws_block_init(block);
  laws_wishart_init(w);
  fmpq_init(mean);
  fmpq_init(m2);
  fmpq_init(m3);
  fmpq_init(m4);
  fmpz_init_set_ui(n, 64);
  arb_init(least);
  fmpq_set_si(m2, 3, 1);
  fmpq_set_si(m4, 20, 1);
  bool ok = laws_block_set_moments(block, n, mean, m2, m3, m4) == STATUS_OK &&
            laws_block_wishart(w, block, 60) == STATUS_UNDECIDED;
  /* d in [4, 5]: r_exact = 64 d^2/(3 + d^2) in [53.9, 57.2] */
  arb_set_d(least, -4.5);
  mag_set_d(arb_radref(least), 0.5);
  laws_block_set_least_ball(block, least);
  ok = ok && laws_block_wishart(w, block, 60) == STATUS_OK && !w->is_exact &&
       !w->r_is_known && fmpz_equal_si(w->r_low, 54) &&
       fmpz_equal_si(w->r_high, 58);
  arb_set_d(least, -4.5);
  mag_set_d(arb_radref(least), 1e-9);
  laws_block_set_least_ball(block, least);
  ok = ok && laws_block_wishart(w, block, 60) == STATUS_OK && w->r_is_known &&
       fmpz_equal_si(w->r, 56);
  fmpq_set_si(mean, -9, 2);
  laws_block_set_least(block, mean);
  ok = ok && laws_block_wishart(w, block, 60) == STATUS_OK && w->is_exact &&
       fmpz_equal_si(w->r, 56) &&
       fabs(laws_rational(w->r_exact) - 64 * 20.25 / 23.25) < 1e-12;
  fmpq_set_si(mean, 1, 2);
  laws_block_set_least(block, mean);
  ok = ok && laws_block_wishart(w, block, 60) == STATUS_BAD_INPUT;
  fmpq_set_si(m4, 8, 1);
  ok = ok && laws_block_set_moments(block, n, mean, m2, m3, m4) ==
                 STATUS_BAD_INPUT;
  tap_ok(ok, "degrees of freedom from an interval, a ball and an exact value");
  laws_block_clear(block);
  laws_wishart_clear(w);
  fmpq_clear(mean);
  fmpq_clear(m2);
  fmpq_clear(m3);
  fmpq_clear(m4);
  fmpz_clear(n);
  arb_clear(least);
}

int main(void) {
  tap_begin("t-laws-minima");
  test_minima();
  test_interval();
  return tap_end();
}
