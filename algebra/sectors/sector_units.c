/* Matrix units of the commutant modulo a prime (declared in sector_commutant.h). */

#include "algebra/sectors/sector_commutant.h"

enum { MAX_TRIALS = 24 };

/* --- elements modulo the prime ----------------------------------------------------------- */

static mp_limb_t residue(slong v, nmod_t mod) {
  return v < 0 ? nmod_neg((mp_limb_t)-v % mod.n, mod) : (mp_limb_t)v % mod.n;
}

/* out += c a x. */
static void apply(mp_limb_t *out, const sector_sparse_struct *a, mp_limb_t c,
                  const mp_limb_t *x, nmod_t mod) {
  for (size_t k = 0; k < a->length; k++) {
    mp_limb_t v = x[a->col[k]];
    if (!v) continue;
    if (c != 1) v = nmod_mul(c, v, mod);
    if (a->val[k] == 1) out[a->row[k]] = nmod_add(out[a->row[k]], v, mod);
    else if (a->val[k] == -1) out[a->row[k]] = nmod_sub(out[a->row[k]], v, mod);
    else
      out[a->row[k]] = nmod_addmul(out[a->row[k]], residue(a->val[k], mod), v, mod);
  }
}

typedef struct {
  size_t length, sum, max;
  size_t *multiplicity;
  nmod_mat_t **action; /* of c_a on E_k, of row vectors */
  size_t **block;      /* of the vectors of the basis */
} modules_t;

static bool same_character(const nmod_mat_t *a, const nmod_mat_t *b, size_t m) {
  for (size_t k = 0; k < m; k++)
    if (nmod_mat_trace(a[k]) != nmod_mat_trace(b[k])) return false;
  return true;
}

/* --- the module of a vector ----------------------------------------------------------- */

/* A basis of vectors that lie in one block each, reduced within the blocks; on the
   states of the block. */
typedef struct {
  const sector_commutant_struct *c;
  nmod_t mod;
  size_t count, max;
  size_t *block, *lead;
  mp_limb_t **vector;
} span_t;

static size_t block_size(const span_t *s, size_t b) {
  const size_t *start = s->c->space->block_start;
  return start[b + 1] - start[b];
}

/* out = the part of v on the block. */
static void restrict_to(mp_limb_t *out, const span_t *s, size_t b,
                        const mp_limb_t *v) {
  const sector_space_struct *space = s->c->space;
  const uint32_t *states = space->states + space->block_start[b];
  for (size_t i = 0; i < block_size(s, b); i++) out[i] = v[states[i]];
}

/* x += c y */
static void add_multiple(mp_limb_t *x, const mp_limb_t *y, mp_limb_t c,
                         size_t length, nmod_t mod) {
  for (size_t i = 0; i < length; i++) x[i] = nmod_addmul(x[i], c, y[i], mod);
}

/* Takes x; false when there are more than max vectors. */
static bool span_add(span_t *s, size_t b, mp_limb_t *x) {
  size_t size = block_size(s, b), at = 0;
  for (size_t i = 0; i < s->count; i++)
    if (s->block[i] == b && x[s->lead[i]])
      add_multiple(x, s->vector[i], nmod_neg(x[s->lead[i]], s->mod), size, s->mod);
  while (at < size && !x[at]) at++;
  if (at == size || s->count == s->max) {
    flint_free(x);
    return at == size;
  }
  mp_limb_t inverse = nmod_inv(x[at], s->mod);
  for (size_t i = 0; i < size; i++) x[i] = nmod_mul(inverse, x[i], s->mod);
  for (size_t i = 0; i < s->count; i++)
    if (s->block[i] == b && s->vector[i][at])
      add_multiple(s->vector[i], x, nmod_neg(s->vector[i][at], s->mod), size, s->mod);
  s->block[s->count] = b;
  s->lead[s->count] = at;
  s->vector[s->count++] = x;
  return true;
}

/* y (zero on the block before and after) = c_a applied to v, as a vector of the block that
   c_a maps to. */
static mp_limb_t *image(const span_t *s, size_t a, const mp_limb_t *v, mp_limb_t *y) {
  const sector_commutant_struct *c = s->c;
  size_t b = c->to[a];
  const sector_space_struct *space = c->space;
  mp_limb_t *out = flint_malloc((block_size(s, b) + 1) * sizeof *out);
  apply(y, c->basis + a, 1, v, s->mod);
  restrict_to(out, s, b, y);
  for (size_t i = space->block_start[b]; i < space->block_start[b + 1]; i++)
    y[space->states[i]] = 0;
  return out;
}

/* The matrices of the c_a on the span. */
static nmod_mat_t *span_action(const span_t *s, mp_limb_t *v, mp_limb_t *y) {
  const sector_commutant_struct *c = s->c;
  const sector_space_struct *space = c->space;
  nmod_mat_t *own = flint_malloc((c->dimension + 1) * sizeof *own);
  slong m = (slong)s->count;
  for (size_t a = 0; a < c->dimension; a++) nmod_mat_init(own[a], m, m, s->mod.n);
  memset(v, 0, space->size * sizeof *v);
  for (size_t i = 0; i < s->count; i++) {
    const uint32_t *states = space->states + space->block_start[s->block[i]];
    size_t size = block_size(s, s->block[i]);
    for (size_t k = 0; k < size; k++) v[states[k]] = s->vector[i][k];
    for (size_t a = 0; a < c->dimension; a++) {
      if (c->from[a] != s->block[i]) continue;
      mp_limb_t *x = image(s, a, v, y);
      for (size_t j = 0; j < s->count; j++)
        if (s->block[j] == c->to[a])
          nmod_mat_entry(own[a], (slong)i, (slong)j) = x[s->lead[j]];
      flint_free(x);
    }
    for (size_t k = 0; k < size; k++) v[states[k]] = 0;
  }
  return own;
}

static void free_actions(nmod_mat_t *own, size_t count) {
  for (size_t a = 0; a < count; a++) nmod_mat_clear(own[a]);
  flint_free(own);
}

/* The module that v generates, if it may be one of those sought and is new. */
static void add_module(modules_t *found, const sector_commutant_t c,
                       const mp_limb_t *v, nmod_t mod) {
  size_t size = c->space->size, max = 0, m = c->dimension;
  for (size_t k = 0; k < c->sectors->length; k++)
    if (c->part[k] > max) max = c->part[k];
  span_t s = {.c = c, .mod = mod, .max = max};
  s.block = flint_malloc((max + 1) * sizeof *s.block);
  s.lead = flint_malloc((max + 1) * sizeof *s.lead);
  s.vector = flint_malloc((max + 1) * sizeof *s.vector);
  mp_limb_t *y = flint_calloc(size, sizeof *y), *w = flint_malloc(size * sizeof *w);
  bool ok = true;
  for (size_t a = 0; a < m && ok; a++)
    ok = span_add(&s, c->to[a], image(&s, a, v, y));
  if (ok && s.count > 0 && found->sum + s.count * s.count <= found->max) {
    nmod_mat_t *own = span_action(&s, w, y);
    bool known = false;
    for (size_t k = 0; k < found->length && !known; k++)
      known = found->multiplicity[k] == s.count &&
              same_character((const nmod_mat_t *)found->action[k],
                             (const nmod_mat_t *)own, m);
    if (known) {
      free_actions(own, m);
    } else {
      found->multiplicity[found->length] = s.count;
      found->block[found->length] = s.block;
      found->action[found->length++] = own;
      found->sum += s.count * s.count;
      s.block = NULL;
    }
  }
  for (size_t i = 0; i < s.count; i++) flint_free(s.vector[i]);
  flint_free(s.block);
  flint_free(s.lead);
  flint_free(s.vector);
  flint_free(y);
  flint_free(w);
}

/* --- eigenvectors of random elements ----------------------------------------------------- */

/* Is it an eigenvalue of sum r_a c_a on a module that is known? */
static bool is_known_root(const modules_t *found, const mp_limb_t *r, size_t m,
                          mp_limb_t root, nmod_t mod) {
  bool known = false;
  for (size_t k = 0; k < found->length && !known; k++) {
    slong size = (slong)found->multiplicity[k];
    nmod_mat_t sum, t;
    nmod_mat_init(sum, size, size, mod.n);
    nmod_mat_init(t, size, size, mod.n);
    for (size_t a = 0; a < m; a++) {
      nmod_mat_scalar_mul(t, found->action[k][a], r[a]);
      nmod_mat_add(sum, sum, t);
    }
    for (slong i = 0; i < size; i++)
      nmod_mat_entry(sum, i, i) = nmod_sub(nmod_mat_entry(sum, i, i), root, mod);
    known = nmod_mat_rank(sum) < size;
    nmod_mat_clear(sum);
    nmod_mat_clear(t);
  }
  return known;
}

/* krylov[j] = R^j u, j <= 2 degree + 1, R = sum r_a c_a; f its least polynomial at u. */
static void least_polynomial(nmod_poly_t f, mp_limb_t **krylov, size_t degree,
                             const sector_commutant_t c, const mp_limb_t *r,
                             nmod_t mod, uint64_t *seed) {
  size_t size = c->space->size;
  mp_limb_t *z = flint_malloc(size * sizeof *z), *x = flint_malloc(size * sizeof *x);
  mp_limb_t *y = flint_malloc(size * sizeof *y);
  nmod_berlekamp_massey_t b;
  nmod_berlekamp_massey_init(b, mod.n);
  for (size_t i = 0; i < size; i++) z[i] = stream_next(seed) % mod.n;
  memcpy(x, krylov[0], size * sizeof *x);
  for (size_t j = 0; j < 2 * degree + 2; j++) {
    mp_limb_t dot = 0, *t;
    for (size_t i = 0; i < size; i++) dot = nmod_addmul(dot, z[i], x[i], mod);
    nmod_berlekamp_massey_add_point(b, dot);
    if (j && j < degree) memcpy(krylov[j], x, size * sizeof *x);
    memset(y, 0, size * sizeof *y);
    for (size_t a = 0; a < c->dimension; a++) apply(y, c->basis + a, r[a], x, mod);
    t = x;
    x = y;
    y = t;
  }
  nmod_berlekamp_massey_reduce(b);
  nmod_poly_set(f, nmod_berlekamp_massey_V_poly(b));
  nmod_poly_make_monic(f, f);
  nmod_berlekamp_massey_clear(b);
  flint_free(z);
  flint_free(x);
  flint_free(y);
}

/* v = (f / (t - root))(R) u */
static void eigenvector(mp_limb_t *v, mp_limb_t *const *krylov, const nmod_poly_t f,
                        mp_limb_t root, size_t size, nmod_t mod) {
  nmod_poly_t g, line, rest;
  nmod_poly_init_mod(g, mod);
  nmod_poly_init_mod(line, mod);
  nmod_poly_init_mod(rest, mod);
  nmod_poly_set_coeff_ui(line, 1, 1);
  nmod_poly_set_coeff_ui(line, 0, nmod_neg(root, mod));
  nmod_poly_divrem(g, rest, f, line);
  memset(v, 0, size * sizeof *v);
  for (slong j = 0; j <= nmod_poly_degree(g); j++)
    add_multiple(v, krylov[j], nmod_poly_get_coeff_ui(g, j), size, mod);
  nmod_poly_clear(g);
  nmod_poly_clear(line);
  nmod_poly_clear(rest);
}

/* Submodules generated by eigenvectors of random elements. */
static void find_modules(modules_t *found, const sector_commutant_t c, nmod_t mod) {
  uint64_t seed = 161803;
  size_t size = c->space->size, m = c->dimension, degree = 0;
  for (size_t k = 0; k < c->sectors->length; k++) degree += c->part[k];
  if ((uint64_t)degree * size > UINT64_C(1) << 27) return;
  mp_limb_t **krylov = flint_malloc((degree + 1) * sizeof *krylov);
  for (size_t j = 0; j < degree; j++)
    krylov[j] = flint_malloc(size * sizeof **krylov);
  mp_limb_t *r = flint_malloc((m + 1) * sizeof *r);
  mp_limb_t *v = flint_malloc(size * sizeof *v);
  mp_limb_t *roots = flint_malloc((degree + 1) * sizeof *roots);
  nmod_poly_t f;
  nmod_poly_init_mod(f, mod);
  for (int trial = 0; trial < MAX_TRIALS && found->sum < found->max; trial++) {
    for (size_t a = 0; a < m; a++) r[a] = stream_next(&seed) % mod.n;
    for (size_t i = 0; i < size; i++)
      krylov[0][i] = c->blocks[c->space->block_of[i]]
                         ? stream_next(&seed) % mod.n
                         : 0;
    least_polynomial(f, krylov, degree, c, r, mod, &seed);
    size_t count = sector_roots(roots, f, degree, &seed);
    for (size_t i = 0; i < count && found->sum < found->max; i++) {
      if (is_known_root(found, r, m, roots[i], mod)) continue;
      eigenvector(v, krylov, f, roots[i], size, mod);
      add_module(found, c, v, mod);
    }
  }
  nmod_poly_clear(f);
  for (size_t j = 0; j < degree; j++) flint_free(krylov[j]);
  flint_free(krylov);
  flint_free(r);
  flint_free(v);
  flint_free(roots);
}

/* --- units ---------------------------------------------------------------------------------- */

/* e^k_ij, i and j in blocks t and f, by the c_a from f to t: those of `list`. */
static bool invert_alike(sector_units_t u, const sector_commutant_t c,
                         const modules_t *found, const size_t *list, size_t count) {
  size_t from = c->from[list[0]], to = c->to[list[0]], at = 0;
  size_t *unit = flint_malloc((count + 1) * sizeof *unit);
  nmod_mat_t phi;
  nmod_mat_init(phi, (slong)count, (slong)count, u->mod.n);
  bool ok = true;
  for (size_t k = 0; k < found->length && ok; k++)
    for (size_t i = 0; i < u->multiplicity[k] && ok; i++)
      for (size_t j = 0; j < u->multiplicity[k] && ok; j++) {
        if (found->block[k][i] != to || found->block[k][j] != from) continue;
        ok = at < count;
        for (size_t a = 0; a < count && ok; a++)
          nmod_mat_entry(phi, (slong)a, (slong)at) =
              nmod_mat_entry(found->action[k][list[a]], (slong)j, (slong)i);
        if (ok) unit[at++] = u->start[k] + i * u->multiplicity[k] + j;
      }
  ok = ok && at == count && nmod_mat_inv(phi, phi);
  for (size_t i = 0; i < count && ok; i++)
    for (size_t a = 0; a < count; a++)
      nmod_mat_entry(u->unit, (slong)unit[i], (slong)list[a]) =
          nmod_mat_entry(phi, (slong)i, (slong)a);
  nmod_mat_clear(phi);
  flint_free(unit);
  return ok;
}

/* unit = the inverse of (c_a)_(k,i,j), and d_k = Tr e^k_00. */
static bool set_units(sector_units_t u, const sector_commutant_t c,
                      const modules_t *found) {
  size_t m = c->dimension, at = 0;
  bool ok = true;
  size_t *list = flint_malloc((m + 1) * sizeof *list);
  for (size_t k = 0; k < found->length; k++) {
    u->start[k] = at;
    u->multiplicity[k] = found->multiplicity[k];
    at += found->multiplicity[k] * found->multiplicity[k];
  }
  for (size_t a = 0; a < m && ok; a++) {
    size_t count = sector_commutant_alike(list, c, a);
    if (count) ok = invert_alike(u, c, found, list, count);
  }
  flint_free(list);
  mp_limb_t *trace = flint_calloc(m + 1, sizeof *trace);
  for (size_t a = 0; a < m; a++)
    for (size_t i = 0; i < c->basis[a].length; i++)
      if (c->basis[a].row[i] == c->basis[a].col[i])
        trace[a] = nmod_add(trace[a], residue(c->basis[a].val[i], u->mod), u->mod);
  for (size_t k = 0; k < found->length && ok; k++) {
    mp_limb_t d = 0;
    for (size_t a = 0; a < m; a++)
      d = nmod_addmul(d, nmod_mat_entry(u->unit, (slong)u->start[k], (slong)a),
                      trace[a], u->mod);
    u->dimension[k] = (size_t)d;
    ok = d > 0 && d <= c->space->size;
  }
  flint_free(trace);
  return ok;
}

/* f(t), f the polynomial of the header and t an integer of at most `most`, is below
   (2 most)^count. */
static bool is_small(const sector_units_struct *u, size_t k, slong most) {
  mp_limb_t bound = 1;
  for (size_t l = 0; l < u->length; l++) {
    if (u->dimension[l] != u->dimension[k] ||
        u->multiplicity[l] != u->multiplicity[k])
      continue;
    if (__builtin_mul_overflow(bound, 2 * (ulong)most, &bound) || bound >> 60)
      return false;
  }
  return true;
}

static void set_signature(sector_units_t u, const sector_commutant_t c,
                          const modules_t *found) {
  size_t m = c->dimension;
  u->signature = flint_malloc((found->length * m + 1) * sizeof *u->signature);
  for (size_t i = 0; i < found->length * m; i++)
    u->signature[i] = SECTOR_NO_INTEGER;
  for (size_t a = 0; a < m; a++)
    for (size_t k = 0; k < found->length; k++) {
      slong most;
      if (__builtin_mul_overflow(c->norm[a], (slong)u->multiplicity[k], &most) ||
          !is_small(u, k, most))
        continue;
      mp_limb_t t = nmod_mat_trace(found->action[k][a]);
      mp_limb_t minus = nmod_neg(t, u->mod);
      if (t <= (ulong)most) u->signature[k * m + a] = (slong)t;
      else if (minus <= (ulong)most) u->signature[k * m + a] = -(slong)minus;
    }
}

static mp_limb_t choose_prime(size_t index) {
  const mp_limb_t step = 720720;
  mp_limb_t p = (UINT64_C(1) << 62) / step * step + 1;
  for (size_t k = 0;; p -= step)
    if (p >> 62 == 0 && n_is_prime(p) && k++ == index) return p;
}

static void units_clear(sector_units_struct *u) {
  nmod_mat_clear(u->unit);
  flint_free(u->dimension);
  flint_free(u->multiplicity);
  flint_free(u->start);
  flint_free(u->signature);
}

static bool units_init(sector_units_struct *u, const sector_commutant_struct *c,
                       size_t index) {
  size_t m = c->dimension;
  *u = (sector_units_struct){0};
  nmod_init(&u->mod, choose_prime(index));
  u->root = n_sqrtmod(u->mod.n - 1, u->mod.n);
  nmod_mat_init(u->unit, (slong)m, (slong)m, u->mod.n);
  modules_t found = {.max = m};
  found.multiplicity = flint_malloc((m + 1) * sizeof *found.multiplicity);
  found.action = flint_malloc((m + 1) * sizeof *found.action);
  found.block = flint_malloc((m + 1) * sizeof *found.block);
  find_modules(&found, c, u->mod);
  u->length = found.length;
  u->dimension = flint_malloc((found.length + 1) * sizeof *u->dimension);
  u->multiplicity = flint_malloc((found.length + 1) * sizeof *u->multiplicity);
  u->start = flint_malloc((found.length + 1) * sizeof *u->start);
  bool ok = found.sum == m && set_units(u, c, &found);
  if (ok) set_signature(u, c, &found);
  for (size_t k = 0; k < found.length; k++) {
    free_actions(found.action[k], m);
    flint_free(found.block[k]);
  }
  flint_free(found.multiplicity);
  flint_free(found.action);
  flint_free(found.block);
  if (!ok) units_clear(u);
  return ok;
}

/* --- those of the first primes, once -------------------------------------------------------- */

enum { NUM_CACHED = 8, MAX_CACHED = 400 /* dimension of the commutant */ };

struct sector_units_cache {
  bool tried[NUM_CACHED], good[NUM_CACHED];
  sector_units_struct units[NUM_CACHED];
};

struct sector_units_cache *sector_units_cache_new(void) {
  return flint_calloc(1, sizeof(struct sector_units_cache));
}

void sector_units_cache_free(struct sector_units_cache *cache) {
  for (size_t i = 0; i < NUM_CACHED && cache; i++)
    if (cache->good[i]) units_clear(cache->units + i);
  flint_free(cache);
}

static bool is_cached(const sector_commutant_struct *c, const sector_units_struct *u) {
  for (size_t i = 0; i < NUM_CACHED; i++)
    if (u == c->cache->units + i) return true;
  return false;
}

const sector_units_struct *sector_units_take(const sector_commutant_struct *c,
                                             size_t index) {
  struct sector_units_cache *cache = c->cache;
  if (index < NUM_CACHED && c->dimension <= MAX_CACHED) {
    if (!cache->tried[index]) cache->good[index] = units_init(cache->units + index, c, index);
    cache->tried[index] = true;
    return cache->good[index] ? cache->units + index : NULL;
  }
  sector_units_struct *u = flint_malloc(sizeof *u);
  if (units_init(u, c, index)) return u;
  flint_free(u);
  return NULL;
}

void sector_units_release(const sector_commutant_struct *c, const sector_units_struct *u) {
  if (!u || is_cached(c, u)) return;
  units_clear((sector_units_struct *)u);
  flint_free((void *)u);
}
