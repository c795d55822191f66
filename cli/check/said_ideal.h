/* said_ideal.h - an ideal of the law of an observable in the algebra, as a certificate says
   it, and what follows from its spectra: cumulants, the law. */
#ifndef LIESCAPE_CLI_CHECK_SAID_IDEAL_H
#define LIESCAPE_CLI_CHECK_SAID_IDEAL_H

#include <jansson.h>

#include "algebra/laws/adjoint_law.h"

enum { SAID_PREC_BITS = 128 };

/* so(m), su(m), or sp(N) as modes 2N + 1. */
typedef struct {
  bool unitary, symplectic;
  size_t modes, rank;
  int turn;     /* orientation */
  arb_ptr b, s; /* spectra of observable and state */
} said_ideal_t;

/* Numbers in descending order. */
bool said_read_spectrum(arb_ptr out, const json_t *list, size_t rank);
/* All but the spectra; false: it is not readable. */
bool said_read_group(said_ideal_t *out, const json_t *ideal);
/* False, and nothing to clear: it is not readable. */
bool said_init(said_ideal_t *out, const json_t *ideal);
void said_clear(said_ideal_t *said);
/* Is the type that of the group, "D6" for so(12)? */
bool said_type_fits(const json_t *ideal);
/* Adds the second and fourth cumulants of one ideal; false when it is not readable. */
bool said_add_cumulants(arb_t second, arb_t fourth, const json_t *ideal);
/* The whole law; of `second` only whether it is 0. False, and nothing to clear: it is not
   readable. */
bool said_law_init(adjoint_law_t law, const json_t *constant, const json_t *ideals);

#endif
