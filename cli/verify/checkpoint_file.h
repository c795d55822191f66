/* checkpoint_file.h - the bytes of a checkpoint. Private to checkpoint.c. */
#ifndef LIESCAPE_CLI_CHECKPOINT_FILE_H
#define LIESCAPE_CLI_CHECKPOINT_FILE_H

#include "cli/verify/checkpoint.h"

#define CHECKPOINT_FORMAT "liescape-checkpoint/1\n"

/* False with errno when something cannot be written. */
bool checkpoint_print(const checkpoint_t c, FILE *stream);

/* Adds certificate and pieces to c and sets *identity. NULL, or what is wrong
   with the file. */
const char *checkpoint_scan(checkpoint_t c, json_t **identity,
                            const char *text, size_t length);

/* A copy of the bytes is kept. */
void checkpoint_put(checkpoint_t c, const char *name, uint64_t number,
                    const void *bytes, size_t size);
/* The piece of that stage and number, or NULL. */
const checkpoint_piece_t *checkpoint_get(const checkpoint_t c, const char *name,
                                         uint64_t number);
/* Certificate and pieces are no longer there. */
void checkpoint_forget(checkpoint_t c);

#endif
