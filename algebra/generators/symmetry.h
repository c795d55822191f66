/* symmetry.h - qubit permutations that fix a list of operators.

   Two layers. Qubits i, j are interchangeable when the transposition (i j)
   fixes every operator; this is an equivalence, and the product N of the
   symmetric groups of its classes is normal in the whole group. On top of N
   stands an explicit list of permutations, one per coset of N in a subgroup
   G (of the whole group): all that fit under a cap. G is found by
   individualisation and colour refinement of the graph of qubits and terms;
   each generator of it is checked term by term, so that a search that gives
   up early makes G smaller but never wrong.

   canonical(P) is the same string for all images of P under N G, and only for
   those. Layer: private to algebra, above pauli_sum. */
#ifndef LIESCAPE_ALGEBRA_SYMMETRY_H
#define LIESCAPE_ALGEBRA_SYMMETRY_H

#include "algebra/base/pauli_sum.h"

typedef struct {
  size_t num_qubits;
  size_t num_words;
  bool trivial;
  size_t *class_of;     /* class of each qubit, numbered from 0 */
  size_t num_classes;   /* those with at least two members come first */
  size_t num_big;       /* number of classes with at least two members */
  size_t *class_start;  /* num_classes + 1 offsets into members */
  size_t *members;      /* qubits, class by class, ascending */
  size_t num_perms;     /* coset representatives, the identity first */
  uint32_t *perms;      /* num_perms rows: qubit j goes to perm[j] */
} symmetry_struct;

/* The group of operators[0..count-1], all on num_qubits qubits. Searches for
   coset representatives up to max_perms; the operators together should not
   have more than some 10^5 terms (beyond it only the trivial group is used). */
void symmetry_init(symmetry_struct *symmetry, size_t num_qubits,
                   const pauli_sum_struct *const *operators, size_t count,
                   size_t max_perms);
void symmetry_clear(symmetry_struct *symmetry);

/* out = the representative of the orbit of p. out and p distinct; scratch
   holds 2w words. O(num_perms * (weight + w)). */
void symmetry_canonical(uint64_t *out, const symmetry_struct *symmetry,
                        const uint64_t *p, uint64_t *scratch);

/* Order of the group, saturating at SIZE_MAX. */
size_t symmetry_order(const symmetry_struct *symmetry);

/* root[j] = one qubit of the orbit of qubit j, the same for the whole orbit. */
void symmetry_qubit_orbits(size_t *root, const symmetry_struct *symmetry);

/* Does every permutation of the group fix this operator too? */
bool symmetry_fixes(const symmetry_struct *symmetry,
                    const pauli_sum_struct *sum);

/* The orbit of p, in *strings (the caller frees it with flint_free); returns
   its length, or something larger than max_length as soon as that is passed. */
size_t symmetry_orbit(uint64_t **strings, const symmetry_struct *symmetry,
                      const uint64_t *p, size_t max_length);

/* Its length, without listing it: strings per normal orbit (multinomials of the
   letters in each class) times the number of those among the images of p. */
void symmetry_orbit_length(fmpz_t out, const symmetry_struct *symmetry,
                           const uint64_t *p);

#endif
