#include "algebra/depth/depth_series.h"

/* Pairs of frequencies, where every one meets every other: some seconds. */
enum { MAX_MET = 4000 };

typedef struct {
  const circuit_angles_t *angles;
  const ring_t *ring;
  row_table_t strings;
  average_block_t block;
  size_t num_known; /* expectations */
  fmpq *rho;
  size_t num_terms; /* of the series, by number of the frequency */
  complex_struct *series;
} series_t;

bool depth_series_applies(const circuit_angles_t *angles) {
  return angles->blocks->num_blocks == 1;
}

static void series_init(series_t *s, const circuit_angles_t *angles) {
  *s = (series_t){.angles = angles, .ring = &angles->ring};
  row_table_init(s->strings, 2 * angles->cone->num_words);
  average_block_init(&s->block, angles, angles->blocks->gates, angles->num_items,
                     s->strings);
}

static void series_clear(series_t *s) {
  for (size_t k = 0; k < s->num_known; k++) fmpq_clear(s->rho + k);
  for (size_t f = 0; f < s->num_terms; f++) complex_clear(s->series + f, s->ring);
  flint_free(s->rho);
  flint_free(s->series);
  average_block_clear(&s->block);
  row_table_clear(s->strings);
}

/* Tr(rho S) of all strings met so far. */
static void know_strings(series_t *s, depth_value_t value) {
  const depth_cone_struct *cone = s->angles->cone;
  size_t num = s->strings->length;
  uint64_t *row = flint_malloc((2 * cone->full_words + 1) * sizeof *row);
  s->rho = flint_realloc(s->rho, (num + 1) * sizeof *s->rho);
  for (; s->num_known < num; s->num_known++) {
    fmpq_init(s->rho + s->num_known);
    depth_cone_expand(row, cone, row_table_row(s->strings, s->num_known));
    depth_value_get(s->rho + s->num_known, value, row);
  }
  flint_free(row);
}

/* out += c x */
static void add_multiple(complex_t out, const fmpq_t c, const complex_t x,
                         const ring_t *ring) {
  if (!ring->ball) {
    for (size_t i = 0; i < 4; i++)
      fmpq_addmul(out->exact + i, c, x->exact + i);
    return;
  }
  arb_t t;
  arb_init(t);
  arb_set_fmpq(t, c, ring->prec_bits);
  acb_addmul_arb(&out->ball, &x->ball, t, ring->prec_bits);
  arb_clear(t);
}

static status_t add_term(series_t *s, const fmpq_t coeff, const uint64_t *string,
                         depth_value_t value, const depth_limits_t *limits) {
  uint64_t *row = flint_malloc((2 * s->angles->cone->num_words + 1) * sizeof *row);
  expansion_t e;
  bool is_new;
  depth_cone_compress(row, s->angles->cone, string);
  uint32_t start = (uint32_t)row_table_add(s->strings, row, &is_new);
  status_t status = expansion_init(&e, &s->block.expand, start, limits);
  flint_free(row);
  if (status != STATUS_OK) return status;
  know_strings(s, value);
  size_t num = s->block.expand.frequencies->length;
  s->series = flint_realloc(s->series, (num + 1) * sizeof *s->series);
  for (; s->num_terms < num; s->num_terms++)
    complex_init(s->series + s->num_terms, s->ring);
  fmpq_t c;
  fmpq_init(c);
  for (size_t i = 0; i < e.num_terms; i++) {
    const expand_term_struct *t = e.terms + i;
    fmpq_mul(c, coeff, s->rho + t->string);
    if (!fmpq_is_zero(c))
      add_multiple(s->series + t->frequency, c, t->coeff, s->ring);
  }
  fmpq_clear(c);
  expansion_clear(&e, &s->block.expand);
  return STATUS_OK;
}

static void sum_mean(real_t total, series_t *s) {
  size_t width = s->block.expand.num_variables;
  uint64_t *zero = flint_calloc(width + 1, sizeof *zero);
  bool is_new;
  real_t x;
  complex_t one;
  real_init(x, s->ring);
  complex_init(one, s->ring);
  complex_one(one, s->ring);
  uint32_t nothing =
      (uint32_t)row_table_add(s->block.expand.frequencies, zero, &is_new);
  for (uint32_t f = 0; f < s->num_terms; f++) {
    if (complex_is_zero(s->series + f, s->ring)) continue;
    complex_real_product(x, s->series + f, one, s->ring);
    real_addmul(total, x, average_block_phi(&s->block, f, nothing), s->ring);
  }
  real_clear(x, s->ring);
  complex_clear(one, s->ring);
  flint_free(zero);
}

/* The pair (f, g), `times` times. */
static void add_pair(real_t total, real_struct *gradient, series_t *s, uint32_t f,
                     uint32_t g, const real_t times) {
  average_block_t *b = &s->block;
  const real_struct *phi = average_block_phi(b, f, g);
  real_t x, y;
  if (real_is_zero(phi, s->ring)) return;
  real_init(x, s->ring);
  real_init(y, s->ring);
  complex_real_product(x, s->series + f, s->series + g, s->ring);
  real_mul(x, x, phi, s->ring);
  real_mul(x, x, times, s->ring);
  real_add(total, total, x, s->ring);
  for (size_t k = 0; gradient && k < b->num_parameters; k++) {
    real_mul(y, x, average_block_omega(b, f) + k, s->ring);
    real_addmul(gradient + b->parameters[k], y, average_block_omega(b, g) + k,
                s->ring);
  }
  real_clear(x, s->ring);
  real_clear(y, s->ring);
}

static status_t sum_squares(real_t total, real_struct *gradient, series_t *s,
                            const depth_limits_t *limits) {
  fmpq_t c;
  real_t one, two;
  status_t status = STATUS_OK;
  uint32_t *there = flint_malloc((s->num_terms + 1) * sizeof *there);
  size_t num = 0;
  for (uint32_t f = 0; f < s->num_terms; f++)
    if (!complex_is_zero(s->series + f, s->ring)) there[num++] = f;
  fmpq_init(c);
  real_init(one, s->ring);
  real_init(two, s->ring);
  fmpq_one(c);
  real_set_fmpq(one, c, s->ring);
  real_add(two, one, one, s->ring);
  if (!s->block.uniform && num > MAX_MET) status = STATUS_LIMIT;
  for (size_t i = 0; i < num && status == STATUS_OK; i++) {
    add_pair(total, gradient, s, there[i], there[i], one);
    for (size_t j = 0; j < i && !s->block.uniform; j++)
      add_pair(total, gradient, s, there[i], there[j], two);
    if (depth_limits_stop(limits)) status = STATUS_LIMIT;
  }
  real_clear(one, s->ring);
  real_clear(two, s->ring);
  fmpq_clear(c);
  flint_free(there);
  return status;
}

status_t depth_series_moment(real_t total, real_struct *gradient,
                             size_t *num_strings,
                             const circuit_angles_t *angles, depth_value_t value,
                             const pauli_sum_t sum, unsigned power,
                             const depth_limits_t *limits) {
  series_t s;
  real_t result;
  status_t status = STATUS_OK;
  series_init(&s, angles);
  real_init(result, s.ring);
  size_t num = s.block.num_parameters;
  /* on the side, so that a limit leaves the outputs alone */
  size_t most = 0;
  for (size_t k = 0; k < num; k++)
    if (s.block.parameters[k] >= most) most = s.block.parameters[k] + 1;
  real_struct *slopes = flint_malloc((most + 1) * sizeof *slopes);
  for (size_t k = 0; k < most; k++) real_init(slopes + k, s.ring);
  for (size_t t = 0; t < sum->length && status == STATUS_OK; t++)
    status = add_term(&s, sum->coeffs + t, pauli_sum_string(sum, t), value, limits);
  if (s.strings->length > *num_strings) *num_strings = s.strings->length;
  if (status == STATUS_OK && power == 1) sum_mean(result, &s);
  else if (status == STATUS_OK)
    status = sum_squares(result, gradient ? slopes : NULL, &s, limits);
  if (status == STATUS_OK) {
    real_set(total, result, s.ring);
    for (size_t k = 0; gradient && k < num; k++)
      real_add(gradient + s.block.parameters[k],
               gradient + s.block.parameters[k], slopes + s.block.parameters[k],
               s.ring);
  }
  for (size_t k = 0; k < most; k++) real_clear(slopes + k, s.ring);
  flint_free(slopes);
  real_clear(result, s.ring);
  series_clear(&s);
  return status;
}
