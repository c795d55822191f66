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
  char *text = depth_number_get_str(x, 20);
  ledger_judge(l, key, finite_number_is_right(json_object_get(l->left, key), x),
               "it is %.70s", text);
  free(text);
}

bool finite_number_is_right(const json_t *claim, const depth_number_t x) {
  if (json_is_object(claim)) {
    arb_t ball;
    arb_init(ball);
    depth_number_get_arb(ball, x, 256);
    bool right = ball_is_right(claim, ball);
    arb_clear(ball);
    return right;
  }
  if (x->kind == DEPTH_BALL) return false;
  json_t *expected = exact_json(x);
  bool right = json_equal(claim, expected);
  json_decref(expected);
  return right;
}
