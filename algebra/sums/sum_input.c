
#include "algebra/sums/sum_module.h"
#include "algebra/sums/sum_moments.h"
#include "algebra/sums/symmetric_loss.h"

enum { MAX_ORBIT = 200000, MAX_STRINGS = 20000000 };

/* --- the element that represents a functional ------------------------------ */

static size_t find_root(size_t *root, size_t k) {
  while (root[k] != k) k = root[k] = root[root[k]];
  return k;
}

/* Basis vectors that share columns, directly or through others. */
static size_t *find_parts(const sum_module_struct *m) {
  size_t dim = m->module.dim;
  size_t *root = flint_malloc((dim + 1) * sizeof *root);
  size_t *owner = flint_malloc((m->span.num_columns + 1) * sizeof *owner);
  for (size_t k = 0; k < dim; k++) root[k] = k;
  for (size_t c = 0; c < m->span.num_columns; c++) owner[c] = SIZE_MAX;
  for (size_t k = 0; k < dim; k++)
    for (uint32_t i = 0; i < m->basis[k].length; i++) {
      size_t c = m->basis[k].idx[i];
      if (owner[c] == SIZE_MAX) owner[c] = k;
      else root[find_root(root, k)] = find_root(root, owner[c]);
    }
  for (size_t k = 0; k < dim; k++) root[k] = find_root(root, k);
  flint_free(owner);
  return root;
}

/* Solves <b_k, sum_l s_l b_l> = r_k for k, l in one part. */
static void solve_part(fmpq_mat_t s, const sum_module_struct *m,
                       const fmpq_mat_t r, const size_t *part, size_t count) {
  size_t columns = m->span.num_columns;
  fmpq *scaled = flint_malloc((columns + 1) * sizeof *scaled);
  fmpq_mat_t gram, b, x;
  fmpq_mat_init(gram, (slong)count, (slong)count);
  fmpq_mat_init(b, (slong)count, 1);
  fmpq_mat_init(x, (slong)count, 1);
  for (size_t c = 0; c < columns; c++) fmpq_init(scaled + c);
  for (size_t i = 0; i < count; i++) {
    const sparse_vector_struct *bi = m->basis + part[i];
    for (uint32_t e = 0; e < bi->length; e++)
      fmpq_mul(scaled + bi->idx[e], bi->val + e, m->weight + bi->idx[e]);
    for (size_t j = i; j < count; j++) {
      const sparse_vector_struct *bj = m->basis + part[j];
      fmpq *g = fmpq_mat_entry(gram, (slong)i, (slong)j);
      for (uint32_t e = 0; e < bj->length; e++)
        if (!fmpq_is_zero(scaled + bj->idx[e]))
          fmpq_addmul(g, scaled + bj->idx[e], bj->val + e);
      fmpq_set(fmpq_mat_entry(gram, (slong)j, (slong)i), g);
    }
    for (uint32_t e = 0; e < bi->length; e++) fmpq_zero(scaled + bi->idx[e]);
    fmpq_set(fmpq_mat_entry(b, (slong)i, 0),
             fmpq_mat_entry(r, 0, (slong)part[i]));
  }
  if (!fmpq_mat_solve(x, gram, b)) flint_abort(); /* positive definite */
  for (size_t i = 0; i < count; i++)
    fmpq_set(fmpq_mat_entry(s, 0, (slong)part[i]),
             fmpq_mat_entry(x, (slong)i, 0));
  for (size_t c = 0; c < columns; c++) fmpq_clear(scaled + c);
  flint_free(scaled);
  fmpq_mat_clear(gram);
  fmpq_mat_clear(b);
  fmpq_mat_clear(x);
}

bool sum_module_represent(fmpq_mat_t s, const sum_module_struct *m,
                          const fmpq_mat_t r) {
  size_t dim = m->module.dim;
  size_t *root = find_parts(m);
  size_t *part = flint_malloc((dim + 1) * sizeof *part);
  bool *done = flint_calloc(dim + 1, sizeof *done);
  bool ok = true;
  fmpq_mat_zero(s);
  for (size_t k = 0; k < dim && ok; k++) {
    size_t count = 0;
    bool zero = true;
    if (done[root[k]]) continue;
    done[root[k]] = true;
    for (size_t l = k; l < dim; l++)
      if (root[l] == root[k]) {
        part[count++] = l;
        zero = zero && fmpq_is_zero(fmpq_mat_entry(r, 0, (slong)l));
      }
    ok = !limits_abort(&m->limits);
    if (ok && !zero) solve_part(s, m, r, part, count);
  }
  flint_free(done);
  flint_free(part);
  flint_free(root);
  return ok;
}

/* --- states ---------------------------------------------------------------- */

/* Tr(rho P). */
typedef struct {
  const quantum_state_struct *state;
  bool is_stabilizer, symmetric; /* under the permutations of the span */
  stabilizer_echelon_t echelon;
  fmpq_t value;
} reading_t;

static const fmpq *read_string(reading_t *reading, const uint64_t *string) {
  if (reading->is_stabilizer)
    fmpq_set_si(reading->value,
                stabilizer_echelon_expectation(reading->echelon, string), 1);
  else
    quantum_state_expectation(reading->value, reading->state, string);
  return reading->value;
}

/* Tr(rho e_c), e_c the average of the orbit. */
static bool set_expectation(fmpq_t value, size_t *budget,
                            const sum_module_struct *m, const uint64_t *string,
                            reading_t *reading) {
  if (reading->symmetric) {
    fmpq_set(value, read_string(reading, string));
    return true;
  }
  uint64_t *strings;
  size_t length =
      symmetry_orbit(&strings, &m->span.symmetry, string, MAX_ORBIT);
  bool ok = length <= MAX_ORBIT && length <= *budget;
  fmpq_zero(value);
  for (size_t k = 0; k < length && ok; k++)
    fmpq_add(value, value,
             read_string(reading, strings + k * 2 * m->span.num_words));
  flint_free(strings);
  if (!ok) return false;
  *budget -= length;
  fmpq_div_fmpz(value, value, (fmpz[]){(fmpz)length});
  return true;
}

static bool set_functional(fmpq_mat_t r, const sum_module_struct *m,
                           const quantum_state_t state) {
  const span_struct *span = &m->span;
  size_t budget = MAX_STRINGS;
  fmpq *value = flint_malloc((span->num_columns + 1) * sizeof *value);
  const stabilizer_state_struct *stabilizer = quantum_state_stabilizer(state);
  reading_t reading = {.state = state, .is_stabilizer = stabilizer != NULL};
  if (stabilizer) stabilizer_echelon_init(reading.echelon, stabilizer);
  fmpq_init(reading.value);
  reading.symmetric = symmetry_fixes_state(&span->symmetry, state);
  bool ok = true;
  for (size_t c = 0; c < span->num_columns; c++) {
    fmpq_init(value + c);
    ok = ok && set_expectation(value + c, &budget, m,
                               span->strings + c * 2 * span->num_words,
                               &reading);
  }
  fmpq_mat_zero(r);
  for (size_t k = 0; k < m->module.dim && ok; k++)
    for (uint32_t i = 0; i < m->basis[k].length; i++)
      fmpq_addmul(fmpq_mat_entry(r, 0, (slong)k), m->basis[k].val + i,
                  value + m->basis[k].idx[i]);
  for (size_t c = 0; c < span->num_columns; c++) fmpq_clear(value + c);
  flint_free(value);
  fmpq_clear(reading.value);
  if (stabilizer) stabilizer_echelon_clear(reading.echelon);
  return ok;
}

reason_code_t sum_input_init(sum_input_t input, const sum_moments_t moments,
                             const quantum_state_t state) {
  const sum_module_struct *m = moments->module;
  slong dim = (slong)m->module.dim;
  reason_code_t reason = REASON_NONE;
  fmpq_mat_init(input->r, 1, dim);
  fmpq_mat_init(input->s, 1, dim);
  fmpq_mat_init(input->seen, 1, (slong)m->phi.num);
  fmpq_init(input->mean);
  fmpq_init(input->variance);
  if (!set_functional(input->r, m, state))
    reason = REASON_STATE_TOO_ASYMMETRIC;
  else if (!sum_module_represent(input->s, m, input->r))
    reason = REASON_STATE_TIME_LIMIT;
  if (reason) {
    sum_input_clear(input);
    return reason;
  }
  for (slong k = 0; k < dim && fmpq_mat_nrows(m->fixed); k++)
    fmpq_addmul(input->mean, fmpq_mat_entry(m->fixed, 0, k),
                fmpq_mat_entry(input->r, 0, k));
  sum_module_contract(input->seen, m, input->s, input->r);
  sum_module_dot(input->variance, m->average, input->seen);
  fmpq_submul(input->variance, input->mean, input->mean);
  return REASON_NONE;
}

/* <e_c, a>, e_c the average of the orbit of a string. */
static bool set_mean_coefficient(fmpq_t value, const sum_module_struct *m,
                                 const uint64_t *string, const pauli_sum_t a) {
  uint64_t *strings;
  fmpq_t c;
  size_t length = symmetry_orbit(&strings, &m->span.symmetry, string, MAX_ORBIT);
  bool ok = length <= MAX_ORBIT;
  fmpq_init(c);
  fmpq_zero(value);
  for (size_t k = 0; k < length && ok; k++) {
    pauli_sum_coefficient(c, a, strings + k * 2 * m->span.num_words);
    fmpq_add(value, value, c);
  }
  if (ok) fmpq_div_fmpz(value, value, (fmpz[]){(fmpz)length});
  fmpq_clear(c);
  flint_free(strings);
  return ok;
}

bool sum_moments_nearest(pauli_sum_t out, const sum_moments_t moments,
                         const pauli_sum_t a, size_t max_terms) {
  const sum_module_struct *m = moments->module;
  const span_struct *span = &m->span;
  fmpq_mat_t r, s;
  fmpq *value = _fmpq_vec_init((slong)span->num_columns + 1);
  bool ok = true;
  fmpq_mat_init(r, 1, (slong)m->module.dim);
  fmpq_mat_init(s, 1, (slong)m->module.dim);
  for (size_t c = 0; c < span->num_columns && ok; c++)
    ok = set_mean_coefficient(value + c, m,
                              span->strings + c * 2 * span->num_words, a);
  for (size_t k = 0; k < m->module.dim && ok; k++)
    for (uint32_t i = 0; i < m->basis[k].length; i++)
      fmpq_addmul(fmpq_mat_entry(r, 0, (slong)k), m->basis[k].val + i,
                  value + m->basis[k].idx[i]);
  ok = ok && sum_module_represent(s, m, r) &&
       module_operator(out, s, span, max_terms) == STATUS_OK;
  _fmpq_vec_clear(value, (slong)span->num_columns + 1);
  fmpq_mat_clear(r);
  fmpq_mat_clear(s);
  return ok;
}

void sum_input_clear(sum_input_t input) {
  fmpq_mat_clear(input->r);
  fmpq_mat_clear(input->s);
  fmpq_mat_clear(input->seen);
  fmpq_clear(input->mean);
  fmpq_clear(input->variance);
}
