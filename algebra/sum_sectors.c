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
#include "algebra/sum_ideals.h"

enum { MAX_DIMENSION = 2000, MAX_COLUMNS = 60 * MAX_DIMENSION, MAX_PRIMES = 400 };
enum { MAX_IMAGES = 20000000 };
static const char TIME_IS_UP[] = "the time limit was reached";

typedef struct {
  size_t n, count;
  const pauli_sum_struct *const *generators;
  const closure_limits_t *limits;
  const sum_ideals_struct *ideals; /* NULL: the actions are not asked for */
  span_struct span; /* Hermitian part of the associative algebra */
  module_struct module;
  endo_struct centre;
  fmpq_mat_t one;       /* coordinates of 1 */
  fmpq *unit;           /* per central basis element: coefficient of 1 */
  fmpz *norm, *den;     /* norm >= den * its 1-norm, over all columns */
  fmpq_mat_t action;    /* of the generic central element */
  fmpz_poly_t charpoly; /* of it */
  fmpz_poly_factor_t factors;
  size_t even, total; /* of the real algebra, exact */
} sectors_struct;

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
static status_t associative_span(span_struct *span, const sectors_struct *s,
                                 const pauli_sum_struct *seed) {
  span_map_t *maps = flint_malloc((2 * s->count + 1) * sizeof *maps);
  for (size_t k = 0; k < s->count; k++) {
    maps[2 * k] = (span_map_t){s->generators[k], SPAN_LIE};
    maps[2 * k + 1] = (span_map_t){s->generators[k], SPAN_JORDAN};
  }
  status_t status = run_span(span, s->n, maps, 2 * s->count, seed,
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
                                const sectors_struct *s,
                                const pauli_sum_struct *e) {
  pauli_sum_struct *ops = flint_malloc((2 * s->count + 1) * sizeof *ops);
  span_map_t *maps = flint_malloc((2 * s->count + 1) * sizeof *maps);
  pauli_sum_t seed;
  span_struct span;
  for (size_t k = 0; k < s->count; k++) {
    extend(ops + 2 * k, s->generators[k], 0);
    extend(ops + 2 * k + 1, s->generators[k], 2);
    maps[2 * k] = (span_map_t){ops + 2 * k, SPAN_LIE};
    maps[2 * k + 1] = (span_map_t){ops + 2 * k + 1, SPAN_JORDAN};
  }
  extend(seed, e, 0);
  status_t status = run_span(&span, s->n + 1, maps, 2 * s->count, seed,
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
  for (size_t k = 0; k < 2 * s->count; k++) pauli_sum_clear(ops + k);
  pauli_sum_clear(seed);
  flint_free(ops);
  flint_free(maps);
  return status;
}

/* --- the centre ------------------------------------------------------------------ */

/* Norms, denominators and coefficients of 1 of the central basis elements. */
static void measure_centre(sectors_struct *s) {
  size_t columns = s->span.num_columns, w = s->span.num_words;
  fmpq *x = flint_malloc((columns + 1) * sizeof *x);
  uint64_t *zero = flint_calloc(6 * w + 1, sizeof *zero);
  uint32_t unit = span_find_column(&s->span, zero, zero + 2 * w);
  fmpz_t t;
  fmpz_init(t);
  for (size_t c = 0; c < columns; c++) fmpq_init(x + c);
  s->unit = flint_malloc((s->centre.num + 1) * sizeof *s->unit);
  s->norm = flint_malloc((s->centre.num + 1) * sizeof *s->norm);
  s->den = flint_malloc((s->centre.num + 1) * sizeof *s->den);
  for (size_t i = 0; i < s->centre.num; i++) {
    for (size_t c = 0; c < columns; c++) fmpq_zero(x + c);
    for (size_t k = 0; k < s->module.dim; k++) {
      const fmpq *a = fmpq_mat_entry(s->centre.w, (slong)i, (slong)k);
      if (fmpq_is_zero(a)) continue;
      sparse_vector_struct b;
      span_basis_vector(&b, &s->span, k);
      for (uint32_t e = 0; e < b.length; e++)
        fmpq_addmul(x + b.idx[e], a, b.val + e);
      sparse_vector_clear(&b);
    }
    fmpz_init_set_ui(s->den + i, 1);
    fmpz_init(s->norm + i);
    for (size_t c = 0; c < columns; c++)
      fmpz_lcm(s->den + i, s->den + i, fmpq_denref(x + c));
    for (size_t c = 0; c < columns; c++) {
      fmpz_divexact(t, s->den + i, fmpq_denref(x + c));
      fmpz_mul(t, t, fmpq_numref(x + c));
      fmpz_abs(t, t);
      fmpz_add(s->norm + i, s->norm + i, t);
    }
    fmpq_init(s->unit + i);
    if (unit != UINT32_MAX) fmpq_set(s->unit + i, x + unit);
  }
  for (size_t c = 0; c < columns; c++) fmpq_clear(x + c);
  fmpz_clear(t);
  flint_free(x);
  flint_free(zero);
}

/* The action of z = sum c_i z_i on the centre, modulo a prime: entry j of row i
   is coordinate pivots[j] of z z_i. False for a bad prime. */
static bool action_modulo(nmod_mat_t out, const sectors_struct *s,
                          const slong *c, const module_mod_struct *m) {
  size_t num = s->centre.num, dim = s->module.dim;
  mp_limb_t *seed = flint_malloc((dim + 1) * sizeof *seed);
  nmod_mat_t words_of_one, z, row, combination, image;
  words_struct words;
  bool ok = fmpq_row_mod(seed, s->one, 0, m->mod);
  if (!ok) memset(seed, 0, dim * sizeof *seed);
  words_init(&words, m, &seed, 1, s->limits);
  nmod_mat_init(words_of_one, (slong)dim, (slong)dim, m->mod.n);
  nmod_mat_init(z, (slong)dim, 1, m->mod.n);
  nmod_mat_init(combination, (slong)dim, 1, m->mod.n);
  nmod_mat_init(row, 1, (slong)dim, m->mod.n);
  nmod_mat_init(image, (slong)dim, (slong)dim, m->mod.n);
  ok = ok && words.num == dim;
  for (size_t i = 0; i < num && ok; i++) {
    mp_limb_t a = c[i] < 0 ? nmod_neg((mp_limb_t)-c[i], m->mod) : (mp_limb_t)c[i];
    ok = fmpq_row_mod(seed, s->centre.w, i, m->mod);
    for (size_t k = 0; k < dim; k++)
      NMOD_ADDMUL(nmod_mat_entry(z, (slong)k, 0), a, seed[k], m->mod);
  }
  if (ok) {
    for (size_t k = 0; k < dim; k++)
      for (size_t i = 0; i < dim; i++)
        nmod_mat_entry(words_of_one, (slong)i, (slong)k) = words.vectors[k][i];
    ok = nmod_mat_solve(combination, words_of_one, z);
  }
  for (size_t i = 0; i < num && ok && !limits_abort(s->limits); i++) {
    ok = fmpq_row_mod(seed, s->centre.w, i, m->mod);
    words_replay(image, &words, m, seed);
    for (size_t j = 0; j < num; j++) {
      mp_limb_t sum = 0;
      for (size_t k = 0; k < dim; k++)
        NMOD_ADDMUL(sum, nmod_mat_entry(combination, (slong)k, 0),
                    nmod_mat_entry(image, (slong)k, (slong)s->centre.pivots[j]),
                    m->mod);
      nmod_mat_entry(out, (slong)i, (slong)j) = sum;
    }
  }
  words_clear(&words);
  flint_free(seed);
  nmod_mat_clear(words_of_one);
  nmod_mat_clear(z);
  nmod_mat_clear(row);
  nmod_mat_clear(combination);
  nmod_mat_clear(image);
  return ok && !limits_abort(s->limits);
}

/* A common denominator of the entries of the action of z, and a bound on the
   entries times that. */
static void action_bound(fmpz_t den, fmpz_t bound, const sectors_struct *s,
                         const slong *c) {
  fmpz_t t;
  fmpz_init(t);
  fmpz_one(den);
  for (size_t i = 0; i < s->centre.num; i++) fmpz_lcm(den, den, s->den + i);
  fmpz_zero(bound); /* den^2 (sum |c_i| |z_i|) max |z_j| <= (that sum)^2 */
  for (size_t i = 0; i < s->centre.num; i++) {
    fmpz_divexact(t, den, s->den + i);
    fmpz_mul(t, t, s->norm + i);
    fmpz_mul_si(t, t, c[i] < 0 ? 1 - c[i] : 1 + c[i]);
    fmpz_add(bound, bound, t);
  }
  fmpz_mul(bound, bound, bound);
  fmpz_mul(den, den, den);
  fmpz_fac_ui(t, s->n);
  fmpz_mul(bound, bound, t);
  fmpz_mul(den, den, t);
  fmpz_mul_2exp(bound, bound, 1);
  fmpz_clear(t);
}

static const char *find_action(sectors_struct *s, const slong *c) {
  slong num = (slong)s->centre.num;
  const char *reason = "the products of central elements were not found";
  mp_limb_t p = UINT64_C(1) << 58;
  fmpz_mat_t residues, scaled;
  nmod_mat_t a;
  fmpz_t modulus, den, bound;
  fmpz_mat_init(residues, num, num);
  fmpz_mat_init(scaled, num, num);
  fmpz_init_set_ui(modulus, 1);
  fmpz_init(den);
  fmpz_init(bound);
  action_bound(den, bound, s, c);
  for (int round = 0; round < MAX_PRIMES; round++) {
    module_mod_struct m;
    if (limits_abort(s->limits)) {
      reason = TIME_IS_UP;
      break;
    }
    do p--;
    while (!n_is_prime(p));
    nmod_mat_init(a, num, num, p);
    bool good = module_mod_init(&m, &s->module, p) &&
                fmpz_fdiv_ui(den, p) != 0 && action_modulo(a, s, c, &m);
    module_mod_clear(&m);
    if (good) {
      nmod_mat_scalar_mul(a, a, fmpz_fdiv_ui(den, p));
      fmpz_mat_CRT_ui(residues, residues, modulus, a, 1);
      fmpz_mul_ui(modulus, modulus, p);
    }
    nmod_mat_clear(a);
    if (fmpz_cmp(modulus, bound) > 0) {
      fmpq_mat_set_fmpz_mat_div_fmpz(s->action, residues, den);
      reason = NULL;
      break;
    }
  }
  fmpz_mat_clear(residues);
  fmpz_mat_clear(scaled);
  fmpz_clear(modulus);
  fmpz_clear(den);
  fmpz_clear(bound);
  return reason;
}

/* A generic central z: its action on the centre, characteristic polynomial. */
static const char *choose_central(sectors_struct *s) {
  size_t num = s->centre.num;
  slong *c = flint_malloc((num + 1) * sizeof *c);
  fmpq_poly_t poly;
  const char *reason = "no generic central element was found";
  fmpq_poly_init(poly);
  uint64_t state = 1;
  for (int attempt = 0; attempt < 8; attempt++) {
    for (size_t i = 0; i < num; i++) {
      state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
      c[i] = (slong)((state >> 33) % (uint64_t)(num * num * (num + 8))) + 1;
    }
    reason = find_action(s, c);
    if (reason) break;
    fmpq_mat_charpoly(poly, s->action);
    if (fmpq_poly_is_squarefree(poly)) break;
    reason = "no generic central element was found";
  }
  if (!reason) {
    fmpq_poly_get_numerator(s->charpoly, poly);
    fmpz_poly_primitive_part(s->charpoly, s->charpoly);
    fmpz_poly_factor(s->factors, s->charpoly);
  }
  flint_free(c);
  fmpq_poly_clear(poly);
  return reason;
}

/* x = the projector on the factor f in terms of the central basis: (c h)(z),
   c = charpoly / f, h c = 1 mod f. */
static void projector(fmpq_mat_t x, const sectors_struct *s,
                      const fmpz_poly_struct *f) {
  slong num = (slong)s->centre.num;
  fmpq_poly_t factor, rest, gcd, h, other;
  fmpz_poly_t quotient;
  fmpq_mat_t y;
  fmpq_t c;
  fmpq_init(c);
  fmpq_poly_init(factor);
  fmpq_poly_init(rest);
  fmpq_poly_init(gcd);
  fmpq_poly_init(h);
  fmpq_poly_init(other);
  fmpz_poly_init(quotient);
  fmpq_mat_init(y, 1, num);
  fmpz_poly_div(quotient, s->charpoly, f);
  fmpq_poly_set_fmpz_poly(rest, quotient);
  fmpq_poly_set_fmpz_poly(factor, f);
  fmpq_poly_xgcd(gcd, h, other, rest, factor);
  fmpq_poly_mul(h, h, rest);
  fmpq_mat_zero(x);
  for (slong d = fmpq_poly_degree(h); d >= 0; d--) {
    fmpq_mat_mul(y, x, s->action);
    fmpq_poly_get_coeff_fmpq(c, h, d);
    for (slong j = 0; j < num; j++) /* + c times 1 */
      fmpq_addmul(fmpq_mat_entry(y, 0, j), c,
                  fmpq_mat_entry(s->one, 0, (slong)s->centre.pivots[j]));
    fmpq_mat_swap(x, y);
  }
  fmpq_clear(c);
  fmpq_poly_clear(factor);
  fmpq_poly_clear(rest);
  fmpq_poly_clear(gcd);
  fmpq_poly_clear(h);
  fmpq_poly_clear(other);
  fmpz_poly_clear(quotient);
  fmpq_mat_clear(y);
}

/* --- one factor --------------------------------------------------------------------- */

/* Ranks of the even and the odd words applied to x, modulo the prime; all words
   in rank[0] when not graded. Stops when the ranks add up to `stop`. */
static void word_ranks(size_t rank[2], const sectors_struct *s,
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
      for (size_t j = 0; j < m->num_maps; j++) { /* odd maps are H o . */
        echelon_struct *to = echelon + (graded ? parity ^ (int)(j & 1) : 0);
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
static bool element_modulo(mp_limb_t *out, const sectors_struct *s,
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
static bool projector_trace(fmpz_t trace, const sectors_struct *s,
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
static bool add_factor(structure_t out, size_t *size, const sectors_struct *s,
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
static bool choose_prime(module_mod_struct *m, const sectors_struct *s) {
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

/* found: one entry per factor. */
static void add_actions(structure_t out, const sectors_struct *s,
                        const structure_t found) {
  size_t num = found->num_sectors;
  size_t *list = flint_malloc(3 * (num + 1) * sizeof *list);
  for (size_t k = 0; k < num; k++) {
    const sector_struct *a = found->sectors + k;
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
                           ? sum_actions(out, &blocks, s->ideals, s->limits)
                           : "the sectors were not told apart";
  out->actions_known = !reason;
  if (reason) structure_set_text(&out->actions_reason, reason);
  flint_free(list);
}

static const char *add_factors(structure_t out, const sectors_struct *s) {
  const char *reason = NULL;
  module_mod_struct m;
  structure_t found;
  fmpq_mat_t x;
  size_t size = 0;
  if (!choose_prime(&m, s)) return "no prime keeps the ranks of words";
  structure_init(found);
  fmpq_mat_init(x, 1, (slong)s->centre.num);
  for (slong k = 0; !reason && k < s->factors->num; k++) {
    projector(x, s, s->factors->p + k);
    if (!add_factor(found, &size, s, &m, x,
                    (size_t)fmpz_poly_degree(s->factors->p + k)))
      reason = "a sector was not analysed";
  }
  /* The ranks modulo the prime are lower bounds: right when they add up. */
  if (!reason && size != s->module.dim) reason = "a sector was not analysed";
  if (!reason) merge_sectors(out, found);
  if (!reason && s->ideals) add_actions(out, s, found);
  fmpq_mat_clear(x);
  structure_clear(found);
  module_mod_clear(&m);
  return reason;
}

static const char *split_sectors(structure_t out, sectors_struct *s) {
  slong num = (slong)s->centre.num;
  fmpz_poly_init(s->charpoly);
  fmpz_poly_factor_init(s->factors);
  fmpq_mat_init(s->action, num, num);
  measure_centre(s);
  const char *reason = choose_central(s);
  if (!reason) reason = add_factors(out, s);
  fmpz_poly_clear(s->charpoly);
  fmpz_poly_factor_clear(s->factors);
  fmpq_mat_clear(s->action);
  for (slong i = 0; i < num; i++) {
    fmpq_clear(s->unit + i);
    fmpz_clear(s->norm + i);
    fmpz_clear(s->den + i);
  }
  flint_free(s->unit);
  flint_free(s->norm);
  flint_free(s->den);
  return reason;
}

const char *sum_sectors(structure_t out, size_t num_qubits,
                        const pauli_sum_struct *const *generators,
                        size_t count, const sum_ideals_struct *ideals,
                        const closure_limits_t *limits) {
  sectors_struct s = {.ideals = ideals, .n = num_qubits, .count = count,
                      .generators = generators, .limits = limits};
  const char *reason = "the associative algebra is too large";
  pauli_sum_t one;
  fmpq_t c;
  uint64_t *zero = flint_calloc(2 * pauli_words(num_qubits) + 1, sizeof *zero);
  fmpq_init(c);
  fmpq_one(c);
  pauli_sum_init(one, num_qubits);
  pauli_sum_push(one, c, zero);
  if (associative_span(&s.span, &s, one) == STATUS_OK &&
      real_dimensions(&s.even, &s.total, &s, one) == STATUS_OK) {
    module_init(&s.module, &s.span);
    fmpq_mat_init(s.one, 1, (slong)s.module.dim);
    module_coordinates(s.one, &s.module, &s.span, one);
    reason = "the centre of the associative algebra was not lifted";
    if (endo_init_fixed(&s.centre, &s.module, s.one, limits) == STATUS_OK) {
      reason = split_sectors(out, &s);
      endo_clear(&s.centre);
    }
    fmpq_mat_clear(s.one);
    module_clear(&s.module);
  }
  if (reason && limits_abort(limits)) reason = TIME_IS_UP;
  span_clear(&s.span);
  pauli_sum_clear(one);
  fmpq_clear(c);
  flint_free(zero);
  return reason;
}
