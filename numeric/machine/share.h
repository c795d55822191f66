/* share.h - the processes of one run, when a launcher (mpirun) started several.

   Process 0 leads: it alone reads, decides and writes; the others help. Without
   MPI, or without a launcher, there is one process and everything here is free.
   Calls that exchange data are made by all processes in the same order, from
   one thread. Waiting sleeps: a process that waits leaves its processor to
   others.

   Layer: numeric, base. */
#ifndef LIESCAPE_SHARE_H
#define LIESCAPE_SHARE_H

#include <stddef.h>
#include <stdint.h>

#include "algebra/base/status.h"

/* Joins the other processes, if a launcher started this one: before anything
   else here, at most once. share_end waits for all of them. */
void share_begin(int *argc, char ***argv);
void share_end(void);
/* Ends all processes at once; returns when this one is alone. */
void share_abort(int code);

int share_rank(void);
int share_size(void);
/* Processes of this run on this machine, at least 1: memory and processors are
   divided by it. */
int share_neighbours(void);
/* Threads that one process should use by default. */
int share_default_threads(void);
/* Three quarters of the physical memory, shared among the processes of this run
   on this machine. */
uint64_t share_default_memory(void);
/* What MPI is built in, for --version; NULL: none. */
const char *share_library(void);

/* data of process 0 to all. */
void share_broadcast(void *data, size_t size);

/* Data of every other process to process 0, where take sees them by rank. */
typedef void (*share_take_t)(void *context, int rank, const void *data,
                             size_t size);
void share_collect(const void *data, size_t size, share_take_t take,
                   void *context);

/* The status of the first process that has another than STATUS_OK, with its
   message (to be freed; may be NULL), in all of them. */
status_t share_agree(status_t status, char **message);

#endif
