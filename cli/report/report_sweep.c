#include <stdlib.h>
#include <string.h>

#include "cli/format/json_number.h"
#include "cli/report/report.h"
#include "cli/terminal/page.h"

enum { MAX_FORMULA = 60 };

/* A short number in a column. */
static void print_cell(FILE *stream, const json_t *value, int width) {
  arb_t ball;
  char *text;
  arb_init(ball);
  if (json_is_integer(value))
    arb_set_si(ball, (slong)json_integer_value(value));
  if (json_is_integer(value) || json_get_real(ball, value, 128))
    text = ball_get_short_text(ball, 4);
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
    print_cell(stream, json_at(l, "verdict.shots_per_gradient.typical"), 11);
    print_cell(stream, json_at(l, "minima.threshold"), 11);
    print_cell(stream, json_at(row, "ansatz.parameters"), 6);
    fprintf(stream, "  %s\n", json_text_at(l, "verdict.trainable", "-"));
  }
}

/* "polynomial decay: 1/n  [closed form]" */
static void print_growth(const page_t *page, const json_t *growth,
                         const char *key, const char *label) {
  char name[80];
  page_label(page, label);
  fprintf(page->stream, "%s", json_text_at(growth, key, "unknown"));
  snprintf(name, sizeof name, "%s_formula", key);
  const char *formula = json_text_at(growth, name, NULL);
  if (formula) {
    fputs(": ", page->stream);
    if (strlen(formula) <= MAX_FORMULA) fputs(formula, page->stream);
    else fprintf(page->stream, "%.*s...", MAX_FORMULA - 3, formula);
  }
  snprintf(name, sizeof name, "%s_basis", key);
  if (json_text_at(growth, name, NULL))
    fprintf(page->stream, "  [%s]", json_text_at(growth, name, ""));
  fputc('\n', page->stream);
}

static void print_answer(const page_t *page, const json_t *growth,
                         const char *label, const char *answer,
                         const char *because) {
  const char *word = json_text_at(growth, answer, "undecided");
  page_label(page, label);
  fprintf(page->stream, "%s: ", word);
  page_wrap(page, json_text_at(growth, because, ""), 26 + (int)strlen(word),
            24);
}

static void print_family(const page_t *page, const json_t *growth) {
  page_label(page, "algebra");
  const char *classification = json_text_at(growth, "classification", NULL);
  fprintf(page->stream, "%s\n", classification ? classification
                                               : "not one closed family");
  print_growth(page, growth, "algebra_dimension", "dimension");
  fprintf(page->stream, "  n is the %s\n",
          strcmp(json_text_at(growth, "variable", ""), "qubits")
              ? "value swept"
              : "number of qubits");
}

void report_sweep(FILE *stream, const json_t *certificate) {
  page_t page = page_init(stream);
  const json_t *rows = json_at(certificate, "sweep");
  const json_t *all = json_at(certificate, "growth");
  const json_t *first = json_array_get(rows, 0);
  size_t count = json_array_size(json_at(first, "landscapes"));
  page_ink(&page, INK_BOLD, "%s",
           json_text_at(first, "ansatz.source.name", "?"));
  fputc('\n', stream);
  const char *reason = json_text_at(all, "reason", NULL);
  if (reason) fprintf(stream, "no growth verdict: %s\n", reason);
  else print_family(&page, all);
  for (size_t j = 0; j < count || j == 0; j++) {
    const json_t *l = json_array_get(json_at(first, "landscapes"), j);
    const json_t *growth = json_array_get(json_at(all, "landscapes"), j);
    fputc('\n', stream);
    if (l) {
      fprintf(stream, "O = ");
      page_wrap_operator(&page, json_text_at(l, "observable", "?"), 4, 4);
      fprintf(stream, "on %s, deep circuit (Haar on the group generated)\n",
              json_text_at(l, "state", "?"));
    }
    print_rows(stream, rows, j);
    if (!growth) continue;
    print_growth(&page, growth, "degrees_of_freedom", "degrees of freedom p*");
    print_growth(&page, growth, "gradient_variance", "E[(dl/dtheta)^2]");
    print_growth(&page, json_at(growth, "gaussian_process"), "kurtosis",
                 "excess kurtosis");
    print_answer(&page, growth, "Gaussian limit", "gaussian_process.verdict",
                 "gaussian_process.because");
    print_answer(&page, growth, "trainable family", "trainable", "because");
  }
}
