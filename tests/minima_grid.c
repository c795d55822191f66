#include "tests/minima_grid.h"

#include <math.h>
#include <stdlib.h>

#include "numeric/machine/order.h"
#include "tests/tap.h"

/* Pattern search down to 1e-7. */
static double refine(minima_grid_loss_t *loss, const void *circuit, double *theta, size_t p,
                     double value) {
  for (double step = M_PI / MINIMA_GRID; step > 1e-7;) {
    bool better = false;
    for (size_t k = 0; k < p; k++)
      for (int sign = -1; sign <= 1; sign += 2) {
        theta[k] += sign * step;
        double next = loss(circuit, theta);
        if (next < value) {
          value = next;
          better = true;
        } else {
          theta[k] -= sign * step;
        }
      }
    if (!better) step /= 2;
  }
  return value;
}

static bool is_least(double (*grid)[MINIMA_GRID], int rows, int i, int j) {
  for (int a = -1; a <= 1; a++)
    for (int b = -1; b <= 1; b++) {
      if ((rows == 1 && a) || (!a && !b)) continue;
      if (grid[(i + a + rows) % rows][(j + b + MINIMA_GRID) % MINIMA_GRID] < grid[i][j])
        return false;
    }
  return true;
}

size_t minima_grid_find(double *found, minima_grid_loss_t *loss, const void *circuit,
                        size_t p) {
  static double grid[MINIMA_GRID][MINIMA_GRID];
  const double unit = 2 * M_PI / MINIMA_GRID;
  int rows = p > 1 ? MINIMA_GRID : 1;
  size_t count = 0;
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < MINIMA_GRID; j++)
      grid[i][j] = loss(circuit, (double[]){unit * j, unit * i});
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < MINIMA_GRID; j++) {
      if (count == MINIMA_GRID_MOST || !is_least(grid, rows, i, j)) continue;
      double theta[] = {unit * j, unit * i};
      found[count++] = refine(loss, circuit, theta, p, grid[i][j]);
    }
  return count;
}

/* Share of the minima below each quantile of the law: binomial, and the law's error. */
double minima_grid_distance(double *levels, size_t count, const minima_law_t *law) {
  double worst = 0;
  qsort(levels, count, sizeof *levels, order_doubles);
  for (size_t j = 0; j < MINIMA_LAW_QUANTILES; j++) {
    double q = minima_law_quantiles[j], near[3], at = law->quantiles[j].value;
    for (int e = -1; e <= 1; e++) {
      size_t below = 0;
      while (below < count && levels[below] < at + e * law->quantiles[j].error) below++;
      near[e + 1] = (double)below / (double)count;
    }
    double error = sqrt(2 * q * (1 - q) / (double)count + pow((near[2] - near[0]) / 2, 2));
    double off = fabs(near[1] - q) / error;
    if (off >= 4)
      tap_diag("%g: %.4f +- %.4f, found %.4f", q, at, law->quantiles[j].error,
               levels[(size_t)(q * (double)count)]);
    worst = fmax(worst, off);
  }
  return worst;
}
