/* progress.h - what the program is doing, on standard error.

   On a terminal one line is rewritten a few times a second by a thread of its
   own, from 0.08 s on: the stage, a bar and the time left where they are known.
   TERM=dumb gets a plain line for each stage. Elsewhere, and when quiet, nothing
   is written. No colour is used.

   Layer: cli. Calls may come from any thread. */
#ifndef LIESCAPE_CLI_PROGRESS_H
#define LIESCAPE_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* progress_begin ... progress_end around the work; in between nothing else may
   be written to standard error but by progress_note. */
void progress_begin(bool quiet, const char *stage);
void progress_end(void);
/* A new stage, of which nothing is done; text is kept, not copied. */
void progress_stage(const char *text);
/* done of total units of the stage; changes the stage when it has another
   name. */
void progress_report(const char *stage, uint64_t done, uint64_t total);
/* done of total units of all that is done, of which `part` is under way: the bar and
   the time left go on from part to part. */
void progress_part(const char *part, uint64_t done, uint64_t total);
/* A line for the user, terminal or not: "liescape: ...". */
void progress_note(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
/* Wipes the line; safe in a signal handler. */
void progress_wipe(void);

/* "2 h 5 min", "1 min 20 s", "12 s"; text has room for 32 characters. */
void progress_time(char *text, double seconds);

#endif
