/* source.h - getting text in, and saying what is wrong with it.

   A diagnostic is one error: where (file, line and column from 1, column in
   characters), what, and the offending line. Line 0 means the error has no
   place in the text. Text is UTF-8; source_check refuses anything else.

   Layer: cli, base of the readers. */
#ifndef LIESCAPE_CLI_SOURCE_H
#define LIESCAPE_CLI_SOURCE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "algebra/base/status.h"

typedef struct {
  char *file;
  long line, column;
  char *message;
  char *excerpt;       /* the line, cut to about 70 characters around the
                          column; NULL when line is 0 */
  long excerpt_column; /* column of the error within excerpt, from 1 */
} diagnostic_struct;
typedef diagnostic_struct diagnostic_t[1];

void diagnostic_init(diagnostic_t diag);
void diagnostic_clear(diagnostic_t diag);
/* Replaces the contents. What is not visible in file name, message and line becomes
   '?'. text is the whole source and offset the byte at
   fault; text may be NULL (no place). */
void diagnostic_set(diagnostic_t diag, const char *file, const char *text,
                    size_t length, size_t offset, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
void diagnostic_set_va(diagnostic_t diag, const char *file, const char *text,
                       size_t length, size_t offset, const char *format,
                       va_list args);
/* "FILE:LINE:COLUMN: message", then (when there is an excerpt) a line feed,
   the excerpt, a line feed and a caret below the place. Neither begins with
   the program's name nor ends in a line feed. The caller frees it. */
char *diagnostic_get_str(const diagnostic_t diag);

/* Largest source the program reads. */
#define SOURCE_MAX_BYTES ((size_t)256 << 20)

/* Reads a whole file, or standard input for "-". *text is malloc'ed and
   followed by a NUL that *length does not count. STATUS_BAD_INPUT: it cannot
   be read (missing, a directory, ...); STATUS_LIMIT: longer than max_bytes. */
status_t source_read(char **text, size_t *length, diagnostic_t diag,
                     const char *path, size_t max_bytes);

/* Length of a byte order mark at the beginning of the text, which source_read
   leaves out: 3 or 0. */
size_t source_mark_length(const char *text, size_t length);

/* Bytes of the character at text, at least 1. *visible: whether it may be written to a
   terminal: a character of UTF-8 that neither controls the terminal (C0, DEL, C1) nor ends
   a line nor turns the direction of the text. */
size_t source_character(bool *visible, const char *text, size_t room);
/* Every character that is not visible becomes '?', tabs and carriage returns a blank; line
   feeds stay. For whatever of an input is shown. */
void source_make_visible(char *text);

/* printf of a line on standard error, "liescape: ...", visible. */
void source_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void source_vsay(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

/* STATUS_BAD_INPUT unless text is UTF-8 without NUL bytes, byte order marks,
   characters that turn the direction of writing, and carriage returns that no
   line feed follows (but at the end). */
status_t source_check(diagnostic_t diag, const char *file, const char *text,
                      size_t length);

#endif
