/* Gradient variances for sums of strings; formulas in sum_moments.h. Map j of the
   module is (i/2)[H', .] with H_j = ratio H', so that K_j = 2 ratio G_j. Pairs of
   gates of one parameter: shared_gates.h, B(P, Y) from the traces of K_P K_Y. */

#include "algebra/generators/shared_gates.h"
#include "algebra/sums/sum_module.h"
#include "algebra/sums/sum_moments.h"

typedef struct {
  const sum_module_struct *m;
  const sum_input_struct *input;
} work_struct;

/* Terms of an operator, and of brackets of all basis operators. */
enum { MAX_ELEMENT = 1 << 20, MAX_BRACKET = 1 << 28 };

/* column[k]: (row, value) of the entries of column k of the rows. */
static sparse_vector_struct *columns_of(const sparse_vector_struct *rows,
                                        size_t dim) {
  sparse_vector_struct *column = flint_calloc(dim + 1, sizeof *column);
  for (size_t k = 0; k < dim; k++)
    for (uint32_t i = 0; i < rows[k].length; i++) {
      sparse_vector_struct *to = column + rows[k].idx[i];
      size_t at = to->length++;
      to->idx = flint_realloc(to->idx, to->length * sizeof *to->idx);
      to->val = flint_realloc(to->val, to->length * sizeof *to->val);
      to->idx[at] = (uint32_t)k;
      fmpq_init(to->val + at);
      fmpq_set(to->val + at, rows[k].val + i);
    }
  return column;
}

/* traces[a] = tr(phi_a G_j B), B by rows. phi_a and G_j commute:
   tr(phi_a G B) = tr(G phi_a B) = sum_k (row k of G) phi_a (column k of B). */
static void set_traces(fmpq_mat_t traces, const work_struct *work, size_t j,
                       const sparse_vector_struct *rows) {
  const sum_module_struct *m = work->m;
  size_t dim = m->module.dim;
  sparse_vector_struct *column = columns_of(rows, dim);
  fmpq *dense = flint_malloc((dim + 1) * sizeof *dense);
  fmpq_t c;
  fmpq_init(c);
  fmpq_mat_zero(traces);
  for (size_t k = 0; k < dim; k++) fmpq_init(dense + k);
  for (size_t k = 0; k < dim; k++) {
    const sparse_vector_struct *row = module_image(&m->module, j, k);
    for (uint32_t e = 0; e < column[k].length; e++)
      fmpq_set(dense + column[k].idx[e], column[k].val + e);
    for (size_t a = 0; a < m->phi.num; a++) {
      fmpq *trace = fmpq_mat_entry(traces, 0, (slong)a);
      for (uint32_t e = 0; e < row->length; e++) {
        const sparse_vector_struct *phi =
            endo_basis_row(&m->phi, a, row->idx[e]);
        fmpq_zero(c);
        for (uint32_t i = 0; i < phi->length; i++)
          if (!fmpq_is_zero(dense + phi->idx[i]))
            fmpq_addmul(c, phi->val + i, dense + phi->idx[i]);
        fmpq_addmul(trace, c, row->val + e);
      }
    }
    for (uint32_t e = 0; e < column[k].length; e++)
      fmpq_zero(dense + column[k].idx[e]);
  }
  for (size_t k = 0; k < dim; k++) {
    sparse_vector_clear(column + k);
    fmpq_clear(dense + k);
  }
  fmpq_clear(c);
  flint_free(column);
  flint_free(dense);
}

/* -E of (G_j O') (x) (B O') seen by the input, from the traces of G_j B. */
static void contract_traces(fmpq_t value, const work_struct *work,
                            const fmpq_mat_t seen) {
  const sum_module_struct *m = work->m;
  slong num = (slong)m->phi.num;
  fmpq_mat_t one, product, traces, x;
  fmpq_mat_init(one, 1, num);
  fmpq_mat_init(product, 1, num);
  fmpq_mat_init(traces, 1, num);
  fmpq_mat_init(x, 1, num);
  for (slong a = 0; a < num; a++) {
    fmpq_mat_zero(one);
    fmpq_one(fmpq_mat_entry(one, 0, a));
    sum_module_multiply(product, m, one, m->average);
    for (slong e = 0; e < num; e++)
      fmpq_addmul(fmpq_mat_entry(traces, 0, a), fmpq_mat_entry(product, 0, e),
                  fmpq_mat_entry(seen, 0, e));
  }
  sum_module_from_traces(x, m, traces);
  sum_module_dot(value, x, work->input->seen);
  fmpq_mat_clear(one);
  fmpq_mat_clear(product);
  fmpq_mat_clear(traces);
  fmpq_mat_clear(x);
}

/* E of the square of the slope along H_j. */
static void own_term(fmpq_t value, const work_struct *work, size_t j) {
  const sum_module_struct *m = work->m;
  fmpq_mat_t traces;
  fmpq_t ratio;
  fmpq_init(ratio);
  fmpq_mat_init(traces, 1, (slong)m->phi.num);
  set_traces(traces, work, j, m->module.images + j * m->module.dim);
  contract_traces(value, work, traces);
  if (!pauli_sum_is_multiple(ratio, m->set->generators + j, m->span.ops + j))
    flint_abort(); /* span.h scales operators only */
  fmpq_mul_2exp(ratio, ratio, 1);
  fmpq_mul(value, value, ratio);
  fmpq_mul(value, value, ratio);
  fmpq_neg(value, value);
  fmpq_mat_clear(traces);
  fmpq_clear(ratio);
}

/* --- gates of one parameter that do not act as one exponential ---------------- */


static void set_sparse(sparse_vector_struct *out, const fmpq_mat_t x) {
  size_t dim = (size_t)fmpq_mat_ncols(x);
  *out = (sparse_vector_struct){.length = 0};
  for (size_t k = 0; k < dim; k++)
    out->length += !fmpq_is_zero(fmpq_mat_entry(x, 0, (slong)k));
  out->idx = flint_malloc((out->length + 1) * sizeof *out->idx);
  out->val = flint_malloc((out->length + 1) * sizeof *out->val);
  uint32_t at = 0;
  for (size_t k = 0; k < dim; k++) {
    if (fmpq_is_zero(fmpq_mat_entry(x, 0, (slong)k))) continue;
    out->idx[at] = (uint32_t)k;
    fmpq_init(out->val + at);
    fmpq_set(out->val + at++, fmpq_mat_entry(x, 0, (slong)k));
  }
}

/* i[A, .] by rows, A in the algebra; false when it takes too much. */
static bool bracket_rows(sparse_vector_struct *rows, const sum_module_struct *m,
                         const pauli_sum_struct *a) {
  size_t dim = m->module.dim;
  bool ok = dim * m->span.num_columns <= MAX_BRACKET;
  pauli_sum_t element;
  fmpq_mat_t x;
  pauli_sum_init(element, m->set->num_qubits);
  fmpq_mat_init(x, 1, (slong)dim);
  for (size_t k = 0; k < dim && ok; k++) {
    ok = span_get_element(element, &m->span, k, MAX_ELEMENT) == STATUS_OK &&
         element->length * a->length <= MAX_ELEMENT && !limits_abort(&m->limits);
    if (!ok) break;
    closure_bracket(element, a, element);
    module_coordinates(x, &m->module, &m->span, element);
    set_sparse(rows + k, x);
  }
  pauli_sum_clear(element);
  fmpq_mat_clear(x);
  return ok;
}

/* sum += 2 B(P, Y), P = first, Y = later. */
static bool add_pair(fmpq_t sum, const work_struct *work,
                     const shared_gate_struct *gate) {
  const sum_module_struct *m = work->m;
  size_t dim = m->module.dim, j = 0;
  sparse_vector_struct *rows = flint_calloc(dim + 1, sizeof *rows);
  fmpq_mat_t traces;
  fmpq_t ratio, value;
  fmpq_init(ratio);
  fmpq_init(value);
  fmpq_mat_init(traces, 1, (slong)m->phi.num);
  while (!pauli_sum_is_multiple(ratio, gate->first, m->span.ops + j)) j++;
  bool ok = bracket_rows(rows, m, gate->later);
  if (ok) {
    set_traces(traces, work, j, rows);
    contract_traces(value, work, traces);
    fmpq_mul_2exp(ratio, ratio, 2); /* K_P = 2 ratio G_j, and twice */
    fmpq_submul(sum, value, ratio);
  }
  for (size_t k = 0; k < dim; k++) sparse_vector_clear(rows + k);
  flint_free(rows);
  fmpq_mat_clear(traces);
  fmpq_clear(ratio);
  fmpq_clear(value);
  return ok;
}

static reason_code_t add_shared(fmpq_t sum, const work_struct *work,
                                size_t parameter, size_t *left) {
  shared_gates_t shared;
  reason_code_t reason =
      shared_gates_init(shared, work->m->set, parameter, left);
  if (reason) return reason;
  for (size_t i = 0; i < shared->num_gates && !reason; i++) {
    const shared_gate_struct *gate = shared->gates + i;
    if (gate->unknown->length) reason = REASON_SHARED_GATES_FIXED_ANGLE;
    else if (gate->later->length && !add_pair(sum, work, gate))
      reason = REASON_SHARED_GATES_MODULE_TOO_LARGE;
  }
  shared_gates_clear(shared);
  return reason;
}

reason_code_t sum_gradient(fmpq *variance, const sum_moments_t moments,
                           const sum_input_t input) {
  const sum_module_struct *m = moments->module;
  const generator_set_struct *set = m->set;
  reason_code_t reason = REASON_NONE;
  work_struct work = {.m = m, .input = input};
  size_t left = SHARED_GATES_WORK;
  fmpq *own = flint_malloc((set->num_generators + 1) * sizeof *own);
  for (size_t j = 0; j < set->num_generators; j++) {
    fmpq_init(own + j);
    if (!limits_abort(&m->limits)) own_term(own + j, &work, j);
  }
  for (size_t k = 0; k < set->num_parameters; k++) fmpq_zero(variance + k);
  fmpq_t square;
  fmpq_init(square);
  bool *mixed = flint_malloc((2 * set->num_parameters + 1) * sizeof *mixed);
  generator_set_units(mixed + set->num_parameters, mixed, set);
  for (size_t u = 0; u < set->num_uses && !reason; u++) {
    const generator_use_struct *use = set->uses + u;
    if (use->parameter == GENERATOR_FIXED) continue;
    if (mixed[use->parameter] && !fmpq_is_zero(own + use->generator))
      reason = REASON_PARAMETER_IN_UNITS_OF_PI;
    fmpq_mul(square, use->scale, use->scale);
    fmpq_mul_ui(square, square, use->root);
    fmpq_addmul(variance + use->parameter, own + use->generator, square);
    if (!reason && u && set->uses[u - 1].parameter == use->parameter &&
        (u + 1 == set->num_uses ||
         set->uses[u + 1].parameter != use->parameter))
      reason = add_shared(variance + use->parameter, &work, use->parameter, &left);
  }
  flint_free(mixed);
  fmpq_clear(square);
  if (limits_abort(&m->limits))
    reason = REASON_GRADIENT_TIME_LIMIT;
  for (size_t j = 0; j < set->num_generators; j++) fmpq_clear(own + j);
  flint_free(own);
  return reason;
}
