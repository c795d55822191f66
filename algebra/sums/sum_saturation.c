/* Ideals and actions when [g, g] is as large as its sectors allow (declared in
   sum_sectors.h). On a sector of dimension d the generators, and with them [g, g], lie
   in u(d), so(d) or sp(d/2) by the field; [g, g] is perfect and lies in the direct sum
   of su(d), so(d), sp(d/2) over the sectors. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/sums/sum_sectors.h"
#include "algebra/sums/weights.h"

/* Of su(d), so(d) or sp(d/2). */
static void bound(fmpz_t out, const sector_struct *s) {
  fmpz_mul(out, s->dimension, s->dimension);
  switch (s->field) {
    case FIELD_COMPLEX: fmpz_sub_ui(out, out, 1); return;
    case FIELD_REAL: fmpz_sub(out, out, s->dimension); break;
    case FIELD_QUATERNIONIC: fmpz_add(out, out, s->dimension); break;
  }
  fmpz_tdiv_q_2exp(out, out, 1);
}

/* In each sector of this entry `copies` ideals act by the weight `label` w_index. */
static void add(structure_t out, size_t sector, char letter, ulong rank,
                ulong copies, unsigned label, size_t index) {
  fmpz_t r, pairs;
  char *labels[2] = {strdup("defining"), strdup("w1")};
  unsigned weight[8] = {0};
  root_system_t system;
  if (index > 1 || label > 1) { /* low ranks only */
    weight[index - 1] = label;
    if (!root_system_init(system, letter, rank)) flint_abort();
    free(labels[0]);
    free(labels[1]);
    labels[0] = weight_get_name(weight, system);
    labels[1] = weight_get_str(weight, system);
    root_system_clear(system);
  }
  if (!labels[0] || !labels[1]) flint_abort();
  fmpz_init_set_ui(r, rank);
  fmpz_init(pairs);
  fmpz_mul_ui(pairs, out->sectors[sector].count, copies);
  fmpz_t dimension;
  fmpz_init_set(dimension, out->sectors[sector].dimension);
  if (copies == 2) fmpz_set_ui(dimension, 2); /* so(4) on C^2 (x) C^2 */
  structure_add_action(out, sector, letter, r, pairs, dimension, labels[0],
                       labels[1]);
  fmpz_clear(dimension);
  fmpz_clear(r);
  fmpz_clear(pairs);
}

/* The defining representation of so(d), low ranks by their names. */
static void add_orthogonal(structure_t out, size_t sector, ulong d) {
  switch (d) {
    case 3: add(out, sector, 'A', 1, 1, 2, 1); return;
    case 4: add(out, sector, 'A', 1, 2, 1, 1); return;
    case 5: add(out, sector, 'C', 2, 1, 1, 2); return;
    case 6: add(out, sector, 'A', 3, 1, 1, 2); return;
    default:
      add(out, sector, d % 2 ? 'B' : 'D', d / 2, 1, 1, 1);
  }
}

bool sum_saturation(structure_t out, size_t derived_dimension) {
  fmpz_t sum, b;
  fmpz_init(sum);
  fmpz_init(b);
  for (size_t k = 0; k < out->num_sectors; k++) {
    bound(b, out->sectors + k);
    fmpz_addmul(sum, b, out->sectors[k].count);
  }
  bool full = fmpz_equal_ui(sum, derived_dimension);
  for (size_t k = 0; k < out->num_sectors && full; k++) {
    const sector_struct *s = out->sectors + k;
    ulong d = fmpz_get_ui(s->dimension);
    if (d == 1) continue;
    switch (s->field) {
      case FIELD_COMPLEX:
        structure_add_su(out, s->dimension, s->count);
        add(out, k, 'A', d - 1, 1, 1, 1);
        break;
      case FIELD_REAL:
        structure_add_so(out, s->dimension, s->count);
        add_orthogonal(out, k, d);
        break;
      case FIELD_QUATERNIONIC:
        fmpz_tdiv_q_2exp(b, s->dimension, 1);
        structure_add_sp(out, b, s->count);
        add(out, k, d == 2 ? 'A' : 'C', d / 2, 1, 1, 1);
        break;
    }
  }
  fmpz_clear(sum);
  fmpz_clear(b);
  return full;
}
