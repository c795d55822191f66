#include "cli/certify/coupling_table.h"

#include <stdlib.h>

#include "cli/certify/certificate.h"
#include "cli/format/json_number.h"

/* "1/2", "sqrt(2)", "1 - 3/2*sqrt(5)". */
static json_t *value_json(const coupling_value_struct *value) {
  if (value->radicand == 1) return json_fmpq(value->rational);
  char *a = fmpq_get_str(NULL, 10, value->rational);
  fmpq_t s;
  fmpq_init(s);
  fmpq_abs(s, value->surd);
  char *b = fmpq_get_str(NULL, 10, s);
  bool negative = fmpq_sgn(value->surd) < 0, pure = fmpq_is_zero(value->rational);
  json_t *out = json_sprintf(
      "%s%s%s%ssqrt(%lu)", pure ? "" : a,
      pure ? (negative ? "-" : "") : (negative ? " - " : " + "),
      fmpq_is_one(s) ? "" : b, fmpq_is_one(s) ? "" : "*", value->radicand);
  fmpq_clear(s);
  flint_free(a);
  flint_free(b);
  return out;
}

static json_t *special_json(const coupling_value_struct *value) {
  const structure_struct *s = value->structure;
  return json_pack("{s:o, s:o, s:o}", "value", value_json(value),
                   "algebra", certificate_algebra(s, true), "sectors",
                   certificate_sectors(s));
}

json_t *coupling_table_json(const certification_t c) {
  if (!c->ansatz->symbol || c->ansatz->num_roots) return NULL;
  const couplings_struct *g = c->couplings;
  json_t *special = json_array(), *undecided = json_array();
  for (size_t k = 0; k < g->num_values; k++)
    json_array_append_new(special, special_json(g->values + k));
  for (size_t k = 0; k < g->num_roots; k++) {
    char *text =
        fmpz_poly_get_str_pretty(g->roots[k].polynomial, c->ansatz->symbol);
    json_array_append_new(
        undecided,
        json_pack("{s:s, s:I}", "polynomial", text, "real_roots",
                  (json_int_t)g->roots[k].num_real));
    flint_free(text);
  }
  return json_pack("{s:s, s:b, s:b, s:o, s:o, s:o, s:o, s:o}", "symbol",
                   c->ansatz->symbol, "proved", g->proved, "complete",
                   g->complete, "reason",
                   g->reason ? json_string(g->reason) : json_null(), "sample",
                   fmpq_is_zero(g->sample) ? json_null() : json_fmpq(g->sample),
                   "sectors_at_sample", certificate_sectors(g->generic),
                   "special", special, "undecided", undecided);
}

static const char *text_at(const json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  return text ? text : "?";
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

void coupling_table_report(FILE *stream, const json_t *couplings) {
  if (!json_is_object(couplings)) return;
  const char *symbol = text_at(couplings, "symbol");
  const json_t *special = json_object_get(couplings, "special");
  const json_t *undecided = json_object_get(couplings, "undecided");
  const json_t *reason = json_object_get(couplings, "reason");
  bool complete = json_is_true(json_object_get(couplings, "complete"));
  fprintf(stream, "\nSpecial values of %s  (%s)\n", symbol,
          complete ? "all of them, proved" : "not known to be all");
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
