#include "algebra/sectors/sector_powers.h"

#include <stdlib.h>

#include "algebra/sectors/sector_project.h"

enum { MAX_PRIMES = 40, MAX_UNFOLDED = 1 << 13 /* states: their pairs are gone through */ };
#define MAX_WORK UINT64_C(3000000000)
#define MAX_DENSE UINT64_C(20000000) /* entries of the three matrices of few_traces */

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

/* Terms with z bits alone: diagonal; with x bits alone: diagonal after Hadamard gates
   (x bits become z bits). */
static bool is_diagonal(pauli_sum_struct *o, bool turned) {
  size_t w = o->num_words;
  for (size_t t = 0; t < o->length; t++)
    for (size_t i = 0; i < w; i++)
      if (pauli_sum_string(o, t)[turned ? w + i : i]) return false;
  for (size_t t = 0; t < o->length && turned; t++)
    for (size_t i = 0; i < w; i++) {
      uint64_t *p = o->strings + t * 2 * w;
      p[w + i] = p[i];
      p[i] = 0;
    }
  return true;
}

/* Does O, of x bits alone, stay in the blocks S? (Where there are orbits it does.) */
static bool stays_in_blocks(const pauli_sum_struct *o, const sector_project_struct *w) {
  for (size_t t = 0; t < o->length; t++)
    for (size_t i = 0; i < w->length; i++)
      if (w->local[w->states[i] ^ pauli_sum_string(o, t)[0]] == UINT32_MAX) return false;
  return true;
}

/* Adds P_rc v / |o| over all r in one orbit and c in another o, v an entry of the projector
   between their u. */
static void add_orbits(mp_limb_t *out, const sector_orbits_struct *o, size_t row, size_t col,
                       mp_limb_t v, bool turned, nmod_t mod) {
  v = nmod_div(v, (mp_limb_t)o->weight[col], mod);
  mp_limb_t minus = nmod_neg(v, mod);
  for (size_t i = o->start[row]; i < o->start[row + 1]; i++)
    for (size_t j = o->start[col]; j < o->start[col + 1]; j++) {
      uint32_t r = o->members[i], c = o->members[j];
      size_t at = turned ? r ^ c : r;
      if (turned || r == c)
        out[at] = nmod_add(out[at], o->minus[r] ^ o->minus[c] ? minus : v, mod);
    }
}

/* out[z] = <z| P |z>, or (turned) the same after Hadamard gates,
   2^-n sum_rc (-1)^(z.(r + c)) P_rc. */
static void set_diagonal(mp_limb_t *out, const sector_project_struct *w, size_t size,
                         bool turned) {
  nmod_t mod = w->mod;
  memset(out, 0, size * sizeof *out);
  for (size_t i = 0; i < w->length; i++)
    for (uint64_t t = w->p.start[i]; t < w->p.start[i + 1]; t++) {
      size_t r = w->states[i], c = w->states[w->p.col[t]];
      size_t at = turned ? r ^ c : r;
      if (w->c->orbits) add_orbits(out, w->c->orbits, r, c, w->p.val[t], turned, mod);
      else if (turned || r == c) out[at] = nmod_add(out[at], w->p.val[t], mod);
    }
  for (size_t h = 1; h < size && turned; h *= 2)
    for (size_t s = 0; s < size; s++)
      if (!(s & h)) {
        mp_limb_t a = out[s], b = out[s | h];
        out[s] = nmod_add(a, b, mod);
        out[s | h] = nmod_sub(a, b, mod);
      }
  mp_limb_t scale = nmod_inv(size % mod.n, mod);
  for (size_t s = 0; s < size && turned; s++) out[s] = nmod_mul(scale, out[s], mod);
}

/* counts[i] = Tr(P_k 1_(O = level i)) / m, integers from 0 to d. */
static bool count_levels(fmpq *levels, fmpz *counts, slong *length, slong room,
                         const fmpz *value, const mp_limb_t *diagonal, size_t size,
                         const sector_group_struct *group, nmod_t mod) {
  mp_limb_t *sum = flint_calloc((size_t)room + 1, sizeof *sum);
  mp_limb_t inverse = nmod_inv(group->multiplicity, mod);
  size_t total = 0;
  bool ok = true;
  *length = 0;
  for (size_t s = 0; s < size && ok; s++) {
    if (!diagonal[s]) continue;
    slong at = find_level(levels, length, room, value + s);
    ok = at >= 0;
    if (ok) sum[at] = nmod_add(sum[at], diagonal[s], mod);
  }
  for (slong i = 0; i < *length && ok; i++) {
    mp_limb_t n = nmod_mul(sum[i], inverse, mod);
    ok = n <= group->dimension;
    fmpz_set_ui(counts + i, n);
    total += (size_t)n;
  }
  flint_free(sum);
  return ok && total == group->dimension;
}

static bool first_prime(sector_project_struct *w, const sector_commutant_struct *c,
                        const sector_group_struct *group,
                        const sector_source_struct *source) {
  for (size_t i = 0; i < 8; i++)
    if (sector_project_init(w, c, group, source, i)) return true;
  return false;
}

bool sector_levels(fmpq *levels, fmpz *counts, slong *length, slong room,
                   const sector_commutant_struct *c,
                   const sector_group_struct *group, const pauli_sum_struct *o) {
  size_t size = c->sectors->space.size;
  sector_source_struct source;
  sector_project_struct w;
  pauli_sum_t turned;
  sector_commutant_source(&source, o, c);
  pauli_sum_init(turned, o->num_qubits);
  pauli_sum_set(turned, source.sum);
  bool plain = is_diagonal(turned, false);
  bool ok = group->stays && (plain || is_diagonal(turned, true));
  if (ok && c->orbits) /* O P = P O, so that the eigenvalues of O count */
    ok = size <= MAX_UNFOLDED && sector_orbits_keep(c->orbits, &source);
  if (ok && first_prime(&w, c, group, &source)) {
    ok = plain || c->orbits || stays_in_blocks(source.sum, &w);
    if (ok) {
      fmpz *value = diagonal_values(turned, size);
      mp_limb_t *diagonal = flint_malloc(size * sizeof *diagonal);
      set_diagonal(diagonal, &w, size, !plain);
      ok = count_levels(levels, counts, length, room, value, diagonal, size, group,
                        w.mod);
      for (slong i = 0; i < *length && ok; i++) {
        fmpz_set(fmpq_denref(levels + i), source.den);
        fmpq_canonicalise(levels + i);
      }
      flint_free(diagonal);
      _fmpz_vec_clear(value, (slong)size);
    }
    sector_project_clear(&w);
  } else {
    ok = false;
  }
  pauli_sum_clear(turned);
  sector_source_clear(&source);
  return ok;
}

/* --- powers ----------------------------------------------------------------------------- */

/* out[j] = Tr(P (O P)^j) modulo the prime, O times its denominator. */
static void power_traces(mp_limb_t *out, size_t most, const sector_project_struct *w,
                         bool cut) {
  size_t length = w->length;
  mp_limb_t *now = flint_malloc((length + 1) * sizeof *now);
  mp_limb_t *next = flint_malloc((length + 1) * sizeof *next);
  for (size_t j = 1; j <= most; j++) out[j] = 0;
  for (size_t s = 0; s < length; s++) {
    memset(now, 0, length * sizeof *now);
    now[s] = 1;
    for (size_t j = 1; j <= most; j++) {
      if (cut) sector_project_apply(next, w, &w->p, now);
      sector_project_apply(cut ? now : next, w, &w->o, cut ? next : now);
      if (!cut) {
        mp_limb_t *t = now;
        now = next;
        next = t;
      }
      for (uint64_t i = w->p.start[s]; i < w->p.start[s + 1]; i++)
        out[j] = nmod_addmul(out[j], w->p.val[i], now[w->p.col[i]], w->mod);
    }
  }
  flint_free(now);
  flint_free(next);
}

/* out = O in, dense matrices by rows. */
static void apply_to_rows(mp_limb_t *out, const sector_project_struct *w,
                          const mp_limb_t *in) {
  size_t n = w->length;
  memset(out, 0, n * n * sizeof *out);
  for (size_t i = 0; i < n; i++)
    for (uint64_t t = w->o.start[i]; t < w->o.start[i + 1]; t++) {
      const mp_limb_t *row = in + w->o.col[t] * n;
      mp_limb_t v = w->o.val[t];
      for (size_t j = 0; j < n; j++)
        if (row[j]) out[i * n + j] = nmod_addmul(out[i * n + j], v, row[j], w->mod);
    }
}

static mp_limb_t trace_of_product(const mp_limb_t *a, const mp_limb_t *b, size_t n,
                                  nmod_t mod) {
  mp_limb_t sum = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      sum = nmod_addmul(sum, a[i * n + j], b[j * n + i], mod);
  return sum;
}

/* The first four when O P = P O: with A = O P, B = O A,
   Tr A, Tr B, Tr(B A), Tr(B B). */
static void few_traces(mp_limb_t *out, size_t most, const sector_project_struct *w) {
  size_t n = w->length;
  mp_limb_t *p = flint_calloc(n * n + 1, sizeof *p);
  mp_limb_t *a = flint_malloc((n * n + 1) * sizeof *a), *b = p, all[5] = {0};
  for (size_t i = 0; i < n; i++)
    for (uint64_t t = w->p.start[i]; t < w->p.start[i + 1]; t++) {
      mp_limb_t *to = p + i * n + w->p.col[t];
      *to = nmod_add(*to, w->p.val[t], w->mod);
    }
  apply_to_rows(a, w, p);
  apply_to_rows(b, w, a); /* p is done with */
  for (size_t i = 0; i < n; i++) {
    all[1] = nmod_add(all[1], a[i * n + i], w->mod);
    all[2] = nmod_add(all[2], b[i * n + i], w->mod);
  }
  all[3] = trace_of_product(b, a, n, w->mod);
  all[4] = trace_of_product(b, b, n, w->mod);
  for (size_t j = 1; j <= most; j++) out[j] = all[j];
  flint_free(p);
  flint_free(a);
}

/* Chinese remainders of Tr X^j = Tr(P (O P)^j) / m, |.| <= d ||O||^j; (index^2)^copies m
   den^j times it is an integer, copies the number of P that are multiplied. */
typedef struct {
  const sector_commutant_struct *c;
  const sector_group_struct *group;
  sector_source_struct source;
  size_t most;
  bool cut; /* O leaves the sector: P stands between its powers */
  fmpz_t modulus, den, bound;
  fmpz *value;
} powers_t;

static size_t num_states(const sector_commutant_struct *c) {
  const sector_space_struct *space = c->space;
  size_t states = 0;
  for (size_t b = 0; b < space->num_blocks; b++)
    if (c->blocks[b]) states += space->block_start[b + 1] - space->block_start[b];
  return states;
}

static bool is_few(const powers_t *p) {
  uint64_t states = num_states(p->c);
  return p->most <= 4 && !p->cut && 3 * states * states <= MAX_DENSE;
}

/* False when that is too much work. */
static bool set_bound(powers_t *p) {
  size_t copies = p->cut ? p->most + 1 : 1;
  uint64_t states = num_states(p->c);
  uint64_t work = states * states * (is_few(p) ? 3 : p->most) * (p->source.sum->length + 1);
  fmpz_cdiv_q(p->bound, fmpq_numref(p->source.bound), fmpq_denref(p->source.bound));
  fmpz_add_ui(p->bound, p->bound, 1);
  fmpz_mul(p->bound, p->bound, p->source.den);
  fmpz_pow_ui(p->bound, p->bound, p->most);
  fmpz_pow_ui(p->den, p->c->index, 2 * copies);
  fmpz_mul_ui(p->den, p->den, p->group->multiplicity);
  fmpz_mul(p->bound, p->bound, p->den);
  fmpz_mul_ui(p->bound, p->bound, 2 * p->group->dimension);
  for (size_t a = 0; a < p->c->dimension && p->cut; a++)
    work += states * p->most * p->c->basis[a].length;
  work *= 1 + fmpz_bits(p->bound) / 61;
  return work <= MAX_WORK;
}

/* One prime more. */
static void add_prime(powers_t *p, const sector_project_struct *w) {
  nmod_t mod = w->mod;
  mp_limb_t *sum = flint_malloc((p->most + 1) * sizeof *sum);
  if (is_few(p)) few_traces(sum, p->most, w);
  else power_traces(sum, p->most, w, p->cut);
  for (size_t j = 1; j <= p->most; j++) {
    mp_limb_t v = nmod_mul(sum[j], fmpz_fdiv_ui(p->den, mod.n), mod);
    v = nmod_div(v, p->group->multiplicity, mod);
    fmpz_CRT_ui(p->value + j, p->value + j, p->modulus, v, mod.n, 1);
  }
  fmpz_mul_ui(p->modulus, p->modulus, mod.n);
  flint_free(sum);
}

bool sector_powers(fmpq *power, size_t most, const sector_commutant_struct *c,
                   const sector_group_struct *group, const pauli_sum_struct *o) {
  const closure_limits_t *limits = c->limits;
  powers_t p = {.c = c, .group = group, .most = most, .cut = !group->stays};
  size_t bad = 0;
  sector_commutant_source(&p.source, o, c);
  fmpz_init_set_ui(p.modulus, 1);
  fmpz_init(p.den);
  fmpz_init(p.bound);
  p.value = _fmpz_vec_init((slong)most + 1);
  bool ok = set_bound(&p);
  for (size_t i = 0; ok && fmpz_cmp(p.modulus, p.bound) <= 0; i++) {
    sector_project_struct w;
    ok = i < MAX_PRIMES && !(limits && limits->abort &&
                             limits->abort(limits->abort_data));
    if (!ok) break;
    bool split = sector_project_init(&w, c, group, &p.source, i);
    if (split) {
      add_prime(&p, &w);
      sector_project_clear(&w);
    } else {
      ok = ++bad < 5;
    }
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
