/* Histogram of the loss with its predicted densities: at this very size, in the
   Wishart form, and the normal law of equal mean and variance. */
#include <math.h>
#include <stdlib.h>

#include "algebra/base/text.h"
#include "cli/report/plot_adjoint.h"
#include "cli/report/plot_figures.h"
#include "numeric/machine/memory.h"

/* What is drawn is u = l - centre, from low to high: of a law far from 0 for its breadth
   neither axis nor data would show anything else than its mean. */
typedef struct {
  double low, high, centre;
} range_t;

static range_t range_of(const plot_t *plot) {
  const plot_law_t *law = plot->law;
  double reach = 4.2 * sqrt(law->variance);
  range_t range = {law->mean - reach, law->mean + reach, 0};
  if (plot->samples) {
    const double *l = plot->samples->losses[plot->index];
    double least = l[0], most = l[0];
    for (size_t i = 0; i < plot->samples->num_samples; i++) {
      least = fmin(least, l[i]);
      most = fmax(most, l[i]);
    }
    range = (range_t){least, most, 0};
  } else if (isfinite(law->low)) {
    range.low = fmax(range.low, law->low);
    range.high = fmin(range.high, law->high);
  }
  if (fabs(law->mean) > 1e3 * (range.high - range.low)) {
    range.centre = law->mean;
    range.low = plot->samples ? range.low - law->mean : -reach;
    range.high = plot->samples ? range.high - law->mean : reach;
  }
  return range;
}

typedef struct {
  double x[PLOT_POINTS], exact[PLOT_POINTS], wishart[PLOT_POINTS],
      normal[PLOT_POINTS];
  bool has_exact, is_exact, has_wishart, has_normal;
  double top; /* of the densities to be shown in full */
} curves_t;

static void compute(curves_t *c, const plot_t *plot, range_t range) {
  const plot_law_t *law = plot->law;
  double mean = law->mean - range.centre;
  plot_grid(c->x, range.low + range.centre, range.high + range.centre);
  c->top = 0;
  c->has_exact = density_claim(c->exact, &c->is_exact, c->x, PLOT_POINTS,
                               &law->claim, plot->seed);
  plot_grid(c->x, range.low, range.high);
  if (!c->has_exact)
    c->has_exact = c->is_exact =
        plot_adjoint_density(c->exact, c->x, PLOT_POINTS, plot->landscape);
  c->has_wishart = law->num_terms > 0;
  c->has_normal = law->variance > 0;
  if (c->has_wishart)
    density_gamma_sum(c->wishart, c->x, PLOT_POINTS, mean, law->terms, law->num_terms,
                      plot->seed);
  for (size_t i = 0; i < PLOT_POINTS; i++) {
    c->normal[i] = c->has_normal ? density_normal(c->x[i], mean, law->variance)
                                 : NAN;
    if (!c->has_exact) c->exact[i] = NAN;
    if (!c->has_wishart) c->wishart[i] = NAN;
    if (c->has_normal) c->top = fmax(c->top, c->normal[i]);
  }
  /* A density may be infinite at an end. */
  for (size_t i = 4; c->has_exact && i < PLOT_POINTS - 4; i++)
    c->top = fmax(c->top, fmin(c->exact[i], 4 * c->top));
}

/* The histogram of l - centre; the largest density. */
static double write_samples(FILE *data, const plot_t *plot, range_t range) {
  size_t count = plot->samples->num_samples;
  double *u = memory_get(count, sizeof *u), top;
  for (size_t i = 0; i < count; i++)
    u[i] = plot->samples->losses[plot->index][i] - range.centre;
  top = plot_histogram(data, u, count, range.low, range.high);
  free(u);
  return top;
}

static double write_data(const plot_t *plot, const char *name,
                         const curves_t *c, range_t range) {
  FILE *data = plot_file(plot->folder, name, "dat");
  double top = c->top;
  fprintf(data, "# Loss l = Tr(rho U^dag O U)");
  if (range.centre != 0) fprintf(data, " minus %.17g", range.centre);
  fprintf(data, "; no units but those of O.\n");
  if (plot->samples) {
    fprintf(data, "# Block 0: histogram of %zu samples: bin centre, density.\n",
            plot->samples->num_samples);
    top = fmax(top, write_samples(data, plot, range));
  }
  fprintf(data, "# Block %d: l, density at this size, Wishart form, normal law "
                "of equal mean and variance.\n", plot->samples ? 1 : 0);
  for (size_t i = 0; i < PLOT_POINTS; i++) {
    fprintf(data, "%.9g", c->x[i]);
    plot_cell(data, c->exact[i]);
    plot_cell(data, c->wishart[i]);
    plot_cell(data, c->normal[i]);
    putc('\n', data);
  }
  plot_close(plot->folder, data);
  return top;
}

static void write_script(const plot_t *plot, const char *name,
                         const char *title, const curves_t *c, range_t range,
                         double top) {
  FILE *script = plot_script(plot->folder, name);
  int block = plot->samples ? 1 : 0;
  const char *separator = "plot";
  fputs("set title ", script);
  plot_quote(script, title);
  fputs(" noenhanced\nset xlabel 'loss  l = Tr(ρ U† O U)", script);
  if (range.centre != 0) fprintf(script, "  minus its mean, %.9g", range.centre);
  fprintf(script, "'\nset ylabel 'probability density'\n"
                  "set xrange [%.9g:%.9g]\nset yrange [0:%.9g]\n",
          range.low, range.high, 1.08 * top);
  plot_small_ticks(script, range.low, range.high);
  if (plot->samples) {
    fprintf(script, "%s '%s.dat' index 0 using 1:2 with boxes fs solid noborder "
                    "ls 1 title '%zu samples'", separator, name,
            plot->samples->num_samples);
    separator = ", \\\n    ";
  }
  if (c->has_exact) {
    fprintf(script, "%s '%s.dat' index %d using 1:2 with lines ls 2 title '%s'",
            separator, name, block,
            c->is_exact ? "predicted, exact" : "predicted (reference samples)");
    separator = ", \\\n    ";
  }
  if (c->has_wishart) {
    fprintf(script, "%s '%s.dat' index %d using 1:3 with lines ls 3 title "
                    "'Wishart form'", separator, name, block);
    separator = ", \\\n    ";
  }
  if (c->has_normal)
    fprintf(script, "%s '%s.dat' index %d using 1:4 with lines ls 4 title "
                    "'normal'", separator, name, block);
  putc('\n', script);
  plot_close(plot->folder, script);
}

void plot_loss(const plot_t *plot) {
  static curves_t curves;
  range_t range = range_of(plot);
  double scale = fabs(range.low) + fabs(range.high) + 1e-300;
  bool single =
      plot->samples && plot->samples->precision == PRECISION_SINGLE;
  /* Unknown, or constant: nothing to draw. */
  if (!(range.high - range.low > (single ? 1e-4 : 1e-9) * scale)) return;
  compute(&curves, plot, range);
  if (!plot->samples && !curves.has_normal && !curves.has_exact) return;
  char *name = plot_name("loss", plot->index);
  char *title = plot_title("Loss, deep circuit", plot->landscape);
  double top = write_data(plot, name, &curves, range);
  write_script(plot, name, title, &curves, range, top);
  char *caption = text_print(
      "The loss over random parameters of the deep circuit: %s%s%sthe normal law of its "
      "mean and variance (dotted).%s",
      plot->samples ? "sampled (bars), " : "",
      curves.has_exact ? "predicted at this very size (solid), " : "",
      curves.has_wishart ? "in the asymptotic Wishart form (dashed), " : "",
      plot->samples ? " Predictions are not fitted." : "");
  plot_add_figure(plot->folder, (long)plot->index, name, title, caption);
  free(caption);
  free(name);
  free(title);
}
