#include "cli/terminal/page.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/base/text.h"
#include "cli/format/json_number.h"
#include "cli/read/source.h"
#include "cli/terminal/output.h"

enum { LINE_WIDTH = 80, VALUE_COLUMN = 24 };

void page_begin(page_t *page, FILE *out, bool details) {
  *page = (page_t){.out = out, .colour = output_wants_colour(out),
                   .details = details};
  page->stream = text_open(&page->text, &page->length);
}

/* Bytes of the character, or of the change of colour, at text; *width is the
   columns that it takes. */
static size_t glyph(int *width, const char *text) {
  size_t length = 1;
  *width = 1;
  if (*text == '\033') {
    length = strcspn(text, "m");
    *width = 0;
    return length + (text[length] == 'm');
  }
  while (((unsigned char)text[length] & 0xc0) == 0x80) length++;
  return length;
}

/* A blank within a term of an operator, where no line is broken: U+00A0 until it is put
   out. */
static const char hard_blank[] = "\xc2\xa0";

static void put(FILE *out, const char *text, size_t length) {
  for (size_t i = 0; i < length;) {
    bool hard = !strncmp(text + i, hard_blank, 2);
    putc(hard ? ' ' : text[i], out);
    i += hard ? 2 : 1;
  }
}

static int columns(const char *text, size_t length) {
  int width, sum = 0;
  for (size_t i = 0; i < length; sum += width) i += glyph(&width, text + i);
  return sum;
}

/* Where lines that continue this one begin: below its value, or a bit to the
   right of where it begins. */
static int continuation(const char *line, size_t length) {
  int column = 0, width, lead = 0;
  bool gap = false, leading = true;
  for (size_t i = 0; i < length && column <= VALUE_COLUMN;) {
    if (line[i] != ' ') leading = false;
    if (leading) lead++;
    if (column == VALUE_COLUMN && gap && line[i] != ' ') return VALUE_COLUMN;
    if (column == VALUE_COLUMN - 1) gap = line[i] == ' ';
    i += glyph(&width, line + i);
    column += width;
  }
  return lead + 2;
}

/* One line, broken at blanks. */
static void fold(FILE *out, const char *line, size_t length) {
  int indent = continuation(line, length), column = 0, width;
  int begin = (int)strspn(line, " "); /* no break before it */
  size_t start = 0, blank = 0;
  for (size_t i = 0; i < length;) {
    if (line[i] == ' ' && column > begin) blank = i;
    i += glyph(&width, line + i);
    column += width;
    if (column <= LINE_WIDTH || !blank) continue;
    size_t end = blank;
    while (end > start && line[end - 1] == ' ') end--;
    put(out, line + start, end - start);
    fprintf(out, "\n%*s", indent, "");
    start = blank + strspn(line + blank, " ");
    i = start;
    column = begin = indent;
    blank = 0;
  }
  put(out, line + start, length - start);
}

/* Changes of colour by page_ink; anything else that begins with ESC is of the input. */
static const char *const codes[] = {"\033[1m", "\033[32m", "\033[31m", "\033[33m",
                                    "\033[2m", "\033[0m"};
enum { NUM_CODES = sizeof codes / sizeof *codes };

static size_t code_length(const page_t *page, const char *text) {
  if (!page->colour || *text != '\033') return 0;
  for (int i = 0; i < NUM_CODES; i++)
    if (!strncmp(text, codes[i], strlen(codes[i]))) return strlen(codes[i]);
  return 0;
}

/* Names and texts of a certificate neither control the terminal nor turn what it shows. */
static void make_visible(page_t *page) {
  char *shown;
  FILE *out = text_open(&shown, &page->length);
  for (const char *text = page->text; *text;) {
    size_t code = code_length(page, text);
    bool visible = code > 0 || *text == '\n';
    size_t length = code ? code : 1;
    if (!visible) length = source_character(&visible, text, strnlen(text, 4));
    if (visible) fwrite(text, 1, length, out);
    else putc('?', out);
    text += length;
  }
  text_close(out, &shown);
  free(page->text);
  page->text = shown;
}

void page_end(page_t *page) {
  text_close(page->stream, &page->text);
  make_visible(page);
  for (const char *line = page->text; *line;) {
    size_t length = strcspn(line, "\n");
    fold(page->out, line, length);
    line += length;
    if (*line) putc(*line++, page->out);
  }
  free(page->text);
}

void page_heading(const page_t *page, const char *text) {
  putc('\n', page->stream);
  page_ink(page, INK_BOLD, "%s", text);
}

void page_ink(const page_t *page, ink_t ink, const char *format, ...) {
  va_list args;
  va_start(args, format);
  if (page->colour) fputs(codes[ink], page->stream);
  vfprintf(page->stream, format, args);
  if (page->colour) fputs(codes[NUM_CODES - 1], page->stream);
  va_end(args);
}

void page_wrap(const page_t *page, const char *text, int column, int indent) {
  bool first = true;
  while (*(text += strspn(text, " "))) {
    size_t word = strcspn(text, " ");
    int width = columns(text, word);
    if (column + !first + width > LINE_WIDTH && column > indent) {
      fprintf(page->stream, "\n%*s", indent, "");
      column = indent;
    } else if (!first) {
      putc(' ', page->stream);
      column++;
    }
    fwrite(text, 1, word, page->stream);
    column += width;
    text += word;
    first = false;
  }
  putc('\n', page->stream);
}

static size_t term_length(const char *text) {
  size_t i = 0;
  while (text[i] && (i == 0 || strncmp(text + i, " + ", 3)) &&
         (i == 0 || strncmp(text + i, " - ", 3)))
    i++;
  return i;
}

/* A copy with hard blanks within terms that fit into a line. */
static char *keep_terms(const char *text) {
  enum { LONGEST_TERM = 50 };
  char *out = NULL;
  size_t size = 0;
  FILE *stream = text_open(&out, &size);
  while (*text) {
    size_t length = term_length(text), i = 0;
    if (*text == ' ') putc(text[i++], stream);
    for (; i < length; i++)
      if (text[i] == ' ' && length <= LONGEST_TERM) fputs(hard_blank, stream);
      else putc(text[i], stream);
    text += length;
  }
  text_close(stream, &out);
  return out;
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
  char *shown = length <= LONGEST || !cut
                    ? text_copy(text)
                    : text_print("%.*s + ... (%zu terms)", (int)cut, text, terms);
  char *kept = keep_terms(shown);
  page_wrap(page, kept, column, indent);
  free(kept);
  free(shown);
}

void page_label(const page_t *page, const char *label) {
  fprintf(page->stream, "  %-*s", VALUE_COLUMN - 2, label);
}

/* Exact numbers with more characters are in the certificate only. */
enum { LONGEST_FRACTION = 11, LONGEST_SURD = 24, LONGEST_WHOLE = 24 };

/* A ball around 0 of a greater radius is not known rather than 0. */
static const double SAYS_NOTHING = 1e-9;

char *page_number_text(const json_t *value) {
  char *out = NULL;
  arb_t ball;
  arb_init(ball);
  if (json_is_integer(value)) {
    out = text_print("%lld", (long long)json_integer_value(value));
  } else if (!cert_get_surd(ball, value, 128)) {
    const char *text = json_string_value(value);
    out = text_copy(text ? text : "unknown");
  } else if (!json_is_string(value) && arb_contains_zero(ball)) {
    double radius = mag_get_d(arb_radref(ball));
    out = radius > SAYS_NOTHING ? text_print("unknown")
        : radius > 0          ? text_print("0 within %.0e", radius)
                              : text_print("0");
  } else {
    char *about = ball_get_short_text(ball, 4);
    const char *exact = json_string_value(value);
    size_t length = exact ? strlen(exact) : 0;
    if (exact && strpbrk(exact, "/*") &&
        length <= (strchr(exact, '*') ? LONGEST_SURD : LONGEST_FRACTION))
      out = text_print("%s = %s", exact, about);
    else if (exact && !strpbrk(exact, "/*") && length <= LONGEST_WHOLE)
      out = text_copy(exact);
    else
      out = text_copy(about);
    free(about);
  }
  arb_clear(ball);
  return out;
}

void page_number(const page_t *page, const json_t *value) {
  char *text = page_number_text(value);
  fputs(text, page->stream);
  free(text);
}

void page_about(const page_t *page, const json_t *value) {
  double x = cert_get_double(value);
  if (x >= 100 && x < 99999.5) {
    fprintf(page->stream, "%.0f", x);
    return;
  }
  arb_t ball;
  arb_init(ball);
  char *text = cert_get_surd(ball, value, 128) ? ball_get_short_text(ball, 3) : NULL;
  fputs(text ? text : "unknown", page->stream);
  free(text);
  arb_clear(ball);
}

void page_count(const page_t *page, const json_t *value, const char *noun) {
  char *text = page_number_text(value);
  fprintf(page->stream, "%s %s%s", text, noun, strcmp(text, "1") ? "s" : "");
  free(text);
}

/* --- lists by the names of parameters --------------------------------------------- */

/* The length of "name" in "name[12]" and its index; 0 without one. */
static size_t split_index(long *index, const char *name) {
  const char *bracket = strrchr(name, '[');
  char *end;
  if (!bracket || bracket == name || bracket[1] < '0' || bracket[1] > '9') return 0;
  *index = strtol(bracket + 1, &end, 10);
  return strcmp(end, "]") ? 0 : (size_t)(bracket - name);
}

static const char *name_at(const json_t *names, size_t k) {
  return cert_text_at(json_array_get(names, k), "", "?");
}

/* How many from names[k] on count up. */
static size_t run_length(const json_t *names, size_t k) {
  long first, next;
  const char *name = name_at(names, k);
  size_t stem = split_index(&first, name), run = 1;
  while (stem && k + run < json_array_size(names)) {
    const char *other = name_at(names, k + run);
    if (split_index(&next, other) != stem || strncmp(name, other, stem) ||
        next != first + (long)run)
      break;
    run++;
  }
  return run;
}

void page_names(const page_t *page, const json_t *names, size_t most, int indent) {
  size_t count = json_array_size(names), shown = 0, k = 0, size = 0;
  char *text = NULL;
  FILE *list = text_open(&text, &size);
  for (; k < count && (!most || shown < most); shown++) {
    size_t run = run_length(names, k);
    if (run == 2) run = 1;
    fprintf(list, "%s%s", k ? ", " : "", name_at(names, k));
    if (run > 1) fprintf(list, "..%s", strrchr(name_at(names, k + run - 1), '['));
    k += run;
  }
  if (k < count) fprintf(list, ", and %zu more", count - k);
  text_close(list, &text);
  page_wrap(page, text, indent, indent);
  free(text);
}

/* The extreme ones of a list of gradient variances, and how many are what. */
typedef struct {
  size_t zeros, unknown, least, most; /* indices */
  bool any;
} spread_t;

static spread_t get_spread(const json_t *list) {
  spread_t s = {0};
  arb_t value, low, high;
  arb_init(value);
  arb_init(low);
  arb_init(high);
  for (size_t k = 0; k < json_array_size(list); k++) {
    if (!cert_get_surd(value, json_array_get(list, k), 64) ||
        (arb_contains_zero(value) &&
         mag_get_d(arb_radref(value)) > SAYS_NOTHING)) {
      s.unknown++;
    } else if (arb_contains_zero(value)) {
      s.zeros++;
    } else {
      const arf_struct *mid = arb_midref(value);
      if (!s.any || arf_cmp(mid, arb_midref(low)) < 0)
        s.least = k, arb_set(low, value);
      if (!s.any || arf_cmp(mid, arb_midref(high)) > 0)
        s.most = k, arb_set(high, value);
      s.any = true;
    }
  }
  arb_clear(value);
  arb_clear(low);
  arb_clear(high);
  return s;
}

static void print_extreme(const page_t *page, const json_t *list,
                          const json_t *names, size_t k) {
  page_number(page, json_array_get(list, k));
  if (json_array_size(names) == json_array_size(list))
    fprintf(page->stream, " (%s)", name_at(names, k));
}

static void print_gradient(const page_t *page, const json_t *list,
                           const json_t *names) {
  size_t length = json_array_size(list);
  spread_t s = get_spread(list);
  if (s.any && json_equal(json_array_get(list, s.least), json_array_get(list, s.most))) {
    page_number(page, json_array_get(list, s.least));
  } else if (s.any) {
    print_extreme(page, list, names, s.least);
    fprintf(page->stream, " to ");
    print_extreme(page, list, names, s.most);
  } else if (length && s.zeros == length) {
    fprintf(page->stream, "0 for every parameter");
  } else if (length == 0 && json_is_array(list)) {
    fprintf(page->stream, "no parameters");
  } else {
    fprintf(page->stream, "unknown");
  }
  if (s.zeros && s.zeros < length)
    fprintf(page->stream, "; 0 for %zu of %zu", s.zeros, length);
  if (s.unknown && s.any)
    fprintf(page->stream, "; unknown for %zu", s.unknown);
}

char *page_gradient_text(const json_t *list, const json_t *names) {
  char *text = NULL;
  size_t length = 0;
  page_t page = {.stream = text_open(&text, &length)};
  print_gradient(&page, list, names);
  text_close(page.stream, &text);
  return text;
}

void page_moments(const page_t *page, const json_t *moments, const json_t *names) {
  const char *reason = cert_text_at(moments, "reason", NULL);
  page_label(page, "mean, variance");
  page_number(page, cert_at(moments, "mean"));
  fprintf(page->stream, ", ");
  page_number(page, cert_at(moments, "variance"));
  fputc('\n', page->stream);
  page_label(page, "E[(dl/dtheta)^2]");
  print_gradient(page, cert_at(moments, "gradient_variance"), names);
  fputc('\n', page->stream);
  if (!reason) return;
  page_label(page, "not known");
  page_wrap(page, reason, PAGE_INDENT, PAGE_INDENT);
}
