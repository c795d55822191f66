/* ansatz_layers.h - circuits that repeat a layer: what is repeated, and as often as
   one wants. Layer: base. */
#ifndef LIESCAPE_ANSATZ_LAYERS_H
#define LIESCAPE_ANSATZ_LAYERS_H

#include "algebra/base/ansatz.h"

/* The first *length rotations are the block if the circuit is that block
   repeated *count >= 2 times, equal up to the names of the parameters (those
   of one repetition are its own, or all constant). False when there is no
   such block; then *length = num_rotations, *count = 1. The least length is
   taken. */
bool ansatz_find_layer(size_t *length, size_t *count, const ansatz_t ansatz);
/* How many of the first `length` are no Clifford gates: driven by a parameter, or fixed by
   another angle than a multiple of pi/2. */
size_t ansatz_count_rotations(const ansatz_t ansatz, size_t length);
/* Does the noise of the circuit repeat with that block too? */
bool ansatz_noise_repeats(const ansatz_t ansatz, size_t length);
/* out (initialised, empty circuit on the same qubits) = the first `length`
   rotations of in, repeated `layers` times, every repetition with parameters
   of its own, and noise of the first block in each. Observables and states are not
   copied. */
void ansatz_repeat_layer(ansatz_t out, const ansatz_t in, size_t length,
                         size_t layers);

#endif
