/* plot_figures.h - the figures, one function each. Private to the pictures.

   A figure that has nothing to show is left out. Samples are NULL for certify.
   Layer: cli, above plot_folder and plot_law. */
#ifndef LIESCAPE_CLI_PLOT_FIGURES_H
#define LIESCAPE_CLI_PLOT_FIGURES_H

#include <jansson.h>

#include "algebra/base/ansatz.h"
#include "cli/report/plot_folder.h"
#include "cli/report/plot_law.h"

typedef struct {
  plot_folder_struct *folder;
  const json_t *landscape;
  const json_t *names; /* of the parameters */
  const json_t *minima; /* its entry of minima_found, or NULL */
  size_t index; /* of the landscape; figures are named NAME-INDEX */
  const plot_law_t *law;
  const verify_report_struct *samples; /* NULL: none */
  uint64_t seed;
  const ansatz_struct *ansatz; /* NULL: it was not read */
} plot_t;

void plot_loss(const plot_t *plot);
void plot_gradient(const plot_t *plot);
void plot_convergence(const plot_t *plot);
void plot_minima(const plot_t *plot);
void plot_depth(const plot_t *plot);
void plot_layers(const plot_t *plot);
void plot_widths(const plot_t *plot);
void plot_slice(const plot_t *plot);
/* A family: rows of sweep[], landscape `index` of each. */
void plot_family(plot_folder_t folder, const json_t *rows, size_t index);

/* What they share. */
enum { PLOT_POINTS = 401 };
/* "NAME-INDEX"; free(). */
char *plot_name(const char *name, size_t index);
/* "QUANTITY of OBSERVABLE on STATE", cut to one line; free(). */
char *plot_title(const char *quantity, const json_t *landscape);
/* A histogram as a block of data, "centre density" a line; the largest
   density. */
double plot_histogram(FILE *data, const double *values, size_t count,
                      double low, double high);
/* x[0..PLOT_POINTS-1] from low to high. */
void plot_grid(double *x, double low, double high);
/* At most five ticks where numbers need an exponent, lest they run together. */
void plot_small_ticks(FILE *script, double low, double high);
/* One number, or NaN as gnuplot writes it. */
void plot_cell(FILE *data, double value);
/* Of an exact number or a ball above 0, else NaN; doubles do not reach far enough
   for Haar values. */
double plot_log10(const json_t *value);

#endif
