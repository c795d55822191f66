#include "cli/verify/minima_found.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <flint/flint.h>

#include "algebra/base/text.h"
#include "cli/format/json_number.h"

/* The largest derivative of a standstill. */
static const double closeness = 1e-3;
/* Second derivatives above minus this, relative to the mean offset, count as not
   negative. */
static const double flatness = 1e-4;
static json_t *real_or_null(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

static bool has_prediction(const minima_landscape_t *l) {
  return isfinite(l->threshold) && l->mean - l->least > 0;
}

static double level(const minima_landscape_t *l, double loss) {
  return has_prediction(l) ? minima_relative(l, loss) : loss;
}

/* Share of the starts that end at a standstill. */
static double share_still(const minima_landscape_t *l, const minima_row_t *row) {
  double still = 0;
  if (!has_prediction(l)) return NAN;
  for (size_t i = 0; i < row->num_starts; i++)
    still += row->slopes[i] <= closeness * (l->mean - l->least);
  return still / (double)row->num_starts;
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

static const char *const law_keys[MINIMA_LAW_QUANTILES] = {"0.1", "0.5", "0.9"};

static json_t *law_json(const estimate_t *law, bool errors) {
  json_t *out = json_object();
  if (isnan(law->value)) {
    json_decref(out);
    return json_null();
  }
  for (size_t q = 0; q < MINIMA_LAW_QUANTILES; q++)
    json_object_set_new(out, law_keys[q],
                        real_or_null(errors ? law[q].error : law[q].value));
  return out;
}

static json_t *row_json(const minima_landscape_t *l, const minima_row_t *row) {
  static const char *const keys[] = {"0", "0.1", "0.5", "0.9", "1"};
  static const double quantiles[] = {0, 0.1, 0.5, 0.9, 1};
  json_t *levels = json_object(), *losses = json_array();
  double low, high;
  for (size_t q = 0; q < sizeof quantiles / sizeof *quantiles; q++)
    json_object_set_new(levels, keys[q],
                        real_or_null(level(l, minima_quantile(row, quantiles[q]))));
  for (size_t i = 0; i < row->num_starts; i++)
    json_array_append_new(losses, real_or_null(row->losses[i]));
  minima_median_interval(&low, &high, row);
  return json_pack(
      "{s:s, s:I, s:o, s:o, s:o, s:[o, o], s:o, s:o, s:o, s:o, s:I, s:o}", "ensemble",
      row->scrambled ? "scrambled" : "as written", "parameters",
      (json_int_t)row->num_parameters, "gamma", real_or_null(row->gamma),
      "edge", real_or_null(row->edge), "quantiles", levels,
      "median_interval", real_or_null(level(l, low)),
      real_or_null(level(l, high)), "law", law_json(row->law, false),
      "law_standard_error", law_json(row->law, true), "stationary",
      real_or_null(share_still(l, row)), "curved_up",
      real_or_null(share_curved_up(l, row)), "evaluations",
      (json_int_t)row->num_evaluations, "losses", losses);
}

/* All minima of circuits with few parameters. */
static json_t *count_json(const minima_count_t *c) {
  json_t *levels = json_object();
  estimate_t found = minima_count_number(c);
  for (size_t q = 0; q < MINIMA_LAW_QUANTILES; q++)
    json_object_set_new(
        levels, law_keys[q],
        real_or_null(minima_count_quantile(c, minima_law_quantiles[q])));
  return json_pack(
      "{s:I, s:I, s:I, s:o, s:o, s:o, s:{s:o, s:o, s:o, s:o}}", "parameters",
      (json_int_t)c->num_parameters, "circuits", (json_int_t)c->num_circuits,
      "left_out", (json_int_t)c->num_left_out, "number", real_or_null(found.value),
      "standard_error", real_or_null(found.error), "quantiles", levels, "law", "number",
      real_or_null(c->law.number.value), "standard_error",
      real_or_null(c->law.number.error), "quantiles", law_json(c->law.quantiles, false),
      "quantiles_standard_error", law_json(c->law.quantiles, true));
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

/* Medians of descents through scrambled circuits less those of all minima. */
static void tell_scrambled(char **text, const minima_landscape_t *l) {
  const minima_row_t *lowest = NULL, *highest = NULL;
  double down = 0, up = 0, low, high;
  for (size_t i = 0; i < l->num_rows; i++) {
    const minima_row_t *row = l->rows + i;
    double law = row->law[1].value, reach = 3 * row->law[1].error;
    if (!row->scrambled || isnan(law)) continue;
    minima_median_interval(&low, &high, row);
    if (level(l, high) < law + reach && law - level(l, high) > down)
      down = law - level(l, high), lowest = row;
    if (level(l, low) > law + reach && level(l, low) - law > up)
      up = level(l, low) - law, highest = row;
    if (!*text)
      add_text(text, "descents through scrambled circuits prefer deep basins, where the "
                     "law counts every minimum once");
  }
  if (lowest)
    add_text(text, ": their median lies below that of all minima, farthest at p = %zu, "
                   "%.3f against %.3f", lowest->num_parameters,
             level(l, minima_quantile(lowest, 0.5)), lowest->law[1].value);
  if (highest)
    add_text(text, "; at p = %zu their median lies above that of all minima, %.3f "
                   "against %.3f", highest->num_parameters,
             level(l, minima_quantile(highest, 0.5)), highest->law[1].value);
}

static void tell_counts(char **text, const minima_landscape_t *l) {
  for (size_t i = 0; i < l->num_counts; i++) {
    const minima_count_t *c = l->counts + i;
    estimate_t found = minima_count_number(c);
    if (i == 0)
      add_text(text, "%sall minima of %zu circuits with few parameters: ",
               *text ? "; " : "", c->num_circuits);
    add_text(text, "%s%.2f +- %.2f at p = %zu (law %.2f)", i ? ", " : "", found.value,
             found.error, c->num_parameters, c->law.number.value);
  }
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
    add_text(text, "; %.0f%% of the ends of descents have no direction of negative curvature",
             100 * up / known);
}

/* What was found against the law, in words. */
static json_t *agreement(const minima_landscape_t *l) {
  char *text = NULL;
  if (!has_prediction(l))
    return json_string("there is no prediction to compare with");
  tell_scrambled(&text, l);
  for (size_t i = 0; i < l->num_rows; i++) {
    const minima_row_t *row = l->rows + i;
    if (row->scrambled) continue;
    add_text(&text, "%sthe circuit as written: median %.3f", text ? "; " : "",
             level(l, minima_quantile(row, 0.5)));
    if (!isnan(row->law[1].value))
      add_text(&text, ", that of all minima %.3f", row->law[1].value);
    else if (isfinite(row->edge))
      add_text(&text, ", limit %.3f", row->edge);
  }
  tell_counts(&text, l);
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
    json_t *rows = json_array(), *counted = json_array();
    for (size_t i = 0; i < l->num_rows; i++)
      json_array_append_new(rows, row_json(l, l->rows + i));
    for (size_t i = 0; i < l->num_counts; i++)
      json_array_append_new(counted, count_json(l->counts + i));
    json_array_append_new(
        list, json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:s, s:o}", "landscape",
                        (json_int_t)l->landscape, "threshold",
                        real_or_null(l->threshold), "least",
                        real_or_null(l->least), "mean", real_or_null(l->mean),
                        "rows", rows, "counted", counted, "unit",
                        has_prediction(l) ? "(l - least)/(mean - least)"
                                          : "loss",
                        "agreement", agreement(l)));
  }
  return json_pack("{s:I, s:o, s:o}", "starts", (json_int_t)report->num_starts,
                   "notes", notes, "landscapes", list);
}
