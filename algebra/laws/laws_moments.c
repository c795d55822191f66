/* laws_moments.c - exact moments at finite N and of the Wishart form. */
#include <assert.h>

#include "algebra/base/flint_compat.h"
#include "algebra/laws/laws_jack.h"
#include "algebra/laws/laws_private.h"

void laws_moments_init(laws_moments_t moments) {
  fmpq_init(moments->mean);
  fmpq_init(moments->variance);
  fmpq_init(moments->third);
  fmpq_init(moments->fourth);
  fmpq_init(moments->excess_kurtosis);
  moments->mean_is_rational = moments->third_is_rational = true;
  moments->has_kurtosis = false;
}

void laws_moments_clear(laws_moments_t moments) {
  fmpq_clear(moments->mean);
  fmpq_clear(moments->variance);
  fmpq_clear(moments->third);
  fmpq_clear(moments->fourth);
  fmpq_clear(moments->excess_kurtosis);
}

/* sqrt(q) if it is rational. */
bool laws_fmpq_sqrt(fmpq_t root, const fmpq_t q) {
  if (fmpq_sgn(q) < 0 || !fmpz_is_square(fmpq_numref(q)) ||
      !fmpz_is_square(fmpq_denref(q)))
    return false;
  fmpz_sqrt(fmpq_numref(root), fmpq_numref(q));
  fmpz_sqrt(fmpq_denref(root), fmpq_denref(q));
  return true;
}

void laws_moments_zero(laws_moments_struct *m) {
  fmpq_zero(m->mean);
  fmpq_zero(m->variance);
  fmpq_zero(m->third);
  fmpq_zero(m->fourth); /* holds the fourth cumulant until finish */
  fmpq_zero(m->excess_kurtosis);
  m->mean_is_rational = m->third_is_rational = true;
  m->has_kurtosis = false;
}

void laws_moments_add(laws_moments_struct *m, const laws_block_struct *block,
                      const fmpq *unit) {
  fmpq_t scale, square, root, term;
  fmpq_init(scale);
  fmpq_init(square);
  fmpq_init(root);
  fmpq_init(term);
  fmpq_mul(square, block->weight, block->weight);
  fmpq_mul(square, square, block->radicand);
  bool rational = laws_fmpq_sqrt(root, block->radicand);
  if (rational) fmpq_mul(scale, block->weight, root);

  for (int j = 1; j <= 4; j++) {
    fmpq *target = j == 1   ? m->mean
                   : j == 2 ? m->variance
                   : j == 3 ? m->third
                            : m->fourth;
    if (fmpq_is_zero(unit + j) || fmpq_is_zero(block->weight)) continue;
    if (j % 2 == 1 && !rational) {
      if (j == 1) m->mean_is_rational = false;
      else m->third_is_rational = false;
      continue;
    }
    fmpq_mul_fmpz(term, unit + j, block->count);
    if (j % 2 == 1) fmpq_mul(term, term, scale);
    if (j >= 2) fmpq_mul(term, term, square);
    if (j == 4) fmpq_mul(term, term, square);
    fmpq_add(target, target, term);
  }
  fmpq_clear(scale);
  fmpq_clear(square);
  fmpq_clear(root);
  fmpq_clear(term);
}

void laws_moments_finish(laws_moments_struct *m) {
  fmpq_t square;
  fmpq_init(square);
  fmpq_mul(square, m->variance, m->variance);
  m->has_kurtosis = !fmpq_is_zero(square);
  if (m->has_kurtosis) fmpq_div(m->excess_kurtosis, m->fourth, square);
  fmpq_mul_si(square, square, 3);
  fmpq_add(m->fourth, m->fourth, square);
  if (!m->mean_is_rational) fmpq_zero(m->mean);
  if (!m->third_is_rational) fmpq_zero(m->third);
  fmpq_clear(square);
}

/* unit[1..4]: mean, variance, third and fourth cumulant of X. */
static void finite_unit(fmpq *unit, const laws_block_struct *block) {
  fmpq_t alpha, square;
  fmpq p[5];
  fmpq_init(alpha);
  fmpq_init(square);
  for (int j = 0; j < 5; j++) fmpq_init(p + j);
  fmpq_set_ui(alpha, 2, block->beta);
  fmpq_mul_fmpz(p + 2, block->central2, block->dimension);
  fmpq_mul_fmpz(p + 3, block->central3, block->dimension);
  fmpq_mul_fmpz(p + 4, block->central4, block->dimension);
  fmpq_set(unit + 1, block->mean);
  for (int j = 2; j <= 4; j++)
    jack_moment(unit + j, j, alpha, block->rank, block->dimension, p);
  fmpq_mul(square, unit + 2, unit + 2);
  fmpq_mul_si(square, square, 3);
  fmpq_sub(unit + 4, unit + 4, square);
  for (int j = 0; j < 5; j++) fmpq_clear(p + j);
  fmpq_clear(alpha);
  fmpq_clear(square);
}

void laws_block_moments(laws_moments_t moments, const laws_block_t block) {
  assert(laws_block_is_valid(block));
  fmpq unit[5];
  laws_block_t one;
  laws_block_init(one);
  for (int j = 0; j < 5; j++) fmpq_init(unit + j);
  finite_unit(unit, block);
  fmpq_set(one->weight, block->weight);
  fmpq_set(one->radicand, block->radicand);
  laws_moments_zero(moments);
  laws_moments_add(moments, one, unit);
  laws_moments_finish(moments);
  for (int j = 0; j < 5; j++) fmpq_clear(unit + j);
  laws_block_clear(one);
}

void laws_finite_moments(laws_moments_t moments, const laws_loss_t loss) {
  fmpq unit[5];
  for (int j = 0; j < 5; j++) fmpq_init(unit + j);
  laws_moments_zero(moments);
  fmpq_set(moments->mean, loss->constant);
  for (slong i = 0; i < loss->length; i++) {
    finite_unit(unit, loss->blocks + i);
    laws_moments_add(moments, loss->blocks + i, unit);
  }
  laws_moments_finish(moments);
  for (int j = 0; j < 5; j++) fmpq_clear(unit + j);
}

status_t laws_block_raw_moment(fmpq_t moment, const laws_block_t block,
                               int order) {
  if (order < 0 || order > JACK_MAX_DEGREE) return STATUS_BAD_INPUT;
  assert(laws_block_is_valid(block));
  static const int binomial[5][5] = {
      {1}, {1, 1}, {1, 2, 1}, {1, 3, 3, 1}, {1, 4, 6, 4, 1}};
  const fmpq *central[5] = {NULL, NULL, block->central2, block->central3,
                            block->central4};
  fmpq_t alpha, term;
  fmpq p[5];
  fmpq_init(alpha);
  fmpq_init(term);
  fmpq_set_ui(alpha, 2, block->beta);
  /* Tr O^k = N sum_j binomial(k, j) mean^(k-j) central_j. */
  for (int k = 0; k < 5; k++) {
    fmpq_init(p + k);
    for (int j = 0; j <= k; j++) {
      if (j == 1) continue;
      fmpq_pow_si(term, block->mean, k - j);
      if (j > 0) fmpq_mul(term, term, central[j]);
      fmpq_mul_si(term, term, binomial[k][j]);
      fmpq_add(p + k, p + k, term);
    }
    fmpq_mul_fmpz(p + k, p + k, block->dimension);
  }
  jack_moment(moment, order, alpha, block->rank, block->dimension, p);
  for (int k = 0; k < 5; k++) fmpq_clear(p + k);
  fmpq_clear(alpha);
  fmpq_clear(term);
  return STATUS_OK;
}

status_t laws_block_dirichlet_moment(fmpq_t moment, const laws_block_t block,
                                     ulong order) {
  if (!fmpz_is_one(block->rank) || (order > 0 && block->num_levels == 0))
    return STATUS_BAD_INPUT;
  assert(laws_block_is_valid(block));
  slong length = (slong)order + 1;
  fmpq *series = flint_malloc((size_t)length * sizeof *series);
  fmpq *sums = flint_malloc((size_t)length * sizeof *sums);
  fmpq_t term, half_beta;
  fmpq_init(term);
  fmpq_init(half_beta);
  fmpq_set_ui(half_beta, block->beta, 2);
  for (slong k = 0; k < length; k++) {
    fmpq_init(series + k);
    fmpq_init(sums + k);
    for (slong i = 0; k > 0 && i < block->num_levels; i++) {
      fmpq_pow_si(term, block->levels + i, k);
      fmpq_mul_fmpz(term, term, block->multiplicities + i);
      fmpq_add(sums + k, sums + k, term);
    }
    fmpq_mul(sums + k, sums + k, half_beta);
  }
  /* E = exp(S): k E_k = sum_{i=1}^k sums_i E_{k-i}. */
  fmpq_one(series);
  for (slong k = 1; k < length; k++) {
    for (slong i = 1; i <= k; i++)
      fmpq_addmul(series + k, sums + i, series + (k - i));
    fmpq_div_fmpz(series + k, series + k, (fmpz[1]){k});
  }
  fmpq_set(moment, series + order);
  /* j! / (a)_j, a = beta N / 2. */
  fmpq_mul_fmpz(half_beta, half_beta, block->dimension);
  for (slong k = 1; k < length; k++) {
    fmpq_mul_si(moment, moment, k);
    fmpq_add_si(term, half_beta, k - 1);
    fmpq_div(moment, moment, term);
  }
  for (slong k = 0; k < length; k++) {
    fmpq_clear(series + k);
    fmpq_clear(sums + k);
  }
  flint_free(series);
  flint_free(sums);
  fmpq_clear(term);
  fmpq_clear(half_beta);
  return STATUS_OK;
}
