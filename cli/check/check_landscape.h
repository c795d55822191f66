/* check_landscape.h - re-proves the claims about losses. Private to check. */
#ifndef LIESCAPE_CLI_CHECK_LANDSCAPE_H
#define LIESCAPE_CLI_CHECK_LANDSCAPE_H

#include "algebra/check/sums/check_sum_structure.h"
#include "cli/check/check_blocks.h"
#include "cli/check/ledger.h"

/* What a certificate is about, as check sees it. */
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

/* l is on the certificate; takes its "landscapes". sectors: what it says of them. */
void check_landscapes(ledger_t *l, const check_subject_t *subject,
                      const json_t *sectors);

/* l is on a landscape, or on something like it; takes its "wishart". mean and
   variance are those of `landscape`, when it has them. Returns whether the class
   applies, by the proof here or else as claimed, with the totals of its blocks.
   Generators are strings. */
bool check_wishart_member(block_totals_t totals, ledger_t *l,
                          const check_subject_t *subject, size_t index,
                          const json_t *landscape);

#endif
