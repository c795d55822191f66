/* Elimination at sizes where pivots are looked up and rows exchanged, against plain
   Gauss elimination on bytes: spans, spans of the checker, echelon forms that carry
   something along, intersections, symplectic bases, commutation tables, and weights of
   sparse codes. Chains, sparse, dense and low-rank strings. */
#include <flint/fmpz.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/check/check_strings.h"
#include "algebra/generators/f2_echelon.h"
#include "algebra/generators/f2_span.h"
#include "algebra/spectrum/weight_enumerator.h"
#include "tests/tap.h"

enum { MAX_QUBITS = 150, MAX_STRINGS = 400 };

typedef enum { CHAIN, SPARSE, DENSE, LOW_RANK, KINDS } kind_t;

typedef struct {
  size_t n, w, count;
  uint64_t *rows;
} strings_t;

static void fill(uint64_t *row, const strings_t *s, kind_t kind) {
  size_t reach = kind == CHAIN ? 2 : 3;
  memset(row, 0, 2 * s->w * sizeof *row);
  if (kind == DENSE || kind == LOW_RANK) {
    for (size_t q = 0; q < s->n; q++)
      pauli_set(row, s->w, q, (unsigned)tap_random_below(4));
    return;
  }
  size_t at = tap_random_below(s->n);
  for (size_t i = 0; i < reach; i++) {
    size_t q = kind == CHAIN ? (at + i) % s->n : tap_random_below(s->n);
    pauli_set(row, s->w, q, (unsigned)tap_random_below(4));
  }
}

static void strings_init(strings_t *s, size_t n, size_t count, kind_t kind) {
  size_t w = pauli_words(n), width = 2 * w, base = 1 + n / 3;
  *s = (strings_t){n, w, count, calloc(count * width + 1, sizeof(uint64_t))};
  for (size_t i = 0; i < count; i++) {
    uint64_t *row = s->rows + i * width;
    if (kind == LOW_RANK && i >= base) {
      for (size_t k = 0; k < base; k++)
        if (tap_random_below(2)) pauli_xor(row, row, s->rows + k * width, w);
    } else {
      fill(row, s, kind);
    }
  }
}

static const uint64_t *string_at(const strings_t *s, size_t i) {
  return s->rows + i * 2 * s->w;
}

/* --- the reference: bytes, first non-zero column ---------------------------------- */

static size_t plain_rank(const uint64_t *rows, size_t count, size_t width) {
  size_t columns = 64 * width, rank = 0;
  uint8_t *m = calloc(count * columns + 1, 1);
  for (size_t i = 0; i < count * columns; i++)
    m[i] = rows[i / columns * width + i % columns / 64] >> (i % 64) & 1;
  for (size_t c = 0; c < columns; c++) {
    size_t p = rank;
    while (p < count && !m[p * columns + c]) p++;
    if (p == count) continue;
    for (size_t k = 0; k < columns; k++) {
      uint8_t t = m[p * columns + k];
      m[p * columns + k] = m[rank * columns + k];
      m[rank * columns + k] = t;
    }
    for (size_t r = rank + 1; r < count; r++) {
      if (!m[r * columns + c]) continue;
      for (size_t k = c; k < columns; k++) m[r * columns + k] ^= m[rank * columns + k];
    }
    rank++;
  }
  free(m);
  return rank;
}

static size_t rank_with(const strings_t *s, const uint64_t *more, size_t count) {
  size_t width = 2 * s->w;
  uint64_t *rows = malloc(((s->count + count) * width + 1) * sizeof *rows);
  memcpy(rows, s->rows, s->count * width * sizeof *rows);
  if (count) memcpy(rows + s->count * width, more, count * width * sizeof *rows);
  size_t rank = plain_rank(rows, s->count + count, width);
  free(rows);
  return rank;
}

/* --- spans ----------------------------------------------------------------------- */

static bool spans_agree(const strings_t *s, size_t rank) {
  f2_span_t a;
  check_span_t b;
  bool ok = true, conflict_a = false, conflict_b = false;
  f2_span_init(a, s->w);
  check_span_init(b, s->w);
  for (size_t i = 0; i < s->count; i++) {
    uint8_t q = 1;
    conflict_a |= f2_span_insert(a, string_at(s, i), 1) == SPAN_CONFLICT;
    conflict_b |= !check_span_add(b, string_at(s, i), &q) && q;
  }
  ok = a->dim == rank && b->length == rank && conflict_a == conflict_b;
  uint64_t *row = calloc(2 * s->w + 1, sizeof *row);
  for (size_t k = 0; k < 6; k++) {
    fill(row, s, (kind_t)(k % 3));
    for (size_t i = 0; i < s->count && k % 2; i++) /* one that is inside */
      if (!i) memcpy(row, string_at(s, 0), 2 * s->w * sizeof *row);
      else if (tap_random_below(2)) pauli_xor(row, row, string_at(s, i), s->w);
    bool inside = rank_with(s, row, 1) == rank;
    ok = ok && f2_span_contains(a, row) == inside && check_span_contains(b, row) == inside;
  }
  free(row);
  f2_span_clear(a);
  check_span_clear(b);
  return ok;
}

/* Rows in the checker's symplectic basis: products, rank, and q by another span. */
static bool symplectic_is_right(const strings_t *s, size_t rank) {
  check_span_t span, basis;
  size_t pairs;
  bool ok = true, consistent = true;
  check_span_init(span, s->w);
  check_span_init(basis, s->w);
  for (size_t i = 0; i < s->count; i++) {
    uint8_t q = 1, p = 1;
    if (!check_span_add(span, string_at(s, i), &q) && q) consistent = false;
    check_span_add(basis, string_at(s, i), &p);
  }
  check_span_symplectic(basis, &pairs);
  ok = basis->length == rank && plain_rank(basis->rows, rank, 2 * s->w) == rank;
  for (size_t i = 0; i < rank && ok; i++) {
    for (size_t j = 0; j < i && ok; j++) {
      bool pair = i < 2 * pairs && i == j + 1 && i % 2;
      ok = pauli_anticommute(check_span_row(basis, i), check_span_row(basis, j), s->w) ==
           pair;
    }
    uint8_t q = 0;
    uint64_t *row = malloc((2 * s->w + 1) * sizeof *row);
    memcpy(row, check_span_row(basis, i), 2 * s->w * sizeof *row);
    ok = ok && check_span_reduce(span, row, &q) && (!consistent || q == basis->q[i]);
    free(row);
  }
  check_span_clear(span);
  check_span_clear(basis);
  return ok;
}

/* What is carried along says which strings were added. */
static bool echelon_is_right(const strings_t *s, size_t rank) {
  size_t width = 2 * s->w, extra = s->count / 64 + 1, words = width + extra;
  f2_echelon_t e;
  uint64_t *row = malloc((words + 1) * sizeof *row);
  uint64_t *sum = malloc((width + 1) * sizeof *sum);
  bool ok = true;
  f2_echelon_init(e, width, words);
  for (size_t i = 0; i < s->count && ok; i++) {
    memset(row, 0, words * sizeof *row);
    memcpy(row, string_at(s, i), width * sizeof *row);
    row[width + i / 64] |= UINT64_C(1) << (i % 64);
    const uint64_t *left = f2_echelon_add(e, row) ? f2_echelon_row(e, e->num_rows - 1) : row;
    memset(sum, 0, width * sizeof *sum);
    for (size_t k = 0; k < s->count; k++)
      if (left[width + k / 64] >> (k % 64) & 1) pauli_xor(sum, sum, string_at(s, k), s->w);
    ok = pauli_equal(sum, left, s->w) && (left == row) == pauli_is_identity(sum, s->w);
  }
  ok = ok && e->num_rows == rank;
  for (size_t i = 0; i < s->count && ok; i++) {
    memset(row, 0, words * sizeof *row);
    memcpy(row, string_at(s, i), width * sizeof *row);
    ok = f2_echelon_reduce(e, row);
  }
  f2_echelon_clear(e);
  free(row);
  free(sum);
  return ok;
}

static bool intersection_is_right(const strings_t *s, size_t rank, const strings_t *t) {
  f2_span_t span, independent, both;
  bool ok = true;
  f2_span_init(span, s->w);
  f2_span_init(independent, s->w);
  f2_span_init(both, s->w);
  for (size_t i = 0; i < s->count; i++) f2_span_insert(span, string_at(s, i), 0);
  for (size_t i = 0; i < t->count; i++) f2_span_insert(independent, string_at(t, i), 0);
  f2_span_intersect(both, span, independent->rows, independent->dim);
  ok = both->dim == rank + independent->dim - rank_with(s, t->rows, t->count);
  for (size_t i = 0; i < both->dim; i++)
    ok = ok && f2_span_contains(span, f2_span_row(both, i)) &&
         f2_span_contains(independent, f2_span_row(both, i));
  f2_span_clear(span);
  f2_span_clear(independent);
  f2_span_clear(both);
  return ok;
}

static bool tables_agree(const strings_t *s) {
  commutation_table_t grown, made;
  bool ok = true;
  size_t words = s->count / 64 + 1;
  uint64_t *p = calloc(2 * s->w + 1, sizeof *p);
  uint64_t *a = calloc(words, sizeof *a), *b = calloc(words, sizeof *b);
  commutation_table_init(grown, s->n);
  for (size_t i = 0; i < s->count; i++) commutation_table_append(grown, string_at(s, i));
  commutation_table_init_strings(made, s->n, s->rows, s->count);
  for (size_t k = 0; k < 4 && ok; k++) {
    fill(p, s, (kind_t)(k % 3));
    commutation_table_query(a, grown, p);
    commutation_table_query(b, made, p);
    for (size_t i = 0; i < s->count; i++) {
      bool right = pauli_anticommute(p, string_at(s, i), s->w);
      ok = ok && right == (a[i / 64] >> (i % 64) & 1) && right == (b[i / 64] >> (i % 64) & 1);
    }
  }
  commutation_table_clear(grown);
  commutation_table_clear(made);
  free(p);
  free(a);
  free(b);
  return ok;
}

static void test_strings(void) {
  static const char *const names[] = {"chain", "sparse", "dense", "low rank"};
  long failed = 0, large = 0;
  for (long k = tap_iterations(120); k-- > 0;) {
    kind_t kind = (kind_t)tap_random_below(KINDS);
    size_t n = 1 + tap_random_below(MAX_QUBITS), count = 1 + tap_random_below(MAX_STRINGS);
    strings_t s, t;
    strings_init(&s, n, count, kind);
    strings_init(&t, n, 1 + tap_random_below(n), (kind_t)tap_random_below(KINDS));
    size_t rank = plain_rank(s.rows, s.count, 2 * s.w);
    const bool right[] = {spans_agree(&s, rank), symplectic_is_right(&s, rank),
                          echelon_is_right(&s, rank), intersection_is_right(&s, rank, &t),
                          tables_agree(&s)};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
      if (!right[i]) {
        tap_diag("%s, %zu qubits, %zu strings of rank %zu, test %zu", names[kind], n, count,
                 rank, i);
        failed++;
      }
    large += rank > 64;
    free(s.rows);
    free(t.rows);
  }
  tap_ok(!failed, "eliminations of strings are those of bytes");
  tap_occurred(large > 10, "ranks were large enough for pivots to be looked up");
}

/* --- weights ----------------------------------------------------------------------- */

/* Rows {i, i+1} of `length` modes, in any order of rows and modes and with neighbours
   added, span the even sets: C(length, weight) of each weight of the offset's parity. */
static bool chain_weights(size_t length) {
  size_t words = (length + 63) / 64, num_rows = length - 1, rank;
  uint64_t *rows = calloc(num_rows * words + 1, sizeof *rows);
  uint64_t *offset = calloc(words + 1, sizeof *offset);
  size_t *mode = malloc(length * sizeof *mode), weight = tap_random_below(7);
  fmpz_t count, expected;
  fmpz_init(count);
  fmpz_init(expected);
  for (size_t i = 0; i < length; i++) mode[i] = i;
  for (size_t i = length; i-- > 1;) {
    size_t j = tap_random_below(i + 1), t = mode[i];
    mode[i] = mode[j];
    mode[j] = t;
  }
  for (size_t i = 0; i < num_rows; i++)
    for (size_t k = i; k < i + 2; k++)
      rows[i * words + mode[k] / 64] ^= UINT64_C(1) << (mode[k] % 64);
  for (size_t i = 1; i < num_rows; i++) {
    if (tap_random_below(3)) continue;
    for (size_t j = 0; j < words; j++) rows[i * words + j] ^= rows[(i - 1) * words + j];
  }
  bool odd = tap_random_below(2);
  if (odd) offset[0] = 1;
  bool ok = weight_enumerator_count(count, &rank, rows, num_rows, length, offset, NULL,
                                    weight) == STATUS_OK;
  if (weight % 2 == odd) fmpz_bin_uiui(expected, length, weight);
  ok = ok && rank == num_rows && fmpz_equal(count, expected);
  fmpz_clear(count);
  fmpz_clear(expected);
  free(rows);
  free(offset);
  free(mode);
  return ok;
}

static void test_weights(void) {
  long failed = 0;
  for (long k = tap_iterations(6); k-- > 0;)
    if (!chain_weights(2 + tap_random_below(1500))) failed++;
  tap_ok(!failed, "weights of the even sets of up to 1500 modes are binomials");
}

int main(void) {
  tap_begin("t-elimination");
  test_strings();
  test_weights();
  return tap_end();
}
