#include "cli/report/report.h"

#include <stdlib.h>
#include <string.h>

#include "cli/format/json_number.h"
#include "cli/report/report_parts.h"
#include "cli/terminal/page.h"

enum { INDENT = 24, SHOWN = 6 };

char *report_number(const json_t *value) { return json_number_text(value); }

/* --- ansatz ------------------------------------------------------------------ */

static void print_ansatz(const page_t *page, const json_t *ansatz) {
  const char *name = json_text_at(ansatz, "source.name", "?");
  page_ink(page, INK_BOLD, "%s", name);
  fprintf(page->stream, "\n");
  page_label(page, "ansatz");
  fprintf(page->stream, "%s on ", json_text_at(ansatz, "kind", "?"));
  page_number(page, json_at(ansatz, "qubits"));
  fprintf(page->stream, " qubits, ");
  page_number(page, json_at(ansatz, "generators"));
  fprintf(page->stream, " generators, ");
  page_number(page, json_at(ansatz, "parameters"));
  fprintf(page->stream, " parameters\n");
  const json_t *notes = json_at(ansatz, "notes");
  for (size_t i = 0; i < json_array_size(notes); i++) {
    const char *note = json_string_value(json_array_get(notes, i));
    page_label(page, i == 0 ? "notes" : "");
    page_wrap(page, note ? note : "?", INDENT, INDENT);
  }
}

/* --- algebra ------------------------------------------------------------------ */

static void print_ideals(const page_t *page, const json_t *ideals) {
  for (size_t i = 0; i < json_array_size(ideals); i++) {
    const json_t *ideal = json_array_get(ideals, i);
    const char *type = json_text_at(ideal, "type", "?");
    page_label(page, i == 0 ? "simple ideals" : "");
    page_number(page, json_at(ideal, "count"));
    fprintf(page->stream, " x %s", json_text_at(ideal, "name", "?"));
    if (strlen(type) <= 12) fprintf(page->stream, "  (%s)", type);
    fprintf(page->stream, ", dimension ");
    page_number(page, json_at(ideal, "dimension"));
    fprintf(page->stream, "\n");
  }
}

/* Which ideal acts there, "su(4) by defining (w1)". */
static void print_actions(const page_t *page, const json_t *actions,
                          const json_t *ideals) {
  for (size_t k = 0; k < json_array_size(actions) && k < SHOWN; k++) {
    const json_t *action = json_array_get(actions, k);
    json_int_t index = json_integer_value(json_at(action, "ideal"));
    const json_t *ideal = json_array_get(ideals, (size_t)index);
    page_label(page, "");
    fprintf(page->stream, "  %s acts by: %s", json_text_at(ideal, "name", "?"),
            json_text_at(action, "representation", "?"));
    const char *weight = json_text_at(action, "highest_weight", NULL);
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
  for (size_t i = 0; i < json_array_size(sectors); i++) {
    const json_t *sector = json_array_get(sectors, i);
    page_label(page, i == 0 ? "sectors" : "");
    page_number(page, json_at(sector, "count"));
    fprintf(page->stream, " of dimension ");
    page_number(page, json_at(sector, "dimension"));
    fprintf(page->stream, ", multiplicity ");
    page_number(page, json_at(sector, "multiplicity"));
    fprintf(page->stream, ", %s\n", json_text_at(sector, "field", "?"));
    print_actions(page, json_at(sector, "actions"), ideals);
  }
}

static void print_algebra(const page_t *page, const json_t *certificate) {
  const json_t *algebra = json_at(certificate, "algebra");
  bool proved = json_is_true(json_at(algebra, "proved"));
  bool upper = json_is_true(json_at(certificate, "ansatz.upper_bound"));
  fputc('\n', page->stream);
  page_ink(page, INK_BOLD, "Lie algebra");
  if (upper)
    page_ink(page, INK_DOUBT,
             "  (of a larger circuit: an upper bound, see notes)");
  fputc('\n', page->stream);
  page_label(page, "dimension");
  if (!proved && json_is_string(json_at(algebra, "dimension")))
    fprintf(page->stream, "at least ");
  page_number(page, json_at(algebra, "dimension"));
  if (json_is_string(json_at(algebra, "center"))) {
    fprintf(page->stream, ", centre of dimension ");
    page_number(page, json_at(algebra, "center"));
  }
  fprintf(page->stream, "  ");
  page_ink(page, proved ? INK_GOOD : INK_DOUBT, proved ? "proved" : "not proved");
  fputc('\n', page->stream);
  print_ideals(page, json_at(algebra, "ideals"));
  print_sectors(page, json_at(certificate, "sectors"),
                json_at(algebra, "ideals"));
  const char *method = json_text_at(algebra, "method", NULL);
  const char *reasons[] = {json_text_at(algebra, "reason", NULL),
                           json_text_at(certificate, "sectors_reason", NULL)};
  if (method) {
    page_label(page, "how");
    page_wrap(page, method, INDENT, INDENT);
  }
  for (int i = 0; i < 2; i++)
    if (reasons[i] && (i == 0 || !reasons[0] || strcmp(reasons[0], reasons[1]))) {
      page_label(page, "not known");
      page_wrap(page, reasons[i], INDENT, INDENT);
    }
}

/* --- one landscape ---------------------------------------------------------------- */

static void print_block(const page_t *page, const json_t *block, bool first) {
  page_label(page, first ? "Wishart blocks" : "");
  page_number(page, json_at(block, "count"));
  fprintf(page->stream, " x beta ");
  page_number(page, json_at(block, "beta"));
  fprintf(page->stream, ", N ");
  page_number(page, json_at(block, "N"));
  fprintf(page->stream, ", rank ");
  page_number(page, json_at(block, "rank"));
  fprintf(page->stream, ", weight ");
  page_number(page, json_at(block, "weight"));
  fprintf(page->stream, "\n");
  page_label(page, "");
  fprintf(page->stream, "degrees of freedom r ");
  if (json_is_string(json_at(block, "r"))) {
    page_number(page, json_at(block, "r"));
  } else if (json_at(block, "r_lower")) {
    fprintf(page->stream, "between ");
    page_number(page, json_at(block, "r_lower"));
    fprintf(page->stream, " and ");
    page_number(page, json_at(block, "r_upper"));
  } else {
    fprintf(page->stream, "unknown");
  }
  fprintf(page->stream, ", mean eigenvalue above the least ");
  page_number(page, json_at(block, "mean_eigenvalue"));
  fprintf(page->stream, "\n");
}

static void print_wishart(const page_t *page, const json_t *wishart) {
  const json_t *blocks = json_at(wishart, "blocks");
  bool applies = json_is_true(json_at(wishart, "applies"));
  bool decided = !json_is_false(json_at(wishart, "decided"));
  page_label(page, "Wishart class");
  fprintf(page->stream, "%s: ", applies ? "yes" : decided ? "no" : "undecided");
  page_wrap(page, json_text_at(wishart, "reason", "unknown"),
            INDENT + (applies ? 5 : decided ? 4 : 11), INDENT);
  for (size_t i = 0; applies && i < json_array_size(blocks) && i < SHOWN; i++)
    print_block(page, json_array_get(blocks, i), i == 0);
  if (applies && json_array_size(blocks) > SHOWN) {
    page_label(page, "");
    fprintf(page->stream, "and %zu more\n", json_array_size(blocks) - SHOWN);
  }
}

static void print_gaussian(const page_t *page, const json_t *gaussian) {
  if (!json_is_string(json_at(gaussian, "excess_kurtosis"))) return;
  page_label(page, "Gaussian process");
  fprintf(page->stream, "excess kurtosis ");
  page_number(page, json_at(gaussian, "excess_kurtosis"));
  fprintf(page->stream, " (Wishart form)");
  if (json_is_string(json_at(gaussian, "excess_kurtosis_finite"))) {
    fprintf(page->stream, ", ");
    page_number(page, json_at(gaussian, "excess_kurtosis_finite"));
    fprintf(page->stream, " (exact)");
  }
  fprintf(page->stream, "\n");
  page_label(page, "");
  fprintf(page->stream, "distance of the Wishart form to a normal at most ");
  page_number(page, json_at(gaussian, "tv_bound"));
  fprintf(page->stream, "\n");
}

/* The law of an observable in the algebra, and traps on the group. */
static void print_adjoint(const page_t *page, const json_t *landscape) {
  const json_t *adjoint = json_at(landscape, "adjoint");
  const json_t *ideals = json_at(adjoint, "ideals");
  if (json_is_true(json_at(adjoint, "applies"))) {
    page_label(page, "adjoint class");
    fprintf(page->stream, "yes: ");
    page_wrap(page, json_text_at(adjoint, "reason", ""), INDENT + 5, INDENT);
    if (json_array_size(ideals)) {
      page_label(page, "");
      fprintf(page->stream, "law over %zu simple ideal%s",
              json_array_size(ideals), json_array_size(ideals) == 1 ? "" : "s");
      if (json_is_string(json_at(adjoint, "excess_kurtosis"))) {
        fprintf(page->stream, ", excess kurtosis ");
        page_number(page, json_at(adjoint, "excess_kurtosis"));
      }
      fprintf(page->stream, "\n");
    }
  }
  if (!json_is_true(json_at(landscape, "traps_on_group.none"))) return;
  page_label(page, "traps on the group");
  fprintf(page->stream, "none: ");
  page_wrap(page, json_text_at(landscape, "traps_on_group.because", ""),
            INDENT + 6, INDENT);
  const json_t *orbit = json_at(landscape, "traps_on_group.orbit_dimension");
  if (!json_is_string(orbit)) return;
  page_label(page, "");
  fprintf(page->stream, "the orbit of the state has dimension %s\n",
          json_string_value(orbit));
}

static void print_minima(const page_t *page, const json_t *minima) {
  bool known = json_is_string(json_at(minima, "threshold"));
  if (!known && !json_is_string(json_at(minima, "threshold_lower"))) return;
  page_label(page, "local minima");
  if (known) {
    fprintf(page->stream, "gamma = p/p* = ");
    page_number(page, json_at(minima, "gamma"));
    fprintf(page->stream, ", p* = ");
    page_number(page, json_at(minima, "threshold"));
    fprintf(page->stream, ", parameters missing ");
    page_number(page, json_at(minima, "parameters_missing"));
  } else {
    fprintf(page->stream, "p* between ");
    page_number(page, json_at(minima, "threshold_lower"));
    fprintf(page->stream, " and ");
    page_number(page, json_at(minima, "threshold_upper"));
  }
  fprintf(page->stream, "\n");
  page_label(page, "");
  fprintf(page->stream, "trap level ");
  page_number(page, json_at(minima, "trap_level"));
  fprintf(page->stream, " above the global minimum  ");
  page_ink(page, INK_DIM, "assumed, see below");
  fprintf(page->stream, "\n");
}

static double at(const json_t *law, const char *path) {
  const json_t *x = json_at(law, path);
  return json_is_number(x) ? json_number_value(x) : -1;
}

/* "about 3e4 minima per period; half of them above 0.23 of the mean offset". */
static void print_law(const page_t *page, const json_t *minima) {
  const json_t *law = json_at(minima, "law");
  const json_t *quantiles = json_at(law, "quantiles");
  if (!json_is_object(law)) return;
  double median = json_number_value(json_object_get(quantiles, "0.5"));
  double low = json_number_value(json_object_get(quantiles, "0.1"));
  double high = json_number_value(json_object_get(quantiles, "0.9"));
  page_label(page, "law of the minima");
  if (strcmp(json_text_at(law, "kind", ""), "sampled")) {
    if (median > 0)
      fprintf(page->stream, "in the limit they gather at %.3g of the mean offset\n",
              median);
    else
      page_wrap(page, "as many live parameters as degrees of freedom: local minima "
                      "merge with the global one", INDENT, INDENT);
    return;
  }
  double power = at(law, "log10_number");
  fprintf(page->stream, power < 4 ? "about %.3g per period; " : "about 1e%.0f per period; ",
          power < 4 ? at(law, "expected_number") : power);
  fprintf(page->stream, "half of them above %.3g of the mean\n", median);
  page_label(page, "");
  fprintf(page->stream, "offset, 10%% to 90%%: %.3g to %.3g  ", low, high);
  page_ink(page, INK_DIM, "sampled");
  fprintf(page->stream, "\n");
}

static ink_t answer_ink(const char *answer) {
  return !strcmp(answer, "yes")  ? INK_GOOD
         : !strcmp(answer, "no") ? INK_BAD
                                 : INK_DOUBT;
}

static void print_answer(const page_t *page, const json_t *verdict,
                         const char *label, const char *key) {
  const char *answer = json_text_at(verdict, key, "undecided");
  page_label(page, label);
  page_ink(page, answer_ink(answer), "%s", answer);
}

static void print_shots(const page_t *page, const json_t *verdict) {
  const json_t *typical = json_at(verdict, "shots_per_gradient.typical");
  if (!typical || json_is_null(typical)) return;
  bool bounded = json_is_true(json_at(verdict, "shots_per_gradient.upper_bound"));
  fprintf(page->stream, ": %s", bounded ? "at most " : "");
  page_number(page, typical);
  fprintf(page->stream, " shots for a typical component, ");
  page_number(page, json_at(verdict, "shots_per_gradient.worst"));
  fprintf(page->stream, " for the worst");
}

/* The names of parameters that cannot move the loss. */
static void print_dead(const page_t *page, const json_t *verdict) {
  const json_t *dead = json_at(verdict, "dead_parameters");
  char *text = NULL;
  size_t count = json_array_size(dead), room = 0;
  FILE *list = count ? open_memstream(&text, &room) : NULL;
  if (!list) return;
  fprintf(list, "%zu: ", count);
  for (size_t i = 0; i < count && i < SHOWN; i++)
    fprintf(list, "%s%s", i ? ", " : "",
            json_string_value(json_array_get(dead, i)));
  if (count > SHOWN) fprintf(list, ", and %zu more", count - SHOWN);
  fclose(list);
  page_label(page, "dead parameters");
  page_wrap(page, text, INDENT, INDENT);
  free(text);
}

static void print_verdict(const page_t *page, const json_t *verdict) {
  const char *answer = json_text_at(verdict, "trainable", "undecided");
  print_answer(page, verdict, "gradients", "gradients");
  print_shots(page, verdict);
  fprintf(page->stream, "\n");
  print_dead(page, verdict);
  print_answer(page, verdict, "traps harmless", "traps");
  fprintf(page->stream, "\n");
  page_label(page, "trainable");
  page_ink(page, answer_ink(answer), "%s", answer);
  fprintf(page->stream, ": ");
  page_wrap(page, json_text_at(verdict, "because", "no reason is given"),
            INDENT + (int)strlen(answer) + 2, INDENT);
  page_label(page, "next");
  page_wrap(page, json_text_at(verdict, "next", ""), INDENT, INDENT);
}

static void print_landscape(const page_t *page, const json_t *landscape,
                            const json_t *angles) {
  fputc('\n', page->stream);
  page_ink(page, INK_BOLD, "Loss l = Tr(rho U^dag O U)");
  fprintf(page->stream, ", O = ");
  page_wrap_operator(page, json_text_at(landscape, "observable", "?"), 32, 4);
  page_label(page, "input state rho");
  fprintf(page->stream, "%s\n", json_text_at(landscape, "state", "?"));
  print_verdict(page, json_at(landscape, "verdict"));
  report_depth(page, json_at(landscape, "finite_depth"), angles);
  page_label(page, "deep circuit");
  fprintf(page->stream, "U Haar on the group generated\n");
  page_label(page, "mean E[l]");
  page_number(page, json_at(landscape, "mean"));
  fputc('\n', page->stream);
  page_label(page, "E[l^2] - E[l]^2");
  page_number(page, json_at(landscape, "variance"));
  fputc('\n', page->stream);
  page_label(page, "E[(dl/dtheta)^2]");
  page_gradient(page, json_at(landscape, "gradient_variance"));
  const char *reason = json_text_at(landscape, "reason", NULL);
  if (reason) {
    page_label(page, "not known");
    page_wrap(page, reason, INDENT, INDENT);
  }
  print_wishart(page, json_at(landscape, "wishart"));
  print_adjoint(page, landscape);
  print_gaussian(page, json_at(landscape, "gaussian_process"));
  print_minima(page, json_at(landscape, "minima"));
  print_law(page, json_at(landscape, "minima"));
}

/* --- what is proved, what assumed --------------------------------------------------- */

static void print_assumptions(const page_t *page, const json_t *landscapes) {
  const char *minima = NULL;
  for (size_t i = 0; i < json_array_size(landscapes) && !minima; i++)
    minima = json_text_at(json_array_get(landscapes, i), "minima.assumption",
                          NULL);
  if (json_array_size(landscapes) == 0) return;
  fputc('\n', page->stream);
  page_ink(page, INK_BOLD, "Proved");
  fprintf(page->stream, "  ");
  page_wrap(page,
            "fractions and whole numbers above are exact; decimals after = "
            "are rounded. They hold for the ensemble named: angles so many and "
            "so random that the circuit is Haar-distributed on its group.",
            8, 8);
  if (!minima) return;
  page_ink(page, INK_BOLD, "Assumed");
  fprintf(page->stream, " ");
  page_wrap(page, minima, 8, 8);
}

/* --- the whole --------------------------------------------------------------------- */

void report_print(FILE *stream, const json_t *certificate) {
  page_t page = page_init(stream);
  const json_t *landscapes = json_at(certificate, "landscapes");
  print_ansatz(&page, json_at(certificate, "ansatz"));
  for (size_t i = 0; i < json_array_size(landscapes); i++)
    print_landscape(&page, json_array_get(landscapes, i),
                    json_at(certificate, "ansatz.angles"));
  if (json_array_size(landscapes) == 0)
    fprintf(stream, "\nNo observable is given: no landscape. Add one with "
                    "-O, e.g. -O 'Z0'.\n");
  print_algebra(&page, certificate);
  report_couplings(stream, json_at(certificate, "couplings"));
  report_covariance(stream, json_at(certificate, "covariance"));
  report_suggestions(stream, certificate);
  print_assumptions(&page, landscapes);
  report_print_checks(&page, certificate);
  report_print_minima(&page, certificate);
}
