#include "algebra/spectrum/weight_enumerator.h"

#include <flint/fmpz_poly.h>
#include <flint/fmpz_vec.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_STATE_BITS = 16 };

static bool get_bit(const uint64_t *row, size_t i) {
  return row[i / 64] >> (i % 64) & 1;
}

static size_t count_bits(const uint64_t *row, size_t words) {
  size_t count = 0;
  for (size_t i = 0; i < words; i++) count += (size_t)__builtin_popcountll(row[i]);
  return count;
}

static void add_row(uint64_t *a, const uint64_t *b, size_t words) {
  for (size_t i = 0; i < words; i++) a[i] ^= b[i];
}

/* Echelon form of the rows, which are many and hopefully sparse: lowest bits differ.
   Of two rows with the same one the lighter is kept. Returns the rank. */
static size_t sparse_echelon(uint64_t *rows, size_t num_rows, size_t length,
                             size_t words) {
  size_t rank = 0;
  size_t *at = flint_malloc((length + 1) * sizeof *at);
  for (size_t i = 0; i < length; i++) at[i] = SIZE_MAX;
  for (size_t r = 0; r < num_rows; r++) {
    uint64_t *row = rows + r * words;
    for (size_t k = 0; k < words; k++)
      while (row[k]) {
        size_t bit = 64 * k + (size_t)__builtin_ctzll(row[k]);
        if (at[bit] == SIZE_MAX) {
          if (r != rank) memcpy(rows + rank * words, row, words * sizeof *row);
          at[bit] = rank++;
          goto next;
        }
        uint64_t *other = rows + at[bit] * words;
        bool lighter = count_bits(row, words) < count_bits(other, words);
        for (size_t i = k; i < words; i++) {
          uint64_t sum = row[i] ^ other[i];
          if (lighter) other[i] = row[i];
          row[i] = sum;
        }
      }
  next:;
  }
  flint_free(at);
  return rank;
}

/* Reduced row echelon form in place; returns the rank. */
static size_t echelon(uint64_t *rows, size_t num_rows, size_t length,
                      size_t words) {
  size_t rank = 0;
  for (size_t col = 0; col < length && rank < num_rows; col++) {
    size_t pivot = rank;
    while (pivot < num_rows && !get_bit(rows + pivot * words, col)) pivot++;
    if (pivot == num_rows) continue;
    if (pivot != rank)
      for (size_t i = 0; i < words; i++) {
        uint64_t t = rows[pivot * words + i];
        rows[pivot * words + i] = rows[rank * words + i];
        rows[rank * words + i] = t;
      }
    for (size_t r = 0; r < num_rows; r++)
      if (r != rank && get_bit(rows + r * words, col))
        add_row(rows + r * words, rows + rank * words, words);
    rank++;
  }
  return rank;
}

/* --- one indecomposable part ------------------------------------------------- */

/* Bits of a part: rows x columns, columns already in the order of the trellis. */
typedef struct {
  size_t num_rows, length, words;
  uint64_t *rows;
  size_t *start, *end; /* first and last set column of each row */
  fmpz *unit;          /* what a set column counts */
} part_t;

static void set_span(part_t *p, size_t r) {
  const uint64_t *row = p->rows + r * p->words;
  size_t first = 0, last = p->words - 1; /* the row is not zero */
  while (row[first] == 0) first++;
  while (row[last] == 0) last--;
  p->start[r] = 64 * first + (size_t)__builtin_ctzll(row[first]);
  p->end[r] = 64 * last + 63 - (size_t)__builtin_clzll(row[last]);
}

/* Adds rows to one another until all starts differ and all ends differ. */
static void minimal_span(part_t *p) {
  size_t *at = flint_malloc((p->length + 1) * sizeof *at);
  for (size_t r = 0; r < p->num_rows; r++) set_span(p, r);
  for (bool changed = true; changed;) {
    changed = false;
    for (int side = 0; side < 2; side++) {
      for (size_t i = 0; i < p->length; i++) at[i] = SIZE_MAX;
      for (size_t r = 0; r < p->num_rows; r++) {
        size_t slot = side ? p->end[r] : p->start[r];
        if (at[slot] == SIZE_MAX) {
          at[slot] = r;
          continue;
        }
        /* the shorter of the two shortens the longer */
        size_t keep = at[slot], change = r;
        size_t len_keep = p->end[keep] - p->start[keep];
        size_t len_change = p->end[change] - p->start[change];
        if (len_keep > len_change) {
          size_t t = keep;
          keep = change;
          change = t;
        }
        add_row(p->rows + change * p->words, p->rows + keep * p->words,
                p->words);
        set_span(p, change);
        at[slot] = keep;
        changed = true;
      }
    }
  }
  flint_free(at);
}

/* What a state of the trellis stands for, of all prefixes that lead to it: how
   many have each weight, or the least weight. */
typedef union {
  fmpz_poly_struct weights;
  fmpz least;
} state_t;

typedef struct {
  bool least;
  slong max_length; /* weights up to max_length - 1 are counted */
} measure_t;

static void state_init(state_t *s, const measure_t *m) {
  if (m->least) {
    fmpz_init(&s->least);
    return;
  }
  fmpz_poly_init(&s->weights);
  fmpz_poly_one(&s->weights);
}

static void state_init_set(state_t *s, const state_t *from,
                           const measure_t *m) {
  if (m->least) {
    fmpz_init_set(&s->least, &from->least);
    return;
  }
  fmpz_poly_init(&s->weights);
  fmpz_poly_set(&s->weights, &from->weights);
}

static void state_clear(state_t *s, const measure_t *m) {
  if (m->least) fmpz_clear(&s->least);
  else fmpz_poly_clear(&s->weights);
}

static void state_add_unit(state_t *s, const fmpz_t unit, const measure_t *m) {
  if (m->least) {
    fmpz_add(&s->least, &s->least, unit);
    return;
  }
  fmpz_poly_shift_left(&s->weights, &s->weights, fmpz_get_si(unit));
  fmpz_poly_truncate(&s->weights, m->max_length);
}

/* Both ways lead here. */
static void state_merge(state_t *s, const state_t *other, const measure_t *m) {
  if (!m->least)
    fmpz_poly_add(&s->weights, &s->weights, &other->weights);
  else if (fmpz_cmp(&other->least, &s->least) < 0)
    fmpz_set(&s->least, &other->least);
}

/* One part after the other. */
static void state_join(state_t *s, const state_t *part, const measure_t *m) {
  if (m->least) fmpz_add(&s->least, &s->least, &part->least);
  else
    fmpz_poly_mullow(&s->weights, &s->weights, &part->weights, m->max_length);
}

/* Sums over the bit of row number a and drops it. */
static size_t drop_row(state_t *states, size_t num_states, size_t a,
                       const measure_t *m) {
  size_t low = ((size_t)1 << a) - 1, half = num_states / 2;
  for (size_t s = 0; s < half; s++) {
    size_t from = (s & low) | (s & ~low) << 1;
    state_merge(states + from, states + (from | (low + 1)), m);
    state_t t = states[s]; /* from >= s: move without losing anything */
    states[s] = states[from];
    states[from] = t;
  }
  for (size_t s = half; s < num_states; s++) state_clear(states + s, m);
  return half;
}

static status_t part_enumerate(state_t *out, part_t *p, const uint64_t *offset,
                               const measure_t *m) {
  minimal_span(p);
  size_t active[MAX_STATE_BITS], num_active = 0, num_states = 1;
  state_t *states =
      flint_malloc(((size_t)1 << MAX_STATE_BITS) * sizeof *states);
  status_t status = STATUS_OK;
  state_init(states, m);
  size_t *begins = flint_malloc((p->length + 1) * sizeof *begins);
  for (size_t col = 0; col < p->length; col++) begins[col] = SIZE_MAX;
  for (size_t r = 0; r < p->num_rows; r++) begins[p->start[r]] = r;
  for (size_t col = 0; col < p->length; col++) {
    size_t r = begins[col]; /* starts are distinct */
    if (r != SIZE_MAX) {
      if (num_active == MAX_STATE_BITS) {
        status = STATUS_LIMIT;
        goto cleanup;
      }
      active[num_active++] = r;
      for (size_t s = 0; s < num_states; s++)
        state_init_set(states + num_states + s, states + s, m);
      num_states *= 2;
    }
    size_t mask = 0;
    for (size_t a = 0; a < num_active; a++)
      if (get_bit(p->rows + active[a] * p->words, col)) mask |= (size_t)1 << a;
    for (size_t s = 0; s < num_states; s++)
      if ((size_t)__builtin_parityll(s & mask) != (size_t)get_bit(offset, col))
        state_add_unit(states + s, p->unit + col, m);
    for (size_t a = 0; a < num_active; a++)
      if (p->end[active[a]] == col) {
        num_states = drop_row(states, num_states, a, m);
        memmove(active + a, active + a + 1,
                (num_active - a - 1) * sizeof *active);
        num_active--;
        break; /* ends are distinct */
      }
  }
  state_join(out, states, m);
cleanup:
  for (size_t s = 0; s < num_states; s++) state_clear(states + s, m);
  flint_free(states);
  flint_free(begins);
  return status;
}

/* --- splitting ------------------------------------------------------------------ */

static size_t find(size_t *parent, size_t i) {
  while (parent[i] != i) i = parent[i] = parent[parent[i]];
  return i;
}

typedef struct {
  size_t column, lowest; /* lowest: first row that has the column */
  uint64_t hash;         /* of the column's bits, to keep equal ones together */
} column_t;

static int compare_columns(const void *a, const void *b) {
  const column_t *x = a, *y = b;
  if (x->lowest != y->lowest) return x->lowest < y->lowest ? -1 : 1;
  if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
  return (x->column > y->column) - (x->column < y->column);
}

/* Extracts the part made of the given rows and columns and multiplies its
   enumerator into out. */
static status_t multiply_part(state_t *out, const uint64_t *rows,
                              size_t words, const size_t *row_list,
                              size_t num_rows, column_t *columns,
                              size_t num_columns, const uint64_t *offset,
                              const fmpz *unit, const measure_t *m) {
  part_t p = {.num_rows = num_rows,
              .length = num_columns,
              .words = (num_columns + 63) / 64};
  qsort(columns, num_columns, sizeof *columns, compare_columns);
  p.rows = flint_calloc(num_rows * p.words + 1, sizeof *p.rows);
  p.start = flint_malloc((num_rows + 1) * sizeof *p.start);
  p.end = flint_malloc((num_rows + 1) * sizeof *p.end);
  p.unit = _fmpz_vec_init((slong)num_columns + 1);
  uint64_t *local = flint_calloc(p.words + 1, sizeof *local);
  size_t *place = flint_malloc((64 * words + 1) * sizeof *place);
  for (size_t i = 0; i < num_columns; i++) {
    size_t col = columns[i].column;
    place[col] = i;
    if (get_bit(offset, col)) local[i / 64] |= UINT64_C(1) << (i % 64);
    fmpz_set(p.unit + i, unit + col);
  }
  for (size_t r = 0; r < num_rows; r++)
    for (size_t k = 0; k < words; k++)
      for (uint64_t left = rows[row_list[r] * words + k]; left; left &= left - 1) {
        size_t i = place[64 * k + (size_t)__builtin_ctzll(left)];
        p.rows[r * p.words + i / 64] |= UINT64_C(1) << (i % 64);
      }
  flint_free(place);
  status_t status = part_enumerate(out, &p, local, m);
  flint_free(p.rows);
  flint_free(p.start);
  flint_free(p.end);
  _fmpz_vec_clear(p.unit, (slong)num_columns + 1);
  flint_free(local);
  return status;
}

static void describe_columns(column_t *info, const uint64_t *rows,
                             size_t num_rows, size_t length, size_t words) {
  for (size_t i = 0; i < length; i++)
    info[i] = (column_t){i, SIZE_MAX, 0};
  for (size_t r = 0; r < num_rows; r++)
    for (size_t k = 0; k < words; k++)
      for (uint64_t left = rows[r * words + k]; left; left &= left - 1) {
        column_t *c = info + 64 * k + (size_t)__builtin_ctzll(left);
        if (c->lowest == SIZE_MAX) c->lowest = r;
        c->hash = (c->hash ^ (r + 1)) * UINT64_C(0xff51afd7ed558ccd);
        c->hash ^= c->hash >> 29;
      }
}

/* Joins the measure of all words to out, which is that of nothing. Sparse: the rows
   stay as short as they are, and parts may be larger than need be. */
static status_t enumerate_rows(state_t *out, size_t *rank, const uint64_t *rows,
                               size_t num_rows, size_t length,
                               const uint64_t *offset, const fmpz *unit,
                               const measure_t *m, bool sparse) {
  size_t words = (length + 63) / 64;
  uint64_t *basis = flint_malloc((num_rows * words + 1) * sizeof *basis);
  if (num_rows) memcpy(basis, rows, num_rows * words * sizeof *basis);
  *rank = (sparse ? sparse_echelon : echelon)(basis, num_rows, length, words);
  column_t *info = flint_malloc((length + 1) * sizeof *info);
  describe_columns(info, basis, *rank, length, words);

  /* rows that share a column belong together; when they are in reduced form, these
     are the indecomposable parts */
  size_t *parent = flint_malloc((*rank + 1) * sizeof *parent);
  for (size_t r = 0; r < *rank; r++) parent[r] = r;
  for (size_t r = 0; r < *rank; r++)
    for (size_t k = 0; k < words; k++)
      for (uint64_t left = basis[r * words + k]; left; left &= left - 1)
        parent[find(parent, r)] =
            find(parent, info[64 * k + (size_t)__builtin_ctzll(left)].lowest);

  for (size_t i = 0; i < length; i++)
    if (info[i].lowest == SIZE_MAX && get_bit(offset, i))
      state_add_unit(out, unit + i, m);
  size_t *row_list = flint_malloc((*rank + 1) * sizeof *row_list);
  column_t *columns = flint_malloc((length + 1) * sizeof *columns);
  status_t status = STATUS_OK;
  for (size_t root = 0; root < *rank && status == STATUS_OK; root++) {
    if (find(parent, root) != root) continue;
    size_t part_rows = 0, part_columns = 0;
    for (size_t r = 0; r < *rank; r++)
      if (find(parent, r) == root) row_list[part_rows++] = r;
    for (size_t i = 0; i < length; i++)
      if (info[i].lowest != SIZE_MAX && find(parent, info[i].lowest) == root)
        columns[part_columns++] = info[i];
    status = multiply_part(out, basis, words, row_list, part_rows, columns,
                           part_columns, offset, unit, m);
  }
  flint_free(basis);
  flint_free(info);
  flint_free(parent);
  flint_free(row_list);
  flint_free(columns);
  return status;
}

enum { SPARSE_ROWS = 512 };

/* Of many rows the reduced form may be dense where a few bits are enough: first
   without. */
static status_t enumerate(state_t *out, size_t *rank, const uint64_t *rows,
                          size_t num_rows, size_t length,
                          const uint64_t *offset, const fmpz *unit,
                          const measure_t *m) {
  state_t start;
  status_t status = STATUS_LIMIT;
  if (num_rows >= SPARSE_ROWS) {
    state_init_set(&start, out, m);
    status = enumerate_rows(out, rank, rows, num_rows, length, offset, unit, m, true);
    if (status != STATUS_OK) {
      state_t swap = *out;
      *out = start;
      start = swap;
    }
    state_clear(&start, m);
  }
  if (status != STATUS_OK)
    status = enumerate_rows(out, rank, rows, num_rows, length, offset, unit, m, false);
  return status;
}

status_t weight_enumerator_distribution(fmpz_poly_t distribution, size_t *rank,
                                        const uint64_t *rows, size_t num_rows,
                                        size_t length, const uint64_t *offset,
                                        const size_t *unit,
                                        size_t max_weight) {
  measure_t m = {.least = false, .max_length = (slong)max_weight + 1};
  fmpz *units = _fmpz_vec_init((slong)length + 1);
  state_t product;
  for (size_t i = 0; i < length; i++)
    fmpz_set_ui(units + i, unit ? unit[i] : 1);
  state_init(&product, &m);
  status_t status = enumerate(&product, rank, rows, num_rows, length, offset,
                              units, &m);
  if (status == STATUS_OK) fmpz_poly_set(distribution, &product.weights);
  state_clear(&product, &m);
  _fmpz_vec_clear(units, (slong)length + 1);
  return status;
}

status_t weight_enumerator_count(fmpz_t count, size_t *rank,
                                 const uint64_t *rows, size_t num_rows,
                                 size_t length, const uint64_t *offset,
                                 const size_t *unit, size_t weight) {
  fmpz_poly_t distribution;
  fmpz_poly_init(distribution);
  status_t status = weight_enumerator_distribution(
      distribution, rank, rows, num_rows, length, offset, unit, weight);
  if (status == STATUS_OK)
    fmpz_poly_get_coeff_fmpz(count, distribution, (slong)weight);
  fmpz_poly_clear(distribution);
  return status;
}

status_t weight_enumerator_least(fmpz_t least, const uint64_t *rows,
                                 size_t num_rows, size_t length,
                                 const uint64_t *offset, const fmpz *unit) {
  measure_t m = {.least = true};
  state_t sum;
  size_t rank;
  state_init(&sum, &m);
  status_t status =
      enumerate(&sum, &rank, rows, num_rows, length, offset, unit, &m);
  if (status == STATUS_OK) fmpz_set(least, &sum.least);
  state_clear(&sum, &m);
  return status;
}
