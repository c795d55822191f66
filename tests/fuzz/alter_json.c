/* Alterations of JSON: one member is changed, taken away, doubled, exchanged with
   another, or given the value of another. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/fuzz.h"

/* A place in the tree. */
typedef struct {
  json_t *in; /* object or array */
  const char *key;
  size_t index;
} member_t;

typedef struct {
  member_t *members;
  size_t length, alloc;
} members_t;

static void add(members_t *list, member_t member) {
  if (list->length == list->alloc) {
    list->alloc = 2 * list->alloc + 64;
    list->members = realloc(list->members, list->alloc * sizeof *list->members);
    if (!list->members) abort();
  }
  list->members[list->length++] = member;
}

static void collect(members_t *list, json_t *json) {
  const char *key;
  json_t *value;
  size_t index;
  if (json_is_object(json)) {
    json_object_foreach(json, key, value) {
      add(list, (member_t){json, key, 0});
      collect(list, value);
    }
  } else {
    json_array_foreach(json, index, value) {
      add(list, (member_t){json, NULL, index});
      collect(list, value);
    }
  }
}

static json_t *get(member_t m) {
  return m.key ? json_object_get(m.in, m.key) : json_array_get(m.in, m.index);
}

/* Takes the reference. */
static void set(member_t m, json_t *value) {
  if (m.key) json_object_set_new(m.in, m.key, value);
  else json_array_set_new(m.in, m.index, value);
}

/* Another text: as a number if it is one, or with its tokens altered. */
static json_t *other_text(const char *text, fuzz_random_t *random) {
  static const char *const texts[] = {
      "0", "1", "-1", "2", "1/2", "-11/276", "1e-19", "", "yes", "no", "undecided",
      "1.4142135623730950488", "00", "2/4", "inf", "99999999999999999999999999999999",
      "sqrt(2)", "1/2*pi", "complete", "su(4)", "X0", "ghz", "qubits 1\ngenerator X0\n"};
  static const fuzz_harness_t plain = {.name = "", .rule = "file"};
  size_t length = strlen(text);
  char *end;
  long long number = strtoll(text, &end, 10);
  char bytes[4097];
  fuzz_text_t part = {bytes, 0, 4096};
  if (end != text && fuzz_below(random, 2)) {
    snprintf(bytes, sizeof bytes, "%lld%s",
             number + (long long)fuzz_below(random, 5) - 2, end);
    return json_string(bytes);
  }
  if (length < 8 || length > 3000 || fuzz_below(random, 2))
    return json_string(texts[fuzz_below(random, sizeof texts / sizeof *texts)]);
  fuzz_splice(&part, 0, 0, text, length);
  fuzz_alter(&plain, &part, random);
  return json_stringn(bytes, part.length);
}

static json_t *other_value(const json_t *value, fuzz_random_t *random) {
  static const json_int_t numbers[] = {0, 1, -1, 2, 3, 64, 100001, INT64_MAX, INT64_MIN};
  switch (fuzz_below(random, 8)) {
  case 0: return json_null();
  case 1: return fuzz_below(random, 2) ? json_object() : json_array();
  case 2: return json_integer(numbers[fuzz_below(random, 9)]);
  case 3: return json_boolean(fuzz_below(random, 2));
  default: break;
  }
  if (json_is_string(value)) return other_text(json_string_value(value), random);
  if (json_is_integer(value))
    return json_integer((json_int_t)((uint64_t)json_integer_value(value) +
                                     fuzz_below(random, 5) - 2));
  if (json_is_boolean(value)) return json_boolean(json_is_false(value));
  return other_text("", random);
}

/* May b stand in the place of a, without a circle? */
static json_t *copy_of(member_t m) { return json_deep_copy(get(m)); }

static void change(const members_t *list, fuzz_random_t *random) {
  member_t one = list->members[fuzz_below(random, list->length)];
  member_t other = list->members[fuzz_below(random, list->length)];
  switch (fuzz_below(random, 8)) {
  case 0:
    if (one.key) json_object_del(one.in, one.key);
    else json_array_remove(one.in, one.index);
    return;
  case 1:
    if (one.key) set(one, copy_of(other));
    else json_array_insert_new(one.in, one.index, copy_of(one));
    return;
  case 2: {
    /* A member of the same name, or the neighbour: of the same kind. */
    json_t *value = copy_of(one), *theirs = copy_of(other);
    if (json_typeof(value) == json_typeof(theirs)) {
      json_t *keep = json_incref(one.in); /* may be gone with the first, and its keys */
      set(other, value);
      if (fuzz_below(random, 2)) set(one, theirs);
      else json_decref(theirs);
      json_decref(keep);
    } else json_decref(value), json_decref(theirs);
    return;
  }
  default: set(one, other_value(get(one), random));
  }
}

bool fuzz_alter_json(fuzz_text_t *text, fuzz_random_t *random) {
  json_t *json = json_loadb(text->bytes, text->length, 0, NULL);
  members_t list = {0};
  bool done = false;
  if (!json) return false;
  collect(&list, json);
  if (list.length) {
    change(&list, random);
    char *out = json_dumps(json, JSON_COMPACT);
    if (out && strlen(out) <= text->room) {
      text->length = 0;
      fuzz_splice(text, 0, 0, out, strlen(out));
      done = true;
    }
    free(out);
  }
  free(list.members);
  json_decref(json);
  return done;
}
