#include "cli/report/report.h"

#include <stdlib.h>

#include "cli/format/json_number.h"
#include "cli/report/report_parts.h"


static void print_ansatz(const page_t *page, const json_t *ansatz) {
  page_ink(page, INK_BOLD, "%s", cert_text_at(ansatz, "source.name", "?"));
  fprintf(page->stream, "\n  %s on ", cert_text_at(ansatz, "kind", "?"));
  page_count(page, cert_at(ansatz, "qubits"), "qubit");
  fprintf(page->stream, ", ");
  page_count(page, cert_at(ansatz, "generators"), "generator");
  fprintf(page->stream, ", ");
  page_count(page, cert_at(ansatz, "parameters"), "parameter");
  fprintf(page->stream, "\n");
  const json_t *notes = cert_at(ansatz, "notes");
  for (size_t i = 0; i < json_array_size(notes); i++) {
    const char *note = cert_text_at(json_array_get(notes, i), "", "?");
    page_label(page, i == 0 ? "notes" : "");
    page_wrap(page, note, PAGE_INDENT, PAGE_INDENT);
  }
}

/* Every parameter, with its gradient variance in this circuit and in the deep one. */
static void print_parameters(const page_t *page, const json_t *landscape,
                             const json_t *names) {
  const json_t *own = cert_at(landscape, "finite_depth.gradient_variance");
  const json_t *deep = cert_at(landscape, "gradient_variance");
  if (!json_array_size(names)) return;
  page_heading(page, "E[(dl/dtheta)^2] of each parameter");
  fprintf(page->stream, ", this circuit and the deep one\n");
  for (size_t k = 0; k < json_array_size(names); k++) {
    const char *name = cert_text_at(json_array_get(names, k), "", "?");
    page_label(page, name);
    char *text = page_number_text(json_array_get(own, k));
    fprintf(page->stream, "%-24s ", json_is_array(own) ? text : "");
    free(text);
    page_number(page, json_array_get(deep, k));
    fputc('\n', page->stream);
  }
}

static void print_landscape(const page_t *page, const json_t *landscape,
                            const json_t *ansatz) {
  const json_t *names = cert_at(ansatz, "parameter_names");
  report_verdict(page, landscape, names);
  report_depth(page, cert_at(landscape, "finite_depth"), cert_at(ansatz, "angles"),
               names);
  report_noise(page, cert_at(landscape, "noise"), names);
  report_initialisation(page, cert_at(landscape, "initialisation"));
  report_deep(page, landscape, names);
  if (page->details) print_parameters(page, landscape, names);
}

/* --- what is proved, what assumed --------------------------------------------------- */

static void print_assumptions(const page_t *page, const json_t *landscapes) {
  const char *minima = NULL;
  for (size_t i = 0; i < json_array_size(landscapes) && !minima; i++)
    minima = cert_text_at(json_array_get(landscapes, i), "minima.assumption",
                          NULL);
  if (json_array_size(landscapes) == 0) return;
  page_heading(page, "Proved");
  fprintf(page->stream, "  ");
  page_wrap(page,
            "Whatever is not said to be sampled or assumed is exact; decimals are "
            "rounded, the certificate (--json) has every number in full.", 8, 8);
  if (!minima) return;
  page_ink(page, INK_BOLD, "Assumed");
  fprintf(page->stream, " ");
  page_wrap(page, page->details ? minima : "How high local minima lie (p*), checked by "
            "simulation: see --details.", 8, 8);
}

/* --- the whole --------------------------------------------------------------------- */

void report_print(FILE *stream, const json_t *certificate, bool details) {
  page_t page;
  page_begin(&page, stream, details);
  const json_t *landscapes = cert_at(certificate, "landscapes");
  const json_t *ansatz = cert_at(certificate, "ansatz");
  print_ansatz(&page, ansatz);
  for (size_t i = 0; i < json_array_size(landscapes); i++)
    print_landscape(&page, json_array_get(landscapes, i), ansatz);
  if (json_array_size(landscapes) == 0)
    fprintf(page.stream, "\nNo observable is given: no landscape. Add one with "
                         "-O, e.g. -O 'Z0'.\n");
  report_algebra(&page, certificate);
  report_operators(&page, cert_at(certificate, "operators"));
  report_states(&page, cert_at(certificate, "expressibility"));
  report_couplings(&page, cert_at(certificate, "couplings"));
  report_covariance(&page, cert_at(certificate, "covariance"));
  report_kernel(&page, cert_at(certificate, "kernel"));
  report_suggestions(&page, certificate);
  print_assumptions(&page, landscapes);
  report_print_checks(&page, certificate);
  report_print_minima(&page, certificate);
  page_end(&page);
}
