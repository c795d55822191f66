/* tap.h - the little that a test needs: TAP output and a seeded generator.

   Every test program begins with tap_begin (which reads LIESCAPE_TEST_SEED
   and LIESCAPE_TEST_MULTIPLIER and prints the seed) and ends with
   `return tap_end();`. */
#ifndef LIESCAPE_TESTS_TAP_H
#define LIESCAPE_TESTS_TAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void tap_begin(const char *program);
int tap_end(void);

/* One TAP line; format describes the check. Returns ok. */
bool tap_ok(bool ok, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A comment line ("# ..."), for details of a failure. */
void tap_diag(const char *format, ...) __attribute__((format(printf, 1, 2)));
void tap_skip(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A check that the random cases of a test were of every kind it is for; with a
   multiplier below 1 they may be too few, and it is skipped when it fails. */
bool tap_occurred(bool all, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* base iterations scaled by LIESCAPE_TEST_MULTIPLIER, at least 1. */
long tap_iterations(long base);

/* Whether one of many cases of a kind is tried: always, or, with a multiplier below 1,
   by chance with its square root, another choice for each seed. Takes nothing from the
   stream. */
bool tap_is_tried(void);

/* SplitMix64 stream of this run's seed. */
uint64_t tap_random(void);
/* Uniform in 0..n-1, n >= 1. */
size_t tap_random_below(size_t n);
uint64_t tap_seed(void);

/* For qsort of doubles. */
int tap_compare_doubles(const void *a, const void *b);

#endif
