#include "algebra/couplings/quadratic.h"

#include <string.h>

#include "algebra/base/flint_compat.h"

enum { MAX_RADICAND = 1000000 };

/* m = sum of four squares (Lagrange), the first ones found. */
static bool four_squares(slong root[4], ulong m) {
  for (slong a = 0; (ulong)(a * a) <= m; a++)
    for (slong b = a; (ulong)(a * a + b * b) <= m; b++)
      for (slong c = b; (ulong)(a * a + b * b + c * c) <= m; c++) {
        ulong rest = m - (ulong)(a * a + b * b + c * c);
        slong d = (slong)n_sqrt(rest);
        if ((ulong)(d * d) != rest) continue;
        root[0] = d;
        root[1] = c;
        root[2] = b;
        root[3] = a;
        return true;
      }
  return false;
}

/* out (initialised, on all qubits) = G number i on qubits n + 2 i, n + 2 i + 1. */
static void set_root(pauli_sum_struct *out, size_t n, size_t i,
                     const slong root[4]) {
  static const unsigned first[] = {1, 3, 2, 2}, second[] = {0, 0, 1, 3};
  size_t w = out->num_words;
  uint64_t *p = flint_malloc((2 * w + 1) * sizeof *p);
  fmpq_t c;
  fmpq_init(c);
  for (int k = 0; k < 4; k++) {
    if (root[k] == 0) continue;
    memset(p, 0, 2 * w * sizeof *p);
    pauli_set(p, w, n + 2 * i, first[k]);
    pauli_set(p, w, n + 2 * i + 1, second[k]);
    fmpq_set_si(c, root[k], 1);
    pauli_sum_push(out, c, p);
  }
  pauli_sum_canonicalise(out);
  fmpq_clear(c);
  flint_free(p);
}

/* out += factor a g; g on all qubits, a on the first few, no qubit in common. */
static void add_product(pauli_sum_struct *out, const pauli_sum_struct *a,
                        const pauli_sum_struct *g, const fmpz_t factor) {
  size_t narrow = a->num_words, w = out->num_words;
  uint64_t *p = flint_malloc((2 * w + 1) * sizeof *p);
  fmpq_t c;
  fmpq_init(c);
  for (size_t t = 0; t < a->length; t++)
    for (size_t u = 0; u < g->length; u++) {
      const uint64_t *s = pauli_sum_string(a, t);
      memcpy(p, pauli_sum_string(g, u), 2 * w * sizeof *p);
      for (size_t k = 0; k < narrow; k++) {
        p[k] ^= s[k];
        p[w + k] ^= s[narrow + k];
      }
      fmpq_mul(c, a->coeffs + t, g->coeffs + u);
      fmpq_mul_fmpz(c, c, factor);
      if (!fmpq_is_zero(c)) pauli_sum_push(out, c, p);
    }
  pauli_sum_canonicalise(out);
  fmpq_clear(c);
  flint_free(p);
}

/* g[S] = the product of the G of S, for all subsets S (bits). */
static bool set_roots(pauli_sum_struct *g, size_t n, const ulong *radicands,
                      size_t k) {
  fmpz_t one;
  fmpz_init_set_ui(one, 1);
  bool ok = true;
  for (size_t s = 0; s < (size_t)1 << k; s++) pauli_sum_init(g + s, n + 2 * k);
  fmpq_t c;
  fmpq_init(c);
  fmpq_one(c);
  uint64_t *zero = flint_calloc(2 * g->num_words + 1, sizeof *zero);
  pauli_sum_push(g, c, zero);
  flint_free(zero);
  fmpq_clear(c);
  for (size_t i = 0; i < k && ok; i++) {
    slong root[4];
    pauli_sum_t single;
    ok = radicands[i] <= MAX_RADICAND && four_squares(root, radicands[i]);
    if (!ok) break;
    pauli_sum_init(single, n + 2 * k);
    set_root(single, n, i, root);
    for (size_t s = 0; s < (size_t)1 << i; s++)
      add_product(g + (s | (size_t)1 << i), g + s, single, one);
    pauli_sum_clear(single);
  }
  fmpz_clear(one);
  return ok;
}

/* value = value / 2^k; false when it is not whole. */
static bool divide(fmpz_t value, size_t k) {
  if (!fmpz_is_zero(value) && fmpz_val2(value) < (flint_bitcnt_t)k) return false;
  fmpz_tdiv_q_2exp(value, value, k);
  return true;
}

/* s (of all conjugates together, each sector 2^k times) to that of one. */
static bool keep_one(structure_t s, size_t k) {
  bool whole = divide(s->dimension, k) && divide(s->center, k);
  for (size_t i = 0; i < s->num_ideals; i++)
    whole = whole && divide(s->ideals[i].count, k);
  for (size_t i = 0; i < s->num_sectors; i++)
    whole = whole && divide(s->sectors[i].count, k) &&
            divide(s->sectors[i].multiplicity, k);
  for (size_t i = 0; i < s->num_actions; i++)
    whole = whole && divide(s->actions[i].pairs, k);
  return whole;
}

static status_t analyse(structure_t out, const pauli_sum_struct *list, size_t num,
                        const pauli_sum_struct *g, size_t k,
                        const closure_limits_t *limits) {
  const pauli_sum_struct *scalars[QUADRATIC_MAX_ROOTS];
  closure_limits_t own = {0};
  if (limits) own = *limits;
  own.max_dimension <<= k;
  for (size_t i = 0; i < k; i++) scalars[i] = g + ((size_t)1 << i);
  closure_t closure;
  structure_t all;
  closure_init(closure, list->num_qubits);
  structure_init(all);
  status_t status = closure_compute(closure, list, num, &own);
  if (status == STATUS_OK) {
    sum_structure_scalars(all, closure, list, num, scalars, k, &own);
    if (!keep_one(all, k)) status = STATUS_UNDECIDED;
  }
  if (status == STATUS_OK) {
    all->evidence = EVIDENCE_CLOSURE_ROOTS;
    structure_struct old = *out;
    *out = *all;
    *all = old;
  } else {
    fmpz_set_ui(out->dimension,
                (closure->dimension + ((size_t)1 << k) - 1) >> k);
    out->reason = reason_of(REASON_ROOTS_CLOSURE_INCOMPLETE);
  }
  structure_clear(all);
  closure_clear(closure);
  return status;
}

status_t quadratic_structure(structure_t out, const pauli_sum_struct *parts,
                             size_t num_generators, const ulong *radicands,
                             size_t k, const closure_limits_t *limits) {
  if (k > QUADRATIC_MAX_ROOTS || num_generators == 0) return STATUS_LIMIT;
  size_t n = parts->num_qubits, subsets = (size_t)1 << k;
  size_t num = num_generators * subsets;
  pauli_sum_struct *list = flint_malloc(num * sizeof *list);
  pauli_sum_struct *g = flint_malloc(subsets * sizeof *g);
  status_t status = STATUS_LIMIT;
  fmpz_t factor;
  fmpz_init(factor);
  bool ok = set_roots(g, n, radicands, k);
  for (size_t j = 0; j < num_generators; j++)
    for (size_t t = 0; t < subsets; t++) {
      pauli_sum_struct *h = list + j * subsets + t;
      pauli_sum_init(h, n + 2 * k);
      for (size_t s = 0; s < subsets && ok; s++) {
        fmpz_one(factor);
        for (size_t i = 0; i < k; i++)
          if (s & t & (size_t)1 << i) fmpz_mul_ui(factor, factor, radicands[i]);
        add_product(h, parts + j * subsets + s, g + (s ^ t), factor);
      }
    }
  if (ok) status = analyse(out, list, num, g, k, limits);
  fmpz_clear(factor);
  for (size_t j = 0; j < num; j++) pauli_sum_clear(list + j);
  for (size_t s = 0; s < subsets; s++) pauli_sum_clear(g + s);
  flint_free(list);
  flint_free(g);
  return status;
}
