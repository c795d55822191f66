#include "algebra/sectors/sector_operand.h"

enum { MAX_STATE_TERMS = 65536, MAX_SUPPORT_WORK = 1 << 22 };

/* --- sources ------------------------------------------------------------------------- */

static void source_init(sector_source_struct *out, size_t num_qubits,
                        sector_frame_t frame) {
  *out = (sector_source_struct){.frame = frame};
  fmpz_init_set_ui(out->den, 1);
  fmpq_init(out->bound);
  pauli_sum_init(out->sum, num_qubits);
}

/* Clears denominators, and bounds the norm by the sum of the coefficients. */
static void take_sum(sector_source_struct *out) {
  pauli_sum_struct *a = out->sum;
  fmpq_t c;
  fmpq_init(c);
  for (size_t t = 0; t < a->length; t++) {
    fmpq_abs(c, a->coeffs + t);
    fmpq_add(out->bound, out->bound, c);
    fmpz_lcm(out->den, out->den, fmpq_denref(a->coeffs + t));
  }
  for (size_t t = 0; t < a->length; t++)
    fmpq_mul_fmpz(a->coeffs + t, a->coeffs + t, out->den);
  fmpq_clear(c);
}

void sector_source_operator(sector_source_struct *out, const pauli_sum_struct *a,
                            sector_frame_t frame) {
  source_init(out, a->num_qubits, frame);
  sector_frame_apply(out->sum, a, frame);
  take_sum(out);
}

bool sector_source_state(sector_source_struct *out,
                         const quantum_state_struct *state,
                         sector_frame_t frame) {
  const stabilizer_state_struct *s = quantum_state_stabilizer(state);
  const product_state_struct *p = quantum_state_product(state);
  size_t n = state->num_qubits;
  source_init(out, n, frame);
  out->state = state;
  fmpq_one(out->bound);
  out->pure = (s && s->rank == n) || (p && product_state_is_pure(p));
  if (out->pure) { /* entries of products: (1 +- z)/2, (x +- i y)/2 by qubits */
    fmpz_mul_2exp(out->den, out->den, n);
    for (size_t j = 0; j < n && p; j++) {
      fmpz_t den;
      fmpz_init_set(den, fmpq_denref(p->bloch + 3 * j));
      fmpz_lcm(den, den, fmpq_denref(p->bloch + 3 * j + 1));
      fmpz_lcm(den, den, fmpq_denref(p->bloch + 3 * j + 2));
      fmpz_mul(out->den, out->den, den);
      fmpz_clear(den);
    }
    return true;
  }
  bool ok = s ? stabilizer_state_expand(out->sum, s, MAX_STATE_TERMS)
              : quantum_state_expand(out->sum, state, MAX_STATE_TERMS);
  if (!ok) {
    sector_source_clear(out);
    return false;
  }
  fmpq_t scale;
  fmpq_init(scale);
  fmpq_one(scale);
  fmpq_div_2exp(scale, scale, n);
  pauli_sum_scalar_mul(out->sum, out->sum, scale);
  fmpq_clear(scale);
  sector_frame_apply(out->sum, out->sum, frame);
  take_sum(out);
  fmpq_one(out->bound);
  return true;
}

void sector_source_clear(sector_source_struct *out) {
  fmpz_clear(out->den);
  fmpq_clear(out->bound);
  pauli_sum_clear(out->sum);
}

/* --- pure states ------------------------------------------------------------------------ */

/* A basis state in the support of the state: a solution of the stabilizers that are
   diagonal. */
static uint64_t find_support(const stabilizer_state_struct *s,
                             sector_frame_t frame) {
  size_t r = s->rank, rank = 0;
  uint64_t (*rows)[2] = flint_malloc((r + 1) * sizeof *rows);
  bool *minus = flint_malloc((r + 1) * sizeof *minus);
  for (size_t j = 0; j < r; j++) {
    memcpy(rows[j], stabilizer_state_string(s, j), sizeof *rows);
    minus[j] = s->signs[j] ^ sector_frame_string(rows[j], 1, frame);
  }
  for (size_t part = 0; part < 2; part++) /* x bits, then z bits of the rest */
    for (size_t q = 0; q < s->num_qubits; q++) {
      size_t k = rank;
      while (k < r && !(rows[k][part] >> q & 1)) k++;
      if (k == r || (part && rows[k][0])) continue;
      uint64_t t[2] = {rows[k][0], rows[k][1]};
      bool m = minus[k];
      memcpy(rows[k], rows[rank], sizeof t);
      minus[k] = minus[rank];
      memcpy(rows[rank], t, sizeof t);
      minus[rank] = m;
      for (size_t j = 0; j < r; j++)
        if (j != rank && rows[j][part] >> q & 1 && (!part || !rows[j][0]))
          minus[j] ^= minus[rank] ^ (pauli_mul(rows[j], rows[j], t, 1) == 2);
      rank++;
    }
  uint64_t out = 0;
  for (size_t j = 0; j < r; j++)
    if (!rows[j][0] && minus[j]) out |= rows[j][1] & -rows[j][1];
  flint_free(rows);
  flint_free(minus);
  return out;
}

static void stabilizer_ket(sector_operand_struct *out,
                           const stabilizer_state_struct *s,
                           sector_frame_t frame, size_t size, nmod_t mod,
                           mp_limb_t root) {
  mp_limb_t *t = flint_malloc(size * sizeof *t);
  out->ket[find_support(s, frame)] = 1;
  for (size_t j = 0; j < s->rank; j++) { /* 1 + g */
    uint64_t g[2];
    memcpy(g, stabilizer_state_string(s, j), sizeof g);
    bool minus = s->signs[j] ^ sector_frame_string(g, 1, frame);
    unsigned e = (unsigned)__builtin_popcountll(g[0] & g[1]) + (minus ? 2 : 0);
    mp_limb_t c = (e & 1) ? root : 1;
    if (e & 2) c = nmod_neg(c, mod);
    for (size_t b = 0; b < size; b++) {
      mp_limb_t v = nmod_mul(c, out->ket[b], mod);
      if (__builtin_parityll(g[1] & b)) v = nmod_neg(v, mod);
      t[b ^ g[0]] = nmod_add(out->ket[b ^ g[0]], v, mod);
    }
    memcpy(out->ket, t, size * sizeof *t);
  }
  flint_free(t);
}

static mp_limb_t rational_mod(const fmpq_t x, nmod_t mod) {
  return nmod_div(fmpz_fdiv_ui(fmpq_numref(x), mod.n),
                  fmpz_fdiv_ui(fmpq_denref(x), mod.n), mod);
}

/* Qubit vectors (1 + z, x + i y), or (0, 1). */
static void product_ket(mp_limb_t *ket, const product_state_struct *p,
                        sector_frame_t frame, size_t size, nmod_t mod,
                        mp_limb_t root) {
  for (size_t s = 0; s < size; s++) ket[s] = 1;
  for (size_t j = 0; j < p->num_qubits; j++) {
    const fmpq *b = p->bloch + 3 * j;
    mp_limb_t x = rational_mod(b, mod), y = rational_mod(b + 1, mod);
    mp_limb_t z = rational_mod(b + 2, mod), t;
    if (frame == FRAME_X) {
      t = x;
      x = z;
      z = t;
      y = nmod_neg(y, mod);
    } else if (frame == FRAME_Y) {
      t = y;
      y = z;
      z = t;
      x = nmod_neg(x, mod);
    }
    mp_limb_t zero = nmod_add(z, 1, mod);
    mp_limb_t one = zero ? nmod_addmul(x, root, y, mod) : 1;
    for (size_t s = 0; s < size; s++)
      ket[s] = nmod_mul(ket[s], s >> j & 1 ? one : zero, mod);
  }
}

/* --- support ------------------------------------------------------------------------------ */

/* Entries of a state that is positive: all of a row are 0 when the diagonal one is.
   product: (1 +- z) / 2 by qubits. */
static void product_blocks(bool *blocks, const product_state_struct *p,
                           sector_frame_t frame, const sector_space_struct *space) {
  size_t at = frame == FRAME_X ? 0 : frame == FRAME_Y ? 1 : 2;
  uint64_t zero = 0, one = 0; /* qubits that are 0, or 1 */
  fmpq_t minus;
  fmpq_init(minus);
  fmpq_set_si(minus, -1, 1);
  for (size_t j = 0; j < p->num_qubits; j++) {
    const fmpq *z = p->bloch + 3 * j + at;
    if (fmpq_is_one(z)) zero |= UINT64_C(1) << j;
    if (fmpq_equal(z, minus)) one |= UINT64_C(1) << j;
  }
  fmpq_clear(minus);
  for (uint64_t s = 0; s < space->size; s++)
    if (!(s & zero) && (s & one) == one) blocks[space->block_of[s]] = true;
}

static void sum_blocks(bool *blocks, const pauli_sum_struct *a,
                       const sector_space_struct *space) {
  fmpz_t sum;
  uint64_t work = 0;
  for (size_t t = 0; t < a->length; t++)
    if (!pauli_sum_string(a, t)[0]) work += space->size;
  fmpz_init(sum);
  for (uint64_t s = 0; s < space->size; s++) {
    if (blocks[space->block_of[s]]) continue;
    fmpz_zero(sum);
    for (size_t t = 0; t < a->length && work <= MAX_SUPPORT_WORK; t++) {
      const uint64_t *p = pauli_sum_string(a, t);
      if (p[0]) continue;
      if (__builtin_parityll(p[1] & s))
        fmpz_sub(sum, sum, fmpq_numref(a->coeffs + t));
      else fmpz_add(sum, sum, fmpq_numref(a->coeffs + t));
    }
    blocks[space->block_of[s]] = work > MAX_SUPPORT_WORK || !fmpz_is_zero(sum);
  }
  fmpz_clear(sum);
}

/* A stabilizer state's unnormalised entries are Gaussian integers of at most 2^n, not 0
   modulo a prime beyond their norm. */
static void ket_blocks(bool *blocks, const sector_source_struct *source,
                       const sector_space_struct *space) {
  nmod_t mod;
  mp_limb_t p = UINT64_C(1) << 62;
  while (p % 4 != 1 || !n_is_prime(p)) p--;
  nmod_init(&mod, p);
  sector_operand_struct o = {.ket = flint_calloc(space->size, sizeof *o.ket)};
  stabilizer_ket(&o, quantum_state_stabilizer(source->state), source->frame,
                 space->size, mod, n_sqrtmod(p - 1, p));
  for (size_t s = 0; s < space->size; s++)
    if (o.ket[s]) blocks[space->block_of[s]] = true;
  flint_free(o.ket);
}

void sector_source_blocks(bool *blocks, const sector_source_struct *source,
                          const sector_space_struct *space) {
  const product_state_struct *p = quantum_state_product(source->state);
  if (source->pure && quantum_state_stabilizer(source->state))
    ket_blocks(blocks, source, space);
  else if (p)
    product_blocks(blocks, p, source->frame, space);
  else
    sum_blocks(blocks, source->sum, space);
}

/* --- operands ---------------------------------------------------------------------------- */

static void set_matrix(sector_operand_struct *out, const pauli_sum_struct *a,
                       size_t size, nmod_t mod, mp_limb_t root) {
  out->slot = flint_calloc(size, sizeof *out->slot);
  out->masks = flint_malloc((a->length + 1) * sizeof *out->masks);
  for (size_t t = 0; t < a->length; t++) {
    uint64_t x = pauli_sum_string(a, t)[0];
    if (out->slot[x]) continue;
    out->masks[out->num_masks++] = (uint32_t)x;
    out->slot[x] = (uint32_t)out->num_masks;
  }
  out->value = flint_calloc(out->num_masks * size + 1, sizeof *out->value);
  for (size_t t = 0; t < a->length; t++) {
    const uint64_t *p = pauli_sum_string(a, t);
    mp_limb_t *row = out->value + (size_t)(out->slot[p[0]] - 1) * size;
    mp_limb_t c = rational_mod(a->coeffs + t, mod);
    unsigned e = (unsigned)__builtin_popcountll(p[0] & p[1]);
    if (e & 1) c = nmod_mul(c, root, mod);
    if (e & 2) c = nmod_neg(c, mod);
    mp_limb_t minus = nmod_neg(c, mod);
    for (size_t s = 0; s < size; s++)
      row[s] = nmod_add(row[s], __builtin_parityll(p[1] & s) ? minus : c, mod);
  }
}

/* A pure state is normalised by its bra: rho = ket bra. */
void sector_operand_init(sector_operand_struct *out,
                         const sector_source_struct *source, size_t size,
                         nmod_t mod, mp_limb_t root) {
  *out = (sector_operand_struct){0};
  if (!source->pure) {
    set_matrix(out, source->sum, size, mod, root);
    return;
  }
  const stabilizer_state_struct *s = quantum_state_stabilizer(source->state);
  const product_state_struct *p = quantum_state_product(source->state);
  mp_limb_t conjugate = nmod_neg(root, mod), norm = 0;
  out->ket = flint_calloc(size, sizeof *out->ket);
  out->bra = flint_calloc(size, sizeof *out->bra);
  if (s) {
    sector_operand_struct other = {.ket = out->bra};
    stabilizer_ket(out, s, source->frame, size, mod, root);
    stabilizer_ket(&other, s, source->frame, size, mod, conjugate);
  } else {
    product_ket(out->ket, p, source->frame, size, mod, root);
    product_ket(out->bra, p, source->frame, size, mod, conjugate);
  }
  for (size_t k = 0; k < size; k++)
    norm = nmod_addmul(norm, out->ket[k], out->bra[k], mod);
  norm = nmod_inv(norm, mod);
  for (size_t k = 0; k < size; k++)
    out->bra[k] = nmod_mul(norm, out->bra[k], mod);
}

void sector_operand_clear(sector_operand_struct *out) {
  flint_free(out->masks);
  flint_free(out->slot);
  flint_free(out->value);
  flint_free(out->ket);
  flint_free(out->bra);
  flint_free(out->start);
  flint_free(out->col);
}

mp_limb_t sector_operand_entry(const sector_operand_struct *a, size_t r, size_t c, size_t size) {
  if (!a->start) {
    uint32_t slot = a->slot[r ^ c];
    return slot ? a->value[(slot - 1) * size + c] : 0;
  }
  size_t low = a->start[r], high = a->start[r + 1];
  while (low < high) {
    size_t mid = (low + high) / 2;
    if (a->col[mid] == c) return a->value[mid];
    if (a->col[mid] < c) low = mid + 1;
    else high = mid;
  }
  return 0;
}
