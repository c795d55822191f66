#include "cli/sweep.h"

#include <stdlib.h>
#include <string.h>

#include "cli/certificate.h"
#include "cli/certify.h"
#include "cli/json_number.h"
#include "cli/report_text.h"
#include "config.h"

/* request with one more override, borrowing everything. */
static status_t one_value(json_t **row, bool *limit_reached, diagnostic_t diag,
                          const request_t request, const char *value,
                          const options_t options) {
  size_t count = request->num_overrides;
  certification_t result;
  request_t here;
  *here = *request;
  here->overrides = flint_malloc((count + 1) * sizeof *here->overrides);
  if (count)
    memcpy(here->overrides, request->overrides,
           count * sizeof *here->overrides);
  here->overrides[count].name = options->sweep_name;
  here->overrides[count].value = value;
  here->num_overrides = count + 1;
  status_t status = certification_init(result, diag, here, options);
  if (status == STATUS_OK) {
    *row = certificate_make(result, here, options);
    json_object_set_new(*row, "name", json_string(options->sweep_name));
    json_object_set_new(*row, "value", json_string(value));
    if (result->limit_reached) *limit_reached = true;
    certification_clear(result);
  }
  flint_free(here->overrides);
  return status;
}

json_t *sweep_make(status_t *status, bool *limit_reached, diagnostic_t diag,
                   const request_t request, const options_t options) {
  json_t *rows = json_array();
  *limit_reached = false;
  *status = STATUS_OK;
  for (size_t i = 0; i < options->num_sweep_values; i++) {
    json_t *row = NULL;
    *status = one_value(&row, limit_reached, diag, request,
                        options->sweep_values[i], options);
    if (*status != STATUS_OK) {
      json_decref(rows);
      return NULL;
    }
    json_array_append_new(rows, row);
  }
  json_t *growth = json_null();
  return json_pack("{s:s, s:s, s:o, s:o}", "format", CERTIFICATE_FORMAT,
                   "program", PACKAGE_STRING, "sweep", rows, "growth", growth);
}

/* --- report -------------------------------------------------------------------- */

/* A short number in a column. */
static void print_cell(FILE *stream, const json_t *value, int width) {
  arb_t ball;
  char *text;
  arb_init(ball);
  if (json_is_integer(value))
    arb_set_si(ball, (slong)json_integer_value(value));
  if (json_is_integer(value) || json_get_real(ball, value, 128))
    text = arb_get_short_text(ball, 4);
  else
    text = strdup("-");
  fprintf(stream, " %*s", width, text);
  free(text);
  arb_clear(ball);
}

static void print_rows(FILE *stream, const json_t *rows, size_t landscape) {
  const char *name = json_text_at(json_array_get(rows, 0), "name", "?");
  fprintf(stream, "%10s %6s %11s %11s %11s %11s %6s  %s\n", name, "qubits",
          "dimension", "variance", "shots", "p*", "p", "trainable");
  for (size_t i = 0; i < json_array_size(rows); i++) {
    const json_t *row = json_array_get(rows, i);
    const json_t *l = json_array_get(json_at(row, "landscapes"), landscape);
    fprintf(stream, "%10s", json_text_at(row, "value", "?"));
    print_cell(stream, json_at(row, "ansatz.qubits"), 6);
    print_cell(stream, json_at(row, "algebra.dimension"), 11);
    print_cell(stream, json_at(l, "variance"), 11);
    print_cell(stream, json_at(l, "verdict.shots_per_gradient"), 11);
    print_cell(stream, json_at(l, "minima.threshold"), 11);
    print_cell(stream, json_at(row, "ansatz.parameters"), 6);
    fprintf(stream, "  %s\n", json_text_at(l, "verdict.trainable", "-"));
  }
}

static void print_growth(const page_t *page, const json_t *growth,
                         const char *key, const char *label) {
  char formula[80];
  page_label(page, label);
  fprintf(page->stream, "%s", json_text_at(growth, key, "unknown"));
  snprintf(formula, sizeof formula, "%s_formula", key);
  if (json_text_at(growth, formula, NULL))
    fprintf(page->stream, ": %s", json_text_at(growth, formula, ""));
  snprintf(formula, sizeof formula, "%s_basis", key);
  if (json_text_at(growth, formula, NULL))
    fprintf(page->stream, "  [%s]", json_text_at(growth, formula, ""));
  fputc('\n', page->stream);
}

void sweep_report(FILE *stream, const json_t *certificate) {
  page_t page = page_init(stream);
  const json_t *rows = json_at(certificate, "sweep");
  const json_t *list = json_at(certificate, "growth.landscapes");
  const json_t *first = json_array_get(rows, 0);
  size_t count = json_array_size(json_at(first, "landscapes"));
  page_ink(&page, INK_BOLD, "%s",
           json_text_at(first, "ansatz.source.name", "?"));
  fputc('\n', stream);
  for (size_t j = 0; j < count || j == 0; j++) {
    const json_t *l = json_array_get(json_at(first, "landscapes"), j);
    const json_t *growth = json_array_get(list, j);
    fputc('\n', stream);
    if (l) {
      fprintf(stream, "O = ");
      page_wrap(&page, json_text_at(l, "observable", "?"), 4, 4);
      fprintf(stream, "on %s, deep circuit (Haar on the group generated)\n",
              json_text_at(l, "state", "?"));
    }
    print_rows(stream, rows, j);
    if (!growth) continue;
    print_growth(&page, growth, "degrees_of_freedom", "degrees of freedom p*");
    print_growth(&page, growth, "gradient_variance", "E[(dl/dtheta)^2]");
    page_label(&page, "Gaussian process");
    fprintf(stream, "%s\n", json_text_at(growth, "gaussian_process", "unknown"));
    page_label(&page, "trainable family");
    fprintf(stream, "%s: ", json_text_at(growth, "trainable", "undecided"));
    page_wrap(&page, json_text_at(growth, "because", ""), 38, 24);
  }
}
