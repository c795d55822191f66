/* report_text.h - lines, colours and numbers of the reports. Private to cli. */
#ifndef LIESCAPE_CLI_REPORT_TEXT_H
#define LIESCAPE_CLI_REPORT_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

typedef enum { INK_BOLD, INK_GOOD, INK_BAD, INK_DOUBT, INK_DIM } ink_t;

typedef struct {
  FILE *stream;
  bool colour;
} page_t;

page_t page_init(FILE *stream);
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

/* "11/276 = 0.0399". */
void page_number(const page_t *page, const json_t *value);
/* A list of gradient variances on one line. */
void page_gradient(const page_t *page, const json_t *list);

/* See report_number. */
char *json_number_text(const json_t *value);

#endif
