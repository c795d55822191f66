/* laws_minima.c - gradient at finite N, Gaussian-process bound, local minima.
 */

#include "algebra/base/flint_compat.h"
#include "algebra/laws/laws_private.h"

/* A / D: the mean of ad(P/2)^2 on the traceless part of the Jordan algebra
   over its dimension D; P a balanced involution. On it ad(P) has eigenvalues
   +-2 on the part that P does not commute with, 0 elsewhere, so with the
   count e of +-2 together A = e / D.
     beta = 2: D = N^2 - 1,          e = N^2/2
     beta = 1: D = (N-1)(N+2)/2,     e = N(N+2)/4
     beta = 4: D = N(2N-1) - 1,      e = N(N-1)
     spin factor of m = beta + 1: D = m, e = 2 (a rotation of one plane).
   The formulas agree where two of them apply (N = 2, m = 3, 5; for m = 2 the
   group is SO(2) and e = 2 = D). */
static bool adjoint_action(fmpq_t ratio, const laws_block_struct *block) {
  const fmpz *n = block->dimension;
  fmpz_t d, e, t;
  bool balanced = true;
  if (fmpz_cmp_ui(n, 2) < 0) {
    fmpq_zero(ratio); /* no traceless part */
    return true;
  }
  fmpz_init(d);
  fmpz_init(e);
  fmpz_init(t);
  if (fmpz_equal_ui(n, 2)) {
    fmpz_set_ui(d, block->beta + 1);
    fmpz_set_ui(e, 2);
  } else if (block->beta == 1) {
    balanced = fmpz_is_even(n);
    fmpz_add_ui(t, n, 2);
    fmpz_sub_ui(d, n, 1);
    fmpz_mul(d, d, t);
    fmpz_fdiv_q_2exp(d, d, 1);
    fmpz_mul(e, n, t);
    fmpz_fdiv_q_2exp(e, e, 2);
  } else if (block->beta == 2) {
    balanced = fmpz_is_even(n);
    fmpz_mul(e, n, n);
    fmpz_sub_ui(d, e, 1);
    fmpz_fdiv_q_2exp(e, e, 1);
  } else {
    fmpz_mul_2exp(d, n, 1);
    fmpz_sub_ui(d, d, 1);
    fmpz_mul(d, d, n);
    fmpz_sub_ui(d, d, 1);
    fmpz_sub_ui(e, n, 1);
    fmpz_mul(e, e, n);
  }
  if (balanced) {
    fmpq_set_fmpz_frac(ratio, e, d);
    fmpq_div_fmpz(ratio, ratio, d);
  }
  fmpz_clear(d);
  fmpz_clear(e);
  fmpz_clear(t);
  return balanced;
}

status_t laws_gradient_second_moment(fmpq_t moment, const laws_loss_t loss) {
  status_t status = STATUS_OK;
  fmpq_t sum, term, overlap;
  fmpq_init(sum);
  fmpq_init(term);
  fmpq_init(overlap);
  for (slong i = 0; i < loss->length && status == STATUS_OK; i++) {
    const laws_block_struct *block = loss->blocks + i;
    if (!adjoint_action(term, block)) {
      status = STATUS_BAD_INPUT;
      break;
    }
    /* p^2 R (1/s - 1/N) N central2 A/D; O' has Tr O'^2 = N central2 */
    fmpz_sub(fmpq_numref(overlap), block->dimension, block->rank);
    fmpz_set(fmpq_denref(overlap), block->rank);
    fmpq_canonicalise(overlap);
    fmpq_mul(term, term, overlap);
    fmpq_mul(term, term, block->central2);
    fmpq_mul(term, term, block->radicand);
    fmpq_mul(term, term, block->weight);
    fmpq_mul(term, term, block->weight);
    fmpq_mul_fmpz(term, term, block->count);
    fmpq_add(sum, sum, term);
  }
  if (status == STATUS_OK) fmpq_swap(moment, sum);
  fmpq_clear(sum);
  fmpq_clear(term);
  fmpq_clear(overlap);
  return status;
}

status_t laws_tv_bound(arb_t bound, const fmpq_t excess_kurtosis,
                       slong prec_bits) {
  if (fmpq_sgn(excess_kurtosis) < 0) return STATUS_BAD_INPUT;
  fmpq_t square;
  fmpq_init(square);
  fmpq_mul_si(square, excess_kurtosis, 2);
  fmpq_div_fmpz(square, square, (const fmpz[1]){3});
  if (fmpq_cmp_si(square, 1) >= 0) {
    arb_one(bound);
  } else {
    arb_set_fmpq(bound, square, prec_bits);
    arb_sqrt(bound, bound, prec_bits);
  }
  fmpq_clear(square);
  return STATUS_OK;
}

void laws_minima_init(laws_minima_t minima) {
  fmpz_init(minima->threshold);
  fmpz_init(minima->threshold_low);
  fmpz_init(minima->threshold_high);
  fmpq_init(minima->gamma);
  arb_init(minima->edge);
  arb_init(minima->trap_level);
  minima->edge_is_exact = minima->level_is_known = false;
  fmpq_init(minima->edge_exact);
}

void laws_minima_clear(laws_minima_t minima) {
  fmpz_clear(minima->threshold);
  fmpz_clear(minima->threshold_low);
  fmpz_clear(minima->threshold_high);
  fmpq_clear(minima->gamma);
  arb_clear(minima->edge);
  arb_clear(minima->trap_level);
  fmpq_clear(minima->edge_exact);
}

/* (1 - s)^2 (1 - gamma/s). */
static void exact_edge(fmpq_t edge, const fmpq_t gamma, const fmpq_t s) {
  fmpq_t t;
  fmpq_init(t);
  fmpq_div(edge, gamma, s);
  fmpq_sub_si(edge, edge, 1);
  fmpq_neg(edge, edge);
  fmpq_sub_si(t, s, 1);
  fmpq_mul(edge, edge, t);
  fmpq_mul(edge, edge, t);
  fmpq_clear(t);
}

/* The same, s = (gamma + sqrt(square))/4. */
static void ball_edge(arb_t edge, const fmpq_t gamma, const fmpq_t square,
                      slong prec) {
  arb_t s, g;
  arb_init(s);
  arb_init(g);
  arb_set_fmpq(g, gamma, prec);
  arb_set_fmpq(s, square, prec);
  arb_sqrt(s, s, prec);
  arb_add(s, s, g, prec);
  arb_mul_2exp_si(s, s, -2);
  arb_div(edge, g, s, prec);
  arb_sub_ui(edge, edge, 1, prec);
  arb_neg(edge, edge);
  arb_sub_ui(s, s, 1, prec);
  arb_mul(s, s, s, prec);
  arb_mul(edge, edge, s, prec);
  arb_clear(s);
  arb_clear(g);
}

/* Where minima gather, 0 for gamma >= 1; *exact when it is rational. */
static void edge_at(arb_t edge, fmpq_t edge_exact, bool *exact,
                    const fmpq_t gamma, slong prec) {
  fmpq_t root, s;
  fmpq_init(root);
  fmpq_init(s);
  *exact = true;
  fmpq_zero(edge_exact);
  if (fmpq_is_zero(gamma)) {
    fmpq_one(edge_exact);
  } else if (fmpq_cmp_si(gamma, 1) < 0) {
    /* gamma^2 + 8 gamma */
    fmpq_add_si(s, gamma, 8);
    fmpq_mul(s, s, gamma);
    *exact = laws_fmpq_sqrt(root, s);
    if (*exact) {
      fmpq_add(s, gamma, root);
      fmpq_div_2exp(s, s, 2);
      exact_edge(edge_exact, gamma, s);
    } else {
      ball_edge(edge, gamma, s, prec);
    }
  }
  if (*exact) arb_set_fmpq(edge, edge_exact, prec);
  fmpq_clear(root);
  fmpq_clear(s);
}

/* Sums over the blocks that move: p* from below and above, and the mean offset
   sum count |weight| sqrt(R) (mean - least X), if *known. */
static status_t sum_blocks(fmpz_t low, fmpz_t high, arb_t height, bool *known,
                           const laws_loss_struct *loss, slong prec) {
  status_t status = STATUS_OK;
  laws_wishart_t w;
  fmpz_t factor;
  arb_t term, own;
  laws_wishart_init(w);
  fmpz_init(factor);
  arb_init(term);
  arb_init(own);
  *known = true;
  for (slong i = 0; i < loss->length && status == STATUS_OK; i++) {
    const laws_block_struct *block = loss->blocks + i;
    if (laws_block_is_constant(block)) continue;
    status = laws_block_wishart(w, block, prec);
    if (status != STATUS_OK) break;
    fmpz_mul(factor, block->rank, block->count);
    fmpz_mul_ui(factor, factor, block->beta);
    fmpz_addmul(low, factor, w->r_low);
    fmpz_addmul(high, factor, w->r_high);
    arb_set_fmpq(term, block->weight, prec);
    arb_abs(term, term);
    if (laws_block_height(own, block, prec) != STATUS_OK) *known = false;
    arb_mul(term, term, own, prec);
    arb_mul_fmpz(term, term, block->count, prec);
    arb_add(height, height, term, prec);
  }
  laws_wishart_clear(w);
  fmpz_clear(factor);
  arb_clear(term);
  arb_clear(own);
  return status;
}

static void set_minima(laws_minima_struct *m, const fmpz_t num_parameters,
                       const arb_t height, slong prec_bits) {
  slong prec = prec_bits + 32;
  bool known = fmpz_equal(m->threshold_low, m->threshold_high);
  fmpq_set_fmpz_frac(m->gamma, num_parameters, m->threshold_high);
  edge_at(m->edge, m->edge_exact, &m->edge_is_exact, m->gamma, prec);
  if (known) {
    fmpz_set(m->threshold, m->threshold_low);
  } else { /* the edge falls as gamma grows */
    arb_t other;
    arb_init(other);
    fmpq_set_fmpz_frac(m->gamma, num_parameters, m->threshold_low);
    edge_at(other, m->edge_exact, &m->edge_is_exact, m->gamma, prec);
    arb_union(m->edge, m->edge, other, prec);
    m->edge_is_exact = false;
    arb_clear(other);
  }
  arb_mul(m->trap_level, height, m->edge, prec_bits);
  arb_set_round(m->edge, m->edge, prec_bits);
}

status_t laws_local_minima(laws_minima_t minima, const laws_loss_t loss,
                           const fmpz_t num_parameters, slong prec_bits) {
  fmpz_t low, high;
  arb_t height;
  fmpz_init(low);
  fmpz_init(high);
  arb_init(height);
  bool known;
  status_t status = sum_blocks(low, high, height, &known, loss, prec_bits + 32);
  if (status != STATUS_OK) status = STATUS_UNDECIDED;
  else if (fmpz_is_zero(low)) status = STATUS_BAD_INPUT;
  if (status == STATUS_OK) {
    fmpz_swap(minima->threshold_low, low);
    fmpz_swap(minima->threshold_high, high);
    set_minima(minima, num_parameters, height, prec_bits);
    minima->level_is_known = known;
    if (!fmpz_equal(minima->threshold_low, minima->threshold_high))
      status = STATUS_LIMIT;
  }
  fmpz_clear(low);
  fmpz_clear(high);
  arb_clear(height);
  return status;
}

const char *laws_minima_assumption(void) {
  return "The derivatives of the loss at a random point are taken to be "
         "independent: p random vectors against sum(beta r s) real degrees of "
         "freedom, mixed second derivatives included. Local minima are counted "
         "in that ensemble (Kac and Rice); in the limit they gather where the "
         "lower edge of a Marchenko-Pastur law and a semicircle, freely added, "
         "meets their level. This describes generic (deep, independently "
         "scrambled) circuits and was checked by simulation, not proved; a "
         "structured or shallow circuit may have higher traps.";
}
