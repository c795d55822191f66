/* certify.h - the analysis of one text, from beginning to end.

   Data flow: request -> ansatz -> analysis (algebra/analysis) -> the circuit at
   its own depth, where sampled numbers may stand beside exact ones.

   Layer: cli, above algebra and numeric; no text is made here but reasons. */
#ifndef LIESCAPE_CLI_CERTIFY_H
#define LIESCAPE_CLI_CERTIFY_H

#include "algebra/analysis/analysis.h"
#include "algebra/analysis/covariance.h"
#include "algebra/analysis/named_operators.h"
#include "algebra/analysis/suggest.h"
#include "algebra/strings/witness.h"
#include "cli/certify/certify_limits.h"
#include "cli/certify/depth_analysis.h"
#include "cli/certify/kernel_analysis.h"
#include "cli/certify/minima_analysis.h"
#include "cli/certify/states_analysis.h"
#include "cli/certify/width_analysis.h"
#include "cli/request/request.h"

typedef struct {
  ansatz_t ansatz;
  analysis_t analysis;
  component_witnesses_t witnesses; /* what proves large components */
  covariances_t covariances; /* of the losses of several inputs */
  depth_analysis_struct *depths; /* one per landscape; circuits only, else NULL */
  depth_analysis_struct *noisy; /* the same with the noise of the ansatz, else NULL */
  width_analysis_t *widths; /* one per landscape, of a circuit and on request, else NULL */
  kernel_analysis_t kernel; /* of several inputs */
  bool limit_reached;       /* something is missing for want of a budget */
  minima_analysis_t *minima; /* one per landscape; NULL: no laws are sampled */
  /* On request, else NULL. */
  named_operators_struct *centre, *commutant;
  states_analysis_struct *states; /* which are reached */
  suggestions_struct *suggestions;
} certification_struct;
typedef certification_struct certification_t[1];

/* Statuses and diagnostics of the readers; the certification is initialised,
   and must be cleared, only on STATUS_OK. limits must outlive it. */
status_t certification_init(certification_t out, diagnostic_t diag,
                            const request_t request, const certify_limits_t *limits);
void certification_clear(certification_t out);

#endif
