/* A better basis of the commutant (declared in sector_commutant.h): reduced echelon form of
   the elements as vectors of their matrix elements. Where the commutant is spanned by
   the orbits of a permutation group on pairs of states, these are the orbits: few entries,
   orthogonal, small denominators. */
#include <stdlib.h>

#include "algebra/sectors/sector_commutant.h"

enum { MAX_PATTERNS = 2000, MAX_VALUE = 1 << 30 };

typedef struct {
  uint64_t key; /* row and column */
  uint32_t which;
  slong val;
} element_t;

static int compare_elements(const void *a, const void *b) {
  const element_t *x = a, *y = b;
  if (x->key != y->key) return x->key < y->key ? -1 : 1;
  return x->which < y->which ? -1 : x->which > y->which;
}

/* Places of matrices of `count` elements, and which values the elements have there. */
typedef struct {
  size_t count, length, num_patterns;
  uint64_t *key;
  uint32_t *pattern; /* by place */
  slong *values;     /* count of each pattern */
  uint32_t *table;   /* open addressing: pattern + 1 */
} places_t;

enum { TABLE = 1 << 13 };

static bool find_pattern(places_t *p, const slong *values) {
  uint64_t hash = 1469598103934665603u;
  for (size_t i = 0; i < p->count; i++)
    hash = (hash ^ (uint64_t)values[i]) * 1099511628211u;
  size_t at = (hash ^ hash >> 29) % TABLE;
  while (p->table[at] && memcmp(p->values + (p->table[at] - 1) * p->count, values,
                                p->count * sizeof *values))
    at = (at + 1) % TABLE;
  if (!p->table[at]) {
    if (p->num_patterns == MAX_PATTERNS) return false;
    memcpy(p->values + p->num_patterns * p->count, values,
           p->count * sizeof *values);
    p->table[at] = (uint32_t)++p->num_patterns;
  }
  p->pattern[p->length++] = p->table[at] - 1;
  return true;
}

static bool places_init(places_t *p, const sector_commutant_struct *c,
                        const size_t *list, size_t count) {
  size_t total = 0, at = 0;
  *p = (places_t){.count = count};
  for (size_t i = 0; i < count; i++) total += c->basis[list[i]].length;
  element_t *all = flint_malloc((total + 1) * sizeof *all);
  for (size_t i = 0; i < count; i++) {
    const sector_sparse_struct *a = c->basis + list[i];
    for (size_t k = 0; k < a->length; k++)
      all[at++] = (element_t){(uint64_t)a->row[k] << 32 | a->col[k], (uint32_t)i,
                              a->val[k]};
  }
  qsort(all, total, sizeof *all, compare_elements);
  p->key = flint_malloc((total + 1) * sizeof *p->key);
  p->pattern = flint_malloc((total + 1) * sizeof *p->pattern);
  p->values = flint_malloc((MAX_PATTERNS * count + 1) * sizeof *p->values);
  p->table = flint_calloc(TABLE, sizeof *p->table);
  slong *values = flint_malloc((count + 1) * sizeof *values);
  bool ok = true;
  for (size_t k = 0, end; k < total && ok; k = end) {
    for (size_t i = 0; i < count; i++) values[i] = 0;
    for (end = k; end < total && all[end].key == all[k].key; end++)
      values[all[end].which] = all[end].val;
    p->key[p->length] = all[k].key;
    ok = find_pattern(p, values);
  }
  flint_free(values);
  flint_free(all);
  return ok;
}

static void places_clear(places_t *p) {
  flint_free(p->key);
  flint_free(p->pattern);
  flint_free(p->values);
  flint_free(p->table);
}

/* Row i of a, the first `length` entries made coprime integers (the others likewise). */
static bool scale_row(fmpq_mat_t a, slong i, slong length) {
  fmpz_t den, content;
  fmpq_t scale;
  fmpz_init_set_ui(den, 1);
  fmpz_init(content);
  fmpq_init(scale);
  for (slong j = 0; j < length; j++)
    fmpz_lcm(den, den, fmpq_denref(fmpq_mat_entry(a, i, j)));
  for (slong j = 0; j < length; j++) {
    fmpq_mul_fmpz(scale, fmpq_mat_entry(a, i, j), den);
    fmpz_gcd(content, content, fmpq_numref(scale));
  }
  bool ok = !fmpz_is_zero(content);
  if (ok) fmpq_set_fmpz_frac(scale, den, content);
  for (slong j = 0; j < fmpq_mat_ncols(a) && ok; j++) {
    fmpq *x = fmpq_mat_entry(a, i, j);
    fmpq_mul(x, x, scale);
    ok = j >= length || fmpz_cmpabs(fmpq_numref(x), (fmpz[]){MAX_VALUE}) <= 0;
  }
  fmpz_clear(den);
  fmpz_clear(content);
  fmpq_clear(scale);
  return ok;
}

/* [values of the patterns | 1] in reduced echelon form. */
static bool reduce(fmpq_mat_t a, const places_t *p) {
  slong count = (slong)p->count, length = (slong)p->num_patterns;
  fmpq_mat_init(a, count, length + count);
  for (slong i = 0; i < count; i++) {
    for (slong j = 0; j < length; j++)
      fmpq_set_si(fmpq_mat_entry(a, i, j), p->values[j * count + i], 1);
    fmpq_one(fmpq_mat_entry(a, i, length + i));
  }
  fmpq_mat_rref(a, a);
  bool ok = true;
  for (slong i = 0; i < count && ok; i++) ok = scale_row(a, i, length);
  return ok;
}

/* Row i for element number `to`. */
static void set_element(sector_commutant_t c, size_t to, const places_t *p,
                        const fmpq_mat_t a, slong i) {
  sector_sparse_clear(c->basis + to);
  sector_sparse_init(c->basis + to);
  for (size_t k = 0; k < p->length; k++) {
    const fmpq *x = fmpq_mat_entry(a, i, (slong)p->pattern[k]);
    if (!fmpq_is_zero(x))
      sector_sparse_push(c->basis + to, (uint32_t)(p->key[k] >> 32),
                         (uint32_t)p->key[k], fmpz_get_si(fmpq_numref(x)));
  }
}

/* Traces modulo the prime of the sectors; false when it divides a denominator. */
static bool set_residues(mp_limb_t *out, const sector_commutant_struct *c,
                         const size_t *list, const places_t *p, const fmpq_mat_t a) {
  nmod_t mod = c->sectors->prime.mod;
  size_t K = c->sectors->length, m = c->dimension;
  for (size_t i = 0; i < p->count; i++)
    for (size_t k = 0; k < K; k++) {
      mp_limb_t sum = 0;
      for (size_t j = 0; j < p->count; j++) {
        const fmpq *x = fmpq_mat_entry(a, (slong)i, (slong)(p->num_patterns + j));
        mp_limb_t den = fmpz_fdiv_ui(fmpq_denref(x), mod.n);
        if (!den) return false;
        den = nmod_div(fmpz_fdiv_ui(fmpq_numref(x), mod.n), den, mod);
        sum = nmod_addmul(sum, den, c->residue[k * m + list[j]], mod);
      }
      out[k * p->count + i] = sum;
    }
  return true;
}

static void reduce_alike(sector_commutant_t c, const size_t *list, size_t count) {
  size_t K = c->sectors->length;
  places_t p;
  fmpq_mat_t a;
  mp_limb_t *out = flint_malloc((K * count + 1) * sizeof *out);
  bool ok = places_init(&p, c, list, count);
  if (ok) {
    if (reduce(a, &p) && set_residues(out, c, list, &p, a))
      for (size_t i = 0; i < count; i++) {
        set_element(c, list[i], &p, a, (slong)i);
        for (size_t k = 0; k < K; k++)
          c->residue[k * c->dimension + list[i]] = out[k * count + i];
      }
    fmpq_mat_clear(a);
  }
  places_clear(&p);
  flint_free(out);
}

void sector_commutant_reduce(sector_commutant_t c) {
  size_t *list = flint_malloc((c->dimension + 1) * sizeof *list);
  for (size_t a = 0; a < c->dimension; a++) {
    size_t count = sector_commutant_alike(list, c, a);
    if (count > 1) reduce_alike(c, list, count);
  }
  flint_free(list);
}
