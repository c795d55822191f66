#include "algebra/check/sums/check_exterior.h"

#include <stdlib.h>

#include "algebra/base/text.h"

static void add_sector(structure_t out, const fmpz_t dimension, ulong multiplicity, ulong count,
                       field_t field) {
  fmpz_t m, c;
  fmpz_init_set_ui(m, multiplicity);
  fmpz_init_set_ui(c, count);
  structure_add_sector(out, dimension, m, c, field);
  fmpz_clear(m);
  fmpz_clear(c);
}

/* su(d) on the k-th power, and on its dual when that is another. */
static void add_power(structure_t out, ulong d, ulong k) {
  bool two = d - k != k;
  fmpz_t dimension, rank, pairs;
  fmpz_init(dimension);
  fmpz_init_set_ui(rank, d - 1);
  fmpz_init_set_ui(pairs, two ? 2 : 1);
  fmpz_bin_uiui(dimension, d, k);
  add_sector(out, dimension, 1, two ? 2 : 1,
             two ? FIELD_COMPLEX : k % 2 ? FIELD_QUATERNIONIC : FIELD_REAL);
  char *power = k == 1 ? text_print("defining") : text_print("exterior power %lu", k);
  char *name = two ? text_print("%s, up to an outer automorphism", power) : text_print("%s", power);
  structure_add_action(out, out->num_sectors - 1, 'A', rank, pairs, dimension, name,
                       two ? NULL : text_print("w%lu", k));
  free(power);
  fmpz_clear(dimension);
  fmpz_clear(rank);
  fmpz_clear(pairs);
}

bool check_exterior_sectors(structure_t out, ulong d, ulong center) {
  if (!d || center > 1) return false;
  for (ulong k = 1; 2 * k <= d; k++) add_power(out, d, k);
  fmpz_t one, size;
  fmpz_init_set_ui(one, 1);
  fmpz_init_set_ui(size, d);
  structure_add_su(out, size, one);
  if (center) add_sector(out, one, 1, 2, FIELD_COMPLEX);
  else add_sector(out, one, 2, 1, FIELD_REAL);
  out->sectors_known = out->actions_known = true;
  fmpz_clear(one);
  fmpz_clear(size);
  return true;
}
