/* Gradients of parameters whose gates do not act as one exponential, by every way
   that computes or checks them, against dense matrices: the twofold Haar average of
   ref_haar on both sides of the circuit as written, its angles on a grid that is
   exact for the frequencies that occur. And values known from elsewhere. */
#include <math.h>
#include <stdlib.h>

#include "algebra/check/sums/check_sums.h"
#include "algebra/strings/string_landscape.h"
#include "algebra/strings/string_algebra.h"
#include "algebra/sums/sum_moments.h"
#include "tests/ref_dense.h"
#include "tests/ref_haar.h"
#include "tests/ref_strings.h"
#include "tests/tap.h"

enum { MAX_GATES = 7, MAX_ANGLES = 16, MAX_GRID = 6000 };

typedef struct {
  size_t n, dim; /* dim = 4^n */
  ansatz_t ansatz;
  generator_set_t set;
} case_t;

/* --- cases ----------------------------------------------------------------------- */

/* Constants of the angles, in hundredths, that are no multiples of anything. */
static bool with_offsets;

static void add_gate(ansatz_t a, unsigned p, size_t parameter, long num, long den,
                     long quarter_turns) {
  size_t n = a->num_qubits;
  uint64_t string[2] = {p & ((1u << n) - 1), p >> n};
  angle_t angle;
  fmpq_t c;
  fmpq_init(c);
  angle_init(angle);
  fmpq_set_si(c, num, (ulong)den);
  if (num) angle_add_term(angle, parameter, false, c);
  fmpq_set_si(angle->pi_part, quarter_turns, 2);
  fmpq_canonicalise(angle->pi_part);
  if (with_offsets && num && tap_random_below(3) == 0)
    fmpq_set_si(angle->rad_part, tap_random_below(2) ? 3 : -11, 10);
  ansatz_add_rotation(a, string, angle, 1);
  angle_clear(angle);
  fmpq_clear(c);
}

/* A string out of a few, so that gates meet again; sometimes all commute with one
   string. */
static unsigned pick(const unsigned *few, size_t count) {
  return few[tap_random_below(count)];
}

static void add_observable(ansatz_t a, const unsigned *few, size_t count) {
  size_t n = a->num_qubits;
  pauli_sum_t o;
  fmpq_t c;
  fmpq_init(c);
  pauli_sum_init(o, n);
  size_t terms = 1 + tap_random_below(4);
  for (size_t t = 0; t < terms; t++) {
    unsigned p = tap_random_below(2) ? pick(few, count)
                                     : (unsigned)tap_random_below((size_t)1 << 2 * n);
    uint64_t string[2] = {p & ((1u << n) - 1), p >> n};
    fmpq_set_si(c, 1 + (long)tap_random_below(3), 1 + tap_random_below(2));
    pauli_sum_push(o, c, string);
  }
  pauli_sum_canonicalise(o);
  ansatz_add_observable(a, o, "O");
  pauli_sum_clear(o);
  fmpq_clear(c);
}

static void case_init(case_t *c, size_t n, const char *state) {
  static const long slopes[][2] = {{1, 1}, {-1, 1}, {1, 2}, {-1, 2}, {2, 1}};
  unsigned few[5];
  size_t count = 2 + tap_random_below(4), gates = 2 + tap_random_below(MAX_GATES - 1);
  unsigned symmetry = tap_random_below(2)
                          ? (unsigned)tap_random_below((size_t)1 << 2 * n) : 0;
  size_t parameters = 1 + tap_random_below(3);
  c->n = n;
  c->dim = (size_t)1 << 2 * n;
  for (size_t j = 0; j < count; j++) {
    do
      few[j] = 1 + (unsigned)tap_random_below(c->dim - 1);
    while (ref_anticommute((int)n, few[j], symmetry));
  }
  ansatz_init(c->ansatz, ANSATZ_CIRCUIT, n);
  for (size_t k = 0; k < parameters; k++)
    ansatz_add_parameter(c->ansatz, "t", false);
  bool clifford = tap_random_below(3) == 0, merged = tap_random_below(2);
  /* the last parameter drives commuting gates that stand together */
  size_t own = parameters - (merged && parameters > 1);
  size_t here = own < parameters ? 1 + tap_random_below(gates - 1) : gates;
  for (size_t g = 0; g < gates; g++) {
    for (size_t i = 0; g == here && i < 3; i++) {
      unsigned p = pick(few, count), q = few[0];
      if (!ref_anticommute((int)n, p, q))
        add_gate(c->ansatz, i ? p : q, own, 1, 1 + (long)tap_random_below(2), 0);
    }
    if (clifford && tap_random_below(3) == 0)
      add_gate(c->ansatz, pick(few, count), 0, 0, 1,
               1 + (long)tap_random_below(3));
    const long *s = slopes[tap_random_below(tap_random_below(2) ? 2 : 5)];
    add_gate(c->ansatz, pick(few, count), tap_random_below(own), s[0], s[1],
             tap_random_below(8) ? 0 : 1);
  }
  add_observable(c->ansatz, few, count);
  quantum_state_t rho;
  stabilizer_state_t zero;
  stabilizer_state_init(zero, n);
  for (size_t j = 0; j < n; j++) {
    uint64_t z[2] = {0, UINT64_C(1) << j};
    if (tap_random_below(8)) stabilizer_state_add(zero, z, tap_random_below(2));
  }
  quantum_state_init(rho, n);
  quantum_state_set_stabilizer(rho, zero);
  ansatz_add_state(c->ansatz, rho, state);
  quantum_state_clear(rho);
  stabilizer_state_clear(zero);
  generator_set_init(c->set, c->ansatz);
}

static void case_clear(case_t *c) {
  generator_set_clear(c->set);
  ansatz_clear(c->ansatz);
}

static void case_print(const case_t *c) {
  const ansatz_struct *a = c->ansatz;
  tap_diag("qubits %zu", c->n);
  for (size_t r = 0; r < a->num_rotations; r++) {
    const angle_struct *angle = a->rotations[r].angle;
    char *string = pauli_get_str(a->rotations[r].string, c->n);
    char *slope = angle->num_terms ? fmpq_get_str(NULL, 10, angle->terms->coeff)
                                   : NULL;
    char *fixed = fmpq_get_str(NULL, 10, angle->pi_part);
    tap_diag("exp(-i a/2 %s), a = %s t%zu + %s pi + %g%s", string, slope ? slope : "0",
             slope ? angle->terms->parameter : 0, fixed, fmpq_get_d(angle->rad_part),
             c->set->treatment[r] ? ", on its own" : "");
    free(string);
    flint_free(slope);
    flint_free(fixed);
  }
  char *o = pauli_sum_get_str(a->observables->sum);
  tap_diag("observable %s", o);
  free(o);
  const stabilizer_state_struct *s =
      quantum_state_stabilizer(a->states->state);
  for (size_t j = 0; j < s->rank; j++) {
    char *text = pauli_get_str(stabilizer_state_string(s, j), c->n);
    tap_diag("stabilizer %s, value %d", text,
             stabilizer_state_expectation(s, stabilizer_state_string(s, j)));
    free(text);
  }
}

/* --- the dense reference ------------------------------------------------------------ */

/* One angle for every rotation that is treated as independent, one for each
   parameter else. */
typedef struct {
  size_t num_angles;
  size_t of[MAX_ANGLES * 3]; /* per rotation */
  double slope[MAX_ANGLES * 3]; /* in units of the angle */
  size_t points[MAX_ANGLES];
} grid_t;

static bool grid_init(grid_t *grid, const case_t *c) {
  const ansatz_struct *a = c->ansatz;
  size_t angle_of[3] = {SIZE_MAX, SIZE_MAX, SIZE_MAX}, total = 1;
  grid->num_angles = 0;
  for (size_t r = 0; r < a->num_rotations; r++) {
    const angle_struct *angle = a->rotations[r].angle;
    grid->of[r] = SIZE_MAX;
    if (!angle->num_terms) continue;
    size_t *at = angle_of + angle->terms->parameter;
    if (grid->num_angles == MAX_ANGLES) return false;
    if (c->set->treatment[r]) {
      grid->points[grid->num_angles] = 3;
      grid->slope[r] = 1;
      grid->of[r] = grid->num_angles++;
      continue;
    }
    if (*at == SIZE_MAX) {
      *at = grid->num_angles++;
      grid->points[*at] = 1;
    }
    /* twice the parameter's slope is an integer; cos^2 has twice the angle */
    grid->slope[r] = fmpq_get_d(angle->terms->coeff) * 2;
    grid->points[*at] += (size_t)(2 * fabs(grid->slope[r]));
    grid->of[r] = *at;
  }
  for (size_t k = 0; k < grid->num_angles; k++) total *= grid->points[k];
  return total <= MAX_GRID;
}

/* sum += a a^T, a the coefficients over the strings of the derivative's generator at
   one point. */
static void add_point(double *sum, const case_t *c, const grid_t *grid,
                      const size_t *point, size_t parameter) {
  size_t n = c->n, size = (size_t)1 << n;
  ref_entry_t *u = ref_identity(n), *a = ref_zero(n);
  for (size_t r = 0; r < c->ansatz->num_rotations; r++) {
    const rotation_struct *rotation = c->ansatz->rotations + r;
    const angle_struct *angle = rotation->angle;
    ref_entry_t *p = ref_string(n, rotation->string[0], rotation->string[1]);
    double value = fmpq_get_d(angle->pi_part) * M_PI + fmpq_get_d(angle->rad_part);
    if (angle->num_terms)
      value += 2 * M_PI * grid->slope[r] * (double)point[grid->of[r]] /
               (double)grid->points[grid->of[r]];
    if (angle->num_terms && angle->terms->parameter == parameter) {
      /* u^dag p u */
      ref_entry_t *back = ref_zero(n), *moved = ref_zero(n);
      for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < size; j++) back[i * size + j] = conj(u[j * size + i]);
      ref_add(moved, 1, p, n);
      ref_conjugate(moved, back, n);
      ref_add(a, fmpq_get_d(angle->terms->coeff) / 2, moved, n);
      free(back);
      free(moved);
    }
    ref_entry_t *turn = ref_identity(n);
    for (size_t i = 0; i < size * size; i++) turn[i] *= cos(value / 2);
    ref_add(turn, -I * sin(value / 2), p, n);
    ref_entry_t *next = ref_product(turn, u, n);
    free(turn);
    free(u);
    free(p);
    u = next;
  }
  double *v = malloc(c->dim * sizeof *v);
  for (size_t p = 0; p < c->dim; p++) {
    ref_entry_t *string = ref_string(n, p & (size - 1), p >> n);
    v[p] = creal(ref_trace_product(string, a, n)) / (double)size;
    free(string);
  }
  for (size_t i = 0; i < c->dim; i++)
    for (size_t j = 0; j < c->dim; j++) sum[i * c->dim + j] += v[i] * v[j];
  free(v);
  free(u);
  free(a);
}

/* E[a a^T]. */
static double *average_generator(const case_t *c, const grid_t *grid,
                                 size_t parameter) {
  size_t point[MAX_ANGLES] = {0}, total = 0;
  double *sum = calloc(c->dim * c->dim, sizeof *sum);
  for (;;) {
    add_point(sum, c, grid, point, parameter);
    total++;
    size_t k = 0;
    while (k < grid->num_angles && ++point[k] == grid->points[k]) point[k++] = 0;
    if (k == grid->num_angles) break;
  }
  for (size_t i = 0; i < c->dim * c->dim; i++) sum[i] /= (double)total;
  return sum;
}

/* i[P, .] of all strings P. */
static void all_brackets(ref_haar_t *out, size_t n) {
  size_t dim = (size_t)1 << 2 * n;
  pauli_sum_struct *list = malloc(dim * sizeof *list);
  fmpq_t one;
  fmpq_init(one);
  fmpq_one(one);
  for (size_t p = 0; p < dim; p++) {
    uint64_t string[2] = {p & ((1u << n) - 1), p >> n};
    pauli_sum_init(list + p, n);
    pauli_sum_push(list + p, one, string);
  }
  ref_haar_init(out, list, dim, n);
  for (size_t p = 0; p < dim; p++) pauli_sum_clear(list + p);
  free(list);
  fmpq_clear(one);
}

static void reference(double *out, const case_t *c, const grid_t *grid) {
  size_t dim = c->dim;
  ref_haar_t haar, all;
  double *v = malloc(dim * sizeof *v), *r = malloc(dim * sizeof *r);
  double *average = malloc(dim * dim * sizeof *average);
  double *x = malloc(dim * dim * sizeof *x);
  double *state = malloc(dim * dim * sizeof *state);
  ref_haar_init(&haar, c->set->generators, c->set->num_generators, c->n);
  all_brackets(&all, c->n);
  ref_haar_vector(v, c->set->observables);
  for (size_t p = 0; p < dim; p++) {
    uint64_t string[2] = {p & ((1u << c->n) - 1), p >> c->n};
    r[p] = stabilizer_state_expectation(
        quantum_state_stabilizer(c->ansatz->states->state), string);
  }
  for (size_t i = 0; i < dim * dim; i++) {
    average[i] = v[i / dim] * v[i % dim];
    state[i] = r[i / dim] * r[i % dim];
  }
  ref_haar_project(average, &haar);
  ref_haar_project(state, &haar);
  for (size_t k = 0; k < c->set->num_parameters; k++) {
    double *pairs = average_generator(c, grid, k);
    out[k] = 0;
    for (size_t i = 0; i < dim * dim; i++) {
      if (fabs(pairs[i]) < 1e-12) continue;
      memcpy(x, average, dim * dim * sizeof *x);
      ref_haar_act(x, &all, all.k[i / dim], all.k[i % dim]);
      for (size_t j = 0; j < dim * dim; j++) out[k] += pairs[i] * state[j] * x[j];
    }
    free(pairs);
  }
  ref_haar_clear(&haar);
  ref_haar_clear(&all);
  free(v);
  free(r);
  free(average);
  free(x);
  free(state);
}

/* --- the ways ------------------------------------------------------------------------- */

static bool near_all(const char *way, const fmpq *got, const double *expected,
                     size_t count) {
  bool ok = true;
  for (size_t k = 0; k < count; k++) {
    double value = fmpq_get_d(got + k);
    if (fabs(value - expected[k]) <= 1e-6 * (1 + fabs(expected[k]))) continue;
    tap_diag("%s, parameter %zu: %.10g, expected %.10g", way, k, value,
             expected[k]);
    ok = false;
  }
  return ok;
}

static bool strings_agree(const case_t *c, const check_generators_t own,
                          const double *expected) {
  size_t p = c->set->num_parameters;
  uint64_t *strings = generator_set_strings(c->set);
  string_algebra_t g;
  landscape_t l;
  string_algebra_init(g, strings, c->set->num_generators, c->n);
  landscape_init_strings(l, g, c->set, c->ansatz, 0, 0);
  bool ok = l->gradient_known;
  if (!ok) tap_diag("strings: %s", reason_code_word(l->reason));
  fmpq *gradient = flint_calloc(p + 1, sizeof *gradient);
  for (size_t k = 0; k < p; k++) gradient[k] = *landscape_gradient(l, k);
  ok = ok && near_all("strings", gradient, expected, p);
  flint_free(gradient); /* the numbers are the landscape's */
  check_components_t components;
  check_components_init(components, own, NULL, 0, 1 << 14);
  fmpq_t mean, variance;
  fmpq_init(mean);
  fmpq_init(variance);
  size_t count = own->strings->length;
  fmpq *per_string = flint_calloc(count + 1, sizeof *per_string);
  fmpq *found = flint_calloc(p + 1, sizeof *found);
  bool rational, *in_pi = flint_calloc(p + 1, sizeof *in_pi);
  for (size_t j = 0; j < count; j++) fmpq_init(per_string + j);
  for (size_t k = 0; k < p; k++) fmpq_init(found + k);
  if (!check_any_moments(mean, variance, per_string, components,
                         own->observables, c->ansatz->states->state, 1 << 14) ||
      !check_gradients(found, in_pi, &rational, components, per_string,
                       own->observables, c->ansatz->states->state, 1 << 14)) {
    tap_diag("check gives up");
    ok = false;
  }
  ok = ok && near_all("check", found, expected, p);
  for (size_t j = 0; j < count; j++) fmpq_clear(per_string + j);
  for (size_t k = 0; k < p; k++) fmpq_clear(found + k);
  flint_free(per_string);
  flint_free(found);
  flint_free(in_pi);
  fmpq_clear(mean);
  fmpq_clear(variance);
  check_components_clear(components);
  landscape_clear(l);
  string_algebra_clear(g);
  flint_free(strings);
  return ok;
}

static bool sums_agree(const case_t *c, const check_generators_t own,
                       const double *expected) {
  size_t p = c->set->num_parameters, wrong;
  sum_moments_t moments;
  sum_input_t input;
  check_sums_t sums;
  bool covered = false;
  fmpq *found = flint_calloc(p + 1, sizeof *found);
  for (size_t k = 0; k < p; k++) fmpq_init(found + k);
  sum_moments_init(moments, c->set, c->set->observables, NULL);
  sum_input_init(input, moments, c->ansatz->states->state);
  reason_code_t reason = sum_gradient(found, moments, input);
  if (reason) tap_diag("sums: %s", reason_code_word(reason));
  bool ok = !reason && near_all("sums", found, expected, p);
  if (ok && check_sums_init(sums, own, own->observables, INT64_C(3000000000))) {
    ok = check_sums_gradient(&wrong, &covered, sums, c->ansatz->states->state,
                             found, p) == ANSWER_YES && covered;
    if (!ok) tap_diag("check of sums: what is right does not hold (%d)", covered);
    fmpq_add_si(found, found, 1);
    if (check_sums_gradient(&wrong, &covered, sums, c->ansatz->states->state,
                            found, p) != ANSWER_NO) {
      tap_diag("check of sums: what is wrong holds");
      ok = false;
    }
    check_sums_clear(sums);
  }
  for (size_t k = 0; k < p; k++) fmpq_clear(found + k);
  flint_free(found);
  sum_input_clear(input);
  sum_moments_clear(moments);
  return ok;
}

static long seen_sums, seen_strings, seen_split, skipped, moved;

/* Do fixed parts of angles turn the state, or the observable? The reference does not. */
static bool is_moved(const case_t *c) {
  return c->set->inputs[0].owned || !c->set->observable_known[0] ||
         !fmpq_is_zero(c->set->observable_errors);
}

static bool case_agrees(size_t n) {
  case_t c;
  grid_t grid;
  double expected[3];
  case_init(&c, n, "a stabilizer state");
  bool small = grid_init(&grid, &c), ok = true;
  skipped += !small;
  moved += small && is_moved(&c);
  if (small && !is_moved(&c)) {
    check_generators_t own;
    uint8_t *split = calloc(2 * c.ansatz->num_rotations + 2, 1);
    for (size_t r = 0; r < c.ansatz->num_rotations; r++)
      split[r] = (c.set->treatment[r] & ROTATION_SPLIT) != 0;
    uint8_t *freed = split + c.ansatz->num_rotations + 1;
    for (size_t r = 0; r < c.ansatz->num_rotations; r++)
      freed[r] = (c.set->treatment[r] & ROTATION_FREED) != 0;
    check_generators_init_fixed(own, c.ansatz, split, freed);
    reference(expected, &c, &grid);
    if (c.set->single_strings) ok = strings_agree(&c, own, expected);
    ok = sums_agree(&c, own, expected) && ok;
    seen_split += c.set->num_gates > 0;
    if (c.set->num_gates && c.set->single_strings) seen_strings++;
    if (c.set->num_gates && !c.set->single_strings) seen_sums++;
    check_generators_clear(own);
    free(split);
  }
  if (!ok) case_print(&c);
  case_clear(&c);
  return ok;
}

int main(void) {
  tap_begin("t-shared-gates");
  static const long tries[4] = {0, 100, 400, 8};
  for (size_t n = 1; n <= 3; n++) {
    long count = tap_iterations(tries[n]), failures = 0;
    for (long i = 0; i < count && failures < 3; i++) failures += !case_agrees(n);
    tap_ok(failures == 0, "%ld circuits on %zu qubits", count, n);
  }
  with_offsets = true;
  long count = tap_iterations(300), failures = 0;
  for (long i = 0; i < count && failures < 3; i++)
    failures += !case_agrees(1 + tap_random_below(2));
  tap_ok(failures == 0, "%ld circuits whose angles have constants, %ld of them turned at an "
         "end", count, moved);
  tap_diag("split: %ld strings, %ld sums; too large for the grid: %ld",
           seen_strings, seen_sums, skipped);
  tap_occurred(seen_strings && seen_sums, "both kinds occurred");
  return tap_end();
}
