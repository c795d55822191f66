#include <math.h>
#include <string.h>

#include "cli/format/json_number.h"
#include "cli/report/report_parts.h"

static void print_real(FILE *stream, const json_t *value, int width) {
  double number = json_number_value(value);
  if (json_is_number(value)) /* rounding is not below zero */
    fprintf(stream, " %*.4f", width, fabs(number) < 5e-5 ? 0 : number);
  else
    fprintf(stream, " %*s", width, "-");
}

static void print_row(FILE *stream, const json_t *row) {
  fprintf(stream, "  %-12s %8lld", cert_text_at(row, "ensemble", "?"),
          (long long)json_integer_value(cert_at(row, "parameters")));
  print_real(stream, cert_at(row, "gamma"), 9);
  print_real(stream, cert_at(row, "edge"), 8);
  /* Keys with points are no paths. */
  const json_t *quantiles = cert_at(row, "quantiles");
  print_real(stream, json_object_get(quantiles, "0.1"), 8);
  print_real(stream, json_object_get(quantiles, "0.5"), 8);
  print_real(stream, json_object_get(quantiles, "0.9"), 8);
  print_real(stream, json_object_get(cert_at(row, "law"), "0.5"), 8);
  fputc('\n', stream);
}

/* "  p = 2 (all minima)": number and median, found and by the law. */
static void print_counted(const page_t *page, const json_t *counted) {
  size_t i;
  const json_t *c;
  json_array_foreach((json_t *)counted, i, c) {
    const json_t *law = cert_at(c, "law");
    if (i == 0)
      fprintf(page->stream, "  %-12s %8s %9s %8s %8s %8s %8s\n", "all minima", "p",
              "number", "+-", "law", "median", "law");
    fprintf(page->stream, "  %-12s %8lld", "",
            (long long)json_integer_value(cert_at(c, "parameters")));
    print_real(page->stream, cert_at(c, "number"), 9);
    print_real(page->stream, cert_at(c, "standard_error"), 8);
    print_real(page->stream, cert_at(law, "number"), 8);
    print_real(page->stream, json_object_get(cert_at(c, "quantiles"), "0.5"), 8);
    print_real(page->stream, json_object_get(cert_at(law, "quantiles"), "0.5"), 8);
    fputc('\n', page->stream);
  }
}

static void print_landscape(const page_t *page, const json_t *found,
                            const json_t *landscapes) {
  const json_t *rows = cert_at(found, "rows");
  if (json_array_size(landscapes) > 1) {
    const json_t *l = json_array_get(
        landscapes, (size_t)json_integer_value(cert_at(found, "landscape")));
    fprintf(page->stream, "  O = ");
    page_wrap(page, cert_text_at(l, "observable", "?"), 6, 6);
    fprintf(page->stream, "      on %s\n", cert_text_at(l, "state", "?"));
  }
  fprintf(page->stream, "  %-12s %8s %9s %8s %8s %8s %8s %8s\n",
          !strcmp(cert_text_at(found, "unit", ""), "loss") ? "(losses)" : "",
          "p", "gamma", "limit", "10%", "median", "90%", "law");
  for (size_t i = 0; i < json_array_size(rows); i++)
    print_row(page->stream, json_array_get(rows, i));
  print_counted(page, cert_at(found, "counted"));
  fprintf(page->stream, "  ");
  page_wrap(page, cert_text_at(found, "agreement", "?"), 2, 2);
}

void report_print_minima(const page_t *page, const json_t *certificate) {
  const json_t *found = cert_at(certificate, "minima_found");
  const json_t *list = cert_at(found, "landscapes");
  const json_t *notes = cert_at(found, "notes");
  if (!found) return;
  fputc('\n', page->stream);
  page_ink(page, INK_BOLD, "Local minima");
  fprintf(page->stream,
          " from %lld random starts, as (l - least)/(mean - least)\n",
          (long long)json_integer_value(cert_at(found, "starts")));
  for (size_t j = 0; j < json_array_size(list); j++)
    print_landscape(page, json_array_get(list, j),
                    cert_at(certificate, "landscapes"));
  for (size_t i = 0; i < json_array_size(notes); i++) {
    const char *text = cert_text_at(json_array_get(notes, i), "", "?");
    fprintf(page->stream, "  ");
    page_wrap(page, text, 2, 2);
  }
}
