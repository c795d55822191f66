#include "algebra/analysis/gaussian_orbit.h"

#include "algebra/base/flint_compat.h"
#include "algebra/strings/free_fermion.h"

enum { LEAST_MODES = 6 };

/* The one string of the observable beside an identity; NULL when there are others. */
static const uint64_t *only_string(const pauli_sum_struct *o) {
  const uint64_t *found = NULL;
  for (size_t i = 0; i < o->length; i++) {
    const uint64_t *string = pauli_sum_string(o, i);
    if (pauli_is_identity(string, o->num_words)) continue;
    if (found) return NULL;
    found = string;
  }
  return found;
}

/* How many modes it is a product of; 0: it is none of them. */
static size_t count_modes(const string_component_struct *c, const uint64_t *string) {
  size_t words = (c->num_modes + 63) / 64, count = 0;
  if (!f2_span_contains(c->span, string)) return 0;
  uint64_t *subset = flint_calloc(words + 1, sizeof *subset);
  free_fermion_subset(subset, c, string);
  for (size_t i = 0; i < words; i++) count += (size_t)__builtin_popcountll(subset[i]);
  flint_free(subset);
  return count;
}

/* S S^T = 1? */
static bool is_orthogonal(const fmpq_mat_t s) {
  fmpq_mat_t turned, product;
  slong m = fmpq_mat_nrows(s);
  fmpq_mat_init(turned, m, m);
  fmpq_mat_init(product, m, m);
  fmpq_mat_transpose(turned, s);
  fmpq_mat_mul(product, s, turned);
  bool is = fmpq_mat_is_one(product);
  fmpq_mat_clear(turned);
  fmpq_mat_clear(product);
  return is;
}

bool gaussian_orbit_find(size_t *codimension, const fermion_frame_t frame,
                         const pauli_sum_t observable, const quantum_state_t state) {
  const uint64_t *string = only_string(observable);
  if (!string || frame->num_parts != 1 || frame->parts->num_twists) return false;
  const string_component_struct *c =
      frame->strings->components + frame->parts->component;
  size_t m = c->num_modes, w = m % 2 || m < LEAST_MODES ? 0 : count_modes(c, string);
  if (!w || w == m) return false;
  fmpq_mat_struct *s = fermion_matrices_new(frame);
  fermion_frame_state(s, frame, state);
  bool pure = is_orthogonal(s);
  fermion_matrices_free(s, frame);
  *codimension = w * (m - w) / 2;
  return pure;
}
