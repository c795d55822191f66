#include "algebra/strings/string_product.h"

#include <flint/flint.h>
#include <string.h>

#include "algebra/base/row_table.h"

enum { MAX_LISTED_QUBITS = 6 };

/* --- where components act ------------------------------------------------------- */

static void support_of(uint64_t *support, const string_component_struct *c,
                       size_t w) {
  for (size_t i = 0; i < 2 * c->k + c->r; i++)
    for (size_t j = 0; j < w; j++)
      support[j] |= string_component_row(c, i)[j] |
                    string_component_row(c, i)[w + j];
}

static size_t count_bits(const uint64_t *bits, size_t w) {
  size_t count = 0;
  for (size_t j = 0; j < w; j++)
    count += (size_t)__builtin_popcountll(bits[j]);
  return count;
}

bool string_product_applies(const string_algebra_t g) {
  size_t w = g->num_words;
  uint64_t *support = flint_malloc((w + 1) * sizeof *support);
  uint64_t *all = flint_calloc(w + 1, sizeof *all);
  bool applies = g->num_components > 0;
  for (size_t i = 0; i < g->num_components && applies; i++) {
    const string_component_struct *c = g->components + i;
    memset(support, 0, w * sizeof *support);
    support_of(support, c, w);
    applies = c->kind != COMPONENT_CENTRAL && c->r == 0 &&
              count_bits(support, w) == c->k &&
              (c->kind != COMPONENT_FREE_FERMION || c->k <= MAX_LISTED_QUBITS);
    for (size_t j = 0; j < w; j++) {
      applies = applies && !(all[j] & support[j]);
      all[j] |= support[j];
    }
  }
  flint_free(support);
  flint_free(all);
  return applies;
}

/* --- states --------------------------------------------------------------------- */

static const unsigned letters[3] = {1, 3, 2}; /* X, Y, Z */

bool string_product_factors(product_state_t out, const quantum_state_t state) {
  const stabilizer_state_struct *s = quantum_state_stabilizer(state);
  const product_state_struct *p = quantum_state_product(state);
  size_t n = out->num_qubits, w = pauli_words(n), rank = 0;
  if (p) {
    for (size_t j = 0; j < 3 * n; j++) fmpq_set(out->bloch + j, p->bloch + j);
    return true;
  }
  if (!s) return false;
  stabilizer_echelon_t echelon;
  uint64_t *row = flint_calloc(2 * w + 1, sizeof *row);
  stabilizer_echelon_init(echelon, s);
  for (size_t j = 0; j < n; j++)
    for (size_t c = 0; c < 3; c++) {
      pauli_set(row, w, j, letters[c]);
      int value = stabilizer_echelon_expectation(echelon, row);
      fmpq_set_si(out->bloch + 3 * j + c, value, 1);
      rank += value != 0;
      pauli_set(row, w, j, 0);
    }
  stabilizer_echelon_clear(echelon);
  flint_free(row);
  return rank == s->rank;
}

/* --- one component -------------------------------------------------------------- */

typedef struct {
  const string_algebra_struct *g;
  const string_component_struct *c;
  const product_state_struct *a, *b;
  uint64_t *support; /* w words */
  uint64_t *shift;   /* s of q(v) = x.z + omega(s, v) */
  fmpq_t sum[2];     /* over the strings of one value of q (index 0: of all, when
                        q is not consistent), without the identity */
} part_t;

static unsigned dot_xz(const uint64_t *row, size_t w) {
  uint64_t parity = 0;
  for (size_t i = 0; i < w; i++) parity ^= row[i] & row[w + i];
  return (unsigned)__builtin_parityll(parity);
}

/* omega(s, e_i) and omega(s, f_i) are the coordinates of s at f_i and e_i. */
static void find_shift(part_t *part) {
  const string_component_struct *c = part->c;
  size_t w = part->g->num_words;
  for (size_t i = 0; i < 2 * c->k; i++) {
    unsigned value = c->basis_q[i] ^ dot_xz(string_component_row(c, i), w);
    if (value)
      pauli_xor(part->shift, part->shift, string_component_row(c, i ^ 1), w);
  }
}

static bool acts_on(const part_t *part, size_t qubit) {
  return part->support[qubit / 64] >> (qubit % 64) & 1;
}

/* Products over the qubits of 1 + sum over letters of (+-) a b. */
static void letter_products(fmpq_t plain, fmpq_t with_signs, const part_t *part) {
  size_t w = part->g->num_words;
  fmpq_t p, s, term;
  fmpq_init(p);
  fmpq_init(s);
  fmpq_init(term);
  fmpq_one(plain);
  fmpq_one(with_signs);
  for (size_t j = 0; j < part->g->num_qubits; j++) {
    if (!acts_on(part, j)) continue;
    unsigned shift = pauli_get(part->shift, w, j);
    fmpq_one(p);
    fmpq_one(s);
    for (size_t c = 0; c < 3; c++) {
      unsigned l = letters[c];
      unsigned q = (l == 3) ^ (((shift & 1) & (l >> 1)) ^ ((shift >> 1) & l & 1));
      fmpq_mul(term, part->a->bloch + 3 * j + c, part->b->bloch + 3 * j + c);
      fmpq_add(p, p, term);
      if (q) fmpq_sub(s, s, term);
      else fmpq_add(s, s, term);
    }
    fmpq_mul(plain, plain, p);
    fmpq_mul(with_signs, with_signs, s);
  }
  fmpq_clear(p);
  fmpq_clear(s);
  fmpq_clear(term);
}

static void part_init(part_t *part, const string_algebra_t g, size_t component,
                      const product_state_t a, const product_state_t b) {
  size_t w = g->num_words;
  fmpq_t plain, sign, one;
  *part = (part_t){.g = g, .c = g->components + component, .a = a, .b = b};
  part->support = flint_calloc(w + 1, sizeof *part->support);
  part->shift = flint_calloc(2 * w + 1, sizeof *part->shift);
  support_of(part->support, part->c, w);
  fmpq_init(part->sum[0]);
  fmpq_init(part->sum[1]);
  if (part->c->kind == COMPONENT_FREE_FERMION) return; /* listed */
  fmpq_init(plain);
  fmpq_init(sign);
  fmpq_init(one);
  fmpq_one(one);
  if (part->c->q_consistent) find_shift(part);
  letter_products(plain, sign, part);
  fmpq_set(part->sum[0], plain);
  if (part->c->q_consistent) {
    fmpq_sub(part->sum[1], plain, sign);
    fmpq_div_2exp(part->sum[1], part->sum[1], 1);
    fmpq_add(part->sum[0], plain, sign);
    fmpq_div_2exp(part->sum[0], part->sum[0], 1);
  }
  fmpq_sub(part->sum[0], part->sum[0], one);
  fmpq_clear(plain);
  fmpq_clear(sign);
  fmpq_clear(one);
}

static void part_clear(part_t *part) {
  fmpq_clear(part->sum[0]);
  fmpq_clear(part->sum[1]);
  flint_free(part->support);
  flint_free(part->shift);
}

/* The orbit of the string, which lies on the support, string by string. */
static void list_orbit(fmpq_t sum, const part_t *part, const uint64_t *string) {
  size_t w = part->g->num_words;
  row_table_t orbit;
  fmpq_t x, y;
  bool is_new;
  uint64_t *row = flint_malloc((2 * w + 1) * sizeof *row);
  fmpq_init(x);
  fmpq_init(y);
  row_table_init(orbit, 2 * w);
  row_table_add(orbit, string, &is_new);
  fmpq_zero(sum);
  for (size_t i = 0; i < orbit->length; i++) {
    product_state_expectation(x, part->a, row_table_row(orbit, i));
    product_state_expectation(y, part->b, row_table_row(orbit, i));
    fmpq_addmul(sum, x, y);
    for (size_t m = 0; m < part->c->num_members; m++) {
      const uint64_t *h = part->g->strings + part->c->members[m] * 2 * w;
      if (!pauli_anticommute(h, row_table_row(orbit, i), w)) continue;
      pauli_xor(row, h, row_table_row(orbit, i), w);
      row_table_add(orbit, row, &is_new);
    }
  }
  row_table_clear(orbit);
  fmpq_clear(x);
  fmpq_clear(y);
  flint_free(row);
}

/* Sum over the orbit of the part of p on the support, which is not the identity. */
static void orbit_sum(fmpq_t sum, const part_t *part, const uint64_t *p) {
  size_t w = part->g->num_words;
  uint64_t *row = flint_malloc((2 * w + 1) * sizeof *row);
  for (size_t j = 0; j < w; j++) {
    row[j] = p[j] & part->support[j];
    row[w + j] = p[w + j] & part->support[j];
  }
  if (part->c->kind == COMPONENT_FREE_FERMION) list_orbit(sum, part, row);
  else
    fmpq_set(sum, part->sum[part->c->q_consistent &&
                            (dot_xz(row, w) ^
                             pauli_anticommute(part->shift, row, w))]);
  flint_free(row);
}

/* --- the whole ------------------------------------------------------------------ */

/* Terms that agree where something acts. */
typedef struct {
  size_t term;
  fmpq_t a, b; /* Tr of the idle part in either state */
} group_t;

typedef struct {
  const string_algebra_struct *g;
  const pauli_sum_struct *observable;
  part_t *parts;
  uint64_t *busy; /* qubits on which something acts */
  row_table_t keys;
  group_t *groups;
} product_t;

static void add_term(product_t *x, size_t term, const product_state_t a,
                     const product_state_t b, uint64_t *row) {
  size_t w = x->g->num_words;
  const uint64_t *p = pauli_sum_string(x->observable, term);
  fmpq_t value;
  bool is_new;
  for (size_t j = 0; j < w; j++) {
    row[j] = p[j] & x->busy[j];
    row[w + j] = p[w + j] & x->busy[j];
  }
  size_t at = row_table_add(x->keys, row, &is_new);
  group_t *group = x->groups + at;
  if (is_new) {
    group->term = term;
    fmpq_init(group->a);
    fmpq_init(group->b);
  }
  pauli_xor(row, row, p, w); /* the idle part */
  fmpq_init(value);
  product_state_expectation(value, a, row);
  fmpq_addmul(group->a, value, x->observable->coeffs + term);
  product_state_expectation(value, b, row);
  fmpq_addmul(group->b, value, x->observable->coeffs + term);
  fmpq_clear(value);
}

static void product_init(product_t *x, const string_algebra_t g,
                         const pauli_sum_t o, const product_state_t a,
                         const product_state_t b) {
  size_t w = g->num_words;
  uint64_t *row = flint_malloc((2 * w + 1) * sizeof *row);
  *x = (product_t){.g = g, .observable = o};
  x->parts = flint_malloc((g->num_components + 1) * sizeof *x->parts);
  x->busy = flint_calloc(w + 1, sizeof *x->busy);
  x->groups = flint_malloc((o->length + 1) * sizeof *x->groups);
  row_table_init(x->keys, 2 * w);
  for (size_t i = 0; i < g->num_components; i++) {
    part_init(x->parts + i, g, i, a, b);
    for (size_t j = 0; j < w; j++) x->busy[j] |= x->parts[i].support[j];
  }
  for (size_t t = 0; t < o->length; t++) add_term(x, t, a, b, row);
  flint_free(row);
}

static void product_clear(product_t *x) {
  for (size_t i = 0; i < x->g->num_components; i++) part_clear(x->parts + i);
  for (size_t i = 0; i < x->keys->length; i++) {
    fmpq_clear(x->groups[i].a);
    fmpq_clear(x->groups[i].b);
  }
  row_table_clear(x->keys);
  flint_free(x->parts);
  flint_free(x->busy);
  flint_free(x->groups);
}

/* a(O_P) b(O_P) prod_c (sum over the orbit) / |C_c|. */
static void group_share(fmpq_t share, const product_t *x, const group_t *group,
                        const string_action_t action) {
  fmpq_t sum;
  fmpq_init(sum);
  fmpq_mul(share, group->a, group->b);
  for (size_t i = 0; i < action->num_active && !fmpq_is_zero(share); i++) {
    orbit_sum(sum, x->parts + action->active[i].component,
              pauli_sum_string(x->observable, group->term));
    fmpq_mul(share, share, sum);
    fmpq_div_fmpz(share, share, action->active[i].size);
  }
  fmpq_clear(sum);
}

void string_product_moments(string_moments_t moments, const string_algebra_t g,
                            const pauli_sum_t observable,
                            const product_state_t state) {
  product_t x;
  fmpq_t share;
  fmpq_init(share);
  string_moments_init_zero(moments, g);
  product_init(&x, g, observable, state, state);
  for (size_t i = 0; i < x.keys->length; i++) {
    string_action_t action;
    string_action_init(action, g, pauli_sum_string(observable, x.groups[i].term));
    if (action->num_active) {
      group_share(share, &x, x.groups + i, action);
      string_moments_add(moments, action, share);
    } else {
      fmpq_set(moments->mean, x.groups[i].a);
    }
    string_action_clear(action);
  }
  product_clear(&x);
  fmpq_clear(share);
}

void string_product_covariance(fmpq_t covariance, const string_algebra_t g,
                               const pauli_sum_t observable,
                               const product_state_t a,
                               const product_state_t b) {
  product_t x;
  fmpq_t share;
  fmpq_init(share);
  fmpq_zero(covariance);
  product_init(&x, g, observable, a, b);
  for (size_t i = 0; i < x.keys->length; i++) {
    string_action_t action;
    string_action_init(action, g, pauli_sum_string(observable, x.groups[i].term));
    if (action->num_active) {
      group_share(share, &x, x.groups + i, action);
      fmpq_add(covariance, covariance, share);
    }
    string_action_clear(action);
  }
  product_clear(&x);
  fmpq_clear(share);
}
