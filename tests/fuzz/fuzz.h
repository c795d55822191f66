/* fuzz.h - what is fuzzed, and how input for it is made.

   A harness is a reader (or check, or the report) as a function of a text: it reads or
   refuses, and whatever it promises beyond that is asserted; a broken promise aborts.
   Inputs are derived from a grammar, or are seeds, altered token by token, statement by
   statement, member by member (certificates) or field by field (checkpoints), so that
   most of them get past the first error. t-fuzz runs every harness for a while; make fuzz
   puts the same harnesses and the same alterations under clang's libFuzzer. */
#ifndef LIESCAPE_TESTS_FUZZ_H
#define LIESCAPE_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A stream of random numbers (SplitMix64); the seed is its state. */
typedef struct {
  uint64_t state;
} fuzz_random_t;
uint64_t fuzz_random(fuzz_random_t *random);
/* Uniform in 0..n-1, n >= 1. */
size_t fuzz_below(fuzz_random_t *random, size_t n);

/* A text of bounded length; what does not fit is left out. The bytes belong to the
   caller and have one more for a NUL, which is there only where it is said. */
typedef struct {
  char *bytes;
  size_t length, room;
} fuzz_text_t;
/* Replaces `removed` bytes at `at` by others, which may be part of the text itself. */
void fuzz_splice(fuzz_text_t *text, size_t at, size_t removed, const char *bytes,
                 size_t length);

enum { FUZZ_MAX_ROOM = 1 << 16 };

typedef struct {
  const char *name;
  /* text ends with a NUL that length does not count; it may hold others. */
  void (*run)(const char *text, size_t length);
  const char *rule; /* grammar.h: what to derive; NULL: nothing, only seeds */
  /* One alteration beyond those of text, or NULL. False: it does not apply. */
  bool (*alter)(fuzz_text_t *text, fuzz_random_t *random);
  /* Seed number k beyond those of the corpus: malloc'ed bytes, or NULL when there are
     no more. */
  char *(*seed)(size_t *length, size_t k);
  long runs; /* in make check */
  size_t room; /* bytes, of what libFuzzer makes; at most FUZZ_MAX_ROOM */
} fuzz_harness_t;

extern const fuzz_harness_t fuzz_harnesses[];
extern const size_t fuzz_num_harnesses;
const fuzz_harness_t *fuzz_find(const char *name);

/* One alteration of the text, of a random kind. */
void fuzz_alter(const fuzz_harness_t *harness, fuzz_text_t *text,
                fuzz_random_t *random);
/* A new text from the grammar. */
void fuzz_derive(const fuzz_harness_t *harness, fuzz_text_t *text,
                 fuzz_random_t *random);

/* Alterations of JSON (alter_json.c) and of checkpoints (fuzz_checkpoint.c). */
bool fuzz_alter_json(fuzz_text_t *text, fuzz_random_t *random);
bool fuzz_alter_checkpoint(fuzz_text_t *text, fuzz_random_t *random);

/* The harnesses, by file: readers.c, certificates.c, checkpoints.c. */
void fuzz_ops(const char *text, size_t length);
void fuzz_qasm(const char *text, size_t length);
void fuzz_pauli(const char *text, size_t length);
void fuzz_labels(const char *text, size_t length);
void fuzz_state(const char *text, size_t length);
void fuzz_angles(const char *text, size_t length);
void fuzz_noise(const char *text, size_t length);
void fuzz_number(const char *text, size_t length);
void fuzz_edges(const char *text, size_t length);
void fuzz_data(const char *text, size_t length);
void fuzz_command(const char *text, size_t length);
void fuzz_certificate(const char *text, size_t length);
void fuzz_check(const char *text, size_t length);
void fuzz_claims(const char *text, size_t length);
void fuzz_report(const char *text, size_t length);
void fuzz_checkpoint(const char *text, size_t length);
char *fuzz_seed_certificate(size_t *length, size_t k);
char *fuzz_seed_checkpoint(size_t *length, size_t k);

#endif
