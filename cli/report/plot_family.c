/* A family: variance of the circuit and of the deep one, shots and degrees of freedom
   against the swept value. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/format/json_number.h"
#include "cli/report/plot_figures.h"

enum { COLUMNS = 4 };
static const char *const keys[COLUMNS] = {
    "variance", "verdict.shots_per_gradient.typical", "minima.threshold",
    "finite_depth.variance"};
static const char *const labels[COLUMNS] = {
    "variance of the loss, deep circuit", "shots for a gradient component",
    "degrees of freedom p*", "variance of the loss, this circuit"};
/* style of the line and of the points */
static const int styles[COLUMNS][2] = {{5, 7}, {2, 5}, {3, 9}, {1, 6}};

/* Is there a value of that key anywhere? */
static bool occurs(const json_t *rows, size_t index, const char *key) {
  for (size_t i = 0; i < json_array_size(rows); i++) {
    const json_t *list = cert_at(json_array_get(rows, i), "landscapes");
    if (isfinite(plot_log10(cert_at(json_array_get(list, index), key))))
      return true;
  }
  return false;
}

/* A tick at each member and nowhere else, as long as they are few. */
static void put_ticks(FILE *script, const json_t *rows) {
  enum { MOST = 16 };
  size_t count = json_array_size(rows);
  if (!count || count > MOST) return;
  fputs("set xtics (", script);
  for (size_t i = 0; i < count; i++) {
    const char *value = cert_text_at(json_array_get(rows, i), "value", "0");
    fprintf(script, "%s%.20s", i ? ", " : "",
            strspn(value, "0123456789.-") == strlen(value) ? value : "0");
  }
  fputs(")\n", script);
}

void plot_family(plot_folder_t folder, const json_t *rows, size_t index) {
  const json_t *first = json_array_get(rows, 0);
  const json_t *landscape =
      json_array_get(cert_at(first, "landscapes"), index);
  bool any[COLUMNS], nothing = true;
  for (int c = 0; c < COLUMNS; c++) {
    any[c] = occurs(rows, index, keys[c]);
    nothing = nothing && !any[c];
  }
  if (nothing) return;
  char *name = plot_name("family", index);
  char *title = plot_title("Family, deep and this circuit", landscape);
  FILE *data = plot_file(folder, name, "dat");
  fprintf(data, "# %s, then log10 of: deep variance, shots per gradient component, "
                "degrees of freedom p*, own variance\n", cert_text_at(first, "name", "?"));
  for (size_t i = 0; i < json_array_size(rows); i++) {
    const json_t *row = json_array_get(rows, i);
    const json_t *l = json_array_get(cert_at(row, "landscapes"), index);
    fputs(cert_text_at(row, "value", "NaN"), data);
    for (int c = 0; c < COLUMNS; c++)
      plot_cell(data, plot_log10(cert_at(l, keys[c])));
    putc('\n', data);
  }
  plot_close(folder, data);
  FILE *script = plot_script(folder, name);
  const char *separator = "plot";
  fputs("set title ", script);
  plot_quote(script, title);
  fputs(" noenhanced\nset key outside bottom center vertical maxrows 4 enhanced\nset xlabel ", script);
  plot_quote(script, cert_text_at(first, "name", "?"));
  fputs(" noenhanced\nset ylabel 'log_{10}'\nset offsets graph 0.05, graph "
        "0.05, graph 0.05, graph 0.05\n", script);
  put_ticks(script, rows);
  for (int c = 0; c < COLUMNS; c++) {
    if (!any[c]) continue;
    fprintf(script, "%s '%s.dat' using 1:%d with linespoints ls %d pt %d ps 0.8 "
                    "title '%s'", separator, name, c + 2,
            styles[c][0], styles[c][1], labels[c]);
    separator = ", \\\n    ";
  }
  putc('\n', script);
  plot_close(folder, script);
  plot_add_figure(folder, (long)index, name, title,
                  "Exact values, one point for each member of the family; "
                  "logarithms to base 10.");
  free(name);
  free(title);
}
