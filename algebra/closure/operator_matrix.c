#include "algebra/closure/operator_matrix.h"

void operator_table_init(operator_table_struct *table, const span_struct *span) {
  size_t w = span->num_words, used = 0, room = 64;
  size_t most = (size_t)1 << 2 * span->num_qubits;
  *table = (operator_table_struct){.span = span};
  table->start = flint_malloc((span->num_columns + 1) * sizeof *table->start);
  table->x = flint_malloc(room * sizeof *table->x);
  table->z = flint_malloc(room * sizeof *table->z);
  for (size_t c = 0; c < span->num_columns; c++) {
    uint64_t *orbit;
    size_t length = symmetry_orbit(&orbit, &span->symmetry,
                                   span->strings + c * 2 * w, most);
    table->start[c] = used;
    if (used + length > room) {
      room = 2 * (used + length);
      table->x = flint_realloc(table->x, room * sizeof *table->x);
      table->z = flint_realloc(table->z, room * sizeof *table->z);
    }
    for (size_t k = 0; k < length; k++, used++) {
      table->x[used] = (uint32_t)orbit[k * 2 * w];
      table->z[used] = (uint32_t)orbit[k * 2 * w + w];
    }
    flint_free(orbit);
  }
  table->start[span->num_columns] = used;
}

void operator_table_clear(operator_table_struct *table) {
  flint_free(table->start);
  flint_free(table->x);
  flint_free(table->z);
}

static mp_limb_t power_of_i(unsigned e, mp_limb_t root, nmod_t mod) {
  mp_limb_t value = e & 1 ? root : 1;
  return e & 2 ? nmod_neg(value, mod) : value;
}

bool operator_matrix_set(mp_limb_t *out, const operator_table_struct *table,
                         const mp_limb_t *coordinates, mp_limb_t root,
                         nmod_t mod) {
  const span_struct *span = table->span;
  size_t side = (size_t)1 << span->num_qubits;
  mp_limb_t *on = flint_malloc((span->num_columns + 1) * sizeof *on);
  bool ok = span_on_columns(on, span, coordinates, mod);
  memset(out, 0, side * side * sizeof *out);
  for (size_t c = 0; c < span->num_columns && ok; c++) {
    if (!on[c]) continue;
    mp_limb_t length = table->start[c + 1] - table->start[c];
    mp_limb_t value = nmod_mul(on[c], nmod_inv(length % mod.n, mod), mod);
    for (size_t k = table->start[c]; k < table->start[c + 1]; k++) {
      uint32_t x = table->x[k], z = table->z[k];
      out[x * side + z] = nmod_mul(
          value,
          power_of_i((unsigned)__builtin_popcount(x & z) & 3, root, mod), mod);
    }
  }
  for (size_t x = 0; x < side && ok; x++) { /* z to s */
    mp_limb_t *d = out + x * side;
    for (size_t half = 1; half < side; half *= 2)
      for (size_t s = 0; s < side; s++) {
        if (s & half) continue;
        mp_limb_t a = d[s], b = d[s | half];
        d[s] = nmod_add(a, b, mod);
        d[s | half] = nmod_sub(a, b, mod);
      }
  }
  flint_free(on);
  return ok;
}

mp_limb_t operator_matrix_product_at(const operator_table_struct *table,
                                     const mp_limb_t *a, const mp_limb_t *b,
                                     size_t column, mp_limb_t root, nmod_t mod) {
  size_t side = (size_t)1 << table->span->num_qubits;
  size_t k = table->start[column], length = table->start[column + 1] - k;
  uint32_t x = table->x[k], z = table->z[k];
  mp_limb_t sum = 0;
  for (size_t s = 0; s < side; s++) { /* a b |s>, the part along s + x */
    mp_limb_t at = 0;
    for (size_t y = 0; y < side; y++)
      NMOD_ADDMUL(at, b[y * side + s], a[(x ^ y) * side + (s ^ y)], mod);
    sum = __builtin_parity(z & (unsigned)s) ? nmod_sub(sum, at, mod)
                                            : nmod_add(sum, at, mod);
  }
  unsigned e = (unsigned)__builtin_popcount(x & z) & 3;
  sum = nmod_mul(sum, power_of_i((4 - e) & 3, root, mod), mod);
  sum = nmod_mul(sum, length % mod.n, mod);
  return nmod_mul(sum, nmod_inv(side, mod), mod);
}
