/* Estimates of mean and variance as samples come in. */
#include <math.h>
#include <stdlib.h>

#include "cli/report/plot_figures.h"

enum { STEPS = 160, FIRST = 32 };

/* Mean, variance and their standard errors from power sums of l - centre. */
static void write_row(FILE *data, double n, const double *sums, double centre) {
  double m = sums[0] / n, m2 = sums[1] / n - m * m;
  double m3 = sums[2] / n, s2 = sums[1] / n;
  double m4 = sums[3] / n - 4 * m * m3 + 6 * m * m * s2 - 3 * m * m * m * m;
  double variance = m2 * n / (n - 1);
  fprintf(data, "%.0f %.9g %.9g %.9g %.9g\n", n, centre + m,
          2 * sqrt(fmax(0, variance) / n), variance,
          2 * sqrt(fmax(0, m4 - m2 * m2) / n));
}

static void write_data(const plot_t *plot, const char *name) {
  const double *l = plot->samples->losses[plot->index];
  size_t total = plot->samples->num_samples, written = 0;
  double sums[4] = {0}, centre = l[0];
  double ratio = pow((double)total / FIRST, 1.0 / STEPS), next = FIRST;
  FILE *data = plot_file(plot->folder, name, "dat");
  fputs("# samples, mean, 2 standard errors, variance, 2 standard errors\n",
        data);
  for (size_t i = 0; i < total; i++) {
    double d = l[i] - centre;
    sums[0] += d;
    sums[1] += d * d;
    sums[2] += d * d * d;
    sums[3] += d * d * d * d;
    if ((double)(i + 1) < next && i + 1 < total) continue;
    write_row(data, (double)(i + 1), sums, centre);
    while (next <= (double)(i + 1) && written++ < STEPS) next *= ratio;
  }
  plot_close(plot->folder, data);
}

static void write_panel(FILE *script, const char *name, const char *quantity,
                        int column, double predicted) {
  fprintf(script, "set ylabel '%s'\n"
                  "plot '%s.dat' using 1:($%d-$%d):($%d+$%d) with filledcurves "
                  "ls 6 title 'two standard errors', \\\n"
                  "     '%s.dat' using 1:%d with lines ls 5 title 'estimate'",
          quantity, name, column, column + 1, column, column + 1, name, column);
  if (!isnan(predicted))
    fprintf(script, ", \\\n     %.12g with lines ls 2 title 'predicted, exact'",
            predicted);
  putc('\n', script);
}

static void write_script(const plot_t *plot, const char *name,
                         const char *title) {
  FILE *script = plot_script(plot->folder, name);
  fputs("set multiplot layout 2,1 margins 0.2,0.96,0.37,0.88 spacing 0.08\n"
        "set title ", script); /* one key, below */
  plot_quote(script, title);
  fprintf(script, " noenhanced\nset logscale x\nset xrange [%d:%zu]\n"
                  "set format x ''\nset xlabel ''\nset xtics (", FIRST,
          plot->samples->num_samples);
  const char *separator = "";
  for (size_t tick = 50; tick <= plot->samples->num_samples;
       tick *= tick % 3 == 2 ? 2 : 5, separator = ", ")
    fprintf(script, "%s%zu", separator, tick);
  fputs(")\n", script);
  fputs("unset key\n", script);
  write_panel(script, name, "mean of l", 2, plot->law->mean);
  fputs("set xlabel 'number of samples'\nset format x '%.0f'\nunset title\n"
        "set key at screen 0.75,0.005 bottom right vertical maxrows 3\n", script);
  write_panel(script, name, "variance of l", 4, plot->law->variance);
  fputs("unset multiplot\n", script);
  plot_close(plot->folder, script);
}

void plot_convergence(const plot_t *plot) {
  if (!plot->samples || plot->samples->num_samples < 2 * FIRST) return;
  char *name = plot_name("convergence", plot->index);
  char *title = plot_title("Convergence, deep circuit", plot->landscape);
  write_data(plot, name);
  write_script(plot, name, title);
  plot_add_figure(plot->folder, (long)plot->index, name, title,
                  "Estimates of the mean and the variance of the loss as "
                  "samples come in, with two standard errors to either side; "
                  "the exact predictions as lines.");
  free(name);
  free(title);
}
