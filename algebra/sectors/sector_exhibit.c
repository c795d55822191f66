/* Operators that are missing, exhibited (declared in sectors.h): maps between small modules
   which the operators known do not tell apart or do not join. */

#include "algebra/sectors/residue_rows.h"
#include "algebra/sectors/sector_hidden.h"
#include "algebra/sectors/sectors.h"

enum {
  MAX_LINES = 6, /* of a multiplicity space */
  MAX_PENDING = 12
};

/* --- maps that are missing ------------------------------------------------------------------- */

typedef struct {
  const sectors_struct *s;
  const sector_found_struct *f;
  size_t count;
  mp_limb_t lines[MAX_LINES][SECTOR_MAX_MULTIPLICITY]; /* in terms of the basis of E */
} lines_t;

static bool is_new_line(const lines_t *l, const mp_limb_t *line, size_t m) {
  nmod_mat_t a;
  nmod_mat_init(a, (slong)l->count + 1, (slong)m, l->s->prime.mod.n);
  for (size_t i = 0; i <= l->count; i++)
    for (size_t k = 0; k < m; k++)
      nmod_mat_entry(a, (slong)i, (slong)k) =
          i < l->count ? l->lines[i][k] : line[k];
  bool independent = (size_t)nmod_mat_rank(a) == l->count + 1;
  nmod_mat_clear(a);
  return independent;
}

/* Lines of E that small integer eigenvalues of exhibited operators fix, inside the rows of
   w, by the operators from number `from` on. */
static void find_lines(lines_t *l, const nmod_mat_t w, size_t from, int depth) {
  slong m = (slong)l->f->multiplicity, r = nmod_mat_nrows(w);
  nmod_t mod = l->s->prime.mod;
  if (r == 1) {
    mp_limb_t line[SECTOR_MAX_MULTIPLICITY];
    for (slong k = 0; k < m; k++) line[k] = nmod_mat_entry(w, 0, k);
    if (l->count < MAX_LINES && is_new_line(l, line, (size_t)m))
      memcpy(l->lines[l->count++], line, sizeof line);
    return;
  }
  for (size_t j = from; j < l->s->symmetry.length && depth > 0; j++) {
    bool block = l->s->symmetry.list[j].kind == SECTOR_BLOCK;
    slong first = block ? 1 : -6, last = block ? (slong)l->s->space.num_blocks : 6;
    for (slong value = first; value <= last && l->count < MAX_LINES; value++) {
      if (block && !l->f->per_block[value - 1]) continue;
      nmod_mat_t a, t, kernel, window, part, rows;
      nmod_mat_init(a, r, m, mod.n);
      nmod_mat_init(t, m, r, mod.n);
      nmod_mat_init(kernel, r, r, mod.n);
      nmod_mat_window_init(window, l->f->action[j], 0, 0, m, m);
      nmod_mat_mul(a, w, window); /* w (op - value) */
      for (slong i = 0; i < r; i++)
        for (slong k = 0; k < m; k++) {
          mp_limb_t v = nmod_mul(nmod_mat_entry(w, i, k),
                                 value < 0 ? nmod_neg((mp_limb_t)-value, mod)
                                           : (mp_limb_t)value,
                                 mod);
          nmod_mat_entry(a, i, k) = nmod_sub(nmod_mat_entry(a, i, k), v, mod);
        }
      nmod_mat_transpose(t, a);
      slong nullity = nmod_mat_nullspace(kernel, t);
      if (nullity > 0 && nullity < r) {
        nmod_mat_init(part, nullity, r, mod.n);
        nmod_mat_init(rows, nullity, m, mod.n);
        for (slong i = 0; i < nullity; i++)
          for (slong k = 0; k < r; k++)
            nmod_mat_entry(part, i, k) = nmod_mat_entry(kernel, k, i);
        nmod_mat_mul(rows, part, w);
        find_lines(l, rows, j + 1, depth - 1);
        nmod_mat_clear(part);
        nmod_mat_clear(rows);
      }
      nmod_mat_window_clear(window);
      nmod_mat_clear(a);
      nmod_mat_clear(t);
      nmod_mat_clear(kernel);
    }
  }
}

static void set_line(uint32_t *out, const lines_t *l, size_t i) {
  size_t size = l->s->space.size;
  memset(out, 0, size * sizeof *out);
  for (size_t k = 0; k < l->f->multiplicity; k++)
    residues_addmul(out, l->f->vectors[k], l->lines[i][k], size, l->s->prime.mod);
}

static void all_lines(lines_t *l, const sectors_struct *s,
                      const sector_found_struct *f) {
  nmod_mat_t one;
  *l = (lines_t){.s = s, .f = f};
  nmod_mat_init(one, (slong)f->multiplicity, (slong)f->multiplicity,
                s->prime.mod.n);
  nmod_mat_one(one);
  find_lines(l, one, 0, 4);
  nmod_mat_clear(one);
}

size_t sectors_num_lines(const sectors_struct *s, const sector_found_struct *f) {
  lines_t *l = flint_malloc(sizeof *l);
  all_lines(l, s, f);
  size_t count = l->count;
  flint_free(l);
  return count;
}

void sectors_get_line(uint32_t *out, const sectors_struct *s,
                      const sector_found_struct *f, size_t i) {
  lines_t *l = flint_malloc(sizeof *l);
  all_lines(l, s, f);
  set_line(out, l, i);
  flint_free(l);
}

/* The map, and the one back. */
static void add_maps(sectors_struct *s, slong *left, slong *right, size_t rank,
                     bool back) {
  size_t bytes = rank * s->space.size * sizeof *left;
  sector_symmetry_add_map(&s->symmetry, left, right, rank);
  s->pending++;
  if (!back) return;
  slong *from = flint_malloc(bytes), *to = flint_malloc(bytes);
  memcpy(from, right, bytes);
  memcpy(to, left, bytes);
  sector_symmetry_add_map(&s->symmetry, from, to, rank);
  s->pending++;
}

/* Keeps a copy of the vector unless it depends on the others, or they are too many. */
static bool keep(residue_rows_struct *rows, size_t max, const uint32_t *v, mp_limb_t *x) {
  uint32_t *copy = flint_malloc(rows->length * sizeof *copy);
  memcpy(copy, v, rows->length * sizeof *copy);
  bool added = rows->rank < max && !residue_rows_reduce(copy, x, rows);
  if (added) residue_rows_add(rows, copy, x);
  else flint_free(copy);
  return added;
}

/* Random vectors of the eigenspace of X for the root, until one depends on the others. */
static bool random_eigenvectors(residue_rows_struct *rows, size_t max, const sectors_struct *s,
                                sector_probe_struct *probe, const nmod_poly_t polynomial,
                                mp_limb_t root, bool rest) {
  size_t size = s->space.size, dim = probe->dim;
  uint64_t seed = 515;
  mp_limb_t *x = flint_malloc((max + 1) * sizeof *x);
  uint32_t *u = flint_malloc((dim + 1) * sizeof *u);
  uint32_t *v = flint_malloc((dim + 1) * sizeof *v);
  uint32_t *e = flint_malloc(size * sizeof *e);
  bool more = true;
  while (rows->rank < max && more) {
    if (rest) sectors_random_rest(u, s, &seed);
    else residues_random(u, dim, s->prime.mod, &seed);
    sector_probe_eigenvectors(&v, probe, false, polynomial, &root, 1, u);
    sector_space_embed(e, &s->space, probe->block, v);
    more = keep(rows, max, e, x);
  }
  flint_free(x);
  flint_free(u);
  flint_free(v);
  flint_free(e);
  return !more;
}

/* Vectors of the eigenspace of X for the root: random ones, and what the operators known
   make of them, and those of a sector that is known already. Rows of a matrix in
   reduced echelon form; their number, 0 when that sector has all of them. */
static slong fill_eigenspace(nmod_mat_t out, const sectors_struct *s,
                             sector_probe_struct *probe,
                             const nmod_poly_t polynomial, mp_limb_t root,
                             const sector_found_struct *known) {
  enum { VECTORS = 10, MOST = 256 };
  size_t size = s->space.size;
  residue_rows_struct rows, random;
  mp_limb_t *x = flint_malloc((MOST + 1) * sizeof *x);
  uint32_t *e = flint_malloc(size * sizeof *e);
  residue_rows_init(&random, size, VECTORS, s->prime.mod);
  residue_rows_init(&rows, size, MOST, s->prime.mod);
  bool all = random_eigenvectors(&random, VECTORS, s, probe, polynomial, root, !known);
  bool nothing = all && known && random.rank <= known->per_block[probe->block];
  for (size_t i = 0; known && i < known->multiplicity; i++)
    keep(&rows, MOST, known->vectors[i], x);
  for (size_t i = 0; i < random.rank && !nothing; i++)
    for (size_t j = 0; j <= s->symmetry.length; j++) {
      const uint32_t *v = random.rows[i];
      if (j && !sector_operator_apply(e, s->symmetry.list + j - 1, &s->space, &s->prime, v))
        continue;
      keep(&rows, MOST, j ? e : v, x);
    }
  slong rank = nothing ? 0 : (slong)rows.rank;
  nmod_mat_init(out, rank, (slong)size, s->prime.mod.n);
  for (slong i = 0; i < rank; i++)
    for (size_t b = 0; b < size; b++) nmod_mat_entry(out, i, (slong)b) = rows.rows[i][b];
  residue_rows_clear(&random);
  residue_rows_clear(&rows);
  flint_free(x);
  flint_free(e);
  return rank ? nmod_mat_rref(out) : 0;
}

/* Rows of `lines`, in V (x) E, span v (x) E with v the same eigenvector of a generator for
   a simple small integer eigenvalue on V: rational when V (x) E is. */
static bool rational_lines(nmod_mat_t lines, const sectors_struct *s,
                           const nmod_mat_t pool, slong rank, size_t d) {
  slong size = (slong)s->space.size;
  sector_words_struct words;
  uint32_t *e = flint_malloc((size_t)size * sizeof *e);
  for (slong b = 0; b < size; b++) e[b] = (uint32_t)nmod_mat_entry(pool, 0, b);
  bool ok = sector_words_init(&words, &s->space, e, d, &s->prime) && words.length == d;
  mp_limb_t *c = flint_malloc((d + 1) * sizeof *c);
  ok = ok && sector_words_integer_vector(c, &words);
  nmod_mat_init(lines, rank, size, s->prime.mod.n);
  for (slong i = 0; i < rank && ok; i++) {
    for (slong b = 0; b < size; b++) e[b] = (uint32_t)nmod_mat_entry(pool, i, b);
    sector_words_combine(e, &words, c);
    for (slong b = 0; b < size; b++) nmod_mat_entry(lines, i, b) = e[b];
  }
  ok = ok && nmod_mat_rref(lines) == rank;
  sector_words_clear(&words);
  flint_free(c);
  flint_free(e);
  return ok;
}

static void get_row(uint32_t *out, const nmod_mat_t a, slong i) {
  for (slong b = 0; b < nmod_mat_ncols(a); b++)
    out[b] = (uint32_t)nmod_mat_entry(a, i, b);
}

/* Adds B v to the rows; false when v was there. */
static bool extend(residue_rows_struct *rows, size_t max, const sectors_struct *s,
                   const uint32_t *v) {
  size_t size = s->space.size, before = rows->rank;
  mp_limb_t *x = flint_malloc((max + 1) * sizeof *x);
  uint32_t *copy = flint_malloc(size * sizeof *copy);
  memcpy(copy, v, size * sizeof *copy);
  bool added = rows->rank < max && !residue_rows_reduce(copy, x, rows);
  if (added) residue_rows_add(rows, copy, x);
  else flint_free(copy);
  for (size_t i = before; i < rows->rank; i++)
    for (size_t j = 0; j < s->symmetry.length - s->pending && rows->rank < max; j++) {
      copy = flint_malloc(size * sizeof *copy);
      sector_operator_apply(copy, s->symmetry.list + j, &s->space, &s->prime,
                            rows->rows[i]);
      if (residue_rows_reduce(copy, x, rows)) flint_free(copy);
      else residue_rows_add(rows, copy, x);
    }
  flint_free(x);
  return added;
}

/* The same for one line of the sector, which the operators known do not mix with others: false,
   and e unchanged, when there is none. */
static bool line_of(uint32_t *e, const sectors_struct *s, const sector_found_struct *f) {
  nmod_mat_t part, lines;
  slong m = (slong)f->multiplicity, size = (slong)s->space.size;
  nmod_mat_init(part, m, size, s->prime.mod.n);
  for (slong i = 0; i < m; i++)
    for (slong b = 0; b < size; b++) nmod_mat_entry(part, i, b) = f->vectors[i][b];
  nmod_mat_rref(part); /* vectors of a basis: all rows stay */
  bool ok = rational_lines(lines, s, part, m, f->dimension);
  if (ok) get_row(e, lines, 0);
  nmod_mat_clear(lines);
  nmod_mat_clear(part);
  return ok;
}

/* Maps from e to lines that B does not make of it; first: the first of them to look at. */
static void join_lines(sectors_struct *s, const nmod_mat_t lines, slong rank, const uint32_t *e,
                       slong first, bool all_new) {
  size_t size = s->space.size, max = (size_t)rank + 2 * SECTOR_MAX_MULTIPLICITY;
  uint32_t *other = flint_malloc(size * sizeof *other);
  residue_rows_struct span; /* B makes more of the lines than are here */
  residue_rows_init(&span, size, max, s->prime.mod);
  extend(&span, max, s, e);
  for (slong i = first; i < rank && s->pending < MAX_PENDING; i++) {
    slong *left, *right;
    size_t r;
    bool is_new = i > 0 || all_new;
    get_row(other, lines, i);
    if (is_new && !extend(&span, max, s, other)) continue;
    if (sector_hidden_map(&left, &right, &r, NULL, &s->space, e, other, 1, NULL, &s->prime))
      add_maps(s, left, right, r, is_new);
  }
  residue_rows_clear(&span);
  flint_free(other);
}

/* All of the eigenspace of X for this root, dimension d of the modules in it: maps
   between lines that the operators known do not join. */
void sectors_exhibit_maps(sectors_struct *s, sector_probe_struct *probe,
                         const nmod_poly_t polynomial, mp_limb_t root, size_t d,
                         bool projector, const sector_found_struct *known) {
  nmod_mat_t pool, lines;
  if (d > HIDDEN_MAX_DIMENSION || !sector_space_is_real(&s->space)) return;
  slong rank = fill_eigenspace(pool, s, probe, polynomial, root, known);
  if (!rank) {
    nmod_mat_clear(pool);
    return;
  }
  if (rational_lines(lines, s, pool, rank, d)) {
    uint32_t *e = flint_malloc(s->space.size * sizeof *e);
    get_row(e, lines, 0);
    join_lines(s, lines, rank, e, projector ? 0 : 1, false);
    if (known && !s->pending && line_of(e, s, known)) join_lines(s, lines, rank, e, 0, true);
    flint_free(e);
  }
  nmod_mat_clear(lines);
  nmod_mat_clear(pool);
}
