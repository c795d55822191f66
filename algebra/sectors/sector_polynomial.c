/* Characteristic polynomials of observables on a sector (declared in sector_powers.h). */
#include <stdlib.h>

#include "algebra/base/stream.h"
#include "algebra/sectors/sector_powers.h"
#include "algebra/sectors/sector_project.h"

enum { MAX_DEGREE = 600, MAX_PRIMES = 400, MAX_BAD = 4 };
#define MAX_WORK UINT64_C(6000000000)

/* Multiplications modulo primes for the dense way. */
#define MAX_DENSE UINT64_C(8000000000)

/* Twice what a coefficient of prod (t - e_i), |e_i| <= den ||O||, can be. */
static void set_bound(fmpz_t bound, const sector_source_struct *source, size_t d) {
  fmpz_cdiv_q(bound, fmpq_numref(source->bound), fmpq_denref(source->bound));
  fmpz_mul(bound, bound, source->den);
  fmpz_add_ui(bound, bound, 1);
  fmpz_pow_ui(bound, bound, d);
  fmpz_mul_2exp(bound, bound, 1);
}

static uint64_t work_of(const sector_project_struct *w, const fmpz_t bound, size_t d) {
  uint64_t entries = w->o.start[w->length] + w->length;
  return entries * 2 * d * (1 + fmpz_bits(bound) / 61);
}

/* The recurrence of <z, O^i P u>, monic; z, u random. Of degree d, it is the characteristic
   polynomial. */
static void krylov(nmod_poly_t f, const sector_project_struct *w, size_t d,
                   uint64_t *seed) {
  size_t n = w->length;
  mp_limb_t *room = flint_malloc((3 * n + 1) * sizeof *room);
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
    sector_project_apply(next, w, &w->o, now);
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

/* The characteristic polynomial of O on the image of E = e^k_00, V_k once: with the
   columns B = E r_i, r_i random, O B = B M. */
static bool dense(nmod_poly_t f, const sector_project_struct *w, size_t d,
                  uint64_t *seed) {
  size_t n = w->length;
  mp_limb_t *room = flint_malloc((3 * n + 1) * sizeof *room);
  nmod_mat_t both, m;
  nmod_mat_init(both, (slong)n, (slong)(2 * d), w->mod.n);
  nmod_mat_init(m, (slong)d, (slong)d, w->mod.n);
  for (size_t k = 0; k < d; k++) {
    for (size_t i = 0; i < n; i++) room[i] = stream_next(seed) % w->mod.n;
    sector_project_apply(room + n, w, &w->one, room);
    sector_project_apply(room + 2 * n, w, &w->o, room + n);
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

static bool add_prime(fmpz_poly_t f, fmpz_t modulus, const sector_project_struct *w,
                      size_t d, bool repeated, uint64_t *seed) {
  nmod_poly_t g;
  bool ok = true;
  nmod_poly_init_mod(g, w->mod);
  if (repeated) ok = dense(g, w, d, seed);
  else krylov(g, w, d, seed);
  ok = ok && nmod_poly_degree(g) == (slong)d;
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
static bool is_feasible(const sector_project_struct *w, const fmpz_t bound, size_t d,
                        bool repeated) {
  uint64_t primes = 1 + fmpz_bits(bound) / 61;
  if (repeated) return (uint64_t)w->length * 2 * d * d * primes <= MAX_DENSE;
  return work_of(w, bound, d) <= MAX_WORK;
}

bool sector_polynomial(fmpz_poly_t f, fmpz_t den, const sector_commutant_struct *c,
                       const sector_group_struct *group, const pauli_sum_struct *o) {
  const closure_limits_t *limits = c->limits;
  size_t d = group->dimension, bad = 0, good = 0;
  uint64_t seed = 2718;
  sector_source_struct source;
  fmpz_t modulus, bound;
  if (d > MAX_DEGREE || !group->stays) return false;
  sector_commutant_source(&source, o, c);
  fmpz_init_set_ui(modulus, 1);
  fmpz_init(bound);
  set_bound(bound, &source, d);
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
    if (!good) ok = is_feasible(&w, bound, d, false);
    if (ok && add_prime(f, modulus, &w, d, repeated, &seed)) good++;
    else bad++;
    if (ok && !good && bad == 2 && !repeated) { /* a repeated eigenvalue, then */
      repeated = true;
      ok = is_feasible(&w, bound, d, true);
      if (exact) sector_exact_clear(&e);
      exact = false; /* e^k_00 is not rational */
    }
    sector_project_clear(&w);
  }
  if (exact) sector_exact_clear(&e);
  fmpz_set(den, source.den);
  fmpz_clear(modulus);
  fmpz_clear(bound);
  sector_source_clear(&source);
  return ok;
}
