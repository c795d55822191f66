/* Which sectors carry one ideal, and invariant forms (declared in sectors.h).

   Let N be the generators that do not commute with all others; [g, g] is generated
   by them and their brackets. A monomial matrix T with T H = H T for all H in N maps
   V_k to an isomorphic module of [g, g]; one with T H^T T^-1 = -H maps the dual of
   V_k to a module of [g, g]. So T v, or T f for an eigenvector f of X^T,
   lies in a sector linked to V_k, or in V_k itself: then V_k is self-dual. H may stand here
   without a part c that commutes with all generators (they then have the same brackets):
   diagonal, so a number on every block, and T f lies in one block. */

#include "algebra/sectors/sectors.h"

/* Generators that do not commute with all. */
static size_t noncentral(const pauli_sum_struct **out,
                         const sector_space_struct *space) {
  size_t count = 0;
  for (size_t j = 0; j < space->num_generators; j++) {
    bool central = true;
    for (size_t k = 0; k < space->num_generators && central; k++)
      central = pauli_sum_commute(space->generators + j, space->generators + k);
    if (!central) out[count++] = space->generators + j;
  }
  return count;
}

/* c := the diagonal part of H made of strings of weight at most one (in the frame) if it commutes
   with all generators, else 0. */
static void central_part(pauli_sum_struct *c, const pauli_sum_struct *h,
                         const sector_space_struct *space) {
  for (size_t t = 0; t < h->length; t++) {
    const uint64_t *p = pauli_sum_string(h, t);
    if (!p[0] && !(p[1] & (p[1] - 1))) pauli_sum_push(c, h->coeffs + t, p);
  }
  pauli_sum_canonicalise(c);
  for (size_t j = 0; j < space->num_generators && c->length; j++)
    if (!pauli_sum_commute(c, space->generators + j)) pauli_sum_zero(c);
}

/* A string C with C P^T C = -P for all strings P of the operators, but for those of their
   central parts, given at the same places (NULL: none):
   y(P) + omega(C, P) = 1. */
static bool find_transposer(uint64_t c[2], const pauli_sum_struct *const *list,
                            const pauli_sum_struct *const *central, size_t count, size_t n) {
  uint64_t rows[64], masks = (UINT64_C(1) << n) - 1;
  bool rhs[64];
  unsigned lead[64];
  size_t rank = 0;
  for (size_t j = 0; j < count; j++)
    for (size_t t = 0; t < list[j]->length; t++) {
      const uint64_t *p = pauli_sum_string(list[j], t);
      if (central && pauli_sum_find(central[j], p) != SIZE_MAX) continue;
      uint64_t row = p[1] | p[0] << n;
      bool one = !(__builtin_popcountll(p[0] & p[1]) & 1);
      for (size_t k = 0; k < rank; k++)
        if (row >> lead[k] & 1) {
          row ^= rows[k];
          one ^= rhs[k];
        }
      if (!row) {
        if (one) return false;
        continue;
      }
      lead[rank] = (unsigned)__builtin_ctzll(row);
      for (size_t k = 0; k < rank; k++)
        if (rows[k] >> lead[rank] & 1) {
          rows[k] ^= row;
          rhs[k] ^= one;
        }
      rhs[rank] = one;
      rows[rank++] = row;
    }
  uint64_t v = 0;
  for (size_t k = 0; k < rank; k++)
    if (rhs[k]) v |= UINT64_C(1) << lead[k];
  c[0] = v & masks;
  c[1] = v >> n;
  return true;
}

/* The sector that this vector of the whole space lies in, or SIZE_MAX. */
static size_t locate(const sectors_struct *s, const uint32_t *v) {
  const sector_space_struct *space = &s->space;
  size_t block = SIZE_MAX, at = SIZE_MAX;
  for (size_t b = 0; b < space->size; b++) {
    if (!v[b]) continue;
    if (block != SIZE_MAX && space->block_of[b] != block) return SIZE_MAX;
    block = space->block_of[b];
  }
  if (block == SIZE_MAX) return SIZE_MAX;
  size_t first = space->block_start[block];
  size_t dim = space->block_start[block + 1] - first;
  sector_probe_struct probe;
  nmod_poly_t f;
  uint32_t *u = flint_malloc((dim + 1) * sizeof *u);
  uint32_t *w = flint_malloc((dim + 1) * sizeof *w);
  for (size_t k = 0; k < dim; k++) w[k] = v[space->states[first + k]];
  sector_probe_init(&probe, space, block, 0, &s->prime, s->limits);
  nmod_poly_init_mod(f, s->prime.mod);
  sector_probe_generic(u, &probe, false, w);
  sector_probe_polynomial(f, &probe, u, 0);
  for (size_t k = 0; k < s->length && at == SIZE_MAX; k++)
    if (nmod_poly_equal(f, s->list[k].spectrum)) at = k;
  nmod_poly_clear(f);
  sector_probe_clear(&probe);
  flint_free(u);
  flint_free(w);
  return at;
}

static size_t root_of(const sectors_struct *s, size_t k, bool *conjugate) {
  *conjugate = false;
  while (s->list[k].link != k) {
    *conjugate ^= s->list[k].conjugate;
    k = s->list[k].link;
  }
  return k;
}

size_t sectors_link_root(const sectors_struct *s, size_t k) {
  bool conjugate;
  return root_of(s, k, &conjugate);
}

/* V_a is V_b (or its dual) for [g, g]. */
void sectors_join(sectors_struct *s, size_t a, size_t b, bool dual) {
  bool ca, cb;
  size_t ra = root_of(s, a, &ca), rb = root_of(s, b, &cb);
  if (ra == rb) {
    if (ca ^ cb ^ dual) s->list[ra].self_dual = true;
    return;
  }
  if (ra > rb) {
    size_t t = ra;
    ra = rb;
    rb = t;
  }
  s->list[rb].link = ra;
  s->list[rb].conjugate = ca ^ cb ^ dual;
  s->list[ra].self_dual = s->list[ra].self_dual || s->list[rb].self_dual;
}

void sectors_flatten_links(sectors_struct *s) {
  for (size_t k = 0; k < s->length; k++) {
    bool conjugate;
    size_t root = root_of(s, k, &conjugate);
    s->list[k].link = root;
    s->list[k].conjugate = conjugate;
  }
}

/* With M = C up to a factor, M^T = e M, the form x^T M y on V (x) E is the product of the
   invariant form of V and one of E, which is read off as
     v_i^T M w v_j,   v_i = v (x) e_i, w some word in the generators;
   e is the product of their signs. 0: it vanishes for this word, or is not one or the
   other, since V is linked to a sector. */
static int transposed_form(const sectors_struct *s, const sector_found_struct *f,
                           const uint64_t c[2], const sector_matrix_struct *word) {
  size_t size = s->space.size, m = f->multiplicity;
  nmod_t mod = s->prime.mod;
  uint32_t *w = flint_malloc(size * sizeof *w), *image = flint_malloc(size * sizeof *w);
  bool plus = true, minus = true;
  nmod_mat_t form;
  nmod_mat_init(form, (slong)m, (slong)m, mod.n);
  for (size_t j = 0; j < m; j++) {
    sector_matrix_apply(image, word, f->vectors[j]);
    residues_addmul(image, f->vectors[j], 12345, size, mod);
    sector_matrix_apply(w, word, image);
    for (size_t b = 0; b < size; b++)
      image[b ^ c[0]] =
          __builtin_parityll(c[1] & b) ? residue_sub(0, w[b], mod) : w[b];
    for (size_t i = 0; i < m; i++)
      nmod_mat_entry(form, (slong)i, (slong)j) =
          residues_dot(f->vectors[i], image, size, mod);
  }
  for (slong i = 0; i < (slong)m; i++)
    for (slong j = 0; j <= i; j++) {
      mp_limb_t a = nmod_mat_entry(form, i, j), b = nmod_mat_entry(form, j, i);
      plus = plus && a == b;
      minus = minus && a == nmod_neg(b, mod);
    }
  nmod_mat_clear(form);
  flint_free(w);
  flint_free(image);
  if (plus == minus) return 0;
  return plus ^ (bool)__builtin_parityll(c[0] & c[1]) ? 1 : -1;
}

static void use_plain(sectors_struct *s, const sector_operator_struct *op) {
  uint32_t *image = flint_malloc(s->space.size * sizeof *image);
  for (size_t k = 0; k < s->length; k++) {
    if (s->list[k].dimension == 1) continue;
    sector_operator_apply(image, op, &s->space, &s->prime, s->list[k].vectors[0]);
    size_t at = locate(s, image);
    if (at != SIZE_MAX && at != k) sectors_join(s, k, at, false);
  }
  flint_free(image);
}

static void use_transposer(sectors_struct *s, const uint64_t c[2]) {
  size_t size = s->space.size;
  uint32_t *image = flint_malloc(size * sizeof *image);
  nmod_t mod = s->prime.mod;
  uint64_t seed = 2718;
  sector_matrix_struct word; /* of random generators */
  mp_limb_t *random = flint_malloc((s->space.num_generators + 1) * sizeof *random);
  for (size_t j = 0; j < s->space.num_generators; j++)
    random[j] = stream_next(&seed) % mod.n;
  sector_matrix_init(&word, &s->space, SIZE_MAX, s->space.generators, random,
                     s->space.num_generators, false, &s->prime);
  for (size_t k = 0; k < s->length; k++) {
    sector_found_struct *f = s->list + k;
    size_t first = s->space.block_start[f->block];
    if (f->dimension == 1) continue;
    memset(image, 0, size * sizeof *image);
    for (size_t i = first; i < s->space.block_start[f->block + 1]; i++) {
      size_t from = s->space.states[i];
      uint32_t v = f->left ? f->left[i - first] : f->vectors[0][from];
      if (__builtin_parityll(c[1] & from)) v = residue_sub(0, v, mod);
      image[from ^ c[0]] = v;
    }
    size_t at = locate(s, image);
    if (at != SIZE_MAX) sectors_join(s, k, at, true);
    if (at == k) f->form = transposed_form(s, f, c, &word);
  }
  sector_matrix_clear(&word);
  flint_free(random);
  flint_free(image);
}

/* The same, at first for the operators as they are. */
static bool take_transposer(uint64_t c[2], bool *shifted, const sectors_struct *s,
                            const pauli_sum_struct *const *list, size_t count) {
  size_t n = s->space.num_qubits;
  const pauli_sum_struct **central = flint_malloc((count + 1) * sizeof *central);
  for (size_t j = 0; j < count; j++) central[j] = s->central + (list[j] - s->space.generators);
  *shifted = false;
  bool found = find_transposer(c, list, NULL, count, n);
  if (!found) found = *shifted = find_transposer(c, list, central, count, n);
  flint_free(central);
  return found;
}

void sectors_set_links(sectors_struct *s) {
  const sector_space_struct *space = &s->space;
  const pauli_sum_struct **list =
      flint_malloc((space->num_generators + 1) * sizeof *list);
  size_t count = noncentral(list, space);
  s->central = flint_malloc((space->num_generators + 1) * sizeof *s->central);
  for (size_t j = 0; j < space->num_generators; j++) {
    pauli_sum_init(s->central + j, space->num_qubits);
    central_part(s->central + j, space->generators + j, space);
  }
  for (size_t k = 0; k < s->length; k++) s->list[k].link = k;
  if (count < space->num_generators && count) {
    sector_symmetry_struct more;
    sector_symmetry_init_monomial(&more, space, list, count);
    for (size_t j = 0; j < more.length; j++)
      if (more.list[j].kind == SECTOR_MONOMIAL) use_plain(s, more.list + j);
    sector_symmetry_clear(&more);
  }
  uint64_t c[2];
  bool shifted;
  if (count && take_transposer(c, &shifted, s, list, count)) use_transposer(s, c);
  for (size_t j = 0; j < space->num_generators; j++) list[j] = space->generators + j;
  s->has_transposer =
      take_transposer(s->transposer, &s->is_shifted, s, list, space->num_generators);
  flint_free(list);
}

/* The value of a diagonal operator on a basis state. */
static void diagonal_value(fmpq_t out, const pauli_sum_struct *a, uint64_t state) {
  fmpq_zero(out);
  for (size_t t = 0; t < a->length; t++) {
    if (__builtin_parityll(pauli_sum_string(a, t)[1] & state)) fmpq_sub(out, out, a->coeffs + t);
    else fmpq_add(out, out, a->coeffs + t);
  }
}

bool sectors_transpose_blocks(bool *blocks, const sectors_struct *s) {
  const sector_space_struct *space = &s->space;
  size_t count = space->num_blocks;
  if (!s->has_transposer) return false;
  bool *both = flint_calloc(count + 1, sizeof *both), ok = true;
  for (size_t b = 0; b < count; b++)
    if (blocks[b])
      both[b] = both[space->block_of[space->states[space->block_start[b]] ^ s->transposer[0]]] =
          true;
  fmpq_t first, value;
  fmpq_init(first);
  fmpq_init(value);
  for (size_t j = 0; j < space->num_generators && ok && s->is_shifted; j++) {
    bool any = false;
    for (size_t b = 0; b < count && ok; b++) {
      if (!both[b]) continue;
      /* The same on all of a block, since it commutes with what joins its states. */
      diagonal_value(value, s->central + j, space->states[space->block_start[b]]);
      if (!any) fmpq_set(first, value);
      ok = fmpq_equal(first, value);
      any = true;
    }
  }
  if (ok) memcpy(blocks, both, count * sizeof *blocks);
  fmpq_clear(first);
  fmpq_clear(value);
  flint_free(both);
  return ok;
}
