#include "algebra/check/sums/check_spins.h"

/* --- numbers ------------------------------------------------------------------------------ */

static mp_limb_t binomial(size_t n, size_t k, nmod_t mod) {
  mp_limb_t out = 1;
  if (k > n) return 0;
  for (size_t i = 1; i <= k; i++)
    out = nmod_div(nmod_mul(out, n - k + i, mod), i, mod);
  return out;
}

/* n! / (a! b! c! (n - a - b - c)!) */
static mp_limb_t multinomial(size_t n, size_t a, size_t b, size_t c, nmod_t mod) {
  if (a + b + c > n) return 0;
  return nmod_mul(nmod_mul(binomial(n, a, mod), binomial(n - a, b, mod), mod),
                  binomial(n - a - b, c, mod), mod);
}

uint64_t check_spins_copies(size_t num_qubits, size_t singlets) {
  fmpz_t x, y;
  fmpz_init(x);
  fmpz_init(y);
  fmpz_bin_uiui(x, num_qubits, singlets);
  if (singlets) fmpz_bin_uiui(y, num_qubits, singlets - 1);
  fmpz_sub(x, x, y);
  uint64_t out = fmpz_get_ui(x);
  fmpz_clear(x);
  fmpz_clear(y);
  return out;
}

/* --- types of strings ------------------------------------------------------------------------ */

static check_type_t type_of(const check_prime_t *p, const uint64_t *string) {
  check_type_t out = {0};
  for (size_t q = 0; q < p->num_qubits; q++) {
    unsigned code = pauli_get(string, pauli_words(p->num_qubits), q);
    out.x += code == 1;
    out.z += code == 2;
    out.y += code == 3;
  }
  return out;
}

static bool same_type(const check_type_t *a, const check_type_t *b) {
  return a->x == b->x && a->y == b->y && a->z == b->z;
}

/* Does the sum have every placement of the type of its term `t`, with one coefficient? */
static bool is_complete(const check_prime_t *p, const pauli_sum_struct *h, size_t t,
                        const check_type_t *types) {
  size_t n = p->num_qubits, at = 0;
  const size_t letters[] = {types[t].x, types[t].y, types[t].z};
  fmpz_t all, factor, count;
  fmpz_init_set_ui(all, 1);
  fmpz_init(factor);
  fmpz_init(count);
  for (int k = 0; k < 3; k++) {
    fmpz_bin_uiui(factor, n - at, letters[k]);
    fmpz_mul(all, all, factor);
    at += letters[k];
  }
  bool same = true;
  for (size_t s = 0; s < h->length; s++) {
    if (!same_type(types + s, types + t)) continue;
    fmpz_add_ui(count, count, 1);
    same = same && fmpq_equal(h->coeffs + s, h->coeffs + t);
  }
  same = same && fmpz_equal(all, count);
  fmpz_clear(all);
  fmpz_clear(factor);
  fmpz_clear(count);
  return same;
}

static bool is_fixed(const check_prime_t *p, const pauli_sum_struct *h) {
  check_type_t *types = flint_malloc((h->length + 1) * sizeof *types);
  bool ok = true;
  for (size_t t = 0; t < h->length; t++) types[t] = type_of(p, pauli_sum_string(h, t));
  for (size_t t = 0; t < h->length && ok; t++) {
    bool seen = false;
    for (size_t s = 0; s < t && !seen; s++) seen = same_type(types + s, types + t);
    ok = seen || is_complete(p, h, t, types);
  }
  flint_free(types);
  return ok;
}

bool check_spins_are_fixed(const check_prime_t *p) {
  bool ok = p->num_qubits <= CHECK_SPINS_QUBITS && p->num_qubits >= CHECK_SPINS_FEWEST;
  for (size_t j = 0; j < p->num_sums && ok; j++) ok = is_fixed(p, p->sums[j]);
  return ok;
}

void check_spins_add(check_type_t *out, size_t *count, const check_prime_t *p,
                     const pauli_sum_struct *h, size_t number) {
  size_t first = *count;
  for (size_t t = 0; t < h->length; t++) {
    check_type_t type = type_of(p, pauli_sum_string(h, t));
    size_t at = first;
    while (at < *count && !same_type(out + at, &type)) at++;
    type.sum = number;
    if (at == *count) out[(*count)++] = type;
    mp_limb_t placements = multinomial(p->num_qubits, type.x, type.y, type.z, p->mod);
    out[at].c = nmod_add(out[at].c,
                         nmod_div(check_prime_coeff(p, h, t), placements, p->mod), p->mod);
  }
}

/* --- on one module ------------------------------------------------------------------------------ */

/* The row of D_k' gets c S^m_xyz. */
static void add_row(nmod_mat_t out, const check_prime_t *p, size_t k, size_t x, size_t y,
                    size_t z, mp_limb_t c) {
  size_t m = (size_t)nmod_mat_nrows(out) - 1;
  for (size_t x0 = 0; x0 <= x; x0++)
    for (size_t y0 = 0; y0 <= y; y0++)
      for (size_t z1 = 0; z1 <= z; z1++) {
        size_t x1 = x - x0, y1 = y - y0, z0 = z - z1;
        mp_limb_t ways = nmod_mul(multinomial(k, x0, y0, z1, p->mod),
                                  multinomial(m - k, x1, y1, z0, p->mod), p->mod);
        if (!ways) continue; /* else x0 + y0 <= k */
        unsigned phase = (unsigned)((y0 + 3 * y1 + 2 * z1) % 4);
        mp_limb_t *to = &nmod_mat_entry(out, (slong)k, (slong)(k - x0 - y0 + x1 + y1));
        ways = nmod_mul(ways, check_prime_phase(p, phase), p->mod);
        *to = nmod_addmul(*to, ways, c, p->mod);
      }
}

void check_spins_matrix(nmod_mat_t out, const check_prime_t *p, const check_type_t *types,
                        size_t count, const mp_limb_t *scale, size_t singlets) {
  nmod_t mod = p->mod;
  nmod_mat_zero(out);
  for (const check_type_t *t = types; t < types + count; t++) {
    mp_limb_t c = scale ? nmod_mul(t->c, scale[t->sum], mod) : t->c;
    for (size_t a = 0; 2 * a <= t->x; a++)
      for (size_t b = 0; 2 * b <= t->y; b++)
        for (size_t d = 0; 2 * d <= t->z; d++) {
          mp_limb_t ways = nmod_mul(multinomial(singlets, a, b, d, mod), c, mod);
          if ((a + b + d) % 2) ways = nmod_neg(ways, mod);
          for (size_t k = 0; k < (size_t)nmod_mat_nrows(out) && ways; k++)
            add_row(out, p, k, t->x - 2 * a, t->y - 2 * b, t->z - 2 * d, ways);
        }
  }
}

/* --- states ---------------------------------------------------------------------------------------- */

/* The Bloch vector of every qubit: +- one letter on each, or equal ones. */
static bool common_bloch(fmpq *bloch, const quantum_state_struct *phi, size_t n) {
  const stabilizer_state_struct *group = quantum_state_stabilizer(phi);
  const product_state_struct *product = quantum_state_product(phi);
  static const unsigned codes[] = {1, 3, 2}; /* X, Y, Z */
  bool ok = group || (product && product_state_is_pure(product)), pure = false;
  uint64_t *string = flint_calloc(2 * pauli_words(n) + 1, sizeof *string);
  for (size_t q = 0; q < n && ok; q++)
    for (int k = 0; k < 3 && ok; k++) {
      int sign = 0;
      if (group) {
        pauli_set(string, pauli_words(n), q, codes[k]);
        sign = stabilizer_state_expectation(group, string);
        pauli_set(string, pauli_words(n), q, 0);
        if (q == 0) fmpq_set_si(bloch + k, sign, 1);
        pure = pure || sign;
        ok = fmpz_equal_si(fmpq_numref(bloch + k), sign);
      } else {
        if (q == 0) fmpq_set(bloch + k, product->bloch + k);
        ok = fmpq_equal(bloch + k, product->bloch + 3 * q + k);
      }
    }
  flint_free(string);
  return ok && (pure || !group);
}

static bool residue(mp_limb_t *out, const fmpq_t x, nmod_t mod) {
  mp_limb_t den = fmpz_fdiv_ui(fmpq_denref(x), mod.n);
  if (den) *out = nmod_div(fmpz_fdiv_ui(fmpq_numref(x), mod.n), den, mod);
  return den != 0;
}

/* (1 + z)^(n - k) (x +- i y)^k, or the last one alone when z = -1. */
static void set_amplitudes(mp_limb_t *v, const check_prime_t *p, const mp_limb_t *bloch,
                           bool dual) {
  nmod_t mod = p->mod;
  size_t n = p->num_qubits;
  mp_limb_t up = nmod_add(1, bloch[2], mod), iy = nmod_mul(p->i, bloch[1], mod);
  mp_limb_t down = dual ? nmod_sub(bloch[0], iy, mod) : nmod_add(bloch[0], iy, mod);
  for (size_t k = 0; k <= n; k++) {
    mp_limb_t c = up ? nmod_mul(nmod_pow_ui(up, n - k, mod), nmod_pow_ui(down, k, mod), mod)
                     : (mp_limb_t)(k == n);
    v[k] = dual ? nmod_mul(c, binomial(n, k, mod), mod) : c;
  }
}

bool check_spins_state(mp_limb_t *v, const check_prime_t *p, const quantum_state_struct *phi,
                       bool dual) {
  fmpq *bloch = _fmpq_vec_init(3);
  mp_limb_t residues[3] = {0};
  bool ok = common_bloch(bloch, phi, p->num_qubits);
  for (int k = 0; k < 3 && ok; k++) ok = residue(residues + k, bloch + k, p->mod);
  if (ok) set_amplitudes(v, p, residues, dual);
  _fmpq_vec_clear(bloch, 3);
  return ok;
}
