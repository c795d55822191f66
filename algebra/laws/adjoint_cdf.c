#include "algebra/laws/adjoint_cdf.h"

#include "algebra/laws/adjoint_orbit.h"
#include "algebra/laws/unitary_orbit.h"

/* Terms of sines are cheap, those of determinants are not; nor is more than 2^(-30)
   asked of them. */
enum { MAX_SIGNS = 12, MAX_TERMS = 20000, MAX_ORBIT_TERMS = 300, ORBIT_BITS = 30 };

/* --- the ideals ----------------------------------------------------------------------- */

typedef struct {
  slong count, num_unitary;
  adjoint_orbit_t *list;
  unitary_orbit_t *unitary;
} orbits_t;

static void set_widths(adjoint_cdf_struct *cdf, const adjoint_law_struct *law,
                       slong prec) {
  cdf->alloc = 1;
  for (size_t i = 0; i < law->num_families; i++)
    if (adjoint_family_is_uniform(law->families + i))
      cdf->alloc += (slong)law->families[i].count;
  cdf->widths = _arb_vec_init(cdf->alloc);
  for (size_t i = 0; i < law->num_families; i++) {
    const adjoint_family_struct *f = law->families + i;
    if (!adjoint_family_is_uniform(f) || fmpq_is_zero(f->second)) continue;
    for (size_t k = 0; k < f->count; k++) {
      arb_struct *w = cdf->widths + cdf->num_widths;
      arb_mul(w, f->observable + k, f->state + k, prec);
      if (!arb_is_zero(w)) cdf->num_widths++;
    }
  }
  for (slong i = 0; i < cdf->num_widths; i++)
    arb_add(cdf->reach, cdf->reach, cdf->widths + i, prec);
}

/* The greater of how far l goes from its mean on either side. */
static void add_reach(arb_t reach, const unitary_orbit_t *o, slong prec) {
  arb_t low, high;
  arb_init(low);
  arb_init(high);
  unitary_orbit_range(low, high, o, prec);
  arb_neg(low, low);
  arb_max(high, high, low, prec);
  arb_add(reach, reach, high, prec);
  arb_clear(low);
  arb_clear(high);
}

static void add_unitary(orbits_t *out, adjoint_cdf_struct *cdf,
                        const adjoint_family_struct *f, slong prec) {
  out->unitary = flint_realloc(out->unitary, ((size_t)out->num_unitary + f->count) *
                                                 sizeof *out->unitary);
  for (size_t k = 0; k < f->count; k++) {
    unitary_orbit_t *o = out->unitary + out->num_unitary++;
    unitary_orbit_init(o, f->observable + k * f->rank, f->state + k * f->rank,
                       (slong)f->rank, prec);
    add_reach(cdf->reach, o, prec);
  }
}

/* Those of other ideals that vary; adds what they reach. False: so(m) that is too large. */
static bool set_orbits(orbits_t *out, adjoint_cdf_struct *cdf,
                       const adjoint_law_struct *law, slong prec) {
  bool fine = true;
  *out = (orbits_t){.count = 0};
  for (size_t i = 0; i < law->num_families; i++) {
    const adjoint_family_struct *f = law->families + i;
    if (adjoint_family_is_uniform(f) || fmpq_is_zero(f->second)) continue;
    if (f->group == ORBIT_SU) {
      add_unitary(out, cdf, f, prec);
      continue;
    }
    out->list = flint_realloc(out->list, ((size_t)out->count + f->count) *
                                             sizeof *out->list);
    for (size_t k = 0; k < f->count; k++) {
      adjoint_orbit_t *o = out->list + out->count++;
      adjoint_orbit_init(o, f->modes, f->observable + k * f->rank,
                         f->state + k * f->rank, f->orientation, prec);
      fine = fine && o->tail_coeffs;
      for (slong j = 0; j < o->rank; j++)
        arb_addmul(cdf->reach, o->b + j, o->s + j, prec);
    }
  }
  return fine;
}

static void clear_orbits(orbits_t *o) {
  for (slong i = 0; i < o->count; i++) adjoint_orbit_clear(o->list + i);
  for (slong i = 0; i < o->num_unitary; i++) unitary_orbit_clear(o->unitary + i);
  flint_free(o->list);
  flint_free(o->unitary);
}

/* --- the polynomial --------------------------------------------------------------------- */

/* The piecewise polynomial, n <= MAX_SIGNS. */
static void cdf_polynomial(arb_t cdf, const arb_struct *w, slong n,
                           const arb_t x, slong prec) {
  arb_t point, term, scale;
  arb_init(point);
  arb_init(term);
  arb_init(scale);
  arb_zero(cdf);
  for (ulong signs = 0; signs >> n == 0; signs++) {
    arb_set(point, x);
    for (slong i = 0; i < n; i++) {
      if (signs >> i & 1) arb_sub(point, point, w + i, prec);
      else arb_add(point, point, w + i, prec);
    }
    if (arb_is_negative(point)) continue;
    arb_nonnegative_part(point, point);
    arb_pow_ui(term, point, (ulong)n, prec);
    if (__builtin_parityll(signs)) arb_sub(cdf, cdf, term, prec);
    else arb_add(cdf, cdf, term, prec);
  }
  arb_fac_ui(scale, (ulong)n, prec);
  arb_mul_2exp_si(scale, scale, n);
  for (slong i = 0; i < n; i++) arb_mul(scale, scale, w + i, prec);
  arb_div(cdf, cdf, scale, prec);
  arb_clear(point);
  arb_clear(term);
  arb_clear(scale);
}

/* --- the series -------------------------------------------------------------------------- */

/* Bound of what follows the term at time t, the k-th: of each factor min(1, M (k/j)^d),
   so that the sum over j > k of 2 prod (k/j)^d / (pi j) is at most 2 prod M / (pi d). */
static bool rest_bound(mag_t bound, const adjoint_cdf_struct *cdf,
                       const orbits_t *orbits, const arb_t t) {
  mag_t factor;
  arb_t inverse;
  slong power = 0;
  mag_init(factor);
  arb_init(inverse);
  mag_one(bound);
  slong before = cdf->num_widths + orbits->count;
  for (slong i = 0; i < before + orbits->num_unitary; i++) {
    slong d = 1;
    if (i < cdf->num_widths) {
      arb_mul(inverse, t, cdf->widths + i, 64);
      arb_inv(inverse, inverse, 64);
      arb_get_mag(factor, inverse);
    } else if (i < before) {
      const adjoint_orbit_t *o = orbits->list + i - cdf->num_widths;
      adjoint_orbit_tail(factor, o, t);
      d = o->tail_power;
    } else {
      const unitary_orbit_t *o = orbits->unitary + i - before;
      if (!o->tail_coeffs) continue; /* at most 1 */
      unitary_orbit_tail(factor, o, t);
      d = o->tail_power;
    }
    if (mag_cmp_2exp_si(factor, 0) >= 0) continue;
    mag_mul(bound, bound, factor);
    power += d;
  }
  if (power) {
    mag_mul_2exp_si(bound, bound, 1);
    mag_set_ui_lower(factor, 3 * (ulong)power);
    mag_div(bound, bound, factor);
  }
  mag_clear(factor);
  arb_clear(inverse);
  return power > 0;
}

/* phi_k / (pi k) at time t. */
static void set_term(acb_t term, const adjoint_cdf_struct *cdf, const orbits_t *orbits,
                     const arb_t t, ulong k, slong prec) {
  arb_t factor;
  acb_t phi;
  arb_init(factor);
  acb_init(phi);
  acb_one(term);
  for (slong i = 0; i < cdf->num_widths; i++) {
    arb_mul(factor, t, cdf->widths + i, prec);
    arb_sinc(factor, factor, prec);
    acb_mul_arb(term, term, factor, prec);
  }
  for (slong i = 0; i < orbits->count; i++) {
    adjoint_orbit_characteristic(phi, orbits->list + i, t, ORBIT_BITS + 20);
    acb_mul(term, term, phi, prec);
  }
  for (slong i = 0; i < orbits->num_unitary; i++) {
    const unitary_orbit_t *o = orbits->unitary + i;
    unitary_orbit_characteristic(phi, o->a, o->b, o->size, t, ORBIT_BITS + 20);
    acb_mul(term, term, phi, prec);
    arb_mul(factor, o->mean, t, prec);
    arb_neg(factor, factor);
    arb_sin_cos(acb_imagref(phi), acb_realref(phi), factor, prec);
    acb_mul(term, term, phi, prec);
  }
  arb_const_pi(factor, prec);
  arb_mul_ui(factor, factor, k, prec);
  acb_div_arb(term, term, factor, prec);
  arb_clear(factor);
  acb_clear(phi);
}

/* 2 pi / P, an exact number of few bits, P at least 2 reach. */
static void set_unit(arb_t unit, const arb_t reach) {
  arf_t low;
  arf_init(low);
  arb_const_pi(unit, 64);
  arb_div(unit, unit, reach, 64);
  arb_get_lbound_arf(low, unit, 30);
  arb_set_arf(unit, low);
  arf_clear(low);
}

/* rest_bound of the series of k terms, for few bits of t as it is asked often. */
static bool rest_after(mag_t bound, const adjoint_cdf_struct *cdf, const orbits_t *orbits,
                       slong k) {
  arb_t t;
  arb_init(t);
  arb_mul_si(t, cdf->unit, k, 64);
  bool bounded = rest_bound(bound, cdf, orbits, t);
  arb_clear(t);
  return bounded;
}

/* The least number of terms up to `most` that leaves less than 2^(-bits), else `most`: the
   bounds fall with t. They cost little beside the terms, and say whether those are worth it. */
static slong find_length(const adjoint_cdf_struct *cdf, const orbits_t *orbits, slong most,
                         slong bits) {
  slong low = 0, high = most;
  mag_t rest;
  mag_init(rest);
  while (high - low > 1) {
    slong k = (low + high) / 2;
    if (rest_after(rest, cdf, orbits, k) && mag_cmp_2exp_si(rest, -bits) < 0) high = k;
    else low = k;
  }
  mag_clear(rest);
  return high;
}

/* Until the rest is small enough; false where it is never bounded, or by more than
   most_rest. */
static bool set_series(adjoint_cdf_struct *cdf, const orbits_t *orbits,
                       const mag_t most_rest, slong prec) {
  bool dear = orbits->count || orbits->num_unitary;
  slong bits = prec / 2;
  arb_t t;
  if (dear && bits > ORBIT_BITS) bits = ORBIT_BITS;
  set_unit(cdf->unit, cdf->reach);
  slong count = find_length(cdf, orbits, dear ? MAX_ORBIT_TERMS : MAX_TERMS, bits);
  if (!rest_after(cdf->rest, cdf, orbits, count) ||
      mag_cmp(cdf->rest, most_rest) > 0)
    return false;
  arb_init(t);
  cdf->terms = _acb_vec_init(count);
  cdf->num_terms = count;
  for (slong k = 1; k <= count; k++) {
    arb_mul_ui(t, cdf->unit, (ulong)k, prec);
    set_term(cdf->terms + k - 1, cdf, orbits, t, (ulong)k, prec);
  }
  arb_clear(t);
  return true;
}

/* --- one simplex -------------------------------------------------------------------------- */

static bool set_simplex(adjoint_cdf_struct *cdf, const orbits_t *orbits, slong prec) {
  if (cdf->num_widths || orbits->count || orbits->num_unitary != 1) return false;
  slong m = orbits->unitary->size;
  cdf->factors = _arb_vec_init(m);
  cdf->num_factors = m; /* what is to be cleared */
  if (unitary_orbit_is_simplex(cdf->factors, orbits->unitary, prec)) return true;
  _arb_vec_clear(cdf->factors, m);
  cdf->factors = NULL;
  cdf->num_factors = 0;
  return false;
}

static void simplex_value(arb_t value, const adjoint_cdf_struct *cdf, const arb_t x,
                          slong prec) {
  arb_t mean;
  arb_init(mean);
  for (slong k = 0; k < cdf->num_factors; k++) arb_add(mean, mean, cdf->factors + k, prec);
  arb_div_si(mean, mean, cdf->num_factors, prec);
  arb_add(mean, mean, x, prec);
  unitary_simplex_cdf(value, cdf->factors, cdf->num_factors, mean, prec);
  arb_clear(mean);
}

static void series_value(arb_t value, const adjoint_cdf_struct *cdf, const arb_t x,
                         slong prec) {
  arb_t t, s, c;
  arb_init(t);
  arb_init(s);
  arb_init(c);
  arb_mul(t, cdf->unit, x, prec);
  arb_const_pi(c, prec);
  arb_div(value, t, c, prec);
  arb_add_si(value, value, 1, prec);
  arb_mul_2exp_si(value, value, -1); /* 1/2 + x/P */
  for (slong k = 1; k <= cdf->num_terms; k++) {
    const acb_struct *term = cdf->terms + k - 1;
    arb_mul_ui(c, t, (ulong)k, prec);
    arb_sin_cos(s, c, c, prec);
    arb_addmul(value, acb_realref(term), s, prec);
    if (arb_is_zero(acb_imagref(term))) continue;
    arb_add_si(c, c, k % 2 ? 1 : -1, prec);
    arb_submul(value, acb_imagref(term), c, prec);
  }
  arb_add_error_mag(value, cdf->rest);
  arb_clear(t);
  arb_clear(s);
  arb_clear(c);
}

/* --- the whole ------------------------------------------------------------------------------ */

status_t adjoint_cdf_init_sharp(adjoint_cdf_t cdf, const adjoint_law_t law,
                                const mag_t most_rest, slong prec) {
  orbits_t orbits;
  *cdf = (adjoint_cdf_struct){.num_widths = 0};
  arb_init(cdf->constant);
  arb_init(cdf->reach);
  arb_init(cdf->unit);
  mag_init(cdf->rest);
  arb_set_fmpq(cdf->constant, law->constant, prec);
  set_widths(cdf, law, prec);
  bool fine = set_orbits(&orbits, cdf, law, prec) &&
              (cdf->num_widths || orbits.count || orbits.num_unitary);
  bool series = orbits.count || orbits.num_unitary || cdf->num_widths > MAX_SIGNS;
  if (fine && series && !set_simplex(cdf, &orbits, prec))
    fine = set_series(cdf, &orbits, most_rest, prec);
  clear_orbits(&orbits);
  if (fine) return STATUS_OK;
  adjoint_cdf_clear(cdf);
  return STATUS_UNDECIDED;
}

status_t adjoint_cdf_init(adjoint_cdf_t cdf, const adjoint_law_t law, slong prec) {
  mag_t any;
  mag_init(any);
  mag_inf(any);
  status_t status = adjoint_cdf_init_sharp(cdf, law, any, prec);
  mag_clear(any);
  return status;
}

void adjoint_cdf_clear(adjoint_cdf_t cdf) {
  for (slong k = 0; k < cdf->num_terms; k++) acb_clear(cdf->terms + k);
  flint_free(cdf->terms);
  _arb_vec_clear(cdf->widths, cdf->alloc);
  if (cdf->factors) _arb_vec_clear(cdf->factors, cdf->num_factors);
  arb_clear(cdf->constant);
  arb_clear(cdf->reach);
  arb_clear(cdf->unit);
  mag_clear(cdf->rest);
}

void adjoint_cdf_value(arb_t value, const adjoint_cdf_t cdf, const arb_t x, slong prec) {
  arb_t centred, least;
  arb_init(centred);
  arb_init(least);
  arb_sub(centred, x, cdf->constant, prec);
  arb_neg(least, cdf->reach);
  if (arb_ge(centred, cdf->reach)) arb_one(value);
  else if (arb_le(centred, least)) arb_zero(value);
  else if (cdf->num_factors) simplex_value(value, cdf, centred, prec);
  else if (cdf->num_terms) series_value(value, cdf, centred, prec);
  else cdf_polynomial(value, cdf->widths, cdf->num_widths, centred, prec);
  arb_clear(centred);
  arb_clear(least);
}
