#include "algebra/strings/string_product.h"

#include <flint/flint.h>

bool string_product_applies(const string_algebra_t g) {
  if (g->num_components != 1) return false;
  const string_component_struct *c = g->components;
  return c->kind != COMPONENT_CENTRAL && c->kind != COMPONENT_FREE_FERMION &&
         c->r == 0 && c->k == g->num_qubits;
}

/* What is needed of the orbits: index 0, 1 by q; one orbit (index 0) when q is
   not consistent. Sizes and sums leave the identity out. */
typedef struct {
  bool by_q;
  uint64_t *a; /* q(v) = x.z + omega(a, v) */
  fmpq_t size[2], sum[2], anticommuting[2];
} orbits_t;

static unsigned dot_xz(const uint64_t *row, size_t w) {
  uint64_t parity = 0;
  for (size_t i = 0; i < w; i++) parity ^= row[i] & row[w + i];
  return (unsigned)__builtin_parityll(parity);
}

/* omega(a, e_i) and omega(a, f_i) are the coordinates of a at f_i and e_i. */
static void find_shift(orbits_t *o, const string_component_struct *c,
                       size_t w) {
  for (size_t i = 0; i < 2 * c->k; i++) {
    unsigned value =
        c->basis_q[i] ^ dot_xz(string_component_row(c, i), w);
    if (value) pauli_xor(o->a, o->a, string_component_row(c, i ^ 1), w);
  }
}

static unsigned form(const orbits_t *o, const uint64_t *v, size_t w) {
  return dot_xz(v, w) ^ pauli_anticommute(o->a, v, w);
}

/* Products over the qubits of 1 + sum over letters of (+-) the squares of the
   components, of a state (NULL: 1 for every letter). */
static void letter_products(fmpq_t plain, fmpq_t signed_sum, const orbits_t *o,
                            const product_state_struct *state, size_t n) {
  static const unsigned letters[3] = {1, 3, 2}; /* X, Y, Z */
  size_t w = pauli_words(n);
  fmpq_t p, s, square;
  fmpq_init(p);
  fmpq_init(s);
  fmpq_init(square);
  fmpq_one(plain);
  fmpq_one(signed_sum);
  for (size_t j = 0; j < n; j++) {
    unsigned shift = pauli_get(o->a, w, j);
    fmpq_one(p);
    fmpq_one(s);
    for (size_t c = 0; c < 3; c++) {
      unsigned l = letters[c];
      unsigned q = (l == 3) ^ (((shift & 1) & (l >> 1)) ^ ((shift >> 1) & l & 1));
      fmpq_one(square);
      if (state)
        fmpq_mul(square, state->bloch + 3 * j + c, state->bloch + 3 * j + c);
      fmpq_add(p, p, square);
      if (q) fmpq_sub(s, s, square);
      else fmpq_add(s, s, square);
    }
    fmpq_mul(plain, plain, p);
    fmpq_mul(signed_sum, signed_sum, s);
  }
  fmpq_clear(p);
  fmpq_clear(s);
  fmpq_clear(square);
}

static void sub_one(fmpq_t x) {
  fmpq_t one;
  fmpq_init(one);
  fmpq_one(one);
  fmpq_sub(x, x, one);
  fmpq_clear(one);
}

/* out[0] = (plain + sign)/2, out[1] = (plain - sign)/2; out[0] = plain when
   there is one orbit. */
static void split(fmpq_t out0, fmpq_t out1, const orbits_t *o,
                  const fmpq_t plain, const fmpq_t sign) {
  fmpq_set(out0, plain);
  if (!o->by_q) return;
  fmpq_sub(out1, plain, sign);
  fmpq_div_2exp(out1, out1, 1);
  fmpq_add(out0, plain, sign);
  fmpq_div_2exp(out0, out0, 1);
}

static void orbits_init(orbits_t *o, const string_algebra_t g,
                        const product_state_t state) {
  const string_component_struct *c = g->components;
  fmpq_t plain, sign;
  fmpq_init(plain);
  fmpq_init(sign);
  o->by_q = c->q_consistent;
  o->a = flint_calloc(2 * g->num_words + 1, sizeof *o->a);
  for (int i = 0; i < 2; i++) {
    fmpq_init(o->size[i]);
    fmpq_init(o->sum[i]);
    fmpq_init(o->anticommuting[i]);
  }
  if (o->by_q) find_shift(o, c, g->num_words);
  letter_products(plain, sign, o, NULL, g->num_qubits);
  split(o->size[0], o->size[1], o, plain, sign);
  sub_one(o->size[0]);
  fmpq_div_2exp(plain, plain, 1);
  split(o->anticommuting[0], o->anticommuting[1], o, plain, sign);
  letter_products(plain, sign, o, state, g->num_qubits);
  split(o->sum[0], o->sum[1], o, plain, sign);
  sub_one(o->sum[0]);
  fmpq_clear(plain);
  fmpq_clear(sign);
}

static void orbits_clear(orbits_t *o) {
  for (int i = 0; i < 2; i++) {
    fmpq_clear(o->size[i]);
    fmpq_clear(o->sum[i]);
    fmpq_clear(o->anticommuting[i]);
  }
  flint_free(o->a);
}

void string_product_moments(string_moments_t moments, const string_algebra_t g,
                            const pauli_sum_t observable,
                            const product_state_t state) {
  orbits_t o;
  fmpq_t weight[2], share;
  size_t w = g->num_words;
  fmpq_init(moments->mean);
  fmpq_init(moments->variance);
  moments->variance_known = true;
  moments->reason = REASON_NONE;
  moments->num_components = 1;
  moments->gradient = flint_calloc(2, sizeof *moments->gradient);
  fmpq_init(moments->gradient);
  fmpq_init(weight[0]);
  fmpq_init(weight[1]);
  fmpq_init(share);
  orbits_init(&o, g, state);
  for (size_t t = 0; t < observable->length; t++) {
    const fmpq *c = observable->coeffs + t;
    const uint64_t *string = pauli_sum_string(observable, t);
    if (pauli_is_identity(string, w)) fmpq_set(moments->mean, c);
    else fmpq_addmul(weight[o.by_q && form(&o, string, w)], c, c);
  }
  for (int i = 0; i < 2; i++) {
    if (fmpq_is_zero(weight[i])) continue;
    fmpq_div(share, weight[i], o.size[i]);
    fmpq_mul(share, share, o.sum[i]);
    fmpq_add(moments->variance, moments->variance, share);
    fmpq_mul(share, share, o.anticommuting[i]);
    fmpq_div(share, share, o.size[i]);
    fmpq_add(moments->gradient, moments->gradient, share);
  }
  orbits_clear(&o);
  fmpq_clear(weight[0]);
  fmpq_clear(weight[1]);
  fmpq_clear(share);
}
