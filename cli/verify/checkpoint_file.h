/* checkpoint_file.h - the bytes of a checkpoint. Private to checkpoint.c. */
#ifndef LIESCAPE_CLI_CHECKPOINT_FILE_H
#define LIESCAPE_CLI_CHECKPOINT_FILE_H

#include <jansson.h>
#include <stdio.h>

#include "numeric/judge/verify_types.h"

#define CHECKPOINT_FORMAT "liescape-checkpoint/1\n"

typedef struct {
  uint64_t number;
  void *bytes;
  size_t size;
} checkpoint_piece_t;

typedef struct {
  char *name;
  size_t num, room;
  checkpoint_piece_t *pieces; /* numbers ascend */
} checkpoint_stage_t;

typedef struct {
  char *path;
  bool is_chosen;    /* by the user: kept from the beginning */
  json_t *identity;
  char *certificate; /* text; NULL: none yet */
  int code;          /* exit status that goes with it */
  size_t num_stages;
  checkpoint_stage_t *stages;
  verify_keeper_t keeper;
  double interval_s, next_write_s;
  bool is_dirty;     /* there is more than was written */
  bool is_written;   /* the file at path is ours */
  bool has_failed;   /* and this was said */
} checkpoint_struct;
typedef checkpoint_struct checkpoint_t[1];

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
