#include "algebra/check/check_profile.h"

#include "algebra/check/check_run.h"

/* Values computed in all; bytes of rows, which are kept twice, with a weight each; a quarter
   of that from 65 qubits on, where strings that spread rarely fit. */
enum { MAX_VALUES = 1 << 22, MAX_BYTES = 1 << 29, WEIGHT_BYTES = 96 };

/* Position g: before step g, which is gate num_gates - 1 - g; what follows the last step is
   position 0 of the next layer. */
typedef struct {
  const pairs_circuit_t *c;
  size_t num_gates, num_layers;
  size_t budget, kept; /* pairs that may be made; bytes of rows */
  pairs_run_t start; /* its images are used in all steps */
  pairs_table_t *weights; /* of layer j from the end at position g: [j num_gates + g] */
  size_t num_tables;
  pairs_run_t ends; /* its first table: all rows of position 0, its values those at the input */
  pairs_table_t *rows; /* all rows of position g > 0, without weights */
  size_t expanded; /* rows of position 0 that a further layer was applied to */
  pairs_table_t *derivatives; /* of layer j by variable v, behind its last gate:
                                 [j num_variables + v] */
  size_t num_derivatives;
  zeta_t **values, *after; /* at position g of a layer, and at position 0 of the next */
} walk_t;

static pairs_table_t *rows_at(const walk_t *p, size_t g) {
  return g % p->num_gates ? p->rows + g : p->ends.tables;
}

static pairs_step_t step_at(walk_t *p, size_t g, size_t tracked) {
  return (pairs_step_t){p->c, p->num_gates - 1 - g, tracked, &p->budget};
}

/* --- weights ------------------------------------------------------------------------------- */

/* False when the budget is spent, or would be by layers all as large as those so far. Whole
   layers are kept. */
static bool add_layer(walk_t *p, size_t num_layers) {
  bool ok = true;
  size_t max_bytes = p->c->w > 1 ? MAX_BYTES / 4 : MAX_BYTES;
  size_t first = p->num_tables, bytes = 8 * pairs_row_width(p->c) + WEIGHT_BYTES;
  for (size_t g = 0; g < p->num_gates && ok; g++) {
    pairs_step_t s = step_at(p, g, SIZE_MAX);
    pairs_table_init(p->weights + p->num_tables, p->c);
    ok = pairs_advance(p->weights + p->num_tables, p->weights + p->num_tables - 1, &s,
                       &p->start.images);
    p->kept += 2 * bytes * p->weights[p->num_tables++].rows->length;
    ok = ok && p->kept / (p->num_layers + 1) <= max_bytes / num_layers;
  }
  while (!ok && p->num_tables > first) pairs_table_clear(p->weights + --p->num_tables);
  return ok;
}

static void add_rows(pairs_table_t *all, const pairs_table_t *some) {
  for (size_t i = 0; i < some->rows->length; i++)
    pairs_table_at(all, row_table_row(some->rows, i));
}

/* Those of position 0 after the last layer come last. */
static void collect_rows(walk_t *p) {
  for (size_t g = 0; g < p->num_gates; g++)
    for (size_t j = 0; j < p->num_layers; j++)
      add_rows(rows_at(p, g), p->weights + j * p->num_gates + g);
  p->expanded = rows_at(p, 0)->rows->length;
  add_rows(rows_at(p, 0), p->weights + p->num_layers * p->num_gates);
}

/* --- values -------------------------------------------------------------------------------- */

static zeta_t *new_values(size_t length) {
  zeta_t *values = flint_malloc((length + 1) * sizeof *values);
  for (size_t i = 0; i < length; i++) zeta_init(values + i);
  return values;
}

static void clear_values(zeta_t *values, size_t length) {
  for (size_t i = 0; values && i < length; i++) zeta_clear(values + i);
  flint_free(values);
}

/* What the rows of position g are worth, g up to num_gates. */
static const zeta_t *values_at(const walk_t *p, size_t g) {
  return g < p->num_gates ? p->values[g] : p->after;
}

/* From the values of position 0 with m layers before the input state to those of all
   positions of the layer before. Rows of position 0 that are new after the last layer are
   worth something at the end only, and get 0. */
static void go_back_a_layer(walk_t *p) {
  if (p->after && p->after != p->ends.values[0])
    clear_values(p->after, rows_at(p, 0)->rows->length);
  p->after = p->values[0] ? p->values[0] : p->ends.values[0];
  p->values[0] = NULL;
  for (size_t g = p->num_gates; g-- > 0;) {
    size_t length = rows_at(p, g)->rows->length;
    pairs_step_t s = step_at(p, g, SIZE_MAX);
    pairs_table_t before = *rows_at(p, g);
    if (!g) before.rows->length = p->expanded;
    zeta_t *values = new_values(length);
    pairs_go_back(values, NULL, &before, rows_at(p, g + 1), values_at(p, g + 1), &s,
                  &p->start.images);
    clear_values(p->values[g], length);
    p->values[g] = values;
  }
}

/* --- numbers ------------------------------------------------------------------------------- */

/* total / (unit of the weights, of the values, of noise and of scale), by L layers. */
static void set_number(depth_number_t out, const walk_t *p, const zeta_t *total,
                       const fmpz_t factor, size_t num_layers) {
  const pairs_table_t *last = p->weights + num_layers * p->num_gates;
  fmpz_t unit;
  fmpz_init(unit);
  fmpz_mul(unit, p->start.unit, p->ends.unit);
  fmpz_mul(unit, unit, factor);
  pairs_set_unit(unit, &p->start, unit, last->places);
  pairs_set_number(out, total, unit, last->scale);
  fmpz_clear(unit);
}

static bool sum_moment(depth_number_t out, const walk_t *p, size_t num_layers) {
  const pairs_table_t *t = p->weights + num_layers * p->num_gates;
  zeta_t total;
  zeta_init(&total);
  bool known = pairs_sum_values(&total, t, rows_at(p, 0), p->ends.values[0]);
  fmpz_t one;
  fmpz_init_set_ui(one, 1);
  set_number(out, p, &total, one, num_layers);
  fmpz_clear(one);
  zeta_clear(&total);
  return known;
}

static size_t end_of(const walk_t *p, size_t v) {
  return p->num_gates - p->c->variables[v].first;
}

/* The next derivative: the gates of variable v in the layer j from the end. */
static bool add_derivative(walk_t *p, size_t j, size_t v) {
  size_t first = p->num_gates - 1 - p->c->variables[v].last;
  pairs_table_t now, next;
  bool ok = true;
  pairs_table_copy(&now, &p->start, p->weights + j * p->num_gates + first);
  for (size_t g = first; g < end_of(p, v) && ok; g++) {
    pairs_step_t s = step_at(p, g, v);
    pairs_table_init(&next, p->c);
    ok = pairs_advance(&next, &now, &s, &p->start.images);
    pairs_table_clear(&now);
    now = next;
  }
  pairs_table_init(p->derivatives + p->num_derivatives, p->c);
  pairs_square_exponents(p->derivatives + p->num_derivatives++, &p->start, &now);
  pairs_table_clear(&now);
  return ok;
}

/* E[(dl/dtheta)^2] of variable v in the layer j from the end, m layers before it. */
static bool set_gradient(depth_number_t out, const walk_t *p, size_t j, size_t m, size_t v) {
  const pairs_variable_t *x = p->c->variables + v;
  const pairs_table_t *t = p->derivatives + j * p->c->num_variables + v;
  const zeta_t *values = values_at(p, end_of(p, v));
  zeta_t total;
  fmpz_t square;
  fmpz_init(square);
  zeta_init(&total);
  bool known = pairs_sum_values(&total, t, rows_at(p, end_of(p, v)), values);
  fmpz_mul(square, x->den, x->den);
  set_number(out, p, &total, square, j + m + 1);
  if (x->times_pi) out->pi_power = 2;
  zeta_clear(&total);
  fmpz_clear(square);
  return known;
}

/* --- all of it ------------------------------------------------------------------------------- */

static void walk_init(walk_t *p, const pairs_circuit_t *c, const pauli_sum_t observable,
                      bool pairs, size_t num_layers, size_t max_pairs) {
  *p = (walk_t){.c = c, .num_gates = c->num_gates, .budget = max_pairs};
  pairs_run_init(&p->start, c, &p->budget);
  pairs_run_start(&p->start, observable, pairs);
  p->weights = flint_malloc((num_layers * p->num_gates + 2) * sizeof *p->weights);
  pairs_table_copy(p->weights, &p->start, p->start.tables);
  p->num_tables = 1;
  while (p->num_layers < num_layers && add_layer(p, num_layers)) p->num_layers++;
  p->rows = flint_malloc(p->num_gates * sizeof *p->rows);
  pairs_run_init(&p->ends, c, &p->budget);
  for (size_t g = 1; g < p->num_gates; g++) pairs_table_init(p->rows + g, c);
  collect_rows(p);
}

static void walk_clear(walk_t *p) {
  for (size_t i = 0; i < p->num_tables; i++) pairs_table_clear(p->weights + i);
  for (size_t i = 0; i < p->num_derivatives; i++) pairs_table_clear(p->derivatives + i);
  if (p->after != p->ends.values[0])
    clear_values(p->after, rows_at(p, 0)->rows->length);
  for (size_t g = 0; p->values && g < p->num_gates; g++)
    clear_values(p->values[g], rows_at(p, g)->rows->length);
  flint_free(p->derivatives);
  for (size_t g = 1; g < p->num_gates; g++) pairs_table_clear(p->rows + g);
  pairs_run_clear(&p->ends);
  flint_free(p->values);
  flint_free(p->rows);
  flint_free(p->weights);
  pairs_run_clear(&p->start);
}

static bool add_gradients(check_profile_t out, walk_t *p) {
  size_t num_rows = 0, num_variables = p->c->num_variables;
  size_t per_layer = out->layer->num_parameters;
  bool ok = true;
  for (size_t g = 0; g < p->num_gates; g++) num_rows += rows_at(p, g)->rows->length;
  if (p->num_layers * num_rows > MAX_VALUES) return false;
  p->values = flint_calloc(p->num_gates, sizeof *p->values);
  p->derivatives =
      flint_malloc((p->num_layers * num_variables + 1) * sizeof *p->derivatives);
  for (size_t i = 0; i < p->num_layers * num_variables && ok; i++)
    ok = add_derivative(p, i / num_variables, i % num_variables);
  for (size_t l = 0; l < out->num_layers; l++)
    for (size_t k = 0; k < out->layer[l].num_parameters; k++)
      out->layer[l].gradient[k].kind = DEPTH_EXACT; /* 0 unless a gate says more */
  for (size_t m = 0; m < p->num_layers && ok; m++) {
    go_back_a_layer(p);
    for (size_t j = 0; j + m < p->num_layers; j++)
      for (size_t v = 0; v < num_variables; v++)
        ok = set_gradient(out->layer[j + m].gradient + m * per_layer +
                              p->c->variables[v].parameter, p, j, m, v) && ok;
  }
  return ok;
}

static void find_profile(check_profile_t out, const pairs_circuit_t *c,
                         const pauli_sum_t observable, const pairs_input_t *input,
                         size_t num_parameters, size_t num_layers, size_t max_pairs) {
  walk_t mean, square;
  walk_init(&mean, c, observable, false, num_layers, max_pairs);
  walk_init(&square, c, observable, true, mean.num_layers, mean.budget);
  pairs_run_end(&mean.ends, input, NULL);
  pairs_run_end(&square.ends, input, NULL);
  out->num_layers = square.num_layers;
  out->layer = flint_malloc((out->num_layers + 1) * sizeof *out->layer);
  for (size_t l = 0; l < out->num_layers; l++) {
    check_depth_struct *d = out->layer + l;
    check_depth_init_numbers(d, (l + 1) * num_parameters);
    d->moments_known = sum_moment(d->mean, &mean, l + 1) &&
                       sum_moment(d->second_moment, &square, l + 1);
    pairs_set_variance(d->variance, d->mean, d->second_moment);
  }
  bool known = out->num_layers && add_gradients(out, &square);
  for (size_t l = 0; l < out->num_layers; l++) out->layer[l].gradients_known = known;
  walk_clear(&mean);
  walk_clear(&square);
}

void check_profile_init(check_profile_t out, const ansatz_t layer,
                        const pauli_sum_t observable, const quantum_state_struct *state,
                        bool noisy, size_t num_layers, size_t max_pairs) {
  pauli_sum_t measured;
  pairs_circuit_t c;
  pairs_input_t input;
  *out = (check_profile_struct){.num_layers = 0};
  pairs_input_init(&input, state);
  pairs_flip_letters(measured, observable, layer, noisy);
  if (pairs_circuit_init(&c, layer, noisy, PAIRS_EXACT) && !pairs_to_the_end(&c) && !c.both_scales &&
      c.num_gates)
    find_profile(out, &c, measured, &input, layer->num_parameters, num_layers, max_pairs);
  pauli_sum_clear(measured);
  pairs_circuit_clear(&c);
  pairs_input_clear(&input);
}

void check_profile_clear(check_profile_t profile) {
  for (size_t l = 0; l < profile->num_layers; l++) check_depth_clear(profile->layer + l);
  flint_free(profile->layer);
}
