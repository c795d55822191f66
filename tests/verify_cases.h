/* verify_cases.h - small ansaetze with known groups, for the tests of verify. */
#ifndef LIESCAPE_TESTS_VERIFY_CASES_H
#define LIESCAPE_TESTS_VERIFY_CASES_H

#include <stdbool.h>

#include "numeric/judge/verify_types.h"

/* Words have qubit 0 leftmost. */
void case_parse(uint64_t *string, const char *word);
/* Rotation about the word by num/den pi (parameter < 0) or num/den theta. */
void case_gate(ansatz_t a, const char *word, long parameter, long num,
               unsigned long den);
void case_cz(ansatz_t a, size_t n, size_t j, size_t k);
/* A rotation by a parameter of its own. */
void case_parametrised(ansatz_t a, const char *word);
void case_observe(ansatz_t a, const char *word);
/* Stabilizers Z_0 .. Z_(num_stabilizers-1): the rest is maximally mixed. */
void case_start_zero(ansatz_t a, size_t num_stabilizers);
const char *case_letter(char *word, size_t n, size_t j, char letter);
/* beta 2: SU(2^n). beta 1: SO(2^n). Observable Z0. */
void case_sphere(ansatz_t a, size_t n, int beta);

/* Runs verify; prints the report when verbose. */
bool case_stands(const ansatz_t a, const verify_claims_t claims,
                 const verify_options_t *options, bool verbose);

#endif
