#include "cli/report/plot_adjoint.h"

#include <math.h>
#include <string.h>

#include "algebra/laws/adjoint_cdf.h"
#include "cli/format/json_number.h"

enum { PREC_BITS = 128, MAX_MODES = 64 };

static bool read_spectrum(arb_struct *out, bool *any, const json_t *list, size_t rank) {
  bool ok = json_array_size(list) == rank;
  *any = false;
  for (size_t k = 0; k < rank && ok; k++) {
    ok = cert_get_real(out + k, json_array_get(list, k), PREC_BITS);
    *any = *any || !arb_is_zero(out + k);
  }
  return ok;
}

/* Only whether `second` is 0 matters here; of su a single number is shifted to 0. */
static bool add_ideal(adjoint_law_t law, const json_t *ideal) {
  json_int_t modes = json_integer_value(json_object_get(ideal, "modes"));
  bool turns, moves, unitary = !strcmp(cert_text_at(ideal, "group", ""), "su");
  if (modes < 3 || (modes == 4 && !unitary) || modes > MAX_MODES) return false;
  adjoint_family_struct *f =
      adjoint_law_append(law, unitary ? ORBIT_SU : ORBIT_SO, (ulong)modes, 1);
  f->orientation = (int)json_integer_value(json_object_get(ideal, "orientation"));
  bool ok = read_spectrum(f->observable, &turns,
                          json_object_get(ideal, "observable_spectrum"), f->rank) &&
            read_spectrum(f->state, &moves, json_object_get(ideal, "state_spectrum"),
                          f->rank);
  if (turns && moves) fmpq_one(f->second);
  return ok;
}

static bool read_law(adjoint_law_t law, const json_t *adjoint) {
  const json_t *ideals = json_object_get(adjoint, "ideals");
  bool ok = json_is_true(json_object_get(adjoint, "applies")) &&
            json_array_size(ideals) > 0 &&
            cert_get_fmpq(law->constant, json_object_get(adjoint, "constant"));
  for (size_t i = 0; i < json_array_size(ideals) && ok; i++)
    ok = add_ideal(law, json_array_get(ideals, i));
  return ok;
}

static double value_at(const adjoint_cdf_t cdf, double x) {
  arb_t value, point;
  arb_init(value);
  arb_init(point);
  arb_set_d(point, x);
  adjoint_cdf_value(value, cdf, point, PREC_BITS);
  double out = arf_get_d(arb_midref(value), ARF_RND_NEAR);
  arb_clear(value);
  arb_clear(point);
  return out;
}

bool plot_adjoint_density(double *density, const double *x, size_t n,
                          const json_t *landscape) {
  adjoint_law_t law;
  adjoint_cdf_t cdf;
  adjoint_law_init(law);
  bool known = n > 1 && read_law(law, json_object_get(landscape, "adjoint")) &&
               adjoint_cdf_init(cdf, law, PREC_BITS) == STATUS_OK;
  if (known) {
    double step = (x[n - 1] - x[0]) / (double)(n - 1);
    double before = value_at(cdf, x[0] - step / 2);
    for (size_t i = 0; i < n; i++) {
      double now = value_at(cdf, x[i] + step / 2);
      density[i] = fmax(0, (now - before) / step);
      before = now;
    }
    adjoint_cdf_clear(cdf);
  }
  adjoint_law_clear(law);
  return known;
}
