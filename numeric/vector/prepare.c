/* Input states as vectors: see statevector_prepare. Stabilizer states through
   signed strings i^e X^x Z^z of at most 62 qubits, product states qubit by
   qubit, independently of the modules that define the states. */
#include <assert.h>
#include <complex.h>
#include <math.h>
#include <stdlib.h>

#include "numeric/machine/memory.h"
#include "numeric/vector/statevector.h"

typedef struct {
  uint64_t x, z;
  unsigned e; /* i^e X^x Z^z */
} signed_string_t;

/* Z^z X^x = (-1)^(z.x) X^x Z^z. */
static signed_string_t times(signed_string_t a, signed_string_t b) {
  return (signed_string_t){
      a.x ^ b.x, a.z ^ b.z,
      (a.e + b.e + 2u * (unsigned)__builtin_parityll(a.z & b.x)) & 3};
}

/* Reduces the group's generators: rows 0..*num_flips-1 have x parts in reduced
   echelon form with the given pivots, the others have x = 0. */
static void reduce(signed_string_t *rows, size_t count, uint64_t *pivots,
                   size_t *num_flips) {
  size_t done = 0;
  for (unsigned bit = 0; bit < STATEVECTOR_MAX_QUBITS && done < count; bit++) {
    uint64_t mask = UINT64_C(1) << bit;
    size_t at = done;
    while (at < count && !(rows[at].x & mask)) at++;
    if (at == count) continue;
    signed_string_t t = rows[at];
    rows[at] = rows[done];
    rows[done] = t;
    for (size_t j = 0; j < count; j++)
      if (j != done && (rows[j].x & mask)) rows[j] = times(rows[j], t);
    pivots[done++] = mask;
  }
  *num_flips = done;
}

/* Lanes of amplitude `index` get i^e times value. */
static void put(statevector_t *v, size_t index, unsigned e, double value) {
  double signed_value = e & 2 ? -value : value;
  statevector_set(v, index, e & 1 ? 0 : signed_value, e & 1 ? signed_value : 0);
}

/* |r|^2 = 1 exactly: the qubit needs no ancilla. */
static bool qubit_is_pure(const fmpq *bloch) {
  fmpq_t norm;
  fmpq_init(norm);
  for (size_t c = 0; c < 3; c++) fmpq_addmul(norm, bloch + c, bloch + c);
  bool pure = fmpq_is_one(norm);
  fmpq_clear(norm);
  return pure;
}

size_t statevector_ancillas(const quantum_state_struct *state) {
  size_t ancillas = 0;
  switch (state->kind) {
    case STATE_STABILIZER:
      return state->num_qubits - state->as.stabilizer->rank;
    case STATE_PRODUCT:
      for (size_t j = 0; j < state->num_qubits; j++)
        ancillas += !qubit_is_pure(state->as.product->bloch + 3 * j);
      return ancillas;
    case STATE_PAULI: {
      uint64_t support = statevector_pauli_support(state->as.pauli);
      return __builtin_popcountll(support) <= STATEVECTOR_PAULI_QUBITS
                 ? state->num_qubits
                 : STATEVECTOR_MAX_QUBITS; /* more than fit */
    }
  }
  return ancillas;
}

/* Amplitudes a[bit][ancilla bit] of a purified qubit. With |r| = s: sqrt of the
   eigenvalues (1 +- s)/2 times the eigenvectors, which are along +-r:
       |+> = (1 + z/s, (x + iy)/s) / sqrt(2 (1 + z/s)),  |-> orthogonal. */
static void purify_qubit(double complex a[2][2], const fmpq *bloch) {
  double x = fmpq_get_d(bloch), y = fmpq_get_d(bloch + 1);
  double z = fmpq_get_d(bloch + 2), s = sqrt(x * x + y * y + z * z);
  bool pure = qubit_is_pure(bloch);
  double plus = pure ? 1 : sqrt((1 + s) / 2), minus = pure ? 0 : sqrt((1 - s) / 2);
  double cosine = s > 0 ? z / s : 1, polar = acos(fmax(-1, fmin(1, cosine)));
  double complex phase = x != 0 || y != 0 ? cexp(I * atan2(y, x)) : 1;
  a[0][0] = plus * cos(polar / 2);
  a[1][0] = plus * sin(polar / 2) * phase;
  a[0][1] = -minus * sin(polar / 2) * conj(phase);
  a[1][1] = minus * cos(polar / 2);
}

/* Amplitude by amplitude, O(n 2^num_qubits). */
static void prepare_product(statevector_t *v, const product_state_struct *s) {
  size_t n = s->num_qubits, size = (size_t)1 << v->num_qubits;
  double complex(*a)[2][2] = memory_get(n, sizeof *a);
  size_t *ancilla = memory_get(n, sizeof *ancilla), next = n;
  for (size_t j = 0; j < n; j++) {
    purify_qubit(a[j], s->bloch + 3 * j);
    ancilla[j] = qubit_is_pure(s->bloch + 3 * j) ? SIZE_MAX : next++;
  }
  assert(v->num_qubits == next);
  for (size_t index = 0; index < size; index++) {
    double complex amplitude = 1;
    for (size_t j = 0; j < n; j++)
      amplitude *= a[j][index >> j & 1]
                    [ancilla[j] == SIZE_MAX ? 0 : index >> ancilla[j] & 1];
    statevector_set(v, index, creal(amplitude), cimag(amplitude));
  }
  free(a);
  free(ancilla);
}

/* The basis vector through the computational state `start`: the sum over the
   products g of the first `flips` rows of g|start>, in Gray-code order. */
static void put_orbit(statevector_t *v, const signed_string_t *rows,
                      size_t flips, uint64_t start, uint64_t ancilla_bits,
                      double value) {
  uint64_t index = start;
  unsigned e = 0;
  for (uint64_t t = 0;; t++) {
    put(v, (size_t)(index | ancilla_bits), e, value);
    if (t + 1 == UINT64_C(1) << flips) break;
    const signed_string_t *g = rows + __builtin_ctzll(t + 1);
    e = (e + g->e + 2u * (unsigned)__builtin_parityll(g->z & index)) & 3;
    index ^= g->x;
  }
}

static void prepare_stabilizer(statevector_t *v,
                               const stabilizer_state_struct *state) {
  size_t n = state->num_qubits, w = state->num_words, rank = state->rank, flips;
  assert(v->num_qubits == 2 * n - rank && w <= 1);
  signed_string_t *rows = memory_get(rank, sizeof *rows);
  uint64_t *pivots = memory_get(rank, sizeof *pivots), all_pivots = 0;
  for (size_t j = 0; j < rank; j++) {
    const uint64_t *p = stabilizer_state_string(state, j);
    rows[j].x = p[0];
    rows[j].z = p[1];
    rows[j].e = ((unsigned)__builtin_popcountll(p[0] & p[1]) +
                 2u * state->signs[j]) & 3;
  }
  reduce(rows, rank, pivots, &flips);
  for (size_t j = 0; j < flips; j++) all_pivots |= pivots[j];
  statevector_zero(v);
  /* 2^flips amplitudes for each of 2^(n-rank) basis vectors. */
  double value = sqrt(ldexp(1, -(int)(flips + n - rank)));
  uint64_t ancilla = 0;
  for (uint64_t b = 0; b < UINT64_C(1) << n; b++) {
    bool wanted = !(b & all_pivots);
    for (size_t j = flips; wanted && j < rank; j++)
      wanted = (rows[j].e / 2 + (unsigned)__builtin_parityll(rows[j].z & b)) %
                   2 == 0;
    if (wanted) put_orbit(v, rows, flips, b, ancilla++ << n, value);
  }
  assert(ancilla == UINT64_C(1) << (n - rank));
  free(rows);
  free(pivots);
}

void statevector_prepare(statevector_t *v, const quantum_state_struct *state) {
  switch (state->kind) {
    case STATE_STABILIZER: prepare_stabilizer(v, state->as.stabilizer); break;
    case STATE_PRODUCT: prepare_product(v, state->as.product); break;
    case STATE_PAULI: statevector_prepare_pauli(v, state->as.pauli); break;
  }
}
