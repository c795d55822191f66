/* output.h - writing results: all or nothing.

   A file is written beside its final name and renamed over it when complete;
   what is not a regular file (a device, a pipe) is written directly. At most one
   output is open at a time; an unfinished one is removed by output_discard,
   which is safe in a signal handler.

   Layer: cli. Functions that fail say why on standard error. */
#ifndef LIESCAPE_CLI_OUTPUT_H
#define LIESCAPE_CLI_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

/* Opens; NULL path is standard output. Returns NULL after a message when the
   path cannot be written. */
FILE *output_open(const char *path);
/* The mode a newly created file gets, by the umask. */
mode_t output_default_mode(void);
/* Flushes, closes and renames. False after a message. */
bool output_commit(FILE *stream);
/* Removes what is unfinished, if anything. */
void output_discard(void);
/* Further things that output_discard removes: files, then folders, the last
   one first (a folder only if it is empty by then). The paths are copied.
   output_unguard forgets them all. */
void output_guard_file(const char *path);
void output_guard_folder(const char *path);
void output_unguard(void);
/* Flushes standard output; false after a message. */
bool output_finish_stdout(void);

/* May escape sequences for colour be written to the stream? Off when it is no
   terminal, NO_COLOR is set and not empty, or TERM is dumb or unset. */
bool output_wants_colour(FILE *stream);

#endif
