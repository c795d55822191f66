/* interrupt.h - Ctrl-C and other requests to end (SIGINT, SIGTERM, SIGHUP).

   At first the program ends at once: it does what it was told to do then and dies
   of the signal, as a shell expects. While something worth keeping is computed it
   is told instead, and ends when it has put things in order; a second request
   ends it at once.

   Layer: cli, base. */
#ifndef LIESCAPE_CLI_INTERRUPT_H
#define LIESCAPE_CLI_INTERRUPT_H

#include <stdbool.h>

/* acts: what to do before the program dies of a request, in order, up to a NULL;
   safe in a signal handler. The list is not copied. */
void interrupt_install(void (*const *acts)(void));
/* From now on the first request is only noted (true), or ends the program; what
   was noted before is forgotten. */
void interrupt_soften(bool soft);
/* The request that was noted, 0 if none. */
int interrupt_noted(void);
/* Dies of the request that was noted; returns when there was none. */
void interrupt_obey(void);

#endif
