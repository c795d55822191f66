/* angle_law.h - how parameters are drawn, as text.

       LAW          for every parameter
       NAME=LAW     for the parameter NAME, or all elements NAME[...] of an array
   LAW is `uniform` (over a full period), `interval:W` (uniform on [-W, W]) or
   `normal:W` (mean 0, standard deviation W); W is positive: 0.1, 1/10, pi/8,
   3*pi/4. Later ones take precedence.

   Layer: cli. */
#ifndef LIESCAPE_CLI_ANGLE_LAW_H
#define LIESCAPE_CLI_ANGLE_LAW_H

#include "cli/read/input.h"
#include "algebra/base/ansatz.h"

/* Applies the text in bytes [begin, end) to an ansatz whose parameters are all
   there. */
status_t angle_law_read(ansatz_t ansatz, input_t *input, size_t begin,
                        size_t end);
/* "normal:1/10", "interval:1/8*pi", "uniform"; free(). */
char *angle_law_text(const parameter_struct *parameter);

#endif
