/* commutation_table.h - which of a list of strings anticommute with one.
   Private. Layer: base, above pauli. */
#ifndef LIESCAPE_ALGEBRA_COMMUTATION_TABLE_H
#define LIESCAPE_ALGEBRA_COMMUTATION_TABLE_H

#include "algebra/base/pauli.h"

/* A growing list of strings that answers "which of them anticommute with p"
   in O(weight(p) length/64): for each qubit it keeps the x and z bits of all
   strings as one bit vector. A table of strings that are all known at first keeps
   those of their qubits only, and cannot grow. */
typedef struct {
  size_t num_qubits;
  size_t length;
  size_t stride;     /* words per column, grows by doubling */
  uint64_t *columns; /* two for each column qubit: x, then z */
  uint64_t *support; /* w words: the column qubits; NULL when they are all */
  uint32_t *before;  /* column qubits before each of these words */
} commutation_table_struct;
typedef commutation_table_struct commutation_table_t[1];

void commutation_table_init(commutation_table_t table, size_t num_qubits);
/* Of `count` strings that follow one another, once and for all. */
void commutation_table_init_strings(commutation_table_t table, size_t num_qubits,
                                    const uint64_t *strings, size_t count);
void commutation_table_clear(commutation_table_t table);
void commutation_table_append(commutation_table_t table,
                              const uint64_t *string);
static inline size_t commutation_table_words(
    const commutation_table_struct *table) {
  return (table->length + 63) / 64;
}
/* bits[i/64] bit i%64 = omega(p, string i); bits has ..._words() words. */
void commutation_table_query(uint64_t *bits, const commutation_table_t table,
                             const uint64_t *p);

#endif
