#include "algebra/check/sums/check_twirl.h"

#include <string.h>

/* dim W; of one sector. */
enum { MAX_DIMENSION = 80, MAX_SECTOR = 32, MAX_PAIRINGS = 3, MAX_ORBIT = 24 };

/* --- generators on the sectors ------------------------------------------------------------ */

static size_t dimension(const check_twirl_struct *t, size_t k) {
  return t->pure->list[k].dimension;
}

/* out[k]: the sum on V_k. False: a denominator is a multiple of the prime. */
static bool on_sectors(nmod_mat_struct *out, const check_twirl_struct *t,
                       const pauli_sum_struct *h) {
  check_rows_t rows;
  check_pure_struct *pure = t->pure;
  if (!check_rows_of_sum(&rows, pure->d->space, h, pure->states, pure->size, pure->place))
    return false;
  for (size_t k = 0; k < t->length; k++) {
    slong d = (slong)dimension(t, k);
    nmod_mat_init(out + k, d, d, t->mod.n);
    check_pure_between(out + k, &rows, pure->list + k, pure->list + k, pure->d->p);
  }
  check_rows_clear(&rows);
  return true;
}

static void clear_all(nmod_mat_struct *list, size_t length) {
  for (size_t k = 0; k < length; k++) nmod_mat_clear(list + k);
  flint_free(list);
}

/* --- maps that [g, g] fixes ------------------------------------------------------------------- */

/* Rows of the system a c - c b = 0 in the entries of c. */
static void add_equations(nmod_mat_t system, size_t at, const nmod_mat_struct *a,
                          const nmod_mat_struct *b) {
  slong d = nmod_mat_nrows(a);
  nmod_t mod = a->mod;
  for (slong i = 0; i < d; i++)
    for (slong j = 0; j < d; j++) {
      slong row = (slong)at * d * d + i * d + j;
      for (slong k = 0; k < d; k++) {
        mp_limb_t *x = &nmod_mat_entry(system, row, k * d + j);
        *x = nmod_add(*x, nmod_mat_entry(a, i, k), mod);
        x = &nmod_mat_entry(system, row, i * d + k);
        *x = nmod_sub(*x, nmod_mat_entry(b, k, j), mod);
      }
    }
}

typedef enum { TO_SPACE, TO_PAIR } sort_t;

/* Of the traceless generators on V_a and V_b: J Ha = Hb J; Ha c + c Hb^T = 0. */
static void set_sides(nmod_mat_t left, nmod_mat_t right, const nmod_mat_struct *ha,
                      const nmod_mat_struct *hb, sort_t sort) {
  if (sort == TO_SPACE) {
    nmod_mat_set(left, hb);
    nmod_mat_set(right, ha);
  } else {
    nmod_mat_set(left, ha);
    nmod_mat_transpose(right, hb);
    nmod_mat_neg(right, right);
  }
}

static void set_map(nmod_mat_struct *out, const check_twirl_struct *t,
                    nmod_mat_struct *const *h, size_t a, size_t b, sort_t sort) {
  size_t sums = t->pure->d->p->num_sums;
  const check_found_t *list = t->pure->d->list;
  slong d = (slong)dimension(t, a), rank = 0;
  if (a == b && sort == TO_SPACE) { /* V_a is irreducible */
    nmod_mat_init(out, d, d, t->mod.n);
    nmod_mat_one(out);
    return;
  }
  bool may = d == 1 || list[t->pure->list[a].found].link == list[t->pure->list[b].found].link;
  if (d == (slong)dimension(t, b) && may) {
    nmod_mat_t system, kernel, left, right;
    nmod_mat_init(system, (slong)sums * d * d, d * d, t->mod.n);
    nmod_mat_init(kernel, d * d, d * d, t->mod.n);
    nmod_mat_init(left, d, d, t->mod.n);
    nmod_mat_init(right, d, d, t->mod.n);
    for (size_t j = 0; j < sums; j++) {
      set_sides(left, right, h[j] + a, h[j] + b, sort);
      add_equations(system, j, left, right);
    }
    rank = nmod_mat_nullspace(kernel, system);
    if (rank == 1) {
      nmod_mat_init(out, d, d, t->mod.n);
      for (slong i = 0; i < d * d; i++)
        nmod_mat_entry(out, i / d, i % d) = nmod_mat_entry(kernel, i, 0);
    }
    nmod_mat_clear(system);
    nmod_mat_clear(kernel);
    nmod_mat_clear(left);
    nmod_mat_clear(right);
  }
  if (rank != 1) nmod_mat_init(out, 0, 0, t->mod.n);
}

static bool exists(const nmod_mat_struct *map) { return nmod_mat_nrows(map) > 0; }

/* Ha^T c* + c* Hb = 0, from Ha c + c Hb^T = 0: c* is the inverse of c, transposed. c is
   invertible where V_a and V_b are irreducible. */
static void set_dual(nmod_mat_struct *out, const nmod_mat_struct *pair) {
  slong d = nmod_mat_nrows(pair);
  nmod_mat_t inverse;
  nmod_mat_init(inverse, d, d, pair->mod.n);
  bool ok = d && nmod_mat_inv(inverse, pair);
  nmod_mat_init(out, ok ? d : 0, ok ? d : 0, pair->mod.n);
  if (ok) nmod_mat_transpose(out, inverse);
  nmod_mat_clear(inverse);
}

/* Ha less their means; the means. */
static void take_means(check_twirl_struct *t, nmod_mat_struct *h, size_t j) {
  for (size_t k = 0; k < t->length; k++) {
    size_t d = dimension(t, k);
    mp_limb_t mean = nmod_div(nmod_mat_trace(h + k), d, t->mod);
    t->character[k * t->pure->d->p->num_sums + j] = mean;
    for (slong i = 0; i < (slong)d; i++)
      nmod_mat_entry(h + k, i, i) = nmod_sub(nmod_mat_entry(h + k, i, i), mean, t->mod);
  }
}

static bool set_maps(check_twirl_struct *t) {
  check_prime_t *p = t->pure->d->p;
  size_t n = t->length, made = 0;
  nmod_mat_struct **h = flint_malloc((p->num_sums + 1) * sizeof *h);
  bool ok = true;
  for (; made < p->num_sums && ok; made++) {
    h[made] = flint_malloc((n + 1) * sizeof **h);
    ok = on_sectors(h[made], t, p->sums[made]);
    if (!ok) flint_free(h[made]);
    if (!ok) break;
    take_means(t, h[made], made);
  }
  for (size_t a = 0; a < n && ok; a++)
    for (size_t b = 0; b < n; b++) {
      set_map(t->map + a * n + b, t, h, a, b, TO_SPACE);
      set_map(t->pair + a * n + b, t, h, a, b, TO_PAIR);
      set_dual(t->dual + a * n + b, t->pair + a * n + b);
    }
  for (size_t j = 0; j < made; j++) clear_all(h[j], n);
  flint_free(h);
  return ok;
}

/* May d legs of one ideal be among four? */
static bool has_determinants(const check_twirl_struct *t) {
  bool line = false, some = false;
  for (size_t k = 0; k < t->length; k++) line = line || dimension(t, k) == 1;
  for (size_t a = 0; a < t->length; a++) {
    const check_found_t *f = t->pure->d->list + t->pure->list[a].found;
    bool orthogonal = f->module.acts == CHECK_ACTS_ORTHOGONAL, dual = false;
    for (size_t b = 0; b < t->length; b++)
      dual = dual || exists(t->pair + a * t->length + b);
    if (f->module.acts == CHECK_ACTS_SYMPLECTIC) continue;
    if (dimension(t, a) == 3) some = some || (line && (orthogonal || dual));
    if (dimension(t, a) == 4) some = some || orthogonal || dual;
  }
  return some;
}

static void set_states(check_twirl_struct *t, mp_limb_t norm) {
  check_pure_struct *pure = t->pure;
  for (size_t k = 0; k < t->length; k++) {
    const check_populated_t *one = pure->list + k;
    t->state[k] = check_vector(one->dimension);
    t->costate[k] = check_vector(one->dimension);
    for (size_t i = 0; i < pure->size; i++)
      for (size_t j = 0; j < one->dimension; j++) {
        mp_limb_t *x = t->state[k] + j, *y = t->costate[k] + j;
        *x = nmod_addmul(*x, nmod_mat_entry(one->left, (slong)i, (slong)j),
                         pure->phi[0][pure->states[i]], t->mod);
        *y = nmod_addmul(*y, nmod_mat_entry(one->right, (slong)i, (slong)j),
                         pure->phi[1][pure->states[i]], t->mod);
      }
    for (size_t j = 0; j < one->dimension; j++)
      t->state[k][j] = nmod_div(t->state[k][j], norm, t->mod);
  }
}

bool check_twirl_init(check_twirl_t t, check_pure_t pure) {
  check_decomposition_struct *d = pure->d;
  size_t n = pure->length, w = 0;
  for (size_t k = 0; k < n; k++) {
    w += pure->list[k].dimension;
    if (!pure->list[k].has_matrices || pure->list[k].dimension > MAX_SECTOR) return false;
  }
  mp_limb_t norm = check_vector_dot(pure->phi[0], pure->phi[1], d->space->size, d->p->mod);
  if (w > MAX_DIMENSION || !norm) return false;
  *t = (check_twirl_struct){.pure = pure, .mod = d->p->mod, .length = n};
  t->map = flint_calloc(n * n + 1, sizeof *t->map);
  t->pair = flint_calloc(n * n + 1, sizeof *t->pair);
  t->dual = flint_calloc(n * n + 1, sizeof *t->dual);
  t->character = flint_calloc(n * d->p->num_sums + 1, sizeof *t->character);
  t->state = flint_calloc(n + 1, sizeof *t->state);
  t->costate = flint_calloc(n + 1, sizeof *t->costate);
  bool ok = set_maps(t);
  if (ok) set_states(t, norm);
  ok = ok && !has_determinants(t);
  if (!ok) check_twirl_clear(t);
  return ok;
}

void check_twirl_clear(check_twirl_t t) {
  clear_all(t->map, t->length * t->length);
  clear_all(t->pair, t->length * t->length);
  clear_all(t->dual, t->length * t->length);
  for (size_t k = 0; k < t->length; k++) {
    flint_free(t->state[k]);
    flint_free(t->costate[k]);
  }
  flint_free(t->state);
  flint_free(t->costate);
  flint_free(t->character);
}

/* --- pairings of four legs ---------------------------------------------------------------------- */

/* Operators V_m (x) V_n -> V_k (x) V_l, entry ((a d_l + b) d_m + c) d_n + e. */
typedef struct {
  size_t leg[4], d[4]; /* k, l, m, n */
  size_t size;
  size_t length;
  mp_limb_t *tensor[MAX_PAIRINGS];
} pairings_t;

static mp_limb_t entry(const nmod_mat_struct *m, size_t i, size_t j) {
  return nmod_mat_entry(m, (slong)i, (slong)j);
}

/* Number `which` of the three, NULL when there is none. */
static mp_limb_t *pairing(const check_twirl_struct *t, const pairings_t *q, int which) {
  size_t n = t->length;
  const size_t *v = q->leg, *d = q->d;
  const nmod_mat_struct *x = which == 0   ? t->map + v[2] * n + v[0]
                             : which == 1 ? t->map + v[3] * n + v[0]
                                          : t->pair + v[0] * n + v[1];
  const nmod_mat_struct *y = which == 0   ? t->map + v[3] * n + v[1]
                             : which == 1 ? t->map + v[2] * n + v[1]
                                          : t->dual + v[2] * n + v[3];
  if (!exists(x) || !exists(y)) return NULL;
  mp_limb_t *out = check_vector(q->size);
  for (size_t at = 0; at < q->size; at++) {
    size_t e = at % d[3], c = at / d[3] % d[2], b = at / d[3] / d[2] % d[1];
    size_t a = at / d[3] / d[2] / d[1];
    out[at] = which == 0   ? nmod_mul(entry(x, a, c), entry(y, b, e), t->mod)
              : which == 1 ? nmod_mul(entry(x, a, e), entry(y, b, c), t->mod)
                           : nmod_mul(entry(x, a, b), entry(y, c, e), t->mod);
  }
  return out;
}

static void pairings_init(pairings_t *q, const check_twirl_struct *t, size_t k, size_t l,
                          size_t m, size_t n) {
  *q = (pairings_t){.leg = {k, l, m, n}, .size = 1};
  for (int i = 0; i < 4; i++) {
    q->d[i] = dimension(t, q->leg[i]);
    q->size *= q->d[i];
  }
}

static void pairings_clear(pairings_t *q) {
  for (size_t i = 0; i < q->length; i++) flint_free(q->tensor[i]);
}

/* Tr(y x), x one way and y the other. */
static mp_limb_t trace(const pairings_t *q, const mp_limb_t *y, const mp_limb_t *x,
                       nmod_t mod) {
  size_t in = q->d[2] * q->d[3], out = q->d[0] * q->d[1];
  mp_limb_t sum = 0;
  for (size_t i = 0; i < out; i++)
    for (size_t j = 0; j < in; j++)
      sum = nmod_addmul(sum, x[i * in + j], y[j * out + i], mod);
  return sum;
}

/* As many of them as are independent, one way and back; gram inverted. */
static void set_pairings(pairings_t *q, pairings_t *back, nmod_mat_t gram,
                         const check_twirl_struct *t) {
  nmod_mat_init(gram, 0, 0, t->mod.n);
  for (int which = 0; which < MAX_PAIRINGS; which++) {
    size_t r = q->length;
    mp_limb_t *x = pairing(t, q, which), *y = pairing(t, back, which);
    nmod_mat_t more;
    nmod_mat_init(more, (slong)r + 1, (slong)r + 1, t->mod.n);
    q->tensor[r] = x;
    back->tensor[r] = y;
    for (size_t i = 0; i <= r && x && y; i++)
      for (size_t j = 0; j <= r; j++)
        nmod_mat_entry(more, (slong)i, (slong)j) =
            trace(q, back->tensor[i], q->tensor[j], t->mod);
    if (x && y && nmod_mat_rank(more) == (slong)r + 1) {
      q->length = back->length = r + 1;
      nmod_mat_swap(gram, more);
    } else {
      flint_free(x);
      flint_free(y);
    }
    nmod_mat_clear(more);
  }
  if (q->length) nmod_mat_inv(gram, gram);
}

/* --- moments --------------------------------------------------------------------------------------- */

/* out = x (x) y as such an operator. */
static mp_limb_t *product(const pairings_t *q, const nmod_mat_struct *x,
                          const nmod_mat_struct *y, nmod_t mod) {
  mp_limb_t *out = check_vector(q->size);
  const size_t *d = q->d;
  for (size_t at = 0; at < q->size; at++)
    out[at] = nmod_mul(entry(x, at / d[3] / d[2] / d[1], at / d[3] % d[2]),
                       entry(y, at / d[3] / d[2] % d[1], at % d[3]), mod);
  return out;
}

/* rho (x) rho: V_k (x) V_l -> V_m (x) V_n. */
static mp_limb_t *states(const pairings_t *q, const check_twirl_struct *t) {
  mp_limb_t *out = check_vector(q->size);
  const size_t *d = q->d, *v = q->leg;
  for (size_t at = 0; at < q->size; at++) {
    size_t b = at % d[1], a = at / d[1] % d[0], e = at / d[1] / d[0] % d[3];
    size_t c = at / d[1] / d[0] / d[3];
    mp_limb_t x = nmod_mul(t->state[v[2]][c], t->costate[v[0]][a], t->mod);
    mp_limb_t y = nmod_mul(t->state[v[3]][e], t->costate[v[1]][b], t->mod);
    out[at] = nmod_mul(x, y, t->mod);
  }
  return out;
}

/* out += sign * h on leg i: from the left (i < 2), or from the right. */
static void act_on_leg(mp_limb_t *out, const pairings_t *q, const mp_limb_t *x, int i,
                       const nmod_mat_struct *h, bool minus, nmod_t mod) {
  size_t below = 1, d = q->d[i];
  for (int j = i + 1; j < 4; j++) below *= q->d[j];
  for (size_t at = 0; at < q->size; at++) {
    size_t mine = at / below % d, base = at - mine * below;
    mp_limb_t sum = 0;
    for (size_t a = 0; a < d; a++)
      sum = nmod_addmul(sum, i < 2 ? entry(h, mine, a) : entry(h, a, mine),
                        x[base + a * below], mod);
    out[at] = minus ? nmod_sub(out[at], sum, mod) : nmod_add(out[at], sum, mod);
  }
}

/* (ad H (x) ad H) x */
static mp_limb_t *commute(const pairings_t *q, const mp_limb_t *x,
                          const nmod_mat_struct *h, nmod_t mod) {
  mp_limb_t *y = check_vector(q->size), *z = check_vector(q->size);
  act_on_leg(y, q, x, 0, h + q->leg[0], false, mod);
  act_on_leg(y, q, x, 2, h + q->leg[2], true, mod);
  act_on_leg(z, q, y, 1, h + q->leg[1], false, mod);
  act_on_leg(z, q, y, 3, h + q->leg[3], true, mod);
  flint_free(y);
  return z;
}

/* v := gram v */
static void multiply(mp_limb_t *v, const nmod_mat_t gram, nmod_t mod) {
  mp_limb_t out[MAX_PAIRINGS] = {0};
  for (slong i = 0; i < nmod_mat_nrows(gram); i++)
    for (slong j = 0; j < nmod_mat_ncols(gram); j++)
      out[i] = nmod_addmul(out[i], nmod_mat_entry(gram, i, j), v[j], mod);
  memcpy(v, out, sizeof out);
}

/* v := N v, N_ij = -Tr(t_i (ad H (x) ad H) s_j). */
static void move(mp_limb_t *v, const pairings_t *q, const pairings_t *back,
                 const nmod_mat_struct *h, nmod_t mod) {
  mp_limb_t out[MAX_PAIRINGS] = {0};
  for (size_t j = 0; j < q->length; j++) {
    mp_limb_t *x = commute(q, q->tensor[j], h, mod);
    for (size_t i = 0; i < q->length; i++)
      out[i] = nmod_sub(out[i], nmod_mul(trace(q, back->tensor[i], x, mod), v[j], mod),
                        mod);
    flint_free(x);
  }
  memcpy(v, out, sizeof out);
}

/* Same characters of the centre on both sides? */
static bool is_balanced(const check_twirl_struct *t, const size_t *v) {
  size_t sums = t->pure->d->p->num_sums;
  const mp_limb_t *c = t->character;
  for (size_t j = 0; j < sums; j++)
    if (nmod_add(c[v[0] * sums + j], c[v[1] * sums + j], t->mod) !=
        nmod_add(c[v[2] * sums + j], c[v[3] * sums + j], t->mod))
      return false;
  return true;
}

/* The part of O_km (x) O_ln. */
static mp_limb_t one_part(const check_twirl_struct *t, const nmod_mat_struct *part,
                          const nmod_mat_struct *h, size_t k, size_t l, size_t m, size_t n) {
  pairings_t q, back;
  nmod_mat_t gram;
  mp_limb_t sum = 0, v[MAX_PAIRINGS] = {0};
  pairings_init(&q, t, k, l, m, n);
  pairings_init(&back, t, m, n, k, l);
  if (!is_balanced(t, q.leg)) return 0;
  set_pairings(&q, &back, gram, t);
  mp_limb_t *o = product(&q, part + k * t->length + m, part + l * t->length + n, t->mod);
  mp_limb_t *rho = states(&q, t);
  for (size_t i = 0; i < q.length; i++) v[i] = trace(&q, back.tensor[i], o, t->mod);
  multiply(v, gram, t->mod);
  if (h) {
    move(v, &q, &back, h, t->mod);
    multiply(v, gram, t->mod);
  }
  for (size_t i = 0; i < q.length; i++)
    sum = nmod_addmul(sum, v[i], trace(&q, rho, q.tensor[i], t->mod), t->mod);
  flint_free(o);
  flint_free(rho);
  pairings_clear(&q);
  pairings_clear(&back);
  nmod_mat_clear(gram);
  return sum;
}

bool check_twirl_second(mp_limb_t *out, const check_twirl_t t, const nmod_mat_struct *part,
                        const pauli_sum_struct *h) {
  size_t n = t->length;
  nmod_mat_struct *on = NULL;
  if (h) {
    on = flint_malloc((n + 1) * sizeof *on);
    if (!on_sectors(on, t, h)) {
      flint_free(on);
      return false;
    }
  }
  *out = 0;
  for (size_t km = 0; km < n * n; km++)
    for (size_t ln = 0; ln < n * n; ln++)
      if (!nmod_mat_is_zero(part + km) && !nmod_mat_is_zero(part + ln))
        *out = nmod_add(*out, one_part(t, part, on, km / n, ln / n, km % n, ln % n), t->mod);
  if (h) clear_all(on, n);
  return true;
}

/* --- the orbit ----------------------------------------------------------------------------------- */

/* Operators on W as vectors, blocks of sectors one after the other; what depends on others is
   not taken. */
typedef struct {
  size_t width, length, *lead;
  mp_limb_t **rows;
} span_t;

static bool span_add(span_t *s, const mp_limb_t *v, nmod_t mod) {
  mp_limb_t *x = check_vector(s->width);
  size_t lead = 0;
  memcpy(x, v, s->width * sizeof *x);
  for (size_t k = 0; k < s->length; k++)
    check_vector_addmul(x, s->rows[k], nmod_neg(x[s->lead[k]], mod), s->width, mod);
  while (lead < s->width && !x[lead]) lead++;
  if (lead == s->width) {
    flint_free(x);
    return false;
  }
  _nmod_vec_scalar_mul_nmod(x, x, (slong)s->width, nmod_inv(x[lead], mod), mod);
  s->lead[s->length] = lead;
  s->rows[s->length++] = x;
  return true;
}

static void span_init(span_t *s, size_t width) {
  *s = (span_t){.width = width};
  s->lead = flint_malloc((width + 1) * sizeof *s->lead);
  s->rows = flint_malloc((width + 1) * sizeof *s->rows);
}

static void span_clear(span_t *s) {
  for (size_t k = 0; k < s->length; k++) flint_free(s->rows[k]);
  flint_free(s->rows);
  flint_free(s->lead);
}

/* out = [x, y] of w x w matrices. */
static void bracket(nmod_mat_t out, nmod_mat_t room, const nmod_mat_t x, const nmod_mat_t y) {
  nmod_mat_mul(out, x, y);
  nmod_mat_mul(room, y, x);
  nmod_mat_sub(out, out, room);
}

/* A basis of g on W: brackets with generators until nothing is new. */
static void close_up(span_t *g, const nmod_mat_struct *h, size_t sums, slong w, nmod_t mod) {
  nmod_mat_t x, y, room;
  nmod_mat_init(x, w, w, mod.n);
  nmod_mat_init(y, w, w, mod.n);
  nmod_mat_init(room, w, w, mod.n);
  for (size_t j = 0; j < sums; j++) span_add(g, &nmod_mat_entry(h + j, 0, 0), mod);
  for (size_t k = 0; k < g->length; k++) {
    memcpy(&nmod_mat_entry(x, 0, 0), g->rows[k], g->width * sizeof(mp_limb_t));
    for (size_t j = 0; j < sums; j++) {
      bracket(y, room, h + j, x);
      span_add(g, &nmod_mat_entry(y, 0, 0), mod);
    }
  }
  nmod_mat_clear(x);
  nmod_mat_clear(y);
  nmod_mat_clear(room);
}

/* h[j]: generator j on W; rho there. False: a denominator is a multiple of the prime. */
static bool on_whole(nmod_mat_struct *h, nmod_mat_t rho, const check_twirl_struct *t) {
  const check_prime_t *p = t->pure->d->p;
  nmod_mat_struct *on = flint_malloc((t->length + 1) * sizeof *on);
  bool ok = true;
  for (size_t j = 0; j < p->num_sums && ok; j++) {
    slong at = 0;
    ok = on_sectors(on, t, p->sums[j]);
    for (size_t k = 0; k < t->length && ok; k++) {
      slong d = nmod_mat_nrows(on + k);
      for (slong i = 0; i < d * d; i++)
        nmod_mat_entry(h + j, at + i / d, at + i % d) = nmod_mat_entry(on + k, i / d, i % d);
      at += d;
      nmod_mat_clear(on + k);
    }
  }
  slong row = 0, column;
  for (size_t k = 0; k < t->length; k++)
    for (size_t a = 0; a < dimension(t, k); a++, row++) {
      column = 0;
      for (size_t l = 0; l < t->length; l++)
        for (size_t b = 0; b < dimension(t, l); b++)
          nmod_mat_entry(rho, row, column++) =
              nmod_mul(t->state[k][a], t->costate[l][b], t->mod);
    }
  flint_free(on);
  return ok;
}

bool check_twirl_orbit_dimension(size_t *out, const check_twirl_t t) {
  const check_prime_t *p = t->pure->d->p;
  nmod_t mod = t->mod;
  slong w = 0;
  nmod_mat_t rho, x, y, room;
  span_t g, tangent;
  for (size_t k = 0; k < t->length; k++) w += (slong)dimension(t, k);
  if (w > MAX_ORBIT) return false;
  nmod_mat_struct *h = flint_malloc((p->num_sums + 1) * sizeof *h);
  for (size_t j = 0; j < p->num_sums; j++) nmod_mat_init(h + j, w, w, mod.n);
  nmod_mat_init(rho, w, w, mod.n);
  nmod_mat_init(x, w, w, mod.n);
  nmod_mat_init(y, w, w, mod.n);
  nmod_mat_init(room, w, w, mod.n);
  span_init(&g, (size_t)(w * w));
  span_init(&tangent, (size_t)(w * w));
  bool ok = on_whole(h, rho, t);
  if (ok) close_up(&g, h, p->num_sums, w, mod);
  for (size_t k = 0; k < g.length; k++) {
    memcpy(&nmod_mat_entry(x, 0, 0), g.rows[k], g.width * sizeof(mp_limb_t));
    bracket(y, room, x, rho);
    span_add(&tangent, &nmod_mat_entry(y, 0, 0), mod);
  }
  *out = tangent.length;
  span_clear(&g);
  span_clear(&tangent);
  nmod_mat_clear(rho);
  nmod_mat_clear(x);
  nmod_mat_clear(y);
  nmod_mat_clear(room);
  clear_all(h, p->num_sums);
  return ok;
}
