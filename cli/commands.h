/* commands.h - the commands of the program, once the command line is read.

   Layer: cli, below main only. */
#ifndef LIESCAPE_CLI_COMMANDS_H
#define LIESCAPE_CLI_COMMANDS_H

#include "cli/request/options.h"

/* Runs options->command; the exit status. Standard output is not flushed. */
int command_run(options_t options);

#endif
