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
                  const generator_set_t set, const ansatz_t ansatz,
                  size_t observable, size_t state) {
  const pauli_sum_struct *o = set->observables + observable;
  *out = (adjoint_struct){.applies = ANSWER_UNDECIDED, .reason = REASON_ADJOINT_NOT_EXAMINED};
  if (strings) out->applies = terms_inside(strings, o);
  if (out->applies == ANSWER_NO) {
    out->reason = REASON_ADJOINT_TERM_OUTSIDE;
    return;
  }
  if (out->applies == ANSWER_YES) out->reason = REASON_ADJOINT_WITHOUT_LAW;
  if (!fermions) return;
  fermion_loss_init(out->loss, fermions, set->generators, set->num_generators, o,
                    ansatz->states[state].state);
  out->examined = true;
  out->has_law = out->loss->has_law;
  if (strings && !out->has_law) return;
  out->applies = out->loss->applies ? ANSWER_YES : ANSWER_NO;
  out->reason = out->loss->reason ? out->loss->reason : REASON_ADJOINT_CLASS;
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
    if (use->times_pi || (u && use->parameter != GENERATOR_FIXED &&
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
