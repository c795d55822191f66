/* Gradients per parameter; see check_strings.h. */

#include <flint/fmpq_vec.h>

#include "algebra/check/check_shared.h"

bool check_any_moments(fmpq_t mean, fmpq_t variance, fmpq *gradient,
                       const check_components_t components,
                       const pauli_sum_t observable,
                       const quantum_state_t state, size_t max_elements) {
  const stabilizer_state_struct *rho = quantum_state_stabilizer(state);
  slong count = (slong)components->g->strings->length;
  fmpq *out = gradient ? gradient : _fmpq_vec_init(count + 1);
  bool ok = (rho && check_large_moments(mean, variance, out, components, observable,
                                        rho)) ||
            check_moments(mean, variance, out, components->g, observable, state,
                          max_elements);
  if (!gradient) _fmpq_vec_clear(out, count + 1);
  return ok;
}

bool check_all_moments(fmpq_t mean, fmpq_t variance, fmpq *per_parameter,
                       const check_components_t components,
                       const pauli_sum_t observable,
                       const quantum_state_t state, size_t max_elements) {
  slong count = (slong)components->g->strings->length;
  size_t p = components->g->num_parameters;
  fmpq *per_string = _fmpq_vec_init(count + 1);
  bool rational = false, *in_pi = flint_calloc(p + 1, sizeof *in_pi);
  bool ok = check_any_moments(mean, variance, per_string, components, observable, state,
                              max_elements) &&
            check_gradients(per_parameter, in_pi, &rational, components, per_string,
                            observable, state, max_elements);
  for (size_t k = 0; k < p && ok; k++)
    rational = rational && (!in_pi[k] || fmpq_is_zero(per_parameter + k));
  flint_free(in_pi);
  _fmpq_vec_clear(per_string, count + 1);
  return ok && rational;
}

/* --- pairs of gates of one parameter ------------------------------------------- */

/* Of each M so far: B(M P, P), P any generator string. */
typedef struct {
  const check_components_struct *all;
  const pauli_sum_struct *observable;
  const quantum_state_struct *state;
  size_t max_elements;
  row_table_t shifts;
  fmpq **forms;
} shifted_t;

static void shifted_clear(shifted_t *s) {
  for (size_t i = 0; i < s->shifts->length; i++)
    _fmpq_vec_clear(s->forms[i], (slong)s->all->g->strings->length + 1);
  flint_free(s->forms);
  row_table_clear(s->shifts);
}

/* out = O_M + M O_M, or O_M - M O_M. */
static void shift_observable(pauli_sum_t out, const pauli_sum_struct *o,
                             const uint64_t *m, bool minus) {
  size_t w = o->num_words;
  uint64_t *row = flint_malloc((2 * w + 1) * sizeof *row);
  fmpq_t c;
  fmpq_init(c);
  for (size_t t = 0; t < o->length; t++) {
    unsigned e = pauli_mul(row, m, pauli_sum_string(o, t), w);
    if (e & 1) continue;
    pauli_sum_push(out, o->coeffs + t, pauli_sum_string(o, t));
    fmpq_set(c, o->coeffs + t);
    if ((e == 2) != minus) fmpq_neg(c, c);
    pauli_sum_push(out, c, row);
  }
  pauli_sum_canonicalise(out);
  fmpq_clear(c);
  flint_free(row);
}

/* add += (minus: -=) the gradients of that observable, which are for P / 2: a
   quarter of B(P, P). */
static bool add_gradients(fmpq *add, const shifted_t *s, const uint64_t *m,
                          bool minus) {
  size_t count = s->all->g->strings->length;
  fmpq *gradient = _fmpq_vec_init((slong)count + 1);
  fmpq_t mean, variance;
  pauli_sum_t o;
  fmpq_init(mean);
  fmpq_init(variance);
  pauli_sum_init(o, s->all->g->num_qubits);
  shift_observable(o, s->observable, m, minus);
  bool ok = check_any_moments(mean, variance, gradient, s->all, o, s->state,
                              s->max_elements);
  for (size_t j = 0; j < count; j++) {
    if (minus) fmpq_sub(add + j, add + j, gradient + j);
    else fmpq_add(add + j, add + j, gradient + j);
  }
  _fmpq_vec_clear(gradient, (slong)count + 1);
  fmpq_clear(mean);
  fmpq_clear(variance);
  pauli_sum_clear(o);
  return ok;
}

/* NULL: too large. */
static const fmpq *shifted_by(shifted_t *s, const uint64_t *m) {
  size_t before = s->shifts->length, at = row_table_add(s->shifts, m, NULL);
  if (s->shifts->length == before) return s->forms[at];
  size_t count = s->all->g->strings->length;
  s->forms = flint_realloc(s->forms, s->shifts->length * sizeof *s->forms);
  s->forms[at] = _fmpq_vec_init((slong)count + 1);
  return add_gradients(s->forms[at], s, m, false) &&
                 add_gradients(s->forms[at], s, m, true)
             ? s->forms[at]
             : NULL;
}

/* out += 2 B(X, h P). */
static bool add_pair(fmpq_t out, shifted_t *s, const check_pair_struct *pair) {
  const check_generators_struct *g = s->all->g;
  const uint64_t *p = pauli_sum_string(pair->at, 0);
  size_t index = row_table_find(g->strings, p);
  uint64_t *m = flint_malloc((2 * g->num_words + 1) * sizeof *m);
  bool ok = index != SIZE_MAX;
  fmpq_t share;
  fmpq_init(share);
  for (size_t t = 0; t < pair->earlier->length && ok; t++) {
    unsigned e =
        pauli_mul(m, pauli_sum_string(pair->earlier, t), p, g->num_words);
    if (!check_is_fixed(m, g)) continue;
    const fmpq *form = shifted_by(s, m);
    ok = form != NULL;
    if (!ok) break;
    fmpq_mul(share, pair->earlier->coeffs + t, pair->at->coeffs);
    fmpq_mul_2exp(share, share, 1);
    fmpq_mul(share, share, check_gradient_of(form, s->all, index));
    if (e == 2) fmpq_neg(share, share);
    fmpq_add(out, out, share);
  }
  fmpq_clear(share);
  flint_free(m);
  return ok;
}

static bool add_pairs(fmpq_t out, shifted_t *s, size_t parameter, bool in_pi) {
  check_pairs_t pairs;
  bool ok = check_pairs_init(pairs, s->all->g, parameter, in_pi);
  if (!ok) return false;
  for (size_t i = 0; i < pairs->length && ok; i++)
    ok = add_pair(out, s, pairs->list + i);
  check_pairs_clear(pairs);
  return ok;
}

/* --- all parameters ------------------------------------------------------------------- */

bool check_gradients(fmpq *out, bool *in_pi, bool *rational,
                     const check_components_t all,
                     const fmpq *per_string, const pauli_sum_t observable,
                     const quantum_state_t state, size_t max_elements) {
  const check_generators_struct *g = all->g;
  shifted_t s = {.all = all, .observable = observable, .state = state,
                 .max_elements = max_elements};
  size_t *uses = flint_calloc(g->num_parameters + 1, sizeof *uses);
  bool ok = true, *mixed = flint_malloc((g->num_parameters + 1) * sizeof *mixed);
  fmpq_t share;
  fmpq_init(share);
  check_generators_units(in_pi, mixed, g);
  row_table_init(s.shifts, 2 * g->num_words);
  *rational = true;
  fmpq_t factor; /* of the share of the use before, which may be this one's too */
  fmpq_init(factor);
  const fmpq *before = NULL;
  unsigned root = 1;
  for (size_t i = 0; i < g->num_uses; i++) {
    const check_use_struct *use = g->uses + i;
    if (use->parameter == SIZE_MAX || use->sum->length != 1) continue;
    uses[use->parameter]++;
    const fmpq *gradient = check_gradient_of(per_string, all, use->generator);
    if (!before || root != use->root || !fmpq_equal(factor, use->sum->coeffs) ||
        !fmpq_equal(before, gradient)) {
      before = gradient;
      root = use->root;
      fmpq_set(factor, use->sum->coeffs);
      fmpq_mul(share, factor, factor);
      fmpq_mul_2exp(share, share, 2);
      fmpq_mul(share, share, before);
      fmpq_mul_ui(share, share, root);
    }
    if (mixed[use->parameter] && use->times_pi && !fmpq_is_zero(share))
      *rational = false;
    fmpq_add(out + use->parameter, out + use->parameter, share);
  }
  for (size_t k = 0; k < g->num_parameters && ok && *rational; k++)
    if (uses[k] > 1) ok = add_pairs(out + k, &s, k, in_pi[k]);
  fmpq_clear(share);
  fmpq_clear(factor);
  flint_free(uses);
  flint_free(mixed);
  shifted_clear(&s);
  return ok;
}
