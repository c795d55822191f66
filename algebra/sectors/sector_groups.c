/* Sectors that conjugation over Q may exchange, by the traces of the basis of the
   commutant (declared in sector_moments.h). */

#include "algebra/sectors/sector_moments.h"

static size_t find_group(const sector_moments_struct *p,
                         const sector_units_struct *u, size_t k) {
  size_t m = p->commutant->dimension;
  for (size_t g = 0; g < p->num_groups; g++) {
    const sector_group_struct *group = p->groups + g;
    if (group->dimension == u->dimension[k] &&
        group->multiplicity == u->multiplicity[k] &&
        !memcmp(group->signature, u->signature + k * m, m * sizeof(slong)))
      return g;
  }
  return SIZE_MAX;
}

/* What acts on the candidates, or (there are none) on all sectors of that dimension, if it
   is the same. */
static void set_kind(sector_group_struct *g, const sectors_struct *s, bool any) {
  bool first = true;
  for (size_t k = 0; k < s->length; k++) {
    if (any ? !g->candidates[k] : s->list[k].dimension != g->dimension) continue;
    if (first) g->kind = s->list[k].kind;
    else if (g->kind != s->list[k].kind) g->kind = SECTOR_UNDECIDED;
    first = false;
  }
}

/* Sectors of this dimension and multiplicity on which the c_a have these traces. */
static void set_candidates(sector_group_struct *g, const sector_commutant_struct *c) {
  const sectors_struct *s = c->sectors;
  size_t m = c->dimension, count = 0;
  nmod_t mod = s->prime.mod;
  g->candidates = flint_calloc(s->length + 1, sizeof *g->candidates);
  for (size_t k = 0; k < s->length; k++) {
    bool fit = s->list[k].dimension == g->dimension && c->part[k] == g->multiplicity;
    for (size_t a = 0; a < m && fit; a++) {
      slong t = g->signature[a];
      if (t == SECTOR_NO_INTEGER) continue;
      mp_limb_t v = t < 0 ? nmod_neg((mp_limb_t)-t % mod.n, mod) : (mp_limb_t)t % mod.n;
      fit = v == c->residue[k * m + a];
    }
    g->candidates[k] = fit;
    if (!fit) continue;
    if (!count++) g->full = s->list[k].multiplicity;
    else if (g->full != s->list[k].multiplicity) g->full = 0;
  }
  set_kind(g, s, count > 0);
}

static void group_init(sector_group_struct *g, const sector_units_struct *u,
                       size_t k, const sector_commutant_struct *c) {
  size_t m = c->dimension;
  *g = (sector_group_struct){.dimension = u->dimension[k],
                             .multiplicity = u->multiplicity[k]};
  g->signature = flint_malloc((m + 1) * sizeof *g->signature);
  memcpy(g->signature, u->signature + k * m, m * sizeof *g->signature);
  set_candidates(g, c);
  fmpq_init(g->weight);
  fmpq_init(g->square);
  fmpq_init(g->cube);
  fmpq_init(g->trace);
  fmpq_init(g->trace2);
  fmpq_init(g->variance);
}

void sector_groups_clear(sector_moments_struct *p) {
  for (size_t i = 0; i < p->num_groups; i++) {
    sector_group_struct *g = p->groups + i;
    flint_free(g->signature);
    flint_free(g->candidates);
    fmpq_clear(g->weight);
    fmpq_clear(g->square);
    fmpq_clear(g->cube);
    fmpq_clear(g->trace);
    fmpq_clear(g->trace2);
    fmpq_clear(g->variance);
    _fmpq_vec_clear(g->power, (slong)g->num_powers);
  }
  flint_free(p->groups);
}

void sector_groups_init(sector_moments_struct *p, const sector_units_struct *u) {
  p->groups = flint_malloc((u->length + 1) * sizeof *p->groups);
  for (size_t k = 0; k < u->length; k++) {
    size_t g = find_group(p, u, k);
    if (g == SIZE_MAX) {
      g = p->num_groups++;
      group_init(p->groups + g, u, k, p->commutant);
    }
    p->groups[g].count++;
  }
}

/* Do the units have the same sectors? */
bool sector_groups_fit(size_t *group_of, const sector_units_struct *u,
                 const sector_moments_struct *p) {
  size_t *seen = flint_calloc(p->num_groups + 1, sizeof *seen);
  bool ok = true;
  for (size_t k = 0; k < u->length && ok; k++) {
    group_of[k] = find_group(p, u, k);
    ok = group_of[k] != SIZE_MAX;
    if (ok) seen[group_of[k]]++;
  }
  for (size_t g = 0; g < p->num_groups && ok; g++)
    ok = seen[g] == p->groups[g].count;
  flint_free(seen);
  return ok;
}

/* Are they the sectors that were recognised, those on the blocks? */
bool sector_units_as_recognised(const sector_units_struct *u,
                          const sector_commutant_struct *c) {
  const sectors_struct *s = c->sectors;
  bool *used = flint_calloc(s->length + 1, sizeof *used);
  size_t there = 0;
  for (size_t l = 0; l < s->length; l++) there += c->part[l] > 0;
  bool ok = u->length == there;
  for (size_t k = 0; k < u->length && ok; k++) {
    ok = false;
    for (size_t l = 0; l < s->length && !ok; l++)
      if (!used[l] && s->list[l].dimension == u->dimension[k] &&
          c->part[l] == u->multiplicity[k])
        ok = used[l] = true;
  }
  flint_free(used);
  return ok;
}
