#include "algebra/strings/string_gradient.h"

#include <assert.h>

#include "algebra/base/hash.h"
#include "algebra/generators/shared_gates.h"
#include "algebra/strings/string_sparse.h"

/* Gradients shifted by M, computed once for each M. */
typedef struct {
  uint64_t *string;
  string_moments_t moments;
} shifted_struct;

typedef struct {
  const string_algebra_struct *g;
  const generator_set_struct *set;
  const pauli_sum_struct *observable;
  const stabilizer_state_struct *state;
  const pauli_sum_struct *few;
  const string_moments_struct *plain;
  hash_table_t numbers; /* of g->strings; empty when set->single_strings */
  size_t **component; /* of each term of each generator */
  size_t num_shifted;
  shifted_struct *shifted;
  size_t work_left; /* for shared_gates */
} work_struct;


static size_t find_component(const work_struct *work, const uint64_t *string) {
  const string_algebra_struct *g = work->g;
  size_t w = g->num_words;
  uint64_t hash = pauli_hash(string, w);
  for (size_t probe = 0, k;
       (k = hash_table_next(work->numbers, hash, &probe)) != SIZE_MAX;)
    if (pauli_equal(g->strings + k * 2 * w, string, w)) return g->component[k];
  assert(false && "a term of a generator is not a string of the algebra");
  return 0;
}

static void work_init(work_struct *work) {
  const string_algebra_struct *g = work->g;
  const generator_set_struct *set = work->set;
  hash_table_init(work->numbers);
  if (!set->single_strings)
    for (size_t i = 0; i < g->num_strings; i++)
      hash_table_put(work->numbers,
                     pauli_hash(g->strings + i * 2 * g->num_words, g->num_words),
                     i);
  work->component =
      flint_malloc((set->num_generators + 1) * sizeof *work->component);
  for (size_t j = 0; j < set->num_generators; j++) {
    const pauli_sum_struct *h = set->generators + j;
    work->component[j] = flint_malloc((h->length + 1) * sizeof(size_t));
    for (size_t t = 0; t < h->length; t++) {
      size_t c = set->single_strings
                     ? g->component[j]
                     : find_component(work, pauli_sum_string(h, t));
      work->component[j][t] = c;
    }
  }
}

static void work_clear(work_struct *work) {
  for (size_t j = 0; j < work->set->num_generators; j++)
    flint_free(work->component[j]);
  for (size_t i = 0; i < work->num_shifted; i++) {
    flint_free(work->shifted[i].string);
    string_moments_clear(work->shifted[i].moments);
  }
  flint_free(work->component);
  flint_free(work->shifted);
  hash_table_clear(work->numbers);
}

static const string_moments_struct *shifted_by(work_struct *work,
                                               const uint64_t *m) {
  size_t w = work->g->num_words;
  if (pauli_is_identity(m, w)) return work->plain;
  for (size_t i = 0; i < work->num_shifted; i++)
    if (pauli_equal(work->shifted[i].string, m, w))
      return work->shifted[i].moments;
  work->shifted = flint_realloc(
      work->shifted, (work->num_shifted + 1) * sizeof *work->shifted);
  shifted_struct *s = work->shifted + work->num_shifted++;
  s->string = flint_malloc(2 * w * sizeof *s->string);
  memcpy(s->string, m, 2 * w * sizeof *m);
  assert(work->state || work->few);
  if (work->state)
    string_moments_init_shifted(s->moments, work->g, work->observable,
                                work->state, m);
  else
    string_sparse_moments(s->moments, work->g, work->observable, work->few, m);
  return s->moments;
}

/* sum += factor h 4 gradient_M for the string p of a component, and every term
   h Q of k with p Q = M in the radical. False when a shifted sum is not known. */
static bool add_string(fmpq_t sum, work_struct *work, const fmpq_t factor,
                       const uint64_t *p, size_t component,
                       const pauli_sum_struct *k) {
  const string_algebra_struct *g = work->g;
  size_t w = g->num_words;
  uint64_t *m = flint_malloc(2 * w * sizeof *m);
  bool known = true;
  fmpq_t c;
  fmpq_init(c);
  for (size_t b = 0; b < k->length && known; b++) {
    unsigned e = pauli_mul(m, p, pauli_sum_string(k, b), w);
    if (!f2_span_contains(g->radical, m)) continue;
    const string_moments_struct *s = shifted_by(work, m);
    known = s->variance_known;
    fmpq_mul(c, factor, k->coeffs + b);
    fmpq_mul_2exp(c, c, 2);
    if (e == 2) fmpq_neg(c, c);
    fmpq_addmul(sum, c, s->gradient + component);
  }
  fmpq_clear(c);
  flint_free(m);
  return known;
}

/* One gate, exp(-i scale theta H), for itself. */
static bool add_own(fmpq_t sum, work_struct *work,
                    const generator_use_struct *use) {
  const pauli_sum_struct *h = work->set->generators + use->generator;
  bool known = true;
  fmpq_t factor;
  fmpq_init(factor);
  for (size_t a = 0; a < h->length && known; a++) {
    fmpq_mul(factor, use->scale, use->scale);
    fmpq_mul_ui(factor, factor, use->root);
    fmpq_mul(factor, factor, h->coeffs + a);
    known = add_string(sum, work, factor, pauli_sum_string(h, a),
                       work->component[use->generator][a], h);
  }
  fmpq_clear(factor);
  return known;
}

/* The component of a string that is a generator of one of these uses. */
static size_t component_of(const work_struct *work, const uint64_t *string,
                           size_t first, size_t last) {
  size_t j = 0;
  for (size_t u = first; u < last; u++) {
    j = work->set->uses[u].generator;
    if (pauli_equal(pauli_sum_string(work->set->generators + j, 0), string,
                    work->g->num_words))
      break;
  }
  return work->component[j][0];
}

/* Is an average that is not known multiplied by 0? */
static bool is_harmless(const work_struct *work, const shared_gate_struct *gate) {
  const string_algebra_struct *g = work->g;
  bool harmless = true;
  uint64_t *m = flint_malloc(2 * g->num_words * sizeof *m);
  for (size_t t = 0; t < gate->unknown->length && harmless; t++) {
    pauli_xor(m, pauli_sum_string(gate->first, 0),
              pauli_sum_string(gate->unknown, t), g->num_words);
    harmless = !f2_span_contains(g->radical, m);
  }
  flint_free(m);
  return harmless;
}

/* What the gates of a split parameter have to do with each other. */
static reason_code_t add_shared(fmpq_t sum, work_struct *work, size_t first,
                                size_t last) {
  const generator_set_struct *set = work->set;
  shared_gates_t shared;
  reason_code_t reason = shared_gates_init(
      shared, set, set->uses[first].parameter, &work->work_left);
  if (reason) return reason;
  fmpq_t two;
  fmpq_init(two);
  fmpq_set_si(two, 2, 1);
  for (size_t i = 0; i < shared->num_gates && !reason; i++) {
    const shared_gate_struct *gate = shared->gates + i;
    const uint64_t *p = pauli_sum_string(gate->first, 0);
    if (!is_harmless(work, gate)) reason = REASON_SHARED_GATES_FIXED_ANGLE;
    else if (!add_string(sum, work, two, p,
                         component_of(work, p, first, last), gate->later))
      reason = REASON_ORBIT_COUNT_TOO_LARGE;
  }
  fmpq_clear(two);
  shared_gates_clear(shared);
  return reason;
}

/* The uses first..last-1 are those of one parameter. */
static reason_code_t parameter_variance(fmpq_t sum, work_struct *work,
                                        size_t first, size_t last) {
  for (size_t u = first; u < last; u++)
    if (!add_own(sum, work, work->set->uses + u))
      return REASON_ORBIT_COUNT_TOO_LARGE;
  return last > first + 1 ? add_shared(sum, work, first, last) : REASON_NONE;
}

/* Powers of pi that are not the same for all gates of a parameter. */
static bool has_irrational(const work_struct *work, const bool *mixed) {
  const generator_set_struct *set = work->set;
  for (size_t i = 0; i < set->num_uses; i++) {
    if (set->uses[i].parameter == GENERATOR_FIXED || !mixed[set->uses[i].parameter])
      continue;
    size_t j = set->uses[i].generator;
    for (size_t t = 0; set->uses[i].times_pi && t < set->generators[j].length;
         t++)
      if (!fmpq_is_zero(work->plain->gradient + work->component[j][t]))
        return true;
  }
  return false;
}

/* What decides the variance of a parameter that drives one string. */
typedef struct {
  size_t parameter; /* the first that had it; SIZE_MAX: none */
  size_t component;
  bool times_pi;
  fmpq_t factor; /* (scale coefficient)^2 root, 4 times a gradient of the component */
} known_t;

enum { NUM_KNOWN = 4 };

/* A parameter with one use, of one string: 4 factor gradient, computed once for equal
   factors of a component. at: as in landscape.h. */
static void single_variance(fmpq *variance, size_t *at, known_t *known,
                            const work_struct *work, const generator_use_struct *use) {
  const pauli_sum_struct *h = work->set->generators + use->generator;
  size_t component = work->component[use->generator][0], k = use->parameter;
  fmpq_t factor;
  fmpq_init(factor);
  fmpq_mul(factor, use->scale, h->coeffs);
  fmpq_mul(factor, factor, factor);
  fmpq_mul_ui(factor, factor, use->root);
  size_t i = 0;
  while (i < NUM_KNOWN &&
         !(known[i].parameter != SIZE_MAX && known[i].component == component &&
           known[i].times_pi == use->times_pi && fmpq_equal(known[i].factor, factor)))
    i++;
  if (i < NUM_KNOWN) {
    at[k] = known[i].parameter;
  } else {
    known_t *next = known + k % NUM_KNOWN;
    next->parameter = k;
    next->component = component;
    next->times_pi = use->times_pi;
    fmpq_set(next->factor, factor);
    fmpq_mul_2exp(factor, factor, 2);
    fmpq_mul(variance + k, factor, work->plain->gradient + component);
  }
  fmpq_clear(factor);
}

static bool is_single(const work_struct *work, size_t first, size_t last) {
  return last == first + 1 &&
         work->set->generators[work->set->uses[first].generator].length == 1;
}

reason_code_t string_gradient(fmpq *variance, size_t *at, const string_moments_t moments,
                              const string_algebra_t g, const generator_set_t set,
                              const pauli_sum_t observable,
                              const stabilizer_state_struct *state,
                              const pauli_sum_struct *few) {
  work_struct work = {.g = g, .set = set, .observable = observable,
                      .state = state, .few = few, .plain = moments,
                      .work_left = SHARED_GATES_WORK};
  reason_code_t reason = REASON_NONE;
  bool *mixed = flint_malloc((2 * set->num_parameters + 1) * sizeof *mixed);
  work_init(&work);
  generator_set_units(mixed + set->num_parameters, mixed, set);
  if (has_irrational(&work, mixed))
    reason = REASON_PARAMETER_IN_UNITS_OF_PI;
  flint_free(mixed);
  for (size_t k = 0; k < set->num_parameters; k++) fmpq_zero(variance + k);
  known_t known[NUM_KNOWN];
  for (size_t i = 0; i < NUM_KNOWN; i++) {
    known[i].parameter = SIZE_MAX;
    fmpq_init(known[i].factor);
  }
  for (size_t first = 0; first < set->num_uses && !reason;) {
    size_t parameter = set->uses[first].parameter, last = first;
    while (last < set->num_uses && set->uses[last].parameter == parameter)
      last++;
    if (parameter != GENERATOR_FIXED && at && is_single(&work, first, last))
      single_variance(variance, at, known, &work, set->uses + first);
    else if (parameter != GENERATOR_FIXED)
      reason = parameter_variance(variance + parameter, &work, first, last);
    first = last;
  }
  for (size_t i = 0; i < NUM_KNOWN; i++) fmpq_clear(known[i].factor);
  work_clear(&work);
  return reason;
}
