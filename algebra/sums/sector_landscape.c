#include "algebra/sums/sector_landscape.h"

#include <stdlib.h>

#include "algebra/sectors/sector_powers.h"
#include "algebra/sums/sum_jordan.h"

enum { MAX_LEVELS = 4096, MAX_SPECTRUM = 80 };

void sector_landscapes_init(sector_landscapes_struct *l, const sectors_struct *s,
                            const equivariant_struct *e,
                            const generator_set_struct *set,
                            const structure_struct *structure,
                            const closure_limits_t *limits) {
  *l = (sector_landscapes_struct){
      .set = set, .structure = structure, .sectors = s, .equivariant = e,
      .limits = limits};
}

/* --- Wishart blocks ---------------------------------------------------------------- */

typedef struct {
  const sector_landscapes_struct *sums;
  const sector_moments_struct *moments;
  const pauli_sum_struct *observable;
} frame_t;

static bool give(landscape_struct *l, answer_t answer, reason_code_t reason) {
  l->wishart_reason = reason_of(reason);
  l->wishart_applies = answer;
  return false;
}

/* Of structure->sectors; SIZE_MAX when several kinds fit. */
static size_t find_entry(const structure_struct *s, const sector_group_struct *g) {
  size_t at = SIZE_MAX;
  for (size_t k = 0; k < s->num_sectors; k++) {
    if (!fmpz_equal_ui(s->sectors[k].dimension, g->dimension) ||
        !fmpz_equal_ui(s->sectors[k].multiplicity, g->full))
      continue;
    if (at != SIZE_MAX && s->sectors[k].field != s->sectors[at].field)
      return SIZE_MAX;
    if (at == SIZE_MAX) at = k;
  }
  return at;
}

/* Rank of the reduced state; 0: it is not flat, or not known to be. */
static void set_rank(fmpz_t rank, const sector_group_struct *g, bool cubes) {
  fmpq_t a, b;
  fmpq_init(a);
  fmpq_init(b);
  fmpz_zero(rank);
  fmpq_mul(a, g->weight, g->weight);
  fmpq_div(a, a, g->square); /* the rank, if it is flat */
  bool flat = fmpq_is_one(a) ||
              (fmpz_is_one(fmpq_denref(a)) &&
               fmpz_equal_ui(fmpq_numref(a), g->dimension));
  if (!flat && cubes && fmpz_is_one(fmpq_denref(a))) {
    fmpq_mul(b, g->weight, g->cube);
    fmpq_submul(b, g->square, g->square);
    flat = fmpq_is_zero(b);
  }
  if (flat) fmpz_set(rank, fmpq_numref(a));
  fmpq_clear(a);
  fmpq_clear(b);
}

/* Of x - mean, x with the levels. */
static bool set_levels(laws_block_t law, const frame_t *f,
                       const sector_group_struct *g, const fmpq_t mean) {
  slong length = 0;
  fmpq *levels = _fmpq_vec_init(MAX_LEVELS);
  fmpz *counts = _fmpz_vec_init(MAX_LEVELS);
  bool ok = sector_levels(levels, counts, &length, MAX_LEVELS,
                          f->moments->commutant, g, f->observable);
  for (slong i = 0; i < length && ok; i++)
    fmpq_sub(levels + i, levels + i, mean);
  ok = ok && laws_block_set_spectrum(law, levels, counts, length) == STATUS_OK;
  _fmpq_vec_clear(levels, MAX_LEVELS);
  _fmpz_vec_clear(counts, MAX_LEVELS);
  return ok;
}

/* power := power sums of the eigenvalues less c; power[0] is their number. */
static void centre(fmpq *power, size_t most, const fmpq_t c) {
  fmpq_t t, minus;
  fmpz_t binomial;
  fmpq_init(t);
  fmpq_init(minus);
  fmpz_init(binomial);
  fmpq_neg(minus, c);
  for (size_t j = most; j > 0; j--) /* sum_i C(j, i) (-c)^(j - i) p_i */
    for (size_t i = 0; i < j; i++) {
      fmpq_pow_si(t, minus, (slong)(j - i));
      fmpz_bin_uiui(binomial, j, i);
      fmpq_mul_fmpz(t, t, binomial);
      fmpq_addmul(power + j, t, power + i);
    }
  fmpq_clear(t);
  fmpq_clear(minus);
  fmpz_clear(binomial);
}

static bool get_powers(fmpq *power, size_t most, const frame_t *f,
                       const sector_group_struct *g) {
  for (size_t j = 0; j <= most && g->num_powers > most; j++)
    fmpq_set(power + j, g->power + j);
  if (g->num_powers) return g->num_powers > most;
  return sector_powers(power, most, f->moments->commutant, g, f->observable);
}

static bool set_powers(laws_block_t law, const frame_t *f,
                       const sector_group_struct *g, const fmpq_t mean) {
  size_t d = g->dimension, most = d < 4 ? 4 : d;
  bool listed = d <= MAX_SPECTRUM;
  fmpq *power = _fmpq_vec_init((slong)(most < 5 ? 5 : most) + 1);
  bool ok = listed && get_powers(power, most, f, g);
  if (!ok) {
    listed = false;
    most = 4;
    ok = get_powers(power, most, f, g);
  }
  fmpq_set_si(power, (slong)d, 1);
  if (ok) centre(power, most, mean);
  if (ok && listed) {
    ok = sum_spectrum(law, power, d);
  } else if (ok) {
    fmpz_t n;
    fmpz_init_set_ui(n, d);
    for (size_t j = 1; j <= 4; j++) fmpq_div_fmpz(power + j, power + j, n);
    ok = laws_block_set_moments(law, n, power + 1, power + 2, power + 3,
                                power + 4) == STATUS_OK;
    fmpz_clear(n);
  }
  _fmpq_vec_clear(power, (slong)(most < 5 ? 5 : most) + 1);
  return ok;
}

static bool append(landscape_struct *l, size_t entry,
                   const sector_group_struct *g, const laws_block_t law) {
  if (laws_loss_append(l->loss, law) != STATUS_OK) return false;
  l->blocks = flint_realloc(l->blocks, (l->num_blocks + 1) * sizeof *l->blocks);
  wishart_block_struct *b = l->blocks + l->num_blocks++;
  b->component = 0;
  b->sector = entry;
  fmpz_init_set_ui(b->index, g->full);
  laws_block_init(b->law);
  laws_block_set(b->law, law);
  return true;
}

static bool add_block(landscape_struct *l, const frame_t *f,
                      const sector_group_struct *g, const fmpq_t mean) {
  size_t entry = find_entry(f->sums->structure, g);
  if (g->count > 1)
    return give(l, ANSWER_UNDECIDED,
                REASON_SECTORS_CONJUGATE);
  if (entry == SIZE_MAX)
    return give(l, ANSWER_UNDECIDED,
                REASON_SECTOR_KINDS_ALIKE);
  laws_block_t law;
  laws_block_init(law);
  law->beta = 2;
  bool ok = (!g->num_powers && set_levels(law, f, g, mean)) ||
            set_powers(law, f, g, mean);
  if (!ok)
    give(l, ANSWER_UNDECIDED, REASON_SECTOR_OPERATORS_TOO_LONG);
  if (ok) {
    fmpq_set(law->weight, g->weight);
    set_rank(law->rank, g, f->moments->cubes);
    ok = fmpz_sgn(law->rank) > 0;
    if (!ok)
      give(l, ANSWER_UNDECIDED,
           REASON_REDUCED_STATE_UNKNOWN);
    else if (!append(l, entry, g, law)) flint_abort();
  }
  laws_block_clear(law);
  return ok;
}

static bool add_blocks(landscape_struct *l, const frame_t *f) {
  fmpq_t mean, t;
  bool ok = true;
  fmpq_init(mean);
  fmpq_init(t);
  if (!f->moments->block_diagonal)
    ok = give(l, ANSWER_UNDECIDED, REASON_EFFECTIVE_OBSERVABLE_UNKNOWN);
  for (size_t i = 0; i < f->moments->num_groups && ok; i++) {
    const sector_group_struct *g = f->moments->groups + i;
    if (fmpq_is_zero(g->weight)) continue;
    if (!g->tensor) {
      ok = give(l, ANSWER_UNDECIDED, REASON_EFFECTIVE_OBSERVABLE_UNKNOWN);
      break;
    }
    /* A number iff d Tr X^2 = (Tr X)^2; for conjugate sectors the sums of squares
       say so when d sum Tr X_k^2 = sum (Tr X_k)^2, which is not known: then the
       variance there says whether the loss sees them. */
    fmpz_t d;
    fmpz_init_set_ui(d, g->dimension);
    fmpq_div_fmpz(mean, g->trace, d);
    fmpq_mul(t, mean, g->trace);
    bool number = g->count == 1 ? fmpq_equal(t, g->trace2) : g->dimension == 1;
    fmpz_clear(d);
    if (number) continue;
    ok = add_block(l, f, g, mean);
  }
  fmpq_clear(mean);
  fmpq_clear(t);
  return ok;
}

static void set_wishart(landscape_struct *l, const frame_t *f) {
  const generator_set_struct *set = f->sums->set;
  bool moves = false;
  for (size_t j = 0; j < set->num_generators && !moves; j++)
    moves = !pauli_sum_commute(f->observable, set->generators + j);
  if (!moves)
    give(l, ANSWER_NO, REASON_OBSERVABLE_IS_CONSERVED);
  else if (fmpq_is_zero(l->variance))
    give(l, ANSWER_NO, REASON_OBSERVABLE_IS_A_NUMBER);
  else if (!add_blocks(l, f)) landscape_drop_blocks(l);
  else if (l->num_blocks)
    give(l, ANSWER_YES, REASON_OBSERVABLE_IN_JORDAN_ALGEBRA);
  else
    give(l, ANSWER_NO, REASON_OBSERVABLE_IS_A_NUMBER);
}

/* --- landscapes ------------------------------------------------------------------------ */

static reason_code_t get_moments(sector_moments_struct *m,
                                 const sector_landscapes_struct *sums,
                                 size_t observable, size_t a, size_t b,
                                 bool gradients) {
  const generator_set_struct *set = sums->set;
  const pauli_sum_struct *o = set->observables + observable;
  const quantum_state_struct *rho = set->inputs[a].state, *other = set->inputs[b].state;
  size_t count = gradients ? set->num_generators : 0;
  if (sums->equivariant)
    return equivariant_moments_init(m, sums->equivariant, sums->limits, o, rho, other,
                                    set->generators, count);
  return sector_moments_init(m, sums->sectors, sums->limits, o, rho, other,
                             set->generators, count);
}

/* From generators to parameters. */
static reason_code_t set_gradient(landscape_struct *l,
                                const generator_set_struct *set,
                                const fmpq *own) {
  fmpq_t square;
  reason_code_t reason = REASON_NONE;
  fmpq_init(square);
  for (size_t u = 0; u < set->num_uses && !reason; u++) {
    const generator_use_struct *use = set->uses + u;
    if (use->parameter == GENERATOR_FIXED) continue;
    if (u && set->uses[u - 1].parameter == use->parameter)
      reason = REASON_SHARED_GATES_MODULE_TOO_LARGE;
    if (use->times_pi && !fmpq_is_zero(own + use->generator))
      reason = REASON_PARAMETER_IN_UNITS_OF_PI;
    fmpq_mul(square, use->scale, use->scale);
    fmpq_mul(l->gradient_variance + use->parameter, own + use->generator, square);
  }
  fmpq_clear(square);
  return reason;
}

void landscape_init_sectors(landscape_t l, const sector_landscapes_struct *sums,
                            size_t observable, size_t state) {
  const generator_set_struct *set = sums->set;
  const quantum_state_struct *rho = set->inputs[state].state;
  sector_moments_struct m;
  if (!rho || !set->observable_known[observable]) {
    landscape_init_unknown(l, set->num_parameters, observable, state,
                           REASON_FIXED_GATES_NOT_MOVED);
    return;
  }
  landscape_init_empty(l, set->num_parameters, observable, state);
  landscape_set_errors(l, set);
  reason_code_t reason = get_moments(&m, sums, observable, state, state, true);
  if (reason) {
    l->reason = reason;
    l->wishart_reason = reason_of(REASON_MOMENTS_UNKNOWN);
    return;
  }
  l->mean_known = l->variance_known = true;
  fmpq_set(l->mean, m.mean);
  fmpq_set(l->variance, m.covariance);
  fmpq_set(l->loss->constant, l->mean);
  reason = set_gradient(l, set, m.gradient);
  l->gradient_known = !reason;
  l->reason = reason;
  frame_t f = {sums, &m, set->observables + observable};
  if (landscape_is_exact(l)) set_wishart(l, &f);
  else l->wishart_reason = reason_of(REASON_IRRATIONAL_BEHIND_FIXED_GATES);
  sector_moments_clear(&m);
}

reason_code_t sector_landscapes_covariance(fmpq_t covariance,
                                         const sector_landscapes_struct *sums,
                                         size_t observable, size_t a, size_t b) {
  sector_moments_struct m;
  reason_code_t reason = get_moments(&m, sums, observable, a, b, false);
  if (reason) return reason;
  fmpq_set(covariance, m.covariance);
  sector_moments_clear(&m);
  return REASON_NONE;
}
