/* Gradient variances for sums of strings; formulas in sum_moments.h. Map j of the
   module is (i/2)[H', .] with H_j = ratio H', so that K_j = 2 ratio G_j. */
#include <stdlib.h>

#include "algebra/sums/sum_module.h"
#include "liescape/sum_moments.h"

typedef struct {
  const sum_module_struct *m;
  const sum_input_struct *input;
  bool *done;              /* per generator: traces are known */
  fmpq_mat_struct *square; /* tr(phi_a K_j^2), 1 x num */
} work_struct;

/* Adds tr(phi_a G_j^2) for every a. phi_a and G_j commute:
   tr(phi_a G^2) = tr(G phi_a G) = sum_k (row k of G) phi_a (column k of G). */
static void add_traces(work_struct *work, size_t j) {
  const sum_module_struct *m = work->m;
  size_t dim = m->module.dim;
  /* column[k]: (row, value) of the entries of column k. */
  sparse_vector_struct *column = flint_calloc(dim + 1, sizeof *column);
  fmpq *dense = flint_malloc((dim + 1) * sizeof *dense);
  fmpq_t c;
  fmpq_init(c);
  for (size_t k = 0; k < dim; k++) fmpq_init(dense + k);
  for (size_t k = 0; k < dim; k++) {
    const sparse_vector_struct *row = module_image(&m->module, j, k);
    for (uint32_t i = 0; i < row->length; i++) {
      sparse_vector_struct *to = column + row->idx[i];
      size_t at = to->length++;
      to->idx = flint_realloc(to->idx, to->length * sizeof *to->idx);
      to->val = flint_realloc(to->val, to->length * sizeof *to->val);
      to->idx[at] = (uint32_t)k;
      fmpq_init(to->val + at);
      fmpq_set(to->val + at, row->val + i);
    }
  }
  for (size_t k = 0; k < dim; k++) {
    const sparse_vector_struct *row = module_image(&m->module, j, k);
    for (uint32_t e = 0; e < column[k].length; e++)
      fmpq_set(dense + column[k].idx[e], column[k].val + e);
    for (size_t a = 0; a < m->phi.num; a++) {
      fmpq *square = fmpq_mat_entry(work->square + j, 0, (slong)a);
      for (uint32_t e = 0; e < row->length; e++) {
        const sparse_vector_struct *phi =
            endo_basis_row(&m->phi, a, row->idx[e]);
        fmpq_zero(c);
        for (uint32_t i = 0; i < phi->length; i++)
          if (!fmpq_is_zero(dense + phi->idx[i]))
            fmpq_addmul(c, phi->val + i, dense + phi->idx[i]);
        fmpq_addmul(square, c, row->val + e);
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

/* Traces with K_j. */
static void prepare_generator(work_struct *work, size_t j) {
  const sum_module_struct *m = work->m;
  if (work->done[j]) return;
  work->done[j] = true;
  fmpq_t ratio, square;
  fmpq_init(ratio);
  fmpq_init(square);
  add_traces(work, j);
  if (!pauli_sum_is_multiple(ratio, m->set->generators + j, m->span.ops + j))
    flint_abort(); /* span.h scales operators only */
  fmpq_mul_2exp(ratio, ratio, 1);
  fmpq_mul(square, ratio, ratio);
  for (size_t a = 0; a < m->phi.num; a++) {
    fmpq *x = fmpq_mat_entry(work->square + j, 0, (slong)a);
    fmpq_mul(x, x, square);
  }
  fmpq_clear(ratio);
  fmpq_clear(square);
}

/* E of the square of the slope along H_j. */
static void own_term(fmpq_t value, work_struct *work, size_t j) {
  const sum_module_struct *m = work->m;
  slong num = (slong)m->phi.num;
  fmpq_mat_t one, product, traces, x;
  fmpq_mat_init(one, 1, num);
  fmpq_mat_init(product, 1, num);
  fmpq_mat_init(traces, 1, num);
  fmpq_mat_init(x, 1, num);
  prepare_generator(work, j);
  for (slong a = 0; a < num; a++) {
    fmpq_mat_zero(one);
    fmpq_one(fmpq_mat_entry(one, 0, a));
    sum_module_multiply(product, m, one, m->average);
    fmpq *t = fmpq_mat_entry(traces, 0, a);
    for (slong e = 0; e < num; e++)
      fmpq_submul(t, fmpq_mat_entry(product, 0, e),
                  fmpq_mat_entry(work->square + j, 0, e));
  }
  sum_module_from_traces(x, m, traces);
  sum_module_dot(value, x, work->input->seen);
  fmpq_mat_clear(one);
  fmpq_mat_clear(product);
  fmpq_mat_clear(traces);
  fmpq_mat_clear(x);
}

static void work_init(work_struct *work, const sum_module_struct *m,
                      const sum_input_struct *input) {
  size_t count = m->set->num_generators;
  *work = (work_struct){.m = m, .input = input};
  work->done = flint_calloc(count + 1, sizeof *work->done);
  work->square = flint_malloc((count + 1) * sizeof *work->square);
  for (size_t j = 0; j < count; j++) {
    fmpq_mat_init(work->square + j, 1, (slong)m->phi.num);
  }
}

static void work_clear(work_struct *work) {
  for (size_t j = 0; j < work->m->set->num_generators; j++) {
    fmpq_mat_clear(work->square + j);
  }
  flint_free(work->done);
  flint_free(work->square);
}

const char *sum_gradient(fmpq *variance, const sum_moments_t moments,
                         const sum_input_t input) {
  const sum_module_struct *m = moments->module;
  const generator_set_struct *set = m->set;
  const char *reason = NULL;
  work_struct work;
  work_init(&work, m, input);
  fmpq *own = flint_malloc((set->num_generators + 1) * sizeof *own);
  for (size_t j = 0; j < set->num_generators; j++) {
    fmpq_init(own + j);
    if (!limits_abort(&m->limits)) own_term(own + j, &work, j);
  }
  for (size_t k = 0; k < set->num_parameters; k++) fmpq_zero(variance + k);
  fmpq_t square;
  fmpq_init(square);
  for (size_t u = 0; u < set->num_uses && !reason; u++) {
    const generator_use_struct *use = set->uses + u;
    if (use->parameter == GENERATOR_FIXED) continue;
    if (u && set->uses[u - 1].parameter == use->parameter)
      reason = "a parameter drives gates that do not act as one exponential, and "
               "what lies between them is not Haar-random: its gradient variance "
               "is computed for single strings only";
    if (use->times_pi && !fmpq_is_zero(own + use->generator))
      reason = "a parameter is counted in units of pi, which gives its gradient "
               "variance a factor pi^2; only rational ones are written here";
    fmpq_mul(square, use->scale, use->scale);
    fmpq_mul(variance + use->parameter, own + use->generator, square);
  }
  fmpq_clear(square);
  if (limits_abort(&m->limits))
    reason = "the time limit was reached at the gradient variances";
  for (size_t j = 0; j < set->num_generators; j++) fmpq_clear(own + j);
  flint_free(own);
  work_clear(&work);
  return reason;
}
