#include "cli/check/check_spectrum.h"

#include "cli/format/json_number.h"
#include "algebra/base/state.h"
#include "algebra/check/check_square.h"

enum { MAX_PRODUCTS = 1 << 21 };

static void add_constant(pauli_sum_t sum, const fmpq_t value) {
  uint64_t *identity = flint_calloc(2 * sum->num_words + 1, sizeof *identity);
  pauli_sum_push(sum, value, identity);
  pauli_sum_canonicalise(sum);
  flint_free(identity);
}

/* Coefficient of the identity: the trace per dimension. */
static void trace(fmpq_t out, const pauli_sum_t sum) {
  fmpq_zero(out);
  for (size_t i = 0; i < sum->length; i++)
    if (pauli_is_identity(pauli_sum_string(sum, i), sum->num_words))
      fmpq_set(out, sum->coeffs + i);
}

/* --- listed ------------------------------------------------------------------------------ */

typedef struct {
  size_t length;
  fmpq *levels;
  fmpq *parts; /* m_i / N, then times prod (o_i - o_t) */
} levels_t;

static bool levels_init(levels_t *v, const json_t *spectrum, const fmpz_t n) {
  fmpz_t times;
  bool ok = true;
  fmpz_init(times);
  v->length = json_array_size(spectrum);
  v->levels = flint_malloc((v->length + 1) * sizeof *v->levels);
  v->parts = flint_malloc((v->length + 1) * sizeof *v->parts);
  for (size_t i = 0; i < v->length; i++) {
    const json_t *level = json_array_get(spectrum, i);
    fmpq_init(v->levels + i);
    fmpq_init(v->parts + i);
    ok = ok && cert_get_fmpq(v->levels + i, json_object_get(level, "eigenvalue"));
    ok = ok && cert_get_fmpz(times, json_object_get(level, "multiplicity"));
    ok = ok && fmpz_sgn(times) > 0 && json_object_size(level) == 2;
    if (ok) fmpq_set_fmpz_frac(v->parts + i, times, n);
    if (ok && i) ok = fmpq_cmp(v->levels + i - 1, v->levels + i) < 0;
  }
  fmpz_clear(times);
  return ok && v->length;
}

static void levels_clear(levels_t *v) {
  for (size_t i = 0; i < v->length; i++) {
    fmpq_clear(v->levels + i);
    fmpq_clear(v->parts + i);
  }
  flint_free(v->levels);
  flint_free(v->parts);
}

static answer_t newton_chain(levels_t *v, const pauli_sum_t sum) {
  pauli_sum_t chain, next, factor;
  fmpq_t value, total;
  size_t budget = MAX_PRODUCTS;
  answer_t answer = ANSWER_YES;
  fmpq_init(value);
  fmpq_init(total);
  pauli_sum_init(chain, sum->num_qubits);
  pauli_sum_init(next, sum->num_qubits);
  pauli_sum_init(factor, sum->num_qubits);
  fmpq_one(value);
  add_constant(chain, value);
  for (size_t j = 0; j <= v->length && answer == ANSWER_YES; j++) {
    trace(value, chain);
    fmpq_zero(total);
    for (size_t i = 0; i < v->length; i++)
      fmpq_add(total, total, v->parts + i);
    if (!fmpq_equal(value, total)) answer = ANSWER_NO;
    if (j == v->length || answer != ANSWER_YES) break;
    for (size_t i = 0; i < v->length; i++) {
      fmpq_sub(value, v->levels + i, v->levels + j);
      fmpq_mul(v->parts + i, v->parts + i, value);
    }
    pauli_sum_set(factor, sum);
    fmpq_neg(value, v->levels + j);
    add_constant(factor, value);
    if (!check_product(next, chain, factor, &budget)) answer = ANSWER_UNDECIDED;
    pauli_sum_swap(chain, next);
  }
  if (answer == ANSWER_YES && !pauli_sum_is_zero(chain)) answer = ANSWER_NO;
  fmpq_clear(value);
  fmpq_clear(total);
  pauli_sum_clear(chain);
  pauli_sum_clear(next);
  pauli_sum_clear(factor);
  return answer;
}

/* Levels -v and v, half each, in units of sqrt(R): O^2 = v^2 R, Tr O = 0. */
static answer_t opposite_pair(const levels_t *v, const pauli_sum_t sum,
                              const fmpq_t radicand) {
  pauli_sum_t square;
  fmpq_t value, half;
  size_t budget = MAX_PRODUCTS;
  fmpq_init(value);
  fmpq_init(half);
  pauli_sum_init(square, sum->num_qubits);
  fmpq_set_si(half, 1, 2);
  fmpq_neg(value, v->levels);
  bool right = v->length == 2 && fmpq_equal(value, v->levels + 1) &&
               fmpq_equal(v->parts, half) && fmpq_equal(v->parts + 1, half);
  trace(value, sum);
  right = right && fmpq_is_zero(value);
  fmpq_mul(value, v->levels, v->levels);
  fmpq_mul(value, value, radicand);
  fmpq_neg(value, value);
  answer_t answer = right ? ANSWER_YES : ANSWER_NO;
  if (right && !check_product(square, sum, sum, &budget)) answer = ANSWER_UNDECIDED;
  add_constant(square, value);
  if (answer == ANSWER_YES && !pauli_sum_is_zero(square)) answer = ANSWER_NO;
  fmpq_clear(value);
  fmpq_clear(half);
  pauli_sum_clear(square);
  return answer;
}

answer_t check_spectrum(const json_t *spectrum, const pauli_sum_t sum,
                        const fmpz_t dimension, const fmpq_t radicand) {
  levels_t v;
  answer_t answer = ANSWER_NO;
  if (levels_init(&v, spectrum, dimension))
    answer = fmpq_is_one(radicand) ? newton_chain(&v, sum)
                                   : opposite_pair(&v, sum, radicand);
  levels_clear(&v);
  return answer;
}

/* --- not listed ------------------------------------------------------------------------------ */

bool check_spectrum_moments(fmpq *moments, const pauli_sum_t sum) {
  pauli_sum_t rest, square;
  fmpq_t value;
  size_t budget = 8 * MAX_PRODUCTS;
  fmpq_init(value);
  pauli_sum_init(rest, sum->num_qubits);
  pauli_sum_init(square, sum->num_qubits);
  trace(moments, sum);
  pauli_sum_set(rest, sum);
  fmpq_neg(value, moments);
  add_constant(rest, value);
  bool ok = check_product(square, rest, rest, &budget);
  if (ok) {
    trace(moments + 1, square);
    fmpq_zero(moments + 2);
    fmpq_zero(moments + 3);
    size_t j = 0;
    for (size_t i = 0; i < square->length; i++) {
      const uint64_t *p = pauli_sum_string(square, i);
      fmpq_addmul(moments + 3, square->coeffs + i, square->coeffs + i);
      while (j < rest->length &&
             pauli_cmp(pauli_sum_string(rest, j), p, sum->num_words) < 0)
        j++;
      if (j < rest->length &&
          pauli_equal(pauli_sum_string(rest, j), p, sum->num_words))
        fmpq_addmul(moments + 2, square->coeffs + i, rest->coeffs + j);
    }
  }
  fmpq_clear(value);
  pauli_sum_clear(rest);
  pauli_sum_clear(square);
  return ok;
}

bool check_spectrum_least(const fmpq_t least, const pauli_sum_t sum) {
  stabilizer_state_t state;
  fmpq_t bound, size;
  bool ok = true;
  fmpq_init(bound);
  fmpq_init(size);
  stabilizer_state_init(state, sum->num_qubits);
  for (size_t i = 0; i < sum->length; i++) {
    const uint64_t *p = pauli_sum_string(sum, i);
    bool identity = pauli_is_identity(p, sum->num_words);
    bool negative = fmpq_sgn(sum->coeffs + i) > 0; /* the term at its least */
    fmpq_abs(size, sum->coeffs + i);
    if (identity) fmpq_add(bound, bound, sum->coeffs + i);
    else fmpq_sub(bound, bound, size);
    if (identity || !ok) continue;
    int sign = stabilizer_state_expectation(state, p);
    if (sign) ok = (sign < 0) == negative;
    else ok = stabilizer_state_add(state, p, negative) == STATUS_OK;
  }
  ok = ok && fmpq_equal(bound, least);
  fmpq_clear(bound);
  fmpq_clear(size);
  stabilizer_state_clear(state);
  return ok;
}

/* --- the least eigenvalue, enclosed ------------------------------------------------------- */

enum { MAX_DENSE_QUBITS = 7, DENSE_BITS = 320 };

/* O - mu as a matrix: [x, z] takes |b> to i^|x.z| (-1)^(z.b) |b + x>. */
static void set_matrix(acb_mat_t m, const pauli_sum_t sum, const arb_t mu) {
  size_t n = (size_t)1 << sum->num_qubits, w = sum->num_words;
  acb_t entry;
  acb_init(entry);
  acb_mat_zero(m);
  for (size_t t = 0; t < sum->length; t++) {
    uint64_t x = pauli_sum_string(sum, t)[0], z = pauli_sum_string(sum, t)[w];
    int phase = __builtin_popcountll(x & z);
    for (size_t b = 0; b < n; b++) {
      int turn = (phase + 2 * __builtin_popcountll(z & b)) % 4;
      acb_zero(entry);
      arb_set_fmpq(turn % 2 ? acb_imagref(entry) : acb_realref(entry),
                   sum->coeffs + t, DENSE_BITS);
      if (turn > 1) acb_neg(entry, entry);
      acb_ptr at = acb_mat_entry(m, (slong)(b ^ x), (slong)b);
      acb_add(at, at, entry, DENSE_BITS);
    }
  }
  for (size_t b = 0; b < n; b++) {
    acb_ptr at = acb_mat_entry(m, (slong)b, (slong)b);
    arb_sub(acb_realref(at), acb_realref(at), mu, DENSE_BITS);
  }
  acb_clear(entry);
}

/* Number of negative pivots; -1 when one may be 0. At the first negative one it
   is enough to know that there is one. */
static int count_negative(const pauli_sum_t sum, const arb_t mu) {
  slong n = (slong)1 << sum->num_qubits;
  int negative = 0;
  acb_mat_t m;
  acb_t factor;
  acb_init(factor);
  acb_mat_init(m, n, n);
  set_matrix(m, sum, mu);
  for (slong k = 0; k < n && !negative; k++) {
    arb_ptr pivot = acb_realref(acb_mat_entry(m, k, k));
    if (arb_is_negative(pivot)) negative = 1;
    else if (!arb_is_positive(pivot)) negative = -1;
    for (slong i = k + 1; i < n && !negative; i++) {
      if (acb_is_zero(acb_mat_entry(m, i, k))) continue;
      acb_div_arb(factor, acb_mat_entry(m, i, k), pivot, DENSE_BITS);
      for (slong j = k + 1; j < n; j++)
        acb_submul(acb_mat_entry(m, i, j), factor, acb_mat_entry(m, k, j),
                   DENSE_BITS);
    }
  }
  acb_mat_clear(m);
  acb_clear(factor);
  return negative;
}

answer_t check_spectrum_enclosure(const arb_t ball, const pauli_sum_t sum) {
  arb_t low, high;
  answer_t answer = ANSWER_UNDECIDED;
  if (sum->num_qubits > MAX_DENSE_QUBITS || sum->num_qubits == 0)
    return answer;
  arb_init(low);
  arb_init(high);
  arb_get_interval_arf(arb_midref(low), arb_midref(high), ball, DENSE_BITS);
  int below = count_negative(sum, low), within = count_negative(sum, high);
  if (below == 0 && within == 1) answer = ANSWER_YES;
  else if (below == 1 || within == 0) answer = ANSWER_NO;
  arb_clear(low);
  arb_clear(high);
  return answer;
}
