/* check_kernel.h - re-proves the member kernel. Private to check.

   The deep one where generators are strings, from gradients of states half way
   between two inputs; that of this circuit from the plain recursion on pairs of
   strings, one of each input; eigenvalues from the matrix. */
#ifndef LIESCAPE_CLI_CHECK_KERNEL_H
#define LIESCAPE_CLI_CHECK_KERNEL_H

#include "cli/check/check_subject.h"

void check_kernel(ledger_t *l, const check_subject_t *subject);

#endif
