/* slope_products.h - products of the derivatives of two losses, sample by sample.

   values[i][sample] = sum_k weights[k] d_k l_p d_k l_q for the pairs p, q of the sampler
   that couple i names, both losses being of the same angles: the mean is an entry of the
   mean neural tangent kernel.

   Layer: numeric; below sampler. */
#ifndef LIESCAPE_NUMERIC_SLOPE_PRODUCTS_H
#define LIESCAPE_NUMERIC_SLOPE_PRODUCTS_H

#include <stddef.h>

typedef struct {
  size_t p, q; /* pairs of the sampler */
} slope_couple_t;

typedef struct {
  size_t count;
  slope_couple_t *couples;
  double *weights; /* by parameter of the program */
  double **values; /* NULL until there is room */
} slope_products_t;

/* No couples, weights 0. */
void slope_products_init(slope_products_t *products, size_t num_parameters);
void slope_products_clear(slope_products_t *products);
void slope_products_add(slope_products_t *products, size_t p, size_t q);
/* Room for values of so many samples, once. */
void slope_products_room(slope_products_t *products, size_t num_samples);

/* The values of samples first .. first + count - 1, of `lanes` rows of derivatives
   gradient[(pair * num_parameters + parameter) * lanes + lane]. */
void slope_products_set(const slope_products_t *products, const double *gradient,
                        size_t num_parameters, size_t lanes, size_t first, size_t count);

#endif
