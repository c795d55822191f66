#include "algebra/sectors/sector_space.h"

#include <stdlib.h>

/* --- the frame -------------------------------------------------------------- */

bool sector_frame_string(uint64_t *string, size_t num_words,
                         sector_frame_t frame) {
  unsigned minus = 0;
  if (frame == FRAME_Z) return false;
  for (size_t i = 0; i < num_words; i++) {
    uint64_t x = string[i], z = string[num_words + i];
    if (frame == FRAME_X) { /* X <-> Z, Y -> -Y */
      string[i] = z;
      string[num_words + i] = x;
      minus += (unsigned)__builtin_popcountll(x & z);
    } else { /* Y <-> Z, X -> -X */
      string[i] = x ^ z;
      minus += (unsigned)__builtin_popcountll(x & ~z);
      string[num_words + i] = z;
    }
  }
  return minus & 1;
}

void sector_frame_apply(pauli_sum_struct *out, const pauli_sum_struct *a,
                        sector_frame_t frame) {
  size_t w = a->num_words;
  pauli_sum_t sum;
  fmpq_t c;
  uint64_t *string = flint_malloc((2 * w + 1) * sizeof *string);
  pauli_sum_init(sum, a->num_qubits);
  fmpq_init(c);
  for (size_t t = 0; t < a->length; t++) {
    memcpy(string, pauli_sum_string(a, t), 2 * w * sizeof *string);
    fmpq_set(c, a->coeffs + t);
    if (sector_frame_string(string, w, frame)) fmpq_neg(c, c);
    pauli_sum_push(sum, c, string);
  }
  pauli_sum_canonicalise(sum);
  pauli_sum_swap(out, sum);
  pauli_sum_clear(sum);
  fmpq_clear(c);
  flint_free(string);
}

/* --- terms by their x bits ---------------------------------------------------- */

typedef struct {
  uint64_t x, z;
  const fmpz *value; /* of the primitive integer operator */
  mp_limb_t residue;
} term_t;

static int compare_terms(const void *a, const void *b) {
  const term_t *s = a, *t = b;
  if (s->x != t->x) return s->x < t->x ? -1 : 1;
  return s->z < t->z ? -1 : s->z > t->z;
}

/* --- blocks ---------------------------------------------------------------------- */

static uint32_t find(uint32_t *parent, uint32_t s) {
  while (parent[s] != s) s = parent[s] = parent[parent[s]];
  return s;
}

/* Is the matrix element of these terms (one x) at s certainly 0? */
static bool vanishes(const term_t *terms, size_t count, uint64_t s) {
  __int128 sum[2] = {0, 0}; /* real, imaginary */
  for (size_t t = 0; t < count; t++) {
    if (!COEFF_IS_MPZ(*terms[t].value)) {
      unsigned e = (unsigned)__builtin_popcountll(terms[t].x & terms[t].z);
      int sign = (e & 2) ? -1 : 1;
      if (__builtin_parityll(terms[t].z & s)) sign = -sign;
      sum[e & 1] += (__int128)sign * (slong)*terms[t].value;
    } else return false;
  }
  return sum[0] == 0 && sum[1] == 0;
}

static void join(uint32_t *parent, size_t size, const pauli_sum_struct *a) {
  term_t *terms = flint_malloc((a->length + 1) * sizeof *terms);
  for (size_t t = 0; t < a->length; t++) {
    const uint64_t *p = pauli_sum_string(a, t);
    terms[t] = (term_t){p[0], p[1], fmpq_numref(a->coeffs + t), 0};
  }
  qsort(terms, a->length, sizeof *terms, compare_terms);
  for (size_t t = 0, end; t < a->length; t = end) {
    for (end = t; end < a->length && terms[end].x == terms[t].x;) end++;
    if (terms[t].x == 0) continue;
    for (uint64_t s = 0; s < size; s++) {
      uint32_t r = find(parent, (uint32_t)s);
      uint32_t q = find(parent, (uint32_t)(s ^ terms[t].x));
      if (r != q && !vanishes(terms + t, end - t, s)) {
        if (r < q) parent[q] = r;
        else parent[r] = q;
      }
    }
  }
  flint_free(terms);
}

static size_t find_blocks(uint32_t *root, size_t size,
                          const pauli_sum_struct *a, size_t count) {
  size_t blocks = 0;
  for (size_t s = 0; s < size; s++) root[s] = (uint32_t)s;
  for (size_t j = 0; j < count; j++) join(root, size, a + j);
  for (size_t s = 0; s < size; s++) blocks += root[s] == s;
  for (size_t s = 0; s < size; s++) root[s] = find(root, (uint32_t)s);
  return blocks;
}

static void number_blocks(sector_space_struct *space, const uint32_t *root) {
  size_t size = space->size, b = 0;
  uint32_t *number = flint_malloc(size * sizeof *number);
  for (size_t s = 0; s < size; s++)
    if (root[s] == s) number[s] = (uint32_t)b++;
  space->num_blocks = b;
  space->block_of = flint_malloc(size * sizeof *space->block_of);
  space->local_of = flint_malloc(size * sizeof *space->local_of);
  space->states = flint_malloc(size * sizeof *space->states);
  space->block_start = flint_calloc(b + 1, sizeof *space->block_start);
  for (size_t s = 0; s < size; s++) {
    space->block_of[s] = number[root[s]];
    space->local_of[s] = (uint32_t)space->block_start[space->block_of[s] + 1]++;
  }
  for (size_t k = 0; k < b; k++)
    space->block_start[k + 1] += space->block_start[k];
  for (size_t s = 0; s < size; s++)
    space->states[space->block_start[space->block_of[s]] + space->local_of[s]] =
        (uint32_t)s;
  flint_free(number);
}

/* --- the space --------------------------------------------------------------------- */

static void make_primitive(pauli_sum_struct *a) {
  fmpz_t den, gcd;
  fmpz_init_set_ui(den, 1);
  fmpz_init(gcd);
  for (size_t t = 0; t < a->length; t++)
    fmpz_lcm(den, den, fmpq_denref(a->coeffs + t));
  for (size_t t = 0; t < a->length; t++) {
    fmpq_mul_fmpz(a->coeffs + t, a->coeffs + t, den);
    fmpz_gcd(gcd, gcd, fmpq_numref(a->coeffs + t));
  }
  for (size_t t = 0; t < a->length; t++)
    fmpq_div_fmpz(a->coeffs + t, a->coeffs + t, gcd);
  fmpz_clear(den);
  fmpz_clear(gcd);
}

/* Has every string an even (odd) number of letters Y? */
static bool has_parity(const pauli_sum_struct *a, bool odd) {
  for (size_t t = 0; t < a->length; t++) {
    const uint64_t *p = pauli_sum_string(a, t);
    if ((__builtin_popcountll(p[0] & p[1]) & 1) != odd) return false;
  }
  return true;
}

void sector_space_init(sector_space_struct *space, size_t num_qubits,
                       const pauli_sum_struct *const *generators,
                       size_t count) {
  size_t size = (size_t)1 << num_qubits;
  *space = (sector_space_struct){.num_qubits = num_qubits, .size = size,
                                 .num_generators = count, .symmetric = true,
                                 .imaginary = true};
  pauli_sum_struct *trial = flint_malloc((count + 1) * sizeof *trial);
  uint32_t *root = flint_malloc(size * sizeof *root), *best = NULL;
  size_t most = 0;
  space->generators = flint_malloc((count + 1) * sizeof *space->generators);
  for (size_t j = 0; j < count; j++) {
    pauli_sum_init(trial + j, num_qubits);
    pauli_sum_init(space->generators + j, num_qubits);
  }
  best = flint_malloc(size * sizeof *best);
  for (int f = FRAME_Z; f <= FRAME_Y; f++) {
    for (size_t j = 0; j < count; j++) {
      sector_frame_apply(trial + j, generators[j], (sector_frame_t)f);
      make_primitive(trial + j);
    }
    size_t blocks = find_blocks(root, size, trial, count);
    if (blocks <= most) continue;
    most = blocks;
    space->frame = (sector_frame_t)f;
    memcpy(best, root, size * sizeof *best);
    for (size_t j = 0; j < count; j++)
      pauli_sum_swap(space->generators + j, trial + j);
  }
  number_blocks(space, best);
  for (size_t j = 0; j < count; j++) {
    space->symmetric = space->symmetric && has_parity(space->generators + j, false);
    space->imaginary = space->imaginary && has_parity(space->generators + j, true);
    pauli_sum_clear(trial + j);
  }
  flint_free(trial);
  flint_free(root);
  flint_free(best);
}

void sector_space_clear(sector_space_struct *space) {
  for (size_t j = 0; j < space->num_generators; j++)
    pauli_sum_clear(space->generators + j);
  flint_free(space->generators);
  flint_free(space->block_of);
  flint_free(space->local_of);
  flint_free(space->block_start);
  flint_free(space->states);
}

/* --- matrices ------------------------------------------------------------------------ */

void sector_prime_init(sector_prime_struct *prime, size_t index) {
  /* Roots of unity of every order up to 16: characters of permutations. */
  const mp_limb_t step = 720720;
  mp_limb_t p = (UINT64_C(1) << 31) / step * step + 1;
  for (size_t k = 0;; p -= step)
    if (p >> 31 == 0 && n_is_prime(p) && k++ == index) break;
  nmod_init(&prime->mod, p);
  prime->root = n_sqrtmod(p - 1, p);
}

static size_t collect(term_t **terms, const pauli_sum_struct *a,
                      const mp_limb_t *c, size_t count, bool transposed,
                      const sector_prime_struct *prime) {
  nmod_t mod = prime->mod;
  size_t num = 0;
  for (size_t j = 0; j < count; j++) num += a[j].length;
  *terms = flint_malloc((num + 1) * sizeof **terms);
  num = 0;
  for (size_t j = 0; j < count; j++)
    for (size_t t = 0; t < a[j].length && c[j]; t++) {
      const uint64_t *p = pauli_sum_string(a + j, t);
      mp_limb_t v = fmpz_fdiv_ui(fmpq_numref(a[j].coeffs + t), mod.n);
      mp_limb_t den = fmpz_fdiv_ui(fmpq_denref(a[j].coeffs + t), mod.n);
      if (den != 1) v = nmod_div(v, den, mod);
      unsigned e = (unsigned)__builtin_popcountll(p[0] & p[1]) & 3;
      if (transposed && (e & 1)) v = nmod_neg(v, mod);
      if (e & 1) v = nmod_mul(v, prime->root, mod);
      if (e & 2) v = nmod_neg(v, mod);
      (*terms)[num++] = (term_t){p[0], p[1], NULL, nmod_mul(v, c[j], mod)};
    }
  qsort(*terms, num, sizeof **terms, compare_terms);
  return num;
}

void sector_matrix_init(sector_matrix_struct *m, const sector_space_struct *space,
                        size_t block, const pauli_sum_struct *a,
                        const mp_limb_t *c, size_t count, bool transposed,
                        const sector_prime_struct *prime) {
  bool all = block == SIZE_MAX;
  nmod_t mod = prime->mod;
  size_t first = all ? 0 : space->block_start[block];
  size_t dim = all ? space->size : space->block_start[block + 1] - first;
  term_t *terms;
  size_t num = collect(&terms, a, c, count, transposed, prime);
  uint64_t alloc = 4 * dim + 16, used = 0;
  *m = (sector_matrix_struct){.dim = dim, .mod = mod};
  m->start = flint_malloc((dim + 1) * sizeof *m->start);
  m->col = flint_malloc(alloc * sizeof *m->col);
  m->val = flint_malloc(alloc * sizeof *m->val);
  for (size_t r = 0; r < dim; r++) {
    uint64_t s = all ? r : space->states[first + r];
    m->start[r] = used;
    for (size_t t = 0, end; t < num; t = end) {
      uint64_t x = terms[t].x, from = s ^ x;
      mp_limb_t sum = 0;
      for (end = t; end < num && terms[end].x == x; end++)
        sum = __builtin_parityll(terms[end].z & from)
                  ? nmod_sub(sum, terms[end].residue, mod)
                  : nmod_add(sum, terms[end].residue, mod);
      /* An operator that is no generator may leave the block: only its part
         inside is kept. */
      if (!sum || (!all && space->block_of[from] != block)) continue;
      if (used == alloc) {
        alloc *= 2;
        m->col = flint_realloc(m->col, alloc * sizeof *m->col);
        m->val = flint_realloc(m->val, alloc * sizeof *m->val);
      }
      m->col[used] = all ? (uint32_t)from : space->local_of[from];
      m->val[used++] = (uint32_t)sum;
    }
  }
  m->start[dim] = used;
  flint_free(terms);
}

void sector_matrix_clear(sector_matrix_struct *m) {
  flint_free(m->start);
  flint_free(m->col);
  flint_free(m->val);
}

/* NMOD_RED shifts an int by more than its width. */
static inline uint32_t reduce(uint64_t a, nmod_t mod) {
  const mp_limb_t high = 0;
  mp_limb_t v;
  NMOD_RED2(v, high, a, mod);
  return (uint32_t)v;
}

void sector_matrix_apply(uint32_t *y, const sector_matrix_struct *m,
                         const uint32_t *x) {
  /* Products are below p^2 < 2^62; sums are kept below 2 p^2. */
  const uint64_t most = 2 * (uint64_t)m->mod.n * m->mod.n;
  for (size_t r = 0; r < m->dim; r++) {
    uint64_t sum = 0;
    for (uint64_t k = m->start[r]; k < m->start[r + 1]; k++) {
      sum += (uint64_t)m->val[k] * x[m->col[k]];
      if (sum >= most) sum -= most;
    }
    y[r] = reduce(sum, m->mod);
  }
}

/* --- vectors ----------------------------------------------------------------------------- */

void residues_addmul(uint32_t *y, const uint32_t *x, mp_limb_t c, size_t length,
                     nmod_t mod) {
  for (size_t k = 0; k < length; k++) {
    y[k] = reduce(y[k] + c * x[k], mod);
  }
}

mp_limb_t residues_dot(const uint32_t *x, const uint32_t *y, size_t length,
                       nmod_t mod) {
  const uint64_t most = 2 * (uint64_t)mod.n * mod.n;
  uint64_t sum = 0;
  for (size_t k = 0; k < length; k++) {
    sum += (uint64_t)x[k] * y[k];
    if (sum >= most) sum -= most;
  }
  return reduce(sum, mod);
}

bool residues_are_zero(const uint32_t *x, size_t length) {
  for (size_t k = 0; k < length; k++)
    if (x[k]) return false;
  return true;
}

void residues_random(uint32_t *x, size_t length, nmod_t mod, uint64_t *state) {
  for (size_t k = 0; k < length; k++)
    x[k] = (uint32_t)(stream_next(state) % mod.n);
}

void sector_space_embed(uint32_t *out, const sector_space_struct *space,
                     size_t block, const uint32_t *v) {
  size_t first = space->block_start[block];
  memset(out, 0, space->size * sizeof *out);
  for (size_t k = first; k < space->block_start[block + 1]; k++)
    out[space->states[k]] = v[k - first];
}
