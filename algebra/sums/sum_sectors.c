/* The sectors; see sum_structure.h for the mathematics.

   A is kept in the coordinates of its span (orbits of strings); operators are
   never written out, so that the cost is one of dim A, not of 4^n. Products of
   central elements: z b is the word of z (the combination of words in the maps
   that carries 1 to z) applied to b, since b is central. Modulo primes; in the
   coordinates x_a of averages e_a of orbits, e_a e_b is a sum of fractions of e_r
   with weights that are multiples of 1/|orbit of b| and add up to 1 at most, so
   that z b has entries bounded by |z|_1 |b|_1 and denominators that divide those
   of z and b times n!. Enough primes give it exactly. */
#include <flint/fmpq_poly.h>
#include <flint/fmpz_poly_factor.h>
#include <flint/ulong_extras.h>
#include <stdlib.h>

#include "algebra/closure/module.h"
#include "algebra/sums/sum_sectors.h"

enum { MAX_COLUMNS = 20 * SUM_SECTORS_MAX_DIMENSION };
enum { MAX_IMAGES = 20000000 };
/* A span that is far larger than the algebra is given up early: beyond a number
   of strings, or of their images under permutations. */
typedef struct {
  const span_struct *span;
  const closure_limits_t *limits;
} patience_t;

static size_t images_per_column(const span_struct *span) {
  size_t terms = 1;
  for (size_t k = 0; k < span->num_maps; k++) terms += span->ops[k].length;
  return terms * span->symmetry.num_perms;
}

static bool out_of_patience(void *data) {
  const patience_t *patience = data;
  return patience->span->num_columns > MAX_COLUMNS ||
         patience->span->num_columns > MAX_IMAGES / images_per_column(patience->span) ||
         limits_abort(patience->limits);
}

status_t sum_sectors_span(span_struct *span, size_t num_qubits,
                         const span_map_t *maps, size_t num_maps,
                         const pauli_sum_struct *seed, size_t max_dimension,
                         const closure_limits_t *limits) {
  closure_limits_t own = {0};
  patience_t patience = {span, limits};
  if (limits) own = *limits;
  own.max_dimension = max_dimension;
  own.abort = out_of_patience;
  own.abort_data = &patience;
  span_init(span, num_qubits, maps, num_maps, &seed, 1, &own);
  return span_run(span);
}

/* The span of seed under {H, .} and H o . for every generator. */
static status_t associative_span(span_struct *span, const sum_sectors_struct *s,
                                 const pauli_sum_struct *seed) {
  size_t num = 2 * s->count + s->num_scalars;
  span_map_t *maps = flint_malloc((num + 1) * sizeof *maps);
  for (size_t k = 0; k < s->count; k++) {
    maps[2 * k] = (span_map_t){s->generators[k], SPAN_LIE};
    maps[2 * k + 1] = (span_map_t){s->generators[k], SPAN_JORDAN};
  }
  for (size_t k = 0; k < s->num_scalars; k++)
    maps[2 * s->count + k] = (span_map_t){s->scalars[k], SPAN_JORDAN};
  status_t status = sum_sectors_span(span, s->n, maps, num, seed,
                             SUM_SECTORS_MAX_DIMENSION, s->limits);
  flint_free(maps);
  return status;
}

/* --- one factor --------------------------------------------------------------------- */

/* x modulo the prime, in the coordinates of A. */
static bool element_modulo(mp_limb_t *out, const sum_sectors_struct *s,
                           const fmpq_mat_t x, nmod_t mod) {
  size_t num = s->centre.num, dim = s->module.dim;
  mp_limb_t *c = flint_malloc((num + dim + 1) * sizeof *c), *row = c + num;
  bool ok = module_row_mod(c, x, 0, mod);
  memset(out, 0, dim * sizeof *out);
  for (size_t i = 0; i < num && ok; i++) {
    ok = module_row_mod(row, s->centre.w, i, mod);
    for (size_t k = 0; k < dim; k++) NMOD_ADDMUL(out[k], c[i], row[k], mod);
  }
  flint_free(c);
  return ok;
}

/* Tr e = 2^n times the coefficient of 1. False when it is no integer. */
static bool projector_trace(fmpz_t trace, const sum_sectors_struct *s,
                            const fmpq_mat_t x) {
  fmpq_t sum;
  fmpq_init(sum);
  for (size_t i = 0; i < s->centre.num; i++)
    fmpq_addmul(sum, fmpq_mat_entry(x, 0, (slong)i), s->unit + i);
  fmpz_mul_2exp(fmpq_numref(sum), fmpq_numref(sum), s->n);
  fmpq_canonicalise(sum);
  bool ok = fmpz_is_one(fmpq_denref(sum));
  fmpz_set(trace, fmpq_numref(sum));
  fmpq_clear(sum);
  return ok;
}

/* degree sectors of dimension d, multiplicity m; *size += dim A e. */
static bool add_factor(structure_t out, size_t *size, const sum_sectors_struct *s,
                       const module_mod_struct *m, const fmpq_mat_t x,
                       size_t degree, bool complex_known) {
  size_t dim = s->module.dim, rank[2] = {0, 0}, square = 0, d = 0;
  mp_limb_t *seed = flint_malloc((dim + 1) * sizeof *seed);
  fmpz_t dimension, multiplicity, count;
  bool ok = element_modulo(seed, s, x, m->mod);
  if (ok) {
    sum_word_ranks(rank, s, m, seed, false, dim);
    *size += rank[0];
    square = rank[0] / degree;
    ok = rank[0] % degree == 0;
    if (!complex_known)
      sum_word_ranks(rank, s, m, seed, true, 2 * square * degree);
  }
  while (d * d < square) d++;
  fmpz_init_set_ui(dimension, d);
  fmpz_init(multiplicity);
  fmpz_init_set_ui(count, degree);
  fmpz_mul(dimension, dimension, count);
  ok = ok && d > 0 && d * d == square && projector_trace(multiplicity, s, x) &&
       fmpz_divisible(multiplicity, dimension);
  if (ok) fmpz_divexact(multiplicity, multiplicity, dimension);
  fmpz_set_ui(dimension, d);
  size_t all = degree * square, both = rank[0] + rank[1];
  field_t field = FIELD_COMPLEX;
  if (complex_known)
    field = FIELD_COMPLEX;
  else if (both == all && 2 * rank[0] == degree * d * (d + 1))
    field = FIELD_REAL;
  else if (both == all && 2 * rank[0] == degree * d * (d - 1))
    field = FIELD_QUATERNIONIC;
  else /* alone, or dual to another one of the same factor */
    ok = ok && rank[0] == rank[1] && (both == 2 * all || both == all);
  if (ok) structure_add_sector(out, dimension, multiplicity, count, field);
  fmpz_clear(dimension);
  fmpz_clear(multiplicity);
  fmpz_clear(count);
  flint_free(seed);
  return ok && !limits_abort(s->limits);
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

/* Which factors are shown to be complex by a trace; true when all are. */
static bool show_complex(bool *known, const sum_sectors_struct *s,
                         const module_mod_struct *m) {
  bool all = true;
  sum_traces_struct traces;
  fmpq_mat_t x;
  mp_limb_t *e = flint_malloc((s->module.dim + 1) * sizeof *e);
  fmpq_mat_init(x, 1, (slong)s->centre.num);
  sum_traces_init(&traces, s, m);
  for (slong k = 0; k < s->factors->num; k++) {
    sum_centre_projector(x, s, s->factors->p + k);
    known[k] = element_modulo(e, s, x, m->mod) &&
               sum_traces_show_complex(&traces, e);
    all = all && known[k];
  }
  sum_traces_clear(&traces);
  fmpq_mat_clear(x);
  flint_free(e);
  return all;
}

static reason_code_t add_each(structure_t out, sum_sectors_struct *s,
                              const module_mod_struct *m, const bool *known) {
  reason_code_t reason = REASON_NONE;
  fmpq_mat_t x;
  size_t size = 0;
  fmpq_mat_init(x, 1, (slong)s->centre.num);
  for (slong k = 0; !reason && k < s->factors->num; k++) {
    sum_centre_projector(x, s, s->factors->p + k);
    if (!add_factor(s->found, &size, s, m, x,
                    (size_t)fmpz_poly_degree(s->factors->p + k), known[k]))
      reason = REASON_SECTOR_NOT_ANALYSED;
  }
  /* The ranks modulo the prime are lower bounds: right when they add up. */
  if (!reason && size != s->module.dim) reason = REASON_SECTOR_NOT_ANALYSED;
  if (!reason) merge_sectors(out, s->found);
  fmpq_mat_clear(x);
  return reason;
}

static reason_code_t add_factors(structure_t out, sum_sectors_struct *s,
                                 const pauli_sum_struct *one) {
  reason_code_t reason = REASON_NO_PRIME_FOR_WORDS;
  module_mod_struct m;
  bool *known = flint_calloc((size_t)s->factors->num + 1, sizeof *known);
  bool have = module_mod_init(&m, &s->module, n_nextprime(UINT64_C(1) << 27, 1));
  if (!have || !show_complex(known, s, &m)) {
    module_mod_clear(&m);
    have = sum_fields_dimensions(s, one) == STATUS_OK && sum_fields_prime(&m, s);
  }
  if (have) {
    reason = add_each(out, s, &m, known);
    module_mod_clear(&m);
  }
  flint_free(known);
  return reason;
}

void sum_sectors_actions(structure_t out, const sum_sectors_struct *s,
                         const sum_ideals_struct *ideals) {
  size_t num = s->found->num_sectors;
  size_t *list = flint_malloc(3 * (num + 1) * sizeof *list);
  for (size_t k = 0; k < num; k++) {
    const sector_struct *a = s->found->sectors + k;
    list[k] = fmpz_get_ui(a->dimension);
    list[num + k] = fmpz_abs_fits_ui(a->multiplicity)
                        ? fmpz_get_ui(a->multiplicity) : 0;
    for (size_t j = 0; j < out->num_sectors; j++)
      if (out->sectors[j].field == a->field &&
          fmpz_equal(out->sectors[j].dimension, a->dimension) &&
          fmpz_equal(out->sectors[j].multiplicity, a->multiplicity))
        list[2 * num + k] = j;
  }
  sum_blocks_t blocks = {.span = &s->span, .module = &s->module,
                         .centre = &s->centre, .one = s->one,
                         .action = s->action, .charpoly = s->charpoly,
                         .factors = s->factors, .dimension = list,
                         .multiplicity = list + num, .entry = list + 2 * num};
  reason_code_t reason = num == (size_t)s->factors->num
                           ? sum_actions(out, &blocks, ideals, s->limits)
                           : REASON_SECTORS_NOT_TOLD_APART;
  out->actions_known = !reason;
  out->actions_reason = reason;
  flint_free(list);
}

/* 1 on n qubits. */
static void set_one(pauli_sum_struct *one, size_t num_qubits) {
  fmpq_t c;
  uint64_t *zero = flint_calloc(2 * pauli_words(num_qubits) + 1, sizeof *zero);
  fmpq_init(c);
  fmpq_one(c);
  pauli_sum_init(one, num_qubits);
  pauli_sum_push(one, c, zero);
  fmpq_clear(c);
  flint_free(zero);
}

reason_code_t sum_sectors_init(sum_sectors_struct *s, structure_t out,
                               size_t num_qubits,
                               const pauli_sum_struct *const *generators,
                               size_t count,
                               const pauli_sum_struct *const *scalars,
                               size_t num_scalars,
                               const closure_limits_t *limits) {
  *s = (sum_sectors_struct){.n = num_qubits, .count = count,
                            .generators = generators, .scalars = scalars,
                            .num_scalars = num_scalars, .limits = limits};
  reason_code_t reason = REASON_ASSOCIATIVE_ALGEBRA_TOO_LARGE;
  pauli_sum_t one;
  set_one(one, num_qubits);
  structure_init(s->found);
  if (associative_span(&s->span, s, one) == STATUS_OK) {
    module_init(&s->module, &s->span);
    fmpq_mat_init(s->one, 1, (slong)s->module.dim);
    module_coordinates(s->one, &s->module, &s->span, one);
    reason = REASON_CENTRE_NOT_LIFTED;
    s->ready =
        endo_init_fixed(&s->centre, &s->module, s->one, limits) == STATUS_OK;
    if (s->ready) {
      reason = sum_centre_init(s);
      if (!reason) reason = add_factors(out, s, one);
    } else {
      fmpq_mat_clear(s->one);
      module_clear(&s->module);
    }
  }
  if (reason && limits_abort(limits)) reason = REASON_TIME_LIMIT;
  pauli_sum_clear(one);
  return reason;
}

void sum_sectors_clear(sum_sectors_struct *s) {
  if (s->ready) {
    sum_centre_clear(s);
    endo_clear(&s->centre);
    fmpq_mat_clear(s->one);
    module_clear(&s->module);
  }
  structure_clear(s->found);
  span_clear(&s->span);
}
