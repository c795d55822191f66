#include "algebra/check/sums/check_prime.h"

#include <string.h>

enum { MAX_FORM_QUBITS = 5, MAX_STEPS = 4096 };

/* H as a sum of X^mask diag, rows and columns of the computational basis. */
typedef struct {
  size_t num_masks;
  size_t *masks;
  mp_limb_t *values; /* num_masks x size: <a| H |a ^ mask> */
} sparse_t;

typedef struct {
  check_prime_t *p;
  size_t size; /* 2^n */
  sparse_t *sums;
} operators_t;

static void sparse_init(sparse_t *out, const operators_t *o,
                        const pauli_sum_struct *h) {
  const check_prime_t *p = o->p;
  *out = (sparse_t){0};
  out->masks = flint_malloc((h->length + 1) * sizeof *out->masks);
  out->values =
      flint_calloc(h->length * o->size + 1, sizeof *out->values);
  for (size_t t = 0; t < h->length; t++) {
    check_mask_t m = check_prime_masks(p, pauli_sum_string(h, t));
    size_t mask = m.mask, z = m.z, at = 0;
    while (at < out->num_masks && out->masks[at] != mask) at++;
    if (at == out->num_masks) out->masks[out->num_masks++] = mask;
    mp_limb_t c = nmod_mul(check_prime_coeff(p, h, t),
                           check_prime_phase(p, m.ys % 4), p->mod);
    for (size_t a = 0; a < o->size; a++) {
      mp_limb_t *to = out->values + at * o->size + a;
      bool minus = __builtin_parityll(z & (a ^ mask));
      *to = minus ? nmod_sub(*to, c, p->mod) : nmod_add(*to, c, p->mod);
    }
  }
}

/* out = [H, x] */
static void sparse_commutator(nmod_mat_t out, operators_t *o, const sparse_t *h,
                              const nmod_mat_t x) {
  nmod_t mod = o->p->mod;
  size_t n = o->size;
  nmod_mat_zero(out);
  for (size_t m = 0; m < h->num_masks; m++) {
    const mp_limb_t *v = h->values + m * n;
    size_t mask = h->masks[m];
    for (size_t a = 0; a < n; a++)
      for (size_t b = 0; b < n; b++) {
        mp_limb_t *to = &nmod_mat_entry(out, (slong)a, (slong)b);
        /* (x H)_ab = x_a,b^mask <b^mask| H |b> */
        mp_limb_t left = nmod_mat_entry(x, (slong)(a ^ mask), (slong)b);
        mp_limb_t right = nmod_mat_entry(x, (slong)a, (slong)(b ^ mask));
        if (left) NMOD_ADDMUL(*to, v[a], left, mod);
        if (right) NMOD_ADDMUL(*to, nmod_neg(v[b ^ mask], mod), right, mod);
      }
  }
  o->p->work_left -= 4 * (int64_t)(h->num_masks * n * n);
}

/* out = sum of [H, [H, x]]: symmetric for tr(x y), and positive. False when the
   work runs out. */
static bool apply(nmod_mat_t out, operators_t *o, const nmod_mat_t x,
                  nmod_mat_struct *room) {
  nmod_mat_zero(out);
  for (size_t j = 0; j < o->p->num_sums && o->p->work_left > 0; j++) {
    sparse_commutator(room, o, o->sums + j, x);
    sparse_commutator(room + 1, o, o->sums + j, room);
    nmod_mat_add(out, out, room + 1);
  }
  return o->p->work_left > 0;
}

static void add_multiple(nmod_mat_t to, mp_limb_t c, const nmod_mat_t x) {
  nmod_mat_scalar_addmul_ui(to, to, x, c);
}

/* A random Hermitian operator that commutes with all sums, by conjugate gradients
   without rounding. */
static bool random_commuting(nmod_mat_t x, operators_t *o) {
  check_prime_t *p = o->p;
  slong n = (slong)o->size;
  nmod_mat_struct room[6];
  for (size_t k = 0; k < 6; k++) nmod_mat_init(room + k, n, n, p->mod.n);
  nmod_mat_struct *r = room + 3, *d = room + 4, *ad = room + 5;
  for (slong a = 0; a < n; a++)
    for (slong b = 0; b <= a; b++) {
      mp_limb_t re = check_prime_random(p);
      mp_limb_t im = a == b ? 0 : nmod_mul(check_prime_random(p), p->i, p->mod);
      nmod_mat_entry(x, a, b) = nmod_add(re, im, p->mod);
      nmod_mat_entry(x, b, a) = nmod_sub(re, im, p->mod);
    }
  bool ok = apply(r, o, x, room);
  nmod_mat_set(d, r);
  mp_limb_t rr = check_prime_trace(o->p, r, r);
  for (int step = 0; ok && !nmod_mat_is_zero(r); step++) {
    ok = apply(ad, o, d, room);
    mp_limb_t down = ok ? check_prime_trace(o->p, d, ad) : 0;
    ok = down && rr && step < MAX_STEPS;
    if (!ok) break;
    mp_limb_t alpha =
        nmod_neg(nmod_mul(rr, nmod_inv(down, p->mod), p->mod), p->mod);
    add_multiple(x, alpha, d);
    add_multiple(r, alpha, ad);
    mp_limb_t next = check_prime_trace(o->p, r, r);
    nmod_mat_scalar_mul(d, d, nmod_mul(next, nmod_inv(rr, p->mod), p->mod));
    nmod_mat_add(d, d, r);
    rr = next;
  }
  for (size_t k = 0; k < 6; k++) nmod_mat_clear(room + k);
  return ok;
}

/* --- sectors ---------------------------------------------------------------------- */

/* The sectors where the central T has the roots of f, total * deg f the size of
   them: d is the multiplicity of the eigenvalues of Y there. */
static bool add_sectors(check_split_struct *split, const operators_t *o,
                        const nmod_mat_t t, const nmod_mat_t y,
                        const nmod_poly_t f, ulong total) {
  slong n = (slong)o->size, copies = nmod_poly_degree(f);
  mp_limb_t m = o->p->mod.n;
  nmod_mat_t value, null, image, small;
  nmod_poly_t g;
  nmod_poly_factor_t factors;
  nmod_mat_init(value, n, n, m);
  nmod_mat_init(null, n, n, m);
  nmod_mat_init(image, n, n, m);
  nmod_poly_init(g, m);
  nmod_poly_factor_init(factors);
  nmod_poly_evaluate_mat_horner(value, f, t);
  slong size = nmod_mat_nullspace(null, value);
  bool ok = (ulong)size == total * (ulong)copies;
  nmod_mat_init(small, size, size, m);
  nmod_mat_mul(image, y, null);
  for (slong c = 0; c < size; c++)
    for (slong i = 0; i < n; i++) {
      bool unit = nmod_mat_entry(null, i, c) == 1;
      for (slong k = 0; k < size && unit; k++)
        unit = k == c || !nmod_mat_entry(null, i, k);
      if (!unit) continue;
      for (slong k = 0; k < size; k++)
        nmod_mat_entry(small, c, k) = nmod_mat_entry(image, i, k);
      break;
    }
  if (ok && size > 0) {
    nmod_mat_charpoly(g, small);
    nmod_poly_factor_squarefree(factors, g);
    ok = factors->num == 1 && total % (ulong)factors->exp[0] == 0;
    ulong d = (ulong)factors->exp[0];
    if (ok) check_split_add(split, f, (check_pair_t){d, total / d});
  }
  nmod_mat_clear(value);
  nmod_mat_clear(null);
  nmod_mat_clear(image);
  nmod_mat_clear(small);
  nmod_poly_clear(g);
  nmod_poly_factor_clear(factors);
  return ok;
}

/* columns (n each, from row `top` on) = (Y^k Y' - Y' Y^k) v, k = 0, 1, ... */
static void set_relations(nmod_mat_t out, slong top, check_prime_t *p,
                          const nmod_mat_struct *ys) {
  slong n = ys->r;
  nmod_mat_t v, u, w;
  nmod_mat_init(v, n, 1, p->mod.n);
  nmod_mat_init(u, n, 1, p->mod.n);
  nmod_mat_init(w, n, 1, p->mod.n);
  for (slong i = 0; i < n; i++) nmod_mat_entry(v, i, 0) = check_prime_random(p);
  nmod_mat_mul(u, ys + 1, v);
  for (slong k = 0; k < out->c; k++) {
    nmod_mat_mul(w, ys + 1, v);
    for (slong i = 0; i < n; i++)
      nmod_mat_entry(out, top + i, k) =
          nmod_sub(nmod_mat_entry(u, i, 0), nmod_mat_entry(w, i, 0), p->mod);
    nmod_mat_mul(u, ys, u);
    nmod_mat_mul(v, ys, v);
  }
  nmod_mat_clear(v);
  nmod_mat_clear(u);
  nmod_mat_clear(w);
}

/* A random central T. Two random operators Y, Y' that commute with all sums generate
   all such operators; what is central is a polynomial in Y that commutes with Y'. */
static bool random_central(nmod_mat_t t, check_prime_t *p,
                           const nmod_mat_struct *ys) {
  enum { VECTORS = 2 };
  slong n = ys->r, degree = 0;
  nmod_poly_t f;
  nmod_poly_factor_t factors;
  nmod_mat_t relations, null, left, right;
  nmod_poly_init(f, p->mod.n);
  nmod_poly_factor_init(factors);
  nmod_mat_charpoly(f, ys);
  nmod_poly_factor_squarefree(factors, f);
  for (slong k = 0; k < factors->num; k++)
    degree += nmod_poly_degree(factors->p + k);
  nmod_mat_init(relations, VECTORS * n, degree, p->mod.n);
  nmod_mat_init(null, degree, degree, p->mod.n);
  nmod_mat_init(left, n, n, p->mod.n);
  nmod_mat_init(right, n, n, p->mod.n);
  for (slong k = 0; k < VECTORS; k++) set_relations(relations, k * n, p, ys);
  slong dim = nmod_mat_nullspace(null, relations);
  nmod_poly_zero(f);
  for (slong c = 0; c < dim; c++) {
    mp_limb_t x = check_prime_random(p);
    for (slong k = 0; k < degree; k++)
      nmod_poly_set_coeff_ui(
          f, k, nmod_add(nmod_poly_get_coeff_ui(f, k),
                         nmod_mul(x, nmod_mat_entry(null, k, c), p->mod),
                         p->mod));
  }
  nmod_poly_evaluate_mat_horner(t, f, ys);
  nmod_mat_mul(left, t, ys + 1);
  nmod_mat_mul(right, ys + 1, t);
  bool ok = dim > 0 && nmod_mat_equal(left, right);
  nmod_poly_clear(f);
  nmod_poly_factor_clear(factors);
  nmod_mat_clear(relations);
  nmod_mat_clear(null);
  nmod_mat_clear(left);
  nmod_mat_clear(right);
  return ok;
}

static void keep_powers(check_split_struct *split, const check_prime_t *p,
                        const nmod_mat_t t) {
  split->operators = flint_malloc((split->length + 1) * sizeof *split->operators);
  for (size_t a = 0; a < split->length; a++) {
    check_prime_matrix_init(split->operators + a, p);
    if (a == 0) nmod_mat_one(split->operators);
    else nmod_mat_mul(split->operators + a, split->operators + a - 1, t);
  }
  split->known = true;
}

void check_sum_sectors(check_sum_structure_t out, check_prime_t *p) {
  if (!p->num_sums || p->sums[0]->num_qubits > CHECK_PRIME_QUBITS) return;
  operators_t o = {.p = p, .size = (size_t)1 << p->sums[0]->num_qubits};
  slong n = (slong)o.size;
  nmod_mat_struct ys[2];
  nmod_mat_t t;
  nmod_poly_t f;
  nmod_poly_factor_t factors;
  o.sums = flint_malloc((p->num_sums + 1) * sizeof *o.sums);
  for (size_t j = 0; j < p->num_sums; j++)
    sparse_init(o.sums + j, &o, p->sums[j]);
  for (size_t k = 0; k < 2; k++) nmod_mat_init(ys + k, n, n, p->mod.n);
  nmod_mat_init(t, n, n, p->mod.n);
  nmod_poly_init(f, p->mod.n);
  nmod_poly_factor_init(factors);
  bool ok = random_commuting(ys, &o) && random_commuting(ys + 1, &o);
  ok = ok && random_central(t, p, ys);
  if (ok) {
    nmod_mat_charpoly(f, t);
    nmod_poly_factor(factors, f);
    for (slong k = 0; k < factors->num && ok; k++)
      ok = add_sectors(&p->sectors, &o, t, ys, factors->p + k,
                       (ulong)factors->exp[k]);
  }
  out->sectors_known = ok;
  for (size_t k = 0; k < p->sectors.num_factors && ok; k++)
    check_pairs_append(&out->sectors, &out->num_sectors,
                       p->sectors.pairs[k].first, p->sectors.pairs[k].second,
                       (size_t)nmod_poly_degree(p->sectors.factors + k));
  if (ok) keep_powers(&p->sectors, p, t);
  for (size_t j = 0; j < p->num_sums; j++) {
    flint_free(o.sums[j].masks);
    flint_free(o.sums[j].values);
  }
  flint_free(o.sums);
  for (size_t k = 0; k < 2; k++) nmod_mat_clear(ys + k);
  nmod_mat_clear(t);
  nmod_poly_clear(f);
  nmod_poly_factor_clear(factors);
}

/* --- invariant forms ------------------------------------------------------------------- */

static unsigned count_y(const uint64_t *string, size_t w, size_t num_qubits) {
  unsigned ys = 0;
  for (size_t q = 0; q < num_qubits; q++) ys += pauli_get(string, w, q) == 3;
  return ys;
}

/* Adds L^* L for L S = S H + H^T S on the strings listed. P^T = P or -P, so that
   S = Q contributes 2 Q P when P and Q commute and P^T = P, or anticommute and
   P^T = -P; with conjugates, L^* L has the kernel of L. */
static void add_gram(nmod_mat_t gram, const check_prime_t *p,
                     const row_table_t list, const pauli_sum_struct *h) {
  size_t n = list->length, w = h->num_words;
  uint64_t *image = flint_malloc((2 * w + 1) * sizeof *image);
  nmod_mat_t map, adjoint, product;
  nmod_mat_init(map, (slong)n, (slong)n, p->mod.n);
  nmod_mat_init(adjoint, (slong)n, (slong)n, p->mod.n);
  nmod_mat_init(product, (slong)n, (slong)n, p->mod.n);
  for (size_t i = 0; i < n; i++)
    for (size_t t = 0; t < h->length; t++) {
      const uint64_t *string = pauli_sum_string(h, t);
      bool odd = count_y(string, w, h->num_qubits) % 2;
      const uint64_t *q = row_table_row(list, i);
      if (pauli_anticommute(string, q, w) != odd) continue;
      unsigned e = pauli_mul(image, q, string, w);
      slong to = (slong)row_table_find(list, image);
      mp_limb_t c = check_prime_coeff(p, h, t);
      mp_limb_t *there = &nmod_mat_entry(map, to, (slong)i);
      mp_limb_t *back = &nmod_mat_entry(adjoint, (slong)i, to);
      NMOD_ADDMUL(*there, c, check_prime_phase(p, e % 4), p->mod);
      NMOD_ADDMUL(*back, c, check_prime_phase(p, (4 - e) % 4), p->mod);
    }
  nmod_mat_mul(product, adjoint, map);
  nmod_mat_add(gram, gram, product);
  nmod_mat_clear(map);
  nmod_mat_clear(adjoint);
  nmod_mat_clear(product);
  flint_free(image);
}

/* Dimension of the invariant forms that are symmetric (odd = 0) or not. */
static slong count_forms(const check_prime_t *p, unsigned odd) {
  size_t n = p->sums[0]->num_qubits, w = p->sums[0]->num_words;
  row_table_t list;
  nmod_mat_t gram;
  uint64_t *string = flint_calloc(2 * w + 1, sizeof *string);
  row_table_init(list, 2 * w);
  for (size_t code = 0; code < (size_t)1 << (2 * n); code++) {
    memset(string, 0, 2 * w * sizeof *string);
    for (size_t q = 0; q < n; q++)
      pauli_set(string, w, q, (unsigned)(code >> (2 * q) & 3));
    if (count_y(string, w, n) % 2 == odd) row_table_add(list, string, NULL);
  }
  nmod_mat_init(gram, (slong)list->length, (slong)list->length, p->mod.n);
  for (size_t j = 0; j < p->num_sums; j++) add_gram(gram, p, list, p->sums[j]);
  slong dim = (slong)list->length - nmod_mat_rank(gram);
  nmod_mat_clear(gram);
  row_table_clear(list);
  flint_free(string);
  return dim;
}

void check_sum_fields(check_sum_structure_t out, check_prime_t *p) {
  if (!p->num_sums || p->sums[0]->num_qubits > MAX_FORM_QUBITS) return;
  size_t side = (size_t)1 << (2 * p->sums[0]->num_qubits - 1);
  if (p->num_sums * side * side * side > CHECK_PRIME_WORK / 2) return;
  out->field_balance = count_forms(p, 0) - count_forms(p, 1);
  out->fields_known = true;
}
