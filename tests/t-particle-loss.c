/* t-particle-loss.c - laws of observables in full algebras of one particle, so(d), su(d) and
   sp(d) side by side, each with several copies, hidden by a permutation of the Majorana
   modes and, half of the time, rotations by atan(4/3) in planes of two, against Haar samples
   on the groups that the generators were made from; what the checker finds (check_particles.h)
   against power sums of these matrices. Matrices
   over the quaternions are real ones of 4 x 4 blocks here, those over the complex numbers of
   2 x 2 blocks. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/check/sums/check_particles.h"
#include "algebra/sums/particle_loss.h"
#include "algebra/sums/sum_structure.h"
#include "tests/law_distance.h"
#include "tests/tap.h"

enum { MOST = 16, GENERATORS = 3, MAX_PARTS = 3 };

typedef struct {
  int field; /* 1, 2, 4 */
  int size, copies;
} part_t;

typedef struct {
  const char *name;
  int num_parts;
  part_t parts[MAX_PARTS];
  bool central; /* the generators of complex parts have a trace */
  bool has_cdf;
} case_t;

typedef struct {
  const case_t *c;
  int modes, order[MOST]; /* modes made even; order: where a coordinate is */
  bool rotated;
} layout_t;

static double uniform(void) {
  return ((double)(tap_random() >> 11) + 0.5) / 9007199254740992.0;
}

static double gaussian(void) {
  return sqrt(-2 * log(uniform())) * cos(2 * M_PI * uniform());
}

/* Units: e_(i^j) e_j = unit_sign[i][j] e_i. */
static const int unit_sign[4][4] = {{1, -1, -1, -1}, {1, 1, -1, 1}, {1, 1, 1, -1}, {1, -1, 1, 1}};

/* The real matrix of left multiplication by q, added at one block. */
static void put_number(double *x, int ld, const double *q, int field) {
  for (int i = 0; i < field; i++)
    for (int j = 0; j < field; j++) x[i * ld + j] = unit_sign[i][j] * q[i ^ j];
}

/* Haar: rows of numbers by Gram and Schmidt, as real matrices. */
static void set_haar(double *x, int field, int d) {
  int n = field * d;
  for (int i = 0; i < d; i++)
    for (int j = 0; j < d; j++) {
      double q[4];
      for (int k = 0; k < 4; k++) q[k] = gaussian();
      put_number(x + field * (i * n + j), n, q, field);
    }
  for (int pass = 0; pass < 2; pass++)
    for (int i = 0; i < n; i++) {
      double norm = 0;
      for (int k = 0; k < i; k++) {
        double dot = 0;
        for (int j = 0; j < n; j++) dot += x[i * n + j] * x[k * n + j];
        for (int j = 0; j < n; j++) x[i * n + j] -= dot * x[k * n + j];
      }
      for (int j = 0; j < n; j++) norm += x[i * n + j] * x[i * n + j];
      for (int j = 0; j < n; j++) x[i * n + j] /= sqrt(norm);
    }
}

static double determinant_sign(const double *x, int n) {
  double a[MOST * MOST], sign = 1;
  memcpy(a, x, (size_t)(n * n) * sizeof *a);
  for (int k = 0; k < n; k++) {
    int pivot = k;
    for (int i = k + 1; i < n; i++)
      if (fabs(a[i * n + k]) > fabs(a[pivot * n + k])) pivot = i;
    if (pivot != k) sign = -sign;
    for (int j = 0; j < n && pivot != k; j++) {
      double t = a[k * n + j];
      a[k * n + j] = a[pivot * n + j];
      a[pivot * n + j] = t;
    }
    if (a[k * n + k] < 0) sign = -sign;
    for (int i = k + 1; i < n; i++) {
      double f = a[i * n + k] / a[k * n + k];
      for (int j = k; j < n; j++) a[i * n + j] -= f * a[k * n + j];
    }
  }
  return sign;
}

/* A random element of the algebra, small whole numbers. */
static void set_element(double *x, const part_t *p, bool central) {
  int n = p->field * p->size;
  double last = 0;
  memset(x, 0, (size_t)(n * n) * sizeof *x);
  for (int i = 0; i < p->size; i++)
    for (int j = 0; j <= i; j++) {
      double q[4], r[4];
      for (int k = 0; k < 4; k++) {
        q[k] = (double)tap_random_below(5) - 2;
        if (i == j && k == 0) q[k] = 0;
        r[k] = k ? q[k] : -q[k];
      }
      if (p->field == 2 && i == j) { /* no trace */
        if (!central && i + 1 == p->size) q[1] = -last;
        last += q[1];
      }
      put_number(x + p->field * (i * n + j), n, q, p->field);
      if (i != j) put_number(x + p->field * (j * n + i), n, r, p->field);
    }
}

/* out (M x M) += x on every copy of the part from coordinate `from` on. */
static void place(double *out, const layout_t *l, int from, const part_t *p,
                  const double *x) {
  int n = p->field * p->size;
  for (int m = 0; m < p->copies; m++)
    for (int i = 0; i < n; i++)
      for (int j = 0; j < n; j++)
        out[l->order[from + m * n + i] * l->modes + l->order[from + m * n + j]] = x[i * n + j];
}

static void set_layout(layout_t *l, const case_t *c) {
  *l = (layout_t){.c = c};
  for (int i = 0; i < c->num_parts; i++)
    l->modes += c->parts[i].field * c->parts[i].size * c->parts[i].copies;
  l->modes += l->modes % 2;
  for (int i = 0; i < l->modes; i++) {
    int k = (int)tap_random_below((uint64_t)i + 1);
    l->order[i] = l->order[k];
    l->order[k] = i;
  }
  l->rotated = tap_random_below(2);
}

/* 5 R x, R by rows i and i + M/2; columns == true: 5 x R^T. */
static void rotate(double *x, int modes, bool columns) {
  int row = columns ? 1 : modes, column = columns ? modes : 1;
  for (int i = 0; i < modes / 2; i++)
    for (int j = 0; j < modes; j++) {
      double *u = x + i * row + j * column, *v = x + (i + modes / 2) * row + j * column;
      double a = *u, b = *v;
      *u = 3 * a - 4 * b;
      *v = 4 * a + 3 * b;
    }
}

/* A random matrix of the algebra, or of the group. */
static void set_matrix(double *out, const layout_t *l, bool group) {
  double x[MOST * MOST];
  int from = 0;
  memset(out, 0, (size_t)(l->modes * l->modes) * sizeof *out);
  for (int i = 0; i < l->c->num_parts; i++) {
    const part_t *p = l->c->parts + i;
    int n = p->field * p->size;
    if (group) set_haar(x, p->field, p->size);
    else set_element(x, p, l->c->central);
    if (group && p->field == 1 && determinant_sign(x, n) < 0)
      for (int j = 0; j < n; j++) x[j] = -x[j];
    place(out, l, from, p, x);
    from += n * p->copies;
  }
  for (; from < l->modes && group; from++)
    out[l->order[from] * (l->modes + 1)] = 1;
  if (!l->rotated) return;
  rotate(out, l->modes, false); /* 25 times an element, which is one too */
  rotate(out, l->modes, true);
  for (int i = 0; i < l->modes * l->modes && group; i++) out[i] /= 25;
}

/* --- operators ------------------------------------------------------------------------- */

/* gamma_2k = Z..Z X_k, gamma_2k+1 = Z..Z Y_k; bits of x, then z, as everywhere. */
static void set_mode(uint64_t *string, size_t mode) {
  memset(string, 0, 2 * sizeof *string);
  for (size_t k = 0; k < mode / 2; k++) pauli_set(string, 1, k, 2);
  pauli_set(string, 1, mode / 2, mode % 2 ? 3 : 1);
}

/* sum over a < b of x_ab i gamma_a gamma_b */
static void set_operator(pauli_sum_t out, const double *x, int modes) {
  fmpq_t c;
  fmpq_init(c);
  for (int a = 0; a < modes; a++)
    for (int b = a + 1; b < modes; b++) {
      uint64_t u[2], v[2], product[2];
      if (x[a * modes + b] == 0) continue;
      set_mode(u, (size_t)a);
      set_mode(v, (size_t)b);
      unsigned phase = 1 + pauli_mul(product, u, v, 1);
      slong value = (slong)x[a * modes + b];
      fmpq_set_si(c, phase % 4 ? -value : value, 1);
      pauli_sum_push(out, c, product);
    }
  pauli_sum_canonicalise(out);
  fmpq_clear(c);
}

/* S_ab = Tr(rho i gamma_a gamma_b) */
static void set_state(double *s, const quantum_state_struct *rho, int modes) {
  fmpq_t value;
  fmpq_init(value);
  for (int a = 0; a < modes; a++)
    for (int b = 0; b < modes; b++) {
      uint64_t u[2], v[2], product[2];
      s[a * modes + b] = 0;
      if (a == b) continue;
      set_mode(u, (size_t)a);
      set_mode(v, (size_t)b);
      unsigned phase = 1 + pauli_mul(product, u, v, 1);
      quantum_state_expectation(value, rho, product);
      s[a * modes + b] = (phase % 4 ? -1 : 1) * fmpq_get_d(value);
    }
  fmpq_clear(value);
}

/* A random stabilizer state of bilinears: a perfect matching of the modes. */
static void random_state(quantum_state_t rho, double *s, int modes) {
  stabilizer_state_t stabilizer;
  int list[MOST];
  size_t n = (size_t)modes / 2;
  stabilizer_state_init(stabilizer, n);
  for (int i = 0; i < modes; i++) {
    int k = (int)tap_random_below((uint64_t)i + 1);
    list[i] = list[k];
    list[k] = i;
  }
  for (size_t k = 0; k < n; k++) {
    uint64_t u[2], v[2], product[2];
    set_mode(u, (size_t)list[2 * k]);
    set_mode(v, (size_t)list[2 * k + 1]);
    pauli_mul(product, u, v, 1);
    stabilizer_state_add(stabilizer, product, tap_random_below(2));
  }
  quantum_state_init(rho, n);
  quantum_state_set_stabilizer(rho, stabilizer);
  set_state(s, rho, modes);
  stabilizer_state_clear(stabilizer);
}

/* --- samples ------------------------------------------------------------------------------ */

/* out = a b, or a b^T */
static void multiply(double *out, const double *a, const double *b, int m, bool turned) {
  for (int i = 0; i < m; i++)
    for (int j = 0; j < m; j++) {
      double sum = 0;
      for (int k = 0; k < m; k++) sum += a[i * m + k] * (turned ? b[j * m + k] : b[k * m + j]);
      out[i * m + j] = sum;
    }
}

/* out = R S R^T */
static void turn(double *out, const layout_t *l, const double *s) {
  double r[MOST * MOST], half[MOST * MOST];
  set_matrix(r, l, true);
  multiply(half, r, s, l->modes, false);
  multiply(out, half, r, l->modes, true);
}

/* -tr(B X)/2, B and X antisymmetric */
static double product(const double *b, const double *x, int m) {
  double sum = 0;
  for (int i = 0; i < m * m; i++) sum += b[i] * x[i] / 2;
  return sum;
}

static double sample(const layout_t *l, const double *b, const double *s) {
  double x[MOST * MOST];
  turn(x, l, s);
  return product(b, x, l->modes);
}

/* The derivative by the angle of exp(-i theta Op(A)) between two Haar elements. */
static double sample_slope(const layout_t *l, const double *b, const double *s,
                           const double *a) {
  double x[MOST * MOST], y[MOST * MOST], z[MOST * MOST];
  int m = l->modes;
  turn(x, l, s);
  multiply(y, a, x, m, false);
  multiply(z, x, a, m, false);
  for (int i = 0; i < m * m; i++) y[i] = 2 * (y[i] - z[i]);
  turn(x, l, y);
  return product(b, x, m);
}

static bool judge_slope(const case_t *c, const layout_t *l, const fermion_loss_struct *loss,
                        const double *b, const double *s, const double *a) {
  size_t n = (size_t)tap_iterations(2000);
  if (!loss->slopes) return true; /* so(4) */
  if (n < 500) n = 500;
  double *x = malloc(n * sizeof *x), expected = fmpq_get_d(loss->slopes);
  for (size_t i = 0; i < n; i++) x[i] = sample_slope(l, b, s, a);
  double off = law_deviation(x, n, 0, 2, expected);
  if (off > 5.5) tap_diag("%s: gradient %g off by %.2f", c->name, expected, off);
  free(x);
  return off < 5.5;
}

static bool judge(const case_t *c, const layout_t *l, const adjoint_law_struct *law,
                  const double *b, const double *s) {
  size_t n = (size_t)tap_iterations(4000);
  if (n < 500) n = 500;
  double *x = malloc(n * sizeof *x);
  fmpq_t second, fourth;
  fmpq_init(second);
  fmpq_init(fourth);
  for (size_t i = 0; i < n; i++) x[i] = sample(l, b, s);
  adjoint_law_cumulants(second, fourth, law);
  double mean = fmpq_get_d(law->constant), v = fmpq_get_d(second);
  double first = law_deviation(x, n, 0, 1, mean), two = law_deviation(x, n, mean, 2, v);
  double four = law_deviation(x, n, mean, 4, fmpq_get_d(fourth) + 3 * v * v);
  double far = v > 0 ? law_distance(x, n, 100, law) : 0;
  bool good = first < 5.5 && two < 5.5 && four < 5.5 && (isnan(far) ? !c->has_cdf : far < 2.7);
  if (v > 0) good = law_points_fit(x, n, law) && good;
  if (!good)
    tap_diag("%s: %zu samples, variance %g: mean off by %.2f, squares %.2f, fourth powers "
             "%.2f, sqrt(n) D = %.2f", c->name, n, v, first, two, four, far);
  free(x);
  fmpq_clear(second);
  fmpq_clear(fourth);
  return good;
}

/* --- the checker -------------------------------------------------------------------------- */

/* Right multiplication by the unit k of the numbers, in the place of every coordinate: what
   commutes with the matrices of the one part. */
static void set_unit(double *out, const layout_t *l, int k) {
  const part_t *p = l->c->parts;
  double x[MOST * MOST] = {0};
  int n = p->field * p->size;
  for (int d = 0; d < p->size; d++)
    for (int j = 0; j < p->field; j++) /* e_j e_k */
      x[(p->field * d + (j ^ k)) * n + p->field * d + j] = unit_sign[j ^ k][k];
  memset(out, 0, (size_t)(l->modes * l->modes) * sizeof *out);
  place(out, l, 0, p, x);
  if (!l->rotated) return;
  rotate(out, l->modes, false);
  rotate(out, l->modes, true);
  for (int i = 0; i < l->modes * l->modes; i++) out[i] /= 25;
}

/* sums[r]: tr (J X)^(r+1)/2, X without its J part, or tr (-X^2)^(r+1)/4, X made to commute with
   the units by its mean over them. */
static void set_sums(double *sums, const layout_t *l, const double *matrix) {
  const part_t *p = l->c->parts;
  int m = l->modes, size = m * m;
  double u[MOST * MOST], y[MOST * MOST], z[MOST * MOST], x[MOST * MOST], power[MOST * MOST];
  memcpy(x, matrix, (size_t)size * sizeof *x);
  for (int k = 1; k < p->field; k++) {
    set_unit(u, l, k);
    multiply(y, u, matrix, m, false);
    multiply(z, y, u, m, true); /* u X u^T */
    for (int i = 0; i < size; i++) x[i] += z[i];
  }
  for (int i = 0; i < size; i++) x[i] /= p->field;
  if (p->field == 2) multiply(y, u, x, m, false);
  else multiply(y, x, x, m, true); /* -X^2 */
  double trace = 0;
  for (int i = 0; i < m && p->field == 2; i++) trace += y[i * (m + 1)] / m;
  for (int i = 0; i < m; i++) y[i * (m + 1)] -= trace;
  memcpy(power, y, (size_t)size * sizeof *power);
  for (int r = 0; r < p->size; r++) {
    if (r) {
      multiply(z, power, y, m, false);
      memcpy(power, z, (size_t)size * sizeof *power);
    }
    sums[r] = 0;
    for (int i = 0; i < m; i++) sums[r] += power[i * (m + 1)] / p->field;
  }
}

/* found[r] = factor^(r+1) sums[r] for one factor? Of su the first are 0, and any sign does. */
static bool sums_fit(const fmpq *found, const double *sums, const part_t *p) {
  int from = p->field == 2 ? 1 : 0;
  double first = fmpq_get_d(found + from);
  if (fabs(sums[from]) < 1e-9) return fabs(first) < 1e-9;
  double factor = pow(first / sums[from], 1. / (from + 1));
  for (int sign = 1; sign >= (from ? -1 : 1); sign -= 2) {
    bool fit = true;
    for (int r = 0; r < p->size && fit; r++) {
      double scale = pow(sign * factor, r + 1), size = pow(fabs(first), (r + 1.) / (from + 1));
      fit = fabs(fmpq_get_d(found + r) - scale * sums[r]) < 1e-8 * (size + 1e-12);
    }
    if (fit) return true;
  }
  return false;
}

/* Where check_particles.h covers the case: its sums against those of the matrices. */
static bool check_fits(const case_t *c, const layout_t *l, const pauli_sum_struct *g,
                       const pauli_sum_struct *o, const quantum_state_struct *rho,
                       const double *b, const double *s) {
  const part_t *p = c->parts;
  bool covered = c->num_parts == 1 && p->field > 1 && p->copies == 1 &&
                 l->modes == p->field * p->size;
  check_use_struct uses[GENERATORS];
  check_generators_struct generators = {.num_qubits = (size_t)l->modes / 2, .num_words = 1,
                                        .num_uses = GENERATORS, .uses = uses};
  check_particles_t found;
  double sums[MOST];
  for (int j = 0; j < GENERATORS; j++) *uses[j].sum = g[j];
  check_particles_init(found, &generators, o, rho, MOST);
  bool good = found->found == covered;
  if (covered && good) {
    good = found->size == (size_t)p->size && found->symplectic == (p->field == 4);
    set_sums(sums, l, b);
    good = good && sums_fit(found->observable, sums, p);
    set_sums(sums, l, s);
    good = good && sums_fit(found->state, sums, p);
  }
  if (!good) tap_diag("%s: the checker finds others (found %d)", c->name, found->found);
  check_particles_clear(found);
  return good;
}

/* --- cases ---------------------------------------------------------------------------------- */

/* Each part has its family; so(4) two ideals, su(2) and sp(1) are so(3). */
static bool families_fit(const case_t *c, const adjoint_law_struct *law) {
  size_t found = 0;
  for (int i = 0; i < c->num_parts; i++) {
    const part_t *p = c->parts + i;
    ulong modes = p->field == 4 ? 2 * (ulong)p->size + 1 : (ulong)p->size;
    orbit_group_t group = p->field == 4 ? ORBIT_SP : p->field == 2 ? ORBIT_SU : ORBIT_SO;
    if (modes == 3 && p->field == 4) group = ORBIT_SO;
    if (modes == 2 && p->field == 2) modes = 3, group = ORBIT_SO;
    if (modes == 4 && p->field == 1) modes = 3;
    for (size_t k = 0; k < law->num_families; k++)
      if (law->families[k].modes == modes && law->families[k].group == group) {
        found++;
        break;
      }
  }
  for (int i = 0; i < c->num_parts; i++) /* by its two halves, where strings tell them apart */
    if (c->parts[i].field == 1 && c->parts[i].size == 4 && law->num_families > found) found++;
  return law->num_families == found;
}

static bool run(const case_t *c) {
  layout_t l;
  double x[MOST * MOST], s[MOST * MOST], first[MOST * MOST];
  pauli_sum_struct g[GENERATORS];
  pauli_sum_t o;
  closure_t closure;
  structure_t structure;
  particle_algebra_t a;
  fermion_loss_t loss;
  quantum_state_t rho;
  closure_limits_t limits = {.num_threads = 1};
  set_layout(&l, c);
  size_t n = (size_t)l.modes / 2;
  for (int j = 0; j < GENERATORS; j++) {
    pauli_sum_init(g + j, n);
    set_matrix(x, &l, false);
    set_operator(g + j, x, l.modes);
    if (!j) memcpy(first, x, sizeof first);
  }
  random_state(rho, s, l.modes);
  pauli_sum_init(o, n);
  set_matrix(x, &l, false);
  set_operator(o, x, l.modes);
  closure_init(closure, n);
  structure_init(structure);
  bool good = closure_compute(closure, g, GENERATORS, &limits) == STATUS_OK;
  if (good) sum_structure(structure, closure, g, GENERATORS, &limits);
  good = good && particle_algebra_init(a, g, GENERATORS, n, structure);
  if (good) {
    particle_loss_init(loss, a, g, GENERATORS, o, rho, false);
    good = loss->applies && loss->has_law && families_fit(c, loss->law);
    if (!good)
      tap_diag("%s: applies %d, law %d, %zu families", c->name, loss->applies, loss->has_law,
               loss->law->num_families);
    good = good && judge(c, &l, loss->law, x, s) &&
           judge_slope(c, &l, loss, x, s, first) && check_fits(c, &l, g, o, rho, x, s);
    fermion_loss_clear(loss);
    particle_algebra_clear(a);
  } else {
    tap_diag("%s: the algebra was not recognised", c->name);
  }
  closure_clear(closure);
  structure_clear(structure);
  quantum_state_clear(rho);
  pauli_sum_clear(o);
  for (int j = 0; j < GENERATORS; j++) pauli_sum_clear(g + j);
  return good;
}

int main(void) {
  static const case_t cases[] = {
      {"so(3) twice", 1, {{1, 3, 2}}, false, true},
      {"so(4) and so(3)", 2, {{1, 4, 1}, {1, 3, 1}}, false, true},
      {"so(4) and su(3)", 2, {{1, 4, 1}, {2, 3, 1}}, true, true},
      {"so(5) twice", 1, {{1, 5, 2}}, false, true},
      {"so(6) and so(3) twice", 2, {{1, 6, 1}, {1, 3, 2}}, false, true},
      {"su(3)", 1, {{2, 3, 1}}, false, true},
      {"u(3)", 1, {{2, 3, 1}}, true, true},
      {"u(4)", 1, {{2, 4, 1}}, true, true},
      {"su(3) twice", 1, {{2, 3, 2}}, false, true},
      {"u(2) and so(5)", 2, {{2, 2, 1}, {1, 5, 1}}, true, true},
      {"sp(2)", 1, {{4, 2, 1}}, false, true},
      {"sp(1) and su(3)", 2, {{4, 1, 1}, {2, 3, 1}}, false, true},
      {"u(3), sp(1) and so(3)", 3, {{2, 3, 1}, {4, 1, 1}, {1, 3, 1}}, true, true},
  };
  tap_begin("t-particle-loss");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    int good = 0, runs = 1 + (int)tap_iterations(1) / 4;
    for (int k = 0; k < runs; k++) good += run(cases + i);
    tap_ok(good == runs, "%s: law and Haar samples agree", cases[i].name);
  }
  return tap_end();
}
