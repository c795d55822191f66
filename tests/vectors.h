/* vectors.h - random state vectors of either precision, for tests. */
#ifndef LIESCAPE_TESTS_VECTORS_H
#define LIESCAPE_TESTS_VECTORS_H

#include <math.h>

#include "numeric/vector/statevector.h"
#include "tests/tap.h"

/* In [-1, 1). */
static inline double vectors_uniform(void) {
  return (double)(tap_random() >> 11) * 0x1p-53 * 2 - 1;
}

/* Numbers in [-scale, scale). */
static inline void vectors_fill(statevector_t *v, double scale) {
  size_t size = ((size_t)2 << v->num_qubits) * v->lanes;
  for (size_t i = 0; i < size; i++)
    statevector_put(v->any, i, vectors_uniform() * scale, v->precision);
}

/* The largest difference of two numbers. */
static inline double vectors_distance(const statevector_t *a,
                                      const statevector_t *b) {
  size_t size = ((size_t)2 << a->num_qubits) * a->lanes;
  double worst = 0;
  for (size_t i = 0; i < size; i++)
    worst = fmax(worst, fabs(statevector_get(a->any, i, a->precision) -
                             statevector_get(b->any, i, b->precision)));
  return worst;
}

#endif
