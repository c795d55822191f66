#include "algebra/closure/endo_basis.h"

#include <flint/nmod_mat.h>
#include <flint/nmod_vec.h>
#include <flint/ulong_extras.h>

enum { MAX_PRIMES = 40 };

/* Row `target` of any endomorphism from known rows: map `map` carries b_from to a
   combination of b_target and b_i with known rows, and phi commutes with it. */
typedef struct {
  uint32_t target, from, map;
} step_t;

/* What one prime has to offer; with a plan, only m. */
typedef struct {
  module_mod_struct m;
  words_struct words;
  nmod_mat_t inverse; /* of the matrix whose rows are the words applied to v */
} prime_struct;

typedef struct {
  const module_struct *module;
  const fmpq_mat_struct *v;
  const endo_struct *endo;
  const closure_limits_t *limits;
  size_t max_bytes, num_primes;
  mp_limb_t last;
  prime_struct primes[MAX_PRIMES];
  size_t start, num_steps; /* v is a multiple of b_start; a plan when the steps
                              reach all rows, dim - 1 of them */
  step_t *steps;
  /* Of the maps: a common denominator, the largest entry times it, the largest
     number of entries in a row and in a column. */
  fmpz_t map_den, map_max;
  size_t row_max, column_max;
} work_struct;

/* Common denominator and largest absolute value times it. */
static void enclose(fmpz_t den, fmpz_t max, const sparse_vector_struct *rows,
                    size_t count) {
  fmpz_t t;
  fmpz_init(t);
  fmpz_one(den);
  fmpz_zero(max);
  for (size_t r = 0; r < count; r++)
    for (uint32_t i = 0; i < rows[r].length; i++)
      fmpz_lcm(den, den, fmpq_denref(rows[r].val + i));
  for (size_t r = 0; r < count; r++)
    for (uint32_t i = 0; i < rows[r].length; i++) {
      fmpz_divexact(t, den, fmpq_denref(rows[r].val + i));
      fmpz_mul(t, t, fmpq_numref(rows[r].val + i));
      if (fmpz_cmpabs(t, max) > 0) fmpz_abs(max, t);
    }
  fmpz_clear(t);
}

/* The only index of the image without a known row; UINT32_MAX: not one. */
static uint32_t only_unknown(const sparse_vector_struct *image,
                             const bool *known) {
  uint32_t found = UINT32_MAX;
  for (uint32_t i = 0; i < image->length; i++) {
    if (known[image->idx[i]]) continue;
    if (found != UINT32_MAX) return UINT32_MAX;
    found = image->idx[i];
  }
  return found;
}

static void make_plan(work_struct *work) {
  const module_struct *m = work->module;
  size_t support = 0;
  bool *known = flint_calloc(m->dim + 1, sizeof *known);
  work->steps = flint_malloc((m->dim + 1) * sizeof *work->steps);
  for (size_t k = 0; k < m->dim; k++)
    if (!fmpq_is_zero(fmpq_mat_entry(work->v, 0, (slong)k))) {
      support++;
      work->start = k;
    }
  known[work->start] = support == 1;
  for (bool more = support == 1; more;) {
    more = false;
    for (size_t k = 0; k < m->dim; k++)
      for (size_t j = 0; known[k] && j < m->num_maps; j++) {
        uint32_t target = only_unknown(module_image(m, j, k), known);
        if (target == UINT32_MAX) continue;
        work->steps[work->num_steps++] =
            (step_t){target, (uint32_t)k, (uint32_t)j};
        known[target] = more = true;
      }
  }
  flint_free(known);
}

static bool has_plan(const work_struct *work) {
  return work->num_steps + 1 == work->module->dim;
}

static void work_init(work_struct *work) {
  const module_struct *m = work->module;
  size_t *column = flint_malloc((m->dim + 1) * sizeof *column);
  make_plan(work);
  fmpz_init(work->map_den);
  fmpz_init(work->map_max);
  enclose(work->map_den, work->map_max, m->images, m->dim * m->num_maps);
  for (size_t j = 0; j < m->num_maps; j++) {
    memset(column, 0, (m->dim + 1) * sizeof *column);
    for (size_t k = 0; k < m->dim; k++) {
      const sparse_vector_struct *image = module_image(m, j, k);
      if (image->length > work->row_max) work->row_max = image->length;
      for (uint32_t i = 0; i < image->length; i++)
        if (++column[image->idx[i]] > work->column_max)
          work->column_max = column[image->idx[i]];
    }
  }
  flint_free(column);
}

static void prime_clear(prime_struct *p, bool with_words) {
  module_mod_clear(&p->m);
  if (!with_words) return;
  words_clear(&p->words);
  nmod_mat_clear(p->inverse);
}

static void work_clear(work_struct *work) {
  for (size_t k = 0; k < work->num_primes; k++)
    prime_clear(work->primes + k, !has_plan(work));
  flint_free(work->steps);
  fmpz_clear(work->map_den);
  fmpz_clear(work->map_max);
}

/* Words, their echelon form and the inverse of one more prime. */
static bool fits(const work_struct *work) {
  size_t dim = work->module->dim;
  if (has_plan(work) || !work->max_bytes) return true;
  return (work->num_primes + 1) * 3 * sizeof(mp_limb_t) * dim * dim <=
         work->max_bytes;
}

/* One more prime. False: none left, or time is up. */
static bool add_prime(work_struct *work) {
  size_t dim = work->module->dim;
  if (!work->last) work->last = UINT64_C(1) << 59;
  for (int tries = 0; tries < 5; tries++) {
    if (work->num_primes == MAX_PRIMES || limits_abort(work->limits) ||
        !fits(work))
      return false;
    do work->last--;
    while (!n_is_prime(work->last));
    prime_struct *p = work->primes + work->num_primes;
    mp_limb_t *v = flint_malloc((dim + 1) * sizeof *v);
    bool good = module_mod_init(&p->m, work->module, work->last) &&
                module_row_mod(v, work->v, 0, p->m.mod);
    if (has_plan(work)) {
      flint_free(v);
      if (good) {
        work->num_primes++;
        return true;
      }
      prime_clear(p, false);
      continue;
    }
    if (!good) memset(v, 0, dim * sizeof *v);
    words_init(&p->words, &p->m, &v, 1, work->limits);
    flint_free(v);
    nmod_mat_init(p->inverse, (slong)dim, (slong)dim, work->last);
    good = good && p->words.num == dim;
    if (good) {
      nmod_mat_t s;
      nmod_mat_init(s, (slong)dim, (slong)dim, work->last);
      for (size_t k = 0; k < dim; k++)
        for (size_t i = 0; i < dim; i++)
          nmod_mat_entry(s, (slong)k, (slong)i) = p->words.vectors[k][i];
      good = nmod_mat_inv(p->inverse, s);
      nmod_mat_clear(s);
    }
    if (good) {
      work->num_primes++;
      return true;
    }
    prime_clear(p, true);
  }
  return false;
}

/* Does phi commute with every map modulo the prime? */
static bool commutes_modulo(const nmod_mat_t phi, const module_mod_struct *m) {
  size_t dim = m->dim;
  mp_limb_t *row = flint_malloc(2 * (dim + 1) * sizeof *row), *sum = row + dim;
  bool ok = true;
  for (size_t j = 0; j < m->num_maps && ok; j++)
    for (size_t k = 0; k < dim && ok; k++) {
      for (size_t i = 0; i < dim; i++)
        row[i] = nmod_mat_entry(phi, (slong)k, (slong)i);
      module_mod_apply(sum, row, m, j);
      size_t at = j * dim + k;
      for (uint32_t e = 0; e < m->length[at]; e++) {
        mp_limb_t c = nmod_neg(m->val[at][e], m->mod);
        slong from = (slong)m->idx[at][e];
        for (size_t i = 0; i < dim; i++) {
          mp_limb_t x = nmod_mat_entry(phi, from, (slong)i);
          if (x) sum[i] = nmod_add(sum[i], nmod_mul(c, x, m->mod), m->mod);
        }
      }
      ok = _nmod_vec_is_zero(sum, (slong)dim);
    }
  flint_free(row);
  return ok;
}

/* phi from the row w of v, by the plan. */
static bool follow_plan(nmod_mat_t phi, const work_struct *work,
                        const module_mod_struct *m, const mp_limb_t *w) {
  size_t dim = m->dim;
  mp_limb_t *room = flint_malloc(2 * (dim + 1) * sizeof *room);
  mp_limb_t *row = room + dim;
  bool ok = module_row_mod(room, work->v, 0, m->mod) && room[work->start];
  mp_limb_t scale = ok ? nmod_inv(room[work->start], m->mod) : 0;
  for (size_t i = 0; i < dim; i++)
    nmod_mat_entry(phi, (slong)work->start, (slong)i) =
        nmod_mul(w[i], scale, m->mod);
  for (size_t s = 0; s < work->num_steps && ok; s++) {
    const step_t *step = work->steps + s;
    size_t at = step->map * dim + step->from;
    for (size_t i = 0; i < dim; i++)
      row[i] = nmod_mat_entry(phi, (slong)step->from, (slong)i);
    module_mod_apply(room, row, m, step->map);
    scale = 0;
    for (uint32_t e = 0; e < m->length[at]; e++) {
      mp_limb_t c = m->val[at][e];
      if (m->idx[at][e] == step->target) scale = c;
      else
        for (size_t i = 0; i < dim; i++) {
          mp_limb_t x =
              nmod_mat_entry(phi, (slong)m->idx[at][e], (slong)i);
          if (x)
            room[i] = nmod_sub(room[i], nmod_mul(c, x, m->mod), m->mod);
        }
    }
    ok = scale != 0;
    scale = ok ? nmod_inv(scale, m->mod) : 0;
    for (size_t i = 0; i < dim; i++)
      nmod_mat_entry(phi, (slong)step->target, (slong)i) =
          room[i] ? nmod_mul(room[i], scale, m->mod) : 0;
  }
  flint_free(room);
  return ok;
}

/* phi_a modulo prime k; false when it does not commute with the maps. */
static bool matrix_modulo(nmod_mat_t phi, const work_struct *work, size_t k,
                          size_t a) {
  const prime_struct *p = work->primes + k;
  slong dim = (slong)work->module->dim;
  mp_limb_t *w = flint_malloc(((size_t)dim + 1) * sizeof *w);
  nmod_mat_t t;
  bool ok = module_row_mod(w, work->endo->w, a, p->m.mod);
  nmod_mat_init(t, dim, dim, p->m.mod.n);
  if (ok && has_plan(work)) {
    ok = follow_plan(phi, work, &p->m, w);
  } else if (ok) {
    words_replay(t, &p->words, &p->m, w);
    nmod_mat_mul(phi, p->inverse, t);
  }
  ok = ok && commutes_modulo(phi, &p->m);
  nmod_mat_clear(t);
  flint_free(w);
  return ok;
}

/* Sparse rows of the rational matrix with these residues; false when there is
   none of small height. */
static bool lift(sparse_vector_struct *rows, const fmpz_mat_t residues,
                 const fmpz_t modulus) {
  slong dim = fmpz_mat_nrows(residues);
  bool ok = true;
  for (slong k = 0; k < dim; k++) {
    uint32_t count = 0;
    for (slong i = 0; i < dim; i++)
      count += !fmpz_is_zero(fmpz_mat_entry(residues, k, i));
    rows[k] = (sparse_vector_struct){0};
    rows[k].idx = flint_malloc((count + 1) * sizeof(uint32_t));
    rows[k].val = flint_malloc((count + 1) * sizeof(fmpq));
    for (slong i = 0; i < dim && ok; i++) {
      const fmpz *r = fmpz_mat_entry(residues, k, i);
      if (fmpz_is_zero(r)) continue;
      fmpq *x = rows[k].val + rows[k].length;
      rows[k].idx[rows[k].length++] = (uint32_t)i;
      fmpq_init(x);
      ok = fmpq_reconstruct_fmpz(x, r, modulus);
    }
  }
  return ok;
}

static void clear_rows(sparse_vector_struct *rows, size_t dim) {
  for (size_t k = 0; k < dim; k++) sparse_vector_clear(rows + k);
}

/* See the top of the header; modulo each prime the matrix commutes. */
static bool is_proved(const work_struct *work,
                      const sparse_vector_struct *rows,
                      const fmpz_t modulus) {
  fmpz_t den, max;
  fmpz_init(den);
  fmpz_init(max);
  enclose(den, max, rows, work->module->dim);
  fmpz_mul(max, max, work->map_max);
  fmpz_mul_ui(max, max, work->row_max + work->column_max);
  bool proved = fmpz_cmp(max, modulus) < 0;
  fmpz_clear(den);
  fmpz_clear(max);
  return proved;
}

/* v phi_a = w_a, exactly? */
static bool maps_seed(const work_struct *work, const endo_basis_struct *basis,
                      size_t a) {
  slong dim = (slong)work->module->dim;
  fmpq_mat_t y;
  fmpq_mat_init(y, 1, dim);
  endo_basis_apply(y, work->v, basis, a);
  bool equal = true;
  for (slong i = 0; i < dim && equal; i++)
    equal = fmpq_equal(fmpq_mat_entry(y, 0, i),
                       fmpq_mat_entry(work->endo->w, (slong)a, i));
  fmpq_mat_clear(y);
  return equal;
}

/* Rows of phi_a. */
static status_t find_matrix(endo_basis_struct *basis, work_struct *work,
                            size_t a) {
  slong dim = (slong)work->module->dim;
  sparse_vector_struct *rows = basis->rows + a * basis->dim;
  status_t status = STATUS_UNDECIDED;
  fmpz_mat_t residues;
  fmpz_t modulus;
  nmod_mat_t phi;
  fmpz_mat_init(residues, dim, dim);
  fmpz_init_set_ui(modulus, 1);
  for (size_t k = 0; status == STATUS_UNDECIDED; k++) {
    if (k == work->num_primes && !add_prime(work)) break;
    if (limits_abort(work->limits)) break;
    nmod_mat_init(phi, dim, dim, work->primes[k].m.mod.n);
    bool good = matrix_modulo(phi, work, k, a);
    if (good) {
      fmpz_mat_CRT_ui(residues, residues, modulus, phi, 0);
      fmpz_mul_ui(modulus, modulus, phi->mod.n);
    }
    nmod_mat_clear(phi);
    if (!good) continue;
    if (lift(rows, residues, modulus) && is_proved(work, rows, modulus) &&
        maps_seed(work, basis, a))
      status = STATUS_OK;
    else
      clear_rows(rows, basis->dim);
  }
  if (status != STATUS_OK && limits_abort(work->limits)) status = STATUS_LIMIT;
  fmpz_mat_clear(residues);
  fmpz_clear(modulus);
  return status;
}

status_t endo_basis_init(endo_basis_struct *basis, const module_struct *module,
                         const fmpq_mat_t v, const endo_struct *endo,
                         size_t max_bytes, const closure_limits_t *limits) {
  size_t dim = module->dim, bytes = 0;
  work_struct *work = flint_calloc(1, sizeof *work);
  work->module = module;
  work->v = v;
  work->endo = endo;
  work->limits = limits;
  work->max_bytes = max_bytes;
  work_init(work);
  basis->num = 0;
  basis->dim = dim;
  basis->rows = flint_calloc(endo->num * dim + 1, sizeof *basis->rows);
  status_t status = STATUS_OK;
  for (size_t a = 0; a < endo->num && status == STATUS_OK; a++) {
    status = find_matrix(basis, work, a);
    if (status != STATUS_OK) break;
    basis->num++;
    for (size_t k = 0; k < dim; k++)
      bytes += (sizeof(fmpq) + sizeof(uint32_t)) *
                   endo_basis_row(basis, a, k)->length +
               sizeof(sparse_vector_struct);
    if (max_bytes && bytes > max_bytes) status = STATUS_LIMIT;
  }
  if (status != STATUS_OK) endo_basis_clear(basis);
  work_clear(work);
  flint_free(work);
  return status;
}

void endo_basis_clear(endo_basis_struct *basis) {
  for (size_t a = 0; a < basis->num; a++)
    clear_rows(basis->rows + a * basis->dim, basis->dim);
  flint_free(basis->rows);
  *basis = (endo_basis_struct){0};
}

void endo_basis_apply(fmpq_mat_t y, const fmpq_mat_t x,
                      const endo_basis_struct *basis, size_t a) {
  fmpq_mat_zero(y);
  for (size_t k = 0; k < basis->dim; k++) {
    const fmpq *c = fmpq_mat_entry(x, 0, (slong)k);
    const sparse_vector_struct *row = endo_basis_row(basis, a, k);
    if (fmpq_is_zero(c)) continue;
    for (uint32_t i = 0; i < row->length; i++)
      fmpq_addmul(fmpq_mat_entry(y, 0, (slong)row->idx[i]), c, row->val + i);
  }
}
