#include <stdlib.h>

#include "cli/format/json_number.h"
#include "cli/report/report_parts.h"

static void print_outcome(const page_t *page, const json_t *o) {
  char *dimension = page_number_text(cert_at(o, "dimension"));
  char *gradient = page_number_text(cert_at(o, "gradient_variance"));
  char *threshold = page_number_text(cert_at(o, "threshold"));
  fprintf(page->stream, "dimension %s, E[(dl/dtheta)^2] %s, p* %s, trainable %s",
          dimension, gradient, threshold, cert_text_at(o, "verdict", "?"));
  free(dimension);
  free(gradient);
  free(threshold);
}

/* "the gates of a[0], a[8] and 6 more" */
static void print_gates(const page_t *page, const json_t *gates) {
  enum { SHOWN = 4 };
  size_t length = json_array_size(gates);
  size_t shown = length > SHOWN + 1 ? SHOWN : length;
  fprintf(page->stream, "the gates of ");
  for (size_t i = 0; i < shown; i++)
    fprintf(page->stream, "%s%s", i ? ", " : "",
            cert_text_at(json_array_get(gates, i), "", "?"));
  if (shown < length) fprintf(page->stream, " and %zu more", length - shown);
}

static void print_suggestion(const page_t *page, const json_t *s) {
  const json_t *names = cert_at(s, "generators");
  long long alike = json_integer_value(cert_at(s, "alike"));
  const json_t *line = cert_at(s, "gates_of_line");
  const json_t *gates = cert_at(s, "gates_of");
  fprintf(page->stream, "  %s ", cert_text_at(s, "action", "?"));
  if (line)
    fprintf(page->stream, "the gates of line %lld",
            (long long)json_integer_value(line));
  if (gates) print_gates(page, gates);
  if (gates && names) fprintf(page->stream, ", seen as ");
  for (size_t i = 0; i < json_array_size(names); i++) {
    const char *name = cert_text_at(json_array_get(names, i), "", "?");
    fprintf(page->stream, "%s%s", i ? " and " : "", name);
  }
  if (alike) fprintf(page->stream, " (or %lld other%s)", alike,
                     alike > 1 ? "s" : "");
  fprintf(page->stream, "\n%24s", "");
  print_outcome(page, s);
  putc('\n', page->stream);
}

void report_suggestions(const page_t *page, const json_t *certificate) {
  FILE *stream = page->stream;
  const json_t *about = cert_at(certificate, "suggest");
  const json_t *list = cert_at(certificate, "suggestions");
  if (!about) return;
  page_heading(page, "What to change");
  const char *reason = cert_text_at(about, "reason", NULL);
  if (reason) {
    fprintf(stream, ": ");
    page_wrap(page, reason, 16, 8);
    return;
  }
  long long tried = json_integer_value(cert_at(about, "tried"));
  long long candidates = json_integer_value(cert_at(about, "candidates"));
  fprintf(stream, ", for O = ");
  page_wrap_operator(page, cert_text_at(about, "observable", "?"), 25, 4);
  fprintf(stream, "  on %s; %lld of %lld changes tried, as many layers as now\n",
          cert_text_at(about, "state", "?"), tried, candidates);
  page_label(page, "now");
  print_outcome(page, cert_at(about, "present"));
  putc('\n', stream);
  for (size_t i = 0; i < json_array_size(list); i++)
    print_suggestion(page, json_array_get(list, i));
  if (json_array_size(list) == 0)
    fprintf(stream, "  none of them is better\n");
  else
    fprintf(stream, "  dropping a generator may put the least loss out of "
                    "reach\n");
}
