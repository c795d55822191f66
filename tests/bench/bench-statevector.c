/* Our side of bench-statevector.py, one line of JSON for each task, after
   --precision single if it is to be in single precision:

     copy QUBITS                    a copy of a vector into another one
     run | sweep | gradient FILE    a circuit: gate by gate, in sweeps, with
                                    its gradient (adjoint method)
     samples FILE COUNT gradients|losses   the sampler of verify

   FILE: "qubits N", then "R WORD ANGLE" (exp(-i ANGLE WORD/2), leftmost letter
   qubit 0) or "CZ A B" a line; "O WORD COEFFICIENT" lines are the observable.
   Every task is repeated until LEAST_SECONDS have passed, the best time is
   told. Threads: OMP_NUM_THREADS. */
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "numeric/circuit/gradient.h"
#include "numeric/machine/memory.h"
#include "numeric/machine/random.h"
#include "numeric/sample/sampler.h"

#define LEAST_SECONDS 0.7

enum { LEAST_REPEATS = 3, SEED = 1, PURPOSE = 77, SHOWN = 4 };

static precision_t precision = PRECISION_DOUBLE;

typedef struct {
  size_t qubits, num_gates, num_terms;
  struct {
    uint64_t string[2];
    double angle;
    bool free;
  } *gates;
  double_sum_t observable;
} circuit_t;

static void fail(const char *what) {
  fprintf(stderr, "bench-statevector: %s\n", what);
  exit(2);
}

static void read_word(uint64_t *string, const char *word) {
  string[0] = string[1] = 0;
  for (size_t q = 0; word[q]; q++) {
    uint64_t bit = UINT64_C(1) << q;
    if (word[q] == 'X' || word[q] == 'Y') string[0] |= bit;
    if (word[q] == 'Z' || word[q] == 'Y') string[1] |= bit;
  }
}

static void add_gate(circuit_t *c, uint64_t x, uint64_t z, double angle,
                     bool is_free) {
  c->gates = memory_resize(c->gates, c->num_gates + 1, sizeof *c->gates);
  c->gates[c->num_gates].string[0] = x;
  c->gates[c->num_gates].string[1] = z;
  c->gates[c->num_gates].angle = angle;
  c->gates[c->num_gates++].free = is_free;
}

static void read_circuit(circuit_t *c, const char *path) {
  char line[256], word[128];
  double number;
  unsigned a, b;
  FILE *in = fopen(path, "r");
  if (!in || !fgets(line, sizeof line, in) ||
      sscanf(line, "qubits %zu", &c->qubits) != 1)
    fail("cannot read the circuit");
  double_sum_init(&c->observable, 64);
  c->observable.length = 0;
  while (fgets(line, sizeof line, in)) {
    uint64_t string[2];
    if (sscanf(line, "R %127s %lf", word, &number) == 2) {
      read_word(string, word);
      add_gate(c, string[0], string[1], number, true);
    } else if (sscanf(line, "CZ %u %u", &a, &b) == 2) {
      uint64_t za = UINT64_C(1) << a, zb = UINT64_C(1) << b;
      add_gate(c, 0, za, M_PI / 2, false);
      add_gate(c, 0, zb, M_PI / 2, false);
      add_gate(c, 0, za | zb, -M_PI / 2, false);
    } else if (sscanf(line, "O %127s %lf", word, &number) == 2) {
      double_sum_t *o = &c->observable;
      read_word(string, word);
      o->x[o->length] = string[0];
      o->z[o->length] = string[1];
      o->norm1 += fabs(number);
      o->coeffs[o->length++] = number;
    }
  }
  fclose(in);
}

/* A drive for each free gate. */
static void make_program(program_t *p, const circuit_t *c, double **drives) {
  *p = (program_t){.num_qubits = c->qubits};
  p->circuit.gates = memory_get(c->num_gates, sizeof *p->circuit.gates);
  *drives = memory_get(c->num_gates, sizeof **drives);
  for (size_t g = 0; g < c->num_gates; g++) {
    program_gate_t *gate = p->circuit.gates + p->circuit.num_gates++;
    *gate = (program_gate_t){.x = c->gates[g].string[0],
                             .z = c->gates[g].string[1],
                             .sum = PROGRAM_NONE};
    if (!c->gates[g].free) {
      gate->fixed = c->gates[g].angle;
      continue;
    }
    gate->num_terms = 1;
    gate->terms = memory_get(1, sizeof *gate->terms);
    gate->terms[0] = (program_term_t){p->num_drives, p->num_drives, 1};
    (*drives)[p->num_drives++] = c->gates[g].angle;
  }
}

static void show(const char *name, const double *values, size_t count) {
  printf(", \"%s\": [", name);
  for (size_t i = 0; i < count; i++)
    printf("%s%.17g", i ? ", " : "", values[i]);
  printf("]");
}

static void copy(size_t qubits) {
  statevector_t a, b;
  double best = INFINITY, total = 0;
  if (!statevector_init_as(&a, qubits, 1, precision) ||
      !statevector_init_as(&b, qubits, 1, precision))
    fail("no memory");
  size_t size = statevector_bytes(qubits, 1, precision);
  for (int i = 0; i < LEAST_REPEATS || total < LEAST_SECONDS; i++) {
    double start = omp_get_wtime();
#pragma omp parallel
    {
      size_t t = (size_t)omp_get_thread_num(), n = (size_t)omp_get_num_threads();
      size_t first = size / n * t, end = t + 1 == n ? size : size / n * (t + 1);
      memcpy((char *)b.any + first, (char *)a.any + first, end - first);
    }
    double seconds = omp_get_wtime() - start;
    best = fmin(best, seconds);
    total += seconds;
  }
  printf("{\"seconds\": %.9g, \"bytes\": %zu}\n", best,
         2 * statevector_bytes(qubits, 1, precision));
  statevector_clear(&a);
  statevector_clear(&b);
}

static void zero_state(statevector_t *v) {
  statevector_zero(v);
  statevector_set(v, 0, 1, 0);
}

static void run(const circuit_t *c, bool sweeps) {
  program_t p;
  gates_t gates;
  statevector_t v;
  double *drives, best = INFINITY, total = 0, value;
  make_program(&p, c, &drives);
  gates_init(&gates, &p, &p.circuit, c->qubits, 1, precision);
  double *rows = memory_state(gates.row_length * sizeof *rows);
  if (!rows || !statevector_init_as(&v, c->qubits, 1, precision))
    fail("no memory");
  for (int i = -1; i < LEAST_REPEATS || total < LEAST_SECONDS; i++) {
    zero_state(&v);
    double start = omp_get_wtime();
    gates_angles(rows, &gates, drives);
    if (sweeps)
      gates_run(&v, &gates, rows, NULL);
    else
      for (size_t g = 0; g < c->num_gates; g++)
        statevector_rotate(&v, c->gates[g].string[0], c->gates[g].string[1],
                           rows + 2 * g, rows + 2 * g + 1);
    double seconds = omp_get_wtime() - start;
    if (i >= 0) best = fmin(best, seconds); /* the first one plans */
    total += seconds;
  }
  statevector_expectation(&value, &v, &c->observable);
  printf("{\"seconds\": %.9g, \"gates\": %zu", best, c->num_gates);
  show("values", &value, 1);
  printf("}\n");
  gates_clear(&gates);
  statevector_clear(&v);
}

static void gradient(const circuit_t *c) {
  program_t p;
  gradient_work_t work;
  statevector_t v;
  double *drives, best = INFINITY, total = 0, loss;
  make_program(&p, c, &drives);
  double *values = memory_get(p.num_drives, sizeof *values);
  if (!gradient_work_init(&work, &p, &p.circuit, c->qubits, 1, precision) ||
      !statevector_init_as(&v, c->qubits, 1, precision))
    fail("no memory");
  zero_state(&v);
  for (int i = -1; i < LEAST_REPEATS || total < LEAST_SECONDS; i++) {
    double start = omp_get_wtime();
    gradient_compute(values, &loss, &work, &c->observable, &v, drives);
    double seconds = omp_get_wtime() - start;
    if (i >= 0) best = fmin(best, seconds);
    total += seconds;
  }
  printf("{\"seconds\": %.9g", best);
  show("values", values, p.num_drives);
  printf("}\n");
  gradient_work_clear(&work);
  statevector_clear(&v);
}

static void make_ansatz(ansatz_t a, const circuit_t *c) {
  fmpq_t one;
  pauli_sum_t sum;
  stabilizer_state_t zero;
  fmpq_init(one);
  fmpq_set_si(one, 1, 1);
  ansatz_init(a, ANSATZ_CIRCUIT, c->qubits);
  for (size_t g = 0; g < c->num_gates; g++) {
    angle_t angle;
    angle_init(angle);
    if (c->gates[g].free)
      angle_add_term(angle, ansatz_add_parameter(a, "t", false), false, one);
    else
      fmpq_set_si(angle->pi_part, c->gates[g].angle > 0 ? 1 : -1, 2);
    ansatz_add_rotation(a, c->gates[g].string, angle, 0);
    angle_clear(angle);
  }
  pauli_sum_init(sum, c->qubits);
  for (size_t t = 0; t < c->observable.length; t++) {
    uint64_t string[2] = {c->observable.x[t], c->observable.z[t]};
    fmpq_set_si(one, lrint(c->observable.coeffs[t]), 1);
    pauli_sum_push(sum, one, string);
  }
  ansatz_add_observable(a, sum, "O");
  pauli_sum_clear(sum);
  stabilizer_state_init(zero, c->qubits);
  for (size_t q = 0; q < c->qubits; q++) {
    uint64_t string[2] = {0, UINT64_C(1) << q};
    (void)stabilizer_state_add(zero, string, false);
  }
  quantum_state_t state;
  quantum_state_init(state, c->qubits);
  quantum_state_set_stabilizer(state, zero);
  ansatz_add_state(a, state, "zero");
  quantum_state_clear(state);
  stabilizer_state_clear(zero);
  fmpq_clear(one);
}

/* One layer: the circuit itself with random angles, those of the first samples
   shown. */
static void samples(const circuit_t *c, size_t count, bool gradients) {
  ansatz_t a;
  program_t p;
  sampler_t s;
  char *message;
  sampler_pair_t pair = {0, 0};
  make_ansatz(a, c);
  program_init(&p, a, NULL);
  if (sampler_init_way(&s, &p, a, &pair, 1, 0, 0, SAMPLER_EITHER, precision,
                       &message) != STATUS_OK)
    fail(message);
  double *losses = memory_get(count, sizeof *losses);
  double *norms = memory_get(count, sizeof *norms);
  sampler_job_t job = {.seed = SEED,
                       .purpose = PURPOSE,
                       .num_samples = count,
                       .num_layers = 1,
                       .losses = &losses,
                       .gradient_norms = gradients ? &norms : NULL};
  double best = INFINITY;
  for (int i = 0; i < LEAST_REPEATS; i++) {
    double start = omp_get_wtime();
    if (sampler_run(&s, &job) != STATUS_OK) fail("the sampler stopped");
    best = fmin(best, omp_get_wtime() - start);
  }
  printf("{\"seconds\": %.9g", best);
  show("values", losses, SHOWN);
  if (gradients) show("norms", norms, SHOWN);
  double *angles = memory_get(SHOWN * p.num_drives, sizeof *angles);
  for (size_t i = 0; i < SHOWN; i++) {
    random_uniforms(angles + i * p.num_drives, p.num_drives, SEED, PURPOSE, i,
                    0);
    for (size_t d = 0; d < p.num_drives; d++)
      angles[i * p.num_drives + d] *= p.windows[d];
  }
  show("angles", angles, SHOWN * p.num_drives);
  printf("}\n");
}

int main(int argc, char **argv) {
  circuit_t c = {0};
  if (argc > 2 && !strcmp(argv[1], "--precision")) {
    if (!strcmp(argv[2], "single")) precision = PRECISION_SINGLE;
    argc -= 2;
    argv += 2;
  }
  if (argc < 3) fail("[--precision single] copy QUBITS | run|sweep|gradient FILE | "
                     "samples FILE COUNT gradients|losses");
  if (!strcmp(argv[1], "copy")) {
    copy((size_t)strtoul(argv[2], NULL, 10));
    return 0;
  }
  read_circuit(&c, argv[2]);
  if (!strcmp(argv[1], "run") || !strcmp(argv[1], "sweep"))
    run(&c, argv[1][0] == 's');
  else if (!strcmp(argv[1], "gradient"))
    gradient(&c);
  else if (!strcmp(argv[1], "samples") && argc == 5)
    samples(&c, (size_t)strtoul(argv[3], NULL, 10),
            !strcmp(argv[4], "gradients"));
  else
    fail("no such task");
  return 0;
}
