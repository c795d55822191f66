#include "algebra/depth/depth_value.h"

void depth_value_init(depth_value_t v, const depth_frame_t frame,
                      depth_state_t state) {
  size_t n = frame->num_qubits, w = frame->num_words;
  *v = (depth_value_struct){
      .state = state, .num_qubits = n, .num_words = w};
  v->scratch = flint_calloc(2 * w + 1, sizeof *v->scratch);
  if (!state.stabilizer) {
    clifford_frame_init(v->inverse, n);
    clifford_frame_invert(v->inverse, frame->cliffords);
    return;
  }
  size_t rank = state.stabilizer->rank;
  stabilizer_echelon_init_empty(v->echelon, w, rank);
  for (size_t j = 0; j < rank; j++) {
    bool negative =
        clifford_frame_image(v->scratch, frame->cliffords,
                             stabilizer_state_string(state.stabilizer, j));
    stabilizer_echelon_add(v->echelon, v->scratch,
                           negative ^ state.stabilizer->signs[j], NULL);
  }
}

void depth_value_clear(depth_value_t v) {
  if (!v->state.stabilizer) clifford_frame_clear(v->inverse);
  else stabilizer_echelon_clear(v->echelon);
  flint_free(v->scratch);
}

void depth_value_get(fmpq_t out, depth_value_t v, const uint64_t *string) {
  if (!v->state.stabilizer) {
    bool negative = clifford_frame_image(v->scratch, v->inverse, string);
    if (v->state.product)
      product_state_expectation(out, v->state.product, v->scratch);
    else
      pauli_sum_coefficient(out, v->state.pauli, v->scratch);
    if (negative) fmpq_neg(out, out);
    return;
  }
  bool negative = false;
  memcpy(v->scratch, string, 2 * v->num_words * sizeof *string);
  if (stabilizer_echelon_reduce(v->scratch, &negative, v->echelon))
    fmpq_set_si(out, negative ? -1 : 1, 1);
  else
    fmpq_zero(out);
}

/* --- inside a cone ------------------------------------------------------------ */

bool depth_value_init_local(depth_value_t local, const depth_value_t v,
                            const depth_cone_t cone) {
  size_t w = v->num_words, width = 2 * w, wc = cone->num_words;
  if (!v->state.stabilizer) return false;
  const stabilizer_echelon_struct *all = v->echelon;
  stabilizer_echelon_t sorted; /* bits outside of the cone first */
  uint64_t *outside = flint_malloc((width + 1) * sizeof *outside);
  uint64_t *string = flint_malloc((2 * wc + 1) * sizeof *string);
  memset(outside, 0xff, width * sizeof *outside);
  for (size_t j = 0; j < cone->num_qubits; j++)
    pauli_set(outside, w, cone->qubits[j], 0);
  stabilizer_echelon_init_empty(sorted, w, all->rank);
  for (size_t r = 0; r < all->rank; r++)
    stabilizer_echelon_add(sorted, stabilizer_echelon_row(all, r),
                           all->signs[r], outside);
  *local = (depth_value_struct){
      .state = v->state, .num_qubits = cone->num_qubits, .num_words = wc};
  local->scratch = flint_calloc(2 * wc + 1, sizeof *local->scratch);
  stabilizer_echelon_init_empty(local->echelon, wc, all->rank);
  for (size_t r = 0; r < all->rank; r++) {
    const uint64_t *row = stabilizer_echelon_row(sorted, r);
    uint64_t hit = 0;
    for (size_t i = 0; i < width; i++) hit |= row[i] & outside[i];
    if (hit) continue;
    depth_cone_compress(string, cone, row);
    stabilizer_echelon_add(local->echelon, string, sorted->signs[r], NULL);
  }
  stabilizer_echelon_clear(sorted);
  flint_free(outside);
  flint_free(string);
  return true;
}
