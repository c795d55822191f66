/* check_sum_landscape.h - re-proves claims about losses and covariances when
   generators are sums of strings (algebra/check_sums). Private to check. */
#ifndef LIESCAPE_CLI_CHECK_SUM_LANDSCAPE_H
#define LIESCAPE_CLI_CHECK_SUM_LANDSCAPE_H

#include "algebra/check/sums/check_pure_loss.h"
#include "algebra/check/sums/check_sums.h"
#include "cli/check/check_subject.h"

/* The last observable asked for. */
struct check_sums_cache {
  int64_t spent; /* operations, for all asked for before */
  int64_t given; /* for this one */
  bool used, fits;
  size_t observable;
  check_sums_t sums;
  /* The last observable asked for: does it lie in the algebra? */
  bool member_known;
  size_t member_of;
  answer_t member;
  /* The sectors first, where they were counted by brackets. */
  bool sectors_asked, has_sectors;
  check_sum_structure_t sectors;
  /* The last state asked for, on sectors. */
  bool asked, on_sectors;
  size_t state;
  check_pure_t pure;
  /* The last landscape asked for, of that state. */
  bool loss_asked, has_loss;
  size_t loss_of;
  check_pure_loss_t loss;
  /* The last state asked for: the dimension of its orbit. */
  bool orbit_asked, orbit_known;
  size_t orbit_state, orbit;
};
void check_sums_cache_clear(struct check_sums_cache *cache);
void check_pure_cache_clear(struct check_sums_cache *cache);

/* What was counted, or counted again, by sectors; NULL when they do not settle all. */
const check_sum_structure_struct *check_sums_get_sectors(const check_subject_t *subject);

/* The tensors of an observable; NULL when they are too large. */
check_sums_struct *check_sums_get(const check_subject_t *subject, size_t observable);
/* The state on the sectors that were counted; NULL when it is none of those that can be
   described so. */
check_pure_struct *check_sums_get_pure(const check_subject_t *subject, size_t state);
/* The landscape there; NULL when it is not covered. */
check_pure_loss_struct *check_sums_get_loss(const check_subject_t *subject, size_t index);
/* Is the value x modulo the prime? */
bool check_is_residue(const fmpq_t x, mp_limb_t value, nmod_t mod);

/* mean, variance, gradient_variance and reason of landscape `index`. */
void check_sum_moments(ledger_t *l, const check_subject_t *subject,
                       size_t index);
/* matrix and reason of one observable. */
void check_sum_matrix(ledger_t *l, const check_subject_t *subject,
                      size_t observable);

#endif
