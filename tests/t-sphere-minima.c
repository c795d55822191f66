/* Levels of local minima on several ideals su(2), against all minima of random circuits
   with one or two parameters. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/sample/sphere_minima.h"
#include "tests/minima_grid.h"
#include "tests/program.h"
#include "tests/tap.h"

enum { MOST_SPHERES = 6 };

typedef struct {
  size_t spheres, p;
  const double *weights;
  double speeds[2 * MOST_SPHERES]; /* whole numbers: the period is 2 pi */
  double from[MOST_SPHERES][3], to[MOST_SPHERES][3], axes[2][MOST_SPHERES][3];
} circuit_t;

static double uniform(void) { return (double)(tap_random() >> 11) / 9007199254740992.0; }

static void direction(double *x) {
  double z = 2 * uniform() - 1, angle = 2 * M_PI * uniform();
  x[0] = sqrt(1 - z * z) * cos(angle);
  x[1] = sqrt(1 - z * z) * sin(angle);
  x[2] = z;
}

/* O. Rodrigues 1840. */
static void turn(double *x, const double *axis, double angle) {
  double along = 0, y[3];
  for (int i = 0; i < 3; i++) along += x[i] * axis[i];
  for (int i = 0; i < 3; i++) {
    int j = (i + 1) % 3, k = (i + 2) % 3;
    y[i] = x[i] * cos(angle) + (axis[j] * x[k] - axis[k] * x[j]) * sin(angle) +
           axis[i] * along * (1 - cos(angle));
  }
  memcpy(x, y, sizeof y);
}

/* A Haar rotation before, between or behind makes random directions of random ones. */
static double loss(const void *circuit, const double *theta) {
  const circuit_t *c = circuit;
  double sum = 0;
  for (size_t b = 0; b < c->spheres; b++) {
    double x[3];
    memcpy(x, c->from[b], sizeof x);
    for (size_t k = 0; k < c->p; k++)
      turn(x, c->axes[k][b], c->speeds[k * c->spheres + b] * theta[k]);
    for (int i = 0; i < 3; i++) sum += c->weights[b] * x[i] * c->to[b][i];
  }
  return sum;
}

static void check(size_t spheres, const double *weights, const double *speeds, size_t p,
                  size_t runs) {
  circuit_t c = {.spheres = spheres, .p = p, .weights = weights};
  sphere_minima_model_t model = {spheres, weights, p, c.speeds};
  minima_law_options_t options = {.seed = 1, .max_operations = 6e8};
  minima_law_t law;
  double *levels = malloc(runs * MINIMA_GRID_MOST * sizeof *levels);
  double found[MINIMA_GRID_MOST], total = 0;
  size_t count = 0;
  for (size_t i = 0; i < p * spheres; i++) c.speeds[i] = speeds[i];
  for (size_t b = 0; b < spheres; b++) total += weights[b];
  for (size_t r = 0; r < runs; r++) {
    for (size_t b = 0; b < spheres; b++) {
      direction(c.from[b]);
      direction(c.to[b]);
      for (size_t k = 0; k < p; k++) direction(c.axes[k][b]);
    }
    size_t more = minima_grid_find(found, loss, &c, p);
    for (size_t i = 0; i < more; i++) levels[count++] = 1 + found[i] / total;
  }
  bool ok = sphere_minima_law(&law, &model, &options) == STATUS_OK;
  double worst = ok ? minima_grid_distance(levels, count, &law) : INFINITY;
  tap_ok(worst < 4, "%zu parameters, %zu spheres: %zu minima, off by %.1f", p, spheres, count,
         worst);
  free(levels);
}

static void test_limits(void) {
  static const double ones[] = {1, 1, 1, 1};
  minima_law_options_t options = {.seed = 1};
  minima_law_t law;
  bool ok = true;
  for (size_t p = 0; p <= 4; p += 2) { /* none; as many as dimensions, and more */
    sphere_minima_model_t model = {1, ones, p, ones};
    ok = ok && sphere_minima_law(&law, &model, &options) == STATUS_LIMIT;
  }
  tap_ok(ok, "no law without parameters, nor of minima that are not isolated");
}

/* Through the program: levels below which are 10%, 50% and 90% of the minima that numpy
   found, and how many there are, or 0. */
typedef struct {
  const char *name, *text;
  double levels[3], errors[3], number, number_error;
  const char *traps;
} program_case_t;

static void test_program(const program_case_t *c) {
  static const char *const names[] = {"0.1", "0.5", "0.9"};
  program_write("minima.ops", c->text);
  run_t run = program_run("$L certify -q minima.ops --json");
  json_t *json = run_json(&run);
  const json_t *law = json_at(json, "landscapes.0.minima.law");
  const json_t *quantiles = json_object_get(law, "quantiles");
  const json_t *error = json_object_get(law, "standard_error");
  bool near = run.code == 0;
  for (int i = 0; i < 3; i++) {
    double at = json_number_value(json_object_get(quantiles, names[i]));
    double allowed =
        4 * hypot(c->errors[i], json_number_value(json_object_get(error, names[i])));
    if (fabs(at - c->levels[i]) > allowed) near = false;
    if (!near) tap_diag("%s: %g, found %g", names[i], at, c->levels[i]);
  }
  double number = json_number_value(json_object_get(law, "expected_number"));
  double relative = json_number_value(json_object_get(law, "number_relative_error"));
  if (c->number > 0 &&
      fabs(number - c->number) > 4 * hypot(c->number_error, relative * number)) {
    tap_diag("number %g, found %g", number, c->number);
    near = false;
  }
  const char *traps = json_string_value(json_at(json, "landscapes.0.verdict.traps"));
  tap_ok(near && traps && !strcmp(traps, c->traps), "%s: traps harmless: %s", c->name,
         traps ? traps : "?");
  json_decref(json);
  run_clear(&run);
}

static const program_case_t programs[] = {
    /* Four ideals su(2) move; 767 minima of 500 circuits of random layers, state vectors. */
    {"a ring of two generators",
     "qubits 8\ngenerator sum(i in 0..7: X{i})\n"
     "generator sum(i in 0..7: Z{i} Z{(i+1)%8})\nstate plus\n"
     "observable sum(i in 0..7: Z{i} Z{(i+1)%8}) + sum(i in 0..7: X{i})\n",
     {0.227, 0.466, 0.739}, {0.012, 0.012, 0.015}, 0, 0, "no"},
    /* sp(2) = so(5): Z0 is a direction of R^5, the state a point of a sphere, a string turns
       a plane; 3,082 minima of 2,500 points and pairs of planes. */
    {"sp(2), a sphere of four dimensions",
     "qubits 2\nparameters 2\ngenerator Z0 Z1\ngenerator Y0 X1\ngenerator X1\n"
     "generator Z1\nobservable 2 Z0\nstate ghz\n",
     {0.055, 0.308, 0.855}, {0.006, 0.008, 0.02}, 1.233, 0.009, "no"}};

int main(void) {
  static const double equal[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, weights[] = {1, 0.25, 2, 0.5, 1.5, 1};
  static const double speeds[] = {1, 2, 1, 1, 3, 1, 1, 1, 2, 1, 1, 1};
  tap_begin("t-sphere-minima");
  size_t runs = (size_t)tap_iterations(400);
  if (runs < 30) runs = 30;
  check(1, equal, equal, 1, runs);
  check(2, weights, equal, 1, 3 * runs);
  check(3, weights, speeds, 1, 3 * runs);
  check(2, equal, equal, 2, runs);
  check(3, weights, equal, 2, runs);
  check(6, weights, equal, 2, runs);
  check(6, weights, speeds, 2, runs);
  test_limits();
  for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) test_program(programs + i);
  program_end();
  return tap_end();
}
