/* Ideals and actions when [g, g] is as large as its sectors allow (declared in
   sum_sectors.h). On a sector of dimension d the generators, and with them [g, g], lie
   in u(d), so(d) or sp(d/2) by the field; [g, g] is perfect and lies in the direct sum
   of su(d), so(d), sp(d/2) over the sectors. */
#include "algebra/sectors/full_sector.h"
#include "algebra/sums/sum_sectors.h"

bool sum_saturation(structure_t out, size_t derived_dimension) {
  fmpz_t sum, b;
  fmpz_init(sum);
  fmpz_init(b);
  for (size_t k = 0; k < out->num_sectors; k++) {
    const sector_struct *s = out->sectors + k;
    full_sector_dimension(b, s->field, s->dimension);
    fmpz_addmul(sum, b, s->count);
  }
  bool full = fmpz_equal_ui(sum, derived_dimension);
  for (size_t k = 0; k < out->num_sectors && full; k++) {
    const sector_struct *s = out->sectors + k;
    if (fmpz_is_one(s->dimension)) continue;
    full_sector_add_ideal(out, s->field, s->dimension, s->count);
    full_sector_add_action(out, k, s->field, s->count, false);
  }
  fmpz_clear(sum);
  fmpz_clear(b);
  return full;
}
