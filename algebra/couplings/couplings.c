#include "algebra/couplings/couplings.h"

#include <flint/fmpz_poly_factor.h>
#include <flint/nmod_poly.h>
#include <flint/nmod_poly_factor.h>
#include <flint/ulong_extras.h>

#include "algebra/couplings/coupling_words.h"
#include "algebra/couplings/quadratic.h"

enum { NUM_SALTS = 3, MAX_SALTS = 64, MAX_PRIMES = 400 };

/* Cauchy's bound on the roots of integer polynomials. */
void couplings_generic_value(fmpq_t out, const couplings_input_t *input) {
  fmpz_t den, height, t;
  fmpz_init_set_ui(den, 1);
  fmpz_init(height);
  fmpz_init(t);
  size_t num = input->num_generators * (input->degree + 1);
  for (size_t i = 0; i < num; i++)
    for (size_t k = 0; k < input->parts[i].length; k++)
      fmpz_lcm(den, den, fmpq_denref(input->parts[i].coeffs + k));
  for (size_t i = 0; i < num; i++)
    for (size_t k = 0; k < input->parts[i].length; k++) {
      const fmpq *c = input->parts[i].coeffs + k;
      fmpz_divexact(t, den, fmpq_denref(c));
      fmpz_mul(t, t, fmpq_numref(c));
      if (fmpz_cmpabs(t, height) > 0) fmpz_abs(height, t);
    }
  fmpz_mul_2exp(height, height, 1);
  fmpz_add_ui(height, height, 5);
  fmpz_set(fmpq_numref(out), height);
  fmpz_one(fmpq_denref(out));
  fmpz_clear(den);
  fmpz_clear(height);
  fmpz_clear(t);
}

/* Dimension at a value, with the structure when out is not NULL. */
static status_t analyse_at(size_t *dimension, structure_struct *out,
                           const couplings_input_t *input, const fmpq_t value,
                           const closure_limits_t *limits) {
  size_t num = input->num_generators;
  pauli_sum_struct *generators = flint_malloc((num + 1) * sizeof *generators);
  closure_t closure;
  for (size_t j = 0; j < num; j++) {
    pauli_sum_init(generators + j, input->num_qubits);
    couplings_evaluate(generators + j, input, j, value);
  }
  closure_init(closure, input->num_qubits);
  status_t status = closure_compute(closure, generators, num, limits);
  *dimension = closure->dimension;
  if (out) sum_structure(out, closure, generators, num, limits);
  closure_clear(closure);
  for (size_t j = 0; j < num; j++) pauli_sum_clear(generators + j);
  flint_free(generators);
  return status;
}

/* Is d the generic dimension? words: d independent ones. */
static bool prove_generic(size_t d, const coupling_words_struct *words,
                          const coupling_space_struct *space) {
  size_t bits = 1, longest = 0, largest = 0, found = 0;
  for (size_t j = 0; j < space->input.num_generators; j++)
    if (space->norm_bits[j] > largest) largest = space->norm_bits[j];
  /* d + 1 independent words over Q(x), shortest first, are no longer than these
     and one that has one letter more. */
  for (size_t k = 0; k < words->num; k++) {
    size_t length = 1;
    for (uint32_t up = words->parent[k]; up != UINT32_MAX;
         up = words->parent[up])
      length++;
    bits += length * largest;
    if (length > longest) longest = length;
  }
  bits += (longest + 1) * largest;
  fmpq_t value;
  fmpq_init(value);
  fmpz_setbit(fmpq_numref(value), bits + 1);
  status_t status = analyse_at(&found, NULL, &space->input, value, space->limits);
  fmpq_clear(value);
  return status == STATUS_OK && found == d;
}

/* Does a block with words have none but vanishing minors? They say nothing: the
   words are independent, so that other combinations of columns do not vanish. */
static bool one_vanishes(const fmpz_poly_struct *minors,
                         const coupling_words_struct *words) {
  for (size_t k = 0; k < words->num; k++)
    if (fmpz_poly_is_zero(minors + words->block[k])) return true;
  return false;
}

/* candidates = product of the greatest common divisors of minors, block by
   block: of a few, and of as many as it takes for none to vanish (combinations of
   the columns of a small block often do). */
static status_t find_candidates(fmpz_poly_t candidates,
                                const coupling_words_struct *words,
                                const coupling_space_struct *space) {
  size_t blocks = space->span.num_blocks;
  fmpz_poly_struct *all = flint_malloc((blocks + 1) * sizeof *all);
  fmpz_poly_struct *one = flint_malloc((blocks + 1) * sizeof *one);
  status_t status = STATUS_OK;
  for (size_t b = 0; b < blocks; b++) fmpz_poly_init(all + b);
  for (uint64_t salt = 1;
       status == STATUS_OK && salt <= MAX_SALTS &&
       (salt <= NUM_SALTS || one_vanishes(all, words));
       salt++) {
    for (size_t b = 0; b < blocks; b++) fmpz_poly_init(one + b);
    status = coupling_minors(one, words, space, salt);
    for (size_t b = 0; b < blocks; b++) {
      if (status == STATUS_OK) fmpz_poly_gcd(all + b, all + b, one + b);
      fmpz_poly_clear(one + b);
    }
  }
  if (status == STATUS_OK && one_vanishes(all, words)) status = STATUS_LIMIT;
  fmpz_poly_one(candidates);
  for (size_t b = 0; b < blocks; b++) {
    if (!fmpz_poly_is_zero(all + b))
      fmpz_poly_mul(candidates, candidates, all + b);
    fmpz_poly_clear(all + b);
  }
  flint_free(all);
  flint_free(one);
  return status;
}

/* Is the dimension the generic one at the roots of f? Yes is proved. */
static bool keeps_rank(const fmpz_poly_struct *f,
                       size_t dimension,
                       coupling_space_struct *space) {
  mp_limb_t p = UINT64_C(1) << 57;
  for (int attempt = 0, tries = 0; attempt < MAX_PRIMES && tries < 3; attempt++) {
    do p--;
    while (!n_is_prime(p));
    nmod_poly_t g;
    nmod_poly_factor_t factors;
    nmod_poly_init(g, p);
    nmod_poly_factor_init(factors);
    fmpz_poly_get_nmod_poly(g, f);
    bool kept = false;
    if (nmod_poly_degree(g) == fmpz_poly_degree(f)) nmod_poly_factor(factors, g);
    for (slong i = 0; i < factors->num; i++)
      if (nmod_poly_degree(factors->p + i) == 1) {
        mp_limb_t root = nmod_neg(
            nmod_mul(nmod_poly_get_coeff_ui(factors->p + i, 0),
                     nmod_inv(nmod_poly_get_coeff_ui(factors->p + i, 1), g->mod),
                     g->mod), g->mod);
        kept = coupling_space_rank(space, root, p) == dimension;
        tries++;
        break;
      }
    nmod_poly_clear(g);
    nmod_poly_factor_clear(factors);
    if (kept) return true;
  }
  return false;
}

/* Appends, or inserts in order when it is rational. */
static coupling_value_struct *new_value(couplings_t out, const fmpq_t rational,
                                        const fmpq_t surd, ulong radicand) {
  size_t at = out->num_values++;
  out->values =
      flint_realloc(out->values, out->num_values * sizeof *out->values);
  while (radicand == 1 && at > 0 &&
         (out->values[at - 1].radicand != 1 ||
          fmpq_cmp(out->values[at - 1].rational, rational) > 0)) {
    out->values[at] = out->values[at - 1];
    at--;
  }
  coupling_value_struct *value = out->values + at;
  fmpq_init(value->rational);
  fmpq_init(value->surd);
  fmpq_set(value->rational, rational);
  fmpq_set(value->surd, surd);
  value->radicand = radicand;
  structure_init(value->structure);
  return value;
}

static void add_rational(couplings_t out, const couplings_input_t *input,
                         const fmpz_poly_struct *f,
                         const closure_limits_t *limits) {
  fmpq_t value, zero;
  structure_t structure;
  size_t dimension;
  fmpq_init(value);
  fmpq_init(zero);
  structure_init(structure);
  fmpz_neg(fmpq_numref(value), f->coeffs);
  fmpz_set(fmpq_denref(value), f->coeffs + 1);
  fmpq_canonicalise(value);
  status_t status = analyse_at(&dimension, structure, input, value, limits);
  if (status != STATUS_OK || dimension != out->dimension) {
    coupling_value_struct *entry = new_value(out, value, zero, 1);
    structure_struct swap = *entry->structure;
    *entry->structure = *structure;
    *structure = swap;
    if (status != STATUS_OK)
      out->reason = REASON_SPECIAL_VALUE_NOT_ANALYSED;
  }
  structure_clear(structure);
  fmpq_clear(value);
  fmpq_clear(zero);
}

/* f = c x^2 + b x + a: roots rational +- surd sqrt(radicand). False when the radicand
   is not a small number. */
static bool solve_quadratic(fmpq_t rational, fmpq_t surd, ulong *radicand,
                            const fmpz_poly_struct *f) {
  fmpz_t d, t;
  bool ok = false;
  fmpz_init(d);
  fmpz_init(t);
  fmpz_mul(d, f->coeffs + 1, f->coeffs + 1);
  fmpz_mul(t, f->coeffs, f->coeffs + 2);
  fmpz_submul_ui(d, t, 4);
  if (fmpz_sgn(d) > 0 && fmpz_abs_fits_ui(d)) {
    ulong square = 1;
    n_factor_t factors;
    n_factor_init(&factors);
    *radicand = 1;
    n_factor(&factors, fmpz_get_ui(d), 1);
    for (int i = 0; i < factors.num; i++)
      for (int e = 0; e < factors.exp[i]; e++)
        if (e % 2) square *= factors.p[i];
    *radicand = fmpz_get_ui(d) / (square * square);
    fmpz_mul_ui(t, f->coeffs + 2, 2);
    fmpz_neg(fmpq_numref(rational), f->coeffs + 1);
    fmpz_set(fmpq_denref(rational), t);
    fmpq_canonicalise(rational);
    fmpz_set_ui(fmpq_numref(surd), square);
    fmpz_set(fmpq_denref(surd), t);
    fmpq_canonicalise(surd);
    ok = *radicand > 1;
  }
  fmpz_clear(d);
  fmpz_clear(t);
  return ok;
}

/* powers r + s sqrt(m) -> next one. */
static void multiply_surd(fmpq_t r, fmpq_t s, const fmpq_t u, const fmpq_t v,
                          ulong m) {
  fmpq_t a, b;
  fmpz_t radicand;
  fmpz_init_set_ui(radicand, m);
  fmpq_init(a);
  fmpq_init(b);
  fmpq_mul(a, s, v);
  fmpq_mul_fmpz(a, a, radicand);
  fmpq_addmul(a, r, u);
  fmpq_mul(b, r, v);
  fmpq_addmul(b, s, u);
  fmpq_swap(r, a);
  fmpq_swap(s, b);
  fmpq_clear(a);
  fmpq_clear(b);
  fmpz_clear(radicand);
}

status_t couplings_structure_at_surd(structure_t out,
                                     const couplings_input_t *input,
                                     const fmpq_t rational, const fmpq_t surd,
                                     ulong radicand,
                                     const closure_limits_t *limits) {
  size_t num = input->num_generators, width = input->degree + 1;
  pauli_sum_struct *parts = flint_malloc((2 * num + 1) * sizeof *parts);
  fmpq_t r, s;
  fmpq_init(r);
  fmpq_init(s);
  for (size_t j = 0; j < num; j++) {
    pauli_sum_struct *a = parts + 2 * j, *b = a + 1;
    pauli_sum_init(a, input->num_qubits);
    pauli_sum_init(b, input->num_qubits);
    fmpq_one(r);
    fmpq_zero(s);
    for (size_t k = 0; k < width; k++) {
      pauli_sum_addmul(a, a, r, input->parts + j * width + k);
      pauli_sum_addmul(b, b, s, input->parts + j * width + k);
      multiply_surd(r, s, rational, surd, radicand);
    }
  }
  status_t status = quadratic_structure(out, parts, num, &radicand, 1, limits);
  for (size_t j = 0; j < 2 * num; j++) pauli_sum_clear(parts + j);
  flint_free(parts);
  fmpq_clear(r);
  fmpq_clear(s);
  return status;
}

/* Both roots, or neither. False when it was not decided. */
static bool add_quadratic(couplings_t out, const couplings_input_t *input,
                          const fmpz_poly_struct *f,
                          const closure_limits_t *limits) {
  fmpq_t rational, surd;
  ulong radicand;
  fmpq_init(rational);
  fmpq_init(surd);
  bool decided = solve_quadratic(rational, surd, &radicand, f), special = true;
  for (int sign = 0; sign < 2 && decided && special; sign++) {
    fmpq_neg(surd, surd);
    coupling_value_struct *entry = new_value(out, rational, surd, radicand);
    decided = couplings_structure_at_surd(entry->structure, input, rational,
                                          surd, radicand, limits) == STATUS_OK;
    special = decided &&
              !fmpz_equal_ui(entry->structure->dimension, out->dimension);
    if (special) continue;
    out->num_values--;
    structure_clear(entry->structure);
    fmpq_clear(entry->rational);
    fmpq_clear(entry->surd);
  }
  fmpq_clear(rational);
  fmpq_clear(surd);
  return decided;
}

static void add_factor(couplings_t out, const fmpz_poly_struct *f,
                       coupling_space_struct *space) {
  if (fmpz_poly_degree(f) == 1) {
    add_rational(out, &space->input, f, space->limits);
    return;
  }
  slong real = fmpz_poly_num_real_roots(f);
  if (real == 0 || keeps_rank(f, out->dimension, space)) return;
  if (fmpz_poly_degree(f) == 2 &&
      add_quadratic(out, &space->input, f, space->limits))
    return;
  out->roots =
      flint_realloc(out->roots, (out->num_roots + 1) * sizeof *out->roots);
  coupling_root_struct *root = out->roots + out->num_roots++;
  fmpz_poly_init(root->polynomial);
  fmpz_poly_set(root->polynomial, f);
  root->num_real = (size_t)real;
  out->reason = REASON_IRRATIONAL_VALUES_UNDECIDED;
}

/* At a small integer at which the dimension is the generic one. */
static void analyse_generic(couplings_t out, const couplings_input_t *input,
                            const closure_limits_t *limits) {
  for (slong x = 2; x < 40; x++) {
    size_t dimension;
    fmpq_set_si(out->sample, x, 1);
    status_t status = analyse_at(&dimension, NULL, input, out->sample, limits);
    if (status != STATUS_OK) break;
    if (dimension != out->dimension) continue;
    if (analyse_at(&dimension, out->generic, input, out->sample, limits) !=
            STATUS_OK ||
        reason_given(out->generic->reason) || out->generic->sectors_reason)
      out->reason = REASON_GENERIC_STRUCTURE_NOT_FOUND;
    return;
  }
  fmpq_zero(out->sample);
  out->reason = REASON_NO_GENERIC_VALUE;
}

void couplings_init(couplings_t out, const couplings_input_t *input,
                    const closure_limits_t *limits) {
  coupling_space_struct space;
  coupling_words_struct words, other;
  fmpz_poly_t candidates;
  fmpz_poly_factor_t factors;
  fmpq_t value;
  *out = (couplings_struct){.reason = REASON_GENERIC_CLOSURE_INCOMPLETE};
  structure_init(out->generic);
  fmpq_init(out->sample);
  fmpq_init(value);
  couplings_generic_value(value, input);
  status_t status = coupling_space_init(&space, input, value, limits);
  out->dimension = space.span.dimension;
  if (status == STATUS_OK) {
    mp_limb_t p = (UINT64_C(1) << 59) - 55;
    mp_limb_t x = fmpz_fdiv_ui(fmpq_numref(value), p);
    coupling_words_init(&words, &space, x, p, false);
    coupling_words_init(&other, &space, x, p, true);
    fmpz_poly_init(candidates);
    fmpz_poly_factor_init(factors);
    out->reason = REASON_GENERIC_DIMENSION_UNPROVED;
    if (words.num == out->dimension && prove_generic(words.num, &words, &space)) {
      out->proved = true;
      out->reason = REASON_NONE;
      analyse_generic(out, input, limits);
      fmpz_poly_t second;
      fmpz_poly_init(second);
      if (find_candidates(candidates, &words, &space) == STATUS_OK &&
          find_candidates(second, &other, &space) == STATUS_OK) {
        fmpz_poly_gcd(candidates, candidates, second);
        out->complete = true;
        if (fmpz_poly_degree(candidates) > 0)
          fmpz_poly_factor(factors, candidates);
        for (slong k = 0; k < factors->num; k++)
          add_factor(out, factors->p + k, &space);
      } else {
        out->reason = REASON_SPECIAL_VALUES_NOT_FOUND;
      }
      fmpz_poly_clear(second);
    }
    fmpz_poly_clear(candidates);
    fmpz_poly_factor_clear(factors);
    coupling_words_clear(&words);
    coupling_words_clear(&other);
  }
  fmpq_clear(value);
  coupling_space_clear(&space);
}

void couplings_clear(couplings_t couplings) {
  for (size_t k = 0; k < couplings->num_values; k++) {
    fmpq_clear(couplings->values[k].rational);
    fmpq_clear(couplings->values[k].surd);
    structure_clear(couplings->values[k].structure);
  }
  for (size_t k = 0; k < couplings->num_roots; k++)
    fmpz_poly_clear(couplings->roots[k].polynomial);
  flint_free(couplings->values);
  flint_free(couplings->roots);
  structure_clear(couplings->generic);
  fmpq_clear(couplings->sample);
}
