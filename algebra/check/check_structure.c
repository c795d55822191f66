
#include "algebra/base/text.h"

#include "algebra/check/check_strings.h"

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
  s->proved = s->ideals_known = s->center_known = !c->reason;
  s->evidence = EVIDENCE_STRINGS;
  fmpz_clear(total);
  return !c->reason;
}

/* --- actions ------------------------------------------------------------------------------ */

/* Fundamental weights that have dimension 2^pairs: of the vectors of C^N, or spin.
   second: the other one when a copy acts on two sectors; 0 for none. */
static const char *fundamental_weight(fmpz_t first, fmpz_t second,
                                      const check_component_struct *c,
                                      bool linked) {
  fmpz_t dimension, vector;
  const char *name = NULL;
  fmpz_init_set_ui(dimension, 1);
  fmpz_init(vector);
  fmpz_mul_2exp(dimension, dimension, c->pairs);
  if (c->letter == 'A') fmpz_add_ui(vector, c->rank, 1);
  else fmpz_mul_2exp(vector, c->rank, 1);
  fmpz_zero(second);
  bool triality = c->letter == 'D' && fmpz_equal_ui(c->rank, 4) && linked;
  if (c->letter != 'B' && fmpz_equal(vector, dimension) && !triality) {
    name = "defining";
    fmpz_one(first);
    if (c->letter == 'A' && linked) fmpz_set(second, c->rank);
  } else if (c->letter == 'B' && fmpz_equal_ui(c->rank, c->pairs)) {
    name = "spin";
    fmpz_set(first, c->rank);
  } else if (c->letter == 'D' && fmpz_equal_ui(c->rank, c->pairs + 1)) {
    name = "half-spin";
    fmpz_set(first, c->rank);
    if (linked) fmpz_sub_ui(second, c->rank, 1);
  }
  fmpz_clear(dimension);
  fmpz_clear(vector);
  return name;
}

static char *weight_text(const fmpz_t index) {
  char *text = NULL, *digits;
  if (fmpz_sizeinbase(index, 10) > 20) { /* only 2^j - 1 is that large */
    text = text_print("w(2^%lu-1)", (ulong)fmpz_bits(index));
  } else {
    digits = fmpz_get_str(NULL, 10, index);
    text = text_print("w%s", digits);
    flint_free(digits);
  }
  return text;
}

void check_actions(structure_t s, const check_components_t c) {
  fmpz_t sectors, pairs, first, second, dimension, copies;
  fmpz_init(sectors);
  fmpz_init(pairs);
  fmpz_init(first);
  fmpz_init(second);
  fmpz_init(dimension);
  fmpz_init(copies);
  fmpz_setbit(sectors, c->basis->length - 2 * c->pairs);
  s->actions_known = s->ideals_known;
  for (size_t i = 0; i < c->length && s->actions_known; i++) {
    const check_component_struct *part = c->list + i;
    if (part->central) continue;
    fmpz_zero(copies);
    fmpz_setbit(copies, part->basis->length - 2 * part->pairs);
    bool linked = !fmpz_equal(copies, part->copies);
    const char *name = fundamental_weight(first, second, part, linked);
    s->actions_known = name != NULL;
    if (!name) break;
    bool two = !fmpz_is_zero(second);
    fmpz_zero(dimension);
    fmpz_setbit(dimension, part->pairs);
    fmpz_fdiv_q_2exp(pairs, sectors, two ? 1 : 0);
    structure_add_action(s, 0, part->letter, part->rank, pairs, dimension,
                         text_copy(name), weight_text(first));
    if (two)
      structure_add_action(
          s, 0, part->letter, part->rank, pairs, dimension,
          text_copy(part->letter == 'A' ? "conjugate" : name), weight_text(second));
  }
  fmpz_clear(sectors);
  fmpz_clear(pairs);
  fmpz_clear(first);
  fmpz_clear(second);
  fmpz_clear(dimension);
  fmpz_clear(copies);
}
