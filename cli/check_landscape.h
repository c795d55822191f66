/* check_landscape.h - re-proves the claims about losses. Private to check. */
#ifndef LIESCAPE_CLI_CHECK_LANDSCAPE_H
#define LIESCAPE_CLI_CHECK_LANDSCAPE_H

#include "algebra/check_strings.h"
#include "cli/check_page.h"

/* What a certificate is about, as check sees it. */
typedef struct {
  const ansatz_struct *ansatz;
  const check_generators_struct *generators;
  const check_components_struct *components; /* when generators are strings */
  struct check_sums_cache *sums; /* check_sum_landscape.h */
  size_t max_elements; /* of one orbit */
  bool thresholds_known;
  fmpq_t max_shots, max_trap;
} check_subject_t;

/* l is on the certificate; takes its "landscapes". */
void check_landscapes(ledger_t *l, const check_subject_t *subject);

#endif
