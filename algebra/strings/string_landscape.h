/* string_landscape.h - landscapes when the algebra is spanned by strings.

   Layer: above string_moments; fills the result type landscape.h. */
#ifndef LIESCAPE_STRING_LANDSCAPE_H
#define LIESCAPE_STRING_LANDSCAPE_H

#include "algebra/generators/generators.h"
#include "algebra/laws/landscape.h"
#include "algebra/strings/string_algebra.h"

/* Analyses observable `observable` and state `state` of the ansatz when the
   algebra is spanned by strings. g comes from the generators of set
   (set->single_strings), or from all strings of the algebra that sums generate
   (closure_get_strings). */
void landscape_init_strings(landscape_t landscape, const string_algebra_t g,
                            const generator_set_t set, const ansatz_t ansatz,
                            size_t observable, size_t state);

/* mean_square: E[Tr(rho U^dag O^2 U)], observable moved through the Cliffords. */
void landscape_set_square(landscape_t landscape, const string_algebra_t g,
                          const pauli_sum_t observable,
                          const quantum_state_t state);

#endif
