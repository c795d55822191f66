/* Variance and gradient against the width of normal first angles. */
#include <math.h>
#include <stdlib.h>

#include "cli/format/json_number.h"
#include "cli/report/plot_figures.h"

static void write_script(const plot_t *plot, const char *name, const char *title,
                         double best) {
  FILE *script = plot_script(plot->folder, name);
  fputs("set title ", script);
  plot_quote(script, title);
  fputs(" noenhanced\nset key outside bottom center vertical maxrows 3\n"
        "set xlabel 'log2 of the width of a normal law around zero'\n"
        "set ylabel 'log10'\nset xrange [-6.3:1.3]\nset offsets 0, 0, graph 0.1, graph 0.1\n",
        script);
  if (isfinite(best))
    fprintf(script, "set arrow from %.9g, graph 0 to %.9g, graph 1 nohead ls 4\n"
                    "set label 'fewest shots' at %.9g, graph 0.95 right offset -0.6,0\n",
            log2(best), log2(best), log2(best));
  fprintf(script,
          "plot '%s.dat' using 1:2 with linespoints ls 5 pt 7 ps 0.7 title 'variance', "
          "\\\n     '' using 1:3 with linespoints ls 3 pt 5 ps 0.7 title 'median gradient "
          "variance', \\\n     '' using 1:4 with linespoints ls 2 pt 6 ps 0.7 title 'shots "
          "for a component'\n", name);
  plot_close(plot->folder, script);
}

void plot_widths(const plot_t *plot) {
  const json_t *rows = cert_at(plot->landscape, "initialisation.widths"), *row;
  size_t i, known = 0;
  json_array_foreach((json_t *)rows, i, row)
    if (isfinite(plot_log10(cert_at(row, "variance")))) known++;
  if (known < 2) return;
  char *name = plot_name("widths", plot->index);
  char *title = plot_title("First angles normal around zero", plot->landscape);
  double best = cert_get_double(cert_at(plot->landscape, "initialisation.best"));
  FILE *data = plot_file(plot->folder, name, "dat");
  fputs("# log2 of the width, log10 of: variance, median gradient variance, shots\n", data);
  json_array_foreach((json_t *)rows, i, row) {
    fprintf(data, "%.9g", log2(cert_get_double(cert_at(row, "width"))));
    plot_cell(data, plot_log10(cert_at(row, "variance")));
    plot_cell(data, plot_log10(cert_at(row, "median_gradient_variance")));
    plot_cell(data, plot_log10(cert_at(row, "shots")));
    putc('\n', data);
  }
  plot_close(plot->folder, data);
  write_script(plot, name, title, best);
  plot_add_figure(plot->folder, (long)plot->index, name, title,
                  "This circuit when every angle is drawn from a normal law around zero: "
                  "variance of the loss, the median of the gradient variances that are not "
                  "0, and the shots that such a component takes, exact, for several widths "
                  "(standard deviations).");
  free(name);
  free(title);
}
