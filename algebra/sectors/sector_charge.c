/* Charges (declared in sector_symmetry.h): K = sum over few strings P of k_P P with
   [K, H_j] = 0. The equations, one for every string of a bracket, are folded into
   as many random ones as there are unknowns and some more, modulo a prime; the kernel
   is lifted to Q, and each K is checked to commute exactly. */

#include "algebra/sectors/sector_symmetry.h"

enum { EXTRA = 16 };

/* Strings of weight one, and products of two Majorana operators
   Z .. Z X, Z .. Z Y. */
static size_t candidates(uint64_t **out, size_t n) {
  size_t max = 3 * n + 2 * n * (2 * n - 1) / 2, count = 0;
  uint64_t *rows = flint_calloc(2 * max + 2, sizeof *rows);
  for (size_t j = 0; j < n; j++)
    for (unsigned letter = 1; letter < 4; letter++)
      pauli_set(rows + 2 * count++, 1, j, letter);
  for (size_t a = 0; a < 2 * n; a++)
    for (size_t b = 0; b < a; b++) {
      uint64_t p[2][2], q[2];
      for (int k = 0; k < 2; k++) {
        size_t mode = k ? b : a, j = mode / 2;
        p[k][0] = UINT64_C(1) << j;
        p[k][1] = (UINT64_C(1) << j) - 1 + ((mode & 1) ? p[k][0] : 0);
      }
      pauli_xor(q, p[0], p[1], 1);
      if (pauli_weight(q, 1) == 1) continue;
      memcpy(rows + 2 * count++, q, sizeof q);
    }
  *out = rows;
  return count;
}

/* equations (rows) x unknowns, folded by random numbers that depend on the equation. */
static void fold(nmod_mat_t out, const uint64_t *rows, size_t count,
                 const pauli_sum_struct *const *generators, size_t num,
                 nmod_t mod) {
  slong height = nmod_mat_nrows(out);
  for (size_t c = 0; c < count; c++)
    for (size_t j = 0; j < num; j++)
      for (size_t t = 0; t < generators[j]->length; t++) {
        const uint64_t *p = pauli_sum_string(generators[j], t);
        uint64_t q[2];
        if (!pauli_anticommute(p, rows + 2 * c, 1)) continue;
        unsigned e = pauli_mul(q, rows + 2 * c, p, 1);
        mp_limb_t v =
            nmod_div(fmpz_fdiv_ui(fmpq_numref(generators[j]->coeffs + t), mod.n),
                     fmpz_fdiv_ui(fmpq_denref(generators[j]->coeffs + t), mod.n),
                     mod);
        if (e == 3) v = nmod_neg(v, mod);
        uint64_t seed = pauli_hash(q, 1) + j * UINT64_C(0x2545f4914f6cdd1d);
        for (slong r = 0; r < height; r++)
          nmod_mat_entry(out, r, (slong)c) =
              nmod_addmul(nmod_mat_entry(out, r, (slong)c), v,
                          stream_next(&seed) % mod.n, mod);
      }
}

static bool commutes(const pauli_sum_struct *k,
                     const pauli_sum_struct *const *generators, size_t num) {
  for (size_t j = 0; j < num; j++)
    if (!pauli_sum_commute(k, generators[j])) return false;
  return true;
}

/* Column c of the kernel as an operator. */
static bool lift(pauli_sum_struct *out, const nmod_mat_t kernel, slong c,
                 const uint64_t *rows, nmod_t mod) {
  fmpz_t residue, modulus;
  fmpq_t value;
  bool ok = true;
  fmpz_init(residue);
  fmpz_init_set_ui(modulus, mod.n);
  fmpq_init(value);
  mp_limb_t scale = 0;
  for (slong k = 0; k < nmod_mat_nrows(kernel) && ok; k++) {
    mp_limb_t v = nmod_mat_entry(kernel, k, c);
    if (!v) continue;
    if (!scale) scale = nmod_inv(v, mod);
    fmpz_set_ui(residue, nmod_mul(v, scale, mod));
    ok = fmpq_reconstruct_fmpz(value, residue, modulus);
    if (ok) pauli_sum_push(out, value, rows + 2 * k);
  }
  pauli_sum_canonicalise(out);
  fmpz_clear(residue);
  fmpz_clear(modulus);
  fmpq_clear(value);
  return ok;
}

static bool is_diagonal(const pauli_sum_struct *k) {
  for (size_t t = 0; t < k->length; t++)
    if (pauli_sum_string(k, t)[0]) return false;
  return true;
}

void sector_symmetry_add_charges(sector_symmetry_struct *s,
                                 const pauli_sum_struct *const *generators,
                                 size_t count) {
  size_t n = s->space->num_qubits;
  uint64_t *rows;
  size_t unknowns = candidates(&rows, n);
  nmod_t mod;
  nmod_init(&mod, n_nextprime(UINT64_C(1) << 60, 0));
  nmod_mat_t folded, kernel;
  nmod_mat_init(folded, (slong)(unknowns + EXTRA), (slong)unknowns, mod.n);
  nmod_mat_init(kernel, (slong)unknowns, (slong)unknowns, mod.n);
  fold(folded, rows, unknowns, generators, count, mod);
  slong nullity = nmod_mat_nullspace(kernel, folded);
  for (slong c = 0; c < nullity; c++) {
    pauli_sum_t k;
    pauli_sum_init(k, n);
    bool ok = lift(k, kernel, c, rows, mod) && k->length > 1 &&
              commutes(k, generators, count);
    if (ok) {
      sector_frame_apply(k, k, s->space->frame);
      ok = !is_diagonal(k); /* these are constant on blocks */
    }
    if (ok) {
      s->list = flint_realloc(s->list, (s->length + 1) * sizeof *s->list);
      sector_operator_struct *op = s->list + s->length++;
      *op = (sector_operator_struct){.kind = SECTOR_CHARGE};
      pauli_sum_init(op->charge, n);
      pauli_sum_swap(op->charge, k);
    }
    pauli_sum_clear(k);
  }
  nmod_mat_clear(folded);
  nmod_mat_clear(kernel);
  flint_free(rows);
}
