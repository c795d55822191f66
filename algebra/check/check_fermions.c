#include "algebra/check/check_fermions.h"

enum {
  MAX_TOTAL_MODES = 1024, /* of all ideals: more, and no law is claimed */
  MAX_TWISTS = 10
};

/* A component as free fermions. */
typedef struct {
  const check_component_struct *c;
  const check_generators_struct *g;
  size_t w;
  bool listed;
  row_table_t elements; /* of its ideal, when listed */
  row_table_t star;     /* row a - 1: h_0a */
  bool fermions;
} frame_t;

/* --- elements and modes ------------------------------------------------------------ */

static bool list_elements(frame_t *f, size_t max_elements) {
  for (size_t i = 0; i < f->c->num_members; i++) {
    const uint64_t *start = row_table_row(f->g->strings, f->c->members[i]);
    if (row_table_find(f->elements, start) != SIZE_MAX) continue;
    row_table_t reached;
    row_table_init(reached, 2 * f->w);
    bool fits = check_list_reached(reached, start, f->g, f->c->members,
                                   f->c->num_members, max_elements);
    for (size_t k = 0; k < reached->length && fits; k++)
      row_table_add(f->elements, row_table_row(reached, k), NULL);
    row_table_clear(reached);
    if (!fits || f->elements->length > max_elements) return false;
  }
  return true;
}

static bool commutes_with_members(const frame_t *f, const uint64_t *string) {
  for (size_t i = 0; i < f->c->num_members; i++)
    if (pauli_anticommute(
            string, row_table_row(f->g->strings, f->c->members[i]), f->w))
      return false;
  return true;
}

/* Is y the third side of the triangle over the two strings of the star? */
static bool closes_triangle(const frame_t *f, const uint64_t *y) {
  uint64_t *sum = flint_malloc((2 * f->w + 1) * sizeof *sum);
  pauli_xor(sum, row_table_row(f->star, 0), row_table_row(f->star, 1), f->w);
  pauli_xor(sum, sum, y, f->w);
  bool closes = commutes_with_members(f, sum);
  flint_free(sum);
  return closes;
}

static void find_star(frame_t *f) {
  for (size_t i = 0; i < f->elements->length; i++) {
    const uint64_t *y = row_table_row(f->elements, i);
    bool fits = true;
    for (size_t k = 0; k < f->star->length && fits; k++)
      fits = pauli_anticommute(y, row_table_row(f->star, k), f->w);
    if (fits && !(f->star->length == 2 && closes_triangle(f, y)))
      row_table_add(f->star, y, NULL);
  }
}

/* i^phase [string] */
typedef struct {
  uint64_t *string;
  unsigned phase;
} product_t;

static void multiply(product_t *p, const uint64_t *other, size_t w) {
  p->phase += pauli_mul(p->string, p->string, other, w);
}

static void set_pair(product_t *p, const frame_t *f, size_t a, size_t b) {
  memcpy(p->string, row_table_row(f->star, (a ? a : b) - 1),
         2 * f->w * sizeof *p->string);
  p->phase = 0;
  if (!a) return;
  p->phase = 1;
  multiply(p, row_table_row(f->star, b - 1), f->w);
}

static void multiply_twists(product_t *p, const frame_t *f, size_t set) {
  for (size_t i = 0; i < f->c->twists->length; i++)
    if (set >> i & 1) multiply(p, check_span_row(f->c->twists, i), f->w);
}

/* h_ab t = sign [string]; false when it is none of these. */
typedef struct {
  size_t a, b, set;
  int sign;
} reading_t;

static bool find_labels(reading_t *r, const frame_t *f,
                        const uint64_t *string) {
  size_t m = f->star->length + 1, count = 0, modes[2] = {0, 0}, other = 0;
  for (size_t a = 1; a < m; a++) {
    if (pauli_anticommute(string, row_table_row(f->star, a - 1), f->w)) {
      if (count < 2) modes[count] = a;
      count++;
    } else {
      other = a;
    }
  }
  if (count == 2) { /* it shares one mode with h_0a and h_0b only */
    r->a = modes[0];
    r->b = modes[1];
  } else { /* with all but itself */
    r->a = 0;
    r->b = other;
  }
  return count == 2 || (count + 2 == m && other);
}

static bool read_string(reading_t *r, const frame_t *f, const uint64_t *string) {
  if (!find_labels(r, f, string)) return false;
  size_t width = 2 * f->w;
  product_t p = {flint_malloc((width + 1) * sizeof *string), 0};
  set_pair(&p, f, r->a, r->b);
  pauli_xor(p.string, p.string, string, f->w);
  r->set = 0;
  for (size_t i = 0; i < f->c->twists->length; i++) {
    size_t lead = f->c->twists->leads[i];
    if (!(p.string[lead / 64] >> (lead % 64) & 1)) continue;
    pauli_xor(p.string, p.string, check_span_row(f->c->twists, i), f->w);
    r->set |= (size_t)1 << i;
  }
  bool found = pauli_is_identity(p.string, f->w);
  if (found) {
    set_pair(&p, f, r->a, r->b);
    multiply_twists(&p, f, r->set);
    r->sign = p.phase % 4 ? -1 : 1;
  }
  flint_free(p.string);
  return found;
}

/* The proof that the component is of free fermions, see the header. */
static bool are_fermions(const frame_t *f) {
  size_t modes = f->star->length + 1;
  reading_t r;
  if (modes < 3 || modes == 4 || f->c->twists->length > MAX_TWISTS) return false;
  for (size_t i = 0; i < f->star->length; i++) {
    for (size_t k = 0; k < i; k++)
      if (!pauli_anticommute(row_table_row(f->star, i),
                             row_table_row(f->star, k), f->w))
        return false;
    for (size_t k = 0; k < f->c->twists->length; k++)
      if (pauli_anticommute(row_table_row(f->star, i),
                            check_span_row(f->c->twists, k), f->w))
        return false;
  }
  for (size_t i = 0; i < f->c->num_members; i++)
    if (!read_string(&r, f, row_table_row(f->g->strings, f->c->members[i])))
      return false;
  return true;
}

static void frame_init(frame_t *f, const check_component_struct *c,
                       const check_generators_struct *g, size_t max_elements) {
  *f = (frame_t){.c = c, .g = g, .w = g->num_words};
  row_table_init(f->elements, 2 * f->w);
  row_table_init(f->star, 2 * f->w);
  if (c->by_witness) {
    for (size_t a = 0; a + 1 < c->num_modes; a++)
      row_table_add(f->star, check_span_row(c->potentials, a), NULL);
    /* labels have proved what are_fermions asks, check_witness.c */
    f->fermions = c->num_modes >= 3 && c->num_modes != 4 &&
                  c->twists->length <= MAX_TWISTS;
  } else {
    f->listed = list_elements(f, max_elements);
    if (f->listed) find_star(f);
    f->fermions = f->listed && are_fermions(f);
  }
}

static void frame_clear(frame_t *f) {
  row_table_clear(f->elements);
  row_table_clear(f->star);
}

/* Does i times the string lie in the ideal? A component proved by a seed is all
   strings of its span outside the radical, those with q = 1 if q exists. */
static answer_t contains(const frame_t *f, const uint64_t *string) {
  reading_t r;
  if (f->c->central)
    return pauli_equal(string, row_table_row(f->g->strings, f->c->members[0]),
                       f->w) ? ANSWER_YES : ANSWER_NO;
  if (f->listed)
    return row_table_find(f->elements, string) != SIZE_MAX ? ANSWER_YES
                                                             : ANSWER_NO;
  if (!f->c->by_witness) return ANSWER_UNDECIDED;
  if (f->c->num_modes)
    return f->fermions && read_string(&r, f, string) ? ANSWER_YES : ANSWER_NO;
  bool inside = false;
  uint8_t q = 0;
  uint64_t *row = flint_malloc((2 * f->w + 1) * sizeof *row);
  memcpy(row, string, 2 * f->w * sizeof *row);
  inside = check_span_reduce(f->c->span, row, &q) && !commutes_with_members(f, string) &&
           (q || !f->c->q_consistent);
  flint_free(row);
  return inside ? ANSWER_YES : ANSWER_NO;
}

/* --- matrices ----------------------------------------------------------------------- */

static int character(size_t set, size_t chi) {
  return __builtin_parityll(set & chi) ? -1 : 1;
}

static void add_entry(fmpq_mat_struct *m, const reading_t *r, size_t copies,
                      const fmpq_t value) {
  for (size_t chi = 0; chi < copies; chi++) {
    fmpq *up = fmpq_mat_entry(m + chi, (slong)r->a, (slong)r->b);
    if (r->sign * character(r->set, chi) > 0) fmpq_add(up, up, value);
    else fmpq_sub(up, up, value);
    fmpq_neg(fmpq_mat_entry(m + chi, (slong)r->b, (slong)r->a), up);
  }
}

static void read_state(fmpq_mat_struct *m, const frame_t *f,
                       const quantum_state_struct *state) {
  size_t modes = f->star->length + 1, copies = (size_t)1 << f->c->twists->length;
  product_t p = {flint_malloc((2 * f->w + 1) * sizeof *p.string), 0};
  const stabilizer_state_struct *stabilizer = quantum_state_stabilizer(state);
  stabilizer_echelon_t echelon;
  fmpq_t value, share;
  fmpq_init(value);
  fmpq_init(share);
  fmpq_set_si(share, 1, copies);
  if (stabilizer) stabilizer_echelon_init(echelon, stabilizer);
  for (size_t a = 0; a < modes; a++)
    for (size_t b = a + 1; b < modes; b++)
      for (size_t set = 0; set < copies; set++) {
        set_pair(&p, f, a, b);
        multiply_twists(&p, f, set);
        if (stabilizer)
          fmpq_set_si(value, stabilizer_echelon_expectation(echelon, p.string), 1);
        else
          quantum_state_expectation(value, state, p.string);
        if (fmpq_is_zero(value)) continue;
        fmpq_mul(value, value, share);
        reading_t r = {a, b, set, p.phase % 4 ? -1 : 1};
        add_entry(m, &r, copies, value);
      }
  if (stabilizer) stabilizer_echelon_clear(echelon);
  fmpq_clear(value);
  fmpq_clear(share);
  flint_free(p.string);
}

static void add_blocks(check_adjoint_t out, const frame_t *f,
                       const pauli_sum_struct *o,
                       const quantum_state_struct *state) {
  size_t modes = f->star->length + 1, copies = (size_t)1 << f->c->twists->length;
  fmpq_mat_struct *b = flint_malloc(copies * sizeof *b);
  fmpq_mat_struct *s = flint_malloc(copies * sizeof *s);
  reading_t r;
  for (size_t k = 0; k < copies; k++) {
    fmpq_mat_init(b + k, (slong)modes, (slong)modes);
    fmpq_mat_init(s + k, (slong)modes, (slong)modes);
  }
  for (size_t i = 0; i < o->length; i++)
    if (contains(f, pauli_sum_string(o, i)) == ANSWER_YES &&
        read_string(&r, f, pauli_sum_string(o, i)))
      add_entry(b, &r, copies, o->coeffs + i);
  read_state(s, f, state);
  out->list =
      flint_realloc(out->list, (out->length + copies) * sizeof *out->list);
  for (size_t k = 0; k < copies; k++) {
    check_orbit_law_struct *law = out->list + out->length++;
    *law = (check_orbit_law_struct){.modes = modes, .rank = modes / 2};
    law->observable = _fmpq_vec_init((slong)law->rank);
    law->state = _fmpq_vec_init((slong)law->rank);
    check_power_sums(law->observable, b + k, law->rank);
    check_power_sums(law->state, s + k, law->rank);
    law->orientation = check_pfaffian_sign(b + k) * check_pfaffian_sign(s + k);
    fmpq_mat_clear(b + k);
    fmpq_mat_clear(s + k);
  }
  flint_free(b);
  flint_free(s);
}

/* --- the whole -------------------------------------------------------------------------- */

static answer_t decide(const frame_t *frames, size_t length,
                       const check_generators_struct *g,
                       const pauli_sum_struct *o) {
  answer_t all = ANSWER_YES;
  for (size_t i = 0; i < o->length; i++) {
    const uint64_t *string = pauli_sum_string(o, i);
    answer_t inside = check_is_fixed(string, g) ? ANSWER_YES : ANSWER_NO;
    for (size_t k = 0; k < length && inside != ANSWER_YES; k++) {
      answer_t in = contains(frames + k, string);
      if (in != ANSWER_NO) inside = in;
    }
    if (inside == ANSWER_NO) return ANSWER_NO;
    if (inside == ANSWER_UNDECIDED) all = ANSWER_UNDECIDED;
  }
  return all;
}

static answer_t frame_contains(const void *context, const uint64_t *string) {
  return contains(context, string);
}

/* Every component that moves the observable, or none, as where one is of free fermions. */
static void find_defining(check_adjoint_t out, const frame_t *frames, size_t length,
                          const pauli_sum_struct *o, const quantum_state_struct *state) {
  bool all = true;
  for (size_t k = 0; k < length && all; k++) {
    bool moved = false;
    for (size_t i = 0; i < o->length && !moved; i++)
      moved = !frames[k].c->central && !commutes_with_members(frames + k, pauli_sum_string(o, i));
    if (!moved) continue;
    check_defining_struct *list = NULL;
    size_t count = frames[k].fermions ? 0
                                      : check_defining(&list, frames[k].c, o, state,
                                                       frame_contains, frames + k);
    all = count > 0;
    out->defining = flint_realloc(out->defining,
                                  (out->num_defining + count + 1) * sizeof *out->defining);
    for (size_t i = 0; i < count; i++) out->defining[out->num_defining++] = list[i];
    flint_free(list);
  }
  for (size_t i = 0; i < out->num_defining && !all; i++) check_defining_clear(out->defining + i);
  if (!all) out->num_defining = 0;
}

void check_adjoint_init(check_adjoint_t out, const check_components_t components,
                        const pauli_sum_t o, const quantum_state_t state,
                        size_t max_modes, size_t max_elements) {
  frame_t *frames = flint_malloc((components->length + 1) * sizeof *frames);
  size_t total = 0; /* modes of all ideals */
  *out = (check_adjoint_struct){.has_law = true};
  for (size_t k = 0; k < components->length; k++) {
    const check_component_struct *c = components->list + k;
    frame_init(frames + k, c, components->g, max_elements);
    if (!c->central &&
        (!frames[k].fermions || frames[k].star->length >= max_modes))
      out->has_law = false;
    size_t twists = c->central || !out->has_law ? 0 : c->twists->length;
    if (twists < 16) total += (frames[k].star->length + 1) << twists;
    if (twists >= 16 || total > MAX_TOTAL_MODES) out->has_law = false;
  }
  out->applies = decide(frames, components->length, components->g, o);
  if (out->applies != ANSWER_YES) out->has_law = false;
  bool fermions = true;
  for (size_t k = 0; k < components->length; k++)
    fermions = fermions && (components->list[k].central || frames[k].fermions);
  if (out->applies == ANSWER_YES && !fermions)
    find_defining(out, frames, components->length, o, state);
  for (size_t k = 0; k < components->length; k++) {
    if (out->has_law && !components->list[k].central)
      add_blocks(out, frames + k, o, state);
    frame_clear(frames + k);
  }
  flint_free(frames);
}

void check_adjoint_clear(check_adjoint_t a) {
  for (size_t k = 0; k < a->length; k++) {
    _fmpq_vec_clear(a->list[k].observable, (slong)a->list[k].rank);
    _fmpq_vec_clear(a->list[k].state, (slong)a->list[k].rank);
  }
  flint_free(a->list);
  for (size_t k = 0; k < a->num_defining; k++) check_defining_clear(a->defining + k);
  flint_free(a->defining);
}

/* --- products of modes on Gaussian states ------------------------------------------------ */

/* Modes a > 0 whose h_0a anticommutes with the one string of o that is no identity: those
   of W, or all others. 0: there is no such string, or it is no product of modes. */
static size_t count_turned(const frame_t *f, const pauli_sum_struct *o) {
  const uint64_t *only = NULL;
  size_t count = 0;
  for (size_t i = 0; i < o->length; i++) {
    if (pauli_is_identity(pauli_sum_string(o, i), f->w)) continue;
    if (only) return 0;
    only = pauli_sum_string(o, i);
  }
  if (!only || !check_span_contains(f->c->span, only)) return 0;
  for (size_t a = 0; a < f->star->length; a++)
    count += pauli_anticommute(only, row_table_row(f->star, a), f->w);
  return count;
}

/* sum (s^2 - 1)^2 = 0? */
static bool numbers_are_one(const frame_t *f, const quantum_state_struct *state) {
  slong modes = (slong)f->star->length + 1;
  fmpq_mat_struct s[1];
  fmpq *sums = _fmpq_vec_init(2);
  fmpq_mat_init(s, modes, modes);
  read_state(s, f, state);
  check_power_sums(sums, s, 2);
  fmpq_sub(sums + 1, sums + 1, sums);
  fmpq_sub(sums + 1, sums + 1, sums);
  fmpq_add_si(sums + 1, sums + 1, modes / 2);
  bool one = fmpq_is_zero(sums + 1);
  fmpq_mat_clear(s);
  _fmpq_vec_clear(sums, 2);
  return one;
}

answer_t check_gaussian_orbit(size_t *codimension, const check_components_t components,
                              const pauli_sum_t o, const quantum_state_t state,
                              size_t max_modes, size_t max_elements) {
  const check_component_struct *ideal = NULL;
  for (size_t k = 0; k < components->length; k++) {
    if (components->list[k].central) continue;
    if (ideal) return ANSWER_NO;
    ideal = components->list + k;
  }
  if (!ideal) return ANSWER_NO;
  frame_t f;
  answer_t answer = ANSWER_UNDECIDED;
  frame_init(&f, ideal, components->g, max_elements);
  size_t modes = f.star->length + 1;
  if (f.fermions && modes <= max_modes) {
    size_t turned = count_turned(&f, o);
    answer = ideal->twists->length == 0 && modes % 2 == 0 && modes >= 6 && turned &&
                     turned < modes && numbers_are_one(&f, state)
                 ? ANSWER_YES
                 : ANSWER_NO;
    *codimension = turned * (modes - turned) / 2;
  }
  frame_clear(&f);
  return answer;
}

/* --- orbits of states ------------------------------------------------------------------- */

/* Every listed element: a new syndrome, the strings of the state that anticommute with it,
   is one direction, an element that anticommutes with the first of its syndrome the
   other. */
static size_t count_directions(const row_table_t all, const stabilizer_state_struct *state) {
  size_t w = state->num_words, count = 0;
  row_table_t syndromes;
  commutation_table_t table;
  commutation_table_init_strings(table, state->num_qubits, stabilizer_state_string(state, 0),
                                 state->rank);
  size_t words = commutation_table_words(table);
  uint64_t *syndrome = flint_malloc((words + 1) * sizeof *syndrome);
  size_t *first = flint_malloc((all->length + 1) * sizeof *first);
  bool *both = flint_calloc(all->length + 1, sizeof *both);
  row_table_init(syndromes, words);
  for (size_t i = 0; i < all->length; i++) {
    const uint64_t *x = row_table_row(all, i);
    uint64_t any = 0;
    commutation_table_query(syndrome, table, x);
    for (size_t k = 0; k < words; k++) any |= syndrome[k];
    if (!any) continue;
    bool is_new;
    size_t at = row_table_add(syndromes, syndrome, &is_new);
    if (is_new) {
      first[at] = i;
      count++;
    } else if (!both[at] && pauli_anticommute(x, row_table_row(all, first[at]), w)) {
      both[at] = true;
      count++;
    }
  }
  flint_free(both);
  flint_free(first);
  flint_free(syndrome);
  row_table_clear(syndromes);
  commutation_table_clear(table);
  return count;
}

bool check_orbit_dimension(size_t *dimension, const check_components_t components,
                           const stabilizer_state_t state, size_t max_elements) {
  bool listed = state->rank == state->num_qubits;
  row_table_t all;
  row_table_init(all, 2 * components->g->num_words);
  for (size_t k = 0; k < components->length && listed; k++) {
    const check_component_struct *c = components->list + k;
    frame_t f;
    frame_init(&f, c, components->g, max_elements);
    listed = f.listed;
    for (size_t i = 0; i < f.elements->length; i++)
      row_table_add(all, row_table_row(f.elements, i), NULL);
    frame_clear(&f);
  }
  if (listed) *dimension = count_directions(all, state);
  row_table_clear(all);
  return listed;
}
