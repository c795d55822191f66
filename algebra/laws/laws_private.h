/* laws_private.h - shared between the sources of the laws. Layer: private. */
#ifndef LIESCAPE_ALGEBRA_LAWS_PRIVATE_H
#define LIESCAPE_ALGEBRA_LAWS_PRIVATE_H

#include "algebra/base/flint_compat.h"
#include "algebra/laws/laws.h"

/* sqrt(q) if it is rational; root is left alone otherwise. */
bool laws_fmpq_sqrt(fmpq_t root, const fmpq_t q);

/* Moments of a sum, built block by block: zero, add, finish. unit[1..4] are
   mean, variance, third and fourth cumulant of one copy without its factor
   weight * sqrt(R). */
void laws_moments_zero(laws_moments_struct *moments);
void laws_moments_add(laws_moments_struct *moments,
                      const laws_block_struct *block, const fmpq *unit);
void laws_moments_finish(laws_moments_struct *moments);

/* weight * sqrt(R). */
void laws_block_scale(arb_t scale, const laws_block_struct *block,
                      slong prec_bits);

/* beta r s. */
void laws_real_degrees(fmpz_t degrees, const laws_wishart_struct *wishart,
                       const laws_block_struct *block);

/* Greatest number of bits of N times count over the blocks. */
slong laws_loss_bits(const laws_loss_struct *loss);

/* The Wishart form (or its gradient) as offset + sum scales_i Gamma(shapes_i).
   Statuses as laws_block_wishart; STATUS_UNDECIDED also if r is not known. */
typedef struct {
  slong length, alloc;
  arb_ptr scales;
  fmpq *shapes;
  arb_t offset;
} laws_gamma_form_t;

void laws_gamma_form_init(laws_gamma_form_t *form);
void laws_gamma_form_clear(laws_gamma_form_t *form);
status_t laws_gamma_form(laws_gamma_form_t *form, const laws_loss_struct *loss,
                         bool gradient, slong prec_bits);

/* Intersects with [0, 1]. */
void laws_clip_probability(arb_t p);

#endif
