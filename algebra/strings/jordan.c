#include "algebra/strings/jordan.h"

#include <assert.h>
#include <stdarg.h>

#include "algebra/spectrum/sector_spectrum.h"
#include "algebra/strings/block_kind.h"
#include "algebra/strings/free_fermion.h"
#include "algebra/spectrum/spectrum.h"
#include "algebra/strings/string_orbit.h"

enum {
  MAX_FREE_SIGNS = 10,
  MAX_DENSE_QUBITS = 8 /* a least eigenvalue in a few seconds */
};

static void set_reason(landscape_t l, answer_t answer, reason_code_t code) {
  l->wishart_reason = reason_of(code);
  l->wishart_applies = answer;
}

/* --- one component as a frame -------------------------------------------------- */

typedef struct {
  const string_algebra_struct *g;
  const string_component_struct *c;
  size_t component;
  const stabilizer_state_struct *state;
  stabilizer_echelon_t echelon;
  f2_span_t center;      /* R* */
  f2_span_t center_in_s; /* R* meet S */
  f2_span_t signs;       /* R* meet S, then the free signs */
  size_t num_free;
  uint64_t *free_strings;
  uint64_t free_used[MAX_FREE_SIGNS]; /* free strings in each free row */
} frame_t;

static void frame_init(frame_t *f, const string_algebra_t g, size_t component,
                       const string_component_struct *c,
                       const stabilizer_state_t state) {
  memset(f, 0, sizeof *f);
  f->g = g;
  f->c = c;
  f->component = component;
  f->state = state;
  stabilizer_echelon_init(f->echelon, state);
  f2_span_init(f->center, g->num_words);
  f2_span_init(f->center_in_s, g->num_words);
  f2_span_init(f->signs, g->num_words);
  for (size_t j = 0; j < f->c->r; j++)
    f2_span_insert(f->center, string_component_row(f->c, 2 * f->c->k + j), 0);
}

static void frame_clear(frame_t *f) {
  stabilizer_echelon_clear(f->echelon);
  f2_span_clear(f->center);
  f2_span_clear(f->center_in_s);
  f2_span_clear(f->signs);
  flint_free(f->free_strings);
}

/* Fixes R* = center and everything that follows from it. */
static void frame_set_center(frame_t *f) {
  f2_span_clear(f->center_in_s);
  f2_span_clear(f->signs);
  f2_span_intersect(f->center_in_s, f->center, f->state->strings,
                    f->state->rank);
  f2_span_set(f->signs, f->center_in_s);
}

/* p = i^-e (prod_i e_i^a_i f_i^b_i) z: writes z and the k-qubit image [a,b],
   returns the power of i in front of z [a,b] (even). */
static unsigned frame_split(uint64_t *z, uint64_t *image, const frame_t *f,
                            const uint64_t *p) {
  const string_component_struct *c = f->c;
  size_t w = f->g->num_words, kw = pauli_words(c->k);
  unsigned e = 0;
  uint64_t *t = flint_calloc(2 * w, sizeof *t);
  uint64_t *bits = flint_calloc(c->basis_table->length / 64 + 1, sizeof *bits);
  commutation_table_query(bits, c->basis_table, p);
  memset(image, 0, 2 * kw * sizeof *image);
  for (size_t i = 0; i < c->k; i++) {
    bool a = bits[i / 32] >> (2 * i % 64 + 1) & 1;
    bool b = bits[i / 32] >> (2 * i % 64) & 1;
    if (a) e += pauli_mul(t, t, string_component_row(c, 2 * i), w);
    if (b) e += pauli_mul(t, t, string_component_row(c, 2 * i + 1), w);
    if (a && b) e++; /* X^a Z^b = i^-(a b) [a,b] */
    pauli_set(image, kw, i, (unsigned)a | (unsigned)b << 1);
  }
  /* product = i^e' t, t [z] = i^e2 p, image = i^(a.b) X^a Z^b */
  pauli_xor(z, t, p, w);
  e += pauli_mul(t, t, z, w);
  flint_free(t);
  flint_free(bits);
  assert(e % 2 == 0);
  return e % 4;
}

/* Reduces row by the rows of `signs`; returns which free strings were used.
   Rows beyond those of R* meet S are the free ones, in order. */
static uint64_t reduce_signs(const frame_t *f, uint64_t *row) {
  size_t width = 2 * f->g->num_words;
  uint64_t used = 0;
  for (size_t i = 0; i < f->signs->dim; i++) {
    uint32_t pivot = f->signs->pivots[i];
    if (!(row[pivot / 64] >> (pivot % 64) & 1)) continue;
    const uint64_t *b = f2_span_row(f->signs, i);
    for (size_t j = 0; j < width; j++) row[j] ^= b[j];
    if (i >= f->center_in_s->dim) used ^= f->free_used[i - f->center_in_s->dim];
  }
  return used;
}

/* Adds z to the signs that matter; false when there are too many. */
static bool frame_add_sign(frame_t *f, const uint64_t *z) {
  size_t width = 2 * f->g->num_words;
  uint64_t *row = flint_malloc(width * sizeof *row);
  memcpy(row, z, width * sizeof *row);
  uint64_t used = reduce_signs(f, row);
  bool is_new = !pauli_is_identity(row, width / 2);
  flint_free(row);
  if (!is_new) return true;
  if (f->num_free == MAX_FREE_SIGNS) return false;
  f2_span_insert(f->signs, z, 0);
  f->free_strings = flint_realloc(
      f->free_strings, (f->num_free + 1) * width * sizeof *f->free_strings);
  memcpy(f->free_strings + f->num_free * width, z,
         width * sizeof *f->free_strings);
  f->free_used[f->num_free] = used ^ UINT64_C(1) << f->num_free;
  f->num_free++;
  return true;
}

/* chi(z), z in the span of `signs`, when free string j has the sign given by
   bit j of pattern. */
static int frame_character(const frame_t *f, const uint64_t *z,
                           size_t pattern) {
  size_t w = f->g->num_words, width = 2 * w;
  uint64_t *row = flint_malloc(width * sizeof *row);
  uint64_t *product = flint_calloc(width, sizeof *product);
  unsigned e = 0;
  memcpy(row, z, width * sizeof *row);
  uint64_t used = reduce_signs(f, row);
  assert(pauli_is_identity(row, w));
  for (size_t j = 0; j < f->num_free; j++)
    if (used >> j & 1)
      e += pauli_mul(product, product, f->free_strings + j * width, w);
  pauli_xor(row, product, z, w); /* in R* meet S */
  int value = stabilizer_echelon_expectation(f->echelon, row);
  /* product of the free strings = i^e [product], [product] [row] = i^e2 z */
  e += pauli_mul(product, product, row, w);
  assert(e % 2 == 0);
  if (e % 4 == 2) value = -value;
  if (__builtin_parityll(used & pattern)) value = -value;
  flint_free(row);
  flint_free(product);
  return value;
}

/* q of the part of p in V_A; z lies in R* where q is not asked. */
static bool term_has_q(const frame_t *f, const uint64_t *p) {
  const string_component_struct *c = f->c;
  bool q = false;
  uint64_t *bits = flint_calloc(c->basis_table->length / 64 + 1, sizeof *bits);
  commutation_table_query(bits, c->basis_table, p);
  /* the combination of e_i, f_i with the commutation of p: q(e_i), q(f_i), and
     omega(e_i, f_i) when both are there */
  for (size_t i = 0; i < c->k; i++) {
    unsigned pair = (unsigned)(bits[i / 32] >> (2 * i % 64) & 3);
    if (pair & 1) q ^= c->basis_q[2 * i + 1];
    if (pair & 2) q ^= c->basis_q[2 * i];
    if (pair == 3) q = !q;
  }
  flint_free(bits);
  return q;
}

/* --- blocks of one component ------------------------------------------------------- */

static void add_block(landscape_t l, const frame_t *f, const laws_block_t law,
                      size_t log_n) {
  l->blocks =
      flint_realloc(l->blocks, (l->num_blocks + 1) * sizeof *l->blocks);
  wishart_block_struct *b = l->blocks + l->num_blocks++;
  b->component = f->component;
  b->sector = 0;
  fmpz_init(b->index);
  fmpz_one(b->index);
  fmpz_mul_2exp(b->index, b->index,
                f->g->num_qubits - f->center->dim - log_n);
  laws_block_init(b->law);
  laws_block_set(b->law, law);
  status_t status = laws_loss_append(l->loss, law);
  assert(status == STATUS_OK);
  (void)status;
}

/* Weight and number of the sectors that rho populates: it is uniform over the
   characters of R* that agree with S. */
static void set_population(laws_block_t law, const frame_t *f,
                           size_t log_patterns) {
  size_t open = f->center->dim - f->center_in_s->dim;
  fmpq_one(law->weight);
  fmpq_div_2exp(law->weight, law->weight, open);
  fmpz_one(law->count);
  fmpz_mul_2exp(law->count, law->count, open - log_patterns);
}

/* log2 of the rank of the reduced state on the k qubits of a sector. For real
   and quaternionic blocks only strings with q = 0 are seen. */
static size_t reduced_rank_bits(const frame_t *f, bool needs_q_zero) {
  f2_span_t all, inside;
  f2_span_init(all, f->g->num_words);
  f2_span_init(inside, f->g->num_words);
  f2_span_set(all, f->c->span);
  for (size_t i = 0; i < f->center->dim; i++)
    f2_span_insert(all, f2_span_row(f->center, i), 0);
  bool is_whole = all->dim == 2 * f->g->num_qubits;
  if (!is_whole || needs_q_zero)
    f2_span_intersect(inside, all, f->state->strings, f->state->rank);
  size_t dim = (is_whole ? f->state->rank : inside->dim) - f->center_in_s->dim;
  bool odd = false;
  for (size_t i = 0; i < inside->dim && needs_q_zero && !odd; i++)
    odd = term_has_q(f, f2_span_row(inside, i));
  if (odd) dim--;
  f2_span_clear(all);
  f2_span_clear(inside);
  return f->c->k - dim;
}

/* O on the sector with the given signs, as a sum over k qubits. */
static void sector_image(pauli_sum_t out, const frame_t *f,
                         const pauli_sum_t terms, size_t pattern) {
  size_t w = f->g->num_words;
  uint64_t *z = flint_malloc(2 * w * sizeof *z);
  uint64_t *image = flint_malloc(2 * pauli_words(f->c->k) * sizeof *image);
  fmpq_t coeff;
  fmpq_init(coeff);
  for (size_t j = 0; j < terms->length; j++) {
    unsigned e = frame_split(z, image, f, pauli_sum_string(terms, j));
    int sign = frame_character(f, z, pattern);
    assert(sign != 0);
    fmpq_set(coeff, terms->coeffs + j);
    if ((sign < 0) != (e == 2)) fmpq_neg(coeff, coeff);
    pauli_sum_push(out, coeff, image);
  }
  pauli_sum_canonicalise(out);
  fmpq_clear(coeff);
  flint_free(z);
  flint_free(image);
}

/* Collects the signs that the terms need. */
static bool collect_signs(frame_t *f, const pauli_sum_t terms) {
  bool ok = true;
  uint64_t *z = flint_malloc(2 * f->g->num_words * sizeof *z);
  uint64_t *image = flint_malloc(2 * pauli_words(f->c->k) * sizeof *image);
  for (size_t j = 0; j < terms->length && ok; j++) {
    frame_split(z, image, f, pauli_sum_string(terms, j));
    ok = frame_add_sign(f, z);
  }
  flint_free(z);
  flint_free(image);
  return ok;
}

/* Do all terms get by with R* = R_A? */
static bool terms_stay_inside(const frame_t *f, const pauli_sum_t terms) {
  for (size_t j = 0; j < terms->length; j++)
    if (!f2_span_contains(f->c->span, pauli_sum_string(terms, j)))
      return false;
  return true;
}

/* Do the labels tell the sectors apart that rho populates? */
static bool labels_suffice(const frame_t *f, const f2_span_struct *labels) {
  f2_span_t sum;
  f2_span_init(sum, f->g->num_words);
  f2_span_set(sum, labels);
  for (size_t j = 0; j < f->center_in_s->dim; j++)
    f2_span_insert(sum, f2_span_row(f->center_in_s, j), 0);
  bool suffice = sum->dim == f->center->dim;
  f2_span_clear(sum);
  return suffice;
}

/* R* = R_A if the ideals are labelled by all of R_A and the terms need no
   more; else the sum of all radicals, and then rho must populate one of the
   sectors that share an ideal only: dim R* = dim(L + R* meet S). Of a pair both
   ideals have to be different ones in different sectors. */
static bool choose_center(frame_t *f, const block_kind_t *kind,
                          const pauli_sum_t terms) {
  bool inside = terms_stay_inside(f, terms);
  if (!inside || (!kind->other_labels && kind->labels.dim != f->c->r))
    f2_span_set(f->center, f->g->radical);
  frame_set_center(f);
  return labels_suffice(f, &kind->labels) &&
         (!kind->other_labels || labels_suffice(f, kind->other_labels));
}

static bool analyse_full(landscape_t l, frame_t *f, const block_kind_t *kind,
                         const pauli_sum_t terms) {
  if (kind->needs_q_zero)
    for (size_t j = 0; j < terms->length; j++)
      if (term_has_q(f, pauli_sum_string(terms, j))) {
        set_reason(l, ANSWER_NO,
                   kind->beta == 1 ? REASON_OBSERVABLE_NOT_REAL_SYMMETRIC
                                   : REASON_OBSERVABLE_NOT_QUATERNIONIC);
        return false;
      }
  if (!choose_center(f, kind, terms)) {
    set_reason(l, ANSWER_NO, REASON_LINKED_SECTORS);
    return false;
  }
  if (!collect_signs(f, terms)) {
    set_reason(l, ANSWER_UNDECIDED, REASON_TOO_MANY_SECTOR_SIGNS);
    l->wishart_reason.number = MAX_FREE_SIGNS;
    return false;
  }
  size_t rank_bits = reduced_rank_bits(f, kind->needs_q_zero);
  if (kind->beta == 4) {
    assert(rank_bits > 0);
    rank_bits--;
  }
  fmpz_t n;
  fmpz_init(n);
  fmpz_one(n);
  fmpz_mul_2exp(n, n, kind->log_n);
  /* about the same time for all patterns together */
  size_t dense_qubits = MAX_DENSE_QUBITS - (f->num_free + 1) / 2;
  bool known = true;
  for (size_t pattern = 0; pattern < (size_t)1 << f->num_free && known;
       pattern++) {
    pauli_sum_t image;
    laws_block_t law;
    pauli_sum_init(image, f->c->k);
    laws_block_init(law);
    sector_image(image, f, terms, pattern);
    bool moves = !pauli_sum_is_zero(image);
    if (moves)
      known = sector_spectrum(law, image, n, dense_qubits) == STATUS_OK;
    if (moves && known) {
      law->beta = kind->beta;
      fmpz_one(law->rank);
      fmpz_mul_2exp(law->rank, law->rank, rank_bits);
      set_population(law, f, f->num_free);
      add_block(l, f, law, kind->log_n);
    }
    laws_block_clear(law);
    pauli_sum_clear(image);
  }
  fmpz_clear(n);
  if (!known)
    set_reason(l, ANSWER_UNDECIDED, REASON_SPECTRUM_TOO_LONG);
  return known;
}

/* --- spin factors ------------------------------------------------------------------- */

/* Terms of a free-fermion component that are all gamma_a t up to one common
   factor: O = sum o_a gamma_a on every copy. */
static bool analyse_spin_factor(landscape_t l, frame_t *f,
                                const pauli_sum_t terms) {
  const string_component_struct *c = f->c;
  size_t m = c->num_modes, w = f->g->num_words;
  fmpq_t o2, v2;
  fmpz_t size, count;
  string_action_t action;
  bool ok = true, related = true;
  string_action_init(action, f->g, pauli_sum_string(terms, 0));
  ok = action->num_active == 1 &&
       action->active->kind == DISPLACEMENT_WEIGHT &&
       (action->active->weight == 1 || action->active->weight == m - 1);
  size_t component = f->component;
  string_section_t *section =
      ok ? string_section_new(f->g, &component, 1, f->state) : NULL;
  for (size_t j = 1; j < terms->length && ok && section; j++) {
    /* in the orbit of the first, and anticommuting with all others: different
       modes, so that the twists are signs that can be absorbed */
    related &= string_section_same_orbit(section, action,
                                         pauli_sum_string(terms, j));
    for (size_t i = 0; i < j; i++)
      related &= pauli_anticommute(pauli_sum_string(terms, i),
                                   pauli_sum_string(terms, j), w);
  }
  ok = ok && section && related;
  if (ok) {
    fmpq_init(o2);
    fmpq_init(v2);
    fmpz_init(size);
    fmpz_init(count);
    for (size_t j = 0; j < terms->length; j++)
      fmpq_addmul(o2, terms->coeffs + j, terms->coeffs + j);
    /* one sector for each character of T */
    f2_span_clear(f->center);
    f2_span_set(f->center, c->twists);
    frame_set_center(f);
    ok = string_section_measure(size, count, section, action) == STATUS_OK;
    laws_block_t law;
    laws_block_init(law);
    fmpq_one(v2);
    if (ok && spectrum_spin_factor(law, m, o2, v2) == STATUS_OK) {
      fmpq_t scale;
      fmpq_init(scale);
      fmpq_set(scale, law->weight); /* |o| when rational, else 1 */
      set_population(law, f, 0);
      fmpq_mul(law->weight, law->weight, scale);
      /* S holds a gamma_a: |v| = 1; else rho looks maximally mixed */
      fmpz_set_ui(law->rank, fmpz_is_zero(count) ? 2 : 1);
      add_block(l, f, law, 1);
      fmpq_clear(scale);
    } else
      ok = false;
    laws_block_clear(law);
    fmpq_clear(o2);
    fmpq_clear(v2);
    fmpz_clear(size);
    fmpz_clear(count);
  }
  string_section_free(section);
  string_action_clear(action);
  return ok;
}

/* --- all ---------------------------------------------------------------------------- */

enum { NONE = -1, MANY = -2 };

/* The components that move p, first < second; second = MANY when there are more. */
static void movers(slong *first, slong *second, const string_algebra_t g,
                   const uint64_t *p) {
  string_action_t action;
  string_action_init(action, g, p);
  size_t num = action->num_active;
  *first = num > 0 ? (slong)action->active[0].component : NONE;
  *second = num > 2 ? MANY : num == 2 ? (slong)action->active[1].component : NONE;
  if (num == 2 && *first > *second) {
    slong swap = *first;
    *first = *second;
    *second = swap;
  }
  string_action_clear(action);
}

static bool is_su2(const string_component_struct *c) {
  return c->kind == COMPONENT_FREE_FERMION && c->num_modes == 3;
}

/* Every component that a term moves must move it alone, or together with one and
   the same other, both su(2). partner[i]: that other, or NONE. */
static bool find_partners(slong *partner, const string_algebra_t g,
                          const slong *first, const slong *second,
                          size_t num_terms) {
  enum { UNSEEN = -3 };
  for (size_t i = 0; i < g->num_components; i++) partner[i] = UNSEEN;
  for (size_t j = 0; j < num_terms; j++) {
    if (second[j] == MANY) return false;
    if (first[j] == NONE) continue;
    if (second[j] != NONE && !(is_su2(g->components + first[j]) &&
                               is_su2(g->components + second[j])))
      return false;
    const slong pair[2] = {first[j], second[j]};
    for (size_t k = 0; k < 2 && pair[k] != NONE; k++) {
      if (partner[pair[k]] == UNSEEN) partner[pair[k]] = pair[1 - k];
      if (partner[pair[k]] != pair[1 - k]) return false;
    }
  }
  return true;
}

/* Two su(2) on C^2 (x) C^2 as one component, so(4) on C^4: V = V_A + V_B, and the
   products of an element of each are the symmetric matrices of trace 0. */
static void pair_init(string_component_struct *m, const string_algebra_t g,
                      size_t a, size_t b) {
  const string_component_struct *parts[2] = {g->components + a,
                                             g->components + b};
  size_t width = 2 * g->num_words, rows = 4 + parts[0]->r + parts[1]->r;
  f2_span_t radical;
  *m = (string_component_struct){.kind = COMPONENT_ORTHOGONAL, .k = 2};
  m->basis = flint_malloc(rows * width * sizeof *m->basis);
  m->basis_q = flint_calloc(rows, 1);
  f2_span_init(m->span, g->num_words);
  f2_span_init(m->twists, g->num_words);
  f2_span_init(radical, g->num_words);
  for (size_t i = 0; i < 4; i++) {
    memcpy(m->basis + i * width, string_component_row(parts[i / 2], i % 2),
           width * sizeof *m->basis);
    m->basis_q[i] = parts[i / 2]->basis_q[i % 2];
    f2_span_insert(m->span, m->basis + i * width, 0);
  }
  for (size_t i = 0; i < 2; i++)
    for (size_t j = 0; j < parts[i]->r; j++) {
      const uint64_t *row = string_component_row(parts[i], 2 + j);
      if (f2_span_insert(radical, row, 0) != SPAN_NEW) continue;
      memcpy(m->basis + (4 + m->r++) * width, row, width * sizeof *m->basis);
      f2_span_insert(m->span, row, 0);
    }
  f2_span_clear(radical);
  commutation_table_init_strings(m->basis_table, g->num_qubits, m->basis, 4 + m->r);
}

static void pair_clear(string_component_struct *m) {
  commutation_table_clear(m->basis_table);
  flint_free(m->basis);
  flint_free(m->basis_q);
  f2_span_clear(m->span);
  f2_span_clear(m->twists);
}

static bool analyse_pair(landscape_t l, const string_algebra_t g, size_t a,
                         size_t b, const pauli_sum_t terms,
                         const stabilizer_state_t state) {
  string_component_struct both;
  frame_t f;
  bool inside = true;
  block_kind_t kind = {.beta = 1, .log_n = 2, .needs_q_zero = true,
                       .other_labels = g->components[b].twists};
  f2_span_init(&kind.labels, g->num_words);
  f2_span_set(&kind.labels, g->components[a].twists);
  for (size_t j = 0; j < terms->length; j++)
    inside = inside && f2_span_contains(g->span, pauli_sum_string(terms, j));
  pair_init(&both, g, a, b);
  frame_init(&f, g, a, &both, state);
  if (!inside)
    set_reason(l, ANSWER_NO, REASON_TERM_OUTSIDE_ALGEBRA);
  bool ok = inside && analyse_full(l, &f, &kind, terms);
  frame_clear(&f);
  pair_clear(&both);
  f2_span_clear(&kind.labels);
  return ok;
}

static bool analyse_component(landscape_t l, const string_algebra_t g,
                              size_t component, const pauli_sum_t terms,
                              const stabilizer_state_t state) {
  frame_t f;
  block_kind_t kind;
  frame_init(&f, g, component, g->components + component, state);
  bool ok = false, inside = true;
  for (size_t j = 0; j < terms->length; j++)
    inside = inside && f2_span_contains(g->span, pauli_sum_string(terms, j));
  bool full = block_kind_of(&kind, f.c);
  if (f.c->kind == COMPONENT_CENTRAL)
    set_reason(l, ANSWER_NO, REASON_CENTRAL_MOVER);
  else if (full && inside)
    ok = analyse_full(l, &f, &kind, terms);
  else if (f.c->kind == COMPONENT_FREE_FERMION &&
           analyse_spin_factor(l, &f, terms))
    ok = true;
  else if (!inside)
    set_reason(l, ANSWER_NO, REASON_TERM_OUTSIDE_ALGEBRA);
  else {
    set_reason(l, ANSWER_NO, REASON_SPIN_REPRESENTATION);
    l->wishart_reason.number = (int64_t)f.c->num_modes;
  }
  f2_span_clear(&kind.labels);
  frame_clear(&f);
  return ok;
}

void jordan_analyse(landscape_t l, const string_algebra_t g,
                    const pauli_sum_t observable,
                    const stabilizer_state_t state) {
  size_t length = observable->length;
  slong *first = flint_malloc((length + 1) * sizeof *first);
  slong *second = flint_malloc((length + 1) * sizeof *second);
  slong *partner = flint_malloc((g->num_components + 1) * sizeof *partner);
  bool moves = false;
  for (size_t j = 0; j < length; j++) {
    movers(first + j, second + j, g, pauli_sum_string(observable, j));
    moves |= first[j] != NONE;
  }
  bool applies = find_partners(partner, g, first, second, length);
  if (!moves) {
    set_reason(l, ANSWER_NO, REASON_OBSERVABLE_IS_CONSERVED);
    applies = false;
  } else if (!applies)
    set_reason(l, ANSWER_NO, REASON_SEVERAL_MOVERS);
  for (size_t i = 0; i < g->num_components && applies; i++) {
    pauli_sum_t terms;
    pauli_sum_init(terms, g->num_qubits);
    for (size_t j = 0; j < length; j++)
      if (first[j] == (slong)i)
        pauli_sum_push(terms, observable->coeffs + j,
                       pauli_sum_string(observable, j));
    if (!pauli_sum_is_zero(terms))
      applies = partner[i] >= 0
                    ? analyse_pair(l, g, i, (size_t)partner[i], terms, state)
                    : analyse_component(l, g, i, terms, state);
    pauli_sum_clear(terms);
  }
  flint_free(first);
  flint_free(second);
  flint_free(partner);
  if (applies) {
    if (l->num_blocks)
      set_reason(l, ANSWER_YES, REASON_TERMS_IN_JORDAN_ALGEBRA);
    else {
      set_reason(l, ANSWER_NO, REASON_OBSERVABLE_CANCELS);
    }
    return;
  }
  for (size_t i = 0; i < l->num_blocks; i++) {
    fmpz_clear(l->blocks[i].index);
    laws_block_clear(l->blocks[i].law);
  }
  l->num_blocks = 0;
  fmpq_t constant;
  fmpq_init(constant);
  fmpq_set(constant, l->loss->constant);
  laws_loss_clear(l->loss);
  laws_loss_init(l->loss);
  fmpq_set(l->loss->constant, constant);
  fmpq_clear(constant);
}
