#include "cli/check/check_kernel.h"

#include <stdio.h>

#include "algebra/check/check_depth.h"
#include "cli/check/check_number.h"
#include "cli/check/check_sum_landscape.h"
#include "cli/format/eigenvalues_json.h"
#include "cli/format/json_number.h"

enum { MAX_RANK = 10, MAX_PAIRS = 1 << 20 };

static const json_t *entry(const json_t *matrix, size_t i, size_t j) {
  return json_array_get(json_array_get(matrix, i), j);
}

/* --- deep ----------------------------------------------------------------------------- */

/* sum += 2^n rho/2 of a stabilizer state: every element of its group. */
static bool add_group(pauli_sum_t sum, const stabilizer_state_struct *s) {
  size_t w = pauli_words(s->num_qubits);
  fmpq_t half;
  stabilizer_echelon_t echelon;
  if (s->rank > MAX_RANK) return false;
  uint64_t *row = flint_malloc((2 * w + 1) * sizeof *row);
  fmpq_init(half);
  stabilizer_echelon_init(echelon, s);
  for (size_t set = 0; set < (size_t)1 << s->rank; set++) {
    memset(row, 0, 2 * w * sizeof *row);
    for (size_t g = 0; g < s->rank; g++)
      if (set >> g & 1) pauli_xor(row, row, stabilizer_state_string(s, g), w);
    fmpq_set_si(half, stabilizer_echelon_expectation(echelon, row), 2);
    pauli_sum_push(sum, half, row);
  }
  stabilizer_echelon_clear(echelon);
  fmpq_clear(half);
  flint_free(row);
  return true;
}

/* The same of any state of few strings. */
static bool add_half(pauli_sum_t sum, const quantum_state_struct *state) {
  const stabilizer_state_struct *s = quantum_state_stabilizer(state);
  pauli_sum_t whole;
  fmpq_t half;
  if (s) return add_group(sum, s);
  pauli_sum_init(whole, state->num_qubits);
  fmpq_init(half);
  fmpq_set_si(half, 1, 2);
  bool fits = quantum_state_expand(whole, state, (size_t)1 << MAX_RANK);
  if (fits) pauli_sum_addmul(sum, sum, half, whole);
  pauli_sum_clear(whole);
  fmpq_clear(half);
  return fits;
}

/* 2^n (a + b)/2; false: too many strings. */
static bool set_middle(quantum_state_t out, const quantum_state_struct *a,
                       const quantum_state_struct *b) {
  pauli_sum_t sum;
  pauli_sum_init(sum, a->num_qubits);
  bool fits = add_half(sum, a);
  pauli_sum_canonicalise(sum);
  fits = fits && add_half(sum, b);
  pauli_sum_canonicalise(sum);
  if (fits) quantum_state_set_positive(out, sum);
  pauli_sum_clear(sum);
  return fits;
}

/* The sum of the gradient variances for an input. */
static bool find_total(fmpq_t total, const check_subject_t *s,
                       const quantum_state_t state) {
  const check_generators_struct *g = s->generators;
  slong p = (slong)g->num_parameters;
  fmpq *gradient = _fmpq_vec_init(p + 2), *mean = gradient + p, *variance = mean + 1;
  bool known = check_all_moments(mean, variance, gradient, s->components,
                                 g->observables, state, s->max_elements);
  fmpq_zero(total);
  for (slong k = 0; k < p && known; k++) fmpq_add(total, total, gradient + k);
  _fmpq_vec_clear(gradient, p + 2);
  return known;
}

/* 4 G(middle) = K_ii + K_jj + 2 K_ij, or G = K_ii; false: not counted here. */
static bool check_deep_entry(bool *right, const check_subject_t *s, const json_t *matrix,
                             size_t i, size_t j) {
  const check_input_struct *states = s->generators->inputs;
  quantum_state_t middle;
  fmpq_t total, sum, x;
  bool known;
  fmpq_init(total);
  fmpq_init(sum);
  fmpq_init(x);
  quantum_state_init(middle, s->ansatz->num_qubits);
  if (i == j) {
    known = find_total(total, s, states[i].state);
    *right = cert_get_fmpq(x, entry(matrix, i, i)) && fmpq_equal(x, total);
  } else {
    known = set_middle(middle, states[i].state, states[j].state) &&
            find_total(total, s, middle);
    *right = cert_get_fmpq(x, entry(matrix, i, j));
    fmpq_add(sum, x, x);
    *right = *right && json_equal(entry(matrix, i, j), entry(matrix, j, i)) &&
             cert_get_fmpq(x, entry(matrix, i, i));
    fmpq_add(sum, sum, x);
    *right = *right && cert_get_fmpq(x, entry(matrix, j, j));
    fmpq_add(sum, sum, x);
    fmpq_mul_2exp(total, total, 2);
    *right = *right && fmpq_equal(sum, total);
  }
  quantum_state_clear(middle);
  fmpq_clear(total);
  fmpq_clear(sum);
  fmpq_clear(x);
  return known;
}

/* Of sums: the inputs themselves. */
static bool check_sums_entry(bool *right, const check_subject_t *s, const json_t *matrix,
                             size_t i, size_t j) {
  check_sums_struct *sums = check_sums_get(s, 0);
  fmpq_t x;
  answer_t answer = ANSWER_NO;
  if (!sums) return false;
  fmpq_init(x);
  if (cert_get_fmpq(x, entry(matrix, i, j)) &&
      json_equal(entry(matrix, i, j), entry(matrix, j, i)))
    answer = check_sums_kernel(sums, subject_state(s, i), subject_state(s, j), x);
  *right = answer == ANSWER_YES;
  fmpq_clear(x);
  return answer != ANSWER_UNDECIDED;
}

/* Are the inputs and the observable known exactly, behind the fixed gates? */
static bool are_exact(const check_subject_t *s) {
  for (size_t i = 0; i < s->ansatz->num_states; i++)
    if (check_generators_unknown(s->generators, 0, i) || !subject_is_exact(s, i))
      return false;
  return true;
}

/* Is entry i, j (i <= j) right? False: it is not counted here. */
typedef bool entry_check_t(bool *right, const check_subject_t *s, const json_t *matrix,
                           size_t i, size_t j);

/* The member `key`, entry by entry if `known`; open: why not, where one is not counted. */
static void check_matrix(ledger_t *l, const char *key, const char *reason_key,
                         const check_subject_t *s, bool known, entry_check_t *is_right,
                         const char *open) {
  const json_t *matrix = json_object_get(l->left, key);
  size_t n = s->ansatz->num_states;
  char name[64];
  if (json_is_null(matrix)) {
    ledger_open(l, key, open);
    ledger_reason(l, reason_key);
    return;
  }
  if (!subject_is_square(matrix, n)) {
    ledger_judge(l, key, false, "it is not %zu by %zu", n, n);
    return;
  }
  for (size_t i = 0; i < n && known; i++)
    for (size_t j = i; j < n && known; j++) {
      bool right;
      known = is_right(&right, s, matrix, i, j);
      if (!known || right) continue;
      snprintf(name, sizeof name, "%s[%zu][%zu]", key, i, j);
      ledger_take(l, key);
      ledger_fails(l, name, "it is another number");
      return;
    }
  if (known) ledger_all_hold(l, key);
  else ledger_open(l, key, open);
}

/* --- this circuit ---------------------------------------------------------------------- */

static bool check_own_entry(bool *right, const check_subject_t *s, const json_t *matrix,
                            size_t i, size_t j) {
  const input_state_struct *states = s->ansatz->states;
  depth_number_t value;
  depth_number_init(value);
  bool known = check_depth_kernel(value, s->ansatz, s->ansatz->observables[0].sum,
                                  states[i].state, states[j].state, MAX_PAIRS);
  bool sure = finite_number_is_known(right, entry(matrix, i, j), value);
  *right = known && *right && json_equal(entry(matrix, i, j), entry(matrix, j, i));
  known = known && (sure || !*right);
  depth_number_clear(value);
  return known;
}

/* --- both ------------------------------------------------------------------------------ */

static const char no_middle[] =
    "gradients of the states half way between two inputs are not counted here";
static const char no_tensors[] =
    "the strings that the observable reaches are too many for tensors over them, or a "
    "parameter drives gates that are not one exponential";

static void check_matrices(ledger_t *l, const check_subject_t *s) {
  bool sums = s->generators->reason != NULL;
  bool deep = !s->ansatz->symbol && (sums || s->components) && are_exact(s);
  bool own = s->ansatz->kind == ANSATZ_CIRCUIT;
  check_matrix(l, "deep", "deep_reason", s, deep, sums ? check_sums_entry : check_deep_entry,
               sums ? no_tensors : no_middle);
  check_matrix(l, "finite_depth", "finite_depth_reason", s, own, check_own_entry,
               "there are too many pairs of strings for the plain recursion, or its angles "
               "or inputs are not for it");
}

/* --- eigenvalues ------------------------------------------------------------------------ */

/* matrix: as claimed. */
static void check_eigenvalues(ledger_t *l, const char *key, const json_t *matrix,
                              size_t n) {
  const json_t *list = ledger_take(l, key);
  arb_ptr values = _arb_vec_init((slong)n + 1);
  arb_t claim;
  arb_init(claim);
  bool found = eigenvalues_find(values, matrix, n);
  if (!found && json_is_null(list)) {
    ledger_no_claim(l, key);
  } else if (!found) {
    ledger_fails(l, key, "they are not found");
  } else {
    bool right = json_array_size(list) == n;
    for (size_t i = 0; i < n && right; i++)
      right = cert_get_ball(claim, json_array_get(list, i), 256) &&
              arb_overlaps(claim, values + i) &&
              mag_cmp_2exp_si(arb_radref(claim), -20) < 0;
    l->follows = true;
    ledger_judge(l, key, right, "they are other numbers");
    l->follows = false;
  }
  arb_clear(claim);
  _arb_vec_clear(values, (slong)n + 1);
}

void check_kernel(ledger_t *parent, const check_subject_t *s) {
  size_t n = s->ansatz->num_states;
  ledger_t l;
  if (n < 2 || !s->ansatz->num_observables) return;
  ledger_begin_at(&l, parent, "kernel");
  const json_t *deep = json_object_get(l.left, "deep");
  const json_t *depth = json_object_get(l.left, "finite_depth");
  subject_take_inputs(&l, s, 0);
  json_t *kept[2] = {json_incref((json_t *)deep), json_incref((json_t *)depth)};
  check_matrices(&l, s);
  check_eigenvalues(&l, "deep_eigenvalues", kept[0], n);
  check_eigenvalues(&l, "finite_depth_eigenvalues", kept[1], n);
  json_decref(kept[0]);
  json_decref(kept[1]);
  ledger_end(&l);
}
