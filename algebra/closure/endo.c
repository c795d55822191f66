#include <flint/fmpz_mat.h>
#include <flint/nmod_vec.h>
#include <flint/ulong_extras.h>

#include "algebra/base/stream.h"
#include "algebra/closure/module.h"

enum { MAX_PRIMES = 60, COMBINATIONS = 3 };

static mp_limb_t next_prime(mp_limb_t p) {
  do p--;
  while (!n_is_prime(p));
  return p;
}

static mp_limb_t next_random(mp_limb_t *state, nmod_t mod) {
  return stream_next(state) % mod.n;
}

void words_replay(nmod_mat_t out, const words_struct *words,
                  const module_mod_struct *m, const mp_limb_t *w) {
  mp_limb_t *x = flint_malloc(2 * (m->dim + 1) * sizeof *x), *y = x + m->dim;
  for (size_t k = 0; k < words->num; k++) {
    if (words->parent[k] == UINT32_MAX) {
      for (size_t i = 0; i < m->dim; i++)
        nmod_mat_entry(out, (slong)k, (slong)i) = w[i];
      continue;
    }
    for (size_t i = 0; i < m->dim; i++)
      x[i] = nmod_mat_entry(out, (slong)words->parent[k], (slong)i);
    module_mod_apply(y, x, m, words->map[k]);
    for (size_t i = 0; i < m->dim; i++)
      nmod_mat_entry(out, (slong)k, (slong)i) = y[i];
  }
  flint_free(x);
}

static bool is_edge(const words_struct *words, size_t k, size_t map) {
  for (size_t l = k + 1; l < words->num; l++)
    if (words->parent[l] == k && words->map[l] == map) return true;
  return false;
}

/* Random combinations of the relations. Combination c is
     sum_(k,j) r_ckj G_j u_k - sum_l gamma_cl u_l,   zero on v. */
typedef struct {
  size_t num;
  mp_limb_t *r;     /* [c][k][j], zero for the edges of the word tree */
  mp_limb_t *gamma; /* [c][l] */
} relations_struct;

static void relations_init(relations_struct *rel, const words_struct *words,
                           const module_mod_struct *m) {
  size_t dim = m->dim, maps = m->num_maps;
  mp_limb_t state = 12345;
  rel->num = COMBINATIONS;
  rel->r = flint_calloc(rel->num * dim * maps + 1, sizeof *rel->r);
  rel->gamma = flint_calloc(rel->num * dim + 1, sizeof *rel->gamma);
  nmod_mat_t s, y, g;
  nmod_mat_init(s, (slong)dim, (slong)dim, m->mod.n);
  nmod_mat_init(y, (slong)dim, (slong)rel->num, m->mod.n);
  nmod_mat_init(g, (slong)dim, (slong)rel->num, m->mod.n);
  for (size_t k = 0; k < dim; k++)
    for (size_t i = 0; i < dim; i++)
      nmod_mat_entry(s, (slong)i, (slong)k) = words->vectors[k][i];
  mp_limb_t *z = flint_malloc((dim + 1) * sizeof *z);
  for (size_t k = 0; k < dim; k++)
    for (size_t j = 0; j < maps; j++) {
      if (is_edge(words, k, j)) continue;
      module_mod_apply(z, words->vectors[k], m, j);
      for (size_t c = 0; c < rel->num; c++) {
        mp_limb_t r = next_random(&state, m->mod);
        rel->r[(c * dim + k) * maps + j] = r;
        for (size_t i = 0; i < dim; i++)
          if (z[i])
            nmod_mat_entry(y, (slong)i, (slong)c) =
                nmod_add(nmod_mat_entry(y, (slong)i, (slong)c),
                         nmod_mul(r, z[i], m->mod), m->mod);
      }
    }
  nmod_mat_solve(g, s, y);
  for (size_t c = 0; c < rel->num; c++)
    for (size_t l = 0; l < dim; l++)
      rel->gamma[c * dim + l] = nmod_mat_entry(g, (slong)l, (slong)c);
  flint_free(z);
  nmod_mat_clear(s);
  nmod_mat_clear(y);
  nmod_mat_clear(g);
}

/* out (num * dim) = the combinations applied to w. */
static void relations_apply(mp_limb_t *out, const relations_struct *rel,
                            const words_struct *words,
                            const module_mod_struct *m, const mp_limb_t *w,
                            nmod_mat_t room) {
  size_t dim = m->dim, maps = m->num_maps;
  memset(out, 0, rel->num * dim * sizeof *out);
  words_replay(room, words, m, w);
  mp_limb_t *x = flint_malloc((dim + 1) * sizeof *x);
  for (size_t c = 0; c < rel->num; c++)
    for (size_t l = 0; l < dim; l++) {
      for (size_t i = 0; i < dim; i++)
        x[i] = nmod_mat_entry(room, (slong)l, (slong)i);
      _nmod_vec_scalar_addmul_nmod(out + c * dim, x, (slong)dim,
                                   nmod_neg(rel->gamma[c * dim + l], m->mod),
                                   m->mod);
    }
  /* sum_j G_j (sum_k r_kj u_k w). */
  mp_limb_t *sum = flint_malloc((dim + 1) * sizeof *sum);
  for (size_t c = 0; c < rel->num; c++)
    for (size_t j = 0; j < maps; j++) {
      memset(sum, 0, dim * sizeof *sum);
      for (size_t k = 0; k < dim; k++) {
        mp_limb_t r = rel->r[(c * dim + k) * maps + j];
        for (size_t i = 0; r && i < dim; i++)
          sum[i] = nmod_add(
              sum[i], nmod_mul(r, nmod_mat_entry(room, (slong)k, (slong)i),
                               m->mod), m->mod);
      }
      module_mod_apply(x, sum, m, j);
      _nmod_vec_add(out + c * dim, out + c * dim, x, (slong)dim, m->mod);
    }
  flint_free(sum);
  flint_free(x);
}

/* Candidates for w to begin with: what every map that kills v kills, and the
   killer. Rows of out. */
static void first_candidates(nmod_mat_t out, const module_mod_struct *m,
                             const mp_limb_t *v,
                             const endo_killer_t *killer) {
  slong dim = (slong)m->dim;
  nmod_mat_init(out, dim, dim, m->mod.n);
  for (slong i = 0; i < dim; i++) nmod_mat_entry(out, i, i) = 1;
  mp_limb_t *x = flint_malloc(2 * (m->dim + 1) * sizeof *x), *y = x + dim;
  for (size_t j = 0; j <= m->num_maps; j++) {
    nmod_mat_t image, kernel, next, matrix;
    if (j == m->num_maps && !killer) break;
    if (j < m->num_maps) {
      module_mod_apply(y, v, m, j);
      if (!_nmod_vec_is_zero(y, dim)) continue;
    }
    nmod_mat_init(image, nmod_mat_nrows(out), dim, m->mod.n);
    if (j < m->num_maps) {
      for (slong r = 0; r < nmod_mat_nrows(out); r++) {
        for (slong i = 0; i < dim; i++) x[i] = nmod_mat_entry(out, r, i);
        module_mod_apply(y, x, m, j);
        for (slong i = 0; i < dim; i++) nmod_mat_entry(image, r, i) = y[i];
      }
    } else {
      nmod_mat_init(matrix, dim, dim, m->mod.n);
      killer->set(matrix, m, killer->data);
      nmod_mat_mul(image, out, matrix);
      nmod_mat_clear(matrix);
    }
    module_mod_left_kernel(kernel, image);
    nmod_mat_init(next, nmod_mat_nrows(kernel), dim, m->mod.n);
    nmod_mat_mul(next, kernel, out);
    nmod_mat_clear(out);
    *out = *next;
    nmod_mat_clear(image);
    nmod_mat_clear(kernel);
  }
  flint_free(x);
}

/* Solutions w modulo one prime, reduced echelon rows. False: v not cyclic.
   fixed_only: only what the maps that kill v kill. */
static bool solve_modulo(nmod_mat_t w, const module_mod_struct *m,
                         const mp_limb_t *v, const endo_killer_t *killer,
                         bool fixed_only, const closure_limits_t *limits) {
  if (fixed_only) {
    module_mod_fixed(w, m, v);
    return true;
  }
  mp_limb_t *seed = flint_malloc((m->dim + 1) * sizeof *seed);
  memcpy(seed, v, m->dim * sizeof *seed);
  words_struct words;
  words_init(&words, m, &seed, 1, limits);
  bool ok = words.num == m->dim;
  if (ok) {
    nmod_mat_t first, image, kernel, room;
    relations_struct rel;
    relations_init(&rel, &words, m);
    first_candidates(first, m, v, killer);
    slong count = nmod_mat_nrows(first), wide = (slong)(rel.num * m->dim);
    nmod_mat_init(image, count, wide, m->mod.n);
    nmod_mat_init(room, (slong)m->dim, (slong)m->dim, m->mod.n);
    mp_limb_t *out = flint_malloc(((size_t)wide + 1) * sizeof *out);
    for (slong r = 0; r < count && !limits_abort(limits); r++) {
      for (size_t i = 0; i < m->dim; i++)
        seed[i] = nmod_mat_entry(first, r, (slong)i);
      relations_apply(out, &rel, &words, m, seed, room);
      for (slong i = 0; i < wide; i++) nmod_mat_entry(image, r, i) = out[i];
    }
    module_mod_left_kernel(kernel, image);
    nmod_mat_init(w, nmod_mat_nrows(kernel), (slong)m->dim, m->mod.n);
    nmod_mat_mul(w, kernel, first);
    nmod_mat_rref(w);
    flint_free(out);
    flint_free(rel.r);
    flint_free(rel.gamma);
    nmod_mat_clear(first);
    nmod_mat_clear(image);
    nmod_mat_clear(kernel);
    nmod_mat_clear(room);
  }
  words_clear(&words);
  flint_free(seed);
  return ok;
}

/* Chinese remainders of matrices; starts over when the shape changes. */
typedef struct {
  fmpz_mat_t residues;
  fmpz_t modulus;
  bool any;
} crt_struct;

static void crt_init(crt_struct *crt) {
  fmpz_mat_init(crt->residues, 0, 0);
  fmpz_init_set_ui(crt->modulus, 1);
  crt->any = false;
}
static void crt_clear(crt_struct *crt) {
  fmpz_mat_clear(crt->residues);
  fmpz_clear(crt->modulus);
}

static void crt_add(crt_struct *crt, const nmod_mat_t a) {
  if (crt->any && fmpz_mat_nrows(crt->residues) != nmod_mat_nrows(a)) {
    /* The nullity over Q is the least one seen. */
    if (nmod_mat_nrows(a) > fmpz_mat_nrows(crt->residues)) return;
    crt->any = false;
  }
  if (!crt->any) {
    fmpz_mat_clear(crt->residues);
    fmpz_mat_init(crt->residues, nmod_mat_nrows(a), nmod_mat_ncols(a));
    fmpz_one(crt->modulus);
    crt->any = true;
  }
  fmpz_mat_CRT_ui(crt->residues, crt->residues, crt->modulus, a, 0);
  fmpz_mul_ui(crt->modulus, crt->modulus, a->mod.n);
}

static bool is_reduced_echelon(const fmpq_mat_t w, size_t *pivots) {
  slong last = -1;
  for (slong i = 0; i < fmpq_mat_nrows(w); i++) {
    slong j = 0;
    while (j < fmpq_mat_ncols(w) && fmpq_is_zero(fmpq_mat_entry(w, i, j))) j++;
    if (j <= last || j == fmpq_mat_ncols(w) ||
        !fmpq_is_one(fmpq_mat_entry(w, i, j)))
      return false;
    pivots[i] = (size_t)j;
    last = j;
  }
  return true;
}

/* phi modulo a prime: words of w over words of v. */
static bool matrix_modulo(nmod_mat_t phi, const module_mod_struct *m,
                          const fmpq_mat_t v, const fmpq_mat_t w) {
  mp_limb_t *a = flint_malloc(2 * (m->dim + 1) * sizeof *a), *b = a + m->dim;
  words_struct words;
  nmod_mat_t s, t;
  bool ok = module_row_mod(a, v, 0, m->mod) && module_row_mod(b, w, 0, m->mod);
  if (!ok) memset(a, 0, m->dim * sizeof *a);
  words_init(&words, m, &a, 1, NULL);
  ok = ok && words.num == m->dim;
  nmod_mat_init(s, (slong)m->dim, (slong)m->dim, m->mod.n);
  nmod_mat_init(t, (slong)m->dim, (slong)m->dim, m->mod.n);
  if (ok) {
    words_replay(s, &words, m, a);
    words_replay(t, &words, m, b);
    ok = nmod_mat_solve(phi, s, t); /* s phi = t */
  }
  nmod_mat_clear(s);
  nmod_mat_clear(t);
  words_clear(&words);
  flint_free(a);
  return ok;
}

/* Does phi commute with every map, exactly, and carry v to w? */
static bool commutes(const fmpq_mat_t phi, const module_struct *module,
                     const fmpq_mat_t v, const fmpq_mat_t w) {
  slong dim = (slong)module->dim;
  fmpq_mat_t row, image, sum;
  fmpq_mat_init(row, 1, dim);
  fmpq_mat_init(image, 1, dim);
  fmpq_mat_init(sum, 1, dim);
  fmpq_mat_mul(sum, v, phi);
  bool ok = fmpq_mat_equal(sum, w);
  for (slong k = 0; k < dim && ok; k++) {
    for (slong i = 0; i < dim; i++)
      fmpq_set(fmpq_mat_entry(row, 0, i), fmpq_mat_entry(phi, k, i));
    for (size_t j = 0; j < module->num_maps && ok; j++) {
      module_apply(image, row, module, j); /* G_j phi(b_k) */
      const sparse_vector_struct *b = module_image(module, j, (size_t)k);
      for (uint32_t e = 0; e < b->length; e++)
        for (slong i = 0; i < dim; i++)
          if (!fmpq_is_zero(fmpq_mat_entry(phi, (slong)b->idx[e], i)))
            fmpq_submul(fmpq_mat_entry(image, 0, i), b->val + e,
                        fmpq_mat_entry(phi, (slong)b->idx[e], i));
      ok = fmpq_mat_is_zero(image);
    }
  }
  fmpq_mat_clear(row);
  fmpq_mat_clear(image);
  fmpq_mat_clear(sum);
  return ok;
}

status_t endo_matrix(fmpq_mat_t phi, const module_struct *module,
                     const fmpq_mat_t v, const fmpq_mat_t w,
                     const closure_limits_t *limits) {
  crt_struct crt;
  crt_init(&crt);
  status_t status = STATUS_UNDECIDED;
  mp_limb_t p = UINT64_C(1) << 59;
  for (int round = 0; round < MAX_PRIMES && status == STATUS_UNDECIDED;
       round++) {
    module_mod_struct m;
    nmod_mat_t a;
    if (limits_abort(limits)) {
      status = STATUS_LIMIT;
      break;
    }
    p = next_prime(p);
    bool good = module_mod_init(&m, module, p);
    nmod_mat_init(a, (slong)module->dim, (slong)module->dim, p);
    good = good && matrix_modulo(a, &m, v, w);
    module_mod_clear(&m);
    if (good) {
      crt_add(&crt, a);
      if (fmpq_mat_set_fmpz_mat_mod_fmpz(phi, crt.residues, crt.modulus) &&
          commutes(phi, module, v, w))
        status = STATUS_OK;
    }
    nmod_mat_clear(a);
  }
  crt_clear(&crt);
  return status;
}

static status_t find(endo_struct *endo, const module_struct *module,
                     const fmpq_mat_t v, const endo_killer_t *killer,
                     bool fixed_only, const closure_limits_t *limits) {
  crt_struct crt;
  crt_init(&crt);
  status_t status = STATUS_UNDECIDED;
  mp_limb_t p = UINT64_C(1) << 59;
  mp_limb_t *seed = flint_malloc((module->dim + 1) * sizeof *seed);
  size_t *pivots = flint_malloc((module->dim + 1) * sizeof *pivots);
  fmpq_mat_t last;
  fmpq_mat_init(last, 0, 0);
  bool have = false;
  int failures = 0;
  for (int round = 0; round < MAX_PRIMES && failures < 3; round++) {
    module_mod_struct m;
    nmod_mat_t w;
    p = next_prime(p);
    bool good = module_mod_init(&m, module, p) &&
                module_row_mod(seed, v, 0, m.mod);
    good = good && solve_modulo(w, &m, seed, killer, fixed_only, limits);
    module_mod_clear(&m);
    if (limits_abort(limits)) {
      if (good) nmod_mat_clear(w);
      status = STATUS_LIMIT;
      break;
    }
    if (!good) {
      failures++;
      continue;
    }
    crt_add(&crt, w);
    nmod_mat_clear(w);
    fmpq_mat_t lift;
    fmpq_mat_init(lift, fmpz_mat_nrows(crt.residues),
                  fmpz_mat_ncols(crt.residues));
    bool ok =
        fmpq_mat_set_fmpz_mat_mod_fmpz(lift, crt.residues, crt.modulus) &&
        is_reduced_echelon(lift, pivots);
    /* The same answer twice; the proof is endo_matrix's. */
    bool stable = ok && have &&
                  fmpq_mat_nrows(last) == fmpq_mat_nrows(lift) &&
                  fmpq_mat_equal(last, lift);
    if (ok) {
      fmpq_mat_swap(last, lift);
      have = true;
    }
    fmpq_mat_clear(lift);
    if (stable) {
      status = STATUS_OK;
      break;
    }
  }
  if (status == STATUS_OK) {
    endo->num = (size_t)fmpq_mat_nrows(last);
    endo->dim = module->dim;
    endo->pivots = pivots;
    *endo->w = *last;
  } else {
    fmpq_mat_clear(last);
    flint_free(pivots);
  }
  crt_clear(&crt);
  flint_free(seed);
  return status;
}

status_t endo_init(endo_struct *endo, const module_struct *module,
                   const fmpq_mat_t v, const endo_killer_t *killer,
                   const closure_limits_t *limits) {
  return find(endo, module, v, killer, false, limits);
}

status_t endo_init_fixed(endo_struct *endo, const module_struct *module,
                         const fmpq_mat_t v, const closure_limits_t *limits) {
  status_t status = find(endo, module, v, NULL, true, limits);
  if (status != STATUS_OK) return status;
  slong dim = (slong)module->dim;
  fmpq_mat_t x, y;
  fmpq_mat_init(x, 1, dim);
  fmpq_mat_init(y, 1, dim);
  for (size_t j = 0; j < module->num_maps && status == STATUS_OK; j++) {
    module_apply(y, v, module, j);
    if (!fmpq_mat_is_zero(y)) continue;
    for (size_t i = 0; i < endo->num && status == STATUS_OK; i++) {
      for (slong k = 0; k < dim; k++)
        fmpq_set(fmpq_mat_entry(x, 0, k),
                 fmpq_mat_entry(endo->w, (slong)i, k));
      module_apply(y, x, module, j);
      if (!fmpq_mat_is_zero(y)) status = STATUS_UNDECIDED;
    }
  }
  fmpq_mat_clear(x);
  fmpq_mat_clear(y);
  if (status != STATUS_OK) endo_clear(endo);
  return status;
}

void endo_clear(endo_struct *endo) {
  fmpq_mat_clear(endo->w);
  flint_free(endo->pivots);
}
