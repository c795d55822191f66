/* check_adjoint.h - the members "adjoint" and "traps_on_group" of a landscape.

   Where the algebra is spanned by strings, whether the observable lies in it and the
   spectra of its law are found anew (check_fermions.h). What follows from the
   spectra always is: variance and kurtosis of the law, which must be those of the
   landscape where that has them. */
#ifndef LIESCAPE_CLI_CHECK_ADJOINT_H
#define LIESCAPE_CLI_CHECK_ADJOINT_H

#include "cli/check/check_subject.h"

/* landscape: the whole object, of which l is the ledger. */
void check_adjoint(ledger_t *l, const check_subject_t *subject, size_t index,
                   const json_t *landscape);

#endif
