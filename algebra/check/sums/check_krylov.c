#include "algebra/check/sums/check_krylov.h"

#include <string.h>

/* --- vectors ------------------------------------------------------------------------- */

mp_limb_t *check_vector(size_t dim) {
  return flint_calloc(dim + 1, sizeof(mp_limb_t));
}

void check_vector_random(mp_limb_t *v, size_t dim, check_prime_t *p) {
  for (size_t i = 0; i < dim; i++) v[i] = check_prime_random(p);
}

bool check_vector_is_zero(const mp_limb_t *v, size_t dim) {
  for (size_t i = 0; i < dim; i++)
    if (v[i]) return false;
  return true;
}

void check_vector_addmul(mp_limb_t *y, const mp_limb_t *x, mp_limb_t c, size_t dim,
                         nmod_t mod) {
  _nmod_vec_scalar_addmul_nmod(y, x, (slong)dim, c, mod);
}

mp_limb_t check_vector_dot(const mp_limb_t *x, const mp_limb_t *y, size_t dim,
                           nmod_t mod) {
  unsigned __int128 sum = 0;
  mp_limb_t r = 0;
  for (size_t k = 0, stop; k < dim; k = stop) {
    stop = k + 32 < dim ? k + 32 : dim;
    for (size_t j = k; j < stop; j++) sum += (unsigned __int128)x[j] * y[j];
    NMOD2_RED2(r, (mp_limb_t)(sum >> 64), (mp_limb_t)sum, mod);
    sum = r;
  }
  return r;
}

/* --- elements -------------------------------------------------------------------------- */

void check_element_choose(check_choice_of_element_t *c, size_t num_parts,
                          bool associative, check_prime_t *p) {
  size_t count = num_parts * p->num_sums;
  c->num_parts = num_parts;
  c->associative = associative;
  c->c = flint_malloc((count + 1) * sizeof *c->c);
  for (size_t j = 0; j < count; j++) c->c[j] = check_prime_random(p);
}

void check_element_forget(check_choice_of_element_t *c) { flint_free(c->c); }

void check_element_init(check_element_t *e, const check_sparse_t s, size_t block,
                        const check_choice_of_element_t *c) {
  *e = (check_element_t){.p = s->p, .num_parts = c->num_parts,
                         .symmetric = s->symmetric,
                         .associative = c->associative,
                         .dim = s->start[block + 1] - s->start[block]};
  for (size_t k = 0; k < c->num_parts; k++) {
    const mp_limb_t *numbers = c->c + k * s->p->num_sums;
    check_rows_init(e->part + k, s, block, numbers, false);
    if (!e->symmetric) check_rows_init(e->turned + k, s, block, numbers, true);
  }
  for (int k = 0; k < 3; k++) e->work[k] = check_vector(e->dim);
}

void check_element_clear(check_element_t *e) {
  for (size_t k = 0; k < e->num_parts; k++) {
    check_rows_clear(e->part + k);
    if (!e->symmetric) check_rows_clear(e->turned + k);
  }
  for (int k = 0; k < 3; k++) flint_free(e->work[k]);
}

static void act_plainly(mp_limb_t *out, check_element_t *e, const check_rows_t *part,
                        bool turned, const mp_limb_t *v) {
  check_prime_t *p = e->p;
  mp_limb_t *mv = e->work[0], *s = e->work[1], *t = e->work[2];
  check_rows_apply(out, part, v, p);
  if (e->num_parts == 1) return;
  check_rows_apply(mv, part + 1, v, p);
  check_rows_apply(s, part + 2, v, p);
  check_rows_apply(t, part + 1, s, p); /* M N v */
  check_rows_apply(s, part + 2, mv, p);
  if (e->associative || !e->symmetric) { /* M N + other N M, or its transpose */
    mp_limb_t other = !e->associative ? p->mod.n - 1 : e->symmetric ? 1 : 2;
    check_vector_addmul(out, s, turned ? 1 : other, e->dim, p->mod);
    check_vector_addmul(out, t, turned ? other : 1, e->dim, p->mod);
    return;
  }
  check_vector_addmul(t, s, p->mod.n - 2, e->dim, p->mod); /* - 2 N M v */
  check_rows_apply(s, part + 1, t, p);
  check_vector_addmul(out, s, 1, e->dim, p->mod);
  check_rows_apply(t, part + 1, mv, p);
  check_rows_apply(s, part + 2, t, p);
  check_vector_addmul(out, s, 1, e->dim, p->mod);
}

void check_act(mp_limb_t *out, const check_acting_t *a, const mp_limb_t *v) {
  check_element_t *e = a->e;
  nmod_t mod = e->p->mod;
  bool turned = a->transposed && !e->symmetric;
  act_plainly(out, e, turned ? e->turned : e->part, turned, v);
  if (a->shift) check_vector_addmul(out, v, nmod_neg(a->shift, mod), e->dim, mod);
  if (a->negative) _nmod_vec_neg(out, out, (slong)e->dim, mod);
}

void check_evaluate(mp_limb_t *out, const check_acting_t *a, const nmod_poly_t f,
                    const mp_limb_t *v) {
  size_t dim = a->e->dim;
  mp_limb_t *next = check_vector(dim);
  memset(out, 0, dim * sizeof *out);
  for (slong k = nmod_poly_degree(f); k >= 0; k--) {
    check_act(next, a, out);
    check_vector_addmul(next, v, nmod_poly_get_coeff_ui(f, k), dim, a->e->p->mod);
    memcpy(out, next, dim * sizeof *out);
  }
  flint_free(next);
}

/* --- powers ------------------------------------------------------------------------------ */

enum { SLACK = 20 };

void check_powers_init(check_powers_t *x, const check_acting_t *a, const mp_limb_t *v,
                       bool keep) {
  /* as many as check_powers_polynomial asks for */
  size_t most = (a->e->symmetric ? 1 : 2) * a->e->dim + SLACK + 2;
  keep = keep && most <= CHECK_POWERS_BYTES / sizeof *v / (a->e->dim + 1);
  *x = (check_powers_t){.a = *a, .max = keep ? most : 2, .start = v};
  x->list = flint_calloc(x->max, sizeof *x->list);
}

void check_powers_clear(check_powers_t *x) {
  for (size_t k = 0; k < x->max; k++) flint_free(x->list[k]);
  flint_free(x->list);
}

static const mp_limb_t *powers_find(const check_powers_t *x, size_t k) {
  return k == 0 ? x->start : x->list[k % x->max];
}

const mp_limb_t *check_powers_get(check_powers_t *x, size_t k) {
  if (k + x->max <= x->last && k > 0) x->last = 0; /* it is gone: once more */
  while (x->last < k) {
    mp_limb_t **to = x->list + (x->last + 1) % x->max;
    if (!*to) *to = check_vector(x->a.e->dim);
    check_act(*to, &x->a, powers_find(x, x->last++));
  }
  return powers_find(x, k);
}

enum { AT_ONCE = 32 }; /* products below 2^122 */

void check_powers_evaluate(mp_limb_t *out, check_powers_t *x, const nmod_poly_t f) {
  size_t dim = x->a.e->dim, length = (size_t)f->length;
  nmod_t mod = x->a.e->p->mod;
  if (length > x->max) {
    check_evaluate(out, &x->a, f, x->start);
    return;
  }
  unsigned __int128 *sum = flint_calloc(dim + 1, sizeof *sum);
  for (size_t k = 0; k < length; k++) {
    const mp_limb_t *v = check_powers_get(x, k);
    mp_limb_t c = nmod_poly_get_coeff_ui(f, (slong)k), r;
    for (size_t i = 0; i < dim; i++) sum[i] += (unsigned __int128)c * v[i];
    for (size_t i = 0; i < dim && k % AT_ONCE == AT_ONCE - 2; i++) {
      NMOD2_RED2(r, (mp_limb_t)(sum[i] >> 64), (mp_limb_t)sum[i], mod);
      sum[i] = r;
    }
  }
  for (size_t i = 0; i < dim; i++)
    NMOD2_RED2(out[i], (mp_limb_t)(sum[i] >> 64), (mp_limb_t)sum[i], mod);
  x->a.e->p->work_left -= (int64_t)(dim * length);
  flint_free(sum);
}

/* --- recurrences ------------------------------------------------------------------------- */

/* Terms <z, a^k v>. A symmetric a has z = v and gives two of them for one application. */
typedef struct {
  check_powers_t *powers;
  bool twice;
  size_t at;
  mp_limb_t *z;
  nmod_poly_t list; /* of the terms */
  slong length;
} sequence_t;

/* z: NULL for a random one. */
static void sequence_init(sequence_t *s, check_powers_t *powers, const mp_limb_t *z) {
  const check_element_t *e = powers->a.e;
  *s = (sequence_t){.powers = powers, .twice = e->symmetric};
  if (!s->twice) {
    s->z = check_vector(e->dim);
    if (z) memcpy(s->z, z, e->dim * sizeof *z);
    else check_vector_random(s->z, e->dim, e->p);
  }
  nmod_poly_init_mod(s->list, e->p->mod);
}

static void sequence_clear(sequence_t *s) {
  nmod_poly_clear(s->list);
  flint_free(s->z);
}

/* One or two terms more: how many. */
static slong sequence_step(mp_limb_t out[2], sequence_t *s) {
  size_t dim = s->powers->a.e->dim;
  nmod_t mod = s->powers->a.e->p->mod;
  slong terms = s->twice ? 2 : 1;
  const mp_limb_t *now = check_powers_get(s->powers, s->at);
  out[0] = check_vector_dot(s->twice ? now : s->z, now, dim, mod);
  if (s->twice) {
    const mp_limb_t *next = check_powers_get(s->powers, s->at + 1);
    out[1] = check_vector_dot(powers_find(s->powers, s->at), next, dim, mod);
  }
  s->at++;
  for (slong k = 0; k < terms; k++) nmod_poly_set_coeff_ui(s->list, s->length++, out[k]);
  return terms;
}

/* A recurrence long enough to be believed? Looks when a third has been added, and when
   there are enough terms for the largest degree that there can be. */
static bool is_settled(nmod_berlekamp_massey_t b, slong *look, size_t largest) {
  slong points = nmod_berlekamp_massey_point_count(b);
  if (points < *look) return false;
  nmod_berlekamp_massey_reduce(b);
  slong degree = nmod_poly_degree(nmod_berlekamp_massey_V_poly(b));
  *look = points + points / 3 + 4;
  slong all = 2 * (slong)largest + SLACK;
  if (points < all && *look > all) *look = all;
  if (*look < 2 * degree + SLACK) *look = 2 * degree + SLACK;
  return points >= 2 * degree + SLACK;
}

/* The polynomial part of f * sum_k terms[k] x^(-k-1): at a simple root of f it is f' there
   times the part of the sequence that belongs to the root. */
static void numerator(nmod_poly_t out, const nmod_poly_t f, const nmod_poly_t terms) {
  slong d = nmod_poly_degree(f);
  nmod_poly_t reversed;
  nmod_poly_init_mod(reversed, f->mod);
  nmod_poly_set_trunc(reversed, terms, d);
  nmod_poly_reverse(reversed, reversed, d);
  nmod_poly_mul(out, f, reversed);
  nmod_poly_shift_right(out, out, d);
  nmod_poly_clear(reversed);
}

/* ratio = (numerator of others) / (numerator of own) modulo f. */
static bool divide(nmod_poly_t ratio, const nmod_poly_t f, const nmod_poly_t own,
                   const nmod_poly_t others) {
  nmod_poly_t a, b;
  nmod_poly_init_mod(a, f->mod);
  nmod_poly_init_mod(b, f->mod);
  numerator(a, f, own);
  numerator(b, f, others);
  bool ok = nmod_poly_degree(f) > 0 && nmod_poly_invmod(ratio, a, f);
  if (ok) nmod_poly_mulmod(ratio, ratio, b, f);
  nmod_poly_clear(a);
  nmod_poly_clear(b);
  return ok;
}

/* <z, a^k y> for k < count. */
static void other_terms(nmod_poly_t out, const sequence_t *s, const mp_limb_t *y,
                        slong count) {
  const check_acting_t *a = &s->powers->a;
  check_powers_t of_y;
  check_powers_init(&of_y, a, y, false);
  for (slong k = 0; k < count; k++) {
    const mp_limb_t *now = s->twice ? check_powers_get(s->powers, (size_t)k)
                                    : check_powers_get(&of_y, (size_t)k);
    nmod_poly_set_coeff_ui(
        out, k, check_vector_dot(s->twice ? y : s->z, now, a->e->dim, a->e->p->mod));
  }
  check_powers_clear(&of_y);
}

bool check_powers_polynomial(nmod_poly_t f, nmod_poly_t ratio, check_powers_t *x,
                             const mp_limb_t *y) {
  check_prime_t *p = x->a.e->p;
  slong look = SLACK, terms;
  mp_limb_t pair[2];
  nmod_poly_t list;
  sequence_t s;
  nmod_berlekamp_massey_t b;
  nmod_poly_init_mod(list, p->mod);
  nmod_berlekamp_massey_init(b, p->mod.n);
  sequence_init(&s, x, NULL);
  do {
    terms = sequence_step(pair, &s);
    nmod_berlekamp_massey_add_points(b, pair, terms);
  } while (!is_settled(b, &look, x->a.e->dim) && p->work_left > 0);
  nmod_poly_set(f, nmod_berlekamp_massey_V_poly(b));
  nmod_poly_make_monic(f, f);
  bool ok = p->work_left > 0;
  if (ok && y) {
    other_terms(list, &s, y, nmod_poly_degree(f));
    ok = divide(ratio, f, s.list, list);
  }
  sequence_clear(&s);
  nmod_berlekamp_massey_clear(b);
  nmod_poly_clear(list);
  return ok;
}

bool check_minimal_polynomial(nmod_poly_t f, nmod_poly_t ratio, const check_acting_t *a,
                              const mp_limb_t *v, const mp_limb_t *y) {
  check_powers_t x;
  check_powers_init(&x, a, v, y != NULL);
  bool ok = check_powers_polynomial(f, ratio, &x, y);
  check_powers_clear(&x);
  return ok;
}

void check_krylov_ranks(size_t *both, size_t *single, const check_acting_t *a,
                        const mp_limb_t *v, const mp_limb_t *w, const mp_limb_t *z) {
  check_prime_t *p = a->e->p;
  bool same = a->e->symmetric;
  size_t dim = a->e->dim;
  slong look = SLACK, look_single = SLACK, terms, length = 0;
  mp_limb_t first[2], second[2], weight = check_prime_random(p);
  check_powers_t of_v, of_z;
  nmod_berlekamp_massey_t joint, alone;
  sequence_t s, t;
  nmod_berlekamp_massey_init(joint, p->mod.n);
  nmod_berlekamp_massey_init(alone, p->mod.n);
  check_powers_init(&of_v, a, v, false);
  if (!same) check_powers_init(&of_z, a, z, false);
  sequence_init(&s, &of_v, NULL);
  if (!same) sequence_init(&t, &of_z, w);
  bool done = false, done_alone = false;
  do {
    terms = sequence_step(first, &s);
    if (same) memcpy(second, first, sizeof first);
    else sequence_step(second, &t);
    if (!done_alone) {
      nmod_berlekamp_massey_add_points(alone, first, terms);
      done_alone = is_settled(alone, &look_single, dim);
    }
    for (slong k = 0; k < terms; k++, length++) {
      mp_limb_t c = nmod_mul(weight, second[k], p->mod);
      first[k] = length % 2 ? nmod_sub(first[k], c, p->mod)
                            : nmod_add(first[k], c, p->mod);
    }
    nmod_berlekamp_massey_add_points(joint, first, terms);
    done = is_settled(joint, &look, 2 * dim);
  } while (!(done && done_alone) && p->work_left > 0);
  *both = (size_t)nmod_poly_degree(nmod_berlekamp_massey_V_poly(joint));
  *single = (size_t)nmod_poly_degree(nmod_berlekamp_massey_V_poly(alone));
  if (p->work_left <= 0) *both = *single = 0;
  sequence_clear(&s);
  if (!same) sequence_clear(&t);
  check_powers_clear(&of_v);
  if (!same) check_powers_clear(&of_z);
  nmod_berlekamp_massey_clear(joint);
  nmod_berlekamp_massey_clear(alone);
}

size_t check_find_roots(mp_limb_t *roots, const nmod_poly_t f, size_t max) {
  size_t count = 0;
  nmod_poly_factor_t lines;
  if (nmod_poly_degree(f) < 1) return 0;
  nmod_poly_factor_init(lines);
  nmod_poly_roots(lines, f, 0);
  for (slong k = 0; k < lines->num && count < max; k++)
    roots[count++] = nmod_neg(nmod_poly_get_coeff_ui(lines->p + k, 0), f->mod);
  nmod_poly_factor_clear(lines);
  return count;
}
