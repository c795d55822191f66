#include "cli/check/check_distribution.h"

#include <string.h>

#include "algebra/laws/adjoint_cdf.h"
#include "algebra/laws/adjoint_points.h"
#include "cli/check/said_ideal.h"
#include "cli/format/json_number.h"

static const char key[] = "distribution";

/* Is the level at least that of the point before, NULL for the first? */
static bool level_follows(const json_t *before, const json_t *point) {
  fmpq_t low, high;
  fmpq_init(low);
  fmpq_init(high);
  bool follows = !before || (cert_get_fmpq(low, json_object_get(before, "level")) &&
                             cert_get_fmpq(high, json_object_get(point, "level")) &&
                             fmpq_cmp(low, high) <= 0);
  fmpq_clear(low);
  fmpq_clear(high);
  return follows;
}

/* Is the probability said at its level that of the law, to half a unit of its last place? */
static bool point_fits(const json_t *point, const adjoint_cdf_struct *cdf) {
  const json_t *said = json_object_get(point, "probability");
  const char *rad = cert_text_at(said, "rad", "");
  fmpq_t level;
  arb_t x, value, claim;
  fmpq_init(level);
  arb_init(x);
  arb_init(value);
  arb_init(claim);
  bool fits = json_object_size(point) == 2 && json_object_size(said) == 2 &&
              !strcmp(rad, ADJOINT_POINT_RADIUS) &&
              strlen(cert_text_at(said, "mid", "")) == strlen("0.123456") &&
              cert_get_fmpq(level, json_object_get(point, "level")) &&
              cert_get_real(claim, said, SAID_PREC_BITS);
  if (fits) {
    arb_set_fmpq(x, level, SAID_PREC_BITS);
    adjoint_cdf_value(value, cdf, x, SAID_PREC_BITS);
    mag_zero(arb_radref(claim));
    arb_sub(value, value, claim, SAID_PREC_BITS);
    arb_mul_si(value, value, 2 * ADJOINT_POINT_UNITS, SAID_PREC_BITS);
    arb_abs(value, value);
    arb_sub_si(value, value, 1, SAID_PREC_BITS);
    fits = !arb_is_positive(value);
  }
  fmpq_clear(level);
  arb_clear(x);
  arb_clear(value);
  arb_clear(claim);
  return fits;
}

static void check_points(ledger_t *l, const json_t *claim, const adjoint_law_struct *law) {
  adjoint_cdf_t cdf;
  bool fit = json_array_size(claim) == ADJOINT_POINTS &&
             adjoint_cdf_init(cdf, law, SAID_PREC_BITS) == STATUS_OK;
  if (fit) {
    for (size_t k = 0; k < ADJOINT_POINTS && fit; k++)
      fit = level_follows(k ? json_array_get(claim, k - 1) : NULL,
                          json_array_get(claim, k)) &&
            point_fits(json_array_get(claim, k), cdf);
    adjoint_cdf_clear(cdf);
  }
  if (fit) ledger_holds(l, key);
  else ledger_fails(l, key, "the law of these spectra says otherwise");
}

void check_distribution(ledger_t *l, const json_t *constant, const json_t *ideals) {
  adjoint_law_t law;
  adjoint_point_t points[ADJOINT_POINTS];
  bool read = json_is_array(ideals) && said_law_init(law, constant, ideals);
  const json_t *claim = json_object_get(l->left, key);
  if (!read || !json_is_array(claim)) {
    if (!read || !adjoint_points_possible(law)) {
      ledger_null(l, key);
    } else {
      adjoint_points_init(points);
      if (adjoint_points(points, law) == STATUS_OK) {
        ledger_take(l, key);
        ledger_fails(l, key, "the spectra give it");
      } else {
        ledger_null(l, key);
      }
      adjoint_points_clear(points);
    }
  } else {
    ledger_take(l, key);
    check_points(l, claim, law);
  }
  if (read) adjoint_law_clear(law);
}
