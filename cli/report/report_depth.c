/* This very circuit, as lines of a report: see depth.h. */
#include <math.h>
#include <stdlib.h>

#include "cli/format/json_number.h"
#include "algebra/base/text.h"
#include "cli/report/report_parts.h"


typedef struct {
  double estimate, low, high;
} sampled_t;

static double real_at(const json_t *json, const char *key) {
  const json_t *x = json_object_get(json, key);
  return json_is_number(x) ? json_number_value(x) : NAN;
}

static sampled_t sampled_at(const json_t *json) {
  return (sampled_t){real_at(json, "estimate"), real_at(json, "low"),
                     real_at(json, "high")};
}

/* Does the interval say more than an upper bound would? */
static bool is_resolved(sampled_t x) { return x.low > x.high / 100; }

/* Below what the samples resolve only the upper bound says something. */
static void print_sampled(const page_t *page, sampled_t x) {
  if (isnan(x.high)) fprintf(page->stream, "unknown");
  else if (is_resolved(x))
    fprintf(page->stream, "about %.4g, in [%.4g, %.4g]", x.estimate, x.low,
            x.high);
  else fprintf(page->stream, "at most %.3g", x.high);
}

static void print_sampled_gradient(const page_t *page, const json_t *list) {
  size_t zeros = 0, bounded = 0, length = json_array_size(list);
  sampled_t least = {0}, most = {0}, bound = {0};
  bool any = false;
  for (size_t k = 0; k < length; k++) {
    const json_t *item = json_array_get(list, k);
    sampled_t x = sampled_at(item);
    if (json_is_string(item)) zeros++;
    else if (!is_resolved(x)) {
      bounded++;
      if (!(x.high <= bound.high)) bound = x;
    } else {
      if (!any || x.estimate < least.estimate) least = x;
      if (!any || x.estimate > most.estimate) most = x;
      any = true;
    }
  }
  if (any) {
    print_sampled(page, most);
    fprintf(page->stream, " at most,\n%*s", PAGE_INDENT, "");
    print_sampled(page, least);
    fprintf(page->stream, " at least");
    if (bounded) fprintf(page->stream, ",\n%*s", PAGE_INDENT, "");
  }
  if (bounded) {
    if (any) fprintf(page->stream, "unresolved for %zu: ", bounded);
    print_sampled(page, bound);
  }
  if (zeros && zeros == length) fprintf(page->stream, "0 for every parameter");
  if (!length) fprintf(page->stream, "no parameters");
  fputc('\n', page->stream);
}

static void print_paths(const page_t *page, const json_t *sampled) {
  page_label(page, "by sampling");
  fprintf(page->stream, "%lld Pauli paths; each interval holds with confidence "
                        "%g\n",
          (long long)json_integer_value(cert_at(sampled, "paths")),
          real_at(sampled, "confidence"));
  page_label(page, "  variance");
  print_sampled(page, sampled_at(cert_at(sampled, "variance")));
  fputc('\n', page->stream);
  page_label(page, "  E[(dl/dtheta)^2]");
  print_sampled_gradient(page, cert_at(sampled, "gradient_variance"));
}

/* --- other numbers of layers -------------------------------------------------------- */

/* Is the sampled interval outside (1 +- 1/10) times the deep variance? */
static bool surely_outside(const json_t *entry, const json_t *deep) {
  double haar = cert_get_double(deep);
  double low = json_number_value(json_object_get(entry, "low"));
  double high = json_number_value(json_object_get(entry, "high"));
  return low > 1.1 * haar || high < 0.9 * haar;
}

static void print_layers(const page_t *page, const json_t *layers) {
  if (!json_is_object(layers)) return;
  const json_t *needed = cert_at(layers, "layers_to_deep");
  const json_t *variance = cert_at(layers, "variance");
  const json_t *deep = cert_at(layers, "deep_variance");
  size_t count = json_array_size(variance), sampled = 0;
  size_t exact = (size_t)json_integer_value(cert_at(layers, "exact"));
  if (!count) return; /* there was no time */
  for (size_t l = exact; l < count; l++)
    if (surely_outside(json_array_get(variance, l), deep)) sampled = l + 1;
  char *text;
  long long here = json_integer_value(cert_at(layers, "repetitions"));
  if (json_is_null(deep))
    text = text_print("%lld like this one; %s", here,
                      cert_text_at(layers, "reason", "their limit is not known"));
  else if (json_is_integer(needed))
    text = text_print("%lld like this one; from %lld on the variance "
                      "stays within 10%% of their limit, as seen up to "
                      "%zu",
                      here, (long long)json_integer_value(needed), exact);
  else
    text = text_print("%lld like this one; it takes more than %zu for "
                      "the variance to stay within 10%% of their "
                      "limit%s",
                      here, sampled ? sampled : exact,
                      sampled ? " (by sampling)" : "");
  page_label(page, "layers");
  page_wrap(page, text, PAGE_INDENT, PAGE_INDENT);
  free(text);
}

/* "drawn normal:1/10", or "drawn uniform (3), normal:1/10 (12)"; a law is shown
   where it first occurs. */
static void print_laws(const page_t *page, const json_t *angles) {
  enum { SHOWN_LAWS = 3 };
  size_t count = json_array_size(angles), shown = 0;
  if (!count) {
    fprintf(page->stream, "independent angles, each uniform over a period\n");
    return;
  }
  fprintf(page->stream, "independent angles, drawn ");
  for (size_t k = 0; k < count && shown <= SHOWN_LAWS; k++) {
    const json_t *law = json_array_get(angles, k);
    size_t alike = 0;
    bool first = true;
    for (size_t i = 0; i < count && first; i++) {
      bool same = json_equal(law, json_array_get(angles, i));
      first = first && !(same && i < k);
      alike += same;
    }
    if (!first) continue;
    if (shown++ == SHOWN_LAWS) fprintf(page->stream, ", ...");
    else
      fprintf(page->stream, "%s%.40s", shown > 1 ? ", " : "",
              json_string_value(law) ? json_string_value(law) : "?");
    if (alike == count) break;
    if (shown <= SHOWN_LAWS) fprintf(page->stream, " (%zu)", alike);
  }
  fputc('\n', page->stream);
}

void report_depth(const page_t *page, const json_t *depth, const json_t *angles,
                  const json_t *names) {
  const json_t *sampled = cert_at(depth, "sampled");
  if (!json_is_object(depth)) return;
  page_heading(page, "This circuit");
  fprintf(page->stream, ", ");
  print_laws(page, angles);
  page_moments(page, depth, names);
  if (sampled) print_paths(page, sampled);
  print_layers(page, cert_at(depth, "layers"));
}

void report_noise(const page_t *page, const json_t *noise, const json_t *names) {
  const json_t *sampled = cert_at(noise, "sampled");
  if (!json_is_object(noise)) return;
  page_heading(page, "This circuit with noise");
  fprintf(page->stream, ", %s\n", cert_text_at(noise, "channel", "?"));
  page_moments(page, noise, names);
  if (sampled) print_paths(page, sampled);
}

static void print_number(const page_t *page, const json_t *x) {
  double value = cert_get_double(x);
  if (isnan(value)) fprintf(page->stream, "%12s", "-");
  else fprintf(page->stream, "%12.4g", value);
}

void report_initialisation(const page_t *page, const json_t *initialisation) {
  const json_t *rows = cert_at(initialisation, "widths"), *row;
  size_t i;
  if (!json_is_array(rows)) return;
  page_heading(page, "First angles normal around zero");
  fprintf(page->stream, json_is_true(cert_at(initialisation, "noisy"))
                            ? ", this circuit with noise\n"
                            : ", this circuit\n");
  fprintf(page->stream, "%14s%12s%12s%12s%14s\n", "width", "variance", "gradient",
          "shots", "resolvable");
  json_array_foreach((json_t *)rows, i, row) {
    fprintf(page->stream, "%14s", cert_text_at(row, "width", "?"));
    print_number(page, cert_at(row, "variance"));
    print_number(page, cert_at(row, "median_gradient_variance"));
    print_number(page, cert_at(row, "shots"));
    fprintf(page->stream, "%14s\n", cert_text_at(row, "gradients", "?"));
  }
  page_label(page, "start with");
  const char *best = cert_text_at(initialisation, "best", NULL);
  if (best) fprintf(page->stream, "--angles normal:%s takes the fewest shots\n", best);
  else fprintf(page->stream, "no width leaves gradients that few shots resolve\n");
}
