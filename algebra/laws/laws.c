/* laws.c - blocks and losses: data, spectra, validity. See laws.h. */
#include <stdlib.h>

#include "algebra/base/flint_compat.h"
#include "algebra/laws/laws.h"

void laws_block_init(laws_block_t block) {
  block->beta = 2;
  fmpz_init_set_ui(block->dimension, 1);
  fmpz_init_set_ui(block->rank, 1);
  fmpz_init_set_ui(block->count, 1);
  fmpq_init(block->weight);
  fmpq_one(block->weight);
  fmpq_init(block->radicand);
  fmpq_one(block->radicand);
  fmpq_init(block->mean);
  fmpq_init(block->central2);
  fmpq_init(block->central3);
  fmpq_init(block->central4);
  block->least_kind = LAWS_LEAST_EXACT;
  fmpq_init(block->least);
  arb_init(block->least_ball);
  block->num_levels = 0;
  block->levels = NULL;
  block->multiplicities = NULL;
}

static void clear_levels(laws_block_struct *block) {
  for (slong i = 0; i < block->num_levels; i++) {
    fmpq_clear(block->levels + i);
    fmpz_clear(block->multiplicities + i);
  }
  flint_free(block->levels);
  flint_free(block->multiplicities);
  block->num_levels = 0;
  block->levels = NULL;
  block->multiplicities = NULL;
}

static void alloc_levels(laws_block_struct *block, slong length) {
  block->num_levels = length;
  if (length == 0) return;
  block->levels = flint_malloc((size_t)length * sizeof(fmpq));
  block->multiplicities = flint_malloc((size_t)length * sizeof(fmpz));
  for (slong i = 0; i < length; i++) {
    fmpq_init(block->levels + i);
    fmpz_init(block->multiplicities + i);
  }
}

void laws_block_clear(laws_block_t block) {
  fmpz_clear(block->dimension);
  fmpz_clear(block->rank);
  fmpz_clear(block->count);
  fmpq_clear(block->weight);
  fmpq_clear(block->radicand);
  fmpq_clear(block->mean);
  fmpq_clear(block->central2);
  fmpq_clear(block->central3);
  fmpq_clear(block->central4);
  fmpq_clear(block->least);
  arb_clear(block->least_ball);
  clear_levels(block);
}

void laws_block_set(laws_block_t out, const laws_block_t in) {
  if (out == in) return;
  out->beta = in->beta;
  fmpz_set(out->dimension, in->dimension);
  fmpz_set(out->rank, in->rank);
  fmpz_set(out->count, in->count);
  fmpq_set(out->weight, in->weight);
  fmpq_set(out->radicand, in->radicand);
  fmpq_set(out->mean, in->mean);
  fmpq_set(out->central2, in->central2);
  fmpq_set(out->central3, in->central3);
  fmpq_set(out->central4, in->central4);
  out->least_kind = in->least_kind;
  fmpq_set(out->least, in->least);
  arb_set(out->least_ball, in->least_ball);
  clear_levels(out);
  alloc_levels(out, in->num_levels);
  for (slong i = 0; i < in->num_levels; i++) {
    fmpq_set(out->levels + i, in->levels + i);
    fmpz_set(out->multiplicities + i, in->multiplicities + i);
  }
}

typedef struct {
  const fmpq *value;
  const fmpz *multiplicity;
} level_t;

static int compare_levels(const void *a, const void *b) {
  return fmpq_cmp(((const level_t *)a)->value, ((const level_t *)b)->value);
}

/* dimension, mean and central moments of the listed levels. */
static void moments_of_levels(laws_block_struct *block) {
  fmpq_t term, deviation, power;
  fmpq *target[3] = {block->central2, block->central3, block->central4};
  fmpq_init(term);
  fmpq_init(deviation);
  fmpq_init(power);
  fmpz_zero(block->dimension);
  fmpq_zero(block->mean);
  for (int j = 0; j < 3; j++) fmpq_zero(target[j]);
  for (slong i = 0; i < block->num_levels; i++) {
    fmpz_add(block->dimension, block->dimension, block->multiplicities + i);
    fmpq_mul_fmpz(term, block->levels + i, block->multiplicities + i);
    fmpq_add(block->mean, block->mean, term);
  }
  fmpq_div_fmpz(block->mean, block->mean, block->dimension);
  for (slong i = 0; i < block->num_levels; i++) {
    fmpq_sub(deviation, block->levels + i, block->mean);
    fmpq_set(power, deviation);
    for (int j = 0; j < 3; j++) {
      fmpq_mul(power, power, deviation);
      fmpq_mul_fmpz(term, power, block->multiplicities + i);
      fmpq_add(target[j], target[j], term);
    }
  }
  for (int j = 0; j < 3; j++)
    fmpq_div_fmpz(target[j], target[j], block->dimension);
  fmpq_clear(term);
  fmpq_clear(deviation);
  fmpq_clear(power);
}

status_t laws_block_set_spectrum(laws_block_t block, const fmpq *eigenvalues,
                                 const fmpz *multiplicities, slong length) {
  slong kept = 0;
  for (slong i = 0; i < length; i++) {
    if (fmpz_sgn(multiplicities + i) < 0) return STATUS_BAD_INPUT;
    if (!fmpz_is_zero(multiplicities + i)) kept++;
  }
  if (kept == 0) return STATUS_BAD_INPUT;
  level_t *order = flint_malloc((size_t)kept * sizeof *order);
  kept = 0;
  for (slong i = 0; i < length; i++)
    if (!fmpz_is_zero(multiplicities + i)) {
      order[kept].value = eigenvalues + i;
      order[kept++].multiplicity = multiplicities + i;
    }
  qsort(order, (size_t)kept, sizeof *order, compare_levels);
  slong distinct = 1;
  for (slong i = 1; i < kept; i++)
    distinct += !fmpq_equal(order[i].value, order[i - 1].value);

  /* The input may be the block's own levels: fill a fresh list first. */
  laws_block_t fresh;
  laws_block_init(fresh);
  alloc_levels(fresh, distinct);
  slong at = -1;
  for (slong i = 0; i < kept; i++) {
    if (i == 0 || !fmpq_equal(order[i].value, order[i - 1].value))
      fmpq_set(fresh->levels + ++at, order[i].value);
    fmpz_add(fresh->multiplicities + at, fresh->multiplicities + at,
             order[i].multiplicity);
  }
  flint_free(order);
  moments_of_levels(fresh);
  fmpq_set(fresh->least, fresh->levels);
  fresh->least_kind = LAWS_LEAST_EXACT;
  fresh->beta = block->beta;
  fmpz_set(fresh->rank, block->rank);
  fmpz_set(fresh->count, block->count);
  fmpq_set(fresh->weight, block->weight);
  fmpq_set(fresh->radicand, block->radicand);
  laws_block_struct old = *block;
  *block = *fresh;
  *fresh = old;
  laws_block_clear(fresh);
  return STATUS_OK;
}

/* Is there a law on the reals with variance m2 and these third and fourth
   central moments?  m2 >= 0 and m4 m2 >= m3^2 + m2^3, all zero with m2. */
static bool moments_are_possible(const fmpq_t m2, const fmpq_t m3,
                                 const fmpq_t m4) {
  if (fmpq_sgn(m2) < 0) return false;
  if (fmpq_is_zero(m2)) return fmpq_is_zero(m3) && fmpq_is_zero(m4);
  fmpq_t left, right, cube;
  fmpq_init(left);
  fmpq_init(right);
  fmpq_init(cube);
  fmpq_mul(left, m4, m2);
  fmpq_mul(right, m3, m3);
  fmpq_pow_si(cube, m2, 3);
  fmpq_add(right, right, cube);
  bool possible = fmpq_cmp(left, right) >= 0;
  fmpq_clear(left);
  fmpq_clear(right);
  fmpq_clear(cube);
  return possible;
}

status_t laws_block_set_moments(laws_block_t block, const fmpz_t dimension,
                                const fmpq_t mean, const fmpq_t central2,
                                const fmpq_t central3, const fmpq_t central4) {
  if (fmpz_sgn(dimension) <= 0 ||
      !moments_are_possible(central2, central3, central4))
    return STATUS_BAD_INPUT;
  clear_levels(block);
  fmpz_set(block->dimension, dimension);
  fmpq_set(block->mean, mean);
  fmpq_set(block->central2, central2);
  fmpq_set(block->central3, central3);
  fmpq_set(block->central4, central4);
  block->least_kind = LAWS_LEAST_UNKNOWN;
  if (fmpq_is_zero(central2)) laws_block_set_least(block, mean);
  return STATUS_OK;
}

void laws_block_set_least(laws_block_t block, const fmpq_t least) {
  fmpq_set(block->least, least);
  block->least_kind = LAWS_LEAST_EXACT;
}

void laws_block_set_least_ball(laws_block_t block, const arb_t least) {
  arb_set(block->least_ball, least);
  block->least_kind = LAWS_LEAST_BALL;
}

bool laws_block_is_constant(const laws_block_t block) {
  return fmpq_is_zero(block->central2) || fmpq_is_zero(block->weight) ||
         fmpz_equal(block->rank, block->dimension);
}

/* sum of the s least eigenvalues. */
static void sum_least(fmpq_t out, const laws_block_struct *block) {
  fmpz_t left, take;
  fmpq_t term;
  fmpz_init_set(left, block->rank);
  fmpz_init(take);
  fmpq_init(term);
  fmpq_zero(out);
  for (slong i = 0; i < block->num_levels && !fmpz_is_zero(left); i++) {
    bool all = fmpz_cmp(block->multiplicities + i, left) <= 0;
    fmpz_set(take, all ? block->multiplicities + i : left);
    fmpq_mul_fmpz(term, block->levels + i, take);
    fmpq_add(out, out, term);
    fmpz_sub(left, left, take);
  }
  fmpz_clear(left);
  fmpz_clear(take);
  fmpq_clear(term);
}

status_t laws_block_height(arb_t height, const laws_block_t block,
                           slong prec_bits) {
  slong prec = prec_bits + 32;
  fmpq_t x;
  arb_t root;
  status_t status = STATUS_OK;
  fmpq_init(x);
  arb_init(root);
  if (block->num_levels > 0) {
    sum_least(x, block);
    fmpq_div_fmpz(x, x, block->rank);
    fmpq_sub(x, block->mean, x);
    arb_set_fmpq(height, x, prec);
  } else if (!fmpz_is_one(block->rank) ||
             block->least_kind == LAWS_LEAST_UNKNOWN) {
    status = STATUS_UNDECIDED;
  } else if (block->least_kind == LAWS_LEAST_EXACT) {
    fmpq_sub(x, block->mean, block->least);
    arb_set_fmpq(height, x, prec);
  } else {
    arb_set_fmpq(height, block->mean, prec);
    arb_sub(height, height, block->least_ball, prec);
  }
  if (status == STATUS_OK) {
    arb_set_fmpq(root, block->radicand, prec);
    arb_sqrt(root, root, prec);
    arb_mul(height, height, root, prec);
  }
  fmpq_clear(x);
  arb_clear(root);
  return status;
}

bool laws_block_is_valid(const laws_block_t block) {
  return block->beta >= 1 && fmpz_sgn(block->rank) > 0 &&
         fmpz_cmp(block->rank, block->dimension) <= 0 &&
         fmpz_sgn(block->count) > 0 && fmpq_sgn(block->radicand) > 0 &&
         (block->beta == 1 || block->beta == 2 || block->beta == 4 ||
          fmpz_cmp_ui(block->dimension, 2) <= 0);
}

void laws_loss_init(laws_loss_t loss) {
  fmpq_init(loss->constant);
  loss->length = 0;
  loss->alloc = 0;
  loss->blocks = NULL;
}

void laws_loss_clear(laws_loss_t loss) {
  for (slong i = 0; i < loss->length; i++) laws_block_clear(loss->blocks + i);
  flint_free(loss->blocks);
  fmpq_clear(loss->constant);
}

status_t laws_loss_append(laws_loss_t loss, const laws_block_t block) {
  if (!laws_block_is_valid(block)) return STATUS_BAD_INPUT;
  if (loss->length == loss->alloc) {
    loss->alloc = loss->alloc ? 2 * loss->alloc : 4;
    loss->blocks = flint_realloc(
        loss->blocks, (size_t)loss->alloc * sizeof *loss->blocks);
  }
  laws_block_init(loss->blocks + loss->length);
  laws_block_set(loss->blocks + loss->length, block);
  loss->length++;
  return STATUS_OK;
}
