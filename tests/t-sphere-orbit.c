/* Orbits that are whole spheres: known ones are found, others are not; and quadratic
   forms on products of spheres have no traps where sphere_orbit.h says so, by descents.
   Complex forms on three spheres have some: the theorem ends there. */
#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/analysis/sphere_orbit.h"
#include "tests/tap.h"

/* --- descents -------------------------------------------------------------------- */

enum { MOST = 12, SPHERES = 3 };

typedef struct {
  size_t spheres, size, part[MOST]; /* which sphere each coordinate belongs to */
  double radius[SPHERES];
  double complex m[MOST][MOST];
} form_t;

static double uniform(void) { return (double)(tap_random() >> 34) / (1u << 30); }

static double normal(void) {
  return sqrt(-2 * log(uniform() + 1e-12)) * cos(2 * M_PI * uniform());
}

static void put_on_spheres(const form_t *f, double complex *x) {
  double norm[SPHERES] = {0};
  for (size_t i = 0; i < f->size; i++)
    norm[f->part[i]] += creal(x[i] * conj(x[i]));
  for (size_t i = 0; i < f->size; i++)
    x[i] *= f->radius[f->part[i]] / sqrt(norm[f->part[i]]);
}

/* x^+ M x; g <- its gradient on the spheres. */
static double value(const form_t *f, const double complex *x, double complex *g) {
  double sum = 0, along[SPHERES] = {0};
  for (size_t i = 0; i < f->size; i++) {
    g[i] = 0;
    for (size_t j = 0; j < f->size; j++) g[i] += 2 * f->m[i][j] * x[j];
    sum += creal(conj(x[i]) * g[i]) / 2;
    along[f->part[i]] += creal(conj(x[i]) * g[i]);
  }
  for (size_t i = 0; i < f->size; i++) {
    double r = f->radius[f->part[i]];
    g[i] -= along[f->part[i]] / (r * r) * x[i];
  }
  return sum;
}

/* Gradient descent with halved steps; NaN: it has not converged. */
static double descend(const form_t *f, bool is_real) {
  double complex x[MOST], g[MOST], y[MOST], h[MOST];
  double step = 0.1, now;
  for (size_t i = 0; i < f->size; i++)
    x[i] = normal() + (is_real ? 0 : I * normal());
  put_on_spheres(f, x);
  now = value(f, x, g);
  for (int turn = 0; turn < 20000; turn++) {
    double norm = 0;
    for (size_t i = 0; i < f->size; i++) norm += creal(g[i] * conj(g[i]));
    if (norm < 1e-16) return now;
    for (size_t i = 0; i < f->size; i++) y[i] = x[i] - step * g[i];
    put_on_spheres(f, y);
    double next = value(f, y, h);
    if (next <= now - 0.1 * step * norm) {
      memcpy(x, y, sizeof x);
      memcpy(g, h, sizeof g);
      now = next;
      step *= 1.5;
    } else {
      step /= 2;
      if (step < 1e-12) return now;
    }
  }
  return NAN;
}

static void random_form(form_t *f, size_t spheres, bool is_real) {
  *f = (form_t){.spheres = spheres};
  for (size_t s = 0; s < spheres; s++) {
    size_t n = 1 + tap_random_below(3);
    f->radius[s] = 0.3 + uniform();
    for (size_t i = 0; i < n; i++) f->part[f->size++] = s;
  }
  for (size_t i = 0; i < f->size; i++)
    for (size_t j = 0; j <= i; j++) {
      f->m[i][j] = normal() + (is_real || i == j ? 0 : I * normal());
      f->m[j][i] = conj(f->m[i][j]);
    }
}

/* How many of `runs` forms have two different local minima. */
static size_t count_traps(size_t runs, size_t spheres, bool real_form, bool real_space) {
  size_t found = 0;
  for (size_t r = 0; r < runs; r++) {
    form_t f;
    double low = INFINITY, high = -INFINITY;
    random_form(&f, spheres, real_form);
    for (int start = 0; start < 12; start++) {
      double end = descend(&f, real_space);
      if (isnan(end)) continue;
      low = fmin(low, end);
      high = fmax(high, end);
    }
    found += high > low + 1e-3;
  }
  return found;
}

static void check_descents(void) {
  size_t runs = (size_t)tap_iterations(40);
  size_t many = runs > 40 ? runs : 40;
  tap_ok(!count_traps(runs, 1, true, true), "one real sphere has no traps");
  tap_ok(!count_traps(runs, 1, false, false), "one complex sphere has no traps");
  tap_ok(!count_traps(runs, 2, false, false), "two complex spheres have no traps");
  tap_ok(!count_traps(runs, 3, true, false),
         "three complex spheres and a real form have no traps");
  tap_ok(count_traps(many, 2, true, true) > 0, "two real spheres have some");
  tap_ok(count_traps(10 * many, 3, false, false) > 0,
         "three complex spheres and a complex form have some");
}

/* --- orbits ------------------------------------------------------------------------- */

typedef struct {
  const char *name;
  size_t qubits;
  const char *terms[24]; /* coefficient and dense word; "" ends a sum, NULL the list */
  const char *bits;
  const char *observable; /* one word */
  size_t orbit;
  bool holds, is_real;
  size_t spheres, dimension, codimension;
} orbit_case_t;

static void push(pauli_sum_t sum, const char *text) {
  char *word;
  long number = strtol(text, &word, 10);
  uint64_t string[2] = {0, 0};
  fmpq_t c;
  fmpq_init(c);
  fmpq_set_si(c, number, 1);
  for (size_t q = 0; *++word; q++)
    pauli_set(string, 1, q,
              *word == 'X' ? 1 : *word == 'Z' ? 2 : *word == 'Y' ? 3 : 0);
  pauli_sum_push(sum, c, string);
  fmpq_clear(c);
}

static const orbit_case_t cases[] = {
    /* su(2) on its qubit: the Bloch sphere; -Z is least at 1. */
    {"a qubit", 1, {"1 X", "", "1 Z", ""}, "1", "1 Z", 2, true, false, 1, 4, 2},
    /* rotations in a plane: a circle, real. */
    {"a circle", 1, {"1 Y", ""}, "0", "1 Z", 1, true, true, 1, 2, SIZE_MAX},
    /* Spin 1: a sphere of two dimensions among four. */
    {"spin 1", 2, {"1 XI", "1 IX", "", "1 ZI", "1 IZ", ""}, "00", "1 ZI", 2, false, false,
     1, 6, SIZE_MAX},
    /* Exchanges of four spins: su(3), su(2) and a phase, on 3 + 2 + 1 dimensions;
       least on four of them. */
    {"four spins", 4,
     {"1 XXII", "1 YYII", "1 ZZII", "", "1 IXXI", "1 IYYI", "1 IZZI", "", "1 IIXX",
      "1 IIYY", "1 IIZZ", ""},
     "0101", "1 ZZII", 8, true, false, 3, 12, 4},
    /* The same with an observable that is not real. */
    {"four spins, a complex form", 4,
     {"1 XXII", "1 YYII", "1 ZZII", "", "1 IXXI", "1 IYYI", "1 IZZI", "", "1 IIXX",
      "1 IIYY", "1 IIZZ", ""},
     "0101", "1 XYII", 8, false, false, 3, 12, SIZE_MAX},
    /* One particle on three sites, real hopping with a flux: so(3) on R^3. */
    {"one particle", 3, {"1 XYI", "-1 YXI", "", "1 IXY", "-1 IYX", ""}, "100", "1 ZII",
     2, true, true, 1, 3, 2},
};

static void check_case(const orbit_case_t *c) {
  pauli_sum_struct g[8];
  size_t count = 0;
  pauli_sum_t o;
  stabilizer_state_t rho;
  pauli_sum_init(g, c->qubits);
  for (size_t i = 0; c->terms[i]; i++) {
    if (*c->terms[i]) {
      push(g + count, c->terms[i]);
      continue;
    }
    pauli_sum_canonicalise(g + count++);
    pauli_sum_init(g + count, c->qubits);
  }
  pauli_sum_init(o, c->qubits);
  push(o, c->observable);
  stabilizer_state_init(rho, c->qubits);
  stabilizer_state_set_bits(rho, c->bits);
  sphere_orbit_t found = sphere_orbit_find(g, count, rho, c->orbit, o);
  if (!tap_ok(found.holds == c->holds && found.is_real == c->is_real &&
                  found.spheres == c->spheres && found.dimension == c->dimension &&
                  found.codimension == c->codimension,
              "%s", c->name))
    tap_diag("holds %d real %d spheres %zu dimension %zu codimension %zu", found.holds,
             found.is_real, found.spheres, found.dimension, found.codimension);
  for (size_t j = 0; j <= count; j++) pauli_sum_clear(g + j);
  pauli_sum_clear(o);
  stabilizer_state_clear(rho);
}

int main(void) {
  tap_begin("t-sphere-orbit");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) check_case(cases + i);
  check_descents();
  return tap_end();
}
