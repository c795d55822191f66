/* The harness of checkpoints: what is altered gets its digest anew, so that it is read
   to the end. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "algebra/base/hash.h"
#include "algebra/base/text.h"
#include "cli/verify/checkpoint_file.h"
#include "tests/fuzz/fuzz.h"

static void clear(checkpoint_struct *c) {
  checkpoint_forget(c);
  json_decref(c->identity);
}

void fuzz_checkpoint(const char *text, size_t length) {
  checkpoint_struct c = {0};
  const char *wrong = checkpoint_scan(&c, &c.identity, text, length);
  if (!wrong) {
    char *bytes = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&bytes, &size);
    if (!c.certificate || !c.identity) abort();
    if (!checkpoint_print(&c, stream)) abort();
    fclose(stream);
    free(bytes);
  }
  clear(&c);
}

bool fuzz_alter_checkpoint(fuzz_text_t *text, fuzz_random_t *random) {
  static const uint64_t values[] = {0, 1, 8, 200, 201, 1 << 20, UINT64_MAX, 1u << 31};
  uint64_t value = values[fuzz_below(random, 8)], hash;
  if (text->length < 64) return false;
  size_t at = 22 + fuzz_below(random, text->length - 38);
  switch (fuzz_below(random, 4)) {
  case 0: text->bytes[at] ^= (char)(1 << fuzz_below(random, 8)); break;
  case 1: memcpy(text->bytes + at, &value, sizeof value); break;
  case 2: fuzz_splice(text, at, fuzz_below(random, 8), "", 0); break;
  default:
    fuzz_splice(text, at, 0, text->bytes + at, fuzz_below(random, text->length - at));
  }
  size_t end = text->length - sizeof hash;
  hash = hash_bytes(HASH_START, text->bytes, end);
  memcpy(text->bytes + end, &hash, sizeof hash);
  return true;
}

char *fuzz_seed_checkpoint(size_t *length, size_t k) {
  checkpoint_struct c = {.code = 0, .certificate = text_copy("{\"format\": 1}")};
  double sample[4] = {0.25, -1, 0, 1e-300};
  char *bytes = NULL;
  if (k > 1) {
    free(c.certificate);
    return NULL;
  }
  c.identity = json_pack("{s:s, s:s}", "liescape", "1.0", "--seed", "1");
  for (uint64_t i = 0; k && i < 6; i++) {
    checkpoint_put(&c, "samples", 2 * i, sample, sizeof sample);
    checkpoint_put(&c, "pilot", i, sample, i);
  }
  FILE *stream = open_memstream(&bytes, length);
  if (!stream || !checkpoint_print(&c, stream)) abort();
  fclose(stream);
  clear(&c);
  return bytes;
}
