/* span.h - the smallest space of operators that holds some seeds and is mapped
   into itself by some operators ("spinning"), exactly over Q.

   A span is given by seeds S_i and by maps, each either
     SPAN_LIE      A -> (i/2) [H, A]        (half the bracket of closure.h)
     SPAN_JORDAN   A -> (H A + A H) / 2.
   On strings: i H_P A_Q P Q (anticommuting), H_P A_Q P Q (commuting), so both
   have coefficients +-1 on strings. H and the seeds are scaled to primitive
   integer vectors, which does not change the span.

   Coordinates ("columns") are representatives of the orbits of strings under
   the permutations that fix every H and every seed. An invariant operator
   sum_a x_a e_a, with e_a the average of the orbit of a, is the vector x; then
     (i/2)[H, e_a] = sum_T h_T (+-) e_[T a]    (T over the terms of H),
   since H is invariant: one string stands for its orbit, with no orbit sizes
   anywhere. Columns are numbered in order of discovery, within blocks: the
   gradings (functions l(P) + s y(P) over F_2, l linear and y the number of Y)
   that are constant on the terms of each H and of each seed split every vector
   of the span into one block.

   Layer: private to algebra, above symmetry. */
#ifndef LIESCAPE_ALGEBRA_SPAN_H
#define LIESCAPE_ALGEBRA_SPAN_H

#include "algebra/base/row_table.h"
#include "algebra/base/status.h"
#include "algebra/generators/symmetry.h"
#include "algebra/closure/closure_limits.h"

typedef enum { SPAN_LIE, SPAN_JORDAN } span_kind_t;

typedef struct {
  const pauli_sum_struct *op;
  span_kind_t kind;
} span_map_t;

/* One term of the image of a column: column `column`, coefficient that of
   term |term| - 1 of H, negated when term < 0. */
typedef struct {
  uint32_t column;
  int32_t term;
} image_entry_t;

typedef struct {
  uint32_t length;
  bool known;
  image_entry_t *entries;
} image_struct;

/* A reduced row modulo p: 1 at the pivot, and below it length values, at idx
   when sparse, at 0..pivot-1 when idx is NULL. */
typedef struct {
  uint32_t pivot;
  uint32_t length;
  uint32_t *idx; /* descending */
  uint32_t *val;
} row_struct;

/* The same over Q: 1 at the pivot (not stored), ascending idx. */
typedef struct {
  uint32_t pivot;
  uint32_t length;
  uint32_t *idx;
  fmpq *val;
} exact_row_struct;

typedef struct {
  uint64_t key;
  uint32_t num_columns, alloc_columns;
  uint32_t *columns; /* local number -> column */
  uint32_t num_rows, alloc_rows;
  row_struct *rows;
  uint32_t *row_of;    /* local column -> row + 1 with that pivot, or 0 */
  uint32_t *checked;   /* per map: images of columns below are known */
  /* Lift: residues modulo `modulus` of the span, rows by ascending pivot. */
  uint32_t num_exact;
  exact_row_struct *exact;
  uint32_t *exact_of;  /* local column -> exact row + 1, or 0 */
  uint32_t exact_columns; /* length of exact_of */
} block_struct;

typedef struct span {
  size_t num_qubits, num_words;
  size_t num_maps;
  span_kind_t *kinds;
  pauli_sum_struct *ops;   /* primitive integer */
  uint64_t **op_spans;     /* F_2 basis of the strings of each op */
  size_t *op_ranks;
  size_t num_seeds;
  pauli_sum_struct *seeds; /* primitive integer */
  symmetry_struct symmetry;
  /* Gradings: rows of 2w words and the coefficient of y. */
  size_t num_gradings;
  uint64_t *gradings;
  uint8_t *grading_y;
  /* Columns. */
  size_t num_columns, alloc_columns;
  row_table_struct table; /* of the strings; number: column */
  const uint64_t *strings; /* its rows */
  uint32_t *block_of, *local_of;
  image_struct *images; /* alloc_columns x num_maps */
  size_t num_blocks, alloc_blocks;
  block_struct *blocks;
  hash_table_t blocks_by_key;
  /* Result. */
  size_t dimension;
  bool proved;
  closure_proof_t proof;
  /* Bookkeeping. */
  size_t bytes, max_bytes;
  closure_limits_t limits;
  uint64_t prime;
  uint32_t **coeffs; /* per map and term, modulo prime */
} span_struct;

/* Copies what it is given. extra: further operators that the permutations have
   to fix (NULL, 0 when none). */
void span_init(span_struct *span, size_t num_qubits, const span_map_t *maps,
               size_t num_maps, const pauli_sum_struct *const *seeds,
               size_t num_seeds, const closure_limits_t *limits);
void span_clear(span_struct *span);

/* Computes dimension, proof and basis. STATUS_OK proved; STATUS_LIMIT,
   STATUS_UNDECIDED: dimension is a proved lower bound. */
status_t span_run(span_struct *span);

/* Basis element k < dimension of a proved span. */
status_t span_get_element(pauli_sum_struct *out, const span_struct *span,
                          size_t k, size_t max_terms);
/* Is the operator in the (proved) span? */
bool span_contains(const span_struct *span, const pauli_sum_struct *a);

/* --- between the files of this module ------------------------------------ */

/* Column of a string (any of its orbit); added when it is new. */
uint32_t span_column(span_struct *span, const uint64_t *string);
/* The same without adding; UINT32_MAX when it is not there. */
uint32_t span_find_column(const span_struct *span, const uint64_t *string,
                          uint64_t *scratch);
/* Makes images[column][map] known. False when the memory budget is hit. */
bool span_image(span_struct *span, size_t map, uint32_t column);
static inline image_struct *span_image_at(const span_struct *span, size_t map,
                                          uint32_t column) {
  return span->images + (size_t)column * span->num_maps + map;
}
bool span_is_full(const span_struct *span, const block_struct *block);
/* Elimination modulo span->prime; rows are left in the blocks. */
status_t span_eliminate(span_struct *span);
void span_drop_rows(span_struct *span);
/* Makes the rows of every block that is not full the reduced echelon form. */
status_t span_reduce_rows(span_struct *span);
/* Lifting and exact check; see span_lift.c. */
status_t span_prove(span_struct *span);
bool span_interrupted(const span_struct *span);
/* Frees the lifted rows of a block. */
void span_clear_exact(block_struct *block);

/* acc[i] += c * row[i], i < length; c, row[i] < 2^28. */
void span_axpy(uint64_t *acc, const uint32_t *row, uint32_t c, size_t length);

#endif
