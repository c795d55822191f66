#include "algebra/depth/depth_pairs.h"

typedef struct {
  const ring_t *ring;
  const circuit_angles_t *angles;
  const depth_limits_t *limits;
  row_table_t strings; /* on the qubits of the cone */
  commutation_table_t table;
  row_table_t pairs; /* pair_key of numbers of strings */
  size_t alloc;
  real_struct *weight, *value;
  /* A live pair may carry weight or derivatives at the present block; a
     weight can cancel to 0 while derivatives do not. */
  uint8_t *live;
  /* record: the pairs that block b changes, with their weights before */
  size_t num_entries, alloc_entries, *block_start;
  uint32_t *entry_pair;
  real_struct *entry_weight;
} pairs_t;

static size_t add_pair(pairs_t *p, uint32_t a, uint32_t b) {
  uint64_t key = pair_key(a, b);
  bool is_new;
  size_t k = row_table_add(p->pairs, &key, &is_new);
  if (!is_new) return k;
  if (k >= p->alloc) {
    p->alloc = k ? 2 * k : 64;
    p->weight = flint_realloc(p->weight, p->alloc * sizeof *p->weight);
    p->value = flint_realloc(p->value, p->alloc * sizeof *p->value);
    p->live = flint_realloc(p->live, p->alloc);
  }
  real_init(p->weight + k, p->ring);
  real_init(p->value + k, p->ring);
  p->live[k] = 0;
  return k;
}

static void pair_strings(uint32_t *a, uint32_t *b, const pairs_t *p,
                         size_t pair) {
  uint64_t key = *row_table_row(p->pairs, pair);
  *a = (uint32_t)(key >> 32);
  *b = (uint32_t)key;
}

static status_t add_entry(pairs_t *p, size_t pair) {
  if (p->num_entries == p->alloc_entries) {
    size_t alloc = p->alloc_entries ? p->alloc_entries * 3 / 2 : 256;
    if (alloc > p->limits->max_bytes /
                    (sizeof *p->entry_pair + sizeof *p->entry_weight))
      return STATUS_LIMIT;
    p->alloc_entries = alloc;
    p->entry_pair =
        flint_realloc(p->entry_pair, alloc * sizeof *p->entry_pair);
    p->entry_weight =
        flint_realloc(p->entry_weight, alloc * sizeof *p->entry_weight);
  }
  size_t e = p->num_entries++;
  p->entry_pair[e] = (uint32_t)pair;
  real_init(p->entry_weight + e, p->ring);
  real_set(p->entry_weight + e, p->weight + pair, p->ring);
  real_zero(p->weight + pair, p->ring);
  p->live[pair] = 0;
  return STATUS_OK;
}

static void drop_entries(pairs_t *p, size_t from) {
  while (p->num_entries > from)
    real_clear(p->entry_weight + --p->num_entries, p->ring);
}

/* --- one block ---------------------------------------------------------------- */

/* Expansions of the strings met, made when first asked for. */
typedef struct {
  average_block_t *block;
  row_table_t asked; /* numbers of strings */
  size_t alloc;
  expansion_t *list;
} cache_t;

static status_t get_expansion(expansion_t *out, cache_t *cache, uint32_t string,
                              const pairs_t *p) {
  uint64_t key = string;
  size_t k = row_table_find(cache->asked, &key);
  bool is_new;
  if (k == SIZE_MAX) {
    expansion_t made;
    if (expansion_init(&made, &cache->block->expand, string,
                       p->limits) != STATUS_OK)
      return STATUS_LIMIT;
    k = row_table_add(cache->asked, &key, &is_new);
    if (k >= cache->alloc) {
      cache->alloc = k ? 2 * k : 16;
      cache->list =
          flint_realloc(cache->list, cache->alloc * sizeof *cache->list);
    }
    cache->list[k] = made;
  }
  *out = cache->list[k];
  return STATUS_OK;
}

static void open_block(average_block_t *block, cache_t *cache, pairs_t *p,
                       const depth_blocks_t blocks, size_t b) {
  average_block_init(block, p->angles, blocks->gates + blocks->start[b],
                     blocks->start[b + 1] - blocks->start[b], p->strings);
  *cache = (cache_t){.block = block};
  row_table_init(cache->asked, 1);
}

static void close_block(average_block_t *block, cache_t *cache) {
  for (size_t k = 0; k < cache->asked->length; k++)
    expansion_clear(cache->list + k, &block->expand);
  flint_free(cache->list);
  row_table_clear(cache->asked);
  average_block_clear(block);
}

static status_t get_outcomes(outcomes_t *out, cache_t *cache, const pairs_t *p,
                             size_t pair, bool gradients) {
  uint32_t a, b;
  expansion_t s, t;
  pair_strings(&a, &b, p, pair);
  if (get_expansion(&s, cache, a, p) != STATUS_OK ||
      get_expansion(&t, cache, b, p) != STATUS_OK)
    return STATUS_LIMIT;
  return outcomes_init(out, cache->block, &s, &t, gradients, p->limits);
}

/* bits: which strings anticommute with some gate of the block. */
static uint64_t *touched_strings(pairs_t *p, const average_block_t *block) {
  while (p->table->length < p->strings->length)
    commutation_table_append(p->table,
                             row_table_row(p->strings, p->table->length));
  size_t words = commutation_table_words(p->table);
  uint64_t *any = flint_calloc(words + 1, sizeof *any);
  uint64_t *bits = flint_calloc(words + 1, sizeof *bits);
  for (size_t g = 0; g < block->expand.num_gates; g++) {
    commutation_table_query(bits, p->table, block->expand.gates[g].string);
    for (size_t i = 0; i < words; i++) any[i] |= bits[i];
    if (!block->expand.gates[g].factors) continue;
    commutation_table_query(bits, p->table, block->expand.gates[g].image_z);
    for (size_t i = 0; i < words; i++) any[i] |= bits[i];
  }
  flint_free(bits);
  return any;
}

/* Takes every live pair that the block touches off the table, into the
   record. */
static status_t record_touched(pairs_t *p, const average_block_t *block) {
  uint64_t *touched = touched_strings(p, block);
  status_t status = STATUS_OK;
  for (size_t k = 0; k < p->pairs->length && status == STATUS_OK; k++) {
    uint32_t a, b;
    if (!p->live[k]) continue;
    pair_strings(&a, &b, p, k);
    if ((touched[a / 64] >> (a % 64) & 1) || (touched[b / 64] >> (b % 64) & 1))
      status = add_entry(p, k);
  }
  flint_free(touched);
  return status;
}

static status_t forward(pairs_t *p, const depth_blocks_t blocks, size_t b,
                        bool gradients) {
  average_block_t block;
  cache_t cache;
  size_t first = p->num_entries;
  open_block(&block, &cache, p, blocks, b);
  status_t status = record_touched(p, &block);
  for (size_t e = first; e < p->num_entries && status == STATUS_OK; e++) {
    outcomes_t out;
    status = get_outcomes(&out, &cache, p, p->entry_pair[e], gradients);
    if (status != STATUS_OK) break;
    for (size_t k = 0; k < out.pairs->length; k++) {
      uint64_t key = *row_table_row(out.pairs, k);
      size_t to = add_pair(p, (uint32_t)(key >> 32), (uint32_t)key);
      p->live[to] = 1;
      real_addmul(p->weight + to, p->entry_weight + e,
                  out.weights + k * (1 + out.num_parameters), p->ring);
    }
    outcomes_clear(&out, p->ring);
    if (p->pairs->length > p->limits->max_strings) status = STATUS_LIMIT;
  }
  close_block(&block, &cache);
  return status;
}

/* value: from after block b to before it; adds to the gradients. */
static status_t backward(real_struct *gradient, pairs_t *p,
                         const depth_blocks_t blocks, size_t b) {
  average_block_t block;
  cache_t cache;
  real_t t;
  size_t first = p->block_start[b], num = p->block_start[b + 1] - first;
  real_struct *before = flint_malloc((num + 1) * sizeof *before);
  status_t status = STATUS_OK;
  open_block(&block, &cache, p, blocks, b);
  real_init(t, p->ring);
  for (size_t e = 0; e < num; e++) real_init(before + e, p->ring);
  for (size_t e = 0; e < num && status == STATUS_OK; e++) {
    outcomes_t out;
    status = get_outcomes(&out, &cache, p, p->entry_pair[first + e], true);
    if (status != STATUS_OK) break;
    for (size_t k = 0; k < out.pairs->length; k++) {
      size_t to = row_table_find(p->pairs, row_table_row(out.pairs, k));
      const real_struct *w = out.weights + k * (1 + out.num_parameters);
      real_addmul(before + e, w, p->value + to, p->ring);
      for (size_t j = 0; j < out.num_parameters; j++) {
        real_mul(t, w + 1 + j, p->entry_weight + first + e, p->ring);
        real_addmul(gradient + block.parameters[j], t, p->value + to, p->ring);
      }
    }
    outcomes_clear(&out, p->ring);
  }
  for (size_t e = 0; e < num; e++) {
    real_set(p->value + p->entry_pair[first + e], before + e, p->ring);
    real_clear(before + e, p->ring);
  }
  flint_free(before);
  real_clear(t, p->ring);
  close_block(&block, &cache);
  return status;
}

/* --- beginning and end ----------------------------------------------------------- */

static void start_pairs(pairs_t *p, const pauli_sum_t sum, unsigned power) {
  size_t w = p->angles->cone->num_words;
  uint64_t *row = flint_calloc(2 * w + 1, sizeof *row);
  uint32_t *number = flint_malloc((sum->length + 1) * sizeof *number);
  bool is_new;
  fmpq_t c;
  real_t x;
  fmpq_init(c);
  real_init(x, p->ring);
  uint32_t identity = (uint32_t)row_table_add(p->strings, row, &is_new);
  for (size_t t = 0; t < sum->length; t++) {
    depth_cone_compress(row, p->angles->cone, pauli_sum_string(sum, t));
    number[t] = (uint32_t)row_table_add(p->strings, row, &is_new);
  }
  for (size_t t = 0; t < sum->length; t++)
    for (size_t u = 0; u < (power == 1 ? 1 : sum->length); u++) {
      size_t k = add_pair(p, number[t], power == 1 ? identity : number[u]);
      if (power == 1)
        fmpq_set(c, sum->coeffs + t);
      else
        fmpq_mul(c, sum->coeffs + t, sum->coeffs + u);
      real_set_fmpq(x, c, p->ring);
      real_add(p->weight + k, p->weight + k, x, p->ring);
      p->live[k] = 1;
    }
  fmpq_clear(c);
  real_clear(x, p->ring);
  flint_free(row);
  flint_free(number);
}

/* Tr(rho S) of all strings. */
static fmpq *expectations(const pairs_t *p, depth_value_t value) {
  const depth_cone_struct *cone = p->angles->cone;
  size_t num = p->strings->length;
  fmpq *rho = flint_malloc((num + 1) * sizeof *rho);
  uint64_t *row = flint_malloc((2 * cone->full_words + 1) * sizeof *row);
  for (size_t k = 0; k < num; k++) {
    fmpq_init(rho + k);
    depth_cone_expand(row, cone, row_table_row(p->strings, k));
    depth_value_get(rho + k, value, row);
  }
  flint_free(row);
  return rho;
}

/* value[pair] = rho_Q rho_Q' for the pairs that live, which stand for both orders;
   returns their sum with the weights. */
static void finish_pairs(real_t total, pairs_t *p, depth_value_t value) {
  size_t num = p->strings->length;
  fmpq *rho = expectations(p, value);
  fmpq *other = value->other ? expectations(p, value->other) : rho;
  fmpq_t x;
  fmpq_init(x);
  real_zero(total, p->ring);
  for (size_t k = 0; k < p->pairs->length; k++) {
    uint32_t a, b;
    if (!p->live[k]) continue;
    pair_strings(&a, &b, p, k);
    fmpq_mul(x, rho + a, other + b);
    fmpq_addmul(x, rho + b, other + a);
    fmpq_div_2exp(x, x, 1);
    real_set_fmpq(p->value + k, x, p->ring);
    real_addmul(total, p->weight + k, p->value + k, p->ring);
  }
  for (size_t k = 0; k < num; k++) {
    fmpq_clear(rho + k);
    if (other != rho) fmpq_clear(other + k);
  }
  if (other != rho) flint_free(other);
  fmpq_clear(x);
  flint_free(rho);
}

static void clear_pairs(pairs_t *p) {
  drop_entries(p, 0);
  for (size_t k = 0; k < p->pairs->length; k++) {
    real_clear(p->weight + k, p->ring);
    real_clear(p->value + k, p->ring);
  }
  flint_free(p->weight);
  flint_free(p->value);
  flint_free(p->live);
  flint_free(p->entry_pair);
  flint_free(p->entry_weight);
  flint_free(p->block_start);
  row_table_clear(p->pairs);
  row_table_clear(p->strings);
  commutation_table_clear(p->table);
}

status_t depth_pairs_moment(real_t total, real_struct *gradient,
                            size_t *num_pairs, const circuit_angles_t *angles,
                            depth_value_t value, const pauli_sum_t sum,
                            unsigned power, const depth_limits_t *limits) {
  const depth_cone_struct *cone = angles->cone;
  pairs_t p = {.ring = &angles->ring, .angles = angles, .limits = limits};
  const depth_blocks_struct *blocks = angles->blocks;
  real_t sum_total;
  status_t status = STATUS_OK;
  if (sum->length > limits->max_strings ||
      (power == 2 && sum->length * sum->length / 2 > limits->max_strings))
    return STATUS_LIMIT;
  row_table_init(p.strings, 2 * cone->num_words);
  row_table_init(p.pairs, 1);
  commutation_table_init(p.table, cone->num_qubits);
  p.block_start =
      flint_calloc(blocks->num_blocks + 1, sizeof *p.block_start);
  real_init(sum_total, p.ring);
  start_pairs(&p, sum, power);
  for (size_t b = 0; b < blocks->num_blocks && status == STATUS_OK; b++) {
    status = forward(&p, blocks, b, gradient != NULL);
    if (!gradient) drop_entries(&p, 0);
    p.block_start[b + 1] = p.num_entries;
  }
  if (p.pairs->length > *num_pairs) *num_pairs = p.pairs->length;
  if (status == STATUS_OK) finish_pairs(sum_total, &p, value);
  if (gradient && status == STATUS_OK)
    for (size_t b = blocks->num_blocks; b-- > 0;)
      if (status == STATUS_OK) status = backward(gradient, &p, blocks, b);
  if (status == STATUS_OK) real_set(total, sum_total, p.ring);
  real_clear(sum_total, p.ring);
  clear_pairs(&p);
  return status;
}
