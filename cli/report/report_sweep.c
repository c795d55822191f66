#include <stdlib.h>
#include <string.h>

#include "cli/format/json_number.h"
#include "algebra/base/text.h"
#include "cli/report/report.h"
#include "cli/terminal/page.h"

enum { MAX_FORMULA = 60 };

/* A short number in a column, "-" when it is not known. */
static void print_cell(FILE *stream, const json_t *value, int width,
                       int digits) {
  arb_t ball;
  char *text;
  arb_init(ball);
  if (json_is_integer(value))
    arb_set_si(ball, (slong)json_integer_value(value));
  if (json_is_integer(value) || cert_get_real(ball, value, 128))
    text = ball_get_short_text(ball, digits);
  else
    text = text_copy("-");
  fprintf(stream, " %*s", width, text);
  free(text);
  arb_clear(ball);
}

/* Does the number of qubits say more than the value swept, and is it not the same for
   all? */
static bool shows_qubits(const json_t *rows) {
  json_int_t first = 0;
  bool differs = false, varies = false;
  for (size_t i = 0; i < json_array_size(rows); i++) {
    const json_t *row = json_array_get(rows, i);
    json_int_t qubits = json_integer_value(cert_at(row, "ansatz.qubits"));
    if (i == 0) first = qubits;
    varies = varies || qubits != first;
    differs = differs || atoll(cert_text_at(row, "value", "0")) != qubits;
  }
  return differs && varies;
}

/* Operator files: they have no depth. */
static void print_deep_rows(FILE *stream, const json_t *rows,
                            size_t landscape) {
  const char *name = cert_text_at(json_array_get(rows, 0), "name", "?");
  bool qubits = shows_qubits(rows);
  fprintf(stream, "%8s", name);
  if (qubits) fprintf(stream, " %6s", "qubits");
  fprintf(stream, " %10s %10s %10s %10s %6s  %s\n", "dimension", "variance",
          "shots", "p*", "p", "trainable");
  for (size_t i = 0; i < json_array_size(rows); i++) {
    const json_t *row = json_array_get(rows, i);
    const json_t *l = json_array_get(cert_at(row, "landscapes"), landscape);
    fprintf(stream, "%8s", cert_text_at(row, "value", "?"));
    if (qubits) print_cell(stream, cert_at(row, "ansatz.qubits"), 6, 4);
    print_cell(stream, cert_at(row, "algebra.dimension"), 10, 4);
    print_cell(stream, cert_at(l, "variance"), 10, 4);
    print_cell(stream, cert_at(l, "verdict.shots_per_gradient.typical"), 10, 4);
    print_cell(stream, cert_at(l, "minima.threshold"), 10, 4);
    print_cell(stream, cert_at(row, "ansatz.parameters"), 6, 4);
    fprintf(stream, "  %s\n", cert_text_at(l, "verdict.trainable", "-"));
  }
}

/* The circuit as it is written, and the deep one beside it. circuits: of growth, NULL
   when there is none. */
static void print_circuit_rows(FILE *stream, const json_t *rows,
                               const json_t *circuits, size_t landscape) {
  enum { VALUE = 6, WIDTH = 8, DIGITS = 3 };
  const char *name = cert_text_at(json_array_get(rows, 0), "name", "?");
  bool qubits = shows_qubits(rows);
  fprintf(stream, "%*s %-*s deep circuit\n", VALUE, "", qubits ? 44 : 46,
          "this circuit");
  fprintf(stream, "%*s", VALUE, name);
  if (qubits) fprintf(stream, " %6s", "qubits");
  fprintf(stream, " %8s", "variance");
  if (!qubits) fprintf(stream, " %8s", "gradient"); /* one over the shots */
  fprintf(stream, " %8s %9s %-9s %8s %8s %8s\n", "shots", "live/p", "trainable",
          "dim", "variance", "p*");
  for (size_t i = 0; i < json_array_size(rows); i++) {
    const json_t *row = json_array_get(rows, i);
    const json_t *l = json_array_get(cert_at(row, "landscapes"), landscape);
    const json_t *own = json_array_get(circuits, i);
    const json_t *live = cert_at(l, "verdict.parameters_that_move_the_loss");
    char count[48] = "-";
    if (json_is_integer(live))
      snprintf(count, sizeof count, "%lld/%lld",
               (long long)json_integer_value(live),
               (long long)json_integer_value(cert_at(row, "ansatz.parameters")));
    fprintf(stream, "%*s", VALUE, cert_text_at(row, "value", "?"));
    if (qubits) print_cell(stream, cert_at(row, "ansatz.qubits"), 6, DIGITS);
    print_cell(stream, cert_at(l, "finite_depth.variance"), WIDTH, DIGITS);
    if (!qubits)
      print_cell(stream, cert_at(own, "median_gradient_variance"), WIDTH, DIGITS);
    print_cell(stream, cert_at(l, "verdict.shots_per_gradient.typical"), WIDTH,
               DIGITS);
    fprintf(stream, " %9s %-9s", count,
            cert_text_at(l, "verdict.trainable", "-"));
    print_cell(stream, cert_at(row, "algebra.dimension"), WIDTH, DIGITS);
    print_cell(stream, cert_at(l, "variance"), WIDTH, DIGITS);
    print_cell(stream, cert_at(l, "minima.threshold"), WIDTH, DIGITS);
    putc('\n', stream);
  }
}

static void print_rows(FILE *stream, const json_t *rows, const json_t *growth,
                       size_t landscape) {
  const char *kind =
      cert_text_at(json_array_get(rows, 0), "ansatz.kind", "operators");
  if (!strcmp(kind, "circuit"))
    print_circuit_rows(stream, rows, cert_at(growth, "circuits"), landscape);
  else
    print_deep_rows(stream, rows, landscape);
}

/* "polynomial decay: 1/n  [closed form]" */
static void print_growth(const page_t *page, const json_t *growth,
                         const char *key, const char *label) {
  char name[80];
  page_label(page, label);
  fprintf(page->stream, "%s", cert_text_at(growth, key, "unknown"));
  snprintf(name, sizeof name, "%s_formula", key);
  const char *formula = cert_text_at(growth, name, NULL);
  if (formula) {
    fputs(": ", page->stream);
    if (strlen(formula) <= MAX_FORMULA) fputs(formula, page->stream);
    else fprintf(page->stream, "%.*s...", MAX_FORMULA - 3, formula);
  }
  snprintf(name, sizeof name, "%s_from", key);
  const json_t *from = json_object_get(growth, name);
  if (from)
    fprintf(page->stream, " for n >= %lld",
            (long long)json_integer_value(from));
  snprintf(name, sizeof name, "%s_basis", key);
  if (cert_text_at(growth, name, NULL))
    fprintf(page->stream, "  [%s]", cert_text_at(growth, name, ""));
  fputc('\n', page->stream);
}

static void print_answer(const page_t *page, const json_t *growth,
                         const char *label, const char *answer,
                         const char *because) {
  const char *word = cert_text_at(growth, answer, "undecided");
  page_label(page, label);
  fprintf(page->stream, "%s: ", word);
  page_wrap(page, cert_text_at(growth, because, ""), 26 + (int)strlen(word),
            24);
}

/* "6, 7, 8": sizes that were certified besides. */
static void print_added(const page_t *page, const json_t *growth) {
  const json_t *added = cert_at(growth, "added");
  if (!json_array_size(added)) return;
  fprintf(page->stream, "  certified besides, to decide the growth: ");
  for (size_t i = 0; i < json_array_size(added); i++)
    fprintf(page->stream, "%s%s", i ? ", " : "",
            cert_text_at(json_array_get(added, i), "", "?"));
  putc('\n', page->stream);
}

static void print_family(const page_t *page, const json_t *growth,
                         long long num_qubits) {
  if (strcmp(cert_text_at(growth, "variable", ""), "qubits")) {
    fprintf(page->stream, "  every member has %lld qubits: n is the value swept, "
                          "no size\n", num_qubits);
    print_growth(page, growth, "algebra_dimension", "dimension");
    return;
  }
  page_label(page, "algebra");
  const char *classification = cert_text_at(growth, "classification", NULL);
  fprintf(page->stream, "%s\n", classification ? classification
                                               : "not one closed family");
  print_growth(page, growth, "algebra_dimension", "dimension");
  fprintf(page->stream, "  n is the number of qubits\n");
  print_added(page, growth);
}

void report_sweep(FILE *out, const json_t *certificate, bool details) {
  page_t page;
  page_begin(&page, out, details);
  FILE *stream = page.stream;
  const json_t *rows = cert_at(certificate, "sweep");
  const json_t *all = cert_at(certificate, "growth");
  const json_t *first = json_array_get(rows, 0);
  size_t count = json_array_size(cert_at(first, "landscapes"));
  page_ink(&page, INK_BOLD, "%s",
           cert_text_at(first, "ansatz.source.name", "?"));
  fputc('\n', stream);
  const char *reason = cert_text_at(all, "reason", NULL);
  if (reason) fprintf(stream, "no growth: %s\n", reason);
  else
    print_family(&page, all,
                 json_integer_value(cert_at(first, "ansatz.qubits")));
  for (size_t j = 0; j < count || j == 0; j++) {
    const json_t *l = json_array_get(cert_at(first, "landscapes"), j);
    const json_t *growth = json_array_get(cert_at(all, "landscapes"), j);
    fputc('\n', stream);
    if (l) {
      fprintf(stream, "O = ");
      page_wrap_operator(&page, cert_text_at(l, "observable", "?"), 4, 4);
      fprintf(stream, "on %s\n", cert_text_at(l, "state", "?"));
    }
    print_rows(stream, rows, growth, j);
    if (!growth) continue;
    if (cert_text_at(growth, "own_variance", NULL)) {
      print_growth(&page, growth, "own_variance", "variance, own");
      print_growth(&page, growth, "own_gradient_variance", "E[(dl)^2], own");
    }
    print_growth(&page, growth, "degrees_of_freedom", "degrees of freedom p*");
    print_growth(&page, growth, "gradient_variance", "E[(dl)^2], deep");
    print_growth(&page, cert_at(growth, "gaussian_process"), "kurtosis",
                 "excess kurtosis");
    print_answer(&page, growth, "Gaussian limit", "gaussian_process.verdict",
                 "gaussian_process.because");
    print_answer(&page, growth, "trainable family", "trainable", "because");
  }
  page_end(&page);
}
