#include "algebra/check/sums/check_pure.h"

#include <string.h>

enum { MAX_POPULATED = 40, FREE_ATTEMPT = 4 };
/* Numbers of the matrices |U| x d; products of two of them. */
static const size_t most_entries = (size_t)1 << 26;
static const uint64_t most_products = UINT64_C(20000000000);

/* --- the state -------------------------------------------------------------------------- */

/* v := v + c P v, P (or its complex conjugate) in the frame of the space. */
static void add_string(mp_limb_t *v, const check_sparse_struct *s,
                       const uint64_t *string, mp_limb_t c, bool conjugate) {
  nmod_t mod = s->p->mod;
  check_mask_t m;
  bool minus = check_sparse_rotate(&m, s, string);
  unsigned phase = (m.ys + (conjugate && m.ys % 2 ? 2 : 0) + (minus ? 2 : 0)) % 4;
  mp_limb_t *out = check_vector(s->size);
  c = nmod_mul(c, check_prime_phase(s->p, phase), mod);
  for (size_t a = 0; a < s->size; a++) {
    size_t b = a ^ m.mask;
    mp_limb_t x = nmod_mul(c, v[b], mod);
    out[a] = __builtin_parityll(m.z & b) ? nmod_neg(x, mod) : x;
  }
  check_vector_addmul(v, out, 1, s->size, mod);
  flint_free(out);
}

static bool residue(mp_limb_t *out, const fmpq_t x, nmod_t mod) {
  mp_limb_t den = fmpz_fdiv_ui(fmpq_denref(x), mod.n);
  if (!den) return false;
  *out = nmod_div(fmpz_fdiv_ui(fmpq_numref(x), mod.n), den, mod);
  return true;
}

/* v := (1 + x X + y Y + z Z) v on one qubit. */
static bool project_qubit(mp_limb_t *v, const check_sparse_struct *s,
                          const fmpq *bloch, size_t qubit, bool conjugate) {
  size_t words = pauli_words(s->p->num_qubits);
  mp_limb_t *sum = check_vector(s->size), c = 0;
  uint64_t *string = flint_calloc(2 * words + 1, sizeof *string);
  bool ok = true;
  static const unsigned codes[] = {1, 3, 2}; /* X, Y, Z */
  memcpy(sum, v, s->size * sizeof *v);
  for (int k = 0; k < 3 && ok; k++) {
    mp_limb_t *image = check_vector(s->size);
    memcpy(image, v, s->size * sizeof *v);
    pauli_set(string, words, qubit, codes[k]);
    ok = residue(&c, bloch + k, s->p->mod);
    add_string(image, s, string, c, conjugate);
    check_vector_addmul(sum, image, 1, s->size, s->p->mod);
    check_vector_addmul(sum, v, s->p->mod.n - 1, s->size, s->p->mod);
    flint_free(image);
  }
  memcpy(v, sum, s->size * sizeof *v);
  flint_free(string);
  flint_free(sum);
  return ok;
}

/* A random multiple of phi, or of its conjugate; false: the state is not pure. */
static bool set_state(mp_limb_t *v, const check_sparse_struct *s,
                      const quantum_state_struct *state, bool conjugate) {
  if (s->copies) return check_spins_state(v, s->p, state, conjugate);
  const stabilizer_state_struct *group = quantum_state_stabilizer(state);
  const product_state_struct *product = quantum_state_product(state);
  bool ok = true;
  check_vector_random(v, s->size, s->p);
  if (group && group->rank == group->num_qubits) {
    for (size_t j = 0; j < group->rank; j++)
      add_string(v, s, stabilizer_state_string(group, j),
                 group->signs[j] ? s->p->mod.n - 1 : 1, conjugate);
  } else if (product && product_state_is_pure(product)) {
    for (size_t q = 0; q < product->num_qubits && ok; q++)
      ok = project_qubit(v, s, product->bloch + 3 * q, q, conjugate);
  } else {
    ok = false;
  }
  return ok;
}

/* --- populated sectors -------------------------------------------------------------------- */

static void cut(mp_limb_t *out, const check_sparse_struct *s, size_t block,
                const mp_limb_t *whole) {
  for (size_t i = s->start[block]; i < s->start[block + 1]; i++)
    out[i - s->start[block]] = whole[s->states[i]];
}

/* whole += c v */
static void paste(mp_limb_t *whole, const check_sparse_struct *s, size_t block,
                  const mp_limb_t *v, mp_limb_t c) {
  for (size_t i = s->start[block]; i < s->start[block + 1]; i++)
    whole[s->states[i]] = nmod_addmul(whole[s->states[i]], c, v[i - s->start[block]],
                                      s->p->mod);
}

static check_populated_t *populated(check_pure_struct *pure, size_t found) {
  for (size_t k = 0; k < pure->length; k++)
    if (pure->list[k].found == found) return pure->list + k;
  if (pure->length == MAX_POPULATED) return NULL;
  check_populated_t *out = pure->list + pure->length++;
  *out = (check_populated_t){.found = found, .block = SIZE_MAX};
  out->dimension = pure->d->list[found].module.dimension;
  for (int side = 0; side < 2; side++) {
    out->vector[side] = check_vector(pure->d->space->size);
    nmod_poly_init_mod(out->ratio[side], pure->d->p->mod);
  }
  return out;
}

/* The part of <phi| in one sector, as it is: it is one copy, as that of phi is. */
static bool add_dual_part(check_pure_struct *pure, size_t block, size_t found,
                          const mp_limb_t *u) {
  check_populated_t *to = populated(pure, found);
  if (!to) return false;
  nmod_poly_one(to->ratio[1]);
  paste(to->vector[1], pure->d->space, block, u, 1);
  return true;
}

/* The part of phi (u, on the block) in one sector, as one copy of it; copies in several
   blocks must be the same up to a factor. */
static bool add_part(check_pure_struct *pure, check_part_t *part, size_t found, int side,
                     const mp_limb_t *u) {
  check_decomposition_struct *d = pure->d;
  if (side && !d->space->symmetric) return add_dual_part(pure, part->block, found, u);
  check_module_t *m = &d->list[found].module;
  check_populated_t *to = populated(pure, found);
  check_part_t spare, *own = part;
  nmod_poly_t ratio, scaled;
  mp_limb_t *s = check_vector(part->dim), c = 1;
  if (m->block != part->block) check_part_init(own = &spare, d->space, &d->choices,
                                               m->block);
  nmod_poly_init_mod(ratio, d->p->mod);
  nmod_poly_init_mod(scaled, d->p->mod);
  bool ok = to && check_module_locate(s, ratio, m, own, part, u) &&
            !nmod_poly_is_zero(ratio);
  if (ok && nmod_poly_is_zero(to->ratio[side])) {
    nmod_poly_set(to->ratio[side], ratio);
  } else if (ok) { /* ratio = c times the one that is there: s may be c s instead */
    slong at = nmod_poly_degree(ratio);
    mp_limb_t there = nmod_poly_get_coeff_ui(to->ratio[side], at);
    ok = there != 0;
    if (ok) c = nmod_div(nmod_poly_get_coeff_ui(ratio, at), there, d->p->mod);
    nmod_poly_scalar_mul_nmod(scaled, to->ratio[side], c);
    ok = ok && nmod_poly_equal(scaled, ratio);
  }
  if (ok) paste(to->vector[side], d->space, part->block, s, c);
  nmod_poly_clear(ratio);
  nmod_poly_clear(scaled);
  flint_free(s);
  if (own == &spare) check_part_clear(own);
  return ok;
}

/* Has X number 0, whose polynomials are known, different eigenvalues on all sectors of the
   block? (Not where generators change their sign.) */
static bool first_is_free(const check_pure_struct *pure, size_t block) {
  const check_decomposition_struct *d = pure->d;
  nmod_poly_t all, slope;
  nmod_poly_init_mod(all, d->p->mod);
  nmod_poly_init_mod(slope, d->p->mod);
  nmod_poly_one(all);
  for (size_t k = 0; k < d->length; k++)
    if (d->list[k].per_block[block]) nmod_poly_mul(all, all, d->list[k].base);
  nmod_poly_derivative(slope, all);
  nmod_poly_gcd(all, all, slope);
  bool free = nmod_poly_degree(all) == 0;
  nmod_poly_clear(all);
  nmod_poly_clear(slope);
  return free;
}

/* The characteristic polynomial of the free element on a sector. */
static bool free_spectrum(nmod_poly_t f, check_pure_struct *pure, size_t found, bool first) {
  check_decomposition_struct *d = pure->d;
  if (first) {
    nmod_poly_set(f, d->list[found].base);
    return true;
  }
  const check_module_t *m = &d->list[found].module;
  check_part_t own;
  check_part_init(&own, d->space, &d->choices, m->block);
  bool ok = check_module_spectrum(f, m, &own, FREE_ATTEMPT);
  check_part_clear(&own);
  return ok;
}

/* out: 1 modulo f, 0 modulo whole / f. */
static bool idempotent(nmod_poly_t out, const nmod_poly_t whole, const nmod_poly_t f) {
  nmod_poly_t others, inverse;
  nmod_poly_init_mod(others, f->mod);
  nmod_poly_init_mod(inverse, f->mod);
  nmod_poly_div(others, whole, f);
  nmod_poly_rem(inverse, others, f);
  bool ok = nmod_poly_degree(others) == 0 || nmod_poly_invmod(inverse, inverse, f);
  if (nmod_poly_degree(others) == 0) nmod_poly_one(out);
  else if (ok) nmod_poly_mul(out, others, inverse);
  nmod_poly_clear(others);
  nmod_poly_clear(inverse);
  return ok;
}

/* The parts of u in the sectors, by polynomials in an element of the associative algebra
   that has different eigenvalues on all of them. */
static bool split(check_pure_struct *pure, check_part_t *part, int side,
                  const mp_limb_t *u) {
  check_decomposition_struct *d = pure->d;
  bool first = first_is_free(pure, part->block);
  check_acting_t z = check_part_x(part, first ? 0 : FREE_ATTEMPT);
  z.transposed = side && !d->space->symmetric;
  nmod_poly_t whole, f, e, rest;
  mp_limb_t *s = check_vector(part->dim);
  nmod_poly_init_mod(whole, d->p->mod);
  nmod_poly_init_mod(f, d->p->mod);
  nmod_poly_init_mod(e, d->p->mod);
  nmod_poly_init_mod(rest, d->p->mod);
  check_part_generic(s, part, 0, u, z.transposed);
  bool ok = check_minimal_polynomial(whole, NULL, &z, s, NULL);
  check_powers_t powers;
  check_powers_init(&powers, &z, u, true);
  slong left = nmod_poly_degree(whole);
  for (size_t k = 0; k < d->length && ok && left > 0; k++) {
    if (!d->list[k].per_block[part->block]) continue;
    ok = free_spectrum(f, pure, k, first);
    if (ok) nmod_poly_rem(rest, whole, f);
    if (!ok || !nmod_poly_is_zero(rest)) continue;
    left -= nmod_poly_degree(f);
    ok = idempotent(e, whole, f);
    if (ok) check_powers_evaluate(s, &powers, e);
    ok = ok && add_part(pure, part, k, side, s);
  }
  check_powers_clear(&powers);
  nmod_poly_clear(whole);
  nmod_poly_clear(f);
  nmod_poly_clear(e);
  nmod_poly_clear(rest);
  flint_free(s);
  return ok && left == 0;
}

static bool add_block(check_pure_struct *pure, size_t found, size_t block) {
  check_populated_t *to = populated(pure, found);
  if (to) to->block = block;
  return to != NULL;
}

static bool visit(check_pure_struct *pure, size_t block, int side) {
  check_sparse_struct *s = pure->d->space;
  size_t dim = s->start[block + 1] - s->start[block], only = SIZE_MAX;
  mp_limb_t *u = check_vector(dim);
  check_part_t part;
  bool ok = true;
  cut(u, s, block, pure->phi[side]);
  if (!check_vector_is_zero(u, dim)) {
    for (size_t k = 0; k < pure->d->length; k++)
      if (pure->d->list[k].per_block[block] == 1 &&
          pure->d->list[k].module.dimension == dim)
        only = k;
    check_part_init(&part, s, &pure->d->choices, block);
    if (only == SIZE_MAX) ok = split(pure, &part, side, u);
    else if (pure->d->list[only].multiplicity > 1)
      ok = add_part(pure, &part, only, side, u);
    else ok = add_block(pure, only, block);
    check_part_clear(&part);
  }
  flint_free(u);
  return ok;
}

/* --- weights and matrices -------------------------------------------------------------------- */

/* The same for a sector that is a block: its states. */
static void set_block_columns(nmod_mat_struct *out, mp_limb_t *part,
                              const check_pure_struct *pure, const check_populated_t *k,
                              int side) {
  const check_sparse_struct *s = pure->d->space;
  for (size_t i = s->start[k->block]; i < s->start[k->block + 1]; i++) {
    part[s->states[i]] = pure->phi[side][s->states[i]];
    if (out)
      nmod_mat_entry(out, (slong)pure->place[s->states[i]],
                     (slong)(i - s->start[k->block])) = 1;
  }
}

/* The vectors X^i s on U as columns; the sum of ratio's multiples of them: phi there. */
static bool set_columns(nmod_mat_t out, mp_limb_t *part, check_pure_struct *pure,
                        const check_populated_t *k, int side) {
  check_decomposition_struct *d = pure->d;
  check_sparse_struct *s = d->space;
  size_t attempt = d->list[k->found].module.attempt;
  if (k->block < SIZE_MAX) {
    set_block_columns(out, part, pure, k, side);
    return true;
  }
  for (size_t b = 0; b < s->num_blocks && d->p->work_left > 0; b++) {
    size_t dim = s->start[b + 1] - s->start[b];
    mp_limb_t *v = check_vector(dim), *next = check_vector(dim), *t;
    check_part_t block;
    cut(v, s, b, k->vector[side]);
    check_part_init(&block, s, &d->choices, b);
    if (!check_vector_is_zero(v, dim)) {
      check_acting_t x = check_part_x(&block, attempt);
      x.transposed = side && !s->symmetric;
      for (size_t i = 0; i < k->dimension; i++) {
        paste(part, s, b, v, nmod_poly_get_coeff_ui(k->ratio[side], (slong)i));
        for (size_t a = 0; a < dim && out; a++)
          nmod_mat_entry(out, (slong)pure->place[s->states[s->start[b] + a]],
                         (slong)i) = v[a];
        check_act(next, &x, v);
        t = v;
        v = next;
        next = t;
      }
    }
    check_part_clear(&block);
    flint_free(v);
    flint_free(next);
  }
  return d->p->work_left > 0;
}

/* right := right (left^T right)^-1 */
static bool make_dual(check_populated_t *k) {
  nmod_t mod = k->left->mod;
  slong d = nmod_mat_ncols(k->left), rows = nmod_mat_nrows(k->left);
  nmod_mat_t turned, gram, dual;
  nmod_mat_init(turned, d, rows, mod.n);
  nmod_mat_init(gram, d, d, mod.n);
  nmod_mat_init(dual, rows, d, mod.n);
  nmod_mat_transpose(turned, k->left);
  nmod_mat_mul(gram, turned, k->right);
  bool ok = nmod_mat_inv(gram, gram);
  if (ok) nmod_mat_mul(dual, k->right, gram);
  if (ok) nmod_mat_swap(dual, k->right);
  nmod_mat_clear(turned);
  nmod_mat_clear(gram);
  nmod_mat_clear(dual);
  return ok;
}

/* Is the sector all of the only blocks where phi is? Then no matrices are needed. */
static bool is_whole(const check_pure_struct *pure) {
  return (pure->apart || pure->turns) && pure->length == 1 && pure->list[0].dimension == pure->size;
}

static bool set_matrices(check_pure_struct *pure, mp_limb_t norm) {
  check_decomposition_struct *d = pure->d;
  size_t size = d->space->size, entries = 0;
  uint64_t products = 0;
  bool ok = norm != 0, whole = is_whole(pure);
  for (size_t k = 0; k < pure->length; k++) {
    entries += pure->size * pure->list[k].dimension;
    products += (uint64_t)pure->size * pure->list[k].dimension * pure->list[k].dimension;
  }
  if (!whole && (entries > most_entries || products > most_products)) return false;
  for (size_t k = 0; k < pure->length && ok; k++) {
    check_populated_t *one = pure->list + k;
    mp_limb_t *part[2] = {check_vector(size), check_vector(size)};
    if (!whole) {
      slong rows = (slong)pure->size, columns = (slong)one->dimension;
      nmod_mat_init(one->left, rows, columns, d->p->mod.n);
      nmod_mat_init(one->right, rows, columns, d->p->mod.n);
      one->has_matrices = true;
    }
    ok = set_columns(whole ? NULL : one->right, part[0], pure, one, 0);
    if (pure->real && !whole) nmod_mat_set(one->left, one->right);
    if (!pure->real) ok = ok && set_columns(whole ? NULL : one->left, part[1], pure, one, 1);
    ok = ok && (whole || make_dual(one));
    one->weight = nmod_div(check_vector_dot(part[0], part[!pure->real], size, d->p->mod),
                           norm, d->p->mod);
    flint_free(part[0]);
    flint_free(part[1]);
  }
  return ok;
}

static void set_places(check_pure_struct *pure) {
  check_sparse_struct *s = pure->d->space;
  pure->place = flint_malloc(s->size * sizeof *pure->place);
  pure->states = flint_malloc(s->size * sizeof *pure->states);
  for (size_t b = 0; b < s->num_blocks; b++) {
    bool used = false;
    for (size_t i = s->start[b]; i < s->start[b + 1]; i++)
      used = used || pure->phi[0][s->states[i]];
    for (size_t i = s->start[b]; i < s->start[b + 1]; i++) {
      pure->place[s->states[i]] = used ? pure->size : SIZE_MAX;
      if (used) pure->states[pure->size++] = s->states[i];
    }
  }
}

/* Is every populated sector su(d) (d = 1 included), with no ideal in two of them? */
static bool are_apart(const check_pure_struct *pure) {
  const check_found_t *list = pure->d->list;
  bool ok = true;
  for (size_t k = 0; k < pure->length; k++) {
    const check_found_t *a = list + pure->list[k].found;
    ok = ok && a->module.acts == CHECK_ACTS_LINEAR;
    for (size_t l = 0; l < k; l++)
      ok = ok && (a->module.dimension == 1 ||
                  a->link != list[pure->list[l].found].link);
  }
  return ok;
}

static bool are_antisymmetric(const check_sparse_struct *s) {
  for (size_t j = 0; j < s->p->num_sums; j++)
    for (size_t t = 0; t < s->p->sums[j]->length; t++) {
      check_mask_t m;
      check_sparse_rotate(&m, s, pauli_sum_string(s->p->sums[j], t));
      if (m.ys % 2 == 0) return false;
    }
  return true;
}

/* Is v a multiple of u? */
static bool is_multiple(const mp_limb_t *u, const mp_limb_t *v, size_t size, nmod_t mod) {
  size_t at = 0;
  while (at < size && !u[at]) at++;
  for (size_t i = 0; i < size && at < size; i++)
    if (nmod_mul(u[i], v[at], mod) != nmod_mul(v[i], u[at], mod)) return false;
  return at < size;
}

/* Lines on which a generator is not 0 come in pairs of conjugates, both populated. */
static bool all_turn(const check_pure_struct *pure) {
  const check_decomposition_struct *d = pure->d;
  const check_found_t *list = d->list;
  size_t lines = 0;
  if (d->space->copies || !are_antisymmetric(d->space) ||
      !is_multiple(pure->phi[0], pure->phi[1], d->space->size, d->p->mod))
    return false;
  for (size_t k = 0; k < pure->length; k++) {
    const check_found_t *a = list + pure->list[k].found;
    size_t dim = a->module.dimension;
    if (dim == 1 && lines++) return false;
    if (dim == 1) continue;
    if (a->module.acts != CHECK_ACTS_ORTHOGONAL || dim == 2 || dim == 4) return false;
    for (size_t l = 0; l < k; l++)
      if (a->link == list[pure->list[l].found].link) return false;
  }
  return true;
}

/* vector and ratio of the conjugate, which is the same. */
static void set_conjugate(check_populated_t *k, size_t size) {
  memcpy(k->vector[1], k->vector[0], size * sizeof **k->vector);
  nmod_poly_set(k->ratio[1], k->ratio[0]);
}

bool check_pure_init(check_pure_t pure, check_decomposition_t d,
                     const quantum_state_t state) {
  check_sparse_struct *s = d->space;
  bool ok = d->known;
  *pure = (check_pure_struct){.d = d};
  pure->list = flint_calloc(MAX_POPULATED, sizeof *pure->list);
  for (int side = 0; side < 2; side++) {
    pure->phi[side] = check_vector(s->size);
    ok = ok && set_state(pure->phi[side], s, state, side == 1);
  }
  pure->real = ok && s->symmetric && _nmod_vec_equal(pure->phi[0], pure->phi[1],
                                                     (slong)s->size);
  for (int side = 0; side < (pure->real ? 1 : 2); side++)
    for (size_t b = 0; b < s->num_blocks && ok; b++) ok = visit(pure, b, side);
  for (size_t k = 0; k < pure->length && pure->real; k++) set_conjugate(pure->list + k, s->size);
  pure->apart = ok && are_apart(pure);
  pure->turns = ok && all_turn(pure);
  if (ok) set_places(pure);
  ok = ok && set_matrices(pure, check_vector_dot(pure->phi[0], pure->phi[1], s->size,
                                                 d->p->mod));
  if (!ok) check_pure_clear(pure);
  return ok;
}

void check_pure_clear(check_pure_t pure) {
  for (size_t k = 0; k < pure->length; k++) {
    check_populated_t *one = pure->list + k;
    for (int side = 0; side < 2; side++) {
      flint_free(one->vector[side]);
      nmod_poly_clear(one->ratio[side]);
    }
    if (one->has_matrices) nmod_mat_clear(one->left);
    if (one->has_matrices) nmod_mat_clear(one->right);
  }
  flint_free(pure->list);
  flint_free(pure->phi[0]);
  flint_free(pure->phi[1]);
  flint_free(pure->place);
  flint_free(pure->states);
}

/* --- operators on sectors ------------------------------------------------------------------- */

void check_pure_apply(nmod_mat_t out, const check_rows_t *m, const nmod_mat_t x,
                      check_prime_t *p) {
  slong columns = nmod_mat_ncols(x);
  for (size_t i = 0; i < m->dim; i++) {
    mp_limb_t *row = &nmod_mat_entry(out, (slong)i, 0);
    _nmod_vec_zero(row, columns);
    for (uint64_t j = m->start[i]; j < m->start[i + 1]; j++)
      check_vector_addmul(row, &nmod_mat_entry(x, (slong)m->col[j], 0), m->val[j],
                          (size_t)columns, p->mod);
  }
  p->work_left -= (int64_t)m->start[m->dim] * columns;
}

void check_pure_between(nmod_mat_t out, const check_rows_t *o, const check_populated_t *k,
                        const check_populated_t *l, check_prime_t *p) {
  nmod_mat_t turned, image;
  nmod_mat_init(turned, nmod_mat_ncols(k->left), nmod_mat_nrows(k->left), p->mod.n);
  nmod_mat_init(image, nmod_mat_nrows(l->right), nmod_mat_ncols(l->right), p->mod.n);
  nmod_mat_transpose(turned, k->left);
  check_pure_apply(image, o, l->right, p);
  nmod_mat_mul(out, turned, image);
  nmod_mat_clear(turned);
  nmod_mat_clear(image);
}
