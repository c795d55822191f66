/* random_gates.h - small random gate lists, and the same as dense matrices:
   rotations and exponentials of sums, several terms and fixed parts in an
   angle, drives in several gates, gates without drives. */
#ifndef LIESCAPE_TESTS_RANDOM_GATES_H
#define LIESCAPE_TESTS_RANDOM_GATES_H

#include "numeric/circuit/program.h"
#include "tests/ref_dense.h"

/* program->circuit holds the gates; only what gate lists need is filled in.
   exponentials: how many sums of strings are among the generators. */
void random_gates_init(program_t *program, size_t num_qubits, size_t num_drives,
                       size_t num_gates, size_t exponentials);
void random_gates_clear(program_t *program);
/* Terms with coefficients in [-1,1]. */
void random_gates_sum(double_sum_t *sum, size_t num_qubits, size_t terms);
double random_gates_uniform(void); /* in [-1,1) */
uint64_t random_gates_mask(size_t num_qubits);

ref_entry_t *ref_double_sum(const double_sum_t *sum, size_t num_qubits);
/* G of gate g: P/2 or H. */
ref_entry_t *ref_generator(const program_t *program, size_t g);
/* out = g_G ... g_1 in with -i G inserted after gates first and second, unless
   PROGRAM_NONE (the same gate twice: (-i G)^2). */
void ref_run(ref_entry_t *out, const program_t *program, const double *drives,
             const ref_entry_t *in, size_t first, size_t second);
/* d/d drive_a (unless PROGRAM_NONE) d/d drive_b of the final vector. */
void ref_derivative(ref_entry_t *out, const program_t *program,
                    const double *drives, const ref_entry_t *in, size_t a,
                    size_t b);

#endif
