/* One ideal by different representations, exhibited (declared in sectors.h): su(2) on C^2
   and C^3, sp(2) on C^4 and C^5, su(4) on C^4 and C^6.

   The modules are rational when a line of their multiplicity spaces is. The matrices of the
   generators are then those on exact rows; their traceless parts, the two side by side,
   are closed over Q. What they generate maps onto the ideal of either sector, so it is one
   ideal when it has that dimension. */

#include "algebra/sectors/sector_hidden.h"
#include "algebra/sectors/sectors.h"

/* Two square matrices side by side as one vector. */
typedef struct {
  slong size[2], length;
  fmpq **rows; /* in echelon form, with leading 1 */
  slong *lead, rank, most;
} pair_span_t;

static void matrix_product(fmpq *out, const fmpq *a, const fmpq *b,
                           const pair_span_t *t, bool minus) {
  for (slong part = 0, at = 0; part < 2; at += t->size[part] * t->size[part], part++) {
    slong d = t->size[part];
    for (slong i = 0; i < d * d; i++)
      for (slong k = 0; k < d; k++) {
        const fmpq *x = a + at + i / d * d + k, *y = b + at + k * d + i % d;
        if (fmpq_is_zero(x) || fmpq_is_zero(y)) continue;
        if (minus) fmpq_submul(out + at + i, x, y);
        else fmpq_addmul(out + at + i, x, y);
      }
  }
}

/* Takes x unless it depends on the others. */
static bool span_add(pair_span_t *t, const fmpq *x) {
  fmpq *y = _fmpq_vec_init(t->length);
  fmpq_t c;
  fmpq_init(c);
  for (slong i = 0; i < t->length; i++) fmpq_set(y + i, x + i);
  for (slong k = 0; k < t->rank; k++) {
    fmpq_set(c, y + t->lead[k]);
    for (slong i = t->lead[k]; i < t->length && !fmpq_is_zero(c); i++)
      fmpq_submul(y + i, c, t->rows[k] + i);
  }
  slong at = 0;
  while (at < t->length && fmpq_is_zero(y + at)) at++;
  if (at < t->length) {
    fmpq_inv(c, y + at);
    for (slong i = at; i < t->length; i++) fmpq_mul(y + i, y + i, c);
    t->lead[t->rank] = at;
    t->rows[t->rank++] = y;
  } else {
    _fmpq_vec_clear(y, t->length);
  }
  fmpq_clear(c);
  return at < t->length;
}

/* Does what the elements generate stay within t->most dimensions? They are kept as made,
   so that their entries stay small. */
static bool close_pairs(pair_span_t *t, fmpq *const *h, size_t num) {
  fmpq **found = flint_malloc((size_t)(t->most + 2) * sizeof *found);
  slong count = 0;
  for (size_t j = 0; j < num && t->rank <= t->most; j++)
    if (span_add(t, h[j])) {
      found[count] = _fmpq_vec_init(t->length);
      for (slong i = 0; i < t->length; i++) fmpq_set(found[count] + i, h[j] + i);
      count++;
    }
  for (slong i = 0; i < count && t->rank <= t->most; i++)
    for (size_t j = 0; j < num && t->rank <= t->most; j++) {
      fmpq *bracket = _fmpq_vec_init(t->length);
      matrix_product(bracket, found[i], h[j], t, false);
      matrix_product(bracket, h[j], found[i], t, true);
      if (span_add(t, bracket)) found[count++] = bracket;
      else _fmpq_vec_clear(bracket, t->length);
    }
  for (slong i = 0; i < count; i++) _fmpq_vec_clear(found[i], t->length);
  flint_free(found);
  return t->rank <= t->most;
}

/* The generators on a rational copy of the sector, traceless, from entry `at` on. */
static bool set_matrices(fmpq *const *h, slong at, const sectors_struct *s,
                         const sector_found_struct *f) {
  const sector_space_struct *space = &s->space;
  size_t num = space->num_generators, lines = sectors_num_lines(s, f), rank = 0;
  slong d = (slong)f->dimension, *left, *right;
  uint32_t *e = flint_malloc(space->size * sizeof *e);
  fmpq_mat_t *matrix = flint_malloc((num + 1) * sizeof *matrix);
  fmpq_t mean;
  bool ok = false;
  fmpq_init(mean);
  for (size_t j = 0; j < num; j++) fmpq_mat_init(matrix[j], d, d);
  for (size_t i = 0; i < lines && !ok; i++) {
    sectors_get_line(e, s, f, i);
    if (!sector_hidden_map(&left, &right, &rank, NULL, space, e, e, 1, NULL, &s->prime))
      continue;
    ok = rank == f->dimension && sector_hidden_matrices(matrix, left, rank, space);
    flint_free(left);
    flint_free(right);
  }
  for (size_t j = 0; j < num && ok; j++) {
    fmpq_mat_trace(mean, matrix[j]);
    fmpq_div_fmpz(mean, mean, (fmpz[]){d});
    fmpq *to = h[j] + at;
    for (slong i = 0; i < d * d; i++)
      fmpq_set(to + i, fmpq_mat_entry(matrix[j], i / d, i % d));
    for (slong i = 0; i < d; i++) fmpq_sub(to + i * d + i, to + i * d + i, mean);
  }
  for (size_t j = 0; j < num; j++) fmpq_mat_clear(matrix[j]);
  flint_free(matrix);
  flint_free(e);
  fmpq_clear(mean);
  return ok;
}

bool sectors_exhibit_shared(const sectors_struct *s, size_t k, size_t l, size_t ideal) {
  const sector_found_struct *a = s->list + k, *b = s->list + l;
  size_t num = s->space.num_generators;
  pair_span_t t = {.size = {(slong)a->dimension, (slong)b->dimension}, .most = (slong)ideal};
  if (!sector_space_is_real(&s->space)) return false;
  t.length = t.size[0] * t.size[0] + t.size[1] * t.size[1];
  t.rows = flint_malloc((ideal + 2) * sizeof *t.rows);
  t.lead = flint_malloc((ideal + 2) * sizeof *t.lead);
  fmpq **h = flint_malloc((num + 1) * sizeof *h);
  for (size_t j = 0; j < num; j++) h[j] = _fmpq_vec_init(t.length);
  bool ok = set_matrices(h, 0, s, a) && set_matrices(h, t.size[0] * t.size[0], s, b) &&
            close_pairs(&t, h, num);
  for (slong i = 0; i < t.rank; i++) _fmpq_vec_clear(t.rows[i], t.length);
  for (size_t j = 0; j < num; j++) _fmpq_vec_clear(h[j], t.length);
  flint_free(t.rows);
  flint_free(t.lead);
  flint_free(h);
  return ok;
}
