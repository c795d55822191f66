#include "algebra/check/check_depth.h"

#include "algebra/check/check_run.h"
#include "algebra/check/check_waves.h"

/* --- a run through the circuit ----------------------------------------------------------------------------- */

static void run_backwards(pairs_run_t *r) {
  for (size_t s = r->length; s-- > 0;) {
    size_t length = r->tables[s].rows->length;
    pairs_step_t step = {r->c, r->gates[s], SIZE_MAX, NULL};
    r->values[s] = flint_malloc((length + 1) * sizeof **r->values);
    for (size_t i = 0; i < length; i++) zeta_init(r->values[s] + i);
    fmpz_set(r->errors + s, r->errors + s + 1);
    pairs_go_back(r->values[s], r->errors + s, r->tables + s, r->tables + s + 1,
                  r->values[s + 1], &step, &r->images);
    r->scales[s] = r->scales[s + 1] + r->tables[s + 1].halves - r->tables[s].halves;
    if (!r->c->round_bits)
      r->scales[s] = pairs_reduce(r->values[s], length, r->scales[s]);
  }
}

/* Value of row i of a table that ends where the last one does; NULL: it is not there, as
   ways of a gate that cancel are left out. */
static const fmpz *last_value(const pairs_run_t *r, const pairs_table_t *t, size_t i) {
  size_t at = row_table_find(r->tables[r->length].rows,
                             row_table_row(t->rows, i));
  return at == SIZE_MAX ? NULL : r->values[r->length][at].w;
}

/* The angle left over in a row, of fixed angles: as *turn times pi/4 if it is
   that (true), else as a ball. */
static bool leftover_angle(int *turn, arb_t out, const pairs_run_t *r,
                           const uint64_t *row, slong prec) {
  const uint64_t *slots = row + 4 * r->c->w;
  angle_t angle;
  arb_t part, pi;
  fmpq_t step;
  angle_init(angle);
  arb_init(part);
  arb_init(pi);
  fmpq_init(step);
  for (size_t v = 0; v < r->c->num_variables; v++) {
    const pairs_variable_t *x = r->c->variables + v;
    if (x->parameter != SIZE_MAX) continue;
    fmpz_set_si(fmpq_numref(step), (slong)slots[x->slot]);
    fmpz_set(fmpq_denref(step), x->den);
    fmpq_canonicalise(step);
    fmpq_set(x->times_pi ? angle->pi_part : angle->rad_part, step);
  }
  bool exact = pairs_eighth_turns(turn, angle);
  arb_const_pi(pi, prec);
  arb_set_fmpq(out, angle->pi_part, prec);
  arb_mul(out, out, pi, prec);
  arb_set_fmpq(part, angle->rad_part, prec);
  arb_add(out, out, part, prec);
  angle_clear(angle);
  arb_clear(part);
  arb_clear(pi);
  fmpq_clear(step);
  return exact;
}

/* out *= E[z^e], z of a parameter that is uniform on [-width, width]. */
static void multiply_interval(arb_t out, const pairs_variable_t *v, slong e, slong prec) {
  arb_t x, pi;
  fmpq_t ratio;
  arb_init(x);
  arb_init(pi);
  fmpq_init(ratio);
  fmpq_set_si(ratio, e, 1);
  fmpq_mul(ratio, ratio, v->law->width);
  fmpq_div_fmpz(ratio, ratio, v->den);
  arb_set_fmpq(x, ratio, prec);
  arb_const_pi(pi, prec);
  for (int k = v->times_pi + v->law->width_times_pi; k > 0; k--) arb_mul(x, x, pi, prec);
  arb_sinc(x, x, prec);
  arb_mul(out, out, x, prec);
  arb_clear(x);
  arb_clear(pi);
  fmpq_clear(ratio);
}

/* E of the parameters on intervals that a row still holds; false: 1. */
static bool interval_damping(arb_t out, const pairs_run_t *r, const uint64_t *row, slong prec) {
  const uint64_t *slots = row + 4 * r->c->w;
  bool any = false;
  arb_one(out);
  for (size_t v = 0; v < r->c->num_variables && r->c->intervals; v++) {
    const pairs_variable_t *x = r->c->variables + v;
    if (!x->interval || !slots[x->slot]) continue;
    multiply_interval(out, x, (slong)slots[x->slot], prec);
    any = true;
  }
  return any;
}

/* E of the normal parameters that are done in a row, and of those on intervals; false:
   1. */
static bool damping(arb_t out, const pairs_run_t *r, const uint64_t *row, slong prec) {
  const uint64_t *sums = row + pairs_damped(r->c);
  arb_t pi;
  if (!sums[0] && !sums[1]) return interval_damping(out, r, row, prec);
  arb_init(pi);
  arb_const_pi(pi, prec);
  arb_sqr(pi, pi, prec);
  arb_mul_ui(out, pi, sums[1], prec);
  arb_add_ui(out, out, sums[0], prec);
  arb_div_fmpz(out, out, r->c->spread_unit, prec);
  arb_mul_2exp_si(out, out, -1);
  arb_neg(out, out);
  arb_exp(out, out, prec);
  if (interval_damping(pi, r, row, prec)) arb_mul(out, out, pi, prec);
  arb_clear(pi);
  return true;
}

/* sum over rows of Re(weight exp(i leftover)) damping value / (unit 2^scale): exact,
   unless an angle is left over, or a parameter is normal. False: the value of a row that has
   a weight is not known. */
static bool sum_table(depth_number_t out, const pairs_run_t *r, const pairs_table_t *t,
                      const fmpz_t before) {
  fmpz_t unit, error;
  fmpz_init(unit);
  fmpz_init(error);
  pairs_set_unit(unit, r, before, t->places);
  slong prec = 192 + (slong)t->scale + (slong)fmpz_bits(unit);
  zeta_t total;
  arb_t sum, angle, turn, term, damped;
  bool exact = true, known = true;
  arb_init(damped);
  zeta_init(&total);
  arb_init(sum);
  arb_init(angle);
  arb_init(turn);
  arb_init(term);
  for (size_t i = 0; i < t->rows->length; i++) {
    if (zeta_is_zero(t->weights + i)) continue;
    const fmpz *value = last_value(r, t, i);
    known = known && value;
    if (!value || fmpz_is_zero(value)) continue;
    int eighths;
    bool damps = damping(damped, r, row_table_row(t->rows, i), prec);
    if (leftover_angle(&eighths, angle, r, row_table_row(t->rows, i), prec) &&
        !damps) {
      zeta_add(&total, t->weights + i, eighths, value);
      continue;
    }
    for (int j = 0; j < 4; j++) {
      if (fmpz_is_zero(t->weights[i].w + j)) continue;
      exact = false;
      arb_const_pi(turn, prec);
      arb_mul_si(turn, turn, j, prec);
      arb_mul_2exp_si(turn, turn, -2);
      arb_add(turn, turn, angle, prec);
      arb_cos(term, turn, prec);
      arb_mul_fmpz(term, term, t->weights[i].w + j, prec);
      arb_mul_fmpz(term, term, value, prec);
      if (damps) arb_mul(term, term, damped, prec);
      arb_add(sum, sum, term, prec);
    }
  }
  fmpz_mul(error, t->error, r->one);
  pairs_set_number(out, &total, unit, t->scale);
  pairs_add_error(out, error, unit, t->scale);
  if (!exact) {
    arb_div_fmpz(sum, sum, unit, prec);
    arb_mul_2exp_si(sum, sum, -(slong)t->scale);
    depth_number_get_arb(out->ball, out, prec);
    arb_add(out->ball, out->ball, sum, prec);
    out->kind = DEPTH_BALL;
  }
  fmpz_clear(unit);
  fmpz_clear(error);
  zeta_clear(&total);
  arb_clear(sum);
  arb_clear(angle);
  arb_clear(turn);
  arb_clear(term);
  arb_clear(damped);
  return known;
}

/* --- derivatives ---------------------------------------------------------------------------------------------- */

/* Steps first .. last - 1 of the run, from the table given, which is
   replaced. */
static bool go_on(pairs_table_t *now, pairs_run_t *r, size_t first, size_t last,
                  size_t tracked) {
  bool ok = true;
  for (size_t t = first; t < last && ok; t++) {
    pairs_table_t next;
    pairs_step_t step = {r->c, r->gates[t], tracked, r->budget};
    pairs_table_init(&next, r->c);
    ok = pairs_advance(&next, now, &step, &r->images);
    if (!r->c->round_bits) pairs_table_reduce(&next);
    pairs_table_clear(now);
    *now = next;
  }
  return ok;
}

/* How many steps are gates from this one on? They go from the last gate to the first. */
static size_t steps_behind(const pairs_run_t *r, size_t gate) {
  size_t low = 0, high = r->length;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (r->gates[middle] >= gate) low = middle + 1;
    else high = middle;
  }
  return low;
}

/* E[(dl/dtheta)^2], z_v = exp(i theta / den), out of the run; false when the
   budget is spent. The value of a row is known at every step, unless fixed
   angles are left over: then one goes on to the end. */
static bool variable_gradient(depth_number_t out, pairs_run_t *r, size_t v) {
  const pairs_variable_t *x = r->c->variables + v;
  size_t s = steps_behind(r, x->last + 1), end = steps_behind(r, x->first);
  fmpz_t unit, error;
  bool ok = true;
  if (s >= end) return true; /* no gate of it meets a string */
  pairs_table_t now, squared;
  zeta_t total;
  fmpz_init(unit);
  fmpz_init(error);
  zeta_init(&total);
  pairs_table_copy(&now, r, r->tables + s);
  pairs_table_init(&squared, r->c);
  fmpz_mul(unit, x->den, x->den);
  fmpz_mul(unit, unit, r->unit);
  ok = go_on(&now, r, s, end, v);
  if (ok) pairs_square_exponents(&squared, r, &now);
  if (ok && pairs_to_the_end(r->c)) {
    ok = go_on(&squared, r, end, r->length, SIZE_MAX);
    if (ok) ok = sum_table(out, r, &squared, unit);
  } else if (ok) {
    ok = pairs_sum_values(&total, &squared, r->tables + end, r->values[end]);
    pairs_sum_error(error, r, &squared, end);
    pairs_set_unit(unit, r, unit, r->tables[r->length].places);
    pairs_set_number(out, &total, unit, pairs_scale(r, &squared, end));
    pairs_add_error(out, error, unit, pairs_scale(r, &squared, end));
  }
  if (x->times_pi && out->kind == DEPTH_BALL) {
    arb_t pi;
    arb_init(pi);
    arb_const_pi(pi, 512);
    arb_mul(out->ball, out->ball, pi, 512);
    arb_mul(out->ball, out->ball, pi, 512);
    arb_clear(pi);
  } else if (x->times_pi) {
    out->pi_power = 2;
  }
  zeta_clear(&total);
  pairs_table_clear(&now);
  pairs_table_clear(&squared);
  fmpz_clear(unit);
  fmpz_clear(error);
  return ok;
}

static bool run_gradients(check_depth_t out, pairs_run_t *r) {
  bool ok = !r->c->both_scales;
  if (ok && !pairs_to_the_end(r->c)) run_backwards(r);
  for (size_t k = 0; ok && k < out->num_parameters; k++)
    out->gradient[k].kind = DEPTH_EXACT; /* 0 unless a gate says more */
  for (size_t v = 0; v < r->c->num_variables && ok; v++)
    if (r->c->variables[v].parameter != SIZE_MAX)
      ok = variable_gradient(out->gradient + r->c->variables[v].parameter, r,
                             v);
  return ok;
}

/* --- fixed angles ---------------------------------------------------------------------------------------------- */

/* Exactly first, with a share of the pairs where there are fixed angles; then rounded,
   where that did not fit. False: there is no such way. */
static bool way_init(pairs_circuit_t *c, size_t *budget, const ansatz_t ansatz, bool noisy,
                     pairs_way_t way, size_t max_pairs) {
  enum { SHARE = 8 };
  bool fits = pairs_circuit_init(c, ansatz, noisy, way);
  *budget = c->fixed_angles && way == PAIRS_EXACT ? max_pairs / SHARE : max_pairs;
  return fits && (c->fixed_angles || way == PAIRS_EXACT);
}

/* --- all of it -------------------------------------------------------------------------------------------------- */

static void find_moments(check_depth_t out, const pairs_circuit_t *c,
                         const pauli_sum_t observable,
                         const pairs_input_t *input, size_t budget) {
  pairs_run_t mean, square;
  pairs_run_init(&mean, c, &budget);
  pairs_run_init(&square, c, &budget);
  pairs_run_start(&mean, observable, false);
  pairs_run_start(&square, observable, true);
  out->moments_known = pairs_run_forward(&mean) && pairs_run_forward(&square);
  if (out->moments_known) {
    pairs_run_end(&mean, input, NULL);
    pairs_run_end(&square, input, NULL);
    out->moments_known =
        sum_table(out->mean, &mean, mean.tables + mean.length, mean.unit) &&
        sum_table(out->second_moment, &square, square.tables + square.length, square.unit);
    pairs_set_variance(out->variance, out->mean, out->second_moment);
    out->gradients_known = run_gradients(out, &square);
  }
  pairs_run_clear(&mean);
  pairs_run_clear(&square);
}

static bool find_mean(depth_number_t mean, const pairs_circuit_t *c, const pauli_sum_t op,
                      const pairs_input_t *input, size_t budget) {
  pairs_run_t run;
  pairs_run_init(&run, c, &budget);
  pairs_run_start(&run, op, false);
  bool known = pairs_run_forward(&run);
  if (known) {
    pairs_run_end(&run, input, NULL);
    known = sum_table(mean, &run, run.tables + run.length, run.unit);
  }
  pairs_run_clear(&run);
  return known;
}

bool check_depth_mean(depth_number_t mean, const ansatz_t ansatz,
                      const pauli_sum_t op, const quantum_state_struct *state,
                      bool noisy, size_t max_pairs) {
  pauli_sum_t measured;
  pairs_input_t input;
  bool known = false;
  pairs_input_init(&input, state);
  pairs_flip_letters(measured, op, ansatz, noisy);
  for (int way = PAIRS_EXACT; way <= PAIRS_ROUNDED && !known; way++) {
    pairs_circuit_t c;
    size_t budget;
    if (way_init(&c, &budget, ansatz, noisy, (pairs_way_t)way, max_pairs))
      known = find_mean(mean, &c, measured, &input, budget);
    pairs_circuit_clear(&c);
  }
  pauli_sum_clear(measured);
  pairs_input_clear(&input);
  return known;
}

void check_depth_init_numbers(check_depth_t out, size_t num_parameters) {
  *out = (check_depth_struct){.num_parameters = num_parameters};
  depth_number_init(out->mean);
  depth_number_init(out->second_moment);
  depth_number_init(out->variance);
  out->gradient = flint_malloc((num_parameters + 1) * sizeof *out->gradient);
  for (size_t k = 0; k < num_parameters; k++) depth_number_init(out->gradient + k);
}

/* Exact, unless some of them are balls or have a factor pi^2 and others none. */
static void sum_numbers(depth_number_t out, const depth_number_struct *list,
                        size_t length) {
  enum { PREC = 1024 };
  bool exact = true, any = false;
  unsigned power = 0;
  out->kind = DEPTH_EXACT;
  for (size_t k = 0; k < length; k++) {
    const depth_number_struct *x = list + k;
    bool zero = x->kind == DEPTH_EXACT && fmpq_is_zero(x->rational) &&
                fmpq_is_zero(x->sqrt2);
    if (zero) continue;
    exact = exact && x->kind == DEPTH_EXACT && (!any || x->pi_power == power);
    power = x->pi_power;
    any = true;
    fmpq_add(out->rational, out->rational, x->rational);
    fmpq_add(out->sqrt2, out->sqrt2, x->sqrt2);
  }
  out->pi_power = power;
  if (exact) return;
  arb_t ball;
  arb_init(ball);
  out->kind = DEPTH_BALL;
  arb_zero(out->ball);
  for (size_t k = 0; k < length; k++) {
    depth_number_get_arb(ball, list + k, PREC);
    arb_add(out->ball, out->ball, ball, PREC);
  }
  arb_clear(ball);
}

static bool find_kernel(check_depth_t found, const pairs_circuit_t *c,
                        const pauli_sum_t observable, const pairs_input_t *a,
                        const pairs_input_t *b, size_t budget) {
  pairs_run_t run;
  pairs_run_init(&run, c, &budget);
  pairs_run_start(&run, observable, true);
  bool known = pairs_run_forward(&run);
  if (known) {
    pairs_run_end(&run, a, b);
    known = run_gradients(found, &run);
  }
  pairs_run_clear(&run);
  return known;
}

bool check_depth_kernel(depth_number_t kernel, const ansatz_t ansatz,
                        const pauli_sum_t observable, const quantum_state_struct *a,
                        const quantum_state_struct *b, size_t max_pairs) {
  static const pairs_way_t ways[] = {PAIRS_EXACT, PAIRS_WAVES, PAIRS_ROUNDED};
  pairs_input_t first, second;
  bool known = false;
  pairs_input_init(&first, a);
  pairs_input_init(&second, b);
  for (size_t i = 0; i < 3 && !known; i++) {
    pairs_circuit_t c;
    size_t budget;
    check_depth_t found;
    check_depth_init_numbers(found, ansatz->num_parameters);
    for (size_t k = 0; k < ansatz->num_parameters; k++) found->gradient[k].kind = DEPTH_EXACT;
    bool fits = way_init(&c, &budget, ansatz, false, ways[i], max_pairs);
    if (ways[i] == PAIRS_WAVES) /* without fixed angles too */
      known = !c.too_fine && check_waves_kernel(found->gradient, &c, observable, &first,
                                                &second, budget);
    else if (fits) known = find_kernel(found, &c, observable, &first, &second, budget);
    if (known) sum_numbers(kernel, found->gradient, found->num_parameters);
    pairs_circuit_clear(&c);
    check_depth_clear(found);
  }
  pairs_input_clear(&first);
  pairs_input_clear(&second);
  return known;
}

static void find_waves(check_depth_t out, const pairs_circuit_t *c,
                       const pauli_sum_t observable, const pairs_input_t *input,
                       size_t budget) {
  for (size_t k = 0; k < out->num_parameters; k++) out->gradient[k].kind = DEPTH_EXACT;
  out->moments_known = out->gradients_known = check_waves(
      out->mean, out->second_moment, out->gradient, c, observable, input, budget);
  if (out->moments_known) pairs_set_variance(out->variance, out->mean, out->second_moment);
}

/* One after the other, until one fits: with which part of the pairs, and behind fixed angles,
   where the exact way is to come first. */
static const struct {
  pairs_way_t way;
  size_t share, behind;
} tries[] = {{PAIRS_EXACT, 64, 8},        {PAIRS_WAVES, 4, 1}, {PAIRS_EXACT, 1, SIZE_MAX},
             {PAIRS_ROUNDED, SIZE_MAX, 1}};

void check_depth_init(check_depth_t out, const ansatz_t ansatz,
                      const pauli_sum_t observable,
                      const quantum_state_struct *state, bool noisy, size_t max_pairs) {
  pauli_sum_t measured;
  pairs_input_t input;
  check_depth_init_numbers(out, ansatz->num_parameters);
  pairs_input_init(&input, state);
  pairs_flip_letters(measured, observable, ansatz, noisy);
  for (size_t i = 0; i < sizeof tries / sizeof *tries && !out->gradients_known; i++) {
    pairs_circuit_t c;
    bool fits = pairs_circuit_init(&c, ansatz, noisy, tries[i].way);
    size_t budget = max_pairs / (c.fixed_angles ? tries[i].behind : tries[i].share);
    if (fits && budget) {
      check_depth_clear(out);
      check_depth_init_numbers(out, ansatz->num_parameters);
      if (tries[i].way == PAIRS_WAVES) find_waves(out, &c, measured, &input, budget);
      else find_moments(out, &c, measured, &input, budget);
    }
    pairs_circuit_clear(&c);
  }
  pauli_sum_clear(measured);
  pairs_input_clear(&input);
}

void check_depth_clear(check_depth_t out) {
  depth_number_clear(out->mean);
  depth_number_clear(out->second_moment);
  depth_number_clear(out->variance);
  for (size_t k = 0; k < out->num_parameters; k++)
    depth_number_clear(out->gradient + k);
  flint_free(out->gradient);
}
