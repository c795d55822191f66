#include "algebra/check/check_run.h"

#include <flint/fmpq_vec.h>

void pairs_run_init(pairs_run_t *r, const pairs_circuit_t *c, size_t *budget) {
  *r = (pairs_run_t){.c = c, .budget = budget};
  r->gates = flint_malloc((c->num_gates + 1) * sizeof *r->gates);
  r->tables = flint_malloc((c->num_gates + 2) * sizeof *r->tables);
  r->values = flint_calloc(c->num_gates + 2, sizeof *r->values);
  r->scales = flint_calloc(c->num_gates + 2, sizeof *r->scales);
  r->images.rows = flint_malloc((16 * pairs_row_width(c) + 1) * sizeof(uint64_t));
  r->errors = _fmpz_vec_init((slong)c->num_gates + 2);
  pairs_table_init(r->tables, c);
  fmpz_init_set_ui(r->unit, 1);
  fmpz_init_set_ui(r->one, 1);
}

void pairs_run_clear(pairs_run_t *r) {
  for (size_t s = 0; s <= r->length; s++) {
    for (size_t i = 0; r->values[s] && i < r->tables[s].rows->length; i++)
      zeta_clear(r->values[s] + i);
    flint_free(r->values[s]);
    pairs_table_clear(r->tables + s);
  }
  flint_free(r->gates);
  flint_free(r->tables);
  flint_free(r->values);
  flint_free(r->scales);
  flint_free(r->images.rows);
  _fmpz_vec_clear(r->errors, (slong)r->c->num_gates + 2);
  fmpz_clear(r->unit);
  fmpz_clear(r->one);
}

/* Pairs of terms, or terms with the identity. */
void pairs_run_start(pairs_run_t *r, const pauli_sum_t o, bool pairs) {
  size_t w = r->c->w, bytes = 2 * w * sizeof(uint64_t);
  uint64_t *row = flint_malloc(pairs_row_width(r->c) * sizeof *row);
  fmpz_t den;
  fmpq_t value;
  fmpz_init_set_ui(den, 1);
  fmpq_init(value);
  for (size_t a = 0; a < o->length; a++)
    fmpz_lcm(den, den, fmpq_denref(o->coeffs + a));
  fmpz_pow_ui(r->unit, den, pairs ? 2 : 1);
  fmpz_mul_2exp(r->unit, r->unit, r->c->round_bits);
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

/* Numbers of many bits are as many pairs as they take the room of. False when the budget
   is spent. */
static bool charge(size_t *budget, const pairs_table_t *t, ulong round_bits) {
  enum { PAIR_BITS = 512 };
  size_t cost = t->rows->length * ((t->scale + round_bits) / PAIR_BITS);
  if (cost > *budget) return false;
  *budget -= cost;
  return true;
}

bool pairs_run_forward(pairs_run_t *r) {
  bool ok = true;
  for (size_t g = r->c->num_gates; g-- > 0 && ok;) {
    if (!pairs_is_needed(r->c, g, r->tables + r->length)) continue;
    pairs_step_t s = {r->c, g, SIZE_MAX, r->budget};
    pairs_table_t *in = r->tables + r->length;
    r->gates[r->length++] = g;
    pairs_table_init(in + 1, r->c);
    ok = pairs_advance(in + 1, in, &s, &r->images);
    if (!r->c->round_bits) pairs_table_reduce(in + 1);
    ok = ok && charge(r->budget, in + 1, r->c->round_bits);
  }
  return ok;
}

void pairs_input_init(pairs_input_t *in, const quantum_state_struct *state) {
  const stabilizer_state_struct *s = quantum_state_stabilizer(state);
  in->state = state;
  in->stabilizer = s != NULL;
  if (s) stabilizer_echelon_init(in->echelon, s);
}

void pairs_input_clear(pairs_input_t *in) {
  if (in->stabilizer) stabilizer_echelon_clear(in->echelon);
}

static void input_value(fmpq_t out, const pairs_input_t *in, const uint64_t *string) {
  if (in->stabilizer)
    fmpq_set_si(out, stabilizer_echelon_expectation(in->echelon, string), 1);
  else
    quantum_state_expectation(out, in->state, string);
}

/* Tr(rho Q) Tr(rho Q') of every row of the last table; with another state, over both
   orders, and the weights over twice the unit. Whole numbers, over a larger unit. */
void pairs_run_end(pairs_run_t *r, const pairs_input_t *input, const pairs_input_t *other) {
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
  fmpz_mul_2exp(den, den, r->c->round_bits);
  for (size_t i = 0; i < length; i++) {
    zeta_init(values + i);
    fmpz_divexact(values[i].w, den, fmpq_denref(exact + i));
    fmpz_mul(values[i].w, values[i].w, fmpq_numref(exact + i));
  }
  fmpz_mul(r->unit, r->unit, den);
  fmpz_set(r->one, den);
  if (other) {
    fmpz_mul_2exp(r->unit, r->unit, 1);
    fmpz_mul_2exp(r->one, r->one, 1);
  }
  r->values[r->length] = values;
  fmpz_clear(den);
  _fmpq_vec_clear(exact, (slong)length + 2);
}

void pairs_set_number(depth_number_t out, const zeta_t *total,
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

void pairs_add_error(depth_number_t out, const fmpz_t error, const fmpz_t unit, ulong scale) {
  if (fmpz_is_zero(error)) return;
  slong prec = 192 + (slong)scale + (slong)fmpz_bits(unit);
  arb_t radius;
  arb_init(radius);
  arb_set_fmpz(radius, error);
  arb_div_fmpz(radius, radius, unit, prec);
  arb_mul_2exp_si(radius, radius, -(slong)scale);
  depth_number_get_arb(out->ball, out, prec);
  arb_add_error(out->ball, radius);
  out->kind = DEPTH_BALL;
  arb_clear(radius);
}

/* unit noise_unit^(2 places). */
void pairs_set_unit(fmpz_t out, const pairs_run_t *r, const fmpz_t unit, ulong places) {
  fmpz_t power;
  fmpz_init(power);
  fmpz_pow_ui(power, r->c->noise_unit, 2 * places);
  fmpz_mul(out, power, unit);
  fmpz_clear(power);
}

/* The rows of t with weight -e e', e' of the other side, and no tracked exponent. */
void pairs_square_exponents(pairs_table_t *out, const pairs_run_t *r, const pairs_table_t *t) {
  size_t at = pairs_tracked(r->c);
  uint64_t *row = flint_malloc(pairs_row_width(r->c) * sizeof *row);
  fmpz_t square;
  fmpz_init(square);
  fmpz_t most;
  fmpz_init(most);
  out->scale = t->scale;
  out->halves = t->halves;
  out->places = t->places;
  for (size_t i = 0; i < t->rows->length; i++) {
    memcpy(row, row_table_row(t->rows, i), pairs_row_width(r->c) * sizeof *row);
    slong e = (slong)row[at], both = (slong)row[at + 1];
    fmpz_set_si(square, e);
    fmpz_mul_si(square, square, e - both);
    if (fmpz_cmpabs(square, most) > 0) fmpz_abs(most, square);
    row[at] = row[at + 1] = 0;
    zeta_t term;
    zeta_init(&term);
    zeta_add(&term, t->weights + i, 0, square);
    if (pairs_fold(row, r->c)) zeta_conjugate(&term);
    zeta_add(pairs_table_at(out, row), &term, 0, out->one);
    zeta_clear(&term);
  }
  fmpz_mul(out->error, t->error, most);
  fmpz_clear(most);
  fmpz_clear(square);
  flint_free(row);
}

bool pairs_sum_values(zeta_t *total, const pairs_table_t *t, const pairs_table_t *of,
                      const zeta_t *values) {
  bool known = true;
  for (size_t i = 0; i < t->rows->length; i++) {
    if (zeta_is_zero(t->weights + i)) continue;
    size_t at = row_table_find(of->rows, row_table_row(t->rows, i));
    if (at == SIZE_MAX) known = false;
    else zeta_addmul(total, t->weights + i, values + at);
  }
  return known;
}

/* Values are products of expectations, one at most, times what that is counted in there. */
void pairs_sum_error(fmpz_t error, const pairs_run_t *r, const pairs_table_t *t, size_t at) {
  const pairs_table_t *of = r->tables + at, *last = r->tables + r->length;
  fmpz_t length, all;
  fmpz_init(length);
  fmpz_init(all);
  for (size_t i = 0; i < t->rows->length && !fmpz_is_zero(r->errors + at); i++) {
    zeta_length(length, t->weights + i);
    fmpz_add(all, all, length);
  }
  fmpz_mul(error, all, r->errors + at);
  if (!fmpz_is_zero(t->error)) {
    pairs_set_unit(length, r, r->one, last->places - of->places);
    fmpz_mul_2exp(length, length, last->halves - of->halves);
    fmpz_add(length, length, r->errors + at);
    fmpz_addmul(error, t->error, length);
  }
  fmpz_clear(length);
  fmpz_clear(all);
}

void pairs_table_copy(pairs_table_t *out, const pairs_run_t *r, const pairs_table_t *in) {
  pairs_table_init(out, r->c);
  out->scale = in->scale;
  out->halves = in->halves;
  out->places = in->places;
  fmpz_set(out->error, in->error);
  for (size_t i = 0; i < in->rows->length; i++)
    zeta_add(pairs_table_at(out, row_table_row(in->rows, i)), in->weights + i, 0,
               out->one);
}

/* Is the value of a row known at the end only? */
bool pairs_to_the_end(const pairs_circuit_t *c) {
  return (c->fixed_angles && !c->round_bits) || c->normal || c->intervals;
}

/* second - mean^2. */
void pairs_set_variance(depth_number_t v, const depth_number_struct *m,
                        const depth_number_struct *q) {
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

/* Each letter that is measured is flipped with probability r. */
void pairs_flip_letters(pauli_sum_t out, const pauli_sum_t op, const ansatz_t ansatz,
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
