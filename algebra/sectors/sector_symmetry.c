#include "algebra/sectors/sector_symmetry.h"

#include <stdlib.h>

#include "algebra/generators/symmetry.h"

enum { MAX_PERMUTATIONS = 1024, FEW_PERMUTATIONS = 64 };

static sector_operator_struct *append(sector_symmetry_struct *s,
                                      sector_operator_t kind) {
  s->list = flint_realloc(s->list, (s->length + 1) * sizeof *s->list);
  sector_operator_struct *op = s->list + s->length++;
  *op = (sector_operator_struct){.kind = kind};
  if (kind == SECTOR_MONOMIAL) {
    op->image = flint_malloc(s->space->size * sizeof *op->image);
    op->phase = flint_calloc(s->space->size, sizeof *op->phase);
  }
  return op;
}

/* --- strings ---------------------------------------------------------------------- */

/* Rows of F_2 equations omega(P, v) = 0 for all strings P of the generators; a basis
   of the solutions v = (x, z), n <= 32 bits each. */
static size_t commutant_strings(uint64_t (*out)[2],
                                const pauli_sum_struct *const *generators,
                                size_t num, size_t n) {
  size_t rank = 0;
  uint64_t rows[64];
  unsigned lead[64];
  for (size_t j = 0; j < num; j++)
    for (size_t t = 0; t < generators[j]->length; t++) {
      const uint64_t *p = pauli_sum_string(generators[j], t);
      uint64_t row = p[1] | p[0] << n; /* against x, against z */
      for (size_t k = 0; k < rank; k++)
        if (row >> lead[k] & 1) row ^= rows[k];
      if (!row) continue;
      lead[rank] = (unsigned)__builtin_ctzll(row);
      for (size_t k = 0; k < rank; k++)
        if (rows[k] >> lead[rank] & 1) rows[k] ^= row;
      rows[rank++] = row;
    }
  size_t count = 0;
  for (unsigned c = 0; c < 2 * n; c++) {
    bool is_lead = false;
    for (size_t k = 0; k < rank; k++) is_lead = is_lead || lead[k] == c;
    if (is_lead) continue;
    uint64_t v = UINT64_C(1) << c;
    for (size_t k = 0; k < rank; k++)
      if (rows[k] >> c & 1) v |= UINT64_C(1) << lead[k];
    out[count][0] = v & ((UINT64_C(1) << n) - 1);
    out[count++][1] = v >> n;
  }
  return count;
}

static void add_string(sector_symmetry_struct *s, uint64_t x, uint64_t z) {
  sector_operator_struct *op = append(s, SECTOR_MONOMIAL);
  for (uint64_t b = 0; b < s->space->size; b++) {
    op->image[b] = (uint32_t)(b ^ x);
    op->phase[b] = (uint8_t)((__builtin_popcountll(x & z) +
                              2 * __builtin_parityll(z & b)) & 3);
  }
}

static void add_strings(sector_symmetry_struct *s,
                        const pauli_sum_struct *const *framed, size_t num,
                        bool diagonal) {
  uint64_t strings[64][2];
  size_t count =
      commutant_strings(strings, framed, num, s->space->num_qubits);
  for (size_t k = 0; k < count; k++)
    if (diagonal || strings[k][0]) add_string(s, strings[k][0], strings[k][1]);
}

/* --- permutations -------------------------------------------------------------------- */

static void add_permutation(sector_symmetry_struct *s, const uint32_t *perm) {
  size_t n = s->space->num_qubits;
  sector_operator_struct *op = append(s, SECTOR_MONOMIAL);
  for (uint64_t b = 0; b < s->space->size; b++) {
    uint64_t image = 0;
    for (size_t j = 0; j < n; j++) image |= (b >> j & 1) << perm[j];
    op->image[b] = (uint32_t)image;
  }
}

static bool is_identity(const uint32_t *perm, size_t n) {
  for (size_t j = 0; j < n; j++)
    if (perm[j] != j) return false;
  return true;
}

/* The number of a permutation among those of the group. */
static size_t find_permutation(const symmetry_struct *group, const uint32_t *perm) {
  size_t n = group->num_qubits, k = 0;
  while (k < group->num_perms && memcmp(group->perms + k * n, perm, n * sizeof *perm)) k++;
  return k;
}

/* made[]: those that these generate, up to the cosets that the list has; all are in list. */
static void generate(bool *made, size_t *list, const symmetry_struct *group,
                     const uint32_t *const *used, size_t num_used) {
  size_t n = group->num_qubits, length = 0;
  uint32_t *product = flint_malloc((n + 1) * sizeof *product);
  for (size_t k = 0; k < group->num_perms; k++)
    if (made[k]) list[length++] = k;
  for (size_t i = 0; i < length; i++)
    for (size_t u = 0; u < num_used; u++) {
      for (size_t j = 0; j < n; j++) product[j] = used[u][group->perms[list[i] * n + j]];
      size_t k = find_permutation(group, product);
      if (k == group->num_perms || made[k]) continue;
      made[k] = true;
      list[length++] = k;
    }
  flint_free(product);
}

static bool is_product_of_two(const uint32_t *perm, const uint32_t *const *used,
                              size_t num_used, size_t n) {
  bool known = false;
  for (size_t a = 0; a < num_used && !known; a++)
    for (size_t b = 0; b < num_used && !known; b++) {
      known = true;
      for (size_t j = 0; j < n && known; j++) known = perm[j] == used[a][used[b][j]];
    }
  return known;
}

/* Enough of them to generate the group; of a small one those that are not products of two
   that are there already, since they have more lines of small eigenvalues. */
static void add_permutations(sector_symmetry_struct *s,
                             const pauli_sum_struct *const *generators,
                             size_t count) {
  size_t n = s->space->num_qubits;
  symmetry_struct group;
  symmetry_init(&group, n, generators, count, MAX_PERMUTATIONS);
  uint32_t *swap = flint_malloc((n + 1) * sizeof *swap);
  for (size_t c = 0; c < group.num_big; c++)
    for (size_t k = group.class_start[c]; k + 1 < group.class_start[c + 1]; k++) {
      for (size_t j = 0; j < n; j++) swap[j] = (uint32_t)j;
      swap[group.members[k]] = (uint32_t)group.members[k + 1];
      swap[group.members[k + 1]] = (uint32_t)group.members[k];
      add_permutation(s, swap);
    }
  size_t num_used = 0;
  const uint32_t **used = flint_malloc((group.num_perms + 1) * sizeof *used);
  bool *made = flint_calloc(group.num_perms + 1, sizeof *made);
  size_t *list = flint_malloc((group.num_perms + 1) * sizeof *list);
  for (size_t k = 0; k < group.num_perms; k++) {
    const uint32_t *perm = group.perms + k * n;
    made[k] = made[k] || is_identity(perm, n);
    if (group.num_perms > FEW_PERMUTATIONS
            ? made[k]
            : is_identity(perm, n) || is_product_of_two(perm, used, num_used, n))
      continue;
    used[num_used++] = perm;
    add_permutation(s, perm);
    if (group.num_perms > FEW_PERMUTATIONS) generate(made, list, &group, used, num_used);
  }
  flint_free(used);
  flint_free(made);
  flint_free(list);
  flint_free(swap);
  symmetry_clear(&group);
}

/* --- permutations of modes ------------------------------------------------------------ */

/* Letters of the Majorana operators of a string, mode by mode: X, Y for one of the
   two, Z for both. From the last mode down, every mode with one passes a Z on. */
static void majorana_letters(uint64_t out[2], const uint64_t p[2], size_t n) {
  bool odd = false; /* Z's from modes above */
  out[0] = out[1] = 0;
  for (size_t j = n; j-- > 0;) {
    bool x = p[0] >> j & 1, z = (p[1] >> j & 1) ^ odd;
    out[0] |= (uint64_t)x << j;
    out[1] |= (uint64_t)z << j;
    odd ^= x;
  }
}

/* The sums with these letters and the absolute values of the coefficients. */
static void majorana_sum(pauli_sum_struct *out, const pauli_sum_struct *a) {
  fmpq_t c;
  fmpq_init(c);
  for (size_t t = 0; t < a->length; t++) {
    uint64_t q[2];
    majorana_letters(q, pauli_sum_string(a, t), a->num_qubits);
    fmpq_abs(c, a->coeffs + t);
    pauli_sum_push(out, c, q);
  }
  pauli_sum_canonicalise(out);
  fmpq_clear(c);
}

/* <r|H|s> for integer coefficients, modulo p beyond twice their sum. */
typedef struct {
  uint64_t x, z; /* X and Z part of a string */
  mp_limb_t value;
} entry_t;

typedef struct {
  nmod_t mod;
  size_t length;
  entry_t *entries; /* ordered by x */
} element_t;

static int compare_entries(const void *a, const void *b) {
  uint64_t x = ((const entry_t *)a)->x, y = ((const entry_t *)b)->x;
  return (x > y) - (x < y);
}

static void element_init(element_t *e, const pauli_sum_struct *h) {
  nmod_init(&e->mod, UINT64_C(4611686018427387761));
  while (!n_is_prime(e->mod.n) || e->mod.n % 4 != 1) nmod_init(&e->mod, e->mod.n - 2);
  mp_limb_t root = n_sqrtmod(e->mod.n - 1, e->mod.n);
  e->length = h->length;
  e->entries = flint_malloc((h->length + 1) * sizeof *e->entries);
  for (size_t t = 0; t < h->length; t++) {
    const uint64_t *p = pauli_sum_string(h, t);
    unsigned y = (unsigned)__builtin_popcountll(p[0] & p[1]);
    mp_limb_t v = fmpz_fdiv_ui(fmpq_numref(h->coeffs + t), e->mod.n);
    if (y & 1) v = nmod_mul(v, root, e->mod);
    e->entries[t] = (entry_t){p[0], p[1], (y & 2) ? nmod_neg(v, e->mod) : v};
  }
  qsort(e->entries, e->length, sizeof *e->entries, compare_entries);
}

/* The first entry with that X part, or the end. */
static size_t element_find(const element_t *e, uint64_t x) {
  size_t low = 0, high = e->length;
  while (low < high) {
    size_t mid = low + (high - low) / 2;
    if (e->entries[mid].x < x) low = mid + 1;
    else high = mid;
  }
  return low;
}

static mp_limb_t element(const element_t *e, uint64_t r, uint64_t s) {
  mp_limb_t sum = 0;
  for (size_t t = element_find(e, r ^ s); t < e->length && e->entries[t].x == (r ^ s); t++)
    sum = __builtin_parityll(e->entries[t].z & s) ? nmod_sub(sum, e->entries[t].value, e->mod)
                                                  : nmod_add(sum, e->entries[t].value, e->mod);
  return sum;
}

/* |a + b i|^2 < p both ways? */
static bool is_small(const pauli_sum_struct *h) {
  fmpz_t sum, size;
  fmpz_init(sum);
  fmpz_init(size);
  for (size_t t = 0; t < h->length; t++) {
    fmpz_abs(size, fmpq_numref(h->coeffs + t));
    fmpz_add(sum, sum, size);
  }
  bool small = fmpz_bits(sum) <= 27;
  fmpz_clear(sum);
  fmpz_clear(size);
  return small;
}

/* Does the signed permutation commute with the operator (primitive integer)? Every X part
   of the operator is one entry in each column. */
static bool monomial_commutes(const sector_operator_struct *op,
                              const pauli_sum_struct *h, size_t size) {
  element_t e;
  if (!is_small(h)) return false;
  element_init(&e, h);
  bool ok = true;
  for (size_t t = 0; t < e.length && ok; t++) {
    if (t && e.entries[t].x == e.entries[t - 1].x) continue;
    for (uint64_t s = 0; s < size && ok; s++) {
      uint64_t r = s ^ e.entries[t].x;
      mp_limb_t v = element(&e, r, s);
      if ((op->phase[r] ^ op->phase[s]) & 2) v = nmod_neg(v, e.mod);
      ok = v == element(&e, op->image[r], op->image[s]);
    }
  }
  flint_free(e.entries);
  return ok;
}

/* a_j -> a_perm[j]: occupied modes in ascending order are sorted again. */
static void add_mode_permutation(sector_symmetry_struct *s, const uint32_t *perm) {
  size_t n = s->space->num_qubits, size = s->space->size;
  sector_operator_struct *op = append(s, SECTOR_MONOMIAL);
  for (uint64_t b = 0; b < size; b++) {
    uint64_t image = 0;
    unsigned swaps = 0;
    for (size_t j = 0; j < n; j++)
      if (b >> j & 1) { /* passes the modes above it that are there already */
        swaps += (unsigned)__builtin_popcountll(image >> perm[j]);
        image |= UINT64_C(1) << perm[j];
      }
    op->image[b] = (uint32_t)image;
    op->phase[b] = (swaps & 1) ? 2 : 0;
  }
  bool ok = true;
  for (size_t j = 0; j < s->space->num_generators && ok; j++)
    ok = monomial_commutes(op, s->space->generators + j, size);
  if (ok) return;
  flint_free(op->image);
  flint_free(op->phase);
  s->length--;
}

/* Only in the frame in which modes are qubits, and when some generator has a string
   that is not the same for bosons. */
static void add_mode_permutations(sector_symmetry_struct *s) {
  const sector_space_struct *space = s->space;
  size_t n = space->num_qubits, count = space->num_generators;
  if (space->frame != FRAME_Z) return;
  pauli_sum_struct *sums = flint_malloc((count + 1) * sizeof *sums);
  const pauli_sum_struct **list = flint_malloc((count + 1) * sizeof *list);
  bool differs = false;
  for (size_t j = 0; j < count; j++) {
    pauli_sum_init(sums + j, n);
    majorana_sum(sums + j, space->generators + j);
    list[j] = sums + j;
    for (size_t t = 0; t < space->generators[j].length; t++)
      differs = differs ||
                pauli_weight(pauli_sum_string(space->generators + j, t), 1) > 2;
  }
  symmetry_struct group;
  symmetry_init(&group, n, list, count, MAX_PERMUTATIONS);
  uint32_t *swap = flint_malloc((n + 1) * sizeof *swap);
  for (size_t c = 0; c < group.num_big && differs; c++)
    for (size_t k = group.class_start[c]; k + 1 < group.class_start[c + 1]; k++) {
      for (size_t j = 0; j < n; j++) swap[j] = (uint32_t)j;
      swap[group.members[k]] = (uint32_t)group.members[k + 1];
      swap[group.members[k + 1]] = (uint32_t)group.members[k];
      add_mode_permutation(s, swap);
    }
  for (size_t k = 1; k < group.num_perms && differs && s->length < 24; k++)
    add_mode_permutation(s, group.perms + k * n);
  symmetry_clear(&group);
  for (size_t j = 0; j < count; j++) pauli_sum_clear(sums + j);
  flint_free(sums);
  flint_free(list);
  flint_free(swap);
}

/* --- all --------------------------------------------------------------------------------- */

void sector_symmetry_init(sector_symmetry_struct *symmetry,
                          const sector_space_struct *space,
                          const pauli_sum_struct *const *generators,
                          size_t count) {
  *symmetry = (sector_symmetry_struct){.space = space};
  append(symmetry, SECTOR_BLOCK);
  const pauli_sum_struct **framed = flint_malloc((count + 1) * sizeof *framed);
  for (size_t j = 0; j < count; j++) framed[j] = space->generators + j;
  /* Diagonal strings are constant on blocks. */
  add_strings(symmetry, framed, count, false);
  flint_free(framed);
  add_permutations(symmetry, generators, count);
  sector_symmetry_add_charges(symmetry, generators, count);
  add_mode_permutations(symmetry);
}

void sector_symmetry_init_monomial(sector_symmetry_struct *symmetry,
                                   const sector_space_struct *space,
                                   const pauli_sum_struct *const *framed,
                                   size_t count) {
  *symmetry = (sector_symmetry_struct){.space = space};
  add_strings(symmetry, framed, count, true);
  add_permutations(symmetry, framed, count);
}

void sector_symmetry_clear(sector_symmetry_struct *symmetry) {
  for (size_t k = 0; k < symmetry->length; k++) {
    sector_operator_struct *op = symmetry->list + k;
    flint_free(op->image);
    flint_free(op->phase);
    if (op->has_matrix) sector_matrix_clear(&op->matrix);
    if (op->kind == SECTOR_CHARGE) pauli_sum_clear(op->charge);
    flint_free(op->left);
    flint_free(op->right);
    for (int h = 0; h < 2; h++) {
      flint_free(op->start[h]);
      flint_free(op->column[h]);
    }
    flint_free(op->inverse);
  }
  flint_free(symmetry->list);
}

static mp_limb_t signed_residue(slong v, nmod_t mod) {
  return v < 0 ? nmod_neg((mp_limb_t)-v % mod.n, mod) : (mp_limb_t)v % mod.n;
}

/* Columns of the entries that are not 0. */
static void list_columns(size_t **start, uint32_t **column, const slong *rows, size_t rank,
                         size_t size) {
  size_t count = 0, at = 0;
  for (size_t i = 0; i < rank * size; i++) count += rows[i] != 0;
  *start = flint_malloc((rank + 1) * sizeof **start);
  *column = flint_malloc((count + 1) * sizeof **column);
  for (size_t i = 0; i < rank; i++) {
    (*start)[i] = at;
    for (size_t b = 0; b < size; b++)
      if (rows[i * size + b]) (*column)[at++] = (uint32_t)b;
  }
  (*start)[rank] = at;
}

void sector_symmetry_add_map(sector_symmetry_struct *symmetry, slong *left,
                             slong *right, size_t rank) {
  sector_operator_struct *op = append(symmetry, SECTOR_MAP);
  size_t size = symmetry->space->size;
  op->left = left;
  op->right = right;
  op->rank = rank;
  list_columns(op->start, op->column, left, rank, size);
  list_columns(op->start + 1, op->column + 1, right, rank, size);
}

/* G^-1 modulo the prime; 0 for a prime that divides det G (then (2) of sectors.h will
   fail). */
static void set_map_prime(sector_operator_struct *op, size_t size, nmod_t mod) {
  slong r = (slong)op->rank;
  nmod_mat_t rows, t, gram;
  nmod_mat_init(rows, r, (slong)size, mod.n);
  nmod_mat_init(t, (slong)size, r, mod.n);
  nmod_mat_init(gram, r, r, mod.n);
  for (slong i = 0; i < r; i++)
    for (slong s = 0; s < (slong)size; s++)
      nmod_mat_entry(rows, i, s) =
          signed_residue(op->left[i * (slong)size + s], mod);
  nmod_mat_transpose(t, rows);
  nmod_mat_mul(gram, rows, t);
  if (!nmod_mat_inv(gram, gram)) nmod_mat_zero(gram);
  flint_free(op->inverse);
  op->modulus = mod.n;
  op->inverse = flint_malloc(op->rank * op->rank * sizeof *op->inverse);
  for (slong i = 0; i < r; i++)
    for (slong k = 0; k < r; k++)
      op->inverse[i * r + k] = nmod_mat_entry(gram, i, k);
  nmod_mat_clear(rows);
  nmod_mat_clear(t);
  nmod_mat_clear(gram);
}

void sector_symmetry_set_prime(sector_symmetry_struct *symmetry,
                               const sector_prime_struct *prime) {
  mp_limb_t one = 1;
  for (size_t k = 0; k < symmetry->length; k++) {
    sector_operator_struct *op = symmetry->list + k;
    if (op->has_matrix) sector_matrix_clear(&op->matrix);
    op->has_matrix = op->kind == SECTOR_CHARGE;
    if (op->kind == SECTOR_MAP && op->modulus != prime->mod.n)
      set_map_prime(op, symmetry->space->size, prime->mod);
    if (op->has_matrix)
      sector_matrix_init(&op->matrix, symmetry->space, SIZE_MAX, op->charge,
                         &one, 1, false, prime);
  }
}

static bool apply_map(uint32_t *out, const sector_operator_struct *op, size_t size,
                      nmod_t mod, const uint32_t *v) {
  size_t r = op->rank;
  bool any = false;
  mp_limb_t *c = flint_malloc((r + 1) * sizeof *c);
  for (size_t i = 0; i < r; i++) {
    c[i] = 0;
    for (size_t k = op->start[0][i]; k < op->start[0][i + 1]; k++) {
      uint32_t s = op->column[0][k];
      if (v[s])
        c[i] = nmod_addmul(c[i], signed_residue(op->left[i * size + s], mod), v[s], mod);
    }
    any = any || c[i];
  }
  memset(out, 0, size * sizeof *out);
  for (size_t k = 0; k < r && any; k++) {
    mp_limb_t sum = 0;
    for (size_t i = 0; i < r; i++)
      if (c[i]) sum = nmod_addmul(sum, op->inverse[k * r + i], c[i], mod);
    for (size_t j = op->start[1][k]; j < op->start[1][k + 1] && sum; j++) {
      uint32_t s = op->column[1][j];
      out[s] = (uint32_t)nmod_addmul(out[s], signed_residue(op->right[k * size + s], mod),
                                     sum, mod);
    }
  }
  flint_free(c);
  return any;
}

bool sector_operator_apply(uint32_t *out, const sector_operator_struct *op,
                           const sector_space_struct *space,
                           const sector_prime_struct *prime,
                           const uint32_t *v) {
  nmod_t mod = prime->mod;
  size_t size = space->size;
  mp_limb_t power[4] = {1, prime->root, mod.n - 1, mod.n - prime->root};
  switch (op->kind) {
    case SECTOR_MONOMIAL:
      for (size_t s = 0; s < size; s++)
        out[op->image[s]] = op->phase[s]
                                ? residue_mul(power[op->phase[s]], v[s], mod)
                                : v[s];
      return true;
    case SECTOR_BLOCK: /* block b has the label b + 1 */
      for (size_t s = 0; s < size; s++)
        out[s] = residue_mul(space->block_of[s] + 1, v[s], mod);
      return true;
    case SECTOR_CHARGE:
      sector_matrix_apply(out, &op->matrix, v);
      return true;
    case SECTOR_MAP: break;
  }
  return apply_map(out, op, size, mod, v);
}
