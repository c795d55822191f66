/* Operators that are missing, by linear algebra (declared in sectors.h).

   Sectors that conjugation exchanges (over Q(sqrt 5), say) have no rational lines. But
   what is left of a block without the sectors that are known, U, is rational, and so is an
   eigenspace U_l of a generator for an integer l. With the projector P on it, P A P acts on
   U_l, and its commutant there, the kernel of
     C X = X C,   C = P w P, w some words,
   has a basis over Q; X extends to A U_l by w u -> w X u (sector_hidden.h), which is
   lifted and checked.

   Forms. Let U be the sum of self-dual sectors of one dimension that have the same traces,
   h = H - mean there, and U_l' the eigenspace for the opposite eigenvalue of h. The X with
     C X = X C',   C' = P' w(-h) P',
   extend to T with T h = -h T. One that is invertible, lifted and checked, shows that the
   sectors' duals are among them; their own when the spectra differ. The forms <T x, y>
   that are symmetric have dimension sum m (m + 1) / 2 iff the invariant forms are all
   symmetric, sum m (m - 1) / 2 iff all are antisymmetric: modulo p, where the form is
   unique as well. */

#include "algebra/base/stream.h"
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

/* What the generators make of the rows. */
static void close_rest(rest_t *r) {
  const sectors_struct *s = r->s;
  size_t num = s->space.num_generators;
  mp_limb_t one = 1;
  uint32_t *x = flint_malloc(((size_t)r->dim + 1) * sizeof *x);
  uint32_t *y = flint_malloc(((size_t)r->dim + 1) * sizeof *y);
  for (slong before = -1; before != r->rank && r->rank <= HIDDEN_MAX_DIMENSION;) {
    slong at = before = r->rank;
    nmod_mat_t all;
    nmod_mat_init(all, (slong)(num + 1) * before, r->dim, s->prime.mod.n);
    for (slong i = 0; i < before; i++)
      for (slong k = 0; k < r->dim; k++)
        nmod_mat_entry(all, i, k) = nmod_mat_entry(r->rows, i, k);
    for (size_t j = 0; j < num; j++) {
      sector_matrix_struct m;
      sector_matrix_init(&m, &s->space, r->block, s->space.generators + j, &one, 1,
                         false, &s->prime);
      for (slong i = 0; i < before; i++, at++) {
        for (slong k = 0; k < r->dim; k++) x[k] = (uint32_t)nmod_mat_entry(r->rows, i, k);
        sector_matrix_apply(y, &m, x);
        for (slong k = 0; k < r->dim; k++) nmod_mat_entry(all, at, k) = y[k];
      }
      sector_matrix_clear(&m);
    }
    r->rank = nmod_mat_rref(all);
    nmod_mat_swap(r->rows, all);
    nmod_mat_clear(all);
  }
  flint_free(x);
  flint_free(y);
}

/* Random vectors without their parts in the sectors that are known, but for those of
   `kept` (NULL: none), and the module that they generate. */
static bool find_rest(rest_t *r, sector_probe_struct *probe, size_t expected,
                      const bool *kept) {
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
    if (s->list[k].per_block[probe->block] && !(kept && kept[k]))
      nmod_poly_mul(known, known, s->list[k].spectrum);
  r->dim = (slong)probe->dim;
  nmod_mat_init(r->rows, most, r->dim, mod.n);
  for (slong i = 0; i < most; i++) {
    residues_random(u, probe->dim, mod, &seed);
    sector_probe_evaluate(v, probe, known, u);
    for (slong k = 0; k < r->dim; k++) nmod_mat_entry(r->rows, i, k) = v[k];
  }
  r->rank = nmod_mat_rref(r->rows);
  if (r->rank <= HIDDEN_MAX_DIMENSION) close_rest(r); /* X may share eigenvalues */
  nmod_poly_clear(known);
  flint_free(u);
  flint_free(v);
  if (r->rank <= 0 || r->rank > HIDDEN_MAX_DIMENSION) return false;
  r->pivot = flint_malloc(((size_t)r->rank + 1) * sizeof *r->pivot);
  find_pivots(r->pivot, r->rows, r->rank);
  return true;
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
  size_t generator;
  mp_limb_t root;
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

static void eigenspace_clear(eigenspace_t *e) {
  nmod_mat_clear(e->onto);
  nmod_mat_clear(e->rows);
  flint_free(e->pivot);
}

/* False, and nothing to clear, unless the multiplicity is `size`. */
static bool eigenspace_init(eigenspace_t *e, const rest_t *r, size_t generator,
                            mp_limb_t root, slong size) {
  nmod_t mod = r->s->prime.mod;
  nmod_poly_t f;
  nmod_mat_t t;
  nmod_poly_init_mod(f, mod);
  nmod_mat_charpoly(f, r->h[generator]);
  bool ok = nmod_poly_evaluate_nmod(f, root) == 0 && multiplicity(f, root) == size;
  if (ok) {
    *e = (eigenspace_t){.generator = generator, .root = root};
    nmod_mat_init(e->onto, r->rank, r->rank, mod.n);
    nmod_mat_init(e->rows, r->rank, r->rank, mod.n);
    cofactor(e->onto, f, root, size, r->h[generator]);
    nmod_mat_init_set(t, e->onto); /* its rows span the eigenspace */
    e->rank = nmod_mat_rref(t);
    nmod_mat_set(e->rows, t);
    nmod_mat_clear(t);
    e->pivot = flint_malloc(((size_t)r->rank + 1) * sizeof *e->pivot);
    ok = e->rank == size && find_pivots(e->pivot, e->rows, e->rank);
    if (!ok) eigenspace_clear(e);
  }
  nmod_poly_clear(f);
  return ok;
}

/* The smallest of integers, but for `skip` of them. */
static bool find_eigenspace(eigenspace_t *e, const rest_t *r, size_t skip) {
  nmod_t mod = r->s->prime.mod;
  bool found = false;
  size_t at = 0;
  nmod_poly_t f;
  nmod_poly_init_mod(f, mod);
  for (slong size = 1; size <= MAX_EIGENSPACE && size < r->rank && !found; size++)
    for (size_t j = 0; j < r->s->space.num_generators && !found; j++) {
      nmod_mat_charpoly(f, r->h[j]);
      for (slong v = -MAX_EIGENVALUE; v <= MAX_EIGENVALUE && !found; v++) {
        mp_limb_t t = v < 0 ? nmod_neg((mp_limb_t)-v, mod) : (mp_limb_t)v;
        if (nmod_poly_evaluate_nmod(f, t) || multiplicity(f, t) != size || at++ < skip)
          continue;
        if (!eigenspace_init(e, r, j, t, size)) goto done;
        found = true;
      }
    }
done:
  nmod_poly_clear(f);
  return found;
}

/* --- the commutant there ---------------------------------------------------------------- */

/* P w P for a random word w, on row vectors; `minus`: w(-h). */
static void random_word(nmod_mat_t out, const rest_t *r, const eigenspace_t *e,
                        bool minus, uint64_t *seed) {
  nmod_t mod = r->s->prime.mod;
  size_t num = r->s->space.num_generators, length = 1 + stream_next(seed) % 4;
  nmod_mat_t now, sum, t, window;
  nmod_mat_window_init(window, e->rows, 0, 0, e->rank, r->rank);
  nmod_mat_init_set(now, window);
  nmod_mat_mul(now, now, e->onto); /* a multiple of the rows */
  mp_limb_t scale = nmod_inv(nmod_mat_entry(now, 0, e->pivot[0]), mod);
  nmod_mat_set(now, window);
  nmod_mat_window_clear(window);
  nmod_mat_init(sum, r->rank, r->rank, mod.n);
  nmod_mat_init(t, r->rank, r->rank, mod.n);
  for (size_t i = 0; i < length; i++) {
    nmod_mat_zero(sum);
    for (size_t j = 0; j < num; j++) {
      nmod_mat_scalar_mul(t, r->h[j], stream_next(seed) % mod.n);
      nmod_mat_add(sum, sum, t);
    }
    nmod_mat_mul(now, now, sum);
    if (minus) scale = nmod_neg(scale, mod);
  }
  nmod_mat_mul(now, now, e->onto);
  for (slong i = 0; i < e->rank; i++)
    for (slong k = 0; k < e->rank; k++)
      nmod_mat_entry(out, i, k) = nmod_mul(scale, nmod_mat_entry(now, i, e->pivot[k]), mod);
  nmod_mat_clear(now);
  nmod_mat_clear(sum);
  nmod_mat_clear(t);
}

/* Rows: a basis of the X with C X = X C', flattened, in reduced echelon form; their
   number. `other` is e for the commutant, else the words on it are w(-h). */
static slong intertwiners(nmod_mat_t out, const rest_t *r, const eigenspace_t *e,
                          const eigenspace_t *other) {
  nmod_t mod = r->s->prime.mod;
  slong n = e->rank, count;
  nmod_mat_t equations, c, d, kernel;
  nmod_mat_init(equations, NUM_WORDS * n * n, n * n, mod.n);
  nmod_mat_init(kernel, n * n, n * n, mod.n);
  nmod_mat_init(c, n, n, mod.n);
  nmod_mat_init(d, n, n, mod.n);
  for (slong w = 0; w < NUM_WORDS; w++) {
    uint64_t seed = 31337 + (uint64_t)w, same = seed;
    random_word(c, r, e, false, &seed);
    random_word(d, r, other, other != e, &same);
    for (slong i = 0; i < n; i++)
      for (slong k = 0; k < n; k++) { /* (C X - X C')_ik */
        slong row = (w * n + i) * n + k;
        for (slong l = 0; l < n; l++) {
          mp_limb_t *plus = &nmod_mat_entry(equations, row, l * n + k);
          *plus = nmod_add(*plus, nmod_mat_entry(c, i, l), mod);
          mp_limb_t *minus = &nmod_mat_entry(equations, row, i * n + l);
          *minus = nmod_sub(*minus, nmod_mat_entry(d, l, k), mod);
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
  nmod_mat_clear(d);
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

/* The map of sum_i c_i X_i, lifted and checked; kept as an operator if it is one of the
   commutant, sign 1. */
static bool try_map(rest_t *r, const eigenspace_t *e, const eigenspace_t *other,
                    const nmod_mat_t basis, const mp_limb_t *c, int sign,
                    const mp_limb_t *shift) {
  sectors_struct *s = r->s;
  size_t n = (size_t)e->rank, size = s->space.size, rank;
  nmod_t mod = s->prime.mod;
  uint32_t **from = flint_malloc(n * sizeof *from), **to = flint_malloc(n * sizeof *to);
  mp_limb_t *x = flint_calloc(n + 1, sizeof *x);
  const mp_limb_t *const shifts[2] = {shift, shift};
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
    expand(to[i], r, other, x);
  }
  bool ok = sector_hidden_maps(&left, &right, &rank, &s->space,
                               (const uint32_t *const *)from,
                               (const uint32_t *const *)to, n, sign,
                               shift ? shifts : NULL, &s->prime);
  if (ok && sign > 0) {
    sector_symmetry_add_map(&s->symmetry, left, right, rank);
    s->pending++;
  } else if (ok) {
    flint_free(left);
    flint_free(right);
    ok = rank == (size_t)r->rank;
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
  slong count = intertwiners(basis, r, e, e);
  mp_limb_t *c = flint_malloc(((size_t)count + 1) * sizeof *c);
  size_t maps = 0;
  if (count == 1 && r->rank == r->dim) count = 0; /* the projector on the block */
  for (slong b = 0; b < count && maps < NUM_MAPS; b++) { /* small fractions */
    for (slong k = 0; k < count; k++) c[k] = k == b;
    maps += try_map(r, e, e, basis, c, 1, NULL);
  }
  for (size_t t = 0; t < NUM_MAPS && maps; t++) { /* and what generates all */
    for (slong k = 0; k < count; k++) c[k] = stream_next(&seed) % 2;
    try_map(r, e, e, basis, c, 1, NULL);
  }
  flint_free(c);
  nmod_mat_clear(basis);
}

static void rest_clear(rest_t *r) {
  for (size_t j = 0; j < r->s->space.num_generators && r->h; j++)
    nmod_mat_clear(r->h[j]);
  flint_free(r->h);
  flint_free(r->pivot);
  nmod_mat_clear(r->rows);
}

void sectors_exhibit_rest(sectors_struct *s, sector_probe_struct *probe, size_t rest) {
  rest_t r = {.s = s, .block = probe->block};
  if (!sector_space_is_real(&s->space) || rest > HIDDEN_MAX_DIMENSION) return;
  if (find_rest(&r, probe, rest, NULL)) {
    set_generators(&r);
    for (size_t skip = 0; skip < MAX_TRIALS && !s->pending; skip++) {
      eigenspace_t e;
      if (probe_is_stopped(probe) || !find_eigenspace(&e, &r, skip)) break;
      use_eigenspace(&r, &e);
      eigenspace_clear(&e);
    }
  }
  rest_clear(&r);
}

/* --- forms ------------------------------------------------------------------------------- */

/* out: the map of X on the rest, w(h) u_i -> w(-h) sum_k X_ik u'_k, on row vectors. */
static bool extend(nmod_mat_t out, const rest_t *r, const eigenspace_t *e,
                   const eigenspace_t *other, const nmod_mat_t basis, slong number) {
  nmod_t mod = r->s->prime.mod;
  slong n = e->rank, rank = r->rank, count = 0;
  size_t num = r->s->space.num_generators;
  nmod_mat_t pairs, now; /* (x, T x), all; those that are independent come first */
  nmod_mat_init(pairs, (slong)(num + 1) * rank + n, 2 * rank, mod.n);
  nmod_mat_init(now, rank, 2 * rank, mod.n);
  for (slong i = 0; i < n; i++)
    for (slong c = 0; c < rank; c++) {
      nmod_mat_entry(pairs, i, c) = nmod_mat_entry(e->rows, i, c);
      for (slong k = 0; k < n; k++)
        nmod_mat_entry(pairs, i, rank + c) =
            nmod_addmul(nmod_mat_entry(pairs, i, rank + c),
                        nmod_mat_entry(basis, number, i * n + k),
                        nmod_mat_entry(other->rows, k, c), mod);
    }
  for (slong before = -1; count != before && count < rank;) { /* A-span, round by round */
    before = count;
    for (slong i = 0; i < count; i++)
      for (size_t j = 0; j < num; j++)
        for (slong half = 0; half < 2; half++)
          for (slong c = 0; c < rank; c++) {
            mp_limb_t sum = 0;
            for (slong l = 0; l < rank; l++)
              sum = nmod_addmul(sum, nmod_mat_entry(now, i, half * rank + l),
                                nmod_mat_entry(r->h[j], l, c), mod);
            slong row = n + count + i * (slong)num + (slong)j;
            nmod_mat_entry(pairs, row, half * rank + c) =
                half ? nmod_neg(sum, mod) : sum;
          }
    nmod_mat_t t;
    nmod_mat_init_set(t, pairs);
    nmod_mat_rref(t);
    count = 0;
    nmod_mat_zero(pairs);
    for (slong i = 0; i < rank; i++) {
      bool any = false;
      for (slong c = 0; c < rank; c++) any = any || nmod_mat_entry(t, i, c);
      if (!any) break;
      for (slong c = 0; c < 2 * rank; c++)
        nmod_mat_entry(now, i, c) = nmod_mat_entry(pairs, i, c) = nmod_mat_entry(t, i, c);
      count++;
    }
    n = 0;
    nmod_mat_clear(t);
  }
  for (slong i = 0; i < count; i++)
    for (slong c = 0; c < rank; c++)
      nmod_mat_entry(out, i, c) = nmod_mat_entry(now, i, rank + c);
  nmod_mat_clear(pairs);
  nmod_mat_clear(now);
  return count == rank;
}

/* Dimension of the symmetric forms <T x, y> among those of the basis; -1: not known. */
static slong count_symmetric(const rest_t *r, const eigenspace_t *e,
                             const eigenspace_t *other, const nmod_mat_t basis) {
  nmod_t mod = r->s->prime.mod;
  slong rank = r->rank, count = nmod_mat_nrows(basis), result = -1;
  nmod_mat_t gram, rows, t, odd, window;
  nmod_mat_init(gram, rank, rank, mod.n);
  nmod_mat_init(t, rank, rank, mod.n);
  nmod_mat_init(rows, r->dim, rank, mod.n);
  nmod_mat_init(odd, count, rank * rank, mod.n);
  nmod_mat_window_init(window, r->rows, 0, 0, rank, r->dim);
  nmod_mat_transpose(rows, window);
  nmod_mat_mul(gram, window, rows);
  bool ok = true;
  for (slong b = 0; b < count && ok; b++) {
    ok = extend(t, r, e, other, basis, b);
    nmod_mat_mul(t, t, gram);
    for (slong i = 0; i < rank; i++)
      for (slong k = 0; k < rank; k++)
        nmod_mat_entry(odd, b, i * rank + k) =
            nmod_sub(nmod_mat_entry(t, i, k), nmod_mat_entry(t, k, i), mod);
  }
  if (ok) result = count - nmod_mat_rank(odd);
  nmod_mat_window_clear(window);
  nmod_mat_clear(gram);
  nmod_mat_clear(t);
  nmod_mat_clear(rows);
  nmod_mat_clear(odd);
  return result;
}

/* Is a combination invertible, and lifted? */
static bool lift_form(rest_t *r, const eigenspace_t *e, const eigenspace_t *other,
                      const nmod_mat_t basis, const mp_limb_t *shift) {
  slong n = e->rank, count = nmod_mat_nrows(basis);
  uint64_t seed = 99;
  bool found = false;
  nmod_mat_t x;
  mp_limb_t *c = flint_malloc(((size_t)count + 1) * sizeof *c);
  nmod_mat_init(x, n, n, r->s->prime.mod.n);
  for (int t = 0; t < 4 * MAX_TRIALS && !found; t++) {
    nmod_mat_zero(x);
    for (slong b = 0; b < count; b++) {
      c[b] = t ? stream_next(&seed) % (t < MAX_TRIALS ? 2 : 4) : 1;
      for (slong i = 0; i < n * n; i++)
        nmod_mat_entry(x, i / n, i % n) = nmod_addmul(
            nmod_mat_entry(x, i / n, i % n), c[b], nmod_mat_entry(basis, b, i), x->mod);
    }
    found = nmod_mat_rank(x) == n && try_map(r, e, other, basis, c, -1, shift);
  }
  nmod_mat_clear(x);
  flint_free(c);
  return found;
}

/* The sign of the forms of the sectors; 0: not shown. */
static int find_form(rest_t *r, const mp_limb_t *shift, slong plus, slong minus) {
  nmod_t mod = r->s->prime.mod;
  int sign = 0;
  for (size_t skip = 0; skip < MAX_TRIALS && !sign; skip++) {
    eigenspace_t e, other;
    nmod_mat_t basis;
    if (!find_eigenspace(&e, r, skip)) break;
    /* generators were shifted: eigenvalues are about 0 */
    if (e.root && eigenspace_init(&other, r, e.generator, nmod_neg(e.root, mod), e.rank)) {
      slong count = intertwiners(basis, r, &e, &other);
      slong even = count == plus + minus ? count_symmetric(r, &e, &other, basis) : -1;
      if (even == plus && plus != minus && lift_form(r, &e, &other, basis, shift)) sign = 1;
      else if (even == minus && plus != minus && lift_form(r, &e, &other, basis, shift))
        sign = -1;
      nmod_mat_clear(basis);
      eigenspace_clear(&other);
    }
    eigenspace_clear(&e);
  }
  return sign;
}

/* Of f's kind: same dimension and traces, self-dual spectra, all different. */
static bool find_kin(bool *kin, size_t *rest, slong *plus, slong *minus,
                     const sectors_struct *s, const sector_found_struct *f) {
  size_t num = s->space.num_generators;
  *rest = 0;
  *plus = *minus = 0;
  for (size_t k = 0; k < s->length; k++) {
    const sector_found_struct *g = s->list + k;
    slong m = (slong)g->per_block[f->block];
    kin[k] = m && g->dimension == f->dimension && g->dual && !g->form &&
             !memcmp(g->traces, f->traces, num * sizeof *g->traces);
    if (!kin[k]) continue;
    for (size_t l = 0; l < k; l++)
      if (kin[l] && nmod_poly_equal(s->list[l].centred, g->centred)) return false;
    *rest += g->dimension * (size_t)m;
    *plus += m * (m + 1) / 2;
    *minus += m * (m - 1) / 2;
  }
  return *rest > 0 && *rest <= HIDDEN_MAX_DIMENSION;
}

void sectors_exhibit_kin_forms(sectors_struct *s, const sector_found_struct *f) {
  size_t num = s->space.num_generators, rest;
  nmod_t mod = s->prime.mod;
  bool *kin = flint_calloc(s->length + 1, sizeof *kin);
  slong plus, minus;
  if (sector_space_is_real(&s->space) && find_kin(kin, &rest, &plus, &minus, s, f)) {
    rest_t r = {.s = s, .block = f->block};
    sector_probe_struct probe;
    mp_limb_t *shift = flint_malloc((num + 1) * sizeof *shift);
    sector_probe_init(&probe, &s->space, f->block, 0, &s->prime, s->limits);
    int sign = 0;
    if (find_rest(&r, &probe, rest, kin) && r.rank == (slong)rest) {
      set_generators(&r);
      for (size_t j = 0; j < num; j++) {
        shift[j] = nmod_div(f->traces[j], f->dimension, mod);
        for (slong i = 0; i < r.rank; i++)
          nmod_mat_entry(r.h[j], i, i) =
              nmod_sub(nmod_mat_entry(r.h[j], i, i), shift[j], mod);
      }
      sign = find_form(&r, shift, plus, minus);
    }
    for (size_t k = 0; k < s->length && sign; k++)
      if (kin[k]) {
        s->list[k].form = sign;
        s->list[sectors_link_root(s, k)].self_dual = true;
      }
    sector_probe_clear(&probe);
    rest_clear(&r);
    flint_free(shift);
  }
  flint_free(kin);
}
