#include "algebra/check/sums/check_on_pairs.h"

/* Of every generator on S: rows, H x_i = sum_k out[j]_ik x_k, less the mean of the
   diagonal. */
static bool matrices(nmod_mat_struct *out, const check_module_t *m, check_part_t *own) {
  check_prime_t *p = own->s->p;
  slong d = (slong)m->dimension;
  check_basis_t basis;
  nmod_mat_t images;
  nmod_mat_init(images, d, (slong)own->dim, p->mod.n);
  bool ok = check_basis_init(&basis, m, own);
  mp_limb_t *c = check_vector(p->num_sums);
  for (size_t j = 0; j < p->num_sums && ok; j++) {
    check_rows_t h;
    c[j] = 1;
    check_rows_init(&h, own->s, own->block, c, false);
    c[j] = 0;
    for (slong i = 0; i < d; i++)
      check_rows_apply(&nmod_mat_entry(images, i, 0), &h, &nmod_mat_entry(basis.basis, i, 0), p);
    check_rows_clear(&h);
    check_basis_matrix(out + j, &basis, images);
    mp_limb_t mean = nmod_div(nmod_mat_trace(out + j), (mp_limb_t)d, p->mod);
    for (slong i = 0; i < d; i++)
      nmod_mat_entry(out + j, i, i) = nmod_sub(nmod_mat_entry(out + j, i, i), mean, p->mod);
  }
  flint_free(c);
  check_basis_clear(&basis);
  nmod_mat_clear(images);
  return ok && p->work_left > 0;
}

/* x_a ^ x_b, a < b: its place, and the sign (0 for a = b). */
static slong place(slong a, slong b, slong n, int *sign) {
  *sign = a < b ? 1 : a > b ? -1 : 0;
  slong low = a < b ? a : b, high = a < b ? b : a;
  return low * n - low * (low + 1) / 2 + high - low - 1;
}

static void add_signed(nmod_mat_t out, slong row, slong a, slong b, slong n, mp_limb_t c) {
  int sign;
  slong column = place(a, b, n, &sign);
  if (!sign) return;
  mp_limb_t *x = &nmod_mat_entry(out, row, column);
  *x = sign > 0 ? nmod_add(*x, c, out->mod) : nmod_sub(*x, c, out->mod);
}

/* H (x_a ^ x_b) = H x_a ^ x_b + x_a ^ H x_b */
static void exterior_square(nmod_mat_t out, const nmod_mat_struct *h) {
  slong n = nmod_mat_nrows(h), row = 0;
  for (slong a = 0; a < n; a++)
    for (slong b = a + 1; b < n; b++, row++)
      for (slong k = 0; k < n; k++) {
        add_signed(out, row, k, b, n, nmod_mat_entry(h, a, k));
        add_signed(out, row, a, k, n, nmod_mat_entry(h, b, k));
      }
}

/* system t = 0 in the entries of T: A T - T B = 0, rows from `at` on. */
static void add_equations(nmod_mat_t system, slong at, const nmod_mat_struct *a,
                          const nmod_mat_t b) {
  slong d = nmod_mat_nrows(a);
  nmod_t mod = a->mod;
  for (slong i = 0; i < d; i++)
    for (slong j = 0; j < d; j++)
      for (slong k = 0; k < d; k++) {
        mp_limb_t *x = &nmod_mat_entry(system, at + i * d + j, k * d + j);
        *x = nmod_add(*x, nmod_mat_entry(a, i, k), mod);
        x = &nmod_mat_entry(system, at + i * d + j, i * d + k);
        *x = nmod_sub(*x, nmod_mat_entry(b, k, j), mod);
      }
}

/* Do all maps with A_j T = T B_j form one line, of an invertible one? */
static bool are_isomorphic(const nmod_mat_struct *a, const nmod_mat_struct *h, size_t count) {
  slong d = nmod_mat_nrows(a);
  nmod_t mod = a->mod;
  nmod_mat_t system, kernel, b, map;
  nmod_mat_init(system, (slong)count * d * d, d * d, mod.n);
  nmod_mat_init(kernel, d * d, d * d, mod.n);
  nmod_mat_init(map, d, d, mod.n);
  for (size_t j = 0; j < count; j++) {
    nmod_mat_init(b, d, d, mod.n);
    exterior_square(b, h + j);
    add_equations(system, (slong)j * d * d, a + j, b);
    nmod_mat_clear(b);
  }
  bool same = nmod_mat_nullspace(kernel, system) == 1;
  for (slong i = 0; i < d * d; i++)
    nmod_mat_entry(map, i / d, i % d) = nmod_mat_entry(kernel, i, 0);
  same = same && nmod_mat_rank(map) == d;
  nmod_mat_clear(system);
  nmod_mat_clear(kernel);
  nmod_mat_clear(map);
  return same;
}

bool check_is_exterior_square(const check_module_t *pairs, check_part_t *of_pairs,
                              const check_module_t *base, check_part_t *of_base) {
  size_t n = base->dimension, d = pairs->dimension, count = of_pairs->s->p->num_sums;
  if (base->acts != CHECK_ACTS_ORTHOGONAL || n < 5 || n == 6 || d != n * (n - 1) / 2 ||
      d > CHECK_ON_PAIRS_MOST || !count)
    return false;
  nmod_mat_struct *a = flint_malloc(count * sizeof *a), *h = flint_malloc(count * sizeof *h);
  for (size_t j = 0; j < count; j++) {
    nmod_mat_init(a + j, (slong)d, (slong)d, of_pairs->s->p->mod.n);
    nmod_mat_init(h + j, (slong)n, (slong)n, of_pairs->s->p->mod.n);
  }
  bool same = matrices(a, pairs, of_pairs) && matrices(h, base, of_base) &&
              are_isomorphic(a, h, count);
  for (size_t j = 0; j < count; j++) {
    nmod_mat_clear(a + j);
    nmod_mat_clear(h + j);
  }
  flint_free(a);
  flint_free(h);
  return same;
}
