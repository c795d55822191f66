/* Links of sectors that conjugation exchanges (declared in sectors.h).

   Sectors V_q and V'_q, q = 1, 2, .., such that V_q and V'_q have the same eigenvalues less
   their means. With h = H - D, D the mean of H on every V_q, e_i a basis of what E_q has in
   a block, e'_i one of E'_q, all eigenvectors of one X for corresponding roots, the maps
     T : w(h) e_i -> sum_j t_qij w(sign h') e'_j,   w words in the generators,
   satisfy T h = sign h' T on the sum W of the V_q (x) E_q modulo p. If W and W' are
   defined over Q the T that are so, written in reduced echelon form of both sides, have
   a basis over Q. W, W', T, D and D' are lifted, and it is checked over Q that W and W' are
   invariant, that D and D' commute with the generators there, and that T h = sign h' T. Then
   brackets of the h are those of the H, and T is a map of modules of [g, g] up to the sign.
   With no t_q = 0 every V_q occurs in W' for [g, g]: as V'_q only, where the eigenvalues on
   the others differ. */

#include "algebra/base/stream.h"
#include "algebra/sectors/sector_hidden.h"
#include "algebra/sectors/sectors.h"

enum { MAX_PAIRS = 6, MAX_MATRICES = 100, MAX_TRIALS = 8 };

typedef struct {
  const sectors_struct *s;
  int sign;
  size_t d, count, first[MAX_PAIRS], second[MAX_PAIRS]; /* sectors */
  slong m[2][MAX_PAIRS], rows[2];
  nmod_mat_t all[2], reduced[2], change[2], pivots[2]; /* all = pivots * reduced */
  fmpq_mat_t *h[2]; /* H - D on the rows, H x_i = sum_k h_ik x_k; once they are lifted */
  bool has_rows;
} pairs_t;

/* The mean of a generator on the sector. */
static mp_limb_t get_mean(const sectors_struct *s, size_t k, size_t generator) {
  return nmod_div(s->list[k].traces[generator], s->list[k].dimension, s->prime.mod);
}

/* Sectors that may go with k, and in the same way with l; false when that is not clear. */
static bool find_pairs(pairs_t *p, size_t k, size_t l) {
  const sectors_struct *s = p->s;
  nmod_t mod = s->prime.mod;
  for (size_t a = 0; a < s->length; a++)
    for (size_t b = 0; b < s->length; b++) {
      const sector_found_struct *f = s->list + a, *g = s->list + b;
      if (a == b || f->dimension != p->d || f->multiplicity != s->list[k].multiplicity ||
          g->multiplicity != s->list[l].multiplicity ||
          !sectors_may_be_linked(f, g, p->sign, mod))
        continue;
      for (size_t q = 0; q < p->count; q++)
        if (p->first[q] == a || p->second[q] == b) return false;
      if (p->count == MAX_PAIRS) return false;
      p->first[p->count] = a;
      p->second[p->count++] = b;
    }
  return p->count > 1;
}

/* A block in which all of them occur, or SIZE_MAX. */
static size_t common_block(const sectors_struct *s, const size_t *list, size_t count) {
  size_t best = SIZE_MAX, least = SIZE_MAX;
  for (size_t b = 0; b < s->space.num_blocks; b++) {
    size_t sum = 0;
    bool all = true;
    for (size_t q = 0; q < count; q++) {
      all = all && s->list[list[q]].per_block[b];
      sum += s->list[list[q]].per_block[b];
    }
    if (!all || sum >= least) continue;
    best = b;
    least = sum;
  }
  return best;
}

/* Rows first + l m + i of the side: w_l(h) v_i, the word less the means. */
static void add_words(nmod_mat_t all, slong first, const pairs_t *p, int side, size_t sector,
                      const sector_words_struct *w, const nmod_mat_t pool) {
  size_t size = p->s->space.size;
  nmod_t mod = p->s->prime.mod;
  slong m = nmod_mat_nrows(pool);
  uint32_t **out = flint_malloc((p->d + 1) * sizeof *out);
  for (size_t l = 0; l < p->d; l++) out[l] = flint_malloc(size * sizeof **out);
  for (slong i = 0; i < m; i++)
    for (size_t l = 0; l < p->d; l++) {
      size_t j = w->letter[l];
      if (j == SIZE_MAX) {
        for (size_t b = 0; b < size; b++) out[l][b] = (uint32_t)nmod_mat_entry(pool, i, (slong)b);
      } else {
        sector_matrix_apply(out[l], w->h + j, out[w->parent[l]]);
        residues_addmul(out[l], out[w->parent[l]], nmod_neg(get_mean(p->s, sector, j), mod), size,
                        mod);
      }
      for (size_t b = 0; b < size; b++) {
        if (j != SIZE_MAX && side && p->sign < 0) out[l][b] = residue_sub(0, out[l][b], mod);
        nmod_mat_entry(all, first + (slong)l * m + i, (slong)b) = out[l][b];
      }
    }
  for (size_t l = 0; l < p->d; l++) flint_free(out[l]);
  flint_free(out);
}

/* Eigenvectors in the modules of the rows that correspond to those of f for its root. */
static bool turn_pool(nmod_mat_t pool, const pairs_t *p, const sector_found_struct *f,
                      size_t from, size_t block) {
  const sectors_struct *s = p->s;
  size_t size = s->space.size;
  mp_limb_t difference;
  uint32_t *e = flint_malloc(size * sizeof *e), *other = flint_malloc(size * sizeof *other);
  nmod_mat_t own;
  sectors_block_part(own, from, s, f);
  for (size_t b = 0; b < size; b++) e[b] = (uint32_t)nmod_mat_entry(own, 0, (slong)b);
  bool ok = sectors_root_difference(&difference, s, f, e, from);
  if (ok && p->sign < 0) difference = nmod_neg(difference, s->prime.mod);
  for (slong i = 0; i < nmod_mat_nrows(pool) && ok; i++) {
    for (size_t b = 0; b < size; b++) e[b] = (uint32_t)nmod_mat_entry(pool, i, (slong)b);
    ok = sectors_eigenvector(other, s, f->attempt, p->d, difference, e, block);
    for (size_t b = 0; b < size && ok; b++) nmod_mat_entry(pool, i, (slong)b) = other[b];
  }
  nmod_mat_clear(own);
  flint_free(e);
  flint_free(other);
  return ok;
}

/* Both sides, all pairs. */
static bool set_rows(pairs_t *p) {
  const sectors_struct *s = p->s;
  slong size = (slong)s->space.size;
  ulong n = s->prime.mod.n;
  size_t block[2] = {common_block(s, p->first, p->count), common_block(s, p->second, p->count)};
  if (block[0] == SIZE_MAX || block[1] == SIZE_MAX) return false;
  for (size_t q = 0; q < p->count; q++)
    for (int side = 0; side < 2; side++) {
      size_t k = side ? p->second[q] : p->first[q];
      p->m[side][q] = (slong)s->list[k].per_block[block[side]];
      p->rows[side] += (slong)p->d * p->m[side][q];
    }
  if (p->rows[0] > HIDDEN_MAX_DIMENSION || p->rows[1] > HIDDEN_MAX_DIMENSION) return false;
  for (int side = 0; side < 2; side++) {
    nmod_mat_init(p->all[side], p->rows[side], size, n);
    nmod_mat_init(p->change[side], p->rows[side], p->rows[side], n);
    nmod_mat_init(p->pivots[side], p->rows[side], p->rows[side], n);
  }
  p->has_rows = true;
  bool ok = true;
  uint32_t *e = flint_malloc((size_t)size * sizeof *e);
  slong first[2] = {0, 0};
  for (size_t q = 0; q < p->count && ok; q++) {
    sector_words_struct words;
    nmod_mat_t pool[2];
    sectors_block_part(pool[0], block[0], s, s->list + p->first[q]);
    sectors_block_part(pool[1], block[1], s, s->list + p->second[q]);
    for (slong b = 0; b < size; b++) e[b] = (uint32_t)nmod_mat_entry(pool[0], 0, b);
    ok = sector_words_init(&words, &s->space, e, p->d, &s->prime) && words.length == p->d &&
         turn_pool(pool[1], p, s->list + p->first[q], block[0], block[1]);
    for (int side = 0; side < 2 && ok; side++) {
      add_words(p->all[side], first[side], p, side, side ? p->second[q] : p->first[q], &words,
                pool[side]);
      first[side] += (slong)p->d * p->m[side][q];
    }
    sector_words_clear(&words);
    nmod_mat_clear(pool[0]);
    nmod_mat_clear(pool[1]);
  }
  flint_free(e);
  for (int side = 0; side < 2; side++) {
    nmod_mat_init_set(p->reduced[side], p->all[side]);
    ok = ok && sectors_reduce_rows(p->change[side], p->pivots[side], p->reduced[side]);
  }
  return ok;
}

/* Rows: T of t_q = E_ij between the rational bases, flattened; then t. */
static slong set_matrices(nmod_mat_t out, const pairs_t *p) {
  nmod_t mod = p->s->prime.mod;
  slong units = 0, row = 0, first[2] = {0, 0};
  for (size_t q = 0; q < p->count; q++) units += p->m[0][q] * p->m[1][q];
  nmod_mat_init(out, units, p->rows[0] * p->rows[1] + units, mod.n);
  if (units > MAX_MATRICES) return 0;
  for (size_t q = 0; q < p->count; q++) {
    slong m = p->m[0][q], n = p->m[1][q];
    for (slong i = 0; i < m; i++)
      for (slong j = 0; j < n; j++, row++) {
        nmod_mat_entry(out, row, p->rows[0] * p->rows[1] + row) = 1;
        for (slong l = 0; l < (slong)p->d; l++)
          for (slong x = 0; x < p->rows[0]; x++) {
            mp_limb_t c = nmod_mat_entry(p->change[0], x, first[0] + l * m + i);
            for (slong y = 0; y < p->rows[1] && c; y++) {
              mp_limb_t *to = &nmod_mat_entry(out, row, x * p->rows[1] + y);
              *to = nmod_addmul(*to, c,
                                nmod_mat_entry(p->pivots[1], first[1] + l * n + j, y), mod);
            }
          }
      }
    first[0] += (slong)p->d * m;
    first[1] += (slong)p->d * n;
  }
  nmod_mat_rref(out);
  return units;
}

static bool lift_matrix(fmpq_mat_t out, const nmod_mat_t a) {
  fmpz_t residue, modulus;
  bool ok = true;
  fmpz_init(residue);
  fmpz_init_set_ui(modulus, a->mod.n);
  for (slong i = 0; i < nmod_mat_nrows(a) && ok; i++)
    for (slong k = 0; k < nmod_mat_ncols(a) && ok; k++) {
      fmpz_set_ui(residue, nmod_mat_entry(a, i, k));
      ok = fmpq_reconstruct_fmpz(fmpq_mat_entry(out, i, k), residue, modulus);
    }
  fmpz_clear(residue);
  fmpz_clear(modulus);
  return ok;
}

/* The matrix of D for this generator, modulo p. */
static void set_means(nmod_mat_t out, const pairs_t *p, int side, size_t generator) {
  nmod_mat_t t;
  nmod_mat_init_set(t, p->pivots[side]);
  for (slong q = 0, row = 0; q < (slong)p->count; q++) {
    size_t k = side ? p->second[q] : p->first[q];
    mp_limb_t mean = get_mean(p->s, k, generator);
    for (slong i = 0; i < (slong)p->d * p->m[side][q]; i++, row++)
      for (slong c = 0; c < p->rows[side]; c++)
        nmod_mat_entry(t, row, c) = nmod_mul(mean, nmod_mat_entry(t, row, c), t->mod);
  }
  nmod_mat_mul(out, p->change[side], t);
  nmod_mat_clear(t);
}

/* h[side]: from the rows, over Q; false when these are not lifted, or D is not central. */
static bool lift_side(pairs_t *p, int side) {
  const sectors_struct *s = p->s;
  slong size = (slong)s->space.size, n = p->rows[side];
  size_t num = s->space.num_generators;
  slong *left = NULL, *right = NULL;
  nmod_mat_t both, means;
  fmpq_mat_t *d = flint_malloc((num + 1) * sizeof *d);
  nmod_mat_init(both, n, 2 * size, s->prime.mod.n);
  nmod_mat_init(means, n, n, s->prime.mod.n);
  p->h[side] = flint_malloc((num + 1) * sizeof *p->h[side]);
  for (slong i = 0; i < n; i++)
    for (slong b = 0; b < 2 * size; b++)
      nmod_mat_entry(both, i, b) = nmod_mat_entry(p->reduced[side], i, b % size);
  for (size_t j = 0; j < num; j++) {
    fmpq_mat_init(d[j], n, n);
    fmpq_mat_init(p->h[side][j], n, n);
  }
  bool ok = sector_hidden_lift(&left, &right, &s->space, both, 1, NULL, &s->prime) &&
            sector_hidden_matrices(p->h[side], left, (size_t)n, &s->space);
  for (size_t j = 0; j < num && ok; j++) {
    set_means(means, p, side, j);
    ok = lift_matrix(d[j], means) && (!s->space.imaginary || fmpq_mat_is_zero(d[j]));
  }
  for (size_t j = 0; j < num && ok; j++)
    for (size_t i = 0; i < num && ok; i++)
      ok = matrices_commute(d[j], p->h[side][i]) && matrices_commute(d[j], d[i]);
  for (size_t j = 0; j < num; j++) {
    fmpq_mat_sub(p->h[side][j], p->h[side][j], d[j]);
    fmpq_mat_clear(d[j]);
  }
  if (left) flint_free(left);
  if (right) flint_free(right);
  flint_free(d);
  nmod_mat_clear(both);
  nmod_mat_clear(means);
  return ok;
}

/* The map with this matrix between the rows modulo p, lifted: T h = sign h' T? */
static bool try_map(const pairs_t *p, const mp_limb_t *matrix) {
  const sectors_struct *s = p->s;
  nmod_mat_t residues;
  fmpq_mat_t t, x, y;
  nmod_mat_init(residues, p->rows[0], p->rows[1], s->prime.mod.n);
  fmpq_mat_init(t, p->rows[0], p->rows[1]);
  fmpq_mat_init(x, p->rows[0], p->rows[1]);
  fmpq_mat_init(y, p->rows[0], p->rows[1]);
  for (slong i = 0; i < p->rows[0] * p->rows[1]; i++)
    nmod_mat_entry(residues, i / p->rows[1], i % p->rows[1]) = matrix[i];
  bool ok = lift_matrix(t, residues);
  for (size_t j = 0; j < s->space.num_generators && ok; j++) {
    fmpq_mat_mul(x, p->h[0][j], t);
    fmpq_mat_mul(y, t, p->h[1][j]);
    if (p->sign < 0) fmpq_mat_neg(y, y);
    ok = fmpq_mat_equal(x, y);
  }
  nmod_mat_clear(residues);
  fmpq_mat_clear(t);
  fmpq_mat_clear(x);
  fmpq_mat_clear(y);
  return ok;
}

/* Is t_q not 0 for any q? */
static bool meets_all(const pairs_t *p, const mp_limb_t *t) {
  bool all = true;
  for (size_t q = 0; q < p->count; q++) {
    bool any = false;
    for (slong i = 0; i < p->m[0][q] * p->m[1][q]; i++) any = any || *t++;
    all = all && any;
  }
  return all;
}

static bool find_map(const pairs_t *p) {
  nmod_t mod = p->s->prime.mod;
  nmod_mat_t list;
  slong units = set_matrices(list, p), columns = nmod_mat_ncols(list);
  mp_limb_t *sum = flint_malloc(((size_t)columns + 1) * sizeof *sum);
  uint64_t seed = 1729;
  bool found = false;
  for (slong trial = 0; trial < units + MAX_TRIALS && units && !found; trial++) {
    for (slong i = 0; i < columns; i++) sum[i] = 0;
    for (slong b = 0; b < units; b++)
      if (trial < units ? b == trial : (bool)(stream_next(&seed) % 2))
        for (slong i = 0; i < columns; i++)
          sum[i] = nmod_add(sum[i], nmod_mat_entry(list, b, i), mod);
    found = meets_all(p, sum + p->rows[0] * p->rows[1]) && try_map(p, sum);
  }
  flint_free(sum);
  nmod_mat_clear(list);
  return found;
}

static void pairs_clear(pairs_t *p) {
  for (int side = 0; side < 2; side++) {
    for (size_t j = 0; j < p->s->space.num_generators && p->h[side]; j++)
      fmpq_mat_clear(p->h[side][j]);
    flint_free(p->h[side]);
    if (!p->has_rows) continue;
    nmod_mat_clear(p->all[side]);
    nmod_mat_clear(p->reduced[side]);
    nmod_mat_clear(p->change[side]);
    nmod_mat_clear(p->pivots[side]);
  }
}

bool sectors_exhibit_joint_links(const sectors_struct *s, size_t k, size_t l, int sign) {
  pairs_t p = {.s = s, .sign = sign, .d = s->list[k].dimension};
  bool found = sector_space_is_real(&s->space) && s->list[l].dimension == p.d &&
               find_pairs(&p, k, l) && set_rows(&p) && lift_side(&p, 0) && lift_side(&p, 1) &&
               find_map(&p);
  pairs_clear(&p);
  return found;
}
