#include "algebra/check/sums/check_sums.h"

#include "algebra/check/check_shared.h"
#include "algebra/check/sums/check_cyclic.h"

#include <flint/nmod_vec.h>
#include <flint/ulong_extras.h>
#include <sys/random.h>

/* MAX_ENTRIES: of all K_j, some 100 MB. COMPARISON: of two sums, in operations.
   LEAST_CYCLIC: strings, fewer take no time anyhow. */
enum { MAX_STRINGS = 1200, MAX_MEAN_STRINGS = 1 << 17, MAX_STEPS = 4000,
       MAX_ENTRIES = 1 << 22, COMPARISON = 16, LEAST_CYCLIC = 24 };
/* Of a basis of the kernel: rows, strings, and bits of numerators and denominators. */
enum { MAX_KNOWN = 12, MAX_KNOWN_STRINGS = 256, KNOWN_BITS = 24 };

typedef struct check_sums_state {
  nmod_t mod;
  size_t size; /* number of strings */
  size_t num_uses;
  check_operator_t *k; /* of each use */
  bool *repeated; /* the same as an earlier use: left out of A */
  bool has_cyclic, shared; /* shared: several uses of one parameter */
  check_cyclic_t cyclic; /* where it is made: averages by it */
  mp_limb_t *fixed;   /* projection of o, size */
  mp_limb_t *average; /* projection of o o^T, size x size */
  size_t num_known;   /* a basis of the kernel, 0: none is known, */
  mp_limb_t *known;   /* a row each, */
  nmod_mat_t inverse; /* and the inverse of its Gram matrix */
} prime_struct;

/* --- strings and operators --------------------------------------------------- */

/* Is there that much work left? It is spent. */
static bool spend(int64_t *work, size_t amount) {
  if (*work < 0 || amount > (uint64_t)*work) *work = -1;
  else *work -= (int64_t)amount;
  return *work >= 0;
}

/* S; false when it is too large, or its strings and the terms of generators
   are. */
static bool reach(row_table_struct *list, const check_generators_struct *g,
                  const pauli_sum_struct *o, size_t most, int64_t *work) {
  size_t w = g->num_words, terms = 0;
  for (size_t u = 0; u < g->num_uses; u++) terms += g->uses[u].sum->length + 1;
  uint64_t *image = flint_malloc((2 * w + 1) * sizeof *image);
  row_table_init(list, 2 * w);
  for (size_t t = 0; t < o->length; t++)
    row_table_add(list, pauli_sum_string(o, t), NULL);
  for (size_t i = 0; i < list->length && list->length <= most &&
                     list->length * terms <= MAX_ENTRIES &&
                     spend(work, 16 * terms * w);
       i++)
    for (size_t u = 0; u < g->num_uses; u++)
      for (size_t t = 0; t < g->uses[u].sum->length; t++) {
        const uint64_t *h = pauli_sum_string(g->uses[u].sum, t);
        if (!pauli_anticommute(h, row_table_row(list, i), w)) continue;
        pauli_xor(image, h, row_table_row(list, i), w);
        row_table_add(list, image, NULL);
      }
  flint_free(image);
  return *work >= 0 && list->length <= most &&
         list->length * terms <= MAX_ENTRIES;
}

static bool residue(mp_limb_t *out, const fmpq_t x, nmod_t mod) {
  mp_limb_t den = fmpz_fdiv_ui(fmpq_denref(x), mod.n);
  if (!den) return false;
  *out = nmod_mul(fmpz_fdiv_ui(fmpq_numref(x), mod.n), nmod_inv(den, mod), mod);
  return true;
}

/* i [H, P] = 2 i i^e h [P + Q] for each term h Q that anticommutes with P. Terms that
   leave the list are dropped: those of an element of the algebra cancel. */
static bool make_operator(check_operator_t *k, nmod_t mod, const row_table_t list,
                          const pauli_sum_struct *h) {
  size_t w = h->num_words;
  uint64_t *image = flint_malloc((2 * w + 1) * sizeof *image);
  check_entry_t *out = flint_malloc((list->length * h->length + 1) * sizeof *out);
  bool ok = true;
  *k = (check_operator_t){0, out};
  for (size_t i = 0; i < list->length && ok; i++)
    for (size_t t = 0; t < h->length && ok; t++) {
      const uint64_t *q = pauli_sum_string(h, t);
      if (!pauli_anticommute(q, row_table_row(list, i), w)) continue;
      unsigned e = pauli_mul(image, q, row_table_row(list, i), w);
      size_t at = row_table_find(list, image);
      if (at == SIZE_MAX) continue;
      check_entry_t *to = out + k->length++;
      to->from = (uint32_t)i;
      to->to = (uint32_t)at;
      ok = residue(&to->value, h->coeffs + t, mod);
      to->value = nmod_add(to->value, to->value, mod);
      if (e == 1) to->value = nmod_neg(to->value, mod);
      to->shoup = n_mulmod_precomp_shoup(to->value, mod.n);
    }
  flint_free(image);
  return ok;
}

/* out = L x for a symmetric tensor; K x for a vector. */
static void apply(mp_limb_t *out, const prime_struct *p, size_t u,
                  const mp_limb_t *x, bool wide) {
  size_t n = p->size, columns = wide ? n : 1;
  memset(out, 0, n * columns * sizeof *out);
  check_operator_add(out, p->k + u, x, columns, p->mod); /* the prime is below 2^63 */
  for (size_t i = 0; wide && i < n; i++)
    for (size_t j = 0; j <= i; j++)
      out[i * n + j] = out[j * n + i] =
          nmod_add(out[i * n + j], out[j * n + i], p->mod);
}

static mp_limb_t inner(const mp_limb_t *a, const mp_limb_t *b, size_t length,
                       nmod_t mod) {
  mp_limb_t sum = 0;
  for (size_t i = 0; i < length; i++)
    if (a[i] && b[i]) NMOD_ADDMUL(sum, a[i], b[i], mod);
  return sum;
}

/* --- projection ------------------------------------------------------------------ */

/* The work of apply. */
static size_t apply_work(const prime_struct *p, size_t u, bool wide) {
  return (p->k[u].length + p->size) * (wide ? p->size : 1);
}

/* out = -sum_j L_j^2 x; false when the work runs out. */
static bool apply_all(mp_limb_t *out, const prime_struct *p, const mp_limb_t *x,
                      mp_limb_t *room, bool wide, int64_t *work) {
  size_t columns = wide ? p->size : 1, length = p->size * columns;
  mp_limb_t *y = room, *z = room + length;
  memset(out, 0, length * sizeof *out);
  for (size_t u = 0; u < p->num_uses; u++) {
    if (p->repeated[u]) continue;
    if (!spend(work, 2 * apply_work(p, u, wide))) return false;
    apply(y, p, u, x, wide);
    apply(z, p, u, y, wide);
    _nmod_vec_sub(out, out, z, (slong)length, p->mod);
  }
  return true;
}

/* x becomes its projection on what every L_j (K_j) kills. False when the work
   runs out, or a norm vanishes that should not. */
static bool project(mp_limb_t *x, const prime_struct *p, bool wide,
                    int64_t *work) {
  size_t length = p->size * (wide ? p->size : 1);
  mp_limb_t *r = flint_malloc(5 * (length + 1) * sizeof *r), *d = r + length;
  mp_limb_t *ad = d + length, *room = ad + length;
  bool ok = apply_all(r, p, x, room, wide, work);
  memcpy(d, r, length * sizeof *d);
  mp_limb_t rr = inner(r, r, length, p->mod);
  for (int step = 0; ok && !_nmod_vec_is_zero(r, (slong)length); step++) {
    ok = apply_all(ad, p, d, room, wide, work);
    mp_limb_t down = ok ? inner(d, ad, length, p->mod) : 0;
    ok = down && rr && step < MAX_STEPS;
    if (!ok) break;
    mp_limb_t alpha =
        nmod_neg(nmod_mul(rr, nmod_inv(down, p->mod), p->mod), p->mod);
    _nmod_vec_scalar_addmul_nmod(x, d, (slong)length, alpha, p->mod);
    _nmod_vec_scalar_addmul_nmod(r, ad, (slong)length, alpha, p->mod);
    mp_limb_t next = inner(r, r, length, p->mod);
    mp_limb_t beta = nmod_mul(next, nmod_inv(rr, p->mod), p->mod);
    _nmod_vec_scalar_mul_nmod(d, d, (slong)length, beta, p->mod);
    _nmod_vec_add(d, d, r, (slong)length, p->mod);
    rr = next;
  }
  for (size_t u = 0; u < p->num_uses && ok; u++) {
    if (p->repeated[u]) continue;
    ok = spend(work, apply_work(p, u, wide));
    if (ok) apply(room, p, u, x, wide);
    ok = ok && _nmod_vec_is_zero(room, (slong)length);
  }
  flint_free(r);
  return ok;
}

/* --- a basis of the kernel -------------------------------------------------------------- */

static void fill_random(mp_limb_t *x, size_t length) {
  unsigned char *at = (unsigned char *)x;
  for (size_t left = length * sizeof *x; left;) {
    ssize_t got = getrandom(at, left, 0);
    if (got <= 0) flint_abort();
    at += got;
    left -= (size_t)got;
  }
}

/* x less what rows, 1 at their pivots, have of it, with 1 at its own; false: nothing is
   left. */
static bool reduce(mp_limb_t *x, size_t *pivot, const mp_limb_t *rows, const size_t *pivots,
                   size_t length, size_t width, nmod_t mod) {
  for (size_t k = 0; k < length; k++)
    if (x[pivots[k]])
      _nmod_vec_scalar_addmul_nmod(x, rows + k * width, (slong)width,
                                   nmod_neg(x[pivots[k]], mod), mod);
  for (*pivot = 0; *pivot < width && !x[*pivot];) ++*pivot;
  if (*pivot == width) return false;
  _nmod_vec_scalar_mul_nmod(x, x, (slong)width, nmod_inv(x[*pivot], mod), mod);
  return true;
}

/* rows: room for MAX_KNOWN + 1. Projections of random tensors until one is in the span of
   those before; SIZE_MAX: they are too many, or the work runs out. */
static size_t random_kernel(mp_limb_t *rows, const prime_struct *p, int64_t *work) {
  size_t n = p->size, width = n * n, length = 0, pivots[MAX_KNOWN + 1];
  for (; length <= MAX_KNOWN; length++) {
    mp_limb_t *x = rows + length * width;
    fill_random(x, width);
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j <= i; j++) x[i * n + j] = x[j * n + i] %= p->mod.n;
    if (!project(x, p, true, work)) length = MAX_KNOWN + 1;
    else if (!reduce(x, pivots + length, rows, pivots, length, width, p->mod)) break;
    for (size_t k = 0; k < length && length <= MAX_KNOWN; k++) {
      mp_limb_t *row = rows + k * width, c = row[pivots[length]];
      if (c) _nmod_vec_scalar_addmul_nmod(row, x, (slong)width, nmod_neg(c, p->mod), p->mod);
    }
  }
  return length <= MAX_KNOWN ? length : SIZE_MAX;
}

void check_tensors_clear(check_tensors_t *tensors) {
  _fmpq_vec_clear(tensors->rows, (slong)(tensors->length * tensors->width));
}

bool check_sums_tensors(check_tensors_t *out, const check_sums_t sums, int64_t work) {
  const prime_struct *p = sums->per_prime[0];
  size_t width = p->size * p->size;
  if (p->size > MAX_KNOWN_STRINGS) return false;
  mp_limb_t *rows = flint_malloc(((MAX_KNOWN + 1) * width + 1) * sizeof *rows);
  size_t length = random_kernel(rows, p, &work);
  bool ok = length != SIZE_MAX && length;
  if (ok) *out = (check_tensors_t){length, width, _fmpq_vec_init((slong)(length * width))};
  fmpz_t x, modulus, bound;
  fmpz_init(x);
  fmpz_init_set_ui(modulus, p->mod.n);
  fmpz_init_set_ui(bound, UINT64_C(1) << KNOWN_BITS);
  for (size_t i = 0; ok && i < length * width; i++) {
    fmpz_set_ui(x, rows[i]);
    ok = fmpq_reconstruct_fmpz_2(out->rows + i, x, modulus, bound, bound);
    if (!ok) check_tensors_clear(out);
  }
  fmpz_clear(x);
  fmpz_clear(modulus);
  fmpz_clear(bound);
  flint_free(rows);
  return ok;
}

/* The kernel modulo this prime, if it is. */
static bool use_known(prime_struct *p, const check_tensors_t *known, int64_t *work) {
  size_t width = p->size * p->size, length = known->length;
  bool ok = width == known->width;
  if (!ok) return false;
  mp_limb_t *room = flint_malloc((width + 1) * sizeof *room);
  p->known = flint_malloc((length * width + 1) * sizeof *p->known);
  nmod_mat_init(p->inverse, (slong)length, (slong)length, p->mod.n);
  p->num_known = length;
  for (size_t i = 0; i < length * width && ok; i++)
    ok = residue(p->known + i, known->rows + i, p->mod);
  for (size_t k = 0; k < length && ok; k++)
    for (size_t u = 0; u < p->num_uses && ok; u++) {
      if (p->repeated[u]) continue;
      ok = spend(work, apply_work(p, u, true));
      if (ok) apply(room, p, u, p->known + k * width, true);
      ok = ok && _nmod_vec_is_zero(room, (slong)width);
    }
  nmod_mat_t gram;
  nmod_mat_init(gram, (slong)length, (slong)length, p->mod.n);
  for (size_t k = 0; k < length && ok; k++)
    for (size_t j = 0; j < length; j++)
      nmod_mat_entry(gram, (slong)k, (slong)j) =
          inner(p->known + k * width, p->known + j * width, width, p->mod);
  ok = ok && nmod_mat_inv(p->inverse, gram);
  nmod_mat_clear(gram);
  flint_free(room);
  return ok;
}

/* x becomes its projection on the kernel that is known. */
static bool project_known(mp_limb_t *x, const prime_struct *p, int64_t *work) {
  size_t width = p->size * p->size;
  mp_limb_t *c = flint_malloc((p->num_known + 1) * sizeof *c);
  for (size_t k = 0; k < p->num_known; k++)
    c[k] = inner(p->known + k * width, x, width, p->mod);
  memset(x, 0, width * sizeof *x);
  for (size_t k = 0; k < p->num_known; k++) {
    mp_limb_t sum = 0;
    for (size_t j = 0; j < p->num_known; j++)
      sum = nmod_addmul(sum, nmod_mat_entry(p->inverse, (slong)k, (slong)j), c[j], p->mod);
    _nmod_vec_scalar_addmul_nmod(x, p->known + k * width, (slong)width, sum, p->mod);
  }
  flint_free(c);
  return spend(work, 2 * p->num_known * width);
}

/* --- setting up --------------------------------------------------------------------- */

static mp_limb_t random_prime(void) {
  uint64_t bits = 0;
  if (getrandom(&bits, sizeof bits, 0) != (ssize_t)sizeof bits) flint_abort();
  return n_nextprime((UINT64_C(1) << 60) + (bits >> 5), 0);
}

static void prime_clear(prime_struct *p) {
  for (size_t u = 0; u < p->num_uses; u++) flint_free(p->k[u].entries);
  if (p->has_cyclic) check_cyclic_clear(p->cyclic);
  flint_free(p->k);
  flint_free(p->repeated);
  flint_free(p->fixed);
  flint_free(p->average);
  flint_free(p->known);
  if (p->num_known) nmod_mat_clear(p->inverse);
  flint_free(p);
}

static bool has_shared(const check_generators_struct *g) {
  bool *used = flint_calloc(g->num_parameters + 1, sizeof *used), shared = false;
  for (size_t u = 0; u < g->num_uses && !shared; u++) {
    size_t k = g->uses[u].parameter;
    if (k >= g->num_parameters) continue;
    shared = used[k];
    used[k] = true;
  }
  flint_free(used);
  return shared;
}

/* x, which is (a b^T + b a^T)/2, becomes its projection on the invariant tensors; what it
   has outside of W (x) W (check_cyclic.h) may be left out where only products with
   K_j (x) K_j of the average are asked for: by W, else by conjugate gradients. */
static bool average(mp_limb_t *x, const prime_struct *p, const mp_limb_t *a,
                    const mp_limb_t *b, int64_t *work) {
  if (p->num_known) return project_known(x, p, work);
  if (p->has_cyclic && check_cyclic_average(x, p->cyclic, a, b, work)) return true;
  return project(x, p, true, work);
}

/* By the distinct K_j. */
static void find_cyclic(prime_struct *p, int64_t *work) {
  check_operator_t *k = flint_malloc((p->num_uses + 1) * sizeof *k);
  size_t count = 0;
  for (size_t u = 0; u < p->num_uses; u++)
    if (!p->repeated[u]) k[count++] = p->k[u];
  p->has_cyclic = !_nmod_vec_is_zero(p->fixed, (slong)p->size) &&
                  check_cyclic_init(p->cyclic, k, count, p->size, p->fixed, p->mod, work);
  flint_free(k);
}

/* tensors: the average as well. known: NULL, or the kernel. */
static prime_struct *prime_new(check_sums_struct *sums, const pauli_sum_struct *o,
                               bool tensors, const check_tensors_t *known) {
  const check_generators_struct *g = sums->generators;
  prime_struct *p = flint_calloc(1, sizeof *p);
  size_t n = p->size = sums->strings->length;
  nmod_init(&p->mod, random_prime());
  p->num_uses = g->num_uses;
  p->k = flint_calloc(g->num_uses + 1, sizeof *p->k);
  p->repeated = flint_calloc(g->num_uses + 1, sizeof *p->repeated);
  p->fixed = flint_calloc(n + 1, sizeof *p->fixed);
  p->average = flint_calloc(tensors ? n * n + 1 : 1, sizeof *p->average);
  p->shared = has_shared(g);
  bool ok = true;
  for (size_t u = 0; u < g->num_uses && ok; u++) {
    ok = spend(&sums->work_left, COMPARISON * u);
    for (size_t v = 0; v < u && ok && !p->repeated[u]; v++)
      p->repeated[u] = pauli_sum_equal(g->uses[u].sum, g->uses[v].sum);
    ok = ok && make_operator(p->k + u, p->mod, sums->strings, g->uses[u].sum);
  }
  for (size_t t = 0; t < o->length && ok; t++)
    ok = residue(p->fixed +
                     row_table_find(sums->strings, pauli_sum_string(o, t)),
                 o->coeffs + t, p->mod);
  for (size_t i = 0; i < n && tensors; i++)
    for (size_t j = 0; j < n; j++)
      p->average[i * n + j] = nmod_mul(p->fixed[i], p->fixed[j], p->mod);
  if (ok && known) ok = use_known(p, known, &sums->work_left);
  if (ok && tensors && !known && n >= LEAST_CYCLIC) find_cyclic(p, &sums->work_left);
  ok = ok && (!tensors || average(p->average, p, p->fixed, p->fixed, &sums->work_left)) &&
       project(p->fixed, p, false, &sums->work_left);
  if (ok) return p;
  prime_clear(p);
  return NULL;
}

static bool init(check_sums_struct *sums, const check_generators_struct *generators,
                 const pauli_sum_struct *observable, bool tensors,
                 const check_tensors_t *known, int64_t work) {
  *sums = (check_sums_struct){.generators = generators, .work_left = work};
  bool ok = reach(sums->strings, generators, observable,
                  tensors ? MAX_STRINGS : MAX_MEAN_STRINGS, &sums->work_left);
  for (size_t k = 0; k < CHECK_SUMS_PRIMES && ok; k++)
    ok = (sums->per_prime[k] = prime_new(sums, observable, tensors, known)) != NULL;
  if (!ok) check_sums_clear(sums);
  return ok;
}

bool check_sums_init(check_sums_t sums, const check_generators_t generators,
                     const pauli_sum_struct *observable, int64_t work) {
  return init(sums, generators, observable, true, NULL, work);
}

bool check_sums_init_mean(check_sums_t sums, const check_generators_t generators,
                          const pauli_sum_struct *observable, int64_t work) {
  return init(sums, generators, observable, false, NULL, work);
}

bool check_sums_init_known(check_sums_t sums, const check_generators_t generators,
                           const pauli_sum_struct *observable, const check_tensors_t *known,
                           int64_t work) {
  return init(sums, generators, observable, true, known, work);
}

void check_sums_clear(check_sums_t sums) {
  for (size_t k = 0; k < CHECK_SUMS_PRIMES; k++)
    if (sums->per_prime[k]) prime_clear(sums->per_prime[k]);
  row_table_clear(sums->strings);
}

/* --- claims ------------------------------------------------------------------------- */

/* Tr(rho P) over S; false when a denominator vanishes. */
static bool read_state(mp_limb_t *out, const check_sums_struct *sums,
                       const prime_struct *p, const quantum_state_t state) {
  fmpq_t value;
  bool ok = true;
  fmpq_init(value);
  for (size_t i = 0; i < p->size && ok; i++) {
    quantum_state_expectation(value, state, row_table_row(sums->strings, i));
    ok = residue(out + i, value, p->mod);
  }
  fmpq_clear(value);
  return ok;
}

static bool is_residue(const fmpq_t claimed, mp_limb_t value, nmod_t mod) {
  mp_limb_t said;
  return residue(&said, claimed, mod) && said == value;
}

bool check_sums_mean(const check_sums_t sums, const quantum_state_t state,
                     const fmpq_t claimed) {
  bool ok = true;
  for (size_t k = 0; k < CHECK_SUMS_PRIMES && ok; k++) {
    const prime_struct *p = sums->per_prime[k];
    mp_limb_t *r = flint_malloc((p->size + 1) * sizeof *r);
    ok = read_state(r, sums, p, state) &&
         is_residue(claimed, inner(r, p->fixed, p->size, p->mod), p->mod);
    flint_free(r);
  }
  return ok;
}

/* E[l_r l_s] */
static mp_limb_t product_of(const prime_struct *p, const mp_limb_t *r,
                            const mp_limb_t *s) {
  mp_limb_t sum = 0;
  for (size_t i = 0; i < p->size; i++)
    if (r[i])
      sum = nmod_addmul(sum, r[i], inner(p->average + i * p->size, s, p->size, p->mod),
                        p->mod);
  return sum;
}

bool check_sums_second(const check_sums_t sums, const quantum_state_t state,
                       const fmpq_t claimed) {
  bool ok = true;
  for (size_t k = 0; k < CHECK_SUMS_PRIMES && ok; k++) {
    const prime_struct *p = sums->per_prime[k];
    mp_limb_t *r = flint_malloc((p->size + 1) * sizeof *r);
    ok = read_state(r, sums, p, state) && is_residue(claimed, product_of(p, r, r), p->mod);
    flint_free(r);
  }
  return ok;
}

bool check_sums_covariance(const check_sums_t sums, const quantum_state_t a,
                           const quantum_state_t b, const fmpq_t claimed) {
  bool ok = true;
  for (size_t k = 0; k < CHECK_SUMS_PRIMES && ok; k++) {
    const prime_struct *p = sums->per_prime[k];
    size_t n = p->size;
    mp_limb_t *r = flint_malloc(2 * (n + 1) * sizeof *r), *s = r + n;
    ok = read_state(r, sums, p, a) && read_state(s, sums, p, b);
    mp_limb_t sum = ok ? product_of(p, r, s) : 0;
    mp_limb_t means = nmod_mul(inner(r, p->fixed, n, p->mod),
                               inner(s, p->fixed, n, p->mod), p->mod);
    ok = ok && is_residue(claimed, nmod_sub(sum, means, p->mod), p->mod);
    flint_free(r);
  }
  return ok;
}

/* <y, (K (x) K') average>, K and K' given by entries. */
static mp_limb_t slope(const prime_struct *p, const check_operator_t *k,
                       const check_operator_t *other, const mp_limb_t *y) {
  size_t n = p->size;
  mp_limb_t *x = flint_calloc(2 * n * n + 1, sizeof *x), *z = x + n * n;
  check_operator_add(x, k, p->average, n, p->mod);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++) {
      mp_limb_t t = x[i * n + j];
      x[i * n + j] = x[j * n + i];
      x[j * n + i] = t;
    }
  check_operator_add(z, other, x, n, p->mod);
  mp_limb_t sum = inner(y, z, n * n, p->mod);
  flint_free(x);
  return sum;
}

/* *out += 2 sum_s <y, (K_X (x) K_P) average>; false when it is not covered. */
static bool add_pairs(mp_limb_t *out, check_sums_struct *sums,
                      const prime_struct *p, const mp_limb_t *y,
                      size_t parameter, bool in_pi) {
  check_pairs_t pairs;
  bool ok = check_pairs_init(pairs, sums->generators, parameter, in_pi);
  if (!ok) return false;
  for (size_t i = 0; i < pairs->length && ok; i++) {
    const check_pair_struct *pair = pairs->list + i;
    check_operator_t at = {0}, earlier = {0};
    ok = pair->earlier->length * p->size <= MAX_ENTRIES &&
         make_operator(&at, p->mod, sums->strings, pair->at) &&
         make_operator(&earlier, p->mod, sums->strings, pair->earlier) &&
         spend(&sums->work_left, (at.length + earlier.length + p->size) * p->size);
    if (ok) {
      mp_limb_t x = slope(p, &earlier, &at, y);
      *out = nmod_add(*out, nmod_add(x, x, p->mod), p->mod);
    }
    flint_free(at.entries);
    flint_free(earlier.entries);
  }
  check_pairs_clear(pairs);
  return ok;
}

/* value[k] (0 before), k < num: of parameter k, without pi^2 where in_pi[k]. */
static void add_slopes(mp_limb_t *value, bool *in_pi, check_sums_struct *sums,
                       const prime_struct *p, const mp_limb_t *y, size_t num,
                       bool *covered) {
  const check_generators_struct *g = sums->generators;
  size_t *uses = flint_calloc(num + 1, sizeof *uses);
  mp_limb_t *known = flint_calloc(g->num_uses + 1, sizeof *known);
  bool *mixed = flint_malloc((g->num_parameters + 1) * sizeof *mixed);
  check_generators_units(in_pi, mixed, g);
  for (size_t u = 0; u < g->num_uses; u++) {
    size_t k = g->uses[u].parameter, v = 0;
    if (!spend(&sums->work_left, COMPARISON * u)) break;
    while (v < u && !pauli_sum_equal(g->uses[u].sum, g->uses[v].sum)) v++;
    if (v == u && !spend(&sums->work_left, 2 * apply_work(p, u, true))) break;
    known[u] = v < u ? known[v]
                     : slope(p, p->k + u, p->k + u, y);
    if (k >= num) continue;
    uses[k]++;
    if (mixed[k] && g->uses[u].times_pi && known[u]) *covered = false;
    value[k] = nmod_add(value[k], nmod_mul(known[u], g->uses[u].root, p->mod), p->mod);
  }
  for (size_t k = 0; k < num && *covered; k++)
    if (uses[k] > 1) *covered = add_pairs(value + k, sums, p, y, k, in_pi[k]);
  flint_free(uses);
  flint_free(known);
  flint_free(mixed);
}

/* The projection of (r s^T + s r^T)/2, r and s the states on the strings. */
static bool project_states(mp_limb_t *y, check_sums_struct *sums, const prime_struct *p,
                           const quantum_state_struct *a, const quantum_state_struct *b) {
  size_t n = p->size;
  mp_limb_t *r = flint_malloc(2 * (n + 1) * sizeof *r), *s = r + n;
  mp_limb_t half = n_invmod(2, p->mod.n);
  bool ok = read_state(r, sums, p, a) && read_state(s, sums, p, b);
  for (size_t i = 0; i < n && ok; i++)
    for (size_t j = 0; j < n; j++) {
      mp_limb_t both = nmod_mul(r[i], s[j], p->mod);
      y[i * n + j] = nmod_mul(nmod_addmul(both, s[i], r[j], p->mod), half, p->mod);
    }
  if (ok) ok = p->shared && !p->num_known ? project(y, p, true, &sums->work_left)
                                          : average(y, p, r, s, &sums->work_left);
  flint_free(r);
  return ok;
}

bool check_sums_residues(mp_limb_t *out, mp_limb_t *prime, bool *covered,
                         check_sums_t sums, const quantum_state_t state,
                         size_t num_parameters) {
  const prime_struct *p = sums->per_prime[0];
  size_t n = p->size;
  mp_limb_t *r = flint_malloc((n * n + n + 1) * sizeof *r), *y = r + n;
  bool *in_pi = flint_malloc((sums->generators->num_parameters + 1) * sizeof *in_pi);
  bool ok = read_state(r, sums, p, state);
  *prime = p->mod.n;
  *covered = true;
  if (ok) {
    memset(out, 0, (num_parameters + 2) * sizeof *out);
    out[0] = inner(r, p->fixed, n, p->mod);
    out[1] = product_of(p, r, r);
  }
  if (ok && num_parameters) {
    ok = project_states(y, sums, p, state, state);
    if (ok) add_slopes(out + 2, in_pi, sums, p, y, num_parameters, covered);
  }
  flint_free(r);
  flint_free(in_pi);
  return ok && sums->work_left >= 0;
}

answer_t check_sums_gradient(size_t *wrong, bool *covered, check_sums_t sums,
                             const quantum_state_t state, const fmpq *claimed,
                             size_t num_parameters) {
  answer_t answer = ANSWER_YES;
  *covered = true;
  for (size_t k = 0; k < CHECK_SUMS_PRIMES && answer == ANSWER_YES; k++) {
    const prime_struct *p = sums->per_prime[k];
    mp_limb_t *y = flint_malloc((p->size * p->size + 1) * sizeof *y);
    mp_limb_t *value = flint_calloc(num_parameters + 1, sizeof *value);
    bool *in_pi = flint_malloc((sums->generators->num_parameters + 1) * sizeof *in_pi);
    bool ok = project_states(y, sums, p, state, state);
    if (ok) add_slopes(value, in_pi, sums, p, y, num_parameters, covered);
    *wrong = num_parameters;
    for (size_t j = num_parameters; j-- > 0 && ok;)
      if (!is_residue(claimed + j, value[j], p->mod)) *wrong = j;
    if (!ok || sums->work_left < 0) answer = ANSWER_UNDECIDED;
    else if (*wrong < num_parameters) answer = ANSWER_NO;
    flint_free(y);
    flint_free(value);
    flint_free(in_pi);
  }
  return answer;
}

answer_t check_sums_kernel(check_sums_t sums, const quantum_state_t a,
                           const quantum_state_t b, const fmpq_t claimed) {
  answer_t answer = ANSWER_YES;
  size_t num = sums->generators->num_parameters;
  bool covered = true;
  for (size_t k = 0; k < CHECK_SUMS_PRIMES && answer == ANSWER_YES; k++) {
    const prime_struct *p = sums->per_prime[k];
    mp_limb_t *y = flint_malloc((p->size * p->size + 1) * sizeof *y), total = 0;
    mp_limb_t *value = flint_calloc(num + 1, sizeof *value);
    bool *in_pi = flint_malloc((num + 1) * sizeof *in_pi);
    bool ok = project_states(y, sums, p, a, b);
    if (ok) add_slopes(value, in_pi, sums, p, y, num, &covered);
    for (size_t j = 0; j < num && ok; j++) {
      covered = covered && !(in_pi[j] && value[j]);
      total = nmod_add(total, value[j], p->mod);
    }
    if (!ok || !covered || sums->work_left < 0) answer = ANSWER_UNDECIDED;
    else if (!is_residue(claimed, total, p->mod)) answer = ANSWER_NO;
    flint_free(y);
    flint_free(value);
    flint_free(in_pi);
  }
  return answer;
}
