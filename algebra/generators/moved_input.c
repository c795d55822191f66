#include "algebra/generators/moved_input.h"

#include "algebra/base/flint_compat.h"
#include "algebra/base/ansatz.h"
#include "algebra/base/row_table.h"
#include "algebra/generators/surd_sum.h"

/* Approximations are multiples of 2^-BITS, from balls of PREC_BITS. */
enum { BITS = 256, PREC_BITS = 512, MAX_TERMS = 4096 };

/* cos and sin of plus or minus pi_part pi + rad_part. */
static void set_angle(arb_t cosine, arb_t sine, const fmpq_t pi_part,
                      const fmpq_t rad_part, bool negative) {
  arb_t angle, part;
  arb_init(angle);
  arb_init(part);
  if (fmpq_is_zero(rad_part)) {
    arb_sin_cos_pi_fmpq(sine, cosine, pi_part, PREC_BITS);
  } else {
    arb_const_pi(angle, PREC_BITS);
    arb_set_fmpq(part, pi_part, PREC_BITS);
    arb_mul(angle, angle, part, PREC_BITS);
    arb_set_fmpq(part, rad_part, PREC_BITS);
    arb_add(angle, angle, part, PREC_BITS);
    arb_sin_cos(sine, cosine, angle, PREC_BITS);
  }
  if (negative) arb_neg(sine, sine);
  arb_clear(angle);
  arb_clear(part);
}

/* out = the ball rounded towards zero, |out| at most the least absolute value in
   it; error += a bound of the distance. */
static void round_to_zero(fmpq_t out, fmpq_t error, const arb_t ball) {
  arb_t scaled;
  arf_t least;
  fmpq_t step;
  arb_init(scaled);
  arf_init(least);
  fmpq_init(step);
  arb_mul_2exp_si(scaled, ball, BITS);
  arb_get_abs_lbound_arf(least, scaled, PREC_BITS);
  arf_get_fmpz(fmpq_numref(out), least, ARF_RND_FLOOR);
  if (arf_sgn(arb_midref(ball)) < 0)
    fmpz_neg(fmpq_numref(out), fmpq_numref(out));
  fmpz_one(fmpq_denref(out));
  fmpq_div_2exp(out, out, BITS);
  arb_set_fmpq(scaled, out, PREC_BITS);
  arb_sub(scaled, ball, scaled, PREC_BITS);
  arb_mul_2exp_si(scaled, scaled, BITS);
  arb_get_abs_ubound_arf(least, scaled, PREC_BITS);
  arf_get_fmpz(fmpq_numref(step), least, ARF_RND_CEIL);
  fmpz_one(fmpq_denref(step));
  fmpq_div_2exp(step, step, BITS);
  fmpq_add(error, error, step);
  fmpq_clear(step);
  arf_clear(least);
  arb_clear(scaled);
}

/* --- sums ------------------------------------------------------------------- */

/* sum = F^dag sum F for each gate of the list, the last one first; for a state
   F sum F^dag, the first one first. */
typedef struct {
  const fixed_gates_struct *gates;
  const size_t *entries;
  size_t count;
  bool is_state;
} motion_t;

/* The i-th gate to be passed. */
static size_t motion_entry(const motion_t *m, size_t i) {
  return m->entries[m->is_state ? i : m->count - 1 - i];
}

/* Within the field of surd_sum; false, and sum unchanged, when that is not enough. */
static bool move_exactly(pauli_sum_t sum, const motion_t *m) {
  surd_sum_t s;
  pauli_sum_t out;
  long twelfths;
  unsigned root = 0;
  surd_sum_init(s, sum->num_qubits);
  pauli_sum_init(out, sum->num_qubits);
  bool ok = sum->length <= MAX_TERMS / 8;
  for (size_t t = 0; t < sum->length && ok; t++)
    surd_sum_add(s, sum->coeffs + t, pauli_sum_string(sum, t));
  for (size_t i = 0; i < m->count && ok; i++) {
    size_t entry = motion_entry(m, i);
    ok = fixed_gates_twelfths(&twelfths, m->gates->entries + entry) &&
         s->length <= MAX_TERMS / 8;
    if (ok)
      surd_sum_rotate(s, fixed_gates_string(m->gates, entry),
                      m->is_state ? (24 - twelfths) % 24 : twelfths);
  }
  ok = ok && surd_sum_get_rational(out, &root, s) && root == 1;
  if (ok) pauli_sum_swap(sum, out);
  pauli_sum_clear(out);
  surd_sum_clear(s);
  return ok;
}

/* Strings with balls. */
typedef struct {
  row_table_t rows;
  arb_ptr coeffs;
  size_t alloc;
} ball_sum_struct;

static void ball_sum_init(ball_sum_struct *s, size_t width) {
  *s = (ball_sum_struct){.alloc = 0};
  row_table_init(s->rows, width);
}

static void ball_sum_clear(ball_sum_struct *s) {
  row_table_clear(s->rows);
  _arb_vec_clear(s->coeffs, (slong)s->alloc);
}

static void ball_sum_add(ball_sum_struct *s, const arb_t coeff,
                         const uint64_t *row) {
  bool is_new;
  size_t at = row_table_add(s->rows, row, &is_new);
  if (at >= s->alloc) {
    size_t alloc = 2 * at + 16;
    arb_ptr more = _arb_vec_init((slong)alloc);
    for (size_t i = 0; i < s->alloc; i++) arb_swap(more + i, s->coeffs + i);
    _arb_vec_clear(s->coeffs, (slong)s->alloc);
    s->coeffs = more;
    s->alloc = alloc;
  }
  arb_add(s->coeffs + at, s->coeffs + at, coeff, PREC_BITS);
}

static void ball_sum_rotate(ball_sum_struct *s, const uint64_t *p, size_t w,
                            const fixed_entry_struct *e, bool negative) {
  ball_sum_struct out;
  arb_t cosine, sine, t;
  uint64_t *row = flint_malloc((2 * w + 1) * sizeof *row);
  arb_init(cosine);
  arb_init(sine);
  arb_init(t);
  set_angle(cosine, sine, e->pi_part, e->rad_part, negative);
  ball_sum_init(&out, 2 * w);
  for (size_t i = 0; i < s->rows->length; i++) {
    const uint64_t *q = row_table_row(s->rows, i);
    if (!pauli_anticommute(p, q, w)) {
      ball_sum_add(&out, s->coeffs + i, q);
      continue;
    }
    arb_mul(t, s->coeffs + i, cosine, PREC_BITS);
    ball_sum_add(&out, t, q);
    arb_mul(t, s->coeffs + i, sine, PREC_BITS);
    if ((1 + pauli_mul(row, p, q, w)) & 2) arb_neg(t, t);
    ball_sum_add(&out, t, row);
  }
  ball_sum_struct swap = *s;
  *s = out;
  ball_sum_clear(&swap);
  arb_clear(cosine);
  arb_clear(sine);
  arb_clear(t);
  flint_free(row);
}

/* The same with balls, rounded towards zero; error: of the coefficients, added up.
   False, and sum unchanged, when it has too many terms. */
static bool move_roughly(pauli_sum_t sum, fmpq_t error, const motion_t *m) {
  size_t w = sum->num_words;
  ball_sum_struct s;
  arb_t coeff;
  arb_init(coeff);
  ball_sum_init(&s, 2 * w);
  for (size_t t = 0; t < sum->length; t++) {
    arb_set_fmpq(coeff, sum->coeffs + t, PREC_BITS);
    ball_sum_add(&s, coeff, pauli_sum_string(sum, t));
  }
  for (size_t i = 0; i < m->count && s.rows->length <= MAX_TERMS; i++) {
    size_t entry = motion_entry(m, i);
    ball_sum_rotate(&s, fixed_gates_string(m->gates, entry), w,
                    m->gates->entries + entry, m->is_state);
  }
  bool ok = s.rows->length <= MAX_TERMS;
  if (ok) {
    fmpq_t c;
    fmpq_init(c);
    pauli_sum_zero(sum);
    for (size_t i = 0; i < s.rows->length; i++) {
      round_to_zero(c, error, s.coeffs + i);
      pauli_sum_push(sum, c, row_table_row(s.rows, i));
    }
    pauli_sum_canonicalise(sum);
    fmpq_clear(c);
  }
  ball_sum_clear(&s);
  arb_clear(coeff);
  return ok;
}

/* --- states ---------------------------------------------------------------- */

/* A rotation of one qubit that has not been carried out yet: others about the same axis
   may make it a quarter turn, or nothing. */
typedef struct {
  bool waits;
  size_t axis;
  fmpq_t pi_part, rad_part;
} pending_struct;

/* Bloch vectors, x, y, z of each qubit; exact until the qubit is turned. */
typedef struct {
  product_state_t product;
  arb_ptr turned; /* 3 n */
  bool *is_turned;
  pending_struct *pending;
} bloch_struct;

/* False when the state is no product of states of one qubit each. */
static bool get_product(product_state_t out, const quantum_state_t in) {
  static const size_t axes[4] = {0, 0, 2, 1}; /* X, Z, Y of pauli.h */
  const product_state_struct *product = quantum_state_product(in);
  const stabilizer_state_struct *s = quantum_state_stabilizer(in);
  if (product) {
    for (size_t j = 0; j < 3 * in->num_qubits; j++)
      fmpq_set(out->bloch + j, product->bloch + j);
    return true;
  }
  for (size_t i = 0; s && i < s->rank; i++) {
    const uint64_t *row = stabilizer_state_string(s, i);
    size_t qubit = SIZE_MAX;
    for (size_t k = 0; k < s->num_words; k++) {
      uint64_t letters = row[k] | row[s->num_words + k];
      if (!letters) continue;
      if (qubit != SIZE_MAX || (letters & (letters - 1))) return false;
      qubit = 64 * k + (size_t)__builtin_ctzll(letters);
    }
    unsigned letter = pauli_get(row, s->num_words, qubit);
    fmpq_set_si(out->bloch + 3 * qubit + axes[letter], s->signs[i] ? -1 : 1, 1);
  }
  return s != NULL;
}

static void bloch_init(bloch_struct *b, size_t num_qubits) {
  product_state_init(b->product, num_qubits);
  b->turned = _arb_vec_init((slong)(3 * num_qubits));
  b->is_turned = flint_calloc(num_qubits + 1, sizeof *b->is_turned);
  b->pending = flint_calloc(num_qubits + 1, sizeof *b->pending);
  for (size_t j = 0; j < num_qubits; j++) {
    fmpq_init(b->pending[j].pi_part);
    fmpq_init(b->pending[j].rad_part);
  }
}

static void bloch_clear(bloch_struct *b) {
  _arb_vec_clear(b->turned, (slong)(3 * b->product->num_qubits));
  flint_free(b->is_turned);
  for (size_t j = 0; j < b->product->num_qubits; j++) {
    fmpq_clear(b->pending[j].pi_part);
    fmpq_clear(b->pending[j].rad_part);
  }
  flint_free(b->pending);
  product_state_clear(b->product);
}

/* Quarter turns of what waits; false when it is none, or the vector known no better than
   as a ball. */
static bool turn_by_quarters(bloch_struct *b, size_t qubit) {
  const pending_struct *p = b->pending + qubit;
  fmpq *u = b->product->bloch + 3 * qubit + (p->axis + 1) % 3;
  fmpq *v = b->product->bloch + 3 * qubit + (p->axis + 2) % 3;
  unsigned quarters = 0;
  angle_t angle;
  angle_init(angle);
  fmpq_set(angle->pi_part, p->pi_part);
  fmpq_set(angle->rad_part, p->rad_part);
  bool is = angle_is_clifford(&quarters, angle) && !b->is_turned[qubit];
  angle_clear(angle);
  for (unsigned k = 0; k < quarters && is; k++) {
    fmpq_swap(u, v); /* u' = -v, v' = u */
    fmpq_neg(u, u);
  }
  return is;
}

/* Carries out what waits, about the axis (0, 1, 2): for Z, x' = x cos - y sin and y' =
   y cos + x sin, and so on in turn. */
static void carry_out(bloch_struct *b, size_t qubit) {
  pending_struct *p = b->pending + qubit;
  if (!p->waits) return;
  p->waits = false;
  size_t u = (p->axis + 1) % 3, v = (p->axis + 2) % 3;
  const fmpq *exact = b->product->bloch + 3 * qubit;
  arb_ptr r = b->turned + 3 * qubit;
  if (turn_by_quarters(b, qubit)) return;
  if (!b->is_turned[qubit])
    for (size_t c = 0; c < 3; c++) arb_set_fmpq(r + c, exact + c, PREC_BITS);
  b->is_turned[qubit] = true;
  arb_t cosine, sine, t;
  arb_init(cosine);
  arb_init(sine);
  arb_init(t);
  set_angle(cosine, sine, p->pi_part, p->rad_part, false);
  arb_mul(t, r + u, sine, PREC_BITS);
  arb_mul(r + u, r + u, cosine, PREC_BITS);
  arb_submul(r + u, r + v, sine, PREC_BITS);
  arb_mul(r + v, r + v, cosine, PREC_BITS);
  arb_add(r + v, r + v, t, PREC_BITS);
  arb_clear(cosine);
  arb_clear(sine);
  arb_clear(t);
}

/* Turns the qubit by plus or minus the angle of e. */
static void turn_qubit(bloch_struct *b, size_t qubit, size_t axis,
                       const fixed_entry_struct *e, bool negative) {
  pending_struct *p = b->pending + qubit;
  const fmpq *exact = b->product->bloch + 3 * qubit;
  if (p->waits && p->axis != axis) carry_out(b, qubit);
  if (!b->is_turned[qubit] && fmpq_is_zero(exact + (axis + 1) % 3) &&
      fmpq_is_zero(exact + (axis + 2) % 3))
    return;
  if (!p->waits) {
    p->waits = true;
    p->axis = axis;
    fmpq_zero(p->pi_part);
    fmpq_zero(p->rad_part);
  }
  (negative ? fmpq_sub : fmpq_add)(p->pi_part, p->pi_part, e->pi_part);
  (negative ? fmpq_sub : fmpq_add)(p->rad_part, p->rad_part, e->rad_part);
}

/* A gate about a string whose letters are sharp on all qubits but one turns that
   one; on all of them: nothing. False on more. */
static bool turn(bloch_struct *b, const uint64_t *string, size_t w,
                 const fixed_entry_struct *e) {
  static const size_t axes[4] = {0, 0, 2, 1};
  size_t qubit = SIZE_MAX, axis = 0;
  bool negative = false;
  for (size_t k = 0; k < w; k++)
    for (uint64_t left = string[k] | string[w + k]; left; left &= left - 1) {
      size_t j = 64 * k + (size_t)__builtin_ctzll(left);
      size_t c = axes[pauli_get(string, w, j)];
      const fmpq *x = b->product->bloch + 3 * j + c;
      if (b->pending[j].waits && b->pending[j].axis != c) carry_out(b, j);
      if (!b->is_turned[j] && fmpz_is_one(fmpq_denref(x)) &&
          fmpz_is_pm1(fmpq_numref(x))) {
        negative ^= fmpq_sgn(x) < 0;
        continue;
      }
      if (qubit != SIZE_MAX) return false;
      qubit = j;
      axis = c;
    }
  if (qubit != SIZE_MAX) turn_qubit(b, qubit, axis, e, negative);
  return true;
}

/* The gates that change the state, in place. A stabilizer state does not change
   under a gate about one of its stabilizers. */
static size_t that_matter(size_t *list, const quantum_state_t in,
                          const fixed_gates_t gates, const size_t *entries,
                          size_t count) {
  const stabilizer_state_struct *s = quantum_state_stabilizer(in);
  size_t kept = 0;
  stabilizer_echelon_t echelon;
  if (s) stabilizer_echelon_init(echelon, s);
  for (size_t i = 0; i < count; i++)
    if (kept || !s ||
        !stabilizer_echelon_expectation(echelon,
                                        fixed_gates_string(gates, entries[i])))
      list[kept++] = entries[i];
  if (s) stabilizer_echelon_clear(echelon);
  return kept;
}

/* rho = sum / 2^n for rounded coefficients, off by error in trace norm at most, which
   may have negative eigenvalues, above -error / 2^n: mixed with that much, and no less,
   of the maximally mixed state. */
static void make_positive(pauli_sum_t sum, fmpq_t error) {
  fmpq_t share, keep, norm;
  if (fmpq_is_zero(error)) return;
  fmpq_init(share);
  fmpq_init(keep);
  fmpq_init(norm);
  fmpq_one(share);
  while (fmpq_cmp(share, error) > 0) fmpq_div_2exp(share, share, 1);
  fmpq_mul_2exp(share, share, 1);
  fmpq_one(keep);
  fmpq_sub(keep, keep, share);
  for (size_t t = 0; t < sum->length; t++) {
    if (pauli_is_identity(pauli_sum_string(sum, t), sum->num_words)) continue;
    fmpq_abs(norm, sum->coeffs + t);
    fmpq_addmul(error, norm, share);
    fmpq_mul(sum->coeffs + t, sum->coeffs + t, keep);
  }
  fmpq_clear(share);
  fmpq_clear(keep);
  fmpq_clear(norm);
}

/* As a sum of few strings, when it is one before. */
static bool move_as_sum(quantum_state_t out, fmpq_t error, const quantum_state_t in,
                        const motion_t *motion) {
  const stabilizer_state_struct *s = quantum_state_stabilizer(in);
  pauli_sum_t sum;
  pauli_sum_init(sum, in->num_qubits);
  bool ok = s ? stabilizer_state_expand(sum, s, MAX_TERMS / 4)
              : quantum_state_expand(sum, in, MAX_TERMS / 4);
  if (ok && !move_exactly(sum, motion)) {
    ok = move_roughly(sum, error, motion) && fmpq_cmp_ui(error, 1) < 0;
    if (ok) make_positive(sum, error);
  }
  if (ok) quantum_state_set_positive(out, sum);
  pauli_sum_clear(sum);
  return ok;
}

bool moved_state(quantum_state_t out, fmpq_t error, const quantum_state_t in,
                 const fixed_gates_t gates, const size_t *entries,
                 size_t count) {
  size_t *list = flint_malloc((count + 1) * sizeof *list);
  count = that_matter(list, in, gates, entries, count);
  fmpq_zero(error);
  if (!count) {
    quantum_state_set(out, in);
    flint_free(list);
    return true;
  }
  bloch_struct b;
  bloch_init(&b, in->num_qubits);
  bool ok = get_product(b.product, in);
  for (size_t i = 0; i < count && ok; i++)
    ok = turn(&b, fixed_gates_string(gates, list[i]), gates->num_words,
              gates->entries + list[i]);
  for (size_t j = 0; j < in->num_qubits && ok; j++) {
    carry_out(&b, j);
    for (size_t c = 0; c < 3 && b.is_turned[j]; c++)
      round_to_zero(b.product->bloch + 3 * j + c, error, b.turned + 3 * j + c);
  }
  if (ok) {
    quantum_state_set_product(out, b.product);
  } else {
    motion_t motion = {gates, list, count, true};
    fmpq_zero(error);
    ok = move_as_sum(out, error, in, &motion);
  }
  bloch_clear(&b);
  flint_free(list);
  return ok;
}

/* --- observables ------------------------------------------------------------- */

static bool commutes(const pauli_sum_t sum, const uint64_t *string) {
  for (size_t t = 0; t < sum->length; t++)
    if (pauli_anticommute(string, pauli_sum_string(sum, t), sum->num_words))
      return false;
  return true;
}

bool moved_observable(pauli_sum_t sum, fmpq_t error, const fixed_gates_t gates,
                      const size_t *entries, size_t count) {
  fmpq_zero(error);
  while (count && commutes(sum, fixed_gates_string(gates, entries[count - 1])))
    count--;
  motion_t motion = {gates, entries, count, false};
  return !count || move_exactly(sum, &motion) || move_roughly(sum, error, &motion);
}
