/* Local minima against the number of parameters, with the predicted edge. */
#include <math.h>
#include <stdlib.h>

#include <flint/flint.h>

#include "cli/json_number.h"
#include "cli/plot_figures.h"

/* Prediction only: gamma = p / p* up to 2. */
static void write_edge(FILE *data) {
  fputs("# Block 0: gamma = p/p*, predicted edge (1 - sqrt(gamma))^2 in units of "
        "the mean loss offset\n", data);
  for (int i = 0; i <= 200; i++) {
    double gamma = i / 100.0, root = 1 - sqrt(gamma);
    fprintf(data, "%.4g %.9g\n", gamma, gamma < 1 ? root * root : 0.0);
  }
  fputs("\n\n", data);
}

void plot_minima(const plot_t *plot) {
  const json_t *minima = json_at(plot->landscape, "minima");
  double gamma = json_get_double(json_at(minima, "gamma"));
  if (!isfinite(gamma)) return;
  char *name = plot_name("minima", plot->index);
  char *title = plot_title("Local minima", plot->landscape), *caption;
  FILE *data = plot_file(plot->folder, name, "dat");
  write_edge(data);
  plot_close(plot->folder, data);
  FILE *script = plot_script(plot->folder, name);
  fputs("set title ", script);
  plot_quote(script, title);
  fprintf(script,
          " noenhanced\nset xlabel 'γ = p / p*  (parameters over "
          "threshold)'\n"
          "set ylabel 'loss above the least, over its mean'\n"
          "set xrange [0:2]\nset yrange [-0.02:1.02]\n");
  if (gamma <= 2)
    fprintf(script, "set arrow from %.9g,0 to %.9g,1 nohead ls 4\n", gamma,
            gamma);
  fprintf(script, "plot '%s.dat' index 0 using 1:2 with lines ls 3 title "
                  "'predicted edge (assumed form)'", name);
  if (gamma <= 2)
    fprintf(script, ", \\\n     NaN with lines ls 4 title 'this ansatz, "
                    "γ = %.4g'", gamma);
  putc('\n', script);
  plot_close(plot->folder, script);
  if (asprintf(&caption,
               "Above the edge a critical point is almost never a local "
               "minimum. This ansatz has p/p* = %.4g%s. The edge is an "
               "assumption checked by simulation, not a theorem.", gamma,
               gamma > 2 ? ", to the right of this picture" : "") < 0)
    flint_abort();
  plot_add_figure(plot->folder, (long)plot->index, name, title, caption);
  free(caption);
  free(name);
  free(title);
}
