/* program.h - an ansatz as a sequence of gates in double precision.

   A gate is a Pauli rotation exp(-i angle P/2) or an exponential
   exp(-i angle H) of a sum of strings that do not commute. Its angle is
       fixed + sum_t coeff_t * drive_t    (radians),
   over the drives of its layer: independent random numbers, drive d uniform in
   [0, window_d). A drive is a parameter of the ansatz, or the copy of one in a
   rotation flagged PROGRAM_SPLIT, or the free angle of a rotation flagged
   PROGRAM_FREED. Generators of commuting strings are products of rotations
   exp(-i theta c P); their identity parts are phases and are dropped.

   Windows. A drive enters with coefficients c_1, c_2, ...: the period of the
   gates, up to phases, is the least common multiple of the 2 pi/|c_i| when the
   c_i are commensurate (all rational, or all rational times pi). When they
   are not, or the period exceeds PROGRAM_LONG_WINDOW times the shortest one, the
   window is PROGRAM_LONG_WINDOW shortest periods. One layer is then not quite
   uniform on the closure of the one-parameter group, but the limit of many
   layers is the same: any spread-out angles converge to the Haar measure. For an exponential of
   non-commuting strings the window is 4 pi / sqrt(sum c^2).

   Layer: numeric; reads ansatz.h, used by everything else here. */
#ifndef LIESCAPE_NUMERIC_PROGRAM_H
#define LIESCAPE_NUMERIC_PROGRAM_H

#include "algebra/base/ansatz.h"
#include "numeric/vector/statevector.h"

#define PROGRAM_LONG_WINDOW 1e3
#define PROGRAM_NONE SIZE_MAX

/* Flags of a rotation, those of verify.h. */
enum { PROGRAM_FREED = 1, PROGRAM_SPLIT = 2 };

typedef struct {
  size_t drive;
  size_t parameter; /* whose gradient it enters, or PROGRAM_NONE */
  double coeff;
} program_term_t;

typedef struct {
  size_t string; /* rotation: row of program.strings */
  uint64_t x, z; /* its first words: all of it, up to 64 qubits */
  size_t sum;    /* index of the exponent, PROGRAM_NONE for a rotation */
  double fixed;
  size_t num_terms;
  program_term_t *terms;
} program_gate_t;

typedef struct {
  size_t num_gates, alloc;
  program_gate_t *gates;
} gate_list_t;

/* How a drive is drawn, when not from its window (drives.h). */
typedef struct {
  angle_law_t law;
  double width;
} drive_law_t;

typedef struct {
  size_t num_qubits;
  size_t num_words; /* w of pauli.h */
  size_t num_parameters;
  /* Strings of the rotations, rows of 2w words. */
  size_t num_strings, alloc_strings;
  uint64_t *strings;
  /* U(theta) as written; U(0) alone; and one layer B(theta) = U(0)^-1 U(theta).
     When every gate of U(0) that matters is Clifford, the layer is a product
     of rotations about conjugated strings (reduced = true); otherwise it is
     the gates of U(theta) followed by those of U(0)^-1. Lists of operators
     have U(0) = 1. */
  gate_list_t circuit, closing, layer;
  bool reduced;
  /* Quarter turns of the fixed part of each gate of circuit, or 4 when that is
     not a Clifford gate. NULL for operators. */
  unsigned *turns;
  size_t num_drives;
  double *windows;
  bool long_window; /* some drive has no (short) period */
  drive_law_t *laws; /* by drive; NULL: all of them uniform over their windows */
  size_t num_sums;
  double_sum_t *sums;
} program_t;

/* Any number of qubits. rotation_flags: one for each rotation, or NULL for
   none. */
void program_init(program_t *program, const ansatz_t ansatz,
                  const uint8_t *rotation_flags);
void program_clear(program_t *program);
/* Drives are to be drawn as the ansatz says of their parameters: for the circuit as
   written, a program without claims. */
void program_use_laws(program_t *program, const ansatz_t ansatz);

/* The string of a rotation. */
static inline const uint64_t *program_string(const program_t *program,
                                             const program_gate_t *gate) {
  return program->strings + gate->string * 2 * program->num_words;
}

/* The sum in double precision (identity included). Beyond 64 qubits its masks
   x, z are zero: only coefficients and norm are meant to be used then. */
void program_sum(double_sum_t *out, const pauli_sum_t in);

/* exp(i a Q/2) P exp(-i a Q/2) for a = turns pi/2, P with the sign *negative:
   P when they commute, else cos(a) P + sin(a) iQP. w words each half. */
void program_conjugate(uint64_t *p, bool *negative, const uint64_t *q, size_t w,
                       unsigned turns);

/* string <- +-U(0)^-1 P U(0), *negative flipped for the minus sign; false when
   U(0) is not Clifford. */
bool program_move(uint64_t *string, bool *negative, const program_t *program);

/* Angle of a gate, given the drives of its layer. */
double program_angle(const program_gate_t *gate, const double *drives,
                     size_t stride);

#endif
