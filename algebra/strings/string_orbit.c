#include "algebra/strings/string_orbit.h"

#include "algebra/strings/free_fermion.h"

/* bits of omega(p, basis row i): 2k pairs, then r radical rows */
typedef struct {
  uint64_t *bits;
  bool moves_pairs, moves_radical;
} syndrome_t;

static bool bit_at(const uint64_t *bits, size_t i) {
  return bits[i / 64] >> (i % 64) & 1;
}

static void syndrome_init(syndrome_t *s, const string_component_struct *c,
                          const uint64_t *p) {
  size_t d = 2 * c->k + c->r;
  s->bits = flint_malloc((d / 64 + 1) * sizeof *s->bits);
  s->moves_pairs = s->moves_radical = false;
  commutation_table_query(s->bits, c->basis_table, p);
  for (size_t i = 0; i < d; i++)
    if (bit_at(s->bits, i)) {
      if (i < 2 * c->k)
        s->moves_pairs = true;
      else
        s->moves_radical = true;
    }
}

/* Quadric: |{v in V : q(v) + omega(p,v) = 0}| and how many of these v have a
   fixed p + v. On V/R the form is q' = q + omega(p,.), Arf invariant sum of
   q'(e_i) q'(f_i); the fixed strings are p + v* + R, with v* the vector that
   represents omega(p,.), and q'(v*) = sum over pairs likewise. */
static void count_quadric(fmpz_t zeros, fmpz_t fixed,
                          const string_component_struct *c,
                          const syndrome_t *s) {
  bool linear_part = false; /* q + omega(p,.) is not 0 on R */
  bool q_on_radical = false;
  for (size_t j = 0; j < c->r; j++) {
    bool q = c->basis_q[2 * c->k + j];
    linear_part |= q ^ bit_at(s->bits, 2 * c->k + j);
    q_on_radical |= q;
  }
  unsigned arf = 0, at_fixed = 0;
  for (size_t i = 0; i < c->k; i++) {
    unsigned pe = bit_at(s->bits, 2 * i), pf = bit_at(s->bits, 2 * i + 1);
    unsigned qe = c->basis_q[2 * i] ^ pe, qf = c->basis_q[2 * i + 1] ^ pf;
    arf ^= qe & qf;
    /* v* has the component pf e_i + pe f_i */
    at_fixed ^= (pf & qe) ^ (pe & qf) ^ (pf & pe);
  }
  fmpz_one(zeros);
  fmpz_mul_2exp(zeros, zeros, 2 * c->k + c->r - 1);
  if (!linear_part) {
    fmpz_t half;
    fmpz_init(half);
    fmpz_one(half);
    fmpz_mul_2exp(half, half, c->k + c->r - 1);
    if (arf)
      fmpz_sub(zeros, zeros, half);
    else
      fmpz_add(zeros, zeros, half);
    fmpz_clear(half);
  }
  fmpz_zero(fixed);
  if (s->moves_radical) return;
  if (q_on_radical) {
    fmpz_one(fixed);
    fmpz_mul_2exp(fixed, fixed, c->r - 1);
  } else if (!at_fixed) {
    fmpz_one(fixed);
    fmpz_mul_2exp(fixed, fixed, c->r);
  }
}

static void set_quadric(displacement_struct *d,
                        const string_component_struct *c,
                        const syndrome_t *s) {
  fmpz_t zeros, fixed, quarter;
  fmpz_init(zeros);
  fmpz_init(fixed);
  fmpz_init(quarter);
  count_quadric(zeros, fixed, c, s);
  d->kind = DISPLACEMENT_QUADRIC;
  fmpz_sub(d->size, zeros, fixed);
  /* v -> v + h flips Q when p + v commutes with h (q(h) = 1): exactly |V|/4
     of the zeros commute with h. */
  fmpz_one(quarter);
  fmpz_mul_2exp(quarter, quarter, 2 * c->k + c->r - 2);
  fmpz_sub(zeros, zeros, quarter);
  fmpq_set_fmpz_frac(d->anticommuting, zeros, d->size);
  fmpz_clear(zeros);
  fmpz_clear(fixed);
  fmpz_clear(quarter);
}

static void set_full(displacement_struct *d, const string_component_struct *c,
                     const syndrome_t *s) {
  fmpz_t half, fixed;
  fmpz_init(half);
  fmpz_init(fixed);
  d->kind = DISPLACEMENT_FULL;
  fmpz_one(half);
  fmpz_mul_2exp(half, half, 2 * c->k + c->r - 1);
  fmpz_mul_2exp(d->size, half, 1);
  if (!s->moves_radical) {
    fmpz_one(fixed);
    fmpz_mul_2exp(fixed, fixed, c->r);
    fmpz_sub(d->size, d->size, fixed);
  }
  fmpq_set_fmpz_frac(d->anticommuting, half, d->size);
  fmpz_clear(half);
  fmpz_clear(fixed);
}

static bool commutes_with_twists(const string_component_struct *c,
                                 const uint64_t *p) {
  for (size_t i = 0; i < c->twists->dim; i++)
    if (pauli_anticommute(p, f2_span_row(c->twists, i), c->span->num_words))
      return false;
  return true;
}

static void set_weight(displacement_struct *d,
                       const string_component_struct *c, const uint64_t *p) {
  size_t m = c->num_modes, words = (m + 63) / 64;
  uint64_t *signature = flint_malloc((words + 1) * sizeof *signature);
  fmpz_t den;
  fmpz_init_set_ui(den, m * (m - 1));
  free_fermion_signature(signature, c, p);
  d->kind = DISPLACEMENT_WEIGHT;
  d->weight = 0;
  for (size_t i = 0; i < words; i++)
    d->weight += (size_t)__builtin_popcountll(signature[i]);
  fmpz_bin_uiui(d->size, m, d->weight);
  fmpz_mul_2exp(d->size, d->size, c->twists->dim);
  if (c->parity_in_twists && 2 * d->weight == m)
    fmpz_fdiv_q_2exp(d->size, d->size, 1);
  /* one of two given modes in F, the other not: 2 C(m-2, w-1) / C(m, w) */
  fmpq_set_si(d->anticommuting, (slong)(2 * d->weight * (m - d->weight)), 1);
  fmpq_div_fmpz(d->anticommuting, d->anticommuting, den);
  fmpz_clear(den);
  flint_free(signature);
}

static bool describe(displacement_struct *d, const string_algebra_t g,
                     size_t component, const uint64_t *p) {
  const string_component_struct *c = g->components + component;
  if (c->kind == COMPONENT_CENTRAL) {
    /* u(1): the string itself rotates p, if it anticommutes */
    if (!pauli_anticommute(p, g->strings + c->members[0] * 2 * g->num_words,
                           g->num_words))
      return false;
  }
  syndrome_t s;
  syndrome_init(&s, c, p);
  bool active = s.moves_pairs || s.moves_radical;
  if (active) {
    d->component = component;
    d->weight = 0;
    fmpz_init(d->size);
    fmpq_init(d->anticommuting);
    if (c->kind == COMPONENT_CENTRAL) {
      /* D = {0, h}: with V = {0, h} it is everything, and p, p + h both
         anticommute with h */
      d->kind = DISPLACEMENT_FULL;
      fmpz_set_ui(d->size, 2);
      fmpq_one(d->anticommuting);
    } else if (c->kind == COMPONENT_FREE_FERMION && commutes_with_twists(c, p))
      set_weight(d, c, p);
    else if (c->q_consistent)
      set_quadric(d, c, &s);
    else
      set_full(d, c, &s);
  }
  flint_free(s.bits);
  return active;
}

void string_action_init(string_action_t action, const string_algebra_t g,
                        const uint64_t *p) {
  size_t bytes = 2 * g->num_words * sizeof *p;
  action->algebra = g;
  action->string = flint_malloc(bytes);
  memcpy(action->string, p, bytes);
  action->num_active = 0;
  action->active = NULL;
  for (size_t i = 0; i < g->num_components; i++) {
    displacement_struct d;
    if (!describe(&d, g, i, p)) continue;
    action->active = flint_realloc(
        action->active, (action->num_active + 1) * sizeof *action->active);
    action->active[action->num_active++] = d;
  }
}

void string_action_clear(string_action_t action) {
  for (size_t i = 0; i < action->num_active; i++) {
    fmpz_clear(action->active[i].size);
    fmpq_clear(action->active[i].anticommuting);
  }
  flint_free(action->active);
  flint_free(action->string);
}

void string_action_anticommuting(fmpq_t fraction, const string_action_t action,
                                 size_t component) {
  fmpq_zero(fraction);
  for (size_t i = 0; i < action->num_active; i++)
    if (action->active[i].component == component)
      fmpq_set(fraction, action->active[i].anticommuting);
}
