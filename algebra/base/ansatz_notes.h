/* ansatz_notes.h - the sentences that the reduction to generators leaves in a report.
   Texts are freed with free(). Layer: base. */
#ifndef LIESCAPE_ANSATZ_NOTES_H
#define LIESCAPE_ANSATZ_NOTES_H

#include <stddef.h>

/* A fixed gate is treated as a free one; line: of the first such gate. */
char *ansatz_note_freed(long line);
/* The gates of a parameter cancel. */
char *ansatz_note_cancels(const char *parameter);
/* So many parameters, and the first of them, drive gates that are split. */
char *ansatz_note_split(size_t count, const char *first);

#endif
