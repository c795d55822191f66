/* Histogram of one derivative with its predicted law. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <flint/flint.h>

#include "algebra/base/text.h"

#include "cli/report/plot_figures.h"

typedef struct {
  const char *name, *title, *of; /* the parameter's name, cut */
  const double *values; /* NULL: no samples */
  size_t parameter;
  double variance, reach;
} gradient_t;

static const double *samples_of(const plot_t *plot, size_t *parameter) {
  const verify_report_struct *s = plot->samples;
  if (!s || !s->kept_gradients || !s->kept_gradients[plot->index]) return NULL;
  *parameter = s->kept_parameters[plot->index];
  return s->kept_gradients[plot->index];
}

static double write_data(const plot_t *plot, const gradient_t *g) {
  static double x[PLOT_POINTS], law[PLOT_POINTS];
  FILE *data = plot_file(plot->folder, g->name, "dat");
  double top = 0;
  fprintf(data, "# Derivative of the loss with respect to %s; per radian.\n", g->of);
  if (g->values) {
    fprintf(data, "# Block 0: histogram of %zu samples: bin centre, density.\n",
            plot->samples->num_samples);
    top = plot_histogram(data, g->values, plot->samples->num_samples,
                         -g->reach, g->reach);
  }
  plot_grid(x, -g->reach, g->reach);
  density_gradient(law, x, PLOT_POINTS, plot->law->gradient_terms,
                   plot->law->num_terms, g->variance, plot->seed);
  fprintf(data, "# Block %d: derivative, variance-gamma law, normal law; both "
                "of the exact variance %.9g.\n", g->values ? 1 : 0, g->variance);
  for (size_t i = 0; i < PLOT_POINTS; i++) {
    double normal = density_normal(x[i], 0, g->variance);
    fprintf(data, "%.9g", x[i]);
    plot_cell(data, plot->law->num_terms ? law[i] : NAN);
    plot_cell(data, normal);
    putc('\n', data);
    top = fmax(top, normal);
  }
  /* Infinite in the middle for one degree of freedom. */
  if (plot->law->num_terms)
    top = fmax(top, fmin(law[PLOT_POINTS / 2], 4 * top));
  plot_close(plot->folder, data);
  return top;
}

static void write_script(const plot_t *plot, const gradient_t *g, double top) {
  FILE *script = plot_script(plot->folder, g->name);
  int block = g->values ? 1 : 0;
  char *label = text_print("derivative with respect to %s  (per radian)", g->of);
  fputs("set title ", script);
  plot_quote(script, g->title);
  fputs(" noenhanced\nset xlabel ", script);
  plot_quote(script, label);
  free(label);
  fprintf(script, " noenhanced\nset ylabel 'probability density'\n"
                  "set xrange [%.9g:%.9g]\nset yrange [0:%.9g]\n",
          -g->reach, g->reach, 1.08 * top);
  plot_small_ticks(script, -g->reach, g->reach);
  fputs("plot", script);
  if (g->values)
    fprintf(script, " '%s.dat' index 0 using 1:2 with boxes fs solid noborder "
                    "ls 1 title '%zu samples', \\\n    ", g->name,
            plot->samples->num_samples);
  if (plot->law->num_terms) {
    fprintf(script, " '%s.dat' index %d using 1:2 with lines ls 3 title 'variance-gamma",
            g->name, block);
    if (plot->law->gradient_freedom < 1e6) /* beyond, it is the normal law */
      fprintf(script, ", %.4g degrees of freedom", plot->law->gradient_freedom);
    fputs("', \\\n    ", script);
  }
  fprintf(script, " '%s.dat' index %d using 1:3 with lines ls 4 title "
                  "'normal'\n", g->name, block);
  plot_close(plot->folder, script);
}

void plot_gradient(const plot_t *plot) {
  gradient_t g = {0};
  if (!plot_law_gradient(&g.parameter, &g.variance, plot->landscape)) return;
  g.values = samples_of(plot, &g.parameter);
  g.reach = 4.5 * sqrt(g.variance);
  char *name = plot_name("gradient", plot->index);
  char *title = plot_title("Derivative, deep circuit", plot->landscape), *caption;
  const char *of = json_string_value(json_array_get(plot->names, g.parameter));
  char *parameter = of ? text_print("%.40s%s", of, strlen(of) > 40 ? "..." : "")
                       : text_print("parameter %zu", g.parameter);
  g.of = parameter;
  g.name = name;
  g.title = title;
  write_script(plot, &g, write_data(plot, &g));
  caption = text_print("The derivative with respect to %s, the one of greatest variance, "
                       "at random parameters of the deep circuit. The variance %.4g is "
                       "exact%s.", parameter, g.variance,
                       plot->law->num_terms
                           ? "; the shape of the dashed line is the asymptotic form for a "
                             "rotation by a balanced generator (on free fermions: of one "
                             "pair of Majoranas)"
                           : "");
  free(parameter);
  plot_add_figure(plot->folder, (long)plot->index, name, title, caption);
  free(caption);
  free(name);
  free(title);
}
