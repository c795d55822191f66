#include "algebra/generators/shared_gates.h"

#include "algebra/base/row_table.h"

enum { MAX_TERMS = 1 << 15 };

/* theta_k, or pi theta_k, in units of 1 / den. */
typedef struct {
  size_t left; /* gates between first and last that have it, not yet passed */
  fmpz_t den;
} variable_struct;

/* sum c(S, f) e^(i f.theta) S; rows: S, then f, one word for each variable and
   two for what does not depend on theta: radians, and units of pi. */
typedef struct {
  row_table_t rows;
  size_t alloc;
  fmpq *re, *im;
} carried_struct;

typedef struct {
  const generator_set_struct *set;
  size_t parameter, num_words, first, last;
  bool in_pi; /* all its slopes are */
  size_t num_variables;
  variable_struct *variables; /* the last two: radians and pi */
  size_t *number; /* of the variable, by parameter and times_pi */
  carried_struct carried;
  int64_t *rate;  /* of the angle of a gate */
  uint64_t *row;
  size_t *work;
} walk_struct;

/* --- what is carried ------------------------------------------------------- */

static void carried_init(carried_struct *c, size_t width) {
  *c = (carried_struct){.alloc = 0};
  row_table_init(c->rows, width);
}

static void carried_clear(carried_struct *c) {
  for (size_t i = 0; i < c->rows->length; i++) {
    fmpq_clear(c->re + i);
    fmpq_clear(c->im + i);
  }
  flint_free(c->re);
  flint_free(c->im);
  row_table_clear(c->rows);
}

/* c(row) += i^turns x, x = re + i im. */
static void carried_add(carried_struct *c, const uint64_t *row, const fmpq_t re,
                        const fmpq_t im, unsigned turns) {
  bool is_new;
  size_t at = row_table_add(c->rows, row, &is_new);
  if (is_new) {
    if (at >= c->alloc) {
      c->alloc = 2 * c->alloc + 16;
      c->re = flint_realloc(c->re, c->alloc * sizeof *c->re);
      c->im = flint_realloc(c->im, c->alloc * sizeof *c->im);
    }
    fmpq_init(c->re + at);
    fmpq_init(c->im + at);
  }
  fmpq *to_re = turns & 1 ? c->im + at : c->re + at;
  fmpq *to_im = turns & 1 ? c->re + at : c->im + at;
  bool minus_re = turns & 2, minus_im = turns == 1 || turns == 2;
  if (minus_re) fmpq_sub(to_re, to_re, re);
  else fmpq_add(to_re, to_re, re);
  if (minus_im) fmpq_sub(to_im, to_im, im);
  else fmpq_add(to_im, to_im, im);
}

static bool term_is_zero(const carried_struct *c, size_t i) {
  return fmpq_is_zero(c->re + i) && fmpq_is_zero(c->im + i);
}

/* --- variables --------------------------------------------------------------- */

static size_t *variable_number(const walk_struct *walk,
                               const angle_term_struct *term) {
  return walk->number + 2 * term->parameter + term->times_pi;
}

static void add_variable(walk_struct *walk) {
  walk->variables = flint_realloc(
      walk->variables, (walk->num_variables + 1) * sizeof *walk->variables);
  variable_struct *v = walk->variables + walk->num_variables++;
  v->left = 0;
  fmpz_init_set_ui(v->den, 1);
}

/* Those of the gates strictly between the first and the last one. */
static void set_variables(walk_struct *walk) {
  size_t count = 2 * walk->set->num_parameters;
  walk->number = flint_malloc((count + 1) * sizeof *walk->number);
  for (size_t i = 0; i < count; i++) walk->number[i] = SIZE_MAX;
  for (size_t g = walk->first + 1; g < walk->last; g++) {
    if (walk->set->gates[g].independent) continue;
    const angle_struct *a = walk->set->gates[g].angle;
    for (size_t t = 0; t < a->num_terms; t++) {
      const angle_term_struct *term = a->terms + t;
      size_t *number = variable_number(walk, term);
      if (*number == SIZE_MAX) {
        *number = walk->num_variables;
        add_variable(walk);
      }
      variable_struct *v = walk->variables + *number;
      v->left++;
      fmpz_lcm(v->den, v->den, fmpq_denref(term->coeff));
    }
  }
  add_variable(walk);
  add_variable(walk);
  variable_struct *rad = walk->variables + walk->num_variables - 2;
  for (size_t g = walk->first + 1; g < walk->last; g++) {
    if (walk->set->gates[g].independent) continue;
    const angle_struct *a = walk->set->gates[g].angle;
    fmpz_lcm(rad->den, rad->den, fmpq_denref(a->rad_part));
    fmpz_lcm(rad[1].den, rad[1].den, fmpq_denref(a->pi_part));
  }
}

static bool scaled(int64_t *out, const fmpq_t coeff, const fmpz_t den,
                   bool negative) {
  fmpz_t x;
  fmpz_init(x);
  fmpz_divexact(x, den, fmpq_denref(coeff));
  fmpz_mul(x, x, fmpq_numref(coeff));
  bool fits = fmpz_bits(x) <= 40;
  if (fits) *out += negative ? -fmpz_get_si(x) : fmpz_get_si(x);
  fmpz_clear(x);
  return fits;
}

/* walk->rate = the angle of gate g, which is passed now. */
static bool set_rate(walk_struct *walk, size_t g) {
  const generator_gate_struct *gate = walk->set->gates + g;
  const variable_struct *rad = walk->variables + walk->num_variables - 2;
  bool fits = true;
  memset(walk->rate, 0, walk->num_variables * sizeof *walk->rate);
  for (size_t t = 0; t < gate->angle->num_terms; t++) {
    const angle_term_struct *term = gate->angle->terms + t;
    size_t v = *variable_number(walk, term);
    walk->variables[v].left--;
    fits = scaled(walk->rate + v, term->coeff, walk->variables[v].den,
                  gate->negative) && fits;
  }
  size_t at = walk->num_variables - 2;
  return scaled(walk->rate + at, gate->angle->rad_part, rad->den,
                gate->negative) &&
         scaled(walk->rate + at + 1, gate->angle->pi_part, rad[1].den,
                gate->negative) && fits;
}

/* --- the walk ------------------------------------------------------------------ */

static void shift_row(uint64_t *row, const walk_struct *walk, bool backwards) {
  uint64_t *f = row + 2 * walk->num_words;
  for (size_t v = 0; v < walk->num_variables; v++)
    f[v] += backwards ? -(uint64_t)walk->rate[v] : (uint64_t)walk->rate[v];
}

/* Frequency 0 in every variable that no gate to come has? */
static bool may_survive(const walk_struct *walk, const uint64_t *row) {
  const uint64_t *f = row + 2 * walk->num_words;
  for (size_t v = 0; v + 2 < walk->num_variables; v++)
    if (!walk->variables[v].left && f[v]) return false;
  return true;
}

static void push_term(carried_struct *out, walk_struct *walk, const fmpq_t re,
                      const fmpq_t im, unsigned turns) {
  if (may_survive(walk, walk->row)) carried_add(out, walk->row, re, im, turns);
}

/* cos a Q + sin a i P Q, a the angle of the gate. */
static void rotate_term(carried_struct *out, walk_struct *walk, size_t i,
                        const uint64_t *p) {
  const carried_struct *c = &walk->carried;
  size_t w = walk->num_words, bytes = c->rows->width * sizeof(uint64_t);
  fmpq_t re, im;
  fmpq_init(re);
  fmpq_init(im);
  fmpq_div_2exp(re, c->re + i, 1);
  fmpq_div_2exp(im, c->im + i, 1);
  for (unsigned backwards = 0; backwards < 2; backwards++) {
    memcpy(walk->row, row_table_row(c->rows, i), bytes);
    shift_row(walk->row, walk, backwards);
    push_term(out, walk, re, im, 0);
    /* sin a = (e^(ia) - e^(-ia)) / 2i, and P Q = i^e [P + Q] */
    unsigned e = pauli_mul(walk->row, p, walk->row, w);
    push_term(out, walk, re, im, (e + (backwards ? 2 : 0)) % 4);
  }
  fmpq_clear(re);
  fmpq_clear(im);
}

static reason_code_t pass_gate(walk_struct *walk, size_t g) {
  const generator_gate_struct *gate = walk->set->gates + g;
  carried_struct *c = &walk->carried, out;
  if (!gate->independent && !set_rate(walk, g)) return REASON_SHARED_GATES_TOO_LONG;
  size_t cost = c->rows->length * (1 + walk->num_variables / 8) + 1;
  if (*walk->work < cost || c->rows->length > MAX_TERMS) return REASON_SHARED_GATES_TOO_LONG;
  *walk->work -= cost;
  carried_init(&out, c->rows->width);
  for (size_t i = 0; i < c->rows->length; i++) {
    const uint64_t *row = row_table_row(c->rows, i);
    if (term_is_zero(c, i)) continue;
    if (pauli_anticommute(row, gate->string, walk->num_words)) {
      if (!gate->independent) rotate_term(&out, walk, i, gate->string);
      continue;
    }
    memcpy(walk->row, row, c->rows->width * sizeof *row);
    push_term(&out, walk, c->re + i, c->im + i, 0);
  }
  carried_clear(c);
  *c = out;
  return REASON_NONE;
}

/* e^(i f.theta) without theta: i^turns, or neither that nor 0. */
static bool is_quarter(unsigned *turns, const walk_struct *walk,
                       const uint64_t *f) {
  const variable_struct *pi = walk->variables + walk->num_variables - 1;
  fmpz_t x;
  fmpz_init_set_si(x, (int64_t)f[walk->num_variables - 1]);
  fmpz_mul_2exp(x, x, 1);
  bool yes = !f[walk->num_variables - 2] && fmpz_divisible(x, pi->den);
  if (yes) fmpz_divexact(x, x, pi->den);
  *turns = (unsigned)fmpz_fdiv_ui(x, 4);
  fmpz_clear(x);
  return yes;
}

/* Adds the average of what is carried, times the coefficient, to the gate. */
static void record(shared_gate_struct *to, const walk_struct *walk,
                   const fmpq_t coeff) {
  const carried_struct *c = &walk->carried;
  fmpq_t x, one;
  fmpq_init(x);
  fmpq_init(one);
  fmpq_one(one);
  for (size_t i = 0; i < c->rows->length; i++) {
    const uint64_t *row = row_table_row(c->rows, i);
    const uint64_t *f = row + 2 * walk->num_words;
    bool average = !term_is_zero(c, i);
    for (size_t v = 0; v + 2 < walk->num_variables && average; v++)
      average = !f[v];
    if (!average) continue;
    unsigned turns;
    if (!is_quarter(&turns, walk, f)) {
      pauli_sum_push(to->unknown, one, row);
      continue;
    }
    /* the real part; the imaginary parts of f and -f cancel */
    fmpq_mul(x, turns & 1 ? c->im + i : c->re + i, coeff);
    if (turns == 1 || turns == 2) fmpq_neg(x, x);
    pauli_sum_push(to->later, x, row);
  }
  pauli_sum_canonicalise(to->later);
  pauli_sum_canonicalise(to->unknown);
  fmpq_clear(x);
  fmpq_clear(one);
}

/* h = half the slope of the gate's angle in theta_k; false when it is 0. */
static bool half_slope(fmpq_t h, const generator_gate_struct *gate,
                       size_t parameter, bool in_pi) {
  fmpq_zero(h);
  for (size_t t = 0; t < gate->angle->num_terms; t++) {
    const angle_term_struct *term = gate->angle->terms + t;
    if (term->parameter == parameter && term->times_pi == in_pi)
      fmpq_div_2exp(h, term->coeff, 1);
  }
  if (gate->negative) fmpq_neg(h, h);
  return !fmpq_is_zero(h);
}

static shared_gate_struct *find_gate(shared_gates_struct *shared,
                                     row_table_t strings, const uint64_t *string,
                                     size_t num_qubits) {
  bool is_new;
  size_t at = row_table_add(strings, string, &is_new);
  if (!is_new) return shared->gates + at;
  shared->gates = flint_realloc(shared->gates, (at + 1) * sizeof *shared->gates);
  shared->num_gates = at + 1;
  shared_gate_struct *gate = shared->gates + at;
  fmpq_t one;
  fmpq_init(one);
  fmpq_one(one);
  pauli_sum_init(gate->first, num_qubits);
  pauli_sum_init(gate->later, num_qubits);
  pauli_sum_init(gate->unknown, num_qubits);
  pauli_sum_push(gate->first, one, string);
  fmpq_clear(one);
  return gate;
}

static reason_code_t walk_back(shared_gates_struct *shared, walk_struct *walk) {
  const generator_set_struct *set = walk->set;
  size_t bytes = 2 * walk->num_words * sizeof(uint64_t);
  reason_code_t reason = REASON_NONE;
  row_table_t strings;
  fmpq_t h, zero;
  fmpq_init(h);
  fmpq_init(zero);
  row_table_init(strings, 2 * walk->num_words);
  for (size_t g = walk->last + 1; g-- > walk->first && !reason;) {
    const generator_gate_struct *gate = set->gates + g;
    bool mine = half_slope(h, gate, walk->parameter, walk->in_pi);
    if (mine)
      record(find_gate(shared, strings, gate->string, set->num_qubits), walk, h);
    if (g < walk->last && g > walk->first) reason = pass_gate(walk, g);
    if (!mine) continue;
    memset(walk->row, 0, walk->carried.rows->width * sizeof *walk->row);
    memcpy(walk->row, gate->string, bytes);
    carried_add(&walk->carried, walk->row, h, zero, 0);
  }
  row_table_clear(strings);
  fmpq_clear(h);
  fmpq_clear(zero);
  return reason;
}

static void walk_clear(walk_struct *walk) {
  for (size_t v = 0; v < walk->num_variables; v++)
    fmpz_clear(walk->variables[v].den);
  flint_free(walk->variables);
  flint_free(walk->number);
  carried_clear(&walk->carried);
  flint_free(walk->rate);
  flint_free(walk->row);
}

reason_code_t shared_gates_init(shared_gates_t shared, const generator_set_t set,
                                size_t parameter, size_t *work) {
  walk_struct walk = {.set = set, .parameter = parameter, .work = work,
                      .num_words = pauli_words(set->num_qubits),
                      .first = SIZE_MAX};
  *shared = (shared_gates_struct){.num_gates = 0};
  fmpq_t h;
  fmpq_init(h);
  bool *in_pi = flint_malloc((2 * set->num_parameters + 1) * sizeof *in_pi);
  generator_set_units(in_pi, in_pi + set->num_parameters, set);
  walk.in_pi = in_pi[parameter];
  flint_free(in_pi);
  for (size_t g = 0; g < set->num_gates; g++) {
    if (!half_slope(h, set->gates + g, parameter, walk.in_pi)) continue;
    walk.first = walk.first == SIZE_MAX ? g : walk.first;
    walk.last = g;
  }
  fmpq_clear(h);
  if (walk.first == SIZE_MAX) return REASON_NONE;
  set_variables(&walk);
  size_t width = 2 * walk.num_words + walk.num_variables;
  walk.rate = flint_calloc(walk.num_variables + 1, sizeof *walk.rate);
  walk.row = flint_malloc(width * sizeof *walk.row);
  carried_init(&walk.carried, width);
  reason_code_t reason = walk_back(shared, &walk);
  walk_clear(&walk);
  if (reason) shared_gates_clear(shared);
  return reason;
}

void shared_gates_clear(shared_gates_t shared) {
  for (size_t i = 0; i < shared->num_gates; i++) {
    pauli_sum_clear(shared->gates[i].first);
    pauli_sum_clear(shared->gates[i].later);
    pauli_sum_clear(shared->gates[i].unknown);
  }
  flint_free(shared->gates);
}
