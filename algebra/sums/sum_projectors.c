
#include "algebra/sums/sum_projectors.h"

#include "algebra/sums/sum_sectors.h"

void sum_projectors_init(sum_projectors_t projectors) {
  *projectors = (sum_projectors_struct){0};
}

void sum_projectors_clear(sum_projectors_t projectors) {
  for (size_t i = 0; i < projectors->length; i++)
    pauli_sum_clear(projectors->list[i].projector);
  flint_free(projectors->list);
  sum_projectors_init(projectors);
}

static size_t find_entry(const structure_t out, const sector_struct *a) {
  size_t j = 0;
  while (out->sectors[j].field != a->field ||
         !fmpz_equal(out->sectors[j].dimension, a->dimension) ||
         !fmpz_equal(out->sectors[j].multiplicity, a->multiplicity))
    j++;
  return j;
}

void sum_projectors_set(sum_projectors_struct *projectors, const structure_t out,
                        const sum_sectors_struct *s, size_t max_terms) {
  size_t num = (size_t)s->factors->num;
  bool ok = s->found->num_sectors == num;
  fmpq_mat_t x, element;
  fmpq_mat_init(x, 1, (slong)s->centre.num);
  fmpq_mat_init(element, 1, (slong)s->module.dim);
  projectors->list = flint_malloc((num + 1) * sizeof *projectors->list);
  for (size_t k = 0; ok && k < num; k++) {
    sum_projector_struct *p = projectors->list + k;
    sum_centre_projector(x, s, s->factors->p + k);
    fmpq_mat_mul(element, x, s->centre.w);
    pauli_sum_init(p->projector, s->n);
    projectors->length++;
    p->entry = find_entry(out, s->found->sectors + k);
    p->degree = (size_t)fmpz_poly_degree(s->factors->p + k);
    ok = module_operator(p->projector, element, &s->span, max_terms) ==
         STATUS_OK;
  }
  fmpq_mat_clear(x);
  fmpq_mat_clear(element);
  if (ok) return;
  bool saturated = projectors->saturated;
  sum_projectors_clear(projectors);
  projectors->saturated = saturated;
}
