#include "algebra/sums/fermion_structure.h"

bool fermion_structure(structure_t out, const fermion_algebra_t a) {
  fmpz_t rank, dimension, count, total;
  size_t ideals = 0;
  for (size_t i = 0; i < a->num_pieces; i++) {
    if (a->pieces[i].kind == PIECE_SO) return false;
    bool first = a->pieces[i].kind == PIECE_SU2;
    for (size_t j = 0; j < i && first; j++)
      first = a->pieces[j].family != a->pieces[i].family;
    if (first) ideals += a->pieces[i].degree;
  }
  fmpz_init_set_ui(rank, 1);
  fmpz_init_set_ui(dimension, 3);
  fmpz_init_set_ui(count, ideals);
  fmpz_init_set_ui(total, 3 * ideals + a->center);
  fmpz_set(out->dimension, total);
  fmpz_set_ui(out->center, a->center);
  out->proved = out->center_known = out->ideals_known = true;
  if (ideals) structure_add_ideal(out, 'A', rank, dimension, count);
  reason_code_t reason = fermion_sectors(out, a);
  out->sectors_known = out->actions_known = !reason;
  out->sectors_reason = reason;
  out->evidence = EVIDENCE_FERMIONS;
  fmpz_clear(rank);
  fmpz_clear(dimension);
  fmpz_clear(count);
  fmpz_clear(total);
  return true;
}
