#include "algebra/check/sums/check_module.h"

#include <string.h>

enum { MAX_DENSE = 300 };

/* --- choices and parts ------------------------------------------------------------------- */

void check_choices_init(check_choices_t *c, check_prime_t *p) {
  for (size_t k = 0; k < CHECK_ATTEMPTS; k++) {
    size_t parts = k < CHECK_PLAIN_ATTEMPTS ? 1 : CHECK_ELEMENT_PARTS;
    check_element_choose(c->x + k, parts, check_attempt_is_for_lines(k), p);
    check_element_choose(c->y + k, parts, false, p);
  }
  check_element_choose(&c->h, 1, false, p);
  for (int k = 0; k < 2; k++) c->c[k] = check_prime_random(p);
}

void check_choices_clear(check_choices_t *c) {
  for (size_t k = 0; k < CHECK_ATTEMPTS; k++) {
    check_element_forget(c->x + k);
    check_element_forget(c->y + k);
  }
  check_element_forget(&c->h);
}

void check_part_init(check_part_t *part, const check_sparse_t s,
                     check_choices_t *choices, size_t block) {
  *part = (check_part_t){.s = s, .choices = choices, .block = block,
                         .dim = s->start[block + 1] - s->start[block]};
}

void check_part_clear(check_part_t *part) {
  for (size_t k = 0; k < CHECK_ATTEMPTS; k++) {
    if (part->has_x[k]) check_element_clear(part->x + k);
    if (part->has_y[k]) check_element_clear(part->y + k);
  }
  if (part->has_h) check_element_clear(&part->h);
}

static check_acting_t acting(check_part_t *part, check_element_t *e, bool *has,
                             const check_choice_of_element_t *choice) {
  if (!*has) check_element_init(e, part->s, part->block, choice);
  *has = true;
  return (check_acting_t){.e = e};
}

check_acting_t check_part_x(check_part_t *part, size_t k) {
  return acting(part, part->x + k, part->has_x + k, part->choices->x + k);
}

static check_acting_t part_y(check_part_t *part, size_t k) {
  return acting(part, part->y + k, part->has_y + k, part->choices->y + k);
}

static check_acting_t part_h(check_part_t *part) {
  return acting(part, &part->h, &part->has_h, &part->choices->h);
}

/* --- equations ------------------------------------------------------------------------------ */

/* X, Y and H, less what they are on average, as they act on the vectors in question. */
typedef struct {
  check_part_t *part;
  check_acting_t x, y, h;
} setting_t;

static setting_t plain_setting(check_part_t *part, size_t attempt) {
  return (setting_t){part, check_part_x(part, attempt), part_y(part, attempt),
                     part_h(part)};
}

static void turn(check_acting_t *a) { a->transposed = a->negative = true; }

/* out = (Y + c) (Y + c') v */
static void generic_vector(mp_limb_t *out, const setting_t *s, const mp_limb_t *v) {
  size_t dim = s->part->dim;
  nmod_t mod = s->part->s->p->mod;
  mp_limb_t *t = check_vector(dim);
  check_act(t, &s->y, v);
  check_vector_addmul(t, v, s->part->choices->c[0], dim, mod);
  check_act(out, &s->y, t);
  check_vector_addmul(out, t, s->part->choices->c[1], dim, mod);
  flint_free(t);
}

/* out = H q(X) v, powers those of X at v */
static void left_side(mp_limb_t *out, const setting_t *s, const nmod_poly_t q,
                      check_powers_t *powers) {
  mp_limb_t *t = check_vector(s->part->dim);
  check_powers_evaluate(t, powers, q);
  check_act(out, &s->h, t);
  flint_free(t);
}

/* out = H q(X) v - r(X) v */
static void residual(mp_limb_t *out, const setting_t *s, const nmod_poly_t q,
                     const nmod_poly_t r, check_powers_t *powers) {
  size_t dim = s->part->dim;
  nmod_t mod = s->part->s->p->mod;
  mp_limb_t *t = check_vector(dim);
  left_side(out, s, q, powers);
  check_powers_evaluate(t, powers, r);
  check_vector_addmul(out, t, mod.n - 1, dim, mod);
  flint_free(t);
}

/* Is it 0? Or (x not NULL) orthogonal to x? */
static bool satisfies(const setting_t *s, const nmod_poly_t q, const nmod_poly_t r,
                      check_powers_t *powers, const mp_limb_t *x) {
  size_t dim = s->part->dim;
  mp_limb_t *t = check_vector(dim);
  residual(t, s, q, r, powers);
  bool zero = x ? check_vector_dot(t, x, dim, s->part->s->p->mod) == 0
                : check_vector_is_zero(t, dim);
  flint_free(t);
  return zero && s->part->s->p->work_left > 0;
}

/* The same at v. */
static bool satisfies_at(const setting_t *s, const nmod_poly_t q, const nmod_poly_t r,
                         const mp_limb_t *v, const mp_limb_t *x) {
  check_powers_t powers;
  check_powers_init(&powers, &s->x, v, true);
  bool zero = satisfies(s, q, r, &powers, x);
  check_powers_clear(&powers);
  return zero;
}

/* r with H q(X) v = r(X) v; false: there is none. */
static bool find_relation(nmod_poly_t r, const setting_t *s, const nmod_poly_t q,
                          const mp_limb_t *v) {
  nmod_poly_t f;
  check_powers_t powers;
  mp_limb_t *y = check_vector(s->part->dim);
  nmod_poly_init_mod(f, s->part->s->p->mod);
  check_powers_init(&powers, &s->x, v, true);
  left_side(y, s, q, &powers);
  bool ok = check_powers_polynomial(f, r, &powers, y) && satisfies(s, q, r, &powers, NULL);
  check_powers_clear(&powers);
  nmod_poly_clear(f);
  flint_free(y);
  return ok;
}

/* f / (x - root); false: it is no root, or not a simple one. */
static bool divide_root(nmod_poly_t out, const nmod_poly_t f, mp_limb_t root) {
  nmod_poly_t line, rest;
  nmod_poly_init_mod(line, f->mod);
  nmod_poly_init_mod(rest, f->mod);
  nmod_poly_set_coeff_ui(line, 1, 1);
  nmod_poly_set_coeff_ui(line, 0, nmod_neg(root, f->mod));
  nmod_poly_divrem(out, rest, f, line);
  bool ok = nmod_poly_is_zero(rest) && nmod_poly_evaluate_nmod(out, root) != 0;
  nmod_poly_clear(line);
  nmod_poly_clear(rest);
  return ok;
}

static void random_polynomial(nmod_poly_t out, size_t length, check_prime_t *p) {
  nmod_poly_zero(out);
  for (size_t k = length; k-- > 0;)
    nmod_poly_set_coeff_ui(out, (slong)k, check_prime_random(p));
}

/* --- modules -------------------------------------------------------------------------------- */

static bool set_relation(check_module_t *m, check_part_t *own) {
  setting_t s = plain_setting(own, m->attempt);
  if (m->has_relation) return true;
  m->has_relation = find_relation(m->r, &s, m->q, m->s);
  return m->has_relation;
}

bool check_module_init(check_module_t *m, check_part_t *part, size_t attempt,
                       mp_limb_t root, const mp_limb_t *v) {
  check_prime_t *p = part->s->p;
  size_t dim = part->dim;
  setting_t s = plain_setting(part, attempt);
  nmod_poly_t rest;
  *m = (check_module_t){.block = part->block, .attempt = attempt, .root = root};
  m->v = check_vector(dim);
  m->s = check_vector(dim);
  memcpy(m->v, v, dim * sizeof *v);
  nmod_poly_init_mod(m->spectrum, p->mod);
  nmod_poly_init_mod(m->q, p->mod);
  nmod_poly_init_mod(m->r, p->mod);
  nmod_poly_init_mod(rest, p->mod);
  generic_vector(m->s, &s, v);
  bool ok = check_minimal_polynomial(m->spectrum, NULL, &s.x, m->s, NULL);
  m->dimension = ok ? (size_t)nmod_poly_degree(m->spectrum) : 0;
  ok = ok && divide_root(rest, m->spectrum, root) &&
       (m->dimension == 1 || !check_attempt_is_for_lines(attempt) ||
        m->dimension == 10 || m->dimension == 21);
  random_polynomial(m->q, m->dimension, p);
  if (m->dimension < dim) ok = ok && set_relation(m, part);
  nmod_poly_clear(rest);
  if (!ok) check_module_clear(m);
  return ok;
}

void check_module_clear(check_module_t *m) {
  flint_free(m->v);
  flint_free(m->s);
  nmod_poly_clear(m->spectrum);
  nmod_poly_clear(m->q);
  nmod_poly_clear(m->r);
}

bool check_module_is_copy(mp_limb_t *out, check_module_t *m, check_part_t *own,
                          check_part_t *part, const mp_limb_t *v) {
  setting_t s = plain_setting(part, m->attempt);
  generic_vector(out, &s, v);
  return set_relation(m, own) && satisfies_at(&s, m->q, m->r, out, NULL);
}

void check_part_generic(mp_limb_t *out, check_part_t *part, size_t attempt,
                        const mp_limb_t *v, bool transposed) {
  setting_t s = plain_setting(part, attempt);
  s.y.transposed = transposed;
  generic_vector(out, &s, v);
}

bool check_module_locate(mp_limb_t *out, nmod_poly_t ratio, check_module_t *m,
                         check_part_t *own, check_part_t *part, const mp_limb_t *u) {
  nmod_poly_t rest, f;
  check_acting_t x = check_part_x(part, m->attempt);
  mp_limb_t *s = check_vector(part->dim), *v = check_vector(part->dim);
  nmod_poly_init_mod(rest, m->spectrum->mod);
  nmod_poly_init_mod(f, m->spectrum->mod);
  bool ok = divide_root(rest, m->spectrum, m->root);
  check_part_generic(s, part, m->attempt, u, false);
  if (ok) check_evaluate(v, &x, rest, s);
  ok = ok && !check_vector_is_zero(v, part->dim) &&
       check_module_is_copy(out, m, own, part, v) &&
       check_minimal_polynomial(f, ratio, &x, out, u);
  if (ok) {
    check_evaluate(s, &x, ratio, out);
    ok = _nmod_vec_equal(s, u, (slong)part->dim);
  }
  nmod_poly_clear(rest);
  nmod_poly_clear(f);
  flint_free(s);
  flint_free(v);
  return ok;
}

bool check_basis_init(check_basis_t *b, const check_module_t *m, check_part_t *own) {
  check_prime_t *p = own->s->p;
  check_acting_t x = check_part_x(own, m->attempt);
  slong d = (slong)m->dimension, dim = (slong)own->dim;
  nmod_mat_init(b->basis, d, dim, p->mod.n);
  nmod_mat_init(b->random, dim, d, p->mod.n);
  nmod_mat_init(b->inverse, d, d, p->mod.n);
  for (slong i = 0; i < d; i++) {
    mp_limb_t *row = &nmod_mat_entry(b->basis, i, 0);
    if (i == 0) memcpy(row, m->s, (size_t)dim * sizeof *row);
    else check_act(row, &x, &nmod_mat_entry(b->basis, i - 1, 0));
  }
  for (slong i = 0; i < dim; i++)
    check_vector_random(&nmod_mat_entry(b->random, i, 0), (size_t)d, p);
  nmod_mat_mul(b->inverse, b->basis, b->random);
  return nmod_mat_inv(b->inverse, b->inverse);
}

void check_basis_clear(check_basis_t *b) {
  nmod_mat_clear(b->basis);
  nmod_mat_clear(b->random);
  nmod_mat_clear(b->inverse);
}

void check_basis_matrix(nmod_mat_t out, const check_basis_t *b, const nmod_mat_t images) {
  nmod_mat_mul(out, images, b->random);
  nmod_mat_mul(out, out, b->inverse);
}

/* The characteristic polynomial of a on S by its matrix. */
static bool dense_spectrum(nmod_poly_t f, const check_module_t *m, check_part_t *own,
                           const check_acting_t *a) {
  check_prime_t *p = own->s->p;
  slong d = (slong)m->dimension, dim = (slong)own->dim;
  check_basis_t basis;
  nmod_mat_t images, matrix;
  nmod_mat_init(images, d, dim, p->mod.n);
  nmod_mat_init(matrix, d, d, p->mod.n);
  bool ok = check_basis_init(&basis, m, own);
  for (slong i = 0; i < d && ok; i++)
    check_act(&nmod_mat_entry(images, i, 0), a, &nmod_mat_entry(basis.basis, i, 0));
  if (ok) {
    check_basis_matrix(matrix, &basis, images);
    nmod_mat_charpoly(f, matrix);
  }
  p->work_left -= 2 * dim * d * d;
  check_basis_clear(&basis);
  nmod_mat_clear(images);
  nmod_mat_clear(matrix);
  return ok;
}

/* Where it has d different eigenvalues this is also the least polynomial on s. */
bool check_module_characteristic(nmod_poly_t f, const check_module_t *m, check_part_t *own,
                                 check_element_t *e) {
  check_acting_t a = {.e = e};
  if (!check_minimal_polynomial(f, NULL, &a, m->s, NULL)) return false;
  return nmod_poly_degree(f) == (slong)m->dimension ||
         (m->dimension <= MAX_DENSE && dense_spectrum(f, m, own, &a));
}

bool check_module_spectrum(nmod_poly_t f, const check_module_t *m, check_part_t *own,
                           size_t attempt) {
  if (attempt == m->attempt) {
    nmod_poly_set(f, m->spectrum);
    return true;
  }
  return check_module_characteristic(f, m, own, check_part_x(own, attempt).e);
}

/* The sum of the roots. */
static mp_limb_t sum_of_roots(const nmod_poly_t f) {
  return nmod_neg(nmod_poly_get_coeff_ui(f, nmod_poly_degree(f) - 1), f->mod);
}

static mp_limb_t mean_of_roots(const nmod_poly_t f) {
  return nmod_div(sum_of_roots(f), (mp_limb_t)nmod_poly_degree(f), f->mod);
}

bool check_module_trace(mp_limb_t *trace, const check_module_t *m, check_part_t *own,
                        check_element_t *e) {
  nmod_poly_t f;
  nmod_poly_init_mod(f, m->spectrum->mod);
  bool ok = check_module_characteristic(f, m, own, e);
  if (ok) *trace = sum_of_roots(f);
  nmod_poly_clear(f);
  return ok;
}

void check_centre_polynomial(nmod_poly_t out, const nmod_poly_t f) {
  nmod_poly_taylor_shift(out, f, mean_of_roots(f));
}

/* f(-x), monic again. */
static void reflect(nmod_poly_t out, const nmod_poly_t f) {
  slong d = nmod_poly_degree(f);
  nmod_poly_set(out, f);
  for (slong k = d - 1; k >= 0; k -= 2)
    nmod_poly_set_coeff_ui(out, k, nmod_neg(nmod_poly_get_coeff_ui(out, k), f->mod));
}

/* --- links --------------------------------------------------------------------------------- */

/* X, Y and H less their means; f: of X on the module. */
static bool centred_setting(setting_t *s, nmod_poly_t f, const check_module_t *m,
                            check_part_t *own, size_t attempt) {
  mp_limb_t trace[2];
  nmod_t mod = f->mod;
  *s = plain_setting(own, attempt);
  if (!check_module_spectrum(f, m, own, attempt) ||
      !check_module_trace(trace, m, own, s->y.e) ||
      !check_module_trace(trace + 1, m, own, s->h.e))
    return false;
  s->x.shift = mean_of_roots(f);
  s->y.shift = nmod_div(trace[0], m->dimension, mod);
  s->h.shift = nmod_div(trace[1], m->dimension, mod);
  return true;
}

/* (Y + c) (Y + c') of the eigenvector of X for mean + sign * difference in the module of
   b, or (sign -1) in its dual, as a functional that is right on the module. */
static bool partner(mp_limb_t *out, setting_t *s, const nmod_poly_t f,
                    const check_module_t *b, mp_limb_t difference, int sign) {
  check_prime_t *p = s->part->s->p;
  nmod_poly_t rest;
  mp_limb_t *v = check_vector(s->part->dim), *u = check_vector(s->part->dim);
  nmod_poly_init_mod(rest, p->mod);
  mp_limb_t root = sign > 0 ? nmod_add(s->x.shift, difference, p->mod)
                            : nmod_sub(s->x.shift, difference, p->mod);
  check_acting_t x = {.e = s->x.e, .transposed = sign < 0};
  bool ok = divide_root(rest, f, root);
  if (sign > 0) memcpy(u, b->s, s->part->dim * sizeof *u);
  else check_vector_random(u, s->part->dim, p);
  if (ok) check_evaluate(v, &x, rest, u);
  if (sign < 0) {
    turn(&s->x);
    turn(&s->y);
    turn(&s->h);
  }
  if (ok) generic_vector(out, s, v);
  nmod_poly_clear(rest);
  flint_free(u);
  flint_free(v);
  return ok;
}

/* Is the equation H q(X) s = r(X) s satisfied; on the dual, on a random vector of the
   module (that of `of` with the numbers c, once more)? */
static bool partner_fits(const setting_t *s, const nmod_poly_t q, const nmod_poly_t r,
                         const mp_limb_t *v, const check_module_t *b, int sign) {
  if (sign > 0) return satisfies_at(s, q, r, v, NULL);
  mp_limb_t *x = check_vector(s->part->dim);
  setting_t plain = plain_setting(s->part, 0);
  generic_vector(x, &plain, b->s);
  bool zero = satisfies_at(s, q, r, v, x);
  flint_free(x);
  return zero;
}

bool check_spectra_agree(const nmod_poly_t f, const nmod_poly_t g, int sign) {
  nmod_poly_t a, b;
  nmod_poly_init_mod(a, f->mod);
  nmod_poly_init_mod(b, f->mod);
  check_centre_polynomial(a, f);
  check_centre_polynomial(b, g);
  if (sign < 0) reflect(b, b);
  bool same = nmod_poly_equal(a, b);
  nmod_poly_clear(a);
  nmod_poly_clear(b);
  return same;
}

/* s of a, on the centred setting, and its relation. */
static bool centred_relation(mp_limb_t *s, nmod_poly_t r, const setting_t *set,
                             const check_module_t *a) {
  generic_vector(s, set, a->v);
  return find_relation(r, set, a->q, s);
}

answer_t check_module_is_linked(check_module_t *a, check_part_t *of_a,
                                const check_module_t *b, check_part_t *of_b, int sign) {
  answer_t answer = ANSWER_UNDECIDED;
  setting_t here, there;
  nmod_poly_t f, g, r;
  nmod_poly_init_mod(f, a->spectrum->mod);
  nmod_poly_init_mod(g, a->spectrum->mod);
  nmod_poly_init_mod(r, a->spectrum->mod);
  mp_limb_t *s = check_vector(of_a->dim), *t = check_vector(of_b->dim);
  if (check_module_spectrum(f, a, of_a, a->attempt) &&
      check_module_spectrum(g, b, of_b, a->attempt)) {
    if (!check_spectra_agree(f, g, sign)) {
      answer = ANSWER_NO;
    } else if (centred_setting(&here, f, a, of_a, a->attempt) &&
               centred_setting(&there, g, b, of_b, a->attempt) &&
               centred_relation(s, r, &here, a) &&
               partner(t, &there, g, b,
                       nmod_sub(a->root, here.x.shift, f->mod), sign)) {
      answer = partner_fits(&there, a->q, r, t, b, sign) ? ANSWER_YES : ANSWER_NO;
    }
  }
  if (of_a->s->p->work_left <= 0) answer = ANSWER_UNDECIDED;
  nmod_poly_clear(f);
  nmod_poly_clear(g);
  nmod_poly_clear(r);
  flint_free(s);
  flint_free(t);
  return answer;
}

/* --- what acts -------------------------------------------------------------------------------- */

/* Of a self-dual module: the map T to the dual takes s to its partner, and
   B(x, y) = <T x, y>; is B(x, x) not 0 for a random x? */
static bool form_is_symmetric(const check_module_t *m, check_part_t *own) {
  check_prime_t *p = own->s->p;
  size_t dim = own->dim;
  setting_t here, there;
  nmod_poly_t f, g;
  mp_limb_t *s[2] = {check_vector(dim), check_vector(dim)};
  mp_limb_t *x[2] = {check_vector(dim), check_vector(dim)};
  nmod_poly_init_mod(f, p->mod);
  nmod_poly_init_mod(g, p->mod);
  bool ok = centred_setting(&here, f, m, own, m->attempt);
  if (ok) {
    there = here;
    generic_vector(s[0], &here, m->v);
    ok = partner(s[1], &there, f, m, nmod_sub(m->root, here.x.shift, p->mod), -1);
  }
  if (ok) {
    random_polynomial(g, m->dimension, p);
    check_evaluate(x[0], &here.x, g, s[0]);
    check_evaluate(x[1], &there.x, g, s[1]);
    ok = check_vector_dot(x[0], x[1], dim, p->mod) != 0;
  }
  for (int k = 0; k < 2; k++) {
    flint_free(s[k]);
    flint_free(x[k]);
  }
  nmod_poly_clear(f);
  nmod_poly_clear(g);
  return ok;
}

/* The ranks of check_module.h for this X and Y. */
static bool find_ranks(size_t *both, size_t *single, const check_module_t *m,
                       check_part_t *own) {
  check_prime_t *p = own->s->p;
  size_t dim = own->dim;
  setting_t s = plain_setting(own, m->attempt);
  nmod_poly_t rest;
  mp_limb_t *yv = check_vector(dim), *yf = check_vector(dim), *t = check_vector(dim);
  mp_limb_t *f = check_vector(dim);
  nmod_poly_init_mod(rest, p->mod);
  bool ok = divide_root(rest, m->spectrum, m->root);
  check_act(yv, &s.y, m->v);
  if (ok && !own->s->symmetric) {
    check_acting_t xt = s.x, yt = s.y;
    xt.transposed = yt.transposed = true;
    check_vector_random(t, dim, p);
    check_evaluate(f, &xt, rest, t);
    check_act(yf, &yt, f);
  }
  s.x.shift = m->root;
  if (ok) check_krylov_ranks(both, single, &s.x, yv, yf, m->s);
  nmod_poly_clear(rest);
  flint_free(yv);
  flint_free(yf);
  flint_free(t);
  flint_free(f);
  return ok && p->work_left > 0;
}

static void recognise_with(check_module_t *m, check_part_t *own, answer_t dual) {
  size_t d = m->dimension, both = 0, single = 0;
  if (!find_ranks(&both, &single, m, own)) return;
  if (both + 1 == 2 * d && (d <= 2 || dual == ANSWER_NO)) m->acts = CHECK_ACTS_LINEAR;
  else if (both + 1 == 2 * d && dual == ANSWER_YES) m->acts = CHECK_ACTS_SYMPLECTIC;
  else if (dual == ANSWER_YES && single + 1 == d && d != 7 && d != 8 &&
           nmod_sub(m->root, mean_of_roots(m->spectrum), m->spectrum->mod) &&
           form_is_symmetric(m, own))
    m->acts = CHECK_ACTS_ORTHOGONAL;
}

/* A root in the prime field that is not the mean of them all. */
static bool find_root(mp_limb_t *out, const nmod_poly_t f) {
  mp_limb_t roots[3], mean = mean_of_roots(f);
  size_t count = check_find_roots(roots, f, 3), k = 0;
  while (k < count && roots[k] == mean) k++;
  if (k < count) *out = roots[k];
  return k < count;
}

/* The same module by another eigenvector. */
static bool look_again(check_module_t *out, const check_module_t *m, check_part_t *own,
                       size_t attempt) {
  nmod_poly_t f, g;
  bool found = false;
  mp_limb_t *v = check_vector(own->dim);
  check_acting_t x = check_part_x(own, attempt);
  nmod_poly_init_mod(f, m->spectrum->mod);
  nmod_poly_init_mod(g, m->spectrum->mod);
  mp_limb_t root = 0;
  if (check_module_spectrum(f, m, own, attempt) && find_root(&root, f) &&
      divide_root(g, f, root)) {
    check_evaluate(v, &x, g, m->s);
    found = check_module_init(out, own, attempt, root, v);
  }
  nmod_poly_clear(f);
  nmod_poly_clear(g);
  flint_free(v);
  return found;
}

void check_module_recognise(check_module_t *m, check_part_t *own) {
  if (m->dimension == 1) {
    m->acts = CHECK_ACTS_LINEAR; /* by phases */
    return;
  }
  answer_t dual = m->dimension == 2
                      ? ANSWER_YES
                      : check_module_is_linked(m, own, m, own, -1);
  recognise_with(m, own, dual);
  for (size_t k = 0; k < CHECK_ATTEMPTS && !m->acts; k++) {
    check_module_t other;
    if (check_attempt_is_for_lines(k) || own->s->p->work_left <= 0) continue;
    if (!look_again(&other, m, own, k)) continue;
    if (other.dimension == m->dimension) recognise_with(&other, own, dual);
    m->acts = other.acts;
    check_module_clear(&other);
  }
}
