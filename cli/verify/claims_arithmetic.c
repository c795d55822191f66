/* The part of claims.h that needs no sampling. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/verify/certificate_claims.h"
#include "algebra/base/text.h"
#include "cli/format/json_number.h"

void claims_report_failure(json_t *checks, const char *name, double predicted,
                           double measured) {
  json_t *said = json_real(predicted), *is = json_real(measured);
  json_array_append_new(
      checks, json_pack("{s:s, s:o, s:o, s:f, s:f, s:b}", "name", name,
                        "predicted", said ? said : json_null(), "measured",
                        is ? is : json_null(), "standard_error", 0.0,
                        "p_value", 0.0, "holds", 0));
}

static size_t check_size(json_t *checks, const json_t *certificate,
                         const char *path, size_t actual) {
  const json_t *said = cert_at(certificate, path);
  if (json_is_integer(said) && json_integer_value(said) == (json_int_t)actual)
    return 0;
  claims_report_failure(checks, path, json_number_value(said), (double)actual);
  return 1;
}

/* What follows from the spectrum of a block, in units of sqrt(radicand). */
typedef struct {
  fmpz_t N, r;
  fmpq_t mean, central2, least, above, r_exact;
} block_numbers_t;

static void block_numbers_init(block_numbers_t *b) {
  fmpz_init(b->N);
  fmpz_init(b->r);
  fmpq_init(b->mean);
  fmpq_init(b->central2);
  fmpq_init(b->least);
  fmpq_init(b->above);
  fmpq_init(b->r_exact);
}

static void block_numbers_clear(block_numbers_t *b) {
  fmpz_clear(b->N);
  fmpz_clear(b->r);
  fmpq_clear(b->mean);
  fmpq_clear(b->central2);
  fmpq_clear(b->least);
  fmpq_clear(b->above);
  fmpq_clear(b->r_exact);
}

/* N = sum m, sum m o and sum m o^2 in mean and central2, and the least. False
   when the spectrum is not readable. */
static bool add_levels(block_numbers_t *b, const json_t *spectrum) {
  fmpq_t value, term;
  fmpz_t times;
  bool ok = json_array_size(spectrum) > 0;
  fmpq_init(value);
  fmpq_init(term);
  fmpz_init(times);
  for (size_t i = 0; i < json_array_size(spectrum) && ok; i++) {
    const json_t *level = json_array_get(spectrum, i);
    ok = cert_get_fmpq(value, json_object_get(level, "eigenvalue")) &&
         cert_get_fmpz(times, json_object_get(level, "multiplicity")) &&
         fmpz_sgn(times) > 0;
    if (!ok) break;
    if (i == 0 || fmpq_cmp(value, b->least) < 0) fmpq_set(b->least, value);
    fmpz_add(b->N, b->N, times);
    fmpq_mul_fmpz(term, value, times);
    fmpq_add(b->mean, b->mean, term);
    fmpq_mul(term, term, value);
    fmpq_add(b->central2, b->central2, term);
  }
  fmpq_clear(value);
  fmpq_clear(term);
  fmpz_clear(times);
  return ok;
}

/* above = mean - least, r_exact = N above^2 / (above^2 + central2). */
static bool block_numbers_set(block_numbers_t *b, const json_t *spectrum) {
  if (!add_levels(b, spectrum)) return false;
  fmpq_t square, sum;
  fmpq_init(square);
  fmpq_init(sum);
  fmpq_div_fmpz(b->mean, b->mean, b->N);
  fmpq_div_fmpz(b->central2, b->central2, b->N);
  fmpq_mul(square, b->mean, b->mean);
  fmpq_sub(b->central2, b->central2, square);
  fmpq_sub(b->above, b->mean, b->least);
  fmpq_mul(square, b->above, b->above);
  fmpq_add(sum, square, b->central2);
  if (!fmpq_is_zero(sum)) {
    fmpq_div(square, square, sum);
    fmpq_mul_fmpz(b->r_exact, square, b->N);
  }
  fmpz_cdiv_q(b->r, fmpq_numref(b->r_exact), fmpq_denref(b->r_exact));
  fmpq_clear(square);
  fmpq_clear(sum);
  return true;
}

/* An exact number must be equal, a ball must contain actual * sqrt(radicand);
   null is no claim. */
static bool is_right(const json_t *said, const fmpq_t actual,
                     const fmpq_t radicand) {
  fmpq_t value;
  arb_t ball, real;
  if (!said || json_is_null(said)) return true;
  fmpq_init(value);
  arb_init(ball);
  arb_init(real);
  bool right = false;
  if (cert_get_fmpq(value, said)) {
    right = fmpq_equal(value, actual);
  } else if (cert_get_ball(ball, said, 128)) {
    arb_set_fmpq(real, radicand, 256);
    arb_sqrt(real, real, 256);
    arb_mul_fmpz(real, real, fmpq_numref(actual), 256);
    arb_div_fmpz(real, real, fmpq_denref(actual), 256);
    right = arb_overlaps(real, ball);
  }
  fmpq_clear(value);
  arb_clear(ball);
  arb_clear(real);
  return right;
}

static size_t check_number(json_t *checks, const json_t *block,
                           const char *where, const char *key,
                           const fmpq_t actual, const fmpq_t radicand) {
  const json_t *said = cert_at(block, key);
  char *name = NULL;
  if (is_right(said, actual, radicand)) return 0;
  name = text_print("%s.%s", where, key);
  claims_report_failure(checks, name, cert_get_double(said), fmpq_get_d(actual));
  free(name);
  return 1;
}

static size_t check_block(json_t *checks, const json_t *block,
                          const char *where) {
  size_t failures = 0;
  block_numbers_t b;
  fmpq_t whole, one, radicand;
  block_numbers_init(&b);
  fmpq_init(whole);
  fmpq_init(one);
  fmpq_init(radicand);
  fmpq_one(one);
  if (block_numbers_set(&b, json_object_get(block, "spectrum")) &&
      cert_get_fmpq(radicand, json_object_get(block, "radicand")) &&
      fmpq_sgn(radicand) > 0) {
    fmpz_set(fmpq_numref(whole), b.N);
    failures += check_number(checks, block, where, "N", whole, one);
    failures +=
        check_number(checks, block, where, "moments.mean", b.mean, one);
    failures +=
        check_number(checks, block, where, "moments.central2", b.central2, one);
    failures +=
        check_number(checks, block, where, "least_eigenvalue", b.least, one);
    failures += check_number(checks, block, where, "mean_eigenvalue", b.above,
                             radicand);
    failures += check_number(checks, block, where, "r_exact", b.r_exact, one);
    fmpz_set(fmpq_numref(whole), b.r);
    failures += check_number(checks, block, where, "r", whole, one);
  }
  fmpq_clear(whole);
  fmpq_clear(one);
  fmpq_clear(radicand);
  block_numbers_clear(&b);
  return failures;
}

size_t claims_check_arithmetic(json_t *checks, const ansatz_t ansatz,
                               const json_t *certificate) {
  size_t failures =
      check_size(checks, certificate, "ansatz.qubits", ansatz->num_qubits) +
      check_size(checks, certificate, "ansatz.parameters",
                 ansatz->num_parameters);
  const json_t *landscapes = cert_at(certificate, "landscapes");
  for (size_t j = 0; j < json_array_size(landscapes); j++) {
    const json_t *blocks =
        cert_at(json_array_get(landscapes, j), "wishart.blocks");
    for (size_t b = 0; b < json_array_size(blocks); b++) {
      char where[96];
      snprintf(where, sizeof where, "landscapes[%zu].wishart.blocks[%zu]", j,
               b);
      failures += check_block(checks, json_array_get(blocks, b), where);
    }
  }
  return failures;
}
