/* string_component.h - the components of an algebra of strings, as string_algebra.h
   explains them. Layer: private to algebra. */
#ifndef LIESCAPE_STRING_COMPONENT_H
#define LIESCAPE_STRING_COMPONENT_H

#include "algebra/base/structure.h"
#include "algebra/generators/f2_span.h"

typedef enum {
  COMPONENT_CENTRAL,
  COMPONENT_FREE_FERMION,
  COMPONENT_UNITARY,
  COMPONENT_UNITARY_LINKED,
  COMPONENT_ORTHOGONAL,
  COMPONENT_SYMPLECTIC
} component_kind_t;

typedef struct {
  component_kind_t kind;
  size_t num_members;
  size_t *members;   /* indices of the strings given */
  f2_span_t span;    /* V, with q */
  bool q_consistent; /* q exists */
  bool q_zero_on_radical;
  unsigned arf; /* of q on V/R; when q is consistent and 0 on R */
  size_t k, r;
  /* Symplectic basis of V: rows e_0 f_0 e_1 f_1 ... (omega(e_i,f_i) = 1, all
     other products 0), then r rows of R; q of each row. */
  uint64_t *basis;
  uint8_t *basis_q;
  commutation_table_t basis_table; /* of the 2k + r rows */
  /* Free fermion only. Mode a stands for the Majorana operator gamma_a;
     potentials row a is a string proportional to gamma_0 gamma_a (row 0 is the
     identity); every member is gamma_a gamma_b t with {a,b} = labels[2i..]. */
  size_t num_modes;
  uint64_t *potentials;
  /* How potentials are made: string a - 1 of the tree takes mode tree_parents[a] to
     mode a >= 1, a sum of few when the strings given are. */
  commutation_table_t tree;
  size_t *tree_parents;
  uint32_t *labels; /* 2 per member; NULL when k = 1 */
  f2_span_t twists; /* T */
  bool parity_in_twists; /* num_modes even: is the product of all gammas in T? */
} string_component_struct;

typedef struct {
  size_t num_qubits;
  size_t num_words;
  size_t num_strings;
  uint64_t *strings;   /* the distinct strings, copied */
  size_t *component;   /* of each string */
  size_t num_components;
  /* in the order of their least strings (pauli_cmp) */
  string_component_struct *components;
  f2_span_t span;    /* V of all components together */
  f2_span_t radical; /* sum of the radicals = radical of that V */
  size_t total_k, total_r;
  field_t field; /* of every sector */
} string_algebra_struct;
typedef string_algebra_struct string_algebra_t[1];

static inline const uint64_t *string_component_row(
    const string_component_struct *c, size_t i) {
  return c->basis + i * 2 * c->span->num_words;
}
static inline const uint64_t *string_component_potential(
    const string_component_struct *c, size_t mode) {
  return c->potentials + mode * 2 * c->span->num_words;
}

#endif
