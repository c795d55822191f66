#include "algebra/analysis/adjoint.h"

/* Every term in the algebra, or fixed by it? The algebra is graded by strings. */
static answer_t terms_inside(const string_algebra_struct *g,
                             const pauli_sum_struct *o) {
  size_t width = 2 * g->num_words;
  for (size_t i = 0; i < o->length; i++) {
    const uint64_t *string = pauli_sum_string(o, i);
    bool inside = true;
    for (size_t j = 0; j < g->num_strings && inside; j++)
      inside = !pauli_anticommute(string, g->strings + j * width, g->num_words);
    if (!inside && !string_algebra_contains(g, string)) return ANSWER_NO;
  }
  return ANSWER_YES;
}

void adjoint_init(adjoint_t out, const fermion_algebra_struct *fermions,
                  const string_algebra_struct *strings,
                  const generator_set_t set, size_t observable, size_t state) {
  const pauli_sum_struct *o = set->observables + observable;
  const quantum_state_struct *rho = set->inputs[state].state;
  *out = (adjoint_struct){.applies = ANSWER_UNDECIDED, .reason = REASON_ADJOINT_NOT_EXAMINED};
  if (!set->observable_known[observable]) return;
  if (strings) out->applies = terms_inside(strings, o);
  if (out->applies == ANSWER_NO) {
    out->reason = REASON_ADJOINT_TERM_OUTSIDE;
    return;
  }
  if (out->applies == ANSWER_YES) out->reason = REASON_ADJOINT_WITHOUT_LAW;
  if (!fermions || !rho || !fmpq_is_zero(set->observable_errors + observable))
    return;
  /* Approximations have no law, and spectra with hundreds of digits. */
  if (strings && !fmpq_is_zero(set->inputs[state].error)) return;
  fermion_loss_init(out->loss, fermions, set->generators, set->num_generators, o, rho);
  out->examined = true;
  out->has_law = out->loss->has_law;
  if (strings && !out->has_law) return;
  out->applies = out->loss->applies ? ANSWER_YES : ANSWER_NO;
  out->reason = out->loss->reason ? out->loss->reason : REASON_ADJOINT_CLASS;
}

/* A sum of generators? By elimination over the strings that occur. */
static bool is_combination(const pauli_sum_struct *o, const pauli_sum_struct *g,
                           size_t count) {
  pauli_sum_struct *rows = flint_malloc((count + 2) * sizeof *rows);
  fmpq_t factor, lead;
  fmpq_init(factor);
  fmpq_init(lead);
  for (size_t j = 0; j <= count; j++) {
    pauli_sum_init(rows + j, o->num_qubits);
    pauli_sum_set(rows + j, j < count ? g + j : o);
    for (size_t i = 0; i < j; i++) {
      if (pauli_sum_is_zero(rows + i)) continue;
      pauli_sum_coefficient(factor, rows + j, pauli_sum_string(rows + i, 0));
      pauli_sum_coefficient(lead, rows + i, pauli_sum_string(rows + i, 0));
      fmpq_div(factor, factor, lead);
      fmpq_neg(factor, factor);
      pauli_sum_addmul(rows + j, rows + j, factor, rows + i);
    }
  }
  /* What commutes with all is left out: an identity. */
  const pauli_sum_struct *left = rows + count;
  bool inside = true;
  for (size_t i = 0; i < left->length; i++)
    inside = inside && pauli_is_identity(pauli_sum_string(left, i), left->num_words);
  for (size_t j = 0; j <= count; j++) pauli_sum_clear(rows + j);
  flint_free(rows);
  fmpq_clear(factor);
  fmpq_clear(lead);
  return inside;
}

/* Does what is left without its identity commute with every generator? */
static bool is_central(const pauli_sum_struct *o, const generator_set_struct *set) {
  bool central = true;
  for (size_t j = 0; j < set->num_generators && central; j++)
    central = pauli_sum_commute(o, set->generators + j);
  return central;
}

enum { MAX_COMBINED = 200, MAX_COMBINED_TERMS = 20000 };

void adjoint_use_closure(adjoint_t a, const closure_struct *closure,
                         const generator_set_t set, size_t observable) {
  const pauli_sum_struct *o = set->observables + observable;
  if (a->applies == ANSWER_YES || a->has_law || !set->observable_known[observable])
    return;
  size_t terms = o->length;
  for (size_t j = 0; j < set->num_generators; j++) terms += set->generators[j].length;
  bool inside =
      is_central(o, set) ||
      (closure->proved && closure_contains(closure, o) == ANSWER_YES) ||
      (set->num_generators <= MAX_COMBINED && terms <= MAX_COMBINED_TERMS &&
       is_combination(o, set->generators, set->num_generators));
  if (!inside) return;
  a->applies = ANSWER_YES;
  a->reason = REASON_ADJOINT_WITHOUT_LAW;
}

void adjoint_use_particles(adjoint_t a, const particle_algebra_t particles,
                           const generator_set_t set, size_t observable, size_t state) {
  const quantum_state_struct *rho = set->inputs[state].state;
  if (a->examined || !rho || !set->observable_known[observable] ||
      !fmpq_is_zero(set->observable_errors + observable))
    return;
  particle_loss_init(a->loss, particles, set->generators, set->num_generators,
                     set->observables + observable, rho,
                     !fmpq_is_zero(set->inputs[state].error));
  a->examined = true;
  a->has_law = a->loss->has_law;
  a->applies = a->loss->applies ? ANSWER_YES : ANSWER_NO;
  a->reason = a->loss->reason ? a->loss->reason : REASON_ADJOINT_CLASS;
}

void adjoint_use_strings(adjoint_t a, const string_algebra_struct *strings,
                         const generator_set_t set, const landscape_t landscape,
                         size_t observable, size_t state) {
  const quantum_state_struct *rho = set->inputs[state].state;
  if (a->applies != ANSWER_YES || a->examined || landscape->wishart_applies == ANSWER_YES ||
      !rho || !fmpq_is_zero(set->observable_errors + observable) ||
      !fmpq_is_zero(set->inputs[state].error))
    return;
  string_loss_init(a->loss, strings, set->observables + observable, rho);
  a->examined = true;
  a->has_law = a->loss->has_law;
  a->reason = a->has_law ? REASON_ADJOINT_CLASS : REASON_ADJOINT_WITHOUT_LAW;
}

void adjoint_clear(adjoint_t adjoint) {
  if (adjoint->examined) fermion_loss_clear(adjoint->loss);
}

bool adjoint_set_moments(landscape_t l, const adjoint_t a,
                         const generator_set_t set) {
  const fermion_loss_struct *loss = a->loss;
  fmpq_t fourth, square;
  if (!a->has_law || !loss->slopes) return false;
  for (size_t u = 0; u < set->num_uses; u++) {
    const generator_use_struct *use = set->uses + u;
    if ((u && use->parameter != GENERATOR_FIXED &&
                          set->uses[u - 1].parameter == use->parameter))
      return false;
  }
  fmpq_init(fourth);
  fmpq_init(square);
  fmpq_set(l->mean, loss->law->constant);
  adjoint_law_cumulants(l->variance, fourth, loss->law);
  for (size_t u = 0; u < set->num_uses; u++) {
    const generator_use_struct *use = set->uses + u;
    if (use->parameter == GENERATOR_FIXED) continue;
    fmpq_mul(square, use->scale, use->scale);
    l->gradient_at[use->parameter] = use->parameter;
    fmpq_mul(l->gradient_variance + use->parameter,
             loss->slopes + use->generator, square);
  }
  fmpq_set(l->loss->constant, l->mean);
  l->mean_known = l->variance_known = l->gradient_known = true;
  fmpq_clear(fourth);
  fmpq_clear(square);
  return true;
}

static size_t moving_ideals(const adjoint_law_struct *law) {
  size_t count = 0;
  for (size_t i = 0; i < law->num_families; i++)
    if (!fmpq_is_zero(law->families[i].second)) count += law->families[i].count;
  return count;
}

static void check_moments(adjoint_t a, const landscape_t l) {
  fmpq_t second, fourth;
  fmpq_init(second);
  fmpq_init(fourth);
  adjoint_law_cumulants(second, fourth, a->loss->law);
  if ((l->mean_known && !fmpq_equal(l->mean, a->loss->law->constant)) ||
      (l->variance_known && !fmpq_equal(l->variance, second))) {
    a->applies = ANSWER_UNDECIDED;
    a->has_law = false;
    a->reason = REASON_ADJOINT_DISAGREES;
  }
  fmpq_clear(second);
  fmpq_clear(fourth);
}

void adjoint_conclude(adjoint_t a, const landscape_t l) {
  if (a->has_law) check_moments(a, l);
  if (a->has_law && !landscape_is_exact(l)) { /* that of an approximation */
    a->has_law = false;
    a->reason = REASON_ADJOINT_WITHOUT_LAW;
  }
  a->codimension = a->has_law ? adjoint_law_codimension(a->loss->law) : SIZE_MAX;
  a->traps = REASON_TRAPS_UNKNOWN;
  if (a->applies == ANSWER_YES)
    a->traps = a->has_law && moving_ideals(a->loss->law) > 1
                   ? REASON_TRAPS_NONE_SUMS
                   : REASON_TRAPS_NONE_ADJOINT;
  else if (l->wishart_applies == ANSWER_YES)
    a->traps = l->num_blocks == 1 && fmpz_is_one(l->blocks->law->count)
                   ? REASON_TRAPS_NONE_JORDAN
                   : REASON_TRAPS_NONE_SUMS;
}

void adjoint_use_sphere(adjoint_t a, const sphere_orbit_t *orbit) {
  if (!orbit->holds || a->traps != REASON_TRAPS_UNKNOWN) return;
  a->traps = orbit->spheres == 1 ? REASON_TRAPS_NONE_SPHERE : REASON_TRAPS_NONE_SPHERES;
  if (a->codimension == SIZE_MAX) a->codimension = orbit->codimension;
}
