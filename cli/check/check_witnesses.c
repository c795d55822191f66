#include "cli/check/check_witnesses.h"

#include <stdio.h>

/* A whole number below limit. */
static bool get_index(size_t *out, const json_t *json, size_t limit) {
  json_int_t value = json_integer_value(json);
  if (!json_is_integer(json) || value < 0 || (uint64_t)value >= limit)
    return false;
  *out = (size_t)value;
  return true;
}

static bool read_labels(check_witness_struct *out, const json_t *list) {
  size_t length = json_array_size(list), mode;
  out->labels = flint_calloc(2 * length + 1, sizeof *out->labels);
  for (size_t i = 0; i < length; i++) {
    const json_t *pair = json_array_get(list, i);
    if (json_array_size(pair) != 2) return false;
    for (size_t j = 0; j < 2; j++) {
      if (!get_index(&mode, json_array_get(pair, j), length + 1)) return false;
      out->labels[2 * i + j] = (uint32_t)mode;
    }
  }
  out->num_labels = length;
  return true;
}

static bool read_seed(check_witness_struct *out, const json_t *list) {
  size_t length = json_array_size(list);
  out->seed = flint_calloc(length + 1, sizeof *out->seed);
  for (size_t i = 0; i < length; i++)
    if (!get_index(out->seed + i, json_array_get(list, i), SIZE_MAX / 2))
      return false;
  out->num_seed = length;
  return true;
}

void witnesses_init(witnesses_t *out, const json_t *json) {
  out->length = json_array_size(json);
  out->malformed = false;
  out->list = flint_calloc(out->length + 1, sizeof *out->list);
  for (size_t i = 0; i < out->length; i++) {
    const json_t *entry = json_array_get(json, i);
    bool ok = json_object_get(entry, "labels")
                  ? read_labels(out->list + i, json_object_get(entry, "labels"))
                  : read_seed(out->list + i, json_object_get(entry, "seed"));
    bool empty = !out->list[i].num_labels && !out->list[i].num_seed;
    if (!ok || (empty && !json_is_null(entry))) out->malformed = true;
  }
}

void witnesses_clear(witnesses_t *witnesses) {
  for (size_t i = 0; i < witnesses->length; i++) {
    flint_free(witnesses->list[i].labels);
    flint_free(witnesses->list[i].seed);
  }
  flint_free(witnesses->list);
}

/* Is json null where the component is small and else an object? */
static bool witnesses_fit(const json_t *json, const check_components_t components) {
  bool any = false, fit = true;
  for (size_t i = 0; i < components->length; i++) {
    bool large = components->list[i].basis->length > CHECK_LISTED_SPAN;
    const json_t *entry = json_array_get(json, i);
    any |= large;
    fit = fit && (large ? json_object_size(entry) == 1 : json_is_null(entry));
  }
  return any ? fit && json_array_size(json) == components->length : !json;
}

void check_witness_member(ledger_t *l, const check_components_t components,
                          bool malformed) {
  const json_t *witness = ledger_take(l, "witness");
  if (malformed || !witnesses_fit(witness, components))
    ledger_fails(l, "witness", "it is malformed, or missing for a large "
                 "component, or there for another");
  for (size_t i = 0; i < components->length; i++)
    if (json_is_object(json_array_get(witness, i)) &&
        !components->list[i].counted) {
      char name[48];
      snprintf(name, sizeof name, "witness[%zu]", i);
      ledger_fails(l, name, "it proves nothing");
    }
  if (witness) ledger_holds(l, "witness");
}
