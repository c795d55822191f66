#include "algebra/analysis/orbit_dimension.h"

#include <string.h>

#include "algebra/analysis/state_action.h"
#include "algebra/base/flint_compat.h"
#include "algebra/closure/basis.h"
#include "algebra/base/row_table.h"

enum { MAX_SPAN = 16, MAX_ELEMENTS = 400, MAX_COLUMNS = 4000, MAX_TERMS = 100000 };

static bool is_pure(const stabilizer_state_struct *state) {
  return state->rank == state->num_qubits;
}

/* Directions seen: bit 1 real, bit 2 imaginary, of each syndrome. */
static void count_component(uint8_t **seen, size_t *room, state_action_t *a,
                            const string_algebra_struct *g,
                            const string_component_struct *c) {
  size_t w = g->num_words, width = 2 * w;
  row_table_t elements;
  uint64_t *next = flint_malloc((width + 1) * sizeof *next);
  bool is_new;
  row_table_init(elements, width);
  for (size_t i = 0; i < c->num_members; i++)
    row_table_add(elements, g->strings + c->members[i] * width, &is_new);
  for (size_t i = 0; i < elements->length; i++) {
    for (size_t j = 0; j < c->num_members; j++) {
      const uint64_t *h = g->strings + c->members[j] * width;
      if (!pauli_anticommute(row_table_row(elements, i), h, w)) continue;
      pauli_xor(next, row_table_row(elements, i), h, w);
      row_table_add(elements, next, &is_new);
    }
    unsigned phase;
    size_t at = state_action_of(&phase, a, row_table_row(elements, i));
    if (!at) continue; /* a phase */
    if (at >= *room) {
      size_t more = 2 * at + 64;
      *seen = flint_realloc(*seen, more);
      memset(*seen + *room, 0, more - *room);
      *room = more;
    }
    (*seen)[at] |= phase % 2 ? 2 : 1;
  }
  flint_free(next);
  row_table_clear(elements);
}

bool orbit_dimension_strings(size_t *dimension, const string_algebra_t g,
                             const stabilizer_state_t state) {
  if (!is_pure(state)) return false;
  for (size_t i = 0; i < g->num_components; i++)
    if (g->components[i].span->dim > MAX_SPAN) return false;
  state_action_t a;
  uint8_t *seen = NULL;
  size_t room = 0;
  state_action_init(&a, state);
  for (size_t i = 0; i < g->num_components; i++)
    count_component(&seen, &room, &a, g, g->components + i);
  *dimension = 0;
  for (size_t i = 0; i < room; i++)
    *dimension += (size_t)(seen[i] & 1) + (size_t)(seen[i] >> 1);
  flint_free(seen);
  state_action_clear(&a);
  return true;
}

/* Row k of the matrix: element k on the state, real and imaginary parts by turns. */
static bool fill_row(fmpq_mat_t matrix, state_action_t *a, size_t k,
                     const pauli_sum_struct *x) {
  for (size_t i = 0; i < x->length; i++) {
    unsigned phase;
    size_t at = state_action_of(&phase, a, pauli_sum_string(x, i));
    if (!at) continue; /* a phase */
    if (2 * at + 1 >= (size_t)fmpq_mat_ncols(matrix)) return false;
    fmpq *entry = fmpq_mat_entry(matrix, (slong)k, (slong)(2 * at + phase % 2));
    if (phase < 2) fmpq_add(entry, entry, x->coeffs + i);
    else fmpq_sub(entry, entry, x->coeffs + i);
  }
  return true;
}

bool orbit_dimension_closure(size_t *dimension, const closure_t closure,
                             const stabilizer_state_t state) {
  basis_t basis;
  if (!is_pure(state) || !closure->proved || closure->dimension > MAX_ELEMENTS ||
      basis_init(basis, closure, MAX_TERMS) != STATUS_OK)
    return false;
  size_t columns = 2 * basis->num_terms;
  if (columns > MAX_COLUMNS) columns = MAX_COLUMNS;
  fmpq_mat_t matrix;
  state_action_t a;
  bool fits = true;
  fmpq_mat_init(matrix, (slong)basis->num, (slong)columns + 2);
  state_action_init(&a, state);
  for (size_t k = 0; k < basis->num && fits; k++)
    fits = fill_row(matrix, &a, k, basis->elements + k);
  if (fits) {
    fmpz_mat_t whole;
    fmpz_mat_init(whole, fmpq_mat_nrows(matrix), fmpq_mat_ncols(matrix));
    fmpq_mat_get_fmpz_mat_rowwise(whole, NULL, matrix);
    *dimension = (size_t)fmpz_mat_rank(whole);
    fmpz_mat_clear(whole);
  }
  fmpq_mat_clear(matrix);
  state_action_clear(&a);
  basis_clear(basis);
  return fits;
}
