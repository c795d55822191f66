/* What the report leads with: can it be trained, in shots, parameters and layers. */
#include <string.h>

#include "cli/format/json_number.h"
#include "cli/report/report_parts.h"

enum { MOST_DEAD = 16 };

static ink_t answer_ink(const char *answer) {
  return !strcmp(answer, "yes")  ? INK_GOOD
         : !strcmp(answer, "no") ? INK_BAD
                                 : INK_DOUBT;
}

static void print_answer(const page_t *page, const json_t *verdict,
                         const char *key) {
  const char *answer = cert_text_at(verdict, key, "undecided");
  page_ink(page, answer_ink(answer), "%s", answer);
}

/* The name of the live parameter of the least gradient, NULL when it is not known. */
static const char *worst_name(const json_t *list, const json_t *names) {
  size_t worst = 0, count = json_array_size(list);
  double least = 0;
  bool any = false;
  for (size_t k = 0; k < count; k++) {
    double x = cert_get_double(json_array_get(list, k));
    if (!(x > 0) || (any && x >= least)) continue;
    worst = k;
    least = x;
    any = true;
  }
  return any && json_array_size(names) == count
             ? cert_text_at(json_array_get(names, worst), "", "?") : NULL;
}

/* ": 21.7 shots for a typical component, 273 for the worst (theta[7])" */
static void print_shots(const page_t *page, const json_t *landscape,
                        const json_t *names) {
  const json_t *verdict = cert_at(landscape, "verdict");
  const json_t *typical = cert_at(verdict, "shots_per_gradient.typical");
  const json_t *worst = cert_at(verdict, "shots_per_gradient.worst");
  if (!typical || json_is_null(typical)) return;
  bool bounded = json_is_true(cert_at(verdict, "shots_per_gradient.upper_bound"));
  bool own = !strcmp(cert_text_at(verdict, "basis", ""), "this circuit");
  fprintf(page->stream, ": about %s", bounded ? "or below " : "");
  page_about(page, typical);
  fprintf(page->stream, cert_get_double(typical) == 1 ? " shot per component"
                                                    : " shots per component");
  if (!json_equal(typical, worst)) {
    fprintf(page->stream, ", ");
    page_about(page, worst);
    fprintf(page->stream, " for the worst");
    const char *name = worst_name(
        cert_at(landscape, !own ? "gradient_variance"
                           : json_object_get(landscape, "noise")
                               ? "noise.gradient_variance"
                               : "finite_depth.gradient_variance"), names);
    if (name) fprintf(page->stream, " (%s)", name);
  }
}

/* ": 22 live parameters, p* = 16", by what the verdict rests on. */
static void print_parameters(const page_t *page, const json_t *landscape) {
  const json_t *live = cert_at(landscape, "verdict.parameters_that_move_the_loss");
  const json_t *orbit = cert_at(landscape, "traps_on_group.orbit_dimension");
  const json_t *threshold = cert_at(landscape, "minima.threshold");
  if (!json_is_integer(live)) return;
  fprintf(page->stream, ": ");
  page_count(page, live, "live parameter");
  if (json_is_string(threshold)) {
    fprintf(page->stream, ", ");
    page_number(page, threshold);
    fprintf(page->stream, strcmp(json_string_value(threshold), "1")
                              ? " degrees of freedom" : " degree of freedom");
  } else if (json_is_string(orbit) &&
             json_is_true(cert_at(landscape, "traps_on_group.none"))) {
    fprintf(page->stream, ", ");
    page_number(page, orbit);
    fprintf(page->stream, strcmp(json_string_value(orbit), "1")
                              ? " dimensions of the state's orbit"
                              : " dimension of the state's orbit");
  }
}

void report_verdict(const page_t *page, const json_t *landscape,
                    const json_t *names) {
  const json_t *verdict = cert_at(landscape, "verdict");
  const json_t *dead = cert_at(verdict, "dead_parameters");
  const char *because = cert_text_at(verdict, "because", NULL);
  page_heading(page, "Trainable: ");
  print_answer(page, verdict, "trainable");
  int column = fprintf(page->stream, "; l = Tr(rho U^dag O U), rho = %s, O = ",
                       cert_text_at(landscape, "state", "?"));
  column += (int)strlen("Trainable: ") +
            (int)strlen(cert_text_at(verdict, "trainable", "undecided"));
  page_wrap_operator(page, cert_text_at(landscape, "observable", "?"), column, 4);
  page_label(page, "gradients");
  print_answer(page, verdict, "gradients");
  print_shots(page, landscape, names);
  fprintf(page->stream, "\n");
  page_label(page, "traps harmless");
  print_answer(page, verdict, "traps");
  print_parameters(page, landscape);
  fprintf(page->stream, "\n");
  page_label(page, "next");
  page_wrap(page, cert_text_at(verdict, "next", ""), PAGE_INDENT, PAGE_INDENT);
  if (because) {
    page_label(page, "because");
    page_wrap(page, because, PAGE_INDENT, PAGE_INDENT);
  }
  if (!json_array_size(dead)) return;
  page_label(page, "dead parameters");
  page_names(page, dead, page->details ? 0 : MOST_DEAD, PAGE_INDENT);
}
