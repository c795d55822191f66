#include "algebra/depth/depth_walk.h"

#include <flint/fmpz_vec.h>
#include <flint/ulong_extras.h>

#ifdef _OPENMP
#include <omp.h>
#endif

/* --- laying out ----------------------------------------------------------- */

size_t depth_walk_find(const depth_walk_t walk, const uint64_t *string) {
  return row_table_find(walk->strings, string);
}

/* Id of the string, which is added if it is new. */
static size_t intern(depth_walk_t walk, const uint64_t *string, uint64_t hash) {
  bool is_new;
  size_t id = row_table_add_hashed(walk->strings, string, hash, &is_new);
  if (!is_new) return id;
  walk->num_strings++;
  if (id == walk->alloc_strings) {
    walk->alloc_strings = walk->alloc_strings ? 2 * id : 64;
    walk->chain =
        flint_realloc(walk->chain, walk->alloc_strings * sizeof *walk->chain);
    walk->partner =
        flint_realloc(walk->partner, walk->alloc_strings * sizeof *walk->partner);
  }
  walk->chain[id] = 0;
  walk->partner[id] = (uint32_t)id;
  commutation_table_append(walk->table, string);
  return id;
}

static void push_op(depth_walk_t walk, size_t a, size_t b) {
  if (walk->num_ops == walk->alloc_ops) {
    walk->alloc_ops = walk->alloc_ops ? walk->alloc_ops * 3 / 2 : 1024;
    walk->ops = flint_realloc(walk->ops, walk->alloc_ops * sizeof *walk->ops);
  }
  walk->ops[walk->num_ops][0] = (uint32_t)a;
  walk->ops[walk->num_ops++][1] = (uint32_t)b;
  if (walk->partner[a] == b && walk->partner[b] == a) return;
  walk->partner[a] = (uint32_t)b;
  walk->partner[b] = (uint32_t)a;
  uint32_t chain = walk->chain[a] > walk->chain[b] ? walk->chain[a]
                                                   : walk->chain[b];
  walk->chain[a] = walk->chain[b] = chain + 1;
}

/* Partners that are looked up together. */
enum { AHEAD = 32 };

typedef struct {
  size_t id;     /* of Q */
  uint64_t hash; /* of G + Q */
} meeting_t;

/* The next strings on the list, which stay there, and their partners: 2 w words each. */
static size_t look_ahead(meeting_t *list, uint64_t *partners, const depth_walk_t walk,
                         const uint64_t *gate, const uint64_t *bits, size_t words,
                         size_t *at) {
  size_t w = walk->num_words, count = 0;
  for (; *at < words && count < AHEAD; ++*at) {
    uint64_t left = bits[*at];
    /* at most 64 + AHEAD - 1 */
    for (; left; left &= left - 1, count++) {
      size_t id = 64 * *at + (size_t)__builtin_ctzll(left);
      pauli_xor(partners + count * 2 * w, depth_walk_string(walk, id), gate, w);
      list[count].id = id;
      list[count].hash = row_table_expect(walk->strings, partners + count * 2 * w);
    }
  }
  for (size_t k = 0; k < count; k++)
    row_table_expect_row(walk->strings, list[k].hash);
  return count;
}

/* All averages of one gate. Both strings of a pair anticommute with it, so the
   second is struck off the list, unless it is new. */
static status_t lay_gate(depth_walk_t walk, const uint64_t *gate,
                         uint64_t **bits, size_t *alloc_bits,
                         size_t max_strings, size_t max_ops) {
  size_t w = walk->num_words, words = commutation_table_words(walk->table);
  size_t known = walk->num_strings, at = 0, count;
  uint64_t *partners = flint_malloc((AHEAD + 64) * 2 * w * sizeof *partners + 1);
  meeting_t list[AHEAD + 64];
  status_t status = STATUS_OK;
  if (words > *alloc_bits) {
    *alloc_bits = 2 * words;
    *bits = flint_realloc(*bits, *alloc_bits * sizeof **bits);
  }
  commutation_table_query(*bits, walk->table, gate);
  while (status == STATUS_OK &&
         (count = look_ahead(list, partners, walk, gate, *bits, words, &at)))
    for (size_t k = 0; k < count && status == STATUS_OK; k++) {
      size_t a = list[k].id;
      if (!((*bits)[a / 64] >> (a % 64) & 1)) continue;
      size_t b = intern(walk, partners + k * 2 * w, list[k].hash);
      if (b < known) (*bits)[b / 64] &= ~(UINT64_C(1) << (b % 64));
      push_op(walk, a, b);
      if (walk->num_strings > max_strings || walk->num_ops > max_ops)
        status = STATUS_LIMIT;
    }
  flint_free(partners);
  return status;
}

status_t depth_walk_init(depth_walk_t walk, size_t num_qubits,
                         const uint64_t *gates, size_t num_gates,
                         const uint64_t *start, size_t num_start,
                         size_t max_strings, size_t max_ops,
                         const depth_limits_t *limits) {
  size_t w = pauli_words(num_qubits), alloc_bits = 0;
  uint64_t *bits = NULL;
  status_t status = num_start > max_strings ? STATUS_LIMIT : STATUS_OK;
  if (max_strings > UINT32_MAX - 2) max_strings = UINT32_MAX - 2;
  *walk = (depth_walk_struct){.num_words = w, .num_gates = num_gates};
  row_table_init(walk->strings, 2 * w);
  commutation_table_init(walk->table, num_qubits);
  walk->gate_start =
      flint_calloc(num_gates + 1, sizeof *walk->gate_start);
  if (status == STATUS_OK)
    for (size_t s = 0; s < num_start; s++)
      intern(walk, start + s * 2 * w, hash_words(start + s * 2 * w, 2 * w));
  for (size_t g = 0; g < num_gates && status == STATUS_OK; g++) {
    status = lay_gate(walk, gates + g * 2 * w, &bits, &alloc_bits, max_strings,
                      max_ops);
    walk->gate_start[g + 1] = walk->num_ops;
    if (depth_limits_stop(limits)) status = STATUS_LIMIT;
  }
  flint_free(bits);
  if (status != STATUS_OK) depth_walk_clear(walk);
  return status;
}

void depth_walk_clear(depth_walk_t walk) {
  commutation_table_clear(walk->table);
  row_table_clear(walk->strings);
  flint_free(walk->chain);
  flint_free(walk->partner);
  flint_free(walk->gate_start);
  flint_free(walk->ops);
  *walk = (depth_walk_struct){0};
}

/* --- numbers modulo a prime p < 2^61 --------------------------------------- */

static uint64_t add(uint64_t a, uint64_t b, uint64_t p) {
  uint64_t s = a + b;
  return s >= p ? s - p : s;
}

static uint64_t half(uint64_t a, uint64_t p) {
  return (a + (a & 1 ? p : 0)) >> 1;
}

/* One sweep forward and, if gradient is not NULL, one backward. weight and
   value (num_strings entries) are overwritten, record has num_ops entries. */
static uint64_t sweep(uint64_t *gradient, const depth_walk_t walk,
                      uint64_t *weight, uint64_t *value, uint64_t *record,
                      uint64_t p) {
  unsigned __int128 acc = 0;
  for (size_t k = 0; k < walk->num_ops; k++) {
    uint64_t *a = weight + walk->ops[k][0], *b = weight + walk->ops[k][1];
    uint64_t sum = add(*a, *b, p);
    if (gradient) record[k] = sum;
    *a = *b = half(sum, p);
  }
  for (size_t id = 0; id < walk->num_strings; id++) {
    acc += (unsigned __int128)weight[id] * value[id];
    if (id % 32 == 31) acc %= p; /* 33 products below 2^122 fit */
  }
  uint64_t total = (uint64_t)(acc % p);
  if (!gradient) return total;
  /* After gate g: sum over strings that anticommute of weight * value, which
     a pair contributes to with (sum/2) (value_a + value_b). */
  for (size_t g = walk->num_gates; g-- > 0;) {
    acc = 0;
    for (size_t k = walk->gate_start[g]; k < walk->gate_start[g + 1]; k++) {
      uint64_t *a = value + walk->ops[k][0], *b = value + walk->ops[k][1];
      uint64_t sum = add(*a, *b, p);
      acc += (unsigned __int128)record[k] * sum;
      if (k % 32 == 31) acc %= p;
      *a = *b = half(sum, p);
    }
    gradient[g] = half((uint64_t)(acc % p), p);
  }
  return total;
}

/* residues: total, then the gradient if asked. */
static void run_prime(uint64_t *residues, bool gradients,
                      const depth_walk_t walk, const fmpz *weights,
                      size_t num_start, const fmpz *values, uint64_t *work,
                      uint64_t p) {
  uint64_t *weight = work, *value = work + walk->num_strings;
  uint64_t *record = value + walk->num_strings;
  memset(weight, 0, walk->num_strings * sizeof *weight);
  for (size_t id = 0; id < num_start; id++)
    weight[id] = fmpz_fdiv_ui(weights + id, p);
  for (size_t id = 0; id < walk->num_strings; id++)
    value[id] = fmpz_fdiv_ui(values + id, p);
  residues[0] =
      sweep(gradients ? residues + 1 : NULL, walk, weight, value, record, p);
}

/* --- putting together ------------------------------------------------------ */

/* out = x / 2^chain where x = 2^chain residue mod every prime. */
static void reconstruct(fmpq_t out, const uint64_t *residues, size_t stride,
                        const uint64_t *primes, size_t num_primes,
                        uint32_t chain) {
  fmpz_t x, modulus;
  fmpz_init(x);
  fmpz_init_set_ui(modulus, 1);
  for (size_t k = 0; k < num_primes; k++) {
    uint64_t p = primes[k];
    uint64_t r = n_mulmod2(residues[k * stride], n_powmod2(2, chain, p), p);
    fmpz_CRT_ui(x, x, modulus, r, p, 1);
    fmpz_mul_ui(modulus, modulus, p);
  }
  fmpz_set(fmpq_numref(out), x);
  fmpz_one(fmpq_denref(out));
  fmpz_mul_2exp(fmpq_denref(out), fmpq_denref(out), chain);
  fmpq_canonicalise(out);
  fmpz_clear(x);
  fmpz_clear(modulus);
}

uint32_t depth_walk_chain(const depth_walk_t walk) {
  uint32_t chain = 0;
  for (size_t id = 0; id < walk->num_strings; id++)
    if (walk->chain[id] > chain) chain = walk->chain[id];
  return chain;
}

/* Primes above 2^60 whose product exceeds twice the bound. */
static size_t primes_needed(uint32_t *chain, const depth_walk_t walk,
                            const fmpz *weights, size_t num_start,
                            const fmpz *values) {
  fmpz_t norm;
  fmpz_init(norm);
  *chain = depth_walk_chain(walk);
  for (size_t id = 0; id < num_start; id++)
    if (fmpz_sgn(weights + id) < 0)
      fmpz_sub(norm, norm, weights + id);
    else
      fmpz_add(norm, norm, weights + id);
  slong value_bits = _fmpz_vec_max_bits(values, (slong)walk->num_strings);
  if (value_bits < 0) value_bits = -value_bits;
  size_t bits = *chain + (size_t)fmpz_bits(norm) + (size_t)value_bits + 2;
  fmpz_clear(norm);
  return bits / 60 + 1;
}

/* Only the thread that was there before may ask whether to stop. */
static bool is_caller(void) {
#ifdef _OPENMP
  return omp_get_thread_num() == 0;
#else
  return true;
#endif
}

status_t depth_walk_evaluate(fmpq_t total, fmpq *gradient,
                             const depth_walk_t walk, const fmpz *weights,
                             size_t num_start, const fmpz *values,
                             const depth_limits_t *limits) {
  uint32_t chain;
  size_t num_primes =
      primes_needed(&chain, walk, weights, num_start, values);
  size_t stride = 1 + (gradient ? walk->num_gates : 0);
  size_t work = 2 * walk->num_strings + (gradient ? walk->num_ops : 0) + 1;
  size_t fixed = num_primes * (stride + 1);
  size_t room = limits->max_bytes / sizeof(uint64_t);
  bool stop = depth_limits_stop(limits);
  if (stop || fixed > room || work > room - fixed) return STATUS_LIMIT;
  size_t threads = (room - fixed) / work;
#ifdef _OPENMP
  if (threads > (size_t)omp_get_max_threads())
    threads = (size_t)omp_get_max_threads();
#endif
  if (threads > num_primes) threads = num_primes;

  uint64_t *primes = flint_malloc(num_primes * sizeof *primes);
  uint64_t *residues = flint_malloc(num_primes * stride * sizeof *residues);
  uint64_t p = UINT64_C(1) << 60;
  for (size_t k = 0; k < num_primes; k++)
    primes[k] = p = n_nextprime(p, 1);
#pragma omp parallel num_threads((int)threads)
  {
    uint64_t *mine = flint_malloc(work * sizeof *mine);
#pragma omp for schedule(dynamic, 1)
    for (size_t k = 0; k < num_primes; k++) {
      bool stopped;
#pragma omp atomic read
      stopped = stop;
      if (stopped) continue;
      run_prime(residues + k * stride, gradient != NULL, walk, weights,
                num_start, values, mine, primes[k]);
      if (is_caller() && depth_limits_stop(limits)) {
#pragma omp atomic write
        stop = true;
      }
    }
    flint_free(mine);
  }
  if (stop) {
    flint_free(primes);
    flint_free(residues);
    return STATUS_LIMIT;
  }
  reconstruct(total, residues, stride, primes, num_primes, chain);
  for (size_t g = 0; gradient && g < walk->num_gates && !stop; g++) {
    stop = is_caller() && depth_limits_stop(limits);
    if (walk->gate_start[g] == walk->gate_start[g + 1])
      fmpq_zero(gradient + g);
    else
      reconstruct(gradient + g, residues + 1 + g, stride, primes, num_primes,
                  chain);
  }
  flint_free(primes);
  flint_free(residues);
  return stop ? STATUS_LIMIT : STATUS_OK;
}
