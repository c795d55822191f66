#include <stdlib.h>

#include "algebra/check_strings.h"

/* --- sectors ---------------------------------------------------------------------------- */

/* The algebra spanned by products of the strings: 2^R sectors of dimension 2^K.
   The form invariant under g: an antiunitary that turns every generator P into
   -P exists on each sector iff q = 1 on all generators is consistent and
   vanishes on the radical; its square is (-1)^Arf. */
static void count_sectors(structure_t s, const check_components_t c) {
  const check_span_struct *basis = c->basis;
  size_t radical = basis->length - 2 * c->pairs;
  bool zero = c->q_consistent;
  unsigned arf = 0;
  for (size_t i = 0; i < c->pairs; i++)
    arf ^= basis->q[2 * i] & basis->q[2 * i + 1];
  for (size_t i = 2 * c->pairs; i < basis->length; i++)
    if (basis->q[i]) zero = false;
  field_t field = !zero ? FIELD_COMPLEX
                  : arf ? FIELD_QUATERNIONIC
                        : FIELD_REAL;
  fmpz_t dimension, multiplicity, count;
  fmpz_init_set_ui(dimension, 1);
  fmpz_init_set_ui(multiplicity, 1);
  fmpz_init_set_ui(count, 1);
  fmpz_mul_2exp(dimension, dimension, c->pairs);
  fmpz_mul_2exp(multiplicity, multiplicity,
                c->g->num_qubits - c->pairs - radical);
  fmpz_mul_2exp(count, count, radical);
  structure_add_sector(s, dimension, multiplicity, count, field);
  s->sectors_known = true;
  fmpz_clear(dimension);
  fmpz_clear(multiplicity);
  fmpz_clear(count);
}

bool check_structure(structure_t s, const check_components_t c) {
  fmpz_t total;
  fmpz_init(total);
  count_sectors(s, c);
  for (size_t i = 0; i < c->length; i++) {
    const check_component_struct *part = c->list + i;
    if (!part->counted) continue;
    if (part->central) {
      fmpz_add_ui(s->center, s->center, 1);
      fmpz_add_ui(total, total, 1);
      continue;
    }
    structure_add_ideal(s, part->letter, part->rank, part->dimension,
                        part->copies);
    fmpz_addmul(total, part->dimension, part->copies);
  }
  fmpz_set(s->dimension, total);
  s->proved = s->ideals_known = !c->reason;
  structure_set_text(&s->reason, c->reason);
  fmpz_clear(total);
  return !c->reason;
}
