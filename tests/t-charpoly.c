/* Characteristic polynomials of rational matrices: against FLINT's, with zero, nilpotent
   and 0 x 0 matrices among them; a clock that is up changes nothing. */
#include <stdlib.h>

#include "algebra/sums/charpoly.h"
#include "tests/tap.h"

static void random_matrix(fmpq_mat_t a) {
  slong n = fmpq_mat_nrows(a);
  size_t kind = tap_random_below(4); /* dense, sparse, nilpotent, 0 */
  for (slong i = 0; i < n; i++)
    for (slong k = 0; k < n; k++) {
      bool zero = kind == 3 || (kind == 1 && tap_random_below(4)) ||
                  (kind == 2 && k <= i);
      slong most = tap_random_below(2) ? 3 : WORD_MAX / 4;
      fmpq_set_si(fmpq_mat_entry(a, i, k),
                  zero ? 0 : (slong)tap_random_below((size_t)most) - most / 2,
                  1 + tap_random_below(7));
      fmpq_canonicalise(fmpq_mat_entry(a, i, k));
    }
}

static bool agrees(void) {
  slong n = (slong)tap_random_below(9);
  fmpq_mat_t a;
  fmpq_poly_t mine, other;
  fmpq_mat_init(a, n, n);
  fmpq_poly_init(mine);
  fmpq_poly_init(other);
  random_matrix(a);
  fmpq_poly_set_si(mine, 5); /* dirty */
  fmpq_mat_charpoly(other, a);
  bool ok = charpoly_rational(mine, a, NULL) && fmpq_poly_equal(mine, other);
  if (!ok) {
    tap_diag("wrong for");
    fmpq_mat_print(a);
  }
  fmpq_mat_clear(a);
  fmpq_poly_clear(mine);
  fmpq_poly_clear(other);
  return ok;
}

static bool is_up(void *data) {
  long *left = data;
  return (*left)-- <= 0;
}

static void test_clock(void) {
  long calls = 2;
  closure_limits_t limits = {.abort = is_up, .abort_data = &calls};
  fmpq_mat_t a;
  fmpq_poly_t out;
  fmpq_mat_init(a, 40, 40);
  fmpq_poly_init(out);
  fmpq_poly_set_si(out, 7);
  for (slong i = 0; i < 40; i++)
    for (slong k = 0; k < 40; k++)
      fmpq_set_si(fmpq_mat_entry(a, i, k), i * k + 1, (ulong)(i + k + 1));
  bool ok = !charpoly_rational(out, a, &limits) && calls == -1;
  fmpq_poly_sub_si(out, out, 7);
  tap_ok(ok && fmpq_poly_is_zero(out), "a clock that is up stops it");
  fmpq_mat_clear(a);
  fmpq_poly_clear(out);
}

int main(void) {
  tap_begin("t-charpoly");
  long tries = tap_iterations(300), failures = 0;
  for (long i = 0; i < tries && !failures; i++) failures += !agrees();
  tap_ok(failures == 0, "%ld characteristic polynomials", tries);
  test_clock();
  return tap_end();
}
