/* fuzz-clang - the harnesses under clang's libFuzzer: `make fuzz`. LIESCAPE_FUZZ names
   the harness. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t room);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed);

static const fuzz_harness_t *harness;

int LLVMFuzzerInitialize(int *argc, char ***argv) {
  const char *name = getenv("LIESCAPE_FUZZ");
  (void)argc;
  (void)argv;
  harness = name ? fuzz_find(name) : NULL;
  if (harness) return 0;
  fprintf(stderr, "LIESCAPE_FUZZ must name a harness:");
  for (size_t i = 0; i < fuzz_num_harnesses; i++)
    fprintf(stderr, " %s", fuzz_harnesses[i].name);
  fputc('\n', stderr);
  exit(2);
}

/* On a copy of the exact size, so that overruns show. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *text = malloc(size + 1);
  if (!text) abort();
  if (size) memcpy(text, data, size);
  text[size] = 0;
  harness->run(text, size);
  free(text);
  return 0;
}

/* One in four as libFuzzer would, which knows what is compared; the others by the
   grammar. Texts do not grow beyond the harness's room: what is short is fast, and
   errors are found in short texts. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed) {
  static char bytes[FUZZ_MAX_ROOM + 1];
  fuzz_random_t random = {seed};
  fuzz_text_t text = {bytes, size, harness->room};
  size_t kind = fuzz_below(&random, 16);
  if (room > sizeof bytes - 1) room = sizeof bytes - 1;
  if (text.room > room) text.room = room;
  if (text.length > room) text.length = room;
  if (text.room < text.length) text.room = text.length;
  if (kind < 4) return LLVMFuzzerMutate(data, text.length, text.room);
  if (text.length) memcpy(bytes, data, text.length);
  if (kind == 4 && harness->rule) fuzz_derive(harness, &text, &random);
  else
    for (size_t i = fuzz_below(&random, 3) + 1; i-- > 0;)
      fuzz_alter(harness, &text, &random);
  if (text.length) memcpy(data, bytes, text.length);
  return text.length;
}
