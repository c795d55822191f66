/* order.h - the comparison of doubles for qsort. Layer: numeric; no state. */
#ifndef LIESCAPE_NUMERIC_ORDER_H
#define LIESCAPE_NUMERIC_ORDER_H

static inline int order_doubles(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

#endif
