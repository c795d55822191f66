/* Members of a certificate that follow from others: what must be equal, by definition,
   whatever the landscape. See certificate_claims.h.

   Wishart form of a block: `count` copies of weight/s times s Gamma variables of
   shape beta r/2 and mean `mean_eigenvalue` each, that is one of shape
   k = beta r s/2 and mean m = weight * mean_eigenvalue:
       variance m^2/k, fourth cumulant 6 m^4/k^3, threshold 2 k.
   A block of full rank or of one eigenvalue is a constant; certificates may count
   it or not. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/format/json_number.h"
#include "algebra/base/text.h"
#include "cli/verify/certificate_claims.h"
#include "cli/verify/claims_private.h"

enum { PREC = 256 };

typedef claims_members_t members_t;

void claims_tell(members_t *m, const char *name, bool holds, double said,
                 double is) {
  char *member = text_print("%s%s", m->where, name);
  json_array_append_new(m->tested, json_pack("{s:s, s:s}", "member", member, "by",
                                             "other members"));
  if (!holds) {
    claims_report_failure(m->checks, member, said, is);
    m->failures++;
  }
  free(member);
}

static double middle(const arb_t x) {
  return arf_get_d(arb_midref(x), ARF_RND_NEAR);
}

/* said, unless it is null, must be `is` or `other`. */
static void must_be(members_t *m, const char *name, const json_t *said,
                    const arb_t is, const arb_t other) {
  arb_t value;
  arb_init(value);
  if (cert_get_real(value, said, PREC))
    claims_tell(m, name, arb_overlaps(value, is) || (other && arb_overlaps(value, other)),
         middle(value), middle(is));
  arb_clear(value);
}

/* --- the algebra ------------------------------------------------------------------- */

static bool get_small(long *out, const json_t *json, const char *key) {
  double value = cert_get_double(json_object_get(json, key));
  if (!(value >= 0 && value < 1e9)) return false;
  *out = (double)(long)value == value ? (long)value : -1; /* as no count ever is */
  return true;
}

/* Dimension of the simple algebra "A5", "B3", ...; false: no such type. */
static bool simple_dimension(fmpz_t out, const char *type, long *rank) {
  char *end;
  long n = type[0] ? strtol(type + 1, &end, 10) : 0;
  if (n < 1 || n > 1000000000 || *end) return false;
  *rank = n;
  fmpz_set_si(out, n);
  switch (type[0]) {
    case 'A': fmpz_mul_si(out, out, n + 2); return true;
    case 'B':
    case 'C': fmpz_mul_si(out, out, 2 * n + 1); return true;
    case 'D': fmpz_mul_si(out, out, 2 * n - 1); return true;
    default: return false;
  }
}

/* Adds count * dimension; false when the entry cannot be judged. A dimension that is no
   integer is a wrong one. */
static bool add_ideal(members_t *m, fmpz_t sum, const json_t *ideal, size_t index) {
  fmpz_t dimension, count, said;
  long rank, said_rank;
  char name[64];
  fmpz_init(dimension);
  fmpz_init(count);
  fmpz_init(said);
  bool known = simple_dimension(dimension, cert_text_at(ideal, "type", ""), &rank) &&
               cert_get_fmpz(count, json_object_get(ideal, "count")) &&
               json_is_string(json_object_get(ideal, "dimension"));
  if (known) {
    if (!cert_get_fmpz(said, json_object_get(ideal, "dimension"))) fmpz_zero(said);
    snprintf(name, sizeof name, "algebra.ideals[%zu].dimension", index);
    claims_tell(m, name, fmpz_equal(said, dimension), fmpz_get_d(said),
         fmpz_get_d(dimension));
    snprintf(name, sizeof name, "algebra.ideals[%zu].rank", index);
    if (get_small(&said_rank, ideal, "rank"))
      claims_tell(m, name, said_rank == rank, (double)said_rank, (double)rank);
    fmpz_addmul(sum, count, said);
  }
  fmpz_clear(dimension);
  fmpz_clear(count);
  fmpz_clear(said);
  return known;
}

static void check_algebra(members_t *m, const json_t *certificate) {
  const json_t *algebra = json_object_get(certificate, "algebra");
  const json_t *ideals = json_object_get(algebra, "ideals");
  fmpz_t sum, said;
  fmpz_init(sum);
  fmpz_init(said);
  bool known = json_is_array(ideals) && json_is_true(cert_at(algebra, "proved")) &&
               cert_get_fmpz(sum, json_object_get(algebra, "center"));
  for (size_t i = 0; known && i < json_array_size(ideals); i++)
    known = add_ideal(m, sum, json_array_get(ideals, i), i);
  if (known && cert_get_fmpz(said, json_object_get(algebra, "dimension")))
    claims_tell(m, "algebra.dimension", fmpz_equal(said, sum), fmpz_get_d(said),
         fmpz_get_d(sum));
  fmpz_clear(sum);
  fmpz_clear(said);
}

/* sum count * multiplicity * dimension = 2^n. */
static void check_sectors(members_t *m, const json_t *certificate,
                          size_t num_qubits) {
  const json_t *sectors = json_object_get(certificate, "sectors");
  fmpz_t sum, whole, a, b;
  bool known = json_array_size(sectors) > 0;
  fmpz_init(sum);
  fmpz_init(whole);
  fmpz_init(a);
  fmpz_init(b);
  for (size_t i = 0; known && i < json_array_size(sectors); i++) {
    const json_t *s = json_array_get(sectors, i);
    known = cert_get_fmpz(a, json_object_get(s, "dimension")) &&
            cert_get_fmpz(b, json_object_get(s, "multiplicity"));
    fmpz_mul(a, a, b);
    known = known && cert_get_fmpz(b, json_object_get(s, "count"));
    fmpz_addmul(sum, a, b);
  }
  fmpz_one(whole);
  fmpz_mul_2exp(whole, whole, num_qubits);
  if (known)
    claims_tell(m, "sectors", fmpz_equal(sum, whole), fmpz_get_d(sum), fmpz_get_d(whole));
  fmpz_clear(sum);
  fmpz_clear(whole);
  fmpz_clear(a);
  fmpz_clear(b);
}

/* --- a landscape ----------------------------------------------------------------------- */

/* Sums over the blocks: of variances, fourth cumulants and 2 k. */
typedef struct {
  arb_t variance, fourth, threshold;
} sums_t;

static void sums_init(sums_t *s) {
  arb_init(s->variance);
  arb_init(s->fourth);
  arb_init(s->threshold);
}

static void sums_clear(sums_t *s) {
  arb_clear(s->variance);
  arb_clear(s->fourth);
  arb_clear(s->threshold);
}

enum { COUNT, BETA, FREEDOM, RANK, WEIGHT, MEAN, SIZE, SPREAD, NUMBERS };

static bool get_numbers(arb_struct *x, const json_t *block) {
  static const char *const keys[NUMBERS] = {"count", "beta", "r", "rank", "weight",
                                            "mean_eigenvalue", "N",
                                            "moments.central2"};
  bool known = true;
  for (int i = 0; i < NUMBERS; i++)
    known = cert_get_real(x + i, cert_at(block, keys[i]), PREC) && known;
  return known;
}

/* To `all`, and to `moving` unless the block is a constant. */
static bool add_block(sums_t *all, sums_t *moving, const json_t *block) {
  arb_struct x[NUMBERS];
  arb_t k2, square, term;
  for (int i = 0; i < NUMBERS; i++) arb_init(x + i);
  arb_init(k2);
  arb_init(square);
  arb_init(term);
  bool known = get_numbers(x, block);
  arb_mul(k2, x + BETA, x + FREEDOM, PREC);
  arb_mul(k2, k2, x + RANK, PREC);
  bool constant = arb_is_zero(x + SPREAD) || arb_overlaps(x + RANK, x + SIZE);
  if (known && arb_is_positive(k2)) {
    arb_mul(square, x + WEIGHT, x + MEAN, PREC);
    arb_mul(square, square, square, PREC);
    for (int which = 0; which < (constant ? 1 : 2); which++) {
      sums_t *s = which ? moving : all;
      arb_mul(term, square, x + COUNT, PREC);
      arb_mul_si(term, term, 2, PREC);
      arb_div(term, term, k2, PREC);
      arb_add(s->variance, s->variance, term, PREC);
      arb_mul(term, term, square, PREC); /* 6 m^4/k^3 = (m^2/k) m^2 24/(2k)^2 */
      arb_mul_si(term, term, 24, PREC);
      arb_div(term, term, k2, PREC);
      arb_div(term, term, k2, PREC);
      arb_add(s->fourth, s->fourth, term, PREC);
      arb_addmul(s->threshold, k2, x + COUNT, PREC);
    }
  }
  for (int i = 0; i < NUMBERS; i++) arb_clear(x + i);
  arb_clear(k2);
  arb_clear(square);
  arb_clear(term);
  return known;
}

/* Excess kurtosis of the sum. */
static void kurtosis(arb_t out, const sums_t *s) {
  if (!arb_is_positive(s->variance)) {
    arb_zero(out);
    return;
  }
  arb_div(out, s->fourth, s->variance, PREC);
  arb_div(out, out, s->variance, PREC);
}

/* min(1, sqrt(2 kurtosis/3)), of the kurtosis that is claimed. */
static void check_distance(members_t *m, const json_t *gaussian) {
  arb_t bound, one;
  arb_init(bound);
  arb_init(one);
  arb_one(one);
  if (cert_get_real(bound, json_object_get(gaussian, "excess_kurtosis"), PREC)) {
    arb_mul_si(bound, bound, 2, PREC);
    arb_div_si(bound, bound, 3, PREC);
    arb_sqrt(bound, bound, PREC);
    arb_min(bound, bound, one, PREC);
    must_be(m, "gaussian_process.tv_bound", json_object_get(gaussian, "tv_bound"),
            bound, NULL);
  }
  arb_clear(bound);
  arb_clear(one);
}

static void check_ratio(members_t *m, const json_t *landscape) {
  arb_t ratio, variance;
  arb_init(ratio);
  arb_init(variance);
  if (cert_get_real(ratio, cert_at(landscape, "wishart.variance"), PREC) &&
      cert_get_real(variance, json_object_get(landscape, "variance"), PREC) &&
      arb_is_nonzero(variance)) {
    arb_div(ratio, ratio, variance, PREC);
    must_be(m, "wishart.variance_ratio",
            cert_at(landscape, "wishart.variance_ratio"), ratio, NULL);
  }
  arb_clear(ratio);
  arb_clear(variance);
}

/* Is that a number of times the sector with its multiplicity, as many as there may be? */
static bool is_multiple(double seen, double one, size_t num_qubits) {
  double copies = seen / one;
  return copies >= 1 && copies == (double)(long)copies &&
         seen <= (double)((uint64_t)1 << num_qubits);
}

/* The trace over the sector, or over several that are linked, is `index` times that of
   the block (for quaternions the reduced one): of the identity, index N. */
static void check_index(members_t *m, const json_t *block, size_t at,
                        const json_t *sectors, size_t num_qubits) {
  long size, dimension, multiplicity;
  double index = cert_get_double(json_object_get(block, "index"));
  const json_t *which = json_object_get(block, "sector");
  const json_t *sector = json_array_get(
      sectors, json_is_integer(which) ? (size_t)json_integer_value(which) : SIZE_MAX);
  char name[64];
  if (!(index >= 0) || !get_small(&size, block, "N") || num_qubits > 40 ||
      !get_small(&dimension, sector, "dimension") ||
      !get_small(&multiplicity, sector, "multiplicity") || dimension == 0 ||
      multiplicity == 0)
    return;
  double seen = index * (double)size;
  double one = (double)dimension * (double)multiplicity;
  snprintf(name, sizeof name, "wishart.blocks[%zu].index", at);
  claims_tell(m, name, is_multiple(seen, one, num_qubits), index,
       one / (double)size);
}

/* Parameters that move the loss, those of the circuit, or fewer: gamma * threshold
   is their number. */
static void check_gamma(members_t *m, const json_t *landscape, size_t parameters) {
  arb_t number, threshold;
  fmpz_t whole;
  arb_init(number);
  arb_init(threshold);
  fmpz_init(whole);
  if (cert_get_real(number, cert_at(landscape, "minima.gamma"), PREC) &&
      cert_get_real(threshold, cert_at(landscape, "minima.threshold"), PREC)) {
    const json_t *moving = cert_at(landscape, "verdict.parameters_that_move_the_loss");
    double said = middle(number);
    arb_mul(number, number, threshold, PREC);
    bool holds = arb_get_unique_fmpz(whole, number) && fmpz_sgn(whole) >= 0 &&
                 (fmpz_equal_ui(whole, parameters) ||
                  (json_is_integer(moving) &&
                   fmpz_equal_si(whole, (slong)json_integer_value(moving))));
    claims_tell(m, "minima.gamma", holds, said, (double)parameters / middle(threshold));
  }
  arb_clear(number);
  arb_clear(threshold);
  fmpz_clear(whole);
}

static void check_landscape(members_t *m, const json_t *landscape,
                            const json_t *sectors, const ansatz_t ansatz) {
  const json_t *blocks = cert_at(landscape, "wishart.blocks");
  sums_t all, moving;
  arb_t excess, other;
  bool known = json_is_true(cert_at(landscape, "wishart.applies"));
  sums_init(&all);
  sums_init(&moving);
  arb_init(excess);
  arb_init(other);
  for (size_t b = 0; b < json_array_size(blocks); b++) {
    const json_t *block = json_array_get(blocks, b);
    known = add_block(&all, &moving, block) && known;
    check_index(m, block, b, sectors, ansatz->num_qubits);
  }
  if (known) {
    must_be(m, "wishart.variance", cert_at(landscape, "wishart.variance"),
            moving.variance, all.variance);
    kurtosis(excess, &moving);
    kurtosis(other, &all);
    must_be(m, "gaussian_process.excess_kurtosis",
            cert_at(landscape, "gaussian_process.excess_kurtosis"), excess, other);
    must_be(m, "minima.threshold", cert_at(landscape, "minima.threshold"),
            moving.threshold, all.threshold);
  }
  check_ratio(m, landscape);
  check_distance(m, json_object_get(landscape, "gaussian_process"));
  check_gamma(m, landscape, ansatz->num_parameters);
  sums_clear(&all);
  sums_clear(&moving);
  arb_clear(excess);
  arb_clear(other);
}

/* One string: its square is a number. */
static void check_square(members_t *m, const json_t *landscape,
                         const pauli_sum_struct *sum) {
  arb_t square;
  if (sum->length != 1) return;
  arb_init(square);
  arb_set_fmpq(square, sum->coeffs, PREC);
  arb_mul(square, square, square, PREC);
  must_be(m, "mean_square", json_object_get(landscape, "mean_square"), square, NULL);
  must_be(m, "finite_depth.mean_square", cert_at(landscape, "finite_depth.mean_square"),
          square, NULL);
  arb_clear(square);
}

size_t claims_check_members(json_t *checks, json_t *tested, const ansatz_t ansatz,
                            const verify_claims_t claims,
                            const json_t *certificate) {
  members_t m = {.checks = checks, .tested = tested};
  const json_t *landscapes = json_object_get(certificate, "landscapes");
  check_algebra(&m, certificate);
  check_sectors(&m, certificate, ansatz->num_qubits);
  for (size_t j = 0; j < json_array_size(landscapes); j++) {
    snprintf(m.where, sizeof m.where, "landscapes[%zu].", j);
    check_landscape(&m, json_array_get(landscapes, j),
                    json_object_get(certificate, "sectors"), ansatz);
    const verify_landscape_struct *claim = claims->landscapes + j;
    check_square(&m, json_array_get(landscapes, j),
                 ansatz->observables[claim->observable].sum);
    claims_check_verdict(&m, certificate, json_array_get(landscapes, j),
                         ansatz->num_parameters, claim->mean - claim->least);
  }
  return m.failures;
}
