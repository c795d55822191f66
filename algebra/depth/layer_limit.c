/* The limit of a circuit that repeats a layer; see finite_depth.h.

   A layer is C times rotations about the strings P of a set S, C its Clifford gates.
   N layers are C^N times rotations about the strings of S_N = S + C^-1 S C + ... +
   C^-(N-1) S C^(N-1), and turn C^-N O C^N =: O_N. Let g_N be the algebra of S_N. As
   S_(N+1) = S + C^-1 S_N C, g_(N+1) = g_N makes g_N invariant under C, and it stays.
   The product of the rotations tends to the Haar measure of its group: C has a
   finite order T on strings, blocks of T layers are independent and alike, and
   the identity lies in their support (Ito and Kawada 1940). So
     E[l^2] -> Haar average for O_N,
   a limit just if it is the same for all N, which is periodic in N. */

#include "algebra/base/ansatz_layers.h"
#include "algebra/depth/finite_depth.h"
#include "algebra/generators/generators.h"
#include "algebra/strings/string_landscape.h"

enum { MAX_OWN = 1 << 12, MAX_LAYERS = 64, MAX_PERIOD = 64, MAX_ROTATIONS = 1 << 14, MAX_CUTS = 8 };

static void set_of(generator_set_t set, const ansatz_t ansatz, size_t length,
                   size_t layers, size_t observable) {
  ansatz_t circuit;
  ansatz_init(circuit, ANSATZ_CIRCUIT, ansatz->num_qubits);
  ansatz_repeat_layer(circuit, ansatz, length, layers);
  ansatz_add_observable(circuit, ansatz->observables[observable].sum, "");
  generator_set_init(set, circuit);
  ansatz_clear(circuit);
}

static void algebra_of(string_algebra_t g, const generator_set_t set) {
  uint64_t *strings = generator_set_strings(set);
  string_algebra_init(g, strings, set->num_generators, set->num_qubits);
  flint_free(strings);
}

static bool contains_all(const string_algebra_t g, const generator_set_t set) {
  bool all = true;
  for (size_t j = 0; j < set->num_generators && all; j++)
    all = string_algebra_contains(g, pauli_sum_string(set->generators + j, 0));
  return all;
}

/* Has the angle a parameter that drives no other gate of the layer? It takes up constants.
   "No" may mean that the layer is long. */
static bool has_own(const ansatz_t ansatz, size_t length, const angle_struct *angle) {
  for (size_t t = 0; t < angle->num_terms && length <= MAX_OWN; t++) {
    size_t uses = 0;
    for (size_t r = 0; r < length; r++)
      for (size_t k = 0; k < ansatz->rotations[r].angle->num_terms; k++)
        uses += ansatz->rotations[r].angle->terms[k].parameter == angle->terms[t].parameter;
    if (uses == 1) return true;
  }
  return false;
}

/* Are all its fixed gates, and constants of shared angles, Cliffords? */
static bool is_clifford_layer(const ansatz_t ansatz, size_t length) {
  unsigned turns;
  bool all = true;
  for (size_t r = 0; r < length; r++) {
    const angle_struct *angle = ansatz->rotations[r].angle;
    angle_t constant;
    angle_init(constant);
    fmpq_set(constant->pi_part, angle->pi_part);
    fmpq_set(constant->rad_part, angle->rad_part);
    all = all && (angle_is_clifford(&turns, constant) || has_own(ansatz, length, angle));
    angle_clear(constant);
  }
  return all;
}

/* set: of the least number of layers whose algebra the next layer does not enlarge. */
static bool find_saturated(generator_set_t set, string_algebra_t g, size_t *count,
                           const ansatz_t ansatz, size_t length,
                           size_t observable) {
  bool found = false;
  if (2 * length > MAX_ROTATIONS) return false;
  set_of(set, ansatz, length, 1, observable);
  if (!set->single_strings || set->upper_bound) {
    generator_set_clear(set);
    return false;
  }
  algebra_of(g, set);
  for (size_t layers = 1; !found && layers < MAX_LAYERS &&
                          length * (layers + 1) <= MAX_ROTATIONS; layers++) {
    generator_set_t next;
    set_of(next, ansatz, length, layers + 1, observable);
    found = contains_all(g, next);
    *count = layers;
    generator_set_struct swap = *set;
    *set = *next;
    *next = swap;
    generator_set_clear(next);
    if (found) break;
    string_algebra_clear(g);
    algebra_of(g, set);
  }
  if (found) return true;
  generator_set_clear(set);
  string_algebra_clear(g);
  return false;
}

static bool haar_variance(fmpq_t variance, const string_algebra_t g,
                          const generator_set_t set, const pauli_sum_t observable,
                          const ansatz_t ansatz, size_t state) {
  landscape_t l;
  ansatz_t one;
  generator_set_struct with = *set;
  pauli_sum_struct moved = *observable;
  fmpq no_error;
  bool known = true;
  generator_input_struct input = {.state = ansatz->states[state].state};
  fmpq_init(&no_error);
  fmpq_init(input.error);
  with.observables = &moved;
  with.observable_errors = &no_error;
  with.observable_known = &known;
  with.inputs = &input;
  with.num_observables = with.num_inputs = 1;
  with.num_uses = with.num_parameters = 0; /* no gradients */
  ansatz_init(one, ANSATZ_CIRCUIT, ansatz->num_qubits);
  ansatz_add_observable(one, observable, "");
  ansatz_add_state(one, ansatz->states[state].state, "");
  landscape_init_strings(l, g, &with, one, 0, 0);
  known = l->variance_known;
  fmpq_set(variance, l->variance);
  fmpq_clear(input.error);
  fmpq_clear(&no_error);
  landscape_clear(l);
  ansatz_clear(one);
  return known;
}

/* next = O_(N+1) from O_N: through the Cliffords of one layer. */
static void pull_through(pauli_sum_t next, const ansatz_t ansatz, size_t length,
                         const pauli_sum_t observable) {
  ansatz_t layer;
  generator_set_t set;
  ansatz_init(layer, ANSATZ_CIRCUIT, ansatz->num_qubits);
  ansatz_repeat_layer(layer, ansatz, length, 1);
  ansatz_add_observable(layer, observable, "");
  generator_set_init(set, layer);
  pauli_sum_set(next, set->observables);
  generator_set_clear(set);
  ansatz_clear(layer);
}

static answer_t over_period(fmpq_t variance, const string_algebra_t g,
                            const generator_set_t set, const ansatz_t ansatz,
                            size_t length, size_t observable, size_t state) {
  pauli_sum_t o, next;
  fmpq_t other;
  answer_t answer = ANSWER_UNDECIDED;
  const pauli_sum_struct *start = ansatz->observables[observable].sum;
  pauli_sum_init(o, ansatz->num_qubits);
  pauli_sum_init(next, ansatz->num_qubits);
  fmpq_init(other);
  pauli_sum_set(o, start);
  bool known = haar_variance(variance, g, set, o, ansatz, state);
  for (size_t n = 1; n <= MAX_PERIOD && known; n++) {
    pull_through(next, ansatz, length, o);
    if (pauli_sum_equal(next, start)) {
      answer = ANSWER_YES;
      break;
    }
    known = haar_variance(other, g, set, next, ansatz, state);
    if (known && !fmpq_equal(other, variance)) {
      answer = ANSWER_NO;
      break;
    }
    pauli_sum_swap(o, next);
  }
  pauli_sum_clear(o);
  pauli_sum_clear(next);
  fmpq_clear(other);
  return answer;
}

answer_t finite_depth_limit(fmpq_t variance, const ansatz_t ansatz,
                            size_t length, size_t observable, size_t state,
                            const fmpq_t written) {
  generator_set_t set, more;
  string_algebra_t g;
  size_t count = length ? ansatz->num_rotations / length : 0;
  if (!count) return ANSWER_UNDECIDED;
  set_of(set, ansatz, length, count, observable);
  set_of(more, ansatz, length, count + 1, observable);
  /* other fixed gates may turn the state, or the observable, further with each layer */
  bool bound = set->upper_bound || more->upper_bound || !is_clifford_layer(ansatz, length);
  /* the generators of more layers begin with those of fewer */
  bool same = !bound && set->num_generators == more->num_generators &&
              pauli_sum_equal(set->observables, more->observables);
  generator_set_clear(set);
  generator_set_clear(more);
  if (same) fmpq_set(variance, written);
  if (same || bound) return same ? ANSWER_YES : ANSWER_UNDECIDED;
  if (!find_saturated(set, g, &count, ansatz, length, observable)) return ANSWER_UNDECIDED;
  answer_t answer =
      over_period(variance, g, set, ansatz, length, observable, state);
  generator_set_clear(set);
  string_algebra_clear(g);
  return answer;
}

/* From rotation `first` on, repeated. */
static bool repeated_from(size_t *repetitions, fmpz_t dimension, const ansatz_t ansatz,
                          size_t first) {
  ansatz_t rest;
  generator_set_t set;
  string_algebra_t g;
  size_t length = ansatz->num_rotations - first;
  ansatz_struct from = *ansatz; /* borrowed */
  from.rotations += first;
  from.num_rotations = length;
  ansatz_init(rest, ANSATZ_CIRCUIT, ansatz->num_qubits);
  ansatz_repeat_layer(rest, &from, length, 1);
  ansatz_add_observable(rest, ansatz->observables->sum, "");
  bool found = is_clifford_layer(rest, length) &&
               find_saturated(set, g, repetitions, rest, length, 0);
  if (found) {
    structure_t s;
    structure_init(s);
    string_algebra_structure(s, g);
    fmpz_set(dimension, s->dimension);
    structure_clear(s);
    generator_set_clear(set);
    string_algebra_clear(g);
  }
  ansatz_clear(rest);
  return found;
}

bool finite_depth_repeated(size_t *repetitions, fmpz_t dimension, const ansatz_t ansatz) {
  const rotation_struct *r = ansatz->rotations;
  size_t first = 0, times, tried = 0;
  bool found = false;
  fmpz_t other;
  while (first < ansatz->num_rotations && !r[first].angle->num_terms) first++;
  if (first == ansatz->num_rotations || !ansatz->num_observables ||
      ansatz->upper_bound || 2 * ansatz->num_rotations > MAX_ROTATIONS)
    return false;
  fmpz_init(other);
  for (size_t cut = first + 1; cut-- > 0 && (!found || *repetitions > 1);) {
    bool is_start = cut == first || cut == 0 || r[cut].line != r[cut - 1].line;
    if (!is_start || (cut && tried++ >= MAX_CUTS)) continue;
    if (!repeated_from(&times, other, ansatz, cut)) continue;
    if (found && times > 1 && fmpz_cmp(other, dimension) >= 0) continue;
    found = true;
    *repetitions = times;
    fmpz_set(dimension, other);
  }
  fmpz_clear(other);
  return found;
}
