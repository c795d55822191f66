#include "algebra/check/sums/check_commutant.h"

#include <sys/random.h>

#include "algebra/base/flint_compat.h"

bool check_commutes(size_t *which, const pauli_sum_struct *list, size_t length,
                    const check_generators_t g) {
  for (size_t k = 0; k < length; k++)
    for (size_t u = 0; u < g->num_uses; u++)
      if (!pauli_sum_commute(list + k, g->uses[u].sum)) {
        *which = k;
        return false;
      }
  return true;
}

size_t check_commuting_strings(const check_generators_t g) {
  check_span_t span;
  check_span_init(span, g->num_words);
  for (size_t u = 0; u < g->num_uses; u++)
    for (size_t t = 0; t < g->uses[u].sum->length; t++)
      check_span_add(span, pauli_sum_string(g->uses[u].sum, t), NULL);
  size_t dimension = span->length;
  check_span_clear(span);
  return 2 * g->num_qubits - dimension;
}

/* --- rows over strings --------------------------------------------------------------- */

static nmod_t random_modulus(void) {
  uint64_t bits = 0;
  nmod_t mod;
  if (getrandom(&bits, sizeof bits, 0) != (ssize_t)sizeof bits) flint_abort();
  nmod_init(&mod, n_nextprime((UINT64_C(1) << 60) + (bits >> 5), 0));
  return mod;
}

static void add_strings(row_table_t strings, const pauli_sum_struct *sum) {
  for (size_t t = 0; t < sum->length; t++)
    row_table_add(strings, pauli_sum_string(sum, t), NULL);
}

/* Row `row` = the coefficients. A denominator that vanishes gives a wrong number, with
   a probability that does not count. */
static void set_row(nmod_mat_t out, slong row, const row_table_t strings,
                    const pauli_sum_struct *sum, nmod_t mod) {
  for (size_t t = 0; t < sum->length; t++) {
    size_t column = row_table_find(strings, pauli_sum_string(sum, t));
    mp_limb_t den = fmpz_fdiv_ui(fmpq_denref(sum->coeffs + t), mod.n);
    if (column == SIZE_MAX || !den) continue;
    nmod_mat_entry(out, row, (slong)column) =
        nmod_div(fmpz_fdiv_ui(fmpq_numref(sum->coeffs + t), mod.n), den, mod);
  }
}

static void set_rows(nmod_mat_t out, const row_table_t strings,
                     const pauli_sum_struct *list, size_t length, nmod_t mod) {
  nmod_mat_init(out, (slong)length, (slong)strings->length, mod.n);
  for (size_t k = 0; k < length; k++) set_row(out, (slong)k, strings, list + k, mod);
}

answer_t check_independent(const pauli_sum_struct *list, size_t length) {
  if (!length) return ANSWER_YES;
  nmod_t mod = random_modulus();
  row_table_t strings;
  nmod_mat_t rows;
  row_table_init(strings, 2 * list->num_words);
  for (size_t k = 0; k < length; k++) add_strings(strings, list + k);
  set_rows(rows, strings, list, length, mod);
  bool full = nmod_mat_rank(rows) == (slong)length;
  nmod_mat_clear(rows);
  row_table_clear(strings);
  return full ? ANSWER_YES : ANSWER_UNDECIDED;
}

bool check_in_generators(const pauli_sum_struct *sum, const check_generators_t g) {
  nmod_t mod = random_modulus();
  row_table_t strings;
  nmod_mat_t rows;
  slong last = (slong)g->num_uses;
  row_table_init(strings, 2 * g->num_words);
  add_strings(strings, sum);
  for (size_t u = 0; u < g->num_uses; u++) add_strings(strings, g->uses[u].sum);
  nmod_mat_init(rows, last + 1, (slong)strings->length, mod.n);
  for (size_t u = 0; u < g->num_uses; u++)
    set_row(rows, (slong)u, strings, g->uses[u].sum, mod);
  for (size_t c = 0; c < strings->length; c++) /* identities count for nothing */
    for (slong r = 0; r < last && pauli_is_identity(row_table_row(strings, c), g->num_words);
         r++)
      nmod_mat_entry(rows, r, (slong)c) = 0;
  slong rank = nmod_mat_rank(rows);
  set_row(rows, last, strings, sum, mod);
  for (size_t c = 0; c < strings->length; c++)
    if (pauli_is_identity(row_table_row(strings, c), g->num_words))
      nmod_mat_entry(rows, last, (slong)c) = 0;
  bool inside = nmod_mat_rank(rows) == rank;
  nmod_mat_clear(rows);
  row_table_clear(strings);
  return inside;
}

/* --- the centre ------------------------------------------------------------------------ */

/* out (one row per generator) = H B^T G^-1 B, B the rows of the commutant, G = B B^T. */
static bool project(nmod_mat_t out, const nmod_mat_t h, const nmod_mat_t b, nmod_t mod) {
  slong m = nmod_mat_nrows(b), columns = nmod_mat_ncols(b), count = nmod_mat_nrows(h);
  nmod_mat_t transposed, gram, inverse, products, weights;
  nmod_mat_init(transposed, columns, m, mod.n);
  nmod_mat_init(gram, m, m, mod.n);
  nmod_mat_init(inverse, m, m, mod.n);
  nmod_mat_init(products, count, m, mod.n);
  nmod_mat_init(weights, count, m, mod.n);
  nmod_mat_transpose(transposed, b);
  nmod_mat_mul(gram, b, transposed);
  bool ok = nmod_mat_inv(inverse, gram);
  nmod_mat_mul(products, h, transposed);
  nmod_mat_mul(weights, products, inverse);
  nmod_mat_mul(out, weights, b);
  nmod_mat_clear(transposed);
  nmod_mat_clear(gram);
  nmod_mat_clear(inverse);
  nmod_mat_clear(products);
  nmod_mat_clear(weights);
  return ok;
}

/* Have the rows of a, and those of a and b together, the rank that b has? */
static bool same_span(const nmod_mat_t a, const nmod_mat_t b, nmod_t mod) {
  nmod_mat_t both;
  nmod_mat_init(both, nmod_mat_nrows(a) + nmod_mat_nrows(b), nmod_mat_ncols(a), mod.n);
  nmod_mat_concat_vertical(both, a, b);
  slong rank = nmod_mat_rank(both);
  bool same = rank == nmod_mat_rank(a) && rank == nmod_mat_rank(b);
  nmod_mat_clear(both);
  return same;
}

bool check_centre_spanned(const pauli_sum_struct *list, size_t length,
                          const pauli_sum_struct *commutant, size_t size,
                          const check_generators_t g) {
  nmod_t mod = random_modulus();
  row_table_t strings;
  nmod_mat_t b, h, mine, projected;
  row_table_init(strings, 2 * g->num_words);
  for (size_t k = 0; k < length; k++) add_strings(strings, list + k);
  for (size_t k = 0; k < size; k++) add_strings(strings, commutant + k);
  for (size_t u = 0; u < g->num_uses; u++) add_strings(strings, g->uses[u].sum);
  set_rows(mine, strings, list, length, mod);
  set_rows(b, strings, commutant, size, mod);
  nmod_mat_init(h, (slong)g->num_uses, (slong)strings->length, mod.n);
  for (size_t u = 0; u < g->num_uses; u++)
    set_row(h, (slong)u, strings, g->uses[u].sum, mod);
  nmod_mat_init(projected, (slong)g->num_uses, (slong)strings->length, mod.n);
  bool ok = project(projected, h, b, mod) && same_span(mine, projected, mod);
  nmod_mat_clear(b);
  nmod_mat_clear(h);
  nmod_mat_clear(mine);
  nmod_mat_clear(projected);
  row_table_clear(strings);
  return ok;
}
