/* Elimination modulo span->prime < 2^28. Every vector lies in one block and is
   reduced from its newest column down; the newest column that is left becomes
   the pivot, so that a vector with a string never seen before costs nothing.
   Products are below 2^56: after 255 of them the accumulator is reduced. */
#include <flint/ulong_extras.h>
#include <omp.h>
#include <stdlib.h>

#include "algebra/closure/span.h"

enum { LAZY = 200, CHUNK = 64, DENSE_FROM = 48 };

typedef struct {
  uint64_t n, inverse; /* floor((2^64 - 1) / n) */
} modulus_struct;

static modulus_struct modulus_for(uint64_t prime) {
  return (modulus_struct){prime, UINT64_MAX / prime};
}

/* v mod n: the quotient found is too small by one at most (Barrett 1986). */
static inline uint64_t reduce(uint64_t v, modulus_struct mod) {
  uint64_t q = (uint64_t)((unsigned __int128)v * mod.inverse >> 64);
  uint64_t r = v - q * mod.n;
  return r >= mod.n ? r - mod.n : r;
}

typedef struct {
  uint64_t *acc;  /* one entry a local column; zero between uses */
  uint64_t *bits; /* which entries may be non-zero, unless all */
  size_t alloc;
  bool all;
  unsigned products;
} work_struct;

typedef struct {
  uint32_t block, row;
  uint32_t map;
  uint32_t target;
  bool skip;
  row_struct result; /* result.val NULL: it reduced to zero */
} candidate_struct;

static void work_fit(work_struct *work, size_t columns) {
  if (columns <= work->alloc) return;
  size_t alloc = columns + columns / 2 + 64;
  work->acc = flint_realloc(work->acc, alloc * sizeof(uint64_t));
  memset(work->acc + work->alloc, 0,
         (alloc - work->alloc) * sizeof(uint64_t));
  flint_free(work->bits);
  work->bits = flint_calloc(alloc / 64 + 1, sizeof(uint64_t));
  work->alloc = alloc;
}

static void work_clear(work_struct *work) {
  flint_free(work->acc);
  flint_free(work->bits);
}

static inline void work_touch(work_struct *work, uint32_t i) {
  work->bits[i / 64] |= UINT64_C(1) << i % 64;
}

static void settle(work_struct *work, size_t columns, modulus_struct mod) {
  for (size_t i = 0; i < columns; i++)
    if (work->acc[i] >= mod.n) work->acc[i] = reduce(work->acc[i], mod);
  work->products = 0;
}

/* acc += c * row, below the pivot. */
static void add_row(work_struct *work, const row_struct *row, uint32_t c,
                    modulus_struct mod) {
  if (++work->products > LAZY) settle(work, row->pivot + 1, mod);
  if (row->idx) {
    for (uint32_t k = 0; k < row->length; k++) {
      work->acc[row->idx[k]] += (uint64_t)c * row->val[k];
      work_touch(work, row->idx[k]);
    }
  } else {
    span_axpy(work->acc, row->val, c, row->pivot);
    work->all = true;
  }
}

/* The next entry below `below` that may be non-zero, or UINT32_MAX. */
static inline uint32_t next_entry(const work_struct *work, uint32_t below) {
  if (work->all) {
    while (below > 0)
      if (work->acc[--below]) return below;
    return UINT32_MAX;
  }
  if (below == 0) return UINT32_MAX;
  uint32_t word = (below - 1) / 64, rest = (below - 1) % 64;
  uint64_t bits = work->bits[word] & (~UINT64_C(0) >> (63 - rest));
  while (!bits) {
    if (word == 0) return UINT32_MAX;
    bits = work->bits[--word];
  }
  return word * 64 + 63 - (uint32_t)__builtin_clzll(bits);
}

/* Reduces acc by the rows with pivots below `top` and takes it out as a row
   scaled to 1 at its pivot; val NULL when nothing is left. acc is zero again.
   leading: the vector has this pivot already (value 1), above `top`. */
static row_struct take_reduced(work_struct *work, const block_struct *block,
                               uint32_t top, uint32_t leading, modulus_struct mod) {
  uint32_t length = 0, room = 0;
  uint32_t *idx = NULL, *val = NULL;
  bool has_pivot = leading != UINT32_MAX;
  row_struct out = {.pivot = leading};
  uint64_t inverse = 1;
  for (uint32_t i = top; (i = next_entry(work, i)) != UINT32_MAX;) {
    uint64_t v = work->acc[i];
    work->acc[i] = 0;
    if (v >= mod.n) v = reduce(v, mod);
    if (v == 0) continue;
    uint32_t row = block->row_of[i];
    if (row) {
      add_row(work, block->rows + row - 1, (uint32_t)(mod.n - v), mod);
      continue;
    }
    if (!has_pivot) {
      has_pivot = true;
      out.pivot = i;
      inverse = n_invmod(v, mod.n);
      continue;
    }
    if (length == room) {
      room = 2 * room + 8;
      idx = flint_realloc(idx, room * sizeof *idx);
      val = flint_realloc(val, room * sizeof *val);
    }
    idx[length] = i;
    uint64_t scaled = v * inverse;
    scaled = reduce(scaled, mod);
    val[length++] = (uint32_t)scaled;
  }
  memset(work->bits, 0, (top / 64 + 1) * sizeof *work->bits);
  work->all = false;
  work->products = 0;
  if (!has_pivot) return out;
  if (out.pivot >= DENSE_FROM && 3 * (size_t)length > out.pivot) {
    uint32_t *dense = flint_calloc(out.pivot + 1, sizeof *dense);
    for (uint32_t k = 0; k < length; k++) dense[idx[k]] = val[k];
    flint_free(idx);
    flint_free(val);
    out.length = out.pivot;
    out.val = dense;
    return out;
  }
  out.length = length;
  out.idx = flint_realloc(idx, (length + 1) * sizeof *idx);
  out.val = flint_realloc(val, (length + 1) * sizeof *val);
  return out;
}

static void load_row(work_struct *work, const row_struct *row, bool pivot) {
  if (pivot) {
    work->acc[row->pivot] = 1;
    work_touch(work, row->pivot);
  }
  if (row->idx)
    for (uint32_t k = 0; k < row->length; k++) {
      work->acc[row->idx[k]] = row->val[k];
      work_touch(work, row->idx[k]);
    }
  else {
    for (uint32_t k = 0; k < row->pivot; k++) work->acc[k] = row->val[k];
    work->all = true;
  }
}

/* --- images of rows ---------------------------------------------------------- */

static void add_image(work_struct *work, const span_struct *span, size_t map,
                      uint32_t column, uint64_t value, modulus_struct mod) {
  const image_struct *image = span_image_at(span, map, column);
  for (uint32_t k = 0; k < image->length; k++) {
    int32_t term = image->entries[k].term;
    uint64_t c = term > 0 ? span->coeffs[map][term - 1]
                          : mod.n - span->coeffs[map][-term - 1];
    uint64_t product = value * c;
    product = reduce(product, mod);
    uint32_t local = span->local_of[image->entries[k].column];
    work->acc[local] += product;
    work_touch(work, local);
  }
}

static void compute(candidate_struct *candidate, work_struct *work,
                    const span_struct *span, modulus_struct mod) {
  const block_struct *source = span->blocks + candidate->block;
  const block_struct *target = span->blocks + candidate->target;
  const row_struct *row = source->rows + candidate->row;
  work_fit(work, target->num_columns);
  add_image(work, span, candidate->map, source->columns[row->pivot], 1, mod);
  for (uint32_t k = 0; k < row->length; k++)
    if (row->val[k])
      add_image(work, span, candidate->map,
                source->columns[row->idx ? row->idx[k] : k], row->val[k], mod);
  candidate->result =
      take_reduced(work, target, target->num_columns, UINT32_MAX, mod);
}

bool span_is_full(const span_struct *span, const block_struct *block) {
  (void)span;
  return block->num_rows == block->num_columns;
}

bool span_interrupted(const span_struct *span) {
  return span->limits.abort && span->limits.abort(span->limits.abort_data);
}

/* Makes the images of all columns of the row known and finds the block they
   lie in. *skip when the image is zero or its block is full. */
static bool prepare(candidate_struct *candidate, span_struct *span) {
  size_t map = candidate->map;
  candidate->skip = true;
  uint32_t target = UINT32_MAX;
  block_struct *block = span->blocks + candidate->block;
  const row_struct row = block->rows[candidate->row];
  if (row.idx == NULL)
    for (uint32_t k = block->checked[map]; k <= row.pivot; k++) {
      if (!span_image(span, map, span->blocks[candidate->block].columns[k]))
        return false;
      span->blocks[candidate->block].checked[map] = k + 1;
    }
  for (uint32_t k = 0; k <= row.length; k++) {
    uint32_t local = k == row.length ? row.pivot : row.idx ? row.idx[k] : k;
    uint32_t column = span->blocks[candidate->block].columns[local];
    if (row.idx == NULL && row.val[k < row.length ? k : 0] == 0 &&
        k < row.length)
      continue;
    if (!span_image(span, map, column)) return false;
    const image_struct *image = span_image_at(span, map, column);
    if (image->length && target == UINT32_MAX) {
      target = span->block_of[image->entries[0].column];
      if (row.idx == NULL) break;
    }
    if ((k & 255) == 255 && span_interrupted(span)) return false;
  }
  if (target == UINT32_MAX) return true;
  candidate->target = target;
  candidate->skip = span_is_full(span, span->blocks + target);
  return true;
}

/* --- the loop ----------------------------------------------------------------- */

typedef struct {
  span_struct *span;
  modulus_struct mod;
  size_t num_work;
  work_struct *work;
  /* rows in order of insertion */
  uint32_t (*queue)[2];
  size_t queued, alloc;
} run_struct;

static void free_row(row_struct *row) {
  flint_free(row->idx);
  flint_free(row->val);
}

static void insert_row(run_struct *run, uint32_t b, row_struct row) {
  block_struct *block = run->span->blocks + b;
  if (block->num_rows == block->alloc_rows) {
    block->alloc_rows = 2 * block->alloc_rows + 4;
    block->rows =
        flint_realloc(block->rows, block->alloc_rows * sizeof *block->rows);
  }
  block->rows[block->num_rows++] = row;
  block->row_of[row.pivot] = block->num_rows;
  run->span->bytes += (row.idx ? 8 : 4) * (size_t)row.length + 64;
  run->span->dimension++;
  if (run->queued == run->alloc) {
    run->alloc = 2 * run->alloc + 64;
    run->queue = flint_realloc(run->queue, run->alloc * sizeof *run->queue);
  }
  run->queue[run->queued][0] = b;
  run->queue[run->queued++][1] = block->num_rows - 1;
}

static bool over_limit(const span_struct *span) {
  return (span->limits.max_dimension &&
          span->dimension > span->limits.max_dimension) ||
         span->bytes > span->max_bytes || span_interrupted(span);
}

static bool add_seeds(run_struct *run) {
  span_struct *span = run->span;
  for (size_t s = 0; s < span->num_seeds; s++) {
    const pauli_sum_struct *seed = span->seeds + s;
    if (seed->length == 0) continue;
    for (size_t t = 0; t < seed->length; t++) {
      span_column(span, pauli_sum_string(seed, t));
      if (span->num_columns * 64 > span->max_bytes) return false;
    }
    uint64_t small[16], *scratch = small;
    if (4 * span->num_words > 16)
      scratch = flint_malloc(4 * span->num_words * sizeof *scratch);
    uint32_t b = 0;
    work_struct *work = run->work;
    for (size_t t = 0; t < seed->length; t++) {
      uint32_t column =
          span_find_column(span, pauli_sum_string(seed, t), scratch);
      uint32_t local = span->local_of[column];
      b = span->block_of[column];
      work_fit(work, span->blocks[b].num_columns);
      work->acc[local] += fmpz_fdiv_ui(fmpq_numref(seed->coeffs + t),
                                       run->mod.n);
      work_touch(work, local);
    }
    if (scratch != small) flint_free(scratch);
    row_struct row = take_reduced(work, span->blocks + b,
                                  span->blocks[b].num_columns, UINT32_MAX,
                                  run->mod);
    if (row.val) insert_row(run, b, row);
    if (over_limit(span)) return false;
  }
  return true;
}

/* Rows of the chunk, reduced against each other and inserted. */
static void merge(run_struct *run, candidate_struct *chunk, size_t length) {
  span_struct *span = run->span;
  work_struct *work = run->work;
  for (size_t k = 0; k < length; k++) {
    candidate_struct *c = chunk + k;
    if (c->skip || !c->result.val) continue;
    block_struct *target = span->blocks + c->target;
    work_fit(work, target->num_columns);
    load_row(work, &c->result, true);
    uint32_t top = c->result.pivot + 1;
    free_row(&c->result);
    row_struct row = take_reduced(work, target, top, UINT32_MAX, run->mod);
    if (row.val) insert_row(run, c->target, row);
  }
}

static bool process(run_struct *run) {
  span_struct *span = run->span;
  candidate_struct chunk[CHUNK];
  size_t head = 0;
  uint32_t map = 0;
  bool ok = true;
  while (ok && head < run->queued && span->num_maps) {
    size_t length = 0, work_estimate = 0;
    while (length < CHUNK && head < run->queued && ok) {
      candidate_struct *c = chunk + length;
      *c = (candidate_struct){.block = run->queue[head][0],
                              .row = run->queue[head][1], .map = map};
      ok = prepare(c, span);
      if (ok && !c->skip) {
        length++;
        work_estimate += span->blocks[c->target].num_rows;
      }
      if (++map == span->num_maps) {
        map = 0;
        head++;
      }
    }
    if (over_limit(span)) ok = false;
    int threads = work_estimate > 256 ? (int)run->num_work : 1;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
    for (size_t k = 0; k < length; k++)
      compute(chunk + k, run->work + omp_get_thread_num(), span, run->mod);
    merge(run, chunk, length);
    if (over_limit(span)) ok = false;
  }
  return ok;
}

static void set_coeffs(span_struct *span) {
  span->coeffs = flint_malloc((span->num_maps + 1) * sizeof *span->coeffs);
  for (size_t k = 0; k < span->num_maps; k++) {
    const pauli_sum_struct *op = span->ops + k;
    span->coeffs[k] = flint_malloc((op->length + 1) * sizeof(uint32_t));
    for (size_t t = 0; t < op->length; t++)
      span->coeffs[k][t] = (uint32_t)fmpz_fdiv_ui(
          fmpq_numref(op->coeffs + t), span->prime);
  }
}

void span_drop_rows(span_struct *span) {
  for (size_t b = 0; b < span->num_blocks; b++) {
    block_struct *block = span->blocks + b;
    for (uint32_t k = 0; k < block->num_rows; k++) free_row(block->rows + k);
    block->num_rows = 0;
    if (block->row_of)
      memset(block->row_of, 0, block->alloc_columns * sizeof(uint32_t));
  }
  if (span->coeffs)
    for (size_t k = 0; k < span->num_maps; k++) flint_free(span->coeffs[k]);
  flint_free(span->coeffs);
  span->coeffs = NULL;
}

status_t span_eliminate(span_struct *span) {
  run_struct run = {.span = span};
  int threads = span->limits.num_threads ? (int)span->limits.num_threads
                                         : omp_get_max_threads();
  run.num_work = (size_t)threads;
  run.work = flint_calloc(run.num_work, sizeof *run.work);
  run.mod = modulus_for(span->prime);
  span_drop_rows(span);
  set_coeffs(span);
  span->dimension = 0;
  bool ok = add_seeds(&run) && process(&run);
  for (size_t k = 0; k < run.num_work; k++) work_clear(run.work + k);
  flint_free(run.work);
  flint_free(run.queue);
  return ok ? STATUS_OK : STATUS_LIMIT;
}

/* --- reduced echelon form ------------------------------------------------------- */

static bool has_gap(const block_struct *block, const row_struct *row) {
  for (uint32_t k = 0; k < row->length; k++)
    if (row->val[k] && block->row_of[row->idx ? row->idx[k] : k]) return true;
  return false;
}

status_t span_reduce_rows(span_struct *span) {
  modulus_struct mod = modulus_for(span->prime);
  work_struct work = {0};
  status_t status = STATUS_OK;
  for (size_t b = 0; b < span->num_blocks && status == STATUS_OK; b++) {
    block_struct *block = span->blocks + b;
    if (span_is_full(span, block)) continue;
    work_fit(&work, block->num_columns);
    for (uint32_t i = 0; i < block->num_columns; i++) {
      if (!block->row_of[i]) continue;
      row_struct *row = block->rows + block->row_of[i] - 1;
      if (!has_gap(block, row)) continue;
      load_row(&work, row, false);
      row_struct reduced = take_reduced(&work, block, i, i, mod);
      free_row(row);
      *row = reduced;
      if (span_interrupted(span)) {
        status = STATUS_LIMIT;
        break;
      }
    }
  }
  work_clear(&work);
  return status;
}
