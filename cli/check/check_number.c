#include "cli/check/check_number.h"

#include <stdlib.h>
#include <string.h>

#include "cli/check/ledger.h"
#include "cli/format/json_number.h"

/* As certificates write it: "3/8", "1/2 + 1/4*sqrt(2)", "9*pi^2". */
static json_t *exact_json(const depth_number_t x) {
  if (depth_number_is_rational(x)) return cert_fmpq(x->rational);
  char *text = depth_number_get_str(x, 20);
  json_t *json = json_string(text);
  free(text);
  return json;
}

/* A ball of full accuracy must be the rounding of the one found, which is much
   narrower; a wider one must contain it. */
static bool ball_is_right(const json_t *claim, const arb_t actual) {
  arb_t ball;
  arb_init(ball);
  bool right = claim_is_rounding(claim, actual);
  const char *mid = json_string_value(json_object_get(claim, "mid"));
  char *last = mid && strcmp(mid, "0") ? cert_ball_last_place(mid) : NULL;
  if (!right && !last && cert_get_ball(ball, claim, 256))
    right = arb_overlaps(ball, actual);
  free(last);
  arb_clear(ball);
  return right;
}

bool cert_is_with_pi(const json_t *claim) {
  const char *text = json_string_value(claim);
  return text && strstr(text, "*pi^2") != NULL;
}

bool cert_get_rational_part(fmpq_t out, const json_t *claim, bool in_pi) {
  static const char factor[] = "*pi^2";
  const char *text = json_string_value(claim);
  size_t length = text ? strlen(text) : 0, end = sizeof factor - 1;
  if (!in_pi || length <= end || strcmp(text + length - end, factor))
    return cert_get_fmpq(out, claim) && (!in_pi || fmpq_is_zero(out));
  json_t *number = json_stringn(text, length - end);
  bool ok = cert_get_fmpq(out, number) && !fmpq_is_zero(out);
  json_decref(number);
  return ok;
}

void ledger_depth_number(ledger_t *l, const char *key, const depth_number_t x) {
  bool right;
  if (!finite_number_is_known(&right, json_object_get(l->left, key), x)) {
    ledger_open(l, key, ball_reason);
    return;
  }
  char *text = depth_number_get_str(x, 20);
  ledger_judge(l, key, right, "it is %.70s", text);
  free(text);
}

answer_t finite_number_is_right(const json_t *claim, const depth_number_t x) {
  enum { PREC_BITS = 4096 };
  answer_t answer = ANSWER_NO;
  arb_t ball, said;
  arb_init(ball);
  arb_init(said);
  if (json_is_object(claim)) {
    depth_number_get_arb(ball, x, 256);
    if (ball_is_right(claim, ball)) answer = ANSWER_YES;
  } else if (x->kind == DEPTH_BALL) {
    if (cert_get_surd(said, claim, PREC_BITS) && arb_overlaps(said, x->ball))
      answer = ANSWER_UNDECIDED;
  } else {
    json_t *expected = exact_json(x);
    if (json_equal(claim, expected)) answer = ANSWER_YES;
    json_decref(expected);
  }
  arb_clear(ball);
  arb_clear(said);
  return answer;
}

bool finite_number_is_known(bool *right, const json_t *claim, const depth_number_t x) {
  answer_t answer = finite_number_is_right(claim, x);
  *right = answer != ANSWER_NO;
  return answer != ANSWER_UNDECIDED;
}

bool median_is_known(const depth_number_struct *numbers, size_t length) {
  bool known = true;
  for (size_t k = 0; k < length; k++)
    known = known && (numbers[k].kind != DEPTH_BALL || !arb_contains_zero(numbers[k].ball));
  return known;
}

/* --- numbers behind fixed gates --------------------------------------------------------- */

/* Fewer places than a member that means to be known shows, where it is not its 20 digits. */
enum { NEAR_BITS = 512, LEAST_PLACES_BITS = 130 };

const char *const near_reason =
    "fixed gates turn the state or the observable, by numbers of which only approximations "
    "are known here";

const char *const ball_reason =
    "it is an exact number, of which only a ball around it is known here: fixed angles are "
    "rounded";

static void set_near(arb_t out, const fmpq_t value, const fmpq_t error, bool in_pi) {
  arb_t radius;
  arb_init(radius);
  arb_set_fmpq(out, value, NEAR_BITS);
  arb_set_fmpq(radius, error, NEAR_BITS);
  arb_add_error(out, radius);
  if (in_pi) {
    arb_const_pi(radius, NEAR_BITS);
    arb_sqr(radius, radius, NEAR_BITS);
    arb_mul(out, out, radius, NEAR_BITS);
  }
  arb_clear(radius);
}

static bool is_narrow(const arb_t ball) {
  return mag_cmp_2exp_si(arb_radref(ball), -LEAST_PLACES_BITS) < 0;
}

answer_t near_number(const json_t *claim, const fmpq_t value, const fmpq_t error,
                     bool in_pi) {
  answer_t answer = ANSWER_NO;
  arb_t actual, ball;
  fmpq_t said;
  fmpq_init(said);
  arb_init(actual);
  arb_init(ball);
  set_near(actual, value, error, in_pi);
  bool exact = cert_is_with_pi(claim) ? cert_get_rational_part(said, claim, true)
                                      : cert_get_fmpq(said, claim);
  if (exact && (!in_pi || cert_is_with_pi(claim) || fmpq_is_zero(said))) {
    fmpq_sub(said, said, value);
    fmpq_abs(said, said);
    if (fmpq_is_zero(error)) answer = fmpq_is_zero(said) ? ANSWER_YES : ANSWER_NO;
    else if (fmpq_cmp(said, error) <= 0) answer = ANSWER_UNDECIDED;
  } else if (claim_is_rounding(claim, actual)) {
    answer = ANSWER_YES;
  } else if (cert_get_ball(ball, claim, NEAR_BITS) && arb_contains(ball, actual)) {
    answer = is_narrow(ball) ? ANSWER_YES : ANSWER_UNDECIDED;
  } else if (!fmpq_is_zero(error) && cert_get_ball(ball, claim, NEAR_BITS) &&
             is_narrow(ball) && arb_overlaps(ball, actual)) {
    answer = ANSWER_UNDECIDED;
  }
  fmpq_clear(said);
  arb_clear(actual);
  arb_clear(ball);
  return answer;
}

void ledger_near(ledger_t *l, const char *key, const fmpq_t value, const fmpq_t error) {
  answer_t answer = near_number(json_object_get(l->left, key), value, error, false);
  if (answer == ANSWER_UNDECIDED) {
    ledger_open(l, key, near_reason);
    return;
  }
  ledger_take(l, key);
  if (answer == ANSWER_YES) {
    ledger_holds(l, key);
    return;
  }
  arb_t actual;
  arb_init(actual);
  set_near(actual, value, error, false);
  char *text = arb_get_str(actual, 20, 0);
  ledger_fails(l, key, "it is %.70s", text);
  flint_free(text);
  arb_clear(actual);
}
