#include "algebra/base/commutation_table.h"

#include <assert.h>
#include <flint/flint.h>

void commutation_table_init(commutation_table_t table, size_t num_qubits) {
  *table = (commutation_table_struct){.num_qubits = num_qubits};
}

void commutation_table_clear(commutation_table_t table) {
  flint_free(table->columns);
  flint_free(table->support);
  flint_free(table->before);
  commutation_table_init(table, table->num_qubits);
}

/* Bit i of word j and bit j of word i change places (H. S. Warren, Hacker's Delight,
   7-3). */
static void transpose(uint64_t block[64]) {
  uint64_t mask = UINT64_C(0x00000000ffffffff);
  for (unsigned j = 32; j; j >>= 1, mask ^= mask << j)
    for (unsigned k = 0; k < 64; k = (k + j + 1) & ~j) {
      uint64_t t = (block[k] >> j ^ block[k + j]) & mask;
      block[k] ^= t << j;
      block[k + j] ^= t;
    }
}

static void find_support(commutation_table_t table, const uint64_t *strings,
                         size_t count) {
  size_t w = pauli_words(table->num_qubits), columns = 0;
  table->support = flint_calloc(w + 1, sizeof *table->support);
  table->before = flint_malloc((w + 1) * sizeof *table->before);
  for (size_t i = 0; i < 2 * w * count; i++) table->support[i % w] |= strings[i];
  for (size_t i = 0; i < w; i++) {
    table->before[i] = (uint32_t)columns;
    columns += (size_t)__builtin_popcountll(table->support[i]);
  }
  table->stride = (count + 63) / 64;
  table->columns = flint_calloc(2 * columns * table->stride + 1,
                                sizeof *table->columns);
}

void commutation_table_init_strings(commutation_table_t table, size_t num_qubits,
                                    const uint64_t *strings, size_t count) {
  size_t w = pauli_words(num_qubits), width = 2 * w;
  commutation_table_init(table, num_qubits);
  if (!count || !w) return;
  find_support(table, strings, count);
  table->length = count;
  for (size_t first = 0; first < count; first += 64)
    for (size_t i = 0; i < width; i++) {
      uint64_t block[64] = {0}, any = 0;
      for (size_t k = 0; k < 64 && first + k < count; k++)
        any |= block[k] = strings[(first + k) * width + i];
      if (!any) continue;
      transpose(block);
      uint64_t *column =
          table->columns + first / 64 + (i >= w) * table->stride +
          2 * table->before[i % w] * table->stride;
      for (uint64_t left = table->support[i % w]; left; left &= left - 1) {
        *column = block[__builtin_ctzll(left)];
        column += 2 * table->stride;
      }
    }
}

static void widen(commutation_table_t table) {
  size_t columns = 2 * table->num_qubits;
  size_t stride = table->stride ? 2 * table->stride : 2;
  uint64_t *wider = flint_calloc(columns * stride, sizeof *wider);
  for (size_t j = 0; j < columns && table->stride; j++)
    memcpy(wider + j * stride, table->columns + j * table->stride,
           table->stride * sizeof *wider);
  flint_free(table->columns);
  table->columns = wider;
  table->stride = stride;
}

void commutation_table_append(commutation_table_t table,
                              const uint64_t *string) {
  size_t w = pauli_words(table->num_qubits), at = table->length;
  assert(!table->support);
  if (at == 64 * table->stride) widen(table);
  for (size_t half = 0; half < 2; half++)
    for (size_t i = 0; i < w; i++)
      for (uint64_t left = string[half * w + i]; left; left &= left - 1) {
        size_t qubit = 64 * i + (size_t)__builtin_ctzll(left);
        table->columns[(2 * qubit + half) * table->stride + at / 64] |=
            UINT64_C(1) << (at % 64);
      }
  table->length++;
}

void commutation_table_query(uint64_t *bits, const commutation_table_t table,
                             const uint64_t *p) {
  size_t w = pauli_words(table->num_qubits);
  size_t words = commutation_table_words(table);
  if (!words) return;
  memset(bits, 0, words * sizeof *bits);
  for (size_t half = 0; half < 2; half++)
    for (size_t i = 0; i < w; i++) {
      uint64_t left = p[half * w + i];
      if (table->support) left &= table->support[i];
      for (; left; left &= left - 1) {
        size_t at = 64 * i + (size_t)__builtin_ctzll(left);
        if (table->support) /* the lowest bit has `left ^ (left - 1)` up to it */
          at = table->before[i] +
               (size_t)__builtin_popcountll(table->support[i] &
                                            (left ^ (left - 1)) >> 1);
        /* an x bit of p meets the z bits of the strings, and vice versa */
        const uint64_t *column =
            table->columns + (2 * at + 1 - half) * table->stride;
        for (size_t j = 0; j < words; j++) bits[j] ^= column[j];
      }
    }
}
