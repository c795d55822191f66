#include "cli/check/check_layers.h"

#include "algebra/base/ansatz_layers.h"
#include "algebra/check/check_depth.h"
#include "algebra/check/check_limit.h"
#include "algebra/check/check_profile.h"
#include "cli/check/check_number.h"
#include "cli/format/json_number.h"

/* Pairs of strings made for all layers together, a second or two, or for one number of
   them, a tenth of a second. */
enum { MAX_WALK = 1 << 23, MAX_PAIRS = 1 << 16, MAX_GATES = 20000, SETTLED = 4, PREC_BITS = 256 };

typedef struct {
  const ansatz_struct *ansatz;
  size_t length, count; /* of rotations; of layers */
} layer_t;

typedef struct {
  const json_t *variance, *gradient;
  bool noisy;
  size_t exact;
  size_t done; /* layers whose numbers are right */
  size_t near; /* of these, the last ones in a row near the deep variance */
  bool known, right;
} lists_t;

static void judge_layer(lists_t *lists, const check_depth_struct *d, const fmpq *deep) {
  depth_number_t median;
  fmpq_t tenth;
  size_t l = lists->done;
  depth_number_init(median);
  fmpq_init(tenth);
  fmpq_set_si(tenth, 1, 10);
  lists->known = d->moments_known && d->gradients_known &&
                 median_is_known(d->gradient, d->num_parameters);
  if (lists->known) {
    depth_number_set_median(median, d->gradient, d->num_parameters, PREC_BITS);
    bool variance, gradient;
    lists->known =
        finite_number_is_known(&variance, json_array_get(lists->variance, l), d->variance);
    lists->known =
        finite_number_is_known(&gradient, json_array_get(lists->gradient, l), median) &&
        lists->known;
    lists->right = variance && gradient;
    bool near = deep && depth_number_is_within(d->variance, deep, tenth, PREC_BITS);
    lists->near = near ? lists->near + 1 : 0;
    if (lists->known) lists->done++;
  }
  depth_number_clear(median);
  fmpq_clear(tenth);
}

static void check_one_layer(lists_t *lists, const layer_t *layer,
                            const pauli_sum_t observable,
                            const quantum_state_struct *rho, const fmpq *deep) {
  ansatz_t circuit;
  check_depth_t d;
  ansatz_init(circuit, ANSATZ_CIRCUIT, layer->ansatz->num_qubits);
  ansatz_repeat_layer(circuit, layer->ansatz, layer->length, lists->done + 1);
  check_depth_init(d, circuit, observable, rho, lists->noisy, MAX_PAIRS);
  judge_layer(lists, d, deep);
  check_depth_clear(d);
  ansatz_clear(circuit);
}

static bool is_unfinished(const lists_t *lists) {
  return lists->done < lists->exact && lists->known && lists->right;
}

/* All layers in one walk, then, where that is not possible, one number of layers after
   another. */
static void check_all_layers(lists_t *lists, const layer_t *layer,
                             const pauli_sum_t observable,
                             const quantum_state_struct *rho, const fmpq *deep) {
  ansatz_t circuit;
  check_profile_t profile;
  ansatz_init(circuit, ANSATZ_CIRCUIT, layer->ansatz->num_qubits);
  ansatz_repeat_layer(circuit, layer->ansatz, layer->length, 1);
  size_t most = MAX_GATES / (layer->length + 1);
  check_profile_init(profile, circuit, observable, rho, lists->noisy,
                     lists->exact < most ? lists->exact : most, MAX_WALK);
  while (is_unfinished(lists) && lists->done < profile->num_layers)
    judge_layer(lists, profile->layer + lists->done, deep);
  lists->known = true;
  check_profile_clear(profile);
  ansatz_clear(circuit);
  while (is_unfinished(lists) && (lists->done + 1) * layer->length <= MAX_GATES)
    check_one_layer(lists, layer, observable, rho, deep);
}

/* Entries beyond the exact ones are estimates, which are objects without "mid". */
static bool are_estimates(const json_t *list, size_t from) {
  for (size_t l = from; l < json_array_size(list); l++)
    if (!json_object_get(json_array_get(list, l), "estimate")) return false;
  return true;
}

static void judge_lists(ledger_t *l, const lists_t *lists) {
  static const char much[] =
      "with more layers there are too many pairs of strings for the plain "
      "recursion";
  char name[64];
  const json_t *needed = ledger_take(l, "layers_to_deep");
  if (!needed) ledger_fails(l, "layers_to_deep", "it is missing");
  if (!lists->right) {
    snprintf(name, sizeof name, "variance or median_gradient_variance[%zu]",
             lists->done - 1);
    ledger_fails(l, name, "it is another number");
    return;
  }
  if (lists->done < lists->exact) {
    ledger_left_open(l, "variance", much);
    ledger_left_open(l, "median_gradient_variance", much);
    ledger_left_open(l, "layers_to_deep", much);
    if (json_is_integer(needed)) ledger_open(l, "layers_seen", much);
    return;
  }
  ledger_holds(l, "variance");
  ledger_holds(l, "median_gradient_variance");
  if (json_array_size(lists->variance) > lists->exact)
    ledger_left_open(l, "variance", "from some layer on it is sampled");
  bool settled = lists->near >= SETTLED &&
                 2 * lists->near > lists->exact;
  size_t first = lists->exact - lists->near + 1;
  if (settled) ledger_size(l, "layers_seen", lists->exact);
  if (settled ? json_is_integer(needed) &&
                    json_integer_value(needed) == (json_int_t)first
              : json_is_null(needed))
    ledger_holds(l, "layers_to_deep");
  else
    ledger_fails(l, "layers_to_deep", settled ? "it is %zu" : "it is null",
                 first);
}

/* deep_variance: of the circuit as written. False when nothing can be said of the
   number of layers by what is claimed. */
static bool check_limit(fmpq_t deep, ledger_t *l, const check_subject_t *s,
                        const layer_t *layer, const pauli_sum_t observable,
                        const quantum_state_struct *state,
                        const json_t *deep_variance) {
  static const char unknown[] =
      "the group that the repeated layer fills is not counted here";
  const json_t *claim = json_object_get(l->left, "deep_variance");
  if (json_is_null(claim)) {
    ledger_open(l, "deep_variance", "it claims no more than not to know");
    ledger_reason(l, "reason");
    return false;
  }
  fmpq_t written;
  fmpq_init(written);
  bool read = cert_get_fmpq(written, deep_variance);
  answer_t answer =
      read && !s->generators->num_split
          ? check_layer_limit(deep, layer->ansatz, layer->length, layer->count,
                              observable, state, written, s->max_elements)
          : ANSWER_UNDECIDED;
  fmpq_clear(written);
  if (answer == ANSWER_YES) {
    ledger_fmpq(l, "deep_variance", deep);
  } else if (answer == ANSWER_NO) {
    ledger_take(l, "deep_variance");
    ledger_fails(l, "deep_variance", "there is no limit");
  } else {
    claim = ledger_take(l, "deep_variance");
    read = cert_get_fmpq(deep, claim);
    if (read) ledger_left_open(l, "deep_variance", unknown);
    else ledger_fails(l, "deep_variance", "it is no exact number");
    return read;
  }
  return answer == ANSWER_YES;
}

/* Takes the lists and goes through their exact entries; false after a failure. */
static bool run_lists(lists_t *lists, ledger_t *l, const layer_t *layer,
                      const pauli_sum_t observable,
                      const quantum_state_struct *rho, const fmpq *deep) {
  const json_t *exact = ledger_take(l, "exact");
  lists->variance = ledger_take(l, "variance");
  lists->gradient = ledger_take(l, "median_gradient_variance");
  lists->known = lists->right = true;
  size_t length = json_array_size(lists->variance);
  if (!json_is_integer(exact) || json_integer_value(exact) < 0 ||
      (size_t)json_integer_value(exact) > length ||
      json_array_size(lists->gradient) != length ||
      !are_estimates(lists->variance, (size_t)json_integer_value(exact)) ||
      !are_estimates(lists->gradient, (size_t)json_integer_value(exact))) {
    ledger_fails(l, "exact", "it is no number of leading exact entries");
    return false;
  }
  ledger_holds(l, "exact");
  lists->exact = (size_t)json_integer_value(exact);
  check_all_layers(lists, layer, observable, rho, deep);
  return true;
}

static void check_lists(ledger_t *l, const layer_t *layer,
                        const pauli_sum_t observable,
                        const quantum_state_struct *rho,
                        const fmpq *deep) {
  lists_t lists = {.noisy = false};
  ledger_text(l, "tolerance", "1/10");
  if (run_lists(&lists, l, layer, observable, rho, deep)) judge_lists(l, &lists);
}

void check_noise_layers(ledger_t *parent, const check_subject_t *s,
                        const pauli_sum_t observable,
                        const quantum_state_struct *state, bool plain_has_layers) {
  static const char *const keys[] = {"variance", "median_gradient_variance"};
  static const char much[] = "there are too many pairs of strings for the plain "
                             "recursion, or they are sampled";
  const ansatz_struct *ansatz = s->ansatz;
  ledger_t l;
  layer_t layer = {.ansatz = ansatz};
  bool repeats = ansatz_find_layer(&layer.length, &layer.count, ansatz);
  lists_t lists = {.noisy = true};
  bool claimed = json_object_get(parent->left, "layers") != NULL;
  bool expected = plain_has_layers && repeats &&
                  ansatz_noise_repeats(ansatz, layer.length);
  if (!claimed && !expected) return;
  ledger_begin_at(&l, parent, "layers");
  if (!expected) {
    ledger_fails(&l, "rotations", "the circuit and its noise do not repeat a layer");
  } else {
    ledger_size(&l, "rotations", ansatz_count_rotations(ansatz, layer.length));
    ledger_size(&l, "repetitions", layer.count);
    bool good = run_lists(&lists, &l, &layer, observable,
                          state, NULL);
    for (int i = 0; i < 2 && good; i++)
      if (!lists.right) ledger_fails(&l, keys[i], "an entry is another number");
      else if (lists.done < lists.exact ||
               lists.exact < json_array_size(lists.variance))
        ledger_left_open(&l, keys[i], much);
      else ledger_holds(&l, keys[i]);
  }
  ledger_end(&l);
}

void check_layers(ledger_t *parent, const check_subject_t *s,
                  const pauli_sum_t observable, const quantum_state_struct *state,
                  const json_t *deep_variance) {
  const ansatz_struct *ansatz = s->ansatz;
  ledger_t l;
  layer_t layer = {.ansatz = ansatz};
  bool repeats = ansatz_find_layer(&layer.length, &layer.count, ansatz);
  bool claimed = json_object_get(parent->left, "layers") != NULL;
  if (!claimed && (!repeats || !json_is_string(deep_variance))) return;
  ledger_begin_at(&l, parent, "layers");
  if (repeats) {
    ledger_size(&l, "rotations", ansatz_count_rotations(ansatz, layer.length));
    ledger_size(&l, "repetitions", layer.count);
    fmpq_t deep;
    fmpq_init(deep);
    bool known = check_limit(deep, &l, s, &layer, observable, state,
                             deep_variance);
    check_lists(&l, &layer, observable, state,
                known ? deep : NULL);
    fmpq_clear(deep);
  } else {
    ledger_fails(&l, "rotations", "the circuit does not repeat a layer");
  }
  ledger_end(&l);
}
