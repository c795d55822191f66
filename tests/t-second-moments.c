/* How many layers second moments take, against the walk of the strings of O on 4^n
   numbers, and against itself in a rotated frame. */
#include <math.h>
#include <stdlib.h>

#include "numeric/sample/second_moments.h"
#include "tests/tap.h"
#include "tests/verify_cases.h"

static const double relative = 1e-4;

static double measure(const ansatz_t a) {
  program_t program;
  sampler_t sampler;
  char *message = NULL;
  sampler_pair_t pair = {0, 0};
  double layers = NAN;
  program_init(&program, a, NULL);
  if (sampler_init(&sampler, &program, a, &pair, 1, 0, 1, &message) == STATUS_OK) {
    if (!second_moments_layers(&layers, &sampler, relative)) layers = NAN;
    sampler_clear(&sampler);
  }
  free(message);
  program_clear(&program);
  return layers;
}

static void random_word(char *word, size_t n) {
  size_t sure = tap_random_below(n);
  for (size_t q = 0; q < n; q++)
    word[q] = "IXYZ"[q == sure ? 1 + tap_random_below(3) : tap_random_below(4)];
  word[n] = 0;
}

/* x * 2^n + z of a word. */
static size_t code_of(const char *word, size_t n) {
  size_t x = 0, z = 0;
  for (size_t q = 0; q < n; q++) {
    x |= (size_t)(word[q] == 'X' || word[q] == 'Y') << q;
    z |= (size_t)(word[q] == 'Z' || word[q] == 'Y') << q;
  }
  return x << n | z;
}

static bool anticommute(size_t a, size_t b, size_t n) {
  size_t low = ((size_t)1 << n) - 1;
  return __builtin_parityll((a >> n & b & low) ^ (a & low & b >> n));
}

/* Every gate averages the squares on the strings that it exchanges. */
static double walk(const size_t *gates, size_t count, size_t start, size_t n) {
  enum { LAYERS = 20000 };
  size_t size = (size_t)1 << 2 * n, t = 0;
  double *p = calloc(size, sizeof *p), *steps = calloc(LAYERS, sizeof *steps);
  double last = 0;
  p[start] = 1;
  do {
    double step = 0;
    double *before = malloc(size * sizeof *before);
    for (size_t i = 0; i < size; i++) before[i] = p[i];
    for (size_t g = count; g-- > 0;)
      for (size_t i = 0; i < size; i++) {
        size_t j = i ^ gates[g];
        if (anticommute(i, gates[g], n) && i < j) p[i] = p[j] = (p[i] + p[j]) / 2;
      }
    for (size_t i = 0; i < size; i++) step += (p[i] - before[i]) * (p[i] - before[i]);
    free(before);
    last = sqrt(step);
    steps[t++] = last;
  } while (last > 1e-13 && t < LAYERS);
  double limit = 0, left = 0;
  for (size_t i = 0; i < size; i++) limit += p[i] * p[i];
  while (t && left + steps[t - 1] <= relative * sqrt(limit)) left += steps[--t];
  free(p);
  free(steps);
  return t ? (double)t : 1;
}

static void test_strings(void) {
  long runs = tap_iterations(30), wrong = 0;
  for (long r = 0; r < runs; r++) {
    ansatz_t a;
    char word[8];
    size_t n = 1 + tap_random_below(3), count = 1 + tap_random_below(5), gates[5];
    ansatz_init(a, ANSATZ_CIRCUIT, n);
    for (size_t g = 0; g < count; g++) {
      random_word(word, n);
      case_parametrised(a, word);
      gates[g] = code_of(word, n);
    }
    random_word(word, n);
    case_observe(a, word);
    case_start_zero(a, n);
    double found = measure(a), right = walk(gates, count, code_of(word, n), n);
    /* Sums of rounded steps may fall on either side of the bound. */
    if (!(fabs(found - right) <= 1)) {
      wrong++;
      tap_diag("%zu qubits, %zu gates: %g layers, not %g", n, count, found, right);
    }
    ansatz_clear(a);
  }
  tap_ok(wrong == 0, "%ld circuits of strings: as many layers as the walk", runs);
}

/* exp(-i theta H) about a sum: X + c Z and Y are, about Y, a turned frame of Z and Y. */
static void add_sum(ansatz_t a, const char *first, const char *second, int c,
                    bool observable) {
  pauli_sum_t sum;
  fmpq_t one;
  uint64_t string[2];
  fmpq_init(one);
  pauli_sum_init(sum, a->num_qubits);
  fmpq_set_si(one, 1, 1);
  case_parse(string, first);
  pauli_sum_push(sum, one, string);
  if (second) {
    fmpq_set_si(one, c, 1);
    case_parse(string, second);
    pauli_sum_push(sum, one, string);
  }
  pauli_sum_canonicalise(sum);
  if (observable) ansatz_add_observable(a, sum, 0);
  else ansatz_add_generator(a, sum);
  pauli_sum_clear(sum);
  fmpq_clear(one);
}

static double one_qubit(const char *second, int c) {
  ansatz_t a;
  ansatz_init(a, ANSATZ_OPERATORS, 1);
  add_sum(a, "X", second, c, false);
  add_sum(a, "Y", NULL, 0, false);
  a->num_parameters = 2;
  add_sum(a, "X", second, c, true);
  case_start_zero(a, 1);
  double layers = measure(a);
  ansatz_clear(a);
  return layers;
}

int main(void) {
  tap_begin("t-second-moments");
  test_strings();
  double plain = one_qubit(NULL, 0);
  tap_ok(plain > 1 && one_qubit("Z", 1) == plain && one_qubit("Z", 3) == plain,
         "exponentials of X + Z and X + 3 Z mix as X does: %g layers", plain);
  return tap_end();
}
