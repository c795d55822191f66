/* The Lie algebra and how it acts, as lines of the report. */
#include <string.h>

#include "cli/format/json_number.h"
#include "cli/report/report_parts.h"

enum { SHOWN = 6 };

static void print_ideals(const page_t *page, const json_t *ideals) {
  for (size_t i = 0; i < json_array_size(ideals); i++) {
    const json_t *ideal = json_array_get(ideals, i);
    const char *type = cert_text_at(ideal, "type", "?");
    page_label(page, i == 0 ? "simple ideals" : "");
    page_number(page, cert_at(ideal, "count"));
    fprintf(page->stream, " x %s", cert_text_at(ideal, "name", "?"));
    if (strlen(type) <= 12) fprintf(page->stream, "  (%s)", type);
    fprintf(page->stream, ", dimension ");
    page_number(page, cert_at(ideal, "dimension"));
    fprintf(page->stream, "\n");
  }
}

/* Which ideal acts there, "su(4) by defining (w1)". */
static void print_actions(const page_t *page, const json_t *actions,
                          const json_t *ideals) {
  for (size_t k = 0; k < json_array_size(actions); k++) {
    const json_t *action = json_array_get(actions, k);
    json_int_t index = json_integer_value(cert_at(action, "ideal"));
    const json_t *ideal = json_array_get(ideals, (size_t)index);
    page_label(page, "");
    fprintf(page->stream, "  %s acts by: %s", cert_text_at(ideal, "name", "?"),
            cert_text_at(action, "representation", "?"));
    const char *weight = cert_text_at(action, "highest_weight", NULL);
    if (weight) fprintf(page->stream, ", highest weight %s", weight);
    fprintf(page->stream, "\n");
  }
}

static void print_sectors(const page_t *page, const json_t *sectors,
                          const json_t *ideals) {
  if (!json_is_array(sectors)) {
    page_label(page, "sectors");
    fprintf(page->stream, "unknown\n");
  }
  size_t count = json_array_size(sectors);
  size_t shown = page->details || count <= SHOWN + 1 ? count : SHOWN;
  for (size_t i = 0; i < shown; i++) {
    const json_t *sector = json_array_get(sectors, i);
    page_label(page, i == 0 ? "sectors" : "");
    page_number(page, cert_at(sector, "count"));
    fprintf(page->stream, " of dimension ");
    page_number(page, cert_at(sector, "dimension"));
    fprintf(page->stream, ", multiplicity ");
    page_number(page, cert_at(sector, "multiplicity"));
    fprintf(page->stream, ", %s\n", cert_text_at(sector, "field", "?"));
    if (page->details) print_actions(page, cert_at(sector, "actions"), ideals);
  }
  if (shown == count) return;
  page_label(page, "");
  fprintf(page->stream, "and %zu more kinds\n", count - shown);
}

static void print_dimension(const page_t *page, const json_t *algebra, bool proved) {
  page_label(page, "dimension");
  if (!proved && json_is_string(cert_at(algebra, "dimension")))
    fprintf(page->stream, "at least ");
  page_number(page, cert_at(algebra, "dimension"));
  if (json_is_string(cert_at(algebra, "center"))) {
    fprintf(page->stream, ", centre of dimension ");
    page_number(page, cert_at(algebra, "center"));
  }
  fprintf(page->stream, "  ");
  page_ink(page, proved ? INK_GOOD : INK_DOUBT, proved ? "proved" : "not proved");
  fputc('\n', page->stream);
}

/* "Deep" is about the circuit as it stands; what more of it would do. */
static void print_repeated(const page_t *page, const json_t *repeated) {
  char text[300];
  if (!json_is_object(repeated)) return;
  char *dimension = page_number_text(cert_at(repeated, "dimension"));
  page_label(page, "repeated");
  snprintf(text, sizeof text,
           "%lld times over, the circuit generates more: dimension %s. What is said of "
           "the deep circuit is about the gates as they stand here",
           (long long)json_integer_value(cert_at(repeated, "repetitions")), dimension);
  page_wrap(page, text, PAGE_INDENT, PAGE_INDENT);
  free(dimension);
}

void report_algebra(const page_t *page, const json_t *certificate) {
  const json_t *algebra = cert_at(certificate, "algebra");
  bool proved = json_is_true(cert_at(algebra, "proved"));
  page_heading(page, "Lie algebra");
  if (json_is_true(cert_at(certificate, "ansatz.upper_bound")))
    page_ink(page, INK_DOUBT,
             "  (of a larger circuit: an upper bound, see notes)");
  fputc('\n', page->stream);
  print_dimension(page, algebra, proved);
  print_ideals(page, cert_at(algebra, "ideals"));
  print_repeated(page, cert_at(algebra, "repeated"));
  print_sectors(page, cert_at(certificate, "sectors"),
                cert_at(algebra, "ideals"));
  const char *method = cert_text_at(algebra, "method", NULL);
  const char *reasons[] = {cert_text_at(algebra, "reason", NULL),
                           cert_text_at(certificate, "sectors_reason", NULL)};
  if (method && page->details) {
    page_label(page, "how");
    page_wrap(page, method, PAGE_INDENT, PAGE_INDENT);
  }
  for (int i = 0; i < 2; i++)
    if (reasons[i] && (i == 0 || !reasons[0] || strcmp(reasons[0], reasons[1]))) {
      page_label(page, "not known");
      page_wrap(page, reasons[i], PAGE_INDENT, PAGE_INDENT);
    }
}
