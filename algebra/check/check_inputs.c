#include "algebra/check/check_inputs.h"

#include "algebra/base/flint_compat.h"
#include "algebra/check/check_turned.h"

static const char unseen_reason[] =
    "fixed gates that are no Clifford gates stay between others, and generators are no "
    "rational sums through them";

void check_inputs_init(check_generators_t g, const ansatz_t ansatz) {
  g->num_inputs = ansatz->num_states;
  g->inputs = flint_calloc(g->num_inputs + 1, sizeof *g->inputs);
  g->observable_errors = _fmpq_vec_init((slong)g->num_observables);
  g->observable_known = flint_malloc(g->num_observables + 1);
  g->observable_turned = flint_calloc(g->num_observables + 1, sizeof(bool));
  for (size_t j = 0; j < g->num_observables; j++) g->observable_known[j] = true;
  for (size_t i = 0; i < g->num_inputs; i++) {
    fmpq_init(g->inputs[i].error);
    g->inputs[i].state = ansatz->states[i].state;
  }
}

static void drop_state(check_input_struct *input) {
  if (input->turned) {
    quantum_state_clear((quantum_state_struct *)input->state);
    flint_free((quantum_state_struct *)input->state);
  }
  input->turned = false;
  input->state = NULL;
}

void check_inputs_clear(check_generators_t g) {
  for (size_t i = 0; i < g->num_inputs; i++) {
    drop_state(g->inputs + i);
    fmpq_clear(g->inputs[i].error);
  }
  flint_free(g->inputs);
  _fmpq_vec_clear(g->observable_errors, (slong)g->num_observables);
  flint_free(g->observable_known);
  flint_free(g->observable_turned);
}

/* --- placing --------------------------------------------------------------------------- */

static bool commutes_with_sum(const uint64_t *string, const pauli_sum_t sum) {
  for (size_t t = 0; t < sum->length; t++)
    if (pauli_anticommute(string, pauli_sum_string(sum, t), sum->num_words)) return false;
  return true;
}

/* Does gate i commute with all that is later and not idle, and with every observable? */
static bool is_idle(const check_generators_t g, const check_gate_t *gates,
                    size_t num_gates, const bool *idle, size_t i) {
  for (size_t j = i + 1; j < num_gates; j++)
    if (!idle[j] && pauli_anticommute(gates[i].string, gates[j].string, g->num_words))
      return false;
  for (size_t k = 0; k < g->num_observables; k++)
    if (!commutes_with_sum(gates[i].string, g->observables + k)) return false;
  return true;
}

static void turn_states(check_generators_t g, const ansatz_t ansatz,
                        const check_turns_t *leading) {
  for (size_t i = 0; i < g->num_inputs; i++) {
    check_input_struct *input = g->inputs + i;
    if (!check_turns_state(ansatz->states[i].state, leading)) continue;
    quantum_state_struct *turned = flint_malloc(sizeof *turned);
    quantum_state_init(turned, g->num_qubits);
    bool known =
        check_turned_state(turned, input->error, ansatz->states[i].state, leading);
    input->state = turned;
    input->turned = true;
    if (!known) drop_state(input);
  }
}

static void turn_observables(check_generators_t g, const check_turns_t *trailing) {
  for (size_t j = 0; j < g->num_observables; j++) {
    if (!check_turns_sum(g->observables + j, trailing)) continue;
    g->observable_turned[j] = true;
    g->observable_known[j] =
        check_turned_sum(g->observables + j, g->observable_errors + j, trailing);
  }
}

/* Those of the list that are not idle; in order of time. Of the last ones after those
   between. */
static void add_turns(check_turns_t *out, const check_fixed_t *fixed,
                      const check_gate_t *gates, const bool *idle,
                      const check_turns_t *between, bool last) {
  size_t count = last ? fixed->num_last : fixed->num_first;
  check_turns_init(out, count + (between ? between->length : 0));
  for (size_t k = 0; between && k < between->length; k++)
    check_turns_add(out, between->strings[k], between->turns + k, between->radians + k);
  for (size_t k = 0; k < count; k++) {
    size_t i = last ? fixed->last[count - 1 - k] : fixed->first[k];
    if (!idle[i])
      check_turns_add(out, gates[i].string, fixed->turns + i, fixed->radians + i);
  }
}

/* What has merged, or shifts an angle, is no longer there either. */
static bool *find_idle(const check_generators_t g, const check_fixed_t *fixed,
                       const check_gate_t *gates, size_t num_gates) {
  bool *idle = flint_calloc(num_gates + 1, sizeof *idle);
  for (size_t i = 0; i < num_gates; i++) idle[i] = gates[i].kind == CHECK_GATE_FIXED;
  for (size_t k = 0; k < fixed->num_first; k++) idle[fixed->first[k]] = false;
  for (size_t k = 0; k < fixed->num_last; k++) idle[fixed->last[k]] = false;
  for (size_t i = 0; i < num_gates; i++) idle[i] &= !fixed->left[i];
  for (size_t i = num_gates; i-- > 0;)
    if (gates[i].kind == CHECK_GATE_FIXED && !idle[i] && !fixed->left[i])
      idle[i] = is_idle(g, gates, num_gates, idle, i);
  return idle;
}

void check_inputs_place(check_generators_t g, const ansatz_t ansatz,
                        const check_gate_t *gates, size_t num_gates,
                        const check_fixed_t *fixed, const check_turns_t *between) {
  check_turns_t turns;
  if (fixed->num_left && !between) {
    g->unseen = unseen_reason;
  } else if (fixed->num_first || fixed->num_last || between) {
    bool *idle = find_idle(g, fixed, gates, num_gates);
    add_turns(&turns, fixed, gates, idle, NULL, false);
    turn_states(g, ansatz, &turns);
    check_turns_clear(&turns);
    add_turns(&turns, fixed, gates, idle, between, true);
    turn_observables(g, &turns);
    check_turns_clear(&turns);
    flint_free(idle);
  }
}

/* --- errors ------------------------------------------------------------------------------ */

static void add_lengths(fmpq_t out, const pauli_sum_t sum) {
  fmpq_t size;
  fmpq_init(size);
  for (size_t t = 0; t < sum->length; t++) {
    fmpq_abs(size, sum->coeffs + t);
    fmpq_add(out, out, size);
  }
  fmpq_clear(size);
}

/* b = |O| + |dO| bounds |l|, d = |dO| + b |drho| what it is off by, 2 h b and 2 h d the
   same of its derivative by a parameter with generators of norm h in all; |x^2 - x'^2| <=
   2 |x| |x - x'|, and Tr(rho O^2) is off by b^2 |drho| + 2 b |dO|. Doubled, for states
   that are none by that little. */
void check_inputs_errors(fmpq_t mean, fmpq_t second, fmpq_t gradient,
                         const check_generators_t g, size_t observable, size_t state,
                         const fmpq *more) {
  fmpq_t bound, norm, most;
  fmpq_init(bound);
  fmpq_init(norm);
  fmpq_init(most);
  add_lengths(bound, g->observables + observable);
  fmpq_add(bound, bound, g->observable_errors + observable);
  fmpq_set(mean, g->inputs[state].error);
  if (more) fmpq_add(mean, mean, more);
  fmpq_mul(mean, mean, bound);
  fmpq_add(mean, mean, g->observable_errors + observable);
  fmpq_mul_2exp(mean, mean, 1);
  fmpq_mul(second, bound, mean);
  fmpq_mul_2exp(second, second, 2);
  for (size_t k = 0; k < g->num_parameters && !fmpq_is_zero(mean); k++) {
    fmpq_zero(norm);
    for (size_t i = 0; i < g->num_uses; i++)
      for (unsigned r = 0; r < g->uses[i].root && g->uses[i].parameter == k; r++)
        add_lengths(norm, g->uses[i].sum); /* at least sqrt(root) times */
    if (fmpq_cmp(norm, most) > 0) fmpq_set(most, norm);
  }
  fmpq_mul(gradient, second, most);
  fmpq_mul(gradient, gradient, most);
  fmpq_mul_2exp(gradient, gradient, 2);
  fmpq_clear(bound);
  fmpq_clear(norm);
  fmpq_clear(most);
}

const char *check_generators_unknown(const check_generators_t g, size_t observable,
                                     size_t state) {
  if (g->unseen) return g->unseen;
  if (!g->inputs[state].state) return "fixed gates turn the state into a long sum";
  if (!g->observable_known[observable])
    return "fixed gates turn the observable into a long sum";
  return NULL;
}
