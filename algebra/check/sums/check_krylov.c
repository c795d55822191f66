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
  if (e->associative || !e->symmetric) { /* M N + N M, or [M, N] and its transpose */
    mp_limb_t minus = p->mod.n - 1;
    check_vector_addmul(out, s, e->associative || turned ? 1 : minus, e->dim, p->mod);
    check_vector_addmul(out, t, e->associative || !turned ? 1 : minus, e->dim, p->mod);
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

/* --- recurrences ------------------------------------------------------------------------- */

enum { SLACK = 20 };

/* Terms <z, a^k v> and, with y, <z, a^k y>. A symmetric a has z = v and gives two of the
   former for one application, and <a^k v, y>. */
typedef struct {
  const check_acting_t *a;
  bool twice;
  mp_limb_t *z, *now, *next;
  nmod_poly_t list; /* of the former */
  slong length;
} sequence_t;

/* z: NULL for a random one. */
static void sequence_init(sequence_t *s, const check_acting_t *a, const mp_limb_t *v,
                          const mp_limb_t *z) {
  size_t dim = a->e->dim;
  *s = (sequence_t){.a = a, .twice = a->e->symmetric};
  s->now = check_vector(dim);
  s->next = check_vector(dim);
  memcpy(s->now, v, dim * sizeof *v);
  if (!s->twice) {
    s->z = check_vector(dim);
    if (z) memcpy(s->z, z, dim * sizeof *z);
    else check_vector_random(s->z, dim, a->e->p);
  }
  nmod_poly_init_mod(s->list, a->e->p->mod);
}

static void sequence_clear(sequence_t *s) {
  nmod_poly_clear(s->list);
  flint_free(s->now);
  flint_free(s->next);
  flint_free(s->z);
}

/* One or two terms more: how many. */
static slong sequence_step(mp_limb_t out[2], sequence_t *s) {
  size_t dim = s->a->e->dim;
  nmod_t mod = s->a->e->p->mod;
  slong terms = s->twice ? 2 : 1;
  check_act(s->next, s->a, s->now);
  out[0] = check_vector_dot(s->twice ? s->now : s->z, s->now, dim, mod);
  if (s->twice) out[1] = check_vector_dot(s->now, s->next, dim, mod);
  for (slong k = 0; k < terms; k++) nmod_poly_set_coeff_ui(s->list, s->length++, out[k]);
  mp_limb_t *t = s->now;
  s->now = s->next;
  s->next = t;
  return terms;
}

/* A recurrence long enough to be believed? Looks when a third has been added. */
static bool is_settled(nmod_berlekamp_massey_t b, slong *look) {
  slong points = nmod_berlekamp_massey_point_count(b);
  if (points < *look) return false;
  nmod_berlekamp_massey_reduce(b);
  slong degree = nmod_poly_degree(nmod_berlekamp_massey_V_poly(b));
  *look = points + points / 3 + 4;
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
  size_t dim = s->a->e->dim;
  mp_limb_t *now = check_vector(dim), *next = check_vector(dim), *t;
  memcpy(now, y, dim * sizeof *y);
  for (slong k = 0; k < count; k++) {
    nmod_poly_set_coeff_ui(out, k, check_vector_dot(s->z, now, dim, s->a->e->p->mod));
    check_act(next, s->a, now);
    t = now;
    now = next;
    next = t;
  }
  flint_free(now);
  flint_free(next);
}

bool check_minimal_polynomial(nmod_poly_t f, nmod_poly_t ratio,
                              const check_acting_t *a, const mp_limb_t *v,
                              const mp_limb_t *y) {
  check_prime_t *p = a->e->p;
  slong look = SLACK, terms, others = 0;
  mp_limb_t pair[2];
  nmod_poly_t list;
  sequence_t s;
  nmod_berlekamp_massey_t b;
  nmod_poly_init_mod(list, p->mod);
  nmod_berlekamp_massey_init(b, p->mod.n);
  sequence_init(&s, a, v, NULL);
  do {
    if (y && s.twice)
      nmod_poly_set_coeff_ui(list, others++,
                             check_vector_dot(s.now, y, a->e->dim, p->mod));
    terms = sequence_step(pair, &s);
    nmod_berlekamp_massey_add_points(b, pair, terms);
  } while (!is_settled(b, &look) && p->work_left > 0);
  nmod_poly_set(f, nmod_berlekamp_massey_V_poly(b));
  nmod_poly_make_monic(f, f);
  bool ok = p->work_left > 0;
  if (ok && y) {
    if (!s.twice) other_terms(list, &s, y, nmod_poly_degree(f));
    ok = divide(ratio, f, s.list, list);
  }
  sequence_clear(&s);
  nmod_berlekamp_massey_clear(b);
  nmod_poly_clear(list);
  return ok;
}

void check_krylov_ranks(size_t *both, size_t *single, const check_acting_t *a,
                        const mp_limb_t *v, const mp_limb_t *w, const mp_limb_t *z) {
  check_prime_t *p = a->e->p;
  bool same = a->e->symmetric;
  slong look = SLACK, look_single = SLACK, terms, length = 0;
  mp_limb_t first[2], second[2], weight = check_prime_random(p);
  nmod_berlekamp_massey_t joint, alone;
  sequence_t s, t;
  nmod_berlekamp_massey_init(joint, p->mod.n);
  nmod_berlekamp_massey_init(alone, p->mod.n);
  sequence_init(&s, a, v, NULL);
  if (!same) sequence_init(&t, a, z, w);
  bool done = false, done_alone = false;
  do {
    terms = sequence_step(first, &s);
    if (same) memcpy(second, first, sizeof first);
    else sequence_step(second, &t);
    if (!done_alone) {
      nmod_berlekamp_massey_add_points(alone, first, terms);
      done_alone = is_settled(alone, &look_single);
    }
    for (slong k = 0; k < terms; k++, length++) {
      mp_limb_t c = nmod_mul(weight, second[k], p->mod);
      first[k] = length % 2 ? nmod_sub(first[k], c, p->mod)
                            : nmod_add(first[k], c, p->mod);
    }
    nmod_berlekamp_massey_add_points(joint, first, terms);
    done = is_settled(joint, &look);
  } while (!(done && done_alone) && p->work_left > 0);
  *both = (size_t)nmod_poly_degree(nmod_berlekamp_massey_V_poly(joint));
  *single = (size_t)nmod_poly_degree(nmod_berlekamp_massey_V_poly(alone));
  if (p->work_left <= 0) *both = *single = 0;
  sequence_clear(&s);
  if (!same) sequence_clear(&t);
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
