#include "cli/report/plot_page.h"

#include <stdlib.h>
#include <string.h>

#include <flint/flint.h>

#include "algebra/base/text.h"
#include "cli/format/json_number.h"
#include "cli/report/report.h"
#include "cli/terminal/page.h"
#include "config.h"

enum { MOST_CHECKS = 12, MOST_BLOCKS = 12 };

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n<style>\n"
    ":root{--paper:#fff;--ink:#222;--soft:#555;--line:#ddd;--shade:#f6f6f6;"
    "--good:#1b7f3b;--bad:#b3332f}\n"
    "body{font:16px/1.5 sans-serif;max-width:52em;margin:2em auto;padding:0 1em;"
    "color:var(--ink);background:var(--paper)}\n"
    "h1,h2{overflow-wrap:anywhere;line-height:1.25}\n"
    "table{border-collapse:collapse;margin:1em 0;display:block;overflow-x:auto}\n"
    "th,td{text-align:left;padding:.2em .9em .2em 0;vertical-align:top;"
    "border-bottom:1px solid var(--line)}\nth{font-weight:600}\n"
    "td.n{font-variant-numeric:tabular-nums;overflow-wrap:anywhere}"
    ".many td,.many th{white-space:nowrap}"
    ".many td:first-child{white-space:normal}\n"
    ".good{color:var(--good)}.bad{color:var(--bad);font-weight:600}\n"
    ".verdict{font-size:1.25em;font-weight:600}\n"
    "figure{margin:1.5em 0}figure svg{display:block;width:100%;max-width:640px;"
    "height:auto}\n"
    "figcaption,.soft{color:var(--soft);font-size:.92em}\n"
    "pre{overflow-x:auto;background:var(--shade);padding:1em;font-size:.85em}\n"
    "@media (max-width:480px){body{margin:1em auto;padding:0 .7em}"
    "th,td{padding-right:.5em}pre{font-size:.7em;padding:.6em}}\n"
    "@media (prefers-color-scheme:dark){:root{--paper:#16181d;--ink:#ddd;"
    "--soft:#a5a8ae;--line:#3a3d44;--shade:#20232a;--good:#5fc794;--bad:#ef8a80}"
    "figure svg{filter:invert(.9) hue-rotate(180deg)}}\n"
    "</style>\n";

static void put_number(FILE *page, const json_t *value) {
  char *text = page_number_text(value);
  plot_put_xml(page, text);
  free(text);
}

static void row(FILE *page, const char *label, const json_t *value) {
  fprintf(page, "<tr><th>%s</th><td class=\"n\">", label);
  put_number(page, value);
  fputs("</td></tr>\n", page);
}

/* --- tables -------------------------------------------------------------------- */

static void ansatz_table(FILE *page, const json_t *certificate) {
  const json_t *ideals = cert_at(certificate, "algebra.ideals");
  fputs("<h2>Ansatz and Lie algebra</h2>\n<table>\n", page);
  row(page, "qubits", cert_at(certificate, "ansatz.qubits"));
  row(page, "generators", cert_at(certificate, "ansatz.generators"));
  row(page, "parameters", cert_at(certificate, "ansatz.parameters"));
  row(page, "dimension of the algebra", cert_at(certificate, "algebra.dimension"));
  row(page, "dimension of its centre", cert_at(certificate, "algebra.center"));
  for (size_t i = 0; i < json_array_size(ideals); i++) {
    const json_t *ideal = json_array_get(ideals, i);
    fputs(i == 0 ? "<tr><th>simple ideals</th><td>" : "<tr><th></th><td>", page);
    put_number(page, cert_at(ideal, "count"));
    fputs(" × ", page);
    plot_put_xml(page, cert_text_at(ideal, "name", "?"));
    fputs("</td></tr>\n", page);
  }
  fprintf(page, "<tr><th>proved</th><td>%s</td></tr>\n</table>\n",
          json_is_true(cert_at(certificate, "algebra.proved")) ? "yes" : "no");
}

static void blocks_table(FILE *page, const json_t *blocks) {
  static const char *const keys[] = {"count", "beta", "N", "rank", "weight", "r"};
  size_t count = json_array_size(blocks);
  if (!count) return;
  fputs("<table class=\"many\">\n<tr><th>blocks</th><th>β</th><th>N</th><th>rank</th>"
        "<th>weight</th><th>r</th></tr>\n", page);
  for (size_t b = 0; b < count && b < MOST_BLOCKS; b++) {
    fputs("<tr>", page);
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
      fputs("<td class=\"n\">", page);
      put_number(page, cert_at(json_array_get(blocks, b), keys[k]));
      fputs("</td>", page);
    }
    fputs("</tr>\n", page);
  }
  fputs("</table>\n", page);
  if (count > MOST_BLOCKS)
    fprintf(page, "<p>and %zu more blocks.</p>\n", count - MOST_BLOCKS);
  fputs("<p class=\"soft\">Blocks of the Wishart form: how many alike, N x N matrices "
        "(β: 1 real, 2 complex, 4 quaternionic), the rank of the state, the block's weight "
        "in the loss, r degrees of freedom.</p>\n", page);
}

/* Where paths were sampled: the interval, with its confidence. */
static void sampled_row(FILE *page, const json_t *sampled) {
  const json_t *x = cert_at(sampled, "variance");
  if (!json_is_object(x)) return;
  fprintf(page, "<tr><th>the same, by sampling</th><td class=\"n\">about %.4g, "
                "in [%.4g, %.4g] with confidence %g</td></tr>\n",
          json_number_value(cert_at(x, "estimate")),
          json_number_value(cert_at(x, "low")),
          json_number_value(cert_at(x, "high")),
          json_number_value(cert_at(sampled, "confidence")));
}

/* The answer of one part of the verdict. */
static void answer_row(FILE *page, const char *label, const json_t *verdict,
                       const char *key) {
  const char *answer = cert_text_at(verdict, key, "undecided");
  fprintf(page, "<tr><th>%s</th><td class=\"%s\">", label,
          !strcmp(answer, "yes") ? "good" : !strcmp(answer, "no") ? "bad" : "");
  plot_put_xml(page, answer);
  fputs("</td></tr>\n", page);
}

static void text_row(FILE *page, const char *label, const char *text) {
  if (!text || !*text) return;
  fprintf(page, "<tr><th>%s</th><td>", label);
  plot_put_xml(page, text);
  fputs("</td></tr>\n", page);
}

static void gradient_row(FILE *page, const json_t *moments, const json_t *names) {
  char *text = page_gradient_text(cert_at(moments, "gradient_variance"), names);
  text_row(page, "E[(dl/dθ)²]", text);
  free(text);
}

/* "21.7; 273 for the worst" */
static void shots_row(FILE *page, const json_t *verdict) {
  const json_t *worst = cert_at(verdict, "shots_per_gradient.worst");
  fputs("<tr><th>shots per gradient component</th><td class=\"n\">", page);
  put_number(page, cert_at(verdict, "shots_per_gradient.typical"));
  if (json_is_string(worst) &&
      !json_equal(worst, cert_at(verdict, "shots_per_gradient.typical"))) {
    fputs("; ", page);
    put_number(page, worst);
    fputs(" for the worst", page);
  }
  fputs("</td></tr>\n", page);
}

static void dead_row(FILE *page, const json_t *dead) {
  if (!json_array_size(dead)) return;
  fputs("<tr><th>dead parameters</th><td>", page);
  for (size_t i = 0; i < json_array_size(dead); i++) {
    if (i) fputs(", ", page);
    const char *name = cert_text_at(json_array_get(dead, i), "", "?");
    plot_put_xml(page, name);
  }
  fputs("</td></tr>\n", page);
}

/* The order of the report in text: the verdict, this circuit, the deep one. */
static void landscape_table(FILE *page, const json_t *l, const json_t *names) {
  const json_t *verdict = cert_at(l, "verdict");
  fputs("<p class=\"verdict\">Trainable: ", page);
  plot_put_xml(page, cert_text_at(verdict, "trainable", "undecided"));
  fputs("</p>\n<table>\n", page);
  answer_row(page, "gradients", verdict, "gradients");
  shots_row(page, verdict);
  answer_row(page, "traps harmless", verdict, "traps");
  text_row(page, "next", cert_text_at(verdict, "next", ""));
  text_row(page, "because", cert_text_at(verdict, "because", ""));
  dead_row(page, cert_at(verdict, "dead_parameters"));
  fputs("</table>\n", page);
  if (json_is_object(cert_at(l, "finite_depth"))) {
    fputs("<h3>This circuit</h3>\n<table>\n", page);
    row(page, "mean", cert_at(l, "finite_depth.mean"));
    row(page, "variance", cert_at(l, "finite_depth.variance"));
    gradient_row(page, cert_at(l, "finite_depth"), names);
    sampled_row(page, cert_at(l, "finite_depth.sampled"));
    fputs("</table>\n", page);
  }
  if (json_is_object(cert_at(l, "noise"))) {
    fputs("<h3>This circuit with noise</h3>\n<table>\n", page);
    text_row(page, "noise", cert_text_at(l, "noise.channel", "?"));
    row(page, "mean", cert_at(l, "noise.mean"));
    row(page, "variance", cert_at(l, "noise.variance"));
    gradient_row(page, cert_at(l, "noise"), names);
    sampled_row(page, cert_at(l, "noise.sampled"));
    fputs("</table>\n", page);
  }
  fputs("<h3>Deep circuit</h3>\n<table>\n", page);
  row(page, "mean E[l]", cert_at(l, "mean"));
  row(page, "variance", cert_at(l, "variance"));
  gradient_row(page, l, names);
  if (json_is_string(cert_at(l, "gaussian_process.excess_kurtosis"))) {
    row(page, "excess kurtosis, exact",
        cert_at(l, "gaussian_process.excess_kurtosis_finite"));
    row(page, "excess kurtosis, Wishart form",
        cert_at(l, "gaussian_process.excess_kurtosis"));
  }
  if (json_is_string(cert_at(l, "minima.threshold"))) {
    row(page, "threshold p*", cert_at(l, "minima.threshold"));
    row(page, "γ = p/p*", cert_at(l, "minima.gamma"));
    row(page, "trap level (assumed form)", cert_at(l, "minima.trap_level"));
  }
  fputs("</table>\n", page);
  blocks_table(page, cert_at(l, "wishart.blocks"));
}

static void check_row(FILE *page, const json_t *check) {
  bool holds = json_is_true(cert_at(check, "holds"));
  static const char *const keys[] = {"predicted", "measured", "standard_error",
                                     "p_value"};
  fputs("<tr><td>", page);
  plot_put_xml(page, cert_text_at(check, "name", "?"));
  fputs("</td>", page);
  for (size_t k = 0; k < 4; k++) {
    const json_t *value = cert_at(check, keys[k]);
    if (json_is_number(value))
      fprintf(page, "<td class=\"n\">%.*g</td>", k < 2 ? 6 : 2,
              json_number_value(value));
    else
      fputs("<td></td>", page);
  }
  if (json_is_null(cert_at(check, "holds")))
    fputs("<td>not judged</td></tr>\n", page);
  else
    fprintf(page, "<td class=\"%s\">%s</td></tr>\n", holds ? "good" : "bad",
            holds ? "holds" : "fails");
}

/* Those that fail, and the first others. */
static void checks_table(FILE *page, const json_t *checks, long landscape) {
  size_t shown = 0, left_out = 0;
  for (size_t i = 0; i < json_array_size(checks); i++) {
    const json_t *check = json_array_get(checks, i);
    const json_t *at = cert_at(check, "landscape");
    if ((json_is_integer(at) ? json_integer_value(at) : -1) != landscape)
      continue;
    if (shown >= MOST_CHECKS && json_is_true(cert_at(check, "holds"))) {
      left_out++;
      continue;
    }
    if (shown++ == 0)
      fputs("<table class=\"many\">\n<tr><th>prediction</th><th>predicted</th><th>measured</th>"
            "<th>standard error</th><th>p</th><th></th></tr>\n", page);
    check_row(page, check);
  }
  if (shown) fputs("</table>\n", page);
  if (left_out)
    fprintf(page, "<p>and %zu more predictions that hold.</p>\n", left_out);
}

/* --- pictures ------------------------------------------------------------------ */

/* Every id of the picture gets the figure's name before it, as the page holds
   many pictures: after id=", id=', href="#, href='# and url(#. */
static void put_picture(FILE *page, const char *svg, const char *name) {
  static const char *const marks[] = {" id=\"",   " id='",   "href=\"#",
                                      "href='#", "url(#",   "url('#"};
  svg = strstr(svg, "<svg");
  while (svg && *svg) {
    size_t length = 0;
    for (size_t m = 0; m < sizeof marks / sizeof *marks && !length; m++)
      if (!strncmp(svg, marks[m], strlen(marks[m]))) length = strlen(marks[m]);
    if (length) fprintf(page, "%.*s%s-", (int)length, svg, name);
    else putc(*svg, page);
    svg += length ? length : 1;
  }
}

static void put_figures(FILE *page, const plot_folder_t folder,
                        long landscape) {
  for (size_t i = 0; i < folder->num_figures; i++) {
    const plot_figure_t *figure = folder->figures + i;
    if (figure->landscape != landscape) continue;
    char *svg = plot_picture(folder, figure);
    fputs("<figure>\n", page);
    if (svg) put_picture(page, svg, figure->name);
    fputs("\n<figcaption>", page);
    plot_put_xml(page, figure->caption);
    fprintf(page, " Data: %s.dat, script: %s.gp.</figcaption>\n</figure>\n",
            figure->name, figure->name);
    flint_free(svg);
  }
}

/* --- the page ------------------------------------------------------------------ */

static void put_landscape(FILE *page, const plot_folder_t folder,
                          const json_t *certificate, size_t index) {
  const json_t *rows = cert_at(certificate, "sweep");
  const json_t *list = cert_at(rows ? json_array_get(rows, 0) : certificate,
                               "landscapes");
  const json_t *l = json_array_get(list, index);
  fputs("<h2>Loss of O = ", page);
  plot_put_xml(page, cert_text_at(l, "observable", "?"));
  fputs(" on ", page);
  plot_put_xml(page, cert_text_at(l, "state", "?"));
  fputs("</h2>\n", page);
  if (!rows) {
    landscape_table(page, l, cert_at(certificate, "ansatz.parameter_names"));
    checks_table(page, cert_at(certificate, "checks"), (long)index);
  }
  put_figures(page, folder, (long)index);
}

static void put_report(FILE *page, const json_t *certificate) {
  char *text = NULL;
  size_t size;
  FILE *stream = text_open(&text, &size);
  (cert_at(certificate, "sweep") ? report_sweep : report_print)(
      stream, certificate, true);
  text_close(stream, &text);
  fputs("<h2>The report as text</h2>\n<pre>", page);
  plot_put_xml(page, text);
  fputs("</pre>\n", page);
  free(text);
}

void plot_page(plot_folder_t folder, const json_t *certificate,
               size_t num_drawn, bool has_pictures) {
  const json_t *rows = cert_at(certificate, "sweep");
  const json_t *first = rows ? json_array_get(rows, 0) : certificate;
  size_t count = json_array_size(cert_at(first, "landscapes"));
  const json_t *consistent = cert_at(certificate, "consistent");
  const char *name = cert_text_at(first, "ansatz.source.name", "?");
  FILE *page = plot_file(folder, "report", "html");
  fputs(head, page);
  fputs("<title>", page);
  plot_put_xml(page, name);
  fputs("</title>\n</head>\n<body>\n<h1>", page);
  plot_put_xml(page, name);
  fputs("</h1>\n", page);
  if (json_is_boolean(consistent))
    fprintf(page, "<p class=\"%s\">%s</p>\n",
            json_is_true(consistent) ? "good" : "bad",
            json_is_true(consistent)
                ? "Verified on samples: every prediction stands."
                : "Verified on samples: a prediction is refuted.");
  if (!has_pictures)
    fputs("<p>gnuplot was not found when this page was written, so it has no "
          "pictures.</p>\n", page);
  for (size_t j = 0; j < num_drawn; j++)
    put_landscape(page, folder, certificate, j);
  if (!rows) ansatz_table(page, certificate);
  checks_table(page, cert_at(certificate, "checks"), -1);
  if (num_drawn < count)
    fprintf(page, "<p>The first %zu of %zu landscapes are shown; the text has "
                  "them all.</p>\n", num_drawn, count);
  put_report(page, certificate);
  fprintf(page, "<p>%s</p>\n</body>\n</html>\n", PACKAGE_STRING);
  plot_close(folder, page);
}
