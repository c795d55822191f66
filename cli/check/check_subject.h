/* check_subject.h - what a certificate is about, as check sees it. Private. */
#ifndef LIESCAPE_CLI_CHECK_SUBJECT_H
#define LIESCAPE_CLI_CHECK_SUBJECT_H

#include "algebra/check/sums/check_sum_structure.h"
#include "cli/check/ledger.h"

typedef struct {
  const json_t *certificate; /* as given */
  const ansatz_struct *ansatz;
  const check_generators_struct *generators;
  const check_components_struct *components; /* when generators are strings */
  const check_sum_structure_struct *counted; /* when they are sums, without symbol */
  bool as_strings; /* sums, of which the certificate speaks as of strings: the
                      algebra is spanned by these */
  struct check_sums_cache *sums; /* check_sum_landscape.h */
  size_t max_elements; /* of one orbit */
  bool thresholds_known;
  fmpq_t max_shots, max_trap;
} check_subject_t;

#endif
