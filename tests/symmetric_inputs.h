/* symmetric_inputs.h - small ansaetze of sums of strings with symmetries.

   Layer: tests. */
#ifndef LIESCAPE_TESTS_SYMMETRIC_INPUTS_H
#define LIESCAPE_TESTS_SYMMETRIC_INPUTS_H

#include "algebra/base/pauli_sum.h"

enum { SYMMETRIC_MAX = 40 };

typedef struct {
  size_t n, count;
  pauli_sum_struct list[SYMMETRIC_MAX];
} symmetric_set_struct;

/* A new generator, 0. */
pauli_sum_struct *symmetric_set_add(symmetric_set_struct *set);
void symmetric_set_clear(symmetric_set_struct *set);
/* sum += c times the letters of word on qubits i and j. */
void symmetric_push(pauli_sum_struct *sum, const char *word, size_t i, size_t j,
                    slong c);
/* sum += i (T - T^+), T = a_up[0]^+ .. a_down[0] .. with `count` modes each, Jordan-Wigner
   (a_j = Z .. Z (X + i Y) / 2 on qubits 0 to j; |1> is occupied); times 2^(2 count - 1). */
void symmetric_push_excitation(pauli_sum_struct *sum, const size_t *up,
                               const size_t *down, size_t count);
/* 3 to most qubits: excitations of one or two electrons, alone or in pairs. */
void symmetric_set_excitations(symmetric_set_struct *set, size_t most);
/* 3 to most qubits: sums of strings on two or three of them that C^-1 takes to minus their
   transposes, C a random string. */
void symmetric_set_transposed(symmetric_set_struct *set, size_t most);
/* 2 to most qubits: sums over rings and chains, or bonds and fields. */
void symmetric_set_random(symmetric_set_struct *set, size_t most);
/* Two generators: electrons hop along an open chain, and repel each other where two are on one
   site (with the number of particles in it); qubits 0 to sites - 1 spin up. Those of one spin
   alone, and pairs without a spin, stay in orbitals of energies 2 cos(pi k / (sites + 1)). */
void symmetric_set_hubbard(symmetric_set_struct *set, size_t sites);

#endif
