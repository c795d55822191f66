/* Spectra of Pauli sums on a sector as blocks: listed, or moments with what is
   certain of the least eigenvalue. Sums of commuting terms against all signs,
   one by one; other sums against dense matrices. */
#include <math.h>
#include <stdlib.h>

#include "algebra/base/flint_compat.h"
#include "algebra/spectrum/sector_spectrum.h"
#include "tests/ref_matrix.h"
#include "tests/ref_strings.h"
#include "tests/tap.h"

static double to_double(const fmpq_t q) {
  return fmpz_get_d(fmpq_numref(q)) / fmpz_get_d(fmpq_denref(q));
}

static void print_sum(const pauli_sum_t sum) {
  char *text = pauli_sum_get_str(sum);
  tap_diag("on %zu qubits: observable %s", sum->num_qubits, text);
  free(text);
}

/* --- commuting terms ----------------------------------------------------------- */

enum { MAX_TERMS = 40, MAX_BITS = 15 };

/* A diagonal sum, and what it becomes when the Z of qubits 2i, 2i+1 turn into
   XX and ZZ (so that their product turns into -YY). */
typedef struct {
  int bits, num_terms;
  unsigned masks[MAX_TERMS];
  long num[MAX_TERMS];
  long den;
  pauli_sum_t sum;
} diagonal_t;

static void diagonal_push(diagonal_t *d, const fmpq_t coeff, unsigned mask,
                          bool entangled) {
  uint64_t row[2] = {0, 0};
  fmpq_t c;
  fmpq_init(c);
  fmpq_set(c, coeff);
  for (size_t j = 0; j < (size_t)d->bits; j++) {
    size_t even = j & ~(size_t)1;
    if (!(mask >> j & 1)) continue;
    if (!entangled || even + 1 == (size_t)d->bits) {
      pauli_set(row, 1, j, 2);
      continue;
    }
    /* letters X = 1, Z = 2, Y = 3: XX times ZZ = -YY */
    unsigned letter = j % 2 ? 2 : 1;
    if (pauli_get(row, 1, even)) fmpq_neg(c, c);
    letter ^= pauli_get(row, 1, even);
    pauli_set(row, 1, even, letter);
    pauli_set(row, 1, even + 1, letter);
  }
  pauli_sum_push(d->sum, c, row);
  fmpq_clear(c);
}

/* kind 0: a ring of bonds; 1: a grid; 2: random masks. */
static unsigned diagonal_mask(const diagonal_t *d, int kind, int term) {
  unsigned bits = (unsigned)d->bits;
  if (kind == 0) {
    unsigned i = (unsigned)term % bits;
    return 1u << i | 1u << (i + 1) % bits;
  }
  if (kind == 1) {
    unsigned i = (unsigned)term / 2 % bits, step = term % 2 ? 4 : 1;
    return 1u << i | 1u << (i + step) % bits;
  }
  unsigned mask = 1 + (unsigned)tap_random_below((1u << bits) - 1);
  return tap_random_below(2) ? mask : mask & (unsigned)tap_random();
}

static void diagonal_init(diagonal_t *d, int kind, bool commensurable) {
  fmpq_t c;
  fmpq_init(c);
  d->bits = 13 + (int)tap_random_below(MAX_BITS - 12);
  d->num_terms = 0;
  d->den = commensurable ? 1 + (long)tap_random_below(3) : 1009;
  pauli_sum_init(d->sum, (size_t)d->bits);
  bool entangled = tap_random_below(2);
  int wanted = kind == 0 ? d->bits : d->bits + (int)tap_random_below(14);
  for (int t = 0; t < wanted; t++) {
    unsigned mask = diagonal_mask(d, kind, t);
    bool repeated = !mask;
    for (int i = 0; i < d->num_terms; i++) repeated |= d->masks[i] == mask;
    if (repeated) continue;
    long num = commensurable ? 1 + (long)tap_random_below(3)
                             : 1 + (long)tap_random_below(100000);
    if (tap_random_below(2)) num = -num;
    d->masks[d->num_terms] = mask;
    d->num[d->num_terms++] = num;
    fmpq_set_si(c, num, (ulong)d->den);
    diagonal_push(d, c, mask, entangled);
  }
  pauli_sum_canonicalise(d->sum);
  fmpq_clear(c);
}

static int compare_longs(const void *a, const void *b) {
  long x = *(const long *)a, y = *(const long *)b;
  return (x > y) - (x < y);
}

/* All eigenvalues times den, ascending. */
static long *diagonal_values(const diagonal_t *d) {
  size_t count = (size_t)1 << d->bits;
  long *values = calloc(count, sizeof *values);
  for (size_t s = 0; s < count; s++)
    for (int t = 0; t < d->num_terms; t++)
      values[s] += __builtin_parityll(d->masks[t] & s) ? -d->num[t] : d->num[t];
  qsort(values, count, sizeof *values, compare_longs);
  return values;
}

static bool is_ratio(const fmpq_t x, long num, long den) {
  fmpq_t y;
  fmpq_init(y);
  fmpq_set_si(y, num, (ulong)den);
  bool same = fmpq_equal(x, y);
  fmpq_clear(y);
  return same;
}

static const char *diagonal_wrong(const diagonal_t *d, long *listed) {
  const char *wrong = NULL;
  laws_block_t block;
  fmpz_t n;
  laws_block_init(block);
  fmpz_init_set_ui(n, UINT64_C(3) << d->bits); /* each three times */
  long *values = diagonal_values(d);
  size_t count = (size_t)1 << d->bits, at = 0;
  if (sector_spectrum(block, d->sum, n, 4) != STATUS_OK) wrong = "status";
  else if (!fmpz_equal(block->dimension, n)) wrong = "dimension";
  else if (block->least_kind != LAWS_LEAST_EXACT) wrong = "least is not exact";
  else if (!is_ratio(block->least, values[0], d->den)) wrong = "least";
  for (slong i = 0; i < block->num_levels && !wrong; i++) {
    size_t from = at;
    if (at == count || !is_ratio(block->levels + i, values[at], d->den)) {
      wrong = "level";
      break;
    }
    while (at < count && values[at] == values[from]) at++;
    if (fmpz_cmp_ui(block->multiplicities + i, 3 * (at - from)) != 0)
      wrong = "multiplicity";
  }
  if (!wrong && block->num_levels && at != count) wrong = "number of levels";
  *listed += block->num_levels > 0;
  free(values);
  fmpz_clear(n);
  laws_block_clear(block);
  return wrong;
}

static void test_commuting(void) {
  static const char *const names[] = {"rings", "grids", "random words"};
  for (int kind = 0; kind < 3; kind++)
    for (int commensurable = 0; commensurable < 2; commensurable++) {
      long count = tap_iterations(12), listed = 0;
      bool ok = true;
      for (long i = 0; i < count && ok; i++) {
        diagonal_t d;
        diagonal_init(&d, kind, commensurable);
        const char *wrong = diagonal_wrong(&d, &listed);
        if (wrong) {
          ok = false;
          tap_diag("case %ld: %s is wrong", i, wrong);
          print_sum(d.sum);
        }
        pauli_sum_clear(d.sum);
      }
      if (commensurable && listed < count) ok = false;
      tap_ok(ok, "%ld commuting sums, %s, %s coefficients: %ld spectra listed",
             count, names[kind], commensurable ? "small" : "long", listed);
    }
}

/* --- terms that do not commute ----------------------------------------------------- */

enum { MAX_QUBITS = 4, MAX_ENTRIES = 256 };

static void random_sum(pauli_sum_t sum, int n, ref_entry_t *dense) {
  size_t terms = 2 + tap_random_below(9);
  fmpq_t c;
  fmpq_init(c);
  ref_matrix_zero(dense, n);
  for (size_t t = 0; t < terms; t++) {
    unsigned p = 1 + (unsigned)tap_random_below((1u << 2 * n) - 1);
    uint64_t row[2] = {p & ((1u << n) - 1), p >> n};
    long num = (long)tap_random_below(11) - 5, den = 1 + (long)tap_random_below(4);
    fmpq_set_si(c, num, (ulong)den);
    pauli_sum_push(sum, c, row);
    ref_matrix_add_string(dense, n, (double)num / (double)den, p);
  }
  pauli_sum_canonicalise(sum);
  fmpq_clear(c);
}

/* Jacobi rotations: errors of about dimension^2 x epsilon x norm. */
static const double tolerance = 1e-10;

static bool holds(const arb_t ball, double value) {
  arb_t wide;
  arb_init(wide);
  arb_set(wide, ball);
  arb_add_error_2exp_si(wide, -33);
  arf_t x;
  arf_init(x);
  arf_set_d(x, value);
  bool inside = arb_contains_arf(wide, x);
  arf_clear(x);
  arb_clear(wide);
  return inside;
}

/* kinds[0..2]: exact, narrow ball, wide ball. */
static const char *dense_wrong(const pauli_sum_t sum, const double *values,
                               size_t max_dense, long *kinds) {
  size_t count = (size_t)1 << sum->num_qubits;
  const char *wrong = NULL;
  double moments[5] = {0};
  laws_block_t block;
  laws_wishart_t w;
  fmpz_t n;
  laws_block_init(block);
  laws_wishart_init(w);
  fmpz_init_set_ui(n, count);
  for (size_t i = 0; i < count; i++)
    for (int j = 1; j <= 4; j++)
      moments[j] += pow(values[i], j) / (double)count;
  double r = (double)count * values[0] * values[0] /
             (values[0] * values[0] + moments[2]);
  if (sector_spectrum(block, sum, n, max_dense) != STATUS_OK) {
    wrong = "status";
    goto done;
  }
  double unit = sqrt(to_double(block->radicand));
  if (fabs(to_double(block->central2) * unit * unit - moments[2]) > tolerance ||
      fabs(to_double(block->central3) * unit * unit * unit - moments[3]) >
          100 * tolerance ||
      fabs(to_double(block->central4) * pow(unit, 4) - moments[4]) >
          1000 * tolerance)
    wrong = "moment";
  else if (block->least_kind == LAWS_LEAST_UNKNOWN)
    wrong = "an unknown least eigenvalue";
  else if (block->least_kind == LAWS_LEAST_EXACT) {
    kinds[0]++;
    if (fabs(to_double(block->least) * unit - values[0]) > tolerance)
      wrong = "least eigenvalue";
  } else {
    bool narrow = arb_rel_accuracy_bits(block->least_ball) >= 50;
    kinds[narrow ? 1 : 2]++;
    if (!holds(block->least_ball, values[0])) wrong = "ball";
    if (max_dense >= sum->num_qubits && !narrow) wrong = "width of the ball";
  }
  if (!wrong && laws_block_wishart(w, block, 64) != STATUS_OK)
    wrong = "status of the degrees of freedom";
  if (!wrong && (fmpz_get_d(w->r_low) > ceil(r + tolerance) ||
                 fmpz_get_d(w->r_high) < ceil(r - tolerance) ||
                 !holds(w->r_ball, r)))
    wrong = "interval of the degrees of freedom";
done:
  fmpz_clear(n);
  laws_wishart_clear(w);
  laws_block_clear(block);
  return wrong;
}

static void test_dense(void) {
  long kinds[3] = {0}, count = tap_iterations(150);
  bool ok = true;
  for (long i = 0; i < count && ok; i++) {
    int n = 1 + (int)tap_random_below(MAX_QUBITS);
    ref_entry_t dense[MAX_ENTRIES];
    double values[1 << MAX_QUBITS];
    pauli_sum_t sum;
    pauli_sum_init(sum, (size_t)n);
    random_sum(sum, n, dense);
    ref_matrix_eigenvalues(values, NULL, dense, (size_t)1 << n);
    for (size_t max_dense = 0; max_dense < 9 && ok; max_dense += 8) {
      if (pauli_sum_is_zero(sum)) continue;
      const char *wrong = dense_wrong(sum, values, max_dense, kinds);
      if (!wrong) continue;
      ok = false;
      tap_diag("case %ld: wrong %s, dense up to %zu qubits", i, wrong,
               max_dense);
      print_sum(sum);
    }
    pauli_sum_clear(sum);
  }
  tap_ok(ok, "%ld sums against dense matrices: %ld least eigenvalues exact, "
             "%ld narrow balls, %ld wide ones", count, kinds[0], kinds[1],
         kinds[2]);
  tap_occurred(kinds[0] && kinds[1] && kinds[2],
               "every kind of answer occurred");
}

int main(void) {
  tap_begin("t-sector-spectrum");
  test_commuting();
  test_dense();
  return tap_end();
}
