#include "algebra/check/sums/check_orbits.h"

#include <string.h>

#include "algebra/check/sums/check_brackets.h"

/* --- what strings make of the state ------------------------------------------------------ */

void check_classes_init(check_classes_t c, const stabilizer_state_t state) {
  size_t width = 2 * state->num_words;
  c->state = state;
  c->room = flint_calloc(2 * width + 1, sizeof *c->room);
  stabilizer_echelon_init(c->echelon, state);
  row_table_init(c->syndromes, width);
  row_table_init(c->first, width);
  row_table_add(c->syndromes, c->room, NULL);
  row_table_add(c->first, c->room, NULL);
}

void check_classes_clear(check_classes_t c) {
  row_table_clear(c->syndromes);
  row_table_clear(c->first);
  stabilizer_echelon_clear(c->echelon);
  flint_free(c->room);
}

/* Which stabilizers anticommute with the string, a bit each. */
static void set_syndrome(uint64_t *out, const uint64_t *string,
                         const stabilizer_state_struct *state) {
  memset(out, 0, 2 * state->num_words * sizeof *out);
  for (size_t j = 0; j < state->rank; j++)
    if (pauli_anticommute(string, stabilizer_state_string(state, j), state->num_words))
      out[j / 64] |= UINT64_C(1) << (j % 64);
}

static unsigned count_ys(const uint64_t *string, size_t words) {
  unsigned count = 0;
  for (size_t i = 0; i < words; i++)
    count += (unsigned)__builtin_popcountll(string[i] & string[words + i]);
  return count;
}

size_t check_classes_find(unsigned *phase, check_classes_t c, const uint64_t *string) {
  size_t w = c->state->num_words;
  set_syndrome(c->room, string, c->state);
  size_t at = row_table_add(c->syndromes, c->room, NULL);
  if (at == c->first->length) row_table_add(c->first, string, NULL);
  const uint64_t *first = row_table_row(c->first, at);
  /* P = P_0 (P_0 P), P_0 P = i^e [P_0 + P], and that string has the value +-1 */
  unsigned e = pauli_mul(c->room, first, string, w);
  bool minus = stabilizer_echelon_expectation(c->echelon, c->room) < 0;
  *phase = (e + (minus ? 2 : 0) + 3 * count_ys(first, w)) % 4;
  return at;
}

size_t check_classes_act(unsigned *phase, check_classes_t c, size_t from,
                         const uint64_t *string) {
  size_t w = c->state->num_words;
  uint64_t *product = c->room + 2 * w;
  const uint64_t *first = row_table_row(c->first, from);
  unsigned more = count_ys(first, w) + pauli_mul(product, string, first, w);
  size_t at = check_classes_find(phase, c, product);
  *phase = (*phase + more) % 4;
  return at;
}

/* --- the dimension ------------------------------------------------------------------------ */

/* x[2 c], x[2 c + 1] += real and imaginary part of the row of g on the state. */
static void set_image(mp_limb_t *x, const mp_limb_t *row, const size_t *of,
                      const unsigned *phase, size_t length, nmod_t mod) {
  for (size_t s = 0; s < length; s++) {
    if (!row[s] || !of[s]) continue;
    mp_limb_t *to = x + 2 * of[s] + phase[s] % 2;
    *to = phase[s] < 2 ? nmod_add(*to, row[s], mod) : nmod_sub(*to, row[s], mod);
  }
}

static size_t rank_on_state(const check_echelon_t *g, check_brackets_t *b,
                            const stabilizer_state_struct *state) {
  check_classes_t c;
  size_t length = b->strings->length, pivot;
  size_t *of = flint_malloc((length + 1) * sizeof *of);
  unsigned *phase = flint_malloc((length + 1) * sizeof *phase);
  check_classes_init(c, state);
  for (size_t s = 0; s < length; s++)
    of[s] = check_classes_find(phase + s, c, row_table_row(b->strings, s));
  check_echelon_t images = {.width = 2 * c->first->length};
  mp_limb_t *x = flint_malloc((images.width + 1) * sizeof *x);
  for (size_t k = 0; k < g->length && b->work > 0; k++) {
    memset(x, 0, images.width * sizeof *x);
    set_image(x, g->rows[k], of, phase, length, b->p->mod);
    if (check_echelon_reduce(&pivot, x, &images, b->p->mod, &b->work))
      check_echelon_append(&images, x, pivot, b->p->mod);
  }
  size_t rank = images.length;
  check_echelon_clear(&images);
  check_classes_clear(c);
  flint_free(x);
  flint_free(of);
  flint_free(phase);
  return rank;
}

bool check_sums_orbit_dimension(size_t *dimension, const check_generators_t generators,
                                const stabilizer_state_t state, int64_t work) {
  check_prime_t p;
  check_brackets_t b;
  bool known = false;
  if (state->rank < state->num_qubits) return false;
  if (check_prime_init(&p, generators)) {
    if (check_brackets_init(&b, &p, NULL, work)) {
      check_echelon_t g = {.width = b.strings->length};
      known = check_brackets_close(&g, &b);
      if (known) *dimension = rank_on_state(&g, &b, state);
      known = known && b.work > 0;
      check_echelon_clear(&g);
    }
    check_brackets_clear(&b);
  }
  check_prime_clear(&p);
  return known;
}
