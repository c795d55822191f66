/* certify.h - the exact analysis of one ansatz, from beginning to end.

   Data flow: request -> ansatz -> generators -> algebra (Pauli strings: F_2;
   sums: closure, and F_2 when it is spanned by strings) -> structure ->
   landscapes -> outlook of each.

   Layer: cli, above algebra; no text is made here but reasons. */
#ifndef LIESCAPE_CLI_CERTIFY_H
#define LIESCAPE_CLI_CERTIFY_H

#include "cli/certify/depth_analysis.h"
#include "cli/request/options.h"
#include "cli/certify/outlook.h"
#include "cli/request/request.h"
#include "cli/terminal/stopwatch.h"
#include "liescape/couplings.h"
#include "liescape/generators.h"
#include "liescape/landscape.h"
#include "liescape/string_algebra.h"
#include "liescape/sum_landscape.h"
#include "liescape/structure.h"

typedef struct {
  ansatz_t ansatz;
  generator_set_t set;
  bool has_strings; /* the algebra is spanned by strings */
  string_algebra_t strings;
  closure_t closure;           /* sums, when structure comes from it */
  sum_projectors_t projectors; /* likewise */
  sum_algebra_struct algebra;
  sum_landscapes_struct *sums; /* otherwise; NULL when there is a symbol */
  stopwatch_t whole;           /* of everything, from the beginning */
  stopwatch_t watch;           /* of the algebra, then of the landscapes */
  structure_t structure;
  couplings_t couplings; /* when ansatz->symbol */
  bool dimension_known; /* false: nothing at all is known of it */
  size_t num_landscapes;
  landscape_struct *landscapes;
  outlook_struct *outlooks; /* one per landscape */
  depth_analysis_struct *depths; /* one per landscape; circuits only, else NULL */
  bool limit_reached;       /* something is missing for want of a budget */
} certification_struct;
typedef certification_struct certification_t[1];

/* Statuses and diagnostics of the readers; the certification is initialised,
   and must be cleared, only on STATUS_OK. */
status_t certification_init(certification_t out, diagnostic_t diag,
                            const request_t request, const options_t options);
void certification_clear(certification_t out);

#endif
