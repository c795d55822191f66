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

/* --- does O stay on the sector? ------------------------------------------------------ */

typedef struct {
  const mp_limb_t *x; /* P = sum x_a c_a */
  const sector_operand_struct *o;
  const sector_rows_struct *index;
  nmod_t mod;
} product_t;

/* Is row s of one of the blocks S? */
static bool is_inside(const product_t *p, size_t s) {
  return p->index->start[s] < p->index->start[s + 1];
}

/* out = 1_S O in; out = P in. */
static void apply_operand(mp_limb_t *out, const product_t *p, const mp_limb_t *in) {
  size_t size = p->index->size;
  memset(out, 0, size * sizeof *out);
  for (size_t k = 0; k < p->o->num_masks; k++) {
    const mp_limb_t *row = p->o->value + k * size;
    for (size_t b = 0; b < size; b++) {
      size_t to = b ^ p->o->masks[k];
      if (in[b] && row[b] && is_inside(p, to))
        out[to] = nmod_addmul(out[to], row[b], in[b], p->mod);
    }
  }
}

static void apply_projector(mp_limb_t *out, const product_t *p,
                            const mp_limb_t *in) {
  const sector_rows_struct *index = p->index;
  for (size_t s = 0; s < index->size; s++) {
    out[s] = 0;
    for (size_t i = index->start[s]; i < index->start[s + 1]; i++)
      if (in[index->col[i]])
        out[s] = nmod_addmul(
            out[s], nmod_mul(p->x[index->which[i]], index->val[i], p->mod),
            in[index->col[i]], p->mod);
  }
}

/* Does 1_S O 1_S stay on the sector? */
static bool commutes(const product_t *p) {
  size_t size = p->index->size;
  mp_limb_t *room = flint_malloc(4 * size * sizeof *room);
  mp_limb_t *one = room + size, *a = one + size, *b = a + size;
  bool same = true;
  for (size_t s = 0; s < size && same; s++) {
    if (!is_inside(p, s)) continue;
    memset(one, 0, size * sizeof *one);
    one[s] = 1;
    apply_operand(room, p, one);
    apply_projector(a, p, room);
    apply_projector(room, p, one);
    apply_operand(b, p, room);
    same = !memcmp(a, b, size * sizeof *a);
  }
  flint_free(room);
  return same;
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

static bool stays(const mp_limb_t *x, const sector_source_struct *source,
                  const sector_commutant_struct *c, const sector_units_struct *u) {
  sector_operand_struct operand;
  sector_rows_struct index;
  sector_rows_init(&index, c, u->mod);
  sector_operand_init(&operand, source, index.size, u->mod, u->root);
  bool yes = commutes(&(product_t){x, &operand, &index, u->mod});
  sector_operand_clear(&operand);
  sector_rows_clear(&index);
  return yes;
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
    ok = stays(x, &source, c, u);
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

/* out[j] = Tr(P (O P)^j) modulo the prime, O times its denominator. */
static void power_traces(mp_limb_t *out, size_t most, const product_t *p, bool cut) {
  const sector_rows_struct *index = p->index;
  size_t size = index->size;
  mp_limb_t *now = flint_malloc(size * sizeof *now);
  mp_limb_t *next = flint_malloc(size * sizeof *next);
  for (size_t j = 1; j <= most; j++) out[j] = 0;
  for (size_t s = 0; s < size; s++) {
    if (!is_inside(p, s)) continue;
    memset(now, 0, size * sizeof *now);
    now[s] = 1;
    for (size_t j = 1; j <= most; j++) {
      if (cut) {
        apply_projector(next, p, now);
        apply_operand(now, p, next);
      } else {
        apply_operand(next, p, now);
        mp_limb_t *t = now;
        now = next;
        next = t;
      }
      for (size_t i = index->start[s]; i < index->start[s + 1]; i++)
        out[j] = nmod_addmul(
            out[j], nmod_mul(p->x[index->which[i]], index->val[i], p->mod),
            now[index->col[i]], p->mod);
    }
  }
  flint_free(now);
  flint_free(next);
}

/* Chinese remainders of Tr X^j = Tr(P (O P)^j) / m, |.| <= d ||O||^j; (index^2)^copies m
   den^j times it is an integer, copies the number of P that are multiplied. */
typedef struct {
  const sector_commutant_struct *c;
  const sector_group_struct *group;
  sector_source_struct source;
  size_t most, num_primes;
  bool cut; /* O leaves the sector: P stands between its powers */
  fmpz_t modulus, den, bound;
  fmpz *value;
} powers_t;

/* False when that is too much work. */
static bool set_bound(powers_t *p) {
  size_t size = p->c->sectors->space.size, copies = p->cut ? p->most + 1 : 1;
  uint64_t work = (uint64_t)size * size * p->most * (p->source.sum->length + 1);
  fmpz_cdiv_q(p->bound, fmpq_numref(p->source.bound), fmpq_denref(p->source.bound));
  fmpz_add_ui(p->bound, p->bound, 1);
  fmpz_mul(p->bound, p->bound, p->source.den);
  fmpz_pow_ui(p->bound, p->bound, p->most);
  fmpz_pow_ui(p->den, p->c->index, 2 * copies);
  fmpz_mul_ui(p->den, p->den, p->group->multiplicity);
  fmpz_mul(p->bound, p->bound, p->den);
  fmpz_mul_ui(p->bound, p->bound, 2 * p->group->dimension);
  for (size_t a = 0; a < p->c->dimension && p->cut; a++)
    work += (uint64_t)size * p->most * p->c->basis[a].length;
  work *= 1 + fmpz_bits(p->bound) / 61;
  return work <= MAX_WORK;
}

/* One prime more; false for a bad one, or when that turns out to be too much. */
static bool add_prime(powers_t *p, const sector_units_struct *u) {
  const sector_commutant_struct *c = p->c;
  size_t m = c->dimension, k = find(u, p->group, m);
  if (k == SIZE_MAX) return false;
  sector_operand_struct operand;
  sector_rows_struct index;
  mp_limb_t *x = flint_malloc((m + 1) * sizeof *x);
  mp_limb_t *sum = flint_malloc((p->most + 1) * sizeof *sum);
  product_t product = {x, &operand, &index, u->mod};
  sector_rows_init(&index, c, u->mod);
  sector_operand_init(&operand, &p->source, index.size, u->mod, u->root);
  projector(x, u, k, m);
  bool ok = true;
  if (!p->num_primes && !commutes(&product)) {
    p->cut = true;
    ok = set_bound(p);
  }
  if (ok) power_traces(sum, p->most, &product, p->cut);
  for (size_t j = 1; j <= p->most && ok; j++) {
    mp_limb_t v = nmod_mul(sum[j], fmpz_fdiv_ui(p->den, u->mod.n), u->mod);
    v = nmod_div(v, p->group->multiplicity, u->mod);
    fmpz_CRT_ui(p->value + j, p->value + j, p->modulus, v, u->mod.n, 1);
  }
  if (ok) fmpz_mul_ui(p->modulus, p->modulus, u->mod.n);
  p->num_primes += ok;
  sector_operand_clear(&operand);
  sector_rows_clear(&index);
  flint_free(x);
  flint_free(sum);
  return ok;
}

bool sector_powers(fmpq *power, size_t most, const sector_commutant_struct *c,
                   const sector_group_struct *group, const pauli_sum_struct *o) {
  const closure_limits_t *limits = c->limits;
  powers_t p = {.c = c, .group = group, .most = most};
  size_t bad = 0;
  sector_source_operator(&p.source, o, c->sectors->space.frame);
  fmpz_init_set_ui(p.modulus, 1);
  fmpz_init(p.den);
  fmpz_init(p.bound);
  p.value = _fmpz_vec_init((slong)most + 1);
  bool ok = set_bound(&p);
  for (size_t i = 0; ok && fmpz_cmp(p.modulus, p.bound) <= 0; i++) {
    sector_units_t u;
    ok = i < MAX_PRIMES && !(limits && limits->abort &&
                             limits->abort(limits->abort_data));
    if (!ok) break;
    bool split = sector_units_init(u, c, i);
    if (!split || !add_prime(&p, u)) ok = ++bad < 5;
    if (split) sector_units_clear(u);
  }
  for (size_t j = 1; j <= most && ok; j++) {
    fmpz_pow_ui(fmpq_denref(power + j), p.source.den, j);
    fmpz_mul(fmpq_denref(power + j), fmpq_denref(power + j), p.den);
    fmpz_set(fmpq_numref(power + j), p.value + j);
    fmpq_canonicalise(power + j);
  }
  _fmpz_vec_clear(p.value, (slong)most + 1);
  fmpz_clear(p.modulus);
  fmpz_clear(p.den);
  fmpz_clear(p.bound);
  sector_source_clear(&p.source);
  return ok;
}
