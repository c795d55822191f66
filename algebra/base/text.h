/* text.h - texts on the heap, and what happens when memory runs out.

   No function here returns NULL or leaves a text unfinished: a text that is missing for
   want of memory would pass for one that was never there. Texts are released with free().
   Layer: base. */
#ifndef LIESCAPE_ALGEBRA_TEXT_H
#define LIESCAPE_ALGEBRA_TEXT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/* printf into a new text. */
char *text_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *text_vprint(const char *format, va_list args)
    __attribute__((format(printf, 1, 0)));
char *text_copy(const char *text);
/* The first length bytes of text, or fewer where it ends before. */
char *text_copy_part(const char *text, size_t length);

/* A stream that writes *text, *length bytes without the final 0; both are set by
   text_close (with the same text), which makes sure that nothing is missing. */
FILE *text_open(char **text, size_t *length);
void text_close(FILE *stream, char *const *text);

/* p, unless it is NULL: then memory ran out, and the process ends. */
void *memory_must(void *p);
/* end, which must not return, is called instead of abort() when memory runs out; to be set
   before there are threads. */
void memory_on_failure(void (*end)(void));

#endif
