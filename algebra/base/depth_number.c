/* Numbers that say what they are; see finite_depth.h. */
#include <stdio.h>
#include <stdlib.h>

#include "algebra/base/depth_number.h"

#include <string.h>

#include "algebra/base/text.h"

void depth_number_init(depth_number_t x) {
  x->kind = DEPTH_UNAVAILABLE;
  fmpq_init(x->rational);
  fmpq_init(x->sqrt2);
  x->pi_power = 0;
  arb_init(x->ball);
}

void depth_number_clear(depth_number_t x) {
  fmpq_clear(x->rational);
  fmpq_clear(x->sqrt2);
  arb_clear(x->ball);
  x->kind = DEPTH_UNAVAILABLE;
}

void depth_number_set(depth_number_t out, const depth_number_t in) {
  out->kind = in->kind;
  fmpq_set(out->rational, in->rational);
  fmpq_set(out->sqrt2, in->sqrt2);
  out->pi_power = in->pi_power;
  arb_set(out->ball, in->ball);
}

bool depth_number_is_rational(const depth_number_t x) {
  return x->kind == DEPTH_EXACT && fmpq_is_zero(x->sqrt2) &&
         (x->pi_power == 0 || fmpq_is_zero(x->rational));
}

bool depth_number_get_arb(arb_t ball, const depth_number_t x,
                          slong prec_bits) {
  if (x->kind == DEPTH_UNAVAILABLE) return false;
  if (x->kind == DEPTH_BALL) {
    arb_set(ball, x->ball);
    return true;
  }
  arb_t t, r;
  arb_init(t);
  arb_init(r);
  arb_sqrt_ui(r, 2, prec_bits);
  arb_set_fmpq(t, x->sqrt2, prec_bits);
  arb_mul(r, r, t, prec_bits);
  arb_set_fmpq(t, x->rational, prec_bits);
  arb_add(r, r, t, prec_bits);
  if (x->pi_power) {
    arb_const_pi(t, prec_bits);
    arb_pow_ui(t, t, x->pi_power, prec_bits);
    arb_mul(r, r, t, prec_bits);
  }
  arb_swap(ball, r);
  arb_clear(t);
  arb_clear(r);
  return true;
}

char *depth_number_get_str(const depth_number_t x, slong digits) {
  char *text = NULL, *a = NULL, *b = NULL;
  size_t size = 0;
  if (x->kind == DEPTH_BALL) {
    a = arb_get_str(x->ball, digits, 0);
    size = strlen(a) + 1;
  } else if (x->kind == DEPTH_EXACT) {
    a = fmpq_get_str(NULL, 10, x->rational);
    b = fmpq_get_str(NULL, 10, x->sqrt2);
    size = strlen(a) + strlen(b) + 64;
  } else {
    size = 16;
  }
  text = memory_must(malloc(size));
  if (x->kind == DEPTH_BALL) {
    strcpy(text, a);
  } else if (x->kind == DEPTH_UNAVAILABLE) {
    strcpy(text, "unavailable");
  } else {
    bool minus = b[0] == '-', sum = !fmpq_is_zero(x->sqrt2);
    bool pi = x->pi_power && (sum || !fmpq_is_zero(x->rational));
    char power[32] = "";
    if (pi) snprintf(power, sizeof power, "*pi^%u", x->pi_power);
    if (!sum)
      snprintf(text, size, "%s%s", a, power);
    else
      snprintf(text, size, "%s%s %c %s*sqrt(2)%s%s", pi ? "(" : "", a,
               minus ? '-' : '+', b + minus, pi ? ")" : "", power);
  }
  flint_free(a);
  flint_free(b);
  return text;
}

/* --- several ------------------------------------------------------------------ */

typedef struct {
  arb_t ball;
  size_t index;
} size_of_t;

static int compare_sizes(const void *a, const void *b) {
  const size_of_t *x = a, *y = b;
  int order = arf_cmp(arb_midref(x->ball), arb_midref(y->ball));
  return order ? order : (x->index > y->index) -
                             (x->index < y->index);
}

void depth_number_set_median(depth_number_t out, const depth_number_struct *numbers,
                             size_t length, slong prec_bits) {
  size_t count = 0;
  bool known = true;
  size_of_t *list = flint_malloc((length + 1) * sizeof *list);
  for (size_t k = 0; k < length; k++) {
    arb_init(list[count].ball);
    known = known &&
            depth_number_get_arb(list[count].ball, numbers + k, prec_bits);
    list[count].index = k;
    if (known && !arb_is_zero(list[count].ball)) count++;
    else arb_clear(list[count].ball);
  }
  qsort(list, count, sizeof *list, compare_sizes);
  if (known && count)
    depth_number_set(out, numbers + list[(count - 1) / 2].index);
  else if (known)
    out->kind = DEPTH_EXACT;
  for (size_t i = 0; i < count; i++) arb_clear(list[i].ball);
  flint_free(list);
}

bool depth_number_is_within(const depth_number_t x, const fmpq_t center_exact,
                            const fmpq_t tolerance, slong prec_bits) {
  arb_t ball, center, radius;
  arb_init(ball);
  arb_init(center);
  arb_init(radius);
  fmpq_t bound;
  fmpq_init(bound);
  fmpq_mul(bound, tolerance, center_exact);
  bool is_within;
  if (depth_number_is_rational(x)) {
    fmpq_t gap;
    fmpq_init(gap);
    fmpq_sub(gap, x->rational, center_exact);
    fmpq_abs(gap, gap);
    is_within = fmpq_cmp(gap, bound) <= 0;
    fmpq_clear(gap);
  } else {
    is_within = depth_number_get_arb(ball, x, prec_bits);
    arb_set_fmpq(center, center_exact, prec_bits);
    arb_sub(ball, ball, center, prec_bits);
    arb_abs(ball, ball);
    arb_set_fmpq(radius, bound, prec_bits);
    is_within = is_within && arb_le(ball, radius);
  }
  fmpq_clear(bound);
  arb_clear(ball);
  arb_clear(center);
  arb_clear(radius);
  return is_within;
}
