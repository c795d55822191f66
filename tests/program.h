/* program.h - runs the program under test and catches what it says. */
#ifndef LIESCAPE_TESTS_PROGRAM_H
#define LIESCAPE_TESTS_PROGRAM_H

#include <jansson.h>

typedef struct {
  int code; /* exit status, or 128 + signal */
  char *out, *err;
} run_t;

/* `command` is given to the shell in a directory of its own, with liescape in
   $L. */
run_t program_run(const char *command);
void run_clear(run_t *run);
/* Writes a file into that directory. */
void program_write(const char *name, const char *text);
void program_write_bytes(const char *name, const void *bytes, size_t size);
void program_write_json(const char *name, const json_t *json);
/* Standard output as JSON, NULL when it is not. A certificate goes through `check`
   on the way; program_end reports whether all of them were accepted. */
json_t *run_json(const run_t *run);
/* What is at a path of keys and places in lists, "landscapes.0.variance"; and its text if
   it is a string or an integer, else NULL. */
json_t *json_at(const json_t *json, const char *path);
const char *json_text_at(const json_t *json, const char *path);
/* Empties and removes the directory; before tap_end. */
void program_end(void);

#endif
