#include "algebra/sectors/sector_hidden.h"

enum { MAX_RATIO = 20000, MAX_ENTRY = 1 << 24 };

typedef struct {
  const sector_space_struct *space;
  const sector_prime_struct *prime;
  sector_matrix_struct *h; /* generators on the whole space */
  int sign;
  const mp_limb_t *const *shift; /* two, or NULL */
} spin_t;

static void apply(uint32_t *out, const spin_t *s, size_t j, const uint32_t *v,
                  bool second) {
  nmod_t mod = s->prime->mod;
  size_t size = s->space->size;
  sector_matrix_apply(out, s->h + j, v);
  if (s->shift)
    residues_addmul(out, v, nmod_neg(s->shift[second][j], mod), size, mod);
  if (second && s->sign < 0)
    for (size_t k = 0; k < size; k++) out[k] = residue_sub(0, out[k], mod);
}

/* Words applied to both, until those of the e are a basis of their module: the rows
   (w e, w' e') of a matrix in reduced echelon form in the first half. 0: too many. */
static size_t spin(nmod_mat_t out, const spin_t *s, const uint32_t *const *e,
                   const uint32_t *const *other, size_t seeds) {
  size_t size = s->space->size, count = 0, rank = 0;
  nmod_t mod = s->prime->mod;
  uint32_t *pair[HIDDEN_MAX_DIMENSION + 1][2], *rows[HIDDEN_MAX_DIMENSION + 1];
  size_t lead[HIDDEN_MAX_DIMENSION + 1];
  bool ok = true;
  uint32_t *next[2] = {flint_malloc(size * sizeof(uint32_t)),
                       flint_malloc(size * sizeof(uint32_t))};
  memcpy(next[0], e[0], size * sizeof **e);
  memcpy(next[1], other[0], size * sizeof **e);
  for (size_t i = 0, j = 0, seed = 1; ok;) {
    uint32_t *x = flint_malloc(size * sizeof *x);
    memcpy(x, next[0], size * sizeof *x);
    for (size_t k = 0; k < rank; k++)
      if (x[lead[k]])
        residues_addmul(x, rows[k], nmod_neg(x[lead[k]], mod), size, mod);
    if (residues_are_zero(x, size)) {
      flint_free(x);
    } else if (rank == HIDDEN_MAX_DIMENSION) {
      flint_free(x);
      ok = false;
    } else {
      size_t at = 0;
      while (!x[at]) at++;
      mp_limb_t inverse = nmod_inv(x[at], mod);
      for (size_t k = 0; k < size; k++) x[k] = residue_mul(inverse, x[k], mod);
      rows[rank] = x;
      lead[rank++] = at;
      for (int k = 0; k < 2; k++) {
        pair[count][k] = next[k];
        next[k] = flint_malloc(size * sizeof *next[k]);
      }
      count++;
    }
    if (seed < seeds) {
      memcpy(next[0], e[seed], size * sizeof **e);
      memcpy(next[1], other[seed++], size * sizeof **e);
      continue;
    }
    if (i == count) break;
    apply(next[0], s, j, pair[i][0], false);
    apply(next[1], s, j, pair[i][1], true);
    if (++j == s->space->num_generators) {
      j = 0;
      i++;
    }
  }
  if (ok) {
    nmod_mat_init(out, (slong)count, (slong)(2 * size), mod.n);
    for (size_t i = 0; i < count; i++)
      for (int k = 0; k < 2; k++)
        for (size_t b = 0; b < size; b++)
          nmod_mat_entry(out, (slong)i, (slong)(k ? size + b : b)) = pair[i][k][b];
    nmod_mat_rref(out);
  }
  for (size_t k = 0; k < rank; k++) flint_free(rows[k]);
  for (size_t i = 0; i < count; i++)
    for (int k = 0; k < 2; k++) flint_free(pair[i][k]);
  flint_free(next[0]);
  flint_free(next[1]);
  return ok ? count : 0;
}

/* Half of the matrix as integers, by one common denominator; an overall factor is
   free. False: entries are no small fractions. */
static bool lift(slong *out, const nmod_mat_t a, slong rows, slong first,
                 slong size, nmod_t mod) {
  fmpz_t residue, modulus, den;
  fmpq *value = _fmpq_vec_init(rows * size);
  mp_limb_t scale = 0;
  bool ok = true;
  fmpz_init(residue);
  fmpz_init_set_ui(modulus, mod.n);
  fmpz_init_set_ui(den, 1);
  for (slong i = 0; i < rows && ok; i++)
    for (slong k = 0; k < size && ok; k++) {
      mp_limb_t v = nmod_mat_entry(a, i, first + k);
      if (!v) continue;
      if (!scale) scale = nmod_inv(v, mod);
      fmpz_set_ui(residue, nmod_mul(v, scale, mod));
      fmpq *q = value + i * size + k;
      ok = fmpq_reconstruct_fmpz(q, residue, modulus) &&
           fmpz_cmpabs(fmpq_numref(q), (fmpz[]){MAX_RATIO}) <= 0 &&
           fmpz_cmp_ui(fmpq_denref(q), MAX_RATIO) <= 0;
      if (ok) fmpz_lcm(den, den, fmpq_denref(q));
      ok = ok && fmpz_cmp_ui(den, MAX_ENTRY) <= 0;
    }
  for (slong i = 0; i < rows * size && ok; i++) {
    fmpq_mul_fmpz(value + i, value + i, den);
    ok = fmpz_cmpabs(fmpq_numref(value + i), (fmpz[]){MAX_ENTRY}) <= 0;
    out[i] = ok ? fmpz_get_si(fmpq_numref(value + i)) : 0;
  }
  _fmpq_vec_clear(value, rows * size);
  fmpz_clear(residue);
  fmpz_clear(modulus);
  fmpz_clear(den);
  return ok && scale;
}

/* out = H x for a real H with integer coefficients, i H x for an imaginary one; false when
   a coefficient is too large. */
static bool apply_exact(__int128 *out, const pauli_sum_struct *h, const slong *x,
                        size_t size) {
  for (size_t s = 0; s < size; s++) out[s] = 0;
  for (size_t t = 0; t < h->length; t++) {
    const uint64_t *p = pauli_sum_string(h, t);
    const fmpz *c = fmpq_numref(h->coeffs + t);
    if (fmpz_cmpabs(c, (fmpz[]){MAX_ENTRY}) > 0) return false;
    slong v = fmpz_get_si(c);
    if ((__builtin_popcountll(p[0] & p[1]) + 1) & 2) v = -v; /* i^y or i^(y + 1) */
    for (size_t s = 0; s < size; s++)
      if (x[s])
        out[s ^ p[0]] += __builtin_parityll(p[1] & s) ? -(__int128)v * x[s]
                                                      : (__int128)v * x[s];
  }
  return true;
}

/* a and b over one denominator; false when they are large. */
static bool common_shifts(slong num[2], slong *den, const fmpq *a, const fmpq *b) {
  fmpz_t common, t;
  fmpz_init(common);
  fmpz_init(t);
  fmpz_lcm(common, fmpq_denref(a), fmpq_denref(b));
  bool ok = fmpz_cmp_ui(common, MAX_ENTRY) <= 0;
  for (int k = 0; k < 2 && ok; k++) {
    const fmpq *x = k ? b : a;
    fmpz_divexact(t, common, fmpq_denref(x));
    fmpz_mul(t, t, fmpq_numref(x));
    ok = fmpz_cmpabs(t, (fmpz[]){MAX_ENTRY}) <= 0;
    if (ok) num[k] = fmpz_get_si(t);
  }
  if (ok) *den = fmpz_get_si(common);
  fmpz_clear(common);
  fmpz_clear(t);
  return ok;
}

/* Do the generators act on the rows of x (scaled to have L at the pivots) and on those of
   y by the same matrices, on y with a sign and about the shifts?
     L (H - a) x_i = sum_l c_il x_l,  L (H - b) y_i = sign sum_l c_il y_l,
   c_il the entry of (H - a) x_i at pivot l; b after all of a. */
static bool verify(const spin_t *s, const slong *x, const slong *y, size_t rank,
                   const size_t *pivot, const fmpq *shift) {
  size_t size = s->space->size, count = s->space->num_generators;
  slong scale = x[pivot[0]];
  bool ok = true;
  __int128 *hx = flint_malloc(size * sizeof *hx), *hy = flint_malloc(size * sizeof *hy);
  __int128 *sum[2] = {flint_malloc(size * sizeof **sum),
                      flint_malloc(size * sizeof **sum)};
  for (size_t j = 0; j < s->space->num_generators && ok; j++) {
    slong num[2] = {0, 0}, den = 1;
    if (shift && !common_shifts(num, &den, shift + j, shift + count + j)) ok = false;
    for (size_t i = 0; i < rank && ok; i++) {
      ok = apply_exact(hx, s->space->generators + j, x + i * size, size) &&
           apply_exact(hy, s->space->generators + j, y + i * size, size);
      for (size_t b = 0; b < size && ok; b++) {
        hx[b] = den * hx[b] - (__int128)num[0] * x[i * size + b];
        hy[b] = den * hy[b] - (__int128)num[1] * y[i * size + b];
        sum[0][b] = sum[1][b] = 0;
      }
      for (size_t l = 0; l < rank && ok; l++) {
        __int128 c = hx[pivot[l]];
        if (!c) continue;
        ok = c < ((__int128)1 << 62) && c > -((__int128)1 << 62);
        for (size_t b = 0; b < size; b++) {
          sum[0][b] += c * x[l * size + b];
          sum[1][b] += (s->sign < 0 ? -c : c) * y[l * size + b];
        }
      }
      for (size_t b = 0; b < size && ok; b++)
        ok = scale * hx[b] == sum[0][b] && scale * hy[b] == sum[1][b];
    }
  }
  flint_free(hx);
  flint_free(hy);
  flint_free(sum[0]);
  flint_free(sum[1]);
  return ok;
}

/* Symmetry of <y_i, x_k>. */
static int get_form(const slong *x, const slong *y, size_t rank, size_t size) {
  bool plus = true, minus = true;
  for (size_t i = 0; i < rank; i++)
    for (size_t k = 0; k <= i; k++) {
      __int128 a = 0, b = 0;
      for (size_t s = 0; s < size; s++) {
        a += (__int128)y[i * size + s] * x[k * size + s];
        b += (__int128)y[k * size + s] * x[i * size + s];
      }
      plus = plus && a == b;
      minus = minus && a == -b;
    }
  return plus ? 1 : minus ? -1 : 0;
}

static bool lift_shifts(fmpq *out, const mp_limb_t *shift, size_t count,
                        bool imaginary, nmod_t mod) {
  fmpz_t residue, modulus;
  bool ok = true;
  fmpz_init(residue);
  fmpz_init_set_ui(modulus, mod.n);
  for (size_t j = 0; j < count && ok; j++) {
    fmpz_set_ui(residue, shift[j]);
    ok = fmpq_reconstruct_fmpz(out + j, residue, modulus);
    /* i H less i times a number that is not 0 would not be real. */
    ok = ok && (!imaginary || fmpq_is_zero(out + j));
  }
  fmpz_clear(residue);
  fmpz_clear(modulus);
  return ok;
}

/* Both halves of the rows, in reduced echelon form in the first one, lifted and checked. */
static bool lift_map(slong **left, slong **right, int *form, const spin_t *s,
                     const nmod_mat_t rows) {
  const sector_space_struct *space = s->space;
  nmod_t mod = s->prime->mod;
  size_t size = space->size, num = space->num_generators, rank = (size_t)nmod_mat_nrows(rows);
  slong *x = flint_malloc(rank * size * sizeof *x);
  slong *y = flint_malloc(rank * size * sizeof *y);
  size_t *pivot = flint_malloc((rank + 1) * sizeof *pivot);
  fmpq *exact = _fmpq_vec_init(2 * (slong)num + 1);
  bool ok = lift(x, rows, (slong)rank, 0, (slong)size, mod) &&
            lift(y, rows, (slong)rank, (slong)size, (slong)size, mod) &&
            (!s->shift || (lift_shifts(exact, s->shift[0], num, space->imaginary, mod) &&
                           lift_shifts(exact + num, s->shift[1], num, space->imaginary, mod)));
  for (size_t i = 0, b = 0; i < rank && ok; i++) {
    while (b < size && !x[i * size + b]) b++;
    ok = b < size;
    pivot[i] = b++;
  }
  ok = ok && verify(s, x, y, rank, pivot, s->shift ? exact : NULL);
  if (ok && form) *form = get_form(x, y, rank, size);
  if (ok) {
    *left = x;
    *right = y;
  } else {
    flint_free(x);
    flint_free(y);
  }
  flint_free(pivot);
  _fmpq_vec_clear(exact, 2 * (slong)num + 1);
  return ok;
}

bool sector_hidden_lift(slong **left, slong **right, const sector_space_struct *space,
                        const nmod_mat_t rows, int sign, const mp_limb_t *const shift[2],
                        const sector_prime_struct *prime) {
  spin_t s = {space, prime, NULL, sign, shift};
  return sector_space_is_real(space) && nmod_mat_nrows(rows) > 0 &&
         lift_map(left, right, NULL, &s, rows);
}

static bool find_map(slong **left, slong **right, size_t *rank, int *form,
                     const sector_space_struct *space, const uint32_t *const *e,
                     const uint32_t *const *other, size_t seeds, int sign,
                     const mp_limb_t *const shift[2],
                     const sector_prime_struct *prime) {
  size_t num = space->num_generators;
  mp_limb_t *c = flint_calloc(num + 1, sizeof *c);
  spin_t s = {space, prime, NULL, sign, shift};
  nmod_mat_t rows;
  if (!sector_space_is_real(space)) {
    flint_free(c);
    return false;
  }
  s.h = flint_malloc((num + 1) * sizeof *s.h);
  for (size_t j = 0; j < num; j++) {
    c[j] = 1;
    sector_matrix_init(s.h + j, space, SIZE_MAX, space->generators + j, c + j, 1,
                       false, prime);
  }
  *rank = spin(rows, &s, e, other, seeds);
  bool ok = *rank > 0;
  if (ok) {
    ok = lift_map(left, right, form, &s, rows);
    nmod_mat_clear(rows);
  }
  for (size_t j = 0; j < num; j++) sector_matrix_clear(s.h + j);
  flint_free(s.h);
  flint_free(c);
  return ok;
}

bool sector_hidden_map(slong **left, slong **right, size_t *rank, int *form,
                       const sector_space_struct *space, const uint32_t *e,
                       const uint32_t *other, int sign,
                       const mp_limb_t *const shift[2],
                       const sector_prime_struct *prime) {
  return find_map(left, right, rank, form, space, &e, &other, 1, sign, shift, prime);
}

bool sector_hidden_maps(slong **left, slong **right, size_t *rank,
                        const sector_space_struct *space, const uint32_t *const *e,
                        const uint32_t *const *other, size_t count, int sign,
                        const mp_limb_t *const shift[2],
                        const sector_prime_struct *prime) {
  return find_map(left, right, rank, NULL, space, e, other, count, sign, shift,
                  prime);
}

bool sector_hidden_matrices(fmpq_mat_t *out, const slong *rows, size_t rank,
                            const sector_space_struct *space) {
  size_t size = space->size, pivot[HIDDEN_MAX_DIMENSION];
  __int128 *hx = flint_malloc(size * sizeof *hx);
  bool ok = true;
  for (size_t i = 0, b = 0; i < rank; i++) {
    while (!rows[i * size + b]) b++;
    pivot[i] = b++;
  }
  slong scale = rows[pivot[0]];
  for (size_t j = 0; j < space->num_generators && ok; j++)
    for (size_t i = 0; i < rank && ok; i++) {
      ok = apply_exact(hx, space->generators + j, rows + i * size, size);
      for (size_t k = 0; k < rank && ok; k++) {
        __int128 c = hx[pivot[k]];
        ok = c < ((__int128)1 << 62) && c > -((__int128)1 << 62);
        fmpq *entry = fmpq_mat_entry(out[j], (slong)i, (slong)k);
        fmpz_set_si(fmpq_numref(entry), ok ? (slong)c : 0);
        fmpz_set_si(fmpq_denref(entry), scale);
        fmpq_canonicalise(entry);
      }
    }
  flint_free(hx);
  return ok;
}

/* --- words -------------------------------------------------------------------------------- */

enum { MAX_EIGENVALUE = 60 };

bool sector_words_init(sector_words_struct *w, const sector_space_struct *space,
                       const uint32_t *e, size_t max, const sector_prime_struct *prime) {
  size_t size = space->size, num = space->num_generators;
  nmod_t mod = prime->mod;
  *w = (sector_words_struct){.space = space, .prime = prime};
  w->h = flint_malloc((num + 1) * sizeof *w->h);
  w->matrix = flint_malloc((num + 1) * sizeof *w->matrix);
  mp_limb_t one = 1;
  for (size_t j = 0; j < num; j++) {
    sector_matrix_init(w->h + j, space, SIZE_MAX, space->generators + j, &one, 1,
                       false, prime);
    nmod_mat_init(w->matrix[j], (slong)max, (slong)max, mod.n);
  }
  uint32_t *vector[WORDS_MAX_DIMENSION + 1], *rows[WORDS_MAX_DIMENSION + 1];
  size_t lead[WORDS_MAX_DIMENSION + 1];
  nmod_mat_t change; /* row k = sum_i change[k][i] w_i e */
  nmod_mat_init(change, (slong)max, (slong)max, mod.n);
  mp_limb_t *x = flint_malloc((max + 1) * sizeof *x);
  bool ok = true;
  uint32_t *next = flint_malloc(size * sizeof *next);
  memcpy(next, e, size * sizeof *e);
  for (size_t i = 0, j = 0, parent = 0; ok;) {
    uint32_t *copy = flint_malloc(size * sizeof *copy);
    memcpy(copy, next, size * sizeof *copy);
    for (size_t k = 0; k < max; k++) x[k] = 0;
    for (size_t k = 0; k < w->length; k++) {
      mp_limb_t c = copy[lead[k]];
      if (!c) continue;
      residues_addmul(copy, rows[k], nmod_neg(c, mod), size, mod);
      for (size_t l = 0; l <= k; l++)
        x[l] = nmod_addmul(x[l], c,
                           nmod_mat_entry(change, (slong)k, (slong)l), mod);
    }
    bool first = w->length == 0, inside = residues_are_zero(copy, size);
    if (inside) {
      flint_free(copy);
    } else if (w->length == max) {
      flint_free(copy);
      ok = false;
      break;
    } else {
      size_t at = 0, n = w->length;
      while (!copy[at]) at++;
      mp_limb_t inverse = nmod_inv(copy[at], mod);
      for (size_t b = 0; b < size; b++) copy[b] = residue_mul(inverse, copy[b], mod);
      for (size_t l = 0; l < n; l++)
        nmod_mat_entry(change, (slong)n, (slong)l) =
            nmod_neg(nmod_mul(inverse, x[l], mod), mod);
      nmod_mat_entry(change, (slong)n, (slong)n) = inverse;
      rows[n] = copy;
      lead[n] = at;
      vector[n] = next;
      next = flint_malloc(size * sizeof *next);
      w->parent[n] = parent;
      w->letter[n] = first ? SIZE_MAX : j;
      w->length++;
      for (size_t l = 0; l < max; l++) x[l] = l == n;
    }
    if (!first) {
      for (size_t l = 0; l < w->length; l++)
        nmod_mat_entry(w->matrix[j], (slong)i, (slong)l) = x[l];
      if (++j == num) {
        j = 0;
        i++;
      }
    }
    if (i == w->length) break;
    parent = i;
    sector_matrix_apply(next, w->h + j, vector[i]);
  }
  for (size_t k = 0; k < w->length; k++) {
    flint_free(rows[k]);
    flint_free(vector[k]);
  }
  flint_free(next);
  flint_free(x);
  nmod_mat_clear(change);
  return ok;
}

void sector_words_clear(sector_words_struct *w) {
  for (size_t j = 0; j < w->space->num_generators; j++) {
    sector_matrix_clear(w->h + j);
    nmod_mat_clear(w->matrix[j]);
  }
  flint_free(w->h);
  flint_free(w->matrix);
}

bool sector_words_integer_vector(mp_limb_t *c, const sector_words_struct *w) {
  nmod_t mod = w->prime->mod;
  slong d = (slong)w->length;
  bool found = false;
  if (d == 1) {
    c[0] = 1;
    return true;
  }
  nmod_poly_t f, g;
  nmod_poly_init_mod(f, mod);
  nmod_poly_init_mod(g, mod);
  for (size_t j = 0; j < w->space->num_generators && !found; j++) {
    nmod_mat_t window, own, t, kernel;
    nmod_mat_window_init(window, w->matrix[j], 0, 0, d, d);
    nmod_mat_init_set(own, window);
    nmod_mat_window_clear(window);
    nmod_mat_charpoly(f, own);
    nmod_poly_derivative(g, f);
    for (slong value = -MAX_EIGENVALUE; value <= MAX_EIGENVALUE && !found; value++) {
      mp_limb_t v = value < 0 ? nmod_neg((mp_limb_t)-value, mod) : (mp_limb_t)value;
      if (nmod_poly_evaluate_nmod(f, v) || !nmod_poly_evaluate_nmod(g, v)) continue;
      nmod_mat_init(t, d, d, mod.n); /* c (matrix - v) = 0 */
      nmod_mat_init(kernel, d, d, mod.n);
      nmod_mat_transpose(t, own);
      for (slong k = 0; k < d; k++)
        nmod_mat_entry(t, k, k) = nmod_sub(nmod_mat_entry(t, k, k), v, mod);
      found = nmod_mat_nullspace(kernel, t) == 1;
      for (slong k = 0; k < d && found; k++) c[k] = nmod_mat_entry(kernel, k, 0);
      nmod_mat_clear(t);
      nmod_mat_clear(kernel);
    }
    nmod_mat_clear(own);
  }
  nmod_poly_clear(f);
  nmod_poly_clear(g);
  return found;
}

void sector_words_list(uint32_t *const *out, const uint32_t *e,
                       const sector_words_struct *w) {
  for (size_t i = 0; i < w->length; i++)
    if (w->letter[i] == SIZE_MAX) memcpy(out[i], e, w->space->size * sizeof *e);
    else sector_matrix_apply(out[i], w->h + w->letter[i], out[w->parent[i]]);
}

void sector_words_combine(uint32_t *e, const sector_words_struct *w,
                          const mp_limb_t *c) {
  size_t size = w->space->size;
  uint32_t **vector = flint_malloc((w->length + 1) * sizeof *vector);
  uint32_t *sum = flint_calloc(size, sizeof *sum);
  for (size_t i = 0; i < w->length; i++) vector[i] = flint_malloc(size * sizeof **vector);
  sector_words_list(vector, e, w);
  for (size_t i = 0; i < w->length; i++)
    residues_addmul(sum, vector[i], c[i], size, w->prime->mod);
  memcpy(e, sum, size * sizeof *e);
  for (size_t i = 0; i < w->length; i++) flint_free(vector[i]);
  flint_free(vector);
  flint_free(sum);
}

bool matrices_commute(const fmpq_mat_t a, const fmpq_mat_t b) {
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
