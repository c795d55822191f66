/* options.h - the command line, read.

   Layer: cli. Strings point into argv (or to literals); nothing here prints
   except options_print_help and options_print_version. */
#ifndef LIESCAPE_CLI_OPTIONS_H
#define LIESCAPE_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <flint/flint.h>
#include <flint/fmpq.h>

#include "cli/read/override.h"
#include "numeric/machine/precision.h"
#include "algebra/base/status.h"

/* What the program returns to the shell. */
enum {
  EXIT_DONE = 0,
  EXIT_CLAIM_FALSE = 1, /* verify or check found a claim that does not hold, or
                           certify --fail-on a verdict of that kind */
  EXIT_USAGE = 2,       /* usage error or bad input */
  EXIT_LIMIT = 3,       /* a limit was reached, or it cannot be decided */
  EXIT_INTERNAL = 70
};

typedef enum {
  COMMAND_NONE,
  COMMAND_CERTIFY,
  COMMAND_VERIFY,
  COMMAND_CHECK
} command_t;

typedef enum { FAIL_ON_NOTHING, FAIL_ON_NO, FAIL_ON_UNDECIDED } fail_on_t;

typedef struct {
  command_t command;
  bool help, version, manual; /* manual: the options for the manual page */
  const char *file; /* "-" is standard input */
  reader_format_t format;
  bool edges; /* --format edges: a graph */
  size_t num_observables, num_states, num_overrides;
  const char **observables, **states;
  size_t num_observable_files;
  const char **observable_files; /* --observable-file */
  size_t num_data_files;
  const char **data_files; /* --data */
  size_t num_angles;
  const char **angles; /* --angles */
  const char *noise;   /* --noise, or NULL */
  reader_override_t *overrides;
  /* --sweep NAME=a,b,c: NULL name when not given */
  char *sweep_name;
  size_t num_sweep_values;
  char **sweep_values;
  bool json;             /* --json */
  const char *json_path; /* NULL: standard output */
  bool suggest;          /* --suggest */
  bool widths;           /* --widths */
  bool expressibility;   /* --expressibility */
  bool operators;        /* --operators */
  fail_on_t fail_on;     /* --fail-on: which verdicts make certify exit with 1 */
  const char *basis_path; /* --basis, or NULL */
  const char *plot_path; /* --plot: a folder, or NULL */
  bool quiet, details; /* --details: the long report */
  /* Budgets. */
  size_t max_dimension, max_strings;
  double time_limit_s; /* verify samples less where it is below the usual one */
  bool sample_paths;  /* where strings outgrow max_strings */
  uint64_t num_paths; /* 0: chosen by the engine */
  uint64_t memory_limit_bytes; /* 0: chosen by the part that needs it */
  int num_threads; /* 0: what OpenMP offers */
  /* Thresholds of the verdict. */
  fmpq_t max_shots, max_trap;
  /* verify */
  size_t num_samples, num_layers; /* 0: chosen by the engine */
  size_t num_minima;              /* random starts; 0: no search */
  precision_t precision;          /* of sampled state vectors */
  uint64_t seed;
  const char *checkpoint_path; /* NULL: by the name of the input, when needed */
  double checkpoint_every_s;
  bool resume;
} options_struct;
typedef options_struct options_t[1];

void options_init(options_t options);
void options_clear(options_t options);

/* Fills options from the command line. STATUS_BAD_INPUT after a message on
   standard error. With help or version set nothing else is checked. */
status_t options_parse(options_t options, int argc, char **argv);

/* Of --time-limit. */
enum { USUAL_TIME_LIMIT_S = 30 };
/* --time-limit in nanoseconds, the largest ones cut. */
int64_t options_time_limit_ns(const options_t options);

void options_print_help(FILE *stream, command_t command);
/* The options as the manual page has them. */
void options_print_manual(FILE *stream);
void options_print_version(FILE *stream);

#endif
