#include "algebra/sectors/sector_powers.h"

#include <stdlib.h>

enum { MAX_PRIMES = 40 };
#define MAX_WORK UINT64_C(3000000000)

/* The sector of this group (of count 1) among the units: SIZE_MAX for a bad prime. */
static size_t find(const sector_units_struct *u, const sector_group_struct *g,
                   size_t m) {
  size_t at = SIZE_MAX;
  for (size_t k = 0; k < u->length; k++) {
    if (u->dimension[k] != g->dimension || u->multiplicity[k] != g->multiplicity ||
        memcmp(g->signature, u->signature + k * m, m * sizeof(slong)))
      continue;
    if (at != SIZE_MAX) return SIZE_MAX;
    at = k;
  }
  return at;
}

/* x[a] with P_k = sum x_a c_a. */
static void projector(mp_limb_t *x, const sector_units_struct *u, size_t k,
                      size_t m) {
  for (size_t a = 0; a < m; a++) {
    x[a] = 0;
    for (size_t i = 0; i < u->multiplicity[k]; i++)
      x[a] = nmod_add(
          x[a], nmod_mat_entry(u->unit, sector_unit_at(u, k, i, i), (slong)a),
          u->mod);
  }
}

/* --- diagonal ------------------------------------------------------------------------ */

/* The values of a diagonal O, times den. */
static fmpz *diagonal_values(const pauli_sum_struct *o, size_t size) {
  fmpz *value = _fmpz_vec_init((slong)size);
  for (size_t t = 0; t < o->length; t++) {
    const uint64_t *p = pauli_sum_string(o, t);
    const fmpz *c = fmpq_numref(o->coeffs + t);
    for (size_t s = 0; s < size; s++) {
      if (__builtin_parityll(p[1] & s)) fmpz_sub(value + s, value + s, c);
      else fmpz_add(value + s, value + s, c);
    }
  }
  return value;
}

static slong find_level(fmpq *levels, slong *length, slong room, const fmpz_t v) {
  for (slong i = 0; i < *length; i++)
    if (fmpz_equal(fmpq_numref(levels + i), v)) return i;
  if (*length == room) return -1;
  fmpz_set(fmpq_numref(levels + *length), v);
  return (*length)++;
}

bool sector_levels(fmpq *levels, fmpz *counts, slong *length, slong room,
                   const sector_commutant_struct *c,
                   const sector_group_struct *group, const pauli_sum_struct *o) {
  size_t size = c->sectors->space.size, m = c->dimension, k = SIZE_MAX;
  sector_source_struct source;
  sector_source_operator(&source, o, c->sectors->space.frame);
  bool ok = true;
  for (size_t t = 0; t < source.sum->length; t++)
    ok = ok && pauli_sum_string(source.sum, t)[0] == 0;
  if (!ok) {
    sector_source_clear(&source);
    return false;
  }
  sector_units_t u;
  for (size_t i = 0; i < 8 && k == SIZE_MAX; i++)
    if (sector_units_init(u, c, i)) {
      k = find(u, group, m);
      if (k == SIZE_MAX) sector_units_clear(u);
    }
  ok = k != SIZE_MAX;
  *length = 0;
  if (ok) {
    fmpz *value = diagonal_values(source.sum, size);
    mp_limb_t *x = flint_malloc((m + 1) * sizeof *x);
    mp_limb_t *sum = flint_calloc((size_t)room + 1, sizeof *sum);
    projector(x, u, k, m);
    for (size_t a = 0; a < m && ok; a++) {
      const sector_sparse_struct *b = c->basis + a;
      for (size_t i = 0; i < b->length && ok; i++) {
        if (b->row[i] != b->col[i]) continue;
        slong at = find_level(levels, length, room, value + b->row[i]);
        ok = at >= 0;
        if (!ok) break;
        mp_limb_t v = b->val[i] < 0
                          ? nmod_neg((mp_limb_t)-b->val[i] % u->mod.n, u->mod)
                          : (mp_limb_t)b->val[i] % u->mod.n;
        sum[at] = nmod_addmul(sum[at], x[a], v, u->mod);
      }
    }
    /* Tr(P_k 1_(O = v)) / m is an integer from 0 to d. */
    mp_limb_t inverse = nmod_inv(group->multiplicity, u->mod);
    size_t total = 0;
    for (slong i = 0; i < *length && ok; i++) {
      mp_limb_t n = nmod_mul(sum[i], inverse, u->mod);
      ok = n <= group->dimension;
      fmpz_set_ui(counts + i, n);
      total += (size_t)n;
      fmpz_set(fmpq_denref(levels + i), source.den);
      fmpq_canonicalise(levels + i);
    }
    ok = ok && total == group->dimension;
    flint_free(x);
    flint_free(sum);
    _fmpz_vec_clear(value, (slong)size);
    sector_units_clear(u);
  }
  sector_source_clear(&source);
  return ok;
}

/* --- powers ----------------------------------------------------------------------------- */

/* out[j] = Tr(P O^j) modulo the prime, O times its denominator, restricted to the blocks
   of the commutant. */
static void power_traces(mp_limb_t *out, size_t most, const mp_limb_t *x,
                         const sector_operand_struct *o,
                         const sector_rows_struct *index, nmod_t mod) {
  size_t size = index->size;
  mp_limb_t *now = flint_malloc(size * sizeof *now);
  mp_limb_t *next = flint_malloc(size * sizeof *next);
  for (size_t j = 1; j <= most; j++) out[j] = 0;
  for (size_t s = 0; s < size; s++) {
    if (index->start[s] == index->start[s + 1]) continue;
    memset(now, 0, size * sizeof *now);
    now[s] = 1;
    for (size_t j = 1; j <= most; j++) {
      memset(next, 0, size * sizeof *next);
      for (size_t k = 0; k < o->num_masks; k++) {
        const mp_limb_t *row = o->value + k * size;
        for (size_t b = 0; b < size; b++) {
          size_t to = b ^ o->masks[k];
          if (now[b] && row[b] && index->start[to] < index->start[to + 1])
            next[to] = nmod_addmul(next[to], row[b], now[b], mod);
        }
      }
      mp_limb_t *t = now;
      now = next;
      next = t;
      for (size_t i = index->start[s]; i < index->start[s + 1]; i++)
        out[j] = nmod_addmul(
            out[j], nmod_mul(x[index->which[i]], index->val[i], mod),
            now[index->col[i]], mod);
    }
  }
  flint_free(now);
  flint_free(next);
}

/* Tr X^j = Tr(P O^j) / m, |.| <= d ||O||^j, and index^2 m den^j times it an integer. */
bool sector_powers(fmpq *power, size_t most, const sector_commutant_struct *c,
                   const sector_group_struct *group, const pauli_sum_struct *o) {
  size_t size = c->sectors->space.size, m = c->dimension, bad = 0;
  const closure_limits_t *limits = c->limits;
  sector_source_struct source;
  sector_source_operator(&source, o, c->sectors->space.frame);
  uint64_t work = (uint64_t)size * size * most * (source.sum->length + 1);
  fmpz_t modulus, den, bound, t;
  fmpz_init_set_ui(modulus, 1);
  fmpz_init(den);
  fmpz_init(bound);
  fmpz_init(t);
  fmpz *value = _fmpz_vec_init((slong)most + 1);
  mp_limb_t *x = flint_malloc((m + 1) * sizeof *x);
  mp_limb_t *sum = flint_malloc((most + 1) * sizeof *sum);
  /* den^most and ||O||^most */
  fmpz_cdiv_q(bound, fmpq_numref(source.bound), fmpq_denref(source.bound));
  fmpz_add_ui(bound, bound, 1);
  fmpz_mul(bound, bound, source.den);
  fmpz_pow_ui(bound, bound, most);
  fmpz_mul(den, c->index, c->index);
  fmpz_mul_ui(den, den, group->multiplicity);
  fmpz_mul(bound, bound, den);
  fmpz_mul_ui(bound, bound, 2 * group->dimension);
  work *= 1 + fmpz_bits(bound) / 61;
  bool ok = work <= MAX_WORK;
  for (size_t i = 0; ok && fmpz_cmp(modulus, bound) <= 0; i++) {
    sector_units_t u;
    ok = i < MAX_PRIMES && !(limits && limits->abort &&
                             limits->abort(limits->abort_data));
    if (!ok) break;
    if (!sector_units_init(u, c, i)) {
      ok = ++bad < 5;
      continue;
    }
    size_t k = find(u, group, m);
    if (k == SIZE_MAX) {
      ok = ++bad < 5;
    } else {
      sector_operand_struct operand;
      sector_rows_struct index;
      sector_rows_init(&index, c, u->mod);
      sector_operand_init(&operand, &source, size, u->mod, u->root);
      projector(x, u, k, m);
      power_traces(sum, most, x, &operand, &index, u->mod);
      for (size_t j = 1; j <= most; j++) {
        mp_limb_t v =
            nmod_mul(sum[j], fmpz_fdiv_ui(den, u->mod.n), u->mod);
        v = nmod_div(v, group->multiplicity, u->mod);
        fmpz_CRT_ui(value + j, value + j, modulus, v, u->mod.n, 1);
      }
      fmpz_mul_ui(modulus, modulus, u->mod.n);
      sector_operand_clear(&operand);
      sector_rows_clear(&index);
    }
    sector_units_clear(u);
  }
  for (size_t j = 1; j <= most && ok; j++) {
    fmpz_pow_ui(t, source.den, j);
    fmpz_mul(t, t, den);
    fmpz_set(fmpq_numref(power + j), value + j);
    fmpz_set(fmpq_denref(power + j), t);
    fmpq_canonicalise(power + j);
  }
  _fmpz_vec_clear(value, (slong)most + 1);
  flint_free(x);
  flint_free(sum);
  fmpz_clear(modulus);
  fmpz_clear(den);
  fmpz_clear(bound);
  fmpz_clear(t);
  sector_source_clear(&source);
  return ok;
}
