#include "algebra/check/check_depth.h"

#include <flint/fmpq_vec.h>

#include "algebra/check/check_pairs.h"

/* --- a run through the circuit ----------------------------------------------------------------------------- */

typedef struct {
  const pairs_circuit_t *c;
  size_t length;  /* steps; tables 0 .. length */
  size_t *gates;  /* of step s, from tables[s] to tables[s + 1] */
  pairs_table_t *tables;
  zeta_t **values; /* per table; filled by run_backwards */
  pairs_images_t images;
  size_t *budget;
  fmpz_t unit; /* initial weights are over this */
} run_t;

static void run_init(run_t *r, const pairs_circuit_t *c, size_t *budget) {
  *r = (run_t){.c = c, .budget = budget};
  r->gates = flint_malloc((c->num_gates + 1) * sizeof *r->gates);
  r->tables = flint_malloc((c->num_gates + 2) * sizeof *r->tables);
  r->values = flint_calloc(c->num_gates + 2, sizeof *r->values);
  r->images.rows = flint_malloc((16 * pairs_row_width(c) + 1) * sizeof(uint64_t));
  pairs_table_init(r->tables, c);
  fmpz_init_set_ui(r->unit, 1);
}

static void run_clear(run_t *r) {
  for (size_t s = 0; s <= r->length; s++) {
    for (size_t i = 0; r->values[s] && i < r->tables[s].rows->length; i++)
      zeta_clear(r->values[s] + i);
    flint_free(r->values[s]);
    pairs_table_clear(r->tables + s);
  }
  flint_free(r->gates);
  flint_free(r->tables);
  flint_free(r->values);
  flint_free(r->images.rows);
  fmpz_clear(r->unit);
}

/* Pairs of terms, or terms with the identity. */
static void run_start(run_t *r, const pauli_sum_t o, bool pairs) {
  size_t w = r->c->w, bytes = 2 * w * sizeof(uint64_t);
  uint64_t *row = flint_malloc(pairs_row_width(r->c) * sizeof *row);
  fmpz_t den;
  fmpq_t value;
  fmpz_init_set_ui(den, 1);
  fmpq_init(value);
  for (size_t a = 0; a < o->length; a++)
    fmpz_lcm(den, den, fmpq_denref(o->coeffs + a));
  fmpz_pow_ui(r->unit, den, pairs ? 2 : 1);
  for (size_t a = 0; a < o->length; a++)
    for (size_t b = 0; b < (pairs ? o->length : 1); b++) {
      memset(row, 0, pairs_row_width(r->c) * sizeof *row);
      memcpy(row, pauli_sum_string(o, a), bytes);
      fmpq_set(value, o->coeffs + a);
      if (pairs) {
        memcpy(row + 2 * w, pauli_sum_string(o, b), bytes);
        fmpq_mul(value, value, o->coeffs + b);
      }
      fmpq_mul_fmpz(value, value, r->unit);
      pairs_fold(row, r->c);
      fmpz *weight = pairs_table_at(r->tables, row)->w;
      fmpz_add(weight, weight, fmpq_numref(value));
    }
  fmpz_clear(den);
  fmpq_clear(value);
  flint_free(row);
}

static bool run_forward(run_t *r) {
  bool ok = true;
  for (size_t g = r->c->num_gates; g-- > 0 && ok;) {
    if (!pairs_is_needed(r->c, g, r->tables + r->length)) continue;
    pairs_step_t s = {r->c, g, SIZE_MAX, r->budget};
    pairs_table_t *in = r->tables + r->length;
    r->gates[r->length++] = g;
    pairs_table_init(in + 1, r->c);
    ok = pairs_advance(in + 1, in, &s, &r->images);
  }
  return ok;
}

/* Tr(rho .) of strings. */
typedef struct {
  const quantum_state_struct *state;
  bool stabilizer;
  stabilizer_echelon_t echelon;
} input_t;

static void input_init(input_t *in, const quantum_state_struct *state) {
  const stabilizer_state_struct *s = quantum_state_stabilizer(state);
  in->state = state;
  in->stabilizer = s != NULL;
  if (s) stabilizer_echelon_init(in->echelon, s);
}

static void input_clear(input_t *in) {
  if (in->stabilizer) stabilizer_echelon_clear(in->echelon);
}

static void input_value(fmpq_t out, const input_t *in, const uint64_t *string) {
  if (in->stabilizer)
    fmpq_set_si(out, stabilizer_echelon_expectation(in->echelon, string), 1);
  else
    quantum_state_expectation(out, in->state, string);
}

/* Tr(rho Q) Tr(rho Q') of every row of the last table; with another state, over both
   orders, and the weights over twice the unit. Whole numbers, over a larger unit. */
static void set_last_values(run_t *r, const input_t *input, const input_t *other) {
  const pairs_table_t *last = r->tables + r->length;
  size_t length = last->rows->length;
  zeta_t *values = flint_malloc((length + 1) * sizeof *values);
  fmpq *exact = _fmpq_vec_init((slong)length + 2), *x = exact + length, *y = x + 1;
  fmpz_t den;
  fmpz_init_set_ui(den, 1);
  for (size_t i = 0; i < length; i++) {
    const uint64_t *row = row_table_row(last->rows, i), *second = row + 2 * r->c->w;
    input_value(exact + i, input, row);
    input_value(x, other ? other : input, second);
    fmpq_mul(exact + i, exact + i, x);
    if (other) {
      input_value(x, input, second);
      input_value(y, other, row);
      fmpq_addmul(exact + i, x, y);
    }
    fmpz_lcm(den, den, fmpq_denref(exact + i));
  }
  for (size_t i = 0; i < length; i++) {
    zeta_init(values + i);
    fmpz_divexact(values[i].w, den, fmpq_denref(exact + i));
    fmpz_mul(values[i].w, values[i].w, fmpq_numref(exact + i));
  }
  fmpz_mul(r->unit, r->unit, den);
  if (other) fmpz_mul_2exp(r->unit, r->unit, 1);
  r->values[r->length] = values;
  fmpz_clear(den);
  _fmpq_vec_clear(exact, (slong)length + 2);
}

static void run_backwards(run_t *r) {
  for (size_t s = r->length; s-- > 0;) {
    size_t length = r->tables[s].rows->length;
    pairs_step_t step = {r->c, r->gates[s], SIZE_MAX, NULL};
    r->values[s] = flint_malloc((length + 1) * sizeof **r->values);
    for (size_t i = 0; i < length; i++) zeta_init(r->values[s] + i);
    pairs_go_back(r->values[s], r->tables + s, r->tables + s + 1, r->values[s + 1],
            &step, &r->images);
  }
}

/* Real part of total / (unit 2^scale): w_0 + (w_1 - w_3)/sqrt 2. */
static void set_number(depth_number_t out, const zeta_t *total,
                       const fmpz_t unit, ulong scale) {
  out->kind = DEPTH_EXACT;
  fmpq_set_fmpz_frac(out->rational, total->w, unit);
  fmpq_div_2exp(out->rational, out->rational, scale);
  fmpz_t root;
  fmpz_init(root);
  fmpz_sub(root, total->w + 1, total->w + 3);
  fmpq_set_fmpz_frac(out->sqrt2, root, unit);
  fmpq_div_2exp(out->sqrt2, out->sqrt2, scale + 1);
  fmpz_clear(root);
}

/* Value of row i of a table that ends where the last one does. */
static const fmpz *last_value(const run_t *r, const pairs_table_t *t, size_t i) {
  size_t at = row_table_find(r->tables[r->length].rows,
                             row_table_row(t->rows, i));
  return r->values[r->length][at].w;
}

/* The angle left over in a row, of fixed angles: as *turn times pi/4 if it is
   that (true), else as a ball. */
static bool leftover_angle(int *turn, arb_t out, const run_t *r,
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
static bool interval_damping(arb_t out, const run_t *r, const uint64_t *row, slong prec) {
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
static bool damping(arb_t out, const run_t *r, const uint64_t *row, slong prec) {
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

/* unit noise_unit^(2 places). */
static void set_unit(fmpz_t out, const run_t *r, const fmpz_t unit, ulong places) {
  fmpz_t power;
  fmpz_init(power);
  fmpz_pow_ui(power, r->c->noise_unit, 2 * places);
  fmpz_mul(out, power, unit);
  fmpz_clear(power);
}

/* sum over rows of Re(weight exp(i leftover)) damping value / (unit 2^scale): exact,
   unless an angle is left over, or a parameter is normal. */
static void sum_table(depth_number_t out, const run_t *r, const pairs_table_t *t,
                      const fmpz_t before) {
  fmpz_t unit;
  fmpz_init(unit);
  set_unit(unit, r, before, t->places);
  slong prec = 192 + (slong)t->scale + (slong)fmpz_bits(unit);
  zeta_t total;
  arb_t sum, angle, turn, term, damped;
  bool exact = true;
  arb_init(damped);
  zeta_init(&total);
  arb_init(sum);
  arb_init(angle);
  arb_init(turn);
  arb_init(term);
  for (size_t i = 0; i < t->rows->length; i++) {
    const fmpz *value = last_value(r, t, i);
    if (fmpz_is_zero(value)) continue;
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
  set_number(out, &total, unit, t->scale);
  if (!exact) {
    arb_div_fmpz(sum, sum, unit, prec);
    arb_mul_2exp_si(sum, sum, -(slong)t->scale);
    depth_number_get_arb(out->ball, out, prec);
    arb_add(out->ball, out->ball, sum, prec);
    out->kind = DEPTH_BALL;
  }
  fmpz_clear(unit);
  zeta_clear(&total);
  arb_clear(sum);
  arb_clear(angle);
  arb_clear(turn);
  arb_clear(term);
  arb_clear(damped);
}

/* --- derivatives ---------------------------------------------------------------------------------------------- */

/* total += e^2 weight value over the rows of t, whose tracked exponent is e,
   values those of the table of the run. */
static void sum_squares(zeta_t *total, const run_t *r, const pairs_table_t *t,
                        size_t table) {
  size_t at = pairs_tracked(r->c);
  uint64_t *row = flint_malloc(pairs_row_width(r->c) * sizeof *row);
  fmpz_t square;
  fmpz_init(square);
  for (size_t i = 0; i < t->rows->length; i++) {
    zeta_t value;
    memcpy(row, row_table_row(t->rows, i), pairs_row_width(r->c) * sizeof *row);
    fmpz_set_si(square, (slong)row[at]);
    fmpz_mul(square, square, square);
    row[at] = 0;
    zeta_init(&value);
    pairs_add_value(&value, r->c, r->tables + table, r->values[table], row, 0,
              square);
    zeta_addmul(total, t->weights + i, &value);
    zeta_clear(&value);
  }
  fmpz_clear(square);
  flint_free(row);
}

/* The rows of t with weight -e e', e' of the other side, and no tracked exponent. */
static void square_exponents(pairs_table_t *out, const run_t *r, const pairs_table_t *t) {
  size_t at = pairs_tracked(r->c);
  uint64_t *row = flint_malloc(pairs_row_width(r->c) * sizeof *row);
  fmpz_t square;
  fmpz_init(square);
  out->scale = t->scale;
  out->places = t->places;
  for (size_t i = 0; i < t->rows->length; i++) {
    memcpy(row, row_table_row(t->rows, i), pairs_row_width(r->c) * sizeof *row);
    slong e = (slong)row[at], both = (slong)row[at + 1];
    fmpz_set_si(square, e);
    fmpz_mul_si(square, square, e - both);
    row[at] = row[at + 1] = 0;
    zeta_t term;
    zeta_init(&term);
    zeta_add(&term, t->weights + i, 0, square);
    if (pairs_fold(row, r->c)) zeta_conjugate(&term);
    zeta_add(pairs_table_at(out, row), &term, 0, out->one);
    zeta_clear(&term);
  }
  fmpz_clear(square);
  flint_free(row);
}

/* Steps first .. last - 1 of the run, from the table given, which is
   replaced. */
static bool go_on(pairs_table_t *now, run_t *r, size_t first, size_t last,
                  size_t tracked) {
  bool ok = true;
  for (size_t t = first; t < last && ok; t++) {
    pairs_table_t next;
    pairs_step_t step = {r->c, r->gates[t], tracked, r->budget};
    pairs_table_init(&next, r->c);
    ok = pairs_advance(&next, now, &step, &r->images);
    pairs_table_clear(now);
    *now = next;
  }
  return ok;
}

static void table_copy(pairs_table_t *out, const run_t *r, const pairs_table_t *in) {
  pairs_table_init(out, r->c);
  out->scale = in->scale;
  out->places = in->places;
  for (size_t i = 0; i < in->rows->length; i++)
    zeta_add(pairs_table_at(out, row_table_row(in->rows, i)), in->weights + i, 0,
               out->one);
}

/* Is the value of a row known at the end only? */
static bool to_the_end(const pairs_circuit_t *c) {
  return c->fixed_angles || c->normal || c->intervals;
}

/* E[(dl/dtheta)^2], z_v = exp(i theta / den), out of the run; false when the
   budget is spent. The value of a row is known at every step, unless fixed
   angles are left over: then one goes on to the end. */
static bool variable_gradient(depth_number_t out, run_t *r, size_t v) {
  const pairs_variable_t *x = r->c->variables + v;
  size_t s = 0, end = 0;
  fmpz_t unit;
  bool ok = true;
  while (s < r->length && r->gates[s] > x->last) s++;
  for (size_t t = 0; t < r->length; t++)
    if (r->gates[t] >= x->first) end = t + 1;
  if (s >= end) return true; /* no gate of it meets a string */
  pairs_table_t now, squared;
  zeta_t total;
  fmpz_init(unit);
  zeta_init(&total);
  table_copy(&now, r, r->tables + s);
  pairs_table_init(&squared, r->c);
  fmpz_mul(unit, x->den, x->den);
  fmpz_mul(unit, unit, r->unit);
  ok = go_on(&now, r, s, end, v);
  if (ok && to_the_end(r->c)) {
    square_exponents(&squared, r, &now);
    ok = go_on(&squared, r, end, r->length, SIZE_MAX);
    if (ok) sum_table(out, r, &squared, unit);
  } else if (ok) {
    sum_squares(&total, r, &now, end);
    set_unit(unit, r, unit, r->tables[r->length].places);
    set_number(out, &total, unit, r->tables[r->length].scale);
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
  return ok;
}

static bool run_gradients(check_depth_t out, run_t *r) {
  bool ok = !r->c->both_scales;
  if (ok && !to_the_end(r->c)) run_backwards(r);
  for (size_t k = 0; ok && k < out->num_parameters; k++)
    out->gradient[k].kind = DEPTH_EXACT; /* 0 unless a gate says more */
  for (size_t v = 0; v < r->c->num_variables && ok; v++)
    if (r->c->variables[v].parameter != SIZE_MAX)
      ok = variable_gradient(out->gradient + r->c->variables[v].parameter, r,
                             v);
  return ok;
}

/* --- all of it -------------------------------------------------------------------------------------------------- */

/* second - mean^2. */
static void set_variance(check_depth_t out) {
  const depth_number_struct *m = out->mean, *q = out->second_moment;
  depth_number_struct *v = out->variance;
  if (q->kind == DEPTH_BALL || m->kind == DEPTH_BALL) {
    v->kind = DEPTH_BALL;
    arb_t square;
    arb_init(square);
    depth_number_get_arb(square, m, 4096);
    arb_mul(square, square, square, 4096);
    depth_number_get_arb(v->ball, q, 4096);
    arb_sub(v->ball, v->ball, square, 4096);
    arb_clear(square);
    return;
  }
  /* (a + b sqrt 2)^2 = a^2 + 2 b^2 + 2 a b sqrt 2 */
  fmpq_t t;
  fmpq_init(t);
  v->kind = DEPTH_EXACT;
  fmpq_mul(t, m->sqrt2, m->sqrt2);
  fmpq_mul_2exp(t, t, 1);
  fmpq_addmul(t, m->rational, m->rational);
  fmpq_sub(v->rational, q->rational, t);
  fmpq_mul(t, m->rational, m->sqrt2);
  fmpq_mul_2exp(t, t, 1);
  fmpq_sub(v->sqrt2, q->sqrt2, t);
  fmpq_clear(t);
}

static void find_moments(check_depth_t out, const pairs_circuit_t *c,
                         const pauli_sum_t observable,
                         const input_t *input, size_t budget) {
  run_t mean, square;
  run_init(&mean, c, &budget);
  run_init(&square, c, &budget);
  run_start(&mean, observable, false);
  run_start(&square, observable, true);
  out->moments_known = run_forward(&mean) && run_forward(&square);
  if (out->moments_known) {
    set_last_values(&mean, input, NULL);
    set_last_values(&square, input, NULL);
    sum_table(out->mean, &mean, mean.tables + mean.length, mean.unit);
    sum_table(out->second_moment, &square, square.tables + square.length,
              square.unit);
    set_variance(out);
    out->gradients_known = run_gradients(out, &square);
  }
  run_clear(&mean);
  run_clear(&square);
}

/* Each letter that is measured is flipped with probability r. */
static void flip_letters(pauli_sum_t out, const pauli_sum_t op, const ansatz_t ansatz,
                         bool noisy) {
  fmpq_t factor, stay;
  fmpq_init(factor);
  fmpq_init(stay);
  pauli_sum_init(out, op->num_qubits);
  pauli_sum_set(out, op);
  fmpq_one(stay);
  fmpq_sub(stay, stay, ansatz->noise->readout);
  fmpq_sub(factor, stay, ansatz->noise->readout);
  for (size_t t = 0; t < op->length && noisy; t++)
    for (size_t q = 0; q < op->num_qubits; q++)
      if (pauli_get(pauli_sum_string(op, t), op->num_words, q))
        fmpq_mul(out->coeffs + t, out->coeffs + t, factor);
  pauli_sum_canonicalise(out);
  fmpq_clear(factor);
  fmpq_clear(stay);
}

bool check_depth_mean(depth_number_t mean, const ansatz_t ansatz,
                      const pauli_sum_t op, const quantum_state_struct *state,
                      bool noisy, size_t max_pairs) {
  pauli_sum_t measured;
  pairs_circuit_t c;
  input_t input;
  bool known = false;
  input_init(&input, state);
  flip_letters(measured, op, ansatz, noisy);
  if (pairs_circuit_init(&c, ansatz, noisy)) {
    run_t run;
    run_init(&run, &c, &max_pairs);
    run_start(&run, measured, false);
    known = run_forward(&run);
    if (known) {
      set_last_values(&run, &input, NULL);
      sum_table(mean, &run, run.tables + run.length, run.unit);
    }
    run_clear(&run);
  }
  pairs_circuit_clear(&c);
  pauli_sum_clear(measured);
  input_clear(&input);
  return known;
}

static void init_numbers(check_depth_t out, size_t num_parameters) {
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

bool check_depth_kernel(depth_number_t kernel, const ansatz_t ansatz,
                        const pauli_sum_t observable, const quantum_state_struct *a,
                        const quantum_state_struct *b, size_t max_pairs) {
  pairs_circuit_t c;
  check_depth_t found;
  input_t first, second;
  bool known = false;
  init_numbers(found, ansatz->num_parameters);
  input_init(&first, a);
  input_init(&second, b);
  if (pairs_circuit_init(&c, ansatz, false)) {
    run_t run;
    run_init(&run, &c, &max_pairs);
    run_start(&run, observable, true);
    if (run_forward(&run)) {
      set_last_values(&run, &first, &second);
      known = run_gradients(found, &run);
    }
    run_clear(&run);
  }
  if (known) sum_numbers(kernel, found->gradient, found->num_parameters);
  pairs_circuit_clear(&c);
  input_clear(&first);
  input_clear(&second);
  check_depth_clear(found);
  return known;
}

void check_depth_init(check_depth_t out, const ansatz_t ansatz,
                      const pauli_sum_t observable,
                      const quantum_state_struct *state, bool noisy, size_t max_pairs) {
  pauli_sum_t measured;
  pairs_circuit_t c;
  input_t input;
  init_numbers(out, ansatz->num_parameters);
  input_init(&input, state);
  flip_letters(measured, observable, ansatz, noisy);
  if (pairs_circuit_init(&c, ansatz, noisy))
    find_moments(out, &c, measured, &input, max_pairs);
  pauli_sum_clear(measured);
  pairs_circuit_clear(&c);
  input_clear(&input);
}

void check_depth_clear(check_depth_t out) {
  depth_number_clear(out->mean);
  depth_number_clear(out->second_moment);
  depth_number_clear(out->variance);
  for (size_t k = 0; k < out->num_parameters; k++)
    depth_number_clear(out->gradient + k);
  flint_free(out->gradient);
}
