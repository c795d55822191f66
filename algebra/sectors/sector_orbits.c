#include "algebra/sectors/sector_orbits.h"

#include <stdlib.h>
#include <string.h>

#include "algebra/sectors/residue_rows.h"

enum { MAX_OPERATORS = 40, MAX_ORBIT = 1 << 20 };

/* --- symmetries of the states --------------------------------------------------------- */

/* |s> -> i^phase[s] |image[s]>, for the states in S; elsewhere anything. */
typedef struct {
  uint32_t *image;
  uint8_t *phase;
} monomial_t;

typedef struct {
  size_t size;
  const bool *inside; /* per basis state: in S */
  nmod_t mod;
  mp_limb_t powers[4]; /* of i */
  const mp_limb_t *ket[2];
} fixed_t;

/* *power = k when g phi = i^k phi for both, and g / i^k has real entries. Entries of phi are
   Gaussian integers of at most 2^n, so that residues tell them apart. */
static bool fixes(unsigned *power, const monomial_t *g, const fixed_t *f) {
  bool known = false;
  for (int which = 0; which < 2; which++)
    for (size_t s = 0; s < f->size; s++) {
      if (!f->inside[s]) continue;
      mp_limb_t from = f->ket[which][s], to = f->ket[which][g->image[s]];
      if (!from != !to) return false;
      if (!from) continue;
      unsigned k = 0;
      while (!known && k < 4 && nmod_mul(from, f->powers[(g->phase[s] - k) & 3u], f->mod) != to)
        k++;
      if (k == 4) return false;
      if (!known) *power = k;
      known = true;
      if (nmod_mul(from, f->powers[(g->phase[s] - *power) & 3u], f->mod) != to) return false;
    }
  for (size_t s = 0; s < f->size && known; s++)
    if (f->inside[s] && (g->phase[s] - *power) & 1u) return false;
  return known;
}

/* --- orbits ------------------------------------------------------------------------------ */

/* Basis states joined by the g: parent, and the sign relative to it. */
typedef struct {
  uint32_t *parent;
  bool *minus, *contradicts; /* contradicts: of roots */
} forest_t;

static uint32_t find_root(forest_t *t, uint32_t s, bool *minus) {
  uint32_t root = s;
  bool sign = false;
  for (; t->parent[root] != root; root = t->parent[root]) sign ^= t->minus[root];
  *minus = sign;
  while (t->parent[s] != root && s != root) { /* shorter ways */
    uint32_t next = t->parent[s];
    bool own = t->minus[s];
    t->parent[s] = root;
    t->minus[s] = sign;
    sign ^= own;
    s = next;
  }
  return root;
}

static void join(forest_t *t, uint32_t a, uint32_t b, bool minus) {
  bool x, y;
  uint32_t p = find_root(t, a, &x), q = find_root(t, b, &y);
  if (p == q) {
    if (x ^ y ^ minus) t->contradicts[p] = true;
    return;
  }
  if (p > q) { /* the least state is the root */
    uint32_t r = p;
    p = q;
    q = r;
  }
  t->parent[q] = p;
  t->minus[q] = x ^ y ^ minus;
  t->contradicts[p] = t->contradicts[p] || t->contradicts[q];
}

static void join_all(forest_t *t, const monomial_t *g, unsigned power, const fixed_t *f) {
  for (size_t s = 0; s < f->size; s++)
    if (f->inside[s])
      join(t, (uint32_t)s, g->image[s], ((g->phase[s] - power) & 3u) == 2);
}

/* All of them, and products of two that do not fix the states. */
static void join_symmetries(forest_t *t, const sectors_struct *s, const fixed_t *f) {
  size_t count = 0;
  monomial_t *rest = flint_malloc((s->symmetry.length + 1) * sizeof *rest);
  for (size_t j = 0; j < s->symmetry.length; j++) {
    const sector_operator_struct *op = s->symmetry.list + j;
    unsigned power;
    if (op->kind != SECTOR_MONOMIAL) continue;
    monomial_t g = {op->image, op->phase};
    if (fixes(&power, &g, f)) join_all(t, &g, power, f);
    else if (count < MAX_OPERATORS) rest[count++] = g;
  }
  monomial_t g = {flint_malloc(f->size * sizeof *g.image), flint_malloc(f->size)};
  for (size_t a = 0; a < count; a++)
    for (size_t b = 0; b < count; b++) {
      unsigned power;
      for (size_t x = 0; x < f->size; x++) {
        uint32_t y = rest[b].image[x];
        g.image[x] = rest[a].image[y];
        g.phase[x] = (uint8_t)((rest[a].phase[y] + rest[b].phase[x]) & 3u);
      }
      if (fixes(&power, &g, f)) join_all(t, &g, power, f);
    }
  flint_free(g.image);
  flint_free(g.phase);
  flint_free(rest);
}

static void set_members(sector_orbits_struct *o) {
  size_t size = o->space.size;
  o->start = flint_calloc(size + 2, sizeof *o->start);
  o->members = flint_malloc((o->num_states + 1) * sizeof *o->members);
  for (size_t k = 0; k < size; k++) o->start[k + 2] = o->start[k + 1] + (size_t)o->weight[k];
  for (size_t s = 0; s < o->num_states; s++)
    if (o->orbit_of[s] != SECTOR_NO_ORBIT)
      o->members[o->start[o->orbit_of[s] + 1]++] = (uint32_t)s;
}

static void set_orbits(sector_orbits_struct *o, forest_t *t, const bool *inside) {
  size_t size = o->num_states, count = 0;
  o->orbit_of = flint_malloc(size * sizeof *o->orbit_of);
  o->minus = flint_calloc(size, sizeof *o->minus);
  o->weight = flint_calloc(size, sizeof *o->weight);
  for (size_t s = 0; s < size; s++) { /* the root of s is not after s */
    uint32_t root = find_root(t, (uint32_t)s, o->minus + s);
    o->orbit_of[s] = SECTOR_NO_ORBIT;
    if (!inside[s] || t->contradicts[root]) continue;
    o->orbit_of[s] = root == s ? (uint32_t)count++ : o->orbit_of[root];
    o->weight[o->orbit_of[s]]++;
  }
  o->space.size = count;
  set_members(o);
}

/* The lcm of the |o|; false when it is too large. */
static bool set_multiple(sector_orbits_struct *o) {
  o->multiple = 1;
  for (size_t k = 0; k < o->space.size && o->multiple <= MAX_ORBIT; k++)
    o->multiple *= o->weight[k] / (slong)n_gcd((ulong)o->multiple, (ulong)o->weight[k]);
  return o->multiple <= MAX_ORBIT;
}

/* Blocks of orbits: those of the space, joined by orbits. */
static void set_blocks(sector_orbits_struct *o, const sector_space_struct *space) {
  sector_space_struct *own = &o->space;
  uint32_t *root = flint_malloc((space->num_blocks + 1) * sizeof *root);
  uint32_t *number = flint_malloc((space->num_blocks + 1) * sizeof *number);
  for (size_t b = 0; b < space->num_blocks; b++) root[b] = (uint32_t)b, number[b] = UINT32_MAX;
  for (size_t s = 0; s < o->num_states; s++) {
    if (o->orbit_of[s] == SECTOR_NO_ORBIT) continue;
    uint32_t a = space->block_of[s], b = space->block_of[sector_orbits_first(o, o->orbit_of[s])];
    while (root[a] != a) a = root[a];
    while (root[b] != b) b = root[b];
    root[a > b ? a : b] = a > b ? b : a;
  }
  own->num_qubits = space->num_qubits;
  own->frame = space->frame;
  own->block_of = flint_malloc((own->size + 1) * sizeof *own->block_of);
  own->local_of = flint_malloc((own->size + 1) * sizeof *own->local_of);
  own->states = flint_malloc((own->size + 1) * sizeof *own->states);
  for (size_t k = 0; k < own->size; k++) {
    uint32_t b = space->block_of[sector_orbits_first(o, k)];
    while (root[b] != b) b = root[b];
    if (number[b] == UINT32_MAX) number[b] = (uint32_t)own->num_blocks++;
    own->block_of[k] = number[b];
  }
  own->block_start = flint_calloc(own->num_blocks + 1, sizeof *own->block_start);
  size_t at = 0;
  for (size_t b = 0; b < own->num_blocks; b++) {
    for (size_t k = 0; k < own->size; k++) {
      if (own->block_of[k] != b) continue;
      own->local_of[k] = (uint32_t)(at - own->block_start[b]);
      own->states[at++] = (uint32_t)k;
    }
    own->block_start[b + 1] = at;
  }
  flint_free(root);
  flint_free(number);
}

static bool is_stabilizer(const sector_source_struct *state) {
  return state->pure && quantum_state_stabilizer(state->state);
}

/* Ends with the orbits when there are fewer than states. */
static bool make_orbits(sector_orbits_struct *o, const sectors_struct *s, const fixed_t *f) {
  size_t inside = 0;
  forest_t t = {flint_malloc(f->size * sizeof *t.parent),
                flint_calloc(f->size, sizeof *t.minus),
                flint_calloc(f->size, sizeof *t.contradicts)};
  for (size_t x = 0; x < f->size; x++) {
    t.parent[x] = (uint32_t)x;
    inside += f->inside[x];
  }
  join_symmetries(&t, s, f);
  *o = (sector_orbits_struct){.num_states = f->size};
  set_orbits(o, &t, f->inside);
  flint_free(t.parent);
  flint_free(t.minus);
  flint_free(t.contradicts);
  bool ok = o->space.size < inside && set_multiple(o);
  if (ok) set_blocks(o, &s->space);
  else sector_orbits_clear(o);
  return ok;
}

bool sector_orbits_init(sector_orbits_struct *o, const sectors_struct *s, const bool *blocks,
                        const sector_source_struct *states) {
  size_t size = s->space.size;
  if (!is_stabilizer(states) || !is_stabilizer(states + 1)) return false;
  fixed_t f = {.size = size};
  mp_limb_t p = UINT64_C(1) << 62;
  while (p % 4 != 1 || !n_is_prime(p)) p--;
  nmod_init(&f.mod, p);
  f.powers[0] = 1;
  f.powers[1] = n_sqrtmod(p - 1, p);
  f.powers[2] = p - 1;
  f.powers[3] = p - f.powers[1];
  sector_operand_struct ket[2];
  for (int k = 0; k < 2; k++) {
    sector_operand_init(ket + k, states + k, size, f.mod, f.powers[1]);
    f.ket[k] = ket[k].ket;
  }
  bool *inside = flint_malloc(size * sizeof *inside);
  for (size_t x = 0; x < size; x++) inside[x] = blocks[s->space.block_of[x]];
  f.inside = inside;
  bool ok = make_orbits(o, s, &f);
  flint_free(inside);
  sector_operand_clear(ket);
  sector_operand_clear(ket + 1);
  return ok;
}

void sector_orbits_clear(sector_orbits_struct *o) {
  flint_free(o->orbit_of);
  flint_free(o->minus);
  flint_free(o->start);
  flint_free(o->members);
  flint_free(o->weight);
  flint_free(o->space.block_of);
  flint_free(o->space.local_of);
  flint_free(o->space.states);
  flint_free(o->space.block_start);
}

size_t sector_orbits_block(const sector_orbits_struct *o, const sectors_struct *s,
                           size_t block) {
  for (size_t i = s->space.block_start[block]; i < s->space.block_start[block + 1]; i++) {
    uint32_t k = o->orbit_of[s->space.states[i]];
    if (k != SECTOR_NO_ORBIT) return o->space.block_of[k];
  }
  return SIZE_MAX;
}

/* --- the commutant -------------------------------------------------------------------------- */

/* out = P 1_S v; sum: room for one number each orbit. */
static void average(uint32_t *out, mp_limb_t *sum, const sector_orbits_struct *o,
                    const uint32_t *v, nmod_t mod) {
  memset(sum, 0, o->space.size * sizeof *sum);
  for (size_t s = 0; s < o->num_states; s++) {
    mp_limb_t *to = sum + o->orbit_of[s];
    if (o->orbit_of[s] == SECTOR_NO_ORBIT) continue;
    *to = o->minus[s] ? nmod_sub(*to, v[s], mod) : nmod_add(*to, v[s], mod);
  }
  for (size_t k = 0; k < o->space.size; k++)
    sum[k] = nmod_div(sum[k], (mp_limb_t)o->weight[k] % mod.n, mod);
  for (size_t s = 0; s < o->num_states; s++) {
    bool none = o->orbit_of[s] == SECTOR_NO_ORBIT;
    mp_limb_t x = none ? 0 : sum[o->orbit_of[s]];
    out[s] = (uint32_t)(o->minus[s] ? nmod_neg(x, mod) : x);
  }
}

void sector_orbits_action(nmod_mat_t out, const sector_orbits_struct *o,
                          const sectors_struct *s, const sector_found_struct *f) {
  size_t size = s->space.size, m = f->multiplicity;
  nmod_t mod = s->prime.mod;
  residue_rows_struct rows;
  mp_limb_t *x = flint_calloc(m + 1, sizeof *x);
  mp_limb_t *sum = flint_malloc((o->space.size + 1) * sizeof *sum);
  residue_rows_init(&rows, size, m + 1, mod);
  for (size_t i = 0; i < m; i++) {
    uint32_t *copy = flint_malloc(size * sizeof *copy);
    memcpy(copy, f->vectors[i], size * sizeof *copy);
    residue_rows_reduce(copy, x, &rows);
    residue_rows_add(&rows, copy, x);
  }
  uint32_t *image = flint_malloc(size * sizeof *image);
  for (size_t i = 0; i < m; i++) {
    average(image, sum, o, f->vectors[i], mod);
    if (!residue_rows_reduce(image, x, &rows)) flint_abort(); /* E is a module of B */
    for (size_t k = 0; k < m; k++) nmod_mat_entry(out, (slong)i, (slong)k) = x[k];
  }
  flint_free(image);
  flint_free(sum);
  flint_free(x);
  residue_rows_clear(&rows);
}

void sector_orbits_start(sector_sparse_struct *out, const sector_orbits_struct *o,
                         const sectors_struct *s, size_t block) {
  for (size_t i = s->space.block_start[block]; i < s->space.block_start[block + 1]; i++) {
    uint32_t x = s->space.states[i];
    if (o->orbit_of[x] != SECTOR_NO_ORBIT)
      sector_sparse_push(out, x, o->orbit_of[x], o->minus[x] ? -1 : 1);
  }
  sector_sparse_canonicalise(out);
}

bool sector_orbits_fold(sector_sparse_struct *out, mp_limb_t *factor,
                        const sector_orbits_struct *o, const sector_sparse_struct *a,
                        nmod_t mod) {
  bool ok = true;
  for (size_t i = 0; i < a->length && ok; i++) {
    uint32_t k = o->orbit_of[a->row[i]];
    slong v = o->minus[a->row[i]] ? -a->val[i] : a->val[i];
    if (k == SECTOR_NO_ORBIT) continue;
    ok = !__builtin_mul_overflow(v, o->multiple / o->weight[k], &v) && v <= WORD(1) << 40 &&
         v >= -(WORD(1) << 40);
    sector_sparse_push(out, k, a->col[i], v);
  }
  sector_sparse_canonicalise(out);
  ulong content = sector_sparse_remove_content(out);
  *factor = content ? nmod_div((mp_limb_t)o->multiple % mod.n, content % mod.n, mod) : 0;
  return ok && content;
}

ulong sector_orbits_clear_adjoint(sector_sparse_struct *a, const sector_orbits_struct *o) {
  ulong all = 1;
  for (size_t i = 0; i < a->length; i++) {
    ulong to = (ulong)o->weight[a->col[i]], from = (ulong)o->weight[a->row[i]];
    to /= n_gcd(to, from); /* entries are to be multiples of it */
    to /= n_gcd(to, (ulong)(a->val[i] < 0 ? -a->val[i] : a->val[i]));
    all *= to / n_gcd(all, to);
    if (all > MAX_ORBIT) return 0;
  }
  for (size_t i = 0; i < a->length; i++)
    if (__builtin_mul_overflow(a->val[i], (slong)all, a->val + i)) return 0;
  return all;
}

/* --- operators -------------------------------------------------------------------------------- */

void sector_orbits_scale_source(sector_source_struct *source, const sector_orbits_struct *o) {
  fmpz_t scale;
  fmpz_init_set_si(scale, o->multiple);
  for (size_t t = 0; t < source->sum->length; t++)
    fmpq_mul_fmpz(source->sum->coeffs + t, source->sum->coeffs + t, scale);
  fmpz_mul(source->den, source->den, scale);
  fmpz_clear(scale);
}

/* ket = sum ket_o u_o; bra in the dual basis. */
static void fold_state(sector_operand_struct *a, const sector_orbits_struct *o, nmod_t mod) {
  mp_limb_t *ket = flint_malloc((o->space.size + 1) * sizeof *ket);
  mp_limb_t *bra = flint_malloc((o->space.size + 1) * sizeof *bra);
  for (size_t k = 0; k < o->space.size; k++) {
    ket[k] = a->ket[sector_orbits_first(o, k)];
    bra[k] = nmod_mul(a->bra[sector_orbits_first(o, k)], (mp_limb_t)o->weight[k], mod);
  }
  flint_free(a->ket);
  flint_free(a->bra);
  a->ket = ket;
  a->bra = bra;
}

/* One row of W^-1 u^T a u, added up in sum; the places in list. */
static size_t fold_row(mp_limb_t *sum, bool *used, uint32_t *list,
                       const sector_operand_struct *a, const sector_orbits_struct *o,
                       size_t orbit, nmod_t mod) {
  size_t count = 0;
  for (size_t i = o->start[orbit]; i < o->start[orbit + 1]; i++)
    for (size_t x = 0; x < a->num_masks; x++) {
      size_t row = o->members[i], col = row ^ a->masks[x];
      uint32_t k = o->orbit_of[col];
      mp_limb_t v = a->value[x * o->num_states + col];
      if (k == SECTOR_NO_ORBIT || !v) continue;
      if (!used[k]) list[count++] = k;
      used[k] = true;
      sum[k] = o->minus[row] ^ o->minus[col] ? nmod_sub(sum[k], v, mod) : nmod_add(sum[k], v, mod);
    }
  return count;
}

static int compare_places(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return x < y ? -1 : x > y;
}

static void fold_matrix(sector_operand_struct *a, const sector_orbits_struct *o, nmod_t mod) {
  size_t size = o->space.size, length = 0, room = 0;
  mp_limb_t *sum = flint_calloc(size + 1, sizeof *sum);
  bool *used = flint_calloc(size + 1, sizeof *used);
  uint32_t *list = flint_malloc((size + 1) * sizeof *list);
  sector_operand_struct out = {.start = flint_calloc(size + 1, sizeof *out.start)};
  for (size_t k = 0; k < size; k++) {
    size_t count = fold_row(sum, used, list, a, o, k, mod);
    mp_limb_t inverse = nmod_inv((mp_limb_t)o->weight[k], mod);
    qsort(list, count, sizeof *list, compare_places);
    if (length + count > room) {
      room = 2 * room + count;
      out.col = flint_realloc(out.col, room * sizeof *out.col);
      out.value = flint_realloc(out.value, room * sizeof *out.value);
    }
    for (size_t i = 0; i < count; i++) {
      out.col[length] = list[i];
      out.value[length++] = nmod_mul(sum[list[i]], inverse, mod);
      sum[list[i]] = 0;
      used[list[i]] = false;
    }
    out.start[k + 1] = length;
  }
  flint_free(sum);
  flint_free(used);
  flint_free(list);
  sector_operand_clear(a);
  *a = out;
}

void sector_orbits_operand(sector_operand_struct *a, const sector_orbits_struct *o, nmod_t mod) {
  if (a->ket) fold_state(a, o, mod);
  else fold_matrix(a, o, mod);
}

/* Are the entries of a u_k, but for signs, the same on every orbit, and 0 elsewhere in S? That
   is so for all k when a P = P a. */
static bool keeps_fixed(const sector_operand_struct *a, const sector_orbits_struct *o, size_t k,
                        mp_limb_t *sum, nmod_t mod) {
  bool ok = true;
  size_t num = a->num_masks;
  for (int pass = 0; pass < 3 && ok; pass++) /* add up, compare, clear */
    for (size_t i = o->start[k]; i < o->start[k + 1]; i++)
      for (size_t x = 0; x < num && ok; x++) {
        size_t col = o->members[i], row = col ^ a->masks[x];
        mp_limb_t v = a->value[x * o->num_states + col];
        uint32_t to = o->orbit_of[row];
        if (pass == 0 && v) {
          sum[row] = o->minus[col] ? nmod_sub(sum[row], v, mod) : nmod_add(sum[row], v, mod);
        } else if (pass == 1 && sum[row]) {
          ok = to != SECTOR_NO_ORBIT;
          for (size_t j = ok ? o->start[to] : 0; ok && j < o->start[to + 1]; j++) {
            size_t other = o->members[j];
            bool minus = o->minus[row] ^ o->minus[other];
            ok = sum[other] == (minus ? nmod_neg(sum[row], mod) : sum[row]);
          }
        } else if (pass == 2) {
          sum[row] = 0;
        }
      }
  return ok;
}

bool sector_orbits_keep(const sector_orbits_struct *o, const sector_source_struct *source) {
  sector_operand_struct a;
  nmod_t mod;
  mp_limb_t p = UINT64_C(1) << 62;
  while (p % 4 != 1 || !n_is_prime(p)) p--;
  nmod_init(&mod, p);
  if (source->pure || fmpz_bits(source->den) + fmpz_bits(fmpq_numref(source->bound)) > 28)
    return false; /* else differences are Gaussian integers of norms below p */
  bool ok = true;
  sector_operand_init(&a, source, o->num_states, mod, n_sqrtmod(p - 1, p));
  mp_limb_t *sum = flint_calloc(o->num_states, sizeof *sum);
  for (size_t k = 0; k < o->space.size && ok; k++) ok = keeps_fixed(&a, o, k, sum, mod);
  flint_free(sum);
  sector_operand_clear(&a);
  return ok;
}
