#include "algebra/check/sums/check_prime.h"

#include <string.h>

enum { MAX_STRINGS = 2048, MAX_DIMENSION = 300, MAX_SIMPLE = 160, LEAST_TRIES = 3, MOST_TRIES = 24 };

/* g in coordinates: a row per element, a column per string. */
typedef struct {
  check_prime_t *p;
  row_table_t strings;
  size_t columns, rank;
  mp_limb_t *rows; /* echelon form, reduced */
  size_t *pivots;
  mp_limb_t *basis; /* the elements as they were found */
} space_t;

/* --- strings and brackets ------------------------------------------------------ */

static bool reach(space_t *s, size_t w) {
  uint64_t *image = flint_malloc((2 * w + 1) * sizeof *image);
  for (size_t j = 0; j < s->p->num_sums; j++)
    for (size_t t = 0; t < s->p->sums[j]->length; t++)
      row_table_add(s->strings, pauli_sum_string(s->p->sums[j], t), NULL);
  for (size_t i = 0; i < s->strings->length && s->strings->length <= MAX_STRINGS;
       i++)
    for (size_t j = 0; j < s->p->num_sums; j++)
      for (size_t t = 0; t < s->p->sums[j]->length; t++) {
        const uint64_t *h = pauli_sum_string(s->p->sums[j], t);
        if (!pauli_anticommute(h, row_table_row(s->strings, i), w)) continue;
        pauli_xor(image, h, row_table_row(s->strings, i), w);
        row_table_add(s->strings, image, NULL);
      }
  flint_free(image);
  s->columns = s->strings->length;
  return s->columns <= MAX_STRINGS;
}

/* out += c i [a P, b Q]/2 for strings P, Q given by their columns */
static void add_bracket(mp_limb_t *out, const space_t *s, const uint64_t *a,
                        const uint64_t *b, mp_limb_t c, uint64_t *room) {
  size_t w = s->strings->width / 2;
  if (!pauli_anticommute(a, b, w)) return;
  unsigned e = pauli_mul(room, a, b, w); /* P Q = i^e [P + Q], e odd */
  size_t to = row_table_find(s->strings, room);
  if (to == SIZE_MAX) flint_abort();
  if (e == 1) c = nmod_neg(c, s->p->mod);
  out[to] = nmod_add(out[to], c, s->p->mod);
}

/* out = i [H_j, x]/2 */
static void act(mp_limb_t *out, space_t *s, size_t j, const mp_limb_t *x) {
  const pauli_sum_struct *h = s->p->sums[j];
  uint64_t *room = flint_malloc((s->strings->width + 1) * sizeof *room);
  memset(out, 0, s->columns * sizeof *out);
  for (size_t t = 0; t < h->length; t++) {
    mp_limb_t c = check_prime_coeff(s->p, h, t);
    for (size_t i = 0; i < s->columns; i++)
      if (x[i])
        add_bracket(out, s, pauli_sum_string(h, t), row_table_row(s->strings, i),
                    nmod_mul(c, x[i], s->p->mod), room);
  }
  s->p->work_left -= (int64_t)(h->length * s->columns) * 4;
  flint_free(room);
}

/* --- the algebra -------------------------------------------------------------------- */

/* Is x new? Then it joins the rows, and x itself the basis. */
static bool add_row(space_t *s, const mp_limb_t *x) {
  nmod_t mod = s->p->mod;
  slong n = (slong)s->columns;
  mp_limb_t *row = s->rows + s->rank * s->columns;
  memcpy(row, x, s->columns * sizeof *row);
  for (size_t k = 0; k < s->rank; k++)
    if (row[s->pivots[k]])
      _nmod_vec_scalar_addmul_nmod(row, s->rows + k * s->columns, n,
                                   nmod_neg(row[s->pivots[k]], mod), mod);
  s->p->work_left -= (int64_t)(s->rank * s->columns);
  size_t at = 0;
  while (at < s->columns && !row[at]) at++;
  if (at == s->columns) return false;
  _nmod_vec_scalar_mul_nmod(row, row, n, nmod_inv(row[at], mod), mod);
  for (size_t k = 0; k < s->rank; k++) {
    mp_limb_t *other = s->rows + k * s->columns;
    if (other[at])
      _nmod_vec_scalar_addmul_nmod(other, row, n, nmod_neg(other[at], mod), mod);
  }
  memcpy(s->basis + s->rank * s->columns, x, s->columns * sizeof *row);
  s->pivots[s->rank++] = at;
  return true;
}

/* Brackets with generators until nothing is new. False when it is too much. */
static bool close_up(space_t *s) {
  size_t room = MAX_DIMENSION + 1;
  s->rows = flint_malloc(room * (s->columns + 1) * sizeof *s->rows);
  s->basis = flint_malloc(room * (s->columns + 1) * sizeof *s->basis);
  s->pivots = flint_malloc(room * sizeof *s->pivots);
  mp_limb_t *x = flint_calloc(s->columns + 1, sizeof *x);
  for (size_t j = 0; j < s->p->num_sums && s->rank < room; j++) {
    memset(x, 0, s->columns * sizeof *x);
    for (size_t t = 0; t < s->p->sums[j]->length; t++)
      x[row_table_find(s->strings, pauli_sum_string(s->p->sums[j], t))] =
          check_prime_coeff(s->p, s->p->sums[j], t);
    add_row(s, x);
  }
  for (size_t k = 0; k < s->rank && s->rank < room && s->p->work_left > 0; k++)
    for (size_t j = 0; j < s->p->num_sums && s->rank < room; j++) {
      act(x, s, j, s->basis + k * s->columns);
      add_row(s, x);
    }
  flint_free(x);
  return s->rank <= MAX_DIMENSION && s->p->work_left > 0;
}

/* Coordinates, in the rows, of i [H_j, row k]/2. */
static void adjoint(nmod_mat_t out, space_t *s, size_t j) {
  mp_limb_t *x = flint_malloc((s->columns + 1) * sizeof *x);
  for (size_t k = 0; k < s->rank; k++) {
    act(x, s, j, s->rows + k * s->columns);
    for (size_t c = 0; c < s->rank; c++)
      nmod_mat_entry(out, (slong)k, (slong)c) = x[s->pivots[c]];
  }
  flint_free(x);
}

/* --- [g, g] as a module -------------------------------------------------------------- */

typedef struct {
  space_t *s;
  size_t size;      /* of [g, g] */
  nmod_mat_t basis; /* size x rank, reduced echelon form */
  size_t *pivots;
  nmod_mat_struct *actions; /* size x size, of each generator; rows act */
} derived_t;

/* a x b restricted to rows: coordinates at the pivots. */
static void restrict_action(nmod_mat_t out, const derived_t *d,
                            const nmod_mat_t adjoint_matrix) {
  nmod_mat_t image;
  nmod_mat_init(image, (slong)d->size, (slong)d->s->rank, d->s->p->mod.n);
  nmod_mat_mul(image, d->basis, adjoint_matrix);
  for (size_t i = 0; i < d->size; i++)
    for (size_t k = 0; k < d->size; k++)
      nmod_mat_entry(out, (slong)i, (slong)k) =
          nmod_mat_entry(image, (slong)i, (slong)d->pivots[k]);
  nmod_mat_clear(image);
}

static void derived_init(derived_t *d, space_t *s, const nmod_mat_struct *ads) {
  size_t n = s->rank, count = s->p->num_sums;
  nmod_mat_t all;
  d->s = s;
  nmod_mat_init(all, (slong)(count * n + 1), (slong)n, s->p->mod.n);
  for (size_t j = 0; j < count; j++)
    for (size_t i = 0; i < n; i++)
      for (size_t k = 0; k < n; k++)
        nmod_mat_entry(all, (slong)(j * n + i), (slong)k) =
            nmod_mat_entry(ads + j, (slong)i, (slong)k);
  d->size = (size_t)nmod_mat_rref(all);
  d->pivots = flint_malloc((d->size + 1) * sizeof *d->pivots);
  nmod_mat_init(d->basis, (slong)d->size, (slong)n, s->p->mod.n);
  for (size_t i = 0; i < d->size; i++) {
    size_t at = 0;
    while (!nmod_mat_entry(all, (slong)i, (slong)at)) at++;
    d->pivots[i] = at;
    for (size_t k = 0; k < n; k++)
      nmod_mat_entry(d->basis, (slong)i, (slong)k) =
          nmod_mat_entry(all, (slong)i, (slong)k);
  }
  nmod_mat_clear(all);
  d->actions = flint_malloc((count + 1) * sizeof *d->actions);
  for (size_t j = 0; j < count; j++) {
    nmod_mat_init(d->actions + j, (slong)d->size, (slong)d->size,
                  s->p->mod.n);
    restrict_action(d->actions + j, d, ads + j);
  }
}

static void derived_clear(derived_t *d) {
  for (size_t j = 0; j < d->s->p->num_sums; j++) nmod_mat_clear(d->actions + j);
  flint_free(d->actions);
  flint_free(d->pivots);
  nmod_mat_clear(d->basis);
}

/* Words W_k in the actions with v W_k a basis, v random. */
typedef struct {
  size_t length;
  nmod_mat_struct *words;
  nmod_mat_t vectors; /* rows v W_k */
} words_t;

/* Is the vector independent of the rows so far? echelon[k] has pivot pivots[k]. */
static bool is_new(mp_limb_t *echelon, size_t *pivots, size_t rank, size_t n,
                   nmod_t mod) {
  mp_limb_t *row = echelon + rank * n;
  for (size_t k = 0; k < rank; k++)
    if (row[pivots[k]])
      _nmod_vec_scalar_addmul_nmod(row, echelon + k * n, (slong)n,
                                   nmod_neg(row[pivots[k]], mod), mod);
  size_t at = 0;
  while (at < n && !row[at]) at++;
  if (at == n) return false;
  _nmod_vec_scalar_mul_nmod(row, row, (slong)n, nmod_inv(row[at], mod), mod);
  pivots[rank] = at;
  return true;
}

static bool words_init(words_t *out, const derived_t *d) {
  size_t n = d->size, room = n + 1;
  check_prime_t *p = d->s->p;
  mp_limb_t *echelon = flint_malloc(room * n * sizeof *echelon);
  size_t *pivots = flint_malloc(room * sizeof *pivots);
  nmod_mat_t v, row;
  nmod_mat_init(v, 1, (slong)n, p->mod.n);
  nmod_mat_init(row, 1, (slong)n, p->mod.n);
  nmod_mat_init(out->vectors, (slong)n, (slong)n, p->mod.n);
  out->words = flint_malloc(room * sizeof *out->words);
  for (size_t k = 0; k < n; k++)
    nmod_mat_entry(v, 0, (slong)k) = echelon[k] = check_prime_random(p);
  is_new(echelon, pivots, 0, n, p->mod);
  nmod_mat_init(out->words, (slong)n, (slong)n, p->mod.n);
  nmod_mat_one(out->words);
  for (size_t k = 0; k < n; k++)
    nmod_mat_entry(out->vectors, 0, (slong)k) = nmod_mat_entry(v, 0, (slong)k);
  out->length = 1;
  for (size_t i = 0; i < out->length; i++)
    for (size_t j = 0; j < p->num_sums && out->length < n; j++) {
      for (size_t k = 0; k < n; k++)
        nmod_mat_entry(v, 0, (slong)k) =
            nmod_mat_entry(out->vectors, (slong)i, (slong)k);
      nmod_mat_mul(row, v, d->actions + j);
      for (size_t k = 0; k < n; k++)
        echelon[out->length * n + k] = nmod_mat_entry(row, 0, (slong)k);
      if (!is_new(echelon, pivots, out->length, n, p->mod)) continue;
      for (size_t k = 0; k < n; k++)
        nmod_mat_entry(out->vectors, (slong)out->length, (slong)k) =
            nmod_mat_entry(row, 0, (slong)k);
      nmod_mat_init(out->words + out->length, (slong)n, (slong)n, p->mod.n);
      nmod_mat_mul(out->words + out->length, out->words + i, d->actions + j);
      out->length++;
    }
  nmod_mat_clear(v);
  nmod_mat_clear(row);
  flint_free(echelon);
  flint_free(pivots);
  return out->length == n;
}

static void words_clear(words_t *out) {
  for (size_t k = 0; k < out->length; k++) nmod_mat_clear(out->words + k);
  flint_free(out->words);
  nmod_mat_clear(out->vectors);
}

/* The y for which v -> y extends to an endomorphism, as columns: y is killed by
   the relations v W_i A_j = sum_k c_k v W_k, seen through random columns u. */
static size_t endomorphisms(nmod_mat_t out, const derived_t *d, const words_t *w,
                            size_t tries) {
  size_t n = d->size, count = d->s->p->num_sums;
  mp_limb_t m = d->s->p->mod.n;
  nmod_mat_t inverse, images, c, u, au, wu, equations, relation;
  nmod_mat_init(inverse, (slong)n, (slong)n, m);
  nmod_mat_init(images, (slong)n, (slong)n, m);
  nmod_mat_init(c, (slong)n, (slong)n, m);
  nmod_mat_init(u, (slong)n, 1, m);
  nmod_mat_init(au, (slong)n, 1, m);
  nmod_mat_init(relation, (slong)n, 1, m);
  nmod_mat_init(wu, (slong)n, (slong)n, m);
  nmod_mat_init(equations, (slong)(tries * count * n), (slong)n, m);
  bool ok = nmod_mat_inv(inverse, w->vectors);
  slong at = 0;
  for (size_t try = 0; try < tries && ok; try++) {
    for (size_t k = 0; k < n; k++)
      nmod_mat_entry(u, (slong)k, 0) = check_prime_random(d->s->p);
    for (size_t k = 0; k < n; k++) { /* row k: W_k u */
      nmod_mat_mul(relation, w->words + k, u);
      for (size_t i = 0; i < n; i++)
        nmod_mat_entry(wu, (slong)k, (slong)i) =
            nmod_mat_entry(relation, (slong)i, 0);
    }
    for (size_t j = 0; j < count; j++) {
      nmod_mat_mul(images, w->vectors, d->actions + j);
      nmod_mat_mul(c, images, inverse); /* row i: the c_k */
      nmod_mat_mul(images, c, wu);      /* row i: sum c_k W_k u */
      nmod_mat_mul(au, d->actions + j, u);
      for (size_t i = 0; i < n; i++, at++) {
        nmod_mat_mul(relation, w->words + i, au);
        for (size_t k = 0; k < n; k++)
          nmod_mat_entry(equations, at, (slong)k) =
              nmod_sub(nmod_mat_entry(relation, (slong)k, 0),
                       nmod_mat_entry(images, (slong)i, (slong)k), d->s->p->mod);
      }
    }
  }
  size_t dim = ok ? (size_t)nmod_mat_nullspace(out, equations) : 0;
  nmod_mat_clear(inverse);
  nmod_mat_clear(images);
  nmod_mat_clear(c);
  nmod_mat_clear(u);
  nmod_mat_clear(au);
  nmod_mat_clear(relation);
  nmod_mat_clear(wu);
  nmod_mat_clear(equations);
  return dim;
}

/* A random endomorphism T; false when it does not commute with an action. */
static bool random_endomorphism(nmod_mat_t t, const derived_t *d,
                                const words_t *w, const nmod_mat_t ys,
                                size_t dim) {
  size_t n = d->size;
  check_prime_t *p = d->s->p;
  nmod_mat_t y, row, images, left, right;
  nmod_mat_init(y, 1, (slong)n, p->mod.n);
  nmod_mat_init(row, 1, (slong)n, p->mod.n);
  nmod_mat_init(images, (slong)n, (slong)n, p->mod.n);
  nmod_mat_init(left, (slong)n, (slong)n, p->mod.n);
  nmod_mat_init(right, (slong)n, (slong)n, p->mod.n);
  for (size_t c = 0; c < dim; c++) {
    mp_limb_t x = check_prime_random(p);
    for (size_t k = 0; k < n; k++)
      NMOD_ADDMUL(nmod_mat_entry(y, 0, (slong)k), x,
                  nmod_mat_entry(ys, (slong)k, (slong)c), p->mod);
  }
  for (size_t i = 0; i < n; i++) {
    nmod_mat_mul(row, y, w->words + i);
    for (size_t k = 0; k < n; k++)
      nmod_mat_entry(images, (slong)i, (slong)k) = nmod_mat_entry(row, 0, (slong)k);
  }
  bool ok = nmod_mat_inv(left, w->vectors); /* v W_i T = y W_i */
  if (ok) nmod_mat_mul(t, left, images);
  for (size_t j = 0; j < p->num_sums && ok; j++) {
    nmod_mat_mul(left, t, d->actions + j);
    nmod_mat_mul(right, d->actions + j, t);
    ok = nmod_mat_equal(left, right);
  }
  nmod_mat_clear(y);
  nmod_mat_clear(row);
  nmod_mat_clear(images);
  nmod_mat_clear(left);
  nmod_mat_clear(right);
  return ok;
}

/* --- a Cartan subalgebra -------------------------------------------------------------- */

/* The basis of [g, g] on the strings, a row each. */
static void set_elements(nmod_mat_t out, const derived_t *d) {
  space_t *s = d->s;
  nmod_mat_zero(out);
  for (size_t i = 0; i < d->size; i++)
    for (size_t k = 0; k < s->rank; k++) {
      mp_limb_t c = nmod_mat_entry(d->basis, (slong)i, (slong)k);
      if (c)
        _nmod_vec_scalar_addmul_nmod(&nmod_mat_entry(out, (slong)i, 0),
                                     s->rows + k * s->columns, (slong)s->columns,
                                     c, s->p->mod);
    }
}

/* The matrix of x -> i [x, e]/2 on [g, g]; e a row on the strings. */
static bool set_adjoint(nmod_mat_t out, const derived_t *d,
                        const nmod_mat_t elements, const nmod_mat_t e) {
  space_t *s = d->s;
  size_t n = d->size, columns = s->columns, support = 0;
  mp_limb_t *image = flint_malloc((columns + 1) * sizeof *image);
  uint64_t *room = flint_malloc((s->strings->width + 1) * sizeof *room);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < columns; k++)
      support += nmod_mat_entry(elements, (slong)i, (slong)k) != 0;
  s->p->work_left -= 20 * (int64_t)(support * columns);
  bool ok = s->p->work_left > 0;
  for (size_t i = 0; i < n && ok; i++) {
    const mp_limb_t *row = &nmod_mat_entry(elements, (slong)i, 0);
    memset(image, 0, columns * sizeof *image);
    for (size_t a = 0; a < columns; a++)
      for (size_t b = 0; row[a] && b < columns; b++) {
        mp_limb_t c = nmod_mat_entry(e, 0, (slong)b);
        if (c)
          add_bracket(image, s, row_table_row(s->strings, a),
                      row_table_row(s->strings, b),
                      nmod_mul(row[a], c, s->p->mod), room);
      }
    for (size_t k = 0; k < n; k++) /* by rows of g, then of [g, g] */
      nmod_mat_entry(out, (slong)i, (slong)k) =
          image[s->pivots[d->pivots[k]]];
  }
  flint_free(image);
  flint_free(room);
  return ok;
}

/* out = T on the space spanned by the columns of null (identity somewhere):
   T null = null out. */
static void restrict_to(nmod_mat_t out, const nmod_mat_t t,
                        const nmod_mat_t null) {
  slong n = null->r, dim = null->c;
  nmod_mat_t image;
  nmod_mat_init(image, n, dim, t->mod.n);
  nmod_mat_mul(image, t, null);
  for (slong c = 0; c < dim; c++)
    for (slong i = 0; i < n; i++) {
      bool unit = nmod_mat_entry(null, i, c) == 1;
      for (slong k = 0; k < dim && unit; k++)
        unit = k == c || !nmod_mat_entry(null, i, k);
      if (!unit) continue;
      for (slong k = 0; k < dim; k++)
        nmod_mat_entry(out, c, k) = nmod_mat_entry(image, i, k);
      break;
    }
  nmod_mat_clear(image);
}

/* --- ideals ------------------------------------------------------------------------------ */

/* The rank of every simple algebra of dimension d; 0: there is none, or they differ. */
static ulong rank_of_dimension(ulong d) {
  static const check_pair_t exceptional[] = {{14, 2}, {52, 4}, {78, 6}, {133, 7}, {248, 8}};
  ulong found = 0;
  bool same = true;
  for (ulong rank = 1; rank * rank <= d + rank; rank++) { /* D_n: 2 n^2 - n */
    bool is = rank * (rank + 2) == d || (rank > 1 && rank * (2 * rank + 1) == d) ||
              (rank > 3 && rank * (2 * rank - 1) == d);
    for (size_t k = 0; k < sizeof exceptional / sizeof *exceptional; k++)
      is = is || (exceptional[k].first == d && exceptional[k].second == rank);
    same = same && !(is && found);
    if (is) found = rank;
  }
  return same ? found : 0;
}

/* The eigenvalues of T, where their multiplicities leave no choice of the ranks. */
static bool know_ranks(check_split_struct *split, const nmod_mat_t t, size_t expected) {
  nmod_poly_t f;
  nmod_poly_factor_t dims;
  bool known = true;
  slong total = 0;
  nmod_poly_init(f, t->mod.n);
  nmod_poly_factor_init(dims);
  nmod_mat_charpoly(f, t);
  nmod_poly_factor(dims, f);
  for (slong i = 0; i < dims->num; i++) {
    known = known && rank_of_dimension((ulong)dims->exp[i]);
    total += nmod_poly_degree(dims->p + i);
  }
  known = known && (size_t)total == expected;
  for (slong i = 0; i < dims->num && known; i++)
    check_split_add(split, dims->p + i,
                    (check_pair_t){(ulong)dims->exp[i], rank_of_dimension((ulong)dims->exp[i])});
  nmod_poly_clear(f);
  nmod_poly_factor_clear(dims);
  return known;
}

/* Pairs the eigenvalues of T on [g, g] and on the Cartan subalgebra. */
static bool pair_up(check_split_struct *split, const nmod_mat_t t,
                    const nmod_mat_t on_cartan, size_t expected) {
  nmod_poly_t f, g;
  nmod_poly_factor_t dims, ranks;
  bool ok = true;
  nmod_poly_init(f, t->mod.n);
  nmod_poly_init(g, t->mod.n);
  nmod_poly_factor_init(dims);
  nmod_poly_factor_init(ranks);
  nmod_mat_charpoly(f, t);
  nmod_mat_charpoly(g, on_cartan);
  nmod_poly_factor(dims, f);
  nmod_poly_factor(ranks, g);
  for (slong i = 0; i < dims->num && ok; i++) {
    slong rank = 0;
    for (slong k = 0; k < ranks->num; k++)
      if (nmod_poly_equal(dims->p + i, ranks->p + k)) rank = ranks->exp[k];
    ok = rank > 0;
    check_split_add(split, dims->p + i,
                    (check_pair_t){(ulong)dims->exp[i], (ulong)rank});
  }
  nmod_poly_clear(f);
  nmod_poly_clear(g);
  nmod_poly_factor_clear(dims);
  nmod_poly_factor_clear(ranks);
  return ok && split->length == expected;
}

static void set_matrix(nmod_mat_t out, const space_t *s, const mp_limb_t *row) {
  check_prime_matrix_init(out, s->p);
  for (size_t k = 0; k < s->columns; k++)
    if (row[k])
      check_prime_add_string(out, s->p, row_table_row(s->strings, k), row[k]);
}

/* For the actions: T^b e with e = c elements, and the traces with ad(e). */
static void keep_operators(check_split_struct *split, const derived_t *d,
                           const nmod_mat_t t, const nmod_mat_t elements,
                           const nmod_mat_t c, const nmod_mat_t ad) {
  slong n = (slong)d->size;
  nmod_mat_t square, room, at, next, row;
  nmod_mat_init(square, n, n, t->mod.n);
  nmod_mat_init(room, n, n, t->mod.n);
  nmod_mat_init(at, 1, n, t->mod.n);
  nmod_mat_init(next, 1, n, t->mod.n);
  nmod_mat_init(row, 1, elements->c, t->mod.n);
  nmod_mat_mul(square, ad, ad);
  nmod_mat_set(at, c);
  split->operators = flint_malloc((split->length + 1) * sizeof *split->operators);
  split->traces = flint_malloc((split->length + 1) * sizeof *split->traces);
  for (size_t b = 0; b < split->length; b++) {
    nmod_mat_mul(row, at, elements);
    set_matrix(split->operators + b, d->s, &nmod_mat_entry(row, 0, 0));
    split->traces[b] = nmod_mat_trace(square);
    nmod_mat_mul(next, at, t);
    nmod_mat_swap(at, next);
    nmod_mat_mul(room, t, square);
    nmod_mat_swap(square, room);
  }
  split->known = true;
  nmod_mat_clear(square);
  nmod_mat_clear(room);
  nmod_mat_clear(at);
  nmod_mat_clear(next);
  nmod_mat_clear(row);
}

/* A Cartan subalgebra, the kernel of ad, and the ideals by T on it. */
static bool find_ranks(check_split_struct *split, const nmod_mat_t t,
                       const nmod_mat_t ad, size_t expected) {
  slong n = t->r;
  nmod_mat_t transposed, null, cartan, on_cartan;
  nmod_mat_init(transposed, n, n, t->mod.n);
  nmod_mat_init(null, n, n, t->mod.n);
  nmod_mat_transpose(transposed, ad); /* rows x with x ad = 0 */
  slong rank = nmod_mat_nullspace(null, transposed);
  nmod_mat_init(cartan, n, rank, t->mod.n);
  nmod_mat_init(on_cartan, rank, rank, t->mod.n);
  for (slong i = 0; i < n; i++)
    for (slong k = 0; k < rank; k++)
      nmod_mat_entry(cartan, i, k) = nmod_mat_entry(null, i, k);
  nmod_mat_transpose(transposed, t);
  restrict_to(on_cartan, transposed, cartan);
  bool ok = rank > 0 && pair_up(split, t, on_cartan, expected);
  nmod_mat_clear(transposed);
  nmod_mat_clear(null);
  nmod_mat_clear(cartan);
  nmod_mat_clear(on_cartan);
  return ok;
}

/* kept: NULL, or gets the endomorphism and the element (initialised here, if found). */
static bool find_ideals(check_split_struct *split, check_centroid_t *kept,
                        const derived_t *d, const nmod_mat_t elements) {
  size_t n = d->size, columns = d->s->columns;
  mp_limb_t m = d->s->p->mod.n;
  bool small = d->s->p->num_qubits <= CHECK_PRIME_QUBITS;
  words_t w = {0};
  nmod_mat_t t, ys, ad, c, e;
  split->known = !n && small;
  if (!n) return true;
  if (n > MAX_SIMPLE) return false;
  nmod_mat_init(t, (slong)n, (slong)n, m);
  nmod_mat_init(ys, (slong)n, (slong)n, m);
  nmod_mat_init(ad, (slong)n, (slong)n, m);
  nmod_mat_init(c, 1, (slong)n, m);
  nmod_mat_init(e, 1, (slong)columns, m);
  bool ok = words_init(&w, d);
  size_t dim = 0;
  for (size_t i = 0; i < n; i++)
    nmod_mat_entry(c, 0, (slong)i) = check_prime_random(d->s->p);
  nmod_mat_mul(e, c, elements);
  bool commutes = false; /* few equations may leave more solutions than there are */
  for (size_t tries = LEAST_TRIES; ok && !commutes && tries <= MOST_TRIES; tries *= 2) {
    dim = endomorphisms(ys, d, &w, tries);
    ok = dim > 0;
    commutes = ok && random_endomorphism(t, d, &w, ys, dim);
  }
  ok = commutes &&
       ((!small && know_ranks(split, t, dim)) ||
        (set_adjoint(ad, d, elements, e) && find_ranks(split, t, ad, dim)));
  if (ok && small) keep_operators(split, d, t, elements, c, ad);
  if (ok && kept) {
    nmod_mat_init_set(kept->centroid, t);
    nmod_mat_init_set(kept->element, c);
    nmod_mat_init_set(kept->ad, ad);
  }
  words_clear(&w);
  nmod_mat_clear(t);
  nmod_mat_clear(ys);
  nmod_mat_clear(ad);
  nmod_mat_clear(c);
  nmod_mat_clear(e);
  return ok;
}

static void copy_strings(row_table_t out, const row_table_t in) {
  row_table_init(out, 2 * in->width / 2);
  for (size_t k = 0; k < in->length; k++)
    row_table_add(out, row_table_row(in, k), NULL);
}

static void keep_element(check_prime_t *p, const space_t *s,
                         const nmod_mat_t elements) {
  mp_limb_t *row = flint_calloc(s->columns + 1, sizeof *row);
  for (size_t k = 0; k < s->rank; k++)
    _nmod_vec_scalar_addmul_nmod(row, s->rows + k * s->columns,
                                 (slong)s->columns, check_prime_random(p),
                                 p->mod);
  set_matrix(&p->element, s, row);
  nmod_mat_init_set(&p->elements, elements);
  copy_strings(p->strings, s->strings);
  p->has_element = true;
  flint_free(row);
}

static void space_clear(space_t *s) {
  flint_free(s->rows);
  flint_free(s->basis);
  flint_free(s->pivots);
  row_table_clear(s->strings);
}

/* [g, g] of a space that is closed. */
static void derive(derived_t *d, space_t *s) {
  size_t count = s->p->num_sums;
  nmod_mat_struct *ads = flint_malloc((count + 1) * sizeof *ads);
  for (size_t j = 0; j < count; j++) {
    nmod_mat_init(ads + j, (slong)s->rank, (slong)s->rank, s->p->mod.n);
    adjoint(ads + j, s, j);
  }
  derived_init(d, s, ads);
  for (size_t j = 0; j < count; j++) nmod_mat_clear(ads + j);
  flint_free(ads);
}

void check_sum_centroid_clear(check_centroid_t *c) {
  nmod_mat_clear(c->centroid);
  nmod_mat_clear(c->elements);
  nmod_mat_clear(c->element);
  nmod_mat_clear(c->ad);
  row_table_clear(c->strings);
}

bool check_sum_centroid(check_centroid_t *out, check_prime_t *p,
                        const check_generators_t generators) {
  space_t s = {.p = p};
  derived_t d;
  bool found = false;
  row_table_init(s.strings, 2 * generators->num_words);
  if (reach(&s, generators->num_words) && close_up(&s)) {
    derive(&d, &s);
    nmod_mat_init(out->elements, (slong)d.size, (slong)s.columns, p->mod.n);
    set_elements(out->elements, &d);
    found = d.size && find_ideals(&p->ideals, out, &d, out->elements);
    if (found) copy_strings(out->strings, s.strings);
    else nmod_mat_clear(out->elements);
    derived_clear(&d);
  }
  space_clear(&s);
  return found;
}

void check_sum_ideals(check_sum_structure_t out, check_prime_t *p,
                      const check_generators_t generators) {
  space_t s = {.p = p};
  row_table_init(s.strings, 2 * generators->num_words);
  if (reach(&s, generators->num_words) && close_up(&s)) {
    derived_t d;
    nmod_mat_t elements;
    derive(&d, &s);
    out->algebra_known = true;
    out->is_strings = s.rank == s.columns; /* mod p, and so over Q */
    if (out->is_strings) copy_strings(out->strings->strings, s.strings);
    out->dimension = s.rank;
    out->center = s.rank - d.size; /* g is the sum of its centre and [g, g] */
    nmod_mat_init(elements, (slong)d.size, (slong)s.columns, p->mod.n);
    set_elements(elements, &d);
    out->ideals_known = find_ideals(&p->ideals, NULL, &d, elements);
    for (size_t k = 0; k < p->ideals.num_factors && out->ideals_known; k++)
      check_pairs_append(&out->ideals, &out->num_ideals, p->ideals.pairs[k].first,
                         p->ideals.pairs[k].second,
                         (size_t)nmod_poly_degree(p->ideals.factors + k));
    if (p->num_qubits <= CHECK_PRIME_QUBITS) keep_element(p, &s, elements);
    nmod_mat_clear(elements);
    derived_clear(&d);
  }
  space_clear(&s);
}
