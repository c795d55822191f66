/* ansatz.h - what the readers produce: the ansatz as its author wrote it.

   Two kinds. ANSATZ_OPERATORS: a list of Hermitian generators H_j, each an
   independent family exp(-i theta H_j), taken as written (an identity part
   included). ANSATZ_CIRCUIT: a sequence of Pauli rotations
       R_P(angle) = exp(-i angle P / 2),
   in time order, global phase dropped. Every gate of a program is written as
   such rotations: a Clifford gate as rotations by multiples of pi/2, a
   controlled rotation as two, and so on. Angles are affine forms in the
   parameters with exact coefficients.

   Observables and states are those of the untouched circuit (nothing has been
   moved through anything). Layer: between the readers and the algebra. */
#ifndef LIESCAPE_ANSATZ_H
#define LIESCAPE_ANSATZ_H

#include "algebra/base/pauli_sum.h"
#include "algebra/base/quantum_state.h"

typedef enum { ANSATZ_OPERATORS, ANSATZ_CIRCUIT } ansatz_kind_t;

/* coeff * theta[parameter], or pi * coeff * theta[parameter]. */
typedef struct {
  size_t parameter;
  bool times_pi;
  fmpq_t coeff; /* never zero */
} angle_term_struct;

/* angle = pi_part * pi + rad_part + sum of terms, in radians. Terms are sorted
   by parameter, then times_pi, and distinct. */
typedef struct {
  fmpq_t pi_part;
  fmpq_t rad_part;
  size_t num_terms;
  angle_term_struct *terms;
} angle_struct;
typedef angle_struct angle_t[1];

void angle_init(angle_t angle);
void angle_clear(angle_t angle);
void angle_set(angle_t out, const angle_t in);
void angle_swap(angle_t a, angle_t b);
/* out = a + c b; aliasing allowed. */
void angle_addmul(angle_t out, const angle_t a, const fmpq_t c,
                  const angle_t b);
void angle_add_term(angle_t angle, size_t parameter, bool times_pi,
                    const fmpq_t coeff);
bool angle_is_zero(const angle_t angle);
static inline bool angle_is_constant(const angle_struct *angle) {
  return angle->num_terms == 0;
}
/* Is the angle a constant k pi/2, k an integer? Then *quarter_turns = k mod 4
   (0..3), and the rotation is a Clifford gate. */
bool angle_is_clifford(unsigned *quarter_turns, const angle_t angle);

typedef struct {
  uint64_t *string; /* 2w words, never the identity */
  angle_t angle;
  long line; /* where it was written, 0 when unknown */
} rotation_struct;

/* How the circuit at its own depth draws a parameter, independently of the
   others. The deep circuit is not affected. */
typedef enum {
  ANGLE_FULL_PERIOD, /* uniform over a full period of all that it drives */
  ANGLE_INTERVAL,    /* uniform on [-width, width] */
  ANGLE_NORMAL       /* normal, mean 0, standard deviation width */
} angle_law_t;

typedef struct {
  char *name;
  /* The reader made it up: it stands for an angle that is not an affine
     function of the declared parameters, or (OpenQASM 2) for a number. */
  bool derived;
  angle_law_t law;
  bool width_times_pi; /* width is in units of pi */
  fmpq_t width;        /* positive; 0 for ANGLE_FULL_PERIOD */
} parameter_struct;

/* A qubit that a gate of the circuit as written touches, once the first `after`
   rotations are done: where noise acts. */
typedef struct {
  size_t after, qubit;
} gate_place_struct;

/* The channel rho -> (1 - px - py - pz) rho + px X rho X + py Y rho Y + pz Z rho Z, on
   every gate place; and a flip of every measured bit. */
typedef struct {
  bool given;
  fmpq_t probability[3]; /* X, Y, Z */
  fmpq_t readout;
} pauli_noise_struct;
typedef pauli_noise_struct pauli_noise_t[1];

void pauli_noise_init(pauli_noise_t noise);
void pauli_noise_clear(pauli_noise_t noise);
void pauli_noise_set(pauli_noise_t out, const pauli_noise_t in);
/* out[letter] = what the channel multiplies a string by that has this letter (code of
   pauli.h) there: 1 for I, 1 - 2 (py + pz) for X, ... */
void pauli_noise_factors(fmpq *out, const pauli_noise_t noise);

typedef struct {
  pauli_sum_t sum;
  char *text; /* as written */
} observable_struct;

typedef struct {
  quantum_state_t state;
  char *text; /* as written, e.g. "zero" */
} input_state_struct;

typedef struct {
  ansatz_kind_t kind;
  size_t num_qubits;
  /* ANSATZ_OPERATORS: names may be NULL, num_parameters is p (the generators
     are used in turn: parameter k drives generator k % num_generators).
     ANSATZ_CIRCUIT: the declared inputs, in the order of declaration (but for those
     that occur within functions only, which are derived parameters), then
     derived ones in order of appearance. */
  size_t num_parameters;
  parameter_struct *parameters;
  size_t num_generators; /* ANSATZ_OPERATORS only */
  pauli_sum_struct *generators;
  /* NULL, or the name of a symbol without a value. generators[] are then those at
     one generic value, and generator j is the polynomial in the symbol with the
     coefficients symbol_parts[j * (symbol_degree + 1) + k]. */
  char *symbol;
  size_t symbol_degree;
  pauli_sum_struct *symbol_parts;
  /* Not 0: coefficients hold square roots of root_radicands[], no product of some of
     them a square. symbol is then a list of these roots, generators[] are rational
     approximations with the same strings, and generator j is the sum over subsets S
     (bits) of symbol_parts[(j << num_roots) + S] times the roots in S. */
  size_t num_roots;
  ulong *root_radicands;
  size_t num_rotations; /* ANSATZ_CIRCUIT only */
  rotation_struct *rotations;
  size_t num_places; /* in time order; ANSATZ_CIRCUIT only */
  gate_place_struct *places;
  pauli_noise_t noise;
  size_t num_observables;
  observable_struct *observables;
  size_t num_states;
  input_state_struct *states;
  /* True when reading already had to free something (see parameter_struct
     .derived for a non-affine angle of declared parameters). */
  bool upper_bound;
  size_t num_notes;
  char **notes; /* sentences for the report */
} ansatz_struct;
typedef ansatz_struct ansatz_t[1];

void ansatz_init(ansatz_t ansatz, ansatz_kind_t kind, size_t num_qubits);
void ansatz_clear(ansatz_t ansatz);
/* Each appends a copy. */
size_t ansatz_add_parameter(ansatz_t ansatz, const char *name, bool derived);
void ansatz_set_law(ansatz_t ansatz, size_t parameter, angle_law_t law,
                    bool width_times_pi, const fmpq_t width);
/* Is there a law other than ANGLE_FULL_PERIOD? */
bool ansatz_has_laws(const ansatz_t ansatz);
void ansatz_add_generator(ansatz_t ansatz, const pauli_sum_t generator);
void ansatz_add_rotation(ansatz_t ansatz, const uint64_t *string,
                         const angle_t angle, long line);
void ansatz_add_place(ansatz_t ansatz, size_t after, size_t qubit);
void ansatz_add_observable(ansatz_t ansatz, const pauli_sum_t sum,
                           const char *text);
void ansatz_add_state(ansatz_t ansatz, const quantum_state_t state,
                      const char *text);
void ansatz_add_stabilizer(ansatz_t ansatz, const stabilizer_state_t state,
                           const char *text);
/* printf-style; a note that is there already is not repeated. */
void ansatz_add_note(ansatz_t ansatz, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The name of parameter k: as declared, or made up by the reader; for generators
   "generator 2", the second one in the first layer, "generator 2 in layer 3". The
   caller frees it with free(). */
char *ansatz_parameter_name(const ansatz_t ansatz, size_t k);

#endif
