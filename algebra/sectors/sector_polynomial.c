/* Characteristic polynomials of observables on a sector (declared in sector_powers.h). */
#include <stdlib.h>

#include "algebra/base/stream.h"
#include "algebra/sectors/sector_powers.h"
#include "algebra/sectors/sector_project.h"

enum { MAX_DEGREE = 600, MAX_PRIMES = 400, MAX_BAD = 4 };
#define MAX_WORK UINT64_C(6000000000)

/* Multiplications modulo primes for the dense way. */
#define MAX_DENSE UINT64_C(8000000000)

/* O may leave the sector: then P stands before every O. index P has integer entries
   (sector_project.h), so that index den P O P has, and the eigenvalues of index den X are
   algebraic integers, as those of den X are when O P = P O. */
typedef struct {
  bool cut;
  fmpz_t den; /* with the index when it is so */
} part_t;

/* Twice what a coefficient of prod (t - e_i), |e_i| <= den ||O||, can be. */
static void set_bound(fmpz_t bound, const sector_source_struct *source, const part_t *part,
                      size_t d) {
  fmpz_cdiv_q(bound, fmpq_numref(source->bound), fmpq_denref(source->bound));
  fmpz_mul(bound, bound, part->den);
  fmpz_add_ui(bound, bound, 1);
  fmpz_pow_ui(bound, bound, d);
  fmpz_mul_2exp(bound, bound, 1);
}

static uint64_t work_of(const sector_project_struct *w, const fmpz_t bound, bool cut,
                        size_t d) {
  uint64_t entries = w->o.start[w->length] + w->length + (cut ? w->p.start[w->length] : 0);
  return entries * 2 * d * (1 + fmpz_bits(bound) / 61);
}

/* out = O in, or P O in; distinct, room apart. */
static void apply(mp_limb_t *out, const sector_project_struct *w,
                  const project_matrix_struct *p, const mp_limb_t *in, mp_limb_t *room) {
  sector_project_apply(p ? room : out, w, &w->o, in);
  if (p) sector_project_apply(out, w, p, room);
}

/* The recurrence of <z, O^i P u>, monic; z, u random. Of degree d, it is the characteristic
   polynomial. */
static void krylov(nmod_poly_t f, const sector_project_struct *w, bool cut, size_t d,
                   uint64_t *seed) {
  size_t n = w->length;
  mp_limb_t *room = flint_malloc((4 * n + 1) * sizeof *room);
  mp_limb_t *now = room, *next = now + n, *z = next + n;
  nmod_berlekamp_massey_t b;
  for (size_t i = 0; i < n; i++) {
    z[i] = stream_next(seed) % w->mod.n;
    next[i] = stream_next(seed) % w->mod.n;
  }
  sector_project_apply(now, w, &w->p, next);
  nmod_berlekamp_massey_init(b, w->mod.n);
  for (size_t k = 0; k < 2 * d + 8; k++) {
    mp_limb_t sum = 0;
    for (size_t i = 0; i < n; i++) sum = nmod_addmul(sum, z[i], now[i], w->mod);
    nmod_berlekamp_massey_add_point(b, sum);
    apply(next, w, cut ? &w->p : NULL, now, z + n);
    mp_limb_t *t = now;
    now = next;
    next = t;
  }
  nmod_berlekamp_massey_reduce(b);
  nmod_poly_set(f, nmod_berlekamp_massey_V_poly(b));
  nmod_poly_make_monic(f, f);
  nmod_berlekamp_massey_clear(b);
  flint_free(room);
}

/* The characteristic polynomial of O, or E O, on the image of E = e^k_00, V_k once: with the
   columns B = E r_i, r_i random, (E) O B = B M. */
static bool dense(nmod_poly_t f, const sector_project_struct *w, bool cut, size_t d,
                  uint64_t *seed) {
  size_t n = w->length;
  mp_limb_t *room = flint_malloc((4 * n + 1) * sizeof *room);
  nmod_mat_t both, m;
  nmod_mat_init(both, (slong)n, (slong)(2 * d), w->mod.n);
  nmod_mat_init(m, (slong)d, (slong)d, w->mod.n);
  for (size_t k = 0; k < d; k++) {
    for (size_t i = 0; i < n; i++) room[i] = stream_next(seed) % w->mod.n;
    sector_project_apply(room + n, w, &w->one, room);
    apply(room + 2 * n, w, cut ? &w->one : NULL, room + n, room + 3 * n);
    for (size_t i = 0; i < n; i++) {
      nmod_mat_entry(both, (slong)i, (slong)k) = room[n + i];
      nmod_mat_entry(both, (slong)i, (slong)(d + k)) = room[2 * n + i];
    }
  }
  bool ok = nmod_mat_rref(both) == (slong)d;
  for (size_t i = 0; i < d && ok; i++) {
    ok = nmod_mat_entry(both, (slong)i, (slong)i) == 1;
    for (size_t k = 0; k < d; k++)
      nmod_mat_entry(m, (slong)i, (slong)k) = nmod_mat_entry(both, (slong)i, (slong)(d + k));
  }
  if (ok) nmod_mat_charpoly(f, m);
  nmod_mat_clear(both);
  nmod_mat_clear(m);
  flint_free(room);
  return ok;
}

/* g(t) := index^d g(t / index): of index times the matrix. */
static void scale(nmod_poly_t g, const fmpz_t index) {
  mp_limb_t by = fmpz_fdiv_ui(index, g->mod.n), power = 1;
  for (slong i = nmod_poly_degree(g); i >= 0; i--) {
    nmod_poly_set_coeff_ui(g, i, nmod_mul(power, nmod_poly_get_coeff_ui(g, i), g->mod));
    power = nmod_mul(power, by, g->mod);
  }
}

static bool add_prime(fmpz_poly_t f, fmpz_t modulus, const sector_project_struct *w,
                      bool cut, size_t d, bool repeated, uint64_t *seed) {
  nmod_poly_t g;
  bool ok = true;
  nmod_poly_init_mod(g, w->mod);
  if (repeated) ok = dense(g, w, cut, d, seed);
  else krylov(g, w, cut, d, seed);
  ok = ok && nmod_poly_degree(g) == (slong)d;
  if (cut && ok) scale(g, w->c->index);
  if (ok) {
    if (fmpz_is_one(modulus)) fmpz_poly_zero(f);
    fmpz_t c;
    fmpz_init(c);
    for (size_t i = 0; i <= d; i++) {
      fmpz_poly_get_coeff_fmpz(c, f, (slong)i);
      fmpz_CRT_ui(c, c, modulus, nmod_poly_get_coeff_ui(g, (slong)i), w->mod.n, 1);
      fmpz_poly_set_coeff_fmpz(f, (slong)i, c);
    }
    fmpz_clear(c);
    fmpz_mul_ui(modulus, modulus, w->mod.n);
  }
  nmod_poly_clear(g);
  return ok;
}

/* Is there time for it? */
static bool is_feasible(const sector_project_struct *w, const fmpz_t bound, bool cut,
                        size_t d, bool repeated) {
  uint64_t primes = 1 + fmpz_bits(bound) / 61;
  if (repeated) return (uint64_t)w->length * 2 * d * d * primes <= MAX_DENSE;
  return work_of(w, bound, cut, d) <= MAX_WORK;
}

bool sector_polynomial(fmpz_poly_t f, fmpz_t den, const sector_commutant_struct *c,
                       const sector_group_struct *group, const pauli_sum_struct *o) {
  const closure_limits_t *limits = c->limits;
  size_t d = group->dimension, bad = 0, good = 0;
  uint64_t seed = 2718;
  sector_source_struct source;
  fmpz_t modulus, bound;
  part_t part = {.cut = !group->stays};
  if (d > MAX_DEGREE || (part.cut && c->orbits)) return false;
  sector_commutant_source(&source, o, c);
  fmpz_init_set_ui(modulus, 1);
  fmpz_init(bound);
  fmpz_init_set(part.den, source.den);
  if (part.cut) fmpz_mul(part.den, part.den, c->index);
  set_bound(bound, &source, &part, d);
  sector_exact_struct e;
  bool ok = true, repeated = false, exact = sector_exact_init(&e, c, group);
  for (size_t i = 0; ok && fmpz_cmp(modulus, bound) <= 0; i++) {
    sector_project_struct w;
    ok = i < MAX_PRIMES && bad < MAX_BAD &&
         !(limits && limits->abort && limits->abort(limits->abort_data));
    if (!ok) break;
    if (!(exact ? sector_project_init_exact(&w, &e, &source, i)
                : sector_project_init(&w, c, group, &source, i))) {
      bad++;
      continue;
    }
    if (!good) ok = is_feasible(&w, bound, part.cut, d, false);
    if (ok && add_prime(f, modulus, &w, part.cut, d, repeated, &seed)) good++;
    else bad++;
    if (ok && !good && bad == 2 && !repeated) { /* a repeated eigenvalue, then */
      repeated = true;
      ok = is_feasible(&w, bound, part.cut, d, true);
      if (exact) sector_exact_clear(&e);
      exact = false; /* e^k_00 is not rational */
    }
    sector_project_clear(&w);
  }
  if (exact) sector_exact_clear(&e);
  fmpz_set(den, part.den);
  fmpz_clear(part.den);
  fmpz_clear(modulus);
  fmpz_clear(bound);
  sector_source_clear(&source);
  return ok;
}
