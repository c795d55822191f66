/* The sectors; see sum_structure.h for the mathematics.

   A is kept in the coordinates of its span (orbits of strings); operators are
   never written out, so that the cost is one of dim A, not of 4^n. Products of
   central elements: z b is the word of z (the combination of words in the maps
   that carries 1 to z) applied to b, since b is central. Modulo primes; in the
   coordinates x_a of averages e_a of orbits, e_a e_b is a sum of fractions of e_r
   with weights that are multiples of 1/|orbit of b| and add up to 1 at most, so
   that z b has entries bounded by |z|_1 |b|_1 and denominators that divide those
   of z and b times n!. Enough primes give it exactly.

   Fields. The maps {H, .} keep and H o . changes the parity of words. Let Even
   and Odd be the spans of even and odd words applied to e. A sector is
   isomorphic to its dual (as a representation of g) iff the sign (-1)^parity is
   well defined on A e, i.e. Even and Odd meet in 0; the sign is then the
   anti-automorphism H -> -H, and dim Even - dim Odd its trace, d for a symmetric
   form and -d for an antisymmetric one. Proof of the ranks, found modulo a prime:
   those of the words applied to 1 are compared with the exact ones (from the span
   of the real algebra). When they agree, the lattice of words is saturated at
   the prime, the projectors of a sector and of its dual stay different there,
   and a sector that is not self-dual cannot look self-dual. */
#include <flint/fmpq_poly.h>
#include <flint/fmpz_poly_factor.h>
#include <flint/ulong_extras.h>
#include <stdlib.h>

#include "algebra/echelon.h"
#include "algebra/module.h"
#include "algebra/sum_sectors.h"

enum { MAX_DIMENSION = 6000, MAX_COLUMNS = 20 * MAX_DIMENSION };
enum { MAX_IMAGES = 20000000 };
static const char TIME_IS_UP[] = "the time limit was reached";

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

static status_t run_span(span_struct *span, size_t num_qubits,
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
  status_t status = run_span(span, s->n, maps, num, seed,
                             MAX_DIMENSION, s->limits);
  flint_free(maps);
  return status;
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
                                const sum_sectors_struct *s,
                                const pauli_sum_struct *e) {
  size_t num = 2 * s->count + s->num_scalars;
  pauli_sum_struct *ops = flint_malloc((num + 1) * sizeof *ops);
  span_map_t *maps = flint_malloc((num + 1) * sizeof *maps);
  pauli_sum_t seed;
  span_struct span;
  for (size_t k = 0; k < s->count; k++) {
    extend(ops + 2 * k, s->generators[k], 0);
    extend(ops + 2 * k + 1, s->generators[k], 2);
    maps[2 * k] = (span_map_t){ops + 2 * k, SPAN_LIE};
    maps[2 * k + 1] = (span_map_t){ops + 2 * k + 1, SPAN_JORDAN};
  }
  for (size_t k = 2 * s->count; k < num; k++) {
    extend(ops + k, s->scalars[k - 2 * s->count], 0);
    maps[k] = (span_map_t){ops + k, SPAN_JORDAN};
  }
  extend(seed, e, 0);
  status_t status = run_span(&span, s->n + 1, maps, num, seed,
                             2 * MAX_DIMENSION, s->limits);
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
  for (size_t k = 0; k < num; k++) pauli_sum_clear(ops + k);
  pauli_sum_clear(seed);
  flint_free(ops);
  flint_free(maps);
  return status;
}

/* --- one factor --------------------------------------------------------------------- */

/* Ranks of the even and the odd words applied to x, modulo the prime; all words
   in rank[0] when not graded. Stops when the ranks add up to `stop`. */
static void word_ranks(size_t rank[2], const sum_sectors_struct *s,
                       const module_mod_struct *m, const mp_limb_t *x,
                       bool graded, size_t stop) {
  echelon_struct echelon[2];
  size_t done[2] = {0, 0};
  mp_limb_t *v = flint_malloc(2 * (m->dim + 1) * sizeof *v), *y = v + m->dim + 1;
  for (int parity = 0; parity < 2; parity++)
    echelon_init(echelon + parity, m->dim, m->mod);
  echelon_add(echelon, x);
  for (bool more = true; more && !limits_abort(s->limits);) {
    more = false;
    for (int parity = 0; parity < 2; parity++) {
      if (done[parity] == echelon[parity].rank) continue;
      echelon_row(v, echelon + parity, done[parity]++);
      more = true;
      for (size_t j = 0; j < m->num_maps; j++) { 
        int odd = j < 2 * s->count && (j & 1);
        echelon_struct *to = echelon + (graded ? parity ^ odd : 0);
        if (to->rank == m->dim) continue;
        module_mod_apply(y, v, m, j);
        echelon_add(to, y);
      }
    }
    if (echelon[0].rank + echelon[1].rank >= stop) break;
  }
  for (int parity = 0; parity < 2; parity++) {
    rank[parity] = echelon[parity].rank;
    echelon_clear(echelon + parity);
  }
  flint_free(v);
}

/* x modulo the prime, in the coordinates of A. */
static bool element_modulo(mp_limb_t *out, const sum_sectors_struct *s,
                           const fmpq_mat_t x, nmod_t mod) {
  size_t num = s->centre.num, dim = s->module.dim;
  mp_limb_t *c = flint_malloc((num + dim + 1) * sizeof *c), *row = c + num;
  bool ok = fmpq_row_mod(c, x, 0, mod);
  memset(out, 0, dim * sizeof *out);
  for (size_t i = 0; i < num && ok; i++) {
    ok = fmpq_row_mod(row, s->centre.w, i, mod);
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
                       size_t degree) {
  size_t dim = s->module.dim, rank[2] = {0, 0}, square = 0, d = 0;
  mp_limb_t *seed = flint_malloc((dim + 1) * sizeof *seed);
  fmpz_t dimension, multiplicity, count;
  bool ok = element_modulo(seed, s, x, m->mod);
  if (ok) {
    word_ranks(rank, s, m, seed, false, dim);
    *size += rank[0];
    square = rank[0] / degree;
    ok = rank[0] % degree == 0;
    word_ranks(rank, s, m, seed, true, 2 * square * degree);
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
  if (both == all && 2 * rank[0] == degree * d * (d + 1))
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

/* A prime modulo which words have the ranks that they have over Q. */
static bool choose_prime(module_mod_struct *m, const sum_sectors_struct *s) {
  mp_limb_t p = (UINT64_C(1) << 28) + 1, *seed;
  bool good = false;
  seed = flint_malloc((s->module.dim + 1) * sizeof *seed);
  for (int attempt = 0; attempt < 3 && !good; attempt++) {
    size_t rank[2];
    do p--;
    while (!n_is_prime(p));
    if (module_mod_init(m, &s->module, p) &&
        fmpq_row_mod(seed, s->one, 0, m->mod)) {
      word_ranks(rank, s, m, seed, true, s->total);
      good = rank[0] == s->even && rank[0] + rank[1] == s->total;
    }
    if (!good) module_mod_clear(m);
  }
  flint_free(seed);
  return good;
}

static const char *add_factors(structure_t out, sum_sectors_struct *s) {
  const char *reason = NULL;
  module_mod_struct m;
  fmpq_mat_t x;
  size_t size = 0;
  if (!choose_prime(&m, s)) return "no prime keeps the ranks of words";
  fmpq_mat_init(x, 1, (slong)s->centre.num);
  for (slong k = 0; !reason && k < s->factors->num; k++) {
    sum_centre_projector(x, s, s->factors->p + k);
    if (!add_factor(s->found, &size, s, &m, x,
                    (size_t)fmpz_poly_degree(s->factors->p + k)))
      reason = "a sector was not analysed";
  }
  /* The ranks modulo the prime are lower bounds: right when they add up. */
  if (!reason && size != s->module.dim) reason = "a sector was not analysed";
  if (!reason) merge_sectors(out, s->found);
  fmpq_mat_clear(x);
  module_mod_clear(&m);
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
  const char *reason = num == (size_t)s->factors->num
                           ? sum_actions(out, &blocks, ideals, s->limits)
                           : "the sectors were not told apart";
  out->actions_known = !reason;
  if (reason) structure_set_text(&out->actions_reason, reason);
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

const char *sum_sectors_init(sum_sectors_struct *s, structure_t out,
                             size_t num_qubits,
                             const pauli_sum_struct *const *generators,
                             size_t count,
                             const pauli_sum_struct *const *scalars,
                             size_t num_scalars,
                             const closure_limits_t *limits) {
  *s = (sum_sectors_struct){.n = num_qubits, .count = count,
                            .generators = generators, .scalars = scalars,
                            .num_scalars = num_scalars, .limits = limits};
  const char *reason = "the associative algebra is too large";
  pauli_sum_t one;
  set_one(one, num_qubits);
  structure_init(s->found);
  if (associative_span(&s->span, s, one) == STATUS_OK &&
      real_dimensions(&s->even, &s->total, s, one) == STATUS_OK) {
    module_init(&s->module, &s->span);
    fmpq_mat_init(s->one, 1, (slong)s->module.dim);
    module_coordinates(s->one, &s->module, &s->span, one);
    reason = "the centre of the associative algebra was not lifted";
    s->ready =
        endo_init_fixed(&s->centre, &s->module, s->one, limits) == STATUS_OK;
    if (s->ready) {
      reason = sum_centre_init(s);
      if (!reason) reason = add_factors(out, s);
    } else {
      fmpq_mat_clear(s->one);
      module_clear(&s->module);
    }
  }
  if (reason && limits_abort(limits)) reason = TIME_IS_UP;
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
