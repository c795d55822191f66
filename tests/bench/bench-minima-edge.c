/* Medians of local minima, by descents or by the law at that size:
     bench-minima-edge descents QUBITS PROJECTOR PARAMETERS STARTS [LAYERS]
     bench-minima-edge law QUBITS PROJECTOR PARAMETERS RUNS
   SU(2^n) and the projector on 1 in the last PROJECTOR qubits, so that one block of N = 2^n
   has rank r = N/2^PROJECTOR and m = 2 r real degrees of freedom. Descents: PARAMETERS free
   angles, chosen at random in a circuit of LAYERS layers (default 2 p + 4 n), all others
   being fixed at random. Prints a row, separated by tabs:
     descents p m N median low high STARTS seconds
     law      p m N median error    RUNS   seconds
   levels being (l - least)/(mean - least); low, high: about 95% by order statistics;
   seconds: of processors. minima-edge.py collects such rows and draws them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "numeric/judge/minima.h"
#include "numeric/judge/minima_search.h"
#include "numeric/machine/memory.h"
#include "tests/verify_cases.h"

enum { SEED = 1 };
static const double law_operations = 1e13; /* no limit in practice */

typedef struct {
  size_t n, k, p, count; /* count: starts or runs */
  double size, rank;     /* N, r */
} edge_t;

static void projector(double_sum_t *out, size_t n, size_t k) {
  pauli_sum_t sum;
  fmpq_t c;
  fmpq_init(c);
  pauli_sum_init(sum, n);
  for (uint64_t mask = 0; mask >> k == 0; mask++) {
    uint64_t string[2];
    char word[32];
    for (size_t j = 0; j < n; j++)
      word[j] = j + k >= n && mask >> (n - 1 - j) & 1 ? 'Z' : 'I';
    word[n] = 0;
    case_parse(string, word);
    fmpq_set_si(c, __builtin_parityll(mask) ? -1 : 1, 1ul << k);
    pauli_sum_push(sum, c, string);
  }
  pauli_sum_canonicalise(sum);
  program_sum(out, sum);
  pauli_sum_clear(sum);
  fmpq_clear(c);
}

static double seconds(clock_t start) {
  return (double)(clock() - start) / CLOCKS_PER_SEC;
}

static void print_descents(const edge_t *e, const double *losses, double took) {
  minima_landscape_t l = {.least = 0, .mean = e->rank / e->size};
  minima_row_t row = {.num_starts = e->count, .losses = (double *)losses};
  double low, high;
  minima_median_interval(&low, &high, &row);
  printf("descents\t%zu\t%.0f\t%.0f\t%.4f\t%.4f\t%.4f\t%zu\t%.0f\n", e->p, 2 * e->rank,
         e->size, minima_relative(&l, minima_quantile(&row, 0.5)),
         minima_relative(&l, low), minima_relative(&l, high), e->count, took);
}

static int descend(const edge_t *e, const program_t *program, const ansatz_t ansatz,
                   size_t num_layers) {
  minima_circuit_t c;
  gradient_work_t work;
  statevector_t input;
  double_sum_t sum;
  clock_t start = clock();
  double *losses = memory_get(e->count, sizeof *losses);
  minima_circuit_deep(&c, program, num_layers, e->p);
  projector(&sum, e->n, e->k);
  if (!statevector_init(&input, e->n, 1) ||
      !gradient_work_init(&work, &c.program, &c.list, e->n, 1, PRECISION_DOUBLE))
    return 70;
  statevector_prepare(&input, ansatz->states[0].state);
  for (size_t i = 0; i < e->count; i++)
    losses[i] = minima_descend(&c, &work, &sum, &input, 1e-12, SEED, RANDOM_MINIMA, i).loss;
  print_descents(e, losses, seconds(start));
  gradient_work_clear(&work);
  minima_circuit_clear(&c);
  statevector_clear(&input);
  double_sum_clear(&sum);
  free(losses);
  return 0;
}

static int run_descents(const edge_t *e, size_t num_layers) {
  ansatz_t ansatz;
  verify_claims_t claims;
  program_t program;
  case_sphere(ansatz, e->n, 2);
  case_start_zero(ansatz, e->n);
  verify_claims_init(claims, ansatz);
  program_init(&program, ansatz, claims->rotation_flags);
  int code = descend(e, &program, ansatz, num_layers);
  program_clear(&program);
  verify_claims_clear(claims);
  ansatz_clear(ansatz);
  return code;
}

static int run_law(const edge_t *e) {
  minima_law_t out;
  clock_t start = clock();
  minima_block_t block = {1, 2 * e->rank};
  minima_model_t model = {e->p, 1, &block, 2 * e->size, 2, 0, NULL, NULL};
  minima_law_options_t options = {.seed = SEED, .num_threads = 1, .num_runs = e->count,
                                  .max_operations = law_operations};
  if (minima_law(&out, &model, &options) != STATUS_OK) return 2;
  printf("law\t%zu\t%.0f\t%.0f\t%.4f\t%.4f\t%zu\t%.0f\n", e->p, 2 * e->rank, e->size,
         out.quantiles[1].value, out.quantiles[1].error, e->count, seconds(start));
  return 0;
}

int main(int argc, char **argv) {
  if (argc < 6) return 2;
  edge_t e = {.n = strtoul(argv[2], NULL, 0), .k = strtoul(argv[3], NULL, 0),
              .p = strtoul(argv[4], NULL, 0), .count = strtoul(argv[5], NULL, 0)};
  e.size = ldexp(1, (int)e.n);
  e.rank = ldexp(1, (int)(e.n - e.k));
  if (!strcmp(argv[1], "law")) return run_law(&e);
  return run_descents(&e, argc > 6 ? strtoul(argv[6], NULL, 0) : 2 * e.p + 4 * e.n);
}
