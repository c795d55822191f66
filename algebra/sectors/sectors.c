#include "algebra/sectors/sectors.h"

#include <stdlib.h>

#include "algebra/sectors/residue_rows.h"
#include "algebra/sectors/sector_hidden.h"

enum {
  MAX_BLOCKS = 1024,
  MAX_SECTORS = 400,
  MAX_ATTEMPTS = 40, /* roots of X come in pairs where it is antisymmetric */
  FEWER_ROOTS = 10,  /* attempts after which a sector may be smaller than it looks */
  PLAIN_ATTEMPTS = 6, /* attempts after which nothing is taken away from random vectors */
  MAX_ROOTS = 60,
  MAX_RESTARTS = 40,
  MAX_OPERATORS = 300
};

/* --- the multiplicity space ---------------------------------------------------------- */

static void clear_multiplicity(sector_found_struct *f) {
  for (size_t i = 0; i < f->multiplicity; i++) flint_free(f->vectors[i]);
  flint_free(f->vectors);
  for (size_t j = 0; j < f->num_actions; j++) nmod_mat_clear(f->action[j]);
  if (f->action) nmod_mat_clear(f->word);
  flint_free(f->action);
  f->vectors = NULL;
  f->action = NULL;
  f->multiplicity = f->num_actions = 0;
}

static void found_clear(sector_found_struct *f) {
  clear_multiplicity(f);
  flint_free(f->per_block);
  flint_free(f->traces);
  flint_free(f->left);
  nmod_poly_clear(f->spectrum);
  nmod_poly_clear(f->centred);
}

/* E = B v, the matrices of the operators on it, and the multiplicity. */
static bool span_multiplicity(sector_found_struct *f, const sectors_struct *s,
                              const uint32_t *v) {
  size_t size = s->space.size, ops = s->symmetry.length, count = 1;
  nmod_t mod = s->prime.mod;
  mp_limb_t *x = flint_calloc(SECTOR_MAX_MULTIPLICITY + 1, sizeof *x);
  residue_rows_struct rows;
  residue_rows_init(&rows, size, SECTOR_MAX_MULTIPLICITY, mod);
  f->vectors = flint_malloc((SECTOR_MAX_MULTIPLICITY + 1) * sizeof *f->vectors);
  f->action = flint_malloc((ops + 1) * sizeof *f->action);
  f->num_actions = ops;
  for (size_t j = 0; j < ops; j++)
    nmod_mat_init(f->action[j], SECTOR_MAX_MULTIPLICITY, SECTOR_MAX_MULTIPLICITY, mod.n);
  nmod_mat_init(f->word, 0, 0, mod.n);
  f->vectors[0] = flint_malloc(size * sizeof **f->vectors);
  memcpy(f->vectors[0], v, size * sizeof *v);
  uint32_t *copy = flint_malloc(size * sizeof *copy);
  memcpy(copy, v, size * sizeof *v);
  residue_rows_add(&rows, copy, x);
  bool ok = true;
  for (size_t i = 0; i < count && ok; i++)
    for (size_t j = 0; j < ops && ok; j++) {
      uint32_t *image = flint_malloc(size * sizeof *image);
      if (!sector_operator_apply(image, s->symmetry.list + j, &s->space, &s->prime,
                                 f->vectors[i])) {
        flint_free(image);
        continue;
      }
      copy = flint_malloc(size * sizeof *copy);
      memcpy(copy, image, size * sizeof *copy);
      if (residue_rows_reduce(copy, x, &rows)) {
        for (size_t k = 0; k < rows.rank; k++)
          nmod_mat_entry(f->action[j], (slong)i, (slong)k) = x[k];
        flint_free(copy);
        flint_free(image);
      } else if (count == SECTOR_MAX_MULTIPLICITY) {
        ok = false;
        flint_free(copy);
        flint_free(image);
      } else {
        nmod_mat_entry(f->action[j], (slong)i, (slong)count) = 1;
        residue_rows_add(&rows, copy, x);
        f->vectors[count++] = image;
      }
    }
  f->multiplicity = count;
  flint_free(x);
  residue_rows_clear(&rows);
  return ok;
}

/* --- is the action on E that of all matrices? ------------------------------------------ */

/* Is the span of v (a row) under the matrices, or (transposed) their transposes, everything? */
static bool generates(const nmod_mat_t v, const nmod_mat_t *action, size_t ops, slong m,
                      bool transposed, nmod_t mod) {
  nmod_mat_t rows, image, window, t;
  slong rank = 0;
  nmod_mat_init(rows, m + 1, m, mod.n); /* echelon, with a pivot each */
  nmod_mat_init(image, 1, m, mod.n);
  nmod_mat_init(t, m, m, mod.n);
  slong *pivot = flint_malloc(((size_t)m + 1) * sizeof *pivot);
  for (slong i = -1; i < rank && rank < m; i++)
    for (size_t j = 0; j < (i < 0 ? 1 : ops) && rank < m; j++) {
      nmod_mat_window_init(window, i < 0 ? v : rows, i < 0 ? 0 : i, 0, i < 0 ? 1 : i + 1, m);
      if (i < 0) {
        nmod_mat_set(image, window);
      } else {
        nmod_mat_t a;
        nmod_mat_window_init(a, action[j], 0, 0, m, m);
        if (transposed) nmod_mat_transpose(t, a);
        nmod_mat_mul(image, window, transposed ? t : a);
        nmod_mat_window_clear(a);
      }
      nmod_mat_window_clear(window);
      mp_limb_t *x = &nmod_mat_entry(image, 0, 0);
      for (slong k = 0; k < rank; k++)
        if (x[pivot[k]])
          _nmod_vec_scalar_addmul_nmod(x, &nmod_mat_entry(rows, k, 0), m,
                                       nmod_neg(x[pivot[k]], mod), mod);
      slong at = 0;
      while (at < m && !x[at]) at++;
      if (at == m) continue;
      _nmod_vec_scalar_mul_nmod(&nmod_mat_entry(rows, rank, 0), x, m, nmod_inv(x[at], mod), mod);
      pivot[rank++] = at;
    }
  nmod_mat_clear(rows);
  nmod_mat_clear(image);
  nmod_mat_clear(t);
  flint_free(pivot);
  return rank == m;
}

/* v: the row with v (word - root) = 0, or word (word - root) v^T = 0 (transposed), if there is
   one up to a factor. */
static bool simple_vector(nmod_mat_t v, const nmod_mat_t word, mp_limb_t root,
                          bool transposed) {
  slong m = nmod_mat_nrows(word);
  nmod_mat_t t, kernel;
  nmod_mat_init_set(t, word);
  nmod_mat_init(kernel, m, m, word->mod.n);
  if (!transposed) nmod_mat_transpose(t, word);
  for (slong i = 0; i < m; i++)
    nmod_mat_entry(t, i, i) = nmod_sub(nmod_mat_entry(t, i, i), root, word->mod);
  bool ok = nmod_mat_nullspace(kernel, t) == 1;
  for (slong i = 0; i < m && ok; i++) nmod_mat_entry(v, 0, i) = nmod_mat_entry(kernel, i, 0);
  nmod_mat_clear(t);
  nmod_mat_clear(kernel);
  return ok;
}

/* A word in all operators: (sum r_j b_j) (sum r'_j b_j) + sum r''_j b_j. */
static void random_word(nmod_mat_t word, const nmod_mat_t *action, size_t ops, slong m,
                        nmod_t mod, uint64_t *seed) {
  nmod_mat_t sum[3], window, t;
  nmod_mat_init(t, m, m, mod.n);
  for (int k = 0; k < 3; k++) {
    nmod_mat_init(sum[k], m, m, mod.n);
    for (size_t j = 0; j < ops; j++) {
      nmod_mat_window_init(window, action[j], 0, 0, m, m);
      nmod_mat_scalar_mul(t, window, stream_next(seed) % mod.n);
      nmod_mat_add(sum[k], sum[k], t);
      nmod_mat_window_clear(window);
    }
  }
  nmod_mat_mul(word, sum[0], sum[1]);
  nmod_mat_add(word, word, sum[2]);
  for (int k = 0; k < 3; k++) nmod_mat_clear(sum[k]);
  nmod_mat_clear(t);
}

/* Are the products of the operators all m x m matrices? Norton's criterion: let a word have
   an eigenvalue with one eigenvector v, and f of its transpose. A proper submodule either
   has v, or the word without the eigenvalue is invertible there and f is 0 on it. So when v
   and f generate everything, there is none; what commutes with the operators keeps the line
   of v, so that it is a number, and by Burnside's theorem they span all matrices. */
static bool is_full(const nmod_mat_t *action, size_t ops, size_t m, nmod_t mod) {
  enum { MAX_WORDS = 24 };
  slong n = (slong)m;
  uint64_t seed = 60221;
  bool full = m == 1, decided = full;
  nmod_mat_t word, v;
  nmod_poly_t f;
  nmod_mat_init(word, n, n, mod.n);
  nmod_mat_init(v, 1, n, mod.n);
  nmod_poly_init_mod(f, mod);
  for (int i = 0; i < MAX_WORDS && !decided; i++) {
    mp_limb_t roots[SECTOR_MAX_MULTIPLICITY];
    random_word(word, action, ops, n, mod, &seed);
    nmod_mat_charpoly(f, word);
    size_t count = sector_roots(roots, f, SECTOR_MAX_MULTIPLICITY, &seed);
    for (size_t k = 0; k < count && !decided; k++) {
      decided = simple_vector(v, word, roots[k], false);
      full = decided && generates(v, action, ops, n, false, mod) &&
             simple_vector(v, word, roots[k], true) &&
             generates(v, action, ops, n, true, mod);
    }
  }
  nmod_mat_clear(word);
  nmod_mat_clear(v);
  nmod_poly_clear(f);
  return full;
}

/* The same word for all sectors. */
static void set_word(sector_found_struct *f, size_t ops, nmod_t mod) {
  uint64_t seed = 4711;
  slong m = (slong)f->multiplicity;
  nmod_mat_clear(f->word);
  nmod_mat_init(f->word, m, m, mod.n);
  random_word(f->word, (const nmod_mat_t *)f->action, ops, m, mod, &seed);
}

static bool same_multiplicity_space(const sector_found_struct *a,
                                    const sector_found_struct *b, nmod_t mod) {
  if (a->multiplicity != b->multiplicity) return false;
  nmod_poly_t f, g;
  nmod_poly_init_mod(f, mod);
  nmod_poly_init_mod(g, mod);
  nmod_mat_charpoly(f, a->word);
  nmod_mat_charpoly(g, b->word);
  bool same = nmod_poly_equal(f, g);
  nmod_poly_clear(f);
  nmod_poly_clear(g);
  return same;
}

/* --- a sector ------------------------------------------------------------------------------ */

static void set_centred(sector_found_struct *f, nmod_t mod) {
  slong d = nmod_poly_degree(f->spectrum);
  nmod_poly_t line;
  nmod_poly_init_mod(line, mod);
  /* - (sum of roots) = coefficient; x -> x + mean */
  mp_limb_t mean = nmod_div(
      nmod_neg(nmod_poly_get_coeff_ui(f->spectrum, d - 1), mod),
      (mp_limb_t)d % mod.n, mod);
  nmod_poly_taylor_shift(f->centred, f->spectrum, mean);
  nmod_poly_clear(line);
  f->dual = true;
  for (slong k = d - 1; k >= 0; k -= 2)
    f->dual = f->dual && nmod_poly_get_coeff_ui(f->centred, k) == 0;
}

/* dim of E in every block: it is a sum of its parts there. */
static void set_per_block(sector_found_struct *f, const sectors_struct *s) {
  const sector_space_struct *space = &s->space;
  size_t m = f->multiplicity;
  f->per_block = flint_calloc(space->num_blocks + 1, sizeof *f->per_block);
  for (size_t b = 0; b < space->num_blocks; b++) {
    size_t first = space->block_start[b];
    slong dim = (slong)(space->block_start[b + 1] - first);
    nmod_mat_t part;
    bool any = false;
    nmod_mat_init(part, (slong)m, dim, s->prime.mod.n);
    for (size_t i = 0; i < m; i++)
      for (slong k = 0; k < dim; k++) {
        mp_limb_t v = f->vectors[i][space->states[first + (size_t)k]];
        nmod_mat_entry(part, (slong)i, k) = v;
        any = any || v;
      }
    if (any) f->per_block[b] = (size_t)nmod_mat_rank(part);
    nmod_mat_clear(part);
  }
}

static bool is_known(const sectors_struct *s, const nmod_poly_t spectrum) {
  for (size_t k = 0; k < s->length; k++)
    if (nmod_poly_equal(s->list[k].spectrum, spectrum)) return true;
  return false;
}

static size_t uncovered(const sectors_struct *s, size_t block);

/* --- sectors of eigenvectors -------------------------------------------------------------------- */

/* Has the module of u (on the block) this dimension? An element of the Lie algebra may
   have an eigenvalue twice on it, whatever its coefficients (0, when the generators are
   odd for some grading); one of the associative algebra has not. */
static bool has_dimension(const sectors_struct *s, size_t block, const uint32_t *u,
                          slong d) {
  enum { ASSOCIATIVE = 3 };
  sector_probe_struct probe;
  nmod_poly_t f;
  sector_probe_init(&probe, &s->space, block, ASSOCIATIVE, &s->prime, s->limits);
  nmod_poly_init_mod(f, s->prime.mod);
  sector_probe_polynomial(f, &probe, u, 0);
  bool ok = nmod_poly_degree(f) == d;
  nmod_poly_clear(f);
  sector_probe_clear(&probe);
  return ok;
}

/* A sector whose E is that of f, or NULL. */
static const sector_found_struct *find_rival(const sectors_struct *s,
                                             const sector_found_struct *f) {
  for (size_t k = 0; k < s->length; k++)
    if (same_multiplicity_space(s->list + k, f, s->prime.mod)) return s->list + k;
  return NULL;
}

/* Operators that would tell f from its rival or (not full) act on its E. */
static void exhibit_missing(sectors_struct *s, sector_probe_struct *probe,
                            const nmod_poly_t polynomial, const sector_found_struct *f,
                            bool full) {
  if (f->kind != SECTOR_EXTERIOR && 2 * f->dimension > f->both + 3) return;
  if (f->dimension == 1) sectors_exhibit_lines(s);
  if (s->pending) return;
  sectors_exhibit_maps(s, probe, polynomial, f->root, f->dimension, full, NULL);
  if (!s->pending)
    sectors_exhibit_isotypic(s, probe, polynomial, f, full, full ? find_rival(s, f) : NULL);
}

/* The matrices of operators that were exhibited since on E; false when they leave it. */
static bool extend_actions(sector_found_struct *f, const sectors_struct *s) {
  size_t size = s->space.size, ops = s->symmetry.length, m = f->multiplicity;
  nmod_t mod = s->prime.mod;
  mp_limb_t *x = flint_malloc((m + 1) * sizeof *x);
  residue_rows_struct rows;
  residue_rows_init(&rows, size, m, mod);
  for (size_t i = 0; i < m; i++) {
    uint32_t *copy = flint_malloc(size * sizeof *copy);
    memcpy(copy, f->vectors[i], size * sizeof *copy);
    residue_rows_reduce(copy, x, &rows);
    residue_rows_add(&rows, copy, x);
  }
  f->action = flint_realloc(f->action, (ops + 1) * sizeof *f->action);
  uint32_t *image = flint_malloc(size * sizeof *image);
  bool ok = true;
  for (; f->num_actions < ops; f->num_actions++) {
    size_t j = f->num_actions;
    nmod_mat_init(f->action[j], SECTOR_MAX_MULTIPLICITY, SECTOR_MAX_MULTIPLICITY, mod.n);
    for (size_t i = 0; i < m && ok; i++) {
      if (!sector_operator_apply(image, s->symmetry.list + j, &s->space, &s->prime,
                                 f->vectors[i]))
        continue;
      ok = residue_rows_reduce(image, x, &rows);
      for (size_t k = 0; k < m && ok; k++)
        nmod_mat_entry(f->action[j], (slong)i, (slong)k) = x[k];
    }
  }
  flint_free(image);
  flint_free(x);
  residue_rows_clear(&rows);
  return ok;
}

/* Operators that are pending are used: sectors with an E that they leave are forgotten, to
   be found again. */
static void take_operators(sectors_struct *s) {
  size_t kept = 0;
  sector_symmetry_set_prime(&s->symmetry, &s->prime);
  for (size_t k = 0; k < s->length; k++) {
    sector_found_struct *f = s->list + k;
    if (extend_actions(f, s)) {
      set_word(f, s->symmetry.length, s->prime.mod);
      s->list[kept++] = *f;
    } else {
      s->covered -= f->dimension * f->multiplicity;
      found_clear(f);
    }
  }
  s->length = kept;
  s->pending = 0;
  sectors_forget_seen(s); /* what failed may do with more operators */
}

/* E = B v, with operators that are missing. Are all matrices on it from B, and is there no
   sector with this E? */
static bool settle(sector_found_struct *found, sectors_struct *s, sector_probe_struct *probe,
                   const nmod_poly_t polynomial, const uint32_t *v) {
  enum { MAX_ROUNDS = 4 };
  for (int round = 0; span_multiplicity(found, s, v); round++) {
    bool full = is_full((const nmod_mat_t *)found->action, found->num_actions,
                        found->multiplicity, s->prime.mod);
    if (full) set_word(found, found->num_actions, s->prime.mod);
    if (full && !find_rival(s, found)) return true;
    if (round == MAX_ROUNDS || s->symmetry.length > MAX_OPERATORS) return false;
    exhibit_missing(s, probe, polynomial, found, full);
    if (!s->pending) return false;
    take_operators(s);
    clear_multiplicity(found);
  }
  return false;
}

/* Is the module of v one that so(n) could act on as on pairs, and irreducible by Burnside's
   theorem? Then dimension and kind are set. */
static bool take_exterior(sector_found_struct *found, const sectors_struct *s,
                          const uint32_t *v) {
  enum { MOST = 21 };
  sector_words_struct words;
  uint32_t *whole = flint_malloc(s->space.size * sizeof *whole);
  sector_space_embed(whole, &s->space, found->block, v);
  bool ok = sector_words_init(&words, &s->space, whole, MOST, &s->prime) &&
            (words.length == 10 || words.length == MOST) &&
            is_full((const nmod_mat_t *)words.matrix, s->space.num_generators, words.length,
                    s->prime.mod);
  if (ok) {
    found->dimension = words.length;
    found->kind = SECTOR_EXTERIOR;
  }
  sector_words_clear(&words);
  flint_free(whole);
  return ok;
}

/* Adds the sector of the eigenvector v of X (and f of X^T) unless it is known.
   False: something does not fit. */
static bool add_sector(sectors_struct *s, sector_probe_struct *base,
                       sector_probe_struct *probe, const nmod_poly_t polynomial,
                       const uint32_t *v, const uint32_t *f, mp_limb_t root) {
  nmod_t mod = s->prime.mod;
  size_t dim = probe->dim;
  uint32_t *u = flint_malloc((s->space.size + 1) * sizeof *u);
  sector_found_struct found = {.block = probe->block, .root = root,
                               .attempt = probe->attempt};
  nmod_poly_t own;
  bool added = false, again = false;
  nmod_poly_init_mod(found.spectrum, mod);
  nmod_poly_init_mod(found.centred, mod);
  nmod_poly_init_mod(own, mod);
  sector_probe_generic(u, probe, false, v);
  sector_probe_polynomial(found.spectrum, base, u, 0);
  again = is_known(s, found.spectrum);
  slong d = nmod_poly_degree(found.spectrum);
  if (probe->associative && d > 1) {
    if (!again && probe->attempt >= FEWER_ROOTS && take_exterior(&found, s, v)) {
      set_centred(&found, mod);
      sector_space_embed(u, &s->space, probe->block, v);
      added = s->length < MAX_SECTORS && settle(&found, s, probe, polynomial, u);
    }
    d = 0;
  }
  if (!again && d > 0 && !probe_is_stopped(probe)) {
    /* X has d eigenvalues on V and on V*, the one of v among them once. */
    sector_probe_polynomial(own, probe, u, 0);
    bool ok = nmod_poly_degree(own) == d;
    if (ok && f && !probe->symmetric) {
      sector_probe_generic(u, probe, true, f);
      uint32_t *t = flint_malloc((dim + 1) * sizeof *t);
      memcpy(t, u, dim * sizeof *t);
      sector_element_struct keep = probe->x;
      probe->x = probe->xt;
      nmod_poly_t other;
      nmod_poly_init_mod(other, mod);
      sector_probe_polynomial(other, probe, t, 0);
      probe->x = keep;
      ok = nmod_poly_equal(other, own);
      nmod_poly_clear(other);
      flint_free(t);
    }
    if (ok) {
      nmod_poly_t derivative;
      nmod_poly_init_mod(derivative, mod);
      nmod_poly_derivative(derivative, own);
      ok = nmod_poly_evaluate_nmod(own, root) == 0 &&
           nmod_poly_evaluate_nmod(derivative, root) != 0;
      nmod_poly_clear(derivative);
    }
    sector_probe_ranks(&found.both, &found.single, probe, v, f, root);
    found.dimension = (size_t)d;
    set_centred(&found, mod);
    if (found.both == 2 * found.dimension - 1) found.kind = SECTOR_LINEAR;
    sector_space_embed(u, &s->space, probe->block, v);
    /* Less than so(d) could have, or eigenvalue 0 of so(3), or a sum of modules; later choices
       of X do better if there is better. */
    bool middle = found.dual && d == 3 && nmod_poly_get_coeff_ui(own, 2) ==
                                              nmod_neg(nmod_mul(3, root, mod), mod);
    ok = ok && ((found.both + 3 >= 2 * found.dimension && !middle) ||
                probe->attempt >= FEWER_ROOTS);
    if (ok && found.kind != SECTOR_LINEAR && d > 1) {
      sector_probe_generic(u, probe, false, v);
      ok = has_dimension(s, probe->block, u, d);
      sector_space_embed(u, &s->space, probe->block, v);
    }
    added = ok && s->length < MAX_SECTORS && settle(&found, s, probe, polynomial, u);
  }
  if (added) {
    if (!found.per_block) set_per_block(&found, s);
    found.left = NULL;
    if (f && !probe->symmetric) {
      found.left = flint_malloc((dim + 1) * sizeof *found.left);
      memcpy(found.left, f, dim * sizeof *f);
    }
    s->list = flint_realloc(s->list, (s->length + 1) * sizeof *s->list);
    s->list[s->length++] = found;
    s->covered += found.dimension * found.multiplicity;
  } else {
    found_clear(&found);
  }
  nmod_poly_clear(own);
  flint_free(u);
  return added || again;
}

/* --- all of them -------------------------------------------------------------------------------- */

static size_t uncovered(const sectors_struct *s, size_t block) {
  size_t left = s->space.block_start[block + 1] - s->space.block_start[block];
  for (size_t k = 0; k < s->length; k++) {
    size_t part = s->list[k].dimension * s->list[k].per_block[block];
    if (part > left) return SIZE_MAX; /* does not fit */
    left -= part;
  }
  return left;
}

void sectors_random_rest(uint32_t *u, const sectors_struct *s, uint64_t *seed) {
  size_t block = s->base->block, dim = s->base->dim;
  residues_random(u, dim, s->prime.mod, seed);
  if (s->plain) return;
  uint32_t *v = flint_malloc((dim + 1) * sizeof *v);
  nmod_poly_t known;
  nmod_poly_init_mod(known, s->prime.mod);
  nmod_poly_one(known);
  for (size_t k = 0; k < s->length; k++)
    if (s->list[k].per_block[block]) nmod_poly_mul(known, known, s->list[k].spectrum);
  if (nmod_poly_degree(known) > 0) {
    sector_probe_evaluate(v, s->base, known, u);
    memcpy(u, v, dim * sizeof *u);
  }
  nmod_poly_clear(known);
  flint_free(v);
}

/* Sectors with an eigenvalue of X in the prime field. */
static void try_probe(sectors_struct *s, sector_probe_struct *base,
                      sector_probe_struct *probe) {
  nmod_t mod = s->prime.mod;
  size_t dim = probe->dim;
  uint64_t seed = 99 + probe->attempt;
  mp_limb_t roots[MAX_ROOTS];
  nmod_poly_t f;
  uint32_t *u = flint_malloc((dim + 1) * sizeof *u);
  nmod_poly_init_mod(f, mod);
  sectors_random_rest(u, s, &seed);
  sector_probe_polynomial(f, probe, u, 0);
  size_t count = sector_roots(roots, f, MAX_ROOTS, &seed), left = 0;
  for (size_t i = 0; i < count; i++) {
    bool known = false;
    for (size_t k = 0; k < s->length && !known && probe->attempt == 0; k++)
      known = nmod_poly_evaluate_nmod(s->list[k].spectrum, roots[i]) == 0;
    if (!known) roots[left++] = roots[i];
  }
  count = left;
  /* One sector fills the block: one eigenvector is enough. */
  if ((size_t)nmod_poly_degree(f) == dim && count > 1 && s->length == 0 && dim > 500)
    count = 1;
  uint32_t *v[MAX_ROOTS], *w[MAX_ROOTS];
  for (size_t i = 0; i < count; i++) {
    v[i] = flint_malloc((dim + 1) * sizeof **v);
    w[i] = probe->symmetric ? NULL : flint_malloc((dim + 1) * sizeof **w);
  }
  if (count) sector_probe_eigenvectors(v, probe, false, f, roots, count, u);
  if (count && !probe->symmetric) {
    residues_random(u, dim, mod, &seed);
    sector_probe_eigenvectors(w, probe, true, f, roots, count, u);
  }
  for (size_t i = 0; i < count && !probe_is_stopped(probe); i++) {
    size_t rest = uncovered(s, probe->block);
    if (rest == 0 || rest == SIZE_MAX || s->pending) break;
    if (sector_probe_is_eigenvector(probe, false, v[i], roots[i]) &&
        (!w[i] || sector_probe_is_eigenvector(probe, true, w[i], roots[i])))
      add_sector(s, base, probe, f, v[i], w[i], roots[i]);
  }
  for (size_t i = 0; i < count; i++) {
    flint_free(v[i]);
    flint_free(w[i]);
  }
  nmod_poly_clear(f);
  flint_free(u);
}

/* Do sectors that are known occur in the block more often than was seen? */
static void find_copies(sectors_struct *s, size_t block) {
  nmod_t mod = s->prime.mod;
  for (size_t k = 0; k < s->length && !s->pending; k++) {
    const sector_found_struct *f = s->list + k;
    if (f->dimension > HIDDEN_MAX_DIMENSION || f->dimension > uncovered(s, block))
      continue;
    sector_probe_struct probe;
    nmod_poly_t polynomial;
    uint64_t seed = 7 + k;
    sector_probe_init(&probe, &s->space, block, f->attempt, &s->prime, s->limits);
    uint32_t *u = flint_malloc((probe.dim + 1) * sizeof *u);
    nmod_poly_init_mod(polynomial, mod);
    residues_random(u, probe.dim, mod, &seed);
    sector_probe_polynomial(polynomial, &probe, u, 0);
    if (nmod_poly_evaluate_nmod(polynomial, f->root) == 0 &&
        !probe_is_stopped(&probe))
      sectors_exhibit_maps(s, &probe, polynomial, f->root, f->dimension, false, f);
    nmod_poly_clear(polynomial);
    flint_free(u);
    sector_probe_clear(&probe);
  }
}

static void cover_block(sectors_struct *s, size_t block) {
  sector_probe_struct base;
  if (!uncovered(s, block)) return;
  sector_probe_init(&base, &s->space, block, 0, &s->prime, s->limits);
  s->base = &base;
  for (size_t attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    size_t rest = uncovered(s, block);
    if (rest == 0 || rest == SIZE_MAX || s->pending || probe_is_stopped(&base))
      break;
    sector_probe_struct probe;
    if (attempt)
      sector_probe_init(&probe, &s->space, block, attempt, &s->prime, s->limits);
    s->plain = !base.symmetric || attempt >= PLAIN_ATTEMPTS;
    try_probe(s, &base, attempt ? &probe : &base);
    if (attempt) sector_probe_clear(&probe);
    if (attempt == 2 && !s->pending && uncovered(s, block)) find_copies(s, block);
  }
  size_t rest = uncovered(s, block); /* or SIZE_MAX */
  if (rest && rest != SIZE_MAX && !s->pending && !probe_is_stopped(&base))
    find_copies(s, block); /* of sectors that were found late */
  if (rest && rest != SIZE_MAX && !s->pending && !probe_is_stopped(&base))
    sectors_exhibit_rest(s, &base, rest);
  s->base = NULL;
  sector_probe_clear(&base);
}

size_t sectors_most_qubits(const pauli_sum_struct *generators, size_t count,
                           size_t max_bytes) {
  size_t most = 1;
  while (sectors_fit(generators, count, most + 1, max_bytes)) most++;
  return most;
}

bool sectors_fit(const pauli_sum_struct *generators, size_t count,
                 size_t num_qubits, size_t max_bytes) {
  size_t terms = 1;
  if (num_qubits < 2 || num_qubits > SECTOR_MAX_QUBITS) return false;
  for (size_t j = 0; j < count; j++) terms += generators[j].length;
  size_t masks = terms < ((size_t)1 << num_qubits) ? terms
                                                   : (size_t)1 << num_qubits;
  /* Rows of the matrices (value, column; at most six at a time), monomials and
     vectors. */
  size_t per_state = 6 * 8 * masks + 4 * 400;
  if (!max_bytes) max_bytes = (size_t)4 << 30;
  return per_state <= max_bytes >> num_qubits;
}

void sectors_init(sectors_struct *s, size_t num_qubits,
                  const pauli_sum_struct *const *generators, size_t count,
                  const closure_limits_t *limits) {
  *s = (sectors_struct){.limits = limits};
  sector_space_init(&s->space, num_qubits, generators, count);
  sector_prime_init(&s->prime, 0);
  sector_symmetry_init(&s->symmetry, &s->space, generators, count);
  sector_symmetry_set_prime(&s->symmetry, &s->prime);
  if (s->space.num_blocks > MAX_BLOCKS) {
    s->reason = REASON_TOO_MANY_BLOCKS;
    return;
  }
  sectors_exhibit_copies(s);
  sector_symmetry_set_prime(&s->symmetry, &s->prime);
  for (size_t b = 0, restarts = 0; b < s->space.num_blocks; b++) {
    if (limits && limits->abort && limits->abort(limits->abort_data)) break;
    cover_block(s, b);
    bool more = s->pending > 0;
    if (more) take_operators(s);
    for (size_t a = 0; a < b && !more; a++) more = uncovered(s, a) > 0;
    if (more && restarts++ < MAX_RESTARTS) { /* with more operators */
      sectors_forget_seen(s);
      b = SIZE_MAX;
      continue;
    }
    if (more || uncovered(s, b)) break;
  }
  s->complete = s->covered == s->space.size;
  if (!s->complete)
    s->reason = REASON_SYMMETRIES_MISSING;
}

void sectors_clear(sectors_struct *s) {
  for (size_t k = 0; k < s->length; k++)
    found_clear(s->list + k);
  flint_free(s->list);
  for (size_t j = 0; j < s->space.num_generators && s->central; j++)
    pauli_sum_clear(s->central + j);
  flint_free(s->central);
  sectors_forget_seen(s);
  sector_symmetry_clear(&s->symmetry);
  sector_space_clear(&s->space);
}
