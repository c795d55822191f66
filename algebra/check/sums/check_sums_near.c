#include "algebra/check/sums/check_sums_near.h"

#include "algebra/check/check_circle.h"

/* Bits of a denominator that is due to the generators, and of a value above the
   multiples. */
enum { DENOMINATOR_BITS = 240, VALUE_BITS = 64, PRIME_BITS = 60 };

typedef struct {
  const pauli_sum_struct *observable;
  const check_generators_struct *generators;
  quantum_state_t state; /* rounded */
  size_t length;         /* numbers */
  ulong shift;           /* they are multiples of 2^-shift, but for the generators */
  fmpz *residues;
  fmpz_t modulus;
  int64_t work; /* for one prime */
  bool has_tensors;
  check_tensors_t tensors; /* the same for all primes */
} near_t;

/* The multiple of 2^-CHECK_CIRCLE_BITS below; whether it is another number. */
static bool round_down(fmpq_t x) {
  fmpq_t given;
  fmpq_init(given);
  fmpq_set(given, x);
  fmpq_mul_2exp(x, x, CHECK_CIRCLE_BITS);
  fmpz_fdiv_q(fmpq_numref(x), fmpq_numref(x), fmpq_denref(x));
  fmpz_one(fmpq_denref(x));
  fmpq_div_2exp(x, x, CHECK_CIRCLE_BITS);
  bool changed = !fmpq_equal(x, given);
  fmpq_clear(given);
  return changed;
}

/* The greatest power of two in a denominator. */
static ulong greatest_shift(const pauli_sum_t sum) {
  ulong shift = 0;
  for (size_t i = 0; i < sum->length; i++) {
    ulong own = (ulong)fmpz_val2(fmpq_denref(sum->coeffs + i));
    if (own > shift) shift = own;
  }
  return shift;
}

/* Tr(rho P) on the strings that the observable reaches, which is all that matters; they
   are multiples of 2^-shift, shift is returned. */
static ulong round_state(quantum_state_t out, fmpq_t error, const row_table_t strings,
                         const quantum_state_t in) {
  pauli_sum_t sum;
  fmpq_t value, step;
  pauli_sum_init(sum, in->num_qubits);
  fmpq_init(value);
  fmpq_init(step);
  fmpq_one(step);
  fmpq_div_2exp(step, step, CHECK_CIRCLE_BITS);
  fmpq_zero(error);
  uint64_t *identity = flint_calloc(strings->width + 1, sizeof *identity);
  fmpq_one(value);
  if (row_table_find(strings, identity) == SIZE_MAX) pauli_sum_push(sum, value, identity);
  flint_free(identity);
  for (size_t i = 0; i < strings->length; i++) {
    quantum_state_expectation(value, in, row_table_row(strings, i));
    if (round_down(value)) fmpq_add(error, error, step);
    pauli_sum_push(sum, value, row_table_row(strings, i));
  }
  pauli_sum_canonicalise(sum);
  quantum_state_set_positive(out, sum);
  ulong shift = greatest_shift(sum);
  pauli_sum_clear(sum);
  fmpq_clear(value);
  fmpq_clear(step);
  return shift;
}

/* Residues modulo one more prime, joined to those before. */
static bool add_prime(near_t *n, check_near_struct *out) {
  check_sums_t sums;
  mp_limb_t prime, *own = flint_malloc((n->length + 1) * sizeof *own);
  bool covered = true;
  bool ok = n->has_tensors ? check_sums_init_known(sums, n->generators, n->observable,
                                                   &n->tensors, n->work)
                           : check_sums_init(sums, n->generators, n->observable, n->work);
  if (ok) {
    ok = check_sums_residues(own, &prime, &covered, sums, n->state, n->length - 2) &&
         fmpz_fdiv_ui(n->modulus, prime);
    check_sums_clear(sums);
  }
  out->covered = out->covered && covered;
  for (size_t i = 0; i < n->length && ok; i++)
    fmpz_CRT_ui(n->residues + i, n->residues + i, n->modulus, own[i], prime, 0);
  if (ok) fmpz_mul_ui(n->modulus, n->modulus, prime);
  flint_free(own);
  return ok;
}

/* From all primes; the bounds leave room for one more than they need. */
static bool reconstruct(fmpq *out, const near_t *n) {
  fmpz_t most, denominator, scaled;
  fmpz_init_set_ui(denominator, 1);
  fmpz_init(most);
  fmpz_init(scaled);
  fmpz_mul_2exp(denominator, denominator, DENOMINATOR_BITS);
  fmpz_one(most);
  fmpz_mul_2exp(most, most, n->shift + VALUE_BITS + DENOMINATOR_BITS);
  bool ok = true;
  for (size_t i = 0; i < n->length && ok; i++) {
    fmpz_mul_2exp(scaled, n->residues + i, n->shift);
    fmpz_mod(scaled, scaled, n->modulus);
    ok = fmpq_reconstruct_fmpz_2(out + i, scaled, n->modulus, most, denominator);
    fmpq_div_2exp(out + i, out + i, n->shift);
  }
  fmpz_clear(denominator);
  fmpz_clear(most);
  fmpz_clear(scaled);
  return ok;
}

/* tried: steps that one prime took, at least, where the tensors are not known. Two primes
   more than the bounds need: a number that fits them by chance is found with a probability
   of 2^-60 or less. */
static bool find_values(check_near_struct *out, near_t *n, int64_t work, int64_t tried) {
  size_t bits = n->shift + VALUE_BITS + 2 * DENOMINATOR_BITS + 2;
  size_t primes = bits / PRIME_BITS + 3;
  n->work = work / (int64_t)primes;
  bool ok = n->has_tensors || tried <= n->work;
  out->covered = true;
  for (size_t k = 0; k < primes && ok; k++) ok = add_prime(n, out);
  return ok && reconstruct(out->values, n);
}

bool check_near_init(check_near_t near, const check_generators_t generators,
                     const pauli_sum_t observable, const quantum_state_t state,
                     size_t num_parameters, int64_t work) {
  near_t n = {.observable = observable, .generators = generators,
              .length = num_parameters + 2};
  check_sums_t sums;
  if (!check_sums_init(sums, generators, observable, work)) return false;
  near->num_parameters = num_parameters;
  near->values = _fmpq_vec_init((slong)n.length);
  fmpq_init(near->error);
  quantum_state_init(n.state, observable->num_qubits);
  fmpz_init_set_ui(n.modulus, 1);
  n.residues = _fmpz_vec_init((slong)n.length);
  n.shift = 2 * (round_state(n.state, near->error, sums->strings, state) +
                 greatest_shift(observable));
  int64_t left = sums->work_left;
  n.has_tensors = check_sums_tensors(&n.tensors, sums, left / 4);
  check_sums_clear(sums);
  bool ok = find_values(near, &n, left, work - left);
  if (n.has_tensors) check_tensors_clear(&n.tensors);
  quantum_state_clear(n.state);
  fmpz_clear(n.modulus);
  _fmpz_vec_clear(n.residues, (slong)n.length);
  if (!ok) check_near_clear(near);
  return ok;
}

void check_near_clear(check_near_t near) {
  _fmpq_vec_clear(near->values, (slong)near->num_parameters + 2);
  fmpq_clear(near->error);
}
