/* Elimination over F_2. */
#include "algebra/check/check_strings.h"

enum { MANY_ROWS = 64 /* from so many on the leading bits are looked up */ };

void check_span_init(check_span_t span, size_t num_words) {
  *span = (check_span_struct){.w = num_words};
}

void check_span_clear(check_span_t span) {
  flint_free(span->rows);
  flint_free(span->q);
  flint_free(span->leads);
  flint_free(span->lead_bits);
  flint_free(span->lead_rows);
}

static size_t lead(const uint64_t *row, size_t width) {
  for (size_t i = 0; i < width; i++)
    if (row[i]) return 64 * i + (size_t)__builtin_ctzll(row[i]);
  return SIZE_MAX;
}

static void look_up(check_span_t span, size_t first) {
  if (!first) {
    span->lead_bits = flint_calloc(2 * span->w, sizeof *span->lead_bits);
    span->lead_rows = flint_malloc(128 * span->w * sizeof *span->lead_rows);
  }
  for (size_t i = first; i < span->length; i++) {
    size_t bit = span->leads[i];
    span->lead_bits[bit / 64] |= UINT64_C(1) << (bit % 64);
    span->lead_rows[bit] = (uint32_t)i;
  }
}

/* row += other from word `at` on, below which other is zero. */
static void add_from(uint64_t *row, const uint64_t *other, size_t at, size_t width) {
  for (size_t j = at; j < width; j++) row[j] ^= other[j];
}

/* Few rows are taken in the order of insertion, many in that of their leading bits. */
bool check_span_reduce(const check_span_t span, uint64_t *row, uint8_t *q) {
  size_t width = 2 * span->w;
  for (size_t i = 0; i < span->length && !span->lead_bits; i++) {
    const uint64_t *other = check_span_row(span, i);
    if (!(row[span->leads[i] / 64] >> (span->leads[i] % 64) & 1)) continue;
    if (q) *q ^= span->q[i] ^ (uint8_t)pauli_anticommute(row, other, span->w);
    pauli_xor(row, row, other, span->w);
  }
  for (size_t at = 0; at < width && span->lead_bits; at++)
    for (uint64_t hit; (hit = row[at] & span->lead_bits[at]);) {
      size_t i = span->lead_rows[64 * at + (size_t)__builtin_ctzll(hit)];
      const uint64_t *other = check_span_row(span, i);
      if (q) *q ^= span->q[i] ^ (uint8_t)pauli_anticommute(row, other, span->w);
      add_from(row, other, at, width);
    }
  return pauli_is_identity(row, span->w);
}

static size_t weight_of(const uint64_t *row, size_t width) {
  size_t weight = 0;
  for (size_t i = 0; i < width; i++) weight += (size_t)__builtin_popcountll(row[i]);
  return weight;
}

/* The same for a row that will be kept: of two with one leading bit the lighter one
   stays, the sum goes on. */
static bool reduce_light(check_span_t span, uint64_t *row, uint8_t *q) {
  size_t width = 2 * span->w;
  for (size_t at = 0; at < width; at++)
    while (row[at]) {
      size_t bit = (size_t)__builtin_ctzll(row[at]);
      if (!(span->lead_bits[at] >> bit & 1)) /* a new leading bit: no more exchanges */
        return check_span_reduce(span, row, q);
      size_t i = span->lead_rows[64 * at + bit];
      uint64_t *other = check_span_row(span, i);
      uint8_t sum = (uint8_t)(*q ^ span->q[i] ^ pauli_anticommute(row, other, span->w));
      bool lighter = weight_of(row, width) <= weight_of(other, width);
      add_from(row, other, at, width);
      if (lighter) {
        add_from(other, row, at, width); /* what the row was */
        span->q[i] = *q;
      }
      *q = sum;
    }
  return true;
}

static void make_room(check_span_t span, size_t alloc) {
  span->alloc = alloc;
  span->rows = flint_realloc(span->rows, (alloc * 2 * span->w + 1) * sizeof *span->rows);
  span->q = flint_realloc(span->q, alloc);
  span->leads = flint_realloc(span->leads, alloc * sizeof *span->leads);
}

bool check_span_add(check_span_t span, const uint64_t *string, uint8_t *q) {
  uint8_t value = q ? *q : 0;
  if (span->length == span->alloc) make_room(span, span->alloc + span->alloc / 2 + 2);
  uint64_t *row = check_span_row(span, span->length);
  memcpy(row, string, 2 * span->w * sizeof *row);
  bool inside = span->lead_bits ? reduce_light(span, row, &value)
                                : check_span_reduce(span, row, &value);
  if (q) *q = value;
  if (inside) return false;
  span->leads[span->length] = lead(row, 2 * span->w);
  span->q[span->length++] = q ? value : 0;
  if (span->lead_bits) look_up(span, span->length - 1);
  else if (span->length == MANY_ROWS) look_up(span, 0);
  return true;
}

void check_span_set_whole(check_span_t span, size_t num_qubits) {
  size_t w = span->w;
  uint64_t *row = flint_calloc(2 * w + 1, sizeof *row);
  check_span_clear(span);
  check_span_init(span, w);
  make_room(span, 2 * num_qubits + 1);
  for (size_t i = 0; i < 2 * num_qubits; i++) {
    uint64_t *word = row + i / 128 + (i % 2) * w;
    *word = UINT64_C(1) << (i / 2 % 64);
    check_span_add(span, row, NULL);
    *word = 0;
  }
  flint_free(row);
}

bool check_span_contains(const check_span_t span, const uint64_t *string) {
  uint64_t *row = flint_malloc((2 * span->w + 1) * sizeof *row);
  memcpy(row, string, 2 * span->w * sizeof *row);
  bool inside = check_span_reduce(span, row, NULL);
  flint_free(row);
  return inside;
}

static bool contains_all(const check_span_t a, const check_span_t b) {
  bool all = true;
  for (size_t i = 0; i < b->length && all; i++)
    all = check_span_contains(a, check_span_row(b, i));
  return all;
}

/* All of b where a contains it. Otherwise, rows (a | a) and (b | 0): what is left of the second half when the first
   vanishes is a basis of the intersection. */
void check_span_intersect(check_span_t out, const check_span_t a,
                          const check_span_t b) {
  size_t width = 2 * a->w;
  if (contains_all(a, b)) {
    for (size_t i = 0; i < b->length; i++) check_span_add(out, check_span_row(b, i), NULL);
    return;
  }
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

/* --- a symplectic basis -------------------------------------------------------------- */

/* omega of all rows, as a matrix of bits that is kept up to date for those not done. */
typedef struct {
  check_span_struct *span;
  size_t words;
  uint64_t *omega, *left; /* left: rows that are not done */
} form_t;

static uint64_t *form_row(const form_t *f, size_t i) { return f->omega + i * f->words; }

static void form_init(form_t *f, check_span_struct *span) {
  size_t n = span->length;
  commutation_table_t table;
  *f = (form_t){.span = span, .words = n / 64 + 1};
  f->omega = flint_calloc(n * f->words + 1, sizeof *f->omega);
  f->left = flint_calloc(f->words, sizeof *f->left);
  commutation_table_init_strings(table, 64 * span->w, span->rows, n);
  for (size_t i = 0; i < n; i++) {
    commutation_table_query(form_row(f, i), table, check_span_row(span, i));
    f->left[i / 64] |= UINT64_C(1) << (i % 64);
  }
  commutation_table_clear(table);
}

static size_t first_of(const uint64_t *row, const uint64_t *left, size_t words) {
  for (size_t i = 0; i < words; i++)
    if (row[i] & left[i])
      return 64 * i + (size_t)__builtin_ctzll(row[i] & left[i]);
  return SIZE_MAX;
}

/* Row c += row e, omega(e, .) goes along. */
static void add_row(form_t *f, size_t c, size_t e) {
  check_span_struct *span = f->span;
  uint64_t *x = check_span_row(span, c), *y = check_span_row(span, e);
  span->q[c] ^= span->q[e] ^ (uint8_t)pauli_anticommute(x, y, span->w);
  pauli_xor(x, x, y, span->w);
  add_from(form_row(f, c), form_row(f, e), 0, f->words);
}

/* Makes all rows that are left commute with e and f. c' = c + omega(c, f) e +
   omega(c, e) f has omega(c', j') = omega(c', j), so that old columns will do. */
static void clear_pair(form_t *m, size_t e, size_t f) {
  for (size_t i = 0; i < m->words; i++)
    for (uint64_t hit = (form_row(m, e)[i] | form_row(m, f)[i]) & m->left[i]; hit;
         hit &= hit - 1) {
      size_t bit = (size_t)__builtin_ctzll(hit), c = 64 * i + bit;
      bool with_e = form_row(m, e)[i] >> bit & 1, with_f = form_row(m, f)[i] >> bit & 1;
      if (with_f) add_row(m, c, e);
      if (with_e) add_row(m, c, f);
    }
}

static void arrange(check_span_t span, const size_t *order) {
  size_t width = 2 * span->w;
  uint64_t *rows = flint_malloc((span->alloc * width + 1) * sizeof *rows);
  uint8_t *q = flint_malloc(span->alloc + 1);
  for (size_t i = 0; i < span->length; i++) {
    memcpy(rows + i * width, check_span_row(span, order[i]), width * sizeof *rows);
    q[i] = span->q[order[i]];
  }
  flint_free(span->rows);
  flint_free(span->q);
  flint_free(span->lead_bits);
  flint_free(span->lead_rows);
  span->rows = rows;
  span->q = q;
  span->lead_bits = NULL;
  span->lead_rows = NULL;
}

void check_span_symplectic(check_span_t span, size_t *pairs) {
  size_t n = span->length, done = 0, end = n;
  size_t *order = flint_malloc((n + 1) * sizeof *order);
  form_t m;
  form_init(&m, span);
  for (size_t e = 0; e < n; e++) {
    if (!(m.left[e / 64] >> (e % 64) & 1)) continue;
    size_t f = first_of(form_row(&m, e), m.left, m.words);
    m.left[e / 64] ^= UINT64_C(1) << (e % 64);
    if (f == SIZE_MAX) { /* commutes with everything left: radical */
      order[--end] = e;
      continue;
    }
    m.left[f / 64] ^= UINT64_C(1) << (f % 64);
    order[done++] = e;
    order[done++] = f;
    clear_pair(&m, e, f);
  }
  arrange(span, order);
  *pairs = done / 2;
  flint_free(order);
  flint_free(m.omega);
  flint_free(m.left);
}
