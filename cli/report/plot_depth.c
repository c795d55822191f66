/* Variance of the loss against the number of layers, with the Haar line. */
#include <math.h>
#include <stdlib.h>

#include <flint/flint.h>

#include "cli/format/json_number.h"
#include "cli/report/plot_figures.h"

/* Exact variance of the circuit as written, NaN when it is not known. */
static double own_variance(const plot_t *plot) {
  return cert_get_double(cert_at(plot->landscape, "finite_depth.variance"));
}

static double write_data(const plot_t *plot, const char *name) {
  const verify_profile_t *p = &plot->samples->profile;
  FILE *data = plot_file(plot->folder, name, "dat");
  double top = 0;
  fprintf(data, "# %zu circuits followed layer by layer.\n"
                "# Block 0: layers, variance of the loss, 2 standard errors, "
                "mean.\n", p->num_samples);
  for (size_t t = 0; t < p->num_points; t++) {
    const verify_point_t *point = p->points + plot->index * p->num_points + t;
    fprintf(data, "%zu %.9g %.9g %.9g\n", p->layers[t], point->variance,
            2 * point->standard_error, point->mean);
    top = fmax(top, point->variance + 2 * point->standard_error);
  }
  fputs("\n\n# Block 1: the circuit once, exact variance.\n1", data);
  plot_cell(data, own_variance(plot));
  putc('\n', data);
  plot_close(plot->folder, data);
  return fmax(top, fmax(isnan(plot->law->variance) ? 0 : plot->law->variance,
                        isnan(own_variance(plot)) ? 0 : own_variance(plot)));
}

static void write_script(const plot_t *plot, const char *name,
                         const char *title, double top) {
  const verify_profile_t *p = &plot->samples->profile;
  FILE *script = plot_script(plot->folder, name);
  fputs("set title ", script);
  plot_quote(script, title);
  fprintf(script, " noenhanced\nset xlabel 'layers (the circuit once is 1)'\n"
                  "set ylabel 'variance of the loss'\nset logscale x 2\n"
                  "set format x '%%.0f'\n"
                  "set xrange [0.8:%.9g]\nset yrange [0:%.9g]\nplot",
          1.25 * (double)p->layers[p->num_points - 1], 1.08 * top);
  if (!isnan(plot->law->variance))
    fprintf(script, " %.12g with lines ls 2 title 'deep circuit (Haar), exact', "
                    "\\\n    ", plot->law->variance);
  fprintf(script, " '%s.dat' index 0 using 1:2 with lines ls 6 lw 1.5 notitle, "
                  "\\\n     '%s.dat' index 0 using 1:2:3 with yerrorbars ls 5 "
                  "pt 7 ps 0.6 title '%zu samples, two standard errors'",
          name, name, p->num_samples);
  if (!isnan(own_variance(plot)))
    fprintf(script, ", \\\n     '%s.dat' index 1 using 1:2 with points lc rgb "
                    "'#2d6a4f' pt 6 ps 1.6 lw 2 title 'circuit as written, exact'",
            name);
  putc('\n', script);
  plot_close(plot->folder, script);
}

void plot_depth(const plot_t *plot) {
  if (!plot->samples || !plot->samples->profile.num_points) return;
  char *name = plot_name("depth", plot->index);
  char *title = plot_title("From this circuit to the deep one", plot->landscape);
  double top = write_data(plot, name);
  if (top > 0) {
    write_script(plot, name, title, top);
    plot_add_figure(
        plot->folder, (long)plot->index, name, title,
        "Variance of the loss after 1, 2, 4, ... layers of random angles, "
        "against its exact value for the deep circuit. One layer is the circuit "
        "once; its fixed gates are undone between layers.");
  }
  free(name);
  free(title);
}
