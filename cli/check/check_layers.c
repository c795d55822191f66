#include "cli/check/check_layers.h"

#include <stdlib.h>

#include "algebra/check/check_depth.h"
#include "algebra/check/check_limit.h"
#include "cli/check/check_number.h"
#include "cli/format/json_number.h"

/* Pairs of strings made for one number of layers: a tenth of a second in all. */
enum { MAX_PAIRS = 1 << 16, MAX_GATES = 20000, SETTLED = 4 };

/* --- the layer -------------------------------------------------------------- */

typedef struct {
  const ansatz_struct *ansatz;
  size_t length;
} layer_t;

/* Does rotation g of a later repetition equal that of the first, its
   parameters being to[] (SIZE_MAX: not met yet) and of no other one? */
static bool repeats_rotation(size_t *to, size_t *owner, size_t repetition,
                             const rotation_struct *first,
                             const rotation_struct *later, size_t num_words) {
  const angle_struct *a = first->angle, *b = later->angle;
  if (!pauli_equal(first->string, later->string, num_words) ||
      a->num_terms != b->num_terms || !fmpq_equal(a->pi_part, b->pi_part) ||
      !fmpq_equal(a->rad_part, b->rad_part))
    return false;
  size_t matched = 0;
  for (size_t t = 0; t < a->num_terms; t++)
    for (size_t u = 0; u < b->num_terms; u++) {
      const angle_term_struct *x = a->terms + t, *y = b->terms + u;
      if (x->times_pi != y->times_pi || !fmpq_equal(x->coeff, y->coeff))
        continue;
      if (to[x->parameter] == SIZE_MAX && owner[y->parameter] == SIZE_MAX) {
        to[x->parameter] = y->parameter;
        owner[y->parameter] = repetition;
      }
      if (to[x->parameter] == y->parameter &&
          owner[y->parameter] == repetition) {
        matched++;
        break;
      }
    }
  return matched == a->num_terms;
}

/* length divides the number of rotations. */
static bool repeats(const ansatz_struct *a, size_t length) {
  size_t w = pauli_words(a->num_qubits), p = a->num_parameters;
  size_t count = a->num_rotations / length;
  size_t *to = flint_malloc((p + 1) * sizeof *to);
  size_t *owner = flint_malloc((p + 1) * sizeof *owner);
  bool equal = true;
  for (size_t k = 0; k < p; k++) owner[k] = SIZE_MAX;
  for (size_t l = 0; l < count && equal; l++) {
    for (size_t k = 0; k < p; k++) to[k] = SIZE_MAX;
    for (size_t g = 0; g < length && equal; g++)
      equal = repeats_rotation(to, owner, l, a->rotations + g,
                               a->rotations + l * length + g, w);
  }
  flint_free(to);
  flint_free(owner);
  return equal;
}

/* The shortest layer that the circuit repeats; 0 when there is none. */
static size_t find_layer(const ansatz_struct *a) {
  for (size_t length = 1; length <= a->num_rotations / 2; length++)
    if (a->num_rotations % length == 0 && repeats(a, length)) return length;
  return 0;
}

/* out: a circuit of that many layers, with parameters of their own. */
static void build(ansatz_t out, const layer_t *layer, size_t layers) {
  const ansatz_struct *a = layer->ansatz;
  size_t p = a->num_parameters;
  ansatz_init(out, ANSATZ_CIRCUIT, a->num_qubits);
  for (size_t k = 0; k < layers * p; k++) /* some are never used */
    ansatz_add_parameter(out, "t", false);
  for (size_t l = 0; l < layers; l++)
    for (size_t g = 0; g < layer->length; g++) {
      const rotation_struct *r = a->rotations + g;
      angle_t angle;
      angle_init(angle);
      angle_set(angle, r->angle);
      for (size_t t = 0; t < angle->num_terms; t++)
        angle->terms[t].parameter += l * p;
      ansatz_add_rotation(out, r->string, angle, r->line);
      angle_clear(angle);
    }
  pauli_noise_set(out->noise, a->noise);
  for (size_t l = 0; l < layers; l++)
    for (size_t i = 0; i < a->num_places && a->places[i].after <= layer->length; i++)
      ansatz_add_place(out, a->places[i].after + l * layer->length,
                       a->places[i].qubit);
}

/* Are the places of every layer those of the first? */
static bool noise_repeats(const layer_t *layer) {
  const ansatz_struct *a = layer->ansatz;
  size_t first = 0, count = a->num_rotations / layer->length;
  while (first < a->num_places && a->places[first].after <= layer->length) first++;
  bool equal = first * count == a->num_places;
  for (size_t i = 0; i < a->num_places && equal; i++)
    equal = a->places[i].after > 0 &&
            a->places[i].qubit == a->places[i % first].qubit &&
            a->places[i].after ==
                a->places[i % first].after + i / first * layer->length;
  return equal;
}

/* --- the numbers ------------------------------------------------------------- */

static int compare_numbers(const void *x, const void *y) {
  arb_t a, b;
  arb_init(a);
  arb_init(b);
  depth_number_get_arb(a, x, 256);
  depth_number_get_arb(b, y, 256);
  int order = arf_cmp(arb_midref(a), arb_midref(b));
  arb_clear(a);
  arb_clear(b);
  return order;
}

/* Of those that are not 0 the lower one in the middle; reorders the list. */
static const depth_number_struct *median(check_depth_t d,
                                         const depth_number_t zero) {
  size_t count = 0;
  for (size_t k = 0; k < d->num_parameters; k++) {
    arb_t x;
    arb_init(x);
    depth_number_get_arb(x, d->gradient + k, 256);
    if (!arb_is_zero(x)) {
      depth_number_struct swap = d->gradient[count];
      d->gradient[count++] = d->gradient[k];
      d->gradient[k] = swap;
    }
    arb_clear(x);
  }
  qsort(d->gradient, count, sizeof *d->gradient, compare_numbers);
  return count ? d->gradient + (count - 1) / 2 : zero;
}

/* 10 |x - deep| <= deep, surely? */
static bool is_near(const depth_number_t x, const fmpq_t deep) {
  arb_t gap, bound;
  fmpq_t d;
  arb_init(gap);
  arb_init(bound);
  fmpq_init(d);
  bool near;
  if (depth_number_is_rational(x)) {
    fmpq_sub(d, x->rational, deep);
    fmpq_abs(d, d);
    fmpq_mul_si(d, d, 10);
    near = fmpq_cmp(d, deep) <= 0;
  } else {
    near = depth_number_get_arb(gap, x, 256);
    arb_set_fmpq(bound, deep, 256);
    arb_sub(gap, gap, bound, 256);
    arb_abs(gap, gap);
    arb_mul_ui(gap, gap, 10, 256);
    near = near && arb_le(gap, bound);
  }
  arb_clear(gap);
  arb_clear(bound);
  fmpq_clear(d);
  return near;
}

/* --- the claims -------------------------------------------------------------- */

typedef struct {
  const json_t *variance, *gradient;
  bool noisy;
  size_t exact;
  size_t done; /* layers whose numbers are right */
  size_t near; /* of these, the last ones in a row near the deep variance */
  bool known, right;
} lists_t;

static void check_one_layer(lists_t *lists, const layer_t *layer,
                            const pauli_sum_t observable,
                            const stabilizer_state_struct *rho,
                            const fmpq *deep) {
  ansatz_t circuit;
  check_depth_t d;
  depth_number_t zero;
  size_t l = lists->done;
  build(circuit, layer, l + 1);
  check_depth_init(d, circuit, observable, rho, lists->noisy, MAX_PAIRS);
  depth_number_init(zero);
  zero->kind = DEPTH_EXACT;
  lists->known = d->moments_known && d->gradients_known;
  if (lists->known) {
    lists->right =
        finite_number_is_right(json_array_get(lists->variance, l),
                               d->variance) &&
        finite_number_is_right(json_array_get(lists->gradient, l),
                               median(d, zero));
    lists->near = deep && is_near(d->variance, deep) ? lists->near + 1 : 0;
    lists->done++;
  }
  depth_number_clear(zero);
  check_depth_clear(d);
  ansatz_clear(circuit);
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

typedef struct {
  const layer_t *layer;
  const pauli_sum_struct *observable;
} repeated_t;

static void repeat(ansatz_t out, const void *data, size_t layers) {
  const repeated_t *r = data;
  build(out, r->layer, layers);
  ansatz_add_observable(out, r->observable, "");
}

/* deep_variance: of the circuit as written. False when nothing can be said of the
   number of layers by what is claimed. */
static bool check_limit(fmpq_t deep, ledger_t *l, const check_subject_t *s,
                        const layer_t *layer, const pauli_sum_t observable,
                        const quantum_state_struct *state,
                        const json_t *deep_variance) {
  static const char unknown[] =
      "the group that the repeated layer fills is not counted here";
  repeated_t data = {layer, observable};
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
          ? check_layer_limit(deep, repeat, &data,
                              layer->ansatz->num_rotations / layer->length,
                              state, written, s->max_elements)
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
                      const stabilizer_state_struct *rho, const fmpq *deep) {
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
  while (lists->done < lists->exact && lists->known && lists->right &&
         (lists->done + 1) * layer->length <= MAX_GATES)
    check_one_layer(lists, layer, observable, rho, deep);
  return true;
}

static void check_lists(ledger_t *l, const layer_t *layer,
                        const pauli_sum_t observable,
                        const stabilizer_state_struct *rho,
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
  layer_t layer = {ansatz, find_layer(ansatz)};
  lists_t lists = {.noisy = true};
  bool claimed = json_object_get(parent->left, "layers") != NULL;
  bool expected = plain_has_layers && layer.length && noise_repeats(&layer);
  if (!claimed && !expected) return;
  ledger_begin_at(&l, parent, "layers");
  if (!expected) {
    ledger_fails(&l, "rotations", "the circuit and its noise do not repeat a layer");
  } else {
    ledger_size(&l, "rotations", layer.length);
    ledger_size(&l, "repetitions", ansatz->num_rotations / layer.length);
    bool good = run_lists(&lists, &l, &layer, observable,
                          quantum_state_stabilizer(state), NULL);
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
  layer_t layer = {ansatz, find_layer(ansatz)};
  bool claimed = json_object_get(parent->left, "layers") != NULL;
  if (!claimed && (!layer.length || !json_is_string(deep_variance))) return;
  ledger_begin_at(&l, parent, "layers");
  if (layer.length) {
    ledger_size(&l, "rotations", layer.length);
    ledger_size(&l, "repetitions", ansatz->num_rotations / layer.length);
    fmpq_t deep;
    fmpq_init(deep);
    bool known = check_limit(deep, &l, s, &layer, observable, state,
                             deep_variance);
    check_lists(&l, &layer, observable, quantum_state_stabilizer(state),
                known ? deep : NULL);
    fmpq_clear(deep);
  } else {
    ledger_fails(&l, "rotations", "the circuit does not repeat a layer");
  }
  ledger_end(&l);
}
