#include <stdio.h>
#include <stdlib.h>

#include "algebra/check_strings.h"

/* --- elimination, short and slow ---------------------------------------------------- */

static size_t lead(const uint64_t *row, size_t width) {
  for (size_t i = 0; i < width; i++)
    if (row[i]) return 64 * i + (size_t)__builtin_ctzll(row[i]);
  return SIZE_MAX;
}

/* Independent rows with distinct leading bits, and the value of a quadratic
   form on each (q(a + b) = q(a) + q(b) + omega(a,b)). */
typedef struct {
  size_t w, length;
  uint64_t *rows;
  uint8_t *q;
  size_t *leads;
} echelon_t;

static void echelon_init(echelon_t *e, size_t w, size_t capacity) {
  *e = (echelon_t){.w = w};
  e->rows = flint_malloc((capacity * 2 * w + 1) * sizeof *e->rows);
  e->q = flint_malloc(capacity + 1);
  e->leads = flint_malloc((capacity + 1) * sizeof *e->leads);
}

static void echelon_clear(echelon_t *e) {
  flint_free(e->rows);
  flint_free(e->q);
  flint_free(e->leads);
}

/* Reduces row; returns whether it became zero. Rows are in the order of
   insertion, so that one pass is enough. */
static bool echelon_reduce(const echelon_t *e, uint64_t *row, uint8_t *q) {
  for (size_t i = 0; i < e->length; i++) {
    const uint64_t *other = e->rows + i * 2 * e->w;
    if (!(row[e->leads[i] / 64] >> (e->leads[i] % 64) & 1)) continue;
    *q ^= e->q[i] ^ (uint8_t)pauli_anticommute(row, other, e->w);
    pauli_xor(row, row, other, e->w);
  }
  return pauli_is_identity(row, e->w);
}

static bool echelon_add(echelon_t *e, const uint64_t *string, uint8_t *q) {
  uint64_t *row = e->rows + e->length * 2 * e->w;
  memcpy(row, string, 2 * e->w * sizeof *row);
  if (echelon_reduce(e, row, q)) return false;
  e->leads[e->length] = lead(row, 2 * e->w);
  e->q[e->length++] = *q;
  return true;
}

/* --- sectors ---------------------------------------------------------------------------- */

/* Splits the rows into hyperbolic pairs and a radical; *pairs, *radical their
   numbers, *arf the Arf invariant, *zero whether q vanishes on the radical. */
static void split_form(echelon_t *e, size_t *pairs, size_t *radical,
                       unsigned *arf, bool *zero) {
  size_t width = 2 * e->w;
  uint8_t *done = flint_calloc(e->length + 1, 1);
  *pairs = *radical = 0;
  *arf = 0;
  *zero = true;
  for (size_t a = 0; a < e->length; a++) {
    uint64_t *x = e->rows + a * width, *y = NULL;
    size_t b = a + 1;
    if (done[a]) continue;
    done[a] = 1;
    while (b < e->length &&
           (done[b] || !pauli_anticommute(x, e->rows + b * width, e->w)))
      b++;
    if (b == e->length) {
      (*radical)++;
      if (e->q[a]) *zero = false;
      continue;
    }
    done[b] = 1;
    y = e->rows + b * width;
    (*pairs)++;
    *arf ^= e->q[a] & e->q[b];
    for (size_t c = a + 1; c < e->length; c++) {
      uint64_t *z = e->rows + c * width;
      if (done[c]) continue;
      bool with_x = pauli_anticommute(z, x, e->w);
      bool with_y = pauli_anticommute(z, y, e->w);
      if (with_y) {
        e->q[c] ^= e->q[a] ^ (uint8_t)with_x;
        pauli_xor(z, z, x, e->w);
      }
      if (with_x) {
        e->q[c] ^= e->q[b] ^ (uint8_t)pauli_anticommute(z, y, e->w);
        pauli_xor(z, z, y, e->w);
      }
    }
  }
  flint_free(done);
}

/* The algebra spanned by products of the strings: 2^R sectors of dimension 2^K.
   The form invariant under g: an antiunitary that turns every generator P into
   -P exists on each sector iff q = 1 on all generators is consistent and
   vanishes on the radical; its square is (-1)^Arf. */
static void count_sectors(structure_t s, const check_generators_t g) {
  echelon_t e;
  size_t pairs, radical;
  unsigned arf;
  bool consistent = true, zero;
  echelon_init(&e, g->num_words, 2 * g->num_qubits + 1);
  for (size_t i = 0; i < g->strings->length; i++) {
    uint8_t q = 1;
    if (!echelon_add(&e, string_list_row(g->strings, i), &q) && q)
      consistent = false;
  }
  split_form(&e, &pairs, &radical, &arf, &zero);
  field_t field = !consistent || !zero ? FIELD_COMPLEX
                  : arf                ? FIELD_QUATERNIONIC
                                       : FIELD_REAL;
  fmpz_t dimension, multiplicity, count;
  fmpz_init_set_ui(dimension, 1);
  fmpz_init_set_ui(multiplicity, 1);
  fmpz_init_set_ui(count, 1);
  fmpz_mul_2exp(dimension, dimension, pairs);
  fmpz_mul_2exp(multiplicity, multiplicity, g->num_qubits - pairs - radical);
  fmpz_mul_2exp(count, count, radical);
  structure_add_sector(s, dimension, multiplicity, count, field);
  s->sectors_known = true;
  fmpz_clear(dimension);
  fmpz_clear(multiplicity);
  fmpz_clear(count);
  echelon_clear(&e);
}

/* --- the elements, component by component ------------------------------------------------- */

/* Everything reached from `start`. False when the list exceeds the budget. */
static bool list_component(string_list_t out, const uint64_t *start,
                           const check_generators_t g, size_t max_elements) {
  size_t w = g->num_words;
  uint64_t *next = flint_malloc((2 * w + 1) * sizeof *next);
  string_list_add(out, start);
  for (size_t i = 0; i < out->length && out->length <= max_elements; i++)
    for (size_t j = 0; j < g->strings->length; j++) {
      const uint64_t *h = string_list_row(g->strings, j);
      if (!pauli_anticommute(string_list_row(out, i), h, w)) continue;
      pauli_xor(next, string_list_row(out, i), h, w);
      string_list_add(out, next);
    }
  flint_free(next);
  return out->length <= max_elements;
}

static bool commutes_with_all(const uint64_t *string, const string_list_t list,
                              size_t w) {
  for (size_t i = 0; i < list->length; i++)
    if (pauli_anticommute(string, string_list_row(list, i), w)) return false;
  return true;
}

/* log2 of the number of strings t with t + D = D that commute with D. */
static size_t count_centroid(const string_list_t list, size_t w) {
  echelon_t e;
  size_t width = 2 * w;
  uint64_t *t = flint_malloc((width + 1) * sizeof *t);
  uint64_t *moved = flint_malloc((width + 1) * sizeof *moved);
  echelon_init(&e, w, 64 * width + 1);
  for (size_t i = 1; i < list->length; i++) {
    uint8_t q = 0;
    pauli_xor(t, string_list_row(list, 0), string_list_row(list, i), w);
    memcpy(moved, t, width * sizeof *t);
    if (echelon_reduce(&e, moved, &q)) continue; /* a sum of known ones */
    bool inside = commutes_with_all(t, list, w);
    for (size_t j = 0; j < list->length && inside; j++) {
      pauli_xor(moved, t, string_list_row(list, j), w);
      inside = string_list_find(list, moved) != SIZE_MAX;
    }
    q = 0;
    if (inside) echelon_add(&e, t, &q);
  }
  size_t length = e.length;
  echelon_clear(&e);
  flint_free(t);
  flint_free(moved);
  return length;
}

/* Size of a maximal set of commuting strings. */
static size_t count_torus(const string_list_t list, size_t w) {
  string_list_t torus;
  string_list_init(torus, w);
  for (size_t i = 0; i < list->length; i++)
    if (commutes_with_all(string_list_row(list, i), torus, w))
      string_list_add(torus, string_list_row(list, i));
  size_t size = torus->length;
  string_list_clear(torus);
  return size;
}

/* Cartan letter of a simple compact algebra by dimension, rank and the number
   of strings that anticommute with one; 0 when it is none of A, B, C, D. B2, D2
   and D3 are named C2, A1 A1, A3. */
static char cartan_letter(size_t dimension, size_t rank, size_t valency) {
  if (dimension == rank * (rank + 2)) return 'A';
  if (rank >= 4 && dimension == rank * (2 * rank - 1)) return 'D';
  if (rank < 2 || dimension != rank * (2 * rank + 1)) return 0;
  if (rank == 2 || valency == rank * (rank + 1)) return 'C';
  return valency == 4 * rank - 2 ? 'B' : 0;
}

static bool add_component(structure_t s, const string_list_t list, size_t w) {
  size_t twists = count_centroid(list, w), valency = 0;
  size_t copies = (size_t)1 << twists;
  for (size_t i = 0; i < list->length; i++)
    valency += pauli_anticommute(string_list_row(list, 0),
                                 string_list_row(list, i), w);
  size_t torus = count_torus(list, w);
  if (list->length % copies || torus % copies || valency % copies)
    return false;
  char letter = cartan_letter(list->length / copies, torus / copies,
                              valency / copies);
  if (!letter) return false;
  fmpz_t rank, dimension, count;
  fmpz_init_set_ui(rank, torus / copies);
  fmpz_init_set_ui(dimension, list->length / copies);
  fmpz_init_set_ui(count, copies);
  structure_add_ideal(s, letter, rank, dimension, count);
  fmpz_clear(rank);
  fmpz_clear(dimension);
  fmpz_clear(count);
  return true;
}

bool check_structure(structure_t s, const check_generators_t g,
                     size_t max_elements) {
  size_t w = g->num_words, total = 0;
  uint8_t *seen = flint_calloc(g->strings->length + 1, 1);
  const char *reason = NULL;
  count_sectors(s, g);
  for (size_t i = 0; i < g->strings->length && !reason; i++) {
    if (seen[i]) continue;
    string_list_t list;
    string_list_init(list, w);
    if (!list_component(list, string_list_row(g->strings, i), g,
                        max_elements - total)) {
      reason = "the algebra has too many elements to be listed";
    } else {
      for (size_t j = i; j < g->strings->length; j++)
        if (string_list_find(list, string_list_row(g->strings, j)) != SIZE_MAX)
          seen[j] = 1;
      total += list->length;
      if (list->length == 1) fmpz_add_ui(s->center, s->center, 1);
      else if (!add_component(s, list, w))
        reason = "a simple ideal is of no classical type";
    }
    string_list_clear(list);
  }
  flint_free(seen);
  fmpz_set_ui(s->dimension, total);
  s->proved = s->ideals_known = !reason;
  structure_set_text(&s->reason, reason);
  return !reason;
}
