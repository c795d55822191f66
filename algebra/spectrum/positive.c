#include "algebra/spectrum/positive.h"

#include "algebra/base/flint_compat.h"
#include "algebra/spectrum/spectrum.h"

enum { EXACT_QUBITS = 6, PREC_BITS = 128 };

/* place[q]: the number of qubit q among those that some term acts on. */
static size_t number_support(size_t *place, const pauli_sum_t sum) {
  size_t count = 0;
  for (size_t q = 0; q < sum->num_qubits; q++) {
    bool used = false;
    for (size_t t = 0; t < sum->length && !used; t++)
      used = pauli_get(pauli_sum_string(sum, t), sum->num_words, q) != 0;
    place[q] = used ? count++ : SIZE_MAX;
  }
  return count;
}

/* Adds c P to [[A, -B], [B, A]], P = A + i B, scaled by den. P|b> = i^m
   (-1)^(z.b) |b + x>, m the number of Y. */
static void add_term(fmpz_mat_t a, const pauli_sum_t sum, size_t t,
                     const size_t *place, size_t num, const fmpz_t den) {
  uint64_t x = 0, z = 0;
  size_t half = (size_t)1 << num;
  fmpz_t c;
  for (size_t q = 0; q < sum->num_qubits; q++) {
    unsigned letter = pauli_get(pauli_sum_string(sum, t), sum->num_words, q);
    if (letter & 1) x |= UINT64_C(1) << place[q];
    if (letter & 2) z |= UINT64_C(1) << place[q];
  }
  fmpz_init(c);
  fmpz_divexact(c, den, fmpq_denref(sum->coeffs + t));
  fmpz_mul(c, c, fmpq_numref(sum->coeffs + t));
  int m = __builtin_popcountll(x & z) & 3;
  for (size_t b = 0; b < half; b++) {
    bool negative = (m >= 2) ^ (__builtin_popcountll(z & b) & 1);
    size_t row = b ^ x;
    for (size_t i = 0; i < 2; i++) {
      /* real: on the diagonal blocks; imaginary: +B below, -B above */
      size_t to = row + (m & 1 ? (1 - i) * half : i * half);
      fmpz *entry = fmpz_mat_entry(a, (slong)to, (slong)(b + i * half));
      if (negative ^ ((m & 1) && i == 1)) fmpz_sub(entry, entry, c);
      else fmpz_add(entry, entry, c);
    }
  }
  fmpz_clear(c);
}

static answer_t decide_exactly(const pauli_sum_t sum, const size_t *place,
                               size_t num) {
  slong size = (slong)2 << num;
  fmpz_mat_t a;
  fmpz_poly_t p;
  fmpz_t den;
  fmpz_init_set_ui(den, 1);
  fmpz_mat_init(a, size, size);
  fmpz_poly_init(p);
  for (size_t t = 0; t < sum->length; t++)
    fmpz_lcm(den, den, fmpq_denref(sum->coeffs + t));
  for (size_t t = 0; t < sum->length; t++) add_term(a, sum, t, place, num, den);
  fmpz_mat_charpoly(p, a);
  bool alternate = true;
  for (slong k = 0; k <= size && alternate; k++) {
    int sign = fmpz_sgn(fmpz_poly_get_coeff_ptr(p, k));
    alternate = (size - k) % 2 ? sign <= 0 : sign >= 0;
  }
  fmpz_mat_clear(a);
  fmpz_poly_clear(p);
  fmpz_clear(den);
  return alternate ? ANSWER_YES : ANSWER_NO;
}

static answer_t decide_by_bounds(const pauli_sum_t sum) {
  fmpq_t least;
  arb_t ball;
  answer_t answer = ANSWER_UNDECIDED;
  fmpq_init(least);
  arb_init(ball);
  if (spectrum_least_unfrustrated(least, sum)) {
    answer = fmpq_sgn(least) >= 0 ? ANSWER_YES : ANSWER_NO;
  } else {
    spectrum_least_interval(ball, sum, PREC_BITS);
    if (arb_is_nonnegative(ball)) answer = ANSWER_YES;
    else if (arb_is_negative(ball)) answer = ANSWER_NO;
  }
  fmpq_clear(least);
  arb_clear(ball);
  return answer;
}

/* Is c_0 >= sum of the other |c|? */
static bool is_dominated(const pauli_sum_t sum) {
  fmpq_t rest, c;
  fmpq_init(rest);
  fmpq_init(c);
  for (size_t t = 0; t < sum->length; t++) {
    if (pauli_is_identity(pauli_sum_string(sum, t), sum->num_words)) {
      fmpq_add(rest, rest, sum->coeffs + t);
    } else {
      fmpq_abs(c, sum->coeffs + t);
      fmpq_sub(rest, rest, c);
    }
  }
  bool yes = fmpq_sgn(rest) >= 0;
  fmpq_clear(rest);
  fmpq_clear(c);
  return yes;
}

answer_t pauli_sum_is_positive(const pauli_sum_t sum) {
  if (is_dominated(sum)) return ANSWER_YES;
  size_t *place = flint_malloc((sum->num_qubits + 1) * sizeof *place);
  size_t num = number_support(place, sum);
  answer_t answer = num <= EXACT_QUBITS ? decide_exactly(sum, place, num)
                                        : decide_by_bounds(sum);
  flint_free(place);
  return answer;
}

status_t quantum_state_set_pauli(quantum_state_t out, const pauli_sum_t in) {
  fmpq_t trace;
  uint64_t *identity = flint_calloc(2 * in->num_words + 1, sizeof *identity);
  fmpq_init(trace);
  pauli_sum_coefficient(trace, in, identity);
  answer_t positive =
      fmpq_is_one(trace) ? pauli_sum_is_positive(in) : ANSWER_NO;
  if (positive == ANSWER_YES) quantum_state_set_positive(out, in);
  fmpq_clear(trace);
  flint_free(identity);
  return positive == ANSWER_YES   ? STATUS_OK
         : positive == ANSWER_NO ? STATUS_BAD_INPUT
                                  : STATUS_UNDECIDED;
}
