#include "algebra/check/check_shared.h"

enum { MAX_TERMS = 1 << 13, MAX_DEGREE = 12, SIN_SHIFT = 32 };

/* sum of c(row) row. A row: a string (2w words, 0 when there is none), then for
   each variable one word, the power of cos and, from bit 32, that of sin. */
typedef struct {
  row_table_t rows;
  size_t alloc;
  fmpq *coeffs;
} poly_t;

typedef struct {
  const check_generators_struct *g;
  size_t parameter;
  bool in_pi;
  size_t num_variables;
  struct {
    size_t parameter;
    bool times_pi;
    fmpz_t den; /* u = theta / den */
  } *variables;
  size_t width; /* words of a row, even */
  bool too_many;
} forward_t;

/* --- polynomials ------------------------------------------------------------------- */

static void poly_init(poly_t *p, const forward_t *f) {
  *p = (poly_t){.alloc = 0};
  row_table_init(p->rows, f->width);
}

static void poly_clear(poly_t *p) {
  for (size_t i = 0; i < p->rows->length; i++) fmpq_clear(p->coeffs + i);
  flint_free(p->coeffs);
  row_table_clear(p->rows);
}

/* p += c row, sin^2 replaced by 1 - cos^2; the row is changed and put back. */
static void poly_add(poly_t *p, forward_t *f, uint64_t *row, const fmpq_t c) {
  static const uint64_t sin_squared = UINT64_C(2) << SIN_SHIFT;
  for (size_t v = f->width - f->num_variables; v < f->width; v++) {
    if (row[v] < sin_squared) continue;
    fmpq_t minus;
    fmpq_init(minus);
    fmpq_neg(minus, c);
    row[v] -= sin_squared;
    poly_add(p, f, row, c);
    row[v] += 2;
    poly_add(p, f, row, minus);
    row[v] += sin_squared - 2;
    fmpq_clear(minus);
    return;
  }
  if (p->rows->length > MAX_TERMS) {
    f->too_many = true;
    return;
  }
  size_t before = p->rows->length, at = row_table_add(p->rows, row, NULL);
  if (at >= p->alloc) {
    p->alloc = 2 * p->alloc + 16;
    p->coeffs = flint_realloc(p->coeffs, p->alloc * sizeof *p->coeffs);
  }
  if (p->rows->length > before) fmpq_init(p->coeffs + at);
  fmpq_add(p->coeffs + at, p->coeffs + at, c);
}

/* p += a b, b without strings. */
static void poly_addmul(poly_t *p, forward_t *f, const poly_t *a,
                        const poly_t *b, bool negative) {
  uint64_t *row = flint_malloc((f->width + 1) * sizeof *row);
  fmpq_t c;
  fmpq_init(c);
  for (size_t i = 0; i < a->rows->length; i++)
    for (size_t j = 0; j < b->rows->length && !f->too_many; j++) {
      memcpy(row, row_table_row(a->rows, i), f->width * sizeof *row);
      for (size_t v = f->width - f->num_variables; v < f->width; v++)
        row[v] += row_table_row(b->rows, j)[v];
      fmpq_mul(c, a->coeffs + i, b->coeffs + j);
      if (negative) fmpq_neg(c, c);
      poly_add(p, f, row, c);
    }
  fmpq_clear(c);
  flint_free(row);
}

/* --- angles ------------------------------------------------------------------------- */

static size_t variable_of(const forward_t *f, const angle_term_struct *t) {
  size_t v = 0;
  while (v < f->num_variables && (f->variables[v].parameter != t->parameter ||
                                  f->variables[v].times_pi != t->times_pi))
    v++;
  return v;
}

static void list_variables(forward_t *f, size_t first, size_t last) {
  for (size_t i = first; i < last; i++) {
    const check_gate_struct *gate = f->g->gates + i;
    if (gate->independent) continue;
    for (size_t t = 0; t < gate->angle->num_terms; t++) {
      const angle_term_struct *term = gate->angle->terms + t;
      size_t v = variable_of(f, term);
      if (v == f->num_variables) {
        f->variables = flint_realloc(f->variables,
                                     ++f->num_variables * sizeof *f->variables);
        f->variables[v].parameter = term->parameter;
        f->variables[v].times_pi = term->times_pi;
        fmpz_init_set_ui(f->variables[v].den, 1);
      }
      fmpz_lcm(f->variables[v].den, f->variables[v].den,
               fmpq_denref(term->coeff));
    }
  }
  size_t w = f->g->num_words;
  f->width = 2 * w + f->num_variables;
  f->width += f->width % 2;
}

/* (cos, sin) of phi + u from those of phi, by the addition theorem; minus: phi - u. */
static void turn_once(poly_t *cosine, poly_t *sine, forward_t *f, size_t v,
                      bool minus) {
  uint64_t *row = flint_calloc(f->width + 1, sizeof *row);
  size_t at = f->width - f->num_variables + v;
  poly_t c, s, next_c, next_s;
  fmpq_t one;
  fmpq_init(one);
  fmpq_one(one);
  poly_init(&c, f);
  poly_init(&s, f);
  poly_init(&next_c, f);
  poly_init(&next_s, f);
  row[at] = 1;
  poly_add(&c, f, row, one);
  row[at] = UINT64_C(1) << SIN_SHIFT;
  poly_add(&s, f, row, one);
  poly_addmul(&next_c, f, cosine, &c, false);
  poly_addmul(&next_c, f, sine, &s, !minus);
  poly_addmul(&next_s, f, sine, &c, false);
  poly_addmul(&next_s, f, cosine, &s, minus);
  poly_clear(cosine);
  poly_clear(sine);
  *cosine = next_c;
  *sine = next_s;
  poly_clear(&c);
  poly_clear(&s);
  fmpq_clear(one);
  flint_free(row);
}

/* Initialises cosine and sine: of the gate's angle. */
static bool set_angle(poly_t *cosine, poly_t *sine, forward_t *f,
                      const check_gate_struct *gate) {
  uint64_t *row = flint_calloc(f->width + 1, sizeof *row);
  slong degree = 0;
  fmpq_t one;
  fmpz_t turns;
  fmpq_init(one);
  fmpz_init(turns);
  fmpq_one(one);
  poly_init(cosine, f);
  poly_init(sine, f);
  poly_add(cosine, f, row, one);
  bool ok = fmpq_is_zero(gate->angle->pi_part) &&
            fmpq_is_zero(gate->angle->rad_part);
  for (size_t t = 0; t < gate->angle->num_terms && ok; t++) {
    const angle_term_struct *term = gate->angle->terms + t;
    size_t v = variable_of(f, term);
    fmpz_divexact(turns, f->variables[v].den, fmpq_denref(term->coeff));
    fmpz_mul(turns, turns, fmpq_numref(term->coeff));
    bool minus = (fmpz_sgn(turns) < 0) != gate->negative;
    fmpz_abs(turns, turns);
    ok = fmpz_cmp_ui(turns, MAX_DEGREE) <= 0;
    for (slong i = ok ? fmpz_get_si(turns) : 0; i > 0 && ok; i--) {
      turn_once(cosine, sine, f, v, minus);
      ok = ++degree <= MAX_DEGREE && !f->too_many;
    }
  }
  fmpq_clear(one);
  fmpz_clear(turns);
  flint_free(row);
  return ok;
}

/* --- forwards ------------------------------------------------------------------------- */

/* R Q R^dag = cos a Q - sin a i P Q for a Q that anticommutes with P. */
static bool pass(poly_t *carried, forward_t *f, const check_gate_struct *gate) {
  size_t w = f->g->num_words;
  poly_t out, moved, turned, cosine, sine;
  bool ok = true;
  uint64_t *row = flint_malloc((f->width + 1) * sizeof *row);
  fmpq_t c;
  fmpq_init(c);
  poly_init(&out, f);
  poly_init(&moved, f);
  poly_init(&turned, f);
  for (size_t i = 0; i < carried->rows->length; i++) {
    memcpy(row, row_table_row(carried->rows, i), f->width * sizeof *row);
    fmpq_set(c, carried->coeffs + i);
    if (fmpq_is_zero(c)) continue;
    if (!pauli_anticommute(row, gate->string, w)) {
      poly_add(&out, f, row, c);
      continue;
    }
    poly_add(&moved, f, row, c);
    /* -i P Q = -i^(e+1) [P + Q] */
    if (pauli_mul(row, gate->string, row, w) == 1) poly_add(&turned, f, row, c);
    else {
      fmpq_neg(c, c);
      poly_add(&turned, f, row, c);
    }
  }
  if (!gate->independent && moved.rows->length) {
    ok = set_angle(&cosine, &sine, f, gate);
    if (ok) {
      poly_addmul(&out, f, &moved, &cosine, false);
      poly_addmul(&out, f, &turned, &sine, false);
    }
    poly_clear(&cosine);
    poly_clear(&sine);
  }
  poly_clear(&moved);
  poly_clear(&turned);
  poly_clear(carried);
  *carried = out;
  fmpq_clear(c);
  flint_free(row);
  return ok && !f->too_many;
}

/* c *= the average of the powers in the row. */
static void average(fmpq_t c, const forward_t *f, const uint64_t *row) {
  fmpz_t choose;
  fmpz_init(choose);
  for (size_t v = f->width - f->num_variables; v < f->width; v++) {
    ulong power = row[v] & 0xffffffff;
    if (row[v] >> SIN_SHIFT || power % 2) {
      fmpq_zero(c);
      break;
    }
    fmpz_bin_uiui(choose, power, power / 2);
    fmpq_mul_fmpz(c, c, choose);
    fmpq_div_2exp(c, c, power);
  }
  fmpz_clear(choose);
}

static void append_pair(check_pairs_struct *pairs, const forward_t *f,
                        const poly_t *carried, const fmpq_t slope,
                        const uint64_t *string) {
  pauli_sum_t sum;
  fmpq_t c;
  fmpq_init(c);
  pauli_sum_init(sum, f->g->num_qubits);
  for (size_t i = 0; i < carried->rows->length; i++) {
    const uint64_t *row = row_table_row(carried->rows, i);
    fmpq_set(c, carried->coeffs + i);
    average(c, f, row);
    if (!fmpq_is_zero(c)) pauli_sum_push(sum, c, row);
  }
  pauli_sum_canonicalise(sum);
  if (!pauli_sum_is_zero(sum)) {
    pairs->list = flint_realloc(pairs->list,
                                (pairs->length + 1) * sizeof *pairs->list);
    check_pair_struct *pair = pairs->list + pairs->length++;
    pauli_sum_init(pair->at, f->g->num_qubits);
    pauli_sum_init(pair->earlier, f->g->num_qubits);
    pauli_sum_push(pair->at, slope, string);
    pauli_sum_swap(pair->earlier, sum);
  }
  pauli_sum_clear(sum);
  fmpq_clear(c);
}

/* h; false when it is 0. */
static bool slope_of(fmpq_t h, const check_gate_struct *gate,
                     size_t parameter, bool in_pi) {
  fmpq_zero(h);
  for (size_t t = 0; t < gate->angle->num_terms; t++)
    if (gate->angle->terms[t].parameter == parameter &&
        gate->angle->terms[t].times_pi == in_pi)
      fmpq_div_2exp(h, gate->angle->terms[t].coeff, 1);
  if (gate->negative) fmpq_neg(h, h);
  return !fmpq_is_zero(h);
}

static bool walk(check_pairs_struct *pairs, forward_t *f, size_t first,
                 size_t last) {
  const check_generators_struct *g = f->g;
  uint64_t *row = flint_malloc((f->width + 1) * sizeof *row);
  bool ok = true;
  poly_t carried;
  fmpq_t h;
  fmpq_init(h);
  poly_init(&carried, f);
  for (size_t i = first; i < last && ok; i++) {
    const check_gate_struct *gate = g->gates + i;
    bool mine = slope_of(h, gate, f->parameter, f->in_pi);
    if (mine) append_pair(pairs, f, &carried, h, gate->string);
    ok = pass(&carried, f, gate);
    if (!mine) continue;
    memset(row, 0, f->width * sizeof *row);
    memcpy(row, gate->string, 2 * g->num_words * sizeof *row);
    poly_add(&carried, f, row, h);
  }
  poly_clear(&carried);
  fmpq_clear(h);
  flint_free(row);
  return ok;
}

bool check_pairs_init(check_pairs_t pairs, const check_generators_t g,
                      size_t parameter, bool in_pi) {
  forward_t f = {.g = g, .parameter = parameter, .in_pi = in_pi};
  size_t first = SIZE_MAX, last = 0;
  *pairs = (check_pairs_struct){.length = 0};
  fmpq_t h;
  fmpq_init(h);
  for (size_t i = 0; i < g->num_gates; i++) {
    if (!slope_of(h, g->gates + i, parameter, in_pi)) continue;
    if (first == SIZE_MAX) first = i;
    last = i + 1;
  }
  fmpq_clear(h);
  if (first == SIZE_MAX) return true;
  list_variables(&f, first, last);
  bool ok = walk(pairs, &f, first, last);
  for (size_t v = 0; v < f.num_variables; v++) fmpz_clear(f.variables[v].den);
  flint_free(f.variables);
  if (!ok) check_pairs_clear(pairs);
  return ok;
}

void check_pairs_clear(check_pairs_t pairs) {
  for (size_t i = 0; i < pairs->length; i++) {
    pauli_sum_clear(pairs->list[i].at);
    pauli_sum_clear(pairs->list[i].earlier);
  }
  flint_free(pairs->list);
  *pairs = (check_pairs_struct){.length = 0};
}
