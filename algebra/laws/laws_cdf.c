/* laws_cdf.c - distribution functions and densities of losses and gradients,
   reduced to sums of Gamma variables; quantiles are in laws_quantile.c.

   Dirichlet: sum_i o_i w_i <= y  iff  sum_i (o_i - y) G_i <= 0, where the G_i
   are independent Gamma(beta m_i / 2). */

#include "algebra/base/flint_compat.h"
#include "algebra/laws/laws_private.h"

/* --- finite N ------------------------------------------------------------- */

/* L = offset + slope Y, Y = sum of levels * Dirichlet(shapes). length 0: L is
   the constant offset. */
typedef struct {
  slong length;
  fmpq *levels; /* ascending */
  fmpq *shapes;
  arb_t offset, slope;
} dirichlet_t;

static void dirichlet_alloc(dirichlet_t *law, slong length) {
  law->length = length;
  law->levels = _fmpq_vec_init(length);
  law->shapes = _fmpq_vec_init(length);
}

static void dirichlet_init(dirichlet_t *law) {
  law->length = 0;
  law->levels = law->shapes = NULL;
  arb_init(law->offset);
  arb_init(law->slope);
}

static void dirichlet_clear(dirichlet_t *law) {
  if (law->length) {
    _fmpq_vec_clear(law->levels, law->length);
    _fmpq_vec_clear(law->shapes, law->length);
  }
  arb_clear(law->offset);
  arb_clear(law->slope);
}

/* X of the block as shift + slope Y. false: not of this kind. */
static bool block_as_dirichlet(dirichlet_t *law, fmpq_t shift, fmpq_t slope,
                               const laws_block_struct *block) {
  fmpz_t rest;
  fmpz_init(rest);
  fmpz_sub(rest, block->dimension, block->rank); /* N - s > 0 */
  bool known = true;
  slong n = block->num_levels;
  if (n > 0 && (fmpz_is_one(block->rank) || fmpz_is_one(rest))) {
    dirichlet_alloc(law, n);
    for (slong i = 0; i < n; i++) {
      fmpq_set(law->levels + i, block->levels + i);
      fmpq_set_fmpz(law->shapes + i, block->multiplicities + i);
    }
    fmpq_zero(shift);
    fmpq_one(slope);
    if (!fmpz_is_one(block->rank)) {
      /* Tr(P U*OU)/s with P = 1 - (rank one): (N mean - Y) / s */
      fmpq_mul_fmpz(shift, block->mean, block->dimension);
      fmpq_div_fmpz(shift, shift, block->rank);
      fmpq_set_si(slope, -1, 1);
      fmpq_div_fmpz(slope, slope, block->rank);
    }
  } else if (n == 2 && (fmpz_is_one(block->multiplicities) ||
                        fmpz_is_one(block->multiplicities + 1))) {
    /* O = a + (b - a) (rank one): X = a + (b - a) Z / s, Z in [0, 1] the
       weight of a vector on s of N dimensions */
    int single = fmpz_is_one(block->multiplicities + 1) ? 1 : 0;
    dirichlet_alloc(law, 2);
    fmpq_one(law->levels + 1);
    fmpq_set_fmpz(law->shapes + 0, rest);
    fmpq_set_fmpz(law->shapes + 1, block->rank);
    fmpq_set(shift, block->levels + (1 - single));
    fmpq_sub(slope, block->levels + single, shift);
    fmpq_div_fmpz(slope, slope, block->rank);
  } else {
    known = false;
  }
  for (slong i = 0; i < law->length; i++) {
    fmpq_mul_si(law->shapes + i, law->shapes + i, (slong)block->beta);
    fmpq_div_2exp(law->shapes + i, law->shapes + i, 1);
  }
  fmpz_clear(rest);
  return known;
}

slong laws_loss_bits(const laws_loss_struct *loss) {
  slong bits = 0;
  for (slong i = 0; i < loss->length; i++) {
    slong b = (slong)fmpz_bits(loss->blocks[i].dimension) +
              (slong)fmpz_bits(loss->blocks[i].count);
    if (b > bits) bits = b;
  }
  return bits;
}

static status_t loss_as_dirichlet(dirichlet_t *law,
                                  const laws_loss_struct *loss, slong prec) {
  status_t status = STATUS_OK;
  fmpq_t shift, slope;
  arb_t scale, term;
  fmpq_init(shift);
  fmpq_init(slope);
  arb_init(scale);
  arb_init(term);
  arb_set_fmpq(law->offset, loss->constant, prec);
  for (slong i = 0; i < loss->length && status == STATUS_OK; i++) {
    const laws_block_struct *block = loss->blocks + i;
    laws_block_scale(scale, block, prec);
    if (laws_block_is_constant(block)) {
      arb_mul_fmpz(scale, scale, block->count, prec);
      fmpq_set(shift, block->mean);
    } else if (law->length > 0 || !fmpz_is_one(block->count) ||
               !block_as_dirichlet(law, shift, slope, block)) {
      status = STATUS_UNDECIDED;
    } else {
      arb_set_fmpq(term, slope, prec);
      arb_mul(law->slope, scale, term, prec);
    }
    arb_set_fmpq(term, shift, prec);
    arb_addmul(law->offset, scale, term, prec);
  }
  fmpq_clear(shift);
  fmpq_clear(slope);
  arb_clear(scale);
  arb_clear(term);
  return status;
}

/* The library's own functions, where the shapes are small enough for them to
   be the faster way. false: use the inversion. */
enum { MAX_SERIES_SHAPE = 1000 };

static bool accurate_enough(arb_t p, slong prec) {
  laws_clip_probability(p);
  return arb_is_finite(p) && mag_cmp_2exp_si(arb_radref(p), -prec) < 0;
}

static bool beta_series(arb_t cdf, const fmpq *shapes, const fmpq_t y,
                        slong prec) {
  if (fmpq_sgn(y) <= 0 || fmpq_cmp_si(y, 1) >= 0 ||
      fmpq_cmp_si(shapes, MAX_SERIES_SHAPE) > 0 ||
      fmpq_cmp_si(shapes + 1, MAX_SERIES_SHAPE) > 0)
    return false;
  arb_t a, b, x;
  arb_init(a);
  arb_init(b);
  arb_init(x);
  slong work = prec + 64;
  arb_set_fmpq(a, shapes + 1, work);
  arb_set_fmpq(b, shapes, work);
  arb_set_fmpq(x, y, work);
  arb_hypgeom_beta_lower(x, a, b, x, 1, work);
  bool good = accurate_enough(x, prec);
  if (good) arb_swap(cdf, x);
  arb_clear(a);
  arb_clear(b);
  arb_clear(x);
  return good;
}

static bool gamma_series(arb_t cdf, const arb_t scale, const fmpq_t shape,
                         const arb_t x, slong prec) {
  if (!arb_is_positive(scale) || !arb_is_positive(x) ||
      fmpq_cmp_si(shape, MAX_SERIES_SHAPE / 8) > 0)
    return false;
  arb_t a, z;
  arb_init(a);
  arb_init(z);
  slong work = prec + 128;
  arb_set_fmpq(a, shape, work);
  arb_div(z, x, scale, work);
  arb_hypgeom_gamma_lower(z, a, z, 1, work);
  bool good = accurate_enough(z, prec);
  if (good) arb_set_round(cdf, z, prec + 32);
  arb_clear(a);
  arb_clear(z);
  return good;
}

/* P(Y <= y), y exact. */
static status_t dirichlet_cdf(arb_t cdf, const dirichlet_t *law, const arf_t y,
                              slong prec) {
  status_t status;
  fmpq_t point, difference, position;
  fmpz_t exponent;
  arb_ptr scales = _arb_vec_init(law->length);
  arb_t zero;
  fmpq_init(point);
  fmpq_init(difference);
  fmpq_init(position);
  fmpz_init(exponent);
  arb_init(zero);
  arf_get_fmpz_2exp(fmpq_numref(point), exponent, y);
  /* exponents here are those of a precision in bits: they fit a word */
  slong shift = fmpz_get_si(exponent);
  if (shift >= 0) fmpq_mul_2exp(point, point, (flint_bitcnt_t)shift);
  else fmpq_div_2exp(point, point, (flint_bitcnt_t)-shift);
  if (law->length == 2) {
    /* Beta, of the part between the two levels */
    fmpq_sub(difference, law->levels + 1, law->levels);
    fmpq_sub(position, point, law->levels);
    fmpq_div(position, position, difference);
    if (beta_series(cdf, law->shapes, position, prec)) {
      status = STATUS_OK;
      goto done;
    }
  }
  for (slong i = 0; i < law->length; i++) {
    fmpq_sub(difference, law->levels + i, point);
    arb_set_fmpq(scales + i, difference,
                 prec + 64 + (slong)fmpz_bits(fmpq_numref(law->shapes + i)));
  }
  status =
      laws_gamma_sum_cdf(cdf, scales, law->shapes, law->length, zero, prec);
done:
  _arb_vec_clear(scales, law->length);
  fmpq_clear(position);
  fmpq_clear(point);
  fmpq_clear(difference);
  fmpz_clear(exponent);
  arb_clear(zero);
  return status;
}

/* Value of a law concentrated in c. */
static status_t step(arb_t cdf, const arb_t c, const arb_t x) {
  if (arb_le(c, x)) arb_one(cdf);
  else if (arb_gt(c, x)) arb_zero(cdf);
  else return STATUS_UNDECIDED;
  return STATUS_OK;
}

status_t laws_finite_cdf(arb_t cdf, const laws_loss_t loss, const arb_t x,
                         slong prec_bits) {
  if (!arb_is_finite(x)) return STATUS_UNDECIDED;
  slong prec = prec_bits + 64 + 2 * laws_loss_bits(loss);
  dirichlet_t law;
  arb_t y, first, second;
  arf_t end;
  dirichlet_init(&law);
  arb_init(y);
  arb_init(first);
  arb_init(second);
  arf_init(end);
  status_t status = loss_as_dirichlet(&law, loss, prec);
  if (status != STATUS_OK) goto done;
  if (law.length == 0) {
    status = step(cdf, law.offset, x);
    goto done;
  }
  arb_sub(y, x, law.offset, prec);
  arb_div(y, y, law.slope, prec);
  arb_get_lbound_arf(end, y, prec);
  status = dirichlet_cdf(first, &law, end, prec_bits);
  if (status == STATUS_OK && !arb_is_exact(y)) {
    arb_get_ubound_arf(end, y, prec);
    status = dirichlet_cdf(second, &law, end, prec_bits);
    if (status == STATUS_OK) arb_union(first, first, second, prec_bits + 32);
  }
  if (status != STATUS_OK) goto done;
  if (arb_is_negative(law.slope)) {
    arb_sub_ui(first, first, 1, prec);
    arb_neg(first, first);
    laws_clip_probability(first);
  }
  arb_set_round(cdf, first, prec_bits + 32);
done:
  dirichlet_clear(&law);
  arb_clear(y);
  arb_clear(first);
  arb_clear(second);
  arf_clear(end);
  return status;
}

/* --- sums of Gamma variables ------------------------------------------------ */

void laws_gamma_form_init(laws_gamma_form_t *form) {
  form->length = 0;
  form->scales = NULL;
  form->shapes = NULL;
  arb_init(form->offset);
}

void laws_gamma_form_clear(laws_gamma_form_t *form) {
  if (form->scales) {
    _arb_vec_clear(form->scales, form->alloc);
    _fmpq_vec_clear(form->shapes, form->alloc);
  }
  arb_clear(form->offset);
}

/* weight sqrt(R) (least + obar Gamma(k/2, 2/k)), k = beta r s; the gradient is
   (weight sqrt(R) obar / k) (G - G'), G and G' of shape k/2: a product of two
   normals is half the difference of two squares of normals. */
status_t laws_gamma_form(laws_gamma_form_t *form, const laws_loss_struct *loss,
                         bool gradient, slong prec) {
  status_t status = STATUS_OK;
  laws_wishart_t w;
  fmpz_t degrees;
  arb_t scale, term;
  laws_wishart_init(w);
  fmpz_init(degrees);
  arb_init(scale);
  arb_init(term);
  form->alloc = 2 * loss->length + 1;
  form->scales = _arb_vec_init(form->alloc);
  form->shapes = _fmpq_vec_init(form->alloc);
  if (!gradient) arb_set_fmpq(form->offset, loss->constant, prec);
  for (slong i = 0; i < loss->length; i++) {
    const laws_block_struct *block = loss->blocks + i;
    if (fmpq_is_zero(block->weight)) continue;
    bool constant = laws_block_is_constant(block);
    if (!constant) status = laws_block_wishart(w, block, prec);
    if (status == STATUS_OK && !constant && !w->r_is_known)
      status = STATUS_UNDECIDED;
    if (status != STATUS_OK) break;
    fmpz_zero(degrees);
    arb_zero(scale);
    if (!constant) {
      laws_real_degrees(degrees, w, block);
      arb_set_fmpq(scale, block->weight, prec);
      arb_mul(scale, scale, w->mean_eigenvalue_ball, prec);
    }
    if (!gradient) { /* least = mean - obar */
      laws_block_scale(term, block, prec);
      arb_t mean;
      arb_init(mean);
      arb_set_fmpq(mean, block->mean, prec);
      arb_mul(term, term, mean, prec);
      arb_clear(mean);
      arb_sub(term, term, scale, prec);
      arb_mul_fmpz(term, term, block->count, prec);
      arb_add(form->offset, form->offset, term, prec);
    }
    if (fmpz_is_zero(degrees)) continue;
    arb_div_fmpz(scale, scale, degrees, prec);
    if (!gradient) arb_mul_2exp_si(scale, scale, 1);
    for (int copy = 0; copy <= (int)gradient; copy++) {
      slong at = form->length++;
      arb_set(form->scales + at, scale);
      arb_neg(scale, scale);
      fmpq_set_fmpz(form->shapes + at, degrees);
      fmpq_mul_fmpz(form->shapes + at, form->shapes + at, block->count);
      fmpq_div_2exp(form->shapes + at, form->shapes + at, 1);
    }
  }
  laws_wishart_clear(w);
  fmpz_clear(degrees);
  arb_clear(scale);
  arb_clear(term);
  return status;
}

static status_t gamma_form_cdf(arb_t cdf, const laws_loss_struct *loss,
                               bool gradient, const arb_t x, slong prec_bits) {
  slong prec = prec_bits + 64 + 2 * laws_loss_bits(loss);
  laws_gamma_form_t form;
  arb_t point;
  if (!arb_is_finite(x)) return STATUS_UNDECIDED;
  laws_gamma_form_init(&form);
  arb_init(point);
  status_t status = laws_gamma_form(&form, loss, gradient, prec);
  if (status == STATUS_OK) {
    if (form.length == 0) {
      status = step(cdf, form.offset, x);
    } else {
      arb_sub(point, x, form.offset, prec);
      if (form.length > 1 || !gamma_series(cdf, form.scales, form.shapes,
                                           point, prec_bits))
        status = laws_gamma_sum_cdf(cdf, form.scales, form.shapes,
                                    form.length, point, prec_bits);
    }
  }
  laws_gamma_form_clear(&form);
  arb_clear(point);
  return status;
}

status_t laws_wishart_cdf(arb_t cdf, const laws_loss_t loss, const arb_t x,
                          slong prec_bits) {
  return gamma_form_cdf(cdf, loss, false, x, prec_bits);
}

status_t laws_gradient_cdf(arb_t cdf, const laws_loss_t loss, const arb_t x,
                           slong prec_bits) {
  return gamma_form_cdf(cdf, loss, true, x, prec_bits);
}

status_t laws_gradient_density(arb_t density, const laws_loss_t loss,
                               const arb_t x, slong prec_bits) {
  slong prec = prec_bits + 64 + 2 * laws_loss_bits(loss);
  laws_gamma_form_t form;
  arb_t z, nu, t;
  laws_gamma_form_init(&form);
  arb_init(z);
  arb_init(nu);
  arb_init(t);
  status_t status = laws_gamma_form(&form, loss, true, prec);
  if (status == STATUS_OK && form.length != 2) status = STATUS_UNDECIDED;
  if (status != STATUS_OK) goto done;
  arb_struct *c = form.scales;
  arb_abs(c, c);
  arb_div(z, x, c, prec);
  arb_abs(z, z);
  arb_set_fmpq(nu, form.shapes, prec); /* k/2 */
  if (arb_is_zero(z)) {
    /* Gamma((k-1)/2) / (2 sqrt(pi) Gamma(k/2) c) */
    if (fmpq_cmp_si(form.shapes, 1) < 0) {
      arb_pos_inf(density);
      goto done;
    }
    arb_rgamma(t, nu, prec);
    arb_one(z);
    arb_mul_2exp_si(z, z, -1);
    arb_sub(nu, nu, z, prec);
    arb_gamma(nu, nu, prec);
    arb_mul(t, t, nu, prec);
    arb_mul_2exp_si(t, t, -1);
  } else {
    arb_rgamma(t, nu, prec);
    arb_mul_2exp_si(nu, nu, 1);
    arb_sub_ui(nu, nu, 1, prec);
    arb_mul_2exp_si(nu, nu, -1); /* (k-1)/2 */
    arb_t bessel;
    arb_init(bessel);
    arb_hypgeom_bessel_k(bessel, nu, z, prec);
    arb_mul(t, t, bessel, prec);
    arb_mul_2exp_si(z, z, -1);
    arb_pow(z, z, nu, prec); /* (|z|/2)^nu */
    arb_mul(t, t, z, prec);
    arb_clear(bessel);
  }
  arb_const_pi(z, prec);
  arb_rsqrt(z, z, prec);
  arb_mul(t, t, z, prec);
  arb_div(t, t, c, prec);
  arb_set_round(density, t, prec_bits);
  if (!arb_is_finite(density)) status = STATUS_UNDECIDED;
done:
  laws_gamma_form_clear(&form);
  arb_clear(z);
  arb_clear(nu);
  arb_clear(t);
  return status;
}
