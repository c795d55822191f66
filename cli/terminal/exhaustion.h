/* exhaustion.h - what happens when memory runs out.

   Nothing goes on after a failed allocation, wherever it happens: a library that shrugs it
   off would leave a hole in a certificate, and check would take the hole for a missing
   claim. So GMP, FLINT, Jansson and numeric/ get allocators here that never return NULL;
   libraries that end the program by themselves (OpenMP, OpenBLAS) are told apart from an
   ordinary end. What is unfinished is removed, one line goes to standard error, and the
   exit status is EXIT_LIMIT. */
#ifndef LIESCAPE_CLI_TERMINAL_EXHAUSTION_H
#define LIESCAPE_CLI_TERMINAL_EXHAUSTION_H

/* To be called once, before anything is allocated. last_act, which must be safe in a
   signal handler, is the last thing called before the process ends. */
void exhaustion_install(void (*last_act)(void));

/* From here on exit() is ours: without this call it counts as a library's. */
void exhaustion_over(void);

#endif
