/* checkpoint.h - what a run of verify has computed so far, in a file.

   The file holds the identity of the run (program, input, options: all that
   determines the numbers), the certificate that is tested, and pieces: bytes
   with a name and a number, as numeric's keeper gets them. It is written beside
   its name and renamed, so that there is a complete one or none:

     liescape-checkpoint/1 LF
     a number that tells the order of bytes
     identity (JSON), certificate (JSON): each its length, then its text
     the exit status that the certificate alone would have
     the number of pieces, and each: length of its name, its number, its size,
       then name and bytes
     FNV-1a (64 bits) of all that

   numbers being of 64 bits.

   Layer: cli. */
#ifndef LIESCAPE_CLI_CHECKPOINT_H
#define LIESCAPE_CLI_CHECKPOINT_H

#include <jansson.h>

#include "cli/read/source.h"
#include "cli/request/options.h"
#include "cli/verify/checkpoint_file.h"

/* For the run of the options on that source text. */
void checkpoint_init(checkpoint_t c, const options_t options, const char *text,
                     size_t length);
void checkpoint_clear(checkpoint_t c);

/* Reads the file if --resume says so and it is there. Without --resume a file
   that is there must not be lost: STATUS_BAD_INPUT when the user named it, a note
   otherwise. STATUS_BAD_INPUT: it is not one, damaged, or of another run. */
status_t checkpoint_load(checkpoint_t c, diagnostic_t diag,
                         const options_t options);

/* Takes the certificate that the numbers will be about, and begins to keep.
   STATUS_BAD_INPUT when the path that the user named cannot be written. */
status_t checkpoint_begin(checkpoint_t c, diagnostic_t diag,
                          const json_t *certificate, int code);
/* Writes what is new; says so, once, when it cannot. */
bool checkpoint_write(checkpoint_t c);
/* Is there anything but the certificate in it? */
bool checkpoint_has_samples(const checkpoint_t c);
/* The run is complete, or cannot be: the file has served. */
void checkpoint_remove(checkpoint_t c);
/* Removes a file that is half written; safe in a signal handler. */
void checkpoint_discard(void);

#endif
