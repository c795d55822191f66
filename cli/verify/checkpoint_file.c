#include "cli/verify/checkpoint_file.h"

#include <stdlib.h>
#include <string.h>

#include "algebra/base/hash.h"
#include "algebra/base/text.h"

static const uint64_t byte_order = UINT64_C(0x0102030405060708);
/* Beyond it a piece is a sign of damage. */
enum { MAX_NAME = 200 };

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
    const checkpoint_piece_t *piece = stage->pieces + i;
    put_number(s, strlen(stage->name));
    put_number(s, piece->number);
    put_number(s, piece->size);
    put(s, stage->name, strlen(stage->name));
    put(s, piece->bytes, piece->size);
  }
}

bool checkpoint_print(const checkpoint_t c, FILE *stream) {
  sink_t s = {stream, HASH_START, true};
  char *identity = json_dumps(c->identity, JSON_COMPACT | JSON_SORT_KEYS);
  uint64_t pieces = 0;
  if (!identity) flint_abort();
  for (size_t j = 0; j < c->num_stages; j++) pieces += c->stages[j].num;
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
  s->ok = s->ok && name_length <= MAX_NAME;
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

static checkpoint_stage_t *stage_named(const checkpoint_t c, const char *name) {
  for (size_t j = 0; j < c->num_stages; j++)
    if (!strcmp(c->stages[j].name, name)) return c->stages + j;
  return NULL;
}

static checkpoint_stage_t *stage_new(checkpoint_t c, const char *name) {
  c->stages =
      flint_realloc(c->stages, (c->num_stages + 1) * sizeof *c->stages);
  checkpoint_stage_t *stage = c->stages + c->num_stages++;
  *stage = (checkpoint_stage_t){.name = text_copy(name)};
  return stage;
}

/* Where the number is, or would be. */
static size_t piece_place(const checkpoint_stage_t *stage, uint64_t number) {
  size_t low = 0, high = stage->num;
  if (high && stage->pieces[high - 1].number < number) return high; /* as they come */
  while (low < high) {
    size_t mid = low + (high - low) / 2;
    if (stage->pieces[mid].number < number) low = mid + 1;
    else high = mid;
  }
  return low;
}

static bool is_piece(const checkpoint_stage_t *stage, size_t at, uint64_t number) {
  return at < stage->num && stage->pieces[at].number == number;
}

const checkpoint_piece_t *checkpoint_get(const checkpoint_t c, const char *name,
                                         uint64_t number) {
  const checkpoint_stage_t *stage = stage_named(c, name);
  size_t at = stage ? piece_place(stage, number) : 0;
  return stage && is_piece(stage, at, number) ? stage->pieces + at : NULL;
}

/* Room for a piece with that number at `at`. */
static void make_place(checkpoint_stage_t *stage, size_t at, uint64_t number) {
  if (stage->num == stage->room) {
    stage->room += stage->room / 2 + 16;
    stage->pieces = flint_realloc(stage->pieces, stage->room * sizeof *stage->pieces);
  }
  memmove(stage->pieces + at + 1, stage->pieces + at,
          (stage->num++ - at) * sizeof *stage->pieces);
  stage->pieces[at] = (checkpoint_piece_t){.number = number};
}

void checkpoint_put(checkpoint_t c, const char *name, uint64_t number,
                    const void *bytes, size_t size) {
  checkpoint_stage_t *stage = stage_named(c, name);
  if (!stage) stage = stage_new(c, name);
  size_t at = piece_place(stage, number);
  if (!is_piece(stage, at, number)) make_place(stage, at, number);
  checkpoint_piece_t *piece = stage->pieces + at;
  flint_free(piece->bytes);
  piece->bytes = flint_malloc(size ? size : 1);
  memcpy(piece->bytes, bytes, size);
  piece->size = size;
}

void checkpoint_forget(checkpoint_t c) {
  for (size_t j = 0; j < c->num_stages; j++) {
    for (size_t i = 0; i < c->stages[j].num; i++)
      flint_free(c->stages[j].pieces[i].bytes);
    flint_free(c->stages[j].pieces);
    free(c->stages[j].name);
  }
  flint_free(c->stages);
  free(c->certificate);
  c->stages = NULL;
  c->num_stages = 0;
  c->certificate = NULL;
}
