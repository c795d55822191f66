/* free_fermion.h - recognising Majorana bilinears in a set of Pauli strings.

   Private to algebra/. A component is of free-fermion type when labels {a,b}
   of its strings exist such that two strings anticommute iff their labels
   share exactly one mode: the anticommutation graph without false twins is a
   line graph. By Whitney's theorem the labelling is unique up to renaming once
   there are five modes. */
#ifndef LIESCAPE_FREE_FERMION_H
#define LIESCAPE_FREE_FERMION_H

#include "algebra/strings/string_component.h"

/* Fills num_modes, potentials, labels, twists, parity_in_twists of c, whose
   span and basis are there already, and returns whether it is of that type.
   k = 1 always is, with three modes. */
bool free_fermion_recognise(string_component_struct *c,
                            const string_algebra_t g);

/* Writes the modes a in S for a string v of V = gamma_S t: S is even, subset
   has (num_modes+63)/64 words. When num_modes is even, S and its complement
   differ by the parity, which lies in T or not: if it does not, the choice
   with v gamma_S in T is made; if it does, either is right. */
void free_fermion_subset(uint64_t *subset, const string_component_struct *c,
                         const uint64_t *v);

/* Writes the set F of modes a with omega(p, gamma_0 gamma_a) = 1: p acts on
   the potentials as gamma_F would, F known up to its complement (the one
   without mode 0 is written). Any string p. */
void free_fermion_signature(uint64_t *subset, const string_component_struct *c,
                            const uint64_t *p);

/* Is v, in V, equal to gamma_a gamma_b t for some a != b and t in T? */
bool free_fermion_is_bilinear(const string_component_struct *c,
                              const uint64_t *v);

#endif
