#include "cli/verify/minima_found.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <flint/flint.h>

#include "algebra/base/text.h"
#include "cli/format/json_number.h"

static const double closeness = 1e-3;
/* Second derivatives above minus this, relative to the mean offset, count as not
   negative. */
static const double flatness = 1e-4;
/* How far medians may be from the edge for the words "follow" and "roughly". */
static const double near_edge = 0.05, roughly_near = 0.15;

static json_t *real_or_null(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

static bool has_prediction(const minima_landscape_t *l) {
  return isfinite(l->threshold) && l->mean - l->least > 0;
}

static double level(const minima_landscape_t *l, double loss) {
  return has_prediction(l) ? minima_relative(l, loss) : loss;
}

/* Shares of the starts that end below the edge, and at a standstill. */
static void shares(double *below, double *still, const minima_landscape_t *l,
                   const minima_row_t *row) {
  *below = *still = 0;
  for (size_t i = 0; i < row->num_starts; i++) {
    *below += minima_relative(l, row->losses[i]) <= row->edge + closeness;
    *still += row->slopes[i] <= closeness * (l->mean - l->least);
  }
  *below /= (double)row->num_starts;
  *still /= (double)row->num_starts;
}

/* Share of the ends where no second derivative is negative, of those where it
   is known; NaN when it is nowhere. */
static double share_curved_up(const minima_landscape_t *l,
                              const minima_row_t *row) {
  double known = 0, up = 0;
  double unit = has_prediction(l) ? l->mean - l->least : 1;
  for (size_t i = 0; i < row->num_starts; i++) {
    if (isnan(row->curvatures[i])) continue;
    known++;
    up += row->curvatures[i] >= -flatness * unit;
  }
  return known > 0 ? up / known : NAN;
}

static json_t *row_json(const minima_landscape_t *l, const minima_row_t *row) {
  static const char *const keys[] = {"0", "0.1", "0.5", "0.9", "1"};
  static const double quantiles[] = {0, 0.1, 0.5, 0.9, 1};
  json_t *levels = json_object(), *losses = json_array();
  double below = NAN, still = NAN, low, high;
  bool predicted = has_prediction(l);
  for (size_t q = 0; q < sizeof quantiles / sizeof *quantiles; q++)
    json_object_set_new(levels, keys[q],
                        real_or_null(level(l, minima_quantile(row, quantiles[q]))));
  for (size_t i = 0; i < row->num_starts; i++)
    json_array_append_new(losses, real_or_null(row->losses[i]));
  if (predicted) shares(&below, &still, l, row);
  minima_median_interval(&low, &high, row);
  return json_pack(
      "{s:s, s:I, s:o, s:o, s:o, s:[o, o], s:o, s:o, s:o, s:I, s:o}", "ensemble",
      row->scrambled ? "scrambled" : "as written", "parameters",
      (json_int_t)row->num_parameters, "gamma", real_or_null(row->gamma),
      "edge", real_or_null(row->edge), "quantiles", levels,
      "median_interval", real_or_null(level(l, low)),
      real_or_null(level(l, high)), "below_edge", real_or_null(below),
      "stationary", real_or_null(still), "curved_up",
      real_or_null(share_curved_up(l, row)), "evaluations",
      (json_int_t)row->num_evaluations, "losses", losses);
}

/* A formatted piece after those there are. */
static void add_text(char **text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void add_text(char **text, const char *format, ...) {
  va_list args;
  char *piece, *both;
  va_start(args, format);
  piece = text_vprint(format, args);
  va_end(args);
  both = text_print("%s%s", *text ? *text : "", piece);
  free(piece);
  free(*text);
  *text = both;
}

/* Where the medians of scrambled circuits are, and on which side of the edge. */
static void tell_scrambled(char **text, const minima_landscape_t *l) {
  const minima_row_t *worst = NULL;
  double farthest = -1, low, high;
  for (size_t i = 0; i < l->num_rows; i++) {
    const minima_row_t *row = l->rows + i;
    double far = fabs(level(l, minima_quantile(row, 0.5)) - row->edge);
    if (row->scrambled && far > farthest) farthest = far, worst = row;
  }
  if (!worst) return;
  minima_median_interval(&low, &high, worst);
  low = level(l, low);
  high = level(l, high);
  add_text(text,
           "scrambled circuits %s the edge: the median lies within %.3f of it at "
           "every gamma, farthest at %.3g, where it is between %.3f and %.3f "
           "(confidence 0.95) %s %.3f",
           farthest <= near_edge      ? "follow"
           : farthest <= roughly_near ? "roughly follow"
                                      : "do not follow",
           farthest, worst->gamma, low, high,
           low > worst->edge    ? "and above"
           : high < worst->edge ? "and below"
                                : "and compatible with",
           worst->edge);
}

/* Is every end a minimum to second order? */
static void tell_curvature(char **text, const minima_landscape_t *l) {
  double known = 0, up = 0;
  for (size_t i = 0; i < l->num_rows; i++) {
    double share = share_curved_up(l, l->rows + i);
    if (isnan(share)) continue;
    known++;
    up += share;
  }
  if (known > 0)
    add_text(text, "; %.0f%% of the ends have no direction of negative curvature",
             100 * up / known);
}

/* How far the medians are from the edge, in words. */
static json_t *agreement(const minima_landscape_t *l) {
  char *text = NULL;
  if (!has_prediction(l))
    return json_string("there is no prediction to compare with");
  tell_scrambled(&text, l);
  for (size_t i = 0; i < l->num_rows; i++) {
    const minima_row_t *row = l->rows + i;
    if (row->scrambled) continue;
    add_text(&text, "%sthe circuit as written: median %.3f, edge %.3f (trap level "
                    "%.4g in units of the loss)", text ? "; " : "",
             level(l, minima_quantile(row, 0.5)), row->edge,
             row->edge * (l->mean - l->least));
  }
  tell_curvature(&text, l);
  json_t *json = json_string(text ? text : "no minima were searched for");
  free(text);
  return json;
}

json_t *minima_found_json(const minima_report_t report) {
  json_t *notes = json_array(), *list = json_array();
  for (size_t i = 0; i < report->num_notes; i++)
    json_array_append_new(notes, json_string(report->notes[i]));
  for (size_t j = 0; j < report->num_landscapes; j++) {
    const minima_landscape_t *l = report->landscapes + j;
    json_t *rows = json_array();
    for (size_t i = 0; i < l->num_rows; i++)
      json_array_append_new(rows, row_json(l, l->rows + i));
    json_array_append_new(
        list, json_pack("{s:I, s:o, s:o, s:o, s:o, s:s, s:o}", "landscape",
                        (json_int_t)l->landscape, "threshold",
                        real_or_null(l->threshold), "least",
                        real_or_null(l->least), "mean", real_or_null(l->mean),
                        "rows", rows, "unit",
                        has_prediction(l) ? "(l - least)/(mean - least)"
                                          : "loss",
                        "agreement", agreement(l)));
  }
  return json_pack("{s:I, s:o, s:o}", "starts", (json_int_t)report->num_starts,
                   "notes", notes, "landscapes", list);
}
