#include "algebra/laws/adjoint_points.h"

#include "algebra/laws/adjoint_cdf.h"

enum { PREC_BITS = 128, STEPS = 256, MOST_MODES = 17, MOST_SIZE = 8, MOST_IDEALS = 4 };
/* 2^this units: what a sharp value is known to. */
enum { SHARP_EXPONENT = -7 };

static const slong percent[ADJOINT_POINTS] = {5, 25, 50, 75, 95};

void adjoint_points_init(adjoint_point_t *points) {
  for (size_t k = 0; k < ADJOINT_POINTS; k++) fmpq_init(points[k].level);
}

void adjoint_points_clear(adjoint_point_t *points) {
  for (size_t k = 0; k < ADJOINT_POINTS; k++) fmpq_clear(points[k].level);
}

/* All numbers but one the same? */
static bool is_single(const arb_struct *x, size_t rank) {
  size_t first = 0, last = 0;
  for (size_t k = 0; k < rank; k++) {
    if (arb_equal(x + k, x)) first++;
    if (arb_equal(x + k, x + rank - 1)) last++;
  }
  return first + 1 == rank || last + 1 == rank;
}

bool adjoint_points_possible(const adjoint_law_t law) {
  size_t dear = 0, single = 0;
  for (size_t i = 0; i < law->num_families; i++) {
    const adjoint_family_struct *f = law->families + i;
    if (fmpq_is_zero(f->second) || adjoint_family_is_uniform(f)) continue;
    dear += f->count;
    if (f->group != ORBIT_SU && f->modes > MOST_MODES) return false;
    if (f->group != ORBIT_SU || f->modes <= MOST_SIZE) continue;
    if (!is_single(f->observable, f->rank) && !is_single(f->state, f->rank)) return false;
    single += f->count;
  }
  return dear <= MOST_IDEALS && (!single || dear == 1);
}

/* level = constant + 2^power k/256 */
static void set_level(fmpq_t level, const adjoint_law_struct *law, slong power, slong k) {
  fmpq_set_si(level, k, STEPS);
  if (power > 0) fmpq_mul_2exp(level, level, (flint_bitcnt_t)power);
  else fmpq_div_2exp(level, level, (flint_bitcnt_t)-power);
  fmpq_add(level, level, law->constant);
}

/* P(l <= level) in units; false: it is not sharp. */
static bool set_units(slong *units, const adjoint_cdf_struct *cdf, const fmpq_t level) {
  arb_t x, value;
  arb_init(x);
  arb_init(value);
  arb_set_fmpq(x, level, PREC_BITS);
  adjoint_cdf_value(value, cdf, x, PREC_BITS);
  arb_mul_si(value, value, ADJOINT_POINT_UNITS, PREC_BITS);
  bool sharp = arb_is_finite(value) && mag_cmp_2exp_si(arb_radref(value), SHARP_EXPONENT) < 0;
  if (sharp) *units = arf_get_si(arb_midref(value), ARF_RND_NEAR);
  arb_clear(x);
  arb_clear(value);
  return sharp;
}

/* The greatest k whose level is not beyond the quantile, and its units. */
static bool find_point(adjoint_point_t *point, const adjoint_cdf_struct *cdf,
                       const adjoint_law_struct *law, slong power, slong share) {
  slong low = -STEPS, high = STEPS;
  while (high - low > 1) {
    slong k = (low + high) / 2;
    set_level(point->level, law, power, k);
    if (!set_units(&point->units, cdf, point->level)) return false;
    if (100 * point->units <= share * ADJOINT_POINT_UNITS) low = k;
    else high = k;
  }
  set_level(point->level, law, power, low);
  return set_units(&point->units, cdf, point->level);
}

/* A series that leaves out more of P than a sharp value may be off by is not made. */
static status_t init_sharp(adjoint_cdf_t cdf, const adjoint_law_t law) {
  mag_t most;
  mag_init(most);
  mag_set_ui_2exp_si(most, 1, SHARP_EXPONENT);
  mag_div_ui(most, most, ADJOINT_POINT_UNITS);
  status_t status = adjoint_cdf_init_sharp(cdf, law, most, PREC_BITS);
  mag_clear(most);
  return status;
}

status_t adjoint_points(adjoint_point_t *points, const adjoint_law_t law) {
  adjoint_cdf_t cdf;
  fmpz_t power;
  status_t status = STATUS_UNDECIDED;
  if (!adjoint_points_possible(law) || init_sharp(cdf, law) != STATUS_OK)
    return STATUS_UNDECIDED;
  fmpz_init(power);
  arf_abs_bound_lt_2exp_fmpz(power, arb_midref(cdf->reach));
  bool fine = arf_is_finite(arb_midref(cdf->reach)) && !arf_is_zero(arb_midref(cdf->reach));
  for (size_t k = 0; k < ADJOINT_POINTS && fine; k++)
    fine = find_point(points + k, cdf, law, fmpz_get_si(power), percent[k]);
  if (fine) status = STATUS_OK;
  fmpz_clear(power);
  adjoint_cdf_clear(cdf);
  return status;
}
