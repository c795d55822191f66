#include "algebra/strings/block_kind.h"

/* Restricts q of the component to its radical: the kernel. */
static void q_kernel_on_radical(f2_span_t out, const string_component_struct *c) {
  size_t w = c->span->num_words, odd = SIZE_MAX;
  uint64_t *row = flint_malloc(2 * w * sizeof *row);
  for (size_t j = 0; j < c->r; j++) {
    const uint64_t *r = string_component_row(c, 2 * c->k + j);
    if (!c->basis_q[2 * c->k + j])
      f2_span_insert(out, r, 0);
    else if (odd == SIZE_MAX)
      odd = j;
    else {
      pauli_xor(row, r, string_component_row(c, 2 * c->k + odd), w);
      f2_span_insert(out, row, 0);
    }
  }
  flint_free(row);
}

bool block_kind_of(block_kind_t *kind, const string_component_struct *c) {
  f2_span_init(&kind->labels, c->span->num_words);
  kind->beta = 2;
  kind->log_n = c->k;
  kind->needs_q_zero = false;
  kind->other_labels = NULL;
  switch (c->kind) {
    case COMPONENT_CENTRAL: return false;
    case COMPONENT_UNITARY: break;
    case COMPONENT_UNITARY_LINKED:
      q_kernel_on_radical(&kind->labels, c);
      return true;
    case COMPONENT_ORTHOGONAL:
      kind->beta = 1;
      kind->needs_q_zero = true;
      break;
    case COMPONENT_SYMPLECTIC:
      kind->beta = 4;
      kind->log_n--;
      kind->needs_q_zero = true;
      break;
    case COMPONENT_FREE_FERMION:
      /* so(3) = su(2), so(5) = sp(2), so(6) = su(4) by their spin
         representations, so(8) by a half-spin one, are the full algebras */
      f2_span_set(&kind->labels, c->twists);
      if (c->num_modes == 3 || c->num_modes == 6) return true;
      if (c->num_modes == 5) {
        kind->beta = 4;
        kind->log_n--;
      } else if (c->num_modes == 8)
        kind->beta = 1;
      else
        return false;
      kind->needs_q_zero = true;
      return true;
  }
  for (size_t j = 0; j < c->r; j++)
    f2_span_insert(&kind->labels, string_component_row(c, 2 * c->k + j), 0);
  return true;
}
