/* From sectors to the structure (declared in sectors.h). */
#include <stdlib.h>

#include "algebra/sectors/full_sector.h"
#include "algebra/sectors/sectors.h"

/* Could they carry one ideal, or one and its dual? */
static bool may_be_linked(const sector_found_struct *a,
                          const sector_found_struct *b, nmod_t mod) {
  if (a->dimension != b->dimension || a->dimension == 1) return false;
  if (nmod_poly_equal(a->centred, b->centred)) return true;
  nmod_poly_t negated;
  slong d = (slong)a->dimension;
  nmod_poly_init_mod(negated, mod);
  nmod_poly_set(negated, a->centred);
  for (slong k = d - 1; k >= 0; k -= 2)
    nmod_poly_set_coeff_ui(
        negated, k, nmod_neg(nmod_poly_get_coeff_ui(negated, k), mod));
  bool same = nmod_poly_equal(negated, b->centred);
  nmod_poly_clear(negated);
  return same;
}

static reason_code_t set_kind(sector_found_struct *f, bool self_dual) {
  size_t d = f->dimension;
  bool all = f->both + 1 == 2 * d || d == 1; /* only phases act on a line */
  if (d <= 2) {
    f->kind = SECTOR_LINEAR;
    return all ? REASON_NONE : REASON_SECTOR_NOT_RECOGNISED;
  }
  if (all && !f->dual) {
    f->kind = SECTOR_LINEAR;
    return REASON_NONE;
  }
  if (all && self_dual && d % 2 == 0) {
    f->kind = SECTOR_SYMPLECTIC;
    return REASON_NONE;
  }
  /* The form is symmetric: for an antisymmetric one the root -2 e joins v to the
     vector of -e, and the ranks below would be larger. */
  if (self_dual && f->form > 0 && f->single + 1 == d && d != 7 && d != 8) {
    f->kind = SECTOR_ORTHOGONAL;
    return REASON_NONE;
  }
  return REASON_SECTOR_NOT_RECOGNISED;
}

reason_code_t sectors_recognise(sectors_struct *s) {
  nmod_t mod = s->prime.mod;
  if (!s->complete) return s->reason;
  if (!sectors_set_traces(s))
    return REASON_SECTOR_TRACES_EQUAL;
  sectors_set_links(s);
  for (size_t k = 0; k < s->length; k++) {
    size_t r = k;
    while (s->list[r].link != r) r = s->list[r].link;
    sector_found_struct *f = s->list + k;
    if (f->dual && f->dimension > 2 && !s->list[r].self_dual) {
      sectors_exhibit_form(s, f);
      if (f->form) s->list[r].self_dual = true;
    }
    reason_code_t reason = set_kind(f, s->list[r].self_dual);
    if (reason) return reason;
  }
  for (size_t k = 0; k < s->length; k++)
    for (size_t l = 0; l < k; l++) {
      size_t a = k, b = l;
      while (s->list[a].link != a) a = s->list[a].link;
      while (s->list[b].link != b) b = s->list[b].link;
      if (a != b && may_be_linked(s->list + k, s->list + l, mod))
        return REASON_LINK_NOT_EXHIBITED;
    }
  s->recognised = true;
  return REASON_NONE;
}

/* --- structure -------------------------------------------------------------------- */

static field_t kind_field(const sector_found_struct *f) {
  if (f->kind == SECTOR_ORTHOGONAL) return FIELD_REAL;
  return f->kind == SECTOR_SYMPLECTIC ? FIELD_QUATERNIONIC : FIELD_COMPLEX;
}

/* With the centre included. */
static field_t sector_field(const sector_found_struct *f) {
  if (!f->traceless) return FIELD_COMPLEX;
  if (f->dimension == 1) return FIELD_REAL;
  return f->dimension == 2 ? FIELD_QUATERNIONIC : kind_field(f);
}

static size_t find_entry(const structure_struct *out,
                         const sector_found_struct *f) {
  for (size_t k = 0; k < out->num_sectors; k++)
    if (fmpz_equal_ui(out->sectors[k].dimension, f->dimension) &&
        fmpz_equal_ui(out->sectors[k].multiplicity, f->multiplicity) &&
        out->sectors[k].field == sector_field(f))
      return k;
  return SIZE_MAX;
}

size_t sectors_dimension(const sectors_struct *s) {
  size_t sum = s->centre, one;
  if (!s->recognised) return 0;
  for (size_t k = 0; k < s->length; k++) {
    const sector_found_struct *f = s->list + k;
    size_t d = f->dimension;
    if (f->link != k) continue;
    one = f->kind == SECTOR_LINEAR ? d * d - 1 : d * (d - 1) / 2;
    if (f->kind == SECTOR_SYMPLECTIC) one += d;
    sum += one;
  }
  return sum;
}

bool sectors_structure(structure_t out, const sectors_struct *s) {
  if (!s->recognised) return false;
  fmpz_t d, m, one, total;
  fmpz_init(d);
  fmpz_init(m);
  fmpz_init_set_ui(one, 1);
  fmpz_init(total);
  fmpz_set_ui(out->center, s->centre);
  fmpz_set_ui(out->dimension, s->centre);
  for (size_t k = 0; k < s->length; k++) {
    const sector_found_struct *f = s->list + k;
    size_t entry = find_entry(out, f);
    fmpz_set_ui(d, f->dimension);
    fmpz_set_ui(m, f->multiplicity);
    if (entry == SIZE_MAX) {
      entry = out->num_sectors;
      structure_add_sector(out, d, m, one, sector_field(f));
    } else {
      fmpz_add_ui(out->sectors[entry].count, out->sectors[entry].count, 1);
    }
    if (f->dimension == 1) continue;
    full_sector_add_action(out, entry, kind_field(f), one, f->conjugate);
    if (f->link != k) continue;
    full_sector_add_ideal(out, kind_field(f), d, one);
    full_sector_dimension(total, kind_field(f), d);
    fmpz_add(out->dimension, out->dimension, total);
  }
  out->proved = out->center_known = out->ideals_known = out->sectors_known =
      out->actions_known = true;
  out->evidence = EVIDENCE_SECTORS;
  fmpz_clear(d);
  fmpz_clear(m);
  fmpz_clear(one);
  fmpz_clear(total);
  return true;
}
