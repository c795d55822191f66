/* laws_distance.c - how far the Wishart form is from the law at finite N.

   Two levels of multiplicities N - r and r, a state of rank s, written with
   s <= r (the law of Tr(P Q') depends on the two ranks symmetrically): the
   s x s matrix A = P U* Q U P has the matrix-variate Beta density
     Gamma_s(M) / (Gamma_s(a) Gamma_s(M - a)) det(A)^(..) det(1 - A)^b,
   a = beta r/2, M = beta N/2, b = beta (N - r - s + 1)/2 - 1, and its Wishart
   form the density with  M^(a s) exp(-M Tr A) / Gamma_s(a)  and the same power
   of det(A) (Muirhead 1982; Gamma_s(x) ~ prod_{i<s} Gamma(x - i beta/2)).
   Their log-ratio is a sum over the eigenvalues of A of a concave function. */

#include "algebra/base/flint_compat.h"
#include "algebra/laws/laws_private.h"

enum { MAX_RANK = 4096, MAX_EXTRA_BITS = 192 };

/* min and max of (r, s) for a block of two levels. */
static bool two_ranks(fmpz_t small, fmpz_t large,
                      const laws_block_struct *block) {
  if (block->num_levels != 2) return false;
  fmpz_set(small, block->rank);
  fmpz_set(large, block->multiplicities + 1);
  if (fmpz_cmp(small, large) > 0) fmpz_swap(small, large);
  return true;
}

/* log Gamma(x) - log Gamma(x - a) - a log M, x = M - shift. */
static void log_gamma_step(arb_t out, const fmpq_t m, const fmpq_t a,
                           const fmpq_t shift, slong prec) {
  fmpq_t x;
  arb_t t;
  fmpq_init(x);
  arb_init(t);
  fmpq_sub(x, m, shift);
  arb_set_fmpq(t, x, prec);
  arb_lgamma(out, t, prec);
  fmpq_sub(x, x, a);
  arb_set_fmpq(t, x, prec);
  arb_lgamma(t, t, prec);
  arb_sub(out, out, t, prec);
  arb_t log_m;
  arb_init(log_m);
  arb_set_fmpq(log_m, m, prec);
  arb_log(log_m, log_m, prec);
  arb_set_fmpq(t, a, prec);
  arb_submul(out, t, log_m, prec);
  arb_clear(log_m);
  fmpq_clear(x);
  arb_clear(t);
}

/* The greatest log-ratio of the densities, >= 0. false: none, or too costly */
static bool greatest_log_ratio(arb_t out, const laws_block_struct *block,
                               slong prec) {
  bool known = false;
  fmpz_t s, r;
  fmpq_t m, a, b, shift;
  arb_t term, top;
  fmpz_init(s);
  fmpz_init(r);
  fmpq_init(m);
  fmpq_init(a);
  fmpq_init(b);
  fmpq_init(shift);
  arb_init(term);
  arb_init(top);
  if (!two_ranks(s, r, block) || fmpz_cmp_ui(s, MAX_RANK) > 0) goto done;
  fmpq_set_fmpz(m, block->dimension);
  fmpq_mul_si(m, m, (slong)block->beta);
  fmpq_div_2exp(m, m, 1);
  fmpq_set_fmpz(a, r);
  fmpq_mul_si(a, a, (slong)block->beta);
  fmpq_div_2exp(a, a, 1);
  fmpz_sub(fmpq_numref(b), block->dimension, r);
  fmpz_sub(fmpq_numref(b), fmpq_numref(b), s);
  if (fmpz_sgn(fmpq_numref(b)) < 0) goto done;
  fmpz_add_ui(fmpq_numref(b), fmpq_numref(b), 1);
  fmpq_mul_si(b, b, (slong)block->beta);
  fmpq_div_2exp(b, b, 1);
  fmpq_sub_si(b, b, 1);
  if (fmpq_sgn(b) <= 0) goto done;
  /* s (b log(b/M) + M - b), the maximum of b log(1-u) + M u, at u = 1 - b/M */
  fmpq_div(shift, b, m);
  arb_set_fmpq(top, shift, prec);
  arb_log(top, top, prec);
  arb_set_fmpq(term, b, prec);
  arb_mul(top, top, term, prec);
  fmpq_sub(shift, m, b);
  arb_set_fmpq(term, shift, prec);
  arb_add(top, top, term, prec);
  arb_mul_fmpz(out, top, s, prec);
  fmpq_zero(shift);
  fmpq_set_si(b, (slong)block->beta, 2);
  fmpq_canonicalise(b);
  for (ulong i = 0; fmpz_cmp_ui(s, i) > 0; i++) {
    log_gamma_step(term, m, a, shift, prec);
    arb_add(out, out, term, prec);
    fmpq_add(shift, shift, b);
  }
  known = arb_is_finite(out);
done:
  fmpz_clear(s);
  fmpz_clear(r);
  fmpq_clear(m);
  fmpq_clear(a);
  fmpq_clear(b);
  fmpq_clear(shift);
  arb_clear(term);
  arb_clear(top);
  return known;
}

status_t laws_distance_bound(arb_t bound, const laws_loss_t loss,
                             slong prec_bits) {
  slong prec = prec_bits + 64 + 3 * laws_loss_bits(loss);
  status_t status = STATUS_OK;
  arb_t sum, term;
  arb_init(sum);
  arb_init(term);
  for (slong i = 0; i < loss->length; i++) {
    const laws_block_struct *block = loss->blocks + i;
    if (laws_block_is_constant(block)) continue;
    if (!greatest_log_ratio(term, block, prec)) {
      status = STATUS_UNDECIDED;
      break;
    }
    /* int (f - g)_+ = int f (1 - g/f)_+ <= 1 - exp(-max log f/g) */
    arb_neg(term, term);
    arb_expm1(term, term, prec);
    arb_neg(term, term);
    arb_mul_fmpz(term, term, block->count, prec);
    arb_add(sum, sum, term, prec);
  }
  arb_set_ui(term, 1);
  if (status == STATUS_OK && !arb_lt(sum, term)) status = STATUS_UNDECIDED;
  if (status == STATUS_OK) arb_set_round(bound, sum, prec_bits);
  arb_clear(sum);
  arb_clear(term);
  return status;
}

/* --- Beta(a, b) against Gamma(a, scale 1/M), M = a + b ----------------------- */

/* log-ratio of the densities at u: log Gamma(M)/Gamma(b) - a log M
   + (b - 1) log(1 - u) + M u. */
static void log_ratio(arb_t out, const arb_t constant, const arb_t b_minus_1,
                      const arb_t m, const arb_t u, slong prec) {
  arb_t t;
  arb_init(t);
  arb_neg(t, u);
  arb_log1p(t, t, prec);
  arb_mul(t, t, b_minus_1, prec);
  arb_addmul(t, m, u, prec);
  arb_add(out, t, constant, prec);
  arb_clear(t);
}

typedef struct {
  arb_t constant, b_minus_1, m;
  fmpq a[2]; /* the shapes a, b */
  slong prec;
} pair_t;

/* Shrinks [low, high] around the root of the log-ratio, negative at low iff
   rising; false if the signs at the ends are not so. */
static bool enclose_root(arb_t root, const pair_t *p, const arb_t low,
                         const arb_t high, bool rising) {
  arb_t left, right, mid, value;
  arb_init(left);
  arb_init(right);
  arb_init(mid);
  arb_init(value);
  arb_set(left, low);
  arb_set(right, high);
  log_ratio(value, p->constant, p->b_minus_1, p->m, left, p->prec);
  bool ok = rising ? arb_is_negative(value) : arb_is_positive(value);
  for (slong i = 0; ok && i < p->prec; i++) {
    arb_add(mid, left, right, p->prec);
    arb_mul_2exp_si(mid, mid, -1);
    mag_zero(arb_radref(mid));
    log_ratio(value, p->constant, p->b_minus_1, p->m, mid, p->prec);
    if (arb_is_negative(value)) arb_set(rising ? left : right, mid);
    else if (arb_is_positive(value)) arb_set(rising ? right : left, mid);
    else break;
  }
  arb_union(root, left, right, p->prec);
  arb_clear(left);
  arb_clear(right);
  arb_clear(mid);
  arb_clear(value);
  return ok;
}

/* |P(Beta <= u) - P(Gamma <= u)|. */
static status_t difference_at(arb_t out, const pair_t *p, const arb_t u,
                              slong prec) {
  arb_ptr scales = _arb_vec_init(2);
  arb_t zero, other;
  status_t status;
  arb_init(zero);
  arb_init(other);
  /* Monotone in u: a ball gives the union of its ends, as the ball of the
     scales would, but tightly. */
  arf_t end;
  arf_init(end);
  status = STATUS_OK;
  arb_t part;
  arb_init(part);
  for (int side = 0; side < 2 && status == STATUS_OK; side++) {
    if (side == 0) arb_get_lbound_arf(end, u, p->prec);
    else arb_get_ubound_arf(end, u, p->prec);
    arb_set_arf(scales + 1, end);
    arb_neg(scales + 1, scales + 1);
    arb_add_ui(scales, scales + 1, 1, p->prec);
    status = laws_gamma_sum_cdf(part, scales, p->a, 2, zero, prec);
    if (status == STATUS_OK) {
      if (side == 0) arb_set(out, part);
      else arb_union(out, out, part, p->prec);
    }
  }
  if (status == STATUS_OK) {
    arb_inv(scales, p->m, p->prec);
    status = laws_gamma_sum_cdf(other, scales, p->a, 1, u, prec);
    arb_sub(out, out, other, p->prec);
    arb_abs(out, out);
  }
  arb_clear(part);
  arf_clear(end);
  _arb_vec_clear(scales, 2);
  arb_clear(zero);
  arb_clear(other);
  return status;
}

/* b > 1: the log-ratio is concave with maximum > 0 at u* = (a+1)/M; the
   difference of the two functions falls, rises and falls, turning at the two
   roots. b <= 1: the ratio rises throughout, so the difference falls, rises
   till u = 1 and falls. */
static status_t beta_distance(arb_t out, const laws_block_struct *block,
                              const fmpz_t r, slong goal) {
  pair_t p;
  status_t status = STATUS_UNDECIDED;
  fmpq_t m, zero;
  arb_t low, top, one, root, value;
  slong prec = goal + 64 + 4 * (slong)fmpz_bits(block->dimension);
  arb_init(p.constant);
  arb_init(p.b_minus_1);
  arb_init(p.m);
  fmpq_init(p.a);
  fmpq_init(p.a + 1);
  fmpq_init(m);
  fmpq_init(zero);
  arb_init(low);
  arb_init(top);
  arb_init(one);
  arb_init(root);
  arb_init(value);
  /* The distance is about as small as its bound: so many bits more. Beyond
     MAX_EXTRA_BITS the bound itself is close enough to zero. */
  slong extra = 0;
  if (greatest_log_ratio(value, block, prec)) {
    arb_neg(value, value);
    arb_expm1(value, value, prec);
    arb_neg(value, value);
    arb_get_ubound_arf(arb_midref(root), value, 64);
    extra = -arf_abs_bound_lt_2exp_si(arb_midref(root));
    if (extra < 0) extra = 0;
  }
  if (extra > MAX_EXTRA_BITS) {
    arf_zero(arb_midref(low));
    arb_set_interval_arf(out, arb_midref(low), arb_midref(root), 64);
    arb_zero(root);
    arb_zero(low);
    status = STATUS_OK;
    goto done;
  }
  slong cdf_prec = goal + extra + 8;
  arb_zero(root);
  fmpq_set_si(m, (slong)block->beta, 2);
  fmpq_canonicalise(m);
  fmpq_mul_fmpz(p.a, m, r);
  fmpq_mul_fmpz(m, m, block->dimension);
  fmpq_sub(p.a + 1, m, p.a);
  p.prec = prec;
  log_gamma_step(p.constant, m, p.a, zero, prec);
  arb_set_fmpq(p.m, m, prec);
  arb_set_fmpq(p.b_minus_1, p.a + 1, prec);
  arb_sub_ui(p.b_minus_1, p.b_minus_1, 1, prec);
  arb_one(one);
  if (fmpq_cmp_si(p.a + 1, 1) > 0) {
    fmpq_add_si(zero, p.a, 1);
    fmpq_div(zero, zero, m);
    arb_set_fmpq(top, zero, prec);
    mag_zero(arb_radref(top));
    if (!enclose_root(root, &p, low, top, true)) goto done;
    status = difference_at(out, &p, root, cdf_prec);
    if (status != STATUS_OK) goto done;
    if (!enclose_root(root, &p, top, one, false)) {
      status = STATUS_UNDECIDED;
      goto done;
    }
    status = difference_at(value, &p, root, cdf_prec);
  } else {
    if (!enclose_root(root, &p, low, one, true)) goto done;
    status = difference_at(out, &p, root, cdf_prec);
    if (status == STATUS_OK) status = difference_at(value, &p, one, cdf_prec);
  }
  arb_max(out, out, value, goal + 32);
done:
  arb_clear(p.constant);
  arb_clear(p.b_minus_1);
  arb_clear(p.m);
  fmpq_clear(p.a);
  fmpq_clear(p.a + 1);
  fmpq_clear(m);
  fmpq_clear(zero);
  arb_clear(low);
  arb_clear(top);
  arb_clear(one);
  arb_clear(root);
  arb_clear(value);
  return status;
}

/* --- any two laws that can be evaluated ----------------------------------------- */

typedef struct {
  arb_t x, finite, wishart;
} sample_t;

static void sample_init(sample_t *s) {
  arb_init(s->x);
  arb_init(s->finite);
  arb_init(s->wishart);
}

static void sample_clear(sample_t *s) {
  arb_clear(s->x);
  arb_clear(s->finite);
  arb_clear(s->wishart);
}

static status_t sample_at(sample_t *s, const laws_loss_struct *loss,
                          slong prec) {
  status_t status = laws_finite_cdf(s->finite, loss, s->x, prec);
  if (status == STATUS_OK)
    status = laws_wishart_cdf(s->wishart, loss, s->x, prec);
  return status;
}

/* Bound on |F - G| over [left, right]: both functions rise. */
static void piece_bound(arf_t bound, const sample_t *left,
                        const sample_t *right, slong prec) {
  arb_t first, second;
  arb_init(first);
  arb_init(second);
  arb_sub(first, right->finite, left->wishart, prec);
  arb_sub(second, right->wishart, left->finite, prec);
  arb_max(first, first, second, prec);
  arb_get_ubound_arf(bound, first, prec);
  arb_clear(first);
  arb_clear(second);
}

/* Samples sorted by x, the outer two stand for -+ infinity. */
static status_t refine(arb_t out, const laws_loss_struct *loss,
                       sample_t *samples, slong length, slong tol_bits,
                       slong max_evaluations) {
  slong prec = tol_bits + 20, x_prec = tol_bits + 64;
  status_t status = STATUS_OK;
  arf_t upper, best, lower, tolerance;
  arb_t gap;
  arf_init(upper);
  arf_init(best);
  arf_init(lower);
  arf_init(tolerance);
  arb_init(gap);
  arf_set_ui_2exp_si(tolerance, 1, -tol_bits);
  for (;;) {
    slong at = 0;
    arf_zero(best);
    arf_zero(lower);
    for (slong i = 0; i < length; i++) {
      arb_sub(gap, samples[i].finite, samples[i].wishart, prec);
      arb_abs(gap, gap);
      arb_get_lbound_arf(upper, gap, prec);
      if (arf_cmp(upper, lower) > 0) arf_set(lower, upper);
      if (i + 1 == length) break;
      piece_bound(upper, samples + i, samples + i + 1, prec);
      if (arf_cmp(upper, best) > 0) {
        arf_set(best, upper);
        at = i;
      }
    }
    arf_sub(upper, best, lower, prec, ARF_RND_UP);
    bool outer = at == 0 || at + 2 == length;
    if (arf_cmp(upper, tolerance) < 0 || length >= max_evaluations || outer)
      break;
    sample_t fresh;
    sample_init(&fresh);
    arb_add(fresh.x, samples[at].x, samples[at + 1].x,
            x_prec + 2 * laws_loss_bits(loss));
    arb_mul_2exp_si(fresh.x, fresh.x, -1);
    mag_zero(arb_radref(fresh.x));
    status = sample_at(&fresh, loss, prec);
    if (status != STATUS_OK) {
      sample_clear(&fresh);
      break;
    }
    for (slong i = length; i > at + 1; i--) samples[i] = samples[i - 1];
    samples[at + 1] = fresh;
    length++;
  }
  if (status == STATUS_OK)
    arb_set_interval_arf(out, lower, best, tol_bits + 32);
  for (slong i = 0; i < length; i++) sample_clear(samples + i);
  arf_clear(upper);
  arf_clear(best);
  arf_clear(lower);
  arf_clear(tolerance);
  arb_clear(gap);
  return status;
}

/* low, high: outside, neither function moves by more than about 2^-tol_bits
   / 4. */
static status_t find_range(arb_t low, arb_t high,
                           const laws_loss_struct *loss, slong tol_bits) {
  fmpq_t q;
  arb_t other;
  fmpq_init(q);
  arb_init(other);
  fmpq_one(q);
  fmpq_div_2exp(q, q, (flint_bitcnt_t)tol_bits + 2);
  status_t status = laws_finite_quantile(low, loss, q, 8);
  if (status == STATUS_OK) status = laws_wishart_quantile(other, loss, q, 8);
  arb_min(low, low, other, tol_bits + 64 + 2 * laws_loss_bits(loss));
  fmpq_sub_si(q, q, 1);
  fmpq_neg(q, q);
  if (status == STATUS_OK) status = laws_finite_quantile(high, loss, q, 8);
  if (status == STATUS_OK) status = laws_wishart_quantile(other, loss, q, 8);
  arb_max(high, high, other, tol_bits + 64 + 2 * laws_loss_bits(loss));
  mag_zero(arb_radref(low));
  mag_zero(arb_radref(high));
  fmpq_clear(q);
  arb_clear(other);
  return status;
}

static status_t subdivision_distance(arb_t out, const laws_loss_struct *loss,
                                     slong tol_bits, slong max_evaluations) {
  enum { FIRST = 16 };
  slong length = 0, prec = tol_bits + 64 + 2 * laws_loss_bits(loss);
  if (max_evaluations < 2 * FIRST) max_evaluations = 2 * FIRST;
  arb_t low, high;
  arb_init(low);
  arb_init(high);
  status_t status = find_range(low, high, loss, tol_bits);
  if (status == STATUS_OK) {
    sample_t *samples =
        flint_malloc((size_t)(max_evaluations + 4) * sizeof *samples);
    arb_sub(high, high, low, prec);
    sample_init(samples + length++); /* both 0 at -infinity */
    for (slong i = 0; i <= FIRST && status == STATUS_OK; i++) {
      sample_t *s = samples + length++;
      sample_init(s);
      arb_mul_si(s->x, high, i, prec);
      arb_div_si(s->x, s->x, FIRST, prec);
      arb_add(s->x, s->x, low, prec);
      mag_zero(arb_radref(s->x));
      status = sample_at(s, loss, tol_bits + 20);
    }
    sample_init(samples + length);
    arb_one(samples[length].finite);
    arb_one(samples[length++].wishart);
    if (status == STATUS_OK)
      status = refine(out, loss, samples, length, tol_bits, max_evaluations);
    else
      for (slong i = 0; i < length; i++) sample_clear(samples + i);
    flint_free(samples);
  }
  arb_clear(low);
  arb_clear(high);
  return status;
}

status_t laws_distance(arb_t distance, const laws_loss_t loss, slong tol_bits,
                       slong max_evaluations) {
  status_t status = STATUS_UNDECIDED;
  const laws_block_struct *only = NULL;
  slong active = 0;
  fmpz_t small, large;
  arb_t result;
  fmpz_init(small);
  fmpz_init(large);
  arb_init(result);
  for (slong i = 0; i < loss->length; i++) {
    const laws_block_struct *block = loss->blocks + i;
    if (laws_block_is_constant(block)) continue;
    only = block;
    active++;
  }
  if (active == 0) {
    arb_zero(distance);
    status = STATUS_OK;
    goto done;
  }
  if (active == 1 && fmpz_is_one(only->count) &&
      two_ranks(small, large, only) &&
      fmpz_is_one(small))
    status = beta_distance(result, only, large, tol_bits);
  else
    status = subdivision_distance(result, loss, tol_bits, max_evaluations);
  if (status == STATUS_OK) arb_swap(distance, result);
done:
  fmpz_clear(small);
  fmpz_clear(large);
  arb_clear(result);
  return status;
}
