/* A basis with its structure constants: against dense vectors, and the identities
   of a Lie algebra. */
#include <stdlib.h>

#include "algebra/closure/basis.h"
#include "tests/ref_closure.h"
#include "tests/tap.h"

enum { N = 2 };

static size_t dense_index(const uint64_t *p) {
  static const size_t code[] = {0, 1, 3, 2}; /* here I X Z Y, there I X Y Z */
  size_t index = 0;
  for (size_t q = N; q-- > 0;) index = 4 * index + code[pauli_get(p, 1, q)];
  return index;
}

static fmpq *dense(const pauli_sum_struct *sum) {
  fmpq *v = ref_vector(N);
  for (size_t t = 0; t < sum->length; t++)
    fmpq_set(v + dense_index(pauli_sum_string(sum, t)), sum->coeffs + t);
  return v;
}

/* c[(j * d + k) * d + l] */
static bool constants(fmpq *c, const basis_t basis) {
  size_t d = basis->num, count;
  size_t *index = malloc((d + 1) * sizeof *index);
  fmpq *value = malloc((d + 1) * sizeof *value);
  bool ok = true;
  for (size_t l = 0; l < d; l++) fmpq_init(value + l);
  for (size_t j = 0; j < d; j++)
    for (size_t k = 0; k < d && ok; k++) {
      ok = basis_bracket(&count, index, value, basis, j, k);
      for (size_t i = 0; i < count && ok; i++) {
        ok = i == 0 || index[i - 1] < index[i];
        fmpq_set(c + (j * d + k) * d + index[i], value + i);
      }
    }
  for (size_t l = 0; l < d; l++) fmpq_clear(value + l);
  free(index);
  free(value);
  return ok;
}

/* i [A_j, A_k] - sum c A_l, densely. */
static bool dense_agrees(const fmpq *c, const basis_t basis) {
  size_t d = basis->num, length = 16;
  fmpq *bracket = ref_vector(N);
  bool ok = true;
  for (size_t j = 0; j < d && ok; j++)
    for (size_t k = 0; k < d && ok; k++) {
      fmpq *a = dense(basis->elements + j), *b = dense(basis->elements + k);
      ref_bracket(bracket, a, b, N);
      for (size_t l = 0; l < d; l++) {
        fmpq *e = dense(basis->elements + l);
        for (size_t i = 0; i < length; i++)
          fmpq_submul(bracket + i, c + (j * d + k) * d + l, e + i);
        ref_vector_clear(e, N);
      }
      for (size_t i = 0; i < length; i++) ok = ok && fmpq_is_zero(bracket + i);
      ref_vector_clear(a, N);
      ref_vector_clear(b, N);
    }
  ref_vector_clear(bracket, N);
  return ok;
}

/* sum_m c_jkm c_mlr over the three cyclic orders. */
static bool jacobi(const fmpq *c, size_t d) {
  bool ok = true;
  fmpq_t sum;
  fmpq_init(sum);
  for (int i = 0; i < 60 && ok && d; i++) {
    size_t t[3] = {tap_random_below(d), tap_random_below(d),
                   tap_random_below(d)};
    for (size_t r = 0; r < d && ok; r++) {
      fmpq_zero(sum);
      for (size_t s = 0; s < 3; s++)
        for (size_t m = 0; m < d; m++)
          fmpq_addmul(sum, c + (t[s] * d + t[(s + 1) % 3]) * d + m,
                      c + (m * d + t[(s + 2) % 3]) * d + r);
      ok = fmpq_is_zero(sum);
    }
  }
  fmpq_clear(sum);
  return ok;
}

static bool random_case(void) {
  size_t count = 1 + tap_random_below(3);
  pauli_sum_struct list[3];
  fmpq_t f;
  fmpq_init(f);
  for (size_t k = 0; k < count; k++) {
    pauli_sum_init(list + k, N);
    for (size_t t = 1 + tap_random_below(3); t > 0; t--) {
      uint64_t p[2] = {tap_random_below(4), tap_random_below(4)};
      fmpq_set_si(f, (slong)tap_random_below(7) - 3, 1 + tap_random_below(3));
      pauli_sum_push(list + k, f, p);
    }
    pauli_sum_canonicalise(list + k);
  }
  closure_t closure;
  basis_t basis;
  closure_init(closure, N);
  bool ok = closure_compute(closure, list, count, NULL) == STATUS_OK &&
            basis_init(basis, closure, 10000) == STATUS_OK;
  if (ok) {
    size_t d = basis->num;
    fmpq *c = malloc((d * d * d + 1) * sizeof *c);
    for (size_t i = 0; i < d * d * d; i++) fmpq_init(c + i);
    ok = d == closure->dimension && constants(c, basis) &&
         dense_agrees(c, basis) && jacobi(c, d);
    for (size_t i = 0; i < d * d * d; i++) fmpq_clear(c + i);
    free(c);
    if (basis->num_terms > 1) {
      basis_t small;
      ok = ok && basis_init(small, closure, basis->num_terms) == STATUS_LIMIT;
    }
    basis_clear(basis);
  }
  closure_clear(closure);
  for (size_t k = 0; k < count; k++) pauli_sum_clear(list + k);
  fmpq_clear(f);
  return ok;
}

int main(void) {
  tap_begin("t-basis");
  bool ok = true;
  for (long i = 0; i < tap_iterations(40) && ok; i++) ok = random_case();
  tap_ok(ok, "structure constants: dense brackets, Jacobi, limit");
  return tap_end();
}
