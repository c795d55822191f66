#include "algebra/check/check_waves.h"

/* C_e over unit 2^scale: rows without a string. error: of all together; most: at least each
   of them. */
typedef struct {
  pairs_run_t run;
  pairs_table_t sums;
  fmpz_t error, most;
} waves_t;

/* All exponents are in every row: few variables, and room for them. */
enum { MOST_VARIABLES = 256 };
static size_t rows_of_room(const pairs_circuit_t *c) { return 1 + c->num_slots / 32; }

static void waves_init(waves_t *w, const pairs_circuit_t *c, size_t *budget) {
  pairs_run_init(&w->run, c, budget);
  pairs_table_init(&w->sums, c);
  fmpz_init(w->error);
  fmpz_init(w->most);
}

static void waves_clear(waves_t *w) {
  pairs_run_clear(&w->run);
  pairs_table_clear(&w->sums);
  fmpz_clear(w->error);
  fmpz_clear(w->most);
}

static void add_up(waves_t *w) {
  const pairs_circuit_t *c = w->run.c;
  const pairs_table_t *last = w->run.tables + w->run.length;
  uint64_t *row = flint_malloc(pairs_row_width(c) * sizeof *row);
  fmpz_t length;
  fmpz_init(length);
  for (size_t i = 0; i < last->rows->length; i++) {
    memcpy(row, row_table_row(last->rows, i), pairs_row_width(c) * sizeof *row);
    memset(row, 0, 4 * c->w * sizeof *row);
    zeta_addmul(pairs_table_at(&w->sums, row), last->weights + i,
                w->run.values[w->run.length] + i);
  }
  for (size_t i = 0; i < w->sums.rows->length; i++) {
    zeta_length(length, w->sums.weights + i);
    if (fmpz_cmp(length, w->most) > 0) fmpz_set(w->most, length);
  }
  fmpz_mul(w->error, last->error, w->run.one);
  fmpz_clear(length);
  flint_free(row);
}

/* The exponents; NULL: all are 0. */
static const uint64_t *wave_of(const waves_t *w, size_t i) {
  const pairs_circuit_t *c = w->run.c;
  const uint64_t *slots = row_table_row(w->sums.rows, i) + 4 * c->w;
  for (size_t k = 0; k < c->num_slots; k++)
    if (slots[k]) return slots;
  return NULL;
}

/* out = total / (2 den) over both units; times: what errors are multiplied with. */
static void set_product(depth_number_t out, const waves_t *a, const waves_t *b,
                        const zeta_t *total, const fmpz_t den, const fmpz_t times) {
  const pairs_table_t *last = a->run.tables + a->run.length;
  fmpz_t unit, error;
  fmpz_init(unit);
  fmpz_init(error);
  pairs_set_unit(unit, &a->run, a->run.unit, last->places);
  pairs_set_unit(error, &b->run, b->run.unit, last->places);
  fmpz_mul(unit, unit, error);
  fmpz_mul(unit, unit, den);
  /* what x y is off by: |x'| b + |y'| a + a b */
  fmpz_mul(error, a->error, b->error);
  fmpz_addmul(error, a->most, b->error);
  fmpz_addmul(error, b->most, a->error);
  fmpz_mul(error, error, times);
  pairs_set_number(out, total, unit, 2 * last->scale + 1);
  pairs_add_error(out, error, unit, 2 * last->scale + 1);
  fmpz_clear(unit);
  fmpz_clear(error);
}

/* total += times x conj(y), of which the real part counts */
static void add_product(zeta_t *total, const zeta_t *x, const zeta_t *y, const fmpz_t times) {
  zeta_t conjugate, product;
  zeta_init(&conjugate);
  zeta_init(&product);
  for (int j = 0; j < 4; j++) fmpz_set(conjugate.w + j, y->w + j);
  zeta_conjugate(&conjugate);
  zeta_addmul(&product, x, &conjugate);
  zeta_add(total, &product, 0, times);
  zeta_clear(&conjugate);
  zeta_clear(&product);
}

/* E[d l d l'] of two states, or of one with itself. */
static void set_gradient(depth_number_t out, const waves_t *a, const waves_t *b,
                         const pairs_variable_t *v) {
  zeta_t total;
  fmpz_t times, most, den;
  zeta_init(&total);
  fmpz_init(times);
  fmpz_init(most);
  fmpz_init(den);
  for (size_t i = 0; i < a->sums.rows->length; i++) {
    const uint64_t *wave = wave_of(a, i);
    if (!wave || !wave[v->slot]) continue;
    size_t at = row_table_find(b->sums.rows, row_table_row(a->sums.rows, i));
    fmpz_set_si(times, (slong)wave[v->slot]);
    fmpz_mul(times, times, times);
    if (fmpz_cmp(times, most) > 0) fmpz_set(most, times);
    add_product(&total, a->sums.weights + i, b->sums.weights + at, times);
  }
  fmpz_mul(den, v->den, v->den);
  set_product(out, a, b, &total, den, most);
  if (v->times_pi && out->kind == DEPTH_BALL) {
    arb_t pi;
    arb_init(pi);
    arb_const_pi(pi, 1024);
    arb_sqr(pi, pi, 1024);
    arb_mul(out->ball, out->ball, pi, 1024);
    arb_clear(pi);
  } else if (v->times_pi) {
    out->pi_power = 2;
  }
  zeta_clear(&total);
  fmpz_clear(times);
  fmpz_clear(most);
  fmpz_clear(den);
}

/* C_0 counts by its real part: C_0 + its conjugate is twice that. */
static void set_moments(depth_number_t mean, depth_number_t second, const waves_t *w) {
  const pairs_table_t *last = w->run.tables + w->run.length;
  zeta_t total, real, own;
  fmpz_t unit, one, four;
  zeta_init(&total);
  zeta_init(&real);
  zeta_init(&own);
  fmpz_init(unit);
  fmpz_init_set_ui(one, 1);
  fmpz_init_set_ui(four, 4);
  for (size_t i = 0; i < w->sums.rows->length; i++) {
    const zeta_t *x = w->sums.weights + i;
    if (wave_of(w, i)) {
      add_product(&total, x, x, one);
      continue;
    }
    zeta_add(&own, x, 0, one);
    zeta_conjugate(&own);
    zeta_add(&own, x, 0, one);
    zeta_add(&real, x, 0, one);
  }
  /* (own / 2)^2 = own^2 / 2 / 2 */
  zeta_t half;
  zeta_init(&half);
  add_product(&half, &own, &own, one);
  for (int j = 0; j < 4; j++) fmpz_mul_ui(total.w + j, total.w + j, 2);
  zeta_add(&total, &half, 0, one);
  pairs_set_unit(unit, &w->run, w->run.unit, last->places);
  pairs_set_number(mean, &real, unit, last->scale);
  pairs_add_error(mean, w->error, unit, last->scale);
  fmpz_set_ui(one, 2);
  set_product(second, w, w, &total, one, four);
  zeta_clear(&half);
  zeta_clear(&total);
  zeta_clear(&real);
  zeta_clear(&own);
  fmpz_clear(unit);
  fmpz_clear(one);
  fmpz_clear(four);
}

static bool all_uniform(const pairs_circuit_t *c) {
  return !c->normal && !c->intervals && !c->both_scales && !(c->fixed_angles && !c->round_bits);
}

static bool find_waves(waves_t *w, const pauli_sum_t observable, const pairs_input_t *input) {
  pairs_run_start(&w->run, observable, false);
  if (!pairs_run_forward(&w->run)) return false;
  pairs_run_end(&w->run, input, NULL);
  add_up(w);
  return true;
}

static void set_gradients(depth_number_struct *gradient, const waves_t *a, const waves_t *b) {
  const pairs_circuit_t *c = a->run.c;
  for (size_t v = 0; v < c->num_variables; v++)
    if (c->variables[v].parameter != SIZE_MAX)
      set_gradient(gradient + c->variables[v].parameter, a, b, c->variables + v);
}

bool check_waves(depth_number_t mean, depth_number_t second, depth_number_struct *gradient,
                 const pairs_circuit_t *c, const pauli_sum_t observable,
                 const pairs_input_t *input, size_t budget) {
  waves_t w;
  if (!all_uniform(c) || c->num_slots > MOST_VARIABLES) return false;
  budget /= rows_of_room(c);
  waves_init(&w, c, &budget);
  bool known = find_waves(&w, observable, input);
  if (known) set_moments(mean, second, &w);
  if (known) set_gradients(gradient, &w, &w);
  waves_clear(&w);
  return known;
}

bool check_waves_kernel(depth_number_struct *gradient, const pairs_circuit_t *c,
                        const pauli_sum_t observable, const pairs_input_t *first,
                        const pairs_input_t *second, size_t budget) {
  waves_t a, b;
  if (!all_uniform(c) || c->num_slots > MOST_VARIABLES) return false;
  budget /= rows_of_room(c);
  waves_init(&a, c, &budget);
  waves_init(&b, c, &budget);
  bool known = find_waves(&a, observable, first) && find_waves(&b, observable, second);
  if (known) set_gradients(gradient, &a, &b);
  waves_clear(&a);
  waves_clear(&b);
  return known;
}
