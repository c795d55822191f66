#include "cli/certify/states_analysis.h"

#include "algebra/base/state_probes.h"
#include "cli/certify/depth_analysis.h"

/* Strings of a state as an observable. */
enum { MAX_TERMS = 4096 };

/* How a loss is averaged. */
typedef struct {
  bool deep; /* over the group, or at the circuit's own depth */
  const certify_limits_t *limits;
  stopwatch_t *watch;
} average_t;

/* Moments of one observable. */
typedef struct {
  fmpq_t mean, square;
  reason_code_t reason; /* or why they are not known */
} moments_struct;

static void moments_init(moments_struct *m) {
  fmpq_init(m->mean);
  fmpq_init(m->square);
  m->reason = REASON_NONE;
}

static void moments_clear(moments_struct *m) {
  fmpq_clear(m->mean);
  fmpq_clear(m->square);
}

static void set_deep(moments_struct *m, const landscape_struct *l) {
  if (!l->mean_known || !l->variance_known)
    m->reason = l->reason ? l->reason : REASON_SQUARES_UNKNOWN;
  else if (!landscape_is_exact(l)) m->reason = REASON_IRRATIONAL_BEHIND_FIXED_GATES;
  fmpq_set(m->mean, l->mean);
  fmpq_mul(m->square, l->mean, l->mean);
  fmpq_add(m->square, m->square, l->variance);
}

static void set_own(moments_struct *m, const finite_depth_t depth) {
  const depth_number_struct *mean = depth->mean, *square = depth->second_moment;
  if (mean->kind == DEPTH_UNAVAILABLE || square->kind == DEPTH_UNAVAILABLE)
    m->reason = depth->reason ? depth->reason : REASON_DEPTH_STRINGS_LIMIT;
  else if (!depth_number_is_rational(mean) || !depth_number_is_rational(square))
    m->reason = REASON_ONLY_RATIONAL;
  fmpq_set(m->mean, mean->rational);
  fmpq_set(m->square, square->rational);
}

/* One pair per observable of the probe; free_moments. */
static moments_struct *measure(const ansatz_t probe, const average_t *average) {
  size_t count = probe->num_observables;
  moments_struct *list = flint_malloc((count + 1) * sizeof *list);
  analysis_t analysis;
  if (average->deep) analysis_init(analysis, probe, &average->limits->analysis);
  for (size_t k = 0; k < count; k++) {
    moments_init(list + k);
    if (average->deep) {
      set_deep(list + k, analysis->landscapes + k);
      continue;
    }
    finite_depth_t depth;
    depth_moments(depth, probe, k, 0, average->limits, average->watch);
    set_own(list + k, depth);
    finite_depth_clear(depth);
  }
  if (average->deep) analysis_clear(analysis);
  return list;
}

static void free_moments(moments_struct *list, size_t count) {
  for (size_t k = 0; k < count; k++) moments_clear(list + k);
  flint_free(list);
}

static void set_potentials(reached_states_struct *r, const ansatz_t probe,
                           const average_t *average) {
  moments_struct *m = measure(probe, average);
  r->reason = m->reason;
  fmpq_set(r->first, m->mean);
  fmpq_set(r->second, m->square);
  free_moments(m, 1);
}

static void set_entanglement(reached_states_struct *r, const ansatz_t probe,
                             const average_t *average) {
  size_t n = probe->num_qubits, count = 3 * n;
  moments_struct *m = measure(probe, average);
  r->num_locals = count;
  r->local_squares = flint_malloc((count + 1) * sizeof *r->local_squares);
  for (size_t k = 0; k < count; k++) {
    fmpq_init(r->local_squares + k);
    fmpq_set(r->local_squares + k, m[k].square);
    if (!r->entanglement_reason) r->entanglement_reason = m[k].reason;
  }
  state_entanglement(r->entanglement, r->local_squares, n);
  free_moments(m, count);
}

static void reached_init(reached_states_struct *r, const ansatz_t ansatz, size_t state,
                         const average_t *average) {
  pauli_sum_t projector;
  ansatz_t probe;
  *r = (reached_states_struct){0};
  fmpq_init(r->first);
  fmpq_init(r->second);
  fmpq_init(r->entanglement);
  r->reason = ansatz->num_roots ? REASON_IRRATIONAL_COEFFICIENTS
              : ansatz->symbol  ? REASON_SYMBOL_WITHOUT_VALUE
                                : REASON_NONE;
  r->entanglement_reason = r->reason;
  if (r->reason) return;
  pauli_sum_init(projector, ansatz->num_qubits);
  r->reason = state_projector(projector, ansatz->states[state].state, MAX_TERMS);
  if (r->reason && r->reason != REASON_PROJECTOR_TOO_LONG) {
    r->entanglement_reason = r->reason;
  } else {
    if (!r->reason) {
      state_probe_pairs(probe, ansatz, state, projector);
      set_potentials(r, probe, average);
      ansatz_clear(probe);
    }
    state_probe_locals(probe, ansatz, state);
    set_entanglement(r, probe, average);
    ansatz_clear(probe);
  }
  pauli_sum_clear(projector);
}

static void reached_clear(reached_states_struct *r) {
  for (size_t k = 0; k < r->num_locals; k++) fmpq_clear(r->local_squares + k);
  flint_free(r->local_squares);
  fmpq_clear(r->first);
  fmpq_clear(r->second);
  fmpq_clear(r->entanglement);
}

void states_analysis_init(states_analysis_t out, const analysis_t analysis,
                          const certify_limits_t *limits, stopwatch_t *watch) {
  const ansatz_struct *a = analysis->ansatz;
  certify_limits_t quiet = *limits;
  quiet.analysis.progress = NULL;
  *out = (states_analysis_struct){.num_states = a->num_states};
  out->deep = flint_malloc((a->num_states + 1) * sizeof *out->deep);
  if (a->kind == ANSATZ_CIRCUIT)
    out->own = flint_malloc((a->num_states + 1) * sizeof *out->own);
  for (size_t i = 0; i < a->num_states; i++) {
    reached_init(out->deep + i, a, i, &(average_t){true, &quiet, watch});
    if (out->own) reached_init(out->own + i, a, i, &(average_t){false, &quiet, watch});
  }
}

void states_analysis_clear(states_analysis_t states) {
  for (size_t i = 0; i < states->num_states; i++) {
    reached_clear(states->deep + i);
    if (states->own) reached_clear(states->own + i);
  }
  flint_free(states->deep);
  flint_free(states->own);
}
