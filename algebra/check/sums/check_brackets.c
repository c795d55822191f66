#include "algebra/check/sums/check_brackets.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_STRINGS = 20000, MAX_MEMBERS = 2000 };

/* --- vectors that are kept if they are new --------------------------------------------- */

void check_echelon_clear(check_echelon_t *e) {
  for (size_t k = 0; k < e->length; k++) flint_free(e->rows[k]);
  flint_free(e->rows);
  flint_free(e->pivots);
}

bool check_echelon_reduce(size_t *pivot, mp_limb_t *x, const check_echelon_t *e, nmod_t mod,
                   int64_t *work) {
  for (size_t k = 0; k < e->length; k++) {
    size_t at = e->pivots[k];
    if (!x[at]) continue;
    _nmod_vec_scalar_addmul_nmod(x + at, e->rows[k] + at, (slong)(e->width - at),
                                 nmod_neg(x[at], mod), mod);
    *work -= (int64_t)(e->width - at);
  }
  *work -= (int64_t)e->width;
  size_t at = 0;
  while (at < e->width && !x[at]) at++;
  *pivot = at;
  return at < e->width;
}

void check_echelon_append(check_echelon_t *e, const mp_limb_t *x, size_t pivot, nmod_t mod) {
  if (e->length == e->alloc) {
    e->alloc = 2 * e->alloc + 8;
    e->rows = flint_realloc(e->rows, e->alloc * sizeof *e->rows);
    e->pivots = flint_realloc(e->pivots, e->alloc * sizeof *e->pivots);
  }
  mp_limb_t *row = flint_malloc(e->width * sizeof *row);
  _nmod_vec_scalar_mul_nmod(row, x, (slong)e->width, nmod_inv(x[pivot], mod), mod);
  e->rows[e->length] = row;
  e->pivots[e->length++] = pivot;
}

/* --- brackets -------------------------------------------------------------------------- */

static const uint32_t none = UINT32_MAX;

static bool add_strings(check_brackets_t *b, const pauli_sum_struct *sum) {
  for (size_t t = 0; t < sum->length; t++)
    row_table_add(b->strings, pauli_sum_string(sum, t), NULL);
  return b->strings->length <= MAX_STRINGS;
}

/* Brackets of string s with all terms; adds what is reached. */
static void reach_from(check_brackets_t *b, size_t s, uint64_t *string, uint64_t *image) {
  size_t w = b->strings->width / 2, at = s * b->num_terms;
  memcpy(string, row_table_row(b->strings, s), b->strings->width * sizeof *string);
  for (size_t j = 0; j < b->p->num_sums; j++)
    for (size_t t = 0; t < b->p->sums[j]->length; t++, at++) {
      const uint64_t *h = pauli_sum_string(b->p->sums[j], t);
      b->images[at] = none;
      if (!pauli_anticommute(h, string, w)) continue;
      b->signs[at] = pauli_mul(image, h, string, w) == 1; /* P Q = i^e [P + Q], e odd */
      b->images[at] = (uint32_t)row_table_add(b->strings, image, NULL);
    }
  b->work -= (int64_t)(b->num_terms * (w + 8));
}

static bool reach(check_brackets_t *b) {
  uint64_t *string = flint_malloc(2 * (b->strings->width + 1) * sizeof *string);
  size_t room = 0;
  bool fits = true;
  for (size_t s = 0; s < b->strings->length && fits; s++) {
    if (s == room) {
      room = 2 * room + 64;
      b->images = flint_realloc(b->images, room * b->num_terms * sizeof *b->images);
      b->signs = flint_realloc(b->signs, room * b->num_terms * sizeof *b->signs);
    }
    reach_from(b, s, string, string + b->strings->width);
    fits = b->strings->length <= MAX_STRINGS && b->work > 0;
  }
  flint_free(string);
  return fits;
}

bool check_brackets_init(check_brackets_t *b, check_prime_t *p,
                         const pauli_sum_struct *observable, int64_t work) {
  *b = (check_brackets_t){.p = p, .work = work};
  row_table_init(b->strings, 2 * pauli_words(p->num_qubits));
  bool fits = !observable || add_strings(b, observable);
  b->first = flint_malloc((p->num_sums + 1) * sizeof *b->first);
  for (size_t j = 0; j < p->num_sums; j++) {
    fits = add_strings(b, p->sums[j]) && fits;
    b->first[j] = b->num_terms;
    b->num_terms += p->sums[j]->length;
  }
  b->coeffs = flint_malloc((b->num_terms + 1) * sizeof *b->coeffs);
  for (size_t j = 0; j < p->num_sums; j++)
    for (size_t t = 0; t < p->sums[j]->length; t++)
      b->coeffs[b->first[j] + t] = check_prime_coeff(p, p->sums[j], t);
  return fits && reach(b);
}

void check_brackets_clear(check_brackets_t *b) {
  row_table_clear(b->strings);
  flint_free(b->first);
  flint_free(b->images);
  flint_free(b->signs);
  flint_free(b->coeffs);
}

void check_brackets_act(mp_limb_t *out, check_brackets_t *b, size_t j,
                        const mp_limb_t *x) {
  nmod_t mod = b->p->mod;
  memset(out, 0, b->strings->length * sizeof *out);
  for (size_t s = 0; s < b->strings->length; s++)
    for (size_t t = 0; x[s] && t < b->p->sums[j]->length; t++) {
      size_t at = s * b->num_terms + b->first[j] + t, to = b->images[at];
      if (to == none) continue;
      mp_limb_t c = nmod_mul(b->coeffs[b->first[j] + t], x[s], mod);
      if (b->signs[at]) c = nmod_neg(c, mod);
      out[to] = nmod_add(out[to], c, mod);
      b->work -= 4;
    }
  b->work -= (int64_t)b->strings->length;
}

void check_brackets_vector(mp_limb_t *out, const check_brackets_t *b,
                           const pauli_sum_struct *sum) {
  memset(out, 0, b->strings->length * sizeof *out);
  for (size_t t = 0; t < sum->length; t++)
    out[row_table_find(b->strings, pauli_sum_string(sum, t))] =
        check_prime_coeff(b->p, sum, t);
}

bool check_brackets_close(check_echelon_t *g, check_brackets_t *b) {
  mp_limb_t *x = flint_malloc((g->width + 1) * sizeof *x);
  size_t pivot;
  for (size_t j = 0; j < b->p->num_sums; j++) {
    check_brackets_vector(x, b, b->p->sums[j]);
    if (check_echelon_reduce(&pivot, x, g, b->p->mod, &b->work))
      check_echelon_append(g, x, pivot, b->p->mod);
  }
  for (size_t k = 0; k < g->length && b->work > 0 && g->length <= MAX_MEMBERS; k++)
    for (size_t j = 0; j < b->p->num_sums && b->work > 0; j++) {
      check_brackets_act(x, b, j, g->rows[k]);
      if (check_echelon_reduce(&pivot, x, g, b->p->mod, &b->work))
        check_echelon_append(g, x, pivot, b->p->mod);
    }
  flint_free(x);
  return b->work > 0 && g->length <= MAX_MEMBERS;
}
