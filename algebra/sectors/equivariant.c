#include "algebra/sectors/equivariant.h"

#include <stdlib.h>

#include "algebra/base/stream.h"
#include "algebra/sectors/full_sector.h"
#include "algebra/sectors/sector_space.h"

enum { MAX_TRIALS = 4 };

/* --- parities ----------------------------------------------------------------------------- */

/* Do all generators commute with the string of n letters (0 X, 1 Y, 2 Z)? */
static bool has_parity(const equivariant_struct *e, unsigned letter) {
  size_t n = e->num_qubits;
  for (size_t j = 0; j < e->num_generators; j++)
    for (size_t a = 0; a <= n; a++)
      for (size_t b = 0; a + b <= n; b++)
        for (size_t c = 0; a + b + c <= n; c++) {
          size_t others = letter == 0 ? b + c : letter == 1 ? a + c : a + b;
          if ((others & 1) &&
              !fmpq_is_zero(e->tables[j]->coeff + type_at(n, a, b, c)))
            return false;
        }
  return true;
}

static void sector_append(equivariant_struct *e, size_t m, const size_t *first,
                          const size_t *second, size_t dimension, int sign) {
  if (!dimension) return;
  e->list = flint_realloc(e->list, (e->length + 1) * sizeof *e->list);
  equivariant_sector_struct *s = e->list + e->length++;
  *s = (equivariant_sector_struct){.m = m, .dimension = dimension, .sign = sign};
  s->first = flint_malloc(dimension * sizeof *s->first);
  s->second = flint_malloc(dimension * sizeof *s->second);
  for (size_t i = 0; i < dimension; i++) {
    s->first[i] = first[i];
    s->second[i] = second[i];
  }
  s->traces = _fmpq_vec_init((slong)e->num_generators + 1);
  fmpz_t t;
  fmpz_init(t);
  fmpz_init(s->multiplicity);
  fmpz_bin_uiui(s->multiplicity, e->num_qubits, m);
  if (m) fmpz_bin_uiui(t, e->num_qubits, m - 1);
  fmpz_sub(s->multiplicity, s->multiplicity, t);
  fmpz_clear(t);
}

/* The parts of V_m: q = parity modulo step, and v_q +- v_(N-q) when swapped. */
static void split_module(equivariant_struct *e, size_t m, size_t step, bool swapped) {
  size_t N = e->num_qubits - 2 * m;
  size_t *first = flint_malloc((N + 2) * sizeof *first);
  size_t *second = flint_malloc((N + 2) * sizeof *second);
  for (size_t parity = 0; parity < step; parity++)
    for (int sign = swapped ? 1 : 0; sign >= (swapped ? -1 : 0); sign -= 2) {
      size_t count = 0;
      for (size_t q = parity; q <= N; q += step) {
        if (swapped && (2 * q > N || (sign < 0 && 2 * q == N))) continue;
        first[count] = q;
        second[count++] = swapped ? N - q : q;
      }
      sector_append(e, m, first, second, count, sign);
    }
  flint_free(first);
  flint_free(second);
}

static bool split(equivariant_struct *e) {
  bool x = has_parity(e, 0), y = has_parity(e, 1), z = has_parity(e, 2);
  bool all = x && z; /* then y */
  if (all && e->num_qubits % 2) return false; /* every spin twice */
  e->turns = z ? 0 : x ? 2 : y ? 1 : 0;
  for (size_t j = 0; j < e->num_generators; j++)
    type_table_rotate(e->tables[j], e->turns);
  for (size_t m = 0; 2 * m <= e->num_qubits; m++)
    split_module(e, m, x || y || z ? 2 : 1, all);
  return true;
}

/* --- parts of matrices ------------------------------------------------------------------------ */

/* The coefficient of basis vector i of k in column `col` of a, 0 or 1 times col. */
static void add_coefficient(fmpz_t out, const fmpz_mat_t a,
                            const equivariant_sector_struct *k, size_t i, slong col,
                            int sign) {
  size_t q = k->first[i], p = k->second[i];
  fmpz_t v;
  fmpz_init(v);
  fmpz_set(v, fmpz_mat_entry(a, (slong)q, col));
  if (k->sign && p != q) { /* of v_q +- v_p: half of both */
    if (k->sign > 0) fmpz_add(v, v, fmpz_mat_entry(a, (slong)p, col));
    else fmpz_sub(v, v, fmpz_mat_entry(a, (slong)p, col));
  } else if (k->sign) {
    fmpz_mul_2exp(v, v, 1);
  }
  if (sign > 0) fmpz_add(out, out, v);
  else fmpz_sub(out, out, v);
  fmpz_clear(v);
}

void equivariant_part(gauss_matrix_t out, const gauss_matrix_t whole,
                      const equivariant_sector_struct *k,
                      const equivariant_sector_struct *l) {
  fmpz_mat_zero(out->re);
  fmpz_mat_zero(out->im);
  for (size_t i = 0; i < k->dimension; i++)
    for (size_t j = 0; j < l->dimension; j++) {
      fmpz *re = fmpz_mat_entry(out->re, (slong)i, (slong)j);
      fmpz *im = fmpz_mat_entry(out->im, (slong)i, (slong)j);
      size_t q = l->first[j], p = l->second[j];
      add_coefficient(re, whole->re, k, i, (slong)q, 1);
      add_coefficient(im, whole->im, k, i, (slong)q, 1);
      if (l->sign && p != q) {
        add_coefficient(re, whole->re, k, i, (slong)p, l->sign);
        add_coefficient(im, whole->im, k, i, (slong)p, l->sign);
      }
    }
  fmpz_set(out->den, whole->den);
  if (k->sign) fmpz_mul_2exp(out->den, out->den, 1);
  gauss_matrix_reduce(out);
}

/* --- what acts ----------------------------------------------------------------------------------- */

typedef struct {
  sector_prime_struct prime;
  size_t count;     /* of generators */
  nmod_mat_t **on;  /* [sector][generator] */
  nmod_poly_struct *spectrum, *centred; /* of X, of its traceless part */
} recognition_t;

static void commutator(nmod_mat_t out, const nmod_mat_t a, const nmod_mat_t b) {
  nmod_mat_t t;
  nmod_mat_init(t, nmod_mat_nrows(a), nmod_mat_ncols(a), a->mod.n);
  nmod_mat_mul(t, b, a);
  nmod_mat_mul(out, a, b);
  nmod_mat_sub(out, out, t);
  nmod_mat_clear(t);
}

static void combination(nmod_mat_t out, const recognition_t *r, size_t k,
                        uint64_t *seed) {
  nmod_mat_zero(out);
  for (size_t j = 0; j < r->count; j++)
    nmod_mat_scalar_addmul_ui(out, out, r->on[k][j],
                              stream_next(seed) % r->prime.mod.n);
}

/* L + [M, [M, N]], the same on all sectors for one seed. */
static void random_element(nmod_mat_t out, const recognition_t *r, size_t k,
                           uint64_t *seed) {
  slong d = nmod_mat_nrows(out);
  nmod_mat_t m, n, t;
  nmod_mat_init(m, d, d, r->prime.mod.n);
  nmod_mat_init(n, d, d, r->prime.mod.n);
  nmod_mat_init(t, d, d, r->prime.mod.n);
  combination(out, r, k, seed);
  combination(m, r, k, seed);
  combination(n, r, k, seed);
  commutator(t, m, n);
  commutator(n, m, t);
  nmod_mat_add(out, out, n);
  nmod_mat_clear(m);
  nmod_mat_clear(n);
  nmod_mat_clear(t);
}

static void set_row(nmod_mat_t rows, slong row, const nmod_mat_t a,
                    const mp_limb_t *v, const mp_limb_t *f) {
  slong d = nmod_mat_nrows(a);
  nmod_t mod = a->mod;
  for (slong i = 0; i < d; i++) {
    mp_limb_t left = 0, right = 0;
    for (slong k = 0; k < d; k++) {
      left = nmod_addmul(left, nmod_mat_entry(a, i, k), v[k], mod);
      right = nmod_addmul(right, nmod_mat_entry(a, k, i), f[k], mod);
    }
    nmod_mat_entry(rows, row, i) = left;
    nmod_mat_entry(rows, row, d + i) = right;
  }
}

/* The rank of the header. */
static slong orbit_rank(const nmod_mat_t x, const nmod_mat_t y, uint64_t *seed) {
  slong d = nmod_mat_nrows(x), count = 2 * d + 4;
  nmod_t mod = x->mod;
  nmod_mat_t rows, a;
  mp_limb_t *v = flint_malloc(2 * (size_t)d * sizeof *v), *f = v + d;
  for (slong i = 0; i < 2 * d; i++) v[i] = stream_next(seed) % mod.n;
  nmod_mat_init(rows, count, 2 * d, mod.n);
  nmod_mat_init(a, d, d, mod.n);
  nmod_mat_one(a);
  set_row(rows, 0, a, v, f);
  nmod_mat_set(a, y);
  for (slong k = 1; k < count; k++) {
    set_row(rows, k, a, v, f);
    commutator(a, x, a);
  }
  slong rank = nmod_mat_rank(rows);
  nmod_mat_clear(rows);
  nmod_mat_clear(a);
  flint_free(v);
  return rank;
}

static void set_centred(nmod_poly_t out, const nmod_poly_t f) {
  slong d = nmod_poly_degree(f);
  nmod_t mod = f->mod;
  mp_limb_t mean = nmod_div(nmod_neg(nmod_poly_get_coeff_ui(f, d - 1), mod),
                            (mp_limb_t)d, mod);
  nmod_poly_taylor_shift(out, f, mean);
}

/* p(-t), up to sign. */
static bool is_opposite(const nmod_poly_t f, const nmod_poly_t g) {
  slong d = nmod_poly_degree(f);
  for (slong k = 0; k <= d; k++) {
    mp_limb_t v = nmod_poly_get_coeff_ui(f, k);
    if ((d - k) & 1) v = nmod_neg(v, f->mod);
    if (v != nmod_poly_get_coeff_ui(g, k)) return false;
  }
  return true;
}

static bool is_full(recognition_t *r, size_t k, size_t d) {
  bool ok = d == 1;
  nmod_mat_t x, y;
  nmod_mat_init(x, (slong)d, (slong)d, r->prime.mod.n);
  nmod_mat_init(y, (slong)d, (slong)d, r->prime.mod.n);
  for (uint64_t trial = 0; trial < MAX_TRIALS && (trial == 0 || !ok); trial++) {
    uint64_t seed = 17 + trial, other = 4711 + trial;
    random_element(x, r, k, &seed);
    random_element(y, r, k, &seed);
    if (trial == 0) {
      nmod_mat_charpoly(r->spectrum + k, x);
      set_centred(r->centred + k, r->spectrum + k);
    }
    if (d == 1) break;
    ok = orbit_rank(x, y, &other) == 2 * (slong)d - 1;
    if (ok && d > 2) ok = !is_opposite(r->centred + k, r->centred + k);
  }
  nmod_mat_clear(x);
  nmod_mat_clear(y);
  return ok;
}

/* Neither one ideal nor one module. */
static bool are_apart(const recognition_t *r, size_t k, size_t l) {
  if (nmod_poly_degree(r->centred + k) != nmod_poly_degree(r->centred + l)) return true;
  if (nmod_poly_degree(r->centred + k) == 1)
    return !nmod_poly_equal(r->spectrum + k, r->spectrum + l);
  return !nmod_poly_equal(r->centred + k, r->centred + l) &&
         !is_opposite(r->centred + k, r->centred + l);
}

static bool recognise(recognition_t *r, const equivariant_struct *e) {
  bool ok = true;
  for (size_t k = 0; k < e->length && ok; k++) {
    ok = is_full(r, k, e->list[k].dimension);
    for (size_t l = 0; l < k && ok; l++) ok = are_apart(r, k, l);
  }
  return ok;
}

static void recognition_init(recognition_t *r, const equivariant_struct *e) {
  sector_prime_init(&r->prime, 0);
  r->count = e->num_generators;
  r->on = flint_malloc((e->length + 1) * sizeof *r->on);
  r->spectrum = flint_malloc((e->length + 1) * sizeof *r->spectrum);
  r->centred = flint_malloc((e->length + 1) * sizeof *r->centred);
  for (size_t k = 0; k < e->length; k++) {
    slong d = (slong)e->list[k].dimension;
    r->on[k] = flint_malloc((r->count + 1) * sizeof *r->on[k]);
    for (size_t j = 0; j < r->count; j++)
      nmod_mat_init(r->on[k][j], d, d, r->prime.mod.n);
    nmod_poly_init_mod(r->spectrum + k, r->prime.mod);
    nmod_poly_init_mod(r->centred + k, r->prime.mod);
  }
}

static void recognition_clear(recognition_t *r, const equivariant_struct *e) {
  for (size_t k = 0; k < e->length; k++) {
    for (size_t j = 0; j < r->count; j++) nmod_mat_clear(r->on[k][j]);
    flint_free(r->on[k]);
    nmod_poly_clear(r->spectrum + k);
    nmod_poly_clear(r->centred + k);
  }
  flint_free(r->on);
  flint_free(r->spectrum);
  flint_free(r->centred);
}

/* Generator j on all sectors, and its traces there. */
static bool set_generator(recognition_t *r, equivariant_struct *e, size_t j) {
  size_t n = e->num_qubits;
  type_table_t t;
  bool ok = true;
  type_table_init_set(t, e->tables[j]);
  for (size_t m = 0, k = 0; 2 * m <= n && ok; m++) {
    gauss_matrix_t whole, part;
    gauss_matrix_init(whole, n - 2 * m + 1, n - 2 * m + 1);
    type_table_matrix(whole, t, m, &e->krawtchouk);
    for (; k < e->length && e->list[k].m == m && ok; k++) {
      equivariant_sector_struct *s = e->list + k;
      gauss_matrix_init(part, s->dimension, s->dimension);
      equivariant_part(part, whole, s, s);
      gauss_matrix_trace(s->traces + j, part);
      ok = fmpz_fdiv_ui(part->den, r->prime.mod.n) != 0;
      if (ok) gauss_matrix_get_nmod(r->on[k][j], part, r->prime.root);
      gauss_matrix_clear(part);
    }
    gauss_matrix_clear(whole);
    type_table_fold(t);
  }
  type_table_clear(t);
  return ok;
}

static void set_centre(equivariant_struct *e) {
  fmpq_mat_t traces;
  fmpq_mat_init(traces, (slong)e->length, (slong)e->num_generators);
  for (size_t k = 0; k < e->length; k++)
    for (size_t j = 0; j < e->num_generators; j++)
      fmpq_set(fmpq_mat_entry(traces, (slong)k, (slong)j), e->list[k].traces + j);
  e->centre = (size_t)fmpq_mat_rref(traces, traces);
  fmpq_mat_clear(traces);
}

/* --- all -------------------------------------------------------------------------------------------- */

bool equivariant_init(equivariant_struct *e, const pauli_sum_struct *generators,
                      size_t count, size_t num_qubits,
                      const closure_limits_t *limits) {
  *e = (equivariant_struct){.num_qubits = num_qubits};
  if (num_qubits < 2 || num_qubits > PERMUTATION_MAX_QUBITS || !count) return false;
  bool ok = true;
  e->tables = flint_malloc((count + 1) * sizeof *e->tables);
  for (; e->num_generators < count && ok; e->num_generators++) {
    type_table_init(e->tables[e->num_generators], generators + e->num_generators);
    ok = e->tables[e->num_generators]->symmetric;
  }
  krawtchouk_init(&e->krawtchouk, ok ? num_qubits : 0);
  ok = ok && split(e);
  if (ok) {
    recognition_t r;
    recognition_init(&r, e);
    for (size_t j = 0; j < count && ok; j++)
      ok = set_generator(&r, e, j) &&
           !(limits && limits->abort && limits->abort(limits->abort_data));
    ok = ok && recognise(&r, e);
    if (ok) set_centre(e);
    recognition_clear(&r, e);
  }
  if (!ok) equivariant_clear(e);
  return ok;
}

void equivariant_clear(equivariant_struct *e) {
  for (size_t k = 0; k < e->length; k++) {
    equivariant_sector_struct *s = e->list + k;
    fmpz_clear(s->multiplicity);
    flint_free(s->first);
    flint_free(s->second);
    _fmpq_vec_clear(s->traces, (slong)e->num_generators + 1);
  }
  flint_free(e->list);
  for (size_t j = 0; j < e->num_generators; j++) type_table_clear(e->tables[j]);
  flint_free(e->tables);
  krawtchouk_clear(&e->krawtchouk);
}

static field_t sector_field(const equivariant_sector_struct *s, size_t count) {
  bool traceless = true;
  for (size_t j = 0; j < count; j++)
    traceless = traceless && fmpq_is_zero(s->traces + j);
  if (!traceless) return FIELD_COMPLEX;
  if (s->dimension == 1) return FIELD_REAL;
  return s->dimension == 2 ? FIELD_QUATERNIONIC : FIELD_COMPLEX;
}

void equivariant_structure(structure_t out, const equivariant_struct *e) {
  fmpz_t d, one, part;
  fmpz_init(d);
  fmpz_init_set_ui(one, 1);
  fmpz_init(part);
  fmpz_set_ui(out->center, e->centre);
  fmpz_set_ui(out->dimension, e->centre);
  for (size_t k = 0; k < e->length; k++) {
    const equivariant_sector_struct *s = e->list + k;
    size_t entry = 0;
    field_t field = sector_field(s, e->num_generators);
    fmpz_set_ui(d, s->dimension);
    while (entry < out->num_sectors &&
           !(fmpz_equal(out->sectors[entry].dimension, d) &&
             fmpz_equal(out->sectors[entry].multiplicity, s->multiplicity) &&
             out->sectors[entry].field == field))
      entry++;
    if (entry == out->num_sectors)
      structure_add_sector(out, d, s->multiplicity, one, field);
    else
      fmpz_add_ui(out->sectors[entry].count, out->sectors[entry].count, 1);
    if (s->dimension == 1) continue;
    full_sector_add_action(out, entry, FIELD_COMPLEX, one, false);
    full_sector_add_ideal(out, FIELD_COMPLEX, d, one);
    full_sector_dimension(part, FIELD_COMPLEX, d);
    fmpz_add(out->dimension, out->dimension, part);
  }
  out->proved = out->center_known = out->ideals_known = out->sectors_known =
      out->actions_known = true;
  out->evidence = EVIDENCE_SECTORS;
  fmpz_clear(d);
  fmpz_clear(one);
  fmpz_clear(part);
}
