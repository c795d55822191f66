#include "algebra/closure/basis.h"

#include <stdlib.h>

#include "algebra/base/order.h"

/* --- marks -------------------------------------------------------------------- */

typedef struct {
  const uint64_t *string;
  size_t element, term, words;
} place_struct;

static int compare_places(const void *a, const void *b) {
  const place_struct *x = a, *y = b;
  return pauli_cmp(x->string, y->string, x->words);
}

static void find_marks(basis_t basis) {
  place_struct *all = flint_malloc((basis->num_terms + 1) * sizeof *all);
  size_t count = 0;
  for (size_t k = 0; k < basis->num; k++)
    for (size_t t = 0; t < basis->elements[k].length; t++)
      all[count++] =
          (place_struct){pauli_sum_string(basis->elements + k, t), k, t,
                         basis->elements[k].num_words};
  if (count) qsort(all, count, sizeof *all, compare_places);
  for (size_t k = 0; k < basis->num; k++) basis->marks[k] = SIZE_MAX;
  for (size_t i = 0; i < count; i++) {
    bool alone = (i == 0 || compare_places(all + i - 1, all + i)) &&
                 (i + 1 == count || compare_places(all + i, all + i + 1));
    if (!alone || basis->marks[all[i].element] != SIZE_MAX) continue;
    basis->marks[all[i].element] = all[i].term;
    hash_table_put(basis->owners, pauli_hash(all[i].string, all[i].words),
                   all[i].element);
  }
  flint_free(all);
}

status_t basis_init(basis_t basis, const closure_t closure, size_t max_terms) {
  size_t num = closure->dimension;
  status_t status = STATUS_OK;
  *basis = (basis_struct){0};
  basis->elements = flint_malloc((num + 1) * sizeof *basis->elements);
  basis->marks = flint_malloc((num + 1) * sizeof *basis->marks);
  hash_table_init(basis->owners);
  for (size_t k = 0; k < num && status == STATUS_OK; k++) {
    pauli_sum_init(basis->elements + k, closure->num_qubits);
    basis->num++;
    status = closure_get_basis_element(basis->elements + k, closure, k,
                                       max_terms - basis->num_terms);
    basis->num_terms += basis->elements[k].length;
    if (basis->num_terms >= max_terms) status = STATUS_LIMIT;
  }
  if (status == STATUS_OK) find_marks(basis);
  else basis_clear(basis);
  return status;
}

void basis_clear(basis_t basis) {
  for (size_t k = 0; k < basis->num; k++)
    pauli_sum_clear(basis->elements + k);
  flint_free(basis->elements);
  flint_free(basis->marks);
  hash_table_clear(basis->owners);
}

/* --- brackets ------------------------------------------------------------------- */

static const uint64_t *mark_of(const basis_struct *basis, size_t k) {
  return pauli_sum_string(basis->elements + k, basis->marks[k]);
}

/* The element that the string marks, SIZE_MAX when there is none. */
static size_t owner(const basis_t basis, const uint64_t *string, size_t words) {
  uint64_t hash = pauli_hash(string, words);
  for (size_t probe = 0, k;
       (k = hash_table_next(basis->owners, hash, &probe)) != SIZE_MAX;)
    if (pauli_equal(mark_of(basis, k), string, words)) return k;
  return SIZE_MAX;
}

bool basis_bracket(size_t *count, size_t *index, fmpq *value,
                   const basis_t basis, size_t j, size_t k) {
  pauli_sum_t bracket;
  fmpq_t c;
  pauli_sum_init(bracket, basis->elements[j].num_qubits);
  fmpq_init(c);
  closure_bracket(bracket, basis->elements + j, basis->elements + k);
  *count = 0;
  for (size_t t = 0; t < bracket->length; t++) {
    size_t l = owner(basis, pauli_sum_string(bracket, t), bracket->num_words);
    if (l != SIZE_MAX) index[(*count)++] = l;
  }
  qsort(index, *count, sizeof *index, order_sizes);
  for (size_t i = 0; i < *count; i++) {
    const pauli_sum_struct *element = basis->elements + index[i];
    size_t mark = basis->marks[index[i]];
    size_t at = pauli_sum_find(bracket, pauli_sum_string(element, mark));
    fmpq_div(value + i, bracket->coeffs + at, element->coeffs + mark);
    fmpq_neg(c, value + i);
    pauli_sum_addmul(bracket, bracket, c, element);
  }
  bool closed = pauli_sum_is_zero(bracket);
  pauli_sum_clear(bracket);
  fmpq_clear(c);
  return closed;
}
