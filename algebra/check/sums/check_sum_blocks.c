#include "algebra/check/sums/check_sum_blocks.h"

#include <string.h>

#include "algebra/check/sums/check_prime.h"

/* --- numbers modulo the prime ------------------------------------------------------ */

static bool reduce(mp_limb_t *out, const fmpq_t x, nmod_t mod) {
  mp_limb_t below = fmpz_fdiv_ui(fmpq_denref(x), mod.n);
  if (below)
    *out = nmod_mul(fmpz_fdiv_ui(fmpq_numref(x), mod.n), nmod_inv(below, mod),
                    mod);
  return below != 0;
}

bool check_sum_blocks_is(const check_sum_blocks_t blocks, mp_limb_t number,
                         const fmpq_t x) {
  mp_limb_t value;
  return reduce(&value, x, blocks->mod) && value == number;
}

/* Numerators and denominators below 2^20: a random residue has none such, but with
   a probability of 2^-19. */
static bool is_short(mp_limb_t x, mp_limb_t n) {
  bool found;
  fmpz_t a, m, most;
  fmpq_t value;
  fmpz_init_set_ui(a, x);
  fmpz_init_set_ui(m, n);
  fmpz_init_set_ui(most, UINT64_C(1) << 20);
  fmpq_init(value);
  found = fmpq_reconstruct_fmpz_2(value, a, m, most, most);
  fmpz_clear(a);
  fmpz_clear(m);
  fmpz_clear(most);
  fmpq_clear(value);
  return found;
}

bool check_sum_blocks_rational(const check_sum_blocks_t blocks,
                               const check_sum_block_struct *block) {
  nmod_t mod = blocks->mod;
  size_t d = block->kind->pair.first;
  nmod_poly_t f;
  nmod_poly_factor_t roots;
  bool rational = true;
  nmod_poly_init(f, mod.n);
  nmod_poly_factor_init(roots);
  nmod_poly_set_coeff_ui(f, (slong)d, 1); /* Newton: k c_k + sum c_(k-i) p_i = 0 */
  for (size_t k = 1; k <= d; k++) {
    mp_limb_t sum = 0;
    for (size_t i = 1; i <= k; i++)
      NMOD_ADDMUL(sum, nmod_poly_get_coeff_ui(f, (slong)(d - k + i)),
                  block->power[i], mod);
    sum = nmod_mul(nmod_neg(sum, mod), nmod_inv(k, mod), mod);
    nmod_poly_set_coeff_ui(f, (slong)(d - k), sum);
  }
  nmod_poly_factor(roots, f);
  for (slong k = 0; k < roots->num && rational; k++)
    rational = nmod_poly_degree(roots->p + k) == 1 &&
               is_short(nmod_neg(nmod_poly_get_coeff_ui(roots->p + k, 0), mod),
                        mod.n);
  nmod_poly_clear(f);
  nmod_poly_factor_clear(roots);
  return rational;
}

/* --- operators ------------------------------------------------------------------------ */

typedef struct {
  check_prime_t *p;
  nmod_mat_t observable, state;
  nmod_mat_t gram; /* inverse of Tr(b_i b_j) over the basis of [g, g] */
} frame_t;

static bool set_sum(nmod_mat_t out, const check_prime_t *p,
                    const pauli_sum_struct *sum) {
  bool ok = true;
  check_prime_matrix_init(out, p);
  for (size_t t = 0; t < sum->length && ok; t++) {
    mp_limb_t c;
    ok = reduce(&c, sum->coeffs + t, p->mod);
    if (ok) check_prime_add_string(out, p, pauli_sum_string(sum, t), c);
  }
  return ok;
}

/* sum of Tr(rho P) P / 2^n */
static bool set_state(nmod_mat_t out, const check_prime_t *p,
                      const quantum_state_struct *state) {
  size_t n = p->num_qubits, w = pauli_words(n);
  uint64_t *string = flint_malloc((2 * w + 1) * sizeof *string);
  bool ok = true;
  fmpq_t value;
  fmpq_init(value);
  check_prime_matrix_init(out, p);
  for (size_t code = 0; code < (size_t)1 << (2 * n) && ok; code++) {
    mp_limb_t c;
    memset(string, 0, 2 * w * sizeof *string);
    for (size_t q = 0; q < n; q++)
      pauli_set(string, w, q, (unsigned)(code >> (2 * q) & 3));
    quantum_state_expectation(value, state, string);
    fmpq_div_2exp(value, value, n);
    ok = reduce(&c, value, p->mod);
    if (ok && c) check_prime_add_string(out, p, string, c);
  }
  fmpq_clear(value);
  flint_free(string);
  return ok;
}

/* The element of the span of [g, g] that is nearest to x. */
static void project(nmod_mat_t out, const frame_t *f, const nmod_mat_t x) {
  const check_prime_t *p = f->p;
  const nmod_mat_struct *basis = &p->elements;
  nmod_mat_t column, c;
  nmod_mat_init(column, basis->c, 1, p->mod.n);
  nmod_mat_init(c, basis->r, 1, p->mod.n);
  for (slong k = 0; k < basis->c; k++)
    nmod_mat_entry(column, k, 0) = check_prime_string_trace(
        p, row_table_row(p->strings, (size_t)k), x);
  nmod_mat_mul(c, basis, column);
  nmod_mat_mul(c, f->gram, c);
  nmod_mat_zero(out);
  for (slong k = 0; k < basis->c; k++) {
    mp_limb_t sum = 0;
    for (slong i = 0; i < basis->r; i++)
      NMOD_ADDMUL(sum, nmod_mat_entry(c, i, 0), nmod_mat_entry(basis, i, k),
                  p->mod);
    if (sum)
      check_prime_add_string(out, p, row_table_row(p->strings, (size_t)k), sum);
  }
  nmod_mat_clear(column);
  nmod_mat_clear(c);
}

static bool set_gram(frame_t *f) {
  const nmod_mat_struct *basis = &f->p->elements;
  nmod_mat_t transposed;
  nmod_mat_init(transposed, basis->c, basis->r, basis->mod.n);
  nmod_mat_init(f->gram, basis->r, basis->r, basis->mod.n);
  nmod_mat_transpose(transposed, basis);
  nmod_mat_mul(f->gram, basis, transposed);
  nmod_mat_scalar_mul(f->gram, f->gram,
                      n_powmod2(2, (slong)f->p->num_qubits, f->p->mod.n));
  nmod_mat_clear(transposed);
  return nmod_mat_inv(f->gram, f->gram);
}

/* --- permutations of qubits ------------------------------------------------------------- */

/* to = the index with bit q of it at place[q] */
static size_t move_bits(size_t from, const size_t *place, size_t n) {
  size_t to = 0;
  for (size_t q = 0; q < n; q++) to |= (from >> q & 1) << place[q];
  return to;
}

static void permute(nmod_mat_t out, const nmod_mat_t x, const size_t *place,
                    size_t n) {
  for (slong i = 0; i < x->r; i++)
    for (slong k = 0; k < x->c; k++)
      nmod_mat_entry(out, (slong)move_bits((size_t)i, place, n),
                     (slong)move_bits((size_t)k, place, n)) =
          nmod_mat_entry(x, i, k);
}

typedef struct {
  const frame_t *f;
  const nmod_mat_struct *fixed; /* generators and state */
  size_t num_fixed, found;
  nmod_mat_t sum, room;
} average_t;

static void try_all(average_t *a, size_t *place, size_t from) {
  size_t n = a->f->p->num_qubits;
  if (from < n) {
    for (size_t q = from; q < n; q++) {
      size_t swap = place[from];
      place[from] = place[q];
      place[q] = swap;
      try_all(a, place, from + 1);
      place[q] = place[from];
      place[from] = swap;
    }
    return;
  }
  for (size_t k = 0; k < a->num_fixed; k++) {
    permute(a->room, a->fixed + k, place, n);
    if (!nmod_mat_equal(a->room, a->fixed + k)) return;
  }
  permute(a->room, a->f->observable, place, n);
  nmod_mat_add(a->sum, a->sum, a->room);
  a->found++;
}

static void average(frame_t *f, const nmod_mat_struct *generators) {
  size_t place[CHECK_PRIME_QUBITS], count = f->p->num_sums;
  average_t a = {.f = f, .num_fixed = count + 1};
  nmod_mat_struct *fixed = flint_malloc((count + 1) * sizeof *fixed);
  memcpy(fixed, generators, count * sizeof *fixed);
  fixed[count] = *f->state;
  a.fixed = fixed;
  check_prime_matrix_init(a.sum, f->p);
  check_prime_matrix_init(a.room, f->p);
  for (size_t q = 0; q < f->p->num_qubits; q++) place[q] = q;
  try_all(&a, place, 0);
  nmod_mat_scalar_mul(f->observable, a.sum, nmod_inv(a.found, f->p->mod));
  nmod_mat_clear(a.sum);
  nmod_mat_clear(a.room);
  flint_free(fixed);
}

/* --- one kind of sectors ---------------------------------------------------------------- */

static void set_projector(nmod_mat_t out, const check_prime_t *p, size_t k) {
  nmod_poly_t f;
  nmod_poly_init(f, p->mod.n);
  check_split_select(f, &p->sectors, k, 0);
  nmod_mat_zero(out);
  for (size_t a = 0; a < p->sectors.length; a++)
    nmod_mat_scalar_addmul_ui(out, out, p->sectors.operators + a,
                              nmod_poly_get_coeff_ui(f, (slong)a));
  nmod_poly_clear(f);
}

/* (P x + x P)/2 - (Tr(P x) / Tr P) P, and Tr(P x) */
static mp_limb_t cut_out(nmod_mat_t out, const check_prime_t *p,
                         const nmod_mat_t projector, const nmod_mat_t x) {
  nmod_mat_t room;
  mp_limb_t trace = check_prime_trace(p, projector, x);
  mp_limb_t mean = nmod_mul(
      trace, nmod_inv(nmod_mat_trace(projector), p->mod), p->mod);
  check_prime_matrix_init(room, p);
  nmod_mat_mul(out, projector, x);
  nmod_mat_mul(room, x, projector);
  nmod_mat_add(out, out, room);
  nmod_mat_scalar_mul(out, out, nmod_inv(2, p->mod));
  nmod_mat_scalar_addmul_ui(out, out, projector, nmod_neg(mean, p->mod));
  nmod_mat_clear(room);
  return trace;
}

static void set_powers(check_sum_block_struct *b, const check_prime_t *p,
                       const nmod_mat_t x) {
  mp_limb_t scale = nmod_inv(b->kind->pair.second % p->mod.n, p->mod);
  nmod_mat_t power;
  check_prime_matrix_init(power, p);
  nmod_mat_one(power);
  b->num_powers = b->kind->pair.first < 4 ? 5 : b->kind->pair.first + 1;
  b->power = flint_calloc(b->num_powers, sizeof *b->power);
  for (size_t j = 1; j < b->num_powers; j++) {
    nmod_mat_mul(power, power, x);
    b->power[j] = nmod_mul(nmod_mat_trace(power), scale, p->mod);
  }
  nmod_mat_clear(power);
}

/* rho_s/m tensor 1 is y: Tr rho_s^j = m^(j - 1) Tr y^j */
static void set_state_traces(check_sum_block_struct *b, const check_prime_t *p,
                             const nmod_mat_t projector,
                             const nmod_mat_t nearest) {
  check_pair_t pair = b->kind->pair;
  mp_limb_t m = pair.second % p->mod.n;
  mp_limb_t size = nmod_mul(pair.first % p->mod.n, m, p->mod);
  nmod_mat_t y, square;
  check_prime_matrix_init(y, p);
  check_prime_matrix_init(square, p);
  nmod_mat_mul(y, projector, nearest);
  nmod_mat_scalar_addmul_ui(y, y, projector,
                            nmod_mul(b->weight, nmod_inv(size, p->mod), p->mod));
  nmod_mat_mul(square, y, y);
  b->state[0] = nmod_mul(nmod_mat_trace(square), m, p->mod);
  b->state[1] = nmod_mul(check_prime_trace(p, square, y), nmod_mul(m, m, p->mod),
                         p->mod);
  nmod_mat_clear(y);
  nmod_mat_clear(square);
}

static void set_block(check_sum_block_struct *b, const frame_t *f, size_t k,
                      const nmod_mat_t nearest) {
  const check_prime_t *p = f->p;
  nmod_mat_t projector, x, y;
  check_prime_matrix_init(projector, p);
  check_prime_matrix_init(x, p);
  check_prime_matrix_init(y, p);
  set_projector(projector, p, k);
  b->weight = cut_out(x, p, projector, f->state);
  b->populated = b->weight != 0;
  cut_out(x, p, projector, f->observable);
  b->moved = !nmod_mat_is_zero(x);
  if (b->moved && b->populated) {
    project(y, f, x);
    b->inside = nmod_mat_equal(x, y);
    if (b->inside && b->kind->count == 1) set_powers(b, p, x);
    set_state_traces(b, p, projector, nearest);
  }
  nmod_mat_clear(projector);
  nmod_mat_clear(x);
  nmod_mat_clear(y);
}

bool check_sum_is_saturated(const check_sum_structure_t s) {
  ulong sum = 0;
  for (size_t k = 0; k < s->num_kinds; k++) {
    ulong d = s->kinds[k].pair.first;
    field_t field = s->kinds[k].field;
    sum += s->kinds[k].count * (field == FIELD_COMPLEX ? d * d - 1
                                : field == FIELD_REAL  ? d * (d - 1) / 2
                                                       : d * (d + 1) / 2);
  }
  return sum == s->dimension - s->center;
}

/* --- another observable with the same loss ---------------------------------------------- */

/* out = sum b_i z b'_i, b' the dual basis. */
static void sandwich(nmod_mat_t out, const frame_t *f, const nmod_mat_t z) {
  const check_prime_t *p = f->p;
  const nmod_mat_struct *basis = &p->elements;
  nmod_mat_struct *b = flint_malloc(((size_t)basis->r + 1) * sizeof *b);
  nmod_mat_t dual, room;
  check_prime_matrix_init(dual, p);
  check_prime_matrix_init(room, p);
  for (slong i = 0; i < basis->r; i++) {
    check_prime_matrix_init(b + i, p);
    for (slong k = 0; k < basis->c; k++)
      if (nmod_mat_entry(basis, i, k))
        check_prime_add_string(b + i, p, row_table_row(p->strings, (size_t)k),
                               nmod_mat_entry(basis, i, k));
  }
  nmod_mat_zero(out);
  for (slong i = 0; i < basis->r; i++) {
    nmod_mat_zero(dual);
    for (slong j = 0; j < basis->r; j++)
      nmod_mat_scalar_addmul_ui(dual, dual, b + j, nmod_mat_entry(f->gram, i, j));
    nmod_mat_mul(room, b + i, z);
    nmod_mat_mul(room, room, dual);
    nmod_mat_add(out, out, room);
  }
  for (slong i = 0; i < basis->r; i++) nmod_mat_clear(b + i);
  flint_free(b);
  nmod_mat_clear(dual);
  nmod_mat_clear(room);
}

static mp_limb_t ratio(mp_limb_t a, mp_limb_t b, nmod_t mod) {
  return nmod_mul(a, nmod_inv(b, mod), mod);
}

/* sum += x_s, *variance += that of its loss. */
static void add_effective(nmod_mat_t sum, mp_limb_t *variance, const frame_t *f,
                          const check_sector_struct *kind, size_t k,
                          const nmod_mat_t nearest) {
  const check_prime_t *p = f->p;
  nmod_t mod = p->mod;
  mp_limb_t d = kind->pair.first % mod.n, m = kind->pair.second % mod.n;
  nmod_mat_t projector, y, z, t, room;
  check_prime_matrix_init(projector, p);
  check_prime_matrix_init(y, p);
  check_prime_matrix_init(z, p);
  check_prime_matrix_init(t, p);
  check_prime_matrix_init(room, p);
  set_projector(projector, p, k);
  nmod_mat_mul(y, projector, nearest);
  mp_limb_t square = nmod_mul(m, check_prime_trace(p, y, y), mod);
  if (square && d > 1) {
    nmod_mat_mul(z, y, f->state);
    nmod_mat_mul(z, z, projector);
    sandwich(t, f, z);
    nmod_mat_scalar_mul(t, t, nmod_mul(m, m, mod));
    nmod_mat_scalar_addmul_ui(t, t, z, ratio(m, d, mod));
    nmod_mat_mul(z, f->observable, t);
    nmod_mat_mul(room, t, f->observable);
    nmod_mat_add(z, z, room);
    nmod_mat_scalar_mul(z, z, nmod_inv(2, mod));
    project(room, f, z);
    nmod_mat_mul(z, projector, room);
    nmod_mat_scalar_mul(z, z, ratio(m, square, mod));
    nmod_mat_add(sum, sum, z);
    mp_limb_t part = nmod_mul(ratio(check_prime_trace(p, z, z), m, mod), square, mod);
    part = ratio(part, nmod_sub(nmod_mul(d, d, mod), 1, mod), mod);
    *variance = nmod_add(*variance, part, mod);
  }
  nmod_mat_clear(projector);
  nmod_mat_clear(y);
  nmod_mat_clear(z);
  nmod_mat_clear(t);
  nmod_mat_clear(room);
}

/* Does the state populate these sectors? */
static bool is_populated(const frame_t *f, size_t k) {
  nmod_mat_t projector;
  check_prime_matrix_init(projector, f->p);
  set_projector(projector, f->p, k);
  bool yes = check_prime_trace(f->p, projector, f->state) != 0;
  nmod_mat_clear(projector);
  return yes;
}

static void set_effective(check_sum_blocks_t out, const check_sum_structure_t s,
                          frame_t *f, const nmod_mat_t nearest) {
  nmod_mat_t sum;
  check_prime_matrix_init(sum, f->p);
  out->effective = check_sum_is_saturated(s);
  for (size_t k = 0; k < s->num_kinds && out->effective; k++) {
    const check_sector_struct *kind = s->kinds + k;
    if (kind->pair.first == 1 || !is_populated(f, k)) continue;
    out->effective = kind->field == FIELD_COMPLEX && kind->count == 1;
    if (out->effective)
      add_effective(sum, &out->variance, f, kind, k, nearest);
  }
  nmod_mat_set(f->observable, sum);
  nmod_mat_clear(sum);
}

/* --- all ---------------------------------------------------------------------------------- */

static bool commute(const check_prime_t *p, const nmod_mat_t x,
                    const nmod_mat_t y) {
  nmod_mat_t a, b;
  check_prime_matrix_init(a, p);
  check_prime_matrix_init(b, p);
  nmod_mat_mul(a, x, y);
  nmod_mat_mul(b, y, x);
  bool same = nmod_mat_equal(a, b);
  nmod_mat_clear(a);
  nmod_mat_clear(b);
  return same;
}

static void set_blocks(check_sum_blocks_t out, const check_sum_structure_t s,
                       frame_t *f, check_choice_t choice) {
  check_prime_t *p = f->p;
  nmod_mat_struct *generators =
      flint_malloc((p->num_sums + 1) * sizeof *generators);
  nmod_mat_t nearest;
  for (size_t j = 0; j < p->num_sums; j++)
    set_sum(generators + j, p, p->sums[j]);
  check_prime_matrix_init(nearest, p);
  project(nearest, f, f->state);
  if (choice == CHECK_AVERAGED) average(f, generators);
  if (choice == CHECK_EFFECTIVE) set_effective(out, s, f, nearest);
  out->fixed = true;
  for (size_t j = 0; j < p->num_sums && out->fixed; j++)
    out->fixed = commute(p, f->observable, generators + j);
  out->between = p->sectors.length > 1 &&
                 !commute(p, f->observable, p->sectors.operators + 1);
  out->saturated = check_sum_is_saturated(s);
  out->list = flint_calloc(s->num_kinds + 1, sizeof *out->list);
  for (; out->length < s->num_kinds; out->length++) {
    out->list[out->length].kind = s->kinds + out->length;
    set_block(out->list + out->length, f, out->length, nearest);
  }
  nmod_mat_clear(nearest);
  for (size_t j = 0; j < p->num_sums; j++) nmod_mat_clear(generators + j);
  flint_free(generators);
}

bool check_sum_blocks_init(check_sum_blocks_t out,
                           const check_sum_structure_t s,
                           const pauli_sum_t observable,
                           const quantum_state_t state, check_choice_t choice) {
  if (!s->actions_known || s->by_sectors || !s->prime || !s->prime->has_element)
    return false;
  frame_t f = {.p = s->prime};
  *out = (check_sum_blocks_struct){.mod = f.p->mod};
  bool ok = set_sum(f.observable, f.p, observable);
  ok = set_state(f.state, f.p, state) && ok;
  ok = set_gram(&f) && ok;
  if (ok) set_blocks(out, s, &f, choice);
  nmod_mat_clear(f.observable);
  nmod_mat_clear(f.state);
  nmod_mat_clear(f.gram);
  return ok;
}

void check_sum_blocks_clear(check_sum_blocks_t blocks) {
  for (size_t k = 0; k < blocks->length; k++) flint_free(blocks->list[k].power);
  flint_free(blocks->list);
}
