#include "cli/certify/certificate_couplings.h"

#include "cli/format/json_number.h"
#include "cli/format/json_reason.h"
#include "cli/format/structure_json.h"

/* "1/2", "sqrt(2)", "1 - 3/2*sqrt(5)". */
static json_t *value_json(const coupling_value_struct *value) {
  if (value->radicand == 1) return cert_fmpq(value->rational);
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
  json_t *out = json_pack("{s:o, s:o, s:o}", "value", value_json(value),
                   "algebra", algebra_json(s, true), "sectors",
                   sectors_json(s));
  cert_set_reason(out, "sectors_reason", structure_sectors_reason(s));
  return out;
}

json_t *certificate_couplings(const analysis_t c) {
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
  json_t *out = json_pack("{s:s, s:b, s:b, s:o, s:o, s:o, s:o}", "symbol",
                   c->ansatz->symbol, "proved", g->proved, "complete",
                   g->complete, "sample",
                   fmpq_is_zero(g->sample) ? json_null() : cert_fmpq(g->sample),
                   "sectors_at_sample", sectors_json(g->generic),
                   "special", special, "undecided", undecided);
  cert_set_reason_or_null(out, "reason", reason_of(g->reason));
  return out;
}
