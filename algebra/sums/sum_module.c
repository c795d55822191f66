#include "algebra/sums/sum_module.h"

void sum_module_multiply(fmpq_mat_t out, const sum_module_struct *m,
                         const fmpq_mat_t x, const fmpq_mat_t y) {
  size_t num = m->phi.num;
  fmpq_t c;
  fmpq_init(c);
  fmpq_mat_zero(out);
  for (size_t a = 0; a < num; a++)
    for (size_t b = 0; b < num; b++) {
      fmpq_mul(c, fmpq_mat_entry(x, 0, (slong)a),
               fmpq_mat_entry(y, 0, (slong)b));
      if (fmpq_is_zero(c)) continue;
      const fmpq *ab = m->product + (a * num + b) * num;
      for (size_t e = 0; e < num; e++)
        if (!fmpq_is_zero(ab + e))
          fmpq_addmul(fmpq_mat_entry(out, 0, (slong)e), c, ab + e);
    }
  fmpq_clear(c);
}

void sum_module_from_traces(fmpq_mat_t out, const sum_module_struct *m,
                            const fmpq_mat_t traces) {
  /* The form is symmetric. */
  fmpq_mat_mul(out, traces, m->inverse);
}

void sum_module_dot(fmpq_t value, const fmpq_mat_t x, const fmpq_mat_t y) {
  fmpq_zero(value);
  for (slong k = 0; k < fmpq_mat_ncols(x); k++)
    fmpq_addmul(value, fmpq_mat_entry(x, 0, k), fmpq_mat_entry(y, 0, k));
}

void sum_module_contract(fmpq_mat_t out, const sum_module_struct *m,
                         const fmpq_mat_t s, const fmpq_mat_t r) {
  fmpq_mat_t y;
  fmpq_mat_init(y, 1, (slong)m->module.dim);
  for (size_t a = 0; a < m->phi.num; a++) {
    endo_basis_apply(y, s, &m->phi, a);
    sum_module_dot(fmpq_mat_entry(out, 0, (slong)a), y, r);
  }
  fmpq_mat_clear(y);
}

void sum_module_metric(fmpq_mat_t y, const sum_module_struct *m,
                       const fmpq_mat_t x) {
  size_t columns = m->span.num_columns;
  fmpq *whole = flint_malloc((columns + 1) * sizeof *whole);
  for (size_t c = 0; c < columns; c++) fmpq_init(whole + c);
  for (size_t k = 0; k < m->module.dim; k++) {
    const fmpq *xk = fmpq_mat_entry(x, 0, (slong)k);
    if (fmpq_is_zero(xk)) continue;
    for (uint32_t i = 0; i < m->basis[k].length; i++)
      fmpq_addmul(whole + m->basis[k].idx[i], xk, m->basis[k].val + i);
  }
  for (size_t c = 0; c < columns; c++)
    fmpq_mul(whole + c, whole + c, m->weight + c);
  for (size_t k = 0; k < m->module.dim; k++) {
    fmpq *yk = fmpq_mat_entry(y, 0, (slong)k);
    fmpq_zero(yk);
    for (uint32_t i = 0; i < m->basis[k].length; i++)
      fmpq_addmul(yk, whole + m->basis[k].idx[i], m->basis[k].val + i);
  }
  for (size_t c = 0; c < columns; c++) fmpq_clear(whole + c);
  flint_free(whole);
}
