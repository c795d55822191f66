#include "algebra/check/sums/check_sparse.h"

#include <stdlib.h>

/* --- rotations ---------------------------------------------------------------------- */

enum { NUM_ROTATIONS = 3 };

/* The string after rotation k of every qubit; true when the sign changes. */
static bool rotate(check_mask_t *m, size_t num_qubits, int k) {
  size_t all = ((size_t)1 << num_qubits) - 1, x = m->mask, z = m->z;
  bool minus = false;
  if (k == 1) { /* X <-> Z, Y -> -Y */
    minus = __builtin_parityll(x & z);
    m->mask = z;
    m->z = x;
  } else if (k == 2) { /* Y -> Z, Z -> -Y */
    minus = __builtin_parityll(~x & z & all);
    m->mask = x ^ z;
  }
  m->ys = (unsigned)__builtin_popcountll(m->mask & m->z);
  return minus;
}

static int compare_terms(const void *a, const void *b) {
  const check_term_t *x = a, *y = b;
  return (x->mask > y->mask) - (x->mask < y->mask);
}

/* Appends those of a sum; whether all of them are real and symmetric matrices. */
static bool add_terms(check_term_t *terms, size_t *count, check_prime_t *p,
                      const pauli_sum_struct *h, size_t number, int rotation) {
  bool symmetric = true;
  for (size_t t = 0; t < h->length; t++) {
    check_mask_t m = check_prime_masks(p, pauli_sum_string(h, t));
    bool minus = rotate(&m, p->num_qubits, rotation);
    mp_limb_t c = nmod_mul(check_prime_coeff(p, h, t),
                           check_prime_phase(p, m.ys % 4), p->mod);
    symmetric = symmetric && m.ys % 2 == 0;
    terms[(*count)++] = (check_term_t){(uint32_t)m.mask, (uint32_t)m.z, number,
                                       minus ? nmod_neg(c, p->mod) : c};
  }
  return symmetric;
}

static void set_terms(check_sparse_struct *s, int rotation) {
  s->symmetric = true;
  s->num_terms = 0;
  for (size_t j = 0; j < s->p->num_sums; j++)
    if (!add_terms(s->terms, &s->num_terms, s->p, s->p->sums[j], j, rotation))
      s->symmetric = false;
  qsort(s->terms, s->num_terms, sizeof *s->terms, compare_terms);
}

/* --- blocks --------------------------------------------------------------------------- */

/* <a| sum c_j H_j |a + mask>, of the terms first ... end - 1, all of one mask. */
static mp_limb_t element(const check_sparse_struct *s, size_t first, size_t end,
                         const mp_limb_t *scaled, size_t a) {
  mp_limb_t sum = 0;
  for (size_t t = first; t < end; t++)
    sum = __builtin_parityll(s->terms[t].z & (a ^ s->terms[t].mask))
              ? nmod_sub(sum, scaled[t], s->p->mod)
              : nmod_add(sum, scaled[t], s->p->mod);
  return sum;
}

static mp_limb_t *scale_terms(const check_sparse_struct *s, const mp_limb_t *c) {
  mp_limb_t *scaled = flint_malloc((s->num_terms + 1) * sizeof *scaled);
  for (size_t t = 0; t < s->num_terms; t++)
    scaled[t] = nmod_mul(c[s->terms[t].sum], s->terms[t].c, s->p->mod);
  return scaled;
}

static size_t end_of_mask(const check_sparse_struct *s, size_t first) {
  size_t end = first;
  while (end < s->num_terms && s->terms[end].mask == s->terms[first].mask) end++;
  return end;
}

static uint32_t find(uint32_t *parent, uint32_t a) {
  while (parent[a] != a) a = parent[a] = parent[parent[a]];
  return a;
}

/* label[a]: the least state of its block. How many blocks there are. */
static size_t find_blocks(uint32_t *label, const check_sparse_struct *s,
                          const mp_limb_t *c) {
  mp_limb_t *scaled = scale_terms(s, c);
  size_t count = 0;
  for (size_t a = 0; a < s->size; a++) label[a] = (uint32_t)a;
  for (size_t t = 0, end; t < s->num_terms; t = end) {
    end = end_of_mask(s, t);
    for (size_t a = 0; a < s->size && s->terms[t].mask; a++) {
      uint32_t x = find(label, (uint32_t)a);
      uint32_t y = find(label, (uint32_t)a ^ s->terms[t].mask);
      if (x == y || !element(s, t, end, scaled, a)) continue;
      if (x < y) label[y] = x;
      else label[x] = y;
    }
  }
  for (size_t a = 0; a < s->size; a++) {
    count += label[a] == a;
    label[a] = find(label, (uint32_t)a);
  }
  flint_free(scaled);
  return count;
}

static void set_blocks(check_sparse_struct *s, const uint32_t *label) {
  size_t *number = flint_malloc(s->size * sizeof *number), b = 0;
  for (size_t a = 0; a < s->size; a++)
    number[a] = label[a] == a ? b++ : number[label[a]];
  for (size_t a = 0; a < s->size; a++)
    s->local[a] = (uint32_t)s->start[number[a] + 1]++;
  for (b = 0; b < s->num_blocks; b++) s->start[b + 1] += s->start[b];
  for (size_t a = 0; a < s->size; a++)
    s->states[s->start[number[a]] + s->local[a]] = (uint32_t)a;
  flint_free(number);
}

/* One copy of each module of spin J. */
static void set_spins(check_sparse_struct *s, size_t terms) {
  size_t n = s->p->num_qubits, at = 0;
  s->num_blocks = n / 2 + 1;
  s->start = flint_calloc(s->num_blocks + 1, sizeof *s->start);
  s->copies = flint_malloc((s->num_blocks + 1) * sizeof *s->copies);
  for (size_t b = 0; b < s->num_blocks; b++) {
    s->copies[b] = check_spins_copies(n, b);
    s->start[b + 1] = s->start[b] + n - 2 * b + 1;
  }
  s->size = s->start[s->num_blocks];
  s->states = flint_malloc(s->size * sizeof *s->states);
  s->local = flint_malloc(s->size * sizeof *s->local);
  for (size_t b = 0; b < s->num_blocks; b++)
    for (size_t k = s->start[b]; k < s->start[b + 1]; k++, at++) {
      s->states[at] = (uint32_t)at;
      s->local[at] = (uint32_t)(k - s->start[b]);
    }
  s->types = flint_malloc(terms * sizeof *s->types);
  for (size_t j = 0; j < s->p->num_sums; j++)
    check_spins_add(s->types, &s->num_types, s->p, s->p->sums[j], j);
}

void check_sparse_init(check_sparse_t s, check_prime_t *p) {
  size_t terms = 1, count;
  int best = 0;
  *s = (check_sparse_struct){.p = p};
  for (size_t j = 0; j < p->num_sums; j++) terms += p->sums[j]->length;
  if (check_spins_are_fixed(p)) {
    set_spins(s, terms);
    return;
  }
  s->size = (size_t)1 << p->num_qubits;
  s->terms = flint_malloc(terms * sizeof *s->terms);
  mp_limb_t *c = flint_malloc((p->num_sums + 1) * sizeof *c);
  uint32_t *label = flint_malloc(s->size * sizeof *label);
  for (size_t j = 0; j < p->num_sums; j++) c[j] = check_prime_random(p);
  for (int k = 0; k < NUM_ROTATIONS; k++) {
    set_terms(s, k);
    count = find_blocks(label, s, c);
    if (count <= s->num_blocks) continue;
    s->num_blocks = count;
    best = k;
  }
  set_terms(s, best);
  s->rotation = best;
  find_blocks(label, s, c);
  s->start = flint_calloc(s->num_blocks + 2, sizeof *s->start);
  s->states = flint_malloc(s->size * sizeof *s->states);
  s->local = flint_malloc(s->size * sizeof *s->local);
  set_blocks(s, label);
  flint_free(label);
  flint_free(c);
}

bool check_sparse_rotate(check_mask_t *out, const check_sparse_t s,
                         const uint64_t *string) {
  *out = check_prime_masks(s->p, string);
  return rotate(out, s->p->num_qubits, s->rotation);
}

void check_sparse_clear(check_sparse_t s) {
  flint_free(s->terms);
  flint_free(s->types);
  flint_free(s->copies);
  flint_free(s->start);
  flint_free(s->states);
  flint_free(s->local);
}

/* --- matrices --------------------------------------------------------------------------- */

/* A dense matrix by its rows. */
static void rows_of_matrix(check_rows_t *m, const nmod_mat_t x, bool transposed) {
  size_t count = 0;
  m->dim = (size_t)nmod_mat_nrows(x);
  m->start = flint_malloc((m->dim + 1) * sizeof *m->start);
  m->col = flint_malloc((m->dim * m->dim + 1) * sizeof *m->col);
  m->val = flint_malloc((m->dim * m->dim + 1) * sizeof *m->val);
  for (size_t i = 0; i < m->dim; i++) {
    m->start[i] = count;
    for (size_t j = 0; j < m->dim; j++) {
      mp_limb_t v = transposed ? nmod_mat_entry(x, (slong)j, (slong)i)
                               : nmod_mat_entry(x, (slong)i, (slong)j);
      if (!v) continue;
      m->col[count] = (uint32_t)j;
      m->val[count++] = v;
    }
  }
  m->start[m->dim] = count;
}

static void rows_on_spins(check_rows_t *m, const check_sparse_struct *s,
                          const check_type_t *types, size_t count, size_t block,
                          const mp_limb_t *c, bool transposed) {
  nmod_mat_t x;
  slong d = (slong)(s->start[block + 1] - s->start[block]);
  nmod_mat_init(x, d, d, s->p->mod.n);
  check_spins_matrix(x, s->p, types, count, c, block);
  rows_of_matrix(m, x, transposed);
  nmod_mat_clear(x);
}

/* On Sym^n. */
static bool rows_of_average(check_rows_t *m, const check_sparse_struct *s,
                            const pauli_sum_struct *sum, size_t size) {
  size_t count = 0;
  if (size != s->start[1]) return false;
  check_type_t *types = flint_malloc((sum->length + 1) * sizeof *types);
  check_spins_add(types, &count, s->p, sum, 0);
  rows_on_spins(m, s, types, count, 0, NULL, false);
  flint_free(types);
  return true;
}

void check_rows_init(check_rows_t *m, const check_sparse_t s, size_t block,
                     const mp_limb_t *c, bool transposed) {
  if (s->copies) {
    rows_on_spins(m, s, s->types, s->num_types, block, c, transposed);
    return;
  }
  size_t first = s->start[block], masks = 0, count = 0;
  mp_limb_t *scaled = scale_terms(s, c);
  for (size_t t = 0; t < s->num_terms; t = end_of_mask(s, t)) masks++;
  m->dim = s->start[block + 1] - first;
  m->start = flint_malloc((m->dim + 1) * sizeof *m->start);
  m->col = flint_malloc((m->dim * masks + 1) * sizeof *m->col);
  m->val = flint_malloc((m->dim * masks + 1) * sizeof *m->val);
  for (size_t i = 0; i < m->dim; i++) {
    size_t a = s->states[first + i];
    m->start[i] = count;
    for (size_t t = 0, end; t < s->num_terms; t = end) {
      end = end_of_mask(s, t);
      size_t b = a ^ s->terms[t].mask;
      mp_limb_t v = element(s, t, end, scaled, transposed ? b : a);
      if (!v) continue;
      m->col[count] = s->local[b];
      m->val[count++] = v;
    }
  }
  m->start[m->dim] = count;
  flint_free(scaled);
}

bool check_rows_of_sum(check_rows_t *m, const check_sparse_t s,
                       const pauli_sum_struct *sum, const uint32_t *states, size_t size,
                       const size_t *place) {
  check_sparse_struct own = {.p = s->p};
  size_t masks = 0, count = 0;
  mp_limb_t one = 1;
  for (size_t t = 0; t < sum->length; t++)
    if (!fmpz_fdiv_ui(fmpq_denref(sum->coeffs + t), s->p->mod.n)) return false;
  if (s->copies) return rows_of_average(m, s, sum, size);
  own.terms = flint_malloc((sum->length + 1) * sizeof *own.terms);
  add_terms(own.terms, &own.num_terms, s->p, sum, 0, s->rotation);
  qsort(own.terms, own.num_terms, sizeof *own.terms, compare_terms);
  mp_limb_t *scaled = scale_terms(&own, &one);
  for (size_t t = 0; t < own.num_terms; t = end_of_mask(&own, t)) masks++;
  m->dim = size;
  m->start = flint_malloc((size + 1) * sizeof *m->start);
  m->col = flint_malloc((size * masks + 1) * sizeof *m->col);
  m->val = flint_malloc((size * masks + 1) * sizeof *m->val);
  for (size_t i = 0; i < size; i++) {
    m->start[i] = count;
    for (size_t t = 0, end; t < own.num_terms; t = end) {
      end = end_of_mask(&own, t);
      size_t at = place[states[i] ^ own.terms[t].mask];
      mp_limb_t v = at == SIZE_MAX ? 0 : element(&own, t, end, scaled, states[i]);
      if (!v) continue;
      m->col[count] = (uint32_t)at;
      m->val[count++] = v;
    }
  }
  m->start[size] = count;
  flint_free(scaled);
  flint_free(own.terms);
  return true;
}

void check_rows_clear(check_rows_t *m) {
  flint_free(m->start);
  flint_free(m->col);
  flint_free(m->val);
}

/* The prime is below 2^61: 32 products fit into 128 bits, and 32 more after a
   reduction. */
void check_rows_apply(mp_limb_t *out, const check_rows_t *m, const mp_limb_t *v,
                      check_prime_t *p) {
  for (size_t i = 0; i < m->dim; i++) {
    unsigned __int128 sum = 0;
    mp_limb_t r;
    for (uint64_t k = m->start[i], stop; k < m->start[i + 1]; k = stop) {
      stop = k + 32 < m->start[i + 1] ? k + 32 : m->start[i + 1];
      for (uint64_t j = k; j < stop; j++)
        sum += (unsigned __int128)m->val[j] * v[m->col[j]];
      NMOD2_RED2(r, (mp_limb_t)(sum >> 64), (mp_limb_t)sum, p->mod);
      sum = r;
    }
    out[i] = (mp_limb_t)sum;
  }
  p->work_left -= (int64_t)(m->start[m->dim] + 4 * m->dim);
}
