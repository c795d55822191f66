/* Elimination over F_2, short and slow. */
#include "algebra/check/check_strings.h"

void check_span_init(check_span_t span, size_t num_words) {
  *span = (check_span_struct){.w = num_words};
}

void check_span_clear(check_span_t span) {
  flint_free(span->rows);
  flint_free(span->q);
  flint_free(span->leads);
}

static size_t lead(const uint64_t *row, size_t width) {
  for (size_t i = 0; i < width; i++)
    if (row[i]) return 64 * i + (size_t)__builtin_ctzll(row[i]);
  return SIZE_MAX;
}

/* Rows are in the order of insertion, so that one pass is enough. */
bool check_span_reduce(const check_span_t span, uint64_t *row, uint8_t *q) {
  for (size_t i = 0; i < span->length; i++) {
    const uint64_t *other = check_span_row(span, i);
    if (!(row[span->leads[i] / 64] >> (span->leads[i] % 64) & 1)) continue;
    if (q) *q ^= span->q[i] ^ (uint8_t)pauli_anticommute(row, other, span->w);
    pauli_xor(row, row, other, span->w);
  }
  return pauli_is_identity(row, span->w);
}

bool check_span_add(check_span_t span, const uint64_t *string, uint8_t *q) {
  if (span->length == span->alloc) {
    span->alloc = 2 * span->alloc + 8;
    span->rows = flint_realloc(
        span->rows, (span->alloc * 2 * span->w + 1) * sizeof *span->rows);
    span->q = flint_realloc(span->q, span->alloc);
    span->leads = flint_realloc(span->leads, span->alloc * sizeof *span->leads);
  }
  uint64_t *row = check_span_row(span, span->length);
  memcpy(row, string, 2 * span->w * sizeof *row);
  if (check_span_reduce(span, row, q)) return false;
  span->leads[span->length] = lead(row, 2 * span->w);
  span->q[span->length++] = q ? *q : 0;
  return true;
}

bool check_span_contains(const check_span_t span, const uint64_t *string) {
  uint64_t *row = flint_malloc((2 * span->w + 1) * sizeof *row);
  memcpy(row, string, 2 * span->w * sizeof *row);
  bool inside = check_span_reduce(span, row, NULL);
  flint_free(row);
  return inside;
}

/* Rows (a | a) and (b | 0): what is left of the second half when the first
   vanishes is a basis of the intersection. */
void check_span_intersect(check_span_t out, const check_span_t a,
                          const check_span_t b) {
  size_t width = 2 * a->w;
  check_span_t both;
  uint64_t *row = flint_malloc((2 * width + 1) * sizeof *row);
  check_span_init(both, width);
  for (size_t i = 0; i < a->length + b->length; i++) {
    const uint64_t *in = i < a->length ? check_span_row(a, i)
                                       : check_span_row(b, i - a->length);
    memcpy(row, in, width * sizeof *row);
    if (i < a->length) memcpy(row + width, in, width * sizeof *row);
    else memset(row + width, 0, width * sizeof *row);
    if (!check_span_add(both, row, NULL)) continue;
    const uint64_t *left = check_span_row(both, both->length - 1);
    if (both->leads[both->length - 1] < 64 * width) continue;
    check_span_add(out, left + width, NULL);
  }
  check_span_clear(both);
  flint_free(row);
}

static void swap_rows(check_span_t span, size_t a, size_t b) {
  uint64_t *x = check_span_row(span, a), *y = check_span_row(span, b);
  for (size_t i = 0; i < 2 * span->w; i++) {
    uint64_t t = x[i];
    x[i] = y[i];
    y[i] = t;
  }
  uint8_t t = span->q[a];
  span->q[a] = span->q[b];
  span->q[b] = t;
}

static void add_row(check_span_t span, size_t to, size_t from) {
  uint64_t *x = check_span_row(span, to), *y = check_span_row(span, from);
  span->q[to] ^= span->q[from] ^ (uint8_t)pauli_anticommute(x, y, span->w);
  pauli_xor(x, x, y, span->w);
}

void check_span_symplectic(check_span_t span, size_t *pairs) {
  size_t done = 0, end = span->length;
  while (done < end) {
    const uint64_t *e = check_span_row(span, done), *f;
    size_t b = done + 1;
    while (b < end && !pauli_anticommute(e, check_span_row(span, b), span->w))
      b++;
    if (b == end) { /* commutes with everything left: radical */
      swap_rows(span, done, --end);
      continue;
    }
    swap_rows(span, done + 1, b);
    f = check_span_row(span, done + 1);
    for (size_t c = done + 2; c < end; c++) {
      const uint64_t *z = check_span_row(span, c);
      bool with_e = pauli_anticommute(z, e, span->w);
      bool with_f = pauli_anticommute(z, f, span->w);
      if (with_f) add_row(span, c, done);
      if (with_e) add_row(span, c, done + 1);
    }
    done += 2;
  }
  *pairs = done / 2;
}
