#include "algebra/sectors/sector_sparse.h"

#include <stdlib.h>
#include <string.h>

void sector_sparse_init(sector_sparse_struct *a) {
  *a = (sector_sparse_struct){0};
}

void sector_sparse_clear(sector_sparse_struct *a) {
  flint_free(a->row);
  flint_free(a->col);
  flint_free(a->val);
}

void sector_sparse_push(sector_sparse_struct *a, uint32_t row, uint32_t col,
                        slong val) {
  if (a->length == a->alloc) {
    a->alloc = 2 * a->alloc + 16;
    a->row = flint_realloc(a->row, a->alloc * sizeof *a->row);
    a->col = flint_realloc(a->col, a->alloc * sizeof *a->col);
    a->val = flint_realloc(a->val, a->alloc * sizeof *a->val);
  }
  a->row[a->length] = row;
  a->col[a->length] = col;
  a->val[a->length++] = val;
}

typedef struct {
  uint64_t key;
  slong val;
} entry_t;

static int compare_entries(const void *a, const void *b) {
  uint64_t x = ((const entry_t *)a)->key, y = ((const entry_t *)b)->key;
  return x < y ? -1 : x > y;
}

void sector_sparse_canonicalise(sector_sparse_struct *a) {
  entry_t *list = flint_malloc((a->length + 1) * sizeof *list);
  size_t length = 0;
  for (size_t k = 0; k < a->length; k++)
    list[k] = (entry_t){(uint64_t)a->row[k] << 32 | a->col[k], a->val[k]};
  qsort(list, a->length, sizeof *list, compare_entries);
  for (size_t k = 0, end; k < a->length; k = end) {
    slong sum = 0;
    for (end = k; end < a->length && list[end].key == list[k].key; end++)
      sum += list[end].val;
    if (!sum) continue;
    a->row[length] = (uint32_t)(list[k].key >> 32);
    a->col[length] = (uint32_t)list[k].key;
    a->val[length++] = sum;
  }
  a->length = length;
  flint_free(list);
}

void sector_sparse_inner(fmpz_t out, const sector_sparse_struct *a,
                         const sector_sparse_struct *b, const slong *weight) {
  fmpz_t t;
  fmpz_init(t);
  fmpz_zero(out);
  for (size_t i = 0, j = 0; i < a->length && j < b->length;) {
    uint64_t x = (uint64_t)a->row[i] << 32 | a->col[i];
    uint64_t y = (uint64_t)b->row[j] << 32 | b->col[j];
    if (x == y) {
      fmpz_set_si(t, a->val[i]);
      if (weight) {
        fmpz_mul_si(t, t, weight[a->row[i]]);
        fmpz_divexact_si(t, t, weight[a->col[i]]);
      }
      fmpz_mul_si(t, t, b->val[j]);
      fmpz_add(out, out, t);
    }
    if (x <= y) i++;
    if (y <= x) j++;
  }
  fmpz_clear(t);
}

/* First entry of every row of b, sorted. */
static size_t *row_starts(const sector_sparse_struct *b, size_t size) {
  size_t *start = flint_calloc(size + 1, sizeof *start);
  for (size_t i = 0; i < b->length; i++) start[b->row[i] + 1]++;
  for (size_t r = 0; r < size; r++) start[r + 1] += start[r];
  return start;
}

/* A row that is being added up, and where it has entries. */
typedef struct {
  slong *sum;
  bool *seen;
  uint32_t *list;
  size_t length;
} row_sum_t;

static int compare_columns(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return x < y ? -1 : x > y;
}

static bool row_add(row_sum_t *t, uint32_t col, slong a, slong b) {
  slong v;
  if (!t->seen[col]) {
    t->seen[col] = true;
    t->list[t->length++] = col;
  }
  return !__builtin_mul_overflow(a, b, &v) &&
         !__builtin_add_overflow(t->sum[col], v, t->sum + col);
}

/* Appends it, and begins anew. */
static bool row_flush(sector_sparse_struct *out, row_sum_t *t, uint32_t row) {
  bool ok = true;
  qsort(t->list, t->length, sizeof *t->list, compare_columns);
  for (size_t i = 0; i < t->length; i++) {
    uint32_t col = t->list[i];
    slong v = t->sum[col];
    ok = ok && v <= WORD(1) << 40 && v >= -(WORD(1) << 40);
    if (v) sector_sparse_push(out, row, col, v);
    t->sum[col] = 0;
    t->seen[col] = false;
  }
  t->length = 0;
  return ok;
}

bool sector_sparse_multiply(sector_sparse_struct *out, const sector_sparse_struct *a,
                            const sector_sparse_struct *b, size_t size) {
  size_t *start = row_starts(b, size);
  row_sum_t t = {flint_calloc(size, sizeof(slong)), flint_calloc(size, sizeof(bool)),
                 flint_malloc(size * sizeof(uint32_t)), 0};
  bool ok = true;
  for (size_t j = 0; j < a->length && ok; j++) {
    for (size_t i = start[a->col[j]]; i < start[a->col[j] + 1] && ok; i++)
      ok = row_add(&t, b->col[i], a->val[j], b->val[i]);
    if (j + 1 == a->length || a->row[j + 1] != a->row[j])
      ok = row_flush(out, &t, a->row[j]) && ok;
  }
  flint_free(start);
  flint_free(t.sum);
  flint_free(t.seen);
  flint_free(t.list);
  return ok;
}

ulong sector_sparse_remove_content(sector_sparse_struct *a) {
  ulong g = 0;
  for (size_t i = 0; i < a->length && g != 1; i++)
    g = n_gcd(g, (ulong)(a->val[i] < 0 ? -a->val[i] : a->val[i]));
  if (g > 1)
    for (size_t i = 0; i < a->length; i++) a->val[i] /= (slong)g;
  return g;
}

slong sector_sparse_norm(const sector_sparse_struct *a, size_t size) {
  slong *sum = flint_calloc(2 * size, sizeof *sum), most = 1;
  for (size_t i = 0; i < a->length; i++) {
    slong v = a->val[i] < 0 ? -a->val[i] : a->val[i];
    sum[a->row[i]] += v;
    sum[size + a->col[i]] += v;
  }
  for (size_t i = 0; i < 2 * size; i++)
    if (sum[i] > most) most = sum[i];
  flint_free(sum);
  return most;
}
