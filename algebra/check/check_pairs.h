/* check_pairs.h - pairs of strings carried through the gates of a circuit; the recursion of
   check_depth.h, gate by gate. Weights are sums of w_j zeta^j, zeta^4 = -1.

   Layer: algebra, above check_strings and check_round. */
#ifndef LIESCAPE_ALGEBRA_CHECK_PAIRS_H
#define LIESCAPE_ALGEBRA_CHECK_PAIRS_H

#include "algebra/check/check_round.h"
#include "algebra/check/check_strings.h"

/* --- the gates -------------------------------------------------------------------------- */

/* u = zeta^turn prod_v z_v^(powers of the gate). Or a place of noise (string NULL):
   each side takes the factor of its letter there, an integer over noise_unit. */
typedef struct {
  const uint64_t *string;
  size_t qubit; /* noise */
  int turn;
  size_t num_terms;
  size_t *variables;
  slong *powers;
  round_gate_t *rounded; /* its fixed angle; NULL: zeta^turn, or variables */
} pairs_gate_t;

typedef struct {
  size_t parameter; /* SIZE_MAX: the number 1, of fixed angles */
  bool times_pi;
  fmpz_t den;         /* z = exp(i theta / den), or exp(i pi theta / den) */
  size_t first, last; /* gates, in the order of the circuit */
  size_t slot;        /* of its exponent between first and last; SIZE_MAX: one gate only */
  /* Normal: E[z^e] = exp(-spread e^2 s^2 / (2 unit)), unit of the circuit, s = pi where
     either the angle or the width is in units of pi, else 1. 0: uniform over a period. */
  ulong spread;
  bool spread_pi;
  /* Uniform on [-width, width]: its exponent is kept to the end, and
       E[z^e] = sin(x)/x, x = width e / den, times pi for each of the two in units of pi. */
  bool interval;
  const parameter_struct *law;
} pairs_variable_t;

typedef struct {
  size_t w, num_gates, num_variables, num_slots;
  pairs_gate_t *gates;
  pairs_variable_t *variables;
  hash_table_t numbers; /* of variables, by parameter and scale */
  bool fixed_angles, both_scales, too_fine;
  ulong round_bits; /* of fixed angles, and of all weights then; 0: variables */
  bool keeps_all;   /* exponents of every variable, to the end of the rows */
  bool normal, intervals; /* some parameter is normal, on an interval */
  fmpz_t spread_unit; /* of all spreads */
  fmpz noise[4]; /* by letter code */
  fmpz_t noise_unit;
  size_t *position; /* of each rotation among the gates */
} pairs_circuit_t;

typedef enum {
  PAIRS_EXACT,
  PAIRS_ROUNDED, /* fixed angles that are no multiples of pi/4 are no variables: errors */
  PAIRS_WAVES,   /* and all exponents are kept */
} pairs_way_t;

/* noisy: with the channel of the ansatz. False when the powers are too large. To be
   cleared in any case. */
bool pairs_circuit_init(pairs_circuit_t *c, const ansatz_t ansatz, bool noisy,
                        pairs_way_t way);
void pairs_circuit_clear(pairs_circuit_t *c);
/* Is the constant part a multiple of pi/4? Then *turn it is. */
bool pairs_eighth_turns(int *turn, const angle_struct *angle);

/* --- tables of pairs -------------------------------------------------------------------- */

/* A row: Q, Q', one word for each exponent e + e' of the parameters in use at one
   time, one for e of the parameter that is tracked and one for its e + e' when it is
   done, and the sums of spread (e + e')^2 over the normal parameters that are done, in
   angles and in angles times pi. The weights are over 2^scale noise_unit^(2 places), and
   off by error in all, in units of the last place. */
typedef struct {
  row_table_t rows;
  size_t alloc;
  zeta_t *weights;
  ulong scale, places;
  ulong halves; /* the scale before common factors 2 of all weights were taken out */
  fmpz_t one, error;
} pairs_table_t;

static inline size_t pairs_tracked(const pairs_circuit_t *c) {
  return 4 * c->w + c->num_slots;
}
static inline size_t pairs_damped(const pairs_circuit_t *c) {
  return pairs_tracked(c) + 2;
}
static inline size_t pairs_row_width(const pairs_circuit_t *c) {
  return (pairs_damped(c) + 3) / 2 * 2;
}

void pairs_table_init(pairs_table_t *t, const pairs_circuit_t *c);
void pairs_table_clear(pairs_table_t *t);
/* The weight of the row, added with 0 when it is new. */
zeta_t *pairs_table_at(pairs_table_t *t, const uint64_t *row);
/* Takes common factors 2 out of the weights, and off the scale; they must have no error. */
void pairs_table_reduce(pairs_table_t *t);
/* Takes such factors out of numbers over 2^scale, and returns what is left of the scale. */
ulong pairs_reduce(zeta_t *numbers, size_t length, ulong scale);
/* Exchanging Q and Q' changes no weight, and the weights at opposite
   exponents are conjugate, as the loss is real: only the real part of sums
   counts. Brings row to the representative; true when its weight is to be
   conjugated. */
bool pairs_fold(uint64_t *row, const pairs_circuit_t *c);

/* --- one gate --------------------------------------------------------------------------- */

typedef struct {
  const pairs_circuit_t *c;
  size_t gate;
  size_t tracked; /* a variable, or SIZE_MAX */
  size_t *budget;
} pairs_step_t;

/* What a row becomes: rows, powers of zeta, how often, and one factor 1/2 for each side
   but `missing` of them. Of a gate with parameters of its own, ways that end in one row
   are one, or none when their signs are opposite: those that turn one side only. (The
   exponents of other parameters are still to be told apart.) */
typedef struct {
  size_t length;
  ulong missing;
  int turns[16];
  ulong times[16];
  size_t factors[16]; /* of round_gate_t; SIZE_MAX: 1 */
  uint64_t *rows; /* 16 of them */
} pairs_images_t;

/* out = in after the gate; false when the budget is spent. Rows with a tracked
   exponent are not folded. */
bool pairs_advance(pairs_table_t *out, const pairs_table_t *in,
                   const pairs_step_t *s, pairs_images_t *images);
/* values (one for each row of before) from those after the gate; error: of every one of
   them, from that after the gate; NULL when the gate is not rounded. */
void pairs_go_back(zeta_t *values, fmpz_t error, const pairs_table_t *before,
                   const pairs_table_t *after, const zeta_t *values_after,
                   const pairs_step_t *s, pairs_images_t *images);
/* Does the gate do anything to the rows? */
bool pairs_is_needed(const pairs_circuit_t *c, size_t gate,
                     const pairs_table_t *t);

#endif
