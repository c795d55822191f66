#include "algebra/sectors/sector_probe.h"

/* --- elements -------------------------------------------------------------------- */

static void random_combination(mp_limb_t *c, size_t count, nmod_t mod,
                               uint64_t *seed) {
  for (size_t j = 0; j < count; j++) c[j] = 1 + stream_next(seed) % (mod.n - 1);
}

/* How an element is made; the transposed one of M N is that of N M. */
typedef enum { KIND_LINEAR, KIND_TRIPLE, KIND_BRACKET, KIND_PALINDROME, KIND_PRODUCTS } kind_t;

static void element_init(sector_element_struct *a, sector_element_struct *at,
                         const sector_probe_struct *probe, kind_t kind, uint64_t *seed) {
  const sector_space_struct *space = probe->space;
  mp_limb_t *c = flint_malloc((space->num_generators + 1) * sizeof *c);
  a->num_parts = at->num_parts = kind == KIND_LINEAR ? 1 : 3;
  a->triple = at->triple = kind == KIND_TRIPLE;
  a->mn = at->nm = 1;
  a->nm = at->mn = kind == KIND_BRACKET    ? probe->prime->mod.n - 1
                   : kind == KIND_PRODUCTS ? 2
                                           : 1;
  for (size_t k = 0; k < a->num_parts; k++) {
    random_combination(c, space->num_generators, probe->prime->mod, seed);
    sector_matrix_init(a->part + k, space, probe->block, space->generators, c,
                       space->num_generators, false, probe->prime);
    if (!probe->symmetric)
      sector_matrix_init(at->part + k, space, probe->block, space->generators, c,
                         space->num_generators, true, probe->prime);
  }
  flint_free(c);
}

static void element_clear(sector_element_struct *a) {
  for (size_t k = 0; k < a->num_parts; k++) sector_matrix_clear(a->part + k);
}

void sector_probe_init(sector_probe_struct *probe,
                       const sector_space_struct *space, size_t block,
                       size_t attempt, const sector_prime_struct *prime,
                       const closure_limits_t *limits) {
  uint64_t seed = UINT64_C(0x5ec7) + attempt;
  bool associative = attempt % 4 == 3;
  kind_t lie = space->imaginary ? KIND_BRACKET : attempt < 2 ? KIND_LINEAR : KIND_TRIPLE;
  kind_t products = space->imaginary ? KIND_PRODUCTS : KIND_PALINDROME;
  *probe = (sector_probe_struct){
      .space = space, .prime = prime, .limits = limits, .block = block,
      .attempt = attempt, .associative = associative, .symmetric = space->symmetric,
      .dim = space->block_start[block + 1] - space->block_start[block]};
  element_init(&probe->x, &probe->xt, probe, associative ? products : lie, &seed);
  element_init(&probe->y, &probe->yt, probe, lie, &seed);
  for (size_t k = 0; k < 4; k++)
    probe->work[k] = flint_malloc((probe->dim + 1) * sizeof(uint32_t));
}

void sector_probe_clear(sector_probe_struct *probe) {
  element_clear(&probe->x);
  element_clear(&probe->y);
  if (!probe->symmetric) {
    element_clear(&probe->xt);
    element_clear(&probe->yt);
  }
  for (size_t k = 0; k < 4; k++) flint_free(probe->work[k]);
}

/* L v + M M N v - 2 M N M v + N M M v; the same for transposes. */
void sector_probe_apply(uint32_t *out, sector_probe_struct *probe,
                        const sector_element_struct *a, const uint32_t *v) {
  nmod_t mod = probe->prime->mod;
  size_t dim = probe->dim;
  sector_matrix_apply(out, a->part, v);
  if (a->num_parts == 1) return;
  const sector_matrix_struct *m = a->part + 1, *n = a->part + 2;
  uint32_t *mv = probe->work[0], *s = probe->work[1], *t = probe->work[2];
  sector_matrix_apply(mv, m, v);
  sector_matrix_apply(s, n, v);
  sector_matrix_apply(t, m, s); /* M N v */
  sector_matrix_apply(s, n, mv);
  if (!a->triple) {
    residues_addmul(out, t, a->mn, dim, mod);
    residues_addmul(out, s, a->nm, dim, mod);
    return;
  }
  residues_addmul(t, s, mod.n - 2, dim, mod); /* M N v - 2 N M v */
  sector_matrix_apply(s, m, t);
  residues_addmul(out, s, 1, dim, mod);
  sector_matrix_apply(t, m, mv);
  sector_matrix_apply(s, n, t);
  residues_addmul(out, s, 1, dim, mod);
}

static void apply_shifted(uint32_t *out, sector_probe_struct *probe,
                          const sector_element_struct *a, const uint32_t *v,
                          mp_limb_t shift) {
  sector_probe_apply(out, probe, a, v);
  residues_addmul(out, v, nmod_neg(shift, probe->prime->mod), probe->dim,
                  probe->prime->mod);
}

/* --- recurrences ------------------------------------------------------------------- */

enum { SLACK = 40 };

/* The next `count` terms <z, (X - shift)^k u>; for a symmetric X with z = u, two terms
   for one application. */
typedef struct {
  sector_probe_struct *probe;
  const sector_element_struct *a;
  mp_limb_t shift;
  const uint32_t *z; /* NULL: u itself, X symmetric */
  uint32_t *now, *next;
} sequence_struct;

static void sequence_init(sequence_struct *s, sector_probe_struct *probe,
                          const sector_element_struct *a, const uint32_t *u,
                          const uint32_t *z, mp_limb_t shift) {
  *s = (sequence_struct){probe, a, shift, z, NULL, NULL};
  s->now = flint_malloc((probe->dim + 1) * sizeof *s->now);
  s->next = flint_malloc((probe->dim + 1) * sizeof *s->next);
  memcpy(s->now, u, probe->dim * sizeof *u);
}

static void sequence_clear(sequence_struct *s) {
  flint_free(s->now);
  flint_free(s->next);
}

static void sequence_step(mp_limb_t pair[2], sequence_struct *s) {
  size_t dim = s->probe->dim;
  nmod_t mod = s->probe->prime->mod;
  for (int k = 0; k < (s->z ? 2 : 1); k++) {
    if (s->z) pair[k] = residues_dot(s->z, s->now, dim, mod);
    apply_shifted(s->next, s->probe, s->a, s->now, s->shift);
    if (!s->z) {
      pair[0] = residues_dot(s->now, s->now, dim, mod);
      pair[1] = residues_dot(s->now, s->next, dim, mod);
    }
    uint32_t *t = s->now;
    s->now = s->next;
    s->next = t;
  }
}

/* Enough terms? Looks when their number has grown by a third. */
static bool is_stable(nmod_berlekamp_massey_t b, slong *look) {
  slong points = nmod_berlekamp_massey_point_count(b);
  if (points < *look) return false;
  nmod_berlekamp_massey_reduce(b);
  slong degree = nmod_poly_degree(nmod_berlekamp_massey_V_poly(b));
  *look = points + points / 3 + 8;
  if (*look < 2 * degree + SLACK) *look = 2 * degree + SLACK;
  return points >= 2 * degree + SLACK;
}

void sector_probe_polynomial(nmod_poly_t f, sector_probe_struct *probe,
                             const uint32_t *u, mp_limb_t shift) {
  uint64_t seed = 77;
  slong look = SLACK;
  mp_limb_t pair[2];
  uint32_t *z = NULL;
  sequence_struct s;
  nmod_berlekamp_massey_t b;
  if (!probe->symmetric) {
    z = flint_malloc((probe->dim + 1) * sizeof *z);
    residues_random(z, probe->dim, probe->prime->mod, &seed);
  }
  nmod_berlekamp_massey_init(b, probe->prime->mod.n);
  sequence_init(&s, probe, &probe->x, u, z, shift);
  do {
    sequence_step(pair, &s);
    nmod_berlekamp_massey_add_points(b, pair, 2);
  } while (!is_stable(b, &look) && !probe_is_stopped(probe));
  nmod_poly_set(f, nmod_berlekamp_massey_V_poly(b));
  nmod_poly_make_monic(f, f);
  sequence_clear(&s);
  nmod_berlekamp_massey_clear(b);
  flint_free(z);
}

void sector_probe_ranks(size_t *both, size_t *single, sector_probe_struct *probe,
                        const uint32_t *v, const uint32_t *f, mp_limb_t root) {
  nmod_t mod = probe->prime->mod;
  size_t dim = probe->dim;
  uint64_t seed = 177;
  slong look = SLACK, look_single = SLACK;
  mp_limb_t first[2], second[2], joint[2];
  uint32_t *u = flint_malloc((dim + 1) * sizeof *u), *z = NULL;
  bool twins = !f || probe->symmetric;
  sequence_struct s, t;
  nmod_berlekamp_massey_t b, c;
  mp_limb_t weight = 1 + stream_next(&seed) % (mod.n - 1);
  nmod_berlekamp_massey_init(b, mod.n);
  nmod_berlekamp_massey_init(c, mod.n);
  if (!probe->symmetric) {
    z = flint_malloc((dim + 1) * sizeof *z);
    residues_random(z, dim, mod, &seed);
  }
  sector_probe_apply(u, probe, &probe->y, v);
  sequence_init(&s, probe, &probe->x, u, z, root);
  if (!twins) {
    sector_probe_apply(u, probe, &probe->yt, f);
    sequence_init(&t, probe, &probe->xt, u, z, root);
  }
  bool done, done_single = false;
  do {
    sequence_step(first, &s);
    if (twins) memcpy(second, first, sizeof first);
    else sequence_step(second, &t);
    /* The second half has -(X^T - root), and an even number of steps is done. */
    joint[0] = nmod_add(first[0], nmod_mul(weight, second[0], mod), mod);
    joint[1] = nmod_sub(first[1], nmod_mul(weight, second[1], mod), mod);
    nmod_berlekamp_massey_add_points(b, joint, 2);
    if (!done_single) {
      nmod_berlekamp_massey_add_points(c, first, 2);
      done_single = is_stable(c, &look_single);
    }
    done = is_stable(b, &look);
  } while (!(done && done_single) && !probe_is_stopped(probe));
  *both = (size_t)nmod_poly_degree(nmod_berlekamp_massey_V_poly(b));
  *single = (size_t)nmod_poly_degree(nmod_berlekamp_massey_V_poly(c));
  nmod_berlekamp_massey_clear(b);
  nmod_berlekamp_massey_clear(c);
  sequence_clear(&s);
  if (!twins) sequence_clear(&t);
  flint_free(u);
  flint_free(z);
}

/* --- eigenvectors ---------------------------------------------------------------------- */

size_t sector_roots(mp_limb_t *roots, const nmod_poly_t f, size_t max,
                    uint64_t *seed) {
  nmod_t mod = f->mod;
  size_t count = 0;
  nmod_poly_t g, h, inverse;
  nmod_poly_factor_t factors;
  (void)seed;
  if (nmod_poly_degree(f) < 1) return 0;
  nmod_poly_init_mod(g, mod);
  nmod_poly_init_mod(h, mod);
  nmod_poly_init_mod(inverse, mod);
  nmod_poly_factor_init(factors);
  if (nmod_poly_degree(f) == 1) {
    nmod_poly_set(g, f);
  } else {
    nmod_poly_reverse(inverse, f, f->length);
    nmod_poly_inv_series(inverse, inverse, f->length);
    nmod_poly_powmod_x_ui_preinv(h, mod.n, f, inverse);
    nmod_poly_zero(g);
    nmod_poly_set_coeff_ui(g, 1, 1);
    nmod_poly_sub(h, h, g); /* t^p - t */
    nmod_poly_gcd(g, f, h);
  }
  if (nmod_poly_degree(g) > 0) nmod_poly_factor(factors, g);
  for (slong k = 0; k < factors->num && count < max; k++)
    if (nmod_poly_degree(factors->p + k) == 1) {
      mp_limb_t c = nmod_poly_get_coeff_ui(factors->p + k, 0);
      mp_limb_t lead = nmod_poly_get_coeff_ui(factors->p + k, 1);
      roots[count++] = nmod_neg(nmod_div(c, lead, mod), mod);
    }
  nmod_poly_factor_clear(factors);
  nmod_poly_clear(g);
  nmod_poly_clear(h);
  nmod_poly_clear(inverse);
  return count;
}

/* out = g(X) u by Horner's rule. */
static void evaluate(uint32_t *out, sector_probe_struct *probe,
                     const sector_element_struct *a, const nmod_poly_t g,
                     const uint32_t *u) {
  nmod_t mod = probe->prime->mod;
  size_t dim = probe->dim;
  uint32_t *next = flint_malloc((dim + 1) * sizeof *next);
  memset(out, 0, dim * sizeof *out);
  for (slong k = nmod_poly_degree(g); k >= 0 && !probe_is_stopped(probe); k--) {
    sector_probe_apply(next, probe, a, out);
    residues_addmul(next, u, nmod_poly_get_coeff_ui(g, k), dim, mod);
    memcpy(out, next, dim * sizeof *out);
  }
  flint_free(next);
}

void sector_probe_evaluate(uint32_t *out, sector_probe_struct *probe,
                           const nmod_poly_t f, const uint32_t *u) {
  evaluate(out, probe, &probe->x, f, u);
}

void sector_probe_eigenvectors(uint32_t *const *v, sector_probe_struct *probe,
                               bool transposed, const nmod_poly_t f,
                               const mp_limb_t *roots, size_t count,
                               const uint32_t *u) {
  nmod_t mod = probe->prime->mod;
  const sector_element_struct *a =
      transposed && !probe->symmetric ? &probe->xt : &probe->x;
  uint32_t *all = flint_malloc((probe->dim + 1) * sizeof *all);
  uint32_t *next = flint_malloc((probe->dim + 1) * sizeof *next);
  nmod_poly_t g, line, rest;
  nmod_poly_init_mod(g, mod);
  nmod_poly_init_mod(line, mod);
  nmod_poly_init_mod(rest, mod);
  nmod_poly_set(g, f);
  for (size_t i = 0; i < count; i++) {
    nmod_poly_zero(line);
    nmod_poly_set_coeff_ui(line, 1, 1);
    nmod_poly_set_coeff_ui(line, 0, nmod_neg(roots[i], mod));
    nmod_poly_divrem(g, rest, g, line);
  }
  evaluate(all, probe, a, g, u); /* a sum of eigenvectors */
  for (size_t i = 0; i < count; i++) {
    memcpy(v[i], all, probe->dim * sizeof **v);
    for (size_t j = 0; j < count; j++) {
      if (j == i) continue;
      apply_shifted(next, probe, a, v[i], roots[j]);
      memcpy(v[i], next, probe->dim * sizeof **v);
    }
  }
  nmod_poly_clear(g);
  nmod_poly_clear(line);
  nmod_poly_clear(rest);
  flint_free(all);
  flint_free(next);
}

bool sector_probe_is_eigenvector(sector_probe_struct *probe, bool transposed,
                                 const uint32_t *v, mp_limb_t root) {
  const sector_element_struct *a =
      transposed && !probe->symmetric ? &probe->xt : &probe->x;
  apply_shifted(probe->work[3], probe, a, v, root);
  return !residues_are_zero(v, probe->dim) &&
         residues_are_zero(probe->work[3], probe->dim);
}

void sector_probe_generic(uint32_t *out, sector_probe_struct *probe,
                          bool transposed, const uint32_t *v) {
  const sector_element_struct *y =
      transposed && !probe->symmetric ? &probe->yt : &probe->y;
  uint32_t *t = flint_malloc((probe->dim + 1) * sizeof *t);
  sector_probe_apply(t, probe, y, v);
  residues_addmul(t, v, 12345, probe->dim, probe->prime->mod);
  sector_probe_apply(out, probe, y, t);
  residues_addmul(out, v, 54321, probe->dim, probe->prime->mod);
  flint_free(t);
}
