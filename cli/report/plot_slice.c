/* The loss of the ansatz as written in a plane of parameter space, as a map. */
#include <math.h>
#include <stdlib.h>

#include "algebra/base/text.h"
#include "cli/format/json_number.h"
#include "cli/report/plot_figures.h"
#include "numeric/judge/slice.h"

static void write_data(const plot_t *plot, const char *name, const slice_t *slice) {
  FILE *data = plot_file(plot->folder, name, "dat");
  size_t n = slice->points;
  fprintf(data, "# s, t, loss at centre + s u + t v; s, t in radians of a typical "
                "parameter\n# centre: end of a descent of %zu steps from %.6g to %.6g\n",
          slice->steps, slice->start, slice->end);
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < n; j++)
      fprintf(data, "%.6g %.6g %.9g\n",
              slice->reach * (2 * (double)i / (double)(n - 1) - 1),
              slice->reach * (2 * (double)j / (double)(n - 1) - 1), slice->loss[i * n + j]);
    putc('\n', data);
  }
  plot_close(plot->folder, data);
}

static void write_script(const plot_t *plot, const char *name, const char *title) {
  FILE *script = plot_script(plot->folder, name);
  fputs("set title ", script);
  plot_quote(script, title);
  fprintf(script,
          " noenhanced\nunset key\nunset grid\nset view map\nset size ratio 1\n"
          "set pm3d map interpolate 1,1\nset contour base\nset cntrparam levels auto 10\n"
          "set cntrlabel onecolor\n"
          "set palette defined (0 '#16335b', 0.35 '#3f7cac', 0.6 '#a8c686', 1 '#f6e7a1')\n"
          "set xlabel 'along the first random direction (radians)'\n"
          "set ylabel 'along the second'\nset cblabel 'loss'\n"
          "set xtics ('-π' -pi, '-π/2' -pi/2, '0' 0, 'π/2' pi/2, 'π' pi)\n"
          "set ytics ('-π' -pi, '-π/2' -pi/2, '0' 0, 'π/2' pi/2, 'π' pi)\n"
          "set label 1 'descent ends' at 0,0 front point pt 2 ps 1 lw 2 lc rgb '#ffffff' "
          "offset 0.8,0.6 tc rgb '#ffffff'\n"
          "splot '%s.dat' using 1:2:3 with pm3d, "
          "'' using 1:2:3 with lines lc rgb '#333333' lw 0.5 nosurface\n", name);
  plot_close(plot->folder, script);
}

void plot_slice(const plot_t *plot) {
  slice_t slice;
  size_t states = plot->ansatz ? plot->ansatz->num_states : 0;
  if (!states || plot->ansatz->symbol ||
      !slice_init(&slice, plot->ansatz, plot->index / states, plot->index % states,
                  plot->seed))
    return;
  double low = INFINITY, high = -INFINITY;
  for (size_t i = 0; i < slice.points * slice.points; i++) {
    low = fmin(low, slice.loss[i]);
    high = fmax(high, slice.loss[i]);
  }
  if (high - low > 1e-9 * (fabs(low) + fabs(high))) {
    json_int_t layers = json_integer_value(
        cert_at(plot->landscape, "finite_depth.layers.repetitions"));
    char *name = plot_name("slice", plot->index);
    const char *what = plot->ansatz->kind == ANSATZ_CIRCUIT ? "circuit" : "ansatz";
    char *heading =
        layers ? text_print("Landscape, this %s, %lld layer%s", what, (long long)layers,
                            layers == 1 ? "" : "s")
               : text_print("Landscape, this %s, %zu parameters", what,
                            plot->ansatz->num_parameters);
    char *caption = text_print(
        "The loss of this %s in the plane through the end of a descent along two random "
        "directions, computed with state vectors: a descent of %zu steps from random "
        "parameters went from %.4g to %.4g, in the middle. At the edge a typical "
        "parameter has turned by half a period.", what, slice.steps, slice.start,
        slice.end);
    char *title = plot_title(heading, plot->landscape);
    write_data(plot, name, &slice);
    write_script(plot, name, title);
    plot_add_figure(plot->folder, (long)plot->index, name, title, caption);
    free(heading);
    free(caption);
    free(title);
    free(name);
  }
  slice_clear(&slice);
}
