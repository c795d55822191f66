#include <flint/fmpq_poly.h>
#include <flint/fmpz_poly_factor.h>
#include <stdlib.h>

#include "algebra/module.h"
#include "algebra/sum_ideals.h"

enum { MAX_DIMENSION = 1100, MAX_TERMS = 1 << 17, MAX_QUBITS = 10 };

typedef struct {
  size_t n, count;
  const pauli_sum_struct *const *generators;
  const closure_limits_t *limits;
  span_struct span; /* Hermitian part of the associative algebra */
  module_struct module;
  endo_struct centre;
  pauli_sum_struct *z;  /* its basis as operators */
  fmpz_poly_t charpoly; /* of the generic central element */
  fmpz_poly_factor_t factors;
  fmpq_mat_t action;
} sectors_struct;

/* The span of seed under {H, .} and H o . for every generator. */
static status_t associative_span(span_struct *span, const sectors_struct *s,
                                 const pauli_sum_struct *seed) {
  span_map_t *maps = flint_malloc((2 * s->count + 1) * sizeof *maps);
  for (size_t k = 0; k < s->count; k++) {
    maps[2 * k] = (span_map_t){s->generators[k], SPAN_LIE};
    maps[2 * k + 1] = (span_map_t){s->generators[k], SPAN_JORDAN};
  }
  closure_limits_t limits = {0};
  if (s->limits) limits = *s->limits;
  limits.max_dimension = MAX_DIMENSION;
  span_init(span, s->n, maps, 2 * s->count, &seed, 1, &limits);
  flint_free(maps);
  return span_run(span);
}

/* out = in with one more qubit, at the end, carrying the letter. */
static void extend(pauli_sum_struct *out, const pauli_sum_struct *in,
                   unsigned letter) {
  size_t n = in->num_qubits, w = in->num_words, wide = pauli_words(n + 1);
  uint64_t *p = flint_malloc((2 * wide + 1) * sizeof *p);
  pauli_sum_init(out, n + 1);
  for (size_t t = 0; t < in->length; t++) {
    memset(p, 0, 2 * wide * sizeof *p);
    for (size_t q = 0; q < n; q++)
      pauli_set(p, wide, q, pauli_get(pauli_sum_string(in, t), w, q));
    pauli_set(p, wide, n, letter);
    pauli_sum_push(out, in->coeffs + t, p);
  }
  pauli_sum_canonicalise(out);
  flint_free(p);
}

/* Dimension of R<i H_j> e and of its Hermitian part. An element X + i Y, X and Y
   Hermitian, is written X (x) I + Y (x) Z: i H times it has the parts
   (i/2)[H,X], -(H o Y) and H o X, (i/2)[H,Y], which together span the same as
   the real algebra since that is closed under adjoints. */
static status_t real_dimensions(size_t *dimension, size_t *total,
                                const sectors_struct *s,
                                const pauli_sum_struct *e) {
  pauli_sum_struct *ops = flint_malloc((2 * s->count + 1) * sizeof *ops);
  span_map_t *maps = flint_malloc((2 * s->count + 1) * sizeof *maps);
  pauli_sum_t seed;
  const pauli_sum_struct *seeds[1] = {seed};
  span_struct span;
  for (size_t k = 0; k < s->count; k++) {
    extend(ops + 2 * k, s->generators[k], 0);
    extend(ops + 2 * k + 1, s->generators[k], 2);
    maps[2 * k] = (span_map_t){ops + 2 * k, SPAN_LIE};
    maps[2 * k + 1] = (span_map_t){ops + 2 * k + 1, SPAN_JORDAN};
  }
  extend(seed, e, 0);
  closure_limits_t limits = {0};
  if (s->limits) limits = *s->limits;
  span_init(&span, s->n + 1, maps, 2 * s->count, seeds, 1, &limits);
  status_t status = span_run(&span);
  *dimension = 0;
  *total = span.dimension;
  if (status == STATUS_OK)
    for (size_t k = 0; k < span.dimension; k++) {
      sparse_vector_struct b;
      span_basis_vector(&b, &span, k);
      const uint64_t *p =
          span.strings + (size_t)b.idx[0] * 2 * span.num_words;
      *dimension += pauli_get(p, span.num_words, s->n) == 0;
      sparse_vector_clear(&b);
    }
  span_clear(&span);
  for (size_t k = 0; k < 2 * s->count; k++) pauli_sum_clear(ops + k);
  pauli_sum_clear(seed);
  flint_free(ops);
  flint_free(maps);
  return status;
}

/* --- the centre ------------------------------------------------------------------ */

/* Coefficient of string r in a, sorted: binary search. */
static const fmpq *coefficient(const pauli_sum_struct *a, const uint64_t *r) {
  size_t low = 0, high = a->length;
  while (low < high) {
    size_t mid = low + (high - low) / 2;
    int c = pauli_cmp(pauli_sum_string(a, mid), r, a->num_words);
    if (c == 0) return a->coeffs + mid;
    if (c < 0) low = mid + 1;
    else high = mid;
  }
  return NULL;
}

/* Coefficient of r in (a b + b a) / 2. */
static void product_coefficient(fmpq_t out, const pauli_sum_struct *a,
                                const pauli_sum_struct *b,
                                const uint64_t *r) {
  size_t w = a->num_words;
  uint64_t *q = flint_malloc((4 * w + 1) * sizeof *q), *back = q + 2 * w;
  fmpq_zero(out);
  for (size_t t = 0; t < a->length; t++) {
    const uint64_t *p = pauli_sum_string(a, t);
    pauli_xor(q, p, r, w);
    const fmpq *c = coefficient(b, q);
    if (!c) continue;
    unsigned e = pauli_mul(back, p, q, w);
    if (e == 0) fmpq_addmul(out, a->coeffs + t, c);
    if (e == 2) fmpq_submul(out, a->coeffs + t, c);
  }
  flint_free(q);
}

static const uint64_t *pivot_string(const sectors_struct *s, size_t j) {
  uint32_t column = s->module.pivot_column[s->centre.pivots[j]];
  return s->span.strings + (size_t)column * 2 * s->span.num_words;
}

/* A generic central z: its action on the centre, characteristic polynomial. */
static bool choose_central(sectors_struct *s) {
  size_t num = s->centre.num;
  pauli_sum_t z;
  fmpq_t c;
  fmpq_poly_t poly;
  bool ok = false;
  pauli_sum_init(z, s->n);
  fmpq_init(c);
  fmpq_poly_init(poly);
  for (slong attempt = 1; attempt <= 6 && !ok; attempt++) {
    pauli_sum_zero(z);
    for (size_t i = 0; i < num; i++) {
      slong k = (slong)i;
      const fmpq *unit = coefficient(s->z + i, pivot_string(s, i));
      fmpq_set_si(c, (k * k * attempt + 5 * k * (attempt + 2)) % 31 - 9, 1);
      fmpq_div(c, c, unit);
      pauli_sum_addmul(z, z, c, s->z + i);
    }
    for (size_t i = 0; i < num; i++)
      for (size_t j = 0; j < num; j++) {
        const uint64_t *r = pivot_string(s, j);
        product_coefficient(c, z, s->z + i, r);
        fmpq_div(fmpq_mat_entry(s->action, (slong)i, (slong)j), c,
                 coefficient(s->z + j, r));
      }
    fmpq_mat_charpoly(poly, s->action);
    ok = fmpq_poly_is_squarefree(poly);
  }
  if (ok) {
    fmpq_poly_get_numerator(s->charpoly, poly);
    fmpz_poly_primitive_part(s->charpoly, s->charpoly);
    fmpz_poly_factor(s->factors, s->charpoly);
  }
  pauli_sum_clear(z);
  fmpq_clear(c);
  fmpq_poly_clear(poly);
  return ok;
}

/* e = the projector on the factor f: (c h)(z), c = charpoly / f, h c = 1 mod f. */
static void projector(pauli_sum_struct *e, const sectors_struct *s,
                      const fmpz_poly_struct *f) {
  size_t num = s->centre.num;
  fmpq_poly_t all, factor, rest, gcd, h, other;
  fmpz_poly_t quotient;
  fmpq_mat_t x, y;
  fmpq_poly_init(all);
  fmpq_poly_init(factor);
  fmpq_poly_init(rest);
  fmpq_poly_init(gcd);
  fmpq_poly_init(h);
  fmpq_poly_init(other);
  fmpz_poly_init(quotient);
  fmpq_mat_init(x, 1, (slong)num);
  fmpq_mat_init(y, 1, (slong)num);
  fmpz_poly_div(quotient, s->charpoly, f);
  fmpq_poly_set_fmpz_poly(rest, quotient);
  fmpq_poly_set_fmpz_poly(factor, f);
  fmpq_poly_xgcd(gcd, h, other, rest, factor);
  fmpq_poly_mul(h, h, rest);
  for (slong d = fmpq_poly_degree(h); d >= 0; d--) {
    fmpq_t c;
    fmpq_init(c);
    fmpq_mat_mul(y, x, s->action);
    fmpq_poly_get_coeff_fmpq(c, h, d);
    for (size_t j = 0; j < num; j++) /* + c times 1 */
      if (pauli_is_identity(pivot_string(s, j), s->span.num_words))
        fmpq_add(fmpq_mat_entry(y, 0, (slong)j),
                 fmpq_mat_entry(y, 0, (slong)j), c);
    fmpq_mat_swap(x, y);
    fmpq_clear(c);
  }
  pauli_sum_zero(e);
  for (size_t j = 0; j < num; j++)
    pauli_sum_addmul(e, e, fmpq_mat_entry(x, 0, (slong)j), s->z + j);
  fmpq_poly_clear(all);
  fmpq_poly_clear(factor);
  fmpq_poly_clear(rest);
  fmpq_poly_clear(gcd);
  fmpq_poly_clear(h);
  fmpq_poly_clear(other);
  fmpz_poly_clear(quotient);
  fmpq_mat_clear(x);
  fmpq_mat_clear(y);
}

/* --- one factor --------------------------------------------------------------------- */

/* degree sectors of dimension d, multiplicity m. */
static bool add_factor(structure_t out, const sectors_struct *s,
                       const pauli_sum_struct *e, size_t degree) {
  span_struct span;
  size_t hermitian, total;
  status_t status = associative_span(&span, s, e);
  size_t square = span.dimension / degree;
  bool exact = span.dimension % degree == 0;
  span_clear(&span);
  if (status != STATUS_OK ||
      real_dimensions(&hermitian, &total, s, e) != STATUS_OK)
    return false;
  size_t d = 0;
  while (d * d < square) d++;
  uint64_t *zero = flint_calloc(2 * pauli_words(s->n) + 1, sizeof *zero);
  const fmpq *c = coefficient(e, zero);
  fmpq_t trace;
  fmpq_init(trace);
  if (c) fmpq_set(trace, c);
  fmpz_mul_2exp(fmpq_numref(trace), fmpq_numref(trace), s->n);
  fmpq_canonicalise(trace);
  fmpz_t dimension, multiplicity, count;
  fmpz_init_set_ui(dimension, d);
  fmpz_init(multiplicity);
  fmpz_init_set_ui(count, degree);
  fmpz_mul(multiplicity, dimension, count);
  bool ok = exact && d * d == square && fmpz_is_one(fmpq_denref(trace)) &&
            fmpz_divisible(fmpq_numref(trace), multiplicity);
  if (ok) fmpz_divexact(multiplicity, fmpq_numref(trace), multiplicity);
  field_t field = FIELD_COMPLEX;
  if (total == degree * square && 2 * hermitian == degree * d * (d + 1))
    field = FIELD_REAL;
  else if (total == degree * square && 2 * hermitian == degree * d * (d - 1))
    field = FIELD_QUATERNIONIC;
  else /* alone, or sharing the real algebra with conjugates in this factor */
    ok = ok && 2 * hermitian == total &&
         (total == 2 * degree * square || total == degree * square);
  if (ok) structure_add_sector(out, dimension, multiplicity, count, field);
  fmpz_clear(dimension);
  fmpz_clear(multiplicity);
  fmpz_clear(count);
  fmpq_clear(trace);
  flint_free(zero);
  return ok;
}

/* Appends, sectors that look the same as one entry. */
static void merge_sectors(structure_t out, const structure_t found) {
  for (size_t k = 0; k < found->num_sectors; k++) {
    const sector_struct *a = found->sectors + k;
    size_t j = 0;
    for (; j < out->num_sectors; j++)
      if (out->sectors[j].field == a->field &&
          fmpz_equal(out->sectors[j].dimension, a->dimension) &&
          fmpz_equal(out->sectors[j].multiplicity, a->multiplicity))
        break;
    if (j < out->num_sectors)
      fmpz_add(out->sectors[j].count, out->sectors[j].count, a->count);
    else
      structure_add_sector(out, a->dimension, a->multiplicity, a->count,
                           a->field);
  }
}

static const char *split_sectors(structure_t out, sectors_struct *s) {
  const char *reason = NULL;
  size_t num = s->centre.num;
  fmpq_mat_t row;
  pauli_sum_t e;
  fmpq_mat_init(row, 1, (slong)s->module.dim);
  pauli_sum_init(e, s->n);
  s->z = flint_malloc((num + 1) * sizeof *s->z);
  for (size_t i = 0; i < num; i++) {
    pauli_sum_init(s->z + i, s->n);
    for (size_t k = 0; k < s->module.dim; k++)
      fmpq_set(fmpq_mat_entry(row, 0, (slong)k),
               fmpq_mat_entry(s->centre.w, (slong)i, (slong)k));
    if (module_operator(s->z + i, row, &s->span, MAX_TERMS) != STATUS_OK)
      reason = "a central projector has too many strings";
  }
  fmpz_poly_init(s->charpoly);
  fmpz_poly_factor_init(s->factors);
  fmpq_mat_init(s->action, (slong)num, (slong)num);
  if (!reason && !choose_central(s))
    reason = "no generic central element was found";
  structure_t found;
  structure_init(found);
  for (slong k = 0; !reason && k < s->factors->num; k++) {
    projector(e, s, s->factors->p + k);
    if (!add_factor(found, s, e,
                    (size_t)fmpz_poly_degree(s->factors->p + k)))
      reason = "a sector could not be analysed within the limits";
  }
  if (!reason) merge_sectors(out, found);
  structure_clear(found);
  fmpz_poly_clear(s->charpoly);
  fmpz_poly_factor_clear(s->factors);
  fmpq_mat_clear(s->action);
  for (size_t i = 0; i < num; i++) pauli_sum_clear(s->z + i);
  flint_free(s->z);
  pauli_sum_clear(e);
  fmpq_mat_clear(row);
  return reason;
}

const char *sum_sectors(structure_t out, size_t num_qubits,
                        const pauli_sum_struct *const *generators,
                        size_t count, const closure_limits_t *limits) {
  sectors_struct s = {.n = num_qubits, .count = count,
                      .generators = generators, .limits = limits};
  if (num_qubits > MAX_QUBITS)
    return "the sectors are found only for Hilbert spaces of up to ten qubits";
  const char *reason = "the associative algebra is too large";
  pauli_sum_t one;
  fmpq_t c;
  uint64_t *zero = flint_calloc(2 * pauli_words(num_qubits) + 1, sizeof *zero);
  fmpq_init(c);
  fmpq_one(c);
  pauli_sum_init(one, num_qubits);
  pauli_sum_push(one, c, zero);
  if (associative_span(&s.span, &s, one) == STATUS_OK) {
    fmpq_mat_t v;
    module_init(&s.module, &s.span);
    fmpq_mat_init(v, 1, (slong)s.module.dim);
    module_coordinates(v, &s.module, &s.span, one);
    reason = "the centre of the associative algebra was not lifted";
    if (endo_init_fixed(&s.centre, &s.module, v) == STATUS_OK) {
      reason = split_sectors(out, &s);
      endo_clear(&s.centre);
    }
    fmpq_mat_clear(v);
    module_clear(&s.module);
  }
  span_clear(&s.span);
  pauli_sum_clear(one);
  fmpq_clear(c);
  flint_free(zero);
  return reason;
}
