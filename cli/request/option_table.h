/* option_table.h - the options: one table for the parser, for --help, for the manual
   page and for hints.

   Each has a name, perhaps a letter, what its value is called (NULL: it takes none), the
   commands that it belongs to, and its text. Layer: cli/request. */
#ifndef LIESCAPE_CLI_OPTION_TABLE_H
#define LIESCAPE_CLI_OPTION_TABLE_H

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>

/* Codes of the options that have no letter. */
enum {
  OPTION_SWEEP = 256,
  OPTION_JSON,
  OPTION_FORMAT,
  OPTION_DETAILS,
  OPTION_PLOT,
  OPTION_BASIS,
  OPTION_SUGGEST,
  OPTION_EXPRESSIBILITY,
  OPTION_WIDTHS,
  OPTION_OPERATORS,
  OPTION_MAX_DIMENSION,
  OPTION_TIME_LIMIT,
  OPTION_MEMORY_LIMIT,
  OPTION_MAX_STRINGS,
  OPTION_MAX_SHOTS,
  OPTION_MAX_TRAP,
  OPTION_SAMPLES,
  OPTION_SEED,
  OPTION_PATHS,
  OPTION_ANGLES,
  OPTION_NOISE,
  OPTION_DATA,
  OPTION_LAYERS,
  OPTION_MINIMA,
  OPTION_PRECISION,
  OPTION_CHECKPOINT,
  OPTION_CHECKPOINT_EVERY,
  OPTION_RESUME,
  OPTION_THREADS,
  OPTION_SHARE,
  OPTION_FAIL_ON,
  OPTION_OBSERVABLE_FILE,
  OPTION_VERSION
};

/* Sets of commands. */
enum { IN_CERTIFY = 1, IN_VERIFY = 2, IN_CHECK = 4 };

enum { OPTION_MOST = 40 };

/* For getopt_long: those of the commands in `set`, and a last one of zeros. */
void option_table_getopt(struct option out[OPTION_MOST + 1], int set);
/* As --help has them: "  -q, --quiet              no report". */
void option_table_help(FILE *stream, int set);
/* As the manual page has them (roff), the commands named where not all have it. */
void option_table_manual(FILE *stream);
/* The commands that know the option `word` ("--name" or "--name=..."), 0: none. */
int option_table_commands(const char *word);
/* The option of these commands that `word` is a slip of, NULL when there is none. */
const char *option_table_near(const char *word, int set);

#endif
