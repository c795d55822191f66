#include "cli/check/check_class.h"

#include "cli/check/check_sum_wishart.h"
#include "cli/format/json_number.h"
#include "cli/format/json_reason.h"
#include "cli/format/outlook_json.h"

/* --- strings --------------------------------------------------------------------------- */

/* What follows from the blocks, against the exact moments of the landscape. */
static void check_wishart_numbers(ledger_t *l, const block_totals_t t,
                                  const json_t *landscape) {
  fmpq_t value;
  fmpq_init(value);
  if (cert_get_fmpq(value, json_object_get(landscape, "variance"))) {
    if (fmpq_equal(value, t->outlook->finite->variance))
      ledger_holds(l, "blocks (they add up to the variance)");
    else
      ledger_fails(l, "blocks", "they do not add up to the variance");
  }
  if (cert_get_fmpq(value, json_object_get(landscape, "mean")))
    ledger_fmpq(l, "constant", value);
  ledger_members(l, outlook_wishart_json(t->outlook), true);
  fmpq_clear(value);
}

static void check_no_numbers(ledger_t *l) {
  ledger_nulls(l, "variance variance_ratio distance_bound constant");
  ledger_json(l, "blocks", json_array());
}

static void check_absent(ledger_t *l, bool decided, reason_code_t reason) {
  ledger_bool(l, "applies", false);
  ledger_bool(l, "decided", decided);
  ledger_code(l, "reason", reason);
  check_no_numbers(l);
}

void check_wishart_unknown(ledger_t *parent) {
  ledger_t l;
  ledger_begin_at(&l, parent, "wishart");
  ledger_bool(&l, "applies", false);
  ledger_bool(&l, "decided", false);
  ledger_reason(&l, "reason");
  check_no_numbers(&l);
  ledger_end(&l);
}

/* The claimed blocks; false when they cannot be read. */
static bool check_present(block_totals_t totals, ledger_t *l,
                          const check_wishart_struct *found,
                          const json_t *landscape) {
  if (found) {
    ledger_bool(l, "applies", true);
    ledger_bool(l, "decided", true);
    ledger_code(l, "reason", found->reason);
  } else {
    ledger_opens(l, "applies decided", open_long_orbit);
    ledger_reason(l, "reason");
  }
  check_blocks(totals, l, found);
  if (totals->readable) check_wishart_numbers(l, totals, landscape);
  return totals->readable;
}

/* Behind fixed gates numbers may be irrational, or said to be known no better. */
static reason_code_t irrational(const check_subject_t *s, size_t index,
                                reason_code_t said) {
  if (!subject_is_turned(s, index)) return REASON_NONE;
  if (said == REASON_IRRATIONAL_BEHIND_FIXED_GATES || said == REASON_MOMENTS_UNKNOWN ||
      said == REASON_STATE_NOT_STABILIZER)
    return said; /* it claims no more than not to know */
  return subject_is_exact(s, index) ? REASON_NONE
                                          : REASON_IRRATIONAL_BEHIND_FIXED_GATES;
}

bool check_wishart_member(block_totals_t totals, ledger_t *parent,
                          const check_subject_t *s, size_t index,
                          const json_t *landscape) {
  const json_t *json = json_object_get(landscape, "wishart");
  reason_code_t said = cert_get_code(json, "reason");
  const stabilizer_state_struct *rho = quantum_state_stabilizer(subject_state(s, index));
  check_wishart_t found;
  ledger_t l;
  bool applies = false;
  ledger_begin_at(&l, parent, "wishart");
  reason_code_t absent = irrational(s, index, said);
  if (!absent && !rho) absent = REASON_STATE_NOT_STABILIZER;
  if (absent) { /* blocks are made for stabilizer states only, and exact numbers */
    check_absent(&l, false, absent);
    ledger_end(&l);
    return false;
  }
  check_wishart_init(found, s->components, subject_observable(s, index), rho,
                     s->max_elements);
  bool counted = found->answer != CHECK_NOT_COUNTED;
  if (found->answer == CHECK_APPLIES && said == REASON_SPECTRUM_TOO_LONG) {
    check_absent(&l, false, said); /* it claims no more than not to know */
  } else if (counted && found->answer != CHECK_APPLIES) {
    check_absent(&l, found->answer == CHECK_DOES_NOT, found->reason);
  } else if (counted || json_is_true(json_object_get(json, "applies"))) {
    applies = check_present(totals, &l, counted ? found : NULL, landscape);
  } else {
    ledger_opens(&l, "applies decided", open_long_orbit);
    ledger_reason(&l, "reason");
    check_no_numbers(&l);
  }
  check_wishart_clear(found);
  ledger_end(&l);
  return applies;
}

/* --- sums ------------------------------------------------------------------------------ */

/* applies, decided and reason. */
static void check_answer(ledger_t *l, const sum_wishart_t *w) {
  static const char *const keys[] = {"applies", "decided", "reason_code"};
  ledger_reason_words(l, "reason");
  for (size_t i = 0; i < 3; i++) {
    if (!w->counted || (w->open && !w->right)) {
      ledger_open(l, keys[i], w->why);
      continue;
    }
    ledger_take(l, keys[i]);
    if (w->right) ledger_holds(l, keys[i]);
  }
  if (w->counted && !w->open && !w->right)
    ledger_fails(l, "reason_code", "%s", w->why);
}

static answer_t least_of_sums(void *data, size_t block, const arb_t ball) {
  return sum_wishart_least(data, block, ball);
}

/* The blocks of a landscape of sums: where they come from if that was counted, and
   what their numbers say of each other, and of the moments. */
bool check_sum_wishart_member(block_totals_t totals, ledger_t *parent,
                             const check_subject_t *s, size_t index,
                             const json_t *landscape, const json_t *sectors) {
  const json_t *json = json_object_get(landscape, "wishart");
  bool applies = json_is_true(json_object_get(json, "applies"));
  ledger_t l;
  sum_wishart_t w;
  ledger_begin_at(&l, parent, "wishart");
  reason_code_t absent = irrational(s, index, cert_get_code(json, "reason"));
  if (absent) {
    check_absent(&l, false, absent);
    ledger_end(&l);
    return false;
  }
  sum_wishart_init(&w, s, index, json, json_object_get(landscape, "variance"),
                   sectors);
  check_answer(&l, &w);
  if (applies) {
    if (w.proved && w.num_blocks != json_array_size(json_object_get(json, "blocks")))
      ledger_fails(&l, "blocks", "there are %zu", w.num_blocks);
    sum_claims_t claims = {w.proved, w.why, least_of_sums, &w};
    check_sum_blocks(totals, &l, &claims);
    if (totals->readable) check_wishart_numbers(&l, totals, landscape);
  } else {
    check_no_numbers(&l);
  }
  sum_wishart_clear(&w);
  ledger_end(&l);
  return applies;
}
