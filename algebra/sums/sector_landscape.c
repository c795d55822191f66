#include "algebra/sums/sector_landscape.h"

#include "algebra/sectors/sector_powers.h"
#include "algebra/sums/sum_jordan.h"

enum { MAX_LEVELS = 4096, MAX_SPECTRUM = 80, LEAST_BITS = 128 };

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

/* p_j = - (j f_(d-j) + sum_(0 < i < j) f_(d-i) p_(j-i)) of den times the eigenvalues. */
static void newton_sums(fmpq *power, size_t most, const fmpz_poly_t f, const fmpz_t den) {
  slong d = fmpz_poly_degree(f);
  fmpz *p = _fmpz_vec_init((slong)most + 1);
  fmpz_t c, scale;
  fmpz_init(c);
  fmpz_init_set_ui(scale, 1);
  for (size_t j = 1; j <= most; j++) {
    for (size_t i = 1; i <= j && i <= (size_t)d; i++) {
      fmpz_poly_get_coeff_fmpz(c, f, d - (slong)i);
      if (i == j) fmpz_submul_ui(p + j, c, j);
      else fmpz_submul(p + j, c, p + j - i);
    }
    fmpz_mul(scale, scale, den);
    fmpz_set(fmpq_numref(power + j), p + j);
    fmpz_set(fmpq_denref(power + j), scale);
    fmpq_canonicalise(power + j);
  }
  _fmpz_vec_clear(p, (slong)most + 1);
  fmpz_clear(c);
  fmpz_clear(scale);
}

static bool give_moments(laws_block_t law, const fmpq *centred, size_t d) {
  fmpz_t n;
  fmpq_t m[5];
  fmpz_init_set_ui(n, d);
  for (size_t j = 1; j <= 4; j++) {
    fmpq_init(m[j]);
    fmpq_div_fmpz(m[j], centred + j, n);
  }
  bool ok = laws_block_set_moments(law, n, m[1], m[2], m[3], m[4]) == STATUS_OK;
  for (size_t j = 1; j <= 4; j++) fmpq_clear(m[j]);
  fmpz_clear(n);
  return ok;
}

/* The least root of f, by den, less the mean. */
static bool give_least(laws_block_t law, const fmpz_poly_t f, const fmpz_t den,
                       const fmpq_t mean) {
  arb_t least, shift;
  arb_init(least);
  arb_init(shift);
  fmpz_poly_t simple, gcd;
  fmpz_poly_init(simple);
  fmpz_poly_init(gcd);
  fmpz_poly_derivative(gcd, f);
  fmpz_poly_gcd(gcd, f, gcd);
  fmpz_poly_div(simple, f, gcd);
  bool ok = sum_least_root(least, simple);
  fmpz_poly_clear(simple);
  fmpz_poly_clear(gcd);
  arb_div_fmpz(least, least, den, LEAST_BITS);
  arb_set_fmpq(shift, mean, LEAST_BITS);
  arb_sub(least, least, shift, LEAST_BITS);
  if (ok) laws_block_set_least_ball(law, least);
  arb_clear(least);
  arb_clear(shift);
  return ok;
}

/* By the characteristic polynomial, when its roots are simple. */
static bool set_polynomial(laws_block_t law, const frame_t *f,
                           const sector_group_struct *g, const fmpq_t mean) {
  size_t d = g->dimension, most = d < 4 || d > MAX_SPECTRUM ? 4 : d;
  fmpz_poly_t poly;
  fmpz_t den;
  fmpz_poly_init(poly);
  fmpz_init(den);
  bool ok = sector_polynomial(poly, den, f->moments->commutant, g, f->observable);
  if (ok) {
    fmpq *power = _fmpq_vec_init((slong)most + 1);
    newton_sums(power, most, poly, den);
    fmpq_set_si(power, (slong)d, 1);
    centre(power, most, mean);
    if (d <= MAX_SPECTRUM) ok = sum_spectrum(law, power, d);
    else ok = give_moments(law, power, d) && give_least(law, poly, den, mean);
    _fmpq_vec_clear(power, (slong)most + 1);
  }
  fmpz_poly_clear(poly);
  fmpz_clear(den);
  return ok;
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
    ok = give_moments(law, power, d);
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

/* Does an ideal act on several sectors? */
static bool has_links(const sectors_struct *s) {
  bool any = false;
  for (size_t k = 0; s && k < s->length; k++) any = any || s->list[k].link != k;
  return any;
}

static bool add_block(landscape_struct *l, const frame_t *f,
                      const sector_group_struct *g, const fmpq_t mean) {
  size_t entry = find_entry(f->sums->structure, g);
  bool shared = has_links(f->sums->sectors);
  if (g->count > 1)
    return give(l, ANSWER_UNDECIDED,
                REASON_SECTORS_CONJUGATE);
  if (g->kind != SECTOR_LINEAR && !(g->kind == SECTOR_ORTHOGONAL && g->even))
    return give(l, ANSWER_UNDECIDED,
                shared ? REASON_ALGEBRA_NOT_FULL_ON_SECTORS : REASON_SECTOR_NOT_COMPLEX);
  if (entry == SIZE_MAX)
    return give(l, ANSWER_UNDECIDED,
                shared ? REASON_ALGEBRA_NOT_FULL_ON_SECTORS : REASON_SECTOR_KINDS_ALIKE);
  laws_block_t law;
  laws_block_init(law);
  law->beta = g->kind == SECTOR_LINEAR ? 2 : 1;
  bool ok = (!g->num_powers && (set_levels(law, f, g, mean) ||
                                set_polynomial(law, f, g, mean))) ||
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

/* Has the loss a part in which two independent unitaries meet? Its variance is what the
   sectors do not have. */
static bool varies_between(const landscape_struct *l, const sector_moments_struct *m) {
  fmpq_t rest;
  fmpq_init(rest);
  fmpq_set(rest, l->variance);
  for (size_t i = 0; i < m->num_groups; i++)
    fmpq_sub(rest, rest, m->groups[i].variance);
  bool varies = !fmpq_is_zero(rest);
  fmpq_clear(rest);
  return varies;
}

static bool add_blocks(landscape_struct *l, const frame_t *f) {
  fmpq_t mean, t;
  bool ok = true;
  fmpq_init(mean);
  fmpq_init(t);
  if (!f->moments->block_diagonal && varies_between(l, f->moments))
    ok = give(l, ANSWER_NO, REASON_PART_BETWEEN_SECTORS);
  else if (!f->moments->block_diagonal)
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
  size_t count = set->num_generators;
  if (sums->equivariant)
    return equivariant_moments_init(m, sums->equivariant, sums->limits, o, rho, other,
                                    set->generators, gradients ? count : 0);
  return sector_moments_init(m, sums->sectors, sums->limits, o, rho, other,
                             set->generators, count, gradients);
}

/* The dimension of the orbit of a pure state, sum (2 d_k s_k - s_k^2) - 1 with s_k the
   rank of rho_k (d_k^2 when it is full, for one sector: more of them share phases). Sp(d/2)
   moves a vector over the same sphere as SU(d). */
static void set_orbit(landscape_struct *l, const sector_moments_struct *m) {
  const stabilizer_state_struct *rho = quantum_state_stabilizer(m->states[0]);
  bool orbit = rho && rho->rank == rho->num_qubits;
  size_t dimension = 0, full = 0;
  fmpz_t d;
  fmpz_init(d);
  for (size_t i = 0; i < m->num_groups; i++) {
    const sector_group_struct *g = m->groups + i;
    if (fmpq_is_zero(g->weight)) continue;
    set_rank(d, g, m->cubes);
    orbit = orbit && g->count == 1 && fmpz_sgn(d) > 0 &&
            (g->kind == SECTOR_LINEAR || (g->kind == SECTOR_SYMPLECTIC && fmpz_is_one(d)));
    size_t s = orbit ? fmpz_get_ui(d) : 0;
    full += s == g->dimension;
    dimension += 2 * g->dimension * s - s * s;
  }
  if (orbit && full <= 1) l->orbit_dimension = dimension - 1;
  fmpz_clear(d);
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
    fmpq_mul(square, use->scale, use->scale);
    l->gradient_at[use->parameter] = use->parameter;
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
  set_orbit(l, &m);
  l->square_known = m.square_known;
  if (m.square_known) fmpq_set(l->mean_square, m.mean + 2);
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
