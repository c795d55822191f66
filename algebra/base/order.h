/* order.h - comparisons for qsort. Private to the project. Layer: base. */
#ifndef LIESCAPE_ALGEBRA_ORDER_H
#define LIESCAPE_ALGEBRA_ORDER_H

#include <flint/fmpq.h>
#include <stddef.h>

/* Of pointers to rationals. */
static inline int order_rationals(const void *a, const void *b) {
  const fmpq *x = *(const fmpq *const *)a, *y = *(const fmpq *const *)b;
  return x == y ? 0 : fmpq_cmp(x, y);
}

static inline int order_sizes(const void *a, const void *b) {
  size_t x = *(const size_t *)a, y = *(const size_t *)b;
  return (x > y) - (x < y);
}

#endif
