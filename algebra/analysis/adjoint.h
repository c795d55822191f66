/* adjoint.h - observables that lie in the algebra: the law of their loss, and
   where local minima on the group are global.

   l = <O, Ad_U rho> for O in g up to what commutes with it (adjoint_law.h). On the
   group - every direction free - such a loss has no local minima but the global
   ones: a height function on an adjoint orbit of a compact group (Bott 1956;
   Frankel 1965; Atiyah 1982). The same holds on Jordan blocks (Takeuchi and
   Kobayashi 1968; Duistermaat, Kolk and Varadarajan 1983), and for sums over
   independent ideals.

   Layer: above landscape and fermion_loss. */
#ifndef LIESCAPE_ADJOINT_H
#define LIESCAPE_ADJOINT_H

#include "algebra/analysis/sphere_orbit.h"
#include "algebra/closure/closure.h"
#include "algebra/sums/fermion_loss.h"
#include "algebra/sums/particle_loss.h"
#include "algebra/sums/string_loss.h"
#include "algebra/generators/generators.h"
#include "algebra/laws/landscape.h"

typedef struct {
  answer_t applies;
  reason_code_t reason; /* always given */
  bool has_law;
  fermion_loss_t loss; /* initialised when examined */
  bool examined;
  /* REASON_TRAPS_NONE_ADJOINT: O in g up to what commutes with g; _JORDAN: one Jordan
     block; _SUMS: several independent ones of either kind; _SPHERE, _SPHERES: by the
     orbit alone (sphere_orbit.h); _GAUSSIAN: gaussian_orbit.h; else _UNKNOWN. */
  reason_code_t traps;
  size_t codimension; /* of the global minima in the orbit, at most; SIZE_MAX: unknown */
} adjoint_struct;
typedef adjoint_struct adjoint_t[1];

/* fermions: of the generators of set, or NULL; strings: the algebra when it is the
   span of strings, or NULL. Without both nothing is decided. State and observable are
   those behind the fixed gates. */
void adjoint_init(adjoint_t out, const fermion_algebra_struct *fermions,
                  const string_algebra_struct *strings,
                  const generator_set_t set, size_t observable, size_t state);
void adjoint_clear(adjoint_t adjoint);

/* Mean, variance and gradients of an initialised, empty landscape from the law;
   false when they do not follow from it. */
bool adjoint_set_moments(landscape_t landscape, const adjoint_t adjoint,
                         const generator_set_t set);

/* O in an algebra that was closed, or a sum of generators: applies, without a law. */
void adjoint_use_closure(adjoint_t adjoint, const closure_struct *closure,
                         const generator_set_t set, size_t observable);

/* Free fermions whose generators are full algebras of one particle. */
void adjoint_use_particles(adjoint_t adjoint, const particle_algebra_t particles,
                           const generator_set_t set, size_t observable, size_t state);

/* Strings that are no free fermions; left alone where the landscape has Wishart blocks, a
   law of its own. */
void adjoint_use_strings(adjoint_t adjoint, const string_algebra_struct *strings,
                         const generator_set_t set, const landscape_t landscape,
                         size_t observable, size_t state);

/* Sets the traps; the moments found otherwise must agree with the law, which is
   dropped if they do not, or if the state is an approximation. */
void adjoint_conclude(adjoint_t adjoint, const landscape_t landscape);

/* What follows from the orbit where nothing else does. */
void adjoint_use_sphere(adjoint_t adjoint, const sphere_orbit_t *orbit);

#endif
