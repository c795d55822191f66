/* Hessian and quantum Fisher information of random gate lists against dense
   matrices; rank of orbits whose dimension is known. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/circuit/fisher.h"
#include "numeric/circuit/hessian.h"
#include "tests/random_gates.h"
#include "tests/tap.h"

enum { MAX_QUBITS = 4, MAX_DIM = 1 << MAX_QUBITS, MAX_DRIVES = 6 };

/* As in t-gradient.c, one derivative more. */
static const double tolerance = 1e7 * DBL_EPSILON;

static ref_entry_t inner(const ref_entry_t *a, const ref_entry_t *m,
                         const ref_entry_t *b, size_t n) {
  ref_entry_t out[MAX_DIM], sum = 0;
  if (m) ref_apply(out, m, b, n);
  else memcpy(out, b, sizeof(ref_entry_t) << n);
  for (size_t i = 0; i < (size_t)1 << n; i++) sum += conj(a[i]) * out[i];
  return sum;
}

typedef struct {
  size_t n, p;
  program_t program;
  double_sum_t o;
  statevector_t in;
  double t[MAX_DRIVES];
  size_t chosen[MAX_DRIVES], num_chosen;
  ref_entry_t v[MAX_DIM], psi[MAX_DIM], d[MAX_DRIVES][MAX_DIM];
} case_t;

static bool case_make(case_t *c) {
  c->n = 1 + tap_random_below(MAX_QUBITS);
  c->p = 1 + tap_random_below(MAX_DRIVES);
  random_gates_init(&c->program, c->n, c->p, tap_random_below(11),
                    tap_random_below(3));
  random_gates_sum(&c->o, c->n, 1 + tap_random_below(3));
  for (size_t i = 0; i < c->p; i++) c->t[i] = 4 * random_gates_uniform();
  c->num_chosen = 0;
  for (size_t i = c->p; i-- > 0;)
    if (tap_random_below(4)) c->chosen[c->num_chosen++] = i;
  if (!statevector_init(&c->in, c->n, 1)) return false;
  size_t dim = (size_t)1 << c->n;
  double norm = 0;
  for (size_t i = 0; i < 2 * dim; i++) {
    c->in.amps[i] = random_gates_uniform();
    norm += c->in.amps[i] * c->in.amps[i];
  }
  for (size_t i = 0; i < 2 * dim; i++) c->in.amps[i] /= sqrt(norm);
  for (size_t i = 0; i < dim; i++)
    c->v[i] = c->in.amps[2 * i] + I * c->in.amps[2 * i + 1];
  ref_run(c->psi, &c->program, c->t, c->v, PROGRAM_NONE, PROGRAM_NONE);
  for (size_t i = 0; i < c->num_chosen; i++)
    ref_derivative(c->d[i], &c->program, c->t, c->v, PROGRAM_NONE, c->chosen[i]);
  return true;
}

static void case_clear(case_t *c) {
  statevector_clear(&c->in);
  random_gates_clear(&c->program);
  free(c->o.x);
  free(c->o.z);
  free(c->o.coeffs);
}

static bool hessian_agrees(void) {
  case_t c;
  hessian_work_t work;
  double h[MAX_DRIVES * MAX_DRIVES];
  if (!case_make(&c)) return false;
  ref_entry_t *m = ref_double_sum(&c.o, c.n), second[MAX_DIM];
  bool ok = hessian_work_init(&work, &c.program, &c.program.circuit, c.n);
  for (int pass = 0; pass < 2 && ok; pass++) /* the second with used vectors */
    hessian_compute(h, &work, &c.o, &c.in, c.t, c.chosen, c.num_chosen);
  for (size_t i = 0; i < c.num_chosen && ok; i++)
    for (size_t j = 0; j < c.num_chosen && ok; j++) {
      ref_derivative(second, &c.program, c.t, c.v, c.chosen[i], c.chosen[j]);
      double expected = 2 * creal(inner(c.d[i], m, c.d[j], c.n) +
                                  inner(c.psi, m, second, c.n));
      ok = fabs(h[i * c.num_chosen + j] - expected) < tolerance;
      if (!ok)
        tap_diag("(%zu, %zu), %zu qubits: %.17g, dense %.17g", i, j, c.n,
                 h[i * c.num_chosen + j], expected);
    }
  free(m);
  hessian_work_clear(&work);
  case_clear(&c);
  return ok;
}

static bool fisher_agrees(void) {
  case_t c;
  fisher_t f;
  if (!case_make(&c)) return false;
  bool ok = fisher_init(&f, &c.program, &c.program.circuit, &c.in, c.t, c.chosen,
                        c.num_chosen, 1 + (int)tap_random_below(2)) == STATUS_OK;
  double trace = 0, sum = 0;
  for (size_t i = 0; i < c.num_chosen && ok; i++) {
    trace += f.matrix[i * c.num_chosen + i];
    sum += f.eigenvalues[i];
    for (size_t j = 0; j < c.num_chosen && ok; j++) {
      double expected =
          4 * creal(inner(c.d[i], NULL, c.d[j], c.n) -
                    inner(c.d[i], NULL, c.psi, c.n) *
                        inner(c.psi, NULL, c.d[j], c.n));
      ok = fabs(f.matrix[i * c.num_chosen + j] - expected) < tolerance;
      if (!ok)
        tap_diag("(%zu, %zu), %zu qubits: %.17g, dense %.17g", i, j, c.n,
                 f.matrix[i * c.num_chosen + j], expected);
    }
  }
  ok = ok && fabs(trace - sum) < tolerance * (1 + trace);
  fisher_clear(&f);
  case_clear(&c);
  return ok;
}

/* Random rotations about all strings, again and again: the orbit of any state
   under SU(2^n) is the projective space, of dimension 2 (2^n - 1). Rotations
   about Z strings alone: 2^n - 1 phases for a state without zero amplitudes. */
static void test_rank(size_t n, bool diagonal) {
  size_t dim = (size_t)1 << n, strings = (diagonal ? dim : dim * dim) - 1;
  size_t gates = 2 * strings;
  program_t program = {.num_qubits = n, .num_drives = gates};
  program_gate_t *list = calloc(gates, sizeof *list);
  program_term_t *terms = calloc(gates, sizeof *terms);
  double *drives = calloc(gates, sizeof *drives);
  size_t *chosen = calloc(gates, sizeof *chosen);
  statevector_t in;
  fisher_t f;
  for (size_t g = 0; g < gates; g++) {
    uint64_t code = 1 + g % strings;
    terms[g] = (program_term_t){g, PROGRAM_NONE, 1};
    list[g] = (program_gate_t){.x = diagonal ? 0 : code >> n,
                               .z = code & (dim - 1),
                               .sum = PROGRAM_NONE,
                               .num_terms = 1,
                               .terms = terms + g};
    drives[g] = 7 * random_gates_uniform();
    chosen[g] = g;
  }
  gate_list_t all = {.num_gates = gates, .gates = list};
  bool ok = statevector_init(&in, n, 1);
  for (size_t i = 0; i < dim && ok; i++) in.amps[2 * i] = 1 / sqrt((double)dim);
  size_t expected = diagonal ? dim - 1 : 2 * (dim - 1);
  ok = ok && fisher_init(&f, &program, &all, &in, drives, chosen, gates, 2) ==
                 STATUS_OK;
  tap_ok(ok && f.decided && f.rank == expected,
         "n = %zu%s: rank %zu of %zu, noise %.1e, next eigenvalue %.1e", n,
         diagonal ? ", diagonal" : "", f.rank, expected, f.noise,
         f.eigenvalues[gates - expected]);
  fisher_clear(&f);
  statevector_clear(&in);
  free(list);
  free(terms);
  free(drives);
  free(chosen);
}

/* A smooth family of eigenvalues is not decided: rotations by tiny angles about
   X and Z from |0> move it by amounts that fall off. */
static void test_undecided(void) {
  program_t program = {.num_qubits = 1, .num_drives = 2};
  program_term_t terms[2] = {{0, PROGRAM_NONE, 1}, {1, PROGRAM_NONE, 1}};
  program_gate_t list[2] = {
      {.x = 1, .sum = PROGRAM_NONE, .num_terms = 1, .terms = terms},
      {.z = 1, .sum = PROGRAM_NONE, .num_terms = 1, .terms = terms + 1}};
  gate_list_t all = {.num_gates = 2, .gates = list};
  double drives[2] = {1e-6, 0.3};
  size_t chosen[2] = {0, 1};
  statevector_t in;
  fisher_t f;
  bool ok = statevector_init(&in, 1, 1);
  in.amps[0] = 1;
  ok = ok && fisher_init(&f, &program, &all, &in, drives, chosen, 2, 1) ==
                 STATUS_OK;
  tap_ok(ok && !f.decided, "an eigenvalue near the noise: undecided (%.1e, %.1e)",
         f.eigenvalues[0], f.noise);
  fisher_clear(&f);
  statevector_clear(&in);
}

int main(void) {
  tap_begin("t-curvature");
  long runs = tap_iterations(150), good = 0;
  for (long i = 0; i < runs; i++) good += hessian_agrees();
  tap_ok(good == runs, "Hessians of %ld random lists", runs);
  good = 0;
  for (long i = 0; i < runs; i++) good += fisher_agrees();
  tap_ok(good == runs, "Fisher information of %ld random lists", runs);
  for (size_t n = 1; n <= 4; n++) test_rank(n, false);
  for (size_t n = 1; n <= 5; n++) test_rank(n, true);
  test_undecided();
  return tap_end();
}
