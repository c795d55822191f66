/* drives.h - random values of the drives of one layer.

   Uniform over its window, or by the law of its parameter once program_use_laws
   has been called: uniform on [-width, width], or normal of mean 0 and standard
   deviation width. Functions of (seed, purpose, sample, layer), whoever samples.

   Layer: numeric; above program and random. */
#ifndef LIESCAPE_NUMERIC_DRIVES_H
#define LIESCAPE_NUMERIC_DRIVES_H

#include "numeric/circuit/program.h"

/* drives[d * stride] for every drive d. uniforms, with room for num_drives + extra
   numbers, gets the uniform numbers that they are made of, and `extra` more. */
void drives_draw(double *drives, size_t stride, double *uniforms, size_t extra,
                 const program_t *program, uint64_t seed, uint64_t purpose,
                 uint64_t sample, uint64_t layer);

#endif
