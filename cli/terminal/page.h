/* page.h - lines, colours and numbers of the reports. Private to cli. */
#ifndef LIESCAPE_CLI_REPORT_TEXT_H
#define LIESCAPE_CLI_REPORT_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

typedef enum { INK_BOLD, INK_GOOD, INK_BAD, INK_DOUBT, INK_DIM } ink_t;

typedef struct {
  FILE *stream;
  bool colour, details; /* details: --details */
  FILE *out;            /* where page_end writes, and what it gathers until then */
  char *text;
  size_t length;
} page_t;

/* What is written to page->stream goes to `out` at page_end, with no line longer
   than 80 characters that has a blank to break it at. */
void page_begin(page_t *page, FILE *out, bool details);
void page_end(page_t *page);
/* printf in one colour. */
void page_ink(const page_t *page, ink_t ink, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Text wrapped at 80 columns, every line after the first indented. column is
   where the first line begins. */
void page_wrap(const page_t *page, const char *text, int column, int indent);
/* The same for an operator: a long one is cut after a whole term, and the
   number of terms is given. */
void page_wrap_operator(const page_t *page, const char *text, int column,
                        int indent);
/* "  label        " padded to the column of values. */
void page_label(const page_t *page, const char *label);

enum { PAGE_INDENT = 24 }; /* what stands beside labels */

/* Bold, after an empty line. */
void page_heading(const page_t *page, const char *text);

/* "11/276 = 0.0399"; of fractions that are not short only the decimals. */
void page_number(const page_t *page, const json_t *value);
/* "21.7", "273", "1.23e+7". */
void page_about(const page_t *page, const json_t *value);
/* "3 generators", "1 generator". */
void page_count(const page_t *page, const json_t *value, const char *noun);
/* Mean, variance, gradients (the least and the greatest with its name) of a landscape or
   of a circuit at its own depth, and why some are not known. */
void page_moments(const page_t *page, const json_t *moments, const json_t *names);
/* Of them the gradients alone, on one line without its end; the caller frees it. */
char *page_gradient_text(const json_t *list, const json_t *names);
/* Names with runs of indices drawn together, "a[0], b[2]..[7]"; at most `most`
   of what is shown, 0: all. */
void page_names(const page_t *page, const json_t *names, size_t most, int indent);

/* See page_number; the caller frees it. */
char *page_number_text(const json_t *value);

#endif
