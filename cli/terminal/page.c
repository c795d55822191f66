#include "cli/terminal/page.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/format/json_number.h"
#include "cli/terminal/output.h"

enum { LINE_WIDTH = 80, VALUE_COLUMN = 24 };

page_t page_init(FILE *stream) {
  return (page_t){.stream = stream, .colour = output_wants_colour(stream)};
}

void page_ink(const page_t *page, ink_t ink, const char *format, ...) {
  static const char *const codes[] = {"1", "32", "31", "33", "2"};
  va_list args;
  va_start(args, format);
  if (page->colour) fprintf(page->stream, "\033[%sm", codes[ink]);
  vfprintf(page->stream, format, args);
  if (page->colour) fputs("\033[0m", page->stream);
  va_end(args);
}

void page_wrap(const page_t *page, const char *text, int column, int indent) {
  bool first = true;
  while (*(text += strspn(text, " "))) {
    int word = (int)strcspn(text, " ");
    if (!first && column + 1 + word > LINE_WIDTH) {
      fprintf(page->stream, "\n%*s", indent, "");
      column = indent;
    } else if (!first) {
      putc(' ', page->stream);
      column++;
    }
    fwrite(text, 1, (size_t)word, page->stream);
    column += word;
    text += word;
    first = false;
  }
  putc('\n', page->stream);
}

void page_wrap_operator(const page_t *page, const char *text, int column,
                        int indent) {
  enum { LONGEST = 300 };
  size_t length = strlen(text), terms = 1, cut = 0;
  for (size_t i = 0; i + 2 < length; i++)
    if (text[i] == ' ' && strchr("+-", text[i + 1]) && text[i + 2] == ' ') {
      terms++;
      if (i <= LONGEST) cut = i;
    }
  char *shown = NULL;
  if (length <= LONGEST || !cut)
    page_wrap(page, text, column, indent);
  else if (asprintf(&shown, "%.*s + ... (%zu terms)", (int)cut, text, terms) > 0)
    page_wrap(page, shown, column, indent);
  free(shown);
}

void page_label(const page_t *page, const char *label) {
  fprintf(page->stream, "  %-*s", VALUE_COLUMN - 2, label);
}

/* A ball around 0 of a greater radius is not known rather than 0. */
static const double SAYS_NOTHING = 1e-9;

char *json_number_text(const json_t *value) {
  char *out = NULL;
  int n = -1;
  arb_t ball;
  arb_init(ball);
  if (json_is_integer(value)) {
    n = asprintf(&out, "%lld", (long long)json_integer_value(value));
  } else if (!json_get_surd(ball, value, 128)) {
    const char *text = json_string_value(value);
    n = asprintf(&out, "%s", text ? text : "unknown");
  } else if (!json_is_string(value) && arb_contains_zero(ball)) {
    double radius = mag_get_d(arb_radref(ball));
    n = radius > SAYS_NOTHING ? asprintf(&out, "unknown")
        : radius > 0          ? asprintf(&out, "0 within %.0e", radius)
                              : asprintf(&out, "0");
  } else {
    char *about = ball_get_short_text(ball, 4);
    const char *exact = json_string_value(value);
    if (exact && strlen(exact) <= 24 && strpbrk(exact, "/*"))
      n = asprintf(&out, "%s = %s", exact, about);
    else if (exact && strlen(exact) <= 24)
      n = asprintf(&out, "%s", exact);
    else
      n = asprintf(&out, "%s", about);
    free(about);
  }
  arb_clear(ball);
  if (n < 0) flint_abort();
  return out;
}

void page_number(const page_t *page, const json_t *value) {
  char *text = json_number_text(value);
  fputs(text, page->stream);
  free(text);
}

/* Least and greatest of the gradient variances, zeros and unknown ones apart. */
void page_gradient(const page_t *page, const json_t *list) {
  size_t length = json_array_size(list), zeros = 0, unknown = 0;
  const json_t *least = NULL, *most = NULL;
  arb_t value, low, high;
  arb_init(value);
  arb_init(low);
  arb_init(high);
  for (size_t k = 0; k < length; k++) {
    const json_t *item = json_array_get(list, k);
    if (!json_get_surd(value, item, 64) ||
        (arb_contains_zero(value) &&
         mag_get_d(arb_radref(value)) > SAYS_NOTHING)) {
      unknown++;
    } else if (arb_contains_zero(value)) {
      zeros++;
    } else {
      const arf_struct *mid = arb_midref(value);
      if (!least || arf_cmp(mid, arb_midref(low)) < 0)
        least = item, arb_set(low, value);
      if (!most || arf_cmp(mid, arb_midref(high)) > 0)
        most = item, arb_set(high, value);
    }
  }
  if (least) {
    page_number(page, least);
    if (!json_equal(least, most)) {
      fprintf(page->stream, " to ");
      page_number(page, most);
    }
  } else if (length && zeros == length) {
    fprintf(page->stream, "0 for every parameter");
  } else if (length == 0 && json_is_array(list)) {
    fprintf(page->stream, "no parameters");
  } else {
    fprintf(page->stream, "unknown");
  }
  if (zeros && zeros < length)
    fprintf(page->stream, "; 0 for %zu of %zu parameters", zeros, length);
  if (unknown && least)
    fprintf(page->stream, "; unknown for %zu", unknown);
  fputc('\n', page->stream);
  arb_clear(value);
  arb_clear(low);
  arb_clear(high);
}
