/* The deep circuit, as lines of the report: U is Haar on the group generated. */
#include <string.h>

#include "cli/format/json_number.h"
#include "cli/report/report_parts.h"

enum { MOST_GROUPS = 5 };

/* --- the law of the loss ------------------------------------------------------------ */

static void print_freedom(const page_t *page, const json_t *block) {
  fprintf(page->stream, "degrees of freedom r ");
  if (json_is_string(cert_at(block, "r"))) {
    page_number(page, cert_at(block, "r"));
  } else if (cert_at(block, "r_lower")) {
    fprintf(page->stream, "between ");
    page_number(page, cert_at(block, "r_lower"));
    fprintf(page->stream, " and ");
    page_number(page, cert_at(block, "r_upper"));
  } else {
    fprintf(page->stream, "unknown");
  }
}

static void print_block(const page_t *page, const json_t *block) {
  page_label(page, "");
  page_number(page, cert_at(block, "count"));
  fprintf(page->stream, " x beta ");
  page_number(page, cert_at(block, "beta"));
  fprintf(page->stream, ", N ");
  page_number(page, cert_at(block, "N"));
  fprintf(page->stream, ", rank ");
  page_number(page, cert_at(block, "rank"));
  fprintf(page->stream, ", weight ");
  page_number(page, cert_at(block, "weight"));
  fprintf(page->stream, "\n");
  page_label(page, "");
  fprintf(page->stream, "  ");
  print_freedom(page, block);
  fprintf(page->stream, ", mean eigenvalue above the least ");
  page_number(page, cert_at(block, "mean_eigenvalue"));
  fprintf(page->stream, "\n");
}

/* "Wishart: beta 2, N 16, degrees of freedom r 8", or why it is none. */
static void print_wishart(const page_t *page, const json_t *wishart) {
  const json_t *blocks = cert_at(wishart, "blocks");
  bool applies = json_is_true(cert_at(wishart, "applies"));
  bool decided = !json_is_false(cert_at(wishart, "decided"));
  size_t count = json_array_size(blocks);
  page_label(page, "Wishart class");
  fprintf(page->stream, "%s", applies ? "yes" : decided ? "no" : "undecided");
  if (applies && count == 1) {
    fprintf(page->stream, ": beta ");
    page_number(page, cert_at(json_array_get(blocks, 0), "beta"));
    fprintf(page->stream, ", N ");
    page_number(page, cert_at(json_array_get(blocks, 0), "N"));
    fprintf(page->stream, ", ");
    print_freedom(page, json_array_get(blocks, 0));
  } else if (applies) {
    fprintf(page->stream, ": %zu kinds of blocks", count);
  }
  fprintf(page->stream, "\n");
  if (!page->details) return;
  page_label(page, "");
  page_wrap(page, cert_text_at(wishart, "reason", "unknown"), PAGE_INDENT, PAGE_INDENT);
  for (size_t i = 0; applies && i < count; i++)
    print_block(page, json_array_get(blocks, i));
}

static void print_gaussian(const page_t *page, const json_t *gaussian) {
  if (!json_is_string(cert_at(gaussian, "excess_kurtosis"))) return;
  page_label(page, "excess kurtosis");
  if (json_is_string(cert_at(gaussian, "excess_kurtosis_finite"))) {
    page_number(page, cert_at(gaussian, "excess_kurtosis_finite"));
    fprintf(page->stream, "; ");
  }
  page_number(page, cert_at(gaussian, "excess_kurtosis"));
  fprintf(page->stream, " in the Wishart form\n");
  double bound = cert_get_double(cert_at(gaussian, "tv_bound"));
  if (!(bound < 1)) return; /* says nothing */
  page_label(page, "");
  fprintf(page->stream, "distance of the Wishart form to a normal at most ");
  page_number(page, cert_at(gaussian, "tv_bound"));
  fprintf(page->stream, "\n");
}

/* "on su(4), so(7)"; sp(N) is said with 2N + 1 modes. */
static void print_groups(const page_t *page, const json_t *ideals) {
  size_t count = json_array_size(ideals);
  for (size_t i = 0; i < count; i++) {
    const json_t *ideal = json_array_get(ideals, i);
    const char *group = cert_text_at(ideal, "group", "");
    long long modes = json_integer_value(cert_at(ideal, "modes"));
    bool symplectic = !strcmp(group, "sp"), small = modes == 3 && strcmp(group, "su");
    fprintf(page->stream, "%s%s(%lld)", i ? ", " : "on ", small ? "su" : group,
            small ? 2 : symplectic ? modes / 2 : modes);
  }
}

/* "P(l <= -0.7) = 0.0482, P(l <= 0) = 0.5000, ..." */
static void print_distribution(const page_t *page, const json_t *points) {
  size_t count = json_array_size(points);
  if (!count) return;
  page_label(page, "");
  for (size_t i = 0; i < count; i += 2)
    fprintf(page->stream, "%sP(l <= %.4g) = %.4f", i ? ", " : "",
            cert_get_double(cert_at(json_array_get(points, i), "level")),
            cert_get_double(cert_at(json_array_get(points, i), "probability")));
  fprintf(page->stream, "\n");
}

/* The law of an observable in the algebra. */
static void print_adjoint(const page_t *page, const json_t *adjoint) {
  const json_t *ideals = cert_at(adjoint, "ideals");
  if (!json_is_true(cert_at(adjoint, "applies"))) return;
  page_label(page, "adjoint class");
  fprintf(page->stream, "yes");
  if (json_array_size(ideals))
    fprintf(page->stream, ": law over %zu simple ideal%s",
            json_array_size(ideals), json_array_size(ideals) == 1 ? "" : "s");
  if (json_is_string(cert_at(adjoint, "excess_kurtosis"))) {
    fprintf(page->stream, ", excess kurtosis ");
    page_number(page, cert_at(adjoint, "excess_kurtosis"));
  }
  fprintf(page->stream, "\n");
  if (!page->details) return;
  if (json_array_size(ideals) && json_array_size(ideals) <= MOST_GROUPS) {
    page_label(page, "");
    print_groups(page, ideals);
    fprintf(page->stream, "\n");
  }
  print_distribution(page, cert_at(adjoint, "distribution"));
  page_label(page, "");
  page_wrap(page, cert_text_at(adjoint, "reason", ""), PAGE_INDENT, PAGE_INDENT);
}

/* --- minima -------------------------------------------------------------------------- */

static void print_traps_on_group(const page_t *page, const json_t *traps) {
  if (!json_is_true(cert_at(traps, "none"))) return;
  const json_t *orbit = cert_at(traps, "orbit_dimension");
  page_label(page, "traps on the group");
  fprintf(page->stream, "none");
  if (json_is_string(orbit))
    fprintf(page->stream, "; the orbit of the state has dimension %s",
            json_string_value(orbit));
  fprintf(page->stream, "\n");
  if (!page->details) return;
  page_label(page, "");
  page_wrap(page, cert_text_at(traps, "because", ""), PAGE_INDENT, PAGE_INDENT);
}

static void print_minima(const page_t *page, const json_t *minima) {
  bool known = json_is_string(cert_at(minima, "threshold"));
  if (!known && !json_is_string(cert_at(minima, "threshold_lower"))) return;
  page_label(page, "local minima");
  if (known) {
    fprintf(page->stream, "merge from p* = ");
    page_number(page, cert_at(minima, "threshold"));
    fprintf(page->stream, " parameters on; gamma = p/p* = ");
    page_number(page, cert_at(minima, "gamma"));
  } else {
    fprintf(page->stream, "p* between ");
    page_number(page, cert_at(minima, "threshold_lower"));
    fprintf(page->stream, " and ");
    page_number(page, cert_at(minima, "threshold_upper"));
  }
  fprintf(page->stream, "\n");
  if (!strcmp(cert_text_at(minima, "parameters_missing", "0"), "0")) return;
  page_label(page, "");
  page_number(page, cert_at(minima, "parameters_missing"));
  fprintf(page->stream, " missing, level of traps above the global one ");
  page_number(page, cert_at(minima, "trap_level"));
  fprintf(page->stream, "  ");
  page_ink(page, INK_DIM, "assumed");
  fprintf(page->stream, "\n");
}

static double at(const json_t *law, const char *path) {
  const json_t *x = cert_at(law, path);
  return json_is_number(x) ? json_number_value(x) : -1;
}

/* "about 3e4 minima per period; half of them above 0.23 of the mean offset". */
static void print_law(const page_t *page, const json_t *minima) {
  const json_t *law = cert_at(minima, "law");
  const json_t *quantiles = cert_at(law, "quantiles");
  if (!json_is_object(law)) return;
  double median = json_number_value(json_object_get(quantiles, "0.5"));
  double low = json_number_value(json_object_get(quantiles, "0.1"));
  double high = json_number_value(json_object_get(quantiles, "0.9"));
  page_label(page, "law of the minima");
  if (strcmp(cert_text_at(law, "kind", ""), "sampled")) {
    if (median > 0)
      fprintf(page->stream, "in the limit they gather at %.3g of the mean offset\n",
              median);
    else
      page_wrap(page, "as many live parameters as degrees of freedom: local minima "
                      "merge with the global one", PAGE_INDENT, PAGE_INDENT);
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

void report_deep(const page_t *page, const json_t *landscape, const json_t *names) {
  page_heading(page, "Deep circuit");
  fprintf(page->stream, ", U Haar on the group generated\n");
  page_moments(page, landscape, names);
  print_wishart(page, cert_at(landscape, "wishart"));
  print_adjoint(page, cert_at(landscape, "adjoint"));
  if (page->details) print_gaussian(page, cert_at(landscape, "gaussian_process"));
  print_traps_on_group(page, cert_at(landscape, "traps_on_group"));
  print_minima(page, cert_at(landscape, "minima"));
  if (page->details) print_law(page, cert_at(landscape, "minima"));
}
