/* Traces of the generators on the sectors (declared in sectors.h).

   For a word c in the monomial operators and the projector on a block b, both of B,
     Tr(H_j 1_b c) = sum_k Tr(H_j on V_k) Tr(1_b c on E_k).
   The left-hand sides are integers (or Gaussian ones), read off exactly. Words are
   (or a map between modules alone) are
   added until the right-hand traces on the E_k, known modulo p, have one rank per
   sector: then the rank of the left-hand matrix is that of (Tr(H_j on V_k))_jk. */
#include <stdlib.h>

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

/* The row (Tr(1_b c on E_k))_k. */
static void trace_row(uint32_t *row, const word_t *w, size_t block,
                      const sectors_struct *s) {
  for (size_t k = 0; k < s->length; k++) {
    const sector_found_struct *f = s->list + k;
    slong m = (slong)f->multiplicity;
    nmod_mat_t c, b;
    row[k] = 0;
    if (!f->per_block[block]) continue;
    nmod_mat_init(c, m, m, s->prime.mod.n);
    nmod_mat_init(b, m, m, s->prime.mod.n);
    word_on_sector(c, w, f);
    sectors_block_action(b, block, s, f);
    nmod_mat_mul(c, c, b);
    row[k] = (uint32_t)nmod_mat_trace(c);
    nmod_mat_clear(c);
    nmod_mat_clear(b);
  }
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

/* Tr(H_j T) for all j, times a common denominator that follows them, T the map number op: T v =
   sum_ki y_k (G^-1)_ki <x_i, v>. Real, since the generators are. */
static bool map_traces(fmpz *out, const sectors_struct *s, size_t number) {
  const sector_operator_struct *op = s->symmetry.list + number;
  size_t size = s->space.size, r = op->rank;
  fmpz_mat_t gram;
  fmpz_t den, t;
  fmpz_mat_init(gram, (slong)r, (slong)r);
  fmpz_init(den);
  fmpz_init(t);
  for (size_t i = 0; i < r; i++)
    for (size_t k = 0; k < r; k++)
      for (size_t b = 0; b < size; b++)
        if (op->left[i * size + b] && op->left[k * size + b]) {
          fmpz_set_si(t, op->left[i * size + b]);
          fmpz_mul_si(t, t, op->left[k * size + b]);
          fmpz_add(fmpz_mat_entry(gram, (slong)i, (slong)k),
                   fmpz_mat_entry(gram, (slong)i, (slong)k), t);
        }
  bool ok = fmpz_mat_inv(gram, den, gram);
  for (size_t j = 0; j < s->space.num_generators && ok; j++) {
    const pauli_sum_struct *h = s->space.generators + j;
    fmpz_zero(out + j);
    for (size_t k = 0; k < r; k++)
      for (size_t i = 0; i < r; i++) {
        fmpz_t sum; /* <x_i, H y_k> */
        fmpz_init(sum);
        for (size_t q = 0; q < h->length; q++) {
          const uint64_t *p = pauli_sum_string(h, q);
          bool minus = __builtin_popcountll(p[0] & p[1]) & 2;
          for (size_t b = 0; b < size; b++) {
            slong y = op->right[k * size + b], x = op->left[i * size + (b ^ p[0])];
            if (!x || !y) continue;
            fmpz_set_si(t, y);
            fmpz_mul_si(t, t, x);
            fmpz_mul(t, t, fmpq_numref(h->coeffs + q));
            if (minus ^ (bool)__builtin_parityll(p[1] & b)) fmpz_sub(sum, sum, t);
            else fmpz_add(sum, sum, t);
          }
        }
        fmpz_addmul(out + j, fmpz_mat_entry(gram, (slong)k, (slong)i), sum);
        fmpz_clear(sum);
      }
  }
  fmpz_set(out + s->space.num_generators, den);
  fmpz_mat_clear(gram);
  fmpz_clear(den);
  fmpz_clear(t);
  return ok;
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
  uint32_t *part = flint_malloc((length + 1) * sizeof *part);
  for (size_t i = 0; i < MAX_WORDS && rank < length; i++) {
    word_t w;
    word_init(&w, s, &seed, i == 0);
    for (size_t b = 0; b < s->space.num_blocks && rank < length; b++) {
      trace_row(part, &w, b, s);
      for (size_t k = 0; k < length; k++) row[k] = part[k];
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
    word_clear(&w);
  }
  for (size_t op = 0; op < s->symmetry.length && rank < length; op++) {
    if (s->symmetry.list[op].kind != SECTOR_MAP) continue;
    fmpz *sums = _fmpz_vec_init((slong)num + 1);
    if (map_traces(sums, s, op)) {
      mp_limb_t den = fmpz_fdiv_ui(sums + num, mod.n);
      for (size_t k = 0; k < length; k++) {
        nmod_mat_t window;
        slong m = (slong)s->list[k].multiplicity;
        nmod_mat_window_init(window, s->list[k].action[op], 0, 0, m, m);
        row[k] = nmod_mul(den, nmod_mat_trace(window), mod);
        nmod_mat_window_clear(window);
      }
      size_t before = rank;
      for (size_t j = 0; j < num; j++) {
        fmpz_set(fmpz_mat_entry(exact, (slong)(2 * before), (slong)j), sums + j);
        fmpz_zero(fmpz_mat_entry(exact, (slong)(2 * before + 1), (slong)j));
        row[length + j] = fmpz_fdiv_ui(sums + j, mod.n);
      }
      if (!den || !add_row(rows, &rank, length, row))
        for (size_t j = 0; j < num; j++)
          fmpz_zero(fmpz_mat_entry(exact, (slong)(2 * before), (slong)j));
    }
    _fmpz_vec_clear(sums, (slong)num + 1);
  }
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
  flint_free(part);
  return ok;
}
