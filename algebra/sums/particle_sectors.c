#include "algebra/sums/particle_sectors.h"

#include <stdlib.h>

#include "algebra/base/text.h"
#include "algebra/sectors/weights.h"

/* d of the one u(d) or su(d) on all modes; 0: another algebra. */
static size_t only_unitary(const particle_algebra_struct *a, const structure_struct *s) {
  const fermion_frame_struct *f = a->frame;
  if (a->num_pieces != 1 || f->num_blocks != 1 || f->num_central || f->parts->num_twists ||
      s->num_ideals != 1 || fmpz_cmp_ui(s->center, 1) > 0)
    return 0;
  const particle_piece_struct *p = a->pieces;
  size_t d = (size_t)p->size;
  /* 2 d modes whose parity is a string of its own */
  bool whole = p->group == ORBIT_SU && p->copies == 1 && p->dimension == a->num_modes && d > 2 &&
               f->strings->total_k == d - 1 && f->strings->total_r == 1;
  return whole ? d : 0;
}

/* The k-th exterior power, and the conjugate one unless it is the middle. */
static void add_power(structure_t s, size_t d, size_t k, const fmpz_t multiplicity,
                      const root_system_t system) {
  bool middle = 2 * k == d;
  field_t field = !middle ? FIELD_COMPLEX : d % 4 ? FIELD_QUATERNIONIC : FIELD_REAL;
  unsigned *labels = calloc(d, sizeof *labels);
  fmpz_t dimension, count, rank;
  fmpz_init(dimension);
  fmpz_init_set_ui(count, middle ? 1 : 2);
  fmpz_init_set_ui(rank, d - 1);
  fmpz_bin_uiui(dimension, d, k);
  labels[k - 1] = 1;
  char *name = weight_get_name(labels, system), *weight = NULL;
  if (middle) {
    weight = weight_get_str(labels, system);
  } else {
    char *longer = text_print("%s, up to an outer automorphism", name);
    free(name);
    name = longer;
  }
  structure_add_sector(s, dimension, multiplicity, count, field);
  structure_add_action(s, s->num_sectors - 1, 'A', rank, count, dimension, name, weight);
  fmpz_clear(dimension);
  fmpz_clear(count);
  fmpz_clear(rank);
  free(labels);
}

bool particle_sectors(structure_t s, const particle_algebra_t a) {
  size_t d = only_unitary(a, s);
  root_system_t system;
  if (!d || s->sectors_known || s->num_sectors || !root_system_init(system, 'A', d - 1))
    return false;
  bool charged = fmpz_is_one(s->center);
  fmpz_t one, multiplicity, count;
  fmpz_init_set_ui(one, 1);
  fmpz_init_set_ui(multiplicity, 1);
  fmpz_init_set_ui(count, charged ? 2 : 1);
  fmpz_mul_2exp(multiplicity, multiplicity, a->frame->strings->num_qubits - d);
  for (size_t k = 1; 2 * k <= d; k++) add_power(s, d, k, multiplicity, system);
  if (!charged) fmpz_mul_ui(multiplicity, multiplicity, 2);
  structure_add_sector(s, one, multiplicity, count, charged ? FIELD_COMPLEX : FIELD_REAL);
  s->sectors_known = s->actions_known = true;
  fmpz_clear(one);
  fmpz_clear(multiplicity);
  fmpz_clear(count);
  root_system_clear(system);
  return true;
}
