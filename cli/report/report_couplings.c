#include "cli/report/report_parts.h"

#include "cli/format/json_number.h"

static const char *text_at(const json_t *object, const char *key) {
  return cert_text_at(object, key, "?");
}

static void print_ideals(FILE *stream, const json_t *ideals) {
  size_t num = json_array_size(ideals);
  if (!json_is_array(ideals)) fprintf(stream, "ideals unknown");
  else if (!num) fprintf(stream, "abelian");
  for (size_t k = 0; k < num; k++) {
    const json_t *ideal = json_array_get(ideals, k);
    fprintf(stream, "%s%s x %s", k ? " + " : "", text_at(ideal, "count"),
            text_at(ideal, "name"));
  }
}

void report_couplings(const page_t *page, const json_t *couplings) {
  FILE *stream = page->stream;
  if (!json_is_object(couplings)) return;
  const char *symbol = text_at(couplings, "symbol");
  const json_t *special = json_object_get(couplings, "special");
  const json_t *undecided = json_object_get(couplings, "undecided");
  const json_t *reason = json_object_get(couplings, "reason");
  bool complete = json_is_true(json_object_get(couplings, "complete"));
  page_heading(page, "Special values of ");
  fprintf(stream, "%s  (%s)\n", symbol, complete ? "all of them, proved" : "not known to be all");
  for (size_t k = 0; k < json_array_size(special); k++) {
    const json_t *item = json_array_get(special, k);
    const json_t *algebra = json_object_get(item, "algebra");
    fprintf(stream, "  %s = %-8s dimension %s, centre %s: ", symbol,
            text_at(item, "value"), text_at(algebra, "dimension"),
            text_at(algebra, "center"));
    print_ideals(stream, json_object_get(algebra, "ideals"));
    fprintf(stream, "\n");
  }
  for (size_t k = 0; k < json_array_size(undecided); k++)
    fprintf(stream, "  undecided: the real roots of %s\n",
            text_at(json_array_get(undecided, k), "polynomial"));
  if (complete && !json_array_size(special) && !json_array_size(undecided))
    fprintf(stream, "  none\n");
  if (json_is_string(reason))
    fprintf(stream, "  not known: %s\n", json_string_value(reason));
}
