#include "cli/format/recent_json.h"

size_t recent_json_place(recent_json_t *r, const json_t *entry, bool *is_new) {
  size_t at = 0;
  while (at < RECENT_JSON && r->seen[at] != entry) at++;
  *is_new = at == RECENT_JSON;
  if (*is_new) {
    at = r->next;
    r->next = (at + 1) % RECENT_JSON;
    r->seen[at] = entry;
  }
  return at;
}
