#include "algebra/sums/sum_jordan.h"

#include "algebra/sums/sum_module.h"

enum { MAX_PAIRS = 3000000, MAX_TERMS = 100000 };

typedef struct {
  const sum_landscapes_struct *sums;
  const pauli_sum_struct *observable;
  const sum_module_struct *module;
  const sum_input_struct *input;
  const quantum_state_struct *state;
  size_t n;
} frame_t;

static bool give(landscape_struct *l, answer_t answer, reason_code_t reason) {
  l->wishart_reason = reason_of(reason);
  l->wishart_applies = answer;
  return false;
}

/* --- operators -------------------------------------------------------------- */

bool sum_jordan_product(pauli_sum_t out, const pauli_sum_t a,
                        const pauli_sum_t b, size_t max_pairs) {
  size_t w = a->num_words;
  if (b->length && a->length > max_pairs / b->length) return false;
  pauli_sum_t sum;
  fmpq_t c;
  uint64_t *string = flint_malloc((2 * w + 1) * sizeof *string);
  pauli_sum_init(sum, a->num_qubits);
  fmpq_init(c);
  for (size_t i = 0; i < a->length; i++)
    for (size_t j = 0; j < b->length; j++) {
      unsigned e = pauli_mul(string, pauli_sum_string(a, i),
                             pauli_sum_string(b, j), w);
      if (e & 1) continue; /* they anticommute */
      fmpq_mul(c, a->coeffs + i, b->coeffs + j);
      if (e == 2) fmpq_neg(c, c);
      pauli_sum_push(sum, c, string);
    }
  pauli_sum_canonicalise(sum);
  pauli_sum_swap(out, sum);
  pauli_sum_clear(sum);
  fmpq_clear(c);
  flint_free(string);
  return true;
}

void sum_inner(fmpq_t out, const pauli_sum_t a, const pauli_sum_t b) {
  size_t w = a->num_words;
  fmpq_zero(out);
  for (size_t i = 0, j = 0; i < a->length && j < b->length;) {
    int c = pauli_cmp(pauli_sum_string(a, i), pauli_sum_string(b, j), w);
    if (c == 0) fmpq_addmul(out, a->coeffs + i, b->coeffs + j);
    if (c <= 0) i++;
    if (c >= 0) j++;
  }
}

bool sum_jordan_traceless(pauli_sum_t x, fmpq_t mean, const pauli_sum_t e,
                          const pauli_sum_t a) {
  fmpq_t trace;
  if (!sum_jordan_product(x, e, a, MAX_PAIRS)) return false;
  fmpq_init(trace);
  sum_inner(mean, e, a);
  sum_inner(trace, e, e); /* Tr e / 2^n */
  fmpq_div(mean, mean, trace);
  fmpq_neg(mean, mean);
  pauli_sum_addmul(x, x, mean, e);
  fmpq_neg(mean, mean);
  fmpq_clear(trace);
  return true;
}

void sum_jordan_expectation(fmpq_t out, const quantum_state_struct *state,
                            const pauli_sum_struct *a) {
  const stabilizer_state_struct *stabilizer = quantum_state_stabilizer(state);
  stabilizer_echelon_t echelon;
  fmpq_t value;
  if (stabilizer) stabilizer_echelon_init(echelon, stabilizer);
  fmpq_init(value);
  fmpq_zero(out);
  for (size_t t = 0; t < a->length; t++) {
    if (stabilizer)
      fmpq_set_si(value, stabilizer_echelon_expectation(
                             echelon, pauli_sum_string(a, t)), 1);
    else quantum_state_expectation(value, state, pauli_sum_string(a, t));
    fmpq_addmul(out, value, a->coeffs + t);
  }
  fmpq_clear(value);
  if (stabilizer) stabilizer_echelon_clear(echelon);
}

/* --- one sector --------------------------------------------------------------- */

/* Tr x^k / m for k = 1..most, x = e (O - mean): O commutes with e. */
static bool set_powers(fmpq *power, size_t most, const frame_t *f,
                       const pauli_sum_t x, const fmpq_t mean,
                       const sector_struct *sector) {
  size_t have = 1;
  fmpz_t scale;
  fmpq_t minus;
  bool ok = true;
  pauli_sum_struct *b = flint_malloc((most + 2) * sizeof *b); /* x^j at j */
  fmpz_init_set_ui(scale, 1);
  fmpz_mul_2exp(scale, scale, f->n);
  fmpq_init(minus);
  fmpq_neg(minus, mean);
  fmpq_zero(power + 1);
  pauli_sum_init(b + 1, f->n);
  pauli_sum_set(b + 1, x);
  for (size_t k = 2; k <= most && ok; k++) {
    size_t half = (k + 1) / 2;
    for (; have < half && ok; have++) {
      pauli_sum_init(b + have + 1, f->n);
      ok = sum_jordan_product(b + have + 1, f->observable, b + have, MAX_PAIRS);
      if (ok)
        pauli_sum_addmul(b + have + 1, b + have + 1, minus, b + have);
    }
    if (!ok) break;
    sum_inner(power + k, b + half, b + k - half);
    fmpq_mul_fmpz(power + k, power + k, scale);
    fmpq_div_fmpz(power + k, power + k, sector->multiplicity);
  }
  for (size_t j = 1; j <= have; j++) pauli_sum_clear(b + j);
  flint_free(b);
  fmpz_clear(scale);
  fmpq_clear(minus);
  return ok;
}

/* The projection of W on its part in the sector, an endomorphism that carries O to
   x; t = its image of s, and *square = <t, t>. False when there is none. */
static bool project_state(fmpq_mat_t t, fmpq_t square, const frame_t *f,
                          const pauli_sum_t x) {
  const sum_module_struct *m = f->module;
  slong dim = (slong)m->module.dim, num = (slong)m->phi.num;
  fmpq_mat_t wanted, c, y;
  fmpq_mat_init(wanted, 1, dim);
  fmpq_mat_init(c, 1, num);
  fmpq_mat_init(y, 1, dim);
  module_coordinates(wanted, &m->module, &m->span, x);
  fmpq_mat_zero(t);
  fmpq_zero(square);
  for (slong a = 0; a < num; a++) {
    fmpq *ca = fmpq_mat_entry(c, 0, a);
    fmpq_set(ca, fmpq_mat_entry(wanted, 0, (slong)m->endo.pivots[a]));
    if (fmpq_is_zero(ca)) continue;
    fmpq_addmul(square, ca, fmpq_mat_entry(f->input->seen, 0, a));
    endo_basis_apply(y, f->input->s, &m->phi, (size_t)a);
    for (slong k = 0; k < dim; k++)
      fmpq_addmul(fmpq_mat_entry(t, 0, k), ca, fmpq_mat_entry(y, 0, k));
  }
  fmpq_mat_mul(y, c, m->endo.w);
  bool ok = fmpq_mat_equal(y, wanted);
  fmpq_mat_clear(wanted);
  fmpq_mat_clear(c);
  fmpq_mat_clear(y);
  return ok;
}

/* Tr t^3 / 2^n. */
static bool set_cube(fmpq_t out, const frame_t *f, const fmpq_mat_t t) {
  pauli_sum_t whole, square;
  pauli_sum_init(whole, f->n);
  pauli_sum_init(square, f->n);
  bool ok = module_operator(whole, t, &f->module->span, MAX_TERMS) ==
                STATUS_OK &&
            sum_jordan_product(square, whole, whole, MAX_PAIRS);
  if (ok) sum_inner(out, square, whole);
  pauli_sum_clear(whole);
  pauli_sum_clear(square);
  return ok;
}

/* Rank of the reduced state; 0: it is not flat, or that takes too long. weight: its
   trace. It is weight / d + (m / 2^n) t on C^d. */
static void set_rank(fmpz_t rank, const frame_t *f, const pauli_sum_t x,
                     const sector_struct *sector, const fmpq_t weight) {
  fmpq_mat_t t;
  fmpq_t p2, p3, c;
  fmpq_mat_init(t, 1, (slong)f->module->module.dim);
  fmpq_init(p2);
  fmpq_init(p3);
  fmpq_init(c);
  fmpz_zero(rank);
  if (project_state(t, p2, f, x)) {
    fmpq_mul_fmpz(p2, p2, sector->multiplicity);
    fmpq_div_2exp(p2, p2, f->n);
    bool flat = fmpq_is_zero(p2); /* a multiple of 1 */
    fmpq_mul(p3, p2, weight);
    fmpq_mul_ui(p3, p3, 3);
    fmpq_div_fmpz(p3, p3, sector->dimension);
    fmpq_mul(c, weight, weight);
    fmpq_div_fmpz(c, c, sector->dimension);
    fmpq_add(p2, p2, c);
    fmpq_mul(c, c, weight);
    fmpq_div_fmpz(c, c, sector->dimension);
    fmpq_add(p3, p3, c);
    fmpq_mul(c, weight, weight);
    fmpq_div(c, c, p2); /* the rank, if it is flat */
    flat = flat || fmpq_is_one(c);
    fmpq_t cube;
    fmpq_init(cube);
    if (!flat && fmpz_is_one(fmpq_denref(c)) && set_cube(cube, f, t)) {
      fmpq_mul_fmpz(cube, cube, sector->multiplicity);
      fmpq_mul_fmpz(cube, cube, sector->multiplicity);
      fmpq_div_2exp(cube, cube, 2 * f->n);
      fmpq_add(p3, p3, cube);
      fmpq_mul(p3, p3, weight);
      fmpq_mul(p2, p2, p2);
      flat = fmpq_equal(p2, p3);
    }
    fmpq_clear(cube);
    if (flat) fmpz_set(rank, fmpq_numref(c));
  }
  fmpq_mat_clear(t);
  fmpq_clear(p2);
  fmpq_clear(p3);
  fmpq_clear(c);
}

static bool append(landscape_struct *l, size_t entry,
                   const sector_struct *sector, const laws_block_t law) {
  if (laws_loss_append(l->loss, law) != STATUS_OK) return false;
  l->blocks =
      flint_realloc(l->blocks, (l->num_blocks + 1) * sizeof *l->blocks);
  wishart_block_struct *b = l->blocks + l->num_blocks++;
  b->component = 0;
  b->sector = entry;
  fmpz_init_set(b->index, sector->multiplicity);
  laws_block_init(b->law);
  laws_block_set(b->law, law);
  return true;
}

/* O is x + mean on this populated sector. Outside of the algebra nothing is decided
   here: another observable may have the same loss (sum_effective.h). */
static bool add_block(landscape_struct *l, const frame_t *f,
                      const sum_projector_struct *p, const pauli_sum_t x,
                      const fmpq_t mean, const fmpq_t weight) {
  const sector_struct *sector =
      f->sums->algebra->structure->sectors + p->entry;
  if (p->degree > 1)
    return give(l, ANSWER_UNDECIDED, REASON_SECTORS_CONJUGATE);
  if (sector->field != FIELD_COMPLEX)
    return give(l, ANSWER_UNDECIDED, REASON_SECTOR_NOT_COMPLEX);
  if (closure_contains(f->sums->algebra->closure, x) != ANSWER_YES)
    return give(l, ANSWER_UNDECIDED, REASON_EFFECTIVE_OBSERVABLE_UNKNOWN);
  size_t d = fmpz_get_ui(sector->dimension);
  fmpq *power = flint_malloc((d + 5) * sizeof *power);
  for (size_t k = 0; k < d + 5; k++) fmpq_init(power + k);
  laws_block_t law;
  laws_block_init(law);
  law->beta = 2;
  bool ok = set_powers(power, d < 4 ? 4 : d, f, x, mean, sector);
  ok = ok && sum_spectrum(law, power, d);
  if (!ok) give(l, ANSWER_UNDECIDED, REASON_SECTOR_OPERATORS_TOO_LONG);
  if (ok) {
    fmpq_set(law->weight, weight);
    set_rank(law->rank, f, x, sector, weight);
    ok = fmpz_sgn(law->rank) > 0;
    if (!ok)
      give(l, ANSWER_UNDECIDED, REASON_REDUCED_STATE_UNKNOWN);
    else if (!append(l, p->entry, sector, law)) flint_abort();
  }
  laws_block_clear(law);
  for (size_t k = 0; k < d + 5; k++) fmpq_clear(power + k);
  flint_free(power);
  return ok;
}

/* O less its parts on the sectors. */
static bool set_between(pauli_sum_t rest, const frame_t *f) {
  const sum_projectors_struct *all = f->sums->algebra->projectors;
  pauli_sum_t x;
  fmpq_t minus;
  bool ok = true;
  pauli_sum_init(x, f->n);
  fmpq_init(minus);
  fmpq_set_si(minus, -1, 1);
  pauli_sum_set(rest, f->observable);
  for (size_t i = 0; i < all->length && ok; i++) {
    ok = sum_jordan_product(x, all->list[i].projector, f->observable, MAX_PAIRS);
    if (ok) pauli_sum_addmul(rest, rest, minus, x);
  }
  pauli_sum_clear(x);
  fmpq_clear(minus);
  return ok;
}

static bool add_blocks(landscape_struct *l, const frame_t *f) {
  const sum_projectors_struct *all = f->sums->algebra->projectors;
  pauli_sum_t x;
  fmpq_t mean, weight;
  pauli_sum_init(x, f->n);
  fmpq_init(mean);
  fmpq_init(weight);
  bool ok = set_between(x, f) ||
            give(l, ANSWER_UNDECIDED, REASON_PROJECTORS_TOO_LONG);
  if (ok && !pauli_sum_is_zero(x))
    ok = give(l, ANSWER_UNDECIDED, REASON_EFFECTIVE_OBSERVABLE_UNKNOWN);
  for (size_t i = 0; i < all->length && ok; i++) {
    const sum_projector_struct *p = all->list + i;
    ok = sum_jordan_traceless(x, mean, p->projector, f->observable) ||
         give(l, ANSWER_UNDECIDED, REASON_PROJECTORS_TOO_LONG);
    if (!ok) break;
    sum_jordan_expectation(weight, f->state, p->projector);
    if (pauli_sum_is_zero(x) || fmpq_is_zero(weight)) continue;
    ok = add_block(l, f, p, x, mean, weight);
  }
  pauli_sum_clear(x);
  fmpq_clear(mean);
  fmpq_clear(weight);
  return ok;
}

/* --- all ---------------------------------------------------------------------------- */

reason_code_t sum_jordan_obstacle(const sum_algebra_struct *g) {
  if (!g->structure->proved || !g->structure->sectors_known)
    return REASON_SECTORS_UNKNOWN;
  if (!g->projectors->saturated)
    return REASON_ALGEBRA_NOT_FULL_ON_SECTORS;
  if (!g->projectors->length) return REASON_PROJECTORS_TOO_LONG;
  return REASON_NONE;
}

void sum_jordan_analyse(landscape_struct *l, const sum_landscapes_struct *sums,
                        const pauli_sum_struct *observable,
                        const sum_moments_struct *moments,
                        const sum_input_struct *input,
                        const quantum_state_struct *state) {
  const sum_module_struct *m = moments->module;
  if (moments->dimension <= (size_t)fmpq_mat_nrows(m->fixed)) {
    give(l, ANSWER_NO, REASON_OBSERVABLE_IS_CONSERVED);
    return;
  }
  reason_code_t reason = sum_jordan_obstacle(sums->algebra);
  if (reason) {
    give(l, ANSWER_UNDECIDED, reason);
    return;
  }
  frame_t f = {.sums = sums, .observable = observable, .module = m,
               .input = input, .state = state, .n = sums->set->num_qubits};
  if (!add_blocks(l, &f)) landscape_drop_blocks(l);
  else if (l->num_blocks)
    give(l, ANSWER_YES, REASON_OBSERVABLE_IN_JORDAN_ALGEBRA);
  else
    give(l, ANSWER_NO, REASON_OBSERVABLE_IS_A_NUMBER);
}
