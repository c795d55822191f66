#include "numeric/sample/slope_products.h"

#include <stdlib.h>

#include "numeric/machine/memory.h"

void slope_products_init(slope_products_t *s, size_t num_parameters) {
  *s = (slope_products_t){.weights = memory_get(num_parameters, sizeof(double))};
}

void slope_products_clear(slope_products_t *s) {
  for (size_t i = 0; s->values && i < s->count; i++) free(s->values[i]);
  free(s->values);
  free(s->couples);
  free(s->weights);
  *s = (slope_products_t){0};
}

void slope_products_add(slope_products_t *s, size_t p, size_t q) {
  s->couples = memory_resize(s->couples, s->count + 1, sizeof *s->couples);
  s->couples[s->count++] = (slope_couple_t){p, q};
}

void slope_products_room(slope_products_t *s, size_t num_samples) {
  if (s->values) return;
  s->values = memory_get(s->count, sizeof *s->values);
  for (size_t i = 0; i < s->count; i++)
    s->values[i] = memory_get(num_samples, sizeof(double));
}

void slope_products_set(const slope_products_t *s, const double *gradient,
                        size_t num_parameters, size_t lanes, size_t first,
                        size_t count) {
  for (size_t i = 0; i < s->count; i++) {
    const double *p = gradient + s->couples[i].p * num_parameters * lanes;
    const double *q = gradient + s->couples[i].q * num_parameters * lanes;
    for (size_t k = 0; k < count; k++) {
      double sum = 0;
      for (size_t j = 0; j < num_parameters; j++)
        sum += s->weights[j] * p[j * lanes + k] * q[j * lanes + k];
      s->values[i][first + k] = sum;
    }
  }
}
