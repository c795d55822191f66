#include "cli/read/observable_file.h"

#include <stdbool.h>
#include <string.h>

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/* Ends an operand: what follows on the next line is not joined to it. */
static bool is_open(char c) { return c && strchr("+-*/@(,:[", c); }

void observable_file_join(char *text) {
  char last = 0; /* the last character that is not blank */
  char *line_end = NULL; /* behind it */
  bool comment = false, braces = false;
  for (char *c = text; *c; c++) {
    if (*c == '#') comment = true;
    if (*c == '\n') {
      comment = false;
      if (last && !line_end) line_end = c;
    }
    /* {"XXI": 0.5}: as Python prints a dict; X{0} has a letter before the brace */
    if (*c == '{' && !last) braces = true;
    if (braces && (*c == '{' || *c == '}')) *c = ' ';
    if (comment || is_blank(*c)) {
      *c = ' ';
      continue;
    }
    if (line_end && *c == '"' && !is_open(last)) *line_end = ',';
    line_end = NULL;
    last = *c;
  }
}
