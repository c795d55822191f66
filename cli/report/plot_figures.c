#include "cli/report/plot_figures.h"

#include <math.h>
#include <string.h>

#include <flint/flint.h>

#include "algebra/base/text.h"
#include "cli/format/json_number.h"

/* Characters of a title, which fill the width of a picture, and of its parts. */
enum { TITLE_LENGTH = 68, TITLE_STATE = 24, TITLE_LEAST = 12 };
enum { LEAST_BINS = 24, MOST_BINS = 100 };

char *plot_name(const char *name, size_t index) {
  return text_print("%s-%zu", name, index);
}

char *plot_title(const char *quantity, const json_t *landscape) {
  const char *observable = cert_text_at(landscape, "observable", "?");
  const char *state = cert_text_at(landscape, "state", "?");
  size_t length = strlen(observable), of_state = strlen(state);
  if (of_state > TITLE_STATE) of_state = TITLE_STATE + 3;
  size_t taken = strlen(quantity) + strlen(": O =  on ") + of_state;
  size_t room = taken + TITLE_LEAST < TITLE_LENGTH ? TITLE_LENGTH - taken : TITLE_LEAST;
  bool cut = length > room;
  return text_print("%s: O = %.*s%s on %.*s%s", quantity,
                    (int)(cut ? room - 3 : length), observable, cut ? "..." : "",
                    TITLE_STATE, state, strlen(state) > TITLE_STATE ? "..." : "");
}

void plot_grid(double *x, double low, double high) {
  for (size_t i = 0; i < PLOT_POINTS; i++)
    x[i] = low + (high - low) * (double)i / (PLOT_POINTS - 1);
}

void plot_small_ticks(FILE *script, double low, double high) {
  double width = high - low, reach = fmax(fabs(low), fabs(high));
  if (reach >= 1e-3) return;
  double unit = pow(10, floor(log10(width / 4))), step = unit;
  while (width / step > 4) step *= step > 4 * unit ? 2 : step > 1.5 * unit ? 2.5 : 2;
  fprintf(script, "set xtics %.9g\n", step);
}

void plot_cell(FILE *data, double value) {
  if (isfinite(value)) fprintf(data, " %.9g", value);
  else fputs(" NaN", data);
}

double plot_histogram(FILE *data, const double *values, size_t count,
                      double low, double high) {
  size_t bins = (size_t)(2 * cbrt((double)count));
  size_t counts[MOST_BINS] = {0}, most = 0;
  if (bins < LEAST_BINS) bins = LEAST_BINS;
  if (bins > MOST_BINS) bins = MOST_BINS;
  double width = (high - low) / (double)bins;
  for (size_t i = 0; i < count; i++) {
    double at = floor((values[i] - low) / width);
    if (at == (double)bins && values[i] <= high) at--;
    if (at >= 0 && at < (double)bins) counts[(size_t)at]++;
  }
  double unit = 1 / ((double)count * width);
  for (size_t b = 0; b < bins; b++) {
    if (counts[b] > most) most = counts[b];
    fprintf(data, "%.9g %.9g\n", low + ((double)b + 0.5) * width,
            (double)counts[b] * unit);
  }
  fputs("\n\n", data);
  return (double)most * unit;
}

double plot_log10(const json_t *value) {
  arb_t ball;
  arb_init(ball);
  double out = NAN;
  if (cert_get_real(ball, value, 64) && arb_is_positive(ball)) {
    arb_log(ball, ball, 64);
    out = arf_get_d(arb_midref(ball), ARF_RND_NEAR) / log(10);
  }
  arb_clear(ball);
  return out;
}
