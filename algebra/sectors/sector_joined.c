#include "algebra/sectors/sector_joined.h"

#include "algebra/base/stream.h"

typedef struct {
  size_t length;           /* sectors; of each: */
  const size_t *dimension;
  const bool *self_dual;
  const mp_limb_t *charge; /* one combination of the chi */
  const bool *joined;
  nmod_t mod;
} links_t;

/* (k, h): O and the states join them. */
static bool is_joined(const links_t *j, size_t k, size_t h) {
  return k != h && j->joined[k * j->length + h];
}

/* charge_k + charge_m == charge_h + charge_n? */
static bool balance(const links_t *j, size_t k, size_t m, size_t h, size_t n) {
  return nmod_add(j->charge[k], j->charge[m], j->mod) ==
         nmod_add(j->charge[h], j->charge[n], j->mod);
}

/* Are there three or four lines with an invariant that is no square of an absolute value? */
static bool lines_meet(const links_t *j) {
  enum { MAX_PAIRS = 2000 };
  size_t (*pair)[2] = flint_malloc((MAX_PAIRS + 1) * sizeof *pair), num = 0;
  bool meet = false;
  for (size_t k = 0; k < j->length; k++)
    for (size_t h = 0; h < j->length; h++) {
      if (j->dimension[k] != 1 || j->dimension[h] != 1 || !is_joined(j, k, h)) continue;
      if (num == MAX_PAIRS) meet = true; /* not looked at */
      else pair[num][0] = k, pair[num++][1] = h;
    }
  for (size_t a = 0; a < num && !meet; a++)
    for (size_t b = 0; b <= a && !meet; b++) {
      const size_t *p = pair[a], *q = pair[b];
      meet = !(p[0] == q[1] && p[1] == q[0]) && balance(j, p[0], q[0], p[1], q[1]);
    }
  flint_free(pair);
  return meet;
}

/* Sector k, of dimension above 1, its own dual, with two others: twice the same or two lines. */
static bool twice_meet(const links_t *j, size_t k) {
  for (size_t h = 0; h < j->length; h++) {
    if (!is_joined(j, k, h)) continue;
    if (j->self_dual[h] && balance(j, k, k, h, h)) return true;
    for (size_t n = 0; n < h && j->dimension[h] == 1; n++)
      if (j->dimension[n] == 1 && is_joined(j, k, n) && balance(j, k, k, h, n)) return true;
  }
  return false;
}

/* Three vectors of SO(3) and a line. */
static bool three_meet(const links_t *j, size_t k) {
  for (size_t n = 0; n < j->length; n++)
    if (j->dimension[n] == 1 && is_joined(j, k, n) && j->charge[k] == j->charge[n]) return true;
  return false;
}

/* One combination of the generators' means on every sector. */
static mp_limb_t *get_charges(const sector_source_struct *generators, size_t count,
                              const sector_local_struct *l, const sector_rows_struct *index) {
  const sector_units_struct *u = l->u;
  size_t m = index->c->dimension;
  nmod_t mod = l->mod;
  uint64_t seed = mod.n;
  mp_limb_t *charge = flint_calloc(u->length + 1, sizeof *charge);
  mp_limb_t *t = flint_malloc((m + 1) * sizeof *t);
  mp_limb_t *one = flint_malloc((m + 1) * sizeof *one);
  for (size_t j = 0; j < count; j++) {
    sector_operand_struct h;
    mp_limb_t c = nmod_mul(stream_next(&seed) % mod.n,
                           nmod_inv(fmpz_fdiv_ui(generators[j].den, mod.n), mod), mod);
    sector_commutant_operand(&h, generators + j, index->c, mod, u->root);
    sector_traces(t, &h, index, mod);
    sector_to_units(one, t, u, m);
    for (size_t k = 0; k < u->length; k++)
      charge[k] = nmod_addmul(charge[k], c, one[sector_unit_at(u, k, 0, 0)], mod);
    sector_operand_clear(&h);
  }
  for (size_t k = 0; k < u->length; k++)
    charge[k] = nmod_mul(charge[k], nmod_inv(u->dimension[k], mod), mod);
  flint_free(t);
  flint_free(one);
  return charge;
}

bool sector_joined_meet(const sector_local_struct *l, const sector_rows_struct *index,
                        const sector_source_struct *generators, size_t count,
                        const bool *self_dual, const bool *joined) {
  const sector_units_struct *u = l->u;
  bool any = false;
  for (size_t i = 0; i < u->length * u->length; i++) any = any || joined[i];
  if (!any) return false;
  mp_limb_t *charge = get_charges(generators, count, l, index);
  links_t j = {.length = u->length, .dimension = u->dimension, .self_dual = self_dual,
               .charge = charge, .joined = joined, .mod = l->mod};
  bool meet = lines_meet(&j);
  for (size_t k = 0; k < j.length && !meet; k++) {
    if (j.dimension[k] == 1 || !self_dual[k]) continue;
    meet = twice_meet(&j, k) || (j.dimension[k] == 3 && three_meet(&j, k));
  }
  flint_free(charge);
  return meet;
}
