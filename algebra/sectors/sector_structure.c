/* From sectors to the structure (declared in sectors.h). */

#include "algebra/sectors/full_sector.h"
#include "algebra/sectors/sectors.h"

bool sectors_may_be_linked(const sector_found_struct *a, const sector_found_struct *b, int sign,
                           nmod_t mod) {
  if (a->dimension != b->dimension || a->dimension == 1) return false;
  if (sign > 0) return nmod_poly_equal(a->centred, b->centred);
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

/* Joins what may be linked, and is; or what is missing. */
static reason_code_t complete_links(sectors_struct *s) {
  nmod_t mod = s->prime.mod;
  for (size_t k = 0; k < s->length; k++)
    for (size_t l = 0; l < k; l++)
      for (int sign = 1; sign >= -1; sign -= 2) {
        if (sectors_link_root(s, k) == sectors_link_root(s, l) ||
            !sectors_may_be_linked(s->list + k, s->list + l, sign, mod))
          continue;
        if (sectors_exhibit_link(s, k, l, sign)) sectors_join(s, k, l, sign < 0);
        else if (sign < 0 || !sectors_may_be_linked(s->list + k, s->list + l, -1, mod))
          return REASON_LINK_NOT_EXHIBITED;
      }
  return REASON_NONE;
}

static reason_code_t set_kind(const sectors_struct *s, sector_found_struct *f,
                              bool self_dual) {
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
  if (self_dual && f->form > 0 && f->single + 1 == d &&
      ((d != 7 && d != 8) || sectors_closed_dimension(s, f) == d * (d - 1) / 2)) {
    f->kind = SECTOR_ORTHOGONAL;
    return REASON_NONE;
  }
  return REASON_SECTOR_NOT_RECOGNISED;
}

/* --- one ideal by different representations ------------------------------------------- */

static mp_limb_t coefficient(const sector_found_struct *f, slong k) {
  return nmod_poly_get_coeff_ui(f->centred, k);
}

/* Roots: the squares of the eigenvalues on the doublets of the ideals su(2). On C^2
   x^2 - a; on C^3 x^3 - 4 a x; so(4) on C^4 has the eigenvalues +-u +-v,
   x^4 - 2 (a + b) x^2 + (a - b)^2. False: there is none. */
static bool doublets(nmod_poly_t out, const sector_found_struct *f, nmod_t mod) {
  mp_limb_t half = nmod_inv(2, mod), quarter = nmod_inv(4, mod);
  nmod_poly_zero(out);
  nmod_poly_set_coeff_ui(out, 1, 1);
  if (f->dimension == 2) {
    nmod_poly_set_coeff_ui(out, 0, coefficient(f, 0));
  } else if (f->dimension == 3 && f->kind == SECTOR_ORTHOGONAL) {
    nmod_poly_set_coeff_ui(out, 0, nmod_mul(coefficient(f, 1), quarter, mod));
  } else if (f->dimension == 4 && f->kind == SECTOR_ORTHOGONAL) {
    mp_limb_t minus = nmod_mul(coefficient(f, 2), half, mod); /* -(a + b) */
    mp_limb_t square = nmod_mul(minus, minus, mod);
    nmod_poly_set_coeff_ui(out, 2, 1);
    nmod_poly_set_coeff_ui(out, 1, minus);
    nmod_poly_set_coeff_ui(
        out, 0, nmod_mul(nmod_sub(square, coefficient(f, 0), mod), quarter, mod));
  } else {
    return false;
  }
  return true;
}

/* Of x^4 + p x^2 + q x + r, on C^4: the sums of two eigenvalues,
   y^6 + 2 p y^4 + (p^2 - 4 r) y^2 - q^2. */
static bool is_exterior_square(const sector_found_struct *six,
                               const sector_found_struct *four, nmod_t mod) {
  mp_limb_t p = coefficient(four, 2), q = coefficient(four, 1);
  mp_limb_t r = nmod_mul(4, coefficient(four, 0), mod);
  return coefficient(six, 4) == nmod_add(p, p, mod) &&
         coefficient(six, 2) == nmod_sub(nmod_mul(p, p, mod), r, mod) &&
         coefficient(six, 0) == nmod_neg(nmod_mul(q, q, mod), mod);
}

/* The same for sp(2): times y on C^5. */
static bool is_exterior_part(const sector_found_struct *five,
                             const sector_found_struct *four, nmod_t mod) {
  mp_limb_t p = coefficient(four, 2), r = nmod_mul(4, coefficient(four, 0), mod);
  return coefficient(five, 3) == nmod_add(p, p, mod) &&
         coefficient(five, 1) == nmod_sub(nmod_mul(p, p, mod), r, mod);
}

/* Might su(2) = so(3) = part of so(4), sp(2) = so(5) or su(4) = so(6) act on both, or so(8) by
   two of its three representations on C^8 (triality; Tr x^2 is the same)? One element whose
   eigenvalues do not fit refutes it. */
static bool may_share(const sector_found_struct *a, const sector_found_struct *b,
                      nmod_t mod) {
  if (a->dimension == 8 && b->dimension == 8)
    return a->kind == SECTOR_ORTHOGONAL && b->kind == SECTOR_ORTHOGONAL &&
           coefficient(a, 6) == coefficient(b, 6);
  if (a->dimension == 4 && b->dimension > 4 && b->kind == SECTOR_ORTHOGONAL) {
    if (b->dimension == 5 && a->kind == SECTOR_SYMPLECTIC)
      return is_exterior_part(b, a, mod);
    if (b->dimension == 6 && a->kind == SECTOR_LINEAR)
      return is_exterior_square(b, a, mod);
  }
  nmod_poly_t f, g;
  nmod_poly_init_mod(f, mod);
  nmod_poly_init_mod(g, mod);
  bool both = doublets(f, a, mod) && doublets(g, b, mod);
  if (both) nmod_poly_gcd(f, f, g);
  both = both && nmod_poly_degree(f) > 0;
  nmod_poly_clear(f);
  nmod_poly_clear(g);
  return both;
}

/* Of the ideal when it is simple, else 0 (phases, so(4)). */
static size_t simple_dimension(const sector_found_struct *f) {
  size_t d = f->dimension;
  if (d == 1 || (d == 4 && f->kind == SECTOR_ORTHOGONAL)) return 0;
  if (f->kind == SECTOR_LINEAR) return d * d - 1;
  return d * (d - 1) / 2 + (f->kind == SECTOR_SYMPLECTIC ? d : 0);
}

/* Joins sectors of different dimensions that carry one ideal (the first is the root of
   the others); false when that cannot be decided. */
static bool join_shared(sectors_struct *s) {
  for (size_t k = 0; k < s->length; k++)
    for (size_t l = k + 1; l < s->length; l++) {
      sector_found_struct *a = s->list + k, *b = s->list + l;
      size_t ra = sectors_link_root(s, k), rb = sectors_link_root(s, l);
      if (a->dimension == 1 || b->dimension == 1 || ra == rb ||
          !(may_share(a, b, s->prime.mod) || may_share(b, a, s->prime.mod)))
        continue;
      size_t ideal = simple_dimension(a);
      if (!ideal || ideal != simple_dimension(b) || a->dimension == b->dimension ||
          !sectors_exhibit_shared(s, k, l, ideal))
        return false;
      s->list[ra > rb ? ra : rb].link = ra > rb ? rb : ra;
    }
  return true;
}

/* Links each sector of pairs to that of its so(n); false when there is none. */
static bool join_exterior(sectors_struct *s) {
  for (size_t l = 0; l < s->length; l++) {
    size_t d = s->list[l].dimension;
    bool found = s->list[l].kind != SECTOR_EXTERIOR;
    for (size_t k = 0; k < s->length && !found; k++) {
      size_t n = s->list[k].dimension;
      if (s->list[k].kind != SECTOR_ORTHOGONAL || n * (n - 1) / 2 != d) continue;
      found = sectors_exhibit_shared(s, k, l, d);
      if (found) s->list[l].link = sectors_link_root(s, k);
    }
    if (!found) return false;
  }
  return true;
}

reason_code_t sectors_recognise(sectors_struct *s) {
  if (!s->complete) return s->reason;
  if (!sectors_set_traces(s))
    return REASON_SECTOR_TRACES_EQUAL;
  sectors_set_links(s);
  reason_code_t reason = complete_links(s);
  if (reason) return reason;
  sectors_flatten_links(s);
  for (size_t k = 0; k < s->length; k++) {
    size_t r = k;
    while (s->list[r].link != r) r = s->list[r].link;
    sector_found_struct *f = s->list + k;
    if (f->kind == SECTOR_EXTERIOR) continue;
    if (f->dual && f->dimension > 2 && !f->form) {
      sectors_exhibit_form(s, f);
      if (f->form) s->list[r].self_dual = true;
    }
    reason = set_kind(s, f, s->list[r].self_dual);
    if (reason) return reason;
  }
  if (!join_shared(s) || !join_exterior(s)) return REASON_LINK_NOT_EXHIBITED;
  s->recognised = true;
  return REASON_NONE;
}

/* --- structure -------------------------------------------------------------------- */

static field_t kind_field(const sector_found_struct *f) {
  if (f->kind == SECTOR_ORTHOGONAL || f->kind == SECTOR_EXTERIOR) return FIELD_REAL;
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

size_t sectors_least_dimension(const sectors_struct *s) {
  size_t sum = 0;
  for (size_t k = 0; k < s->length; k++) {
    const sector_found_struct *f = s->list + k;
    size_t d = f->dimension;
    const size_t *start = s->space.block_start + f->block;
    bool counts = d > 1 && f->both + 1 == 2 * d && d == start[1] - start[0];
    for (size_t l = 0; l < k; l++) counts = counts && s->list[l].dimension != d;
    if (counts) sum += f->dual ? d * (d + 1) / 2 : d * d - 1;
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
    if (f->kind == SECTOR_EXTERIOR)
      full_sector_add_exterior(out, entry, s->list[f->link].dimension);
    else
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
