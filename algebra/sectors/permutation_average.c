#include "algebra/sectors/permutation_average.h"

#include <string.h>

enum { MAX_RANK = 24 }; /* of stabilizer groups that are listed */

/* --- Krawtchouk ------------------------------------------------------------------------- */

static fmpz *krawtchouk(const krawtchouk_struct *t, size_t k, size_t j, size_t b) {
  return t->value + type_at(t->n, k, j, b);
}

void krawtchouk_init(krawtchouk_struct *t, size_t n) {
  t->n = n;
  t->value = _fmpz_vec_init((slong)((n + 1) * (n + 1) * (n + 1)));
  for (size_t k = 0; k <= n; k++)
    for (size_t j = 0; k + j <= n; j++)
      for (size_t b = 0; b <= k + j; b++) {
        fmpz *v = krawtchouk(t, k, j, b);
        if (k + j == 0) fmpz_one(v);
        else if (k) { /* (1 + y) times that of k - 1 */
          fmpz_set(v, krawtchouk(t, k - 1, j, b));
          if (b) fmpz_add(v, v, krawtchouk(t, k - 1, j, b - 1));
        } else {
          fmpz_set(v, krawtchouk(t, k, j - 1, b));
          if (b) fmpz_sub(v, v, krawtchouk(t, k, j - 1, b - 1));
        }
      }
}

void krawtchouk_clear(krawtchouk_struct *t) {
  _fmpz_vec_clear(t->value, (slong)((t->n + 1) * (t->n + 1) * (t->n + 1)));
}

/* --- tables ------------------------------------------------------------------------------- */

static slong table_length(size_t n) { return (slong)((n + 1) * (n + 1) * (n + 1)); }

static size_t type_of(const uint64_t *string, size_t n) {
  size_t a = 0, b = 0, c = 0, words = pauli_words(n);
  for (size_t k = 0; k < words; k++) {
    uint64_t x = string[k], z = string[words + k];
    a += (size_t)__builtin_popcountll(x & ~z);
    b += (size_t)__builtin_popcountll(x & z);
    c += (size_t)__builtin_popcountll(z & ~x);
  }
  return type_at(n, a, b, c);
}

/* The number of strings of a type. */
static void type_size(fmpz_t out, size_t n, size_t a, size_t b, size_t c) {
  fmpz_t t;
  fmpz_init(t);
  fmpz_bin_uiui(out, n, a);
  fmpz_bin_uiui(t, n - a, b);
  fmpz_mul(out, out, t);
  fmpz_bin_uiui(t, n - a - b, c);
  fmpz_mul(out, out, t);
  fmpz_clear(t);
}

static void table_alloc(type_table_t t, size_t n) {
  t->n = n;
  t->symmetric = true;
  t->coeff = _fmpq_vec_init(table_length(n));
}

void type_table_init_set(type_table_t t, const type_table_t from) {
  table_alloc(t, from->n);
  t->symmetric = from->symmetric;
  for (slong k = 0; k < table_length(t->n); k++) fmpq_set(t->coeff + k, from->coeff + k);
}

void type_table_clear(type_table_t t) {
  _fmpq_vec_clear(t->coeff, table_length(t->n));
}

/* From sums over the strings of a type to means; the operator is symmetric iff the
   average has its norm, square = sum of the squares of its coefficients. */
static void to_means(type_table_t t, const fmpq_t square) {
  size_t n = t->n;
  fmpz_t size;
  fmpq_t norm, one;
  fmpz_init(size);
  fmpq_init(norm);
  fmpq_init(one);
  for (size_t a = 0; a <= n; a++)
    for (size_t b = 0; a + b <= n; b++)
      for (size_t c = 0; a + b + c <= n; c++) {
        fmpq *v = t->coeff + type_at(n, a, b, c);
        if (fmpq_is_zero(v)) continue;
        type_size(size, n, a, b, c);
        fmpq_mul(one, v, v);
        fmpq_div_fmpz(one, one, size);
        fmpq_add(norm, norm, one);
        fmpq_div_fmpz(v, v, size);
      }
  t->symmetric = fmpq_equal(norm, square);
  fmpz_clear(size);
  fmpq_clear(norm);
  fmpq_clear(one);
}

void type_table_init(type_table_t t, const pauli_sum_t sum) {
  fmpq_t square;
  fmpq_init(square);
  table_alloc(t, sum->num_qubits);
  for (size_t k = 0; k < sum->length; k++) {
    fmpq *v = t->coeff + type_of(pauli_sum_string(sum, k), t->n);
    fmpq_add(v, v, sum->coeffs + k);
    fmpq_addmul(square, sum->coeffs + k, sum->coeffs + k);
  }
  to_means(t, square);
  fmpq_clear(square);
}

/* --- states --------------------------------------------------------------------------------- */

/* prod_j (1 + x_j X + y_j Y + z_j Z): a polynomial in three letters. */
static void multiply_qubit(type_table_t t, size_t done, const fmpq *bloch) {
  size_t n = t->n;
  for (size_t a = done + 2; a-- > 0;)
    for (size_t b = done + 2 - a; b-- > 0;)
      for (size_t c = done + 2 - a - b; c-- > 0;) {
        fmpq *v = t->coeff + type_at(n, a, b, c);
        if (a) fmpq_addmul(v, bloch, t->coeff + type_at(n, a - 1, b, c));
        if (b) fmpq_addmul(v, bloch + 1, t->coeff + type_at(n, a, b - 1, c));
        if (c) fmpq_addmul(v, bloch + 2, t->coeff + type_at(n, a, b, c - 1));
      }
}

static void set_product(type_table_t t, fmpq_t square, const fmpq *bloch) {
  fmpq_t one;
  fmpq_init(one);
  fmpq_one(t->coeff);
  fmpq_one(square);
  for (size_t j = 0; j < t->n; j++) {
    multiply_qubit(t, j, bloch + 3 * j);
    fmpq_one(one);
    for (size_t k = 0; k < 3; k++)
      fmpq_addmul(one, bloch + 3 * j + k, bloch + 3 * j + k);
    fmpq_mul(square, square, one);
  }
  fmpq_clear(one);
}

/* Is it a product of states of single qubits, or mixed ones? */
static bool stabilizer_bloch(fmpq *bloch, const stabilizer_state_struct *rho) {
  stabilizer_echelon_t e;
  bool product = true;
  stabilizer_echelon_init(e, rho);
  for (size_t j = 0; j < e->rank && product; j++) {
    const uint64_t *p = stabilizer_echelon_row(e, j);
    size_t words = e->num_words, qubit = 0, weight = 0, letter = 0;
    for (size_t w = 0; w < words; w++) {
      uint64_t x = p[w], z = p[words + w];
      weight += (size_t)__builtin_popcountll(x | z);
      if (!(x | z)) continue;
      qubit = 64 * w + (size_t)__builtin_ctzll(x | z);
      letter = !z ? 0 : x ? 1 : 2;
    }
    product = weight == 1;
    if (product) fmpq_set_si(bloch + 3 * qubit + letter, e->signs[j] ? -1 : 1, 1);
  }
  stabilizer_echelon_clear(e);
  return product;
}

/* All products of the stabilizers, by a Gray code. */
static void list_group(type_table_t t, const stabilizer_state_struct *rho) {
  slong *count = flint_calloc((size_t)table_length(t->n), sizeof *count);
  size_t words = rho->num_words;
  uint64_t now[2 * PERMUTATION_MAX_WORDS] = {0}, next[2 * PERMUTATION_MAX_WORDS];
  unsigned sign = 0;
  count[0] = 1;
  for (uint64_t g = 1; g < UINT64_C(1) << rho->rank; g++) {
    size_t j = (size_t)__builtin_ctzll(g);
    sign ^= pauli_mul(next, now, stabilizer_state_string(rho, j), words) >> 1;
    sign ^= rho->signs[j];
    memcpy(now, next, sizeof now);
    count[type_of(now, t->n)] += sign & 1 ? -1 : 1;
  }
  for (slong k = 0; k < table_length(t->n); k++)
    fmpq_set_si(t->coeff + k, count[k], 1);
  flint_free(count);
}

/* The sums of 2^n rho's coefficients over each type, and of their squares. */
static bool set_state(type_table_t t, fmpq_t square, const quantum_state_t state) {
  const stabilizer_state_struct *rho = quantum_state_stabilizer(state);
  const product_state_struct *product = quantum_state_product(state);
  const pauli_sum_struct *sum = quantum_state_pauli(state);
  if (product) {
    set_product(t, square, product->bloch);
  } else if (sum) {
    for (size_t k = 0; k < sum->length; k++) {
      fmpq *v = t->coeff + type_of(pauli_sum_string(sum, k), t->n);
      fmpq_add(v, v, sum->coeffs + k);
      fmpq_addmul(square, sum->coeffs + k, sum->coeffs + k);
    }
  } else {
    fmpq *bloch = _fmpq_vec_init(3 * (slong)t->n);
    bool plain = stabilizer_bloch(bloch, rho), small = rho->rank <= MAX_RANK;
    if (plain) set_product(t, square, bloch);
    else if (small) list_group(t, rho);
    _fmpq_vec_clear(bloch, 3 * (slong)t->n);
    if (!plain && !small) return false;
    fmpz_one(fmpq_denref(square));
    fmpz_one_2exp(fmpq_numref(square), rho->rank);
  }
  return true;
}

bool type_table_init_state(type_table_t t, const quantum_state_t state) {
  fmpq_t square;
  fmpq_init(square);
  table_alloc(t, state->num_qubits);
  bool ok = set_state(t, square, state);
  if (ok) {
    to_means(t, square);
    for (slong k = 0; k < table_length(t->n); k++)
      fmpq_div_2exp(t->coeff + k, t->coeff + k, t->n);
  } else {
    type_table_clear(t);
  }
  fmpq_clear(square);
  return ok;
}

/* --- what is done to tables ------------------------------------------------------------------- */

void type_table_rotate(type_table_t t, unsigned times) {
  size_t n = t->n;
  for (unsigned k = 0; k < times % 3; k++) {
    fmpq *out = _fmpq_vec_init(table_length(n));
    for (size_t a = 0; a <= n; a++)
      for (size_t b = 0; a + b <= n; b++)
        for (size_t c = 0; a + b + c <= n; c++)
          fmpq_swap(out + type_at(n, c, a, b), t->coeff + type_at(n, a, b, c));
    _fmpq_vec_clear(t->coeff, table_length(n));
    t->coeff = out;
  }
}

void type_table_fold(type_table_t t) {
  size_t n = t->n;
  for (size_t a = 0; a <= n; a++)
    for (size_t b = 0; a + b <= n; b++)
      for (size_t c = 0; a + b + c + 2 <= n; c++) {
        fmpq *v = t->coeff + type_at(n, a, b, c);
        fmpq_sub(v, v, t->coeff + type_at(n, a + 2, b, c));
        fmpq_sub(v, v, t->coeff + type_at(n, a, b + 2, c));
        fmpq_sub(v, v, t->coeff + type_at(n, a, b, c + 2));
      }
}

/* --- matrices ------------------------------------------------------------------------------------ */

/* v times T_abc to integers over the denominator of the matrix. */
static void add_type(gauss_matrix_t out, size_t a, size_t b, size_t c, const fmpz_t v,
                     size_t N, const krawtchouk_struct *t) {
  fmpz_t x;
  fmpz_init(x);
  fmpz_mat_struct *to = b & 1 ? out->im : out->re;
  size_t k_most = a + b;
  for (size_t k = 0; k <= k_most; k++)
    for (size_t q = k_most - k; q + k <= N; q++) {
      size_t j = k_most - k; /* at most q */
      const fmpz *letters = krawtchouk(t, N - q - k, q - j, c);
      if (fmpz_is_zero(letters)) continue;
      fmpz_mul(x, v, letters);
      fmpz_mul(x, x, krawtchouk(t, k, j, b));
      fmpz_mul(x, x, krawtchouk(t, N - q, 0, k)); /* binomials */
      fmpz_mul(x, x, krawtchouk(t, q, 0, j));
      fmpz *entry = fmpz_mat_entry(to, (slong)(q + k - j), (slong)q);
      if (b & 2) fmpz_sub(entry, entry, x);
      else fmpz_add(entry, entry, x);
    }
  fmpz_clear(x);
}

void type_table_matrix(gauss_matrix_t out, const type_table_t t, size_t m,
                       const krawtchouk_struct *k) {
  size_t n = t->n, N = n - 2 * m;
  fmpz_t v;
  fmpz_init(v);
  fmpz_one(out->den);
  for (size_t a = 0; a <= N; a++)
    for (size_t b = 0; a + b <= N; b++)
      for (size_t c = 0; a + b + c <= N; c++)
        fmpz_lcm(out->den, out->den, fmpq_denref(t->coeff + type_at(n, a, b, c)));
  for (size_t a = 0; a <= N; a++)
    for (size_t b = 0; a + b <= N; b++)
      for (size_t c = 0; a + b + c <= N; c++) {
        const fmpq *x = t->coeff + type_at(n, a, b, c);
        if (fmpq_is_zero(x)) continue;
        fmpz_divexact(v, out->den, fmpq_denref(x));
        fmpz_mul(v, v, fmpq_numref(x));
        add_type(out, a, b, c, v, N, k);
      }
  gauss_matrix_reduce(out);
  fmpz_clear(v);
}
