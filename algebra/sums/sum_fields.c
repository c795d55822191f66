/* The field of a sector.

   The maps {H, .} keep and H o . changes the parity of words. Let Even
   and Odd be the spans of even and odd words applied to e. A sector is
   isomorphic to its dual (as a representation of g) iff the sign (-1)^parity is
   well defined on A e, i.e. Even and Odd meet in 0; the sign is then the
   anti-automorphism H -> -H, and dim Even - dim Odd its trace, d for a symmetric
   form and -d for an antisymmetric one. Proof of the ranks, found modulo a prime:
   those of the words applied to 1 are compared with the exact ones (from the span
   of the real algebra). When they agree, the lattice of words is saturated at
   the prime, the projectors of a sector and of its dual stay different there,
   and a sector that is not self-dual cannot look self-dual.

   Shorter, when it works: for a self-dual sector the trace of an element equals that of
   its image under H -> -H, so that an odd word with Tr(e w) != 0 shows that a sector is
   complex, and with it those conjugate over Q. Tried: H_j o (H_k o A) and A itself, A in
   g, which detect the symmetric cubic invariant of su(d), d > 2, and centres. */
#include <flint/ulong_extras.h>

#include "algebra/closure/echelon.h"
#include "algebra/sums/sum_sectors.h"

/* out = in with one more qubit, at the end, carrying the letter. */
static void extend(pauli_sum_struct *out, const pauli_sum_struct *in,
                   unsigned letter) {
  size_t n = in->num_qubits, w = in->num_words, wide = pauli_words(n + 1);
  uint64_t *p = flint_malloc((2 * wide + 1) * sizeof *p);
  pauli_sum_init(out, n + 1);
  for (size_t t = 0; t < in->length; t++) {
    memset(p, 0, 2 * wide * sizeof *p);
    for (size_t q = 0; q < n; q++)
      pauli_set(p, wide, q, pauli_get(pauli_sum_string(in, t), w, q));
    pauli_set(p, wide, n, letter);
    pauli_sum_push(out, in->coeffs + t, p);
  }
  pauli_sum_canonicalise(out);
  flint_free(p);
}

/* Dimension of R<i H_j> e and of its Hermitian part. An element X + i Y, X and Y
   Hermitian, is written X (x) I + Y (x) Z: i H times it has the parts
   (i/2)[H,X], -(H o Y) and H o X, (i/2)[H,Y], which together span the same as
   the real algebra since that is closed under adjoints. */
status_t sum_fields_dimensions(sum_sectors_struct *s,
                               const pauli_sum_struct *e) {
  size_t num = 2 * s->count + s->num_scalars;
  pauli_sum_struct *ops = flint_malloc((num + 1) * sizeof *ops);
  span_map_t *maps = flint_malloc((num + 1) * sizeof *maps);
  pauli_sum_t seed;
  span_struct span;
  for (size_t k = 0; k < s->count; k++) {
    extend(ops + 2 * k, s->generators[k], 0);
    extend(ops + 2 * k + 1, s->generators[k], 2);
    maps[2 * k] = (span_map_t){ops + 2 * k, SPAN_LIE};
    maps[2 * k + 1] = (span_map_t){ops + 2 * k + 1, SPAN_JORDAN};
  }
  for (size_t k = 2 * s->count; k < num; k++) {
    extend(ops + k, s->scalars[k - 2 * s->count], 0);
    maps[k] = (span_map_t){ops + k, SPAN_JORDAN};
  }
  extend(seed, e, 0);
  status_t status = sum_sectors_span(&span, s->n + 1, maps, num, seed,
                             2 * SUM_SECTORS_MAX_DIMENSION, s->limits);
  s->even = 0;
  s->total = span.dimension;
  if (status == STATUS_OK)
    for (size_t k = 0; k < span.dimension; k++) {
      sparse_vector_struct b;
      span_basis_vector(&b, &span, k);
      const uint64_t *p =
          span.strings + (size_t)b.idx[0] * 2 * span.num_words;
      s->even += pauli_get(p, span.num_words, s->n) == 0;
      sparse_vector_clear(&b);
    }
  span_clear(&span);
  for (size_t k = 0; k < num; k++) pauli_sum_clear(ops + k);
  pauli_sum_clear(seed);
  flint_free(ops);
  flint_free(maps);
  return status;
}

/* Ranks of the even and the odd words applied to x, modulo the prime; all words
   in rank[0] when not graded. Stops when the ranks add up to `stop`. */
void sum_word_ranks(size_t rank[2], const sum_sectors_struct *s,
                       const module_mod_struct *m, const mp_limb_t *x,
                       bool graded, size_t stop) {
  echelon_struct echelon[2];
  size_t done[2] = {0, 0};
  mp_limb_t *v = flint_malloc(2 * (m->dim + 1) * sizeof *v), *y = v + m->dim + 1;
  for (int parity = 0; parity < 2; parity++)
    echelon_init(echelon + parity, m->dim, m->mod);
  echelon_add(echelon, x);
  for (bool more = true; more && !limits_abort(s->limits);) {
    more = false;
    for (int parity = 0; parity < 2; parity++) {
      if (done[parity] == echelon[parity].rank) continue;
      echelon_row(v, echelon + parity, done[parity]++);
      more = true;
      for (size_t j = 0; j < m->num_maps; j++) { 
        int odd = j < 2 * s->count && (j & 1);
        echelon_struct *to = echelon + (graded ? parity ^ odd : 0);
        if (to->rank == m->dim) continue;
        module_mod_apply(y, v, m, j);
        echelon_add(to, y);
      }
    }
    if (echelon[0].rank + echelon[1].rank >= stop) break;
  }
  for (int parity = 0; parity < 2; parity++) {
    rank[parity] = echelon[parity].rank;
    echelon_clear(echelon + parity);
  }
  flint_free(v);
}

/* --- traces of odd words ---------------------------------------------------------- */

void sum_traces_init(sum_traces_struct *t, const sum_sectors_struct *s,
                     const module_mod_struct *m) {
  size_t w = s->span.num_words;
  fmpz_t length;
  fmpz_init(length);
  *t = (sum_traces_struct){.s = s, .m = m, .ok = true};
  t->weight = flint_malloc((s->span.num_columns + 1) * sizeof *t->weight);
  for (size_t c = 0; c < s->span.num_columns && t->ok; c++) {
    symmetry_orbit_length(length, &s->span.symmetry, s->span.strings + c * 2 * w);
    mp_limb_t residue = fmpz_fdiv_ui(length, m->mod.n);
    t->ok = residue != 0 && !limits_abort(s->limits);
    if (t->ok) t->weight[c] = nmod_inv(residue, m->mod);
  }
  fmpz_clear(length);
}

void sum_traces_clear(sum_traces_struct *t) { flint_free(t->weight); }

/* Tr(e y) / 2^n is not 0 modulo the prime; e on columns, with weights. */
static bool meets(const mp_limb_t *e, const sum_traces_struct *t,
                  const mp_limb_t *y, mp_limb_t *room) {
  mp_limb_t sum = 0;
  if (!span_on_columns(room, &t->s->span, y, t->m->mod)) return false;
  for (size_t c = 0; c < t->s->span.num_columns; c++)
    NMOD_ADDMUL(sum, e[c], room[c], t->m->mod);
  return sum != 0;
}

bool sum_traces_show_complex(const sum_traces_struct *t, const mp_limb_t *e) {
  enum { STEPS = 4, MOST_MAPS = 12 };
  const sum_sectors_struct *s = t->s;
  const module_mod_struct *m = t->m;
  size_t dim = m->dim, columns = s->span.num_columns;
  size_t maps = s->count < MOST_MAPS ? s->count : MOST_MAPS;
  if (!t->ok) return false;
  mp_limb_t *on = flint_malloc((2 * columns + 1) * sizeof *on);
  mp_limb_t *room = on + columns;
  mp_limb_t *a = flint_calloc(5 * dim + 1, sizeof *a), *b = a + dim;
  mp_limb_t *x = b + dim, *y = x + dim, *one = y + dim, c = 1;
  bool found = false, ok = span_on_columns(on, &s->span, e, m->mod) &&
                           module_row_mod(one, s->one, 0, m->mod);
  for (size_t k = 0; k < columns && ok; k++)
    on[k] = nmod_mul(on[k], t->weight[k], m->mod);
  for (size_t j = 0; j < s->count && ok; j++) { /* a = sum of generators */
    module_mod_apply(x, one, m, 2 * j + 1);
    c = nmod_mul(c, 48271 % m->mod.n, m->mod);
    _nmod_vec_scalar_addmul_nmod(a, x, (slong)dim, c, m->mod);
  }
  for (int step = 0; step < STEPS && ok && !found; step++) {
    found = meets(on, t, a, room);
    for (size_t j = 0; j < maps && !found; j++) {
      module_mod_apply(x, a, m, 2 * j + 1);
      for (size_t k = 0; k <= j && !found; k++) {
        module_mod_apply(y, x, m, 2 * k + 1);
        found = meets(on, t, y, room);
      }
    }
    memcpy(b, a, dim * sizeof *b);
    for (size_t j = 0; j < s->count && !found; j++) { /* + brackets with them */
      module_mod_apply(x, b, m, 2 * j);
      c = nmod_mul(c, 48271 % m->mod.n, m->mod);
      _nmod_vec_scalar_addmul_nmod(a, x, (slong)dim, c, m->mod);
    }
  }
  flint_free(on);
  flint_free(a);
  return found;
}

/* --- a prime for ranks --------------------------------------------------------------- */

/* A prime modulo which words have the ranks that they have over Q. */
bool sum_fields_prime(module_mod_struct *m, const sum_sectors_struct *s) {
  mp_limb_t p = (UINT64_C(1) << 28) + 1, *seed;
  bool good = false;
  seed = flint_malloc((s->module.dim + 1) * sizeof *seed);
  for (int attempt = 0; attempt < 3 && !good; attempt++) {
    size_t rank[2];
    do p--;
    while (!n_is_prime(p));
    if (module_mod_init(m, &s->module, p) &&
        module_row_mod(seed, s->one, 0, m->mod)) {
      sum_word_ranks(rank, s, m, seed, true, s->total);
      good = rank[0] == s->even && rank[0] + rank[1] == s->total;
    }
    if (!good) module_mod_clear(m);
  }
  flint_free(seed);
  return good;
}

