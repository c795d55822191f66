#include <stdlib.h>

#include "algebra/closure/span.h"

/* --- primitive integer copies --------------------------------------------- */

static void set_primitive(pauli_sum_struct *out, const pauli_sum_struct *in) {
  fmpz_t den, num;
  fmpq_t scale;
  fmpz_init_set_ui(den, 1);
  fmpz_init(num);
  fmpq_init(scale);
  pauli_sum_init(out, in->num_qubits);
  for (size_t t = 0; t < in->length; t++) {
    fmpz_lcm(den, den, fmpq_denref(in->coeffs + t));
    fmpz_gcd(num, num, fmpq_numref(in->coeffs + t));
  }
  if (in->length) {
    fmpq_set_fmpz_frac(scale, den, num);
    pauli_sum_scalar_mul(out, in, scale);
  }
  fmpz_clear(den);
  fmpz_clear(num);
  fmpq_clear(scale);
}

/* Echelon basis over F_2 of the strings of a sum: a string commutes with the
   whole sum's terms iff with these. */
static void set_string_basis(uint64_t **basis, size_t *rank,
                             const pauli_sum_struct *sum) {
  size_t width = 2 * sum->num_words, words = width ? width : 1;
  size_t most = 2 * sum->num_qubits < sum->length ? 2 * sum->num_qubits
                                                  : sum->length;
  *basis = flint_malloc((most + 1) * words * sizeof **basis);
  size_t *lead = flint_malloc((most + 1) * sizeof *lead);
  uint64_t *v = flint_malloc(words * sizeof *v);
  *rank = 0;
  for (size_t t = 0; t < sum->length && *rank < most; t++) {
    memcpy(v, pauli_sum_string(sum, t), width * sizeof *v);
    for (size_t k = 0; k < *rank; k++)
      if (v[lead[k] / 64] >> lead[k] % 64 & 1)
        pauli_xor(v, v, *basis + k * width, sum->num_words);
    size_t i = 0;
    while (i < width && !v[i]) i++;
    if (i == width) continue;
    lead[*rank] = 64 * i + (size_t)__builtin_ctzll(v[i]);
    memcpy(*basis + *rank * width, v, width * sizeof *v);
    ++*rank;
  }
  flint_free(lead);
  flint_free(v);
}

/* --- gradings -------------------------------------------------------------- */

static bool odd_y(const uint64_t *p, size_t w) {
  uint64_t acc = 0;
  for (size_t i = 0; i < w; i++) acc ^= p[i] & p[w + i];
  return __builtin_parityll(acc);
}

typedef struct {
  size_t unknowns, words;
  uint64_t *rows; /* echelon, pivot by row */
  size_t *pivots;
  size_t rank;
} system_struct;

static void system_add(system_struct *system, uint64_t *v) {
  for (size_t k = 0; k < system->rank; k++)
    if (v[system->pivots[k] / 64] >> system->pivots[k] % 64 & 1)
      for (size_t i = 0; i < system->words; i++)
        v[i] ^= system->rows[k * system->words + i];
  size_t i = 0;
  while (i < system->words && !v[i]) i++;
  if (i == system->words) return;
  size_t pivot = 64 * i + (size_t)__builtin_ctzll(v[i]);
  for (size_t k = 0; k < system->rank; k++) {
    uint64_t *row = system->rows + k * system->words;
    if (row[pivot / 64] >> pivot % 64 & 1)
      for (size_t j = 0; j < system->words; j++) row[j] ^= v[j];
  }
  memcpy(system->rows + system->rank * system->words, v,
         system->words * sizeof *v);
  system->pivots[system->rank++] = pivot;
}

/* Equation: the functional takes the same value on p and on q. A functional
   (l, s) has as unknowns the coefficient of each bit of a string, then s. */
static void system_equate(system_struct *system, uint64_t *v,
                          const uint64_t *p, const uint64_t *q, size_t w) {
  memset(v, 0, system->words * sizeof *v);
  pauli_xor(v, p, q, w);
  if (odd_y(p, w) != odd_y(q, w)) v[2 * w] = 1;
  system_add(system, v);
}

static void find_gradings(span_struct *span) {
  size_t n = span->num_qubits, w = span->num_words;
  system_struct system = {.unknowns = 2 * n + 1, .words = 2 * w + 1};
  system.rows =
      flint_malloc((system.unknowns + 1) * system.words * sizeof(uint64_t));
  system.pivots = flint_malloc((system.unknowns + 1) * sizeof(size_t));
  uint64_t *v = flint_malloc((system.words + 4 * w + 1) * sizeof *v);
  for (size_t k = 0; k < span->num_maps + span->num_seeds; k++) {
    const pauli_sum_struct *sum = k < span->num_maps
                                      ? span->ops + k
                                      : span->seeds + (k - span->num_maps);
    for (size_t t = 1; t < sum->length; t++)
      system_equate(&system, v, pauli_sum_string(sum, 0),
                    pauli_sum_string(sum, t), w);
  }
  size_t *root = flint_malloc((n + 1) * sizeof *root);
  symmetry_qubit_orbits(root, &span->symmetry);
  for (size_t j = 0; j < n; j++)
    for (unsigned part = 0; part < 2 && root[j] != j; part++) {
      memset(v, 0, system.words * sizeof *v);
      v[part * w + j / 64] |= UINT64_C(1) << j % 64;
      v[part * w + root[j] / 64] |= UINT64_C(1) << root[j] % 64;
      system_add(&system, v);
    }
  /* Kernel: one functional per free unknown, at most 64 of them. */
  span->gradings = flint_calloc(64 * 2 * w + 1, sizeof(uint64_t));
  span->grading_y = flint_calloc(64, 1);
  bool *is_pivot = flint_calloc(64 * system.words, sizeof *is_pivot);
  for (size_t k = 0; k < system.rank; k++) is_pivot[system.pivots[k]] = true;
  for (size_t u = 0; u < system.unknowns && span->num_gradings < 64; u++) {
    size_t bit = u == 2 * n ? 128 * w : u < n ? u : 64 * w + (u - n);
    if (is_pivot[bit]) continue;
    uint64_t *out = span->gradings + span->num_gradings * 2 * w;
    uint8_t *y = span->grading_y + span->num_gradings++;
    if (bit == 128 * w) *y = 1;
    else out[bit / 64] |= UINT64_C(1) << bit % 64;
    for (size_t k = 0; k < system.rank; k++) {
      const uint64_t *row = system.rows + k * system.words;
      size_t at = system.pivots[k];
      if (!(row[bit / 64] >> bit % 64 & 1)) continue;
      if (at == 128 * w) *y = 1;
      else out[at / 64] |= UINT64_C(1) << at % 64;
    }
  }
  flint_free(is_pivot);
  flint_free(root);
  flint_free(v);
  flint_free(system.rows);
  flint_free(system.pivots);
}

static uint64_t grading_key(const span_struct *span, const uint64_t *p) {
  size_t w = span->num_words;
  uint64_t key = 0;
  bool y = odd_y(p, w);
  for (size_t k = 0; k < span->num_gradings; k++) {
    const uint64_t *l = span->gradings + k * 2 * w;
    uint64_t acc = 0;
    for (size_t i = 0; i < 2 * w; i++) acc ^= l[i] & p[i];
    bool value = __builtin_parityll(acc) ^ (span->grading_y[k] && y);
    key |= (uint64_t)value << k;
  }
  return key;
}

/* --- columns ---------------------------------------------------------------- */

static uint32_t block_for_key(span_struct *span, uint64_t key) {
  uint64_t hash = hash_words(&key, 1);
  for (size_t probe = 0, b;
       (b = hash_table_next(span->blocks_by_key, hash, &probe)) != SIZE_MAX;)
    if (span->blocks[b].key == key) return (uint32_t)b;
  if (span->num_blocks == span->alloc_blocks) {
    span->alloc_blocks = 2 * span->alloc_blocks + 16;
    span->blocks = flint_realloc(span->blocks,
                                 span->alloc_blocks * sizeof *span->blocks);
  }
  uint32_t b = (uint32_t)span->num_blocks++;
  span->blocks[b] = (block_struct){.key = key};
  span->blocks[b].checked =
      flint_calloc(span->num_maps + 1, sizeof *span->blocks[b].checked);
  hash_table_put(span->blocks_by_key, hash, b);
  return b;
}

static void grow_columns(span_struct *span) {
  size_t old = span->alloc_columns, alloc = 2 * old + 64;
  size_t width = 2 * span->num_words;
  span->block_of = flint_realloc(span->block_of, alloc * sizeof(uint32_t));
  span->local_of = flint_realloc(span->local_of, alloc * sizeof(uint32_t));
  span->images = flint_realloc(
      span->images, (alloc * span->num_maps + 1) * sizeof *span->images);
  memset(span->images + old * span->num_maps, 0,
         (alloc - old) * span->num_maps * sizeof *span->images);
  span->bytes += (alloc - old) * (8 * width + 24 + 16 * span->num_maps);
  span->alloc_columns = alloc;
}

static void append_to_block(span_struct *span, uint32_t column) {
  uint32_t b = block_for_key(
      span, grading_key(span, span->strings +
                                  (size_t)column * 2 * span->num_words));
  block_struct *block = span->blocks + b;
  if (block->num_columns == block->alloc_columns) {
    uint32_t alloc = 2 * block->alloc_columns + 4;
    block->columns =
        flint_realloc(block->columns, alloc * sizeof *block->columns);
    block->row_of = flint_realloc(block->row_of, alloc * sizeof(uint32_t));
    memset(block->row_of + block->alloc_columns, 0,
           (alloc - block->alloc_columns) * sizeof(uint32_t));
    block->alloc_columns = alloc;
  }
  span->block_of[column] = b;
  span->local_of[column] = block->num_columns;
  block->columns[block->num_columns++] = column;
}

uint32_t span_find_column(const span_struct *span, const uint64_t *string,
                          uint64_t *scratch) {
  if (!span->symmetry.trivial) {
    symmetry_canonical(scratch, &span->symmetry, string,
                       scratch + 2 * span->num_words);
    string = scratch;
  }
  size_t column = row_table_find(&span->table, string);
  return column == SIZE_MAX ? UINT32_MAX : (uint32_t)column;
}

uint32_t span_column(span_struct *span, const uint64_t *string) {
  size_t width = 2 * span->num_words;
  uint64_t small[16], *scratch = small;
  if (2 * width > 16) scratch = flint_malloc(2 * width * sizeof *scratch);
  const uint64_t *canonical = string;
  if (!span->symmetry.trivial) {
    symmetry_canonical(scratch, &span->symmetry, string, scratch + width);
    canonical = scratch;
  }
  bool is_new;
  uint32_t column = (uint32_t)row_table_add(&span->table, canonical, &is_new);
  if (is_new) {
    span->strings = span->table.rows;
    if (span->num_columns == span->alloc_columns) grow_columns(span);
    span->num_columns++;
    append_to_block(span, column);
  }
  if (scratch != small) flint_free(scratch);
  return column;
}

static bool commutes_with_all(const span_struct *span, size_t map,
                              const uint64_t *p) {
  for (size_t k = 0; k < span->op_ranks[map]; k++)
    if (pauli_anticommute(p, span->op_spans[map] + k * 2 * span->num_words,
                          span->num_words))
      return false;
  return true;
}

bool span_image(span_struct *span, size_t map, uint32_t column) {
  size_t w = span->num_words, width = 2 * w;
  const pauli_sum_struct *op = span->ops + map;
  bool lie = span->kinds[map] == SPAN_LIE;
  if (span_image_at(span, map, column)->known) return true;
  if (span->bytes > span->max_bytes || span->num_columns >= UINT32_MAX / 4)
    return false;
  image_entry_t *entries = NULL;
  uint32_t length = 0, alloc = 0;
  uint64_t *p = flint_malloc((2 * width + 1) * sizeof *p), *r = p + width;
  memcpy(p, span->strings + column * width, width * sizeof *p);
  size_t terms =
      lie && commutes_with_all(span, map, p) ? 0 : op->length;
  for (size_t t = 0; t < terms; t++) {
    const uint64_t *string = pauli_sum_string(op, t);
    if (pauli_anticommute(string, p, w) != lie) continue;
    unsigned e = pauli_mul(r, string, p, w);
    /* Lie: i i^e, e odd. Jordan: i^e, e even. */
    bool negative = lie ? e == 1 : e == 2;
    if (length == alloc) {
      alloc = 2 * alloc + 4;
      entries = flint_realloc(entries, alloc * sizeof *entries);
    }
    int32_t term = (int32_t)t + 1;
    entries[length++] =
        (image_entry_t){span_column(span, r), negative ? -term : term};
  }
  flint_free(p);
  span->bytes += alloc * sizeof *entries;
  *span_image_at(span, map, column) =
      (image_struct){.length = length, .known = true, .entries = entries};
  return true;
}

/* --- life -------------------------------------------------------------------- */

void span_init(span_struct *span, size_t num_qubits, const span_map_t *maps,
               size_t num_maps, const pauli_sum_struct *const *seeds,
               size_t num_seeds, const closure_limits_t *limits) {
  *span = (span_struct){.num_qubits = num_qubits,
                        .num_words = pauli_words(num_qubits),
                        .num_maps = num_maps, .num_seeds = num_seeds};
  if (limits) span->limits = *limits;
  span->max_bytes = limits && limits->max_bytes ? limits->max_bytes
                                                : (size_t)4 << 30;
  span->ops = flint_malloc((num_maps + 1) * sizeof *span->ops);
  span->kinds = flint_malloc((num_maps + 1) * sizeof *span->kinds);
  span->op_spans = flint_malloc((num_maps + 1) * sizeof *span->op_spans);
  span->op_ranks = flint_malloc((num_maps + 1) * sizeof *span->op_ranks);
  span->seeds = flint_malloc((num_seeds + 1) * sizeof *span->seeds);
  const pauli_sum_struct **all =
      flint_malloc((num_maps + num_seeds + 1) * sizeof *all);
  for (size_t k = 0; k < num_maps; k++) {
    span->kinds[k] = maps[k].kind;
    set_primitive(span->ops + k, maps[k].op);
    set_string_basis(span->op_spans + k, span->op_ranks + k, span->ops + k);
    all[k] = span->ops + k;
  }
  for (size_t k = 0; k < num_seeds; k++) {
    set_primitive(span->seeds + k, seeds[k]);
    all[num_maps + k] = span->seeds + k;
  }
  symmetry_init(&span->symmetry, num_qubits, all, num_maps + num_seeds, 4096);
  flint_free(all);
  find_gradings(span);
  row_table_init(&span->table, 2 * span->num_words);
  hash_table_init(span->blocks_by_key);
}

void span_clear(span_struct *span) {
  span_drop_rows(span);
  for (size_t b = 0; b < span->num_blocks; b++) {
    span_clear_exact(span->blocks + b);
    flint_free(span->blocks[b].columns);
    flint_free(span->blocks[b].row_of);
    flint_free(span->blocks[b].rows);
    flint_free(span->blocks[b].checked);
  }
  for (size_t k = 0; k < span->num_maps; k++) {
    for (uint32_t c = 0; c < span->num_columns; c++)
      flint_free(span_image_at(span, k, c)->entries);
    pauli_sum_clear(span->ops + k);
    flint_free(span->op_spans[k]);
  }
  for (size_t k = 0; k < span->num_seeds; k++)
    pauli_sum_clear(span->seeds + k);
  symmetry_clear(&span->symmetry);
  flint_free(span->ops);
  flint_free(span->kinds);
  flint_free(span->op_spans);
  flint_free(span->op_ranks);
  flint_free(span->seeds);
  flint_free(span->gradings);
  flint_free(span->grading_y);
  flint_free(span->block_of);
  flint_free(span->local_of);
  row_table_clear(&span->table);
  flint_free(span->images);
  flint_free(span->blocks);
  hash_table_clear(span->blocks_by_key);
  *span = (span_struct){0};
}
