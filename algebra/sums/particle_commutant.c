#include "algebra/sums/particle_commutant.h"

#include "algebra/base/stream.h"
#include "algebra/sectors/sector_hidden.h"

enum { ATTEMPTS = 3, MORE_EQUATIONS = 12, RANGE = 1000 };

/* --- modulo a prime ------------------------------------------------------------------- */

typedef struct {
  slong n;
  size_t count;
  nmod_mat_struct *matrices;
  nmod_t mod;
  uint64_t random;
} modular_t;

static bool modular_init(modular_t *m, const fmpq_mat_struct *matrices, size_t count,
                         mp_limb_t prime) {
  bool fine = true;
  m->n = fmpq_mat_nrows(matrices);
  m->count = count;
  m->matrices = flint_malloc((count + 1) * sizeof *m->matrices);
  nmod_init(&m->mod, prime);
  m->random = prime;
  for (size_t j = 0; j < count; j++) {
    nmod_mat_init(m->matrices + j, m->n, m->n, prime);
    for (slong a = 0; a < m->n; a++)
      for (slong b = 0; b < m->n; b++) {
        const fmpq *x = fmpq_mat_entry(matrices + j, a, b);
        mp_limb_t den = fmpz_fdiv_ui(fmpq_denref(x), prime);
        fine = fine && den;
        if (den)
          nmod_mat_entry(m->matrices + j, a, b) = n_mulmod2_preinv(
              fmpz_fdiv_ui(fmpq_numref(x), prime), n_invmod(den, prime), m->mod.n,
              m->mod.ninv);
      }
  }
  return fine;
}

static void modular_clear(modular_t *m) {
  for (size_t j = 0; j < m->count; j++) nmod_mat_clear(m->matrices + j);
  flint_free(m->matrices);
}

static mp_limb_t draw(modular_t *m) {
  return n_mod2_preinv(stream_next(&m->random), m->mod.n, m->mod.ninv);
}

/* out = (sum r_j A_j) v, r random. */
static void apply_random(nmod_mat_t out, modular_t *m, const nmod_mat_t v) {
  nmod_mat_t term;
  nmod_mat_init(term, m->n, 2, m->mod.n);
  nmod_mat_zero(out);
  for (size_t j = 0; j < m->count; j++) {
    nmod_mat_mul(term, m->matrices + j, v);
    nmod_mat_scalar_mul(term, term, draw(m));
    nmod_mat_add(out, out, term);
  }
  nmod_mat_clear(term);
}

static slong unknowns(slong n, int sign) { return n * (n + sign) / 2; }

/* u^T (X A - A X) v = sum X_ab (u_a (A v)_b + (A u)_a v_b), A antisymmetric; X symmetric or
   antisymmetric (sign). */
static void set_equation(mp_limb_t *row, const nmod_mat_t v, const nmod_mat_t av, slong n,
                         int sign, nmod_t mod) {
  slong at = 0;
  for (slong a = 0; a < n; a++)
    for (slong b = sign > 0 ? a : a + 1; b < n; b++) {
      mp_limb_t c[2];
      for (int k = 0; k < 2; k++) {
        slong i = k ? b : a, j = k ? a : b;
        c[k] = nmod_add(
            nmod_mul(nmod_mat_entry(v, i, 0), nmod_mat_entry(av, j, 1), mod),
            nmod_mul(nmod_mat_entry(av, i, 0), nmod_mat_entry(v, j, 1), mod), mod);
      }
      if (a == b) row[at++] = c[0];
      else row[at++] = sign > 0 ? nmod_add(c[0], c[1], mod) : nmod_sub(c[0], c[1], mod);
    }
}

/* Solutions are columns; initialises out. */
static slong solve(nmod_mat_t out, modular_t *m, int sign) {
  slong n = m->n, count = unknowns(n, sign), rows = count + MORE_EQUATIONS;
  nmod_mat_t equations, v, av;
  nmod_mat_init(equations, rows, count, m->mod.n);
  nmod_mat_init(out, count, count, m->mod.n);
  nmod_mat_init(v, n, 2, m->mod.n);
  nmod_mat_init(av, n, 2, m->mod.n);
  for (slong r = 0; r < rows && count; r++) {
    for (slong a = 0; a < n; a++)
      for (slong k = 0; k < 2; k++) nmod_mat_entry(v, a, k) = draw(m);
    apply_random(av, m, v);
    set_equation(&nmod_mat_entry(equations, r, 0), v, av, n, sign, m->mod);
  }
  slong found = count ? nmod_mat_nullspace(out, equations) : 0;
  nmod_mat_clear(equations);
  nmod_mat_clear(v);
  nmod_mat_clear(av);
  return found;
}

/* --- over Q ------------------------------------------------------------------------------- */

static bool lift(fmpq_t out, mp_limb_t x, mp_limb_t prime) {
  fmpz_t residue, modulus;
  fmpz_init_set_ui(residue, x);
  fmpz_init_set_ui(modulus, prime);
  bool lifted = fmpq_reconstruct_fmpz(out, residue, modulus);
  fmpz_clear(residue);
  fmpz_clear(modulus);
  return lifted;
}

/* One solution as a rational matrix that commutes with all. */
static bool lift_solution(fmpq_mat_t out, const nmod_mat_t solutions, slong column, int sign,
                          const fmpq_mat_struct *matrices, size_t count) {
  slong n = fmpq_mat_nrows(out), at = 0;
  bool fine = true;
  for (slong a = 0; a < n && fine; a++)
    for (slong b = sign > 0 ? a : a + 1; b < n && fine; b++) {
      fine = lift(fmpq_mat_entry(out, a, b), nmod_mat_entry(solutions, at++, column),
                  solutions->mod.n);
      if (a == b) continue;
      fmpq_set(fmpq_mat_entry(out, b, a), fmpq_mat_entry(out, a, b));
      if (sign < 0) fmpq_neg(fmpq_mat_entry(out, b, a), fmpq_mat_entry(out, b, a));
    }
  for (size_t j = 0; j < count && fine; j++) fine = matrices_commute(out, matrices + j);
  return fine;
}

static bool add_solutions(commutant_struct *c, modular_t *m, int sign,
                          const fmpq_mat_struct *matrices, size_t count) {
  nmod_mat_t solutions;
  slong found = solve(solutions, m, sign);
  bool fine = true;
  c->list = flint_realloc(c->list, (c->length + (size_t)found + 1) * sizeof *c->list);
  for (slong k = 0; k < found && fine; k++) {
    fmpq_mat_init(c->list + c->length, m->n, m->n);
    fine = lift_solution(c->list + c->length++, solutions, k, sign, matrices, count);
  }
  nmod_mat_clear(solutions);
  return fine;
}

void commutant_clear(commutant_struct *c) {
  for (size_t k = 0; k < c->length; k++) fmpq_mat_clear(c->list + k);
  flint_free(c->list);
}

bool commutant_init(commutant_struct *out, const fmpq_mat_struct *matrices, size_t count) {
  mp_limb_t prime = UWORD(1) << 61;
  for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
    modular_t m;
    *out = (commutant_struct){.length = 0};
    prime = n_nextprime(prime, 0);
    bool fine = modular_init(&m, matrices, count, prime) &&
                add_solutions(out, &m, 1, matrices, count);
    out->num_symmetric = out->length;
    fine = fine && add_solutions(out, &m, -1, matrices, count);
    modular_clear(&m);
    if (fine) return true;
    commutant_clear(out);
  }
  return false;
}

/* --- its centre ----------------------------------------------------------------------------- */

/* u^T (a b - b a) v for given whole numbers. */
static void pair_bracket(fmpq_t out, const fmpq_mat_t a, const fmpq_mat_t b,
                         const fmpq_mat_t u, const fmpq_mat_t v) {
  slong n = fmpq_mat_nrows(a);
  fmpq_mat_t x, y, value;
  fmpq_mat_init(x, n, 1);
  fmpq_mat_init(y, n, 1);
  fmpq_mat_init(value, 1, 1);
  fmpq_mat_mul(x, b, v);
  fmpq_mat_mul(y, a, x);
  fmpq_mat_mul(value, u, y);
  fmpq_set(out, fmpq_mat_entry(value, 0, 0));
  fmpq_mat_mul(x, a, v);
  fmpq_mat_mul(y, b, x);
  fmpq_mat_mul(value, u, y);
  fmpq_sub(out, out, fmpq_mat_entry(value, 0, 0));
  fmpq_mat_clear(x);
  fmpq_mat_clear(y);
  fmpq_mat_clear(value);
}

static void set_random(fmpq_mat_t x, uint64_t *random) {
  for (slong i = 0; i < fmpq_mat_nrows(x); i++)
    for (slong j = 0; j < fmpq_mat_ncols(x); j++)
      fmpq_set_si(fmpq_mat_entry(x, i, j), (slong)(stream_next(random) % RANGE), 1);
}

static void set_brackets(fmpq_mat_t equations, const fmpq_mat_struct *list, size_t length,
                         const fmpq_mat_struct *others, size_t num_others) {
  slong n = fmpq_mat_nrows(list), per = (slong)length + 1;
  uint64_t random = 0;
  fmpq_mat_t u, v;
  fmpq_mat_init(u, 1, n);
  fmpq_mat_init(v, n, 1);
  for (size_t j = 0; j < num_others; j++)
    for (slong r = 0; r < per; r++) {
      set_random(u, &random);
      set_random(v, &random);
      for (size_t k = 0; k < length; k++)
        pair_bracket(fmpq_mat_entry(equations, (slong)j * per + r, (slong)k), list + k,
                     others + j, u, v);
    }
  fmpq_mat_clear(u);
  fmpq_mat_clear(v);
}

static void combine(fmpq_mat_t out, const fmpq_mat_struct *list, size_t length,
                    const fmpz_mat_t factors, slong column) {
  fmpq_mat_t term;
  fmpq_mat_init(term, fmpq_mat_nrows(out), fmpq_mat_nrows(out));
  fmpq_mat_zero(out);
  for (size_t k = 0; k < length; k++) {
    fmpq_mat_scalar_mul_fmpz(term, list + k, fmpz_mat_entry(factors, (slong)k, column));
    fmpq_mat_add(out, out, term);
  }
  fmpq_mat_clear(term);
}

fmpq_mat_struct *commutant_centre(size_t *count, const fmpq_mat_struct *list, size_t length,
                                  const fmpq_mat_struct *others, size_t num_others) {
  slong n = length ? fmpq_mat_nrows(list) : 0;
  fmpq_mat_struct *out = flint_malloc((length + 1) * sizeof *out);
  *count = 0;
  if (!length) return out;
  fmpq_mat_t equations;
  fmpz_mat_t whole, null;
  fmpq_mat_init(equations, (slong)num_others * ((slong)length + 1), (slong)length);
  fmpz_mat_init(whole, fmpq_mat_nrows(equations), (slong)length);
  fmpz_mat_init(null, (slong)length, (slong)length);
  set_brackets(equations, list, length, others, num_others);
  fmpq_mat_get_fmpz_mat_rowwise(whole, NULL, equations);
  slong found = fmpz_mat_nullspace(null, whole);
  for (slong k = 0; k < found; k++) {
    fmpq_mat_init(out + *count, n, n);
    combine(out + *count, list, length, null, k);
    bool central = true;
    for (size_t j = 0; j < num_others && central; j++)
      central = matrices_commute(out + *count, others + j);
    if (central) (*count)++;
    else fmpq_mat_clear(out + *count);
  }
  fmpq_mat_clear(equations);
  fmpz_mat_clear(whole);
  fmpz_mat_clear(null);
  return out;
}
