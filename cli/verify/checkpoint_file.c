#include "cli/verify/checkpoint_file.h"

#include <stdlib.h>
#include <string.h>

#include "algebra/base/hash.h"
#include "algebra/base/text.h"

static const uint64_t byte_order = UINT64_C(0x0102030405060708);
/* Beyond it a piece is a sign of damage. */
enum { MAX_NUMBER = 1 << 30, MAX_NAME = 200 };

/* --- writing ------------------------------------------------------------------ */

typedef struct {
  FILE *stream;
  uint64_t hash;
  bool ok;
} sink_t;

static void put(sink_t *s, const void *bytes, size_t size) {
  s->hash = hash_bytes(s->hash, bytes, size);
  s->ok = s->ok && fwrite(bytes, 1, size, s->stream) == size;
}

static void put_number(sink_t *s, uint64_t number) {
  put(s, &number, sizeof number);
}

static void put_text(sink_t *s, const char *text) {
  put_number(s, strlen(text));
  put(s, text, strlen(text));
}

static void put_stage(sink_t *s, const checkpoint_stage_t *stage) {
  for (size_t i = 0; i < stage->num && s->ok; i++) {
    if (!stage->bytes[i]) continue;
    put_number(s, strlen(stage->name));
    put_number(s, i);
    put_number(s, stage->sizes[i]);
    put(s, stage->name, strlen(stage->name));
    put(s, stage->bytes[i], stage->sizes[i]);
  }
}

bool checkpoint_print(const checkpoint_t c, FILE *stream) {
  sink_t s = {stream, HASH_START, true};
  char *identity = json_dumps(c->identity, JSON_COMPACT | JSON_SORT_KEYS);
  uint64_t pieces = 0;
  if (!identity) flint_abort();
  for (size_t j = 0; j < c->num_stages; j++)
    for (size_t i = 0; i < c->stages[j].num; i++)
      pieces += c->stages[j].bytes[i] != NULL;
  put(&s, CHECKPOINT_FORMAT, strlen(CHECKPOINT_FORMAT));
  put_number(&s, byte_order);
  put_text(&s, identity);
  put_text(&s, c->certificate);
  put_number(&s, (uint64_t)c->code);
  put_number(&s, pieces);
  for (size_t j = 0; j < c->num_stages; j++) put_stage(&s, c->stages + j);
  put_number(&s, s.hash);
  free(identity);
  return s.ok;
}

/* --- reading ------------------------------------------------------------------ */

typedef struct {
  const char *at, *end;
  bool ok;
} scan_t;

static const char *get(scan_t *s, uint64_t size) {
  s->ok = s->ok && size <= (uint64_t)(s->end - s->at);
  if (!s->ok) return NULL;
  const char *found = s->at;
  s->at += size;
  return found;
}

static uint64_t get_number(scan_t *s) {
  uint64_t number = 0;
  const char *bytes = get(s, sizeof number);
  if (bytes) memcpy(&number, bytes, sizeof number);
  return number;
}

/* A copy of a text, NULL when there is none. */
static char *get_text(scan_t *s) {
  uint64_t length = get_number(s);
  const char *bytes = get(s, length);
  return bytes ? text_copy_part(bytes, length) : NULL;
}

static void get_piece(checkpoint_t c, scan_t *s) {
  uint64_t name_length = get_number(s), number = get_number(s);
  uint64_t size = get_number(s);
  s->ok = s->ok && name_length <= MAX_NAME && number <= MAX_NUMBER;
  const char *name = get(s, name_length), *bytes = get(s, size);
  if (!s->ok) return;
  char *copy = text_copy_part(name, name_length);
  checkpoint_put(c, copy, number, bytes, size);
  free(copy);
}

static const char damaged[] =
    "this checkpoint is damaged: it was cut short or altered";

static const char *check_frame(const char *text, size_t length) {
  static const char general[] = "liescape-checkpoint/";
  size_t frame = strlen(CHECKPOINT_FORMAT) + sizeof(uint64_t);
  uint64_t number;
  if (length < strlen(general) || memcmp(text, general, strlen(general)))
    return "this is not a checkpoint of liescape";
  if (length < strlen(CHECKPOINT_FORMAT) + 2 * sizeof number) return damaged;
  if (memcmp(text, CHECKPOINT_FORMAT, strlen(CHECKPOINT_FORMAT)))
    return "this checkpoint was made by another version of liescape";
  memcpy(&number, text + frame - sizeof number, sizeof number);
  if (number == __builtin_bswap64(byte_order))
    return "this checkpoint was made on a machine with another order of bytes";
  memcpy(&number, text + length - sizeof number, sizeof number);
  return number == hash_bytes(HASH_START, text, length - sizeof number) ? NULL : damaged;
}

const char *checkpoint_scan(checkpoint_t c, json_t **identity,
                            const char *text, size_t length) {
  const char *wrong = check_frame(text, length);
  if (wrong) return wrong;
  scan_t s = {text + strlen(CHECKPOINT_FORMAT) + sizeof byte_order,
              text + length - sizeof(uint64_t), true};
  char *about = get_text(&s);
  *identity = about ? json_loads(about, 0, NULL) : NULL;
  free(about);
  c->certificate = get_text(&s);
  c->code = (int)get_number(&s);
  uint64_t pieces = get_number(&s);
  for (uint64_t i = 0; i < pieces && s.ok; i++) get_piece(c, &s);
  if (s.ok && s.at == s.end && *identity) return NULL;
  json_decref(*identity);
  *identity = NULL;
  return damaged;
}

/* --- pieces -------------------------------------------------------------------- */

static checkpoint_stage_t *stage_named(checkpoint_t c, const char *name) {
  for (size_t j = 0; j < c->num_stages; j++)
    if (!strcmp(c->stages[j].name, name)) return c->stages + j;
  c->stages =
      flint_realloc(c->stages, (c->num_stages + 1) * sizeof *c->stages);
  checkpoint_stage_t *stage = c->stages + c->num_stages++;
  *stage = (checkpoint_stage_t){.name = text_copy(name)};
  return stage;
}

void checkpoint_put(checkpoint_t c, const char *name, uint64_t number,
                    const void *bytes, size_t size) {
  checkpoint_stage_t *stage = stage_named(c, name);
  if (number >= stage->num) {
    size_t room = number + number / 2 + 16;
    stage->bytes = flint_realloc(stage->bytes, room * sizeof *stage->bytes);
    stage->sizes = flint_realloc(stage->sizes, room * sizeof *stage->sizes);
    for (size_t i = stage->num; i < room; i++) stage->bytes[i] = NULL;
    stage->num = room;
  }
  flint_free(stage->bytes[number]);
  stage->bytes[number] = flint_malloc(size ? size : 1);
  memcpy(stage->bytes[number], bytes, size);
  stage->sizes[number] = size;
}
