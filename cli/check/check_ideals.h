/* check_ideals.h - the ideals of the law of an observable in the algebra: are the spectra said
   those that are found anew? */
#ifndef LIESCAPE_CLI_CHECK_IDEALS_H
#define LIESCAPE_CLI_CHECK_IDEALS_H

#include "algebra/check/check_fermions.h"
#include "cli/check/check_subject.h"

/* found: of an algebra of strings, or NULL; undecided: they were not found anew. */
answer_t check_ideals_fit(const json_t *ideals, check_adjoint_struct *found,
                          const check_subject_t *subject, size_t index);

#endif
