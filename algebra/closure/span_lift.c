/* From the reduced echelon form modulo primes to one over Q, with proof.

   Let W_p be the echelon rows found modulo p, d of them: d <= dim W. Their
   lift to Q (Chinese remainders, rational reconstruction) spans a space U of
   dimension d. If U holds every seed and every map carries U into U, then
   W is inside U, so W = U. Whether a vector v lies in U is the vanishing of
       v - sum_(pivots a) v_a row_a,
   a rational vector whose denominators divide L^2 (L the common denominator
   of the rows) and whose entries are bounded by B / L^2,
       B = max(G R, S) (1 + M) L^2,
   G, S the largest 1-norms of maps and seeds, R that of rows, M the largest
   entry of a row. It is zero iff it vanishes modulo numbers prime to L with
   a product above B; 2^64 serves as the first such number when L = 1. */
#include <assert.h>
#include <flint/fmpz_vec.h>
#include <flint/ulong_extras.h>
#include <omp.h>

#include "algebra/closure/span.h"

enum { MAX_PRIMES = 3000 };

/* --- Chinese remainders -------------------------------------------------------- */

typedef struct {
  uint32_t pivot, length;
  uint32_t *idx; /* ascending */
  fmpz *res;
} residue_row_struct;

typedef struct {
  fmpz_t modulus;
  size_t dimension;
  size_t num_blocks;
  uint32_t *num_rows;
  residue_row_struct **rows;
} lift_struct;

static void lift_reset(lift_struct *lift) {
  for (size_t b = 0; b < lift->num_blocks; b++) {
    for (uint32_t k = 0; k < lift->num_rows[b]; k++) {
      _fmpz_vec_clear(lift->rows[b][k].res, lift->rows[b][k].length);
      flint_free(lift->rows[b][k].idx);
    }
    flint_free(lift->rows[b]);
  }
  flint_free(lift->rows);
  flint_free(lift->num_rows);
  lift->rows = NULL;
  lift->num_rows = NULL;
  lift->num_blocks = 0;
  fmpz_one(lift->modulus);
}

/* Ascending list of the non-zero entries of a row modulo the prime. */
static uint32_t list_entries(uint32_t *idx, uint32_t *val,
                             const row_struct *row) {
  uint32_t n = 0;
  for (uint32_t k = 0; k < row->length; k++) {
    uint32_t at = row->idx ? row->length - 1 - k : k;
    if (!row->val[at]) continue;
    idx[n] = row->idx ? row->idx[at] : at;
    val[n++] = row->val[at];
  }
  return n;
}

static void combine(residue_row_struct *out, const residue_row_struct *old,
                    const row_struct *row, const fmpz_t modulus,
                    uint64_t prime) {
  uint32_t *idx = flint_malloc((row->length + 1) * sizeof *idx);
  uint32_t *val = flint_malloc((row->length + 1) * sizeof *val);
  uint32_t n = list_entries(idx, val, row), i = 0, j = 0, at = 0;
  uint32_t room = n + old->length;
  fmpz_t zero;
  fmpz_init(zero);
  *out = (residue_row_struct){.pivot = row->pivot};
  out->idx = flint_malloc((room + 1) * sizeof *out->idx);
  out->res = _fmpz_vec_init(room + 1);
  while (i < n || j < old->length) {
    uint32_t a = i < n ? idx[i] : UINT32_MAX;
    uint32_t b = j < old->length ? old->idx[j] : UINT32_MAX;
    uint32_t c = a < b ? a : b;
    fmpz_CRT_ui(out->res + at, b == c ? old->res + j : zero, modulus,
                a == c ? val[i] : 0, prime, 0);
    out->idx[at++] = c;
    i += a == c;
    j += b == c;
  }
  out->length = at;
  for (uint32_t k = at; k < room + 1; k++) fmpz_clear(out->res + k);
  flint_free(idx);
  flint_free(val);
  fmpz_clear(zero);
}

/* -1 the stored pivots are better, 1 the new ones, 0 equal. */
static int compare_pivots(const lift_struct *lift, const span_struct *span) {
  if (lift->dimension != span->dimension)
    return lift->dimension < span->dimension ? 1 : -1;
  for (size_t b = 0; b < span->num_blocks; b++) {
    const block_struct *block = span->blocks + b;
    uint32_t stored = b < lift->num_blocks ? lift->num_rows[b] : 0, k = 0;
    if (stored != block->num_rows) return stored < block->num_rows ? 1 : -1;
    for (uint32_t i = 0; i < block->num_columns; i++)
      if (block->row_of[i]) {
        uint32_t pivot = lift->rows[b][k++].pivot;
        if (pivot != i) return pivot < i ? 1 : -1;
      }
  }
  return 0;
}

/* False when the new prime was a bad one. */
static bool lift_add(lift_struct *lift, const span_struct *span) {
  bool first = fmpz_is_one(lift->modulus);
  int order = first ? 1 : compare_pivots(lift, span);
  if (order < 0) return false;
  if (order > 0) lift_reset(lift);
  lift_struct next = {.dimension = span->dimension,
                      .num_blocks = span->num_blocks};
  next.num_rows = flint_calloc(span->num_blocks + 1, sizeof *next.num_rows);
  next.rows = flint_calloc(span->num_blocks + 1, sizeof *next.rows);
  residue_row_struct none = {0};
  for (size_t b = 0; b < span->num_blocks; b++) {
    const block_struct *block = span->blocks + b;
    uint32_t k = 0;
    next.num_rows[b] = block->num_rows;
    next.rows[b] = flint_malloc((block->num_rows + 1) * sizeof **next.rows);
    for (uint32_t i = 0; i < block->num_columns; i++)
      if (block->row_of[i]) {
        /* The rows of a full block are as good as unit vectors. */
        row_struct row = block->rows[block->row_of[i] - 1];
        if (span_is_full(span, block)) row.length = 0;
        combine(next.rows[b] + k, order > 0 ? &none : lift->rows[b] + k, &row,
                lift->modulus, span->prime);
        k++;
      }
  }
  fmpz_init(next.modulus);
  fmpz_mul_ui(next.modulus, lift->modulus, span->prime);
  lift_reset(lift);
  fmpz_clear(lift->modulus);
  *lift = next;
  return true;
}

/* --- rational reconstruction ------------------------------------------------------ */

void span_clear_exact(block_struct *block) {
  for (uint32_t k = 0; k < block->num_exact; k++) {
    for (uint32_t i = 0; i < block->exact[k].length; i++)
      fmpq_clear(block->exact[k].val + i);
    flint_free(block->exact[k].idx);
    flint_free(block->exact[k].val);
  }
  flint_free(block->exact);
  flint_free(block->exact_of);
  block->exact = NULL;
  block->exact_of = NULL;
  block->num_exact = 0;
}

static bool reconstruct_row(exact_row_struct *out,
                            const residue_row_struct *row,
                            const fmpz_t modulus, const fmpz_t bound) {
  bool ok = true;
  *out = (exact_row_struct){.pivot = row->pivot};
  out->idx = flint_malloc((row->length + 1) * sizeof *out->idx);
  out->val = flint_malloc((row->length + 1) * sizeof *out->val);
  fmpz_t minus;
  fmpz_init(minus);
  for (uint32_t k = 0; k < row->length && ok; k++) {
    if (fmpz_is_zero(row->res + k)) continue;
    fmpq *v = out->val + out->length;
    out->idx[out->length++] = row->idx[k];
    fmpq_init(v);
    fmpz_sub(minus, row->res + k, modulus);
    if (fmpz_cmpabs(row->res + k, bound) <= 0)
      fmpz_set(fmpq_numref(v), row->res + k);
    else if (fmpz_cmpabs(minus, bound) <= 0)
      fmpz_set(fmpq_numref(v), minus);
    else
      ok = fmpq_reconstruct_fmpz(v, row->res + k, modulus);
  }
  fmpz_clear(minus);
  return ok;
}

static bool reconstruct(span_struct *span, const lift_struct *lift) {
  bool ok = true;
  fmpz_t bound;
  fmpz_init(bound);
  fmpz_fdiv_q_2exp(bound, lift->modulus, 1);
  fmpz_sqrt(bound, bound);
  for (size_t b = 0; b < span->num_blocks; b++) span_clear_exact(span->blocks + b);
  for (size_t b = 0; b < span->num_blocks && ok; b++) {
    block_struct *block = span->blocks + b;
    block->exact = flint_malloc((lift->num_rows[b] + 1) *
                                sizeof *block->exact);
    block->exact_columns = block->num_columns;
    block->exact_of = flint_calloc(block->num_columns + 1, sizeof(uint32_t));
    for (uint32_t k = 0; k < lift->num_rows[b] && ok; k++) {
      ok = reconstruct_row(block->exact + k, lift->rows[b] + k, lift->modulus,
                           bound);
      block->num_exact = k + 1;
      block->exact_of[block->exact[k].pivot] = k + 1;
    }
  }
  fmpz_clear(bound);
  return ok;
}

/* --- the exact check ----------------------------------------------------------- */

/* Arithmetic modulo q, or modulo 2^64 when q = 0. */
typedef struct {
  uint64_t q, inverse;
} ring_struct;

static inline uint64_t ring_mul(uint64_t a, uint64_t b, ring_struct ring) {
  return ring.q ? n_mulmod2_preinv(a, b, ring.q, ring.inverse) : a * b;
}
static inline uint64_t ring_add(uint64_t a, uint64_t b, ring_struct ring) {
  return ring.q ? n_addmod(a, b, ring.q) : a + b;
}
static inline uint64_t ring_neg(uint64_t a, ring_struct ring) {
  return ring.q ? n_negmod(a, ring.q) : (uint64_t)0 - a;
}
static uint64_t ring_fmpz(const fmpz_t x, ring_struct ring) {
  if (ring.q) return fmpz_fdiv_ui(x, ring.q);
  fmpz_t low;
  fmpz_init(low);
  fmpz_fdiv_r_2exp(low, x, 64);
  uint64_t v = fmpz_get_ui(low);
  fmpz_clear(low);
  return v;
}

typedef struct {
  ring_struct ring;
  uint64_t **coeffs;   /* per map */
  uint64_t ***values;  /* per block, per exact row: its entries */
} images_struct;

typedef struct {
  uint64_t *acc;
  uint8_t *mark;
  uint32_t *touched;
  size_t alloc;
  uint32_t num_touched;
} scratch_struct;

static void scratch_fit(scratch_struct *s, size_t columns) {
  if (columns <= s->alloc) return;
  size_t alloc = columns + columns / 2 + 16;
  flint_free(s->acc);
  flint_free(s->mark);
  flint_free(s->touched);
  s->acc = flint_calloc(alloc, sizeof *s->acc);
  s->mark = flint_calloc(alloc, 1);
  s->touched = flint_malloc(alloc * sizeof *s->touched);
  s->alloc = alloc;
}

static inline void scratch_add(scratch_struct *s, uint32_t i, uint64_t v,
                               ring_struct ring) {
  if (!s->mark[i]) {
    s->mark[i] = 1;
    s->touched[s->num_touched++] = i;
  }
  s->acc[i] = ring_add(s->acc[i], v, ring);
}

/* Subtracts the combination of rows that clears the pivots; is nothing left?
   Zeroes the scratch. */
static bool in_span(scratch_struct *s, const block_struct *block,
                    uint64_t *const *values, ring_struct ring) {
  uint32_t first = s->num_touched;
  bool zero = true;
  for (uint32_t t = 0; t < first; t++) {
    uint32_t i = s->touched[t];
    uint32_t k = i < block->exact_columns ? block->exact_of[i] : 0;
    if (!k || !s->acc[i]) continue;
    const exact_row_struct *row = block->exact + k - 1;
    uint64_t c = ring_neg(s->acc[i], ring);
    for (uint32_t j = 0; j < row->length; j++)
      scratch_add(s, row->idx[j], ring_mul(c, values[k - 1][j], ring), ring);
    s->acc[i] = 0;
  }
  for (uint32_t t = 0; t < s->num_touched; t++) {
    zero = zero && s->acc[s->touched[t]] == 0;
    s->acc[s->touched[t]] = 0;
    s->mark[s->touched[t]] = 0;
  }
  s->num_touched = 0;
  return zero;
}

static void add_column_image(scratch_struct *s, const span_struct *span,
                             const images_struct *images, size_t map,
                             uint32_t column, uint64_t v) {
  const image_struct *image = span_image_at(span, map, column);
  for (uint32_t e = 0; e < image->length; e++) {
    int32_t term = image->entries[e].term;
    uint64_t c = images->coeffs[map][(term > 0 ? term : -term) - 1];
    if (term < 0) c = ring_neg(c, images->ring);
    scratch_add(s, span->local_of[image->entries[e].column],
                ring_mul(v, c, images->ring), images->ring);
  }
}

/* Block of the images of a row, UINT32_MAX when they are all zero. */
static uint32_t target_block(const span_struct *span, const block_struct *block,
                             const exact_row_struct *row, size_t map) {
  for (uint32_t k = 0; k <= row->length; k++) {
    uint32_t local = k == row->length ? row->pivot : row->idx[k];
    const image_struct *image =
        span_image_at(span, map, block->columns[local]);
    if (image->length) return span->block_of[image->entries[0].column];
  }
  return UINT32_MAX;
}

static bool check_row(scratch_struct *s, const span_struct *span,
                      const images_struct *images, size_t b, uint32_t k) {
  const block_struct *block = span->blocks + b;
  const exact_row_struct *row = block->exact + k;
  for (size_t map = 0; map < span->num_maps; map++) {
    uint32_t target = target_block(span, block, row, map);
    if (target == UINT32_MAX || span_is_full(span, span->blocks + target))
      continue;
    scratch_fit(s, span->blocks[target].num_columns);
    add_column_image(s, span, images, map, block->columns[row->pivot], 1);
    for (uint32_t j = 0; j < row->length; j++)
      add_column_image(s, span, images, map, block->columns[row->idx[j]],
                       images->values[b][k][j]);
    if (!in_span(s, span->blocks + target, images->values[target],
                 images->ring))
      return false;
  }
  return true;
}

static bool check_seeds(scratch_struct *s, const span_struct *span,
                        const images_struct *images) {
  uint64_t *room = flint_malloc((4 * span->num_words + 1) * sizeof *room);
  bool ok = true;
  for (size_t k = 0; k < span->num_seeds && ok; k++) {
    const pauli_sum_struct *seed = span->seeds + k;
    uint32_t b = UINT32_MAX;
    for (size_t t = 0; t < seed->length; t++) {
      uint32_t c = span_find_column(span, pauli_sum_string(seed, t), room);
      b = span->block_of[c];
      scratch_fit(s, span->blocks[b].num_columns);
      scratch_add(s, span->local_of[c],
                  ring_fmpz(fmpq_numref(seed->coeffs + t), images->ring),
                  images->ring);
    }
    if (b != UINT32_MAX)
      ok = in_span(s, span->blocks + b, images->values[b], images->ring);
  }
  flint_free(room);
  return ok;
}

static void images_init(images_struct *images, const span_struct *span,
                        ring_struct ring) {
  images->ring = ring;
  images->coeffs = flint_malloc((span->num_maps + 1) * sizeof(uint64_t *));
  images->values = flint_malloc((span->num_blocks + 1) * sizeof(uint64_t **));
  for (size_t m = 0; m < span->num_maps; m++) {
    const pauli_sum_struct *op = span->ops + m;
    images->coeffs[m] = flint_malloc((op->length + 1) * sizeof(uint64_t));
    for (size_t t = 0; t < op->length; t++)
      images->coeffs[m][t] = ring_fmpz(fmpq_numref(op->coeffs + t), ring);
  }
  for (size_t b = 0; b < span->num_blocks; b++) {
    const block_struct *block = span->blocks + b;
    images->values[b] =
        flint_malloc((block->num_exact + 1) * sizeof(uint64_t *));
    for (uint32_t k = 0; k < block->num_exact; k++) {
      const exact_row_struct *row = block->exact + k;
      uint64_t *v = flint_malloc((row->length + 1) * sizeof *v);
      for (uint32_t j = 0; j < row->length; j++) {
        v[j] = ring_fmpz(fmpq_numref(row->val + j), ring);
        if (!fmpz_is_one(fmpq_denref(row->val + j)))
          v[j] = ring_mul(
              v[j],
              n_invmod(fmpz_fdiv_ui(fmpq_denref(row->val + j), ring.q),
                       ring.q),
              ring);
      }
      images->values[b][k] = v;
    }
  }
}

static void images_clear(images_struct *images, const span_struct *span) {
  for (size_t m = 0; m < span->num_maps; m++) flint_free(images->coeffs[m]);
  for (size_t b = 0; b < span->num_blocks; b++) {
    for (uint32_t k = 0; k < span->blocks[b].num_exact; k++)
      flint_free(images->values[b][k]);
    flint_free(images->values[b]);
  }
  flint_free(images->coeffs);
  flint_free(images->values);
}

/* One modulus. *interrupted when the caller's abort said so. */
static bool check_modulo(const span_struct *span, ring_struct ring,
                         bool *interrupted) {
  images_struct images;
  images_init(&images, span, ring);
  int threads = span->limits.num_threads ? (int)span->limits.num_threads
                                         : omp_get_max_threads();
  scratch_struct *s = flint_calloc((size_t)threads, sizeof *s);
  bool ok = check_seeds(s, span, &images);
  for (size_t b = 0; b < span->num_blocks && ok; b++) {
    uint32_t rows = span->blocks[b].num_exact;
    for (uint32_t from = 0; from < rows && ok; from += 256) {
      uint32_t to = rows - from < 256 ? rows : from + 256;
#pragma omp parallel for schedule(dynamic, 4) num_threads(rows > 64 ? threads : 1)
      for (uint32_t k = from; k < to; k++)
        if (!check_row(s + omp_get_thread_num(), span, &images, b, k)) {
#pragma omp atomic write
          ok = false;
        }
      if (span_interrupted(span)) {
        *interrupted = true;
        ok = false;
      }
    }
  }
  for (int k = 0; k < threads; k++) {
    flint_free(s[k].acc);
    flint_free(s[k].mark);
    flint_free(s[k].touched);
  }
  flint_free(s);
  images_clear(&images, span);
  return ok;
}

/* bound = B of the head of this file, den = L. */
static void residual_bound(fmpz_t bound, fmpz_t den, const span_struct *span) {
  fmpz_t most, norm, row_most, x, one_norm;
  fmpz_init(most);
  fmpz_init(norm);
  fmpz_init_set_ui(row_most, 1);
  fmpz_init(x);
  fmpz_init_set_ui(one_norm, 1);
  fmpz_one(den);
  for (size_t b = 0; b < span->num_blocks; b++)
    for (uint32_t k = 0; k < span->blocks[b].num_exact; k++) {
      const exact_row_struct *row = span->blocks[b].exact + k;
      fmpz_one(norm);
      for (uint32_t j = 0; j < row->length; j++) {
        fmpz_abs(x, fmpq_numref(row->val + j));
        fmpz_cdiv_q(x, x, fmpq_denref(row->val + j));
        fmpz_add(norm, norm, x);
        if (fmpz_cmp(x, row_most) > 0) fmpz_set(row_most, x);
        if (!fmpz_divisible(den, fmpq_denref(row->val + j)))
          fmpz_lcm(den, den, fmpq_denref(row->val + j));
      }
      if (fmpz_cmp(norm, one_norm) > 0) fmpz_set(one_norm, norm);
    }
  for (size_t k = 0; k < span->num_maps + span->num_seeds; k++) {
    bool map = k < span->num_maps;
    const pauli_sum_struct *op =
        map ? span->ops + k : span->seeds + (k - span->num_maps);
    fmpz_zero(norm);
    for (size_t t = 0; t < op->length; t++) {
      fmpz_abs(x, fmpq_numref(op->coeffs + t));
      fmpz_add(norm, norm, x);
    }
    if (map) fmpz_mul(norm, norm, one_norm);
    if (fmpz_cmp(norm, most) > 0) fmpz_set(most, norm);
  }
  fmpz_add_ui(row_most, row_most, 1);
  fmpz_mul(bound, most, row_most);
  fmpz_mul(bound, bound, den);
  fmpz_mul(bound, bound, den);
  fmpz_clear(most);
  fmpz_clear(norm);
  fmpz_clear(row_most);
  fmpz_clear(x);
  fmpz_clear(one_norm);
}

/* All images of the columns that exact rows use. False: memory. */
static bool complete_images(span_struct *span) {
  for (size_t b = 0; b < span->num_blocks; b++)
    for (uint32_t k = 0; k < span->blocks[b].num_exact; k++)
      for (size_t m = 0; m < span->num_maps; m++) {
        const exact_row_struct *row = span->blocks[b].exact + k;
        for (uint32_t j = 0; j <= row->length; j++) {
          uint32_t local = j < row->length ? row->idx[j] : row->pivot;
          if (!span_image(span, m, span->blocks[b].columns[local]))
            return false;
        }
      }
  return true;
}

/* STATUS_OK: proved. STATUS_UNDECIDED: the candidate is not invariant. */
static status_t check_exactly(span_struct *span) {
  if (!complete_images(span)) return STATUS_LIMIT;
  status_t status = STATUS_OK;
  bool interrupted = false;
  fmpz_t bound, den, product;
  fmpz_init(bound);
  fmpz_init(den);
  fmpz_init_set_ui(product, 1);
  residual_bound(bound, den, span);
  if (fmpz_is_one(den)) {
    if (!check_modulo(span, (ring_struct){0}, &interrupted))
      status = STATUS_UNDECIDED;
    fmpz_mul_2exp(product, product, 64);
  }
  uint64_t q = UINT64_C(1) << 62;
  fmpz_mul_2exp(bound, bound, 1);
  while (status == STATUS_OK && fmpz_cmp(product, bound) <= 0) {
    do q--;
    while (!n_is_prime(q) || fmpz_fdiv_ui(den, q) == 0);
    ring_struct ring = {q, n_preinvert_limb(q)};
    if (!check_modulo(span, ring, &interrupted)) status = STATUS_UNDECIDED;
    fmpz_mul_ui(product, product, q);
  }
  if (interrupted) status = STATUS_LIMIT;
  fmpz_clear(bound);
  fmpz_clear(den);
  fmpz_clear(product);
  return status;
}

/* --- the whole ---------------------------------------------------------------------- */

static bool all_full(const span_struct *span) {
  for (size_t b = 0; b < span->num_blocks; b++)
    if (!span_is_full(span, span->blocks + b)) return false;
  return true;
}

status_t span_prove(span_struct *span) {
  lift_struct lift = {0};
  fmpz_init_set_ui(lift.modulus, 1);
  status_t status = STATUS_UNDECIDED;
  for (int round = 0; round < MAX_PRIMES && status == STATUS_UNDECIDED;
       round++) {
    if (all_full(span)) {
      span->proof = CLOSURE_FILLS_STRINGS;
      status = STATUS_OK;
      break;
    }
    status = span_reduce_rows(span);
    if (status != STATUS_OK) break;
    status = STATUS_UNDECIDED;
    if (lift_add(&lift, span) && reconstruct(span, &lift))
      status = check_exactly(span);
    if (status == STATUS_OK) span->proof = CLOSURE_EXACT_CHECK;
    if (status != STATUS_UNDECIDED) break;
    do span->prime--;
    while (!n_is_prime(span->prime));
    status = span_eliminate(span);
    if (status == STATUS_OK) status = STATUS_UNDECIDED;
  }
  if (status == STATUS_OK || lift.dimension > span->dimension)
    span->dimension =
        lift.dimension > span->dimension ? lift.dimension : span->dimension;
  lift_reset(&lift);
  fmpz_clear(lift.modulus);
  span->proved = status == STATUS_OK;
  return status;
}

status_t span_run(span_struct *span) {
  span->prime = (UINT64_C(1) << 28) - 57;
  span->proved = false;
  span->proof = CLOSURE_UNPROVED;
  assert(n_is_prime(span->prime));
  status_t status = span_eliminate(span);
  if (status == STATUS_OK) status = span_prove(span);
  if (status == STATUS_OK)
    span_drop_rows(span);
  return status;
}
