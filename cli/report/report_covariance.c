#include <stdlib.h>

#include "cli/format/json_number.h"
#include "algebra/base/text.h"
#include "cli/report/report_parts.h"

enum { MAX_SHOWN = 4 };

static void print_matrix(FILE *stream, const json_t *matrix) {
  for (size_t i = 0; i < json_array_size(matrix); i++) {
    const json_t *row = json_array_get(matrix, i);
    fprintf(stream, "%24s", "");
    for (size_t j = 0; j < json_array_size(row); j++) {
      arb_t ball;
      arb_init(ball);
      char *text = cert_get_real(ball, json_array_get(row, j), 128)
                       ? ball_get_short_text(ball, 4)
                       : text_copy("unknown");
      fprintf(stream, "%12s", text);
      free(text);
      arb_clear(ball);
    }
    putc('\n', stream);
  }
}

void report_covariance(const page_t *page, const json_t *covariance) {
  FILE *stream = page->stream;
  for (size_t o = 0; o < json_array_size(covariance); o++) {
    const json_t *entry = json_array_get(covariance, o);
    const json_t *states = json_object_get(entry, "states");
    size_t count = json_array_size(states);
    fprintf(stream, "\nCovariance of the losses of the %zu input states, O = ",
            count);
    page_wrap_operator(page, cert_text_at(entry, "observable", "?"), 60, 4);
    if (count > MAX_SHOWN)
      fprintf(stream, "%24s%zu x %zu, see --json\n", "", count, count);
    else
      print_matrix(stream, json_object_get(entry, "matrix"));
    const char *reason = cert_text_at(entry, "reason", NULL);
    if (reason) {
      page_label(page, "");
      page_wrap(page, reason, 24, 24);
    }
  }
}

/* "0.125, 0.0625, ..." */
static void print_eigenvalues(const page_t *page, const char *label, const json_t *list) {
  enum { MAX_EIGENVALUES = 5 };
  size_t count = json_array_size(list);
  if (!count) return;
  page_label(page, label);
  for (size_t i = 0; i < count && i < MAX_EIGENVALUES; i++) {
    if (i) fputs(", ", page->stream);
    fprintf(page->stream, "%.4g", cert_get_double(json_array_get(list, i)));
  }
  fputs(count > MAX_EIGENVALUES ? ", ...\n" : "\n", page->stream);
}

void report_kernel(const page_t *page, const json_t *kernel) {
  if (!json_is_object(kernel)) return;
  page_heading(page, "Mean neural tangent kernel");
  fprintf(page->stream, " of the %zu inputs, O = ",
          json_array_size(cert_at(kernel, "states")));
  page_wrap_operator(page, cert_text_at(kernel, "observable", "?"), 44, 4);
  print_eigenvalues(page, "rates, this circuit", cert_at(kernel, "finite_depth_eigenvalues"));
  print_eigenvalues(page, "rates, deep circuit", cert_at(kernel, "deep_eigenvalues"));
}
