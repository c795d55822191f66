#include "cli/certify/certificate_states.h"

#include "algebra/base/state_probes.h"
#include "cli/format/json_number.h"
#include "cli/format/json_reason.h"

/* Strings of a state as an observable. */
enum { MAX_TERMS = 4096 };

/* Moments of one observable: of the deep circuit, or of this one. */
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

/* One pair per observable of the probe; the caller clears them. deep or own. */
static moments_struct *measure(const ansatz_t probe, bool deep,
                               const certify_limits_t *limits, stopwatch_t *watch) {
  size_t count = probe->num_observables;
  moments_struct *list = flint_malloc((count + 1) * sizeof *list);
  analysis_t analysis;
  if (deep) analysis_init(analysis, probe, &limits->analysis);
  for (size_t k = 0; k < count; k++) {
    moments_init(list + k);
    if (deep) {
      set_deep(list + k, analysis->landscapes + k);
      continue;
    }
    finite_depth_t depth;
    depth_moments(depth, probe, k, 0, limits, watch);
    set_own(list + k, depth);
    finite_depth_clear(depth);
  }
  if (deep) analysis_clear(analysis);
  return list;
}

static void free_moments(moments_struct *list, size_t count) {
  for (size_t k = 0; k < count; k++) moments_clear(list + k);
  flint_free(list);
}

static void set_numbers(json_t *out, const fmpq *first, const fmpq *second) {
  json_object_set_new(out, "frame_potential_1", first ? cert_fmpq(first) : json_null());
  json_object_set_new(out, "frame_potential_2", second ? cert_fmpq(second) : json_null());
}

static void add_potentials(json_t *out, const ansatz_t probe, bool deep,
                           const certify_limits_t *limits, stopwatch_t *watch) {
  moments_struct *m = measure(probe, deep, limits, watch);
  if (m->reason) set_numbers(out, NULL, NULL);
  else set_numbers(out, m->mean, m->square);
  cert_set_code(out, "reason", m->reason);
  free_moments(m, 1);
}

static void add_entanglement(json_t *out, const ansatz_t probe, bool deep,
                             const certify_limits_t *limits, stopwatch_t *watch) {
  size_t n = probe->num_qubits, count = 3 * n;
  moments_struct *m = measure(probe, deep, limits, watch);
  fmpq *squares = flint_malloc((count + 1) * sizeof *squares);
  reason_code_t reason = REASON_NONE;
  json_t *list = json_array();
  fmpq_t q;
  fmpq_init(q);
  for (size_t k = 0; k < count; k++) {
    fmpq_init(squares + k);
    fmpq_set(squares + k, m[k].square);
    if (!reason) reason = m[k].reason;
    json_array_append_new(list, cert_fmpq(m[k].square));
  }
  state_entanglement(q, squares, n);
  json_object_set_new(out, "entanglement", reason ? json_null() : cert_fmpq(q));
  json_object_set_new(out, "local_squares", reason ? json_null() : json_incref(list));
  cert_set_code(out, "entanglement_reason", reason);
  json_decref(list);
  for (size_t k = 0; k < count; k++) fmpq_clear(squares + k);
  flint_free(squares);
  fmpq_clear(q);
  free_moments(m, count);
}

static json_t *haar_json(size_t num_qubits) {
  json_t *out = json_object();
  fmpq_t first, second, q;
  fmpq_init(first);
  fmpq_init(second);
  fmpq_init(q);
  state_haar_numbers(first, second, q, num_qubits);
  set_numbers(out, first, second);
  json_object_set_new(out, "entanglement", cert_fmpq(q));
  fmpq_clear(first);
  fmpq_clear(second);
  fmpq_clear(q);
  return out;
}

/* Nothing of it is known. */
static void set_unknown(json_t *out, reason_code_t reason) {
  set_numbers(out, NULL, NULL);
  cert_set_code(out, "reason", reason);
  json_object_set_new(out, "entanglement", json_null());
  json_object_set_new(out, "local_squares", json_null());
  cert_set_code(out, "entanglement_reason", reason);
}

static void fill(json_t *out, const ansatz_t ansatz, size_t state, bool deep,
                 const certify_limits_t *limits, stopwatch_t *watch) {
  pauli_sum_t projector;
  ansatz_t probe;
  pauli_sum_init(projector, ansatz->num_qubits);
  reason_code_t reason =
      ansatz->num_roots ? REASON_IRRATIONAL_COEFFICIENTS
      : ansatz->symbol  ? REASON_SYMBOL_WITHOUT_VALUE
                        : state_projector(projector, ansatz->states[state].state,
                                          MAX_TERMS);
  if (reason && reason != REASON_PROJECTOR_TOO_LONG) {
    set_unknown(out, reason);
  } else {
    if (reason) {
      set_numbers(out, NULL, NULL);
      cert_set_code(out, "reason", reason);
    } else {
      state_probe_pairs(probe, ansatz, state, projector);
      add_potentials(out, probe, deep, limits, watch);
      ansatz_clear(probe);
    }
    state_probe_locals(probe, ansatz, state);
    add_entanglement(out, probe, deep, limits, watch);
    ansatz_clear(probe);
  }
  pauli_sum_clear(projector);
}

void certificate_add_states(json_t *certificate, const certification_t certification,
                            const certify_limits_t *limits) {
  const ansatz_struct *a = certification->ansatz;
  stopwatch_t watch = stopwatch_stage(&certification->analysis->whole);
  certify_limits_t deep_limits = *limits;
  json_t *list = json_array();
  deep_limits.analysis.progress = NULL;
  for (size_t i = 0; i < a->num_states; i++) {
    json_t *out = json_pack("{s:s}", "state", a->states[i].text);
    fill(out, a, i, true, &deep_limits, &watch);
    json_object_set_new(out, "haar", haar_json(a->num_qubits));
    json_t *own = a->kind == ANSATZ_CIRCUIT ? json_object() : json_null();
    if (a->kind == ANSATZ_CIRCUIT) fill(own, a, i, false, &deep_limits, &watch);
    json_object_set_new(out, "finite_depth", own);
    if (a->kind == ANSATZ_OPERATORS) cert_set_code(out, "finite_depth_reason", REASON_NO_DEPTH);
    json_array_append_new(list, out);
  }
  json_object_set_new(certificate, "expressibility", list);
}
