#include "cli/check/check_sum_landscape.h"

#include "algebra/check/check_inputs.h"
#include "algebra/check/sums/check_sums_near.h"
#include "algebra/check/sums/check_prime.h"
#include "cli/check/check_number.h"
#include "cli/format/json_number.h"

static const char *const too_many =
    "the strings that the observable reaches are too many for tensors over them";

/* Operations: for one observable, and for all; 10^9 take two seconds. */
static const int64_t most_work = 8000000000, most_work_in_all = 10000000000;

void check_sums_cache_clear(struct check_sums_cache *cache) {
  int64_t left = cache->used ? cache->sums->work_left : 0;
  if (cache->used)
    cache->spent += cache->given - (left > 0 ? left : 0);
  if (cache->used && cache->fits) check_sums_clear(cache->sums);
  cache->used = false;
}

static void forget_loss(struct check_sums_cache *cache) {
  if (cache->has_loss) check_pure_loss_clear(cache->loss);
  cache->loss_asked = cache->has_loss = false;
}

static void forget_state(struct check_sums_cache *cache) {
  forget_loss(cache);
  if (cache->on_sectors) check_pure_clear(cache->pure);
  cache->asked = cache->on_sectors = false;
}

void check_pure_cache_clear(struct check_sums_cache *cache) {
  forget_state(cache);
  if (cache->has_sectors) check_sum_structure_clear(cache->sectors);
  cache->sectors_asked = cache->has_sectors = false;
}

const check_sum_structure_struct *check_sums_get_sectors(const check_subject_t *s) {
  struct check_sums_cache *cache = s->sums;
  if (!s->counted || s->counted->space) return s->counted;
  if (!cache->sectors_asked && !s->counted->is_strings &&
      s->ansatz->num_qubits <= CHECK_PRIME_QUBITS)
    cache->has_sectors = check_sum_structure_by_sectors(cache->sectors, s->generators);
  cache->sectors_asked = true;
  return cache->has_sectors ? cache->sectors : NULL;
}

check_pure_struct *check_sums_get_pure(const check_subject_t *s, size_t state) {
  struct check_sums_cache *cache = s->sums;
  const check_sum_structure_struct *sectors = check_sums_get_sectors(s);
  if (!sectors) return NULL;
  if (!cache->asked || cache->state != state) {
    forget_state(cache);
    cache->asked = true;
    cache->state = state;
    cache->on_sectors = check_pure_init(cache->pure, sectors->space, subject_state(s, state));
  }
  return cache->on_sectors ? cache->pure : NULL;
}

check_pure_loss_struct *check_sums_get_loss(const check_subject_t *s, size_t index) {
  struct check_sums_cache *cache = s->sums;
  check_pure_struct *pure = check_sums_get_pure(s, index % s->ansatz->num_states);
  if (!pure) return NULL;
  if (!cache->loss_asked || cache->loss_of != index) {
    forget_loss(cache);
    cache->loss_asked = true;
    cache->loss_of = index;
    cache->has_loss = check_pure_loss_init(cache->loss, pure, subject_observable(s, index));
  }
  return cache->has_loss ? cache->loss : NULL;
}

check_sums_struct *check_sums_get(const check_subject_t *s, size_t observable) {
  struct check_sums_cache *cache = s->sums;
  if (!cache->used || cache->observable != observable) {
    check_sums_cache_clear(cache);
    int64_t left = most_work_in_all - cache->spent;
    cache->given = left < most_work ? left : most_work;
    cache->used = true;
    cache->observable = observable;
    cache->fits = check_sums_init(cache->sums, s->generators,
                                  s->generators->observables + observable,
                                  cache->given);
  }
  return cache->fits ? cache->sums : NULL;
}

/* Takes a member that is null; without a reason beside it, it is missing. */
static void take_null(ledger_t *l, const char *key) {
  if (ledger_said(l, "reason")) {
    ledger_open(l, key, open_no_claim);
    return;
  }
  ledger_take(l, key);
  ledger_fails(l, key, "it is missing, and no reason is given");
}

/* A claimed rational; false, with the member dealt with, when there is none. */
static bool take_number(fmpq_t out, ledger_t *l, const char *key, bool fits) {
  const json_t *claim = json_object_get(l->left, key);
  if (json_is_null(claim)) {
    take_null(l, key);
    return false;
  }
  if (!fits) {
    ledger_open(l, key, too_many);
    return false;
  }
  claim = ledger_take(l, key);
  if (claim && cert_get_fmpq(out, claim)) return true;
  ledger_fails(l, key, "it is no exact number");
  return false;
}

static void judge(ledger_t *l, const char *key, bool right) {
  ledger_judge(l, key, right, "it is another number, modulo a random prime");
}

static void check_gradient(ledger_t *l, const check_subject_t *s,
                           check_sums_struct *sums,
                           const quantum_state_struct *rho) {
  static const char key[] = "gradient_variance";
  size_t p = s->ansatz->num_parameters, wrong = 0;
  const json_t *list = json_object_get(l->left, key);
  if (json_is_null(list)) {
    take_null(l, key);
    return;
  }
  if (!sums) {
    ledger_open(l, key, too_many);
    return;
  }
  if (!(list = ledger_take_list(l, key, p))) return;
  fmpq *claimed = flint_malloc((p + 1) * sizeof *claimed);
  bool read = true, covered = true;
  bool *in_pi = flint_malloc((2 * p + 1) * sizeof *in_pi);
  check_generators_units(in_pi, in_pi + p, s->generators);
  for (size_t k = 0; k < p; k++) {
    fmpq_init(claimed + k);
    read = cert_get_rational_part(claimed + k, json_array_get(list, k), in_pi[k]) &&
           read;
  }
  answer_t answer = ANSWER_NO;
  if (read)
    answer = check_sums_gradient(&wrong, &covered, sums, rho, claimed, p);
  if (!read) ledger_fails(l, key, "an entry is no exact number");
  else if (answer == ANSWER_UNDECIDED) ledger_left_open(l, key, too_many);
  else if (!covered)
    ledger_left_open(l, key, "a parameter drives gates that do not act as one "
                             "exponential, or is counted in several units");
  else if (answer == ANSWER_YES) ledger_holds(l, key);
  else
    ledger_fails(l, key, "entry %zu is another number, modulo a random prime",
                 wrong);
  for (size_t k = 0; k < p; k++) fmpq_clear(claimed + k);
  flint_free(claimed);
  flint_free(in_pi);
}

/* --- on sectors ------------------------------------------------------------------------ */

bool check_is_residue(const fmpq_t x, mp_limb_t value, nmod_t mod) {
  mp_limb_t den = fmpz_fdiv_ui(fmpq_denref(x), mod.n);
  return den && nmod_div(fmpz_fdiv_ui(fmpq_numref(x), mod.n), den, mod) == value;
}

/* For each of the p parameters its one use; NULL when there is none, or several. */
static const check_use_struct **only_uses(const check_generators_struct *g, size_t p) {
  const check_use_struct **out = flint_calloc(p + 1, sizeof *out);
  bool *seen = flint_calloc(p + 1, sizeof *seen);
  for (size_t u = 0; u < g->num_uses; u++) {
    size_t k = g->uses[u].parameter;
    if (k >= p) continue;
    out[k] = seen[k] ? NULL : g->uses + u;
    seen[k] = true;
  }
  flint_free(seen);
  return out;
}

static void check_sector_gradient(ledger_t *l, const check_subject_t *s,
                                  check_pure_struct *pure, const check_pure_loss_struct *loss) {
  static const char key[] = "gradient_variance";
  size_t p = s->ansatz->num_parameters, k = 0;
  const json_t *list = json_object_get(l->left, key);
  const pauli_sum_struct *last = NULL;
  mp_limb_t value = 0;
  bool covered = true, right = true;
  fmpq_t claimed;
  if (json_is_null(list)) {
    take_null(l, key);
    return;
  }
  if (!(list = ledger_take_list(l, key, p))) return;
  const check_use_struct **uses = only_uses(s->generators, p);
  fmpq_init(claimed);
  for (; k < p && covered && right; k++) {
    const check_use_struct *use = uses[k];
    covered = use != NULL;
    if (covered && !(last && pauli_sum_equal(last, use->sum)))
      covered = check_pure_gradient(&value, loss, pure, use->sum);
    mp_limb_t found = covered ? nmod_mul(value, use->root, loss->mod) : 0;
    if (covered) last = use->sum;
    right = !covered || (cert_get_rational_part(claimed, json_array_get(list, k),
                                                use->times_pi) &&
                         check_is_residue(claimed, found, loss->mod));
  }
  fmpq_clear(claimed);
  flint_free(uses);
  if (!covered) ledger_left_open(l, key, "a parameter drives several gates");
  else if (right) ledger_holds(l, key);
  else
    ledger_fails(l, key, "entry %zu is another number, modulo a random prime", k - 1);
}

/* --- behind fixed gates ------------------------------------------------------------------ */

/* A list of balls. */
static void check_near_gradient(ledger_t *l, const check_subject_t *s,
                                const check_near_struct *near, const fmpq_t error) {
  static const char key[] = "gradient_variance";
  size_t p = near->num_parameters, k = 0;
  const json_t *list = json_object_get(l->left, key);
  answer_t answer = ANSWER_YES;
  if (json_is_null(list)) {
    take_null(l, key);
    return;
  }
  bool *in_pi = flint_malloc((2 * p + 1) * sizeof *in_pi);
  check_generators_units(in_pi, in_pi + p, s->generators);
  if (!json_is_array(list) || json_array_size(list) != p) answer = ANSWER_NO;
  else if (!near->covered) answer = ANSWER_UNDECIDED;
  for (; k < p && answer == ANSWER_YES; k++)
    answer = near_number(json_array_get(list, k), near->values + 2 + k, error, in_pi[k]);
  if (answer == ANSWER_UNDECIDED) {
    ledger_open(l, key, near->covered ? near_reason : too_many);
  } else {
    ledger_take(l, key);
    if (answer == ANSWER_YES) ledger_holds(l, key);
    else ledger_fails(l, key, "entry %zu is another number", k ? k - 1 : 0);
  }
  flint_free(in_pi);
}

/* True when the members, which are balls, are dealt with. */
static bool check_turned(ledger_t *l, const check_subject_t *s, size_t index) {
  size_t states = s->ansatz->num_states;
  check_near_t near;
  fmpq_t errors[3], square;
  if (!subject_is_turned(s, index) ||
      !json_is_object(json_object_get(l->left, "variance")))
    return false;
  if (!check_near_init(near, s->generators, s->generators->observables + index / states,
                       subject_state(s, index % states), s->ansatz->num_parameters,
                       most_work)) {
    static const char *const keys[] = {"mean", "variance", "gradient_variance"};
    for (size_t i = 0; i < 3; i++) ledger_open(l, keys[i], too_many);
  } else {
    for (size_t i = 0; i < 3; i++) fmpq_init(errors[i]);
    fmpq_init(square);
    check_inputs_errors(errors[0], errors[1], errors[2], s->generators, index / states,
                        index % states, near->error);
    fmpq_mul(square, near->values, near->values);
    fmpq_sub(square, near->values + 1, square);
    ledger_near(l, "mean", near->values, errors[0]);
    ledger_near(l, "variance", square, errors[1]);
    check_near_gradient(l, s, near, errors[2]);
    for (size_t i = 0; i < 3; i++) fmpq_clear(errors[i]);
    fmpq_clear(square);
    check_near_clear(near);
  }
  if (ledger_said(l, "reason")) ledger_reason(l, "reason");
  return true;
}

/* True when the members are dealt with. */
static bool check_on_sectors(ledger_t *l, const check_subject_t *s, size_t index) {
  check_pure_struct *pure = check_sums_get_pure(s, index % s->ansatz->num_states);
  const check_pure_loss_struct *loss = check_sums_get_loss(s, index);
  fmpq_t mean, variance;
  if (!loss) return false;
  fmpq_init(mean);
  fmpq_init(variance);
  bool ok = cert_get_fmpq(mean, json_object_get(l->left, "mean")) &&
            cert_get_fmpq(variance, json_object_get(l->left, "variance"));
  if (ok) {
    mp_limb_t square = nmod_mul(loss->mean, loss->mean, loss->mod);
    judge(l, "mean", check_is_residue(mean, loss->mean, loss->mod));
    judge(l, "variance", check_is_residue(variance, nmod_sub(loss->second, square, loss->mod),
                                    loss->mod));
    check_sector_gradient(l, s, pure, loss);
    if (ledger_said(l, "reason")) ledger_reason(l, "reason");
  }
  fmpq_clear(mean);
  fmpq_clear(variance);
  return ok;
}

void check_sum_moments(ledger_t *l, const check_subject_t *s, size_t index) {
  if (check_turned(l, s, index) || check_on_sectors(l, s, index)) return;
  const quantum_state_struct *rho = subject_state(s, index);
  check_sums_struct *sums = check_sums_get(s, index / s->ansatz->num_states);
  fmpq_t value;
  fmpq_init(value);
  if (take_number(value, l, "mean", sums != NULL))
    judge(l, "mean", check_sums_mean(sums, rho, value));
  if (take_number(value, l, "variance", sums != NULL))
    judge(l, "variance", check_sums_covariance(sums, rho, rho, value));
  check_gradient(l, s, sums, rho);
  if (ledger_said(l, "reason")) ledger_reason(l, "reason");
  fmpq_clear(value);
}

void check_sum_matrix(ledger_t *l, const check_subject_t *s,
                      size_t observable) {
  size_t n = s->ansatz->num_states;
  check_sums_struct *sums = check_sums_get(s, observable);
  const json_t *matrix = json_object_get(l->left, "matrix");
  bool null = false, good = true;
  bool reason = ledger_said(l, "reason");
  fmpq_t value;
  if (ledger_said(l, "reason")) ledger_reason(l, "reason");
  if (!sums) {
    ledger_open(l, "matrix", too_many);
    return;
  }
  matrix = ledger_take(l, "matrix");
  fmpq_init(value);
  good = json_array_size(matrix) == n;
  for (size_t i = 0; i < n && good; i++) {
    const json_t *row = json_array_get(matrix, i);
    good = json_array_size(row) == n;
    for (size_t j = 0; j < n && good; j++) {
      const json_t *claim = json_array_get(row, j);
      if (json_is_null(claim)) null = true;
      else
        good = cert_get_fmpq(value, claim) &&
               check_sums_covariance(sums, subject_state(s, i),
                                     subject_state(s, j), value);
    }
  }
  if (!good) judge(l, "matrix", false);
  else if (null && reason) ledger_no_claim(l, "matrix");
  else if (null)
    ledger_fails(l, "matrix", "an entry is missing, and no reason is given");
  else ledger_holds(l, "matrix");
  fmpq_clear(value);
}
