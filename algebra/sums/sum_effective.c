#include "algebra/sums/sum_effective.h"

#include "algebra/sums/sum_jordan.h"
#include "algebra/sums/sum_module.h"

enum { MAX_TERMS = 100000, MAX_TRIALS = 3, MAX_BASIS = 1200 };

/* An element of g with a part in every ideal, whatever the trial. */
static bool set_element(pauli_sum_t out, const closure_struct *g, unsigned trial) {
  uint64_t seed = 88172645463325252u + trial;
  pauli_sum_t b;
  fmpq_t c;
  bool ok = g->dimension <= MAX_BASIS;
  pauli_sum_init(b, g->num_qubits);
  fmpq_init(c);
  pauli_sum_zero(out);
  for (size_t k = 0; k < g->dimension && ok; k++) {
    seed ^= seed << 13; /* Marsaglia 2003 */
    seed ^= seed >> 7;
    seed ^= seed << 17;
    fmpq_set_si(c, 1 + (slong)(seed % 7), 1);
    ok = closure_get_basis_element(b, g, k, MAX_TERMS) == STATUS_OK;
    if (ok) pauli_sum_addmul(out, out, c, b);
  }
  pauli_sum_clear(b);
  fmpq_clear(c);
  return ok;
}

/* The module of one operator, and what the state sees of it. */
typedef struct {
  sum_moments_t moments;
  sum_input_t input;
} seen_t;

static bool seen_init(seen_t *s, const sum_landscapes_struct *sums,
                      const pauli_sum_t a, const quantum_state_struct *state) {
  sum_moments_init(s->moments, sums->set, a, &sums->limits);
  bool ok = !s->moments->reason && !sum_input_init(s->input, s->moments, state);
  if (!ok) sum_moments_clear(s->moments);
  return ok;
}

static void seen_clear(seen_t *s) {
  sum_input_clear(s->input);
  sum_moments_clear(s->moments);
}

/* Coordinates; false for an operator outside of the module. */
static bool coordinates(fmpq_mat_t x, const sum_module_struct *m,
                        const pauli_sum_t a) {
  pauli_sum_t back;
  pauli_sum_init(back, a->num_qubits);
  module_coordinates(x, &m->module, &m->span, a);
  bool ok = module_operator(back, x, &m->span, MAX_TERMS) == STATUS_OK &&
            pauli_sum_equal(back, a);
  pauli_sum_clear(back);
  return ok;
}

/* c = C for y and the operator v that generates the module. */
static bool contract(pauli_sum_t c, const seen_t *both, const pauli_sum_t y) {
  const sum_module_struct *m = both->moments->module;
  slong dim = (slong)m->module.dim, num = (slong)m->phi.num;
  fmpq_mat_t at_y, traces, phi, row, sum;
  fmpq_mat_init(at_y, 1, dim);
  fmpq_mat_init(traces, 1, num);
  fmpq_mat_init(phi, 1, num);
  fmpq_mat_init(row, 1, dim);
  fmpq_mat_init(sum, 1, dim);
  bool ok = coordinates(at_y, m, y);
  if (ok) {
    sum_module_contract(traces, m, at_y, both->input->r);
    sum_module_from_traces(phi, m, traces);
    for (slong a = 0; a < num; a++) {
      if (fmpq_is_zero(fmpq_mat_entry(phi, 0, a))) continue;
      endo_basis_apply(row, m->v, &m->phi, (size_t)a);
      for (slong k = 0; k < dim; k++)
        fmpq_addmul(fmpq_mat_entry(sum, 0, k), fmpq_mat_entry(phi, 0, a),
                    fmpq_mat_entry(row, 0, k));
    }
    ok = module_operator(c, sum, &m->span, MAX_TERMS) == STATUS_OK;
  }
  fmpq_mat_clear(at_y);
  fmpq_mat_clear(traces);
  fmpq_mat_clear(phi);
  fmpq_mat_clear(row);
  fmpq_mat_clear(sum);
  return ok;
}

/* out += X_k, for v = O + b; y = 2^n times the projection of rho on g. */
static bool add_sector(pauli_sum_t out, const sum_landscapes_struct *sums,
                       const sum_projector_struct *p, const seen_t *both,
                       const pauli_sum_t b, const pauli_sum_t y) {
  const sector_struct *sector = sums->algebra->structure->sectors + p->entry;
  pauli_sum_t part, c;
  fmpq_t mean, factor;
  if (fmpz_is_one(sector->dimension)) return true;
  pauli_sum_init(part, b->num_qubits);
  pauli_sum_init(c, b->num_qubits);
  fmpq_init(mean);
  fmpq_init(factor);
  bool ok = sum_jordan_traceless(part, mean, p->projector, y);
  if (ok && !pauli_sum_is_zero(part)) {
    ok = contract(c, both, part);
    sum_inner(mean, part, part);
    fmpq_set_fmpz(factor, sector->dimension);
    fmpq_mul(factor, factor, factor);
    fmpq_sub_si(factor, factor, 1);
    fmpq_div(factor, factor, mean);
    if (ok) pauli_sum_addmul(out, out, factor, c);
    ok = ok && sum_jordan_traceless(part, mean, p->projector, b);
    fmpq_set_si(factor, -1, 1); /* b is its own X */
    if (ok) pauli_sum_addmul(out, out, factor, part);
  }
  pauli_sum_clear(part);
  pauli_sum_clear(c);
  fmpq_clear(mean);
  fmpq_clear(factor);
  return ok;
}

/* out = the part of O that the state sees: its projection on the module of what
   represents the state, whose multiplicities are smaller. */
static bool set_visible(pauli_sum_t out, const sum_landscapes_struct *sums,
                        const pauli_sum_t o, const sum_moments_t of_o,
                        const sum_input_t input) {
  sum_moments_t moments;
  pauli_sum_t s;
  pauli_sum_init(s, o->num_qubits);
  bool ok = module_operator(s, input->s, &of_o->module->span, MAX_TERMS) ==
            STATUS_OK;
  if (ok) {
    sum_moments_init(moments, sums->set, s, &sums->limits);
    ok = !moments->reason && sum_moments_nearest(out, moments, o, MAX_TERMS);
    sum_moments_clear(moments);
  }
  pauli_sum_clear(s);
  return ok;
}

static bool try_element(pauli_sum_t out, const sum_landscapes_struct *sums,
                        const pauli_sum_t o, const quantum_state_struct *state,
                        unsigned trial) {
  const sum_projectors_struct *all = sums->algebra->projectors;
  seen_t own, both;
  pauli_sum_t b, y, v;
  fmpq_t one;
  pauli_sum_init(b, o->num_qubits);
  pauli_sum_init(y, o->num_qubits);
  pauli_sum_init(v, o->num_qubits);
  fmpq_init(one);
  fmpq_one(one);
  bool ok = set_element(b, sums->algebra->closure, trial);
  bool has_own = ok && seen_init(&own, sums, b, state);
  ok = has_own && module_operator(y, own.input->s, &own.moments->module->span,
                                  MAX_TERMS) == STATUS_OK;
  if (ok) pauli_sum_addmul(v, b, one, o);
  bool has_both = ok && seen_init(&both, sums, v, state);
  ok = has_both;
  pauli_sum_zero(out);
  for (size_t k = 0; k < all->length && ok; k++)
    ok = add_sector(out, sums, all->list + k, &both, b, y);
  if (has_own) seen_clear(&own);
  if (has_both) seen_clear(&both);
  pauli_sum_clear(b);
  pauli_sum_clear(y);
  pauli_sum_clear(v);
  fmpq_clear(one);
  return ok;
}

/* Has every sector that the state populates its own su(d)? */
static bool is_complex(const sum_algebra_struct *g,
                       const quantum_state_struct *state) {
  bool ok = g->projectors->saturated && g->projectors->length;
  fmpq_t weight;
  fmpq_init(weight);
  for (size_t k = 0; k < g->projectors->length && ok; k++) {
    const sum_projector_struct *p = g->projectors->list + k;
    const sector_struct *s = g->structure->sectors + p->entry;
    if (fmpz_is_one(s->dimension) ||
        (p->degree == 1 && s->field == FIELD_COMPLEX))
      continue;
    sum_jordan_expectation(weight, state, p->projector);
    ok = fmpq_is_zero(weight);
  }
  fmpq_clear(weight);
  return ok;
}

bool sum_effective(pauli_sum_t out, const sum_landscapes_struct *sums,
                   const pauli_sum_t observable, const sum_moments_t moments,
                   const sum_input_t input, const quantum_state_struct *state) {
  pauli_sum_t visible;
  if (!is_complex(sums->algebra, state)) return false;
  pauli_sum_init(visible, observable->num_qubits);
  bool seen = set_visible(visible, sums, observable, moments, input), ok = false;
  for (unsigned trial = 0; trial < MAX_TRIALS && seen && !ok; trial++)
    ok = !limits_abort(&sums->limits) &&
         try_element(out, sums, visible, state, trial);
  pauli_sum_clear(visible);
  return ok;
}
