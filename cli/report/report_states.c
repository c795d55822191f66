/* "operators" and "expressibility" as lines of the report. */
#include <string.h>

#include "cli/format/json_number.h"
#include "cli/report/report_parts.h"

enum { SHOWN = 8 };

static void print_reason(const page_t *page, const char *label, const json_t *object,
                         const char *key) {
  const char *reason = cert_text_at(object, key, NULL);
  if (!reason) return;
  page_label(page, label);
  fprintf(page->stream, "not known: ");
  page_wrap(page, reason, PAGE_INDENT + 11, PAGE_INDENT);
}

/* --- operators ---------------------------------------------------------------------- */

static void print_operators(const page_t *page, const char *label, const json_t *list) {
  size_t count = json_array_size(list);
  size_t shown = page->details || count <= SHOWN + 1 ? count : SHOWN;
  for (size_t k = 0; k < shown; k++) {
    page_label(page, k == 0 ? label : "");
    page_wrap_operator(page, cert_text_at(json_array_get(list, k), "", "?"), PAGE_INDENT,
                       PAGE_INDENT + 2);
  }
  if (shown == count) return;
  page_label(page, "");
  fprintf(page->stream, "and %zu more: --details, --json\n", count - shown);
}

/* Strings of which all products commute, or a basis. */
static void print_commutant(const page_t *page, const json_t *operators) {
  const json_t *list = cert_at(operators, "commutant");
  bool products = !strcmp(cert_text_at(operators, "commutant_is", ""), "products");
  size_t count = json_array_size(list);
  if (!json_is_array(list)) return;
  page_label(page, "commutant");
  if (!count) {
    fprintf(page->stream, "the multiples of 1\n");
    return;
  }
  if (products)
    fprintf(page->stream, "dimension 2^%zu, all products of\n", count);
  else
    fprintf(page->stream, "dimension %zu, a basis:\n", count);
  print_operators(page, "", list);
}

void report_operators(const page_t *page, const json_t *operators) {
  if (!operators) return;
  page_heading(page, "What commutes with every generator");
  fputc('\n', page->stream);
  const json_t *centre = cert_at(operators, "centre");
  if (json_is_array(centre) && !json_array_size(centre)) {
    page_label(page, "centre of the algebra");
    fprintf(page->stream, "0\n");
  }
  print_operators(page, "centre of the algebra", centre);
  print_reason(page, "centre of the algebra", operators, "centre_reason");
  print_commutant(page, operators);
  print_reason(page, "commutant", operators, "reason");
}

/* --- states ----------------------------------------------------------------------------- */

/* x / y with y exact and not 0, as a number for people. */
static void print_ratio(const page_t *page, const json_t *x, const json_t *y) {
  double a = cert_get_double(x), b = cert_get_double(y);
  if (a == a && b > 0) fprintf(page->stream, ", %.3g times that of random states", a / b);
}

static void print_numbers(const page_t *page, const json_t *numbers, const json_t *haar) {
  const json_t *second = cert_at(numbers, "frame_potential_2");
  if (json_is_string(second)) {
    page_label(page, "E|<psi|psi'>|^4");
    page_number(page, second);
    print_ratio(page, second, cert_at(haar, "frame_potential_2"));
    fputc('\n', page->stream);
  }
  print_reason(page, "E|<psi|psi'>|^4", numbers, "reason");
  const json_t *q = cert_at(numbers, "entanglement");
  if (json_is_string(q)) {
    page_label(page, "entanglement Q");
    page_number(page, q);
    print_ratio(page, q, cert_at(haar, "entanglement"));
    fputc('\n', page->stream);
  }
  const char *reason = cert_text_at(numbers, "entanglement_reason", "");
  if (strcmp(reason, cert_text_at(numbers, "reason", "")))
    print_reason(page, "entanglement Q", numbers, "entanglement_reason");
}

void report_states(const page_t *page, const json_t *list) {
  for (size_t i = 0; i < json_array_size(list); i++) {
    const json_t *entry = json_array_get(list, i), *haar = cert_at(entry, "haar");
    const json_t *own = cert_at(entry, "finite_depth");
    page_heading(page, "States reached");
    fprintf(page->stream, " from rho = %s\n", cert_text_at(entry, "state", "?"));
    if (json_is_object(own)) {
      fprintf(page->stream, "  this circuit\n");
      print_numbers(page, own, haar);
      fprintf(page->stream, "  deep circuit\n");
    }
    print_numbers(page, entry, haar);
  }
}
