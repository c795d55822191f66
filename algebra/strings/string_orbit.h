/* string_orbit.h - orbits of Pauli strings under the group, and how many
   strings of an orbit lie in a stabilizer group.

   Rotating about a generator h maps p to p + omega(p,h) h. The orbit of p is
   p + D_1 + D_2 + ..., one displacement set D_c in V_c for each component that
   p does not commute with ("active"). With Q(v) = q(v) + omega(p,v):
     quadric   q consistent: the v with Q(v) = 0 and p + v not fixed;
     full      q inconsistent: the v with p + v not fixed;
     weight    free fermion and p commutes with T: the v = gamma_S t with
               |F + S| = |F|, F the signature of p (a set of modes, known up to
               its complement), t in T.
   A string is fixed when it commutes with the whole component. A free-fermion
   component that p does not share T with is quadric or full. Components whose
   radicals intersect make sums coincide; that is counted exactly.
   (Diaz, Garcia-Martin, Kazi, Larocca, Cerezo, arXiv:2310.11505, and
   arXiv:2502.16404 for the role of these orbits in second moments.)

   Layer: above string_algebra and state. */
#ifndef LIESCAPE_STRING_ORBIT_H
#define LIESCAPE_STRING_ORBIT_H

#include "algebra/base/state.h"
#include "algebra/strings/string_algebra.h"

#include <flint/fmpq.h>

typedef enum {
  DISPLACEMENT_WEIGHT,
  DISPLACEMENT_QUADRIC,
  DISPLACEMENT_FULL
} displacement_kind_t;

typedef struct {
  size_t component;
  displacement_kind_t kind;
  size_t weight;  /* |F| <= num_modes, for DISPLACEMENT_WEIGHT */
  fmpz_t size;    /* of D */
  /* Fraction of D whose p + v anticommutes with one given element of the
     component; the same for all its elements. */
  fmpq_t anticommuting;
} displacement_struct;

/* What the group does to one string. */
typedef struct {
  const string_algebra_struct *algebra;
  uint64_t *string; /* p */
  size_t num_active; /* 0: p is fixed */
  displacement_struct *active; /* sorted by component */
} string_action_struct;
typedef string_action_struct string_action_t[1];

void string_action_init(string_action_t action, const string_algebra_t g,
                        const uint64_t *p);
void string_action_clear(string_action_t action);
/* The fraction for component c: 0 when c is not active. */
void string_action_anticommuting(fmpq_t fraction, const string_action_t action,
                                 size_t component);

/* Linear algebra shared by all strings with the same active components and the
   same state: how the stabilizer group S meets the sum of the V_c. */
typedef struct string_section string_section_t;

/* NULL when it would take more than about 256 MB (very many components). */
string_section_t *string_section_new(const string_algebra_t g,
                                     const size_t *components,
                                     size_t num_components,
                                     const stabilizer_state_t state);
void string_section_free(string_section_t *section);

/* Is the string q in the orbit of action's string? A yes is certain; a no only
   when no radicals of the active components intersect. */
bool string_section_same_orbit(string_section_t *section,
                               const string_action_t action,
                               const uint64_t *q);

/* orbit_size = |orbit of p| and in_stabilizer = number of strings of the orbit
   that lie, up to sign, in the stabilizer group. action must have the active
   components of the section. STATUS_LIMIT when the count needs an enumeration
   that is too large (string_trellis.h); orbit_size is set all the
   same. */
status_t string_section_measure(fmpz_t orbit_size, fmpz_t in_stabilizer,
                                const string_section_t *section,
                                const string_action_t action);

#endif
