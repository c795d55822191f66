#include "algebra/check/check_depth.h"

#include <stdlib.h>

/* --- weights: sum of w_j zeta^j, zeta^4 = -1 ------------------------------------------------ */

typedef struct {
  fmpz w[4];
} weight_t;

static void weight_init(weight_t *x) {
  for (int j = 0; j < 4; j++) fmpz_init(x->w + j);
}

static void weight_clear(weight_t *x) {
  for (int j = 0; j < 4; j++) fmpz_clear(x->w + j);
}

/* x += factor zeta^turn y */
static void weight_add(weight_t *x, const weight_t *y, int turn,
                       const fmpz_t factor) {
  for (int j = 0; j < 4; j++) {
    int to = ((j + turn) % 8 + 8) % 8;
    if (to < 4) fmpz_addmul(x->w + to, y->w + j, factor);
    else fmpz_submul(x->w + (to - 4), y->w + j, factor);
  }
}

/* x += y z */
static void weight_addmul(weight_t *x, const weight_t *y, const weight_t *z) {
  for (int j = 0; j < 4; j++)
    if (!fmpz_is_zero(z->w + j)) weight_add(x, y, j, z->w + j);
}

static void weight_conjugate(weight_t *x) {
  fmpz_swap(x->w + 1, x->w + 3);
  for (int j = 1; j < 4; j++) fmpz_neg(x->w + j, x->w + j);
}

/* --- the gates --------------------------------------------------------------------------------- */

/* u = zeta^turn prod_v z_v^(powers of the gate). */
typedef struct {
  const uint64_t *string;
  int turn;
  size_t num_terms;
  size_t *variables;
  slong *powers;
} gate_t;

typedef struct {
  size_t parameter; /* SIZE_MAX: the number 1, of fixed angles */
  bool times_pi;
  fmpz_t den;         /* z = exp(i theta / den), or exp(i pi theta / den) */
  size_t first, last; /* gates, in the order of the circuit */
  size_t slot;        /* of its exponent; SIZE_MAX: one gate only */
} variable_t;

typedef struct {
  size_t w, num_gates, num_variables, num_slots;
  gate_t *gates;
  variable_t *variables;
  bool fixed_angles, both_scales, too_fine;
} circuit_t;

static size_t find_variable(circuit_t *c, size_t parameter, bool times_pi) {
  for (size_t v = 0; v < c->num_variables; v++) {
    variable_t *x = c->variables + v;
    if (x->parameter != parameter) continue;
    if (x->times_pi == times_pi) return v;
    if (parameter != SIZE_MAX) c->both_scales = true;
  }
  if (!(c->num_variables & (c->num_variables - 1)))
    c->variables = flint_realloc(
        c->variables, (2 * c->num_variables + 1) * sizeof *c->variables);
  variable_t *x = c->variables + c->num_variables;
  *x = (variable_t){.parameter = parameter, .times_pi = times_pi,
                    .first = SIZE_MAX, .slot = SIZE_MAX};
  fmpz_init_set_ui(x->den, 1);
  return c->num_variables++;
}

static void use_variable(circuit_t *c, size_t v, size_t gate,
                         const fmpq_t coeff) {
  variable_t *x = c->variables + v;
  if (x->first == SIZE_MAX) x->first = gate;
  else if (x->slot == SIZE_MAX && x->last != gate) x->slot = c->num_slots++;
  if (x->parameter == SIZE_MAX && x->slot == SIZE_MAX)
    x->slot = c->num_slots++; /* never averaged */
  x->last = gate;
  fmpz_lcm(x->den, x->den, fmpq_denref(coeff));
}

/* Is the constant part a multiple of pi/4? Then *turn it is. */
static bool eighth_turns(int *turn, const angle_struct *angle) {
  fmpq_t t;
  fmpq_init(t);
  fmpq_mul_2exp(t, angle->pi_part, 2);
  bool ok = fmpq_is_zero(angle->rad_part) && fmpz_is_one(fmpq_denref(t));
  *turn = ok ? (int)fmpz_fdiv_ui(fmpq_numref(t), 8) : 0;
  fmpq_clear(t);
  return ok;
}

/* Calls use for every term of every angle: those of parameters and, unless the
   constant part is a multiple of pi/4, its two parts. */
typedef void use_t(circuit_t *c, size_t v, size_t gate, const fmpq_t coeff);
static void for_all_terms(circuit_t *c, const ansatz_t ansatz, use_t use) {
  int turn;
  for (size_t i = 0; i < ansatz->num_rotations; i++) {
    const angle_struct *a = ansatz->rotations[i].angle;
    for (size_t t = 0; t < a->num_terms; t++)
      use(c, find_variable(c, a->terms[t].parameter, a->terms[t].times_pi), i,
          a->terms[t].coeff);
    if (eighth_turns(&turn, a)) continue;
    c->fixed_angles = true;
    if (!fmpq_is_zero(a->pi_part))
      use(c, find_variable(c, SIZE_MAX, true), i, a->pi_part);
    if (!fmpq_is_zero(a->rad_part))
      use(c, find_variable(c, SIZE_MAX, false), i, a->rad_part);
  }
}

/* The exponent coeff den, which must be small. */
static void add_power(circuit_t *c, size_t v, size_t gate,
                      const fmpq_t coeff) {
  gate_t *g = c->gates + gate;
  fmpz_t power;
  fmpz_init(power);
  fmpz_divexact(power, c->variables[v].den, fmpq_denref(coeff));
  fmpz_mul(power, power, fmpq_numref(coeff));
  if (fmpz_bits(power) > 30) {
    c->too_fine = true;
    fmpz_zero(power);
  }
  g->variables[g->num_terms] = v;
  g->powers[g->num_terms++] = fmpz_get_si(power);
  fmpz_clear(power);
}

/* First the variables, then the powers, which need their denominators. */
static void read_gates(circuit_t *c, const ansatz_t ansatz) {
  for_all_terms(c, ansatz, use_variable);
  for (size_t i = 0; i < c->num_gates; i++) {
    const angle_struct *a = ansatz->rotations[i].angle;
    gate_t *g = c->gates + i;
    g->string = ansatz->rotations[i].string;
    g->variables = flint_malloc((a->num_terms + 2) * sizeof *g->variables);
    g->powers = flint_malloc((a->num_terms + 2) * sizeof *g->powers);
    eighth_turns(&g->turn, a);
  }
  for_all_terms(c, ansatz, add_power);
}

static bool circuit_init(circuit_t *c, const ansatz_t ansatz) {
  *c = (circuit_t){.w = pauli_words(ansatz->num_qubits),
                   .num_gates = ansatz->num_rotations};
  c->gates = flint_calloc(c->num_gates + 1, sizeof *c->gates);
  read_gates(c, ansatz);
  return !c->too_fine;
}

static void circuit_clear(circuit_t *c) {
  for (size_t i = 0; i < c->num_gates; i++) {
    flint_free(c->gates[i].variables);
    flint_free(c->gates[i].powers);
  }
  for (size_t v = 0; v < c->num_variables; v++)
    fmpz_clear(c->variables[v].den);
  flint_free(c->gates);
  flint_free(c->variables);
}

/* --- tables of pairs --------------------------------------------------------------------------------- */

/* A row: Q, Q', one word for each exponent e + e', one for e of the parameter
   that is tracked. The weights are over 2^scale. */
typedef struct {
  string_list_t rows;
  size_t alloc;
  weight_t *weights;
  ulong scale;
  fmpz_t one;
} table_t;

static size_t row_width(const circuit_t *c) {
  return (4 * c->w + c->num_slots + 2) / 2 * 2;
}

static void table_init(table_t *t, const circuit_t *c) {
  *t = (table_t){.scale = 0};
  fmpz_init_set_ui(t->one, 1);
  string_list_init(t->rows, row_width(c) / 2);
}

static void table_clear(table_t *t) {
  for (size_t i = 0; i < t->rows->length; i++) weight_clear(t->weights + i);
  flint_free(t->weights);
  fmpz_clear(t->one);
  string_list_clear(t->rows);
}

static weight_t *table_at(table_t *t, const uint64_t *row) {
  size_t length = t->rows->length, i = string_list_add(t->rows, row);
  if (i < length) return t->weights + i;
  if (i >= t->alloc) {
    t->alloc = 2 * i + 8;
    t->weights = flint_realloc(t->weights, t->alloc * sizeof *t->weights);
  }
  weight_init(t->weights + i);
  return t->weights + i;
}

/* Exchanging Q and Q' changes no weight, and the weights at opposite
   exponents are conjugate, as the loss is real: only the real part of sums
   counts. Brings row to the representative; true when its weight is to be
   conjugated. */
static bool fold(uint64_t *row, const circuit_t *c) {
  uint64_t *other = row + 2 * c->w, *slots = row + 4 * c->w;
  if (memcmp(row, other, 2 * c->w * sizeof *row) > 0)
    for (size_t i = 0; i < 2 * c->w; i++) {
      uint64_t t = row[i];
      row[i] = other[i];
      other[i] = t;
    }
  size_t i = 0;
  while (i < c->num_slots && !slots[i]) i++;
  if (i == c->num_slots || (int64_t)slots[i] > 0) return false;
  for (; i < c->num_slots; i++) slots[i] = 0 - slots[i];
  return true;
}

/* --- one gate -------------------------------------------------------------------------------------------- */

/* One way a string can go: itself or i G Q, times u, 1/u or neither, times
   zeta^turn and, if there are several ways, 1/2. */
typedef struct {
  bool turned;
  int sign; /* of the powers of u */
  int turn;
} way_t;

/* minus: i G Q is minus the string. Returns how many. */
static size_t list_ways(way_t *ways, const gate_t *g, bool commutes,
                        bool minus) {
  int turn = g->turn, flip = minus ? 4 : 0;
  ways[0] = (way_t){false, 0, 0};
  if (commutes) return 1;
  if (!g->num_terms && turn % 2 == 0) { /* a Clifford gate */
    ways[0] = turn % 4 ? (way_t){true, 0, turn - 2 + flip}
                       : (way_t){false, 0, turn};
    return 1;
  }
  ways[0] = (way_t){false, 1, turn};
  ways[1] = (way_t){false, -1, -turn};
  ways[2] = (way_t){true, 1, turn - 2 + flip};  /* u / i */
  ways[3] = (way_t){true, -1, 2 - turn + flip}; /* - 1 / (u i) */
  return 4;
}

typedef struct {
  const circuit_t *c;
  size_t gate;
  size_t tracked; /* a variable, or SIZE_MAX */
  size_t *budget;
} step_t;

/* Exponents of row after both sides went their ways; false when a parameter
   that is done does not average out. */
static bool add_powers(uint64_t *row, const step_t *s, int a, int b) {
  const gate_t *g = s->c->gates + s->gate;
  uint64_t *slots = row + 4 * s->c->w;
  for (size_t t = 0; t < g->num_terms; t++) {
    const variable_t *v = s->c->variables + g->variables[t];
    slong power = (a + b) * g->powers[t];
    if (g->variables[t] == s->tracked)
      slots[s->c->num_slots] += (uint64_t)(a * g->powers[t]);
    if (v->slot != SIZE_MAX)
      power = (slong)(slots[v->slot] += (uint64_t)power);
    if (v->parameter != SIZE_MAX && v->first == s->gate && power) return false;
  }
  return true;
}

/* What a row becomes: rows, powers of zeta, and one factor 1/2 for each side
   but `missing` of them. */
typedef struct {
  size_t length;
  ulong missing;
  int turns[16];
  uint64_t *rows; /* 16 of them */
} images_t;

/* False when the budget is spent. */
static bool expand(images_t *out, const step_t *s, const uint64_t *row) {
  const gate_t *g = s->c->gates + s->gate;
  size_t w = s->c->w, width = row_width(s->c), count[2];
  way_t ways[2][4];
  bool commutes[2];
  for (size_t side = 0; side < 2; side++) {
    const uint64_t *q = row + side * 2 * w;
    uint64_t *scratch = out->rows; /* only the phase is wanted */
    commutes[side] = !pauli_anticommute(q, g->string, w);
    unsigned e = commutes[side] ? 3 : pauli_mul(scratch, g->string, q, w);
    count[side] = list_ways(ways[side], g, commutes[side], (e + 1) & 2);
  }
  if (*s->budget < count[0] * count[1]) return false;
  *s->budget -= count[0] * count[1];
  out->length = 0;
  out->missing = (ulong)(count[0] == 1) + (ulong)(count[1] == 1);
  for (size_t i = 0; i < count[0]; i++)
    for (size_t j = 0; j < count[1]; j++) {
      const way_t *a = ways[0] + i, *b = ways[1] + j;
      uint64_t *next = out->rows + out->length * width;
      memcpy(next, row, width * sizeof *next);
      if (a->turned) pauli_xor(next, next, g->string, w);
      if (b->turned) pauli_xor(next + 2 * w, next + 2 * w, g->string, w);
      if (!add_powers(next, s, a->sign, b->sign)) continue;
      out->turns[out->length++] = a->turn + b->turn;
    }
  return true;
}

/* out = in after the gate. Rows with a tracked exponent are not folded. */
static bool advance(table_t *out, const table_t *in, const step_t *s,
                    images_t *images) {
  fmpz_t factor;
  weight_t term;
  bool ok = true;
  fmpz_init(factor);
  weight_init(&term);
  out->scale = in->scale + 2;
  for (size_t i = 0; i < in->rows->length && ok; i++) {
    ok = expand(images, s, string_list_row(in->rows, i));
    if (!ok) break;
    fmpz_set_ui(factor, UWORD(1) << images->missing);
    for (size_t j = 0; j < images->length; j++) {
      uint64_t *row = images->rows + j * row_width(s->c);
      if (s->tracked == SIZE_MAX && fold(row, s->c)) {
        weight_clear(&term);
        weight_init(&term);
        weight_add(&term, in->weights + i, images->turns[j], factor);
        weight_conjugate(&term);
        weight_add(table_at(out, row), &term, 0, out->one);
      } else {
        weight_add(table_at(out, row), in->weights + i, images->turns[j],
                   factor);
      }
    }
  }
  fmpz_clear(factor);
  weight_clear(&term);
  return ok;
}

/* x += factor zeta^turn (value of the row, which is folded). */
static void add_value(weight_t *x, const circuit_t *c, const table_t *t,
                      const weight_t *values, uint64_t *row, int turn,
                      const fmpz_t factor) {
  bool conjugate = fold(row, c);
  const weight_t *value = values + string_list_find(t->rows, row);
  if (!conjugate) {
    weight_add(x, value, turn, factor);
    return;
  }
  weight_t term;
  weight_init(&term);
  weight_add(&term, value, 0, t->one);
  weight_conjugate(&term);
  weight_add(x, &term, turn, factor);
  weight_clear(&term);
}

/* values (one for each row of before) from those after the gate. */
static void go_back(weight_t *values, const table_t *before,
                    const table_t *after, const weight_t *values_after,
                    const step_t *s, images_t *images) {
  fmpz_t factor;
  fmpz_init(factor);
  for (size_t i = 0; i < before->rows->length; i++) {
    size_t endless = SIZE_MAX;
    step_t free_step = {s->c, s->gate, SIZE_MAX, &endless};
    expand(images, &free_step, string_list_row(before->rows, i));
    fmpz_set_ui(factor, UWORD(1) << images->missing);
    for (size_t j = 0; j < images->length; j++)
      add_value(values + i, s->c, after, values_after,
                images->rows + j * row_width(s->c), images->turns[j], factor);
  }
  fmpz_clear(factor);
}

/* Does the gate do anything to the rows? */
static bool is_needed(const circuit_t *c, size_t gate, const table_t *t) {
  const gate_t *g = c->gates + gate;
  for (size_t k = 0; k < g->num_terms; k++)
    if (c->variables[g->variables[k]].slot != SIZE_MAX &&
        c->variables[g->variables[k]].first == gate)
      return true;
  for (size_t i = 0; i < t->rows->length; i++) {
    const uint64_t *row = string_list_row(t->rows, i);
    if (pauli_anticommute(row, g->string, c->w) ||
        pauli_anticommute(row + 2 * c->w, g->string, c->w))
      return true;
  }
  return false;
}

/* --- a run through the circuit ----------------------------------------------------------------------------- */

typedef struct {
  const circuit_t *c;
  size_t length;  /* steps; tables 0 .. length */
  size_t *gates;  /* of step s, from tables[s] to tables[s + 1] */
  table_t *tables;
  weight_t **values; /* per table; filled by run_backwards */
  images_t images;
  size_t *budget;
  fmpz_t unit; /* initial weights are over this */
} run_t;

static void run_init(run_t *r, const circuit_t *c, size_t *budget) {
  *r = (run_t){.c = c, .budget = budget};
  r->gates = flint_malloc((c->num_gates + 1) * sizeof *r->gates);
  r->tables = flint_malloc((c->num_gates + 2) * sizeof *r->tables);
  r->values = flint_calloc(c->num_gates + 2, sizeof *r->values);
  r->images.rows = flint_malloc((16 * row_width(c) + 1) * sizeof(uint64_t));
  table_init(r->tables, c);
  fmpz_init_set_ui(r->unit, 1);
}

static void run_clear(run_t *r) {
  for (size_t s = 0; s <= r->length; s++) {
    for (size_t i = 0; r->values[s] && i < r->tables[s].rows->length; i++)
      weight_clear(r->values[s] + i);
    flint_free(r->values[s]);
    table_clear(r->tables + s);
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
  uint64_t *row = flint_malloc(row_width(r->c) * sizeof *row);
  fmpz_t den;
  fmpq_t value;
  fmpz_init_set_ui(den, 1);
  fmpq_init(value);
  for (size_t a = 0; a < o->length; a++)
    fmpz_lcm(den, den, fmpq_denref(o->coeffs + a));
  fmpz_pow_ui(r->unit, den, pairs ? 2 : 1);
  for (size_t a = 0; a < o->length; a++)
    for (size_t b = 0; b < (pairs ? o->length : 1); b++) {
      memset(row, 0, row_width(r->c) * sizeof *row);
      memcpy(row, pauli_sum_string(o, a), bytes);
      fmpq_set(value, o->coeffs + a);
      if (pairs) {
        memcpy(row + 2 * w, pauli_sum_string(o, b), bytes);
        fmpq_mul(value, value, o->coeffs + b);
      }
      fmpq_mul_fmpz(value, value, r->unit);
      fold(row, r->c);
      fmpz *weight = table_at(r->tables, row)->w;
      fmpz_add(weight, weight, fmpq_numref(value));
    }
  fmpz_clear(den);
  fmpq_clear(value);
  flint_free(row);
}

static bool run_forward(run_t *r) {
  bool ok = true;
  for (size_t g = r->c->num_gates; g-- > 0 && ok;) {
    if (!is_needed(r->c, g, r->tables + r->length)) continue;
    step_t s = {r->c, g, SIZE_MAX, r->budget};
    table_t *in = r->tables + r->length;
    r->gates[r->length++] = g;
    table_init(in + 1, r->c);
    ok = advance(in + 1, in, &s, &r->images);
  }
  return ok;
}

/* Tr(rho Q) Tr(rho Q') of every row of the last table. */
static void set_last_values(run_t *r, const stabilizer_echelon_t echelon) {
  const table_t *last = r->tables + r->length;
  weight_t *values =
      flint_malloc((last->rows->length + 1) * sizeof *values);
  for (size_t i = 0; i < last->rows->length; i++) {
    const uint64_t *row = string_list_row(last->rows, i);
    int value = stabilizer_echelon_expectation(echelon, row);
    if (value)
      value *= stabilizer_echelon_expectation(echelon, row + 2 * r->c->w);
    weight_init(values + i);
    fmpz_set_si(values[i].w, value);
  }
  r->values[r->length] = values;
}

static void run_backwards(run_t *r) {
  for (size_t s = r->length; s-- > 0;) {
    size_t length = r->tables[s].rows->length;
    step_t step = {r->c, r->gates[s], SIZE_MAX, NULL};
    r->values[s] = flint_malloc((length + 1) * sizeof **r->values);
    for (size_t i = 0; i < length; i++) weight_init(r->values[s] + i);
    go_back(r->values[s], r->tables + s, r->tables + s + 1, r->values[s + 1],
            &step, &r->images);
  }
}

/* Real part of total / (unit 2^scale): w_0 + (w_1 - w_3)/sqrt 2. */
static void set_number(depth_number_t out, const weight_t *total,
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
static const fmpz *last_value(const run_t *r, const table_t *t, size_t i) {
  size_t at = string_list_find(r->tables[r->length].rows,
                               string_list_row(t->rows, i));
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
    const variable_t *x = r->c->variables + v;
    if (x->parameter != SIZE_MAX) continue;
    fmpz_set_si(fmpq_numref(step), (slong)slots[x->slot]);
    fmpz_set(fmpq_denref(step), x->den);
    fmpq_canonicalise(step);
    fmpq_set(x->times_pi ? angle->pi_part : angle->rad_part, step);
  }
  bool exact = eighth_turns(turn, angle);
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

/* sum over rows of Re(weight exp(i leftover)) value / (unit 2^scale): exact,
   unless an angle is left over. */
static void sum_table(depth_number_t out, const run_t *r, const table_t *t,
                      const fmpz_t unit) {
  slong prec = 192 + (slong)t->scale;
  weight_t total;
  arb_t sum, angle, turn, term;
  bool exact = true;
  weight_init(&total);
  arb_init(sum);
  arb_init(angle);
  arb_init(turn);
  arb_init(term);
  for (size_t i = 0; i < t->rows->length; i++) {
    const fmpz *value = last_value(r, t, i);
    if (fmpz_is_zero(value)) continue;
    int eighths;
    if (leftover_angle(&eighths, angle, r, string_list_row(t->rows, i), prec)) {
      weight_add(&total, t->weights + i, eighths, value);
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
  weight_clear(&total);
  arb_clear(sum);
  arb_clear(angle);
  arb_clear(turn);
  arb_clear(term);
}

/* --- derivatives ---------------------------------------------------------------------------------------------- */

/* total += e^2 weight value over the rows of t, whose tracked exponent is e,
   values those of the table of the run. */
static void sum_squares(weight_t *total, const run_t *r, const table_t *t,
                        size_t table) {
  size_t at = 4 * r->c->w + r->c->num_slots;
  uint64_t *row = flint_malloc(row_width(r->c) * sizeof *row);
  fmpz_t square;
  fmpz_init(square);
  for (size_t i = 0; i < t->rows->length; i++) {
    weight_t value;
    memcpy(row, string_list_row(t->rows, i), row_width(r->c) * sizeof *row);
    fmpz_set_si(square, (slong)row[at]);
    fmpz_mul(square, square, square);
    row[at] = 0;
    weight_init(&value);
    add_value(&value, r->c, r->tables + table, r->values[table], row, 0,
              square);
    weight_addmul(total, t->weights + i, &value);
    weight_clear(&value);
  }
  fmpz_clear(square);
  flint_free(row);
}

/* The rows of t with weight e^2 and no tracked exponent. */
static void square_exponents(table_t *out, const run_t *r, const table_t *t) {
  size_t at = 4 * r->c->w + r->c->num_slots;
  uint64_t *row = flint_malloc(row_width(r->c) * sizeof *row);
  fmpz_t square;
  fmpz_init(square);
  out->scale = t->scale;
  for (size_t i = 0; i < t->rows->length; i++) {
    memcpy(row, string_list_row(t->rows, i), row_width(r->c) * sizeof *row);
    fmpz_set_si(square, (slong)row[at]);
    fmpz_mul(square, square, square);
    row[at] = 0;
    weight_t term;
    weight_init(&term);
    weight_add(&term, t->weights + i, 0, square);
    if (fold(row, r->c)) weight_conjugate(&term);
    weight_add(table_at(out, row), &term, 0, out->one);
    weight_clear(&term);
  }
  fmpz_clear(square);
  flint_free(row);
}

/* Steps first .. last - 1 of the run, from the table given, which is
   replaced. */
static bool go_on(table_t *now, run_t *r, size_t first, size_t last,
                  size_t tracked) {
  bool ok = true;
  for (size_t t = first; t < last && ok; t++) {
    table_t next;
    step_t step = {r->c, r->gates[t], tracked, r->budget};
    table_init(&next, r->c);
    ok = advance(&next, now, &step, &r->images);
    table_clear(now);
    *now = next;
  }
  return ok;
}

static void table_copy(table_t *out, const run_t *r, const table_t *in) {
  table_init(out, r->c);
  out->scale = in->scale;
  for (size_t i = 0; i < in->rows->length; i++)
    weight_add(table_at(out, string_list_row(in->rows, i)), in->weights + i, 0,
               out->one);
}

/* E[(dl/dtheta)^2], z_v = exp(i theta / den), out of the run; false when the
   budget is spent. The value of a row is known at every step, unless fixed
   angles are left over: then one goes on to the end. */
static bool variable_gradient(depth_number_t out, run_t *r, size_t v) {
  const variable_t *x = r->c->variables + v;
  size_t s = 0, end = 0;
  fmpz_t unit;
  bool ok = true;
  while (s < r->length && r->gates[s] > x->last) s++;
  for (size_t t = 0; t < r->length; t++)
    if (r->gates[t] >= x->first) end = t + 1;
  if (s >= end) return true; /* no gate of it meets a string */
  table_t now, squared;
  weight_t total;
  fmpz_init(unit);
  weight_init(&total);
  table_copy(&now, r, r->tables + s);
  table_init(&squared, r->c);
  fmpz_mul(unit, x->den, x->den);
  fmpz_mul(unit, unit, r->unit);
  ok = go_on(&now, r, s, end, v);
  if (ok && r->c->fixed_angles) {
    square_exponents(&squared, r, &now);
    ok = go_on(&squared, r, end, r->length, SIZE_MAX);
    if (ok) sum_table(out, r, &squared, unit);
  } else if (ok) {
    sum_squares(&total, r, &now, end);
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
  weight_clear(&total);
  table_clear(&now);
  table_clear(&squared);
  fmpz_clear(unit);
  return ok;
}

static bool run_gradients(check_depth_t out, run_t *r) {
  bool ok = !r->c->both_scales;
  if (ok && !r->c->fixed_angles) run_backwards(r);
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

static void find_moments(check_depth_t out, const circuit_t *c,
                         const pauli_sum_t observable,
                         const stabilizer_echelon_t echelon, size_t budget) {
  run_t mean, square;
  run_init(&mean, c, &budget);
  run_init(&square, c, &budget);
  run_start(&mean, observable, false);
  run_start(&square, observable, true);
  out->moments_known = run_forward(&mean) && run_forward(&square);
  if (out->moments_known) {
    set_last_values(&mean, echelon);
    set_last_values(&square, echelon);
    sum_table(out->mean, &mean, mean.tables + mean.length, mean.unit);
    sum_table(out->second_moment, &square, square.tables + square.length,
              square.unit);
    set_variance(out);
    out->gradients_known = run_gradients(out, &square);
  }
  run_clear(&mean);
  run_clear(&square);
}

bool check_depth_mean(depth_number_t mean, const ansatz_t ansatz,
                      const pauli_sum_t op, const stabilizer_state_t state,
                      size_t max_pairs) {
  circuit_t c;
  stabilizer_echelon_t echelon;
  bool known = false;
  stabilizer_echelon_init(echelon, state);
  if (circuit_init(&c, ansatz)) {
    run_t run;
    run_init(&run, &c, &max_pairs);
    run_start(&run, op, false);
    known = run_forward(&run);
    if (known) {
      set_last_values(&run, echelon);
      sum_table(mean, &run, run.tables + run.length, run.unit);
    }
    run_clear(&run);
  }
  circuit_clear(&c);
  stabilizer_echelon_clear(echelon);
  return known;
}

void check_depth_init(check_depth_t out, const ansatz_t ansatz,
                      const pauli_sum_t observable,
                      const stabilizer_state_t state, size_t max_pairs) {
  circuit_t c;
  stabilizer_echelon_t echelon;
  *out = (check_depth_struct){.num_parameters = ansatz->num_parameters};
  depth_number_init(out->mean);
  depth_number_init(out->second_moment);
  depth_number_init(out->variance);
  out->gradient =
      flint_malloc((out->num_parameters + 1) * sizeof *out->gradient);
  for (size_t k = 0; k < out->num_parameters; k++)
    depth_number_init(out->gradient + k);
  stabilizer_echelon_init(echelon, state);
  if (circuit_init(&c, ansatz))
    find_moments(out, &c, observable, echelon, max_pairs);
  circuit_clear(&c);
  stabilizer_echelon_clear(echelon);
}

void check_depth_clear(check_depth_t out) {
  depth_number_clear(out->mean);
  depth_number_clear(out->second_moment);
  depth_number_clear(out->variance);
  for (size_t k = 0; k < out->num_parameters; k++)
    depth_number_clear(out->gradient + k);
  flint_free(out->gradient);
}
