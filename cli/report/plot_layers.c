/* Variance and median gradient variance against the number of layers. */
#include <math.h>
#include <stdlib.h>

#include "cli/format/json_number.h"
#include "algebra/base/text.h"
#include "cli/report/plot_figures.h"

static double log_of(double x) { return x > 0 ? log10(x) : NAN; }

static double member(const json_t *entry, const char *key) {
  return json_number_value(json_object_get(entry, key));
}

static void write_exact(FILE *data, const json_t *variance,
                        const json_t *gradient, size_t exact) {
  for (size_t l = 0; l < exact; l++) {
    fprintf(data, "%zu", l + 1);
    plot_cell(data, plot_log10(json_array_get(variance, l)));
    plot_cell(data, plot_log10(json_array_get(gradient, l)));
    putc('\n', data);
  }
}

/* A point and its interval for each; an upper bound alone has no point. */
static void write_sampled(FILE *data, const json_t *variance,
                          const json_t *gradient, size_t exact) {
  for (size_t l = exact; l < json_array_size(variance); l++) {
    const json_t *lists[2] = {json_array_get(variance, l),
                              json_array_get(gradient, l)};
    fprintf(data, "%zu", l + 1);
    for (int i = 0; i < 2; i++) {
      double low = member(lists[i], "low"), high = member(lists[i], "high");
      bool resolved = low > 0;
      plot_cell(data, resolved ? log_of(member(lists[i], "estimate")) : NAN);
      plot_cell(data, resolved ? log_of(low) : NAN);
      plot_cell(data, log_of(high));
    }
    putc('\n', data);
  }
}

/* What there is to draw; noise: a block behind the others. */
typedef struct {
  bool any_exact, any_sampled, any_noise;
} blocks_t;

/* Exact and sampled entries alike: estimates that are resolved. */
static void write_noise(FILE *data, const json_t *layers) {
  const json_t *variance = cert_at(layers, "variance");
  const json_t *gradient = cert_at(layers, "median_gradient_variance");
  size_t exact = (size_t)json_integer_value(cert_at(layers, "exact"));
  for (size_t l = 0; l < json_array_size(variance); l++) {
    const json_t *lists[2] = {json_array_get(variance, l), json_array_get(gradient, l)};
    fprintf(data, "%zu", l + 1);
    for (int i = 0; i < 2; i++)
      plot_cell(data, l < exact ? plot_log10(lists[i])
                      : member(lists[i], "low") > 0
                          ? log_of(member(lists[i], "estimate"))
                          : NAN);
    putc('\n', data);
  }
}

static void write_script(const plot_t *plot, const char *name,
                         const char *title, double deep, const blocks_t *blocks,
                         long long here) {
  bool any_exact = blocks->any_exact, any_sampled = blocks->any_sampled;
  FILE *script = plot_script(plot->folder, name);
  const char *separator = "plot";
  fputs("set title ", script);
  plot_quote(script, title);
  fputs(" noenhanced\nset key outside bottom center vertical maxrows 4 samplen 1.5 font ',12' enhanced\n"
        "set xlabel 'layers'\nset ylabel 'log10 of the variance'\n"
        "set xrange [0:*]\nset offsets 0, graph 0.05, graph 0.1, graph 0.1\n",
        script);
  if (here > 0)
    fprintf(script, "set arrow from %lld, graph 0 to %lld, graph 1 nohead ls 4\n"
                    "set label 'this circuit' at %lld, graph 0.95 offset 0.6,0\n",
            here, here, here);
  if (any_exact) {
    fprintf(script,
            "plot '%s.dat' index 0 using 1:2 with linespoints ls 5 pt 7 ps 0.7 "
            "title 'variance', \\\n     '' index 0 using 1:3 with linespoints "
            "ls 3 pt 5 ps 0.7 title 'median gradient variance'", name);
    separator = ", \\\n    ";
  }
  if (any_sampled) {
    fprintf(script,
            "%s '%s.dat' index %d using 1:2:3:4 with yerrorbars ls 5 pt 6 ps 0.7 "
            "title 'variance, sampled', \\\n     '' index %d using 1:5:6:7 with "
            "yerrorbars ls 3 pt 4 ps 0.7 title 'gradient, sampled', \\\n"
            "     '' index %d using 1:(valid(2) ? 1/0 : $4) with points ls 5 "
            "pt 10 title 'upper bound'",
            separator, name, any_exact, any_exact, any_exact);
    separator = ", \\\n    ";
  }
  if (blocks->any_noise) {
    fprintf(script,
            "%s '%s.dat' index %d using 1:2 with linespoints ls 5 dt 3 pt 7 ps 0.4 "
            "title 'variance, with noise', \\\n     '' index %d using 1:3 with "
            "linespoints ls 3 dt 3 pt 5 ps 0.4 title 'gradient, with noise'",
            separator, name, any_exact + any_sampled, any_exact + any_sampled);
    separator = ", \\\n    ";
  }
  if (isfinite(deep) && deep > -30)
    fprintf(script, "%s %.12g with lines ls 2 title 'variance, deep (Haar)'",
            separator, deep);
  putc('\n', script);
  plot_close(plot->folder, script);
}

void plot_layers(const plot_t *plot) {
  const json_t *layers = cert_at(plot->landscape, "finite_depth.layers");
  const json_t *variance = cert_at(layers, "variance");
  const json_t *gradient = cert_at(layers, "median_gradient_variance");
  size_t count = json_array_size(variance);
  size_t exact = (size_t)json_integer_value(cert_at(layers, "exact"));
  if (count < 2 || exact > count) return;
  double deep = plot_log10(cert_at(layers, "deep_variance"));
  char *name = plot_name("layers", plot->index);
  char *title = NULL, *caption, *heading;
  long long here = json_integer_value(cert_at(layers, "repetitions"));
  heading = text_print(here == 1 ? "This circuit, %lld layer, and others"
                       : "This circuit, %lld layers, and others", here);
  title = plot_title(heading, plot->landscape);
  free(heading);
  FILE *data = plot_file(plot->folder, name, "dat");
  fprintf(data, "# layers, then log10 of: variance, median gradient variance "
                "(exact)\n");
  write_exact(data, variance, gradient, exact);
  if (exact) fputs("\n\n", data);
  fprintf(data, "# sampled: layers, then log10 of: variance, low, high, "
                "median gradient variance, low, high\n");
  write_sampled(data, variance, gradient, exact);
  const json_t *noise = cert_at(plot->landscape, "noise.layers");
  blocks_t blocks = {exact > 0, exact < count, json_array_size(cert_at(noise, "variance")) > 1};
  if (blocks.any_noise) {
    fprintf(data, "%s# with noise: layers, then log10 of: variance, median gradient "
                  "variance\n", blocks.any_sampled ? "\n\n" : "");
    write_noise(data, noise);
  }
  plot_close(plot->folder, data);
  write_script(plot, name, title, deep, &blocks, here);
  caption = text_print("Variance of the loss and the median of the gradient "
                       "variances that are not 0, of circuits of 1, 2, ... such layers, "
                       "angles independent and uniform; %s%s%s%s",
                       exact < count
                           ? "filled points are exact, open ones are sampled Pauli paths "
                             "with intervals of confidence 0.99,"
                           : "exact.",
                       exact < count ? " triangles upper bounds." : "",
                       isfinite(deep) ? " The line is the limit of many layers." : "",
                       blocks.any_noise ? " Dotted: the same with noise." : "");
  plot_add_figure(plot->folder, (long)plot->index, name, title, caption);
  free(caption);
  free(name);
  free(title);
}
