#include "algebra/check/check_limit.h"

enum { MAX_LAYERS = 48, MAX_PERIOD = 64, MAX_ROTATIONS = 1 << 14 };

/* What is repeated. */
typedef struct {
  const ansatz_struct *ansatz;
  size_t length; /* rotations */
  const pauli_sum_struct *observable;
} layer_t;

typedef struct {
  ansatz_t circuit;
  uint8_t *none;
  check_generators_t g;
} layers_t;

static void layers_init(layers_t *l, const layer_t *layer, size_t layers) {
  ansatz_init(l->circuit, ANSATZ_CIRCUIT, layer->ansatz->num_qubits);
  ansatz_repeat_layer(l->circuit, layer->ansatz, layer->length, layers);
  ansatz_add_observable(l->circuit, layer->observable, "");
  l->none = flint_calloc(l->circuit->num_rotations + 1, 1);
  check_generators_init(l->g, l->circuit, l->none);
}

static void layers_clear(layers_t *l) {
  check_generators_clear(l->g);
  flint_free(l->none);
  ansatz_clear(l->circuit);
}

/* Is every sum of the later circuit one of the earlier, up to a factor? */
static bool adds_nothing(const layers_t *earlier, const layers_t *later) {
  fmpq_t ratio;
  bool nothing = true;
  fmpq_init(ratio);
  for (size_t i = 0; i < later->g->num_uses && nothing; i++) {
    const check_use_struct *use = later->g->uses + i;
    if (use->generator == SIZE_MAX) continue;
    if (use->sum->length == 1) {
      nothing = row_table_find(earlier->g->strings,
                               pauli_sum_string(use->sum, 0)) != SIZE_MAX;
      continue;
    }
    nothing = false;
    for (size_t j = 0; j < earlier->g->num_uses && !nothing; j++)
      nothing = earlier->g->uses[j].sum->length > 1 &&
                pauli_sum_is_multiple(ratio, use->sum, earlier->g->uses[j].sum);
  }
  fmpq_clear(ratio);
  return nothing;
}

/* Known for certain, without gates that are freed or that do not come together? */
static bool is_certain(const layers_t *l) {
  return !l->g->num_freed && l->g->comes_together && !l->circuit->upper_bound;
}

/* dimension of the algebra; false when it was not counted. */
static bool dimension_of(fmpz_t out, const layers_t *l, size_t max_elements) {
  check_components_t c;
  structure_t s;
  if (l->g->reason) return false;
  structure_init(s);
  check_components_init(c, l->g, NULL, 0, max_elements);
  bool ok = check_structure(s, c);
  if (ok) fmpz_set(out, s->dimension);
  check_components_clear(c);
  structure_clear(s);
  return ok;
}

/* The number of layers from which on the algebra stays; 0: not found. */
static size_t saturation(fmpz_t before, const layer_t *layer, size_t max_elements) {
  fmpz_t now;
  size_t found = 0;
  bool ok = true;
  fmpz_init(now);
  for (size_t k = 1;
       k <= MAX_LAYERS && k * layer->length <= MAX_ROTATIONS && ok && !found; k++) {
    layers_t l;
    layers_init(&l, layer, k);
    ok = is_certain(&l) && dimension_of(now, &l, max_elements);
    if (ok && k > 1 && fmpz_equal(before, now)) found = k - 1;
    fmpz_swap(before, now);
    layers_clear(&l);
  }
  fmpz_clear(now);
  return found;
}

size_t check_repeated(fmpz_t dimension, const ansatz_t ansatz, size_t length,
                      const pauli_sum_t observable, size_t max_elements) {
  layer_t layer = {ansatz, length, observable};
  return saturation(dimension, &layer, max_elements);
}

/* The variance of an observable over the group of these layers. */
static bool variance_of(fmpq_t variance, const check_components_t c, const pauli_sum_t observable,
                        const quantum_state_t state, size_t max_elements) {
  fmpq_t mean;
  fmpq_init(mean);
  bool ok = check_any_moments(mean, variance, NULL, c, observable, state, max_elements);
  fmpq_clear(mean);
  return ok;
}

/* Through all numbers of layers from 0 on, until the observable comes back. */
static answer_t over_period(fmpq_t limit, const layers_t *group,
                            const check_components_t c, const layer_t *layer,
                            const quantum_state_t state, size_t max_elements) {
  fmpq_t other;
  answer_t answer = ANSWER_UNDECIDED;
  const pauli_sum_struct *start = group->circuit->observables->sum;
  fmpq_init(other);
  bool ok = variance_of(limit, c, start, state, max_elements);
  for (size_t n = 1; n <= MAX_PERIOD && ok && answer == ANSWER_UNDECIDED; n++) {
    layers_t l;
    layers_init(&l, layer, n);
    const pauli_sum_struct *o = l.g->observables;
    if (pauli_sum_equal(o, start)) {
      answer = ANSWER_YES;
    } else {
      ok = variance_of(other, c, o, state, max_elements);
      if (ok && !fmpq_equal(other, limit)) answer = ANSWER_NO;
    }
    layers_clear(&l);
  }
  fmpq_clear(other);
  return answer;
}

answer_t check_layer_limit(fmpq_t limit, const ansatz_t ansatz, size_t length,
                           size_t count, const pauli_sum_t observable,
                           const quantum_state_t state, const fmpq_t written,
                           size_t max_elements) {
  layer_t layer = {ansatz, length, observable};
  layers_t as_written, more;
  layers_init(&as_written, &layer, count);
  layers_init(&more, &layer, count + 1);
  bool certain = is_certain(&as_written) && is_certain(&more);
  bool same = certain && adds_nothing(&as_written, &more) &&
              pauli_sum_equal(as_written.g->observables, more.g->observables);
  layers_clear(&as_written);
  layers_clear(&more);
  if (same) fmpq_set(limit, written);
  if (same || !certain) return same ? ANSWER_YES : ANSWER_UNDECIDED;
  fmpz_t dimension;
  fmpz_init(dimension);
  size_t layers = saturation(dimension, &layer, max_elements);
  fmpz_clear(dimension);
  if (!layers) return ANSWER_UNDECIDED;
  layers_t group;
  check_components_t c;
  layers_init(&group, &layer, layers);
  check_components_init(c, group.g, NULL, 0, max_elements);
  answer_t answer = over_period(limit, &group, c, &layer, state, max_elements);
  check_components_clear(c);
  layers_clear(&group);
  return answer;
}
