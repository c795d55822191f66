#include "algebra/sectors/full_sector.h"

#include <stdlib.h>

#include "algebra/base/text.h"
#include "algebra/sectors/weights.h"

void full_sector_dimension(fmpz_t out, field_t kind, const fmpz_t d) {
  fmpz_mul(out, d, d);
  switch (kind) {
    case FIELD_COMPLEX: fmpz_sub_ui(out, out, 1); return;
    case FIELD_REAL: fmpz_sub(out, out, d); break;
    case FIELD_QUATERNIONIC: fmpz_add(out, out, d); break;
  }
  fmpz_tdiv_q_2exp(out, out, 1);
}

/* In each sector `copies` ideals act by the weight `label` w_index. */
static void add(structure_t out, size_t sector, const fmpz_t count, char letter,
                ulong rank, ulong copies, unsigned label, size_t index) {
  fmpz_t r, pairs;
  char *labels[2] = {text_copy("defining"), text_copy("w1")};
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
  fmpz_init_set_ui(r, rank);
  fmpz_init(pairs);
  fmpz_mul_ui(pairs, count, copies);
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
static void add_orthogonal(structure_t out, size_t sector, const fmpz_t count,
                           ulong d) {
  switch (d) {
    case 3: add(out, sector, count, 'A', 1, 1, 2, 1); return;
    case 4: add(out, sector, count, 'A', 1, 2, 1, 1); return;
    case 5: add(out, sector, count, 'C', 2, 1, 1, 2); return;
    case 6: add(out, sector, count, 'A', 3, 1, 1, 2); return;
    default:
      add(out, sector, count, d % 2 ? 'B' : 'D', d / 2, 1, 1, 1);
  }
}

void full_sector_add_exterior(structure_t out, size_t sector, ulong n) {
  fmpz_t one;
  fmpz_init_set_ui(one, 1);
  if (n == 5) add(out, sector, one, 'C', 2, 1, 2, 1);
  else add(out, sector, one, n % 2 ? 'B' : 'D', n / 2, 1, 1, 2);
  fmpz_clear(one);
}

static void add_conjugate(structure_t out, size_t sector, const fmpz_t count,
                          ulong d) {
  char *name = text_copy("conjugate");
  char *weight = text_print("w%lu", (unsigned long)(d - 1));
  fmpz_t rank;
  fmpz_init_set_ui(rank, d - 1);
  structure_add_action(out, sector, 'A', rank, count,
                       out->sectors[sector].dimension, name, weight);
  fmpz_clear(rank);
}

void full_sector_add_action(structure_t out, size_t sector, field_t kind,
                            const fmpz_t count, bool conjugate) {
  ulong d = fmpz_get_ui(out->sectors[sector].dimension);
  if (d == 1) return;
  switch (kind) {
    case FIELD_COMPLEX:
      if (conjugate && d > 2) add_conjugate(out, sector, count, d);
      else add(out, sector, count, 'A', d - 1, 1, 1, 1);
      return;
    case FIELD_REAL: add_orthogonal(out, sector, count, d); return;
    case FIELD_QUATERNIONIC:
      add(out, sector, count, d == 2 ? 'A' : 'C', d / 2, 1, 1, 1);
  }
}

void full_sector_add_ideal(structure_t out, field_t kind, const fmpz_t d,
                           const fmpz_t count) {
  fmpz_t half;
  switch (kind) {
    case FIELD_COMPLEX: structure_add_su(out, d, count); return;
    case FIELD_REAL: structure_add_so(out, d, count); return;
    case FIELD_QUATERNIONIC:
      fmpz_init(half);
      fmpz_tdiv_q_2exp(half, d, 1);
      structure_add_sp(out, half, count);
      fmpz_clear(half);
  }
}
