#include "algebra/analysis/named_operators.h"

#include <stdlib.h>

#include "algebra/base/flint_compat.h"
#include "algebra/base/stream.h"
#include "algebra/closure/basis.h"

/* Unknowns of one linear system; qubits whose strings are listed; more equations than
   unknowns; strings of all that is listed; operators listed. */
enum { MAX_UNKNOWNS = 2048, MAX_QUBITS = 6, EXTRA = 16, MAX_TERMS = 1 << 16,
       MAX_LISTED = 1024 };

static void append(named_operators_struct *out, pauli_sum_t x) {
  out->list = flint_realloc(out->list, (out->length + 1) * sizeof *out->list);
  pauli_sum_init(out->list + out->length, x->num_qubits);
  pauli_sum_swap(out->list + out->length++, x);
}

void named_operators_clear(named_operators_t out) {
  for (size_t k = 0; k < out->length; k++) pauli_sum_clear(out->list + k);
  flint_free(out->list);
  *out = (named_operators_struct){.products = out->products};
}

static void give_up(named_operators_struct *out, reason_code_t reason) {
  named_operators_clear(out);
  out->reason = reason;
}

static bool commutes(const pauli_sum_struct *x, const generator_set_struct *set) {
  for (size_t j = 0; j < set->num_generators; j++)
    if (!pauli_sum_commute(x, set->generators + j)) return false;
  return true;
}

/* --- one linear system ------------------------------------------------------------------ */

/* Column c: [X_c, H_j] over the strings for all j, folded by random numbers that depend on
   j and the string. False when a denominator is a multiple of the prime. */
static bool fold_column(nmod_mat_t out, size_t c, const pauli_sum_struct *x,
                        const generator_set_struct *set, nmod_t mod) {
  slong height = nmod_mat_nrows(out);
  pauli_sum_t bracket;
  bool ok = true;
  pauli_sum_init(bracket, x->num_qubits);
  for (size_t j = 0; j < set->num_generators; j++) {
    closure_bracket(bracket, x, set->generators + j);
    for (size_t t = 0; t < bracket->length; t++) {
      mp_limb_t den = fmpz_fdiv_ui(fmpq_denref(bracket->coeffs + t), mod.n);
      ok = ok && den;
      if (!den) continue;
      mp_limb_t v = nmod_div(fmpz_fdiv_ui(fmpq_numref(bracket->coeffs + t), mod.n), den, mod);
      uint64_t seed = pauli_hash(pauli_sum_string(bracket, t), bracket->num_words) +
                      j * UINT64_C(0x2545f4914f6cdd1d);
      for (slong r = 0; r < height; r++)
        nmod_mat_entry(out, r, (slong)c) = nmod_addmul(
            nmod_mat_entry(out, r, (slong)c), v, stream_next(&seed) % mod.n, mod);
    }
  }
  pauli_sum_clear(bracket);
  return ok;
}

/* out = sum_k kernel[row][k] X_k, entries lifted to Q. */
static bool lift(pauli_sum_t out, const nmod_mat_t kernel, slong row,
                 const pauli_sum_struct *candidates, nmod_t mod) {
  fmpz_t residue, modulus;
  fmpq_t value;
  bool ok = true;
  fmpz_init(residue);
  fmpz_init_set_ui(modulus, mod.n);
  fmpq_init(value);
  pauli_sum_zero(out);
  for (slong k = 0; k < nmod_mat_ncols(kernel) && ok; k++) {
    mp_limb_t v = nmod_mat_entry(kernel, row, k);
    if (!v) continue;
    fmpz_set_ui(residue, v);
    ok = fmpq_reconstruct_fmpz(value, residue, modulus);
    if (!ok) break;
    for (size_t t = 0; t < candidates[k].length; t++) {
      fmpq_t c;
      fmpq_init(c);
      fmpq_mul(c, value, candidates[k].coeffs + t);
      pauli_sum_push(out, c, pauli_sum_string(candidates + k, t));
      fmpq_clear(c);
    }
  }
  pauli_sum_canonicalise(out);
  fmpz_clear(residue);
  fmpz_clear(modulus);
  fmpq_clear(value);
  return ok;
}

/* Appends a basis of the combinations that commute with every generator. */
static void solve(named_operators_struct *out, const pauli_sum_struct *candidates,
                  size_t count, const generator_set_struct *set) {
  nmod_t mod;
  nmod_mat_t folded, kernel, rows;
  nmod_init(&mod, n_nextprime(UINT64_C(1) << 60, 0));
  nmod_mat_init(folded, (slong)(count + EXTRA), (slong)count, mod.n);
  nmod_mat_init(kernel, (slong)count, (slong)count, mod.n);
  bool ok = true;
  for (size_t c = 0; c < count && ok; c++)
    ok = fold_column(folded, c, candidates + c, set, mod);
  slong nullity = ok ? nmod_mat_nullspace(kernel, folded) : 0;
  nmod_mat_init(rows, nullity, (slong)count, mod.n);
  for (slong r = 0; r < nullity; r++)
    for (slong c = 0; c < (slong)count; c++)
      nmod_mat_entry(rows, r, c) = nmod_mat_entry(kernel, c, r);
  nmod_mat_rref(rows); /* small entries, and independent as they stand */
  for (slong r = 0; r < nullity && ok; r++) {
    pauli_sum_t x;
    pauli_sum_init(x, set->num_qubits);
    ok = lift(x, rows, r, candidates, mod) && commutes(x, set);
    if (ok) append(out, x);
    pauli_sum_clear(x);
  }
  nmod_mat_clear(folded);
  nmod_mat_clear(kernel);
  nmod_mat_clear(rows);
  if (!ok) give_up(out, REASON_OPERATORS_NOT_FOUND);
}

static void limit_terms(named_operators_struct *out) {
  size_t terms = 0;
  for (size_t k = 0; k < out->length; k++) terms += out->list[k].length;
  if (terms > MAX_TERMS || out->length > MAX_LISTED)
    give_up(out, REASON_OPERATORS_TOO_MANY);
}

/* --- the centre -------------------------------------------------------------------------- */

static void centre_of_strings(named_operators_struct *out, const analysis_struct *a) {
  const string_algebra_struct *g = a->strings;
  fmpq_t one;
  fmpq_init(one);
  fmpq_one(one);
  for (size_t i = 0; i < g->num_components; i++) {
    if (g->components[i].kind != COMPONENT_CENTRAL) continue;
    pauli_sum_t x;
    pauli_sum_init(x, g->num_qubits);
    pauli_sum_push(x, one, g->strings + g->components[i].members[0] * 2 * g->num_words);
    append(out, x);
    pauli_sum_clear(x);
  }
  fmpq_clear(one);
}

static void centre_of_sums(named_operators_struct *out, const analysis_struct *a) {
  const generator_set_struct *set = a->set;
  stopwatch_t watch = stopwatch_stage(&a->whole);
  closure_limits_t limits = {.max_dimension = MAX_UNKNOWNS,
                             .max_bytes = a->limits.max_bytes,
                             .num_threads = a->limits.num_threads,
                             .abort = stopwatch_is_up,
                             .abort_data = &watch};
  closure_t closure;
  basis_t basis;
  closure_init(closure, set->num_qubits);
  if (closure_compute(closure, set->generators, set->num_generators, &limits) !=
      STATUS_OK) {
    give_up(out, REASON_OPERATORS_NOT_FOUND);
  } else if (basis_init(basis, closure, MAX_TERMS) != STATUS_OK) {
    give_up(out, REASON_OPERATORS_TOO_MANY);
  } else {
    solve(out, basis->elements, basis->num, set);
    basis_clear(basis);
  }
  closure_clear(closure);
}

static reason_code_t obstacle(const analysis_struct *a) {
  if (a->ansatz->num_roots) return REASON_IRRATIONAL_COEFFICIENTS;
  return a->ansatz->symbol ? REASON_SYMBOL_WITHOUT_VALUE : REASON_NONE;
}

void named_centre_init(named_operators_t out, const analysis_t a) {
  *out = (named_operators_struct){.reason = obstacle(a)};
  if (out->reason) return;
  const structure_struct *s = a->structure;
  if (s->proved && s->center_known && fmpz_is_zero(s->center)) return;
  if (a->has_strings && a->set->single_strings) centre_of_strings(out, a);
  else centre_of_sums(out, a);
  limit_terms(out);
  if (!out->reason && s->proved && s->center_known &&
      fmpz_cmp_ui(s->center, out->length))
    give_up(out, REASON_OPERATORS_NOT_FOUND);
}

/* --- the commutant ----------------------------------------------------------------------- */

/* The span of all strings of the generators. */
static void span_of(f2_span_t span, const generator_set_struct *set) {
  f2_span_init(span, pauli_words(set->num_qubits));
  for (size_t j = 0; j < set->num_generators; j++)
    for (size_t t = 0; t < set->generators[j].length; t++)
      f2_span_insert(span, pauli_sum_string(set->generators + j, t), 0);
}

/* Independent strings that commute with every row: elimination on the rows with x and z
   exchanged, free bits one at a time. */
static void complement(named_operators_struct *out, const f2_span_t span, size_t n) {
  size_t w = span->num_words;
  f2_span_t swapped;
  fmpq_t one;
  f2_span_init(swapped, w);
  fmpq_init(one);
  fmpq_one(one);
  uint64_t *row = flint_calloc(4 * w + 1, sizeof *row), *x = row + 2 * w;
  for (size_t i = 0; i < span->dim; i++) {
    memcpy(row, f2_span_row(span, i) + w, w * sizeof *row);
    memcpy(row + w, f2_span_row(span, i), w * sizeof *row);
    f2_span_insert(swapped, row, 0);
  }
  for (size_t b = 0; b < 2 * n; b++) {
    size_t bit = (b < n ? b : 64 * w + b - n);
    bool is_pivot = false;
    for (size_t i = 0; i < swapped->dim; i++) is_pivot |= swapped->pivots[i] == bit;
    if (is_pivot) continue;
    memset(x, 0, 2 * w * sizeof *x);
    x[bit / 64] |= UINT64_C(1) << bit % 64;
    /* rows are 0 at earlier pivots: the last row's pivot is settled first */
    for (size_t i = swapped->dim; i-- > 0;) {
      const uint64_t *r = f2_span_row(swapped, i);
      uint64_t dot = 0;
      for (size_t k = 0; k < 2 * w; k++) dot ^= r[k] & x[k];
      if (__builtin_parityll(dot))
        x[swapped->pivots[i] / 64] ^= UINT64_C(1) << swapped->pivots[i] % 64;
    }
    pauli_sum_t sum;
    pauli_sum_init(sum, n);
    pauli_sum_push(sum, one, x);
    append(out, sum);
    pauli_sum_clear(sum);
  }
  flint_free(row);
  fmpq_clear(one);
  f2_span_clear(swapped);
}

/* Is the string the least of its class modulo the span? Its reduced form is. */
static bool is_least(const uint64_t *string, const f2_span_t span) {
  uint64_t row[2] = {string[0], string[1]};
  f2_span_reduce(span, row, NULL);
  return row[0] == string[0] && row[1] == string[1];
}

/* All products of a string with the span; at most MAX_UNKNOWNS of them. */
static void solve_class(named_operators_struct *out, const uint64_t *string,
                        const f2_span_t span, const generator_set_struct *set) {
  size_t count = (size_t)1 << span->dim;
  pauli_sum_struct *candidates = flint_malloc(count * sizeof *candidates);
  fmpq_t one;
  fmpq_init(one);
  fmpq_one(one);
  for (size_t k = 0; k < count; k++) {
    uint64_t row[2] = {string[0], string[1]};
    for (size_t i = 0; i < span->dim; i++)
      if (k >> i & 1) pauli_xor(row, row, f2_span_row(span, i), 1);
    pauli_sum_init(candidates + k, set->num_qubits);
    pauli_sum_push(candidates + k, one, row);
  }
  solve(out, candidates, count, set);
  for (size_t k = 0; k < count; k++) pauli_sum_clear(candidates + k);
  flint_free(candidates);
  fmpq_clear(one);
}

static void commutant_of_sums(named_operators_struct *out, const f2_span_t span,
                              const generator_set_struct *set) {
  size_t n = set->num_qubits;
  if (n > MAX_QUBITS || span->dim > 11) {
    give_up(out, REASON_OPERATORS_TOO_MANY);
    return;
  }
  for (uint64_t k = 0; k < UINT64_C(1) << 2 * n && !out->reason; k++) {
    uint64_t string[2] = {k & ((UINT64_C(1) << n) - 1), k >> n};
    if (is_least(string, span)) solve_class(out, string, span, set);
  }
}

void named_commutant_init(named_operators_t out, const analysis_t a) {
  *out = (named_operators_struct){.reason = obstacle(a),
                                  .products = a->set->single_strings};
  if (out->reason) return;
  f2_span_t span;
  span_of(span, a->set);
  if (out->products) complement(out, span, a->set->num_qubits);
  else commutant_of_sums(out, span, a->set);
  f2_span_clear(span);
  limit_terms(out);
}
