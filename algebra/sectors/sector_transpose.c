#include "algebra/sectors/sector_transpose.h"

/* With M = C up to a factor, M|s> = (-1)^(z.s) |s + x>:
     <r| s(A) |s> = (-1)^(z.(r + s)) <s + x| A |r + x>. */
static bool is_minus(const uint64_t c[2], uint64_t mask) {
  return __builtin_parityll(c[1] & mask);
}

static mp_limb_t signed_value(mp_limb_t v, bool minus, nmod_t mod) {
  return minus ? nmod_neg(v, mod) : v;
}

/* s of a matrix; to be cleared as an operand. */
static void operand_transpose(sector_operand_struct *out, const sector_operand_struct *a,
                              const uint64_t c[2], size_t size, nmod_t mod) {
  size_t x = c[0];
  *out = (sector_operand_struct){.num_masks = a->num_masks};
  if (a->ket) {
    out->ket = flint_malloc(size * sizeof *out->ket);
    out->bra = flint_malloc(size * sizeof *out->bra);
    for (size_t s = 0; s < size; s++) {
      out->ket[s] = signed_value(a->bra[s ^ x], is_minus(c, s), mod);
      out->bra[s] = signed_value(a->ket[s ^ x], is_minus(c, s), mod);
    }
    return;
  }
  out->masks = flint_malloc((a->num_masks + 1) * sizeof *out->masks);
  out->slot = flint_malloc(size * sizeof *out->slot);
  out->value = flint_malloc((a->num_masks * size + 1) * sizeof *out->value);
  memcpy(out->masks, a->masks, a->num_masks * sizeof *out->masks);
  memcpy(out->slot, a->slot, size * sizeof *out->slot);
  for (size_t i = 0; i < a->num_masks; i++) {
    size_t mask = a->masks[i];
    for (size_t s = 0; s < size; s++)
      out->value[i * size + s] =
          signed_value(a->value[i * size + (s ^ mask ^ x)], is_minus(c, mask), mod);
  }
}

/* out (initialised here) = Tr(e_ij A e_ab s(B)). */
static void transposed_traces(nmod_mat_t out, const sector_operand_struct *a,
                              const sector_operand_struct *b, const uint64_t c[2],
                              const sector_units_struct *u,
                              const sector_rows_struct *index) {
  slong m = (slong)index->c->dimension;
  sector_operand_struct t;
  nmod_mat_init(out, m, m, u->mod.n);
  operand_transpose(&t, b, c, index->size, u->mod);
  sector_double_traces(out, a, &t, index, u->mod);
  sector_to_units_twice(out, u);
  sector_operand_clear(&t);
}

/* out[a][b] = Tr(s(c_a) c_b): <r|c_a|q> stands at (q + x, r + x) of s(c_a). */
static void transposed_products(nmod_mat_t out, const uint64_t c[2],
                                const sector_rows_struct *index, nmod_t mod) {
  for (size_t r = 0; r < index->size; r++)
    for (size_t k = index->start[r]; k < index->start[r + 1]; k++) {
      size_t q = index->col[k], row = r ^ c[0], col = q ^ c[0];
      slong a = (slong)index->which[k];
      mp_limb_t v = signed_value(index->val[k], is_minus(c, r ^ q), mod);
      for (size_t l = index->start[row]; l < index->start[row + 1]; l++) {
        if (index->col[l] != col) continue;
        mp_limb_t *to = &nmod_mat_entry(out, a, (slong)index->which[l]);
        *to = nmod_addmul(*to, v, index->val[l], mod);
      }
    }
}

static void transposed_units(nmod_mat_t tau, const uint64_t c[2],
                             const sector_units_struct *u,
                             const sector_rows_struct *index) {
  slong m = (slong)index->c->dimension;
  nmod_mat_t products; /* Tr(s(e_cd) e_fe) = d tau[cd][ef] */
  nmod_mat_init(tau, m, m, u->mod.n);
  nmod_mat_init(products, m, m, u->mod.n);
  transposed_products(products, c, index, u->mod);
  sector_to_units_twice(products, u);
  for (size_t k = 0; k < u->length; k++) {
    size_t n = u->multiplicity[k];
    mp_limb_t inverse = nmod_inv(u->dimension[k] % u->mod.n, u->mod);
    for (slong cd = sector_unit_at(u, k, 0, 0); cd < sector_unit_at(u, k, n, 0); cd++)
      for (size_t e = 0; e < n; e++)
        for (size_t f = 0; f < n; f++)
          nmod_mat_entry(tau, cd, sector_unit_at(u, k, e, f)) = nmod_mul(
              inverse, nmod_mat_entry(products, cd, sector_unit_at(u, k, f, e)), u->mod);
  }
  nmod_mat_clear(products);
}

void sector_local_transpose(sector_local_struct *l, const sector_source_struct *observable,
                            const sector_source_struct *states, const uint64_t c[2],
                            const sector_rows_struct *index) {
  const sector_units_struct *u = l->u;
  nmod_t mod = l->mod;
  sector_operand_struct o, r[2];
  mp_limb_t scale = nmod_inv(fmpz_fdiv_ui(observable->den, mod.n), mod), product = 1;
  sector_operand_init(&o, observable, index->size, mod, u->root);
  transposed_traces(l->os, &o, &o, c, u, index);
  nmod_mat_scalar_mul(l->os, l->os, nmod_mul(scale, scale, mod));
  sector_operand_clear(&o);
  for (int k = 0; k < 2; k++) {
    sector_operand_init(r + k, states + k, index->size, mod, u->root);
    if (states[k].pure) continue; /* normalised */
    scale = nmod_inv(fmpz_fdiv_ui(states[k].den, mod.n), mod);
    product = nmod_mul(product, scale, mod);
  }
  transposed_traces(l->rs, r, r + 1, c, u, index);
  nmod_mat_scalar_mul(l->rs, l->rs, product);
  sector_operand_clear(r);
  sector_operand_clear(r + 1);
  transposed_units(l->tau, c, u, index);
  l->transposed = true;
}

/* The block of sector k, of size n^2. */
static void get_block(nmod_mat_t out, const nmod_mat_t a, const sector_units_struct *u,
                      size_t k) {
  slong first = sector_unit_at(u, k, 0, 0), size = nmod_mat_nrows(out);
  for (slong i = 0; i < size; i++)
    for (slong j = 0; j < size; j++)
      nmod_mat_entry(out, i, j) = nmod_mat_entry(a, first + i, first + j);
}

/* out[ja][bi] = in[ij][ab] of the block. */
static void regroup(nmod_mat_t out, const nmod_mat_t in, slong n) {
  for (slong i = 0; i < n; i++)
    for (slong j = 0; j < n; j++)
      for (slong a = 0; a < n; a++)
        for (slong b = 0; b < n; b++)
          nmod_mat_entry(out, j * n + a, b * n + i) =
              nmod_mat_entry(in, i * n + j, a * n + b);
}

/* sum x[ab][cd] y[ba][dc]. */
static mp_limb_t contract(const nmod_mat_t x, const nmod_mat_t y, slong n, nmod_t mod) {
  mp_limb_t sum = 0;
  for (slong a = 0; a < n; a++)
    for (slong b = 0; b < n; b++)
      for (slong c = 0; c < n; c++)
        for (slong d = 0; d < n; d++)
          sum = nmod_addmul(sum, nmod_mat_entry(x, a * n + b, c * n + d),
                            nmod_mat_entry(y, b * n + a, d * n + c), mod);
  return sum;
}

/* sum x[ab][cd] p[ba] q[dc], p[ij] = Tr(e_ji ..) being in units: Tr P^ba = p of (a, b). */
static mp_limb_t contract_traces(const nmod_mat_t x, const mp_limb_t *p,
                                 const mp_limb_t *q, slong n, nmod_t mod) {
  mp_limb_t sum = 0;
  for (slong i = 0; i < n * n; i++)
    for (slong j = 0; j < n * n; j++)
      sum = nmod_addmul(sum, nmod_mat_entry(x, i, j), nmod_mul(p[i], q[j], mod), mod);
  return sum;
}

/* Double traces of sector k as Tr(X^ab Y^cd) and (the second) with t Y^cd. */
static bool get_pair(nmod_mat_t plain, nmod_mat_t turned, const nmod_mat_t direct,
                     const nmod_mat_t with_s, const sector_local_struct *l, size_t k) {
  slong n = (slong)l->u->multiplicity[k];
  nmod_mat_t t, tau, one;
  nmod_mat_init(t, n * n, n * n, l->mod.n);
  nmod_mat_init(tau, n * n, n * n, l->mod.n);
  nmod_mat_init(one, n * n, n * n, l->mod.n);
  get_block(t, direct, l->u, k);
  regroup(plain, t, n);
  get_block(t, with_s, l->u, k);
  regroup(turned, t, n); /* times tau */
  get_block(tau, l->tau, l->u, k);
  nmod_mat_mul(one, tau, tau);
  bool ok = nmod_mat_is_one(one);
  nmod_mat_mul(turned, turned, tau);
  nmod_mat_clear(t);
  nmod_mat_clear(tau);
  nmod_mat_clear(one);
  return ok;
}

bool sector_transposed_diagonal(mp_limb_t out[4], const sector_local_struct *l, size_t k) {
  slong n = (slong)l->u->multiplicity[k];
  nmod_t mod = l->mod;
  nmod_mat_t o, ot, r, rt;
  for (int i = 0; i < 4; i++) out[i] = 0;
  if (!l->transposed || n > TRANSPOSE_MAX_MULTIPLICITY) return false;
  nmod_mat_init(o, n * n, n * n, mod.n);
  nmod_mat_init(ot, n * n, n * n, mod.n);
  nmod_mat_init(r, n * n, n * n, mod.n);
  nmod_mat_init(rt, n * n, n * n, mod.n);
  bool ok = get_pair(o, ot, l->oo, l->os, l, k) && get_pair(r, rt, l->rr, l->rs, l, k);
  if (ok) {
    slong first = sector_unit_at(l->u, k, 0, 0);
    const mp_limb_t *to = l->o + first, *t0 = l->r[0] + first, *t1 = l->r[1] + first;
    mp_limb_t d = l->u->dimension[k], same, turned, mixed;
    same = nmod_add(contract(o, r, n, mod), contract(ot, rt, n, mod), mod);
    turned = nmod_add(contract(o, rt, n, mod), contract(ot, r, n, mod), mod);
    mixed = contract_traces(o, t0, t1, n, mod);
    mixed = nmod_add(mixed, contract_traces(ot, t0, t1, n, mod), mod);
    mixed = nmod_add(mixed, contract_traces(r, to, to, n, mod), mod);
    mixed = nmod_add(mixed, contract_traces(rt, to, to, n, mod), mod);
    for (slong a = 0; a < n; a++)
      for (slong b = 0; b < n; b++) {
        out[2] = nmod_add(out[2], nmod_mat_entry(ot, a * (n + 1), b * (n + 1)), mod);
        out[3] = nmod_add(out[3], nmod_mat_entry(rt, a * (n + 1), b * (n + 1)), mod);
      }
    out[1] = nmod_sub(same, turned, mod);
    out[0] = nmod_mul(nmod_mul(d, d, mod), nmod_add(same, turned, mod), mod);
    out[0] = nmod_sub(out[0], nmod_mul(2 * d, mixed, mod), mod);
    out[0] = nmod_addmul(
        out[0], 4, nmod_mul(sector_single(l, k, 0), sector_single(l, k, 1), mod), mod);
  }
  nmod_mat_clear(o);
  nmod_mat_clear(ot);
  nmod_mat_clear(r);
  nmod_mat_clear(rt);
  return ok;
}
