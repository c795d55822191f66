/* string_cases.h - random sets of Pauli strings biased to corner cases, and
   comparison of a structure_t with the reference; for the string tests. */
#ifndef LIESCAPE_TESTS_STRING_CASES_H
#define LIESCAPE_TESTS_STRING_CASES_H

#include "algebra/strings/string_algebra.h"
#include "tests/ref_strings.h"

enum { STRING_CASE_MAX = 64 };

#define STRING_CASE_KINDS                                                   \
  {                                                                         \
    "uniform strings", "two-local strings", "Majorana bilinears twisted",   \
        "few strings", "commuting strings and some others", "q = 1 strings", \
        "independent blocks", "many strings", "products of a short list"    \
  }
enum { STRING_CASE_NUM_KINDS = 9 };

/* Fills distinct strings, at least one; returns how many. */
size_t string_case_random(unsigned *strings, int num_qubits, int kind);
/* Sorts and removes repetitions. */
size_t string_case_distinct(unsigned *strings, size_t count);

/* Initialises g. */
void string_case_algebra(string_algebra_t g, int num_qubits,
                         const unsigned *strings, size_t count);
/* NULL when they agree, else what differs. */
const char *string_case_compare(const structure_t found,
                                const ref_structure_t *expected);
void string_case_print(const structure_t found,
                       const ref_structure_t *expected);

#endif
