#include "algebra/closure/module.h"

void sparse_vector_clear(sparse_vector_struct *v) {
  for (uint32_t k = 0; k < v->length; k++) fmpq_clear(v->val + k);
  flint_free(v->val);
  flint_free(v->idx);
}

/* Basis element k as (block, row of it); in a span that fills its columns the
   basis is the columns themselves. */
static const exact_row_struct *find_row(const block_struct **block,
                                        const span_struct *span, size_t k) {
  size_t b = 0;
  while (k >= span->blocks[b].num_exact) k -= span->blocks[b++].num_exact;
  *block = span->blocks + b;
  return span->blocks[b].exact + k;
}

void span_basis_vector(sparse_vector_struct *out, const span_struct *span,
                       size_t k) {
  const block_struct *block = NULL;
  const exact_row_struct *row = NULL;
  if (span->proof != CLOSURE_FILLS_STRINGS) row = find_row(&block, span, k);
  uint32_t length = row ? row->length : 0;
  out->length = length + 1;
  out->idx = flint_malloc((length + 1) * sizeof *out->idx);
  out->val = flint_malloc((length + 1) * sizeof *out->val);
  for (uint32_t i = 0; i < length; i++) {
    out->idx[i] = block->columns[row->idx[i]];
    fmpq_init(out->val + i);
    fmpq_set(out->val + i, row->val + i);
  }
  out->idx[length] = row ? block->columns[row->pivot] : (uint32_t)k;
  fmpq_init(out->val + length);
  fmpq_one(out->val + length);
}

/* Image of basis vector k, read off at the pivots. */
static void set_image(sparse_vector_struct *out, const span_struct *span,
                      size_t map, const sparse_vector_struct *b,
                      const uint32_t *basis_of, fmpq *acc, uint32_t *touched) {
  uint32_t count = 0;
  fmpq_t c;
  fmpq_init(c);
  for (uint32_t i = 0; i < b->length; i++) {
    const image_struct *image = span_image_at(span, map, b->idx[i]);
    for (uint32_t e = 0; e < image->length; e++) {
      uint32_t l = basis_of[image->entries[e].column];
      int32_t term = image->entries[e].term;
      if (l == UINT32_MAX) continue;
      fmpq_mul(c, b->val + i,
               span->ops[map].coeffs + (term > 0 ? term : -term) - 1);
      if (fmpq_is_zero(acc + l)) touched[count++] = l;
      if (term > 0) fmpq_add(acc + l, acc + l, c);
      else fmpq_sub(acc + l, acc + l, c);
      /* An entry may come back to zero and be listed twice: dealt with below. */
    }
  }
  out->idx = flint_malloc((count + 1) * sizeof *out->idx);
  out->val = flint_malloc((count + 1) * sizeof *out->val);
  out->length = 0;
  for (uint32_t t = 0; t < count; t++) {
    fmpq *v = acc + touched[t];
    if (fmpq_is_zero(v)) continue;
    out->idx[out->length] = touched[t];
    fmpq_init(out->val + out->length);
    fmpq_swap(out->val + out->length++, v);
  }
  fmpq_clear(c);
}

void module_init(module_struct *module, const span_struct *span) {
  size_t dim = span->dimension, entries = 1;
  *module = (module_struct){.dim = dim, .num_maps = span->num_maps};
  module->pivot_column = flint_malloc((dim + 1) * sizeof(uint32_t));
  module->images =
      flint_malloc((dim * span->num_maps + 1) * sizeof *module->images);
  uint32_t *basis_of = flint_malloc((span->num_columns + 1) * sizeof(uint32_t));
  for (size_t c = 0; c < span->num_columns; c++) basis_of[c] = UINT32_MAX;
  sparse_vector_struct *basis = flint_malloc((dim + 1) * sizeof *basis);
  for (size_t k = 0; k < dim; k++) {
    span_basis_vector(basis + k, span, k);
    module->pivot_column[k] = basis[k].idx[basis[k].length - 1];
    basis_of[module->pivot_column[k]] = (uint32_t)k;
  }
  for (size_t k = 0; k < dim; k++)
    for (size_t j = 0; j < span->num_maps; j++) {
      size_t count = 0;
      for (uint32_t i = 0; i < basis[k].length; i++)
        count += span_image_at(span, j, basis[k].idx[i])->length;
      if (count > entries) entries = count;
    }
  fmpq *acc = flint_malloc((dim + 1) * sizeof *acc);
  for (size_t k = 0; k < dim; k++) fmpq_init(acc + k);
  uint32_t *touched = flint_malloc(entries * sizeof *touched);
  for (size_t j = 0; j < span->num_maps; j++)
    for (size_t k = 0; k < dim; k++)
      set_image(module->images + j * dim + k, span, j, basis + k, basis_of,
                acc, touched);
  for (size_t k = 0; k < dim; k++) {
    fmpq_clear(acc + k);
    sparse_vector_clear(basis + k);
  }
  flint_free(acc);
  flint_free(touched);
  flint_free(basis);
  flint_free(basis_of);
}

void module_clear(module_struct *module) {
  for (size_t k = 0; k < module->dim * module->num_maps; k++)
    sparse_vector_clear(module->images + k);
  flint_free(module->images);
  flint_free(module->pivot_column);
}

bool span_on_columns(mp_limb_t *out, const span_struct *span,
                       const mp_limb_t *x, nmod_t mod) {
  bool ok = true;
  memset(out, 0, span->num_columns * sizeof *out);
  for (size_t k = 0; k < span->dimension && ok; k++) {
    sparse_vector_struct b;
    if (!x[k]) continue;
    span_basis_vector(&b, span, k);
    for (uint32_t e = 0; e < b.length && ok; e++) {
      mp_limb_t den = fmpz_fdiv_ui(fmpq_denref(b.val + e), mod.n);
      ok = den != 0;
      if (!ok) break;
      mp_limb_t c = nmod_mul(fmpz_fdiv_ui(fmpq_numref(b.val + e), mod.n),
                             nmod_inv(den, mod), mod);
      NMOD_ADDMUL(out[b.idx[e]], c, x[k], mod);
    }
    sparse_vector_clear(&b);
  }
  return ok;
}

void module_coordinates(fmpq_mat_t x, const module_struct *module,
                        const span_struct *span, const pauli_sum_struct *a) {
  uint64_t *scratch = flint_malloc((4 * span->num_words + 1) * sizeof *scratch);
  fmpq *all = flint_malloc((span->num_columns + 1) * sizeof *all);
  for (size_t c = 0; c < span->num_columns; c++) fmpq_init(all + c);
  for (size_t t = 0; t < a->length; t++) {
    uint32_t c = span_find_column(span, pauli_sum_string(a, t), scratch);
    if (c != UINT32_MAX) fmpq_add(all + c, all + c, a->coeffs + t);
  }
  for (size_t k = 0; k < module->dim; k++)
    fmpq_set(fmpq_mat_entry(x, 0, (slong)k), all + module->pivot_column[k]);
  for (size_t c = 0; c < span->num_columns; c++) fmpq_clear(all + c);
  flint_free(all);
  flint_free(scratch);
}

status_t module_operator(pauli_sum_struct *out, const fmpq_mat_t x,
                         const span_struct *span, size_t max_terms) {
  pauli_sum_t sum, element;
  status_t status = STATUS_OK;
  pauli_sum_init(sum, span->num_qubits);
  pauli_sum_init(element, span->num_qubits);
  for (slong k = 0; k < fmpq_mat_ncols(x) && status == STATUS_OK; k++) {
    if (fmpq_is_zero(fmpq_mat_entry(x, 0, k))) continue;
    status = span_get_element(element, span, (size_t)k, max_terms);
    if (status == STATUS_OK)
      pauli_sum_addmul(sum, sum, fmpq_mat_entry(x, 0, k), element);
    if (max_terms && sum->length > max_terms) status = STATUS_LIMIT;
  }
  if (status == STATUS_OK) pauli_sum_swap(out, sum);
  pauli_sum_clear(sum);
  pauli_sum_clear(element);
  return status;
}

void module_apply(fmpq_mat_t y, const fmpq_mat_t x,
                  const module_struct *module, size_t map) {
  fmpq_mat_zero(y);
  for (size_t k = 0; k < module->dim; k++) {
    const fmpq *c = fmpq_mat_entry(x, 0, (slong)k);
    if (fmpq_is_zero(c)) continue;
    const sparse_vector_struct *image = module_image(module, map, k);
    for (uint32_t i = 0; i < image->length; i++)
      fmpq_addmul(fmpq_mat_entry(y, 0, (slong)image->idx[i]), c,
                  image->val + i);
  }
}

/* --- modulo a prime ------------------------------------------------------------ */

static bool rational_mod(mp_limb_t *out, const fmpq_t x, nmod_t mod) {
  mp_limb_t den = fmpz_fdiv_ui(fmpq_denref(x), mod.n);
  if (den == 0) return false;
  mp_limb_t num = fmpz_fdiv_ui(fmpq_numref(x), mod.n);
  *out = den == 1 ? num : nmod_mul(num, nmod_inv(den, mod), mod);
  return true;
}

bool module_row_mod(mp_limb_t *out, const fmpq_mat_t x, size_t row, nmod_t mod) {
  bool ok = true;
  for (slong k = 0; k < fmpq_mat_ncols(x) && ok; k++)
    ok = rational_mod(out + k, fmpq_mat_entry(x, (slong)row, k), mod);
  return ok;
}

bool module_mod_init(module_mod_struct *m, const module_struct *module,
                     mp_limb_t prime) {
  size_t count = module->dim * module->num_maps;
  bool ok = true;
  *m = (module_mod_struct){.dim = module->dim, .num_maps = module->num_maps};
  nmod_init(&m->mod, prime);
  m->idx = flint_malloc((count + 1) * sizeof *m->idx);
  m->val = flint_calloc(count + 1, sizeof *m->val);
  m->length = flint_malloc((count + 1) * sizeof *m->length);
  for (size_t k = 0; k < count; k++) {
    const sparse_vector_struct *image = module->images + k;
    m->idx[k] = image->idx;
    m->length[k] = image->length;
    m->val[k] = flint_malloc((image->length + 1) * sizeof **m->val);
    for (uint32_t i = 0; i < image->length; i++)
      ok = ok && rational_mod(m->val[k] + i, image->val + i, m->mod);
  }
  return ok;
}

void module_mod_clear(module_mod_struct *m) {
  for (size_t k = 0; k < m->dim * m->num_maps; k++) flint_free(m->val[k]);
  flint_free(m->idx);
  flint_free(m->val);
  flint_free(m->length);
}

void module_mod_apply(mp_limb_t *y, const mp_limb_t *x,
                      const module_mod_struct *m, size_t map) {
  memset(y, 0, m->dim * sizeof *y);
  for (size_t k = 0; k < m->dim; k++) {
    if (!x[k]) continue;
    size_t at = map * m->dim + k;
    for (uint32_t i = 0; i < m->length[at]; i++)
      y[m->idx[at][i]] = nmod_add(y[m->idx[at][i]],
                                  nmod_mul(x[k], m->val[at][i], m->mod),
                                  m->mod);
  }
}

bool words_add(words_struct *words, const module_mod_struct *m,
               const mp_limb_t *x, uint32_t parent, uint32_t map) {
  mp_limb_t *v = flint_malloc((m->dim + 1) * sizeof *v);
  memcpy(v, x, m->dim * sizeof *v);
  for (size_t k = 0; k < words->num; k++) {
    mp_limb_t c = v[words->lead[k]];
    if (c) _nmod_vec_scalar_addmul_nmod(v, words->echelon[k], (slong)m->dim,
                                        nmod_neg(c, m->mod), m->mod);
  }
  size_t lead = 0;
  while (lead < m->dim && !v[lead]) lead++;
  if (lead == m->dim) {
    flint_free(v);
    return false;
  }
  _nmod_vec_scalar_mul_nmod(v, v, (slong)m->dim, nmod_inv(v[lead], m->mod),
                            m->mod);
  size_t k = words->num++;
  words->echelon[k] = v;
  words->lead[k] = lead;
  words->parent[k] = parent;
  words->map[k] = map;
  words->vectors[k] = flint_malloc((m->dim + 1) * sizeof *v);
  memcpy(words->vectors[k], x, m->dim * sizeof *v);
  return true;
}

void words_begin(words_struct *words, size_t dim) {
  *words = (words_struct){.alloc_dim = dim};
  words->parent = flint_malloc((dim + 1) * sizeof(uint32_t));
  words->map = flint_malloc((dim + 1) * sizeof(uint32_t));
  words->vectors = flint_malloc((dim + 1) * sizeof(mp_limb_t *));
  words->echelon = flint_malloc((dim + 1) * sizeof(mp_limb_t *));
  words->lead = flint_malloc((dim + 1) * sizeof(size_t));
}

void words_init(words_struct *words, const module_mod_struct *m,
                mp_limb_t *const *seeds, size_t num_seeds,
                const closure_limits_t *limits) {
  size_t dim = m->dim;
  words_begin(words, dim);
  for (size_t s = 0; s < num_seeds; s++)
    words_add(words, m, seeds[s], UINT32_MAX, (uint32_t)s);
  mp_limb_t *y = flint_malloc((dim + 1) * sizeof *y);
  for (size_t k = 0; k < words->num && words->num < dim && !limits_abort(limits);
       k++)
    for (size_t j = 0; j < m->num_maps && words->num < dim; j++) {
      module_mod_apply(y, words->vectors[k], m, j);
      words_add(words, m, y, (uint32_t)k, (uint32_t)j);
    }
  flint_free(y);
}

void words_clear(words_struct *words) {
  for (size_t k = 0; k < words->num; k++) {
    flint_free(words->vectors[k]);
    flint_free(words->echelon[k]);
  }
  flint_free(words->vectors);
  flint_free(words->echelon);
  flint_free(words->parent);
  flint_free(words->map);
  flint_free(words->lead);
}

size_t module_submodule_dimension(const module_struct *module,
                                  const fmpq_mat_t x,
                                  const closure_limits_t *limits) {
  size_t best = 0, rows = (size_t)fmpq_mat_nrows(x);
  module_mod_struct m;
  mp_limb_t **seeds = flint_malloc((rows + 1) * sizeof *seeds);
  bool ok = module_mod_init(&m, module, (UINT64_C(1) << 59) - 55);
  for (size_t r = 0; r < rows; r++) {
    seeds[r] = flint_malloc((module->dim + 1) * sizeof **seeds);
    ok = ok && module_row_mod(seeds[r], x, r, m.mod);
  }
  if (ok) {
    words_struct words;
    words_init(&words, &m, seeds, rows, limits);
    best = words.num;
    words_clear(&words);
  }
  for (size_t r = 0; r < rows; r++) flint_free(seeds[r]);
  flint_free(seeds);
  module_mod_clear(&m);
  return best;
}
