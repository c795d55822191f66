/* Traces of the generators on the sectors (declared in sectors.h).

   For a word c in the monomial operators and the projector on a block b, both of B,
     Tr(H_j 1_b c) = sum_k Tr(H_j on V_k) Tr(1_b c on E_k).
   The left-hand sides are integers (or Gaussian ones), read off exactly. Words (or one or
   two maps between modules) are added until the right-hand traces on the E_k, known modulo p, have one rank per
   sector: then the rank of the left-hand matrix is that of (Tr(H_j on V_k))_jk. */

#include "algebra/sectors/sectors.h"

enum { MAX_WORDS = 400, MAX_LENGTH = 8 };

/* A word in monomial operators, and which. */
typedef struct {
  uint32_t *image;
  uint8_t *phase;
  size_t length, letters[MAX_LENGTH];
} word_t;

static void word_init(word_t *w, const sectors_struct *s, uint64_t *seed,
                      bool trivial) {
  size_t size = s->space.size, num = 0, *monomial;
  w->image = flint_malloc(size * sizeof *w->image);
  w->phase = flint_calloc(size, sizeof *w->phase);
  w->length = 0;
  for (size_t b = 0; b < size; b++) w->image[b] = (uint32_t)b;
  monomial = flint_malloc((s->symmetry.length + 1) * sizeof *monomial);
  for (size_t j = 0; j < s->symmetry.length; j++)
    if (s->symmetry.list[j].kind == SECTOR_MONOMIAL) monomial[num++] = j;
  size_t length = trivial || !num ? 0 : 1 + stream_next(seed) % MAX_LENGTH;
  for (size_t i = 0; i < length; i++) {
    size_t j = monomial[stream_next(seed) % num];
    const sector_operator_struct *op = s->symmetry.list + j;
    w->letters[w->length++] = j;
    for (size_t b = 0; b < size; b++) {
      w->phase[b] = (uint8_t)((w->phase[b] + op->phase[w->image[b]]) & 3);
      w->image[b] = op->image[w->image[b]];
    }
  }
  flint_free(monomial);
}

static void word_clear(word_t *w) {
  flint_free(w->image);
  flint_free(w->phase);
}

/* The matrix of the word on E (acting on row vectors: letters in order). */
static void word_on_sector(nmod_mat_t out, const word_t *w,
                           const sector_found_struct *f) {
  slong m = (slong)f->multiplicity;
  nmod_mat_t window, t;
  nmod_mat_init_set(t, out);
  nmod_mat_one(out);
  for (size_t i = 0; i < w->length; i++) {
    nmod_mat_window_init(window, f->action[w->letters[i]], 0, 0, m, m);
    nmod_mat_mul(t, out, window);
    nmod_mat_swap(t, out);
    nmod_mat_window_clear(window);
  }
  nmod_mat_clear(t);
}

/* The projector on the block on E, from the operator that labels blocks. */
void sectors_block_action(nmod_mat_t out, size_t block, const sectors_struct *s,
                          const sector_found_struct *f) {
  slong m = (slong)f->multiplicity;
  nmod_t mod = s->prime.mod;
  nmod_mat_t window, t, u;
  nmod_mat_init(t, m, m, mod.n);
  nmod_mat_init(u, m, m, mod.n);
  nmod_mat_window_init(window, f->action[0], 0, 0, m, m);
  nmod_mat_one(out);
  for (size_t b = 0; b < s->space.num_blocks; b++) {
    if (b == block || !f->per_block[b]) continue;
    mp_limb_t scale = nmod_inv(nmod_sub(block, b, mod), mod);
    nmod_mat_scalar_mul(t, window, scale);
    for (slong i = 0; i < m; i++)
      nmod_mat_entry(t, i, i) = nmod_sub(nmod_mat_entry(t, i, i),
                                         nmod_mul(b + 1, scale, mod), mod);
    nmod_mat_mul(u, out, t);
    nmod_mat_swap(u, out);
  }
  nmod_mat_window_clear(window);
  nmod_mat_clear(t);
  nmod_mat_clear(u);
}

/* Of every sector and block: the projector on E, where E has something in the block. */
static nmod_mat_struct *block_actions(const sectors_struct *s) {
  size_t blocks = s->space.num_blocks;
  nmod_mat_struct *out = flint_malloc((s->length * blocks + 1) * sizeof *out);
  for (size_t k = 0; k < s->length; k++)
    for (size_t b = 0; b < blocks; b++) {
      slong m = s->list[k].per_block[b] ? (slong)s->list[k].multiplicity : 0;
      nmod_mat_init(out + k * blocks + b, m, m, s->prime.mod.n);
      if (m) sectors_block_action(out + k * blocks + b, b, s, s->list + k);
    }
  return out;
}

/* The matrices of a word on all E_k. */
static nmod_mat_struct *word_actions(const word_t *w, const sectors_struct *s) {
  nmod_mat_struct *out = flint_malloc((s->length + 1) * sizeof *out);
  for (size_t k = 0; k < s->length; k++) {
    slong m = (slong)s->list[k].multiplicity;
    nmod_mat_init(out + k, m, m, s->prime.mod.n);
    word_on_sector(out + k, w, s->list + k);
  }
  return out;
}

static void matrices_clear(nmod_mat_struct *list, size_t count) {
  for (size_t k = 0; k < count; k++) nmod_mat_clear(list + k);
  flint_free(list);
}

static mp_limb_t trace_of_product(const nmod_mat_t a, const nmod_mat_t b) {
  mp_limb_t sum = 0;
  for (slong i = 0; i < nmod_mat_nrows(b); i++)
    for (slong k = 0; k < nmod_mat_ncols(b); k++)
      sum = nmod_addmul(sum, nmod_mat_entry(a, k, i), nmod_mat_entry(b, i, k), a->mod);
  return sum;
}

/* The row (Tr(1_b c on E_k))_k. */
static void trace_row(mp_limb_t *row, const nmod_mat_struct *words,
                      const nmod_mat_struct *projectors, size_t block,
                      const sectors_struct *s) {
  for (size_t k = 0; k < s->length; k++)
    row[k] = trace_of_product(words + k, projectors + k * s->space.num_blocks + block);
}

/* Tr(H 1_b c) = sum over s in b of <s| H c |s>, real and imaginary part. */
static void exact_trace(fmpz_t re, fmpz_t im, const pauli_sum_struct *h,
                        const word_t *w, size_t block,
                        const sector_space_struct *space) {
  fmpz_zero(re);
  fmpz_zero(im);
  for (size_t k = space->block_start[block]; k < space->block_start[block + 1];
       k++) {
    uint64_t from = space->states[k], to = w->image[from];
    for (size_t t = 0; t < h->length; t++) {
      const uint64_t *p = pauli_sum_string(h, t);
      if (p[0] != (from ^ to)) continue;
      unsigned e = (unsigned)__builtin_popcountll(p[0] & p[1]) +
                   2 * (unsigned)__builtin_parityll(p[1] & to) + w->phase[from];
      const fmpz *c = fmpq_numref(h->coeffs + t);
      if ((e & 3) == 0) fmpz_add(re, re, c);
      if ((e & 3) == 1) fmpz_add(im, im, c);
      if ((e & 3) == 2) fmpz_sub(re, re, c);
      if ((e & 3) == 3) fmpz_sub(im, im, c);
    }
  }
}

/* --- maps --------------------------------------------------------------------------------- */

/* out = sum_b x_ib y_kb over the whole space. */
static void inner_products(fmpz_mat_t out, const slong *x, const slong *y,
                           size_t size) {
  fmpz_t t;
  fmpz_init(t);
  for (slong i = 0; i < fmpz_mat_nrows(out); i++)
    for (slong k = 0; k < fmpz_mat_ncols(out); k++) {
      fmpz *sum = fmpz_mat_entry(out, i, k);
      fmpz_zero(sum);
      for (size_t b = 0; b < size; b++) {
        slong v = x[(size_t)i * size + b], w = y[(size_t)k * size + b];
        if (!v || !w) continue;
        fmpz_set_si(t, v);
        fmpz_mul_si(t, t, w);
        fmpz_add(sum, sum, t);
      }
    }
  fmpz_clear(t);
}

/* den core = G^-1 of the map; false when it has none. */
static bool inverse_gram(fmpz_mat_t core, fmpz_t den,
                         const sector_operator_struct *op, size_t size) {
  inner_products(core, op->left, op->left, size);
  return fmpz_mat_inv(core, den, core);
}

/* <x, H y> for real H, <x, i H y> for imaginary H. */
static void element(fmpz_t sum, const slong *x, const pauli_sum_struct *h,
                    const slong *y, size_t size) {
  fmpz_t t;
  fmpz_init(t);
  fmpz_zero(sum);
  for (size_t q = 0; q < h->length; q++) {
    const uint64_t *p = pauli_sum_string(h, q);
    bool minus = (__builtin_popcountll(p[0] & p[1]) + 1) & 2;
    for (size_t b = 0; b < size; b++) {
      if (!y[b] || !x[b ^ p[0]]) continue;
      fmpz_set_si(t, y[b]);
      fmpz_mul_si(t, t, x[b ^ p[0]]);
      fmpz_mul(t, t, fmpq_numref(h->coeffs + q));
      if (minus ^ (bool)__builtin_parityll(p[1] & b)) fmpz_sub(sum, sum, t);
      else fmpz_add(sum, sum, t);
    }
  }
  fmpz_clear(t);
}

/* Tr(H_j T) or Tr(H_j T T') for all j, times a common denominator that follows them;
   T the map number first, T' number second (SIZE_MAX: none):
     T v = sum_ki y_k C_ki <x_i, v>,  T T' v = sum_ki y_k (C <x, y'> C')_ki <x'_i, v>.
   Real for real generators; for imaginary ones i H_j stands in the place of H_j. */
static bool map_traces(fmpz *out, const sectors_struct *s, size_t first,
                       size_t second) {
  const sector_operator_struct *to = s->symmetry.list + first, *from = to;
  size_t size = s->space.size;
  slong r = (slong)to->rank;
  fmpz_mat_t core;
  fmpz_t den, t;
  fmpz_init(den);
  fmpz_init(t);
  fmpz_mat_init(core, r, r);
  bool ok = inverse_gram(core, den, to, size);
  if (ok && second != SIZE_MAX) {
    fmpz_mat_t middle, other, product;
    from = s->symmetry.list + second;
    slong q = (slong)from->rank;
    fmpz_mat_init(middle, r, q);
    fmpz_mat_init(product, r, q);
    fmpz_mat_init(other, q, q);
    inner_products(middle, to->left, from->right, size);
    ok = inverse_gram(other, t, from, size);
    fmpz_mul(den, den, t);
    fmpz_mat_mul(product, core, middle);
    fmpz_mat_clear(core);
    fmpz_mat_init(core, r, q);
    fmpz_mat_mul(core, product, other);
    fmpz_mat_clear(middle);
    fmpz_mat_clear(product);
    fmpz_mat_clear(other);
  }
  for (size_t j = 0; j < s->space.num_generators && ok; j++) {
    fmpz_zero(out + j);
    for (slong k = 0; k < fmpz_mat_nrows(core); k++)
      for (slong i = 0; i < fmpz_mat_ncols(core); i++) {
        if (fmpz_is_zero(fmpz_mat_entry(core, k, i))) continue;
        element(t, from->left + (size_t)i * size, s->space.generators + j,
                to->right + (size_t)k * size, size);
        fmpz_addmul(out + j, fmpz_mat_entry(core, k, i), t);
      }
  }
  fmpz_set(out + s->space.num_generators, den);
  fmpz_mat_clear(core);
  fmpz_clear(den);
  fmpz_clear(t);
  return ok;
}

/* Its traces on the E_k; false when they are 0. acts: which map acts on which E_k, s->length
   for each operator. */
static bool map_row(mp_limb_t *row, const sectors_struct *s, const bool *acts, size_t first,
                    size_t second) {
  bool any = false;
  for (size_t k = 0; k < s->length; k++) {
    slong m = (slong)s->list[k].multiplicity;
    nmod_mat_t a, b;
    row[k] = 0;
    if (!acts[first * s->length + k]) continue;
    nmod_mat_window_init(a, s->list[k].action[first], 0, 0, m, m);
    if (second == SIZE_MAX) {
      row[k] = nmod_mat_trace(a);
    } else if (acts[second * s->length + k]) {
      nmod_mat_window_init(b, s->list[k].action[second], 0, 0, m, m);
      row[k] = trace_of_product(b, a);
      nmod_mat_window_clear(b);
    }
    any = any || row[k];
    nmod_mat_window_clear(a);
  }
  return any;
}

static bool *maps_act(const sectors_struct *s) {
  size_t ops = s->symmetry.length;
  bool *acts = flint_calloc(ops * s->length + 1, sizeof *acts);
  for (size_t j = 0; j < ops; j++)
    for (size_t k = 0; k < s->length; k++)
      acts[j * s->length + k] = !nmod_mat_is_zero(s->list[k].action[j]);
  return acts;
}

/* Reduces row against the others (echelon, kept in rows[0 .. *rank - 1], together with
   the traces of the generators in the columns after the first `length`). */
static bool add_row(nmod_mat_t rows, size_t *rank, size_t length,
                    const mp_limb_t *row) {
  slong r = (slong)*rank, columns = nmod_mat_ncols(rows);
  nmod_t mod = rows->mod;
  for (slong c = 0; c < columns; c++) nmod_mat_entry(rows, r, c) = row[c];
  for (slong k = 0, lead; k < r; k++) {
    for (lead = 0; !nmod_mat_entry(rows, k, lead);) lead++;
    mp_limb_t v = nmod_neg(nmod_mat_entry(rows, r, lead), mod);
    if (!v) continue;
    for (slong c = 0; c < columns; c++)
      nmod_mat_entry(rows, r, c) = nmod_addmul(
          nmod_mat_entry(rows, r, c), v, nmod_mat_entry(rows, k, c), mod);
  }
  slong lead = 0;
  while (lead < (slong)length && !nmod_mat_entry(rows, r, lead)) lead++;
  if (lead == (slong)length) return false;
  mp_limb_t inverse = nmod_inv(nmod_mat_entry(rows, r, lead), mod);
  for (slong c = 0; c < columns; c++)
    nmod_mat_entry(rows, r, c) =
        nmod_mul(inverse, nmod_mat_entry(rows, r, c), mod);
  ++*rank;
  return true;
}

/* The map T, or T T', when its traces on the E_k are independent of what is there. */
static void add_map_row(nmod_mat_t rows, fmpz_mat_t exact, size_t *rank,
                        const sectors_struct *s, const bool *acts, size_t first,
                        size_t second) {
  size_t num = s->space.num_generators, length = s->length, before = *rank;
  nmod_t mod = s->prime.mod;
  mp_limb_t *row = flint_calloc(length + num + 1, sizeof *row);
  fmpz *sums = _fmpz_vec_init((slong)num + 1);
  if (map_row(row, s, acts, first, second) && add_row(rows, rank, length, row)) {
    *rank = before; /* again, with the traces */
    bool ok = map_traces(sums, s, first, second);
    mp_limb_t den = ok ? fmpz_fdiv_ui(sums + num, mod.n) : 0;
    for (size_t k = 0; k < length; k++) row[k] = nmod_mul(den, row[k], mod);
    slong at = (slong)(2 * before) + (s->space.imaginary ? 1 : 0);
    mp_limb_t unit = s->space.imaginary ? s->prime.root : 1;
    if (s->space.imaginary) _fmpz_vec_neg(sums, sums, (slong)num); /* H = - i (i H) */
    for (size_t j = 0; j < num && den; j++) {
      fmpz_set(fmpz_mat_entry(exact, at, (slong)j), sums + j);
      fmpz_zero(fmpz_mat_entry(exact, at ^ 1, (slong)j));
      row[length + j] = nmod_mul(unit, fmpz_fdiv_ui(sums + j, mod.n), mod);
    }
    if (den) add_row(rows, rank, length, row);
  }
  _fmpz_vec_clear(sums, (slong)num + 1);
  flint_free(row);
}

static void add_map_rows(nmod_mat_t rows, fmpz_mat_t exact, size_t *rank,
                         const sectors_struct *s) {
  const sector_operator_struct *list = s->symmetry.list;
  size_t count = s->symmetry.length;
  bool *acts = maps_act(s);
  for (size_t i = 0; i < count && *rank < s->length; i++)
    if (list[i].kind == SECTOR_MAP) add_map_row(rows, exact, rank, s, acts, i, SIZE_MAX);
  for (size_t i = 0; i < count; i++)
    for (size_t k = 0; k < count && *rank < s->length; k++)
      if (list[i].kind == SECTOR_MAP && list[k].kind == SECTOR_MAP)
        add_map_row(rows, exact, rank, s, acts, i, k);
  flint_free(acts);
}

bool sectors_set_traces(sectors_struct *s) {
  size_t num = s->space.num_generators, length = s->length, rank = 0;
  nmod_t mod = s->prime.mod;
  uint64_t seed = 31337;
  fmpz_mat_t exact; /* a row for every independent word */
  nmod_mat_t rows;
  fmpz_t re, im;
  fmpz_init(re);
  fmpz_init(im);
  fmpz_mat_init(exact, (slong)(2 * length + 2), (slong)num);
  nmod_mat_init(rows, (slong)length + 1, (slong)(length + num), mod.n);
  mp_limb_t *row = flint_malloc((length + num + 1) * sizeof *row);
  nmod_mat_struct *projectors = block_actions(s);
  for (size_t i = 0; i < MAX_WORDS && rank < length; i++) {
    word_t w;
    word_init(&w, s, &seed, i == 0);
    nmod_mat_struct *words = word_actions(&w, s);
    for (size_t b = 0; b < s->space.num_blocks && rank < length; b++) {
      trace_row(row, words, projectors, b, s);
      for (size_t j = 0; j < num; j++) row[length + j] = 0;
      size_t before = rank;
      if (!add_row(rows, &rank, length, row)) continue;
      rank = before; /* again, with the traces */
      for (size_t j = 0; j < num; j++) {
        exact_trace(re, im, s->space.generators + j, &w, b, &s->space);
        fmpz_set(fmpz_mat_entry(exact, (slong)(2 * before), (slong)j), re);
        fmpz_set(fmpz_mat_entry(exact, (slong)(2 * before + 1), (slong)j), im);
        row[length + j] =
            nmod_addmul(fmpz_fdiv_ui(re, mod.n), s->prime.root,
                        fmpz_fdiv_ui(im, mod.n), mod);
      }
      add_row(rows, &rank, length, row);
    }
    matrices_clear(words, length);
    word_clear(&w);
  }
  matrices_clear(projectors, length * s->space.num_blocks);
  add_map_rows(rows, exact, &rank, s);
  bool ok = rank == length;
  if (ok) {
    s->centre = (size_t)fmpz_mat_rank(exact);
    s->all_traceless = fmpz_mat_is_zero(exact);
    nmod_mat_rref(rows);
    for (size_t k = 0; k < length; k++) {
      sector_found_struct *f = s->list + k;
      f->traces = flint_malloc((num + 1) * sizeof *f->traces);
      f->traceless = true;
      for (size_t j = 0; j < num; j++) {
        f->traces[j] = nmod_mat_entry(rows, (slong)k, (slong)(length + j));
        f->traceless = f->traceless && f->traces[j] == 0;
      }
    }
  }
  fmpz_clear(re);
  fmpz_clear(im);
  fmpz_mat_clear(exact);
  nmod_mat_clear(rows);
  flint_free(row);
  return ok;
}
