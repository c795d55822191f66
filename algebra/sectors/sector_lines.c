/* Sectors of dimension 1 (declared in sectors.h): operators that act on all of their
   multiplicity spaces.

   On L, the largest submodule of the space on which the generators commute, they have
   common eigenvectors, whatever the symmetry behind their degeneracies is: fermions that do
   not meet, for instance, stay in their orbitals. Modulo p we have the eigenspaces of the
   characters chi, chi(H_j) an algebraic integer. The characters that conjugation exchanges
   make U = sum E_chi rational, so that its rows in reduced echelon form are, and with
     F = Q[X],   X = sum r_j H_j on U, a field of degree g when all chi(X) differ,
   U is F^m. Take e_i with U = sum F e_i. Then
     N e_i = e_(i + 1), N e_m = 0,      N' e_(i + 1) = X e_i, N' e_1 = 0
   (for m = 1: X; for g = 1 with 1 in the place of X) commute with the generators and
   generate all m x m matrices on every E_chi; N' N = X tells these apart, and so do traces
   of N' N and of the projector on U, which is added when g > 1. They are lifted and checked
   (sector_hidden.h).

   The characters are found from integers: where chi(H_j) is none, it is a root of an
   irreducible factor of the product of (t - chi(H_j)) over those, read off modulo p. What
   is wrong with that (a large coefficient, a root outside of the prime field) is found by
   the check. */

#include "algebra/sectors/sector_hidden.h"
#include "algebra/sectors/sectors.h"

enum {
  MAX_BLOCK = 600,
  MAX_INTEGER = 100000,
  MAX_CONJUGATES = 6,
  MAX_COMBINATIONS = 40, /* tries for r_j */
  MAX_ROWS = 200         /* of U */
};

typedef struct {
  mp_limb_t *value;  /* chi(H_j) */
  size_t *kind;      /* of every one: see set_kinds */
  slong count;       /* rows: a basis of E_chi, on the whole space */
  nmod_mat_t rows;
  bool used;
} character_t;

typedef struct {
  sectors_struct *s;
  size_t num, length;
  character_t *list;
  sector_matrix_struct *h; /* generators on the whole space */
} lines_t;

static void lines_init(lines_t *l, sectors_struct *s) {
  mp_limb_t one = 1;
  *l = (lines_t){.s = s, .num = s->space.num_generators};
  l->h = flint_malloc((l->num + 1) * sizeof *l->h);
  for (size_t j = 0; j < l->num; j++)
    sector_matrix_init(l->h + j, &s->space, SIZE_MAX, s->space.generators + j, &one, 1, false,
                       &s->prime);
}

static void lines_clear(lines_t *l) {
  for (size_t k = 0; k < l->length; k++) {
    flint_free(l->list[k].value);
    flint_free(l->list[k].kind);
    nmod_mat_clear(l->list[k].rows);
  }
  flint_free(l->list);
  for (size_t j = 0; j < l->num; j++) sector_matrix_clear(l->h + j);
  flint_free(l->h);
}

/* --- where the generators commute ------------------------------------------------------ */

/* The generators on the block, transposed: they act on rows from the right. */
static nmod_mat_t *block_matrices(const lines_t *l, size_t block) {
  const sectors_struct *s = l->s;
  mp_limb_t one = 1;
  slong dim = (slong)(s->space.block_start[block + 1] - s->space.block_start[block]);
  nmod_mat_t *h = flint_malloc((l->num + 1) * sizeof *h);
  for (size_t j = 0; j < l->num; j++) {
    sector_matrix_struct m;
    nmod_mat_init(h[j], dim, dim, s->prime.mod.n);
    sector_matrix_init(&m, &s->space, block, s->space.generators + j, &one, 1, false,
                       &s->prime);
    for (size_t r = 0; r < m.dim; r++)
      for (size_t k = m.start[r]; k < m.start[r + 1]; k++)
        nmod_mat_entry(h[j], m.col[k], (slong)r) = m.val[k];
    sector_matrix_clear(&m);
  }
  return h;
}

/* rows := a basis, in reduced echelon form, of the combinations c rows with
   c residuals = 0. False when that is all of them, and nothing has changed. */
static bool keep_kernel(nmod_mat_t rows, const nmod_mat_t residuals) {
  slong k = nmod_mat_nrows(rows);
  nmod_mat_t t, kernel, part, out;
  nmod_mat_init(t, nmod_mat_ncols(residuals), k, rows->mod.n);
  nmod_mat_init(kernel, k, k, rows->mod.n);
  nmod_mat_transpose(t, residuals);
  slong nullity = nmod_mat_nullspace(kernel, t);
  if (nullity < k) {
    nmod_mat_init(part, nullity, k, rows->mod.n);
    nmod_mat_init(out, nullity, nmod_mat_ncols(rows), rows->mod.n);
    for (slong i = 0; i < nullity; i++)
      for (slong c = 0; c < k; c++) nmod_mat_entry(part, i, c) = nmod_mat_entry(kernel, c, i);
    nmod_mat_mul(out, part, rows);
    nmod_mat_rref(out);
    nmod_mat_swap(rows, out);
    nmod_mat_clear(part);
    nmod_mat_clear(out);
  }
  nmod_mat_clear(t);
  nmod_mat_clear(kernel);
  return nullity < k;
}

/* h on the rows (in reduced echelon form), and what is left over. */
static void act_on_rows(nmod_mat_t on, nmod_mat_t left, const nmod_mat_t rows,
                        const nmod_mat_t h) {
  slong k = nmod_mat_nrows(rows);
  nmod_mat_t part;
  nmod_mat_mul(left, rows, h);
  for (slong i = 0, c = 0; i < k; i++, c++) {
    while (!nmod_mat_entry(rows, i, c)) c++;
    for (slong a = 0; a < k; a++) nmod_mat_entry(on, a, i) = nmod_mat_entry(left, a, c);
  }
  nmod_mat_init(part, k, nmod_mat_ncols(rows), rows->mod.n);
  nmod_mat_mul(part, on, rows);
  nmod_mat_sub(left, left, part);
  nmod_mat_clear(part);
}

/* L on the block: rows. */
static void commuting_part(nmod_mat_t rows, const lines_t *l, nmod_mat_t *h) {
  nmod_t mod = l->s->prime.mod;
  slong dim = nmod_mat_ncols(rows);
  nmod_mat_one(rows);
  for (size_t i = 0; i < l->num && nmod_mat_nrows(rows); i++)
    for (size_t j = 0; j < i && nmod_mat_nrows(rows); j++) {
      nmod_mat_t residuals, other;
      slong k = nmod_mat_nrows(rows);
      nmod_mat_init(residuals, k, dim, mod.n);
      nmod_mat_init(other, k, dim, mod.n);
      nmod_mat_mul(residuals, rows, h[i]);
      nmod_mat_mul(residuals, residuals, h[j]);
      nmod_mat_mul(other, rows, h[j]);
      nmod_mat_mul(other, other, h[i]);
      nmod_mat_sub(residuals, residuals, other);
      keep_kernel(rows, residuals);
      nmod_mat_clear(residuals);
      nmod_mat_clear(other);
    }
  for (bool more = true; more && nmod_mat_nrows(rows);) {
    more = false;
    for (size_t j = 0; j < l->num && nmod_mat_nrows(rows); j++) {
      nmod_mat_t left, on;
      slong k = nmod_mat_nrows(rows);
      nmod_mat_init(left, k, dim, mod.n);
      nmod_mat_init(on, k, k, mod.n);
      act_on_rows(on, left, rows, h[j]);
      more = keep_kernel(rows, left) || more;
      nmod_mat_clear(left);
      nmod_mat_clear(on);
    }
  }
}

/* --- characters --------------------------------------------------------------------------- */

/* The character with these values, maybe a new one. */
static character_t *find_character(lines_t *l, const mp_limb_t *value) {
  for (size_t k = 0; k < l->length; k++)
    if (!memcmp(l->list[k].value, value, l->num * sizeof *value)) return l->list + k;
  l->list = flint_realloc(l->list, (l->length + 1) * sizeof *l->list);
  character_t *c = l->list + l->length++;
  *c = (character_t){.value = flint_malloc((l->num + 1) * sizeof *c->value),
                     .kind = flint_calloc(l->num + 1, sizeof *c->kind)};
  memcpy(c->value, value, l->num * sizeof *value);
  nmod_mat_init(c->rows, 0, (slong)l->s->space.size, l->s->prime.mod.n);
  return c;
}

/* Rows of the block, appended. */
static void append_rows(character_t *c, const nmod_mat_t rows, size_t block,
                        const sector_space_struct *space) {
  slong before = nmod_mat_nrows(c->rows), more = nmod_mat_nrows(rows);
  nmod_mat_t all, window;
  nmod_mat_init(all, before + more, (slong)space->size, rows->mod.n);
  nmod_mat_window_init(window, all, 0, 0, before, (slong)space->size);
  nmod_mat_set(window, c->rows);
  nmod_mat_window_clear(window);
  for (slong i = 0; i < more; i++)
    for (slong b = 0; b < nmod_mat_ncols(rows); b++)
      nmod_mat_entry(all, before + i, space->states[space->block_start[block] + (size_t)b]) =
          nmod_mat_entry(rows, i, b);
  nmod_mat_swap(c->rows, all);
  nmod_mat_clear(all);
}

/* The common eigenvectors for the eigenvalue `root` of x, a generic combination of on[]. */
static void add_eigenspace(lines_t *l, const nmod_mat_t rows, const nmod_mat_t x,
                           nmod_mat_t *on, mp_limb_t root, size_t block) {
  nmod_t mod = l->s->prime.mod;
  nmod_mat_t residuals, part, image, basis;
  nmod_mat_init_set(residuals, x);
  nmod_mat_init_set(part, x);
  nmod_mat_one(part);
  for (slong i = 0; i < nmod_mat_nrows(x); i++)
    nmod_mat_entry(residuals, i, i) = nmod_sub(nmod_mat_entry(residuals, i, i), root, mod);
  keep_kernel(part, residuals);
  slong m = nmod_mat_nrows(part), c = 0;
  nmod_mat_init(image, m, nmod_mat_nrows(x), mod.n);
  nmod_mat_init(basis, m, nmod_mat_ncols(rows), mod.n);
  mp_limb_t *value = flint_malloc((l->num + 1) * sizeof *value);
  while (m && !nmod_mat_entry(part, 0, c)) c++;
  for (size_t j = 0; j < l->num && m; j++) {
    nmod_mat_mul(image, part, on[j]);
    value[j] = nmod_mat_entry(image, 0, c); /* the pivot is 1 */
  }
  nmod_mat_mul(basis, part, rows);
  if (m) append_rows(find_character(l, value), basis, block, &l->s->space);
  flint_free(value);
  nmod_mat_clear(residuals);
  nmod_mat_clear(part);
  nmod_mat_clear(image);
  nmod_mat_clear(basis);
}

static void add_block(lines_t *l, size_t block) {
  const sectors_struct *s = l->s;
  nmod_t mod = s->prime.mod;
  uint64_t seed = 141421;
  slong dim = (slong)(s->space.block_start[block + 1] - s->space.block_start[block]);
  if (dim > MAX_BLOCK) return;
  nmod_mat_t *h = block_matrices(l, block), *on = flint_malloc((l->num + 1) * sizeof *on);
  nmod_mat_t rows, left, x, t;
  nmod_poly_t f;
  nmod_mat_init(rows, dim, dim, mod.n);
  commuting_part(rows, l, h);
  slong k = nmod_mat_nrows(rows);
  nmod_mat_init(left, k, dim, mod.n);
  nmod_mat_init(x, k, k, mod.n);
  nmod_mat_init(t, k, k, mod.n);
  nmod_poly_init_mod(f, mod);
  for (size_t j = 0; j < l->num; j++) {
    nmod_mat_init(on[j], k, k, mod.n);
    if (!k) continue;
    act_on_rows(on[j], left, rows, h[j]);
    nmod_mat_scalar_mul(t, on[j], stream_next(&seed) % mod.n);
    nmod_mat_add(x, x, t);
  }
  mp_limb_t *roots = flint_malloc(((size_t)k + 1) * sizeof *roots);
  nmod_mat_charpoly(f, x);
  size_t count = k ? sector_roots(roots, f, (size_t)k, &seed) : 0;
  for (size_t i = 0; i < count; i++) add_eigenspace(l, rows, x, on, roots[i], block);
  flint_free(roots);
  for (size_t j = 0; j < l->num; j++) {
    nmod_mat_clear(h[j]);
    nmod_mat_clear(on[j]);
  }
  flint_free(h);
  flint_free(on);
  nmod_poly_clear(f);
  nmod_mat_clear(rows);
  nmod_mat_clear(left);
  nmod_mat_clear(x);
  nmod_mat_clear(t);
}

/* --- which are conjugate -------------------------------------------------------------------- */

static slong signed_value(mp_limb_t v, nmod_t mod) {
  return v > mod.n / 2 ? (slong)v - (slong)mod.n : (slong)v;
}

/* The irreducible factors over Q of the product of (t - v) over these values, all different. */
static void factor_values(fmpz_poly_factor_t out, const mp_limb_t *values, size_t count,
                          nmod_t mod) {
  nmod_poly_t f;
  fmpz_poly_t lifted;
  nmod_poly_init_mod(f, mod);
  fmpz_poly_init(lifted);
  nmod_poly_product_roots_nmod_vec(f, values, (slong)count);
  fmpz_poly_set_nmod_poly(lifted, f);
  fmpz_poly_factor(out, lifted);
  nmod_poly_clear(f);
  fmpz_poly_clear(lifted);
}

/* The number of the factor with this root. */
static size_t factor_of(const fmpz_poly_factor_t factors, mp_limb_t value, nmod_t mod) {
  nmod_poly_t f;
  size_t found = SIZE_MAX;
  nmod_poly_init_mod(f, mod);
  for (slong k = 0; k < factors->num && found == SIZE_MAX; k++) {
    fmpz_poly_get_nmod_poly(f, factors->p + k);
    if (nmod_poly_evaluate_nmod(f, value) == 0) found = (size_t)k;
  }
  nmod_poly_clear(f);
  return found;
}

/* Adds the value unless it is there. */
static void add_value(mp_limb_t *values, size_t *count, mp_limb_t value) {
  for (size_t k = 0; k < *count; k++)
    if (values[k] == value) return;
  values[(*count)++] = value;
}

static bool is_integer(mp_limb_t value, nmod_t mod) {
  slong v = signed_value(value, mod);
  return v <= MAX_INTEGER && v >= -MAX_INTEGER;
}

/* kind[j]: chi(H_j) where it is an integer, else MAX_INTEGER + 1 + the number of its least
   polynomial: the same for characters that are conjugate. */
static void set_kinds(lines_t *l) {
  nmod_t mod = l->s->prime.mod;
  mp_limb_t *values = flint_malloc((l->length + 1) * sizeof *values);
  for (size_t j = 0; j < l->num; j++) {
    size_t count = 0;
    fmpz_poly_factor_t factors;
    fmpz_poly_factor_init(factors);
    for (size_t k = 0; k < l->length; k++)
      if (!is_integer(l->list[k].value[j], mod)) add_value(values, &count, l->list[k].value[j]);
    if (count) factor_values(factors, values, count, mod);
    for (size_t k = 0; k < l->length; k++) {
      mp_limb_t v = l->list[k].value[j];
      l->list[k].kind[j] = is_integer(v, mod) ? v : mod.n + factor_of(factors, v, mod);
    }
    fmpz_poly_factor_clear(factors);
  }
  flint_free(values);
}

/* The value of X = sum_j r_j H_j: r_j of number `choice`. */
static mp_limb_t combined_value(const lines_t *l, const character_t *c, size_t choice) {
  nmod_t mod = l->s->prime.mod;
  mp_limb_t sum = 0;
  for (size_t j = 0; j < l->num; j++)
    sum = nmod_addmul(sum, c->value[j], choice < l->num ? j == choice : 1 + (choice * j) % 5,
                      mod);
  return sum;
}

/* --- operators -------------------------------------------------------------------------------- */

/* U, a field F acting on it by X. */
typedef struct {
  lines_t *l;
  slong rank, degree;
  nmod_mat_t rows; /* in reduced echelon form */
  slong *pivot;
  nmod_mat_t x;    /* X on the rows */
} field_space_t;

static void field_space_init(field_space_t *u, lines_t *l, character_t *const *orbit,
                             size_t count, size_t choice) {
  const sectors_struct *s = l->s;
  nmod_t mod = s->prime.mod;
  slong size = (slong)s->space.size, at = 0;
  *u = (field_space_t){.l = l, .degree = (slong)count};
  for (size_t k = 0; k < count; k++) u->rank += nmod_mat_nrows(orbit[k]->rows);
  nmod_mat_init(u->rows, u->rank, size, mod.n);
  nmod_mat_init(u->x, u->rank, u->rank, mod.n);
  u->pivot = flint_malloc(((size_t)u->rank + 1) * sizeof *u->pivot);
  for (size_t k = 0; k < count; k++)
    for (slong i = 0; i < nmod_mat_nrows(orbit[k]->rows); i++, at++)
      for (slong b = 0; b < size; b++)
        nmod_mat_entry(u->rows, at, b) = nmod_mat_entry(orbit[k]->rows, i, b);
  nmod_mat_rref(u->rows);
  for (slong i = 0, c = 0; i < u->rank; i++) {
    while (!nmod_mat_entry(u->rows, i, c)) c++;
    u->pivot[i] = c++;
  }
  uint32_t *v = flint_malloc((size_t)size * sizeof *v);
  uint32_t *y = flint_malloc((size_t)size * sizeof *y);
  for (slong i = 0; i < u->rank && count > 1; i++) {
    for (slong b = 0; b < size; b++) v[b] = (uint32_t)nmod_mat_entry(u->rows, i, b);
    for (size_t j = 0; j < l->num; j++) {
      mp_limb_t r = choice < l->num ? j == choice : 1 + (choice * j) % 5;
      sector_matrix_apply(y, l->h + j, v);
      for (slong k = 0; k < u->rank; k++)
        nmod_mat_entry(u->x, i, k) =
            nmod_addmul(nmod_mat_entry(u->x, i, k), r, y[u->pivot[k]], mod);
    }
  }
  if (count == 1) nmod_mat_one(u->x);
  flint_free(v);
  flint_free(y);
}

static void field_space_clear(field_space_t *u) {
  nmod_mat_clear(u->rows);
  nmod_mat_clear(u->x);
  flint_free(u->pivot);
}

/* basis: rows e_1, X e_1, .., e_2, X e_2, ..; e_i are rows of U, those of one block next to
   each other. False: no such basis. */
static bool choose_basis(nmod_mat_t basis, const field_space_t *u) {
  const sector_space_struct *space = &u->l->s->space;
  slong rank = u->rank, count = 0;
  nmod_mat_t tried, window;
  nmod_mat_init(tried, rank, rank, basis->mod.n);
  for (size_t block = 0; block < space->num_blocks && count < rank; block++)
    for (slong i = 0; i < rank && count < rank; i++) {
      if (space->block_of[u->pivot[i]] != block) continue;
      for (slong c = 0; c < rank; c++) nmod_mat_entry(basis, count, c) = c == i;
      for (slong a = 1; a < u->degree; a++) {
        nmod_mat_t from, to;
        nmod_mat_window_init(from, basis, count + a - 1, 0, count + a, rank);
        nmod_mat_window_init(to, basis, count + a, 0, count + a + 1, rank);
        nmod_mat_mul(to, from, u->x);
        nmod_mat_window_clear(from);
        nmod_mat_window_clear(to);
      }
      nmod_mat_set(tried, basis);
      nmod_mat_window_init(window, tried, 0, 0, count + u->degree, rank);
      if (nmod_mat_rank(window) == count + u->degree) count += u->degree;
      nmod_mat_window_clear(window);
      if (count + u->degree > rank) break;
    }
  nmod_mat_clear(tried);
  return count == rank;
}

/* Keeps the operator that takes basis to image, if it is lifted and commutes. */
static bool add_operator(const field_space_t *u, const nmod_mat_t basis, const nmod_mat_t image) {
  sectors_struct *s = u->l->s;
  slong size = (slong)s->space.size;
  nmod_mat_t change, moved, both;
  slong *left, *right;
  nmod_mat_init(change, u->rank, u->rank, basis->mod.n);
  nmod_mat_init(moved, u->rank, size, basis->mod.n);
  nmod_mat_init(both, u->rank, 2 * size, basis->mod.n);
  bool ok = nmod_mat_inv(change, basis);
  nmod_mat_mul(change, change, image);
  nmod_mat_mul(moved, change, u->rows);
  for (slong i = 0; i < u->rank; i++)
    for (slong b = 0; b < size; b++) {
      nmod_mat_entry(both, i, b) = nmod_mat_entry(u->rows, i, b);
      nmod_mat_entry(both, i, size + b) = nmod_mat_entry(moved, i, b);
    }
  ok = ok && sector_hidden_lift(&left, &right, &s->space, both, 1, NULL, &s->prime);
  if (ok) {
    sector_symmetry_add_map(&s->symmetry, left, right, (size_t)u->rank);
    s->pending++;
  }
  nmod_mat_clear(change);
  nmod_mat_clear(moved);
  nmod_mat_clear(both);
  return ok;
}

static void exhibit_orbit(lines_t *l, character_t *const *orbit, size_t count, size_t choice) {
  field_space_t u;
  nmod_mat_t basis, image, part;
  slong g = (slong)count;
  field_space_init(&u, l, orbit, count, choice);
  nmod_mat_init(basis, u.rank, u.rank, u.rows->mod.n);
  nmod_mat_init(image, u.rank, u.rank, u.rows->mod.n);
  nmod_mat_init(part, u.rank, u.rank, u.rows->mod.n);
  bool ok = u.rank <= MAX_ROWS && choose_basis(basis, &u);
  if (ok && u.rank == g) {
    nmod_mat_mul(image, basis, u.x);
    add_operator(&u, basis, image);
  } else if (ok) {
    for (slong i = 0; i + g < u.rank; i++) /* N */
      for (slong c = 0; c < u.rank; c++)
        nmod_mat_entry(image, i, c) = nmod_mat_entry(basis, i + g, c);
    ok = add_operator(&u, basis, image);
    nmod_mat_zero(image);
    nmod_mat_mul(part, basis, u.x);
    for (slong i = g; i < u.rank; i++) /* N' */
      for (slong c = 0; c < u.rank; c++)
        nmod_mat_entry(image, i, c) = nmod_mat_entry(part, i - g, c);
    ok = ok && add_operator(&u, basis, image);
    if (ok && g > 1) add_operator(&u, basis, basis);
  }
  nmod_mat_clear(basis);
  nmod_mat_clear(image);
  nmod_mat_clear(part);
  field_space_clear(&u);
}

/* Those among `members` that are conjugate, by a choice of X that tells them apart. */
static void use_class(lines_t *l, character_t *const *members, size_t count) {
  nmod_t mod = l->s->prime.mod;
  mp_limb_t values[MAX_CONJUGATES * MAX_CONJUGATES];
  fmpz_poly_factor_t factors;
  size_t choice = 0, different = 0;
  for (; choice < MAX_COMBINATIONS; choice++) {
    different = 0;
    for (size_t k = 0; k < count; k++)
      add_value(values, &different, combined_value(l, members[k], choice));
    if (different == count) break;
  }
  if (different < count) return;
  for (size_t k = 0; k < count; k++) values[k] = combined_value(l, members[k], choice);
  fmpz_poly_factor_init(factors);
  factor_values(factors, values, count, mod);
  for (slong f = 0; f < factors->num; f++) {
    character_t *orbit[MAX_CONJUGATES];
    size_t g = 0;
    for (size_t k = 0; k < count; k++)
      if (factor_of(factors, values[k], mod) == (size_t)f && g < MAX_CONJUGATES)
        orbit[g++] = members[k];
    if (g == (size_t)fmpz_poly_degree(factors->p + f)) exhibit_orbit(l, orbit, g, choice);
  }
  fmpz_poly_factor_clear(factors);
}

void sectors_exhibit_lines(sectors_struct *s) {
  enum { MOST = MAX_CONJUGATES * MAX_CONJUGATES };
  lines_t l;
  if (s->has_lines || !sector_space_is_real(&s->space)) return;
  s->has_lines = true;
  lines_init(&l, s);
  for (size_t b = 0; b < s->space.num_blocks; b++) {
    if (s->limits && s->limits->abort && s->limits->abort(s->limits->abort_data)) break;
    add_block(&l, b);
  }
  set_kinds(&l);
  for (size_t k = 0; k < l.length; k++) {
    character_t *members[MOST];
    size_t count = 0;
    if (s->limits && s->limits->abort && s->limits->abort(s->limits->abort_data)) break;
    for (size_t i = k; i < l.length && count < MOST && !l.list[k].used; i++)
      if (!memcmp(l.list[i].kind, l.list[k].kind, l.num * sizeof *l.list->kind))
        members[count++] = l.list + i;
    for (size_t i = 0; i < count; i++) members[i]->used = true;
    if (count) use_class(&l, members, count);
  }
  lines_clear(&l);
}
