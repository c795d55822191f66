#include "tests/ref_grid.h"

#include <complex.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

enum { MAX_QUBITS = 5, MAX_DIM = 1 << MAX_QUBITS };
typedef double complex matrix_t[MAX_DIM][MAX_DIM];

static const double pi = 3.14159265358979323846;

static double to_double(const fmpq *x) {
  return fmpz_get_d(fmpq_numref(x)) / fmpz_get_d(fmpq_denref(x));
}

/* P |column> = phase |row>; qubit j is bit j. */
static double complex letter_phase(const uint64_t *p, size_t n, size_t column,
                                   size_t *row) {
  static const double complex powers[4] = {1, I, -1, -I};
  unsigned turns = 0; /* X: flips; Z: (-1)^bit; Y: i (-1)^bit and flips */
  *row = column;
  for (size_t j = 0; j < n; j++) {
    unsigned letter = pauli_get(p, pauli_words(n), j);
    unsigned one = (unsigned)(column >> j & 1);
    if (letter & 1) *row ^= (size_t)1 << j;
    if (letter & 2) turns += 2 * one;
    if (letter == 3) turns++;
  }
  return powers[turns & 3];
}

/* rho <- P rho from the left, or rho P from the right. */
static void times(matrix_t out, matrix_t in, const uint64_t *p, size_t n,
                  bool left) {
  size_t dim = (size_t)1 << n, to;
  for (size_t c = 0; c < dim; c++) {
    double complex phase = letter_phase(p, n, c, &to);
    for (size_t k = 0; k < dim; k++)
      if (left)
        out[to][k] = phase * in[c][k];
      else
        out[k][c] = phase * in[k][to];
  }
}

/* rho <- R rho R^dag, R = cos(a/2) - i sin(a/2) P. */
static void rotate(matrix_t rho, const uint64_t *p, size_t n, double a) {
  static matrix_t left, right, both;
  size_t dim = (size_t)1 << n;
  double c = cos(a / 2), s = sin(a / 2);
  times(left, rho, p, n, true);
  times(right, rho, p, n, false);
  times(both, left, p, n, false);
  for (size_t i = 0; i < dim; i++)
    for (size_t j = 0; j < dim; j++)
      rho[i][j] = c * c * rho[i][j] + s * s * both[i][j] -
                  I * s * c * (left[i][j] - right[i][j]);
}

static double trace_with(matrix_t rho, const uint64_t *p, size_t n) {
  double complex trace = 0;
  size_t to;
  for (size_t c = 0; c < (size_t)1 << n; c++) {
    double complex phase = letter_phase(p, n, c, &to);
    trace += phase * rho[c][to];
  }
  return creal(trace);
}

/* Entry (r, c) of (1 + x X + y Y + z Z)/2. */
static double complex bloch_entry(const fmpq *b, size_t r, size_t c) {
  double sign = r ? -1 : 1;
  if (r == c) return (1 + sign * to_double(b + 2)) / 2;
  return to_double(b) / 2 - I * sign * to_double(b + 1) / 2;
}

static void set_state(matrix_t rho, depth_state_t state, size_t n) {
  static matrix_t product;
  size_t dim = (size_t)1 << n;
  for (size_t i = 0; i < dim; i++)
    for (size_t j = 0; j < dim; j++) rho[i][j] = i == j ? 1.0 / (double)dim : 0;
  if (state.stabilizer) {
    for (size_t g = 0; g < state.stabilizer->rank; g++) {
      double sign = state.stabilizer->signs[g] ? -1 : 1;
      times(product, rho, stabilizer_state_string(state.stabilizer, g), n,
            true);
      for (size_t i = 0; i < dim; i++)
        for (size_t j = 0; j < dim; j++) rho[i][j] += sign * product[i][j];
    }
    return;
  }
  for (size_t i = 0; i < dim; i++)
    for (size_t j = 0; j < dim; j++) {
      rho[i][j] = 1;
      for (size_t q = 0; q < n; q++)
        rho[i][j] *= bloch_entry(state.product->bloch + 3 * q, i >> q & 1,
                                 j >> q & 1);
    }
}

static double angle_at(const angle_struct *a, const double *theta) {
  double v = to_double(a->pi_part) * pi + to_double(a->rad_part);
  for (size_t t = 0; t < a->num_terms; t++)
    v += to_double(a->terms[t].coeff) * (a->terms[t].times_pi ? pi : 1) *
         theta[a->terms[t].parameter];
  return v;
}

/* rho <- (1 - sum p) rho + sum over X, Y, Z of p E rho E on one qubit. */
static void flip(matrix_t rho, const pauli_noise_struct *noise, size_t qubit, size_t n) {
  static const unsigned letters[3] = {1, 3, 2};
  static matrix_t sum, left, both;
  size_t dim = (size_t)1 << n;
  double stay = 1;
  for (int i = 0; i < 3; i++) stay -= to_double(noise->probability[i]);
  for (size_t r = 0; r < dim; r++)
    for (size_t c = 0; c < dim; c++) sum[r][c] = stay * rho[r][c];
  for (int i = 0; i < 3; i++) {
    uint64_t error[2] = {0};
    pauli_set(error, 1, qubit, letters[i]);
    times(left, rho, error, n, true);
    times(both, left, error, n, false);
    for (size_t r = 0; r < dim; r++)
      for (size_t c = 0; c < dim; c++)
        sum[r][c] += to_double(noise->probability[i]) * both[r][c];
  }
  for (size_t r = 0; r < dim; r++)
    for (size_t c = 0; c < dim; c++) rho[r][c] = sum[r][c];
}

static void flip_places(matrix_t rho, const ansatz_t ansatz, size_t after) {
  for (size_t i = 0; i < ansatz->num_places; i++)
    if (ansatz->places[i].after == after)
      flip(rho, ansatz->noise, ansatz->places[i].qubit, ansatz->num_qubits);
}

/* The loss with rotation `shifted` moved by `shift`. */
static double loss(const ansatz_t ansatz, const pauli_sum_t sum,
                   matrix_t start, const double *theta, size_t shifted,
                   double shift, bool noisy) {
  static matrix_t rho;
  size_t n = ansatz->num_qubits;
  double value = 0;
  memcpy(rho, start, sizeof rho);
  if (noisy) flip_places(rho, ansatz, 0);
  for (size_t g = 0; g < ansatz->num_rotations; g++) {
    rotate(rho, ansatz->rotations[g].string, n,
           angle_at(ansatz->rotations[g].angle, theta) +
               (g == shifted ? shift : 0));
    if (noisy) flip_places(rho, ansatz, g + 1);
  }
  for (size_t t = 0; t < sum->length; t++) {
    double term = to_double(sum->coeffs + t) *
                  trace_with(rho, pauli_sum_string(sum, t), n);
    for (size_t q = 0; q < n && noisy; q++)
      if (pauli_get(pauli_sum_string(sum, t), pauli_words(n), q))
        term *= 1 - 2 * to_double(ansatz->noise->readout);
    value += term;
  }
  return value;
}

typedef struct {
  size_t num;
  double *node, *weight;
} rule_t;

/* Frequencies of parameter k are multiples of unit/den; their sum over the
   gates bounds the degree of the loss. All its terms have times_pi or none. */
static size_t degree(const ansatz_t ansatz, size_t k, double *period) {
  fmpz_t den, total, part;
  bool times_pi = false;
  fmpz_init_set_ui(den, 1);
  fmpz_init(total);
  fmpz_init(part);
  for (int pass = 0; pass < 2; pass++)
    for (size_t g = 0; g < ansatz->num_rotations; g++) {
      const angle_struct *a = ansatz->rotations[g].angle;
      for (size_t t = 0; t < a->num_terms; t++) {
        if (a->terms[t].parameter != k) continue;
        const fmpq *c = a->terms[t].coeff;
        times_pi = a->terms[t].times_pi;
        if (pass == 0) {
          fmpz_lcm(den, den, fmpq_denref(c));
        } else {
          fmpz_divexact(part, den, fmpq_denref(c));
          fmpz_mul(part, part, fmpq_numref(c));
          fmpz_abs(part, part);
          fmpz_add(total, total, part);
        }
      }
    }
  *period = 2 * (times_pi ? 1 : pi) * fmpz_get_d(den);
  size_t result = fmpz_get_ui(total);
  fmpz_clear(den);
  fmpz_clear(total);
  fmpz_clear(part);
  return result;
}

/* Midpoints of `num` equal parts of [-half, half]. */
static void equidistant(rule_t *rule, size_t num, double half) {
  rule->num = num;
  rule->node = malloc(num * sizeof(double));
  rule->weight = malloc(num * sizeof(double));
  for (size_t i = 0; i < num; i++) {
    rule->node[i] = half * (2 * (double)i + 1 - (double)num) / (double)num;
    rule->weight[i] = 1 / (double)num;
  }
}

/* Gauss-Legendre on [-half, half], nodes by Newton's iteration. */
static void gauss(rule_t *rule, size_t num, double half) {
  equidistant(rule, num, half);
  for (size_t i = 0; i < num; i++) {
    double x = cos(pi * ((double)i + 0.75) / ((double)num + 0.5)), slope = 1;
    for (int it = 0; it < 100; it++) {
      double p0 = 1, p1 = x;
      for (size_t k = 2; k <= num; k++) {
        double p2 = ((2 * (double)k - 1) * x * p1 - ((double)k - 1) * p0) /
                    (double)k;
        p0 = p1;
        p1 = p2;
      }
      slope = (double)num * (x * p1 - p0) / (x * x - 1);
      x -= p1 / slope;
    }
    rule->node[i] = half * x;
    rule->weight[i] = 1 / ((1 - x * x) * slope * slope);
  }
}

static void set_rule(rule_t *rule, const ansatz_t ansatz, size_t k,
                     const depth_distribution_t *law) {
  double period;
  size_t deg = degree(ansatz, k, &period);
  if (!law || law->law == ANGLE_FULL_PERIOD) {
    equidistant(rule, 2 * deg + 1, period / 2);
    return;
  }
  double width = to_double(law->width) * (law->times_pi ? pi : 1);
  /* radians that the fastest term of the squares turns in one width */
  double turn = 2 * (double)deg * 2 * pi / period * width;
  if (law->law == ANGLE_INTERVAL) {
    gauss(rule, 24 + (size_t)turn, width);
    return;
  }
  /* trapezoids on 9 standard deviations: aliases are 9 of them away */
  equidistant(rule, 1 + (size_t)((18 * turn + 162) / (2 * pi)), 9 * width);
  double total = 0;
  for (size_t i = 0; i < rule->num; i++) {
    double x = rule->node[i] / width;
    total += rule->weight[i] = exp(-x * x / 2);
  }
  for (size_t i = 0; i < rule->num; i++) rule->weight[i] /= total;
}

static void clear_rules(rule_t *rules, size_t num) {
  for (size_t k = 0; k < num; k++) {
    free(rules[k].node);
    free(rules[k].weight);
  }
  free(rules);
}

double ref_grid_points(const ansatz_t ansatz,
                       const depth_distribution_t *laws) {
  double points = 1;
  for (size_t k = 0; k < ansatz->num_parameters; k++) {
    rule_t *rule = malloc(sizeof *rule);
    set_rule(rule, ansatz, k, laws ? laws + k : NULL);
    points *= (double)rule->num;
    clear_rules(rule, 1);
  }
  return points;
}

/* slope[k] = dl/dtheta_k, by the shift rule at every gate. */
static void find_slopes(double *slope, const ansatz_t ansatz, const pauli_sum_t sum,
                        matrix_t start, const double *theta, bool noisy) {
  for (size_t k = 0; k < ansatz->num_parameters; k++) slope[k] = 0;
  for (size_t g = 0; g < ansatz->num_rotations; g++) {
    const angle_struct *a = ansatz->rotations[g].angle;
    if (!a->num_terms) continue;
    double d = (loss(ansatz, sum, start, theta, g, pi / 2, noisy) -
                loss(ansatz, sum, start, theta, g, -pi / 2, noisy)) / 2;
    for (size_t t = 0; t < a->num_terms; t++)
      slope[a->terms[t].parameter] +=
          d * to_double(a->terms[t].coeff) * (a->terms[t].times_pi ? pi : 1);
  }
}

static void add_point(ref_grid_t *r, const ansatz_t ansatz,
                      const pauli_sum_t sum, matrix_t start,
                      const double *theta, double weight, double *slope) {
  double value = loss(ansatz, sum, start, theta, SIZE_MAX, 0, r->noisy);
  r->mean += weight * value;
  r->second += weight * value * value;
  find_slopes(slope, ansatz, sum, start, theta, r->noisy);
  for (size_t k = 0; k < ansatz->num_parameters; k++)
    r->gradient[k] += weight * slope[k] * slope[k];
}

/* Rounding: every rotation of a matrix of norm <= 1 adds less than 16 eps,
   each of the 2^n entries of a trace likewise, the average as many eps as it
   has points at worst. Slopes enter squared. */
static double rounding(const ansatz_t ansatz, const pauli_sum_t sum,
                       double points) {
  double norm = 0, slopes = 1;
  for (size_t t = 0; t < sum->length; t++)
    norm += fabs(to_double(sum->coeffs + t));
  for (size_t g = 0; g < ansatz->num_rotations; g++)
    for (size_t t = 0; t < ansatz->rotations[g].angle->num_terms; t++)
      slopes += pi * fabs(to_double(ansatz->rotations[g].angle->terms[t].coeff));
  double gates = (double)(ansatz->num_rotations + ansatz->num_places) + 1;
  return DBL_EPSILON * norm * norm * slopes * slopes *
         (16 * gates * pow(2, (double)ansatz->num_qubits) + points);
}

/* Every point of the grid in turn: angles and weight. */
typedef struct {
  size_t num;
  rule_t *rules;
  size_t *index;
  double *theta, weight;
  bool begun;
} walk_t;

static void walk_init(walk_t *w, const ansatz_t ansatz,
                      const depth_distribution_t *laws) {
  size_t p = ansatz->num_parameters;
  *w = (walk_t){.num = p,
                .rules = malloc((p + 1) * sizeof *w->rules),
                .index = calloc(p + 1, sizeof *w->index),
                .theta = calloc(p + 1, sizeof *w->theta)};
  for (size_t k = 0; k < p; k++)
    set_rule(w->rules + k, ansatz, k, laws ? laws + k : NULL);
}

static bool walk_next(walk_t *w) {
  size_t k = w->begun ? 0 : w->num + 1;
  while (k < w->num && ++w->index[k] == w->rules[k].num) w->index[k++] = 0;
  if (k == w->num) return false;
  w->begun = true;
  w->weight = 1;
  for (size_t j = 0; j < w->num; j++) {
    w->theta[j] = w->rules[j].node[w->index[j]];
    w->weight *= w->rules[j].weight[w->index[j]];
  }
  return true;
}

static void walk_clear(walk_t *w) {
  clear_rules(w->rules, w->num);
  free(w->index);
  free(w->theta);
}

void ref_grid_moments(ref_grid_t *result, const ansatz_t ansatz,
                      const pauli_sum_t observable, depth_state_t state,
                      const depth_distribution_t *laws) {
  static matrix_t start;
  size_t p = ansatz->num_parameters;
  double *slope = calloc(p + 1, sizeof *slope);
  walk_t w;
  set_state(start, state, ansatz->num_qubits);
  result->mean = result->second = 0;
  result->points = 0;
  for (size_t k = 0; k < p; k++) result->gradient[k] = 0;
  for (walk_init(&w, ansatz, laws); walk_next(&w); result->points++)
    add_point(result, ansatz, observable, start, w.theta, w.weight, slope);
  result->tolerance = rounding(ansatz, observable, result->points);
  free(slope);
  walk_clear(&w);
}

double ref_grid_kernel(const ansatz_t ansatz, const pauli_sum_t observable,
                       depth_state_t a, depth_state_t b,
                       const depth_distribution_t *laws) {
  static matrix_t first, second;
  size_t p = ansatz->num_parameters;
  double *slope = calloc(p + 1, sizeof *slope), *other = calloc(p + 1, sizeof *other);
  double kernel = 0;
  walk_t w;
  set_state(first, a, ansatz->num_qubits);
  set_state(second, b, ansatz->num_qubits);
  for (walk_init(&w, ansatz, laws); walk_next(&w);) {
    find_slopes(slope, ansatz, observable, first, w.theta, false);
    find_slopes(other, ansatz, observable, second, w.theta, false);
    for (size_t j = 0; j < p; j++) kernel += w.weight * slope[j] * other[j];
  }
  free(slope);
  free(other);
  walk_clear(&w);
  return kernel;
}
