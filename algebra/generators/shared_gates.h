/* shared_gates.h - a parameter whose gates do not act as one exponential.

   The deep circuit of a written one is V U W: V and W Haar on the group, U the
   circuit once as written, with independent and uniform angles. A gate that is
   treated as independent of the others (freed or split, generators.h) has an angle
   of its own; gates of a parameter that acts as one exponential share theirs.
   With g_1, g_2, ... the gates of a split parameter in order of time,
   g_r = exp(-i a_r P_r / 2), and h_r half the slope of a_r in the parameter,
     dl/dtheta = Tr(W rho W^dag  i [A, O']),  O' = (V U)^dag O V U,
     A = sum_r h_r U_r^dag P_r U_r,  U_r all that stands before g_r.
   The averages over V and W make of A (x) A a quadratic form B that does not
   change when both factors are carried along by one element of the group. So
     E[(dl)^2] = sum_r h_r^2 B(P_r, P_r) + 2 sum_r h_r B(P_r, Y_r),
     Y_r = sum_(s > r) h_s E[U_rs^dag P_s U_rs],  U_rs the gates between:
   the pairs of finite depth between two Haar averages, of which one string stands
   still. Y_r lies in the algebra.

   A parameter that is counted in units of pi in all of its gates has the slopes without
   that factor, which is left to the caller.

   Found by carrying sum c(S, f) e^(i f.theta) S back through the gates;
     R^dag Q R = cos a Q + sin a i P Q  for Q that anticommutes with P;
   the average keeps f = 0. theta and pi theta of one parameter count as two
   independent angles (Weyl), as at finite depth.

   Layer: private to algebra, above generators. */
#ifndef LIESCAPE_ALGEBRA_SHARED_GATES_H
#define LIESCAPE_ALGEBRA_SHARED_GATES_H

#include "algebra/base/reason.h"
#include "algebra/generators/generators.h"

/* Work for all parameters of a set, in strings times gates: some seconds. */
enum { SHARED_GATES_WORK = 1 << 22 };

typedef struct {
  pauli_sum_t first;   /* P_r, coefficient 1; gates about one string as one */
  pauli_sum_t later;   /* sum of h_r Y_r over them */
  pauli_sum_t unknown; /* strings with a coefficient in it that is not rational:
                          the cosine of a fixed angle */
} shared_gate_struct;

typedef struct {
  size_t num_gates;
  shared_gate_struct *gates;
} shared_gates_struct;
typedef shared_gates_struct shared_gates_t[1];

/* For a parameter with several uses. Of terms in theta_k and in pi theta_k,
   the latter are left out. REASON_NONE, or
   why it cannot be done, nothing to clear then; *work is
   what is left of it. */
reason_code_t shared_gates_init(shared_gates_t shared, const generator_set_t set,
                                size_t parameter, size_t *work);
void shared_gates_clear(shared_gates_t shared);

#endif
