#include "algebra/sums/sum_moments.h"

#include "algebra/sums/sum_module.h"
#include "algebra/sums/symmetric_loss.h"

enum { MAX_MODULE = 3000, MAX_INVARIANTS = 200 };

/* --- preparation ----------------------------------------------------------- */

static void set_products(sum_module_struct *m) {
  size_t num = m->phi.num, dim = m->module.dim;
  m->product = flint_calloc(num * num * num + 1, sizeof *m->product);
  for (size_t i = 0; i < num * num * num; i++) fmpq_init(m->product + i);
  fmpq_mat_t w, y;
  fmpq_mat_init(w, 1, (slong)dim);
  fmpq_mat_init(y, 1, (slong)dim);
  for (size_t a = 0; a < num && !limits_abort(&m->limits); a++) {
    for (size_t k = 0; k < dim; k++)
      fmpq_set(fmpq_mat_entry(w, 0, (slong)k),
               fmpq_mat_entry(m->endo.w, (slong)a, (slong)k));
    for (size_t b = 0; b < num; b++) {
      endo_basis_apply(y, w, &m->phi, b);
      for (size_t e = 0; e < num; e++)
        fmpq_set(m->product + (a * num + b) * num + e,
                 fmpq_mat_entry(y, 0, (slong)m->endo.pivots[e]));
    }
  }
  fmpq_mat_clear(w);
  fmpq_mat_clear(y);
}

static void set_form(sum_module_struct *m) {
  size_t num = m->phi.num;
  fmpq *trace = flint_malloc((num + 1) * sizeof *trace);
  for (size_t a = 0; a < num; a++) {
    fmpq_init(trace + a);
    for (size_t k = 0; k < m->phi.dim; k++) {
      const sparse_vector_struct *row = endo_basis_row(&m->phi, a, k);
      for (uint32_t i = 0; i < row->length; i++)
        if (row->idx[i] == k) fmpq_add(trace + a, trace + a, row->val + i);
    }
  }
  for (size_t a = 0; a < num; a++)
    for (size_t b = 0; b < num; b++)
      for (size_t e = 0; e < num; e++)
        fmpq_addmul(fmpq_mat_entry(m->form, (slong)a, (slong)b),
                    m->product + (a * num + b) * num + e, trace + e);
  for (size_t a = 0; a < num; a++) fmpq_clear(trace + a);
  flint_free(trace);
}

/* M from <O, phi_a O>. */
static void set_average(sum_module_struct *m) {
  size_t num = m->phi.num, dim = m->module.dim;
  fmpq_mat_t y, q;
  fmpq_mat_init(y, 1, (slong)dim);
  fmpq_mat_init(q, 1, (slong)num);
  sum_module_metric(y, m, m->v);
  for (size_t a = 0; a < num; a++)
    for (size_t k = 0; k < dim; k++)
      fmpq_addmul(fmpq_mat_entry(q, 0, (slong)a),
                  fmpq_mat_entry(m->endo.w, (slong)a, (slong)k),
                  fmpq_mat_entry(y, 0, (slong)k));
  sum_module_from_traces(m->average, m, q);
  fmpq_mat_clear(y);
  fmpq_mat_clear(q);
}

/* Rows x with x a = 0, a basis of them. */
static void left_kernel(fmpq_mat_t out, const fmpq_mat_t a) {
  slong rows = fmpq_mat_nrows(a), columns = fmpq_mat_ncols(a);
  fmpq_mat_t t;
  fmpq_mat_init(t, columns, rows);
  fmpq_mat_transpose(t, a);
  slong rank = fmpq_mat_rref(t, t), free_at = 0;
  fmpq_mat_init(out, rows - rank, rows);
  slong *lead = flint_malloc(((size_t)rank + 1) * sizeof *lead);
  for (slong i = 0, c = 0; i < rank; i++) {
    while (fmpq_is_zero(fmpq_mat_entry(t, i, c))) c++;
    lead[i] = c++;
  }
  lead[rank] = -1;
  for (slong c = 0, i = 0; c < rows; c++) {
    if (i < rank && lead[i] == c) {
      i++;
      continue;
    }
    fmpq_one(fmpq_mat_entry(out, free_at, c));
    for (slong l = 0; l < rank; l++)
      fmpq_neg(fmpq_mat_entry(out, free_at, lead[l]),
               fmpq_mat_entry(t, l, c));
    free_at++;
  }
  flint_free(lead);
  fmpq_mat_clear(t);
}

/* The fixed vectors lie in the span of the w_a (apply the projection on them to
   O): they are its part killed by every map. */
static void set_fixed(sum_module_struct *m) {
  slong dim = (slong)m->module.dim;
  fmpq_mat_t rows, image, row, y, kernel, next;
  fmpq_mat_init_set(rows, m->endo.w);
  fmpq_mat_init(row, 1, dim);
  fmpq_mat_init(y, 1, dim);
  for (size_t j = 0; j < m->module.num_maps; j++) {
    fmpq_mat_init(image, fmpq_mat_nrows(rows), dim);
    for (slong i = 0; i < fmpq_mat_nrows(rows); i++) {
      for (slong k = 0; k < dim; k++)
        fmpq_set(fmpq_mat_entry(row, 0, k), fmpq_mat_entry(rows, i, k));
      module_apply(y, row, &m->module, j);
      for (slong k = 0; k < dim; k++)
        fmpq_set(fmpq_mat_entry(image, i, k), fmpq_mat_entry(y, 0, k));
    }
    left_kernel(kernel, image);
    fmpq_mat_init(next, fmpq_mat_nrows(kernel), dim);
    fmpq_mat_mul(next, kernel, rows);
    fmpq_mat_swap(rows, next);
    fmpq_mat_clear(next);
    fmpq_mat_clear(kernel);
    fmpq_mat_clear(image);
  }
  fmpq_mat_init(m->fixed, fmpq_mat_nrows(rows), dim);
  if (fmpq_mat_nrows(rows) > 1) flint_abort(); /* O generates W */
  if (fmpq_mat_nrows(rows) == 1) {
    fmpq_t a, b;
    fmpq_init(a);
    fmpq_init(b);
    sum_module_metric(y, m, rows);
    sum_module_dot(a, m->v, y);
    sum_module_dot(b, rows, y);
    fmpq_div(a, a, b);
    for (slong k = 0; k < dim; k++)
      fmpq_mul(fmpq_mat_entry(m->fixed, 0, k), fmpq_mat_entry(rows, 0, k), a);
    fmpq_clear(a);
    fmpq_clear(b);
  }
  fmpq_mat_clear(rows);
  fmpq_mat_clear(row);
  fmpq_mat_clear(y);
}

static void set_columns(sum_module_struct *m) {
  const span_struct *span = &m->span;
  m->basis = flint_malloc((span->dimension + 1) * sizeof *m->basis);
  for (size_t k = 0; k < span->dimension; k++)
    span_basis_vector(m->basis + k, span, k);
  m->weight = flint_malloc((span->num_columns + 1) * sizeof *m->weight);
  for (size_t c = 0; c < span->num_columns; c++) {
    fmpq_init(m->weight + c);
    fmpq_one(m->weight + c);
    symmetry_orbit_length(fmpq_denref(m->weight + c), &span->symmetry,
                          span->strings + c * 2 * span->num_words);
  }
}

static status_t run_span(sum_module_struct *m, const pauli_sum_struct *o) {
  size_t count = m->set->num_generators;
  span_map_t *maps = flint_malloc((count + 1) * sizeof *maps);
  for (size_t j = 0; j < count; j++)
    maps[j] = (span_map_t){m->set->generators + j, SPAN_LIE};
  span_init(&m->span, m->set->num_qubits, maps, count, &o, 1, &m->limits);
  flint_free(maps);
  m->has_span = true;
  return span_run(&m->span);
}

/* NULL, or what stopped it. */
static reason_code_t prepare(sum_moments_struct *out, const pauli_sum_struct *o) {
  sum_module_struct *m = out->module;
  if (run_span(m, o) != STATUS_OK)
    return REASON_MODULE_BEYOND_LIMITS;
  slong dim = (slong)m->span.dimension;
  out->dimension = m->span.dimension;
  if (dim > MAX_MODULE)
    return REASON_MODULE_TOO_LARGE;
  module_init(&m->module, &m->span);
  m->has_module = true;
  set_columns(m);
  fmpq_mat_init(m->v, 1, dim);
  if (dim == 0) return REASON_NONE; /* O = 0 */
  module_coordinates(m->v, &m->module, &m->span, o);
  if (endo_init(&m->endo, &m->module, m->v, NULL, &m->limits) != STATUS_OK)
    return REASON_MODULE_ENDOMORPHISM_LIMIT;
  m->has_endo = true;
  if (m->endo.num > MAX_INVARIANTS)
    return REASON_TOO_MANY_INVARIANTS;
  size_t max_bytes = m->limits.max_bytes ? m->limits.max_bytes : (size_t)4 << 30;
  if (endo_basis_init(&m->phi, &m->module, m->v, &m->endo, max_bytes,
                      &m->limits) != STATUS_OK)
    return REASON_MODULE_ENDOMORPHISM_LIMIT;
  out->num_invariants = m->phi.num;
  slong num = (slong)m->phi.num;
  set_products(m);
  if (limits_abort(&m->limits)) return REASON_MODULE_ENDOMORPHISM_LIMIT;
  fmpq_mat_init(m->form, num, num);
  fmpq_mat_init(m->inverse, num, num);
  fmpq_mat_init(m->average, 1, num);
  set_form(m);
  if (!fmpq_mat_inv(m->inverse, m->form)) flint_abort(); /* semisimple */
  set_average(m);
  set_fixed(m);
  return REASON_NONE;
}

void sum_moments_init(sum_moments_t moments, const generator_set_t set,
                      const pauli_sum_t observable,
                      const closure_limits_t *limits) {
  *moments = (sum_moments_struct){0};
  sum_module_struct *m = flint_calloc(1, sizeof *m);
  moments->module = m;
  m->set = set;
  if (limits) m->limits = *limits;
  moments->reason = prepare(moments, observable);
}

void sum_moments_clear(sum_moments_t moments) {
  sum_module_struct *m = moments->module;
  if (m->has_module) {
    for (size_t k = 0; k < m->module.dim; k++) sparse_vector_clear(m->basis + k);
    for (size_t c = 0; c < m->span.num_columns; c++) fmpq_clear(m->weight + c);
    flint_free(m->basis);
    flint_free(m->weight);
    fmpq_mat_clear(m->v);
    module_clear(&m->module);
  }
  size_t num = m->phi.num;
  for (size_t i = 0; m->product && i < num * num * num; i++)
    fmpq_clear(m->product + i);
  flint_free(m->product);
  fmpq_mat_clear(m->form);
  fmpq_mat_clear(m->inverse);
  fmpq_mat_clear(m->average);
  fmpq_mat_clear(m->fixed);
  endo_basis_clear(&m->phi);
  if (m->has_endo) endo_clear(&m->endo);
  if (m->has_span) span_clear(&m->span);
  flint_free(m);
}

/* --- results --------------------------------------------------------------- */

void sum_covariance(fmpq_t covariance, const sum_moments_t moments,
                    const sum_input_t a, const sum_input_t b) {
  const sum_module_struct *m = moments->module;
  fmpq_mat_t seen;
  fmpq_mat_init(seen, 1, (slong)m->phi.num);
  sum_module_contract(seen, m, a->s, b->r);
  sum_module_dot(covariance, m->average, seen);
  fmpq_mat_clear(seen);
  fmpq_submul(covariance, a->mean, b->mean);
}

void sum_symmetric_observable(pauli_sum_t out, const generator_set_t set,
                              const pauli_sum_t observable,
                              const quantum_state_struct *const *states,
                              size_t num_states) {
  const pauli_sum_struct **list =
      flint_malloc((set->num_generators + 1) * sizeof *list);
  for (size_t j = 0; j < set->num_generators; j++)
    list[j] = set->generators + j;
  symmetric_observable(out, list, set->num_generators, observable, states,
                       num_states);
  flint_free(list);
}
