/* reason.h - why something is not known, or does not apply: codes and texts.

   Whoever leaves something open says why by one of these codes; programs (and
   the checker) look at codes, people read the texts. This table is the only place
   where either is written: a certificate carries both, "reason" (the text) and
   "reason_code" (the word of the second column).

   A text may hold one number, at the place of the sign #, which the reason
   carries beside its code: a limit that was reached, say. #ms is a number of
   thousandths, written as a decimal.

   Layer: lowest. */
#ifndef LIESCAPE_REASON_H
#define LIESCAPE_REASON_H

#include <stdbool.h>
#include <stdint.h>

/* clang-format off */
#define LIESCAPE_REASON_TABLE(R)                                               \
  R(NONE, none, "")                                                            \
  /* anywhere */                                                               \
  R(TIME_LIMIT, time_limit, "the time limit was reached")                      \
  R(STOPPED, stopped, "the analysis was stopped")                              \
  R(SYMBOL_WITHOUT_VALUE, symbol_without_value,                                \
    "a generator holds a symbol without a value: set it with -D")              \
  R(IRRATIONAL_COEFFICIENTS, irrational_coefficients,                          \
    "coefficients are irrational: exact moments are computed for rational "    \
    "ones")                                                                    \
  /* states and observables behind fixed gates that are no Cliffords */        \
  R(FIXED_GATES_NOT_MOVED, fixed_gates_not_moved,                              \
    "fixed gates at the beginning or end of the circuit turn the state into "  \
    "one that is no product, or the observable into too many strings")         \
  R(IRRATIONAL_BEHIND_FIXED_GATES, irrational_behind_fixed_gates,              \
    "fixed gates turn the observable or the state into an irrational one")     \
  R(COVARIANCE_IRRATIONAL, covariance_irrational,                              \
    "fixed gates turn a state or the observable into an irrational one; "      \
    "covariances are computed for rational ones")                              \
  /* the algebra */                                                            \
  R(CLOSURE_UNPROVED, closure_unproved,                                        \
    "the closure ended but was not proved over Q; the dimension is a lower "   \
    "bound")                                                                   \
  R(CLOSURE_TIME_LIMIT, closure_time_limit,                                    \
    "the time limit of #ms s was reached (--time-limit); the dimension is a "  \
    "lower bound")                                                             \
  R(CLOSURE_STOPPED, closure_stopped,                                          \
    "the analysis was stopped; the dimension is a lower bound")                \
  R(CLOSURE_DIMENSION_LIMIT, closure_dimension_limit,                          \
    "the dimension exceeds # (--max-dimension); what is given is a lower "     \
    "bound")                                                                   \
  R(CLOSURE_MEMORY_LIMIT, closure_memory_limit,                                \
    "the memory limit was reached (--memory-limit); the dimension is a lower " \
    "bound")                                                                   \
  R(CLOSURE_INCOMPLETE, closure_incomplete,                                    \
    "the closure was not completed within the limits")                         \
  R(ROOTS_BEYOND_LIMITS, roots_beyond_limits,                                  \
    "these square roots are beyond the limits")                                \
  R(ROOTS_CLOSURE_INCOMPLETE, roots_closure_incomplete,                        \
    "the closure over a field of square roots was not completed; the "         \
    "dimension is a lower bound")                                              \
  /* its ideals */                                                             \
  R(DERIVED_ALGEBRA_INCOMPLETE, derived_algebra_incomplete,                    \
    "the derived algebra was not completed")                                   \
  R(DERIVED_ALGEBRA_TOO_LARGE, derived_algebra_too_large,                      \
    "the derived algebra is too large to be split into ideals")                \
  R(NO_GENERATING_ELEMENT, no_generating_element,                              \
    "no element generates the derived algebra")                                \
  R(CENTROID_NOT_LIFTED, centroid_not_lifted,                                  \
    "the centroid was not lifted to the rationals")                            \
  R(CENTROID_NOT_FOUND, centroid_not_found, "the centroid was not found")      \
  R(PRIME_DIVIDES_DENOMINATOR, prime_divides_denominator,                      \
    "a denominator is a multiple of the prime that was used")                  \
  R(IDEALS_NOT_SEPARATED, ideals_not_separated,                                \
    "the ideals were not separated")                                           \
  R(CARTAN_TYPE_UNDECIDED, cartan_type_undecided,                              \
    "the Cartan type of an ideal was not decided")                             \
  /* sectors, and what acts on them */                                         \
  R(ASSOCIATIVE_ALGEBRA_TOO_LARGE, associative_algebra_too_large,              \
    "the associative algebra is too large")                                    \
  R(SECTORS_BEYOND_MEMORY, sectors_beyond_memory,                              \
    "the sectors are not looked for: with generators of so many terms those "  \
    "of # qubits fit into the memory (--memory-limit)")                        \
  R(CENTRE_NOT_LIFTED, centre_not_lifted,                                      \
    "the centre of the associative algebra was not lifted")                    \
  R(NO_GENERIC_CENTRAL_ELEMENT, no_generic_central_element,                    \
    "no generic central element was found")                                    \
  R(CENTRAL_PRODUCTS_NOT_FOUND, central_products_not_found,                    \
    "the products of central elements were not found")                         \
  R(NO_PRIME_FOR_WORDS, no_prime_for_words,                                    \
    "no prime keeps the ranks of words")                                       \
  R(SECTOR_NOT_ANALYSED, sector_not_analysed, "a sector was not analysed")     \
  R(SECTORS_DEPEND_ON_SYMBOL, sectors_depend_on_symbol,                        \
    "sectors can depend on the value of the symbol; they are given for "       \
    "special values")                                                          \
  R(SECTORS_NOT_TOLD_APART, sectors_not_told_apart,                            \
    "the sectors were not told apart")                                         \
  R(PRIME_NOT_SUITABLE, prime_not_suitable,                                    \
    "the prime that was used is not suitable")                                 \
  R(FIELDS_DO_NOT_SPLIT, fields_do_not_split,                                  \
    "conjugate ideals or sectors: no prime was found at which their fields "   \
    "split")                                                                   \
  R(IDEAL_RANK_TOO_LARGE, ideal_rank_too_large,                                \
    "the rank of an ideal is too large")                                       \
  R(REPRESENTATION_AMBIGUOUS, representation_ambiguous,                        \
    "several representations have this dimension and Casimir eigenvalue")      \
  R(NO_REPRESENTATION_FITS, no_representation_fits, "no representation fits")  \
  R(REPRESENTATIONS_DO_NOT_MULTIPLY, representations_do_not_multiply,          \
    "the representations do not multiply to a sector")                         \
  /* free fermions in the picture of one particle */                           \
  R(NOT_BILINEARS, not_bilinears,                                              \
    "the strings of the generators are not all Majorana bilinears")            \
  R(TOO_MANY_FOR_ONE_PARTICLE, too_many_for_one_particle,                      \
    "more generators than the picture of one particle is made for")            \
  R(NO_CLIFFORD_ALGEBRA, no_clifford_algebra,                                  \
    "the generators are no Clifford algebra on the pieces of one particle")    \
  R(NO_GENERIC_COMBINATION, no_generic_combination,                            \
    "no generic combination was found")                                        \
  R(TOO_MANY_PARTS, too_many_parts,                                            \
    "the strings have too many central operators or components")               \
  R(CHARGES_IRRATIONAL, charges_irrational,                                    \
    "the charges of the centre are irrational")                                \
  R(TOO_MANY_CHARGES, too_many_charges, "too many charges of the centre")      \
  R(LINKED_PIECES, linked_pieces,                                              \
    "an ideal acts on several pieces of one particle")                         \
  /* sectors first */                                                          \
  R(TOO_MANY_BLOCKS, too_many_blocks, "the sectors are too many")              \
  R(SYMMETRIES_MISSING, symmetries_missing,                                    \
    "the symmetries that were found do not explain the sectors")               \
  R(SECTOR_TRACES_EQUAL, sector_traces_equal,                                  \
    "the traces on the sectors were not told apart")                           \
  R(SECTOR_NOT_RECOGNISED, sector_not_recognised,                              \
    "a sector carries neither su(d) nor, by an invariant form that was "       \
    "exhibited, so(d) or sp(d/2)")                                             \
  R(LINK_NOT_EXHIBITED, link_not_exhibited,                                    \
    "two sectors have the same spectra and no operator was found that links "  \
    "them")                                                                    \
  /* special values of a symbol */                                             \
  R(GENERIC_CLOSURE_INCOMPLETE, generic_closure_incomplete,                    \
    "the closure at a generic value was not completed within the limits")      \
  R(GENERIC_DIMENSION_UNPROVED, generic_dimension_unproved,                    \
    "the generic dimension was not proved within the limits")                  \
  R(GENERIC_STRUCTURE_NOT_FOUND, generic_structure_not_found,                  \
    "the structure at a generic value was not found within the limits")        \
  R(NO_GENERIC_VALUE, no_generic_value,                                        \
    "no value with the generic dimension was found within the limits")         \
  R(SPECIAL_VALUES_NOT_FOUND, special_values_not_found,                        \
    "the special values were not found within the limits")                     \
  R(SPECIAL_VALUE_NOT_ANALYSED, special_value_not_analysed,                    \
    "a special value was not analysed within the limits")                      \
  R(IRRATIONAL_VALUES_UNDECIDED, irrational_values_undecided,                  \
    "some values that are not rational were not decided")                      \
  /* moments of the deep circuit */                                            \
  R(ORBIT_COUNT_TOO_LARGE, orbit_count_too_large,                              \
    "counting the stabilizer strings in an orbit of the observable takes an "  \
    "enumeration that is too large")                                           \
  R(ORBIT_MEMORY_LIMIT, orbit_memory_limit,                                    \
    "an orbit of the observable cannot be measured within the limits of "      \
    "memory")                                                                  \
  R(PARAMETER_IN_UNITS_OF_PI, parameter_in_units_of_pi,                        \
    "a parameter is counted in units of pi in one gate and in radians in "     \
    "another, which gives its gradient variance several powers of pi")         \
  R(SHARED_GATES_FIXED_ANGLE, shared_gates_fixed_angle,                        \
    "a parameter drives gates that do not act as one exponential, with a "     \
    "fixed angle between them: its gradient variance is not rational")         \
  R(SHARED_GATES_TOO_LONG, shared_gates_too_long,                              \
    "a parameter drives gates that do not act as one exponential, and the "    \
    "strings between them are too many to be averaged")                        \
  R(SHARED_GATES_MODULE_TOO_LARGE, shared_gates_module_too_large,              \
    "a parameter drives gates that do not act as one exponential, and the "    \
    "module of the observable is too large for what they have to do with each " \
    "other")                                                                   \
  R(GRADIENT_TIME_LIMIT, gradient_time_limit,                                  \
    "the time limit was reached at the gradient variances")                    \
  R(STATE_WITHOUT_CLOSED_FORM, state_without_closed_form,                      \
    "for such a state the moments of the deep circuit are computed when it is " \
    "a sum of few strings, when the algebra is made of such as hold all "      \
    "strings of qubits of their own, or in the module of the observable when " \
    "that is small enough")                                                    \
  R(STATE_TOO_ASYMMETRIC, state_too_asymmetric,                                \
    "the input state shares too few permutations with the generators: "        \
    "averages over orbits of strings are too long")                            \
  R(STATE_TIME_LIMIT, state_time_limit,                                        \
    "the time limit was reached while the input state was projected on the "   \
    "operators that the observable moves through")                             \
  R(MODULE_BEYOND_LIMITS, module_beyond_limits,                                \
    "the operators that the observable moves through are too many for the "    \
    "limits (--max-dimension, --time-limit, --memory-limit)")                  \
  R(MODULE_TOO_LARGE, module_too_large,                                        \
    "the operators that the observable moves through have more than 3000 "     \
    "dimensions")                                                              \
  R(MODULE_ENDOMORPHISM_LIMIT, module_endomorphism_limit,                      \
    "the time or memory limit was reached while the endomorphisms of the "     \
    "operators that the observable moves through were sought")                 \
  R(TOO_MANY_INVARIANTS, too_many_invariants,                                  \
    "the second moments of the observable have more than 200 invariants")        \
  /* moments on sectors */                                                     \
  R(COMMUTANT_TOO_LARGE, commutant_too_large,                                  \
    "the operators that commute with the generators are too many")             \
  R(COMMUTANT_NOT_REAL, commutant_not_real,                                    \
    "an operator that commutes with the generators is not real")               \
  R(COMMUTANT_LARGE_ENTRIES, commutant_large_entries,                          \
    "an operator that commutes with the generators has large entries")         \
  R(COMMUTANT_NOT_SPANNED, commutant_not_spanned,                              \
    "words in the operators that commute did not span the commutant")          \
  R(MOMENTS_NEED_INDEPENDENT_SECTORS, moments_need_independent_sectors,        \
    "an ideal acts on several sectors: moments are computed for sectors that " \
    "are independent")                                                         \
  R(MOMENTS_NEED_COMPLEX_SECTORS, moments_need_complex_sectors,                \
    "a sector carries so(d) or sp(d/2): moments are computed for su(d)")       \
  R(STATE_TOO_LONG, state_too_long, "the input state has too many terms")      \
  R(SECTOR_TERMS_TOO_MANY, sector_terms_too_many,                              \
    "the observable or the state has too many terms for its moments on the "   \
    "sectors")                                                                 \
  R(SECTOR_MOMENTS_TIME_LIMIT, sector_moments_time_limit,                      \
    "the time limit was reached at the moments on the sectors")                \
  R(SYMMETRIES_NOT_SPLIT, symmetries_not_split,                                \
    "the representations of the symmetries were not found modulo primes")      \
  R(SECTOR_MOMENTS_TOO_LONG, sector_moments_too_long,                          \
    "the moments on the sectors have too many digits")                         \
  R(NOT_PERMUTATION_SYMMETRIC, not_permutation_symmetric,                      \
    "permutations of the qubits fix the generators, but neither the "          \
    "observable nor the input states")                                         \
  R(SMALL_SECTORS_JOINED, small_sectors_joined,                                \
    "the observable joins sectors of dimension one or two: their coherences "  \
    "are not followed")                                                        \
  /* covariances */                                                            \
  R(COVARIANCE_NEEDS_NUMBERS, covariance_needs_numbers,                        \
    "coefficients are irrational or hold a symbol; covariances are computed "  \
    "for rational ones")                                                       \
  R(TOO_MANY_STATES, too_many_states,                                          \
    "there are more than 64 states; ask for the covariances of fewer")          \
  R(COVARIANCE_MODULE_TOO_LARGE, covariance_module_too_large,                  \
    "for two product states, or one and a stabilizer state, the module of the " \
    "observable is too large")                                                 \
  R(KERNEL_STATES_TOO_LONG, kernel_states_too_long,                            \
    "the states half way between two inputs are sums of too many strings: "    \
    "the kernel of the deep circuit is for few qubits, or mixed states")       \
  R(COVARIANCE_COUNT_TOO_LARGE, covariance_count_too_large,                    \
    "counting the strings of an orbit that lie in two stabilizer groups takes " \
    "an enumeration that is too large")                                        \
  /* the Wishart class: when it applies */                                     \
  R(TERMS_IN_JORDAN_ALGEBRA, terms_in_jordan_algebra,                          \
    "every term of the observable lies in a Jordan algebra of which the group " \
    "is the automorphism group")                                               \
  R(OBSERVABLE_IN_JORDAN_ALGEBRA, observable_in_jordan_algebra,                \
    "the observable lies in a Jordan algebra of which the group is the "       \
    "automorphism group")                                                      \
  /* when it does not */                                                       \
  R(OBSERVABLE_IS_CONSERVED, observable_is_conserved,                          \
    "the observable commutes with every generator: the loss does not depend "  \
    "on the parameters")                                                       \
  R(OBSERVABLE_CANCELS, observable_cancels,                                    \
    "the terms of the observable cancel on every sector that the state "       \
    "populates")                                                               \
  R(OBSERVABLE_IS_A_NUMBER, observable_is_a_number,                            \
    "the observable is a number on every sector that the state populates")     \
  R(OBSERVABLE_NOT_REAL_SYMMETRIC, observable_not_real_symmetric,              \
    "outside the Wishart class: the observable is not real symmetric on the "  \
    "sectors, where the algebra is so; i times it has a part in the algebra "  \
    "itself")                                                                  \
  R(OBSERVABLE_NOT_QUATERNIONIC, observable_not_quaternionic,                  \
    "outside the Wishart class: the observable is not quaternionic on the "    \
    "sectors, where the algebra is sp; i times it has a part in the algebra "  \
    "itself")                                                                  \
  R(LINKED_SECTORS, linked_sectors,                                            \
    "outside the Wishart class: one ideal acts on several sectors that the "   \
    "state populates, so their losses are functions of one random unitary "    \
    "(linked sectors)")                                                        \
  R(TERM_OUTSIDE_ALGEBRA, term_outside_algebra,                                \
    "outside the Wishart class: a term of the observable does not lie in the " \
    "associative algebra of the generators")                                   \
  R(OBSERVABLE_OUTSIDE_ALGEBRA, observable_outside_algebra,                    \
    "outside the Wishart class: the observable does not lie in the "           \
    "associative algebra of the generators, nor is its loss that of an "       \
    "observable that does")                                                    \
  R(CENTRAL_MOVER, central_mover,                                              \
    "outside the Wishart class: a term is moved by a central generator only, " \
    "the algebra is abelian there")                                            \
  R(SPIN_REPRESENTATION, spin_representation,                                  \
    "outside the Wishart class: so(#) acts on the sectors by a spin "          \
    "representation, and the observable is not linear in the Majorana "        \
    "operators")                                                               \
  R(SEVERAL_MOVERS, several_movers,                                            \
    "outside the Wishart class: a term of the observable is moved by several " \
    "ideals at once")                                                          \
  R(PART_BETWEEN_SECTORS, part_between_sectors,                                \
    "outside the Wishart class: the observable has a part between sectors")    \
  R(EFFECTIVE_OBSERVABLE_UNKNOWN, effective_observable_unknown,                \
    "the observable does not lie in the associative algebra of the generators, "\
    "or has a part between sectors; whether its loss for this state is that of " \
    "one that does is not decided")                                            \
  R(BLOCKS_DISAGREE, blocks_disagree,                                          \
    "the blocks found disagree with the exact moments: this is a defect of "   \
    "the program, please report it")                                           \
  /* when that is not known */                                                 \
  R(NOT_EXAMINED, not_examined, "not examined")                                \
  R(STATE_NOT_STABILIZER, state_not_stabilizer,                                \
    "the input state is no stabilizer state")                                  \
  R(MOMENTS_UNKNOWN, moments_unknown, "the moments of the loss are not known") \
  R(TOO_MANY_SECTOR_SIGNS, too_many_sector_signs,                              \
    "the observable differs on more than 2^# sectors")                         \
  R(SPECTRUM_TOO_LONG, spectrum_too_long,                                      \
    "the observable has too many terms for the moments of its spectrum")       \
  R(SECTORS_CONJUGATE, sectors_conjugate,                                      \
    "the observable acts on sectors that are conjugate over a number field; "  \
    "blocks are found for rational sectors")                                   \
  R(SECTOR_NOT_COMPLEX, sector_not_complex,                                    \
    "the observable acts on a real or quaternionic sector of sums of strings; " \
    "blocks are found for complex ones")                                       \
  R(SECTOR_OPERATORS_TOO_LONG, sector_operators_too_long,                      \
    "the operators on a sector are too long for the moments of its spectrum")  \
  R(REDUCED_STATE_UNKNOWN, reduced_state_unknown,                              \
    "the reduced state on a sector is not known to be a multiple of a "        \
    "projector; blocks are found for those")                                   \
  R(SECTOR_KINDS_ALIKE, sector_kinds_alike,                                    \
    "two kinds of sectors of one size: the block is not told apart")           \
  R(PROJECTORS_TOO_LONG, projectors_too_long,                                  \
    "the projectors on the sectors are too long")                              \
  R(SECTORS_UNKNOWN, sectors_unknown,                                          \
    "the sectors of the algebra are not known")                                \
  R(ALGEBRA_NOT_FULL_ON_SECTORS, algebra_not_full_on_sectors,                  \
    "the algebra is smaller than the full algebras of its sectors together: "  \
    "an ideal acts on several sectors, or not by its defining representation; " \
    "blocks are found for sectors with full algebras of their own")            \
  /* what follows from the blocks */                                           \
  R(NEEDS_WISHART_BLOCKS, needs_wishart_blocks,                                \
    "needs the Wishart description with exact degrees of freedom")             \
  R(LOSS_IS_CONSTANT, loss_is_constant, "the loss is constant")                \
  R(LIMIT_NEEDS_FAMILY, limit_needs_family,                                    \
    "a limit is a property of a family; see --sweep")                          \
  R(DEGREES_OF_FREEDOM_BOUNDED, degrees_of_freedom_bounded,                    \
    "the degrees of freedom are known as an interval only")                    \
  R(LEAST_LOSS_UNKNOWN, least_loss_unknown,                                    \
    "the eigenvalues of a block on which the state has a rank above 1 are not " \
    "listed, so that the least loss it reaches is not known")                  \
  /* observables in the algebra; local minima on the group */                   \
  R(ADJOINT_CLASS, adjoint_class,                                              \
    "the observable lies in the Lie algebra, up to what commutes with "        \
    "it")                                                                      \
  R(ADJOINT_WITHOUT_LAW, adjoint_without_law,                                  \
    "the observable lies in the Lie algebra, up to what commutes with "        \
    "it; its law as such is computed for ideals su(2), for free fermions (up " \
    "to 160 modes, 32 where generators are sums) and, where there are no "     \
    "Wishart blocks, for other algebras of strings (up to 64 dimensions, 256 " \
    "in all)")                                                                 \
  R(ADJOINT_TERM_OUTSIDE, adjoint_term_outside,                                \
    "a term of the observable neither lies in the Lie algebra nor "            \
    "commutes with it")                                                        \
  R(ADJOINT_NOT_BILINEAR, adjoint_not_bilinear,                                \
    "a part of the observable that does not commute with the generators "      \
    "is no sum of Majorana bilinears of the algebra")                          \
  R(ADJOINT_OUTSIDE, adjoint_outside,                                          \
    "the observable is a sum of Majorana bilinears, but not an element "       \
    "of the algebra that the generators form")                                 \
  R(ADJOINT_NOT_EXAMINED, adjoint_not_examined,                                \
    "it is examined for algebras of strings and for generators that are "      \
    "sums of Majorana bilinears")                                              \
  R(ADJOINT_DISAGREES, adjoint_disagrees,                                      \
    "the law disagrees with the exact moments: this is a defect of the "       \
    "program, please report it")                                               \
  R(TRAPS_UNKNOWN, traps_unknown,                                              \
    "the observable was not shown to lie in the algebra, nor in a "            \
    "Jordan algebra of which the group is the automorphism group")             \
  R(TRAPS_NONE_ADJOINT, traps_none_adjoint,                                    \
    "a height function on an adjoint orbit of a compact group: local "         \
    "minima are global")                                                       \
  R(TRAPS_NONE_JORDAN, traps_none_jordan,                                      \
    "a height function on an orbit of the automorphisms of a Jordan "          \
    "algebra: local minima are global")                                        \
  R(TRAPS_NONE_SUMS, traps_none_sums,                                          \
    "a sum of height functions on orbits of independent ideals: local "        \
    "minima are global")                                                       \
  R(TRAPS_NONE_SPHERE, traps_none_sphere,                                      \
    "the orbit of the state is a whole sphere, on which the loss is a "        \
    "quadratic form: local minima are global")                                 \
  R(TRAPS_NONE_SPHERES, traps_none_spheres,                                    \
    "the orbit of the state is the product of whole complex spheres, so few "  \
    "that a quadratic form on them has no local minima but global ones")       \
  R(TRAPS_NONE_GAUSSIAN, traps_none_gaussian,                                  \
    "the loss is the expectation of a product of Majorana operators in "       \
    "Gaussian states, a Pfaffian: local minima are global")                    \
  /* the circuit at its own depth */                                           \
  R(NO_DEPTH, no_depth, "a list of generators has no depth")                   \
  R(DEPTH_STRINGS_LIMIT, depth_strings_limit,                                  \
    "the strings or pairs reached do not fit the limits in strings, memory or " \
    "time")                                                                    \
  R(DEPTH_LAWS_LIMIT, depth_laws_limit,                                        \
    "the strings reached do not fit the limits; paths are sampled for uniform " \
    "angles only")                                                             \
  R(DEPTH_GRADIENT_LIMIT, depth_gradient_limit,                                \
    "the record for the gradients does not fit the limits")                    \
  R(DEPTH_SLOPE_TOO_LARGE, depth_slope_too_large,                              \
    "the slope of an angle is too large a fraction")                           \
  R(DEPTH_PAIRS_LIMIT, depth_pairs_limit,                                      \
    "angles are shared, fixed or not uniform, and the pairs of strings that "  \
    "this couples do not fit the limits in strings, memory or time")           \
  R(LAYERS_WITHOUT_LIMIT, layers_without_limit,                                \
    "the Clifford gates of a layer carry the observable round, and numbers of " \
    "layers of different remainders tend to different variances")              \
  R(LAYERS_LIMIT_UNKNOWN, layers_limit_unknown,                                \
    "the limit of the repeated layer is not known")                            \
  /* which states are reached; what commutes */                                \
  R(STATE_MIXED, state_mixed,                                                  \
    "the input state is mixed: frame potentials and entanglement are those "   \
    "of pure states")                                                          \
  R(PROJECTOR_TOO_LONG, projector_too_long,                                    \
    "the input state has too many strings as an observable")                   \
  R(ONLY_RATIONAL, only_rational,                                              \
    "fixed gates or laws of angles make it irrational; only rational numbers " \
    "are written here")                                                        \
  R(SQUARES_UNKNOWN, squares_unknown,                                          \
    "the second moment of a qubit's X, Y or Z is not known")                   \
  R(OPERATORS_TOO_MANY, operators_too_many,                                    \
    "the operators are more, or longer, than what is listed")                  \
  R(OPERATORS_NOT_FOUND, operators_not_found,                                  \
    "the algebra or its commutant was not computed within the limits")         \
  /* families */                                                               \
  R(FAMILY_UNEQUAL_MEMBERS, family_unequal_members,                            \
    "the members have different numbers of observables or states")             \
  R(FAMILY_SIZES_NOT_POSITIVE, family_sizes_not_positive,                      \
    "the values are not positive integers")                                    \
  R(FAMILY_SIZE_TWICE, family_size_twice, "two members have the same size")    \
  R(FAMILY_EMPTY, family_empty, "there are no members")                        \
  /* suggestions */                                                            \
  R(SUGGEST_NEEDS_NUMBERS, suggest_needs_numbers,                              \
    "a generator holds a symbol or a square root: changes are tried with "     \
    "rational numbers only")                                                   \
  R(SUGGEST_NEEDS_OBSERVABLE, suggest_needs_observable,                        \
    "there is no observable to judge by")                                      \
  R(SUGGEST_NEEDS_GENERATOR, suggest_needs_generator, "there is no generator") \
  /* verification */                                                           \
  R(NOTHING_TO_SAMPLE, nothing_to_sample,                                      \
    "there is no observable, hence no loss to sample: nothing was verified; "  \
    "add one with -O")                                                         \
  R(SAMPLING_IMPOSSIBLE, sampling_impossible,                                  \
    "the landscapes cannot be sampled")                                        \
  R(NOT_KNOWN_TO_BE_DEEP, not_known_to_be_deep,                                \
    "cannot be judged: the circuit that was sampled is not known to be deep")
/* clang-format on */

#define LIESCAPE_REASON_ENUMERATOR(NAME, word, text) REASON_##NAME,
typedef enum {
  LIESCAPE_REASON_TABLE(LIESCAPE_REASON_ENUMERATOR) NUM_REASONS
} reason_code_t;
#undef LIESCAPE_REASON_ENUMERATOR

typedef struct {
  reason_code_t code; /* REASON_NONE: nothing is missing */
  int64_t number;     /* for #; 0 in a text without */
} reason_t;

reason_t reason_of(reason_code_t code);
reason_t reason_with(reason_code_t code, int64_t number);
/* A reason is given. */
bool reason_given(reason_t reason);
/* "time_limit": what a certificate has as "reason_code". */
const char *reason_code_word(reason_code_t code);
/* The code of a word; false, and no change, when no code has it. */
bool reason_code_from_word(reason_code_t *code, const char *word);
/* The sentence in the table, numbers filled in; the caller frees it with
   free(). NULL for REASON_NONE. */
char *reason_text(reason_t reason);
/* Is it the sentence of this code, with whatever number? */
bool reason_code_says(reason_code_t code, const char *text);

#endif
