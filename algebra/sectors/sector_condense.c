/* Operators that are missing, by linear algebra (declared in sectors.h).

   Sectors that conjugation exchanges (over Q(sqrt 5), say) have no rational lines. But
   what is left of a block without the sectors that are known, U, is rational, and so is an
   eigenspace U_l of a generator for an integer l. With the projector P on it, P A P acts on
   U_l, and its commutant there, the kernel of
     C X = X C,   C = P w P, w some words,
   has a basis over Q; X extends to A U_l by w u -> w X u (sector_hidden.h), which is
   lifted and checked. */
#include <stdlib.h>

#include "algebra/sectors/sector_hidden.h"
#include "algebra/sectors/sectors.h"

enum {
  MAX_EIGENVALUE = 60,
  MAX_EIGENSPACE = 20,
  NUM_WORDS = 5,
  NUM_MAPS = 4,
  MAX_TRIALS = 12
};

/* What is left, on the block: rows in reduced echelon form, and generators on it as
   matrices of row vectors. */
typedef struct {
  sectors_struct *s;
  size_t block;
  slong rank, dim;
  nmod_mat_t rows;
  slong *pivot;
  nmod_mat_t *h;
} rest_t;

static bool find_pivots(slong *pivot, const nmod_mat_t a, slong rank) {
  for (slong i = 0, c = 0; i < rank; i++) {
    while (c < nmod_mat_ncols(a) && !nmod_mat_entry(a, i, c)) c++;
    if (c == nmod_mat_ncols(a)) return false;
    pivot[i] = c++;
  }
  return true;
}

/* Random vectors without their parts in the known sectors. */
static bool find_rest(rest_t *r, sector_probe_struct *probe, size_t expected) {
  sectors_struct *s = r->s;
  nmod_t mod = s->prime.mod;
  uint64_t seed = 8128;
  slong most = (slong)expected + 4;
  uint32_t *u = flint_malloc((probe->dim + 1) * sizeof *u);
  uint32_t *v = flint_malloc((probe->dim + 1) * sizeof *v);
  nmod_poly_t known;
  nmod_poly_init_mod(known, mod);
  nmod_poly_one(known);
  for (size_t k = 0; k < s->length; k++)
    if (s->list[k].per_block[probe->block])
      nmod_poly_mul(known, known, s->list[k].spectrum);
  r->dim = (slong)probe->dim;
  nmod_mat_init(r->rows, most, r->dim, mod.n);
  for (slong i = 0; i < most; i++) {
    residues_random(u, probe->dim, mod, &seed);
    sector_probe_evaluate(v, probe, known, u);
    for (slong k = 0; k < r->dim; k++) nmod_mat_entry(r->rows, i, k) = v[k];
  }
  r->rank = nmod_mat_rref(r->rows);
  nmod_poly_clear(known);
  flint_free(u);
  flint_free(v);
  return r->rank > 0 && r->rank <= HIDDEN_MAX_DIMENSION;
}

static void set_generators(rest_t *r) {
  const sectors_struct *s = r->s;
  size_t num = s->space.num_generators;
  uint32_t *x = flint_malloc(((size_t)r->dim + 1) * sizeof *x);
  uint32_t *y = flint_malloc(((size_t)r->dim + 1) * sizeof *y);
  mp_limb_t one = 1;
  r->h = flint_malloc((num + 1) * sizeof *r->h);
  for (size_t j = 0; j < num; j++) {
    sector_matrix_struct m;
    sector_matrix_init(&m, &s->space, r->block, s->space.generators + j, &one, 1, false,
                       &s->prime);
    nmod_mat_init(r->h[j], r->rank, r->rank, s->prime.mod.n);
    for (slong i = 0; i < r->rank; i++) {
      for (slong k = 0; k < r->dim; k++) x[k] = (uint32_t)nmod_mat_entry(r->rows, i, k);
      sector_matrix_apply(y, &m, x);
      for (slong l = 0; l < r->rank; l++)
        nmod_mat_entry(r->h[j], i, l) = y[r->pivot[l]];
    }
    sector_matrix_clear(&m);
  }
  flint_free(x);
  flint_free(y);
}

/* --- an eigenspace of a generator --------------------------------------------------- */

typedef struct {
  nmod_mat_t rows; /* in terms of the rows of the rest, in reduced echelon form */
  slong rank, *pivot;
  nmod_mat_t onto; /* multiple of the projector on it */
} eigenspace_t;

/* Multiplicity of the integer as a root. */
static slong multiplicity(const nmod_poly_t f, mp_limb_t root) {
  nmod_poly_t g, line, rest;
  slong count = 0;
  nmod_poly_init_mod(g, f->mod);
  nmod_poly_init_mod(line, f->mod);
  nmod_poly_init_mod(rest, f->mod);
  nmod_poly_set(g, f);
  nmod_poly_set_coeff_ui(line, 1, 1);
  nmod_poly_set_coeff_ui(line, 0, nmod_neg(root, f->mod));
  while (nmod_poly_degree(g) > 0 && nmod_poly_evaluate_nmod(g, root) == 0) {
    nmod_poly_divrem(g, rest, g, line);
    count++;
  }
  nmod_poly_clear(g);
  nmod_poly_clear(line);
  nmod_poly_clear(rest);
  return count;
}

/* out = (f / (t - root)^count)(a) */
static void cofactor(nmod_mat_t out, const nmod_poly_t f, mp_limb_t root, slong count,
                     const nmod_mat_t a) {
  nmod_poly_t g, line, rest;
  nmod_poly_init_mod(g, f->mod);
  nmod_poly_init_mod(line, f->mod);
  nmod_poly_init_mod(rest, f->mod);
  nmod_poly_set_coeff_ui(line, 1, 1);
  nmod_poly_set_coeff_ui(line, 0, nmod_neg(root, f->mod));
  nmod_poly_pow(line, line, (ulong)count);
  nmod_poly_divrem(g, rest, f, line);
  nmod_poly_evaluate_mat(out, g, a);
  nmod_poly_clear(g);
  nmod_poly_clear(line);
  nmod_poly_clear(rest);
}

/* The smallest, of the generator and the integer that have it; *which counts those that
   were used already. */
static bool find_eigenspace(eigenspace_t *e, const rest_t *r, size_t skip) {
  nmod_t mod = r->s->prime.mod;
  slong best = 0;
  size_t at = 0, generator = 0;
  mp_limb_t root = 0;
  nmod_poly_t f;
  nmod_poly_init_mod(f, mod);
  for (slong size = 1; size <= MAX_EIGENSPACE && !best; size++)
    for (size_t j = 0; j < r->s->space.num_generators && !best; j++) {
      nmod_mat_charpoly(f, r->h[j]);
      for (slong v = -MAX_EIGENVALUE; v <= MAX_EIGENVALUE && !best; v++) {
        mp_limb_t t = v < 0 ? nmod_neg((mp_limb_t)-v, mod) : (mp_limb_t)v;
        if (nmod_poly_evaluate_nmod(f, t) || multiplicity(f, t) != size ||
            size == r->rank || at++ < skip)
          continue;
        best = size;
        generator = j;
        root = t;
      }
    }
  if (best) {
    nmod_mat_t t;
    nmod_mat_charpoly(f, r->h[generator]);
    nmod_mat_init(e->onto, r->rank, r->rank, mod.n);
    nmod_mat_init(e->rows, r->rank, r->rank, mod.n);
    cofactor(e->onto, f, root, best, r->h[generator]);
    nmod_mat_init_set(t, e->onto); /* its rows span the eigenspace */
    e->rank = nmod_mat_rref(t);
    nmod_mat_set(e->rows, t);
    nmod_mat_clear(t);
    e->pivot = flint_malloc(((size_t)r->rank + 1) * sizeof *e->pivot);
    if (e->rank != best || !find_pivots(e->pivot, e->rows, e->rank)) {
      nmod_mat_clear(e->onto);
      nmod_mat_clear(e->rows);
      flint_free(e->pivot);
      best = 0;
    }
  }
  nmod_poly_clear(f);
  return best > 0;
}

/* --- the commutant there ---------------------------------------------------------------- */

/* P w P for a random word, on row vectors. */
static void random_word(nmod_mat_t out, const rest_t *r, const eigenspace_t *e,
                        uint64_t *seed) {
  nmod_t mod = r->s->prime.mod;
  size_t num = r->s->space.num_generators, length = 1 + sector_random(seed) % 4;
  nmod_mat_t now, sum, t, window;
  nmod_mat_window_init(window, e->rows, 0, 0, e->rank, r->rank);
  nmod_mat_init_set(now, window);
  nmod_mat_window_clear(window);
  nmod_mat_init(sum, r->rank, r->rank, mod.n);
  nmod_mat_init(t, r->rank, r->rank, mod.n);
  for (size_t i = 0; i < length; i++) {
    nmod_mat_zero(sum);
    for (size_t j = 0; j < num; j++) {
      nmod_mat_scalar_mul(t, r->h[j], sector_random(seed) % mod.n);
      nmod_mat_add(sum, sum, t);
    }
    nmod_mat_mul(now, now, sum);
  }
  nmod_mat_mul(now, now, e->onto);
  for (slong i = 0; i < e->rank; i++)
    for (slong k = 0; k < e->rank; k++)
      nmod_mat_entry(out, i, k) = nmod_mat_entry(now, i, e->pivot[k]);
  nmod_mat_clear(now);
  nmod_mat_clear(sum);
  nmod_mat_clear(t);
}

/* Rows: a basis of the X, flattened, in reduced echelon form; their number. */
static slong commutant(nmod_mat_t out, const rest_t *r, const eigenspace_t *e) {
  nmod_t mod = r->s->prime.mod;
  slong n = e->rank, count;
  uint64_t seed = 31337;
  nmod_mat_t equations, c, kernel;
  nmod_mat_init(equations, NUM_WORDS * n * n, n * n, mod.n);
  nmod_mat_init(kernel, n * n, n * n, mod.n);
  nmod_mat_init(c, n, n, mod.n);
  for (slong w = 0; w < NUM_WORDS; w++) {
    random_word(c, r, e, &seed);
    for (slong i = 0; i < n; i++)
      for (slong k = 0; k < n; k++) { /* (C X - X C)_ik */
        slong row = (w * n + i) * n + k;
        for (slong l = 0; l < n; l++) {
          mp_limb_t *plus = &nmod_mat_entry(equations, row, l * n + k);
          *plus = nmod_add(*plus, nmod_mat_entry(c, i, l), mod);
          mp_limb_t *minus = &nmod_mat_entry(equations, row, i * n + l);
          *minus = nmod_sub(*minus, nmod_mat_entry(c, l, k), mod);
        }
      }
  }
  count = nmod_mat_nullspace(kernel, equations);
  nmod_mat_init(out, count, n * n, mod.n);
  for (slong i = 0; i < count; i++)
    for (slong k = 0; k < n * n; k++)
      nmod_mat_entry(out, i, k) = nmod_mat_entry(kernel, k, i);
  nmod_mat_rref(out);
  nmod_mat_clear(equations);
  nmod_mat_clear(kernel);
  nmod_mat_clear(c);
  return count;
}

/* A row vector in terms of the eigenspace's basis, as a vector of the whole space. */
static void expand(uint32_t *out, const rest_t *r, const eigenspace_t *e,
                   const mp_limb_t *x) {
  const sector_space_struct *space = &r->s->space;
  nmod_t mod = r->s->prime.mod;
  memset(out, 0, space->size * sizeof *out);
  for (slong i = 0; i < e->rank; i++)
    for (slong k = 0; k < r->rank && x[i]; k++) {
      mp_limb_t c = nmod_mul(x[i], nmod_mat_entry(e->rows, i, k), mod);
      for (slong b = 0; b < r->dim && c; b++) {
        uint32_t *to = out + space->states[space->block_start[r->block] + (size_t)b];
        *to = (uint32_t)nmod_addmul(*to, c, nmod_mat_entry(r->rows, k, b), mod);
      }
    }
}

/* The map of sum_i c_i X_i. */
static bool add_map(rest_t *r, const eigenspace_t *e, const nmod_mat_t basis,
                    const mp_limb_t *c) {
  sectors_struct *s = r->s;
  size_t n = (size_t)e->rank, size = s->space.size, rank;
  nmod_t mod = s->prime.mod;
  uint32_t **from = flint_malloc(n * sizeof *from), **to = flint_malloc(n * sizeof *to);
  mp_limb_t *x = flint_calloc(n + 1, sizeof *x);
  slong *left, *right;
  for (size_t i = 0; i < n; i++) {
    from[i] = flint_malloc(size * sizeof **from);
    to[i] = flint_malloc(size * sizeof **to);
    for (size_t k = 0; k < n; k++) x[k] = k == i;
    expand(from[i], r, e, x);
    for (size_t k = 0; k < n; k++) {
      x[k] = 0;
      for (slong b = 0; b < nmod_mat_nrows(basis); b++)
        x[k] = nmod_addmul(x[k], c[b], nmod_mat_entry(basis, b, (slong)(i * n + k)), mod);
    }
    expand(to[i], r, e, x);
  }
  bool ok = sector_hidden_maps(&left, &right, &rank, &s->space,
                               (const uint32_t *const *)from,
                               (const uint32_t *const *)to, n, &s->prime);
  if (ok) {
    sector_symmetry_add_map(&s->symmetry, left, right, rank);
    s->pending++;
  }
  for (size_t i = 0; i < n; i++) {
    flint_free(from[i]);
    flint_free(to[i]);
  }
  flint_free(from);
  flint_free(to);
  flint_free(x);
  return ok;
}

static void use_eigenspace(rest_t *r, const eigenspace_t *e) {
  nmod_mat_t basis;
  uint64_t seed = 55;
  slong count = commutant(basis, r, e);
  mp_limb_t *c = flint_malloc(((size_t)count + 1) * sizeof *c);
  size_t maps = 0;
  for (slong b = 0; b < count && maps < NUM_MAPS; b++) { /* small fractions */
    for (slong k = 0; k < count; k++) c[k] = k == b;
    maps += add_map(r, e, basis, c);
  }
  for (size_t t = 0; t < NUM_MAPS && maps; t++) { /* and what generates all */
    for (slong k = 0; k < count; k++) c[k] = sector_random(&seed) % 2;
    add_map(r, e, basis, c);
  }
  flint_free(c);
  nmod_mat_clear(basis);
}

void sectors_exhibit_rest(sectors_struct *s, sector_probe_struct *probe, size_t rest) {
  rest_t r = {.s = s, .block = probe->block};
  if (!s->space.symmetric || rest > HIDDEN_MAX_DIMENSION) return;
  if (find_rest(&r, probe, rest)) {
    r.pivot = flint_malloc(((size_t)r.rank + 1) * sizeof *r.pivot);
    find_pivots(r.pivot, r.rows, r.rank);
    set_generators(&r);
    for (size_t skip = 0; skip < MAX_TRIALS && !s->pending; skip++) {
      eigenspace_t e;
      if (probe_is_stopped(probe) || !find_eigenspace(&e, &r, skip)) break;
      use_eigenspace(&r, &e);
      nmod_mat_clear(e.onto);
      nmod_mat_clear(e.rows);
      flint_free(e.pivot);
    }
    for (size_t j = 0; j < s->space.num_generators; j++) nmod_mat_clear(r.h[j]);
    flint_free(r.h);
    flint_free(r.pivot);
  }
  nmod_mat_clear(r.rows);
}
