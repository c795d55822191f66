#include "algebra/check/check_wishart.h"

enum { MAX_FREE_SIGNS = 10 };

static bool decide(check_wishart_t out, check_answer_t answer,
                   reason_code_t reason) {
  out->reason = reason;
  out->answer = answer;
  return answer == CHECK_APPLIES;
}

/* --- one component and the part of O that it moves ------------------------------------ */

typedef struct {
  const check_components_struct *all;
  const check_component_struct *c;
  const check_component_struct *pair[2]; /* when c stands for two su(2) */
  size_t number; /* of the component */
  const pauli_sum_struct *terms;
  const stabilizer_state_struct *state;
  unsigned beta;      /* 0: not the full algebra of its sectors */
  check_span_t stabilizers; /* S, signs dropped */
  check_span_t center;      /* R */
  check_span_t in_s;        /* R meet S */
} part_t;

static void part_init(part_t *p, const check_components_t all, size_t number,
                      const pauli_sum_t terms, const stabilizer_state_t state) {
  size_t w = all->g->num_words;
  *p = (part_t){.all = all, .c = all->list + number, .number = number,
                .terms = terms, .state = state};
  check_span_init(p->stabilizers, w);
  check_span_init(p->center, w);
  check_span_init(p->in_s, w);
  for (size_t j = 0; j < state->rank; j++) {
    uint8_t q = 0;
    check_span_add(p->stabilizers, stabilizer_state_string(state, j), &q);
  }
}

static void part_clear(part_t *p) {
  check_span_clear(p->stabilizers);
  check_span_clear(p->center);
  check_span_clear(p->in_s);
}

/* beta, from the dimension of an ideal against that of the sectors. */
static void set_beta(part_t *p) {
  const check_component_struct *c = p->c;
  fmpz_t n, half, full, less;
  fmpz_init(n);
  fmpz_init(half);
  fmpz_init(full);
  fmpz_init(less);
  fmpz_one(n);
  fmpz_mul_2exp(n, n, c->pairs); /* N = 2^k */
  fmpz_mul(full, n, n);
  fmpz_sub(half, full, n);
  fmpz_fdiv_q_2exp(half, half, 1); /* N (N - 1)/2 */
  fmpz_add(less, half, n);         /* N (N + 1)/2 */
  fmpz_sub_ui(full, full, 1);
  p->beta = c->central                           ? 0
            : fmpz_equal(c->dimension, full)     ? 2
            : fmpz_equal(c->dimension, half)     ? 1
            : fmpz_equal(c->dimension, less)     ? 4
                                                 : 0;
  fmpz_clear(n);
  fmpz_clear(half);
  fmpz_clear(full);
  fmpz_clear(less);
}

/* p = i^-e v z, v the product of rows e_i, f_i that p does not commute with in
   turn; z commutes with the component. image is v on k qubits; the sign of
   p as (image of v) z is returned, 1 for minus. q (may be NULL): q(v). */
static bool split_string(uint64_t *z, uint64_t *image, uint8_t *q,
                         const part_t *p, const uint64_t *string) {
  const check_span_struct *b = p->c->basis;
  size_t w = b->w, k = p->c->pairs, kw = pauli_words(k);
  unsigned phase = 0, image_phase = 0;
  uint64_t *v = flint_calloc(2 * w + 1, sizeof *v);
  uint64_t *letter = flint_malloc((2 * kw + 1) * sizeof *letter);
  uint8_t value = 0;
  memset(image, 0, 2 * kw * sizeof *image);
  for (size_t i = 0; i < 2 * k; i++) { /* row i: X_{i/2} or Z_{i/2} */
    const uint64_t *row = check_span_row(b, i);
    if (!pauli_anticommute(string, check_span_row(b, i ^ 1), w)) continue;
    value ^= b->q[i] ^ (uint8_t)pauli_anticommute(v, row, w);
    phase += pauli_mul(v, v, row, w);
    memset(letter, 0, 2 * kw * sizeof *letter);
    pauli_set(letter, kw, i / 2, i % 2 ? 2 : 1);
    image_phase += pauli_mul(image, image, letter, kw);
  }
  pauli_xor(z, v, string, w);
  unsigned e = pauli_mul(v, v, z, w); /* [v] [z] = i^e string */
  if (q) *q = value;
  flint_free(v);
  flint_free(letter);
  /* string = i^-e [v] z, and [v] is i^(image_phase - phase) [image] */
  return (image_phase - phase - e) % 4 == 2;
}

/* Do the twists tell the sectors apart that rho populates? */
static bool tells_apart(const part_t *p, const check_span_struct *twists) {
  check_span_t sum;
  check_span_init(sum, twists->w);
  for (size_t i = 0; i < twists->length + p->in_s->length; i++) {
    uint8_t q = 0;
    check_span_add(sum, i < twists->length
                            ? check_span_row(twists, i)
                            : check_span_row(p->in_s, i - twists->length),
                   &q);
  }
  bool apart = sum->length == p->center->length;
  check_span_clear(sum);
  return apart;
}

/* R = the radical of the component if it labels the ideals and O stays within
   the span, else that of all generators; then rho must not populate two sectors
   that share an ideal. */
static bool choose_center(part_t *p) {
  const check_component_struct *c = p->c;
  const check_span_struct *basis = c->basis;
  size_t pairs = c->pairs;
  bool inside =
      p->pair[0] || c->twists->length == basis->length - 2 * pairs;
  check_span_t own;
  check_span_init(own, basis->w);
  for (size_t i = 0; i < basis->length; i++) {
    uint8_t q = 0;
    check_span_add(own, check_span_row(basis, i), &q);
  }
  for (size_t j = 0; j < p->terms->length && inside; j++)
    inside = check_span_contains(own, pauli_sum_string(p->terms, j));
  if (!inside) {
    basis = p->all->basis;
    pairs = p->all->pairs;
  }
  for (size_t i = 2 * pairs; i < basis->length; i++) {
    uint8_t q = 0;
    check_span_add(p->center, check_span_row(basis, i), &q);
  }
  check_span_intersect(p->in_s, p->center, p->stabilizers);
  check_span_clear(own);
  if (p->pair[0])
    return tells_apart(p, p->pair[0]->twists) &&
           tells_apart(p, p->pair[1]->twists);
  return inside || tells_apart(p, c->twists);
}

/* log2 of the rank of the state seen by a sector: 2^k over the number of
   stabilizers in its matrix algebra. Real and quaternionic blocks see only the
   strings with q = 0, half of them if there are others. */
static size_t reduced_rank_bits(const part_t *p) {
  check_span_t all, inside;
  bool odd = false;
  size_t w = p->all->g->num_words;
  uint64_t *z = flint_malloc((2 * w + 1) * sizeof *z);
  uint64_t *image =
      flint_malloc((2 * pauli_words(p->c->pairs) + 1) * sizeof *image);
  check_span_init(all, w);
  check_span_init(inside, w);
  for (size_t i = 0; i < 2 * p->c->pairs + p->center->length; i++) {
    uint8_t q = 0;
    check_span_add(all, i < 2 * p->c->pairs
                            ? check_span_row(p->c->basis, i)
                            : check_span_row(p->center, i - 2 * p->c->pairs),
                   &q);
  }
  check_span_intersect(inside, all, p->stabilizers);
  for (size_t i = 0; i < inside->length && p->beta != 2; i++) {
    uint8_t q;
    split_string(z, image, &q, p, check_span_row(inside, i));
    odd |= q;
  }
  size_t bits = p->c->pairs - (inside->length - p->in_s->length) + odd;
  check_span_clear(all);
  check_span_clear(inside);
  flint_free(z);
  flint_free(image);
  return bits - (p->beta == 4);
}

static check_block_struct *add_block(check_wishart_t out, const part_t *p,
                                     size_t log_n, size_t log_patterns) {
  size_t open = p->center->length - p->in_s->length;
  out->blocks = flint_realloc(out->blocks,
                              (out->length + 1) * sizeof *out->blocks);
  check_block_struct *b = out->blocks + out->length++;
  b->component = p->number;
  fmpz_init(b->beta);
  fmpz_init_set_ui(b->N, 1);
  fmpz_init_set_ui(b->index, 1);
  fmpz_init_set_ui(b->rank, 1);
  fmpz_init_set_ui(b->count, 1);
  fmpq_init(b->weight);
  fmpq_init(b->o2);
  fmpz_mul_2exp(b->N, b->N, log_n);
  fmpz_mul_2exp(b->index, b->index,
                p->all->g->num_qubits - p->center->length - log_n);
  fmpz_mul_2exp(b->count, b->count, open - log_patterns);
  fmpq_one(b->weight);
  fmpq_div_2exp(b->weight, b->weight, open);
  return b;
}

/* The signs that O needs: the parts z of its terms, beyond those that rho
   fixes. free_signs gets the independent ones. */
static bool find_free_signs(row_table_t free_signs, const part_t *p) {
  size_t w = p->all->g->num_words;
  uint64_t *z = flint_malloc((2 * w + 1) * sizeof *z);
  uint64_t *image =
      flint_malloc((2 * pauli_words(p->c->pairs) + 1) * sizeof *image);
  check_span_t known;
  check_span_init(known, w);
  for (size_t i = 0; i < p->in_s->length; i++) {
    uint8_t q = 0;
    check_span_add(known, check_span_row(p->in_s, i), &q);
  }
  for (size_t j = 0; j < p->terms->length; j++) {
    uint8_t q = 0;
    split_string(z, image, NULL, p, pauli_sum_string(p->terms, j));
    if (check_span_add(known, z, &q)) row_table_add(free_signs, z, NULL);
  }
  check_span_clear(known);
  flint_free(z);
  flint_free(image);
  return free_signs->length <= MAX_FREE_SIGNS;
}

/* The sector as a state of its own: signs of R meet S as in rho, those of the
   free strings by the bits of pattern. */
static void sector_state(stabilizer_state_t out, const part_t *p,
                         const row_table_t free_signs, size_t pattern) {
  stabilizer_echelon_t echelon;
  stabilizer_state_init(out, p->all->g->num_qubits);
  stabilizer_echelon_init(echelon, p->state);
  for (size_t i = 0; i < p->in_s->length; i++) {
    const uint64_t *row = check_span_row(p->in_s, i);
    stabilizer_state_add(out, row, stabilizer_echelon_expectation(echelon, row) < 0);
  }
  stabilizer_echelon_clear(echelon);
  for (size_t j = 0; j < free_signs->length; j++)
    stabilizer_state_add(out, row_table_row(free_signs, j), pattern >> j & 1);
}

static void sector_image(pauli_sum_t out, const part_t *p,
                         const stabilizer_state_t sector) {
  size_t w = p->all->g->num_words;
  uint64_t *z = flint_malloc((2 * w + 1) * sizeof *z);
  uint64_t *image =
      flint_malloc((2 * pauli_words(p->c->pairs) + 1) * sizeof *image);
  stabilizer_echelon_t echelon;
  fmpq_t coeff;
  fmpq_init(coeff);
  stabilizer_echelon_init(echelon, sector);
  for (size_t j = 0; j < p->terms->length; j++) {
    bool minus = split_string(z, image, NULL, p, pauli_sum_string(p->terms, j));
    if (stabilizer_echelon_expectation(echelon, z) < 0) minus = !minus;
    fmpq_set(coeff, p->terms->coeffs + j);
    if (minus) fmpq_neg(coeff, coeff);
    pauli_sum_push(out, coeff, image);
  }
  pauli_sum_canonicalise(out);
  fmpq_clear(coeff);
  stabilizer_echelon_clear(echelon);
  flint_free(z);
  flint_free(image);
}

/* Is every term in the Jordan algebra, symmetric or quaternionic (q = 0)? */
static bool terms_are_in_jordan(const part_t *p) {
  size_t w = p->all->g->num_words;
  uint64_t *z = flint_malloc((2 * w + 1) * sizeof *z);
  uint64_t *image =
      flint_malloc((2 * pauli_words(p->c->pairs) + 1) * sizeof *image);
  bool ok = true;
  for (size_t j = 0; j < p->terms->length && ok; j++) {
    uint8_t q;
    split_string(z, image, &q, p, pauli_sum_string(p->terms, j));
    ok = p->beta == 2 || q == 0;
  }
  flint_free(z);
  flint_free(image);
  return ok;
}

static bool part_full(check_wishart_t out, part_t *p) {
  row_table_t free_signs;
  if (!terms_are_in_jordan(p))
    return decide(out, CHECK_DOES_NOT,
                  p->beta == 1
                      ? REASON_OBSERVABLE_NOT_REAL_SYMMETRIC
                      : REASON_OBSERVABLE_NOT_QUATERNIONIC);
  if (!choose_center(p)) return decide(out, CHECK_DOES_NOT, REASON_LINKED_SECTORS);
  row_table_init(free_signs, 2 * p->all->g->num_words);
  bool few = find_free_signs(free_signs, p);
  if (!few)
    decide(out, CHECK_UNDECIDED,
           REASON_TOO_MANY_SECTOR_SIGNS);
  size_t rank_bits = few ? reduced_rank_bits(p) : 0;
  for (size_t pattern = 0; few && pattern < (size_t)1 << free_signs->length;
       pattern++) {
    stabilizer_state_t sector;
    pauli_sum_t image;
    sector_state(sector, p, free_signs, pattern);
    pauli_sum_init(image, p->c->pairs);
    sector_image(image, p, sector);
    if (!pauli_sum_is_zero(image)) {
      check_block_struct *b =
          add_block(out, p, p->c->pairs - (p->beta == 4), free_signs->length);
      fmpz_set_ui(b->beta, p->beta);
      fmpz_mul_2exp(b->rank, b->rank, rank_bits);
      *b->image = *image;
    } else {
      pauli_sum_clear(image);
    }
    stabilizer_state_clear(sector);
  }
  row_table_clear(free_signs);
  return few;
}

/* --- spin factors --------------------------------------------------------------------- */

static bool commutes_with_generators(const uint64_t *string,
                                     const check_generators_t g) {
  for (size_t j = 0; j < g->strings->length; j++)
    if (pauli_anticommute(string, row_table_row(g->strings, j),
                          g->num_words))
      return false;
  return true;
}

/* The orbit as m classes of strings that differ by one that commutes with every
   generator; 0 unless strings of one class commute and others do not. The
   differences within the class of the first string go to twists. */
static size_t count_classes(check_span_t twists, const row_table_t orbit,
                            const check_generators_t g) {
  size_t w = g->num_words, m = 0;
  row_table_t heads;
  uint64_t *t = flint_malloc((2 * w + 1) * sizeof *t);
  bool ok = true;
  row_table_init(heads, 2 * w);
  for (size_t i = 0; i < orbit->length && ok; i++) {
    const uint64_t *p = row_table_row(orbit, i);
    bool found = false;
    for (size_t h = 0; h < heads->length && ok; h++) {
      pauli_xor(t, p, row_table_row(heads, h), w);
      bool alike = commutes_with_generators(t, g);
      ok = pauli_anticommute(p, row_table_row(heads, h), w) != alike;
      found |= alike;
      uint8_t q = 0;
      if (alike && h == 0) check_span_add(twists, t, &q);
    }
    if (!found) row_table_add(heads, p, NULL);
    ok = ok && heads->length <= 4096;
  }
  m = ok ? heads->length : 0;
  row_table_clear(heads);
  flint_free(t);
  return m;
}

/* Terms in one orbit that anticommute with each other. */
static bool terms_are_vectors(const part_t *p, const row_table_t orbit) {
  for (size_t i = 0; i < p->terms->length; i++) {
    const uint64_t *string = pauli_sum_string(p->terms, i);
    if (row_table_find(orbit, string) == SIZE_MAX) return false;
    for (size_t j = 0; j < i; j++)
      if (!pauli_anticommute(string, pauli_sum_string(p->terms, j),
                             p->all->g->num_words))
        return false;
  }
  return true;
}

static void add_spin_factor(check_wishart_t out, part_t *p, size_t m,
                            const row_table_t orbit) {
  check_span_intersect(p->in_s, p->center, p->stabilizers);
  bool seen = false;
  for (size_t i = 0; i < orbit->length && !seen; i++)
    seen = stabilizer_state_expectation(p->state, row_table_row(orbit, i));
  check_block_struct *b = add_block(out, p, 1, 0);
  pauli_sum_init(b->image, 0);
  fmpz_set_ui(b->beta, m - 1);
  fmpz_set_ui(b->rank, seen ? 1 : 2);
  for (size_t j = 0; j < p->terms->length; j++)
    fmpq_addmul(b->o2, p->terms->coeffs + j, p->terms->coeffs + j);
}

/* Of a component proved by a witness: is it so(m), and the string one of the m
   (up to complement)? */
static bool may_be_vector(const part_t *p, const uint64_t *string) {
  const check_component_struct *c = p->c;
  size_t weight = 0;
  if (!c->by_witness) return true;
  for (size_t a = 0; a + 1 < c->num_modes; a++)
    weight += pauli_anticommute(string, check_span_row(c->potentials, a),
                                c->potentials->w);
  return c->num_modes && (weight == 1 || weight + 1 == c->num_modes);
}

static bool part_spin_factor(check_wishart_t out, part_t *p,
                             size_t max_elements) {
  if (!may_be_vector(p, pauli_sum_string(p->terms, 0))) return false;
  row_table_t orbit;
  row_table_init(orbit, 2 * p->all->g->num_words);
  bool listed = check_list_orbit(orbit, pauli_sum_string(p->terms, 0),
                                 p->all->g, max_elements);
  if (!listed) decide(out, CHECK_NOT_COUNTED, REASON_NONE);
  bool ok = listed && terms_are_vectors(p, orbit);
  size_t m = ok ? count_classes(p->center, orbit, p->all->g) : 0;
  ok = ok && m >= 3 &&
       fmpz_equal_ui(p->c->dimension, m * (m - 1) / 2);
  if (ok) add_spin_factor(out, p, m, orbit);
  row_table_clear(orbit);
  return ok;
}

/* --- all of it ----------------------------------------------------------------------------- */

static bool part_examine(check_wishart_t out, part_t *p, size_t max_elements) {
  bool inside = true;
  if (p->c->central) return decide(out, CHECK_DOES_NOT, REASON_CENTRAL_MOVER);
  if (!p->c->counted)
    return decide(out, CHECK_NOT_COUNTED, REASON_NONE);
  set_beta(p);
  for (size_t j = 0; j < p->terms->length; j++)
    inside = inside && check_span_contains(p->all->span,
                                           pauli_sum_string(p->terms, j));
  if (p->beta && inside) return part_full(out, p);
  if (part_spin_factor(out, p, max_elements)) return true;
  if (out->answer == CHECK_NOT_COUNTED) return false;
  if (!inside) return decide(out, CHECK_DOES_NOT, REASON_TERM_OUTSIDE_ALGEBRA);
  /* not full, hence orthogonal of another kind */
  return decide(out, CHECK_DOES_NOT, REASON_SPIN_REPRESENTATION);
}

/* The components that move a string: two at most, SIZE_MAX for none. */
typedef struct {
  size_t first, second; /* first < second */
} movers_t;

/* False when there are more than two. */
static bool find_movers(movers_t *out, const check_components_t all,
                        const uint64_t *string) {
  const check_generators_struct *g = all->g;
  *out = (movers_t){SIZE_MAX, SIZE_MAX};
  for (size_t j = 0; j < g->strings->length; j++) {
    size_t c = all->component[j];
    if (c == out->first || c == out->second ||
        !pauli_anticommute(string, row_table_row(g->strings, j),
                           g->num_words))
      continue;
    if (out->second != SIZE_MAX) return false;
    if (c < out->first) {
      out->second = out->first;
      out->first = c;
    } else {
      out->second = c;
    }
  }
  return true;
}

static bool is_su2(const check_component_struct *c) {
  return c->counted && !c->central && c->pairs == 1 &&
         fmpz_equal_ui(c->dimension, 3);
}

static bool overlap(const movers_t *a, const movers_t *b) {
  return a->first == b->first || a->first == b->second ||
         (a->second != SIZE_MAX &&
          (a->second == b->first || a->second == b->second));
}

/* Is every term moved by one component, or by two su(2) that move no other term
   each on its own, and some by one at all? */
static bool sort_terms(movers_t *list, check_wishart_t out,
                       const check_components_t all,
                       const pauli_sum_t observable) {
  bool moves = false, several = false;
  for (size_t j = 0; j < observable->length; j++) {
    several |= !find_movers(list + j, all, pauli_sum_string(observable, j));
    moves |= list[j].first != SIZE_MAX;
    if (list[j].second != SIZE_MAX)
      several |= !is_su2(all->list + list[j].first) ||
                 !is_su2(all->list + list[j].second);
    for (size_t i = 0; i < j; i++)
      several |= list[i].first != SIZE_MAX && list[j].first != SIZE_MAX &&
                 overlap(list + i, list + j) &&
                 (list[i].first != list[j].first ||
                  list[i].second != list[j].second);
  }
  if (!moves) return decide(out, CHECK_DOES_NOT, REASON_OBSERVABLE_IS_CONSERVED);
  if (several) return decide(out, CHECK_DOES_NOT, REASON_SEVERAL_MOVERS);
  return true;
}

/* Two su(2) on C^2 (x) C^2: so(4) on C^4. */
static void pair_init(check_component_struct *m,
                      const check_component_struct *const *parts) {
  size_t w = parts[0]->basis->w, at = 0;
  size_t rows = parts[0]->basis->length + parts[1]->basis->length;
  check_span_t seen;
  *m = (check_component_struct){.pairs = 2, .counted = true};
  fmpz_init_set_ui(m->dimension, 6);
  check_span_init(m->basis, w);
  check_span_init(seen, w);
  m->basis->rows = flint_malloc((2 * w * rows + 1) * sizeof *m->basis->rows);
  m->basis->q = flint_calloc(rows + 1, sizeof *m->basis->q);
  m->basis->leads = flint_calloc(rows + 1, sizeof *m->basis->leads);
  m->basis->alloc = rows;
  for (size_t radical = 0; radical < 2; radical++)
    for (size_t k = 0; k < 2; k++) {
      const check_span_struct *b = parts[k]->basis;
      for (size_t i = radical ? 2 : 0; i < (radical ? b->length : 2); i++) {
        uint8_t q = 0;
        if (!check_span_add(seen, check_span_row(b, i), &q)) continue;
        memcpy(m->basis->rows + 2 * w * at, check_span_row(b, i),
               2 * w * sizeof *m->basis->rows);
        m->basis->q[at++] = b->q[i];
      }
    }
  m->basis->length = at;
  check_span_clear(seen);
}

static void drop_blocks(check_wishart_t out) {
  for (size_t i = 0; i < out->length; i++) {
    check_block_struct *b = out->blocks + i;
    fmpz_clear(b->beta);
    fmpz_clear(b->N);
    fmpz_clear(b->index);
    fmpz_clear(b->rank);
    fmpz_clear(b->count);
    fmpq_clear(b->weight);
    fmpq_clear(b->o2);
    pauli_sum_clear(b->image);
  }
  flint_free(out->blocks);
  out->blocks = NULL;
  out->length = 0;
}

static bool examine(check_wishart_t out, const check_components_t all,
                    size_t number, size_t second, const pauli_sum_t terms,
                    const stabilizer_state_t state, size_t max_elements) {
  part_t part;
  check_component_struct both;
  part_init(&part, all, number, terms, state);
  if (second != SIZE_MAX) {
    part.pair[0] = all->list + number;
    part.pair[1] = all->list + second;
    pair_init(&both, part.pair);
    part.c = &both;
  }
  bool applies = part_examine(out, &part, max_elements);
  if (second != SIZE_MAX) {
    check_span_clear(both.basis);
    fmpz_clear(both.dimension);
  }
  part_clear(&part);
  return applies;
}

void check_wishart_init(check_wishart_t out, const check_components_t all,
                        const pauli_sum_t observable,
                        const stabilizer_state_t state, size_t max_elements) {
  movers_t *list = flint_malloc((observable->length + 1) * sizeof *list);
  *out = (check_wishart_struct){.answer = CHECK_APPLIES};
  bool applies = sort_terms(list, out, all, observable);
  for (size_t i = 0; i < all->length && applies; i++) {
    pauli_sum_t terms;
    size_t second = SIZE_MAX;
    pauli_sum_init(terms, observable->num_qubits);
    for (size_t j = 0; j < observable->length; j++) {
      if (list[j].first != i) continue;
      second = list[j].second;
      pauli_sum_push(terms, observable->coeffs + j,
                     pauli_sum_string(observable, j));
    }
    if (terms->length)
      applies = examine(out, all, i, second, terms, state, max_elements);
    pauli_sum_clear(terms);
  }
  if (applies && out->length)
    decide(out, CHECK_APPLIES, REASON_TERMS_IN_JORDAN_ALGEBRA);
  else if (applies)
    decide(out, CHECK_DOES_NOT, REASON_OBSERVABLE_CANCELS);
  if (!applies) drop_blocks(out);
  flint_free(list);
}

void check_wishart_clear(check_wishart_t out) {
  drop_blocks(out);
}
