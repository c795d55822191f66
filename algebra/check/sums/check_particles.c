#include "algebra/check/sums/check_particles.h"

#include <string.h>

#include "algebra/base/stream.h"

enum { MOST_ANTISYMMETRIC = 3, MORE_ROWS = 20 };

/* 2^61 + 15 */
static const mp_limb_t prime = (UWORD(1) << 61) + 15;

/* --- bilinears ------------------------------------------------------------------------------ */

static void set_mode(uint64_t *string, size_t mode, size_t w) {
  memset(string, 0, 2 * w * sizeof *string);
  for (size_t k = 0; k < mode / 2; k++) pauli_set(string, w, k, 2);
  pauli_set(string, w, mode / 2, mode % 2 ? 3 : 1);
}

/* i gamma_a gamma_b = sign [string] */
static int set_bilinear(uint64_t *string, size_t a, size_t b, size_t w) {
  uint64_t *other = flint_malloc(2 * w * sizeof *other);
  set_mode(string, a, w);
  set_mode(other, b, w);
  unsigned phase = 1 + pauli_mul(string, string, other, w);
  flint_free(other);
  return phase % 4 ? -1 : 1;
}

/* Adds the terms that are bilinear; are they all? */
static bool read_sum(fmpq_mat_t out, const pauli_sum_struct *sum, size_t modes) {
  size_t w = sum->num_words, found = 0;
  uint64_t *string = flint_malloc(2 * w * sizeof *string);
  fmpq_t c;
  fmpq_init(c);
  fmpq_mat_zero(out);
  for (size_t a = 0; a < modes; a++)
    for (size_t b = a + 1; b < modes; b++) {
      int sign = set_bilinear(string, a, b, w);
      pauli_sum_coefficient(c, sum, string);
      if (fmpq_is_zero(c)) continue;
      found++;
      if (sign < 0) fmpq_neg(c, c);
      fmpq_set(fmpq_mat_entry(out, (slong)a, (slong)b), c);
      fmpq_neg(fmpq_mat_entry(out, (slong)b, (slong)a), c);
    }
  fmpq_clear(c);
  flint_free(string);
  return found == sum->length;
}

static void read_state(fmpq_mat_t out, const quantum_state_struct *state, size_t modes,
                       size_t w) {
  uint64_t *string = flint_malloc(2 * w * sizeof *string);
  fmpq_mat_zero(out);
  for (size_t a = 0; a < modes; a++)
    for (size_t b = a + 1; b < modes; b++) {
      fmpq *up = fmpq_mat_entry(out, (slong)a, (slong)b);
      int sign = set_bilinear(string, a, b, w);
      quantum_state_expectation(up, state, string);
      if (sign < 0) fmpq_neg(up, up);
      fmpq_neg(fmpq_mat_entry(out, (slong)b, (slong)a), up);
    }
  flint_free(string);
}

/* --- what commutes with the generators -------------------------------------------------------- */

typedef struct {
  slong modes;
  size_t num_generators;
  fmpq_mat_struct *generators;
  size_t num_fixed; /* 1 and the antisymmetric ones */
  fmpq_mat_struct fixed[MOST_ANTISYMMETRIC + 1];
} frame_t;

static slong place(slong a, slong b, slong n, bool diagonal) {
  return a * n - a * (a - 1) / 2 + b - a - (diagonal ? 0 : a + 1);
}

/* row += x times X_ab */
static void add_unknown(mp_limb_t *row, slong a, slong b, mp_limb_t x, slong n, bool symmetric,
                        nmod_t mod) {
  if (a == b && !symmetric) return;
  bool turned = a > b;
  mp_limb_t *to = row + place(turned ? b : a, turned ? a : b, n, symmetric);
  *to = turned && !symmetric ? nmod_sub(*to, x, mod) : nmod_add(*to, x, mod);
}

/* The generators modulo the prime. */
static nmod_mat_struct *reduce(const frame_t *f, nmod_t mod) {
  nmod_mat_struct *out = flint_malloc((f->num_generators + 1) * sizeof *out);
  for (size_t j = 0; j < f->num_generators; j++) {
    nmod_mat_init(out + j, f->modes, f->modes, mod.n);
    for (slong a = 0; a < f->modes; a++)
      for (slong b = 0; b < f->modes; b++) {
        const fmpq *x = fmpq_mat_entry(f->generators + j, a, b);
        nmod_mat_entry(out + j, a, b) = nmod_div(fmpz_fdiv_ui(fmpq_numref(x), mod.n),
                                                 fmpz_fdiv_ui(fmpq_denref(x), mod.n), mod);
      }
  }
  return out;
}

/* left = u^T A, right = A v, A a random combination. */
static void apply(mp_limb_t *left, mp_limb_t *right, const mp_limb_t *u, const mp_limb_t *v,
                  const nmod_mat_struct *generators, size_t count, slong n, nmod_t mod,
                  uint64_t *random) {
  mp_limb_t *scaled = flint_malloc((size_t)n * sizeof *scaled);
  memset(left, 0, (size_t)n * sizeof *left);
  memset(right, 0, (size_t)n * sizeof *right);
  for (size_t j = 0; j < count; j++) {
    mp_limb_t factor = n_mod2_preinv(stream_next(random), mod.n, mod.ninv);
    _nmod_vec_scalar_mul_nmod(scaled, v, n, factor, mod);
    for (slong a = 0; a < n; a++)
      for (slong b = 0; b < n; b++) {
        mp_limb_t x = nmod_mat_entry(generators + j, a, b);
        if (!x) continue;
        right[a] = nmod_add(right[a], nmod_mul(x, scaled[b], mod), mod);
        left[b] = nmod_add(left[b], nmod_mul(nmod_mul(factor, u[a], mod), x, mod), mod);
      }
  }
  flint_free(scaled);
}

/* Solutions of u^T (X A - A X) v = 0, random u, v and A, are columns of out, initialised
   here; returns how many: no fewer than there are X that commute with all. */
static slong solve(nmod_mat_t out, const frame_t *f, bool symmetric) {
  slong n = f->modes, width = n * (n + (symmetric ? 1 : -1)) / 2;
  uint64_t random = prime + symmetric;
  nmod_t mod;
  nmod_mat_t rows;
  nmod_init(&mod, prime);
  nmod_mat_init(rows, width + MORE_ROWS, width, prime);
  nmod_mat_init(out, width, width, prime);
  nmod_mat_struct *generators = reduce(f, mod);
  mp_limb_t *u = flint_malloc(4 * (size_t)n * sizeof *u), *v = u + n, *left = v + n,
            *right = left + n;
  for (slong r = 0; r < width + MORE_ROWS && width; r++) {
    for (slong a = 0; a < 2 * n; a++)
      u[a] = n_mod2_preinv(stream_next(&random), mod.n, mod.ninv);
    apply(left, right, u, v, generators, f->num_generators, n, mod, &random);
    for (slong a = 0; a < n; a++)
      for (slong b = 0; b < n; b++)
        add_unknown(&nmod_mat_entry(rows, r, 0), a, b,
                    nmod_sub(nmod_mul(u[a], right[b], mod), nmod_mul(left[a], v[b], mod), mod),
                    n, symmetric, mod);
  }
  slong found = nmod_mat_nullspace(out, rows);
  for (size_t j = 0; j < f->num_generators; j++) nmod_mat_clear(generators + j);
  flint_free(generators);
  flint_free(u);
  nmod_mat_clear(rows);
  return found;
}

static bool commute(const fmpq_mat_t a, const fmpq_mat_t b) {
  slong n = fmpq_mat_nrows(a);
  fmpq_mat_t x, y;
  fmpq_mat_init(x, n, n);
  fmpq_mat_init(y, n, n);
  fmpq_mat_mul(x, a, b);
  fmpq_mat_mul(y, b, a);
  bool same = fmpq_mat_equal(x, y);
  fmpq_mat_clear(x);
  fmpq_mat_clear(y);
  return same;
}

static bool lift_column(fmpq_mat_t out, const nmod_mat_t solutions, slong column) {
  slong n = fmpq_mat_nrows(out);
  fmpz_t residue, modulus;
  bool fine = true;
  fmpz_init(residue);
  fmpz_init_set_ui(modulus, prime);
  for (slong a = 0; a < n && fine; a++)
    for (slong b = a + 1; b < n && fine; b++) {
      fmpq *up = fmpq_mat_entry(out, a, b);
      fmpz_set_ui(residue, nmod_mat_entry(solutions, place(a, b, n, false), column));
      fine = fmpq_reconstruct_fmpz(up, residue, modulus);
      fmpq_neg(fmpq_mat_entry(out, b, a), up);
    }
  fmpz_clear(residue);
  fmpz_clear(modulus);
  return fine;
}

static bool find_fixed(frame_t *f) {
  nmod_mat_t solutions;
  slong count = solve(solutions, f, true);
  nmod_mat_clear(solutions);
  if (count != 1) return false;
  count = solve(solutions, f, false);
  bool fine = count == 1 || count == MOST_ANTISYMMETRIC;
  fmpq_mat_init(f->fixed, f->modes, f->modes);
  fmpq_mat_one(f->fixed);
  f->num_fixed = 1;
  for (slong k = 0; k < count && fine; k++) {
    fmpq_mat_struct *x = f->fixed + f->num_fixed++;
    fmpq_mat_init(x, f->modes, f->modes);
    fine = lift_column(x, solutions, k);
    for (size_t j = 0; j < f->num_generators && fine; j++)
      fine = commute(x, f->generators + j);
  }
  nmod_mat_clear(solutions);
  return fine;
}

static bool frame_init(frame_t *f, const check_generators_struct *g, size_t max_modes) {
  *f = (frame_t){.modes = 2 * (slong)g->num_qubits};
  if (2 * g->num_qubits > max_modes || !g->num_uses) return false;
  f->generators = flint_malloc(g->num_uses * sizeof *f->generators);
  bool fine = true;
  for (size_t j = 0; j < g->num_uses && fine; j++) {
    fmpq_mat_init(f->generators + j, f->modes, f->modes);
    f->num_generators++;
    fine = read_sum(f->generators + j, g->uses[j].sum, 2 * g->num_qubits);
  }
  return fine && find_fixed(f);
}

static void frame_clear(frame_t *f) {
  for (size_t j = 0; j < f->num_generators; j++) fmpq_mat_clear(f->generators + j);
  for (size_t j = 0; j < f->num_fixed; j++) fmpq_mat_clear(f->fixed + j);
  flint_free(f->generators);
}

/* --- numbers ------------------------------------------------------------------------------------ */

static void trace_product(fmpq_t out, const fmpq_mat_t a, const fmpq_mat_t b) {
  fmpq_mat_t product;
  fmpq_mat_init(product, fmpq_mat_nrows(a), fmpq_mat_nrows(a));
  fmpq_mat_mul(product, a, b);
  fmpq_mat_trace(out, product);
  fmpq_mat_clear(product);
}

/* Up to a factor: sum over a, b of (G^(-1))_ab c_a x c_b, G_ab = tr c_a c_b of 1 and the
   antisymmetric ones, with the sign of c_b^T; then without its part along J. */
static void project(fmpq_mat_t x, const frame_t *f) {
  slong n = f->modes, c = (slong)f->num_fixed;
  fmpq_mat_t gram, sum, term, both;
  fmpq_t factor;
  fmpq_mat_init(gram, c, c);
  fmpq_mat_init(sum, n, n);
  fmpq_mat_init(term, n, n);
  fmpq_mat_init(both, n, n);
  fmpq_init(factor);
  for (slong a = 0; a < c; a++)
    for (slong b = 0; b < c; b++) {
      trace_product(fmpq_mat_entry(gram, a, b), f->fixed + a, f->fixed + b);
      if (b) fmpq_neg(fmpq_mat_entry(gram, a, b), fmpq_mat_entry(gram, a, b));
    }
  fmpq_mat_inv(gram, gram);
  for (slong a = 0; a < c; a++)
    for (slong b = 0; b < c; b++) {
      fmpq_mat_mul(term, f->fixed + a, x);
      fmpq_mat_mul(both, term, f->fixed + b);
      fmpz *num = fmpq_numref(fmpq_mat_entry(gram, a, b));
      if (b) fmpz_neg(num, num);
      fmpq_mat_scalar_mul_fmpq(both, both, fmpq_mat_entry(gram, a, b));
      fmpq_mat_add(sum, sum, both);
    }
  /* On what commutes with all already it is c/M. */
  fmpq_set_si(factor, n, (ulong)c);
  fmpq_mat_scalar_mul_fmpq(x, sum, factor);
  if (c == 2) {
    fmpq_t norm;
    fmpq_init(norm);
    trace_product(factor, f->fixed + 1, x);
    trace_product(norm, f->fixed + 1, f->fixed + 1);
    fmpq_div(factor, factor, norm);
    fmpq_mat_scalar_mul_fmpq(term, f->fixed + 1, factor);
    fmpq_mat_sub(x, x, term);
    fmpq_clear(norm);
  }
  fmpq_mat_clear(gram);
  fmpq_mat_clear(sum);
  fmpq_mat_clear(term);
  fmpq_mat_clear(both);
  fmpq_clear(factor);
}

/* Takes x. */
static void power_sums(fmpq *out, fmpq_mat_t x, const frame_t *f, size_t size) {
  slong n = f->modes;
  bool unitary = f->num_fixed == 2;
  fmpq_mat_t base, power;
  fmpq_mat_init(base, n, n);
  fmpq_mat_init(power, n, n);
  project(x, f);
  fmpq_mat_mul(base, unitary ? f->fixed + 1 : x, x);
  if (!unitary) fmpq_mat_neg(base, base);
  fmpq_mat_one(power);
  for (size_t r = 0; r < size; r++) {
    fmpq_mat_mul(power, power, base);
    fmpq_mat_trace(out + r, power);
    fmpq_div_fmpz(out + r, out + r, (fmpz[]){unitary ? 2 : 4});
  }
  fmpq_mat_clear(base);
  fmpq_mat_clear(power);
}

static size_t size_of(const frame_t *f) {
  return (size_t)f->modes / (f->num_fixed == 2 ? 2 : 4);
}

bool check_particles_act(size_t *size, bool *symplectic, const check_generators_t g,
                         size_t max_modes) {
  frame_t f;
  bool found = frame_init(&f, g, max_modes);
  if (found) {
    *size = size_of(&f);
    *symplectic = f.num_fixed != 2;
  }
  frame_clear(&f);
  return found;
}

void check_particles_init(check_particles_t out, const check_generators_t g,
                          const pauli_sum_struct *o, const quantum_state_t state,
                          size_t max_modes) {
  frame_t f;
  *out = (check_particles_struct){.found = frame_init(&f, g, max_modes)};
  if (out->found) {
    slong d = (slong)size_of(&f);
    fmpq_mat_t x;
    fmpq_mat_init(x, f.modes, f.modes);
    out->symplectic = f.num_fixed != 2;
    out->size = (size_t)d;
    out->dimension = out->symplectic ? d * (2 * d + 1) : d * d - 1;
    out->observable = _fmpq_vec_init(d);
    out->state = _fmpq_vec_init(d);
    read_sum(x, o, (size_t)f.modes);
    power_sums(out->observable, x, &f, out->size);
    read_state(x, state, (size_t)f.modes, g->num_words);
    power_sums(out->state, x, &f, out->size);
    fmpq_mat_clear(x);
  }
  frame_clear(&f);
}

void check_particles_clear(check_particles_t p) {
  if (!p->found) return;
  _fmpq_vec_clear(p->observable, (slong)p->size);
  _fmpq_vec_clear(p->state, (slong)p->size);
}
