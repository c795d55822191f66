#include "cli/format/verdict_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/format/json_number.h"

enum { PREC_BITS = 128, DIGITS = 3 };

/* "12", or "1.07e+301"; the caller frees it. */
static char *short_text(const fmpq_t value) {
  arb_t ball;
  arb_init(ball);
  arb_set_fmpq(ball, value, PREC_BITS);
  char *text = ball_get_short_text(ball, DIGITS);
  arb_clear(ball);
  return text;
}

static char *whole_text(const fmpz_t value) {
  arb_t ball;
  arb_init(ball);
  arb_set_fmpz(ball, value);
  char *text = ball_get_short_text(ball, DIGITS);
  arb_clear(ball);
  return text;
}

static char *format_text(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
static char *format_text(const char *format, ...) {
  va_list args;
  char *text;
  va_start(args, format);
  if (vasprintf(&text, format, args) < 0) flint_abort();
  va_end(args);
  return text;
}

static char *too_many_shots(const outlook_t o, const char *shots) {
  char *most = short_text(o->max_shots);
  char *text = format_text("a typical gradient component takes about %s shots "
                           "to resolve, more than %s", shots, most);
  free(most);
  return text;
}

static char *traps(const outlook_t o, const char *shots) {
  char *edge = ball_get_short_text(o->minima->edge, DIGITS);
  char *missing = whole_text(o->parameters_missing);
  char *text = format_text(
      "a gradient component takes about %s shots; local minima gather %s of the "
      "mean loss above the global one, %s parameters short of the threshold p* "
      "above which they merge", shots, edge, missing);
  free(edge);
  free(missing);
  return text;
}

static char *enclosed(const outlook_t o, const char *shots) {
  char *low = whole_text(o->minima->threshold_low);
  char *high = whole_text(o->minima->threshold_high);
  char *text = format_text(
      "a gradient component takes about %s shots; the threshold p* above which "
      "local minima merge lies between %s and %s parameters", shots, low, high);
  free(low);
  free(high);
  return text;
}

static char *with_shots(const outlook_t o, const char *shots) {
  switch (o->because) {
    case OUTLOOK_SHOTS: return too_many_shots(o, shots);
    case OUTLOOK_MERGED:
      return format_text("a gradient component takes about %s shots, and there "
                         "are enough parameters (p >= p*) for local minima to "
                         "be as low as the global one", shots);
    case OUTLOOK_TRAPS: return traps(o, shots);
    case OUTLOOK_TRAPS_ENCLOSED: return enclosed(o, shots);
    case OUTLOOK_NOT_EXACT:
    case OUTLOOK_NO_WISHART:
    case OUTLOOK_NO_GRADIENT:
    case OUTLOOK_NOTHING_MOVES:
    case OUTLOOK_UPPER_BOUND: break;
  }
  return format_text("a gradient component takes about %s shots, but nothing is "
                     "known of local minima%s", shots,
                     o->because == OUTLOOK_NOT_EXACT
                         ? ": the degrees of freedom are not exact"
                         : " outside the Wishart class");
}

char *verdict_text(const outlook_t o) {
  if (o->because == OUTLOOK_NO_GRADIENT)
    return format_text("the gradient variances are not known");
  if (o->because == OUTLOOK_NOTHING_MOVES)
    return format_text("no parameter moves the loss: its gradient vanishes "
                       "everywhere");
  if (o->because == OUTLOOK_UPPER_BOUND)
    return format_text("the algebra is only an upper bound (see the notes), "
                       "which decides nothing");
  char *shots = short_text(o->shots_typical);
  char *text = with_shots(o, shots);
  free(shots);
  return text;
}
