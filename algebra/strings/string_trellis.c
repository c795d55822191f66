#include "algebra/strings/string_trellis.h"

#include <string.h>

enum { MAX_ACTIVE = 18, MAX_WORK = 1 << 22 };

typedef struct {
  size_t words; /* of a row */
  size_t num_rows;
  uint64_t *rows;
  size_t *first, *last; /* bits */
} span_form_t;

static size_t first_bit(const uint64_t *row, size_t words) {
  size_t i = 0;
  while (i < words && !row[i]) i++;
  return i < words ? 64 * i + (size_t)__builtin_ctzll(row[i]) : SIZE_MAX;
}

static size_t last_bit(const uint64_t *row, size_t words) {
  size_t i = words;
  while (i > 0 && !row[i - 1]) i--;
  return i ? 64 * i - 1 - (size_t)__builtin_clzll(row[i - 1]) : SIZE_MAX;
}

/* row a += row b. */
static void add_row(span_form_t *f, size_t a, size_t b) {
  for (size_t k = 0; k < f->words; k++)
    f->rows[a * f->words + k] ^= f->rows[b * f->words + k];
  f->first[a] = first_bit(f->rows + a * f->words, f->words);
  f->last[a] = last_bit(f->rows + a * f->words, f->words);
}

/* Distinct first bits; then distinct last bits, each time shortening the row that
   begins earlier, which keeps its first bit. */
static void make_span_form(span_form_t *f) {
  for (size_t a = 0; a < f->num_rows; a++) {
    f->first[a] = first_bit(f->rows + a * f->words, f->words);
    f->last[a] = last_bit(f->rows + a * f->words, f->words);
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t a = 0; a < f->num_rows; a++)
      for (size_t b = a + 1; b < f->num_rows; b++)
        if (f->first[a] == f->first[b]) {
          size_t longer = f->last[a] > f->last[b] ? a : b;
          add_row(f, longer, a + b - longer);
          changed = true;
        } else if (f->last[a] == f->last[b]) {
          size_t longer = f->first[a] < f->first[b] ? a : b;
          add_row(f, longer, a + b - longer);
          changed = true;
        }
  }
}

typedef struct {
  size_t num_active, active[MAX_ACTIVE + 1];
  size_t size; /* 2^num_active */
  fmpz *counts; /* one for each combination of the active rows */
} front_t;

static bool begin_rows(front_t *front, const span_form_t *f, size_t low,
                       size_t high) {
  size_t before = front->size;
  for (size_t a = 0; a < f->num_rows; a++) {
    if (f->first[a] < low || f->first[a] >= high) continue;
    if (front->num_active == MAX_ACTIVE) return false;
    front->active[front->num_active++] = a;
  }
  size_t after = (size_t)1 << front->num_active;
  front->counts = flint_realloc(front->counts, after * sizeof *front->counts);
  for (size_t m = before; m < after; m++) {
    fmpz_init(front->counts + m);
    fmpz_set(front->counts + m, front->counts + m % before);
  }
  front->size = after;
  return true;
}

static void test_entry(front_t *front, const span_form_t *f, size_t entry,
                       size_t width, const uint64_t *start,
                       trellis_allows_t allows, const void *data) {
  uint64_t *value = flint_malloc((width + 1) * sizeof *value);
  size_t mask = 0;
  memcpy(value, start + entry * width, width * sizeof *value);
  for (size_t step = 1;; step++) { /* Gray code */
    if (!fmpz_is_zero(front->counts + mask) && !allows(data, entry, value))
      fmpz_zero(front->counts + mask);
    if (step >> front->num_active) break;
    size_t bit = (size_t)__builtin_ctzll(step);
    const uint64_t *row =
        f->rows + front->active[bit] * f->words + entry * width;
    mask ^= (size_t)1 << bit;
    for (size_t k = 0; k < width; k++) value[k] ^= row[k];
  }
  flint_free(value);
}

/* Sums over the coefficients of the rows that end before `high`. */
static void end_rows(front_t *front, const span_form_t *f, size_t high) {
  for (size_t i = front->num_active; i-- > 0;) {
    if (f->last[front->active[i]] >= high) continue;
    size_t size = front->size, low = ((size_t)1 << i) - 1;
    for (size_t m = 0; m < size / 2; m++) {
      size_t from = (m & low) | (m & ~low) << 1;
      fmpz_add(front->counts + m, front->counts + from,
               front->counts + (from | (low + 1)));
    }
    for (size_t m = size / 2; m < size; m++) fmpz_clear(front->counts + m);
    front->size = size / 2;
    front->num_active--;
    for (size_t k = i; k < front->num_active; k++)
      front->active[k] = front->active[k + 1];
  }
}

status_t string_trellis_count(fmpz_t count, const uint64_t *rows,
                              size_t num_rows, const uint64_t *start,
                              size_t num_entries, size_t width,
                              trellis_allows_t allows, const void *data) {
  span_form_t f = {.words = num_entries * width, .num_rows = num_rows};
  size_t work = 0;
  f.rows = flint_malloc((num_rows * f.words + 1) * sizeof *f.rows);
  f.first = flint_malloc((num_rows + 1) * sizeof *f.first);
  f.last = flint_malloc((num_rows + 1) * sizeof *f.last);
  memcpy(f.rows, rows, num_rows * f.words * sizeof *f.rows);
  make_span_form(&f);
  front_t front = {.size = 1, .counts = flint_malloc(sizeof *front.counts)};
  fmpz_init_set_ui(front.counts, 1);
  bool ok = true;
  for (size_t j = 0; j < num_entries && ok; j++) {
    size_t low = 64 * width * j, high = low + 64 * width;
    ok = begin_rows(&front, &f, low, high);
    work += (size_t)1 << front.num_active;
    ok = ok && work <= MAX_WORK;
    if (!ok) break;
    test_entry(&front, &f, j, width, start, allows, data);
    end_rows(&front, &f, high);
  }
  if (ok) fmpz_set(count, front.counts);
  for (size_t m = 0; m < front.size; m++) fmpz_clear(front.counts + m);
  flint_free(front.counts);
  flint_free(f.rows);
  flint_free(f.first);
  flint_free(f.last);
  return ok ? STATUS_OK : STATUS_LIMIT;
}
