/* Local minima against the number of parameters, with the law of all minima and its limit. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <flint/flint.h>

#include "cli/format/json_number.h"
#include "algebra/base/text.h"
#include "cli/report/plot_figures.h"
#include "numeric/sample/minima_law.h"

/* Prediction only: gamma = p / p* up to 2. */
static void write_edge(FILE *data) {
  fputs("# Block 0: gamma = p/p*, level where minima gather in the limit, in units "
        "of the mean loss offset\n", data);
  for (int i = 0; i <= 200; i++) {
    double gamma = i / 100.0;
    fprintf(data, "%.4g %.9g\n", gamma, minima_law_edge(gamma));
  }
  fputs("\n\n", data);
}

/* Where the starts of each row ended; returns the largest gamma. */
static double write_found(FILE *data, const json_t *found, double gamma) {
  const json_t *rows = cert_at(found, "rows");
  double least = json_number_value(cert_at(found, "least"));
  double unit = json_number_value(cert_at(found, "mean")) - least;
  fputs("# Block 1: every minimum found: gamma, level, 1 for the circuit as "
        "written\n", data);
  for (size_t i = 0; i < json_array_size(rows); i++) {
    const json_t *row = json_array_get(rows, i), *losses = cert_at(row, "losses");
    double at = json_number_value(cert_at(row, "gamma"));
    gamma = fmax(gamma, at);
    for (size_t k = 0; k < json_array_size(losses); k++)
      fprintf(data, "%.9g %.9g %d\n", at,
              (json_number_value(json_array_get(losses, k)) - least) / unit,
              !strcmp(cert_text_at(row, "ensemble", ""), "as written"));
  }
  fputs("\n\n# Block 2: gamma, median, 10% and 90% quantiles, 1 for the circuit "
        "as written\n", data);
  for (size_t i = 0; i < json_array_size(rows); i++) {
    const json_t *row = json_array_get(rows, i);
    const json_t *levels = cert_at(row, "quantiles");
    fprintf(data, "%.9g %.9g %.9g %.9g %d\n",
            json_number_value(cert_at(row, "gamma")),
            json_number_value(json_object_get(levels, "0.5")),
            json_number_value(json_object_get(levels, "0.1")),
            json_number_value(json_object_get(levels, "0.9")),
            !strcmp(cert_text_at(row, "ensemble", ""), "as written"));
  }
  fputs("\n\n# Block 3: gamma, median, 10% and 90% quantiles of all minima, by the law\n",
        data);
  for (size_t i = 0; i < json_array_size(rows); i++) {
    const json_t *row = json_array_get(rows, i), *law = cert_at(row, "law");
    if (json_is_object(law))
      fprintf(data, "%.9g %.9g %.9g %.9g\n",
              json_number_value(cert_at(row, "gamma")),
              json_number_value(json_object_get(law, "0.5")),
              json_number_value(json_object_get(law, "0.1")),
              json_number_value(json_object_get(law, "0.9")));
  }
  return gamma;
}

static void write_script(const plot_t *plot, const char *name,
                         const char *title, double gamma, double reach,
                         bool found) {
  FILE *script = plot_script(plot->folder, name);
  fputs("set title ", script);
  plot_quote(script, title);
  fprintf(script,
          " noenhanced\nset xlabel 'γ = p / p*  (parameters over threshold)'\n"
          "set ylabel '(l - least) / (mean - least)'\n"
          "set xrange [0:%.9g]\nset yrange [-0.04:1.04]\n", reach);
  if (gamma <= reach)
    fprintf(script, "set arrow from %.9g,0 to %.9g,1 nohead ls 4\n", gamma,
            gamma);
  fprintf(script, "plot '%s.dat' index 0 using 1:2 with lines ls 3 title "
                  "'limit of many degrees of freedom'", name);
  if (found)
    fprintf(script,
            ", \\\n     '%s.dat' index 1 using ($1+0.05*(rand(0)-0.5)):2 with "
            "points ls 1 pt 7 ps 0.25 title 'minima found (spread sideways)', "
            "\\\n     '%s.dat' index 2 using 1:2:3:4 with yerrorbars ls 5 pt 7 "
            "ps 0.7 title 'median, 10%% to 90%%', \\\n     '%s.dat' index 3 using "
            "1:2:3:4 with yerrorbars ls 2 pt 5 ps 0.6 title 'all minima, by the law'",
            name, name, name);
  if (gamma <= reach)
    fprintf(script, ", \\\n     NaN with lines ls 4 title 'this ansatz, "
                    "γ = %.4g'", gamma);
  putc('\n', script);
  plot_close(plot->folder, script);
}

void plot_minima(const plot_t *plot) {
  double gamma =
      cert_get_double(cert_at(plot->landscape, "minima.gamma"));
  if (!isfinite(gamma)) return;
  char *name = plot_name("minima", plot->index);
  char *title = plot_title("Local minima, deep circuit", plot->landscape), *caption;
  FILE *data = plot_file(plot->folder, name, "dat");
  bool found = json_array_size(cert_at(plot->minima, "rows")) > 0;
  double reach = 2;
  write_edge(data);
  if (found && write_found(data, plot->minima, gamma) < 4)
    reach = fmax(reach, gamma);
  plot_close(plot->folder, data);
  write_script(plot, name, title, gamma, 1.04 * reach, found);
  caption = text_print("Where local minima lie in the limit of many degrees of freedom%s. "
                       "This ansatz has p/p* = %.4g%s. The law is computed "
                       "in an ensemble, checked by simulation, not a theorem.%s%s",
                       found ? ", and what was found" : "", gamma,
                       gamma > 1.04 * reach ? ", to the right of this picture" : "",
                       found ? " Found: " : "",
                       found ? cert_text_at(plot->minima, "agreement", "") : "");
  plot_add_figure(plot->folder, (long)plot->index, name, title, caption);
  free(caption);
  free(name);
  free(title);
}
