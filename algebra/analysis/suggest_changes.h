/* suggest_changes.h - what may be changed about generators that are strings.

   Candidates, in this order: each generator dropped (when there are several), each
   string of weight 1 or 2 added that acts on one qubit or on two that are neighbours
   (share a generator of weight 2; next in number when none do), and each pair of
   generators dropped when there are 3 to 24.

   Layer: above ansatz. */
#ifndef LIESCAPE_SUGGEST_CHANGES_H
#define LIESCAPE_SUGGEST_CHANGES_H

#include "algebra/base/ansatz.h"

/* Generators dropped, ascending, or one string added, by index; of one alone both
   indices are the same. */
typedef struct {
  bool drop;
  size_t count; /* 1, or 2 for a pair */
  size_t index[2];
} suggest_change_t;

typedef struct {
  const ansatz_struct *ansatz;
  size_t num_qubits, width; /* words of a string */
  size_t num_generators;
  const pauli_sum_struct **generators; /* of an operator file as they are; of a circuit
                                          in the order of their strings */
  size_t num_added;
  uint64_t *added; /* strings that may be added */
  size_t length;
  suggest_change_t *list;
} suggest_changes_struct;
typedef suggest_changes_struct suggest_changes_t[1];

/* generators: of one term each, as the parameters of the ansatz drive them, Clifford
   gates moved away; borrowed like the ansatz. */
void suggest_changes_init(suggest_changes_t out, const ansatz_t ansatz,
                          const pauli_sum_struct *const *generators,
                          size_t num_generators);
void suggest_changes_clear(suggest_changes_t changes);

/* p: parameters that drive a rotation; of a list of generators, all do. */
size_t suggest_count_parameters(const ansatz_t ansatz);

const uint64_t *suggest_changes_string(const suggest_changes_t changes,
                                       const suggest_change_t *x, size_t i);
/* "X0 X1": what is dropped or added, i < count. The caller frees it with free(). */
char *suggest_changes_name(const suggest_changes_t changes, const suggest_change_t *x,
                           size_t i);
/* out = the generators with that change (NULL: as they are) as an operator file of
   their own, with as many layers, ceil(p m'/m) parameters, p those that drive a gate.
   A rotation of a circuit is exp(-i theta P / 2). Observables and states are left to
   the caller. */
void suggest_changes_apply(ansatz_t out, const suggest_changes_t changes,
                           const suggest_change_t *x);

#endif
