#include "algebra/depth/depth_value.h"

/* row = +-row rows[r] for every pivot set in it. Both are products of
   commuting strings when row is a product of stabilizers; else the sign is
   meaningless and so is not used. */
static void reduce(depth_value_t v, uint64_t *row, uint8_t *sign) {
  size_t w = v->num_words, width = 2 * w;
  for (size_t i = 0; i < width; i++)
    for (uint64_t hit = row[i] & v->pivot_mask[i]; hit; hit &= hit - 1) {
      size_t r = v->row_of[64 * i + (size_t)__builtin_ctzll(hit)];
      unsigned e = pauli_mul(row, row, v->rows + r * width, w);
      *sign ^= (uint8_t)(e >> 1 & 1) ^ v->signs[r];
    }
}

static void insert(depth_value_t v, const uint64_t *string, uint8_t sign) {
  size_t w = v->num_words, width = 2 * w, bit = 0;
  uint64_t *row = v->rows + v->rank * width;
  memcpy(row, string, width * sizeof *row);
  reduce(v, row, &sign);
  while (!(row[bit / 64] >> (bit % 64) & 1)) bit++; /* independent: non-zero */
  for (size_t r = 0; r < v->rank; r++) {
    uint64_t *other = v->rows + r * width;
    if (!(other[bit / 64] >> (bit % 64) & 1)) continue;
    unsigned e = pauli_mul(other, other, row, w);
    v->signs[r] ^= (uint8_t)(e >> 1 & 1) ^ sign;
  }
  v->signs[v->rank] = sign;
  v->pivot_mask[bit / 64] |= UINT64_C(1) << (bit % 64);
  v->row_of[bit] = (uint32_t)v->rank++;
}

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
  v->rows = flint_malloc((rank * 2 * w + 1) * sizeof *v->rows);
  v->signs = flint_calloc(rank + 1, 1);
  v->pivot_mask = flint_calloc(2 * w + 1, sizeof *v->pivot_mask);
  v->row_of = flint_calloc(128 * w + 1, sizeof *v->row_of);
  for (size_t j = 0; j < rank; j++) {
    bool negative =
        clifford_frame_image(v->scratch, frame->cliffords,
                             stabilizer_state_string(state.stabilizer, j));
    insert(v, v->scratch, negative ^ state.stabilizer->signs[j]);
  }
}

void depth_value_clear(depth_value_t v) {
  if (!v->state.stabilizer) clifford_frame_clear(v->inverse);
  flint_free(v->rows);
  flint_free(v->signs);
  flint_free(v->pivot_mask);
  flint_free(v->row_of);
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
  uint8_t sign = 0;
  memcpy(v->scratch, string, 2 * v->num_words * sizeof *string);
  reduce(v, v->scratch, &sign);
  if (pauli_is_identity(v->scratch, v->num_words))
    fmpq_set_si(out, sign ? -1 : 1, 1);
  else
    fmpq_zero(out);
}

/* --- inside a cone ------------------------------------------------------------ */

/* Brings rows to echelon form on the bits of mask; returns how many rows are
   zero there, which come last. */
static size_t eliminate(uint64_t *rows, uint8_t *signs, size_t rank,
                        const uint64_t *mask, size_t w) {
  size_t width = 2 * w, done = 0;
  uint64_t *swap = flint_malloc((width + 1) * sizeof *swap);
  for (size_t i = 0; i < width; i++)
    for (uint64_t left = mask[i]; left; left &= left - 1) {
      uint64_t bit = left & -left;
      size_t pivot = done;
      while (pivot < rank && !(rows[pivot * width + i] & bit)) pivot++;
      if (pivot == rank) continue;
      uint64_t *to = rows + done * width, *from = rows + pivot * width;
      uint8_t sign = signs[pivot];
      memcpy(swap, from, width * sizeof *swap);
      memmove(from, to, width * sizeof *swap);
      memcpy(to, swap, width * sizeof *swap);
      signs[pivot] = signs[done];
      signs[done] = sign;
      for (size_t r = pivot + 1; r < rank; r++) {
        uint64_t *row = rows + r * width;
        if (!(row[i] & bit)) continue;
        unsigned e = pauli_mul(row, row, to, w);
        signs[r] ^= (uint8_t)(e >> 1 & 1) ^ sign;
      }
      done++;
    }
  flint_free(swap);
  return rank - done;
}

bool depth_value_init_local(depth_value_t local, const depth_value_t v,
                            const depth_cone_t cone) {
  size_t w = v->num_words, width = 2 * w, wc = cone->num_words;
  if (!v->state.stabilizer) return false;
  uint64_t *rows = flint_malloc((v->rank * width + 1) * sizeof *rows);
  uint64_t *outside = flint_malloc((width + 1) * sizeof *outside);
  uint64_t *string = flint_malloc((2 * wc + 1) * sizeof *string);
  uint8_t *signs = flint_malloc(v->rank + 1);
  memset(outside, 0xff, width * sizeof *outside);
  for (size_t j = 0; j < cone->num_qubits; j++)
    pauli_set(outside, w, cone->qubits[j], 0);
  memcpy(rows, v->rows, v->rank * width * sizeof *rows);
  memcpy(signs, v->signs, v->rank);
  size_t inside = eliminate(rows, signs, v->rank, outside, w);
  *local = (depth_value_struct){
      .state = v->state, .num_qubits = cone->num_qubits, .num_words = wc};
  local->scratch = flint_calloc(2 * wc + 1, sizeof *local->scratch);
  local->rows = flint_malloc((inside * 2 * wc + 1) * sizeof *local->rows);
  local->signs = flint_calloc(inside + 1, 1);
  local->pivot_mask = flint_calloc(2 * wc + 1, sizeof *local->pivot_mask);
  local->row_of = flint_calloc(128 * wc + 1, sizeof *local->row_of);
  for (size_t r = v->rank - inside; r < v->rank; r++) {
    depth_cone_compress(string, cone, rows + r * width);
    insert(local, string, signs[r]);
  }
  flint_free(rows);
  flint_free(outside);
  flint_free(string);
  flint_free(signs);
  return true;
}
