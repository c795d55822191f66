/* t-witness - components proved by witnesses against components listed string
   by string, at sizes where both can be done: structure, orbits under a
   component, moments; orbits of two long chains, as two lists that meet. A witness that
   was altered proves nothing, or the truth. */
#include <stdlib.h>
#include <string.h>

#include "algebra/check/check_strings.h"
#include "algebra/strings/witness.h"
#include "tests/string_cases.h"
#include "tests/string_inputs.h"
#include "tests/tap.h"

static const char *const kinds[] = STRING_CASE_KINDS;
enum { MAX_ELEMENTS = 1 << 12 };

typedef struct {
  int n;
  size_t count;
  unsigned strings[STRING_CASE_MAX];
  ansatz_t ansatz;
  check_generators_t generators;
  string_algebra_t algebra;
  component_witness_struct *found;
  check_witness_struct *witnesses;
} case_t;

static void to_row(uint64_t *row, int n, unsigned p) {
  row[0] = p & ((1u << n) - 1);
  row[1] = p >> n;
}

/* Of n and the strings. */
static void case_complete(case_t *c) {
  int n = c->n;
  fmpq_t one;
  fmpq_init(one);
  fmpq_one(one);
  ansatz_init(c->ansatz, ANSATZ_OPERATORS, (size_t)n);
  for (size_t j = 0; j < c->count; j++) {
    uint64_t row[2];
    pauli_sum_t sum;
    pauli_sum_init(sum, (size_t)n);
    to_row(row, n, c->strings[j]);
    pauli_sum_push(sum, one, row);
    ansatz_add_generator(c->ansatz, sum);
    pauli_sum_clear(sum);
  }
  check_generators_init(c->generators, c->ansatz, NULL);
  string_case_algebra(c->algebra, n, c->strings, c->count);
  size_t parts = c->algebra->num_components;
  c->found = flint_malloc((parts + 1) * sizeof *c->found);
  c->witnesses = flint_calloc(parts + 1, sizeof *c->witnesses);
  for (size_t i = 0; i < parts; i++) {
    component_witness_struct *found = c->found + i;
    component_witness_init(found, c->algebra, i);
    c->witnesses[i] = (check_witness_struct){
        .num_labels = found->labels ? found->num_members : 0,
        .labels = found->labels, .num_seed = found->num_seed,
        .seed = found->seed};
  }
  fmpq_clear(one);
}

static void case_init(case_t *c, int n, int kind) {
  c->n = n;
  c->count = string_case_random(c->strings, n, kind);
  c->count = string_case_distinct(c->strings, c->count);
  case_complete(c);
}

static void case_clear(case_t *c) {
  for (size_t i = 0; i < c->algebra->num_components; i++)
    component_witness_clear(c->found + i);
  flint_free(c->found);
  flint_free(c->witnesses);
  string_algebra_clear(c->algebra);
  check_generators_clear(c->generators);
  ansatz_clear(c->ansatz);
}

static void case_print(const case_t *c) {
  tap_diag("qubits %d", c->n);
  for (size_t j = 0; j < c->count; j++) {
    char *text = pauli_sum_get_str(c->ansatz->generators + j);
    tap_diag("generator %s", text);
    free(text);
  }
}

/* --- structure ----------------------------------------------------------------------- */

static bool same_component(const check_component_struct *a,
                           const check_component_struct *b) {
  if (a->central || b->central) return a->central == b->central;
  bool same = a->counted && b->counted && a->letter == b->letter &&
              fmpz_equal(a->dimension, b->dimension) &&
              fmpz_equal(a->rank, b->rank) && fmpz_equal(a->copies, b->copies) &&
              a->twists->length == b->twists->length;
  for (size_t i = 0; i < a->twists->length && same; i++)
    same = check_span_contains(b->twists, check_span_row(a->twists, i));
  return same;
}

static bool same_structure(const check_components_t a,
                           const check_components_t b) {
  bool same = a->length == b->length;
  for (size_t i = 0; i < a->length && same; i++)
    same = same_component(a->list + i, b->list + i);
  return same;
}

/* --- orbits under one component ------------------------------------------------------- */

static bool same_orbit(const case_t *c, const check_component_struct *part,
                       const check_place_t *place, const uint64_t *p,
                       const stabilizer_state_t state, bool *closed) {
  row_table_t list;
  fmpz_t size, in_state, anticommuting;
  long in = 0, anti = 0;
  const uint64_t *h =
      row_table_row(c->generators->strings, part->members[0]);
  fmpz_init(size);
  fmpz_init(in_state);
  fmpz_init(anticommuting);
  row_table_init(list, 2);
  check_list_reached(list, p, c->generators, part->members, part->num_members,
                     MAX_ELEMENTS);
  *closed = list->length > 1 && /* a fixed string is no case */
            check_orbit(size, in_state, anticommuting, place, p, h);
  for (size_t i = 0; i < list->length; i++) {
    in += stabilizer_state_expectation(state, row_table_row(list, i)) != 0;
    anti += pauli_anticommute(row_table_row(list, i), h, 1);
  }
  bool same = !*closed || (fmpz_equal_ui(size, list->length) &&
                           fmpz_equal_si(in_state, in) &&
                           fmpz_equal_si(anticommuting, anti));
  if (!same)
    tap_diag("orbit of %zu, %ld in the state, %ld anticommute",
             list->length, in, anti);
  row_table_clear(list);
  fmpz_clear(size);
  fmpz_clear(in_state);
  fmpz_clear(anticommuting);
  return same;
}

static bool same_orbits(const case_t *c, const check_components_t proved,
                        const stabilizer_state_t state, size_t *closed) {
  bool same = true;
  for (size_t i = 0; i < proved->length && same; i++) {
    const check_component_struct *part = proved->list + i;
    if (!part->by_witness) continue;
    check_place_t *place = check_place_new(part, state);
    for (unsigned p = 0; p < 1u << (2 * c->n) && same; p++) {
      uint64_t row[2];
      bool is_closed;
      to_row(row, c->n, p);
      same = same_orbit(c, part, place, row, state, &is_closed);
      *closed += is_closed;
    }
    check_place_free(place);
  }
  return same;
}

/* --- moments --------------------------------------------------------------------------- */

static bool same_moments(const case_t *c, const check_components_t proved,
                         const test_state_t *s,
                         const stabilizer_state_t state, size_t *known) {
  test_sum_t terms;
  pauli_sum_t o;
  fmpq_t mean[2], variance[2];
  fmpq *gradient[2];
  size_t count = c->generators->strings->length;
  test_sum_random(&terms, s, c->strings, c->count);
  test_sum_export(o, &terms);
  for (int k = 0; k < 2; k++) {
    fmpq_init(mean[k]);
    fmpq_init(variance[k]);
    gradient[k] = flint_calloc(count + 1, sizeof *gradient[k]);
    for (size_t j = 0; j < count; j++) fmpq_init(gradient[k] + j);
  }
  quantum_state_t rho;
  quantum_state_init(rho, c->generators->num_qubits);
  quantum_state_set_stabilizer(rho, state);
  bool same = check_moments(mean[0], variance[0], gradient[0], c->generators, o,
                            rho, MAX_ELEMENTS);
  quantum_state_clear(rho);
  if (check_large_moments(mean[1], variance[1], gradient[1], proved, o, state)) {
    ++*known;
    same = same && fmpq_equal(mean[0], mean[1]) &&
           fmpq_equal(variance[0], variance[1]);
    for (size_t j = 0; j < count && same; j++)
      same = fmpq_equal(gradient[0] + j, check_gradient_of(gradient[1], proved, j));
  }
  if (!same) {
    char *text = pauli_sum_get_str(o);
    tap_diag("observable %s", text);
    free(text);
  }
  for (int k = 0; k < 2; k++) {
    fmpq_clear(mean[k]);
    fmpq_clear(variance[k]);
    for (size_t j = 0; j < count; j++) fmpq_clear(gradient[k] + j);
    flint_free(gradient[k]);
  }
  pauli_sum_clear(o);
  return same;
}

/* --- all --------------------------------------------------------------------------------- */

typedef struct {
  size_t components, closed, moments, seeds, refused;
} tally_t;

/* Any subset of members as a seed, any labels: what they prove must be true. */
static bool alterations_are_harmless(case_t *c, const check_components_t listed,
                                     tally_t *tally) {
  bool harmless = true;
  for (size_t i = 0; i < listed->length && harmless; i++) {
    check_witness_struct altered = c->witnesses[i];
    uint32_t labels[2 * STRING_CASE_MAX];
    size_t seed[8], count = listed->list[i].num_members;
    if (listed->list[i].central) continue;
    if (altered.num_labels && tap_random_below(2)) {
      memcpy(labels, altered.labels, 2 * count * sizeof *labels);
      labels[tap_random_below(2 * count)] = (uint32_t)tap_random_below(count + 1);
      altered.labels = labels;
    } else {
      altered = (check_witness_struct){.num_seed = 3 + tap_random_below(6),
                                       .seed = seed};
      for (size_t j = 0; j < altered.num_seed; j++)
        seed[j] = tap_random_below(count);
    }
    check_witness_struct *all = flint_malloc(listed->length * sizeof *all);
    memcpy(all, c->witnesses, listed->length * sizeof *all);
    all[i] = altered;
    check_components_t proved;
    check_components_init(proved, c->generators, all, listed->length,
                          MAX_ELEMENTS);
    if (proved->list[i].counted) {
      tally->seeds++;
      harmless = same_component(proved->list + i, listed->list + i);
    } else {
      tally->refused++;
    }
    check_components_clear(proved);
    flint_free(all);
  }
  return harmless;
}

static bool try_case(case_t *c, tally_t *tally) {
  check_components_t listed, proved;
  test_state_t s;
  stabilizer_state_t state;
  check_components_init(listed, c->generators, NULL, 0, MAX_ELEMENTS);
  check_components_init(proved, c->generators, c->witnesses,
                        c->algebra->num_components, MAX_ELEMENTS);
  test_state_init_random(&s, c->n, c->strings, c->count);
  test_state_export(state, &s);
  for (size_t i = 0; i < proved->length; i++)
    tally->components += proved->list[i].by_witness;
  bool ok = same_structure(listed, proved) &&
            same_orbits(c, proved, state, &tally->closed) &&
            same_moments(c, proved, &s, state, &tally->moments) &&
            alterations_are_harmless(c, listed, tally);
  stabilizer_state_clear(state);
  test_state_clear(&s);
  check_components_clear(listed);
  check_components_clear(proved);
  return ok;
}

/* --- two chains ------------------------------------------------------------------------- */

enum { CHAIN = 11, MAX_CHAIN = 1 << 18 };

static unsigned letter_at(size_t q, unsigned letter) { /* 1, 2, 3: X, Y, Z */
  unsigned x = letter != 3, z = letter != 1;
  return x << q | z << (q + CHAIN);
}

/* XX and YY of neighbours, after one permutation of the letters of each qubit. */
static void make_chain(case_t *c, unsigned names[CHAIN][3]) {
  c->n = CHAIN;
  c->count = 0;
  for (size_t q = 0; q < CHAIN; q++) {
    unsigned first = (unsigned)tap_random_below(3), turn = 1 + (unsigned)tap_random_below(2);
    for (unsigned k = 0; k < 3; k++) names[q][k] = letter_at(q, 1 + (first + k * turn) % 3);
  }
  for (size_t q = 0; q + 1 < CHAIN; q++)
    for (size_t k = 0; k < 2; k++) c->strings[c->count++] = names[q][k] | names[q + 1][k];
  case_complete(c);
}

/* Eigenstates of single letters, and Bell states. */
static void make_state(stabilizer_state_t s) {
  stabilizer_state_init(s, CHAIN);
  for (size_t q = 0; q < CHAIN; q++) {
    bool pair = q + 1 < CHAIN && tap_random_below(3) == 0;
    for (unsigned k = 0; k <= pair; k++) {
      uint64_t row[2];
      unsigned letter = pair ? 1 + k : 1 + (unsigned)tap_random_below(3);
      to_row(row, CHAIN, letter_at(q, letter) | (pair ? letter_at(q + 1, letter) : 0));
      stabilizer_state_add(s, row, tap_random_below(2));
    }
    q += pair;
  }
}

/* A product of four letters, most of them those that no generator has: its orbit is often
   one of 330 x 330 strings. */
static void make_product(pauli_sum_t o, unsigned names[CHAIN][3]) {
  uint64_t row[2];
  unsigned product = 0;
  fmpq_t one;
  fmpq_init(one);
  fmpq_one(one);
  for (size_t left = 4; left;) {
    size_t q = tap_random_below(CHAIN);
    if ((product >> q | product >> (q + CHAIN)) & 1) continue;
    product |= tap_random_below(4) ? names[q][2]
                                   : letter_at(q, 1 + (unsigned)tap_random_below(3));
    left--;
  }
  to_row(row, CHAIN, product);
  pauli_sum_init(o, CHAIN);
  pauli_sum_push(o, one, row);
  fmpq_clear(one);
}

static bool chain_agrees(const case_t *c, const check_components_t all, const pauli_sum_t o,
                         const stabilizer_state_t state, size_t *met) {
  fmpq_t mean[2], variance[2];
  fmpq *gradient[2];
  size_t count = c->generators->strings->length;
  quantum_state_t rho;
  quantum_state_init(rho, CHAIN);
  quantum_state_set_stabilizer(rho, state);
  for (int k = 0; k < 2; k++) {
    fmpq_init(mean[k]);
    fmpq_init(variance[k]);
    gradient[k] = _fmpq_vec_init((slong)count + 1);
  }
  bool ok = check_moments(mean[0], variance[0], gradient[0], c->generators, o, rho,
                          MAX_CHAIN) &&
            check_large_moments(mean[1], variance[1], gradient[1], all, o, state) &&
            fmpq_equal(mean[0], mean[1]) && fmpq_equal(variance[0], variance[1]);
  *met += !fmpq_is_zero(variance[0]);
  for (size_t j = 0; j < count && ok; j++)
    ok = fmpq_equal(gradient[0] + j, check_gradient_of(gradient[1], all, j));
  for (int k = 0; k < 2; k++) {
    fmpq_clear(mean[k]);
    fmpq_clear(variance[k]);
    _fmpq_vec_clear(gradient[k], (slong)count + 1);
  }
  quantum_state_clear(rho);
  return ok;
}

static bool try_chain(size_t *met) {
  case_t c;
  unsigned names[CHAIN][3];
  stabilizer_state_t state;
  check_components_t all;
  pauli_sum_t o;
  make_chain(&c, names);
  make_state(state);
  make_product(o, names);
  check_components_init(all, c.generators, c.witnesses, 2, 0);
  bool ok = all->list[0].by_witness && all->list[1].by_witness &&
            chain_agrees(&c, all, o, state, met);
  if (!ok) {
    char *text = pauli_sum_get_str(o);
    case_print(&c);
    tap_diag("observable %s", text);
    free(text);
  }
  pauli_sum_clear(o);
  check_components_clear(all);
  stabilizer_state_clear(state);
  case_clear(&c);
  return ok;
}

static void test_chains(void) {
  long runs = tap_iterations(6), i = 0;
  size_t met = 0;
  bool ok = true;
  for (; i < runs && ok; i++) ok = try_chain(&met);
  tap_ok(ok, "two chains: %ld states, %zu variances above 0", i, met);
}

int main(void) {
  tap_begin("t-witness");
  test_chains();
  for (int kind = 0; kind < STRING_CASE_NUM_KINDS; kind++) {
    tally_t tally = {0};
    long runs = tap_iterations(60), i = 0;
    bool ok = true;
    for (; i < runs && ok; i++) {
      case_t c;
      case_init(&c, 2 + (int)tap_random_below(3), kind);
      ok = try_case(&c, &tally);
      if (!ok) case_print(&c);
      case_clear(&c);
    }
    tap_ok(ok, "%s: %ld sets, %zu components by witness, %zu orbits, %zu "
           "moments; of altered witnesses %zu prove the same, %zu nothing",
           kinds[kind], i, tally.components, tally.closed, tally.moments,
           tally.seeds, tally.refused);
  }
  return tap_end();
}
